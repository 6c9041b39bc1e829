/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Register-based invalidation: CCMD_REG, IVA_REG, IOTLB_REG (VT-d 5.10 §6.5.1,
 * §11.4.6). Works in legacy mode up to major version 5 with the queue off; else
 * the command ends at once with "nothing done" (CAIG, IAIG = 00b).
 */
#include "vtd.h"

#define VERSION_LAST_REGBASED 5

static bool works(const struct vtd_unit *v)
{
	return v->cfg.ver_major <= VERSION_LAST_REGBASED && !(v->regs.gsts & VTD_GSTS_QIES) &&
	       vtd_ttm(v) == VTD_TTM_LEGACY;
}

/* The granularity done: that which was asked for, 0 for none. */
static uint64_t do_context(struct vtd_unit *v)
{
	uint64_t g = HWI_GET(VTD_CCMD_CIRG, v->regs.ccmd);
	uint32_t did = HWI_GET32(VTD_CCMD_DID, v->regs.ccmd) & v->lim.did_mask;

	if (!works(v))
		return 0;
	switch (g) {
	case VTD_CCMD_G_GLOBAL:
		vtd_inv_context_all(v);
		break;
	case VTD_CCMD_G_DOMAIN:
		vtd_inv_context_domain(v, did);
		break;
	case VTD_CCMD_G_DEVICE:
		vtd_inv_context_device(v, did, (uint16_t)HWI_GET(VTD_CCMD_SID, v->regs.ccmd),
				       HWI_GET32(VTD_CCMD_FM, v->regs.ccmd));
		break;
	default:
		break;
	}
	return g;
}

void vtd_regbased_context(struct vtd_unit *v)
{
	v->regs.ccmd = HWI_SET(VTD_CCMD_CAIG, v->regs.ccmd, do_context(v));
	v->regs.ccmd &= ~VTD_CCMD_ICC;
}

static uint64_t do_iotlb(struct vtd_unit *v)
{
	uint64_t g = HWI_GET(VTD_IOTLB_IIRG, v->regs.iotlb);
	uint32_t did = HWI_GET32(VTD_IOTLB_DID, v->regs.iotlb) & v->lim.did_mask;
	unsigned int am = HWI_GET32(VTD_IVA_AM, v->regs.iva);

	if (!works(v))
		return 0;
	/* Without page-selective invalidation the domain is done instead (§11.4.6.1). */
	if (g == VTD_IOTLB_G_PAGE && !vtd_has_cap(v, VTD_CAP_PSI))
		g = VTD_IOTLB_G_DOMAIN;
	switch (g) {
	case VTD_IOTLB_G_GLOBAL:
		vtd_inv_iotlb_all(v);
		break;
	case VTD_IOTLB_G_DOMAIN:
		vtd_inv_iotlb_domain(v, did);
		break;
	case VTD_IOTLB_G_PAGE:
		if (am > HWI_GET(VTD_CAP_MAMV, v->cfg.cap))
			return 0;
		vtd_inv_iotlb_page(v, did, v->regs.iva & VTD_IVA_ADDR & v->lim.mgaw_mask, am,
				   v->regs.iva & VTD_IVA_IH);
		break;
	default:
		break;
	}
	return g;
}

/* IVT clears when the drain is done (§6.5.4). */
void vtd_regbased_iotlb(struct vtd_unit *v)
{
	uint64_t done = do_iotlb(v);

	v->regs.iotlb = HWI_SET(VTD_IOTLB_IAIG, v->regs.iotlb, done);
	if (done && vtd_iotlb_drains(v, v->regs.iotlb & VTD_IOTLB_DR, v->regs.iotlb & VTD_IOTLB_DW))
		vtd_command_start(v, VTD_CMD_IVT);
	else
		v->regs.iotlb &= ~VTD_IOTLB_IVT;
}

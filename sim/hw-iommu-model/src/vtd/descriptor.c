/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Descriptors of the invalidation queue: which are valid, and what each does
 * (VT-d 5.10 §6.5.2.1 to §6.5.2.10, §7.6.1, Table 26).
 *
 * A granularity that is reserved or not supported makes the descriptor an invalid
 * one, which is error information 3; a reserved bit is error information 4.
 */
#include "vtd.h"

/* From this version on an IOTLB invalidation always drains (§6.5.2.3). */
#define VERSION_DRAINS 2

static bool scalable(const struct vtd_unit *v)
{
	return vtd_ttm(v) != VTD_TTM_LEGACY;
}

static uint32_t cut_did(const struct vtd_unit *v, uint64_t did)
{
	return (uint32_t)did & v->lim.did_mask;
}

bool vtd_iotlb_drains(const struct vtd_unit *v, bool dr, bool dw)
{
	return v->cfg.ver_major >= VERSION_DRAINS || (dr && vtd_has_cap(v, VTD_CAP_DRD)) ||
	       (dw && vtd_has_cap(v, VTD_CAP_DWD));
}

static unsigned int cc_inv(struct vtd_unit *v, uint64_t q0)
{
	uint32_t did = cut_did(v, HWI_GET(VTD_CC_Q0_DID, q0));

	switch (HWI_GET(VTD_CC_Q0_G, q0)) {
	case VTD_CC_G_GLOBAL:
		vtd_inv_context_all(v);
		return VTD_DSC_DONE;
	case VTD_CC_G_DOMAIN:
		if (scalable(v))
			vtd_inv_context_all(v);
		else
			vtd_inv_context_domain(v, did);
		return VTD_DSC_DONE;
	case VTD_CC_G_DEVICE:
		vtd_inv_context_device(v, did, (uint16_t)HWI_GET(VTD_CC_Q0_SID, q0),
				       HWI_GET32(VTD_CC_Q0_FM, q0));
		return VTD_DSC_DONE;
	default:
		return VTD_IQEI_TYPE;
	}
}

static unsigned int iotlb_inv(struct vtd_unit *v, uint64_t q0, uint64_t q1)
{
	uint32_t did = cut_did(v, HWI_GET(VTD_IOTLB_INV_Q0_DID, q0));
	unsigned int am = HWI_GET32(VTD_IOTLB_INV_Q1_AM, q1);

	switch (HWI_GET(VTD_IOTLB_INV_Q0_G, q0)) {
	case VTD_IOTLB_INV_G_GLOBAL:
		vtd_inv_iotlb_all(v);
		break;
	case VTD_IOTLB_INV_G_DOMAIN:
		vtd_inv_iotlb_domain(v, did);
		break;
	case VTD_IOTLB_INV_G_PAGE:
		if (!vtd_has_cap(v, VTD_CAP_PSI) || am > HWI_GET(VTD_CAP_MAMV, v->cfg.cap))
			return VTD_IQEI_TYPE;
		vtd_inv_iotlb_page(v, did, q1 & VTD_IOTLB_INV_Q1_ADDR & v->lim.mgaw_mask, am,
				   q1 & VTD_IOTLB_INV_Q1_IH);
		break;
	default:
		return VTD_IQEI_TYPE;
	}
	if (vtd_iotlb_drains(v, q0 & VTD_IOTLB_INV_Q0_DR, q0 & VTD_IOTLB_INV_Q0_DW))
		v->drain_owed = true;
	return VTD_DSC_DONE;
}

static unsigned int p_iotlb_inv(struct vtd_unit *v, uint64_t q0, uint64_t q1)
{
	uint32_t did = cut_did(v, HWI_GET(VTD_P_IOTLB_Q0_DID, q0));
	uint32_t pasid = HWI_GET32(VTD_P_IOTLB_Q0_PASID, q0);

	switch (HWI_GET(VTD_P_IOTLB_Q0_G, q0)) {
	case VTD_P_IOTLB_G_PASID:
		vtd_inv_piotlb_pasid(v, did, pasid);
		break;
	case VTD_P_IOTLB_G_PAGE:
		vtd_inv_piotlb_page(v, did, pasid, q1 & VTD_P_IOTLB_Q1_ADDR,
				    HWI_GET32(VTD_P_IOTLB_Q1_AM, q1), q1 & VTD_P_IOTLB_Q1_IH);
		break;
	default:
		return VTD_IQEI_TYPE;
	}
	v->drain_owed = true;
	return VTD_DSC_DONE;
}

static unsigned int pc_inv(struct vtd_unit *v, uint64_t q0)
{
	uint32_t did = cut_did(v, HWI_GET(VTD_PC_Q0_DID, q0));

	switch (HWI_GET(VTD_PC_Q0_G, q0)) {
	case VTD_PC_G_DOMAIN:
		vtd_inv_pasid_domain(v, did);
		return VTD_DSC_DONE;
	case VTD_PC_G_PASID:
		vtd_inv_pasid_one(v, did, HWI_GET32(VTD_PC_Q0_PASID, q0));
		return VTD_DSC_DONE;
	case VTD_PC_G_GLOBAL:
		vtd_inv_pasid_all(v);
		return VTD_DSC_DONE;
	default:
		return VTD_IQEI_TYPE;
	}
}

static unsigned int iec_inv(struct vtd_unit *v, uint64_t q0)
{
	unsigned int im = HWI_GET32(VTD_IEC_Q0_IM, q0);

	if (HWI_GET(VTD_IEC_Q0_G, q0) == VTD_IEC_G_GLOBAL) {
		vtd_inv_iec_all(v);
	} else {
		if (im > HWI_GET(VTD_ECAP_MHMV, v->cfg.ecap))
			return VTD_IQEI_TYPE;
		vtd_inv_iec_index(v, HWI_GET32(VTD_IEC_Q0_IIDX, q0), im);
	}
	v->drain_owed = true;
	return VTD_DSC_DONE;
}

/* The range of a device-TLB invalidation: with S the lowest zero bit tells its size (§6.5.2.5). */
static void set_range(struct hwi_ats_invalidate *inv, uint64_t addr, bool s)
{
	unsigned int span = VTD_PAGE_SHIFT;

	if (s) {
		while (span < 64 && (addr >> span & 1))
			span++;
		span = span < 64 ? span + 1 : 64;
	}
	inv->span_log2 = (uint8_t)span;
	inv->addr = hwi_iova(span < 64 ? addr & ~((UINT64_C(1) << span) - 1) : 0);
}

static unsigned int dev_tlb_inv(struct vtd_unit *v, uint64_t q0, uint64_t q1)
{
	struct hwi_ats_invalidate inv = {
		.requester = HWI_GET32(VTD_DEV_TLB_Q0_SID, q0),
		.pasid = HWI_PASID_NONE,
	};

	set_range(&inv, q1 & VTD_DEV_TLB_Q1_ADDR, q1 & VTD_DEV_TLB_Q1_S);
	return vtd_ats_send(v, &inv) ? VTD_DSC_DONE : VTD_DSC_STALL;
}

static unsigned int p_dev_tlb_inv(struct vtd_unit *v, uint64_t q0, uint64_t q1)
{
	struct hwi_ats_invalidate inv = {
		.requester = HWI_GET32(VTD_P_DEV_TLB_Q0_SID, q0),
		.pasid = HWI_GET32(VTD_P_DEV_TLB_Q0_PASID, q0),
		.global = q1 & VTD_P_DEV_TLB_Q1_GI,
	};

	set_range(&inv, q1 & VTD_P_DEV_TLB_Q1_ADDR, q1 & VTD_P_DEV_TLB_Q1_S);
	return vtd_ats_send(v, &inv) ? VTD_DSC_DONE : VTD_DSC_STALL;
}

static unsigned int page_grp_resp(struct vtd_unit *v, uint64_t q0, uint64_t q1)
{
	const struct hwi_prg_response resp = {
		.requester = HWI_GET32(VTD_PGR_Q0_RID, q0),
		.pasid = q0 & VTD_PGR_Q0_PP ? HWI_GET32(VTD_PGR_Q0_PASID, q0) : HWI_PASID_NONE,
		.prgi = (uint16_t)HWI_GET(VTD_PGR_Q1_PRGI, q1),
		.code = (uint8_t)HWI_GET(VTD_PGR_Q0_RC, q0),
	};

	if (v->base.host->prg_response)
		v->base.host->prg_response(v->base.opaque, &resp);
	return VTD_DSC_DONE;
}

/* Whether this unit has the type, in some mode. */
static bool type_known(const struct vtd_unit *v, uint32_t type)
{
	switch (type) {
#define CASE_(name, number, gate, section, title) \
	case VTD_DSC_##name:                       \
		return VTD_HAS(v, gate);
		VTD_DESCRIPTORS(CASE_)
#undef CASE_
	}
	return false;
}

/* And in the mode it is in (Table 26). */
static bool type_exists(const struct vtd_unit *v, uint32_t type)
{
	return type_known(v, type) && (type <= VTD_DSC_inv_wait || scalable(v));
}

/* Reserved bits of words 0 and 1 of an existing type, as this unit's capabilities make them. */
static void reserved_bits(const struct vtd_unit *v, uint32_t type, uint64_t rsvd[2])
{
	bool dit = vtd_has_ecap(v, VTD_ECAP_DIT);

	switch (type) {
#define SET_(q0, q1)        \
	rsvd[0] = (q0);     \
	rsvd[1] = (q1);     \
	break
	case VTD_DSC_cc_inv:
		SET_(VTD_CC_Q0_RSVD, VTD_CC_Q1_RSVD);
	case VTD_DSC_iotlb_inv:
		SET_(VTD_IOTLB_INV_Q0_RSVD, VTD_IOTLB_INV_Q1_RSVD);
	case VTD_DSC_dev_tlb_inv:
		SET_(VTD_DEV_TLB_Q0_RSVD |
			     (dit ? 0 : VTD_DEV_TLB_Q0_PFSID_3_0 | VTD_DEV_TLB_Q0_PFSID_15_4),
		     VTD_DEV_TLB_Q1_RSVD);
	case VTD_DSC_iec_inv:
		SET_(VTD_IEC_Q0_RSVD, VTD_IEC_Q1_RSVD);
	case VTD_DSC_inv_wait:
		SET_(VTD_WAIT_Q0_RSVD |
			     (vtd_has_ecap(v, VTD_ECAP_PDS) ? 0 : VTD_WAIT_Q0_PD),
		     VTD_WAIT_Q1_RSVD);
	case VTD_DSC_p_iotlb_inv:
		SET_(VTD_P_IOTLB_Q0_RSVD, VTD_P_IOTLB_Q1_RSVD);
	case VTD_DSC_pc_inv:
		SET_(VTD_PC_Q0_RSVD, VTD_PC_Q1_RSVD);
	case VTD_DSC_p_dev_tlb_inv:
		SET_(VTD_P_DEV_TLB_Q0_RSVD |
			     (dit ? 0 : VTD_P_DEV_TLB_Q0_PFSID_3_0 | VTD_P_DEV_TLB_Q0_PFSID_15_4),
		     VTD_P_DEV_TLB_Q1_RSVD);
	default: /* page_grp_resp: hpt_inv exists on no unit of this model */
		SET_(VTD_PGR_Q0_RSVD, VTD_PGR_Q1_RSVD);
#undef SET_
	}
}

unsigned int vtd_descriptor(struct vtd_unit *v, const uint64_t q[4])
{
	uint32_t type = VTD_DSC_TYPE(q[0]);
	uint64_t rsvd[2];

	if (!type_exists(v, type))
		return VTD_IQEI_TYPE;
	reserved_bits(v, type, rsvd);
	if ((q[0] & rsvd[0]) || (q[1] & rsvd[1]) || q[2] || q[3])
		return VTD_IQEI_RSVD;
	switch (type) {
	case VTD_DSC_cc_inv:
		return cc_inv(v, q[0]);
	case VTD_DSC_iotlb_inv:
		return iotlb_inv(v, q[0], q[1]);
	case VTD_DSC_dev_tlb_inv:
		return dev_tlb_inv(v, q[0], q[1]);
	case VTD_DSC_iec_inv:
		return iec_inv(v, q[0]);
	case VTD_DSC_inv_wait:
		return vtd_wait_start(v, q[0], q[1]) ? VTD_DSC_DONE : VTD_DSC_STALL;
	case VTD_DSC_p_iotlb_inv:
		return p_iotlb_inv(v, q[0], q[1]);
	case VTD_DSC_pc_inv:
		return pc_inv(v, q[0]);
	case VTD_DSC_p_dev_tlb_inv:
		return p_dev_tlb_inv(v, q[0], q[1]);
	default:
		return page_grp_resp(v, q[0], q[1]);
	}
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a unit is: the configuration, its rules (VT-d 5.10 §11.4.2, §11.4.3), the
 * limits that follow from it, and creation.
 */
#include <stdlib.h>

#include "vtd.h"

#define PUT_CAP(field, val) HWI_PUT(VTD_CAP_##field, val)
#define PUT_ECAP(field, val) HWI_PUT(VTD_ECAP_##field, val)

/* Register pages as on existing silicon: records at 400h, IVA and IOTLB at 500h. */
#define DEFAULT_FRO 0x40u
#define DEFAULT_IRO 0x50u

/*
 * EIMER and IRREQ are implemented and off: they take something away from
 * software that does not know of them.
 */
void hwi_vtd_config_init(struct hwi_vtd_config *cfg)
{
	*cfg = (struct hwi_vtd_config){
		.ver_major = 6,
		.haw = 52,
		.regs_log2 = 12,
		.cap = PUT_CAP(ND, 6) | VTD_CAP_PLMR | VTD_CAP_PHMR |
		       PUT_CAP(SAGAW, VTD_SAGAW_39 | VTD_SAGAW_48 | VTD_SAGAW_57) |
		       PUT_CAP(MGAW, 57 - 1) | VTD_CAP_ZLR | PUT_CAP(FRO, DEFAULT_FRO) |
		       VTD_CAP_SSLPS_2M | VTD_CAP_SSLPS_1G | VTD_CAP_PSI |
		       PUT_CAP(NFR, 8 - 1) | PUT_CAP(MAMV, 57 - 12) | VTD_CAP_DWD |
		       VTD_CAP_DRD | VTD_CAP_FS1GP | VTD_CAP_PI | VTD_CAP_FS5LP |
		       VTD_CAP_ESIRTPS | VTD_CAP_ESRTPS,
		.ecap = VTD_ECAP_C | VTD_ECAP_QI | VTD_ECAP_DT | VTD_ECAP_IR |
			VTD_ECAP_EIM | VTD_ECAP_PT | VTD_ECAP_SC |
			PUT_ECAP(IRO, DEFAULT_IRO) | PUT_ECAP(MHMV, 15) | VTD_ECAP_NEST |
			VTD_ECAP_PRS | VTD_ECAP_SRS | VTD_ECAP_NWFS | VTD_ECAP_EAFS |
			PUT_ECAP(PSS, 20 - 1) | VTD_ECAP_PASID | VTD_ECAP_DIT |
			VTD_ECAP_PDS | VTD_ECAP_SMTS | VTD_ECAP_SSADS | VTD_ECAP_SSTS |
			VTD_ECAP_FSTS | VTD_ECAP_SMPWCS | VTD_ECAP_RPS | VTD_ECAP_ADMS |
			VTD_ECAP_RPRIVS | VTD_ECAP_PTRS | VTD_ECAP_SSIRWS | VTD_ECAP_SMS,
	};
}

/* A field that must be 0 unless all of the needed bits are 1; none: never. */
struct dependency {
	uint64_t cap, ecap; /* the field */
	uint64_t needs;	    /* ECAP bits */
	bool never;
	const char *why;
};

#define NEVER_CAP(field, text) { VTD_CAP_##field, 0, 0, true, text }
#define NEVER_ECAP(field, text) { 0, VTD_ECAP_##field, 0, true, text }
#define CAP_NEEDS(field, need, text) { VTD_CAP_##field, 0, need, false, text }
#define ECAP_NEEDS(field, need, text) { 0, VTD_ECAP_##field, need, false, text }

static const struct dependency dependencies[] = {
	NEVER_CAP(RSVD, "CAP: reserved bits must be 0 (VT-d 5.10 §11.4.2)"),
	NEVER_ECAP(RSVD, "ECAP: reserved bits must be 0 (VT-d 5.10 §11.4.3)"),
	NEVER_CAP(ECMDS, "CAP.ECMDS: enhanced commands are not implemented"),
	NEVER_ECAP(PMS, "ECAP.PMS: performance monitoring is not implemented"),
	NEVER_ECAP(HPTS, "ECAP.HPTS: the host permission table is not implemented"),
	NEVER_ECAP(HPT1GPS, "ECAP.HPT1GPS: the host permission table is not implemented"),
	NEVER_ECAP(VCS, "ECAP.VCS: virtual commands are not implemented"),
	NEVER_ECAP(MTS, "ECAP.MTS: memory types are not implemented"),
	NEVER_ECAP(RDTS, "ECAP.RDTS: resource director tags are not implemented"),
	NEVER_ECAP(TDXCS, "ECAP.TDXCS: TDX Connect is not implemented"),
	NEVER_ECAP(ERS, "ECAP.ERS must be 0 (VT-d 5.10 §11.4.3)"),
	CAP_NEEDS(PI, VTD_ECAP_IR, "CAP.PI needs ECAP.IR (VT-d 5.10 §11.4.2)"),
	CAP_NEEDS(FS1GP, VTD_ECAP_FSTS, "CAP.FS1GP needs ECAP.FSTS (VT-d 5.10 §11.4.2)"),
	CAP_NEEDS(FS5LP, VTD_ECAP_FSTS, "CAP.FS5LP needs ECAP.FSTS (VT-d 5.10 §11.4.2)"),
	ECAP_NEEDS(DT, VTD_ECAP_QI, "ECAP.DT needs QI (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(IR, VTD_ECAP_QI, "ECAP.IR needs QI (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(EIM, VTD_ECAP_IR, "ECAP.EIM needs IR (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(MHMV, VTD_ECAP_IR, "ECAP.MHMV needs IR (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(NEST, VTD_ECAP_SMTS | VTD_ECAP_FSTS | VTD_ECAP_SSTS,
		   "ECAP.NEST needs SMTS, FSTS and SSTS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(PRS, VTD_ECAP_DT | VTD_ECAP_SMTS,
		   "ECAP.PRS needs DT and SMTS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(SRS, VTD_ECAP_SMTS, "ECAP.SRS needs SMTS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(NWFS, VTD_ECAP_DT, "ECAP.NWFS needs DT (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(EAFS, VTD_ECAP_FSTS | VTD_ECAP_SMPWCS,
		   "ECAP.EAFS needs FSTS and SMPWCS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(PSS, VTD_ECAP_SMTS, "ECAP.PSS needs SMTS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(PASID, VTD_ECAP_SMTS, "ECAP.PASID needs SMTS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(DIT, VTD_ECAP_DT, "ECAP.DIT needs DT (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(PDS, VTD_ECAP_DT, "ECAP.PDS needs DT (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(SMTS, VTD_ECAP_QI, "ECAP.SMTS needs QI (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(SSADS, VTD_ECAP_SMPWCS, "ECAP.SSADS needs SMPWCS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(FSTS, VTD_ECAP_SMTS, "ECAP.FSTS needs SMTS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(SMPWCS, VTD_ECAP_SMTS, "ECAP.SMPWCS needs SMTS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(RPS, VTD_ECAP_SMTS, "ECAP.RPS needs SMTS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(RPRIVS, VTD_ECAP_SRS, "ECAP.RPRIVS needs SRS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(PTRS, VTD_ECAP_DT | VTD_ECAP_PASID,
		   "ECAP.PTRS needs DT and PASID (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(SSIRWS, VTD_ECAP_SSTS, "ECAP.SSIRWS needs SSTS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(SMS, VTD_ECAP_PRS, "ECAP.SMS needs PRS (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(EIMER, VTD_ECAP_EIM, "ECAP.EIMER needs EIM (VT-d 5.10 §11.4.3)"),
	ECAP_NEEDS(IRREQ, VTD_ECAP_IR, "ECAP.IRREQ needs IR (VT-d 5.10 §11.4.3)"),
};

static bool broken(const struct dependency *d, const struct hwi_vtd_config *cfg)
{
	bool set = (cfg->cap & d->cap) != 0 || (cfg->ecap & d->ecap) != 0;

	if (d->never)
		return set;
	return set && (cfg->ecap & d->needs) != d->needs;
}

/* Whether [off, off + len) overlaps a register that this unit has at a fixed place. */
static bool overlaps_register(const struct hwi_vtd_config *cfg, uint32_t off, uint32_t len)
{
	/* @off is 16-byte aligned and registers are aligned to their size: none begins before it. */
	for (uint32_t at = off; at != off + len; at += 4) {
		if (vtd_register_bytes(cfg, at))
			return true;
	}
	return false;
}

static const char *check_places(const struct hwi_vtd_config *cfg)
{
	uint32_t fro = VTD_BASE_FRO(cfg->cap);
	uint32_t frlen = VTD_FRCD_SIZE * (HWI_GET32(VTD_CAP_NFR, cfg->cap) + 1);
	uint32_t iro = VTD_BASE_IRO(cfg->ecap);
	uint32_t irlen = VTD_IRO_IOTLB + 8;
	uint32_t size = 1u << cfg->regs_log2;

	if (fro + frlen > size)
		return "CAP.FRO, NFR: fault records end behind the register space (VT-d 5.10 §11.4)";
	if (iro + irlen > size)
		return "ECAP.IRO: IOTLB_REG ends behind the register space (VT-d 5.10 §11.4)";
	if (overlaps_register(cfg, fro, frlen))
		return "CAP.FRO: fault records overlap another register (VT-d 5.10 §11.4)";
	if (overlaps_register(cfg, iro, irlen))
		return "ECAP.IRO: IVA_REG and IOTLB_REG overlap another register (VT-d 5.10 §11.4)";
	if (fro < iro + irlen && iro < fro + frlen)
		return "CAP.FRO, ECAP.IRO: fault records and IOTLB_REG overlap (VT-d 5.10 §11.4)";
	return NULL;
}

static const char *check_fields(const struct hwi_vtd_config *cfg)
{
	uint64_t cap = cfg->cap;
	uint32_t sagaw = HWI_GET32(VTD_CAP_SAGAW, cap);
	uint32_t sslps = HWI_GET32(VTD_CAP_SSLPS, cap);
	uint32_t mgaw = HWI_GET32(VTD_CAP_MGAW, cap) + 1;
	bool smts = cfg->ecap & VTD_ECAP_SMTS;
	bool ssts = cfg->ecap & VTD_ECAP_SSTS;

	if (HWI_GET(VTD_CAP_ND, cap) == 7)
		return "CAP.ND: 7 is reserved (VT-d 5.10 §11.4.2)";
	if (smts && (cap & VTD_CAP_RWBF))
		return "CAP.RWBF must be 0 with ECAP.SMTS (VT-d 5.10 §11.4.2)";
	if (sagaw & ~(VTD_SAGAW_39 | VTD_SAGAW_48 | VTD_SAGAW_57))
		return "CAP.SAGAW: bits 0 and 4 are reserved (VT-d 5.10 §11.4.2)";
	if (cfg->ver_major >= 6 && sagaw && !ssts)
		return "CAP.SAGAW must be 0 without ECAP.SSTS from version 6 on (VT-d 5.10 §11.4.2)";
	if (ssts && !sagaw)
		return "CAP.SAGAW: ECAP.SSTS needs at least one width (VT-d 5.10 §11.4.2)";
	if (mgaw < cfg->haw)
		return "CAP.MGAW: guest addresses narrower than host addresses (VT-d 5.10 §11.4.2)";
	if (sslps != 0 && sslps != 1 && sslps != 3)
		return "CAP.SSLPS: only 0000b, 0001b and 0011b are legal (VT-d 5.10 §11.4.2)";
	if (cfg->ver_major >= 2 && (cap & (VTD_CAP_DWD | VTD_CAP_DRD)) != (VTD_CAP_DWD | VTD_CAP_DRD))
		return "CAP.DWD and DRD must be 1 from version 2 on (VT-d 5.10 §11.4.2)";
	return NULL;
}

static bool capacity_ok(uint32_t n)
{
	return n <= HWI_VTD_CACHE_LIMIT || n == HWI_CACHE_OFF;
}

static const char *check_caches(const struct hwi_vtd_caches *c)
{
	if (!capacity_ok(c->context))
		return "caches.context: more than HWI_VTD_CACHE_LIMIT";
	if (!capacity_ok(c->pasid))
		return "caches.pasid: more than HWI_VTD_CACHE_LIMIT";
	if (!capacity_ok(c->first_stage))
		return "caches.first_stage: more than HWI_VTD_CACHE_LIMIT";
	if (!capacity_ok(c->second_stage))
		return "caches.second_stage: more than HWI_VTD_CACHE_LIMIT";
	if (!capacity_ok(c->iotlb))
		return "caches.iotlb: more than HWI_VTD_CACHE_LIMIT";
	if (!capacity_ok(c->interrupt))
		return "caches.interrupt: more than HWI_VTD_CACHE_LIMIT";
	return NULL;
}

static const char *complaint(const struct hwi_vtd_config *cfg)
{
	const char *why;

	if (cfg->ver_major > HWI_MAX(VTD_VER_MAJOR) || cfg->ver_minor > HWI_MAX(VTD_VER_MIN))
		return "ver_major, ver_minor: VER_REG has 4 bits for each (VT-d 5.10 §11.4.1)";
	if (cfg->haw < 32 || cfg->haw > 52)
		return "haw: host addresses have 32 to 52 bits";
	if (cfg->regs_log2 < 12 || cfg->regs_log2 > 16)
		return "regs_log2: the register space has 2^12 to 2^16 bytes";
	for (size_t i = 0; i < sizeof(dependencies) / sizeof(dependencies[0]); i++) {
		if (broken(&dependencies[i], cfg))
			return dependencies[i].why;
	}
	why = check_fields(cfg);
	if (!why)
		why = check_places(cfg);
	if (!why)
		why = check_caches(&cfg->caches);
	return why;
}

enum hwi_status hwi_vtd_config_check(const struct hwi_vtd_config *cfg, const char **why)
{
	const char *text = complaint(cfg);

	if (why)
		*why = text;
	return text ? HWI_ECONFIG : HWI_OK;
}

static uint64_t low_bits(unsigned int n)
{
	return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

/* The widest address that a request's record can need: the largest AGAW (§11.4.7.6). */
static unsigned int largest_width(const struct hwi_vtd_config *cfg)
{
	uint32_t sagaw = HWI_GET32(VTD_CAP_SAGAW, cfg->cap);

	if ((sagaw & VTD_SAGAW_57) || (cfg->cap & VTD_CAP_FS5LP))
		return 57;
	if ((sagaw & VTD_SAGAW_48) || (cfg->ecap & VTD_ECAP_FSTS))
		return 48;
	if (sagaw & VTD_SAGAW_39)
		return 39;
	return HWI_GET32(VTD_CAP_MGAW, cfg->cap) + 1; /* pass-through alone */
}

static uint8_t largest_page(const struct hwi_vtd_config *cfg)
{
	if (cfg->cap & (VTD_CAP_FS1GP | VTD_CAP_SSLPS_1G))
		return 3;
	return (cfg->ecap & VTD_ECAP_FSTS) || (cfg->cap & VTD_CAP_SSLPS_2M) ? 2 : 1;
}

static void limits_init(struct vtd_limits *lim, const struct hwi_vtd_config *cfg)
{
	*lim = (struct vtd_limits){
		.haw = cfg->haw,
		.haw_mask = low_bits(cfg->haw),
		.haw_rsvd = ~low_bits(cfg->haw),
		.mgaw = (uint8_t)(HWI_GET(VTD_CAP_MGAW, cfg->cap) + 1),
		.pt_level = largest_page(cfg),
		.did_mask = (uint32_t)low_bits(4 + 2 * HWI_GET32(VTD_CAP_ND, cfg->cap)),
		.pasid_max = (uint32_t)low_bits(HWI_GET32(VTD_ECAP_PSS, cfg->ecap) + 1),
		.frcds = HWI_GET32(VTD_CAP_NFR, cfg->cap) + 1,
		.frcd_off = VTD_BASE_FRO(cfg->cap),
		.iva_off = VTD_BASE_IRO(cfg->ecap),
	};
	lim->mgaw_mask = low_bits(lim->mgaw);
	lim->frcd_fi_mask = low_bits(largest_width(cfg)) & VTD_FRCD_LO_FI;
}

static void vtd_destroy(struct hwi_unit *unit)
{
	vtd_caches_free(to_vtd(unit));
	free(unit);
}

static uint64_t vtd_mmio_size(const struct hwi_unit *unit)
{
	const struct vtd_unit *v = (const struct vtd_unit *)(const void *)unit;

	return UINT64_C(1) << v->cfg.regs_log2;
}

static const struct hwi_unit_ops vtd_unit_ops = {
	.requester_max = UINT16_MAX,
	.describe = vtd_describe,
	.destroy = vtd_destroy,
	.reset = vtd_reset,
	.mmio_read = vtd_mmio_read,
	.mmio_write = vtd_mmio_write,
	.mmio_size = vtd_mmio_size,
	.translate = vtd_translate,
	.interrupt = vtd_interrupt,
	.page_request = vtd_page_request,
	.ats_complete = vtd_ats_complete,
	.ats_timeout = vtd_ats_timeout,
	.ats_outstanding = vtd_ats_outstanding,
	.step = vtd_step,
	.pending = vtd_pending,
	.save_size = vtd_save_size,
	.save = vtd_save,
	.restore = vtd_restore,
};

enum hwi_status hwi_vtd_create(const struct hwi_vtd_config *cfg, const struct hwi_host_ops *ops,
			       void *opaque, struct hwi_unit **unit)
{
	struct vtd_unit *v;

	if (!ops->read || !ops->write || !ops->cas64 || !ops->msi)
		return HWI_EINVAL;
	if (hwi_vtd_config_check(cfg, NULL) != HWI_OK)
		return HWI_ECONFIG;
	v = calloc(1, sizeof(*v));
	if (!v)
		return HWI_ENOMEM;
	v->base.ops = &vtd_unit_ops;
	v->base.host = ops;
	v->base.opaque = opaque;
	v->cfg = *cfg;
	limits_init(&v->lim, cfg);
	if (vtd_caches_init(v) != HWI_OK) {
		vtd_destroy(&v->base);
		return HWI_ENOMEM;
	}
	vtd_reset_registers(v, true);
	*unit = &v->base;
	return HWI_OK;
}

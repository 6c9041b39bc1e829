/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which values of the identification registers describe a unit that the
 * specification allows and the model implements (§6.3.1 to §6.3.6).
 */
#include "control.h"

/* Bits that no field has. */
#define IDR0_RSVD (HWI_BIT32(29) | HWI_BIT32(31))
#define IDR3_RSVD (HWI_MASK32(1, 0) | HWI_BIT32(6) | HWI_MASK32(31, 24))
#define IDR5_RSVD (HWI_BIT32(3) | HWI_BIT32(9) | HWI_MASK32(15, 12))

/* Bits of one register. */
enum idr { IDR0, IDR1, IDR3, IDR5, IDRS };

struct idrs {
	uint32_t val[IDRS];
	uint32_t aidr;
};

struct rule {
	uint8_t reg;
	uint32_t bits;	   /* any of these */
	uint32_t needs;	   /* must have all of these bits of IDR0; ~0: never allowed */
	const char *why;
};

#define NEVER UINT32_MAX

static const struct rule rules[] = {
	{ IDR0, IDR0_RSVD, NEVER, "IDR0: reserved bits must be 0 (SMMUv3 §6.3.1)" },
	{ IDR1, SMMU_IDR1_REL, NEVER, "IDR1.REL: preset tables and queues are not implemented" },
	{ IDR1, SMMU_IDR1_QUEUES_PRESET, NEVER,
	  "IDR1.QUEUES_PRESET: preset queues are not implemented" },
	{ IDR1, SMMU_IDR1_TABLES_PRESET, NEVER,
	  "IDR1.TABLES_PRESET: preset tables are not implemented" },
	{ IDR1, SMMU_IDR1_ECMDQ, NEVER,
	  "IDR1.ECMDQ: enhanced command queues are not implemented" },
	{ IDR0, SMMU_IDR0_BTM, NEVER, "IDR0.BTM: broadcast TLB maintenance is not implemented" },
	{ IDR0, SMMU_IDR0_DORMHINT, NEVER, "IDR0.DORMHINT: the dormant hint is not implemented" },
	{ IDR0, SMMU_IDR0_ATOS | SMMU_IDR0_VATOS, NEVER,
	  "IDR0.ATOS, VATOS: address translation operations are not implemented" },
	{ IDR0, SMMU_IDR0_RME_IMPL, NEVER,
	  "IDR0.RME_IMPL: the Realm Management Extension is not implemented" },
	{ IDR0, SMMU_IDR0_NS1ATS, SMMU_IDR0_ATS | SMMU_IDR0_S1P | SMMU_IDR0_S2P,
	  "IDR0.NS1ATS needs ATS, S1P and S2P (SMMUv3 §6.3.1)" },
	{ IDR0, SMMU_IDR0_PRI, SMMU_IDR0_ATS, "IDR0.PRI needs ATS (SMMUv3 §6.3.1)" },
	{ IDR0, SMMU_IDR0_ATSRECERR, SMMU_IDR0_ATS,
	  "IDR0.ATSRECERR needs ATS (SMMUv3 §6.3.1)" },
	{ IDR0, SMMU_IDR0_HYP, SMMU_IDR0_S1P | SMMU_IDR0_S2P,
	  "IDR0.Hyp needs S1P and S2P (SMMUv3 §6.3.1)" },
	{ IDR0, SMMU_IDR0_VMW, SMMU_IDR0_S2P, "IDR0.VMW needs S2P (SMMUv3 §6.3.1)" },
	{ IDR3, IDR3_RSVD, NEVER, "IDR3: reserved bits must be 0 (SMMUv3 §6.3.4)" },
	{ IDR3, SMMU_IDR3_HAD, SMMU_IDR0_S1P, "IDR3.HAD needs IDR0.S1P (SMMUv3 §6.3.4)" },
	{ IDR3, SMMU_IDR3_PBHA, NEVER,
	  "IDR3.PBHA: page-based hardware attributes are not implemented" },
	{ IDR3, SMMU_IDR3_PPS, SMMU_IDR0_PRI, "IDR3.PPS needs IDR0.PRI (SMMUv3 §6.3.4)" },
	{ IDR3, SMMU_IDR3_MPAM, NEVER,
	  "IDR3.MPAM: memory partitioning and monitoring are not implemented" },
	{ IDR3, SMMU_IDR3_PTWNNC, NEVER,
	  "IDR3.PTWNNC: walks that land on Device memory do not become Normal" },
	{ IDR3, SMMU_IDR3_DPT, NEVER, "IDR3.DPT: device permission tables are not implemented" },
	{ IDR3, SMMU_IDR3_PASIDTT, NEVER,
	  "IDR3.PASIDTT: PASIDs of translated transactions are not implemented" },
	{ IDR3, SMMU_IDR3_EPAN, NEVER, "IDR3.EPAN is not implemented" },
	{ IDR3, SMMU_IDR3_S1PI | SMMU_IDR3_S2PI | SMMU_IDR3_S2PO, NEVER,
	  "IDR3.S1PI, S2PI, S2PO: permission indirection and overlays are not implemented" },
	{ IDR3, SMMU_IDR3_THE, NEVER,
	  "IDR3.THE: the Translation Hardening Extension is not implemented" },
	{ IDR3, SMMU_IDR3_MTEPERM, NEVER, "IDR3.MTEPERM: stage 2 NoTagAccess is not implemented" },
	{ IDR3, SMMU_IDR3_AIE, NEVER,
	  "IDR3.AIE: attribute index enhancement is not implemented" },
	{ IDR5, IDR5_RSVD, NEVER, "IDR5: reserved bits must be 0 (SMMUv3 §6.3.6)" },
	{ IDR5, SMMU_IDR5_DS, NEVER,
	  "IDR5.DS: 52-bit addresses with 4K and 16K granules are not implemented" },
	{ IDR5, SMMU_IDR5_D128, NEVER, "IDR5.D128: 128-bit descriptors are not implemented" },
};

static const char *check_rules(const struct idrs *c)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *r = &rules[i];

		if (!(c->val[r->reg] & r->bits))
			continue;
		if (r->needs == NEVER || (c->val[IDR0] & r->needs) != r->needs)
			return r->why;
	}
	return NULL;
}

static const char *check_idr0(const struct idrs *c)
{
	uint32_t idr0 = c->val[IDR0];
	uint32_t sid_bits = HWI_GET32(SMMU_IDR1_SIDSIZE, c->val[IDR1]);

	if (!(idr0 & (SMMU_IDR0_S1P | SMMU_IDR0_S2P)))
		return "IDR0.S1P, S2P: one stage at least (SMMUv3 §6.3.1)";
	if (HWI_GET32(SMMU_IDR0_TTF, idr0) != SMMU_TTF_AARCH64)
		return "IDR0.TTF: AArch64 tables alone are implemented";
	if (HWI_GET32(SMMU_IDR0_HTTU, idr0) > SMMU_HTTU_DIRTY)
		return "IDR0.HTTU: the access flag of table descriptors is not implemented";
	if (HWI_GET32(SMMU_IDR0_TTENDIAN, idr0) != SMMU_TTENDIAN_LITTLE)
		return "IDR0.TTENDIAN: little-endian tables alone are implemented";
	if (HWI_GET32(SMMU_IDR0_STALL_MODEL, idr0) > SMMU_STALL_MODEL_FORCED)
		return "IDR0.STALL_MODEL: 11 is reserved (SMMUv3 §6.3.1)";
	if (HWI_GET32(SMMU_IDR0_ST_LEVEL, idr0) > SMMU_ST_LEVEL_2LVL)
		return "IDR0.ST_LEVEL: 1x is reserved (SMMUv3 §6.3.1)";
	if (sid_bits >= 7 && HWI_GET32(SMMU_IDR0_ST_LEVEL, idr0) == SMMU_ST_LEVEL_LINEAR)
		return "IDR0.ST_LEVEL: two levels needed with 7 StreamID bits and more (SMMUv3 §6.3.1)";
	return NULL;
}

static const char *check_idr1(const struct idrs *c)
{
	uint32_t idr1 = c->val[IDR1];

	if (HWI_GET32(SMMU_IDR1_SIDSIZE, idr1) > 32)
		return "IDR1.SIDSIZE: at most 32 (SMMUv3 §6.3.2)";
	if (HWI_GET32(SMMU_IDR1_SSIDSIZE, idr1) > 20)
		return "IDR1.SSIDSIZE: at most 20 (SMMUv3 §6.3.2)";
	/* Without PRI any value may stand in PRIQS. */
	if (HWI_GET32(SMMU_IDR1_CMDQS, idr1) > SMMU_QS_MAX ||
	    HWI_GET32(SMMU_IDR1_EVENTQS, idr1) > SMMU_QS_MAX ||
	    ((c->val[IDR0] & SMMU_IDR0_PRI) && HWI_GET32(SMMU_IDR1_PRIQS, idr1) > SMMU_QS_MAX))
		return "IDR1.CMDQS, EVENTQS, PRIQS: at most 19 (SMMUv3 §6.3.2)";
	if ((c->val[IDR3] & SMMU_IDR3_PPS) && !HWI_GET32(SMMU_IDR1_SSIDSIZE, idr1))
		return "IDR3.PPS needs substreams (SMMUv3 §6.3.4)";
	return NULL;
}

static const char *check_idr5(const struct idrs *c)
{
	uint32_t idr5 = c->val[IDR5];
	uint32_t vax = HWI_GET32(SMMU_IDR5_VAX, idr5);
	uint32_t stall_model = HWI_GET32(SMMU_IDR0_STALL_MODEL, c->val[IDR0]);
	uint32_t stall_max = HWI_GET32(SMMU_IDR5_STALL_MAX, idr5);

	if (HWI_GET32(SMMU_IDR5_OAS, idr5) > SMMU_OAS_52)
		return "IDR5.OAS: 56-bit addresses are not implemented";
	if (!(idr5 & (SMMU_IDR5_GRAN4K | SMMU_IDR5_GRAN16K | SMMU_IDR5_GRAN64K)))
		return "IDR5.GRAN4K, GRAN16K, GRAN64K: one granule at least (SMMUv3 §6.3.6)";
	if (vax > SMMU_VAX_52)
		return "IDR5.VAX: 56-bit addresses are not implemented, 11 is reserved";
	if (vax == SMMU_VAX_52 && !(idr5 & SMMU_IDR5_GRAN64K))
		return "IDR5.VAX: 52-bit addresses need GRAN64K (SMMUv3 §6.3.6)";
	if (HWI_GET32(SMMU_IDR5_OAS, idr5) == SMMU_OAS_52 && !(idr5 & SMMU_IDR5_GRAN64K))
		return "IDR5.OAS: 52-bit addresses need GRAN64K (SMMUv3 §6.3.6)";
	if (stall_model == SMMU_STALL_MODEL_NONE && stall_max)
		return "IDR5.STALL_MAX must be 0 with STALL_MODEL=01 (SMMUv3 §6.3.6)";
	if (stall_model != SMMU_STALL_MODEL_NONE && !stall_max)
		return "IDR5.STALL_MAX: stalls need one record at least (SMMUv3 §6.3.6)";
	return NULL;
}

/*
 * What a version must have, and what it cannot have: a 3.x unit may have features
 * of 3.(x+1), none of 3.(x+2) (§2).
 */
static const char *check_version(const struct idrs *c)
{
	uint32_t idr0 = c->val[IDR0], idr3 = c->val[IDR3];
	uint32_t bbml = HWI_GET32(SMMU_IDR3_BBML, idr3);
	bool s1 = idr0 & SMMU_IDR0_S1P, s2 = idr0 & SMMU_IDR0_S2P;

	if (c->aidr > SMMU_AIDR_3_2)
		return "AIDR: versions above SMMUv3.2 are not implemented";
	if (bbml > 2)
		return "IDR3.BBML: 11 is reserved (SMMUv3 §6.3.4)";
	if (c->aidr >= SMMU_AIDR_3_1 && s1 && !(idr3 & SMMU_IDR3_HAD))
		return "IDR3.HAD must be 1 from SMMUv3.1 on (SMMUv3 §6.3.4)";
	if (c->aidr >= SMMU_AIDR_3_1 && s2 && !(idr3 & SMMU_IDR3_XNX))
		return "IDR3.XNX must be 1 from SMMUv3.1 on (SMMUv3 §6.3.4)";
	if (c->aidr < SMMU_AIDR_3_1 &&
	    (bbml || (idr3 & (SMMU_IDR3_FWB | SMMU_IDR3_RIL | SMMU_IDR3_STT))))
		return "AIDR: SMMUv3.0 cannot have BBML, FWB, RIL and STT (SMMUv3 §2.9)";
	if (c->aidr < SMMU_AIDR_3_2 && (idr3 & SMMU_IDR3_E0PD))
		return "AIDR: E0PD needs SMMUv3.2 at least (SMMUv3 §2.9)";
	if (c->aidr < SMMU_AIDR_3_2 && (idr0 & SMMU_IDR0_ATSRECERR))
		return "AIDR: ATSRECERR needs SMMUv3.2 at least (SMMUv3 §2.9)";
	if (c->aidr < SMMU_AIDR_3_2)
		return NULL;
	if (s1 && s2 && !(idr0 & SMMU_IDR0_HYP))
		return "IDR0.Hyp must be 1 with both stages from SMMUv3.2 on (SMMUv3 §6.3.1)";
	if (s2 && !(idr3 & SMMU_IDR3_FWB))
		return "IDR3.FWB must be 1 from SMMUv3.2 on (SMMUv3 §6.3.4)";
	if (!(idr3 & SMMU_IDR3_RIL))
		return "IDR3.RIL must be 1 from SMMUv3.2 on (SMMUv3 §6.3.4)";
	if (!bbml)
		return "IDR3.BBML must be 1 or 2 from SMMUv3.2 on (SMMUv3 §6.3.4)";
	return NULL;
}

static bool capacity_ok(uint32_t n)
{
	return n <= HWI_SMMUV3_CACHE_LIMIT || n == HWI_SMMUV3_CACHE_NONE;
}

static const char *check_caches(const struct hwi_smmuv3_caches *c)
{
	if (!capacity_ok(c->l1std))
		return "caches.l1std: more than HWI_SMMUV3_CACHE_LIMIT";
	if (!capacity_ok(c->ste))
		return "caches.ste: more than HWI_SMMUV3_CACHE_LIMIT";
	if (!capacity_ok(c->l1cd))
		return "caches.l1cd: more than HWI_SMMUV3_CACHE_LIMIT";
	if (!capacity_ok(c->cd))
		return "caches.cd: more than HWI_SMMUV3_CACHE_LIMIT";
	if (!capacity_ok(c->tlb))
		return "caches.tlb: more than HWI_SMMUV3_CACHE_LIMIT";
	if (!capacity_ok(c->walk_s1))
		return "caches.walk_s1: more than HWI_SMMUV3_CACHE_LIMIT";
	if (!capacity_ok(c->walk_s2))
		return "caches.walk_s2: more than HWI_SMMUV3_CACHE_LIMIT";
	if (!capacity_ok(c->ipa))
		return "caches.ipa: more than HWI_SMMUV3_CACHE_LIMIT";
	return NULL;
}

static const char *check_cmdqv(const struct hwi_smmuv3_cmdqv *c)
{
	if (!c->present)
		return NULL;
	if (c->vcmdqs_log2 > 7)
		return "cmdqv.vcmdqs_log2: at most 128 VCMDQs";
	if (c->vintfs_log2 > 6 || c->vintfs_log2 > c->vcmdqs_log2)
		return "cmdqv.vintfs_log2: at most 64 VINTFs, and a VCMDQ for each";
	if (c->sids_log2 > 4)
		return "cmdqv.sids_log2: at most 16 StreamIDs a VINTF";
	return NULL;
}

static const char *complaint(const struct hwi_smmuv3_config *cfg)
{
	const struct idrs c = {
		.val = { cfg->idr0, cfg->idr1, cfg->idr3, cfg->idr5 },
		.aidr = cfg->aidr,
	};
	const char *why = check_rules(&c);

	if (!why)
		why = check_idr0(&c);
	if (!why)
		why = check_idr1(&c);
	if (!why)
		why = check_idr5(&c);
	if (!why)
		why = check_version(&c);
	if (!why && (cfg->gbpa & ~(SMMU_GBPA_ATTRS | SMMU_GBPA_ABORT)))
		why = "gbpa: Update and reserved bits must be 0 (SMMUv3 §6.3.14)";
	if (!why)
		why = check_caches(&cfg->caches);
	if (!why)
		why = check_cmdqv(&cfg->cmdqv);
	return why;
}

enum hwi_status hwi_smmuv3_config_check(const struct hwi_smmuv3_config *cfg, const char **why)
{
	const char *text = complaint(cfg);

	if (why)
		*why = text;
	return text ? HWI_ECONFIG : HWI_OK;
}

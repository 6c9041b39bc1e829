/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * STEs and CDs before a unit that lacks something (SMMUv3 §5.2.2, §5.4.2, §5.5): what is
 * ILLEGAL there, and what is ignored.
 */
#include "smmu_world.h"

enum stream { BYPASS, S1, S2, NESTED, EL2 };

#define GOOD 0u
#define BAD_STE SMMU_EVT_C_BAD_STE
#define BAD_CD SMMU_EVT_C_BAD_CD

#define STE0_CDMAX(n) HWI_PUT(SMMU_STE0_S1CDMAX, n)
#define STE0_FMT(n) HWI_PUT(SMMU_STE0_S1FMT, n)
#define VMID_16 HWI_PUT(SMMU_STE2_S2VMID, 0x100)

/* The usual unit, changed, and then words of a good STE and of its CD. */
struct change {
	const char *what;
	enum stream stream;
	uint64_t ste[3];
	uint64_t cd0, cd0_clear;
	uint8_t event;
};

static void judge(struct smmu_bench *b, const struct hwi_smmuv3_config *cfg,
		  const struct change *c, size_t n)
{
	sb_remake(b, cfg);
	b->next_page = 4096;
	sb_start(b);
	for (size_t i = 0; i < n; i++, c++) {
		uint64_t first = b->next_page;
		struct hwi_response r;
		struct sw w;

		if (c->stream == BYPASS)
			sw_bypass(&w, b);
		else if (c->stream == S2)
			sw_s2(&w, b, VMSA_SHIFT_4K);
		else if (c->stream == NESTED)
			sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		else
			sw_s1(&w, b, VMSA_SHIFT_4K);
		if (c->stream == EL2)
			SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
		for (unsigned int word = 0; word < 3; word++)
			sw_ste(&w, word, c->ste[word], 0);
		if (w.cd)
			sw_cd(&w, 0, c->cd0, c->cd0_clear);
		sb_invalidate_all(b);
		r = sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
		if (r.fault != c->event || (r.outcome == HWI_SUCCESS) != !c->event)
			fail_msg("%s: outcome %u event %02x", c->what, r.outcome, r.fault);
		if (c->event)
			(void)sw_record(b, c->event, SW_SID);
		sb_expect_no_event(b);
		memset(b->mem + first, 0, b->next_page - first);
		b->next_page = first;
	}
}

#define JUDGE(b, cfg, list) judge(b, cfg, list, sizeof(list) / sizeof((list)[0]))

/* ASIDs and VMIDs of 8 bits, where they count (§5.2 S2VMID, §5.4 ASID). */
/* covers: EVT_C_BAD_STE EVT_C_BAD_CD REG_IDR0 */
static void short_tags(void **state)
{
	static const struct change list[] = {
		{ "ASID of 8 bits", S1, { 0 }, HWI_PUT(SMMU_CD0_ASID, 0xff), 0, GOOD },
		{ "ASID", S1, { 0 }, HWI_PUT(SMMU_CD0_ASID, 0x100), 0, BAD_CD },
		{ "ASID, nested", NESTED, { 0 }, HWI_PUT(SMMU_CD0_ASID, 0x8000), 0, BAD_CD },
		{ "ASID of NS-EL2", EL2, { 0 }, HWI_PUT(SMMU_CD0_ASID, 0x100), 0, GOOD },
		{ "VMID of 8 bits", S2, { 0, 0, HWI_PUT(SMMU_STE2_S2VMID, 0xff) }, 0, 0, GOOD },
		{ "VMID", S2, { 0, 0, VMID_16 }, 0, 0, BAD_STE },
		{ "VMID of stage 1", S1, { 0, 0, VMID_16 }, 0, 0, BAD_STE },
		{ "VMID, nested", NESTED, { 0, 0, VMID_16 }, 0, 0, BAD_STE },
		{ "VMID, nested, STRW", NESTED,
		  { 0, HWI_PUT(SMMU_STE1_STRW, SMMU_STRW_EL2), VMID_16 }, 0, 0, BAD_STE },
		{ "VMID, NS-EL2", EL2, { 0, 0, VMID_16 }, 0, 0, GOOD },
		{ "VMID, bypass", BYPASS, { 0, 0, VMID_16 }, 0, 0, GOOD },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_ASID16 | SMMU_IDR0_VMID16);
	JUDGE(b, &cfg, list);
	/* NS-EL2-E2H has ASIDs, and no VMID. */
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write(b, SMMU_REG_CR2, SMMU_CR2_E2H | SMMU_CR2_RECINVSID);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	sw_ste(&w, 2, VMID_16, 0);
	sb_invalidate_all(b);
	sw_ok(&w);
	sw_cd(&w, 0, HWI_PUT(SMMU_CD0_ASID, 0x100), 0);
	sb_invalidate_all(b);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_CD);
}

/* A few SubstreamID bits, and linear tables alone (§5.2 S1CDMax, S1Fmt). */
/* covers: EVT_C_BAD_STE REG_IDR0 REG_IDR1 */
static void few_substreams(void **state)
{
#define DSS0 HWI_PUT(SMMU_STE1_S1DSS, SMMU_S1DSS_SSID0)
	static const struct change list[] = {
		{ "S1CDMax as SSIDSIZE", S1, { STE0_CDMAX(3), DSS0 }, 0, 0, GOOD },
		{ "S1CDMax above", S1, { STE0_CDMAX(4), DSS0 }, 0, 0, BAD_STE },
		{ "S1CDMax above, no stage 1", S2, { STE0_CDMAX(4) }, 0, 0, GOOD },
		{ "two levels, one CD", S1, { STE0_FMT(SMMU_S1FMT_4K_L2) }, 0, 0, GOOD },
		{ "two levels", S1, { STE0_FMT(SMMU_S1FMT_4K_L2) | STE0_CDMAX(1), DSS0 }, 0, 0,
		  BAD_STE },
		{ "two levels of 64K", S1, { STE0_FMT(SMMU_S1FMT_64K_L2) | STE0_CDMAX(1), DSS0 },
		  0, 0, BAD_STE },
		{ "reserved acts as linear", S1, { STE0_FMT(SMMU_S1FMT_RSVD) | STE0_CDMAX(1), DSS0 },
		  0, 0, GOOD },
		{ "two levels, no stage 1", S2, { STE0_FMT(SMMU_S1FMT_4K_L2) | STE0_CDMAX(1) }, 0, 0,
		  GOOD },
	};
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_CD2L;
	cfg.idr1 = (cfg.idr1 & ~SMMU_IDR1_SSIDSIZE) | HWI_PUT32(SMMU_IDR1_SSIDSIZE, 3);
	JUDGE(*state, &cfg, list);
}

/* No ATS: EATS is not looked at, S2S or not. */
/* covers: REG_IDR0 */
static void no_ats(void **state)
{
#define EATS(x) HWI_PUT(SMMU_STE1_EATS, SMMU_EATS_##x)
	static const struct change without[] = {
		{ "split, stage 1", S1, { 0, EATS(SPLIT) }, 0, 0, GOOD },
		{ "split, S2S", NESTED, { 0, EATS(SPLIT), SMMU_STE2_S2S }, 0, 0, GOOD },
		{ "full, S2S", S2, { 0, EATS(FULL), SMMU_STE2_S2S }, 0, 0, GOOD },
	};
	static const struct change with[] = {
		{ "split, bypass", BYPASS, { 0, EATS(SPLIT), SMMU_STE2_S2S }, 0, 0, GOOD },
		{ "split, stage 1", S1, { 0, EATS(SPLIT) }, 0, 0, BAD_STE },
		{ "split, S2S", NESTED, { 0, EATS(SPLIT), SMMU_STE2_S2S }, 0, 0, BAD_STE },
		{ "full, S2S", S2, { 0, EATS(FULL), SMMU_STE2_S2S }, 0, 0, BAD_STE },
		{ "full, S2S, nested", NESTED, { 0, EATS(FULL), SMMU_STE2_S2S }, 0, 0, BAD_STE },
		{ "full, S2S, stage 1", S1, { 0, EATS(FULL), SMMU_STE2_S2S }, 0, 0, GOOD },
		{ "DPT, S2S", NESTED, { 0, EATS(DPT) }, 0, 0, GOOD },
	};
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	JUDGE(*state, &cfg, with);
	cfg.idr0 &= ~(SMMU_IDR0_ATS | SMMU_IDR0_PRI | SMMU_IDR0_ATSRECERR);
	cfg.idr1 &= ~SMMU_IDR1_PRIQS;
	JUDGE(*state, &cfg, without);
}

/* HTTU=00 and 01: HD counts without HA, too (§5.2.2, §5.4.2). */
/* covers: EVT_C_BAD_STE EVT_C_BAD_CD REG_IDR0 */
static void no_updates(void **state)
{
	static const struct change none[] = {
		{ "HA", S1, { 0 }, SMMU_CD0_HA, 0, BAD_CD },
		{ "HD", S1, { 0 }, SMMU_CD0_HD, 0, BAD_CD },
		{ "S2HA", S2, { 0, 0, SMMU_STE2_S2HA }, 0, 0, BAD_STE },
		{ "S2HD", S2, { 0, 0, SMMU_STE2_S2HD }, 0, 0, BAD_STE },
		{ "S2HA, no stage 2", S1, { 0, 0, SMMU_STE2_S2HA }, 0, 0, GOOD },
	};
	static const struct change access[] = {
		{ "HA", S1, { 0 }, SMMU_CD0_HA, 0, GOOD },
		{ "HD", S1, { 0 }, SMMU_CD0_HD, 0, BAD_CD },
		{ "S2HA", S2, { 0, 0, SMMU_STE2_S2HA }, 0, 0, GOOD },
		{ "S2HD", S2, { 0, 0, SMMU_STE2_S2HD }, 0, 0, BAD_STE },
	};
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_HTTU;
	JUDGE(*state, &cfg, none);
	cfg.idr0 |= HWI_PUT32(SMMU_IDR0_HTTU, SMMU_HTTU_ACCESS);
	JUDGE(*state, &cfg, access);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(short_tags), T(few_substreams), T(no_ats), T(no_updates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

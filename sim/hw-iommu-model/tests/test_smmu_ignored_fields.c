/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Bits of structures that nobody is to look at: of a stage that is off, of features that
 * are not there, reserved ones, software's (SMMUv3 §5.1 to §5.4). All of them set, nothing
 * happens.
 */
#include "smmu_world.h"

/* Of all streams: words 4 to 7 are of MPAM, Secure and Realm streams, S2PO. */
static void rest_of_ste(struct sw *w)
{
	for (unsigned int n = 4; n < SMMU_STE_DWORDS; n++)
		sw_ste(w, n, UINT64_MAX, 0);
	sw_ste(w, 0, SMMU_STE0_RES0, 0);
	sw_ste(w, 1,
	       SMMU_STE1_S2HWU59 | SMMU_STE1_S2HWU60 | SMMU_STE1_S2HWU61 | SMMU_STE1_S2HWU62 |
		       SMMU_STE1_DRE | SMMU_STE1_DCP | SMMU_STE1_PPAR | SMMU_STE1_SW_RESERVED |
		       SMMU_STE1_S1PIE | SMMU_STE1_S1MPAM | SMMU_STE1_MEMATTR | SMMU_STE1_MTCFG |
		       SMMU_STE1_ALLOCCFG | SMMU_STE1_SHCFG | SMMU_STE1_NSCFG |
		       SMMU_STE1_IMPDEF | SMMU_STE1_RES0 | SMMU_STE1_S1CIR | SMMU_STE1_S1COR |
		       SMMU_STE1_S1CSH | HWI_PUT(SMMU_STE1_EATS, SMMU_EATS_DPT),
	       0);
	sw_ste(w, 2,
	       SMMU_STE2_IMPDEF | SMMU_STE2_S2HAFT | SMMU_STE2_S2PIE | SMMU_STE2_S2POE |
		       SMMU_STE2_DPT_VMATCH,
	       0);
	sw_ste(w, 3,
	       SMMU_STE3_S2NSW | SMMU_STE3_S2NSA | SMMU_STE3_S2SL0_2 | SMMU_STE3_S2DS |
		       SMMU_STE3_S2SKL | SMMU_STE3_RES0,
	       0);
}

/* What a stream without stage 1, without stage 2 has no use for. */
static void without_s1(struct sw *w)
{
	sw_ste(w, 0, SMMU_STE0_S1FMT | SMMU_STE0_S1CONTEXTPTR | SMMU_STE0_S1CDMAX, 0);
	sw_ste(w, 1, SMMU_STE1_S1DSS | SMMU_STE1_S1STALLD | SMMU_STE1_STRW, 0);
}

static void without_s2(struct sw *w)
{
	sw_ste(w, 1, SMMU_STE1_S2FWB, 0);
	sw_ste(w, 2, ~SMMU_STE2_S2VMID, 0);
	sw_ste(w, 3, UINT64_MAX, 0);
}

static void rest_of_cd(struct sw *w)
{
	sw_cd(w, 0,
	      SMMU_CD0_UWXN | SMMU_CD0_IR0 | SMMU_CD0_OR0 | SMMU_CD0_SH0 | SMMU_CD0_ASET |
		      SMMU_CD0_T1SZ | SMMU_CD0_IR1 | SMMU_CD0_OR1 | SMMU_CD0_SH1 | SMMU_CD0_TBI1,
	      SMMU_CD0_TG1);
	sw_cd(w, 1,
	      SMMU_CD1_NSCFG0 | SMMU_CD1_HAFT | SMMU_CD1_PNCH | SMMU_CD1_EPAN | SMMU_CD1_HWU059 |
		      SMMU_CD1_HWU060 | SMMU_CD1_HWU061 | SMMU_CD1_HWU062 | SMMU_CD1_RES0,
	      0);
	for (unsigned int n = 2; n < SMMU_CD_DWORDS; n++)
		sw_cd(w, n, UINT64_MAX, 0); /* TTB1, which is disabled; MAIR; PIIx */
}

static void all_rights(struct sw *w)
{
	sb_invalidate_all(w->b);
	for (unsigned int twice = 0; twice < 2; twice++) {
		sw_ok(w);
		sw_expect(w->b, SW_SID, SW_IN, HWI_WRITE, SW_OUT);
		sw_expect(w->b, SW_SID, SW_IN, HWI_ATOMIC, SW_OUT);
		sw_expect(w->b, SW_SID, SW_IN, HWI_READ | HWI_EXEC, SW_OUT);
	}
}

static void bypass(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_bypass(&w, b);
	rest_of_ste(&w);
	without_s1(&w);
	without_s2(&w);
	sw_ste(&w, 2, SMMU_STE2_S2VMID, 0);
	sb_invalidate_all(b);
	for (unsigned int twice = 0; twice < 2; twice++)
		sw_expect(b, SW_SID, 0x123456780, HWI_WRITE, 0x123456780);
	/* It is no stage 2 that stalls what is too large (§3.4). */
	assert_false(sw_expect_fault(b, SW_SID, HWI_BIT64(52), HWI_READ,
				     SMMU_EVT_F_ADDR_SIZE).stall);
}

static void stage_1(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	rest_of_ste(&w);
	without_s2(&w);
	/* One CD: of substreams nothing counts. */
	sw_ste(&w, 0, SMMU_STE0_S1FMT, 0);
	sw_ste(&w, 1, SMMU_STE1_S1DSS, 0);
	rest_of_cd(&w);
	all_rights(&w);
	/* EPAN is not there, either: PAN alone is about data rights. */
	sw_cd(&w, 0, SMMU_CD0_PAN, 0);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_S1_AP_UNPRIV);
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, SW_IN, HWI_WRITE | HWI_PRIV, SW_OUT);
}

static void stage_2(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	rest_of_ste(&w);
	without_s1(&w);
	/* No walk of stage 1 that could be protected. */
	sw_ste(&w, 2, SMMU_STE2_S2PTW | SMMU_STE2_S2IR0 | SMMU_STE2_S2OR0 | SMMU_STE2_S2SH0, 0);
	sw_set(&w, sw_s2_at(&w, SW_IN, 3), 0, VMSA_S2_MEMATTR);
	all_rights(&w);
}

static void both_stages(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	rest_of_ste(&w);
	sw_ste(&w, 0, SMMU_STE0_S1FMT, 0);
	sw_ste(&w, 1, SMMU_STE1_S1DSS | SMMU_STE1_STRW, 0);
	rest_of_cd(&w);
	all_rights(&w);
}

/* Bits around the pointers of level 1 descriptors (§5.1, §5.3). */
static void level_1(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	uint64_t l1, l2;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	l1 = sb_alloc(b, 1);
	l2 = sb_alloc(b, 1);
	sb_w64(b, l1, l2 | SMMU_L1CD_V | SMMU_L1CD_RES0);
	for (unsigned int n = 0; n < SMMU_CD_DWORDS; n++)
		sb_w64(b, l2 + 63ull * SMMU_CD_SIZE + 8ull * n, sb_r64(b, w.cd + 8ull * n));
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CONTEXTPTR, l1 >> 6);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1FMT, SMMU_S1FMT_4K_L2);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 6);
	sb_invalidate_all(b);
	r = sb_dma(b, SW_SID, 63, SW_IN, HWI_READ);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);

	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	l1 = sb_alloc(b, 1);
	sb_w64(b, l1, (w.ste - SW_SID * (uint64_t)SMMU_STE_SIZE) | SMMU_L1STD_RES0 |
		      HWI_PUT(SMMU_L1STD_SPAN, 7));
	sb_write64(b, SMMU_REG_STRTAB_BASE, l1);
	sb_write(b, SMMU_REG_STRTAB_BASE_CFG,
		 HWI_PUT32(SMMU_STRTAB_BASE_CFG_LOG2SIZE, 6) |
			 HWI_PUT32(SMMU_STRTAB_BASE_CFG_SPLIT, 6) |
			 HWI_PUT32(SMMU_STRTAB_BASE_CFG_FMT, SMMU_STRTAB_FMT_2LVL));
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sb_invalidate_all(b);
	r = sb_dma(b, SW_SID, 63, SW_IN, HWI_READ);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
	sb_expect_no_event(b);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(bypass), T(stage_1), T(stage_2), T(both_stages), T(level_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

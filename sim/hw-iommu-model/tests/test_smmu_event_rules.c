/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which transaction a record speaks of, and who decides what becomes of it (SMMUv3 §7.3, §13.1.1, §3.12.5, §3.4).
 */
#include "smmu_world.h"

#define NONE HWI_PASID_NONE

/*
 * An atomic is a write, unless it is only the right to read that is missing: a page that is writable-clean counts as
 * writable, and stays clean (§13.1.1).
 */
/* covers: EVT_F_PERMISSION POINT_40 */
static void atomic_that_may_not_read(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t at;

	for (unsigned int hd = 0; hd < 2; hd++) {
		sw_s2(&w, b, VMSA_SHIFT_4K);
		at = sw_s2_at(&w, SW_IN, 3);
		sw_set(&w, at, VMSA_DESC_DBM, VMSA_S2_S2AP);
		sw_ste(&w, 2, hd ? SMMU_STE2_S2HA | SMMU_STE2_S2HD : 0, 0);
		/* Data always, whatever INSTCFG says. */
		SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, SMMU_INSTCFG_INSTRUCTION);
		sb_invalidate_all(b);
		for (unsigned int n = 0; n < 2; n++) {
			e = sw_expect_fault(b, SW_SID, SW_IN, HWI_ATOMIC, SMMU_EVT_F_PERMISSION);
			assert_true(e.s2 && e.rnw == hd && !e.ind);
			assert_false(sb_r64(b, at) & VMSA_S2_S2AP);
		}
	}
}

/* A walk that fails for an atomic is that of a write, also where a descriptor may not be read. */
/* covers: EVT_F_PERMISSION POINT_19 */
static void atomic_whose_table_may_not_be_read(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t at;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	at = sw_s1_at(&w, SW_IN, 3) + w.guest;
	sw_set(&w, sw_s2_at(&w, at, 3), 0, VMSA_S2_S2AP_R);
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_ATOMIC, SMMU_EVT_F_PERMISSION);
	assert_true(e.s2 && !e.rnw && e.ttrnw);
	assert_int_equal(e.class, SMMU_EV_CLASS_TT);
	/* A read that would have to write one: the access flag. */
	sw_set(&w, sw_s2_at(&w, at, 3), VMSA_S2_S2AP_R, VMSA_S2_S2AP_W);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_AF);
	sw_cd(&w, 0, SMMU_CD0_HA, 0);
	sb_invalidate_all(b);
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_READ, SMMU_EVT_F_PERMISSION);
	assert_true(e.s2 && e.rnw && !e.ttrnw);
	assert_int_equal(e.class, SMMU_EV_CLASS_TT);
	assert_int_equal(e.ipa, at & SMMU_EV3_IPA);
}

/* Stage 1 not there, or skipped: its F_ADDR_SIZE ends with an abort and a record, whatever S2S and S2R say (§3.12). */
/* covers: POINT_17 EVT_F_ADDR_SIZE */
static void addr_size_without_stage_1(void **state)
{
	const uint64_t far = HWI_BIT64(52) + 0x10;
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int n = 0; n < 3; n++) {
		struct hwi_response r;
		struct sw_record e;

		if (n == 0)
			sw_s2(&w, b, VMSA_SHIFT_4K);
		else if (n == 1)
			sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		else
			sw_s1(&w, b, VMSA_SHIFT_4K);
		SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, n ? 1 : 0);
		SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_BYPASS);
		sw_ste(&w, 2, n < 2 ? SMMU_STE2_S2S : 0, SMMU_STE2_S2R);
		sb_invalidate_all(b);
		r = sb_dma(b, SW_SID, NONE, far, HWI_WRITE);
		assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
		assert_int_equal(r.fault, SMMU_EVT_F_ADDR_SIZE);
		e = sw_record(b, SMMU_EVT_F_ADDR_SIZE, SW_SID);
		assert_true(!e.s2 && !e.stall && !e.rnw && e.addr == far);
		assert_int_equal(e.class, SMMU_EV_CLASS_IN);
	}
}

/* Stall or terminate, at either stage: the stage of the fault decides (§3.12.5). */
/* covers: POINT_22 EVT_F_TRANSLATION */
static void the_stage_of_the_fault_decides(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int n = 0; n < 8; n++) {
		bool stall1 = n & 1, stall2 = n & 2, at2 = n & 4;
		bool stalls = at2 ? stall2 : stall1;
		struct hwi_response r;
		struct sw_record e;

		sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		sw_cd(&w, 0, stall1 ? SMMU_CD0_S : 0, 0);
		sw_ste(&w, 2, stall2 ? SMMU_STE2_S2S : 0, 0);
		sw_set(&w, at2 ? sw_s2_at(&w, SW_IPA, 3) : sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_VALID);
		sb_invalidate_all(b);
		r = sb_dma(b, SW_SID, NONE, SW_IN, HWI_READ);
		assert_int_equal(r.outcome, stalls ? HWI_STALLED : HWI_UNSUPPORTED_REQUEST);
		e = sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID);
		assert_int_equal(e.stall, stalls);
		assert_int_equal(e.s2, at2);
		assert_true(e.addr == SW_IN);
		assert_true(e.ipa == (at2 ? SW_IPA : 0));
	}
}

/* A retry is a new transaction: it may stall again, with a record of its own, or go through (§3.12.2). */
/* covers: CMD_RESUME */
static void a_retry_is_a_new_transaction(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw_record e;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_S, 0);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_VALID | VMSA_DESC_AF);
	sb_invalidate_all(b);
	for (unsigned int n = 0; n < 3; n++) {
		r = sb_dma(b, SW_SID, NONE, SW_IN, HWI_READ);
		if (n == 2)
			break;
		assert_int_equal(r.outcome, HWI_STALLED);
		e = sw_record(b, n ? SMMU_EVT_F_ACCESS : SMMU_EVT_F_TRANSLATION, SW_SID);
		assert_true(e.stall && e.stag == r.stall);
		sw_set(&w, sw_s1_at(&w, SW_IN, 3), n ? VMSA_DESC_AF : VMSA_DESC_VALID, 0);
		sb_do(b, SMMU_CMD_RESUME | SMMU_CMD_RESUME0_AC | HWI_PUT(SMMU_CMD0_SID, SW_SID), e.stag);
		assert_int_equal(b->resumes, n + 1);
		assert_int_equal(b->resume[n].action, HWI_RESUME_RETRY);
	}
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
	sb_expect_no_event(b);
}

/* A machine that cannot hold a request: terminated with an abort, Stall=0, recorded whatever R says (§3.12). */
/* covers: EVT_F_TRANSLATION */
static void stall_without_a_place(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg = b->cfg;
	struct hwi_response r;
	struct sw_record e;
	struct sw w;

	b->ops.resume = NULL;
	hwi_destroy(b->unit);
	assert_int_equal(hwi_smmuv3_create(&cfg, &b->ops, b, &b->unit), HWI_OK);
	sb_start(b);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_S, SMMU_CD0_R | SMMU_CD0_A);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_VALID);
	sb_invalidate_all(b);
	r = sb_dma(b, SW_SID, NONE, SW_IN, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	e = sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID);
	assert_false(e.stall);
	assert_int_equal(e.stag, 0);
}

/* With SMMUEN=0 and the queue on, only what ATS forbids is told (§7.2.1, §7.3.6, §7.3.8). */
/* covers: REG_CR0 EVT_F_BAD_ATS_TREQ EVT_F_TRANSL_FORBIDDEN */
static void records_of_a_unit_that_is_off(void **state)
{
	struct smmu_bench *b = *state;

	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	assert_int_equal(sb_dma(b, SW_SID, 5, 0x1000, HWI_READ).outcome, HWI_SUCCESS);
	assert_int_equal(sb_dma(b, SW_SID, NONE, HWI_BIT64(60), HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	sb_gbpa(b, SMMU_GBPA_ABORT);
	assert_int_equal(sb_dma(b, SW_SID, NONE, 0x1000, HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	sb_expect_no_event(b);
	(void)sb_request(b, HWI_TRANSLATION_REQUEST, SW_SID, NONE, 0x1000, HWI_READ);
	(void)sw_record(b, SMMU_EVT_F_BAD_ATS_TREQ, SW_SID);
	(void)sb_request(b, HWI_TRANSLATED, SW_SID, NONE, 0x1000, HWI_ATOMIC);
	assert_false(sw_record(b, SMMU_EVT_F_TRANSL_FORBIDDEN, SW_SID).rnw);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(atomic_that_may_not_read), T(atomic_whose_table_may_not_be_read),
		T(addr_size_without_stage_1), T(the_stage_of_the_fault_decides),
		T(a_retry_is_a_new_transaction), T(stall_without_a_place), T(records_of_a_unit_that_is_off),
	};

	return cmocka_run_group_tests_name("smmu_event_rules", tests, NULL, NULL);
}

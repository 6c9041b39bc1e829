/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ATS where a rule is easily lost (SMMUv3 §3.9.1.2, §3.9.1.3, §13.6, §13.7): what is granted when little is there, what is
 * done for a request that is granted nothing, and what an STE overrides.
 */
#include "smmu_world.h"

#define NONE HWI_PASID_NONE

static struct hwi_response ask(struct sw *w, uint32_t ssid, unsigned int access)
{
	return sb_request(w->b, HWI_TRANSLATION_REQUEST, SW_SID, ssid, SW_IN, HWI_READ | access);
}

static struct hwi_response come(struct sw *w, uint64_t addr, unsigned int access)
{
	return sb_request(w->b, HWI_TRANSLATED, SW_SID, NONE, addr, access);
}

static void with_ats(struct sw *w, uint64_t eats)
{
	SW_STE_FIELD(w, 1, SMMU_STE1_EATS, eats);
	sb_invalidate_all(w->b);
}

static void record_cfg_ats(struct smmu_bench *b, uint32_t cr2)
{
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write(b, SMMU_REG_CR2, cr2);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
}

/* One substream, so that Exe and Priv can be asked for. */
static void substreams(struct sw *w, unsigned int dss)
{
	SW_STE_FIELD(w, 0, SMMU_STE0_S1CDMAX, 1);
	SW_STE_FIELD(w, 1, SMMU_STE1_S1DSS, dss);
}

static void nothing_of(const struct hwi_response *r)
{
	assert_int_equal(r->outcome, HWI_SUCCESS);
	assert_int_equal(r->rights, 0);
	assert_int_equal(r->span_log2, 12);
	assert_false(r->recorded);
}

/* A request is for one STU (§7.3.6). */
/* covers: EVT_F_BAD_ATS_TREQ */
static void span_of_a_forbidden_request(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	(void)ask(&w, NONE, 0);
	e = sw_record(b, SMMU_EVT_F_BAD_ATS_TREQ, SW_SID);
	assert_int_equal(e.dw[1], UINT64_C(0xc0000001));
}

/* Stage 1 bypassed, no stage 2: R and W, whatever NW is (§3.9.1.2, §13.6.4). */
static void identity_is_readable_and_writable(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_BYPASS);
	with_ats(&w, SMMU_EATS_FULL);
	for (unsigned int nw = 0; nw < 2; nw++) {
		r = ask(&w, NONE, nw ? HWI_NO_WRITE : 0);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
		assert_int_equal(hwi_hpa_val(r.addr), SW_IN);
		assert_int_equal(r.ats, 0);
		assert_true(r.span_log2 >= 12 && r.span_log2 <= 52);
	}
	/* Beyond the input size it is an address size fault, which is no access. */
	r = sb_request(b, HWI_TRANSLATION_REQUEST, SW_SID, NONE, HWI_BIT64(52), HWI_READ);
	nothing_of(&r);
	assert_int_equal(r.fault, SMMU_EVT_F_ADDR_SIZE);
	sb_expect_no_event(b);
}

/*
 * Stage 1 allows execution alone, and nobody asks to execute: nothing is granted, so
 * stage 2 is not looked at for the page, and no access flag is set (§3.9.1.2, §13.7).
 */
/* covers: POINT_39 */
static void execute_only_without_exe(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;
	uint64_t at;

	record_cfg_ats(b, SMMU_CR2_REC_CFG_ATS);
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_BYPASS);
	at = sw_s1_at(&w, SW_IN, 3);
	sw_set(&w, at, 0, VMSA_S1_AP_UNPRIV | VMSA_DESC_AF);
	sw_cd(&w, 0, SMMU_CD0_HA, 0);
	with_ats(&w, SMMU_EATS_FULL);
	sb_fail_read(b, sw_s2_at(&w, SW_IPA, 3), 8);
	r = ask(&w, 0, 0);
	nothing_of(&r);
	assert_false(sb_r64(b, at) & VMSA_DESC_AF);
	/* Exe alone needs R, too. */
	r = ask(&w, 0, HWI_EXEC);
	nothing_of(&r);
	assert_false(sb_r64(b, at) & VMSA_DESC_AF);
	sb_expect_no_event(b);
	/* With INSTCFG=Instruction a read is granted by the right to execute: stage 2 counts. */
	SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, SMMU_INSTCFG_INSTRUCTION);
	sb_invalidate_all(b);
	r = ask(&w, 0, 0);
	assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
	assert_true(sw_record(b, SMMU_EVT_F_WALK_EABT, SW_SID).s2);
	sb_heal(b);
	r = ask(&w, 0, HWI_EXEC);
	assert_int_equal(r.rights, HWI_READ | HWI_EXEC);
	assert_true(sb_r64(b, at) & VMSA_DESC_AF);
	sb_expect_no_event(b);
}

/* The other way round: with INSTCFG=Instruction a page without X is of use to a writer only. */
static void data_page_of_an_instruction_stream(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	record_cfg_ats(b, SMMU_CR2_REC_CFG_ATS);
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_BYPASS);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_S1_UXN, 0);
	SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, SMMU_INSTCFG_INSTRUCTION);
	with_ats(&w, SMMU_EATS_FULL);
	sb_fail_read(b, sw_s2_at(&w, SW_IPA, 3), 8);
	r = ask(&w, 0, HWI_EXEC | HWI_NO_WRITE);
	nothing_of(&r);
	sb_expect_no_event(b);
	sb_heal(b);
	r = ask(&w, 0, HWI_EXEC);
	assert_int_equal(r.rights, HWI_WRITE);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
}

/* INSTCFG=Data: what is readable is executable for who asks (§13.7.1). */
static void data_stream_executes_what_it_reads(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_BYPASS);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_S1_UXN | VMSA_S1_PXN | VMSA_S1_AP_RO, 0);
	SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, SMMU_INSTCFG_DATA);
	with_ats(&w, SMMU_EATS_FULL);
	assert_int_equal(ask(&w, 0, HWI_EXEC).rights, HWI_READ | HWI_EXEC);
	assert_int_equal(ask(&w, 0, 0).rights, HWI_READ);
}

/* PRIVCFG decides on the rights; Priv of the answer is that of the request. */
static void privilege_is_overridden_and_echoed(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_BYPASS);
	/* Nothing unprivileged; read and write privileged. */
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_S1_UXN, VMSA_S1_AP_UNPRIV);
	SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, SMMU_PRIVCFG_UNPRIVILEGED);
	with_ats(&w, SMMU_EATS_FULL);
	r = ask(&w, 0, HWI_PRIV);
	nothing_of(&r);
	assert_int_equal(r.ats, HWI_ATS_PRIV);
	SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, SMMU_PRIVCFG_PRIVILEGED);
	sb_invalidate_all(b);
	r = ask(&w, 0, 0);
	assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
	assert_int_equal(r.ats, 0);
}

/* Stage 2 alone: a page that grants nothing is not marked as accessed either. */
static void stage_2_grants_nothing(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;
	uint64_t at;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	at = sw_s2_at(&w, SW_IN, 3);
	sw_set(&w, at, 0, VMSA_S2_S2AP | VMSA_DESC_AF | VMSA_S2_XN);
	sw_ste(&w, 2, SMMU_STE2_S2HA, 0);
	with_ats(&w, SMMU_EATS_FULL);
	r = ask(&w, NONE, 0);
	nothing_of(&r);
	assert_false(sb_r64(b, at) & VMSA_DESC_AF);
	/* Write-only: of use to a writer. */
	sw_set(&w, at, VMSA_S2_S2AP_W, 0);
	sb_invalidate_all(b);
	r = ask(&w, NONE, HWI_NO_WRITE);
	nothing_of(&r);
	assert_false(sb_r64(b, at) & VMSA_DESC_AF);
	r = ask(&w, NONE, 0);
	assert_int_equal(r.rights, HWI_WRITE);
	assert_true(sb_r64(b, at) & VMSA_DESC_AF);
}

/* The same from the TLB: no answer depends on who filled it. */
static void nothing_from_the_tlb(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_BYPASS);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_S1_AP_UNPRIV);
	with_ats(&w, SMMU_EATS_FULL);
	for (unsigned int n = 0; n < 2; n++) {
		r = ask(&w, 0, 0);
		nothing_of(&r);
		assert_int_equal(r.fault, SMMU_EVT_F_PERMISSION);
		/* An instruction fetch may use the page, and leaves it in the TLB. */
		assert_int_equal(sb_dma(b, SW_SID, 0, SW_IN, HWI_READ | HWI_EXEC).outcome, HWI_SUCCESS);
	}
	sb_expect_no_event(b);
}

/* Split stage: overrides are applied before stage 2 (§13.7, Table 13.4). */
/* covers: EVT_F_PERMISSION POINT_38 */
static void overrides_of_split_stage(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t at;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	at = sw_s2_at(&w, SW_IPA, 3);
	sw_set(&w, at, HWI_PUT(VMSA_S2_XN, 2), VMSA_S2_XN & ~HWI_PUT(VMSA_S2_XN, 2)); /* nobody */
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	with_ats(&w, SMMU_EATS_SPLIT);
	assert_int_equal(come(&w, SW_IPA, HWI_READ).outcome, HWI_SUCCESS);
	/* Its own attributes do not count: IDR3.PASIDTT=0. */
	assert_int_equal(come(&w, SW_IPA, HWI_READ | HWI_EXEC | HWI_PRIV).outcome, HWI_SUCCESS);
	SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, SMMU_INSTCFG_INSTRUCTION);
	sb_invalidate_all(b);
	assert_int_equal(come(&w, SW_IPA, HWI_WRITE).outcome, HWI_SUCCESS); /* data always */
	assert_int_equal(come(&w, SW_IPA, HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	e = sw_record(b, SMMU_EVT_F_PERMISSION, SW_SID);
	assert_true(e.s2 && e.rnw && e.ind && !e.pnu && !e.ssv);
	assert_int_equal(e.class, SMMU_EV_CLASS_IN);
	assert_true(e.addr == SW_IPA && e.ipa == SW_IPA);
	/* Privileged only: by PRIVCFG. */
	sw_set(&w, at, VMSA_S2_XN, 0);
	sb_invalidate_all(b);
	assert_int_equal(come(&w, SW_IPA, HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	assert_false(sw_record(b, SMMU_EVT_F_PERMISSION, SW_SID).pnu);
	SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, SMMU_PRIVCFG_PRIVILEGED);
	sb_invalidate_all(b);
	assert_int_equal(come(&w, SW_IPA, HWI_READ).outcome, HWI_SUCCESS);
	/* And a refusal tells of it. */
	sw_set(&w, at, 0, VMSA_DESC_VALID);
	sb_invalidate_all(b);
	assert_int_equal(come(&w, SW_IPA, HWI_WRITE).outcome, HWI_UNSUPPORTED_REQUEST);
	e = sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID);
	assert_true(e.s2 && e.pnu && !e.ind && !e.rnw);
}

/* ATTR_PERMS_OVR=0: nothing is overridden, of ATS neither. */
/* covers: REG_IDR1 */
static void no_overrides_without_the_feature(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr1 &= ~SMMU_IDR1_ATTR_PERMS_OVR;
	sb_remake(b, &cfg);
	sb_start(b);
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), HWI_PUT(VMSA_S2_XN, 2), 0);
	SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, SMMU_INSTCFG_INSTRUCTION);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	with_ats(&w, SMMU_EATS_SPLIT);
	assert_int_equal(come(&w, SW_IPA, HWI_READ).outcome, HWI_SUCCESS);
	assert_int_equal(ask(&w, NONE, 0).rights, HWI_READ | HWI_WRITE);
}

/* Split stage without stage 1: the IPA itself, with the rights of stage 2 (§13.6.5). */
static void split_stage_skipping_stage_1(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_BYPASS);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), 0, VMSA_S2_S2AP_W);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	with_ats(&w, SMMU_EATS_SPLIT);
	r = sb_request(b, HWI_TRANSLATION_REQUEST, SW_SID, NONE, SW_IPA, HWI_READ | HWI_EXEC | HWI_PRIV);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(r.rights, HWI_READ);
	assert_int_equal(hwi_hpa_val(r.addr), SW_IPA);
	assert_int_equal(r.span_log2, 12);
	assert_int_equal(r.ats, 0);
	/* Full ATS: the output of stage 2. */
	with_ats(&w, SMMU_EATS_FULL);
	r = sb_request(b, HWI_TRANSLATION_REQUEST, SW_SID, NONE, SW_IPA, HWI_READ);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
	sb_expect_no_event(b);
}

/* The smaller of the two pages, for either kind of ATS. */
static void size_is_that_of_the_smaller_page(void **state)
{
	const uint64_t block = UINT64_C(2) << 20;
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_map_s1(&w, 5 * block, 9 * block, 2, SW_S1_LEAF);
	for (unsigned int n = 0; n < 2; n++)
		sw_map_s2(&w, 9 * block + n * 0x1000, (n ? 0x700000 : 0x800000), 3, SW_S2_LEAF);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	for (unsigned int n = 0; n < 2; n++) {
		with_ats(&w, n ? SMMU_EATS_SPLIT : SMMU_EATS_FULL);
		r = sb_request(b, HWI_TRANSLATION_REQUEST, SW_SID, NONE, 5 * block + 0x1000, HWI_READ);
		assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
		assert_int_equal(r.span_log2, 12);
		assert_int_equal(hwi_hpa_val(r.addr), n ? 9 * block + 0x1000 : 0x700000);
	}
}

/* Errors in the order of §3.9.1.3; those of substreams are not for PASIDTT=0. */
/* covers: EVT_F_STE_FETCH EVT_C_BAD_STE EVT_F_TRANSL_FORBIDDEN REG_CR2 */
static void translated_in_order(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	record_cfg_ats(b, SMMU_CR2_REC_CFG_ATS);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_TERMINATE);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), 0, VMSA_DESC_VALID);
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	sb_invalidate_all(b);
	sb_fail_read(b, w.ste, SMMU_STE_SIZE);
	assert_int_equal(come(&w, HWI_BIT64(53), HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(sw_record(b, SMMU_EVT_F_STE_FETCH, SW_SID).fetch, w.ste);
	sb_heal(b);
	assert_int_equal(come(&w, HWI_BIT64(53), HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	(void)sw_record(b, SMMU_EVT_C_BAD_STE, SW_SID);
	sw_ste(&w, 0, SMMU_STE0_V, 0);
	sb_invalidate_all(b);
	assert_int_equal(come(&w, HWI_BIT64(53), HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	(void)sw_record(b, SMMU_EVT_F_TRANSL_FORBIDDEN, SW_SID);
	with_ats(&w, SMMU_EATS_SPLIT);
	assert_int_equal(come(&w, HWI_BIT64(53), HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	assert_false(sw_record(b, SMMU_EVT_F_ADDR_SIZE, SW_SID).s2);
	assert_int_equal(come(&w, SW_IPA, HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	assert_true(sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID).s2);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), VMSA_DESC_VALID, 0);
	sb_invalidate_all(b);
	assert_int_equal(come(&w, SW_IPA, HWI_READ).outcome, HWI_SUCCESS);
	sb_expect_no_event(b);
}

/* STE.CONFIG, EATS and the errors of a request in the order of an ordinary one (§3.9.1.2). */
/* covers: EVT_F_STE_FETCH EVT_C_BAD_STE EVT_F_STREAM_DISABLED EVT_F_CD_FETCH */
static void requests_in_order(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	record_cfg_ats(b, SMMU_CR2_REC_CFG_ATS);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_TERMINATE);
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	sb_invalidate_all(b);
	sb_fail_read(b, w.ste, SMMU_STE_SIZE);
	sb_fail_read(b, w.cd, SMMU_CD_SIZE);
	r = ask(&w, NONE, 0);
	assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
	(void)sw_record(b, SMMU_EVT_F_STE_FETCH, SW_SID);
	sb_heal(b);
	r = ask(&w, NONE, 0);
	assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
	(void)sw_record(b, SMMU_EVT_C_BAD_STE, SW_SID);
	sw_ste(&w, 0, SMMU_STE0_V, 0);
	sb_invalidate_all(b);
	/* EATS=00 comes before what is wrong with substreams. */
	r = ask(&w, NONE, 0);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	(void)sw_record(b, SMMU_EVT_F_BAD_ATS_TREQ, SW_SID);
	with_ats(&w, SMMU_EATS_FULL);
	sb_fail_read(b, w.cd, SMMU_CD_SIZE);
	r = ask(&w, NONE, 0);
	assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
	(void)sw_record(b, SMMU_EVT_F_STREAM_DISABLED, SW_SID);
	r = ask(&w, 0, 0);
	assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
	assert_int_equal(sw_record(b, SMMU_EVT_F_CD_FETCH, SW_SID).fetch, w.cd);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(span_of_a_forbidden_request), T(identity_is_readable_and_writable),
		T(execute_only_without_exe), T(data_page_of_an_instruction_stream),
		T(data_stream_executes_what_it_reads), T(privilege_is_overridden_and_echoed),
		T(stage_2_grants_nothing), T(nothing_from_the_tlb), T(overrides_of_split_stage),
		T(no_overrides_without_the_feature), T(split_stage_skipping_stage_1),
		T(size_is_that_of_the_smaller_page), T(translated_in_order), T(requests_in_order),
	};

	return cmocka_run_group_tests_name("smmu_ats_rules", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ATS (SMMUv3 §3.9.1, §13.6, §13.7): what a translation request and a translated one get. */
#include "smmu_world.h"

static struct hwi_response ask(struct sw *w, uint32_t ssid, uint64_t addr, unsigned int access)
{
	return sb_request(w->b, HWI_TRANSLATION_REQUEST, SW_SID, ssid, addr, access);
}

static struct hwi_response come(struct sw *w, uint64_t addr, unsigned int access)
{
	return sb_request(w->b, HWI_TRANSLATED, SW_SID, HWI_PASID_NONE, addr, access);
}

static void with_ats(struct sw *w, uint64_t eats)
{
	SW_STE_FIELD(w, 1, SMMU_STE1_EATS, eats);
	sb_invalidate_all(w->b);
}

/* The unit with CR0.ATSCHK. */
static void check_translated(struct sw *w)
{
	sb_cr0(w->b, SMMU_CR0_ATSCHK, true);
	sb_invalidate_all(w->b);
}

/* ATS configuration errors are recorded if CR2.REC_CFG_ATS says so. */
static void record_cfg_ats(struct smmu_bench *b, uint32_t cr2)
{
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write(b, SMMU_REG_CR2, cr2);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
}

static void granted(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	with_ats(&w, SMMU_EATS_FULL);
	for (unsigned int twice = 0; twice < 2; twice++) {
		r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
		assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
		assert_int_equal(r.span_log2, 12);
		assert_int_equal(r.ats, 0);
	}
	r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ | HWI_NO_WRITE);
	assert_int_equal(r.rights, HWI_READ);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), 0, VMSA_S2_S2AP_W);
	sw_tlbi_all(&w);
	assert_int_equal(ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ).rights, HWI_READ);
	sb_expect_no_event(b);
}

/* Page faults, and lack of every right: Success with R=W=0, of the smallest page; no record. */
/* covers: POINT_42 */
static void page_faults(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_ste(&w, 2, 0, SMMU_STE2_S2S);
	sw_cd(&w, 0, SMMU_CD0_S, 0); /* of no effect here (§5.5) */
	with_ats(&w, SMMU_EATS_FULL);
	for (unsigned int i = 0; i < 5; i++) {
		uint64_t at = i < 3 ? sw_s1_at(&w, SW_IN, 3) : sw_s2_at(&w, SW_IPA, 3);
		uint64_t was = sb_r64(b, at);

		if (i == 4)
			at = sw_s2_at(&w, w.cd + w.guest, 3);
		was = sb_r64(b, at);
		sw_set(&w, at, 0,
		       i == 1	? VMSA_DESC_AF
		       : i == 2 ? VMSA_S1_AP_UNPRIV
				: VMSA_DESC_VALID);
		sb_invalidate_all(b);
		r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		assert_int_equal(r.rights, 0);
		assert_int_equal(r.span_log2, 12);
		assert_false(r.recorded);
		sb_expect_no_event(b);
		sb_w64(b, at, was);
	}
}

/* Without ATS: UR and F_BAD_ATS_TREQ, with all as it was requested. */
/* covers: POINT_42 EVT_F_BAD_ATS_TREQ */
static void not_enabled(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, SMMU_PRIVCFG_UNPRIVILEGED);
	sb_invalidate_all(b);
	r = ask(&w, 5, SW_IN, HWI_READ | HWI_PRIV | HWI_NO_WRITE);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, SMMU_EVT_F_BAD_ATS_TREQ);
	{
		struct sw_record e = sw_record(b, SMMU_EVT_F_BAD_ATS_TREQ, SW_SID);

		assert_true(e.ssv);
		assert_int_equal(e.ssid, 5);
		assert_int_equal(HWI_GET(SMMU_EV1_ATS_PRIV, e.dw[1]), 1);
		assert_int_equal(HWI_GET(SMMU_EV1_ATS_X, e.dw[1]), 0);
		assert_int_equal(HWI_GET(SMMU_EV1_ATS_W, e.dw[1]), 0);
		assert_int_equal(HWI_GET(SMMU_EV1_ATS_R, e.dw[1]), 1);
		assert_true((e.dw[2] & SMMU_EV2_PAGEADDR) == SW_IN);
	}
	/* Bypass, EATS=DPT, split stage without ATSCHK, and a unit that is off. */
	sw_bypass(&w, b);
	with_ats(&w, SMMU_EATS_FULL);
	assert_int_equal(ask(&w, HWI_PASID_NONE, 0, HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	(void)sw_record(b, SMMU_EVT_F_BAD_ATS_TREQ, SW_SID);
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	with_ats(&w, SMMU_EATS_DPT);
	(void)ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
	(void)sw_record(b, SMMU_EVT_F_BAD_ATS_TREQ, SW_SID);
	with_ats(&w, SMMU_EATS_SPLIT);
	(void)ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
	(void)sw_record(b, SMMU_EVT_F_BAD_ATS_TREQ, SW_SID);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	assert_int_equal(ask(&w, HWI_PASID_NONE, 0, HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	(void)sw_record(b, SMMU_EVT_F_BAD_ATS_TREQ, SW_SID);
}

/* Config=0xx: UR, without a record. */
static void stream_aborts(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 0, SMMU_STE0_CONFIG, 0);
	with_ats(&w, SMMU_EATS_FULL);
	r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, 0);
	check_translated(&w);
	assert_int_equal(come(&w, SW_OUT, HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	sb_expect_no_event(b);
}

/* Configuration errors: CA, silent unless REC_CFG_ATS. */
/* covers: POINT_42 EVT_C_BAD_STREAMID EVT_C_BAD_SUBSTREAMID EVT_F_WALK_EABT EVT_C_BAD_CD REG_CR2 */
static void configuration_errors(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	for (unsigned int rec = 0; rec < 2; rec++) {
		record_cfg_ats(b, SMMU_CR2_RECINVSID | (rec ? SMMU_CR2_REC_CFG_ATS : 0));
		sw_s1(&w, b, VMSA_SHIFT_4K);
		with_ats(&w, SMMU_EATS_FULL);
		r = sb_request(b, HWI_TRANSLATION_REQUEST, 1u << b->strtab_log2, HWI_PASID_NONE,
			       SW_IN, HWI_READ);
		assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
		assert_int_equal(r.fault, SMMU_EVT_C_BAD_STREAMID);
		assert_int_equal(r.recorded, rec);
		if (rec)
			(void)sw_record(b, SMMU_EVT_C_BAD_STREAMID, 1u << b->strtab_log2);
		r = ask(&w, 3, SW_IN, HWI_READ);
		assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
		assert_int_equal(r.fault, SMMU_EVT_C_BAD_SUBSTREAMID);
		assert_int_equal(r.recorded, rec);
		if (rec)
			(void)sw_record(b, SMMU_EVT_C_BAD_SUBSTREAMID, SW_SID);
		sb_fail_read(b, sw_s1_at(&w, SW_IN, 3), 8);
		r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
		assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
		assert_int_equal(r.fault, SMMU_EVT_F_WALK_EABT);
		if (rec)
			(void)sw_record(b, SMMU_EVT_F_WALK_EABT, SW_SID);
		sb_heal(b);
		sw_cd(&w, 0, 0, SMMU_CD0_V);
		sb_invalidate_all(b);
		r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
		assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
		assert_int_equal(r.fault, SMMU_EVT_C_BAD_CD);
		if (rec)
			(void)sw_record(b, SMMU_EVT_C_BAD_CD, SW_SID);
		sb_expect_no_event(b);
	}
	/* C_BAD_STREAMID needs RECINVSID, too. */
	record_cfg_ats(b, SMMU_CR2_REC_CFG_ATS);
	r = sb_request(b, HWI_TRANSLATION_REQUEST, 1u << b->strtab_log2, HWI_PASID_NONE, SW_IN,
		       HWI_READ);
	assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
	sb_expect_no_event(b);
}

/* Exe needs R and X; Priv and Exe are PASID attributes (§13.7.1). */
/* covers: POINT_39 */
static void rights_to_execute(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 1);
	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_BYPASS);
	with_ats(&w, SMMU_EATS_FULL);
	r = ask(&w, 0, SW_IN, HWI_READ | HWI_EXEC);
	assert_int_equal(r.rights, HWI_READ | HWI_WRITE | HWI_EXEC);
	r = ask(&w, 0, SW_IN, HWI_READ);
	assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
	/* Writable unprivileged: not executable privileged. */
	r = ask(&w, 0, SW_IN, HWI_READ | HWI_EXEC | HWI_PRIV);
	assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
	assert_int_equal(r.ats, HWI_ATS_PRIV);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_S1_UXN, 0);
	sw_tlbi_all(&w);
	r = ask(&w, 0, SW_IN, HWI_READ | HWI_EXEC);
	assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
	/* Stage 1 bypassed: identity. */
	r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
	assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
	assert_int_equal(hwi_hpa_val(r.addr), SW_IN);
	assert_int_equal(r.ats & HWI_ATS_U, 0);
}

/* A writable-clean page is dirty before the answer says W; with NW it is left alone. */
static void dirty_before_the_answer(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;
	uint64_t at;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	at = sw_s1_at(&w, SW_IN, 3);
	sw_set(&w, at, VMSA_S1_AP_RO | VMSA_DESC_DBM, VMSA_DESC_AF);
	sw_cd(&w, 0, SMMU_CD0_HA | SMMU_CD0_HD, 0);
	with_ats(&w, SMMU_EATS_FULL);
	assert_int_equal(ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ | HWI_NO_WRITE).rights, HWI_READ);
	assert_true(sb_r64(b, at) & VMSA_DESC_AF);
	assert_true(sb_r64(b, at) & VMSA_S1_AP_RO);
	assert_int_equal(ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ).rights, HWI_READ | HWI_WRITE);
	assert_false(sb_r64(b, at) & VMSA_S1_AP_RO);
}

/* No right at all for this privilege: the access flag is not set (§3.13.7). */
static void nothing_granted_nothing_set(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;
	uint64_t at;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	at = sw_s1_at(&w, SW_IN, 3);
	sw_set(&w, at, VMSA_S1_UXN, VMSA_DESC_AF | VMSA_S1_AP_UNPRIV);
	sw_cd(&w, 0, SMMU_CD0_HA, 0);
	with_ats(&w, SMMU_EATS_FULL);
	assert_int_equal(ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ).rights, 0);
	assert_false(sb_r64(b, at) & VMSA_DESC_AF);
}

/* ---- translated transactions ---- */

/* covers: EVT_F_TRANSL_FORBIDDEN */
static void translated_unchecked(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	assert_int_equal(hwi_hpa_val(come(&w, SW_OUT, HWI_WRITE).addr), SW_OUT);
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	sb_invalidate_all(b);
	assert_int_equal(come(&w, SW_OUT, HWI_WRITE).outcome, HWI_SUCCESS);
	assert_int_equal(come(&w, HWI_BIT64(53), HWI_WRITE).outcome, HWI_UNSUPPORTED_REQUEST);
	sb_expect_no_event(b);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	assert_int_equal(come(&w, SW_OUT, HWI_WRITE).outcome, HWI_UNSUPPORTED_REQUEST);
	{
		struct sw_record e = sw_record(b, SMMU_EVT_F_TRANSL_FORBIDDEN, SW_SID);

		assert_false(e.ssv);
		assert_false(e.rnw);
		assert_true(e.addr == SW_OUT);
	}
}

/* covers: EVT_F_TRANSL_FORBIDDEN EVT_C_BAD_STREAMID REG_CR0 */
static void translated_checked(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	check_translated(&w);
	r = come(&w, SW_OUT, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_true(sw_record(b, SMMU_EVT_F_TRANSL_FORBIDDEN, SW_SID).rnw);
	with_ats(&w, SMMU_EATS_FULL);
	assert_int_equal(hwi_hpa_val(come(&w, SW_OUT, HWI_READ).addr), SW_OUT);
	/* Errors: aborts, silent without REC_CFG_ATS. */
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	sb_invalidate_all(b);
	r = come(&w, SW_OUT, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, SMMU_EVT_C_BAD_STE);
	sb_expect_no_event(b);
	/* C_BAD_STREAMID is not gated by RECINVSID here (§3.9.1.3). */
	record_cfg_ats(b, SMMU_CR2_REC_CFG_ATS);
	r = sb_request(b, HWI_TRANSLATED, 1u << b->strtab_log2, HWI_PASID_NONE, SW_OUT, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	(void)sw_record(b, SMMU_EVT_C_BAD_STREAMID, 1u << b->strtab_log2);
}

/* EATS=10: the ATC holds IPAs; what comes translated goes through stage 2. */
/* covers: EVT_F_PERMISSION EVT_F_ADDR_SIZE */
static void split_stage(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw_record e;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	check_translated(&w);
	with_ats(&w, SMMU_EATS_SPLIT);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), 0, VMSA_S2_S2AP_W);
	sw_tlbi_all(&w);
	r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
	assert_int_equal(hwi_hpa_val(r.addr), SW_IPA);
	assert_int_equal(r.rights, HWI_READ); /* those of both stages */
	r = come(&w, SW_IPA + 8, HWI_READ);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT + 8);
	r = come(&w, SW_IPA + 8, HWI_WRITE);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	e = sw_record(b, SMMU_EVT_F_PERMISSION, SW_SID);
	assert_true(e.s2);
	assert_int_equal(e.class, SMMU_EV_CLASS_IN);
	assert_true(e.ipa == (SW_IPA & SMMU_EV3_IPA));
	assert_false(e.rnw || e.pnu || e.ind);
	/* Beyond IAS it is stage 1's F_ADDR_SIZE. */
	r = come(&w, HWI_BIT64(53), HWI_READ);
	assert_int_equal(r.fault, SMMU_EVT_F_ADDR_SIZE);
	assert_false(sw_record(b, SMMU_EVT_F_ADDR_SIZE, SW_SID).s2);
	/* S2R=0: silent. */
	sw_ste(&w, 2, 0, SMMU_STE2_S2R);
	sb_invalidate_all(b);
	assert_int_equal(come(&w, SW_IPA, HWI_WRITE).outcome, HWI_UNSUPPORTED_REQUEST);
	sb_expect_no_event(b);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(granted), T(page_faults), T(not_enabled), T(stream_aborts),
		T(configuration_errors), T(rights_to_execute), T(dirty_before_the_answer),
		T(nothing_granted_nothing_set), T(translated_unchecked), T(translated_checked),
		T(split_stage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

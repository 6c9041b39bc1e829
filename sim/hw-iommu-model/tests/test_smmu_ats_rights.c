/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a translation request is granted (SMMUv3 §13.7.1), and of which page: overrides,
 * bypassed stages, rights that one stage or both lack; units without ATS.
 */
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

/* Success without a right, of the smallest page that the unit has (§3.9.1). */
static void granted_nothing(struct sw *w, const struct hwi_response *r, unsigned int stu)
{
	assert_int_equal(r->outcome, HWI_SUCCESS);
	assert_int_equal(r->rights, 0);
	assert_int_equal(r->span_log2, stu);
	assert_false(r->recorded);
	sb_expect_no_event(w->b);
}

/* Accesses and rights, in short. */
#define X (HWI_READ | HWI_EXEC)
#define P HWI_PRIV
#define R HWI_READ
#define W HWI_WRITE

#define IN_COMING 0, SMMU_INSTCFG_INCOMING
#define DATA 0, SMMU_INSTCFG_DATA
#define INST 0, SMMU_INSTCFG_INSTRUCTION
#define PRIV SMMU_PRIVCFG_PRIVILEGED, SMMU_INSTCFG_INCOMING
#define UNPRIV SMMU_PRIVCFG_UNPRIVILEGED, SMMU_INSTCFG_INCOMING

static const struct {
	uint64_t privcfg, instcfg, ap, s1xn, s2ap, s2xn;
	unsigned int access, rights;
} grants[] = {
	{ IN_COMING, VMSA_AP_RW, 0, VMSA_S2AP_RW, VMSA_S2XN_EXEC, X, R | W | HWI_EXEC },
	{ IN_COMING, VMSA_AP_RW, 0, VMSA_S2AP_RW, VMSA_S2XN_EXEC, X | HWI_NO_WRITE, X },
	{ IN_COMING, VMSA_AP_RW, 0, VMSA_S2AP_RW, VMSA_S2XN_EXEC, R, R | W },
	{ IN_COMING, VMSA_AP_RO, VMSA_S1_UXN, VMSA_S2AP_RW, VMSA_S2XN_EXEC, X, R },
	{ IN_COMING, VMSA_AP_RO, 0, VMSA_S2AP_RW, VMSA_S2XN_NONE, X, R },
	{ IN_COMING, VMSA_AP_RO, 0, VMSA_S2AP_RW, VMSA_S2XN_PRIV, X, R },
	{ IN_COMING, VMSA_AP_RO, 0, VMSA_S2AP_RW, VMSA_S2XN_PRIV, X | P, X },
	{ IN_COMING, VMSA_AP_RO, 0, VMSA_S2AP_RW, VMSA_S2XN_UNPRIV, X | P, R },
	{ IN_COMING, VMSA_AP_RO, 0, VMSA_S2AP_RW, VMSA_S2XN_UNPRIV, X, X },
	/* Execution needs R, too, at either stage. */
	{ IN_COMING, VMSA_AP_PRIV_RO, 0, VMSA_S2AP_RW, VMSA_S2XN_EXEC, X, 0 },
	{ IN_COMING, VMSA_AP_RO, 0, VMSA_S2AP_NONE, VMSA_S2XN_EXEC, X, 0 },
	{ IN_COMING, VMSA_AP_RO, 0, VMSA_S2AP_NONE, VMSA_S2XN_NONE, X, 0 },
	{ IN_COMING, VMSA_AP_RW, 0, VMSA_S2AP_WO, VMSA_S2XN_EXEC, X, W },
	/* Data: what is readable is what may be executed. */
	{ DATA, VMSA_AP_RO, VMSA_S1_UXN, VMSA_S2AP_RW, VMSA_S2XN_NONE, X, X },
	{ DATA, VMSA_AP_RO, VMSA_S1_UXN, VMSA_S2AP_RW, VMSA_S2XN_NONE, R, R },
	{ DATA, VMSA_AP_PRIV_RO, 0, VMSA_S2AP_RW, VMSA_S2XN_EXEC, X, 0 },
	/* Instructions: the other way round. */
	{ INST, VMSA_AP_PRIV_RO, 0, VMSA_S2AP_NONE, VMSA_S2XN_EXEC, X, X },
	{ INST, VMSA_AP_PRIV_RO, 0, VMSA_S2AP_NONE, VMSA_S2XN_EXEC, R, R },
	{ INST, VMSA_AP_RO, VMSA_S1_UXN, VMSA_S2AP_RW, VMSA_S2XN_EXEC, X, 0 },
	{ INST, VMSA_AP_RW, VMSA_S1_UXN, VMSA_S2AP_RW, VMSA_S2XN_EXEC, X, W },
	{ PRIV, VMSA_AP_PRIV_RW, 0, VMSA_S2AP_RW, VMSA_S2XN_EXEC, R, R | W },
	{ UNPRIV, VMSA_AP_PRIV_RW, 0, VMSA_S2AP_RW, VMSA_S2XN_EXEC, R | P, 0 },
};

/* covers: POINT_39 */
static void rights_of_both_stages(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 1);
	SW_STE_FIELD(&w, 1, SMMU_STE1_EATS, SMMU_EATS_FULL);
	for (unsigned int i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
		SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, grants[i].privcfg);
		SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, grants[i].instcfg);
		sw_set(&w, sw_s1_at(&w, SW_IN, 3), HWI_PUT(VMSA_S1_AP, grants[i].ap) | grants[i].s1xn,
		       VMSA_S1_AP | VMSA_S1_UXN | VMSA_S1_PXN);
		sw_set(&w, sw_s2_at(&w, SW_IPA, 3),
		       HWI_PUT(VMSA_S2_S2AP, grants[i].s2ap) | HWI_PUT(VMSA_S2_XN, grants[i].s2xn),
		       VMSA_S2_S2AP | VMSA_S2_XN);
		sb_invalidate_all(b);
		/* By a walk, and by what is cached then. */
		for (unsigned int twice = 0; twice < 2; twice++) {
			r = ask(&w, 0, SW_IN, grants[i].access);
			if (r.outcome != HWI_SUCCESS || r.rights != grants[i].rights)
				fail_msg("row %u: rights %x, not %x", i, r.rights,
					 grants[i].rights);
			/* Priv is what was requested, whatever PRIVCFG says. */
			assert_int_equal(r.ats, grants[i].access & P ? HWI_ATS_PRIV : 0);
			if (r.rights)
				assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
		}
		sb_expect_no_event(b);
	}
}

/* S1 grants nothing: the IPA is not translated (§3.9.1.2), and no access flag is set. */
static void nothing_at_stage_1(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_S1_UXN, VMSA_DESC_AF | VMSA_S1_AP_UNPRIV);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), 0, VMSA_DESC_AF);
	sw_cd(&w, 0, SMMU_CD0_HA, 0);
	sw_ste(&w, 2, SMMU_STE2_S2HA, 0);
	with_ats(&w, SMMU_EATS_FULL);
	sb_fail_read(b, sw_s2_at(&w, SW_IPA, 3), 8); /* it is not even looked at */
	r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
	granted_nothing(&w, &r, 12);
	assert_false(sb_r64(b, sw_s1_at(&w, SW_IN, 3)) & VMSA_DESC_AF);
	assert_false(sb_r64(b, sw_s2_at(&w, SW_IPA, 3)) & VMSA_DESC_AF);
}

/* Stage 2 alone: rights as they are, and no mark where nothing is granted. */
static void stage_2_alone(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;
	uint64_t at;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	at = sw_s2_at(&w, SW_IN, 3);
	sw_ste(&w, 2, SMMU_STE2_S2HA | SMMU_STE2_S2HD, 0);
	sw_set(&w, at, 0, VMSA_DESC_AF | VMSA_S2_S2AP_W);
	with_ats(&w, SMMU_EATS_FULL);
	r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
	assert_int_equal(r.rights, HWI_READ);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
	assert_true(sb_r64(b, at) & VMSA_DESC_AF);
	assert_false(sb_r64(b, at) & VMSA_S2_S2AP_W);
	sw_set(&w, at, HWI_PUT(VMSA_S2_XN, VMSA_S2XN_NONE), VMSA_DESC_AF | VMSA_S2_S2AP | VMSA_S2_XN);
	sb_invalidate_all(b);
	r = ask(&w, HWI_PASID_NONE, SW_IN, HWI_READ);
	granted_nothing(&w, &r, 12);
	assert_false(sb_r64(b, at) & VMSA_DESC_AF);
	/* Writable-clean: dirty before the answer says W, unless the request says NW. */
	sw_set(&w, at, VMSA_DESC_DBM | VMSA_S2_S2AP_R, 0);
	sb_invalidate_all(b);
	assert_int_equal(ask(&w, HWI_PASID_NONE, SW_IN, R | HWI_NO_WRITE).rights, R);
	assert_false(sb_r64(b, at) & VMSA_S2_S2AP_W);
	assert_int_equal(ask(&w, HWI_PASID_NONE, SW_IN, R).rights, R | W);
	assert_true(sb_r64(b, at) & VMSA_S2_S2AP_W);
}

/* An update that aborts is no page fault: CA, and no record. */
static void mark_that_aborts(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	sw_ste(&w, 2, SMMU_STE2_S2HA | SMMU_STE2_S2HD, 0);
	sw_set(&w, sw_s2_at(&w, SW_IN, 3), VMSA_DESC_DBM, VMSA_S2_S2AP_W);
	with_ats(&w, SMMU_EATS_FULL);
	sb_fail_write(b, sw_s2_at(&w, SW_IN, 3), 8);
	r = ask(&w, HWI_PASID_NONE, SW_IN, R);
	assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
	assert_int_equal(r.fault, SMMU_EVT_F_WALK_EABT);
	sb_expect_no_event(b);
	assert_int_equal(ask(&w, HWI_PASID_NONE, SW_IN, R | HWI_NO_WRITE).rights, R);
}

/* F_ADDR_SIZE is one of the four page faults: Success, R=W=0. */
static void address_size(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, SMMU_OAS_40);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), HWI_BIT64(45), 0);
	with_ats(&w, SMMU_EATS_FULL);
	r = ask(&w, HWI_PASID_NONE, SW_IN, R);
	granted_nothing(&w, &r, 12);
}

/* STU: of a unit without 4K it is that of the smallest granule there is. */
/* covers: REG_IDR5 */
static void smallest_page(void **state)
{
	static const unsigned int stu[] = { VMSA_SHIFT_16K, VMSA_SHIFT_64K };
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct hwi_response r;
	struct sw w;

	for (unsigned int i = 0; i < 2; i++) {
		sb_config(&cfg);
		cfg.idr5 &= ~(SMMU_IDR5_GRAN4K | (i ? SMMU_IDR5_GRAN16K : 0));
		sb_remake(b, &cfg);
		sb_start(b);
		sw_s1(&w, b, VMSA_SHIFT_64K);
		with_ats(&w, SMMU_EATS_FULL);
		assert_int_equal(ask(&w, HWI_PASID_NONE, SW_IN, R).span_log2, 16);
		sb_w64(b, sw_s1_at(&w, SW_IN, 3), 0);
		sb_invalidate_all(b);
		r = ask(&w, HWI_PASID_NONE, SW_IN, R);
		granted_nothing(&w, &r, stu[i]);
	}
}

/* S1DSS=01, no PASID: identity, as far as addresses go. */
static void stage_1_bypassed(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 1);
	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_BYPASS);
	with_ats(&w, SMMU_EATS_FULL);
	r = ask(&w, HWI_PASID_NONE, SW_IN, R);
	assert_int_equal(r.rights, R | W);
	r = ask(&w, HWI_PASID_NONE, SW_IN, R | HWI_NO_WRITE);
	assert_int_equal(r.rights, R | W); /* §13.6.4 */
	assert_int_equal(hwi_hpa_val(r.addr), SW_IN);
	r = ask(&w, HWI_PASID_NONE, HWI_BIT64(52), R);
	granted_nothing(&w, &r, 12);
}

/* The same nested: stage 2 alone; split, the IPA with stage 2's rights. */
static void stage_1_bypassed_nested(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 1);
	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_BYPASS);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), 0, VMSA_S2_S2AP_W);
	with_ats(&w, SMMU_EATS_FULL);
	r = ask(&w, HWI_PASID_NONE, SW_IPA, R);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
	assert_int_equal(r.rights, R);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	with_ats(&w, SMMU_EATS_SPLIT);
	r = ask(&w, HWI_PASID_NONE, SW_IPA, R);
	assert_int_equal(hwi_hpa_val(r.addr), SW_IPA);
	assert_int_equal(r.rights, R);
	sb_expect_no_event(b);
}

/* Translated transactions of a split-stage stream have the right that they ask for. */
static void rights_of_translated(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	with_ats(&w, SMMU_EATS_SPLIT);
	r = come(&w, SW_IPA, R);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(r.rights, R);
	r = come(&w, SW_IPA, W);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(r.rights, W);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
}

/* Config=100 has no ATS (§3.9.1.3): with ATSCHK what comes translated is refused. */
/* covers: EVT_F_TRANSL_FORBIDDEN */
static void bypass_has_no_ats(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_bypass(&w, b);
	with_ats(&w, SMMU_EATS_FULL);
	assert_int_equal(hwi_hpa_val(come(&w, SW_OUT, R).addr), SW_OUT);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	assert_int_equal(come(&w, SW_OUT, R).outcome, HWI_UNSUPPORTED_REQUEST);
	(void)sw_record(b, SMMU_EVT_F_TRANSL_FORBIDDEN, SW_SID);
}

/* IDR0.ATS=0: EATS is not looked at, and nothing of ATS is let through. */
/* covers: EVT_F_BAD_ATS_TREQ EVT_F_TRANSL_FORBIDDEN REG_IDR0 */
static void unit_without_ats(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_ATS | SMMU_IDR0_PRI | SMMU_IDR0_ATSRECERR);
	cfg.idr1 &= ~SMMU_IDR1_PRIQS;
	sb_remake(b, &cfg);
	sb_start(b);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	for (uint64_t eats = 0; eats < 4; eats++) {
		with_ats(&w, eats);
		sw_ok(&w);
		assert_int_equal(ask(&w, HWI_PASID_NONE, SW_IN, R).outcome,
				 HWI_UNSUPPORTED_REQUEST);
		(void)sw_record(b, SMMU_EVT_F_BAD_ATS_TREQ, SW_SID);
		assert_int_equal(come(&w, SW_OUT, R).outcome, HWI_UNSUPPORTED_REQUEST);
		(void)sw_record(b, SMMU_EVT_F_TRANSL_FORBIDDEN, SW_SID);
	}
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(rights_of_both_stages), T(nothing_at_stage_1), T(stage_2_alone),
		T(mark_that_aborts), T(address_size), T(smallest_page), T(stage_1_bypassed),
		T(stage_1_bypassed_nested), T(rights_of_translated), T(bypass_has_no_ats),
		T(unit_without_ats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

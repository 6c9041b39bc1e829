/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a translation request marks in the tables, and what it must not (SMMUv3 §3.13.7):
 * a page becomes dirty exactly if the answer grants the right to write.
 */
#include "smmu_world.h"

#define CD_HTTU (SMMU_CD0_HA | SMMU_CD0_HD)
#define STE_HTTU (SMMU_STE2_S2HA | SMMU_STE2_S2HD)

/* A leaf, in either stage. */
enum leaf {
	READ_ONLY,
	CLEAN,
	DIRTY,
	LEAVES
};

static uint64_t s1_at(const struct sw *w)
{
	return sw_s1_at(w, SW_IN, 3);
}

static uint64_t s2_at(const struct sw *w)
{
	return sw_s2_at(w, SW_IPA, 3);
}

static void set_s1(struct sw *w, enum leaf leaf)
{
	sw_set(w, s1_at(w),
	       (leaf == DIRTY ? 0 : VMSA_S1_AP_RO) | (leaf == READ_ONLY ? 0 : VMSA_DESC_DBM),
	       VMSA_S1_AP_RO | VMSA_DESC_DBM);
}

static void set_s2(struct sw *w, enum leaf leaf)
{
	sw_set(w, s2_at(w),
	       (leaf == DIRTY ? VMSA_S2_S2AP_W : 0) | (leaf == READ_ONLY ? 0 : VMSA_DESC_DBM),
	       VMSA_S2_S2AP_W | VMSA_DESC_DBM);
}

static bool s1_writable(const struct sw *w)
{
	return !(sb_r64(w->b, s1_at(w)) & VMSA_S1_AP_RO);
}

static bool s2_writable(const struct sw *w)
{
	return sb_r64(w->b, s2_at(w)) & VMSA_S2_S2AP_W;
}

static void make(struct sw *w, struct smmu_bench *b, uint64_t eats)
{
	sw_nested(w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_cd(w, 0, CD_HTTU, 0);
	sw_ste(w, 2, STE_HTTU, 0);
	SW_STE_FIELD(w, 1, SMMU_STE1_EATS, eats);
}

/* Rights of the answer to a translation request; always Success, and nothing is recorded. */
static unsigned int asked(struct sw *w, unsigned int access)
{
	struct hwi_response r = sb_request(w->b, HWI_TRANSLATION_REQUEST, SW_SID, HWI_PASID_NONE,
					   SW_IN, access);

	assert_int_equal(r.outcome, HWI_SUCCESS);
	sb_expect_no_event(w->b);
	return r.rights;
}

/* Each pair of leaves; the TLB may know the page already. */
static void dirty_with_the_right_to_write(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int n = 0; n < 2 * LEAVES * LEAVES; n++) {
		enum leaf one = n % LEAVES, two = n / LEAVES % LEAVES;
		bool known = n >= LEAVES * LEAVES, both = one != READ_ONLY && two != READ_ONLY;
		struct sw w;

		make(&w, b, SMMU_EATS_FULL);
		set_s1(&w, one);
		set_s2(&w, two);
		sb_invalidate_all(b);
		if (known) {
			/* NW=1: whatever it is granted, nothing becomes dirty. */
			assert_true(asked(&w, HWI_READ | HWI_NO_WRITE) & HWI_READ);
			assert_int_equal(s1_writable(&w), one == DIRTY);
			assert_int_equal(s2_writable(&w), two == DIRTY);
		}
		assert_int_equal(asked(&w, HWI_READ), both ? HWI_READ | HWI_WRITE : HWI_READ);
		assert_int_equal(s1_writable(&w), one == DIRTY || (one == CLEAN && both));
		assert_int_equal(s2_writable(&w), two == DIRTY || (two == CLEAN && both));
	}
}

/* HD=0: a clean page is read only. */
static void access_flag_alone(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	make(&w, b, SMMU_EATS_FULL);
	sw_cd(&w, 0, 0, SMMU_CD0_HD);
	set_s1(&w, CLEAN);
	sw_set(&w, s1_at(&w), 0, VMSA_DESC_AF);
	sb_invalidate_all(b);
	assert_int_equal(asked(&w, HWI_READ), HWI_READ);
	assert_false(s1_writable(&w));
	assert_true(sb_r64(b, s1_at(&w)) & VMSA_DESC_AF);

	make(&w, b, SMMU_EATS_FULL);
	sw_ste(&w, 2, 0, SMMU_STE2_S2HD);
	set_s2(&w, CLEAN);
	sw_set(&w, s2_at(&w), 0, VMSA_DESC_AF);
	sb_invalidate_all(b);
	assert_int_equal(asked(&w, HWI_READ), HWI_READ);
	assert_false(s2_writable(&w));
	assert_true(sb_r64(b, s2_at(&w)) & VMSA_DESC_AF);
}

/* HA=0, AF=0: no access, and it stays so until software sets the flag (§3.13.7.2). */
static void access_flag_by_software(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct sw w;
		uint64_t at;

		make(&w, b, SMMU_EATS_FULL);
		sw_cd(&w, 0, 0, CD_HTTU);
		sw_ste(&w, 2, 0, STE_HTTU);
		at = stage == 1 ? s1_at(&w) : s2_at(&w);
		sw_set(&w, at, 0, VMSA_DESC_AF);
		sb_invalidate_all(b);
		assert_int_equal(asked(&w, HWI_READ), 0);
		assert_false(sb_r64(b, at) & VMSA_DESC_AF);
		sw_set(&w, at, VMSA_DESC_AF, 0);
		assert_int_equal(asked(&w, HWI_READ), HWI_READ | HWI_WRITE);
	}
}

/* The update of the stage 1 leaf is a write to the page of its table (§3.13.5). */
static void table_page(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t page;
	struct sw w;

	make(&w, b, SMMU_EATS_SPLIT);
	set_s1(&w, CLEAN);
	page = sw_s2_at(&w, s1_at(&w) + w.guest, 3);
	sw_set(&w, page, VMSA_DESC_DBM, VMSA_S2_S2AP_W | VMSA_DESC_AF);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	sb_invalidate_all(b);
	assert_int_equal(asked(&w, HWI_READ | HWI_NO_WRITE), HWI_READ);
	assert_true(sb_r64(b, page) & VMSA_DESC_AF);
	assert_false(sb_r64(b, page) & VMSA_S2_S2AP_W);
	assert_int_equal(asked(&w, HWI_READ), HWI_READ | HWI_WRITE);
	assert_true(s1_writable(&w));
	assert_true(sb_r64(b, page) & VMSA_S2_S2AP_W);
}

/*
 * EATS=10: a clean page of stage 2 counts as writable in the answer; a translated access
 * marks what is still to be marked.
 */
static void split_stage(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	make(&w, b, SMMU_EATS_SPLIT);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	set_s2(&w, CLEAN);
	sb_invalidate_all(b);
	assert_int_equal(asked(&w, HWI_READ), HWI_READ | HWI_WRITE);
	/* Cleaned again behind the ATC, as software may. */
	set_s2(&w, CLEAN);
	sw_set(&w, s2_at(&w), 0, VMSA_DESC_AF);
	sw_tlbi_all(&w);
	r = sb_request(b, HWI_TRANSLATED, SW_SID, HWI_PASID_NONE, SW_IPA, HWI_READ);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_true(sb_r64(b, s2_at(&w)) & VMSA_DESC_AF);
	assert_false(s2_writable(&w));
	r = sb_request(b, HWI_TRANSLATED, SW_SID, HWI_PASID_NONE, SW_IPA, HWI_WRITE);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
	assert_true(s2_writable(&w));
	sb_expect_no_event(b);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(dirty_with_the_right_to_write),
		T(access_flag_alone),
		T(access_flag_by_software),
		T(table_page),
		T(split_stage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

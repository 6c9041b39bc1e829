/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Access flag and dirty state set by the unit (SMMUv3 §3.13, Arm DDI 0487 D8.5). */
#include "smmu_world.h"

#define SW_CD_HTTU (SMMU_CD0_HA | SMMU_CD0_HD)
#define SW_STE_HTTU (SMMU_STE2_S2HA | SMMU_STE2_S2HD)

static bool s1_af(struct sw *w)
{
	return sb_r64(w->b, sw_s1_at(w, SW_IN, 3)) & VMSA_DESC_AF;
}

static bool s1_dirty(struct sw *w)
{
	return !(sb_r64(w->b, sw_s1_at(w, SW_IN, 3)) & VMSA_S1_AP_RO);
}

static uint64_t s2_leaf(const struct sw *w)
{
	return sw_s2_at(w, w->g1 ? SW_IPA : SW_IN, 3);
}

static bool s2_af(struct sw *w)
{
	return sb_r64(w->b, s2_leaf(w)) & VMSA_DESC_AF;
}

static bool s2_dirty(struct sw *w)
{
	return sb_r64(w->b, s2_leaf(w)) & VMSA_S2_S2AP_W;
}

static void clean_s1(struct sw *w)
{
	sw_set(w, sw_s1_at(w, SW_IN, 3), VMSA_S1_AP_RO | VMSA_DESC_DBM, 0);
}

static void clean_s2(struct sw *w)
{
	sw_set(w, s2_leaf(w), VMSA_DESC_DBM, VMSA_S2_S2AP_W);
}

static void write(struct sw *w)
{
	sw_expect(w->b, SW_SID, SW_IN, HWI_WRITE, SW_OUT);
}

/* HA: instead of F_ACCESS; the flag is never cleared, and AFFD does not count. */
static void access_flag(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_AF);
	sw_set(&w, s2_leaf(&w), 0, VMSA_DESC_AF);
	sw_cd(&w, 0, SMMU_CD0_HA | SMMU_CD0_AFFD, 0);
	sw_ste(&w, 2, SMMU_STE2_S2HA | SMMU_STE2_S2AFFD, 0);
	sb_invalidate_all(b);
	sw_ok(&w);
	assert_true(s1_af(&w) && s2_af(&w));
}

/* {HA,HD}=01 acts as 00. */
/* covers: EVT_F_PERMISSION */
static void dirty_without_access(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	clean_s1(&w);
	sw_cd(&w, 0, SMMU_CD0_HD, 0);
	sb_invalidate_all(b);
	(void)sw_expect_fault(b, SW_SID, SW_IN, HWI_WRITE, SMMU_EVT_F_PERMISSION);
	assert_false(s1_dirty(&w));
}

/* A write to a writable-clean page makes it dirty, in one update with AF; DBM stays. */
static void dirty_state(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	clean_s1(&w);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_AF);
	sw_cd(&w, 0, SW_CD_HTTU, 0);
	sb_invalidate_all(b);
	sb_clear_logs(b);
	write(&w);
	assert_int_equal(b->cass, 1);
	assert_true(s1_af(&w) && s1_dirty(&w));
	assert_true(sb_r64(b, sw_s1_at(&w, SW_IN, 3)) & VMSA_DESC_DBM);

	sw_s2(&w, b, VMSA_SHIFT_4K);
	clean_s2(&w);
	sw_ste(&w, 2, SW_STE_HTTU, 0);
	sb_invalidate_all(b);
	write(&w);
	assert_true(s2_dirty(&w));
}

/* A read fills the TLB, a write hits it: the pages are dirty in memory all the same. */
static void dirty_behind_the_tlb(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int clean = 1; clean < 4; clean++) {
		sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		if (clean & 1)
			clean_s1(&w);
		if (clean & 2)
			clean_s2(&w);
		sw_cd(&w, 0, SW_CD_HTTU, 0);
		sw_ste(&w, 2, SW_STE_HTTU, 0);
		sb_invalidate_all(b);
		sw_ok(&w);
		assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ).rights,
				 HWI_READ);
		assert_int_equal(s1_dirty(&w), !(clean & 1));
		assert_int_equal(s2_dirty(&w), !(clean & 2));
		write(&w);
		assert_true(s1_dirty(&w) && s2_dirty(&w));
		sb_clear_logs(b);
		write(&w);
		assert_int_equal(b->cass, 0);
	}
}

/* The clean entry is stale: memory is read again before it is updated (§3.13.3). */
/* covers: POINT_41 EVT_F_PERMISSION */
static void clean_entry_is_read_again(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	clean_s1(&w);
	sw_cd(&w, 0, SW_CD_HTTU, 0);
	sb_invalidate_all(b);
	sw_ok(&w);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_DBM);
	(void)sw_expect_fault(b, SW_SID, SW_IN, HWI_WRITE, SMMU_EVT_F_PERMISSION);
	assert_false(s1_dirty(&w));
}

/* Cleared between the walker's read and its update: the new value stands, and the walk sees it. */
/* covers: EVT_F_TRANSLATION */
static void changed_under_the_update(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	clean_s1(&w);
	sw_cd(&w, 0, SW_CD_HTTU, 0);
	sb_invalidate_all(b);
	sb_change(b, sw_s1_at(&w, SW_IN, 3), 0);
	(void)sw_expect_fault(b, SW_SID, SW_IN, HWI_WRITE, SMMU_EVT_F_TRANSLATION);
	assert_true(sb_r64(b, sw_s1_at(&w, SW_IN, 3)) == 0);
}

/* DBM=0, APTable, or no right at stage 2: a fault, and nothing is made dirty. */
/* covers: POINT_40 EVT_F_PERMISSION */
static void other_obstacles(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SW_CD_HTTU, 0);
	sw_ste(&w, 2, SW_STE_HTTU, 0);
	clean_s1(&w);
	sw_set(&w, sw_s1_at(&w, SW_IN, 1), VMSA_S1_TABLE_AP_NO_WRITE, 0);
	sb_invalidate_all(b);
	(void)sw_expect_fault(b, SW_SID, SW_IN, HWI_WRITE, SMMU_EVT_F_PERMISSION);
	sw_set(&w, sw_s1_at(&w, SW_IN, 1), 0, VMSA_S1_TABLE_AP_NO_WRITE);
	sw_set(&w, s2_leaf(&w), 0, VMSA_S2_S2AP_W);
	sb_invalidate_all(b);
	assert_true(sw_expect_fault(b, SW_SID, SW_IN, HWI_WRITE, SMMU_EVT_F_PERMISSION).s2);
	assert_false(s1_dirty(&w) || s2_dirty(&w));
	/* Stage 1 read only: stage 2's page stays clean. */
	clean_s2(&w);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_DBM);
	sb_invalidate_all(b);
	assert_false(sw_expect_fault(b, SW_SID, SW_IN, HWI_WRITE, SMMU_EVT_F_PERMISSION).s2);
	assert_false(s1_dirty(&w) || s2_dirty(&w));
}

/*
 * An update of a stage 1 descriptor is a write at stage 2: it needs the right, makes
 * the table's page dirty; a refusal is CLASS=TT with TTRnW=0 (§3.13.5, §7.3.16).
 */
/* covers: POINT_40 EVT_F_PERMISSION */
static void table_page(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t at, page;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SW_CD_HTTU, 0);
	clean_s1(&w);
	at = sw_s1_at(&w, SW_IN, 3) + w.guest;
	page = sw_s2_at(&w, at, 3);
	sw_set(&w, page, 0, VMSA_S2_S2AP_W);
	sb_invalidate_all(b);
	sw_ok(&w); /* reading needs no update */
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_WRITE, SMMU_EVT_F_PERMISSION);
	assert_true(e.s2);
	assert_int_equal(e.class, SMMU_EV_CLASS_TT);
	assert_false(e.ttrnw);
	assert_false(e.rnw);
	assert_true(e.ipa == (at & SMMU_EV3_IPA));
	assert_false(s1_dirty(&w));
	sw_set(&w, page, VMSA_DESC_DBM, 0);
	sw_ste(&w, 2, SW_STE_HTTU, 0);
	sb_invalidate_all(b);
	write(&w);
	assert_true(s1_dirty(&w));
	assert_true(sb_r64(b, page) & VMSA_S2_S2AP_W);
}

/* Fetches set AF of stage 2, and never make a page dirty (§3.13.3). */
/* covers: POINT_40 */
static void fetches(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t cd, table;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	cd = sw_s2_at(&w, w.cd + w.guest, 3);
	table = sw_s2_at(&w, sw_s1_at(&w, SW_IN, 3) + w.guest, 3);
	sw_set(&w, cd, VMSA_DESC_DBM, VMSA_DESC_AF | VMSA_S2_S2AP_W);
	sw_set(&w, table, VMSA_DESC_DBM, VMSA_DESC_AF | VMSA_S2_S2AP_W);
	sw_ste(&w, 2, SW_STE_HTTU, 0);
	sb_invalidate_all(b);
	write(&w);
	assert_true(sb_r64(b, cd) & VMSA_DESC_AF);
	assert_true(sb_r64(b, table) & VMSA_DESC_AF);
	assert_false(sb_r64(b, cd) & VMSA_S2_S2AP_W);
	assert_false(sb_r64(b, table) & VMSA_S2_S2AP_W);
}

/* covers: EVT_F_WALK_EABT */
static void update_aborts(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	clean_s1(&w);
	sw_cd(&w, 0, SW_CD_HTTU, 0);
	sb_invalidate_all(b);
	sb_fail_write(b, sw_s1_at(&w, SW_IN, 3), 8);
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_WRITE, SMMU_EVT_F_WALK_EABT);
	assert_int_equal(e.fetch, sw_s1_at(&w, SW_IN, 3));
	assert_int_equal(e.class, SMMU_EV_CLASS_TT);
	assert_false(e.s2);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(access_flag), T(dirty_without_access), T(dirty_state), T(dirty_behind_the_tlb),
		T(clean_entry_is_read_again), T(changed_under_the_update), T(other_obstacles),
		T(table_page), T(fetches), T(update_aborts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * D in both stages at once (VT-d 5.10 §3.6.2, §3.7.2, §3.8.1): both or neither, in
 * an order that leaves no speculative one.
 */
#include "world.h"

#include "hwiommu/bits.h"

static uint64_t table_page(struct world *w)
{
	return world_ss(w, (world_fs(w, WORLD_IN, 1) & ~UINT64_C(0xfff)) + WORLD_GUEST, 1);
}

/* Both stages track, and neither leaf is dirty yet. */
static void clean_world(struct world *w, struct bench *b)
{
	bench_remake(b, NULL);
	b->root = 0;
	world_scalable(w, b, VTD_PGTT_NESTED);
	world_pe_set(w, 0, VTD_PE_Q0_SSADE);
	world_clear(w, world_fs(w, WORLD_IN, 1), VTD_FS_D);
	world_clear(w, world_ss(w, WORLD_GPA, 1), VTD_SS_D);
}

static void expect_dirty(struct world *w, bool fs, bool ss)
{
	assert_int_equal((bench_r64(w->b, world_fs(w, WORLD_IN, 1)) & VTD_FS_D) != 0, fs);
	assert_int_equal((bench_r64(w->b, world_ss(w, WORLD_GPA, 1)) & VTD_SS_D) != 0, ss);
}

static void write_it(struct world *w)
{
	bench_expect(w->b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, WORLD_OUT);
}

static void test_a_write_sets_both(void **state)
{
	struct world w;

	clean_world(&w, *state);
	bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
	expect_dirty(&w, false, false);
	write_it(&w);
	expect_dirty(&w, true, true);
}

static void test_a_write_sets_the_one_that_is_not(void **state)
{
	struct world w;

	clean_world(&w, *state);
	world_set(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_D);
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_A);
	write_it(&w);
	expect_dirty(&w, true, true);
	clean_world(&w, *state);
	world_set(&w, world_ss(&w, WORLD_GPA, 1), VTD_SS_D);
	write_it(&w);
	expect_dirty(&w, true, true);
}

/* covers: FC_SFS_10 */
static void test_first_stage_entry_cannot_be_written(void **state)
{
	struct world w;

	clean_world(&w, *state);
	bench_fail_write(w.b, world_fs(&w, WORLD_IN, 1), 8);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x91);
	expect_dirty(&w, false, false);
}

/* covers: FC_SSS_6 */
static void test_second_stage_entry_cannot_be_written(void **state)
{
	struct world w;

	clean_world(&w, *state);
	bench_fail_write(w.b, world_ss(&w, WORLD_GPA, 1), 8);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x7d);
	expect_dirty(&w, false, false);
}

/* covers: FC_SFS_9 */
static void test_tables_not_snooped(void **state)
{
	struct world w;

	clean_world(&w, *state);
	world_pe_clear(&w, 1, VTD_PE_Q1_PWSNP);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x90);
	expect_dirty(&w, false, false);
}

/* The right to write the table page went while it was read: only without SSADE that is no fault. */
/* covers: FC_SFS_8 */
static void test_table_page_is_read_only(void **state)
{
	struct world w;

	clean_world(&w, *state);
	world_pe_clear(&w, 0, VTD_PE_Q0_SSADE);
	world_clear(&w, table_page(&w), VTD_SS_W);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x77);
	expect_dirty(&w, false, false);
}

/* What a cached entry says of the table page counts, though SSADE came only later. */
/* covers: FC_SFS_8 */
static void test_cached_table_page_is_read_only(void **state)
{
	struct world w;

	clean_world(&w, *state);
	world_pe_clear(&w, 0, VTD_PE_Q0_SSADE);
	world_clear(&w, table_page(&w), VTD_SS_W);
	bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
	world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
	bench_inv_pasid(w.b);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x77);
	expect_dirty(&w, false, false);
}

/* Either entry changes before its update: all of it is walked again. */
static void test_entries_change_under_the_walk(void **state)
{
	struct world w;
	uint64_t leaf;

	clean_world(&w, *state);
	leaf = world_fs(&w, WORLD_IN, 1);
	bench_change(w.b, leaf, 0);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x71);
	expect_dirty(&w, false, false);
	clean_world(&w, *state);
	leaf = world_ss(&w, WORLD_GPA, 1);
	bench_change(w.b, leaf, 0);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x79);
	assert_int_equal(bench_r64(w.b, leaf), 0);
	clean_world(&w, *state);
	leaf = world_ss(&w, WORLD_GPA, 1);
	bench_change(w.b, leaf, (WORLD_OUT + 0x1000) | VTD_SS_R | VTD_SS_W);
	bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, WORLD_OUT + 0x1000);
	expect_dirty(&w, true, true);
}

/* Where the page leads is the last thing looked at: an A that cannot be set comes first. */
/* covers: FC_SGN_8_1 FC_SFS_9 */
static void test_interrupt_range_comes_last(void **state)
{
	struct world w;

	clean_world(&w, *state);
	bench_w64(w.b, world_ss(&w, WORLD_GPA, 1),
		  UINT64_C(0xfee00000) | VTD_SS_R | VTD_SS_W | VTD_SS_A);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x87);
	expect_dirty(&w, false, false);
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_A);
	world_pe_clear(&w, 1, VTD_PE_Q1_PWSNP);
	bench_inv_everything(w.b);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x90);
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_a_write_sets_both),
		T(test_a_write_sets_the_one_that_is_not),
		T(test_first_stage_entry_cannot_be_written),
		T(test_second_stage_entry_cannot_be_written),
		T(test_tables_not_snooped),
		T(test_table_page_is_read_only),
		T(test_cached_table_page_is_read_only),
		T(test_entries_change_under_the_walk),
		T(test_interrupt_range_comes_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

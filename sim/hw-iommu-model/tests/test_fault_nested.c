/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fault conditions that need both stages: the second stage refuses a first-stage
 * table, or the first stage points outside of what the second can take (VT-d 5.10
 * §3.8, Table 30).
 */
#include "world.h"

#include "hwiommu/bits.h"

#define MET_ALL (MET_CTX | MET_DIR | MET_PE)

static void expect(struct world *w, uint8_t reason, enum world_answer t)
{
	world_expect(w, &(struct world_fault){ .reason = reason, .u = UR, .t = t, .qualified = true,
					       .met = MET_ALL });
}

/* The second-stage leaf of the page that holds the first-stage entry of @level. */
static uint64_t leaf_of_table(const struct world *w, unsigned int level)
{
	uint64_t page = world_fs(w, WORLD_IN, level) & ~UINT64_C(0xfff);

	return world_ss(w, page + WORLD_GUEST, 1);
}

/* covers: FC_SFS_5 */
static void test_sfs_5_first_stage_address_beyond_the_second_stage(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	world_expect_pass(&w);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_fs(&w, WORLD_IN, level), was = bench_r64(w.b, at);

		/* AW is 48 bits; HAW has 52, so these are no reserved bits. */
		for (unsigned int bit = 48; bit < 52; bit++) {
			bench_w64(w.b, at, was | HWI_BIT64(bit));
			expect(&w, 0x74, S0);
		}
		bench_w64(w.b, at, was);
	}
	world_expect_pass(&w);
}

/* covers: FC_SFS_6 */
static void test_sfs_6_no_right_to_read_the_root_table(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	world_clear(&w, leaf_of_table(&w, 4), VTD_SS_R);
	expect(&w, 0x75, S0);
}

/* covers: FC_SFS_7 */
static void test_sfs_7_no_right_to_read_a_lower_table(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	for (unsigned int level = 1; level <= 3; level++) {
		world_clear(&w, leaf_of_table(&w, level), VTD_SS_R);
		expect(&w, 0x76, S0);
		world_set(&w, leaf_of_table(&w, level), VTD_SS_R);
	}
	world_expect_pass(&w);
}

/* covers: FC_SSS_2 */
static void test_sss_2_a_table_that_is_not_mapped(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	for (unsigned int level = 1; level <= 4; level++) {
		world_clear(&w, leaf_of_table(&w, level), VTD_SS_R | VTD_SS_W);
		expect(&w, 0x79, S0);
		world_set(&w, leaf_of_table(&w, level), VTD_SS_R | VTD_SS_W);
	}
	world_expect_pass(&w);
}

/* covers: FC_SSS_3 */
static void test_sss_3_a_reserved_bit_on_the_way_to_a_table(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	for (unsigned int level = 1; level <= 4; level++) {
		world_set(&w, leaf_of_table(&w, level), HWI_BIT64(62)); /* IW, SSIRWE=0 */
		expect(&w, 0x7a, CA);
		world_clear(&w, leaf_of_table(&w, level), HWI_BIT64(62));
	}
	world_expect_pass(&w);
}

/* covers: FC_SSS_1 */
static void test_sss_1_the_way_to_a_table_does_not_answer(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	bench_fail_read(w.b, leaf_of_table(&w, 4), 8);
	expect(&w, 0x78, CA);
}

/* covers: FC_SFS_1 FC_SFS_4 */
static void test_sfs_4_and_1_a_mapped_table_does_not_answer(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	for (unsigned int level = 1; level <= 4; level++) {
		bench_heal(w.b);
		bench_fail_read(w.b, world_fs(&w, WORLD_IN, level), 8);
		expect(&w, level == 4 ? 0x73 : 0x70, S0);
	}
}

/* covers: FC_SGN_6 FC_SGN_7 */
static void test_sgn_6_and_7_the_page_itself_lacks_a_right_in_the_second_stage(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	world_clear(&w, world_ss(&w, WORLD_GPA, 1), VTD_SS_W);
	world_expect(&w, &(struct world_fault){ .reason = 0x85, .u = UR, .qualified = true,
						.met = MET_ALL, .access = HWI_WRITE });
	world_set(&w, world_ss(&w, WORLD_GPA, 1), VTD_SS_W);
	world_clear(&w, world_ss(&w, WORLD_GPA, 1), VTD_SS_R);
	world_expect(&w, &(struct world_fault){ .reason = 0x86, .u = UR, .qualified = true,
						.met = MET_ALL, .access = HWI_READ });
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)
	const struct CMUnitTest tests[] = {
		T(test_sfs_5_first_stage_address_beyond_the_second_stage),
		T(test_sfs_6_no_right_to_read_the_root_table),
		T(test_sfs_7_no_right_to_read_a_lower_table),
		T(test_sss_2_a_table_that_is_not_mapped),
		T(test_sss_3_a_reserved_bit_on_the_way_to_a_table),
		T(test_sss_1_the_way_to_a_table_does_not_answer),
		T(test_sfs_4_and_1_a_mapped_table_does_not_answer),
		T(test_sgn_6_and_7_the_page_itself_lacks_a_right_in_the_second_stage),
	};

	return cmocka_run_group_tests_name("fault_nested", tests, NULL, NULL);
}

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

/* The second-stage entry of @level for the page that holds the first-stage entry of @fs_level. */
static uint64_t entry_of_table(const struct world *w, unsigned int fs_level, unsigned int level)
{
	uint64_t page = world_fs(w, WORLD_IN, fs_level) & ~UINT64_C(0xfff);

	return world_ss(w, page + WORLD_GUEST, level);
}

static uint64_t leaf_of_table(const struct world *w, unsigned int fs_level)
{
	return entry_of_table(w, fs_level, 1);
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

/* A and EA of each entry, D of the leaf; without an update to make nothing is at fault. */
/* covers: FC_SFS_8 */
static void test_sfs_8_no_right_to_write_a_table_that_needs_an_update(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_fs(&w, WORLD_IN, level);

		world_clear(&w, leaf_of_table(&w, level), VTD_SS_W);
		world_expect_pass(&w);
		world_clear(&w, at, VTD_FS_A);
		expect(&w, 0x77, S0);
		world_set(&w, at, VTD_FS_A);
		world_pe_set(&w, 2, VTD_PE_Q2_EAFE);
		for (unsigned int l = 1; l <= 4; l++)
			world_set(&w, world_fs(&w, WORLD_IN, l), VTD_FS_EA);
		world_expect_pass(&w);
		world_clear(&w, at, VTD_FS_EA);
		expect(&w, 0x77, S0);
		world_pe_clear(&w, 2, VTD_PE_Q2_EAFE);
		if (level == 1) {
			world_clear(&w, at, VTD_FS_D);
			world_expect(&w, &(struct world_fault){ .reason = 0x77, .u = UR, .t = S0,
								.qualified = true, .met = MET_ALL,
								.access = HWI_WRITE });
			bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
			world_set(&w, at, VTD_FS_D);
		}
		world_set(&w, leaf_of_table(&w, level), VTD_SS_W);
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

/*
 * Guest tables, page and all hang on one entry of the second stage's root table, so
 * the root table is at fault for the first of them that is asked for: the root
 * first-stage table. With that one moved to another entry the others are asked.
 */
/* covers: FC_SSS_4 */
static void test_sss_4_the_root_of_the_way_to_a_table_does_not_answer(void **state)
{
	static const uint64_t far_away = HWI_BIT64(40);
	struct world w;
	uint64_t root;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	bench_fail_read(w.b, entry_of_table(&w, 4, 4), 8);
	expect(&w, 0x7b, CA);
	bench_heal(w.b);

	/* The tables of each level in turn, by another entry of the root table. */
	for (unsigned int level = 1; level <= 3; level++) {
		uint64_t up = world_fs(&w, WORLD_IN, level + 1), was = bench_r64(w.b, up);
		uint64_t gpa = was & VTD_FS_ADDR;

		build_ss(w.b, w.ss_root, 4, far_away + gpa, gpa - WORLD_GUEST, 1,
			 VTD_SS_R | VTD_SS_W | VTD_SS_A | VTD_SS_D);
		bench_w64(w.b, up, was + far_away);
		world_expect_pass(&w);
		root = world_ss(&w, far_away + gpa, 4);
		bench_fail_read(w.b, root, 8);
		expect(&w, 0x7b, CA);
		bench_heal(w.b);
		bench_w64(w.b, up, was);
	}
	/* The root first-stage table there, and the rest where it was. */
	root = w.fs_root + WORLD_GUEST;
	build_ss(w.b, w.ss_root, 4, far_away + root, root - WORLD_GUEST, 1,
		 VTD_SS_R | VTD_SS_W | VTD_SS_A | VTD_SS_D);
	for (unsigned int i = 0; i < 2; i++)
		bench_w64(w.b, w.pe[i] + 16, bench_r64(w.b, w.pe[i] + 16) + far_away);
	world_expect_pass(&w);
	bench_fail_read(w.b, entry_of_table(&w, 3, 4), 8);
	expect(&w, 0x7b, CA);
}

/* A of the way to a table, and D of its page, which reading it sets (§3.8.1). */
static void updates(struct world *w, uint8_t reason, bool fail)
{
	world_pe_set(w, 0, VTD_PE_Q0_SSADE);
	if (!fail)
		world_pe_clear(w, 1, VTD_PE_Q1_PWSNP);
	world_expect_pass(w);
	for (unsigned int fs_level = 1; fs_level <= 4; fs_level++) {
		for (unsigned int level = 1; level <= 4; level++) {
			uint64_t at = entry_of_table(w, fs_level, level);
			const uint64_t bits[] = { VTD_SS_A, level == 1 ? VTD_SS_D : 0 };

			for (unsigned int i = 0; i < 2; i++) {
				if (!bits[i])
					continue;
				world_clear(w, at, bits[i]);
				if (fail)
					bench_fail_write(w->b, at, 8);
				expect(w, reason, CA);
				bench_heal(w->b);
				assert_false(bench_r64(w->b, at) & bits[i]);
				world_set(w, at, bits[i]);
			}
		}
	}
	world_expect_pass(w);
}

/* covers: FC_SSS_5 */
static void test_sss_5_update_on_the_way_to_a_table_not_snooped(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	updates(&w, 0x7c, false);
}

/* covers: FC_SSS_6 */
static void test_sss_6_update_on_the_way_to_a_table_fails(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	updates(&w, 0x7d, true);
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

/* A zero-length read needs any right of the second stage for its page, with CAP.ZLR. */
/* covers: FC_SGN_7 FC_SFS_7 */
static void test_sgn_7_zero_length_read(void **state)
{
	struct bench *b = *state;

	for (unsigned int zlr = 0; zlr < 2; zlr++) {
		struct hwi_vtd_config cfg;
		struct world w;

		bench_config(&cfg);
		cfg.cap &= zlr ? HWI_ALL64 : ~VTD_CAP_ZLR;
		bench_remake(b, &cfg);
		b->root = 0;
		b->next_page = VTD_PAGE_SIZE;
		memset(b->mem, 0, BENCH_MEM);
		world_scalable(&w, b, VTD_PGTT_NESTED);
		world_clear(&w, world_ss(&w, WORLD_GPA, 1), VTD_SS_R);
		if (zlr)
			for (unsigned int n = 0; n < 2; n++)
				bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN,
					     HWI_READ | HWI_ZLR, WORLD_OUT);
		else
			bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN,
					     HWI_READ | HWI_ZLR, 0x86);
		/* Not so for the tables: those are read in earnest. */
		bench_inv_everything(b);
		world_clear(&w, leaf_of_table(&w, 1), VTD_SS_R);
		bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ | HWI_ZLR, 0x76);
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)
	const struct CMUnitTest tests[] = {
		T(test_sfs_5_first_stage_address_beyond_the_second_stage),
		T(test_sfs_6_no_right_to_read_the_root_table),
		T(test_sfs_7_no_right_to_read_a_lower_table),
		T(test_sfs_8_no_right_to_write_a_table_that_needs_an_update),
		T(test_sss_2_a_table_that_is_not_mapped),
		T(test_sss_3_a_reserved_bit_on_the_way_to_a_table),
		T(test_sss_1_the_way_to_a_table_does_not_answer),
		T(test_sss_4_the_root_of_the_way_to_a_table_does_not_answer),
		T(test_sss_5_update_on_the_way_to_a_table_not_snooped),
		T(test_sss_6_update_on_the_way_to_a_table_fails),
		T(test_sfs_4_and_1_a_mapped_table_does_not_answer),
		T(test_sgn_6_and_7_the_page_itself_lacks_a_right_in_the_second_stage),
		T(test_sgn_7_zero_length_read),
	};

	return cmocka_run_group_tests_name("fault_nested", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fault conditions of first-stage tables of 5 levels, alone and nested: which entry
 * is the root entry, and what is reserved in it (VT-d 5.10 §3.6, §9.7, Table 30).
 */
#include "world.h"

#include "hwiommu/bits.h"

#define LEVELS 5u

static const unsigned int modes[] = { VTD_PGTT_FS, VTD_PGTT_NESTED };

static void expect(struct world *w, uint8_t reason)
{
	world_expect(w, &(struct world_fault){ .reason = reason, .u = UR, .t = S0,
					       .qualified = true,
					       .met = MET_CTX | MET_DIR | MET_PE,
					       .addr = WORLD_IN_HIGH });
}

/* Every function of these is called with each stage's tables made anew. */
static void each_mode(struct bench *b, void (*check)(struct world *w))
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct world w;

		bench_fini(b);
		bench_init(b, NULL);
		world_scalable_5(&w, b, modes[i]);
		world_expect_pass(&w);
		bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN_HIGH, HWI_WRITE, WORLD_OUT);
		check(&w);
	}
}

static void unanswered(struct world *w)
{
	for (unsigned int level = 1; level <= LEVELS; level++) {
		bench_heal(w->b);
		bench_fail_read(w->b, world_fs(w, WORLD_IN_HIGH, level), 8);
		expect(w, level == LEVELS ? 0x73 : 0x70);
	}
}

/* Level 4 is a lower entry here. */
/* covers: FC_SFS_1 FC_SFS_4 */
static void test_sfs_4_is_level_5_and_sfs_1_the_rest(void **state)
{
	each_mode(*state, unanswered);
}

static void not_present(struct world *w)
{
	for (unsigned int level = 1; level <= LEVELS; level++) {
		uint64_t at = world_fs(w, WORLD_IN_HIGH, level), was = bench_r64(w->b, at);

		bench_w64(w->b, at, HWI_ALL64 & ~VTD_FS_P);
		expect(w, 0x71);
		bench_w64(w->b, at, was);
	}
	/* The other half of the root table is empty. */
	world_expect(w, &(struct world_fault){ .reason = 0x71, .u = UR, .t = S0,
					       .qualified = true,
					       .met = MET_CTX | MET_DIR | MET_PE,
					       .addr = HWI_MASK64(63, 56) | WORLD_IN_HIGH });
}

/* covers: FC_SFS_2 */
static void test_sfs_2_entry_of_each_level_not_present(void **state)
{
	each_mode(*state, not_present);
}

/* PS in the two upper levels; the address is told apart from ignored bits in all. */
static void reserved(struct world *w)
{
	static const uint64_t ignored = HWI_MASK64(63, 52) | HWI_MASK64(11, 8);

	for (unsigned int level = 4; level <= LEVELS; level++) {
		uint64_t at = world_fs(w, WORLD_IN_HIGH, level);

		world_set(w, at, VTD_FS_PS);
		expect(w, 0x72);
		world_clear(w, at, VTD_FS_PS);
		world_set(w, at, ignored | VTD_FS_PWT | VTD_FS_PCD | HWI_BIT64(6));
	}
	for (unsigned int level = 1; level <= 3; level++)
		world_set(w, world_fs(w, WORLD_IN_HIGH, level), ignored);
	bench_inv_everything(w->b);
	bench_expect(w->b, WORLD_SID, WORLD_PASID, WORLD_IN_HIGH, HWI_WRITE, WORLD_OUT);
}

/* covers: FC_SFS_3 */
static void test_sfs_3_ps_is_reserved_in_levels_4_and_5(void **state)
{
	each_mode(*state, reserved);
}

/* covers: FC_SFS_3 */
static void test_sfs_3_addresses_beyond_haw_in_each_level(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;

	cfg.haw = 40;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct world w;

		bench_fini(b);
		bench_init(b, &cfg);
		world_scalable_5(&w, b, modes[i]);
		for (unsigned int level = 1; level <= LEVELS; level++) {
			uint64_t at = world_fs(&w, WORLD_IN_HIGH, level);

			for (unsigned int bit = 40; bit < 52; bit++) {
				world_set(&w, at, HWI_BIT64(bit));
				expect(&w, 0x72);
				world_clear(&w, at, HWI_BIT64(bit));
			}
		}
		world_expect_pass(&w);
	}
}

/* The same directory read as 4 levels is another tree: the address is not canonical then. */
/* covers: FC_SGN_1 */
static void test_sgn_1_the_width_is_that_of_the_tables(void **state)
{
	struct world w;

	world_scalable_5(&w, *state, VTD_PGTT_FS);
	world_expect(&w, &(struct world_fault){ .reason = 0x80, .u = UR, .t = S0,
						.qualified = true,
						.met = MET_CTX | MET_DIR | MET_PE,
						.addr = HWI_BIT64(56) | WORLD_IN });
	world_pe_clear(&w, 2, VTD_PE_Q2_FSPM);
	expect(&w, 0x80);
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_sfs_4_is_level_5_and_sfs_1_the_rest),
		T(test_sfs_2_entry_of_each_level_not_present),
		T(test_sfs_3_ps_is_reserved_in_levels_4_and_5),
		T(test_sfs_3_addresses_beyond_haw_in_each_level),
		T(test_sgn_1_the_width_is_that_of_the_tables),
	};

	return cmocka_run_group_tests_name("fault_5_levels", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Translation requests for pages that lack a right: Success with the effective
 * permission, nothing recorded, and D set only for a write that is granted (VT-d
 * 5.10 §4.2.3, Table 30: SGN.6, SGN.7). Second stage alone, and nested.
 */
#include "world.h"

#include "hwiommu/bits.h"

#define RW (HWI_READ | HWI_WRITE)

static struct hwi_response ask(struct world *w, uint32_t pasid, unsigned int flags)
{
	return bench_request(w->b, HWI_TRANSLATION_REQUEST, WORLD_SID, pasid, WORLD_IN,
			     HWI_READ | flags);
}

/*
 * From the walk, and again from the IOTLB: @rights without NW and what is left of
 * them with it. NW first and NW last, as either may fill the cache for the other.
 */
static void expect(struct world *w, unsigned int rights)
{
	static const unsigned int order[][2] = { { 0, HWI_NO_WRITE }, { HWI_NO_WRITE, 0 } };
	static const uint32_t who[] = { HWI_PASID_NONE, WORLD_PASID };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		bench_inv_everything(w->b);
		for (size_t n = 0; n < 8; n++) {
			unsigned int flags = order[i][n / 2 % 2];
			unsigned int want = flags ? rights & HWI_READ : rights;
			struct hwi_response r = ask(w, who[n % 2], flags);

			assert_int_equal(r.outcome, HWI_SUCCESS);
			assert_int_equal(r.rights, want);
			assert_int_equal(r.ats, 0);
			if (want)
				assert_int_equal(hwi_hpa_val(r.addr), WORLD_OUT);
			else
				assert_int_equal(r.fault, 0x86);
			assert_false(r.recorded);
			bench_expect_no_fault(w->b);
		}
		/* What an untranslated request is refused for, from what these left in the IOTLB. */
		for (size_t n = 0; n < 2; n++) {
			if (!(rights & HWI_WRITE))
				bench_expect_refused(w->b, WORLD_SID, who[n], WORLD_IN, HWI_WRITE,
						     0x85);
			if (!(rights & HWI_READ))
				bench_expect_refused(w->b, WORLD_SID, who[n], WORLD_IN, HWI_READ,
						     0x86);
		}
	}
}

/* The entries of second stage for the page, in either mode. */
static uint64_t ss_entry(const struct world *w, unsigned int level)
{
	return world_ss(w, w->pgtt == VTD_PGTT_NESTED ? WORLD_GPA : WORLD_IN, level);
}

/* A right that one entry of second stage withholds. */
static void second_stage(struct world *w)
{
	expect(w, RW);
	/* Nested: the upper levels are the tables' own as well, and those must be readable. */
	for (unsigned int level = 1; level <= (w->pgtt == VTD_PGTT_SS ? 4 : 1); level++) {
		world_clear(w, ss_entry(w, level), VTD_SS_W);
		expect(w, HWI_READ);
		world_set(w, ss_entry(w, level), VTD_SS_W);
		world_clear(w, ss_entry(w, level), VTD_SS_R);
		expect(w, HWI_WRITE);
		world_set(w, ss_entry(w, level), VTD_SS_R);
	}
	expect(w, RW);
}

/* covers: FC_SGN_6 FC_SGN_7 */
static void test_second_stage(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	second_stage(&w);
	world_clear(&w, ss_entry(&w, 2), VTD_SS_W);
	expect(&w, HWI_READ);
}

/* covers: FC_SGN_6 FC_SGN_7 */
static void test_nested_second_stage(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	second_stage(&w);
	for (unsigned int level = 2; level <= 4; level++) {
		world_clear(&w, ss_entry(&w, level), VTD_SS_W);
		expect(&w, HWI_READ);
		world_set(&w, ss_entry(&w, level), VTD_SS_W);
	}
}

/* First stage AND second stage: nothing may be left of the two. */
/* covers: FC_SGN_6 FC_SGN_7 */
static void test_nested_both_stages(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_fs(&w, WORLD_IN, level);

		world_clear(&w, at, VTD_FS_RW);
		expect(&w, HWI_READ);
		world_clear(&w, ss_entry(&w, 1), VTD_SS_R);
		expect(&w, 0);
		world_set(&w, ss_entry(&w, 1), VTD_SS_R);
		world_set(&w, at, VTD_FS_RW);
	}
	expect(&w, RW);
}

/* Both stages' D, for the page alone: a right that is withheld is not marked as used. */
static void dirty(struct world *w, uint64_t ss_leaf, uint64_t fs_leaf)
{
	static const struct {
		uint64_t clear;
		unsigned int flags;
		bool d;
	} how[] = {
		{ VTD_SS_W, 0, false },
		{ 0, HWI_NO_WRITE, false },
		{ VTD_SS_W, HWI_NO_WRITE, false },
		{ VTD_SS_R, 0, true },
		{ 0, 0, true },
	};
	uint64_t ss_was = bench_r64(w->b, ss_leaf) & ~(VTD_SS_A | VTD_SS_D);
	uint64_t fs_was = fs_leaf ? bench_r64(w->b, fs_leaf) & ~(VTD_FS_A | VTD_FS_D) : 0;

	for (size_t i = 0; i < sizeof(how) / sizeof(how[0]); i++) {
		bench_w64(w->b, ss_leaf, ss_was & ~how[i].clear);
		if (fs_leaf)
			bench_w64(w->b, fs_leaf, fs_was);
		bench_inv_everything(w->b);
		assert_int_equal(ask(w, WORLD_PASID, how[i].flags).outcome, HWI_SUCCESS);
		assert_int_equal(bench_r64(w->b, ss_leaf),
				 (ss_was & ~how[i].clear) | VTD_SS_A | (how[i].d ? VTD_SS_D : 0));
		if (fs_leaf)
			assert_int_equal(bench_r64(w->b, fs_leaf),
					 fs_was | VTD_FS_A | (how[i].d ? VTD_FS_D : 0));
		bench_expect_no_fault(w->b);
	}
}

static void test_dirty_only_with_the_right_to_write(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_scalable(&w, b, VTD_PGTT_SS);
	world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
	dirty(&w, ss_entry(&w, 1), 0);
	bench_fini(b);
	bench_init(b, NULL);
	world_scalable(&w, b, VTD_PGTT_NESTED);
	world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
	dirty(&w, ss_entry(&w, 1), world_fs(&w, WORLD_IN, 1));
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_second_stage),
		T(test_nested_second_stage),
		T(test_nested_both_stages),
		T(test_dirty_only_with_the_right_to_write),
	};

	return cmocka_run_group_tests_name("effective_permission", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SSS.3 bit by bit: which bits of second-stage entries are reserved in scalable
 * mode, in tables of 5 levels, and which are ignored (VT-d 5.10 §9.8). Every bit is
 * in one of the two sets or has a meaning.
 */
#include "world.h"

#include "hwiommu/bits.h"

#define MET_ALL (MET_CTX | MET_DIR | MET_PE)

/* An entry on the way to @addr. */
struct entry {
	uint64_t addr;
	unsigned int level;
	uint64_t rsvd;
	uint64_t ignored;
};

/* A and D without SSADE, and in a leaf EMT and IPAT without MTS, among them. */
#define IGNORED (HWI_BIT64(63) | HWI_MASK64(60, 52) | HWI_MASK64(10, 8) | HWI_MASK64(6, 2))

static const struct entry entries[] = {
	{ WORLD_IN_HIGH, 5, HWI_BIT64(7) | HWI_BIT64(11), IGNORED },
	{ WORLD_IN, 4, HWI_BIT64(7) | HWI_BIT64(11), IGNORED },
	{ WORLD_IN, 3, HWI_BIT64(11), IGNORED },
	{ WORLD_IN_1G, 3, HWI_MASK64(29, 12), IGNORED },
	{ WORLD_IN, 2, HWI_BIT64(11), IGNORED },
	{ WORLD_IN_2M, 2, HWI_MASK64(20, 12), IGNORED },
	{ WORLD_IN, 1, 0, IGNORED | HWI_BIT64(7) },
};

#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

static void expect(struct world *w, uint64_t addr)
{
	world_expect(w, &(struct world_fault){ .reason = 0x7a, .u = UR, .t = CA,
					       .qualified = true, .met = MET_ALL, .addr = addr });
}

static void one_by_one(struct world *w, const struct entry *e, uint64_t bits)
{
	uint64_t at = world_ss(w, e->addr, e->level);

	for (unsigned int bit = 0; bit < 64; bit++) {
		if (!(bits & HWI_BIT64(bit)))
			continue;
		world_set(w, at, HWI_BIT64(bit));
		expect(w, e->addr);
		world_clear(w, at, HWI_BIT64(bit));
	}
}

static void expect_ignored(struct world *w, const struct entry *e, uint64_t bits)
{
	uint64_t at = world_ss(w, e->addr, e->level), was = bench_r64(w->b, at);

	for (unsigned int bit = 0; bit < 64; bit++) {
		struct hwi_response r;

		if (!(bits & HWI_BIT64(bit)))
			continue;
		bench_w64(w->b, at, was ^ HWI_BIT64(bit));
		bench_inv_everything(w->b);
		r = bench_dma(w->b, WORLD_SID, WORLD_PASID, e->addr, HWI_WRITE);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		bench_expect_no_fault(w->b);
	}
	bench_w64(w->b, at, was);
}

/* covers: FC_SSS_3 */
static void test_sss_3_each_reserved_bit_of_each_level(void **state)
{
	struct world w;

	world_scalable_5(&w, *state, VTD_PGTT_SS);
	world_expect_pass(&w);
	for (size_t i = 0; i < ENTRIES; i++) {
		one_by_one(&w, &entries[i], entries[i].rsvd | VTD_SS_IW);
		expect_ignored(&w, &entries[i], entries[i].ignored | VTD_SS_IR);
	}
}

static void grant(struct world *w, uint64_t addr, unsigned int down_to)
{
	for (unsigned int l = 5; l >= down_to; l--)
		world_set(w, world_ss(w, addr, l), VTD_SS_IR | VTD_SS_IW);
}

/* With SSIRWE bits 62:61 are the rights and 1:0 are ignored. */
/* covers: FC_SSS_3 */
static void test_sss_3_each_reserved_bit_with_ssirwe(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_scalable_5(&w, b, VTD_PGTT_SS);
	for (size_t i = 0; i < ENTRIES; i++)
		grant(&w, entries[i].addr, entries[i].level);
	grant(&w, WORLD_IN_HIGH, 1);
	bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_SCALABLE) | VTD_RTADDR_SSIRWE);
	world_expect_pass(&w);
	for (size_t i = 0; i < ENTRIES; i++) {
		one_by_one(&w, &entries[i], entries[i].rsvd);
		expect_ignored(&w, &entries[i], entries[i].ignored);
	}
	/* world_ss() follows R and W: they go last. */
	for (size_t i = 0; i < ENTRIES; i++) {
		uint64_t at = world_ss(&w, entries[i].addr, entries[i].level);

		world_clear(&w, at, VTD_SS_R | VTD_SS_W);
		world_set(&w, at, entries[i].rsvd & -entries[i].rsvd);
		if (entries[i].rsvd)
			expect(&w, entries[i].addr);
		world_clear(&w, at, entries[i].rsvd & -entries[i].rsvd);
	}
	world_expect_pass(&w);
}

/* Without a right the entry is not present and nothing else in it counts. */
/* covers: FC_SSS_2 FC_SSS_3 */
static void test_sss_3_needs_a_right(void **state)
{
	struct world w;

	world_scalable_5(&w, *state, VTD_PGTT_SS);
	for (size_t i = 0; i < ENTRIES; i++) {
		uint64_t at = world_ss(&w, entries[i].addr, entries[i].level);
		uint64_t was = bench_r64(w.b, at);
		const uint64_t rights[] = { VTD_SS_R, VTD_SS_W };

		bench_w64(w.b, at, (was | entries[i].rsvd | VTD_SS_IW) & ~(VTD_SS_R | VTD_SS_W));
		world_expect(&w, &(struct world_fault){ .reason = 0x79, .u = UR, .t = S0,
							.qualified = true, .met = MET_ALL,
							.addr = entries[i].addr });
		/* One is enough, whichever was asked for. */
		for (size_t j = 0; j < 2; j++) {
			bench_w64(w.b, at, (was & ~(VTD_SS_R | VTD_SS_W)) | rights[j] | VTD_SS_IW);
			expect(&w, entries[i].addr);
		}
		bench_w64(w.b, at, was);
	}
}

/* What a unit lacks: snoop control, large pages, address bits. */
/* covers: FC_SSS_3 */
static void test_sss_3_reserved_by_capability(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	world_scalable_5(&w, b, VTD_PGTT_SS);
	for (size_t i = 0; i < ENTRIES; i++) {
		if (!(entries[i].rsvd & VTD_SS_SNP))
			expect_ignored(&w, &entries[i], VTD_SS_SNP);
	}
	cfg.ecap &= ~VTD_ECAP_SC;
	cfg.cap &= ~VTD_CAP_SSLPS;
	cfg.haw = 40;
	bench_fini(b);
	bench_init(b, &cfg);
	world_scalable_5(&w, b, VTD_PGTT_SS);
	world_expect_pass(&w);
	expect(&w, WORLD_IN_2M);
	expect(&w, WORLD_IN_1G);
	for (unsigned int level = 1; level <= 5; level++) {
		const struct entry e = { WORLD_IN_HIGH, level, 0, 0 };

		one_by_one(&w, &e, HWI_MASK64(51, 40) | VTD_SS_SNP);
	}
	world_expect_pass(&w);
}

/* SSLPS=0001b: the larger page alone is reserved. */
/* covers: FC_SSS_3 */
static void test_sss_3_1g_page_without_the_capability(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.cap &= ~VTD_CAP_SSLPS_1G;
	bench_fini(b);
	bench_init(b, &cfg);
	world_scalable_5(&w, b, VTD_PGTT_SS);
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN_2M, HWI_WRITE, WORLD_OUT_2M);
	expect(&w, WORLD_IN_1G);
}

/* The second stage of a page, and of each first-stage table, in nested translation. */
/* covers: FC_SSS_3 */
static void test_sss_3_nested(void **state)
{
	struct world w;
	uint64_t gpa[6];

	world_scalable_5(&w, *state, VTD_PGTT_NESTED);
	gpa[0] = WORLD_GPA;
	for (unsigned int level = 1; level <= 5; level++)
		gpa[level] = (world_fs(&w, WORLD_IN_HIGH, level) & ~UINT64_C(0xfff)) + WORLD_GUEST;
	for (size_t i = 0; i < sizeof(gpa) / sizeof(gpa[0]); i++) {
		for (unsigned int level = 1; level <= 5; level++) {
			const uint64_t bits = VTD_SS_IW | (level >= 4 ? VTD_SS_PS : 0) |
					      (level >= 2 ? VTD_SS_SNP : 0);
			uint64_t at = world_ss(&w, gpa[i], level);

			for (unsigned int bit = 0; bit < 64; bit++) {
				if (!(bits & HWI_BIT64(bit)))
					continue;
				world_set(&w, at, HWI_BIT64(bit));
				expect(&w, WORLD_IN_HIGH);
				world_clear(&w, at, HWI_BIT64(bit));
			}
		}
	}
	world_expect_pass(&w);
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_sss_3_each_reserved_bit_of_each_level),
		T(test_sss_3_each_reserved_bit_with_ssirwe),
		T(test_sss_3_needs_a_right),
		T(test_sss_3_reserved_by_capability),
		T(test_sss_3_1g_page_without_the_capability),
		T(test_sss_3_nested),
	};

	return cmocka_run_group_tests_name("fault_reserved_ss", tests, NULL, NULL);
}

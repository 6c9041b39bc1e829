/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A unit that can read memory by plain loads takes a short way through tables whose
 * entries are all as usual. Whatever is unusual about one entry, at any level, of
 * tables of any depth, with and without caches: the answers are those of the unit
 * that has to ask for each word.
 */
#include "invalidate.h"
#include "world.h"

#include "hwiommu/bits.h"

enum view { NO_VIEW, WHOLE, SECOND, VIEWS };

static void see(struct bench *b, enum view v)
{
	const struct hwi_ram whole = { .base = hwi_hpa(0), .size = BENCH_MEM, .host = b->mem };
	const struct hwi_ram halves[] = {
		{ .base = hwi_hpa(BENCH_MEM / 2), .size = BENCH_MEM / 2,
		  .host = b->mem + BENCH_MEM / 2 },
		{ .base = hwi_hpa(0), .size = BENCH_MEM / 2, .host = b->mem },
	};

	if (v == NO_VIEW)
		assert_int_equal(hwi_set_ram(b->unit, NULL, 0), HWI_OK);
	else if (v == WHOLE)
		assert_int_equal(hwi_set_ram(b->unit, &whole, 1), HWI_OK);
	else
		assert_int_equal(hwi_set_ram(b->unit, halves, 2), HWI_OK);
}

/* A world with these depths of tables: 0 as it is made (4). */
static void make(struct world *w, struct bench *b, unsigned int pgtt, unsigned int fs,
		 unsigned int ss, bool caches)
{
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	if (!caches) {
		cfg.caches.first_stage = HWI_VTD_CACHE_NONE;
		cfg.caches.second_stage = HWI_VTD_CACHE_NONE;
	}
	bench_remake(b, &cfg);
	b->root = 0;
	world_scalable(w, b, pgtt);
	if (fs == 5) {
		uint64_t top = bench_alloc(b, 1);
		uint64_t offset = pgtt == VTD_PGTT_NESTED ? WORLD_GUEST : 0;

		bench_w64(b, top, (w->fs_root + offset) | VTD_FS_P | VTD_FS_RW | VTD_FS_US | VTD_FS_A);
		world_pe_clear(w, 2, VTD_PE_Q2_FSPTPTR);
		world_pe_set(w, 2, (top + offset) | HWI_PUT(VTD_PE_Q2_FSPM, VTD_FSPM_5));
	}
	if (ss == 5 || ss == 3) {
		uint64_t top = bench_r64(b, w->ss_root) & VTD_SS_ADDR;

		if (ss == 5) {
			top = bench_alloc(b, 1);
			bench_w64(b, top, w->ss_root | VTD_SS_R | VTD_SS_W | VTD_SS_A);
		}
		world_pe_clear(w, 0, VTD_PE_Q0_SSPTPTR | VTD_PE_Q0_AW);
		world_pe_set(w, 0, top | HWI_PUT(VTD_PE_Q0_AW, ss - 2));
	}
}

/* The answer to a request now, from an empty IOTLB but filled or empty other caches. */
static struct hwi_response ask(struct world *w, unsigned int access, bool structures)
{
	struct hwi_response r;

	if (structures) /* leaves alone: paging-structure caches keep what they have */
		inv_piotlb_page(w->b, WORLD_DID, WORLD_PASID, WORLD_IN, 0, true);
	else
		bench_inv_iotlb(w->b);
	if (structures && w->pgtt == VTD_PGTT_SS)
		inv_iotlb_page(w->b, WORLD_DID, WORLD_IN, 0, true);
	r = bench_dma(w->b, WORLD_SID, WORLD_PASID, WORLD_IN + 8, access);
	bench_clear_faults(w->b);
	return r;
}

/* The same in all views; memory is put back as it was before each. */
static void same_in_all_views(struct world *w)
{
	static const unsigned int access[] = { HWI_READ, HWI_WRITE, HWI_ATOMIC,
					       HWI_READ | HWI_ZLR, HWI_READ | HWI_PRIV };
	const size_t tables = w->b->iqa; /* what was made before the queue */
	unsigned char *saved = malloc(tables);

	assert_non_null(saved);
	memcpy(saved, w->b->mem, tables);
	for (unsigned int i = 0; i < 10; i++) {
		struct hwi_response r[VIEWS];
		uint64_t sum[VIEWS];

		for (enum view v = NO_VIEW; v < VIEWS; v++) {
			see(w->b, v);
			bench_inv_everything(w->b);
			if (i >= 5)
				(void)ask(w, access[i % 5], false);
			/* The status area and the queue move on; tables are what counts. */
			memcpy(w->b->mem, saved, tables);
			r[v] = ask(w, access[i % 5], i >= 5);
			sum[v] = 0;
			for (uint64_t a = 0; a < tables; a += 8)
				sum[v] = sum[v] * 31 + bench_r64(w->b, a);
			assert_memory_equal(&r[v], &r[NO_VIEW], sizeof(r[v]));
			assert_int_equal(sum[v], sum[NO_VIEW]);
		}
	}
	memcpy(w->b->mem, saved, tables);
	free(saved);
}

/* Each kind of oddness in each entry of a stage. */
static void spoil_stage(struct world *w, bool first, uint64_t in)
{
	static const uint64_t fs_odd[] = { VTD_FS_P, VTD_FS_RW, VTD_FS_US, VTD_FS_A, VTD_FS_D,
					   HWI_BIT64(50), VTD_FS_PS };
	static const uint64_t ss_odd[] = { VTD_SS_R, VTD_SS_W, VTD_SS_R | VTD_SS_W, VTD_SS_A,
					   VTD_SS_D, VTD_SS_IW, VTD_SS_SNP };

	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = first ? world_fs(w, in, level) : world_ss(w, in, level);
		uint64_t was = bench_r64(w->b, at);

		for (unsigned int i = 0; i < 7; i++) {
			bench_w64(w->b, at, was ^ (first ? fs_odd[i] : ss_odd[i]));
			same_in_all_views(w);
			bench_w64(w->b, at, was);
		}
		bench_w64(w->b, at, (was & ~VTD_FS_ADDR) | BENCH_NOWHERE);
		same_in_all_views(w);
		bench_w64(w->b, at, was);
	}
}

static void test_second_stage(void **state)
{
	for (unsigned int i = 0; i < 6; i++) {
		struct world w;

		make(&w, *state, VTD_PGTT_SS, 0, 3 + i % 3, i < 3);
		same_in_all_views(&w);
		if (i % 3 == 1)
			spoil_stage(&w, false, WORLD_IN);
		world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
		same_in_all_views(&w);
		if (i % 3 == 1)
			spoil_stage(&w, false, WORLD_IN);
	}
}

static void test_first_stage(void **state)
{
	for (unsigned int i = 0; i < 4; i++) {
		struct world w;

		make(&w, *state, VTD_PGTT_FS, 4 + i % 2, 0, i < 2);
		world_pe_set(&w, 2, VTD_PE_Q2_SRE);
		same_in_all_views(&w);
		spoil_stage(&w, true, WORLD_IN);
		world_pe_set(&w, 2, VTD_PE_Q2_EAFE);
		same_in_all_views(&w);
	}
}

static void test_nested(void **state)
{
	for (unsigned int i = 0; i < 4; i++) {
		struct world w;
		uint64_t tables;

		make(&w, *state, VTD_PGTT_NESTED, 4 + i % 2, i % 2 ? 5 : 4, i < 2);
		same_in_all_views(&w);
		if (i % 2)
			continue;
		spoil_stage(&w, true, WORLD_IN);
		spoil_stage(&w, false, WORLD_GPA);
		tables = w.fs_root + WORLD_GUEST;
		spoil_stage(&w, false, tables);
		world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
		same_in_all_views(&w);
		spoil_stage(&w, false, tables);
	}
}

/* One paging-structure cache without the other. */
static void test_nested_with_one_cache(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;
	struct world w;

	for (unsigned int i = 0; i < 2; i++) {
		bench_config(&cfg);
		if (i)
			cfg.caches.first_stage = HWI_VTD_CACHE_NONE;
		else
			cfg.caches.second_stage = HWI_VTD_CACHE_NONE;
		bench_remake(b, &cfg);
		b->root = 0;
		world_scalable(&w, b, VTD_PGTT_NESTED);
		same_in_all_views(&w);
	}
}

/* Addresses that no table of the stage can have. */
static void test_addresses_out_of_range(void **state)
{
	struct bench *b = *state;
	struct world w;

	for (unsigned int pgtt = VTD_PGTT_FS; pgtt <= VTD_PGTT_NESTED; pgtt++) {
		bench_remake(b, NULL);
		b->root = 0;
		world_scalable(&w, b, pgtt);
		see(b, WHOLE);
		bench_expect_refused(b, WORLD_SID, WORLD_PASID, HWI_BIT64(48), HWI_READ,
				     pgtt == VTD_PGTT_SS ? 0x84 : 0x80);
	}
	/* A guest address beyond the second stage, in an entry that is plain otherwise. */
	for (unsigned int caches = 0; caches < 2; caches++) {
		for (unsigned int level = 1; level <= 4; level++) {
			make(&w, b, VTD_PGTT_NESTED, 0, 0, caches);
			see(b, WHOLE);
			world_expect_pass(&w);
			world_set(&w, world_fs(&w, WORLD_IN, level), HWI_BIT64(49));
			bench_inv_everything(b);
			bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x74);
		}
	}
	/* Where it leads is looked at on the short way, too. */
	make(&w, b, VTD_PGTT_FS, 0, 0, false);
	see(b, WHOLE);
	bench_w64(b, world_fs(&w, WORLD_IN, 1),
		  UINT64_C(0xfee00000) | VTD_FS_P | VTD_FS_RW | VTD_FS_US | VTD_FS_A | VTD_FS_D);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x87);
}

/* Protected memory and a privileged flag that means nothing are seen there, too. */
static void test_protected_memory(void **state)
{
	struct bench *b = *state;
	struct world w;

	make(&w, b, VTD_PGTT_SS, 0, 0, false);
	see(b, WHOLE);
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ | HWI_PRIV | HWI_EXEC,
		     WORLD_OUT);
	bench_write32(b, VTD_REG_PLMBASE, WORLD_OUT & 0xffe00000);
	bench_write32(b, VTD_REG_PLMLIMIT, WORLD_OUT & 0xffe00000);
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	bench_inv_iotlb(b);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(bench_dma(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ).outcome,
				 HWI_UNSUPPORTED_REQUEST);
	bench_expect_no_fault(b);
	bench_write32(b, VTD_REG_PMEN, 0);
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
}

/*
 * What a walk costs is counted once, and what the IOTLB keeps is what its capacity
 * says, whichever way a page was found and whether an entry was at hand, had to be made
 * room for, or there is none at all.
 */
static void test_counts_and_capacity(void **state)
{
	enum { PAGES = 100 };
	static const uint32_t capacity[] = { 0, 1, HWI_VTD_CACHE_NONE };
	struct bench *b = *state;

	for (unsigned int i = 0; i < 3 * 3 * 2; i++) {
		unsigned int c = i % 3, pgtt = VTD_PGTT_FS + i / 3 % 3;
		uint64_t loads, misses, leaf, walk = pgtt == VTD_PGTT_NESTED ? 24 : 4;
		struct hwi_vtd_config cfg;
		struct world w;

		bench_config(&cfg);
		cfg.caches.first_stage = HWI_VTD_CACHE_NONE;
		cfg.caches.second_stage = HWI_VTD_CACHE_NONE;
		cfg.caches.iotlb = capacity[c];
		bench_remake(b, &cfg);
		b->root = 0;
		world_scalable(&w, b, pgtt);
		see(b, i < 9 ? WHOLE : SECOND);
		leaf = pgtt == VTD_PGTT_SS ? world_ss(&w, WORLD_IN, 1) : world_fs(&w, WORLD_IN, 1);
		for (unsigned int n = 1; n <= PAGES; n++)
			bench_w64(b, leaf + 8 * n, bench_r64(b, leaf));
		bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);

		loads = hwi_stat_get(b->unit, HWI_STAT_TABLE_LOADS);
		misses = hwi_stat_get(b->unit, HWI_STAT_IOTLB_MISSES);
		for (unsigned int n = 1; n <= PAGES; n++)
			bench_expect(b, WORLD_SID, WORLD_PASID,
				     WORLD_IN + n * (uint64_t)VTD_PAGE_SIZE, HWI_READ, WORLD_OUT);
		assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_TABLE_LOADS), loads + PAGES * walk);
		assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_IOTLB_MISSES), misses + PAGES);
		/* The last one is there unless nothing is; the first one if all are. */
		bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN + PAGES * (uint64_t)VTD_PAGE_SIZE,
			     HWI_READ, WORLD_OUT);
		bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
		assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_IOTLB_MISSES), misses + PAGES + c);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_second_stage),
		T(test_first_stage),
		T(test_nested),
		T(test_nested_with_one_cache),
		T(test_addresses_out_of_range),
		T(test_protected_memory),
		T(test_counts_and_capacity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

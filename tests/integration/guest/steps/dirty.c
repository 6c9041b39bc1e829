// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Dirty tracking: the kernel's bitmap, made from the D bits the unit set, against the engine's own log of its writes. */
#include <string.h>

#include "steps.h"

#define PAGES	256
#define WORDS	(PAGES / 64)

static unsigned int count(const uint64_t *b)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < WORDS; i++)
		n += __builtin_popcountll(b[i]);
	return n;
}

/* What the engine says it wrote since log_start(), as a bitmap */
static void logged(struct engine *e, uint64_t *b)
{
	uint64_t iova, len;
	uint32_t attr;

	memset(b, 0, WORDS * 8);
	log_stop(e);
	while (log_next(e, &iova, &len, &attr))
		for (uint64_t p = (iova - IOVA_B) / host.page; p <= (iova - IOVA_B + len - 1) / host.page; p++) {
			want(p < PAGES, "the engine wrote at %#llx", (unsigned long long)iova);
			b[p / 64] |= 1ull << (p % 64);
		}
}

static void scribble(struct engine *e, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		uint32_t at = rnd() % (PAGES * host.page - 9000), len = 1 + rnd() % 9000;

		if (i % 3)
			dma_write8(e, IOVA_B + (at & ~7u), 0, i);
		else
			dma_fill(e, IOVA_B + at, 0, len, i);
		(void)try_check(e, IOVA_B + rnd() % (PAGES * host.page - 64), 0, 64, 0);	/* reads do not count */
	}
}

static void same(const uint64_t *kernel, const uint64_t *engine, const char *when)
{
	for (unsigned int p = 0; p < PAGES; p++) {
		bool k = kernel[p / 64] >> (p % 64) & 1, w = engine[p / 64] >> (p % 64) & 1;

		want(k == w, "%s: page %u is %s in the bitmap, %s by the engine (%u and %u pages in all)", when, p,
		     k ? "dirty" : "clean", w ? "written" : "not written", count(kernel), count(engine));
	}
}

/* What was cached as dirty goes, if the driver does not see to it: the last device of a domain leaves, and comes back. */
static void settle(struct engine *e, uint32_t hwpt)
{
	if (!family->keeps_dirty)
		return;
	vfio_detach(&e->dev);
	vfio_attach(&e->dev, hwpt);
}

void step_dirty_tracking(void)
{
	uint64_t bitmap[WORDS], oracle[WORDS], zero[WORDS] = { 0 };
	unsigned int first, second, third;
	struct engine *e = engine_get(0);
	struct space s;
	uint32_t hwpt;

	need(e, DIRTY_TRACKING);
	s.ioas = ioas_alloc();
	ioas_small_pages(s.ioas);
	s.p = mem_alloc(PAGES * host.page);
	ioas_map(s.ioas, IOVA_B, s.p, PAGES * host.page, RW);
	hwpt = hwpt_alloc(e->dev.id, s.ioas, IOMMU_HWPT_ALLOC_DIRTY_TRACKING, 0);
	vfio_attach(&e->dev, hwpt);

	/* Written before tracking is on: cached without D, and not to be reported */
	dma_fill(e, IOVA_B, 0, 8 * host.page, 1);
	hwpt_dirty_tracking(hwpt, true);
	memset(bitmap, 0, sizeof(bitmap));
	hwpt_dirty_bitmap(hwpt, IOVA_B, PAGES * host.page, bitmap, true);
	same(bitmap, zero, "before any write");
	settle(e, hwpt);

	log_start(e);
	scribble(e, 40);
	logged(e, oracle);
	first = count(oracle);
	want(first > 10 && first < PAGES, "%u pages written, not a fair sample", first);
	memset(bitmap, 0, sizeof(bitmap));
	hwpt_dirty_bitmap(hwpt, IOVA_B, PAGES * host.page, bitmap, false);
	same(bitmap, oracle, "read without clearing");
	memset(bitmap, 0, sizeof(bitmap));
	hwpt_dirty_bitmap(hwpt, IOVA_B, PAGES * host.page, bitmap, true);
	same(bitmap, oracle, "read and cleared");
	memset(bitmap, 0, sizeof(bitmap));
	hwpt_dirty_bitmap(hwpt, IOVA_B, PAGES * host.page, bitmap, true);
	same(bitmap, zero, "after clearing");
	settle(e, hwpt);

	/* Dirty again: the same pages through translations that were cached with D set */
	log_start(e);
	rnd_seed(1);
	scribble(e, 20);
	logged(e, oracle);
	second = count(oracle);
	memset(bitmap, 0, sizeof(bitmap));
	hwpt_dirty_bitmap(hwpt, IOVA_B, PAGES * host.page, bitmap, true);
	same(bitmap, oracle, "dirty again");
	settle(e, hwpt);

	/* A read fills the cache, then a write through the same entry */
	log_start(e);
	for (unsigned int p = 3; p < PAGES; p += 17) {
		(void)dma_read8(e, IOVA_B + p * host.page, 0);
		dma_write8(e, IOVA_B + p * host.page, 0, p);
	}
	logged(e, oracle);
	third = count(oracle);
	memset(bitmap, 0, sizeof(bitmap));
	hwpt_dirty_bitmap(hwpt, IOVA_B, PAGES * host.page, bitmap, true);
	same(bitmap, oracle, "written after a read");
	hwpt_dirty_tracking(hwpt, false);
	show("bitmap equals the engine's log: %u of %u pages without clearing, the same cleared, 0 after, %u dirty again, %u written after a read",
	     first, PAGES, second, third);
}

/*
 * Pages are written, reported and cleared, and written again through translations that may be cached as dirty. Reported
 * must be: all that was not dirty before, and of the others all or, of a driver that does not invalidate, none.
 */
void step_dirty_tracking_stale(void)
{
	uint64_t bitmap[WORDS] = { 0 }, oracle[WORDS], first[WORDS] = { 0 };
	unsigned int again = 0, fresh = 0, lost = 0;
	struct engine *e = engine_get(0);
	struct space s;
	uint32_t hwpt;

	need(e, DIRTY_TRACKING);
	s.ioas = ioas_alloc();
	ioas_small_pages(s.ioas);
	s.p = mem_alloc(PAGES * host.page);
	ioas_map(s.ioas, IOVA_B, s.p, PAGES * host.page, RW);
	hwpt = hwpt_alloc(e->dev.id, s.ioas, IOMMU_HWPT_ALLOC_DIRTY_TRACKING, 0);
	vfio_attach(&e->dev, hwpt);
	hwpt_dirty_tracking(hwpt, true);
	log_start(e);
	for (unsigned int p = 0; p < PAGES; p += 4)
		dma_write8(e, IOVA_B + p * host.page, 0, p);
	logged(e, first);
	hwpt_dirty_bitmap(hwpt, IOVA_B, PAGES * host.page, bitmap, true);
	same(bitmap, first, "first time");

	log_start(e);
	for (unsigned int p = 0; p < PAGES; p += 6)
		dma_write8(e, IOVA_B + p * host.page, 0, p);
	logged(e, oracle);
	memset(bitmap, 0, sizeof(bitmap));
	hwpt_dirty_bitmap(hwpt, IOVA_B, PAGES * host.page, bitmap, true);
	for (unsigned int p = 0; p < PAGES; p++) {
		bool was = first[p / 64] >> (p % 64) & 1, written = oracle[p / 64] >> (p % 64) & 1;
		bool told = bitmap[p / 64] >> (p % 64) & 1;

		want(written || !told, "page %u is dirty in the bitmap and was not written", p);
		want(told || !written || was, "page %u was written for the first time and is clean in the bitmap", p);
		again += written && was;
		fresh += written && !was;
		lost += written && !told;
	}
	want(!lost || family->keeps_dirty, "%u of %u pages written again are clean in the bitmap", lost, again);
	want(!lost || lost == again || host.one_entry_caches, "%u of %u pages written again are clean in the bitmap",
	     lost, again);
	settle(e, hwpt);
	log_start(e);
	for (unsigned int p = 0; p < PAGES; p += 4)
		dma_write8(e, IOVA_B + p * host.page, 0, p);
	logged(e, first);
	memset(bitmap, 0, sizeof(bitmap));
	hwpt_dirty_bitmap(hwpt, IOVA_B, PAGES * host.page, bitmap, true);
	same(bitmap, first, "with nothing cached");
	hwpt_dirty_tracking(hwpt, false);
	show("%u pages written for the first time, all reported; %u written again after clearing: %u lost%s", fresh, again,
	     lost, lost ? ", because the driver cleared their dirty state without a TLB invalidation; attached anew, none is" :
	     "");
}

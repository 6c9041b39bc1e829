// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Translations held by the device, and the kernel's device-TLB invalidations that take them away. */
#include <string.h>

#include "steps.h"

void step_ats_invalidate(void)
{
	struct engine *e = engine_get(0);
	uint64_t hits, misses, invs, removed, entry;
	uint8_t *p, *q;
	uint32_t ioas;

	p = mem_alloc(4 * SZ_4K);
	q = mem_alloc(4 * SZ_4K);
	ioas = ioas_alloc();
	ioas_map(ioas, IOVA_B, p, 4 * SZ_4K, RW);
	vfio_attach(&e->dev, ioas);
	need_ats(e);
	atc_flush(e);
	misses = er64(e, HWDMA_ATC_MISSES);
	hits = er64(e, HWDMA_ATC_HITS);
	dma_fill(e, IOVA_B, AT_ATC, 4 * SZ_4K, 0x7171717171717171ull);
	want_eq(not_byte(p, 4 * SZ_4K, 0x71), 4 * SZ_4K);
	misses = er64(e, HWDMA_ATC_MISSES) - misses;
	want(misses >= 1 && misses <= 4, "%llu translation requests for four pages", (unsigned long long)misses);
	dma_fill(e, IOVA_B, AT_ATC, 4 * SZ_4K, 0x7272727272727272ull);
	hits = er64(e, HWDMA_ATC_HITS) - hits;
	want(hits >= 4, "%llu hits in the ATC", (unsigned long long)hits);
	want(atc_holds(e, IOVA_B, 0, &entry), "the ATC does not hold %#llx", IOVA_B);

	invs = er64(e, HWDMA_ATC_INVS);
	removed = er64(e, HWDMA_ATC_REMOVED);
	ioas_unmap(ioas, IOVA_B, 4 * SZ_4K);
	invs = er64(e, HWDMA_ATC_INVS) - invs;
	removed = er64(e, HWDMA_ATC_REMOVED) - removed;
	want(invs >= 1, "unmapping sent no invalidation to the device");
	want(removed >= 1, "%llu invalidations removed nothing", (unsigned long long)invs);
	for (unsigned int i = 0; i < 4; i++)
		want(!atc_holds(e, IOVA_B + i * SZ_4K, 0, &entry), "the ATC still holds page %u: %#llx", i,
		     (unsigned long long)entry);
	want_refused(try_write8(e, IOVA_B + 16, AT_ATC, 1), HWDMA_ERR_UNMAPPED, IOVA_B, "write after unmap");
	want_eq(not_byte(p, 4 * SZ_4K, 0x72), 4 * SZ_4K);

	ioas_map(ioas, IOVA_B, q, 4 * SZ_4K, RW);
	dma_fill(e, IOVA_B, AT_ATC, 4 * SZ_4K, 0x7373737373737373ull);
	want_eq(not_byte(q, 4 * SZ_4K, 0x73), 4 * SZ_4K);
	want_eq(not_byte(p, 4 * SZ_4K, 0x72), 4 * SZ_4K);
	show("%llu translation requests, %llu hits; unmapping sent %llu invalidations that removed %llu entries, then refused; mapped anew, the new pages are written",
	     (unsigned long long)misses, (unsigned long long)hits, (unsigned long long)invs,
	     (unsigned long long)removed);
}

/*
 * The counter-proof: a device that acknowledges invalidations and keeps its entries writes to memory that was taken
 * from it. (The page still belongs to this process.) So the step above can fail.
 */
void step_ats_deaf_device(void)
{
	struct engine *e = engine_get(0);
	struct space s;

	space_init(&s, IOVA_B, SZ_4K);
	vfio_attach(&e->dev, s.ioas);
	need_ats(e);
	atc_flush(e);
	dma_write8(e, IOVA_B, AT_ATC, 1);
	ew32(e, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_DEAF);
	ioas_unmap(s.ioas, IOVA_B, SZ_4K);
	want_eq(try_write8(e, IOVA_B, AT_ATC, 2), HWDMA_ERR_NONE);
	want_eq(*(uint64_t *)s.p, 2);
	ew32(e, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_FLUSH);
	want_refused(try_write8(e, IOVA_B, AT_ATC, 3), HWDMA_ERR_UNMAPPED, IOVA_B, "write after the flush");
	want_eq(*(uint64_t *)s.p, 2);
	show("a device that ignores invalidations writes to an unmapped page; after a flush it is refused");
}

/* A user's table changes: IOMMU_HWPT_INVALIDATE must reach the device's copy of the nested translation as well. */
void step_ats_nested(void)
{
	struct engine *e = engine_get(0);
	uint64_t *a, *b, invs;
	struct nest n;
	uint32_t hwpt;

	need_nesting();
	nest_init(&n, e, 4, 2 * SZ_4K, 0);
	a = (void *)n.data;
	b = (void *)(n.data + SZ_4K);
	s1_map(&n.s1, VA_DATA, GPA_DATA, 12, S1_RW);
	hwpt = hwpt_alloc_s1(e->dev.id, n.parent, n.s1.gpa, 48, 0, 0);
	vfio_attach(&e->dev, hwpt);
	need_ats(e);
	dma_write8(e, VA_DATA, AT_ATC, 1);
	want_eq(*a, 1);
	s1_map(&n.s1, VA_DATA, GPA_DATA + SZ_4K, 12, S1_RW);
	dma_write8(e, VA_DATA, AT_ATC, 2);
	want(*a == 2 && *b == 0, "before the invalidation: %llu, %llu", (unsigned long long)*a, (unsigned long long)*b);
	invs = er64(e, HWDMA_ATC_INVS);
	hwpt_invalidate(hwpt, VA_DATA, 1);
	invs = er64(e, HWDMA_ATC_INVS) - invs;
	dma_write8(e, VA_DATA, AT_ATC, 3);
	want(*a == 2 && *b == 3, "after the invalidation: %llu, %llu", (unsigned long long)*a, (unsigned long long)*b);
	want(invs >= 1, "IOMMU_HWPT_INVALIDATE sent nothing to the device");
	show("user's table changed: the device goes on with its copy; IOMMU_HWPT_INVALIDATE sent %llu device-TLB invalidations, then the new page",
	     (unsigned long long)invs);
}

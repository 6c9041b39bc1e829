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

	p = mem_alloc(4 * host.page);
	q = mem_alloc(4 * host.page);
	ioas = ioas_alloc();
	ioas_map(ioas, IOVA_B, p, 4 * host.page, RW);
	vfio_attach(&e->dev, ioas);
	need_ats(e);
	atc_flush(e);
	misses = er64(e, HWDMA_ATC_MISSES);
	hits = er64(e, HWDMA_ATC_HITS);
	dma_fill(e, IOVA_B, AT_ATC, 4 * host.page, 0x7171717171717171ull);
	want_eq(not_byte(p, 4 * host.page, 0x71), 4 * host.page);
	misses = er64(e, HWDMA_ATC_MISSES) - misses;
	want(misses >= 1 && misses <= 4, "%llu translation requests for four pages", (unsigned long long)misses);
	dma_fill(e, IOVA_B, AT_ATC, 4 * host.page, 0x7272727272727272ull);
	hits = er64(e, HWDMA_ATC_HITS) - hits;
	want(hits >= 4, "%llu hits in the ATC", (unsigned long long)hits);
	want(atc_holds(e, IOVA_B, 0, &entry), "the ATC does not hold %#llx", IOVA_B);

	invs = er64(e, HWDMA_ATC_INVS);
	removed = er64(e, HWDMA_ATC_REMOVED);
	ioas_unmap(ioas, IOVA_B, 4 * host.page);
	invs = er64(e, HWDMA_ATC_INVS) - invs;
	removed = er64(e, HWDMA_ATC_REMOVED) - removed;
	want(invs >= 1, "unmapping sent no invalidation to the device");
	want(removed >= 1, "%llu invalidations removed nothing", (unsigned long long)invs);
	for (unsigned int i = 0; i < 4; i++)
		want(!atc_holds(e, IOVA_B + i * host.page, 0, &entry), "the ATC still holds page %u: %#llx", i,
		     (unsigned long long)entry);
	want_refused(try_write8(e, IOVA_B + 16, AT_ATC, 1), HWDMA_ERR_UNMAPPED, IOVA_B, "write after unmap");
	want_eq(not_byte(p, 4 * host.page, 0x72), 4 * host.page);

	ioas_map(ioas, IOVA_B, q, 4 * host.page, RW);
	dma_fill(e, IOVA_B, AT_ATC, 4 * host.page, 0x7373737373737373ull);
	want_eq(not_byte(q, 4 * host.page, 0x73), 4 * host.page);
	want_eq(not_byte(p, 4 * host.page, 0x72), 4 * host.page);
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

	space_init(&s, IOVA_B, host.page);
	vfio_attach(&e->dev, s.ioas);
	need_ats(e);
	atc_flush(e);
	dma_write8(e, IOVA_B, AT_ATC, 1);
	ew32(e, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_DEAF);
	ioas_unmap(s.ioas, IOVA_B, host.page);
	want_eq(try_write8(e, IOVA_B, AT_ATC, 2), HWDMA_ERR_NONE);
	want_eq(*(uint64_t *)s.p, 2);
	ew32(e, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_FLUSH);
	want_refused(try_write8(e, IOVA_B, AT_ATC, 3), HWDMA_ERR_UNMAPPED, IOVA_B, "write after the flush");
	want_eq(*(uint64_t *)s.p, 2);
	show("a device that ignores invalidations writes to an unmapped page; after a flush it is refused");
}


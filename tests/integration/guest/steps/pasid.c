// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* PASIDs: several address spaces on one function at the same time. */
#include "steps.h"

#define FLAGS	IOMMU_HWPT_ALLOC_PASID

void step_pasid_two_spaces(void)
{
	struct engine *e = engine_get(0);
	struct space rid, a, b;
	uint32_t high;

	need_pasid(e);
	high = (1u << pasid_bits(e)) - 2;
	space_init(&rid, IOVA_A, SZ_64K);
	space_init(&a, IOVA_A, SZ_64K);
	space_init(&b, IOVA_A, SZ_64K);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, rid.ioas, FLAGS, 0));
	vfio_attach_pasid(&e->dev, 5, hwpt_alloc(e->dev.id, a.ioas, FLAGS, 0));
	vfio_attach_pasid(&e->dev, high, hwpt_alloc(e->dev.id, b.ioas, FLAGS, 0));

	dma_fill(e, IOVA_A, 0, 0x3000, 0x1111111111111111ull);
	dma_fill(e, IOVA_A, PASID(5), 0x3000, 0x2222222222222222ull);
	dma_fill(e, IOVA_A, PASID(high), 0x3000, 0x3333333333333333ull);
	want_eq(not_byte(rid.p, 0x3000, 0x11), 0x3000);
	want_eq(not_byte(a.p, 0x3000, 0x22), 0x3000);
	want_eq(not_byte(b.p, 0x3000, 0x33), 0x3000);

	/* One operation, two spaces */
	pattern(a.p + 0x4000, 0x2345, 7);
	dma_copy_attr(e, IOVA_A + 0x8001, PASID(high), IOVA_A + 0x4000, PASID(5), 0x2345);
	want_eq(pattern_diff(b.p + 0x8001, 0x2345, 7), 0x2345);
	want_eq(not_byte(a.p + 0x8000, SZ_64K - 0x8000, 0), SZ_64K - 0x8000);
	want_eq(not_byte(rid.p + 0x4000, SZ_64K - 0x4000, 0), SZ_64K - 0x4000);
	dma_copy_attr(e, IOVA_A + 0xc000, 0, IOVA_A + 0x8001, PASID(high), 0x2345);
	want_eq(pattern_diff(rid.p + 0xc000, 0x2345, 7), 0x2345);
	show("IOVA %#llx is three pages: without PASID, PASID 0x5, PASID %#x; %u bytes copied from one space to the next",
	     IOVA_A, high, 0x2345);
}

void step_pasid_unattached(void)
{
	struct engine *e = engine_get(0);
	const char *reason;
	struct space rid, a;

	need_pasid(e);
	space_init(&rid, IOVA_A, SZ_64K);
	space_init(&a, IOVA_A, SZ_64K);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, rid.ioas, FLAGS, 0));
	vfio_attach_pasid(&e->dev, 5, hwpt_alloc(e->dev.id, a.ioas, FLAGS, 0));
	dma_write8(e, IOVA_A, PASID(5), 1);

	expect_fault();
	want_refused(try_write8(e, IOVA_A, PASID(6), 1), HWDMA_ERR_UNMAPPED, IOVA_A, "PASID never attached");
	reason = got_fault(e, true, 6, IOVA_A, NO_PASID_ENTRY);

	vfio_detach_pasid(&e->dev, 5);
	want_refused(try_write8(e, IOVA_A + 8, PASID(5), 2), HWDMA_ERR_UNMAPPED, IOVA_A, "PASID detached");
	want_eq(*(uint64_t *)(a.p + 8), 0);
	dma_write8(e, IOVA_A, 0, 3);
	want_eq(*(uint64_t *)rid.p, 3);
	show("PASID 0x6 never attached: refused, %s and the PASID; PASID 0x5 after detaching: refused; requests without PASID go on",
	     reason);
}

/* Another address space for a PASID in use: attaching again replaces. */
void step_pasid_replace(void)
{
	struct engine *e = engine_get(0);
	uint32_t hwpt[2];
	struct space rid, s[2];
	const unsigned int rounds = 20;

	need_pasid(e);
	space_init(&rid, IOVA_A, host.page);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, rid.ioas, FLAGS, 0));
	for (unsigned int i = 0; i < 2; i++) {
		space_init(&s[i], IOVA_A, host.page);
		hwpt[i] = hwpt_alloc(e->dev.id, s[i].ioas, FLAGS, 0);
	}
	for (unsigned int i = 0; i < rounds; i++) {
		unsigned int is = i & 1;
		uint64_t other = *(uint64_t *)s[!is].p;

		vfio_attach_pasid(&e->dev, 9, hwpt[is]);
		dma_write8(e, IOVA_A, PASID(9), i + 1);
		want_eq(*(uint64_t *)s[is].p, i + 1);
		want_eq(*(uint64_t *)s[!is].p, other);
	}
	want_eq(*(uint64_t *)rid.p, 0);
	show("%u replacements on PASID 0x9, each write in the space attached at the time", rounds);
}

/* Translations held by the device are per PASID, and so are the invalidations. */
void step_pasid_ats(void)
{
	struct engine *e = engine_get(0);
	struct space rid, a, b;
	uint64_t entry;

	need_pasid(e);
	space_init(&rid, IOVA_A, host.page);
	space_init(&a, IOVA_B, host.page);
	space_init(&b, IOVA_B, host.page);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, rid.ioas, FLAGS, 0));
	vfio_attach_pasid(&e->dev, 5, hwpt_alloc(e->dev.id, a.ioas, FLAGS, 0));
	vfio_attach_pasid(&e->dev, 6, hwpt_alloc(e->dev.id, b.ioas, FLAGS, 0));
	need_ats(e);
	atc_flush(e);
	dma_write8(e, IOVA_B, PASID(5) | AT_ATC, 1);
	dma_write8(e, IOVA_B, PASID(6) | AT_ATC, 2);
	want_eq(*(uint64_t *)a.p, 1);
	want_eq(*(uint64_t *)b.p, 2);
	want(atc_holds(e, IOVA_B, PASID(5), &entry), "the ATC holds nothing for PASID 5");
	want(atc_holds(e, IOVA_B, PASID(6), &entry), "the ATC holds nothing for PASID 6");
	ioas_unmap(a.ioas, IOVA_B, host.page);
	want(!atc_holds(e, IOVA_B, PASID(5), &entry), "the ATC still holds PASID 5: %#llx", (unsigned long long)entry);
	want(atc_holds(e, IOVA_B, PASID(6), &entry), "unmapping in one space took the other's entry");
	want_eq(try_write8(e, IOVA_B, PASID(5) | AT_ATC, 3), HWDMA_ERR_UNMAPPED);
	dma_write8(e, IOVA_B, PASID(6) | AT_ATC, 4);
	want_eq(*(uint64_t *)a.p, 1);
	want_eq(*(uint64_t *)b.p, 4);
	vfio_detach_pasid(&e->dev, 6);
	want(!atc_holds(e, IOVA_B, PASID(6), &entry), "the ATC still holds PASID 6 after detaching it");
	want(try_write8(e, IOVA_B, PASID(6) | AT_ATC, 5) != HWDMA_ERR_NONE, "PASID 6 passes after detaching it");
	want_eq(*(uint64_t *)b.p, 4);
	show("entries of PASIDs 0x5 and 0x6 in the ATC: unmapping in one space removes its entry only, detaching the other's too");
}

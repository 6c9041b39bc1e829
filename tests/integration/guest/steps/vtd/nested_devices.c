// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* First-stage tables of this process and what a device adds: PASIDs, page requests, translations it holds. */
#include "nest.h"

#define FLAGS	IOMMU_HWPT_ALLOC_PASID
#define ATTR	(HWDMA_ATTR_AT_ATC | HWDMA_ATTR_PRI)

void step_vtd_pasid_nested(void)
{
	struct engine *e = engine_get(0);
	struct s1 second;
	struct space rid;
	struct nest n;
	void *tables;
	uint32_t h1, h2;
	uint8_t *stale;

	need_nesting();
	need_pasid(e);
	space_init(&rid, IOVA_A, SZ_4K);
	nest_init(&n, e, 4, 4 * SZ_4K, 0);
	tables = mem_alloc(8 * SZ_4K);
	ioas_map(n.ioas, GPA_TABLES + SZ_2M, tables, 8 * SZ_4K, RW);
	s1_init(&second, 4, GPA_TABLES + SZ_2M, tables, 8 * SZ_4K);
	s1_map(&n.s1, VA_DATA, GPA_DATA, 12, S1_RW);
	s1_map(&second, VA_DATA, GPA_DATA + 2 * SZ_4K, 12, S1_RW);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, rid.ioas, FLAGS, 0));
	h1 = hwpt_alloc_s1(e->dev.id, n.parent, n.s1.gpa, 48, FLAGS, 0);
	h2 = hwpt_alloc_s1(e->dev.id, n.parent, second.gpa, 48, FLAGS, 0);
	vfio_attach_pasid(&e->dev, 0x21, h1);
	vfio_attach_pasid(&e->dev, 0x22, h2);

	pattern(n.data, SZ_4K, 77);
	dma_copy_attr(e, VA_DATA, PASID(0x22), VA_DATA, PASID(0x21), SZ_4K);
	want_eq(pattern_diff(n.data + 2 * SZ_4K, SZ_4K, 77), SZ_4K);

	/* Invalidation of one user's table leaves the other's stale entry alone. */
	s1_map(&n.s1, VA_DATA, GPA_DATA + SZ_4K, 12, S1_RW);
	s1_map(&second, VA_DATA, GPA_DATA + 3 * SZ_4K, 12, S1_RW);
	hwpt_invalidate(h1, VA_DATA, 1);
	dma_fill(e, VA_DATA, PASID(0x21), 64, 0x4141414141414141ull);
	want_eq(not_byte(n.data + SZ_4K, 64, 0x41), 64);
	dma_fill(e, VA_DATA, PASID(0x22), 64, 0x4242424242424242ull);
	stale = n.data + (host.one_entry_caches ? 3 : 2) * SZ_4K;	/* the other PASID's entry has pushed it out */
	want_eq(not_byte(stale, 64, 0x42), 64);
	if (!host.one_entry_caches)
		want_eq(not_byte(n.data + 3 * SZ_4K, 64, 0), 64);
	hwpt_invalidate(h2, VA_DATA, 1);
	dma_fill(e, VA_DATA, PASID(0x22), 64, 0x4343434343434343ull);
	want_eq(not_byte(n.data + 3 * SZ_4K, 64, 0x43), 64);
	show("two users' tables over one parent on PASIDs 0x21 and 0x22: one address, two pages; invalidating one leaves the other %s",
	     host.one_entry_caches ? "to be evicted: nothing stale with one entry" : "stale until its own");
}

void step_vtd_page_request_nested(void)
{
	struct engine *e = engine_get(0);
	struct iommu_hwpt_pgfault f;
	uint32_t queue, hwpt;
	struct space rid;
	struct nest n;
	int fd;

	need_nesting();
	need_pasid(e);
	need_pri(e);
	space_init(&rid, IOVA_A, SZ_4K);
	nest_init(&n, e, 4, 4 * SZ_4K, 0);
	queue = fault_queue_alloc(&fd);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, rid.ioas, IOMMU_HWPT_ALLOC_PASID, 0));
	hwpt = hwpt_alloc_s1(e->dev.id, n.parent, n.s1.gpa, 48, IOMMU_HWPT_ALLOC_PASID, queue);
	vfio_attach_pasid(&e->dev, 0x33, hwpt);
	start_fill(e, VA_DATA + 0x10, ATTR | PASID(0x33), 2 * SZ_4K, 0x6464646464646464ull);
	for (unsigned int i = 0; i < 3; i++) {
		next_request(fd, &f, e, VA_DATA + i * SZ_4K, 0x33);
		s1_map(&n.s1, VA_DATA + i * SZ_4K, GPA_DATA + (3 - i) * SZ_4K, 12, S1_RW);
		fault_respond(fd, f.cookie, IOMMUFD_PAGE_RESP_SUCCESS);
	}
	finish(e, "fill through the user's table");
	want_eq(not_byte(n.data + 3 * SZ_4K + 0x10, SZ_4K - 0x10, 0x64), SZ_4K - 0x10);
	want_eq(not_byte(n.data + 2 * SZ_4K, SZ_4K, 0x64), SZ_4K);
	want_eq(not_byte(n.data + SZ_4K, 0x10, 0x64), 0x10);
	show("pages missing in a user's table on PASID 0x33: 3 requests with the PASID, entries written, DMA resumed");
}

/* A user's table changes: IOMMU_HWPT_INVALIDATE must reach the device's copy of the nested translation as well. */
void step_vtd_ats_nested(void)
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

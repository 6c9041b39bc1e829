// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A first-stage table owned by this process over a nesting parent: IOMMU_HWPT_DATA_VTD_S1. */
#include <string.h>

#include "nest.h"

static uint32_t attach_s1(struct nest *n)
{
	uint32_t hwpt = hwpt_alloc_s1(n->e->dev.id, n->parent, n->s1.gpa, n->s1.levels == 5 ? 57 : 48, 0, 0);

	vfio_attach(&n->e->dev, hwpt);
	return hwpt;
}

void step_vtd_nested_copy(void)
{
	struct engine *e = engine_get(0);
	struct nest n;
	uint64_t leaf_src, leaf_dst, root;

	need_nesting();
	nest_init(&n, e, 4, SZ_64K, 0);
	/* Pages in reversed order, so that neither stage alone gives the right place. */
	for (unsigned int i = 0; i < 16; i++)
		s1_map(&n.s1, VA_DATA + i * SZ_4K, GPA_DATA + (15 - i) * SZ_4K, 12, S1_RW);
	attach_s1(&n);
	for (unsigned int i = 0; i < 8; i++)
		pattern(n.data + (15 - i) * SZ_4K, SZ_4K, 100 + i);
	dma_copy(e, VA_DATA + 8 * SZ_4K, VA_DATA, 8 * SZ_4K);
	for (unsigned int i = 0; i < 8; i++)
		want_eq(pattern_diff(n.data + (7 - i) * SZ_4K, SZ_4K, 100 + i), SZ_4K);
	leaf_src = *s1_entry(&n.s1, VA_DATA, 1);
	leaf_dst = *s1_entry(&n.s1, VA_DATA + 8 * SZ_4K, 1);
	root = *s1_entry(&n.s1, VA_DATA, 4);
	want_eq(leaf_src & (S1_A | S1_D), S1_A);
	want_eq(leaf_dst & (S1_A | S1_D), S1_A | S1_D);
	want(root & S1_A, "the root entry used is not marked accessed: %#llx", (unsigned long long)root);
	show("32 KiB copied by addresses of a user's 4-level table, GPAs in reversed order; A and D set: read page %#llx, written page %#llx",
	     (unsigned long long)leaf_src, (unsigned long long)leaf_dst);
}

void step_vtd_nested_large_page(void)
{
	struct engine *e = engine_get(0);
	struct nest n;
	const size_t len = SZ_2M;

	need_nesting();
	nest_init(&n, e, 4, len, 0);
	s1_map(&n.s1, VA_DATA & ~(SZ_2M - 1), GPA_DATA, 21, S1_RW);
	attach_s1(&n);
	pattern(n.data, SZ_64K, 4);
	dma_copy(e, (VA_DATA & ~(SZ_2M - 1)) + len - SZ_64K - 123, VA_DATA & ~(SZ_2M - 1), SZ_64K);
	want_eq(pattern_diff(n.data + len - SZ_64K - 123, SZ_64K, 4), SZ_64K);
	show("64 KiB copied within a 2 MiB first-stage page over 4 KiB second-stage pages");
}

void step_vtd_nested_stale(void)
{
	struct engine *e = engine_get(0);
	struct nest n;
	uint32_t hwpt;
	uint64_t *a, *b;

	need_nesting();
	nest_init(&n, e, 4, 4 * SZ_4K, 0);
	a = (void *)n.data;
	b = (void *)(n.data + SZ_4K);
	s1_map(&n.s1, VA_DATA, GPA_DATA, 12, S1_RW);
	hwpt = attach_s1(&n);
	dma_write8(e, VA_DATA, 0, 1);
	want_eq(*a, 1);

	/* The table changes, the hardware is not told: it goes on with what it knows. */
	s1_map(&n.s1, VA_DATA, GPA_DATA + SZ_4K, 12, S1_RW);
	dma_write8(e, VA_DATA, 0, 2);
	want(*a == 2 && *b == 0, "without invalidation: page A holds %llu, page B %llu", (unsigned long long)*a,
	     (unsigned long long)*b);

	hwpt_invalidate(hwpt, VA_DATA, 1);
	dma_write8(e, VA_DATA, 0, 3);
	want(*a == 2 && *b == 3, "with invalidation: page A holds %llu, page B %llu", (unsigned long long)*a,
	     (unsigned long long)*b);

	/* The same with all of it invalidated at once */
	s1_map(&n.s1, VA_DATA, GPA_DATA, 12, S1_RW);
	dma_write8(e, VA_DATA, 0, 4);
	want(*a == 2 && *b == 4, "stale again: page A holds %llu, page B %llu", (unsigned long long)*a,
	     (unsigned long long)*b);
	hwpt_invalidate(hwpt, 0, ~0ull);
	dma_write8(e, VA_DATA, 0, 5);
	want(*a == 5 && *b == 4, "all invalidated: page A holds %llu, page B %llu", (unsigned long long)*a,
	     (unsigned long long)*b);
	show("table entry changed: writes still reach the old page; after IOMMU_HWPT_INVALIDATE of one page, then of all, the new one");
}

void step_vtd_nested_refused(void)
{
	struct engine *e = engine_get(0);
	const char *s1_reason, *s2_reason;
	struct nest n;
	uint64_t v;

	need_nesting();
	nest_init(&n, e, 4, 2 * SZ_4K, 0);
	s1_map(&n.s1, VA_DATA, GPA_DATA, 12, S1_RW);
	s1_map(&n.s1, VA_DATA + 2 * SZ_4K, GPA_DATA + 2 * SZ_4K, 12, S1_RW);	/* not mapped by the parent */
	attach_s1(&n);
	dma_write8(e, VA_DATA, 0, 1);

	expect_fault();
	want_refused(try_write8(e, VA_DATA + SZ_4K, 0, 1), HWDMA_ERR_UNMAPPED, VA_DATA + SZ_4K, "first-stage hole");
	s1_reason = got_fault(e, true, NO_PASID, VA_DATA + SZ_4K, S1_NOT_PRESENT);
	expect_fault();
	want_refused(try_read8(e, VA_DATA + 2 * SZ_4K, 0, &v), HWDMA_ERR_UNMAPPED, VA_DATA + 2 * SZ_4K,
		     "second-stage hole");
	s2_reason = got_fault(e, false, NO_PASID, VA_DATA + 2 * SZ_4K, S2_NOT_PRESENT);
	want_eq(dma_read8(e, VA_DATA, 0), 1);
	show("hole in the user's table: %s; table leads to a GPA without memory: %s; both with the device's address",
	     s1_reason, s2_reason);
}

void step_vtd_nested_5level(void)
{
	const uint64_t high = 0x00aa001234567000ull;	/* needs 57 bits */
	struct engine *e = engine_get(0);
	char mode[32];
	struct nest n;

	need_nesting();
	if (!CAP_FS5LP(vtd.cap)) {
		want(!cmdline_get("hwi.mode", mode, sizeof(mode)) || strcmp(mode, "5level"),
		     "CAP %#llx has no FS5LP in 5-level mode", (unsigned long long)vtd.cap);
		skip("this mode's unit has 4-level first stage only (CAP.FS5LP = 0)");
	}
	nest_init(&n, e, 5, 4 * SZ_4K, 0);
	s1_map(&n.s1, high, GPA_DATA, 12, S1_RW);
	s1_map(&n.s1, high + SZ_4K, GPA_DATA + 3 * SZ_4K, 12, S1_RW);
	attach_s1(&n);
	pattern(n.data, SZ_4K, 55);
	dma_copy(e, high + SZ_4K, high, SZ_4K);
	want_eq(pattern_diff(n.data + 3 * SZ_4K, SZ_4K, 55), SZ_4K);
	want(*s1_entry(&n.s1, high, 5) & S1_A, "level-5 entry not marked accessed");
	show("4 KiB copied from %#llx to %#llx through five levels of a user's table", (unsigned long long)high,
	     (unsigned long long)(high + SZ_4K));
}

/* The flags of IOMMU_HWPT_DATA_VTD_S1: supervisor requests, write protection of them, extended accessed bit. */
void step_vtd_nested_flags(void)
{
	struct engine *e = engine_get(0);
	const uint32_t user = PASID(0x41), super = PASID(0x41) | HWDMA_ATTR_PRIV;
	const uint64_t supervisor_page = VA_DATA, readonly_page = VA_DATA + SZ_4K;
	static const uint64_t flags[] = {
		0, IOMMU_VTD_S1_SRE, IOMMU_VTD_S1_SRE | IOMMU_VTD_S1_WPE, IOMMU_VTD_S1_EAFE,
	};
	uint32_t hwpt[ARRAY_SIZE(flags)];
	struct space rid;
	struct nest n;
	uint64_t v;

	need_nesting();
	need_pasid(e);
	space_init(&rid, IOVA_A, SZ_4K);
	nest_init(&n, e, 4, 2 * SZ_4K, 0);
	s1_map(&n.s1, supervisor_page, GPA_DATA, 12, S1_RW);
	*s1_entry(&n.s1, supervisor_page, 1) &= ~S1_US;
	s1_map(&n.s1, readonly_page, GPA_DATA + SZ_4K, 12, 0);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, rid.ioas, IOMMU_HWPT_ALLOC_PASID, 0));
	for (unsigned int i = 0; i < ARRAY_SIZE(flags); i++) {
		int rc = try_hwpt_alloc_s1(e->dev.id, n.parent, n.s1.gpa, 48, flags[i], IOMMU_HWPT_ALLOC_PASID, 0,
					   &hwpt[i]);

		want(!rc, "IOMMU_HWPT_ALLOC with VTD_S1 flags %#llx: errno %d", (unsigned long long)flags[i], -rc);
	}

	vfio_attach_pasid(&e->dev, 0x41, hwpt[0]);
	want_eq(try_read8(e, supervisor_page, super, &v), HWDMA_ERR_UNMAPPED);
	want_eq(try_read8(e, readonly_page, user, &v), HWDMA_ERR_NONE);

	vfio_attach_pasid(&e->dev, 0x41, hwpt[1]);
	want_eq(try_write8(e, supervisor_page, super, 7), HWDMA_ERR_NONE);
	want_eq(*(uint64_t *)n.data, 7);
	want_eq(try_read8(e, supervisor_page, user, &v), HWDMA_ERR_NO_PERMISSION);
	want_eq(try_write8(e, readonly_page, super, 8), HWDMA_ERR_NONE);
	want_eq(try_write8(e, readonly_page, user, 9), HWDMA_ERR_NO_PERMISSION);

	vfio_attach_pasid(&e->dev, 0x41, hwpt[2]);
	want_eq(try_write8(e, readonly_page, super, 10), HWDMA_ERR_NO_PERMISSION);
	want_eq(*(uint64_t *)(n.data + SZ_4K), 8);
	want(!(*s1_entry(&n.s1, readonly_page, 1) & S1_EA), "EA set without EAFE");

	vfio_attach_pasid(&e->dev, 0x41, hwpt[3]);
	want_eq(try_read8(e, readonly_page, user, &v), HWDMA_ERR_NONE);
	want(*s1_entry(&n.s1, readonly_page, 1) & S1_EA, "EA not set with EAFE");
	show("no flag: supervisor requests refused; SRE: they pass, user requests keep out of supervisor pages; WPE: read-only pages hold for them; EAFE: EA set");
}

/* Dirty tracking of the nesting parent: by GPA, whatever the user's table does. */
void step_vtd_nested_dirty(void)
{
	struct engine *e = engine_get(0);
	uint64_t bitmap = 0, tables = 0, expected = 0;
	struct nest n;

	need_nesting();
	nest_init(&n, e, 4, SZ_64K, IOMMU_HWPT_ALLOC_DIRTY_TRACKING);
	for (unsigned int i = 0; i < 16; i++)
		s1_map(&n.s1, VA_DATA + i * SZ_4K, GPA_DATA + (15 - i) * SZ_4K, 12, S1_RW);
	attach_s1(&n);
	dma_fill(e, VA_DATA, 0, SZ_64K, 0);
	hwpt_dirty_tracking(n.parent, true);
	hwpt_dirty_bitmap(n.parent, GPA_DATA, SZ_64K, &bitmap, true);
	for (unsigned int i = 0; i < 16; i++) {
		if (i % 3 == 1) {
			dma_write8(e, VA_DATA + i * SZ_4K, 0, i);
			expected |= 1ull << (15 - i);
		} else {
			(void)dma_read8(e, VA_DATA + i * SZ_4K, 0);
		}
	}
	bitmap = 0;
	hwpt_dirty_bitmap(n.parent, GPA_DATA, SZ_64K, &bitmap, true);
	want(bitmap == expected, "dirty pages %#llx, written %#llx", (unsigned long long)bitmap,
	     (unsigned long long)expected);
	hwpt_dirty_bitmap(n.parent, GPA_TABLES, 16 * SZ_4K, &tables, true);
	hwpt_dirty_tracking(n.parent, false);
	show("pages of the guest written through a user's table: bitmap %#llx as expected; its table pages: %#llx of %u",
	     (unsigned long long)bitmap, (unsigned long long)tables, n.s1.used);
}

/* A random entry: to tables, data, itself, interrupt range, nowhere, too far; any low and high bits. */
static uint64_t garbage(struct nest *n)
{
	static const uint64_t far[] = { 0xfee00000, 0xfed90000, 0, GPA_DATA - SZ_4K, 1ull << 45, 0x000ffffffffff000ull };
	uint64_t low = rnd() & 0xfff, high = rnd() % 8 ? 0 : (uint64_t)rnd() << 52, target;

	switch (rnd() % 8) {
	case 0 ... 3:
		target = n->s1.gpa + rnd() % n->s1.pages * SZ_4K;
		break;
	case 4 ... 5:
		target = GPA_DATA + rnd() % (n->data_len / SZ_4K) * SZ_4K;
		break;
	case 6:
		target = far[rnd() % ARRAY_SIZE(far)];
		break;
	default:
		return (uint64_t)rnd() << 32 | rnd();
	}
	/* Mostly present, writable, for users and a table, or no walk would get far. */
	if (rnd() % 4)
		low = (low & ~S1_PS) | S1_P | S1_RW | S1_US;
	return target | low | high;
}

/* What a user may put into a table is the hardware's problem: refused or within the parent, never worse. */
void step_vtd_nested_garbage(void)
{
	struct engine *e = engine_get(0);
	const unsigned int tables = 25, tries = 40;
	unsigned int passed = 0, refused = 0;
	uint8_t *outside = mem_alloc(SZ_64K);
	uint64_t v;
	uint32_t hwpt;
	struct nest n;

	need_nesting();
	memset(outside, 0x5a, SZ_64K);
	nest_init(&n, e, 4, 4 * SZ_4K, 0);
	hwpt = attach_s1(&n);
	for (unsigned int t = 0; t < tables; t++) {
		for (unsigned int p = 0; p < n.s1.pages; p++)
			for (unsigned int i = 0; i < 512; i++)
				n.s1.page[p][i] = garbage(&n);
		hwpt_invalidate(hwpt, 0, ~0ull);
		for (unsigned int i = 0; i < tries; i++) {
			uint64_t va = ((uint64_t)rnd() << 32 | rnd()) & 0xffffffffffffull;
			unsigned int err;

			if (va >> 47 && rnd() % 8)
				va |= 0xffff000000000000ull;
			err = i & 1 ? try_write8(e, va & ~7ull, 0, va) : try_read8(e, va & ~7ull, 0, &v);
			want(err == HWDMA_ERR_NONE || err == HWDMA_ERR_UNMAPPED || err == HWDMA_ERR_NO_PERMISSION,
			     "garbage table: %s",
			     engine_error(err));
			if (err)
				refused++;
			else
				passed++;
		}
	}
	want_eq(not_byte(outside, SZ_64K, 0x5a), SZ_64K);
	s1_init(&n.s1, 4, n.s1.gpa, n.s1.page, n.s1.pages * SZ_4K);
	s1_map(&n.s1, VA_DATA, GPA_DATA + SZ_4K, 12, S1_RW);
	hwpt_invalidate(hwpt, 0, ~0ull);
	dma_write8(e, VA_DATA, 0, 0x77);
	want_eq(*(uint64_t *)(n.data + SZ_4K), 0x77);
	show("%u random tables, %u requests: %u refused, %u within the parent's memory; then a sound table, and it works",
	     tables, tables * tries, refused, passed);
}

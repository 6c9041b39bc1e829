// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Stage-1 tables of this process over a nesting parent: a virtual SMMU, a virtual STE, context descriptors. */
#include <errno.h>
#include <string.h>

#include "vsmmu.h"

void step_smmuv3_nested_copy(void)
{
	struct engine *e = engine_get(0);
	struct vsmmu n;

	need_nesting();
	vsmmu_init(&n, e, 12, SZ_64K);
	/* Pages in reversed order, so that neither stage alone gives the right place. */
	for (unsigned int i = 0; i < 16; i++)
		stage1_map(&n.s1, VA_DATA + i * SZ_4K, GPA_DATA + (15 - i) * SZ_4K, 3, S1_RW_PAGE);
	attach_nested(&n, vste_s1(0, 0, false));
	for (unsigned int i = 0; i < 8; i++)
		pattern(n.data + (15 - i) * SZ_4K, SZ_4K, 100 + i);
	dma_copy(e, VA_DATA + 8 * SZ_4K, VA_DATA, 8 * SZ_4K);
	for (unsigned int i = 0; i < 8; i++)
		want_eq(pattern_diff(n.data + (7 - i) * SZ_4K, SZ_4K, 100 + i), SZ_4K);
	show("virtual STE with a user's context descriptor and 4-level table: 32 KiB copied, GPAs in reversed order, vSID %#x of StreamID %#x",
	     VSID, smmuv3_sid(&e->dev));
}

/* Each granule of the unit, pages and blocks of level 2 */
void step_smmuv3_nested_granules(void)
{
	struct engine *e = engine_get(0);
	const struct { unsigned int shift; bool have; } g[] = {
		{ 12, IDR5_GRAN4K(smmuv3.idr[5]) }, { 14, IDR5_GRAN16K(smmuv3.idr[5]) },
		{ 16, IDR5_GRAN64K(smmuv3.idr[5]) },
	};
	struct vsmmu n;

	need_nesting();
	for (unsigned int i = 0; i < ARRAY_SIZE(g); i++) {
		uint64_t page = 1ull << g[i].shift, block, va;

		if (!g[i].have)
			continue;
		vsmmu_init(&n, e, g[i].shift, 4 * SZ_64K);
		stage1_map(&n.s1, VA_DATA, GPA_DATA + 3 * page, 3, S1_RW_PAGE);
		block = 1ull << stage1_level_shift(&n.s1, 2);
		va = (VA_DATA + 2 * block) & ~(block - 1);
		stage1_map(&n.s1, va, GPA_DATA, 2, S1_RW_PAGE);	/* GPA_DATA is aligned to the largest, 512 MiB */
		attach_nested(&n, vste_s1(0, 0, false));
		pattern(n.data + 3 * page, page, i + 1);
		dma_copy(e, va, VA_DATA, page);
		want_eq(pattern_diff(n.data, page, i + 1), page);
		show("a page of %llu KiB to a block of %llu MiB", (unsigned long long)page >> 10,
		     (unsigned long long)block >> 20);
		vfio_detach(&e->dev);
		destroy(n.vdevice);
	}
	show("over pages of %zu KiB of stage 2", host.page >> 10);
}

/* A table entry changes, the hardware is not told: it goes on with what it knows, until a command that covers it. */
void step_smmuv3_nested_stale(void)
{
	struct engine *e = engine_get(0);
	unsigned int ril = IDR3_RIL(smmuv3.idr[3]);
	const struct { struct cmd c; bool covers; const char *name; } t[] = {
		{ cmd_tlbi_nh_va(ASID + 1, VA_DATA, true), false, "TLBI_NH_VA of another ASID" },
		{ cmd_tlbi_nh_va(ASID, VA_DATA + SZ_4K, true), false, "TLBI_NH_VA of another page" },
		{ cmd_tlbi_nh_va(ASID, VA_DATA, true), true, "TLBI_NH_VA" },
		{ cmd_tlbi_nh_asid(ASID + 1), false, "TLBI_NH_ASID of another ASID" },
		{ cmd_tlbi_nh_asid(ASID), true, "TLBI_NH_ASID" },
		{ cmd_tlbi_nh_vaa(VA_DATA, true), true, "TLBI_NH_VAA" },
		{ cmd_tlbi_nh_all(), true, "TLBI_NH_ALL" },
		{ cmd_tlbi_nsnh_all(), true, "TLBI_NSNH_ALL" },
		{ cmd_range_4k(cmd_tlbi_nh_va(ASID, VA_DATA + SZ_4K, true), 3, 0, 3), false, "a range beside it" },
		{ cmd_range_4k(cmd_tlbi_nh_va(ASID, VA_DATA - 2 * SZ_4K, true), 1, 1, 3), true, "a range of 4 pages" },
	};
	unsigned int stale = 0;
	uint64_t *page[2], v = 0;
	struct vsmmu n;

	need_nesting();
	vsmmu_init(&n, e, 12, 2 * SZ_4K);
	for (unsigned int i = 0; i < 2; i++)
		page[i] = (void *)(n.data + i * SZ_4K);
	stage1_map(&n.s1, VA_DATA, GPA_DATA, 3, S1_RW_PAGE);
	attach_nested(&n, vste_s1(0, 0, false));
	dma_write8(e, VA_DATA, 0, ++v);
	want_eq(*page[0], v);
	for (unsigned int i = 0, at = 0; i < ARRAY_SIZE(t); i++) {
		if (i >= ARRAY_SIZE(t) - 2 && !ril)
			continue;
		stage1_map(&n.s1, VA_DATA, GPA_DATA + !at * SZ_4K, 3, S1_RW_PAGE);
		dma_write8(e, VA_DATA, 0, ++v);
		want(*page[at] == v, "without invalidation, before %s: old page %llu, new page %llu, written %llu",
		     t[i].name, (unsigned long long)*page[at], (unsigned long long)*page[!at], (unsigned long long)v);
		stale++;
		vsmmu_invalidate_one(&n, t[i].c);
		dma_write8(e, VA_DATA, 0, ++v);
		want(*page[t[i].covers ? !at : at] == v, "after %s: old page %llu, new page %llu, written %llu", t[i].name,
		     (unsigned long long)*page[at], (unsigned long long)*page[!at], (unsigned long long)v);
		if (t[i].covers)
			at = !at;
		else
			stage1_map(&n.s1, VA_DATA, GPA_DATA + at * SZ_4K, 3, S1_RW_PAGE);
	}
	show("%u times a stage-1 entry changed and writes still reached the old page; by TLBI_NH_VA, _ASID, _VAA, _ALL, NSNH_ALL%s through the virtual SMMU the new one; commands for others leave it",
	     stale, ril ? ", a range" : "");
}

/* The context descriptor names another table: seen after CFGI_CD, whatever TLBIs came before. */
void step_smmuv3_nested_cd(void)
{
	struct engine *e = engine_get(0);
	struct stage1 second;
	struct vsmmu n;
	uint64_t *a, *b;
	int events;

	need_nesting();
	vsmmu_init(&n, e, 12, 2 * SZ_4K);
	veventq_alloc(n.viommu, IOMMU_VEVENTQ_TYPE_ARM_SMMUV3, 16, &events);
	a = (void *)n.data;
	b = (void *)(n.data + SZ_4K);
	stage1_init(&second, 12, GPA_TABLES + TABLES_LEN / 2, n.s1.mem + TABLES_LEN / 2, TABLES_LEN / 2);
	stage1_map(&n.s1, VA_DATA, GPA_DATA, 3, S1_RW_PAGE);
	stage1_map(&second, VA_DATA, GPA_DATA + SZ_4K, 3, S1_RW_PAGE);
	attach_nested(&n, vste_s1(0, 0, false));
	dma_write8(e, VA_DATA, 0, 1);
	want_eq(*a, 1);
	cd_write(n.cd[0], &second, ASID + 1, IDR5_OAS(smmuv3.idr[5]), 0);
	dma_write8(e, VA_DATA, 0, 2);
	vsmmu_invalidate_one(&n, cmd_tlbi_nh_all());
	dma_write8(e, VA_DATA, 0, 3);
	want(*a == 3 && !*b, "without CFGI_CD: first table's page %llu, second's %llu", (unsigned long long)*a,
	     (unsigned long long)*b);
	vsmmu_invalidate_one(&n, cmd_cfgi_cd(VSID, 0, true));
	dma_write8(e, VA_DATA, 0, 4);
	want(*a == 3 && *b == 4, "after CFGI_CD: first table's page %llu, second's %llu", (unsigned long long)*a,
	     (unsigned long long)*b);

	/* Not valid any more: the same, then C_BAD_CD. */
	n.cd[0][0] &= ~CD_V;
	dma_write8(e, VA_DATA, 0, 5);
	want_eq(*b, 5);
	vsmmu_invalidate_one(&n, cmd_cfgi_cd_all(VSID));
	want_refused(try_write8(e, VA_DATA, 0, 6), HWDMA_ERR_UNMAPPED, VA_DATA, "write without a valid descriptor");
	want_eq(*b, 5);
	next_vevent(events, 0, &(struct event){ .code = C_BAD_CD, .sid = VSID, .pasid = NO_PASID });
	cd_write(n.cd[0], &second, ASID + 1, IDR5_OAS(smmuv3.idr[5]), 0);
	vsmmu_invalidate_one(&n, cmd_cfgi_cd(VSID, 0, true));
	dma_write8(e, VA_DATA, 0, 7);
	want_eq(*b, 7);
	show("descriptor with another table and ASID: unseen until CFGI_CD; V cleared: unseen until CFGI_CD_ALL, then C_BAD_CD with the virtual StreamID; valid again: works");
}

void step_smmuv3_nested_bypass_abort(void)
{
	struct engine *e = engine_get(0);
	struct iommu_vevent_arm_smmuv3 v;
	struct iommufd_vevent_header h;
	struct vsmmu n;
	int events;

	need_nesting();
	vsmmu_init(&n, e, 12, SZ_4K);
	veventq_alloc(n.viommu, IOMMU_VEVENTQ_TYPE_ARM_SMMUV3, 16, &events);
	stage1_map(&n.s1, VA_DATA, GPA_DATA, 3, S1_RW_PAGE);
	attach_nested(&n, vste_config(4));
	dma_write8(e, GPA_DATA, 0, 1);
	want_eq(*(uint64_t *)n.data, 1);
	attach_nested(&n, vste_config(0));
	want_refused(try_write8(e, GPA_DATA, 0, 2), HWDMA_ERR_UNMAPPED, GPA_DATA, "write under Config = abort");
	attach_nested(&n, (struct vste){ { 0 } });
	want_refused(try_write8(e, GPA_DATA, 0, 3), HWDMA_ERR_UNMAPPED, GPA_DATA, "write under V = 0");
	want_eq(*(uint64_t *)n.data, 1);
	attach_nested(&n, vste_s1(0, 0, false));
	dma_write8(e, VA_DATA, 0, 4);
	want_eq(*(uint64_t *)n.data, 4);
	want(!vevent_read(events, &h, &v, sizeof(v), 50), "event %#llx of an STE that aborts",
	     (unsigned long long)v.evt[0]);
	show("virtual STE: bypass writes by GPA; abort and V = 0 are refused without an event; stage 1 then translates");
}

/* What the virtual STE may not say, and a command that the virtual SMMU may not have: the kernel's answer, no harm done. */
void step_smmuv3_nested_limits(void)
{
	static const struct { uint64_t w0, w1; } bad[] = {
		{ 6 << 1, 0 }, { 7 << 1, 0 },			/* Config: stage 2 is the parent's */
		{ 1ull << 56, 0 }, { 0, 1ull << 19 },		/* reserved; MEV */
		{ 0, 2ull << 28 }, { 0, 1ull << 30 },		/* EATS: split stage; STRW */
	};
	const struct cmd foreign[] = {
		{ { 0x03 | (uint64_t)VSID << 32 } },		/* CFGI_STE */
		{ { 0x46 } }, { { 0x28 } },			/* CMD_SYNC, TLBI_S12_VMALL */
		cmd_cfgi_cd(VSID + 1, 0, true),			/* no such virtual device */
		cmd_range_4k(cmd_tlbi_nh_va(ASID, VA_DATA, true), 0, 0, 0),	/* reserved, §4.4.1.1 */
	};
	struct engine *e = engine_get(0);
	struct cmd batch[3];
	struct vsmmu n;
	uint32_t id, done;
	int rc;

	need_nesting();
	vsmmu_init(&n, e, 12, SZ_4K);
	stage1_map(&n.s1, VA_DATA, GPA_DATA, 3, S1_RW_PAGE);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		struct vste s = vste_s1(0, 0, false);

		if (bad[i].w0 && bad[i].w0 < 16)
			s.w[0] &= ~0xeull;
		s.w[0] |= bad[i].w0;
		s.w[1] |= bad[i].w1;
		rc = try_nested(&n, s, 0, &id);
		want(rc == -EIO, "virtual STE %#llx %#llx: %s", (unsigned long long)s.w[0], (unsigned long long)s.w[1],
		     strerror(-rc));
	}
	attach_nested(&n, vste_s1(0, 0, false));
	for (unsigned int i = 0; i < ARRAY_SIZE(foreign); i++) {
		batch[0] = batch[2] = cmd_tlbi_nh_all();
		batch[1] = foreign[i];
		done = 3;
		rc = try_invalidate(n.viommu, IOMMU_VIOMMU_INVALIDATE_DATA_ARM_SMMUV3, batch, sizeof(batch[0]), &done);
		want(rc == -EIO && done <= 1, "command %#llx %#llx: %s, %u handled", (unsigned long long)foreign[i].w[0],
		     (unsigned long long)foreign[i].w[1], strerror(-rc), done);
	}
	dma_write8(e, VA_DATA, 0, 1);
	want_eq(*(uint64_t *)n.data, 1);
	show("%zu virtual STEs and %zu commands beyond a virtual SMMU's rights: EIO, and DMA goes on", ARRAY_SIZE(bad),
	     ARRAY_SIZE(foreign));
}

/* The user's descriptors one for each PASID, in a two-level table: address spaces of the user, no call of the kernel's. */
void step_smmuv3_nested_pasid(void)
{
	static const uint32_t pasids[] = { 1, 0x41, 0x1ff };
	struct engine *e = engine_get(0);
	unsigned int cdmax = 9, fmt;
	struct stage1 s1[3];
	struct vsmmu n;
	uint64_t *l1;
	int events;

	need_nesting();
	need_pasid(e);
	vsmmu_init(&n, e, 12, 8 * SZ_4K);
	veventq_alloc(n.viommu, IOMMU_VEVENTQ_TYPE_ARM_SMMUV3, 16, &events);
	stage1_map(&n.s1, VA_DATA, GPA_DATA, 3, S1_RW_PAGE);
	for (unsigned int i = 0; i < 3; i++) {
		size_t at = (i + 1) * TABLES_LEN / 4;

		stage1_init(&s1[i], 12, GPA_TABLES + at, n.s1.mem + at, TABLES_LEN / 4);
		stage1_map(&s1[i], VA_DATA, GPA_DATA + (i + 1) * SZ_4K, 3, S1_RW_PAGE);
	}
	fmt = IDR0_CD2L(smmuv3.idr[0]) ? 1 : 0;		/* S1Fmt 0b01: leaves of 4 KiB, 64 descriptors each */
	l1 = (void *)n.cd;
	for (unsigned int i = 0; fmt && i < 8; i++)	/* the first page holds level 1, and the next eight the leaves */
		l1[i] = (GPA_CDS + (i + 1) * SZ_4K) | 1;
	for (unsigned int i = 0; i < 4; i++) {
		uint32_t pasid = i ? pasids[i - 1] : 0;

		cd_write(fmt ? n.cd[64 + pasid] : n.cd[pasid], i ? &s1[i - 1] : &n.s1, ASID + i,
			 IDR5_OAS(smmuv3.idr[5]), 0);
	}
	attach_nested(&n, vste_s1(fmt, cdmax, false));
	dma_fill(e, VA_DATA, 0, 64, 0x1010101010101010ull);
	for (unsigned int i = 0; i < 3; i++)
		dma_fill(e, VA_DATA, PASID(pasids[i]), 64, 0x1111111111111111ull * (i + 2));
	want_eq(not_byte(n.data, 64, 0x10), 64);
	for (unsigned int i = 0; i < 3; i++)
		want_eq(not_byte(n.data + (i + 1) * SZ_4K, 64, 0x11 * (i + 2)), 64);

	want_refused(try_write8(e, VA_DATA, PASID(2), 1), HWDMA_ERR_UNMAPPED, VA_DATA, "PASID without a descriptor");
	next_vevent(events, 0, &(struct event){ .code = C_BAD_CD, .sid = VSID, .pasid = 2 });
	want_refused(try_write8(e, VA_DATA, PASID(0x200), 1), HWDMA_ERR_UNMAPPED, VA_DATA, "PASID beyond S1CDMax");
	next_vevent(events, 1, &(struct event){ .code = C_BAD_SUBSTREAMID, .sid = VSID, .pasid = 0x200 });
	want_refused(try_write8(e, VA_DATA, PASID(0), 1), HWDMA_ERR_UNMAPPED, VA_DATA, "PASID 0 under S1DSS = 0b10");
	next_vevent(events, 2, &(struct event){ .code = F_STREAM_DISABLED, .sid = VSID, .pasid = NO_PASID });
	want_refused(try_write8(e, VA_DATA + SZ_4K, PASID(0x41), 1), HWDMA_ERR_UNMAPPED, VA_DATA + SZ_4K, "hole");
	next_vevent(events, 3, &(struct event){
		.code = F_TRANSLATION, .sid = VSID, .pasid = 0x41, .write = true, .class = CLASS_IN,
		.addr = VA_DATA + SZ_4K,
	});
	show("%s table of 512 descriptors of the user: PASIDs 0x1, 0x41, 0x1ff and none are four pages at one address; C_BAD_CD, C_BAD_SUBSTREAMID, F_STREAM_DISABLED, F_TRANSLATION where they belong",
	     fmt ? "two-level" : "linear");
}

/* Interrupts are writes, too: the host's doorbell must be in the user's table, at the address that the host chose. */
void step_smmuv3_nested_msi(void)
{
	const uint64_t sw_msi = 0x8000000, sw_msi_len = 0x100000;	/* IOMMU_RESV_SW_MSI of the driver */
	struct engine *e = engine_get(0);
	struct vsmmu n;

	need_nesting();
	vsmmu_init(&n, e, 12, SZ_4K);
	stage1_map(&n.s1, VA_DATA, GPA_DATA, 3, S1_RW_PAGE);
	for (uint64_t a = sw_msi; a < sw_msi + sw_msi_len; a += SZ_4K)
		stage1_map(&n.s1, a, a, 3, S1_RW_PAGE);
	attach_nested(&n, vste_s1(0, 0, false));
	vfio_irqs_on(&e->dev, 1);
	ew32(e, HWDMA_INT_TRIGGER, 0);
	want_eq(vfio_irq_wait(&e->dev, 0, 1000), 1);
	for (uint64_t a = sw_msi; a < sw_msi + sw_msi_len; a += SZ_4K)
		*stage1_entry(&n.s1, a, 3) = 0;
	vsmmu_invalidate_one(&n, cmd_tlbi_nh_all());
	ew32(e, HWDMA_INT_TRIGGER, 0);
	want_eq(vfio_irq_wait(&e->dev, 0, 200), 0);
	show("an interrupt goes through both stages to the doorbell that the user's table maps, and not when it maps it no more");
}

/* A random entry: to tables, data, itself, doorbell, nowhere, too far; any low and high bits. */
static uint64_t garbage(struct vsmmu *n)
{
	static const uint64_t far[] = { 0x8000000, 0, GPA_DATA - SZ_64K, 1ull << 45, 0x0000fffffffff000ull };
	uint64_t low = rnd() & 0xfff, high = rnd() % 8 ? 0 : (uint64_t)rnd() << 48, target;

	switch (rnd() % 8) {
	case 0 ... 3:
		target = n->s1.gpa + rnd() % 16 * SZ_4K;
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
	/* Mostly valid, a table, accessed, or no walk would get far. */
	if (rnd() % 4)
		low |= S1_VALID | S1_TABLE | S1_AF | S1_UNPRIV;
	return target | low | high;
}

/* What a user may put into a table is the hardware's problem: refused or within the parent, never worse. */
void step_smmuv3_nested_garbage(void)
{
	struct engine *e = engine_get(0);
	const unsigned int tables = 25, tries = 40;
	unsigned int passed = 0, refused = 0;
	uint8_t *outside = mem_alloc(SZ_64K);
	struct vsmmu n;
	uint64_t v;

	need_nesting();
	memset(outside, 0x5a, SZ_64K);
	vsmmu_init(&n, e, 12, 4 * SZ_4K);
	attach_nested(&n, vste_s1(0, 0, false));
	for (unsigned int t = 0; t < tables; t++) {
		for (unsigned int i = 0; i < 16 * 512; i++)
			((uint64_t *)n.s1.mem)[i] = garbage(&n);
		vsmmu_invalidate_one(&n, cmd_tlbi_nh_all());
		for (unsigned int i = 0; i < tries; i++) {
			uint64_t va = ((uint64_t)rnd() << 32 | rnd()) & 0xffffffffffffull;
			unsigned int err;

			if (!(rnd() % 8))
				va |= 0xffff000000000000ull;	/* the half without a table */
			err = i & 1 ? try_write8(e, va & ~7ull, 0, va) : try_read8(e, va & ~7ull, 0, &v);
			want(err == HWDMA_ERR_NONE || err == HWDMA_ERR_UNMAPPED || err == HWDMA_ERR_NO_PERMISSION,
			     "garbage table: %s", engine_error(err));
			if (err)
				refused++;
			else
				passed++;
		}
	}
	want_eq(not_byte(outside, SZ_64K, 0x5a), SZ_64K);
	stage1_init(&n.s1, 12, n.s1.gpa, n.s1.mem, n.s1.len);
	stage1_map(&n.s1, VA_DATA, GPA_DATA + SZ_4K, 3, S1_RW_PAGE);
	vsmmu_invalidate_one(&n, cmd_tlbi_nh_all());
	dma_write8(e, VA_DATA, 0, 0x77);
	want_eq(*(uint64_t *)(n.data + SZ_4K), 0x77);
	show("%u random tables, %u requests: %u refused, %u within the parent's memory; then a sound table, and it works",
	     tables, tables * tries, refused, passed);
}

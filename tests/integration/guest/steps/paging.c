// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Plain domains: DMA copied through IOVAs, compared by the CPU. */
#include <string.h>

#include "steps.h"

void step_paging_copy(void)
{
	static const struct { uint32_t src, dst, len; } c[] = {
		{ 0, 0, 4096 }, { 0, 0, 1 }, { 1, 2, 3 }, { 4095, 4095, 2 }, { 4000, 100, 200 }, { 17, 4090, 8192 },
		{ 0, 0, 65536 }, { 3, 5, 61441 }, { 2048, 0, 4096 }, { 65535, 0, 1 },
	};
	struct engine *e = engine_get(0);
	const size_t len = 128 << 10;
	uint8_t *src = mem_alloc(len), *dst = mem_alloc(len);
	struct iommu_iova_range ranges[8];
	uint32_t ioas = ioas_alloc();
	uint64_t align, bytes = 0;
	unsigned int n;

	ioas_map(ioas, IOVA_A, src, len, RW);
	ioas_map(ioas, IOVA_B, dst, len, RW);
	vfio_attach(&e->dev, ioas);
	n = ioas_ranges(ioas, ranges, ARRAY_SIZE(ranges), &align);
	want_eq(align, host.page);
	pattern(src, len, 1);
	for (unsigned int i = 0; i < ARRAY_SIZE(c); i++) {
		memset(dst, 0xee, len);
		dma_copy(e, IOVA_B + c[i].dst, IOVA_A + c[i].src, c[i].len);
		want(!memcmp(dst + c[i].dst, src + c[i].src, c[i].len), "copy %u of %u bytes: differs at %zu", i,
		     c[i].len, first_diff(dst + c[i].dst, src + c[i].src, c[i].len));
		want_eq(not_byte(dst, c[i].dst, 0xee), c[i].dst);
		want_eq(not_byte(dst + c[i].dst + c[i].len, len - c[i].dst - c[i].len, 0xee),
			len - c[i].dst - c[i].len);
		bytes += c[i].len;
	}
	want_eq(pattern_diff(src, len, 1), len);
	for (unsigned int i = 0; i < 50; i++) {
		uint32_t so = rnd() % len, dof = rnd() % len, l = 1 + rnd() % (len - (so > dof ? so : dof));

		memset(dst, 0, len);
		dma_copy(e, IOVA_B + dof, IOVA_A + so, l);
		want_eq(first_diff(dst + dof, src + so, l), l);
		bytes += l;
	}
	show("%zu copies, aligned or not, within and across pages, %llu bytes compared; usable IOVA 0x%llx..0x%llx in %u ranges",
	     ARRAY_SIZE(c) + 50, (unsigned long long)bytes, (unsigned long long)ranges[0].start,
	     (unsigned long long)ranges[n - 1].last, n);
}

/* Huge pages: the kernel maps them with large leaves; 4 KiB pages beside them, and a copy over the border. */
void step_paging_huge(void)
{
	struct engine *e = engine_get(0);
	uint8_t *huge = mem_huge(2 * SZ_2M), *small = mem_alloc(SZ_64K);
	uint32_t ioas = ioas_alloc();

	ioas_map(ioas, IOVA_B, huge, 2 * SZ_2M, RW);
	ioas_map(ioas, IOVA_B + 2 * SZ_2M, small, SZ_64K, RW);
	vfio_attach(&e->dev, ioas);
	pattern(huge, SZ_2M, 7);
	dma_copy(e, IOVA_B + SZ_2M, IOVA_B, SZ_2M);
	want_eq(first_diff(huge, huge + SZ_2M, SZ_2M), SZ_2M);
	dma_copy(e, IOVA_B + 2 * SZ_2M - 5000, IOVA_B + 1234, 10000);
	want_eq(first_diff(huge + 2 * SZ_2M - 5000, huge + 1234, 5000), 5000);
	want_eq(first_diff(small, huge + 1234 + 5000, 5000), 5000);
	dma_fill(e, IOVA_B + 100, 0, 2 * SZ_2M, 0x0123456789abcdefull);
	want_eq(try_check(e, IOVA_B + 100, 0, 2 * SZ_2M, 0x0123456789abcdefull), HWDMA_ERR_NONE);
	want_eq(*(uint64_t *)(huge + 100 + 8 * 1000), 0x0123456789abcdefull);
	show("2 MiB in one operation between huge pages, a copy over the border to 4 KiB pages, 4 MiB filled and checked");
}

void step_fill_compare(void)
{
	struct engine *e = engine_get(0);
	uint8_t *p = mem_alloc(SZ_64K);
	uint32_t ioas = ioas_alloc();
	struct hwdma_desc cmp = { .op = HWDMA_OP_COMPARE, .src = IOVA_A, .dst = IOVA_A + 0x8000, .len = 0x5003 };
	struct hwdma_desc crc = { .op = HWDMA_OP_CRC32, .src = IOVA_A + 0x100, .len = 9 };

	ioas_map(ioas, IOVA_A, p, SZ_64K, RW);
	vfio_attach(&e->dev, ioas);
	pattern(p, 0x6000, 3);
	memcpy(p + 0x8000, p, 0x6000);
	want_eq(engine_run(e, 0, &cmp, &last), HWDMA_ERR_NONE);
	p[0x8000 + 0x3abc] ^= 1;
	want_eq(engine_run(e, 0, &cmp, &last), HWDMA_ERR_MISCOMPARE);
	want_eq(last.result, 0x3abc);
	dma_fill(e, IOVA_A + 3, 0, 0x4321, 0x1122334455667788ull);
	for (unsigned int i = 0; i < 0x4321; i++)
		want_eq(p[3 + i], 0x88 - 0x11 * (i % 8));
	want_eq(try_check(e, IOVA_A + 3, 0, 0x4321, 0x1122334455667788ull), HWDMA_ERR_NONE);
	p[3 + 0x2222]++;
	want_eq(try_check(e, IOVA_A + 3, 0, 0x4321, 0x1122334455667788ull), HWDMA_ERR_MISCOMPARE);
	want_eq(last.result, 0x2222);
	memcpy(p + 0x100, "123456789", 9);
	want_eq(engine_run(e, 0, &crc, &last), HWDMA_ERR_NONE);
	want_eq(last.result, 0xcbf43926);	/* the check value of CRC-32 */
	show("one changed byte of 20,483 found at 0x3abc by COMPARE, of 17,185 at 0x2222 by CHECK; CRC-32 of \"123456789\" is 0xcbf43926");
}

void step_atomics(void)
{
	struct engine *e = engine_get(0);
	uint64_t *p = mem_alloc(host.page);
	uint32_t ioas = ioas_alloc();
	struct hwdma_desc d = { .op = HWDMA_OP_FETCH_ADD, .dst = IOVA_A + 64, .len = 8, .operand0 = 5 };

	ioas_map(ioas, IOVA_A, p, host.page, RW);
	vfio_attach(&e->dev, ioas);
	p[8] = 0xfffffffffffffffeull;
	want_eq(engine_run(e, 0, &d, &last), HWDMA_ERR_NONE);
	want_eq(last.result, 0xfffffffffffffffeull);
	want_eq(p[8], 3);
	d.op = HWDMA_OP_SWAP;
	d.operand0 = 0x1122334455667788ull;
	want_eq(engine_run(e, 0, &d, &last), HWDMA_ERR_NONE);
	want_eq(last.result, 3);
	d.op = HWDMA_OP_CAS;
	d.operand0 = 1;
	d.operand1 = 2;
	want_eq(engine_run(e, 0, &d, &last), HWDMA_ERR_NONE);
	want_eq(last.result, 0x1122334455667788ull);
	want_eq(p[8], 0x1122334455667788ull);
	d.operand0 = p[8];
	want_eq(engine_run(e, 0, &d, &last), HWDMA_ERR_NONE);
	want_eq(p[8], 2);
	d.op = HWDMA_OP_FETCH_ADD;
	d.len = 4;
	d.dst = IOVA_A + 68;
	d.operand0 = 0xffffffff;
	p[8] = 0x0000000100000009ull;
	want_eq(engine_run(e, 0, &d, &last), HWDMA_ERR_NONE);
	want_eq(last.result, 1);
	want_eq(p[8], 9);
	d.dst = IOVA_A + 66;
	want_eq(engine_run(e, 0, &d, &last), HWDMA_ERR_BAD_DESC);
	show("fetch-add, swap, compare-and-swap of 8 bytes, fetch-add of 4 without touching its neighbour; misaligned: ERR_BAD_DESC");
}

/* The engine's own account of what it wrote, used as the oracle of dirty tracking */
void step_write_log(void)
{
	struct engine *e = engine_get(0);
	uint8_t *p = mem_alloc(SZ_64K);
	uint32_t ioas = ioas_alloc(), attr;
	uint64_t iova, len;

	ioas_map(ioas, IOVA_A, p, SZ_64K, RW);
	vfio_attach(&e->dev, ioas);
	dma_fill(e, IOVA_A, 0, 16, 0);
	log_start(e);
	dma_fill(e, IOVA_A + 0x1ff0, 0, 0x3020, ~0ull);
	(void)dma_read8(e, IOVA_A, 0);
	dma_write8(e, IOVA_A + 0x8008, 0, 1);
	log_stop(e);
	dma_fill(e, IOVA_A, 0, 16, 0);
	want(log_next(e, &iova, &len, &attr), "the log is empty");
	want_eq(iova, IOVA_A + 0x1ff0);
	want_eq(len, 0x3020);
	want(log_next(e, &iova, &len, &attr), "the log has one entry");
	want_eq(iova, IOVA_A + 0x8008);
	want_eq(len, 8);
	want(!log_next(e, &iova, &len, &attr), "a third entry: %#llx bytes at %#llx", (unsigned long long)len,
	     (unsigned long long)iova);
	show("two entries for a fill over four pages and a write; none for a read and for writes while it was off");
}

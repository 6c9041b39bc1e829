// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Refused DMA: told to the device, recorded by the unit, printed by the driver, and nothing else is broken by it. */
#include <string.h>

#include "steps.h"

/* A write that runs off the end of a mapping has done all up to the border and not a byte more; a read far away. */
void step_unmapped_refused(void)
{
	struct engine *e = engine_get(0);
	uint8_t *p = mem_alloc(SZ_64K);
	uint32_t ioas = ioas_alloc();
	const char *wr, *rd;
	uint64_t v;

	ioas_map(ioas, IOVA_A, p, SZ_64K, RW);
	vfio_attach(&e->dev, ioas);

	expect_fault();
	want_refused(try_fill(e, IOVA_A + SZ_64K - 0x1800, 0, 0x3000, 0x5555555555555555ull), HWDMA_ERR_UNMAPPED,
		     IOVA_A + SZ_64K, "fill over the end");
	want_eq(last.bytes_done, 0x1800);
	want_eq(not_byte(p + SZ_64K - 0x1800, 0x1800, 0x55), 0x1800);
	want_eq(not_byte(p, SZ_64K - 0x1800, 0), SZ_64K - 0x1800);
	wr = got_fault(e, true, NO_PASID, IOVA_A + SZ_64K, NOT_MAPPED);

	expect_fault();
	want_refused(try_read8(e, IOVA_HOLE + 0x6010, 0, &v), HWDMA_ERR_UNMAPPED, IOVA_HOLE + 0x6010, "read");
	rd = got_fault(e, false, NO_PASID, IOVA_HOLE + 0x6010, NOT_MAPPED);

	pattern(p, SZ_4K, 5);
	dma_copy(e, IOVA_A + 0x8000, IOVA_A, SZ_4K);
	want_eq(pattern_diff(p + 0x8000, SZ_4K, 5), SZ_4K);
	show("write of 12,288 bytes over the end of a mapping: 6,144 done, refused at %#llx, %s; read of %#llx: %s; then 4 KiB copied",
	     IOVA_A + SZ_64K, wr, IOVA_HOLE + 0x6000, rd);
}

void step_readonly_refused(void)
{
	struct engine *e = engine_get(0);
	uint8_t *p = mem_alloc(host.page), *rw = mem_alloc(host.page);
	uint32_t ioas = ioas_alloc();
	const char *reason;

	ioas_map(ioas, IOVA_A, p, host.page, RO);
	ioas_map(ioas, IOVA_B, rw, host.page, RW);
	vfio_attach(&e->dev, ioas);
	pattern(p, host.page, 9);
	dma_copy(e, IOVA_B, IOVA_A, host.page);
	want_eq(pattern_diff(rw, host.page, 9), host.page);
	expect_fault();
	want_refused(try_fill(e, IOVA_A + 0x10, 0, 16, 0),
		     host.model ? HWDMA_ERR_NO_PERMISSION : HWDMA_ERR_UNMAPPED, IOVA_A,
		     "write to a read-only page");
	reason = got_fault(e, true, NO_PASID, IOVA_A + 0x10, NO_WRITE);
	want_eq(pattern_diff(p, host.page, 9), host.page);
	dma_copy(e, IOVA_B, IOVA_A, host.page);
	show("read of a read-only page passes, write is refused, %s, and leaves it as it was", reason);
}

/* Unmapping takes effect although the translation was in use: what the driver invalidates must be gone. */
void step_unmap_takes_effect(void)
{
	struct engine *e = engine_get(0);
	uint8_t *p = mem_alloc(host.page), *q = mem_alloc(host.page);
	uint32_t ioas = ioas_alloc();
	const unsigned int rounds = 50;

	vfio_attach(&e->dev, ioas);
	for (unsigned int i = 0; i < rounds; i++) {
		uint8_t *now_mapped = i & 1 ? q : p, *other = i & 1 ? p : q;

		memset(p, 0, 16);
		memset(q, 0, 16);
		ioas_map(ioas, IOVA_A, now_mapped, host.page, RW);
		dma_write8(e, IOVA_A + 8, 0, i + 1);
		want_eq(*(uint64_t *)(now_mapped + 8), i + 1);
		want_eq(*(uint64_t *)(other + 8), 0);
		ioas_unmap(ioas, IOVA_A, host.page);
	}
	memset(q, 0, 16);
	want_refused(try_write8(e, IOVA_A + 8, 0, 1), HWDMA_ERR_UNMAPPED, IOVA_A, "write after unmap");
	want_eq(*(uint64_t *)(q + 8), 0);
	show("%u times mapped to alternating pages, written, unmapped: each write where it belongs; write after the last unmap refused",
	     rounds);
}

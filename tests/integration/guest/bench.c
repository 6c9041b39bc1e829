// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * bench: how fast DMA and mappings are on this machine, seen from user space. Lines "# bench {...}" hold JSON.
 *
 *   bench [names] [seconds for each]
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "env.h"
#include "family.h"
#include "iommufd.h"
#include "kmsg.h"
#include "tour.h"

#define REGIONS		8
#define REGION_SIZE	(4ul << 20)
#define REGION_IOVA(i)	(0x100000000ull + 0x40000000ull * (i))
#define RING_IOVA	0x10000000ull
#define LOG2		9
#define SIZE		(1u << LOG2)
#define HALF		(SIZE / 2)

static double seconds = 1;

static void report(const char *name, const char *unit, uint64_t ops, double t)
{
	char iommu[32] = "vtd", mode[32] = "scalable";

	cmdline_get("hwi.iommu", iommu, sizeof(iommu));
	cmdline_get("hwi.mode", mode, sizeof(mode));
	diag("bench {\"name\": \"%s\", \"unit\": \"%s\", \"per_second\": %.0f, \"ops\": %llu, \"seconds\": %.3f, \"iommu\": \"%s\", \"mode\": \"%s\"}",
	     name, unit, ops / t, (unsigned long long)ops, t, iommu, mode);
	show("%.0f %s/s", ops / t, unit);
}

/* Several regions of 4 KiB pages, all attached to engine 0 */
static struct engine *regions(uint32_t *ioas)
{
	struct engine *e = engine_get(0);

	*ioas = ioas_alloc();
	for (unsigned int i = 0; i < REGIONS; i++)
		ioas_map(*ioas, REGION_IOVA(i), mem_alloc(REGION_SIZE), REGION_SIZE, RW);
	vfio_attach(&e->dev, *ioas);
	return e;
}

static uint64_t some_page(void)
{
	uint32_t r = rnd();

	return REGION_IOVA(r % REGIONS) + (r >> 8) % (REGION_SIZE / SZ_4K) * SZ_4K;
}

static void bench_oneshot(void)
{
	uint32_t ioas;
	struct engine *e = regions(&ioas);
	uint64_t n = 0;
	double start, t;

	dma_copy(e, some_page(), some_page(), SZ_4K);
	start = now();
	do {
		for (unsigned int i = 0; i < 64; i++, n++) {
			ew64(e, HWDMA_CH(0) + HWDMA_CH_DESC + HWDMA_DESC_SRC, some_page());
			ew64(e, HWDMA_CH(0) + HWDMA_CH_DESC + HWDMA_DESC_DST, some_page());
			ew32(e, HWDMA_CH(0) + HWDMA_CH_DOORBELL, 1);
			while (engine_busy(e, 0))
				;
		}
		t = now() - start;
	} while (t < seconds);
	want_eq(HWDMA_CH_ERROR(er32(e, HWDMA_CH(0) + HWDMA_CH_STATUS)), 0);
	want_eq(er32(e, HWDMA_CH(0) + HWDMA_CH_SEQ), n + 1);
	report("dma-oneshot-4k", "copies of 4 KiB", n, t);
}

/* Two halves of a ring: one runs while the other is refilled. The last descriptor of each writes a status record. */
static void ring_bench(const char *name, const char *unit, uint32_t op, uint32_t len, uint32_t attr)
{
	struct hwdma_desc *desc = mem_alloc(SZ_64K);
	struct hwdma_status *status = mem_alloc(SZ_64K);
	uint32_t ioas;
	struct engine *e = regions(&ioas);
	volatile uint32_t *seq[2] = { &status[0].seq, &status[1].seq };
	const uint64_t status_iova = RING_IOVA + SZ_64K;
	struct ring r;
	uint64_t done = 0;
	unsigned int half = 0;
	uint32_t expected[2] = { 0, 0 }, total = 0;
	double start, t = 0;

	if (attr & AT_ATC)
		need_ats(e);
	_Static_assert(SIZE * sizeof(*desc) <= SZ_64K, "a ring in 64 KiB");
	ioas_map(ioas, RING_IOVA, desc, SZ_64K, RW);
	ioas_map(ioas, status_iova, status, SZ_64K, RW);
	ring_start(&r, e, 0, RING_IOVA, desc, LOG2, 0);
	start = now();
	for (;;) {
		while (expected[half] && *seq[half] != expected[half]) {
			want(now() - start < seconds + 10, "the ring stands still: %#x",
			     er32(e, HWDMA_CH(0) + HWDMA_CH_STATUS));
			sched_yield();
		}
		if (expected[half]) {
			done += HALF;
			t = now() - start;
			if (t >= seconds)
				break;
		}
		for (unsigned int i = 0; i < HALF; i++) {
			struct hwdma_desc d = {
				.op = op | (i == HALF - 1 ? HWDMA_F_STATUS : 0),
				.src = some_page(), .src_attr = attr, .dst = some_page(), .dst_attr = attr,
				.len = len, .status = status_iova + half * sizeof(*status),
			};

			ring_put(&r, &d);
		}
		total += HALF;
		expected[half] = total;
		/* One descriptor must stay free: the second half waits for the first one's beginning. */
		while ((ring_head(&r) + SIZE - r.tail) % SIZE == 0)
			sched_yield();
		ring_kick(&r);
		half ^= 1;
	}
	want_eq(HWDMA_CH_ERROR(er32(e, HWDMA_CH(0) + HWDMA_CH_STATUS)), 0);
	ring_stop(&r);
	report(name, unit, done, t);
}

static void bench_ring_4k(void)
{
	ring_bench("dma-ring-4k", "copies of 4 KiB", HWDMA_OP_COPY, SZ_4K, 0);
}

static void bench_ring_64(void)
{
	ring_bench("dma-ring-64", "copies of 64 bytes", HWDMA_OP_COPY, 64, 0);
}

static void bench_ring_atc(void)
{
	ring_bench("dma-ring-64-atc", "copies of 64 bytes through the ATC", HWDMA_OP_COPY, 64, AT_ATC);
}

/* Map and unmap with the engine attached; every 32nd mapping is used, so that there is something to invalidate. */
static void map_bench(const char *name, size_t len)
{
	uint32_t ioas;
	struct engine *e = regions(&ioas);
	uint8_t *p = mem_alloc(len);
	uint64_t n = 0;
	double start = now(), t;

	if (len < host.page)
		skip("this kernel's pages are of %zu KiB", host.page >> 10);
	do {
		for (unsigned int i = 0; i < 32; i++, n++) {
			uint64_t iova = 0x2000000000ull + n % 512 * len;

			ioas_map(ioas, iova, p, len, RW);
			if (!i)
				dma_write8(e, iova, 0, n);
			ioas_unmap(ioas, iova, len);
		}
		t = now() - start;
	} while (t < seconds);
	report(name, "map and unmap", n, t);
}

static void bench_map_4k(void)
{
	map_bench("map-unmap-4k", SZ_4K);
}

static void bench_map_64k(void)
{
	map_bench("map-unmap-64k", SZ_64K);
}

static void bench_map_2m(void)
{
	map_bench("map-unmap-2m", SZ_2M);
}

int main(int argc, char **argv)
{
	static const struct step benches[] = {
		{ "dma-oneshot-4k", bench_oneshot },
		{ "dma-ring-4k", bench_ring_4k },
		{ "dma-ring-64", bench_ring_64 },
		{ "dma-ring-64-atc", bench_ring_atc },
		{ "map-unmap-4k", bench_map_4k },
		{ "map-unmap-64k", bench_map_64k },
		{ "map-unmap-2m", bench_map_2m },
	};

	if (argc > 2)
		seconds = atof(argv[2]);
	family_choose();
	kmsg_open();
	return run_steps(benches, ARRAY_SIZE(benches), argc > 1 ? argv[1] : NULL);
}

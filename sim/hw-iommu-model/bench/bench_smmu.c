/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How long hwi_translate() of an SMMUv3 takes, as JSON on stdout: the rows of
 * bench_translate.c that have a counterpart, with tables of as many levels (4 KiB pages,
 * 48 bits) and the same pages, so that they can be compared one by one.
 *
 *	bench_smmu [PREFIX]	only rows whose name begins so
 */
#define _GNU_SOURCE
#define BENCH_NAME "bench_smmu"
#include <inttypes.h>

#include "hwiommu/smmuv3.h"
#include "hwiommu/smmuv3/commands.h"
#include "hwiommu/smmuv3/context.h"
#include "hwiommu/smmuv3/regs.h"
#include "hwiommu/smmuv3/stream.h"
#include "hwiommu/smmuv3/vmsa.h"
#include "machine.h"

#define REPEAT 41u
#define PAGES 4096u
#define SID 8u
#define BASE UINT64_C(0x4000000000)
#define IPA UINT64_C(0x10000000)
#define OUT UINT64_C(0x100000000)

static void command(struct machine *m, uint64_t c0, uint64_t c1)
{
	put(m, m->queue + m->tail % 256 * SMMU_CMD_SIZE, c0);
	put(m, m->queue + m->tail % 256 * SMMU_CMD_SIZE + 8, c1);
	m->tail = (m->tail + 1) % 512;
	hwi_mmio_write(m->unit, SMMU_REG_CMDQ_PROD, 4, m->tail);
	while (hwi_step(m->unit, 16))
		;
	if (hwi_mmio_read(m->unit, SMMU_REG_CMDQ_CONS, 4) != m->tail)
		die("the queue stands");
}

static void invalidate(struct machine *m)
{
	command(m, SMMU_CMD_TLBI_NSNH_ALL, 0);
}

static void machine_init(struct machine *m, uint64_t mib, bool caches)
{
	struct hwi_smmuv3_config cfg;

	machine_memory(m, mib, 16 * PAGE);
	hwi_smmuv3_config_init(&cfg);
	if (!caches) {
		cfg.caches.walk_s1 = HWI_SMMUV3_CACHE_NONE;
		cfg.caches.walk_s2 = HWI_SMMUV3_CACHE_NONE;
		cfg.caches.ipa = HWI_SMMUV3_CACHE_NONE;
	}
	if (hwi_smmuv3_create(&cfg, &ops, m, &m->unit) != HWI_OK)
		die("no unit");
	machine_ram(m);
	m->streams = alloc(m, 1);
	m->queue = alloc(m, 1);
}

static void start(struct machine *m)
{
	hwi_mmio_write(m->unit, SMMU_REG_STRTAB_BASE, 8, m->streams);
	hwi_mmio_write(m->unit, SMMU_REG_STRTAB_BASE_CFG, 4, 6);
	hwi_mmio_write(m->unit, SMMU_REG_CMDQ_BASE, 8, m->queue | 8);
	hwi_mmio_write(m->unit, SMMU_REG_CR0, 4, SMMU_CR0_CMDQEN | SMMU_CR0_SMMUEN);
}

/* ---- tables ---- */

#define S1_LEAF (VMSA_TYPE_PAGE | VMSA_DESC_AF | VMSA_S1_NG | VMSA_S1_AP_UNPRIV)
#define S2_LEAF (VMSA_TYPE_PAGE | VMSA_DESC_AF | VMSA_S2_S2AP_R | VMSA_S2_S2AP_W)

static void map(struct machine *m, uint64_t root, uint64_t addr, uint64_t leaf)
{
	for (int level = 0; level < 3; level++) {
		uint64_t at = root + 8 * (addr >> VMSA_LEVEL_SHIFT(12, level) & 511);

		if (!get(m, at))
			put(m, at, alloc(m, 1) | VMSA_TYPE_TABLE);
		root = get(m, at) & VMSA_DESC_ADDR(12);
	}
	put(m, root + 8 * (addr >> 12 & 511), leaf);
}

/* An STE with stage 1 (@s1), stage 2 (@s2) tables, or both; all of 48 bits. */
static uint64_t stream(struct machine *m, uint64_t config, uint64_t s1, uint64_t s2)
{
	uint64_t ste = m->streams + SID * (uint64_t)SMMU_STE_SIZE, cd = 0;

	if (s1) {
		cd = alloc(m, 1);
		put(m, cd, SMMU_CD0_V | SMMU_CD0_AA64 | SMMU_CD0_A | SMMU_CD0_EPD1 |
				   HWI_PUT(SMMU_CD0_T0SZ, 16) |
				   HWI_PUT(SMMU_CD0_IPS, SMMU_OAS_48) | HWI_PUT(SMMU_CD0_ASID, 1));
		put(m, cd + 8, s1);
	}
	put(m, ste, SMMU_STE0_V | HWI_PUT(SMMU_STE0_CONFIG, config) | cd);
	put(m, ste + 16, HWI_PUT(SMMU_STE2_S2VMID, 1) | HWI_PUT(SMMU_STE2_S2T0SZ, 16) |
				 HWI_PUT(SMMU_STE2_S2SL0, VMSA_SL_4K_L0) | SMMU_STE2_S2AA64 |
				 HWI_PUT(SMMU_STE2_S2PS, SMMU_OAS_48));
	put(m, ste + 24, s2);
	return cd;
}

/* ---- measuring, as bench_translate.c does ---- */

static double pass(struct machine *m, const struct hwi_request *req, bool cold)
{
	struct hwi_response resp;
	uint64_t sum = 0;
	double t;

	if (cold)
		invalidate(m);
	t = now();
	for (unsigned int i = 0; i < PAGES; i++) {
		(void)hwi_translate(m->unit, &req[i], &resp);
		sum += hwi_hpa_val(resp.addr) + resp.outcome;
	}
	t = now() - t;
	if (resp.outcome != HWI_SUCCESS || resp.fault)
		die("a request of the benchmark was refused");
	__asm__ volatile("" : : "r"(sum));
	return t / PAGES;
}

static bool first_row = true;

static void measure(const char *name, const char *what, struct machine *m,
		    const struct hwi_request *req, bool cold)
{
	double ns[REPEAT];
	uint64_t misses, loads;

	start(m);
	(void)pass(m, req, cold);
	(void)pass(m, req, cold);
	misses = hwi_stat_get(m->unit, HWI_STAT_IOTLB_MISSES);
	loads = hwi_stat_get(m->unit, HWI_STAT_TABLE_LOADS);
	for (unsigned int i = 0; i < REPEAT; i++)
		ns[i] = pass(m, req, cold);
	misses = hwi_stat_get(m->unit, HWI_STAT_IOTLB_MISSES) - misses;
	loads = hwi_stat_get(m->unit, HWI_STAT_TABLE_LOADS) - loads;
	qsort(ns, REPEAT, sizeof(*ns), by_value);
	(void)printf("%s{\"name\": \"%s\", \"what\": \"%s\", \"ns_per_op\": %.2f, "
		     "\"ns_median\": %.2f, \"loads_per_walk\": %.2f, \"ops\": %u}",
		     first_row ? "" : ",\n", name, what, ns[0], ns[REPEAT / 2],
		     misses ? (double)loads / (double)misses : 0, REPEAT * PAGES);
	first_row = false;
	(void)fflush(stdout);
}

/* @n distinct pages of the @window pages from BASE on, in random order. */
static void random_pages(uint64_t *addr, uint64_t window)
{
	unsigned char *used = calloc(1, window);

	if (!used)
		die("no memory");
	for (unsigned int i = 0; i < PAGES; i++) {
		uint64_t page;

		do
			page = rng() % window;
		while (used[page]);
		used[page] = 1;
		addr[i] = BASE + page * PAGE + rng() % (PAGE / 64) * 64;
	}
	free(used);
}

static const char *only = "";

static void run(const char *name, const char *what, uint64_t config, bool caches, uint64_t window,
		unsigned int distinct, bool cold)
{
	static struct hwi_request req[PAGES];
	static uint64_t addr[PAGES];
	uint64_t s1 = 0, s2 = 0, cd, first;
	struct machine m;

	if (strncmp(name, only, strlen(only)))
		return;
	machine_init(&m, 96, caches);
	if (config & SMMU_STE_CONFIG_F_S2)
		s2 = alloc(&m, 1);
	first = m.next;
	if (config & SMMU_STE_CONFIG_F_S1)
		s1 = alloc(&m, 1);
	random_pages(addr, window);
	cd = stream(&m, config, s1, s2);
	for (unsigned int i = 0; i < PAGES; i++) {
		uint64_t page = (uint64_t)i * PAGE;

		if (s1)
			map(&m, s1, addr[i], (s2 ? IPA + page : OUT + page) | S1_LEAF);
		else
			map(&m, s2, addr[i], (OUT + page) | S2_LEAF);
		req[i] = (struct hwi_request){
			.requester = SID,
			.pasid = HWI_PASID_NONE,
			.addr = hwi_iova(addr[i % distinct]),
			.length = 64,
			.kind = HWI_UNTRANSLATED,
			.access = HWI_READ,
		};
	}
	if (s1 && s2) {
		/* The CD and stage 1 tables stand at IPAs equal to host addresses. */
		uint64_t last = m.next;

		for (uint64_t a = first; a < last; a += PAGE)
			map(&m, s2, a, a | S2_LEAF);
		map(&m, s2, cd, cd | S2_LEAF);
		for (unsigned int i = 0; i < PAGES; i++)
			map(&m, s2, IPA + (uint64_t)i * PAGE, (OUT + (uint64_t)i * PAGE) | S2_LEAF);
	}
	measure(name, what, &m, req, cold);
	machine_fini(&m);
}

int main(int argc, char **argv)
{
	const uint64_t dense = PAGES, sparse = 1u << 20;

	if (argc > 1)
		only = argv[1];
	pin();
	(void)printf("[\n");
	run("smmu_tlb_hit", "4096 requests a pass for one page", SMMU_STE_CONFIG_S2, true, dense, 1,
	    false);
	run("smmu_tlb_hit_4096_pages", "4096 random pages of 16 MiB in turn", SMMU_STE_CONFIG_S2,
	    true, dense, PAGES, false);
	run("smmu_s2_miss", "stage 2 of 4 levels, 4096 random pages of 16 MiB, no walk caches",
	    SMMU_STE_CONFIG_S2, false, dense, PAGES, true);
	run("smmu_s2_miss_sparse", "the same over 4 GiB", SMMU_STE_CONFIG_S2, false, sparse, PAGES,
	    true);
	run("smmu_s2_miss_cached", "16 MiB, with walk caches", SMMU_STE_CONFIG_S2, true, dense,
	    PAGES, true);
	run("smmu_s1_miss", "stage 1 of 4 levels, 16 MiB, no walk caches", SMMU_STE_CONFIG_S1,
	    false, dense, PAGES, true);
	run("smmu_s1_miss_cached", "with walk caches", SMMU_STE_CONFIG_S1, true, dense, PAGES,
	    true);
	run("smmu_nested_miss", "4 levels on 4 levels, 16 MiB, no walk caches",
	    SMMU_STE_CONFIG_NESTED, false, dense, PAGES, true);
	run("smmu_nested_miss_sparse", "the same over 4 GiB", SMMU_STE_CONFIG_NESTED, false, sparse,
	    PAGES, true);
	run("smmu_nested_miss_cached", "16 MiB, with walk caches", SMMU_STE_CONFIG_NESTED, true,
	    dense, PAGES, true);
	(void)printf("\n]\n");
	return 0;
}

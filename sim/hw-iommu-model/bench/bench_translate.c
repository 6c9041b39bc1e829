/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How long hwi_translate() takes, as JSON on stdout.
 *
 * Every figure is of whole calls of the public face. A miss is a real miss: the
 * IOTLB is invalidated between passes (not timed) and the walk fills it again
 * (timed), with all caches without limit unless the name says otherwise. Each
 * measurement is repeated; the smallest and the median of the repetitions are
 * given. loads_per_walk is counted by the unit, not assumed.
 *
 *	bench_translate [--quick] [PREFIX]	only rows whose name begins so
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hwiommu/vtd.h"
#include "hwiommu/vtd/descriptors.h"
#include "hwiommu/vtd/entries.h"
#include "hwiommu/vtd/regs.h"

#define PAGE 4096u
#define REPEAT 41u
#define PAGES 4096u

/*
 * The riscv-iommu reference model at -O2, single runs of +-20 % on another machine
 * (AMD EPYC, 2 vCPUs): constants for the ratio, not measured here.
 */
#define RIVAL_MISS_NS 129.0
#define RIVAL_NESTED_NS 601.0
#define RIVAL_HIT_NS 25.0

/* ---- machine: flat memory, read by plain loads ---- */

struct machine {
	struct hwi_unit *unit;
	unsigned char *mem;
	uint64_t size;
	uint64_t next;
	uint64_t queue;
	uint32_t tail;
};

static void die(const char *what)
{
	(void)fprintf(stderr, "bench_translate: %s\n", what);
	exit(1);
}

static bool mem_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct machine *m = opaque;
	uint64_t a = hwi_hpa_val(addr);

	if (a >= m->size || len > m->size - a)
		return false;
	memcpy(buf, m->mem + a, len);
	return true;
}

static bool mem_write(void *opaque, hwi_hpa_t addr, const void *buf, size_t len)
{
	struct machine *m = opaque;
	uint64_t a = hwi_hpa_val(addr);

	if (a >= m->size || len > m->size - a)
		return false;
	memcpy(m->mem + a, buf, len);
	return true;
}

static enum hwi_cas mem_cas64(void *opaque, hwi_hpa_t addr, uint64_t expected, uint64_t desired)
{
	struct machine *m = opaque;
	uint64_t a = hwi_hpa_val(addr);

	if (a >= m->size)
		return HWI_CAS_ERROR;
	return __atomic_compare_exchange_n((uint64_t *)(void *)(m->mem + a), &expected, desired,
					   false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
		       ? HWI_CAS_DONE
		       : HWI_CAS_CHANGED;
}

static bool no_msi(void *opaque, uint64_t addr, uint32_t data)
{
	(void)opaque;
	(void)addr;
	(void)data;
	return true;
}

static const struct hwi_host_ops ops = {
	.read = mem_read,
	.write = mem_write,
	.cas64 = mem_cas64,
	.msi = no_msi,
};

static uint64_t alloc(struct machine *m, uint64_t pages)
{
	uint64_t a = m->next;

	m->next += pages * PAGE;
	if (m->next > m->size)
		die("out of the machine's memory");
	return a;
}

static uint64_t get(const struct machine *m, uint64_t addr)
{
	return hwi_ld64(m->mem + addr);
}

static void put(struct machine *m, uint64_t addr, uint64_t val)
{
	hwi_st64(m->mem + addr, val);
}

static void machine_init(struct machine *m, uint64_t mib, const struct hwi_vtd_config *cfg)
{
	struct hwi_ram ram;

	*m = (struct machine){ .size = mib << 20, .next = PAGE };
	m->mem = aligned_alloc(1u << 21, m->size);
	if (!m->mem)
		die("no memory");
	memset(m->mem, 0, m->size);
	if (hwi_vtd_create(cfg, &ops, m, &m->unit) != HWI_OK)
		die("no unit");
	ram = (struct hwi_ram){ .base = hwi_hpa(0), .size = m->size, .host = m->mem };
	if (hwi_set_ram(m->unit, &ram, 1) != HWI_OK)
		die("no RAM");
}

static void machine_fini(struct machine *m)
{
	hwi_destroy(m->unit);
	free(m->mem);
}

static void gcmd(struct machine *m, uint32_t bit)
{
	uint32_t gsts = (uint32_t)hwi_mmio_read(m->unit, VTD_REG_GSTS, 4);

	hwi_mmio_write(m->unit, VTD_REG_GCMD, 4, (gsts & VTD_GCMD_ONESHOT_MASK) | bit);
	while (hwi_step(m->unit, 16))
		;
}

static void start(struct machine *m, uint64_t root, uint64_t ttm)
{
	m->queue = alloc(m, 1);
	hwi_mmio_write(m->unit, VTD_REG_IQA, 8, m->queue | VTD_IQA_DW);
	gcmd(m, VTD_GCMD_QIE);
	hwi_mmio_write(m->unit, VTD_REG_RTADDR, 8, root | HWI_PUT(VTD_RTADDR_TTM, ttm));
	gcmd(m, VTD_GCMD_SRTP);
	gcmd(m, VTD_GCMD_TE);
}

static void invalidate(struct machine *m, uint64_t q0, uint64_t q1)
{
	put(m, m->queue + m->tail, q0);
	put(m, m->queue + m->tail + 8, q1);
	m->tail = (m->tail + VTD_DSC_SIZE_256) % PAGE;
	hwi_mmio_write(m->unit, VTD_REG_IQT, 8, m->tail);
	if (!hwi_step(m->unit, 1))
		die("the queue stands");
}

static void invalidate_iotlb(struct machine *m)
{
	invalidate(m, VTD_DSC_PUT_TYPE(VTD_DSC_iotlb_inv) | HWI_PUT(VTD_IOTLB_INV_Q0_G, 1), 0);
}

/* ---- tables ---- */

/* Map @addr to @out in tables of @levels; @table: bits of a table entry. */
static void map(struct machine *m, uint64_t root, unsigned int levels, uint64_t addr,
		uint64_t table, uint64_t leaf)
{
	for (unsigned int l = levels; l > 1; l--) {
		uint64_t at = root + 8 * (addr >> VTD_PT_LEVEL_SHIFT(l) & 511);

		if (!get(m, at))
			put(m, at, alloc(m, 1) | table);
		root = get(m, at) & VTD_SS_ADDR;
	}
	put(m, root + 8 * (addr >> VTD_PAGE_SHIFT & 511), leaf);
}

#define SS_RW (VTD_SS_R | VTD_SS_W)
#define FS_RWU (VTD_FS_P | VTD_FS_RW | VTD_FS_US | VTD_FS_A)

static uint64_t legacy_context(struct machine *m, uint64_t root, uint16_t sid, uint64_t ss)
{
	uint64_t at = root + (sid >> 8) * VTD_ROOT_ENTRY_SIZE;

	if (!get(m, at))
		put(m, at, alloc(m, 1) | VTD_ROOT_Q0_P);
	at = (get(m, at) & VTD_ROOT_Q0_CTP) + (sid & 0xffu) * VTD_CTX_ENTRY_SIZE;
	put(m, at + 8, HWI_PUT(VTD_CTX_L1_AW, VTD_AW_48) | HWI_PUT(VTD_CTX_L1_DID, 1));
	put(m, at, ss | VTD_CTX_L0_P);
	return at;
}

/* A function with a directory for all PASIDs; the directory's address. */
static uint64_t scalable_context(struct machine *m, uint64_t root, uint16_t sid)
{
	uint64_t at = root + (sid >> 8) * VTD_SROOT_ENTRY_SIZE + (sid & 0x80u ? 8 : 0);
	uint64_t dir;

	if (!get(m, at))
		put(m, at, alloc(m, 1) | VTD_SROOT_P);
	at = (get(m, at) & VTD_SROOT_CTP) + (sid & 0x7fu) * VTD_SCTX_ENTRY_SIZE;
	dir = alloc(m, 1);
	put(m, at, dir | VTD_SCTX_Q0_P | VTD_SCTX_Q0_PASIDE);
	return dir;
}

static void pasid_entry(struct machine *m, uint64_t dir, uint32_t pasid, uint64_t q0, uint64_t q1,
			uint64_t q2)
{
	uint64_t at = dir + VTD_PASID_DIR_INDEX(pasid) * VTD_PDE_ENTRY_SIZE;

	if (!get(m, at))
		put(m, at, alloc(m, 1) | VTD_PDE_P);
	at = (get(m, at) & VTD_PDE_SMPTBLPTR) + VTD_PASID_TABLE_INDEX(pasid) * VTD_PE_ENTRY_SIZE;
	put(m, at + 16, q2);
	put(m, at + 8, q1);
	put(m, at, q0 | VTD_PE_Q0_P);
}

/* ---- measuring ---- */

static uint64_t rng_state = 0x2545f4914f6cdd1dull;

static uint64_t rng(void)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	rng_state ^= rng_state << 17;
	return rng_state;
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* What one pass of @n calls costs: the requests, and what comes before a pass. */
struct run {
	struct machine *m;
	struct hwi_request *req;
	unsigned int n;
	void (*before)(struct machine *m);
};

static void check(const struct hwi_response *resp)
{
	if (resp->outcome != HWI_SUCCESS || resp->fault)
		die("a request of the benchmark was refused");
}

static double pass(const struct run *r)
{
	struct hwi_response resp;
	uint64_t sum = 0;
	double t;

	if (r->before)
		r->before(r->m);
	t = now();
	for (unsigned int i = 0; i < r->n; i++) {
		(void)hwi_translate(r->m->unit, &r->req[i], &resp);
		sum += hwi_hpa_val(resp.addr) + resp.outcome;
	}
	t = now() - t;
	check(&resp);
	__asm__ volatile("" : : "r"(sum));
	return t / r->n;
}

static bool first_row = true;
static const char *only = "";

static bool wanted(const char *name)
{
	return !strncmp(name, only, strlen(only));
}

static void row(const char *name, const char *what, double *ns, unsigned int n, double loads,
		uint64_t ops, double rival)
{
	qsort(ns, n, sizeof(*ns), by_value);
	(void)printf("%s{\"name\": \"%s\", \"what\": \"%s\", \"ns_per_op\": %.2f, "
		     "\"ns_median\": %.2f, \"loads_per_walk\": %.2f, \"ops\": %" PRIu64,
		     first_row ? "" : ",\n", name, what, ns[0], ns[n / 2], loads, ops);
	first_row = false;
	if (rival > 0)
		(void)printf(", \"reference_model_ns_elsewhere\": %.0f, \"ratio_to_it\": %.1f",
			     rival, rival / ns[0]);
	(void)printf("}");
	(void)fflush(stdout);
}

static void measure(const char *name, const char *what, const struct run *r, double rival)
{
	double ns[REPEAT];
	uint64_t misses, loads;

	(void)pass(r);
	(void)pass(r);
	misses = hwi_stat_get(r->m->unit, HWI_STAT_IOTLB_MISSES);
	loads = hwi_stat_get(r->m->unit, HWI_STAT_TABLE_LOADS);
	for (unsigned int i = 0; i < REPEAT; i++)
		ns[i] = pass(r);
	misses = hwi_stat_get(r->m->unit, HWI_STAT_IOTLB_MISSES) - misses;
	loads = hwi_stat_get(r->m->unit, HWI_STAT_TABLE_LOADS) - loads;
	row(name, what, ns, REPEAT, misses ? (double)loads / (double)misses : 0,
	    (uint64_t)REPEAT * r->n, rival);
}

static struct hwi_request request(uint16_t sid, uint32_t pasid, uint64_t addr)
{
	return (struct hwi_request){
		.requester = sid,
		.pasid = pasid,
		.addr = hwi_iova(addr),
		.length = 64,
		.kind = HWI_UNTRANSLATED,
		.access = HWI_READ,
	};
}

/* @n distinct pages of the @window pages from @base on, in random order. */
static void random_pages(uint64_t *addr, unsigned int n, uint64_t base, uint64_t window)
{
	unsigned char *used = calloc(1, window);

	if (!used)
		die("no memory");
	for (unsigned int i = 0; i < n; i++) {
		uint64_t page;

		do
			page = rng() % window;
		while (used[page]);
		used[page] = 1;
		addr[i] = base + page * PAGE + rng() % (PAGE / 64) * 64;
	}
	free(used);
}

/* ---- the cases ---- */

#define SID 0x0108u
#define BASE UINT64_C(0x4000000000)

static void config(struct hwi_vtd_config *cfg, bool structure_caches)
{
	hwi_vtd_config_init(cfg);
	if (!structure_caches) {
		cfg->caches.first_stage = HWI_VTD_CACHE_NONE;
		cfg->caches.second_stage = HWI_VTD_CACHE_NONE;
	}
}

static void second_stage(const char *name, const char *what, bool scalable, bool caches,
			 unsigned int distinct, uint64_t window, void (*before)(struct machine *m),
			 double rival)
{
	static struct hwi_request req[PAGES];
	static uint64_t addr[PAGES];
	struct hwi_vtd_config cfg;
	struct machine m;
	struct run r = { &m, req, PAGES, before };
	uint64_t root, ss;

	if (!wanted(name))
		return;
	config(&cfg, caches);
	machine_init(&m, 64, &cfg);
	root = alloc(&m, 1);
	ss = alloc(&m, 1);
	if (scalable)
		pasid_entry(&m, scalable_context(&m, root, SID), 0,
			    ss | HWI_PUT(VTD_PE_Q0_PGTT, VTD_PGTT_SS) |
				    HWI_PUT(VTD_PE_Q0_AW, VTD_AW_48),
			    1, 0);
	else
		legacy_context(&m, root, SID, ss);
	random_pages(addr, PAGES, BASE, window);
	for (unsigned int i = 0; i < PAGES; i++) {
		map(&m, ss, 4, addr[i], SS_RW, (0x100000000 + (uint64_t)i * PAGE) | SS_RW);
		req[i] = request(SID, HWI_PASID_NONE, addr[i % distinct]);
	}
	start(&m, root, scalable ? VTD_TTM_SCALABLE : VTD_TTM_LEGACY);
	measure(name, what, &r, rival);
	machine_fini(&m);
}

static void first_stage(const char *name, const char *what, bool caches, uint64_t window)
{
	static struct hwi_request req[PAGES];
	static uint64_t addr[PAGES];
	struct hwi_vtd_config cfg;
	struct machine m;
	struct run r = { &m, req, PAGES, invalidate_iotlb };
	uint64_t root, fs;

	if (!wanted(name))
		return;
	config(&cfg, caches);
	machine_init(&m, 64, &cfg);
	root = alloc(&m, 1);
	fs = alloc(&m, 1);
	pasid_entry(&m, scalable_context(&m, root, SID), 5, HWI_PUT(VTD_PE_Q0_PGTT, VTD_PGTT_FS),
		    1 | VTD_PE_Q1_PWSNP, fs);
	random_pages(addr, PAGES, BASE, window);
	for (unsigned int i = 0; i < PAGES; i++) {
		map(&m, fs, 4, addr[i], FS_RWU, (0x100000000 + (uint64_t)i * PAGE) | FS_RWU);
		req[i] = request(SID, 5, addr[i]);
	}
	start(&m, root, VTD_TTM_SCALABLE);
	measure(name, what, &r, 0);
	machine_fini(&m);
}

static void nested(const char *name, const char *what, bool caches, uint64_t window, double rival)
{
	static struct hwi_request req[PAGES];
	static uint64_t addr[PAGES];
	struct hwi_vtd_config cfg;
	struct machine m;
	struct run r = { &m, req, PAGES, invalidate_iotlb };
	uint64_t root, fs, ss, first, last;

	if (!wanted(name))
		return;
	config(&cfg, caches);
	machine_init(&m, 96, &cfg);
	root = alloc(&m, 1);
	ss = alloc(&m, 1);
	first = m.next;
	fs = alloc(&m, 1);
	pasid_entry(&m, scalable_context(&m, root, SID), 5,
		    ss | HWI_PUT(VTD_PE_Q0_PGTT, VTD_PGTT_NESTED) |
			    HWI_PUT(VTD_PE_Q0_AW, VTD_AW_48),
		    1 | VTD_PE_Q1_PWSNP, fs);
	random_pages(addr, PAGES, BASE, window);
	/* First-stage tables stand at guest addresses equal to host ones. */
	for (unsigned int i = 0; i < PAGES; i++) {
		map(&m, fs, 4, addr[i], FS_RWU, (0x10000000 + (uint64_t)i * PAGE) | FS_RWU);
		req[i] = request(SID, 5, addr[i]);
	}
	last = m.next;
	for (uint64_t a = first; a < last; a += PAGE)
		map(&m, ss, 4, a, SS_RW, a | SS_RW);
	for (unsigned int i = 0; i < PAGES; i++)
		map(&m, ss, 4, 0x10000000 + (uint64_t)i * PAGE, SS_RW,
		    (0x100000000 + (uint64_t)i * PAGE) | SS_RW);
	start(&m, root, VTD_TTM_SCALABLE);
	measure(name, what, &r, rival);
	machine_fini(&m);
}

/*
 * Requesters x PASIDs. Each pair has its own PASID entry; all share one first-stage
 * table, so that what grows is what the unit tells apart, not the tables.
 */
static void scale(unsigned int requesters, unsigned int pasids)
{
	enum { OPS = 1u << 18 };
	struct hwi_request *req = calloc(OPS, sizeof(*req));
	struct hwi_vtd_config cfg;
	struct machine m;
	struct run r = { &m, req, OPS, NULL };
	uint64_t root, fs, table_pages, all = (uint64_t)requesters * pasids;
	double hit[5], miss[5];
	uint64_t loads, misses;
	char name[64];

	if (!req)
		die("no memory");
	if (!wanted("scale")) {
		free(req);
		return;
	}
	config(&cfg, true);
	table_pages = (uint64_t)requesters * (2 + (pasids + 63) / 64);
	machine_init(&m, 8 + (table_pages * PAGE >> 20), &cfg);
	root = alloc(&m, 1);
	fs = alloc(&m, 1);
	for (unsigned int i = 0; i < 512; i++)
		map(&m, fs, 4, BASE + (uint64_t)i * PAGE, FS_RWU,
		    (0x100000000 + (uint64_t)i * PAGE) | FS_RWU);
	for (unsigned int s = 0; s < requesters; s++) {
		uint64_t dir = scalable_context(&m, root, (uint16_t)s);

		for (unsigned int p = 1; p <= pasids; p++)
			pasid_entry(&m, dir, p, HWI_PUT(VTD_PE_Q0_PGTT, VTD_PGTT_FS),
				    1 | VTD_PE_Q1_PWSNP, fs);
	}
	start(&m, root, VTD_TTM_SCALABLE);

	loads = hwi_stat_get(m.unit, HWI_STAT_TABLE_LOADS);
	misses = hwi_stat_get(m.unit, HWI_STAT_IOTLB_MISSES);
	for (unsigned int n = 0; n < 5; n++) {
		/* Random pairs and pages; a pair's first use is a miss, later ones may be. */
		for (unsigned int i = 0; i < OPS; i++) {
			uint64_t pair = rng() % all;

			req[i] = request((uint16_t)(pair % requesters),
					 (uint32_t)(pair / requesters) + 1,
					 BASE + rng() % 512 * PAGE);
		}
		invalidate_iotlb(&m);
		r.n = OPS;
		miss[n] = pass(&r);
		/* The last ones again: all of them hit. */
		r.n = 4096;
		r.req = req + OPS - r.n;
		hit[n] = pass(&r);
		r.req = req;
	}
	loads = hwi_stat_get(m.unit, HWI_STAT_TABLE_LOADS) - loads;
	misses = hwi_stat_get(m.unit, HWI_STAT_IOTLB_MISSES) - misses;
	(void)snprintf(name, sizeof(name), "scale_%ux%u_random", requesters, pasids);
	row(name, "262144 requests, random requester, PASID and page of 512, from an empty IOTLB",
	    miss, 5, misses ? (double)loads / (double)misses : 0, 5 * (uint64_t)OPS, 0);
	(void)snprintf(name, sizeof(name), "scale_%ux%u_hit", requesters, pasids);
	row(name, "the last 4096 of them again: IOTLB hits", hit, 5, 0, 5 * 4096, 0);
	machine_fini(&m);
	free(req);
}

/* What an invalidation costs with @live IOTLB entries of its own and @others' domain. */
static void invalidation(const char *name, const char *what, unsigned int mine,
			 unsigned int others, uint64_t q0, uint64_t q1)
{
	struct hwi_vtd_config cfg;
	struct machine m;
	struct hwi_response resp;
	uint64_t root, fs;
	double ns[9];

	if (!wanted(name))
		return;
	config(&cfg, true);
	machine_init(&m, 8, &cfg);
	root = alloc(&m, 1);
	fs = alloc(&m, 1);
	for (unsigned int i = 0; i < 512; i++)
		map(&m, fs, 4, BASE + (uint64_t)i * PAGE, FS_RWU,
		    (0x100000000 + (uint64_t)i * PAGE) | FS_RWU);
	for (unsigned int s = 0; s < 256; s++)
		pasid_entry(&m, scalable_context(&m, root, (uint16_t)s), 1,
			    HWI_PUT(VTD_PE_Q0_PGTT, VTD_PGTT_FS),
			    (s == 0 ? 1u : 2u) | VTD_PE_Q1_PWSNP, fs);
	start(&m, root, VTD_TTM_SCALABLE);
	for (unsigned int n = 0; n < 9; n++) {
		struct hwi_request req;

		for (unsigned int i = 0; i < mine; i++) {
			req = request(0, 1, BASE + (uint64_t)i * PAGE);
			(void)hwi_translate(m.unit, &req, &resp);
		}
		for (unsigned int i = 0; i < others; i++) {
			req = request((uint16_t)(1 + i / 512), 1, BASE + i % 512 * (uint64_t)PAGE);
			(void)hwi_translate(m.unit, &req, &resp);
		}
		check(&resp);
		ns[n] = now();
		invalidate(&m, q0, q1);
		ns[n] = now() - ns[n];
	}
	row(name, what, ns, 9, 0, 9, 0);
	machine_fini(&m);
}

static void invalidations(void)
{
	uint64_t page = VTD_DSC_PUT_TYPE(VTD_DSC_p_iotlb_inv) | HWI_PUT(VTD_P_IOTLB_Q0_G, 3) |
			HWI_PUT(VTD_P_IOTLB_Q0_DID, 1) | HWI_PUT(VTD_P_IOTLB_Q0_PASID, 1);
	uint64_t domain = VTD_DSC_PUT_TYPE(VTD_DSC_iotlb_inv) | HWI_PUT(VTD_IOTLB_INV_Q0_G, 2) |
			  HWI_PUT(VTD_IOTLB_INV_Q0_DID, 1);

	invalidation("invalidate_page_1", "descriptor to done: one page, the domain has 1 entry", 1,
		     0, page, BASE);
	invalidation("invalidate_page_of_512", "one page, the domain has 512 entries", 512, 0, page,
		     BASE);
	invalidation("invalidate_page_beside_100000",
		     "one page, the domain has 1 entry, other domains 100000", 1, 100000, page,
		     BASE);
	invalidation("invalidate_domain_512", "a domain of 512 entries", 512, 0, domain, 0);
	invalidation("invalidate_domain_512_beside_100000",
		     "a domain of 512 entries, other domains 100000", 512, 100000, domain, 0);
}

static void pin(void)
{
	cpu_set_t set;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	/* The last CPU: the first one often has the interrupts. Being refused is no error. */
	CPU_ZERO(&set);
	CPU_SET((size_t)(cpus > 0 ? cpus - 1 : 0), &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv)
{
	bool quick = argc > 1 && !strcmp(argv[1], "--quick");
	const uint64_t dense = PAGES, sparse = 1u << 20;

	if (argc > 1 + quick)
		only = argv[1 + quick];
	pin();
	(void)printf("[\n");
	second_stage("iotlb_hit", "4096 requests a pass for one page", false, true, 1, dense, NULL,
		     RIVAL_HIT_NS);
	second_stage("iotlb_hit_64_pages", "64 pages in turn", false, true, 64, dense, NULL, 0);
	second_stage("iotlb_hit_4096_pages", "4096 random pages of 16 MiB in turn", false, true,
		     PAGES, dense, NULL, 0);
	second_stage("ss4_miss", "legacy mode, 4-level second stage, 4096 random pages of 16 MiB, "
		     "no paging-structure caches", false, false, PAGES, dense, invalidate_iotlb,
		     RIVAL_MISS_NS);
	second_stage("ss4_miss_sparse", "the same over 4 GiB", false, false, PAGES, sparse,
		     invalidate_iotlb, RIVAL_MISS_NS);
	second_stage("ss4_miss_scalable", "scalable mode, 16 MiB", true, false, PAGES, dense,
		     invalidate_iotlb, RIVAL_MISS_NS);
	second_stage("ss4_miss_cached", "legacy mode, 16 MiB, with paging-structure caches", false,
		     true, PAGES, dense, invalidate_iotlb, 0);
	first_stage("fs4_miss", "4-level first stage, 4096 random pages of 16 MiB, "
		    "no paging-structure caches", false, dense);
	first_stage("fs4_miss_cached", "with paging-structure caches", true, dense);
	nested("nested_4on4_miss", "4-level first on 4-level second stage, 4096 random pages of "
	       "16 MiB, no paging-structure caches", false, dense, RIVAL_NESTED_NS);
	nested("nested_4on4_miss_sparse", "the same over 4 GiB", false, sparse, RIVAL_NESTED_NS);
	nested("nested_4on4_miss_cached", "16 MiB, with paging-structure caches", true, dense, 0);
	invalidations();
	scale(1, 1);
	scale(16, 16);
	if (!quick) {
		scale(256, 256);
		scale(4096, 64);
		scale(4096, 1024);
	}
	(void)printf("\n]\n");
	return 0;
}

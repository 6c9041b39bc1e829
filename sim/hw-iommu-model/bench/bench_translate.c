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
#define BENCH_NAME "bench_translate"
#include <inttypes.h>

#include "hwiommu/vtd.h"
#include "hwiommu/vtd/descriptors.h"
#include "hwiommu/vtd/entries.h"
#include "hwiommu/vtd/regs.h"
#include "machine.h"

#define REPEAT 41u
#define PAGES 4096u

/*
 * The riscv-iommu reference model (riscv-non-isa/riscv-iommu 14fd391) at -O2 with gcc 12.2,
 * translating what the row of the same place translates: constants for the ratios, not
 * measured by this program, which tell something on a machine like theirs alone. On each
 * the smallest of several rounds taken in turn with this program's; with the 8 event
 * counters that its own test has, and without, as it is fastest.
 */
static const char *const rival_machines[] = { "Intel Xeon 6/167 of 2 vCPUs, 2026-11-25",
					      "AMD EPYC 26/2 of 2 vCPUs, 2026-11-28" };

struct rival {
	double ns[2], counting[2]; /* by machine */
};

static const struct rival rival_miss = { { 152.0, 94.1 }, { 179.2, 113.9 } };
static const struct rival rival_miss_sparse = { { 155.3, 94.6 }, { 185.0, 116.6 } };
static const struct rival rival_nested = { { 716.1, 393.2 }, { 852.0, 467.2 } };
static const struct rival rival_nested_sparse = { { 734.1, 395.5 }, { 869.6, 497.4 } };
static const struct rival rival_hit = { { 25.2, 20.4 }, { 29.0, 23.2 } };

/* ---- the unit ---- */

static void machine_init(struct machine *m, uint64_t mib, const struct hwi_vtd_config *cfg)
{
	machine_memory(m, mib, PAGE);
	if (hwi_vtd_create(cfg, &ops, m, &m->unit) != HWI_OK)
		die("no unit");
	machine_ram(m);
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

/*
 * Of this thread, for passes too long to go by without being interrupted: what others do
 * meanwhile counts only by what it does to the caches. Where a hypervisor tells of stolen
 * time it errs by some of it; so look at the median, too.
 */
static double cpu_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
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

/* How a row goes on, if it says more. */
struct more {
	const struct rival *rival;
	double chase; /* ns a dependent load takes in as much memory as the row touches */
	double mib;
};

static void row(const char *name, const char *what, double *ns, unsigned int n, double loads,
		uint64_t ops, const struct more *more)
{
	qsort(ns, n, sizeof(*ns), by_value);
	(void)printf("%s{\"name\": \"%s\", \"what\": \"%s\", \"ns_per_op\": %.2f, "
		     "\"ns_median\": %.2f, \"loads_per_walk\": %.2f, \"ops\": %" PRIu64,
		     first_row ? "" : ",\n", name, what, ns[0], ns[n / 2], loads, ops);
	first_row = false;
	for (unsigned int i = 0; more && more->rival && i < 2; i++)
		(void)printf("%s{\"machine\": \"%s\", \"ns\": %.1f, \"ns_counting\": %.1f, "
			     "\"ratio\": %.1f, \"ratio_counting\": %.1f}%s",
			     i ? ", " : ", \"reference_model\": [", rival_machines[i],
			     more->rival->ns[i], more->rival->counting[i],
			     more->rival->ns[i] / ns[0], more->rival->counting[i] / ns[0],
			     i ? "]" : "");
	if (more && more->chase > 0)
		(void)printf(", \"ops_per_s\": %.0f, \"touched_mib\": %.1f, \"chase_ns\": %.1f, "
			     "\"chases_per_op\": %.2f",
			     1e9 / ns[0], more->mib, more->chase, ns[0] / more->chase);
	(void)printf("}");
	(void)fflush(stdout);
}

static void measure(const char *name, const char *what, const struct run *r,
		    const struct rival *rival)
{
	struct more more = { .rival = rival };
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
	    (uint64_t)REPEAT * r->n, &more);
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
			 const struct rival *rival)
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
	measure(name, what, &r, NULL);
	machine_fini(&m);
}

static void nested(const char *name, const char *what, bool caches, uint64_t window,
		   const struct rival *rival)
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

/* A cache that is full: each miss evicts, the oldest first. */
static void evicting(const char *name, const char *what)
{
	static struct hwi_request req[PAGES];
	static uint64_t addr[PAGES];
	struct hwi_vtd_config cfg;
	struct machine m;
	struct run r = { &m, req, PAGES, NULL };
	uint64_t root, ss;

	if (!wanted(name))
		return;
	config(&cfg, true);
	cfg.caches.iotlb = 1024;
	machine_init(&m, 64, &cfg);
	root = alloc(&m, 1);
	ss = alloc(&m, 1);
	legacy_context(&m, root, SID, ss);
	random_pages(addr, PAGES, BASE, PAGES);
	for (unsigned int i = 0; i < PAGES; i++) {
		map(&m, ss, 4, addr[i], SS_RW, (0x100000000 + (uint64_t)i * PAGE) | SS_RW);
		req[i] = request(SID, HWI_PASID_NONE, addr[i]);
	}
	start(&m, root, VTD_TTM_LEGACY);
	measure(name, what, &r, NULL);
	machine_fini(&m);
}

/*
 * What memory alone costs: nanoseconds a load whose address comes from the load before,
 * at random in so much memory, in the same large pages. A request that has to read a
 * PASID entry out of hundreds of megabytes waits for one such load at least.
 */
static double chase(double mib)
{
	enum { LINE = 64, STEPS = 1u << 20 };
	uint64_t lines = (uint64_t)(mib * 1048576) / LINE, at = 0;
	unsigned char *mem = large_pages(lines * LINE);
	double best = 0;

	/* One cycle through all lines (Sattolo). */
	for (uint64_t i = 0; i < lines; i++)
		hwi_st64(mem + i * LINE, i);
	for (uint64_t i = lines - 1; i > 0; i--) {
		uint64_t j = rng() % i, x = hwi_ld64(mem + i * LINE);

		hwi_st64(mem + i * LINE, hwi_ld64(mem + j * LINE));
		hwi_st64(mem + j * LINE, x);
	}
	for (unsigned int n = 0; n < 5; n++) {
		double t = cpu_now();

		for (unsigned int i = 0; i < STEPS; i++)
			at = hwi_ld64(mem + at * LINE);
		t = (cpu_now() - t) / STEPS;
		best = n == 0 || t < best ? t : best;
	}
	__asm__ volatile("" : : "r"(at));
	free(mem);
	return best;
}

/*
 * Requesters x PASIDs, shared by one or more units. Each pair has its own PASID entry;
 * all pairs of a unit share one first-stage table, so that what grows is what is told
 * apart, not the tables. Each unit has memory of its own.
 */
enum { SCALE_OPS = 1u << 18, SCALE_HITS = 4096, SCALE_PAGES = 512, SCALE_ROUNDS = 5 };

struct scale_op {
	struct hwi_unit *unit;
	struct hwi_request req;
};

static uint64_t scale_machine(struct machine *m, unsigned int requesters, unsigned int pasids)
{
	struct hwi_vtd_config cfg;
	uint64_t root, fs;

	config(&cfg, true);
	machine_init(m, 8 + ((uint64_t)requesters * (2 + (pasids + 63) / 64) * PAGE >> 20), &cfg);
	root = alloc(m, 1);
	fs = alloc(m, 1);
	for (unsigned int i = 0; i < SCALE_PAGES; i++)
		map(m, fs, 4, BASE + (uint64_t)i * PAGE, FS_RWU,
		    (0x100000000 + (uint64_t)i * PAGE) | FS_RWU);
	for (unsigned int s = 0; s < requesters; s++) {
		uint64_t dir = scalable_context(m, root, (uint16_t)s);

		for (unsigned int p = 1; p <= pasids; p++)
			pasid_entry(m, dir, p, HWI_PUT(VTD_PE_Q0_PGTT, VTD_PGTT_FS),
				    1 | VTD_PE_Q1_PWSNP, fs);
	}
	start(m, root, VTD_TTM_SCALABLE);
	return m->next;
}

static double scale_pass(const struct scale_op *op, unsigned int n)
{
	struct hwi_response resp;
	uint64_t sum = 0;
	double t = cpu_now();

	for (unsigned int i = 0; i < n; i++) {
		(void)hwi_translate(op[i].unit, &op[i].req, &resp);
		sum += hwi_hpa_val(resp.addr) + resp.outcome;
	}
	t = cpu_now() - t;
	check(&resp);
	__asm__ volatile("" : : "r"(sum));
	return t / n;
}

static uint64_t scale_stat(struct machine *m, unsigned int units, enum hwi_stat stat)
{
	uint64_t sum = 0;

	for (unsigned int u = 0; u < units; u++)
		sum += hwi_stat_get(m[u].unit, stat);
	return sum;
}

static void scale(unsigned int units, unsigned int requesters, unsigned int pasids)
{
	uint64_t loads, misses, tables = 0, all = (uint64_t)requesters * pasids;
	unsigned int each = requesters / units;
	double hit[SCALE_ROUNDS], again[SCALE_ROUNDS], miss[SCALE_ROUNDS];
	struct more more = { .rival = NULL };
	char base[64], name[80];
	struct scale_op *op;
	struct machine *m;

	(void)snprintf(base, sizeof(base), "scale_%ux%u", requesters, pasids);
	if (units > 1)
		(void)snprintf(base, sizeof(base), "scale_%u_units_%ux%u", units, requesters,
			       pasids);
	if (!wanted(base))
		return;
	op = calloc(SCALE_OPS, sizeof(*op));
	m = calloc(units, sizeof(*m));
	if (!op || !m)
		die("no memory");
	for (unsigned int u = 0; u < units; u++)
		tables += scale_machine(&m[u], each, pasids);

	loads = scale_stat(m, units, HWI_STAT_TABLE_LOADS);
	misses = scale_stat(m, units, HWI_STAT_IOTLB_MISSES);
	for (unsigned int n = 0; n < SCALE_ROUNDS; n++) {
		/* Random pairs and pages; a pair's first use is a miss, later ones may be. */
		for (unsigned int i = 0; i < SCALE_OPS; i++) {
			uint64_t pair = rng() % all;

			op[i].unit = m[pair % units].unit;
			op[i].req = request((uint16_t)(pair / units % each),
					    (uint32_t)(pair / requesters) + 1,
					    BASE + rng() % SCALE_PAGES * PAGE);
		}
		for (unsigned int u = 0; u < units; u++)
			invalidate_iotlb(&m[u]);
		miss[n] = scale_pass(op, SCALE_OPS);
		/* The last ones again: all of them hit. */
		hit[n] = scale_pass(op + SCALE_OPS - SCALE_HITS, SCALE_HITS);
		again[n] = scale_pass(op + SCALE_OPS - SCALE_HITS, SCALE_HITS);
	}
	loads = scale_stat(m, units, HWI_STAT_TABLE_LOADS) - loads;
	misses = scale_stat(m, units, HWI_STAT_IOTLB_MISSES) - misses;

	/* Tables, and an IOTLB entry with four bucket heads for each miss of a round. */
	more.mib = ((double)tables + (double)misses / SCALE_ROUNDS * 80) / 1048576;
	more.chase = chase(more.mib);
	(void)snprintf(name, sizeof(name), "%s_random", base);
	row(name, "262144 requests, random requester, PASID and page of 512, from an empty IOTLB; "
	    "chase_ns: one dependent load at random in touched_mib, which is tables and IOTLB",
	    miss, SCALE_ROUNDS, misses ? (double)loads / (double)misses : 0,
	    (uint64_t)SCALE_ROUNDS * SCALE_OPS, &more);

	/* All that a round touches has been through the caches since these were filled. */
	(void)snprintf(name, sizeof(name), "%s_hit", base);
	row(name, "the last 4096 of them again: IOTLB hits, much of it out of far caches", hit,
	    SCALE_ROUNDS, 0, (uint64_t)SCALE_ROUNDS * SCALE_HITS, &more);

	/* Requests, IOTLB entries and, a line each, bucket heads. */
	more.mib = SCALE_HITS * (double)(sizeof(*op) + 128) / 1048576;
	more.chase = chase(more.mib);
	(void)snprintf(name, sizeof(name), "%s_hit_again", base);
	row(name, "and once more, out of near caches; touched_mib: requests, entries, heads", again,
	    SCALE_ROUNDS, 0, (uint64_t)SCALE_ROUNDS * SCALE_HITS, &more);

	for (unsigned int u = 0; u < units; u++)
		machine_fini(&m[u]);
	free(m);
	free(op);
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
	row(name, what, ns, 9, 0, 9, NULL);
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

int main(int argc, char **argv)
{
	bool quick = argc > 1 && !strcmp(argv[1], "--quick");
	const uint64_t dense = PAGES, sparse = 1u << 20;

	if (argc > 1 + quick)
		only = argv[1 + quick];
	pin();
	(void)printf("[\n");
	second_stage("iotlb_hit", "4096 requests a pass for one page", false, true, 1, dense, NULL,
		     &rival_hit);
	second_stage("iotlb_hit_64_pages", "64 pages in turn", false, true, 64, dense, NULL,
		     NULL);
	second_stage("iotlb_hit_4096_pages", "4096 random pages of 16 MiB in turn", false, true,
		     PAGES, dense, NULL,
		     NULL);
	second_stage("ss4_miss", "legacy mode, 4-level second stage, 4096 random pages of 16 MiB, "
		     "no paging-structure caches", false, false, PAGES, dense, invalidate_iotlb,
		     &rival_miss);
	second_stage("ss4_miss_sparse", "the same over 4 GiB", false, false, PAGES, sparse,
		     invalidate_iotlb, &rival_miss_sparse);
	second_stage("ss4_miss_scalable", "scalable mode, 16 MiB", true, false, PAGES, dense,
		     invalidate_iotlb, &rival_miss);
	second_stage("ss4_miss_cached", "legacy mode, 16 MiB, with paging-structure caches", false,
		     true, PAGES, dense, invalidate_iotlb, NULL);
	evicting("ss4_miss_evicting", "legacy mode, 4096 random pages in turn through an IOTLB of "
		 "1024, with paging-structure caches");
	first_stage("fs4_miss", "4-level first stage, 4096 random pages of 16 MiB, "
		    "no paging-structure caches", false, dense);
	first_stage("fs4_miss_cached", "with paging-structure caches", true, dense);
	nested("nested_4on4_miss", "4-level first on 4-level second stage, 4096 random pages of "
	       "16 MiB, no paging-structure caches", false, dense, &rival_nested);
	nested("nested_4on4_miss_sparse", "the same over 4 GiB", false, sparse,
	       &rival_nested_sparse);
	nested("nested_4on4_miss_cached", "16 MiB, with paging-structure caches", true, dense, NULL);
	invalidations();
	scale(1, 1, 1);
	scale(1, 16, 16);
	if (!quick) {
		scale(1, 256, 256);
		scale(1, 4096, 64);
		scale(1, 4096, 1024);
		scale(4, 4096, 1024);
		scale(16, 4096, 1024);
	}
	(void)printf("\n]\n");
	return 0;
}

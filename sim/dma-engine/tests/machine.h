/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The machine that the unit tests put around one function: a little memory, a
 * flat table of mappings in place of an IOMMU, a clock, and a record of every
 * message the function sends.
 */
#ifndef TEST_MACHINE_H
#define TEST_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <hwdma/engine.h>

#define PAGE		4096u
#define MEM_PAGES	64u
#define MAX_MAPS	128u
#define MAX_RECORDS	4096u

enum { R = 1, W = 2, X = 4, GLOBAL = 8, UNTRANS = 16 };

struct map {
	bool pasid_valid;
	uint32_t pasid;
	uint64_t iova;		/* page */
	uint64_t phys;
	unsigned int perm;
	unsigned int shift;	/* size an ATS answer tells */
};

struct request {
	char kind;		/* r w a(tomic) t(ranslate) p(age) s(top marker) */
	struct hwdma_attrs attrs;
	uint64_t iova;
	size_t len;
	bool read, write, last, no_write;
	uint16_t prgi;
	unsigned int npages;
	uint64_t when;
};

struct machine {
	struct hwdma *e;
	struct hwdma_config cfg;
	struct hwdma_enables en;
	uint8_t mem[MEM_PAGES * PAGE];
	struct map maps[MAX_MAPS];
	unsigned int nmaps;
	uint64_t now;
	unsigned int budget;		/* of each hwdma_run() */

	/* behaviour a test may set */
	enum hwdma_ats_status ats_status;
	bool ats_malformed;		/* an address that is not aligned */
	int ats_count;			/* not 0: claim so many translations, -1: none */
	enum hwdma_bus bus;		/* not OK: answer of every memory request */
	bool block_translated;
	bool hold;			/* what is missing holds the request, with tag ... */
	uint64_t tag;			/* this one, and the next one higher ... */
	bool same_tag;			/* or the same */
	int answer;			/* page groups: -1 recorded only, else answered at once */
	unsigned int grant;		/* permissions given on a page request */
	uint64_t grant_phys;
	/* called from inside each callback */
	void (*hook)(struct machine *m, const struct request *rq);

	struct request req[MAX_RECORDS];
	unsigned int nreq;
	unsigned int vectors[64], nvectors;
	uint32_t done_itags[64];
	unsigned int done_counts[64], ndone;
	unsigned int kicks;
};

/* calloc() calls of the library until one fails; -1: never (test builds wrap calloc) */
extern int machine_calloc_fails;

/* cmocka set-up and tear-down: *state is a struct machine, all enabled */
int machine_setup(void **state);
int machine_teardown(void **state);
struct machine *machine_new(const struct hwdma_config *cfg);
void machine_free(struct machine *m);
const struct hwdma_ops *machine_ops(void);

void machine_map(struct machine *m, uint64_t iova, uint64_t phys, unsigned int perm);
void machine_map_pasid(struct machine *m, uint32_t pasid, uint64_t iova, uint64_t phys,
		       unsigned int perm);
void machine_unmap(struct machine *m, uint64_t iova);
/* IOVA 0x100000 + n pages -> memory page n, read and write, for all pages */
void machine_map_all(struct machine *m);
#define IOVA(n)		(0x100000ull + (uint64_t)(n) * PAGE)

/* run until nothing is due, letting the clock go on to each deadline */
void machine_run(struct machine *m);
/* run what is due now */
uint64_t machine_poll(struct machine *m);

uint32_t rd32(struct machine *m, uint64_t offset);
uint64_t rd64(struct machine *m, uint64_t offset);
void wr32(struct machine *m, uint64_t offset, uint32_t value);
void wr64(struct machine *m, uint64_t offset, uint64_t value);

/* put a descriptor into a channel's registers and ring; does not run it */
void machine_start(struct machine *m, unsigned int ch, const struct hwdma_desc *d);
/* the same and run to the end: HWDMA_ERR_* */
unsigned int machine_do(struct machine *m, unsigned int ch, const struct hwdma_desc *d);
struct hwdma_status machine_result(struct machine *m, unsigned int ch);
unsigned int machine_error(struct machine *m, unsigned int ch);
unsigned int machine_state(struct machine *m, unsigned int ch);
/* recorded requests of a kind */
unsigned int machine_count(const struct machine *m, char kind);
const struct request *machine_nth(const struct machine *m, char kind, unsigned int n);
void machine_forget(struct machine *m);
void fill_random(uint8_t *p, size_t len, uint32_t seed);

#endif /* TEST_MACHINE_H */

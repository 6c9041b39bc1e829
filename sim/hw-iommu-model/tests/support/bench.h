/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The bench that unit tests put a unit on: flat memory whose accesses can be made
 * to fail, and a log of everything the unit says to the machine around it.
 *
 * Memory answers from 0 to BENCH_MEM - 1. Pages are handed out by bench_alloc()
 * from the bottom; page 0 is never handed out.
 *
 *	static void test_x(void **state)
 *	{
 *		struct bench *b = *state;
 *		...
 *	}
 *	cmocka_unit_test_setup_teardown(test_x, bench_setup, bench_teardown)
 *
 * How a test says what it covers: tests/README.md.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hwiommu/hwiommu.h"
#include "hwiommu/vtd.h"
#include "hwiommu/vtd/descriptors.h"
#include "hwiommu/vtd/entries.h"
#include "hwiommu/vtd/faults.h"
#include "hwiommu/vtd/regs.h"

#define BENCH_MEM (8u << 20)
#define BENCH_LOG 512u
#define BENCH_INJECT 16u

/* An address outside of memory but below every host address width. */
#define BENCH_NOWHERE UINT64_C(0x70000000)

struct bench_msi {
	uint64_t addr;
	uint32_t data;
};

struct bench {
	struct hwi_unit *unit;
	struct hwi_vtd_config cfg;
	struct hwi_host_ops ops;
	unsigned char *mem;
	uint64_t next_page;

	/* What bench_fail_read(), bench_fail_write(), bench_change() asked for. */
	struct bench_inject {
		enum { INJ_NONE, INJ_READ, INJ_WRITE, INJ_CHANGE } what;
		uint64_t addr, len, val;
	} inject[BENCH_INJECT];

	/* How the machine behaves. */
	bool no_such_function; /* ats_invalidate() has nobody to send to */
	bool busy;	       /* drain() is refused */

	/* What the unit said, in order. */
	struct bench_msi msi[BENCH_LOG];
	unsigned int msis;
	struct hwi_ats_invalidate ats[BENCH_LOG];
	unsigned int atss;
	struct hwi_prg_response prg[BENCH_LOG];
	unsigned int prgs;
	struct hwi_inval inval[BENCH_LOG];
	unsigned int invals;
	unsigned int drains, kicks, reads, writes, cass;

	/* What bench_*() set up. */
	uint64_t root;	     /* root table */
	uint64_t iqa;	     /* invalidation queue */
	unsigned int dsc;    /* bytes of a descriptor */
	uint64_t queue_size; /* bytes */
	uint64_t irt;	     /* interrupt remapping table */
	uint64_t prq;	     /* page request queue */
	uint64_t status;     /* where bench_wait() has its status written */
	uint32_t cookie;
};

/* ---- life ---- */

/* Default configuration with caches of a size that is fast to make. */
void bench_config(struct hwi_vtd_config *cfg);

/* A bench with a unit of this configuration (NULL: bench_config()'s); fails the test if refused. */
void bench_init(struct bench *b, const struct hwi_vtd_config *cfg);
void bench_fini(struct bench *b);

/* The same as cmocka fixtures: *state is a struct bench. */
int bench_setup(void **state);
int bench_teardown(void **state);

/* Another unit in the place of the one there is, on the same memory; logs start anew. */
void bench_remake(struct bench *b, const struct hwi_vtd_config *cfg);
void bench_clear_logs(struct bench *b);

/* ---- memory ---- */

uint64_t bench_alloc(struct bench *b, unsigned int pages); /* zeroed; the address */
uint64_t bench_r64(const struct bench *b, uint64_t addr);
uint32_t bench_r32(const struct bench *b, uint64_t addr);
void bench_w64(struct bench *b, uint64_t addr, uint64_t val);
void bench_w32(struct bench *b, uint64_t addr, uint32_t val);

/* From now on accesses that touch [addr, addr + len) do not answer. */
void bench_fail_read(struct bench *b, uint64_t addr, uint64_t len);
void bench_fail_write(struct bench *b, uint64_t addr, uint64_t len); /* compare-and-swap too */
/* Right before the next compare-and-swap at @addr somebody else stores @val there. */
void bench_change(struct bench *b, uint64_t addr, uint64_t val);
void bench_heal(struct bench *b); /* undo all of these */

/* ---- registers ---- */

uint32_t bench_read32(struct bench *b, uint64_t off);
uint64_t bench_read64(struct bench *b, uint64_t off);
void bench_write32(struct bench *b, uint64_t off, uint32_t val);
void bench_write64(struct bench *b, uint64_t off, uint64_t val);

/* As software does it: GCMD from GSTS with one bit set or cleared. */
void bench_gcmd(struct bench *b, uint32_t bit, bool on);
uint32_t bench_gsts(struct bench *b);

/* RTADDR and SRTP: the bench's root table (made on first use), with these low bits. */
void bench_set_root(struct bench *b, uint64_t bits);
/* The same, and TE. */
void bench_start_legacy(struct bench *b);
void bench_start_scalable(struct bench *b);

/* ---- invalidation queue ---- */

/* Queue of 2^qs pages, 256-bit descriptors if @wide; QIE. */
void bench_start_queue(struct bench *b, bool wide, unsigned int qs);
/* Write a descriptor at the tail (its address is returned) and move IQT; nothing runs yet. */
uint64_t bench_submit(struct bench *b, uint64_t q0, uint64_t q1);
uint64_t bench_submit4(struct bench *b, const uint64_t q[4]);
/* Let the unit work until nothing more can be done; the number of steps. */
unsigned int bench_run(struct bench *b);
/* Submit, run, and check that it was taken (no IQE). */
void bench_do(struct bench *b, uint64_t q0, uint64_t q1);
/* Submit a wait with SW and run: whether its status was written. */
bool bench_wait(struct bench *b);

/* The usual descriptors, done at once. */
void bench_inv_context(struct bench *b);
void bench_inv_pasid(struct bench *b);
void bench_inv_iotlb(struct bench *b);
void bench_inv_iec(struct bench *b);
void bench_inv_everything(struct bench *b);

/* ---- faults ---- */

struct bench_record {
	bool f;
	uint8_t reason;
	uint16_t sid;
	bool pp;
	uint32_t pasid;
	bool exe, priv;
	unsigned int type; /* {T1,T2} */
	unsigned int at;
	uint64_t fi;
};

#define BENCH_TYPE_WRITE 0u
#define BENCH_TYPE_PAGE_REQUEST 1u
#define BENCH_TYPE_READ 2u
#define BENCH_TYPE_ATOMIC 3u

struct bench_record bench_record(struct bench *b, unsigned int n);
void bench_clear_record(struct bench *b, unsigned int n);
unsigned int bench_records(struct bench *b); /* how many have F set */
void bench_clear_faults(struct bench *b);    /* all records, then FSTS */

/* Exactly one record is pending, with this reason and source; it is cleared. */
struct bench_record bench_expect_fault(struct bench *b, uint8_t reason, uint16_t sid);
void bench_expect_no_fault(struct bench *b);

/* FECTL etc.: unmask an event block and give it an address and data. */
void bench_unmask(struct bench *b, uint32_t ctl, uint64_t addr, uint16_t data);

/* ---- requests ---- */

/* HWI_READ etc.; HWI_ZLR makes the length 0, else 4 bytes. */
struct hwi_response bench_dma(struct bench *b, uint16_t sid, uint32_t pasid, uint64_t addr,
			      unsigned int access);
struct hwi_response bench_request(struct bench *b, unsigned int kind, uint16_t sid, uint32_t pasid,
				  uint64_t addr, unsigned int access);
/* Ordinary request: goes to @out / is refused with this reason, recorded as such, and cleared. */
void bench_expect(struct bench *b, uint16_t sid, uint32_t pasid, uint64_t addr,
		  unsigned int access, uint64_t out);
void bench_expect_refused(struct bench *b, uint16_t sid, uint32_t pasid, uint64_t addr,
			  unsigned int access, uint8_t reason);

/* ---- interrupts ---- */

/* A table of 2^(s+1) entries, SIRTP, IRE. */
void bench_start_remapping(struct bench *b, unsigned int s, bool eime);
uint64_t bench_irte(struct bench *b, unsigned int index, uint64_t lo, uint64_t hi);
struct hwi_interrupt_response bench_interrupt(struct bench *b, uint16_t sid, uint64_t addr,
					      uint32_t data);
/* A remappable message for this index, SHV=0. */
struct hwi_interrupt_response bench_interrupt_index(struct bench *b, uint16_t sid,
						    unsigned int index);

#endif

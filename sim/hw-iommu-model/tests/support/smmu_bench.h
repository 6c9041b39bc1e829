/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The bench that tests put an SMMUv3 unit on: flat memory whose accesses can be
 * made to fail, a log of everything the unit says to the machine around it, and
 * software's side of the registers and queues.
 *
 * Memory answers from 0 to SB_MEM - 1. sb_alloc() hands it out from the bottom;
 * page 0 is never handed out. Messages are writes: to memory, or to SB_DOORBELL;
 * all are logged.
 *
 *	static void test_x(void **state)
 *	{
 *		struct smmu_bench *b = *state;
 *		...
 *	}
 *	cmocka_unit_test_setup_teardown(test_x, sb_setup, sb_teardown)
 */
#ifndef TESTS_SMMU_BENCH_H
#define TESTS_SMMU_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hwiommu/hwiommu.h"
#include "hwiommu/smmuv3.h"
#include "hwiommu/smmuv3/cmdqv.h"
#include "hwiommu/smmuv3/commands.h"
#include "hwiommu/smmuv3/context.h"
#include "hwiommu/smmuv3/events.h"
#include "hwiommu/smmuv3/regs.h"
#include "hwiommu/smmuv3/stream.h"

#define SB_MEM (16u << 20)
#define SB_LOG 512u
#define SB_INJECT 16u
#define SB_CACHE 1024u

/* An address outside of memory but below every OAS. */
#define SB_NOWHERE UINT64_C(0x70000000)
/* Where an interrupt controller takes messages. */
#define SB_DOORBELL UINT64_C(0x08020040)

struct sb_msi {
	uint64_t addr;
	uint32_t data;
};

struct sb_resume {
	uint32_t requester;
	uint64_t tag;
	enum hwi_resume action;
};

/* A queue as software knows it. */
struct sb_queue {
	uint64_t addr;
	unsigned int log2;
	uint32_t at; /* software's index, with its wrap bit */
};

struct smmu_bench {
	struct hwi_unit *unit;
	struct hwi_smmuv3_config cfg;
	struct hwi_host_ops ops;
	unsigned char *mem;
	uint64_t next_page;

	struct sb_inject {
		enum { SB_INJ_NONE, SB_INJ_READ, SB_INJ_WRITE, SB_INJ_CHANGE } what;
		uint64_t addr, len, val;
	} inject[SB_INJECT];

	/* How the machine behaves. */
	bool no_such_function; /* ats_invalidate() has nobody to send to */
	bool busy;	       /* drain() is refused */

	/* What the unit said, in order. */
	struct sb_msi msi[SB_LOG];
	unsigned int msis;
	unsigned int edges[HWI_SMMUV3_IRQS];
	bool level[HWI_SMMUV3_IRQS];
	struct hwi_ats_invalidate ats[SB_LOG];
	unsigned int atss;
	struct hwi_prg_response prg[SB_LOG];
	unsigned int prgs;
	struct sb_resume resume[SB_LOG];
	unsigned int resumes;
	struct hwi_inval inval[SB_LOG];
	unsigned int invals;
	unsigned int drains, kicks, sevs, reads, writes, cass;

	/* What sb_start() and its parts set up. */
	struct sb_queue cmdq, eventq, priq;
	uint64_t strtab;
	unsigned int strtab_log2;
};

/* ---- life ---- */

/* Default configuration with caches of a size that is fast to make. */
void sb_config(struct hwi_smmuv3_config *cfg);
/* A bench with a unit of this configuration (NULL: sb_config()'s); fails the test if refused. */
void sb_init(struct smmu_bench *b, const struct hwi_smmuv3_config *cfg);
void sb_fini(struct smmu_bench *b);
/* cmocka fixtures: *state is a struct smmu_bench; sb_setup_started() calls sb_start() too. */
int sb_setup(void **state);
int sb_setup_started(void **state);
int sb_teardown(void **state);
/* Another unit in the place of the one there is, on the same memory; logs start anew. */
void sb_remake(struct smmu_bench *b, const struct hwi_smmuv3_config *cfg);
void sb_clear_logs(struct smmu_bench *b);

/* ---- memory ---- */

uint64_t sb_alloc(struct smmu_bench *b, unsigned int pages); /* 4K each, zeroed */
/* The same, aligned to its size (a power of two of bytes, a page at least). */
uint64_t sb_alloc_aligned(struct smmu_bench *b, uint64_t bytes);
uint64_t sb_r64(const struct smmu_bench *b, uint64_t addr);
uint32_t sb_r32(const struct smmu_bench *b, uint64_t addr);
void sb_w64(struct smmu_bench *b, uint64_t addr, uint64_t val);
void sb_w32(struct smmu_bench *b, uint64_t addr, uint32_t val);

/* From now on accesses that touch [addr, addr + len) do not answer. */
void sb_fail_read(struct smmu_bench *b, uint64_t addr, uint64_t len);
void sb_fail_write(struct smmu_bench *b, uint64_t addr, uint64_t len); /* cas64, messages too */
/* Right before the next compare-and-swap at @addr somebody else stores @val there. */
void sb_change(struct smmu_bench *b, uint64_t addr, uint64_t val);
void sb_heal(struct smmu_bench *b);

/* ---- registers ---- */

uint32_t sb_read(struct smmu_bench *b, uint64_t off);
uint64_t sb_read64(struct smmu_bench *b, uint64_t off);
void sb_write(struct smmu_bench *b, uint64_t off, uint32_t val);
void sb_write64(struct smmu_bench *b, uint64_t off, uint64_t val);
/* CR0 bits on or off; checks that CR0ACK follows. */
void sb_cr0(struct smmu_bench *b, uint32_t bits, bool on);
/* GBPA with Update. */
void sb_gbpa(struct smmu_bench *b, uint32_t val);
/* Active errors; acknowledge all of them. */
uint32_t sb_gerror(struct smmu_bench *b);
void sb_gerror_ack(struct smmu_bench *b);

/* ---- set-up ---- */

/*
 * In the order that software uses: a linear stream table of 2^8 STEs, queues of
 * 2^5 commands, 2^4 events, 2^3 page requests, RECINVSID, all enables but those of
 * interrupts, SMMUEN last.
 */
void sb_start(struct smmu_bench *b);
void sb_start_cmdq(struct smmu_bench *b, unsigned int log2);
void sb_start_eventq(struct smmu_bench *b, unsigned int log2);
void sb_start_priq(struct smmu_bench *b, unsigned int log2);
void sb_start_strtab(struct smmu_bench *b, unsigned int log2); /* linear */
/* Interrupts of all sources, messages to SB_DOORBELL with data 1 event, 2 PRI, 3 GERROR. */
void sb_start_irqs(struct smmu_bench *b);
/* The STE of a StreamID in that table. */
uint64_t sb_ste(const struct smmu_bench *b, uint32_t sid);

/* ---- commands ---- */

/* Write a command and move PROD; nothing runs yet. The command's address. */
uint64_t sb_submit(struct smmu_bench *b, uint64_t q0, uint64_t q1);
/* Let the unit work until nothing more can be done; the number of steps. */
unsigned int sb_run(struct smmu_bench *b);
/* CMDQ_CONS.ERR if CMDQ_ERR is active, else SMMU_CERROR_NONE. */
uint32_t sb_cmdq_error(struct smmu_bench *b);
bool sb_cmdq_empty(struct smmu_bench *b);
/* Submit, run, and check that it was consumed without an error. */
void sb_do(struct smmu_bench *b, uint64_t q0, uint64_t q1);
void sb_sync(struct smmu_bench *b);
/* Submit, run, check for this error, put a CMD_SYNC in its place and acknowledge. */
void sb_refuse(struct smmu_bench *b, uint64_t q0, uint64_t q1, uint32_t cerror);
/* CFGI_ALL, TLBI_NSNH_ALL, TLBI_EL2_ALL, CMD_SYNC. */
void sb_invalidate_all(struct smmu_bench *b);

/* ---- records ---- */

/* The oldest event is taken off the queue. False: there is none. */
bool sb_event(struct smmu_bench *b, uint64_t rec[4]);
unsigned int sb_events(struct smmu_bench *b);
/* Exactly one event, with this code and StreamID; its four words, if wanted. */
void sb_expect_event(struct smmu_bench *b, uint8_t code, uint32_t sid, uint64_t rec[4]);
void sb_expect_no_event(struct smmu_bench *b);
/* The same for page requests. */
bool sb_ppr(struct smmu_bench *b, uint64_t rec[2]);

/* ---- requests ---- */

/* HWI_READ etc.; 4 bytes, or 0 with HWI_ZLR. */
struct hwi_response sb_request(struct smmu_bench *b, unsigned int kind, uint32_t sid,
			       uint32_t ssid, uint64_t addr, unsigned int access);
struct hwi_response sb_dma(struct smmu_bench *b, uint32_t sid, uint32_t ssid, uint64_t addr,
			   unsigned int access);
void sb_page_request(struct smmu_bench *b, uint32_t sid, uint32_t ssid, uint64_t addr,
		     unsigned int access, uint16_t prgi, bool last);

#endif

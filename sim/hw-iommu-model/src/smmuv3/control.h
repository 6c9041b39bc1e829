/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The control half of an SMMUv3 unit: its state, and what its parts offer each
 * other.
 */
#ifndef HWI_SMMUV3_CONTROL_H
#define HWI_SMMUV3_CONTROL_H

#include "hwiommu/smmuv3/cmdqv.h"
#include "smmu.h"

/* Addresses of messages and tables before SMMUv3.4 (§6.3.21, §4.7.3). */
#define SMMU_ADDR_MASK HWI_MASK64(51, 0)

#define SMMU_CMD_OPCODE(cmd0) HWI_GET32(SMMU_CMD0_OPCODE, cmd0)

/* ---- state ------------------------------------------------------------------ */

/* An interrupt's address, data and attributes (x_IRQ_CFG0 to 2, §6.3.21 and on). */
struct smmu_irq_cfg {
	uint64_t addr;
	uint32_t data;
	uint32_t attr;
};

/* Why a fetched command has to wait. */
enum smmu_wait {
	SMMU_WAIT_NOT,
	SMMU_WAIT_ITAG,	 /* CMD_ATC_INV: every tag is taken */
	SMMU_WAIT_ATC,	 /* CMD_SYNC: invalidations of ATCs are not yet answered */
	SMMU_WAIT_DRAIN, /* CMD_SYNC: requests translated before are under way */
	SMMU_WAITS
};

/* A queue of commands: CMDQ_*, or a VCMDQ. */
struct smmu_cmd_queue {
	uint64_t base;
	uint32_t prod;
	uint32_t cons; /* RD and ERR as the register has them */
	bool fetched;  /* @cmd is the entry at CONS, waiting */
	uint8_t wait;  /* enum smmu_wait, of a fetched one */
	bool drain_owed; /* something was invalidated since the last CMD_SYNC */
	bool atc_failed; /* a CMD_ATC_INV since then timed out */
	uint64_t cmd[2];
};

/* A queue of records: EVENTQ_*, PRIQ_*. */
struct smmu_rec_queue {
	uint64_t base;
	uint32_t prod; /* OVFLG and WR */
	uint32_t cons; /* OVACKFLG and RD */
	struct smmu_irq_cfg irq;
};

struct smmu_regs {
	uint32_t cr0; /* every Update is done at once, so CR0ACK is the same */
	uint32_t cr1;
	uint32_t cr2;
	uint32_t gbpa;
	uint32_t irq_ctrl; /* and IRQ_CTRLACK */
	uint32_t gerror;
	uint32_t gerrorn;
	struct smmu_irq_cfg gerror_irq;
	uint64_t strtab_base;
	uint32_t strtab_base_cfg;
	struct smmu_rec_queue eventq;
	struct smmu_rec_queue priq;
};

/* An invalidation request that an ATC has not yet answered. */
#define SMMU_ITAGS 32u
struct smmu_itag {
	bool busy;
	uint8_t completions;
	uint16_t queue; /* 0: the SMMU's own, n: VCMDQ n - 1 */
	uint32_t sid;
};

/* A recorded stall; its STAG is its place. */
struct smmu_stall {
	bool busy;
	uint32_t sid;
};

/* ---- Tegra241 CMDQV ---- */

#define SMMU_CMDQV_CONFIG_FIELDS                                                            \
	(CMDQV_CONFIG_EN | CMDQV_CONFIG_PER_CMD_OFFSET | CMDQV_CONFIG_MAX_CLK_BATCH |       \
	 CMDQV_CONFIG_MAX_CMD_BATCH)
#define SMMU_CMDQV_ALLOC_FIELDS \
	(CMDQV_CMDQ_ALLOC_ALLOCATED | CMDQV_CMDQ_ALLOC_LVCMDQ | CMDQV_CMDQ_ALLOC_VINTF)

struct smmu_vcmdq {
	struct smmu_cmd_queue q;
	uint32_t config;
	uint32_t gerror;
	uint32_t gerrorn;
	uint32_t alloc; /* CMDQ_ALLOC_MAP */
	uint64_t cons_dram;
};

struct smmu_vintf {
	uint32_t config;
	uint32_t match[CMDQV_SIDS_MAX];
	uint32_t replace[CMDQV_SIDS_MAX];
};

struct smmu_cmdqv {
	uint32_t config;
	uint32_t vi_int_mask[2];
	struct smmu_vintf vintf[CMDQV_VINTFS_MAX];
	struct smmu_vcmdq vcmdq[CMDQV_VCMDQS_MAX];
	uint16_t next; /* VCMDQ that is looked at first */
};

/* The youngest record of the event queue, while another event may merge with it. */
struct smmu_last_event {
	uint64_t rec[4];
	bool open;
};

struct smmu_control {
	struct smmu_regs regs;
	struct smmu_last_event last_event;
	struct smmu_cmd_queue cmdq;
	struct smmu_itag itag[SMMU_ITAGS];

	struct smmu_stall *stalls; /* stall_max of them */
	uint32_t stall_max;
	uint32_t stalled; /* busy ones */
	uint32_t stall_next;
	bool held; /* requests wait that have no record */

	bool drain_refused; /* the machine said: not yet; it steps us when they are through */

	struct smmu_cmdqv *cmdqv; /* NULL: there is none */
	bool cmdqv_turn; /* a VCMDQ goes before the SMMU's own queue */
};

static inline bool smmu_enabled(const struct smmu_unit *s, uint32_t cr0)
{
	return s->ctl->regs.cr0 & cr0;
}

static inline bool smmu_has_idr0(const struct smmu_unit *s, uint32_t bit)
{
	return s->cfg.idr0 & bit;
}

/* The unit behind a const pointer of the face. */
static inline const struct smmu_unit *to_smmu_const(const struct hwi_unit *unit)
{
	return (const struct smmu_unit *)(const void *)unit;
}

/* ---- config.c ---- */

uint64_t smmu_low_bits(unsigned int n);
/* From a line that smmu_describe() made: a machine that can hold requests, or cannot. */
void smmu_limits_no_stall(struct smmu_unit *s);

/* ---- regs.c ---- */

void smmu_reset_registers(struct smmu_unit *s);
/* What a saved state may hold; smmu_effective_update() afterwards. */
bool smmu_registers_ok(const struct smmu_unit *s, const struct smmu_control *c);
void smmu_effective_update(struct smmu_unit *s);
uint64_t smmu_merge(uint64_t old, uint64_t val, uint64_t mask);

/* ---- gerror.c ---- */

bool smmu_gerror_active(const struct smmu_unit *s, uint32_t bit);
void smmu_gerror_raise(struct smmu_unit *s, uint32_t bit);
uint32_t smmu_gerror_mask(const struct smmu_unit *s);
void smmu_gerrorn_write(struct smmu_unit *s, uint32_t val);

/* ---- irq.c ---- */

enum smmu_irq_source {
	SMMU_IRQ_EVENTQ,
	SMMU_IRQ_PRIQ,
	SMMU_IRQ_GERROR,
};

/* Nothing if the source is not enabled in IRQ_CTRL. */
void smmu_irq_raise(struct smmu_unit *s, enum smmu_irq_source source);
/* An edge on a wire. */
void smmu_irq_pulse(struct smmu_unit *s, unsigned int line);
/* The interrupt of a CMD_SYNC. */
void smmu_irq_sync(struct smmu_unit *s, uint64_t addr, uint32_t data);

/* ---- ring.c ---- */

/* A queue in memory, for use (§3.5.1, §6.3.26): what BASE and the limits make of it. */
struct smmu_ring {
	uint64_t addr;
	uint32_t entry; /* bytes */
	uint8_t log2;	/* of the entries */
};

struct smmu_ring smmu_ring(const struct smmu_unit *s, uint64_t base, uint32_t log2_max,
			   uint32_t entry);
struct smmu_ring smmu_ring_cmdq(const struct smmu_unit *s, uint64_t base);
struct smmu_ring smmu_ring_eventq(const struct smmu_unit *s);
struct smmu_ring smmu_ring_priq(const struct smmu_unit *s);
/* Index with its wrap bit: the part of PROD or CONS that counts. */
uint32_t smmu_ring_index(const struct smmu_ring *r, uint32_t reg);
uint32_t smmu_ring_next(const struct smmu_ring *r, uint32_t reg);
bool smmu_ring_empty(const struct smmu_ring *r, uint32_t prod, uint32_t cons);
/* Or with a pair of indexes that no queue can have, which a producer takes for full. */
bool smmu_ring_full(const struct smmu_ring *r, uint32_t prod, uint32_t cons);
/* Entries to consume; 0 for such a pair, too. */
bool smmu_ring_any(const struct smmu_ring *r, uint32_t prod, uint32_t cons);
uint64_t smmu_ring_at(const struct smmu_ring *r, uint32_t reg);

/* ---- cmdq.c ---- */

/* Whose command: what it may do, and on whose behalf (CMDQV). */
struct smmu_issuer {
	struct smmu_cmd_queue *q;
	uint16_t queue;	 /* as in &struct smmu_itag */
	bool restricted; /* a queue of a guest */
	const struct smmu_vintf *vintf; /* of a restricted one */
};

enum smmu_cmd_result {
	SMMU_CMD_DONE,
	SMMU_CMD_WAIT, /* q->wait says for what */
	SMMU_CMD_ILL,
	SMMU_CMD_ILL_ACCESS, /* VCMDQs: not for this queue */
	SMMU_CMD_ATC_FAILED,
};

void smmu_cmdq_init(struct smmu_cmd_queue *q);
/* Whether an entry can be worked on; without a look at errors and enables. */
bool smmu_cmdq_ready(const struct smmu_unit *s, const struct smmu_cmd_queue *q);
/*
 * One entry, fetched and executed: SMMU_CERROR_NONE, or the error that is in
 * CONS.ERR now. *@done: whether anything was done.
 */
uint32_t smmu_cmdq_work(struct smmu_unit *s, const struct smmu_issuer *from, bool *done);
/* The queue was disabled, or has an error: what was fetched is fetched again. */
void smmu_cmdq_unfetch(struct smmu_cmd_queue *q);
bool smmu_cmdq_ok(const struct smmu_cmd_queue *q);

/* ---- command.c, sync.c, atcinv.c ---- */

enum smmu_cmd_result smmu_command(struct smmu_unit *s, const struct smmu_issuer *from,
				  const uint64_t cmd[2]);
uint32_t smmu_cmd_pasid(const struct smmu_unit *s, const uint64_t cmd[2]);
enum smmu_cmd_result smmu_sync(struct smmu_unit *s, const struct smmu_issuer *from);
/* The visible end of a CMD_SYNC, once CONS is past it. */
void smmu_sync_signal(struct smmu_unit *s, const uint64_t cmd[2]);
/* Wake CPUs that wait for an event. */
void smmu_sev(struct smmu_unit *s);
enum smmu_cmd_result smmu_atc_inv(struct smmu_unit *s, const struct smmu_issuer *from,
				  const uint64_t cmd[2]);
bool smmu_atc_waits(const struct smmu_unit *s, uint16_t queue);
/* A VCMDQ was enabled or disabled: the SMMU's own CMD_SYNC may have another set to wait for. */
void smmu_atc_recheck(struct smmu_unit *s);
/* Time-outs of VCMDQs that are disabled are told to nobody. */
void smmu_atc_forgive(struct smmu_unit *s);
struct smmu_cmd_queue *smmu_queue_by_number(struct smmu_unit *s, uint16_t queue);

/* ---- stall.c ---- */

bool smmu_stall_init(struct smmu_unit *s);
void smmu_stall_resume(struct smmu_unit *s, uint32_t sid, uint32_t stag, enum hwi_resume action);
void smmu_stall_term(struct smmu_unit *s, uint32_t sid);
/* SMMUEN 1 to 0, or reset: all end, held ones too. */
void smmu_stall_abort_all(struct smmu_unit *s);
/* Held requests could have their records now. */
bool smmu_stall_retry_due(const struct smmu_unit *s);
void smmu_stall_retry(struct smmu_unit *s);
void smmu_stall_forget(struct smmu_unit *s);

/* ---- event.c ---- */

bool smmu_eventq_writable(const struct smmu_unit *s);
/* A record with Stall=1. False: it is not there. */
bool smmu_event_write_stall(struct smmu_unit *s, const struct smmu_event *ev, uint32_t stag);

/* ---- cmdqv.c, cmdqv_regs.c ---- */

bool smmu_cmdqv_init(struct smmu_unit *s);
void smmu_cmdqv_reset(struct smmu_unit *s);
uint64_t smmu_cmdqv_read(struct smmu_unit *s, uint64_t offset, unsigned int size);
void smmu_cmdqv_write(struct smmu_unit *s, uint64_t offset, unsigned int size, uint64_t value);
/* How many there are. */
unsigned int smmu_cmdqv_vcmdqs(const struct smmu_unit *s);
unsigned int smmu_cmdqv_vintfs(const struct smmu_unit *s);
bool smmu_vcmdq_enabled(const struct smmu_unit *s, const struct smmu_vcmdq *q);
/* To be called when an enable or an allocation changed. */
void smmu_cmdqv_settle(struct smmu_unit *s);
/* One command of one VCMDQ. */
bool smmu_cmdqv_step(struct smmu_unit *s);
bool smmu_cmdqv_pending(const struct smmu_unit *s);
bool smmu_cmdqv_ok(const struct smmu_unit *s, const struct smmu_cmdqv *v);
/* SID of a guest's CMD_ATC_INV; false: no SID_MATCH names it. */
bool smmu_cmdqv_sid(const struct smmu_unit *s, const struct smmu_vintf *vi, uint32_t *sid);

/* ---- config.c ---- */

struct hwi_host_ops;
enum hwi_status smmu_create_described(const char *line, const struct hwi_host_ops *ops,
				      void *opaque, struct hwi_unit **unit);

#endif

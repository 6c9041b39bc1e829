/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The SMMUv3 bench: what software does with registers and queues. */
#include "smmu_bench.h"

#include "hwiommu/bits.h"

uint32_t sb_read(struct smmu_bench *b, uint64_t off)
{
	return (uint32_t)hwi_mmio_read(b->unit, off, 4);
}

uint64_t sb_read64(struct smmu_bench *b, uint64_t off)
{
	return hwi_mmio_read(b->unit, off, 8);
}

void sb_write(struct smmu_bench *b, uint64_t off, uint32_t val)
{
	hwi_mmio_write(b->unit, off, 4, val);
}

void sb_write64(struct smmu_bench *b, uint64_t off, uint64_t val)
{
	hwi_mmio_write(b->unit, off, 8, val);
}

void sb_cr0(struct smmu_bench *b, uint32_t bits, bool on)
{
	uint32_t cr0 = sb_read(b, SMMU_REG_CR0);

	sb_write(b, SMMU_REG_CR0, on ? cr0 | bits : cr0 & ~bits);
	assert_int_equal(sb_read(b, SMMU_REG_CR0ACK), on ? cr0 | bits : cr0 & ~bits);
}

void sb_gbpa(struct smmu_bench *b, uint32_t val)
{
	sb_write(b, SMMU_REG_GBPA, val | SMMU_GBPA_UPDATE);
	assert_int_equal(sb_read(b, SMMU_REG_GBPA), val);
}

uint32_t sb_gerror(struct smmu_bench *b)
{
	return sb_read(b, SMMU_REG_GERROR) ^ sb_read(b, SMMU_REG_GERRORN);
}

void sb_gerror_ack(struct smmu_bench *b)
{
	sb_write(b, SMMU_REG_GERRORN, sb_read(b, SMMU_REG_GERROR));
	assert_int_equal(sb_gerror(b), 0);
}

/* ---- set-up ---- */

static void make_queue(struct smmu_bench *b, struct sb_queue *q, unsigned int log2,
		       unsigned int entry)
{
	*q = (struct sb_queue){ .addr = sb_alloc_aligned(b, (uint64_t)entry << log2),
				.log2 = log2 };
}

void sb_start_cmdq(struct smmu_bench *b, unsigned int log2)
{
	make_queue(b, &b->cmdq, log2, SMMU_CMD_SIZE);
	sb_write64(b, SMMU_REG_CMDQ_BASE, b->cmdq.addr | log2 | SMMU_Q_BASE_RA);
	sb_write(b, SMMU_REG_CMDQ_PROD, 0);
	sb_write(b, SMMU_REG_CMDQ_CONS, 0);
	sb_cr0(b, SMMU_CR0_CMDQEN, true);
}

void sb_start_eventq(struct smmu_bench *b, unsigned int log2)
{
	make_queue(b, &b->eventq, log2, SMMU_EV_SIZE);
	sb_write64(b, SMMU_REG_EVENTQ_BASE, b->eventq.addr | log2 | SMMU_Q_BASE_WA);
	sb_write(b, SMMU_REG_EVENTQ_PROD, 0);
	sb_write(b, SMMU_REG_EVENTQ_CONS, 0);
	sb_cr0(b, SMMU_CR0_EVENTQEN, true);
}

void sb_start_priq(struct smmu_bench *b, unsigned int log2)
{
	make_queue(b, &b->priq, log2, SMMU_PRI_SIZE);
	sb_write64(b, SMMU_REG_PRIQ_BASE, b->priq.addr | log2 | SMMU_Q_BASE_WA);
	sb_write(b, SMMU_REG_PRIQ_PROD, 0);
	sb_write(b, SMMU_REG_PRIQ_CONS, 0);
	sb_cr0(b, SMMU_CR0_PRIQEN, true);
}

void sb_start_strtab(struct smmu_bench *b, unsigned int log2)
{
	b->strtab = sb_alloc_aligned(b, UINT64_C(64) << log2);
	b->strtab_log2 = log2;
	sb_write64(b, SMMU_REG_STRTAB_BASE, b->strtab | SMMU_STRTAB_BASE_RA);
	sb_write(b, SMMU_REG_STRTAB_BASE_CFG, log2);
}

void sb_start_irqs(struct smmu_bench *b)
{
	sb_write64(b, SMMU_REG_EVENTQ_IRQ_CFG0, SB_DOORBELL);
	sb_write(b, SMMU_REG_EVENTQ_IRQ_CFG1, 1);
	sb_write64(b, SMMU_REG_PRIQ_IRQ_CFG0, SB_DOORBELL);
	sb_write(b, SMMU_REG_PRIQ_IRQ_CFG1, 2);
	sb_write64(b, SMMU_REG_GERROR_IRQ_CFG0, SB_DOORBELL);
	sb_write(b, SMMU_REG_GERROR_IRQ_CFG1, 3);
	sb_write(b, SMMU_REG_IRQ_CTRL, SMMU_IRQ_CTRL_GERROR_IRQEN | SMMU_IRQ_CTRL_PRIQ_IRQEN |
					       SMMU_IRQ_CTRL_EVENTQ_IRQEN);
	assert_int_equal(sb_read(b, SMMU_REG_IRQ_CTRLACK), sb_read(b, SMMU_REG_IRQ_CTRL));
}

void sb_start(struct smmu_bench *b)
{
	sb_write(b, SMMU_REG_CR2, SMMU_CR2_RECINVSID);
	sb_start_strtab(b, 8);
	sb_start_cmdq(b, 5);
	sb_invalidate_all(b);
	sb_start_eventq(b, 4);
	if (b->cfg.idr0 & SMMU_IDR0_PRI)
		sb_start_priq(b, 3);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sb_clear_logs(b);
}

uint64_t sb_ste(const struct smmu_bench *b, uint32_t sid)
{
	assert_true(sid < 1u << b->strtab_log2);
	return b->strtab + UINT64_C(64) * sid;
}

/* ---- commands ---- */

static uint32_t next(const struct sb_queue *q)
{
	return (q->at + 1) & ((2u << q->log2) - 1);
}

static uint64_t place(const struct sb_queue *q, uint32_t at, unsigned int entry)
{
	return q->addr + (uint64_t)entry * (at & ((1u << q->log2) - 1));
}

uint64_t sb_submit(struct smmu_bench *b, uint64_t q0, uint64_t q1)
{
	uint64_t at = place(&b->cmdq, b->cmdq.at, SMMU_CMD_SIZE);

	sb_w64(b, at, q0);
	sb_w64(b, at + 8, q1);
	b->cmdq.at = next(&b->cmdq);
	sb_write(b, SMMU_REG_CMDQ_PROD, b->cmdq.at);
	return at;
}

unsigned int sb_run(struct smmu_bench *b)
{
	unsigned int steps = 0, done;

	do {
		done = hwi_step(b->unit, 64);
		assert_true(done <= 64);
		steps += done;
	} while (done == 64);
	assert_false(hwi_pending(b->unit));
	return steps;
}

uint32_t sb_cmdq_error(struct smmu_bench *b)
{
	if (!(sb_gerror(b) & SMMU_GERROR_CMDQ_ERR))
		return SMMU_CERROR_NONE;
	return HWI_GET32(SMMU_CMDQ_CONS_ERR, sb_read(b, SMMU_REG_CMDQ_CONS));
}

bool sb_cmdq_empty(struct smmu_bench *b)
{
	return (sb_read(b, SMMU_REG_CMDQ_CONS) & SMMU_Q_INDEX) == b->cmdq.at;
}

void sb_do(struct smmu_bench *b, uint64_t q0, uint64_t q1)
{
	(void)sb_submit(b, q0, q1);
	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_NONE);
	assert_true(sb_cmdq_empty(b));
}

void sb_sync(struct smmu_bench *b)
{
	sb_do(b, SMMU_CMD_SYNC, 0);
}

void sb_refuse(struct smmu_bench *b, uint64_t q0, uint64_t q1, uint32_t cerror)
{
	uint64_t at = sb_submit(b, q0, q1);
	uint32_t cons;

	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), cerror);
	cons = sb_read(b, SMMU_REG_CMDQ_CONS) & SMMU_Q_INDEX;
	assert_int_equal(place(&b->cmdq, cons, SMMU_CMD_SIZE), at);
	sb_w64(b, at, SMMU_CMD_SYNC);
	sb_w64(b, at + 8, 0);
	sb_gerror_ack(b);
	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_NONE);
	assert_true(sb_cmdq_empty(b));
}

void sb_invalidate_all(struct smmu_bench *b)
{
	sb_do(b, SMMU_CMD_CFGI_STE_RANGE,
	      HWI_PUT(SMMU_CMD_CFGI_STE_RANGE1_RANGE, SMMU_CFGI_RANGE_ALL));
	sb_do(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	if (b->cfg.idr0 & SMMU_IDR0_HYP)
		sb_do(b, SMMU_CMD_TLBI_EL2_ALL, 0);
	sb_sync(b);
}

/* ---- records ---- */

static bool take(struct smmu_bench *b, struct sb_queue *q, uint64_t prod_reg, uint64_t cons_reg,
		 uint64_t *rec, unsigned int words)
{
	uint32_t prod = sb_read(b, prod_reg);

	if ((prod & SMMU_Q_INDEX) == q->at)
		return false;
	for (unsigned int i = 0; i < words; i++)
		rec[i] = sb_r64(b, place(q, q->at, 8 * words) + 8 * (uint64_t)i);
	q->at = next(q);
	/* OVACKFLG stays what it is: software acknowledges an overflow knowingly. */
	sb_write(b, cons_reg, (sb_read(b, cons_reg) & SMMU_Q_OVERFLOW) | q->at);
	return true;
}

bool sb_event(struct smmu_bench *b, uint64_t rec[4])
{
	return take(b, &b->eventq, SMMU_REG_EVENTQ_PROD, SMMU_REG_EVENTQ_CONS, rec, 4);
}

bool sb_ppr(struct smmu_bench *b, uint64_t rec[2])
{
	return take(b, &b->priq, SMMU_REG_PRIQ_PROD, SMMU_REG_PRIQ_CONS, rec, 2);
}

unsigned int sb_events(struct smmu_bench *b)
{
	return ((sb_read(b, SMMU_REG_EVENTQ_PROD) & SMMU_Q_INDEX) - b->eventq.at) &
	       ((2u << b->eventq.log2) - 1);
}

void sb_expect_event(struct smmu_bench *b, uint8_t code, uint32_t sid, uint64_t rec[4])
{
	uint64_t local[4];
	uint64_t *r = rec ? rec : local;

	if (!sb_event(b, r))
		fail_msg("no event; expected code %02x of StreamID %x", code, sid);
	assert_int_equal(HWI_GET(SMMU_EV0_CODE, r[0]), code);
	assert_int_equal(HWI_GET(SMMU_EV0_SID, r[0]), sid);
	sb_expect_no_event(b);
}

void sb_expect_no_event(struct smmu_bench *b)
{
	uint64_t r[4];

	if (sb_event(b, r))
		fail_msg("unexpected event %02x of StreamID %x", (unsigned int)(r[0] & 0xff),
			 (unsigned int)(r[0] >> 32));
}

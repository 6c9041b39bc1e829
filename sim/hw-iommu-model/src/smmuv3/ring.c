/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Circular queues in memory (§3.5.1). An index has a wrap bit above it, so that
 * all 2^n entries can be used: equal is empty, equal but for the wrap bit is full.
 */
#include "control.h"

#define BASE_ALIGN_MIN 32u

/* Too large a LOG2SIZE counts as the largest; low bits of the address are 0 (§6.3.26). */
struct smmu_ring smmu_ring(const struct smmu_unit *s, uint64_t base, uint32_t log2_max,
			   uint32_t entry)
{
	uint32_t log2 = HWI_GET32(SMMU_Q_BASE_LOG2SIZE, base);
	uint64_t size;

	if (log2 > log2_max)
		log2 = log2_max;
	size = (uint64_t)entry << log2;
	if (size < BASE_ALIGN_MIN)
		size = BASE_ALIGN_MIN;
	return (struct smmu_ring){
		.addr = base & SMMU_Q_BASE_ADDR & ~(size - 1) & s->lim.oas_mask,
		.entry = entry,
		.log2 = (uint8_t)log2,
	};
}

struct smmu_ring smmu_ring_cmdq(const struct smmu_unit *s, uint64_t base)
{
	return smmu_ring(s, base, HWI_GET32(SMMU_IDR1_CMDQS, s->cfg.idr1), SMMU_CMD_SIZE);
}

struct smmu_ring smmu_ring_eventq(const struct smmu_unit *s)
{
	return smmu_ring(s, s->ctl->regs.eventq.base, HWI_GET32(SMMU_IDR1_EVENTQS, s->cfg.idr1),
			 SMMU_EV_SIZE);
}

struct smmu_ring smmu_ring_priq(const struct smmu_unit *s)
{
	return smmu_ring(s, s->ctl->regs.priq.base, HWI_GET32(SMMU_IDR1_PRIQS, s->cfg.idr1),
			 SMMU_PRI_SIZE);
}

uint32_t smmu_ring_index(const struct smmu_ring *r, uint32_t reg)
{
	return reg & ((2u << r->log2) - 1);
}

uint32_t smmu_ring_next(const struct smmu_ring *r, uint32_t reg)
{
	return smmu_ring_index(r, reg + 1);
}

/* How far the producer is ahead; more than there are entries is no state of a queue. */
static uint32_t ahead(const struct smmu_ring *r, uint32_t prod, uint32_t cons)
{
	return smmu_ring_index(r, prod - cons);
}

bool smmu_ring_empty(const struct smmu_ring *r, uint32_t prod, uint32_t cons)
{
	return ahead(r, prod, cons) == 0;
}

bool smmu_ring_full(const struct smmu_ring *r, uint32_t prod, uint32_t cons)
{
	return ahead(r, prod, cons) >= 1u << r->log2;
}

bool smmu_ring_any(const struct smmu_ring *r, uint32_t prod, uint32_t cons)
{
	return ahead(r, prod, cons) - 1 < 1u << r->log2;
}

uint64_t smmu_ring_at(const struct smmu_ring *r, uint32_t reg)
{
	return r->addr + (uint64_t)r->entry * (reg & ((1u << r->log2) - 1));
}

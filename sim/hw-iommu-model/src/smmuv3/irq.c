/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Interrupts of the unit itself (§3.18): an edge on a wire if the machine has
 * wired one, and a message if software has given an address. Neither has a state
 * that could be pending.
 */
#include "control.h"

void smmu_irq_pulse(struct smmu_unit *s, unsigned int line)
{
	if (!s->base.host->irq)
		return;
	s->base.host->irq(s->base.opaque, line, true);
	s->base.host->irq(s->base.opaque, line, false);
}

/* An address of 0 is none; one above OAS is truncated (§6.3.21). */
static bool message(struct smmu_unit *s, uint64_t addr, uint32_t data)
{
	addr &= SMMU_ADDR_MASK;
	if (!smmu_has_idr0(s, SMMU_IDR0_MSI) || !addr)
		return true;
	hwi_count(&s->base, HWI_STAT_INTERRUPTS);
	return s->base.host->msi(s->base.opaque, addr & s->lim.oas_mask, data);
}

struct source {
	uint32_t enable; /* IRQ_CTRL */
	uint32_t error;	 /* GERROR, of an aborted message */
	unsigned int line;
};

void smmu_irq_raise(struct smmu_unit *s, enum smmu_irq_source source)
{
	static const struct source sources[] = {
		[SMMU_IRQ_EVENTQ] = { SMMU_IRQ_CTRL_EVENTQ_IRQEN, SMMU_GERROR_MSI_EVENTQ_ABT_ERR,
				      HWI_SMMUV3_IRQ_EVENTQ },
		[SMMU_IRQ_PRIQ] = { SMMU_IRQ_CTRL_PRIQ_IRQEN, SMMU_GERROR_MSI_PRIQ_ABT_ERR,
				    HWI_SMMUV3_IRQ_PRIQ },
		[SMMU_IRQ_GERROR] = { SMMU_IRQ_CTRL_GERROR_IRQEN, SMMU_GERROR_MSI_GERROR_ABT_ERR,
				      HWI_SMMUV3_IRQ_GERROR },
	};
	const struct source *src = &sources[source];
	const struct smmu_irq_cfg *cfg = source == SMMU_IRQ_EVENTQ ? &s->ctl->regs.eventq.irq :
					 source == SMMU_IRQ_PRIQ   ? &s->ctl->regs.priq.irq :
								     &s->ctl->regs.gerror_irq;

	if (!(s->ctl->regs.irq_ctrl & src->enable))
		return;
	if (!message(s, cfg->addr, cfg->data))
		smmu_gerror_raise(s, src->error);
	smmu_irq_pulse(s, src->line);
}

/* No enable bit; the wire pulses whatever the address is (§4.7.3). */
void smmu_irq_sync(struct smmu_unit *s, uint64_t addr, uint32_t data)
{
	if (!message(s, addr, data))
		smmu_gerror_raise(s, SMMU_GERROR_MSI_CMDQ_ABT_ERR);
	smmu_irq_pulse(s, HWI_SMMUV3_IRQ_CMD_SYNC);
}

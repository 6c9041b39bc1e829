/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Global errors: GERROR tells by a changed bit, GERRORN acknowledges by making
 * the bits equal again (§6.3.19, §6.3.20, §7.5).
 */
#include "control.h"

/* The errors that this unit can have. */
uint32_t smmu_gerror_mask(const struct smmu_unit *s)
{
	uint32_t mask = SMMU_GERROR_CMDQ_ERR | SMMU_GERROR_EVENTQ_ABT_ERR | SMMU_GERROR_SFM_ERR;

	if (smmu_has_idr0(s, SMMU_IDR0_PRI))
		mask |= SMMU_GERROR_PRIQ_ABT_ERR;
	if (smmu_has_idr0(s, SMMU_IDR0_MSI)) {
		mask |= SMMU_GERROR_MSI_CMDQ_ABT_ERR | SMMU_GERROR_MSI_EVENTQ_ABT_ERR |
			SMMU_GERROR_MSI_GERROR_ABT_ERR;
		if (smmu_has_idr0(s, SMMU_IDR0_PRI))
			mask |= SMMU_GERROR_MSI_PRIQ_ABT_ERR;
	}
	return mask;
}

bool smmu_gerror_active(const struct smmu_unit *s, uint32_t bit)
{
	return (s->ctl->regs.gerror ^ s->ctl->regs.gerrorn) & bit;
}

/*
 * An error that is not yet acknowledged is not told again. MSI_GERROR_ABT_ERR
 * has no interrupt: that one has just failed.
 */
void smmu_gerror_raise(struct smmu_unit *s, uint32_t bit)
{
	if (smmu_gerror_active(s, bit))
		return;
	s->ctl->regs.gerror ^= bit;
	if (bit != SMMU_GERROR_MSI_GERROR_ABT_ERR)
		smmu_irq_raise(s, SMMU_IRQ_GERROR);
}

/*
 * Any value is taken: a bit that software changes without an error becomes one
 * (CONSTRAINED UNPREDICTABLE in §6.3.20, this is one of the choices), which only
 * software's own further write ends.
 */
void smmu_gerrorn_write(struct smmu_unit *s, uint32_t val)
{
	s->ctl->regs.gerrorn = val & smmu_gerror_mask(s);
}

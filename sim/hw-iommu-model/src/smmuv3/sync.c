/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * CMD_SYNC: what it waits for and how it tells that it is through (§4.7.3).
 *
 * Invalidations act on the caches at once. What is left to wait for are answers of
 * ATCs and, when something was invalidated, requests that the machine has
 * translated before and not yet performed. Events, HTTU updates and messages are
 * visible when the call that made them returns.
 */
#include "control.h"

static bool drained(struct smmu_unit *s, struct smmu_cmd_queue *q)
{
	if (!q->drain_owed)
		return true;
	if (s->base.host->drain && !s->base.host->drain(s->base.opaque)) {
		s->ctl->drain_refused = true;
		return false;
	}
	q->drain_owed = false;
	return true;
}

/* An invalidation that timed out is told here, once: the retried CMD_SYNC is clean (§7.1). */
enum smmu_cmd_result smmu_sync(struct smmu_unit *s, const struct smmu_issuer *from)
{
	struct smmu_cmd_queue *q = from->q;

	if (smmu_atc_waits(s, from->queue)) {
		q->wait = SMMU_WAIT_ATC;
		return SMMU_CMD_WAIT;
	}
	if (!drained(s, q)) {
		q->wait = SMMU_WAIT_DRAIN;
		return SMMU_CMD_WAIT;
	}
	if (!from->queue)
		smmu_atc_forgive(s);
	if (q->atc_failed) {
		q->atc_failed = false;
		return SMMU_CMD_ATC_FAILED;
	}
	return SMMU_CMD_DONE;
}

void smmu_sev(struct smmu_unit *s)
{
	if (smmu_has_idr0(s, SMMU_IDR0_SEV) && s->base.host->sev)
		s->base.host->sev(s->base.opaque);
}

void smmu_sync_signal(struct smmu_unit *s, const uint64_t cmd[2])
{
	switch (HWI_GET32(SMMU_CMD_SYNC0_CS, cmd[0])) {
	case SMMU_SYNC_CS_IRQ:
		smmu_irq_sync(s, cmd[1] & SMMU_CMD_SYNC1_MSIADDRESS,
			      HWI_GET32(SMMU_CMD_SYNC0_MSIDATA, cmd[0]));
		break;
	case SMMU_SYNC_CS_SEV:
		smmu_sev(s);
		break;
	default:
		break;
	}
}

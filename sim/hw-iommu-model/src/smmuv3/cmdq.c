/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Consumption of commands (§4.1.2), errors of a command queue (§7.1), and
 * hwi_step(), which shares the unit's time among its queues.
 *
 * A command that has to wait is kept, fetched, until it is done: it is read from
 * memory once, unless an error or a disabled queue makes the unit forget it.
 */
#include "control.h"

void smmu_cmdq_unfetch(struct smmu_cmd_queue *q)
{
	q->fetched = false;
	q->wait = SMMU_WAIT_NOT;
}

void smmu_cmdq_init(struct smmu_cmd_queue *q)
{
	*q = (struct smmu_cmd_queue){ 0 };
}

bool smmu_cmdq_ok(const struct smmu_cmd_queue *q)
{
	return q->wait < SMMU_WAITS && (q->fetched || q->wait == SMMU_WAIT_NOT) &&
	       !(q->prod & ~SMMU_Q_INDEX) && !(q->cons & ~(SMMU_Q_INDEX | SMMU_CMDQ_CONS_ERR));
}

bool smmu_cmdq_ready(const struct smmu_unit *s, const struct smmu_cmd_queue *q)
{
	struct smmu_ring r = smmu_ring_cmdq(s, q->base);

	if (!smmu_ring_any(&r, q->prod, q->cons))
		return false;
	if (q->wait == SMMU_WAIT_DRAIN)
		return !s->ctl->drain_refused;
	return q->wait == SMMU_WAIT_NOT;
}

/* Of a command that failed. */
static uint32_t error_of(enum smmu_cmd_result res)
{
	switch (res) {
	case SMMU_CMD_ILL:
		return SMMU_CERROR_ILL;
	case SMMU_CMD_ILL_ACCESS:
		return VCMDQ_CERROR_ILL_ACCESS;
	default: /* SMMU_CMD_ATC_FAILED */
		return SMMU_CERROR_ATC_INV_SYNC;
	}
}

/* CONS stays and names the command; it is fetched again once software acknowledges. */
static uint32_t stop(struct smmu_cmd_queue *q, uint32_t error)
{
	q->cons = (uint32_t)HWI_SET(SMMU_CMDQ_CONS_ERR, q->cons, error);
	smmu_cmdq_unfetch(q);
	return error;
}

static bool fetch(struct smmu_unit *s, struct smmu_cmd_queue *q, const struct smmu_ring *r)
{
	if (!q->fetched)
		q->fetched = hwi_load_words(&s->base, smmu_ring_at(r, q->cons), q->cmd, 2);
	return q->fetched;
}

uint32_t smmu_cmdq_work(struct smmu_unit *s, const struct smmu_issuer *from, bool *done)
{
	struct smmu_cmd_queue *q = from->q;
	struct smmu_ring r = smmu_ring_cmdq(s, q->base);
	bool was_full = smmu_ring_full(&r, q->prod, q->cons);
	enum smmu_cmd_result res;

	*done = true;
	if (!fetch(s, q, &r))
		return stop(q, SMMU_CERROR_ABT);
	q->wait = SMMU_WAIT_NOT;
	res = smmu_command(s, from, q->cmd);
	if (res == SMMU_CMD_WAIT) {
		*done = false;
		return SMMU_CERROR_NONE;
	}
	if (res != SMMU_CMD_DONE)
		return stop(q, error_of(res));
	hwi_count(&s->base, HWI_STAT_COMMANDS);
	q->cons = (q->cons & SMMU_CMDQ_CONS_ERR) | smmu_ring_next(&r, q->cons);
	smmu_cmdq_unfetch(q);
	if (was_full && !from->queue)
		smmu_sev(s); /* software may wait for room (§6.3.1) */
	/* Who sees the message can see CONS behind the command, too. */
	if (SMMU_CMD_OPCODE(q->cmd[0]) == SMMU_CMD_SYNC)
		smmu_sync_signal(s, q->cmd);
	return SMMU_CERROR_NONE;
}

/* The SMMU's own queue; a level condition, so that an acknowledged error resumes it. */
static bool own_ready(const struct smmu_unit *s)
{
	return smmu_enabled(s, SMMU_CR0_CMDQEN) && !smmu_gerror_active(s, SMMU_GERROR_CMDQ_ERR) &&
	       smmu_cmdq_ready(s, &s->ctl->cmdq);
}

static bool own_step(struct smmu_unit *s)
{
	const struct smmu_issuer from = { .q = &s->ctl->cmdq };
	bool done;

	if (!own_ready(s))
		return false;
	if (smmu_cmdq_work(s, &from, &done) != SMMU_CERROR_NONE)
		smmu_gerror_raise(s, SMMU_GERROR_CMDQ_ERR);
	return done;
}

/* One step of one queue, turn by turn. */
static bool queues_step(struct smmu_unit *s)
{
	bool turn = s->ctl->cmdqv_turn;

	if (turn && smmu_cmdqv_step(s)) {
		s->ctl->cmdqv_turn = false;
		return true;
	}
	if (own_step(s)) {
		s->ctl->cmdqv_turn = s->ctl->cmdqv;
		return true;
	}
	return !turn && smmu_cmdqv_step(s);
}

static bool held_step(struct smmu_unit *s)
{
	if (!smmu_stall_retry_due(s))
		return false;
	smmu_stall_retry(s);
	return true;
}

unsigned int smmu_step(struct hwi_unit *unit, unsigned int budget)
{
	struct smmu_unit *s = to_smmu(unit);
	unsigned int done = 0;

	s->ctl->drain_refused = false; /* asked again */
	while (done < budget) {
		if (!held_step(s) && !queues_step(s))
			break;
		done++;
	}
	return done;
}

/*
 * A drain that the machine refused is no work: it ends outside, and the machine
 * knows when.
 */
bool smmu_pending(const struct hwi_unit *unit)
{
	const struct smmu_unit *s = to_smmu_const(unit);

	return own_ready(s) || smmu_cmdqv_pending(s) || smmu_stall_retry_due(s);
}

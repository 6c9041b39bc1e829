/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stalled transactions (§3.12.2). One whose record was written has a STAG until
 * software ends it; IDR5.STALL_MAX bounds those. One that cannot be recorded now is
 * held without a STAG, and put through again once there is room: a stall is never
 * dropped and never overflows the queue (§7.2.1).
 */
#include <stdlib.h>

#include "control.h"

bool smmu_stall_init(struct smmu_unit *s)
{
	struct smmu_control *c = s->ctl;

	c->stall_max = HWI_GET32(SMMU_IDR5_STALL_MAX, s->cfg.idr5);
	if (!c->stall_max)
		return true;
	c->stalls = calloc(c->stall_max, sizeof(*c->stalls));
	return c->stalls;
}

static bool can_record(const struct smmu_unit *s)
{
	return s->ctl->stalled < s->ctl->stall_max && smmu_eventq_writable(s);
}

/* A free STAG, the one after the last, so that a late CMD_RESUME rarely meets a new stall. */
static uint32_t free_stag(struct smmu_control *c)
{
	uint32_t stag = c->stall_next;

	while (c->stalls[stag].busy)
		stag = (stag + 1) % c->stall_max;
	c->stall_next = (stag + 1) % c->stall_max;
	return stag;
}

uint64_t smmu_event_stall(struct smmu_unit *s, const struct smmu_event *ev)
{
	struct smmu_control *c = s->ctl;
	uint32_t stag;

	if (can_record(s)) {
		stag = free_stag(c);
		if (smmu_event_write_stall(s, ev, stag)) {
			c->stalls[stag] = (struct smmu_stall){ .busy = true, .sid = ev->sid };
			c->stalled++;
			return stag;
		}
	}
	c->held = true;
	return HWI_STALL_HELD;
}

/* A restored state may have stalls that a machine like this one never made. */
static void tell(struct smmu_unit *s, uint32_t sid, uint64_t tag, enum hwi_resume action)
{
	if (s->base.host->resume)
		s->base.host->resume(s->base.opaque, sid, tag, action);
}

static void end(struct smmu_unit *s, uint32_t stag, enum hwi_resume action)
{
	uint32_t sid = s->ctl->stalls[stag].sid;

	s->ctl->stalls[stag].busy = false;
	s->ctl->stalled--;
	tell(s, sid, stag, action);
}

/* Both must match; else there is no such stall, which is no error (§4.7.1). */
void smmu_stall_resume(struct smmu_unit *s, uint32_t sid, uint32_t stag, enum hwi_resume action)
{
	struct smmu_control *c = s->ctl;

	if (stag < c->stall_max && c->stalls[stag].busy && c->stalls[stag].sid == sid)
		end(s, stag, action);
}

/*
 * §4.7.2. Held ones are not known by stream: they are translated again, whether or not
 * there is room, by an STE that software has made abort before. Others are held again.
 */
void smmu_stall_term(struct smmu_unit *s, uint32_t sid)
{
	struct smmu_control *c = s->ctl;

	for (uint32_t stag = 0; c->stalled && stag < c->stall_max; stag++) {
		if (c->stalls[stag].busy && c->stalls[stag].sid == sid)
			end(s, stag, HWI_RESUME_ABORT);
	}
	if (c->held)
		smmu_stall_retry(s);
}

void smmu_stall_abort_all(struct smmu_unit *s)
{
	struct smmu_control *c = s->ctl;

	for (uint32_t stag = 0; c->stalled && stag < c->stall_max; stag++) {
		if (c->stalls[stag].busy)
			end(s, stag, HWI_RESUME_ABORT);
	}
	if (c->held) {
		c->held = false;
		tell(s, 0, HWI_STALL_HELD, HWI_RESUME_ABORT);
	}
}

void smmu_stall_forget(struct smmu_unit *s)
{
	struct smmu_control *c = s->ctl;

	for (uint32_t stag = 0; stag < c->stall_max; stag++)
		c->stalls[stag] = (struct smmu_stall){ 0 };
	c->stalled = 0;
	c->stall_next = 0;
	c->held = false;
}

bool smmu_stall_retry_due(const struct smmu_unit *s)
{
	return s->ctl->held && can_record(s);
}

void smmu_stall_retry(struct smmu_unit *s)
{
	s->ctl->held = false;
	tell(s, 0, HWI_STALL_HELD, HWI_RESUME_RETRY);
}

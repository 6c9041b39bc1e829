/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The event queue (§7.2, §7.4), its records, bit by bit (§7.3), and their merging
 * (§7.3.1).
 */
#include "control.h"

/* Of each code; reserved ones have none. */
#define ENTRY_(name, fields) \
	[SMMU_EVT_##name] = (fields),
static const uint16_t fields_of[UINT8_MAX + 1] = { SMMU_EVENT_FIELDS(ENTRY_) };
#undef ENTRY_

static void put_source(uint64_t *rec, const struct smmu_event *ev, uint32_t has)
{
	rec[0] |= HWI_PUT(SMMU_EV0_CODE, ev->code) | HWI_PUT(SMMU_EV0_SID, ev->sid);
	if (ev->ssid == HWI_PASID_NONE)
		return;
	if (has & SMMU_EV_HAS_SSID)
		rec[0] |= HWI_PUT(SMMU_EV0_SSID, ev->ssid);
	if (has & SMMU_EV_HAS_SSV)
		rec[0] |= SMMU_EV0_SSV;
}

/* InD is 0 for writes, which are data always (§13.1.2). */
static void put_access(uint64_t *rec, const struct smmu_event *ev, uint32_t has)
{
	if ((has & SMMU_EV_HAS_PRIV) && ev->pnu)
		rec[1] |= SMMU_EV1_PNU;
	if ((has & SMMU_EV_HAS_PRIV) && ev->ind && ev->rnw)
		rec[1] |= SMMU_EV1_IND;
	if ((has & SMMU_EV_HAS_RNW) && ev->rnw)
		rec[1] |= SMMU_EV1_RNW;
	if (has & SMMU_EV_HAS_STAGE)
		rec[1] |= HWI_PUT(SMMU_EV1_CLASS, ev->class) | (ev->s2 ? SMMU_EV1_S2 : 0);
	if ((has & SMMU_EV_HAS_PERM) && ev->class == SMMU_EV_CLASS_TT && ev->ttrnw)
		rec[1] |= SMMU_EV1_TTRNW;
	if (has & (SMMU_EV_HAS_REASON | SMMU_EV_HAS_REASON32))
		rec[1] |= HWI_PUT(SMMU_EV1_REASON, ev->reason);
}

static void put_ats(uint64_t *rec, const struct smmu_event *ev)
{
	/* A translation request always asks for reads, and for one STU (struct hwi_request). */
	rec[1] |= SMMU_EV1_ATS_R | HWI_PUT(SMMU_EV1_ATS_SPAN, 1);
	if (ev->ats_priv)
		rec[1] |= SMMU_EV1_ATS_PRIV;
	if (ev->ats_exec)
		rec[1] |= SMMU_EV1_ATS_X;
	if (!ev->ats_no_write)
		rec[1] |= SMMU_EV1_ATS_W;
	rec[2] |= ev->input_addr & SMMU_EV2_PAGEADDR;
}

static void encode(const struct smmu_unit *s, const struct smmu_event *ev, uint64_t rec[4])
{
	uint32_t has = fields_of[ev->code];

	put_source(rec, ev, has);
	put_access(rec, ev, has);
	if (has & SMMU_EV_HAS_ATS)
		put_ats(rec, ev);
	if (has & SMMU_EV_HAS_INPUTADDR)
		rec[2] |= ev->input_addr;
	if ((has & SMMU_EV_HAS_IPA) && ev->s2)
		rec[3] |= ev->ipa & SMMU_EV3_IPA & s->lim.oas_mask;
	if (has & SMMU_EV_HAS_FETCHADDR)
		rec[3] |= ev->fetch_addr & SMMU_EV3_FETCHADDR & s->lim.oas_mask;
}

static bool full(const struct smmu_unit *s)
{
	struct smmu_ring r = smmu_ring_eventq(s);

	return smmu_ring_full(&r, s->ctl->regs.eventq.prod, s->ctl->regs.eventq.cons);
}

static bool aborted(const struct smmu_unit *s)
{
	return smmu_gerror_active(s, SMMU_GERROR_EVENTQ_ABT_ERR);
}

bool smmu_eventq_writable(const struct smmu_unit *s)
{
	return smmu_enabled(s, SMMU_CR0_EVENTQEN) && !aborted(s) && !full(s);
}

/* The record, then PROD, then the interrupt, if the queue was empty (§3.18.2). */
static bool append(struct smmu_unit *s, const uint64_t rec[4])
{
	struct smmu_rec_queue *q = &s->ctl->regs.eventq;
	struct smmu_ring r = smmu_ring_eventq(s);
	bool was_empty = smmu_ring_empty(&r, q->prod, q->cons);
	unsigned char buf[SMMU_EV_SIZE];

	for (unsigned int i = 0; i < 4; i++)
		hwi_st64(buf + 8 * (size_t)i, rec[i]);
	if (!hwi_mem_write(&s->base, smmu_ring_at(&r, q->prod), buf, sizeof(buf))) {
		smmu_gerror_raise(s, SMMU_GERROR_EVENTQ_ABT_ERR); /* PROD stays (§7.2.2) */
		return false;
	}
	q->prod = (q->prod & SMMU_Q_OVERFLOW) | smmu_ring_next(&r, q->prod);
	if (was_empty)
		smmu_irq_raise(s, SMMU_IRQ_EVENTQ);
	return true;
}

/* The queue goes on; a second overflow before the acknowledgement does not show (§7.4). */
static void overflow(struct smmu_unit *s)
{
	struct smmu_rec_queue *q = &s->ctl->regs.eventq;

	hwi_count(&s->base, HWI_STAT_FAULTS_LOST);
	if (!((q->prod ^ q->cons) & SMMU_Q_OVERFLOW))
		q->prod ^= SMMU_Q_OVERFLOW;
}

/* What a record says about the page, where the place in it does not count for merging. */
static uint64_t merged_address(const uint64_t rec[4])
{
	uint8_t code = (uint8_t)HWI_GET(SMMU_EV0_CODE, rec[0]);
	bool page = (fields_of[code] & SMMU_EV_HAS_INPUTADDR) && code != SMMU_EVT_F_UUT;

	return page ? rec[2] & ~HWI_MASK64(11, 0) : rec[2];
}

/*
 * Whether an event goes into the youngest record, which is unread. Only into that one:
 * what is between would have happened in quick succession no more.
 */
static bool merges(const struct smmu_unit *s, const struct smmu_event *ev, const uint64_t rec[4])
{
	const struct smmu_rec_queue *q = &s->ctl->regs.eventq;
	const struct smmu_last_event *last = &s->ctl->last_event;
	struct smmu_ring r = smmu_ring_eventq(s);

	return ev->may_merge && last->open && !smmu_ring_empty(&r, q->prod, q->cons) &&
	       rec[0] == last->rec[0] && rec[1] == last->rec[1] &&
	       merged_address(rec) == merged_address(last->rec) && rec[3] == last->rec[3];
}

bool smmu_event_record(struct smmu_unit *s, const struct smmu_event *ev)
{
	uint64_t rec[4] = { 0 };

	if (!smmu_enabled(s, SMMU_CR0_EVENTQEN) || aborted(s))
		return false;
	encode(s, ev, rec);
	if (merges(s, ev, rec))
		return true;
	if (full(s)) {
		overflow(s);
		return true;
	}
	if (!append(s, rec))
		return false;
	memcpy(s->ctl->last_event.rec, rec, sizeof(rec));
	s->ctl->last_event.open = s->cfg.merge_events && ev->may_merge;
	return true;
}

bool smmu_event_write_stall(struct smmu_unit *s, const struct smmu_event *ev, uint32_t stag)
{
	uint64_t rec[4] = { 0 };

	encode(s, ev, rec);
	rec[1] |= SMMU_EV1_STALL | HWI_PUT(SMMU_EV1_STAG, stag);
	s->ctl->last_event.open = false;
	return append(s, rec);
}

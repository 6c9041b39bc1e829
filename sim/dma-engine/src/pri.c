// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Page Request Interface (PCIe 10.4): groups of page requests, one answer a
 * group. Messages outstanding are bounded by PRI_LIMIT and by the allocation in
 * configuration space; a channel that finds no credit waits for one.
 */
#include "internal.h"

uint32_t pri_limit(const struct hwdma *e)
{
	return e->en.pri_alloc < e->pri.limit ? e->en.pri_alloc : e->pri.limit;
}

static void wake_credit_waiters(struct hwdma *e)
{
	for (unsigned int i = 0; i < e->channels; i++) {
		struct channel *ch = &e->ch[i];

		if (ch->phase != PH_IDLE && ch->acc.sub == SUB_CREDIT)
			ch->wake = 0;
	}
}

static void group_free(struct hwdma *e, struct group *g)
{
	e->pri.outstanding -= g->pages;
	g->state = GROUP_FREE;
	wake_credit_waiters(e);
}

static void answer_channel(struct hwdma *e, const struct group *g, uint8_t err)
{
	struct channel *ch = &e->ch[g->channel];

	ch->acc.pri_done = true;
	ch->acc.pri_err = err;
	ch->wake = 0;
}

void pri_forget(struct hwdma *e, uint8_t err)
{
	for (unsigned int i = 0; i < PRI_SLOTS; i++) {
		struct group *g = &e->pri.groups[i];

		if (g->state == GROUP_WAIT)
			answer_channel(e, g, err);
		g->state = GROUP_FREE;
		g->pages = 0;
	}
	e->pri.outstanding = 0;
	wake_credit_waiters(e);
}

/* The channel no longer waits; the response is still owed and counted. */
void pri_abandon(struct hwdma *e, struct channel *ch)
{
	struct group *g = &e->pri.groups[ch->acc.group];

	if (ch->acc.sub == SUB_PRI && !ch->acc.pri_done && g->state == GROUP_WAIT)
		g->state = GROUP_LOST;
}

static bool prgi_in_use(const struct pri *pri, uint16_t prgi)
{
	for (unsigned int i = 0; i < PRI_SLOTS; i++)
		if (pri->groups[i].state != GROUP_FREE && pri->groups[i].prgi == prgi)
			return true;
	return false;
}

/*
 * Send the group for the page of ch->acc, and for pages of the range behind it.
 * False: no credit now. The answer may arrive before the last message is out;
 * the channel is left waiting before the first one goes.
 */
bool pri_send(struct hwdma *e, struct channel *ch, uint64_t now, bool read, bool write)
{
	const struct access *acc = &ch->acc;
	struct pri *pri = &e->pri;
	uint32_t limit = pri_limit(e);
	uint64_t page = acc->iova & ~(uint64_t)PAGE_OFFSET;
	/* the range does not wrap: see validate() in channel.c */
	uint64_t left = ((acc->iova + acc->range - 1 - page) >> 12) + 1;
	struct hwdma_attrs attrs = access_attrs(ch, acc->attr, true);
	uint32_t pages = pri->group_pages;
	uint64_t gen = ch->gen;
	struct group *g = pri->groups;
	uint16_t prgi;

	if (pages > left)
		pages = (uint32_t)left;
	if (pages > limit)
		pages = limit;
	if (pri->outstanding + pages > limit)
		return false;

	/* no more groups than messages, no more messages than slots */
	while (g->state != GROUP_FREE)
		g++;
	while (prgi_in_use(pri, pri->next_prgi))
		pri->next_prgi = (pri->next_prgi + 1) & PRGI_MASK;
	prgi = pri->next_prgi;
	pri->next_prgi = (prgi + 1) & PRGI_MASK;
	g->state = GROUP_WAIT;
	g->prgi = prgi;
	g->pages = (uint8_t)pages;
	g->channel = ch->index;
	g->pasid_valid = attrs.pasid_valid;
	g->pasid = attrs.pasid;
	pri->outstanding += pages;

	ch->acc.sub = SUB_PRI;
	ch->acc.group = (uint32_t)(g - pri->groups);
	ch->acc.pri_done = false;
	ch->acc.tries++;
	ch->wake = pri->timeout ? latency(now, pri->timeout) : HWDMA_NEVER;
	for (uint32_t i = 0; i < pages; i++) {
		pri->requests++;
		e->ops.page_request(e->opaque, &attrs, page + (uint64_t)i * PAGE_BYTES, read, write,
				    i + 1 == pages, prgi);
		if (ch->gen != gen)
			break;
	}
	return true;
}

void hwdma_prg_response(struct hwdma *e, bool pasid_valid, uint32_t pasid, uint16_t prgi,
			unsigned int code)
{
	struct pri *pri = &e->pri;
	struct group *g = NULL;

	/* After a Response Failure nothing is heard until PRI is enabled anew */
	if (!e->en.pri || pri->failed)
		return;
	for (unsigned int i = 0; i < PRI_SLOTS; i++) {
		g = &pri->groups[i];
		if (g->state != GROUP_FREE && g->prgi == (prgi & PRGI_MASK) &&
		    (!pasid_valid || (g->pasid_valid && g->pasid == (pasid & PASID_MASK))))
			break;
		g = NULL;
	}
	if (!g) {
		pri->unexpected++;
		pri->uprgi = true;
		return;
	}
	pri->responses++;
	switch (code & 0xf) {
	case HWDMA_PRG_SUCCESS:
	case HWDMA_PRG_INVALID:
		if (g->state == GROUP_WAIT)
			answer_channel(e, g, (code & 0xf) == HWDMA_PRG_SUCCESS ?
					     HWDMA_ERR_NONE : HWDMA_ERR_PRI_REFUSED);
		group_free(e, g);
		break;
	default:
		/* Response Failure disables the interface (PCIe 10.4.2.1) */
		pri->failed = true;
		pri->rf = true;
		pri_forget(e, HWDMA_ERR_PRI_FAILURE);
		break;
	}
	e->ops.kick(e->opaque);
}

void hwdma_pri_reset(struct hwdma *e)
{
	if (e->en.pri)
		return;
	pri_forget(e, HWDMA_ERR_PRI_DISABLED);
	e->pri.failed = false;
	e->ops.kick(e->opaque);
}

uint32_t hwdma_pri_status(const struct hwdma *e)
{
	uint32_t st = 0;

	if (e->pri.rf)
		st |= HWDMA_PRI_STATUS_RF;
	if (e->pri.uprgi)
		st |= HWDMA_PRI_STATUS_UPRGI;
	if ((!e->en.pri || e->pri.failed) && !e->pri.outstanding)
		st |= HWDMA_PRI_STATUS_STOPPED;
	return st;
}

void hwdma_pri_status_clear(struct hwdma *e, uint32_t bits)
{
	if (bits & HWDMA_PRI_STATUS_RF)
		e->pri.rf = false;
	if (bits & HWDMA_PRI_STATUS_UPRGI)
		e->pri.uprgi = false;
}

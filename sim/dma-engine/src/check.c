// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A restored state comes from a file. What follows is everything that the rest
 * of the model takes for granted about its own state; a state that breaks any
 * of it is refused as damaged.
 */
#include "internal.h"

static bool within(uint32_t value, uint32_t low, uint32_t high)
{
	return value >= low && value <= high;
}

static bool enables_possible(const struct hwdma *e)
{
	const struct hwdma_enables *en = &e->en;

	return (!en->pasid || e->cfg.pasid) && (!en->exec || (en->pasid && e->cfg.exec)) &&
	       (!en->priv || (en->pasid && e->cfg.priv)) && (!en->ats || e->cfg.ats) &&
	       (!en->pri || e->cfg.pri) && en->ats_stu < 32;
}

static bool globals_possible(const struct hwdma *e)
{
	const uint32_t ctrl = HWDMA_ATC_CTRL_HOLD | HWDMA_ATC_CTRL_DEAF | HWDMA_ATC_CTRL_CC(7);

	for (unsigned int i = 0; i < ITAGS; i++)
		if (e->inv_pending[i] > INV_PENDING_MAX)
			return false;
	return within(e->max_payload, 64, PAGE_BYTES) && !(e->max_payload & (e->max_payload - 1)) &&
	       !(e->atc_ctrl & ~ctrl) && within(e->atc_npages, 1, HWDMA_ATS_MAX) &&
	       e->next_channel < e->channels;
}

static bool groups_possible(const struct hwdma *e)
{
	const struct pri *pri = &e->pri;
	uint32_t outstanding = 0;

	for (unsigned int i = 0; i < PRI_SLOTS; i++) {
		const struct group *g = &pri->groups[i];
		const struct channel *ch;

		if (g->state >= GROUP_STATES)
			return false;
		if (g->state == GROUP_FREE)
			continue;
		if (g->prgi > PRGI_MASK || !within(g->pages, 1, PRI_PAGES_MAX) ||
		    g->channel >= e->channels)
			return false;
		outstanding += g->pages;
		ch = &e->ch[g->channel];
		if (g->state == GROUP_WAIT &&
		    (ch->phase == PH_IDLE || ch->acc.sub != SUB_PRI || ch->acc.group != i ||
		     ch->acc.pri_done))
			return false;
	}
	return outstanding == pri->outstanding && outstanding <= PRI_SLOTS &&
	       pri->next_prgi <= PRGI_MASK && within(pri->limit, 1, PRI_SLOTS) &&
	       within(pri->retries, 1, 255) && within(pri->group_pages, 1, PRI_PAGES_MAX);
}

static bool in_page(uint64_t addr, uint32_t len)
{
	return (addr & PAGE_OFFSET) + len <= PAGE_BYTES;
}

/* ---- a channel at work ------------------------------------------------------------ */

/* The address sent is the IOVA, or agrees with it below the size of its page. */
static bool flight_possible(const struct access *acc)
{
	bool raw = (acc->attr & HWDMA_ATTR_AT_MASK) == HWDMA_ATTR_AT_RAW;

	if (acc->from_atc && !within(acc->shift, 12, 63))
		return false;
	if (acc->from_atc && acc->translated)
		return !((acc->addr ^ acc->iova) & ((1ull << acc->shift) - 1));
	return acc->addr == acc->iova && acc->translated == raw;
}

static bool access_possible(const struct hwdma *e, const struct channel *ch)
{
	const struct access *acc = &ch->acc;
	bool atc = (acc->attr & HWDMA_ATTR_AT_MASK) == HWDMA_ATTR_AT_ATC;

	if (!attr_valid(acc->attr) || acc->pri_err >= HWDMA_ERR_MAX ||
	    !in_page(acc->iova, acc->len) || !acc->range ||
	    acc->iova + (acc->range - 1) < acc->iova || acc->range < acc->len)
		return false;
	switch (acc->sub) {
	case SUB_XLAT:
		return true;
	case SUB_ATS:
		return atc && reply_well_formed(&acc->reply);
	case SUB_CREDIT:
		return atc;
	case SUB_PRI:
		return atc && acc->group < PRI_SLOTS &&
		       (acc->pri_done || (e->pri.groups[acc->group].state == GROUP_WAIT &&
					  e->pri.groups[acc->group].channel == ch->index));
	case SUB_HELD:
		if (acc->held > HELD_ACTION(HWDMA_RESUME_TERMINATE))
			return false;
		/* fall through */
	case SUB_FLIGHT:
		return acc->kind != ACC_XLATE && acc->kind != ACC_XLATE_W && atc == acc->from_atc &&
		       flight_possible(acc);
	case SUB_STATES:
	default:
		return false;
	}
}

static enum access_kind src_kind(uint32_t code)
{
	return code == HWDMA_OP_TOUCH ? ACC_TOUCH : ACC_READ;
}

static enum access_kind dst_kind(uint32_t code)
{
	switch (code) {
	case HWDMA_OP_FETCH_ADD:
	case HWDMA_OP_SWAP:
	case HWDMA_OP_CAS:
		return ACC_ATOMIC;
	default:
		return ACC_WRITE;
	}
}

static bool is(const struct channel *ch, enum access_kind kind, uint32_t attr, uint64_t iova,
	       uint32_t len)
{
	const struct access *acc = &ch->acc;

	return acc->kind == kind && acc->attr == attr && acc->iova == iova && acc->len == len;
}

static bool operation_possible(const struct hwdma *e, const struct channel *ch)
{
	const struct hwdma_desc *d = &ch->cur;
	uint32_t code = HWDMA_OP_CODE(d->op);

	if (!desc_valid(e, d))
		return false;
	if (code == HWDMA_OP_TOUCH)
		return ch->phase == PH_SRC && !ch->done && !ch->chunk &&
		       is(ch, ACC_TOUCH, d->src_attr, d->src, 0);
	if (code == HWDMA_OP_NOP || ch->done >= d->len)
		return false;
	if (ch->phase == PH_XLATE)
		return code == HWDMA_OP_TRANSLATE &&
		       is(ch, d->op & HWDMA_F_WRITE ? ACC_XLATE_W : ACC_XLATE, d->src_attr,
			  d->src + ch->done, 1);
	if (code == HWDMA_OP_TRANSLATE || !ch->chunk || ch->chunk > d->len - ch->done)
		return false;
	if ((uses_src(code) && !in_page(d->src + ch->done, ch->chunk)) ||
	    (uses_dst(code) && !in_page(d->dst + ch->done, ch->chunk)))
		return false;
	if (ch->phase == PH_SRC)
		return uses_src(code) &&
		       is(ch, src_kind(code), d->src_attr, d->src + ch->done, ch->chunk);
	if (ch->phase == PH_DST_READ)
		return code == HWDMA_OP_COMPARE &&
		       is(ch, ACC_READ, d->dst_attr, d->dst + ch->done, ch->chunk);
	return uses_dst(code) && code != HWDMA_OP_COMPARE &&
	       is(ch, dst_kind(code), d->dst_attr, d->dst + ch->done, ch->chunk);
}

static bool phase_possible(const struct hwdma *e, const struct channel *ch)
{
	switch (ch->phase) {
	case PH_IDLE:
		return true;
	case PH_START:
		return ch->acc.sub == SUB_XLAT;
	case PH_FETCH:
		return ch->acc.kind == ACC_READ && ch->acc.len == HWDMA_DESC_SIZE &&
		       access_possible(e, ch);
	case PH_STATUS:
		return is(ch, ACC_WRITE, ch->acc.attr, ch->cur.status, HWDMA_STATUS_SIZE) &&
		       ch->chunk == HWDMA_STATUS_SIZE && access_possible(e, ch);
	case PH_SRC:
	case PH_DST_READ:
	case PH_DST:
	case PH_XLATE:
		return operation_possible(e, ch) && access_possible(e, ch);
	case PHASES:
	default:
		return false;
	}
}

static bool on_its_way(const struct access *acc)
{
	return acc->from_atc &&
	       (acc->sub == SUB_FLIGHT || (acc->sub == SUB_HELD && acc->translated));
}

static bool channel_possible(const struct hwdma *e, const struct channel *ch)
{
	const uint32_t ctrl = HWDMA_CH_CTRL_RING | HWDMA_CH_CTRL_PAUSE | HWDMA_CH_CTRL_CONTINUE;
	const uint32_t sticky = HWDMA_CH_RING_HALTED | HWDMA_CH_OVERRUN | HWDMA_CH_CPL_FAILED;

	if ((ch->ctrl & ~ctrl) || (ch->sticky & ~sticky) || ch->state > HWDMA_STATE_ERROR ||
	    ch->state == HWDMA_STATE_BUSY || ch->error >= HWDMA_ERR_MAX)
		return false;
	if (ch->ring_size > e->cfg.ring_log2 || (ch->ring_base & (HWDMA_DESC_SIZE - 1)) ||
	    ch->head >> ch->ring_size || ch->tail >> ch->ring_size)
		return false;
	/* a request holds invalidations only while it is on its way by an ATC's answer */
	if (ch->holds && (ch->phase == PH_IDLE || !on_its_way(&ch->acc)))
		return false;
	return ch->err < HWDMA_ERR_MAX && phase_possible(e, ch);
}

bool state_possible(const struct hwdma *e)
{
	if (!enables_possible(e) || !globals_possible(e) || !groups_possible(e))
		return false;
	for (unsigned int i = 0; i < e->channels; i++)
		if (!channel_possible(e, &e->ch[i]))
			return false;
	return true;
}

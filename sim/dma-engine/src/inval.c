// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Invalidate Requests (PCIe 10.3): entries go at once; the completion goes when
 * no request that used a removed entry is in flight.
 */
#include "internal.h"

static bool held(const struct hwdma *e, unsigned int itag)
{
	if (e->atc_ctrl & HWDMA_ATC_CTRL_HOLD)
		return true;
	for (unsigned int i = 0; i < e->channels; i++)
		if (e->ch[i].holds & (1u << itag))
			return true;
	return false;
}

/*
 * One pass over what is pending now. A completion may make the IOMMU send its
 * next Invalidate Request from inside the callback: that one is left to
 * hwdma_run(), so that a long queue does not become a deep stack.
 */
void inv_release(struct hwdma *e)
{
	unsigned int count = ((e->atc_ctrl >> 8) & 7) + 1;

	if (!e->inv_mask)
		return;
	if (e->releasing) {
		e->ops.kick(e->opaque);
		return;
	}
	e->releasing = true;
	for (unsigned int itag = 0; itag < ITAGS; itag++) {
		uint32_t n = e->inv_pending[itag];

		while (n-- && e->inv_pending[itag] && !held(e, itag)) {
			if (!--e->inv_pending[itag])
				e->inv_mask &= ~(1u << itag);
			for (unsigned int i = 0; i < count; i++)
				e->ops.inv_complete(e->opaque, 1u << itag, count & 7);
		}
	}
	e->releasing = false;
}

bool inv_due(const struct hwdma *e)
{
	if (!e->inv_mask)
		return false;
	for (unsigned int itag = 0; itag < ITAGS; itag++)
		if (e->inv_pending[itag] && !held(e, itag))
			return true;
	return false;
}

/* S=1: the lowest zero bit from bit 12 up tells the size (PCIe 10.2.3.2) */
static void decode_range(uint64_t addr, bool s, struct inv_range *inv)
{
	unsigned int shift = 12;

	addr &= ~(uint64_t)PAGE_OFFSET;
	if (s) {
		while (shift < 64 && (addr >> shift & 1))
			shift++;
		shift++;
	}
	if (shift >= 64) {
		inv->first = 0;
		inv->last = UINT64_MAX;
		return;
	}
	inv->first = addr & ~((1ull << shift) - 1);
	inv->last = inv->first | ((1ull << shift) - 1);
}

/*
 * A Translation Completion that is still under way was formed before the
 * invalidation and must not be used (PCIe 10.3.8). One that the IOMMU is only
 * forming now (reply empty) counts as hit whatever its span.
 */
static bool answer_hit(const struct inv_range *inv, const struct atc_key *key,
		       const struct access *acc)
{
	const struct hwdma_ats_reply *reply = &acc->reply;
	uint64_t base;

	if (!reply->count)
		return inv_hits(inv, key, true, inv->first, 12);
	base = acc->iova & ~((1ull << reply->xlat[0].shift) - 1);
	for (unsigned int i = 0; i < reply->count; i++)
		if (inv_hits(inv, key, reply->xlat[i].global,
			     base + ((uint64_t)i << reply->xlat[0].shift), reply->xlat[0].shift))
			return true;
	return false;
}

void hwdma_ats_invalidate(struct hwdma *e, bool pasid_valid, uint32_t pasid, bool global,
			  uint64_t addr, bool s, unsigned int itag)
{
	struct inv_range inv = {
		.pasid_valid = pasid_valid,
		.global = global,
		.pasid = pasid & PASID_MASK,
	};

	itag %= ITAGS;
	decode_range(addr, s, &inv);
	if (e->atc_ctrl & HWDMA_ATC_CTRL_DEAF)
		e->atc.invs++;
	else
		atc_invalidate(&e->atc, &inv);

	for (unsigned int i = 0; i < e->channels; i++) {
		struct channel *ch = &e->ch[i];
		struct access *acc = &ch->acc;
		struct atc_key key = {
			.pasid = HWDMA_ATTR_PASID(acc->attr),
			.pasid_valid = acc->attr & HWDMA_ATTR_PASID_VALID,
			.priv = acc->attr & HWDMA_ATTR_PRIV,
		};

		if (ch->phase == PH_IDLE || (e->atc_ctrl & HWDMA_ATC_CTRL_DEAF))
			continue;
		if (acc->sub == SUB_ATS)
			acc->stale = acc->stale || answer_hit(&inv, &key, acc);
		else if ((acc->sub == SUB_FLIGHT || (acc->sub == SUB_HELD && acc->translated)) &&
			 acc->from_atc &&
			 inv_hits(&inv, &key, acc->entry_global,
				  acc->iova & ~((1ull << acc->shift) - 1), acc->shift))
			ch->holds |= 1u << itag;
	}

	if (e->inv_pending[itag] < INV_PENDING_MAX)
		e->inv_pending[itag]++;
	e->inv_mask |= 1u << itag;
	if (e->cfg.defer_completions)
		e->ops.kick(e->opaque);
	else
		inv_release(e);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Address translation cache: a hash table with a list by order of use.
 * An entry stays until it is invalidated, replaced by a newer answer for the
 * same addresses, or evicted as the least recently used.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Entries of global translations hang in one place, whatever the PASID. */
static uint32_t bucket_of(const struct atc *atc, const struct atc_key *key, bool global,
			  uint64_t base, unsigned int shift)
{
	uint64_t h = (base >> shift) * 0x9e3779b97f4a7c15ull;

	h ^= global ? 0x5bd1e995u : (uint64_t)key->pasid * 0xc2b2ae3d27d4eb4full;
	h += shift + (key->pasid_valid ? 64u : 0u) + (key->priv ? 128u : 0u);
	h *= 0xff51afd7ed558ccdull;
	return (uint32_t)(h >> 32) & atc->bucket_mask;
}

static bool key_matches(const struct atc_entry *e, const struct atc_key *key)
{
	if (e->key.pasid_valid != key->pasid_valid || e->key.priv != key->priv)
		return false;
	return !key->pasid_valid || e->global || e->key.pasid == key->pasid;
}

static uint64_t span_last(uint64_t base, unsigned int shift)
{
	return base | ((1ull << shift) - 1);
}

void atc_clear(struct atc *atc)
{
	for (uint32_t i = 0; i <= atc->bucket_mask; i++)
		atc->buckets[i] = NONE;
	for (uint32_t i = 0; i < atc->max; i++)
		atc->entries[i].chain = i + 1 < atc->max ? i + 1 : NONE;
	memset(atc->by_shift, 0, sizeof(atc->by_shift));
	atc->free = 0;
	atc->used = 0;
	atc->newest = NONE;
	atc->oldest = NONE;
}

bool atc_init(struct atc *atc, uint32_t max)
{
	uint32_t buckets = 16;

	while (buckets < max)
		buckets *= 2;
	atc->entries = calloc(max, sizeof(*atc->entries));
	atc->buckets = calloc(buckets, sizeof(*atc->buckets));
	if (!atc->entries || !atc->buckets)
		return false;
	atc->max = max;
	atc->bucket_mask = buckets - 1;
	atc_clear(atc);
	return true;
}

void atc_free(struct atc *atc)
{
	free(atc->entries);
	free(atc->buckets);
}

static void order_unlink(struct atc *atc, uint32_t i)
{
	struct atc_entry *e = &atc->entries[i];

	if (e->newer == NONE)
		atc->newest = e->older;
	else
		atc->entries[e->newer].older = e->older;
	if (e->older == NONE)
		atc->oldest = e->newer;
	else
		atc->entries[e->older].newer = e->newer;
}

static void order_push(struct atc *atc, uint32_t i)
{
	struct atc_entry *e = &atc->entries[i];

	e->newer = NONE;
	e->older = atc->newest;
	if (atc->newest == NONE)
		atc->oldest = i;
	else
		atc->entries[atc->newest].newer = i;
	atc->newest = i;
}

static void remove_entry(struct atc *atc, uint32_t i)
{
	struct atc_entry *e = &atc->entries[i];
	uint32_t *link = &atc->buckets[bucket_of(atc, &e->key, e->global, e->base, e->shift)];

	while (*link != i)
		link = &atc->entries[*link].chain;
	*link = e->chain;
	order_unlink(atc, i);
	atc->by_shift[e->shift]--;
	atc->used--;
	e->chain = atc->free;
	atc->free = i;
}

static uint32_t find(const struct atc *atc, const struct atc_key *key, bool global, uint64_t iova,
		     unsigned int shift)
{
	uint64_t base = iova & ~((1ull << shift) - 1);
	uint32_t i = atc->buckets[bucket_of(atc, key, global, base, shift)];

	while (i != NONE) {
		const struct atc_entry *e = &atc->entries[i];

		if (e->shift == shift && e->base == base && e->global == global &&
		    key_matches(e, key))
			return i;
		i = e->chain;
	}
	return NONE;
}

const struct atc_entry *atc_lookup(struct atc *atc, const struct atc_key *key, uint64_t iova,
				   bool use)
{
	for (unsigned int shift = 12; shift < 64; shift++) {
		uint32_t i;

		if (!atc->by_shift[shift])
			continue;
		i = find(atc, key, false, iova, shift);
		if (i == NONE && key->pasid_valid)
			i = find(atc, key, true, iova, shift);
		if (i == NONE)
			continue;
		if (use) {
			order_unlink(atc, i);
			order_push(atc, i);
		}
		return &atc->entries[i];
	}
	return NULL;
}

static uint32_t room(const struct atc *atc)
{
	return atc->capacity && atc->capacity < atc->max ? atc->capacity : atc->max;
}

static void shrink_to(struct atc *atc, uint32_t n)
{
	while (atc->used > n) {
		remove_entry(atc, atc->oldest);
		atc->evicted++;
	}
}

void atc_set_capacity(struct atc *atc, uint32_t capacity)
{
	atc->capacity = capacity > atc->max ? atc->max : capacity;
	shrink_to(atc, room(atc));
}

/*
 * Two entries for one address would let an old answer survive a newer one, so
 * what the new entry overlaps goes. Larger ones are found by lookup; smaller
 * ones can be many, and are looked for only if there are any of such sizes.
 */
static void drop_overlap(struct atc *atc, const struct atc_entry *n)
{
	const struct atc_entry *old;
	bool smaller = false;

	while ((old = atc_lookup(atc, &n->key, n->base, false)) != NULL)
		remove_entry(atc, (uint32_t)(old - atc->entries));
	for (unsigned int shift = 12; shift < n->shift; shift++)
		smaller = smaller || atc->by_shift[shift];
	if (!smaller)
		return;
	for (uint32_t i = atc->oldest; i != NONE;) {
		const struct atc_entry *e = &atc->entries[i];
		uint32_t newer = e->newer;

		if (e->shift < n->shift && key_matches(e, &n->key) && e->base >= n->base &&
		    e->base <= span_last(n->base, n->shift))
			remove_entry(atc, i);
		i = newer;
	}
}

void atc_insert(struct atc *atc, const struct atc_entry *n)
{
	uint32_t *bucket;
	uint32_t i;

	drop_overlap(atc, n);
	shrink_to(atc, room(atc) - 1);
	i = atc->free;
	atc->free = atc->entries[i].chain;
	atc->entries[i] = *n;
	bucket = &atc->buckets[bucket_of(atc, &n->key, n->global, n->base, n->shift)];
	atc->entries[i].chain = *bucket;
	*bucket = i;
	atc->by_shift[n->shift]++;
	atc->used++;
	order_push(atc, i);
}

/*
 * Reach of an Invalidate Request (PCIe 10.3.8): without a PASID, entries that
 * were obtained without one; with a PASID, entries of that PASID and global
 * ones; with Global Invalidate, entries of all PASIDs.
 */
bool inv_hits(const struct inv_range *inv, const struct atc_key *key, bool entry_global,
	      uint64_t base, unsigned int shift)
{
	if (inv->pasid_valid != key->pasid_valid)
		return false;
	if (inv->pasid_valid && !inv->global && !entry_global && inv->pasid != key->pasid)
		return false;
	return base <= inv->last && span_last(base, shift) >= inv->first;
}

/* A few pages of one address space: look them up rather than walk the cache. */
static void invalidate_pages(struct atc *atc, const struct inv_range *inv, uint64_t pages)
{
	for (uint64_t n = 0; n < 2 * pages; n++) {
		struct atc_key key = {
			.pasid = inv->pasid,
			.pasid_valid = inv->pasid_valid,
			.priv = n & 1,
		};
		const struct atc_entry *e;

		while ((e = atc_lookup(atc, &key, inv->first + (n / 2) * PAGE_BYTES, false))) {
			remove_entry(atc, (uint32_t)(e - atc->entries));
			atc->removed++;
		}
	}
}

void atc_invalidate(struct atc *atc, const struct inv_range *inv)
{
	uint64_t pages = ((inv->last - inv->first) >> 12) + 1;
	uint32_t i = atc->oldest;

	atc->invs++;
	if (!inv->global && pages < atc->used / 8) {
		invalidate_pages(atc, inv, pages);
		return;
	}
	while (i != NONE) {
		const struct atc_entry *e = &atc->entries[i];
		uint32_t newer = e->newer;

		if (inv_hits(inv, &e->key, e->global, e->base, e->shift)) {
			remove_entry(atc, i);
			atc->removed++;
		}
		i = newer;
	}
}

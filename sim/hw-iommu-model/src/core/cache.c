/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "cache.h"
#include "pages.h"

#include <stdlib.h>
#include <string.h>

#define CACHE_LINE 64u
#define MIN_BUCKETS 64u
#define GROW_ENTRIES 4u /* growth at a time */
#define GROW (GROW_ENTRIES * HWI_CACHE_BUCKETS_PER_ENTRY) /* buckets; divides MIN_BUCKETS */
#define SWEEP_SHARE 16u /* clearing 16 heads in a row costs less than finding one */

/* Links, without those that the payload of a small entry would have to move for. */
_Static_assert(sizeof(struct hwi_cache_entry) == 40, "an IOTLB entry fits a cache line");

/*
 * Never more than BUCKETS_PER_ENTRY for each entry of a full cache: growth is asked
 * for only when an entry beyond the load is taken.
 */
static size_t buckets_max(const struct hwi_cache *c)
{
	return (size_t)(c->capacity + GROW_ENTRIES) * HWI_CACHE_BUCKETS_PER_ENTRY + MIN_BUCKETS;
}

/* The last entry that the buckets are enough for. */
static uint32_t stop_at(const struct hwi_cache *c)
{
	uint32_t n = c->buckets / HWI_CACHE_BUCKETS_PER_ENTRY;

	return n < c->capacity ? n * c->stride : c->last;
}

enum hwi_status hwi_cache_init(struct hwi_cache *c, uint32_t capacity, uint32_t limit,
			       size_t payload)
{
	size_t size = sizeof(struct hwi_cache_entry) + payload;

	memset(c, 0, sizeof(*c));
	if (capacity == HWI_CACHE_OFF)
		c->capacity = 0;
	else if (capacity == 0 || capacity > limit)
		c->capacity = limit;
	else
		c->capacity = capacity;
	size = (size + CACHE_LINE - 1) & ~(size_t)(CACHE_LINE - 1);
	c->stride = (uint32_t)(size / 8);
	c->last = c->capacity * c->stride;
	c->payload = (uint32_t)payload;
	c->half = MIN_BUCKETS;
	c->buckets = MIN_BUCKETS;
	c->stop = stop_at(c);
	c->pool = hwi_pages_alloc(((size_t)c->capacity + 1) * size);
	c->hash_heads = hwi_pages_alloc(buckets_max(c) * sizeof(*c->hash_heads));
	c->tag_heads = calloc(HWI_CACHE_TAG_HEADS, sizeof(*c->tag_heads));
	if (!c->pool || !c->hash_heads || !c->tag_heads) {
		hwi_cache_free(c);
		return HWI_ENOMEM;
	}
	memset(c->hash_heads, 0, MIN_BUCKETS * sizeof(*c->hash_heads));
	memset(c->pool, 0, sizeof(struct hwi_cache_entry));
	return HWI_OK;
}

void hwi_cache_free(struct hwi_cache *c)
{
	hwi_pages_free(c->pool);
	hwi_pages_free(c->hash_heads);
	free(c->tag_heads);
	memset(c, 0, sizeof(*c));
}

static uint32_t index_of(const struct hwi_cache *c, const struct hwi_cache_entry *e)
{
	return (uint32_t)((size_t)((const unsigned char *)e - c->pool) / 8);
}

static void unlink_hash(struct hwi_cache *c, const struct hwi_cache_entry *e, uint32_t i)
{
	uint32_t *link = hwi_cache_head(c, hwi_cache_hash(e->key));

	while (*link != i)
		link = &hwi_cache_at(c, *link)->hash_next;
	*link = e->hash_next;
}

static void unlink_tag(struct hwi_cache *c, const struct hwi_cache_entry *e)
{
	if (e->tag_prev != HWI_CACHE_NONE)
		hwi_cache_at(c, e->tag_prev)->tag_next = e->tag_next;
	else
		*hwi_cache_tag_head(c, e->tag) = e->tag_next;
	hwi_cache_at(c, e->tag_next)->tag_prev = e->tag_prev;
}

static void unlink_age(struct hwi_cache *c, const struct hwi_cache_entry *e)
{
	hwi_cache_at(c, e->age_prev)->age_next = e->age_next;
	hwi_cache_at(c, e->age_next)->age_prev = e->age_prev;
}

/* Every link undone; the entry itself is the caller's, to reuse or to free. */
static void detach(struct hwi_cache *c, struct hwi_cache_entry *e, uint32_t i)
{
	unlink_hash(c, e, i);
	unlink_tag(c, e);
	unlink_age(c, e);
	if (--c->in_class[e->key.a % HWI_CACHE_CLASSES] == 0)
		c->classes &= ~(UINT32_C(1) << e->key.a % HWI_CACHE_CLASSES);
	c->used--;
}

static void remove_entry(struct hwi_cache *c, struct hwi_cache_entry *e, uint32_t i)
{
	detach(c, e, i);
	e->hash_next = c->free_head;
	c->free_head = i;
}

/* Linear hashing: move what belongs there into one more bucket. */
static void split_bucket(struct hwi_cache *c)
{
	uint32_t *from = &c->hash_heads[c->buckets - c->half];
	uint32_t *to = &c->hash_heads[c->buckets];

	c->buckets++;
	*to = HWI_CACHE_NONE;
	while (*from != HWI_CACHE_NONE) {
		uint32_t i = *from;
		struct hwi_cache_entry *e = hwi_cache_at(c, i);

		if (hwi_cache_head(c, hwi_cache_hash(e->key)) == to) {
			*from = e->hash_next;
			e->hash_next = *to;
			*to = i;
		} else {
			from = &e->hash_next;
		}
	}
	if (c->buckets == 2 * c->half)
		c->half = c->buckets;
}

/* The oldest one's place. */
static uint32_t make_room(struct hwi_cache *c)
{
	uint32_t i = hwi_cache_first(c);

	detach(c, hwi_cache_at(c, i), i);
	c->evictions++;
	if (c->evicted)
		(*c->evicted)++;
	return i;
}

uint32_t hwi_cache_more(struct hwi_cache *c)
{
	if (!c->capacity)
		return HWI_CACHE_NONE;
	if (c->high == c->last)
		return make_room(c);
	for (unsigned int n = 0; n < GROW; n++)
		split_bucket(c);
	c->stop = stop_at(c);
	/* Those of the next time: they may be far away. */
	for (unsigned int n = 0; n < GROW; n++)
		__builtin_prefetch(hwi_cache_at(c, c->hash_heads[c->buckets - c->half + n]));
	c->high += c->stride;
	return c->high;
}

struct hwi_cache_entry *hwi_cache_fill(struct hwi_cache *c, struct hwi_cache_key key,
				       uint32_t tag)
{
	uint32_t hash = hwi_cache_hash(key);
	struct hwi_cache_entry *e = hwi_cache_find_hashed(c, key, hash);

	if (e)
		remove_entry(c, e, index_of(c, e));
	return hwi_cache_add(c, key, hash, tag);
}

/* Empty the chains: of a full table all of them, else those that have entries. */
static void clear_chains(struct hwi_cache *c)
{
	if (c->used > c->buckets / SWEEP_SHARE && c->used > HWI_CACHE_TAG_HEADS / SWEEP_SHARE) {
		memset(c->hash_heads, 0, c->buckets * sizeof(*c->hash_heads));
		memset(c->tag_heads, 0, HWI_CACHE_TAG_HEADS * sizeof(*c->tag_heads));
		return;
	}
	for (uint32_t i = hwi_cache_first(c); i != HWI_CACHE_NONE; i = hwi_cache_next(c, i)) {
		const struct hwi_cache_entry *e = hwi_cache_at(c, i);

		*hwi_cache_head(c, hwi_cache_hash(e->key)) = HWI_CACHE_NONE;
		*hwi_cache_tag_head(c, e->tag) = HWI_CACHE_NONE;
	}
}

uint32_t hwi_cache_clear(struct hwi_cache *c)
{
	struct hwi_cache_entry *ring = hwi_cache_at(c, HWI_CACHE_NONE);
	uint32_t n = c->used;

	clear_chains(c);
	memset(c->in_class, 0, sizeof(c->in_class));
	c->classes = 0;
	c->used = 0;
	c->high = 0;
	c->free_head = HWI_CACHE_NONE;
	ring->age_next = HWI_CACHE_NONE;
	ring->age_prev = HWI_CACHE_NONE;
	return n;
}

uint32_t hwi_cache_remove_tag(struct hwi_cache *c, uint32_t tag, hwi_cache_match *match,
			      const void *arg)
{
	uint32_t i = *hwi_cache_tag_head(c, tag);
	uint32_t n = 0;

	while (i != HWI_CACHE_NONE) {
		struct hwi_cache_entry *e = hwi_cache_at(c, i);
		uint32_t next = e->tag_next;

		if (e->tag == tag && (!match || match(e, arg))) {
			remove_entry(c, e, i);
			n++;
		}
		i = next;
	}
	return n;
}

uint32_t hwi_cache_remove_if(struct hwi_cache *c, hwi_cache_match *match, const void *arg)
{
	uint32_t i = hwi_cache_first(c);
	uint32_t n = 0;

	while (i != HWI_CACHE_NONE) {
		struct hwi_cache_entry *e = hwi_cache_at(c, i);
		uint32_t next = e->age_next;

		if (match(e, arg)) {
			remove_entry(c, e, i);
			n++;
		}
		i = next;
	}
	return n;
}

bool hwi_cache_remove_key(struct hwi_cache *c, struct hwi_cache_key key)
{
	struct hwi_cache_entry *e = hwi_cache_find(c, key);

	if (!e)
		return false;
	remove_entry(c, e, index_of(c, e));
	return true;
}

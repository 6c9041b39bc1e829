/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "cache.h"

#include <stdlib.h>
#include <string.h>

#define CACHE_LINE 64u
#define MIN_BUCKETS 64u

/* Links, without those that the payload of a small entry would have to move for. */
_Static_assert(sizeof(struct hwi_cache_entry) == 40, "an IOTLB entry fits a cache line");

static uint32_t round_up_pow2(uint32_t v)
{
	uint32_t p = MIN_BUCKETS;

	while (p < v)
		p <<= 1;
	return p;
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
	c->buckets_max = round_up_pow2(c->capacity * HWI_CACHE_BUCKETS_PER_ENTRY);
	c->hash_mask = MIN_BUCKETS - 1;
	c->buckets = MIN_BUCKETS;
	c->grow_at = MIN_BUCKETS / HWI_CACHE_BUCKETS_PER_ENTRY + 1;
	c->pool = aligned_alloc(CACHE_LINE, ((size_t)c->capacity + 1) * size);
	c->hash_heads = calloc(c->buckets_max, sizeof(*c->hash_heads));
	c->tag_heads = calloc(HWI_CACHE_TAG_HEADS, sizeof(*c->tag_heads));
	if (!c->pool || !c->hash_heads || !c->tag_heads) {
		hwi_cache_free(c);
		return HWI_ENOMEM;
	}
	return HWI_OK;
}

void hwi_cache_free(struct hwi_cache *c)
{
	free(c->pool);
	free(c->hash_heads);
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
		c->tag_heads[e->tag % HWI_CACHE_TAG_HEADS] = e->tag_next;
	if (e->tag_next != HWI_CACHE_NONE)
		hwi_cache_at(c, e->tag_next)->tag_prev = e->tag_prev;
}

static void unlink_age(struct hwi_cache *c, const struct hwi_cache_entry *e)
{
	if (e->age_prev != HWI_CACHE_NONE)
		hwi_cache_at(c, e->age_prev)->age_next = e->age_next;
	else
		c->oldest = e->age_next;
	if (e->age_next != HWI_CACHE_NONE)
		hwi_cache_at(c, e->age_next)->age_prev = e->age_prev;
	else
		c->youngest = e->age_prev;
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
	e->age_next = c->free_head;
	c->free_head = i;
}

/* Linear hashing: move what belongs there into one more bucket. */
static void split_bucket(struct hwi_cache *c)
{
	uint32_t *from = &c->hash_heads[c->buckets - (c->hash_mask + 1)];
	uint32_t *to = &c->hash_heads[c->buckets];

	c->buckets++;
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
	if (c->buckets == 2 * (c->hash_mask + 1))
		c->hash_mask = c->buckets - 1;
}

/* The oldest one's place. */
uint32_t hwi_cache_make_room(struct hwi_cache *c)
{
	uint32_t i = c->oldest;

	detach(c, hwi_cache_at(c, i), i);
	c->evictions++;
	if (c->evicted)
		(*c->evicted)++;
	return i;
}

/*
 * Several buckets at a time, so that a growing cache keeps its load. There are
 * never more than BUCKETS_PER_ENTRY for each entry of a full cache, which is what
 * was reserved.
 */
void hwi_cache_grow(struct hwi_cache *c)
{
	for (unsigned int n = 0; n < HWI_CACHE_BUCKETS_PER_ENTRY; n++)
		split_bucket(c);
	c->grow_at = c->buckets / HWI_CACHE_BUCKETS_PER_ENTRY + 1;
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

uint32_t hwi_cache_clear(struct hwi_cache *c)
{
	uint32_t n = c->used;

	for (uint32_t i = c->oldest; i != HWI_CACHE_NONE; i = hwi_cache_at(c, i)->age_next) {
		const struct hwi_cache_entry *e = hwi_cache_at(c, i);

		*hwi_cache_head(c, hwi_cache_hash(e->key)) = HWI_CACHE_NONE;
		c->tag_heads[e->tag % HWI_CACHE_TAG_HEADS] = HWI_CACHE_NONE;
	}
	memset(c->in_class, 0, sizeof(c->in_class));
	c->classes = 0;
	c->used = 0;
	c->high = 0;
	c->free_head = HWI_CACHE_NONE;
	c->oldest = HWI_CACHE_NONE;
	c->youngest = HWI_CACHE_NONE;
	return n;
}

uint32_t hwi_cache_remove_tag(struct hwi_cache *c, uint32_t tag, hwi_cache_match *match,
			      const void *arg)
{
	uint32_t i = c->tag_heads[tag % HWI_CACHE_TAG_HEADS];
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
	uint32_t i = c->oldest;
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

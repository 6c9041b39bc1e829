/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A hardware cache: entries found by a look-up key, removed by invalidation tags.
 *
 * An entry stays until it is invalidated or, when the capacity is reached,
 * evicted (least recently filled or used first). Every entry has a 128-bit
 * look-up key and a 32-bit tag - the domain - by which most invalidations go:
 * entries of a tag are chained, so that an invalidation costs what it removes
 * and not what the cache holds.
 *
 * All memory is reserved at creation; look-up and fill never allocate.
 */
#ifndef HWI_CORE_CACHE_H
#define HWI_CORE_CACHE_H

#include "hwiommu/types.h"

#define HWI_CACHE_NONE UINT32_MAX

struct hwi_cache_key {
	uint64_t a;
	uint64_t b;
};

/* Header of every entry; the family's payload follows it. */
struct hwi_cache_entry {
	struct hwi_cache_key key;
	uint32_t tag;
	uint32_t hash_next;
	uint32_t tag_next, tag_prev;
	uint32_t lru_next, lru_prev;
};

struct hwi_cache {
	unsigned char *pool;
	uint32_t *hash_heads;
	uint32_t *tag_heads;
	uint32_t hash_mask;
	uint32_t tag_mask;
	uint32_t entry_size; /* header and payload, rounded up */
	uint32_t capacity;
	uint32_t used;	     /* live entries */
	uint32_t high;	     /* pool entries ever used; the rest is untouched */
	uint32_t free_head;
	uint32_t lru_first, lru_last;
	bool bounded;	     /* the user set a capacity: recency matters */
};

/*
 * hwi_cache_init - reserve a cache
 * @capacity: entries; 0 for @limit
 * @payload: bytes of the family's payload after the header
 */
enum hwi_status hwi_cache_init(struct hwi_cache *c, uint32_t capacity, uint32_t limit,
			       size_t payload);
void hwi_cache_free(struct hwi_cache *c);

static inline struct hwi_cache_entry *hwi_cache_at(const struct hwi_cache *c, uint32_t i)
{
	return (struct hwi_cache_entry *)(void *)(c->pool + (size_t)i * c->entry_size);
}

/* The entry with this key, or NULL. Marks it used. */
struct hwi_cache_entry *hwi_cache_find(struct hwi_cache *c, struct hwi_cache_key key);

/*
 * An entry with this key and tag whose payload the caller fills: an existing one
 * of the same key is replaced, the oldest is evicted if the cache is full.
 */
struct hwi_cache_entry *hwi_cache_fill(struct hwi_cache *c, struct hwi_cache_key key,
				       uint32_t tag);

/* Whether an entry is to go. */
typedef bool hwi_cache_match(const struct hwi_cache_entry *e, const void *arg);

/* Remove all entries; those of a tag; those (of a tag) that a predicate names. */
void hwi_cache_clear(struct hwi_cache *c);
uint32_t hwi_cache_remove_tag(struct hwi_cache *c, uint32_t tag, hwi_cache_match *match,
			      const void *arg);
uint32_t hwi_cache_remove_if(struct hwi_cache *c, hwi_cache_match *match, const void *arg);
bool hwi_cache_remove_key(struct hwi_cache *c, struct hwi_cache_key key);

/* All live entries from the least to the most recently used (state, auditor). */
uint32_t hwi_cache_first(const struct hwi_cache *c);
uint32_t hwi_cache_next(const struct hwi_cache *c, uint32_t i);

#endif

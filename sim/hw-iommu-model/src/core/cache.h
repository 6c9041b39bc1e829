/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A hardware cache: entries found by a look-up key, removed by invalidation tags.
 *
 * An entry stays until it is invalidated or, when the capacity is reached,
 * evicted, the least recently filled one first; hits leave no trace. Every entry
 * has a 128-bit look-up key and a 32-bit tag - the domain - by which most
 * invalidations go: entries of a tag are chained, so that an invalidation costs
 * what its domain holds and not what the cache holds.
 *
 * The three low bits of key.a are the entry's class (a page size, a table level).
 * The cache counts the entries of each class, so that a look-up that has to try
 * several sizes leaves out those of which there is none.
 *
 * All memory is reserved at creation; look-up and fill never allocate. The hash
 * table grows by linear hashing (a few buckets are split at a fill when needed),
 * so that a cache "without limit" touches memory in proportion to what it holds.
 *
 * Entries are named by their place in the pool, in units of 8 bytes; 0 is none.
 * Place 0 holds no entry: it closes the ring of ages, takes the stores that are
 * for a neighbour where there is none, and is what a cache that is off fills.
 */
#ifndef HWI_CORE_CACHE_H
#define HWI_CORE_CACHE_H

#include "hwiommu/types.h"

#define HWI_CACHE_NONE 0u

/* Capacity of a cache that holds nothing: each look-up misses. */
#define HWI_CACHE_OFF UINT32_MAX

#define HWI_CACHE_CLASSES 8u

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
	uint32_t age_next, age_prev; /* younger, older; place 0: oldest, youngest */
};

struct hwi_cache {
	unsigned char *pool;
	uint32_t *hash_heads;
	uint32_t *tag_heads;
	uint32_t buckets;      /* in use: half <= buckets < 2 * half */
	uint32_t half;	       /* a power of two */
	uint32_t stride;       /* header and payload, rounded up, in units of 8 bytes */
	uint32_t payload;
	uint32_t capacity;     /* 0: off */
	uint32_t used;	       /* live entries */
	uint32_t high;	       /* entry last taken from the pool; the rest is untouched */
	uint32_t stop;	       /* taking more than this one wants buckets, or room */
	uint32_t last;	       /* last entry of the pool */
	uint32_t free_head;
	uint32_t classes;      /* bit n: class n has entries */
	uint32_t in_class[HWI_CACHE_CLASSES];
	uint64_t evictions;
	uint64_t *evicted;     /* if set: counted up when an entry is evicted */
};

/**
 * hwi_cache_init() - reserve a cache
 * @c: the cache; zeroed memory is good for hwi_cache_free()
 * @capacity: entries; 0 for @limit, %HWI_CACHE_OFF for none
 * @limit: what "without limit" comes to, and the most that @capacity is taken for
 * @payload: bytes of the family's payload after the header
 *
 * Return: %HWI_OK or %HWI_ENOMEM.
 */
enum hwi_status hwi_cache_init(struct hwi_cache *c, uint32_t capacity, uint32_t limit,
			       size_t payload);
void hwi_cache_free(struct hwi_cache *c);

static inline struct hwi_cache_entry *hwi_cache_at(const struct hwi_cache *c, uint32_t i)
{
	return (struct hwi_cache_entry *)(void *)(c->pool + (size_t)i * 8);
}

static inline void *hwi_cache_payload(struct hwi_cache_entry *e)
{
	return e + 1;
}

static inline const void *hwi_cache_payload_const(const struct hwi_cache_entry *e)
{
	return e + 1;
}

/*
 * Of a key; the look-up and the fill of one key can share it. Buckets are chosen by
 * the low bits: the middle of the products, where the low parts of both words have
 * their say. Pages in a row are spread more evenly by one product than by chance.
 */
static inline uint32_t hwi_cache_hash(struct hwi_cache_key key)
{
	return (uint32_t)((key.a * UINT64_C(0x9e3779b97f4a7c15) +
			   key.b * UINT64_C(0xd6e8feb86659fd93)) >> 32);
}

static inline uint32_t *hwi_cache_head(const struct hwi_cache *c, uint32_t hash)
{
	uint32_t b = hash & (2 * c->half - 1);

	/* Without the upper bit where that bucket is not there yet; no branch. */
	return &c->hash_heads[b - (-(uint32_t)(b >= c->buckets) & c->half)];
}

static inline bool hwi_cache_same(struct hwi_cache_key x, struct hwi_cache_key y)
{
	return ((x.a ^ y.a) | (x.b ^ y.b)) == 0;
}

/* In the bucket that hwi_cache_head() gave. */
static inline struct hwi_cache_entry *
hwi_cache_find_in(const struct hwi_cache *c, const uint32_t *head, struct hwi_cache_key key)
{
	uint32_t i = *head;

	while (i != HWI_CACHE_NONE) {
		struct hwi_cache_entry *e = hwi_cache_at(c, i);

		if (hwi_cache_same(e->key, key))
			return e;
		i = e->hash_next;
	}
	return NULL;
}

static inline struct hwi_cache_entry *hwi_cache_find_hashed(const struct hwi_cache *c,
							    struct hwi_cache_key key, uint32_t hash)
{
	return hwi_cache_find_in(c, hwi_cache_head(c, hash), key);
}

/* The entry with this key, or NULL. */
static inline struct hwi_cache_entry *hwi_cache_find(const struct hwi_cache *c,
						     struct hwi_cache_key key)
{
	return hwi_cache_find_hashed(c, key, hwi_cache_hash(key));
}

/*
 * An entry with this key and tag whose payload the caller fills: an existing one
 * of the same key is replaced, the oldest is evicted if the cache is full. Of a
 * cache that is off: an entry that nobody finds.
 */
struct hwi_cache_entry *hwi_cache_fill(struct hwi_cache *c, struct hwi_cache_key key,
				       uint32_t tag);

/* Buckets an entry: few collisions, so that a miss is told by one load. */
#define HWI_CACHE_BUCKETS_PER_ENTRY 4u
#define HWI_CACHE_TAG_HEADS 65536u

static inline uint32_t *hwi_cache_tag_head(const struct hwi_cache *c, uint32_t tag)
{
	return &c->tag_heads[(tag ^ tag >> 16) % HWI_CACHE_TAG_HEADS];
}

/*
 * Of a fill: a place where none is at hand, after growth of the hash table by a few
 * buckets or by eviction. HWI_CACHE_NONE of a cache that is off.
 */
uint32_t hwi_cache_more(struct hwi_cache *c);

/* Take a place that is at hand. False: there is none, hwi_cache_more() has one. */
static inline bool hwi_cache_take(struct hwi_cache *c, uint32_t *place)
{
	uint32_t i = c->free_head;

	if (__builtin_expect(i != HWI_CACHE_NONE, 0)) {
		c->free_head = hwi_cache_at(c, i)->hash_next;
	} else {
		if (__builtin_expect(c->high >= c->stop, 0))
			return false;
		i = c->high + c->stride;
		c->high = i;
	}
	*place = i;
	return true;
}

/*
 * Make place @i the entry with a key that is known not to be there. @head: the key's
 * bucket, as it is after hwi_cache_more().
 */
static inline struct hwi_cache_entry *hwi_cache_link(struct hwi_cache *c, uint32_t i,
						     uint32_t *head, struct hwi_cache_key key,
						     uint32_t tag)
{
	struct hwi_cache_entry *e = hwi_cache_at(c, i), *ring = hwi_cache_at(c, HWI_CACHE_NONE);
	uint32_t *tag_head = hwi_cache_tag_head(c, tag);
	unsigned int class = (unsigned int)(key.a % HWI_CACHE_CLASSES);

	e->key.a = key.a;
	e->key.b = key.b;
	e->tag = tag;

	e->hash_next = *head;
	*head = i;

	e->tag_prev = HWI_CACHE_NONE;
	e->tag_next = *tag_head;
	hwi_cache_at(c, *tag_head)->tag_prev = i;
	*tag_head = i;

	e->age_next = HWI_CACHE_NONE;
	e->age_prev = ring->age_prev;
	hwi_cache_at(c, ring->age_prev)->age_next = i;
	ring->age_prev = i;

	c->in_class[class]++;
	c->classes |= UINT32_C(1) << class;
	c->used++;
	return e;
}

/* Fill with a key that is known not to be there, and its hash. */
static inline struct hwi_cache_entry *hwi_cache_add(struct hwi_cache *c, struct hwi_cache_key key,
						    uint32_t hash, uint32_t tag)
{
	uint32_t i;

	if (__builtin_expect(!hwi_cache_take(c, &i), 0)) {
		i = hwi_cache_more(c);
		if (i == HWI_CACHE_NONE)
			return hwi_cache_at(c, HWI_CACHE_NONE);
	}
	return hwi_cache_link(c, i, hwi_cache_head(c, hash), key, tag);
}

/* Whether an entry is to go. */
typedef bool hwi_cache_match(const struct hwi_cache_entry *e, const void *arg);

/*
 * Remove all entries; those of a tag; those (of a tag) that a predicate names.
 * Return how many went.
 */
uint32_t hwi_cache_clear(struct hwi_cache *c);
uint32_t hwi_cache_remove_tag(struct hwi_cache *c, uint32_t tag, hwi_cache_match *match,
			      const void *arg);
uint32_t hwi_cache_remove_if(struct hwi_cache *c, hwi_cache_match *match, const void *arg);
bool hwi_cache_remove_key(struct hwi_cache *c, struct hwi_cache_key key);

/* All live entries from the least to the most recently filled (state, auditor). */
static inline uint32_t hwi_cache_first(const struct hwi_cache *c)
{
	return hwi_cache_at(c, HWI_CACHE_NONE)->age_next;
}

static inline uint32_t hwi_cache_next(const struct hwi_cache *c, uint32_t i)
{
	return hwi_cache_at(c, i)->age_next;
}

#endif

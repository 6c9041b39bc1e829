/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Saved states: a sequence of little-endian 64-bit words. A family describes its
 * layout once, as calls on the fields in their order; the mode makes a measure, a
 * save or a load of them. What is loaded is untrusted: a value that cannot be, or a
 * buffer that ends, makes the archive bad, and reading goes on with zeroes.
 */
#ifndef HWI_CORE_ARCHIVE_H
#define HWI_CORE_ARCHIVE_H

#include "cache.h"

struct hwi_archive {
	enum { HWI_ARCHIVE_MEASURE, HWI_ARCHIVE_SAVE, HWI_ARCHIVE_LOAD } mode;
	unsigned char *out;
	const unsigned char *in;
	size_t size; /* of the buffer */
	size_t at;   /* bytes so far; more than @size: a bad state, when loading */
};

/* No such state: as if it ended early. */
void hwi_archive_spoil(struct hwi_archive *a);

static inline bool hwi_archive_bad(const struct hwi_archive *a)
{
	return a->at > a->size;
}

/* Loaded to the last byte. */
static inline bool hwi_archive_complete(const struct hwi_archive *a)
{
	return a->at == a->size;
}

void hwi_archive_word(struct hwi_archive *a, uint64_t *val);
/* A word that is @max at most. */
uint64_t hwi_archive_limited(struct hwi_archive *a, uint64_t val, uint64_t max);
void hwi_archive_word32(struct hwi_archive *a, uint32_t *val);
void hwi_archive_word16(struct hwi_archive *a, uint16_t *val);
void hwi_archive_word8(struct hwi_archive *a, uint8_t *val);
void hwi_archive_flag(struct hwi_archive *a, bool *val);

/*
 * Words that must be what they are here: the configuration. False: another one. All
 * are written, or read, whatever the first of them says.
 */
bool hwi_archive_same(struct hwi_archive *a, const uint64_t *want, size_t n);

/* Magic and version at the head: %HWI_OK, %HWI_ESTATE or %HWI_EVERSION when loading. */
enum hwi_status hwi_archive_head(struct hwi_archive *a, uint64_t magic, uint64_t version);

/* Bytes of payload that an entry of a saved cache has at most; whole words. */
#define HWI_ARCHIVE_PAYLOAD 512u

#define HWI_ARCHIVE_PAYLOAD_FITS(type) \
	_Static_assert(sizeof(type) <= HWI_ARCHIVE_PAYLOAD && sizeof(type) % 8 == 0, \
		       "a payload is so many whole words")

/* Whether the unit could hold this entry in this cache. */
typedef bool hwi_archive_entry_ok(const void *arg, const struct hwi_cache *c,
				  const struct hwi_cache_entry *e);

/* Entries from the oldest to the youngest; loading fills an empty cache. */
void hwi_archive_put_cache(struct hwi_archive *a, const struct hwi_cache *c);
bool hwi_archive_get_cache(struct hwi_archive *a, struct hwi_cache *c, hwi_archive_entry_ok *ok,
			   const void *arg);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "archive.h"

#include <string.h>

#include "hwiommu/bits.h"

void hwi_archive_spoil(struct hwi_archive *a)
{
	a->at = SIZE_MAX / 2;
}

void hwi_archive_word(struct hwi_archive *a, uint64_t *val)
{
	if (a->mode == HWI_ARCHIVE_SAVE)
		hwi_st64(a->out + a->at, *val);
	else if (a->mode == HWI_ARCHIVE_LOAD)
		*val = a->at < a->size ? hwi_ld64(a->in + a->at) : 0;
	a->at += sizeof(*val);
}

uint64_t hwi_archive_limited(struct hwi_archive *a, uint64_t val, uint64_t max)
{
	hwi_archive_word(a, &val);
	if (val > max) {
		hwi_archive_spoil(a);
		return 0;
	}
	return val;
}

void hwi_archive_word32(struct hwi_archive *a, uint32_t *val)
{
	*val = (uint32_t)hwi_archive_limited(a, *val, UINT32_MAX);
}

void hwi_archive_word16(struct hwi_archive *a, uint16_t *val)
{
	*val = (uint16_t)hwi_archive_limited(a, *val, UINT16_MAX);
}

void hwi_archive_word8(struct hwi_archive *a, uint8_t *val)
{
	*val = (uint8_t)hwi_archive_limited(a, *val, UINT8_MAX);
}

void hwi_archive_flag(struct hwi_archive *a, bool *val)
{
	*val = hwi_archive_limited(a, *val, 1);
}

bool hwi_archive_same(struct hwi_archive *a, const uint64_t *want, size_t n)
{
	bool same = true;

	for (size_t i = 0; i < n; i++) {
		uint64_t val = want[i];

		hwi_archive_word(a, &val);
		same = same && val == want[i];
	}
	return same;
}

enum hwi_status hwi_archive_head(struct hwi_archive *a, uint64_t magic, uint64_t version)
{
	uint64_t got_magic = magic, got_version = version;

	hwi_archive_word(a, &got_magic);
	hwi_archive_word(a, &got_version);
	if (a->mode != HWI_ARCHIVE_LOAD)
		return HWI_OK;
	if (hwi_archive_bad(a) || got_magic != magic)
		return HWI_ESTATE;
	return got_version == version ? HWI_OK : HWI_EVERSION;
}

static void entry(struct hwi_archive *a, const struct hwi_cache *c, struct hwi_cache_entry *e)
{
	unsigned char *p = hwi_cache_payload(e);

	hwi_archive_word(a, &e->key.a);
	hwi_archive_word(a, &e->key.b);
	hwi_archive_word32(a, &e->tag);
	for (uint32_t i = 0; i < c->payload; i += 8) {
		uint64_t w;

		memcpy(&w, p + i, sizeof(w));
		hwi_archive_word(a, &w);
		memcpy(p + i, &w, sizeof(w));
	}
}

void hwi_archive_put_cache(struct hwi_archive *a, const struct hwi_cache *c)
{
	uint64_t count = c->used;

	hwi_archive_word(a, &count);
	for (uint32_t i = hwi_cache_first(c); i != HWI_CACHE_NONE; i = hwi_cache_next(c, i))
		entry(a, c, hwi_cache_at(c, i));
}

bool hwi_archive_get_cache(struct hwi_archive *a, struct hwi_cache *c, hwi_archive_entry_ok *ok,
			   const void *arg)
{
	struct {
		struct hwi_cache_entry e;
		uint64_t payload[HWI_ARCHIVE_PAYLOAD / 8];
	} tmp;
	uint64_t count = 0;

	hwi_archive_word(a, &count);
	if (count > c->capacity)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		struct hwi_cache_entry *e;

		memset(&tmp, 0, sizeof(tmp));
		entry(a, c, &tmp.e);
		if (hwi_archive_bad(a) || !ok(arg, c, &tmp.e))
			return false;
		e = hwi_cache_fill(c, tmp.e.key, tmp.e.tag);
		memcpy(hwi_cache_payload(e), tmp.payload, c->payload);
	}
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Save and restore. A state is a sequence of little-endian 64-bit words: a head
 * (magic, version, configuration), registers, outstanding work, and the entries
 * of every cache from the oldest to the youngest. What is read is untrusted: only
 * a state that this unit can be in is taken.
 */
#include <string.h>

#include "walk.h"

#define STATE_MAGIC UINT64_C(0x7664746d6f6d6d75)
#define STATE_VERSION 2u

#define CACHES 6

/* One description of the layout serves three purposes. */
struct archive {
	enum { MEASURE, SAVE, LOAD } mode;
	unsigned char *out;
	const unsigned char *in;
	size_t size; /* of the buffer */
	size_t at;   /* LOAD: bytes read, or more than @size after an attempt to */
};

static void word(struct archive *a, uint64_t *val)
{
	if (a->mode == SAVE)
		hwi_st64(a->out + a->at, *val);
	else if (a->mode == LOAD)
		*val = a->at < a->size ? hwi_ld64(a->in + a->at) : 0;
	a->at += sizeof(*val);
}

static void word32(struct archive *a, uint32_t *val)
{
	uint64_t w = *val;

	word(a, &w);
	if (w > UINT32_MAX)
		a->at = SIZE_MAX / 2; /* no such state: as if it ended early */
	*val = (uint32_t)w;
}

static void flag(struct archive *a, bool *val)
{
	uint64_t w = *val;

	word(a, &w);
	if (w > 1)
		a->at = SIZE_MAX / 2;
	*val = w;
}

static bool complete(const struct archive *a)
{
	return a->at == a->size;
}

static void event_block(struct archive *a, struct vtd_event_block *e)
{
	word32(a, &e->ctl);
	word32(a, &e->data);
	word32(a, &e->addr);
	word32(a, &e->uaddr);
}

static void registers(struct archive *a, const struct vtd_limits *lim, struct vtd_regs *r)
{
	word32(a, &r->gsts);
	word(a, &r->rtaddr);
	word(a, &r->ccmd);
	word32(a, &r->fsts);
	event_block(a, &r->fe);
	event_block(a, &r->ie);
	event_block(a, &r->pe);
	word32(a, &r->pmen);
	word32(a, &r->plmbase);
	word32(a, &r->plmlimit);
	word(a, &r->phmbase);
	word(a, &r->phmlimit);
	word(a, &r->iqh);
	word(a, &r->iqt);
	word(a, &r->iqa);
	word32(a, &r->ics);
	word(a, &r->iqercd);
	word(a, &r->irta);
	word(a, &r->pqh);
	word(a, &r->pqt);
	word(a, &r->pqa);
	word32(a, &r->prs);
	word(a, &r->iva);
	word(a, &r->iotlb);
	word32(a, &r->frcd_next);
	for (unsigned int n = 0; n < lim->frcds; n++) {
		word(a, &r->frcd[n].lo);
		word(a, &r->frcd[n].hi);
	}
}

/* Registers and what the unit is in the middle of. */
struct work {
	struct vtd_regs regs;
	struct vtd_latched active;
	struct vtd_itag itag[VTD_ITAGS];
	struct vtd_wait wait;
	uint32_t itags_since_wait;
	bool drain_owed;
	uint32_t commands;
};

static void one_itag(struct archive *a, struct vtd_itag *t)
{
	uint32_t sid = t->sid, completions = t->completions;

	flag(a, &t->busy);
	word32(a, &sid);
	word32(a, &completions);
	if (sid > UINT16_MAX || completions > 7)
		a->at = SIZE_MAX / 2;
	t->sid = (uint16_t)sid;
	t->completions = (uint8_t)completions;
}

static void work(struct archive *a, const struct vtd_limits *lim, struct work *w)
{
	registers(a, lim, &w->regs);
	word(a, &w->active.rtaddr);
	word(a, &w->active.irta);
	for (unsigned int i = 0; i < VTD_ITAGS; i++)
		one_itag(a, &w->itag[i]);
	flag(a, &w->wait.busy);
	flag(a, &w->wait.drain);
	word(a, &w->wait.q0);
	word(a, &w->wait.q1);
	word32(a, &w->wait.itags);
	word32(a, &w->itags_since_wait);
	flag(a, &w->drain_owed);
	word32(a, &w->commands);
}

static uint32_t busy_itags(const struct work *w)
{
	uint32_t itags = 0;

	for (unsigned int i = 0; i < VTD_ITAGS; i++) {
		if (w->itag[i].busy)
			itags |= HWI_BIT32(i);
	}
	return itags;
}

static bool work_ok(const struct vtd_unit *v, const struct work *w)
{
	return vtd_registers_ok(v, &w->regs) && vtd_latched_ok(v, &w->active) &&
	       !((w->wait.itags | w->itags_since_wait) & ~busy_itags(w)) &&
	       !(w->commands & ~VTD_CMD_ALL);
}

/* The configuration as it stands in the head; false if it is another one. */
static bool same_config(struct archive *a, const struct hwi_vtd_config *cfg)
{
	const uint64_t want[] = {
		cfg->ver_major,	     cfg->ver_minor,	      cfg->haw,
		cfg->regs_log2,	     cfg->cap,		      cfg->ecap,
		cfg->caches.context, cfg->caches.pasid,	      cfg->caches.first_stage,
		cfg->caches.second_stage, cfg->caches.iotlb,  cfg->caches.interrupt,
		cfg->negative_caching,	  cfg->compress_faults,
	};
	bool same = true;

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		uint64_t val = want[i];

		word(a, &val);
		same = same && val == want[i];
	}
	return same;
}

static struct hwi_cache *cache_of(struct vtd_unit *v, unsigned int i)
{
	struct hwi_cache *const caches[CACHES] = {
		&v->context, &v->pasid, &v->fs, &v->ss, &v->iotlb, &v->iec,
	};

	return caches[i];
}

static void entry(struct archive *a, const struct hwi_cache *c, struct hwi_cache_entry *e)
{
	unsigned char *p = hwi_cache_payload(e);

	word(a, &e->key.a);
	word(a, &e->key.b);
	word32(a, &e->tag);
	for (uint32_t i = 0; i < c->payload; i += 8) {
		uint64_t w;

		memcpy(&w, p + i, sizeof(w));
		word(a, &w);
		memcpy(p + i, &w, sizeof(w));
	}
}

static void put_cache(struct archive *a, const struct hwi_cache *c)
{
	uint64_t count = c->used;

	word(a, &count);
	for (uint32_t i = hwi_cache_first(c); i != HWI_CACHE_NONE; i = hwi_cache_next(c, i))
		entry(a, c, hwi_cache_at(c, i));
}

/* Room for the largest payload of any cache. */
#define PAYLOAD_MAX 64

#define PAYLOAD_FITS(type)                                          \
	_Static_assert(sizeof(type) <= PAYLOAD_MAX && sizeof(type) % 8 == 0, \
		       "a payload is so many whole words")
PAYLOAD_FITS(struct vtd_context_payload);
PAYLOAD_FITS(struct vtd_pasid_payload);
PAYLOAD_FITS(struct vtd_structure_payload);
PAYLOAD_FITS(struct vtd_iotlb_payload);
PAYLOAD_FITS(struct vtd_iec);

static bool get_cache(struct archive *a, const struct vtd_unit *v, struct hwi_cache *c)
{
	struct {
		struct hwi_cache_entry e;
		uint64_t payload[PAYLOAD_MAX / 8];
	} tmp;
	uint64_t count = 0;

	word(a, &count);
	if (count > c->capacity)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		struct hwi_cache_entry *e;

		memset(&tmp, 0, sizeof(tmp));
		entry(a, c, &tmp.e);
		if (a->at > a->size || !vtd_cache_entry_ok(v, c, &tmp.e))
			return false;
		e = hwi_cache_fill(c, tmp.e.key, tmp.e.tag);
		memcpy(hwi_cache_payload(e), tmp.payload, c->payload);
	}
	return true;
}

static void put_all(struct archive *a, struct vtd_unit *v)
{
	uint64_t magic = STATE_MAGIC, version = STATE_VERSION;
	struct work w = {
		.regs = v->regs,
		.active = v->active,
		.wait = v->wait,
		.itags_since_wait = v->itags_since_wait,
		.drain_owed = v->drain_owed,
		.commands = v->commands,
	};

	memcpy(w.itag, v->itag, sizeof(w.itag));
	word(a, &magic);
	word(a, &version);
	(void)same_config(a, &v->cfg);
	work(a, &v->lim, &w);
	for (unsigned int i = 0; i < CACHES; i++)
		put_cache(a, cache_of(v, i));
}

/* Saving changes nothing, but the layout is described for a unit that restoring changes. */
static struct vtd_unit *writable_unit(const struct hwi_unit *unit)
{
	union {
		const struct hwi_unit *in;
		struct hwi_unit *out;
	} u = { .in = unit };

	return to_vtd(u.out);
}

size_t vtd_save_size(const struct hwi_unit *unit)
{
	struct archive a = { .mode = MEASURE };

	put_all(&a, writable_unit(unit));
	return a.at;
}

enum hwi_status vtd_save(const struct hwi_unit *unit, void *buf, size_t size)
{
	struct archive a = { .mode = SAVE, .out = buf, .size = size };

	if (size < vtd_save_size(unit))
		return HWI_ESPACE;
	put_all(&a, writable_unit(unit));
	return HWI_OK;
}

static void take(struct vtd_unit *v, const struct work *w)
{
	v->regs = w->regs;
	v->active = w->active;
	memcpy(v->itag, w->itag, sizeof(v->itag));
	v->wait = w->wait;
	v->itags_since_wait = w->itags_since_wait;
	v->drain_owed = w->drain_owed;
	v->commands = w->commands;
	v->stalled = false;
	v->drain_refused = false; /* this machine has not been asked */
}

static enum hwi_status get_all(struct archive *a, struct vtd_unit *v)
{
	uint64_t magic = 0, version = 0;
	struct work w = { 0 };

	word(a, &magic);
	word(a, &version);
	if (a->at > a->size || magic != STATE_MAGIC)
		return HWI_ESTATE;
	if (version != STATE_VERSION)
		return HWI_EVERSION;
	if (!same_config(a, &v->cfg))
		return HWI_ESTATE;
	work(a, &v->lim, &w);
	if (a->at > a->size || !work_ok(v, &w))
		return HWI_ESTATE;
	take(v, &w);
	for (unsigned int i = 0; i < CACHES; i++) {
		if (!get_cache(a, v, cache_of(v, i)))
			return HWI_ESTATE;
	}
	return complete(a) ? HWI_OK : HWI_ESTATE;
}

enum hwi_status vtd_restore(struct hwi_unit *unit, const void *buf, size_t size)
{
	struct archive a = { .mode = LOAD, .in = buf, .size = size & ~(size_t)7 };
	enum hwi_status res;

	vtd_reset(unit, true);
	res = size % 8 ? HWI_ESTATE : get_all(&a, to_vtd(unit));
	if (res != HWI_OK)
		vtd_reset(unit, true);
	return res;
}

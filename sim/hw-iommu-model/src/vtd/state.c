/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Save and restore. A state is a sequence of little-endian 64-bit words: a head
 * (magic, version, configuration), registers, outstanding work, and the entries
 * of every cache from the oldest to the youngest. What is read is untrusted: only
 * a state that this unit can be in is taken.
 */
#include <string.h>

#include "../core/archive.h"
#include "walk.h"

#define STATE_MAGIC UINT64_C(0x7664746d6f6d6d75)
#define STATE_VERSION 2u

#define CACHES 6

static void event_block(struct hwi_archive *a, struct vtd_event_block *e)
{
	hwi_archive_word32(a, &e->ctl);
	hwi_archive_word32(a, &e->data);
	hwi_archive_word32(a, &e->addr);
	hwi_archive_word32(a, &e->uaddr);
}

static void registers(struct hwi_archive *a, const struct vtd_limits *lim, struct vtd_regs *r)
{
	hwi_archive_word32(a, &r->gsts);
	hwi_archive_word(a, &r->rtaddr);
	hwi_archive_word(a, &r->ccmd);
	hwi_archive_word32(a, &r->fsts);
	event_block(a, &r->fe);
	event_block(a, &r->ie);
	event_block(a, &r->pe);
	hwi_archive_word32(a, &r->pmen);
	hwi_archive_word32(a, &r->plmbase);
	hwi_archive_word32(a, &r->plmlimit);
	hwi_archive_word(a, &r->phmbase);
	hwi_archive_word(a, &r->phmlimit);
	hwi_archive_word(a, &r->iqh);
	hwi_archive_word(a, &r->iqt);
	hwi_archive_word(a, &r->iqa);
	hwi_archive_word32(a, &r->ics);
	hwi_archive_word(a, &r->iqercd);
	hwi_archive_word(a, &r->irta);
	hwi_archive_word(a, &r->pqh);
	hwi_archive_word(a, &r->pqt);
	hwi_archive_word(a, &r->pqa);
	hwi_archive_word32(a, &r->prs);
	hwi_archive_word(a, &r->iva);
	hwi_archive_word(a, &r->iotlb);
	hwi_archive_word32(a, &r->frcd_next);
	for (unsigned int n = 0; n < lim->frcds; n++) {
		hwi_archive_word(a, &r->frcd[n].lo);
		hwi_archive_word(a, &r->frcd[n].hi);
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

static void one_itag(struct hwi_archive *a, struct vtd_itag *t)
{
	uint32_t sid = t->sid, completions = t->completions;

	hwi_archive_flag(a, &t->busy);
	hwi_archive_word32(a, &sid);
	hwi_archive_word32(a, &completions);
	if (sid > UINT16_MAX || completions > 7)
		hwi_archive_spoil(a);
	t->sid = (uint16_t)sid;
	t->completions = (uint8_t)completions;
}

static void work(struct hwi_archive *a, const struct vtd_limits *lim, struct work *w)
{
	registers(a, lim, &w->regs);
	hwi_archive_word(a, &w->active.rtaddr);
	hwi_archive_word(a, &w->active.irta);
	for (unsigned int i = 0; i < VTD_ITAGS; i++)
		one_itag(a, &w->itag[i]);
	hwi_archive_flag(a, &w->wait.busy);
	hwi_archive_flag(a, &w->wait.drain);
	hwi_archive_word(a, &w->wait.q0);
	hwi_archive_word(a, &w->wait.q1);
	hwi_archive_word32(a, &w->wait.itags);
	hwi_archive_word32(a, &w->itags_since_wait);
	hwi_archive_flag(a, &w->drain_owed);
	hwi_archive_word32(a, &w->commands);
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
	uint32_t commands = VTD_CMD_ALL;

	if (!vtd_has_ecap(v, VTD_ECAP_IR))
		commands &= ~VTD_CMD_IRE_ON;
	return vtd_registers_ok(v, &w->regs) && vtd_latched_ok(v, &w->active) &&
	       !((w->wait.itags | w->itags_since_wait) & ~busy_itags(w)) &&
	       !(w->commands & ~commands);
}

/* The configuration as it stands in the head; false if it is another one. */
static bool same_config(struct hwi_archive *a, const struct hwi_vtd_config *cfg)
{
	const uint64_t want[] = {
		cfg->ver_major,	     cfg->ver_minor,	      cfg->haw,
		cfg->regs_log2,	     cfg->cap,		      cfg->ecap,
		cfg->caches.context, cfg->caches.pasid,	      cfg->caches.first_stage,
		cfg->caches.second_stage, cfg->caches.iotlb,  cfg->caches.interrupt,
		cfg->negative_caching,	  cfg->compress_faults,
	};
	return hwi_archive_same(a, want, sizeof(want) / sizeof(want[0]));
}

static struct hwi_cache *cache_of(struct vtd_unit *v, unsigned int i)
{
	struct hwi_cache *const caches[CACHES] = {
		&v->context, &v->pasid, &v->fs, &v->ss, &v->iotlb, &v->iec,
	};

	return caches[i];
}

HWI_ARCHIVE_PAYLOAD_FITS(struct vtd_context_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct vtd_pasid_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct vtd_structure_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct vtd_iotlb_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct vtd_iec);

static bool cache_entry_ok(const void *arg, const struct hwi_cache *c,
			   const struct hwi_cache_entry *e)
{
	return vtd_cache_entry_ok(arg, c, e);
}

static void put_all(struct hwi_archive *a, struct vtd_unit *v)
{
	struct work w = {
		.regs = v->regs,
		.active = v->active,
		.wait = v->wait,
		.itags_since_wait = v->itags_since_wait,
		.drain_owed = v->drain_owed,
		.commands = v->commands,
	};

	memcpy(w.itag, v->itag, sizeof(w.itag));
	(void)hwi_archive_head(a, STATE_MAGIC, STATE_VERSION);
	(void)same_config(a, &v->cfg);
	work(a, &v->lim, &w);
	for (unsigned int i = 0; i < CACHES; i++)
		hwi_archive_put_cache(a, cache_of(v, i));
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
	struct hwi_archive a = { .mode = HWI_ARCHIVE_MEASURE };

	put_all(&a, writable_unit(unit));
	return a.at;
}

enum hwi_status vtd_save(const struct hwi_unit *unit, void *buf, size_t size)
{
	struct hwi_archive a = { .mode = HWI_ARCHIVE_SAVE, .out = buf, .size = size };

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

static enum hwi_status get_all(struct hwi_archive *a, struct vtd_unit *v)
{
	enum hwi_status head = hwi_archive_head(a, STATE_MAGIC, STATE_VERSION);
	struct work w = { 0 };

	if (head != HWI_OK)
		return head;
	if (!same_config(a, &v->cfg))
		return HWI_ESTATE;
	work(a, &v->lim, &w);
	if (hwi_archive_bad(a) || !work_ok(v, &w))
		return HWI_ESTATE;
	take(v, &w);
	for (unsigned int i = 0; i < CACHES; i++) {
		if (!hwi_archive_get_cache(a, cache_of(v, i), cache_entry_ok, v))
			return HWI_ESTATE;
	}
	return hwi_archive_complete(a) ? HWI_OK : HWI_ESTATE;
}

enum hwi_status vtd_restore(struct hwi_unit *unit, const void *buf, size_t size)
{
	struct hwi_archive a = { .mode = HWI_ARCHIVE_LOAD, .in = buf, .size = size & ~(size_t)7 };
	enum hwi_status res;

	vtd_reset(unit, true);
	res = size % 8 ? HWI_ESTATE : get_all(&a, to_vtd(unit));
	if (res != HWI_OK)
		vtd_reset(unit, true);
	return res;
}

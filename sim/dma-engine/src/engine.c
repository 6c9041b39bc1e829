// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Life of a function: creation, reset, what software enables, the clock. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

const char *hwdma_strerror(enum hwdma_error err)
{
	switch (err) {
	case HWDMA_OK:
		return "success";
	case HWDMA_E_CONFIG:
		return "configuration out of range or contradictory";
	case HWDMA_E_OPS:
		return "a callback is missing";
	case HWDMA_E_MEMORY:
		return "out of memory";
	case HWDMA_E_SPACE:
		return "buffer too small";
	case HWDMA_E_VERSION:
		return "not a state of this version";
	case HWDMA_E_SHAPE:
		return "state of a function configured differently";
	case HWDMA_E_STATE:
		return "state damaged";
	}
	return "unknown error";
}

const char *hwdma_errname(unsigned int code)
{
	static const char *const names[HWDMA_ERR_MAX] = {
		[HWDMA_ERR_NONE] = "NONE",
		[HWDMA_ERR_UNMAPPED] = "UNMAPPED",
		[HWDMA_ERR_NO_PERMISSION] = "NO_PERMISSION",
		[HWDMA_ERR_BLOCKED] = "BLOCKED",
		[HWDMA_ERR_ATS_REFUSED] = "ATS_REFUSED",
		[HWDMA_ERR_ATS_ABORTED] = "ATS_ABORTED",
		[HWDMA_ERR_PRI_REFUSED] = "PRI_REFUSED",
		[HWDMA_ERR_PRI_FAILURE] = "PRI_FAILURE",
		[HWDMA_ERR_PRI_TIMEOUT] = "PRI_TIMEOUT",
		[HWDMA_ERR_PRI_EXHAUSTED] = "PRI_EXHAUSTED",
		[HWDMA_ERR_ABORTED] = "ABORTED",
		[HWDMA_ERR_BUS] = "BUS",
		[HWDMA_ERR_MISCOMPARE] = "MISCOMPARE",
		[HWDMA_ERR_BAD_DESC] = "BAD_DESC",
		[HWDMA_ERR_NOT_ENABLED] = "NOT_ENABLED",
		[HWDMA_ERR_PRI_DISABLED] = "PRI_DISABLED",
	};

	return code < HWDMA_ERR_MAX ? names[code] : "unknown";
}

uint64_t latency(uint64_t now, uint64_t wait)
{
	if (wait > LAT_MAX)
		wait = LAT_MAX;
	/* HWDMA_NEVER would be taken for "until something happens" */
	return now < HWDMA_NEVER - 1 - wait ? now + wait : HWDMA_NEVER - 1;
}

static void defaults(struct hwdma_config *cfg)
{
	if (!cfg->channels)
		cfg->channels = 8;
	if (!cfg->vectors)
		cfg->vectors = 16;
	if (!cfg->ring_log2)
		cfg->ring_log2 = 12;
	if (!cfg->len_log2)
		cfg->len_log2 = 40;
	if (!cfg->atc_max)
		cfg->atc_max = 16384;
	if (!cfg->log_entries)
		cfg->log_entries = 4096;
}

static bool config_valid(const struct hwdma_config *cfg)
{
	if (cfg->channels > HWDMA_MAX_CHANNELS || cfg->vectors > 255 || cfg->ring_log2 > 16 ||
	    cfg->len_log2 < 12 || cfg->len_log2 > 48)
		return false;
	if (cfg->atc_max > 1u << 20 || cfg->atc_capacity > cfg->atc_max ||
	    cfg->log_entries > 1u << 20)
		return false;
	return ((!cfg->exec && !cfg->priv) || cfg->pasid) && (!cfg->pri || cfg->ats);
}

static void reset_channel(struct channel *ch)
{
	uint64_t gen = ch->gen + 1;
	uint8_t index = ch->index;

	memset(ch, 0, sizeof(*ch));
	ch->gen = gen;
	ch->index = index;
}

/* @answer: Invalidate Requests that wait are completed, else forgotten */
void engine_reset(struct hwdma *e, bool answer)
{
	uint32_t stale[ITAGS];
	uint32_t cc = e->atc_ctrl & HWDMA_ATC_CTRL_CC(7);
	uint32_t mask = e->inv_mask;

	memcpy(stale, e->inv_pending, sizeof(stale));
	memset(e->inv_pending, 0, sizeof(e->inv_pending));
	e->inv_mask = 0;

	e->int_status = 0;
	e->lat_start = 0;
	e->lat_req = 0;
	e->lat_ats = 0;
	e->max_payload = PAGE_BYTES;
	e->atc_ctrl = 0;
	e->atc_npages = 1;
	e->probe_iova = 0;
	e->probe_attr = 0;
	memset(e->errors, 0, sizeof(e->errors));

	atc_clear(&e->atc);
	e->atc.hits = 0;
	e->atc.misses = 0;
	e->atc.invs = 0;
	e->atc.removed = 0;
	e->atc.evicted = 0;
	e->atc.capacity = e->cfg.atc_capacity;

	e->log.first = 0;
	e->log.count = 0;
	e->log.enabled = false;
	e->log.overflow = false;

	memset(&e->pri, 0, sizeof(e->pri));
	e->pri.limit = PRI_SLOTS;
	e->pri.retries = 4;
	e->pri.group_pages = 1;

	for (unsigned int i = 0; i < e->channels; i++)
		reset_channel(&e->ch[i]);

	if (answer) {
		memcpy(e->inv_pending, stale, sizeof(stale));
		e->inv_mask = mask;
		e->atc_ctrl = cc;
		inv_release(e);
		e->atc_ctrl = 0;
	}
}

enum hwdma_error hwdma_create(struct hwdma **out, const struct hwdma_config *cfg,
			      const struct hwdma_ops *ops, void *opaque)
{
	struct hwdma_config c = { 0 };
	struct hwdma *e;

	*out = NULL;
	if (cfg)
		c = *cfg;
	defaults(&c);
	if (!config_valid(&c))
		return HWDMA_E_CONFIG;
	if (!ops || !ops->read || !ops->write || !ops->atomic || !ops->ats_translate ||
	    !ops->page_request || !ops->msix || !ops->inv_complete || !ops->kick)
		return HWDMA_E_OPS;

	e = calloc(1, sizeof(*e));
	if (!e)
		return HWDMA_E_MEMORY;
	e->cfg = c;
	e->ops = *ops;
	e->opaque = opaque;
	e->channels = c.channels;
	e->ch = calloc(c.channels, sizeof(*e->ch));
	e->log.capacity = c.log_entries;
	e->log.entries = calloc(c.log_entries, sizeof(*e->log.entries));
	if (!e->ch || !e->log.entries || !atc_init(&e->atc, c.atc_max)) {
		hwdma_destroy(e);
		return HWDMA_E_MEMORY;
	}
	for (unsigned int i = 0; i < e->channels; i++)
		e->ch[i].index = (uint8_t)i;
	engine_reset(e, false);
	*out = e;
	return HWDMA_OK;
}

void hwdma_destroy(struct hwdma *e)
{
	if (!e)
		return;
	atc_free(&e->atc);
	free(e->log.entries);
	free(e->ch);
	free(e);
}

void hwdma_reset(struct hwdma *e)
{
	engine_reset(e, false);
}

void hwdma_set_enables(struct hwdma *e, const struct hwdma_enables *want)
{
	struct hwdma_enables old = e->en;
	struct hwdma_enables en = *want;

	en.pasid = en.pasid && e->cfg.pasid;
	en.exec = en.exec && en.pasid && e->cfg.exec;
	en.priv = en.priv && en.pasid && e->cfg.priv;
	en.ats = en.ats && e->cfg.ats;
	en.pri = en.pri && e->cfg.pri;
	en.ats_stu &= 31;
	e->en = en;

	if (old.bus_master && !en.bus_master)
		for (unsigned int i = 0; i < e->channels; i++)
			channel_abort(e, &e->ch[i]);
	if (old.pri && !en.pri)
		pri_forget(e, HWDMA_ERR_PRI_DISABLED);
	if (!old.pri && en.pri)
		e->pri.failed = false;
	if (old.ats && !en.ats) {
		/* ATS is off: nothing may stay cached (PCIe 10.5.1.3) */
		atc_clear(&e->atc);
		for (unsigned int i = 0; i < e->channels; i++)
			e->ch[i].holds = 0;
		inv_release(e);
	}
	e->ops.kick(e->opaque);
}

static uint64_t next_deadline(const struct hwdma *e, uint64_t now)
{
	uint64_t next = HWDMA_NEVER;

	if (inv_due(e))
		return now;
	for (unsigned int i = 0; i < e->channels; i++) {
		const struct channel *ch = &e->ch[i];

		if (channel_ready(e, ch, now))
			return now;
		if (ch->phase != PH_IDLE && !(ch->ctrl & HWDMA_CH_CTRL_PAUSE) && ch->wake < next)
			next = ch->wake;
	}
	return next;
}

uint64_t hwdma_run(struct hwdma *e, uint64_t now, unsigned int budget)
{
	unsigned int idle = 0;

	if (e->running)
		return HWDMA_NEVER;
	e->running = true;
	inv_release(e);
	/* one step a channel in turn, until nobody in a whole round has one */
	while (budget && idle < e->channels) {
		struct channel *ch = &e->ch[e->next_channel];

		e->next_channel = (e->next_channel + 1) % e->channels;
		if (channel_ready(e, ch, now)) {
			channel_step(e, ch, now);
			budget--;
			idle = 0;
		} else {
			idle++;
		}
	}
	inv_release(e);
	e->running = false;
	return next_deadline(e, now);
}

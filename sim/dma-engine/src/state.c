// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Save and restore. One walk over the fields serves both directions and the
 * size, so that they cannot disagree. All integers little-endian.
 */
#include <string.h>

#include "internal.h"

#define STATE_MAGIC	0x5441545344574857ull	/* "WHWDSTAT" in memory order */
#define STATE_VERSION	2u

struct walk {
	uint8_t *buf;		/* NULL: only count */
	size_t size, pos;
	bool load;
	bool bad;		/* ran over the end */
};

static void field(struct walk *w, uint64_t *v, unsigned int bytes)
{
	if (w->buf && (w->bad || w->size - w->pos < bytes)) {
		w->bad = true;
		return;
	}
	if (w->buf && w->load) {
		*v = 0;
		for (unsigned int i = 0; i < bytes; i++)
			*v |= (uint64_t)w->buf[w->pos + i] << (8 * i);
	} else if (w->buf) {
		for (unsigned int i = 0; i < bytes; i++)
			w->buf[w->pos + i] = (uint8_t)(*v >> (8 * i));
	}
	w->pos += bytes;
}

/* Any integer, boolean or enum member; saving leaves it alone. */
#define F(w, member, type, bytes)				\
	do {							\
		uint64_t v_ = (uint64_t)(member);		\
		field(w, &v_, bytes);				\
		if ((w)->load)					\
			(member) = (type)v_;			\
	} while (0)
#define F64(w, m)	F(w, m, uint64_t, 8)
#define F32(w, m)	F(w, m, uint32_t, 4)
#define F16(w, m)	F(w, m, uint16_t, 2)
#define F8(w, m)	F(w, m, uint8_t, 1)
#define FBOOL(w, m)	F(w, m, bool, 1)
#define FENUM(w, m, t)	F(w, m, enum t, 1)

static void walk_bytes(struct walk *w, uint8_t *p, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		F8(w, p[i]);
}

static void walk_shape(struct walk *w, struct hwdma_config *c)
{
	F32(w, c->channels);
	F32(w, c->vectors);
	F32(w, c->ring_log2);
	F32(w, c->len_log2);
	F32(w, c->atc_max);
	F32(w, c->atc_capacity);
	F32(w, c->log_entries);
	FBOOL(w, c->pasid);
	FBOOL(w, c->exec);
	FBOOL(w, c->priv);
	FBOOL(w, c->ats);
	FBOOL(w, c->pri);
	FBOOL(w, c->vf);
}

static void walk_global(struct walk *w, struct hwdma *e)
{
	struct pri *pri = &e->pri;

	FBOOL(w, e->en.bus_master);
	FBOOL(w, e->en.pasid);
	FBOOL(w, e->en.exec);
	FBOOL(w, e->en.priv);
	FBOOL(w, e->en.ats);
	F8(w, e->en.ats_stu);
	FBOOL(w, e->en.pri);
	F32(w, e->en.pri_alloc);

	F32(w, e->int_status);
	F64(w, e->lat_start);
	F64(w, e->lat_req);
	F64(w, e->lat_ats);
	F32(w, e->max_payload);
	F32(w, e->atc_ctrl);
	F32(w, e->atc_npages);
	F64(w, e->probe_iova);
	F32(w, e->probe_attr);
	for (unsigned int i = 0; i < HWDMA_ERR_MAX; i++)
		F32(w, e->errors[i]);
	for (unsigned int i = 0; i < ITAGS; i++) {
		F32(w, e->inv_pending[i]);
		if (w->load && e->inv_pending[i])
			e->inv_mask |= 1u << i;
	}
	F32(w, e->next_channel);

	for (unsigned int i = 0; i < PRI_SLOTS; i++) {
		struct group *g = &pri->groups[i];

		FENUM(w, g->state, group_state);
		F16(w, g->prgi);
		F8(w, g->pages);
		F8(w, g->channel);
		FBOOL(w, g->pasid_valid);
		F32(w, g->pasid);
	}
	F16(w, pri->next_prgi);
	F32(w, pri->outstanding);
	FBOOL(w, pri->failed);
	FBOOL(w, pri->rf);
	FBOOL(w, pri->uprgi);
	F32(w, pri->limit);
	F32(w, pri->retries);
	F32(w, pri->group_pages);
	F64(w, pri->timeout);
	F64(w, pri->requests);
	F64(w, pri->responses);
	F64(w, pri->unexpected);
}

static void walk_log(struct walk *w, struct wlog *log)
{
	F32(w, log->count);
	FBOOL(w, log->enabled);
	FBOOL(w, log->overflow);
	if (log->count > log->capacity) {
		w->bad = true;
		return;
	}
	for (uint32_t i = 0; i < log->count && !w->bad; i++) {
		struct log_entry *l = &log->entries[(log->first + i) % log->capacity];

		F64(w, l->iova);
		F64(w, l->len);
		F32(w, l->attr);
		F8(w, l->channel);
	}
}

static void walk_atc_entry(struct walk *w, struct atc_entry *t)
{
	FBOOL(w, t->key.pasid_valid);
	F32(w, t->key.pasid);
	FBOOL(w, t->key.priv);
	F64(w, t->base);
	F64(w, t->addr);
	F8(w, t->shift);
	FBOOL(w, t->r);
	FBOOL(w, t->w);
	FBOOL(w, t->x);
	FBOOL(w, t->global);
	FBOOL(w, t->u);
	FBOOL(w, t->n);
}

static bool atc_entry_possible(const struct atc_entry *t)
{
	return t->shift >= 12 && t->shift < 64 && t->key.pasid <= PASID_MASK &&
	       !((t->base | t->addr) & ((1ull << t->shift) - 1)) && (t->r || t->w) &&
	       (!t->global || t->key.pasid_valid);
}

/* Entries from the oldest to the newest: inserting them restores the order. */
static void walk_atc(struct walk *w, struct atc *atc)
{
	uint32_t used = atc->used;
	uint32_t i = atc->oldest;

	F32(w, atc->capacity);
	F32(w, used);
	if (atc->capacity > atc->max || used > (atc->capacity ? atc->capacity : atc->max)) {
		w->bad = true;
		return;
	}
	for (uint32_t n = 1; n <= used && !w->bad; n++) {
		if (w->load) {
			struct atc_entry t = { 0 };

			walk_atc_entry(w, &t);
			if (w->bad || !atc_entry_possible(&t)) {
				w->bad = true;
				return;
			}
			atc_insert(atc, &t);
			/* entries of one cache never overlap */
			w->bad = atc->used != n;
		} else {
			walk_atc_entry(w, &atc->entries[i]);
			i = atc->entries[i].newer;
		}
	}
	/* after the inserts, which may count */
	F64(w, atc->hits);
	F64(w, atc->misses);
	F64(w, atc->invs);
	F64(w, atc->removed);
	F64(w, atc->evicted);
}

static void walk_access(struct walk *w, struct access *acc)
{
	struct hwdma_ats_reply *r = &acc->reply;

	FENUM(w, acc->kind, access_kind);
	FENUM(w, acc->sub, access_sub);
	F32(w, acc->attr);
	F64(w, acc->iova);
	F32(w, acc->len);
	F64(w, acc->range);
	F64(w, acc->addr);
	FBOOL(w, acc->translated);
	FBOOL(w, acc->from_atc);
	F8(w, acc->shift);
	FBOOL(w, acc->entry_global);
	F32(w, acc->tries);
	F32(w, acc->group);
	F8(w, acc->pri_err);
	FBOOL(w, acc->pri_done);
	FBOOL(w, acc->stale);
	F64(w, acc->tag);
	F8(w, acc->held);
	F8(w, r->count);
	if (r->count > HWDMA_ATS_MAX) {
		w->bad = true;
		return;
	}
	for (unsigned int i = 0; i < r->count; i++) {
		struct hwdma_ats_xlat *x = &r->xlat[i];

		F64(w, x->addr);
		F8(w, x->shift);
		FBOOL(w, x->r);
		FBOOL(w, x->w);
		FBOOL(w, x->x);
		FBOOL(w, x->priv);
		FBOOL(w, x->global);
		FBOOL(w, x->u);
		FBOOL(w, x->n);
	}
}

static void walk_desc(struct walk *w, struct hwdma_desc *d)
{
	F32(w, d->op);
	F32(w, d->vector);
	F32(w, d->src_attr);
	F32(w, d->dst_attr);
	F64(w, d->src);
	F64(w, d->dst);
	F64(w, d->len);
	F64(w, d->operand0);
	F64(w, d->operand1);
	F64(w, d->status);
}

static void walk_channel(struct walk *w, struct channel *ch)
{
	F32(w, ch->ctrl);
	F32(w, ch->sticky);
	F32(w, ch->state);
	F32(w, ch->error);
	F32(w, ch->seq);
	F64(w, ch->ring_base);
	F32(w, ch->ring_size);
	F32(w, ch->ring_attr);
	F32(w, ch->head);
	F32(w, ch->tail);
	for (unsigned int i = 0; i < HWDMA_DESC_SIZE / 4; i++)
		F32(w, ch->desc[i]);
	F32(w, ch->res.status);
	F32(w, ch->res.seq);
	F64(w, ch->res.bytes_done);
	F64(w, ch->res.result);
	F64(w, ch->res.fault_addr);

	FENUM(w, ch->phase, phase);
	if (ch->phase == PH_IDLE)
		return;
	FBOOL(w, ch->from_ring);
	FBOOL(w, ch->started);
	walk_desc(w, &ch->cur);
	F64(w, ch->done);
	F64(w, ch->result);
	F64(w, ch->fault);
	F8(w, ch->err);
	F32(w, ch->chunk);
	F32(w, ch->crc);
	walk_access(w, &ch->acc);
	F64(w, ch->wake);
	F32(w, ch->holds);
	if (w->bad || ch->chunk > PAGE_BYTES) {
		w->bad = true;
		return;
	}
	walk_bytes(w, ch->buf, ch->chunk);
}

static void walk_all(struct walk *w, struct hwdma *e)
{
	walk_global(w, e);
	walk_atc(w, &e->atc);
	walk_log(w, &e->log);
	for (unsigned int i = 0; i < e->channels; i++)
		walk_channel(w, &e->ch[i]);
}

/* Saving and counting only read: see F(). */
static void walk_out(struct walk *w, const struct hwdma *e)
{
	struct hwdma *unchanged = (struct hwdma *)e;
	uint64_t magic = STATE_MAGIC;
	uint32_t version = STATE_VERSION;

	F64(w, magic);
	F32(w, version);
	walk_shape(w, &unchanged->cfg);
	walk_all(w, unchanged);
}

size_t hwdma_state_size(const struct hwdma *e)
{
	struct walk w = { 0 };

	walk_out(&w, e);
	return w.pos;
}

enum hwdma_error hwdma_save(const struct hwdma *e, void *buf, size_t size, size_t *used)
{
	struct walk w = { .buf = buf, .size = size };

	if (!buf)
		return HWDMA_E_SPACE;
	walk_out(&w, e);
	if (used)
		*used = w.bad ? 0 : w.pos;
	return w.bad ? HWDMA_E_SPACE : HWDMA_OK;
}

static bool same_shape(const struct hwdma_config *a, const struct hwdma_config *b)
{
	return a->channels == b->channels && a->vectors == b->vectors &&
	       a->ring_log2 == b->ring_log2 && a->len_log2 == b->len_log2 &&
	       a->atc_max == b->atc_max && a->atc_capacity == b->atc_capacity &&
	       a->log_entries == b->log_entries && a->pasid == b->pasid &&
	       a->exec == b->exec && a->priv == b->priv && a->ats == b->ats &&
	       a->pri == b->pri && a->vf == b->vf;
}

static enum hwdma_error load(struct hwdma *e, struct walk *w)
{
	struct hwdma_config shape = { 0 };
	uint64_t magic = 0;
	uint32_t version = 0;

	F64(w, magic);
	F32(w, version);
	if (w->bad || magic != STATE_MAGIC || version != STATE_VERSION)
		return HWDMA_E_VERSION;
	walk_shape(w, &shape);
	if (w->bad || !same_shape(&shape, &e->cfg))
		return HWDMA_E_SHAPE;
	walk_all(w, e);
	if (w->bad || w->pos != w->size || !state_possible(e))
		return HWDMA_E_STATE;
	return HWDMA_OK;
}

enum hwdma_error hwdma_restore(struct hwdma *e, const void *buf, size_t size)
{
	/* loading only reads the buffer */
	struct walk w = { .buf = (uint8_t *)buf, .size = size, .load = true };
	enum hwdma_error err;

	engine_reset(e, false);
	if (!buf)
		return HWDMA_E_VERSION;
	err = load(e, &w);
	if (err) {
		engine_reset(e, false);
		memset(&e->en, 0, sizeof(e->en));
		return err;
	}
	e->ops.kick(e->opaque);
	return HWDMA_OK;
}

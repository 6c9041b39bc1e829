// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One memory request of a channel: find out what address to send, ask for the
 * page if it is missing and that is allowed, be in flight for a while, land.
 */
#include <string.h>

#include "internal.h"

void access_begin(struct channel *ch, enum access_kind kind, uint32_t attr, uint64_t iova,
		  uint32_t len, uint64_t range)
{
	/* all but the answer, which is long and of which only count says anything */
	memset(&ch->acc, 0, offsetof(struct access, reply));
	ch->acc.reply.count = 0;
	ch->acc.kind = kind;
	ch->acc.sub = SUB_XLAT;
	ch->acc.attr = attr;
	ch->acc.iova = iova;
	ch->acc.len = len;
	ch->acc.range = range;
}

static void release_holds(struct hwdma *e, struct channel *ch)
{
	if (ch->holds) {
		ch->holds = 0;
		if (e->cfg.defer_completions)
			e->ops.kick(e->opaque);
		else
			inv_release(e);
	}
}

void access_end(struct hwdma *e, struct channel *ch)
{
	ch->acc.sub = SUB_XLAT;
	ch->acc.from_atc = false;
	release_holds(e, ch);
}

static bool needs_read(const struct access *acc)
{
	return acc->kind != ACC_WRITE && acc->kind != ACC_XLATE_W;
}

static bool needs_write(const struct access *acc)
{
	return acc->kind == ACC_WRITE || acc->kind == ACC_ATOMIC || acc->kind == ACC_XLATE_W;
}

static bool needs_exec(const struct access *acc)
{
	return (acc->attr & HWDMA_ATTR_EXEC) &&
	       (acc->kind == ACC_READ || acc->kind == ACC_TOUCH || acc->kind == ACC_XLATE);
}

static bool is_xlate(const struct access *acc)
{
	return acc->kind == ACC_XLATE || acc->kind == ACC_XLATE_W;
}

struct hwdma_attrs access_attrs(const struct channel *ch, uint32_t attr, bool exec)
{
	bool pasid = attr & HWDMA_ATTR_PASID_VALID;
	struct hwdma_attrs attrs = {
		.at = HWDMA_AT_UNTRANSLATED,
		.pasid = pasid ? HWDMA_ATTR_PASID(attr) : 0,
		.pasid_valid = pasid,
		.exec = exec && (attr & HWDMA_ATTR_EXEC),
		.priv = attr & HWDMA_ATTR_PRIV,
		.channel = ch->index,
	};

	return attrs;
}

static bool enabled(const struct hwdma *e, uint32_t attr)
{
	const struct hwdma_enables *en = &e->en;

	return en->bus_master &&
	       (en->pasid || !(attr & HWDMA_ATTR_PASID_VALID)) &&
	       (en->exec || !(attr & HWDMA_ATTR_EXEC)) &&
	       (en->priv || !(attr & HWDMA_ATTR_PRIV)) &&
	       (en->ats || (attr & HWDMA_ATTR_AT_MASK) != HWDMA_ATTR_AT_ATC);
}

static enum access_result fail(struct hwdma *e, struct channel *ch, uint8_t err)
{
	uint64_t gen = ch->gen;

	ch->acc_err = err;
	access_end(e, ch);
	return ch->gen == gen ? ACC_FAIL : ACC_GONE;
}

static enum access_result wait_until(struct channel *ch, uint64_t when)
{
	ch->wake = when;
	return ACC_WAIT;
}

/* ---- in flight -------------------------------------------------------------- */

static enum access_result landed(struct hwdma *e, struct channel *ch, enum hwdma_bus bus,
				 uint64_t old)
{
	const struct access *acc = &ch->acc;
	uint64_t gen = ch->gen;

	switch (bus) {
	case HWDMA_BUS_OK:
		if (acc->kind == ACC_WRITE || acc->kind == ACC_ATOMIC)
			log_write(&e->log, ch->index, acc->attr, acc->iova, acc->len);
		if (acc->kind == ACC_ATOMIC)
			ch->result = acc->len == 4 ? (uint32_t)old : old;
		access_end(e, ch);
		return ch->gen == gen ? ACC_DONE : ACC_GONE;
	case HWDMA_BUS_UR:
		return fail(e, ch, acc->translated ? HWDMA_ERR_BLOCKED : HWDMA_ERR_UNMAPPED);
	case HWDMA_BUS_UR_PERM:
		return fail(e, ch, acc->translated ? HWDMA_ERR_BLOCKED : HWDMA_ERR_NO_PERMISSION);
	case HWDMA_BUS_CA:
	case HWDMA_BUS_TIMEOUT:
	case HWDMA_BUS_HELD:
	default:
		return fail(e, ch, HWDMA_ERR_BUS);
	}
}

/*
 * An untranslated request, though the ATC said so, uses no translation of it:
 * invalidations must not wait for what may wait for them.
 */
static enum access_result hold(struct hwdma *e, struct channel *ch, uint64_t tag)
{
	uint64_t gen = ch->gen;

	ch->acc.sub = SUB_HELD;
	ch->acc.tag = tag;
	ch->acc.held = HELD_WAITS;
	ch->wake = HWDMA_NEVER;
	if (!ch->acc.translated)
		release_holds(e, ch);
	return ch->gen == gen ? ACC_WAIT : ACC_GONE;
}

static enum access_result land(struct hwdma *e, struct channel *ch, void *buf)
{
	static const enum hwdma_atomic atomics[] = {
		HWDMA_ATOMIC_FETCH_ADD, HWDMA_ATOMIC_SWAP, HWDMA_ATOMIC_CAS,
	};
	struct access *acc = &ch->acc;
	struct hwdma_attrs attrs = access_attrs(ch, acc->attr, needs_exec(acc));
	enum hwdma_bus bus;
	uint64_t gen = ch->gen;
	uint64_t old = 0, tag = 0;

	/* what was enabled when it set out may not be any more */
	if (!enabled(e, acc->attr))
		return fail(e, ch, HWDMA_ERR_NOT_ENABLED);
	if (acc->translated) {
		attrs.at = HWDMA_AT_TRANSLATED;
		attrs.pasid_valid = false;
		attrs.pasid = 0;
		attrs.exec = false;
		attrs.priv = false;
	}
	attrs.tag = &tag;
	if (acc->kind == ACC_READ || acc->kind == ACC_TOUCH)
		bus = e->ops.read(e->opaque, &attrs, acc->addr, acc->len ? buf : NULL, acc->len);
	else if (acc->kind == ACC_WRITE)
		bus = e->ops.write(e->opaque, &attrs, acc->addr, buf, acc->len);
	else
		bus = e->ops.atomic(e->opaque, &attrs, acc->addr,
				    atomics[HWDMA_OP_CODE(ch->cur.op) - HWDMA_OP_FETCH_ADD],
				    acc->len, ch->cur.operand0, ch->cur.operand1, &old);
	if (ch->gen != gen)
		return ACC_GONE;
	if (bus == HWDMA_BUS_HELD)
		return hold(e, ch, tag);
	return landed(e, ch, bus, old);
}

static enum access_result go_on(struct hwdma *e, struct channel *ch, void *buf)
{
	struct access *acc = &ch->acc;

	switch (acc->held) {
	case HELD_WAITS:
		return wait_until(ch, HWDMA_NEVER);
	case HELD_ACTION(HWDMA_RESUME_RETRY):
		acc->sub = SUB_FLIGHT;
		return land(e, ch, buf);
	case HELD_ACTION(HWDMA_RESUME_TERMINATE):
		if (acc->kind == ACC_READ)
			memset(buf, 0, acc->len);
		return landed(e, ch, HWDMA_BUS_OK, 0);
	default:
		return landed(e, ch, HWDMA_BUS_UR, 0);
	}
}

void hwdma_resume(struct hwdma *e, uint64_t tag, enum hwdma_resume action)
{
	bool any = false;

	for (unsigned int i = 0; i < e->channels; i++) {
		struct channel *ch = &e->ch[i];

		if (ch->phase == PH_IDLE || ch->acc.sub != SUB_HELD || ch->acc.tag != tag ||
		    ch->acc.held != HELD_WAITS)
			continue;
		ch->acc.held = (uint8_t)(action == HWDMA_RESUME_RETRY ||
					 action == HWDMA_RESUME_TERMINATE ?
					 HELD_ACTION(action) : HELD_ACTION(HWDMA_RESUME_ABORT));
		ch->wake = 0;
		any = true;
	}
	if (any)
		e->ops.kick(e->opaque);
}

static enum access_result fly(struct hwdma *e, struct channel *ch, uint64_t now, void *buf)
{
	if (is_xlate(&ch->acc))
		return ACC_DONE;
	ch->acc.sub = SUB_FLIGHT;
	if (e->lat_req)
		return wait_until(ch, latency(now, e->lat_req));
	return land(e, ch, buf);
}

/* ---- page requests ------------------------------------------------------------ */

static enum access_result ask_for_page(struct hwdma *e, struct channel *ch, uint64_t now)
{
	struct access *acc = &ch->acc;
	uint64_t gen = ch->gen;

	if (!e->en.pri || e->pri.failed || !pri_limit(e))
		return fail(e, ch, HWDMA_ERR_PRI_DISABLED);
	if (acc->tries >= e->pri.retries)
		return fail(e, ch, HWDMA_ERR_PRI_EXHAUSTED);
	acc->sub = SUB_CREDIT;
	if (!pri_send(e, ch, now, needs_read(acc), needs_write(acc)))
		return wait_until(ch, HWDMA_NEVER);
	return ch->gen == gen ? ACC_WAIT : ACC_GONE;
}

/* ---- translation ---------------------------------------------------------------- */

static bool permits(const struct access *acc, bool r, bool w, bool x)
{
	return (r || !needs_read(acc)) && (w || !needs_write(acc)) && (x || !needs_exec(acc));
}

static enum access_result use_translation(struct hwdma *e, struct channel *ch, uint64_t now,
					  void *buf, const struct atc_entry *t)
{
	struct access *acc = &ch->acc;
	uint64_t mask = (1ull << t->shift) - 1;

	acc->shift = t->shift;
	acc->entry_global = t->global;
	acc->from_atc = true;
	acc->translated = !t->u;
	acc->addr = t->u ? acc->iova : (t->addr | (acc->iova & mask));
	return fly(e, ch, now, buf);
}

static struct atc_key key_of(const struct access *acc)
{
	struct atc_key key = {
		.pasid_valid = acc->attr & HWDMA_ATTR_PASID_VALID,
		.priv = acc->attr & HWDMA_ATTR_PRIV,
	};

	if (key.pasid_valid)
		key.pasid = HWDMA_ATTR_PASID(acc->attr);
	return key;
}

/*
 * Where there is no translation (R=W=0) nothing else of the entry means
 * anything, its size included. Behind such a first entry nothing can be placed;
 * elsewhere it stands for as much as the first one covers.
 */
static void drop_meaningless(struct hwdma_ats_reply *r)
{
	for (unsigned int i = 0; i < r->count; i++) {
		struct hwdma_ats_xlat *x = &r->xlat[i];

		if (x->r || x->w)
			continue;
		*x = (struct hwdma_ats_xlat){ .shift = i ? r->xlat[0].shift : 12 };
		if (!i)
			r->count = 1;
	}
}

/* Equal sizes, aligned addresses, a count in range (PCIe 10.2.3) */
bool reply_well_formed(const struct hwdma_ats_reply *r)
{
	if (!r->count || r->count > HWDMA_ATS_MAX)
		return false;
	for (unsigned int i = 0; i < r->count; i++) {
		const struct hwdma_ats_xlat *x = &r->xlat[i];

		if (x->shift < 12 || x->shift > 63 || x->shift != r->xlat[0].shift ||
		    (x->addr & ((1ull << x->shift) - 1)))
			return false;
	}
	return true;
}

/* The Translation Completion is here: keep what it says, use its first part. */
static enum access_result take_answer(struct hwdma *e, struct channel *ch, uint64_t now, void *buf)
{
	struct access *acc = &ch->acc;
	const struct hwdma_ats_reply *r = &acc->reply;
	struct atc_entry t = { .key = key_of(acc), .shift = r->xlat[0].shift };
	struct atc_entry first = t;
	uint64_t base = acc->iova & ~((1ull << t.shift) - 1);

	for (unsigned int i = r->count; i-- > 0;) {
		const struct hwdma_ats_xlat *x = &r->xlat[i];

		t.base = base + ((uint64_t)i << t.shift);
		if (t.base < base)
			continue;	/* beyond the end of the address space */
		t.addr = x->addr;
		t.r = x->r;
		t.w = x->w;
		t.x = x->x && x->r;
		t.u = x->u;
		t.n = x->n;
		t.global = x->global && t.key.pasid_valid;
		if (x->r || x->w)
			atc_insert(&e->atc, &t);
		first = t;	/* ends as entry 0: the loop goes down */
	}
	acc->sub = SUB_XLAT;
	if (permits(acc, first.r, first.w, first.x))
		return use_translation(e, ch, now, buf, &first);
	if (acc->attr & HWDMA_ATTR_PRI)
		return ask_for_page(e, ch, now);
	return fail(e, ch, first.r || first.w ? HWDMA_ERR_NO_PERMISSION : HWDMA_ERR_UNMAPPED);
}

static enum access_result request_translation(struct hwdma *e, struct channel *ch, uint64_t now,
					      void *buf)
{
	struct access *acc = &ch->acc;
	struct hwdma_attrs attrs = access_attrs(ch, acc->attr, needs_exec(acc));
	uint64_t unit = (uint64_t)PAGE_BYTES << e->en.ats_stu;
	uint64_t page = acc->iova & ~(unit - 1);
	uint64_t units = (acc->iova - page + acc->range - 1) / unit + 1;
	bool no_write = (acc->attr & HWDMA_ATTR_NW) && !needs_write(acc);
	struct hwdma_ats_reply reply = { .status = HWDMA_ATS_OK };
	uint64_t gen = ch->gen;

	if (units > e->atc_npages)
		units = e->atc_npages;
	acc->sub = SUB_ATS;
	acc->stale = false;
	acc->reply.count = 0;
	e->ops.ats_translate(e->opaque, &attrs, page, (unsigned int)units, no_write, &reply);
	if (ch->gen != gen)
		return ACC_GONE;
	if (reply.status == HWDMA_ATS_UR)
		return fail(e, ch, HWDMA_ERR_ATS_REFUSED);
	if (reply.status != HWDMA_ATS_OK || reply.count > units)
		return fail(e, ch, HWDMA_ERR_ATS_ABORTED);
	drop_meaningless(&reply);
	if (!reply_well_formed(&reply))
		return fail(e, ch, HWDMA_ERR_ATS_ABORTED);
	acc->reply = reply;
	if (e->lat_ats)
		return wait_until(ch, latency(now, e->lat_ats));
	if (acc->stale) {
		acc->sub = SUB_XLAT;
		return wait_until(ch, 0);
	}
	return take_answer(e, ch, now, buf);
}

static enum access_result translate(struct hwdma *e, struct channel *ch, uint64_t now, void *buf)
{
	struct access *acc = &ch->acc;
	struct atc_key key = key_of(acc);
	const struct atc_entry *hit;

	if (!enabled(e, acc->attr))
		return fail(e, ch, HWDMA_ERR_NOT_ENABLED);
	switch (acc->attr & HWDMA_ATTR_AT_MASK) {
	case HWDMA_ATTR_AT_UNTRANS:
		acc->addr = acc->iova;
		return fly(e, ch, now, buf);
	case HWDMA_ATTR_AT_RAW:
		acc->addr = acc->iova;
		acc->translated = true;
		return fly(e, ch, now, buf);
	default:
		break;
	}
	/*
	 * A permission that the entry lacks may have been granted since, or not
	 * asked for then (No Write): ask again before giving up (PCIe 10.2.3.5).
	 */
	hit = atc_lookup(&e->atc, &key, acc->iova, true);
	if (hit && permits(acc, hit->r, hit->w, hit->x)) {
		e->atc.hits++;
		return use_translation(e, ch, now, buf, hit);
	}
	e->atc.misses++;
	return request_translation(e, ch, now, buf);
}

enum access_result access_step(struct hwdma *e, struct channel *ch, uint64_t now, void *buf)
{
	struct access *acc = &ch->acc;

	switch (acc->sub) {
	case SUB_ATS:
		if (!enabled(e, acc->attr))
			return fail(e, ch, HWDMA_ERR_NOT_ENABLED);
		if (!acc->stale)
			return take_answer(e, ch, now, buf);
		acc->sub = SUB_XLAT;
		return translate(e, ch, now, buf);
	case SUB_CREDIT:
		return ask_for_page(e, ch, now);
	case SUB_PRI:
		if (!acc->pri_done) {
			pri_abandon(e, ch);
			return fail(e, ch, HWDMA_ERR_PRI_TIMEOUT);
		}
		if (acc->pri_err)
			return fail(e, ch, acc->pri_err);
		acc->sub = SUB_XLAT;
		return translate(e, ch, now, buf);
	case SUB_FLIGHT:
		return land(e, ch, buf);
	case SUB_HELD:
		return go_on(e, ch, buf);
	case SUB_XLAT:
	case SUB_STATES:
	default:
		return translate(e, ch, now, buf);
	}
}

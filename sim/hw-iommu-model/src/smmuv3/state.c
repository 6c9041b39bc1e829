/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Save and restore. A state is a sequence of little-endian 64-bit words: a head
 * (magic, version, configuration), registers, what the unit is in the middle of,
 * and the entries of every cache from the oldest to the youngest. What is read is
 * untrusted: only a state that this unit can be in is taken.
 */
#include <string.h>

#include "control.h"

#define STATE_MAGIC UINT64_C(0x336d6d7375696d68)
#define STATE_VERSION 1u

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

/* A word that must be at most @max. */
static uint64_t limited(struct archive *a, uint64_t val, uint64_t max)
{
	word(a, &val);
	if (val > max) {
		a->at = SIZE_MAX / 2; /* no such state: as if it ended early */
		return 0;
	}
	return val;
}

static void word32(struct archive *a, uint32_t *val)
{
	*val = (uint32_t)limited(a, *val, UINT32_MAX);
}

static void word16(struct archive *a, uint16_t *val)
{
	*val = (uint16_t)limited(a, *val, UINT16_MAX);
}

static void word8(struct archive *a, uint8_t *val)
{
	*val = (uint8_t)limited(a, *val, UINT8_MAX);
}

static void flag(struct archive *a, bool *val)
{
	*val = limited(a, *val, 1);
}

static void irq_cfg(struct archive *a, struct smmu_irq_cfg *c)
{
	word(a, &c->addr);
	word32(a, &c->data);
	word32(a, &c->attr);
}

static void rec_queue(struct archive *a, struct smmu_rec_queue *q)
{
	word(a, &q->base);
	word32(a, &q->prod);
	word32(a, &q->cons);
	irq_cfg(a, &q->irq);
}

static void registers(struct archive *a, struct smmu_regs *r)
{
	word32(a, &r->cr0);
	word32(a, &r->cr1);
	word32(a, &r->cr2);
	word32(a, &r->gbpa);
	word32(a, &r->irq_ctrl);
	word32(a, &r->gerror);
	word32(a, &r->gerrorn);
	irq_cfg(a, &r->gerror_irq);
	word(a, &r->strtab_base);
	word32(a, &r->strtab_base_cfg);
	rec_queue(a, &r->eventq);
	rec_queue(a, &r->priq);
}

static void cmd_queue(struct archive *a, struct smmu_cmd_queue *q)
{
	word(a, &q->base);
	word32(a, &q->prod);
	word32(a, &q->cons);
	flag(a, &q->fetched);
	word8(a, &q->wait);
	flag(a, &q->drain_owed);
	flag(a, &q->atc_failed);
	word(a, &q->cmd[0]);
	word(a, &q->cmd[1]);
}

static void itag(struct archive *a, struct smmu_itag *t)
{
	flag(a, &t->busy);
	word8(a, &t->completions);
	word16(a, &t->queue);
	word32(a, &t->sid);
}

static void stalls(struct archive *a, struct smmu_control *c)
{
	for (uint32_t i = 0; i < c->stall_max; i++) {
		flag(a, &c->stalls[i].busy);
		word32(a, &c->stalls[i].sid);
	}
	word32(a, &c->stall_next);
	flag(a, &c->held);
}

static void cmdqv(struct archive *a, const struct smmu_unit *s, struct smmu_cmdqv *v)
{
	word32(a, &v->config);
	word32(a, &v->vi_int_mask[0]);
	word32(a, &v->vi_int_mask[1]);
	word16(a, &v->next);
	for (unsigned int i = 0; i < smmu_cmdqv_vintfs(s); i++) {
		struct smmu_vintf *vi = &v->vintf[i];

		word32(a, &vi->config);
		for (unsigned int n = 0; n < CMDQV_SIDS_MAX; n++) {
			word32(a, &vi->match[n]);
			word32(a, &vi->replace[n]);
		}
	}
	for (unsigned int i = 0; i < smmu_cmdqv_vcmdqs(s); i++) {
		struct smmu_vcmdq *q = &v->vcmdq[i];

		cmd_queue(a, &q->q);
		word32(a, &q->config);
		word32(a, &q->gerror);
		word32(a, &q->gerrorn);
		word32(a, &q->alloc);
		word(a, &q->cons_dram);
	}
}

static void control(struct archive *a, const struct smmu_unit *s, struct smmu_control *c)
{
	registers(a, &c->regs);
	cmd_queue(a, &c->cmdq);
	for (unsigned int i = 0; i < SMMU_ITAGS; i++)
		itag(a, &c->itag[i]);
	stalls(a, c);
	flag(a, &c->cmdqv_turn);
	if (c->cmdqv)
		cmdqv(a, s, c->cmdqv);
}

/* ---- the configuration, as it stands in the head ---- */

static bool same_config(struct archive *a, const struct hwi_smmuv3_config *cfg)
{
	const struct hwi_smmuv3_caches *c = &cfg->caches;
	const struct hwi_smmuv3_cmdqv *v = &cfg->cmdqv;
	const uint64_t want[] = {
		cfg->idr0,  cfg->idr1,	cfg->idr3,	cfg->idr5,	cfg->iidr,
		cfg->aidr,  cfg->gbpa,	c->l1std,	c->ste,		c->l1cd,
		c->cd,	    c->tlb,	c->walk_s1,	c->walk_s2,	c->ipa,
		v->present, v->present ? v->vcmdqs_log2 : 0, v->present ? v->vintfs_log2 : 0,
		v->present ? v->sids_log2 : 0,
	};
	bool same = true;

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		uint64_t val = want[i];

		word(a, &val);
		same = same && val == want[i];
	}
	return same;
}

/* ---- caches ---- */

/* Room for the largest payload of any cache. */
#define PAYLOAD_MAX 512u

static void entry(struct archive *a, const struct hwi_cache *c, struct hwi_cache_entry *e)
{
	unsigned char *p = hwi_cache_payload(e);

	word(a, &e->key.a);
	word(a, &e->key.b);
	word32(a, &e->tag);
	for (uint32_t i = 0; i + 8 <= c->payload; i += 8) {
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

static bool get_cache(struct archive *a, const struct smmu_unit *s, unsigned int n)
{
	struct {
		struct hwi_cache_entry e;
		uint64_t payload[PAYLOAD_MAX / 8];
	} tmp;
	struct hwi_cache *c = smmu_cache(s, n);
	uint64_t count = 0;

	word(a, &count);
	if (count > c->capacity || c->payload > PAYLOAD_MAX)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		struct hwi_cache_entry *e;

		memset(&tmp, 0, sizeof(tmp));
		entry(a, c, &tmp.e);
		if (a->at > a->size || !smmu_cache_entry_ok(s, n, &tmp.e))
			return false;
		e = hwi_cache_fill(c, tmp.e.key, tmp.e.tag);
		memcpy(hwi_cache_payload(e), tmp.payload, c->payload);
	}
	return true;
}

/* ---- the whole ---- */

static void put_all(struct archive *a, struct smmu_unit *s)
{
	uint64_t magic = STATE_MAGIC, version = STATE_VERSION;

	word(a, &magic);
	word(a, &version);
	(void)same_config(a, &s->cfg);
	control(a, s, s->ctl);
	for (unsigned int i = 0; i < SMMU_CACHES; i++)
		put_cache(a, smmu_cache(s, i));
}

/* Saving changes nothing, but the layout is described for a unit that restoring changes. */
static struct smmu_unit *writable_unit(const struct hwi_unit *unit)
{
	union {
		const struct hwi_unit *in;
		struct hwi_unit *out;
	} u = { .in = unit };

	return to_smmu(u.out);
}

size_t smmu_save_size(const struct hwi_unit *unit)
{
	struct archive a = { .mode = MEASURE };

	put_all(&a, writable_unit(unit));
	return a.at;
}

enum hwi_status smmu_save(const struct hwi_unit *unit, void *buf, size_t size)
{
	struct archive a = { .mode = SAVE, .out = buf, .size = size };

	if (size < smmu_save_size(unit))
		return HWI_ESPACE;
	put_all(&a, writable_unit(unit));
	return HWI_OK;
}

static bool itag_ok(const struct smmu_unit *s, const struct smmu_itag *t)
{
	if (!t->busy)
		return !t->completions && !t->queue && !t->sid;
	return t->completions < 8 && t->queue <= (s->ctl->cmdqv ? smmu_cmdqv_vcmdqs(s) : 0);
}

/* Who waits must have something to wait for, or would wait for ever. */
static bool wait_ok(const struct smmu_unit *s, uint16_t queue, const struct smmu_cmd_queue *q)
{
	switch (q->wait) {
	case SMMU_WAIT_ITAG:
		return smmu_ats_outstanding(&s->base) == UINT32_MAX;
	case SMMU_WAIT_ATC:
		return smmu_atc_waits(s, queue);
	default:
		return true;
	}
}

static bool control_ok(struct smmu_unit *s)
{
	struct smmu_control *c = s->ctl;

	if (!smmu_registers_ok(s, c) || !smmu_cmdq_ok(&c->cmdq))
		return false;
	for (unsigned int i = 0; i < SMMU_ITAGS; i++) {
		if (!itag_ok(s, &c->itag[i]))
			return false;
	}
	if (c->stall_max ? c->stall_next >= c->stall_max : c->stall_next || c->held)
		return false;
	if (!wait_ok(s, 0, &c->cmdq))
		return false;
	if (!c->cmdqv)
		return !c->cmdqv_turn;
	if (!smmu_cmdqv_ok(s, c->cmdqv))
		return false;
	for (unsigned int q = 1; q <= smmu_cmdqv_vcmdqs(s); q++) {
		if (!wait_ok(s, (uint16_t)q, smmu_queue_by_number(s, (uint16_t)q)))
			return false;
	}
	return true;
}

static void count_stalls(struct smmu_control *c)
{
	c->stalled = 0;
	for (uint32_t i = 0; i < c->stall_max; i++)
		c->stalled += c->stalls[i].busy;
}

static enum hwi_status get_all(struct archive *a, struct smmu_unit *s)
{
	uint64_t magic = 0, version = 0;

	word(a, &magic);
	word(a, &version);
	if (a->at > a->size || magic != STATE_MAGIC)
		return HWI_ESTATE;
	if (version != STATE_VERSION)
		return HWI_EVERSION;
	if (!same_config(a, &s->cfg))
		return HWI_ESTATE;
	control(a, s, s->ctl);
	if (a->at > a->size || !control_ok(s))
		return HWI_ESTATE;
	count_stalls(s->ctl);
	for (unsigned int i = 0; i < SMMU_CACHES; i++) {
		if (!get_cache(a, s, i))
			return HWI_ESTATE;
	}
	smmu_effective_update(s);
	return a->at == a->size ? HWI_OK : HWI_ESTATE;
}

/* Without a word to the machine, which has its own state to restore. */
static void reset(struct smmu_unit *s)
{
	smmu_reset_registers(s);
	smmu_caches_drop(s);
}

enum hwi_status smmu_restore(struct hwi_unit *unit, const void *buf, size_t size)
{
	struct archive a = { .mode = LOAD, .in = buf, .size = size & ~(size_t)7 };
	struct smmu_unit *s = to_smmu(unit);
	enum hwi_status res;

	reset(s);
	res = size % 8 ? HWI_ESTATE : get_all(&a, s);
	if (res != HWI_OK)
		reset(s);
	return res;
}

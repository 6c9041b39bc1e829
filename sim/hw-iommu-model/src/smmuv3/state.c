/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Save and restore. A state is a sequence of little-endian 64-bit words: a head
 * (magic, version, configuration), registers, what the unit is in the middle of,
 * and the entries of every cache from the oldest to the youngest. What is read is
 * untrusted: only a state that this unit can be in is taken.
 */
#include "../core/archive.h"
#include "caches.h"
#include "control.h"

#define STATE_MAGIC UINT64_C(0x336d6d7375696d68)
#define STATE_VERSION 2u

HWI_ARCHIVE_PAYLOAD_FITS(struct smmu_l1std_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct smmu_ste_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct smmu_l1cd_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct smmu_cd_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct smmu_tlb_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct smmu_walk_s1_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct smmu_walk_s2_payload);
HWI_ARCHIVE_PAYLOAD_FITS(struct smmu_ipa_payload);

static void irq_cfg(struct hwi_archive *a, struct smmu_irq_cfg *c)
{
	hwi_archive_word(a, &c->addr);
	hwi_archive_word32(a, &c->data);
	hwi_archive_word32(a, &c->attr);
}

static void rec_queue(struct hwi_archive *a, struct smmu_rec_queue *q)
{
	hwi_archive_word(a, &q->base);
	hwi_archive_word32(a, &q->prod);
	hwi_archive_word32(a, &q->cons);
	irq_cfg(a, &q->irq);
}

static void registers(struct hwi_archive *a, struct smmu_regs *r)
{
	hwi_archive_word32(a, &r->cr0);
	hwi_archive_word32(a, &r->cr1);
	hwi_archive_word32(a, &r->cr2);
	hwi_archive_word32(a, &r->gbpa);
	hwi_archive_word32(a, &r->irq_ctrl);
	hwi_archive_word32(a, &r->gerror);
	hwi_archive_word32(a, &r->gerrorn);
	irq_cfg(a, &r->gerror_irq);
	hwi_archive_word(a, &r->strtab_base);
	hwi_archive_word32(a, &r->strtab_base_cfg);
	rec_queue(a, &r->eventq);
	rec_queue(a, &r->priq);
}

static void last_event(struct hwi_archive *a, struct smmu_last_event *e)
{
	for (unsigned int i = 0; i < 4; i++)
		hwi_archive_word(a, &e->rec[i]);
	hwi_archive_flag(a, &e->open);
}

static void cmd_queue(struct hwi_archive *a, struct smmu_cmd_queue *q)
{
	hwi_archive_word(a, &q->base);
	hwi_archive_word32(a, &q->prod);
	hwi_archive_word32(a, &q->cons);
	hwi_archive_flag(a, &q->fetched);
	hwi_archive_word8(a, &q->wait);
	hwi_archive_flag(a, &q->drain_owed);
	hwi_archive_flag(a, &q->atc_failed);
	hwi_archive_word(a, &q->cmd[0]);
	hwi_archive_word(a, &q->cmd[1]);
}

static void itag(struct hwi_archive *a, struct smmu_itag *t)
{
	hwi_archive_flag(a, &t->busy);
	hwi_archive_word8(a, &t->completions);
	hwi_archive_word16(a, &t->queue);
	hwi_archive_word32(a, &t->sid);
}

static void stalls(struct hwi_archive *a, struct smmu_control *c)
{
	for (uint32_t i = 0; i < c->stall_max; i++) {
		hwi_archive_flag(a, &c->stalls[i].busy);
		hwi_archive_word32(a, &c->stalls[i].sid);
	}
	hwi_archive_word32(a, &c->stall_next);
	hwi_archive_flag(a, &c->held);
}

static void cmdqv(struct hwi_archive *a, const struct smmu_unit *s, struct smmu_cmdqv *v)
{
	hwi_archive_word32(a, &v->config);
	hwi_archive_word32(a, &v->vi_int_mask[0]);
	hwi_archive_word32(a, &v->vi_int_mask[1]);
	hwi_archive_word16(a, &v->next);
	for (unsigned int i = 0; i < smmu_cmdqv_vintfs(s); i++) {
		struct smmu_vintf *vi = &v->vintf[i];

		hwi_archive_word32(a, &vi->config);
		for (unsigned int n = 0; n < CMDQV_SIDS_MAX; n++) {
			hwi_archive_word32(a, &vi->match[n]);
			hwi_archive_word32(a, &vi->replace[n]);
		}
	}
	for (unsigned int i = 0; i < smmu_cmdqv_vcmdqs(s); i++) {
		struct smmu_vcmdq *q = &v->vcmdq[i];

		cmd_queue(a, &q->q);
		hwi_archive_word32(a, &q->config);
		hwi_archive_word32(a, &q->gerror);
		hwi_archive_word32(a, &q->gerrorn);
		hwi_archive_word32(a, &q->alloc);
		hwi_archive_word(a, &q->cons_dram);
	}
}

static void control(struct hwi_archive *a, const struct smmu_unit *s, struct smmu_control *c)
{
	registers(a, &c->regs);
	last_event(a, &c->last_event);
	cmd_queue(a, &c->cmdq);
	for (unsigned int i = 0; i < SMMU_ITAGS; i++)
		itag(a, &c->itag[i]);
	stalls(a, c);
	hwi_archive_flag(a, &c->cmdqv_turn);
	if (c->cmdqv)
		cmdqv(a, s, c->cmdqv);
}

/* ---- the configuration, as it stands in the head ---- */

static bool same_config(struct hwi_archive *a, const struct hwi_smmuv3_config *cfg)
{
	const struct hwi_smmuv3_caches *c = &cfg->caches;
	const struct hwi_smmuv3_cmdqv *v = &cfg->cmdqv;
	const uint64_t want[] = {
		cfg->idr0,  cfg->idr1,	cfg->idr3,	cfg->idr5,	cfg->iidr,
		cfg->aidr,  cfg->gbpa,	c->l1std,	c->ste,		c->l1cd,
		c->cd,	    c->tlb,	c->walk_s1,	c->walk_s2,	c->ipa,
		v->present, v->present ? v->vcmdqs_log2 : 0, v->present ? v->vintfs_log2 : 0,
		v->present ? v->sids_log2 : 0, cfg->merge_events,
	};
	return hwi_archive_same(a, want, sizeof(want) / sizeof(want[0]));
}

/* ---- the whole ---- */

static void put_all(struct hwi_archive *a, struct smmu_unit *s)
{
	(void)hwi_archive_head(a, STATE_MAGIC, STATE_VERSION);
	(void)same_config(a, &s->cfg);
	control(a, s, s->ctl);
	for (unsigned int i = 0; i < SMMU_CACHES; i++)
		hwi_archive_put_cache(a, smmu_cache(s, i));
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
	struct hwi_archive a = { .mode = HWI_ARCHIVE_MEASURE };

	put_all(&a, writable_unit(unit));
	return a.at;
}

enum hwi_status smmu_save(const struct hwi_unit *unit, void *buf, size_t size)
{
	struct hwi_archive a = { .mode = HWI_ARCHIVE_SAVE, .out = buf, .size = size };

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

/* For the archive, which knows a cache but not which of the unit's it is. */
struct one_cache {
	const struct smmu_unit *s;
	unsigned int n;
};

static bool cache_entry_ok(const void *arg, const struct hwi_cache *c,
			   const struct hwi_cache_entry *e)
{
	const struct one_cache *one = arg;

	(void)c;
	return smmu_cache_entry_ok(one->s, one->n, e);
}

static enum hwi_status get_all(struct hwi_archive *a, struct smmu_unit *s)
{
	enum hwi_status head = hwi_archive_head(a, STATE_MAGIC, STATE_VERSION);

	if (head != HWI_OK)
		return head;
	if (!same_config(a, &s->cfg))
		return HWI_ESTATE;
	control(a, s, s->ctl);
	if (hwi_archive_bad(a) || !control_ok(s))
		return HWI_ESTATE;
	count_stalls(s->ctl);
	for (unsigned int i = 0; i < SMMU_CACHES; i++) {
		struct one_cache arg = { s, i };

		if (!hwi_archive_get_cache(a, smmu_cache(s, i), cache_entry_ok, &arg))
			return HWI_ESTATE;
	}
	smmu_effective_update(s);
	return hwi_archive_complete(a) ? HWI_OK : HWI_ESTATE;
}

/* Without a word to the machine, which has its own state to restore. */
static void reset(struct smmu_unit *s)
{
	smmu_reset_registers(s);
	smmu_caches_drop(s);
}

enum hwi_status smmu_restore(struct hwi_unit *unit, const void *buf, size_t size)
{
	struct hwi_archive a = { .mode = HWI_ARCHIVE_LOAD, .in = buf, .size = size & ~(size_t)7 };
	struct smmu_unit *s = to_smmu(unit);
	enum hwi_status res;

	reset(s);
	res = size % 8 ? HWI_ESTATE : get_all(&a, s);
	if (res != HWI_OK)
		reset(s);
	return res;
}

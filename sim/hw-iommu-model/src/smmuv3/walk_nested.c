/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Both stages (SMMUv3 §3.4, §7.3.22): stage 1 tables stand at intermediate addresses,
 * so each descriptor is found by stage 2 first; the order of faults is that of
 * §7.3.22.
 */
#include "walk_s1.h"

struct nested_step {
	struct smmu_unit *s;
	const struct smmu_path *p;
	const struct smmu_half *h;
	struct smmu_fault *f;
	uint64_t va;
	uint64_t ipa;	     /* of the current descriptor */
	uint64_t table_ipa;  /* of the current table, if @host */
	bool host;	     /* the table's address is a host one already */
	unsigned int parent; /* level of the descriptor above, to be kept; 0: none */
};

static bool nested_locate(void *ctx, struct hwi_pt_walk *w)
{
	struct nested_step *st = ctx;
	const uint64_t in_table = (UINT64_C(1) << st->h->page_log2) - 1;
	unsigned int span;
	uint64_t at;

	if (st->host) {
		st->ipa = (st->table_ipa & ~in_table) | (w->entry_at & in_table);
		st->host = false;
		return true;
	}
	st->ipa = w->entry_at;
	if (!smmu_s2_fetch(st->s, st->p, st->ipa, SMMU_EV_CLASS_TT, false, &at, &span, st->f))
		return false;
	w->entry_at = at;
	if (!st->parent)
		return true;
	/* All of the table is in one page of stage 2, or only its IPA can be kept. */
	if (span >= st->h->page_log2)
		smmu_s1_keep(st->s, st->p, st->h, st->va, st->parent, at & ~in_table,
			     st->ipa & ~in_table, w->rights | SMMU_WALK_HOST);
	else
		smmu_s1_keep(st->s, st->p, st->h, st->va, st->parent, st->ipa & ~in_table,
			     st->ipa & ~in_table, w->rights);
	return true;
}

static bool nested_used(void *ctx, struct hwi_pt_walk *w, enum hwi_pt_kind kind)
{
	struct nested_step *st = ctx;

	st->parent = kind == HWI_PT_TABLE ? w->level : 0;
	return true;
}

static const struct hwi_pt_hooks nested_hooks = {
	.locate = nested_locate,
	.used = nested_used,
};

#define NESTED_DESCEND(suffix) \
	static enum hwi_pt_end nested_descend_##suffix(struct nested_step *st, \
						       struct hwi_pt_walk *w) \
	{ \
		return hwi_pt_descend(&st->s->base, &vmsa_s1_##suffix##_format, &st->h->rules, \
				      &nested_hooks, st, w); \
	}

NESTED_DESCEND(4k)
NESTED_DESCEND(16k)
NESTED_DESCEND(64k)

static enum hwi_pt_end nested_descend(struct nested_step *st, struct hwi_pt_walk *w)
{
	switch (st->h->page_log2) {
	case 12:
		return nested_descend_4k(st, w);
	case 14:
		return nested_descend_16k(st, w);
	default:
		return nested_descend_64k(st, w);
	}
}

/* An update of the stage 1 descriptor is a write that stage 2 has to allow (§3.13.5). */
static bool nested_update(struct nested_step *st, struct hwi_pt_walk *w, uint64_t entry)
{
	unsigned int span;
	uint64_t at;

	if (!smmu_s2_fetch(st->s, st->p, st->ipa, SMMU_EV_CLASS_TT, true, &at, &span, st->f))
		return false;
	return smmu_s1_update(st->s, w, entry, st->f);
}

/* The page of stage 2 for the output of stage 1, and what both allow. */
static bool nested_page(struct nested_step *st, struct hwi_pt_walk *w, const struct smmu_ask *ask,
			struct smmu_found *t)
{
	const uint8_t in = SMMU_EV_CLASS_IN;
	unsigned int span = t->span_log2;
	uint64_t ipa = t->ipa | (st->va & ((UINT64_C(1) << span) - 1));
	uint64_t af = st->p->stage2.rules.accessed;
	struct smmu_fault *f = st->f;
	unsigned int rights = smmu_s1_of(t->flags, ask->priv);
	struct smmu_s2_leaf leaf;

	if (!smmu_s2_find(st->s, st->p, ipa, in, &leaf, f))
		return false;
	/* The smaller of the two pages. */
	t->span_log2 = leaf.span_log2 < span ? leaf.span_log2 : (uint8_t)span;
	t->ipa = ipa & ~((UINT64_C(1) << t->span_log2) - 1);
	t->out = leaf.out | (t->ipa & ((UINT64_C(1) << leaf.span_log2) - 1));
	t->flags |= leaf.flags;
	t->keep = (leaf.entry & af) == af;
	f->had = (rights & VMSA_UR ? HWI_READ : 0) | (rights & VMSA_UW ? HWI_WRITE : 0);
	if (smmu_s2_lacking(t->flags, ask, ipa, f) ||
	    !smmu_s2_accessed(st->s, st->p, ipa, in, &leaf, f))
		return false;
	if (smmu_writes(t->flags, ask)) {
		if (!(t->flags & SMMU_T_S1_DIRTY) &&
		    !nested_update(st, w, w->entry & ~VMSA_S1_AP_RO))
			return false;
		if (!smmu_s2_dirty(st->s, st->p, ipa, in, &leaf, f))
			return false;
		t->flags |= SMMU_T_S1_DIRTY | SMMU_T_S2_DIRTY;
	}
	t->keep = true;
	return true;
}

bool smmu_walk_nested(struct smmu_unit *s, const struct smmu_path *p, uint64_t va,
		      const struct smmu_ask *ask, struct smmu_found *t, struct smmu_fault *f)
{
	const struct smmu_half *h = smmu_half_of(p, va);
	struct nested_step st = { .s = s, .p = p, .h = h, .f = f, .va = va };
	const struct smmu_walk_s1_payload *known;
	struct hwi_pt_walk w = { 0 };
	enum hwi_pt_end end;
	uint64_t af;

	t->keep = false;
	if (h->epd || !smmu_in_range(h, p, va))
		return smmu_s1_fault(f, SMMU_EVT_F_TRANSLATION, SMMU_EV_CLASS_IN);
	known = smmu_s1_begin(s, p, h, &w, va);
	if (known) {
		st.host = known->flags & SMMU_WALK_HOST;
		st.table_ipa = known->ipa;
	}
	end = nested_descend(&st, &w);
	s->base.stats[HWI_STAT_TABLE_LOADS] += w.loads;
	if (!smmu_s1_end(end, &w, f))
		return false;
	if (!smmu_s1_output(h, &w, va, t, f))
		return false;
	t->global = smmu_s1_global(p, w.entry);
	t->flags = smmu_s1_flags(p, h, &w);
	af = h->rules.accessed;
	if ((w.entry & af) != af && !p->ha)
		return smmu_s1_fault(f, SMMU_EVT_F_ACCESS, SMMU_EV_CLASS_IN);
	if (smmu_s1_lacking(t->flags, ask, f))
		return false;
	/* A translation request that is granted nothing gets no further (§3.9.1.2). */
	if (smmu_s1_nothing(t->flags, ask, f))
		return false;
	if ((w.entry & af) != af && !nested_update(&st, &w, w.entry | af))
		return false;
	return nested_page(&st, &w, ask, t);
}

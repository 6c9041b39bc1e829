/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage 1 alone: tables and output at physical addresses (SMMUv3 §3.4). */
#include "walk_s1.h"

struct s1_step {
	struct smmu_unit *s;
	const struct smmu_path *p;
	const struct smmu_half *h;
	uint64_t va;
};

HWI_ALWAYS_INLINE bool s1_used(void *ctx, struct hwi_pt_walk *w, enum hwi_pt_kind kind,
			       const struct hwi_pt_format *format)
{
	struct s1_step *st = ctx;

	if (kind == HWI_PT_TABLE)
		smmu_s1_keep(st->s, st->p, st->h, st->va, w->level,
			     format->out(&st->h->rules, w->entry), 0,
			     w->rights | SMMU_WALK_HOST);
	return true;
}

#define S1_DESCEND(suffix) \
	static bool s1_used_##suffix(void *ctx, struct hwi_pt_walk *w, enum hwi_pt_kind kind) \
	{ \
		return s1_used(ctx, w, kind, &vmsa_s1_##suffix##_format); \
	} \
	static const struct hwi_pt_hooks s1_hooks_##suffix = { .used = s1_used_##suffix }; \
	static enum hwi_pt_end s1_descend_##suffix(struct s1_step *st, struct hwi_pt_walk *w) \
	{ \
		return hwi_pt_descend(&st->s->base, &vmsa_s1_##suffix##_format, &st->h->rules, \
				      &s1_hooks_##suffix, st, w); \
	}

S1_DESCEND(4k)
S1_DESCEND(16k)
S1_DESCEND(64k)

static enum hwi_pt_end s1_descend(struct s1_step *st, struct hwi_pt_walk *w)
{
	switch (st->h->page_log2) {
	case 12:
		return s1_descend_4k(st, w);
	case 14:
		return s1_descend_16k(st, w);
	default:
		return s1_descend_64k(st, w);
	}
}

bool smmu_walk_s1(struct smmu_unit *s, const struct smmu_path *p, uint64_t va,
		  const struct smmu_ask *ask, struct smmu_found *t, struct smmu_fault *f)
{
	const struct smmu_half *h = smmu_half_of(p, va);
	struct s1_step st = { s, p, h, va };
	struct hwi_pt_walk w = { 0 };
	uint64_t af;

	if (h->epd || !smmu_in_range(h, p, va))
		return smmu_s1_fault(f, SMMU_EVT_F_TRANSLATION, SMMU_EV_CLASS_IN);
	(void)smmu_s1_begin(s, p, h, &w, va);
	if (!smmu_s1_end(s1_descend(&st, &w), &w, f)) {
		s->base.stats[HWI_STAT_TABLE_LOADS] += w.loads;
		return false;
	}
	s->base.stats[HWI_STAT_TABLE_LOADS] += w.loads;
	if (!smmu_s1_output(h, &w, va, t, f))
		return false;
	t->out = t->ipa;
	t->global = smmu_s1_global(p, w.entry);
	t->flags = smmu_s1_flags(p, h, &w) | SMMU_T_S2 | SMMU_T_S2_DIRTY;
	af = h->rules.accessed;
	t->keep = (w.entry & af) == af;
	if (!t->keep && !p->ha)
		return smmu_s1_fault(f, SMMU_EVT_F_ACCESS, SMMU_EV_CLASS_IN);
	if (smmu_s1_lacking(t->flags, ask, f) || smmu_s1_nothing(t->flags, ask, f))
		return false;
	if (smmu_writes(t->flags, ask) && !(t->flags & SMMU_T_S1_DIRTY)) {
		if (!smmu_s1_update(s, &w, (w.entry | af) & ~VMSA_S1_AP_RO, f))
			return false;
		t->flags |= SMMU_T_S1_DIRTY;
	} else if (!t->keep && !smmu_s1_update(s, &w, w.entry | af, f)) {
		return false;
	}
	t->keep = true;
	return true;
}

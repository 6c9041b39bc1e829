/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* First-stage translation alone: PGTT 001b (VT-d 5.10 §3.6). */
#include "walk_fs.h"

struct fs_step {
	struct vtd_walk *w;
	enum vtd_fault_cond cond;
};

/* The leaf: rights; A and EA; where it leads; D. A, EA and D are one update. */
HWI_ALWAYS_INLINE enum vtd_fault_cond fs_leaf(const struct vtd_walk *w, struct hwi_pt_walk *t)
{
	const struct hwi_pt_rules *r = w->p->fs_rules;
	unsigned int shift = VTD_PT_LEVEL_SHIFT(t->level);
	enum vtd_fault_cond cond = vtd_fs_lacking(w, t->rights), bad_output;
	uint64_t set = r->accessed, out;

	if (cond != VTD_FC_NONE)
		return cond;
	out = hwi_pt_leaf_addr(&vtd_fs_format, t->entry, t->level) |
	      (t->addr & ((UINT64_C(1) << shift) - 1));
	bad_output = vtd_output_fault(w, out, shift, true);
	if (bad_output == VTD_FC_NONE && w->write && vtd_fs_writable(w, t->rights))
		set |= r->dirty;
	cond = vtd_fs_set(w->v, w->p, t, set);
	return cond != VTD_FC_NONE ? cond : bad_output;
}

HWI_ALWAYS_INLINE bool fs_used(void *ctx, struct hwi_pt_walk *t, enum hwi_pt_kind kind)
{
	struct fs_step *s = ctx;
	const struct vtd_path *p = s->w->p;

	if (kind == HWI_PT_LEAF) {
		s->cond = fs_leaf(s->w, t);
		return s->cond == VTD_FC_NONE;
	}
	s->cond = vtd_fs_set(s->w->v, p, t, p->fs_rules->accessed);
	if (s->cond != VTD_FC_NONE)
		return false;
	vtd_structure_fill(&s->w->v->fs, t->addr, t->level, vtd_fs_key_b(p->did, p->pasid), p->did,
			   t->entry & VTD_FS_ADDR, t->rights);
	return true;
}

static const struct hwi_pt_hooks fs_hooks = {
	.used = fs_used,
};

enum vtd_fault_cond vtd_walk_fs(struct vtd_walk *w)
{
	const struct vtd_path *p = w->p;
	struct fs_step s = { w, VTD_FC_NONE };
	struct hwi_pt_walk t;
	enum hwi_pt_end end;

	if (!vtd_fs_canonical(w->addr, p->fs_levels))
		return VTD_FC_SGN_1;
	(void)vtd_fs_begin(w, &t);
	end = hwi_pt_descend(&w->v->base, &vtd_fs_format, p->fs_rules, &fs_hooks, &s, &t);
	w->v->base.stats[HWI_STAT_TABLE_LOADS] += t.loads;
	w->had = t.rights;
	if (end != HWI_PT_FOUND)
		return vtd_fs_end(end, s.cond, t.level == p->fs_levels);
	w->out = hwi_pt_leaf_addr(&vtd_fs_format, t.entry, t.level);
	w->level = t.level;
	w->flags = vtd_fs_leaf_flags(p, &t);
	return VTD_FC_NONE;
}

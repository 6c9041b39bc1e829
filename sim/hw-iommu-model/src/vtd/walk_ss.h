/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A second-stage walk (VT-d 5.10 §3.7), inline for those who need one per step.
 */
#ifndef HWI_VTD_WALK_SS_H
#define HWI_VTD_WALK_SS_H

#include "walk.h"

/* vtd_ss_translate(): no first-stage page. */
#define VTD_SS_ALONE HWI_PT_LEVELS

struct vtd_ss_step {
	struct vtd_unit *v;
	const struct vtd_path *p;
	const struct vtd_walk *final; /* the request, if this is its page; NULL for a table */
	unsigned int max_level; /* nested: the first stage's page, whose walk then sets D */
	unsigned int need; /* rights that are a fault if lacking */
	bool write;	   /* D is set if the right to write is there */
	enum vtd_fault_cond cond;
};

/* Legacy and scalable mode name the same conditions differently (Table 30). */
HWI_ALWAYS_INLINE enum vtd_fault_cond vtd_ss_no_write(const struct vtd_path *p)
{
	return p->legacy ? VTD_FC_LGN_2 : VTD_FC_SGN_6;
}

HWI_ALWAYS_INLINE enum vtd_fault_cond vtd_ss_no_read(const struct vtd_path *p)
{
	return p->legacy ? VTD_FC_LGN_3 : VTD_FC_SGN_7;
}

/* Neither right: legacy mode has no condition of its own for it. */
HWI_ALWAYS_INLINE enum vtd_fault_cond vtd_ss_no_rights(const struct vtd_path *p, unsigned int need)
{
	if (!p->legacy)
		return VTD_FC_SSS_2;
	return need & HWI_PT_WRITE ? VTD_FC_LGN_2 : VTD_FC_LGN_3;
}

HWI_ALWAYS_INLINE enum vtd_fault_cond vtd_ss_lacking(const struct vtd_path *p, unsigned int rights,
						     unsigned int need, bool zlr)
{
	if (need & ~rights & HWI_PT_WRITE)
		return vtd_ss_no_write(p);
	if ((need & ~rights & HWI_PT_READ) && !(zlr && (rights & HWI_PT_WRITE)))
		return vtd_ss_no_read(p);
	return VTD_FC_NONE;
}

/* Set bits of the current entry in memory, if any is to be set. */
HWI_ALWAYS_INLINE enum vtd_fault_cond vtd_ss_set(struct vtd_unit *v, const struct vtd_path *p,
						 struct hwi_pt_walk *w, uint64_t set)
{
	uint64_t entry = w->entry;
	enum hwi_cas res;

	if (__builtin_expect((entry & set) == set, 1))
		return VTD_FC_NONE;
	if (!p->pwsnp)
		return VTD_FC_SSS_5;
	res = vtd_set_bits(v, w->entry_at, &entry, set);
	if (res != HWI_CAS_DONE)
		return res == HWI_CAS_CHANGED ? VTD_FC_RETRY_SS : VTD_FC_SSS_6;
	w->entry = entry;
	return VTD_FC_NONE;
}

/*
 * The leaf: rights; A; for the request's own page where it leads; D. A
 * and D are one update.
 */
HWI_ALWAYS_INLINE enum vtd_fault_cond vtd_ss_leaf(const struct vtd_ss_step *s, struct hwi_pt_walk *w)
{
	const struct hwi_pt_rules *r = s->p->ss_rules;
	enum vtd_fault_cond cond = vtd_ss_lacking(s->p, w->rights, s->need,
						  s->final && s->final->zlr);
	bool dirty = s->write && (w->rights & HWI_PT_WRITE);
	unsigned int level = w->level < s->max_level ? w->level : s->max_level;
	enum vtd_fault_cond bad_output = VTD_FC_NONE;

	if (__builtin_expect(cond != VTD_FC_NONE, 0))
		return cond;
	if (s->final) {
		uint64_t out = hwi_pt_leaf_addr(&vtd_ss_format, w->entry, w->level) |
			       (w->addr & ((UINT64_C(1) << VTD_PT_LEVEL_SHIFT(w->level)) - 1));

		bad_output = vtd_output_fault(s->final, out, VTD_PT_LEVEL_SHIFT(level),
					      (w->rights & HWI_PT_READ) || dirty);
	}
	if (bad_output != VTD_FC_NONE || s->max_level != VTD_SS_ALONE)
		dirty = false;
	cond = vtd_ss_set(s->v, s->p, w, r->accessed | (dirty ? r->dirty : 0));
	return cond != VTD_FC_NONE ? cond : bad_output;
}

/*
 * A good entry: A (D), then the cache. The rights of all levels are ANDed and
 * asked for at the leaf.
 */
HWI_ALWAYS_INLINE bool vtd_ss_used(void *ctx, struct hwi_pt_walk *w, enum hwi_pt_kind kind)
{
	struct vtd_ss_step *s = ctx;
	const struct hwi_pt_rules *r = s->p->ss_rules;

	if (__builtin_expect(!(w->rights & (HWI_PT_READ | HWI_PT_WRITE)), 0)) {
		if (!s->p->legacy || (kind == HWI_PT_LEAF && s->need)) {
			s->cond = vtd_ss_no_rights(s->p, s->need);
			return false;
		}
	}
	if (kind == HWI_PT_LEAF) {
		s->cond = vtd_ss_leaf(s, w);
		return s->cond == VTD_FC_NONE;
	}
	s->cond = vtd_ss_set(s->v, s->p, w, r->accessed);
	if (__builtin_expect(s->cond != VTD_FC_NONE, 0))
		return false;
	vtd_structure_fill(&s->v->ss, w->addr, w->level, s->p->did, s->p->did,
			   w->entry & VTD_SS_ADDR, w->rights);
	return true;
}

static const struct hwi_pt_hooks vtd_ss_hooks = {
	.used = vtd_ss_used,
};

/*
 * Walk for @addr. On success @w stands at the leaf.
 * @final, @max_level, @need, @write: as in &struct vtd_ss_step
 */
HWI_ALWAYS_INLINE enum vtd_fault_cond
vtd_ss_translate(struct vtd_unit *v, const struct vtd_path *p, uint64_t addr,
		 const struct vtd_walk *final, unsigned int max_level, unsigned int need, bool write,
		 struct hwi_pt_walk *w)
{
	struct vtd_ss_step s = { v, p, final, max_level, need, write, VTD_FC_NONE };
	const struct vtd_structure_payload *c;
	unsigned int level = p->ss_levels;
	enum hwi_pt_end end;

	*w = (struct hwi_pt_walk){
		.addr = addr,
		.table = p->ss_root,
		.rights = HWI_PT_READ | HWI_PT_WRITE,
	};
	c = vtd_structure_find(&v->ss, addr, p->did, &level);
	if (c) {
		w->table = c->table;
		w->rights = (unsigned int)(c->flags & VTD_STRUCTURE_RIGHTS);
	}
	w->level = level;
	end = hwi_pt_descend(&v->base, &vtd_ss_format, p->ss_rules, &vtd_ss_hooks, &s, w);
	v->base.stats[HWI_STAT_TABLE_LOADS] += w->loads;
	switch (end) {
	case HWI_PT_FOUND:
		return VTD_FC_NONE;
	case HWI_PT_NOT_PRESENT:
		w->rights = 0;
		return vtd_ss_no_rights(p, need);
	case HWI_PT_RESERVED:
		return p->legacy ? VTD_FC_LSS_2 : VTD_FC_SSS_3;
	case HWI_PT_NO_ANSWER:
		if (w->level == p->ss_levels)
			return p->legacy ? VTD_FC_LCT_4_3 : VTD_FC_SSS_4;
		return p->legacy ? VTD_FC_LSS_1 : VTD_FC_SSS_1;
	case HWI_PT_STOPPED:
		break;
	}
	return s.cond;
}

/* What a plain leaf adds. */
HWI_ALWAYS_INLINE uint64_t vtd_ss_quick_flags(const struct hwi_pt_rules *r, uint64_t entry)
{
	return (entry & VTD_SS_SNP ? VTD_IOTLB_SNP : 0) |
	       ((entry & r->dirty) == r->dirty ? VTD_IOTLB_D : 0);
}

/* What the leaf of a second-stage walk gives, as flags of an IOTLB entry. */
HWI_ALWAYS_INLINE uint64_t vtd_ss_leaf_flags(const struct hwi_pt_rules *r,
					     const struct hwi_pt_walk *w)
{
	uint64_t flags = VTD_IOTLB_US | VTD_IOTLB_Z;

	if (w->rights & HWI_PT_READ)
		flags |= VTD_IOTLB_R;
	if (w->rights & HWI_PT_WRITE)
		flags |= VTD_IOTLB_W_USER | VTD_IOTLB_W_PRIV;
	if (w->entry & VTD_SS_SNP)
		flags |= VTD_IOTLB_SNP;
	if ((w->entry & r->dirty) == r->dirty)
		flags |= VTD_IOTLB_D;
	return flags;
}

/* See &struct vtd_quick. */
HWI_ALWAYS_INLINE struct vtd_quick vtd_quick_ss(struct vtd_unit *v, const struct vtd_path *p,
						uint64_t addr)
{
	uint64_t table = p->ss_root, entry;
	unsigned int level;

	if (addr & p->ss_beyond)
		return (struct vtd_quick){ 0, 0 };
	level = vtd_quick_start(&v->ss, addr, p->did, HWI_PT_READ | HWI_PT_WRITE, p->ss_levels,
				&table);
	entry = hwi_pt_plain_near(&v->base, &vtd_ss_format, p->ss_rules, level,
				  hwi_pt_first_entry_at(&vtd_ss_format, table, addr, level, false),
				  addr);
	if (entry <= HWI_PT_FAR)
		return (struct vtd_quick){ entry, 0 };
	v->base.stats[HWI_STAT_TABLE_LOADS] += level;
	return (struct vtd_quick){ entry & VTD_SS_ADDR,
				   VTD_QUICK_ALL | vtd_ss_quick_flags(p->ss_rules, entry) };
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Second-stage translation alone: legacy mode and PGTT 010b (VT-d 5.10 §3.7). */
#include "walk_fs.h"
#include "walk_ss.h"

enum vtd_fault_cond vtd_walk_ss(struct vtd_walk *w)
{
	struct hwi_pt_walk leaf;
	enum vtd_fault_cond cond;

	if (w->addr & w->p->ss_beyond)
		return w->p->legacy ? VTD_FC_LGN_1_1 : VTD_FC_SGN_5;
	cond = vtd_ss_translate(w->v, w->p, w->addr, w, VTD_SS_ALONE, w->need, w->write, &leaf);
	if (__builtin_expect(cond != VTD_FC_NONE, 0)) {
		w->absent = !leaf.rights;
		w->had = leaf.rights;
		return cond;
	}
	w->out = hwi_pt_leaf_addr(&vtd_ss_format, leaf.entry, leaf.level);
	w->level = leaf.level;
	w->flags = vtd_ss_leaf_flags(w->p->ss_rules, &leaf);
	return VTD_FC_NONE;
}

struct vtd_quick vtd_quick_far(struct vtd_unit *v, const struct vtd_path *p, uint64_t addr)
{
	bool fs = p->pgtt == VTD_PGTT_FS;
	const struct hwi_pt_rules *r = fs ? p->fs_rules : p->ss_rules;
	uint64_t table = fs ? p->fs_root : p->ss_root, at, entry;
	/* Found as the near walk found it. */
	unsigned int level = vtd_quick_start(fs ? &v->fs : &v->ss, addr,
					     fs ? vtd_fs_key_b(p->did, p->pasid) : p->did, 0,
					     fs ? p->fs_levels : p->ss_levels, &table);

	at = hwi_pt_entry_at(&vtd_ss_format, table, addr, level); /* both have the same shape */
	entry = fs ? hwi_pt_plain_far(&v->base, &vtd_fs_format, r, level, at, addr)
		   : hwi_pt_plain_far(&v->base, &vtd_ss_format, r, level, at, addr);
	if (!entry)
		return (struct vtd_quick){ 0, 0 };
	v->base.stats[HWI_STAT_TABLE_LOADS] += level;
	return (struct vtd_quick){ entry & VTD_SS_ADDR,
				   VTD_QUICK_ALL | (fs ? vtd_fs_quick_flags(entry)
						       : vtd_ss_quick_flags(r, entry)) };
}

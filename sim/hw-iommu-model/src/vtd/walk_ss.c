/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Second-stage translation alone: legacy mode and PGTT 010b (VT-d 5.10 §3.7). */
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

struct vtd_quick vtd_quick_ss(struct vtd_unit *v, const struct vtd_path *p, uint64_t addr)
{
	const struct hwi_ram_view near = v->base.ram[0];
	const struct hwi_pt_rules *r = p->ss_rules;
	uint64_t table = p->ss_root, entry;
	unsigned int level;

	if (addr & p->ss_beyond)
		return (struct vtd_quick){ 0, 0 };
	level = vtd_quick_start(&v->ss, addr, p->did, HWI_PT_READ | HWI_PT_WRITE, p->ss_levels,
				&table);
	if (!level)
		return (struct vtd_quick){ 0, 0 };
	entry = hwi_pt_plain(&v->base, &near, &vtd_ss_format, r, level, table, addr);
	if (!entry)
		return (struct vtd_quick){ 0, 0 };
	v->base.stats[HWI_STAT_TABLE_LOADS] += level;
	return (struct vtd_quick){ entry & VTD_SS_ADDR,
				   VTD_QUICK_ALL | vtd_ss_quick_flags(r, entry) };
}

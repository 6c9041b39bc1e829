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
		return cond;
	}
	w->out = hwi_pt_leaf_addr(&vtd_ss_format, w->p->ss_rules, leaf.entry, leaf.level);
	w->level = leaf.level;
	w->flags = vtd_ss_leaf_flags(w->p->ss_rules, &leaf);
	return VTD_FC_NONE;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What walks of first-stage tables share, nested or not (VT-d 5.10 §3.6). */
#ifndef HWI_VTD_WALK_FS_H
#define HWI_VTD_WALK_FS_H

#include "walk.h"

/* Bits 63:N equal bit N-1; N is 48 or 57 by the number of levels. */
HWI_ALWAYS_INLINE bool vtd_fs_canonical(uint64_t addr, unsigned int levels)
{
	unsigned int shift = 64 - VTD_PT_LEVEL_SHIFT(levels + 1);
	uint64_t half = UINT64_C(1) << (63 - shift);

	return ((addr + half) << shift >> shift) == addr + half;
}

#define VTD_FS_ALL (HWI_PT_READ | HWI_PT_WRITE | HWI_PT_USER)

/* Whether this request's privilege may write where the tables say @rights. */
HWI_ALWAYS_INLINE bool vtd_fs_writable(const struct vtd_walk *w, unsigned int rights)
{
	return (rights & HWI_PT_WRITE) || (w->priv && !w->p->wpe);
}

/* The table of §3.6.1. */
HWI_ALWAYS_INLINE enum vtd_fault_cond vtd_fs_lacking(const struct vtd_walk *w, unsigned int rights)
{
	if (!w->priv && !(rights & HWI_PT_USER))
		return VTD_FC_SGN_2;
	if ((w->need & HWI_PT_WRITE) && !vtd_fs_writable(w, rights))
		return VTD_FC_SGN_6;
	return VTD_FC_NONE;
}

/* Set A, EA, D in host memory, if any is to be set. */
HWI_ALWAYS_INLINE enum vtd_fault_cond vtd_fs_set(struct vtd_unit *v, const struct vtd_path *p,
						 struct hwi_pt_walk *t, uint64_t set)
{
	uint64_t entry = t->entry;
	enum hwi_cas res;

	if (__builtin_expect((entry & set) == set, 1))
		return VTD_FC_NONE;
	if (!p->pwsnp)
		return VTD_FC_SFS_9;
	res = vtd_set_bits(v, t->entry_at, &entry, set);
	if (res != HWI_CAS_DONE)
		return res == HWI_CAS_CHANGED ? VTD_FC_RETRY_FS : VTD_FC_SFS_10;
	t->entry = entry;
	return VTD_FC_NONE;
}

/*
 * Where a walk of first-stage tables begins: the root, or what the paging-structure
 * cache knows, which is returned.
 */
HWI_ALWAYS_INLINE const struct vtd_structure_payload *vtd_fs_begin(const struct vtd_walk *w,
								   struct hwi_pt_walk *t)
{
	const struct vtd_path *p = w->p;
	const struct vtd_structure_payload *c;

	*t = (struct hwi_pt_walk){
		.addr = w->addr,
		.table = p->fs_root,
		.level = p->fs_levels,
		.rights = VTD_FS_ALL,
	};
	c = vtd_structure_find(&w->v->fs, w->addr, vtd_fs_key_b(p->did, p->pasid), &t->level);
	if (c) {
		t->table = c->table;
		t->rights = (unsigned int)(c->flags & VTD_STRUCTURE_RIGHTS);
	}
	return c;
}

HWI_ALWAYS_INLINE enum vtd_fault_cond vtd_fs_end(enum hwi_pt_end end, enum vtd_fault_cond stopped,
						 bool root)
{
	if (end == HWI_PT_NOT_PRESENT)
		return VTD_FC_SFS_2;
	if (end == HWI_PT_RESERVED)
		return VTD_FC_SFS_3;
	if (end == HWI_PT_NO_ANSWER)
		return root ? VTD_FC_SFS_4 : VTD_FC_SFS_1;
	return stopped;
}

HWI_ALWAYS_INLINE uint64_t vtd_fs_leaf_flags(const struct vtd_path *p, const struct hwi_pt_walk *t)
{
	uint64_t flags = VTD_IOTLB_R | VTD_IOTLB_Z;

	if (t->rights & HWI_PT_USER)
		flags |= VTD_IOTLB_US;
	if (t->rights & HWI_PT_WRITE)
		flags |= VTD_IOTLB_W_USER | VTD_IOTLB_W_PRIV;
	else if (!p->wpe)
		flags |= VTD_IOTLB_W_PRIV;
	if (t->entry & p->fs_rules->dirty)
		flags |= VTD_IOTLB_D;
	return flags;
}

/* What a plain leaf adds. */
HWI_ALWAYS_INLINE uint64_t vtd_fs_quick_flags(uint64_t entry)
{
	return entry & VTD_FS_D ? VTD_IOTLB_D : 0;
}

/* See &struct vtd_quick. */
HWI_ALWAYS_INLINE struct vtd_quick vtd_quick_fs(struct vtd_unit *v, const struct vtd_path *p,
						uint64_t addr)
{
	uint64_t table = p->fs_root, entry;
	unsigned int level;

	if (!vtd_fs_canonical(addr, p->fs_levels))
		return (struct vtd_quick){ 0, 0 };
	level = vtd_quick_start(&v->fs, addr, vtd_fs_key_b(p->did, p->pasid), VTD_FS_ALL,
				p->fs_levels, &table);
	entry = hwi_pt_plain_near(&v->base, &vtd_fs_format, p->fs_rules, level,
				  hwi_pt_first_entry_at(&vtd_fs_format, table, addr, level, false),
				  addr);
	if (entry <= HWI_PT_FAR)
		return (struct vtd_quick){ entry, 0 };
	v->base.stats[HWI_STAT_TABLE_LOADS] += level;
	return (struct vtd_quick){ entry & VTD_FS_ADDR,
				   VTD_QUICK_ALL | vtd_fs_quick_flags(entry) };
}

#endif

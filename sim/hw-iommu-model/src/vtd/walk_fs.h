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

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* VT-d first-stage paging entries (VT-d 5.10 §3.6, §9.7): those of x86-64. */
#ifndef HWI_FORMATS_VTD_FS_H
#define HWI_FORMATS_VTD_FS_H

#include "hwiommu/vtd/entries.h"
#include "hwiommu/vtd/regs.h"
#include "pt.h"

HWI_ALWAYS_INLINE enum hwi_pt_kind vtd_fs_entry_kind(const struct hwi_pt_rules *r, uint64_t entry,
					       unsigned int level)
{
	(void)r;
	if (!(entry & VTD_FS_P))
		return HWI_PT_EMPTY;
	if (level == 1 || (level <= 3 && (entry & VTD_FS_PS)))
		return HWI_PT_LEAF;
	return HWI_PT_TABLE;
}

/* There is no separate right to read; U/S and R/W stand side by side. */
HWI_ALWAYS_INLINE unsigned int vtd_fs_entry_rights(const struct hwi_pt_rules *r, uint64_t entry)
{
	(void)r;
	_Static_assert(VTD_FS_RW == HWI_PT_WRITE && VTD_FS_US == HWI_PT_USER,
		       "rights are taken as they stand");
	return HWI_PT_READ | ((unsigned int)entry & (unsigned int)(VTD_FS_RW | VTD_FS_US));
}

HWI_ALWAYS_INLINE uint64_t vtd_fs_entry_table(const struct hwi_pt_rules *r, uint64_t addr,
					unsigned int rights)
{
	(void)r;
	return addr | VTD_FS_P | (rights & (HWI_PT_WRITE | HWI_PT_USER));
}

HWI_ALWAYS_INLINE uint64_t vtd_fs_entry_leaf(const struct hwi_pt_rules *r, uint64_t addr,
				       unsigned int level, unsigned int rights)
{
	return vtd_fs_entry_table(r, addr, rights) | (level > 1 ? VTD_FS_PS : 0);
}

static const struct hwi_pt_format vtd_fs_format = {
	.name = "first-stage",
	.page_log2 = VTD_PAGE_SHIFT,
	.index_log2 = 9,
	.entry_size = VTD_FS_ENTRY_SIZE,
	.addr = VTD_FS_ADDR,
	.kind = vtd_fs_entry_kind,
	.rights = vtd_fs_entry_rights,
};

#define VTD_FS_BUILDER { vtd_fs_entry_leaf, vtd_fs_entry_table }

/* Rules of a unit with these capabilities; @eafe: PASID entry's EAFE. */
static inline void vtd_fs_rules(struct hwi_pt_rules *r, uint64_t cap, unsigned int haw, bool eafe)
{
	/* 51:HAW in every entry */
	uint64_t all = haw < 52 ? HWI_MASK64(51, 0) & ~((UINT64_C(1) << haw) - 1) : 0;

	*r = (struct hwi_pt_rules){
		.accessed = VTD_FS_A | (eafe ? VTD_FS_EA : 0),
		.dirty = VTD_FS_D,
	};
	for (unsigned int level = 1; level <= HWI_PT_LEVELS; level++) {
		r->rsvd_table[level] = all | (level >= 4 ? VTD_FS_RSVD_TOP : 0);
		r->rsvd_leaf[level] = all;
	}
	r->rsvd_leaf[2] |= VTD_FS_RSVD_2M;
	r->rsvd_leaf[3] |= VTD_FS_RSVD_1G | (cap & VTD_CAP_FS1GP ? 0 : VTD_FS_PS);

	r->plain = VTD_FS_P | VTD_FS_RW | VTD_FS_US | r->accessed;
	r->plain_leaf = r->plain;
	r->plain_mask[1] = r->plain | r->rsvd_leaf[1];
	for (unsigned int level = 2; level <= HWI_PT_LEVELS; level++)
		r->plain_mask[level] = r->plain | r->rsvd_table[level] | VTD_FS_PS;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* VT-d second-stage paging entries (VT-d 5.10 §3.7, §9.8). */
#ifndef HWI_FORMATS_VTD_SS_H
#define HWI_FORMATS_VTD_SS_H

#include "hwiommu/vtd/entries.h"
#include "hwiommu/vtd/regs.h"
#include "pt.h"

/* hwi_pt_rules.variant: where the two right bits stand. */
#define VTD_SS_RIGHTS_RW 0u    /* R and W, bits 1:0 */
#define VTD_SS_RIGHTS_IRIW 61u /* IR and IW with RTADDR.SSIRWE, bits 62:61 */

_Static_assert(HWI_PT_READ == 1 && HWI_PT_WRITE == 2, "rights are taken as they stand");

HWI_ALWAYS_INLINE unsigned int vtd_ss_entry_rights(const struct hwi_pt_rules *r, uint64_t entry)
{
	return (unsigned int)(entry >> r->variant) & (HWI_PT_READ | HWI_PT_WRITE);
}

HWI_ALWAYS_INLINE enum hwi_pt_kind vtd_ss_entry_kind(const struct hwi_pt_rules *r, uint64_t entry,
					       unsigned int level)
{
	if (!vtd_ss_entry_rights(r, entry))
		return HWI_PT_EMPTY;
	if (level == 1 || (level <= 3 && (entry & VTD_SS_PS)))
		return HWI_PT_LEAF;
	return HWI_PT_TABLE;
}

HWI_ALWAYS_INLINE uint64_t vtd_ss_entry_table(const struct hwi_pt_rules *r, uint64_t addr,
					unsigned int rights)
{
	return addr | (uint64_t)(rights & (HWI_PT_READ | HWI_PT_WRITE)) << r->variant;
}

HWI_ALWAYS_INLINE uint64_t vtd_ss_entry_leaf(const struct hwi_pt_rules *r, uint64_t addr,
				       unsigned int level, unsigned int rights)
{
	return vtd_ss_entry_table(r, addr, rights) | (level > 1 ? VTD_SS_PS : 0);
}

static const struct hwi_pt_format vtd_ss_format = {
	.name = "second-stage",
	.page_log2 = VTD_PAGE_SHIFT,
	.index_log2 = 9,
	.entry_size = VTD_SS_ENTRY_SIZE,
	.addr = VTD_SS_ADDR,
	.kind = vtd_ss_entry_kind,
	.rights = vtd_ss_entry_rights,
};

#define VTD_SS_BUILDER { vtd_ss_entry_leaf, vtd_ss_entry_table }

/*
 * Rules of a unit with these capabilities.
 * @haw: host address width in bits
 * @ssirwe: RTADDR.SSIRWE
 * @ssade: PASID entry's SSADE: A and D are set
 */
static inline void vtd_ss_rules(struct hwi_pt_rules *r, uint64_t cap, uint64_t ecap,
				unsigned int haw, bool ssirwe, bool ssade)
{
	/* 51:HAW in every entry; IW where it is none (§9.8) */
	uint64_t all = haw < 52 ? HWI_MASK64(51, 0) & ~((UINT64_C(1) << haw) - 1) : 0;
	uint64_t snp = ecap & VTD_ECAP_SC ? 0 : VTD_SS_SNP;

	if (!ssirwe)
		all |= VTD_SS_IW;
	*r = (struct hwi_pt_rules){
		.accessed = ssade ? VTD_SS_A : 0,
		.dirty = ssade ? VTD_SS_D : 0,
		.variant = ssirwe ? VTD_SS_RIGHTS_IRIW : VTD_SS_RIGHTS_RW,
	};
	for (unsigned int level = 1; level <= HWI_PT_LEVELS; level++) {
		r->rsvd_table[level] = all | (level >= 4 ? VTD_SS_RSVD_TOP : VTD_SS_RSVD_TABLE);
		r->rsvd_leaf[level] = all | snp;
	}
	r->rsvd_leaf[2] |= VTD_SS_RSVD_2M | (cap & VTD_CAP_SSLPS_2M ? 0 : VTD_SS_PS);
	r->rsvd_leaf[3] |= VTD_SS_RSVD_1G | (cap & VTD_CAP_SSLPS_1G ? 0 : VTD_SS_PS);

	r->plain = UINT64_C(3) << r->variant | r->accessed;
	r->plain_leaf = r->plain;
	r->plain_mask[1] = r->plain | r->rsvd_leaf[1];
	for (unsigned int level = 2; level <= HWI_PT_LEVELS; level++)
		r->plain_mask[level] = r->plain | r->rsvd_table[level] | VTD_SS_PS;
}

#endif

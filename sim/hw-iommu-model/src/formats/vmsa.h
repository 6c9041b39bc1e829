/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What both stages of VMSAv8-64 share (Arm DDI 0487 D8.2, D8.3; SMMUv3 §3.4):
 * descriptor types, levels of the three granules, output addresses.
 *
 * Level n here is lookup level 4 - n of the architecture, so 1 is the level of pages.
 */
#ifndef HWI_FORMATS_VMSA_H
#define HWI_FORMATS_VMSA_H

#include "hwiommu/smmuv3/vmsa.h"
#include "pt.h"

#define VMSA_LEVEL(lookup) (4u - (lookup))

#define VMSA_TABLE_OR_PAGE (VMSA_DESC_TYPE & ~VMSA_DESC_VALID)

/* hwi_pt_rules.variant: bit n: a block may stand at level n. */
#define VMSA_R_BLOCK(level) (1u << (level))
#define VMSA_R_OA52 (1u << 8)	/* 64K granule: bits 15:12 are address bits 51:48 */
#define VMSA_R_DIRTY (1u << 9)	/* HD: DBM makes a read-only leaf a writable-clean one */
#define VMSA_R_NO_HIER (1u << 10) /* HAD: no hierarchical permissions */
#define VMSA_R_ONE_PRIV (1u << 11) /* NS-EL2: one privilege level */
#define VMSA_R_ONE_XN (1u << 12)   /* IDR3.XNX=0: stage 2 has XN[1] alone */

HWI_ALWAYS_INLINE enum hwi_pt_kind vmsa_kind(const struct hwi_pt_rules *r, uint64_t entry,
					     unsigned int level)
{
	if (!(entry & VMSA_DESC_VALID))
		return HWI_PT_EMPTY;
	if (entry & VMSA_TABLE_OR_PAGE)
		return level == 1 ? HWI_PT_LEAF : HWI_PT_TABLE;
	/* A block: where none may be, and 01b at level 3, nothing is mapped. */
	return level > 1 && (r->variant & VMSA_R_BLOCK(level)) ? HWI_PT_LEAF : HWI_PT_EMPTY;
}

HWI_ALWAYS_INLINE uint64_t vmsa_out_4k(const struct hwi_pt_rules *r, uint64_t entry)
{
	(void)r;
	return entry & VMSA_DESC_ADDR(12);
}

HWI_ALWAYS_INLINE uint64_t vmsa_out_16k(const struct hwi_pt_rules *r, uint64_t entry)
{
	(void)r;
	return entry & VMSA_DESC_ADDR(14);
}

HWI_ALWAYS_INLINE uint64_t vmsa_out_64k(const struct hwi_pt_rules *r, uint64_t entry)
{
	uint64_t out = entry & VMSA_DESC_ADDR(16);

	if (r->variant & VMSA_R_OA52)
		out |= HWI_GET(VMSA_DESC_ADDR_51_48_64K, entry) << 48;
	return out;
}

/* First address of the page or block that a leaf maps. */
HWI_ALWAYS_INLINE uint64_t vmsa_leaf_out(const struct hwi_pt_format *f,
					 const struct hwi_pt_rules *r, uint64_t entry,
					 unsigned int level)
{
	return hwi_pt_out(f, r, entry) & ~((UINT64_C(1) << hwi_pt_shift(f, level)) - 1);
}

/* log2 of the bytes that an entry of a level maps; @page_log2: 12, 14, 16. */
static inline unsigned int vmsa_shift(unsigned int page_log2, unsigned int level)
{
	return page_log2 + (level - 1) * (page_log2 - 3);
}

/*
 * Rules of both stages: where blocks may be (D8.2.8 to D8.2.10, without LPA2), and
 * what bits of an address are beyond the output size (an Address size fault).
 * @out_bits: effective IPS or S2PS; @oas: of the unit
 */
static inline void vmsa_rules(struct hwi_pt_rules *r, unsigned int page_log2,
			      unsigned int out_bits, unsigned int oas)
{
	uint64_t beyond = out_bits < 48 ? HWI_MASK64(47, 0) & ~((UINT64_C(1) << out_bits) - 1) : 0;

	*r = (struct hwi_pt_rules){ .variant = VMSA_R_BLOCK(2) };
	if (page_log2 == 12)
		r->variant |= VMSA_R_BLOCK(3);
	if (page_log2 == 16 && oas == 52) {
		r->variant |= VMSA_R_BLOCK(3) | VMSA_R_OA52;
		if (out_bits <= 48)
			beyond |= VMSA_DESC_ADDR_51_48_64K;
	}
	for (unsigned int level = 1; level <= HWI_PT_LEVELS; level++) {
		unsigned int shift = vmsa_shift(page_log2, level);
		uint64_t in_page = shift < 48 ? (UINT64_C(1) << shift) - 1 : HWI_MASK64(47, 0);

		r->rsvd_table[level] = beyond;
		/* Bits below a block's address are RES0, no address: 41:40 of one of 4 TiB. */
		r->rsvd_leaf[level] = beyond & (~in_page | VMSA_DESC_ADDR_51_48_64K);
	}
}

/* The usual table entry: with an address as it stands, and no limits (@limits). */
static inline void vmsa_plain_tables(struct hwi_pt_rules *r, unsigned int page_log2,
				     uint64_t limits)
{
	if (page_log2 == 16)
		limits |= VMSA_DESC_ADDR_51_48_64K;
	r->plain = VMSA_DESC_VALID | VMSA_TABLE_OR_PAGE;
	for (unsigned int level = 2; level <= HWI_PT_LEVELS; level++)
		r->plain_mask[level] = r->plain | r->rsvd_table[level] | limits;
}

#endif

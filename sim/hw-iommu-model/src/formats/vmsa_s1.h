/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage 1 descriptors of VMSAv8-64, Direct permissions (Arm DDI 0487 D8.3.1, D8.4.1). */
#ifndef HWI_FORMATS_VMSA_S1_H
#define HWI_FORMATS_VMSA_S1_H

#include "vmsa.h"

/* Rights of stage 1, by privilege. */
#define VMSA_UR (1u << 0)
#define VMSA_UW (1u << 1)
#define VMSA_UX (1u << 2)
#define VMSA_PR (1u << 3)
#define VMSA_PW (1u << 4)
#define VMSA_PX (1u << 5)
#define VMSA_S1_RIGHTS 0x3fu

/* DBM, with HD: a write makes the leaf dirty if it is not. */
HWI_ALWAYS_INLINE bool vmsa_s1_marked(const struct hwi_pt_rules *r, uint64_t entry)
{
	return (r->variant & VMSA_R_DIRTY) && (entry & VMSA_DESC_DBM);
}

/* A leaf that a write makes dirty instead of failing: read-only by AP, with DBM and HD. */
HWI_ALWAYS_INLINE bool vmsa_s1_clean(const struct hwi_pt_rules *r, uint64_t entry)
{
	return vmsa_s1_marked(r, entry) && (entry & VMSA_S1_AP_RO);
}

HWI_ALWAYS_INLINE unsigned int vmsa_s1_leaf_rights(const struct hwi_pt_rules *r, uint64_t entry)
{
	bool write = !(entry & VMSA_S1_AP_RO) || vmsa_s1_marked(r, entry);
	unsigned int rights = VMSA_PR | (write ? VMSA_PW : 0);

	if (r->variant & VMSA_R_ONE_PRIV) {
		rights |= entry & VMSA_S1_UXN ? 0 : VMSA_PX;
		return rights | rights >> 3;
	}
	if (entry & VMSA_S1_AP_UNPRIV)
		rights |= VMSA_UR | (write ? VMSA_UW : 0);
	if (!(entry & VMSA_S1_UXN))
		rights |= VMSA_UX;
	if (!(entry & VMSA_S1_PXN))
		rights |= VMSA_PX;
	return rights;
}

/* What a table leaves over: APTable, UXNTable, PXNTable (D8.4.1). */
HWI_ALWAYS_INLINE unsigned int vmsa_s1_table_rights(const struct hwi_pt_rules *r, uint64_t entry)
{
	unsigned int rights = VMSA_S1_RIGHTS;

	if (r->variant & VMSA_R_NO_HIER)
		return rights;
	if (entry & VMSA_S1_TABLE_AP_NO_WRITE)
		rights &= ~(VMSA_UW | VMSA_PW);
	if (r->variant & VMSA_R_ONE_PRIV) {
		if (entry & VMSA_S1_TABLE_UXN)
			rights &= ~(VMSA_UX | VMSA_PX);
		return rights;
	}
	if (entry & VMSA_S1_TABLE_AP_NO_UNPRIV)
		rights &= ~(VMSA_UR | VMSA_UW);
	if (entry & VMSA_S1_TABLE_UXN)
		rights &= ~VMSA_UX;
	if (entry & VMSA_S1_TABLE_PXN)
		rights &= ~VMSA_PX;
	return rights;
}

#define VMSA_S1_FORMAT(log2, suffix, mask) \
	static const struct hwi_pt_format vmsa_s1_##suffix##_format = { \
		.name = "stage 1, " #suffix, \
		.page_log2 = (log2), \
		.index_log2 = (log2) - 3, \
		.entry_size = VMSA_DESC_SIZE, \
		.addr = (mask), \
		.kind = vmsa_kind, \
		.rights = vmsa_s1_leaf_rights, \
		.table_rights = vmsa_s1_table_rights, \
		.out = vmsa_out_##suffix, \
	}

VMSA_S1_FORMAT(12, 4k, VMSA_DESC_ADDR(12));
VMSA_S1_FORMAT(14, 16k, VMSA_DESC_ADDR(14));
VMSA_S1_FORMAT(16, 64k, VMSA_DESC_ADDR(16));

/**
 * struct vmsa_s1_mode - what a context descriptor says about all of its tables
 * @page_log2: granule
 * @out_bits: effective IPS
 * @oas: the unit's
 * @af: AF=0 matters: AFFD=0, or HA
 * @hd: HD with HA
 * @had: HADx
 * @one_priv: NS-EL2
 */
struct vmsa_s1_mode {
	uint8_t page_log2, out_bits, oas;
	bool af, hd, had, one_priv;
};

static inline void vmsa_s1_rules(struct hwi_pt_rules *r, const struct vmsa_s1_mode *m)
{
	vmsa_rules(r, m->page_log2, m->out_bits, m->oas);
	r->variant |= (m->hd ? VMSA_R_DIRTY : 0) | (m->had ? VMSA_R_NO_HIER : 0) |
		      (m->one_priv ? VMSA_R_ONE_PRIV : 0);
	r->accessed = m->af ? VMSA_DESC_AF : 0;
	vmsa_plain_tables(r, m->page_log2,
			  m->had ? 0
				 : VMSA_S1_TABLE_AP_NO_WRITE | VMSA_S1_TABLE_AP_NO_UNPRIV |
					   VMSA_S1_TABLE_UXN | VMSA_S1_TABLE_PXN);
	/* Readable and writable by both privileges, not global. */
	r->plain_leaf = VMSA_DESC_VALID | VMSA_TABLE_OR_PAGE | r->accessed | VMSA_S1_AP_UNPRIV |
			(m->one_priv ? 0 : VMSA_S1_NG);
	r->plain_mask[1] = r->plain_leaf | r->rsvd_leaf[1] | VMSA_S1_AP_RO |
			   (m->page_log2 == 16 ? VMSA_DESC_ADDR_51_48_64K : 0);
}

#endif

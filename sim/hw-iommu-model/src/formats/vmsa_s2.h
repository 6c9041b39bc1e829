/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage 2 descriptors of VMSAv8-64 (Arm DDI 0487 D8.3.1, D8.4.2). */
#ifndef HWI_FORMATS_VMSA_S2_H
#define HWI_FORMATS_VMSA_S2_H

#include "vmsa.h"

/* Rights of stage 2: data for both privileges alike, execution by privilege (XNX). */
#define VMSA_S2_R (1u << 0)
#define VMSA_S2_W (1u << 1)
#define VMSA_S2_UX (1u << 2)
#define VMSA_S2_PX (1u << 3)
#define VMSA_S2_RIGHTS 0xfu

/* DBM, with HD: a write makes the leaf dirty if it is not. */
HWI_ALWAYS_INLINE bool vmsa_s2_marked(const struct hwi_pt_rules *r, uint64_t entry)
{
	return (r->variant & VMSA_R_DIRTY) && (entry & VMSA_DESC_DBM);
}

/* A leaf that a write makes dirty instead of failing. */
HWI_ALWAYS_INLINE bool vmsa_s2_clean(const struct hwi_pt_rules *r, uint64_t entry)
{
	return vmsa_s2_marked(r, entry) && !(entry & VMSA_S2_S2AP_W);
}

HWI_ALWAYS_INLINE unsigned int vmsa_s2_leaf_rights(const struct hwi_pt_rules *r, uint64_t entry)
{
	/* XN[1:0]: 00 all may execute, 01 unprivileged, 10 nobody, 11 privileged. */
	static const unsigned char exec[] = { VMSA_S2_UX | VMSA_S2_PX, VMSA_S2_UX, 0, VMSA_S2_PX };
	uint64_t xn = r->variant & VMSA_R_ONE_XN ? VMSA_S2_XN_1 : VMSA_S2_XN;
	unsigned int rights = exec[HWI_GET32(VMSA_S2_XN, entry & xn)];

	if (entry & VMSA_S2_S2AP_R)
		rights |= VMSA_S2_R;
	if ((entry & VMSA_S2_S2AP_W) || vmsa_s2_marked(r, entry))
		rights |= VMSA_S2_W;
	return rights;
}

/* No hierarchical permissions at stage 2. */
HWI_ALWAYS_INLINE unsigned int vmsa_s2_table_rights(const struct hwi_pt_rules *r, uint64_t entry)
{
	(void)r;
	(void)entry;
	return VMSA_S2_RIGHTS;
}

#define VMSA_S2_FORMAT(log2, suffix, mask) \
	static const struct hwi_pt_format vmsa_s2_##suffix##_format = { \
		.name = "stage 2, " #suffix, \
		.page_log2 = (log2), \
		.index_log2 = (log2) - 3, \
		.entry_size = VMSA_DESC_SIZE, \
		.addr = (mask), \
		.kind = vmsa_kind, \
		.rights = vmsa_s2_leaf_rights, \
		.table_rights = vmsa_s2_table_rights, \
		.out = vmsa_out_##suffix, \
	}

VMSA_S2_FORMAT(12, 4k, VMSA_DESC_ADDR(12));
VMSA_S2_FORMAT(14, 16k, VMSA_DESC_ADDR(14));
VMSA_S2_FORMAT(16, 64k, VMSA_DESC_ADDR(16));

/**
 * struct vmsa_s2_mode - what a stream table entry says about its stage 2 tables
 * @page_log2: granule
 * @out_bits: effective S2PS
 * @oas: the unit's
 * @af: AF=0 matters: S2AFFD=0, or S2HA
 * @hd: S2HD with S2HA
 * @xnx: IDR3.XNX
 */
struct vmsa_s2_mode {
	uint8_t page_log2, out_bits, oas;
	bool af, hd, xnx;
};

static inline void vmsa_s2_rules(struct hwi_pt_rules *r, const struct vmsa_s2_mode *m)
{
	vmsa_rules(r, m->page_log2, m->out_bits, m->oas);
	r->variant |= (m->hd ? VMSA_R_DIRTY : 0) | (m->xnx ? 0 : VMSA_R_ONE_XN);
	r->accessed = m->af ? VMSA_DESC_AF : 0;
	vmsa_plain_tables(r, m->page_log2, 0);
	r->plain_leaf = VMSA_DESC_VALID | VMSA_TABLE_OR_PAGE | r->accessed | VMSA_S2_S2AP_R |
			VMSA_S2_S2AP_W;
	r->plain_mask[1] = r->plain_leaf | r->rsvd_leaf[1] |
			   (m->page_log2 == 16 ? VMSA_DESC_ADDR_51_48_64K : 0);
}

#endif

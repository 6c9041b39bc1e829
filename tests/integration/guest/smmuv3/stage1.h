/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stage-1 tables and context descriptors that this process owns (Arm DDI 0487 §D8.3, Arm IHI 0070 §5.4), in a buffer that
 * is mapped at @gpa in the nesting parent. Written from the specifications on their own, so that they can disagree with
 * the model and with the kernel's io-pgtable.
 */
#ifndef TOUR_SMMUV3_STAGE1_H
#define TOUR_SMMUV3_STAGE1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stage-1 descriptors */
#define S1_VALID	(1ull << 0)
#define S1_TABLE	(1ull << 1)	/* below level 3: a table, not a block; at level 3: a page */
#define S1_UNPRIV	(1ull << 6)	/* AP[1] */
#define S1_RO		(1ull << 7)	/* AP[2] */
#define S1_ISH		(3ull << 8)
#define S1_AF		(1ull << 10)
#define S1_NG		(1ull << 11)
#define S1_DBM		(1ull << 51)
#define S1_ADDR		0x0000fffffffff000ull

#define S1_RW_PAGE	(S1_VALID | S1_UNPRIV | S1_ISH | S1_AF | S1_NG)

#define S1_VA_BITS	48

struct stage1 {
	unsigned int shift;	/* of the granule: 12, 14, 16 */
	uint64_t gpa;
	uint8_t *mem;
	size_t used, len;
};

/* The first granule of @mem is the initial table. */
void stage1_init(struct stage1 *s, unsigned int shift, uint64_t gpa, void *mem, size_t len);
unsigned int stage1_start_level(const struct stage1 *s);
unsigned int stage1_level_shift(const struct stage1 *s, unsigned int level);	/* log2 of what an entry covers */
/* A page (level 3) or block; @attr: S1_RW_PAGE, with S1_RO ...; tables are made as needed. */
void stage1_map(struct stage1 *s, uint64_t va, uint64_t gpa, unsigned int level, uint64_t attr);
volatile uint64_t *stage1_entry(struct stage1 *s, uint64_t va, unsigned int level);

/* Context descriptor: 8 words. @oas: IDR5.OAS, used as IPS. V is written last. */
#define CD_WORDS	8
#define CD_V		(1ull << 31)
#define CD_HD		(1ull << 42)
#define CD_HA		(1ull << 43)
#define CD_S		(1ull << 44)
#define CD_R		(1ull << 45)
#define CD_A		(1ull << 46)
#define CD_ASID(a)	((uint64_t)(a) << 48)

void cd_write(volatile uint64_t *cd, const struct stage1 *s, uint16_t asid, unsigned int oas, uint64_t flags);

#endif /* TOUR_SMMUV3_STAGE1_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A first-stage table that this process owns (VT-d 5.10 §3.6, §9.9): pages of 512 entries of 64 bits in a buffer that
 * is mapped at @gpa in the nesting parent. Written from the specification on its own, so that it can disagree with the
 * model.
 */
#ifndef TOUR_S1_H
#define TOUR_S1_H

#include <stddef.h>
#include <stdint.h>

#define S1_P	(1ull << 0)
#define S1_RW	(1ull << 1)
#define S1_US	(1ull << 2)
#define S1_A	(1ull << 5)
#define S1_D	(1ull << 6)
#define S1_PS	(1ull << 7)
#define S1_EA	(1ull << 10)	/* with EAFE */
#define S1_ADDR	0x000ffffffffff000ull

struct s1 {
	unsigned int levels;	/* 4 or 5 */
	uint64_t gpa;
	uint64_t (*page)[512];
	unsigned int used, pages;
};

/* The first page is the root. */
void s1_init(struct s1 *s, unsigned int levels, uint64_t gpa, void *mem, size_t len);
/* @shift: 12, 21 or 30; @flags: S1_RW, or 0 for read-only. Tables are made as needed. */
void s1_map(struct s1 *s, uint64_t va, uint64_t gpa, unsigned int shift, uint64_t flags);
volatile uint64_t *s1_entry(struct s1 *s, uint64_t va, unsigned int level);	/* level 1: PTE, ... levels: root's */

#endif /* TOUR_S1_H */

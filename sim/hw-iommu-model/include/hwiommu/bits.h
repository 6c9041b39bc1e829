/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Bit fields and little-endian bytes.
 *
 * The headers with the hardware's own layouts (vtd/, ...) are shared by the library, its tests, the QEMU glue and the
 * kernel driver, so this file needs nothing but the fixed-width types.
 */
#ifndef HWIOMMU_BITS_H
#define HWIOMMU_BITS_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

/* One bit; @n counts from 0 as the specifications do. */
#define HWI_BIT32(n)		(UINT32_C(1) << (n))
#define HWI_BIT64(n)		(UINT64_C(1) << (n))

/* Bits hi:lo, both included, hi >= lo. */
#define HWI_MASK32(hi, lo) \
	((UINT32_C(0xffffffff) >> (31 - (hi))) & (UINT32_C(0xffffffff) << (lo)))
#define HWI_MASK64(hi, lo) \
	((UINT64_C(0xffffffffffffffff) >> (63 - (hi))) & (UINT64_C(0xffffffffffffffff) << (lo)))

/* Every bit of a word: for words that are reserved whole. */
#define HWI_ALL64		UINT64_C(0xffffffffffffffff)

#ifdef __KERNEL__
#ifndef UINT32_C
#define UINT32_C(c)		c ## U
#endif
#ifndef UINT64_C
#define UINT64_C(c)		c ## ULL
#endif
#endif

/* Lowest set bit of a mask: 2^(position of the field). */
#define HWI_LSB(mask)		((mask) & (~(mask) + 1U))

/*
 * A field of a word. @mask is a non-zero constant of contiguous bits, named in the family's header; the position comes
 * from it. All of them are constant expressions when their arguments are, and each argument but @mask is evaluated once.
 *
 * HWI_GET(mask, word)        the field's value, as uint64_t
 * HWI_GET32(mask, word)      the same as uint32_t, for fields of at most 32 bits
 * HWI_PUT(mask, value)       @value in its place, other bits 0, as uint64_t; bits that do not fit are dropped
 * HWI_PUT32(mask, value)     the same for a 32-bit word
 * HWI_SET(mask, word, value) @word with the field replaced, as uint64_t
 * HWI_MAX(mask)              the largest value that fits
 */
#define HWI_GET(mask, word)	(((uint64_t)(word) & (uint64_t)(mask)) / HWI_LSB((uint64_t)(mask)))
#define HWI_GET32(mask, word)	((uint32_t)HWI_GET(mask, word))
#define HWI_PUT(mask, value)	(((uint64_t)(value) * HWI_LSB((uint64_t)(mask))) & (uint64_t)(mask))
#define HWI_PUT32(mask, value)	((uint32_t)HWI_PUT(mask, value))
#define HWI_SET(mask, word, value) \
	(((uint64_t)(word) & ~(uint64_t)(mask)) | HWI_PUT(mask, value))
#define HWI_MAX(mask)		((uint64_t)(mask) / HWI_LSB((uint64_t)(mask)))

/* Little-endian loads and stores on bytes of any alignment, on any host. */
static inline uint16_t hwi_ld16(const void *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return (uint16_t)(b[0] | (unsigned int)b[1] << 8);
}

static inline uint32_t hwi_ld32(const void *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint64_t hwi_ld64(const void *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return hwi_ld32(b) | (uint64_t)hwi_ld32(b + 4) << 32;
}

static inline void hwi_st16(void *p, uint16_t v)
{
	uint8_t *b = (uint8_t *)p;

	b[0] = (uint8_t)(v & 0xff);
	b[1] = (uint8_t)(v >> 8);
}

static inline void hwi_st32(void *p, uint32_t v)
{
	uint8_t *b = (uint8_t *)p;

	b[0] = (uint8_t)(v & 0xff);
	b[1] = (uint8_t)((v >> 8) & 0xff);
	b[2] = (uint8_t)((v >> 16) & 0xff);
	b[3] = (uint8_t)(v >> 24);
}

static inline void hwi_st64(void *p, uint64_t v)
{
	uint8_t *b = (uint8_t *)p;

	hwi_st32(b, (uint32_t)(v & UINT32_C(0xffffffff)));
	hwi_st32(b + 4, (uint32_t)(v >> 32));
}

#endif /* HWIOMMU_BITS_H */

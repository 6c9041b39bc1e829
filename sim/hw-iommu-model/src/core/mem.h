/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Access to host memory: table loads by plain atomic loads where the machine has
 * given us a view of its RAM, else by callback. All tables are little-endian.
 */
#ifndef HWI_CORE_MEM_H
#define HWI_CORE_MEM_H

#include <string.h>

#include "unit.h"

static inline const unsigned char *hwi_ram_at(const struct hwi_unit *unit, uint64_t addr,
					      uint64_t len)
{
	for (unsigned int i = 0; i < unit->ram_count; i++) {
		const struct hwi_ram_view *r = &unit->ram[i];
		uint64_t off = addr - r->base;

		if (off < r->size && len <= r->size - off)
			return r->host + off;
	}
	return NULL;
}

static inline uint64_t hwi_le64_host(uint64_t v)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(v);
#else
	return v;
#endif
}

/* One word by callback. */
bool hwi_load64_slow(struct hwi_unit *unit, uint64_t addr, uint64_t *val);

/* Where a word of memory is, in any view but the first; NULL if in none. */
const unsigned char *hwi_ram_far(const struct hwi_unit *unit, uint64_t addr)
	__attribute__((pure));

/*
 * Single-copy atomic. What depends on a word of a table is loaded from an address
 * made of it, which orders the loads.
 */
static inline uint64_t hwi_ram_load(const uint64_t *p)
{
	return hwi_le64_host(__atomic_load_n(p, __ATOMIC_RELAXED));
}

/*
 * One naturally aligned 64-bit word, single-copy atomic. False: access error.
 *
 * Views are whole pages at page-aligned addresses, so that an aligned word that
 * begins in one ends in it, and is aligned there too.
 */
static inline bool hwi_load64_uncounted(struct hwi_unit *unit, uint64_t addr, uint64_t *val)
{
	uint64_t off = addr - unit->ram[0].base;
	const unsigned char *p;

	if (__builtin_expect(off < unit->ram[0].size, 1)) {
		p = unit->ram[0].host + off;
	} else {
		p = hwi_ram_far(unit, addr);
		if (!p)
			return hwi_load64_slow(unit, addr, val);
	}
	*val = hwi_ram_load((const uint64_t *)(const void *)p);
	return true;
}

/* The same for a table entry, counted as such. */
static inline bool hwi_load64(struct hwi_unit *unit, uint64_t addr, uint64_t *val)
{
	hwi_count(unit, HWI_STAT_TABLE_LOADS);
	return hwi_load64_uncounted(unit, addr, val);
}

/*
 * @n (an even number) 64-bit words of a larger entry, as little-endian host values. Not atomic as
 * a whole: hardware may tear such entries at 16-byte borders (VT-d 5.10 §9).
 */
bool hwi_load_words(struct hwi_unit *unit, uint64_t addr, uint64_t *words, unsigned int n);

/* Bytes as they are. */
bool hwi_mem_write(struct hwi_unit *unit, uint64_t addr, const void *buf, size_t len);

static inline enum hwi_cas hwi_mem_cas64(struct hwi_unit *unit, uint64_t addr,
					 uint64_t expected, uint64_t desired)
{
	return unit->host->cas64(unit->opaque, hwi_hpa(addr), expected, desired);
}

#endif

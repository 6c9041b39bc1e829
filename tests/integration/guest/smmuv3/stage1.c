// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "smmuv3/stage1.h"
#include "tour.h"

void stage1_init(struct stage1 *s, unsigned int shift, uint64_t gpa, void *mem, size_t len)
{
	memset(mem, 0, len);
	*s = (struct stage1){ .shift = shift, .gpa = gpa, .mem = mem, .used = 1ul << shift, .len = len };
}

/* Each level resolves shift - 3 bits, the last one those above the page (DDI 0487 §D8.2.8 - §D8.2.10). */
unsigned int stage1_level_shift(const struct stage1 *s, unsigned int level)
{
	return s->shift + (s->shift - 3) * (3 - level);
}

unsigned int stage1_start_level(const struct stage1 *s)
{
	unsigned int level = 3;

	while (stage1_level_shift(s, level) + s->shift - 3 < S1_VA_BITS)
		level--;
	return level;
}

static uint64_t *slot(const struct stage1 *s, uint64_t *table, uint64_t va, unsigned int level)
{
	return &table[(va & ((1ull << S1_VA_BITS) - 1)) >> stage1_level_shift(s, level) & ((1ull << (s->shift - 3)) - 1)];
}

static uint64_t *table_at(const struct stage1 *s, uint64_t entry)
{
	return (uint64_t *)(s->mem + ((entry & S1_ADDR & ~((1ull << s->shift) - 1)) - s->gpa));
}

volatile uint64_t *stage1_entry(struct stage1 *s, uint64_t va, unsigned int level)
{
	uint64_t *table = (uint64_t *)s->mem;

	for (unsigned int l = stage1_start_level(s); l < level; l++) {
		uint64_t e = *slot(s, table, va, l);

		want((e & (S1_VALID | S1_TABLE)) == (S1_VALID | S1_TABLE), "no stage-1 table below level %u for %#llx",
		     l, (unsigned long long)va);
		table = table_at(s, e);
	}
	return slot(s, table, va, level);
}

void stage1_map(struct stage1 *s, uint64_t va, uint64_t gpa, unsigned int level, uint64_t attr)
{
	uint64_t *table = (uint64_t *)s->mem, *e;

	for (unsigned int l = stage1_start_level(s); l < level; l++) {
		e = slot(s, table, va, l);
		if (!(*e & S1_VALID)) {
			want(s->used + (1ul << s->shift) <= s->len, "no room for another stage-1 table");
			*e = (s->gpa + s->used) | S1_VALID | S1_TABLE;
			s->used += 1ul << s->shift;
		}
		table = table_at(s, *e);
	}
	e = slot(s, table, va, level);
	__atomic_store_n(e, gpa | attr | (level == 3 ? S1_TABLE : 0), __ATOMIC_RELEASE);
}

/* IHI 0070 §5.4. Granules of TG0: 0 is 4 KiB, 1 is 64 KiB, 2 is 16 KiB. Memory attribute 0 is Normal, write-back. */
void cd_write(volatile uint64_t *cd, const struct stage1 *s, uint16_t asid, unsigned int oas, uint64_t flags)
{
	const uint64_t tg0 = s->shift == 12 ? 0 : s->shift == 16 ? 1 : 2;
	const uint64_t aa64 = 1ull << 41, epd1 = 1ull << 30, wb_ish = 1ull << 8 | 1ull << 10 | 3ull << 12;

	cd[0] = 0;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	cd[1] = s->gpa;
	cd[2] = 0;
	cd[3] = 0xff;
	for (unsigned int i = 4; i < CD_WORDS; i++)
		cd[i] = 0;
	__atomic_store_n(cd, (uint64_t)(64 - S1_VA_BITS) | tg0 << 6 | wb_ish | epd1 | CD_V | (uint64_t)oas << 32 | aa64 |
			 CD_R | CD_A | flags | CD_ASID(asid), __ATOMIC_RELEASE);
}

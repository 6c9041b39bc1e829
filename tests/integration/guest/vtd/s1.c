// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "vtd/s1.h"
#include "tour.h"

static unsigned int index_of(uint64_t va, unsigned int level)
{
	return va >> (12 + 9 * (level - 1)) & 511;
}

void s1_init(struct s1 *s, unsigned int levels, uint64_t gpa, void *mem, size_t len)
{
	memset(mem, 0, len);
	*s = (struct s1){ .levels = levels, .gpa = gpa, .page = mem, .used = 1, .pages = len / SZ_4K };
}

/* The table page an entry points to */
static uint64_t *page_at(struct s1 *s, uint64_t entry)
{
	return s->page[((entry & S1_ADDR) - s->gpa) / SZ_4K];
}

volatile uint64_t *s1_entry(struct s1 *s, uint64_t va, unsigned int level)
{
	uint64_t *table = s->page[0];

	for (unsigned int l = s->levels; l > level; l--) {
		uint64_t e = table[index_of(va, l)];

		want((e & S1_P) && !(e & S1_PS), "no first-stage table at level %u for %#llx", l - 1,
		     (unsigned long long)va);
		table = page_at(s, e);
	}
	return &table[index_of(va, level)];
}

void s1_map(struct s1 *s, uint64_t va, uint64_t gpa, unsigned int shift, uint64_t flags)
{
	unsigned int leaf = (shift - 12) / 9 + 1;
	uint64_t *table = s->page[0];
	uint64_t *e;

	for (unsigned int l = s->levels; l > leaf; l--) {
		e = &table[index_of(va, l)];
		if (!(*e & S1_P)) {
			want(s->used < s->pages, "no room for another first-stage table");
			*e = (s->gpa + SZ_4K * s->used++) | S1_P | S1_RW | S1_US;
		}
		table = page_at(s, *e);
	}
	e = &table[index_of(va, leaf)];
	__atomic_store_n(e, gpa | S1_P | S1_US | flags | (leaf > 1 ? S1_PS : 0), __ATOMIC_RELEASE);
}

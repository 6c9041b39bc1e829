// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "nest.h"

#define TABLE_PAGES	16

void nest_init(struct nest *n, struct engine *e, unsigned int levels, size_t data_len, uint32_t parent_flags)
{
	void *tables = mem_alloc(TABLE_PAGES * SZ_4K);

	n->e = e;
	n->ioas = ioas_alloc();
	n->parent = hwpt_alloc(e->dev.id, n->ioas, IOMMU_HWPT_ALLOC_NEST_PARENT | parent_flags, 0);
	n->data = mem_alloc(data_len);
	n->data_len = data_len;
	ioas_map(n->ioas, GPA_TABLES, tables, TABLE_PAGES * SZ_4K, RW);
	ioas_map(n->ioas, GPA_DATA, n->data, data_len, RW);
	s1_init(&n->s1, levels, GPA_TABLES, tables, TABLE_PAGES * SZ_4K);
}

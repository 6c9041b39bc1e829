/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "mem.h"

const unsigned char *hwi_ram_far(const struct hwi_unit *unit, uint64_t addr)
{
	return hwi_ram_at(unit, addr, sizeof(uint64_t));
}

bool hwi_load64_slow(struct hwi_unit *unit, uint64_t addr, uint64_t *val)
{
	uint64_t v;

	if (!unit->host->read(unit->opaque, hwi_hpa(addr), &v, sizeof(v)))
		return false;
	*val = hwi_le64_host(v);
	return true;
}

bool hwi_load_words(struct hwi_unit *unit, uint64_t addr, uint64_t *words, unsigned int n)
{
	const unsigned char *p = hwi_ram_at(unit, addr, 8 * (uint64_t)n);

	hwi_count(unit, HWI_STAT_TABLE_LOADS);
	if (p) {
		for (unsigned int i = 0; i < n; i++) {
			uint64_t v;

			__atomic_load((const uint64_t *)(const void *)(p + 8 * (size_t)i), &v,
				      __ATOMIC_ACQUIRE);
			words[i] = hwi_le64_host(v);
		}
		return true;
	}
	/* In pieces of 16 bytes, which is what the machine has to keep together. */
	for (unsigned int i = 0; i < n; i += 2) {
		uint64_t v[2];

		if (!unit->host->read(unit->opaque, hwi_hpa(addr + 8 * (uint64_t)i), v, sizeof(v)))
			return false;
		words[i] = hwi_le64_host(v[0]);
		words[i + 1] = hwi_le64_host(v[1]);
	}
	return true;
}

bool hwi_mem_write(struct hwi_unit *unit, uint64_t addr, const void *buf, size_t len)
{
	return unit->host->write(unit->opaque, hwi_hpa(addr), buf, len);
}

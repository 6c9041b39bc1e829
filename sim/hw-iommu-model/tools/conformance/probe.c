/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hwiommu/bits.h>

#include "probe.h"

static bool inside(hwi_hpa_t addr, size_t len)
{
	return hwi_hpa_val(addr) <= MACHINE_MEMORY && len <= MACHINE_MEMORY - hwi_hpa_val(addr);
}

static bool mem_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct machine *m = opaque;

	if (!inside(addr, len))
		return false;
	memcpy(buf, m->memory + hwi_hpa_val(addr), len);
	return true;
}

static bool mem_write(void *opaque, hwi_hpa_t addr, const void *buf, size_t len)
{
	struct machine *m = opaque;

	if (!inside(addr, len))
		return false;
	memcpy(m->memory + hwi_hpa_val(addr), buf, len);
	return true;
}

static enum hwi_cas mem_cas64(void *opaque, hwi_hpa_t addr, uint64_t expected, uint64_t desired)
{
	struct machine *m = opaque;
	uint8_t *p = m->memory + hwi_hpa_val(addr);

	if (!inside(addr, 8))
		return HWI_CAS_ERROR;
	if (hwi_ld64(p) != expected)
		return HWI_CAS_CHANGED;
	hwi_st64(p, desired);
	return HWI_CAS_DONE;
}

static bool no_msi(void *opaque, uint64_t addr, uint32_t data)
{
	(void)opaque;
	(void)addr;
	(void)data;
	return true;
}

const struct hwi_host_ops machine_ops = {
	.read = mem_read,
	.write = mem_write,
	.cas64 = mem_cas64,
	.msi = no_msi,
};

void probe_made(enum hwi_status status, const char *unit)
{
	if (status == HWI_OK)
		return;
	fprintf(stderr, "conformance: unit '%s': %s\n", unit, hwi_strerror(status));
	exit(1);
}

/* The same by dwords: registers of 64 bits may be accessed either way. */
static uint64_t read_dwords(struct hwi_unit *u, uint64_t offset, unsigned int size)
{
	uint64_t low = hwi_mmio_read(u, offset, 4);

	return size == 4 ? low : low | hwi_mmio_read(u, offset + 4, 4) << 32;
}

struct probe probe_register(struct hwi_unit *u, uint64_t offset, unsigned int bits, uint64_t ones, uint64_t zeros,
			    bool present)
{
	unsigned int size = bits / 8;
	struct probe p = { .reset = hwi_mmio_read(u, offset, size) };

	if (read_dwords(u, offset, size) != p.reset)
		p.wrong = "reads otherwise by dwords";
	hwi_mmio_write(u, offset, size, ones);
	ones = hwi_mmio_read(u, offset, size);
	hwi_mmio_write(u, offset, size, zeros);
	zeros = hwi_mmio_read(u, offset, size);
	p.writable = ones & ~zeros;
	if (!present && (p.reset || ones || zeros))
		p.wrong = "is not zero though nothing advertises it";
	return p;
}

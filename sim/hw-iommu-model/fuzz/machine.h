/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The machine that the fuzz targets put around a unit: a small memory whose
 * pages any table can reach, with a hole and with a page that refuses writes.
 */
#ifndef FUZZ_MACHINE_H
#define FUZZ_MACHINE_H

#include <stdint.h>
#include <string.h>

#include "hwiommu/hwiommu.h"

#define FUZZ_PAGES 64u
#define FUZZ_BYTES (FUZZ_PAGES * 4096u)
#define FUZZ_HOLE_PAGE 40u     /* does not answer */
#define FUZZ_READONLY_PAGE 41u /* reads answer, writes do not */

struct fuzz_machine {
	struct hwi_unit *unit;
	uint32_t invalidations; /* ATS requests sent, to be completed by the input */
	bool drained;
	unsigned char mem[FUZZ_BYTES] __attribute__((aligned(4096)));
};

static inline bool fuzz_ok(uint64_t addr, size_t len, bool write)
{
	uint64_t page = addr >> 12;

	if (addr >= FUZZ_BYTES || len > FUZZ_BYTES - addr || page == FUZZ_HOLE_PAGE)
		return false;
	return !(write && page == FUZZ_READONLY_PAGE);
}

static inline bool fuzz_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct fuzz_machine *m = opaque;

	if (!fuzz_ok(hwi_hpa_val(addr), len, false))
		return false;
	memcpy(buf, m->mem + hwi_hpa_val(addr), len);
	return true;
}

static inline bool fuzz_write(void *opaque, hwi_hpa_t addr, const void *buf, size_t len)
{
	struct fuzz_machine *m = opaque;

	if (!fuzz_ok(hwi_hpa_val(addr), len, true))
		return false;
	memcpy(m->mem + hwi_hpa_val(addr), buf, len);
	return true;
}

static inline enum hwi_cas fuzz_cas(void *opaque, hwi_hpa_t addr, uint64_t expected,
				    uint64_t desired)
{
	struct fuzz_machine *m = opaque;
	uint64_t a = hwi_hpa_val(addr), cur;

	if ((a & 7) || !fuzz_ok(a, 8, true))
		return HWI_CAS_ERROR;
	memcpy(&cur, m->mem + a, 8);
	if (cur != expected)
		return HWI_CAS_CHANGED;
	memcpy(m->mem + a, &desired, 8);
	return HWI_CAS_DONE;
}

static inline bool fuzz_msi(void *opaque, uint64_t addr, uint32_t data)
{
	(void)opaque;
	(void)addr;
	(void)data;
	return true;
}

static inline bool fuzz_ats(void *opaque, const struct hwi_ats_invalidate *inv)
{
	struct fuzz_machine *m = opaque;

	m->invalidations++;
	if (inv->itag > 31)
		__builtin_trap();
	return (inv->requester & 1) == 0; /* every other function has no ATC */
}

static inline bool fuzz_drain(void *opaque)
{
	struct fuzz_machine *m = opaque;

	m->drained = !m->drained; /* now and then it takes a second call */
	return m->drained;
}

static const struct hwi_host_ops fuzz_host = {
	.read = fuzz_read,
	.write = fuzz_write,
	.cas64 = fuzz_cas,
	.msi = fuzz_msi,
	.ats_invalidate = fuzz_ats,
	.drain = fuzz_drain,
};

/* The input as a stream of small integers; zero once it is used up. */
struct fuzz_input {
	const uint8_t *data;
	size_t left;
};

static inline uint64_t fuzz_take(struct fuzz_input *in, unsigned int bytes)
{
	uint64_t v = 0;

	for (unsigned int i = 0; i < bytes && in->left; i++, in->left--)
		v |= (uint64_t)*in->data++ << (8 * i);
	return v;
}

/*
 * An address that has a fair chance to mean something: a page of the memory, the
 * interrupt range, or any 64 bits.
 */
static inline uint64_t fuzz_address(struct fuzz_input *in)
{
	switch (fuzz_take(in, 1) & 3) {
	case 0:
		return fuzz_take(in, 8);
	case 1:
		return 0xfee00000u | (fuzz_take(in, 3) & 0xfffff);
	default:
		return (fuzz_take(in, 1) % FUZZ_PAGES) << 12 | (fuzz_take(in, 2) & 0xfff);
	}
}

#endif

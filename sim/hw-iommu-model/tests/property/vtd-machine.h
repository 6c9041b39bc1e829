/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A unit of the library inside a small machine: 2 MiB of memory at an aligned
 * base, some pages of which do not answer or refuse writes; every write of the
 * unit is logged. And the same machine as the oracle sees it.
 */
#ifndef PROPERTY_VTD_MACHINE_H
#define PROPERTY_VTD_MACHINE_H

#include <stdio.h>
#include <string.h>

#include "hwiommu/vtd.h"
#include "vtd-capabilities.h"
#include "vtd-oracle.h"

#define IMAGE_PAGES 512u
#define IMAGE_BYTES (IMAGE_PAGES * 4096u)

enum page_kind { PAGE_RAM, PAGE_HOLE, PAGE_READ_ONLY };

struct write_log {
	uint64_t addr;		/* of the 8 bytes */
	uint64_t before;	/* their value before the first write */
};

#define MAX_WRITES 256

struct machine {
	uint64_t base;
	uint64_t *word;		/* IMAGE_BYTES / 8 */
	uint8_t kind[IMAGE_PAGES];
	struct write_log log[MAX_WRITES];
	unsigned int writes;
	bool lost_write;	/* more than the log holds, or misaligned */
	unsigned int messages;
	uint64_t msi_addr;
	uint32_t msi_data;
	unsigned int responses;
	struct hwi_prg_response response;	/* the last one */
	uint32_t ats_requester[32];		/* of outstanding invalidations, by ITag */

	struct hwi_vtd_config config;
	struct hwi_unit *unit;
	struct oracle_config oc;
};

/* ---- memory ---- */

static inline bool machine_has(const struct machine *m, uint64_t addr, uint64_t len,
			       bool write)
{
	uint64_t off = addr - m->base;

	if (off >= IMAGE_BYTES || len > IMAGE_BYTES - off || (off & 4095) + len > 4096)
		return false;
	if (m->kind[off >> 12] == PAGE_HOLE)
		return false;
	return !(write && m->kind[off >> 12] == PAGE_READ_ONLY);
}

static inline uint64_t machine_load(const struct machine *m, uint64_t addr)
{
	return m->word[(addr - m->base) >> 3];
}

static inline bool machine_read(void *opaque, hwi_hpa_t at, void *buf, size_t len)
{
	struct machine *m = opaque;
	uint64_t addr = hwi_hpa_val(at);

	if (!machine_has(m, addr, len, false))
		return false;
	memcpy(buf, (const char *)m->word + (addr - m->base), len);
	return true;
}

static inline void machine_log(struct machine *m, uint64_t addr)
{
	for (unsigned int i = 0; i < m->writes; i++)
		if (m->log[i].addr == addr)
			return;
	if (m->writes == MAX_WRITES) {
		m->lost_write = true;
		return;
	}
	m->log[m->writes++] = (struct write_log){ addr, machine_load(m, addr) };
}

static inline bool machine_write(void *opaque, hwi_hpa_t at, const void *buf, size_t len)
{
	struct machine *m = opaque;
	uint64_t addr = hwi_hpa_val(at);

	if (!machine_has(m, addr, len, true))
		return false;
	for (uint64_t a = addr & ~UINT64_C(7); a < addr + len; a += 8)
		machine_log(m, a);
	memcpy((char *)m->word + (addr - m->base), buf, len);
	return true;
}

static inline enum hwi_cas machine_cas(void *opaque, hwi_hpa_t at, uint64_t expected,
				       uint64_t desired)
{
	struct machine *m = opaque;
	uint64_t addr = hwi_hpa_val(at);

	if ((addr & 7) || !machine_has(m, addr, 8, true))
		return HWI_CAS_ERROR;
	if (machine_load(m, addr) != expected)
		return HWI_CAS_CHANGED;
	machine_log(m, addr);
	m->word[(addr - m->base) >> 3] = desired;
	return HWI_CAS_DONE;
}

static inline bool machine_msi(void *opaque, uint64_t addr, uint32_t data)
{
	struct machine *m = opaque;

	m->messages++;
	m->msi_addr = addr;
	m->msi_data = data;
	return true;
}

static inline void machine_prg_response(void *opaque, const struct hwi_prg_response *r)
{
	struct machine *m = opaque;

	m->responses++;
	m->response = *r;
}

static inline bool machine_ats_invalidate(void *opaque,
					  const struct hwi_ats_invalidate *inv)
{
	struct machine *m = opaque;

	m->ats_requester[inv->itag & 31] = inv->requester;
	return true;
}

/* Every device answers */
static inline void machine_ats_answer(struct machine *m)
{
	uint32_t tags = hwi_ats_outstanding(m->unit);

	for (unsigned int i = 0; i < 32; i++)
		if (has(tags, i))
			hwi_ats_complete(m->unit, m->ats_requester[i], 1u << i, 1);
}

static const struct hwi_host_ops machine_ops = {
	.read = machine_read,
	.write = machine_write,
	.cas64 = machine_cas,
	.msi = machine_msi,
	.prg_response = machine_prg_response,
	.ats_invalidate = machine_ats_invalidate,
};

static inline bool oracle_side_read(void *opaque, uint64_t addr, void *buf, size_t len)
{
	return machine_read(opaque, hwi_hpa(addr), buf, len);
}

static inline bool oracle_side_writable(void *opaque, uint64_t addr)
{
	return machine_has(opaque, addr, 8, true);
}

static inline struct oracle_memory oracle_side(struct machine *m)
{
	return (struct oracle_memory){ oracle_side_read, oracle_side_writable, m };
}

/* ---- registers, by the offsets of section 11.4 ---- */

enum {
	R_VER = 0x00, R_CAP = 0x08, R_ECAP = 0x10, R_GCMD = 0x18, R_GSTS = 0x1c,
	R_RTADDR = 0x20, R_CCMD = 0x28, R_FSTS = 0x34, R_IQH = 0x80,
	R_IQT = 0x88, R_IQA = 0x90, R_IRTA = 0xb8, R_PQH = 0xc0, R_PQT = 0xc8,
	R_PQA = 0xd0, R_PRS = 0xdc, R_PECTL = 0xe0, R_PEDATA = 0xe4,
	R_PEADDR = 0xe8,
};

#define G_TE (1u << 31)
#define G_SRTP (1u << 30)
#define G_QIE (1u << 26)
#define G_IRE (1u << 25)
#define G_SIRTP (1u << 24)
#define G_CFI (1u << 23)

static inline uint32_t reg32(struct machine *m, uint64_t off)
{
	return (uint32_t)hwi_mmio_read(m->unit, off, 4);
}

static inline uint64_t reg64(struct machine *m, uint64_t off)
{
	return hwi_mmio_read(m->unit, off, 8);
}

static inline void machine_settle(struct machine *m)
{
	while (hwi_step(m->unit, 64) == 64)
		;
}

/*
 * Sets or clears one level bit, or fires a one-shot, and waits for the status
 * bit. False if it never shows.
 */
static inline bool machine_command(struct machine *m, uint32_t bit, bool on)
{
	uint32_t status = reg32(m, R_GSTS) & 0x96ffffff;

	hwi_mmio_write(m->unit, R_GCMD, 4, on ? status | bit : status & ~bit);
	machine_settle(m);
	return ((reg32(m, R_GSTS) & bit) != 0) == on;
}

static inline bool machine_set_root(struct machine *m, uint64_t rtaddr)
{
	hwi_mmio_write(m->unit, R_RTADDR, 8, rtaddr);
	if (!machine_command(m, G_SRTP, true))
		return false;
	m->oc.rtaddr = reg64(m, R_RTADDR);
	return true;
}

/* A new unit for @config; the previous one, if any, goes */
static inline bool machine_new_unit(struct machine *m, const struct hwi_vtd_config *config)
{
	hwi_destroy(m->unit);
	m->unit = NULL;
	m->config = *config;
	if (hwi_vtd_create(config, &machine_ops, m, &m->unit) != HWI_OK)
		return false;
	m->oc = (struct oracle_config){
		.major = (unsigned int)get_field(reg32(m, R_VER), 7, 4),
		.cap = reg64(m, R_CAP),
		.ecap = reg64(m, R_ECAP),
		.haw = config->haw,
	};
	return true;
}

/* Direct loads for the stretches of memory that answer, as QEMU's glue does it */
static inline enum hwi_status machine_map_ram(struct machine *m)
{
	struct hwi_ram ram[HWI_RAM_MAX];
	unsigned int n = 0, first = 0;

	for (unsigned int p = 0; p <= IMAGE_PAGES && n < HWI_RAM_MAX; p++) {
		if (p < IMAGE_PAGES && m->kind[p] != PAGE_HOLE)
			continue;
		if (p > first)
			ram[n++] = (struct hwi_ram){
				.base = hwi_hpa(m->base + 4096 * (uint64_t)first),
				.size = 4096 * (uint64_t)(p - first),
				.host = m->word + 512 * first,
			};
		first = p + 1;
	}
	return hwi_set_ram(m->unit, ram, n);
}

static inline bool machine_init(struct machine *m)
{
	memset(m, 0, sizeof(*m));
	m->word = aligned_alloc(4096, IMAGE_BYTES);
	if (!m->word)
		return false;
	memset(m->word, 0, IMAGE_BYTES);
	return true;
}

static inline void machine_free(struct machine *m)
{
	hwi_destroy(m->unit);
	free(m->word);
}

/* ---- fault records ---- */

struct fault_seen {
	unsigned int count;	/* records with F=1 */
	bool overflow;		/* FSTS.PFO */
	uint64_t lo, hi;	/* the record FSTS.FRI names */
};

/* Reads and clears, as section 7.2 tells software to */
static inline struct fault_seen machine_take_faults(struct machine *m)
{
	uint32_t fsts = reg32(m, R_FSTS);
	uint64_t fro = 16 * get_field(m->oc.cap, 33, 24);
	unsigned int n = (unsigned int)get_field(m->oc.cap, 47, 40) + 1;
	struct fault_seen seen = { .overflow = fsts & 1 };

	if (fsts & 2) {
		uint64_t at = fro + 16 * (uint64_t)((fsts >> 8) & 0xff);

		seen.lo = reg64(m, at);
		seen.hi = reg64(m, at + 8);
		for (unsigned int i = 0; i < n; i++) {
			if (!(reg32(m, fro + 16 * (uint64_t)i + 12) >> 31))
				continue;
			seen.count++;
			hwi_mmio_write(m->unit, fro + 16 * (uint64_t)i + 12, 4,
				       1u << 31);
		}
	}
	if (fsts & 0x73)
		hwi_mmio_write(m->unit, R_FSTS, 4, fsts & 0x73);
	return seen;
}

#endif

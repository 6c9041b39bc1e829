/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"

/* A machine of a few pages; everything else does not answer. */
#define MEMORY		0x4000U
#define QUEUE		0x1000U
#define STEPS		64U

struct machine {
	uint8_t memory[MEMORY];
};

static bool inside(hwi_hpa_t addr, size_t len)
{
	return hwi_hpa_val(addr) <= MEMORY && len <= MEMORY - hwi_hpa_val(addr);
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

static const struct hwi_host_ops ops = {
	.read = mem_read,
	.write = mem_write,
	.cas64 = mem_cas64,
	.msi = no_msi,
};

static struct hwi_unit *make(const struct unit *unit, struct machine *m)
{
	struct hwi_unit *u = NULL;
	enum hwi_status status = hwi_vtd_create(&unit->cfg, &ops, m, &u);

	if (status != HWI_OK) {
		fprintf(stderr, "conformance: unit '%s': %s\n", unit->title, hwi_strerror(status));
		exit(1);
	}
	return u;
}

static uint64_t offset_of(const struct unit *unit, const struct row *row)
{
	switch (row->base) {
	case BASE_IRO:
		return VTD_BASE_IRO(unit->cfg.ecap) + row->offset;
	case BASE_FRO:
		return VTD_BASE_FRO(unit->cfg.cap) + row->offset;
	case BASE_FIXED:
		break;
	}
	return row->offset;
}

/* The same by dwords: registers of 64 bits may be accessed either way (VT-d 5.10 §11.2). */
static uint64_t read_dwords(struct hwi_unit *u, uint64_t offset, unsigned int size)
{
	uint64_t low = hwi_mmio_read(u, offset, 4);

	return size == 4 ? low : low | hwi_mmio_read(u, offset + 4, 4) << 32;
}

static uint64_t all_ones(unsigned int size)
{
	return size == 4 ? UINT32_MAX : UINT64_MAX;
}

static const char *wrong_reset(const struct unit *unit, const struct row *row, uint64_t value)
{
	if (row->offset == VTD_REG_VER && row->base == BASE_FIXED)
		return value == unit_ver(unit) ? NULL : "is not the configured version";
	if (row->offset == VTD_REG_CAP && row->base == BASE_FIXED)
		return value == unit->cfg.cap ? NULL : "is not the configured value";
	if (row->offset == VTD_REG_ECAP && row->base == BASE_FIXED)
		return value == unit->cfg.ecap ? NULL : "is not the configured value";
	return row->reset == VTD_RESET_IMPL || value == row->reset ? NULL : "has a wrong reset value";
}

struct probe probe_register(const struct unit *unit, const struct row *row, bool present)
{
	struct machine *m = calloc(1, sizeof(*m));
	struct hwi_unit *u = make(unit, m);
	uint64_t offset = offset_of(unit, row);
	unsigned int size = row->bits / 8;
	struct probe p = { .reset = hwi_mmio_read(u, offset, size) };
	uint64_t ones, zeros;

	if (read_dwords(u, offset, size) != p.reset)
		p.wrong = "reads otherwise by dwords";
	hwi_mmio_write(u, offset, size, all_ones(size));
	ones = hwi_mmio_read(u, offset, size);
	hwi_mmio_write(u, offset, size, 0);
	zeros = hwi_mmio_read(u, offset, size);
	p.writable = ones & ~zeros;

	if (present && !p.wrong)
		p.wrong = wrong_reset(unit, row, p.reset);
	else if (!present && (p.reset || ones || zeros))
		p.wrong = "is not zero though nothing advertises it";
	hwi_destroy(u);
	free(m);
	return p;
}

/* The least that makes each type a valid descriptor: a defined granularity, the rest 0. */
static const uint64_t least_valid[] = {
	[VTD_DSC_cc_inv] = HWI_PUT(VTD_CC_Q0_G, VTD_CC_G_GLOBAL),
	[VTD_DSC_iotlb_inv] = HWI_PUT(VTD_IOTLB_INV_Q0_G, VTD_IOTLB_INV_G_GLOBAL),
	[VTD_DSC_inv_wait] = VTD_WAIT_Q0_FN,
	[VTD_DSC_p_iotlb_inv] = HWI_PUT(VTD_P_IOTLB_Q0_G, VTD_P_IOTLB_G_PASID),
	[VTD_DSC_pc_inv] = HWI_PUT(VTD_PC_Q0_G, VTD_PC_G_GLOBAL),
	[VTD_DSC_hpt_inv] = HWI_PUT(VTD_HPT_INV_Q0_G, VTD_HPT_INV_G_GLOBAL),
};

static void command(struct hwi_unit *u, uint32_t bit)
{
	uint32_t status = (uint32_t)hwi_mmio_read(u, VTD_REG_GSTS, 4);

	hwi_mmio_write(u, VTD_REG_GCMD, 4, (status & VTD_GCMD_ONESHOT_MASK) | bit);
	(void)hwi_step(u, STEPS);
}

struct probe probe_descriptor(const struct unit *unit, const struct row *row, bool present)
{
	struct machine *m = calloc(1, sizeof(*m));
	struct hwi_unit *u = make(unit, m);
	bool scalable = unit->cfg.ecap & VTD_ECAP_SMTS;
	unsigned int size = scalable ? VTD_DSC_SIZE_256 : VTD_DSC_SIZE_128;
	struct probe p = { .wrong = NULL };
	uint64_t iqei;
	bool iqe;

	hwi_st64(m->memory + QUEUE, VTD_DSC_PUT_TYPE(row->code) | least_valid[row->code]);
	if (scalable) {
		hwi_mmio_write(u, VTD_REG_RTADDR, 8, HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_SCALABLE));
		command(u, VTD_GCMD_SRTP);
	}
	hwi_mmio_write(u, VTD_REG_IQT, 8, 0);
	hwi_mmio_write(u, VTD_REG_IQA, 8, QUEUE | (scalable ? VTD_IQA_DW : 0));
	command(u, VTD_GCMD_QIE);
	hwi_mmio_write(u, VTD_REG_IQT, 8, size);
	(void)hwi_step(u, STEPS);

	iqe = hwi_mmio_read(u, VTD_REG_FSTS, 4) & VTD_FSTS_IQE;
	iqei = HWI_GET(VTD_IQERCD_IQEI, hwi_mmio_read(u, VTD_REG_IQERCD, 8));
	if (present && iqe)
		p.wrong = "raises an invalidation queue error";
	else if (present && hwi_mmio_read(u, VTD_REG_IQH, 8) != size)
		p.wrong = "is not consumed";
	else if (!present && !(iqe && iqei == VTD_IQEI_TYPE))
		p.wrong = "is not refused as an invalid type";
	hwi_destroy(u);
	free(m);
	return p;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Any sequence of register accesses, commands, table contents, requests, page
 * requests and completions on an SMMUv3 unit: no crash, no unbounded work, no
 * answer outside of the documented ranges; and a state that is saved restores to
 * an equal one.
 *
 * Inputs start from a unit as software sets it up: stream table in page 1, command
 * queue in page 2, event queue in page 3, page request queue in page 4, a VCMDQ in
 * page 5; everything can be moved.
 */
#include <stdlib.h>

#include "hwiommu/bits.h"
#include "hwiommu/smmuv3.h"
#include "hwiommu/smmuv3/cmdqv.h"
#include "hwiommu/smmuv3/commands.h"
#include "hwiommu/smmuv3/regs.h"
#include "machine.h"

#define STRTAB_PAGE 1u
#define CMDQ_PAGE 2u
#define EVENTQ_PAGE 3u
#define PRIQ_PAGE 4u
#define VCMDQ_PAGE 5u
#define CMDQ_LOG2 5u

struct smmu_machine {
	struct fuzz_machine m; /* first: callbacks take it for this */
	uint32_t prod;
};

static void fuzz_irq(void *opaque, unsigned int line, bool level)
{
	(void)opaque;
	(void)level;
	if (line >= HWI_SMMUV3_IRQS)
		abort();
}

static bool fuzz_smmu_msi(void *opaque, uint64_t addr, uint32_t data)
{
	unsigned char b[4];

	if (addr % 4)
		abort();
	hwi_st32(b, data);
	return fuzz_write(opaque, hwi_hpa(addr), b, sizeof(b));
}

static void fuzz_resume(void *opaque, uint32_t requester, uint64_t tag, enum hwi_resume action)
{
	(void)opaque;
	if (action > HWI_RESUME_TERMINATE || (tag != HWI_STALL_HELD && tag > UINT16_MAX) ||
	    (tag == HWI_STALL_HELD && requester))
		abort();
}

static void fuzz_prg(void *opaque, const struct hwi_prg_response *resp)
{
	(void)opaque;
	if (resp->prgi > 0x1ff || (resp->code != HWI_PRG_SUCCESS && resp->code != HWI_PRG_INVALID &&
				   resp->code != HWI_PRG_FAILURE))
		abort();
}

static const struct hwi_host_ops smmu_host = {
	.read = fuzz_read,
	.write = fuzz_write,
	.cas64 = fuzz_cas,
	.msi = fuzz_smmu_msi,
	.irq = fuzz_irq,
	.ats_invalidate = fuzz_ats,
	.prg_response = fuzz_prg,
	.resume = fuzz_resume,
	.drain = fuzz_drain,
};

/* Registers that an input can name in a byte. */
static const uint32_t hot_registers[] = {
	SMMU_REG_CR0,		  SMMU_REG_CR1,		   SMMU_REG_CR2,
	SMMU_REG_GBPA,		  SMMU_REG_IRQ_CTRL,	   SMMU_REG_GERRORN,
	SMMU_REG_GERROR_IRQ_CFG0, SMMU_REG_STRTAB_BASE,	   SMMU_REG_STRTAB_BASE_CFG,
	SMMU_REG_CMDQ_BASE,	  SMMU_REG_CMDQ_PROD,	   SMMU_REG_CMDQ_CONS,
	SMMU_REG_EVENTQ_BASE,	  SMMU_REG_EVENTQ_PROD,	   SMMU_REG_EVENTQ_CONS,
	SMMU_REG_EVENTQ_IRQ_CFG0, SMMU_REG_PRIQ_BASE,	   SMMU_REG_PRIQ_PROD,
	SMMU_REG_PRIQ_CONS,	  SMMU_REG_PRIQ_IRQ_CFG0,  SMMU_REG_PRIQ_IRQ_CFG2,
};

static struct hwi_unit *make_unit(struct smmu_machine *m, struct fuzz_input *in)
{
	struct hwi_smmuv3_config cfg;
	struct hwi_unit *unit = NULL;
	uint64_t shape = fuzz_take(in, 2);
	uint32_t n = shape & 1 ? 1 : 16;

	hwi_smmuv3_config_init(&cfg);
	cfg.caches = (struct hwi_smmuv3_caches){ n, n, n, n, n, n, n, n };
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_STALL_MAX, cfg.idr5, 3);
	if (shape & 2)
		cfg.cmdqv = (struct hwi_smmuv3_cmdqv){ true, 2, 1, 1 };
	if (shape & 4)
		cfg.idr3 |= SMMU_IDR3_PPS;
	if (shape & 8) /* narrow addresses: faults of their size */
		cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_OAS, cfg.idr5, shape >> 8 & 7);
	cfg.merge_events = shape & 0x40;
	if (shape & 0x10) {
		/* A raw configuration: refused, or a unit like any other. */
		cfg.idr0 = (uint32_t)fuzz_take(in, 4);
		cfg.idr1 = (uint32_t)fuzz_take(in, 4);
		cfg.idr3 = (uint32_t)fuzz_take(in, 4);
		cfg.idr5 = (uint32_t)fuzz_take(in, 4);
		cfg.aidr = (uint32_t)fuzz_take(in, 1);
		cfg.gbpa = (uint32_t)fuzz_take(in, 4);
	}
	if (hwi_smmuv3_create(&cfg, &smmu_host, m, &unit) != HWI_OK)
		return NULL;
	if (shape & 0x20) {
		struct hwi_ram ram = { hwi_hpa(0), FUZZ_HOLE_PAGE * 4096u, m->m.mem };

		if (hwi_set_ram(unit, &ram, 1) != HWI_OK)
			abort();
	}
	return unit;
}

static void w32(struct smmu_machine *m, uint64_t off, uint64_t val)
{
	hwi_mmio_write(m->m.unit, off, 4, (uint32_t)val);
}

static void w64(struct smmu_machine *m, uint64_t off, uint64_t val)
{
	hwi_mmio_write(m->m.unit, off, 8, val);
}

static void start(struct smmu_machine *m)
{
	const uint64_t v = HWI_SMMUV3_CMDQV_OFFSET;

	w64(m, SMMU_REG_STRTAB_BASE, STRTAB_PAGE << 12);
	w32(m, SMMU_REG_STRTAB_BASE_CFG, 6);
	w64(m, SMMU_REG_CMDQ_BASE, CMDQ_PAGE << 12 | CMDQ_LOG2);
	w64(m, SMMU_REG_EVENTQ_BASE, EVENTQ_PAGE << 12 | 2);
	w64(m, SMMU_REG_PRIQ_BASE, PRIQ_PAGE << 12 | 1);
	w32(m, SMMU_REG_CR2, SMMU_CR2_RECINVSID | SMMU_CR2_REC_CFG_ATS);
	w32(m, SMMU_REG_CR0, SMMU_CR0_SMMUEN | SMMU_CR0_PRIQEN | SMMU_CR0_EVENTQEN | SMMU_CR0_CMDQEN);
	/* Nothing, of a unit without CMDQV. */
	w64(m, v + CMDQV_VCMDQ_PAGE1(0) + VCMDQ_BASE, VCMDQ_PAGE << 12 | 4);
	w32(m, v + CMDQV_REG_CMDQ_ALLOC(0), CMDQV_CMDQ_ALLOC_ALLOCATED);
	w32(m, v + CMDQV_VINTF(0) + VINTF_CONFIG, VINTF_CONFIG_EN);
	w32(m, v + CMDQV_VCMDQ_PAGE0(0) + VCMDQ_CONFIG, VCMDQ_CONFIG_EN);
}

static uint64_t number(struct fuzz_input *in, const void *was)
{
	uint64_t kind = fuzz_take(in, 1), val = 0;

	switch (kind & 3) {
	case 0:
		return fuzz_take(in, 8);
	case 1: /* a pointer to a page with low and high flags */
		return (fuzz_take(in, 1) % FUZZ_PAGES) << 12 | (fuzz_take(in, 2) & 0xfff) |
		       (kind & 4 ? fuzz_take(in, 2) << 48 : 0);
	case 2: /* a small number with a high one */
		return fuzz_take(in, 2) | fuzz_take(in, 2) << (32 + (kind >> 2 & 15));
	default:
		memcpy(&val, was, sizeof(val));
		return val ^ UINT64_C(1) << (fuzz_take(in, 1) & 63);
	}
}

static void table_entry(struct smmu_machine *m, struct fuzz_input *in)
{
	uint64_t at = (fuzz_take(in, 1) % FUZZ_PAGES) << 12 | (fuzz_take(in, 2) & 0xff8);
	uint64_t val = number(in, m->m.mem + at);

	memcpy(m->m.mem + at, &val, 8);
}

/* A command in its place, with opcodes that exist more often than not, and PROD. */
static void command(struct smmu_machine *m, struct fuzz_input *in)
{
	static const uint8_t opcodes[] = {
		0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x20, 0x21,
		0x22, 0x23, 0x28, 0x2a, 0x30, 0x40, 0x41, 0x44, 0x45, 0x46, 0x46, 0x46,
	};
	uint64_t op = fuzz_take(in, 1), flags = fuzz_take(in, 3), vmid = fuzz_take(in, 1);
	bool own = !(op & 0x80);
	unsigned int slot = m->prod & 15;
	unsigned char *p = m->m.mem + (own ? CMDQ_PAGE : VCMDQ_PAGE) * 4096 + slot * 16;

	op &= 0x7f;
	hwi_st64(p, (op < sizeof(opcodes) ? opcodes[op] : op) | flags << 8 | vmid << 32 |
			    fuzz_take(in, 1) << 48);
	hwi_st64(p + 8, fuzz_address(in));
	m->prod = (m->prod + 1) & 15;
	if (own)
		w32(m, SMMU_REG_CMDQ_PROD, m->prod);
	else
		w32(m, HWI_SMMUV3_CMDQV_OFFSET + CMDQV_VCMDQ_PAGE0(0) + VCMDQ_PROD, m->prod);
}

static void request(struct smmu_machine *m, struct fuzz_input *in)
{
	uint64_t f = fuzz_take(in, 2);
	struct hwi_request req = {
		.requester = (uint32_t)(f & 7) << (f & 8 ? 13 : 0),
		.pasid = f & 0x10 ? HWI_PASID_NONE : (uint32_t)fuzz_take(in, 1),
		.kind = (uint8_t)((f >> 5) & 3),
		.access = (uint8_t)(f >> 8),
		.length = (uint32_t)fuzz_take(in, 1),
	};
	struct hwi_response resp;

	req.addr = hwi_iova(fuzz_address(in));
	memset(&resp, 0xa5, sizeof(resp));
	if (hwi_translate(m->m.unit, &req, &resp) != HWI_OK) {
		if (resp.outcome != HWI_UNSUPPORTED_REQUEST)
			abort();
		return;
	}
	if (resp.outcome > HWI_STALLED || resp.outcome == HWI_IS_INTERRUPT)
		abort();
	if (resp.outcome == HWI_SUCCESS && resp.rights &&
	    (resp.span_log2 < 12 || resp.span_log2 > 64))
		abort();
	if (resp.outcome == HWI_STALLED && resp.stall != HWI_STALL_HELD && resp.stall > UINT16_MAX)
		abort();
}

static void page_request(struct smmu_machine *m, struct fuzz_input *in)
{
	uint64_t f = fuzz_take(in, 2);
	struct hwi_page_request pr = {
		.requester = (uint32_t)(f & 7),
		.pasid = f & 0x10 ? HWI_PASID_NONE : (uint32_t)fuzz_take(in, 1),
		.access = (uint8_t)(f >> 8 & (HWI_READ | HWI_WRITE | HWI_EXEC | HWI_PRIV)),
		.prgi = (uint16_t)(fuzz_take(in, 2) & 0x1ff),
		.last = (f & 0x20) != 0,
	};

	pr.addr = hwi_iova(fuzz_address(in));
	if (hwi_page_request(m->m.unit, &pr) != HWI_OK)
		abort();
}

static void save_restore(struct smmu_machine *m)
{
	size_t n = hwi_save_size(m->m.unit);
	unsigned char *a = malloc(n), *b = malloc(n);

	if (!a || !b)
		abort();
	if (hwi_save(m->m.unit, a, n) != HWI_OK || hwi_restore(m->m.unit, a, n) != HWI_OK ||
	    hwi_save_size(m->m.unit) != n || hwi_save(m->m.unit, b, n) != HWI_OK ||
	    memcmp(a, b, n) != 0)
		abort();
	free(a);
	free(b);
}

static void access_any(struct smmu_machine *m, struct fuzz_input *in, uint64_t op)
{
	uint64_t off = fuzz_take(in, 3);
	unsigned int size = (unsigned int)fuzz_take(in, 1) % 18;

	if (op & 0x20)
		off += HWI_SMMUV3_CMDQV_OFFSET;
	if (op & 0x10)
		(void)hwi_mmio_read(m->m.unit, off, size);
	else
		hwi_mmio_write(m->m.unit, off, size, fuzz_take(in, 8));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct smmu_machine m;
	struct fuzz_input in = { data, size };
	unsigned int saves = 0;

	memset(&m, 0, sizeof(m));
	m.m.unit = make_unit(&m, &in);
	if (!m.m.unit)
		return 0;
	start(&m);
	while (in.left) {
		uint64_t op = fuzz_take(&in, 1);
		unsigned int n;

		switch (op & 15) {
		case 0:
		case 1:
			n = (unsigned int)fuzz_take(&in, 1);
			hwi_mmio_write(m.m.unit, hot_registers[n % (sizeof(hot_registers) / 4)],
				       op & 0x10 ? 8 : 4, op & 0x20 ? number(&in, m.m.mem) :
								      fuzz_take(&in, 1));
			break;
		case 2:
			access_any(&m, &in, op);
			break;
		case 3:
		case 4:
		case 5:
			table_entry(&m, &in);
			break;
		case 6:
		case 7:
		case 8:
			command(&m, &in);
			break;
		case 9:
		case 10:
		case 11:
			request(&m, &in);
			break;
		case 12:
			page_request(&m, &in);
			break;
		case 13:
			if (op & 0x10)
				hwi_ats_complete(m.m.unit, (uint32_t)fuzz_take(&in, 1),
						 (uint32_t)fuzz_take(&in, 4),
						 (unsigned int)fuzz_take(&in, 1) & 7);
			else if (op & 0x20)
				hwi_ats_timeout(m.m.unit, (uint32_t)fuzz_take(&in, 4));
			else if (saves++ < 4)
				save_restore(&m);
			break;
		default:
			n = (unsigned int)fuzz_take(&in, 1) & 63;
			if (hwi_step(m.m.unit, n) > n)
				abort();
			if ((op & 0xf0) == 0xf0)
				hwi_reset(m.m.unit, (n & 1) != 0);
			break;
		}
	}
	hwi_destroy(m.m.unit);
	return 0;
}

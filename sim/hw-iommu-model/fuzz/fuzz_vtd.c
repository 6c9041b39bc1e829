/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Any sequence of register accesses, table contents, requests, interrupts, page
 * requests and completions: no crash, no unbounded work, no answer outside of the
 * documented ranges; and a state that is saved restores to an equal one.
 */
#include <stdlib.h>

#include "hwiommu/vtd.h"
#include "machine.h"

/* Offsets are those of the default configuration, so that inputs stay small. */
static const uint16_t hot_registers[] = {
	0x018, 0x020, 0x024, 0x028, 0x02c, 0x034, 0x038, 0x03c, 0x040, 0x064, 0x068, 0x06c,
	0x080, 0x088, 0x090, 0x094, 0x09c, 0x0a0, 0x0b0, 0x0b8, 0x0c0, 0x0c8, 0x0d0, 0x0dc,
	0x0e0,
};

static struct hwi_unit *make_unit(struct fuzz_machine *m, struct fuzz_input *in)
{
	struct hwi_vtd_config cfg;
	struct hwi_unit *unit = NULL;
	uint64_t shape = fuzz_take(in, 2);

	hwi_vtd_config_init(&cfg);
	if (shape & 1)
		cfg.caches = (struct hwi_vtd_caches){ 1, 1, 1, 1, 1, 1 };
	else
		cfg.caches = (struct hwi_vtd_caches){ 8, 8, 16, 16, 16, 8 };
	if (shape & 2) {
		cfg.cap |= 1u << 7; /* CM */
		cfg.negative_caching = true;
	}
	if (shape & 4)
		cfg.ver_major = 5;
	if (shape & 8)
		cfg.compress_faults = true;
	if (shape & 0x10)
		cfg.cap &= ~((uint64_t)0x7f << 40); /* one fault record */
	if (shape & 0x20) {
		/* A raw configuration: refused, or a unit like any other. */
		cfg.cap = fuzz_take(in, 8);
		cfg.ecap = fuzz_take(in, 8);
		cfg.haw = (uint8_t)fuzz_take(in, 1);
		cfg.ver_major = (uint8_t)fuzz_take(in, 1);
		cfg.regs_log2 = (uint8_t)fuzz_take(in, 1);
	}
	if (hwi_vtd_create(&cfg, &fuzz_host, m, &unit) != HWI_OK)
		return NULL;
	if (shape & 0x40) {
		struct hwi_ram ram = { hwi_hpa(0), FUZZ_HOLE_PAGE * 4096u, m->mem };

		if (hwi_set_ram(unit, &ram, 1) != HWI_OK)
			abort();
	}
	return unit;
}

static void table_entry(struct fuzz_machine *m, struct fuzz_input *in)
{
	uint64_t at = (fuzz_take(in, 1) % FUZZ_PAGES) << 12 | (fuzz_take(in, 2) & 0xff8);
	uint64_t kind = fuzz_take(in, 1), val;

	switch (kind & 3) {
	case 0:
		val = fuzz_take(in, 8);
		break;
	case 1: /* a pointer to a page with low flags */
		val = (fuzz_take(in, 1) % FUZZ_PAGES) << 12 | (fuzz_take(in, 2) & 0xfff);
		break;
	case 2: /* a small number with a high one */
		val = fuzz_take(in, 2) | fuzz_take(in, 2) << 32;
		break;
	default:
		memcpy(&val, m->mem + at, 8);
		val ^= 1ull << (fuzz_take(in, 1) & 63);
		break;
	}
	memcpy(m->mem + at, &val, 8);
}

static void request(struct fuzz_machine *m, struct fuzz_input *in)
{
	uint64_t f = fuzz_take(in, 2);
	struct hwi_request req = {
		.requester = (uint32_t)(f & 7) << ((f >> 3) & 1 ? 0 : 8),
		.pasid = f & 0x10 ? HWI_PASID_NONE : (uint32_t)fuzz_take(in, 1),
		.kind = (uint8_t)((f >> 5) & 3),
		.access = (uint8_t)(f >> 8),
		.length = (uint32_t)fuzz_take(in, 1),
	};
	struct hwi_response resp;

	req.addr = hwi_iova(fuzz_address(in));
	memset(&resp, 0xa5, sizeof(resp));
	if (hwi_translate(m->unit, &req, &resp) != HWI_OK &&
	    resp.outcome != HWI_UNSUPPORTED_REQUEST)
		abort();
	if (resp.outcome > HWI_IS_INTERRUPT)
		abort();
	if (resp.outcome == HWI_SUCCESS && resp.rights &&
	    (resp.span_log2 < 12 || resp.span_log2 > 64))
		abort();
}

static void save_restore(struct fuzz_machine *m)
{
	size_t n = hwi_save_size(m->unit);
	unsigned char *a = malloc(n), *b = malloc(n);

	if (!a || !b)
		abort();
	if (hwi_save(m->unit, a, n) != HWI_OK || hwi_restore(m->unit, a, n) != HWI_OK ||
	    hwi_save_size(m->unit) != n || hwi_save(m->unit, b, n) != HWI_OK ||
	    memcmp(a, b, n) != 0)
		abort();
	free(a);
	free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_machine m;
	struct fuzz_input in = { data, size };
	unsigned int saves = 0;

	memset(&m, 0, sizeof(m));
	m.unit = make_unit(&m, &in);
	if (!m.unit)
		return 0;
	while (in.left) {
		uint64_t op = fuzz_take(&in, 1), off;
		unsigned int sz;

		switch (op & 15) {
		case 0:
		case 1:
		case 2:
			off = hot_registers[fuzz_take(&in, 1) % (sizeof(hot_registers) / 2)];
			hwi_mmio_write(m.unit, off, op & 0x10 ? 8 : 4,
				       op & 0x20 ? fuzz_take(&in, 8) :
						   fuzz_take(&in, 1) << ((op >> 6) * 12));
			break;
		case 3: /* GCMD, one bit */
			hwi_mmio_write(m.unit, 0x18, 4, fuzz_take(&in, 1) << 24);
			break;
		case 4:
			off = fuzz_take(&in, 2);
			sz = (unsigned int)fuzz_take(&in, 1) % 18;
			hwi_mmio_write(m.unit, off, sz, fuzz_take(&in, 8));
			break;
		case 5:
			(void)hwi_mmio_read(m.unit, fuzz_take(&in, 2),
					    (unsigned int)(op >> 4));
			break;
		case 6:
		case 7:
		case 8:
			table_entry(&m, &in);
			break;
		case 9:
		case 10:
		case 11:
			request(&m, &in);
			break;
		case 12: {
			struct hwi_interrupt_request ir = {
				.requester = (uint32_t)fuzz_take(&in, 2),
				.addr = fuzz_address(&in),
				.data = (uint32_t)fuzz_take(&in, 4),
			};
			struct hwi_interrupt_response resp;

			hwi_interrupt(m.unit, &ir, &resp);
			if (resp.outcome > HWI_INT_BLOCKED)
				abort();
			break;
		}
		case 13: {
			struct hwi_page_request pr = {
				.requester = (uint32_t)(fuzz_take(&in, 1) & 7) << 8,
				.pasid = op & 0x10 ? HWI_PASID_NONE :
						     (uint32_t)fuzz_take(&in, 1),
				.access = (uint8_t)fuzz_take(&in, 1),
				.prgi = (uint16_t)fuzz_take(&in, 2),
				.last = (op & 0x20) != 0,
			};

			pr.addr = hwi_iova(fuzz_address(&in));
			(void)hwi_page_request(m.unit, &pr);
			break;
		}
		case 14:
			if (op & 0x10)
				hwi_ats_complete(m.unit, (uint32_t)fuzz_take(&in, 2),
						 (uint32_t)fuzz_take(&in, 4),
						 (unsigned int)fuzz_take(&in, 1) & 7);
			else if (op & 0x20)
				hwi_ats_timeout(m.unit, (uint32_t)fuzz_take(&in, 4));
			else if (saves++ < 4)
				save_restore(&m);
			break;
		default:
			sz = (unsigned int)fuzz_take(&in, 1) & 63;
			if (hwi_step(m.unit, sz) > sz)
				abort();
			if ((op & 0xf0) == 0xf0)
				hwi_reset(m.unit, (sz & 1) != 0);
			break;
		}
	}
	hwi_destroy(m.unit);
	return 0;
}

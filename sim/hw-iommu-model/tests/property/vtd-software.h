/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Software's side of invalidation: the queue with its descriptors (VT-d 5.10
 * section 6.5.2), or the registers of old units (section 11.4.6).
 */
#ifndef PROPERTY_VTD_SOFTWARE_H
#define PROPERTY_VTD_SOFTWARE_H

#include "vtd-world.h"

struct software {
	struct world *w;
	bool registers;		/* CCMD_REG and IOTLB_REG instead of the queue */
	bool wide;		/* 256-bit descriptors */
	unsigned int tail;	/* bytes */
	uint32_t token;
	unsigned int commands;
	bool failed;
	bool unseen[256];	/* tables of a domain id changed while nobody used it */
	uint64_t sent[64][2];	/* since the last change, for the reader */
	unsigned int n_sent;
};

static inline bool software_start(struct software *s)
{
	struct machine *m = s->w->m;

	s->tail = 0;
	s->failed = false;
	if (s->registers)
		return true;
	hwi_mmio_write(m->unit, R_IQT, 8, 0);
	hwi_mmio_write(m->unit, R_IQA, 8, page_at(s->w, P_QUEUE) | (s->wide ? B(11) : 0));
	return machine_command(m, G_QIE, true);
}

static inline void queue_put(struct software *s, uint64_t lo, uint64_t hi)
{
	unsigned int step = s->wide ? 32 : 16;
	uint64_t *d = word_at(s->w, P_QUEUE, s->tail / 8);

	memset(d, 0, step);
	d[0] = lo;
	d[1] = hi;
	s->tail = (s->tail + step) % 4096;
	s->commands++;
	if (s->n_sent < 64) {
		s->sent[s->n_sent][0] = lo;
		s->sent[s->n_sent++][1] = hi;
	}
}

/* Rings the doorbell with a wait behind the descriptors, and waits */
static inline void queue_sync(struct software *s)
{
	struct machine *m = s->w->m;
	uint64_t *status = word_at(s->w, P_STATUS, 0);

	if (s->registers)
		return;
	s->token++;
	queue_put(s, 5 | B(5) | (uint64_t)s->token << 32, page_at(s->w, P_STATUS));
	hwi_mmio_write(m->unit, R_IQT, 8, s->tail);
	machine_settle(m);
	if ((uint32_t)*status != s->token || reg64(m, R_IQH) != s->tail)
		s->failed = true;
}

static inline void put(struct software *s, uint64_t lo, uint64_t hi)
{
	queue_put(s, lo, hi);
	/* a page holds 128 descriptors at least */
	if (s->commands % 64 == 0)
		queue_sync(s);
}

static inline void register_command(struct software *s, uint64_t reg, uint64_t v)
{
	struct machine *m = s->w->m;
	uint64_t done;

	hwi_mmio_write(m->unit, reg, 8, v);
	machine_settle(m);
	done = reg64(m, reg);
	/* CAIG 60:59, IAIG 58:57: 0 is a refusal */
	if (has(done, 63) || !(reg == R_CCMD ? get_field(done, 60, 59) :
					       get_field(done, 58, 57)))
		s->failed = true;
	s->commands++;
}

static inline uint64_t iotlb_reg(const struct software *s)
{
	return 16 * get_field(s->w->m->oc.ecap, 17, 8) + 8;
}

static inline void cc_global(struct software *s)
{
	if (s->registers)
		register_command(s, R_CCMD, B(63) | UINT64_C(1) << 61);
	else
		put(s, 1 | 1 << 4, 0);
}

static inline void cc_device(struct software *s, uint32_t did, uint16_t sid)
{
	if (s->registers)
		register_command(s, R_CCMD, B(63) | UINT64_C(3) << 61 |
				 (uint64_t)sid << 16 | did);
	else
		put(s, 1 | 3 << 4 | (uint64_t)did << 16 | (uint64_t)sid << 32, 0);
}

static inline void pc_global(struct software *s)
{
	put(s, 7 | 3 << 4, 0);
}

static inline void pc_domain(struct software *s, uint32_t did)
{
	put(s, 7 | (uint64_t)did << 16, 0);
}

static inline void pc_pasid(struct software *s, uint32_t did, uint32_t pasid)
{
	put(s, 7 | 1 << 4 | (uint64_t)did << 16 | (uint64_t)pasid << 32, 0);
}

static inline void iotlb_global(struct software *s)
{
	if (s->registers)
		register_command(s, iotlb_reg(s), B(63) | UINT64_C(1) << 60);
	else
		put(s, 2 | 1 << 4, 0);
}

static inline void iotlb_domain(struct software *s, uint32_t did)
{
	if (s->registers)
		register_command(s, iotlb_reg(s), B(63) | UINT64_C(2) << 60 |
				 (uint64_t)did << 32);
	else
		put(s, 2 | 2 << 4 | (uint64_t)did << 16, 0);
}

static inline void iotlb_page(struct software *s, uint32_t did, uint64_t addr,
			      unsigned int am, bool ih)
{
	uint64_t where = (addr & ~UINT64_C(0xfff)) | (ih ? B(6) : 0) | am;

	if (s->registers) {
		hwi_mmio_write(s->w->m->unit, iotlb_reg(s) - 8, 8, where);
		register_command(s, iotlb_reg(s), B(63) | UINT64_C(3) << 60 |
				 (uint64_t)did << 32);
	} else {
		put(s, 2 | 3 << 4 | (uint64_t)did << 16, where);
	}
}

static inline void p_iotlb_pasid(struct software *s, uint32_t did, uint32_t pasid)
{
	put(s, 6 | 2 << 4 | (uint64_t)did << 16 | (uint64_t)pasid << 32, 0);
}

static inline void p_iotlb_page(struct software *s, uint32_t did, uint32_t pasid,
				uint64_t addr, unsigned int am, bool ih)
{
	put(s, 6 | 3 << 4 | (uint64_t)did << 16 | (uint64_t)pasid << 32,
	    (addr & ~UINT64_C(0xfff)) | (ih ? B(6) : 0) | am);
}

static inline void iec_global(struct software *s)
{
	put(s, 4, 0);
}

static inline void iec_index(struct software *s, uint32_t index, unsigned int im)
{
	put(s, 4 | B(4) | (uint64_t)im << 27 | (uint64_t)index << 32, 0);
}

static inline void everything_global(struct software *s)
{
	cc_global(s);
	if (s->w->ttm == 1)
		pc_global(s);
	iotlb_global(s);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fault recording and the fault event (VT-d 5.10 §7.2.1, §7.3, §11.4.7).
 */
#include "vtd.h"

static bool pending(const struct vtd_unit *v, unsigned int n)
{
	return v->regs.frcd[n].hi & VTD_FRCD_HI_F;
}

uint32_t vtd_fsts(const struct vtd_unit *v)
{
	for (unsigned int n = 0; n < v->lim.frcds; n++) {
		if (pending(v, n))
			return v->regs.fsts | VTD_FSTS_PPF;
	}
	return v->regs.fsts;
}

/* A status was cleared: a pending event goes when no source of it is left (§11.4.7.2). */
static void cleared(struct vtd_unit *v)
{
	if (!(vtd_fsts(v) & VTD_FSTS_EVENT_MASK))
		vtd_event_clear(&v->regs.fe);
}

void vtd_fsts_write(struct vtd_unit *v, uint32_t val)
{
	v->regs.fsts &= ~(val & (VTD_FSTS_PFO | VTD_FSTS_IQE | VTD_FSTS_ICE | VTD_FSTS_ITE));
	cleared(v);
}

void vtd_frcd_clear(struct vtd_unit *v, unsigned int n)
{
	v->regs.frcd[n].hi &= ~VTD_FRCD_HI_F;
	cleared(v);
}

/* Interrupt faults without an index to report (§11.4.7.6: FI is undefined). */
static bool has_index(uint8_t code)
{
	return code != VTD_FR_IR_20 && code != VTD_FR_IR_25 && code != VTD_FR_IR_29 &&
	       code != VTD_FR_IR_2A && code != VTD_FR_IR_2B;
}

static bool is_interrupt_fault(uint8_t code)
{
	return code >= VTD_FR_IR_20 && code <= VTD_FR_IR_2B;
}

static uint64_t fault_info_bits(const struct vtd_unit *v, const struct vtd_fault *f, uint8_t code)
{
	if (!is_interrupt_fault(code))
		return f->addr & v->lim.frcd_fi_mask;
	return has_index(code) ? f->addr & VTD_FRCD_LO_FI_INDEX : 0;
}

static uint64_t type_bits(enum vtd_fault_type type)
{
	static const uint64_t bits[] = {
		[VTD_FT_WRITE] = VTD_FRCD_HI_TYPE_WRITE,
		[VTD_FT_PAGE_REQUEST] = VTD_FRCD_HI_TYPE_PAGE_REQ,
		[VTD_FT_READ] = VTD_FRCD_HI_TYPE_READ,
		[VTD_FT_ATOMIC] = VTD_FRCD_HI_TYPE_ATOMIC,
	};

	return bits[type];
}

static struct vtd_frcd make_record(const struct vtd_unit *v, const struct vtd_fault *f)
{
	uint8_t code = vtd_fault_info(f->cond)->code;
	struct vtd_frcd r = {
		.lo = fault_info_bits(v, f, code),
		.hi = HWI_PUT(VTD_FRCD_HI_SID, f->sid) | HWI_PUT(VTD_FRCD_HI_FR, code),
	};

	if (is_interrupt_fault(code))
		return r; /* type, AT and PASID mean nothing (§11.4.7.6) */
	r.hi |= type_bits(f->type);
	if (vtd_has_ecap(v, VTD_ECAP_DT))
		r.hi |= HWI_PUT(VTD_FRCD_HI_AT, f->at);
	if (vtd_has_ecap(v, VTD_ECAP_PASID) && f->pasid != HWI_PASID_NONE) {
		r.hi |= VTD_FRCD_HI_PP | HWI_PUT(VTD_FRCD_HI_PV, f->pasid);
		if (f->exe)
			r.hi |= VTD_FRCD_HI_EXE;
		if (f->priv)
			r.hi |= VTD_FRCD_HI_PRIV;
	}
	return r;
}

/* §7.2.1 allows to drop a fault of a source-id that has a record pending. */
static bool compressed(const struct vtd_unit *v, uint16_t sid)
{
	if (!v->cfg.compress_faults)
		return false;
	for (unsigned int n = 0; n < v->lim.frcds; n++) {
		if (pending(v, n) && HWI_GET(VTD_FRCD_HI_SID, v->regs.frcd[n].hi) == sid)
			return true;
	}
	return false;
}

void vtd_fault_record(struct vtd_unit *v, const struct vtd_fault *f)
{
	uint32_t before = vtd_fsts(v);
	unsigned int n = v->regs.frcd_next;

	if (before & VTD_FSTS_PFO) {
		hwi_count(&v->base, HWI_STAT_FAULTS_LOST);
		return;
	}
	if (compressed(v, f->sid))
		return;
	if (pending(v, n)) {
		v->regs.fsts |= VTD_FSTS_PFO; /* no event from this (§7.3) */
		hwi_count(&v->base, HWI_STAT_FAULTS_LOST);
		return;
	}
	v->regs.frcd[n] = make_record(v, f);
	v->regs.frcd[n].hi |= VTD_FRCD_HI_F; /* last: it makes the rest valid */
	v->regs.frcd_next = (n + 1) % v->lim.frcds;
	if (!(before & VTD_FSTS_PPF)) {
		v->regs.fsts = (v->regs.fsts & ~VTD_FSTS_FRI) | HWI_PUT32(VTD_FSTS_FRI, n);
		if (!(before & VTD_FSTS_EVENT_MASK))
			vtd_event_raise(v, &v->regs.fe);
	}
}

/* A queue error shows up; an event only if no other source was set (§7.3). */
static void queue_error(struct vtd_unit *v, uint32_t status)
{
	uint32_t before = vtd_fsts(v);

	v->regs.fsts |= status;
	if (!(before & VTD_FSTS_EVENT_MASK))
		vtd_event_raise(v, &v->regs.fe);
}

void vtd_fault_iqe(struct vtd_unit *v, unsigned int iqei)
{
	v->regs.iqercd = HWI_SET(VTD_IQERCD_IQEI, v->regs.iqercd, iqei);
	queue_error(v, VTD_FSTS_IQE);
}

void vtd_fault_ite(struct vtd_unit *v, uint16_t sid)
{
	if (!(v->regs.fsts & VTD_FSTS_ITE))
		v->regs.iqercd = HWI_SET(VTD_IQERCD_ITESID, v->regs.iqercd, sid);
	queue_error(v, VTD_FSTS_ITE);
}

void vtd_fault_ice(struct vtd_unit *v, uint16_t sid)
{
	if (!(v->regs.fsts & VTD_FSTS_ICE))
		v->regs.iqercd = HWI_SET(VTD_IQERCD_ICESID, v->regs.iqercd, sid);
	queue_error(v, VTD_FSTS_ICE);
}

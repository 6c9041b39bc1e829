/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The register file (VT-d 5.10 §11): places, access rules, reset values.
 *
 * 32-bit registers take aligned dwords, wider ones aligned dwords or qwords
 * (§11.2); what is written otherwise is dropped and reads 0, as do offsets
 * without a register and registers whose capability this unit does not have.
 */
#include <string.h>

#include "vtd.h"

/* Where an access lands: a register, and the bit position of the access in it. */
struct place {
	enum { FIXED, IVA, IOTLB, FRCD_LO, FRCD_HI } kind;
	uint32_t reg; /* FIXED: VTD_REG_x; FRCD_*: number of the record */
	unsigned int shift;
};

/* No register's gate looks at the version. */
unsigned int vtd_register_bytes(const struct hwi_vtd_config *cfg, uint64_t offset)
{

	switch (offset) {
#define CASE_(name, off, bits, reset, gate, section, title) \
	case VTD_REG_##name:                                 \
		return VTD_GATE_##gate(cfg->ver_major, cfg->cap, cfg->ecap) ? (bits) / 8u : 0;
		VTD_REGISTERS(CASE_)
#undef CASE_
	}
	return 0;
}

/* The registers whose place CAP and ECAP choose; all of them are qwords. */
static bool find_floating(const struct vtd_unit *v, uint64_t offset, struct place *p)
{
	uint64_t rec = offset - v->lim.frcd_off;

	if (offset - v->lim.iva_off < 16) {
		p->kind = offset - v->lim.iva_off < VTD_IRO_IOTLB ? IVA : IOTLB;
	} else if (rec < (uint64_t)v->lim.frcds * VTD_FRCD_SIZE) {
		p->kind = rec % VTD_FRCD_SIZE < VTD_FRO_FRCD_HI ? FRCD_LO : FRCD_HI;
		p->reg = (uint32_t)(rec / VTD_FRCD_SIZE);
	} else {
		return false;
	}
	p->shift = offset % 8 ? 32 : 0;
	return true;
}

static bool find(const struct vtd_unit *v, uint64_t offset, unsigned int size, struct place *p)
{
	unsigned int bytes;

	*p = (struct place){ .kind = FIXED };
	if ((size != 4 && size != 8) || offset % size)
		return false;
	if (find_floating(v, offset, p))
		return true;
	bytes = vtd_register_bytes(&v->cfg, offset);
	p->reg = (uint32_t)offset;
	if (bytes)
		return size <= bytes;
	/* The high dword of a qword register. */
	if (offset % 8 == 0 || vtd_register_bytes(&v->cfg, offset - 4) != 8)
		return false;
	p->reg = (uint32_t)offset - 4;
	p->shift = 32;
	return true;
}

/*
 * Registers that are nothing but storage: which bits software can change.
 * The rest of what the unit has is in special_read() and special_write().
 */
struct storage {
	uint16_t reg;
	uint8_t bytes;
	uint16_t at; /* in struct vtd_regs */
	uint64_t writable;
};

#define STORE32(name, member, mask) \
	{ VTD_REG_##name, 4, offsetof(struct vtd_regs, member), mask }
#define STORE64(name, member, mask) \
	{ VTD_REG_##name, 8, offsetof(struct vtd_regs, member), mask }

static const struct storage storage[] = {
	STORE64(RTADDR, rtaddr, VTD_RTADDR_RTA | VTD_RTADDR_TTM | VTD_RTADDR_SSIRWE),
	STORE32(FEDATA, fe.data, VTD_EDATA_IMD),
	STORE32(FEADDR, fe.addr, VTD_EADDR_MA),
	STORE32(FEUADDR, fe.uaddr, VTD_EUADDR_MUA),
	STORE32(PLMBASE, plmbase, HWI_MASK32(31, 0) & ~VTD_PMR_LOW_GRAIN),
	STORE32(PLMLIMIT, plmlimit, HWI_MASK32(31, 0) & ~VTD_PMR_LOW_GRAIN),
	STORE64(PHMBASE, phmbase, ~VTD_PMR_HIGH_GRAIN),
	STORE64(PHMLIMIT, phmlimit, ~VTD_PMR_HIGH_GRAIN),
	STORE64(IQH, iqh, 0),
	STORE64(IQT, iqt, VTD_IQT_QT),
	STORE64(IQA, iqa, VTD_IQA_IQA | VTD_IQA_DW | VTD_IQA_QS),
	STORE32(IEDATA, ie.data, VTD_EDATA_IMD),
	STORE32(IEADDR, ie.addr, VTD_EADDR_MA),
	STORE32(IEUADDR, ie.uaddr, VTD_EUADDR_MUA),
	STORE64(IQERCD, iqercd, 0),
	STORE64(IRTA, irta, VTD_IRTA_IRTA | VTD_IRTA_EIME | VTD_IRTA_S),
	STORE64(PQH, pqh, VTD_PQH_PQH),
	STORE64(PQT, pqt, VTD_PQT_PQT),
	STORE64(PQA, pqa, VTD_PQA_PQA | VTD_PQA_PQS),
	STORE32(PEDATA, pe.data, VTD_EDATA_IMD),
	STORE32(PEADDR, pe.addr, VTD_EADDR_MA),
	STORE32(PEUADDR, pe.uaddr, VTD_EUADDR_MUA),
};

static const struct storage *find_storage(uint32_t reg)
{
	for (size_t i = 0; i < sizeof(storage) / sizeof(storage[0]); i++) {
		if (storage[i].reg == reg)
			return &storage[i];
	}
	return NULL;
}

static uint64_t storage_get(const struct vtd_regs *r, const struct storage *s)
{
	const unsigned char *p = (const unsigned char *)r + s->at;
	uint32_t val32;
	uint64_t val64;

	if (s->bytes == 4) {
		memcpy(&val32, p, sizeof(val32));
		return val32;
	}
	memcpy(&val64, p, sizeof(val64));
	return val64;
}

static void storage_set(struct vtd_unit *v, const struct storage *s, uint64_t val)
{
	unsigned char *p = (unsigned char *)&v->regs + s->at;
	uint32_t val32 = (uint32_t)val;

	if (s->bytes == 4)
		memcpy(p, &val32, sizeof(val32));
	else
		memcpy(p, &val, sizeof(val));
}

/* What of a register's writable bits this unit has. */
static uint64_t implemented(const struct vtd_unit *v, const struct storage *s)
{
	uint64_t mask = s->writable;

	switch (s->reg) {
	case VTD_REG_RTADDR:
		if (!vtd_has_ecap(v, VTD_ECAP_SSIRWS))
			mask &= ~VTD_RTADDR_SSIRWE;
		return mask & v->lim.haw_mask;
	case VTD_REG_IRTA:
		if (!vtd_has_ecap(v, VTD_ECAP_EIM))
			mask &= ~VTD_IRTA_EIME;
		return mask & v->lim.haw_mask;
	case VTD_REG_IQA:
	case VTD_REG_PQA:
	case VTD_REG_PHMBASE:
	case VTD_REG_PHMLIMIT:
		return mask & v->lim.haw_mask;
	case VTD_REG_FEUADDR:
	case VTD_REG_IEUADDR:
	case VTD_REG_PEUADDR: /* only 32-bit APIC ids need them */
		return vtd_has_ecap(v, VTD_ECAP_EIM) ? mask : 0;
	default:
		return mask;
	}
}

/* Protected ranges stay as they are while they are on, or coming on (§11.4.8). */
static bool locked(const struct vtd_unit *v, uint32_t reg)
{
	return reg >= VTD_REG_PLMBASE && reg <= VTD_REG_PHMLIMIT &&
	       (v->regs.pmen & VTD_PMEN_EPM);
}

static uint64_t special_read(const struct vtd_unit *v, uint32_t reg)
{
	switch (reg) {
	case VTD_REG_VER:
		return HWI_PUT(VTD_VER_MAJOR, v->cfg.ver_major) |
		       HWI_PUT(VTD_VER_MIN, v->cfg.ver_minor);
	case VTD_REG_CAP:
		return v->cfg.cap;
	case VTD_REG_ECAP:
		return v->cfg.ecap;
	case VTD_REG_GSTS:
		return v->regs.gsts;
	case VTD_REG_CCMD:
		return v->regs.ccmd & ~(VTD_CCMD_SID | VTD_CCMD_FM);
	case VTD_REG_FSTS:
		return vtd_fsts(v);
	case VTD_REG_FECTL:
		return v->regs.fe.ctl;
	case VTD_REG_IECTL:
		return v->regs.ie.ctl;
	case VTD_REG_PECTL:
		return v->regs.pe.ctl;
	case VTD_REG_PMEN:
		return v->regs.pmen;
	case VTD_REG_ICS:
		return v->regs.ics;
	case VTD_REG_PRS:
		return v->regs.prs;
	default: /* GCMD_REG is write only */
		return 0;
	}
}

static uint64_t read_whole(const struct vtd_unit *v, const struct place *p)
{
	const struct storage *s;

	switch (p->kind) {
	case IVA: /* write only */
		return 0;
	case IOTLB:
		return v->regs.iotlb;
	case FRCD_LO:
		return v->regs.frcd[p->reg].lo;
	case FRCD_HI:
		return v->regs.frcd[p->reg].hi;
	case FIXED:
		break;
	}
	s = find_storage(p->reg);
	return s ? storage_get(&v->regs, s) : special_read(v, p->reg);
}

uint64_t vtd_mmio_read(struct hwi_unit *unit, uint64_t offset, unsigned int size)
{
	const struct vtd_unit *v = to_vtd(unit);
	struct place p;
	uint64_t val;

	if (!find(v, offset, size, &p))
		return 0;
	val = read_whole(v, &p) >> p.shift;
	return size == 4 ? (uint32_t)val : val;
}

/* The bits of @mask that an access reaches, from @val; the others as in @old. */
static uint64_t merge(uint64_t old, uint64_t val, uint64_t mask)
{
	return (old & ~mask) | (val & mask);
}

static void write_pmen(struct vtd_unit *v, uint32_t val)
{
	if (val & VTD_PMEN_EPM) {
		if (v->regs.pmen & VTD_PMEN_EPM)
			return;
		v->regs.pmen |= VTD_PMEN_EPM;
		vtd_command_start(v, VTD_CMD_EPM);
	} else {
		v->regs.pmen = 0;
		v->commands &= ~VTD_CMD_EPM;
	}
}

static void write_ics(struct vtd_unit *v, uint32_t val)
{
	v->regs.ics &= ~(val & VTD_ICS_IWC);
	if (!v->regs.ics)
		vtd_event_clear(&v->regs.ie);
}

static void write_prs(struct vtd_unit *v, uint32_t val)
{
	v->regs.prs &= ~(val & (VTD_PRS_PPR | VTD_PRS_PRO));
	if (!v->regs.prs)
		vtd_event_clear(&v->regs.pe);
}

static void write_ccmd(struct vtd_unit *v, uint64_t val, uint64_t reach)
{
	v->regs.ccmd = merge(v->regs.ccmd, val,
			     reach & (VTD_CCMD_ICC | VTD_CCMD_CIRG | VTD_CCMD_FM | VTD_CCMD_SID |
				      VTD_CCMD_DID));
	if (v->regs.ccmd & VTD_CCMD_ICC)
		vtd_regbased_context(v);
}

static void write_iotlb(struct vtd_unit *v, uint64_t val, uint64_t reach)
{
	if (v->regs.iotlb & VTD_IOTLB_IVT)
		return; /* still at it: the register belongs to the hardware (§6.9) */
	v->regs.iotlb = merge(v->regs.iotlb, val,
			      reach & (VTD_IOTLB_IVT | VTD_IOTLB_IIRG | VTD_IOTLB_DR |
				       VTD_IOTLB_DW | VTD_IOTLB_DID));
	if (v->regs.iotlb & VTD_IOTLB_IVT)
		vtd_regbased_iotlb(v);
}

static void special_write(struct vtd_unit *v, uint32_t reg, uint64_t val, uint64_t reach)
{
	uint32_t val32 = (uint32_t)val;

	switch (reg) {
	case VTD_REG_GCMD:
		vtd_command_write(v, val32);
		break;
	case VTD_REG_CCMD:
		write_ccmd(v, val, reach);
		break;
	case VTD_REG_FSTS:
		vtd_fsts_write(v, val32);
		break;
	case VTD_REG_FECTL:
		vtd_event_write_ctl(v, &v->regs.fe, val32);
		break;
	case VTD_REG_IECTL:
		vtd_event_write_ctl(v, &v->regs.ie, val32);
		break;
	case VTD_REG_PECTL:
		vtd_event_write_ctl(v, &v->regs.pe, val32);
		break;
	case VTD_REG_PMEN:
		write_pmen(v, val32);
		break;
	case VTD_REG_ICS:
		write_ics(v, val32);
		break;
	case VTD_REG_PRS:
		write_prs(v, val32);
		break;
	default: /* read only */
		break;
	}
}

static void write_whole(struct vtd_unit *v, const struct place *p, uint64_t val, uint64_t reach)
{
	const struct storage *s;

	switch (p->kind) {
	case IVA:
		v->regs.iva = merge(v->regs.iva, val,
				    reach & (VTD_IVA_ADDR | VTD_IVA_IH | VTD_IVA_AM));
		return;
	case IOTLB:
		write_iotlb(v, val, reach);
		return;
	case FRCD_HI:
		if (val & reach & VTD_FRCD_HI_F)
			vtd_frcd_clear(v, p->reg);
		return;
	case FRCD_LO: /* read only */
		return;
	case FIXED:
		break;
	}
	s = find_storage(p->reg);
	if (!s)
		special_write(v, p->reg, val, reach);
	else if (!locked(v, p->reg))
		storage_set(v, s, merge(storage_get(&v->regs, s), val, reach & implemented(v, s)));
}

void vtd_mmio_write(struct hwi_unit *unit, uint64_t offset, unsigned int size, uint64_t value)
{
	struct vtd_unit *v = to_vtd(unit);
	uint64_t reach = size == 4 ? HWI_MASK64(31, 0) : HWI_ALL64;
	struct place p;

	if (!find(v, offset, size, &p))
		return;
	write_whole(v, &p, (value & reach) << p.shift, reach << p.shift);
	if (vtd_pending(unit))
		hwi_kick(unit);
}

/* Bits outside of what software could write or this unit could show (saved states). */
static bool status_ok(const struct vtd_unit *v, const struct vtd_regs *r)
{
	uint32_t gsts = VTD_GSTS_TES | VTD_GSTS_RTPS;
	uint32_t fsts = VTD_FSTS_PFO | VTD_FSTS_FRI;

	if (vtd_has_ecap(v, VTD_ECAP_IR))
		gsts |= VTD_GSTS_IRES | VTD_GSTS_IRTPS | VTD_GSTS_CFIS;
	if (vtd_has_ecap(v, VTD_ECAP_QI)) {
		gsts |= VTD_GSTS_QIES;
		fsts |= VTD_FSTS_IQE;
	}
	if (vtd_has_ecap(v, VTD_ECAP_DT))
		fsts |= VTD_FSTS_ICE | VTD_FSTS_ITE;
	return !(r->gsts & ~gsts) && !(r->fsts & ~fsts) &&
	       HWI_GET(VTD_FSTS_FRI, r->fsts) < v->lim.frcds && r->frcd_next < v->lim.frcds &&
	       !((r->fe.ctl | r->ie.ctl | r->pe.ctl) & ~(VTD_ECTL_IM | VTD_ECTL_IP)) &&
	       !(r->pmen & ~(VTD_PMEN_EPM | VTD_PMEN_PRS)) && !(r->ics & ~VTD_ICS_IWC) &&
	       !(r->prs & ~(VTD_PRS_PPR | VTD_PRS_PRO));
}

static bool fields_ok(const struct vtd_unit *v, const struct vtd_regs *r)
{
	for (size_t i = 0; i < sizeof(storage) / sizeof(storage[0]); i++) {
		uint64_t mask = implemented(v, &storage[i]);

		if (storage[i].reg == VTD_REG_IQH)
			mask = VTD_IQH_QH;
		else if (storage[i].reg == VTD_REG_IQERCD)
			mask = VTD_IQERCD_IQEI | VTD_IQERCD_ITESID | VTD_IQERCD_ICESID;
		if (storage_get(r, &storage[i]) & ~mask)
			return false;
	}
	return !(r->ccmd & VTD_CCMD_RSVD) && !(r->iotlb & VTD_IOTLB_RSVD) &&
	       !(r->iva & VTD_IVA_RSVD);
}

bool vtd_registers_ok(const struct vtd_unit *v, const struct vtd_regs *r)
{
	for (unsigned int n = 0; n < v->lim.frcds; n++) {
		if ((r->frcd[n].lo & VTD_FRCD_LO_RSVD) || (r->frcd[n].hi & VTD_FRCD_HI_RSVD))
			return false;
	}
	return status_ok(v, r) && fields_ok(v, r);
}

/* What SRTP and SIRTP could have latched. */
bool vtd_latched_ok(const struct vtd_unit *v, const struct vtd_latched *l)
{
	const struct storage *rtaddr = find_storage(VTD_REG_RTADDR);
	const struct storage *irta = find_storage(VTD_REG_IRTA);

	return !(l->rtaddr & ~implemented(v, rtaddr)) && !(l->irta & ~implemented(v, irta));
}

/* What a reset that is no power-good reset keeps: the fields with an S (§11.4). */
static void keep_sticky(struct vtd_regs *to, const struct vtd_regs *from)
{
	to->fsts = from->fsts;
	to->ics = from->ics;
	to->iqercd = from->iqercd;
	to->prs = from->prs;
	memcpy(to->frcd, from->frcd, sizeof(to->frcd));
}

void vtd_reset_registers(struct vtd_unit *v, bool cold)
{
	struct vtd_regs r = { 0 };

	if (!cold)
		keep_sticky(&r, &v->regs);
	r.fe.ctl = VTD_FECTL_IM;
	r.ie.ctl = VTD_IECTL_IM;
	r.pe.ctl = VTD_PECTL_IM;
	v->regs = r;
	v->active = (struct vtd_latched){ 0 };
	memset(v->itag, 0, sizeof(v->itag));
	v->wait = (struct vtd_wait){ 0 };
	v->itags_since_wait = 0;
	v->drain_owed = false;
	v->drain_refused = false;
	v->stalled = false;
	v->commands = 0;
	hwi_utlb_purge(&v->base.utlb);
}

void vtd_reset(struct hwi_unit *unit, bool cold)
{
	struct vtd_unit *v = to_vtd(unit);

	vtd_reset_registers(v, cold);
	vtd_inv_all(v);
	vtd_inv_iec_all(v);
}

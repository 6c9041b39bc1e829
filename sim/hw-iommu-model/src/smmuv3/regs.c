/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The register file (§6): places, access rules, guards, reset values.
 *
 * Where the specification leaves a choice (§6.2): an access of another size or
 * alignment than a register has, a 64-bit one over two 32-bit registers, an
 * undefined offset of either page, and the page 0 offsets of page 1 registers are
 * RAZ/WI. Registers UNKNOWN at reset read 0. Every Update is done when the write
 * returns, so that CR0ACK and IRQ_CTRLACK read as CR0 and IRQ_CTRL do and
 * GBPA.Update reads 0.
 */
#include <string.h>

#include "control.h"

#define GBPA_FIELDS (SMMU_GBPA_ATTRS | SMMU_GBPA_ABORT)

/* Registers that are nothing but storage, and where in struct smmu_control. */
struct storage {
	uint32_t reg;
	uint16_t at;
	uint16_t bytes;
};

#define STORE(name, member) \
	{ SMMU_REG_##name, offsetof(struct smmu_control, member), \
	  sizeof(((struct smmu_control *)NULL)->member) }

static const struct storage storage[] = {
	STORE(CR2, regs.cr2),
	STORE(GERROR_IRQ_CFG0, regs.gerror_irq.addr),
	STORE(GERROR_IRQ_CFG1, regs.gerror_irq.data),
	STORE(GERROR_IRQ_CFG2, regs.gerror_irq.attr),
	STORE(STRTAB_BASE, regs.strtab_base),
	STORE(STRTAB_BASE_CFG, regs.strtab_base_cfg),
	STORE(CMDQ_BASE, cmdq.base),
	STORE(CMDQ_PROD, cmdq.prod),
	STORE(CMDQ_CONS, cmdq.cons),
	STORE(EVENTQ_BASE, regs.eventq.base),
	STORE(EVENTQ_PROD, regs.eventq.prod),
	STORE(EVENTQ_CONS, regs.eventq.cons),
	STORE(EVENTQ_IRQ_CFG0, regs.eventq.irq.addr),
	STORE(EVENTQ_IRQ_CFG1, regs.eventq.irq.data),
	STORE(EVENTQ_IRQ_CFG2, regs.eventq.irq.attr),
	STORE(PRIQ_BASE, regs.priq.base),
	STORE(PRIQ_PROD, regs.priq.prod),
	STORE(PRIQ_CONS, regs.priq.cons),
	STORE(PRIQ_IRQ_CFG0, regs.priq.irq.addr),
	STORE(PRIQ_IRQ_CFG1, regs.priq.irq.data),
	STORE(PRIQ_IRQ_CFG2, regs.priq.irq.attr),
};
#define STORED (sizeof(storage) / sizeof(storage[0]))

/* Bytes of the register that begins at @offset; 0: this unit has none there. */
static unsigned int bytes_of(const struct smmu_unit *s, uint64_t offset)
{
	const struct hwi_smmuv3_config *c = &s->cfg;

	switch (offset) {
#define CASE_(name, offset, bits, reset, gate, section, title) \
	case SMMU_REG_##name:                                  \
		return SMMU_GATE_##gate(c->idr0, c->idr1, c->idr3) ? (bits) / 8u : 0;
		SMMU_REGISTERS(CASE_)
#undef CASE_
	}
	return 0;
}

struct access {
	uint32_t reg;
	enum smmu_guard guard;
	uint64_t writable;
};

#define ENTRY_(name, writable, guard) { SMMU_REG_##name, SMMU_GUARD_##guard, writable },
static const struct access accesses[] = { SMMU_REGISTER_ACCESS(ENTRY_) };
#undef ENTRY_

/* Registers that are not in the list are read only. */
static const struct access *access_of(uint32_t reg)
{
	static const struct access read_only = { .guard = SMMU_GUARD_RO };

	for (size_t i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++) {
		if (accesses[i].reg == reg)
			return &accesses[i];
	}
	return &read_only;
}

static const struct storage *find_storage(uint32_t reg)
{
	for (size_t i = 0; i < STORED; i++) {
		if (storage[i].reg == reg)
			return &storage[i];
	}
	return NULL;
}

static uint64_t get(const struct smmu_control *c, const struct storage *r)
{
	const unsigned char *p = (const unsigned char *)c + r->at;
	uint32_t val32;
	uint64_t val64;

	if (r->bytes == sizeof(val64)) {
		memcpy(&val64, p, sizeof(val64));
		return val64;
	}
	memcpy(&val32, p, sizeof(val32));
	return val32;
}

static void set(struct smmu_control *c, const struct storage *r, uint64_t val)
{
	unsigned char *p = (unsigned char *)c + r->at;
	uint32_t val32 = (uint32_t)val;

	if (r->bytes == sizeof(val))
		memcpy(p, &val, sizeof(val));
	else
		memcpy(p, &val32, sizeof(val32));
}

/* Writable bits of missing features are not there (§6.3). */
static uint64_t implemented(const struct smmu_unit *s, uint32_t reg)
{
	uint64_t mask = access_of(reg)->writable;
	uint64_t missing = 0;

	switch (reg) {
	case SMMU_REG_CR0:
		if (!smmu_has_idr0(s, SMMU_IDR0_PRI))
			missing |= SMMU_CR0_PRIQEN;
		if (!smmu_has_idr0(s, SMMU_IDR0_ATS))
			missing |= SMMU_CR0_ATSCHK;
		if (!smmu_has_idr0(s, SMMU_IDR0_VMW))
			missing |= SMMU_CR0_VMW;
		break;
	case SMMU_REG_CR2:
		missing = SMMU_CR2_PTM; /* no BTM */
		if (!s->lim.hyp)
			missing |= SMMU_CR2_E2H;
		if (!smmu_has_idr0(s, SMMU_IDR0_ATSRECERR))
			missing |= SMMU_CR2_REC_CFG_ATS;
		break;
	case SMMU_REG_IRQ_CTRL:
		if (!smmu_has_idr0(s, SMMU_IDR0_PRI))
			missing = SMMU_IRQ_CTRL_PRIQ_IRQEN;
		break;
	case SMMU_REG_GERROR_IRQ_CFG0:
	case SMMU_REG_EVENTQ_IRQ_CFG0:
	case SMMU_REG_PRIQ_IRQ_CFG0:
		return mask & SMMU_ADDR_MASK;
	case SMMU_REG_STRTAB_BASE:
		missing = SMMU_STRTAB_BASE_ADDR & ~s->lim.oas_mask;
		break;
	case SMMU_REG_STRTAB_BASE_CFG:
		if (HWI_GET32(SMMU_IDR0_ST_LEVEL, s->cfg.idr0) == SMMU_ST_LEVEL_LINEAR)
			missing = SMMU_STRTAB_BASE_CFG_FMT | SMMU_STRTAB_BASE_CFG_SPLIT;
		break;
	case SMMU_REG_CMDQ_BASE:
	case SMMU_REG_EVENTQ_BASE:
	case SMMU_REG_PRIQ_BASE:
		missing = SMMU_Q_BASE_ADDR & ~s->lim.oas_mask;
		break;
	case SMMU_REG_PRIQ_IRQ_CFG2: /* LO is for wires, too */
		if (!smmu_has_idr0(s, SMMU_IDR0_MSI))
			mask = SMMU_PRIQ_IRQ_CFG2_LO;
		break;
	default:
		break;
	}
	return mask & ~missing;
}

/* Whether a write is ignored as a whole; no ACK is ever behind its enable. */
static bool guarded(const struct smmu_unit *s, enum smmu_guard guard)
{
	uint32_t irq_ctrl = s->ctl->regs.irq_ctrl;

	switch (guard) {
	case SMMU_GUARD_RO:
		return true;
	case SMMU_GUARD_SMMUEN:
		return smmu_enabled(s, SMMU_CR0_SMMUEN);
	case SMMU_GUARD_CMDQEN:
		return smmu_enabled(s, SMMU_CR0_CMDQEN);
	case SMMU_GUARD_EVENTQEN:
		return smmu_enabled(s, SMMU_CR0_EVENTQEN);
	case SMMU_GUARD_PRIQEN: /* the bit, not what it comes to with SMMUEN=0 */
		return smmu_enabled(s, SMMU_CR0_PRIQEN);
	case SMMU_GUARD_GERROR_IRQEN:
		return irq_ctrl & SMMU_IRQ_CTRL_GERROR_IRQEN;
	case SMMU_GUARD_EVENTQ_IRQEN:
		return irq_ctrl & SMMU_IRQ_CTRL_EVENTQ_IRQEN;
	case SMMU_GUARD_PRIQ_IRQEN:
		return irq_ctrl & SMMU_IRQ_CTRL_PRIQ_IRQEN;
	default: /* NONE; CR1, field by field: write_cr1(); GBPA, by the value: write_gbpa() */
		return false;
	}
}

/* ---- what follows from the registers ---- */

static uint8_t split_of(uint32_t cfg)
{
	uint32_t split = HWI_GET32(SMMU_STRTAB_BASE_CFG_SPLIT, cfg);

	return split == 8 || split == 10 ? (uint8_t)split : 6; /* reserved ones act as 6 */
}

/*
 * Bits of the address that count as 0: the table is aligned to its size, in which
 * LOG2SIZE goes as it was written (§6.3.24).
 */
static unsigned int strtab_align_log2(const struct smmu_effective *e, unsigned int log2size)
{
	unsigned int l1;

	if (!e->strtab_two_level)
		return log2size + 6;
	l1 = log2size > e->strtab_split ? log2size - e->strtab_split : 0;
	return l1 + 3 > 6 ? l1 + 3 : 6;
}

void smmu_effective_update(struct smmu_unit *s)
{
	const struct smmu_regs *r = &s->ctl->regs;
	unsigned int log2size = HWI_GET32(SMMU_STRTAB_BASE_CFG_LOG2SIZE, r->strtab_base_cfg);
	uint32_t vmw = HWI_GET32(SMMU_CR0_VMW, r->cr0);
	struct smmu_effective *e = &s->eff;

	*e = (struct smmu_effective){
		.smmuen = r->cr0 & SMMU_CR0_SMMUEN,
		.atschk = r->cr0 & SMMU_CR0_ATSCHK,
		.e2h = r->cr2 & SMMU_CR2_E2H,
		.recinvsid = r->cr2 & SMMU_CR2_RECINVSID,
		.rec_cfg_ats = r->cr2 & SMMU_CR2_REC_CFG_ATS,
		.vmw = (uint8_t)(vmw <= 4 ? vmw : 0),
		.gbpa = r->gbpa,
		.strtab_two_level = HWI_GET32(SMMU_STRTAB_BASE_CFG_FMT, r->strtab_base_cfg) ==
				    SMMU_STRTAB_FMT_2LVL,
		.strtab_split = split_of(r->strtab_base_cfg),
		.strtab_log2size = (uint8_t)(log2size < s->lim.sid_bits ? log2size :
									  s->lim.sid_bits),
	};
	e->strtab_base = r->strtab_base & SMMU_STRTAB_BASE_ADDR & s->lim.oas_mask &
			 ~smmu_low_bits(strtab_align_log2(e, log2size));
	smmu_forget_decoded(s);
	hwi_utlb_purge(&s->base.utlb);
}

/* Translations of before do not hold any more, though no cache entry went. */
static void mode_changed(struct smmu_unit *s)
{
	const struct hwi_inval all = {
		.scope = HWI_INVAL_ALL,
		.span_log2 = 64,
		.pasid = HWI_PASID_NONE,
	};

	if (s->base.host->invalidated)
		s->base.host->invalidated(s->base.opaque, &all);
}

/* ---- registers that are more than storage ---- */

static void write_cr0(struct smmu_unit *s, uint32_t val)
{
	uint32_t old = s->ctl->regs.cr0;
	uint32_t now = val & (uint32_t)implemented(s, SMMU_REG_CR0);

	s->ctl->regs.cr0 = now;
	if (old & ~now & SMMU_CR0_CMDQEN)
		smmu_cmdq_unfetch(&s->ctl->cmdq);
	if (old & ~now & SMMU_CR0_EVENTQEN)
		s->ctl->last_event.open = false; /* the queue may be another one */
	smmu_effective_update(s);
	if ((old ^ now) & SMMU_CR0_SMMUEN)
		mode_changed(s);
	if (old & ~now & SMMU_CR0_SMMUEN)
		smmu_stall_abort_all(s);
}

/* Each half is guarded by those who use it (§6.3.11). */
static void write_cr1(struct smmu_unit *s, uint32_t val)
{
	uint32_t mask = 0;

	if (!smmu_enabled(s, SMMU_CR0_CMDQEN | SMMU_CR0_EVENTQEN | SMMU_CR0_PRIQEN))
		mask |= SMMU_CR1_QUEUE;
	if (!smmu_enabled(s, SMMU_CR0_SMMUEN))
		mask |= SMMU_CR1_TABLE;
	s->ctl->regs.cr1 = (uint32_t)smmu_merge(s->ctl->regs.cr1, val, mask);
}

/* Taken if Update is written 1 along with the new value (§6.3.14). */
static void write_gbpa(struct smmu_unit *s, uint32_t val)
{
	if (!(val & SMMU_GBPA_UPDATE))
		return;
	s->ctl->regs.gbpa = val & GBPA_FIELDS;
	smmu_effective_update(s);
	if (!smmu_enabled(s, SMMU_CR0_SMMUEN))
		mode_changed(s);
}

static uint32_t read_special(const struct smmu_unit *s, uint32_t reg)
{
	switch (reg) {
	case SMMU_REG_IDR0:
		return s->cfg.idr0;
	case SMMU_REG_IDR1:
		return s->cfg.idr1;
	case SMMU_REG_IDR3:
		return s->cfg.idr3;
	case SMMU_REG_IDR5:
		return s->cfg.idr5;
	case SMMU_REG_IIDR:
		return s->cfg.iidr;
	case SMMU_REG_AIDR:
		return s->cfg.aidr;
	case SMMU_REG_CR0:
	case SMMU_REG_CR0ACK:
		return s->ctl->regs.cr0;
	case SMMU_REG_CR1:
		return s->ctl->regs.cr1;
	case SMMU_REG_GBPA:
		return s->ctl->regs.gbpa;
	case SMMU_REG_IRQ_CTRL:
	case SMMU_REG_IRQ_CTRLACK:
		return s->ctl->regs.irq_ctrl;
	case SMMU_REG_GERROR:
		return s->ctl->regs.gerror;
	case SMMU_REG_GERRORN:
		return s->ctl->regs.gerrorn;
	case SMMU_REG_CIDR0:
		return SMMU_CIDR0;
	case SMMU_REG_CIDR1:
		return SMMU_CIDR1;
	case SMMU_REG_CIDR2:
		return SMMU_CIDR2;
	case SMMU_REG_CIDR3:
		return SMMU_CIDR3;
	default: /* RES0, and what is implementation defined: nothing */
		return 0;
	}
}

static void write_special(struct smmu_unit *s, uint32_t reg, uint32_t val)
{
	switch (reg) {
	case SMMU_REG_CR0:
		write_cr0(s, val);
		break;
	case SMMU_REG_CR1:
		write_cr1(s, val);
		break;
	case SMMU_REG_GBPA:
		write_gbpa(s, val);
		break;
	case SMMU_REG_IRQ_CTRL:
		s->ctl->regs.irq_ctrl = val & (uint32_t)implemented(s, reg);
		break;
	default: /* GERRORN: what is left of those that can be written */
		smmu_gerrorn_write(s, val);
		break;
	}
}

/* Of the indexes that belong to the unit only those bits exist that the size gives (§3.5.1). */
static uint64_t shown(const struct smmu_unit *s, uint32_t reg, uint64_t val)
{
	struct smmu_ring ring;

	switch (reg) {
	case SMMU_REG_CMDQ_CONS:
		ring = smmu_ring_cmdq(s, s->ctl->cmdq.base);
		break;
	case SMMU_REG_EVENTQ_PROD:
		ring = smmu_ring_eventq(s);
		break;
	case SMMU_REG_PRIQ_PROD:
		ring = smmu_ring_priq(s);
		break;
	default:
		return val;
	}
	return (val & ~(uint64_t)SMMU_Q_INDEX) | smmu_ring_index(&ring, (uint32_t)val);
}

/* ---- accesses ---- */

uint64_t smmu_merge(uint64_t old, uint64_t val, uint64_t mask)
{
	return (old & ~mask) | (val & mask);
}

/* Where an access lands: a register of @bytes, and the bit position of the access in it. */
struct place {
	uint32_t reg;
	unsigned int bytes;
	unsigned int shift;
	const struct storage *storage; /* NULL: it is more than that */
};

static bool find(const struct smmu_unit *s, uint64_t offset, unsigned int size, struct place *p)
{
	*p = (struct place){ .reg = (uint32_t)offset };
	if ((size != 4 && size != 8) || offset % size)
		return false;
	p->bytes = bytes_of(s, offset);
	if (!p->bytes && offset % 8 == 4) {
		p->reg -= 4;
		p->shift = 32;
		p->bytes = bytes_of(s, offset - 4);
		if (p->bytes != 8)
			return false; /* no upper half */
	}
	p->storage = find_storage(p->reg);
	return size <= p->bytes;
}

static uint64_t read_whole(const struct smmu_unit *s, const struct place *p)
{
	if (!p->storage)
		return read_special(s, p->reg);
	return shown(s, p->reg, get(s->ctl, p->storage));
}

uint64_t smmu_mmio_read(struct hwi_unit *unit, uint64_t offset, unsigned int size)
{
	struct smmu_unit *s = to_smmu(unit);
	struct place p;
	uint64_t val;

	if (offset >= HWI_SMMUV3_REGS_SIZE)
		return smmu_cmdqv_read(s, offset - HWI_SMMUV3_CMDQV_OFFSET, size);
	if (!find(s, offset, size, &p))
		return 0;
	val = read_whole(s, &p) >> p.shift;
	return size == 4 ? (uint32_t)val : val;
}

static void write_whole(struct smmu_unit *s, const struct place *p, uint64_t val, uint64_t reach)
{
	enum smmu_guard guard = access_of(p->reg)->guard;

	if (guarded(s, guard))
		return;
	if (!p->storage) {
		write_special(s, p->reg, (uint32_t)val);
		return;
	}
	set(s->ctl, p->storage,
	    smmu_merge(get(s->ctl, p->storage), val, reach & implemented(s, p->reg)));
	if (guard == SMMU_GUARD_SMMUEN)
		smmu_effective_update(s);
}

void smmu_mmio_write(struct hwi_unit *unit, uint64_t offset, unsigned int size, uint64_t value)
{
	struct smmu_unit *s = to_smmu(unit);
	uint64_t reach = size == 4 ? HWI_MASK64(31, 0) : HWI_ALL64;
	struct place p;

	if (offset >= HWI_SMMUV3_REGS_SIZE)
		smmu_cmdqv_write(s, offset - HWI_SMMUV3_CMDQV_OFFSET, size, value);
	else if (find(s, offset, size, &p))
		write_whole(s, &p, (value & reach) << p.shift, reach << p.shift);
	if (smmu_pending(unit))
		hwi_kick(unit);
}

/* ---- reset, saved states ---- */

void smmu_reset_registers(struct smmu_unit *s)
{
	struct smmu_control *c = s->ctl;

	c->regs = (struct smmu_regs){ .gbpa = s->cfg.gbpa };
	c->last_event = (struct smmu_last_event){ 0 };
	smmu_cmdq_init(&c->cmdq);
	for (unsigned int i = 0; i < SMMU_ITAGS; i++)
		c->itag[i] = (struct smmu_itag){ 0 };
	smmu_stall_forget(s);
	c->drain_refused = false;
	smmu_cmdqv_reset(s);
	smmu_effective_update(s);
}

/* Only bits that a write could have left, or the unit could have set. */
bool smmu_registers_ok(const struct smmu_unit *s, const struct smmu_control *c)
{
	const struct smmu_regs *r = &c->regs;

	for (size_t i = 0; i < STORED; i++) {
		uint32_t reg = storage[i].reg;
		/* Of a register that this unit does not have: nothing. */
		uint64_t mask = bytes_of(s, reg) ? implemented(s, reg) : 0;

		if (get(c, &storage[i]) & ~mask)
			return false;
	}
	return !(r->cr0 & ~(uint32_t)implemented(s, SMMU_REG_CR0)) &&
	       !(r->cr1 & ~(SMMU_CR1_QUEUE | SMMU_CR1_TABLE)) && !(r->gbpa & ~GBPA_FIELDS) &&
	       !(r->irq_ctrl & ~(uint32_t)implemented(s, SMMU_REG_IRQ_CTRL)) &&
	       !((r->gerror | r->gerrorn) & ~smmu_gerror_mask(s));
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Registers of the Tegra241 CMDQV: the configuration page, the pages with all
 * VCMDQs, and each VINTF's two pages, which show the VCMDQs allocated to it by
 * their logical numbers.
 *
 * All registers are 32 bits wide but for those of page 1, which take both sizes;
 * LVCMDQ_ERR_MAP can be read in pairs. Error maps show what is not acknowledged.
 * The copy of CONS in memory (CONS_DRAM_EN) is not implemented: the bit is RES0.
 */
#include "control.h"

#define PAGES_END CMDQV_APERTURE(CMDQV_VINTFS_MAX)

static bool vcmdq_error(const struct smmu_vcmdq *q)
{
	return q->gerror ^ q->gerrorn;
}

static bool allocated_to(const struct smmu_vcmdq *q, unsigned int vintf)
{
	return (q->alloc & CMDQV_CMDQ_ALLOC_ALLOCATED) &&
	       HWI_GET32(CMDQV_CMDQ_ALLOC_VINTF, q->alloc) == vintf;
}

static unsigned int logical(const struct smmu_vcmdq *q)
{
	return HWI_GET32(CMDQV_CMDQ_ALLOC_LVCMDQ, q->alloc);
}

/* A word of a map with a bit for each VCMDQ that has an error. */
static uint32_t cmdq_err_map(const struct smmu_unit *s, unsigned int word)
{
	uint32_t map = 0;

	for (unsigned int i = 0; i < 32; i++) {
		unsigned int n = 32 * word + i;

		if (n < smmu_cmdqv_vcmdqs(s) && vcmdq_error(&s->ctl->cmdqv->vcmdq[n]))
			map |= HWI_BIT32(i);
	}
	return map;
}

static uint32_t lvcmdq_err_map(const struct smmu_unit *s, unsigned int vintf, unsigned int word)
{
	uint32_t map = 0;

	for (unsigned int n = 0; n < smmu_cmdqv_vcmdqs(s); n++) {
		const struct smmu_vcmdq *q = &s->ctl->cmdqv->vcmdq[n];

		if (allocated_to(q, vintf) && vcmdq_error(q) && logical(q) / 32 == word)
			map |= HWI_BIT32(logical(q) % 32);
	}
	return map;
}

static bool vintf_error(const struct smmu_unit *s, unsigned int vintf)
{
	for (unsigned int n = 0; n < smmu_cmdqv_vcmdqs(s); n++) {
		const struct smmu_vcmdq *q = &s->ctl->cmdqv->vcmdq[n];

		if (allocated_to(q, vintf) && vcmdq_error(q))
			return true;
	}
	return false;
}

static uint32_t vintf_err_map(const struct smmu_unit *s, unsigned int word)
{
	uint32_t map = 0;

	for (unsigned int i = 0; i < 32; i++) {
		if (vintf_error(s, 32 * word + i))
			map |= HWI_BIT32(i);
	}
	return map;
}

static unsigned int lvcmdqs(const struct smmu_unit *s, unsigned int vintf)
{
	unsigned int count = 0;

	for (unsigned int n = 0; n < smmu_cmdqv_vcmdqs(s); n++)
		count += allocated_to(&s->ctl->cmdqv->vcmdq[n], vintf);
	return count;
}

static uint32_t vintf_status(const struct smmu_unit *s, unsigned int n)
{
	uint32_t status = HWI_PUT32(VINTF_STATUS_NUM_LVCMDQ, lvcmdqs(s, n));

	if (s->ctl->cmdqv->vintf[n].config & VINTF_CONFIG_EN)
		status |= VINTF_STATUS_ENABLED;
	if (vintf_error(s, n))
		status |= HWI_PUT32(VINTF_STATUS_STATUS, VINTF_STATUS_VCMDQ_ERROR);
	return status;
}

/* ---- the configuration page ---- */

/* Whether @off lies in an array of 32-bit registers; *@i: which. */
static bool in_array(uint32_t off, uint32_t base, unsigned int count, unsigned int *i)
{
	*i = (off - base) / 4;
	return off >= base && *i < count;
}

static uint32_t param(const struct smmu_unit *s)
{
	return HWI_PUT32(CMDQV_PARAM_VER, CMDQV_VER) |
	       HWI_PUT32(CMDQV_PARAM_NUM_VCMDQ_LOG2, s->cfg.cmdqv.vcmdqs_log2) |
	       HWI_PUT32(CMDQV_PARAM_NUM_VINTF_LOG2, s->cfg.cmdqv.vintfs_log2) |
	       HWI_PUT32(CMDQV_PARAM_NUM_SID_PER_VM_LOG2, s->cfg.cmdqv.sids_log2);
}

static uint32_t vintf_read(const struct smmu_unit *s, unsigned int n, uint32_t off)
{
	const struct smmu_vintf *vi = &s->ctl->cmdqv->vintf[n];
	unsigned int sids = 1u << s->cfg.cmdqv.sids_log2, i;

	if (off == VINTF_CONFIG)
		return vi->config;
	if (off == VINTF_STATUS)
		return vintf_status(s, n);
	if (in_array(off, VINTF_SID_MATCH(0), sids, &i))
		return vi->match[i];
	if (in_array(off, VINTF_SID_REPLACE(0), sids, &i))
		return vi->replace[i];
	if (in_array(off, VINTF_LVCMDQ_ERR_MAP(0), CMDQV_VCMDQS_MAX / 32, &i))
		return lvcmdq_err_map(s, n, i);
	return 0;
}

static void vintf_write(struct smmu_unit *s, unsigned int n, uint32_t off, uint32_t val)
{
	struct smmu_vintf *vi = &s->ctl->cmdqv->vintf[n];
	unsigned int sids = 1u << s->cfg.cmdqv.sids_log2, i;

	if (off == VINTF_CONFIG) {
		vi->config = val & (VINTF_CONFIG_EN | VINTF_CONFIG_VMID | VINTF_CONFIG_HYP_OWN);
		smmu_cmdqv_settle(s);
	} else if (in_array(off, VINTF_SID_MATCH(0), sids, &i)) {
		vi->match[i] = val & (VINTF_SID_MATCH_ENABLE | VINTF_SID_MATCH_VIRT_SID);
	} else if (in_array(off, VINTF_SID_REPLACE(0), sids, &i)) {
		vi->replace[i] = val & VINTF_SID_REPLACE_PHYS_SID;
	}
}

static uint32_t config_read(const struct smmu_unit *s, uint32_t off)
{
	const struct smmu_cmdqv *v = s->ctl->cmdqv;
	unsigned int i;

	switch (off) {
	case CMDQV_REG_CONFIG:
		return v->config;
	case CMDQV_REG_PARAM:
		return param(s);
	case CMDQV_REG_STATUS:
		return v->config & CMDQV_CONFIG_EN ? CMDQV_STATUS_ENABLED : 0;
	default:
		break;
	}
	if (in_array(off, CMDQV_REG_VINTF_ERR_MAP(0), CMDQV_VINTFS_MAX / 32, &i))
		return vintf_err_map(s, i);
	if (in_array(off, CMDQV_REG_VINTF_INT_MASK(0), CMDQV_VINTFS_MAX / 32, &i))
		return v->vi_int_mask[i];
	if (in_array(off, CMDQV_REG_CMDQ_ERR_MAP(0), CMDQV_VCMDQS_MAX / 32, &i))
		return cmdq_err_map(s, i);
	if (in_array(off, CMDQV_REG_CMDQ_ALLOC(0), smmu_cmdqv_vcmdqs(s), &i))
		return v->vcmdq[i].alloc;
	if (in_array(off, CMDQV_VINTF_BASE, CMDQV_VINTF_STRIDE / 4 * smmu_cmdqv_vintfs(s), &i))
		return vintf_read(s, i / (CMDQV_VINTF_STRIDE / 4), off % CMDQV_VINTF_STRIDE);
	return 0;
}

static void config_write(struct smmu_unit *s, uint32_t off, uint32_t val)
{
	struct smmu_cmdqv *v = s->ctl->cmdqv;
	unsigned int i;

	if (off == CMDQV_REG_CONFIG) {
		v->config = val & SMMU_CMDQV_CONFIG_FIELDS;
		smmu_cmdqv_settle(s);
	} else if (in_array(off, CMDQV_REG_VINTF_INT_MASK(0), CMDQV_VINTFS_MAX / 32, &i)) {
		v->vi_int_mask[i] = val;
	} else if (in_array(off, CMDQV_REG_CMDQ_ALLOC(0), smmu_cmdqv_vcmdqs(s), &i)) {
		v->vcmdq[i].alloc = val & SMMU_CMDQV_ALLOC_FIELDS;
		smmu_cmdqv_settle(s);
	} else if (in_array(off, CMDQV_VINTF_BASE,
			    CMDQV_VINTF_STRIDE / 4 * smmu_cmdqv_vintfs(s), &i)) {
		vintf_write(s, i / (CMDQV_VINTF_STRIDE / 4), off % CMDQV_VINTF_STRIDE, val);
	}
}

/* ---- VCMDQs ---- */

static uint32_t page0_read(const struct smmu_unit *s, const struct smmu_vcmdq *q, uint32_t off)
{
	struct smmu_ring r = smmu_ring_cmdq(s, q->q.base);

	switch (off) {
	case VCMDQ_CONS:
		return (q->q.cons & VCMDQ_CONS_ERR) | smmu_ring_index(&r, q->q.cons);
	case VCMDQ_PROD:
		return q->q.prod;
	case VCMDQ_CONFIG:
		return q->config;
	case VCMDQ_STATUS:
		return smmu_vcmdq_enabled(s, q) ? VCMDQ_STATUS_ENABLED : 0;
	case VCMDQ_GERROR:
		return q->gerror;
	case VCMDQ_GERRORN:
		return q->gerrorn;
	default:
		return 0;
	}
}

static void page0_write(struct smmu_unit *s, struct smmu_vcmdq *q, uint32_t off, uint32_t val)
{
	switch (off) {
	case VCMDQ_CONS: /* the unit's while the queue is enabled */
		if (!(q->config & VCMDQ_CONFIG_EN))
			q->q.cons = val & (VCMDQ_CONS_RD | VCMDQ_CONS_ERR);
		break;
	case VCMDQ_PROD:
		q->q.prod = val & VCMDQ_PROD_WR;
		break;
	case VCMDQ_CONFIG:
		q->config = val & VCMDQ_CONFIG_EN;
		smmu_cmdqv_settle(s);
		break;
	case VCMDQ_GERRORN:
		q->gerrorn = val & VCMDQ_GERROR_ALL;
		break;
	default:
		break;
	}
}

/* The 64-bit register that a half of page 1 belongs to. */
static uint64_t *page1_register(struct smmu_vcmdq *q, uint32_t off)
{
	switch (off & ~4u) {
	case VCMDQ_BASE:
		return &q->q.base;
	case VCMDQ_CONS_INDX_BASE:
		return &q->cons_dram;
	default:
		return NULL;
	}
}

static uint32_t page1_read(struct smmu_vcmdq *q, uint32_t off)
{
	const uint64_t *reg = page1_register(q, off);

	return reg ? (uint32_t)(*reg >> (off & 4 ? 32 : 0)) : 0;
}

static void page1_write(const struct smmu_unit *s, struct smmu_vcmdq *q, uint32_t off,
			uint32_t val)
{
	uint64_t *reg = page1_register(q, off);
	unsigned int shift = off & 4 ? 32 : 0;
	uint64_t mask = (VCMDQ_BASE_ADDR & s->lim.oas_mask) | VCMDQ_BASE_LOG2SIZE;

	if (!reg || (q->config & VCMDQ_CONFIG_EN))
		return;
	if (reg == &q->cons_dram)
		mask = VCMDQ_CONS_INDX_BASE_ADDR & s->lim.oas_mask;
	*reg = smmu_merge(*reg, (uint64_t)val << shift, (HWI_MASK64(31, 0) << shift) & mask);
}

/* ---- places ---- */

struct place {
	enum { NOWHERE, CONFIG, PAGE0, PAGE1 } kind;
	uint32_t off; /* in the page, or in the VCMDQ's slot */
	struct smmu_vcmdq *q;
};

static struct smmu_vcmdq *by_logical(struct smmu_unit *s, unsigned int vintf, unsigned int l)
{
	for (unsigned int n = 0; n < smmu_cmdqv_vcmdqs(s); n++) {
		struct smmu_vcmdq *q = &s->ctl->cmdqv->vcmdq[n];

		if (allocated_to(q, vintf) && logical(q) == l)
			return q;
	}
	return NULL;
}

static struct place find(struct smmu_unit *s, uint64_t offset)
{
	uint32_t page = (uint32_t)(offset / CMDQV_PAGE_SIZE);
	uint32_t in_page = (uint32_t)(offset % CMDQV_PAGE_SIZE);
	unsigned int slot = in_page / CMDQV_VCMDQ_STRIDE;
	struct place p = { .kind = NOWHERE };
	unsigned int vintf;

	if (!s->ctl->cmdqv || offset >= PAGES_END)
		return p;
	if (page == 0) {
		p.kind = CONFIG;
		p.off = in_page;
		return p;
	}
	p.off = in_page % CMDQV_VCMDQ_STRIDE;
	if (page < CMDQV_VINTF_PAGE_BASE / CMDQV_PAGE_SIZE) {
		p.kind = page == CMDQV_VCMDQ_PAGE0_BASE / CMDQV_PAGE_SIZE ? PAGE0 : PAGE1;
		p.q = slot < smmu_cmdqv_vcmdqs(s) ? &s->ctl->cmdqv->vcmdq[slot] : NULL;
	} else {
		page -= CMDQV_VINTF_PAGE_BASE / CMDQV_PAGE_SIZE;
		vintf = page / 2;
		p.kind = page % 2 ? PAGE1 : PAGE0;
		p.q = vintf < smmu_cmdqv_vintfs(s) ? by_logical(s, vintf, slot) : NULL;
	}
	if (!p.q)
		p.kind = NOWHERE;
	return p;
}

static uint32_t read32(struct smmu_unit *s, const struct place *p)
{
	switch (p->kind) {
	case CONFIG:
		return config_read(s, p->off);
	case PAGE0:
		return page0_read(s, p->q, p->off);
	case PAGE1:
		return page1_read(p->q, p->off);
	default:
		return 0;
	}
}

static void write32(struct smmu_unit *s, const struct place *p, uint32_t val)
{
	switch (p->kind) {
	case CONFIG:
		config_write(s, p->off, val);
		break;
	case PAGE0:
		page0_write(s, p->q, p->off, val);
		break;
	case PAGE1:
		page1_write(s, p->q, p->off, val);
		break;
	default:
		break;
	}
}

/* Whether an access of 8 bytes is one: in page 1, and reads of a pair of maps. */
static bool takes64(const struct place *p)
{
	uint32_t off = p->off % CMDQV_VINTF_STRIDE;

	if (p->kind == PAGE1)
		return true;
	return p->kind == CONFIG && p->off >= CMDQV_VINTF_BASE &&
	       off >= VINTF_LVCMDQ_ERR_MAP(0) && off < VINTF_LVCMDQ_ERR_MAP(4);
}

uint64_t smmu_cmdqv_read(struct smmu_unit *s, uint64_t offset, unsigned int size)
{
	struct place p = find(s, offset);
	uint64_t val;

	if ((size != 4 && size != 8) || offset % size || (size == 8 && !takes64(&p)))
		return 0;
	val = read32(s, &p);
	if (size == 8) {
		p.off += 4;
		val |= (uint64_t)read32(s, &p) << 32;
	}
	return val;
}

void smmu_cmdqv_write(struct smmu_unit *s, uint64_t offset, unsigned int size, uint64_t value)
{
	struct place p = find(s, offset);

	if ((size != 4 && size != 8) || offset % size || (size == 8 && !takes64(&p)))
		return;
	write32(s, &p, (uint32_t)value);
	if (size == 8) {
		p.off += 4;
		write32(s, &p, (uint32_t)(value >> 32));
	}
}

/* ---- saved states ---- */

static bool vcmdq_ok(const struct smmu_unit *s, const struct smmu_vcmdq *q)
{
	return smmu_cmdq_ok(&q->q) && !(q->config & ~VCMDQ_CONFIG_EN) &&
	       !((q->gerror | q->gerrorn) & ~VCMDQ_GERROR_ALL) &&
	       !(q->alloc & ~SMMU_CMDQV_ALLOC_FIELDS) &&
	       !(q->q.base & ~((VCMDQ_BASE_ADDR & s->lim.oas_mask) | VCMDQ_BASE_LOG2SIZE)) &&
	       !(q->cons_dram & ~(VCMDQ_CONS_INDX_BASE_ADDR & s->lim.oas_mask));
}

static bool vintf_ok(const struct smmu_vintf *vi, unsigned int sids)
{
	if (vi->config & ~(VINTF_CONFIG_EN | VINTF_CONFIG_VMID | VINTF_CONFIG_HYP_OWN))
		return false;
	for (unsigned int i = 0; i < CMDQV_SIDS_MAX; i++) {
		if (i >= sids && (vi->match[i] || vi->replace[i]))
			return false;
		if ((vi->match[i] & ~(VINTF_SID_MATCH_ENABLE | VINTF_SID_MATCH_VIRT_SID)) ||
		    (vi->replace[i] & ~VINTF_SID_REPLACE_PHYS_SID))
			return false;
	}
	return true;
}

bool smmu_cmdqv_ok(const struct smmu_unit *s, const struct smmu_cmdqv *v)
{
	if ((v->config & ~SMMU_CMDQV_CONFIG_FIELDS) || v->next >= smmu_cmdqv_vcmdqs(s))
		return false;
	for (unsigned int i = 0; i < smmu_cmdqv_vintfs(s); i++) {
		if (!vintf_ok(&v->vintf[i], 1u << s->cfg.cmdqv.sids_log2))
			return false;
	}
	for (unsigned int i = 0; i < smmu_cmdqv_vcmdqs(s); i++) {
		if (!vcmdq_ok(s, &v->vcmdq[i]))
			return false;
	}
	return true;
}

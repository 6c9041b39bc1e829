/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Intel VT-d: registers, invalidation queue descriptors, fault conditions.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hwiommu/vtd.h>
#include <hwiommu/vtd/descriptors.h>
#include <hwiommu/vtd/faults.h>
#include <hwiommu/vtd/regs.h>

#include "family.h"

/* ---- rows: every list of the headers, in the headers' order ------------------ */

enum { LIST_REG, LIST_DSC, LIST_FC };

enum reg_base { BASE_FIXED, BASE_IRO, BASE_FRO };

/* Of a fault condition */
struct fault {
	bool qualified;
	const char *resp[3];	/* U, T, X */
	const char *pr;
};

static const enum reg_base bases[] = { BASE_FIXED, BASE_IRO, BASE_FRO };

#define REG_ROW(name_, offset_, bits_, reset_, gate_, section_, title_) \
	FLOATING_ROW(name_, FIXED, offset_, bits_, reset_, gate_, section_, title_)
#define FLOATING_ROW(name_, base_, offset_, bits_, reset_, gate_, section_, title_) \
	{ .list = LIST_REG, .name = #name_, .section = section_, .title = title_, .code = (offset_), .bits = (bits_), \
	  .reset = (reset_), .more = &bases[BASE_##base_] },
#define DSC_ROW(name_, type_, gate_, section_, title_) \
	{ .list = LIST_DSC, .name = #name_, .section = section_, .title = title_, .code = (type_) },
#define FC_ROW(name_, reason_, qualified_, u_, t_, x_, pr_, section_, title_) \
	{ .list = LIST_FC, .name = #name_, .section = section_, .title = title_, .code = (reason_), \
	  .more = &(const struct fault){ (qualified_) != 0, { #u_, #t_, #x_ }, #pr_ } },

static const struct row rows[] = {
	VTD_REGISTERS(REG_ROW)
	VTD_FLOATING_REGISTERS(FLOATING_ROW)
	VTD_DESCRIPTORS(DSC_ROW)
	VTD_FAULT_CONDITIONS(FC_ROW)
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static enum reg_base base_of(const struct row *r)
{
	return *(const enum reg_base *)r->more;
}

static const struct list lists[] = {
	[LIST_REG] = { "REG_", "Registers",
		       "'Reset' and 'writable' (bits that read back what was written, in a unit that has just been reset) are\n"
		       "what the probe found.\n\n"
		       "| offset | register | title | § | bits | reset | writable | state | tests |\n"
		       "|---|---|---|---|---|---|---|---|---|\n", false },
	[LIST_DSC] = { "DSC_", "Invalidation queue descriptors",
		       "The probe runs one of each through a queue: it is consumed, or refused as an invalid type.\n\n"
		       "| type | descriptor | title | § | state | tests |\n|---|---|---|---|---|---|\n", true },
	[LIST_FC] = { "FC_", "Fault conditions",
		      "Q: qualified, that is, not recorded with FPD=1. U, T, X, PR: answer to an untranslated request, a\n"
		      "translation request, a translated request, a page request; see `vtd/faults.h`.\n\n"
		      "| condition | reason | Q | U | T | X | PR | title | § | state | tests |\n"
		      "|---|---|---|---|---|---|---|---|---|---|---|\n", true },
};

/* ---- units ------------------------------------------------------------------- */

/* Away from every register of the specification, so that a probe of any offset meets only what it looks for. */
#define PROBE_FRO	0x80U
#define PROBE_IRO	0x90U

/* What a unit before scalable mode could have */
#define LEGACY_ECAP \
	(VTD_ECAP_C | VTD_ECAP_QI | VTD_ECAP_DT | VTD_ECAP_IR | VTD_ECAP_EIM | VTD_ECAP_PT | VTD_ECAP_SC | VTD_ECAP_IRO | \
	 VTD_ECAP_MHMV | VTD_ECAP_NWFS | VTD_ECAP_DIT)
#define SCALABLE_CAP	(VTD_CAP_FS1GP | VTD_CAP_FS5LP)

struct change {
	const char *title;
	uint8_t ver_major;	/* 0: as it is */
	uint64_t clear_cap, set_cap;
	uint64_t clear_ecap, set_ecap;
};

static const struct change changes[] = {
	{ .title = "everything on", .set_ecap = VTD_ECAP_EIMER | VTD_ECAP_IRREQ },
	{ .title = "version 8", .ver_major = 8 },
	{ .title = "without abort-DMA mode", .clear_ecap = VTD_ECAP_ADMS },
	{ .title = "legacy mode only", .ver_major = 1, .clear_cap = SCALABLE_CAP, .clear_ecap = ~LEGACY_ECAP },
	{ .title = "enhanced commands", .set_cap = VTD_CAP_ECMDS },
	{ .title = "performance monitoring", .set_cap = VTD_CAP_ECMDS, .set_ecap = VTD_ECAP_PMS },
	{ .title = "memory types", .set_ecap = VTD_ECAP_MTS },
	{ .title = "host permission table", .set_ecap = VTD_ECAP_HPTS },
	{ .title = "virtual commands", .set_ecap = VTD_ECAP_VCS },
	{ .title = "resource director tags", .set_ecap = VTD_ECAP_RDTS },
};


#define UNITS (sizeof(changes) / sizeof(changes[0]))

struct unit {
	struct hwi_vtd_config cfg;
	const char *refused;
};

static struct unit units[UNITS];

static void init(void)
{
	for (size_t i = 0; i < UNITS; i++) {
		const struct change *c = &changes[i];
		struct hwi_vtd_config *cfg = &units[i].cfg;

		hwi_vtd_config_init(cfg);
		if (c->ver_major)
			cfg->ver_major = c->ver_major;
		cfg->cap = HWI_SET(VTD_CAP_FRO, cfg->cap, PROBE_FRO);
		cfg->ecap = HWI_SET(VTD_ECAP_IRO, cfg->ecap, PROBE_IRO);
		cfg->cap = (cfg->cap & ~c->clear_cap) | c->set_cap;
		cfg->ecap = (cfg->ecap & ~c->clear_ecap) | c->set_ecap;
		(void)hwi_vtd_config_check(cfg, &units[i].refused);
	}
}

static const char *unit_title(size_t u)
{
	return changes[u].title;
}

static const char *unit_refused(size_t u)
{
	return units[u].refused;
}

static void unit_print(size_t u)
{
	const struct hwi_vtd_config *cfg = &units[u].cfg;

	printf(" %u.%u | `%016" PRIx64 "` | `%016" PRIx64 "` |", cfg->ver_major, cfg->ver_minor, cfg->cap, cfg->ecap);
}

/* VER_REG of a unit */
static uint32_t unit_ver(const struct unit *unit)
{
	return HWI_PUT32(VTD_VER_MAJOR, unit->cfg.ver_major) | HWI_PUT32(VTD_VER_MIN, unit->cfg.ver_minor);
}

/* Gates of fault conditions stand in a list of their own, in any order. */
#define FC_GATE(name_, gate_) \
	[VTD_FC_##name_] = VTD_GATE_##gate_(ver, cap, ecap),
#define REG_GATE(name_, offset_, bits_, reset_, gate_, section_, title_)		VTD_GATE_##gate_(ver, cap, ecap),
#define FLOATING_GATE(name_, base_, offset_, bits_, reset_, gate_, section_, title_)	VTD_GATE_##gate_(ver, cap, ecap),
#define DSC_GATE(name_, type_, gate_, section_, title_)					VTD_GATE_##gate_(ver, cap, ecap),

static bool advertises(size_t u, size_t i)
{
	uint32_t ver = unit_ver(&units[u]);
	uint64_t cap = units[u].cfg.cap, ecap = units[u].cfg.ecap;
	const bool others[] = {
		VTD_REGISTERS(REG_GATE)
		VTD_FLOATING_REGISTERS(FLOATING_GATE)
		VTD_DESCRIPTORS(DSC_GATE)
	};
	const bool faults[VTD_FC_COUNT] = {
		VTD_FAULT_GATES(FC_GATE)
	};
	const size_t first_fault = sizeof(others) / sizeof(others[0]);

	return i < first_fault ? others[i] : faults[i - first_fault + 1];
}

/* ---- probes ------------------------------------------------------------------ */

#define QUEUE		0x1000U
#define STEPS		64U

static struct hwi_unit *make(size_t i, struct machine *m)
{
	struct hwi_unit *u = NULL;

	probe_made(hwi_vtd_create(&units[i].cfg, &machine_ops, m, &u), changes[i].title);
	return u;
}

static uint64_t offset_of(const struct unit *unit, const struct row *row)
{
	switch (base_of(row)) {
	case BASE_IRO:
		return VTD_BASE_IRO(unit->cfg.ecap) + row->code;
	case BASE_FRO:
		return VTD_BASE_FRO(unit->cfg.cap) + row->code;
	case BASE_FIXED:
		break;
	}
	return row->code;
}

static const char *wrong_reset(const struct unit *unit, const struct row *row, uint64_t value)
{
	if (row->code == VTD_REG_VER && base_of(row) == BASE_FIXED)
		return value == unit_ver(unit) ? NULL : "is not the configured version";
	if (row->code == VTD_REG_CAP && base_of(row) == BASE_FIXED)
		return value == unit->cfg.cap ? NULL : "is not the configured value";
	if (row->code == VTD_REG_ECAP && base_of(row) == BASE_FIXED)
		return value == unit->cfg.ecap ? NULL : "is not the configured value";
	return row->reset == VTD_RESET_IMPL || value == row->reset ? NULL : "has a wrong reset value";
}

static struct probe register_probe(const struct unit *unit, struct hwi_unit *u, const struct row *row, bool present)
{
	struct probe p = probe_register(u, offset_of(unit, row), row->bits,
					row->bits == 32 ? UINT32_MAX : UINT64_MAX, 0, present);

	if (present && !p.wrong)
		p.wrong = wrong_reset(unit, row, p.reset);
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

static struct probe descriptor_probe(const struct unit *unit, struct hwi_unit *u, struct machine *m,
				     const struct row *row, bool present)
{
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
	return p;
}

static struct probe probe(size_t i, size_t row, bool present)
{
	struct probe p = { 0 };
	struct machine *m;
	struct hwi_unit *u;

	if (rows[row].list == LIST_FC)
		return p;
	m = calloc(1, sizeof(*m));
	u = make(i, m);
	if (rows[row].list == LIST_REG)
		p = register_probe(&units[i], u, &rows[row], present);
	else
		p = descriptor_probe(&units[i], u, m, &rows[row], present);
	hwi_destroy(u);
	free(m);
	return p;
}

/* ---- what is printed --------------------------------------------------------- */

static void print_register(const struct row *r, const struct state *s)
{
	static const char *const base[] = { "", "IRO+", "FRO+" };
	int digits = (int)r->bits / 4;

	printf("| %s%03" PRIX32 "h | %s | %s | %s | %u |", base[base_of(r)], r->code, r->name, r->title, r->section,
	       r->bits);
	if (s->made)
		printf(" `%0*" PRIx64 "` | `%0*" PRIx64 "` |", digits, s->probe.reset, digits, s->probe.writable);
	else
		printf(" | |");
}

static void print_fault(const struct row *r)
{
	const struct fault *f = r->more;
	const char *answer[4] = { f->resp[0], f->resp[1], f->resp[2], f->pr };

	/* LCT_4_1 is the specification's LCT.4.1; interrupt conditions have no names there. */
	printf("| ");
	for (const char *c = r->name; *c; c++)
		putchar(*c == '_' && strncmp(r->name, "IR_", 3) != 0 ? '.' : *c);
	printf(" | %02" PRIX32 "h | %s |", r->code, f->qualified ? "y" : "n");
	for (size_t a = 0; a < 4; a++)
		printf(" %s |", strcmp(answer[a], "NA") ? answer[a] : "");
	printf(" %s | %s |", r->title, r->section);
}

static void print(const struct row *r, const struct state *s)
{
	if (r->list == LIST_REG)
		print_register(r, s);
	else if (r->list == LIST_DSC)
		printf("| %" PRIX32 "h | %s | %s | %s |", r->code, r->name, r->title, r->section);
	else
		print_fault(r);
}

/* ---- what tests/mutants breaks ------------------------------------------------ */

/*
 * The answers that a requester can see. An interrupt request is refused whatever its condition, but for 29h, which is about
 * other requests. PASID structures are read for a translated request only with a host permission table.
 */
static const char *seen_answer(const struct row *r, size_t column, bool hpt)
{
	if (!strncmp(r->name, "IR_", 3) && r->code != VTD_FR_IR_29)
		return "NA";
	if (column == 2 && !hpt && (!strncmp(r->name, "SPD_", 4) || !strncmp(r->name, "SPT_", 4)))
		return "NA";
	return ((const struct fault *)r->more)->resp[column];
}

/* Whether FPD may be known when the condition is found: none before a context entry (or IRTE) has been read (§7.1.1). */
static bool seen_fpd(const struct row *r)
{
	return ((const struct fault *)r->more)->qualified || r->code == VTD_FR_SPD_1 || r->code == VTD_FR_SPT_1;
}

static bool claims(size_t row, const struct state *states)
{
	static const char *const column[] = { "U", "T", "X" };
	const struct row *r = &rows[row];
	const char *sep = " ";
	bool hpt = false;

	if (r->list != LIST_FC)
		return false;
	for (size_t i = 0; i < ROWS; i++)
		hpt = hpt || (states[i].made && !strcmp(rows[i].name, "HPT_1"));
	printf("FC_%s reason", r->name);
	if (seen_fpd(r)) {
		printf(" qualified");
		sep = ",";
	}
	for (size_t i = 0; i < 3; i++) {
		const char *answer = seen_answer(r, i, hpt);

		if (!strcmp(answer, "NA") || !strcmp(answer, "SEP"))
			continue;
		printf("%s%s", sep, column[i]);
		sep = ",";
	}
	if (*sep == ' ')
		printf(" -");
	return true;
}

const struct family family_vtd = {
	.name = "vtd",
	.head = "# VT-d conformance\n\n"
		"Every register, descriptor and fault condition of VT-d 5.10, and what the model makes of it. 'Implemented':\n"
		"a unit can be made whose VER, CAP and ECAP promise it. 'Not advertised': the library refuses to make one.\n"
		"Generated from the lists in `sim/hw-iommu-model/include/hwiommu/vtd/`, from units that are probed, and\n"
		"from the `covers:` comments of the tests.\n\n"
		"## Units\n\n| unit | VER | CAP | ECAP | |\n|---|---|---|---|---|\n",
	.lists = lists,
	.list_count = sizeof(lists) / sizeof(lists[0]),
	.rows = rows,
	.row_count = ROWS,
	.unit_count = UNITS,
	.init = init,
	.unit_title = unit_title,
	.unit_refused = unit_refused,
	.unit_print = unit_print,
	.advertises = advertises,
	.probe = probe,
	.print = print,
	.claims = claims,
};

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arm SMMUv3: registers, commands, events.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hwiommu/smmuv3.h>
#include <hwiommu/smmuv3/commands.h>
#include <hwiommu/smmuv3/events.h>
#include <hwiommu/smmuv3/regs.h>

#include "family.h"
#include "smmuv3_points.h"

/* ---- rows: every list of the headers, in the headers' order ------------------ */

enum { LIST_REG, LIST_CMD, LIST_EVT, LIST_POINT };

/* The VATOS page stands where IDR2 says, which reads 0. */
#define VATOS_PAGE SMMU_VATOS_BASE(0U)

#define REG_ROW(name_, offset_, bits_, reset_, gate_, section_, title_) \
	{ .list = LIST_REG, .name = #name_, .section = section_, .title = title_, .code = (offset_), .bits = (bits_), \
	  .reset = (reset_) },
#define VATOS_ROW(name_, offset_, bits_, reset_, gate_, section_, title_) \
	REG_ROW(name_, VATOS_PAGE + (offset_), bits_, reset_, gate_, section_, title_)
#define CMD_ROW(name_, opcode_, gate_, section_, title_) \
	{ .list = LIST_CMD, .name = #name_, .section = section_, .title = title_, .code = (opcode_) },
#define EVT_ROW(name_, code_, gate_, section_, title_) \
	{ .list = LIST_EVT, .name = #name_, .section = section_, .title = title_, .code = (code_) },
#define POINT_ROW(number_, section_, title_) \
	{ .list = LIST_POINT, .name = #number_, .section = section_, .title = title_, .code = (number_) },

static const struct row rows[] = {
	SMMU_REGISTERS(REG_ROW)
	SMMU_VATOS_REGISTERS(VATOS_ROW)
	SMMU_COMMANDS(CMD_ROW)
	SMMU_EVENTS(EVT_ROW)
	SMMU_POINTS(POINT_ROW)
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct list lists[] = {
	[LIST_REG] = { "REG_", "Registers",
		       "'Reset' and 'writable' (bits that read back what was written, in a unit that has just been reset) are\n"
		       "what the probe found. It also checks that nothing is writable that §6.3 has as RES0 or RO.\n\n"
		       "| offset | register | title | § | bits | reset | writable | state | tests |\n"
		       "|---|---|---|---|---|---|---|---|---|\n", false },
	[LIST_CMD] = { "CMD_", "Commands",
		       "The probe runs one of each through the Non-secure queue: it is consumed, or refused as CERROR_ILL.\n\n"
		       "| opcode | command | title | § | state | tests |\n|---|---|---|---|---|---|\n", true },
	[LIST_EVT] = { "EVT_", "Events",
		       "\n| code | event | title | § | state | tests |\n|---|---|---|---|---|---|\n", true },
	[LIST_POINT] = { "POINT_", "Points that models get wrong",
			 "\n| point | what is right | § | state | tests |\n|---|---|---|---|---|\n", true },
};

/* What IDR registers do not tell: events that are an implementation's choice and that this one does not make. */
static const char *not_raised(uint32_t code)
{
	switch (code) {
	case SMMU_EVT_F_UUT:
		return "not raised: the model takes every kind of transaction that can be presented to it";
	case SMMU_EVT_F_TLB_CONFLICT:
		return "not raised: of entries that overlap one is used";
	case SMMU_EVT_F_CFG_CONFLICT:
		return "not raised: each StreamID has its own STE, whatever CONT says";
	case SMMU_EVT_E_PAGE_REQUEST:
		return "not raised: a hint that is never due";
	default:
		return NULL;
	}
}

#define POINT_SHCFG	36U
#define POINT_MAIR_F0	52U

static const char *absent(size_t row)
{
	if (rows[row].list == LIST_EVT)
		return not_raised(rows[row].code);
	if (rows[row].list == LIST_POINT && (rows[row].code == POINT_SHCFG || rows[row].code == POINT_MAIR_F0))
		return "does not show: answers have no memory attributes but whether they are coherent";
	return NULL;
}

/* ---- units ------------------------------------------------------------------- */

struct change {
	const char *title;
	uint32_t set_idr0, set_idr1, set_idr3;
};

static const struct change changes[] = {
	{ .title = "everything on" },
	{ .title = "address translation operations", .set_idr0 = SMMU_IDR0_ATOS },
	{ .title = "the same for virtual machines", .set_idr0 = SMMU_IDR0_ATOS | SMMU_IDR0_VATOS },
	{ .title = "enhanced command queues", .set_idr1 = SMMU_IDR1_ECMDQ },
	{ .title = "memory partitioning", .set_idr3 = SMMU_IDR3_MPAM },
	{ .title = "device permission table", .set_idr3 = SMMU_IDR3_DPT },
	{ .title = "permission indirection", .set_idr3 = SMMU_IDR3_S2PI },
};

#define UNITS (sizeof(changes) / sizeof(changes[0]))

struct unit {
	struct hwi_smmuv3_config cfg;
	const char *refused;
};

static struct unit units[UNITS];

static void init(void)
{
	for (size_t i = 0; i < UNITS; i++) {
		struct hwi_smmuv3_config *cfg = &units[i].cfg;

		hwi_smmuv3_config_init(cfg);
		cfg->idr0 |= changes[i].set_idr0;
		cfg->idr1 |= changes[i].set_idr1;
		cfg->idr3 |= changes[i].set_idr3;
		(void)hwi_smmuv3_config_check(cfg, &units[i].refused);
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
	const struct hwi_smmuv3_config *cfg = &units[u].cfg;

	printf(" %02" PRIx32 "h | `%08" PRIx32 "` | `%08" PRIx32 "` | `%08" PRIx32 "` | `%08" PRIx32 "` |", cfg->aidr,
	       cfg->idr0, cfg->idr1, cfg->idr3, cfg->idr5);
}

#define REG_GATE(name_, offset_, bits_, reset_, gate_, section_, title_)	SMMU_GATE_##gate_(idr0, idr1, idr3),
#define POINT_GATE(number_, section_, title_)					true,
#define CMD_GATE(name_, opcode_, gate_, section_, title_)			SMMU_GATE_##gate_(idr0, idr1, idr3),

static bool advertises(size_t u, size_t i)
{
	uint32_t idr0 = units[u].cfg.idr0, idr1 = units[u].cfg.idr1, idr3 = units[u].cfg.idr3;
	const bool gates[] = {
		SMMU_REGISTERS(REG_GATE)
		SMMU_VATOS_REGISTERS(REG_GATE)
		SMMU_COMMANDS(CMD_GATE)
		SMMU_EVENTS(CMD_GATE)
		SMMU_POINTS(POINT_GATE)
	};

	(void)idr1; /* whether a gate looks at it is the lists' business */
	return gates[i];
}

/* ---- probes ------------------------------------------------------------------ */

#define QUEUE		0x1000U
#define STEPS		64U

/* Bits that §6.3 lets software write at all. */
#define ACCESS_ROW(name_, writable_, guard_)	{ SMMU_REG_##name_, (writable_) },

static uint64_t may_write(uint32_t offset)
{
	static const struct {
		uint32_t offset;
		uint64_t bits;
	} access[] = {
		SMMU_REGISTER_ACCESS(ACCESS_ROW)
	};

	for (size_t i = 0; i < sizeof(access) / sizeof(access[0]); i++)
		if (access[i].offset == offset)
			return access[i].bits;
	return 0;
}

static const char *wrong_register(const struct unit *unit, const struct row *row, const struct probe *p)
{
	const struct {
		uint32_t offset, value;
	} ids[] = {
		{ SMMU_REG_IDR0, unit->cfg.idr0 }, { SMMU_REG_IDR1, unit->cfg.idr1 }, { SMMU_REG_IDR2, 0 },
		{ SMMU_REG_IDR3, unit->cfg.idr3 }, { SMMU_REG_IDR4, 0 }, { SMMU_REG_IDR5, unit->cfg.idr5 },
		{ SMMU_REG_IIDR, unit->cfg.iidr }, { SMMU_REG_AIDR, unit->cfg.aidr },
		{ SMMU_REG_GBPA, unit->cfg.gbpa },
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (row->code == ids[i].offset && p->reset != ids[i].value)
			return "is not the configured value";
	/* What is UNKNOWN reads 0 here (hwiommu/smmuv3.h). */
	if (row->reset != SMMU_RESET_IMPL && p->reset != (row->reset == SMMU_RESET_UNKNOWN ? 0 : row->reset))
		return "has a wrong reset value";
	if (p->writable & ~may_write(row->code))
		return "has writable bits that are RES0 or RO";
	return NULL;
}

static struct probe register_probe(const struct unit *unit, struct hwi_unit *u, const struct row *row, bool present)
{
	/* GBPA takes what comes with Update. */
	uint64_t zeros = row->code == SMMU_REG_GBPA ? SMMU_GBPA_UPDATE : 0;
	struct probe p = probe_register(u, row->code, row->bits, row->bits == 32 ? UINT32_MAX : UINT64_MAX, zeros,
					present);

	if (present && !p.wrong)
		p.wrong = wrong_register(unit, row, &p);
	return p;
}

/* A command with every field 0, but for the opcode, is a valid one of each kind. */
static struct probe command_probe(struct hwi_unit *u, struct machine *m, const struct row *row, bool present)
{
	struct probe p = { .wrong = NULL };
	uint32_t cons, ill;
	bool error;

	hwi_st64(m->memory + QUEUE, row->code);
	hwi_mmio_write(u, SMMU_REG_CMDQ_BASE, 8, QUEUE | HWI_PUT(SMMU_Q_BASE_LOG2SIZE, 2));
	hwi_mmio_write(u, SMMU_REG_CMDQ_CONS, 4, 0);
	hwi_mmio_write(u, SMMU_REG_CMDQ_PROD, 4, 1);
	hwi_mmio_write(u, SMMU_REG_CR0, 4, SMMU_CR0_CMDQEN);
	(void)hwi_step(u, STEPS);

	error = hwi_mmio_read(u, SMMU_REG_GERROR, 4) & SMMU_GERROR_CMDQ_ERR;
	cons = (uint32_t)hwi_mmio_read(u, SMMU_REG_CMDQ_CONS, 4);
	ill = HWI_PUT32(SMMU_CMDQ_CONS_ERR, SMMU_CERROR_ILL);
	if (present && error)
		p.wrong = "raises a command queue error";
	else if (present && (cons & SMMU_Q_INDEX) != 1)
		p.wrong = "is not consumed";
	else if (!present && !(error && cons == ill))
		p.wrong = "is not refused as CERROR_ILL";
	return p;
}

static struct probe probe(size_t i, size_t row, bool present)
{
	struct probe p = { 0 };
	struct hwi_unit *u = NULL;
	struct machine *m;

	if (rows[row].list == LIST_EVT || rows[row].list == LIST_POINT)
		return p;
	m = calloc(1, sizeof(*m));
	probe_made(hwi_smmuv3_create(&units[i].cfg, &machine_ops, m, &u), changes[i].title);
	if (rows[row].list == LIST_REG)
		p = register_probe(&units[i], u, &rows[row], present);
	else
		p = command_probe(u, m, &rows[row], present);
	hwi_destroy(u);
	free(m);
	return p;
}

/* ---- what is printed --------------------------------------------------------- */

static void print_register(const struct row *r, const struct state *s)
{
	int digits = (int)r->bits / 4;

	printf("| %05" PRIX32 "h | %s | %s | %s | %u |", r->code, r->name, r->title, r->section, r->bits);
	if (s->made)
		printf(" `%0*" PRIx64 "` | `%0*" PRIx64 "` |", digits, s->probe.reset, digits, s->probe.writable);
	else
		printf(" | |");
}

static void print(const struct row *r, const struct state *s)
{
	if (r->list == LIST_REG)
		print_register(r, s);
	else if (r->list == LIST_POINT)
		printf("| %" PRIu32 " | %s | %s |", r->code, r->title, r->section);
	else
		printf("| %02" PRIX32 "h | %s%s | %s | %s |", r->code, r->list == LIST_CMD ? "CMD_" : "", r->name, r->title,
		       r->section);
}

/* ---- what tests/mutants breaks ------------------------------------------------ */

/* Whether a command does something to caches: that it does more shows in what must stay. */
static bool invalidates(uint32_t opcode)
{
	return opcode < SMMU_CMD_ATC_INV && !(opcode == SMMU_CMD_PREFETCH_CONFIG || opcode == SMMU_CMD_PREFETCH_ADDR);
}

static bool claims(size_t row, const struct state *states)
{
	const struct row *r = &rows[row];

	(void)states;
	if (r->list == LIST_REG || r->list == LIST_POINT)
		return false;
	printf("%s%s ", lists[r->list].prefix, r->name);
	if (r->list == LIST_EVT)
		printf("code -");
	else if (invalidates(r->code))
		printf("nothing,wide,ill -");
	else if (r->code < SMMU_CMD_ATC_INV)
		printf("wide,ill -"); /* a hint: nothing is what it does */
	else
		printf("nothing,ill -");
	return true;
}

const struct family family_smmuv3 = {
	.name = "smmuv3",
	.programs = "smmu_",
	.head = "# SMMUv3 conformance\n\n"
		"Every register, command and event of SMMUv3 (Arm IHI 0070 G.b, Non-secure), and what the model makes of it.\n"
		"'Implemented': a unit can be made whose IDR registers promise it. 'Not advertised': the library refuses to\n"
		"make one. Generated from the lists in `sim/hw-iommu-model/include/hwiommu/smmuv3/`, from units that are\n"
		"probed, and from the `covers:` comments of the tests. At the end: points of the specification that models\n"
		"get wrong, with the tests of each.\n\n"
		"## Units\n\n| unit | AIDR | IDR0 | IDR1 | IDR3 | IDR5 | |\n|---|---|---|---|---|---|---|\n",
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
	.absent = absent,
	.probe = probe,
	.print = print,
	.claims = claims,
};

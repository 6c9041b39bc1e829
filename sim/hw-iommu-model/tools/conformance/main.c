/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * conformance - print docs/vtd-conformance.md
 *
 * usage: conformance [--strict | --claims] TEST.c...
 *
 * Reads the 'covers:' comments of the tests named, probes units of the library, and prints the document. With --strict a
 * fault condition or a descriptor that some unit advertises and no test covers is an error. With --claims it prints, instead
 * of the document, the fault conditions that are advertised, each with its answers and tests, for tests/mutants/run.py.
 *
 * Exit status 0; 1 if a probe contradicts what is advertised, a comment is wrong, or --strict finds something.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "covers.h"
#include "probe.h"
#include "spec.h"
#include "units.h"

struct state {
	const struct unit *unit;	/* first that advertises the row, or NULL */
	const char *refused;		/* else why there is none */
	struct probe probe;
	size_t tests;
};

static struct unit units[UNITS];
static struct covers covers;

static bool advertises(const struct unit *u, size_t i)
{
	return row_gate(i, unit_ver(u), u->cfg.cap, u->cfg.ecap);
}

static struct state find(size_t i)
{
	struct state s = { 0 };

	for (size_t u = 0; u < UNITS && !s.unit; u++) {
		if (!advertises(&units[u], i))
			continue;
		if (!units[u].refused)
			s.unit = &units[u];
		else if (!s.refused)
			s.refused = units[u].refused;
	}
	for (size_t c = 0; c < covers.count; c++)
		s.tests += covers.list[c].row == i;
	return s;
}

/* Ask the unit that has it or, if none has, the first one. */
static bool probe(size_t i, struct state *s)
{
	const struct unit *u = s->unit ? s->unit : &units[0];

	if (rows[i].kind == KIND_REG)
		s->probe = probe_register(u, &rows[i], s->unit != NULL);
	else if (rows[i].kind == KIND_DSC)
		s->probe = probe_descriptor(u, &rows[i], s->unit != NULL);
	if (s->probe.wrong)
		fprintf(stderr, "conformance: %s%s %s (unit '%s')\n", kind_prefix(rows[i].kind), rows[i].name,
			s->probe.wrong, u->title);
	return !s->probe.wrong;
}

static void print_state(const struct state *s)
{
	if (s->unit)
		printf(s->tests ? " implemented |" : " implemented, no test |");
	else
		printf(" not advertised: %s |", s->refused ? s->refused : "no unit can be made with it");
}

/* A program's name before its tests, each of them once. */
static void print_tests(size_t row)
{
	const struct cover *last = NULL;

	for (size_t c = 0; c < covers.count; c++) {
		const struct cover *v = &covers.list[c];

		if (v->row != row || (last && !strcmp(last->program, v->program) && !strcmp(last->test, v->test)))
			continue;
		if (!last || strcmp(last->program, v->program) != 0)
			printf("%s `%s`:", last ? ";" : "", v->program);
		else
			printf(",");
		printf(" %s", v->test);
		last = v;
	}
	printf(" |\n");
}

static void print_units(void)
{
	printf("## Units\n\n| unit | VER | CAP | ECAP | |\n|---|---|---|---|---|\n");
	for (size_t u = 0; u < UNITS; u++)
		printf("| %s | %u.%u | `%016" PRIx64 "` | `%016" PRIx64 "` | %s%s |\n", units[u].title,
		       units[u].cfg.ver_major, units[u].cfg.ver_minor, units[u].cfg.cap, units[u].cfg.ecap,
		       units[u].refused ? "refused: " : "made", units[u].refused ? units[u].refused : "");
}

static void print_register(const struct row *r, const struct state *s)
{
	static const char *const base[] = { "", "IRO+", "FRO+" };
	int digits = (int)r->bits / 4;

	printf("| %s%03" PRIX32 "h | %s | %s | %s | %u |", base[r->base], r->offset, r->name, r->title, r->section,
	       r->bits);
	if (s->unit)
		printf(" `%0*" PRIx64 "` | `%0*" PRIx64 "` |", digits, s->probe.reset, digits, s->probe.writable);
	else
		printf(" | |");
}

static void print_fault(const struct row *r)
{
	const char *answer[4] = { r->resp[0], r->resp[1], r->resp[2], r->pr };

	/* LCT_4_1 is the specification's LCT.4.1; interrupt conditions have no names there. */
	printf("| ");
	for (const char *c = r->name; *c; c++)
		putchar(*c == '_' && strncmp(r->name, "IR_", 3) != 0 ? '.' : *c);
	printf(" | %02" PRIX32 "h | %s |", r->code, r->qualified ? "y" : "n");
	for (size_t a = 0; a < 4; a++)
		printf(" %s |", strcmp(answer[a], "NA") ? answer[a] : "");
	printf(" %s | %s |", r->title, r->section);
}

static const struct {
	const char *title, *head;
} sections[] = {
	[KIND_REG] = { "Registers",
		       "'Reset' and 'writable' (bits that read back what was written, in a unit that has just been reset) are\n"
		       "what the probe found.\n\n"
		       "| offset | register | title | § | bits | reset | writable | state | tests |\n"
		       "|---|---|---|---|---|---|---|---|---|\n" },
	[KIND_DSC] = { "Invalidation queue descriptors",
		       "The probe runs one of each through a queue: it is consumed, or refused as an invalid type.\n\n"
		       "| type | descriptor | title | § | state | tests |\n|---|---|---|---|---|---|\n" },
	[KIND_FC] = { "Fault conditions",
		      "Q: qualified, that is, not recorded with FPD=1. U, T, X, PR: answer to an untranslated request, a\n"
		      "translation request, a translated request, a page request; see `vtd/faults.h`.\n\n"
		      "| condition | reason | Q | U | T | X | PR | title | § | state | tests |\n"
		      "|---|---|---|---|---|---|---|---|---|---|---|\n" },
};

static void print_section(enum kind kind, const struct state *states)
{
	size_t total = 0, made = 0, tested = 0;

	for (size_t i = 0; i < row_count; i++) {
		if (rows[i].kind != kind)
			continue;
		total++;
		made += states[i].unit != NULL;
		tested += states[i].unit && states[i].tests;
	}
	printf("\n## %s\n\n%zu; %zu implemented, %zu of them with a test that names them; %zu not advertised.\n%s",
	       sections[kind].title, total, made, tested, total - made, sections[kind].head);
	for (size_t i = 0; i < row_count; i++) {
		const struct row *r = &rows[i];

		if (r->kind != kind)
			continue;
		if (kind == KIND_REG)
			print_register(r, &states[i]);
		else if (kind == KIND_DSC)
			printf("| %" PRIX32 "h | %s | %s | %s |", r->code, r->name, r->title, r->section);
		else
			print_fault(r);
		print_state(&states[i]);
		print_tests(i);
	}
}

static void print_document(const struct state *states)
{
	printf("<!-- SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause -->\n"
	       "<!-- generated by `make conformance` in sim/hw-iommu-model; do not edit -->\n"
	       "# VT-d conformance\n\n"
	       "Every register, descriptor and fault condition of VT-d 5.10, and what the model makes of it. 'Implemented':\n"
	       "a unit can be made whose VER, CAP and ECAP promise it. 'Not advertised': the library refuses to make one.\n"
	       "Generated from the lists in `sim/hw-iommu-model/include/hwiommu/vtd/`, from units that are probed, and\n"
	       "from the `covers:` comments of the tests.\n\n");
	print_units();
	print_section(KIND_REG, states);
	print_section(KIND_DSC, states);
	print_section(KIND_FC, states);
}

/* Registers may be covered by the probe alone; what acts must have a test. */
static bool all_tested(const struct state *states)
{
	bool ok = true;

	for (size_t i = 0; i < row_count; i++) {
		if (rows[i].kind == KIND_REG || !states[i].unit || states[i].tests)
			continue;
		fprintf(stderr, "conformance: %s%s (%s) is advertised and no test covers it\n",
			kind_prefix(rows[i].kind), rows[i].name, rows[i].title);
		ok = false;
	}
	return ok;
}

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
	return r->resp[column];
}

/* Whether FPD may be known when the condition is found: none before a context entry (or IRTE) has been read (§7.1.1). */
static bool seen_fpd(const struct row *r)
{
	return r->qualified || r->code == VTD_FR_SPD_1 || r->code == VTD_FR_SPT_1;
}

static void print_claims(const struct state *states)
{
	bool hpt = false;

	for (size_t i = 0; i < row_count; i++)
		hpt = hpt || (states[i].unit && !strcmp(rows[i].name, "HPT_1"));
	for (size_t i = 0; i < row_count; i++) {
		const struct row *r = &rows[i];

		if (r->kind != KIND_FC || !states[i].unit)
			continue;
		printf("%s %s", r->name, seen_fpd(r) ? "FPD" : "NA");
		for (size_t column = 0; column < 3; column++)
			printf(",%s", seen_answer(r, column, hpt));
		for (size_t c = 0; c < covers.count; c++)
			if (covers.list[c].row == i)
				printf(" %s:%s", covers.list[c].program, covers.list[c].test);
		printf("\n");
	}
}

int main(int argc, char **argv)
{
	struct state *states = calloc(row_count, sizeof(*states));
	bool strict = argc > 1 && !strcmp(argv[1], "--strict");
	bool claims = argc > 1 && !strcmp(argv[1], "--claims");
	bool ok = states != NULL;

	for (int a = 1 + (strict || claims); a < argc; a++)
		ok = covers_read(&covers, argv[a]) && ok;
	units_init(units);
	for (size_t i = 0; states && i < row_count; i++) {
		states[i] = find(i);
		ok = probe(i, &states[i]) && ok;
	}
	if (states && claims)
		print_claims(states);
	else if (states)
		print_document(states);
	if (strict)
		ok = states && all_tested(states) && ok;
	free(covers.list);
	free(states);
	return ok ? 0 : 1;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the tool knows of a family of IOMMUs: the rows of its conformance document, made from the lists in the public
 * headers; the units that are probed; and how the rows are printed. One file a family, and the table in families.c.
 */
#ifndef CONFORMANCE_FAMILY_H
#define CONFORMANCE_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe.h"

/* A section of the document: one kind of thing that the specification lists. */
struct list {
	const char *prefix;	/* of its names in the tests' comments */
	const char *title;
	const char *head;	/* text, and the head of the table */
	bool acts;		/* one that is advertised must have a test; of the others the probe may be enough */
};

struct row {
	size_t list;		/* index into the family's lists */
	const char *name;	/* as in the headers' lists, without a prefix */
	const char *section;
	const char *title;
	uint32_t code;		/* offset, type, opcode, reason */
	/* registers */
	unsigned int bits;
	uint64_t reset;
	const void *more;	/* what this family alone has */
};

/* What the document says of a row beside its probe. */
struct state {
	bool made;		/* a unit can be made that has it: @unit */
	size_t unit;		/* the unit that was probed */
	const char *absent;	/* struct family @absent */
	const char *refused;	/* why there is none; NULL: nothing asks for it */
	struct probe probe;
	size_t tests;
};

/**
 * struct family - one family
 * @name: of the argument and the document: docs/<name>-conformance.md
 * @programs: how the names of the test programs begin that are about this family; NULL: all others are
 * @head: the document down to the units' table, with its head
 * @lists, @list_count: sections, in order
 * @rows, @row_count: in the order of the sections
 * @unit_count: units that the document is about: those that together advertise all that the library accepts, and those
 *	that ask for what it may not have
 * @init: make the units' configurations and ask the library about each
 * @unit_title, @unit_refused: a unit's title; why the library does not make it, or NULL
 * @unit_print: a unit's columns between title and verdict
 * @advertises: whether a unit's identification registers promise what a row needs
 * @absent: what is to be said of a row that no unit has although its identification registers promise it; else NULL
 * @probe: ask a unit; @present is what @advertises said
 * @print: a row's columns before state and tests
 * @claims: print what tests/mutants/run.py needs to know of a row, if anything: its name, what to break; may be NULL
 */
struct family {
	const char *name;
	const char *programs;
	const char *head;
	const struct list *lists;
	size_t list_count;
	const struct row *rows;
	size_t row_count;
	size_t unit_count;

	void (*init)(void);
	const char *(*unit_title)(size_t unit);
	const char *(*unit_refused)(size_t unit);
	void (*unit_print)(size_t unit);
	bool (*advertises)(size_t unit, size_t row);
	const char *(*absent)(size_t row);
	struct probe (*probe)(size_t unit, size_t row, bool present);
	void (*print)(const struct row *row, const struct state *state);
	bool (*claims)(size_t row, const struct state *states);
};

extern const struct family *const families[];
extern const size_t family_count;

extern const struct family family_smmuv3;
extern const struct family family_vtd;

#endif

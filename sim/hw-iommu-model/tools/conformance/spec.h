/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rows of the conformance document, made from the lists in the public headers.
 */
#ifndef CONFORMANCE_SPEC_H
#define CONFORMANCE_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hwiommu/vtd/descriptors.h>
#include <hwiommu/vtd/faults.h>
#include <hwiommu/vtd/regs.h>

enum kind { KIND_REG, KIND_DSC, KIND_FC };

enum reg_base { BASE_FIXED, BASE_IRO, BASE_FRO };

struct row {
	enum kind kind;
	const char *name;	/* as in the lists, without a prefix */
	const char *gate;
	const char *section;
	const char *title;
	/* registers */
	enum reg_base base;
	uint32_t offset;
	unsigned int bits;
	uint64_t reset;		/* VTD_RESET_IMPL: the implementation's */
	/* descriptors: type; fault conditions: reason */
	uint32_t code;
	/* fault conditions */
	bool qualified;
	const char *resp[3];	/* U, T, X */
	const char *pr;
};

extern const struct row rows[];
extern const size_t row_count;

/* The prefix that names of a kind have in the tests' comments: "REG_", ... */
const char *kind_prefix(enum kind kind);

/* Whether a unit with these registers has what row @i needs. */
bool row_gate(size_t i, uint32_t ver, uint64_t cap, uint64_t ecap);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The configurations that the document is about: those that together advertise all that the library accepts, and those that
 * ask for what it may not have.
 */
#ifndef CONFORMANCE_UNITS_H
#define CONFORMANCE_UNITS_H

#include <hwiommu/vtd.h>

struct unit {
	const char *title;
	struct hwi_vtd_config cfg;
	const char *refused;	/* why the library does not make such a unit, or NULL */
};

#define UNITS 10

/* Fill @units, and ask the library about each. */
void units_init(struct unit units[UNITS]);

/* VER_REG of a unit */
uint32_t unit_ver(const struct unit *unit);

#endif

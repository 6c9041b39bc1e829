/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ask a unit, through its public face, whether it has a register or a descriptor type.
 */
#ifndef CONFORMANCE_PROBE_H
#define CONFORMANCE_PROBE_H

#include "spec.h"
#include "units.h"

struct probe {
	uint64_t reset;		/* what the register reads after a cold reset */
	uint64_t writable;	/* bits that follow what is written */
	const char *wrong;	/* what contradicts the specification or the gate, or NULL */
};

/* @present: what the gate says of this unit */
struct probe probe_register(const struct unit *unit, const struct row *row, bool present);
struct probe probe_descriptor(const struct unit *unit, const struct row *row, bool present);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ask a unit, through its public face, what it has.
 */
#ifndef CONFORMANCE_PROBE_H
#define CONFORMANCE_PROBE_H

#include <hwiommu/hwiommu.h>

/* A machine of a few pages; everything else does not answer. */
#define MACHINE_MEMORY 0x4000U

struct machine {
	uint8_t memory[MACHINE_MEMORY];
};

extern const struct hwi_host_ops machine_ops;	/* the opaque pointer is a struct machine */

struct probe {
	uint64_t reset;		/* what the register reads after a cold reset */
	uint64_t writable;	/* bits that follow what is written */
	const char *wrong;	/* what contradicts the specification or the gate, or NULL */
};

/*
 * Read and write a register of a unit that has just been made: @ones and @zeros are the values written. A register that is
 * not @present must read 0 whatever is written.
 */
struct probe probe_register(struct hwi_unit *u, uint64_t offset, unsigned int bits, uint64_t ones, uint64_t zeros,
			    bool present);

/* End the program with a message if @status is an error. */
void probe_made(enum hwi_status status, const char *unit);

#endif

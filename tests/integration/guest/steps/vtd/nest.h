/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef STEPS_VTD_NEST_H
#define STEPS_VTD_NEST_H

#include "steps/steps.h"
#include "vtd/s1.h"
#include "vtd/vtd.h"

/* A nesting parent with the step's tables and data in it */
struct nest {
	struct engine *e;
	uint32_t ioas, parent;
	struct s1 s1;
	uint8_t *data;
	size_t data_len;
};

void nest_init(struct nest *n, struct engine *e, unsigned int levels, size_t data_len, uint32_t parent_flags);

#endif /* STEPS_VTD_NEST_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The engines of the machine, opened when a step first asks and kept open; and what the IOMMU before them can do. */
#ifndef TOUR_ENV_H
#define TOUR_ENV_H

#include "engine.h"
#include "family.h"
#include "tour.h"

/*
 * Engine @i, open, bus mastering on, attached to nothing, registers as after reset. Fails the step if there is none.
 */
struct engine *engine_get(unsigned int i);
unsigned int engine_count(void);

/* Close it, so that a step can open it in its own way; engine_get() opens it again. */
void engine_close(unsigned int i);

/* Everything undone that the step did. After a failure the devices are closed as well. */
void env_end_step(bool failed);

/* Skip the step if the machine cannot have the feature; what the model must have and lacks is a failure. */
void need(struct engine *e, enum feature what);
void need_nesting(void);
void need_pasid(struct engine *e);
void need_pri(struct engine *e);
void need_ats(struct engine *e);		/* when attached: a driver may enable ATS only then */

unsigned int pasid_bits(struct engine *e);

/*
 * The fault record of the last refused request: the kernel must have printed just this one. Call expect_fault() before
 * the request, got_fault() after it. Returns what was recorded, for show(); two calls' texts are kept.
 */
void expect_fault(void);
const char *got_fault(struct engine *e, bool write, uint32_t pasid, uint64_t addr, enum why why);

#endif /* TOUR_ENV_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The engines of the machine, opened when a step first asks and kept open; and what the IOMMU before them can do. */
#ifndef TOUR_ENV_H
#define TOUR_ENV_H

#include "engine.h"
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

/*
 * Skip the step if the mode cannot have the feature. The model in scalable mode must have it: then the lack is a failure.
 */
void need_scalable(const char *what);
void need_nesting(void);
void need_pasid(struct engine *e);
void need_pri(struct engine *e);
void need_ats(struct engine *e);		/* when attached: in legacy mode the driver enables ATS by attaching */

unsigned int pasid_bits(struct engine *e);

/*
 * The fault record of the last refused request: the kernel must have printed just this one. Call expect_fault() before
 * the request, got_fault() after it. Returns "recorded with reason 0x.." for show(); two calls' texts are kept.
 */
enum why { NOT_MAPPED, NO_WRITE, NO_CONTEXT, PASID_ENTRY, S1_NOT_PRESENT, S2_NOT_PRESENT };

void expect_fault(void);
const char *got_fault(struct engine *e, bool write, uint32_t pasid, uint64_t addr, enum why why);

/* Fields of CAP and ECAP used by steps (VT-d 5.10 §11.4.2, §11.4.3) */
#define CAP_MGAW(c)	((((c) >> 16) & 0x3f) + 1)
#define CAP_SAGAW(c)	(((c) >> 8) & 0x1f)
#define CAP_ND(c)	((c) & 7)
#define CAP_FS1GP(c)	(((c) >> 56) & 1)
#define CAP_FS5LP(c)	(((c) >> 60) & 1)
#define ECAP_DT(e)	(((e) >> 2) & 1)
#define ECAP_IR(e)	(((e) >> 3) & 1)
#define ECAP_NEST(e)	(((e) >> 26) & 1)
#define ECAP_PRS(e)	(((e) >> 29) & 1)
#define ECAP_PASID(e)	(((e) >> 40) & 1)
#define ECAP_SMTS(e)	(((e) >> 43) & 1)
#define ECAP_SSADS(e)	(((e) >> 45) & 1)
#define ECAP_SSTS(e)	(((e) >> 46) & 1)
#define ECAP_FSTS(e)	(((e) >> 47) & 1)

#endif /* TOUR_ENV_H */

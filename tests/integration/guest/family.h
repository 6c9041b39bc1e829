/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the tour must know of the kind of IOMMU before the engines: what it can do, how its driver reports a refused
 * request. One table a family; hwi.iommu= of the kernel's command line chooses it. Steps that only a family has are in
 * steps/<family>/, what they need in <family>/.
 */
#ifndef TOUR_FAMILY_H
#define TOUR_FAMILY_H

#include "complaints.h"
#include "engine.h"
#include "kmsg.h"
#include "tour.h"

enum feature { NESTING, PASIDS, PAGE_REQUESTS, STALLS, ATS, DIRTY_TRACKING };

/* Why a request is refused, in no family's words */
enum why { NOT_MAPPED, NO_WRITE, NO_PASID_ENTRY, S1_NOT_PRESENT, S2_NOT_PRESENT };

struct refused {
	struct engine *e;
	bool write;
	uint32_t pasid;		/* or NO_PASID */
	uint64_t addr;
	enum why why;
};

/* Of one line of the driver's: what it took from the driver's rate limit, and whether a fault record ends with it */
struct heard {
	unsigned int cost;
	bool fault;
};

struct family {
	const char *name;
	const char *iommus[3];		/* values of hwi.iommu=: our model, then others */
	unsigned int info_type;		/* IOMMU_HW_INFO_TYPE_* */
	const char *msi_chip;		/* what isolates MSIs, as the lines of /proc/interrupts name it */
	const char *complaints[8];	/* of the driver, that fail a step, beside the kernel's own */
	const struct known_bug *known_bugs;	/* ends with an empty one; NULL: none */
	unsigned int fault_cost;	/* what a fault that comes alone takes from the driver's rate limit */

	bool keeps_dirty;		/* the driver does not invalidate what it clears the dirty state of */
	bool others_repeat;		/* devices that are not our model record each word of a refused transfer */

	void (*learn)(struct engine *e);	/* of the unit before the first engine */
	bool (*has)(struct engine *e, enum feature what);
	/* Only what this machine cannot have is skipped; on the model a lack is a failure. */
	void (*lacks)(enum feature what) __attribute__((noreturn));
	struct heard (*listen)(const char *line, struct fault *f);
	/* Fails unless the record is just what the request owes; text for show(). */
	void (*check_fault)(const struct fault *f, const struct refused *r, char *text, size_t size);
	/* May such a request leave no record? Then the text that says so. */
	const char *(*silent)(const struct refused *r);
};

extern const struct family vtd_family, smmuv3_family;
extern const struct family *family;

const struct family *family_of(const char *iommu);	/* NULL: unknown */
void family_choose(void);	/* from the command line; fills host, too */
const char *feature_name(enum feature what);

#endif /* TOUR_FAMILY_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tour: shows, step by step, what user space can do with an IOMMU through /dev/iommu and /dev/vfio/devices/.
 *
 *   tour                  all steps for the IOMMU that hwi.iommu= of the kernel's command line names
 *   tour a,b              only these
 *   tour --list [IOMMU]   their names, in order; runs nothing
 */
#include <stdio.h>
#include <string.h>

#include "family.h"
#include "kmsg.h"
#include "steps/list.h"
#include "tour.h"

#define ENTRY(id, fn)	{ id, fn },

static const struct step vtd_steps[] = { VTD_STEPS(ENTRY) };
static const struct step smmuv3_steps[] = { SMMUV3_STEPS(ENTRY) };

static const struct tour {
	const struct family *family;
	const struct step *steps;
	size_t n;
} tours[] = {
	{ &vtd_family, vtd_steps, ARRAY_SIZE(vtd_steps) },
	{ &smmuv3_family, smmuv3_steps, ARRAY_SIZE(smmuv3_steps) },
};

static const struct tour *tour_of(const struct family *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(tours); i++)
		if (tours[i].family == f)
			return &tours[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct tour *t;

	if (argc > 1 && !strcmp(argv[1], "--list")) {
		t = tour_of(family_of(argc > 2 ? argv[2] : "vtd"));
		for (size_t i = 0; t && i < t->n; i++)
			puts(t->steps[i].id);
		return t ? 0 : 2;
	}
	family_choose();
	kmsg_open();
	return run_steps(tour_of(family)->steps, tour_of(family)->n, argc > 1 ? argv[1] : NULL);
}

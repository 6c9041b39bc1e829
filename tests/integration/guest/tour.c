// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tour: shows, step by step, what user space can do with an IOMMU through /dev/iommu and /dev/vfio/devices/.
 *
 *   tour            all steps
 *   tour a,b        only these
 *   tour --list     their names, in order; runs nothing
 */
#include <stdio.h>
#include <string.h>

#include "kmsg.h"
#include "steps/list.h"
#include "tour.h"

#define ENTRY(id, fn)	{ id, fn },

static const struct step steps[] = { STEPS(ENTRY) };

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--list")) {
		for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
			puts(steps[i].id);
		return 0;
	}
	kmsg_open();
	return run_steps(steps, ARRAY_SIZE(steps), argc > 1 ? argv[1] : NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "family.h"

static const struct family *const families[] = { &vtd_family, &smmuv3_family };

const struct family *family = &vtd_family;

const struct family *family_of(const char *iommu)
{
	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		for (size_t k = 0; k < ARRAY_SIZE(families[i]->iommus) && families[i]->iommus[k]; k++)
			if (!strcmp(families[i]->iommus[k], iommu))
				return families[i];
	return NULL;
}

void family_choose(void)
{
	char text[32] = "vtd", caches[8];

	cmdline_get("hwi.iommu", text, sizeof(text));
	family = family_of(text);
	if (!family) {
		fprintf(stderr, "hwi.iommu=%s: no such IOMMU\n", text);
		exit(2);
	}
	host.page = sysconf(_SC_PAGESIZE);
	host.model = !strcmp(text, family->iommus[0]);
	host.one_entry_caches = cmdline_get("hwi.caches", caches, sizeof(caches)) && !strcmp(caches, "1");
}

const char *feature_name(enum feature what)
{
	static const char *const names[] = {
		[NESTING] = "nested translation", [PASIDS] = "PASID", [PAGE_REQUESTS] = "page requests",
		[STALLS] = "stalled requests", [ATS] = "ATS", [DIRTY_TRACKING] = "dirty tracking",
	};

	return names[what];
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "family.h"

const struct family *const families[] = {
	&family_smmuv3,
	&family_vtd,
};
const size_t family_count = sizeof(families) / sizeof(families[0]);

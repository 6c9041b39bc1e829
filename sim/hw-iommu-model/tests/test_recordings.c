/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What mainline's drivers (intel-iommu, arm-smmu-v3 and tegra241-cmdqv) did to the
 * unit while Linux booted and programs used iommufd, recorded once
 * (scripts/record-driver), gives the same answers now: every register read,
 * translation, interrupt, descriptor, command and message.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "hwiommu/record.h"

static void replay(const char *path, uint64_t at_least)
{
	struct hwi_replay_report report;
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	assert_int_equal(hwi_replay(in, stderr, &report), HWI_OK);
	(void)fclose(in);
	assert_int_equal(report.differences, 0);
	assert_true(report.calls > at_least);
}

static void linux_in_scalable_mode(void **state)
{
	(void)state;
	replay("tests/recordings/linux-scalable.rec", 2000);
}

static void linux_in_legacy_mode(void **state)
{
	(void)state;
	replay("tests/recordings/linux-legacy.rec", 2000);
}

static void linux_on_smmuv3(void **state)
{
	(void)state;
	replay("tests/recordings/linux-smmuv3.rec", 700);
}

static void linux_on_smmuv3_with_cmdqv(void **state)
{
	(void)state;
	replay("tests/recordings/linux-cmdqv.rec", 700);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_in_scalable_mode),
		cmocka_unit_test(linux_in_legacy_mode),
		cmocka_unit_test(linux_on_smmuv3),
		cmocka_unit_test(linux_on_smmuv3_with_cmdqv),
	};

	return cmocka_run_group_tests_name("recordings", tests, NULL, NULL);
}

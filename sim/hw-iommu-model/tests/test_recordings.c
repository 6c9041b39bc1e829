/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What mainline's intel-iommu driver did to the unit while Linux booted and programs
 * used iommufd, recorded once (scripts/record-driver), gives the same answers now:
 * every register read, translation, interrupt, descriptor and message.
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_in_scalable_mode),
		cmocka_unit_test(linux_in_legacy_mode),
	};

	return cmocka_run_group_tests_name("recordings", tests, NULL, NULL);
}

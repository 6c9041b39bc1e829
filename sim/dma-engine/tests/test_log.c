// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The write log holds what was written: all of it, and nothing else. */
#include "machine.h"

static struct machine *m;

static int setup(void **state)
{
	machine_setup(state);
	m = *state;
	machine_map_all(m);
	wr32(m, HWDMA_LOG_CTRL, HWDMA_LOG_CTRL_ENABLE);
	return 0;
}

static void expect(uint64_t iova, uint64_t len, uint32_t attr)
{
	assert_int_equal(rd64(m, HWDMA_LOG_IOVA), iova);
	assert_int_equal(rd64(m, HWDMA_LOG_LEN), len);
	assert_int_equal(rd32(m, HWDMA_LOG_INFO), attr | HWDMA_LOG_INFO_VALID);
	wr32(m, HWDMA_LOG_POP, 0);
}

static void expect_empty(void)
{
	assert_int_equal(rd32(m, HWDMA_LOG_STATUS), 0);
	assert_int_equal(rd64(m, HWDMA_LOG_IOVA), 0);
	assert_int_equal(rd64(m, HWDMA_LOG_LEN), 0);
	assert_int_equal(rd32(m, HWDMA_LOG_INFO), 0);
	wr32(m, HWDMA_LOG_POP, 0);
}

static unsigned int fill(uint64_t iova, uint64_t len, uint32_t attr)
{
	return machine_do(m, 0, &(struct hwdma_desc){ .op = HWDMA_OP_FILL, .dst = iova, .len = len,
						      .dst_attr = attr });
}

static void writes_without_a_gap_are_one_entry(void **state)
{
	(void)state;
	fill(IOVA(0) + 5, 3 * PAGE, 0);
	fill(IOVA(3) + 5, 10, 0);
	fill(IOVA(9), 1, 0);
	assert_int_equal(HWDMA_LOG_COUNT(rd32(m, HWDMA_LOG_STATUS)), 2);
	expect(IOVA(0) + 5, 3 * PAGE + 10, 0);
	expect(IOVA(9), 1, 0);
	expect_empty();
}

static void reads_and_refused_writes_leave_nothing(void **state)
{
	(void)state;
	machine_map(m, IOVA(1), PAGE, R);
	machine_do(m, 0, &(struct hwdma_desc){ .op = HWDMA_OP_CRC32, .src = IOVA(0), .len = PAGE });
	assert_int_equal(fill(IOVA(0), 2 * PAGE, 0), HWDMA_ERR_NO_PERMISSION);
	expect(IOVA(0), PAGE, 0);
	expect_empty();
}

static void address_spaces_and_kinds_are_entries_of_their_own(void **state)
{
	uint32_t pasid = HWDMA_ATTR_PASID_VALID | 7;

	(void)state;
	machine_map_pasid(m, 7, IOVA(1), PAGE, R | W);
	fill(IOVA(0), PAGE, 0);
	fill(IOVA(1), PAGE, pasid | HWDMA_ATTR_AT_ATC);
	fill(IOVA(2), 8, HWDMA_ATTR_AT_ATC);
	expect(IOVA(0), PAGE, 0);
	/* the untranslated address, also of a translated request */
	expect(IOVA(1), PAGE, pasid | HWDMA_ATTR_AT_ATC);
	expect(IOVA(2), 8, HWDMA_ATTR_AT_ATC);
	expect_empty();
}

static void atomics_and_status_records_are_writes(void **state)
{
	struct hwdma_desc d = {
		.op = HWDMA_OP_CAS | HWDMA_F_STATUS, .dst = IOVA(4) + 8, .len = 8, .operand0 = 1,
		.status = IOVA(5),
	};

	(void)state;
	assert_int_equal(machine_do(m, 0, &d), HWDMA_ERR_NONE);
	expect(IOVA(4) + 8, 8, 0);
	expect(IOVA(5), HWDMA_STATUS_SIZE, 0);
	expect_empty();
}

static void overflow_loses_the_newest_and_says_so(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 18; i++)
		fill(IOVA(2 * i), 8, 0);
	assert_int_equal(rd32(m, HWDMA_LOG_STATUS), 16 | HWDMA_LOG_OVERFLOW);
	expect(IOVA(0), 8, 0);
	assert_int_equal(rd32(m, HWDMA_LOG_STATUS), 15 | HWDMA_LOG_OVERFLOW);
	fill(IOVA(63), 8, 0);		/* room again, round the end of the buffer */
	for (unsigned int i = 1; i < 16; i++)
		expect(IOVA(2 * i), 8, 0);
	expect(IOVA(63), 8, 0);
	assert_int_equal(rd32(m, HWDMA_LOG_STATUS), HWDMA_LOG_OVERFLOW);
	wr32(m, HWDMA_LOG_CTRL, HWDMA_LOG_CTRL_CLEAR);
	expect_empty();
	assert_int_equal(rd32(m, HWDMA_LOG_CTRL), 0);
}

static void switched_off_it_stays_as_it_is(void **state)
{
	(void)state;
	fill(IOVA(0), 8, 0);
	wr32(m, HWDMA_LOG_CTRL, 0);
	fill(IOVA(2), 8, 0);
	expect(IOVA(0), 8, 0);
	expect_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(writes_without_a_gap_are_one_entry),
		T(reads_and_refused_writes_leave_nothing),
		T(address_spaces_and_kinds_are_entries_of_their_own),
		T(atomics_and_status_records_are_writes),
		T(overflow_loses_the_newest_and_says_so),
		T(switched_off_it_stays_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

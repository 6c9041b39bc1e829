// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Each error is told apart, counted, and leaves the function usable. */
#include "machine.h"

#define ATC HWDMA_ATTR_AT_ATC

static struct machine *m;

static int setup(void **state)
{
	machine_setup(state);
	m = *state;
	machine_map(m, IOVA(0), 0, R | W);
	machine_map(m, IOVA(1), PAGE, R);
	machine_map(m, IOVA(2), 2 * PAGE, W);
	return 0;
}

static unsigned int rd(uint64_t iova, uint32_t attr)
{
	return machine_do(m, 0, &(struct hwdma_desc){ .op = HWDMA_OP_READ, .src = iova, .len = 8,
						      .src_attr = attr });
}

static unsigned int wr(uint64_t iova, uint32_t attr)
{
	return machine_do(m, 0, &(struct hwdma_desc){ .op = HWDMA_OP_WRITE, .dst = iova, .len = 8,
						      .dst_attr = attr });
}

static void usable(unsigned int err)
{
	assert_int_equal(rd32(m, HWDMA_ERROR_COUNT(err)), 1);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_ERROR);
	m->ats_status = HWDMA_ATS_OK;
	m->ats_malformed = false;
	m->bus = HWDMA_BUS_OK;
	m->block_translated = false;
	assert_int_equal(wr(IOVA(0), 0), HWDMA_ERR_NONE);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_DONE);
	assert_int_equal(machine_result(m, 0).fault_addr, 0);
}

static void unmapped_untranslated(void **state)
{
	(void)state;
	assert_int_equal(rd(IOVA(9), 0), HWDMA_ERR_UNMAPPED);
	assert_int_equal(machine_result(m, 0).fault_addr, IOVA(9));
	usable(HWDMA_ERR_UNMAPPED);
}

static void unmapped_through_the_atc(void **state)
{
	(void)state;
	assert_int_equal(wr(IOVA(9) + 8, ATC), HWDMA_ERR_UNMAPPED);
	assert_int_equal(machine_result(m, 0).fault_addr, IOVA(9) + 8);
	usable(HWDMA_ERR_UNMAPPED);
}

static void no_permission_untranslated(void **state)
{
	(void)state;
	assert_int_equal(wr(IOVA(1), 0), HWDMA_ERR_NO_PERMISSION);
	usable(HWDMA_ERR_NO_PERMISSION);
}

static void no_permission_through_the_atc(void **state)
{
	(void)state;
	assert_int_equal(rd(IOVA(2), ATC), HWDMA_ERR_NO_PERMISSION);
	assert_int_equal(machine_count(m, 'r'), 0);
	usable(HWDMA_ERR_NO_PERMISSION);
}

static void translated_request_blocked(void **state)
{
	(void)state;
	m->block_translated = true;
	assert_int_equal(rd(IOVA(0), ATC), HWDMA_ERR_BLOCKED);
	usable(HWDMA_ERR_BLOCKED);
}

static void translated_request_blocked_by_permission(void **state)
{
	(void)state;
	assert_int_equal(rd(IOVA(0), ATC), HWDMA_ERR_NONE);
	m->bus = HWDMA_BUS_UR_PERM;
	assert_int_equal(rd(IOVA(0), ATC), HWDMA_ERR_BLOCKED);
	usable(HWDMA_ERR_BLOCKED);
}

static void ats_refused(void **state)
{
	(void)state;
	m->ats_status = HWDMA_ATS_UR;
	assert_int_equal(rd(IOVA(0), ATC), HWDMA_ERR_ATS_REFUSED);
	usable(HWDMA_ERR_ATS_REFUSED);
}

static void ats_aborted(void **state)
{
	(void)state;
	m->ats_status = HWDMA_ATS_CA;
	assert_int_equal(rd(IOVA(0), ATC), HWDMA_ERR_ATS_ABORTED);
	usable(HWDMA_ERR_ATS_ABORTED);
}

static void ats_answer_that_is_not_one(void **state)
{
	(void)state;
	m->ats_malformed = true;
	assert_int_equal(rd(IOVA(0), ATC), HWDMA_ERR_ATS_ABORTED);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 0);
	usable(HWDMA_ERR_ATS_ABORTED);
}

static void ats_answers_of_a_wrong_count(void **state)
{
	static const int counts[] = { -1, 2, 9, 255 };

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		m->ats_count = counts[i];
		assert_int_equal(rd(IOVA(0), ATC), HWDMA_ERR_ATS_ABORTED);
	}
	wr32(m, HWDMA_ATC_NPAGES, 8);
	for (unsigned int i = 0; i < 4; i++) {
		m->ats_count = counts[i];
		/* two of eight asked for is an answer: the third page ends it */
		assert_int_equal(machine_do(m, 0, &(struct hwdma_desc){ .op = HWDMA_OP_CRC32,
					    .src = IOVA(0), .len = 8 * PAGE, .src_attr = ATC }),
				 i == 1 ? HWDMA_ERR_NO_PERMISSION : HWDMA_ERR_ATS_ABORTED);
		wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_FLUSH);
	}
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 0);
}

static void completer_abort(void **state)
{
	(void)state;
	m->bus = HWDMA_BUS_CA;
	assert_int_equal(wr(IOVA(0), 0), HWDMA_ERR_BUS);
	usable(HWDMA_ERR_BUS);
}

static void no_completion(void **state)
{
	(void)state;
	m->bus = HWDMA_BUS_TIMEOUT;
	assert_int_equal(rd(IOVA(0), 0), HWDMA_ERR_BUS);
	usable(HWDMA_ERR_BUS);
}

static void counters_clear_on_request(void **state)
{
	(void)state;
	rd(IOVA(9), 0);
	rd(IOVA(0), ATC);
	wr32(m, HWDMA_CTRL, HWDMA_CTRL_CLEAR_STATS);
	for (unsigned int i = 0; i < HWDMA_ERR_MAX; i++)
		assert_int_equal(rd32(m, HWDMA_ERROR_COUNT(i)), 0);
	assert_int_equal(rd64(m, HWDMA_ATC_MISSES), 0);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 1);	/* counters only */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(unmapped_untranslated),
		T(unmapped_through_the_atc),
		T(no_permission_untranslated),
		T(no_permission_through_the_atc),
		T(translated_request_blocked),
		T(translated_request_blocked_by_permission),
		T(ats_refused),
		T(ats_aborted),
		T(ats_answer_that_is_not_one),
		T(ats_answers_of_a_wrong_count),
		T(completer_abort),
		T(no_completion),
		T(counters_clear_on_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

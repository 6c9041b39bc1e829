// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Latencies, pauses, budgets: a test can stand between any two steps. */
#include "machine.h"

static struct machine *m;

static int setup(void **state)
{
	machine_setup(state);
	m = *state;
	machine_map_all(m);
	return 0;
}

static const struct hwdma_desc copy = {
	.op = HWDMA_OP_COPY, .src = IOVA(0), .dst = IOVA(8), .len = 2 * PAGE,
};

static void registers_never_issue_dma(void **state)
{
	(void)state;
	m->kicks = 0;
	machine_start(m, 0, &copy);
	assert_int_equal(m->nreq, 0);
	assert_int_not_equal(m->kicks, 0);
	assert_true(rd32(m, HWDMA_STATUS) & HWDMA_STATUS_BUSY);
	machine_run(m);
	assert_int_equal(m->nreq, 4);
	assert_false(rd32(m, HWDMA_STATUS) & HWDMA_STATUS_BUSY);
}

static void the_start_waits_its_latency(void **state)
{
	(void)state;
	m->now = 1000000;
	wr64(m, HWDMA_LAT_START, 250);
	machine_start(m, 0, &copy);
	assert_int_equal(machine_poll(m), 1000250);
	assert_true(rd32(m, HWDMA_CH(0) + HWDMA_CH_STATUS) & HWDMA_CH_WAIT_TIME);
	m->now += 249;
	assert_int_equal(machine_poll(m), 1000250);
	assert_int_equal(m->nreq, 0);
	m->now++;
	assert_true(machine_poll(m) == HWDMA_NEVER);
	assert_int_equal(m->nreq, 4);
}

static void data_moves_at_the_end_of_the_flight(void **state)
{
	(void)state;
	wr64(m, HWDMA_LAT_REQ, 100);
	machine_start(m, 0, &copy);
	machine_run(m);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(m->req[i].when, 100 * (i + 1));
	assert_int_equal(m->now, 400);
}

static void the_ats_latency_is_added_on_a_miss_only(void **state)
{
	struct hwdma_desc d = copy;

	(void)state;
	d.src_attr = HWDMA_ATTR_AT_ATC;
	wr64(m, HWDMA_LAT_ATS, 1000);
	machine_do(m, 0, &d);
	assert_int_equal(m->now, 2000);
	machine_do(m, 0, &d);
	assert_int_equal(m->now, 2000);
}

static void a_latency_beyond_reason_is_cut(void **state)
{
	(void)state;
	wr64(m, HWDMA_LAT_START, UINT64_MAX);
	machine_start(m, 0, &copy);
	assert_true(machine_poll(m) == 1ull << 40);
	m->now = UINT64_MAX - 5;
	machine_poll(m);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_DONE);
	/* at the end of time, a wait is still no "never" */
	machine_start(m, 0, &copy);
	assert_true(machine_poll(m) == HWDMA_NEVER - 1);
}

static void pause_stops_between_requests(void **state)
{
	(void)state;
	m->budget = 1;
	machine_start(m, 0, &copy);
	machine_poll(m);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_PAUSE);
	assert_true(machine_poll(m) == HWDMA_NEVER);
	assert_int_equal(m->nreq, 1);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_BUSY);
	/* what the read took is what the write brings, whatever happens between */
	fill_random(m->mem, PAGE, 5);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, 0);
	machine_run(m);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_DONE);
	assert_int_equal(m->mem[8 * PAGE], 0);
}

static void one_run_does_no_more_than_its_budget(void **state)
{
	struct hwdma_desc d = copy;

	(void)state;
	d.src_attr = HWDMA_ATTR_AT_ATC | HWDMA_ATTR_PRI;
	d.len = 8 * PAGE;
	machine_unmap(m, IOVA(5));
	m->answer = HWDMA_PRG_SUCCESS;
	wr32(m, HWDMA_PRI_RETRIES, 255);
	for (unsigned int ch = 0; ch < 4; ch++)
		machine_start(m, ch, &d);
	m->budget = 3;
	for (unsigned int i = 0; i < 200; i++) {
		machine_forget(m);
		machine_poll(m);
		assert_true(machine_count(m, 'r') + machine_count(m, 'w') <= 3);
		assert_true(machine_count(m, 't') <= 3);
		assert_true(machine_count(m, 'p') <= 3);
	}
	machine_forget(m);
	m->budget = 0;
	assert_int_equal(machine_poll(m), m->now);
	assert_int_equal(m->nreq, 0);
}

static void channels_take_turns(void **state)
{
	(void)state;
	for (unsigned int ch = 0; ch < 4; ch++)
		machine_start(m, ch, &copy);
	machine_run(m);
	for (unsigned int i = 0; i < 16; i++)
		assert_int_equal(m->req[i].attrs.channel, i % 4);
}

static void nothing_to_do_is_never(void **state)
{
	(void)state;
	assert_true(machine_poll(m) == HWDMA_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(registers_never_issue_dma),
		T(the_start_waits_its_latency),
		T(data_moves_at_the_end_of_the_flight),
		T(the_ats_latency_is_added_on_a_miss_only),
		T(a_latency_beyond_reason_is_cut),
		T(pause_stops_between_requests),
		T(one_run_does_no_more_than_its_budget),
		T(channels_take_turns),
		T(nothing_to_do_is_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Function reset, reset by register, channel reset, bus mastering turned off. */
#include "machine.h"

static struct machine *m;

static int setup(void **state)
{
	machine_setup(state);
	m = *state;
	machine_map_all(m);
	return 0;
}

static const struct hwdma_desc fill = {
	.op = HWDMA_OP_FILL | HWDMA_F_INT | HWDMA_F_INT_ERROR | HWDMA_F_STATUS, .vector = 1,
	.dst = IOVA(0), .len = 8 * PAGE, .operand0 = ~0ull, .status = IOVA(20),
};

static void into_the_middle(void)
{
	m->budget = 1;
	machine_start(m, 0, &fill);
	machine_poll(m);
	machine_poll(m);
	m->budget = 64;
	assert_int_equal(m->nreq, 2);
}

/* everything that can be set, set */
static void dirty(void)
{
	for (uint64_t at = 0; at < 0x2000; at += 4)
		if (at != HWDMA_CTRL && at != HWDMA_CH(0) + HWDMA_CH_CTRL)
			wr32(m, at, 0x00100011);
	machine_run(m);
	machine_do(m, 1, &(struct hwdma_desc){ .op = HWDMA_OP_TRANSLATE, .src = IOVA(3), .len = 1,
					       .src_attr = HWDMA_ATTR_AT_ATC });
	into_the_middle();
}

static void snapshot(uint8_t *buf, size_t size, size_t *used)
{
	assert_int_equal(hwdma_save(m->e, buf, size, used), HWDMA_OK);
}

static void a_function_reset_leaves_nothing_behind(void **state)
{
	static uint8_t fresh[65536], after[65536];
	size_t n, n2;

	(void)state;
	snapshot(fresh, sizeof(fresh), &n);
	machine_forget(m);
	m->nreq = 0;
	dirty();
	hwdma_ats_invalidate(m->e, false, 0, false, 0, false, 3);
	machine_forget(m);
	hwdma_reset(m->e);
	machine_run(m);
	assert_int_equal(m->nreq + m->nvectors + m->ndone, 0);
	snapshot(after, sizeof(after), &n2);
	assert_int_equal(n, n2);
	/* but for whose turn it is */
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_IDLE);
	assert_int_equal(rd32(m, HWDMA_STATUS) & HWDMA_STATUS_BME, HWDMA_STATUS_BME);
	for (uint64_t at = 0; at < HWDMA_BAR_SIZE; at += 8) {
		uint64_t v = rd64(m, at);

		assert_int_equal(hwdma_restore(m->e, fresh, n), HWDMA_OK);
		assert_true(rd64(m, at) == v);
		assert_int_equal(hwdma_restore(m->e, after, n), HWDMA_OK);
	}
}

static void held_invalidations_are_answered_by_reset_register_only(void **state)
{
	(void)state;
	wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_HOLD);
	hwdma_ats_invalidate(m->e, false, 0, false, 0, false, 3);
	hwdma_reset(m->e);
	machine_run(m);
	assert_int_equal(m->ndone, 0);
	assert_false(rd32(m, HWDMA_STATUS) & HWDMA_STATUS_INV_HELD);

	wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_HOLD | HWDMA_ATC_CTRL_CC(1));
	hwdma_ats_invalidate(m->e, false, 0, false, 0, false, 3);
	wr32(m, HWDMA_CTRL, HWDMA_CTRL_RESET);
	assert_int_equal(m->ndone, 2);
	assert_int_equal(rd32(m, HWDMA_ATC_CTRL), 0);
}

static void a_channel_reset_aborts_and_says_how_far_it_came(void **state)
{
	struct hwdma_status st;

	(void)state;
	into_the_middle();
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET);
	st = machine_result(m, 0);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_ERROR);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_ABORTED);
	assert_int_equal(st.bytes_done, 2 * PAGE);
	assert_int_equal(st.seq, 1);
	machine_run(m);
	assert_int_equal(m->nreq, 2);		/* no record, */
	assert_int_equal(m->nvectors, 0);	/* no interrupt */
	/* an idle channel becomes idle */
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_IDLE);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_NONE);
	assert_int_equal(machine_do(m, 0, &fill), HWDMA_ERR_NONE);
}

static void a_channel_reset_touches_its_own_channel(void **state)
{
	(void)state;
	m->budget = 1;
	machine_start(m, 0, &fill);
	machine_start(m, 1, &fill);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET);
	machine_run(m);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_ABORTED);
	assert_int_equal(machine_error(m, 1), HWDMA_ERR_NONE);
	assert_int_equal(machine_state(m, 1), HWDMA_STATE_DONE);
}

static void a_channel_reset_empties_its_ring(void **state)
{
	(void)state;
	wr64(m, HWDMA_CH(0) + HWDMA_CH_RING_BASE, IOVA(40));
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_SIZE, 4);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_TAIL, 5);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RING | HWDMA_CH_CTRL_RESET);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_CTRL), 0);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_RING_TAIL), 0);
	assert_int_equal(rd64(m, HWDMA_CH(0) + HWDMA_CH_RING_BASE), IOVA(40));
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_RING_SIZE), 4);
	machine_run(m);
	assert_int_equal(m->nreq, 0);
}

static void turning_bus_mastering_off_aborts(void **state)
{
	(void)state;
	into_the_middle();
	m->en.bus_master = false;
	hwdma_set_enables(m->e, &m->en);
	machine_run(m);
	assert_int_equal(m->nreq, 2);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_ABORTED);
	assert_int_equal(machine_do(m, 0, &fill), HWDMA_ERR_NOT_ENABLED);
	m->en.bus_master = true;
	hwdma_set_enables(m->e, &m->en);
	assert_int_equal(machine_do(m, 0, &fill), HWDMA_ERR_NONE);
}

static void turning_bus_mastering_off_halts_a_ring(void **state)
{
	(void)state;
	wr64(m, HWDMA_LAT_REQ, 10);
	wr64(m, HWDMA_CH(0) + HWDMA_CH_RING_BASE, IOVA(40));
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_SIZE, 4);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_TAIL, 5);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RING);
	machine_poll(m);	/* the fetch is in flight */
	m->en.bus_master = false;
	hwdma_set_enables(m->e, &m->en);
	machine_run(m);
	assert_int_equal(m->nreq, 0);
	assert_true(rd32(m, HWDMA_CH(0) + HWDMA_CH_STATUS) & HWDMA_CH_RING_HALTED);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_ABORTED);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_RING_HEAD), 0);
}

static void disabling_a_capability_stops_requests_that_wait(void **state)
{
	struct hwdma_desc d = {
		.op = HWDMA_OP_READ, .src = IOVA(0), .len = 8, .src_attr = HWDMA_ATTR_AT_ATC,
	};

	(void)state;
	wr64(m, HWDMA_LAT_ATS, 10);
	machine_start(m, 0, &d);
	machine_poll(m);
	m->en.ats = false;
	hwdma_set_enables(m->e, &m->en);
	machine_run(m);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_NOT_ENABLED);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 0);

	/* a PASID in flight when PASIDs are disabled does not get out */
	machine_map_pasid(m, 1, IOVA(0), 0, R);
	wr64(m, HWDMA_LAT_REQ, 10);
	d.src_attr = HWDMA_ATTR_PASID_VALID | 1;
	machine_start(m, 0, &d);
	machine_poll(m);
	m->en.pasid = false;
	hwdma_set_enables(m->e, &m->en);
	machine_run(m);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_NOT_ENABLED);
	assert_int_equal(machine_count(m, 'r'), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(a_function_reset_leaves_nothing_behind),
		T(held_invalidations_are_answered_by_reset_register_only),
		T(a_channel_reset_aborts_and_says_how_far_it_came),
		T(a_channel_reset_touches_its_own_channel),
		T(a_channel_reset_empties_its_ring),
		T(turning_bus_mastering_off_aborts),
		T(turning_bus_mastering_off_halts_a_ring),
		T(disabling_a_capability_stops_requests_that_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Callbacks that call back: DMA that hits the function's own registers, and more. */
#include "machine.h"

static struct machine *m;
static char when;		/* kind of callback that strikes */
static unsigned int strikes;
static void (*what)(void);

static void strike(struct machine *mm, const struct request *rq)
{
	(void)mm;
	if (rq->kind == when && strikes) {
		strikes--;
		what();
	}
}

static int setup(void **state)
{
	machine_setup(state);
	m = *state;
	machine_map_all(m);
	m->hook = strike;
	m->answer = HWDMA_PRG_SUCCESS;
	m->grant = R | W;
	return 0;
}

static void function_reset(void) { hwdma_reset(m->e); }
static void register_reset(void) { wr32(m, HWDMA_CTRL, HWDMA_CTRL_RESET); }
static void channel_reset(void) { wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET); }
static void run_again(void) { assert_true(hwdma_run(m->e, m->now, 1000) == HWDMA_NEVER); }
static void flush(void) { wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_FLUSH); }
static void capacity(void) { wr32(m, HWDMA_ATC_CAPACITY, 1); }
static void invalidate(void) { hwdma_ats_invalidate(m->e, false, 0, false, ~0ull >> 1, true, 3); }
static void doorbell(void) { wr32(m, HWDMA_CH(0) + HWDMA_CH_DOORBELL, 1); }

static void disable(void)
{
	struct hwdma_enables none = { 0 };

	hwdma_set_enables(m->e, &none);
}

static void reset_and_start(void)
{
	struct hwdma_desc d = { .op = HWDMA_OP_FILL, .dst = IOVA(40), .len = 8, .operand0 = 0x55 };

	channel_reset();
	machine_start(m, 0, &d);
}

static void (*const all[])(void) = {
	function_reset, register_reset, channel_reset, run_again, flush, capacity, invalidate,
	doorbell, disable, reset_and_start,
};

static void (*const aborting[])(void) = {
	function_reset, register_reset, channel_reset, disable,
};

static const struct hwdma_desc workload = {
	.op = HWDMA_OP_COPY | HWDMA_F_INT | HWDMA_F_STATUS, .vector = 1, .status = IOVA(20),
	.src = IOVA(0), .dst = IOVA(8), .len = 3 * PAGE,
	.src_attr = HWDMA_ATTR_AT_ATC | HWDMA_ATTR_PRI, .dst_attr = HWDMA_ATTR_AT_ATC,
};

/* Each thing, from inside each callback, and the function still works. */
static void anything_may_happen_inside_a_callback(void **state)
{
	static const char kinds[] = "rwtpic";

	(void)state;
	for (unsigned int k = 0; kinds[k]; k++) {
		for (unsigned int w = 0; w < sizeof(all) / sizeof(*all); w++) {
			machine_unmap(m, IOVA(1));
			when = kinds[k];
			what = all[w];
			strikes = 1;
			machine_start(m, 0, &workload);
			m->budget = 2;
			machine_poll(m);
			m->budget = 64;
			hwdma_ats_invalidate(m->e, false, 0, false, IOVA(8), false, 1);
			machine_run(m);
			strikes = 0;

			hwdma_set_enables(m->e, &m->en);
			hwdma_reset(m->e);
			machine_forget(m);
			m->grant_phys = PAGE;
			fill_random(m->mem, 3 * PAGE, 9);
			assert_int_equal(machine_do(m, 0, &workload), HWDMA_ERR_NONE);
			assert_memory_equal(m->mem, m->mem + 8 * PAGE, 3 * PAGE);
			hwdma_reset(m->e);
		}
	}
}

static void an_operation_stopped_by_its_own_request_writes_no_more(void **state)
{
	(void)state;
	for (unsigned int w = 0; w < sizeof(aborting) / sizeof(*aborting); w++) {
		machine_map_all(m);
		machine_forget(m);
		when = 'w';
		what = aborting[w];
		strikes = 1;
		machine_start(m, 0, &workload);
		machine_run(m);
		assert_int_equal(machine_count(m, 'w'), 1);
		assert_int_equal(m->nvectors, 0);
		hwdma_set_enables(m->e, &m->en);
		hwdma_reset(m->e);
	}
}

static void an_interrupt_may_start_the_next_operation(void **state)
{
	(void)state;
	when = 'i';
	what = doorbell;
	strikes = 3;
	assert_int_equal(machine_do(m, 0, &workload), HWDMA_ERR_NONE);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_SEQ), 4);
	assert_int_equal(m->nvectors, 4);
	/* also when it ends before its first request */
	strikes = 3;
	machine_do(m, 0, &(struct hwdma_desc){ .op = HWDMA_OP_NOP | HWDMA_F_INT });
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_SEQ), 8);
}

static void an_operation_started_anew_inside_a_callback_is_the_new_one(void **state)
{
	(void)state;
	when = 'r';
	what = reset_and_start;
	strikes = 1;
	machine_start(m, 0, &workload);
	machine_run(m);
	assert_int_equal(m->mem[40 * PAGE], 0x55);
	assert_int_equal(machine_count(m, 'w'), 1);
	assert_int_equal(machine_result(m, 0).bytes_done, 8);
	assert_int_equal(machine_result(m, 0).seq, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(anything_may_happen_inside_a_callback),
		T(an_operation_stopped_by_its_own_request_writes_no_more),
		T(an_interrupt_may_start_the_next_operation),
		T(an_operation_started_anew_inside_a_callback_is_the_new_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Requests held on their way, as by an IOMMU that stalls: the channel waits until
 * hwdma_resume(), and nothing else does.
 */
#include <stdlib.h>

#include "machine.h"

static struct machine *m;

#define MISSING	0x40000000ull	/* a page without mapping */
#define ATC	HWDMA_ATTR_AT_ATC

static int setup(void **state)
{
	machine_setup(state);
	m = *state;
	machine_map_all(m);
	m->hold = true;
	m->tag = 7;
	return 0;
}

static uint32_t status(unsigned int ch)
{
	return rd32(m, HWDMA_CH((uint64_t)ch) + HWDMA_CH_STATUS);
}

/* Start it and run until it is held. */
static void held(unsigned int ch, const struct hwdma_desc *d)
{
	machine_start(m, ch, d);
	machine_run(m);
	assert_int_equal(HWDMA_CH_STATE(status(ch)), HWDMA_STATE_BUSY);
	assert_true(status(ch) & HWDMA_CH_WAIT_BUS);
	assert_false(status(ch) & (HWDMA_CH_WAIT_PRI | HWDMA_CH_WAIT_TIME));
}

static void ends(unsigned int ch, unsigned int err)
{
	machine_run(m);
	assert_int_equal(machine_state(m, ch), err ? HWDMA_STATE_ERROR : HWDMA_STATE_DONE);
	assert_int_equal(machine_error(m, ch), err);
	assert_false(status(ch) & HWDMA_CH_WAIT_BUS);
}

static const struct hwdma_desc fill = {
	.op = HWDMA_OP_FILL, .dst = MISSING - 0x100, .len = 0x300, .operand0 = 0x5a5a5a5a5a5a5a5a,
};

static const struct hwdma_desc copy_in = {
	.op = HWDMA_OP_COPY, .src = MISSING, .dst = IOVA(1), .len = 64,
};

static const struct hwdma_desc add = {
	.op = HWDMA_OP_FETCH_ADD, .dst = MISSING, .len = 8, .operand0 = 1,
};

static void a_channel_waits_and_the_others_go_on(void **state)
{
	struct hwdma_desc other = { .op = HWDMA_OP_FILL, .dst = IOVA(3), .len = 100 };

	(void)state;
	machine_map(m, MISSING - PAGE, 2 * PAGE, W);
	held(0, &fill);
	assert_int_equal(machine_count(m, 'w'), 2);
	assert_int_equal(machine_do(m, 1, &other), HWDMA_ERR_NONE);
	/* held, it sends nothing, however long that takes */
	m->now += 1000000;
	machine_forget(m);
	assert_true(machine_poll(m) == HWDMA_NEVER);
	assert_int_equal(m->nreq, 0);
	assert_true(rd32(m, HWDMA_STATUS) & HWDMA_STATUS_BUSY);
}

static void retried_it_is_sent_again_as_it_was(void **state)
{
	struct hwdma_desc d = copy_in;

	(void)state;
	fill_random(m->mem, PAGE, 3);
	d.src = IOVA(0);
	d.dst = MISSING;
	held(0, &d);
	/* what was read before the write was held is what is written */
	memset(m->mem, 0, PAGE);
	machine_map(m, MISSING, 5 * PAGE, W);
	machine_forget(m);
	m->kicks = 0;
	hwdma_resume(m->e, 7, HWDMA_RESUME_RETRY);
	assert_int_equal(m->kicks, 1);
	assert_int_equal(m->nreq, 0);
	ends(0, HWDMA_ERR_NONE);
	assert_int_equal(m->nreq, 1);
	assert_true(m->req[0].iova == MISSING && m->req[0].len == 64);
	fill_random(m->mem, PAGE, 3);
	assert_memory_equal(m->mem + 5 * PAGE, m->mem, 64);
}

static void retried_it_may_be_held_again(void **state)
{
	(void)state;
	held(0, &add);
	for (unsigned int i = 0; i < 3; i++) {
		hwdma_resume(m->e, 7 + i, HWDMA_RESUME_RETRY);
		machine_run(m);
		assert_true(status(0) & HWDMA_CH_WAIT_BUS);
	}
	/* the tags of before mean nothing any more */
	hwdma_resume(m->e, 9, HWDMA_RESUME_ABORT);
	machine_run(m);
	assert_true(status(0) & HWDMA_CH_WAIT_BUS);
	machine_map(m, MISSING, 5 * PAGE, R | W);
	hwdma_resume(m->e, 10, HWDMA_RESUME_RETRY);
	ends(0, HWDMA_ERR_NONE);
	assert_int_equal(m->mem[5 * PAGE], 1);
}

static void aborted_it_ends_as_unmapped(void **state)
{
	struct hwdma_status st;

	(void)state;
	machine_map(m, MISSING - PAGE, 2 * PAGE, W);
	held(0, &fill);
	hwdma_resume(m->e, 7, HWDMA_RESUME_ABORT);
	ends(0, HWDMA_ERR_UNMAPPED);
	st = machine_result(m, 0);
	assert_int_equal(st.bytes_done, 0x100);
	assert_int_equal(st.fault_addr, MISSING);
}

static void an_unknown_action_aborts(void **state)
{
	(void)state;
	held(0, &add);
	hwdma_resume(m->e, 7, (enum hwdma_resume)77);
	ends(0, HWDMA_ERR_UNMAPPED);
}

static void a_translated_request_aborted_is_blocked(void **state)
{
	struct hwdma_desc d = { .op = HWDMA_OP_READ, .src = IOVA(2), .src_attr = ATC, .len = 8 };

	(void)state;
	m->block_translated = true;
	held(0, &d);
	hwdma_resume(m->e, 7, HWDMA_RESUME_ABORT);
	ends(0, HWDMA_ERR_BLOCKED);
}

static void terminated_it_reads_zeroes_and_writes_nothing(void **state)
{
	struct hwdma_desc read = { .op = HWDMA_OP_READ, .src = MISSING, .len = 8 };
	struct hwdma_desc touch = { .op = HWDMA_OP_TOUCH, .src = MISSING };

	(void)state;
	memset(m->mem + PAGE, 0xff, 64);
	held(0, &copy_in);
	hwdma_resume(m->e, 7, HWDMA_RESUME_TERMINATE);
	ends(0, HWDMA_ERR_NONE);
	for (unsigned int i = 0; i < 64; i++)
		assert_int_equal(m->mem[PAGE + i], 0);

	held(0, &add);
	hwdma_resume(m->e, 8, HWDMA_RESUME_TERMINATE);
	ends(0, HWDMA_ERR_NONE);
	assert_int_equal(machine_result(m, 0).result, 0);

	held(0, &read);
	hwdma_resume(m->e, 9, HWDMA_RESUME_TERMINATE);
	ends(0, HWDMA_ERR_NONE);
	assert_int_equal(machine_result(m, 0).result, 0);

	held(0, &touch);
	hwdma_resume(m->e, 10, HWDMA_RESUME_TERMINATE);
	ends(0, HWDMA_ERR_NONE);

	machine_map(m, MISSING - PAGE, 2 * PAGE, W);
	memset(m->mem + 2 * PAGE, 0, PAGE);
	held(0, &fill);
	machine_forget(m);
	hwdma_resume(m->e, 11, HWDMA_RESUME_TERMINATE);
	ends(0, HWDMA_ERR_NONE);
	assert_int_equal(m->nreq, 0);
	assert_int_equal(machine_result(m, 0).bytes_done, 0x300);
}

static void a_missing_right_holds_too(void **state)
{
	struct hwdma_desc d = { .op = HWDMA_OP_WRITE, .dst = IOVA(9), .len = 4, .operand0 = 5 };

	(void)state;
	machine_map(m, IOVA(9), 9 * PAGE, R);
	held(0, &d);
	machine_map(m, IOVA(9), 9 * PAGE, R | W);
	hwdma_resume(m->e, 7, HWDMA_RESUME_RETRY);
	ends(0, HWDMA_ERR_NONE);
	assert_int_equal(m->mem[9 * PAGE], 5);
}

static void one_tag_may_stand_for_several(void **state)
{
	struct hwdma_desc other = add;

	(void)state;
	m->same_tag = true;
	m->tag = UINT64_MAX;
	other.dst += PAGE;
	held(0, &add);
	held(1, &other);
	m->tag = 1;
	held(2, &copy_in);
	hwdma_resume(m->e, UINT64_MAX, HWDMA_RESUME_ABORT);
	ends(0, HWDMA_ERR_UNMAPPED);
	ends(1, HWDMA_ERR_UNMAPPED);
	assert_true(status(2) & HWDMA_CH_WAIT_BUS);
}

static void a_tag_that_nobody_has_is_nothing(void **state)
{
	(void)state;
	hwdma_resume(m->e, 0, HWDMA_RESUME_RETRY);
	held(0, &add);
	m->kicks = 0;
	hwdma_resume(m->e, 6, HWDMA_RESUME_ABORT);
	hwdma_resume(m->e, UINT64_MAX, HWDMA_RESUME_ABORT);
	assert_int_equal(m->kicks, 0);
	machine_run(m);
	assert_true(status(0) & HWDMA_CH_WAIT_BUS);
	/* the first word is the one that counts */
	hwdma_resume(m->e, 7, HWDMA_RESUME_ABORT);
	hwdma_resume(m->e, 7, HWDMA_RESUME_TERMINATE);
	assert_int_equal(m->kicks, 1);
	ends(0, HWDMA_ERR_UNMAPPED);
}

static void a_paused_channel_goes_on_when_it_may(void **state)
{
	(void)state;
	held(0, &add);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_PAUSE);
	machine_map(m, MISSING, 5 * PAGE, R | W);
	hwdma_resume(m->e, 7, HWDMA_RESUME_RETRY);
	machine_run(m);
	assert_int_equal(m->mem[5 * PAGE], 0);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, 0);
	ends(0, HWDMA_ERR_NONE);
	assert_int_equal(m->mem[5 * PAGE], 1);
}

/* ---- rings ----------------------------------------------------------------- */

static void ring_of_two(uint64_t base, uint64_t status_at)
{
	struct hwdma_desc d = { .op = HWDMA_OP_NOP | HWDMA_F_STATUS, .status = status_at };

	memcpy(m->mem + 20 * PAGE, &d, sizeof(d));
	memcpy(m->mem + 20 * PAGE + 64, &d, sizeof(d));
	wr64(m, HWDMA_CH(0) + HWDMA_CH_RING_BASE, base);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_SIZE, 1);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_TAIL, 1);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RING);
	machine_run(m);
	assert_true(status(0) & HWDMA_CH_WAIT_BUS);
}

static void a_descriptor_fetch_can_be_held(void **state)
{
	(void)state;
	ring_of_two(MISSING, IOVA(4));
	machine_map(m, MISSING, 20 * PAGE, R);
	hwdma_resume(m->e, 7, HWDMA_RESUME_RETRY);
	ends(0, HWDMA_ERR_NONE);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_RING_HEAD), 1);
}

static void a_descriptor_fetch_aborted_halts_the_ring(void **state)
{
	(void)state;
	ring_of_two(MISSING, IOVA(4));
	hwdma_resume(m->e, 7, HWDMA_RESUME_ABORT);
	ends(0, HWDMA_ERR_UNMAPPED);
	assert_true(status(0) & HWDMA_CH_RING_HALTED);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_RING_HEAD), 0);
}

static void a_status_record_can_be_held(void **state)
{
	struct hwdma_status st;

	(void)state;
	ring_of_two(IOVA(20), MISSING);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_SEQ), 0);
	machine_map(m, MISSING, 30 * PAGE, W);
	hwdma_resume(m->e, 7, HWDMA_RESUME_RETRY);
	ends(0, HWDMA_ERR_NONE);
	memcpy(&st, m->mem + 30 * PAGE, sizeof(st));
	assert_int_equal(st.seq, 1);

	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_TAIL, 0);
	machine_unmap(m, MISSING);
	machine_run(m);
	assert_true(status(0) & HWDMA_CH_WAIT_BUS);
	hwdma_resume(m->e, 8, HWDMA_RESUME_ABORT);
	machine_run(m);
	assert_true(status(0) & HWDMA_CH_CPL_FAILED);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_SEQ), 2);
}

/* ---- what ends it from outside ------------------------------------------------ */

/* It ended ABORTED; that tag is dead, the channel is not. */
static void aborted(void)
{
	struct hwdma_desc d = { .op = HWDMA_OP_FILL, .dst = IOVA(3), .len = 100 };

	assert_false(status(0) & HWDMA_CH_WAIT_BUS);
	machine_map(m, MISSING, 5 * PAGE, R | W);
	machine_forget(m);
	hwdma_resume(m->e, 7, HWDMA_RESUME_RETRY);
	machine_run(m);
	assert_int_equal(m->nreq, 0);
	assert_int_equal(m->mem[5 * PAGE], 0);
	assert_int_equal(machine_do(m, 0, &d), HWDMA_ERR_NONE);
}

static void channel_reset_ends_it(void **state)
{
	(void)state;
	held(0, &add);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_ABORTED);
	assert_int_equal(machine_result(m, 0).fault_addr, MISSING);
	aborted();
}

static void flr_ends_it(void **state)
{
	(void)state;
	held(0, &add);
	hwdma_reset(m->e);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_IDLE);
	aborted();
}

static void bus_mastering_off_ends_it(void **state)
{
	(void)state;
	held(0, &add);
	m->en.bus_master = false;
	hwdma_set_enables(m->e, &m->en);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_ABORTED);
	m->en.bus_master = true;
	hwdma_set_enables(m->e, &m->en);
	aborted();
}

static void what_is_not_enabled_any_more_is_not_retried(void **state)
{
	struct hwdma_desc d = add;

	(void)state;
	d.dst_attr = HWDMA_ATTR_PASID_VALID | 3;
	held(0, &d);
	m->en.pasid = false;
	hwdma_set_enables(m->e, &m->en);
	machine_forget(m);
	hwdma_resume(m->e, 7, HWDMA_RESUME_RETRY);
	ends(0, HWDMA_ERR_NOT_ENABLED);
	assert_int_equal(m->nreq, 0);
}

/* ---- invalidations ---------------------------------------------------------------- */

static void an_invalidation_does_not_wait_for_an_untranslated_request(void **state)
{
	struct hwdma_desc d = { .op = HWDMA_OP_READ, .src = IOVA(2), .src_attr = ATC, .len = 8 };

	(void)state;
	machine_map(m, IOVA(2), 2 * PAGE, R | UNTRANS);
	machine_do(m, 0, &d);
	/* the ATC says "untranslated only"; on its way when it is invalidated, then held */
	wr64(m, HWDMA_LAT_REQ, 100);
	machine_start(m, 0, &d);
	machine_poll(m);
	machine_unmap(m, IOVA(2));
	hwdma_ats_invalidate(m->e, false, 0, false, IOVA(2), false, 5);
	assert_int_equal(m->ndone, 0);
	machine_run(m);
	assert_true(status(0) & HWDMA_CH_WAIT_BUS);
	assert_int_equal(m->ndone, 1);
	/* and while it is held */
	hwdma_ats_invalidate(m->e, false, 0, false, IOVA(2), false, 6);
	assert_int_equal(m->ndone, 2);
}

static void an_invalidation_waits_for_a_translated_one(void **state)
{
	struct hwdma_desc d = { .op = HWDMA_OP_READ, .src = IOVA(2), .src_attr = ATC, .len = 8 };

	(void)state;
	m->block_translated = true;
	held(0, &d);
	hwdma_ats_invalidate(m->e, false, 0, false, IOVA(2), false, 5);
	machine_run(m);
	assert_int_equal(m->ndone, 0);
	hwdma_resume(m->e, 7, HWDMA_RESUME_ABORT);
	ends(0, HWDMA_ERR_BLOCKED);
	assert_int_equal(m->ndone, 1);
	assert_int_equal(m->done_itags[0], 1u << 5);
}

/* ---- save and restore ---------------------------------------------------------------- */

static uint8_t *save(size_t *n)
{
	uint8_t *buf;

	*n = hwdma_state_size(m->e);
	buf = malloc(*n);
	assert_non_null(buf);
	assert_int_equal(hwdma_save(m->e, buf, *n, NULL), HWDMA_OK);
	return buf;
}

static void elsewhere(void)
{
	size_t n;
	uint8_t *buf = save(&n);

	hwdma_destroy(m->e);
	assert_int_equal(hwdma_create(&m->e, &m->cfg, machine_ops(), m), HWDMA_OK);
	assert_int_equal(hwdma_restore(m->e, buf, n), HWDMA_OK);
	free(buf);
}

static void it_survives_save_and_restore(void **state)
{
	(void)state;
	m->tag = 0xfedcba9876543210;
	held(0, &add);
	m->tag = 0;
	elsewhere();
	machine_run(m);
	assert_true(status(0) & HWDMA_CH_WAIT_BUS);
	machine_map(m, MISSING, 5 * PAGE, R | W);
	machine_forget(m);
	hwdma_resume(m->e, 0xfedcba9876543210, HWDMA_RESUME_RETRY);
	/* also between the word and what it does */
	elsewhere();
	assert_int_equal(m->nreq, 0);
	ends(0, HWDMA_ERR_NONE);
	assert_int_equal(m->mem[5 * PAGE], 1);
}

static void every_action_survives(void **state)
{
	(void)state;
	held(0, &add);
	hwdma_resume(m->e, 7, HWDMA_RESUME_ABORT);
	elsewhere();
	ends(0, HWDMA_ERR_UNMAPPED);
	held(0, &copy_in);
	hwdma_resume(m->e, 8, HWDMA_RESUME_TERMINATE);
	elsewhere();
	ends(0, HWDMA_ERR_NONE);
}

static void damage_is_refused(void **state)
{
	size_t n, at;
	uint8_t *buf;

	(void)state;
	m->tag = 0xfedcba9876543210;
	held(0, &add);
	buf = save(&n);
	/* the tag, little-endian; behind it the action */
	for (at = 0; at + 9 <= n; at++)
		if (buf[at] == 0x10 && buf[at + 1] == 0x32 && buf[at + 7] == 0xfe)
			break;
	assert_true(at + 9 <= n);
	buf[at + 8] = 4;
	assert_int_equal(hwdma_restore(m->e, buf, n), HWDMA_E_STATE);
	buf[at + 8] = 3;
	assert_int_equal(hwdma_restore(m->e, buf, n), HWDMA_OK);
	free(buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(a_channel_waits_and_the_others_go_on),
		T(retried_it_is_sent_again_as_it_was),
		T(retried_it_may_be_held_again),
		T(aborted_it_ends_as_unmapped),
		T(an_unknown_action_aborts),
		T(a_translated_request_aborted_is_blocked),
		T(terminated_it_reads_zeroes_and_writes_nothing),
		T(a_missing_right_holds_too),
		T(one_tag_may_stand_for_several),
		T(a_tag_that_nobody_has_is_nothing),
		T(a_paused_channel_goes_on_when_it_may),
		T(a_descriptor_fetch_can_be_held),
		T(a_descriptor_fetch_aborted_halts_the_ring),
		T(a_status_record_can_be_held),
		T(channel_reset_ends_it),
		T(flr_ends_it),
		T(bus_mastering_off_ends_it),
		T(what_is_not_enabled_any_more_is_not_retried),
		T(an_invalidation_does_not_wait_for_an_untranslated_request),
		T(an_invalidation_waits_for_a_translated_one),
		T(it_survives_save_and_restore),
		T(every_action_survives),
		T(damage_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

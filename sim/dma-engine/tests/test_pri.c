// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Page requests: asked, granted, refused, late, too many. */
#include "machine.h"

#define ASK (HWDMA_ATTR_AT_ATC | HWDMA_ATTR_PRI)
#define PASID(n) (HWDMA_ATTR_PASID_VALID | (n))

static struct machine *m;

static int setup(void **state)
{
	machine_setup(state);
	m = *state;
	m->grant = R | W;
	m->grant_phys = 3 * PAGE;
	return 0;
}

static const struct hwdma_desc read_5 = {
	.op = HWDMA_OP_READ, .src = IOVA(5) + 16, .len = 8, .src_attr = ASK,
};

static void set_pri(bool on)
{
	m->en.pri = on;
	hwdma_set_enables(m->e, &m->en);
}

static void respond(const struct request *rq, unsigned int code)
{
	hwdma_prg_response(m->e, rq->attrs.pasid_valid, rq->attrs.pasid, rq->prgi, code);
}

static void a_granted_page_lets_the_operation_go_on(void **state)
{
	const struct request *rq;

	(void)state;
	machine_start(m, 0, &read_5);
	assert_true(machine_poll(m) == HWDMA_NEVER);
	assert_true(rd32(m, HWDMA_CH(0) + HWDMA_CH_STATUS) & HWDMA_CH_WAIT_PRI);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_BUSY);
	assert_int_equal(rd32(m, HWDMA_PRI_OUTSTANDING), 1);
	rq = machine_nth(m, 'p', 0);
	assert_int_equal(rq->iova, IOVA(5));
	assert_true(rq->read && !rq->write && rq->last);
	machine_map(m, IOVA(5), 3 * PAGE, R);
	respond(rq, HWDMA_PRG_SUCCESS);
	machine_run(m);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_NONE);
	assert_int_equal(machine_nth(m, 'r', 0)->iova, 3 * PAGE + 16);
	assert_int_equal(rd32(m, HWDMA_PRI_OUTSTANDING), 0);
	assert_int_equal(rd64(m, HWDMA_PRI_REQUESTS), 1);
	assert_int_equal(rd64(m, HWDMA_PRI_RESPONSES), 1);
}

static void the_request_carries_pasid_and_access(void **state)
{
	struct hwdma_desc op = {
		.op = HWDMA_OP_SWAP, .dst = IOVA(5), .len = 8,
		.dst_attr = ASK | PASID(0xabcde) | HWDMA_ATTR_PRIV,
	};

	(void)state;
	m->answer = HWDMA_PRG_SUCCESS;
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_nth(m, 'p', 0)->attrs.pasid, 0xabcde);
	assert_true(machine_nth(m, 'p', 0)->attrs.priv);
	assert_true(machine_nth(m, 'p', 0)->read && machine_nth(m, 'p', 0)->write);
	op = (struct hwdma_desc){ .op = HWDMA_OP_FILL, .dst = IOVA(6), .len = 8, .dst_attr = ASK };
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_true(!machine_nth(m, 'p', 1)->read && machine_nth(m, 'p', 1)->write);
	op = (struct hwdma_desc){ .op = HWDMA_OP_TRANSLATE | HWDMA_F_WRITE, .src = IOVA(7), .len = 8,
				  .src_attr = ASK };
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_true(!machine_nth(m, 'p', 2)->read && machine_nth(m, 'p', 2)->write);
}

static void a_missing_permission_is_asked_for_too(void **state)
{
	struct hwdma_desc op = { .op = HWDMA_OP_FILL, .dst = IOVA(5), .len = 8, .dst_attr = ASK };

	(void)state;
	machine_map(m, IOVA(5), 3 * PAGE, R);
	m->answer = HWDMA_PRG_SUCCESS;
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_count(m, 'p'), 1);
}

static void invalid_request_ends_pri_refused(void **state)
{
	(void)state;
	m->answer = HWDMA_PRG_INVALID;
	assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_PRI_REFUSED);
	assert_int_equal(machine_result(m, 0).fault_addr, IOVA(5) + 16);
	m->answer = HWDMA_PRG_SUCCESS;
	assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_NONE);
}

static void response_failure_silences_the_interface(void **state)
{
	(void)state;
	machine_start(m, 1, &read_5);
	machine_run(m);
	m->answer = HWDMA_PRG_FAILURE;
	assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_PRI_FAILURE);
	/* the other one would wait for ever */
	assert_int_equal(machine_error(m, 1), HWDMA_ERR_PRI_FAILURE);
	assert_int_equal(hwdma_pri_status(m->e), HWDMA_PRI_STATUS_RF | HWDMA_PRI_STATUS_STOPPED);
	m->answer = HWDMA_PRG_SUCCESS;
	assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_PRI_DISABLED);
	hwdma_pri_status_clear(m->e, HWDMA_PRI_STATUS_RF);
	assert_int_equal(hwdma_pri_status(m->e), HWDMA_PRI_STATUS_STOPPED);
	set_pri(false);
	set_pri(true);
	assert_int_equal(hwdma_pri_status(m->e), 0);
	assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_NONE);
}

static void reserved_response_codes_count_as_failure(void **state)
{
	(void)state;
	for (int code = 2; code < 15; code++) {
		m->answer = code;
		assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_PRI_FAILURE);
		set_pri(false);
		set_pri(true);
	}
}

static void no_response_ends_pri_timeout(void **state)
{
	uint64_t start;

	(void)state;
	wr64(m, HWDMA_PRI_TIMEOUT, 5000);
	start = m->now;
	assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_PRI_TIMEOUT);
	assert_int_equal(m->now, start + 5000);
	/* the response is still owed, and its group index not used anew */
	assert_int_equal(rd32(m, HWDMA_PRI_OUTSTANDING), 1);
	machine_do(m, 0, &read_5);
	assert_int_not_equal(machine_nth(m, 'p', 0)->prgi, machine_nth(m, 'p', 1)->prgi);
	respond(machine_nth(m, 'p', 0), HWDMA_PRG_SUCCESS);
	respond(machine_nth(m, 'p', 1), HWDMA_PRG_INVALID);
	assert_int_equal(rd32(m, HWDMA_PRI_OUTSTANDING), 0);
	assert_int_equal(hwdma_pri_status(m->e), 0);
}

static void success_without_the_page_ends_pri_exhausted(void **state)
{
	(void)state;
	m->answer = HWDMA_PRG_SUCCESS;
	m->grant = 0;
	wr32(m, HWDMA_PRI_RETRIES, 3);
	assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_PRI_EXHAUSTED);
	assert_int_equal(machine_count(m, 'p'), 3);
	assert_int_equal(machine_count(m, 't'), 4);
}

static void pri_not_enabled_ends_pri_disabled(void **state)
{
	(void)state;
	set_pri(false);
	assert_int_equal(hwdma_pri_status(m->e), HWDMA_PRI_STATUS_STOPPED);
	assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_PRI_DISABLED);
	m->en.pri_alloc = 0;
	set_pri(true);
	assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_PRI_DISABLED);
	assert_int_equal(machine_count(m, 'p'), 0);
}

static void disabling_pri_ends_those_that_wait(void **state)
{
	(void)state;
	machine_start(m, 0, &read_5);
	machine_run(m);
	set_pri(false);
	machine_run(m);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_PRI_DISABLED);
	/* a response that comes now is not an error of anybody's */
	respond(machine_nth(m, 'p', 0), HWDMA_PRG_SUCCESS);
	assert_int_equal(rd64(m, HWDMA_PRI_UNEXPECTED), 0);
	hwdma_pri_reset(m->e);
	assert_int_equal(rd32(m, HWDMA_PRI_OUTSTANDING), 0);
}

static void unexpected_responses_are_reported(void **state)
{
	struct hwdma_desc op = read_5;
	const struct request *rq;

	(void)state;
	op.src_attr |= PASID(7);
	machine_start(m, 0, &op);
	machine_run(m);
	rq = machine_nth(m, 'p', 0);
	hwdma_prg_response(m->e, true, 7, rq->prgi ^ 1, HWDMA_PRG_SUCCESS);
	hwdma_prg_response(m->e, true, 8, rq->prgi, HWDMA_PRG_SUCCESS);
	assert_int_equal(rd64(m, HWDMA_PRI_UNEXPECTED), 2);
	assert_int_equal(hwdma_pri_status(m->e), HWDMA_PRI_STATUS_UPRGI);
	hwdma_pri_status_clear(m->e, HWDMA_PRI_STATUS_UPRGI);
	assert_int_equal(hwdma_pri_status(m->e), 0);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_BUSY);
	/* one without a PASID names the group alone */
	hwdma_prg_response(m->e, false, 0, rq->prgi, HWDMA_PRG_INVALID);
	machine_run(m);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_PRI_REFUSED);
}

static void outstanding_messages_are_bounded(void **state)
{
	(void)state;
	wr32(m, HWDMA_PRI_LIMIT, 2);
	for (unsigned int ch = 0; ch < 4; ch++)
		machine_start(m, ch, &read_5);
	machine_run(m);
	assert_int_equal(machine_count(m, 'p'), 2);
	machine_map(m, IOVA(5), 3 * PAGE, R);
	for (unsigned int i = 0; i < 4; i++) {
		assert_true(rd32(m, HWDMA_PRI_OUTSTANDING) <= 2);
		if (i < machine_count(m, 'p'))
			respond(machine_nth(m, 'p', i), HWDMA_PRG_SUCCESS);
		machine_run(m);
	}
	for (unsigned int ch = 0; ch < 4; ch++)
		assert_int_equal(machine_error(m, ch), HWDMA_ERR_NONE);
	/* the allocation of configuration space bounds it as well */
	machine_unmap(m, IOVA(5));
	wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_FLUSH);
	wr32(m, HWDMA_PRI_LIMIT, 32);
	m->en.pri_alloc = 1;
	set_pri(true);
	machine_forget(m);
	for (unsigned int ch = 0; ch < 4; ch++)
		machine_start(m, ch, &read_5);
	machine_run(m);
	assert_int_equal(machine_count(m, 'p'), 1);
}

static void a_group_asks_for_the_pages_ahead(void **state)
{
	struct hwdma_desc op = {
		.op = HWDMA_OP_CRC32, .src = IOVA(5) + 16, .len = 3 * PAGE, .src_attr = ASK,
	};

	(void)state;
	m->answer = HWDMA_PRG_SUCCESS;
	wr32(m, HWDMA_PRI_GROUP, 3);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_count(m, 'p'), 4);	/* 3, then the last page */
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(machine_nth(m, 'p', i)->iova, IOVA(5 + i));
		assert_int_equal(machine_nth(m, 'p', i)->last, i == 2 || i == 3);
		assert_int_equal(machine_nth(m, 'p', i)->prgi == machine_nth(m, 'p', 0)->prgi, i < 3);
	}
}

static void an_aborted_operation_leaves_its_group_outstanding(void **state)
{
	(void)state;
	machine_start(m, 0, &read_5);
	machine_run(m);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_ABORTED);
	assert_int_equal(rd32(m, HWDMA_PRI_OUTSTANDING), 1);
	/* the response that comes then is for nobody: the next operation still waits */
	machine_start(m, 0, &read_5);
	machine_run(m);
	respond(machine_nth(m, 'p', 0), HWDMA_PRG_INVALID);
	machine_run(m);
	assert_int_equal(machine_state(m, 0), HWDMA_STATE_BUSY);
	assert_int_equal(rd32(m, HWDMA_PRI_OUTSTANDING), 1);
}

static void stop_markers_are_sent_on_request(void **state)
{
	(void)state;
	wr32(m, HWDMA_PRI_STOP_MARKER, 0xfff12345);
	assert_int_equal(machine_count(m, 's'), 1);
	assert_int_equal(machine_nth(m, 's', 0)->attrs.pasid, 0x12345);
	assert_true(machine_nth(m, 's', 0)->last);
	assert_int_equal(rd32(m, HWDMA_PRI_OUTSTANDING), 0);
	set_pri(false);
	wr32(m, HWDMA_PRI_STOP_MARKER, 1);
	assert_int_equal(machine_count(m, 's'), 1);
}

static void group_indexes_go_round(void **state)
{
	(void)state;
	m->answer = HWDMA_PRG_INVALID;
	for (unsigned int i = 0; i < 1100; i++) {
		machine_forget(m);
		assert_int_equal(machine_do(m, 0, &read_5), HWDMA_ERR_PRI_REFUSED);
		assert_int_equal(machine_nth(m, 'p', 0)->prgi, i % 512);
	}
}

static void a_group_index_still_owed_a_response_is_passed_over(void **state)
{
	(void)state;
	machine_start(m, 1, &read_5);	/* index 0, never answered */
	machine_run(m);
	m->answer = HWDMA_PRG_INVALID;
	for (unsigned int i = 1; i < 600; i++) {
		machine_forget(m);
		machine_do(m, 0, &read_5);
		assert_int_not_equal(machine_nth(m, 'p', 0)->prgi, 0);
	}
	assert_int_equal(machine_state(m, 1), HWDMA_STATE_BUSY);
}

static void a_group_is_no_larger_than_the_limit(void **state)
{
	struct hwdma_desc op = {
		.op = HWDMA_OP_CRC32, .src = IOVA(5), .len = 16 * PAGE, .src_attr = ASK,
	};

	(void)state;
	wr32(m, HWDMA_PRI_GROUP, 8);
	wr32(m, HWDMA_PRI_LIMIT, 2);
	machine_start(m, 0, &op);
	machine_run(m);
	assert_int_equal(machine_count(m, 'p'), 2);
}

static void pri_reset_works_only_while_disabled(void **state)
{
	(void)state;
	machine_start(m, 0, &read_5);
	machine_run(m);
	hwdma_pri_reset(m->e);
	assert_int_equal(rd32(m, HWDMA_PRI_OUTSTANDING), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(a_granted_page_lets_the_operation_go_on),
		T(the_request_carries_pasid_and_access),
		T(a_missing_permission_is_asked_for_too),
		T(invalid_request_ends_pri_refused),
		T(response_failure_silences_the_interface),
		T(reserved_response_codes_count_as_failure),
		T(no_response_ends_pri_timeout),
		T(success_without_the_page_ends_pri_exhausted),
		T(pri_not_enabled_ends_pri_disabled),
		T(disabling_pri_ends_those_that_wait),
		T(unexpected_responses_are_reported),
		T(outstanding_messages_are_bounded),
		T(a_group_asks_for_the_pages_ahead),
		T(an_aborted_operation_leaves_its_group_outstanding),
		T(stop_markers_are_sent_on_request),
		T(group_indexes_go_round),
		T(a_group_index_still_owed_a_response_is_passed_over),
		T(a_group_is_no_larger_than_the_limit),
		T(pri_reset_works_only_while_disabled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

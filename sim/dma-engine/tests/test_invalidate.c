// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Invalidate Requests: their reach, and when they are complete. */
#include "machine.h"

#define ATC HWDMA_ATTR_AT_ATC
#define PASID(n) (HWDMA_ATTR_PASID_VALID | (n))

static struct machine *m;

static int setup(void **state)
{
	machine_setup(state);
	m = *state;
	machine_map_all(m);
	return 0;
}

static void fill(uint64_t iova, uint32_t attr)
{
	assert_int_equal(machine_do(m, 3, &(struct hwdma_desc){
		.op = HWDMA_OP_TRANSLATE, .src = iova, .len = 1, .src_attr = attr | ATC }), 0);
}

static bool cached(uint64_t iova, uint32_t attr)
{
	wr64(m, HWDMA_ATC_PROBE_IOVA, iova);
	wr32(m, HWDMA_ATC_PROBE_ATTR, attr);
	return rd64(m, HWDMA_ATC_PROBE) & HWDMA_ATC_PROBE_VALID;
}

static void inv(uint64_t addr, bool s)
{
	hwdma_ats_invalidate(m->e, false, 0, false, addr, s, 4);
}

static void one_page_and_no_other(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 4; i++)
		fill(IOVA(i), 0);
	inv(IOVA(1), false);
	assert_true(cached(IOVA(0), 0));
	assert_false(cached(IOVA(1), 0));
	assert_true(cached(IOVA(2), 0));
	assert_int_equal(rd64(m, HWDMA_ATC_INVS), 1);
	assert_int_equal(rd64(m, HWDMA_ATC_REMOVED), 1);
	assert_int_equal(m->ndone, 1);
	assert_int_equal(m->done_itags[0], 1u << 4);
	assert_int_equal(m->done_counts[0], 1);
}

/* size = 8 KiB << position of the lowest zero bit, counted from bit 12 */
static void the_lowest_zero_bit_tells_the_size(void **state)
{
	(void)state;
	for (unsigned int zero = 12; zero < 17; zero++) {
		uint64_t base = 0x200000 + (1ull << 17);
		uint64_t pages = 2ull << (zero - 12);
		uint64_t ones = (1ull << zero) - (1ull << 12);

		for (unsigned int i = 0; i < 48; i++) {
			machine_map(m, base + i * PAGE, 0, R);
			fill(base + i * PAGE, 0);
		}
		inv(base | ones, true);
		for (unsigned int i = 0; i < 48; i++)
			assert_int_equal(cached(base + i * PAGE, 0), i >= pages);
		m->nmaps -= 48;
		wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_FLUSH);
	}
}

static void all_ones_below_bit_63_is_everything(void **state)
{
	(void)state;
	machine_map(m, ~0ull << 12, 0, R);
	machine_map(m, 0, 0, R);
	fill(~0ull << 12, 0);
	fill(0, 0);
	fill(IOVA(7), 0);
	inv(0x7ffffffffffff000ull, true);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 0);
	fill(0, 0);
	inv(0xfffffffffffff000ull, true);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 0);
	fill(0, 0);
	fill(~0ull << 12, 0);
	inv(0x3ffffffffffff000ull, true);	/* lower half */
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 1);
}

static void a_large_entry_goes_when_a_part_of_it_is_meant(void **state)
{
	(void)state;
	m->maps[m->nmaps++] = (struct map){ .iova = 1ull << 40, .perm = R, .shift = 21 };
	fill(1ull << 40, 0);
	inv((1ull << 40) + 100 * PAGE, false);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 0);
}

static void a_full_cache_is_searched_as_exactly_as_an_empty_one(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 64; i++)
		fill(IOVA(i), 0);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 64);
	inv(IOVA(33), false);
	inv(IOVA(4), true);	/* 4 and 5 */
	for (unsigned int i = 0; i < 64; i++)
		assert_int_equal(cached(IOVA(i), 0), i != 33 && i != 4 && i != 5);
	assert_int_equal(rd64(m, HWDMA_ATC_REMOVED), 3);
}

static void pasids_are_told_apart(void **state)
{
	(void)state;
	for (unsigned int i = 1; i < 4; i++) {
		machine_map_pasid(m, i, IOVA(0), i * PAGE, R);
		fill(IOVA(0), PASID(i));
	}
	machine_map_pasid(m, 9, IOVA(1), 0, R | GLOBAL);
	fill(IOVA(1), PASID(9));
	fill(IOVA(0), 0);

	hwdma_ats_invalidate(m->e, true, 2, false, IOVA(0), false, 0);
	assert_true(cached(IOVA(0), PASID(1)));
	assert_false(cached(IOVA(0), PASID(2)));
	assert_true(cached(IOVA(0), 0));

	/* a global entry belongs to every PASID */
	hwdma_ats_invalidate(m->e, true, 2, false, IOVA(1), false, 0);
	assert_false(cached(IOVA(1), PASID(9)));

	/* without a PASID: only entries without one */
	hwdma_ats_invalidate(m->e, false, 0, false, IOVA(0), false, 0);
	assert_false(cached(IOVA(0), 0));
	assert_true(cached(IOVA(0), PASID(1)));

	/* Global Invalidate: all PASIDs, and nothing without */
	fill(IOVA(0), 0);
	hwdma_ats_invalidate(m->e, true, 0, true, IOVA(0), false, 0);
	assert_false(cached(IOVA(0), PASID(1)));
	assert_false(cached(IOVA(0), PASID(3)));
	assert_true(cached(IOVA(0), 0));
}

static void privileged_entries_go_with_their_pasid(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 20; i++) {
		machine_map_pasid(m, 1, IOVA(i), 0, R);
		fill(IOVA(i), PASID(1) | HWDMA_ATTR_PRIV);
		fill(IOVA(i), PASID(1));
	}
	hwdma_ats_invalidate(m->e, true, 1, false, IOVA(3), false, 0);
	assert_false(cached(IOVA(3), PASID(1)));
	assert_false(cached(IOVA(3), PASID(1) | HWDMA_ATTR_PRIV));
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 38);
}

/* ---- completion ----------------------------------------------------------------- */

static void completion_waits_for_the_request_in_flight(void **state)
{
	struct hwdma_desc op = {
		.op = HWDMA_OP_WRITE, .dst = IOVA(5), .len = 1, .operand0 = 0x42, .dst_attr = ATC,
	};

	(void)state;
	wr64(m, HWDMA_LAT_REQ, 1000);
	machine_start(m, 0, &op);
	assert_int_equal(machine_poll(m), m->now + 1000);
	inv(IOVA(6), false);		/* not in use: completes */
	assert_int_equal(m->ndone, 1);
	inv(IOVA(5), false);
	assert_int_equal(m->ndone, 1);
	assert_true(rd32(m, HWDMA_STATUS) & HWDMA_STATUS_INV_HELD);
	assert_int_equal(m->mem[5 * PAGE], 0);
	assert_false(cached(IOVA(5), 0));
	m->now += 1000;
	machine_poll(m);
	assert_int_equal(m->mem[5 * PAGE], 0x42);
	assert_int_equal(m->ndone, 2);
	assert_false(rd32(m, HWDMA_STATUS) & HWDMA_STATUS_INV_HELD);
}

static void aborting_the_request_completes_the_invalidation(void **state)
{
	struct hwdma_desc op = { .op = HWDMA_OP_WRITE, .dst = IOVA(5), .len = 1, .dst_attr = ATC };

	(void)state;
	wr64(m, HWDMA_LAT_REQ, 1000);
	machine_start(m, 0, &op);
	machine_poll(m);
	inv(IOVA(5), false);
	assert_int_equal(m->ndone, 0);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET);
	assert_int_equal(m->ndone, 1);
}

static void requests_that_did_not_use_the_cache_hold_nothing(void **state)
{
	struct hwdma_desc op = { .op = HWDMA_OP_WRITE, .dst = IOVA(5), .len = 1 };

	(void)state;
	wr64(m, HWDMA_LAT_REQ, 1000);
	machine_start(m, 0, &op);
	machine_poll(m);
	inv(IOVA(5), false);
	assert_int_equal(m->ndone, 1);
	machine_run(m);
	op.dst = 5 * PAGE;
	op.dst_attr = HWDMA_ATTR_AT_RAW;
	machine_start(m, 0, &op);
	machine_poll(m);
	inv(5 * PAGE, false);
	assert_int_equal(m->ndone, 2);
}

static void an_answer_under_way_is_not_used_after_an_invalidation(void **state)
{
	struct hwdma_desc op = { .op = HWDMA_OP_READ, .src = IOVA(5), .len = 1, .src_attr = ATC };

	(void)state;
	m->mem[9 * PAGE] = 0x99;
	wr64(m, HWDMA_LAT_ATS, 500);
	machine_start(m, 0, &op);
	machine_poll(m);
	assert_true(rd32(m, HWDMA_CH(0) + HWDMA_CH_STATUS) & HWDMA_CH_WAIT_TIME);
	machine_map(m, IOVA(5), 9 * PAGE, R);
	inv(IOVA(5), false);
	assert_int_equal(m->ndone, 1);
	machine_run(m);
	assert_int_equal(machine_count(m, 't'), 2);
	assert_int_equal(machine_result(m, 0).result, 0x99);
	/* an invalidation elsewhere does not disturb */
	wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_FLUSH);
	machine_start(m, 0, &op);
	machine_poll(m);
	inv(IOVA(6), false);
	machine_run(m);
	assert_int_equal(machine_count(m, 't'), 3);
}

static void invalidate_while_answering(struct machine *mm, const struct request *rq)
{
	if (rq->kind == 't' && machine_count(mm, 't') == 1)
		hwdma_ats_invalidate(mm->e, false, 0, false, IOVA(5), false, 0);
}

static void an_answer_being_formed_is_not_used_after_an_invalidation(void **state)
{
	struct hwdma_desc op = { .op = HWDMA_OP_READ, .src = IOVA(5), .len = 1, .src_attr = ATC };

	(void)state;
	m->hook = invalidate_while_answering;
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_count(m, 't'), 2);
}

static void hold_keeps_completions_back(void **state)
{
	(void)state;
	wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_HOLD);
	fill(IOVA(5), 0);
	inv(IOVA(5), false);
	inv(IOVA(5), false);
	hwdma_ats_invalidate(m->e, false, 0, false, 0, false, 31);
	machine_run(m);
	assert_int_equal(m->ndone, 0);
	assert_false(cached(IOVA(5), 0));
	wr32(m, HWDMA_ATC_CTRL, 0);
	assert_int_equal(m->ndone, 3);
	assert_int_equal(m->done_itags[2], 1u << 31);
}

static void deaf_completes_and_keeps(void **state)
{
	(void)state;
	wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_DEAF);
	fill(IOVA(5), 0);
	inv(IOVA(5), false);
	assert_int_equal(m->ndone, 1);
	assert_true(cached(IOVA(5), 0));
	assert_int_equal(rd64(m, HWDMA_ATC_INVS), 1);
}

static void the_completion_count_says_how_many_come(void **state)
{
	(void)state;
	wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_CC(2));
	inv(IOVA(5), false);
	assert_int_equal(m->ndone, 3);
	assert_int_equal(m->done_counts[0], 3);
	wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_CC(7));
	inv(IOVA(5), false);
	assert_int_equal(m->ndone, 11);
	assert_int_equal(m->done_counts[10], 0);	/* 8 */
}

static void deferred_completions_come_from_run(void **state)
{
	struct hwdma_config cfg = { .ats = true, .defer_completions = true };
	struct machine *d = machine_new(&cfg);

	(void)state;
	d->kicks = 0;
	hwdma_ats_invalidate(d->e, false, 0, false, 0, false, 1);
	assert_int_equal(d->ndone, 0);
	assert_int_not_equal(d->kicks, 0);
	machine_poll(d);
	assert_int_equal(d->ndone, 1);
	wr32(d, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_HOLD);
	hwdma_ats_invalidate(d->e, false, 0, false, 0, false, 1);
	assert_true(machine_poll(d) == HWDMA_NEVER);
	wr32(d, HWDMA_ATC_CTRL, 0);
	assert_int_equal(d->ndone, 1);
	machine_poll(d);
	assert_int_equal(d->ndone, 2);

	/* those that a request in flight held come from there too */
	machine_map_all(d);
	wr64(d, HWDMA_LAT_REQ, 10);
	machine_start(d, 0, &(struct hwdma_desc){ .op = HWDMA_OP_READ, .src = IOVA(5), .len = 1,
						  .src_attr = ATC });
	machine_poll(d);
	hwdma_ats_invalidate(d->e, false, 0, false, IOVA(5), false, 1);
	assert_true(machine_poll(d) == d->now + 10);
	wr32(d, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET);
	assert_int_equal(d->ndone, 2);
	machine_poll(d);
	assert_int_equal(d->ndone, 3);
	machine_free(d);
}

static void send_next(struct machine *mm, const struct request *rq)
{
	if (rq->kind == 'c' && mm->ndone < 30)
		hwdma_ats_invalidate(mm->e, false, 0, false, IOVA(mm->ndone), false,
				     31 - mm->ndone);
}

static void a_queue_that_goes_on_from_the_completion_does_not_nest(void **state)
{
	(void)state;
	m->hook = send_next;
	hwdma_ats_invalidate(m->e, false, 0, false, IOVA(0), false, 31);
	assert_int_equal(m->ndone, 1);
	assert_int_equal(machine_poll(m), m->now);
	machine_run(m);
	assert_int_equal(m->ndone, 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(one_page_and_no_other),
		T(the_lowest_zero_bit_tells_the_size),
		T(all_ones_below_bit_63_is_everything),
		T(a_large_entry_goes_when_a_part_of_it_is_meant),
		T(a_full_cache_is_searched_as_exactly_as_an_empty_one),
		T(pasids_are_told_apart),
		T(privileged_entries_go_with_their_pasid),
		T(completion_waits_for_the_request_in_flight),
		T(aborting_the_request_completes_the_invalidation),
		T(requests_that_did_not_use_the_cache_hold_nothing),
		T(an_answer_under_way_is_not_used_after_an_invalidation),
		T(an_answer_being_formed_is_not_used_after_an_invalidation),
		T(hold_keeps_completions_back),
		T(deaf_completes_and_keeps),
		T(the_completion_count_says_how_many_come),
		T(deferred_completions_come_from_run),
		T(a_queue_that_goes_on_from_the_completion_does_not_nest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

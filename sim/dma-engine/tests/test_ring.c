// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Descriptor rings in memory, status records, interrupts. */
#include "machine.h"

#define RING	IOVA(60)	/* memory pages 60.. */
#define RECORDS	IOVA(50)

static struct machine *m;

static int setup(void **state)
{
	machine_setup(state);
	m = *state;
	machine_map_all(m);
	return 0;
}

static void put(unsigned int slot, const struct hwdma_desc *d)
{
	memcpy(m->mem + 60 * PAGE + (size_t)slot * HWDMA_DESC_SIZE, d, sizeof(*d));
}

static struct hwdma_status record(unsigned int n)
{
	struct hwdma_status st;

	memcpy(&st, m->mem + 50 * PAGE + (size_t)n * HWDMA_STATUS_SIZE, sizeof(st));
	return st;
}

static void ring_on(unsigned int ch, unsigned int log2, uint32_t ctrl)
{
	wr64(m, HWDMA_CH((uint64_t)ch) + HWDMA_CH_RING_BASE, RING);
	wr32(m, HWDMA_CH((uint64_t)ch) + HWDMA_CH_RING_SIZE, log2);
	wr32(m, HWDMA_CH((uint64_t)ch) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RING | ctrl);
}

static void tail(unsigned int ch, uint32_t t)
{
	wr32(m, HWDMA_CH((uint64_t)ch) + HWDMA_CH_RING_TAIL, t);
	machine_run(m);
}

static uint32_t head(unsigned int ch)
{
	return rd32(m, HWDMA_CH((uint64_t)ch) + HWDMA_CH_RING_HEAD);
}

static uint32_t ch_status(unsigned int ch)
{
	return rd32(m, HWDMA_CH((uint64_t)ch) + HWDMA_CH_STATUS);
}

static struct hwdma_desc add_one(unsigned int n)
{
	return (struct hwdma_desc){
		.op = HWDMA_OP_FETCH_ADD | HWDMA_F_STATUS, .dst = IOVA(0), .len = 8, .operand0 = 1,
		.status = RECORDS + (uint64_t)n * HWDMA_STATUS_SIZE,
	};
}

static void descriptors_layout_is_that_of_the_header(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct hwdma_desc), HWDMA_DESC_SIZE);
	assert_int_equal(sizeof(struct hwdma_status), HWDMA_STATUS_SIZE);
	assert_int_equal(offsetof(struct hwdma_desc, status), HWDMA_DESC_STATUS);
	assert_int_equal(offsetof(struct hwdma_desc, src), HWDMA_DESC_SRC);
	assert_int_equal(offsetof(struct hwdma_desc, operand1), HWDMA_DESC_OPERAND1);
	assert_int_equal(offsetof(struct hwdma_status, result), HWDMA_RES_RESULT);
	assert_int_equal(offsetof(struct hwdma_status, fault_addr), HWDMA_RES_FAULT);
}

static void runs_in_order_from_head_to_tail_and_wraps(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 8; i++)
		put(i, &(struct hwdma_desc){ .op = HWDMA_OP_FETCH_ADD | HWDMA_F_STATUS, .dst = IOVA(0),
					     .len = 8, .operand0 = 1,
					     .status = RECORDS + i * HWDMA_STATUS_SIZE });
	ring_on(0, 3, 0);
	tail(0, 6);
	assert_int_equal(head(0), 6);
	for (unsigned int i = 0; i < 6; i++) {
		assert_int_equal(record(i).status, HWDMA_STATE_DONE);
		assert_int_equal(record(i).seq, i + 1);
		assert_int_equal(record(i).result, i);
		assert_int_equal(record(i).bytes_done, 8);
	}
	tail(0, 2);
	assert_int_equal(head(0), 2);
	assert_int_equal(m->mem[0], 10);	/* 6, then slots 6, 7, 0 and 1 */
	assert_int_equal(record(1).result, 9);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_SEQ), 10);
}

static void a_ring_of_one_is_always_empty(void **state)
{
	struct hwdma_desc d = add_one(0);

	(void)state;
	put(0, &d);
	ring_on(0, 0, 0);
	tail(0, 0xffffffff);
	assert_int_equal(m->nreq, 0);
}

static void the_record_is_written_after_the_data_and_before_the_interrupt(void **state)
{
	struct hwdma_desc d = {
		.op = HWDMA_OP_COPY | HWDMA_F_STATUS | HWDMA_F_INT, .vector = 3, .src = IOVA(1),
		.dst = IOVA(2), .len = 2 * PAGE, .status = RECORDS,
	};

	(void)state;
	put(0, &d);
	ring_on(0, 1, 0);
	tail(0, 1);
	assert_int_equal(m->req[m->nreq - 1].kind, 'w');
	assert_int_equal(m->req[m->nreq - 1].iova, RECORDS);
	assert_int_equal(m->req[m->nreq - 1].len, HWDMA_STATUS_SIZE);
	assert_int_equal(m->nvectors, 1);
	assert_int_equal(m->vectors[0], 3);
	assert_int_equal(rd32(m, HWDMA_INT_STATUS), 1);
	wr32(m, HWDMA_INT_STATUS, 1);
	assert_int_equal(rd32(m, HWDMA_INT_STATUS), 0);
}

static void an_error_halts_the_ring_behind_its_descriptor(void **state)
{
	struct hwdma_desc d;

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		d = add_one(i);
		if (i == 1)
			d.dst = IOVA(1000);
		put(i, &d);
	}
	ring_on(2, 3, 0);
	tail(2, 4);
	assert_int_equal(head(2), 2);
	assert_true(ch_status(2) & HWDMA_CH_RING_HALTED);
	assert_int_equal(machine_error(m, 2), HWDMA_ERR_UNMAPPED);
	assert_int_equal(record(1).status, HWDMA_STATE_ERROR | HWDMA_ERR_UNMAPPED << 8);
	assert_int_equal(record(1).fault_addr, IOVA(1000));
	assert_int_equal(m->mem[0], 1);
	wr32(m, HWDMA_CH(2) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RING | HWDMA_CH_CTRL_RESUME);
	machine_run(m);
	assert_int_equal(head(2), 4);
	assert_int_equal(m->mem[0], 3);
	assert_false(ch_status(2) & HWDMA_CH_RING_HALTED);
}

static void continue_goes_on_behind_errors(void **state)
{
	struct hwdma_desc d;

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		d = add_one(i);
		if (i == 1)
			d.dst = IOVA(1000);
		put(i, &d);
	}
	ring_on(2, 3, HWDMA_CH_CTRL_CONTINUE);
	tail(2, 4);
	assert_int_equal(head(2), 4);
	assert_int_equal(m->mem[0], 3);
}

static void a_descriptor_that_cannot_be_read_stays(void **state)
{
	struct hwdma_desc d = add_one(0);

	(void)state;
	put(0, &d);
	machine_unmap(m, RING);
	ring_on(0, 3, HWDMA_CH_CTRL_CONTINUE);
	tail(0, 1);
	assert_int_equal(head(0), 0);
	assert_true(ch_status(0) & HWDMA_CH_RING_HALTED);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_UNMAPPED);
	assert_int_equal(machine_result(m, 0).fault_addr, RING);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_SEQ), 0);
	machine_map(m, RING, 60 * PAGE, R);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RING | HWDMA_CH_CTRL_RESUME);
	machine_run(m);
	assert_int_equal(head(0), 1);
	assert_int_equal(m->mem[0], 1);
}

static void ring_attributes_that_make_no_sense_halt_it(void **state)
{
	(void)state;
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_ATTR, 3u << 24);
	ring_on(0, 3, 0);
	tail(0, 1);
	assert_true(ch_status(0) & HWDMA_CH_RING_HALTED);
	assert_int_equal(machine_error(m, 0), HWDMA_ERR_BAD_DESC);
	assert_int_equal(m->nreq, 0);
}

static void the_ring_has_an_address_space_of_its_own(void **state)
{
	struct hwdma_desc d = add_one(0);

	(void)state;
	put(0, &d);
	machine_unmap(m, RING);
	machine_unmap(m, RECORDS);
	machine_map_pasid(m, 42, RING, 60 * PAGE, R);
	machine_map_pasid(m, 42, RECORDS, 50 * PAGE, W);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_ATTR, HWDMA_ATTR_PASID_VALID | 42);
	ring_on(0, 3, 0);
	tail(0, 1);
	assert_int_equal(record(0).status, HWDMA_STATE_DONE);
	assert_int_equal(machine_nth(m, 'r', 0)->attrs.pasid, 42);
	assert_false(machine_nth(m, 'a', 0)->attrs.pasid_valid);
	assert_int_equal(machine_nth(m, 'w', 0)->attrs.pasid, 42);
}

static void the_ring_may_go_through_the_atc_and_ask_for_its_pages(void **state)
{
	struct hwdma_desc d = add_one(0);

	(void)state;
	put(0, &d);
	machine_unmap(m, RING);
	m->answer = HWDMA_PRG_SUCCESS;
	m->grant = R;
	m->grant_phys = 60 * PAGE;
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_ATTR, HWDMA_ATTR_AT_ATC | HWDMA_ATTR_PRI);
	ring_on(0, 3, 0);
	tail(0, 1);
	assert_int_equal(record(0).status, HWDMA_STATE_DONE);
	assert_int_equal(machine_count(m, 'p'), 1);
}

static void a_record_that_cannot_be_written_is_noted(void **state)
{
	struct hwdma_desc d = add_one(0);

	(void)state;
	machine_unmap(m, RECORDS);
	assert_int_equal(machine_do(m, 0, &d), HWDMA_ERR_NONE);
	assert_true(ch_status(0) & HWDMA_CH_CPL_FAILED);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_ATTR, 3u << 24);
	assert_int_equal(machine_do(m, 0, &d), HWDMA_ERR_NONE);
	assert_true(ch_status(0) & HWDMA_CH_CPL_FAILED);
	d.op &= ~HWDMA_F_STATUS;
	assert_int_equal(machine_do(m, 0, &d), HWDMA_ERR_NONE);
	assert_false(ch_status(0) & HWDMA_CH_CPL_FAILED);
}

static void ring_registers_do_not_move_under_a_running_ring(void **state)
{
	(void)state;
	ring_on(0, 3, 0);
	wr64(m, HWDMA_CH(0) + HWDMA_CH_RING_BASE, 0);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_SIZE, 5);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_ATTR, 1);
	assert_int_equal(rd64(m, HWDMA_CH(0) + HWDMA_CH_RING_BASE), RING);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_RING_SIZE), 3);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_RING_ATTR), 0);
}

static void doorbells_while_busy_or_with_the_ring_on_are_refused(void **state)
{
	struct hwdma_desc d = add_one(0);

	(void)state;
	machine_start(m, 0, &d);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_DOORBELL, 1);
	assert_true(ch_status(0) & HWDMA_CH_OVERRUN);
	machine_run(m);
	assert_int_equal(m->mem[0], 1);
	machine_start(m, 0, &d);
	assert_false(ch_status(0) & HWDMA_CH_OVERRUN);
	machine_run(m);
	ring_on(0, 3, 0);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_DOORBELL, 1);
	assert_true(ch_status(0) & HWDMA_CH_OVERRUN);
	machine_run(m);
	assert_int_equal(m->mem[0], 2);
}

static void writing_the_registers_does_not_disturb_the_operation(void **state)
{
	struct hwdma_desc d = { .op = HWDMA_OP_FILL, .dst = IOVA(0), .len = 2 * PAGE, .operand0 = ~0ull };

	(void)state;
	m->budget = 1;
	machine_start(m, 0, &d);
	machine_poll(m);
	wr64(m, HWDMA_CH(0) + HWDMA_CH_DESC + HWDMA_DESC_DST, IOVA(30));
	machine_run(m);
	assert_int_equal(m->mem[2 * PAGE - 1], 0xff);
	assert_int_equal(m->mem[31 * PAGE], 0);
}

static void success_and_failure_interrupt_by_their_own_flags(void **state)
{
	struct hwdma_desc d = {
		.op = HWDMA_OP_READ | HWDMA_F_INT, .vector = 5, .src = IOVA(1000), .len = 8,
	};

	(void)state;
	assert_int_equal(machine_do(m, 0, &d), HWDMA_ERR_UNMAPPED);
	assert_int_equal(m->nvectors, 0);
	d.op = HWDMA_OP_READ | HWDMA_F_INT_ERROR;
	machine_do(m, 0, &d);
	assert_int_equal(m->nvectors, 1);
	d.src = IOVA(0);
	machine_do(m, 0, &d);
	assert_int_equal(m->nvectors, 1);
	d.op = HWDMA_OP_READ | HWDMA_F_INT;
	machine_do(m, 0, &d);
	assert_int_equal(m->nvectors, 2);
}

static void a_vector_can_be_sent_without_dma(void **state)
{
	(void)state;
	wr32(m, HWDMA_INT_TRIGGER, 15);
	wr32(m, HWDMA_INT_TRIGGER, 16);
	wr32(m, HWDMA_INT_TRIGGER, 0xffffffff);
	assert_int_equal(m->nvectors, 1);
	assert_int_equal(m->vectors[0], 15);
	assert_int_equal(m->nreq, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(descriptors_layout_is_that_of_the_header),
		T(runs_in_order_from_head_to_tail_and_wraps),
		T(a_ring_of_one_is_always_empty),
		T(the_record_is_written_after_the_data_and_before_the_interrupt),
		T(an_error_halts_the_ring_behind_its_descriptor),
		T(continue_goes_on_behind_errors),
		T(a_descriptor_that_cannot_be_read_stays),
		T(ring_attributes_that_make_no_sense_halt_it),
		T(the_ring_has_an_address_space_of_its_own),
		T(the_ring_may_go_through_the_atc_and_ask_for_its_pages),
		T(a_record_that_cannot_be_written_is_noted),
		T(ring_registers_do_not_move_under_a_running_ring),
		T(doorbells_while_busy_or_with_the_ring_on_are_refused),
		T(writing_the_registers_does_not_disturb_the_operation),
		T(success_and_failure_interrupt_by_their_own_flags),
		T(a_vector_can_be_sent_without_dma),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* READ, WRITE, atomics, TOUCH, NOP; descriptors that say nonsense. */
#include "machine.h"

static void read_returns_up_to_eight_bytes(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = { .op = HWDMA_OP_READ };

	machine_map_all(m);
	for (unsigned int i = 0; i < 8; i++)
		m->mem[i] = (uint8_t)(i + 1);
	for (unsigned int at = 0; at < 8; at++) {
		for (unsigned int len = 1; at + len <= 8; len++) {
			uint64_t expect = 0;

			memcpy(&expect, m->mem + at, len);
			op.src = IOVA(0) + at;
			op.len = len;
			assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
			assert_true(machine_result(m, 0).result == expect);
		}
	}
}

static void write_writes_its_low_bytes_only(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = {
		.op = HWDMA_OP_WRITE, .dst = IOVA(1) + 3, .len = 2, .operand0 = 0x1122334455667788ull,
	};

	machine_map_all(m);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_memory_equal(m->mem + PAGE + 2, "\x00\x88\x77\x00", 4);
}

static void atomics_return_the_old_value(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = { .op = HWDMA_OP_FETCH_ADD, .dst = IOVA(0) + 8, .len = 8, .operand0 = 5 };
	uint64_t v = UINT64_MAX - 1;

	machine_map_all(m);
	memcpy(m->mem + 8, &v, 8);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_true(machine_result(m, 0).result == v);
	memcpy(&v, m->mem + 8, 8);
	assert_int_equal(v, 3);

	op.op = HWDMA_OP_SWAP;
	op.operand0 = 77;
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_result(m, 0).result, 3);

	op.op = HWDMA_OP_CAS;
	op.operand0 = 78;
	op.operand1 = 1;
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_result(m, 0).result, 77);
	memcpy(&v, m->mem + 8, 8);
	assert_int_equal(v, 77);		/* no match, no swap */
	op.operand0 = 77;
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	memcpy(&v, m->mem + 8, 8);
	assert_int_equal(v, 1);
	assert_int_equal(machine_count(m, 'a'), 4);
	assert_int_equal(machine_count(m, 'r') + machine_count(m, 'w'), 0);
}

static void four_byte_atomics_leave_the_neighbours(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = { .op = HWDMA_OP_FETCH_ADD, .dst = IOVA(0) + 4, .len = 4, .operand0 = 1 };

	machine_map_all(m);
	memset(m->mem, 0xff, 12);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_true(machine_result(m, 0).result == 0xffffffff);
	assert_memory_equal(m->mem, "\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff", 12);
}

static void atomics_need_write_permission(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = { .op = HWDMA_OP_SWAP, .dst = IOVA(0), .len = 8 };

	machine_map(m, IOVA(0), 0, R);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NO_PERMISSION);
}

static void touch_is_a_zero_length_read(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = { .op = HWDMA_OP_TOUCH, .src = IOVA(2) + 123 };

	machine_map_all(m);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_count(m, 'r'), 1);
	assert_int_equal(machine_nth(m, 'r', 0)->len, 0);
	assert_int_equal(machine_nth(m, 'r', 0)->iova, IOVA(2) + 123);
	op.src = IOVA(1000);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_UNMAPPED);
}

static void nop_does_no_dma_and_may_interrupt(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = { .op = HWDMA_OP_NOP | HWDMA_F_INT, .vector = 9 };

	assert_int_equal(machine_do(m, 3, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_state(m, 3), HWDMA_STATE_DONE);
	assert_int_equal(m->nreq, 0);
	assert_int_equal(m->nvectors, 1);
	assert_int_equal(m->vectors[0], 9);
}

static void descriptors_that_say_nonsense_are_bad(void **state)
{
	struct machine *m = *state;
	const struct hwdma_desc good = {
		.op = HWDMA_OP_COPY, .src = IOVA(0), .dst = IOVA(1), .len = 8,
	};
	struct hwdma_desc bad[64];
	unsigned int n = 0;

#define BAD(...) do { bad[n] = good; __VA_ARGS__; n++; } while (0)
#define D bad[n]
	BAD(D.op = HWDMA_OP_TRANSLATE + 1);
	BAD(D.op = 0xff);
	for (unsigned int bit = 12; bit < 32; bit++)
		BAD(D.op |= 1u << bit);
	BAD(D.op |= HWDMA_F_WRITE);
	BAD(D.vector = 0x10000);
	BAD(D.op |= HWDMA_F_INT; D.vector = 16);
	BAD(D.op |= HWDMA_F_INT_ERROR; D.vector = 0xffff);
	BAD(D.op |= HWDMA_F_STATUS; D.status = IOVA(2) + 16);
	BAD(D.src_attr = 3u << 24);
	BAD(D.src_attr = 1u << 23);
	BAD(D.dst_attr = 1u << 28);
	BAD(D.dst_attr = 1u << 31);
	BAD(D.src_attr = HWDMA_ATTR_PRIV);
	BAD(D.src_attr = HWDMA_ATTR_EXEC);
	BAD(D.src_attr = HWDMA_ATTR_PRI);
	BAD(D.dst_attr = HWDMA_ATTR_NW | HWDMA_ATTR_AT_RAW);
	BAD(D.len = 0);
	BAD(D.len = (1ull << 40) + 1);
	BAD(D.src = UINT64_MAX - 6);
	BAD(D.dst = UINT64_MAX - 6);
	BAD(D.op = HWDMA_OP_READ; D.len = 9);
	BAD(D.op = HWDMA_OP_READ; D.src += 4; D.len = 5);
	BAD(D.op = HWDMA_OP_WRITE; D.len = 0);
	BAD(D.op = HWDMA_OP_SWAP; D.len = 2);
	BAD(D.op = HWDMA_OP_SWAP; D.dst += 4);
	BAD(D.op = HWDMA_OP_CAS; D.dst += 2; D.len = 4);
	BAD(D.op = HWDMA_OP_TRANSLATE);
#undef D
	machine_map_all(m);
	for (unsigned int i = 0; i < n; i++) {
		assert_int_equal(machine_do(m, 0, &bad[i]), HWDMA_ERR_BAD_DESC);
		assert_int_equal(m->nreq, 0);
	}
	assert_int_equal(rd32(m, HWDMA_ERROR_COUNT(HWDMA_ERR_BAD_DESC)), n);
	assert_int_equal(machine_do(m, 0, &good), HWDMA_ERR_NONE);
}

static void attributes_an_opcode_does_not_use_are_ignored(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = {
		.op = HWDMA_OP_FILL, .src = UINT64_MAX, .src_attr = UINT32_MAX, .dst = IOVA(0), .len = 8,
	};

	machine_map_all(m);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
}

static void the_last_byte_of_the_address_space_can_be_reached(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = { .op = HWDMA_OP_FILL, .dst = UINT64_MAX - 15, .len = 16, .operand0 = ~0ull };

	machine_map(m, ~0ull << 12, 0, R | W);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(m->mem[PAGE - 1], 0xff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, machine_setup, machine_teardown)
		T(read_returns_up_to_eight_bytes),
		T(write_writes_its_low_bytes_only),
		T(atomics_return_the_old_value),
		T(four_byte_atomics_leave_the_neighbours),
		T(atomics_need_write_permission),
		T(touch_is_a_zero_length_read),
		T(nop_does_no_dma_and_may_interrupt),
		T(descriptors_that_say_nonsense_are_bad),
		T(attributes_an_opcode_does_not_use_are_ignored),
		T(the_last_byte_of_the_address_space_can_be_reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

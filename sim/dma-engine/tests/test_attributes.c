// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a request carries beside its address, and what must be enabled for it. */
#include "machine.h"

#define PASID(n) (HWDMA_ATTR_PASID_VALID | (n))

static void all_twenty_bits_of_a_pasid_are_sent(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = {
		.op = HWDMA_OP_READ, .src = IOVA(0), .len = 8, .src_attr = PASID(0xfffff),
	};

	machine_map_pasid(m, 0xfffff, IOVA(0), 0, R);
	assert_int_equal(machine_do(m, 2, &op), HWDMA_ERR_NONE);
	assert_true(machine_nth(m, 'r', 0)->attrs.pasid_valid);
	assert_int_equal(machine_nth(m, 'r', 0)->attrs.pasid, 0xfffff);
	assert_int_equal(machine_nth(m, 'r', 0)->attrs.channel, 2);
	op.src_attr = 0xfffff;	/* valid bit clear: no PASID */
	assert_int_equal(machine_do(m, 2, &op), HWDMA_ERR_UNMAPPED);
	assert_false(machine_nth(m, 'r', 1)->attrs.pasid_valid);
}

static void one_copy_spans_two_address_spaces(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = {
		.op = HWDMA_OP_COPY, .src = IOVA(0), .dst = IOVA(0), .len = PAGE,
		.src_attr = PASID(1), .dst_attr = PASID(2),
	};

	machine_map_pasid(m, 1, IOVA(0), 0, R);
	machine_map_pasid(m, 2, IOVA(0), PAGE, W);
	fill_random(m->mem, PAGE, 3);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_memory_equal(m->mem, m->mem + PAGE, PAGE);
}

static void execute_is_asked_by_reads_only(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = {
		.op = HWDMA_OP_COPY, .src = IOVA(0), .dst = IOVA(1), .len = 8,
		.src_attr = PASID(1) | HWDMA_ATTR_EXEC | HWDMA_ATTR_PRIV,
		.dst_attr = PASID(1) | HWDMA_ATTR_EXEC,
	};

	machine_map_pasid(m, 1, IOVA(0), 0, R | X);
	machine_map_pasid(m, 1, IOVA(1), PAGE, R | W);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_true(machine_nth(m, 'r', 0)->attrs.exec);
	assert_true(machine_nth(m, 'r', 0)->attrs.priv);
	assert_false(machine_nth(m, 'w', 0)->attrs.exec);
	assert_false(machine_nth(m, 'w', 0)->attrs.priv);
	machine_map_pasid(m, 1, IOVA(0), 0, R);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NO_PERMISSION);
}

static void nothing_is_sent_that_is_not_enabled(void **state)
{
	struct machine *m = *state;
	struct { uint32_t attr; bool *enable; } rows[] = {
		{ 0, &m->en.bus_master },
		{ PASID(1), &m->en.pasid },
		{ PASID(1) | HWDMA_ATTR_EXEC, &m->en.exec },
		{ PASID(1) | HWDMA_ATTR_PRIV, &m->en.priv },
		{ HWDMA_ATTR_AT_ATC, &m->en.ats },
	};

	machine_map(m, IOVA(0), 0, R | W);
	machine_map_pasid(m, 1, IOVA(0), 0, R | W | X);
	for (unsigned int i = 0; i < 5; i++) {
		struct hwdma_desc op = {
			.op = HWDMA_OP_READ, .src = IOVA(0), .len = 8, .src_attr = rows[i].attr,
		};

		assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
		machine_forget(m);
		*rows[i].enable = false;
		hwdma_set_enables(m->e, &m->en);
		assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NOT_ENABLED);
		assert_int_equal(m->nreq, 0);
		*rows[i].enable = true;
		hwdma_set_enables(m->e, &m->en);
	}
}

static void raw_addresses_go_out_as_translated(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = {
		.op = HWDMA_OP_READ, .src = 3 * PAGE, .len = 8,
		.src_attr = HWDMA_ATTR_AT_RAW | PASID(5),
	};

	m->mem[3 * PAGE] = 0x5a;
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_result(m, 0).result, 0x5a);
	assert_int_equal(machine_nth(m, 'r', 0)->attrs.at, HWDMA_AT_TRANSLATED);
	assert_false(machine_nth(m, 'r', 0)->attrs.pasid_valid);
	m->block_translated = true;
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_BLOCKED);
	assert_int_equal(machine_result(m, 0).fault_addr, 3 * PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, machine_setup, machine_teardown)
		T(all_twenty_bits_of_a_pasid_are_sent),
		T(one_copy_spans_two_address_spaces),
		T(execute_is_asked_by_reads_only),
		T(nothing_is_sent_that_is_not_enabled),
		T(raw_addresses_go_out_as_translated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* COPY, FILL, COMPARE, CHECK, CRC32: the right bytes, in requests of the right shape. */
#include "machine.h"

static void copy_moves_every_byte_at_any_alignment(void **state)
{
	static const uint64_t offsets[] = { 0, 1, 7, 63, 4095 };
	static const uint64_t lens[] = { 1, 3, 64, 4096, 4097, 12345 };
	struct machine *m = *state;
	uint8_t expect[sizeof(m->mem)];

	machine_map_all(m);
	for (unsigned int s = 0; s < 5; s++) {
		for (unsigned int d = 0; d < 5; d++) {
			for (unsigned int l = 0; l < 6; l++) {
				struct hwdma_desc op = {
					.op = HWDMA_OP_COPY,
					.src = IOVA(0) + offsets[s],
					.dst = IOVA(32) + offsets[d],
					.len = lens[l],
				};

				fill_random(m->mem, sizeof(m->mem), s * 100 + d * 10 + l);
				memcpy(expect, m->mem, sizeof(expect));
				memcpy(expect + 32 * PAGE + offsets[d], expect + offsets[s],
				       lens[l]);
				assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
				assert_memory_equal(m->mem, expect, sizeof(expect));
				assert_int_equal(machine_result(m, 0).bytes_done, lens[l]);
			}
		}
	}
}

static void requests_keep_to_max_payload_and_pages(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = {
		.op = HWDMA_OP_COPY, .src = IOVA(0) + 100, .dst = IOVA(32) + 4000, .len = 9000,
	};

	machine_map_all(m);
	wr32(m, HWDMA_MAX_PAYLOAD, 300);
	assert_int_equal(rd32(m, HWDMA_MAX_PAYLOAD), 256);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_true(machine_count(m, 'w') >= 9000 / 256);
	for (unsigned int i = 0; i < m->nreq; i++) {
		assert_true(m->req[i].len <= 256);
		assert_int_equal(m->req[i].iova / PAGE,
				 (m->req[i].iova + m->req[i].len - 1) / PAGE);
	}
}

static void a_missing_page_stops_the_copy_at_its_first_byte(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = {
		.op = HWDMA_OP_COPY, .src = IOVA(0) + 16, .dst = IOVA(32), .len = 3 * PAGE,
	};
	struct hwdma_status st;

	machine_map_all(m);
	machine_unmap(m, IOVA(34));
	fill_random(m->mem, sizeof(m->mem), 1);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_UNMAPPED);
	st = machine_result(m, 0);
	assert_int_equal(st.fault_addr, IOVA(34));
	assert_int_equal(st.bytes_done, 2 * PAGE);
	assert_memory_equal(m->mem + 32 * PAGE, m->mem + 16, 2 * PAGE);
}

static void fill_repeats_its_pattern_from_the_first_byte(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = {
		.op = HWDMA_OP_FILL, .dst = IOVA(3) + 5, .len = 5001,
		.operand0 = 0x8877665544332211ull,
	};

	machine_map_all(m);
	memset(m->mem, 0xee, sizeof(m->mem));
	assert_int_equal(machine_do(m, 1, &op), HWDMA_ERR_NONE);
	for (unsigned int i = 0; i < 5001; i++)
		assert_int_equal(m->mem[3 * PAGE + 5 + i], 0x11 * (i % 8 + 1));
	assert_int_equal(m->mem[3 * PAGE + 4], 0xee);
	assert_int_equal(m->mem[3 * PAGE + 5 + 5001], 0xee);
}

static void check_finds_the_first_byte_off_the_pattern(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc fill = {
		.op = HWDMA_OP_FILL, .dst = IOVA(3) + 5, .len = 9000, .operand0 = 0x0123456789abcdef,
	};
	struct hwdma_desc check = fill;

	machine_map_all(m);
	assert_int_equal(machine_do(m, 0, &fill), HWDMA_ERR_NONE);
	check.op = HWDMA_OP_CHECK;
	check.src = fill.dst;
	assert_int_equal(machine_do(m, 0, &check), HWDMA_ERR_NONE);
	m->mem[3 * PAGE + 5 + 8191] ^= 1;
	assert_int_equal(machine_do(m, 0, &check), HWDMA_ERR_MISCOMPARE);
	assert_int_equal(machine_result(m, 0).result, 8191);
}

static void compare_finds_the_first_byte_that_differs(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = {
		.op = HWDMA_OP_COMPARE, .src = IOVA(0) + 9, .dst = IOVA(32) + 77, .len = 3 * PAGE,
	};
	struct hwdma_status st;

	machine_map_all(m);
	fill_random(m->mem, sizeof(m->mem), 7);
	memcpy(m->mem + 32 * PAGE + 77, m->mem + 9, 3 * PAGE);
	assert_int_equal(machine_do(m, 2, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_result(m, 2).bytes_done, 3 * PAGE);
	m->mem[32 * PAGE + 77 + 5555] ^= 0x80;
	m->mem[32 * PAGE + 77 + 6666] ^= 0x80;
	assert_int_equal(machine_do(m, 2, &op), HWDMA_ERR_MISCOMPARE);
	st = machine_result(m, 2);
	assert_int_equal(st.result, 5555);
	assert_int_equal(st.bytes_done, 5555);
	assert_int_equal(st.fault_addr, IOVA(0) + 9 + 5555);
	assert_int_equal(machine_count(m, 'w'), 0);
}

static void crc32_is_that_of_ieee_802_3(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = { .op = HWDMA_OP_CRC32, .src = IOVA(0) + 4092, .len = 9 };

	machine_map_all(m);
	memcpy(m->mem + 4092, "123456789", 9);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_result(m, 0).result, 0xcbf43926);	/* the check value */
}

static void a_gibibyte_is_one_operation(void **state)
{
	struct machine *m = *state;
	struct hwdma_desc op = { .op = HWDMA_OP_FILL, .dst = 1ull << 40, .len = 1ull << 30 };

	/* one mapping of 1 GiB onto nothing: fails at its 65th page, by design */
	m->maps[m->nmaps++] = (struct map){ .iova = 1ull << 40, .perm = R | W, .shift = 30 };
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_UNMAPPED);
	assert_int_equal(machine_result(m, 0).bytes_done, MEM_PAGES * PAGE);
	assert_true(1ull << HWDMA_CAP0_LEN_LOG2(rd32(m, HWDMA_CAP0)) >= 1ull << 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, machine_setup, machine_teardown)
		T(copy_moves_every_byte_at_any_alignment),
		T(requests_keep_to_max_payload_and_pages),
		T(a_missing_page_stops_the_copy_at_its_first_byte),
		T(fill_repeats_its_pattern_from_the_first_byte),
		T(check_finds_the_first_byte_off_the_pattern),
		T(compare_finds_the_first_byte_that_differs),
		T(crc32_is_that_of_ieee_802_3),
		T(a_gibibyte_is_one_operation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

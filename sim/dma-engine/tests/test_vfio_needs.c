// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the vfio selftests of Linux ask of a device driver, done with the
 * registers alone: memcpy_start (count copies of up to a page and more),
 * memcpy_wait, an error that leaves the device usable and sends no interrupt,
 * and an interrupt on request.
 */
#include "machine.h"

#define RING_LOG2	4u

static struct machine *m;

static int setup(void **state)
{
	machine_setup(state);
	m = *state;
	machine_map_all(m);
	return 0;
}

static uint32_t memcpy_start(uint64_t src, uint64_t dst, uint64_t size, unsigned int count)
{
	uint32_t tail = rd32(m, HWDMA_CH(0) + HWDMA_CH_RING_TAIL);

	wr64(m, HWDMA_CH(0) + HWDMA_CH_RING_BASE, IOVA(60));
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_SIZE, RING_LOG2);
	for (unsigned int i = 0; i < count; i++) {
		struct hwdma_desc d = { .op = HWDMA_OP_COPY, .src = src, .dst = dst, .len = size };

		memcpy(m->mem + 60 * PAGE + (size_t)tail * sizeof(d), &d, sizeof(d));
		tail = (tail + 1) % (1u << RING_LOG2);
	}
	wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RING);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_TAIL, tail);
	return tail;
}

static int memcpy_wait(uint32_t tail)
{
	for (unsigned int i = 0; i < 1000; i++) {
		uint32_t st = rd32(m, HWDMA_CH(0) + HWDMA_CH_STATUS);

		machine_poll(m);
		if (st & HWDMA_CH_RING_HALTED) {
			wr32(m, HWDMA_CH(0) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET);
			return -1;
		}
		if (HWDMA_CH_STATE(st) != HWDMA_STATE_BUSY &&
		    rd32(m, HWDMA_CH(0) + HWDMA_CH_RING_HEAD) == tail)
			return 0;
	}
	return -2;
}

static void a_storm_of_copies_ends_with_the_data_moved(void **state)
{
	(void)state;
	fill_random(m->mem, 2 * PAGE, 3);
	assert_int_equal(memcpy_wait(memcpy_start(IOVA(0), IOVA(8), 2 * PAGE, 15)), 0);
	assert_memory_equal(m->mem, m->mem + 8 * PAGE, 2 * PAGE);
	assert_int_equal(m->nvectors, 0);
	assert_int_equal(memcpy_wait(memcpy_start(IOVA(0), IOVA(8), 8, 15)), 0);
}

static void a_copy_from_an_unmapped_iova_fails_and_the_next_one_works(void **state)
{
	(void)state;
	assert_int_equal(memcpy_wait(memcpy_start(IOVA(5000), IOVA(8), PAGE, 3)), -1);
	assert_int_equal(m->nvectors, 0);
	assert_int_equal(memcpy_wait(memcpy_start(IOVA(0), IOVA(5000), PAGE, 3)), -1);
	a_storm_of_copies_ends_with_the_data_moved(NULL);
}

static void send_msi_works_at_any_time(void **state)
{
	(void)state;
	wr32(m, HWDMA_INT_TRIGGER, 0);
	assert_int_equal(m->nvectors, 1);
	memcpy_start(IOVA(0), IOVA(8), PAGE, 3);
	wr32(m, HWDMA_INT_TRIGGER, 0);
	assert_int_equal(m->nvectors, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(a_storm_of_copies_ends_with_the_data_moved),
		T(a_copy_from_an_unmapped_iova_fails_and_the_next_one_works),
		T(send_msi_works_at_any_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Saved at any step and restored elsewhere, the work goes on as if nothing had been. */
#include <stdlib.h>

#include "machine.h"

#define ATC HWDMA_ATTR_AT_ATC
#define PASID(n) (HWDMA_ATTR_PASID_VALID | (n))

static const struct hwdma_config config = {
	.channels = 4, .atc_max = 8, .log_entries = 8,
	.pasid = true, .exec = true, .priv = true, .ats = true, .pri = true,
};

/*
 * A workload with something of everything in it: latencies, page requests that
 * are answered late, a ring, atomics, a failing compare, an invalidation held.
 */
static struct machine *begin(void)
{
	struct machine *m = machine_new(&config);
	struct hwdma_desc d;

	machine_map_all(m);
	fill_random(m->mem, 16 * PAGE, 11);
	machine_map_pasid(m, 3, IOVA(0), 0, R | W);
	m->budget = 1;
	m->grant = R | W;
	m->grant_phys = 30 * PAGE;
	wr32(m, HWDMA_LOG_CTRL, HWDMA_LOG_CTRL_ENABLE);
	wr64(m, HWDMA_LAT_START, 3);
	wr64(m, HWDMA_LAT_REQ, 10);
	wr64(m, HWDMA_LAT_ATS, 7);
	wr64(m, HWDMA_PRI_TIMEOUT, 100000);
	wr32(m, HWDMA_MAX_PAYLOAD, 1024);
	wr32(m, HWDMA_ATC_NPAGES, 2);
	wr32(m, HWDMA_PRI_LIMIT, 1);

	d = (struct hwdma_desc){
		.op = HWDMA_OP_COPY | HWDMA_F_STATUS | HWDMA_F_INT, .vector = 1,
		.src = IOVA(0) + 9, .src_attr = ATC, .dst = IOVA(16) + 5, .dst_attr = ATC,
		.len = 2 * PAGE, .status = IOVA(40),
	};
	machine_start(m, 0, &d);
	d = (struct hwdma_desc){
		.op = HWDMA_OP_FILL, .dst = 0x40000000, .len = 100, .operand0 = 0x1234567890abcdef,
		.dst_attr = ATC | HWDMA_ATTR_PRI | PASID(3),
	};
	machine_start(m, 1, &d);
	d.dst += PAGE;
	machine_start(m, 2, &d);

	d = (struct hwdma_desc){ .op = HWDMA_OP_CRC32, .src = IOVA(0), .len = 5000 };
	memcpy(m->mem + 60 * PAGE, &d, sizeof(d));
	d = (struct hwdma_desc){ .op = HWDMA_OP_COMPARE, .src = IOVA(0), .dst = IOVA(16), .len = 900 };
	memcpy(m->mem + 60 * PAGE + 64, &d, sizeof(d));
	d = (struct hwdma_desc){ .op = HWDMA_OP_FETCH_ADD, .dst = IOVA(50), .len = 8, .operand0 = 3 };
	memcpy(m->mem + 60 * PAGE + 128, &d, sizeof(d));
	d = (struct hwdma_desc){ .op = HWDMA_OP_TRANSLATE, .src = IOVA(50), .len = 2 * PAGE,
				 .src_attr = ATC };
	memcpy(m->mem + 60 * PAGE + 192, &d, sizeof(d));
	d = (struct hwdma_desc){ .op = HWDMA_OP_TOUCH, .src = IOVA(51), .src_attr = ATC };
	memcpy(m->mem + 60 * PAGE + 256, &d, sizeof(d));
	wr64(m, HWDMA_CH(3) + HWDMA_CH_RING_BASE, IOVA(60));
	wr32(m, HWDMA_CH(3) + HWDMA_CH_RING_SIZE, 3);
	wr32(m, HWDMA_CH(3) + HWDMA_CH_RING_TAIL, 5);
	wr32(m, HWDMA_CH(3) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RING | HWDMA_CH_CTRL_CONTINUE);
	return m;
}

/* What the world does at step i, the same in every run. */
static void outside(struct machine *m, unsigned int i)
{
	if (i % 16 == 7)
		hwdma_ats_invalidate(m->e, false, 0, false, IOVA(16 + i / 16 % 2), false, i % 32);
	if (i == 40)
		wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_HOLD);
	if (i == 60)
		wr32(m, HWDMA_ATC_CTRL, 0);
	if (i % 32 == 31) {
		for (unsigned int n = 0; n < m->nreq; n++) {
			struct request *rq = &m->req[n];

			if (rq->kind != 'p' || rq->npages)
				continue;
			machine_map_pasid(m, 3, rq->iova, m->grant_phys, R | W);
			rq->npages = 1;		/* answered */
			hwdma_prg_response(m->e, true, 3, rq->prgi, HWDMA_PRG_SUCCESS);
		}
	}
}

static bool step(struct machine *m, unsigned int i)
{
	uint64_t next;

	outside(m, i);
	next = machine_poll(m);
	if (next != HWDMA_NEVER && next > m->now)
		m->now += 1 + (next - m->now) / 2;
	return i < 400;
}

static uint8_t *save(struct machine *m, size_t *n)
{
	size_t size = hwdma_state_size(m->e);
	uint8_t *buf = malloc(size);

	assert_non_null(buf);
	assert_int_equal(hwdma_save(m->e, buf, size, n), HWDMA_OK);
	assert_int_equal(*n, size);
	return buf;
}

/* Put the function away and go on with another one. */
static void migrate(struct machine *m)
{
	size_t n;
	uint8_t *buf = save(m, &n);
	struct hwdma *fresh;

	assert_int_equal(hwdma_create(&fresh, &config, machine_ops(), m), HWDMA_OK);
	hwdma_destroy(m->e);
	m->e = fresh;
	assert_int_equal(hwdma_restore(m->e, buf, n), HWDMA_OK);
	free(buf);
}

static uint8_t *run(unsigned int move_at, bool always, uint8_t *mem, size_t *n,
		    unsigned int *vectors, unsigned int *invalidations)
{
	struct machine *m = begin();
	uint8_t *end;

	for (unsigned int i = 0; step(m, i); i++)
		if (always || i == move_at)
			migrate(m);
	machine_run(m);
	memcpy(mem, m->mem, sizeof(m->mem));
	end = save(m, n);
	*vectors = m->nvectors;
	*invalidations = m->ndone;
	for (unsigned int ch = 0; ch < 3; ch++)
		assert_int_equal(machine_error(m, ch), HWDMA_ERR_NONE);
	assert_int_equal(rd32(m, HWDMA_CH(3) + HWDMA_CH_RING_HEAD), 5);
	assert_int_equal(rd32(m, HWDMA_ERROR_COUNT(HWDMA_ERR_MISCOMPARE)), 1);
	machine_free(m);
	return end;
}

static void nothing_is_lost_at_any_step(void **state)
{
	static uint8_t mem[MEM_PAGES * PAGE], mem2[MEM_PAGES * PAGE];
	unsigned int v, v2, d, d2;
	size_t n, n2;
	uint8_t *want = run(UINT32_MAX, false, mem, &n, &v, &d);

	(void)state;
	assert_int_equal(v, 1);
	assert_true(d > 20);
	for (unsigned int at = 0; at < 400; at += 3) {
		uint8_t *got = run(at, false, mem2, &n2, &v2, &d2);

		assert_memory_equal(mem, mem2, sizeof(mem));
		assert_int_equal(n, n2);
		assert_memory_equal(want, got, n);
		assert_int_equal(v, v2);
		assert_int_equal(d, d2);
		free(got);
	}
	free(run(0, true, mem2, &n2, &v2, &d2));
	assert_memory_equal(mem, mem2, sizeof(mem));
	assert_int_equal(d, d2);
	free(want);
}

static void saving_needs_room_and_changes_nothing(void **state)
{
	struct machine *m = begin();
	size_t n, used;
	uint8_t *buf, *again;

	(void)state;
	for (unsigned int i = 0; i < 50; i++)
		step(m, i);
	buf = save(m, &n);
	for (size_t size = 0; size < n; size += 37)
		assert_int_equal(hwdma_save(m->e, buf, size, &used), HWDMA_E_SPACE);
	assert_int_equal(hwdma_save(m->e, NULL, n, &used), HWDMA_E_SPACE);
	assert_int_equal(hwdma_save(m->e, buf, n, NULL), HWDMA_OK);
	again = save(m, &used);
	assert_memory_equal(buf, again, n);
	free(buf);
	free(again);
	machine_free(m);
}

static void states_of_others_are_refused(void **state)
{
	struct machine *m = begin();
	struct hwdma_config other = config;
	struct hwdma *e;
	size_t n;
	uint8_t *buf = save(m, &n);

	(void)state;
	other.channels = 3;
	assert_int_equal(hwdma_create(&e, &other, machine_ops(), m), HWDMA_OK);
	assert_int_equal(hwdma_restore(e, buf, n), HWDMA_E_SHAPE);
	hwdma_destroy(e);
	assert_int_equal(hwdma_restore(m->e, NULL, 0), HWDMA_E_VERSION);
	assert_int_equal(hwdma_restore(m->e, buf, 3), HWDMA_E_VERSION);
	assert_int_equal(hwdma_restore(m->e, buf, 14), HWDMA_E_SHAPE);
	assert_int_equal(hwdma_restore(m->e, buf, n - 1), HWDMA_E_STATE);
	/* and the function is as after a reset, with nothing enabled */
	assert_int_equal(rd32(m, HWDMA_STATUS), 0);
	buf[8] ^= 1;
	assert_int_equal(hwdma_restore(m->e, buf, n), HWDMA_E_VERSION);
	free(buf);
	machine_free(m);
}

/*
 * Whatever byte is wrong: refused, or a state that runs without harm (the
 * sanitizers watch) and saves to what it was restored from.
 */
static void damaged_states_do_no_harm(void **state)
{
	(void)state;
	for (unsigned int at = 5; at < 130; at += 31) {
		struct machine *m = begin();
		unsigned int refused = 0, accepted = 0;
		uint8_t *buf;
		size_t n;

		for (unsigned int i = 0; i < at; i++)
			step(m, i);
		buf = save(m, &n);
		for (size_t i = 0; i < n; i++) {
			static const uint8_t flips[] = { 0xff, 0x01, 0x80 };
			uint8_t flip = flips[i % 3];
			size_t n2;
			uint8_t *back;

			buf[i] ^= flip;
			if (hwdma_restore(m->e, buf, n) == HWDMA_OK) {
				accepted++;
				back = save(m, &n2);
				assert_int_equal(n, n2);
				free(back);
				for (unsigned int k = 0; k < 20; k++)
					machine_poll(m);
			} else {
				refused++;
				assert_int_equal(rd32(m, HWDMA_STATUS), 0);
			}
			buf[i] ^= flip;
		}
		assert_true(refused && accepted);
		assert_int_equal(hwdma_restore(m->e, buf, n), HWDMA_OK);
		free(buf);
		machine_free(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost_at_any_step),
		cmocka_unit_test(saving_needs_room_and_changes_nothing),
		cmocka_unit_test(states_of_others_are_refused),
		cmocka_unit_test(damaged_states_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

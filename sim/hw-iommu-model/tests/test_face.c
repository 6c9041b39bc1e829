/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The public face: arguments out of range, direct views of memory, counters, errors. */
#include "world.h"

#include "hwiommu/bits.h"

static void test_strerror_has_words_for_everything(void **state)
{
	(void)state;
	for (int i = HWI_OK; i <= HWI_ESPACE; i++)
		assert_string_not_equal(hwi_strerror((enum hwi_status)i), "unknown status");
	assert_string_equal(hwi_strerror((enum hwi_status)99), "unknown status");
}

static void test_destroy_of_nothing(void **state)
{
	(void)state;
	hwi_destroy(NULL);
}

static void test_requests_out_of_range(void **state)
{
	static const struct hwi_request good = { .requester = WORLD_SID,
						 .pasid = HWI_PASID_NONE,
						 .length = 4,
						 .access = HWI_READ };
	struct hwi_request bad[12];
	struct world w;
	struct hwi_response r;

	world_legacy(&w, *state);
	for (unsigned int i = 0; i < 12; i++)
		bad[i] = good;
	bad[0].requester = 0x10000;
	bad[1].pasid = 1u << 20;
	bad[2].kind = 3;
	bad[3].access = 0;
	bad[4].access = HWI_READ | HWI_WRITE;
	bad[5].access = HWI_WRITE | HWI_ATOMIC;
	bad[6].length = 0;
	bad[7].length = 4097;
	bad[8].addr = hwi_iova(4093);
	bad[9].access = HWI_READ | HWI_ZLR;
	bad[10].access = HWI_WRITE | HWI_ZLR;
	bad[10].length = 0;
	bad[11].access = HWI_EXEC;
	for (unsigned int i = 0; i < 12; i++) {
		assert_int_equal(hwi_translate(w.b->unit, &bad[i], &r), HWI_EINVAL);
		assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
		assert_int_equal(r.fault, 0);
	}
	bench_expect_no_fault(w.b);
	/* A translation request has no length. */
	bad[7].kind = HWI_TRANSLATION_REQUEST;
	assert_int_equal(hwi_translate(w.b->unit, &bad[7], &r), HWI_OK);
}

/* What was translated before, and is remembered, is no reason to take a request that is none. */
static void test_a_remembered_answer_is_for_requests_in_range(void **state)
{
	struct hwi_request req = { .requester = WORLD_SID,
				   .pasid = HWI_PASID_NONE,
				   .addr = hwi_iova(WORLD_IN + 0xffc),
				   .length = 4,
				   .access = HWI_READ };
	struct hwi_response r;
	struct world w;

	world_legacy(&w, *state);
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(hwi_translate(w.b->unit, &req, &r), HWI_OK);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		assert_int_equal(hwi_hpa_val(r.addr), WORLD_OUT + 0xffc);
	}
	assert_true(hwi_stat_get(w.b->unit, HWI_STAT_IOTLB_HITS) > 0);
	req.length = 5; /* into the next page */
	assert_int_equal(hwi_translate(w.b->unit, &req, &r), HWI_EINVAL);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	req.length = 0;
	assert_int_equal(hwi_translate(w.b->unit, &req, &r), HWI_EINVAL);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	bench_expect_no_fault(w.b);
}

static void test_other_calls_out_of_range(void **state)
{
	struct bench *b = *state;
	struct hwi_page_request p = { .requester = WORLD_SID, .pasid = HWI_PASID_NONE };
	struct hwi_interrupt_request i = { .requester = 0x10000 };
	struct hwi_interrupt_response ir;

	p.requester = 0x10000;
	assert_int_equal(hwi_page_request(b->unit, &p), HWI_EINVAL);
	p.requester = 1;
	p.pasid = 0x100000;
	assert_int_equal(hwi_page_request(b->unit, &p), HWI_EINVAL);
	p.pasid = 1;
	p.prgi = 0x200;
	assert_int_equal(hwi_page_request(b->unit, &p), HWI_EINVAL);
	p.prgi = 0;
	p.access = HWI_ATOMIC;
	assert_int_equal(hwi_page_request(b->unit, &p), HWI_EINVAL);
	hwi_interrupt(b->unit, &i, &ir);
	assert_int_equal(ir.outcome, HWI_INT_BLOCKED);
	assert_int_equal(ir.fault, 0);
	hwi_ats_complete(b->unit, 0x10000, 1, 1);
	hwi_ats_complete(b->unit, 1, 1, 8);
	bench_expect_no_fault(b);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS), 0); /* no ICE either */
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_COUNT), 0);
}

static void test_views_of_memory_out_of_range(void **state)
{
	struct bench *b = *state;
	struct hwi_ram bad[6];

	for (unsigned int i = 0; i < 6; i++)
		bad[i] = (struct hwi_ram){ .base = hwi_hpa(0), .size = BENCH_MEM, .host = b->mem };
	bad[0].base = hwi_hpa(0x800);
	bad[1].size = 0x1800;
	bad[2].size = 0;
	bad[3].base = hwi_hpa(HWI_ALL64 - 0xfff);
	bad[3].size = 0x2000;
	bad[4].host = NULL;
	bad[5].host = b->mem + 4;
	for (unsigned int i = 0; i < 6; i++)
		assert_int_equal(hwi_set_ram(b->unit, &bad[i], 1), HWI_EINVAL);
	assert_int_equal(hwi_set_ram(b->unit, NULL, 0), HWI_OK);
}

/* The same answers with tables in the first view, in another, and in none. */
static void test_views_of_memory_make_no_difference(void **state)
{
	struct bench *b = *state;
	struct world w;
	struct hwi_ram whole = { .base = hwi_hpa(0), .size = BENCH_MEM, .host = b->mem };
	struct hwi_ram many[20];
	struct hwi_ram halves[2];
	unsigned int reads;

	for (unsigned int pgtt = VTD_PGTT_FS; pgtt <= VTD_PGTT_NESTED; pgtt++) {
		bench_remake(b, NULL);
		b->root = 0;
		world_scalable(&w, b, pgtt);
		world_expect_pass(&w);

		assert_int_equal(hwi_set_ram(b->unit, &whole, 1), HWI_OK);
		bench_inv_everything(b);
		reads = b->reads;
		bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
		assert_int_equal(b->reads, reads);
		world_expect_pass(&w);

		/* Tables are in the lower half: the second view. */
		halves[0] = (struct hwi_ram){ .base = hwi_hpa(BENCH_MEM / 2), .size = BENCH_MEM / 2,
					      .host = b->mem + BENCH_MEM / 2 };
		halves[1] = (struct hwi_ram){ .base = hwi_hpa(0), .size = BENCH_MEM / 2,
					      .host = b->mem };
		assert_int_equal(hwi_set_ram(b->unit, halves, 2), HWI_OK);
		world_expect_pass(&w);
		assert_int_equal(hwi_set_ram(b->unit, halves, 1), HWI_OK);
		world_expect_pass(&w);

		/* Those too many are not used; what is not there is asked of the machine. */
		for (unsigned int i = 0; i < 20; i++)
			many[i] = halves[0];
		many[17] = halves[1];
		assert_int_equal(hwi_set_ram(b->unit, many, 20), HWI_OK);
		world_expect_pass(&w);
		assert_int_equal(hwi_set_ram(b->unit, NULL, 0), HWI_OK);
		world_expect_pass(&w);
	}
}

static void test_counters(void **state)
{
	struct bench *b = *state;
	struct world w;
	uint64_t hits, misses, all, loads;

	world_legacy(&w, b);
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_IOTLB_MISSES), 1);
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_IOTLB_HITS), 0);
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_TABLE_LOADS), 6); /* root, context, 4 */
	for (unsigned int i = 0; i < 5; i++)
		bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);
	hits = hwi_stat_get(b->unit, HWI_STAT_IOTLB_HITS);
	misses = hwi_stat_get(b->unit, HWI_STAT_IOTLB_MISSES);
	all = hwi_stat_get(b->unit, HWI_STAT_TRANSLATIONS);
	loads = hwi_stat_get(b->unit, HWI_STAT_TABLE_LOADS);
	assert_int_equal(hits, 5);
	assert_int_equal(misses, 1);
	assert_int_equal(all, 6);
	assert_int_equal(loads, 6);
	bench_expect_refused(b, WORLD_SID, HWI_PASID_NONE, 0, HWI_READ, 0x06);
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_FAULTS), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strerror_has_words_for_everything),
		cmocka_unit_test(test_destroy_of_nothing),
		T(test_requests_out_of_range),
		T(test_a_remembered_answer_is_for_requests_in_range),
		T(test_other_calls_out_of_range),
		T(test_views_of_memory_out_of_range),
		T(test_views_of_memory_make_no_difference),
		T(test_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The address translation cache: what it keeps, for whom, and how long. */
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

static unsigned int rd(uint64_t iova, uint32_t attr)
{
	return machine_do(m, 0, &(struct hwdma_desc){ .op = HWDMA_OP_READ, .src = iova, .len = 1,
						      .src_attr = attr | ATC });
}

static unsigned int wr(uint64_t iova, uint32_t attr)
{
	return machine_do(m, 0, &(struct hwdma_desc){ .op = HWDMA_OP_WRITE, .dst = iova, .len = 1,
						      .dst_attr = attr | ATC });
}

static uint64_t probe(uint64_t iova, uint32_t attr)
{
	wr64(m, HWDMA_ATC_PROBE_IOVA, iova);
	wr32(m, HWDMA_ATC_PROBE_ATTR, attr);
	return rd64(m, HWDMA_ATC_PROBE);
}

static void a_translation_is_asked_for_once(void **state)
{
	(void)state;
	assert_int_equal(rd(IOVA(5), 0), HWDMA_ERR_NONE);
	assert_int_equal(rd(IOVA(5) + 99, 0), HWDMA_ERR_NONE);
	assert_int_equal(wr(IOVA(5) + 7, 0), HWDMA_ERR_NONE);
	assert_int_equal(machine_count(m, 't'), 1);
	assert_int_equal(rd64(m, HWDMA_ATC_MISSES), 1);
	assert_int_equal(rd64(m, HWDMA_ATC_HITS), 2);
	assert_int_equal(machine_nth(m, 'r', 1)->attrs.at, HWDMA_AT_TRANSLATED);
	assert_int_equal(machine_nth(m, 'r', 1)->iova, 5 * PAGE + 99);
}

static void an_entry_survives_the_unmapping_that_nobody_told_of(void **state)
{
	(void)state;
	rd(IOVA(5), 0);
	machine_unmap(m, IOVA(5));
	m->mem[5 * PAGE] = 0x77;
	assert_int_equal(rd(IOVA(5), 0), HWDMA_ERR_NONE);
	assert_int_equal(machine_result(m, 0).result, 0x77);
}

static void address_spaces_do_not_share_entries(void **state)
{
	(void)state;
	machine_map_pasid(m, 1, IOVA(5), PAGE, R);
	machine_map_pasid(m, 2, IOVA(5), 2 * PAGE, R);
	rd(IOVA(5), 0);
	rd(IOVA(5), PASID(1));
	rd(IOVA(5), PASID(2));
	rd(IOVA(5), PASID(1) | HWDMA_ATTR_PRIV);
	assert_int_equal(machine_count(m, 't'), 4);
	assert_int_equal(probe(IOVA(5), 0) >> 12, 5);
	assert_int_equal(probe(IOVA(5), PASID(1)) >> 12, 1);
	assert_int_equal(probe(IOVA(5), PASID(2)) >> 12, 2);
	assert_int_equal(probe(IOVA(5), PASID(3)), 0);
	assert_true(probe(IOVA(5), PASID(1) | HWDMA_ATTR_PRIV) & HWDMA_ATC_PROBE_PRIV);
	assert_int_equal(probe(IOVA(5), PASID(2) | HWDMA_ATTR_PRIV), 0);
}

static void global_entries_serve_all_pasids_but_not_none(void **state)
{
	(void)state;
	machine_map_pasid(m, 1, IOVA(5), PAGE, R | GLOBAL);
	rd(IOVA(5), PASID(1));
	assert_int_equal(rd(IOVA(5), PASID(2)), HWDMA_ERR_NONE);
	assert_int_equal(machine_count(m, 't'), 1);
	assert_true(probe(IOVA(5), PASID(77)) & HWDMA_ATC_PROBE_GLOBAL);
	assert_int_equal(probe(IOVA(5), 0), 0);
}

static void capacity_evicts_the_least_recently_used(void **state)
{
	(void)state;
	wr32(m, HWDMA_ATC_CAPACITY, 2);
	rd(IOVA(1), 0);
	rd(IOVA(2), 0);
	rd(IOVA(1), 0);
	rd(IOVA(3), 0);		/* 2 goes */
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 2);
	assert_int_equal(rd64(m, HWDMA_ATC_EVICTED), 1);
	assert_int_not_equal(probe(IOVA(1), 0), 0);
	assert_int_equal(probe(IOVA(2), 0), 0);
	wr32(m, HWDMA_ATC_CAPACITY, 1);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 1);
	assert_int_not_equal(probe(IOVA(3), 0), 0);
}

static void capacity_one_makes_stale_entries_vanish(void **state)
{
	(void)state;
	wr32(m, HWDMA_ATC_CAPACITY, 1);
	rd(IOVA(5), 0);
	machine_unmap(m, IOVA(5));
	rd(IOVA(6), 0);
	assert_int_equal(rd(IOVA(5), 0), HWDMA_ERR_UNMAPPED);
}

static void capacity_zero_is_the_bound_of_the_model(void **state)
{
	(void)state;
	m->maps[m->nmaps++] = (struct map){ .iova = 1ull << 30, .perm = R, .shift = 12 };
	for (unsigned int i = 0; i < MEM_PAGES; i++)
		rd(IOVA(i), 0);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 64);
	assert_int_equal(rd64(m, HWDMA_ATC_EVICTED), 0);
	rd(1ull << 30, 0);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 64);
	assert_int_equal(rd64(m, HWDMA_ATC_EVICTED), 1);
}

static void large_translations_are_one_entry(void **state)
{
	(void)state;
	m->maps[m->nmaps++] = (struct map){ .iova = 1ull << 40, .perm = R | W, .shift = 21 };
	rd((1ull << 40) + 1, 0);
	rd((1ull << 40) + 5 * PAGE, 0);
	assert_int_equal(machine_count(m, 't'), 1);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 1);
	assert_int_equal(machine_nth(m, 'r', 1)->iova, 5 * PAGE);
	assert_int_equal(probe((1ull << 40) + (1 << 21) - 1, 0) >> 12, 511);
	assert_int_equal(probe((1ull << 40) + (1 << 21), 0), 0);
}

static void a_newer_answer_replaces_what_it_overlaps(void **state)
{
	(void)state;
	/* four small ones, read only, then a large one because write is asked */
	for (unsigned int i = 0; i < 4; i++) {
		machine_map(m, (1ull << 40) + i * PAGE, i * PAGE, R);
		rd((1ull << 40) + i * PAGE, 0);
	}
	rd(IOVA(1), 0);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 5);
	for (unsigned int i = 0; i < 4; i++)
		machine_unmap(m, (1ull << 40) + i * PAGE);
	m->maps[m->nmaps++] = (struct map){ .iova = 1ull << 40, .perm = R | W, .shift = 14 };
	assert_int_equal(wr((1ull << 40) + PAGE, 0), HWDMA_ERR_NONE);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 2);
	/* and the other way round */
	m->nmaps--;
	machine_map(m, 1ull << 40, 9 * PAGE, R | X);
	assert_int_equal(rd(1ull << 40, 0), HWDMA_ERR_NONE);	/* still the large one */
	assert_int_equal(probe(1ull << 40, 0) >> 12, 0);
}

static void a_missing_permission_is_asked_for_again(void **state)
{
	(void)state;
	machine_map(m, IOVA(5), 5 * PAGE, R);
	assert_int_equal(rd(IOVA(5), 0), HWDMA_ERR_NONE);
	assert_int_equal(wr(IOVA(5), 0), HWDMA_ERR_NO_PERMISSION);
	machine_map(m, IOVA(5), 5 * PAGE, R | W);
	assert_int_equal(wr(IOVA(5), 0), HWDMA_ERR_NONE);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 1);
}

static void no_write_is_set_for_reads_on_request(void **state)
{
	(void)state;
	assert_int_equal(rd(IOVA(5), HWDMA_ATTR_NW), HWDMA_ERR_NONE);
	assert_true(machine_nth(m, 't', 0)->no_write);
	assert_false(probe(IOVA(5), 0) & HWDMA_ATC_PROBE_W);
	assert_int_equal(wr(IOVA(5), HWDMA_ATTR_NW), HWDMA_ERR_NONE);
	assert_false(machine_nth(m, 't', 1)->no_write);
	assert_true(probe(IOVA(5), 0) & HWDMA_ATC_PROBE_W);
}

static void execute_permission_is_that_of_an_execute_request(void **state)
{
	(void)state;
	machine_map_pasid(m, 1, IOVA(5), PAGE, R | X);
	assert_int_equal(rd(IOVA(5), PASID(1)), HWDMA_ERR_NONE);
	assert_false(probe(IOVA(5), PASID(1)) & HWDMA_ATC_PROBE_X);
	assert_int_equal(rd(IOVA(5), PASID(1) | HWDMA_ATTR_EXEC), HWDMA_ERR_NONE);
	assert_true(machine_nth(m, 't', 1)->attrs.exec);
	assert_true(probe(IOVA(5), PASID(1)) & HWDMA_ATC_PROBE_X);
	machine_map_pasid(m, 1, IOVA(6), PAGE, R);
	assert_int_equal(rd(IOVA(6), PASID(1) | HWDMA_ATTR_EXEC), HWDMA_ERR_NO_PERMISSION);
}

static void untranslated_only_answers_are_obeyed(void **state)
{
	(void)state;
	machine_map(m, IOVA(5), 5 * PAGE, R | UNTRANS);
	assert_int_equal(rd(IOVA(5), 0), HWDMA_ERR_NONE);
	assert_int_equal(machine_nth(m, 'r', 0)->attrs.at, HWDMA_AT_UNTRANSLATED);
	assert_int_equal(machine_nth(m, 'r', 0)->iova, IOVA(5));
	assert_true(probe(IOVA(5), 0) & HWDMA_ATC_PROBE_U);
}

static void several_translations_are_asked_for_at_once(void **state)
{
	struct hwdma_desc op = {
		.op = HWDMA_OP_CRC32, .src = IOVA(5) + 8, .len = 6 * PAGE, .src_attr = ATC,
	};

	(void)state;
	wr32(m, HWDMA_ATC_NPAGES, 4);
	machine_unmap(m, IOVA(8));
	machine_map(m, IOVA(8), 0, R | W);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_count(m, 't'), 2);
	assert_int_equal(machine_nth(m, 't', 0)->npages, 4);
	assert_int_equal(machine_nth(m, 't', 1)->npages, 3);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 7);
	assert_int_equal(probe(IOVA(8), 0) >> 12, 0);
	/* a hole in the middle is kept out of the cache */
	machine_forget(m);
	machine_unmap(m, IOVA(21));
	op.src = IOVA(20);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_UNMAPPED);
	assert_int_equal(machine_result(m, 0).bytes_done, PAGE);
	assert_int_equal(probe(IOVA(21), 0), 0);
	assert_int_not_equal(probe(IOVA(22), 0), 0);
	/* behind a hole at the beginning nothing can be placed */
	machine_unmap(m, IOVA(40));
	op.src = IOVA(40);
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_UNMAPPED);
	assert_int_equal(probe(IOVA(41), 0), 0);
}

static void translations_do_not_go_on_behind_the_end_of_the_address_space(void **state)
{
	struct hwdma_desc op = {
		.op = HWDMA_OP_TRANSLATE, .src = ~0ull - 2 * PAGE + 1, .len = 2 * PAGE,
		.src_attr = ATC,
	};

	(void)state;
	wr32(m, HWDMA_ATC_NPAGES, 2);
	m->maps[m->nmaps++] = (struct map){ .iova = 1ull << 63, .perm = R, .shift = 62 };
	m->maps[m->nmaps++] = (struct map){ .iova = 3ull << 62, .perm = R, .shift = 62 };
	m->ats_count = 2;
	m->maps[m->nmaps++] = (struct map){ .iova = 0, .perm = R, .shift = 62 };
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 1);
	assert_int_equal(probe(0, 0), 0);
}

static void requests_keep_to_the_smallest_translation_unit(void **state)
{
	(void)state;
	m->en.ats_stu = 1;
	hwdma_set_enables(m->e, &m->en);
	rd(IOVA(5), 0);
	assert_int_equal(machine_nth(m, 't', 0)->iova, IOVA(4));
}

static void translate_fills_the_cache_and_moves_no_data(void **state)
{
	struct hwdma_desc op = {
		.op = HWDMA_OP_TRANSLATE, .src = IOVA(5) + 8, .len = 3 * PAGE, .src_attr = ATC,
	};

	(void)state;
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_result(m, 0).result, 5 * PAGE + 8);
	assert_int_equal(machine_result(m, 0).bytes_done, 3 * PAGE);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 4);
	assert_int_equal(machine_count(m, 'r') + machine_count(m, 'w'), 0);
	machine_map(m, IOVA(9), 9 * PAGE, R);
	op.src = IOVA(9);
	op.op |= HWDMA_F_WRITE;
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NO_PERMISSION);
	/* a large translation is one step */
	machine_forget(m);
	m->maps[m->nmaps++] = (struct map){ .iova = 1ull << 40, .perm = R, .shift = 30 };
	op = (struct hwdma_desc){ .op = HWDMA_OP_TRANSLATE, .src = (1ull << 40) + PAGE,
				  .len = 1 << 29, .src_attr = ATC };
	assert_int_equal(machine_do(m, 0, &op), HWDMA_ERR_NONE);
	assert_int_equal(machine_count(m, 't'), 1);
}

static void flush_drops_everything(void **state)
{
	(void)state;
	rd(IOVA(5), 0);
	rd(IOVA(6), 0);
	wr32(m, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_FLUSH);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 0);
	assert_int_equal(rd32(m, HWDMA_ATC_CTRL), 0);
	rd(IOVA(5), 0);
	assert_int_equal(machine_count(m, 't'), 3);
}

static void disabling_ats_empties_the_cache(void **state)
{
	(void)state;
	rd(IOVA(5), 0);
	m->en.ats = false;
	hwdma_set_enables(m->e, &m->en);
	assert_int_equal(rd32(m, HWDMA_ATC_USED), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, machine_teardown)
		T(a_translation_is_asked_for_once),
		T(an_entry_survives_the_unmapping_that_nobody_told_of),
		T(address_spaces_do_not_share_entries),
		T(global_entries_serve_all_pasids_but_not_none),
		T(capacity_evicts_the_least_recently_used),
		T(capacity_one_makes_stale_entries_vanish),
		T(capacity_zero_is_the_bound_of_the_model),
		T(large_translations_are_one_entry),
		T(a_newer_answer_replaces_what_it_overlaps),
		T(a_missing_permission_is_asked_for_again),
		T(no_write_is_set_for_reads_on_request),
		T(execute_permission_is_that_of_an_execute_request),
		T(untranslated_only_answers_are_obeyed),
		T(several_translations_are_asked_for_at_once),
		T(translations_do_not_go_on_behind_the_end_of_the_address_space),
		T(requests_keep_to_the_smallest_translation_unit),
		T(translate_fills_the_cache_and_moves_no_data),
		T(flush_drops_everything),
		T(disabling_ats_empties_the_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

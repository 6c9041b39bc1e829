/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The invalidation queue: fetching, wrapping, its errors and their recovery (VT-d 5.10 §6.5.2). */
#include "builders.h"

#include "hwiommu/bits.h"

#define CC VTD_DSC_PUT_TYPE(VTD_DSC_cc_inv) | HWI_PUT(VTD_CC_Q0_G, VTD_CC_G_GLOBAL)

static uint64_t head(struct bench *b)
{
	return bench_read64(b, VTD_REG_IQH);
}

static bool iqe(struct bench *b)
{
	return bench_read32(b, VTD_REG_FSTS) & VTD_FSTS_IQE;
}

static void expect_iqe(struct bench *b, unsigned int iqei)
{
	assert_true(iqe(b));
	assert_int_equal(HWI_GET(VTD_IQERCD_IQEI, bench_read64(b, VTD_REG_IQERCD)), iqei);
}

/* Every queue size, both widths: descriptors go round several times. */
/* covers: REG_IQH REG_IQT REG_IQA DSC_cc_inv */
static void test_queue_wraps(void **state)
{
	struct bench *b = *state;

	for (unsigned int qs = 0; qs < 8; qs++) {
		for (unsigned int wide = 0; wide < 2; wide++) {
			uint64_t count;

			bench_remake(b, NULL);
			b->next_page = VTD_PAGE_SIZE;
			bench_start_queue(b, wide, qs);
			count = b->queue_size / b->dsc;
			for (uint64_t i = 0; i < count + 3; i++) {
				bench_submit(b, CC, 0);
				if (i % 100 == 99 || i >= count - 2)
					bench_run(b);
			}
			bench_run(b);
			assert_false(iqe(b));
			assert_int_equal(head(b), 3 * b->dsc);
			assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_COMMANDS), count + 3);
		}
	}
}

/* Nothing is fetched with the queue off, and the tail alone starts nothing. */
/* covers: REG_IQT REG_IQH */
static void test_no_fetch_while_off(void **state)
{
	struct bench *b = *state;

	bench_write64(b, VTD_REG_IQA, bench_alloc(b, 1));
	bench_write64(b, VTD_REG_IQT, 0x40);
	assert_false(hwi_pending(b->unit));
	assert_int_equal(hwi_step(b->unit, 10), 0);
	/* Software that leaves a tail behind and enables: the queue runs. */
	bench_gcmd(b, VTD_GCMD_QIE, true);
	assert_true(hwi_pending(b->unit));
	assert_int_equal(b->kicks, 1);
}

/* A step is one descriptor, a budget is kept, and the queue works with TES=0. */
/* covers: REG_IQH */
static void test_budget(void **state)
{
	struct bench *b = *state;

	bench_start_queue(b, false, 0);
	for (unsigned int i = 0; i < 10; i++)
		bench_submit(b, CC, 0);
	assert_int_equal(hwi_step(b->unit, 0), 0);
	assert_int_equal(hwi_step(b->unit, 3), 3);
	assert_int_equal(head(b), 48);
	assert_true(hwi_pending(b->unit));
	assert_int_equal(hwi_step(b->unit, 100), 7);
	assert_false(hwi_pending(b->unit));
	assert_int_equal(hwi_step(b->unit, 100), 0);
	/* Finding a bad one is a step as well. */
	bench_submit(b, 0, 0);
	assert_true(hwi_pending(b->unit));
	assert_int_equal(hwi_step(b->unit, 100), 1);
	assert_false(hwi_pending(b->unit));
}

/* A queue that is outside of memory, or whose memory fails. */
/* covers: REG_IQA REG_IQERCD REG_FSTS */
static void test_iqei_2_fetch(void **state)
{
	struct bench *b = *state;

	bench_start_queue(b, true, 0);
	bench_inv_context(b);
	bench_fail_read(b, b->iqa + 32 + 24, 8);
	bench_submit(b, CC, 0);
	bench_run(b);
	expect_iqe(b, VTD_IQEI_FETCH);
	assert_int_equal(head(b), 32);
	bench_heal(b);
	assert_int_equal(hwi_step(b->unit, 10), 0);
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_IQE);
	assert_int_equal(hwi_step(b->unit, 10), 1);
	bench_write64(b, VTD_REG_IQA, BENCH_NOWHERE | VTD_IQA_DW);
	bench_write64(b, VTD_REG_IQT, 96);
	bench_run(b);
	expect_iqe(b, VTD_IQEI_FETCH);
}

/* A tail beyond the queue, at its first, and after good descriptors. */
/* covers: REG_IQT REG_IQERCD */
static void test_iqei_1_tail_beyond_the_queue(void **state)
{
	struct bench *b = *state;

	bench_start_queue(b, true, 0);
	bench_inv_context(b);
	bench_write64(b, VTD_REG_IQT, 4096);
	bench_run(b);
	expect_iqe(b, VTD_IQEI_TAIL);
	assert_int_equal(head(b), 32);
	bench_write64(b, VTD_REG_IQT, 0x7ffe0);
	assert_int_equal(hwi_step(b->unit, 10), 0);
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_IQE);
	bench_run(b);
	expect_iqe(b, VTD_IQEI_TAIL);
	bench_write64(b, VTD_REG_IQT, 32);
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_IQE);
	bench_run(b);
	assert_false(iqe(b));
	/* Eight pages are the whole register: no tail is beyond them. */
	bench_gcmd(b, VTD_GCMD_QIE, false);
	bench_start_queue(b, true, 7);
	bench_write64(b, VTD_REG_IQT, 0x7ffe0);
	hwi_step(b->unit, 1);
	expect_iqe(b, VTD_IQEI_TYPE); /* an empty descriptor */
}

/* covers: REG_IQT REG_IQERCD */
static void test_iqei_6_tail_misaligned(void **state)
{
	struct bench *b = *state;

	bench_start_queue(b, true, 0);
	bench_write64(b, VTD_REG_IQT, 0x10);
	bench_run(b);
	expect_iqe(b, VTD_IQEI_TAIL_ALIGN);
	assert_int_equal(head(b), 0);
	bench_gcmd(b, VTD_GCMD_QIE, false);
	bench_start_queue(b, false, 0);
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_IQE);
	bench_submit(b, CC, 0);
	bench_run(b);
	assert_false(iqe(b));
}

/* The width that a mode asks for; every descriptor is bad, a wait too. */
/* covers: REG_IQA REG_IQERCD DSC_inv_wait */
static void test_point_11_37_narrow_queue_in_scalable_and_abort_mode(void **state)
{
	static const uint64_t ttms[] = { VTD_TTM_SCALABLE, VTD_TTM_ABORT };
	struct bench *b = *state;

	for (unsigned int i = 0; i < 2; i++) {
		for (uint32_t type = 0; type < 16; type++) {
			bench_remake(b, NULL);
			b->next_page = VTD_PAGE_SIZE;
			bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, ttms[i]));
			bench_start_queue(b, false, 0);
			bench_submit(b, VTD_DSC_PUT_TYPE(type) | (type == 5 ? VTD_WAIT_Q0_SW : 0),
				     b->status);
			bench_run(b);
			expect_iqe(b, VTD_IQEI_WIDTH);
			assert_int_equal(head(b), 0);
			assert_int_equal(bench_r32(b, b->status), 0);
		}
	}
}

/* DW=1 needs scalable or abort mode to be supported, not to be on. */
/* covers: REG_IQA REG_IQERCD */
static void test_iqei_5_wide_queue_without_modes(void **state)
{
	struct bench *b = *state;

	for (unsigned int caps = 0; caps < 4; caps++) {
		struct hwi_vtd_config cfg;

		bench_config(&cfg);
		cfg.cap &= ~(VTD_CAP_FS5LP | VTD_CAP_FS1GP);
		cfg.ecap &= VTD_ECAP_IRO | VTD_ECAP_QI | VTD_ECAP_IR | VTD_ECAP_SSTS;
		if (caps & 1)
			cfg.ecap |= VTD_ECAP_SMTS;
		if (caps & 2)
			cfg.ecap |= VTD_ECAP_ADMS;
		bench_remake(b, &cfg);
		bench_start_queue(b, true, 0);
		bench_submit(b, CC, 0);
		bench_run(b);
		if (caps)
			assert_false(iqe(b));
		else
			expect_iqe(b, VTD_IQEI_WIDTH);
	}
}

/* A reserved or unsupported TTM, latched: no descriptor is good. */
/* covers: REG_RTADDR REG_IQERCD */
static void test_iqei_7_ttm(void **state)
{
	struct bench *b = *state;

	for (unsigned int i = 0; i < 3; i++) {
		struct hwi_vtd_config cfg;

		bench_config(&cfg);
		cfg.cap &= ~(VTD_CAP_FS5LP | VTD_CAP_FS1GP);
		cfg.ecap &= VTD_ECAP_IRO | VTD_ECAP_QI | VTD_ECAP_IR | VTD_ECAP_SSTS;
		if (i == VTD_TTM_ABORT - 1)
			cfg.ecap |= VTD_ECAP_SMTS; /* but not ADMS */
		else if (i == VTD_TTM_SCALABLE - 1)
			cfg.ecap |= VTD_ECAP_ADMS; /* but not SMTS */
		bench_remake(b, &cfg);
		b->root = bench_alloc(b, 1);
		bench_write64(b, VTD_REG_RTADDR,
			      b->root | HWI_PUT(VTD_RTADDR_TTM, (uint64_t)i + 1));
		bench_gcmd(b, VTD_GCMD_SRTP, true);
		for (unsigned int wide = 0; wide < 2; wide++) {
			bench_gcmd(b, VTD_GCMD_QIE, false);
			bench_start_queue(b, wide, 0);
			bench_write32(b, VTD_REG_FSTS, VTD_FSTS_IQE);
			bench_submit(b, CC, 0);
			bench_run(b);
			expect_iqe(b, VTD_IQEI_TTM);
		}
	}
}

/* IQH names the bad descriptor; those before it are done; clearing IQE starts again. */
/* covers: REG_IQH REG_FSTS */
static void test_point_11_36_iqe_recovery(void **state)
{
	struct bench *b = *state;
	uint64_t bad;

	bench_start_queue(b, true, 0);
	bench_submit(b, VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_SW |
			     HWI_PUT(VTD_WAIT_Q0_DATA, 7), b->status);
	bad = bench_submit(b, VTD_DSC_PUT_TYPE(15), 0);
	bench_submit(b, VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_SW |
			     HWI_PUT(VTD_WAIT_Q0_DATA, 8), b->status + 4);
	bench_run(b);
	expect_iqe(b, VTD_IQEI_TYPE);
	assert_int_equal(b->iqa + head(b), bad);
	assert_int_equal(bench_r32(b, b->status), 7);
	assert_int_equal(bench_r32(b, b->status + 4), 0);
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_COMMANDS), 1);
	/* Tail writes are taken, without a fetch. */
	bench_submit(b, CC, 0);
	assert_int_equal(hwi_step(b->unit, 10), 0);
	/* As Linux does: overwrite it with a wait, clear, no tail write. */
	bench_w64(b, bad, VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_SW |
			  HWI_PUT(VTD_WAIT_Q0_DATA, 9));
	bench_w64(b, bad + 8, b->status + 8);
	b->kicks = 0;
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_IQE);
	assert_int_equal(b->kicks, 1);
	bench_run(b);
	assert_int_equal(bench_r32(b, b->status + 8), 9);
	assert_int_equal(bench_r32(b, b->status + 4), 8);
	assert_int_equal(head(b), bench_read64(b, VTD_REG_IQT));
}

/* Error information is that of the last error. */
/* covers: REG_IQERCD */
static void test_differs_12_head_stays_at_the_bad_descriptor(void **state)
{
	struct bench *b = *state;

	bench_start_queue(b, true, 0);
	for (unsigned int i = 0; i < 5; i++)
		bench_submit(b, CC, 0);
	bench_submit(b, CC, 1);
	bench_submit(b, CC, 0);
	bench_run(b);
	expect_iqe(b, VTD_IQEI_RSVD);
	assert_int_equal(head(b), 5 * 32);
}

/* Software that shrinks or re-bases a running queue: bounded, no stray access. */
/* covers: REG_IQA REG_IQH */
static void test_queue_changed_under_way(void **state)
{
	struct bench *b = *state;

	bench_start_queue(b, false, 1);
	for (unsigned int i = 0; i < 300; i++)
		bench_submit(b, CC, 0);
	bench_run(b);
	assert_int_equal(head(b), 4800);
	/* Half the size: the head is folded into it. */
	bench_write64(b, VTD_REG_IQA, b->iqa);
	bench_write64(b, VTD_REG_IQT, 4800 - 4096 + 16);
	assert_int_equal(hwi_step(b->unit, 10), 1);
	assert_int_equal(head(b), 4800 - 4096 + 16);
	/* Another width with the head between two descriptors. */
	bench_write64(b, VTD_REG_IQA, b->iqa | VTD_IQA_DW);
	bench_write64(b, VTD_REG_IQT, 4800 - 4096 + 32);
	hwi_step(b->unit, 1);
	assert_int_equal(head(b) % 32, iqe(b) ? 16 : 0);
}

/* Any base, size, width and tail: no more work than descriptors in the largest queue. */
/* covers: REG_IQA REG_IQT */
static void test_bounded_whatever_the_registers_hold(void **state)
{
	struct bench *b = *state;
	uint64_t x = 88172645463325252u;

	for (unsigned int i = 0; i < 3000; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		bench_write64(b, VTD_REG_IQA, (x & 0x807) | (x >> 20 & 0xfff000));
		bench_write64(b, VTD_REG_IQT, x >> 40);
		bench_write32(b, VTD_REG_FSTS, 0xff);
		bench_gcmd(b, VTD_GCMD_QIE, x & 0x1000);
		assert_in_range(hwi_step(b->unit, 1000000), 0, 2 * 32768);
	}
}

/* A queue whose wait descriptors overwrite the queue itself. */
/* covers: DSC_inv_wait */
static void test_wait_status_into_the_queue_itself(void **state)
{
	struct bench *b = *state;

	bench_start_queue(b, true, 0);
	bench_submit(b, VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_SW |
			     HWI_PUT(VTD_WAIT_Q0_DATA, 0), b->iqa + 32);
	bench_submit(b, CC, 0);
	hwi_step(b->unit, 3);
	expect_iqe(b, VTD_IQEI_TYPE);
	assert_int_equal(head(b), 32);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_queue_wraps),
		T(test_no_fetch_while_off),
		T(test_budget),
		T(test_iqei_2_fetch),
		T(test_iqei_1_tail_beyond_the_queue),
		T(test_iqei_6_tail_misaligned),
		T(test_point_11_37_narrow_queue_in_scalable_and_abort_mode),
		T(test_iqei_5_wide_queue_without_modes),
		T(test_iqei_7_ttm),
		T(test_point_11_36_iqe_recovery),
		T(test_differs_12_head_stays_at_the_bad_descriptor),
		T(test_queue_changed_under_way),
		T(test_bounded_whatever_the_registers_hold),
		T(test_wait_status_into_the_queue_itself),
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}

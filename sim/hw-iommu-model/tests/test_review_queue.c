/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Corners of the invalidation queue: a reset while it stalls, what a dropped wait
 * still owed, completions that no device-TLB of this unit can have sent
 * (VT-d 5.10 §6.5.2, §6.5.4, §4.2.1).
 */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID 0x0208
#define DEV(sid) (VTD_DSC_PUT_TYPE(VTD_DSC_dev_tlb_inv) | HWI_PUT(VTD_DEV_TLB_Q0_SID, sid))
#define IOTLB                                                                             \
	(VTD_DSC_PUT_TYPE(VTD_DSC_iotlb_inv) |                                             \
	 HWI_PUT(VTD_IOTLB_INV_Q0_G, VTD_IOTLB_INV_G_GLOBAL))

/* A queue that waits for a free tag is as new after a reset: the unit has work again. */
/* covers: DSC_dev_tlb_inv REG_IQT */
static void test_reset_ends_a_stall(void **state)
{
	struct bench *b = *state;

	for (unsigned int cold = 0; cold < 2; cold++) {
		bench_remake(b, NULL);
		b->next_page = VTD_PAGE_SIZE;
		bench_start_scalable(b);
		bench_start_queue(b, true, 0);
		for (unsigned int i = 0; i < 33; i++)
			bench_submit(b, DEV(SID), 0);
		bench_run(b);
		assert_int_equal(hwi_ats_outstanding(b->unit), 0xffffffff);
		assert_false(hwi_pending(b->unit));

		hwi_reset(b->unit, cold);
		assert_int_equal(hwi_ats_outstanding(b->unit), 0);
		bench_start_scalable(b);
		bench_start_queue(b, true, 0);
		b->kicks = 0;
		bench_submit(b, DEV(SID), 0);
		assert_true(hwi_pending(b->unit));
		assert_int_not_equal(b->kicks, 0);
		assert_int_equal(hwi_step(b->unit, 10), 1);
		assert_int_equal(hwi_ats_outstanding(b->unit), 1);
	}
}

/* A drain is done before the next wait that completes; one that a time-out drops does not. */
/* covers: DSC_inv_wait DSC_iotlb_inv */
static void test_dropped_wait_leaves_the_drain_owed(void **state)
{
	struct bench *b = *state;

	bench_start_scalable(b);
	bench_start_queue(b, true, 0);
	b->busy = true;
	bench_submit(b, IOTLB, 0);
	bench_submit(b, DEV(SID), 0);
	assert_false(bench_wait(b));
	hwi_ats_timeout(b->unit, 1);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS), VTD_FSTS_ITE);
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_ITE);
	/* The requests that the IOTLB invalidation is about are still under way. */
	assert_false(bench_wait(b));
	b->busy = false;
	bench_run(b);
	assert_int_equal(bench_r32(b, b->status), b->cookie);
}

/* The queue is off: the same. */
/* covers: DSC_inv_wait DSC_iotlb_inv REG_GCMD */
static void test_queue_off_leaves_the_drain_owed(void **state)
{
	struct bench *b = *state;

	bench_start_scalable(b);
	bench_start_queue(b, true, 0);
	b->busy = true;
	bench_submit(b, IOTLB, 0);
	assert_false(bench_wait(b));
	bench_gcmd(b, VTD_GCMD_QIE, false);
	bench_start_queue(b, true, 0);
	assert_false(bench_wait(b));
	b->busy = false;
	bench_run(b);
	assert_int_equal(bench_r32(b, b->status), b->cookie);
}

/* That a drain was refused once says nothing about the next: the unit asks again. */
/* covers: DSC_inv_wait */
static void test_refused_drain_is_forgotten(void **state)
{
	struct bench *b = *state;

	bench_start_scalable(b);
	bench_start_queue(b, true, 0);
	b->busy = true;
	bench_submit(b, IOTLB, 0);
	assert_false(bench_wait(b));
	bench_gcmd(b, VTD_GCMD_QIE, false); /* nobody waits any more */
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 0);
	bench_start_queue(b, true, 0);
	bench_submit(b, IOTLB, 0);
	bench_submit(b,
		     VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_SW |
			     HWI_PUT(VTD_WAIT_Q0_DATA, 0x99),
		     b->status);
	/* One step at a time, as a machine does it that has other things to do. */
	for (unsigned int i = 0; i < 10 && hwi_pending(b->unit); i++)
		assert_int_equal(hwi_step(b->unit, 1), 1);
	assert_int_equal(bench_r32(b, b->status), 0x99);
}

/* ICE and ITE are RsvdZ without DT, whatever comes in; such a state can be restored. */
/* covers: REG_FSTS REG_IQERCD */
static void test_completion_without_device_tlbs(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;
	size_t size;
	void *buf;

	bench_config(&cfg);
	cfg.ecap &= ~(VTD_ECAP_DT | VTD_ECAP_PRS | VTD_ECAP_NWFS | VTD_ECAP_DIT | VTD_ECAP_PDS |
		      VTD_ECAP_PTRS | VTD_ECAP_SMS);
	bench_remake(b, &cfg);
	bench_start_scalable(b);
	hwi_ats_complete(b->unit, SID, 1, 1);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS), 0);
	assert_int_equal(bench_read64(b, VTD_REG_IQERCD), 0);
	size = hwi_save_size(b->unit);
	buf = malloc(size);
	assert_non_null(buf);
	assert_int_equal(hwi_save(b->unit, buf, size), HWI_OK);
	assert_int_equal(hwi_restore(b->unit, buf, size), HWI_OK);
	free(buf);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_reset_ends_a_stall),
		T(test_dropped_wait_leaves_the_drain_owed),
		T(test_queue_off_leaves_the_drain_owed),
		T(test_refused_drain_is_forgotten),
		T(test_completion_without_device_tlbs),
	};

	return cmocka_run_group_tests_name("review_queue", tests, NULL, NULL);
}

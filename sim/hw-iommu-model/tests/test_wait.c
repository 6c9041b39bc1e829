/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Invalidation wait in all its forms, device-TLB invalidations and their errors
 * (VT-d 5.10 §6.5.2.5, §6.5.2.10, §6.5.2.11, §6.5.4).
 */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID 0x0208
#define MSI_ADDR UINT64_C(0xfee01000)
#define WAIT VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait)
#define CC (VTD_DSC_PUT_TYPE(VTD_DSC_cc_inv) | HWI_PUT(VTD_CC_Q0_G, VTD_CC_G_GLOBAL))
#define DEV(sid) (VTD_DSC_PUT_TYPE(VTD_DSC_dev_tlb_inv) | HWI_PUT(VTD_DEV_TLB_Q0_SID, sid))
#define IOTLB                                                                             \
	(VTD_DSC_PUT_TYPE(VTD_DSC_iotlb_inv) |                                             \
	 HWI_PUT(VTD_IOTLB_INV_Q0_G, VTD_IOTLB_INV_G_GLOBAL))

static void status_wait(struct bench *b, uint32_t data, uint64_t addr, uint64_t bits)
{
	bench_submit(b, WAIT | VTD_WAIT_Q0_SW | bits | HWI_PUT(VTD_WAIT_Q0_DATA, data), addr);
}

static uint32_t fsts(struct bench *b)
{
	return bench_read32(b, VTD_REG_FSTS);
}

/* covers: DSC_inv_wait REG_ICS REG_IECTL REG_IEDATA REG_IEADDR */
static void test_each_combination_of_forms(void **state)
{
	struct bench *b = *state;

	for (unsigned int form = 0; form < 16; form++) {
		bench_remake(b, NULL);
		b->next_page = VTD_PAGE_SIZE;
		bench_start_queue(b, true, 0);
		bench_unmask(b, VTD_REG_IECTL, MSI_ADDR, 0x55);
		bench_w64(b, b->status, HWI_ALL64);
		bench_do(b,
			 WAIT | (form & 1 ? VTD_WAIT_Q0_SW : 0) | (form & 2 ? VTD_WAIT_Q0_IF : 0) |
				 (form & 4 ? VTD_WAIT_Q0_FN : 0) | (form & 8 ? VTD_WAIT_Q0_PD : 0) |
				 HWI_PUT(VTD_WAIT_Q0_DATA, 0x12345678),
			 b->status);
		assert_int_equal(bench_r64(b, b->status),
				 form & 1 ? UINT64_C(0xffffffff12345678) : HWI_ALL64);
		assert_int_equal(bench_read32(b, VTD_REG_ICS), form & 2 ? VTD_ICS_IWC : 0);
		assert_int_equal(b->msis, form & 2 ? 1 : 0);
		if (form & 2) {
			assert_int_equal(b->msi[0].addr, MSI_ADDR);
			assert_int_equal(b->msi[0].data, 0x55);
		}
	}
}

/* Four bytes at any dword, address bits from HAW up ignored, bits 1:0 reserved. */
/* covers: DSC_inv_wait */
static void test_point_11_39_status_write(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.haw = 36;
	bench_remake(b, &cfg);
	bench_start_queue(b, true, 0);
	bench_w64(b, b->status + 8, HWI_ALL64);
	status_wait(b, 1, (b->status + 12) | HWI_MASK64(63, 36), 0);
	bench_run(b);
	assert_int_equal(bench_r64(b, b->status + 8), UINT64_C(0x00000001ffffffff));
	/* Nowhere: the write is lost, the wait is complete. */
	status_wait(b, 2, BENCH_NOWHERE, VTD_WAIT_Q0_IF);
	bench_run(b);
	assert_int_equal(bench_read32(b, VTD_REG_ICS), VTD_ICS_IWC);
	assert_int_equal(fsts(b), 0);
	for (unsigned int bit = 0; bit < 2; bit++) {
		bench_write32(b, VTD_REG_FSTS, VTD_FSTS_IQE);
		status_wait(b, 3, b->status | HWI_BIT64(bit), 0);
		bench_run(b);
		assert_int_equal(bench_read64(b, VTD_REG_IQERCD), VTD_IQEI_RSVD);
	}
}

/* IWC set: no further event; masked: pending; cleared: IP goes. */
/* covers: REG_ICS REG_IECTL */
static void test_completion_event(void **state)
{
	struct bench *b = *state;

	bench_start_queue(b, true, 0);
	bench_do(b, WAIT | VTD_WAIT_Q0_IF, 0);
	assert_int_equal(b->msis, 0);
	assert_int_equal(bench_read32(b, VTD_REG_IECTL), VTD_IECTL_IM | VTD_IECTL_IP);
	bench_write32(b, VTD_REG_ICS, 0);
	assert_int_equal(bench_read32(b, VTD_REG_ICS), VTD_ICS_IWC);
	assert_int_equal(bench_read32(b, VTD_REG_IECTL), VTD_IECTL_IM | VTD_IECTL_IP);
	bench_write32(b, VTD_REG_ICS, 0xffffffff);
	assert_int_equal(bench_read32(b, VTD_REG_ICS), 0);
	assert_int_equal(bench_read32(b, VTD_REG_IECTL), VTD_IECTL_IM);
	bench_write32(b, VTD_REG_IECTL, 0);
	assert_int_equal(b->msis, 0);
	bench_do(b, WAIT | VTD_WAIT_Q0_IF, 0);
	bench_do(b, WAIT | VTD_WAIT_Q0_IF, 0);
	assert_int_equal(b->msis, 1);
	bench_write32(b, VTD_REG_ICS, VTD_ICS_IWC);
	bench_do(b, WAIT | VTD_WAIT_Q0_IF, 0);
	assert_int_equal(b->msis, 2);
}

/* The message: range by S, tag, PASID or not. */
/* covers: DSC_dev_tlb_inv DSC_p_dev_tlb_inv */
static void test_device_tlb_ranges(void **state)
{
	static const struct {
		uint64_t addr;
		bool s;
		uint64_t first;
		unsigned int span;
	} r[] = {
		{ 0x12345000, false, 0x12345000, 12 },
		{ 0x12345000, true, 0x12344000, 14 },
		{ 0x12344000, true, 0x12344000, 13 },
		{ 0x12343000, true, 0x12340000, 15 },
		{ 0x122ff000, true, 0x12200000, 21 },
		{ UINT64_C(0x7fffffff00000000) | 0xfffff000, true, 0, 64 },
		{ UINT64_C(0x3fffffff00000000) | 0xfffff000, true, 0, 63 },
		{ ~UINT64_C(0xfff), true, 0, 64 },
		{ ~UINT64_C(0xfff), false, ~UINT64_C(0xfff), 12 },
	};
	struct bench *b = *state;

	bench_start_scalable(b);
	bench_start_queue(b, true, 0);
	for (size_t i = 0; i < sizeof(r) / sizeof(r[0]); i++) {
		struct hwi_ats_invalidate *m;

		bench_do(b, DEV(SID) | HWI_PUT(VTD_DEV_TLB_Q0_MIP, 31),
			 r[i].addr | (r[i].s ? VTD_DEV_TLB_Q1_S : 0));
		m = &b->ats[b->atss - 1];
		assert_int_equal(m->requester, SID);
		assert_int_equal(m->pasid, HWI_PASID_NONE);
		assert_false(m->global);
		assert_int_equal(hwi_iova_val(m->addr), r[i].first);
		assert_int_equal(m->span_log2, r[i].span);
		assert_int_equal(hwi_ats_outstanding(b->unit), 1u << m->itag);
		hwi_ats_complete(b->unit, SID, 1u << m->itag, 1);
		assert_int_equal(hwi_ats_outstanding(b->unit), 0);

		bench_do(b,
			 VTD_DSC_PUT_TYPE(VTD_DSC_p_dev_tlb_inv) |
				 HWI_PUT(VTD_P_DEV_TLB_Q0_SID, SID) |
				 HWI_PUT(VTD_P_DEV_TLB_Q0_PASID, 0xfedcb),
			 r[i].addr | (r[i].s ? VTD_P_DEV_TLB_Q1_S : 0) |
				 (i & 1 ? VTD_P_DEV_TLB_Q1_GI : 0));
		m = &b->ats[b->atss - 1];
		assert_int_equal(m->requester, SID);
		assert_int_equal(m->pasid, 0xfedcb);
		assert_int_equal(m->global, i & 1);
		assert_int_equal(hwi_iova_val(m->addr), r[i].first);
		assert_int_equal(m->span_log2, r[i].span);
		hwi_ats_complete(b->unit, SID, 1u << m->itag, 1);
	}
	assert_int_equal(fsts(b), 0);
}

/* A wait completes when every invalidation before it has been answered. */
/* covers: DSC_inv_wait DSC_dev_tlb_inv */
static void test_wait_covers_device_tlbs(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_start_queue(b, true, 0);
	bench_submit(b, DEV(SID), 0);
	bench_submit(b, DEV(SID + 1), 0);
	assert_false(bench_wait(b));
	b->kicks = 0;
	hwi_ats_complete(b->unit, SID + 1, 2, 1);
	assert_int_equal(b->kicks, 0);
	bench_run(b);
	assert_int_not_equal(bench_r32(b, b->status), b->cookie);
	hwi_ats_complete(b->unit, SID, 1, 1);
	assert_int_equal(b->kicks, 1);
	assert_true(hwi_pending(b->unit));
	assert_int_equal(hwi_step(b->unit, 10), 1);
	assert_int_equal(bench_r32(b, b->status), b->cookie);
	assert_int_equal(bench_read64(b, VTD_REG_IQH), bench_read64(b, VTD_REG_IQT));
}

/* The completion count says how many messages carry the tag; 0 stands for 8. */
/* covers: DSC_dev_tlb_inv */
static void test_completion_count(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_start_queue(b, true, 0);
	for (unsigned int count = 0; count < 8; count++) {
		bench_submit(b, DEV(SID), 0);
		assert_false(bench_wait(b));
		for (unsigned int i = 1; i < (count ? count : 8); i++) {
			hwi_ats_complete(b->unit, SID, 1, count);
			bench_run(b);
			assert_int_not_equal(bench_r32(b, b->status), b->cookie);
		}
		hwi_ats_complete(b->unit, SID, 1, count);
		bench_run(b);
		assert_int_equal(bench_r32(b, b->status), b->cookie);
	}
	assert_int_equal(fsts(b), 0);
}

/* With FN=0 what follows a pending wait is worked on, with FN=1 it is not. */
/* covers: DSC_inv_wait */
static void test_point_11_35_fence(void **state)
{
	struct bench *b = *state;

	for (unsigned int fn = 0; fn < 2; fn++) {
		uint64_t end;

		bench_remake(b, NULL);
		bench_start_legacy(b);
		bench_start_queue(b, true, 0);
		bench_submit(b, DEV(SID), 0);
		status_wait(b, 0x77, b->status, fn ? VTD_WAIT_Q0_FN : 0);
		bench_submit(b, CC, 0);
		bench_submit(b, DEV(SID), 0);
		bench_run(b);
		assert_int_equal(bench_read64(b, VTD_REG_IQH), fn ? 64 : 128);
		assert_int_equal(b->atss, fn ? 1 : 2);
		/* The second wait covers the second invalidation alone; one at a time. */
		assert_false(bench_wait(b));
		end = bench_read64(b, VTD_REG_IQT);
		assert_int_equal(bench_read64(b, VTD_REG_IQH), fn ? 64 : 128);
		assert_false(hwi_pending(b->unit));
		hwi_ats_complete(b->unit, SID, 1, 1);
		assert_true(hwi_pending(b->unit));
		assert_int_equal(hwi_step(b->unit, 1), 1); /* the wait that is over */
		assert_true(hwi_pending(b->unit));	   /* and what stood behind it */
		bench_run(b);
		assert_int_equal(bench_r32(b, b->status), 0x77);
		assert_int_equal(bench_read64(b, VTD_REG_IQH), end);
		assert_int_equal(b->atss, 2);
		hwi_ats_complete(b->unit, SID, hwi_ats_outstanding(b->unit), 1);
		bench_run(b);
		assert_int_equal(bench_r32(b, b->status), b->cookie);
	}
}

/* All 32 tags out: the queue waits, and goes on with the first that is free. */
/* covers: DSC_dev_tlb_inv DSC_p_dev_tlb_inv */
static void test_no_free_tag_stalls(void **state)
{
	struct bench *b = *state;

	bench_start_scalable(b);
	bench_start_queue(b, true, 0);
	for (unsigned int i = 0; i < 33; i++)
		bench_submit(b, DEV(SID), 0);
	bench_submit(b,
		     VTD_DSC_PUT_TYPE(VTD_DSC_p_dev_tlb_inv) | HWI_PUT(VTD_P_DEV_TLB_Q0_SID, SID),
		     0);
	bench_run(b);
	assert_int_equal(b->atss, 32);
	assert_int_equal(hwi_ats_outstanding(b->unit), 0xffffffff);
	assert_int_equal(hwi_step(b->unit, 5), 0);
	assert_false(hwi_pending(b->unit));
	hwi_ats_complete(b->unit, SID, HWI_BIT32(17), 1);
	assert_true(hwi_pending(b->unit));
	assert_int_equal(hwi_step(b->unit, 5), 1);
	assert_int_equal(b->ats[32].itag, 17);
	assert_int_equal(hwi_step(b->unit, 5), 0); /* now the one with a PASID stalls */
	hwi_ats_complete(b->unit, SID, HWI_BIT32(3), 1);
	assert_int_equal(hwi_step(b->unit, 5), 1);
	assert_int_equal(b->ats[33].itag, 3);
	assert_int_equal(fsts(b), 0);
}

/* A completion nobody waits for: ICE with its source, and everything goes on. */
/* covers: REG_FSTS REG_IQERCD */
static void test_ice(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_start_queue(b, true, 0);
	bench_submit(b, DEV(SID), 0);
	assert_false(bench_wait(b));
	hwi_ats_complete(b->unit, 0x999, 1, 1); /* wrong source */
	assert_int_equal(fsts(b), VTD_FSTS_ICE);
	assert_int_equal(HWI_GET(VTD_IQERCD_ICESID, bench_read64(b, VTD_REG_IQERCD)), 0x999);
	assert_int_equal(hwi_ats_outstanding(b->unit), 1);
	hwi_ats_complete(b->unit, SID, 0x100, 1); /* unknown tag; the first error stays */
	assert_int_equal(HWI_GET(VTD_IQERCD_ICESID, bench_read64(b, VTD_REG_IQERCD)), 0x999);
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_ICE);
	assert_int_equal(fsts(b), 0);
	hwi_ats_complete(b->unit, SID, 0, 1); /* no tag at all */
	assert_int_equal(fsts(b), VTD_FSTS_ICE);
	assert_int_equal(HWI_GET(VTD_IQERCD_ICESID, bench_read64(b, VTD_REG_IQERCD)), SID);
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_ICE);
	/* A good and a bad tag in one message: the good one counts. */
	hwi_ats_complete(b->unit, SID, 0x3, 1);
	assert_int_equal(fsts(b), VTD_FSTS_ICE);
	bench_run(b); /* ICE stops nothing */
	assert_int_equal(bench_r32(b, b->status), b->cookie);
}

/*
 * Translation off: the completion is an Unsupported Request, which completes nothing
 * and is no ICE (§4.2.1, §4.3). Linux sends no device-TLB invalidation then for that
 * reason. On again, the next completion counts.
 */
/* covers: DSC_dev_tlb_inv REG_FSTS */
static void test_no_completion_is_taken_while_translation_is_off(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_start_queue(b, true, 0);
	bench_submit(b, DEV(SID), 0);
	assert_false(bench_wait(b));
	bench_gcmd(b, VTD_GCMD_TE, false);
	hwi_ats_complete(b->unit, SID, 1, 1);
	hwi_ats_complete(b->unit, 0x999, 0x80, 1);
	assert_int_equal(hwi_ats_outstanding(b->unit), 1);
	assert_int_equal(fsts(b), 0);
	bench_run(b);
	assert_int_not_equal(bench_r32(b, b->status), b->cookie);

	bench_gcmd(b, VTD_GCMD_TE, true);
	hwi_ats_complete(b->unit, SID, 1, 1);
	bench_run(b);
	assert_int_equal(bench_r32(b, b->status), b->cookie);

	/* Never on again: nothing is left but the time-out. */
	bench_gcmd(b, VTD_GCMD_TE, false);
	bench_submit(b, DEV(SID), 0);
	assert_false(bench_wait(b));
	hwi_ats_complete(b->unit, SID, 1, 1);
	hwi_ats_timeout(b->unit, 1);
	assert_int_equal(fsts(b), VTD_FSTS_ITE);
	assert_int_equal(hwi_ats_outstanding(b->unit), 0);
}

/* A time-out: ITE with its source, the wait is dropped, no fetch until it is cleared. */
/* covers: REG_FSTS REG_IQERCD DSC_inv_wait */
static void test_ite_and_recovery(void **state)
{
	struct bench *b = *state;
	uint32_t lost;

	bench_start_queue(b, true, 0);
	bench_submit(b, DEV(SID), 0);
	bench_submit(b, DEV(SID + 8), 0);
	assert_false(bench_wait(b));
	lost = b->cookie;
	bench_submit(b, CC, 0);
	hwi_ats_timeout(b->unit, ~1u); /* tag 1; the others are not out */
	assert_int_equal(fsts(b), VTD_FSTS_ITE);
	assert_int_equal(HWI_GET(VTD_IQERCD_ITESID, bench_read64(b, VTD_REG_IQERCD)), SID + 8);
	assert_int_equal(hwi_ats_outstanding(b->unit), 1);
	assert_int_equal(hwi_step(b->unit, 10), 0);
	assert_int_equal(bench_read64(b, VTD_REG_IQH), 96);
	/* A second time-out does not change the source; the other tag ends too. */
	hwi_ats_timeout(b->unit, 1);
	assert_int_equal(HWI_GET(VTD_IQERCD_ITESID, bench_read64(b, VTD_REG_IQERCD)), SID + 8);
	assert_int_equal(hwi_ats_outstanding(b->unit), 0);
	assert_false(bench_wait(b));
	assert_int_equal(bench_read64(b, VTD_REG_IQH), 96);
	b->kicks = 0;
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_ITE);
	assert_int_equal(b->kicks, 1);
	bench_run(b);
	assert_int_equal(bench_r32(b, b->status), b->cookie);
	assert_int_not_equal(b->cookie, lost);
	assert_int_equal(bench_read64(b, VTD_REG_IQH), bench_read64(b, VTD_REG_IQT));
	/* Next time the source is latched again. */
	bench_submit(b, DEV(0x4444), 0);
	bench_run(b);
	hwi_ats_timeout(b->unit, 0xffffffff);
	assert_int_equal(HWI_GET(VTD_IQERCD_ITESID, bench_read64(b, VTD_REG_IQERCD)), 0x4444);
}

/* A bad descriptor does not hold up what was fetched before it (§6.5.2.11). */
/* covers: DSC_inv_wait DSC_dev_tlb_inv REG_FSTS REG_IQH */
static void test_queue_error_behind_a_wait(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_start_queue(b, true, 0);
	bench_submit(b, DEV(SID), 0);
	status_wait(b, 0x55, b->status, VTD_WAIT_Q0_IF);
	bench_submit(b, VTD_DSC_PUT_TYPE(15), 0);
	bench_run(b);
	assert_int_equal(fsts(b), VTD_FSTS_IQE);
	assert_int_equal(bench_read64(b, VTD_REG_IQH), 64);
	assert_int_equal(bench_r32(b, b->status), 0);
	hwi_ats_complete(b->unit, SID, 1, 1);
	bench_run(b);
	assert_int_equal(bench_r32(b, b->status), 0x55);
	assert_int_equal(bench_read32(b, VTD_REG_ICS), VTD_ICS_IWC);
	assert_int_equal(fsts(b), VTD_FSTS_IQE);
	assert_int_equal(bench_read64(b, VTD_REG_IQH), 64);
}

/* While ITE is set completions count as always, and a stray one is an ICE (§6.5.2.11). */
/* covers: DSC_dev_tlb_inv REG_FSTS REG_IQERCD */
static void test_completions_after_a_time_out(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_start_queue(b, true, 0);
	bench_submit(b, DEV(SID), 0);
	bench_submit(b, DEV(SID + 8), 0);
	status_wait(b, 0x55, b->status, 0);
	bench_run(b);
	hwi_ats_timeout(b->unit, 1);
	assert_int_equal(fsts(b), VTD_FSTS_ITE);
	hwi_ats_complete(b->unit, SID + 8, 2, 1);
	assert_int_equal(hwi_ats_outstanding(b->unit), 0);
	assert_int_equal(fsts(b), VTD_FSTS_ITE);
	/* Too late: the tag is free. */
	hwi_ats_complete(b->unit, SID, 1, 1);
	assert_int_equal(fsts(b), VTD_FSTS_ITE | VTD_FSTS_ICE);
	assert_int_equal(HWI_GET(VTD_IQERCD_ICESID, bench_read64(b, VTD_REG_IQERCD)), SID);
	assert_int_equal(HWI_GET(VTD_IQERCD_ITESID, bench_read64(b, VTD_REG_IQERCD)), SID);
	/* The wait is lost for good. */
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_ITE | VTD_FSTS_ICE);
	bench_run(b);
	assert_int_equal(bench_r32(b, b->status), 0);
	assert_int_equal(fsts(b), 0);
	assert_true(bench_wait(b));
}

/* Nobody there: the time-out comes at once, and does not hold up the queue for ever. */
/* covers: DSC_dev_tlb_inv REG_IQERCD */
static void test_no_such_function_times_out(void **state)
{
	struct bench *b = *state;

	for (unsigned int how = 0; how < 2; how++) {
		bench_remake(b, NULL);
		if (how == 0)
			b->no_such_function = true;
		else
			b->ops.ats_invalidate = NULL;
		bench_start_queue(b, true, 0);
		bench_submit(b, DEV(SID), 0);
		assert_false(bench_wait(b));
		assert_int_equal(fsts(b), VTD_FSTS_ITE);
		assert_int_equal(HWI_GET(VTD_IQERCD_ITESID, bench_read64(b, VTD_REG_IQERCD)), SID);
		assert_int_equal(hwi_ats_outstanding(b->unit), 0);
		assert_int_equal(bench_read64(b, VTD_REG_IQH), 32);
		bench_write32(b, VTD_REG_FSTS, VTD_FSTS_ITE);
		bench_run(b);
		assert_int_equal(bench_r32(b, b->status), b->cookie);
	}
}

/* An IOTLB invalidation drains before the next wait completes; which do is by version. */
/* covers: DSC_inv_wait DSC_iotlb_inv DSC_p_iotlb_inv DSC_iec_inv */
static void test_wait_drains(void **state)
{
	static const struct {
		unsigned int version;
		uint64_t cap, q0;
		bool drains;
	} cases[] = {
		{ 6, 0, IOTLB, true },
		{ 2, 0, IOTLB, true },
		{ 6, 0, CC, false },
		{ 6, 0, VTD_DSC_PUT_TYPE(VTD_DSC_iec_inv), true },
		{ 6, 0, WAIT, false },
		{ 1, VTD_CAP_DRD | VTD_CAP_DWD, IOTLB, false },
		{ 1, VTD_CAP_DRD | VTD_CAP_DWD, IOTLB | VTD_IOTLB_INV_Q0_DR, true },
		{ 1, VTD_CAP_DRD | VTD_CAP_DWD, IOTLB | VTD_IOTLB_INV_Q0_DW, true },
		{ 1, VTD_CAP_DWD, IOTLB | VTD_IOTLB_INV_Q0_DR, false },
		{ 1, VTD_CAP_DRD, IOTLB | VTD_IOTLB_INV_Q0_DW, false },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hwi_vtd_config cfg;

		bench_config(&cfg);
		cfg.ver_major = (uint8_t)cases[i].version;
		if (cases[i].version < 2)
			cfg.cap = (cfg.cap & ~(VTD_CAP_DRD | VTD_CAP_DWD)) | cases[i].cap;
		bench_remake(b, &cfg);
		bench_start_queue(b, true, 0);
		b->busy = true;
		bench_do(b, cases[i].q0, 0);
		assert_int_equal(b->drains, 0); /* not yet: the wait asks */
		assert_int_equal(bench_wait(b), !cases[i].drains);
		assert_int_equal(b->drains != 0, cases[i].drains);
		assert_int_equal(hwi_step(b->unit, 10), 0);
		b->busy = false;
		bench_run(b);
		assert_int_equal(bench_r32(b, b->status), b->cookie);
		/* It is owed once. */
		b->drains = 0;
		assert_true(bench_wait(b));
		assert_int_equal(b->drains, 0);
	}
}

/* A PASID-selective invalidation always drains. */
/* covers: DSC_p_iotlb_inv DSC_inv_wait */
static void test_pasid_invalidation_drains(void **state)
{
	struct bench *b = *state;

	bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_SCALABLE));
	bench_start_queue(b, true, 0);
	b->busy = true;
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_p_iotlb_inv) |
			 HWI_PUT(VTD_P_IOTLB_Q0_G, VTD_P_IOTLB_G_PASID),
		 0);
	bench_submit(b, WAIT, 0);
	assert_int_equal(hwi_step(b->unit, 1), 1); /* fetched; nobody was asked yet */
	assert_int_equal(b->drains, 0);
	assert_true(hwi_pending(b->unit));
	assert_int_equal(hwi_step(b->unit, 1), 0);
	assert_int_equal(b->drains, 1);
	assert_false(hwi_pending(b->unit));
	assert_false(bench_wait(b));
	b->busy = false;
	bench_run(b);
	assert_int_equal(bench_r32(b, b->status), b->cookie);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_each_combination_of_forms),
		T(test_point_11_39_status_write),
		T(test_completion_event),
		T(test_device_tlb_ranges),
		T(test_wait_covers_device_tlbs),
		T(test_completion_count),
		T(test_point_11_35_fence),
		T(test_no_free_tag_stalls),
		T(test_ice),
		T(test_no_completion_is_taken_while_translation_is_off),
		T(test_ite_and_recovery),
		T(test_queue_error_behind_a_wait),
		T(test_completions_after_a_time_out),
		T(test_no_such_function_times_out),
		T(test_wait_drains),
		T(test_pasid_invalidation_drains),
	};

	return cmocka_run_group_tests_name("wait", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* CMD_SYNC and what it waits for, CMD_ATC_INV (SMMUv3 §4.5.1, §4.7.3, §7.1). */
#include "smmu_bench.h"

#include "hwiommu/bits.h"

#define SYNC_IRQ (SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_IRQ))
#define SYNC_SEV (SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_SEV))
#define DATA(d) HWI_PUT(SMMU_CMD_SYNC0_MSIDATA, d)
#define ATC(sid) (SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, sid))
#define ATC_ALL UINT64_C(52)

/* covers: CMD_SYNC */
static void signals_are_none_irq_or_sev(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t at = sb_alloc(b, 1);

	sb_do(b, SMMU_CMD_SYNC | DATA(0x11), at); /* NONE: the MSI fields mean nothing */
	assert_int_equal(b->msis + b->sevs + b->edges[HWI_SMMUV3_IRQ_CMD_SYNC], 0);
	sb_do(b, SYNC_SEV | DATA(0x22), at);
	assert_int_equal(b->sevs, 1);
	assert_int_equal(b->msis + b->edges[HWI_SMMUV3_IRQ_CMD_SYNC], 0);
	sb_w64(b, at, ~UINT64_C(0));
	sb_do(b, SYNC_IRQ | DATA(0x12345678), at);
	assert_int_equal(b->msis, 1);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMD_SYNC], 1);
	assert_int_equal(b->sevs, 1);
	assert_true(sb_r64(b, at) == UINT64_C(0xffffffff12345678)); /* 4 bytes */
	sb_refuse(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_RSVD), 0,
		  SMMU_CERROR_ILL);
}

/* Point 45: address 0 writes nothing; the wire pulses all the same. */
/* covers: POINT_45 CMD_SYNC */
static void address_0_is_no_message(void **state)
{
	struct smmu_bench *b = *state;

	sb_do(b, SYNC_IRQ | DATA(7), 0);
	assert_int_equal(b->msis, 0);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMD_SYNC], 1);
	assert_int_equal(sb_r64(b, 0), 0);
}

/* Whether there is an address is asked of the whole field, before it is cut to OAS (§4.7.3). */
/* covers: CMD_SYNC */
static void address_above_oas_is_an_address(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	uint64_t at;

	sb_config(&cfg);
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_OAS, cfg.idr5, SMMU_OAS_40);
	sb_remake(b, &cfg);
	sb_start(b);
	at = sb_alloc(b, 1);
	sb_do(b, SYNC_IRQ | DATA(0x77), at | HWI_BIT64(40) | HWI_BIT64(51));
	assert_int_equal(b->msis, 1);
	assert_true(b->msi[0].addr == at);
	assert_int_equal(sb_r32(b, at), 0x77);
	sb_do(b, SYNC_IRQ | DATA(0x78), HWI_BIT64(40));
	assert_int_equal(b->msis, 2);
	assert_true(b->msi[1].addr == 0);
	assert_int_equal(sb_r32(b, 0), 0x78);
	/* Bits 1:0 are no part of it. */
	sb_do(b, SYNC_IRQ | DATA(0x79), at | 3);
	assert_true(b->msi[2].addr == at);
	sb_do(b, SYNC_IRQ | DATA(0x7a), 3);
	assert_int_equal(b->msis, 3);
}

/* Point 45: the message may go into the command's own slot, as Linux has it. */
/* covers: POINT_45 CMD_SYNC */
static void message_into_its_own_slot(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < 100; i++) {
		uint64_t slot = b->cmdq.addr + 16 * (uint64_t)(b->cmdq.at & 31);

		assert_int_equal(sb_submit(b, SYNC_IRQ, slot), slot);
		(void)sb_run(b);
		assert_int_equal(sb_r32(b, slot), 0); /* what Linux polls for */
		assert_true(sb_r64(b, slot + 8) == slot);
		assert_int_equal(sb_gerror(b), 0);
		assert_true(sb_cmdq_empty(b));
	}
}

/* covers: CMD_SYNC REG_GERROR */
static void aborted_message_is_a_global_error(void **state)
{
	struct smmu_bench *b = *state;

	sb_start_irqs(b);
	(void)sb_submit(b, SYNC_IRQ, SB_NOWHERE);
	(void)sb_submit(b, SYNC_IRQ, SB_NOWHERE);
	(void)sb_run(b);
	assert_true(sb_cmdq_empty(b)); /* the queue goes on */
	assert_int_equal(sb_gerror(b), SMMU_GERROR_MSI_CMDQ_ABT_ERR);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_GERROR], 1);
	assert_int_equal(b->msis, 3); /* two aborted, one of GERROR */
	assert_int_equal(b->msi[1].data, 3);
	sb_gerror_ack(b);
	sb_do(b, SYNC_IRQ, SB_DOORBELL);
	assert_int_equal(sb_gerror(b), 0);
}

/* MSI, SEV: only if the unit has them. */
/* covers: CMD_SYNC REG_IDR0 */
static void signals_need_their_feature(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_MSI | SMMU_IDR0_SEV);
	sb_remake(b, &cfg);
	sb_start(b);
	sb_do(b, SYNC_IRQ, SB_DOORBELL);
	sb_do(b, SYNC_SEV, 0);
	assert_int_equal(b->msis, 0);
	assert_int_equal(b->sevs, 0);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMD_SYNC], 1);
}

/* Nothing after a CMD_SYNC starts before it is complete. */
/* covers: CMD_SYNC CMD_ATC_INV */
static void waits_for_atcs(void **state)
{
	struct smmu_bench *b = *state;
	uint32_t at = sb_read(b, SMMU_REG_CMDQ_CONS);

	(void)sb_submit(b, ATC(0x10), ATC_ALL);
	(void)sb_submit(b, ATC(0x18), ATC_ALL);
	(void)sb_submit(b, SYNC_IRQ | DATA(9), SB_DOORBELL);
	(void)sb_submit(b, ATC(0x20), ATC_ALL);
	(void)sb_run(b);
	assert_int_equal(b->atss, 2);
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_CONS), at + 2);
	assert_int_equal(hwi_ats_outstanding(b->unit), 3);
	/* Somebody else's completion, an unknown tag: nothing. */
	hwi_ats_complete(b->unit, 0x18, 1, 1);
	hwi_ats_complete(b->unit, 0x10, 4, 1);
	assert_int_equal(hwi_ats_outstanding(b->unit), 3);
	sb_clear_logs(b);
	hwi_ats_complete(b->unit, 0x10, 1, 1);
	assert_int_equal(b->kicks, 0);
	(void)sb_run(b);
	assert_int_equal(b->msis, 0);
	hwi_ats_complete(b->unit, 0x18, 2, 1);
	assert_int_equal(b->kicks, 1);
	(void)sb_run(b);
	assert_int_equal(b->msis, 1);
	assert_int_equal(b->msi[0].data, 9);
	assert_int_equal(b->atss, 1); /* the one behind */
	assert_true(sb_cmdq_empty(b));
}

/* Several messages complete one request; 0 stands for 8. */
/* covers: CMD_ATC_INV */
static void completions_are_counted(void **state)
{
	struct smmu_bench *b = *state;

	sb_do(b, ATC(1), ATC_ALL);
	for (unsigned int i = 0; i < 8; i++) {
		assert_int_equal(hwi_ats_outstanding(b->unit), 1);
		hwi_ats_complete(b->unit, 1, 1, 0);
	}
	assert_int_equal(hwi_ats_outstanding(b->unit), 0);
}

/* covers: CMD_ATC_INV */
static void the_request_says_what_the_command_says(void **state)
{
	struct smmu_bench *b = *state;
	const struct hwi_ats_invalidate *inv = b->ats;

	sb_do(b, ATC(0xfedc), UINT64_C(0x123456789abcd000) | 4);
	assert_int_equal(inv->requester, 0xfedc);
	assert_int_equal(inv->pasid, HWI_PASID_NONE);
	assert_false(inv->global);
	assert_int_equal(inv->span_log2, 16);
	assert_true(hwi_iova_val(inv->addr) == UINT64_C(0x123456789abc0000));
	inv++;
	/* Global without a PASID means nothing. */
	sb_do(b, ATC(1) | SMMU_CMD_ATC_INV0_GLOBAL, UINT64_C(0xfffffffffffff000));
	assert_false(inv->global);
	assert_int_equal(inv->span_log2, 12);
	assert_true(hwi_iova_val(inv->addr) == UINT64_C(0xfffffffffffff000));
	inv++;
	sb_do(b, ATC(1) | SMMU_CMD_ATC_INV0_GLOBAL | SMMU_CMD0_SSV |
			HWI_PUT(SMMU_CMD0_SSID, 0xabcde), ATC_ALL | UINT64_C(0xfff000));
	assert_true(inv->global);
	assert_int_equal(inv->pasid, 0xabcde);
	assert_int_equal(inv->span_log2, 64);
	assert_true(hwi_iova_val(inv->addr) == 0);
	assert_true(inv->itag != b->ats[0].itag && inv->itag != b->ats[1].itag);
	hwi_ats_timeout(b->unit, hwi_ats_outstanding(b->unit));
	(void)sb_submit(b, ATC(1), 53);
	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_ILL);
	assert_int_equal(b->atss, 3);
}

/*
 * IDR1.SSIDSIZE=0: no PASIDs here, so the SubstreamID does not count; SSV, which software must not
 * set then, acts as 0 (§4.5.1 leaves that, or no effect).
 */
/* covers: CMD_ATC_INV REG_IDR1 */
static void without_substreams_requests_have_no_pasid(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr1 &= ~SMMU_IDR1_SSIDSIZE;
	sb_remake(b, &cfg);
	sb_start(b);
	sb_do(b, ATC(0x10) | SMMU_CMD0_SSV | SMMU_CMD_ATC_INV0_GLOBAL | HWI_PUT(SMMU_CMD0_SSID, 5),
	      ATC_ALL);
	assert_int_equal(b->atss, 1);
	assert_int_equal(b->ats[0].requester, 0x10);
	assert_int_equal(b->ats[0].pasid, HWI_PASID_NONE);
	assert_false(b->ats[0].global);
}

/* A 33rd request waits for a tag. */
/* covers: CMD_ATC_INV */
static void tags_run_out(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < 31; i++)
		sb_do(b, ATC(i), ATC_ALL);
	(void)sb_submit(b, ATC(31), ATC_ALL);
	(void)sb_submit(b, ATC(32), ATC_ALL);
	(void)sb_run(b);
	assert_int_equal(b->atss, 32);
	assert_false(sb_cmdq_empty(b));
	assert_int_equal(hwi_ats_outstanding(b->unit), UINT32_MAX);
	hwi_ats_complete(b->unit, 7, HWI_BIT32(b->ats[7].itag), 1);
	(void)sb_run(b);
	assert_int_equal(b->atss, 33);
	assert_int_equal(b->ats[32].itag, b->ats[7].itag);
	assert_true(sb_cmdq_empty(b));
	hwi_ats_timeout(b->unit, UINT32_MAX);
	assert_int_equal(hwi_ats_outstanding(b->unit), 0);
}

/* Point 27: a time-out shows at the CMD_SYNC, which is tried again after the acknowledgement. */
/* covers: POINT_27 CMD_SYNC CMD_ATC_INV REG_CMDQ_CONS */
static void time_out_points_at_the_sync(void **state)
{
	struct smmu_bench *b = *state;
	uint32_t at = sb_read(b, SMMU_REG_CMDQ_CONS);

	(void)sb_submit(b, ATC(1), ATC_ALL);
	(void)sb_submit(b, ATC(2), ATC_ALL);
	(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	(void)sb_submit(b, SYNC_IRQ, SB_DOORBELL);
	(void)sb_run(b);
	hwi_ats_timeout(b->unit, HWI_BIT32(b->ats[0].itag) | HWI_BIT32(20)); /* 20: not outstanding */
	assert_int_equal(sb_run(b), 0); /* the other may still answer */
	assert_int_equal(sb_gerror(b), 0);
	hwi_ats_complete(b->unit, 2, HWI_BIT32(b->ats[1].itag), 1);
	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_ATC_INV_SYNC);
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_CONS) & SMMU_Q_INDEX, at + 3);
	assert_int_equal(b->msis, 0);
	sb_gerror_ack(b);
	(void)sb_run(b);
	assert_int_equal(sb_gerror(b), 0);
	assert_int_equal(b->msis, 1);
	assert_true(sb_cmdq_empty(b));
}

/* Nobody there answers Unsupported Request: complete, nothing guaranteed (§3.9.1.5). */
/* covers: CMD_ATC_INV */
static void absent_function_is_no_error(void **state)
{
	struct smmu_bench *b = *state;

	b->no_such_function = true;
	sb_do(b, ATC(1), ATC_ALL);
	assert_int_equal(hwi_ats_outstanding(b->unit), 0);
	sb_sync(b);
}

/* covers: CMD_ATC_INV REG_CR0 */
static void ignored_while_smmuen_is_0(void **state)
{
	struct smmu_bench *b = *state;

	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_do(b, ATC(1), ATC_ALL);
	sb_sync(b);
	assert_int_equal(b->atss, 0);
	sb_refuse(b, ATC(1), 63, SMMU_CERROR_ILL); /* illegal beats ignored (§4.1.3) */
}

/* Requests under way: asked about at each step until they are through. */
/* covers: CMD_SYNC */
static void waits_for_requests_under_way(void **state)
{
	struct smmu_bench *b = *state;

	b->busy = true;
	(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	(void)sb_submit(b, SYNC_SEV, 0);
	assert_int_equal(hwi_step(b->unit, 10), 1);
	assert_int_equal(b->drains, 1);
	assert_false(hwi_pending(b->unit)); /* the machine knows when it is done */
	assert_int_equal(hwi_step(b->unit, 10), 0);
	assert_int_equal(b->drains, 2);
	assert_int_equal(b->sevs, 0);
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 1);
	assert_int_equal(b->drains, 3);
	assert_int_equal(b->sevs, 1);
	assert_true(sb_cmdq_empty(b));
}

/* A command that waits is not fetched again, unless the queue was disabled meanwhile. */
/* covers: CMD_SYNC REG_CR0 */
static void a_waiting_sync_is_as_it_was_fetched(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t at;

	sb_do(b, ATC(1), ATC_ALL);
	at = sb_submit(b, SYNC_SEV, 0);
	(void)sb_run(b);
	sb_w64(b, at, 0);
	hwi_ats_complete(b->unit, 1, 1, 1);
	(void)sb_run(b);
	assert_int_equal(b->sevs, 1);
	assert_int_equal(sb_gerror(b), 0);

	sb_do(b, ATC(1), ATC_ALL);
	at = sb_submit(b, SYNC_SEV, 0);
	(void)sb_run(b);
	sb_cr0(b, SMMU_CR0_CMDQEN, false);
	sb_w64(b, at, 0);
	hwi_ats_complete(b->unit, 1, 1, 1);
	sb_cr0(b, SMMU_CR0_CMDQEN, true);
	(void)sb_run(b);
	assert_int_equal(b->sevs, 1);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_ILL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(signals_are_none_irq_or_sev),
		TEST(address_0_is_no_message),
		TEST(address_above_oas_is_an_address),
		TEST(message_into_its_own_slot),
		TEST(aborted_message_is_a_global_error),
		TEST(signals_need_their_feature),
		TEST(waits_for_atcs),
		TEST(completions_are_counted),
		TEST(the_request_says_what_the_command_says),
		TEST(without_substreams_requests_have_no_pasid),
		TEST(tags_run_out),
		TEST(time_out_points_at_the_sync),
		TEST(absent_function_is_no_error),
		TEST(ignored_while_smmuen_is_0),
		TEST(waits_for_requests_under_way),
		TEST(a_waiting_sync_is_as_it_was_fetched),
	};

	return cmocka_run_group_tests_name("smmu_sync", tests, NULL, NULL);
}

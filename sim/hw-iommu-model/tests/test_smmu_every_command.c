/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Each command that talks to somebody: endpoints, stalled clients, software that waits (SMMUv3 §4.5, §4.7). What it does,
 * what it ignores, and when it is illegal. Commands are written out as numbers where fields are what is tested.
 */
#include "smmu_world.h"

#define ATC_INV(sid) (0x40 | (uint64_t)(sid) << 32)
#define PRI_RESP(sid) (0x41 | (uint64_t)(sid) << 32)
#define RESUME(sid) (0x44 | (uint64_t)(sid) << 32)
#define STALL_TERM(sid) (0x45 | (uint64_t)(sid) << 32)
#define SYNC(cs) (0x46 | (uint64_t)(cs) << 12)
#define SSV(ssid) (UINT64_C(1) << 11 | (uint64_t)(ssid) << 12)
#define GLOBAL (UINT64_C(1) << 9)
#define AC (UINT64_C(1) << 12)
#define AB (UINT64_C(1) << 13)

/* Another unit on the bench, started. */
static void remake(struct smmu_bench *b, uint32_t set_idr0, uint32_t clear_idr0)
{
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr0 = (cfg.idr0 & ~clear_idr0) | set_idr0;
	if (!(cfg.idr0 & SMMU_IDR0_PRI))
		cfg.idr1 &= ~SMMU_IDR1_PRIQS;
	if (HWI_GET32(SMMU_IDR0_STALL_MODEL, cfg.idr0) == SMMU_STALL_MODEL_NONE)
		cfg.idr5 &= ~SMMU_IDR5_STALL_MAX;
	sb_fini(b);
	sb_init(b, &cfg);
	sb_start(b);
}

static void expect_inv(struct smmu_bench *b, uint32_t pasid, bool global, uint64_t addr, unsigned int span)
{
	const struct hwi_ats_invalidate *inv = &b->ats[0];

	assert_int_equal(b->atss, 1);
	assert_int_equal(inv->requester, 0x1234);
	assert_int_equal(inv->pasid, pasid);
	assert_int_equal(inv->global, global);
	assert_int_equal(hwi_iova_val(inv->addr), addr);
	assert_int_equal(inv->span_log2, span);
	assert_int_equal(hwi_ats_outstanding(b->unit), 1u << inv->itag);
	hwi_ats_complete(b->unit, 0x1234, 1u << inv->itag, 1);
	assert_int_equal(hwi_ats_outstanding(b->unit), 0);
	b->atss = 0;
}

/* covers: CMD_ATC_INV */
static void atc_inv_is_sent_to_the_endpoint(void **state)
{
	struct smmu_bench *b = *state;

	sb_do(b, ATC_INV(0x1234), 0x12345000 | 2);
	expect_inv(b, HWI_PASID_NONE, false, 0x12344000, 14);
	sb_do(b, ATC_INV(0x1234) | SSV(0xabcde), 0x12345000);
	expect_inv(b, 0xabcde, false, 0x12345000, 12);
	sb_do(b, ATC_INV(0x1234) | SSV(0xabcde) | GLOBAL, UINT64_C(0xfff0000012345000) | 9);
	expect_inv(b, 0xabcde, true, UINT64_C(0xfff0000012200000), 21);
	/* Global means something with a SubstreamID only, and SSID with SSV only. */
	sb_do(b, ATC_INV(0x1234) | (SSV(5) & ~SSV(0)) | GLOBAL, 0x1000);
	expect_inv(b, HWI_PASID_NONE, false, 0x1000, 12);
	sb_do(b, ATC_INV(0x1234), UINT64_C(0x123456789abcd000) | 52);
	expect_inv(b, HWI_PASID_NONE, false, 0, 64);
}

/* Point 27: a time-out shows at the CMD_SYNC, which is retried when it is acknowledged. */
/* covers: POINT_27 CMD_ATC_INV CMD_SYNC REG_CMDQ_CONS REG_GERROR */
static void sync_waits_for_atc_invalidations(void **state)
{
	struct smmu_bench *b = *state;

	(void)sb_submit(b, ATC_INV(0x1234), 0x1000);
	(void)sb_submit(b, ATC_INV(0x5678), 0x1000);
	(void)sb_submit(b, SYNC(0), 0);
	(void)sb_submit(b, STALL_TERM(1), 0);
	(void)sb_run(b);
	assert_int_equal(b->atss, 2);
	assert_int_not_equal(b->ats[0].itag, b->ats[1].itag);
	assert_int_equal((sb_read(b, SMMU_REG_CMDQ_CONS) + 2) & 0x3f, b->cmdq.at);
	hwi_ats_complete(b->unit, 0x1234, 1u << b->ats[0].itag, 1);
	(void)sb_run(b);
	assert_false(sb_cmdq_empty(b));
	/* Another function's tag is no completion of this one's. */
	hwi_ats_complete(b->unit, 0x1234, 1u << b->ats[1].itag, 1);
	(void)sb_run(b);
	assert_false(sb_cmdq_empty(b));
	hwi_ats_timeout(b->unit, 1u << b->ats[1].itag);
	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), 3); /* CERROR_ATC_INV_SYNC */
	assert_int_equal((sb_read(b, SMMU_REG_CMDQ_CONS) + 2) & 0x3f, b->cmdq.at);
	sb_gerror_ack(b);
	(void)sb_run(b);
	assert_int_equal(sb_gerror(b), 0);
	assert_true(sb_cmdq_empty(b));
}

/* Point 50 and §4.5.1: illegal, ignored, and answered by nobody. */
/* covers: POINT_50 CMD_ATC_INV */
static void atc_inv_without_ats(void **state)
{
	struct smmu_bench *b = *state;

	b->no_such_function = true;
	sb_do(b, ATC_INV(0x1234), 0x1000);
	sb_sync(b);
	b->no_such_function = false;
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_do(b, ATC_INV(0x1234), 0x1000);
	sb_sync(b);
	assert_int_equal(b->atss, 0);
	remake(b, 0, SMMU_IDR0_ATS | SMMU_IDR0_PRI | SMMU_IDR0_ATSRECERR);
	sb_refuse(b, ATC_INV(0x1234), 0x1000, SMMU_CERROR_ILL);
	assert_int_equal(b->atss, 0);
}

/* covers: CMD_PRI_RESP */
static void pri_resp_is_sent_to_the_endpoint(void **state)
{
	static const struct {
		unsigned int resp, code;
	} codes[] = { { 0, 0xf }, { 1, 0x1 }, { 2, 0x0 } };
	struct smmu_bench *b = *state;

	for (unsigned int n = 0; n < 3; n++) {
		sb_do(b, PRI_RESP(0x1234) | SSV(0xabcde), (uint64_t)codes[n].resp << 12 | 0x1a5);
		assert_int_equal(b->prgs, 1);
		assert_int_equal(b->prg[0].requester, 0x1234);
		assert_int_equal(b->prg[0].pasid, 0xabcde);
		assert_int_equal(b->prg[0].prgi, 0x1a5);
		assert_int_equal(b->prg[0].code, codes[n].code);
		b->prgs = 0;
	}
	sb_do(b, PRI_RESP(0x1234) | (SSV(5) & ~SSV(0)), 2u << 12);
	assert_int_equal(b->prgs, 1);
	assert_int_equal(b->prg[0].pasid, HWI_PASID_NONE);
	b->prgs = 0;
	sb_refuse(b, PRI_RESP(0x1234), 3u << 12, SMMU_CERROR_ILL);
	/* Ignored; but what is illegal is that first (§4.1.3). */
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_do(b, PRI_RESP(0x1234), 2u << 12);
	sb_refuse(b, PRI_RESP(0x1234), 3u << 12, SMMU_CERROR_ILL);
	assert_int_equal(b->prgs, 0);
	remake(b, 0, SMMU_IDR0_PRI);
	sb_refuse(b, PRI_RESP(0x1234), 2u << 12, SMMU_CERROR_ILL);
	assert_int_equal(b->prgs, 0);
}

/* ---- stalls ---- */

#define OTHER_SID 0x42u

/* A stream that stalls whatever it does, and another like it. */
static void stalling(struct smmu_bench *b, struct sw *w)
{
	uint64_t at = sb_ste(b, OTHER_SID);

	sw_s1(w, b, VMSA_SHIFT_4K);
	sw_cd(w, 0, SMMU_CD0_S, 0);
	sw_set(w, sw_s1_at(w, SW_IN, 3), 0, VMSA_DESC_VALID);
	for (unsigned int n = 0; n < SMMU_STE_DWORDS; n++)
		sb_w64(b, at + 8 * (uint64_t)n, sb_r64(b, w->ste + 8 * (uint64_t)n));
	sb_invalidate_all(b);
	sb_clear_logs(b);
}

/* One stalled read; its STAG. */
static uint64_t stall(struct smmu_bench *b, uint32_t sid)
{
	struct hwi_response r = sb_dma(b, sid, HWI_PASID_NONE, SW_IN, HWI_READ);
	struct sw_record rec = sw_record(b, SMMU_EVT_F_TRANSLATION, sid);

	assert_int_equal(r.outcome, HWI_STALLED);
	assert_true(rec.stall);
	assert_int_equal(rec.stag, r.stall);
	return r.stall;
}

static void expect_resume(struct smmu_bench *b, uint32_t sid, uint64_t stag, enum hwi_resume action)
{
	assert_int_equal(b->resumes, 1);
	assert_int_equal(b->resume[0].requester, sid);
	assert_int_equal(b->resume[0].tag, stag);
	assert_int_equal(b->resume[0].action, action);
	b->resumes = 0;
}

/* covers: CMD_RESUME */
static void resume_ends_one_stall(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t a, c, d;
	struct sw w;

	stalling(b, &w);
	a = stall(b, SW_SID);
	c = stall(b, SW_SID);
	d = stall(b, OTHER_SID);
	assert_int_not_equal(a, c);
	assert_int_not_equal(a, d);
	assert_int_not_equal(c, d);
	/* Both StreamID and STAG have to be those of a stall; else nothing, and no error. */
	sb_do(b, RESUME(SW_SID) | AC, d);
	sb_do(b, RESUME(OTHER_SID) | AC, a);
	sb_do(b, RESUME(SW_SID) | AC, 0xffff);
	assert_int_equal(b->resumes, 0);
	sb_do(b, RESUME(SW_SID) | AC, c);
	expect_resume(b, SW_SID, c, HWI_RESUME_RETRY);
	sb_do(b, RESUME(SW_SID) | AC, c); /* it is over */
	assert_int_equal(b->resumes, 0);
	sb_do(b, RESUME(SW_SID) | AB, a);
	expect_resume(b, SW_SID, a, HWI_RESUME_ABORT);
	sb_do(b, RESUME(OTHER_SID), d);
	expect_resume(b, OTHER_SID, d, HWI_RESUME_TERMINATE);
	/* With Ac the other action does not count. */
	a = stall(b, SW_SID);
	sb_do(b, RESUME(SW_SID) | AC | AB, a);
	expect_resume(b, SW_SID, a, HWI_RESUME_RETRY);
	a = stall(b, SW_SID);
	sb_refuse(b, RESUME(SW_SID) | AC | SMMU_CMD0_SSEC, a, SMMU_CERROR_ILL);
	assert_int_equal(b->resumes, 0);
}

/* TERM_MODEL=1: nothing is ever ended in silence. */
/* covers: CMD_RESUME REG_IDR0 */
static void resume_aborts_with_term_model(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t stag;
	struct sw w;

	remake(b, SMMU_IDR0_TERM_MODEL, 0);
	stalling(b, &w);
	stag = stall(b, SW_SID);
	sb_do(b, RESUME(SW_SID), stag);
	expect_resume(b, SW_SID, stag, HWI_RESUME_ABORT);
}

/* covers: CMD_STALL_TERM */
static void stall_term_ends_a_streams_stalls(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t a, c, d;
	struct sw w;

	stalling(b, &w);
	a = stall(b, SW_SID);
	d = stall(b, OTHER_SID);
	c = stall(b, SW_SID);
	sb_do(b, STALL_TERM(0x77), 0);
	assert_int_equal(b->resumes, 0);
	sb_do(b, STALL_TERM(SW_SID), 0);
	assert_int_equal(b->resumes, 2);
	for (unsigned int n = 0; n < 2; n++) {
		assert_int_equal(b->resume[n].requester, SW_SID);
		assert_int_equal(b->resume[n].action, HWI_RESUME_ABORT);
		assert_true(b->resume[n].tag == a || b->resume[n].tag == c);
	}
	assert_int_not_equal(b->resume[0].tag, b->resume[1].tag);
	b->resumes = 0;
	sb_do(b, STALL_TERM(SW_SID), 0);
	assert_int_equal(b->resumes, 0);
	sb_refuse(b, STALL_TERM(OTHER_SID) | SMMU_CMD0_SSEC, 0, SMMU_CERROR_ILL);
	/* The other stream's is still there. */
	sb_do(b, RESUME(OTHER_SID) | AC, d);
	expect_resume(b, OTHER_SID, d, HWI_RESUME_RETRY);
}

/* Point 50 */
/* covers: POINT_50 CMD_RESUME CMD_STALL_TERM REG_IDR0 */
static void stall_commands_without_stalls(void **state)
{
	struct smmu_bench *b = *state;

	remake(b, HWI_PUT32(SMMU_IDR0_STALL_MODEL, SMMU_STALL_MODEL_NONE), SMMU_IDR0_STALL_MODEL);
	sb_refuse(b, RESUME(SW_SID) | AC, 0, SMMU_CERROR_ILL);
	sb_refuse(b, STALL_TERM(SW_SID), 0, SMMU_CERROR_ILL);
}

/* ---- CMD_SYNC ---- */

#define MSI_DATA(data) ((uint64_t)(data) << 32)

/* covers: POINT_45 CMD_SYNC */
static void sync_signals(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t word = sb_alloc(b, 1) + 0x64;

	sb_w32(b, word - 4, 0x55555555);
	sb_w32(b, word, 0x55555555);
	sb_w32(b, word + 4, 0x55555555);
	sb_clear_logs(b);
	/* CS=0: nothing, whatever the message's fields say. */
	sb_do(b, SYNC(0) | MSI_DATA(0xcafe0001), word);
	assert_int_equal(b->msis + b->edges[HWI_SMMUV3_IRQ_CMD_SYNC] + b->sevs, 0);
	/* CS=1: four bytes, and the wire. */
	sb_do(b, SYNC(1) | MSI_DATA(0xcafe0002), word);
	assert_int_equal(b->msis, 1);
	assert_int_equal(b->msi[0].addr, word);
	assert_int_equal(sb_r32(b, word - 4), 0x55555555);
	assert_int_equal(sb_r32(b, word), 0xcafe0002);
	assert_int_equal(sb_r32(b, word + 4), 0x55555555);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMD_SYNC], 1);
	/* Point 45: no address, no message; the wire all the same. */
	sb_do(b, SYNC(1) | MSI_DATA(0xcafe0003), 0);
	assert_int_equal(b->msis, 1);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMD_SYNC], 2);
	assert_int_equal(b->sevs, 0);
	/* CS=2 */
	sb_do(b, SYNC(2) | MSI_DATA(0xcafe0004), word);
	assert_int_equal(b->sevs, 1);
	assert_int_equal(b->msis, 1);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMD_SYNC], 2);
	sb_refuse(b, SYNC(3), 0, SMMU_CERROR_ILL);
	/* No other source of interrupts. */
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_EVENTQ] + b->edges[HWI_SMMUV3_IRQ_PRIQ] +
			 b->edges[HWI_SMMUV3_IRQ_GERROR], 0);
}

/* Point 45: software that polls the command's own place in the queue. */
/* covers: POINT_45 CMD_SYNC */
static void sync_writes_into_its_own_place(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t at = b->cmdq.addr + 16 * (b->cmdq.at & 31);

	sb_do(b, SYNC(1), at);
	assert_int_equal(sb_r32(b, at), 0);
	assert_int_equal(b->msis, 1);
}

/* Units without MSI and SEV: as if nothing were asked for, but for the wire. */
/* covers: CMD_SYNC REG_IDR0 */
static void sync_without_msi_and_sev(void **state)
{
	struct smmu_bench *b = *state;

	remake(b, 0, SMMU_IDR0_MSI | SMMU_IDR0_SEV);
	sb_do(b, SYNC(1) | MSI_DATA(1), SB_DOORBELL);
	assert_int_equal(b->msis, 0);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMD_SYNC], 1);
	sb_do(b, SYNC(2), 0);
	assert_int_equal(b->sevs, 0);
}

/* covers: CMD_SYNC REG_GERROR */
static void sync_whose_message_is_aborted(void **state)
{
	struct smmu_bench *b = *state;

	sb_do(b, SYNC(1) | MSI_DATA(1), SB_NOWHERE);
	assert_int_equal(b->msis, 1);
	assert_int_equal(sb_gerror(b), SMMU_GERROR_MSI_CMDQ_ABT_ERR);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMD_SYNC], 1);
}

/* §4.7.3: nothing is under way that used what was invalidated before. */
/* covers: CMD_SYNC */
static void sync_waits_for_requests_under_way(void **state)
{
	static const uint64_t before[] = { SMMU_CMD_TLBI_NSNH_ALL, SMMU_CMD_CFGI_STE, SMMU_CMD_TLBI_EL2_ALL };
	struct smmu_bench *b = *state;

	for (unsigned int n = 0; n < 3; n++) {
		sb_clear_logs(b);
		b->busy = true;
		(void)sb_submit(b, before[n], 0);
		(void)sb_submit(b, SYNC(2), 0);
		(void)sb_run(b);
		assert_int_equal(b->drains, 1);
		assert_false(sb_cmdq_empty(b));
		assert_int_equal(b->sevs, 0);
		b->busy = false;
		(void)sb_run(b);
		assert_true(sb_cmdq_empty(b));
		assert_int_equal(b->sevs, 1);
	}
}

/* ---- what is no command ---- */

/* Every opcode that the Non-secure queue does not have. */
/* covers: REG_CMDQ_CONS CMD_TLBI_EL3_* CMD_TLBI_S_* CMD_TLBI_SNH_ALL CMD_CFGI_VMS_PIDM CMD_DPTI_* */
static void everything_else_is_illegal(void **state)
{
	static const uint8_t legal[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x20, 0x21, 0x22, 0x23,
					 0x28, 0x2a, 0x30, 0x40, 0x41, 0x44, 0x45, 0x46 };
	struct smmu_bench *b = *state;

	b->no_such_function = true; /* and no completion to wait for */
	for (unsigned int op = 0; op < 0x100; op++) {
		if (memchr(legal, (int)op, sizeof(legal)))
			sb_do(b, op, 0);
		else
			sb_refuse(b, op, 0, SMMU_CERROR_ILL);
	}
}

/* Point 50: stage 1 alone, stage 2 alone. */
/* covers: POINT_50 CMD_CFGI_CD CMD_CFGI_CD_ALL CMD_TLBI_NH_* CMD_TLBI_EL2_* CMD_TLBI_S12_VMALL CMD_TLBI_S2_IPA
 * CMD_TLBI_NSNH_ALL
 */
static void commands_of_stages_that_are_not_there(void **state)
{
	static const uint8_t of_s1[] = { 0x05, 0x06, 0x10, 0x11, 0x12, 0x13 };
	static const uint8_t of_s2[] = { 0x28, 0x2a };
	static const uint8_t of_el2[] = { 0x20, 0x21, 0x22, 0x23 };
	struct hwi_smmuv3_config cfg;
	struct smmu_bench *b = *state;

	for (unsigned int without = 1; without <= 2; without++) {
		sb_config(&cfg);
		cfg.idr0 &= ~(SMMU_IDR0_HYP | (without == 1 ? SMMU_IDR0_S1P :
					       SMMU_IDR0_S2P | SMMU_IDR0_VMW | SMMU_IDR0_VMID16));
		if (without == 1)
			cfg.idr3 &= ~(SMMU_IDR3_HAD | SMMU_IDR3_E0PD);
		else
			cfg.idr3 &= ~SMMU_IDR3_XNX;
		sb_fini(b);
		sb_init(b, &cfg);
		sb_start_cmdq(b, 5);
		for (unsigned int n = 0; n < sizeof(of_s1); n++) {
			if (without == 1)
				sb_refuse(b, of_s1[n], 0, SMMU_CERROR_ILL);
			else
				sb_do(b, of_s1[n], 0);
		}
		for (unsigned int n = 0; n < sizeof(of_s2); n++) {
			if (without == 2)
				sb_refuse(b, of_s2[n], 0, SMMU_CERROR_ILL);
			else
				sb_do(b, of_s2[n], 0);
		}
		for (unsigned int n = 0; n < sizeof(of_el2); n++)
			sb_refuse(b, of_el2[n], 0, SMMU_CERROR_ILL);
		sb_do(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(atc_inv_is_sent_to_the_endpoint),
		TEST(sync_waits_for_atc_invalidations),
		TEST(atc_inv_without_ats),
		TEST(pri_resp_is_sent_to_the_endpoint),
		TEST(resume_ends_one_stall),
		TEST(resume_aborts_with_term_model),
		TEST(stall_term_ends_a_streams_stalls),
		TEST(stall_commands_without_stalls),
		TEST(sync_signals),
		TEST(sync_writes_into_its_own_place),
		TEST(sync_without_msi_and_sev),
		TEST(sync_whose_message_is_aborted),
		TEST(sync_waits_for_requests_under_way),
		TEST(everything_else_is_illegal),
		TEST(commands_of_stages_that_are_not_there),
	};

	return cmocka_run_group_tests_name("smmu_every_command", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stalled transactions and what ends them (SMMUv3 §3.12.2, §4.7.1, §4.7.2, §7.2.1). */
#include "smmu_bench.h"

#include "hwiommu/bits.h"
#include "smmuv3/control.h"

#define RESUME(sid, ac, ab)                                                          \
	(SMMU_CMD_RESUME | HWI_PUT(SMMU_CMD0_SID, sid) | ((ac) ? SMMU_CMD_RESUME0_AC : 0) | \
	 ((ab) ? SMMU_CMD_RESUME0_AB : 0))
#define STALL_TERM(sid) (SMMU_CMD_STALL_TERM | HWI_PUT(SMMU_CMD0_SID, sid))

static uint64_t stall(struct smmu_bench *b, uint32_t sid)
{
	const struct smmu_event ev = { .code = SMMU_EVT_F_TRANSLATION, .sid = sid,
				       .ssid = HWI_PASID_NONE, .rnw = true,
				       .class = SMMU_EV_CLASS_IN, .input_addr = 0x1000 };

	return smmu_event_stall(to_smmu(b->unit), &ev);
}

static void expect_resume(struct smmu_bench *b, unsigned int n, uint32_t sid, uint64_t tag,
			  enum hwi_resume action)
{
	assert_true(n < b->resumes);
	assert_int_equal(b->resume[n].requester, sid);
	assert_true(b->resume[n].tag == tag);
	assert_int_equal(b->resume[n].action, action);
}

/* covers: EVT_F_TRANSLATION */
static void the_record_names_the_stall(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t tag = stall(b, 7), rec[4];

	assert_true(tag < 64);
	sb_expect_event(b, SMMU_EVT_F_TRANSLATION, 7, rec);
	assert_true(rec[1] == (HWI_BIT64(31) | tag | HWI_BIT64(35) | HWI_PUT(SMMU_EV1_CLASS, 2)));
	assert_int_equal(rec[2], 0x1000);
}

/* Ac, Ab: retry, abort, terminate (§4.7.1). */
/* covers: CMD_RESUME */
static void resume_has_three_outcomes(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t t[4];

	for (unsigned int i = 0; i < 4; i++)
		t[i] = stall(b, i);
	sb_do(b, RESUME(0, true, false), t[0]);
	expect_resume(b, 0, 0, t[0], HWI_RESUME_RETRY);
	sb_do(b, RESUME(1, true, true), t[1]);
	expect_resume(b, 1, 1, t[1], HWI_RESUME_RETRY);
	sb_do(b, RESUME(2, false, true), t[2]);
	expect_resume(b, 2, 2, t[2], HWI_RESUME_ABORT);
	sb_do(b, RESUME(3, false, false), t[3]);
	expect_resume(b, 3, 3, t[3], HWI_RESUME_TERMINATE);
	assert_int_equal(b->resumes, 4);
}

/* TERM_MODEL=1: a terminated transaction always aborts. */
/* covers: CMD_RESUME REG_IDR0 */
static void term_model_1_aborts(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	uint64_t t;

	sb_config(&cfg);
	cfg.idr0 |= SMMU_IDR0_TERM_MODEL;
	sb_remake(b, &cfg);
	sb_start(b);
	t = stall(b, 3);
	sb_do(b, RESUME(3, false, false), t);
	expect_resume(b, 0, 3, t, HWI_RESUME_ABORT);
}

/* StreamID and STAG must both be those of a stall; else nothing, without an error. */
/* covers: CMD_RESUME */
static void resume_without_a_match_is_nothing(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t t = stall(b, 3);

	sb_do(b, RESUME(4, true, false), t);
	sb_do(b, RESUME(3, true, false), t + 1);
	sb_do(b, RESUME(3, true, false), 0xffff);
	sb_do(b, RESUME(UINT32_MAX, true, false), t);
	assert_int_equal(b->resumes, 0);
	sb_do(b, RESUME(3, true, false), t);
	assert_int_equal(b->resumes, 1);
	sb_do(b, RESUME(3, true, false), t); /* it is over */
	assert_int_equal(b->resumes, 1);
}

/* covers: CMD_STALL_TERM */
static void stall_term_ends_a_streams_stalls(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t t[6], again;

	for (unsigned int i = 0; i < 6; i++)
		t[i] = stall(b, i % 2);
	sb_do(b, STALL_TERM(9), 0);
	assert_int_equal(b->resumes, 0);
	sb_do(b, STALL_TERM(1), 0);
	assert_int_equal(b->resumes, 3);
	for (unsigned int i = 0; i < 3; i++)
		expect_resume(b, i, 1, t[2 * i + 1], HWI_RESUME_ABORT);
	/* Their STAGs are back, the other stream's are not. */
	for (unsigned int i = 0; i < 64 - 3; i++) {
		uint64_t rec[4];

		while (sb_event(b, rec))
			;
		again = stall(b, 2);
		assert_true(again < 64 && again != t[0] && again != t[2] && again != t[4]);
	}
	assert_true(stall(b, 2) == HWI_STALL_HELD);
}

/*
 * A stall without a record is among those that are ended, even if there never is room: it is put through again, by the STE
 * that aborts now (§4.7.2, §7.2.1).
 */
/* covers: CMD_STALL_TERM */
static void stall_term_ends_held_ones(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t tag = stall(b, 1);

	sb_cr0(b, SMMU_CR0_EVENTQEN, false);
	assert_true(stall(b, 1) == HWI_STALL_HELD);
	assert_int_equal(sb_run(b), 0);
	sb_do(b, STALL_TERM(1), 0);
	assert_int_equal(b->resumes, 2);
	expect_resume(b, 0, 1, tag, HWI_RESUME_ABORT);
	expect_resume(b, 1, 0, HWI_STALL_HELD, HWI_RESUME_RETRY);
	/* None is held any more, unless it stalls again. */
	sb_do(b, STALL_TERM(1), 0);
	assert_int_equal(b->resumes, 2);
	assert_true(stall(b, 2) == HWI_STALL_HELD);
	sb_cr0(b, SMMU_CR0_EVENTQEN, true);
	assert_int_equal(sb_run(b), 1);
	expect_resume(b, 2, 0, HWI_STALL_HELD, HWI_RESUME_RETRY);
}

/* IDR5.STALL_MAX records are the most; STAGs are unique; the next request is held. */
/* covers: REG_IDR5 */
static void stall_max_bounds_the_records(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	bool seen[5] = { false };

	sb_config(&cfg);
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_STALL_MAX, cfg.idr5, 5);
	sb_remake(b, &cfg);
	sb_start(b);
	for (unsigned int i = 0; i < 5; i++) {
		uint64_t t = stall(b, 1);

		assert_true(t < 5 && !seen[t]);
		seen[t] = true;
	}
	assert_int_equal(sb_events(b), 5);
	assert_true(stall(b, 1) == HWI_STALL_HELD);
	assert_int_equal(sb_events(b), 5);
	assert_false(hwi_pending(b->unit));
	sb_do(b, RESUME(1, false, true), 2);
	/* Room: the held ones are tried again, once for all of them. */
	assert_int_equal(b->resumes, 2);
	expect_resume(b, 0, 1, 2, HWI_RESUME_ABORT);
	expect_resume(b, 1, 0, HWI_STALL_HELD, HWI_RESUME_RETRY);
	assert_false(hwi_pending(b->unit));
	assert_int_equal(stall(b, 1), 2);
}

/* A stall never overflows the queue and is never dropped: it is held until there is room. */
/* covers: REG_EVENTQ_PROD REG_EVENTQ_CONS */
static void full_queue_holds_stalls(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t rec[4];

	for (unsigned int i = 0; i < 16; i++)
		assert_true(stall(b, 1) < 64);
	assert_true(stall(b, 1) == HWI_STALL_HELD);
	assert_true(stall(b, 1) == HWI_STALL_HELD);
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), 16); /* OVFLG is 0 */
	assert_int_equal(sb_run(b), 0);
	sb_clear_logs(b);
	assert_true(sb_event(b, rec));
	assert_int_equal(b->kicks, 1);
	assert_int_equal(b->resumes, 0); /* a register write runs nothing */
	assert_int_equal(sb_run(b), 1);
	assert_int_equal(b->resumes, 1);
	expect_resume(b, 0, 0, HWI_STALL_HELD, HWI_RESUME_RETRY);
	assert_int_equal(sb_run(b), 0);
}

/* covers: REG_CR0 REG_GERROR */
static void disabled_or_aborted_queue_holds_stalls(void **state)
{
	struct smmu_bench *b = *state;

	sb_cr0(b, SMMU_CR0_EVENTQEN, false);
	assert_true(stall(b, 1) == HWI_STALL_HELD);
	assert_int_equal(sb_run(b), 0);
	sb_cr0(b, SMMU_CR0_EVENTQEN, true);
	assert_int_equal(sb_run(b), 1);
	expect_resume(b, 0, 0, HWI_STALL_HELD, HWI_RESUME_RETRY);

	sb_fail_write(b, b->eventq.addr, 4096);
	assert_true(stall(b, 1) == HWI_STALL_HELD);
	assert_int_equal(sb_gerror(b), SMMU_GERROR_EVENTQ_ABT_ERR);
	assert_int_equal(sb_run(b), 0);
	sb_heal(b);
	sb_gerror_ack(b);
	assert_int_equal(sb_run(b), 1);
	expect_resume(b, 1, 0, HWI_STALL_HELD, HWI_RESUME_RETRY);
	assert_true(stall(b, 1) < 64);
}

/* SMMUEN 1 to 0: all end, held ones too, and every STAG is free (§6.3.9.6). */
/* covers: REG_CR0 */
static void disabling_the_smmu_aborts_stalls(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t rec[4];

	for (unsigned int i = 0; i < 17; i++)
		(void)stall(b, i);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	assert_int_equal(b->resumes, 17);
	for (unsigned int i = 0; i < 16; i++)
		assert_int_equal(b->resume[i].action, HWI_RESUME_ABORT);
	expect_resume(b, 16, 0, HWI_STALL_HELD, HWI_RESUME_ABORT);
	while (sb_event(b, rec))
		;
	assert_false(hwi_pending(b->unit));
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	for (unsigned int i = 0; i < 16; i++)
		assert_true(stall(b, 1) < 64);
	/* A reset ends them as well. */
	hwi_reset(b->unit, true);
	assert_int_equal(b->resumes, 33);
}

/* Invalidations, whatever they drop, leave recorded stalls alone (§4.3.8). */
/* covers: CMD_CFGI_STE_RANGE CMD_TLBI_NSNH_ALL CMD_TLBI_EL2_ALL CMD_SYNC */
static void invalidations_do_not_resume(void **state)
{
	struct smmu_bench *b = *state;

	(void)stall(b, 1);
	sb_invalidate_all(b);
	assert_int_equal(b->resumes, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_record_names_the_stall),
		TEST(resume_has_three_outcomes),
		TEST(term_model_1_aborts),
		TEST(resume_without_a_match_is_nothing),
		TEST(stall_term_ends_a_streams_stalls),
		TEST(stall_term_ends_held_ones),
		TEST(stall_max_bounds_the_records),
		TEST(full_queue_holds_stalls),
		TEST(disabled_or_aborted_queue_holds_stalls),
		TEST(disabling_the_smmu_aborts_stalls),
		TEST(invalidations_do_not_resume),
	};

	return cmocka_run_group_tests_name("smmu_stalls", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The command queue: consumption, errors and their acknowledgement (SMMUv3 §3.5, §4.1, §7.1). */
#include "smmu_bench.h"

#include "hwiommu/bits.h"

#define RESERVED_OPCODE UINT64_C(0x00)

/* Point 24: all 2^n entries can be used; the wrap bit tells full from empty. */
/* covers: POINT_24 REG_CMDQ_BASE REG_CMDQ_PROD REG_CMDQ_CONS */
static void every_entry_of_every_size_is_used(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int log2 = 0; log2 <= 10; log2++) {
		unsigned int entries = 1u << log2;

		sb_cr0(b, SMMU_CR0_CMDQEN, false);
		sb_start_cmdq(b, log2);
		for (unsigned int round = 0; round < 3; round++) {
			for (unsigned int i = 0; i < entries; i++)
				(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
			assert_int_equal(sb_run(b), entries);
			assert_true(sb_cmdq_empty(b));
			assert_int_equal(sb_gerror(b), 0);
		}
	}
}

/* The base is aligned to the queue's size, 32 bytes at least; it reads as it was written. */
/* covers: REG_CMDQ_BASE */
static void base_is_aligned_to_the_size(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t base = sb_alloc_aligned(b, 0x10000);

	/* log2 0: one entry of 16 bytes, aligned to 32. */
	sb_cr0(b, SMMU_CR0_CMDQEN, false);
	sb_write64(b, SMMU_REG_CMDQ_BASE, base | 0x20);
	sb_write(b, SMMU_REG_CMDQ_PROD, 0);
	sb_write(b, SMMU_REG_CMDQ_CONS, 0);
	sb_w64(b, base, RESERVED_OPCODE);
	sb_w64(b, base + 0x20, SMMU_CMD_TLBI_NSNH_ALL);
	sb_cr0(b, SMMU_CR0_CMDQEN, true);
	sb_write(b, SMMU_REG_CMDQ_PROD, 1);
	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_NONE);
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_CONS), 1);

	/* log2 8: 4 KiB; bits 11:5 count as 0. */
	sb_cr0(b, SMMU_CR0_CMDQEN, false);
	sb_write64(b, SMMU_REG_CMDQ_BASE, base | 0xfe0 | 8);
	assert_int_equal(sb_read64(b, SMMU_REG_CMDQ_BASE), base | 0xfe0 | 8);
	sb_write(b, SMMU_REG_CMDQ_PROD, 0);
	sb_write(b, SMMU_REG_CMDQ_CONS, 0);
	sb_w64(b, base, SMMU_CMD_TLBI_NSNH_ALL);
	sb_cr0(b, SMMU_CR0_CMDQEN, true);
	sb_write(b, SMMU_REG_CMDQ_PROD, 1);
	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_NONE);
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_CONS), 1);
}

/* LOG2SIZE above IDR1.CMDQS counts as CMDQS and reads as it was written. */
/* covers: REG_CMDQ_BASE REG_IDR1 */
static void size_is_capped_for_use(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	uint64_t base;

	sb_config(&cfg);
	cfg.idr1 = (uint32_t)HWI_SET(SMMU_IDR1_CMDQS, cfg.idr1, 1);
	sb_remake(b, &cfg);
	base = sb_alloc(b, 1);
	sb_write64(b, SMMU_REG_CMDQ_BASE, base | 20);
	assert_int_equal(sb_read64(b, SMMU_REG_CMDQ_BASE), base | 20);
	for (unsigned int i = 0; i < 2; i++)
		sb_w64(b, base + 16 * i, SMMU_CMD_TLBI_NSNH_ALL);
	sb_cr0(b, SMMU_CR0_CMDQEN, true);
	/* Two entries: 3 and 0 are two entries apart with the wrap bit 1, 1 is one further. */
	sb_write(b, SMMU_REG_CMDQ_PROD, 2);
	assert_int_equal(sb_run(b), 2);
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_CONS), 2);
	sb_write(b, SMMU_REG_CMDQ_PROD, 0);
	assert_int_equal(sb_run(b), 2);
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_CONS), 0);
	/* Bits of PROD above the wrap bit do not count. */
	sb_write(b, SMMU_REG_CMDQ_PROD, 0xffffc);
	assert_int_equal(sb_run(b), 0);
}

/* PROD and CONS that no queue can have: nothing is fetched (§3.5.1 allows it). */
/* covers: REG_CMDQ_PROD */
static void inconsistent_indexes_fetch_nothing(void **state)
{
	struct smmu_bench *b = *state;

	sb_cr0(b, SMMU_CR0_CMDQEN, false);
	sb_start_cmdq(b, 3);
	sb_cr0(b, SMMU_CR0_CMDQEN, false);
	for (uint32_t prod = 0; prod < 16; prod++) {
		for (uint32_t cons = 0; cons < 16; cons++) {
			uint32_t ahead = (prod - cons) & 15;

			for (unsigned int i = 0; i < 8; i++)
				sb_w64(b, b->cmdq.addr + 16 * i, SMMU_CMD_TLBI_NSNH_ALL);
			sb_write(b, SMMU_REG_CMDQ_PROD, prod);
			sb_write(b, SMMU_REG_CMDQ_CONS, cons);
			sb_cr0(b, SMMU_CR0_CMDQEN, true);
			assert_int_equal(sb_run(b), ahead <= 8 ? ahead : 0);
			assert_int_equal(sb_read(b, SMMU_REG_CMDQ_CONS), ahead <= 8 ? prod : cons);
			sb_cr0(b, SMMU_CR0_CMDQEN, false);
		}
	}
}

/*
 * Point 26: the error shows in CONS.ERR before GERROR, once, CONS stays at the bad
 * command; the acknowledgement alone makes the unit fetch again.
 */
/* covers: POINT_26 REG_GERROR REG_GERRORN REG_CMDQ_CONS */
static void error_stops_the_queue_until_it_is_acknowledged(void **state)
{
	struct smmu_bench *b = *state;
	uint32_t before = sb_read(b, SMMU_REG_CMDQ_CONS);
	uint64_t at;

	(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	at = sb_submit(b, RESERVED_OPCODE, 0);
	(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	(void)sb_run(b);
	assert_int_equal(sb_gerror(b), SMMU_GERROR_CMDQ_ERR);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_ILL);
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_CONS) & SMMU_Q_INDEX, before + 1);
	/* A PROD write does not make it go on. */
	(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	assert_false(hwi_pending(b->unit));
	assert_int_equal(sb_run(b), 0);
	/* Acknowledged without being corrected: fetched again, and wrong again. */
	sb_gerror_ack(b);
	assert_true(hwi_pending(b->unit));
	assert_int_equal(sb_run(b), 1);
	assert_int_equal(sb_gerror(b), SMMU_GERROR_CMDQ_ERR);
	sb_w64(b, at, SMMU_CMD_SYNC);
	sb_gerror_ack(b);
	(void)sb_run(b);
	assert_int_equal(sb_gerror(b), 0);
	assert_true(sb_cmdq_empty(b));
}

/* While the error is active PROD may go back as far as CONS: what it passes is no command any more (§7.1). */
/* covers: REG_CMDQ_PROD REG_GERRORN */
static void prod_goes_back_during_an_error(void **state)
{
	struct smmu_bench *b = *state;
	uint32_t cons;

	(void)sb_submit(b, RESERVED_OPCODE, 0);
	(void)sb_submit(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_SEV), 0);
	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_ILL);
	cons = sb_read(b, SMMU_REG_CMDQ_CONS) & SMMU_Q_INDEX;
	sb_write(b, SMMU_REG_CMDQ_PROD, cons);
	sb_gerror_ack(b);
	assert_false(hwi_pending(b->unit));
	assert_int_equal(sb_run(b), 0);
	assert_int_equal(sb_gerror(b), 0);
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_CONS) & SMMU_Q_INDEX, cons);
	assert_int_equal(b->sevs, 0);
	/* What is put there then is fetched anew. */
	b->cmdq.at = cons;
	sb_do(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_SEV), 0);
	assert_int_equal(b->sevs, 1);
}

/* CMDQEN neither acknowledges an error nor takes its place (§6.3.28). */
/* covers: REG_CR0 REG_CMDQ_CONS REG_GERROR */
static void an_error_outlives_the_enable(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t at = sb_submit(b, RESERVED_OPCODE, 0);

	(void)sb_run(b);
	sb_cr0(b, SMMU_CR0_CMDQEN, false);
	assert_int_equal(sb_gerror(b), SMMU_GERROR_CMDQ_ERR);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_ILL);
	sb_w64(b, at, SMMU_CMD_SYNC);
	sb_cr0(b, SMMU_CR0_CMDQEN, true);
	assert_int_equal(sb_run(b), 0);
	assert_false(sb_cmdq_empty(b));
	/* Acknowledged while the queue is off, it goes on once it is on. */
	sb_cr0(b, SMMU_CR0_CMDQEN, false);
	sb_gerror_ack(b);
	assert_int_equal(sb_run(b), 0);
	sb_cr0(b, SMMU_CR0_CMDQEN, true);
	assert_int_equal(sb_run(b), 1);
	assert_true(sb_cmdq_empty(b));
	assert_int_equal(sb_gerror(b), 0);
}

/* covers: REG_CMDQ_CONS REG_GERROR */
static void fetch_abort_is_cerror_abt(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t at = sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);

	sb_fail_read(b, at, 16);
	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_ABT);
	assert_false(sb_cmdq_empty(b));
	sb_heal(b);
	sb_gerror_ack(b);
	(void)sb_run(b);
	assert_int_equal(sb_cmdq_error(b), SMMU_CERROR_NONE);
	assert_true(sb_cmdq_empty(b));
}

/* The queue works with SMMUEN=0, and stands still with CMDQEN=0 (§6.3.9.3). */
/* covers: REG_CR0 */
static void enable_is_cmdqen_alone(void **state)
{
	struct smmu_bench *b = *state;

	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_sync(b);
	sb_cr0(b, SMMU_CR0_CMDQEN, false);
	(void)sb_submit(b, SMMU_CMD_SYNC, 0);
	assert_false(hwi_pending(b->unit));
	assert_int_equal(sb_run(b), 0);
	sb_cr0(b, SMMU_CR0_CMDQEN, true);
	assert_true(hwi_pending(b->unit));
	assert_int_equal(sb_run(b), 1);
	assert_true(sb_cmdq_empty(b));
}

/* A register write runs nothing, kicks the machine, and a step is one entry. */
/* covers: REG_CMDQ_PROD */
static void steps_are_the_callers(void **state)
{
	struct smmu_bench *b = *state;

	sb_clear_logs(b);
	for (unsigned int i = 0; i < 5; i++)
		(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	assert_int_equal(b->reads, 0);
	assert_int_equal(b->kicks, 5);
	assert_int_equal(hwi_step(b->unit, 0), 0);
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(hwi_step(b->unit, 1), 1);
	assert_int_equal(hwi_step(b->unit, 1), 0);
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_COMMANDS) >= 5, 1);
}

/* IDR0.SEV: an event when a full queue becomes non-full (§6.3.1). */
/* covers: REG_IDR0 */
static void full_queue_that_empties_wakes_cpus(void **state)
{
	struct smmu_bench *b = *state;

	sb_cr0(b, SMMU_CR0_CMDQEN, false);
	sb_start_cmdq(b, 2);
	for (unsigned int i = 0; i < 3; i++)
		(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	(void)sb_run(b);
	assert_int_equal(b->sevs, 0);
	for (unsigned int i = 0; i < 4; i++)
		(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	(void)sb_run(b);
	assert_int_equal(b->sevs, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_entry_of_every_size_is_used),
		TEST(base_is_aligned_to_the_size),
		TEST(size_is_capped_for_use),
		TEST(inconsistent_indexes_fetch_nothing),
		TEST(error_stops_the_queue_until_it_is_acknowledged),
		TEST(prod_goes_back_during_an_error),
		TEST(an_error_outlives_the_enable),
		TEST(fetch_abort_is_cerror_abt),
		TEST(enable_is_cmdqen_alone),
		TEST(steps_are_the_callers),
		TEST(full_queue_that_empties_wakes_cpus),
	};

	return cmocka_run_group_tests_name("smmu_cmdq", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Page requests: their queue, overflow, automatic responses (SMMUv3 §8). */
#include "smmu_bench.h"

#include "hwiommu/bits.h"

#define NONE HWI_PASID_NONE
#define RW (HWI_READ | HWI_WRITE)

static void expect_response(struct smmu_bench *b, unsigned int n, uint32_t sid, uint32_t pasid,
			    uint16_t prgi, uint8_t code)
{
	assert_int_equal(b->prgs, n + 1);
	assert_int_equal(b->prg[n].requester, sid);
	assert_int_equal(b->prg[n].pasid, pasid);
	assert_int_equal(b->prg[n].prgi, prgi);
	assert_int_equal(b->prg[n].code, code);
}

/* A stream that bypasses, so that its STE is usable. */
static void bypass(struct smmu_bench *b, uint32_t sid, bool ppar)
{
	uint64_t ste = sb_ste(b, sid);

	sb_w64(b, ste, SMMU_STE0_V | HWI_PUT(SMMU_STE0_CONFIG, SMMU_STE_CONFIG_BYPASS));
	sb_w64(b, ste + 8, HWI_PUT(SMMU_STE1_SHCFG, SMMU_SHCFG_INCOMING) |
				   (ppar ? SMMU_STE1_PPAR : 0));
}

/* SID 31:0, SSID 51:32, Priv 58, X 59, R 60, W 61, Last 62, SSV 63; PRGIndex 8:0, address. */
/* covers: REG_PRIQ_BASE REG_PRIQ_PROD REG_PRIQ_CONS */
static void entries_bit_by_bit(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t e[2];

	sb_page_request(b, 0x87654321, 0xabcde, UINT64_C(0xfedcba9876543fff), HWI_READ, 0x1ab,
			false);
	assert_true(sb_ppr(b, e));
	assert_true(e[0] == UINT64_C(0x900abcde87654321));
	assert_true(e[1] == UINT64_C(0xfedcba98765431ab));
	sb_page_request(b, 1, 0, 0, HWI_WRITE | HWI_EXEC | HWI_PRIV, 0, true);
	assert_true(sb_ppr(b, e));
	assert_true(e[0] == UINT64_C(0xec00000000000001));
	assert_int_equal(e[1], 0);
	/* Without a PASID neither Priv nor X. */
	sb_page_request(b, 2, NONE, 0x5000, RW | HWI_EXEC | HWI_PRIV, 3, true);
	assert_true(sb_ppr(b, e));
	assert_true(e[0] == UINT64_C(0x7000000000000002));
	assert_int_equal(e[1], 0x5003);
	assert_false(sb_ppr(b, e));
	assert_int_equal(b->prgs, 0);
}

/* Point 24, of this queue. */
/* covers: POINT_24 REG_PRIQ_BASE */
static void every_entry_of_every_size_is_used(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int log2 = 0; log2 <= 7; log2++) {
		uint64_t e[2];

		sb_cr0(b, SMMU_CR0_PRIQEN, false);
		sb_start_priq(b, log2);
		for (unsigned int round = 0; round < 3; round++) {
			for (uint16_t i = 0; i < 1u << log2; i++)
				sb_page_request(b, 1, NONE, 0, HWI_READ, i, true);
			assert_false(sb_read(b, SMMU_REG_PRIQ_PROD) & SMMU_Q_OVERFLOW);
			for (uint16_t i = 0; i < 1u << log2; i++) {
				assert_true(sb_ppr(b, e));
				assert_int_equal(e[1], i);
			}
			assert_false(sb_ppr(b, e));
		}
	}
	assert_int_equal(b->prgs, 0);
}

/* The base is aligned to 32 bytes at least; IDR1.PRIQS caps the size. */
/* covers: REG_PRIQ_BASE REG_IDR1 */
static void one_entry_is_a_queue(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	uint64_t base;

	sb_config(&cfg);
	cfg.idr1 &= ~SMMU_IDR1_PRIQS;
	sb_remake(b, &cfg);
	base = sb_alloc(b, 1) + 0x20;
	sb_write64(b, SMMU_REG_PRIQ_BASE, base | 0x1f);
	sb_cr0(b, SMMU_CR0_PRIQEN | SMMU_CR0_SMMUEN, true);
	sb_page_request(b, 1, NONE, 0x1000, HWI_READ, 7, true);
	assert_int_equal(sb_r64(b, base + 8), 0x1007);
	assert_int_equal(sb_read(b, SMMU_REG_PRIQ_PROD), 1);
	sb_page_request(b, 1, NONE, 0x2000, HWI_READ, 8, true);
	assert_int_equal(sb_read(b, SMMU_REG_PRIQ_PROD), SMMU_Q_OVERFLOW | 1);
	sb_write(b, SMMU_REG_PRIQ_CONS, SMMU_Q_OVERFLOW | 1);
	sb_page_request(b, 1, NONE, 0x3000, HWI_READ, 9, true);
	assert_int_equal(sb_r64(b, base + 8), 0x3009);
	assert_int_equal(sb_read(b, SMMU_REG_PRIQ_PROD), SMMU_Q_OVERFLOW);
}

/*
 * Point 23: overflow discards, answers Last with Success, and discards all further
 * ones until it is acknowledged, even with room in the queue.
 */
/* covers: POINT_23 REG_PRIQ_PROD REG_PRIQ_CONS */
static void overflow_stops_the_queue(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t e[2];

	for (unsigned int i = 0; i < 8; i++)
		sb_page_request(b, 1, NONE, 0, HWI_READ, 1, true);
	assert_int_equal(b->prgs, 0);
	sb_page_request(b, 1, NONE, 0, HWI_READ, 2, false);
	assert_int_equal(sb_read(b, SMMU_REG_PRIQ_PROD), SMMU_Q_OVERFLOW | 8);
	assert_int_equal(b->prgs, 0); /* not Last: dropped */
	sb_page_request(b, 1, NONE, 0, HWI_READ, 2, true);
	expect_response(b, 0, 1, NONE, 2, HWI_PRG_SUCCESS);
	assert_int_equal(sb_read(b, SMMU_REG_PRIQ_PROD), SMMU_Q_OVERFLOW | 8);
	while (sb_ppr(b, e))
		;
	sb_page_request(b, 1, NONE, 0, HWI_READ, 3, true);
	expect_response(b, 1, 1, NONE, 3, HWI_PRG_SUCCESS);
	assert_false(sb_ppr(b, e));
	sb_write(b, SMMU_REG_PRIQ_CONS, SMMU_Q_OVERFLOW | b->priq.at);
	sb_page_request(b, 1, NONE, 0, HWI_READ, 4, true);
	assert_true(sb_ppr(b, e));
	assert_int_equal(b->prgs, 2);
}

/* A Stop Marker is queued as it is, and never answered. */
/* covers: REG_PRIQ_PROD */
static void stop_markers_are_never_answered(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t e[2];

	sb_page_request(b, 1, 5, 0, 0, 0, true);
	assert_true(sb_ppr(b, e));
	assert_true(e[0] == UINT64_C(0xc000000500000001));
	for (unsigned int i = 0; i < 10; i++)
		sb_page_request(b, 1, 5, 0, 0, 0, true);
	assert_true(sb_read(b, SMMU_REG_PRIQ_PROD) & SMMU_Q_OVERFLOW);
	sb_cr0(b, SMMU_CR0_PRIQEN, false);
	sb_page_request(b, 1, 5, 0, 0, 0, true);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_page_request(b, 1, 5, 0, 0, 0, true);
	assert_int_equal(b->prgs, 0);
	/* Without a PASID it is no Stop Marker. */
	sb_page_request(b, 1, NONE, 0, 0, 0, true);
	expect_response(b, 0, 1, NONE, 0, HWI_PRG_FAILURE);
}

/* PRIQEN counts while SMMUEN is 1. Failures carry no PASID. */
/* covers: REG_CR0 */
static void disabled_queue_answers_failure(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t e[2];

	sb_cr0(b, SMMU_CR0_PRIQEN, false);
	sb_page_request(b, 1, 5, 0, HWI_READ, 7, true);
	expect_response(b, 0, 1, NONE, 7, HWI_PRG_FAILURE);
	sb_page_request(b, 1, NONE, 0, HWI_READ, 7, false); /* not Last: the same */
	expect_response(b, 1, 1, NONE, 7, HWI_PRG_FAILURE);
	sb_cr0(b, SMMU_CR0_PRIQEN, true);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	assert_true(sb_read(b, SMMU_REG_CR0ACK) & SMMU_CR0_PRIQEN);
	sb_page_request(b, 1, 5, 0, HWI_READ, 7, true);
	expect_response(b, 2, 1, NONE, 7, HWI_PRG_FAILURE);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sb_page_request(b, 1, 5, 0, HWI_READ, 7, true);
	assert_int_equal(b->prgs, 3);
	assert_true(sb_ppr(b, e));
}

/* A unit without PRI has no queue to enable: Failure. */
/* covers: REG_CR0 REG_IDR0 */
static void a_unit_without_pri_answers_failure(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_PRI;
	cfg.idr1 &= ~SMMU_IDR1_PRIQS;
	sb_remake(b, &cfg);
	sb_write(b, SMMU_REG_CR0, SMMU_CR0_SMMUEN | SMMU_CR0_PRIQEN);
	assert_int_equal(sb_read(b, SMMU_REG_CR0), SMMU_CR0_SMMUEN);
	sb_page_request(b, 1, 5, 0x5000, HWI_READ, 7, true);
	expect_response(b, 0, 1, NONE, 7, HWI_PRG_FAILURE);
	assert_int_equal(sb_gerror(b), 0);
}

/* covers: REG_GERROR REG_PRIQ_PROD */
static void aborted_write_answers_failure(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t e[2];

	sb_fail_write(b, b->priq.addr, 16);
	sb_page_request(b, 1, 5, 0, HWI_READ, 7, true);
	expect_response(b, 0, 1, NONE, 7, HWI_PRG_FAILURE);
	assert_int_equal(sb_gerror(b), SMMU_GERROR_PRIQ_ABT_ERR);
	assert_int_equal(sb_read(b, SMMU_REG_PRIQ_PROD), 0);
	sb_heal(b);
	sb_page_request(b, 1, 5, 0, HWI_READ, 8, true); /* until it is acknowledged */
	expect_response(b, 1, 1, NONE, 8, HWI_PRG_FAILURE);
	sb_gerror_ack(b);
	sb_page_request(b, 1, 5, 0, HWI_READ, 9, true);
	assert_true(sb_ppr(b, e));
	assert_int_equal(b->prgs, 2);
}

/* The answer to an overflow carries the PASID if PPAR says so, or always with PPS. */
/* covers: REG_IDR3 */
static void pasid_of_an_automatic_response(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	bypass(b, 1, false);
	bypass(b, 2, true);
	for (unsigned int i = 0; i < 9; i++)
		sb_page_request(b, 1, NONE, 0, HWI_READ, 0, false);
	sb_page_request(b, 1, 5, 0, HWI_READ, 1, true);
	expect_response(b, 0, 1, NONE, 1, HWI_PRG_SUCCESS);
	sb_page_request(b, 2, 5, 0, HWI_READ, 2, true);
	expect_response(b, 1, 2, 5, 2, HWI_PRG_SUCCESS);
	/* No usable STE: Failure, no PASID; nothing recorded without REC_CFG_ATS. */
	sb_page_request(b, 3, 5, 0, HWI_READ, 3, true);
	expect_response(b, 2, 3, NONE, 3, HWI_PRG_FAILURE);
	sb_page_request(b, 0x10000, 5, 0, HWI_READ, 4, true);
	expect_response(b, 3, 0x10000, NONE, 4, HWI_PRG_FAILURE);
	sb_expect_no_event(b);
	/* Without a PASID the STE does not matter. */
	sb_page_request(b, 3, NONE, 0, HWI_READ, 5, true);
	expect_response(b, 4, 3, NONE, 5, HWI_PRG_SUCCESS);

	sb_config(&cfg);
	cfg.idr3 |= SMMU_IDR3_PPS;
	sb_remake(b, &cfg);
	sb_start(b);
	for (unsigned int i = 0; i < 9; i++)
		sb_page_request(b, 1, NONE, 0, HWI_READ, 0, false);
	sb_page_request(b, 3, 5, 0, HWI_READ, 6, true);
	expect_response(b, 0, 3, 5, 6, HWI_PRG_SUCCESS);
}

/* CR2.REC_CFG_ATS: the check of the stream records what is wrong with it; streams out of range by RECINVSID, too (§8.1). */
/* covers: REG_CR2 EVT_C_BAD_STE EVT_C_BAD_STREAMID */
static void an_automatic_response_records_a_bad_stream(void **state)
{
	static const uint32_t cr2[] = { 0, SMMU_CR2_RECINVSID, SMMU_CR2_REC_CFG_ATS,
					SMMU_CR2_REC_CFG_ATS | SMMU_CR2_RECINVSID };
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < 4; i++) {
		sb_cr0(b, SMMU_CR0_SMMUEN, false);
		sb_write(b, SMMU_REG_CR2, cr2[i]);
		sb_cr0(b, SMMU_CR0_SMMUEN, true);
		while (!(sb_read(b, SMMU_REG_PRIQ_PROD) & SMMU_Q_OVERFLOW))
			sb_page_request(b, 1, NONE, 0, HWI_READ, 0, false);
		b->prgs = 0;
		sb_page_request(b, 3, 5, 0, HWI_READ, 3, true); /* V=0 */
		expect_response(b, 0, 3, NONE, 3, HWI_PRG_FAILURE);
		if (cr2[i] & SMMU_CR2_REC_CFG_ATS)
			sb_expect_event(b, SMMU_EVT_C_BAD_STE, 3, NULL);
		else
			sb_expect_no_event(b);
		sb_page_request(b, 0x10000, 5, 0, HWI_READ, 4, true);
		expect_response(b, 1, 0x10000, NONE, 4, HWI_PRG_FAILURE);
		if (i == 3)
			sb_expect_event(b, SMMU_EVT_C_BAD_STREAMID, 0x10000, NULL);
		else
			sb_expect_no_event(b);
	}
}

/* LO=0: an empty queue that is no more; LO=1: each Last, even one discarded (§6.3.36). */
/* covers: REG_PRIQ_IRQ_CFG2 */
static void interrupts(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t e[2];

	sb_start_irqs(b);
	sb_page_request(b, 1, NONE, 0, HWI_READ, 0, false);
	sb_page_request(b, 1, NONE, 0, HWI_READ, 0, true);
	assert_int_equal(b->msis, 1);
	assert_int_equal(b->msi[0].data, 2);
	while (sb_ppr(b, e))
		;
	sb_page_request(b, 1, NONE, 0, HWI_READ, 0, false);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_PRIQ], 2);

	sb_write(b, SMMU_REG_IRQ_CTRL, 0);
	sb_write(b, SMMU_REG_PRIQ_IRQ_CFG2, SMMU_PRIQ_IRQ_CFG2_LO);
	sb_write(b, SMMU_REG_IRQ_CTRL, SMMU_IRQ_CTRL_PRIQ_IRQEN);
	while (sb_ppr(b, e))
		;
	sb_clear_logs(b);
	sb_page_request(b, 1, NONE, 0, HWI_READ, 0, false);
	assert_int_equal(b->msis, 0);
	for (unsigned int i = 0; i < 10; i++)
		sb_page_request(b, 1, NONE, 0, HWI_READ, 0, true);
	assert_int_equal(b->msis, 10); /* seven queued, three discarded */
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_PRIQ], 10);
	sb_page_request(b, 1, NONE, 0, HWI_READ, 0, false); /* discarded, and not Last */
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_PRIQ], 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entries_bit_by_bit),
		TEST(every_entry_of_every_size_is_used),
		TEST(one_entry_is_a_queue),
		TEST(overflow_stops_the_queue),
		TEST(stop_markers_are_never_answered),
		TEST(disabled_queue_answers_failure),
		TEST(a_unit_without_pri_answers_failure),
		TEST(aborted_write_answers_failure),
		TEST(pasid_of_an_automatic_response),
		TEST(an_automatic_response_records_a_bad_stream),
		TEST(interrupts),
	};

	return cmocka_run_group_tests_name("smmu_pri", tests, NULL, NULL);
}

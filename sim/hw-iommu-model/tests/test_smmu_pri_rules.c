/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Page requests: what is recorded when PPAR cannot be looked up, units without substreams, and which messages interrupt
 * (SMMUv3 §8, §8.1, §8.2, §6.3.36).
 */
#include "smmu_bench.h"

#include "hwiommu/bits.h"

#define NONE HWI_PASID_NONE

static void expect_response(struct smmu_bench *b, unsigned int n, uint32_t pasid, uint8_t code)
{
	assert_int_equal(b->prgs, n + 1);
	assert_int_equal(b->prg[n].pasid, pasid);
	assert_int_equal(b->prg[n].code, code);
}

static void cr2(struct smmu_bench *b, uint32_t val)
{
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write(b, SMMU_REG_CR2, val);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
}

/* Nine requests without an answer: the queue has eight entries. */
static void overflow(struct smmu_bench *b)
{
	for (unsigned int i = 0; i < 9; i++)
		sb_page_request(b, 1, NONE, 0, HWI_READ, 0, false);
	assert_true(sb_read(b, SMMU_REG_PRIQ_PROD) & SMMU_Q_OVERFLOW);
	assert_int_equal(b->prgs, 0);
}

/* STE errors of the look-up: records say who asked; REC_CFG_ATS, and RECINVSID for one of them (§8.1). */
/* covers: EVT_C_BAD_STREAMID EVT_F_STE_FETCH EVT_C_BAD_STE REG_CR2 */
static void errors_of_the_look_up_are_recorded(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t rec[4];

	cr2(b, SMMU_CR2_REC_CFG_ATS | SMMU_CR2_RECINVSID);
	overflow(b);
	sb_page_request(b, 0x10000, 0xabcde, 0x1000, HWI_READ, 1, true);
	expect_response(b, 0, NONE, HWI_PRG_FAILURE);
	assert_int_equal(sb_events(b), 1);
	assert_true(sb_event(b, rec));
	assert_int_equal(rec[0], UINT64_C(0x00010000abcde802));
	assert_true(!rec[1] && !rec[2] && !rec[3]);
	sb_fail_read(b, sb_ste(b, 3), 64);
	sb_page_request(b, 3, 0, 0x1000, HWI_READ, 1, true);
	expect_response(b, 1, NONE, HWI_PRG_FAILURE);
	assert_int_equal(sb_events(b), 1);
	assert_true(sb_event(b, rec));
	assert_int_equal(rec[0], UINT64_C(0x0000000300000803));
	assert_int_equal(rec[3], sb_ste(b, 3));
	sb_heal(b);
	sb_page_request(b, 3, 5, 0x1000, HWI_READ, 1, true);
	expect_response(b, 2, NONE, HWI_PRG_FAILURE);
	assert_int_equal(sb_events(b), 1);
	assert_true(sb_event(b, rec));
	assert_int_equal(rec[0], UINT64_C(0x0000000300005804));
	/* Nobody looks for requests that need no answer, or none with a PASID. */
	sb_page_request(b, 3, 5, 0x1000, HWI_READ, 1, false);
	sb_page_request(b, 3, 5, 0, 0, 1, true);
	sb_page_request(b, 3, NONE, 0x1000, HWI_READ, 1, true);
	expect_response(b, 3, NONE, HWI_PRG_SUCCESS);
	sb_expect_no_event(b);
	/* RECINVSID=0: not that one. */
	cr2(b, SMMU_CR2_REC_CFG_ATS);
	sb_page_request(b, 0x10000, 5, 0x1000, HWI_READ, 1, true);
	expect_response(b, 4, NONE, HWI_PRG_FAILURE);
	sb_expect_no_event(b);
	sb_page_request(b, 3, 5, 0x1000, HWI_READ, 1, true);
	sb_expect_event(b, SMMU_EVT_C_BAD_STE, 3, NULL);
	/* REC_CFG_ATS=0: none. */
	cr2(b, SMMU_CR2_RECINVSID);
	sb_page_request(b, 0x10000, 5, 0x1000, HWI_READ, 1, true);
	sb_page_request(b, 3, 5, 0x1000, HWI_READ, 1, true);
	sb_expect_no_event(b);
}

/* EATS and ATSCHK do not matter to page requests, nor does a stream that aborts: its STE is valid. */
static void any_valid_ste_has_a_ppar(void **state)
{
	struct smmu_bench *b = *state;

	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	sb_w64(b, sb_ste(b, 4), SMMU_STE0_V | HWI_PUT(SMMU_STE0_CONFIG, SMMU_STE_CONFIG_ABORT));
	sb_w64(b, sb_ste(b, 4) + 8, SMMU_STE1_PPAR);
	overflow(b);
	sb_page_request(b, 4, 5, 0x1000, HWI_READ, 1, true);
	expect_response(b, 0, 5, HWI_PRG_SUCCESS);
}

/* Without substreams SSV is 0 and so are X and Priv; an answer has no PASID, and no PPAR is looked at. */
/* covers: REG_IDR1 */
static void unit_without_substreams(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	uint64_t e[2];

	sb_config(&cfg);
	cfg.idr1 &= ~SMMU_IDR1_SSIDSIZE;
	sb_remake(b, &cfg);
	sb_start(b);
	cr2(b, SMMU_CR2_REC_CFG_ATS | SMMU_CR2_RECINVSID);
	sb_page_request(b, 2, 5, 0x7000, HWI_READ | HWI_EXEC | HWI_PRIV, 9, true);
	assert_true(sb_ppr(b, e));
	/* What SSID then is, is unknown. */
	assert_int_equal(e[0] & ~SMMU_PRI0_SSID, UINT64_C(0x5000000000000002));
	assert_int_equal(e[1], 0x7009);
	overflow(b);
	sb_w64(b, sb_ste(b, 4), SMMU_STE0_V | HWI_PUT(SMMU_STE0_CONFIG, SMMU_STE_CONFIG_ABORT));
	sb_w64(b, sb_ste(b, 4) + 8, SMMU_STE1_PPAR);
	sb_page_request(b, 4, 5, 0x1000, HWI_READ, 1, true);
	expect_response(b, 0, NONE, HWI_PRG_SUCCESS);
	sb_page_request(b, 3, 5, 0x1000, HWI_READ, 1, true); /* no STE */
	expect_response(b, 1, NONE, HWI_PRG_SUCCESS);
	sb_expect_no_event(b);
}

/* LO=1: each Last, a Stop Marker's too; not one that is discarded for other reasons than overflow. */
/* covers: REG_PRIQ_IRQ_CFG2 */
static void last_only(void **state)
{
	struct smmu_bench *b = *state;

	sb_start_irqs(b);
	sb_write(b, SMMU_REG_IRQ_CTRL, 0);
	sb_write(b, SMMU_REG_PRIQ_IRQ_CFG2, SMMU_PRIQ_IRQ_CFG2_LO);
	sb_write(b, SMMU_REG_IRQ_CTRL, SMMU_IRQ_CTRL_PRIQ_IRQEN);
	sb_page_request(b, 1, 5, 0, 0, 0, true);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_PRIQ], 1);
	sb_fail_write(b, b->priq.addr, 4096);
	sb_page_request(b, 1, NONE, 0x1000, HWI_READ, 0, true); /* the write aborts */
	sb_heal(b);
	sb_page_request(b, 1, NONE, 0x1000, HWI_READ, 0, true); /* the error stands */
	sb_gerror_ack(b);
	sb_cr0(b, SMMU_CR0_PRIQEN, false);
	sb_page_request(b, 1, NONE, 0x1000, HWI_READ, 0, true);
	sb_cr0(b, SMMU_CR0_PRIQEN, true);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_page_request(b, 1, NONE, 0x1000, HWI_READ, 0, true);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_PRIQ], 1);
	assert_int_equal(b->prgs, 4);
	for (unsigned int i = 0; i < 7; i++)
		sb_page_request(b, 1, NONE, 0x1000, HWI_READ, 0, false);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_PRIQ], 1);
	sb_page_request(b, 1, 5, 0, 0, 0, true); /* a Stop Marker is discarded, and overflows */
	assert_true(sb_read(b, SMMU_REG_PRIQ_PROD) & SMMU_Q_OVERFLOW);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_PRIQ], 2);
	assert_int_equal(b->prgs, 4);
}

/* An aborted write loses that request alone: no overflow, PROD stays, earlier entries hold (§8.2). */
/* covers: REG_GERROR REG_PRIQ_PROD */
static void aborted_write(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t e[2];

	sb_page_request(b, 1, NONE, 0x1000, HWI_READ, 1, true);
	sb_fail_write(b, b->priq.addr + 16, 16);
	sb_page_request(b, 1, NONE, 0x2000, HWI_READ, 2, false);
	expect_response(b, 0, NONE, HWI_PRG_FAILURE);
	sb_page_request(b, 1, 5, 0, 0, 0, true); /* no answer to a Stop Marker */
	assert_int_equal(b->prgs, 1);
	assert_int_equal(sb_read(b, SMMU_REG_PRIQ_PROD), 1);
	assert_int_equal(sb_gerror(b), SMMU_GERROR_PRIQ_ABT_ERR);
	assert_true(sb_ppr(b, e));
	assert_int_equal(e[1], 0x1001);
	assert_false(sb_ppr(b, e));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(errors_of_the_look_up_are_recorded),
		TEST(any_valid_ste_has_a_ppar),
		TEST(unit_without_substreams),
		TEST(last_only),
		TEST(aborted_write),
	};

	return cmocka_run_group_tests_name("smmu_pri_rules", tests, NULL, NULL);
}

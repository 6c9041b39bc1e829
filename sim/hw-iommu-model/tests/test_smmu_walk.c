/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What translates, and to where: bypass, each stage, both, in the three granules. */
#include "smmu_world.h"

static const unsigned int granules[] = { VMSA_SHIFT_4K, VMSA_SHIFT_16K, VMSA_SHIFT_64K };

/* covers: REG_GBPA REG_CR0 */
static void global_bypass(void **state)
{
	struct smmu_bench *b = *state;

	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sw_expect(b, SW_SID, 0x123456780, HWI_READ, 0x123456780);
	/* Beyond OAS: aborted, and nobody is told. */
	assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, UINT64_C(1) << 52, HWI_READ).outcome,
			 HWI_UNSUPPORTED_REQUEST);
	sb_expect_no_event(b);
	sb_gbpa(b, SMMU_GBPA_ABORT);
	assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, 0x1000, HWI_READ).outcome, HWI_UNSUPPORTED_REQUEST);
	sb_expect_no_event(b);
}

static void stream_bypass(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_bypass(&w, b);
	sw_expect(b, SW_SID, 0x123456780, HWI_WRITE, 0x123456780);
	sw_expect(b, SW_SID, 0x123456780, HWI_WRITE, 0x123456780);
}

static void stage_1(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int i = 0; i < 3; i++) {
		sw_s1(&w, b, granules[i]);
		sw_ok(&w);
		sw_ok(&w);
		sw_expect(b, SW_SID, SW_IN, HWI_WRITE, SW_OUT);
		sw_expect(b, SW_SID, SW_IN, HWI_ATOMIC, SW_OUT);
		sw_map_s1(&w, 0x80000000, 0x40000000, 2, SW_S1_LEAF);
		sw_expect(b, SW_SID, 0x80123458, HWI_READ, 0x40123458);
	}
}

static void stage_2(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int i = 0; i < 3; i++) {
		sw_s2(&w, b, granules[i]);
		sw_ok(&w);
		sw_ok(&w);
		sw_expect(b, SW_SID, SW_IN, HWI_WRITE, SW_OUT);
		sw_map_s2(&w, 0x80000000, 0x40000000, 2, SW_S2_LEAF);
		sw_expect(b, SW_SID, 0x80123458, HWI_READ, 0x40123458);
	}
}

static void both_stages(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int i = 0; i < 3; i++) {
		for (unsigned int j = 0; j < 3; j++) {
			sw_nested(&w, b, granules[i], granules[j]);
			sw_ok(&w);
			sw_ok(&w);
			sw_expect(b, SW_SID, SW_IN, HWI_WRITE, SW_OUT);
			/* Blocks of both: the smaller one is the answer's. */
			sw_map_s1(&w, 0x80000000, 0x40000000, 2, SW_S1_LEAF);
			sw_map_s2(&w, 0x40000000, 0x60000000, 2, SW_S2_LEAF);
			sw_expect(b, SW_SID, 0x80123458, HWI_READ, 0x60123458);
			assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, 0x80123458, HWI_READ).span_log2,
					 VMSA_LEVEL_SHIFT(granules[i < j ? i : j], 2));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(global_bypass, sb_setup_started, sb_teardown),
		cmocka_unit_test_setup_teardown(stream_bypass, sb_setup_started, sb_teardown),
		cmocka_unit_test_setup_teardown(stage_1, sb_setup_started, sb_teardown),
		cmocka_unit_test_setup_teardown(stage_2, sb_setup_started, sb_teardown),
		cmocka_unit_test_setup_teardown(both_stages, sb_setup_started, sb_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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

/*
 * A stage 1 table of 64 KiB in stage 2 pages of 4 KiB that do not lie side by side: what
 * the walk caches know of one page does not hold for the next.
 */
static void table_larger_than_its_page(void **state)
{
	struct smmu_bench *b = *state;
	const uint64_t far = SW_IN + (1024ull << 16); /* 8 KiB further on in the level 3 table */
	uint64_t at, page, elsewhere;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_64K, VMSA_SHIFT_4K);
	sw_map_s1(&w, far, SW_IPA, 3, SW_S1_LEAF);
	at = sw_s1_at(&w, far, 3);
	page = sw_s2_at(&w, at + w.guest, 3);
	elsewhere = sb_alloc_aligned(b, 4096);
	sb_w64(b, elsewhere + at % 4096, sb_r64(b, at));
	sb_w64(b, at, 0);
	sw_set(&w, page, elsewhere, VMSA_DESC_ADDR(12));
	sb_invalidate_all(b);
	for (unsigned int i = 0; i < 2; i++) {
		sw_ok(&w);
		sw_expect(b, SW_SID, far + 4, HWI_READ, SW_OUT + 4);
		sw_tlbi_all(&w);
	}
}

/* Stage 2 that begins with tables side by side; the TTB's low bits do not count (§5.2). */
static void concatenated_tables(void **state)
{
	struct smmu_bench *b = *state;
	const uint64_t high = HWI_BIT64(39);
	uint64_t root;
	struct sw w;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	root = sb_alloc_aligned(b, 8192);
	sb_w64(b, root + ((high | SW_IN) >> 30) * 8, sb_r64(b, sw_s2_at(&w, SW_IN, 1)));
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2SL0, VMSA_SL_4K_L1);
	SW_STE_FIELD(&w, 3, SMMU_STE3_S2TTB, (root | 0x1ff0) >> 4);
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, high | SW_IN, HWI_READ, SW_OUT);
	(void)sw_fault(&w, SMMU_EVT_F_TRANSLATION);
	sw_tlbi_all(&w);
	sw_expect(b, SW_SID, high | SW_IN, HWI_READ, SW_OUT);
}

/* 52-bit addresses with 64K: ten bits at level 1, and blocks of 4 TiB. */
static void addresses_of_52_bits(void **state)
{
	struct smmu_bench *b = *state;
	const uint64_t high = HWI_BIT64(51);
	struct hwi_response r;
	uint64_t root;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_64K);
	root = sb_alloc_aligned(b, 8192);
	sb_w64(b, root + ((high | SW_IN) >> 42) * 8, sb_r64(b, sw_s1_at(&w, SW_IN, 1)));
	sb_w64(b, root + 8,
	       HWI_PUT(VMSA_DESC_ADDR_51_48_64K, 3) | (SW_S1_LEAF & ~VMSA_DESC_TYPE) |
		       VMSA_TYPE_BLOCK);
	SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, 12);
	SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, SMMU_OAS_52);
	SW_CD_FIELD(&w, 1, SMMU_CD1_TTB0, root >> 4);
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, high | SW_IN, HWI_READ, SW_OUT);
	r = sb_dma(b, SW_SID, HWI_PASID_NONE, HWI_BIT64(42) | 0x1234, HWI_READ);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(r.span_log2, 42);
	assert_true(hwi_hpa_val(r.addr) == (UINT64_C(3) << 48 | 0x1234));
	(void)sw_expect_fault(b, SW_SID, HWI_BIT64(52), HWI_READ, SMMU_EVT_F_TRANSLATION);
}

/* nT, the Contiguous hint and bits that software has say nothing to the unit. */
static void bits_without_effect(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_map_s1(&w, 0x80000000, 0x40000000, 2, SW_S1_LEAF | VMSA_DESC_NT |
		  VMSA_DESC_CONTIGUOUS | VMSA_DESC_SOFTWARE | VMSA_S1_GP);
	sw_map_s2(&w, 0x40000000, 0x60000000, 2, SW_S2_LEAF | VMSA_DESC_NT |
		  VMSA_DESC_CONTIGUOUS | VMSA_DESC_SOFTWARE);
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, 0x80123458, HWI_READ, 0x60123458);
	assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, 0x80123458, HWI_READ).span_log2, 21);
}

/* Two streams with one VMID and ASID share what the TLB has (§3.17). */
static void streams_that_share(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;
	uint64_t at;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	for (unsigned int n = 0; n < SMMU_STE_DWORDS; n++)
		sb_w64(b, sb_ste(b, SW_SID + 1) + 8ull * n, sb_r64(b, w.ste + 8ull * n));
	sb_invalidate_all(b);
	sw_ok(&w);
	at = sw_s1_at(&w, SW_IN, 3);
	sb_w64(b, at, 0);
	sw_expect(b, SW_SID + 1, SW_IN, HWI_READ, SW_OUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(global_bypass, sb_setup_started, sb_teardown),
		cmocka_unit_test_setup_teardown(stream_bypass, sb_setup_started, sb_teardown),
		cmocka_unit_test_setup_teardown(stage_1, sb_setup_started, sb_teardown),
		cmocka_unit_test_setup_teardown(stage_2, sb_setup_started, sb_teardown),
		cmocka_unit_test_setup_teardown(both_stages, sb_setup_started, sb_teardown),
		cmocka_unit_test_setup_teardown(table_larger_than_its_page, sb_setup_started,
						sb_teardown),
		cmocka_unit_test_setup_teardown(concatenated_tables, sb_setup_started,
						sb_teardown),
		cmocka_unit_test_setup_teardown(addresses_of_52_bits, sb_setup_started,
						sb_teardown),
		cmocka_unit_test_setup_teardown(bits_without_effect, sb_setup_started,
						sb_teardown),
		cmocka_unit_test_setup_teardown(streams_that_share, sb_setup_started, sb_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

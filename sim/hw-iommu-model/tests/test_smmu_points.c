/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Points that models of an SMMUv3 get wrong, as far as no other test is about them; see tools/conformance/smmuv3_points.h. */
#include "smmu_world.h"

/* Point 7: what was found invalid stays so until it is invalidated. */
/* covers: POINT_7 EVT_C_BAD_STE EVT_C_BAD_CD CMD_CFGI_STE CMD_CFGI_CD */
static void invalid_structures_are_cached(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
	sw_ste(&w, 0, SMMU_STE0_V, 0);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
	sw_cfgi_ste(&w, true);
	sw_ok(&w);

	sw_cd(&w, 0, 0, SMMU_CD0_V);
	sb_invalidate_all(b);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_CD);
	sw_cd(&w, 0, SMMU_CD0_V, 0);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_CD);
	sw_cfgi_cd(&w, 0, true);
	sw_ok(&w);
}

/* Point 13: the same tables through TTB1. */
/* covers: POINT_13 */
static void granules_of_the_upper_half(void **state)
{
	static const struct {
		unsigned int shift, tg0, tg1; /* §5.4 */
	} granules[] = { { 12, 0, 2 }, { 14, 2, 1 }, { 16, 1, 3 } };
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int n = 0; n < 3; n++) {
		sw_s1(&w, b, granules[n].shift);
		SW_CD_FIELD(&w, 0, SMMU_CD0_TG0, granules[n].tg0);
		SW_CD_FIELD(&w, 0, SMMU_CD0_TG1, granules[n].tg1);
		SW_CD_FIELD(&w, 0, SMMU_CD0_T1SZ, w.t0sz);
		SW_CD_FIELD(&w, 2, SMMU_CD2_TTB1, w.s1_root >> 4);
		sw_cd(&w, 0, 0, SMMU_CD0_EPD1);
		sb_invalidate_all(b);
		sw_ok(&w);
		sw_expect(b, SW_SID, SW_IN | HWI_MASK64(63, 48), HWI_READ, SW_OUT);
	}
}

/* Point 31: a global entry of either ASET goes with its address. */
/* covers: POINT_31 CMD_TLBI_NH_VA CMD_TLBI_NH_VAA CMD_TLBI_NH_ALL */
static void aset_does_not_count_in_commands(void **state)
{
	static const uint64_t commands[] = { SMMU_CMD_TLBI_NH_VA, SMMU_CMD_TLBI_NH_VAA, SMMU_CMD_TLBI_NH_ALL };
	const uint64_t other = UINT64_C(0x750000);
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int aset = 0; aset < 2; aset++) {
		for (unsigned int n = 0; n < 3; n++) {
			sw_s1(&w, b, VMSA_SHIFT_4K);
			sw_cd(&w, 0, aset ? SMMU_CD0_ASET : 0, 0);
			sw_map_s1(&w, SW_IN, SW_OUT, 3, SW_S1_LEAF & ~VMSA_S1_NG);
			sb_invalidate_all(b);
			sw_ok(&w);
			sw_map_s1(&w, SW_IN, other, 3, SW_S1_LEAF & ~VMSA_S1_NG);
			sw_ok(&w);
			sb_do(b, commands[n] | HWI_PUT(SMMU_CMD0_VMID, SW_VMID), SW_IN);
			sw_expect(b, SW_SID, SW_IN, HWI_READ, other);
		}
	}
}

/* Point 14 */
/* covers: POINT_14 EVT_F_ADDR_SIZE REG_IDR5 */
static void output_sizes_above_oas(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_OAS, cfg.idr5, SMMU_OAS_40);
	cfg.idr5 &= ~SMMU_IDR5_VAX;
	sb_fini(b);
	sb_init(b, &cfg);
	sb_start(b);
	for (unsigned int size = SMMU_OAS_40; size < 8; size++) {
		sw_s1(&w, b, VMSA_SHIFT_4K);
		SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, size);
		sb_invalidate_all(b);
		sw_ok(&w);
		sw_map_s1(&w, SW_IN, HWI_BIT64(40), 3, SW_S1_LEAF);
		sb_invalidate_all(b);
		assert_false(sw_fault(&w, SMMU_EVT_F_ADDR_SIZE).s2);

		sw_s2(&w, b, VMSA_SHIFT_4K);
		SW_STE_FIELD(&w, 2, SMMU_STE2_S2PS, size);
		sb_invalidate_all(b);
		sw_ok(&w);
		sw_map_s2(&w, SW_IN, HWI_BIT64(40), 3, SW_S2_LEAF);
		sb_invalidate_all(b);
		assert_true(sw_fault(&w, SMMU_EVT_F_ADDR_SIZE).s2);
	}
}

/* Points 43, 44 */
/* covers: POINT_43 POINT_44 EVT_C_BAD_STE EVT_F_BAD_ATS_TREQ REG_IDR0 */
static void split_stage_ats(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_EATS, SMMU_EATS_SPLIT);
	sb_invalidate_all(b);
	sw_ok(&w); /* legal, and for ATS as 00 */
	r = sb_request(b, HWI_TRANSLATION_REQUEST, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	(void)sw_record(b, SMMU_EVT_F_BAD_ATS_TREQ, SW_SID);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	sb_invalidate_all(b);
	r = sb_request(b, HWI_TRANSLATION_REQUEST, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), SW_IPA);
	sb_cr0(b, SMMU_CR0_ATSCHK, false);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_EATS, SMMU_EATS_SPLIT);
	sb_invalidate_all(b);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);

	sb_config(&cfg);
	cfg.idr0 |= SMMU_IDR0_NS1ATS;
	sb_fini(b);
	sb_init(b, &cfg);
	sb_start(b);
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_ok(&w);
	SW_STE_FIELD(&w, 1, SMMU_STE1_EATS, SMMU_EATS_SPLIT);
	sb_invalidate_all(b);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
}

/* Point 51 */
/* covers: POINT_51 */
static void nt_never_faults(void **state)
{
	struct smmu_bench *b = *state;
	const uint64_t in = UINT64_C(0x80000000), out = UINT64_C(0x40000000);
	struct hwi_smmuv3_config cfg;
	struct sw w;

	for (unsigned int bbml = 1; bbml <= 2; bbml++) {
		sb_config(&cfg);
		cfg.idr3 = (uint32_t)HWI_SET(SMMU_IDR3_BBML, cfg.idr3, bbml);
		sb_fini(b);
		sb_init(b, &cfg);
		sb_start(b);
		sw_s1(&w, b, VMSA_SHIFT_4K);
		sw_map_s1(&w, in, out, 2, SW_S1_LEAF | VMSA_DESC_NT);
		sw_expect(b, SW_SID, in + 0x12340, HWI_READ, out + 0x12340);
		sw_s2(&w, b, VMSA_SHIFT_4K);
		sw_map_s2(&w, in, out, 2, SW_S2_LEAF | VMSA_DESC_NT);
		sw_expect(b, SW_SID, in + 0x12340, HWI_WRITE, out + 0x12340);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(invalid_structures_are_cached),
		TEST(granules_of_the_upper_half),
		TEST(aset_does_not_count_in_commands),
		TEST(output_sizes_above_oas),
		TEST(split_stage_ats),
		TEST(nt_never_faults),
	};

	return cmocka_run_group_tests_name("smmu_points", tests, NULL, NULL);
}

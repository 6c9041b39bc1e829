/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * IDR5.VAX is about virtual addresses, IDR5.OAS about intermediate ones, and each may be 52
 * bits without the other (SMMUv3 §3.4, §5.2 S2T0SZ, §5.4 T0SZ, §6.3.6). The levels that
 * stage 2 may begin at go by OAS, too.
 */
#include "smmu_world.h"

static void make(struct smmu_bench *b, unsigned int oas, unsigned int vax)
{
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_OAS, cfg.idr5, oas);
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_VAX, cfg.idr5, vax);
	sb_remake(b, &cfg);
	sb_start(b);
}

/* 64K tables of 52 bits: ten of them at level 1. What SW_IN has of 48 bits is found above, too. */
static uint64_t wide_root(struct sw *w, uint64_t entry, uint64_t addr)
{
	uint64_t root = sb_alloc_aligned(w->b, 8192);

	sb_w64(w->b, root + (addr >> 42) * 8, entry);
	return root;
}

static void wide_stage_1(struct sw *w, struct smmu_bench *b, unsigned int t0sz, uint64_t va)
{
	uint64_t root;

	sw_s1(w, b, VMSA_SHIFT_64K);
	root = wide_root(w, sb_r64(b, sw_s1_at(w, SW_IN, 1)), va);
	SW_CD_FIELD(w, 0, SMMU_CD0_T0SZ, t0sz);
	SW_CD_FIELD(w, 1, SMMU_CD1_TTB0, root >> 4);
	sb_invalidate_all(b);
}

static void wide_stage_2(struct sw *w, struct smmu_bench *b, unsigned int t0sz, uint64_t ipa)
{
	uint64_t root, table;

	sw_s2(w, b, VMSA_SHIFT_64K);
	/* What was made begins at level 2: now a table of that level below one of level 1. */
	table = sb_alloc_aligned(b, UINT64_C(1) << VMSA_SHIFT_64K);
	sb_w64(b, table + (SW_IN >> 29) * 8, sb_r64(b, sw_s2_at(w, SW_IN, 2)));
	root = wide_root(w, table | VMSA_TYPE_TABLE, ipa);
	SW_STE_FIELD(w, 2, SMMU_STE2_S2SL0, VMSA_SL_64K_L1);
	SW_STE_FIELD(w, 2, SMMU_STE2_S2T0SZ, t0sz);
	SW_STE_FIELD(w, 3, SMMU_STE3_S2TTB, root >> 4);
	sb_invalidate_all(b);
}

/* OAS=52, VAX=00: stage 2 takes 52 bits all the same, stage 1 takes 48. */
/* covers: EVT_C_BAD_STE EVT_C_BAD_CD REG_IDR5 */
static void wide_intermediate_addresses(void **state)
{
	struct smmu_bench *b = *state;
	const uint64_t ipa = HWI_BIT64(51) | SW_IN;
	struct sw w;

	make(b, SMMU_OAS_52, SMMU_VAX_48);
	wide_stage_2(&w, b, 12, ipa);
	sw_expect(b, SW_SID, ipa, HWI_READ, SW_OUT);
	(void)sw_expect_fault(b, SW_SID, HWI_BIT64(50) | SW_IN, HWI_READ, SMMU_EVT_F_TRANSLATION);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, 11);
	sw_cfgi_ste(&w, true);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);

	wide_stage_1(&w, b, 15, SW_IN);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_CD);
	SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, 16);
	sw_cfgi_cd(&w, 0, true);
	sw_ok(&w);
}

/* OAS=48, VAX=01: the other way round. */
/* covers: EVT_C_BAD_STE EVT_C_BAD_CD REG_IDR5 */
static void wide_virtual_addresses(void **state)
{
	struct smmu_bench *b = *state;
	const uint64_t va = HWI_BIT64(51) | SW_IN;
	struct sw w;

	make(b, SMMU_OAS_48, SMMU_VAX_52);
	wide_stage_1(&w, b, 12, va);
	sw_expect(b, SW_SID, va, HWI_READ, SW_OUT);
	SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, 11);
	sw_cfgi_cd(&w, 0, true);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_CD);

	wide_stage_2(&w, b, 15, SW_IN);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, 16);
	sw_cfgi_ste(&w, true);
	sw_ok(&w);
}

/*
 * Stage 2 begins no higher than addresses of OAS bits can need: 4K at level 0 from 44 bits
 * on, 16K and 64K at level 1 from 42 and 44 bits on; below, as many tables side by side
 * (Arm DDI 0487 D8.1.10, §5.2 S2T0SZ, S2SL0).
 */
/* covers: POINT_10 EVT_C_BAD_STE REG_IDR5 */
static void first_levels_of_stage_2(void **state)
{
	static const struct {
		uint8_t g, sl0, lo, hi, oas; /* S2T0SZ; what OAS is needed */
	} starts[] = {
		{ 12, 2, 16, 24, 44 }, { 12, 1, 21, 33, 0 }, { 12, 0, 30, 42, 0 },
		{ 14, 2, 16, 27, 42 }, { 14, 1, 24, 38, 0 }, { 14, 0, 35, 48, 0 },
		{ 16, 2, 12, 21, 44 }, { 16, 1, 18, 34, 0 }, { 16, 0, 31, 47, 0 },
	};
	static const uint8_t tg[] = { [12] = SMMU_S2TG_4K, [14] = SMMU_S2TG_16K, [16] = SMMU_S2TG_64K };
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 52 };
	struct smmu_bench *b = *state;

	for (unsigned int oas = 0; oas < 7; oas++) {
		make(b, oas, SMMU_VAX_48);
		for (unsigned int i = 0; i < 9; i++) {
			unsigned int t0sz = 64u - bits[oas];
			struct hwi_response r;
			struct sw w;

			if (t0sz < starts[i].lo)
				t0sz = starts[i].lo;
			if (t0sz > starts[i].hi)
				continue;
			sw_s2(&w, b, VMSA_SHIFT_4K);
			sw_ste(&w, 3, 0, SMMU_STE3_S2TTB);
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2TG, tg[starts[i].g]);
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2SL0, starts[i].sl0);
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, t0sz);
			sw_cfgi_ste(&w, true);
			r = sb_dma(b, SW_SID, HWI_PASID_NONE, 0x1000, HWI_READ);
			if ((r.fault == SMMU_EVT_C_BAD_STE) != (bits[oas] < starts[i].oas))
				fail_msg("OAS %u granule %u SL0 %u T0SZ %u: %02x", bits[oas],
					 starts[i].g, starts[i].sl0, t0sz, r.fault);
			(void)sw_record(b, (uint8_t)r.fault, SW_SID);
		}
		b->next_page = 4096;
	}
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(wide_intermediate_addresses),
		T(wide_virtual_addresses),
		T(first_levels_of_stage_2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

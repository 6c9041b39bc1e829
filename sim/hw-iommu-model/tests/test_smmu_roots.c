/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Root tables of every input size, granule and, of stage 2, starting level: how many levels
 * are walked, how large the root is, which bits of TTB count, which addresses are in range
 * (Arm DDI 0487 D8.2, SMMUv3 §3.4, §5.2, §5.4).
 */
#include "smmu_world.h"

#define UPPER(width) (UINT64_MAX << (width))

/* One mapping: the last page of the input range. */
struct tables {
	unsigned int g, width;
	unsigned int level; /* lookup level of the root */
	uint64_t root;
	uint64_t bytes;	    /* of the root */
};

static uint64_t last_page(const struct tables *t)
{
	return (UINT64_C(1) << t->width) - (UINT64_C(1) << t->g);
}

/* The root stands at an odd multiple of its size: a bit less of TTB would be missed. */
static void build(struct smmu_bench *b, struct tables *t, uint64_t leaf)
{
	uint64_t at, va = last_page(t);

	t->bytes = UINT64_C(8) << (t->width - VMSA_LEVEL_SHIFT(t->g, (int)t->level));
	t->root = sb_alloc_aligned(b, 2 * t->bytes) + t->bytes;
	at = t->root + (va >> VMSA_LEVEL_SHIFT(t->g, (int)t->level)) * 8;
	for (unsigned int l = t->level; l < 3; l++) {
		uint64_t table = sb_alloc_aligned(b, UINT64_C(1) << t->g);

		sb_w64(b, at, table | VMSA_TYPE_TABLE);
		at = table + (VMSA_LEVEL_ENTRIES(t->g) - 1) * 8ull;
	}
	sb_w64(b, at, SW_OUT | leaf);
}

/* TTB's bits below the root's size say nothing. */
static uint64_t ttb(const struct tables *t, bool junk)
{
	return junk ? t->root | ((t->bytes - 1) & ~UINT64_C(15)) : t->root;
}

/* The page is there; its like half the range away, and beyond the range, are not. */
static void check(struct sw *w, const struct tables *t, uint64_t above)
{
	struct smmu_bench *b = w->b;
	uint64_t page = last_page(t) | above;

	sb_invalidate_all(b);
	sw_expect(b, SW_SID, page + 0x10, HWI_READ, SW_OUT + 0x10);
	(void)sw_expect_fault(b, SW_SID, page ^ (UINT64_C(1) << (t->width - 1)), HWI_READ,
			      SMMU_EVT_F_TRANSLATION);
	(void)sw_expect_fault(b, SW_SID, page ^ (UINT64_C(1) << t->width), HWI_READ,
			      SMMU_EVT_F_TRANSLATION);
}

static const unsigned int granules[] = { VMSA_SHIFT_4K, VMSA_SHIFT_16K, VMSA_SHIFT_64K };

/* As many levels as the width needs, and no more. */
static unsigned int s1_level(unsigned int g, unsigned int width)
{
	unsigned int level = 3;

	while (VMSA_LEVEL_SHIFT(g, (int)level) + g - 3 < width)
		level--;
	return level;
}

/* covers: POINT_12 EVT_F_TRANSLATION */
static void stage_1(void **state)
{
	static const uint8_t tg0[] = { [12] = SMMU_TG0_4K, [14] = SMMU_TG0_16K, [16] = SMMU_TG0_64K };
	static const uint8_t tg1[] = { [12] = SMMU_TG1_4K, [14] = SMMU_TG1_16K, [16] = SMMU_TG1_64K };
	struct smmu_bench *b = *state;
	uint64_t mark;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	mark = b->next_page;
	for (unsigned int i = 0; i < 3; i++) {
		unsigned int g = granules[i];
		unsigned int lo = g == VMSA_SHIFT_64K ? 12 : 16, hi = g == VMSA_SHIFT_64K ? 47 : 48;

		for (unsigned int t0sz = lo; t0sz <= hi; t0sz++) {
			struct tables t = { .g = g, .width = 64 - t0sz };

			b->next_page = mark;
			t.level = s1_level(g, t.width);
			build(b, &t, SW_S1_LEAF);
			SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, t0sz);
			SW_CD_FIELD(&w, 0, SMMU_CD0_TG0, tg0[g]);
			SW_CD_FIELD(&w, 1, SMMU_CD1_TTB0, ttb(&t, t0sz & 1) >> 4);
			sw_cd(&w, 0, SMMU_CD0_EPD1, SMMU_CD0_EPD0);
			check(&w, &t, 0);
			SW_CD_FIELD(&w, 0, SMMU_CD0_T1SZ, t0sz);
			SW_CD_FIELD(&w, 0, SMMU_CD0_TG1, tg1[g]);
			SW_CD_FIELD(&w, 2, SMMU_CD2_TTB1, ttb(&t, !(t0sz & 1)) >> 4);
			sw_cd(&w, 0, SMMU_CD0_EPD0, SMMU_CD0_EPD1);
			check(&w, &t, UPPER(t.width));
		}
	}
}

/* {granule, SL0, lookup level, S2T0SZ of one table and of up to 16 side by side} */
static const struct {
	uint8_t g, sl0, level, lo, hi;
} starts[] = {
	{ 12, 2, 0, 16, 24 }, { 12, 1, 1, 21, 33 }, { 12, 0, 2, 30, 42 }, { 12, 3, 3, 39, 48 },
	{ 14, 2, 1, 16, 27 }, { 14, 1, 2, 24, 38 }, { 14, 0, 3, 35, 48 },
	{ 16, 2, 1, 12, 21 }, { 16, 1, 2, 18, 34 }, { 16, 0, 3, 31, 47 },
};

/* covers: POINT_12 EVT_F_TRANSLATION */
static void stage_2(void **state)
{
	static const uint8_t tg[] = { [12] = SMMU_S2TG_4K, [14] = SMMU_S2TG_16K, [16] = SMMU_S2TG_64K };
	struct smmu_bench *b = *state;
	uint64_t mark;
	struct sw w;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	mark = b->next_page;
	for (unsigned int i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		for (unsigned int t0sz = starts[i].lo; t0sz <= starts[i].hi; t0sz++) {
			struct tables t = { .g = starts[i].g, .width = 64 - t0sz,
					    .level = starts[i].level };

			b->next_page = mark;
			build(b, &t, SW_S2_LEAF);
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2TG, tg[t.g]);
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2SL0, starts[i].sl0);
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, t0sz);
			SW_STE_FIELD(&w, 3, SMMU_STE3_S2TTB, ttb(&t, t0sz & 1) >> 4);
			if (t.width == 52) { /* beyond it is beyond IAS: stage 1's size fault */
				sb_invalidate_all(b);
				sw_expect(b, SW_SID, last_page(&t), HWI_READ, SW_OUT);
				continue;
			}
			check(&w, &t, 0);
		}
	}
}

/*
 * Output of 52 bits: a root begins at 64 bytes at least, TTB's bits 5:4 say nothing. Two
 * entries of level 1 of 64K: found where they are with 48 bits, 16 bytes before with 52.
 */
static void small_roots_of_52_bit_outputs(void **state)
{
	struct smmu_bench *b = *state;
	struct tables t = { .g = VMSA_SHIFT_64K, .width = 43, .level = 1 };
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_64K);
	build(b, &t, SW_S1_LEAF);
	assert_int_equal(t.root % 64, 16);
	SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, 64 - t.width);
	SW_CD_FIELD(&w, 1, SMMU_CD1_TTB0, t.root >> 4);
	check(&w, &t, 0);
	SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, SMMU_OAS_52);
	sb_invalidate_all(b);
	(void)sw_expect_fault(b, SW_SID, last_page(&t), HWI_READ, SMMU_EVT_F_TRANSLATION);

	sw_s2(&w, b, VMSA_SHIFT_64K);
	build(b, &t, SW_S2_LEAF);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, 64 - t.width);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2SL0, VMSA_SL_64K_L1);
	SW_STE_FIELD(&w, 3, SMMU_STE3_S2TTB, t.root >> 4);
	check(&w, &t, 0);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2PS, SMMU_OAS_52);
	sb_invalidate_all(b);
	(void)sw_expect_fault(b, SW_SID, last_page(&t), HWI_READ, SMMU_EVT_F_TRANSLATION);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(stage_1),
		T(stage_2),
		T(small_roots_of_52_bit_outputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

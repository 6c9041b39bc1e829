/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Table descriptors that are cached, of each granule and level: an invalidation by address
 * without Leaf removes those on the way to the address, whatever page below them it names
 * (SMMUv3 §4.4, §4.4.1.1, Arm DDI 0487 D8.17).
 */
#include "smmu_world.h"

#define NEW_OUT UINT64_C(0x650000)

static const unsigned int granules[] = { VMSA_SHIFT_4K, VMSA_SHIFT_16K, VMSA_SHIFT_64K };

static uint64_t tg(unsigned int g)
{
	return HWI_PUT(SMMU_CMD_TLBI1_TG, (g - 10) / 2);
}

struct stream {
	struct sw w;
	unsigned int g;
	bool s1; /* the tables in question; else stage 2's */
	uint64_t target; /* a page of which nothing is cached but that descriptor */
};

static uint64_t entry(const struct stream *t, unsigned int level)
{
	return t->s1 ? sw_s1_at(&t->w, SW_IN, level) : sw_s2_at(&t->w, SW_IN, level);
}

static uint64_t other_tables(struct stream *t, unsigned int level)
{
	struct smmu_bench *b = t->w.b;
	uint64_t table = 0, at = 0;

	for (unsigned int l = level + 1; l <= 3; l++) {
		uint64_t made = sb_alloc_aligned(b, UINT64_C(1) << t->g);

		if (at)
			sb_w64(b, at, made | VMSA_TYPE_TABLE);
		else
			table = made;
		at = made + (t->target >> VMSA_LEVEL_SHIFT(t->g, (int)l) &
			     (VMSA_LEVEL_ENTRIES(t->g) - 1)) * 8;
	}
	sb_w64(b, at, NEW_OUT | (t->s1 ? SW_S1_LEAF : SW_S2_LEAF));
	return table;
}

/* The descriptor of a level is cached by a walk for SW_IN; then it leads to other tables. */
static bool prepare(struct stream *t, struct smmu_bench *b, unsigned int g, bool s1,
		    unsigned int level, uint64_t mark)
{
	b->next_page = mark;
	*t = (struct stream){ .g = g, .s1 = s1,
			       .target = SW_IN + (UINT64_C(1) << VMSA_LEVEL_SHIFT(g, (int)level + 1)) };
	if (s1)
		sw_s1(&t->w, b, g);
	else
		sw_s2(&t->w, b, g);
	/* Stage 2 of 40 bits begins later. */
	if (level < (s1 ? 1u : g == VMSA_SHIFT_4K ? 1u : 2u))
		return false;
	if (s1)
		sw_map_s1(&t->w, t->target, SW_OUT, 3, SW_S1_LEAF);
	else
		sw_map_s2(&t->w, t->target, SW_OUT, 3, SW_S2_LEAF);
	sb_invalidate_all(b);
	sw_ok(&t->w);
	sb_w64(b, entry(t, level), other_tables(t, level) | VMSA_TYPE_TABLE);
	return true;
}

static uint64_t command(const struct stream *t)
{
	return (t->s1 ? SMMU_CMD_TLBI_NH_VA | HWI_PUT(SMMU_CMD0_ASID, SW_ASID) :
			SMMU_CMD_TLBI_S2_IPA) |
	       HWI_PUT(SMMU_CMD0_VMID, SW_VMID);
}

/* The last page below the descriptor that stands for the target. */
static uint64_t last_below(const struct stream *t, unsigned int level)
{
	uint64_t span = UINT64_C(1) << VMSA_LEVEL_SHIFT(t->g, (int)level);

	return (t->target & ~(span - 1)) + span - (UINT64_C(1) << t->g);
}

/* covers: CMD_TLBI_NH_VA CMD_TLBI_S2_IPA */
static void any_page_below(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t mark = b->next_page;

	for (unsigned int n = 0; n < 3 * 2 * 2 * 4; n++) {
		unsigned int g = granules[n % 3], level = 1 + n / 6 % 2, how = n / 12;
		uint64_t scale = HWI_PUT(SMMU_CMD_TLBI0_SCALE, 1), addr;
		struct stream t;

		if (!prepare(&t, b, g, n / 3 % 2, level, mark))
			continue;
		addr = last_below(&t, level);
		if (how == 0) /* the address alone */
			sb_do(b, command(&t), addr);
		else if (how == 1) /* two granules, from the one before */
			sb_do(b, command(&t) | scale, (addr - (UINT64_C(1) << g)) | tg(g));
		else if (how == 2) /* leaves of level 3, and what is above them */
			sb_do(b, command(&t), addr | tg(g) | HWI_PUT(SMMU_CMD_TLBI1_TTL, 3));
		/* Without any the old tables are walked on. */
		sw_expect(b, SW_SID, t.target, HWI_READ, how < 3 ? NEW_OUT : SW_OUT);
	}
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(any_page_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

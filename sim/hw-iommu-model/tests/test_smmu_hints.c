/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TG and TTL of a TLBI by address (SMMUv3 §4.4.1.1): entries of another granule, leaves of another level and table
 * descriptors from that level on need not go, and do not here; all else that the address names is gone.
 */
#include "smmu_world.h"

#define OUT_OLD HWI_BIT64(42)
#define OUT_NEW HWI_BIT64(43)
#define PART UINT64_C(0x3000) /* of a leaf of 16K and more; with 4K another page of the block */

static const unsigned int granules[] = { VMSA_SHIFT_4K, VMSA_SHIFT_16K, VMSA_SHIFT_64K };

/* A stage under test: its command, and an address that is aligned for each level. */
struct stage {
	uint64_t command;
	uint64_t base;
	void (*make)(struct sw *w, struct smmu_bench *b, unsigned int granule_log2);
	void (*map)(struct sw *w, uint64_t addr, uint64_t out, unsigned int level, uint64_t bits);
	uint64_t (*at)(const struct sw *w, uint64_t addr, unsigned int level);
	uint64_t leaf;
	unsigned int width;
};

#define VMID HWI_PUT(SMMU_CMD0_VMID, SW_VMID)

static const struct stage stages[] = {
	{ SMMU_CMD_TLBI_NH_VA | VMID | HWI_PUT(SMMU_CMD0_ASID, SW_ASID), HWI_BIT64(46), sw_s1, sw_map_s1, sw_s1_at,
	  SW_S1_LEAF, 48 },
	{ SMMU_CMD_TLBI_NH_VAA | VMID, HWI_BIT64(46), sw_s1, sw_map_s1, sw_s1_at, SW_S1_LEAF, 48 },
	{ SMMU_CMD_TLBI_S2_IPA | VMID, HWI_BIT64(39), sw_s2, sw_map_s2, sw_s2_at, SW_S2_LEAF, 40 },
};

static unsigned int shift_of(unsigned int g, unsigned int level)
{
	return VMSA_LEVEL_SHIFT(g, (int)level);
}

/* Blocks: level 1 of 4K, and of 64K with 52-bit addresses; level 2 of all. */
static bool leaf_exists(const struct stage *s, unsigned int g, unsigned int level)
{
	if (level == 1 && g == VMSA_SHIFT_16K)
		return false;
	return shift_of(g, level) < s->width;
}

/* The command for @addr; without a level hint of two granules, as one would be no range. */
static void tlbi(struct sw *w, const struct stage *s, uint64_t addr, unsigned int tg, unsigned int ttl, bool leaf)
{
	uint64_t q0 = s->command, q1 = addr | HWI_PUT(SMMU_CMD_TLBI1_TG, tg) | HWI_PUT(SMMU_CMD_TLBI1_TTL, ttl);

	if (!ttl || (tg == SMMU_TLBI_TG_16K && ttl == 1))
		q0 |= HWI_PUT(SMMU_CMD_TLBI0_NUM, 1);
	sb_do(w->b, q0, q1 | (leaf ? SMMU_CMD1_LEAF : 0));
}

/* Level that is asked for: 0 is any. 16K has no leaves at level 1. */
static unsigned int hint(unsigned int tg, unsigned int ttl)
{
	return !tg || (tg == SMMU_TLBI_TG_16K && ttl == 1) ? 0 : ttl;
}

static bool granule_hit(unsigned int tg, unsigned int g)
{
	return !tg || SMMU_TLBI_TG_SHIFT(tg) == g;
}

/* Where an address leads; 0 if it is refused. */
static uint64_t leads(struct sw *w, uint64_t addr)
{
	struct hwi_response r = sb_dma(w->b, SW_SID, HWI_PASID_NONE, addr, HWI_READ);
	uint64_t rec[4];

	while (sb_event(w->b, rec))
		;
	return r.outcome == HWI_SUCCESS ? hwi_hpa_val(r.addr) : 0;
}

/* A fresh unit: memory of tests is small, tables of 64K are not. */
static void renew(struct smmu_bench *b)
{
	sb_fini(b);
	sb_init(b, NULL);
	sb_start(b);
}

static void leaves(struct smmu_bench *b, const struct stage *s, unsigned int g, unsigned int level)
{
	uint64_t in_leaf = level < 3 || g > VMSA_SHIFT_4K ? PART : 0;
	struct sw w;

	renew(b);
	s->make(&w, b, g);
	for (unsigned int i = 0; i < 32; i++) {
		unsigned int tg = i & 3, ttl = i >> 2 & 3;
		bool goes = granule_hit(tg, g) && (!hint(tg, ttl) || hint(tg, ttl) == level);
		uint64_t now;

		s->map(&w, s->base, OUT_OLD, level, s->leaf);
		sw_tlbi_all(&w);
		assert_true(leads(&w, s->base + in_leaf) == OUT_OLD + in_leaf);
		s->map(&w, s->base, OUT_NEW, level, s->leaf);
		assert_true(leads(&w, s->base + in_leaf) == OUT_OLD + in_leaf);
		tlbi(&w, s, s->base, tg, ttl, i & 16);
		now = leads(&w, s->base + in_leaf) - in_leaf;
		if (now != (goes ? OUT_NEW : OUT_OLD))
			fail_msg("command %02x, granule %u, level %u: TG=%u, TTL=%u: the leaf %s",
				 (unsigned int)(s->command & 0xff), g, level, tg, ttl, goes ? "stays" : "goes");
	}
}

/* covers: POINT_28 CMD_TLBI_NH_VA CMD_TLBI_NH_VAA CMD_TLBI_S2_IPA */
static void leaves_by_granule_and_level(void **state)
{
	for (unsigned int n = 0; n < sizeof(stages) / sizeof(stages[0]); n++)
		for (unsigned int g = 0; g < 3; g++)
			for (unsigned int level = 1; level <= 3; level++)
				if (leaf_exists(&stages[n], granules[g], level))
					leaves(*state, &stages[n], granules[g], level);
}

/* The level that a walk begins at. */
static unsigned int first_level(const struct stage *s, unsigned int g)
{
	unsigned int level = 3;

	while (level > 0 && s->width > shift_of(g, level) + g - 3)
		level--;
	return level;
}

/* An address that shares with the base its table descriptor at a level, and none below. */
static uint64_t neighbour(const struct stage *s, unsigned int g, unsigned int level)
{
	return s->base + (UINT64_C(1) << shift_of(g, level + 1));
}

/*
 * The base is used, so that all its table descriptors are cached; then each is made to lead to an empty table. A
 * neighbour is found as long as the descriptor that it shares with the base is cached.
 */
static void tables(struct smmu_bench *b, const struct stage *s, unsigned int g, unsigned int tg, unsigned int ttl,
		   bool leaf)
{
	unsigned int first = first_level(s, g);
	uint64_t empty, at[3];
	struct sw w;

	renew(b);
	s->make(&w, b, g);
	s->map(&w, s->base, OUT_OLD, 3, s->leaf);
	for (unsigned int level = first; level < 3; level++)
		s->map(&w, neighbour(s, g, level), OUT_OLD, 3, s->leaf);
	sw_tlbi_all(&w);
	assert_true(leads(&w, s->base) == OUT_OLD);
	empty = sb_alloc_aligned(b, UINT64_C(1) << g);
	for (unsigned int level = first; level < 3; level++)
		at[level] = s->at(&w, s->base, level);
	for (unsigned int level = first; level < 3; level++)
		sw_set(&w, at[level], empty, VMSA_DESC_ADDR(g));
	tlbi(&w, s, s->base, tg, ttl, leaf);
	for (unsigned int level = 3; level-- > first;) {
		bool goes = !leaf && granule_hit(tg, g) && (!hint(tg, ttl) || level < hint(tg, ttl));

		if ((leads(&w, neighbour(s, g, level)) == 0) != goes)
			fail_msg("command %02x, granule %u: TG=%u, TTL=%u, Leaf=%u: the descriptor of level %u %s",
				 (unsigned int)(s->command & 0xff), g, tg, ttl, leaf, level,
				 goes ? "stays" : "goes");
	}
}

/* covers: POINT_28 CMD_TLBI_NH_VA CMD_TLBI_NH_VAA CMD_TLBI_S2_IPA */
static void table_descriptors_by_granule_and_level(void **state)
{
	for (unsigned int n = 0; n < sizeof(stages) / sizeof(stages[0]); n++)
		for (unsigned int g = 0; g < 3; g++)
			for (unsigned int i = 0; i < 32; i++)
				tables(*state, &stages[n], granules[g], i & 3, i >> 2 & 3, i & 16);
}

/* NH_VA of stage 1's leaves, though stage 2 has smaller or larger ones: the hint is about stage 1. */
/* covers: CMD_TLBI_NH_VA */
static void the_level_is_stage_1s(void **state)
{
	struct smmu_bench *b = *state;
	const uint64_t va = HWI_BIT64(46), ipa = HWI_BIT64(38);
	const struct stage *s = &stages[0];

	for (unsigned int level = 2; level <= 3; level++) {
		for (unsigned int ttl = 1; ttl <= 3; ttl++) {
			struct sw w;

			renew(b);
			sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
			/* A block on pages, a page on a block. */
			sw_map_s1(&w, va, ipa, level, SW_S1_LEAF);
			sw_map_s2(&w, ipa, OUT_OLD, 5 - level, SW_S2_LEAF);
			sw_tlbi_all(&w);
			assert_true(leads(&w, va) == OUT_OLD);
			sw_map_s2(&w, ipa, OUT_NEW, 5 - level, SW_S2_LEAF);
			tlbi(&w, s, va, SMMU_TLBI_TG_4K, ttl, true);
			assert_true(leads(&w, va) == (ttl == level ? OUT_NEW : OUT_OLD));
		}
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(leaves_by_granule_and_level),
		TEST(table_descriptors_by_granule_and_level),
		TEST(the_level_is_stage_1s),
	};

	return cmocka_run_group_tests_name("smmu_hints", tests, NULL, NULL);
}

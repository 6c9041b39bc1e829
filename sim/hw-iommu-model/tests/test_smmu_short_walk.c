/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A unit that can read memory by plain loads takes a short way through tables whose
 * descriptors are plain. It answers, records and marks what the long way does: each bit of
 * each descriptor on the way is flipped, and both ways are gone.
 */
#include "smmu_world.h"

struct outcome {
	struct hwi_response resp[4];
	uint64_t rec[4][4];
	uint64_t entry;
};

static void views(struct smmu_bench *b, bool on)
{
	struct hwi_ram ram = { .base = hwi_hpa(0), .size = SB_MEM, .host = b->mem };

	assert_int_equal(hwi_set_ram(b->unit, &ram, on), HWI_OK);
}

/* A read and a write, each twice: by a walk, and by what is cached then. */
static void both_accesses(struct sw *w, uint64_t at, struct outcome *o)
{
	static const unsigned int access[] = { HWI_READ, HWI_READ, HWI_WRITE, HWI_WRITE };

	memset(o, 0, sizeof(*o));
	for (unsigned int i = 0; i < 4; i++) {
		o->resp[i] = sb_dma(w->b, SW_SID, HWI_PASID_NONE, SW_IN + 8, access[i]);
		while (sb_event(w->b, o->rec[i]))
			;
	}
	o->entry = sb_r64(w->b, at);
}

/* What a walk leaves behind is the same, whichever way: walk caches are warmed by a neighbour. */
static void warm(struct sw *w)
{
	sb_invalidate_all(w->b);
	(void)sb_dma(w->b, SW_SID, HWI_PASID_NONE, SW_IN + 0x1000, HWI_READ);
}

static void same(const struct outcome *a, const struct outcome *b, const char *what, uint64_t at,
		 unsigned int bit)
{
	for (unsigned int i = 0; i < 4; i++) {
		if (a->resp[i].outcome != b->resp[i].outcome ||
		    a->resp[i].fault != b->resp[i].fault ||
		    a->resp[i].rights != b->resp[i].rights ||
		    a->resp[i].snooped != b->resp[i].snooped ||
		    a->resp[i].recorded != b->resp[i].recorded ||
		    (a->resp[i].outcome == HWI_SUCCESS &&
		     (a->resp[i].span_log2 != b->resp[i].span_log2 ||
		      hwi_hpa_val(a->resp[i].addr) != hwi_hpa_val(b->resp[i].addr))) ||
		    memcmp(a->rec[i], b->rec[i], sizeof(a->rec[i])))
			fail_msg("%s: bit %u of %llx: access %u differs", what, bit,
				 (unsigned long long)at, i);
	}
	if (a->entry != b->entry)
		fail_msg("%s: bit %u of %llx: memory differs", what, bit, (unsigned long long)at);
}

static unsigned int flip_bits(struct sw *w, const char *what, uint64_t at)
{
	uint64_t good = sb_r64(w->b, at);
	unsigned int passed = 0;
	struct outcome a, b;

	for (unsigned int bit = 0; bit <= 64; bit++) {
		uint64_t bad = bit < 64 ? good ^ HWI_BIT64(bit) : good;

		views(w->b, false);
		sb_w64(w->b, at, good);
		warm(w);
		sb_w64(w->b, at, bad);
		both_accesses(w, at, &a);
		views(w->b, true);
		sb_w64(w->b, at, good);
		warm(w);
		sb_w64(w->b, at, bad);
		both_accesses(w, at, &b);
		same(&a, &b, what, at, bit);
		passed += a.resp[0].outcome == HWI_SUCCESS;
	}
	sb_w64(w->b, at, good);
	views(w->b, false);
	return passed;
}

static void every_descriptor(struct sw *w, const char *what)
{
	/* The flips of one descriptor that leave it good, and the good one itself. */
	unsigned int passed = 0, tried = 0;

	for (unsigned int level = 0; level < 4 && w->g1; level++, tried++)
		passed += flip_bits(w, what, sw_s1_at(w, SW_IN, level));
	for (unsigned int level = 1; level < 4 && w->g2; level++, tried++) {
		passed += flip_bits(w, what, sw_s2_at(w, w->g1 ? SW_IPA : SW_IN, level));
		if (w->g1)
			passed += flip_bits(w, what,
					    sw_s2_at(w, sw_s1_at(w, SW_IN, 2) + w->guest, level));
	}
	assert_true(passed > tried);
}

static void make(struct sw *w, struct smmu_bench *b, unsigned int kind)
{
	uint64_t other = SW_IN + 0x1000;

	if (kind == 1) {
		sw_s1(w, b, VMSA_SHIFT_4K);
		sw_map_s1(w, other, SW_OUT, 3, SW_S1_LEAF);
	} else if (kind == 2) {
		sw_s2(w, b, VMSA_SHIFT_4K);
		sw_map_s2(w, other, SW_OUT, 3, SW_S2_LEAF);
	} else {
		sw_nested(w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		sw_map_s1(w, other, SW_IPA, 3, SW_S1_LEAF);
	}
}

static const struct {
	const char *what;
	uint64_t cd0, ste1, ste2;
} variants[] = {
	{ "as Linux has it", 0, 0, 0 },
	{ "HTTU", SMMU_CD0_HA | SMMU_CD0_HD, 0, SMMU_STE2_S2HA | SMMU_STE2_S2HD },
	{ "AFFD", SMMU_CD0_AFFD, 0, SMMU_STE2_S2AFFD },
	{ "WXN, S2PTW", SMMU_CD0_WXN, 0, SMMU_STE2_S2PTW },
	{ "PAN, S2FWB", SMMU_CD0_PAN, SMMU_STE1_S2FWB, 0 },
	{ "privileged", SMMU_CD0_TBI0, HWI_PUT(SMMU_STE1_PRIVCFG, SMMU_PRIVCFG_PRIVILEGED), 0 },
	{ "instructions", 0, HWI_PUT(SMMU_STE1_INSTCFG, SMMU_INSTCFG_INSTRUCTION), 0 },
};

static void all_variants(struct smmu_bench *b, unsigned int kind)
{
	for (unsigned int i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		struct sw w;

		make(&w, b, kind);
		if (kind != 2)
			sw_cd(&w, 0, variants[i].cd0, 0);
		sw_ste(&w, 1, variants[i].ste1, 0);
		if (kind != 1)
			sw_ste(&w, 2, variants[i].ste2, 0);
		every_descriptor(&w, variants[i].what);
	}
}

static void without_walk_caches(struct smmu_bench *b)
{
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.caches.walk_s1 = HWI_SMMUV3_CACHE_NONE;
	cfg.caches.walk_s2 = HWI_SMMUV3_CACHE_NONE;
	cfg.caches.ipa = HWI_SMMUV3_CACHE_NONE;
	sb_remake(b, &cfg);
	sb_start(b);
}

#define BOTH_WAYS(name, kind) \
	static void name(void **state) \
	{ \
		all_variants(*state, kind); \
	} \
	static void name##_without_walk_caches(void **state) \
	{ \
		without_walk_caches(*state); \
		all_variants(*state, kind); \
	}

BOTH_WAYS(stage_1, 1)
BOTH_WAYS(stage_2, 2)
BOTH_WAYS(both_stages, 3)

int main(void)
{
#define T(x) \
	cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown), \
		cmocka_unit_test_setup_teardown(x##_without_walk_caches, sb_setup_started, \
						sb_teardown)
	const struct CMUnitTest tests[] = { T(stage_1), T(stage_2), T(both_stages) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What no cache may hold, so that software repairs it without an invalidation: descriptors
 * that fault by themselves or whose AF is 0, and structures that could not be fetched
 * (SMMUv3 §3.13.1, §3.21.1, §3.21.3; Arm DDI 0487 D8.16).
 */
#include "smmu_world.h"

enum stages { S1, S2, NESTED };

static void make(struct sw *w, struct smmu_bench *b, enum stages stages)
{
	if (stages == S1)
		sw_s1(w, b, VMSA_SHIFT_4K);
	else if (stages == S2)
		sw_s2(w, b, VMSA_SHIFT_4K);
	else
		sw_nested(w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
}

/* Descriptors on the way of the request SW_IN. */
enum place {
	S1_LEVEL_1,
	S1_LEVEL_2,
	S1_LEAF,
	S2_LEVEL_1,
	S2_LEVEL_2,
	S2_LEAF,
	TABLE_PAGE, /* stage 2 leaf of the last stage 1 table */
	CD_PAGE,    /* stage 2 leaf of the CD */
};

static uint64_t at(const struct sw *w, enum place place)
{
	uint64_t ipa = w->g1 ? SW_IPA : SW_IN;

	switch (place) {
	case S1_LEVEL_1:
	case S1_LEVEL_2:
	case S1_LEAF:
		return sw_s1_at(w, SW_IN, place - S1_LEVEL_1 + 1);
	case S2_LEVEL_1:
	case S2_LEVEL_2:
	case S2_LEAF:
		return sw_s2_at(w, ipa, place - S2_LEVEL_1 + 1);
	case TABLE_PAGE:
		return sw_s2_at(w, sw_s1_at(w, SW_IN, 3) + w->guest, 3);
	default:
		return sw_s2_at(w, w->cd + w->guest, 3);
	}
}

static bool of_leaf(enum place place)
{
	return place != S1_LEVEL_1 && place != S1_LEVEL_2 && place != S2_LEVEL_1 &&
	       place != S2_LEVEL_2;
}

struct way {
	enum stages stages;
	enum place place;
};

static const struct way ways[] = {
	{ S1, S1_LEVEL_1 },	{ S1, S1_LEVEL_2 },	{ S1, S1_LEAF },
	{ S2, S2_LEVEL_1 },	{ S2, S2_LEVEL_2 },	{ S2, S2_LEAF },
	{ NESTED, S1_LEVEL_1 }, { NESTED, S1_LEVEL_2 }, { NESTED, S1_LEAF },
	{ NESTED, S2_LEVEL_1 }, { NESTED, S2_LEVEL_2 }, { NESTED, S2_LEAF },
	{ NESTED, TABLE_PAGE }, { NESTED, CD_PAGE },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* One descriptor is spoiled, answered with a fault twice, and repaired. */
static void faults_until_repaired(struct sw *w, uint64_t desc, uint64_t bad, uint8_t code)
{
	uint64_t good = sb_r64(w->b, desc);

	sb_invalidate_all(w->b);
	sb_w64(w->b, desc, bad);
	(void)sw_fault(w, code);
	(void)sw_fault(w, code);
	sb_w64(w->b, desc, good);
	sw_ok(w);
}

/* covers: EVT_F_TRANSLATION */
static void invalid_descriptors(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < WAYS; i++) {
		struct sw w;
		uint64_t desc, good;

		make(&w, b, ways[i].stages);
		desc = at(&w, ways[i].place);
		good = sb_r64(b, desc);
		faults_until_repaired(&w, desc, good & ~VMSA_DESC_VALID, SMMU_EVT_F_TRANSLATION);
		if (of_leaf(ways[i].place)) /* 01 at level 3 */
			faults_until_repaired(&w, desc, (good & ~VMSA_DESC_TYPE) | VMSA_TYPE_BLOCK,
					      SMMU_EVT_F_TRANSLATION);
	}
}

/* covers: EVT_F_ADDR_SIZE */
static void addresses_too_large(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < WAYS; i++) {
		struct sw w;
		uint64_t desc;

		make(&w, b, ways[i].stages);
		desc = at(&w, ways[i].place);
		if (w.g1)
			SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, SMMU_OAS_40);
		if (w.g2)
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2PS, SMMU_OAS_40);
		faults_until_repaired(&w, desc, sb_r64(b, desc) | HWI_BIT64(40),
				      SMMU_EVT_F_ADDR_SIZE);
	}
}

/* covers: EVT_F_ACCESS */
static void access_flags(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < WAYS; i++) {
		struct sw w;
		uint64_t desc;

		if (!of_leaf(ways[i].place))
			continue;
		make(&w, b, ways[i].stages);
		desc = at(&w, ways[i].place);
		faults_until_repaired(&w, desc, sb_r64(b, desc) & ~VMSA_DESC_AF, SMMU_EVT_F_ACCESS);
	}
}

/*
 * HA, no right, and AF is still 0 after the fault, which the unit may choose (§3.13.2):
 * then that is not cached either (D8.5.1.2).
 */
/* covers: EVT_F_PERMISSION */
static void refused_before_accessed(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < WAYS; i++) {
		bool s1 = ways[i].place == S1_LEAF;
		struct sw w;
		uint64_t desc, bad;

		if (!of_leaf(ways[i].place))
			continue;
		make(&w, b, ways[i].stages);
		if (w.g1)
			sw_cd(&w, 0, SMMU_CD0_HA, 0);
		if (w.g2)
			sw_ste(&w, 2, SMMU_STE2_S2HA, 0);
		desc = at(&w, ways[i].place);
		bad = sb_r64(b, desc) & ~(VMSA_DESC_AF | (s1 ? VMSA_S1_AP_UNPRIV : VMSA_S2_S2AP_R));
		sb_invalidate_all(b);
		sb_w64(b, desc, bad);
		(void)sw_fault(&w, SMMU_EVT_F_PERMISSION);
		if (sb_r64(b, desc) != bad)
			continue;
		sw_set(&w, desc, s1 ? VMSA_S1_AP_UNPRIV : VMSA_S2_S2AP_R, 0);
		sw_ok(&w);
		assert_true(sb_r64(b, desc) & VMSA_DESC_AF);
	}
}

/* Descriptors that memory did not deliver. */
/* covers: EVT_F_WALK_EABT */
static void walks_that_abort(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < WAYS; i++) {
		struct sw w;

		make(&w, b, ways[i].stages);
		sb_fail_read(b, at(&w, ways[i].place), 8);
		(void)sw_fault(&w, SMMU_EVT_F_WALK_EABT);
		(void)sw_fault(&w, SMMU_EVT_F_WALK_EABT);
		sb_heal(b);
		sw_ok(&w);
	}
}

/* The same of structures; the STE stays known while its CD cannot be fetched. */
/* covers: EVT_F_STE_FETCH EVT_F_CD_FETCH */
static void fetches_that_abort(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int nested = 0; nested < 2; nested++) {
		struct sw w;
		uint64_t l1;

		make(&w, b, nested ? NESTED : S1);
		sb_fail_read(b, w.ste, SMMU_STE_SIZE);
		(void)sw_fault(&w, SMMU_EVT_F_STE_FETCH);
		(void)sw_fault(&w, SMMU_EVT_F_STE_FETCH);
		sb_heal(b);
		sb_fail_read(b, w.cd, SMMU_CD_SIZE);
		(void)sw_fault(&w, SMMU_EVT_F_CD_FETCH);
		(void)sw_fault(&w, SMMU_EVT_F_CD_FETCH);
		sb_heal(b);
		sw_ok(&w);

		/* A level 1 descriptor before it. */
		l1 = w.cd + SMMU_CD_SIZE;
		sb_w64(b, l1, (w.cd + w.guest) | SMMU_L1CD_V);
		SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 8);
		SW_STE_FIELD(&w, 0, SMMU_STE0_S1FMT, SMMU_S1FMT_4K_L2);
		SW_STE_FIELD(&w, 0, SMMU_STE0_S1CONTEXTPTR, (l1 + w.guest) >> 6);
		SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_SSID0);
		sb_invalidate_all(b);
		sb_fail_read(b, l1, SMMU_L1CD_SIZE);
		(void)sw_fault(&w, SMMU_EVT_F_CD_FETCH);
		(void)sw_fault(&w, SMMU_EVT_F_CD_FETCH);
		sb_heal(b);
		sw_ok(&w);
	}
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(invalid_descriptors),
		T(addresses_too_large),
		T(access_flags),
		T(refused_before_accessed),
		T(walks_that_abort),
		T(fetches_that_abort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

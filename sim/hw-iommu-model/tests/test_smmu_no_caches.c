/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Units one of whose caches holds nothing: they translate as others do, and see each
 * change of what that cache would have kept without an invalidation.
 */
#include "smmu_world.h"

static const unsigned int granules[] = { VMSA_SHIFT_4K, VMSA_SHIFT_16K, VMSA_SHIFT_64K };

static void unit(struct smmu_bench *b, const struct hwi_smmuv3_config *cfg)
{
	sb_remake(b, cfg);
	sb_start(b);
}

/* covers: EVT_F_TRANSLATION */
static void no_tlb(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;
	uint64_t at;

	sb_config(&cfg);
	cfg.caches.tlb = HWI_SMMUV3_CACHE_NONE;
	unit(b, &cfg);
	for (unsigned int g = 0; g < 3; g++) {
		for (unsigned int kind = 0; kind < 3; kind++) {
			if (kind == 0)
				sw_s1(&w, b, granules[g]);
			else if (kind == 1)
				sw_s2(&w, b, granules[g]);
			else
				sw_nested(&w, b, granules[g], granules[g]);
			at = kind == 1 ? sw_s2_at(&w, SW_IN, 3) : sw_s1_at(&w, SW_IN, 3);
			sw_ok(&w);
			sw_ok(&w);
			sw_expect(b, SW_SID, SW_IN, HWI_READ | HWI_EXEC, SW_OUT);
			sw_set(&w, at, 0, VMSA_DESC_VALID);
			(void)sw_fault(&w, SMMU_EVT_F_TRANSLATION);
			sw_set(&w, at, VMSA_DESC_VALID, 0);
			sw_ok(&w);
		}
	}
	/* Neither stage: there is nothing that a TLB would hold. */
	sw_bypass(&w, b);
	sw_expect(b, SW_SID, SW_IN, HWI_READ, SW_IN);
	sw_expect(b, SW_SID, SW_IN, HWI_READ, SW_IN);
}

/* covers: EVT_C_BAD_CD EVT_C_BAD_STE */
static void no_cache_of_structures(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.caches.cd = HWI_SMMUV3_CACHE_NONE;
	unit(b, &cfg);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_ok(&w);
	sw_cd(&w, 0, 0, SMMU_CD0_V);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_CD);
	sw_cd(&w, 0, SMMU_CD0_V, 0);
	sw_ok(&w);
	/* The STE is kept. */
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	sw_ok(&w);

	sb_config(&cfg);
	cfg.caches.ste = HWI_SMMUV3_CACHE_NONE;
	unit(b, &cfg);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_ok(&w);
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
	sw_ste(&w, 0, SMMU_STE0_V, 0);
	/* And here the CD. */
	sw_cd(&w, 0, 0, SMMU_CD0_V);
	sw_ok(&w);
}

/* Tables of stage 2, of the three granules: the descriptor above the leaf is read each time. */
/* covers: EVT_F_TRANSLATION */
static void no_walk_cache(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	for (unsigned int kept = 0; kept < 2; kept++) {
		sb_config(&cfg);
		cfg.caches.tlb = HWI_SMMUV3_CACHE_NONE;
		if (!kept)
			cfg.caches.walk_s2 = HWI_SMMUV3_CACHE_NONE;
		unit(b, &cfg);
		for (unsigned int g = 0; g < 3; g++) {
			sw_s2(&w, b, granules[g]);
			sw_ok(&w);
			sw_set(&w, sw_s2_at(&w, SW_IN, 2), 0, VMSA_DESC_VALID);
			if (kept)
				sw_ok(&w);
			else
				assert_true(sw_fault(&w, SMMU_EVT_F_TRANSLATION).s2);
		}
	}
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(no_tlb), T(no_cache_of_structures), T(no_walk_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

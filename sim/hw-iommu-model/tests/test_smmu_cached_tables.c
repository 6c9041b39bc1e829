/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stage 1 table descriptors that are cached: what they limit holds for each page below them
 * (Arm DDI 0487 D8.4.1), and they are one ASID's even if the pages are global (D8.16.3.1).
 */
#include "smmu_world.h"

#define OTHER_ASID (SW_ASID + 1)
#define NEW_OUT UINT64_C(0x650000)

static const struct {
	unsigned int g1, g2; /* 0: stage 1 alone */
} shapes[] = {
	{ VMSA_SHIFT_4K, 0 },
	{ VMSA_SHIFT_16K, 0 },
	{ VMSA_SHIFT_64K, 0 },
	{ VMSA_SHIFT_4K, VMSA_SHIFT_4K },
	{ VMSA_SHIFT_4K, VMSA_SHIFT_64K },
	{ VMSA_SHIFT_64K, VMSA_SHIFT_4K }, /* a table of many stage 2 pages */
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void make(struct sw *w, struct smmu_bench *b, unsigned int shape)
{
	if (shapes[shape].g2)
		sw_nested(w, b, shapes[shape].g1, shapes[shape].g2);
	else
		sw_s1(w, b, shapes[shape].g1);
}

/* The next page, in the same last table; where it goes does not matter. */
static uint64_t neighbour(struct sw *w)
{
	uint64_t va = SW_IN + (UINT64_C(1) << w->g1);

	sw_map_s1(w, va, SW_OUT + w->guest, 3, SW_S1_LEAF);
	return va;
}

struct limit {
	uint64_t bits;
	unsigned int good, bad; /* accesses */
};

static const struct limit limits[] = {
	{ VMSA_S1_TABLE_AP_NO_WRITE, HWI_READ, HWI_WRITE },
	{ VMSA_S1_TABLE_AP_NO_UNPRIV, HWI_READ | HWI_PRIV, HWI_READ },
	{ VMSA_S1_TABLE_UXN, HWI_READ, HWI_READ | HWI_EXEC },
};

/* covers: EVT_F_PERMISSION */
static void limits_hold_for_the_next_page(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int shape = 0; shape < SHAPES; shape++) {
		for (unsigned int i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
			struct sw w;
			uint64_t va;

			make(&w, b, shape);
			va = neighbour(&w);
			sw_set(&w, sw_s1_at(&w, SW_IN, 2), limits[i].bits, 0);
			sb_invalidate_all(b);
			sw_expect(b, SW_SID, SW_IN, limits[i].good, SW_OUT);
			(void)sw_expect_fault(b, SW_SID, va, limits[i].bad,
					      SMMU_EVT_F_PERMISSION);
			sw_expect(b, SW_SID, va, limits[i].good, SW_OUT);
		}
	}
}

/*
 * Another ASID, the same tables by chance: the page is found because it is global. Its own
 * walk does not begin at what the first ASID's left behind.
 */
static void tables_of_one_asid(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int shape = 0; shape < SHAPES; shape++) {
		struct sw w;
		uint64_t va, table, old;

		make(&w, b, shape);
		va = neighbour(&w);
		sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_S1_NG);
		sb_invalidate_all(b);
		sw_expect(b, SW_SID, SW_IN, HWI_READ, SW_OUT);
		/* An empty last table for everybody who reads the descriptor from now on. */
		table = sb_alloc_aligned(b, UINT64_C(1) << w.g1);
		if (w.g2) {
			for (uint64_t n = 0; n < UINT64_C(1) << w.g1; n += UINT64_C(1) << w.g2)
				sw_map_s2(&w, table + w.guest + n, table + n, 3, SW_S2_LEAF);
		}
		old = sb_r64(b, sw_s1_at(&w, SW_IN, 2));
		sb_w64(b, sw_s1_at(&w, SW_IN, 2), (table + w.guest) | VMSA_TYPE_TABLE);
		SW_CD_FIELD(&w, 0, SMMU_CD0_ASID, OTHER_ASID);
		sw_cfgi_cd(&w, 0, true);
		sw_expect(b, SW_SID, SW_IN, HWI_READ, SW_OUT);
		(void)sw_expect_fault(b, SW_SID, va, HWI_READ, SMMU_EVT_F_TRANSLATION);
		SW_CD_FIELD(&w, 0, SMMU_CD0_ASID, SW_ASID);
		sw_cfgi_cd(&w, 0, true);
		sw_expect(b, SW_SID, va, HWI_READ, SW_OUT);
		sb_w64(b, sw_s1_at(&w, SW_IN, 2), old);
	}
}

/*
 * Global pages: NH_VA of any ASID of the VMID removes them, whatever the ASID that brought
 * them in; of nested streams, too, and with E2H EL2_VA does the same (§4.4.2.4, §4.4.2.8).
 */
/* covers: POINT_29 CMD_TLBI_NH_VA CMD_TLBI_EL2_VA */
static void globals_of_any_asid(void **state)
{
	struct smmu_bench *b = *state;
	const uint64_t asid = HWI_PUT(SMMU_CMD0_ASID, OTHER_ASID);
	const uint64_t vmid = HWI_PUT(SMMU_CMD0_VMID, SW_VMID);

	for (unsigned int n = 0; n <= SHAPES; n++) {
		bool el2 = n == SHAPES;
		uint64_t leaf, new;
		struct sw w;

		if (el2) {
			sb_cr0(b, SMMU_CR0_SMMUEN, false);
			sb_write(b, SMMU_REG_CR2, SMMU_CR2_RECINVSID | SMMU_CR2_E2H);
			sb_cr0(b, SMMU_CR0_SMMUEN, true);
		}
		make(&w, b, el2 ? 0 : n);
		if (el2)
			SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
		if (w.g2)
			sw_map_s2(&w, NEW_OUT + w.guest, NEW_OUT, 3, SW_S2_LEAF);
		leaf = sw_s1_at(&w, SW_IN, 3);
		sw_set(&w, leaf, 0, VMSA_S1_NG);
		sb_invalidate_all(b);
		sw_expect(b, SW_SID, SW_IN, HWI_READ, SW_OUT);
		new = (sb_r64(b, leaf) & ~VMSA_DESC_ADDR(16)) | (NEW_OUT + w.guest);
		sb_w64(b, leaf, new);
		sw_expect(b, SW_SID, SW_IN, HWI_READ, SW_OUT);
		sb_do(b, (el2 ? SMMU_CMD_TLBI_EL2_VA : SMMU_CMD_TLBI_NH_VA | vmid) | asid, SW_IN);
		sw_expect(b, SW_SID, SW_IN, HWI_READ, NEW_OUT);
	}
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(limits_hold_for_the_next_page),
		T(tables_of_one_asid),
		T(globals_of_any_asid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

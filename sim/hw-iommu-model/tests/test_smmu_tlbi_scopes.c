/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Scopes of invalidations that are wider than the entry which a transaction made: VMID
 * wildcards (SMMUv3 §3.17.6), leaves of stage 1 that stage 2 split (§4.4.1.1, Arm DDI 0487
 * D8.17).
 */
#include "smmu_world.h"

#define NEW_OUT UINT64_C(0x650000)
#define VMID(v) HWI_PUT(SMMU_CMD0_VMID, v)
#define ASID HWI_PUT(SMMU_CMD0_ASID, SW_ASID)

/* ---- CR0.VMW ---- */

enum stages { S1, S2, NESTED };

struct command {
	enum stages stages;
	uint64_t q0;
	uint64_t q1;
};

/* Each command that has a VMID, on what it has to remove. */
static const struct command commands[] = {
	{ S1, SMMU_CMD_TLBI_NH_ALL, 0 },
	{ S1, SMMU_CMD_TLBI_NH_ASID | ASID, 0 },
	{ S1, SMMU_CMD_TLBI_NH_VA | ASID, SW_IN },
	{ S1, SMMU_CMD_TLBI_NH_VAA, SW_IN },
	{ S1, SMMU_CMD_TLBI_S12_VMALL, 0 },
	{ S2, SMMU_CMD_TLBI_S12_VMALL, 0 },
	{ S2, SMMU_CMD_TLBI_S2_IPA, SW_IN },
	{ NESTED, SMMU_CMD_TLBI_NH_ALL, 0 },
	{ NESTED, SMMU_CMD_TLBI_NH_ASID | ASID, 0 },
	{ NESTED, SMMU_CMD_TLBI_NH_VA | ASID, SW_IN },
	{ NESTED, SMMU_CMD_TLBI_NH_VAA, SW_IN },
	{ NESTED, SMMU_CMD_TLBI_S12_VMALL, 0 },
};

/* The leaf and the table above it are replaced behind the caches' back. */
static void redirect(struct sw *w, bool s1)
{
	uint64_t table = sb_alloc_aligned(w->b, 4096);
	uint64_t at = s1 ? sw_s1_at(w, SW_IN, 2) : sw_s2_at(w, SW_IN, 2);

	if (w->g1 && w->g2) {
		sw_map_s2(w, table + w->guest, table, 3, SW_S2_LEAF);
		sw_map_s2(w, NEW_OUT + w->guest, NEW_OUT, 3, SW_S2_LEAF);
	}
	sb_w64(w->b, table + 8 * (SW_IN >> 12 & 511),
	       (NEW_OUT + w->guest) | (s1 ? SW_S1_LEAF : SW_S2_LEAF));
	sb_w64(w->b, at, (table + w->guest) | VMSA_TYPE_TABLE);
}

/* covers: POINT_33 CMD_TLBI_NH_ALL CMD_TLBI_NH_ASID CMD_TLBI_NH_VA CMD_TLBI_NH_VAA
 * CMD_TLBI_S12_VMALL CMD_TLBI_S2_IPA
 */
static void vmid_wildcards(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t mark = b->next_page;

	for (unsigned int vmw = 0; vmw <= 4; vmw++) {
		sb_cr0(b, SMMU_CR0_VMW, false);
		sb_cr0(b, HWI_PUT32(SMMU_CR0_VMW, vmw), true);
		for (unsigned int i = 0; i < 2 * sizeof(commands) / sizeof(commands[0]); i++) {
			const struct command *c = &commands[i / 2];
			/* The VMID that is furthest from the entry's in its group; one of the next. */
			unsigned int group = 1u << vmw, vmid = SW_VMID ^ (i % 2 ? group : group - 1);
			struct sw w;

			b->next_page = mark;
			if (c->stages == S1)
				sw_s1(&w, b, VMSA_SHIFT_4K);
			else if (c->stages == S2)
				sw_s2(&w, b, VMSA_SHIFT_4K);
			else
				sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
			sw_ok(&w);
			redirect(&w, c->stages != S2);
			sw_ok(&w);
			sb_do(b, c->q0 | VMID(vmid), c->q1);
			sw_expect(b, SW_SID, SW_IN, HWI_READ, i % 2 ? SW_OUT : NEW_OUT);
		}
	}
}

/* What stage 2 knows of the guest's tables goes in the same way (§3.17.6). */
/* covers: POINT_33 CMD_TLBI_S2_IPA CMD_TLBI_S12_VMALL CMD_TLBI_NH_ALL */
static void wildcards_and_the_pages_of_tables(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < 2; i++) {
		uint64_t root, leaf;
		struct sw w;

		sb_cr0(b, HWI_PUT32(SMMU_CR0_VMW, 3), true);
		sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		sw_ok(&w);
		root = w.s1_root + w.guest;
		leaf = sw_s2_at(&w, root, 3);
		/* An empty root. */
		sw_set(&w, leaf, sb_alloc_aligned(b, 4096), VMSA_DESC_ADDR(12));
		if (i == 0)
			sb_do(b, SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID ^ 7), root);
		else
			sb_do(b, SMMU_CMD_TLBI_S12_VMALL | VMID(SW_VMID ^ 7), 0);
		sb_do(b, SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID ^ 7), 0);
		(void)sw_fault(&w, SMMU_EVT_F_TRANSLATION);
	}
}

/* ---- parts of a leaf ---- */

struct parts {
	unsigned int g1;    /* granule of stage 1; stage 2 has 4K */
	unsigned int level; /* of its leaf */
	uint64_t tg;
};

static const struct parts parts[] = {
	{ VMSA_SHIFT_4K, 2, SMMU_TLBI_TG_4K },	 { VMSA_SHIFT_16K, 3, SMMU_TLBI_TG_16K },
	{ VMSA_SHIFT_16K, 2, SMMU_TLBI_TG_16K }, { VMSA_SHIFT_64K, 3, SMMU_TLBI_TG_64K },
	{ VMSA_SHIFT_64K, 2, SMMU_TLBI_TG_64K },
};

/*
 * Hints are about the leaf in stage 1's tables, not about the part of it that an entry
 * holds; and any address in the leaf names all parts.
 */
/* covers: CMD_TLBI_NH_VA CMD_TLBI_NH_VAA */
static void hints_mean_the_leaf(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t mark = b->next_page;

	for (unsigned int n = 0; n < 4 * sizeof(parts) / sizeof(parts[0]); n++) {
		const struct parts *p = &parts[n / 4];
		uint64_t span = UINT64_C(1) << VMSA_LEVEL_SHIFT(p->g1, (int)p->level);
		uint64_t va = UINT64_C(16) << 30, ipa = UINT64_C(8) << 30, part = span - 0x1000;
		uint64_t q0 = n % 2 ? SMMU_CMD_TLBI_NH_VA | ASID : SMMU_CMD_TLBI_NH_VAA, q1;
		struct sw w;

		b->next_page = mark;
		sw_nested(&w, b, p->g1, VMSA_SHIFT_4K);
		sw_map_s1(&w, va, ipa, p->level, SW_S1_LEAF);
		sw_map_s2(&w, ipa + part, SW_OUT, 3, SW_S2_LEAF);
		sb_invalidate_all(b);
		sw_expect(b, SW_SID, va + part, HWI_READ, SW_OUT);
		assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, va + part, HWI_READ).span_log2,
				 12);
		sw_map_s2(&w, ipa + part, NEW_OUT, 3, SW_S2_LEAF);
		sw_expect(b, SW_SID, va + part, HWI_READ, SW_OUT);
		/* The leaf's level; or one granule of it and the next one. */
		q1 = va | HWI_PUT(SMMU_CMD_TLBI1_TG, p->tg) | SMMU_CMD1_LEAF;
		if (n / 2 % 2)
			q0 |= HWI_PUT(SMMU_CMD_TLBI0_NUM, 1);
		else
			q1 |= HWI_PUT(SMMU_CMD_TLBI1_TTL, p->level);
		sb_do(b, q0 | VMID(SW_VMID), q1);
		sw_expect(b, SW_SID, va + part, HWI_READ, NEW_OUT);
	}
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(vmid_wildcards),
		T(wildcards_and_the_pages_of_tables),
		T(hints_mean_the_leaf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

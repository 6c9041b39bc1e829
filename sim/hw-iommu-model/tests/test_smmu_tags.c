/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Streams whose addresses are the same, and whose translations differ in one tag: none ever
 * gets what another one's walk left behind, whatever came first (SMMUv3 §3.17, §3.20.1).
 */
#include "smmu_world.h"

#define NEW_OUT UINT64_C(0x650000)
#define OTHER_SID (SW_SID + 1)
#define OTHER_VMID (SW_VMID + 1)

/* Another StreamID for the stream that was made last. */
static void move_to(struct sw *w, uint32_t sid)
{
	uint64_t at = sb_ste(w->b, sid);

	for (unsigned int n = 0; n < SMMU_STE_DWORDS; n++)
		sb_w64(w->b, at + 8ull * n, sb_r64(w->b, w->ste + 8ull * n));
	w->ste = at;
}

/* ---- one guest's view of intermediate addresses is not another's ---- */

/* What the second view has for one of the guest's pages. */
enum changed { THE_CD, THE_ROOT, THE_LAST_TABLE, THE_PAGE, CHANGES };

static uint64_t copy(struct smmu_bench *b, uint64_t page)
{
	uint64_t to = sb_alloc_aligned(b, 4096);

	for (unsigned int n = 0; n < 4096; n += 8)
		sb_w64(b, to + n, sb_r64(b, page + n));
	return to;
}

/* @two: as @one, stage 1 and all, with stage 2 tables of its own that have one other page. */
static void second_view(struct sw *two, const struct sw *one, enum changed changed)
{
	struct smmu_bench *b = one->b;
	uint64_t used = b->next_page, page, other;

	*two = *one;
	move_to(two, OTHER_SID);
	two->s2_root = sb_alloc_aligned(b, 8192);
	SW_STE_FIELD(two, 2, SMMU_STE2_S2VMID, OTHER_VMID);
	SW_STE_FIELD(two, 3, SMMU_STE3_S2TTB, two->s2_root >> 4);
	for (uint64_t a = 0; a < used; a += 4096)
		sw_map_s2(two, a + two->guest, a, 3, SW_S2_LEAF);
	sw_map_s2(two, SW_IPA, SW_OUT, 3, SW_S2_LEAF);
	switch (changed) {
	case THE_CD:
		page = one->cd & ~UINT64_C(0xfff);
		other = copy(b, page);
		sb_w64(b, other + one->cd % 4096, 0); /* V=0 */
		break;
	case THE_ROOT:
		page = one->s1_root;
		other = sb_alloc_aligned(b, 4096);
		break;
	case THE_LAST_TABLE:
		page = sw_s1_at(one, SW_IN, 3) & ~UINT64_C(0xfff);
		other = sb_alloc_aligned(b, 4096);
		break;
	default:
		page = SW_OUT;
		other = NEW_OUT;
	}
	sw_map_s2(two, page + two->guest, other, 3, SW_S2_LEAF);
}

static void check_one(struct smmu_bench *b, uint32_t sid, enum changed changed)
{
	static const uint8_t code[] = { [THE_CD] = SMMU_EVT_C_BAD_CD,
					[THE_ROOT] = SMMU_EVT_F_TRANSLATION,
					[THE_LAST_TABLE] = SMMU_EVT_F_TRANSLATION };

	if (sid == SW_SID)
		sw_expect(b, sid, SW_IN, HWI_READ, SW_OUT);
	else if (changed == THE_PAGE)
		sw_expect(b, sid, SW_IN, HWI_READ, NEW_OUT);
	else
		(void)sw_expect_fault(b, sid, SW_IN, HWI_READ, code[changed]);
}

/* covers: EVT_C_BAD_CD EVT_F_TRANSLATION */
static void views_of_two_vmids(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int n = 0; n < 2 * CHANGES; n++) {
		enum changed changed = n / 2;
		uint32_t first = n % 2 ? SW_SID : OTHER_SID;
		struct sw one, two;

		sw_nested(&one, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		second_view(&two, &one, changed);
		sb_invalidate_all(b);
		for (unsigned int i = 0; i < 4; i++)
			check_one(b, i % 2 ? SW_SID + OTHER_SID - first : first, changed);
	}
}

static void translated(struct smmu_bench *b, uint32_t sid, uint64_t out)
{
	struct hwi_response r = sb_request(b, HWI_TRANSLATED, sid, HWI_PASID_NONE, SW_IPA, HWI_READ);

	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), out);
}

/* Split-stage ATS: what comes translated is an IPA of the stream's VMID (§3.9.1.3, §3.17). */
/* covers: CMD_TLBI_S2_IPA */
static void translated_of_two_vmids(void **state)
{
	struct smmu_bench *b = *state;
	struct sw one, two;

	sw_nested(&one, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	SW_STE_FIELD(&one, 1, SMMU_STE1_EATS, SMMU_EATS_SPLIT);
	second_view(&two, &one, THE_PAGE);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	sb_invalidate_all(b);
	for (unsigned int i = 0; i < 2; i++) {
		translated(b, SW_SID, SW_OUT);
		translated(b, OTHER_SID, NEW_OUT);
	}
	sw_map_s2(&one, SW_IPA, NEW_OUT, 3, SW_S2_LEAF);
	sw_map_s2(&two, SW_IPA, SW_OUT, 3, SW_S2_LEAF);
	sb_do(b, SMMU_CMD_TLBI_S2_IPA | HWI_PUT(SMMU_CMD0_VMID, OTHER_VMID), SW_IPA);
	translated(b, SW_SID, SW_OUT);
	translated(b, OTHER_SID, SW_OUT);
	sb_do(b, SMMU_CMD_TLBI_S2_IPA | HWI_PUT(SMMU_CMD0_VMID, SW_VMID), SW_IPA);
	translated(b, SW_SID, NEW_OUT);
}

/* ---- regimes and stages ---- */

enum stream { EL1, EL2, S2_ONLY, STREAMS };

#define SID(n) (0x31u + (n))
#define OUT(n) (SW_OUT + UINT64_C(0x10000) * ((n) + 1))

/*
 * VMID 0, ASID 0: but for the regime, and for being stage 2's, all tags are alike. Table
 * descriptors, too: a second page is read after the first.
 */
static void make(struct smmu_bench *b, enum stream n, bool global)
{
	struct sw w;

	if (n == S2_ONLY)
		sw_s2(&w, b, VMSA_SHIFT_4K);
	else
		sw_s1(&w, b, VMSA_SHIFT_4K);
	move_to(&w, SID(n));
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2VMID, 0);
	if (n == EL2)
		SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	for (unsigned int i = 0; i < 2; i++) {
		uint64_t addr = SW_IN + 4096 * i, out = OUT(n) + 4096 * i;

		if (n == S2_ONLY)
			sw_map_s2(&w, addr, out, 3, SW_S2_LEAF);
		else
			sw_map_s1(&w, addr, out, 3, SW_S1_LEAF & ~(global ? VMSA_S1_NG : 0));
	}
	if (n != S2_ONLY)
		SW_CD_FIELD(&w, 0, SMMU_CD0_ASID, 0);
}

static void regimes(struct smmu_bench *b, bool global)
{
	for (unsigned int n = 0; n < STREAMS; n++)
		make(b, n, global);
	for (unsigned int first = 0; first < STREAMS; first++) {
		sb_invalidate_all(b);
		for (unsigned int i = 0; i < 2 * STREAMS; i++) {
			unsigned int n = (first + i) % STREAMS;
			uint64_t page = 4096 * (i / STREAMS);

			sw_expect(b, SID(n), SW_IN + page, HWI_READ, OUT(n) + page);
			sw_expect(b, SID(n), SW_IN, HWI_READ, OUT(n));
		}
	}
}

static void regimes_of_el1_and_el2(void **state)
{
	regimes(*state, false);
	regimes(*state, true);
}

static void regimes_with_e2h(void **state)
{
	struct smmu_bench *b = *state;

	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write(b, SMMU_REG_CR2, SMMU_CR2_RECINVSID | SMMU_CR2_E2H);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	regimes(b, false);
	regimes(b, true);
}

/* NS-EL2 has no ASIDs: all its streams are one address space (§3.17). */
static void el2_is_one_address_space(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	sb_invalidate_all(b);
	sw_ok(&w);
	sb_w64(b, sw_s1_at(&w, SW_IN, 3), 0);
	SW_CD_FIELD(&w, 0, SMMU_CD0_ASID, SW_ASID + 1);
	sw_cfgi_cd(&w, 0, true);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2VMID, OTHER_VMID);
	sw_cfgi_ste(&w, true);
	sw_ok(&w);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(views_of_two_vmids),
		T(translated_of_two_vmids),
		T(regimes_of_el1_and_el2),
		T(regimes_with_e2h),
		T(el2_is_one_address_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

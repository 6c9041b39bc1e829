/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The order of events (SMMUv3 §7.3.22): a nested stream in which everything is wrong, mended step by step. Each step shows
 * the next event of the list, and no later one before.
 */
#include "smmu_world.h"

#define SSID 1u
#define ADDR (SW_IN + 0x120)
#define HIGH HWI_BIT64(45) /* beyond IPS and S2PS */

/* What sb_fail_read() made fail answers again. */
static void answer(struct smmu_bench *b, uint64_t addr)
{
	for (unsigned int i = 0; i < SB_INJECT; i++) {
		if (b->inject[i].what == SB_INJ_READ && b->inject[i].addr == addr) {
			b->inject[i].what = SB_INJ_NONE;
			return;
		}
	}
	fail_msg("nothing fails at %llx", (unsigned long long)addr);
}

static struct sw_record next(struct sw *w, uint32_t ssid, uint64_t addr, uint8_t code)
{
	struct hwi_response r;

	sb_invalidate_all(w->b);
	r = sb_dma(w->b, SW_SID, ssid, addr, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, code);
	return sw_record(w->b, code, SW_SID);
}

static void of_stage(struct sw *w, uint8_t code, bool s2, unsigned int class, uint64_t ipa)
{
	struct sw_record e = next(w, SSID, ADDR, code);

	assert_int_equal(e.s2, s2);
	assert_int_equal(e.class, class);
	assert_true(e.rnw && e.ssv && e.ssid == SSID && e.addr == ADDR);
	if (code == SMMU_EVT_F_WALK_EABT)
		assert_int_equal(e.fetch, ipa);
	else if (s2)
		assert_int_equal(e.ipa, ipa & SMMU_EV3_IPA);
}

static void spoil_s2(struct sw *w, uint64_t ipa)
{
	uint64_t at = sw_s2_at(w, ipa, 3);

	sw_set(w, at, HIGH, VMSA_DESC_VALID | VMSA_DESC_AF | VMSA_S2_S2AP);
	sb_fail_read(w->b, at, 8);
}

/* Stage 2 of one page, up to its being good. */
static void mend_s2(struct sw *w, uint64_t ipa, unsigned int class)
{
	uint64_t at = sw_s2_at(w, ipa, 3);

	of_stage(w, SMMU_EVT_F_WALK_EABT, true, class, at);
	answer(w->b, at);
	of_stage(w, SMMU_EVT_F_TRANSLATION, true, class, ipa);
	sw_set(w, at, VMSA_DESC_VALID, 0);
	of_stage(w, SMMU_EVT_F_ADDR_SIZE, true, class, ipa);
	sw_set(w, at, 0, HIGH);
	of_stage(w, SMMU_EVT_F_ACCESS, true, class, ipa);
	sw_set(w, at, VMSA_DESC_AF, 0);
	of_stage(w, SMMU_EVT_F_PERMISSION, true, class, ipa);
	sw_set(w, at, VMSA_S2_S2AP, 0);
}

static void spoil_s1(struct sw *w, unsigned int level)
{
	uint64_t at = sw_s1_at(w, SW_IN, level);

	spoil_s2(w, at + w->guest);
	sw_set(w, at, HIGH, VMSA_DESC_VALID | (level == 3 ? VMSA_DESC_AF | VMSA_S1_AP_UNPRIV : 0));
	sb_fail_read(w->b, at, 8);
}

static void mend_s1(struct sw *w, uint64_t at)
{
	mend_s2(w, at + w->guest, SMMU_EV_CLASS_TT);
	of_stage(w, SMMU_EVT_F_WALK_EABT, false, SMMU_EV_CLASS_TT, at);
	answer(w->b, at);
	of_stage(w, SMMU_EVT_F_TRANSLATION, false, SMMU_EV_CLASS_IN, 0);
	sw_set(w, at, VMSA_DESC_VALID, 0);
	of_stage(w, SMMU_EVT_F_ADDR_SIZE, false, SMMU_EV_CLASS_IN, 0);
	sw_set(w, at, 0, HIGH);
}

/* The CD of the stream as SubstreamID 1 of four, and the STE in a table of two levels: its L1STD. */
static uint64_t arrange(struct sw *w)
{
	struct smmu_bench *b = w->b;
	uint64_t table = sb_alloc(b, 1), l1 = sb_alloc(b, 1);

	for (unsigned int n = 0; n < SMMU_CD_SIZE; n += 8)
		sb_w64(b, table + SSID * SMMU_CD_SIZE + n, sb_r64(b, w->cd + n));
	sw_map_s2(w, table + w->guest, table, 3, SW_S2_LEAF);
	sw_ste(w, 0, table + w->guest, SMMU_STE0_S1CONTEXTPTR);
	SW_STE_FIELD(w, 0, SMMU_STE0_S1CDMAX, 2);
	SW_STE_FIELD(w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_TERMINATE);
	SW_STE_FIELD(w, 2, SMMU_STE2_S2PS, SMMU_OAS_40);
	w->cd = table + SSID * SMMU_CD_SIZE;
	SW_CD_FIELD(w, 0, SMMU_CD0_IPS, SMMU_OAS_40);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write64(b, SMMU_REG_STRTAB_BASE, l1);
	sb_write(b, SMMU_REG_STRTAB_BASE_CFG, 1u << 16 | 6u << 6 | 8u);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sb_w64(b, l1, b->strtab | 7);
	return l1;
}

/* covers: POINT_8 POINT_16 POINT_20 EVT_C_BAD_STREAMID EVT_F_STE_FETCH EVT_C_BAD_STE EVT_C_BAD_SUBSTREAMID
   EVT_F_STREAM_DISABLED EVT_F_CD_FETCH EVT_C_BAD_CD EVT_F_WALK_EABT EVT_F_TRANSLATION EVT_F_ADDR_SIZE EVT_F_ACCESS
   EVT_F_PERMISSION */
static void everything_is_wrong(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t l1, s1_at[4];
	struct sw_record e;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	l1 = arrange(&w);
	sb_invalidate_all(b);
	assert_int_equal(hwi_hpa_val(sb_dma(b, SW_SID, SSID, ADDR, HWI_READ).addr), SW_OUT + 0x120);

	spoil_s2(&w, SW_IPA);
	for (unsigned int level = 4; level-- > 0;) {
		s1_at[level] = sw_s1_at(&w, SW_IN, level);
		spoil_s1(&w, level);
	}
	sw_cd(&w, 0, 0, SMMU_CD0_V);
	sb_fail_read(b, w.cd, SMMU_CD_SIZE);
	spoil_s2(&w, w.cd + w.guest);
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	sb_fail_read(b, w.ste, SMMU_STE_SIZE);
	sb_w64(b, l1, b->strtab);

	/* 1 to 3, by a SubstreamID that is out of range. */
	(void)next(&w, 9, ADDR, SMMU_EVT_C_BAD_STREAMID);
	sb_w64(b, l1, b->strtab | 7);
	(void)next(&w, 9, ADDR, SMMU_EVT_F_STE_FETCH);
	answer(b, w.ste);
	(void)next(&w, 9, ADDR, SMMU_EVT_C_BAD_STE);
	sw_ste(&w, 0, SMMU_STE0_V, 0);
	/* 5, 6 */
	(void)next(&w, 9, ADDR, SMMU_EVT_C_BAD_SUBSTREAMID);
	(void)next(&w, HWI_PASID_NONE, ADDR, SMMU_EVT_F_STREAM_DISABLED);
	/* 7 to 9 */
	mend_s2(&w, w.cd + w.guest, SMMU_EV_CLASS_CD);
	(void)next(&w, SSID, ADDR, SMMU_EVT_F_CD_FETCH);
	answer(b, w.cd);
	(void)next(&w, SSID, ADDR, SMMU_EVT_C_BAD_CD);
	sw_cd(&w, 0, SMMU_CD0_V, 0);
	/* 10: the range, each table of stage 1 and its own stage 2, the page's rights, stage 2. */
	e = next(&w, SSID, HWI_BIT64(50), SMMU_EVT_F_TRANSLATION);
	assert_false(e.s2);
	assert_true(e.addr == HWI_BIT64(50));
	for (unsigned int level = 0; level < 4; level++)
		mend_s1(&w, s1_at[level]);
	of_stage(&w, SMMU_EVT_F_ACCESS, false, SMMU_EV_CLASS_IN, 0);
	sw_set(&w, s1_at[3], VMSA_DESC_AF, 0);
	of_stage(&w, SMMU_EVT_F_PERMISSION, false, SMMU_EV_CLASS_IN, 0);
	sw_set(&w, s1_at[3], VMSA_S1_AP_UNPRIV, 0);
	mend_s2(&w, SW_IPA, SMMU_EV_CLASS_IN);
	sb_invalidate_all(b);
	assert_int_equal(hwi_hpa_val(sb_dma(b, SW_SID, SSID, ADDR, HWI_READ).addr), SW_OUT + 0x120);
	sb_expect_no_event(b);
}

/* A table of two levels: the L1CD's V comes before anything of the CD, and after its own fetch. */
/* covers: EVT_F_CD_FETCH EVT_C_BAD_SUBSTREAMID EVT_C_BAD_CD */
static void level_1_of_cds(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t l1 = sb_alloc(b, 1);
	struct sw_record e;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_ste(&w, 0, l1, SMMU_STE0_S1CONTEXTPTR);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1FMT, SMMU_S1FMT_4K_L2);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 8);
	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_SSID0);
	sb_fail_read(b, l1 + 8, 8);
	e = next(&w, 0x41, ADDR, SMMU_EVT_F_CD_FETCH);
	assert_int_equal(e.fetch, l1 + 8);
	answer(b, l1 + 8);
	e = next(&w, 0x41, ADDR, SMMU_EVT_C_BAD_SUBSTREAMID);
	assert_int_equal(e.ssid, 0x41);
	assert_false(e.ssv);
	/* An L2Ptr beyond OAS is the same (§7.3.9). */
	sb_w64(b, l1 + 8, HWI_BIT64(54) | SMMU_L1CD_V);
	(void)next(&w, 0x41, ADDR, SMMU_EVT_C_BAD_SUBSTREAMID);
	/* Without a SubstreamID it is that of CD 0. */
	e = next(&w, HWI_PASID_NONE, ADDR, SMMU_EVT_C_BAD_SUBSTREAMID);
	assert_int_equal(e.dw[0], (uint64_t)SW_SID << 32 | SMMU_EVT_C_BAD_SUBSTREAMID);
	sb_w64(b, l1 + 8, sb_alloc(b, 1) | SMMU_L1CD_V);
	e = next(&w, 0x41, ADDR, SMMU_EVT_C_BAD_CD);
	assert_true(e.ssv && e.ssid == 0x41);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(everything_is_wrong), T(level_1_of_cds),
	};

	return cmocka_run_group_tests_name("smmu_event_order", tests, NULL, NULL);
}

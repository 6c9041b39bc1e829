/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Faults of walks: which, in what order, and every field of the record (SMMUv3 §7.3). */
#include "smmu_world.h"

static const uint64_t addr = SW_IN + 0x10;

static void stage_1_fields(const struct sw_record *e, bool rnw)
{
	assert_false(e->s2);
	assert_int_equal(e->class, SMMU_EV_CLASS_IN);
	assert_int_equal(e->rnw, rnw);
	assert_false(e->pnu);
	assert_false(e->ind);
	assert_false(e->stall);
	assert_false(e->ssv);
	assert_true(e->addr == addr);
}

static void stage_2_fields(const struct sw_record *e, unsigned int class, uint64_t ipa)
{
	assert_true(e->s2);
	assert_int_equal(e->class, class);
	assert_true(e->ipa == (ipa & SMMU_EV3_IPA));
	assert_true(e->addr == addr);
	assert_true(e->rnw);
}

/* covers: POINT_15 EVT_F_TRANSLATION */
static void stage_1_translation(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	for (unsigned int level = 0; level < 4; level++) {
		sw_s1(&w, b, VMSA_SHIFT_4K);
		sb_w64(b, sw_s1_at(&w, SW_IN, level), HWI_ALL64 << 1);
		e = sw_fault(&w, SMMU_EVT_F_TRANSLATION);
		stage_1_fields(&e, true);
	}
	/* Level 3 descriptor 01, and blocks where none may be. */
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, HWI_BIT64(1));
	(void)sw_fault(&w, SMMU_EVT_F_TRANSLATION);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 0), 0, HWI_BIT64(1));
	(void)sw_fault(&w, SMMU_EVT_F_TRANSLATION);
	sw_s1(&w, b, VMSA_SHIFT_16K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 1), 0, HWI_BIT64(1));
	(void)sw_fault(&w, SMMU_EVT_F_TRANSLATION);
}

/* Of tables as of leaves (§3.4.3); and 48-bit addresses with 4K never are too large. */
/* covers: EVT_F_ADDR_SIZE */
static void address_size(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	for (unsigned int level = 0; level < 4; level++) {
		sw_s1(&w, b, VMSA_SHIFT_4K);
		SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, SMMU_OAS_40);
		sb_invalidate_all(b);
		sw_ok(&w);
		sw_set(&w, sw_s1_at(&w, SW_IN, level), HWI_BIT64(40), 0);
		sb_invalidate_all(b);
		e = sw_fault(&w, SMMU_EVT_F_ADDR_SIZE);
		stage_1_fields(&e, true);
	}
	sw_s2(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2PS, SMMU_OAS_40);
	sw_set(&w, sw_s2_at(&w, SW_IN, 3), HWI_BIT64(40), 0);
	sb_invalidate_all(b);
	e = sw_fault(&w, SMMU_EVT_F_ADDR_SIZE);
	stage_2_fields(&e, SMMU_EV_CLASS_IN, SW_IN);
}

/* 64K: bits 15:12 are address bits 51:48, beyond a smaller IPS they are too large. */
/* covers: EVT_F_ADDR_SIZE */
static void address_size_52(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_64K);
	SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, SMMU_OAS_52);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), HWI_PUT(VMSA_DESC_ADDR_51_48_64K, 0xa), 0);
	sb_invalidate_all(b);
	r = sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
	assert_true(hwi_hpa_val(r.addr) == (SW_OUT | UINT64_C(0xa) << 48));
	SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, SMMU_OAS_48);
	sb_invalidate_all(b);
	(void)sw_fault(&w, SMMU_EVT_F_ADDR_SIZE);
}

/* covers: EVT_F_WALK_EABT */
static void walk_aborts(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t at;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	at = sw_s1_at(&w, SW_IN, 2);
	sb_fail_read(b, at, 8);
	e = sw_fault(&w, SMMU_EVT_F_WALK_EABT);
	assert_false(e.s2);
	assert_int_equal(e.class, SMMU_EV_CLASS_TT); /* the only S2=0 record that is not IN */
	assert_int_equal(e.fetch, at);
	sb_heal(b);
	sw_ok(&w);

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	at = sw_s2_at(&w, SW_IPA, 3);
	sb_fail_read(b, at, 8);
	e = sw_fault(&w, SMMU_EVT_F_WALK_EABT);
	assert_true(e.s2);
	assert_int_equal(e.class, SMMU_EV_CLASS_IN);
	assert_int_equal(e.fetch, at);
	sb_heal(b);
	sw_tlbi_all(&w);
	sb_fail_read(b, sw_s1_at(&w, SW_IN, 1), 8);
	e = sw_fault(&w, SMMU_EVT_F_WALK_EABT);
	assert_false(e.s2);
	assert_int_equal(e.class, SMMU_EV_CLASS_TT);
	assert_int_equal(e.fetch, sw_s1_at(&w, SW_IN, 1));
}

/* The abort of a stage 2 descriptor: CLASS by what was looked for. */
static void walk_aborts_by_class(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t ipa;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	for (unsigned int class = SMMU_EV_CLASS_CD; class <= SMMU_EV_CLASS_TT; class++) {
		ipa = (class == SMMU_EV_CLASS_CD ? w.cd : sw_s1_at(&w, SW_IN, 3)) + w.guest;
		sb_fail_read(b, sw_s2_at(&w, ipa, 3), 8);
		e = sw_fault(&w, SMMU_EVT_F_WALK_EABT);
		assert_true(e.s2);
		assert_int_equal(e.class, class);
		assert_int_equal(e.fetch, sw_s2_at(&w, ipa, 3));
		sb_heal(b);
	}
	sw_ok(&w);
}

/* AF=0 comes before a right that is missing, stage 1 before stage 2 (§7.3.22). */
/* covers: POINT_16 EVT_F_ACCESS EVT_F_PERMISSION */
static void access_before_permission(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_AF | VMSA_S1_AP_UNPRIV);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), 0, VMSA_DESC_AF | VMSA_S2_S2AP);
	e = sw_fault(&w, SMMU_EVT_F_ACCESS);
	stage_1_fields(&e, true);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_DESC_AF, 0);
	e = sw_fault(&w, SMMU_EVT_F_PERMISSION);
	stage_1_fields(&e, true);
	sw_tlbi_all(&w);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_S1_AP_UNPRIV, 0);
	e = sw_fault(&w, SMMU_EVT_F_ACCESS);
	stage_2_fields(&e, SMMU_EV_CLASS_IN, SW_IPA);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), VMSA_DESC_AF, 0);
	e = sw_fault(&w, SMMU_EVT_F_PERMISSION);
	stage_2_fields(&e, SMMU_EV_CLASS_IN, SW_IPA);
	sw_tlbi_all(&w);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), VMSA_S2_S2AP, 0);
	sw_ok(&w);
}

/* AFFD, S2AFFD: AF does not count. */
static void access_flag_disabled(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_AF);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), 0, VMSA_DESC_AF);
	sw_cd(&w, 0, SMMU_CD0_AFFD, 0);
	sw_ste(&w, 2, SMMU_STE2_S2AFFD, 0);
	sb_invalidate_all(b);
	sw_ok(&w);
}

/* An IPA beyond S2T0SZ is stage 2's F_TRANSLATION, whatever its size (§3.4). */
/* covers: POINT_18 EVT_F_TRANSLATION */
static void ipa_beyond_stage_2(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), HWI_BIT64(45), 0);
	e = sw_fault(&w, SMMU_EVT_F_TRANSLATION);
	stage_2_fields(&e, SMMU_EV_CLASS_IN, SW_IPA | HWI_BIT64(45));
	sw_s2(&w, b, VMSA_SHIFT_4K);
	e = sw_expect_fault(b, SW_SID, HWI_BIT64(45), HWI_READ, SMMU_EVT_F_TRANSLATION);
	assert_true(e.s2);
	assert_int_equal(e.class, SMMU_EV_CLASS_IN);
	assert_true(e.ipa == HWI_BIT64(45));
}

/* A CD that stage 2 does not map: S2=1, CLASS=CD, the CD's IPA (§7.3.16). */
/* covers: POINT_8 EVT_F_TRANSLATION EVT_F_PERMISSION EVT_F_ACCESS */
static void cd_not_mapped(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t ipa;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	ipa = w.cd + w.guest;
	sw_set(&w, sw_s2_at(&w, ipa, 3), 0, VMSA_DESC_VALID);
	e = sw_fault(&w, SMMU_EVT_F_TRANSLATION);
	stage_2_fields(&e, SMMU_EV_CLASS_CD, ipa);
	/* Not cached: it is there as soon as it is mapped. */
	sw_set(&w, sw_s2_at(&w, ipa, 3), VMSA_DESC_VALID, VMSA_S2_S2AP_R);
	e = sw_fault(&w, SMMU_EVT_F_PERMISSION);
	stage_2_fields(&e, SMMU_EV_CLASS_CD, ipa);
	sw_set(&w, sw_s2_at(&w, ipa, 3), VMSA_S2_S2AP_R, VMSA_DESC_AF);
	e = sw_fault(&w, SMMU_EVT_F_ACCESS);
	stage_2_fields(&e, SMMU_EV_CLASS_CD, ipa);
	sw_set(&w, sw_s2_at(&w, ipa, 3), VMSA_DESC_AF, 0);
	sw_ok(&w);
}

/* A stage 1 table that stage 2 does not map: CLASS=TT, the descriptor's IPA. */
/* covers: POINT_8 EVT_F_TRANSLATION EVT_F_PERMISSION */
static void table_not_mapped(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t at;

	for (unsigned int level = 1; level < 4; level++) {
		uint64_t leaf;

		sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		at = sw_s1_at(&w, SW_IN, level) + w.guest;
		leaf = sw_s2_at(&w, at, 3);
		sw_set(&w, leaf, 0, VMSA_DESC_VALID);
		e = sw_fault(&w, SMMU_EVT_F_TRANSLATION);
		stage_2_fields(&e, SMMU_EV_CLASS_TT, at);
		sw_set(&w, leaf, VMSA_DESC_VALID, VMSA_S2_S2AP_R);
		e = sw_fault(&w, SMMU_EVT_F_PERMISSION);
		stage_2_fields(&e, SMMU_EV_CLASS_TT, at);
		assert_true(e.ttrnw); /* a descriptor was to be read */
		sw_set(&w, leaf, VMSA_S2_S2AP_R, 0);
		sw_ok(&w);
	}
}

/* S2PTW: a table on a Device page of stage 2. */
/* covers: EVT_F_PERMISSION */
static void table_on_device_memory(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t at;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	at = sw_s1_at(&w, SW_IN, 3) + w.guest;
	sw_set(&w, sw_s2_at(&w, at, 3), 0, VMSA_S2_MEMATTR);
	sw_ok(&w);
	sw_ste(&w, 2, SMMU_STE2_S2PTW, 0);
	sb_invalidate_all(b);
	e = sw_fault(&w, SMMU_EVT_F_PERMISSION);
	stage_2_fields(&e, SMMU_EV_CLASS_TT, at);
	assert_true(e.ttrnw);
}

/* RnW, PnU, InD describe the transaction after overrides, never the walk (§7.3.13). */
/* covers: EVT_F_TRANSLATION */
static void attributes_of_the_transaction(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw_record e;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sb_w64(b, sw_s1_at(&w, SW_IN, 3), 0);
	r = sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ | HWI_EXEC | HWI_PRIV);
	assert_int_equal(r.fault, SMMU_EVT_F_TRANSLATION);
	e = sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID);
	assert_true(e.pnu && e.ind && e.rnw);
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_WRITE | HWI_EXEC, SMMU_EVT_F_TRANSLATION);
	assert_true(!e.pnu && !e.ind && !e.rnw);
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_ATOMIC, SMMU_EVT_F_TRANSLATION);
	assert_false(e.rnw);
	SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, SMMU_PRIVCFG_PRIVILEGED);
	SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, SMMU_INSTCFG_INSTRUCTION);
	sw_cfgi_ste(&w, true);
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_READ, SMMU_EVT_F_TRANSLATION);
	assert_true(e.pnu && e.ind);
	/* A write is data whatever INSTCFG says. */
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_WRITE, SMMU_EVT_F_TRANSLATION);
	assert_true(e.pnu && !e.ind);
	SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, SMMU_PRIVCFG_UNPRIVILEGED);
	SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, SMMU_INSTCFG_DATA);
	sw_cfgi_ste(&w, true);
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_READ | HWI_EXEC | HWI_PRIV,
			    SMMU_EVT_F_TRANSLATION);
	assert_true(!e.pnu && !e.ind);
}

/* CD.{A,R,S} (§5.5): the seven rows of the table. */
/* covers: POINT_22 EVT_F_TRANSLATION */
static void a_r_s(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sb_w64(b, sw_s1_at(&w, SW_IN, 3), 0);
	for (unsigned int bits = 0; bits < 8; bits++) {
		bool a = bits & 1, rec = bits & 2, s = bits & 4;

		SW_CD_FIELD(&w, 0, SMMU_CD0_A, a);
		SW_CD_FIELD(&w, 0, SMMU_CD0_R, rec);
		SW_CD_FIELD(&w, 0, SMMU_CD0_S, s);
		sw_cfgi_cd(&w, 0, true);
		r = sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
		assert_int_equal(r.fault, SMMU_EVT_F_TRANSLATION);
		if (s) {
			assert_int_equal(r.outcome, HWI_STALLED);
			assert_true(r.recorded);
			assert_true(sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID).stall);
			continue;
		}
		assert_int_equal(r.outcome, a ? HWI_UNSUPPORTED_REQUEST : HWI_TERMINATED);
		assert_int_equal(r.recorded, rec);
		if (rec)
			assert_false(sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID).stall);
		else
			sb_expect_no_event(b);
	}
}

/* S2R, S2S decide on stage 2's faults, those of CDs and tables too; they abort always. */
/* covers: POINT_22 EVT_F_TRANSLATION */
static void s2r_s2s(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_cd(&w, 0, 0, SMMU_CD0_A | SMMU_CD0_R);
	sw_set(&w, sw_s2_at(&w, w.cd + w.guest, 3), 0, VMSA_DESC_VALID);
	sw_ste(&w, 2, 0, SMMU_STE2_S2R);
	sb_invalidate_all(b);
	r = sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, SMMU_EVT_F_TRANSLATION);
	sb_expect_no_event(b);
	sw_ste(&w, 2, SMMU_STE2_S2S, 0);
	sw_cfgi_ste(&w, true);
	r = sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
	assert_int_equal(r.outcome, HWI_STALLED);
	assert_true(sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID).stall);
}

/* R=0 suppresses the four faults and no other. */
/* covers: EVT_F_WALK_EABT */
static void r_suppresses_four(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, 0, SMMU_CD0_R | SMMU_CD0_A);
	sw_cfgi_cd(&w, 0, true);
	sb_fail_read(b, sw_s1_at(&w, SW_IN, 2), 8);
	(void)sw_fault(&w, SMMU_EVT_F_WALK_EABT);
}

/* What a mapping has is told when a right is lacking. */
static void rights_of_a_refusal(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_S1_AP_RO, 0);
	assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_WRITE).rights, HWI_READ);
	assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ).rights, HWI_READ);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_S1_AP_RO);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), 0, VMSA_S2_S2AP_W);
	sw_tlbi_all(&w);
	assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ).rights, HWI_READ);
	assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_WRITE).rights, HWI_READ);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(stage_1_translation), T(address_size), T(address_size_52), T(walk_aborts), T(walk_aborts_by_class),
		T(access_before_permission), T(access_flag_disabled), T(ipa_beyond_stage_2),
		T(cd_not_mapped), T(table_not_mapped), T(table_on_device_memory),
		T(attributes_of_the_transaction), T(a_r_s), T(s2r_s2s), T(r_suppresses_four),
		T(rights_of_a_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

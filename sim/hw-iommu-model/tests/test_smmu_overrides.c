/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* STE.PRIVCFG and STE.INSTCFG (SMMUv3 §5.2, §13.1.4, §13.7): what they do to the rights that are checked. */
#include "smmu_world.h"

static void override(struct sw *w, uint64_t privcfg, uint64_t instcfg)
{
	SW_STE_FIELD(w, 1, SMMU_STE1_PRIVCFG, privcfg);
	SW_STE_FIELD(w, 1, SMMU_STE1_INSTCFG, instcfg);
	sw_cfgi_ste(w, true);
}

static void s1_leaf(struct sw *w, uint64_t ap, uint64_t xn)
{
	sw_set(w, sw_s1_at(w, SW_IN, 3), HWI_PUT(VMSA_S1_AP, ap) | xn,
	       VMSA_S1_AP | VMSA_S1_UXN | VMSA_S1_PXN);
	sw_tlbi_all(w);
}

static void s2_leaf(struct sw *w, uint64_t ipa, uint64_t s2ap, uint64_t xn)
{
	sw_set(w, sw_s2_at(w, ipa, 3), HWI_PUT(VMSA_S2_S2AP, s2ap) | HWI_PUT(VMSA_S2_XN, xn),
	       VMSA_S2_S2AP | VMSA_S2_XN);
	sw_tlbi_all(w);
}

static void allowed(struct sw *w, unsigned int access)
{
	sw_expect(w->b, SW_SID, SW_IN, access, SW_OUT);
}

static struct sw_record refused(struct sw *w, unsigned int access)
{
	return sw_expect_fault(w->b, SW_SID, SW_IN, access, SMMU_EVT_F_PERMISSION);
}

/* A page for privileged accesses alone: who may is what PRIVCFG says, or, with 00 and 01, the access. */
/* covers: EVT_F_PERMISSION */
static void privilege_at_stage_1(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	s1_leaf(&w, VMSA_AP_PRIV_RW, 0);
	for (uint64_t incoming = 0; incoming < 2; incoming++) {
		override(&w, incoming, SMMU_INSTCFG_INCOMING);
		assert_false(refused(&w, HWI_WRITE).pnu);
		allowed(&w, HWI_WRITE | HWI_PRIV);
	}
	override(&w, SMMU_PRIVCFG_UNPRIVILEGED, SMMU_INSTCFG_INCOMING);
	assert_false(refused(&w, HWI_WRITE | HWI_PRIV).pnu);
	assert_false(refused(&w, HWI_ATOMIC | HWI_PRIV).pnu);
	override(&w, SMMU_PRIVCFG_PRIVILEGED, SMMU_INSTCFG_INCOMING);
	allowed(&w, HWI_WRITE);
	allowed(&w, HWI_ATOMIC);
	/* The same entry of the TLB, and others who ask. */
	override(&w, SMMU_PRIVCFG_INCOMING, SMMU_INSTCFG_INCOMING);
	(void)refused(&w, HWI_WRITE);
}

/* INSTCFG makes reads what it says, and leaves writes and atomics data. */
/* covers: EVT_F_PERMISSION POINT_37 */
static void instructions_at_stage_1(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	s1_leaf(&w, VMSA_AP_RW, VMSA_S1_UXN);
	for (uint64_t incoming = 0; incoming < 2; incoming++) {
		override(&w, SMMU_PRIVCFG_INCOMING, incoming);
		assert_true(refused(&w, HWI_READ | HWI_EXEC).ind);
		allowed(&w, HWI_READ);
	}
	override(&w, SMMU_PRIVCFG_INCOMING, SMMU_INSTCFG_DATA);
	allowed(&w, HWI_READ | HWI_EXEC);
	override(&w, SMMU_PRIVCFG_INCOMING, SMMU_INSTCFG_INSTRUCTION);
	assert_true(refused(&w, HWI_READ).ind);
	allowed(&w, HWI_WRITE);
	allowed(&w, HWI_ATOMIC);
	/* Execute-only: what is no right to data is none that INSTCFG=10 could use. */
	s1_leaf(&w, VMSA_AP_PRIV_RO, 0);
	allowed(&w, HWI_READ);
	override(&w, SMMU_PRIVCFG_INCOMING, SMMU_INSTCFG_DATA);
	assert_false(refused(&w, HWI_READ | HWI_EXEC).ind);
}

/* Stage 2 sees the attributes after overrides, too (§13.4.3). */
/* covers: EVT_F_PERMISSION POINT_38 */
static void both_at_stage_2(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	for (unsigned int nested = 0; nested < 2; nested++) {
		if (nested)
			sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		else
			sw_s2(&w, b, VMSA_SHIFT_4K);
		if (nested) /* executable for both */
			s1_leaf(&w, VMSA_AP_RO, 0);
		s2_leaf(&w, nested ? SW_IPA : SW_IN, VMSA_S2AP_RW, VMSA_S2XN_PRIV);
		e = refused(&w, HWI_READ | HWI_EXEC);
		assert_true(e.s2 && e.ind && !e.pnu);
		override(&w, SMMU_PRIVCFG_PRIVILEGED, SMMU_INSTCFG_INCOMING);
		allowed(&w, HWI_READ | HWI_EXEC);
		override(&w, SMMU_PRIVCFG_UNPRIVILEGED, SMMU_INSTCFG_INSTRUCTION);
		e = refused(&w, HWI_READ | HWI_PRIV);
		assert_true(e.s2 && e.ind && !e.pnu);
		override(&w, SMMU_PRIVCFG_UNPRIVILEGED, SMMU_INSTCFG_DATA);
		allowed(&w, HWI_READ | HWI_EXEC | HWI_PRIV);
	}
}

/* NS-EL2 has one privilege level: PRIVCFG counts for the record alone (§13.4.1). */
static void one_privilege(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	s1_leaf(&w, VMSA_AP_PRIV_RO, 0);
	override(&w, SMMU_PRIVCFG_UNPRIVILEGED, SMMU_INSTCFG_INCOMING);
	allowed(&w, HWI_READ | HWI_PRIV);
	assert_false(refused(&w, HWI_WRITE | HWI_PRIV).pnu);
	override(&w, SMMU_PRIVCFG_PRIVILEGED, SMMU_INSTCFG_INCOMING);
	allowed(&w, HWI_READ);
	assert_true(refused(&w, HWI_WRITE).pnu);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(privilege_at_stage_1), T(instructions_at_stage_1), T(both_at_stage_2),
		T(one_privilege),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

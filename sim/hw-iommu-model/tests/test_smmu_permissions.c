/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rights (Arm DDI 0487 D8.4, SMMUv3 §5.4, §13.4): Direct permissions of both stages. */
#include "smmu_world.h"

#define URD HWI_READ
#define UWR HWI_WRITE
#define UEX (HWI_READ | HWI_EXEC)
#define PRD (HWI_READ | HWI_PRIV)
#define PWR (HWI_WRITE | HWI_PRIV)
#define PEX (HWI_READ | HWI_EXEC | HWI_PRIV)

/* Bit n: access n of this list is allowed. */
static const unsigned int accesses[] = { URD, UWR, UEX, PRD, PWR, PEX };
#define CAN_UR 1u
#define CAN_UW 2u
#define CAN_UX 4u
#define CAN_PR 8u
#define CAN_PW 16u
#define CAN_PX 32u

static unsigned int allowed(struct sw *w)
{
	unsigned int can = 0;
	uint64_t rec[4];

	for (unsigned int i = 0; i < 6; i++) {
		/* Each one by a walk, and each by the TLB entry that is there then. */
		for (unsigned int twice = 0; twice < 2; twice++) {
			struct hwi_response r = sb_dma(w->b, SW_SID, HWI_PASID_NONE, SW_IN,
						       accesses[i]);

			if (r.outcome == HWI_SUCCESS) {
				assert_true(!twice || can & 1u << i);
				can |= 1u << i;
			} else {
				assert_int_equal(r.fault, SMMU_EVT_F_PERMISSION);
				assert_true(!(can & 1u << i));
				assert_true(sb_event(w->b, rec));
			}
		}
		if (i % 2)
			sw_tlbi_all(w);
	}
	return can;
}

static unsigned int with_leaf(struct sw *w, uint64_t ap, uint64_t bits)
{
	uint64_t at = sw_s1_at(w, SW_IN, 3);

	sw_set(w, at, HWI_PUT(VMSA_S1_AP, ap) | bits, VMSA_S1_AP | VMSA_S1_UXN | VMSA_S1_PXN);
	sb_invalidate_all(w->b);
	return allowed(w);
}

static void stage_1_leaf(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	assert_int_equal(with_leaf(&w, VMSA_AP_PRIV_RW, 0), CAN_UX | CAN_PR | CAN_PW | CAN_PX);
	/* What is writable unprivileged is not executable privileged. */
	assert_int_equal(with_leaf(&w, VMSA_AP_RW, 0), CAN_UR | CAN_UW | CAN_UX | CAN_PR | CAN_PW);
	assert_int_equal(with_leaf(&w, VMSA_AP_PRIV_RO, 0), CAN_UX | CAN_PR | CAN_PX);
	assert_int_equal(with_leaf(&w, VMSA_AP_RO, 0), CAN_UR | CAN_UX | CAN_PR | CAN_PX);
	assert_int_equal(with_leaf(&w, VMSA_AP_RO, VMSA_S1_UXN), CAN_UR | CAN_PR | CAN_PX);
	assert_int_equal(with_leaf(&w, VMSA_AP_RO, VMSA_S1_PXN), CAN_UR | CAN_UX | CAN_PR);
}

static void stage_1_tables(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int level = 0; level < 3; level++) {
		uint64_t at;

		sw_s1(&w, b, VMSA_SHIFT_4K);
		at = sw_s1_at(&w, SW_IN, level);
		sw_set(&w, at, VMSA_S1_TABLE_AP_NO_UNPRIV, 0);
		assert_int_equal(with_leaf(&w, VMSA_AP_RW, 0), CAN_UX | CAN_PR | CAN_PW | CAN_PX);
		sw_set(&w, at, VMSA_S1_TABLE_AP_NO_WRITE, VMSA_S1_TABLE_AP_NO_UNPRIV);
		assert_int_equal(with_leaf(&w, VMSA_AP_RW, 0), CAN_UR | CAN_UX | CAN_PR | CAN_PX);
		sw_set(&w, at, VMSA_S1_TABLE_AP, 0);
		assert_int_equal(with_leaf(&w, VMSA_AP_RW, 0), CAN_UX | CAN_PR | CAN_PX);
		sw_set(&w, at, VMSA_S1_TABLE_UXN, VMSA_S1_TABLE_AP);
		assert_int_equal(with_leaf(&w, VMSA_AP_RO, 0), CAN_UR | CAN_PR | CAN_PX);
		sw_set(&w, at, VMSA_S1_TABLE_PXN, VMSA_S1_TABLE_UXN);
		assert_int_equal(with_leaf(&w, VMSA_AP_RO, 0), CAN_UR | CAN_UX | CAN_PR);
		/* HAD0: none of them counts. */
		sw_set(&w, at, VMSA_S1_TABLE_AP | VMSA_S1_TABLE_UXN, 0);
		sw_cd(&w, 1, SMMU_CD1_HAD0, 0);
		assert_int_equal(with_leaf(&w, VMSA_AP_RO, 0), CAN_UR | CAN_UX | CAN_PR | CAN_PX);
	}
}

static void wxn(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_WXN, 0);
	assert_int_equal(with_leaf(&w, VMSA_AP_PRIV_RW, 0), CAN_UX | CAN_PR | CAN_PW);
	assert_int_equal(with_leaf(&w, VMSA_AP_RW, 0), CAN_UR | CAN_UW | CAN_PR | CAN_PW);
	assert_int_equal(with_leaf(&w, VMSA_AP_RO, 0), CAN_UR | CAN_UX | CAN_PR | CAN_PX);
	/* A writable-clean page is writable for this, too (§3.13.8). */
	sw_cd(&w, 0, SMMU_CD0_HA | SMMU_CD0_HD, 0);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_DESC_DBM, 0);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_S1_AP_RO, 0);
	sb_invalidate_all(b);
	assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, UEX).fault,
			 SMMU_EVT_F_PERMISSION);
}

static void pan(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_PAN, 0);
	assert_int_equal(with_leaf(&w, VMSA_AP_PRIV_RW, 0), CAN_UX | CAN_PR | CAN_PW | CAN_PX);
	assert_int_equal(with_leaf(&w, VMSA_AP_RW, 0), CAN_UR | CAN_UW | CAN_UX);
	assert_int_equal(with_leaf(&w, VMSA_AP_RO, 0), CAN_UR | CAN_UX | CAN_PX);
	/* What APTable takes away unprivileged does not count. */
	sw_set(&w, sw_s1_at(&w, SW_IN, 1), VMSA_S1_TABLE_AP_NO_UNPRIV, 0);
	assert_int_equal(with_leaf(&w, VMSA_AP_RO, 0), CAN_UX | CAN_PR | CAN_PX);
}

/* E0PD: an unprivileged access is F_TRANSLATION, even if the TLB knows the page. */
/* covers: EVT_F_TRANSLATION */
static void e0pd(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_ok(&w);
	sw_cd(&w, 1, SMMU_CD1_E0PD0, 0);
	sw_cfgi_cd(&w, 0, true);
	(void)sw_fault(&w, SMMU_EVT_F_TRANSLATION);
	sw_expect(b, SW_SID, SW_IN, PRD, SW_OUT);
}

/* NS-EL2: one privilege level, AP[1] and PXN do not count; no ASID. */
static void el2(void **state)
{
	struct smmu_bench *b = *state;
	const unsigned int rw = CAN_UR | CAN_UW | CAN_PR | CAN_PW, x = CAN_UX | CAN_PX;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	assert_int_equal(with_leaf(&w, VMSA_AP_PRIV_RW, 0), rw | x);
	assert_int_equal(with_leaf(&w, VMSA_AP_PRIV_RW, VMSA_S1_PXN), rw | x);
	assert_int_equal(with_leaf(&w, VMSA_AP_RW, VMSA_S1_XN), rw);
	assert_int_equal(with_leaf(&w, VMSA_AP_PRIV_RO, 0), CAN_UR | CAN_PR | x);
	sw_set(&w, sw_s1_at(&w, SW_IN, 2), VMSA_S1_TABLE_AP_NO_WRITE | VMSA_S1_TABLE_XN, 0);
	assert_int_equal(with_leaf(&w, VMSA_AP_RW, 0), CAN_UR | CAN_PR);
	/* Of the address all bits above the width have to be 0. */
	(void)sw_expect_fault(b, SW_SID, HWI_MASK64(63, 48) | SW_IN, HWI_READ,
			      SMMU_EVT_F_TRANSLATION);
	/* Nothing of TTB1 is looked at. */
	sw_cd(&w, 0, 0, SMMU_CD0_EPD1);
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, SW_IN, HWI_READ, SW_OUT);
}

static unsigned int with_s2_leaf(struct sw *w, uint64_t s2ap, uint64_t xn)
{
	uint64_t at = sw_s2_at(w, w->g1 ? SW_IPA : SW_IN, 3);

	sw_set(w, at, HWI_PUT(VMSA_S2_S2AP, s2ap) | HWI_PUT(VMSA_S2_XN, xn),
	       VMSA_S2_S2AP | VMSA_S2_XN);
	sb_invalidate_all(w->b);
	return allowed(w);
}

/* covers: POINT_38 POINT_39 */
static void stage_2_leaf(void **state)
{
	struct smmu_bench *b = *state;
	const unsigned int r = CAN_UR | CAN_PR, wr = CAN_UW | CAN_PW;
	struct sw w;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_RW, VMSA_S2XN_EXEC),
			 r | wr | CAN_UX | CAN_PX);
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_RO, VMSA_S2XN_NONE), r);
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_WO, VMSA_S2XN_NONE), wr);
	/* Instructions by XN alone: execute-only pages; privilege counts with XNX. */
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_NONE, VMSA_S2XN_EXEC), CAN_UX | CAN_PX);
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_NONE, VMSA_S2XN_UNPRIV), CAN_UX);
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_NONE, VMSA_S2XN_PRIV), CAN_PX);
}

/* SMMUv3.0: no privilege at stage 2, no hierarchical permissions to disable, no S2FWB. */
static void without_3_1_features(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.aidr = SMMU_AIDR_3_0;
	cfg.idr0 &= ~SMMU_IDR0_ATSRECERR;
	cfg.idr3 = 0;
	sb_remake(b, &cfg);
	sb_start(b);
	sw_s2(&w, b, VMSA_SHIFT_4K);
	sw_ste(&w, 1, SMMU_STE1_S2FWB, 0);
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_NONE, VMSA_S2XN_UNPRIV), CAN_UX | CAN_PX);
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_NONE, VMSA_S2XN_PRIV), 0);
	/* A table on a page that S2FWB would make a Device page. */
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_ste(&w, 1, SMMU_STE1_S2FWB, 0);
	sw_ste(&w, 2, SMMU_STE2_S2PTW, 0);
	sw_set(&w, sw_s2_at(&w, (sw_s1_at(&w, SW_IN, 3) & ~UINT64_C(4095)) + SW_GUEST, 3),
	       HWI_PUT(VMSA_S2_MEMATTR, 0xa), VMSA_S2_MEMATTR);
	sb_invalidate_all(b);
	sw_ok(&w);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 1, SMMU_CD1_HAD0, 0);
	sw_set(&w, sw_s1_at(&w, SW_IN, 1), VMSA_S1_TABLE_AP_NO_WRITE, 0);
	assert_int_equal(with_leaf(&w, VMSA_AP_RW, 0), CAN_UR | CAN_UX | CAN_PR | CAN_PX);
}

static void both_stages(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_S1_PXN | VMSA_S1_UXN, 0);
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_RO, VMSA_S2XN_EXEC), CAN_UR | CAN_PR);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), VMSA_S1_AP_RO, VMSA_S1_UXN);
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_RW, VMSA_S2XN_PRIV), CAN_UR | CAN_PR);
	assert_int_equal(with_s2_leaf(&w, VMSA_S2AP_WO, VMSA_S2XN_UNPRIV), CAN_UX);
}

/* An atomic needs both rights; RnW=1 in the record only if reading alone is refused (§13.1.1). */
/* covers: EVT_F_PERMISSION */
static void atomics(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	(void)with_s2_leaf(&w, VMSA_S2AP_WO, 0);
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_ATOMIC, SMMU_EVT_F_PERMISSION);
	assert_true(e.rnw);
	(void)with_s2_leaf(&w, VMSA_S2AP_RO, 0);
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_ATOMIC, SMMU_EVT_F_PERMISSION);
	assert_false(e.rnw);
	(void)with_s2_leaf(&w, VMSA_S2AP_NONE, 0);
	e = sw_expect_fault(b, SW_SID, SW_IN, HWI_ATOMIC, SMMU_EVT_F_PERMISSION);
	assert_false(e.rnw);
	(void)with_s2_leaf(&w, VMSA_S2AP_RW, 0);
	sw_expect(b, SW_SID, SW_IN, HWI_ATOMIC, SW_OUT);
}

/* No_snoop acts after S2FWB: a page is Write-Back for accesses without it alone (§13.6.1.1). */
static void forced_write_back(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	assert_false(sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ).snooped);
	sw_ste(&w, 1, SMMU_STE1_S2FWB, 0);
	sw_set(&w, sw_s2_at(&w, SW_IN, 3), HWI_PUT(VMSA_S2_MEMATTR, VMSA_S2_FWB_WB),
	       VMSA_S2_MEMATTR);
	sb_invalidate_all(b);
	assert_false(sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ).snooped);
	assert_false(sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ).snooped);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(stage_1_leaf), T(stage_1_tables), T(wxn), T(pan), T(e0pd), T(el2),
		T(stage_2_leaf), T(without_3_1_features), T(both_stages), T(atomics), T(forced_write_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A machine that cannot hold requests, because it has no way to be told how a stall ends:
 * what would stall is terminated and recorded (SMMUv3 §3.12).
 */
#include "smmu_world.h"

#include "smmuv3/control.h"

/* Another machine, and a unit of the same configuration for it. */
static void cannot_hold(struct smmu_bench *b)
{
	const struct hwi_smmuv3_config cfg = b->cfg;

	b->ops.resume = NULL;
	sb_remake(b, &cfg);
}

/* covers: EVT_F_TRANSLATION */
static void what_would_stall_aborts(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	cannot_hold(b);
	sb_start(b);
	/* Neither CD.A nor R, S2R count where a stall is asked for. */
	for (unsigned int bits = 0; bits < 4; bits++) {
		sw_s1(&w, b, VMSA_SHIFT_4K);
		SW_CD_FIELD(&w, 0, SMMU_CD0_A, bits & 1);
		SW_CD_FIELD(&w, 0, SMMU_CD0_R, bits >> 1);
		sw_cd(&w, 0, SMMU_CD0_S, 0);
		sb_w64(b, sw_s1_at(&w, SW_IN, 3), 0);
		sb_invalidate_all(b);
		e = sw_fault(&w, SMMU_EVT_F_TRANSLATION);
		assert_false(e.stall);
		assert_int_equal(e.stag, 0);
		sw_s2(&w, b, VMSA_SHIFT_4K);
		SW_STE_FIELD(&w, 2, SMMU_STE2_S2R, bits & 1);
		sw_ste(&w, 2, SMMU_STE2_S2S, 0);
		sb_w64(b, sw_s2_at(&w, SW_IN, 3), 0);
		sb_invalidate_all(b);
		e = sw_fault(&w, SMMU_EVT_F_TRANSLATION);
		assert_true(e.s2);
		assert_false(e.stall);
	}
}

/* Stalls that came with a saved state end as ever; there is just nobody to be told. */
/* covers: CMD_RESUME CMD_STALL_TERM */
static void restored_stalls_end_unheard(void **state)
{
	struct smmu_bench *b = *state;
	const struct smmu_control *c;
	uint64_t stag[3];
	struct sw w;
	size_t size;
	void *buf;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_S, 0);
	sb_w64(b, sw_s1_at(&w, SW_IN, 3), 0);
	sb_invalidate_all(b);
	for (unsigned int i = 0; i < 3; i++) {
		struct hwi_response r = sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);

		assert_int_equal(r.outcome, HWI_STALLED);
		stag[i] = r.stall;
		assert_true(sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID).stall);
	}
	size = hwi_save_size(b->unit);
	buf = malloc(size);
	assert_non_null(buf);
	assert_int_equal(hwi_save(b->unit, buf, size), HWI_OK);
	cannot_hold(b);
	assert_int_equal(hwi_restore(b->unit, buf, size), HWI_OK);
	free(buf);
	c = to_smmu(b->unit)->ctl;
	assert_int_equal(c->stalled, 3);
	sb_do(b, SMMU_CMD_RESUME | HWI_PUT(SMMU_CMD0_SID, SW_SID) | SMMU_CMD_RESUME0_AC, stag[1]);
	assert_int_equal(c->stalled, 2);
	assert_true(c->stalls[stag[0]].busy && !c->stalls[stag[1]].busy && c->stalls[stag[2]].busy);
	sb_do(b, SMMU_CMD_STALL_TERM | HWI_PUT(SMMU_CMD0_SID, SW_SID), 0);
	assert_int_equal(c->stalled, 0);
	assert_int_equal(b->resumes, 0);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(what_would_stall_aborts), T(restored_stalls_end_unheard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

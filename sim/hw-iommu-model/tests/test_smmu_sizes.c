/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Granules, input sizes and addresses that a unit has or has not: STEs and CDs that ask
 * for others are no good (SMMUv3 §5.2.2, §5.4.2; IDR3.STT, IDR5).
 */
#include "smmu_world.h"

static const unsigned int granules[] = { VMSA_SHIFT_4K, VMSA_SHIFT_16K, VMSA_SHIFT_64K };

/* The event of the request SW_IN; its record is taken. */
static uint8_t event(struct sw *w)
{
	struct hwi_response r;

	sb_invalidate_all(w->b);
	r = sb_dma(w->b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
	if (r.fault)
		(void)sw_record(w->b, (uint8_t)r.fault, SW_SID);
	return (uint8_t)r.fault;
}

static void unit(struct smmu_bench *b, struct hwi_smmuv3_config *cfg)
{
	sb_remake(b, cfg);
	sb_start(b);
}

/* Units with one granule, or without one. */
/* covers: EVT_C_BAD_STE EVT_C_BAD_CD REG_IDR5 */
static void granules_of_the_unit(void **state)
{
	static const uint32_t bit[] = { SMMU_IDR5_GRAN4K, SMMU_IDR5_GRAN16K, SMMU_IDR5_GRAN64K };
	const uint32_t all = SMMU_IDR5_GRAN4K | SMMU_IDR5_GRAN16K | SMMU_IDR5_GRAN64K;
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	for (unsigned int set = 1; set < 8; set++) {
		sb_config(&cfg);
		cfg.idr5 &= ~(all | SMMU_IDR5_VAX);
		for (unsigned int g = 0; g < 3; g++)
			cfg.idr5 |= set >> g & 1 ? bit[g] : 0;
		if (!(cfg.idr5 & SMMU_IDR5_GRAN64K)) /* which 52 bits come with */
			cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_OAS, cfg.idr5, SMMU_OAS_48);
		unit(b, &cfg);
		for (unsigned int g = 0; g < 3; g++) {
			bool has = set >> g & 1;

			sw_s1(&w, b, granules[g]);
			assert_int_equal(event(&w), has ? 0 : SMMU_EVT_C_BAD_CD);
			sw_s2(&w, b, granules[g]);
			assert_int_equal(event(&w), has ? 0 : SMMU_EVT_C_BAD_STE);
		}
		b->next_page = 4096;
	}
}

/* VAX=00: 64K tables, too, are for 48 bits at most; of stage 2, whose input goes by OAS, for 52. */
/* covers: EVT_C_BAD_STE EVT_C_BAD_CD REG_IDR5 */
static void input_of_48_bits(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	for (unsigned int vax = SMMU_VAX_48; vax <= SMMU_VAX_52; vax++) {
		unsigned int min = vax == SMMU_VAX_52 ? 12 : 16;

		sb_config(&cfg);
		cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_VAX, cfg.idr5, vax);
		unit(b, &cfg);
		sw_s1(&w, b, VMSA_SHIFT_64K);
		SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, min);
		assert_int_not_equal(event(&w), SMMU_EVT_C_BAD_CD);
		SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, min - 1);
		assert_int_equal(event(&w), SMMU_EVT_C_BAD_CD);
		sw_s2(&w, b, VMSA_SHIFT_64K);
		SW_STE_FIELD(&w, 2, SMMU_STE2_S2SL0, 2); /* level 1 */
		SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, 12);
		assert_int_not_equal(event(&w), SMMU_EVT_C_BAD_STE);
		SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, 11);
		assert_int_equal(event(&w), SMMU_EVT_C_BAD_STE);
	}
}

/* STT=0: T0SZ up to 39, and with 4K no stage 2 that begins at level 3. */
/* covers: POINT_10 EVT_C_BAD_STE EVT_C_BAD_CD REG_IDR3 */
static void no_small_tables(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	for (unsigned int stt = 0; stt < 2; stt++) {
		uint8_t cd = stt ? SMMU_EVT_F_TRANSLATION : SMMU_EVT_C_BAD_CD;
		uint8_t ste = stt ? SMMU_EVT_F_TRANSLATION : SMMU_EVT_C_BAD_STE;

		sb_config(&cfg);
		if (!stt)
			cfg.idr3 &= ~SMMU_IDR3_STT;
		unit(b, &cfg);
		for (unsigned int g = 0; g < 3; g++) {
			/* SW_IN is beyond 25 bits of input. */
			sw_s1(&w, b, granules[g]);
			SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, 39);
			assert_int_equal(event(&w), SMMU_EVT_F_TRANSLATION);
			SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, 40);
			assert_int_equal(event(&w), cd);
			sw_s2(&w, b, granules[g]);
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2SL0, 0);
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, 39);
			assert_int_equal(event(&w), SMMU_EVT_F_TRANSLATION);
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, 40);
			assert_int_equal(event(&w), ste);
		}
		sw_s2(&w, b, VMSA_SHIFT_4K);
		SW_STE_FIELD(&w, 2, SMMU_STE2_S2SL0, 3);
		SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, 39);
		assert_int_equal(event(&w), ste);
	}
}

/* With 4K and 16K tables stand below 2^48 whatever the output size (DS=0). */
/* covers: EVT_C_BAD_STE EVT_C_BAD_CD */
static void tables_below_48_bits(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int g = 0; g < 3; g++) {
		bool far = granules[g] == VMSA_SHIFT_64K; /* there is no memory: the walk aborts */

		sw_s1(&w, b, granules[g]);
		SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, SMMU_OAS_52);
		assert_int_equal(event(&w), 0);
		sw_cd(&w, 1, HWI_BIT64(48), 0);
		assert_int_equal(event(&w), far ? SMMU_EVT_F_WALK_EABT : SMMU_EVT_C_BAD_CD);
		sw_s2(&w, b, granules[g]);
		SW_STE_FIELD(&w, 2, SMMU_STE2_S2PS, SMMU_OAS_52);
		assert_int_equal(event(&w), 0);
		sw_ste(&w, 3, HWI_BIT64(48), 0);
		assert_int_equal(event(&w), far ? SMMU_EVT_F_WALK_EABT : SMMU_EVT_C_BAD_STE);
	}
}

/* Big-endian tables: none here, but where no table is walked the CD may say so. */
/* covers: EVT_C_BAD_CD */
static void endianness_of_no_tables(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_ENDI, 0);
	assert_int_equal(event(&w), SMMU_EVT_C_BAD_CD);
	sw_cd(&w, 0, SMMU_CD0_EPD0, 0);
	assert_int_equal(event(&w), SMMU_EVT_F_TRANSLATION);
	/* NS-EL2 has no EPD0 (§5.4). */
	SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	assert_int_equal(event(&w), SMMU_EVT_C_BAD_CD);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(granules_of_the_unit), T(input_of_48_bits), T(no_small_tables),
		T(tables_below_48_bits), T(endianness_of_no_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

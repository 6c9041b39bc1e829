/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a change of the translation table mode leaves behind, and what a unit with
 * CM=1 keeps of faulting entries (VT-d 5.10 §11.4.5, §6.1).
 */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID 0x0100
#define IN UINT64_C(0x1000)
#define OUT UINT64_C(0xa0000)

/* A legacy-only unit whose SRTP invalidates nothing. */
static void old_config(struct hwi_vtd_config *cfg)
{
	bench_config(cfg);
	cfg->ver_major = 1;
	cfg->cap &= ~(VTD_CAP_ESRTPS | VTD_CAP_ESIRTPS | VTD_CAP_FS1GP | VTD_CAP_FS5LP);
	cfg->ecap &= VTD_ECAP_C | VTD_ECAP_QI | VTD_ECAP_IR | VTD_ECAP_EIM | VTD_ECAP_PT |
		     VTD_ECAP_SC | VTD_ECAP_IRO | VTD_ECAP_MHMV | VTD_ECAP_ADMS;
}

/* An invalid mode, or abort-DMA mode, shows on each request: no IOTLB entry helps. */
/* covers: FC_RTA_1_2 FC_RTA_1_3 FC_RTA_4 REG_RTADDR */
static void test_mode_counts_before_the_iotlb(void **state)
{
	static const struct {
		unsigned int ttm;
		uint8_t reason;
	} cases[] = {
		{ VTD_TTM_RSVD, VTD_FR_RTA_1_2 },
		{ VTD_TTM_SCALABLE, VTD_FR_RTA_1_3 },
		{ VTD_TTM_ABORT, VTD_FR_RTA_4 },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hwi_vtd_config cfg;
		uint64_t root;

		old_config(&cfg);
		bench_remake(b, &cfg);
		b->next_page = VTD_PAGE_SIZE;
		root = bench_alloc(b, 1);
		build_ss(b, root, 4, IN, OUT, 1, VTD_SS_R | VTD_SS_W);
		build_context(b, SID, VTD_TT_SS, VTD_AW_48, 3, root);
		bench_start_legacy(b);
		bench_expect(b, SID, HWI_PASID_NONE, IN, HWI_READ, OUT);
		bench_expect(b, SID, HWI_PASID_NONE, IN, HWI_READ, OUT);
		bench_gcmd(b, VTD_GCMD_TE, false);
		bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, cases[i].ttm));
		bench_gcmd(b, VTD_GCMD_TE, true);
		bench_expect_refused(b, SID, HWI_PASID_NONE, IN, HWI_READ, cases[i].reason);
	}
}

/* The same mode again: SRTP alone drops nothing without ESRTPS. */
/* covers: REG_RTADDR REG_GCMD */
static void test_same_mode_keeps_the_iotlb(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;
	uint64_t root, leaf;

	old_config(&cfg);
	bench_remake(b, &cfg);
	root = bench_alloc(b, 1);
	leaf = build_ss(b, root, 4, IN, OUT, 1, VTD_SS_R | VTD_SS_W);
	build_context(b, SID, VTD_TT_SS, VTD_AW_48, 3, root);
	bench_start_legacy(b);
	bench_expect(b, SID, HWI_PASID_NONE, IN, HWI_READ, OUT);
	bench_w64(b, leaf, 0);
	bench_set_root(b, 0);
	bench_expect(b, SID, HWI_PASID_NONE, IN, HWI_READ, OUT);
}

/*
 * Legacy mode, CM=1: rights of two levels that exclude each other, and no table
 * behind them. Whatever is kept of that can be saved and restored.
 */
/* covers: FC_LSS_1 */
static void test_unreadable_table_without_rights(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;
	uint64_t root, at;
	size_t size;
	void *buf;

	bench_config(&cfg);
	cfg.cap |= VTD_CAP_CM;
	cfg.negative_caching = true;
	bench_remake(b, &cfg);
	root = bench_alloc(b, 1);
	build_ss(b, root, 4, IN, OUT, 1, VTD_SS_R | VTD_SS_W);
	at = build_entry(b, root, 4, IN, 4);
	bench_w64(b, at, bench_r64(b, at) & ~VTD_SS_W);
	bench_w64(b, build_entry(b, root, 4, IN, 3), BENCH_NOWHERE | VTD_SS_W);
	build_context(b, SID, VTD_TT_SS, VTD_AW_48, 3, root);
	bench_start_legacy(b);
	bench_expect_refused(b, SID, HWI_PASID_NONE, IN, HWI_READ, VTD_FR_LSS_1);
	size = hwi_save_size(b->unit);
	buf = malloc(size);
	assert_non_null(buf);
	assert_int_equal(hwi_save(b->unit, buf, size), HWI_OK);
	assert_int_equal(hwi_restore(b->unit, buf, size), HWI_OK);
	free(buf);
	bench_expect_refused(b, SID, HWI_PASID_NONE, IN, HWI_READ, VTD_FR_LSS_1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_mode_counts_before_the_iotlb),
		T(test_same_mode_keeps_the_iotlb),
		T(test_unreadable_table_without_rights),
	};

	return cmocka_run_group_tests_name("review_modes", tests, NULL, NULL);
}

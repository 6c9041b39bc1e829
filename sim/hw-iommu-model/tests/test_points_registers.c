/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Points that models get wrong and places where readings differ, about registers,
 * descriptors and records, as far as the file of the behaviour has no test for them.
 */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID 0x0100

/* The function mask counts from bit 2 downwards: FM=1 is bit 2, not bit 0. */
/* covers: DSC_cc_inv */
static void test_point_11_30_function_mask(void **state)
{
	static const struct {
		unsigned int fm, differs;
		bool gone;
	} cases[] = {
		{ 0, 1, false }, { 0, 2, false }, { 0, 4, false }, { 1, 4, true },
		{ 1, 1, false }, { 1, 2, false }, { 2, 6, true },  { 2, 1, false },
		{ 3, 7, true },	 { 3, 8, false },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint16_t sid = (uint16_t)(SID ^ cases[i].differs);
		uint64_t root;

		bench_remake(b, NULL);
		b->next_page = VTD_PAGE_SIZE;
		root = bench_alloc(b, 1);
		build_ss(b, root, 4, 0x1000, 0xa0000, 1, VTD_SS_R);
		build_context(b, sid, VTD_TT_SS, VTD_AW_48, 3, root);
		bench_start_legacy(b);
		bench_start_queue(b, true, 0);
		bench_expect(b, sid, HWI_PASID_NONE, 0x1000, HWI_READ, 0xa0000);
		build_context_raw(b, sid, 0, 0);
		bench_do(b,
			 VTD_DSC_PUT_TYPE(VTD_DSC_cc_inv) | HWI_PUT(VTD_CC_Q0_G, VTD_CC_G_DEVICE) |
				 HWI_PUT(VTD_CC_Q0_DID, 3) | HWI_PUT(VTD_CC_Q0_SID, SID) |
				 HWI_PUT(VTD_CC_Q0_FM, cases[i].fm),
			 0);
		bench_inv_iotlb(b);
		if (cases[i].gone)
			bench_expect_refused(b, sid, HWI_PASID_NONE, 0x1000, HWI_READ,
					     VTD_FR_LCT_2);
		else
			bench_expect(b, sid, HWI_PASID_NONE, 0x1000, HWI_READ, 0xa0000);
	}
}

/* DW is bit 11 of IQA; bit 3 is reserved. */
/* covers: REG_IQA */
static void test_point_11_38_descriptor_width_is_bit_11(void **state)
{
	struct bench *b = *state;

	for (unsigned int wide = 0; wide < 2; wide++) {
		bench_remake(b, NULL);
		b->iqa = bench_alloc(b, 1);
		for (uint64_t at = 0; at < 4096; at += 8)
			bench_w64(b, b->iqa + at, at % 32 == 0 ? 0x11 : 0);
		bench_write64(b, VTD_REG_IQA, b->iqa | (wide ? 0x800 : 0x8));
		bench_write64(b, VTD_REG_IQT, 0x20);
		bench_gcmd(b, VTD_GCMD_QIE, true);
		bench_run(b);
		/* Narrow: the second descriptor is the empty one at 10h. */
		assert_int_equal(bench_read64(b, VTD_REG_IQH), wide ? 0x20 : 0x10);
		assert_int_equal(bench_read32(b, VTD_REG_FSTS), wide ? 0 : VTD_FSTS_IQE);
	}
}

/* CAP.FRO has 10 bits: records can be behind 2000h. */
/* covers: REG_FRCD_LO REG_FRCD_HI */
static void test_differs_12_fro_has_10_bits(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.regs_log2 = 14;
	cfg.cap = HWI_SET(VTD_CAP_FRO, cfg.cap, 0x3f8);
	bench_remake(b, &cfg);
	bench_start_legacy(b);
	(void)bench_dma(b, SID, HWI_PASID_NONE, 0x1000, HWI_READ);
	assert_int_equal(bench_read32(b, 0x3f8 * 16 + 8), SID);
	assert_int_equal(bench_read32(b, 0x1f8 * 16 + 8), 0);
	assert_int_equal(bench_read32(b, 0x0f8 * 16 + 8), 0);
}

/* AM has 6 bits: 2^32 pages and more. */
/* covers: DSC_iotlb_inv REG_IVA */
static void test_differs_12_am_has_6_bits(void **state)
{
	struct bench *b = *state;
	uint64_t root = bench_alloc(b, 1);
	uint64_t far = UINT64_C(0x800000000000) - 0x1000;

	build_ss(b, root, 4, far, 0xa0000, 1, VTD_SS_R);
	build_context(b, SID, VTD_TT_SS, VTD_AW_48, 3, root);
	bench_start_legacy(b);
	bench_start_queue(b, true, 0);
	bench_expect(b, SID, HWI_PASID_NONE, far, HWI_READ, 0xa0000);
	build_ss(b, root, 4, far, 0xb0000, 1, VTD_SS_R);
	for (unsigned int am = 3; am <= 35; am += 32) {
		bench_do(b,
			 VTD_DSC_PUT_TYPE(VTD_DSC_iotlb_inv) |
				 HWI_PUT(VTD_IOTLB_INV_Q0_G, VTD_IOTLB_INV_G_PAGE) |
				 HWI_PUT(VTD_IOTLB_INV_Q0_DID, 3),
			 am);
		bench_expect(b, SID, HWI_PASID_NONE, far, HWI_READ, am == 35 ? 0xb0000 : 0xa0000);
	}
}

/* ECAP.PSS has 5 bits: 16 and less is 17 bits and less. */
/* covers: FC_SGN_10 REG_ECAP */
static void test_differs_12_pss_has_5_bits(void **state)
{
	struct bench *b = *state;

	for (unsigned int pss = 2; pss < 20; pss++) {
		struct hwi_vtd_config cfg;
		struct build_pe pt = pe_pass_through(3);

		bench_config(&cfg);
		cfg.ecap = HWI_SET(VTD_ECAP_PSS, cfg.ecap, pss);
		bench_remake(b, &cfg);
		b->next_page = VTD_PAGE_SIZE;
		build_scontext(b, SID, VTD_SCTX_Q0_PASIDE, 7, 0);
		build_pasid(b, SID, (2u << pss) - 1, pt.q);
		bench_start_scalable(b);
		bench_expect(b, SID, (2u << pss) - 1, 0x1000, HWI_READ, 0x1000);
		if (pss < 19)
			bench_expect_refused(b, SID, 2u << pss, 0x1000, HWI_READ, VTD_FR_SGN_10);
	}
}

/* Virtual commands, whose places and bits differ by reading: not advertised, not there. */
/* covers: REG_VCMD REG_VCMD_EO REG_VCRSP REG_VCCAP */
static void test_differs_12_no_virtual_commands(void **state)
{
	struct bench *b = *state;

	assert_int_equal(bench_read64(b, VTD_REG_ECAP) & VTD_ECAP_VCS, 0);
	for (uint32_t at = 0xe00; at < 0xe40; at += 8) {
		bench_write64(b, at, HWI_ALL64);
		assert_int_equal(bench_read64(b, at), 0);
	}
}

/* A fault at the root entry: the record names the request, not the bus. */
/* covers: FC_LRT_2 REG_FRCD_LO REG_FRCD_HI */
static void test_differs_12_record_of_a_root_fault(void **state)
{
	struct bench *b = *state;
	struct bench_record r;

	bench_start_legacy(b);
	(void)bench_dma(b, 0x4ba, HWI_PASID_NONE, 0x7777777, HWI_READ);
	r = bench_expect_fault(b, VTD_FR_LRT_2, 0x4ba);
	assert_int_equal(r.fi, 0x7777000);
}

/* What holds an event back: the five status bits, PFO among them, and nothing else. */
/* covers: REG_FSTS REG_FECTL */
static void test_differs_12_event_conditions(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_unmask(b, VTD_REG_FECTL, 0xfee00000, 1);
	/* Completion and page request status are other events' business. */
	bench_start_queue(b, true, 0);
	bench_do(b, VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_IF, 0);
	assert_int_equal(bench_read32(b, VTD_REG_ICS), VTD_ICS_IWC);
	(void)bench_dma(b, SID, HWI_PASID_NONE, 0x1000, HWI_READ);
	assert_int_equal(b->msis, 1);
	/* PFO alone holds back what is not a record. */
	for (unsigned int i = 0; i < 8; i++)
		(void)bench_dma(b, SID, HWI_PASID_NONE, 0x1000, HWI_READ);
	for (unsigned int n = 0; n < 8; n++)
		bench_clear_record(b, n);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS), VTD_FSTS_PFO);
	bench_submit(b, 0, 0);
	bench_run(b);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS), VTD_FSTS_PFO | VTD_FSTS_IQE);
	assert_int_equal(b->msis, 1);
}

/* SSIRWS stands on SSTS, by whatever name the text calls it. */
/* covers: REG_ECAP REG_RTADDR */
static void test_differs_12_ssirws_needs_ssts(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;
	const char *why;

	bench_config(&cfg);
	cfg.ecap &= ~(VTD_ECAP_SSTS | VTD_ECAP_NEST);
	cfg.cap &= ~VTD_CAP_SAGAW;
	assert_int_equal(hwi_vtd_config_check(&cfg, &why), HWI_ECONFIG);
	assert_non_null(strstr(why, "SSIRWS"));
	cfg.ecap &= ~VTD_ECAP_SSIRWS;
	bench_remake(b, &cfg);
	bench_write64(b, VTD_REG_RTADDR, VTD_RTADDR_SSIRWE);
	assert_int_equal(bench_read64(b, VTD_REG_RTADDR), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_point_11_30_function_mask),
		T(test_point_11_38_descriptor_width_is_bit_11),
		T(test_differs_12_fro_has_10_bits),
		T(test_differs_12_am_has_6_bits),
		T(test_differs_12_pss_has_5_bits),
		T(test_differs_12_no_virtual_commands),
		T(test_differs_12_record_of_a_root_fault),
		T(test_differs_12_event_conditions),
		T(test_differs_12_ssirws_needs_ssts),
	};

	return cmocka_run_group_tests_name("points-registers", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Fault records, their overflow, and the fault event (VT-d 5.10 §7.2, §7.3, §11.4.7). */
#include "builders.h"

#include "hwiommu/bits.h"

#define MSI_ADDR UINT64_C(0x123fee04560)
#define MSI_DATA 0x4a51

#define FRCD_HI(n) (VTD_BASE_FRO(b->cfg.cap) + 16 * (n) + 8)

/* A fault of this source: in legacy mode with an empty root table, LRT.2. */
static void fault(struct bench *b, uint16_t sid)
{
	struct hwi_response r = bench_dma(b, sid, HWI_PASID_NONE, 0x1234567, HWI_WRITE);

	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, VTD_FR_LRT_2);
	assert_true(r.recorded);
}

static uint32_t fsts(struct bench *b)
{
	return bench_read32(b, VTD_REG_FSTS);
}

/* covers: REG_FRCD_LO REG_FRCD_HI REG_FSTS FC_LRT_2 */
static void test_record_of_a_write(void **state)
{
	struct bench *b = *state;
	struct bench_record r;

	bench_start_legacy(b);
	fault(b, 0x0312);
	r = bench_record(b, 0);
	assert_true(r.f);
	assert_int_equal(r.reason, 0x01);
	assert_int_equal(r.sid, 0x0312);
	assert_int_equal(r.fi, 0x1234000);
	assert_int_equal(r.type, BENCH_TYPE_WRITE);
	assert_int_equal(r.at, 0);
	assert_false(r.pp || r.exe || r.priv || r.pasid);
	assert_int_equal(fsts(b), VTD_FSTS_PPF);
}

/* covers: REG_FRCD_HI */
static void test_record_type_and_address_type(void **state)
{
	static const struct {
		unsigned int kind, access, type;
	} cases[] = {
		{ HWI_UNTRANSLATED, HWI_WRITE, BENCH_TYPE_WRITE },
		{ HWI_UNTRANSLATED, HWI_READ, BENCH_TYPE_READ },
		{ HWI_UNTRANSLATED, HWI_ATOMIC, BENCH_TYPE_ATOMIC },
		{ HWI_UNTRANSLATED, HWI_READ | HWI_ZLR, BENCH_TYPE_READ },
		{ HWI_TRANSLATION_REQUEST, HWI_READ, BENCH_TYPE_READ },
		{ HWI_TRANSLATED, HWI_WRITE, BENCH_TYPE_WRITE },
		{ HWI_TRANSLATED, HWI_READ, BENCH_TYPE_READ },
	};
	struct bench *b = *state;

	for (unsigned int dt = 0; dt < 2; dt++) {
		struct hwi_vtd_config cfg;

		bench_config(&cfg);
		if (!dt)
			cfg.ecap &= ~(VTD_ECAP_DT | VTD_ECAP_PRS | VTD_ECAP_SMS | VTD_ECAP_NWFS |
				      VTD_ECAP_DIT | VTD_ECAP_PDS | VTD_ECAP_PTRS);
		bench_remake(b, &cfg);
		bench_start_legacy(b);
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			unsigned int kind = cases[i].kind;
			struct bench_record r;

			(void)bench_request(b, kind, 0x100, HWI_PASID_NONE, 0x2000,
					    cases[i].access);
			r = bench_expect_fault(b, VTD_FR_LRT_2, 0x100);
			assert_int_equal(r.type, cases[i].type);
			assert_int_equal(r.at, dt ? kind : 0);
		}
	}
}

/* PASID, EXE and PRIV are recorded only for a request that carries a PASID. */
/* covers: REG_FRCD_HI FC_RTA_2 */
static void test_differs_12_pv_has_20_bits(void **state)
{
	struct bench *b = *state;
	struct bench_record r;

	bench_start_legacy(b);
	(void)bench_dma(b, 0x100, 0xfedcb, 0x2000, HWI_READ | HWI_EXEC);
	r = bench_expect_fault(b, VTD_FR_RTA_2, 0x100);
	assert_true(r.pp && r.exe && !r.priv);
	assert_int_equal(r.pasid, 0xfedcb);
	(void)bench_dma(b, 0x100, 0, 0x2000, HWI_READ | HWI_PRIV);
	r = bench_expect_fault(b, VTD_FR_RTA_2, 0x100);
	assert_true(r.pp && !r.exe && r.priv);
	assert_int_equal(r.pasid, 0);
	(void)bench_dma(b, 0x100, HWI_PASID_NONE, 0x2000, HWI_READ | HWI_PRIV | HWI_EXEC);
	r = bench_expect_fault(b, VTD_FR_LRT_2, 0x100);
	assert_true(!r.pp && !r.exe && !r.priv);
}

/* FI bits from the largest supported address width up read 0. */
/* covers: REG_FRCD_LO */
static void test_fault_info_width(void **state)
{
	static const struct {
		uint32_t sagaw;
		uint64_t cap, ecap, fi;
	} cases[] = {
		{ VTD_SAGAW_39, 0, 0, UINT64_C(0x7ffffff000) },
		{ VTD_SAGAW_39 | VTD_SAGAW_48, 0, 0, UINT64_C(0xfffffffff000) },
		{ VTD_SAGAW_57, 0, 0, UINT64_C(0x1fffffffffff000) },
		{ VTD_SAGAW_39, 0, VTD_ECAP_FSTS, UINT64_C(0xfffffffff000) },
		{ VTD_SAGAW_39, VTD_CAP_FS5LP, VTD_ECAP_FSTS, UINT64_C(0x1fffffffffff000) },
		{ 0, 0, 0, UINT64_C(0x3fffffffff000) },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hwi_vtd_config cfg;

		bench_config(&cfg);
		cfg.ver_major = 5;
		cfg.haw = 39;
		cfg.cap &= ~(VTD_CAP_FS5LP | VTD_CAP_FS1GP | VTD_CAP_PI);
		cfg.cap = HWI_SET(VTD_CAP_SAGAW, cfg.cap, cases[i].sagaw) | cases[i].cap;
		cfg.cap = HWI_SET(VTD_CAP_MGAW, cfg.cap, 50 - 1);
		cfg.ecap &= VTD_ECAP_IRO | VTD_ECAP_QI | VTD_ECAP_C | VTD_ECAP_PT;
		cfg.ecap |= cases[i].ecap | VTD_ECAP_SMTS;
		bench_remake(b, &cfg);
		bench_start_legacy(b);
		(void)bench_dma(b, 0x100, HWI_PASID_NONE, UINT64_MAX - 4095, HWI_READ);
		assert_int_equal(bench_record(b, 0).fi, cases[i].fi);
	}
}

/* Records go round the ring; a hole made earlier is not filled out of order. */
/* covers: REG_FRCD_HI REG_FSTS */
static void test_records_go_round(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	fault(b, 0x1);
	fault(b, 0x2);
	bench_clear_record(b, 0);
	fault(b, 0x3);
	assert_false(bench_record(b, 0).f);
	assert_int_equal(bench_record(b, 2).sid, 0x3);
	/* FRI stays with the one that was first, though it is cleared (§7.2.1). */
	assert_int_equal(HWI_GET(VTD_FSTS_FRI, fsts(b)), 0);
	bench_clear_record(b, 1);
	bench_clear_record(b, 2);
	assert_int_equal(fsts(b) & VTD_FSTS_PPF, 0);
	fault(b, 0x4);
	assert_int_equal(HWI_GET(VTD_FSTS_FRI, fsts(b)), 3);
	for (unsigned int i = 0; i < 5; i++)
		fault(b, (uint16_t)(0x10 + i));
	assert_int_equal(bench_record(b, 7).sid, 0x13);
	assert_int_equal(bench_record(b, 0).sid, 0x14);
}

/* A record's F is cleared by its own bit alone, whatever else is written. */
/* covers: REG_FRCD_LO REG_FRCD_HI */
static void test_clearing_needs_the_bit(void **state)
{
	struct bench *b = *state;
	uint64_t lo, hi;

	bench_start_legacy(b);
	fault(b, 0x1);
	fault(b, 0x2);
	lo = bench_read64(b, FRCD_HI(0) - 8);
	hi = bench_read64(b, FRCD_HI(0));
	bench_write64(b, FRCD_HI(0) - 8, HWI_ALL64);
	bench_write64(b, FRCD_HI(0), ~VTD_FRCD_HI_F);
	bench_write32(b, FRCD_HI(0), 0xffffffff);
	bench_write32(b, FRCD_HI(0) + 4, 0x7fffffff);
	assert_int_equal(bench_read64(b, FRCD_HI(0) - 8), lo);
	assert_int_equal(bench_read64(b, FRCD_HI(0)), hi);
	bench_write64(b, FRCD_HI(0), HWI_ALL64);
	assert_int_equal(bench_read64(b, FRCD_HI(0)), hi & ~VTD_FRCD_HI_F);
	assert_true(bench_record(b, 1).f);
	bench_write32(b, FRCD_HI(1) + 4, 0x80000000);
	assert_false(bench_record(b, 1).f);
}

static void fill_up(struct bench *b)
{
	for (unsigned int i = 0; i < 8; i++)
		fault(b, (uint16_t)(0x100 + i));
	assert_int_equal(fsts(b), VTD_FSTS_PPF);
}

/* While PFO is set nothing is recorded, were all records free; it goes last. */
/* covers: REG_FSTS */
static void test_point_11_07_overflow_is_cleared_last(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	fill_up(b);
	fault(b, 0x200);
	assert_int_equal(fsts(b), VTD_FSTS_PPF | VTD_FSTS_PFO);
	assert_int_equal(bench_record(b, 0).sid, 0x100);
	for (unsigned int n = 0; n < 8; n++)
		bench_clear_record(b, n);
	assert_int_equal(fsts(b), VTD_FSTS_PFO);
	fault(b, 0x201);
	assert_int_equal(bench_records(b), 0);
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_PFO);
	assert_int_equal(fsts(b), 0);
	fault(b, 0x202);
	assert_int_equal(bench_record(b, 0).sid, 0x202);
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_FAULTS_LOST), 2);
}

/* Setting PFO is no event. */
/* covers: REG_FSTS REG_FECTL */
static void test_point_11_08_overflow_raises_no_event(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_unmask(b, VTD_REG_FECTL, MSI_ADDR, MSI_DATA);
	fill_up(b);
	assert_int_equal(b->msis, 1);
	fault(b, 0x200);
	assert_true(fsts(b) & VTD_FSTS_PFO);
	assert_int_equal(b->msis, 1);
	assert_int_equal(bench_read32(b, VTD_REG_FECTL), 0);
}

static void queue_error(struct bench *b)
{
	bench_start_queue(b, true, 0);
	bench_submit(b, VTD_DSC_PUT_TYPE(VTD_DSC_dev_tlb_inv), 0); /* stays outstanding */
	bench_submit(b, VTD_DSC_PUT_TYPE(0), 0);
	bench_run(b);
	assert_true(fsts(b) & VTD_FSTS_IQE);
}

static void ats_timeout(struct bench *b)
{
	if (!hwi_ats_outstanding(b->unit)) {
		bench_start_queue(b, true, 0);
		bench_submit(b, VTD_DSC_PUT_TYPE(VTD_DSC_dev_tlb_inv), 0);
		bench_run(b);
	}
	hwi_ats_timeout(b->unit, 1);
	assert_true(fsts(b) & VTD_FSTS_ITE);
}

static void ats_unexpected(struct bench *b)
{
	hwi_ats_complete(b->unit, 0x77, 1, 1);
	assert_true(fsts(b) & VTD_FSTS_ICE);
}

static void overflow(struct bench *b)
{
	fill_up(b);
	fault(b, 0x200);
	for (unsigned int n = 0; n < 8; n++)
		bench_clear_record(b, n);
	assert_int_equal(fsts(b), VTD_FSTS_PFO);
}

static void record_pending(struct bench *b)
{
	fault(b, 0x300);
}

static void (*const sources[])(struct bench *b) = {
	record_pending, overflow, queue_error, ats_timeout, ats_unexpected,
};

/* Each of the five status bits holds back the event of each source. */
/* covers: REG_FSTS REG_FECTL */
static void test_point_11_09_any_status_suppresses_the_event(void **state)
{
	struct bench *b = *state;

	for (unsigned int first = 0; first < 5; first++) {
		for (unsigned int second = 0; second < 5; second++) {
			/*
			 * PFO is no source; after PFO nothing is recorded; after ITE
			 * nothing is fetched.
			 */
			if (first == second || second == 1 || (first == 1 && second == 0) ||
			    (first == 3 && second == 2))
				continue;
			bench_remake(b, NULL);
			bench_start_legacy(b);
			bench_unmask(b, VTD_REG_FECTL, MSI_ADDR, MSI_DATA);
			sources[first](b);
			b->msis = 0;
			sources[second](b);
			assert_int_equal(b->msis, 0);
			bench_clear_faults(b);
			assert_int_equal(fsts(b) & VTD_FSTS_EVENT_MASK, 0);
			b->msis = 0;
			fault(b, 0x301);
			assert_int_equal(b->msis, 1);
			b->root = 0;
		}
	}
}

/* Each source raises the event when nothing else is set, at the address and data. */
/* covers: REG_FECTL REG_FEDATA REG_FEADDR REG_FEUADDR */
static void test_each_source_raises_the_event(void **state)
{
	struct bench *b = *state;

	for (unsigned int s = 0; s < 5; s++) {
		if (s == 1)
			continue;
		bench_remake(b, NULL);
		bench_start_legacy(b);
		bench_unmask(b, VTD_REG_FECTL, MSI_ADDR, MSI_DATA);
		sources[s](b);
		assert_int_equal(b->msis, 1);
		assert_int_equal(b->msi[0].addr, MSI_ADDR);
		assert_int_equal(b->msi[0].data, MSI_DATA);
		assert_int_equal(bench_read32(b, VTD_REG_FECTL), 0);
		b->root = 0;
	}
}

/* Masked: IP is set, and sent when the mask goes. */
/* covers: REG_FECTL */
static void test_masked_event_is_pending(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_unmask(b, VTD_REG_FECTL, MSI_ADDR, MSI_DATA);
	bench_write32(b, VTD_REG_FECTL, VTD_FECTL_IM | VTD_FECTL_IP);
	assert_int_equal(bench_read32(b, VTD_REG_FECTL), VTD_FECTL_IM);
	fault(b, 1);
	assert_int_equal(b->msis, 0);
	assert_int_equal(bench_read32(b, VTD_REG_FECTL), VTD_FECTL_IM | VTD_FECTL_IP);
	bench_write32(b, VTD_REG_FECTL, VTD_FECTL_IM); /* IP is read only */
	assert_int_equal(bench_read32(b, VTD_REG_FECTL), VTD_FECTL_IM | VTD_FECTL_IP);
	bench_write32(b, VTD_REG_FECTL, 0);
	assert_int_equal(b->msis, 1);
	assert_int_equal(bench_read32(b, VTD_REG_FECTL), 0);
	bench_write32(b, VTD_REG_FECTL, 0);
	assert_int_equal(b->msis, 1);
}

/* IP drops when the last status is cleared, and not before; nothing is sent. */
/* covers: REG_FECTL REG_FSTS */
static void test_point_11_10_pending_drops_with_the_status(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	fault(b, 1);
	queue_error(b);
	assert_true(bench_read32(b, VTD_REG_FECTL) & VTD_FECTL_IP);
	bench_clear_record(b, 0);
	assert_true(bench_read32(b, VTD_REG_FECTL) & VTD_FECTL_IP);
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_IQE);
	assert_false(bench_read32(b, VTD_REG_FECTL) & VTD_FECTL_IP);
	bench_write32(b, VTD_REG_FECTL, 0);
	assert_int_equal(b->msis, 0);
	/* The other way round: the record is the last. */
	bench_write32(b, VTD_REG_FECTL, VTD_FECTL_IM);
	fault(b, 1);
	bench_clear_record(b, 1);
	assert_false(bench_read32(b, VTD_REG_FECTL) & VTD_FECTL_IP);
}

/* PPF is computed: writing 1 to it, or to what older revisions had there, is harmless. */
/* covers: REG_FSTS */
static void test_point_11_11_ppf_is_computed(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	fault(b, 1);
	bench_write32(b, VTD_REG_FSTS, 0xffffffff);
	assert_int_equal(fsts(b), VTD_FSTS_PPF);
	assert_true(bench_record(b, 0).f);
	bench_clear_record(b, 0);
	assert_int_equal(fsts(b), 0);
}

/* Bits 7, 3, 2 of FSTS (page request overflow, advanced logging of old) stay 0. */
/* covers: REG_FSTS */
static void test_differs_12_removed_status_bits(void **state)
{
	struct bench *b = *state;

	bench_write32(b, VTD_REG_FSTS, HWI_BIT32(7) | HWI_BIT32(3) | HWI_BIT32(2));
	assert_int_equal(fsts(b), 0);
	assert_int_equal(bench_read64(b, 0x58), 0); /* AFLOG_REG of old */
}

/* The upper address register counts for event messages. */
/* covers: REG_FEUADDR */
static void test_point_11_52_event_uses_the_upper_address(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_start_legacy(b);
	bench_unmask(b, VTD_REG_FECTL, MSI_ADDR, MSI_DATA);
	fault(b, 1);
	assert_int_equal(b->msi[0].addr >> 32, MSI_ADDR >> 32);
	/* Without EIM there is no such register. */
	bench_config(&cfg);
	cfg.ecap &= ~VTD_ECAP_EIM;
	bench_remake(b, &cfg);
	bench_start_legacy(b);
	bench_unmask(b, VTD_REG_FECTL, MSI_ADDR, MSI_DATA);
	fault(b, 1);
	assert_int_equal(b->msi[0].addr, MSI_ADDR & 0xffffffff);
}

/* Recording starts at record 0 when translation and remapping are both off. */
/* covers: REG_FSTS REG_FRCD_HI */
static void test_recording_rewinds_when_all_is_off(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_start_remapping(b, 7, false);
	fault(b, 1);
	fault(b, 2);
	bench_clear_faults(b);
	bench_gcmd(b, VTD_GCMD_TE, false);
	bench_gcmd(b, VTD_GCMD_TE, true);
	fault(b, 3);
	assert_int_equal(bench_record(b, 2).sid, 3);
	bench_clear_faults(b);
	bench_gcmd(b, VTD_GCMD_TE, false);
	bench_gcmd(b, VTD_GCMD_IRE, false);
	bench_gcmd(b, VTD_GCMD_TE, true);
	fault(b, 4);
	assert_int_equal(bench_record(b, 0).sid, 4);
}

/* Compression: one pending record a source, and its loss is no overflow. */
/* covers: REG_FRCD_HI */
static void test_compression_by_source(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.compress_faults = true;
	bench_remake(b, &cfg);
	bench_start_legacy(b);
	for (unsigned int i = 0; i < 20; i++)
		fault(b, 0x100);
	assert_int_equal(bench_records(b), 1);
	assert_int_equal(fsts(b), VTD_FSTS_PPF);
	fault(b, 0x101);
	assert_int_equal(bench_records(b), 2);
	bench_clear_record(b, 0);
	fault(b, 0x100);
	assert_int_equal(bench_records(b), 2);
	assert_int_equal(bench_record(b, 2).sid, 0x100);
}

/* The number of records is CAP.NFR + 1, one and 256 included. */
/* covers: REG_FRCD_LO REG_FRCD_HI REG_FSTS */
static void test_number_of_records(void **state)
{
	static const unsigned int counts[] = { 1, 2, 256 };
	struct bench *b = *state;

	for (size_t i = 0; i < 3; i++) {
		struct hwi_vtd_config cfg;
		unsigned int n = counts[i];

		bench_config(&cfg);
		cfg.regs_log2 = 14;
		cfg.cap = HWI_SET(VTD_CAP_NFR, cfg.cap, n - 1);
		cfg.cap = HWI_SET(VTD_CAP_FRO, cfg.cap, 0x100);
		bench_remake(b, &cfg);
		bench_start_legacy(b);
		for (unsigned int k = 0; k < n; k++)
			fault(b, (uint16_t)k);
		assert_int_equal(fsts(b), VTD_FSTS_PPF);
		assert_int_equal(bench_record(b, n - 1).sid, n - 1);
		fault(b, 0x500);
		assert_int_equal(fsts(b), VTD_FSTS_PPF | VTD_FSTS_PFO);
		assert_int_equal(bench_read64(b, FRCD_HI(n)), 0);
		bench_clear_faults(b);
		fault(b, 0x501);
		assert_int_equal(bench_record(b, 0).sid, 0x501);
		b->root = 0;
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_record_of_a_write),
		T(test_record_type_and_address_type),
		T(test_differs_12_pv_has_20_bits),
		T(test_fault_info_width),
		T(test_records_go_round),
		T(test_clearing_needs_the_bit),
		T(test_point_11_07_overflow_is_cleared_last),
		T(test_point_11_08_overflow_raises_no_event),
		T(test_point_11_09_any_status_suppresses_the_event),
		T(test_each_source_raises_the_event),
		T(test_masked_event_is_pending),
		T(test_point_11_10_pending_drops_with_the_status),
		T(test_point_11_11_ppf_is_computed),
		T(test_differs_12_removed_status_bits),
		T(test_point_11_52_event_uses_the_upper_address),
		T(test_recording_rewinds_when_all_is_off),
		T(test_compression_by_source),
		T(test_number_of_records),
	};

	return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}

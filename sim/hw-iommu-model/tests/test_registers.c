/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The register file: reset values, which bits can be written, access sizes,
 * registers that exist only with a capability (VT-d 5.10 §11.2, §11.4).
 */
#include "builders.h"

#include "hwiommu/bits.h"

/* What software can set in each plain register of the default unit (haw 52). */
#define HAW52 HWI_MASK64(51, 0)
static const struct {
	uint32_t reg;
	unsigned int bytes;
	uint64_t writable;
} plain[] = {
	{ VTD_REG_RTADDR, 8, UINT64_C(0x000ffffffffffc80) },
	{ VTD_REG_FEDATA, 4, 0xffff },
	{ VTD_REG_FEADDR, 4, 0xfffffffc },
	{ VTD_REG_FEUADDR, 4, 0xffffffff },
	{ VTD_REG_PLMBASE, 4, 0xffe00000 },
	{ VTD_REG_PLMLIMIT, 4, 0xffe00000 },
	{ VTD_REG_PHMBASE, 8, UINT64_C(0x000fffffffe00000) },
	{ VTD_REG_PHMLIMIT, 8, UINT64_C(0x000fffffffe00000) },
	{ VTD_REG_IQH, 8, 0 },
	{ VTD_REG_IQT, 8, 0x7fff0 },
	{ VTD_REG_IQA, 8, UINT64_C(0x000ffffffffff807) },
	{ VTD_REG_IEDATA, 4, 0xffff },
	{ VTD_REG_IEADDR, 4, 0xfffffffc },
	{ VTD_REG_IEUADDR, 4, 0xffffffff },
	{ VTD_REG_IQERCD, 8, 0 },
	{ VTD_REG_IRTA, 8, UINT64_C(0x000ffffffffff80f) },
	{ VTD_REG_PQH, 8, 0x7ffe0 },
	{ VTD_REG_PQT, 8, 0x7ffe0 },
	{ VTD_REG_PQA, 8, UINT64_C(0x000ffffffffff007) },
	{ VTD_REG_PEDATA, 4, 0xffff },
	{ VTD_REG_PEADDR, 4, 0xfffffffc },
	{ VTD_REG_PEUADDR, 4, 0xffffffff },
	{ VTD_REG_GSTS, 4, 0 },
	{ VTD_REG_FECTL, 4, 0x80000000 },
	{ VTD_REG_IECTL, 4, 0x80000000 },
	{ VTD_REG_PECTL, 4, 0x80000000 },
	{ VTD_REG_FSTS, 4, 0 },
	{ VTD_REG_ICS, 4, 0 },
	{ VTD_REG_PRS, 4, 0 },
};

#define PLAIN (sizeof(plain) / sizeof(plain[0]))

/* covers: REG_VER REG_CAP REG_ECAP */
static void test_identification(void **state)
{
	struct bench *b = *state;

	assert_int_equal(bench_read32(b, VTD_REG_VER), 0x60);
	assert_int_equal(bench_read64(b, VTD_REG_CAP), b->cfg.cap);
	assert_int_equal(bench_read64(b, VTD_REG_ECAP), b->cfg.ecap);
	assert_int_equal(bench_read32(b, VTD_REG_CAP + 4), b->cfg.cap >> 32);
	bench_write32(b, VTD_REG_VER, 0);
	bench_write64(b, VTD_REG_CAP, 0);
	bench_write64(b, VTD_REG_ECAP, 0);
	assert_int_equal(bench_read32(b, VTD_REG_VER), 0x60);
	assert_int_equal(bench_read64(b, VTD_REG_CAP), b->cfg.cap);
	assert_int_equal(bench_read64(b, VTD_REG_ECAP), b->cfg.ecap);
}

/* Every register of the specification's list has the reset value of its list. */
/* covers: REG_G* REG_RTADDR REG_CCMD REG_FSTS REG_FE* REG_P* REG_I* REG_FRCD* */
static void test_reset_values(void **state)
{
	struct bench *b = *state;

#define CHECK(name, off, bits, reset, gate, section, title)                               \
	if ((reset) != VTD_RESET_IMPL)                                                     \
		assert_int_equal(hwi_mmio_read(b->unit, VTD_REG_##name, (bits) / 8),       \
				 VTD_GATE_##gate(0x60, b->cfg.cap, b->cfg.ecap) ? (reset) : 0);
	VTD_REGISTERS(CHECK)
#undef CHECK
	assert_int_equal(bench_read64(b, VTD_BASE_IRO(b->cfg.ecap) + VTD_IRO_IVA), 0);
	assert_int_equal(bench_read64(b, VTD_BASE_IRO(b->cfg.ecap) + VTD_IRO_IOTLB), 0);
	for (unsigned int n = 0; n < 8; n++) {
		assert_int_equal(bench_read64(b, VTD_BASE_FRO(b->cfg.cap) + 16 * n), 0);
		assert_int_equal(bench_read64(b, VTD_BASE_FRO(b->cfg.cap) + 16 * n + 8), 0);
	}
}

/* covers: REG_RTADDR REG_FE* REG_PLM* REG_PHM* REG_IQ* REG_IE* REG_IRTA REG_PQ* REG_PE* REG_GSTS */
static void test_writable_bits(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < PLAIN; i++) {
		uint32_t reg = plain[i].reg;
		unsigned int bytes = plain[i].bytes;

		hwi_mmio_write(b->unit, reg, bytes, HWI_ALL64);
		assert_int_equal(hwi_mmio_read(b->unit, reg, bytes), plain[i].writable);
		hwi_mmio_write(b->unit, reg, bytes, 0);
		assert_int_equal(hwi_mmio_read(b->unit, reg, bytes), 0);
	}
}

/* A qword register takes each half alone; the other half stays (§11.2). */
/* covers: REG_RTADDR REG_IQT REG_IQA REG_IRTA REG_PQA REG_PHMBASE */
static void test_half_writes(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < PLAIN; i++) {
		uint32_t reg = plain[i].reg;
		uint64_t w = plain[i].writable;

		if (plain[i].bytes != 8)
			continue;
		bench_write32(b, reg, 0xffffffff);
		assert_int_equal(bench_read64(b, reg), w & 0xffffffff);
		assert_int_equal(bench_read32(b, reg), w & 0xffffffff);
		assert_int_equal(bench_read32(b, reg + 4), 0);
		bench_write32(b, reg + 4, 0xffffffff);
		assert_int_equal(bench_read64(b, reg), w);
		assert_int_equal(bench_read32(b, reg + 4), w >> 32);
		bench_write32(b, reg, 0);
		assert_int_equal(bench_read64(b, reg), w & ~UINT64_C(0xffffffff));
		bench_write32(b, reg + 4, 0);
		assert_int_equal(bench_read64(b, reg), 0);
	}
}

/* Other sizes and alignments are undefined: dropped, and read 0. */
/* covers: REG_RTADDR REG_FEADDR */
static void test_undefined_sizes_are_dropped(void **state)
{
	struct bench *b = *state;
	static const unsigned int sizes[] = { 0, 1, 2, 3, 5, 6, 7, 16 };

	bench_write64(b, VTD_REG_RTADDR, 0x1000);
	bench_write32(b, VTD_REG_FEADDR, 0x2000);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		hwi_mmio_write(b->unit, VTD_REG_RTADDR, sizes[i], 0xfffff000);
		hwi_mmio_write(b->unit, VTD_REG_FEADDR, sizes[i], 0xfffff000);
		assert_int_equal(hwi_mmio_read(b->unit, VTD_REG_RTADDR, sizes[i]), 0);
		assert_int_equal(hwi_mmio_read(b->unit, VTD_REG_FEADDR, sizes[i]), 0);
	}
	for (unsigned int mis = 1; mis < 4; mis++) {
		bench_write32(b, VTD_REG_RTADDR + mis, 0xfffff000);
		assert_int_equal(bench_read32(b, VTD_REG_RTADDR + mis), 0);
		bench_write64(b, VTD_REG_RTADDR + mis, 0xfffff000);
		assert_int_equal(bench_read64(b, VTD_REG_RTADDR + mis), 0);
	}
	/* A qword across two dword registers is no access to either. */
	bench_write64(b, VTD_REG_FEADDR, HWI_ALL64);
	assert_int_equal(bench_read64(b, VTD_REG_FEADDR), 0);
	assert_int_equal(bench_read64(b, VTD_REG_RTADDR), 0x1000);
	assert_int_equal(bench_read32(b, VTD_REG_FEADDR), 0x2000);
	assert_int_equal(bench_read32(b, VTD_REG_FEUADDR), 0);
}

/* Offsets without a register read 0 and drop writes, up to the end and beyond. */
static void test_unimplemented_offsets(void **state)
{
	struct bench *b = *state;
	static const uint64_t offsets[] = { 0x004, 0x030, 0x048, 0x050, 0x058, 0x060, 0x098, 0x0d8,
					    0x0f0, 0x100, 0x180, 0x300, 0x480, 0x510, 0xdc0, 0xe00,
					    0xe30, 0xff8, 0x1000, 0x2000, UINT64_C(1) << 32,
					    UINT64_MAX - 7 };

	assert_int_equal(hwi_mmio_size(b->unit), 4096);
	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		bench_write64(b, offsets[i], HWI_ALL64);
		bench_write32(b, offsets[i], 0xffffffff);
		bench_write32(b, offsets[i] + 4, 0xffffffff);
		assert_int_equal(bench_read64(b, offsets[i]), 0);
		assert_int_equal(bench_read32(b, offsets[i]), 0);
	}
}

static void check_absent(struct bench *b, uint32_t first, uint32_t last)
{
	for (uint32_t reg = first; reg <= last; reg += 4) {
		bench_write32(b, reg, 0xffffffff);
		assert_int_equal(bench_read32(b, reg), 0);
		if (reg % 8 == 0) {
			bench_write64(b, reg, HWI_ALL64);
			assert_int_equal(bench_read64(b, reg), 0);
		}
	}
}

/* A register whose capability is missing is RsvdZ (§11.4). */
/* covers: REG_IQ* REG_ICS REG_IE* REG_IRTA REG_PQ* REG_PRS REG_PE* REG_PMEN REG_PLM* REG_PHM* */
static void test_registers_without_their_capability(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.ecap &= ~(VTD_ECAP_PRS | VTD_ECAP_SMS);
	bench_remake(b, &cfg);
	check_absent(b, VTD_REG_PQH, VTD_REG_PEUADDR);
	cfg.ecap &= ~(VTD_ECAP_IR | VTD_ECAP_EIM | VTD_ECAP_MHMV);
	cfg.cap &= ~VTD_CAP_PI;
	bench_remake(b, &cfg);
	check_absent(b, VTD_REG_IRTA, VTD_REG_IRTA + 4);
	assert_int_equal(bench_read32(b, VTD_REG_IECTL), 0x80000000);
	cfg.ecap = HWI_PUT(VTD_ECAP_IRO, 0x50) | VTD_ECAP_C;
	cfg.cap &= ~(VTD_CAP_SAGAW | VTD_CAP_FS1GP | VTD_CAP_FS5LP | VTD_CAP_PHMR);
	bench_remake(b, &cfg);
	check_absent(b, VTD_REG_IQH, VTD_REG_IQERCD + 4);
	check_absent(b, VTD_REG_PHMBASE, VTD_REG_PHMLIMIT + 4);
	bench_write32(b, VTD_REG_PLMBASE, 0xffffffff);
	assert_int_equal(bench_read32(b, VTD_REG_PLMBASE), 0xffe00000);
	cfg.cap &= ~VTD_CAP_PLMR;
	bench_remake(b, &cfg);
	check_absent(b, VTD_REG_PMEN, VTD_REG_PHMLIMIT + 4);
	cfg.cap |= VTD_CAP_PHMR;
	bench_remake(b, &cfg);
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	assert_int_equal(bench_read32(b, VTD_REG_PMEN), VTD_PMEN_EPM | VTD_PMEN_PRS);
}

/* Fields that depend on a capability or on the host address width. */
/* covers: REG_RTADDR REG_IRTA REG_FEUADDR REG_IEUADDR REG_PEUADDR */
static void test_fields_without_their_capability(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.haw = 39;
	cfg.ecap &= ~(VTD_ECAP_SSIRWS | VTD_ECAP_EIM);
	bench_remake(b, &cfg);
	bench_write64(b, VTD_REG_RTADDR, HWI_ALL64);
	assert_int_equal(bench_read64(b, VTD_REG_RTADDR), UINT64_C(0x7ffffffc00));
	bench_write64(b, VTD_REG_IRTA, HWI_ALL64);
	assert_int_equal(bench_read64(b, VTD_REG_IRTA), UINT64_C(0x7ffffff00f));
	bench_write64(b, VTD_REG_IQA, HWI_ALL64);
	assert_int_equal(bench_read64(b, VTD_REG_IQA), UINT64_C(0x7ffffff807));
	bench_write64(b, VTD_REG_PQA, HWI_ALL64);
	assert_int_equal(bench_read64(b, VTD_REG_PQA), UINT64_C(0x7ffffff007));
	bench_write64(b, VTD_REG_PHMLIMIT, HWI_ALL64);
	assert_int_equal(bench_read64(b, VTD_REG_PHMLIMIT), UINT64_C(0x7fffe00000));
	check_absent(b, VTD_REG_FEUADDR, VTD_REG_FEUADDR);
	check_absent(b, VTD_REG_IEUADDR, VTD_REG_IEUADDR);
	check_absent(b, VTD_REG_PEUADDR, VTD_REG_PEUADDR);
}

/* The places of IVA, IOTLB and FRCD are what CAP and ECAP say, wherever that is. */
/* covers: REG_IVA REG_IOTLB REG_FRCD_LO REG_FRCD_HI */
static void test_floating_registers_are_where_they_are_said(void **state)
{
	static const struct {
		unsigned int fro, iro, log2;
	} places[] = { { 0x22, 0xf0, 12 }, { 0x12, 0x10, 12 }, { 0xe7, 0xe5, 12 },
		       { 0x3f0, 0x3ff, 14 } };
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct hwi_vtd_config cfg;
		uint32_t iro = 16 * places[i].iro, fro = 16 * places[i].fro;

		bench_config(&cfg);
		cfg.ver_major = 5;
		cfg.regs_log2 = (uint8_t)places[i].log2;
		cfg.cap = HWI_SET(VTD_CAP_FRO, cfg.cap, places[i].fro);
		cfg.ecap = HWI_SET(VTD_ECAP_IRO, cfg.ecap, places[i].iro);
		bench_remake(b, &cfg);
		assert_int_equal(hwi_mmio_size(b->unit), 1u << places[i].log2);
		bench_write64(b, iro + 8, VTD_IOTLB_IVT | HWI_PUT(VTD_IOTLB_IIRG, 1));
		assert_int_equal(bench_read64(b, iro + 8),
				 HWI_PUT(VTD_IOTLB_IIRG, 1) | HWI_PUT(VTD_IOTLB_IAIG, 1));
		bench_write64(b, iro, HWI_ALL64); /* write only */
		assert_int_equal(bench_read64(b, iro), 0);
		bench_start_legacy(b);
		(void)bench_dma(b, 0x100, HWI_PASID_NONE, 0, HWI_READ);
		assert_int_equal(bench_read32(b, fro + 8), 0x100);
		assert_int_equal(bench_read32(b, fro + 12) >> 31, 1);
		b->root = 0;
	}
}

/* GCMD reads 0, and CCMD hides the fields that are write only. */
/* covers: REG_GCMD REG_CCMD */
static void test_write_only_fields_read_zero(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_gcmd(b, VTD_GCMD_QIE, true);
	assert_int_equal(bench_read32(b, VTD_REG_GCMD), 0);
	bench_config(&cfg);
	bench_remake(b, &cfg);
	bench_write64(b, VTD_REG_CCMD, HWI_ALL64 & ~VTD_CCMD_ICC);
	assert_int_equal(bench_read64(b, VTD_REG_CCMD), VTD_CCMD_CIRG | VTD_CCMD_DID);
}

/* A warm reset keeps the sticky fields, a cold one nothing (§11.4). */
/* covers: REG_FSTS REG_FRCD* REG_ICS REG_IQERCD */
static void test_sticky_fields_survive_a_warm_reset(void **state)
{
	struct bench *b = *state;
	uint32_t fsts;

	bench_start_legacy(b);
	bench_start_queue(b, true, 0);
	bench_submit(b,
		     VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_IF, 0);
	bench_submit(b, VTD_DSC_PUT_TYPE(0), 0); /* IQE */
	hwi_step(b->unit, 100);
	(void)bench_dma(b, 0x100, HWI_PASID_NONE, 0x5000, HWI_READ); /* root entry not present */
	bench_write64(b, VTD_REG_PQA, 0x5000);
	fsts = bench_read32(b, VTD_REG_FSTS);
	assert_int_equal(fsts, VTD_FSTS_IQE | VTD_FSTS_PPF);
	assert_int_equal(bench_read32(b, VTD_REG_ICS), VTD_ICS_IWC);
	assert_int_equal(bench_read64(b, VTD_REG_IQERCD), VTD_IQEI_TYPE);

	hwi_reset(b->unit, false);
	assert_int_equal(bench_gsts(b), 0);
	assert_int_equal(bench_read64(b, VTD_REG_RTADDR), 0);
	assert_int_equal(bench_read64(b, VTD_REG_IQA), 0);
	assert_int_equal(bench_read64(b, VTD_REG_IQT), 0);
	assert_int_equal(bench_read64(b, VTD_REG_PQA), 0);
	assert_int_equal(bench_read32(b, VTD_REG_FECTL), VTD_FECTL_IM);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS), fsts);
	assert_int_equal(bench_read32(b, VTD_REG_ICS), VTD_ICS_IWC);
	assert_int_equal(bench_read64(b, VTD_REG_IQERCD), VTD_IQEI_TYPE);
	assert_true(bench_record(b, 0).f);
	assert_int_equal(bench_record(b, 0).reason, VTD_FR_LRT_2);

	hwi_reset(b->unit, true);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS), 0);
	assert_int_equal(bench_read32(b, VTD_REG_ICS), 0);
	assert_int_equal(bench_read64(b, VTD_REG_IQERCD), 0);
	assert_false(bench_record(b, 0).f);
	assert_int_equal(bench_record(b, 0).reason, 0);
}

/* What errors of device-TLBs, overflows and page requests left behind is sticky, too. */
/* covers: REG_FSTS REG_IQERCD REG_PRS REG_PECTL REG_FECTL */
static void test_sticky_errors_survive_a_warm_reset(void **state)
{
	const struct hwi_page_request req = {
		.requester = 0x100, .pasid = HWI_PASID_NONE, .access = HWI_READ,
	};
	struct build_pe pe = pe_pass_through(1);
	struct bench *b = *state;
	uint64_t errors;
	uint32_t fsts;

	build_scontext(b, 0x100, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PRE, 0, 0);
	build_pasid(b, 0x100, 0, pe.q);
	bench_start_scalable(b);
	bench_start_queue(b, true, 0);
	bench_submit(b,
		     VTD_DSC_PUT_TYPE(VTD_DSC_dev_tlb_inv) | HWI_PUT(VTD_DEV_TLB_Q0_SID, 0x222), 0);
	bench_run(b);
	hwi_ats_complete(b->unit, 0x111, 1, 1);
	hwi_ats_timeout(b->unit, 1);
	for (unsigned int i = 0; i <= 8; i++) /* one more than there are records */
		(void)bench_dma(b, 0x800, HWI_PASID_NONE, 0x5000, HWI_READ);
	bench_write64(b, VTD_REG_PQA, bench_alloc(b, 1));
	bench_write64(b, VTD_REG_PQH, 64);
	for (unsigned int i = 0; i < 2; i++)
		assert_int_equal(hwi_page_request(b->unit, &req), HWI_OK);
	fsts = VTD_FSTS_PFO | VTD_FSTS_PPF | VTD_FSTS_ICE | VTD_FSTS_ITE;
	errors = HWI_PUT(VTD_IQERCD_ICESID, 0x111) | HWI_PUT(VTD_IQERCD_ITESID, 0x222);
	assert_int_equal(bench_read32(b, VTD_REG_FECTL), VTD_FECTL_IM | VTD_FECTL_IP);

	for (unsigned int cold = 0; cold < 2; cold++) {
		assert_int_equal(bench_read32(b, VTD_REG_FSTS), fsts);
		assert_int_equal(bench_read64(b, VTD_REG_IQERCD), errors);
		assert_int_equal(bench_read32(b, VTD_REG_PRS), VTD_PRS_PPR | VTD_PRS_PRO);
		assert_int_equal(bench_records(b), 8);
		hwi_reset(b->unit, cold);
		/* Not so what was pending with them. */
		assert_int_equal(bench_read32(b, VTD_REG_FECTL), VTD_FECTL_IM);
		assert_int_equal(bench_read32(b, VTD_REG_PECTL), VTD_PECTL_IM);
		assert_int_equal(bench_read64(b, VTD_REG_PQH), 0);
	}
	assert_int_equal(bench_read32(b, VTD_REG_FSTS), 0);
	assert_int_equal(bench_read64(b, VTD_REG_IQERCD), 0);
	assert_int_equal(bench_read32(b, VTD_REG_PRS), 0);
	assert_int_equal(bench_records(b), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_identification),
		T(test_reset_values),
		T(test_writable_bits),
		T(test_half_writes),
		T(test_undefined_sizes_are_dropped),
		T(test_unimplemented_offsets),
		T(test_registers_without_their_capability),
		T(test_fields_without_their_capability),
		T(test_floating_registers_are_where_they_are_said),
		T(test_write_only_fields_read_zero),
		T(test_sticky_fields_survive_a_warm_reset),
		T(test_sticky_errors_survive_a_warm_reset),
	};

	return cmocka_run_group_tests_name("registers", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Protected memory ranges (VT-d 5.10 §11.4.8). */
#include "world.h"

#include "hwiommu/bits.h"

#define SID 0x0100

static bool passes(struct bench *b, uint64_t addr)
{
	struct hwi_response r = bench_dma(b, SID, HWI_PASID_NONE, addr, HWI_WRITE);

	bench_expect_no_fault(b); /* blocked DMA is not recorded */
	assert_false(r.recorded);
	return r.outcome == HWI_SUCCESS;
}

/* covers: REG_PMEN REG_PLMBASE REG_PLMLIMIT REG_PHMBASE REG_PHMLIMIT */
static void test_ranges_block_untranslated_dma(void **state)
{
	static const struct {
		uint64_t addr;
		bool blocked;
	} at[] = {
		{ 0x003ffffc, false }, { 0x00400000, true },
		{ 0x009ffffc, true },  { 0x00a00000, false },
		{ UINT64_C(0xffffffffc), false }, { UINT64_C(0x1000000000), true },
		{ UINT64_C(0x10001ffffc), true }, { UINT64_C(0x1000200000), false },
	};
	struct bench *b = *state;

	/* 400000h-9fffffh: low bits of the limit count as ones. And 2 MiB above 64 GiB. */
	bench_write32(b, VTD_REG_PLMBASE, 0x00400000);
	bench_write32(b, VTD_REG_PLMLIMIT, 0x00800000);
	bench_write64(b, VTD_REG_PHMBASE, UINT64_C(0x1000000000));
	bench_write64(b, VTD_REG_PHMLIMIT, UINT64_C(0x1000000000));
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		assert_true(passes(b, at[i].addr));
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	assert_int_equal(bench_read32(b, VTD_REG_PMEN), VTD_PMEN_EPM | VTD_PMEN_PRS);
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		assert_int_equal(passes(b, at[i].addr), !at[i].blocked);
	bench_write32(b, VTD_REG_PMEN, 0);
	assert_int_equal(bench_read32(b, VTD_REG_PMEN), 0);
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		assert_true(passes(b, at[i].addr));
}

static bool passes_bytes(struct bench *b, uint64_t addr, uint32_t length, unsigned int access)
{
	const struct hwi_request req = {
		.requester = SID,
		.pasid = HWI_PASID_NONE,
		.addr = hwi_iova(addr),
		.length = length,
		.access = (uint8_t)access,
	};
	struct hwi_response resp;

	assert_int_equal(hwi_translate(b->unit, &req, &resp), HWI_OK);
	return resp.outcome == HWI_SUCCESS;
}

/* To the byte, at both ends; a zero-length read counts as its address. */
/* covers: REG_PLMBASE REG_PLMLIMIT */
static void test_ends_of_a_range(void **state)
{
	struct bench *b = *state;

	bench_write32(b, VTD_REG_PLMBASE, 0x00400000);
	bench_write32(b, VTD_REG_PLMLIMIT, 0x00400000);
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	for (unsigned int access = HWI_READ; access <= HWI_WRITE; access++) {
		assert_true(passes_bytes(b, 0x003fffff, 1, access));
		assert_false(passes_bytes(b, 0x00400000, 1, access));
		assert_false(passes_bytes(b, 0x005fffff, 1, access));
		assert_true(passes_bytes(b, 0x00600000, 1, access));
		assert_true(passes_bytes(b, 0x003ff000, 4096, access));
		assert_false(passes_bytes(b, 0x005ff000, 4096, access));
	}
	assert_true(passes_bytes(b, 0x003fffff, 0, HWI_READ | HWI_ZLR));
	assert_false(passes_bytes(b, 0x00400000, 0, HWI_READ | HWI_ZLR));
	assert_false(passes_bytes(b, 0x005fffff, 0, HWI_READ | HWI_ZLR));
	assert_true(passes_bytes(b, 0x00600000, 0, HWI_READ | HWI_ZLR));
}

/* The granularity is what comes back of all ones; nothing changes while on. */
/* covers: REG_PMEN REG_PLM* REG_PHM* */
static void test_registers_are_locked_while_on(void **state)
{
	struct bench *b = *state;

	bench_write32(b, VTD_REG_PLMBASE, 0xffffffff);
	assert_int_equal(bench_read32(b, VTD_REG_PLMBASE), 0xffe00000);
	bench_write32(b, VTD_REG_PMEN, 0xffffffff);
	assert_int_equal(bench_read32(b, VTD_REG_PMEN), VTD_PMEN_EPM | VTD_PMEN_PRS);
	bench_write32(b, VTD_REG_PLMBASE, 0);
	bench_write32(b, VTD_REG_PLMLIMIT, 0xffffffff);
	bench_write64(b, VTD_REG_PHMBASE, HWI_ALL64);
	bench_write64(b, VTD_REG_PHMLIMIT, HWI_ALL64);
	assert_int_equal(bench_read32(b, VTD_REG_PLMBASE), 0xffe00000);
	assert_int_equal(bench_read32(b, VTD_REG_PLMLIMIT), 0);
	assert_int_equal(bench_read64(b, VTD_REG_PHMBASE), 0);
	assert_int_equal(bench_read64(b, VTD_REG_PHMLIMIT), 0);
	bench_write32(b, VTD_REG_PMEN, 0);
	bench_write32(b, VTD_REG_PLMBASE, 0);
	assert_int_equal(bench_read32(b, VTD_REG_PLMBASE), 0);
}

/* A limit below its base is no range. */
/* covers: REG_PLMBASE REG_PLMLIMIT REG_PHMBASE REG_PHMLIMIT */
static void test_limit_below_base_is_off(void **state)
{
	struct bench *b = *state;

	bench_write32(b, VTD_REG_PLMBASE, 0x00400000);
	bench_write32(b, VTD_REG_PLMLIMIT, 0x00200000);
	bench_write64(b, VTD_REG_PHMBASE, UINT64_C(0x1000000000));
	bench_write64(b, VTD_REG_PHMLIMIT, UINT64_C(0x0fffe00000));
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	assert_true(passes(b, 0x00200000));
	assert_true(passes(b, 0x003ffffc));
	assert_true(passes(b, 0x00400000));
	assert_true(passes(b, UINT64_C(0x0fffffffff) & ~3ull));
	assert_true(passes(b, UINT64_C(0x1000000000)));
}

/* A range that the unit has not got does not block, whatever the other does. */
/* covers: REG_PMEN */
static void test_one_range_alone(void **state)
{
	struct bench *b = *state;

	for (unsigned int high = 0; high < 2; high++) {
		struct hwi_vtd_config cfg;

		bench_config(&cfg);
		cfg.cap &= high ? ~VTD_CAP_PLMR : ~VTD_CAP_PHMR;
		bench_remake(b, &cfg);
		bench_write32(b, VTD_REG_PLMBASE, 0x00400000);
		bench_write32(b, VTD_REG_PLMLIMIT, 0x00400000);
		bench_write64(b, VTD_REG_PHMBASE, UINT64_C(0x1000000000));
		bench_write64(b, VTD_REG_PHMLIMIT, UINT64_C(0x1000000000));
		bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
		assert_int_equal(passes(b, 0x00400000), high);
		/* A low range that is not there is not at its reset value either. */
		assert_true(passes(b, 0x1000));
		assert_int_equal(passes(b, UINT64_C(0x1000000000)), !high);
	}
}

/* From version 2 on ranges hold for translated DMA too; tables are exempt. */
/* covers: REG_PMEN */
static void test_translated_dma_by_version(void **state)
{
	struct bench *b = *state;

	for (unsigned int version = 1; version <= 6; version++) {
		struct hwi_vtd_config cfg;
		uint64_t root;

		bench_config(&cfg);
		cfg.ver_major = (uint8_t)version;
		bench_remake(b, &cfg);
		b->next_page = VTD_PAGE_SIZE;
		root = bench_alloc(b, 1);
		build_ss(b, root, 4, 0x1000, 0x00401000, 1, VTD_SS_R | VTD_SS_W);
		build_ss(b, root, 4, 0x2000, 0x00a01000, 1, VTD_SS_R | VTD_SS_W);
		build_context(b, SID, VTD_TT_SS, VTD_AW_48, 1, root);
		bench_start_legacy(b);
		assert_true(passes(b, 0x1000));
		assert_true(passes(b, 0x2000));
		/* The range holds the tables as well (0-9fffffh). */
		bench_write32(b, VTD_REG_PLMLIMIT, 0x00800000);
		bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
		bench_start_queue(b, false, 0);
		bench_inv_everything(b);
		assert_int_equal(passes(b, 0x1000), version < 2);
		assert_true(passes(b, 0x2000));
		/* Off: it blocks by the address that goes out. */
		bench_gcmd(b, VTD_GCMD_TE, false);
		assert_false(passes(b, 0x1000));
		assert_true(passes(b, 0x00a01000));
	}
}

/*
 * Before version 2 it is remapped DMA that gets through while translation is on:
 * what is passed through, or comes translated, does not (§11.4.8.1).
 */
/* covers: REG_PMEN */
static void test_only_remapped_dma_by_version(void **state)
{
	struct bench *b = *state;

	for (unsigned int version = 1; version <= 2; version++) {
		const uint64_t in = 0x00401000, out = 0x00a01000;
		struct hwi_vtd_config cfg;
		struct hwi_response r;
		struct build_pe pe = pe_pass_through(2);
		unsigned int kind;

		bench_config(&cfg);
		cfg.ver_major = (uint8_t)version;
		bench_remake(b, &cfg);
		b->root = 0;
		build_context(b, SID, VTD_TT_PT, VTD_AW_57, 1, 0);
		build_context(b, SID + 1, VTD_TT_SS_ATS, VTD_AW_48, 1, bench_alloc(b, 1));
		bench_write32(b, VTD_REG_PLMBASE, 0x00400000);
		bench_write32(b, VTD_REG_PLMLIMIT, 0x00400000);
		bench_start_legacy(b);
		assert_true(passes(b, in));
		bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
		for (unsigned int n = 0; n < 2; n++) {
			assert_false(passes(b, in));
			assert_true(passes(b, out));
			kind = HWI_TRANSLATED;
			r = bench_request(b, kind, SID + 1, HWI_PASID_NONE, in, HWI_READ);
			assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
			r = bench_request(b, kind, SID + 1, HWI_PASID_NONE, out, HWI_READ);
			assert_int_equal(r.outcome, HWI_SUCCESS);
		}
		/* Scalable mode. */
		bench_gcmd(b, VTD_GCMD_TE, false);
		b->root = 0;
		build_scontext(b, SID, 0, 0, 0);
		build_pasid(b, SID, 0, pe.q);
		bench_start_scalable(b);
		for (unsigned int n = 0; n < 2; n++) {
			assert_false(passes(b, in));
			assert_true(passes(b, out));
		}
		bench_expect_no_fault(b);
	}
}

/* The block that an answer holds for: it must not reach into a protected range. */
static void expect_span(struct bench *b, unsigned int kind, uint64_t addr, unsigned int span)
{
	struct hwi_response r = bench_request(b, kind, WORLD_SID, HWI_PASID_NONE, addr, HWI_READ);

	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(r.span_log2, span);
}

/* covers: REG_PMEN REG_PLMBASE REG_PLMLIMIT REG_PHMBASE REG_PHMLIMIT */
static void test_answers_keep_clear_of_ranges(void **state)
{
	struct bench *b = *state;
	struct world w;

	/* 64 MiB at 3 GiB, 32 MiB from 64 GiB on. */
	bench_write32(b, VTD_REG_PLMBASE, 0xc0000000);
	bench_write32(b, VTD_REG_PLMLIMIT, 0xc3e00000);
	bench_write64(b, VTD_REG_PHMBASE, UINT64_C(0x1000000000));
	bench_write64(b, VTD_REG_PHMLIMIT, UINT64_C(0x1001e00000));
	expect_span(b, HWI_UNTRANSLATED, 0xc4001000, 29); /* FEEx_xxxx is in the next half GiB */
	expect_span(b, HWI_UNTRANSLATED, 0x1000, 31);
	expect_span(b, HWI_UNTRANSLATED, UINT64_C(0x2000000000), 37);
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	expect_span(b, HWI_UNTRANSLATED, 0xc4001000, 26);
	expect_span(b, HWI_UNTRANSLATED, 0x1000, 31);
	expect_span(b, HWI_UNTRANSLATED, 0xbffff000, 30);
	expect_span(b, HWI_UNTRANSLATED, UINT64_C(0x1002000000), 25);
	expect_span(b, HWI_UNTRANSLATED, UINT64_C(0xfffe00000), 35);
	expect_span(b, HWI_UNTRANSLATED, UINT64_C(0x2000000000), 37);
	bench_write32(b, VTD_REG_PMEN, 0);
	expect_span(b, HWI_UNTRANSLATED, 0xc4001000, 29);

	/* A page of 1 GiB that holds a range; translated requests and pass-through. */
	world_scalable(&w, b, VTD_PGTT_SS);
	bench_write32(b, VTD_REG_PLMBASE, WORLD_OUT_1G + 0x4000000);
	bench_write32(b, VTD_REG_PLMLIMIT, WORLD_OUT_1G + 0x4000000);
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	for (unsigned int i = 0; i < 2; i++) { /* walk, then hit */
		expect_span(b, HWI_UNTRANSLATED, WORLD_IN_1G, 26);
		expect_span(b, HWI_UNTRANSLATED, WORLD_IN_1G + 0x4200000, 21);
		expect_span(b, HWI_UNTRANSLATED, WORLD_IN_1G + 0x20000000, 29);
	}
	expect_span(b, HWI_TRANSLATED, WORLD_OUT_1G, 26);
	assert_int_equal(bench_dma(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN_1G + 0x4000000, HWI_READ)
				 .outcome,
			 HWI_UNSUPPORTED_REQUEST);
	bench_write32(b, VTD_REG_PMEN, 0);
	expect_span(b, HWI_UNTRANSLATED, WORLD_IN_1G, 30);

	/* Ranges of all there is leave nothing to answer. */
	bench_gcmd(b, VTD_GCMD_TE, false);
	bench_write32(b, VTD_REG_PLMBASE, 0);
	bench_write32(b, VTD_REG_PLMLIMIT, 0xffffffff);
	bench_write64(b, VTD_REG_PHMBASE, 0);
	bench_write64(b, VTD_REG_PHMLIMIT, 0);
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	assert_false(passes(b, 0x1000));
	expect_span(b, HWI_UNTRANSLATED, UINT64_C(1) << 32, 32);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_ranges_block_untranslated_dma),
		T(test_ends_of_a_range),
		T(test_registers_are_locked_while_on),
		T(test_limit_below_base_is_off),
		T(test_one_range_alone),
		T(test_translated_dma_by_version),
		T(test_only_remapped_dma_by_version),
		T(test_answers_keep_clear_of_ranges),
	};

	return cmocka_run_group_tests_name("pmr", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a successful translation says (VT-d 5.10 §3, §4.2.3): levels, sizes, rights,
 * snooping, completions of translation requests; bad tables end; repeated requests.
 */
#include "invalidate.h"
#include "world.h"

#include "hwiommu/bits.h"

#define SS_RW (VTD_SS_R | VTD_SS_W)
#define FS_RWU (VTD_FS_P | VTD_FS_RW | VTD_FS_US)

static void test_legacy_levels(void **state)
{
	static const unsigned int aw[] = { VTD_AW_39, VTD_AW_48, VTD_AW_57 };
	struct bench *b = *state;
	struct world w;

	world_legacy(&w, b);
	for (unsigned int i = 0; i < 3; i++) {
		uint64_t root = bench_alloc(b, 1);
		uint64_t addr = HWI_BIT64(VTD_AW_AGAW(aw[i])) - 0x1000;
		uint16_t sid = (uint16_t)(WORLD_SID + 1 + i);

		build_ss(b, root, VTD_AW_LEVELS(aw[i]), addr, WORLD_OUT, 1, SS_RW);
		build_context(b, sid, VTD_TT_SS, aw[i], 100 + i, root);
		bench_expect(b, sid, HWI_PASID_NONE, addr + 8, HWI_READ, WORLD_OUT + 8);
		if (VTD_AW_AGAW(aw[i]) < 57)
			bench_expect_refused(b, sid, HWI_PASID_NONE, addr + 0x1000, HWI_READ, 0x04);
	}
}

static void test_span_and_rights(void **state)
{
	static const struct {
		uint64_t in, out;
		unsigned int span;
	} page[] = { { WORLD_IN, WORLD_OUT, 12 },
		     { WORLD_IN_2M, WORLD_OUT_2M, 21 },
		     { WORLD_IN_1G, WORLD_OUT_1G, 30 } };
	struct world w;

	for (unsigned int pgtt = VTD_PGTT_FS; pgtt <= VTD_PGTT_SS; pgtt++) {
		bench_remake(*state, NULL);
		((struct bench *)*state)->root = 0;
		world_scalable(&w, *state, pgtt);
		for (unsigned int i = 0; i < 9; i++) { /* each thrice: miss, hit, shortcut */
			struct hwi_response r = bench_dma(w.b, WORLD_SID, WORLD_PASID,
							  page[i / 3].in + 0xabc, HWI_READ);

			assert_int_equal(r.span_log2, page[i / 3].span);
			assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
			assert_int_equal(hwi_hpa_val(r.addr), page[i / 3].out + 0xabc);
			assert_int_equal(r.fault, 0);
			assert_false(r.snooped);
		}
	}
}

/* Who keeps an answer must not write without D being set. */
static void test_rights_leave_out_a_write_that_owes_d(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_D);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(bench_dma(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ).rights,
				 HWI_READ);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(bench_dma(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE).rights,
				 HWI_READ | HWI_WRITE);
}

/* Nested: the smaller page, the AND of the rights. */
static void test_nested_page_and_rights(void **state)
{
	struct bench *b = *state;
	struct world w;
	struct hwi_response r;

	world_scalable(&w, b, VTD_PGTT_NESTED);
	r = bench_dma(b, WORLD_SID, WORLD_PASID, WORLD_IN_2M + 0x5678, HWI_READ);
	assert_int_equal(hwi_hpa_val(r.addr), WORLD_OUT_2M + 0x5678);
	assert_int_equal(r.span_log2, 12); /* 2M on 4K */
	r = bench_dma(b, WORLD_SID, WORLD_PASID, WORLD_IN_1G + 0x12345678, HWI_READ);
	assert_int_equal(hwi_hpa_val(r.addr), WORLD_OUT_1G + 0x12345678);
	assert_int_equal(r.span_log2, 30);
	world_clear(&w, world_ss(&w, WORLD_GPA, 1), VTD_SS_W);
	r = bench_dma(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ);
	assert_int_equal(r.rights, HWI_READ);
	/* A write is refused by either; the mapping can be read. */
	r = bench_dma(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE);
	assert_int_equal(r.rights, HWI_READ);
	bench_expect_fault(b, 0x85, WORLD_SID);
	bench_inv_iotlb(b);
	r = bench_dma(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE);
	assert_int_equal(r.rights, HWI_READ);
	bench_expect_fault(b, 0x85, WORLD_SID);
}

/* What a refused request is told of the mapping. */
static void test_rights_of_a_refused_request(void **state)
{
	struct bench *b = *state;
	struct world w;
	uint64_t leaf;

	world_legacy(&w, b);
	leaf = world_ss(&w, WORLD_IN, 1);
	world_clear(&w, leaf, VTD_SS_W);
	assert_int_equal(bench_dma(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_WRITE).rights,
			 HWI_READ);
	world_set(&w, leaf, VTD_SS_W);
	world_clear(&w, leaf, VTD_SS_R);
	assert_int_equal(bench_dma(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ).rights,
			 HWI_WRITE);
	world_clear(&w, leaf, VTD_SS_W);
	assert_int_equal(bench_dma(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ).rights, 0);
	world_clear(&w, w.ctx, VTD_CTX_L0_P);
	bench_inv_everything(b);
	assert_int_equal(bench_dma(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ).rights, 0);
}

static void expect_snoop(struct world *w, uint32_t pasid, bool forced)
{
	struct hwi_response r;

	bench_inv_everything(w->b);
	for (unsigned int i = 0; i < 3; i++) {
		r = bench_dma(w->b, WORLD_SID, pasid, WORLD_IN, HWI_READ | HWI_NO_SNOOP);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		assert_int_equal(r.snooped, forced);
		r = bench_dma(w->b, WORLD_SID, pasid, WORLD_IN, HWI_READ);
		assert_int_equal(r.snooped, forced);
		r = bench_request(w->b, HWI_TRANSLATION_REQUEST, WORLD_SID, pasid, WORLD_IN,
				  HWI_READ);
		assert_int_equal(r.ats, forced ? HWI_ATS_N : 0);
	}
}

static void test_snoop_control(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_legacy(&w, b);
	expect_snoop(&w, HWI_PASID_NONE, false);
	world_set(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_SNP);
	expect_snoop(&w, HWI_PASID_NONE, true);
	for (unsigned int pgtt = VTD_PGTT_FS; pgtt <= VTD_PGTT_PT; pgtt++) {
		bench_remake(b, NULL);
		b->root = 0;
		world_scalable(&w, b, pgtt);
		expect_snoop(&w, WORLD_PASID, false);
		if (pgtt == VTD_PGTT_SS || pgtt == VTD_PGTT_NESTED) {
			uint64_t leaf = world_ss(&w, pgtt == VTD_PGTT_SS ? WORLD_IN : WORLD_GPA, 1);

			world_set(&w, leaf, VTD_SS_SNP);
			expect_snoop(&w, WORLD_PASID, true);
			world_clear(&w, leaf, VTD_SS_SNP);
		}
		world_pe_set(&w, 1, VTD_PE_Q1_PGSNP);
		expect_snoop(&w, WORLD_PASID, true);
	}
}

/* EAFE: EA is set with A, at each level. */
static void test_extended_accessed(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_pe_set(&w, 2, VTD_PE_Q2_EAFE);
	bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
	for (unsigned int level = 1; level <= 4; level++)
		assert_int_equal(bench_r64(w.b, world_fs(&w, WORLD_IN, level)) &
					 (VTD_FS_A | VTD_FS_EA),
				 VTD_FS_A | VTD_FS_EA);
}

/* Somebody who changes an entry at each try: the update has failed in the end. */
static enum hwi_cas always_changed(void *opaque, hwi_hpa_t addr, uint64_t expected,
				   uint64_t desired)
{
	struct bench *b = opaque;

	(void)addr;
	(void)expected;
	(void)desired;
	b->cass++;
	return HWI_CAS_CHANGED;
}

static void test_an_entry_that_never_stands_still(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_scalable(&w, b, VTD_PGTT_FS);
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_A);
	b->ops.cas64 = always_changed;
	b->cass = 0;
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x91);
	assert_in_range(b->cass, 2, 100);
	bench_remake(b, NULL);
	b->root = 0;
	world_scalable(&w, b, VTD_PGTT_SS);
	world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
	world_clear(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_A);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x7d);
}

/* Tables that point to themselves, outside of memory, at the end of the address space. */
static void test_bad_tables_end(void **state)
{
	struct bench *b = *state;
	struct world w;
	uint64_t self;

	world_legacy(&w, b);
	self = bench_alloc(b, 1);
	for (unsigned int i = 0; i < 512; i++)
		bench_w64(b, self + 8 * (uint64_t)i, self | SS_RW);
	bench_w64(b, w.ctx, self | VTD_CTX_L0_P);
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, self);
	for (unsigned int i = 0; i < 512; i++)
		bench_w64(b, self + 8 * (uint64_t)i, HWI_MASK64(51, 12) | SS_RW);
	bench_inv_everything(b);
	bench_expect_refused(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, 0x07);

	/* A root table that is a context table that is a page table. */
	for (unsigned int i = 0; i < 512; i++)
		bench_w64(b, self + 8 * (uint64_t)i, i & 1 ? HWI_PUT(VTD_CTX_L1_AW, VTD_AW_48)
							    : self | 1);
	b->root = self;
	bench_set_root(b, 0);
	assert_int_equal(bench_dma(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ).outcome,
			 HWI_UNSUPPORTED_REQUEST);
	b->root = HWI_MASK64(63, 12);
	bench_set_root(b, 0);
	bench_clear_faults(b);
	bench_expect_refused(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, 0x08);
}

static void test_nested_tables_in_themselves(void **state)
{
	struct bench *b = *state;
	struct world w;
	uint64_t self;

	world_scalable(&w, b, VTD_PGTT_NESTED);
	/* Both stages rooted in one page that points to itself. */
	self = bench_alloc(b, 1);
	for (unsigned int i = 0; i < 512; i++)
		bench_w64(b, self + 8 * (uint64_t)i, self | FS_RWU | VTD_FS_A);
	for (unsigned int i = 0; i < 2; i++) {
		world_clear(&w, w.pe[i], VTD_PE_Q0_SSPTPTR);
		world_set(&w, w.pe[i], self);
		bench_w64(b, w.pe[i] + 16, self);
	}
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, self);
}

/* Off: everything passes but what asks for a translation. */
static void test_translation_off(void **state)
{
	struct bench *b = *state;
	struct hwi_response r = bench_dma(b, 1, HWI_PASID_NONE, 0x1234, HWI_WRITE);

	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), 0x1234);
	assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
	/* Up to the interrupt range, with PASID as without: it is ignored (§3.1). */
	assert_int_equal(r.span_log2, 31);
	r = bench_dma(b, 1, 5, 0x1234, HWI_READ);
	assert_int_equal(r.span_log2, 31);
	for (unsigned int kind = HWI_TRANSLATION_REQUEST; kind <= HWI_TRANSLATED; kind++) {
		r = bench_request(b, kind, 1, HWI_PASID_NONE, 0x1000, HWI_READ);
		assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
		assert_false(r.recorded);
	}
	bench_expect_no_fault(b);
}

/* A write cannot be a translation request. */
static void test_translation_request_that_writes(void **state)
{
	struct world w;
	struct hwi_response r;

	world_legacy(&w, *state);
	r = bench_request(w.b, HWI_TRANSLATION_REQUEST, WORLD_SID, HWI_PASID_NONE, WORLD_IN,
			  HWI_WRITE);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	bench_expect_no_fault(w.b);
}

/* A zero-length read of the interrupt range bypasses the unit. */
static void test_zero_length_read_of_the_interrupt_range(void **state)
{
	struct world w;
	struct hwi_response r;

	world_legacy(&w, *state);
	r = bench_dma(w.b, WORLD_SID, HWI_PASID_NONE, UINT64_C(0xfee00010), HWI_READ | HWI_ZLR);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), 0xfee00010);
}

/* Protected memory stays closed to translated DMA, and to shortcuts that were open before. */
static void test_protected_memory_and_translated_addresses(void **state)
{
	struct bench *b = *state;
	struct world w;
	struct hwi_response r;

	world_legacy(&w, b);
	for (unsigned int i = 0; i < 3; i++)
		bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);
	bench_write32(b, VTD_REG_PLMBASE, WORLD_OUT & 0xffe00000);
	bench_write32(b, VTD_REG_PLMLIMIT, WORLD_OUT & 0xffe00000);
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	for (unsigned int i = 0; i < 3; i++) {
		r = bench_dma(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ);
		assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
		assert_int_equal(r.rights, 0);
	}
	bench_inv_iotlb(b);
	r = bench_dma(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	r = bench_request(b, HWI_TRANSLATED, WORLD_SID, HWI_PASID_NONE, WORLD_OUT, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN_1G, HWI_READ, WORLD_OUT_1G);
	bench_expect_no_fault(b);
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_legacy_levels),
		T(test_span_and_rights),
		T(test_rights_leave_out_a_write_that_owes_d),
		T(test_nested_page_and_rights),
		T(test_rights_of_a_refused_request),
		T(test_snoop_control),
		T(test_extended_accessed),
		T(test_an_entry_that_never_stands_still),
		T(test_bad_tables_end),
		T(test_nested_tables_in_themselves),
		T(test_translation_off),
		T(test_translation_request_that_writes),
		T(test_zero_length_read_of_the_interrupt_range),
		T(test_protected_memory_and_translated_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Places where other sources on VT-d differ from its specification, revision 5.10:
 * each test shows that the unit does what the specification says.
 */
#include "invalidate.h"
#include "world.h"

#include "hwiommu/bits.h"

#define MET_ALL (MET_CTX | MET_DIR | MET_PE)

/* Scalable second-stage faults have codes of their own, not those of legacy mode. */
static void test_differs_12_scalable_second_stage_codes(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	world_clear(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_W);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x85);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, HWI_BIT64(50), HWI_READ, 0x84);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, 0, HWI_READ, 0x79);
}

/* So have root and context entries. */
static void test_differs_12_scalable_root_and_context_codes(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	world_clear(&w, w.ctx, 1);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x41);
	world_clear(&w, w.root_at, 1);
	bench_inv_everything(w.b);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x39);
}

/* An entry without rights: its reserved bits do not matter. */
static void test_differs_12_no_rights_before_reserved_bits(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	bench_w64(w.b, world_ss(&w, WORLD_IN, 2), VTD_SS_SNP | VTD_SS_IW);
	bench_expect_refused(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_WRITE, 0x05);
	bench_expect_refused(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, 0x06);
	bench_remake(w.b, NULL);
	w.b->root = 0;
	world_scalable(&w, w.b, VTD_PGTT_SS);
	bench_w64(w.b, world_ss(&w, WORLD_IN, 2), VTD_SS_SNP | VTD_SS_IW);
	bench_expect_refused(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_WRITE, 0x79);
	bench_w64(w.b, world_ss(&w, WORLD_IN, 2), VTD_SS_SNP | VTD_SS_R);
	bench_expect_refused(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_WRITE, 0x7a);
}

/* Reserved bits of a context entry are qualified. */
static void test_differs_12_context_reserved_is_qualified(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_set(&w, w.ctx, HWI_BIT64(4));
	world_qualified(&w, 0x0b, UR, CA, UR, MET_CTX);
}

/* P of a PASID entry is looked at before PGTT. */
static void test_differs_12_pasid_present_before_type(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	for (unsigned int q = 0; q < 8; q++)
		world_pe_clear(&w, q, HWI_ALL64);
	world_qualified(&w, 0x59, UR, S0, NA, MET_ALL);
}

/* A request without PASID has none in its record, whatever RID_PASID is. */
static void test_differs_12_pp_of_requests_without_pasid(void **state)
{
	struct world w;
	struct bench_record rec;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_w64(w.b, w.ctx + 8, WORLD_PASID);
	bench_w64(w.b, world_fs(&w, WORLD_IN, 1), 0);
	(void)bench_dma(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ);
	rec = bench_expect_fault(w.b, 0x71, WORLD_SID);
	assert_false(rec.pp);
	assert_int_equal(rec.pasid, 0);
}

/* The width of the address is known once the context entry is. */
static void test_differs_12_address_limit_after_the_context_entry(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_clear(&w, w.ctx, VTD_CTX_L0_P);
	bench_expect_refused(w.b, WORLD_SID, HWI_PASID_NONE, HWI_BIT64(60), HWI_READ, 0x02);
	world_clear(&w, w.root_at, VTD_ROOT_Q0_P);
	bench_expect_refused(w.b, WORLD_SID, HWI_PASID_NONE, HWI_BIT64(60), HWI_READ, 0x01);
}

/* Translated requests with PASID: refused outright without PTRS, by EPTR with it. */
static void test_differs_12_translated_requests_with_pasid(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;
	struct hwi_response r;

	world_scalable(&w, b, VTD_PGTT_FS);
	r = bench_request(b, HWI_TRANSLATED, WORLD_SID, WORLD_PASID, WORLD_OUT, HWI_READ);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), WORLD_OUT);
	cfg.ecap &= ~VTD_ECAP_PTRS;
	bench_remake(b, &cfg);
	b->root = 0;
	world_scalable(&w, b, VTD_PGTT_FS);
	r = bench_request(b, HWI_TRANSLATED, WORLD_SID, WORLD_PASID, WORLD_OUT, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_false(r.recorded);
	bench_expect_no_fault(b);
	r = bench_request(b, HWI_TRANSLATED, WORLD_SID, HWI_PASID_NONE, WORLD_OUT, HWI_READ);
	assert_int_equal(r.outcome, HWI_SUCCESS);
}

/* The canonical width comes from FSPM. */
static void test_differs_12_canonical_width(void **state)
{
	struct bench *b = *state;
	struct world w;
	uint64_t root;

	world_scalable(&w, b, VTD_PGTT_FS);
	root = bench_alloc(b, 1);
	build_fs(b, root, 5, HWI_BIT64(50) + WORLD_IN, WORLD_OUT, 1,
		 VTD_FS_P | VTD_FS_RW | VTD_FS_US);
	world_pe_clear(&w, 2, VTD_PE_Q2_FSPTPTR);
	world_pe_set(&w, 2, root | HWI_PUT(VTD_PE_Q2_FSPM, VTD_FSPM_5));
	bench_expect(b, WORLD_SID, WORLD_PASID, HWI_BIT64(50) + WORLD_IN, HWI_WRITE, WORLD_OUT);
}

/* An entry of all ones is an entry, not a bus error. */
static void test_differs_12_entry_of_all_ones(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_w64(w.b, world_fs(&w, WORLD_IN, 1), HWI_ALL64); /* nothing in it is reserved */
	bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, HWI_MASK64(51, 12));
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_differs_12_scalable_second_stage_codes),
		T(test_differs_12_scalable_root_and_context_codes),
		T(test_differs_12_no_rights_before_reserved_bits),
		T(test_differs_12_context_reserved_is_qualified),
		T(test_differs_12_pasid_present_before_type),
		T(test_differs_12_pp_of_requests_without_pasid),
		T(test_differs_12_address_limit_after_the_context_entry),
		T(test_differs_12_translated_requests_with_pasid),
		T(test_differs_12_canonical_width),
		T(test_differs_12_entry_of_all_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

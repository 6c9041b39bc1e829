/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Points of translation that models of VT-d get wrong, one test each. The numbers
 * are those of the project's list of such points; each says its rule here.
 */
#include "invalidate.h"
#include "world.h"

#include "hwiommu/bits.h"

#define MET_ALL (MET_CTX | MET_DIR | MET_PE)
#define FS_LEAF (VTD_FS_P | VTD_FS_RW | VTD_FS_US)

static void dma(struct world *w, uint64_t addr, unsigned int access, uint64_t out)
{
	bench_expect(w->b, WORLD_SID, WORLD_PASID, addr, access, out);
}

static struct hwi_response ats(struct world *w, uint32_t pasid, uint64_t addr, unsigned int access)
{
	return bench_request(w->b, HWI_TRANSLATION_REQUEST, WORLD_SID, pasid, addr,
			     HWI_READ | access);
}

static bool fs_dirty(struct world *w)
{
	return bench_r64(w->b, world_fs(w, WORLD_IN, 1)) & VTD_FS_D;
}

/* D is set when A is already. */
static void test_point_11_01_d_with_a_already_set(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_D);
	dma(&w, WORLD_IN, HWI_WRITE, WORLD_OUT);
	assert_true(fs_dirty(&w));
}

/* A write that hits what a read has cached sets D. */
static void test_point_11_02_d_on_a_hit(void **state)
{
	struct world w;

	for (unsigned int pgtt = VTD_PGTT_FS; pgtt <= VTD_PGTT_NESTED; pgtt += 2) {
		bench_remake(*state, NULL);
		((struct bench *)*state)->root = 0;
		world_scalable(&w, *state, pgtt);
		world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_D);
		dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
		dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
		assert_false(fs_dirty(&w));
		dma(&w, WORLD_IN, HWI_WRITE, WORLD_OUT);
		assert_true(fs_dirty(&w));
		dma(&w, WORLD_IN, HWI_WRITE, WORLD_OUT);
	}
}

/* Second stage with SSADE: the same. */
static void test_point_11_02_d_on_a_hit_second_stage(void **state)
{
	struct world w;
	uint64_t leaf;

	world_scalable(&w, *state, VTD_PGTT_SS);
	leaf = world_ss(&w, WORLD_IN, 1);
	world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
	world_clear(&w, leaf, VTD_SS_A | VTD_SS_D);
	dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
	assert_int_equal(bench_r64(w.b, leaf) & (VTD_SS_A | VTD_SS_D), VTD_SS_A);
	dma(&w, WORLD_IN, HWI_ATOMIC, WORLD_OUT);
	assert_int_equal(bench_r64(w.b, leaf) & (VTD_SS_A | VTD_SS_D), VTD_SS_A | VTD_SS_D);
}

/* An entry that changed between its load and the update is walked anew, never written back. */
static void test_point_11_03_update_is_compare_and_swap(void **state)
{
	struct world w;
	uint64_t leaf;

	world_scalable(&w, *state, VTD_PGTT_FS);
	leaf = world_fs(&w, WORLD_IN, 1);
	world_clear(&w, leaf, VTD_FS_A | VTD_FS_D);
	bench_change(w.b, leaf, 0); /* unmapped meanwhile */
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x71);
	assert_int_equal(bench_r64(w.b, leaf), 0);

	bench_w64(w.b, leaf, WORLD_OUT | FS_LEAF);
	bench_change(w.b, leaf, (WORLD_OUT + 0x1000) | FS_LEAF); /* mapped elsewhere */
	dma(&w, WORLD_IN, HWI_WRITE, WORLD_OUT + 0x1000);
	assert_int_equal(bench_r64(w.b, leaf),
			 (WORLD_OUT + 0x1000) | FS_LEAF | VTD_FS_A | VTD_FS_D);
}

/* Rights are checked on a hit as on a miss, record included. */
static void test_point_11_04_rights_on_a_hit(void **state)
{
	struct world w;
	struct bench_record rec;
	struct hwi_response r;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_RW);
	for (unsigned int i = 0; i < 3; i++)
		dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
	r = bench_dma(w.b, WORLD_SID, WORLD_PASID, WORLD_IN + 4, HWI_WRITE);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.rights, HWI_READ); /* what the mapping has */
	rec = bench_expect_fault(w.b, 0x85, WORLD_SID);
	assert_int_equal(rec.type, BENCH_TYPE_WRITE);
	assert_int_equal(rec.pasid, WORLD_PASID);
	assert_int_equal(rec.fi, WORLD_IN);
	/* Still so when memory grants it, until the entry is invalidated. */
	world_set(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_RW);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x85);
	inv_piotlb_page(w.b, WORLD_DID, WORLD_PASID, WORLD_IN, 0, true);
	dma(&w, WORLD_IN, HWI_WRITE, WORLD_OUT);
}

/* A translation request without NW is a write as far as D goes. */
static void test_point_11_05_translation_request_sets_d(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_D);
	assert_int_equal(ats(&w, WORLD_PASID, WORLD_IN, HWI_NO_WRITE).rights, HWI_READ);
	assert_false(fs_dirty(&w));
	assert_int_equal(ats(&w, WORLD_PASID, WORLD_IN, 0).rights, HWI_READ | HWI_WRITE);
	assert_true(fs_dirty(&w));
	/* Only if the right to write is given. */
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_D | VTD_FS_RW);
	bench_inv_iotlb(w.b);
	assert_int_equal(ats(&w, WORLD_PASID, WORLD_IN, 0).rights, HWI_READ);
	assert_false(fs_dirty(&w));
}

/* A may be set by a walk that faults, D may not. */
static void test_point_11_06_no_speculative_d(void **state)
{
	struct world w;
	uint64_t leaf;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	leaf = world_fs(&w, WORLD_IN, 1);
	world_clear(&w, leaf, VTD_FS_D);
	world_clear(&w, world_ss(&w, WORLD_GPA, 1), VTD_SS_W | VTD_SS_D);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x85);
	assert_false(bench_r64(w.b, leaf) & VTD_FS_D);
	bench_w64(w.b, leaf, UINT64_C(0xfee00000) | FS_LEAF | VTD_FS_A);
	build_ss(w.b, w.ss_root, 4, UINT64_C(0xfee00000), UINT64_C(0xfee00000), 1,
		 VTD_SS_R | VTD_SS_W);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x87);
	assert_false(bench_r64(w.b, leaf) & VTD_FS_D);
}

/* FPD counts in entries that are not present, and any one on the way is enough. */
static void test_point_11_12_fpd_is_ored_along_the_walk(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_pe_clear(&w, 0, VTD_PE_Q0_P);
	world_qualified(&w, 0x59, UR, S0, NA, MET_ALL);
	/* Also where the fault is one of the tables, long after. */
	world_pe_set(&w, 0, VTD_PE_Q0_P);
	bench_w64(w.b, world_fs(&w, WORLD_IN, 2), 0);
	world_qualified(&w, 0x71, UR, S0, NA, MET_ALL);
}

/* What cannot be read is reported whatever FPD above says. */
static void test_point_11_13_access_errors_are_never_qualified(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_fail_read(w.b, w.pe[0], 64);
	bench_fail_read(w.b, w.pe[1], 64);
	world_expect(&w, &(struct world_fault){ .reason = 0x58, .u = UR, .t = CA,
						.met = MET_CTX | MET_DIR });
}

/* Recoverable faults are not recorded; SFS.10 is the exception. */
static void test_point_11_14_recoverable_faults_are_not_recorded(void **state)
{
	struct world w;
	uint64_t leaf;

	world_scalable(&w, *state, VTD_PGTT_FS);
	leaf = world_fs(&w, WORLD_IN, 1);
	bench_w64(w.b, leaf, 0);
	world_expect(&w, &(struct world_fault){ .reason = 0x71, .t = S0 });
	bench_w64(w.b, leaf, WORLD_OUT | FS_LEAF);
	bench_fail_write(w.b, leaf, 8);
	world_expect(&w, &(struct world_fault){ .reason = 0x91, .t = S0R, .qualified = true,
						.met = MET_ALL });
}

/* An address beyond MGAW: a fault for U, success without rights for T. */
static void test_point_11_15_address_beyond_the_width(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_expect(&w, &(struct world_fault){ .reason = 0x04, .u = UR, .t = S0, .qualified = true,
						.met = MET_CTX, .addr = HWI_BIT64(57) });
}

/* A PASID that is not there: success without rights; a function that is not there: UR. */
static void test_point_11_16_not_present_for_translation_requests(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_pe_clear(&w, 0, VTD_PE_Q0_P);
	world_expect(&w, &(struct world_fault){ .reason = 0x59, .t = S0 });
	world_clear(&w, w.dir[0], VTD_PDE_P);
	world_expect(&w, &(struct world_fault){ .reason = 0x51, .t = S0 });
	world_clear(&w, w.ctx, VTD_SCTX_Q0_P);
	world_expect(&w, &(struct world_fault){ .reason = 0x41, .t = UR });
	world_clear(&w, w.root_at, VTD_SROOT_P);
	world_expect(&w, &(struct world_fault){ .reason = 0x39, .t = UR });
}

/* RID_PASID is not for requests with a PASID. */
static void test_point_11_17_pasid_equal_to_rid_pasid(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_w64(w.b, w.ctx + 8, WORLD_PASID);
	world_expect(&w, &(struct world_fault){ .reason = 0x48, .u = UR, .t = UR, .x = UR,
						.qualified = true, .met = MET_CTX,
						.who = WITH_PASID });
}

/* The canonical check is for requests without PASID, too, and its width is FSPM's. */
static void test_point_11_18_canonical_for_every_first_stage(void **state)
{
	struct world w;

	for (unsigned int pgtt = VTD_PGTT_FS; pgtt <= VTD_PGTT_NESTED; pgtt += 2) {
		bench_remake(*state, NULL);
		((struct bench *)*state)->root = 0;
		world_scalable(&w, *state, pgtt);
		world_expect(&w, &(struct world_fault){ .reason = 0x80, .u = UR, .t = S0,
							.qualified = true, .met = MET_ALL,
							.addr = HWI_BIT64(47) });
		world_pe_clear(&w, 0, VTD_PE_Q0_AW);
		world_pe_set(&w, 0, HWI_PUT(VTD_PE_Q0_AW, VTD_AW_57));
		world_expect(&w, &(struct world_fault){ .reason = 0x80, .u = UR, .t = S0,
							.qualified = true, .met = MET_ALL,
							.addr = HWI_BIT64(47) });
	}
}

/* Second-stage fields of a first-stage entry are ignored, unless the unit lacks them. */
static void test_point_11_19_ignored_fields_of_a_first_stage_entry(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	world_scalable(&w, b, VTD_PGTT_FS);
	world_pe_set(&w, 0, VTD_PE_Q0_AW | VTD_PE_Q0_SSADE | HWI_MASK64(51, 12));
	world_expect_pass(&w);
	cfg.cap &= ~VTD_CAP_SAGAW;
	cfg.ecap &= ~(VTD_ECAP_SSTS | VTD_ECAP_NEST | VTD_ECAP_SSIRWS);
	bench_remake(b, &cfg);
	b->root = 0;
	world_scalable(&w, b, VTD_PGTT_FS);
	world_expect_pass(&w);
	world_pe_set(&w, 0, HWI_PUT(VTD_PE_Q0_AW, 2));
	world_qualified(&w, 0x5a, UR, CA, NA, MET_ALL);
}

/* Bits 134:133 are ignored; 129, 5 and 95:91 are reserved. */
static void test_point_11_20_old_pasid_entry_bits(void **state)
{
	static const struct {
		unsigned int q, bit;
	} old[] = { { 2, 1 }, { 0, 5 }, { 1, 27 }, { 1, 29 }, { 1, 30 }, { 1, 31 } };
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_pe_set(&w, 2, HWI_MASK64(6, 5));
	world_expect_pass(&w);
	for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++) {
		world_pe_set(&w, old[i].q, HWI_BIT64(old[i].bit));
		world_qualified(&w, 0x5a, UR, CA, NA, MET_ALL);
		world_pe_clear(&w, old[i].q, HWI_BIT64(old[i].bit));
	}
}

/* XD of the first and X of the second stage mean nothing. */
static void test_point_11_21_execute_bits_mean_nothing(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	for (unsigned int level = 1; level <= 4; level++) {
		world_set(&w, world_fs(&w, WORLD_IN, level), HWI_BIT64(63));
		world_set(&w, world_ss(&w, WORLD_GPA, level), HWI_BIT64(2) | HWI_BIT64(63));
	}
	world_expect_pass(&w);
}

/* Second stage: 62 reserved, 61 and 60:52 and 63 ignored. */
static void test_point_11_22_high_bits_of_second_stage_entries(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	for (unsigned int level = 1; level <= 4; level++)
		world_set(&w, world_ss(&w, WORLD_IN, level), HWI_MASK64(61, 52) | HWI_BIT64(63));
	world_expect_pass(&w);
	world_set(&w, world_ss(&w, WORLD_IN, 1), HWI_BIT64(62));
	world_qualified(&w, 0x7a, UR, CA, NA, MET_ALL);
}

/* SNP only in leaves; bit 7 by level. */
static void test_point_11_23_snp_and_ps_by_level(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	world_set(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_SNP | HWI_BIT64(7)); /* ignored in a PTE */
	world_expect_pass(&w);
	for (unsigned int level = 2; level <= 4; level++) {
		world_set(&w, world_ss(&w, WORLD_IN, level), VTD_SS_SNP);
		world_qualified(&w, 0x7a, UR, CA, NA, MET_ALL);
		world_clear(&w, world_ss(&w, WORLD_IN, level), VTD_SS_SNP);
	}
	world_set(&w, world_ss(&w, WORLD_IN, 4), VTD_SS_PS);
	world_qualified(&w, 0x7a, UR, CA, NA, MET_ALL);
	bench_remake(w.b, NULL);
	w.b->root = 0;
	world_scalable(&w, w.b, VTD_PGTT_FS);
	world_set(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_PAT_4K);
	world_expect_pass(&w);
	world_set(&w, world_fs(&w, WORLD_IN, 4), VTD_FS_PS);
	world_qualified(&w, 0x72, UR, S0, NA, MET_ALL);
}

/* Low address bits of large pages: bit 12 is PAT in the first stage alone. */
static void test_point_11_24_low_bits_of_large_pages(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_set(&w, world_fs(&w, WORLD_IN_2M, 2), HWI_BIT64(12));
	world_set(&w, world_fs(&w, WORLD_IN_1G, 3), HWI_BIT64(12));
	dma(&w, WORLD_IN_2M + 0x1008, HWI_READ, WORLD_OUT_2M + 0x1008);
	dma(&w, WORLD_IN_1G + 8, HWI_READ, WORLD_OUT_1G + 8);
	bench_remake(w.b, NULL);
	w.b->root = 0;
	world_scalable(&w, w.b, VTD_PGTT_SS);
	world_set(&w, world_ss(&w, WORLD_IN_2M, 2), HWI_BIT64(12));
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN_2M, HWI_READ, 0x7a);
}

/* Reserved bits count only in entries that are present. */
static void test_point_11_25_reserved_bits_of_entries_not_present(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	bench_w64(w.b, world_ss(&w, WORLD_IN, 2), VTD_SS_SNP | VTD_SS_IW);
	world_qualified(&w, 0x79, UR, S0, NA, MET_ALL);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_P);
	world_set(&w, w.ctx, VTD_SCTX_Q0_RSVD);
	world_qualified(&w, 0x41, UR, UR, UR, MET_CTX);
}

/* Pass-through knows neither rights nor MGAW, only the host's width. */
static void test_point_11_26_pass_through_limit_is_haw(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.haw = 40;
	bench_remake(b, &cfg);
	world_scalable(&w, b, VTD_PGTT_PT);
	dma(&w, HWI_BIT64(40) - 8, HWI_ATOMIC, HWI_BIT64(40) - 8);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, HWI_BIT64(40), HWI_READ, 0x83);
}

/* FEEx: an input with PASID, an output never. */
static void test_point_11_27_interrupt_range_with_pasid(void **state)
{
	const uint64_t fee = UINT64_C(0xfee01000);
	struct bench *b = *state;
	struct world w;

	world_scalable(&w, b, VTD_PGTT_FS);
	build_fs(b, w.fs_root, 4, fee, WORLD_OUT, 1, FS_LEAF);
	dma(&w, fee, HWI_READ, WORLD_OUT);
	assert_int_equal(bench_dma(b, WORLD_SID, HWI_PASID_NONE, fee, HWI_WRITE).outcome,
			 HWI_IS_INTERRUPT);
	bench_w64(b, world_fs(&w, WORLD_IN, 1), fee | FS_LEAF);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x87);
	bench_remake(b, NULL);
	b->root = 0;
	world_scalable(&w, b, VTD_PGTT_PT);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, fee, HWI_WRITE, 0x87);
}

/* A large page whose *input* covers FEEx: the span keeps clear of it for requests without PASID. */
static void test_point_11_27_span_keeps_clear_of_the_interrupt_range(void **state)
{
	struct bench *b = *state;
	struct world w;
	struct hwi_response r;

	world_legacy(&w, b);
	build_ss(b, w.ss_root, 4, UINT64_C(0xc0000000), WORLD_OUT_1G, 3, VTD_SS_R | VTD_SS_W);
	r = bench_dma(b, WORLD_SID, HWI_PASID_NONE, UINT64_C(0xc0001000), HWI_READ);
	assert_int_equal(hwi_hpa_val(r.addr), WORLD_OUT_1G + 0x1000);
	assert_true(r.span_log2 < 30);
	r = bench_dma(b, WORLD_SID, HWI_PASID_NONE, UINT64_C(0xfeefffff) + 1, HWI_READ);
	assert_int_equal(hwi_hpa_val(r.addr), WORLD_OUT_1G + 0x3ef00000);
	assert_true(r.span_log2 <= 20);
	bench_gcmd(b, VTD_GCMD_TE, false);
	r = bench_dma(b, WORLD_SID, HWI_PASID_NONE, UINT64_C(0xfef00000), HWI_READ);
	assert_int_equal(r.span_log2, 20);
	r = bench_dma(b, WORLD_SID, HWI_PASID_NONE, HWI_BIT64(63), HWI_READ);
	assert_int_equal(r.span_log2, 63);
}

/* Page-selective IOTLB invalidation takes all first-stage and nested entries of the domain. */
static void test_point_11_31_page_selective_takes_first_stage_whole(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
	bench_w64(w.b, world_fs(&w, WORLD_IN, 1), 0);
	inv_iotlb_page(w.b, WORLD_DID, UINT64_C(0x7000000000), 0, true);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x71);
}

/* By PASID: never second-stage structures, and by page never second-stage translations. */
static void test_point_11_32_by_pasid_spares_the_second_stage(void **state)
{
	struct world w;
	uint64_t table;

	world_scalable(&w, *state, VTD_PGTT_SS);
	dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
	bench_w64(w.b, world_ss(&w, WORLD_IN, 1), 0);
	inv_piotlb_page(w.b, WORLD_DID, WORLD_PASID, WORLD_IN, 0, false);
	dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
	table = bench_alloc(w.b, 1);
	bench_w64(w.b, world_ss(&w, WORLD_IN, 2), table | VTD_SS_R | VTD_SS_W);
	inv_piotlb_pasid(w.b, WORLD_DID, WORLD_PASID);
	/* The old table, whose entry is 0 by now, not the new one: both refuse, so see who is read. */
	bench_fail_read(w.b, table, VTD_PAGE_SIZE);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x79);
}

/* With SSADE reading a first-stage table is a write for the second stage. */
static void test_point_11_40_ssade_needs_write_for_tables(void **state)
{
	struct world w;
	uint64_t page;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	page = world_ss(&w, w.fs_root + WORLD_GUEST, 1);
	world_clear(&w, page, VTD_SS_W);
	world_expect_pass(&w); /* nothing to be set in it */
	world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
	world_qualified(&w, 0x75, UR, S0, NA, MET_ALL);
	world_set(&w, page, VTD_SS_W);
	world_clear(&w, world_ss(&w, (world_fs(&w, WORLD_IN, 2) & ~UINT64_C(0xfff)) + WORLD_GUEST, 1),
		    VTD_SS_W);
	world_qualified(&w, 0x76, UR, S0, NA, MET_ALL);
}

/* An update that second stage refuses is SFS.8, and only if an update is needed. */
static void test_point_11_41_update_refused_by_second_stage(void **state)
{
	struct world w;
	uint64_t leaf;

	world_scalable(&w, *state, VTD_PGTT_NESTED);
	leaf = world_fs(&w, WORLD_IN, 1);
	world_clear(&w, world_ss(&w, (leaf & ~UINT64_C(0xfff)) + WORLD_GUEST, 1), VTD_SS_W);
	world_expect_pass(&w);
	world_clear(&w, leaf, VTD_FS_A);
	world_qualified(&w, 0x77, UR, S0, NA, MET_ALL);
	world_set(&w, leaf, VTD_FS_A);
	world_clear(&w, leaf, VTD_FS_D);
	dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x77);
}

/* The IOTLB is by source-id: a shared domain does not share hits. */
static void test_point_11_48_iotlb_key_is_the_source(void **state)
{
	struct bench *b = *state;
	struct world w;
	const uint16_t other = WORLD_SID + 1;

	world_legacy(&w, b);
	build_context(b, other, VTD_TT_SS, VTD_AW_48, WORLD_DID, w.ss_root);
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);
	bench_w64(b, world_ss(&w, WORLD_IN, 1), (WORLD_OUT + 0x1000) | VTD_SS_R);
	bench_expect(b, other, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT + 0x1000);
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);
	inv_iotlb_page(b, WORLD_DID, WORLD_IN, 0, true); /* both at once */
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT + 0x1000);
}

static void caching_mode(struct bench *b)
{
	struct hwi_vtd_config cfg = b->cfg;

	cfg.cap |= VTD_CAP_CM;
	cfg.negative_caching = true;
	bench_remake(b, &cfg);
	b->root = 0;
}

/* CM=1: faulting context and PASID entries are cached under DID 0. */
static void test_point_11_49_faulting_entries_are_of_domain_0(void **state)
{
	struct bench *b = *state;
	struct world w;

	caching_mode(b);
	world_legacy(&w, b);
	world_clear(&w, w.ctx, VTD_CTX_L0_P);
	bench_expect_refused(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, 0x02);
	world_set(&w, w.ctx, VTD_CTX_L0_P);
	inv_context_domain(b, WORLD_DID);
	inv_context_device(b, WORLD_DID, WORLD_SID, 0);
	bench_expect_refused(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, 0x02);
	inv_context_device(b, 0, WORLD_SID, 0);
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);

	caching_mode(b);
	world_scalable(&w, b, VTD_PGTT_FS);
	world_pe_clear(&w, 0, VTD_PE_Q0_P);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x59);
	world_pe_set(&w, 0, VTD_PE_Q0_P);
	inv_pasid_one(b, WORLD_DID, WORLD_PASID);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x59);
	inv_pasid_domain(b, 0);
	dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
}

/*
 * CM=1, a PASID entry that becomes present: of what software may send, what drops the
 * faulting entry. The domain that the entry names now, which is what Linux 7.3 sends
 * (pasid_flush_caches()), is not the one that the cached entry is of: domain 0, which
 * is reserved for this (§6.2.3.1).
 */
/* covers: DSC_pc_inv DSC_p_iotlb_inv DSC_iotlb_inv FC_SPT_2 */
static void test_point_11_49_what_drops_a_faulting_pasid_entry(void **state)
{
	struct bench *b = *state;
	struct world w;

	for (unsigned int how = 0; how < 3; how++) {
		caching_mode(b);
		world_scalable(&w, b, VTD_PGTT_FS);
		world_pe_clear(&w, 0, VTD_PE_Q0_P);
		bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x59);
		world_pe_set(&w, 0, VTD_PE_Q0_P);

		inv_pasid_one(b, WORLD_DID, WORLD_PASID); /* Linux' two */
		inv_piotlb_pasid(b, WORLD_DID, WORLD_PASID);
		inv_pasid_domain(b, WORLD_DID);
		inv_pasid_one(b, 0, WORLD_PASID + 1); /* another's */
		bench_inv_context(b);
		bench_inv_iotlb(b);
		bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x59);

		if (how == 0)
			inv_pasid_one(b, 0, WORLD_PASID);
		else if (how == 1)
			inv_pasid_domain(b, 0);
		else
			bench_inv_pasid(b);
		dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
	}
	/* CM=1 alone: nothing was kept. */
	b->cfg.negative_caching = false;
	bench_remake(b, &b->cfg);
	b->root = 0;
	world_scalable(&w, b, VTD_PGTT_FS);
	world_pe_clear(&w, 0, VTD_PE_Q0_P);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x59);
	world_pe_set(&w, 0, VTD_PE_Q0_P);
	dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
}

/* CM=1: a faulting scalable context entry is of no domain: any device-selective one drops it. */
/* covers: DSC_cc_inv FC_SCT_2 */
static void test_point_11_49_faulting_scalable_context_entry(void **state)
{
	struct bench *b = *state;
	struct world w;

	caching_mode(b);
	world_scalable(&w, b, VTD_PGTT_FS);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_P);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x41);
	world_set(&w, w.ctx, VTD_SCTX_Q0_P);
	bench_inv_pasid(b);
	bench_inv_iotlb(b);
	inv_context_device(b, 0, WORLD_SID ^ 0x100, 0);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x41);
	inv_context_device(b, WORLD_DID + 1, WORLD_SID, 0);
	dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
}

/* CM=1: so are second-stage pages without rights, under their own tags; CM=0: nothing is. */
static void test_point_11_49_faulting_translations(void **state)
{
	struct bench *b = *state;
	struct world w;
	uint64_t leaf;

	for (unsigned int i = 0; i < 3; i++) {
		bool legacy = i == 0;

		if (i < 2)
			caching_mode(b);
		else
			bench_remake(b, NULL);
		b->root = 0;
		if (legacy)
			world_legacy(&w, b);
		else
			world_scalable(&w, b, VTD_PGTT_SS);
		leaf = world_ss(&w, WORLD_IN, 1);
		world_clear(&w, leaf, VTD_SS_R | VTD_SS_W);
		bench_expect_refused(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ,
				     legacy ? 0x06 : 0x79);
		world_set(&w, leaf, VTD_SS_R | VTD_SS_W);
		if (i < 2) {
			bench_expect_refused(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_WRITE,
					     legacy ? 0x05 : 0x79);
			inv_iotlb_page(b, WORLD_DID, WORLD_IN + 0x1000, 0, true);
			bench_expect_refused(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ,
					     legacy ? 0x06 : 0x79);
			inv_iotlb_page(b, WORLD_DID, WORLD_IN, 0, true);
		}
		bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);
	}
	/* First-stage faults never are. */
	caching_mode(b);
	world_scalable(&w, b, VTD_PGTT_FS);
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_P);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x71);
	world_set(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_P);
	dma(&w, WORLD_IN, HWI_READ, WORLD_OUT);
}

/* U is for S.1 alone; Priv tells whose rights these are, not that there are any. */
static void test_point_11_53_u_and_priv_of_a_completion(void **state)
{
	const uint64_t fee = UINT64_C(0xfee00000);
	struct world w;
	struct hwi_response r;

	world_scalable(&w, *state, VTD_PGTT_FS);
	r = ats(&w, HWI_PASID_NONE, fee, 0);
	assert_int_equal(r.ats, HWI_ATS_U);
	assert_int_equal(r.rights, HWI_WRITE);
	r = ats(&w, HWI_PASID_NONE, fee, HWI_NO_WRITE);
	assert_int_equal(r.ats, 0);
	assert_int_equal(r.rights, 0);
	r = ats(&w, WORLD_PASID, WORLD_IN, HWI_PRIV); /* SRE=0 */
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(r.ats, HWI_ATS_PRIV);
	assert_int_equal(r.rights, 0);
	world_pe_set(&w, 2, VTD_PE_Q2_SRE);
	bench_inv_everything(w.b);
	r = ats(&w, WORLD_PASID, WORLD_IN, HWI_PRIV);
	assert_int_equal(r.ats, HWI_ATS_PRIV);
	assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
	r = ats(&w, WORLD_PASID, WORLD_IN, 0);
	assert_int_equal(r.ats, 0);
	/* RID_PRIV gives privileged rights without saying so. */
	world_set(&w, w.ctx + 8, VTD_SCTX_Q1_RID_PRIV);
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_US);
	bench_inv_everything(w.b);
	r = ats(&w, HWI_PASID_NONE, WORLD_IN, 0);
	assert_int_equal(r.ats, 0);
	assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
	bench_expect_no_fault(w.b);
}

/* Blocked by TT or DTE: UR, and recorded like any other. */
static void test_point_11_54_blocked_translation_requests_are_recorded(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_clear(&w, w.ctx, VTD_CTX_L0_TT);
	world_expect(&w, &(struct world_fault){ .reason = 0x0d, .t = UR, .x = UR, .qualified = true,
						.met = MET_CTX });
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_point_11_01_d_with_a_already_set),
		T(test_point_11_02_d_on_a_hit),
		T(test_point_11_02_d_on_a_hit_second_stage),
		T(test_point_11_03_update_is_compare_and_swap),
		T(test_point_11_04_rights_on_a_hit),
		T(test_point_11_05_translation_request_sets_d),
		T(test_point_11_06_no_speculative_d),
		T(test_point_11_12_fpd_is_ored_along_the_walk),
		T(test_point_11_13_access_errors_are_never_qualified),
		T(test_point_11_14_recoverable_faults_are_not_recorded),
		T(test_point_11_15_address_beyond_the_width),
		T(test_point_11_16_not_present_for_translation_requests),
		T(test_point_11_17_pasid_equal_to_rid_pasid),
		T(test_point_11_18_canonical_for_every_first_stage),
		T(test_point_11_19_ignored_fields_of_a_first_stage_entry),
		T(test_point_11_20_old_pasid_entry_bits),
		T(test_point_11_21_execute_bits_mean_nothing),
		T(test_point_11_22_high_bits_of_second_stage_entries),
		T(test_point_11_23_snp_and_ps_by_level),
		T(test_point_11_24_low_bits_of_large_pages),
		T(test_point_11_25_reserved_bits_of_entries_not_present),
		T(test_point_11_26_pass_through_limit_is_haw),
		T(test_point_11_27_interrupt_range_with_pasid),
		T(test_point_11_27_span_keeps_clear_of_the_interrupt_range),
		T(test_point_11_31_page_selective_takes_first_stage_whole),
		T(test_point_11_32_by_pasid_spares_the_second_stage),
		T(test_point_11_40_ssade_needs_write_for_tables),
		T(test_point_11_41_update_refused_by_second_stage),
		T(test_point_11_48_iotlb_key_is_the_source),
		T(test_point_11_49_faulting_entries_are_of_domain_0),
		T(test_point_11_49_what_drops_a_faulting_pasid_entry),
		T(test_point_11_49_faulting_scalable_context_entry),
		T(test_point_11_49_faulting_translations),
		T(test_point_11_53_u_and_priv_of_a_completion),
		T(test_point_11_54_blocked_translation_requests_are_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

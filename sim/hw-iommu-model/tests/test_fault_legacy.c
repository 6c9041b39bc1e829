/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Fault conditions of legacy mode (VT-d 5.10 Table 30: LRT, LCT, LGN, LSS). */
#include "world.h"

#include "hwiommu/bits.h"

static void test_a_sound_world_translates(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_expect_pass(&w);
	bench_expect(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN_2M + 0x12345, HWI_READ,
		     WORLD_OUT_2M + 0x12345);
	bench_expect(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN_1G + 0x1234567, HWI_ATOMIC,
		     WORLD_OUT_1G + 0x1234567);
}

/* covers: FC_LRT_1 */
static void test_lrt_1_root_entry_does_not_answer(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	bench_fail_read(w.b, w.root_at, 16);
	world_unqualified(&w, 0x08, UR, CA, UR);
}

/* covers: FC_LRT_2 */
static void test_lrt_2_root_entry_not_present(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_clear(&w, w.root_at, 1);
	/* No FPD can be met, and an entry that is not present has no reserved bits. */
	world_set(&w, w.root_at, HWI_MASK64(11, 1));
	world_unqualified(&w, 0x01, UR, UR, UR);
}

/* covers: FC_LRT_3 */
static void test_lrt_3_root_entry_reserved(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	for (unsigned int bit = 1; bit < 12; bit++) {
		world_set(&w, w.root_at, HWI_BIT64(bit));
		world_unqualified(&w, 0x0a, UR, CA, UR);
		world_clear(&w, w.root_at, HWI_BIT64(bit));
	}
	for (unsigned int bit = 0; bit < 64; bit++) {
		world_set(&w, w.root_at + 8, HWI_BIT64(bit));
		world_unqualified(&w, 0x0a, UR, CA, UR);
		world_clear(&w, w.root_at + 8, HWI_BIT64(bit));
	}
	world_set(&w, w.root_at, HWI_BIT64(52)); /* HAW is 52 */
	world_unqualified(&w, 0x0a, UR, CA, UR);
}

/* covers: FC_LCT_1 */
static void test_lct_1_context_entry_does_not_answer(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	bench_fail_read(w.b, w.ctx, 16);
	world_unqualified(&w, 0x09, UR, CA, UR);
}

/* covers: FC_LCT_2 */
static void test_lct_2_context_entry_not_present(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_clear(&w, w.ctx, VTD_CTX_L0_P);
	world_qualified(&w, 0x02, UR, UR, UR, MET_CTX);
}

/* covers: FC_LCT_3 */
static void test_lct_3_context_entry_reserved(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	for (unsigned int bit = 4; bit < 12; bit++) {
		world_set(&w, w.ctx, HWI_BIT64(bit));
		world_qualified(&w, 0x0b, UR, CA, UR, MET_CTX);
		world_clear(&w, w.ctx, HWI_BIT64(bit));
	}
	for (unsigned int bit = 0; bit < 64; bit++) {
		if (!(VTD_CTX_L1_RSVD & HWI_BIT64(bit)))
			continue;
		world_set(&w, w.ctx + 8, HWI_BIT64(bit));
		world_qualified(&w, 0x0b, UR, CA, UR, MET_CTX);
		world_clear(&w, w.ctx + 8, HWI_BIT64(bit));
	}
	world_set(&w, w.ctx, HWI_BIT64(52));
	world_qualified(&w, 0x0b, UR, CA, UR, MET_CTX);
	world_clear(&w, w.ctx, HWI_BIT64(52));
	world_set(&w, w.ctx + 8, VTD_CTX_L1_IGN); /* these are ignored */
	world_expect_pass(&w);
}

/* A domain-id wider than CAP.ND is reserved. */
/* covers: FC_LCT_3 */
static void test_lct_3_domain_id_wider_than_nd(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.cap = HWI_SET(VTD_CAP_ND, cfg.cap, 2); /* 8 bits */
	bench_remake(b, &cfg);
	world_legacy(&w, b);
	world_set(&w, w.ctx + 8, HWI_PUT(VTD_CTX_L1_DID, 0x100));
	world_qualified(&w, 0x0b, UR, CA, UR, MET_CTX);
}

/* covers: FC_LCT_4_1 */
static void test_lct_4_1_address_width(void **state)
{
	static const unsigned int bad[] = { 0, 4, 5, 6, 7 };
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	world_legacy(&w, b);
	for (unsigned int i = 0; i < 5; i++) {
		bench_w64(b, w.ctx + 8, HWI_PUT(VTD_CTX_L1_AW, bad[i]) | HWI_PUT(VTD_CTX_L1_DID, 5));
		world_qualified(&w, 0x03, UR, CA, UR, MET_CTX);
	}
	cfg.cap = HWI_SET(VTD_CAP_SAGAW, cfg.cap, VTD_SAGAW_39);
	bench_remake(b, &cfg);
	b->root = 0;
	world_legacy(&w, b);
	world_qualified(&w, 0x03, UR, CA, UR, MET_CTX);
}

/* covers: FC_LCT_4_2 */
static void test_lct_4_2_translation_type(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	world_legacy(&w, b);
	bench_w64(b, w.ctx, w.ss_root | VTD_CTX_L0_P | HWI_PUT(VTD_CTX_L0_TT, VTD_TT_RSVD));
	world_qualified(&w, 0x03, UR, CA, UR, MET_CTX);

	/* Types that the unit does not have. */
	cfg.ecap &= ~(VTD_ECAP_PT);
	bench_remake(b, &cfg);
	b->root = 0;
	world_legacy(&w, b);
	bench_w64(b, w.ctx, w.ss_root | VTD_CTX_L0_P | HWI_PUT(VTD_CTX_L0_TT, VTD_TT_PT));
	world_qualified(&w, 0x03, UR, CA, UR, MET_CTX);
	cfg.ecap &= ~(VTD_ECAP_DT | VTD_ECAP_PRS | VTD_ECAP_NWFS | VTD_ECAP_DIT | VTD_ECAP_PDS |
		      VTD_ECAP_PTRS | VTD_ECAP_SMS);
	bench_remake(b, &cfg);
	b->root = 0;
	world_legacy(&w, b);
	world_qualified(&w, 0x03, UR, NA, NA, MET_CTX);
}

/* covers: FC_LCT_4_3 */
static void test_lct_4_3_first_table_does_not_answer(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	bench_fail_read(w.b, w.ss_root, VTD_PAGE_SIZE);
	world_qualified(&w, 0x03, UR, CA, NA, MET_CTX);
}

/* covers: FC_LSS_1 */
static void test_lss_1_lower_table_does_not_answer(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	for (unsigned int level = 3; level; level--) {
		bench_heal(w.b);
		bench_fail_read(w.b, world_ss(&w, WORLD_IN, level), 8);
		world_qualified(&w, 0x07, UR, CA, NA, MET_CTX);
	}
}

/* covers: FC_LCT_5 */
static void test_lct_5_type_blocks_translation_requests(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_clear(&w, w.ctx, VTD_CTX_L0_TT);
	world_qualified(&w, 0x0d, NA, UR, UR, MET_CTX);
	world_set(&w, w.ctx, HWI_PUT(VTD_CTX_L0_TT, VTD_TT_PT));
	world_qualified(&w, 0x0d, NA, UR, UR, MET_CTX);
}

/* covers: FC_LGN_1_1 */
static void test_lgn_1_1_address_beyond_agaw(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_expect(&w, &(struct world_fault){ .reason = 0x04, .u = UR, .t = S0, .qualified = true,
						.met = MET_CTX, .addr = HWI_BIT64(48) });
	world_expect(&w, &(struct world_fault){ .reason = 0x04, .u = UR, .t = S0, .qualified = true,
						.met = MET_CTX, .addr = HWI_BIT64(63) });
}

/* covers: FC_LGN_1_1 */
static void test_lgn_1_1_address_beyond_mgaw(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.haw = 39;
	cfg.cap = HWI_SET(VTD_CAP_MGAW, cfg.cap, 40 - 1);
	bench_remake(b, &cfg);
	world_legacy(&w, b);
	world_expect(&w, &(struct world_fault){ .reason = 0x04, .u = UR, .t = S0, .qualified = true,
						.met = MET_CTX, .addr = HWI_BIT64(40) });
	world_expect_pass(&w);
}

/* covers: FC_LGN_1_2 */
static void test_lgn_1_2_translated_address_beyond_haw(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_expect(&w, &(struct world_fault){ .reason = 0x04, .x = UR, .qualified = true,
						.met = MET_CTX, .addr = HWI_BIT64(52) });
}

/* covers: FC_LGN_1_3 */
static void test_lgn_1_3_pass_through_beyond_haw(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_clear(&w, w.ctx, VTD_CTX_L0_TT);
	world_set(&w, w.ctx, HWI_PUT(VTD_CTX_L0_TT, VTD_TT_PT));
	world_set(&w, w.ctx + 8, HWI_PUT(VTD_CTX_L1_AW, VTD_AW_57)); /* the largest (§9.3) */
	world_expect(&w, &(struct world_fault){ .reason = 0x04, .u = UR, .qualified = true,
						.met = MET_CTX, .addr = HWI_BIT64(52) });
	bench_expect(w.b, WORLD_SID, HWI_PASID_NONE, HWI_BIT64(51) + 8, HWI_WRITE,
		     HWI_BIT64(51) + 8);
}

/* A right that any level lacks, for a write and for an AtomicOp. */
/* covers: FC_LGN_2 */
static void test_lgn_2_no_right_to_write(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_ss(&w, WORLD_IN, level);
		struct world_fault f = { .reason = 0x05, .u = UR, .qualified = true,
					 .met = MET_CTX, .access = HWI_WRITE };

		world_clear(&w, at, VTD_SS_W);
		world_expect(&w, &f);
		f.access = HWI_ATOMIC;
		world_expect(&w, &f);
		bench_expect(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);
		world_set(&w, at, VTD_SS_W);
	}
}

/* covers: FC_LGN_3 */
static void test_lgn_3_no_right_to_read(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_ss(&w, WORLD_IN, level);
		struct world_fault f = { .reason = 0x06, .u = UR, .qualified = true,
					 .met = MET_CTX };

		world_clear(&w, at, VTD_SS_R);
		world_expect(&w, &f);
		f.access = HWI_ATOMIC;
		world_expect(&w, &f);
		bench_inv_everything(w.b);
		bench_expect(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_WRITE, WORLD_OUT);
		world_set(&w, at, VTD_SS_R);
	}
}

/* Rights that do not suffice are no fault of a translation request. */
/* covers: FC_LGN_2 FC_LGN_3 */
static void test_lgn_2_and_3_translation_request_gets_what_there_is(void **state)
{
	struct world w;
	uint64_t at;
	struct hwi_response r;

	world_legacy(&w, *state);
	at = world_ss(&w, WORLD_IN, 1);
	world_clear(&w, at, VTD_SS_W);
	r = bench_request(w.b, HWI_TRANSLATION_REQUEST, WORLD_SID, HWI_PASID_NONE, WORLD_IN,
			  HWI_READ);
	assert_int_equal(r.rights, HWI_READ);
	bench_expect_no_fault(w.b);
	bench_expect_refused(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_WRITE, 0x05);
	bench_inv_everything(w.b);
	world_set(&w, at, VTD_SS_W);
	world_clear(&w, at, VTD_SS_R);
	r = bench_request(w.b, HWI_TRANSLATION_REQUEST, WORLD_SID, HWI_PASID_NONE, WORLD_IN,
			  HWI_READ);
	assert_int_equal(r.rights, HWI_WRITE);
	bench_expect_no_fault(w.b);
	bench_expect_refused(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, 0x06);
	world_clear(&w, at, VTD_SS_W);
	world_expect(&w, &(struct world_fault){ .reason = 0x06, .t = S0 });
}

/* covers: FC_LGN_3 */
static void test_lgn_3_zero_length_read_needs_any_right_with_zlr(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	world_legacy(&w, b);
	world_clear(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_R);
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ | HWI_ZLR, WORLD_OUT);
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ | HWI_ZLR, WORLD_OUT);
	cfg.cap &= ~VTD_CAP_ZLR;
	bench_remake(b, &cfg);
	b->root = 0;
	world_legacy(&w, b);
	world_clear(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_R);
	world_expect(&w, &(struct world_fault){ .reason = 0x06, .u = UR, .qualified = true,
						.met = MET_CTX, .access = HWI_READ | HWI_ZLR });
}

/* covers: FC_LSS_2 */
static void test_lss_2_reserved_bits(void **state)
{
	static const struct {
		uint64_t addr;
		unsigned int level;
		uint64_t bits;
	} bad[] = {
		{ WORLD_IN, 4, HWI_BIT64(7) | HWI_BIT64(11) | HWI_BIT64(62) },
		{ WORLD_IN, 3, HWI_BIT64(11) | HWI_BIT64(62) },
		{ WORLD_IN, 2, HWI_BIT64(11) | HWI_BIT64(62) },
		{ WORLD_IN, 1, HWI_BIT64(62) },
		{ WORLD_IN_2M, 2, HWI_MASK64(20, 12) | HWI_BIT64(62) },
		{ WORLD_IN_1G, 3, HWI_MASK64(29, 12) | HWI_BIT64(62) },
	};
	struct world w;

	world_legacy(&w, *state);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t at = world_ss(&w, bad[i].addr, bad[i].level);

		for (unsigned int bit = 0; bit < 64; bit++) {
			if (!(bad[i].bits & HWI_BIT64(bit)))
				continue;
			world_set(&w, at, HWI_BIT64(bit));
			world_expect(&w, &(struct world_fault){ .reason = 0x0c, .u = UR, .t = CA,
								.qualified = true, .met = MET_CTX,
								.addr = bad[i].addr });
			world_clear(&w, at, HWI_BIT64(bit));
		}
	}
}

/* What a unit lacks makes bits reserved: SNP, large pages, addresses. */
/* covers: FC_LSS_2 */
static void test_lss_2_reserved_by_capability(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world_fault f = { .reason = 0x0c, .u = UR, .t = CA, .qualified = true,
				 .met = MET_CTX };
	struct world w;

	world_legacy(&w, b);
	world_set(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_SNP);
	world_expect_pass(&w);

	cfg.ecap &= ~VTD_ECAP_SC;
	cfg.cap &= ~VTD_CAP_SSLPS;
	cfg.haw = 40;
	bench_remake(b, &cfg);
	b->root = 0;
	world_legacy(&w, b);
	world_expect_pass(&w);
	f.addr = WORLD_IN_2M;
	world_expect(&w, &f);
	f.addr = WORLD_IN_1G;
	world_expect(&w, &f);
	f.addr = 0;
	world_set(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_SNP);
	world_expect(&w, &f);
	world_clear(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_SNP);
	for (unsigned int level = 1; level <= 4; level++) {
		world_set(&w, world_ss(&w, WORLD_IN, level), HWI_BIT64(40));
		world_expect(&w, &f);
		world_clear(&w, world_ss(&w, WORLD_IN, level), HWI_BIT64(40));
	}
}

/* covers: FC_LGN_4 */
static void test_lgn_4_output_in_the_interrupt_range(void **state)
{
	struct world w;
	uint64_t at;

	world_legacy(&w, *state);
	at = world_ss(&w, WORLD_IN, 1);
	bench_w64(w.b, at, UINT64_C(0xfeeff000) | VTD_SS_R | VTD_SS_W);
	world_expect(&w, &(struct world_fault){ .reason = 0x0e, .u = UR, .t = CA, .qualified = true,
						.met = MET_CTX });
	world_expect(&w, &(struct world_fault){ .reason = 0x0e, .x = UR, .qualified = true,
						.met = MET_CTX, .addr = UINT64_C(0xfee00000) });
	bench_w64(w.b, at, UINT64_C(0xfef00000) | VTD_SS_R | VTD_SS_W);
	bench_inv_everything(w.b);
	bench_expect(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, UINT64_C(0xfef00000));
}

/* A large page of which a part lies there. */
/* covers: FC_LGN_4 */
static void test_lgn_4_large_page_over_the_interrupt_range(void **state)
{
	struct bench *b = *state;
	struct world w;
	struct hwi_response r;
	const uint64_t in = WORLD_IN_1G + UINT64_C(0x3ee00000);

	world_legacy(&w, b);
	bench_w64(b, world_ss(&w, WORLD_IN_1G, 3),
		  UINT64_C(0xc0000000) | VTD_SS_PS | VTD_SS_R | VTD_SS_W);
	world_expect(&w, &(struct world_fault){ .reason = 0x0e, .u = UR, .t = CA, .qualified = true,
						.met = MET_CTX, .addr = in });
	/* The rest of it can be used, but is not told to a device as a whole. */
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN_1G, HWI_READ, UINT64_C(0xc0000000));
	bench_expect(b, WORLD_SID, HWI_PASID_NONE, in + 0x100000, HWI_READ, UINT64_C(0xfef00000));
	bench_expect_refused(b, WORLD_SID, HWI_PASID_NONE, in, HWI_WRITE | HWI_NO_SNOOP, 0x0e);
	r = bench_request(b, HWI_TRANSLATION_REQUEST, WORLD_SID, HWI_PASID_NONE, in + 0x100000,
			  HWI_READ);
	assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
	bench_expect_fault(b, 0x0e, WORLD_SID);
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_a_sound_world_translates),
		T(test_lrt_1_root_entry_does_not_answer),
		T(test_lrt_2_root_entry_not_present),
		T(test_lrt_3_root_entry_reserved),
		T(test_lct_1_context_entry_does_not_answer),
		T(test_lct_2_context_entry_not_present),
		T(test_lct_3_context_entry_reserved),
		T(test_lct_3_domain_id_wider_than_nd),
		T(test_lct_4_1_address_width),
		T(test_lct_4_2_translation_type),
		T(test_lct_4_3_first_table_does_not_answer),
		T(test_lss_1_lower_table_does_not_answer),
		T(test_lct_5_type_blocks_translation_requests),
		T(test_lgn_1_1_address_beyond_agaw),
		T(test_lgn_1_1_address_beyond_mgaw),
		T(test_lgn_1_2_translated_address_beyond_haw),
		T(test_lgn_1_3_pass_through_beyond_haw),
		T(test_lgn_2_no_right_to_write),
		T(test_lgn_3_no_right_to_read),
		T(test_lgn_2_and_3_translation_request_gets_what_there_is),
		T(test_lgn_3_zero_length_read_needs_any_right_with_zlr),
		T(test_lss_2_reserved_bits),
		T(test_lss_2_reserved_by_capability),
		T(test_lgn_4_output_in_the_interrupt_range),
		T(test_lgn_4_large_page_over_the_interrupt_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fault conditions of RTADDR and of scalable root and context entries (VT-d 5.10
 * Table 30: RTA, SRT, SCT, SGN.10).
 */
#include "world.h"

#include "hwiommu/bits.h"

#define TTM(n) HWI_PUT(VTD_RTADDR_TTM, n)

/* A scalable world whose latched mode is then changed; nothing is cached of before. */
static void in_mode(struct world *w, struct bench *b, uint64_t bits)
{
	world_scalable(w, b, VTD_PGTT_SS);
	bench_set_root(b, bits);
}

/* covers: FC_RTA_1_1 */
static void test_rta_1_1_abort_mode_without_adms(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.ecap &= ~VTD_ECAP_ADMS;
	bench_remake(b, &cfg);
	in_mode(&w, b, TTM(VTD_TTM_ABORT));
	world_unqualified(&w, 0x30, UR, CA, UR);
}

/* covers: FC_RTA_1_2 */
static void test_rta_1_2_reserved_mode(void **state)
{
	struct world w;

	in_mode(&w, *state, TTM(VTD_TTM_RSVD));
	world_unqualified(&w, 0x30, UR, CA, UR);
}

/* covers: FC_RTA_1_3 */
static void test_rta_1_3_scalable_mode_without_smts(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.ecap &= ~(VTD_ECAP_SMTS | VTD_ECAP_NEST | VTD_ECAP_PRS | VTD_ECAP_SRS | VTD_ECAP_EAFS |
		      VTD_ECAP_PSS | VTD_ECAP_PASID | VTD_ECAP_FSTS | VTD_ECAP_SMPWCS |
		      VTD_ECAP_SSADS | VTD_ECAP_RPS | VTD_ECAP_RPRIVS | VTD_ECAP_PTRS |
		      VTD_ECAP_SMS | VTD_ECAP_ADMS);
	cfg.cap &= ~(VTD_CAP_FS1GP | VTD_CAP_FS5LP);
	bench_remake(b, &cfg);
	world_legacy(&w, b);
	bench_set_root(b, TTM(VTD_TTM_SCALABLE));
	world_unqualified(&w, 0x30, UR, CA, UR);
}

/* covers: FC_RTA_1_4 */
static void test_rta_1_4_ssirwe_in_legacy_mode(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	bench_set_root(w.b, VTD_RTADDR_SSIRWE);
	world_unqualified(&w, 0x30, UR, CA, UR);
}

/* covers: FC_RTA_2 */
static void test_rta_2_pasid_in_legacy_mode(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_expect(&w, &(struct world_fault){ .reason = 0x31, .u = UR, .t = UR, .x = UR,
						.who = WITH_PASID });
	/* Also beside the other thing that is wrong with the register. */
	bench_set_root(w.b, VTD_RTADDR_SSIRWE);
	world_expect(&w, &(struct world_fault){ .reason = 0x31, .u = UR, .t = UR, .x = UR,
						.who = WITH_PASID });
}

/* covers: FC_RTA_4 */
static void test_rta_4_abort_mode(void **state)
{
	struct world w;

	in_mode(&w, *state, TTM(VTD_TTM_ABORT));
	world_unqualified(&w, 0x33, UR, UR, UR);
}

/* covers: FC_RTA_5 */
static void test_rta_5_execute_request_from_version_8(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.ver_major = 8;
	bench_remake(b, &cfg);
	world_scalable(&w, b, VTD_PGTT_FS);
	world_expect(&w, &(struct world_fault){ .reason = 0x34, .u = UR, .t = UR, .x = UR,
						.who = WITH_PASID, .met = 0,
						.access = HWI_READ | HWI_EXEC });
	world_fetches_alone_ask_to_execute(&w);
	world_expect_pass(&w);
}

/* covers: FC_SRT_1 */
static void test_srt_1_root_entry_does_not_answer(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_fail_read(w.b, w.root_at, 8);
	world_unqualified(&w, 0x38, UR, CA, UR);
}

/* covers: FC_SRT_2 */
static void test_srt_2_half_not_present(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, w.root_at, VTD_SROOT_P);
	world_set(&w, w.root_at, VTD_SROOT_RSVD);
	world_unqualified(&w, 0x39, UR, UR, UR);
}

/* covers: FC_SRT_3 */
static void test_srt_3_root_entry_reserved(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	for (unsigned int bit = 1; bit < 12; bit++) {
		world_set(&w, w.root_at, HWI_BIT64(bit));
		world_unqualified(&w, 0x3a, UR, CA, UR);
		world_clear(&w, w.root_at, HWI_BIT64(bit));
	}
	world_set(&w, w.root_at, HWI_BIT64(60));
	world_unqualified(&w, 0x3a, UR, CA, UR);
}

/* Of both halves, whichever is in use; of one that is not present nothing counts (§9.2). */
/* covers: FC_SRT_3 */
static void test_srt_3_other_half_reserved(void **state)
{
	struct world w;
	uint64_t other;

	world_scalable(&w, *state, VTD_PGTT_FS);
	other = w.root_at + 8;
	for (unsigned int bit = 1; bit < 64; bit += bit < 11 ? 1 : bit == 11 ? 41 : 1) {
		bench_w64(w.b, other, HWI_BIT64(bit) | VTD_SROOT_P);
		world_unqualified(&w, 0x3a, UR, CA, UR);
		bench_w64(w.b, other, HWI_BIT64(bit));
		world_expect_pass(&w);
	}
	bench_w64(w.b, other, BENCH_NOWHERE | VTD_SROOT_P);
	world_expect_pass(&w);
	/* The other way round, and the half in use not present: that comes first. */
	bench_remake(w.b, NULL);
	w.b->root = 0;
	world_scalable(&w, w.b, VTD_PGTT_FS);
	other = w.root_at + 8;
	world_set(&w, w.root_at, VTD_SROOT_RSVD);
	bench_w64(w.b, other, bench_r64(w.b, w.root_at) & ~VTD_SROOT_RSVD);
	bench_inv_everything(w.b);
	bench_expect_refused(w.b, WORLD_SID | 0x80, HWI_PASID_NONE, WORLD_IN, HWI_READ, 0x3a);
	bench_w64(w.b, other, 0);
	bench_expect_refused(w.b, WORLD_SID | 0x80, HWI_PASID_NONE, WORLD_IN, HWI_READ, 0x39);
}

/* The other half has no say while it is not present. */
static void test_srt_devices_16_to_31_use_the_upper_half(void **state)
{
	struct bench *b = *state;
	struct world w;
	const uint16_t upper = WORLD_SID | 0x80;
	struct build_pe pe;

	world_scalable(&w, b, VTD_PGTT_PT);
	bench_expect_refused(b, upper, HWI_PASID_NONE, WORLD_IN, HWI_READ, 0x39);
	build_scontext(b, upper, 0, 0, 0);
	pe = pe_pass_through(9);
	build_pasid(b, upper, 0, pe.q);
	bench_expect(b, upper, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_IN);
	bench_inv_everything(b);
	bench_w64(b, w.root_at, VTD_SROOT_RSVD); /* lower half: LP=0 */
	bench_expect(b, upper, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_IN);
}

/* covers: FC_SCT_1 */
static void test_sct_1_context_entry_does_not_answer(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_fail_read(w.b, w.ctx + 16, 8);
	world_unqualified(&w, 0x40, UR, CA, UR);
}

/* covers: FC_SCT_2 */
static void test_sct_2_context_entry_not_present(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_P);
	world_qualified(&w, 0x41, UR, UR, UR, MET_CTX);
}

/* covers: FC_SCT_3 */
static void test_sct_3_context_entry_reserved(void **state)
{
	struct world w;
	const uint64_t rsvd[] = { HWI_MASK64(8, 7) | HWI_BIT64(5) | HWI_BIT64(52),
				  HWI_MASK64(63, 21), HWI_ALL64, HWI_ALL64 };

	world_scalable(&w, *state, VTD_PGTT_FS);
	for (unsigned int q = 0; q < 4; q++) {
		for (unsigned int bit = 0; bit < 64; bit++) {
			if (!(rsvd[q] & HWI_BIT64(bit)))
				continue;
			world_set(&w, w.ctx + 8 * (uint64_t)q, HWI_BIT64(bit));
			world_qualified(&w, 0x42, UR, CA, UR, MET_CTX);
			world_clear(&w, w.ctx + 8 * (uint64_t)q, HWI_BIT64(bit));
		}
	}
}

/* A bit each of what the unit lacks. */
/* covers: FC_SCT_3 */
static void test_sct_3_context_entry_reserved_by_capability(void **state)
{
	static const struct {
		uint64_t ecap; /* taken away */
		unsigned int q;
		uint64_t bit;
	} lacking[] = {
		{ VTD_ECAP_DT | VTD_ECAP_PRS | VTD_ECAP_NWFS | VTD_ECAP_DIT | VTD_ECAP_PDS |
			  VTD_ECAP_PTRS | VTD_ECAP_SMS, 0, VTD_SCTX_Q0_DTE },
		{ VTD_ECAP_PASID | VTD_ECAP_PTRS, 0, VTD_SCTX_Q0_PASIDE },
		{ VTD_ECAP_PRS | VTD_ECAP_SMS, 0, VTD_SCTX_Q0_PRE },
		{ VTD_ECAP_PTRS, 0, VTD_SCTX_Q0_EPTR },
		{ VTD_ECAP_RPS, 1, HWI_BIT64(0) },
		{ VTD_ECAP_RPRIVS, 1, VTD_SCTX_Q1_RID_PRIV },
	};
	struct bench *b = *state;
	const struct hwi_vtd_config whole = b->cfg;

	for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++) {
		struct hwi_vtd_config cfg = whole;
		struct world w;

		cfg.ecap &= ~lacking[i].ecap;
		bench_remake(b, &cfg);
		b->root = 0;
		world_scalable(&w, b, VTD_PGTT_PT);
		bench_w64(b, w.ctx, bench_r64(b, w.ctx) & (VTD_SCTX_Q0_P | VTD_SCTX_Q0_PASIDDIRPTR));
		bench_expect(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_IN);
		bench_inv_everything(b);
		world_set(&w, w.ctx + 8 * (uint64_t)lacking[i].q, lacking[i].bit);
		bench_expect_refused(b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, 0x42);
	}
}

/* covers: FC_SCT_4_1 */
static void test_sct_4_1_pre_without_dte(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_DTE);
	world_qualified(&w, 0x43, UR, CA, UR, MET_CTX);
}

/* covers: FC_SCT_4_2 */
static void test_sct_4_2_rid_pasid_beyond_the_directory(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS); /* PDTS=0: 2^13 PASIDs */
	bench_w64(w.b, w.ctx + 8, 0x2000);
	world_qualified(&w, 0x43, UR, CA, UR, MET_CTX);
	world_set(&w, w.ctx, HWI_PUT(VTD_SCTX_Q0_PDTS, 1));
	bench_w64(w.b, w.ctx + 8, 0x4000);
	world_qualified(&w, 0x43, UR, CA, UR, MET_CTX);
}

/* Requests with PASID of other kinds end at SCT.6. */
/* covers: FC_SCT_4_3 */
static void test_sct_4_3_eptr_without_paside(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_PASIDE);
	world_expect(&w, &(struct world_fault){ .reason = 0x43, .u = UR, .t = CA, .x = UR,
						.qualified = true, .met = MET_CTX,
						.who = WITHOUT_PASID });
	world_expect(&w, &(struct world_fault){ .reason = 0x43, .x = UR, .qualified = true,
						.met = MET_CTX, .who = WITH_PASID });
	world_expect(&w, &(struct world_fault){ .reason = 0x45, .u = UR, .t = UR,
						.qualified = true, .met = MET_CTX,
						.who = WITH_PASID });
}

/* covers: FC_SCT_5 */
static void test_sct_5_translation_requests_without_dte(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PRE);
	world_qualified(&w, 0x44, NA, UR, UR, MET_CTX);
	bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
}

/* covers: FC_SCT_6 */
static void test_sct_6_pasid_without_paside(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_PASIDE | VTD_SCTX_Q0_EPTR);
	world_expect(&w, &(struct world_fault){ .reason = 0x45, .u = UR, .t = UR,
						.qualified = true, .met = MET_CTX,
						.who = WITH_PASID });
	bench_expect(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);
}

/* covers: FC_SCT_10 */
static void test_sct_10_translated_with_pasid_without_eptr(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_EPTR);
	world_expect(&w, &(struct world_fault){ .reason = 0x49, .x = UR, .qualified = true,
						.met = MET_CTX, .who = WITH_PASID });
}

static void expect_pasid_fault(struct world *w, uint32_t pasid, uint8_t reason)
{
	static const uint8_t kinds[] = { HWI_UNTRANSLATED, HWI_TRANSLATION_REQUEST,
					 HWI_TRANSLATED };
	struct bench *b = w->b;

	for (unsigned int i = 0; i < 6; i++) {
		struct hwi_response r;

		bench_inv_everything(b);
		if (i == 3)
			world_set(w, w->ctx, VTD_SCTX_Q0_FPD);
		r = bench_request(b, kinds[i % 3], WORLD_SID, pasid, WORLD_IN, HWI_READ);
		assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
		assert_int_equal(r.fault, reason);
		if (i < 3) {
			struct bench_record rec = bench_expect_fault(b, reason, WORLD_SID);

			assert_true(rec.pp);
			assert_int_equal(rec.pasid, pasid);
			assert_int_equal(rec.at, kinds[i]);
		} else {
			bench_expect_no_fault(b);
		}
	}
	world_clear(w, w->ctx, VTD_SCTX_Q0_FPD);
	bench_inv_everything(b);
}

/* covers: FC_SCT_7 */
static void test_sct_7_pasid_beyond_the_directory(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	expect_pasid_fault(&w, 0x2000, 0x46);
	expect_pasid_fault(&w, 0xfffff, 0x46);
	/* The last one inside has its directory entry. */
	bench_expect_refused(w.b, WORLD_SID, 0x1fff, WORLD_IN, HWI_READ, 0x51);
}

/* covers: FC_SCT_9 */
static void test_sct_9_pasid_of_requests_without(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	expect_pasid_fault(&w, 0, 0x48);
	bench_w64(w.b, w.ctx + 8, WORLD_PASID);
	bench_inv_everything(w.b);
	expect_pasid_fault(&w, WORLD_PASID, 0x48);
	bench_expect(w.b, WORLD_SID, 0, WORLD_IN, HWI_READ, WORLD_OUT);
	bench_expect(w.b, WORLD_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);
}

/* covers: FC_SGN_10 */
static void test_sgn_10_pasid_wider_than_pss(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.ecap = HWI_SET(VTD_ECAP_PSS, cfg.ecap, 8 - 1);
	bench_remake(b, &cfg);
	world_scalable(&w, b, VTD_PGTT_FS);
	expect_pasid_fault(&w, 0x100, 0x89);
	expect_pasid_fault(&w, 0xfffff, 0x89);
	bench_expect_refused(b, WORLD_SID, 0xff, WORLD_IN, HWI_READ, 0x51);
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_rta_1_1_abort_mode_without_adms),
		T(test_rta_1_2_reserved_mode),
		T(test_rta_1_3_scalable_mode_without_smts),
		T(test_rta_1_4_ssirwe_in_legacy_mode),
		T(test_rta_2_pasid_in_legacy_mode),
		T(test_rta_4_abort_mode),
		T(test_rta_5_execute_request_from_version_8),
		T(test_srt_1_root_entry_does_not_answer),
		T(test_srt_2_half_not_present),
		T(test_srt_3_root_entry_reserved),
		T(test_srt_3_other_half_reserved),
		T(test_srt_devices_16_to_31_use_the_upper_half),
		T(test_sct_1_context_entry_does_not_answer),
		T(test_sct_2_context_entry_not_present),
		T(test_sct_3_context_entry_reserved),
		T(test_sct_3_context_entry_reserved_by_capability),
		T(test_sct_4_1_pre_without_dte),
		T(test_sct_4_2_rid_pasid_beyond_the_directory),
		T(test_sct_4_3_eptr_without_paside),
		T(test_sct_5_translation_requests_without_dte),
		T(test_sct_6_pasid_without_paside),
		T(test_sct_10_translated_with_pasid_without_eptr),
		T(test_sct_7_pasid_beyond_the_directory),
		T(test_sct_9_pasid_of_requests_without),
		T(test_sgn_10_pasid_wider_than_pss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

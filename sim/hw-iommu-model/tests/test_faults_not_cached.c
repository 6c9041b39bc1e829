/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * With CM=0 an entry that a request faulted on is not cached, so software that puts
 * it right owes no invalidation - also where the entry is good in itself and only
 * this request may not use it (VT-d 5.10 §6.2.2, §6.2.3, §6.4).
 */
#include "world.h"

#include "hwiommu/bits.h"

/* An entry as it is to become, one word of it. */
struct repair {
	uint64_t at, good;
};

static struct repair spoil(struct world *w, uint64_t at, uint64_t set, uint64_t clear)
{
	struct repair r = { at, bench_r64(w->b, at) };

	world_set(w, at, set);
	world_clear(w, at, clear);
	return r;
}

/* Refused, put right, passes: all without a descriptor. */
static void passes_once_right(struct world *w, unsigned int kind, uint32_t pasid,
			      unsigned int access, uint8_t reason, struct repair r)
{
	uint64_t addr = kind == HWI_TRANSLATED ? WORLD_OUT : WORLD_IN;
	struct hwi_response resp;

	for (unsigned int i = 0; i < 2; i++) {
		resp = bench_request(w->b, kind, WORLD_SID, pasid, addr, access);
		assert_int_equal(resp.fault, reason);
	}
	bench_clear_faults(w->b);
	bench_w64(w->b, r.at, r.good);
	resp = bench_request(w->b, kind, WORLD_SID, pasid, addr, access);
	assert_int_equal(resp.outcome, HWI_SUCCESS);
	assert_int_equal(resp.fault, 0);
	assert_int_equal(hwi_hpa_val(resp.addr), WORLD_OUT);
	bench_expect_no_fault(w->b);
}

/* The translation type blocks device-TLBs: LCT.5. */
/* covers: FC_LCT_5 */
static void test_translation_type(void **state)
{
	static const unsigned int kinds[] = { HWI_TRANSLATION_REQUEST, HWI_TRANSLATED };

	for (unsigned int i = 0; i < 2; i++) {
		struct world w;

		bench_remake(*state, NULL);
		world_legacy(&w, *state);
		passes_once_right(&w, kinds[i], HWI_PASID_NONE, HWI_READ, 0x0d,
				  spoil(&w, w.ctx, 0, VTD_CTX_L0_TT));
	}
}

/* What a scalable context entry does not allow this request: SCT.4.3 to SCT.10. */
/* covers: FC_SCT_4_3 FC_SCT_5 FC_SCT_6 FC_SCT_9 FC_SCT_10 */
static void test_scalable_context_entry(void **state)
{
	static const struct {
		uint8_t reason;
		unsigned int kind;
		uint32_t pasid;
		unsigned int word;
		uint64_t set, clear;
	} cases[] = {
		{ 0x43, HWI_UNTRANSLATED, HWI_PASID_NONE, 0, 0, VTD_SCTX_Q0_PASIDE },
		{ 0x44, HWI_TRANSLATION_REQUEST, HWI_PASID_NONE, 0, 0,
		  VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PRE },
		{ 0x44, HWI_TRANSLATED, HWI_PASID_NONE, 0, 0, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PRE },
		{ 0x45, HWI_UNTRANSLATED, WORLD_PASID, 0, 0,
		  VTD_SCTX_Q0_PASIDE | VTD_SCTX_Q0_EPTR },
		{ 0x48, HWI_UNTRANSLATED, WORLD_PASID, 1, WORLD_PASID, 0 },
		{ 0x49, HWI_TRANSLATED, WORLD_PASID, 0, 0, VTD_SCTX_Q0_EPTR },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;

		bench_remake(*state, NULL);
		world_scalable(&w, *state, VTD_PGTT_FS);
		passes_once_right(&w, cases[i].kind, cases[i].pasid, HWI_READ, cases[i].reason,
				  spoil(&w, w.ctx + 8 * (uint64_t)cases[i].word, cases[i].set,
					cases[i].clear));
	}
}

/* A PASID that the directory is too small for: SCT.7. */
/* covers: FC_SCT_7 */
static void test_pasid_behind_the_directory(void **state)
{
	const uint32_t pasid = 1u << 13;
	struct build_pe pe;
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	w.ctx = build_scontext(w.b, WORLD_SID, VTD_SCTX_Q0_PASIDE, 1, 0);
	pe = pe_first_stage(WORLD_DID, VTD_FSPM_4, w.fs_root);
	build_pasid(w.b, WORLD_SID, pasid, pe.q);
	passes_once_right(&w, HWI_UNTRANSLATED, pasid, HWI_READ, 0x46,
			  spoil(&w, w.ctx, 0, VTD_SCTX_Q0_PDTS));
}

/* A page request that its function may not send: SCT.8. */
/* covers: FC_SCT_8 */
static void test_page_request_enable(void **state)
{
	const struct hwi_page_request req = {
		.requester = WORLD_SID,
		.pasid = WORLD_PASID,
		.addr = hwi_iova(WORLD_IN),
		.access = HWI_READ,
		.last = true,
	};
	struct repair r;
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_write64(w.b, VTD_REG_PQA, bench_alloc(w.b, 1));
	r = spoil(&w, w.ctx, 0, VTD_SCTX_Q0_PRE);
	assert_int_equal(hwi_page_request(w.b->unit, &req), HWI_OK);
	bench_expect_fault(w.b, 0x47, WORLD_SID);
	bench_w64(w.b, r.at, r.good);
	assert_int_equal(hwi_page_request(w.b->unit, &req), HWI_OK);
	bench_expect_no_fault(w.b);
	assert_int_equal(bench_read64(w.b, VTD_REG_PQT), VTD_PRD_SIZE);
}

/* What a PASID entry does not allow this request: SPT.6. */
/* covers: FC_SPT_6 */
static void test_pasid_entry(void **state)
{
	for (unsigned int rid = 0; rid < 2; rid++) {
		struct world w;
		struct repair r;

		bench_remake(*state, NULL);
		world_scalable(&w, *state, VTD_PGTT_FS);
		if (rid)
			world_set(&w, w.ctx + 8, VTD_SCTX_Q1_RID_PRIV);
		world_set(&w, w.pe[!rid] + 16, VTD_PE_Q2_SRE);
		r = spoil(&w, w.pe[!rid] + 16, 0, VTD_PE_Q2_SRE);
		passes_once_right(&w, HWI_UNTRANSLATED, rid ? HWI_PASID_NONE : WORLD_PASID,
				  rid ? HWI_READ : HWI_READ | HWI_PRIV, 0x5d, r);
	}
}

/* A request that passed has the entries cached, whoever faults on them afterwards. */
/* covers: FC_SCT_5 FC_SPT_6 */
static void test_entries_in_use_stay(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_scalable(&w, b, VTD_PGTT_FS);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PRE);
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
	for (unsigned int i = 0; i < 2; i++) {
		struct hwi_response r = bench_request(b, HWI_TRANSLATION_REQUEST, WORLD_SID,
						      WORLD_PASID, WORLD_IN, HWI_READ);

		assert_int_equal(r.fault, 0x44);
		bench_expect_fault(b, 0x44, WORLD_SID);
		bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ | HWI_PRIV, 0x5d);
		world_set(&w, w.ctx, VTD_SCTX_Q0_DTE);
		world_pe_set(&w, 2, VTD_PE_Q2_SRE);
	}
	bench_inv_context(b);
	bench_inv_pasid(b);
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ | HWI_PRIV, WORLD_OUT);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_translation_type),
		T(test_scalable_context_entry),
		T(test_pasid_behind_the_directory),
		T(test_page_request_enable),
		T(test_pasid_entry),
		T(test_entries_in_use_stay),
	};

	return cmocka_run_group_tests_name("faults_not_cached", tests, NULL, NULL);
}

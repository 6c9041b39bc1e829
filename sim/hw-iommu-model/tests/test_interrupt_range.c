/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Requests to the interrupt range FEEx_xxxx that are no interrupts: translation
 * requests are a special condition only where nothing else is wrong (VT-d 5.10
 * §4.2.3, Table 30: S.1, S.2); and while translation is off no PASID changes what
 * a request to the range is (§3.1, §3.15).
 */
#include "world.h"

#include "hwiommu/bits.h"

#define FEE UINT64_C(0xfee00000)

static struct hwi_response ask(struct world *w, unsigned int flags)
{
	return bench_request(w->b, HWI_TRANSLATION_REQUEST, WORLD_SID, HWI_PASID_NONE, FEE + 0x5000,
			     HWI_READ | flags);
}

/* S.1 and S.2: to be reached by untranslated writes, or with NW not at all. */
static void expect_special(struct world *w)
{
	struct hwi_response r = ask(w, 0);

	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(r.rights, HWI_WRITE);
	assert_int_equal(r.ats, HWI_ATS_U);
	assert_int_equal(r.span_log2, 12);
	assert_int_equal(r.fault, 0);
	r = ask(w, HWI_NO_WRITE);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(r.rights, 0);
	assert_int_equal(r.ats, 0);
	assert_int_equal(r.fault, 0);
	bench_expect_no_fault(w->b);
}

static void expect_fault(struct world *w, uint8_t reason, enum world_answer t, bool qualified,
			 unsigned int met)
{
	world_expect(w, &(struct world_fault){ .reason = reason, .t = t, .qualified = qualified,
					       .met = met, .who = WITHOUT_PASID, .addr = FEE });
}

/* Whatever the kind of translation, and without a mapping for the range in any table. */
static void test_special_conditions_by_type(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_legacy(&w, b);
	expect_special(&w);
	for (unsigned int pgtt = VTD_PGTT_FS; pgtt <= VTD_PGTT_PT; pgtt++) {
		bench_remake(b, NULL);
		b->root = 0;
		b->next_page = VTD_PAGE_SIZE;
		memset(b->mem, 0, BENCH_MEM);
		world_scalable(&w, b, pgtt);
		expect_special(&w);
	}
}

/* A unit that does not know NW takes it for 0 (§4.2.3). */
static void test_no_write_without_nwfs(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct hwi_response r;
	struct world w;

	cfg.ecap &= ~VTD_ECAP_NWFS;
	bench_remake(b, &cfg);
	world_legacy(&w, b);
	r = ask(&w, HWI_NO_WRITE);
	assert_int_equal(r.rights, HWI_WRITE);
	assert_int_equal(r.ats, HWI_ATS_U);
}

/* Legacy mode: what is wrong with the entries of the function comes first. */
/* covers: FC_LCT_5 FC_LCT_2 FC_LRT_2 FC_RTA_1_4 */
static void test_legacy_entries_come_first(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	world_clear(&w, w.ctx, VTD_CTX_L0_TT); /* translation requests blocked */
	expect_fault(&w, 0x0d, UR, true, MET_CTX);
	world_set(&w, w.ctx, HWI_PUT(VTD_CTX_L0_TT, VTD_TT_SS_ATS) | HWI_BIT64(4));
	expect_fault(&w, 0x0b, CA, true, MET_CTX);
	world_clear(&w, w.ctx, HWI_BIT64(4));
	expect_special(&w);
	world_clear(&w, w.ctx, VTD_CTX_L0_P);
	expect_fault(&w, 0x02, UR, true, MET_CTX);
	world_clear(&w, w.root_at, VTD_ROOT_Q0_P);
	expect_fault(&w, 0x01, UR, false, 0);
	bench_set_root(w.b, VTD_RTADDR_SSIRWE);
	expect_fault(&w, 0x30, CA, false, 0);
}

/* Scalable mode: the same, and those of RID_PASID. */
/* covers: FC_SCT_5 FC_SCT_2 FC_SRT_2 FC_SPT_2 FC_SPT_3 FC_SPD_2 FC_RTA_4 */
static void test_scalable_entries_come_first(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PRE);
	expect_fault(&w, 0x44, UR, true, MET_CTX);
	world_set(&w, w.ctx, VTD_SCTX_Q0_DTE);
	expect_special(&w);
	world_pe_set(&w, 3, 1);
	expect_fault(&w, 0x5a, CA, true, MET_CTX | MET_DIR | MET_PE);
	world_pe_clear(&w, 3, 1);
	world_pe_clear(&w, 0, VTD_PE_Q0_P);
	expect_fault(&w, 0x59, S0, false, 0);
	world_clear(&w, w.dir[0], VTD_PDE_P);
	expect_fault(&w, 0x51, S0, false, 0);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_P);
	expect_fault(&w, 0x41, UR, true, MET_CTX);
	world_clear(&w, w.root_at, VTD_SROOT_P);
	expect_fault(&w, 0x39, UR, false, 0);
	bench_set_root(w.b, HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_ABORT));
	expect_fault(&w, 0x33, UR, false, 0);
}

/* Interrupts are writes of one DWORD, no more, no less, and not of parts of two (§3.15). */
/* covers: FC_IR_29 */
static void test_writes_that_are_no_interrupts(void **state)
{
	static const struct {
		uint64_t addr;
		uint32_t length;
	} bad[] = { { FEE, 1 }, { FEE, 2 }, { FEE, 8 }, { FEE + 2, 4 }, { FEE + 0xffffc, 3 } };
	struct bench *b = *state;
	struct world w;

	for (unsigned int on = 0; on < 2; on++) {
		if (on)
			world_scalable(&w, b, VTD_PGTT_PT);
		for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
			const struct hwi_request req = {
				.requester = WORLD_SID,
				.pasid = HWI_PASID_NONE,
				.addr = hwi_iova(bad[i].addr),
				.length = bad[i].length,
				.access = HWI_WRITE,
			};
			struct hwi_response r;

			assert_int_equal(hwi_translate(b->unit, &req, &r), HWI_OK);
			assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
			bench_expect_fault(b, 0x29, WORLD_SID);
		}
		assert_int_equal(bench_dma(b, WORLD_SID, HWI_PASID_NONE, FEE + 0xffffc, HWI_WRITE)
					 .outcome,
				 HWI_IS_INTERRUPT);
	}
}

/* Translation off: the PASID prefix is ignored. */
/* covers: FC_IR_29 */
static void test_pasid_is_ignored_while_off(void **state)
{
	static const uint32_t who[] = { HWI_PASID_NONE, 0, WORLD_PASID };
	struct bench *b = *state;

	for (unsigned int i = 0; i < 3; i++) {
		struct hwi_response r;
		struct bench_record rec;

		assert_int_equal(bench_dma(b, WORLD_SID, who[i], FEE, HWI_WRITE).outcome,
				 HWI_IS_INTERRUPT);
		r = bench_dma(b, WORLD_SID, who[i], FEE + 0x10, HWI_READ | HWI_ZLR);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		assert_int_equal(r.rights, HWI_READ);
		bench_expect_no_fault(b);
		r = bench_dma(b, WORLD_SID, who[i], FEE, HWI_READ | HWI_PRIV);
		assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
		assert_int_equal(r.fault, 0x29);
		rec = bench_expect_fault(b, 0x29, WORLD_SID);
		assert_false(rec.pp);
		/* What is answered for keeps clear of the range. */
		r = bench_dma(b, WORLD_SID, who[i], FEE - 0x1000, HWI_READ);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		assert_int_equal(r.span_log2, 21);
		r = bench_dma(b, WORLD_SID, who[i], UINT64_C(1) << 32, HWI_READ);
		assert_int_equal(r.span_log2, 32);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_special_conditions_by_type),
		T(test_no_write_without_nwfs),
		T(test_legacy_entries_come_first),
		T(test_scalable_entries_come_first),
		T(test_writes_that_are_no_interrupts),
		T(test_pasid_is_ignored_while_off),
	};

	return cmocka_run_group_tests_name("interrupt_range", tests, NULL, NULL);
}

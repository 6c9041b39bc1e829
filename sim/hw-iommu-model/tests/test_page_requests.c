/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Page requests: descriptors, checks, overflow, responses, events (VT-d 5.10 §7.4, §7.5). */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID 0x0310
#define DID 7
#define PASID 0x2345
#define MSI_ADDR UINT64_C(0xfee03000)
#define RW (HWI_READ | HWI_WRITE)

/* A function with page requests allowed and PASID set up as @pe; queue of 2^pqs pages. */
static void start(struct bench *b, const struct build_pe *pe, unsigned int pqs)
{
	build_scontext(b, SID, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PASIDE | VTD_SCTX_Q0_PRE, 7, 0);
	build_pasid(b, SID, PASID, pe->q);
	build_pasid(b, SID, 0, pe->q);
	b->prq = bench_alloc(b, 1u << pqs);
	bench_write64(b, VTD_REG_PQH, 0);
	bench_write64(b, VTD_REG_PQT, 0);
	bench_write64(b, VTD_REG_PQA, b->prq | HWI_PUT(VTD_PQA_PQS, pqs));
	bench_start_scalable(b);
}

static void start_default(struct bench *b)
{
	struct build_pe pe = pe_pass_through(DID);

	start(b, &pe, 0);
}

static void request(struct bench *b, uint32_t pasid, uint64_t addr, unsigned int access,
		    unsigned int prgi, bool last)
{
	const struct hwi_page_request req = {
		.requester = SID,
		.pasid = pasid,
		.addr = hwi_iova(addr),
		.access = (uint8_t)access,
		.prgi = (uint16_t)prgi,
		.last = last,
	};

	assert_int_equal(hwi_page_request(b->unit, &req), HWI_OK);
}

static void expect_response(struct bench *b, uint32_t pasid, unsigned int prgi, uint8_t code)
{
	assert_int_equal(b->prgs, 1);
	assert_int_equal(b->prg[0].requester, SID);
	assert_int_equal(b->prg[0].pasid, pasid);
	assert_int_equal(b->prg[0].prgi, prgi);
	assert_int_equal(b->prg[0].code, code);
	b->prgs = 0;
}

static uint32_t prs(struct bench *b)
{
	return bench_read32(b, VTD_REG_PRS);
}

static uint64_t tail(struct bench *b)
{
	return bench_read64(b, VTD_REG_PQT);
}

/* Every field of the descriptor, with and without PASID. */
/* covers: REG_PQA REG_PQT REG_PRS */
static void test_descriptor_fields(void **state)
{
	struct bench *b = *state;

	start_default(b);
	request(b, PASID, UINT64_C(0xfedcba9876543123), RW | HWI_EXEC | HWI_PRIV, 0x1a5, true);
	request(b, HWI_PASID_NONE, 0x5000, HWI_READ, 1, false);
	request(b, PASID, 0x6000, HWI_WRITE, 0, false);
	assert_int_equal(bench_r64(b, b->prq),
			 UINT64_C(0x01) | 1 << 8 | (uint64_t)SID << 16 | (uint64_t)PASID << 32 |
				 UINT64_C(3) << 52);
	assert_int_equal(bench_r64(b, b->prq + 8),
			 UINT64_C(0xfedcba9876543000) | 0x1a5 << 3 | 7);
	assert_int_equal(bench_r64(b, b->prq + 16), 0);
	assert_int_equal(bench_r64(b, b->prq + 24), 0);
	assert_int_equal(bench_r64(b, b->prq + 32), 0x01 | (uint64_t)SID << 16);
	assert_int_equal(bench_r64(b, b->prq + 40), 0x5000 | 1 << 3 | 1);
	assert_int_equal(bench_r64(b, b->prq + 72), 0x6000 | 2);
	assert_int_equal(tail(b), 96);
	assert_int_equal(prs(b), VTD_PRS_PPR);
	assert_int_equal(b->prgs, 0);
	bench_expect_no_fault(b);
}

/* PR in every queue size: the tail goes round; one slot stays free. */
/* covers: REG_PQH REG_PQT REG_PQA REG_PRS */
static void test_point_11_43_full_when_one_slot_is_left(void **state)
{
	struct bench *b = *state;

	for (unsigned int pqs = 0; pqs < 8; pqs += 7) {
		struct build_pe pe = pe_pass_through(DID);
		unsigned int slots = 128u << pqs;

		bench_remake(b, NULL);
		b->next_page = VTD_PAGE_SIZE;
		start(b, &pe, pqs);
		for (unsigned int i = 0; i < slots - 1; i++)
			request(b, PASID, 0x1000, RW, i & 0x1ff, true);
		assert_int_equal(prs(b), VTD_PRS_PPR);
		assert_int_equal(tail(b), (slots - 1) * 32);
		request(b, PASID, 0x2000, RW, 3, true);
		assert_int_equal(prs(b), VTD_PRS_PPR | VTD_PRS_PRO);
		assert_int_equal(tail(b), (slots - 1) * 32);
		expect_response(b, PASID, 3, HWI_PRG_SUCCESS);
		/* Room again, and PRO cleared: it goes on, round the end. */
		bench_write64(b, VTD_REG_PQH, 64);
		bench_write32(b, VTD_REG_PRS, VTD_PRS_PRO);
		request(b, PASID, 0x3000, RW, 4, true);
		assert_int_equal(tail(b), 0);
		request(b, PASID, 0x4000, RW, 5, true);
		assert_int_equal(tail(b), 32);
		assert_int_equal(bench_r64(b, b->prq + 8), 0x4000 | 5 << 3 | 7);
		request(b, PASID, 0x5000, RW, 6, true);
		expect_response(b, PASID, 6, HWI_PRG_SUCCESS);
		bench_expect_no_fault(b);
	}
}

/* Overflow: Success to the last of a group, nothing to others, no record; PRO stops all. */
/* covers: REG_PRS */
static void test_point_11_42_overflow_answers_success(void **state)
{
	struct bench *b = *state;

	start_default(b);
	bench_write64(b, VTD_REG_PQH, 32); /* full from the start */
	request(b, PASID, 0x1000, RW, 9, false);
	assert_int_equal(b->prgs, 0);
	assert_int_equal(prs(b), VTD_PRS_PRO);
	bench_write64(b, VTD_REG_PQH, 0); /* room, but PRO is still set */
	request(b, HWI_PASID_NONE, 0x1000, RW, 9, false);
	assert_int_equal(b->prgs, 0);
	request(b, HWI_PASID_NONE, 0x1000, RW, 9, true);
	expect_response(b, HWI_PASID_NONE, 9, HWI_PRG_SUCCESS);
	assert_int_equal(tail(b), 0);
	assert_int_equal(prs(b), VTD_PRS_PRO);
	bench_expect_no_fault(b);
	bench_write32(b, VTD_REG_PRS, VTD_PRS_PRO);
	request(b, PASID, 0x1000, RW, 9, true);
	assert_int_equal(tail(b), 32);
}

/* A Stop Marker is written like others, and dropped without a trace if it cannot be. */
static void test_stop_marker(void **state)
{
	struct bench *b = *state;

	start_default(b);
	request(b, PASID, 0x1000, 0, 0x11, true);
	assert_int_equal(bench_r64(b, b->prq + 8), 0x1000 | 0x11 << 3 | 4);
	assert_int_equal(prs(b), VTD_PRS_PPR);
	bench_write32(b, VTD_REG_PRS, VTD_PRS_PPR);
	bench_write64(b, VTD_REG_PQH, 64);
	request(b, PASID, 0x1000, 0, 0x11, true);
	assert_int_equal(prs(b), 0);
	assert_int_equal(tail(b), 32);
	request(b, PASID, 0x1000, RW, 1, false);
	assert_int_equal(prs(b), VTD_PRS_PRO);
	request(b, PASID, 0x1000, 0, 0x11, true);
	assert_int_equal(b->prgs, 0);
	/* Refused for what its function may do: no response either. */
	bench_write32(b, VTD_REG_PRS, VTD_PRS_PRO);
	bench_write64(b, VTD_REG_PQH, 32);
	request(b, PASID + 1, 0x1000, 0, 0x11, true);
	assert_int_equal(b->prgs, 0);
	(void)bench_expect_fault(b, VTD_FR_SPT_2, SID);
}

/* The event needs PPR and PRO both clear; either source raises it; IP goes with both. */
/* covers: REG_PECTL REG_PEDATA REG_PEADDR REG_PEUADDR REG_PRS */
static void test_point_11_44_event_needs_both_clear(void **state)
{
	struct bench *b = *state;

	start_default(b);
	bench_unmask(b, VTD_REG_PECTL, MSI_ADDR | UINT64_C(7) << 32, 0x66);
	request(b, PASID, 0x1000, RW, 1, true);
	assert_int_equal(b->msis, 1);
	assert_int_equal(b->msi[0].addr, MSI_ADDR | UINT64_C(7) << 32);
	assert_int_equal(b->msi[0].data, 0x66);
	request(b, PASID, 0x1000, RW, 1, true);
	assert_int_equal(b->msis, 1);
	bench_write32(b, VTD_REG_PRS, VTD_PRS_PPR);
	request(b, PASID, 0x1000, RW, 1, true);
	assert_int_equal(b->msis, 2);
	/* Overflow while PPR is set: none. Then PRO alone holds back PPR's. */
	bench_write64(b, VTD_REG_PQH, tail(b) + 32);
	request(b, PASID, 0x1000, RW, 1, false);
	assert_int_equal(b->msis, 2);
	bench_write32(b, VTD_REG_PRS, VTD_PRS_PPR);
	assert_int_equal(prs(b), VTD_PRS_PRO);
	/* Overflow with both clear is an event of its own. */
	bench_write32(b, VTD_REG_PRS, VTD_PRS_PRO);
	request(b, PASID, 0x1000, RW, 1, false);
	assert_int_equal(b->msis, 3);
}

/* covers: REG_PECTL REG_PRS */
static void test_differs_12_pending_goes_with_both(void **state)
{
	struct bench *b = *state;

	start_default(b);
	assert_int_equal(bench_read32(b, VTD_REG_PECTL), VTD_PECTL_IM);
	request(b, PASID, 0x1000, RW, 1, true);
	bench_write64(b, VTD_REG_PQH, tail(b) + 32);
	request(b, PASID, 0x1000, RW, 1, false);
	assert_int_equal(prs(b), VTD_PRS_PPR | VTD_PRS_PRO);
	assert_int_equal(bench_read32(b, VTD_REG_PECTL), VTD_PECTL_IM | VTD_PECTL_IP);
	bench_write32(b, VTD_REG_PRS, VTD_PRS_PPR);
	assert_int_equal(bench_read32(b, VTD_REG_PECTL), VTD_PECTL_IM | VTD_PECTL_IP);
	bench_write32(b, VTD_REG_PRS, VTD_PRS_PRO);
	assert_int_equal(bench_read32(b, VTD_REG_PECTL), VTD_PECTL_IM);
	bench_write32(b, VTD_REG_PECTL, 0);
	assert_int_equal(b->msis, 0);
}

/* ---- checks before the queue ---- */

static void expect_fault(struct bench *b, uint32_t pasid, uint8_t reason)
{
	struct bench_record r;

	bench_gcmd(b, VTD_GCMD_SRTP, true); /* ESRTPS: nothing is cached */

	request(b, pasid, 0x7fff000, RW | HWI_PRIV, 0x33, true);
	expect_response(b, pasid, 0x33, HWI_PRG_INVALID);
	r = bench_expect_fault(b, reason, SID);
	assert_int_equal(r.type, BENCH_TYPE_PAGE_REQUEST);
	assert_int_equal(r.fi, 0x7fff000);
	assert_int_equal(r.pp, pasid != HWI_PASID_NONE);
	assert_int_equal(r.pasid, r.pp ? pasid : 0);
	assert_int_equal(r.priv, r.pp);
	/* Not the last of its group: dropped, recorded all the same. */
	request(b, pasid, 0x7fff000, RW, 0x33, false);
	assert_int_equal(b->prgs, 0);
	(void)bench_expect_fault(b, reason, SID);
	assert_int_equal(tail(b), 0);
	assert_int_equal(prs(b), 0);
}

/* With FPD the same answer and no record. */
static void expect_silence(struct bench *b, uint32_t pasid)
{
	bench_gcmd(b, VTD_GCMD_SRTP, true);

	request(b, pasid, 0x7fff000, RW | HWI_PRIV, 0x33, true);
	expect_response(b, pasid, 0x33, HWI_PRG_INVALID);
	bench_expect_no_fault(b);
	assert_int_equal(tail(b), 0);
}

/* Table 31: whatever is wrong up to the PASID entry is a fault and an Invalid Request. */
/* covers: FC_RTA_1_2 FC_RTA_3 FC_RTA_4 FC_SRT_1 FC_SRT_2 FC_SRT_3 */
static void test_faults_of_root(void **state)
{
	struct bench *b = *state;
	uint64_t at;

	start_default(b);
	bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_RSVD));
	expect_fault(b, PASID, VTD_FR_RTA_1_2);
	bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_LEGACY));
	expect_fault(b, HWI_PASID_NONE, VTD_FR_RTA_3);
	bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_ABORT));
	expect_fault(b, PASID, VTD_FR_RTA_4);
	bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_SCALABLE));
	at = build_sroot(b, SID);
	bench_fail_read(b, at, 8);
	expect_fault(b, PASID, VTD_FR_SRT_1);
	bench_heal(b);
	bench_w64(b, at, bench_r64(b, at) | 2);
	expect_fault(b, PASID, VTD_FR_SRT_3);
	bench_w64(b, at, 0);
	expect_fault(b, PASID, VTD_FR_SRT_2);
}

/* covers: FC_SCT_1 FC_SCT_2 FC_SCT_3 FC_SCT_4_1 FC_SCT_4_2 FC_SCT_6 FC_SCT_7 FC_SCT_8 FC_SCT_9 */
static void test_faults_of_context(void **state)
{
	struct bench *b = *state;
	uint64_t at, q0;

	start_default(b);
	at = build_scontext(b, SID, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PASIDE | VTD_SCTX_Q0_PRE, 1, 9);
	q0 = bench_r64(b, at);
	bench_fail_read(b, at, 32);
	expect_fault(b, PASID, VTD_FR_SCT_1);
	bench_heal(b);
	bench_w64(b, at, 0);
	expect_fault(b, PASID, VTD_FR_SCT_2);
	bench_w64(b, at, q0 | HWI_BIT64(7));
	expect_fault(b, PASID, VTD_FR_SCT_3);
	bench_w64(b, at, q0 & ~VTD_SCTX_Q0_DTE);
	expect_fault(b, PASID, VTD_FR_SCT_4_1);
	bench_w64(b, at, q0);
	bench_w64(b, at + 8, 0x4000); /* RID_PASID beyond the 2^14 of PDTS 1 */
	expect_fault(b, PASID, VTD_FR_SCT_4_2);
	bench_w64(b, at + 8, 9);
	bench_w64(b, at, q0 & ~VTD_SCTX_Q0_PRE);
	expect_fault(b, HWI_PASID_NONE, VTD_FR_SCT_8);
	bench_w64(b, at, (q0 & ~VTD_SCTX_Q0_PRE) | VTD_SCTX_Q0_FPD);
	expect_silence(b, HWI_PASID_NONE);
	bench_w64(b, at, q0 & ~VTD_SCTX_Q0_PASIDE);
	expect_fault(b, PASID, VTD_FR_SCT_6);
	bench_w64(b, at, q0);
	expect_fault(b, 0x4000, VTD_FR_SCT_7);
	expect_fault(b, 9, VTD_FR_SCT_9);
}

/* PSS bounds the PASIDs of memory requests alone (Table 30: SGN.10). */
static void test_page_requests_know_no_pss(void **state)
{
	struct bench *b = *state;
	struct build_pe pe = pe_pass_through(DID);
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.ecap = HWI_SET(VTD_ECAP_PSS, cfg.ecap, 13);
	bench_remake(b, &cfg);
	start_default(b);
	expect_fault(b, 0x4000, VTD_FR_SPD_2);
	build_pasid(b, SID, 0x4000, pe.q);
	request(b, 0x4000, 0x1000, HWI_READ, 0, true);
	assert_int_equal(tail(b), 32);
	bench_expect_no_fault(b);
	bench_expect_refused(b, SID, 0x4000, 0x1000, HWI_READ, VTD_FR_SGN_10);
}

/* covers: FC_SPD_1 FC_SPD_2 FC_SPD_3 FC_SPT_1 FC_SPT_2 FC_SPT_3 FC_SPT_4_2 */
static void test_faults_of_pasid_structures(void **state)
{
	struct bench *b = *state;
	struct build_pe pe = pe_pass_through(DID);
	uint64_t dir, at, q0;

	start_default(b);
	dir = build_pasid_dir(b, SID, PASID);
	at = build_pasid(b, SID, PASID, pe.q);
	q0 = bench_r64(b, dir);
	bench_fail_read(b, dir, 8);
	expect_fault(b, PASID, VTD_FR_SPD_1);
	bench_heal(b);
	bench_w64(b, dir, 0);
	expect_fault(b, PASID, VTD_FR_SPD_2);
	bench_w64(b, dir, q0 | 4);
	expect_fault(b, PASID, VTD_FR_SPD_3);
	bench_w64(b, dir, q0);
	bench_fail_read(b, at, 64);
	expect_fault(b, PASID, VTD_FR_SPT_1);
	bench_heal(b);
	bench_w64(b, at, 0);
	expect_fault(b, PASID, VTD_FR_SPT_2);
	bench_w64(b, at, pe.q[0] | HWI_BIT64(5));
	expect_fault(b, PASID, VTD_FR_SPT_3);
	bench_w64(b, at, VTD_PE_Q0_P | HWI_PUT(VTD_PE_Q0_PGTT, 7));
	expect_fault(b, PASID, VTD_FR_SPT_4_2);
}

/* Conditions that need a capability to be missing. */
/* covers: FC_RTA_1_1 */
static void test_faults_of_unsupported_modes(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.ecap &= ~VTD_ECAP_ADMS;
	bench_remake(b, &cfg);
	start_default(b);
	bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_ABORT));
	expect_fault(b, PASID, VTD_FR_RTA_1_1);
}

/* Width, paging mode, nesting: the PASID entry is checked as for any request. */
/* covers: FC_SPT_4_1 FC_SPT_4_3 FC_SPT_4_4 FC_SCT_4_3 */
static void test_faults_of_pasid_entry_programming(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;
	struct build_pe pe;

	bench_config(&cfg);
	cfg.cap = HWI_SET(VTD_CAP_SAGAW, cfg.cap, VTD_SAGAW_48);
	cfg.cap = HWI_SET(VTD_CAP_MGAW, cfg.cap, 52 - 1) & ~VTD_CAP_FS5LP;
	bench_remake(b, &cfg);
	start_default(b);
	pe = pe_second_stage(DID, VTD_AW_39, 0x1000);
	build_pasid(b, SID, PASID, pe.q);
	expect_fault(b, PASID, VTD_FR_SPT_4_1);
	pe = pe_first_stage(DID, VTD_FSPM_5, 0x1000);
	build_pasid(b, SID, PASID, pe.q);
	expect_fault(b, PASID, VTD_FR_SPT_4_3);
	pe = pe_nested(DID, VTD_AW_48, 0x1000, VTD_FSPM_4, UINT64_C(1) << 48);
	build_pasid(b, SID, PASID, pe.q);
	expect_fault(b, PASID, VTD_FR_SPT_4_4);
	/* Privilege or execute asked for: software's question, not the PASID entry's (Table 31). */
	pe = pe_first_stage(DID, VTD_FSPM_4, 0x1000);
	build_pasid(b, SID, PASID, pe.q);
	bench_gcmd(b, VTD_GCMD_SRTP, true);
	request(b, PASID, 0x1000, RW | HWI_PRIV | HWI_EXEC, 5, true);
	bench_expect_no_fault(b);
	assert_int_equal(tail(b), 32);
	bench_write64(b, VTD_REG_PQH, 32);
	bench_write32(b, VTD_REG_PRS, VTD_PRS_PPR);
	/* EPTR without PASIDE. */
	build_scontext(b, SID, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PRE | VTD_SCTX_Q0_EPTR, 7, 0);
	bench_gcmd(b, VTD_GCMD_SRTP, true);
	request(b, HWI_PASID_NONE, 0x1000, RW, 6, true);
	expect_response(b, HWI_PASID_NONE, 6, HWI_PRG_INVALID);
	(void)bench_expect_fault(b, VTD_FR_SCT_4_3, SID);
}

/* FPD suppresses the record of a qualified fault, not the response. */
static void test_fpd(void **state)
{
	struct bench *b = *state;
	uint64_t at;

	start_default(b);
	at = build_pasid_dir(b, SID, PASID);
	bench_w64(b, at, VTD_PDE_FPD);
	request(b, PASID, 0x1000, RW, 2, true);
	expect_response(b, PASID, 2, HWI_PRG_INVALID);
	bench_expect_no_fault(b);
}

/* Off, or without the capability: no queue to write to; a last request is answered. */
/* covers: REG_PQT */
static void test_off(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	start_default(b);
	bench_gcmd(b, VTD_GCMD_TE, false);
	request(b, PASID, 0x1000, RW, 2, true);
	expect_response(b, PASID, 2, HWI_PRG_INVALID);
	request(b, PASID, 0x1000, RW, 2, false);
	assert_int_equal(b->prgs, 0);
	assert_int_equal(tail(b), 0);
	bench_config(&cfg);
	cfg.ecap &= ~(VTD_ECAP_PRS | VTD_ECAP_SMS);
	bench_remake(b, &cfg);
	bench_start_legacy(b);
	request(b, PASID, 0x1000, RW, 2, true);
	expect_response(b, PASID, 2, HWI_PRG_INVALID);
	b->ops.prg_response = NULL;
	request(b, PASID, 0x1000, RW, 2, true);
	bench_expect_no_fault(b);
}

/* Arguments out of range are the caller's mistake. */
static void test_arguments(void **state)
{
	struct bench *b = *state;
	const struct hwi_page_request good = { .requester = SID, .pasid = PASID, .access = RW };
	struct hwi_page_request bad = good;

	start_default(b);
	bad.prgi = 0x200;
	assert_int_equal(hwi_page_request(b->unit, &bad), HWI_EINVAL);
	bad = good;
	bad.pasid = 0x100000;
	assert_int_equal(hwi_page_request(b->unit, &bad), HWI_EINVAL);
	bad = good;
	bad.requester = 0x10000;
	assert_int_equal(hwi_page_request(b->unit, &bad), HWI_EINVAL);
	bad = good;
	bad.access = HWI_ATOMIC;
	assert_int_equal(hwi_page_request(b->unit, &bad), HWI_EINVAL);
	assert_int_equal(tail(b), 0);
}

/* A queue that is nowhere swallows what is written; nothing else happens. */
/* covers: REG_PQA */
static void test_queue_outside_of_memory(void **state)
{
	struct bench *b = *state;

	start_default(b);
	bench_write64(b, VTD_REG_PQA, BENCH_NOWHERE);
	request(b, PASID, 0x1000, RW, 2, true);
	assert_int_equal(tail(b), 32);
	assert_int_equal(prs(b), VTD_PRS_PPR);
	/* Tail and head anywhere: never outside of the queue. */
	bench_write64(b, VTD_REG_PQA, b->prq);
	bench_write64(b, VTD_REG_PQT, 0x7ffe0);
	bench_write64(b, VTD_REG_PQH, 0x55540);
	request(b, PASID, 0x9000, RW, 2, true);
	assert_int_equal(tail(b), 0);
	assert_int_equal(bench_r64(b, b->prq + 0xfe8), 0x9000 | 2 << 3 | 7);
}

/* ---- the implicit invalidation (Table 27) ---- */

static const uint64_t fs_rights = VTD_FS_P | VTD_FS_RW | VTD_FS_US;

/* First stage: the page, of that PASID, and nothing else. */
static void test_first_stage_page_is_invalidated(void **state)
{
	struct bench *b = *state;
	uint64_t root = bench_alloc(b, 1);
	struct build_pe pe = pe_first_stage(DID, VTD_FSPM_4, root);

	build_fs(b, root, 4, 0x5000, 0xa0000, 1, fs_rights);
	build_fs(b, root, 4, 0x4000, 0xa1000, 1, fs_rights);
	start(b, &pe, 0);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xa0000);
	bench_expect(b, SID, PASID, 0x4000, HWI_READ, 0xa1000);
	build_fs(b, root, 4, 0x5000, 0xb0000, 1, fs_rights);
	build_fs(b, root, 4, 0x4000, 0xb1000, 1, fs_rights);
	request(b, PASID, 0x5000, RW, 0, true);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xb0000);
	bench_expect(b, SID, PASID, 0x4000, HWI_READ, 0xa1000);
	/* Tables on the way are forgotten as well (IH=0). */
	bench_w64(b, build_entry(b, root, 4, 0x5000, 2), 0);
	build_fs(b, root, 4, 0x5000, 0xc0000, 1, fs_rights);
	request(b, PASID, 0x5000, RW, 0, true);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xc0000);
}

/* Second stage: the page in its domain. */
static void test_second_stage_page_is_invalidated(void **state)
{
	struct bench *b = *state;
	uint64_t root = bench_alloc(b, 1);
	struct build_pe pe = pe_second_stage(DID, VTD_AW_48, root);

	build_ss(b, root, 4, 0x5000, 0xa0000, 1, VTD_SS_R | VTD_SS_W);
	build_ss(b, root, 4, 0x4000, 0xa1000, 1, VTD_SS_R | VTD_SS_W);
	start(b, &pe, 0);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xa0000);
	bench_expect(b, SID, PASID, 0x4000, HWI_READ, 0xa1000);
	build_ss(b, root, 4, 0x5000, 0xb0000, 1, VTD_SS_R | VTD_SS_W);
	build_ss(b, root, 4, 0x4000, 0xb1000, 1, VTD_SS_R | VTD_SS_W);
	request(b, PASID, 0x5000, RW, 0, true);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xb0000);
	bench_expect(b, SID, PASID, 0x4000, HWI_READ, 0xa1000);
	bench_w64(b, build_entry(b, root, 4, 0x5000, 2), 0);
	build_ss(b, root, 4, 0x5000, 0xc0000, 1, VTD_SS_R | VTD_SS_W);
	request(b, PASID, 0x5000, RW, 0, true);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xc0000);
}

/* Nested: the domain as a whole. */
static void test_point_11_34_nested_invalidates_the_domain(void **state)
{
	struct bench *b = *state;
	uint64_t ss = bench_alloc(b, 1), fs = bench_alloc(b, 1);
	struct build_pe pe = pe_nested(DID, VTD_AW_48, ss, VTD_FSPM_4, fs);

	build_ss(b, ss, 4, 0, 0, 2, VTD_SS_R | VTD_SS_W);
	build_ss(b, ss, 4, 0x200000, 0x200000, 2, VTD_SS_R | VTD_SS_W);
	build_fs(b, fs, 4, 0x5000, 0xa0000, 1, fs_rights);
	build_fs(b, fs, 4, 0x6000, 0xa1000, 1, fs_rights);
	start(b, &pe, 0);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xa0000);
	bench_expect(b, SID, PASID, 0x6000, HWI_READ, 0xa1000);
	build_fs(b, fs, 4, 0x5000, 0xb0000, 1, fs_rights);
	build_fs(b, fs, 4, 0x6000, 0xb1000, 1, fs_rights);
	request(b, PASID, 0x5000, RW, 0, true);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xb0000);
	bench_expect(b, SID, PASID, 0x6000, HWI_READ, 0xb1000);
}

/* Without PASID: by RID_PASID, which leaves what requests with another one have. */
static void test_page_of_rid_pasid_is_invalidated(void **state)
{
	struct bench *b = *state;
	uint64_t root = bench_alloc(b, 1);
	struct build_pe pe = pe_first_stage(DID, VTD_FSPM_4, root);

	build_fs(b, root, 4, 0x5000, 0xa0000, 1, fs_rights);
	start(b, &pe, 0);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xa0000);
	bench_expect(b, SID, HWI_PASID_NONE, 0x5000, HWI_READ, 0xa0000);
	build_fs(b, root, 4, 0x5000, 0xb0000, 1, fs_rights);
	request(b, HWI_PASID_NONE, 0x5000, RW, 0, true);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xa0000);
	bench_expect(b, SID, HWI_PASID_NONE, 0x5000, HWI_READ, 0xb0000);
}

/* A request that does not get into the queue invalidates nothing (§7.4.1). */
/* covers: REG_PRS */
static void test_dropped_request_invalidates_nothing(void **state)
{
	struct bench *b = *state;
	uint64_t root = bench_alloc(b, 1);
	struct build_pe pe = pe_first_stage(DID, VTD_FSPM_4, root);

	build_fs(b, root, 4, 0x5000, 0xa0000, 1, fs_rights);
	start(b, &pe, 0);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xa0000);
	build_fs(b, root, 4, 0x5000, 0xb0000, 1, fs_rights);
	bench_write64(b, VTD_REG_PQH, 32); /* full */
	request(b, PASID, 0x5000, RW, 0, true);
	bench_write64(b, VTD_REG_PQH, 0); /* and in overflow */
	request(b, PASID, 0x5000, RW, 0, true);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xa0000);
	bench_write32(b, VTD_REG_PRS, VTD_PRS_PRO);
	request(b, PASID, 0x5000, RW, 0, true);
	bench_expect(b, SID, PASID, 0x5000, HWI_READ, 0xb0000);
}

/* PD in a wait: page requests that came before are in the queue when it completes. */
/* covers: DSC_inv_wait */
static void test_wait_with_page_request_drain(void **state)
{
	struct bench *b = *state;

	start_default(b);
	bench_start_queue(b, true, 0);
	request(b, PASID, 0x5000, RW, 0, true);
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_SW | VTD_WAIT_Q0_PD |
			 HWI_PUT(VTD_WAIT_Q0_DATA, 5),
		 b->status);
	assert_int_equal(bench_r32(b, b->status), 5);
	assert_int_equal(bench_r64(b, b->prq + 8), 0x5000 | 7);
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_PAGE_REQUESTS), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_descriptor_fields),
		T(test_point_11_43_full_when_one_slot_is_left),
		T(test_point_11_42_overflow_answers_success),
		T(test_stop_marker),
		T(test_point_11_44_event_needs_both_clear),
		T(test_differs_12_pending_goes_with_both),
		T(test_faults_of_root),
		T(test_faults_of_context),
		T(test_page_requests_know_no_pss),
		T(test_faults_of_pasid_structures),
		T(test_faults_of_unsupported_modes),
		T(test_faults_of_pasid_entry_programming),
		T(test_fpd),
		T(test_off),
		T(test_arguments),
		T(test_queue_outside_of_memory),
		T(test_first_stage_page_is_invalidated),
		T(test_second_stage_page_is_invalidated),
		T(test_point_11_34_nested_invalidates_the_domain),
		T(test_page_of_rid_pasid_is_invalidated),
		T(test_dropped_request_invalidates_nothing),
		T(test_wait_with_page_request_drain),
	};

	return cmocka_run_group_tests_name("page-requests", tests, NULL, NULL);
}

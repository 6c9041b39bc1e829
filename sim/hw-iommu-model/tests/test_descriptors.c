/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Descriptors of the invalidation queue: which types exist in which mode, each
 * reserved bit, each granularity (VT-d 5.10 §6.5.2.1 to §6.5.2.10, §7.6.1, Table 26).
 */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID_A 0x0100
#define SID_B 0x010a
#define DID_A 5
#define DID_B 6

/* A descriptor of each type that is good where its type exists. */
static const struct good {
	uint32_t type;
	uint64_t q0, q1;
	uint64_t rsvd0, rsvd1; /* with DIT, PDS */
	uint64_t cond0;	       /* reserved too without DIT, PDS */
} good[] = {
	{ 1, 0x11, 0, 0xfffc00000000f1c0, HWI_ALL64, 0 },
	{ 2, 0x12, 0, 0xffffffff0000f100, 0xf80, 0 },
	{ 3, 0x03, 0, 0x000f0000ffe001f0, 0xffe, 0xfff000000000f000 },
	{ 4, 0x04, 0, 0xffff000007fff1e0, HWI_ALL64, 0 },
	{ 5, 0x05, 0, 0x00000000fffff100, 0x3, 0x80 },
	{ 6, 0x26, 0, 0xfff000000000f1c0, 0xf80, 0 },
	{ 7, 0x37, 0, 0xfff000000000f1c0, HWI_ALL64, 0 },
	{ 8, 0x08, 0, 0, 0x7fe, 0xfff000000000f000 },
	{ 9, 0x09, 0, 0xfff00000000001e0, 0xfffffffffffff003, 0 },
};

#define GOOD (sizeof(good) / sizeof(good[0]))

/* Submit one to a fresh queue; IQEI, or -1 if it was taken. */
static int try(struct bench *b, uint64_t q0, uint64_t q1, uint64_t q2, uint64_t q3)
{
	const uint64_t q[4] = { q0, q1, q2, q3 };
	int res = -1;

	bench_submit4(b, q);
	bench_run(b);
	if (bench_read32(b, VTD_REG_FSTS) & VTD_FSTS_IQE) {
		res = (int)HWI_GET(VTD_IQERCD_IQEI, bench_read64(b, VTD_REG_IQERCD));
		bench_gcmd(b, VTD_GCMD_QIE, false);
		bench_write32(b, VTD_REG_FSTS, VTD_FSTS_IQE);
		bench_write64(b, VTD_REG_IQT, 0);
		bench_gcmd(b, VTD_GCMD_QIE, true);
	}
	hwi_ats_complete(b->unit, (uint16_t)(q0 >> (VTD_DSC_TYPE(q0) == 8 ? 16 : 32)),
			 hwi_ats_outstanding(b->unit), 1);
	bench_run(b);
	return res;
}

static void start(struct bench *b, const struct hwi_vtd_config *cfg, uint64_t ttm, bool wide)
{
	bench_remake(b, cfg);
	b->next_page = VTD_PAGE_SIZE;
	bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, ttm));
	bench_gcmd(b, VTD_GCMD_TE, true); /* completions of device-TLBs are taken */
	bench_start_queue(b, wide, 0);
}

/* Table 26: 1 to 5 in legacy mode whatever the width, 1 to 9 in the other modes. */
/* covers: DSC_cc_inv DSC_iotlb_inv DSC_dev_tlb_inv DSC_iec_inv DSC_inv_wait DSC_p_iotlb_inv DSC_pc_inv DSC_p_dev_tlb_inv DSC_page_grp_resp */
static void test_types_by_mode(void **state)
{
	static const struct {
		uint64_t ttm;
		bool wide;
		uint32_t last;
	} modes[] = {
		{ VTD_TTM_LEGACY, false, 5 },
		{ VTD_TTM_LEGACY, true, 5 },
		{ VTD_TTM_SCALABLE, true, 9 },
		{ VTD_TTM_ABORT, true, 9 },
	};
	struct bench *b = *state;

	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		start(b, NULL, modes[m].ttm, modes[m].wide);
		for (size_t i = 0; i < GOOD; i++) {
			bool exists = good[i].type <= modes[m].last;

			assert_int_equal(try(b, good[i].q0, good[i].q1, 0, 0),
					 exists ? -1 : VTD_IQEI_TYPE);
		}
		/* 0, Ah (no host permission table) and everything above; type bits 11:9 too. */
		for (uint32_t type = 0; type < 128; type++) {
			if (type == 0 || type > 9)
				assert_int_equal(try(b, VTD_DSC_PUT_TYPE(type), 0, 0, 0),
						 VTD_IQEI_TYPE);
		}
	}
}

/* Types whose capability the unit does not have. */
/* covers: DSC_dev_tlb_inv DSC_iec_inv DSC_p_dev_tlb_inv DSC_page_grp_resp */
static void test_types_without_their_capability(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.ecap &= ~(VTD_ECAP_PRS | VTD_ECAP_SMS);
	start(b, &cfg, VTD_TTM_SCALABLE, true);
	assert_int_equal(try(b, 9, 0, 0, 0), VTD_IQEI_TYPE);
	assert_int_equal(try(b, 8, 0, 0, 0), -1);
	cfg.ecap &= ~(VTD_ECAP_DT | VTD_ECAP_NWFS | VTD_ECAP_DIT | VTD_ECAP_PDS | VTD_ECAP_PTRS);
	start(b, &cfg, VTD_TTM_SCALABLE, true);
	assert_int_equal(try(b, 8, 0, 0, 0), VTD_IQEI_TYPE);
	assert_int_equal(try(b, 3, 0, 0, 0), VTD_IQEI_TYPE);
	assert_int_equal(try(b, 4, 0, 0, 0), -1);
	cfg.cap &= ~VTD_CAP_PI;
	cfg.ecap &= ~(VTD_ECAP_IR | VTD_ECAP_EIM | VTD_ECAP_MHMV);
	start(b, &cfg, VTD_TTM_SCALABLE, true);
	assert_int_equal(try(b, 0x37, 0, 0, 0), -1);
	/* Table 26 has it whether or not there are interrupt entries to drop. */
	assert_int_equal(try(b, 4, 0, 0, 0), -1);
	assert_int_equal(try(b, 0x14, 0, 0, 0), -1);
	assert_int_equal(try(b, 0x14 | 1 << 27, 0, 0, 0), VTD_IQEI_TYPE); /* MHMV is 0 */
}

/* Abort-DMA mode takes the descriptors of scalable mode, also where that is not supported. */
/* covers: DSC_p_iotlb_inv DSC_pc_inv DSC_p_dev_tlb_inv */
static void test_types_of_abort_mode_alone(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	for (unsigned int dt = 0; dt < 2; dt++) {
		bench_config(&cfg);
		cfg.cap &= ~(VTD_CAP_FS5LP | VTD_CAP_FS1GP);
		cfg.ecap &= VTD_ECAP_IRO | VTD_ECAP_QI | VTD_ECAP_IR | VTD_ECAP_SSTS |
			    VTD_ECAP_ADMS | (dt ? VTD_ECAP_DT : 0);
		start(b, &cfg, VTD_TTM_ABORT, true);
		for (size_t i = 0; i < GOOD; i++) {
			uint32_t type = good[i].type;
			bool exists = type == 3 || type == 8 ? dt : type != 9;

			assert_int_equal(try(b, good[i].q0, good[i].q1, 0, 0),
					 exists ? -1 : VTD_IQEI_TYPE);
		}
		/* In legacy mode it does not, no more than a unit that has no other mode. */
		for (unsigned int adms = 0; adms < 2; adms++) {
			cfg.ecap = (cfg.ecap & ~VTD_ECAP_ADMS) | (adms ? VTD_ECAP_ADMS : 0);
			start(b, &cfg, VTD_TTM_LEGACY, false);
			for (size_t i = 5; i < GOOD; i++)
				assert_int_equal(try(b, good[i].q0, good[i].q1, 0, 0), VTD_IQEI_TYPE);
		}
	}
}

/* Each of the 256 bits of each type, one at a time. */
/* covers: DSC_cc_inv DSC_iotlb_inv DSC_dev_tlb_inv DSC_iec_inv DSC_inv_wait DSC_p_iotlb_inv DSC_pc_inv DSC_p_dev_tlb_inv DSC_page_grp_resp */
static void test_each_reserved_bit(void **state)
{
	struct bench *b = *state;

	for (unsigned int variant = 0; variant < 3; variant++) {
		struct hwi_vtd_config cfg;

		bench_config(&cfg);
		if (variant == 1)
			cfg.ecap &= ~(VTD_ECAP_DIT | VTD_ECAP_PDS);
		start(b, &cfg, variant == 2 ? VTD_TTM_LEGACY : VTD_TTM_SCALABLE, variant != 2);
		for (size_t i = 0; i < GOOD; i++) {
			uint64_t rsvd[4] = { good[i].rsvd0, good[i].rsvd1, HWI_ALL64, HWI_ALL64 };

			if (variant == 1)
				rsvd[0] |= good[i].cond0;
			if (variant == 2 && good[i].type > 5)
				continue;
			for (unsigned int bit = 0; bit < (variant == 2 ? 128 : 256); bit++) {
				uint64_t q[4] = { good[i].q0, good[i].q1, 0, 0 };
				int res;

				/* Not the type itself. */
				if (bit < 4 || (bit >= 9 && bit <= 11))
					continue;
				q[bit / 64] ^= HWI_BIT64(bit % 64);
				res = try(b, q[0], q[1], q[2], q[3]);
				if (rsvd[bit / 64] >> bit % 64 & 1)
					assert_int_equal(res, VTD_IQEI_RSVD);
				else
					assert_int_not_equal(res, VTD_IQEI_RSVD);
			}
		}
	}
}

/* Each value of G: valid or an invalid descriptor. */
/* covers: DSC_cc_inv DSC_iotlb_inv DSC_iec_inv DSC_p_iotlb_inv DSC_pc_inv */
static void test_each_granularity(void **state)
{
	static const struct {
		uint32_t type;
		bool valid[4];
	} g[] = {
		{ 1, { false, true, true, true } },
		{ 2, { false, true, true, true } },
		{ 4, { true, true, false, false } },
		{ 6, { false, false, true, true } },
		{ 7, { true, true, false, true } },
	};
	struct bench *b = *state;

	start(b, NULL, VTD_TTM_SCALABLE, true);
	for (size_t i = 0; i < sizeof(g) / sizeof(g[0]); i++) {
		for (unsigned int v = 0; v < 4; v++) {
			int bad = g[i].type == 4 ? VTD_IQEI_RSVD : VTD_IQEI_TYPE;

			assert_int_equal(try(b, VTD_DSC_PUT_TYPE(g[i].type) | (uint64_t)v << 4, 0,
					     0, 0),
					 g[i].valid[v] ? -1 : bad);
		}
	}
}

/* AM counts against MAMV for iotlb_inv alone; page-selective needs PSI there alone. */
/* covers: DSC_iotlb_inv DSC_p_iotlb_inv */
static void test_point_11_33_address_mask_limits(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.cap = HWI_SET(VTD_CAP_MAMV, cfg.cap, 9);
	start(b, &cfg, VTD_TTM_SCALABLE, true);
	for (unsigned int am = 0; am < 64; am++) {
		assert_int_equal(try(b, 0x32, am, 0, 0), am <= 9 ? -1 : VTD_IQEI_TYPE);
		assert_int_equal(try(b, 0x12, am, 0, 0), -1); /* global: not looked at */
		assert_int_equal(try(b, 0x22, am, 0, 0), -1);
		assert_int_equal(try(b, 0x36, am, 0, 0), -1);
	}
	cfg.cap &= ~VTD_CAP_PSI;
	start(b, &cfg, VTD_TTM_SCALABLE, true);
	assert_int_equal(try(b, 0x32, 0, 0, 0), VTD_IQEI_TYPE);
	assert_int_equal(try(b, 0x36, 0, 0, 0), -1);
}

/* covers: DSC_iec_inv */
static void test_index_mask_limit(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.ecap = HWI_SET(VTD_ECAP_MHMV, cfg.ecap, 3);
	start(b, &cfg, VTD_TTM_LEGACY, false);
	for (unsigned int im = 0; im < 32; im++) {
		uint64_t q0 = 4 | HWI_PUT(VTD_IEC_Q0_IM, im);

		assert_int_equal(try(b, q0, 0, 0, 0), -1);
		assert_int_equal(try(b, q0 | VTD_IEC_Q0_G, 0, 0, 0), im <= 3 ? -1 : VTD_IQEI_TYPE);
	}
}

/* ---- what reaches the caches ---- */

struct world {
	uint64_t root_a, root_b, ctx_a, ctx_b;
};

static struct world legacy_world(struct bench *b)
{
	struct world w;

	w.root_a = bench_alloc(b, 1);
	w.root_b = bench_alloc(b, 1);
	for (uint64_t i = 0; i < 4; i++) {
		build_ss(b, w.root_a, 4, 0x1000 * i, 0xa0000 + 0x1000 * i, 1, VTD_SS_R);
		build_ss(b, w.root_b, 4, 0x1000 * i, 0xb0000 + 0x1000 * i, 1, VTD_SS_R);
	}
	w.ctx_a = build_context(b, SID_A, VTD_TT_SS, VTD_AW_48, DID_A, w.root_a);
	w.ctx_b = build_context(b, SID_B, VTD_TT_SS, VTD_AW_48, DID_B, w.root_b);
	bench_start_legacy(b);
	bench_start_queue(b, false, 0);
	return w;
}

static uint64_t where(struct bench *b, uint16_t sid, uint64_t iova)
{
	struct hwi_response r = bench_dma(b, sid, HWI_PASID_NONE, iova, HWI_READ);

	assert_int_equal(r.outcome, HWI_SUCCESS);
	return hwi_hpa_val(r.addr);
}

/* The two context entries swap roots; which of them does the unit see after this? */
static unsigned int contexts_seen(struct bench *b, uint64_t q0)
{
	struct world w = legacy_world(b);
	unsigned int seen = 0;

	assert_int_equal(where(b, SID_A, 0), 0xa0000);
	assert_int_equal(where(b, SID_B, 0), 0xb0000);
	build_context(b, SID_A, VTD_TT_SS, VTD_AW_48, DID_A, w.root_b);
	build_context(b, SID_B, VTD_TT_SS, VTD_AW_48, DID_B, w.root_a);
	bench_do(b, q0, 0);
	bench_inv_iotlb(b);
	seen |= where(b, SID_A, 0) == 0xb0000 ? 1 : 0;
	seen |= where(b, SID_B, 0) == 0xa0000 ? 2 : 0;
	bench_remake(b, NULL);
	return seen;
}

#define CC(g, did, sid, fm)                                                               \
	(VTD_DSC_PUT_TYPE(VTD_DSC_cc_inv) | HWI_PUT(VTD_CC_Q0_G, g) |                      \
	 HWI_PUT(VTD_CC_Q0_DID, did) | HWI_PUT(VTD_CC_Q0_SID, sid) | HWI_PUT(VTD_CC_Q0_FM, fm))

/* FM masks source-id bits from bit 2 downwards. A and B differ in bits 1 and 3. */
/* covers: DSC_cc_inv */
static void test_context_cache_granularities(void **state)
{
	struct bench *b = *state;

	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_GLOBAL, 77, 0x55, 0)), 3);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DOMAIN, DID_A, 0, 0)), 1);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DOMAIN, DID_B, 0, 0)), 2);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DEVICE, DID_A, SID_A, 0)), 1);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DEVICE, DID_B, SID_A, 0)), 0);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DEVICE, DID_B, SID_B, 0)), 2);
	/* Function mask. */
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DEVICE, DID_A, SID_A | 4, 0)), 0);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DEVICE, DID_A, SID_A | 4, 1)), 1);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DEVICE, DID_A, SID_A | 6, 1)), 0);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DEVICE, DID_A, SID_A | 6, 2)), 1);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DEVICE, DID_A, SID_A | 7, 2)), 0);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DEVICE, DID_A, SID_A | 7, 3)), 1);
	assert_int_equal(contexts_seen(b, CC(VTD_CC_G_DEVICE, DID_A, SID_A | 8, 3)), 0);
}

/* In scalable mode G=domain acts as global, and G=device does not look at the DID. */
/* covers: DSC_cc_inv */
static void test_point_11_29_domain_is_global_in_scalable_mode(void **state)
{
	static const uint64_t q0[] = {
		CC(VTD_CC_G_DOMAIN, 999, 0, 0),
		CC(VTD_CC_G_DEVICE, 999, SID_A, 0),
		CC(VTD_CC_G_DEVICE, DID_A, SID_B, 0),
	};
	struct bench *b = *state;

	for (unsigned int i = 0; i < 3; i++) {
		struct build_pe pt = pe_pass_through(DID_A);
		struct hwi_response r;

		bench_remake(b, NULL);
		build_scontext(b, SID_A, VTD_SCTX_Q0_DTE, 0, 0);
		build_pasid(b, SID_A, 0, pt.q);
		bench_start_scalable(b);
		bench_start_queue(b, true, 0);
		r = bench_request(b, HWI_TRANSLATION_REQUEST, SID_A, HWI_PASID_NONE, 0x5000,
				  HWI_READ);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		build_scontext(b, SID_A, 0, 0, 0); /* DTE gone */
		bench_do(b, q0[i], 0);
		bench_inv_iotlb(b);
		r = bench_request(b, HWI_TRANSLATION_REQUEST, SID_A, HWI_PASID_NONE, 0x5000,
				  HWI_READ);
		assert_int_equal(r.outcome, i == 2 ? HWI_SUCCESS : HWI_UNSUPPORTED_REQUEST);
	}
}

/* Which of A's pages 0..3 and of B's pages 0..3 are seen anew after a descriptor. */
static unsigned int pages_seen(struct bench *b, uint64_t q0, uint64_t q1)
{
	struct world w = legacy_world(b);
	unsigned int seen = 0;

	for (uint64_t i = 0; i < 4; i++) {
		assert_int_equal(where(b, SID_A, 0x1000 * i), 0xa0000 + 0x1000 * i);
		assert_int_equal(where(b, SID_B, 0x1000 * i), 0xb0000 + 0x1000 * i);
		build_ss(b, w.root_a, 4, 0x1000 * i, 0xc0000, 1, VTD_SS_R);
		build_ss(b, w.root_b, 4, 0x1000 * i, 0xc0000, 1, VTD_SS_R);
	}
	bench_do(b, q0, q1);
	for (unsigned int i = 0; i < 4; i++) {
		seen |= where(b, SID_A, 0x1000 * i) == 0xc0000 ? 1u << i : 0;
		seen |= where(b, SID_B, 0x1000 * i) == 0xc0000 ? 0x10u << i : 0;
	}
	bench_remake(b, NULL);
	return seen;
}

#define IOTLB(g, did)                                                                     \
	(VTD_DSC_PUT_TYPE(VTD_DSC_iotlb_inv) | HWI_PUT(VTD_IOTLB_INV_Q0_G, g) |            \
	 HWI_PUT(VTD_IOTLB_INV_Q0_DID, did))

/* covers: DSC_iotlb_inv */
static void test_iotlb_granularities(void **state)
{
	struct bench *b = *state;

	assert_int_equal(pages_seen(b, IOTLB(VTD_IOTLB_INV_G_GLOBAL, 99), 0), 0xff);
	assert_int_equal(pages_seen(b, IOTLB(VTD_IOTLB_INV_G_DOMAIN, DID_A), 0), 0x0f);
	assert_int_equal(pages_seen(b, IOTLB(VTD_IOTLB_INV_G_DOMAIN, DID_B), 0), 0xf0);
	assert_int_equal(pages_seen(b, IOTLB(VTD_IOTLB_INV_G_PAGE, DID_A), 0x2000), 0x04);
	assert_int_equal(pages_seen(b, IOTLB(VTD_IOTLB_INV_G_PAGE, DID_B), 0x2000 | 64), 0x40);
	/* AM pages around the address, whose low bits do not count. */
	assert_int_equal(pages_seen(b, IOTLB(VTD_IOTLB_INV_G_PAGE, DID_A), 0x3001), 0x0c);
	assert_int_equal(pages_seen(b, IOTLB(VTD_IOTLB_INV_G_PAGE, DID_A), 0x3002), 0x0f);
	/* Address bits from MGAW up are ignored. */
	assert_int_equal(pages_seen(b, IOTLB(VTD_IOTLB_INV_G_PAGE, DID_A),
				    UINT64_C(0xfe00000000002000)), 0x04);
}

/* DID bits beyond the width of CAP.ND are ignored in descriptors. */
/* covers: DSC_iotlb_inv DSC_cc_inv */
static void test_differs_12_domain_id_width(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;
	struct world w;

	bench_config(&cfg);
	cfg.cap = HWI_SET(VTD_CAP_ND, cfg.cap, 2); /* 8 bits */
	bench_remake(b, &cfg);
	w = legacy_world(b);
	assert_int_equal(where(b, SID_A, 0), 0xa0000);
	build_ss(b, w.root_a, 4, 0, 0xc0000, 1, VTD_SS_R);
	bench_do(b, IOTLB(VTD_IOTLB_INV_G_DOMAIN, 0x100 | DID_B), 0);
	assert_int_equal(where(b, SID_A, 0), 0xa0000);
	bench_do(b, IOTLB(VTD_IOTLB_INV_G_DOMAIN, 0xab00 | DID_A), 0);
	assert_int_equal(where(b, SID_A, 0), 0xc0000);
}

/* pc_inv and p_iotlb_inv, by what a changed PASID entry and a changed page show. */
/* covers: DSC_pc_inv DSC_p_iotlb_inv */
static void test_pasid_granularities(void **state)
{
	static const struct {
		uint32_t g, did, pasid;
		bool entry_seen;
	} pc[] = {
		{ VTD_PC_G_GLOBAL, 99, 99, true },
		{ VTD_PC_G_DOMAIN, DID_A, 99, true },
		{ VTD_PC_G_DOMAIN, DID_B, 7, false },
		{ VTD_PC_G_PASID, DID_A, 7, true },
		{ VTD_PC_G_PASID, DID_A, 8, false },
		{ VTD_PC_G_PASID, DID_B, 7, false },
	};
	static const struct {
		uint32_t g, did, pasid;
		uint64_t q1;
		bool page_seen;
	} p[] = {
		{ VTD_P_IOTLB_G_PASID, DID_A, 7, 0, true },
		{ VTD_P_IOTLB_G_PASID, DID_A, 8, 0, false },
		{ VTD_P_IOTLB_G_PASID, DID_B, 7, 0, false },
		{ VTD_P_IOTLB_G_PAGE, DID_A, 7, 0x5000, true },
		{ VTD_P_IOTLB_G_PAGE, DID_A, 7, 0x5000 | VTD_P_IOTLB_Q1_IH, true },
		{ VTD_P_IOTLB_G_PAGE, DID_A, 7, 0x4001, true },
		{ VTD_P_IOTLB_G_PAGE, DID_A, 7, 0x4000, false },
		{ VTD_P_IOTLB_G_PAGE, DID_A, 7, 63, true },
		{ VTD_P_IOTLB_G_PAGE, DID_A, 8, 63, false },
		{ VTD_P_IOTLB_G_PAGE, DID_B, 7, 63, false },
	};
	const uint64_t rights = VTD_FS_P | VTD_FS_RW | VTD_FS_US;
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(pc) / sizeof(pc[0]); i++) {
		struct build_pe e;
		uint64_t root;

		bench_remake(b, NULL);
		b->next_page = VTD_PAGE_SIZE;
		root = bench_alloc(b, 2);
		e = pe_first_stage(DID_A, VTD_FSPM_4, root);
		build_scontext(b, SID_A, VTD_SCTX_Q0_PASIDE, 0, 0);
		build_pasid(b, SID_A, 7, e.q);
		build_fs(b, root, 4, 0x5000, 0xa0000, 1, rights);
		build_fs(b, root + 4096, 4, 0x5000, 0xb0000, 1, rights);
		bench_start_scalable(b);
		bench_start_queue(b, true, 0);
		bench_expect(b, SID_A, 7, 0x5000, HWI_READ, 0xa0000);
		e = pe_first_stage(DID_A, VTD_FSPM_4, root + 4096);
		build_pasid(b, SID_A, 7, e.q);
		bench_do(b, VTD_DSC_PUT_TYPE(VTD_DSC_pc_inv) | HWI_PUT(VTD_PC_Q0_G, pc[i].g) |
				 HWI_PUT(VTD_PC_Q0_DID, pc[i].did) |
				 HWI_PUT(VTD_PC_Q0_PASID, pc[i].pasid), 0);
		bench_inv_iotlb(b);
		bench_expect(b, SID_A, 7, 0x5000, HWI_READ, pc[i].entry_seen ? 0xb0000 : 0xa0000);
	}
	for (size_t i = 0; i < sizeof(p) / sizeof(p[0]); i++) {
		struct build_pe e;
		uint64_t root;

		bench_remake(b, NULL);
		b->next_page = VTD_PAGE_SIZE;
		root = bench_alloc(b, 1);
		e = pe_first_stage(DID_A, VTD_FSPM_4, root);
		build_scontext(b, SID_A, VTD_SCTX_Q0_PASIDE, 0, 0);
		build_pasid(b, SID_A, 7, e.q);
		build_fs(b, root, 4, 0x5000, 0xa0000, 1, rights);
		bench_start_scalable(b);
		bench_start_queue(b, true, 0);
		bench_expect(b, SID_A, 7, 0x5000, HWI_READ, 0xa0000);
		build_fs(b, root, 4, 0x5000, 0xb0000, 1, rights);
		bench_do(b, VTD_DSC_PUT_TYPE(VTD_DSC_p_iotlb_inv) |
				 HWI_PUT(VTD_P_IOTLB_Q0_G, p[i].g) |
				 HWI_PUT(VTD_P_IOTLB_Q0_DID, p[i].did) |
				 HWI_PUT(VTD_P_IOTLB_Q0_PASID, p[i].pasid), p[i].q1);
		bench_expect(b, SID_A, 7, 0x5000, HWI_READ, p[i].page_seen ? 0xb0000 : 0xa0000);
	}
}

/* G=0 is global, G=1 an index with 2^IM neighbours. */
/* covers: DSC_iec_inv */
static void test_differs_12_iec_granularity(void **state)
{
	static const struct {
		uint64_t q0;
		unsigned int seen; /* of indexes 4..7 */
	} cases[] = {
		{ 0, 0xf },
		{ HWI_PUT(VTD_IEC_Q0_IIDX, 6) | HWI_PUT(VTD_IEC_Q0_IM, 1), 0xf },
		{ VTD_IEC_Q0_G | HWI_PUT(VTD_IEC_Q0_IIDX, 5), 0x2 },
		{ VTD_IEC_Q0_G | HWI_PUT(VTD_IEC_Q0_IIDX, 6) | HWI_PUT(VTD_IEC_Q0_IM, 1), 0xc },
		{ VTD_IEC_Q0_G | HWI_PUT(VTD_IEC_Q0_IIDX, 7) | HWI_PUT(VTD_IEC_Q0_IM, 1), 0xc },
		{ VTD_IEC_Q0_G | HWI_PUT(VTD_IEC_Q0_IIDX, 0) | HWI_PUT(VTD_IEC_Q0_IM, 15), 0xf },
		{ VTD_IEC_Q0_G | HWI_PUT(VTD_IEC_Q0_IIDX, 8) | HWI_PUT(VTD_IEC_Q0_IM, 2), 0x0 },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned int seen = 0;

		bench_remake(b, NULL);
		bench_start_remapping(b, 7, true);
		bench_start_queue(b, false, 0);
		for (unsigned int n = 4; n < 8; n++) {
			bench_irte(b, n, VTD_IRTE_Q0_P | HWI_PUT(VTD_IRTE_Q0_V, 0x20), 0);
			assert_int_equal(bench_interrupt_index(b, SID_A, n).data & 0xff, 0x20);
			bench_irte(b, n, VTD_IRTE_Q0_P | HWI_PUT(VTD_IRTE_Q0_V, 0x30), 0);
		}
		bench_do(b, VTD_DSC_PUT_TYPE(VTD_DSC_iec_inv) | cases[i].q0, 0);
		for (unsigned int n = 4; n < 8; n++) {
			if ((bench_interrupt_index(b, SID_A, n).data & 0xff) == 0x30)
				seen |= 1u << (n - 4);
		}
		assert_int_equal(seen, cases[i].seen);
	}
}

/* Group responses go out as they are, in order; bit 66 is ignored. */
/* covers: DSC_page_grp_resp */
static void test_group_responses(void **state)
{
	struct bench *b = *state;

	start(b, NULL, VTD_TTM_SCALABLE, true);
	bench_do(b, 9 | VTD_PGR_Q0_PP | HWI_PUT(VTD_PGR_Q0_RID, 0x1234) |
			 HWI_PUT(VTD_PGR_Q0_PASID, 0xabcde) |
			 HWI_PUT(VTD_PGR_Q0_RC, VTD_PGR_RC_FAILURE),
		 HWI_PUT(VTD_PGR_Q1_PRGI, 0x1a5) | VTD_PGR_Q1_IGN);
	bench_do(b, 9 | HWI_PUT(VTD_PGR_Q0_RID, 0x4321) | HWI_PUT(VTD_PGR_Q0_PASID, 0xabcde), 0);
	assert_int_equal(b->prgs, 2);
	assert_int_equal(b->prg[0].requester, 0x1234);
	assert_int_equal(b->prg[0].pasid, 0xabcde);
	assert_int_equal(b->prg[0].prgi, 0x1a5);
	assert_int_equal(b->prg[0].code, HWI_PRG_FAILURE);
	assert_int_equal(b->prg[1].requester, 0x4321);
	assert_int_equal(b->prg[1].pasid, HWI_PASID_NONE);
	assert_int_equal(b->prg[1].prgi, 0);
	assert_int_equal(b->prg[1].code, HWI_PRG_SUCCESS);
	/* A machine without page requests does not listen. */
	b->ops.prg_response = NULL;
	bench_do(b, 9, 0);
	assert_int_equal(b->prgs, 2);
}

/* Type Ah is the host permission table's, which no unit here has; not a stream response. */
/* covers: DSC_hpt_inv */
static void test_differs_12_type_ah(void **state)
{
	struct bench *b = *state;

	start(b, NULL, VTD_TTM_SCALABLE, true);
	assert_int_equal(try(b, 0xa | 0x10, 0, 0, 0), VTD_IQEI_TYPE);
	assert_int_equal(b->prgs, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_types_by_mode),
		T(test_types_without_their_capability),
		T(test_types_of_abort_mode_alone),
		T(test_each_reserved_bit),
		T(test_each_granularity),
		T(test_point_11_33_address_mask_limits),
		T(test_index_mask_limit),
		T(test_context_cache_granularities),
		T(test_point_11_29_domain_is_global_in_scalable_mode),
		T(test_iotlb_granularities),
		T(test_differs_12_domain_id_width),
		T(test_pasid_granularities),
		T(test_differs_12_iec_granularity),
		T(test_group_responses),
		T(test_differs_12_type_ah),
	};

	return cmocka_run_group_tests_name("descriptors", tests, NULL, NULL);
}

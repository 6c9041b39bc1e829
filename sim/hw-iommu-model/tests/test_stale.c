/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Each cache: what it holds is used until it is invalidated, goes by the
 * invalidation that is owed, stays under one that is not enough (VT-d 5.10 §6.2,
 * Tables 23 and 24), and does not outlive its place in a cache of one entry.
 */
#include "invalidate.h"
#include "world.h"

#include "hwiommu/bits.h"

#define OTHER_SID (WORLD_SID + 4u)
#define OTHER_DID (WORLD_DID + 1u)
#define NEW_OUT UINT64_C(0x601000)

/* Where WORLD_IN leads for a requester now; 0 if it is refused. */
static uint64_t leads(struct world *w, uint32_t pasid)
{
	struct hwi_response r = bench_dma(w->b, WORLD_SID, pasid, WORLD_IN, HWI_READ);

	bench_clear_faults(w->b);
	return r.outcome == HWI_SUCCESS ? hwi_hpa_val(r.addr) : 0;
}

static void remap_ss(struct world *w, uint64_t out)
{
	uint64_t at = world_ss(w, WORLD_IN, 1);

	bench_w64(w->b, at, (bench_r64(w->b, at) & ~VTD_SS_ADDR) | out);
}

static void remap_fs(struct world *w, uint64_t out)
{
	uint64_t at = world_fs(w, WORLD_IN, 1);

	bench_w64(w->b, at, (bench_r64(w->b, at) & ~VTD_FS_ADDR) | out);
}

/* Another level 1 table, which maps WORLD_IN to NEW_OUT, in the place of the one there is. */
static void retable(struct world *w, uint64_t entry, uint64_t leaf_bits)
{
	uint64_t table = bench_alloc(w->b, 1);

	bench_w64(w->b, table + 8 * (WORLD_IN >> 12 & 511), NEW_OUT | leaf_bits);
	bench_w64(w->b, entry, (bench_r64(w->b, entry) & ~VTD_FS_ADDR) | table);
}

/* ---- context cache ---- */

/* covers: DSC_cc_inv */
static void test_context_cache_legacy(void **state)
{
	struct world w;

	world_legacy(&w, *state);
	assert_int_equal(leads(&w, HWI_PASID_NONE), WORLD_OUT);
	world_clear(&w, w.ctx, VTD_CTX_L0_P);
	bench_inv_iotlb(w.b);
	assert_int_equal(leads(&w, HWI_PASID_NONE), WORLD_OUT);
	inv_context_domain(w.b, OTHER_DID);
	inv_context_device(w.b, OTHER_DID, WORLD_SID, 0); /* selective by DID here */
	inv_context_device(w.b, WORLD_DID, OTHER_SID, 0);
	bench_inv_iotlb(w.b);
	assert_int_equal(leads(&w, HWI_PASID_NONE), WORLD_OUT);
	/* What is owed to the context cache does nothing to the IOTLB. */
	inv_context_device(w.b, WORLD_DID, WORLD_SID, 0);
	assert_int_equal(leads(&w, HWI_PASID_NONE), WORLD_OUT);
	bench_inv_iotlb(w.b);
	assert_int_equal(leads(&w, HWI_PASID_NONE), 0);
}

/* covers: DSC_cc_inv */
static void test_context_cache_granularities(void **state)
{
	struct world w;

	for (unsigned int i = 0; i < 3; i++) {
		bench_remake(*state, NULL);
		w.b = *state;
		w.b->root = 0;
		world_legacy(&w, *state);
		assert_int_equal(leads(&w, HWI_PASID_NONE), WORLD_OUT);
		world_clear(&w, w.ctx, VTD_CTX_L0_P);
		if (i == 0)
			bench_inv_context(w.b);
		else if (i == 1)
			inv_context_domain(w.b, WORLD_DID);
		else
			inv_context_device(w.b, WORLD_DID, WORLD_SID ^ 7, VTD_FM_2_0);
		bench_inv_iotlb(w.b);
		assert_int_equal(leads(&w, HWI_PASID_NONE), 0);
	}
}

/* covers: DSC_cc_inv */
static void test_context_cache_scalable(void **state)
{
	struct world w;

	for (unsigned int i = 0; i < 3; i++) {
		w.b = *state;
		bench_remake(w.b, NULL);
		w.b->root = 0;
		world_scalable(&w, *state, VTD_PGTT_SS);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		world_clear(&w, w.ctx, VTD_SCTX_Q0_P);
		bench_inv_pasid(w.b);
		bench_inv_iotlb(w.b);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		inv_context_device(w.b, WORLD_DID, OTHER_SID, 0);
		bench_inv_iotlb(w.b);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		/* Domain is global here, device does not look at the DID. */
		if (i == 0)
			inv_context_domain(w.b, OTHER_DID);
		else if (i == 1)
			inv_context_device(w.b, OTHER_DID, WORLD_SID, 0);
		else
			bench_inv_context(w.b);
		bench_inv_iotlb(w.b);
		assert_int_equal(leads(&w, WORLD_PASID), 0);
	}
}

/* ---- PASID cache ---- */

/* covers: DSC_pc_inv */
static void test_pasid_cache(void **state)
{
	struct world w;

	for (unsigned int i = 0; i < 3; i++) {
		w.b = *state;
		bench_remake(w.b, NULL);
		w.b->root = 0;
		world_scalable(&w, *state, VTD_PGTT_FS);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		world_pe_clear(&w, 0, VTD_PE_Q0_P);
		bench_inv_context(w.b);
		bench_inv_iotlb(w.b);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		inv_pasid_one(w.b, WORLD_DID, WORLD_PASID + 1);
		inv_pasid_one(w.b, OTHER_DID, WORLD_PASID);
		inv_pasid_domain(w.b, OTHER_DID);
		bench_inv_iotlb(w.b);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		if (i == 0)
			inv_pasid_one(w.b, WORLD_DID, WORLD_PASID);
		else if (i == 1)
			inv_pasid_domain(w.b, WORLD_DID);
		else
			bench_inv_pasid(w.b);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT); /* the IOTLB has it still */
		bench_inv_iotlb(w.b);
		assert_int_equal(leads(&w, WORLD_PASID), 0);
	}
}

/* ---- IOTLB, second stage ---- */

/* covers: DSC_iotlb_inv DSC_p_iotlb_inv */
static void test_iotlb_second_stage(void **state)
{
	struct world w;
	struct bench *b = *state;

	for (unsigned int i = 0; i < 5; i++) {
		bench_remake(b, NULL);
		b->root = 0;
		world_scalable(&w, b, VTD_PGTT_SS);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		remap_ss(&w, NEW_OUT);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		inv_iotlb_domain(b, OTHER_DID);
		inv_iotlb_page(b, OTHER_DID, WORLD_IN, 0, false);
		inv_iotlb_page(b, WORLD_DID, WORLD_IN + 0x1000, 0, false);
		inv_piotlb_page(b, WORLD_DID, WORLD_PASID, WORLD_IN, 9, false); /* first stage only */
		inv_piotlb_pasid(b, OTHER_DID, WORLD_PASID);
		inv_piotlb_pasid(b, WORLD_DID, WORLD_PASID + 1);
		bench_inv_context(b);
		bench_inv_pasid(b);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		switch (i) {
		case 0:
			inv_iotlb_page(b, WORLD_DID, WORLD_IN, 0, true);
			break;
		case 1: /* low bits of the address do not count */
			inv_iotlb_page(b, WORLD_DID, WORLD_IN + 0x2000, 2, true);
			break;
		case 2:
			inv_iotlb_domain(b, WORLD_DID);
			break;
		case 3:
			inv_piotlb_pasid(b, WORLD_DID, WORLD_PASID);
			break;
		default:
			bench_inv_iotlb(b);
		}
		assert_int_equal(leads(&w, WORLD_PASID), NEW_OUT);
	}
}

/* A large page goes by any address in it. */
/* covers: DSC_iotlb_inv */
static void test_iotlb_large_page(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_scalable(&w, b, VTD_PGTT_SS);
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN_2M, HWI_READ, WORLD_OUT_2M);
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN_1G, HWI_READ, WORLD_OUT_1G);
	world_clear(&w, world_ss(&w, WORLD_IN_2M, 2), VTD_SS_R | VTD_SS_W);
	world_clear(&w, world_ss(&w, WORLD_IN_1G, 3), VTD_SS_R | VTD_SS_W);
	inv_iotlb_page(b, WORLD_DID, WORLD_IN_2M + 0x200000, 9, true);
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN_2M + 0x1000, HWI_READ,
		     WORLD_OUT_2M + 0x1000);
	inv_iotlb_page(b, WORLD_DID, WORLD_IN_2M + 0x3000, 0, true);
	inv_iotlb_page(b, WORLD_DID, WORLD_IN_1G + 0x12345000, 0, true);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN_2M + 0x1000, HWI_READ, 0x79);
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN_1G, HWI_READ, 0x79);
}

/* The PASID tag of requests without is RID_PASID. */
/* covers: DSC_p_iotlb_inv */
static void test_iotlb_of_requests_without_pasid_goes_by_rid_pasid(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_scalable(&w, b, VTD_PGTT_FS);
	bench_w64(b, w.ctx + 8, WORLD_PASID); /* RID_PASID */
	assert_int_equal(leads(&w, HWI_PASID_NONE), WORLD_OUT);
	remap_fs(&w, NEW_OUT);
	inv_piotlb_pasid(b, WORLD_DID, 0);
	assert_int_equal(leads(&w, HWI_PASID_NONE), WORLD_OUT);
	inv_piotlb_pasid(b, WORLD_DID, WORLD_PASID);
	assert_int_equal(leads(&w, HWI_PASID_NONE), NEW_OUT);
}

/* ---- IOTLB, first stage and nested ---- */

static void iotlb_first_stage(struct bench *b, unsigned int pgtt, uint64_t offset)
{
	struct world w;

	for (unsigned int i = 0; i < 6; i++) {
		bench_remake(b, NULL);
		b->root = 0;
		world_scalable(&w, b, pgtt);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		remap_fs(&w, NEW_OUT + offset);
		inv_piotlb_page(b, WORLD_DID, WORLD_PASID, WORLD_IN + 0x1000, 0, true);
		inv_piotlb_page(b, WORLD_DID, WORLD_PASID + 1, WORLD_IN, 0, true);
		inv_piotlb_page(b, OTHER_DID, WORLD_PASID, WORLD_IN, 0, true);
		inv_iotlb_page(b, OTHER_DID, WORLD_IN, 0, true);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		switch (i) {
		case 0:
			inv_piotlb_page(b, WORLD_DID, WORLD_PASID, WORLD_IN, 0, true);
			break;
		case 1: /* any AM is legal here, MAMV does not count */
			inv_piotlb_page(b, WORLD_DID, WORLD_PASID, 0, 63, true);
			break;
		case 2:
			inv_piotlb_pasid(b, WORLD_DID, WORLD_PASID);
			break;
		case 3: /* page-selective takes all of the domain's, whatever the address */
			inv_iotlb_page(b, WORLD_DID, WORLD_IN + 0x100000, 0, true);
			break;
		case 4:
			inv_iotlb_domain(b, WORLD_DID);
			break;
		default:
			bench_inv_iotlb(b);
		}
		assert_int_equal(leads(&w, WORLD_PASID), NEW_OUT);
	}
}

/* covers: DSC_iotlb_inv DSC_p_iotlb_inv */
static void test_iotlb_first_stage(void **state)
{
	iotlb_first_stage(*state, VTD_PGTT_FS, 0);
}

/* covers: DSC_iotlb_inv DSC_p_iotlb_inv */
static void test_iotlb_nested(void **state)
{
	iotlb_first_stage(*state, VTD_PGTT_NESTED, WORLD_GUEST);
}

/* Pass-through translations are cached, too. */
/* covers: DSC_iotlb_inv */
static void test_iotlb_pass_through(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_scalable(&w, b, VTD_PGTT_PT);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_IN);
	world_pe_clear(&w, 0, VTD_PE_Q0_P);
	bench_inv_pasid(b);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_IN);
	inv_piotlb_page(b, WORLD_DID, WORLD_PASID, WORLD_IN, 0, false);
	inv_iotlb_page(b, WORLD_DID, WORLD_IN + HWI_BIT64(36), 0, false);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_IN);
	inv_iotlb_page(b, WORLD_DID, WORLD_IN, 0, false);
	assert_int_equal(leads(&w, WORLD_PASID), 0);
}

/* ---- paging-structure caches ---- */

/* covers: DSC_iotlb_inv DSC_p_iotlb_inv */
static void test_second_stage_structures(void **state)
{
	struct bench *b = *state;
	struct world w;

	for (unsigned int i = 0; i < 3; i++) {
		bench_remake(b, NULL);
		b->root = 0;
		world_scalable(&w, b, VTD_PGTT_SS);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		retable(&w, world_ss(&w, WORLD_IN, 2), VTD_SS_R | VTD_SS_W);
		/* Leaves alone, another domain, another 2M, by PASID: not what is owed. */
		inv_iotlb_page(b, WORLD_DID, WORLD_IN, 0, true);
		inv_iotlb_page(b, OTHER_DID, WORLD_IN, 0, false);
		inv_iotlb_page(b, WORLD_DID, WORLD_IN + 0x200000, 9, false);
		inv_piotlb_pasid(b, WORLD_DID, WORLD_PASID);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		if (i == 0)
			inv_iotlb_page(b, WORLD_DID, WORLD_IN, 0, false);
		else if (i == 1)
			inv_iotlb_domain(b, WORLD_DID);
		else
			bench_inv_iotlb(b);
		assert_int_equal(leads(&w, WORLD_PASID), NEW_OUT);
	}
}

/* covers: DSC_iotlb_inv DSC_p_iotlb_inv */
static void test_first_stage_structures(void **state)
{
	struct bench *b = *state;
	struct world w;

	for (unsigned int i = 0; i < 5; i++) {
		bench_remake(b, NULL);
		b->root = 0;
		world_scalable(&w, b, VTD_PGTT_FS);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		retable(&w, world_fs(&w, WORLD_IN, 2), VTD_FS_P | VTD_FS_RW | VTD_FS_US);
		inv_piotlb_page(b, WORLD_DID, WORLD_PASID, WORLD_IN, 0, true);
		inv_piotlb_page(b, WORLD_DID, WORLD_PASID + 1, WORLD_IN, 0, false);
		inv_piotlb_page(b, WORLD_DID, WORLD_PASID, WORLD_IN + 0x200000, 0, false);
		inv_piotlb_pasid(b, OTHER_DID, WORLD_PASID);
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
		switch (i) {
		case 0:
			inv_piotlb_page(b, WORLD_DID, WORLD_PASID, WORLD_IN, 0, false);
			break;
		case 1:
			inv_piotlb_pasid(b, WORLD_DID, WORLD_PASID);
			break;
		case 2: /* even with IH: first-stage structures go by domain here */
			inv_iotlb_page(b, WORLD_DID, 0, 0, true);
			break;
		case 3:
			inv_iotlb_domain(b, WORLD_DID);
			break;
		default:
			bench_inv_iotlb(b);
		}
		assert_int_equal(leads(&w, WORLD_PASID), NEW_OUT);
	}
}

/*
 * Nested: the combined cache holds where a first-stage table is in host memory, so
 * moving that table in the second stage shows only when it goes.
 */
/* covers: DSC_iotlb_inv */
static void test_nested_structures(void **state)
{
	struct bench *b = *state;
	struct world w;
	uint64_t table, gpa, copy, at;

	world_scalable(&w, b, VTD_PGTT_NESTED);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	/* A copy of the level 1 table elsewhere, with another mapping. */
	table = world_fs(&w, WORLD_IN, 1) & ~UINT64_C(0xfff);
	gpa = table + WORLD_GUEST;
	copy = bench_alloc(b, 1);
	bench_w64(b, copy + (world_fs(&w, WORLD_IN, 1) & 0xfff),
		  (NEW_OUT + WORLD_GUEST) | VTD_FS_P | VTD_FS_RW | VTD_FS_US | VTD_FS_A);
	at = world_ss(&w, gpa, 1);
	bench_w64(b, at, (bench_r64(b, at) & ~VTD_SS_ADDR) | copy);
	inv_piotlb_page(b, WORLD_DID, WORLD_PASID, WORLD_IN, 0, true);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	inv_iotlb_page(b, WORLD_DID, gpa, 0, true);
	assert_int_equal(leads(&w, WORLD_PASID), NEW_OUT);
}

/* ---- one entry ---- */

static void one_entry(struct bench *b, uint32_t *capacity, const struct hwi_vtd_config *cfg)
{
	*capacity = 1;
	bench_remake(b, cfg);
	b->root = 0;
}

static void test_iotlb_of_one_entry(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	one_entry(b, &cfg.caches.iotlb, &cfg);
	world_scalable(&w, b, VTD_PGTT_SS);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	remap_ss(&w, NEW_OUT);
	for (unsigned int i = 0; i < 3; i++) /* hits, by the shortcut in the end */
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN_2M, HWI_READ, WORLD_OUT_2M);
	assert_int_equal(leads(&w, WORLD_PASID), NEW_OUT);
}

static void test_context_and_pasid_cache_of_one_entry(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	one_entry(b, &cfg.caches.context, &cfg);
	world_legacy(&w, b);
	assert_int_equal(leads(&w, HWI_PASID_NONE), WORLD_OUT);
	world_clear(&w, w.ctx, VTD_CTX_L0_P);
	build_context(b, OTHER_SID, VTD_TT_SS, VTD_AW_48, OTHER_DID, w.ss_root);
	bench_expect(b, OTHER_SID, HWI_PASID_NONE, WORLD_IN, HWI_READ, WORLD_OUT);
	bench_inv_iotlb(b);
	assert_int_equal(leads(&w, HWI_PASID_NONE), 0);

	cfg = b->cfg;
	cfg.caches.context = 0;
	one_entry(b, &cfg.caches.pasid, &cfg);
	world_scalable(&w, b, VTD_PGTT_FS);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	world_pe_clear(&w, 0, VTD_PE_Q0_P);
	bench_inv_iotlb(b);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	world_set(&w, w.pe[0], VTD_PE_Q0_P);
	assert_int_equal(leads(&w, HWI_PASID_NONE), WORLD_OUT);
	bench_inv_iotlb(b);
	assert_int_equal(leads(&w, WORLD_PASID), 0);
}

static void test_structure_caches_of_one_entry(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.caches.first_stage = 1;
	one_entry(b, &cfg.caches.second_stage, &cfg);
	world_scalable(&w, b, VTD_PGTT_SS);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	retable(&w, world_ss(&w, WORLD_IN, 2), VTD_SS_R | VTD_SS_W);
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN_2M, HWI_READ, WORLD_OUT_2M);
	inv_piotlb_pasid(b, WORLD_DID, WORLD_PASID);
	assert_int_equal(leads(&w, WORLD_PASID), NEW_OUT);
}

/* No cache at all: what is in memory is what happens, without any invalidation. */
static void test_no_caches(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.caches = (struct hwi_vtd_caches){
		HWI_VTD_CACHE_NONE, HWI_VTD_CACHE_NONE, HWI_VTD_CACHE_NONE,
		HWI_VTD_CACHE_NONE, HWI_VTD_CACHE_NONE, HWI_VTD_CACHE_NONE,
	};
	bench_remake(b, &cfg);
	world_scalable(&w, b, VTD_PGTT_NESTED);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	remap_fs(&w, NEW_OUT + WORLD_GUEST);
	assert_int_equal(leads(&w, WORLD_PASID), NEW_OUT);
	world_pe_clear(&w, 0, VTD_PE_Q0_P);
	assert_int_equal(leads(&w, WORLD_PASID), 0);
	world_pe_set(&w, 0, VTD_PE_Q0_P);
	world_clear(&w, w.ctx, VTD_SCTX_Q0_P);
	assert_int_equal(leads(&w, WORLD_PASID), 0);
}

/* ---- what is not shared ---- */

/* Two functions of one domain share walks, never IOTLB entries. */
static void test_iotlb_is_by_source_id(void **state)
{
	struct bench *b = *state;
	struct world w;
	struct build_pe pe;

	world_scalable(&w, b, VTD_PGTT_SS);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	build_scontext(b, OTHER_SID, VTD_SCTX_Q0_PASIDE, 0, 0);
	pe = pe_second_stage(WORLD_DID, VTD_AW_48, w.ss_root);
	build_pasid(b, OTHER_SID, WORLD_PASID, pe.q);
	remap_ss(&w, NEW_OUT);
	bench_expect(b, OTHER_SID, WORLD_PASID, WORLD_IN, HWI_READ, NEW_OUT);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	assert_int_equal(leads(&w, HWI_PASID_NONE), NEW_OUT); /* nor across the PASID mark */
}

/* TE off in a unit with scalable mode drops everything (VT-d 5.10 §11.4.4.1). */
static void test_disabling_drops_everything(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_scalable(&w, b, VTD_PGTT_SS);
	assert_int_equal(leads(&w, WORLD_PASID), WORLD_OUT);
	remap_ss(&w, NEW_OUT);
	bench_gcmd(b, VTD_GCMD_TE, false);
	bench_gcmd(b, VTD_GCMD_TE, true);
	assert_int_equal(leads(&w, WORLD_PASID), NEW_OUT);
	hwi_reset(b->unit, false);
	assert_int_equal(leads(&w, HWI_PASID_NONE), WORLD_IN); /* translation is off */
}

/* The machine is told what went. */
static void test_the_machine_is_told(void **state)
{
	struct bench *b = *state;
	struct world w;

	world_legacy(&w, b);
	b->invals = 0;
	inv_iotlb_page(b, WORLD_DID, WORLD_IN + 0x3000, 1, false);
	assert_int_equal(b->invals, 1);
	assert_int_equal(b->inval[0].scope, HWI_INVAL_DOMAIN);
	assert_int_equal(b->inval[0].domain, WORLD_DID);
	assert_int_equal(hwi_iova_val(b->inval[0].addr), WORLD_IN + 0x3000); /* 2 pages */
	assert_int_equal(b->inval[0].span_log2, 13);
	inv_iotlb_domain(b, WORLD_DID);
	assert_int_equal(b->inval[1].scope, HWI_INVAL_DOMAIN);
	assert_int_equal(b->inval[1].span_log2, 64);
	bench_inv_iotlb(b);
	assert_int_equal(b->inval[2].scope, HWI_INVAL_ALL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_context_cache_legacy),
		T(test_context_cache_granularities),
		T(test_context_cache_scalable),
		T(test_pasid_cache),
		T(test_iotlb_second_stage),
		T(test_iotlb_large_page),
		T(test_iotlb_of_requests_without_pasid_goes_by_rid_pasid),
		T(test_iotlb_first_stage),
		T(test_iotlb_nested),
		T(test_iotlb_pass_through),
		T(test_second_stage_structures),
		T(test_first_stage_structures),
		T(test_nested_structures),
		T(test_iotlb_of_one_entry),
		T(test_context_and_pasid_cache_of_one_entry),
		T(test_structure_caches_of_one_entry),
		T(test_no_caches),
		T(test_iotlb_is_by_source_id),
		T(test_disabling_drops_everything),
		T(test_the_machine_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

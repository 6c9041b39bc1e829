/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Invalidations of ranges (SMMUv3 §4.4.1): TTL against leaves and table descriptors of
 * each granule, ranges that end at the top of the address space, whom they spare.
 */
#include "smmu_world.h"

#define KEPT SW_OUT
#define LEAF UINT64_C(0x640000)
#define ALL UINT64_C(0x680000)

#define VMID(v) HWI_PUT(SMMU_CMD0_VMID, v)
#define ASID(a) HWI_PUT(SMMU_CMD0_ASID, a)
#define NUM(n) HWI_PUT(SMMU_CMD_TLBI0_NUM, n)
#define SCALE(n) HWI_PUT(SMMU_CMD_TLBI0_SCALE, n)
#define TTL(n) HWI_PUT(SMMU_CMD_TLBI1_TTL, n)
#define TG(tg) HWI_PUT(SMMU_CMD_TLBI1_TG, tg)
#define NH_VA (SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID))

static uint64_t leads(struct sw *w)
{
	struct hwi_response r = sb_dma(w->b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
	uint64_t rec[4];

	while (sb_event(w->b, rec))
		;
	return r.outcome == HWI_SUCCESS ? hwi_hpa_val(r.addr) : 0;
}

/*
 * SW_IN cached, then the leaf changed, and the descriptor of its table to one with
 * another leaf: where it leads says what went (test_smmu_every_tlbi.c).
 */
static void fill(struct sw *w, unsigned int g)
{
	struct smmu_bench *b = w->b;
	uint64_t at, up, table = sb_alloc_aligned(b, UINT64_C(1) << g);

	sb_invalidate_all(b);
	assert_int_equal(leads(w), KEPT);
	at = sw_s1_at(w, SW_IN, 3);
	sb_w64(b, table + (SW_IN >> g) % (UINT64_C(1) << (g - 3)) * 8, ALL | SW_S1_LEAF);
	sw_set(w, at, LEAF, VMSA_DESC_ADDR(g));
	up = sw_s1_at(w, SW_IN, 2);
	sw_set(w, up, table, VMSA_DESC_ADDR(g));
	assert_int_equal(leads(w), KEPT);
}

struct row {
	const char *what;
	unsigned int g;
	uint64_t num, q1; /* q1 is aligned to the level that TTL names */
	uint64_t now;	  /* where SW_IN leads after the command */
	uint64_t then;	  /* and when the leaf is invalidated alone after that */
};

#define AT(shift) (SW_IN & ~HWI_MASK64((shift) - 1, 0))

/*
 * TTL=n: leaves of level n alone; without Leaf table descriptors of levels above n, the
 * last one of which points to the tables of level n. A hint of another granule spares
 * everything.
 */
/* covers: CMD_TLBI_NH_VA */
static void levels_and_granules(void **state)
{
	static const struct row rows[] = {
		{ "4K, any level", 12, 1, AT(12) | TG(SMMU_TLBI_TG_4K), ALL, ALL },
		{ "4K, any level, leaf", 12, 1, AT(12) | TG(SMMU_TLBI_TG_4K) | SMMU_CMD1_LEAF, LEAF,
		  LEAF },
		{ "4K, level 3", 12, 0, AT(12) | TG(SMMU_TLBI_TG_4K) | TTL(3), ALL, ALL },
		{ "4K, level 3, leaf", 12, 0, AT(12) | TG(SMMU_TLBI_TG_4K) | TTL(3) | SMMU_CMD1_LEAF,
		  LEAF, LEAF },
		{ "4K, level 2", 12, 0, AT(21) | TG(SMMU_TLBI_TG_4K) | TTL(2), KEPT, LEAF },
		{ "4K, level 1", 12, 0, AT(30) | TG(SMMU_TLBI_TG_4K) | TTL(1), KEPT, LEAF },
		{ "4K, as 16K", 12, 1, AT(14) | TG(SMMU_TLBI_TG_16K), KEPT, LEAF },
		{ "4K, as 64K", 12, 0, AT(16) | TG(SMMU_TLBI_TG_64K) | TTL(3), KEPT, LEAF },
		{ "16K, any level", 14, 1, AT(14) | TG(SMMU_TLBI_TG_16K), ALL, ALL },
		{ "16K, level 3", 14, 0, AT(14) | TG(SMMU_TLBI_TG_16K) | TTL(3), ALL, ALL },
		{ "16K, level 2", 14, 0, AT(25) | TG(SMMU_TLBI_TG_16K) | TTL(2), KEPT, LEAF },
		/* There are no leaves of level 1: no hint. */
		{ "16K, level 1", 14, 1, AT(14) | TG(SMMU_TLBI_TG_16K) | TTL(1), ALL, ALL },
		{ "16K, level 1, leaf", 14, 1,
		  AT(14) | TG(SMMU_TLBI_TG_16K) | TTL(1) | SMMU_CMD1_LEAF, LEAF, LEAF },
		{ "16K, as 4K", 14, 3, AT(14) | TG(SMMU_TLBI_TG_4K), KEPT, LEAF },
		{ "64K, any level", 16, 1, AT(16) | TG(SMMU_TLBI_TG_64K), ALL, ALL },
		{ "64K, level 3", 16, 0, AT(16) | TG(SMMU_TLBI_TG_64K) | TTL(3), ALL, ALL },
		{ "64K, level 2", 16, 0, AT(29) | TG(SMMU_TLBI_TG_64K) | TTL(2), KEPT, LEAF },
		{ "64K, level 1", 16, 0, AT(42) | TG(SMMU_TLBI_TG_64K) | TTL(1), KEPT, LEAF },
	};
	struct smmu_bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t now, then;
		struct sw w;

		sb_fini(b);
		sb_init(b, NULL);
		sb_start(b);
		sw_s1(&w, b, rows[i].g);
		fill(&w, rows[i].g);
		sb_do(b, NH_VA | NUM(rows[i].num), rows[i].q1);
		now = leads(&w);
		sb_do(b, NH_VA, SW_IN | SMMU_CMD1_LEAF);
		then = leads(&w);
		if (now != rows[i].now || then != rows[i].then)
			fail_msg("%s: 0x%llx, then 0x%llx", rows[i].what, (unsigned long long)now,
				 (unsigned long long)then);
	}
	/* Which makes it the reserved combination (§4.4.1.1). */
	sb_refuse(b, NH_VA, SW_IN | TG(SMMU_TLBI_TG_16K) | TTL(1), SMMU_CERROR_ILL);
	sb_do(b, NH_VA, AT(30) | TG(SMMU_TLBI_TG_4K) | TTL(1));
}

/* What is known of an IPA goes by a range of stage 2's granule, stays with one of another. */
/* covers: CMD_TLBI_S2_IPA */
static void known_ipas(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t ipa, copy;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_ok(&w);
	/* The stage 1 root moves to an empty table. */
	ipa = w.s1_root + w.guest;
	copy = sb_alloc_aligned(b, 4096);
	sw_set(&w, sw_s2_at(&w, ipa, 3), copy, VMSA_DESC_ADDR(12));
	sb_do(b, SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID) | NUM(1),
	      (ipa & ~HWI_MASK64(13, 0)) | TG(SMMU_TLBI_TG_16K));
	sb_do(b, SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID), 0);
	assert_int_equal(leads(&w), SW_OUT);
	sb_do(b, SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID),
	      (ipa & ~HWI_MASK64(20, 0)) | TG(SMMU_TLBI_TG_4K) | TTL(2));
	sb_do(b, SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID), 0);
	assert_int_equal(leads(&w), SW_OUT);
	sb_do(b, SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID), ipa | TG(SMMU_TLBI_TG_4K) | TTL(3));
	sb_do(b, SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID), 0);
	assert_int_equal(leads(&w), 0);
}

#define TOP HWI_MASK64(63, 12)	    /* the last page of all */
#define TOP_IN HWI_MASK64(47, 12)   /* which the tables know by these bits */
#define BOTTOM UINT64_C(0)

static void expect(struct smmu_bench *b, uint64_t va, uint64_t out)
{
	sw_expect(b, SW_SID, va, HWI_READ, out);
}

/* A range that ends beyond the last address ends there: it does not go on from 0 (§4.4.1). */
/* covers: CMD_TLBI_NH_VA CMD_TLBI_NH_VAA */
static void no_wrap_at_the_top(void **state)
{
	static const uint64_t q0[] = {
		NH_VA | NUM(1),
		NH_VA | NUM(31) | SCALE(31),
		SMMU_CMD_TLBI_NH_VAA | VMID(SW_VMID) | NUM(3),
	};
	struct smmu_bench *b = *state;
	struct sw w;

	/* Both halves by one set of tables. */
	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_CD_FIELD(&w, 2, SMMU_CD2_TTB1, w.s1_root >> 4);
	SW_CD_FIELD(&w, 0, SMMU_CD0_TG1, SMMU_TG1_4K);
	SW_CD_FIELD(&w, 0, SMMU_CD0_T1SZ, 16);
	sw_cd(&w, 0, 0, SMMU_CD0_EPD1);
	for (unsigned int i = 0; i < sizeof(q0) / sizeof(q0[0]); i++) {
		sw_map_s1(&w, BOTTOM, KEPT, 3, SW_S1_LEAF);
		sw_map_s1(&w, TOP_IN, KEPT, 3, SW_S1_LEAF);
		sb_invalidate_all(b);
		expect(b, BOTTOM, KEPT);
		expect(b, TOP, KEPT);
		expect(b, TOP_IN, KEPT); /* the lower half's last page */
		sw_map_s1(&w, BOTTOM, LEAF, 3, SW_S1_LEAF);
		sw_map_s1(&w, TOP_IN, LEAF, 3, SW_S1_LEAF);
		sb_do(b, q0[i], TOP | TG(SMMU_TLBI_TG_4K));
		expect(b, TOP, LEAF);
		expect(b, BOTTOM, KEPT);
		expect(b, TOP_IN, KEPT);
	}
	/* From below, over the last page and beyond it. */
	sw_map_s1(&w, TOP_IN, KEPT, 3, SW_S1_LEAF);
	sb_invalidate_all(b);
	expect(b, TOP, KEPT);
	sw_map_s1(&w, TOP_IN, LEAF, 3, SW_S1_LEAF);
	sb_do(b, NH_VA | NUM(1), (TOP - 0x2000) | TG(SMMU_TLBI_TG_4K));
	expect(b, TOP, KEPT);
	sb_do(b, NH_VA | NUM(3), (TOP - 0x2000) | TG(SMMU_TLBI_TG_4K));
	expect(b, TOP, LEAF);
}

/* The machine is told of an aligned block that holds the range: at such places, of everything. */
/* covers: CMD_TLBI_NH_VA */
static void told_at_the_edges(void **state)
{
	static const struct {
		uint64_t q0, addr;
		uint64_t told;
		unsigned int span_log2;
	} c[] = {
		{ NH_VA | NUM(1), TOP, 0, 64 },				/* over the top */
		{ NH_VA | NUM(1), TOP - 0x1000, TOP - 0x1000, 13 },	/* up to it */
		{ NH_VA | NUM(1), HWI_BIT64(63) - 0x1000, 0, 64 },	/* over the middle */
		{ NH_VA | NUM(1), HWI_BIT64(62) - 0x1000, 0, 63 },
		{ NH_VA | NUM(2), 0x7000, 0, 16 },
	};
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		sb_clear_logs(b);
		/* Of pages: a block would go as a whole. */
		sb_do(b, c[i].q0, c[i].addr | TG(SMMU_TLBI_TG_4K) | TTL(3));
		assert_int_equal(b->invals, 1);
		assert_int_equal(b->inval[0].scope, HWI_INVAL_DOMAIN);
		assert_int_equal(b->inval[0].domain, SW_VMID);
		assert_int_equal(b->inval[0].span_log2, c[i].span_log2);
		assert_true(hwi_iova_val(b->inval[0].addr) == c[i].told);
	}
}

/* By VA and ASID go entries of that ASID and globals, wherever they are kept: not those of ASID 0. */
/* covers: POINT_29 CMD_TLBI_NH_VA */
static void asid_0_is_not_global(void **state)
{
	const uint64_t global = SW_IN + 0x1000;
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_CD_FIELD(&w, 0, SMMU_CD0_ASID, 0);
	sw_map_s1(&w, global, KEPT, 3, SW_S1_LEAF & ~VMSA_S1_NG);
	sb_invalidate_all(b);
	expect(b, SW_IN, KEPT);
	expect(b, global, KEPT);
	sw_map_s1(&w, SW_IN, LEAF, 3, SW_S1_LEAF);
	sw_map_s1(&w, global, LEAF, 3, SW_S1_LEAF & ~VMSA_S1_NG);
	sb_do(b, NH_VA | NUM(1), SW_IN | TG(SMMU_TLBI_TG_4K));
	expect(b, SW_IN, KEPT);
	expect(b, global, LEAF);
	sb_do(b, SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | NUM(1), SW_IN | TG(SMMU_TLBI_TG_4K));
	expect(b, SW_IN, LEAF);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(levels_and_granules), T(known_ipas), T(no_wrap_at_the_top),
		T(told_at_the_edges), T(asid_0_is_not_global),
	};

	return cmocka_run_group_tests_name("smmu_ranges", tests, NULL, NULL);
}

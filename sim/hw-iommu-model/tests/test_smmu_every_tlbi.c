/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Each TLB invalidation command against each kind of TLB entry (SMMUv3 §4.4, Arm DDI 0487 D8.17): what it must remove is
 * gone, all else stays.
 *
 * Every page under test has been translated once, so that the leaf and the table descriptors above it are cached. Then its
 * leaf is changed, and so is the table descriptor that points to the leaf's table. Where a transaction then goes tells what
 * a command has removed:
 *
 *	KEPT	where it went before: nothing
 *	LEAF	to what the leaf in the old table says now: the leaf, and not the table descriptor
 *	ALL	to what the leaf in the new table says: both
 */
#include "smmu_world.h"

enum verdict { KEPT, LEAF, ALL };

/* The pages. Another range of the same stream has tables of its own. */
#define VA SW_IN
#define VA_GLOBAL (SW_IN + UINT64_C(0x8000000))
#define OTHER_TABLE UINT64_C(0x200000) /* the next table of last-level descriptors: 2 MiB further with 4K */

#define VMID_A 5u
#define VMID_B 6u
#define ASID_A 7u
#define ASID_B 8u
#define ASID_NESTED 9u

#define OUT(verdict) (SW_OUT + UINT64_C(0x10000) * (verdict))

/* The streams, a letter each in the tables below. */
enum stream {
	S1_A,	  /* stage 1, VMID_A, ASID_A */
	S1_A_GLOBAL, /* the same stream, a global page */
	S1_ASID,  /* stage 1, VMID_A, ASID_B */
	S1_VMID,  /* stage 1, VMID_B, ASID_A */
	NESTED,	  /* both stages, VMID_A, ASID_NESTED */
	S2_A,	  /* stage 2, VMID_A */
	S2_VMID,  /* stage 2, VMID_B */
	EL2_A,	  /* stage 1, EL2, ASID_A */
	EL2_A_GLOBAL, /* the same stream, a global page */
	EL2_ASID, /* stage 1, EL2, ASID_B; without ASIDs a third page of the same stream */
	STREAMS,
};

/* One page under test. */
struct page {
	struct sw w;
	uint32_t sid;
	uint64_t va;
};

struct entries {
	struct page page[STREAMS];
};

/* Give the stream that was just made a StreamID, a VMID and an ASID of its own. */
static void place(struct page *p, uint32_t sid, unsigned int vmid, unsigned int asid, uint64_t va)
{
	struct smmu_bench *b = p->w.b;
	uint64_t at = sb_ste(b, sid);

	for (unsigned int n = 0; n < SMMU_STE_DWORDS; n++)
		sb_w64(b, at + 8 * (uint64_t)n, sb_r64(b, p->w.ste + 8 * (uint64_t)n));
	p->w.ste = at;
	p->sid = sid;
	p->va = va;
	SW_STE_FIELD(&p->w, 2, SMMU_STE2_S2VMID, vmid);
	if (p->w.g1)
		SW_CD_FIELD(&p->w, 0, SMMU_CD0_ASID, asid);
}

static void set_leaf(struct page *p, uint64_t va, enum verdict v, uint64_t clear)
{
	if (p->w.g1)
		sw_map_s1(&p->w, va, OUT(v) + p->w.guest, 3, SW_S1_LEAF & ~clear);
	else
		sw_map_s2(&p->w, va, OUT(v), 3, SW_S2_LEAF);
	if (p->w.g1 && p->w.g2)
		sw_map_s2(&p->w, OUT(v) + p->w.guest, OUT(v), 3, SW_S2_LEAF);
}

static bool is_global(enum stream n)
{
	return n == S1_A_GLOBAL || n == EL2_A_GLOBAL;
}

static uint64_t clear_of(enum stream n)
{
	return is_global(n) ? VMSA_S1_NG : 0;
}

static void make(struct smmu_bench *b, struct entries *e, bool e2h)
{
	struct page *p = e->page;

	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write(b, SMMU_REG_CR2, SMMU_CR2_RECINVSID | (e2h ? SMMU_CR2_E2H : 0));
	sb_cr0(b, SMMU_CR0_SMMUEN, true);

	sw_s1(&p[S1_A].w, b, VMSA_SHIFT_4K);
	place(&p[S1_A], 0x31, VMID_A, ASID_A, VA);
	p[S1_A_GLOBAL] = p[S1_A];
	p[S1_A_GLOBAL].va = VA_GLOBAL;
	sw_s1(&p[S1_ASID].w, b, VMSA_SHIFT_4K);
	place(&p[S1_ASID], 0x32, VMID_A, ASID_B, VA);
	sw_s1(&p[S1_VMID].w, b, VMSA_SHIFT_4K);
	place(&p[S1_VMID], 0x33, VMID_B, ASID_A, VA);
	sw_nested(&p[NESTED].w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	place(&p[NESTED], 0x34, VMID_A, ASID_NESTED, VA);
	/* One VMID, one set of stage 2 tables. */
	p[S2_A].w = p[NESTED].w;
	p[S2_A].w.g1 = 0;
	p[S2_A].w.guest = 0;
	place(&p[S2_A], 0x35, VMID_A, 0, VA);
	SW_STE_FIELD(&p[S2_A].w, 0, SMMU_STE0_CONFIG, SMMU_STE_CONFIG_S2);
	sw_s2(&p[S2_VMID].w, b, VMSA_SHIFT_4K);
	place(&p[S2_VMID], 0x36, VMID_B, 0, VA);
	sw_s1(&p[EL2_A].w, b, VMSA_SHIFT_4K);
	place(&p[EL2_A], 0x37, 0, ASID_A, VA);
	SW_STE_FIELD(&p[EL2_A].w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	p[EL2_A_GLOBAL] = p[EL2_A];
	p[EL2_A_GLOBAL].va = VA_GLOBAL;
	/* NS-EL2 has no ASIDs: it is one address space, with one set of tables. */
	p[EL2_ASID] = p[EL2_A];
	p[EL2_ASID].va = VA + 4 * OTHER_TABLE;
	if (!e2h)
		return;
	sw_s1(&p[EL2_ASID].w, b, VMSA_SHIFT_4K);
	place(&p[EL2_ASID], 0x38, 0, ASID_B, VA);
	SW_STE_FIELD(&p[EL2_ASID].w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
}

/* All of them cached, and then changed in memory. */
static void fill(struct smmu_bench *b, struct entries *e)
{
	uint64_t at, other;

	sb_invalidate_all(b);
	for (unsigned int n = 0; n < STREAMS; n++) {
		struct page *p = &e->page[n];

		set_leaf(p, p->va, KEPT, clear_of(n));
		set_leaf(p, p->va + OTHER_TABLE, ALL, clear_of(n));
	}
	sb_invalidate_all(b);
	for (unsigned int n = 0; n < STREAMS; n++)
		sw_expect(b, e->page[n].sid, e->page[n].va, HWI_READ, OUT(KEPT));
	for (unsigned int n = 0; n < STREAMS; n++) {
		struct page *p = &e->page[n];

		set_leaf(p, p->va, LEAF, clear_of(n));
		at = p->w.g1 ? sw_s1_at(&p->w, p->va, 2) : sw_s2_at(&p->w, p->va, 2);
		other = p->w.g1 ? sw_s1_at(&p->w, p->va + OTHER_TABLE, 2) :
				  sw_s2_at(&p->w, p->va + OTHER_TABLE, 2);
		sb_w64(b, at, sb_r64(b, other));
	}
	/* That alone changes nothing. */
	for (unsigned int n = 0; n < STREAMS; n++)
		sw_expect(b, e->page[n].sid, e->page[n].va, HWI_READ, OUT(KEPT));
}

struct row {
	const char *what;
	uint64_t q0, q1;
	enum verdict verdict[STREAMS];
};

static void check(struct smmu_bench *b, const struct row *rows, size_t count, bool e2h)
{
	for (size_t i = 0; i < count; i++) {
		struct entries e;

		sb_fini(b);
		sb_init(b, NULL);
		sb_start(b);
		make(b, &e, e2h);
		fill(b, &e);
		sb_do(b, rows[i].q0, rows[i].q1);
		sb_sync(b);
		for (unsigned int n = 0; n < STREAMS; n++) {
			struct hwi_response r = sb_dma(b, e.page[n].sid, HWI_PASID_NONE, e.page[n].va,
						       HWI_READ);

			if (hwi_hpa_val(r.addr) != OUT(rows[i].verdict[n]))
				fail_msg("%s: page %u went to 0x%llx, not 0x%llx", rows[i].what, n,
					 (unsigned long long)hwi_hpa_val(r.addr),
					 (unsigned long long)OUT(rows[i].verdict[n]));
		}
		sb_expect_no_event(b);
	}
}

#define CHECK(b, rows, e2h) check(b, rows, sizeof(rows) / sizeof((rows)[0]), e2h)

/* Commands, written out. */
#define Q0_VMID(cmd, vmid) ((cmd) | HWI_PUT(SMMU_CMD0_VMID, vmid))
#define Q0_ASID(cmd, vmid, asid) (Q0_VMID(cmd, vmid) | HWI_PUT(SMMU_CMD0_ASID, asid))
#define Q0_SID(cmd, sid) ((cmd) | HWI_PUT(SMMU_CMD0_SID, sid))

/* (num + 1) << scale pages of 4K. */
#define Q0_RANGE(num, scale) \
	(HWI_PUT(SMMU_CMD_TLBI0_NUM, num) | HWI_PUT(SMMU_CMD_TLBI0_SCALE, scale))
#define TG_4K HWI_PUT(SMMU_CMD_TLBI1_TG, SMMU_TLBI_TG_4K)
#define TTL_3 HWI_PUT(SMMU_CMD_TLBI1_TTL, 3)

#define LEAF_ONLY SMMU_CMD1_LEAF

/* covers: POINT_29 POINT_32 CMD_TLBI_NH_ALL CMD_TLBI_NH_ASID */
static void nh_by_vmid_and_by_asid(void **state)
{
	static const struct row rows[] = {
		{ "NH_ALL", Q0_VMID(SMMU_CMD_TLBI_NH_ALL, VMID_A), 0,
		  { [S1_A] = ALL, [S1_A_GLOBAL] = ALL, [S1_ASID] = ALL, [NESTED] = ALL } },
		{ "NH_ALL of another VMID", Q0_VMID(SMMU_CMD_TLBI_NH_ALL, VMID_B), 0, { [S1_VMID] = ALL } },
		/* Globals stay; table descriptors count as the ASID's. */
		{ "NH_ASID", Q0_ASID(SMMU_CMD_TLBI_NH_ASID, VMID_A, ASID_A), 0, { [S1_A] = ALL } },
		{ "NH_ASID of another ASID", Q0_ASID(SMMU_CMD_TLBI_NH_ASID, VMID_A, ASID_B), 0,
		  { [S1_ASID] = ALL } },
		{ "NH_ASID of a nested stream", Q0_ASID(SMMU_CMD_TLBI_NH_ASID, VMID_A, ASID_NESTED), 0,
		  { [NESTED] = ALL } },
	};

	CHECK(*state, rows, false);
}

/* covers: POINT_29 CMD_TLBI_NH_VA CMD_TLBI_NH_VAA */
static void nh_by_va(void **state)
{
	static const struct row rows[] = {
		{ "NH_VA", Q0_ASID(SMMU_CMD_TLBI_NH_VA, VMID_A, ASID_A), VA, { [S1_A] = ALL } },
		{ "NH_VA, leaf", Q0_ASID(SMMU_CMD_TLBI_NH_VA, VMID_A, ASID_A), VA | LEAF_ONLY,
		  { [S1_A] = LEAF } },
		{ "NH_VA of a nested stream", Q0_ASID(SMMU_CMD_TLBI_NH_VA, VMID_A, ASID_NESTED), VA,
		  { [NESTED] = ALL } },
		/* A global entry goes whatever the ASID; table descriptors are its stream's ASID's. */
		{ "NH_VA of a global page", Q0_ASID(SMMU_CMD_TLBI_NH_VA, VMID_A, ASID_B), VA_GLOBAL,
		  { [S1_A_GLOBAL] = LEAF } },
		{ "NH_VA of a global page by its ASID", Q0_ASID(SMMU_CMD_TLBI_NH_VA, VMID_A, ASID_A),
		  VA_GLOBAL, { [S1_A_GLOBAL] = ALL } },
		{ "NH_VA of another page", Q0_ASID(SMMU_CMD_TLBI_NH_VA, VMID_A, ASID_A), VA + 0x1000, { 0 } },
		{ "NH_VAA", Q0_VMID(SMMU_CMD_TLBI_NH_VAA, VMID_A), VA,
		  { [S1_A] = ALL, [S1_ASID] = ALL, [NESTED] = ALL } },
		{ "NH_VAA, leaf", Q0_VMID(SMMU_CMD_TLBI_NH_VAA, VMID_A), VA | LEAF_ONLY,
		  { [S1_A] = LEAF, [S1_ASID] = LEAF, [NESTED] = LEAF } },
		{ "NH_VAA of a global page", Q0_VMID(SMMU_CMD_TLBI_NH_VAA, VMID_A), VA_GLOBAL,
		  { [S1_A_GLOBAL] = ALL } },
		{ "NH_VAA of another VMID", Q0_VMID(SMMU_CMD_TLBI_NH_VAA, VMID_B), VA, { [S1_VMID] = ALL } },
	};

	CHECK(*state, rows, false);
}

/* §4.4.1.1: (NUM + 1) * 2^SCALE granules from the address on. */
/* covers: POINT_28 CMD_TLBI_NH_VA CMD_TLBI_NH_VAA CMD_TLBI_S2_IPA */
static void ranges(void **state)
{
	static const struct row rows[] = {
		{ "two pages, the last", Q0_ASID(SMMU_CMD_TLBI_NH_VA, VMID_A, ASID_A) | Q0_RANGE(1, 0),
		  (VA - 0x1000) | TG_4K, { [S1_A] = ALL } },
		{ "two pages before", Q0_ASID(SMMU_CMD_TLBI_NH_VA, VMID_A, ASID_A) | Q0_RANGE(1, 0),
		  (VA - 0x2000) | TG_4K, { 0 } },
		{ "sixteen pages, the last", Q0_VMID(SMMU_CMD_TLBI_NH_VAA, VMID_A) | Q0_RANGE(0, 4),
		  (VA - 0xf000) | TG_4K | LEAF_ONLY, { [S1_A] = LEAF, [S1_ASID] = LEAF, [NESTED] = LEAF } },
		{ "eight pages before", Q0_VMID(SMMU_CMD_TLBI_NH_VAA, VMID_A) | Q0_RANGE(0, 3),
		  (VA - 0xf000) | TG_4K | LEAF_ONLY, { 0 } },
		{ "one page with TTL", Q0_VMID(SMMU_CMD_TLBI_NH_VAA, VMID_B), VA | TG_4K | TTL_3 | LEAF_ONLY,
		  { [S1_VMID] = LEAF } },
		{ "IPAs", Q0_VMID(SMMU_CMD_TLBI_S2_IPA, VMID_A) | Q0_RANGE(31, 0),
		  (VA - 0x10000) | TG_4K, { [S2_A] = ALL } },
		{ "IPAs before", Q0_VMID(SMMU_CMD_TLBI_S2_IPA, VMID_A) | Q0_RANGE(15, 0),
		  (VA - 0x10000) | TG_4K, { 0 } },
	};
	struct smmu_bench *b = *state;

	CHECK(b, rows, false);
	/* The one combination that is reserved. */
	sb_refuse(b, SMMU_CMD_TLBI_NH_VA, VA | TG_4K, SMMU_CERROR_ILL);
	sb_refuse(b, SMMU_CMD_TLBI_NH_VAA, VA | TG_4K, SMMU_CERROR_ILL);
	sb_refuse(b, SMMU_CMD_TLBI_S2_IPA, VA | TG_4K, SMMU_CERROR_ILL);
	sb_refuse(b, SMMU_CMD_TLBI_EL2_VA, VA | TG_4K, SMMU_CERROR_ILL);
	sb_refuse(b, SMMU_CMD_TLBI_EL2_VAA, VA | TG_4K, SMMU_CERROR_ILL);
}

/* covers: POINT_30 CMD_TLBI_S12_VMALL CMD_TLBI_S2_IPA CMD_TLBI_NSNH_ALL */
static void stage_2_and_everything(void **state)
{
	static const struct row rows[] = {
		{ "S12_VMALL", Q0_VMID(SMMU_CMD_TLBI_S12_VMALL, VMID_A), 0,
		  { [S1_A] = ALL, [S1_A_GLOBAL] = ALL, [S1_ASID] = ALL, [NESTED] = ALL, [S2_A] = ALL } },
		{ "S12_VMALL of another VMID", Q0_VMID(SMMU_CMD_TLBI_S12_VMALL, VMID_B), 0,
		  { [S1_VMID] = ALL, [S2_VMID] = ALL } },
		{ "S2_IPA", Q0_VMID(SMMU_CMD_TLBI_S2_IPA, VMID_A), VA, { [S2_A] = ALL } },
		{ "S2_IPA, leaf", Q0_VMID(SMMU_CMD_TLBI_S2_IPA, VMID_A), VA | LEAF_ONLY, { [S2_A] = LEAF } },
		{ "S2_IPA of another VMID", Q0_VMID(SMMU_CMD_TLBI_S2_IPA, VMID_B), VA, { [S2_VMID] = ALL } },
		/* What has both stages is not found by an IPA. */
		{ "S2_IPA of a nested stream", Q0_VMID(SMMU_CMD_TLBI_S2_IPA, VMID_A), OUT(KEPT) + SW_GUEST,
		  { 0 } },
		{ "NSNH_ALL", SMMU_CMD_TLBI_NSNH_ALL, 0,
		  { [S1_A] = ALL, [S1_A_GLOBAL] = ALL, [S1_ASID] = ALL, [S1_VMID] = ALL, [NESTED] = ALL,
		    [S2_A] = ALL, [S2_VMID] = ALL } },
	};

	CHECK(*state, rows, false);
}

/* CR2.E2H=0: one range of addresses, no ASIDs. */
/* covers: CMD_TLBI_EL2_ALL CMD_TLBI_EL2_ASID CMD_TLBI_EL2_VA CMD_TLBI_EL2_VAA */
static void el2(void **state)
{
	static const struct row rows[] = {
		{ "EL2_ALL", SMMU_CMD_TLBI_EL2_ALL, 0,
		  { [EL2_A] = ALL, [EL2_A_GLOBAL] = ALL, [EL2_ASID] = ALL } },
		{ "EL2_ASID", Q0_ASID(SMMU_CMD_TLBI_EL2_ASID, 0, ASID_A), 0, { 0 } },
		{ "EL2_VA", Q0_ASID(SMMU_CMD_TLBI_EL2_VA, 0, ASID_A), VA, { [EL2_A] = ALL } },
		{ "EL2_VA of any ASID", Q0_ASID(SMMU_CMD_TLBI_EL2_VA, 0, ASID_B), VA, { [EL2_A] = ALL } },
		{ "EL2_VA, leaf", Q0_ASID(SMMU_CMD_TLBI_EL2_VA, 0, ASID_A), VA | LEAF_ONLY, { [EL2_A] = LEAF } },
		{ "EL2_VAA", SMMU_CMD_TLBI_EL2_VAA, VA, { [EL2_A] = ALL } },
		{ "EL2_VAA, leaf", SMMU_CMD_TLBI_EL2_VAA, VA | LEAF_ONLY, { [EL2_A] = LEAF } },
		{ "EL2_VAA of a range", SMMU_CMD_TLBI_EL2_VAA | Q0_RANGE(1, 0), (VA - 0x1000) | TG_4K,
		  { [EL2_A] = ALL } },
	};

	CHECK(*state, rows, false);
}

/* CR2.E2H=1: ASIDs and globals as in NS-EL1. */
/* covers: CMD_TLBI_EL2_ALL CMD_TLBI_EL2_ASID CMD_TLBI_EL2_VA CMD_TLBI_EL2_VAA REG_CR2 */
static void el2_e2h(void **state)
{
	static const struct row rows[] = {
		{ "EL2_ALL", SMMU_CMD_TLBI_EL2_ALL, 0,
		  { [EL2_A] = ALL, [EL2_A_GLOBAL] = ALL, [EL2_ASID] = ALL } },
		{ "EL2_ASID", Q0_ASID(SMMU_CMD_TLBI_EL2_ASID, 0, ASID_A), 0, { [EL2_A] = ALL } },
		{ "EL2_ASID of another ASID", Q0_ASID(SMMU_CMD_TLBI_EL2_ASID, 0, ASID_B), 0,
		  { [EL2_ASID] = ALL } },
		{ "EL2_VA", Q0_ASID(SMMU_CMD_TLBI_EL2_VA, 0, ASID_A), VA, { [EL2_A] = ALL } },
		{ "EL2_VA, leaf", Q0_ASID(SMMU_CMD_TLBI_EL2_VA, 0, ASID_B), VA | LEAF_ONLY,
		  { [EL2_ASID] = LEAF } },
		{ "EL2_VA of a global page", Q0_ASID(SMMU_CMD_TLBI_EL2_VA, 0, ASID_B), VA_GLOBAL,
		  { [EL2_A_GLOBAL] = LEAF } },
		{ "EL2_VAA", SMMU_CMD_TLBI_EL2_VAA, VA, { [EL2_A] = ALL, [EL2_ASID] = ALL } },
		{ "EL2_VAA of a global page", SMMU_CMD_TLBI_EL2_VAA, VA_GLOBAL, { [EL2_A_GLOBAL] = ALL } },
		{ "NH_ALL", Q0_VMID(SMMU_CMD_TLBI_NH_ALL, 0), 0, { 0 } },
	};

	CHECK(*state, rows, true);
}

/* Point 35: configuration is not in the TLB; nor does a hint remove anything. */
/* covers: POINT_35 CMD_CFGI_STE CMD_CFGI_STE_RANGE CMD_CFGI_CD CMD_CFGI_CD_ALL CMD_PREFETCH_CONFIG CMD_PREFETCH_ADDR
 * CMD_SYNC
 */
static void other_commands_leave_the_tlb_alone(void **state)
{
	static const struct row rows[] = {
		{ "CFGI_STE", Q0_SID(SMMU_CMD_CFGI_STE, 0x31), 0, { 0 } },
		{ "CFGI_ALL", SMMU_CMD_CFGI_STE_RANGE, SMMU_CFGI_RANGE_ALL, { 0 } },
		{ "CFGI_CD", Q0_SID(SMMU_CMD_CFGI_CD, 0x31), 0, { 0 } },
		{ "CFGI_CD_ALL", Q0_SID(SMMU_CMD_CFGI_CD_ALL, 0x34), 0, { 0 } },
		{ "PREFETCH_CONFIG", Q0_SID(SMMU_CMD_PREFETCH_CONFIG, 0x31), 0, { 0 } },
		{ "PREFETCH_ADDR", Q0_SID(SMMU_CMD_PREFETCH_ADDR, 0x31), VA, { 0 } },
		{ "SYNC", SMMU_CMD_SYNC, 0, { 0 } },
	};

	CHECK(*state, rows, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nh_by_vmid_and_by_asid),
		TEST(nh_by_va),
		TEST(ranges),
		TEST(stage_2_and_everything),
		TEST(el2),
		TEST(el2_e2h),
		TEST(other_commands_leave_the_tlb_alone),
	};

	return cmocka_run_group_tests_name("smmu_every_tlbi", tests, NULL, NULL);
}

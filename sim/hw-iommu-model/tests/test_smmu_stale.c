/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Each cache: what it holds is used until it is invalidated, goes by the invalidation
 * that is owed, stays under others (SMMUv3 §3.21, §4.3, §4.4), and does not outlive its
 * place in a cache of one entry.
 */
#include "smmu_world.h"

#define NEW_OUT UINT64_C(0x650000)
#define OTHER_ASID 9u
#define OTHER_VMID 6u

/* Where SW_IN leads now; 0 if it is refused. */
static uint64_t leads(struct sw *w)
{
	struct hwi_response r = sb_dma(w->b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
	uint64_t rec[4];

	while (sb_event(w->b, rec))
		;
	return r.outcome == HWI_SUCCESS ? hwi_hpa_val(r.addr) : 0;
}

static void redirect(struct sw *w, uint64_t at, uint64_t out)
{
	sw_set(w, at, out, VMSA_DESC_ADDR(12));
}

#define VMID(v) HWI_PUT(SMMU_CMD0_VMID, v)
#define ASID(a) HWI_PUT(SMMU_CMD0_ASID, a)
#define RANGE(num, scale) (HWI_PUT(SMMU_CMD_TLBI0_NUM, num) | HWI_PUT(SMMU_CMD_TLBI0_SCALE, scale))
#define TG(tg, ttl) (HWI_PUT(SMMU_CMD_TLBI1_TG, tg) | HWI_PUT(SMMU_CMD_TLBI1_TTL, ttl))

struct command {
	const char *what;
	uint64_t c0, c1;
	bool goes;
};

/* Fill, redirect behind the cache's back, command, and see whether the entry went. */
static void scope(struct sw *w, uint64_t at, const struct command *c, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		redirect(w, at, SW_OUT);
		sw_tlbi_all(w);
		assert_int_equal(leads(w), SW_OUT);
		redirect(w, at, NEW_OUT);
		assert_int_equal(leads(w), SW_OUT);
		sb_do(w->b, c[i].c0, c[i].c1);
		if ((leads(w) == NEW_OUT) != c[i].goes)
			fail_msg("%s: the entry %s", c[i].what, c[i].goes ? "stays" : "goes");
	}
	redirect(w, at, SW_OUT);
	sw_tlbi_all(w);
}

/* An entry of one ASID, of a stream with stage 1 alone: it has a VMID all the same. */
static const struct command of_asid[] = {
	{ "NH_ALL", SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID), 0, true },
	{ "NH_ALL of another VMID", SMMU_CMD_TLBI_NH_ALL | VMID(OTHER_VMID), 0, false },
	{ "NH_ASID", SMMU_CMD_TLBI_NH_ASID | VMID(SW_VMID) | ASID(SW_ASID), 0, true },
	{ "NH_ASID of another ASID", SMMU_CMD_TLBI_NH_ASID | VMID(SW_VMID) | ASID(OTHER_ASID), 0,
	  false },
	{ "NH_ASID of another VMID", SMMU_CMD_TLBI_NH_ASID | VMID(OTHER_VMID) | ASID(SW_ASID), 0,
	  false },
	{ "NH_VA", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID), SW_IN, true },
	{ "NH_VA, leaf", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID),
	  SW_IN | SMMU_CMD1_LEAF, true },
	{ "NH_VA of the next page", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID),
	  SW_IN + 0x1000, false },
	{ "NH_VA of another ASID", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(OTHER_ASID), SW_IN,
	  false },
	{ "NH_VAA", SMMU_CMD_TLBI_NH_VAA | VMID(SW_VMID), SW_IN, true },
	{ "NH_VAA of another VMID", SMMU_CMD_TLBI_NH_VAA | VMID(OTHER_VMID), SW_IN, false },
	{ "NH_VA, a range", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID) | RANGE(3, 0),
	  (SW_IN - 0x3000) | TG(1, 0), true },
	{ "NH_VA, a range before", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID) | RANGE(2, 0),
	  (SW_IN - 0x3000) | TG(1, 0), false },
	{ "NH_VA, SCALE", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID) | RANGE(0, 4),
	  (SW_IN - 0xf000) | TG(1, 0), true },
	{ "NH_VA, TTL of level 3", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID),
	  SW_IN | TG(1, 3), true },
	{ "NH_VA, TTL of level 2", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID),
	  (SW_IN & ~HWI_MASK64(20, 0)) | TG(1, 2), false },
	{ "NH_VA, another granule", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID) | RANGE(1, 0),
	  SW_IN | TG(3, 0), false },
	{ "S2_IPA", SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID), SW_IN, false },
	{ "S12_VMALL", SMMU_CMD_TLBI_S12_VMALL | VMID(SW_VMID), 0, true },
	{ "NSNH_ALL", SMMU_CMD_TLBI_NSNH_ALL, 0, true },
	{ "EL2_ALL", SMMU_CMD_TLBI_EL2_ALL, 0, false },
	{ "EL2_VA", SMMU_CMD_TLBI_EL2_VA | ASID(SW_ASID), SW_IN, false },
	{ "CFGI_ALL", SMMU_CMD_CFGI_STE_RANGE, 31, false },
};

/* covers: CMD_TLBI_NH_ALL CMD_TLBI_NH_ASID CMD_TLBI_NH_VA CMD_TLBI_NH_VAA CMD_TLBI_S12_VMALL
 * CMD_TLBI_NSNH_ALL CMD_TLBI_EL2_ALL CMD_TLBI_EL2_VA CMD_CFGI_STE_RANGE
 */
static void scopes_of_an_asid(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	scope(&w, sw_s1_at(&w, SW_IN, 3), of_asid, sizeof(of_asid) / sizeof(of_asid[0]));
}

/* Global entries: any ASID's NH_VA, and no NH_ASID. */
static const struct command of_all[] = {
	{ "NH_ALL", SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID), 0, true },
	{ "NH_ASID", SMMU_CMD_TLBI_NH_ASID | VMID(SW_VMID) | ASID(SW_ASID), 0, false },
	{ "NH_VA", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID), SW_IN, true },
	{ "NH_VA of another ASID", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(OTHER_ASID), SW_IN,
	  true },
	{ "NH_VAA", SMMU_CMD_TLBI_NH_VAA | VMID(SW_VMID), SW_IN, true },
	{ "NH_VA of another VMID", SMMU_CMD_TLBI_NH_VA | VMID(OTHER_VMID) | ASID(SW_ASID), SW_IN,
	  false },
};

/* covers: POINT_31 CMD_TLBI_NH_ALL CMD_TLBI_NH_ASID CMD_TLBI_NH_VA CMD_TLBI_NH_VAA */
static void scopes_of_a_global(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_S1_NG);
	scope(&w, sw_s1_at(&w, SW_IN, 3), of_all, sizeof(of_all) / sizeof(of_all[0]));
	/* Found under another ASID, not under another ASET (§3.17). */
	assert_int_equal(leads(&w), SW_OUT);
	redirect(&w, sw_s1_at(&w, SW_IN, 3), NEW_OUT);
	SW_CD_FIELD(&w, 0, SMMU_CD0_ASID, OTHER_ASID);
	sw_cfgi_cd(&w, 0, true);
	assert_int_equal(leads(&w), SW_OUT);
	sw_cd(&w, 0, SMMU_CD0_ASET, 0);
	sw_cfgi_cd(&w, 0, true);
	assert_int_equal(leads(&w), NEW_OUT);
}

/* Entries of stage 2 alone: input addresses are IPAs. */
static const struct command of_s2[] = {
	{ "S2_IPA", SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID), SW_IN, true },
	{ "S2_IPA of the next page", SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID), SW_IN + 0x1000, false },
	{ "S2_IPA of another VMID", SMMU_CMD_TLBI_S2_IPA | VMID(OTHER_VMID), SW_IN, false },
	{ "S2_IPA, a range", SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID) | RANGE(31, 0),
	  (SW_IN - 0x8000) | TG(1, 0), true },
	{ "S12_VMALL", SMMU_CMD_TLBI_S12_VMALL | VMID(SW_VMID), 0, true },
	{ "NSNH_ALL", SMMU_CMD_TLBI_NSNH_ALL, 0, true },
	{ "NH_ALL", SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID), 0, false },
	{ "NH_VAA", SMMU_CMD_TLBI_NH_VAA | VMID(SW_VMID), SW_IN, false },
};

/* covers: CMD_TLBI_S2_IPA CMD_TLBI_S12_VMALL CMD_TLBI_NSNH_ALL CMD_TLBI_NH_ALL CMD_TLBI_NH_VAA */
static void scopes_of_stage_2(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	scope(&w, sw_s2_at(&w, SW_IN, 3), of_s2, sizeof(of_s2) / sizeof(of_s2[0]));
}

/* Combined entries: stage 2's own invalidation leaves them (§4.4). */
static const struct command of_both[] = {
	{ "S2_IPA", SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID), SW_IPA, false },
	{ "NH_ALL", SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID), 0, true },
	{ "NH_VA", SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID), SW_IN, true },
	{ "S12_VMALL", SMMU_CMD_TLBI_S12_VMALL | VMID(SW_VMID), 0, true },
};

/* covers: CMD_TLBI_S2_IPA CMD_TLBI_S12_VMALL CMD_TLBI_NH_ALL CMD_TLBI_NH_VA */
static void scopes_of_both_stages(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	scope(&w, sw_s2_at(&w, SW_IPA, 3), of_both, sizeof(of_both) / sizeof(of_both[0]));
}

/* NS-EL2: no ASID, no VMID; with E2H there are ASIDs. */
static const struct command of_el2[] = {
	{ "EL2_ALL", SMMU_CMD_TLBI_EL2_ALL, 0, true },
	{ "EL2_VA", SMMU_CMD_TLBI_EL2_VA | ASID(OTHER_ASID), SW_IN, true },
	{ "EL2_VA of the next page", SMMU_CMD_TLBI_EL2_VA, SW_IN + 0x1000, false },
	{ "EL2_VAA", SMMU_CMD_TLBI_EL2_VAA, SW_IN, true },
	{ "EL2_ASID", SMMU_CMD_TLBI_EL2_ASID | ASID(SW_ASID), 0, false },
	{ "NSNH_ALL", SMMU_CMD_TLBI_NSNH_ALL, 0, false },
	{ "NH_VAA", SMMU_CMD_TLBI_NH_VAA | VMID(SW_VMID), SW_IN, false },
};

static const struct command of_e2h[] = {
	{ "EL2_ALL", SMMU_CMD_TLBI_EL2_ALL, 0, true },
	{ "EL2_VA", SMMU_CMD_TLBI_EL2_VA | ASID(SW_ASID), SW_IN, true },
	{ "EL2_VA of another ASID", SMMU_CMD_TLBI_EL2_VA | ASID(OTHER_ASID), SW_IN, false },
	{ "EL2_ASID", SMMU_CMD_TLBI_EL2_ASID | ASID(SW_ASID), 0, true },
	{ "EL2_ASID of another ASID", SMMU_CMD_TLBI_EL2_ASID | ASID(OTHER_ASID), 0, false },
	{ "NSNH_ALL", SMMU_CMD_TLBI_NSNH_ALL, 0, false },
};

/* covers: CMD_TLBI_EL2_ALL CMD_TLBI_EL2_ASID CMD_TLBI_EL2_VA CMD_TLBI_EL2_VAA CMD_TLBI_NSNH_ALL CMD_TLBI_NH_VAA */
static void scopes_of_el2(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	sb_invalidate_all(b);
	scope(&w, sw_s1_at(&w, SW_IN, 3), of_el2, sizeof(of_el2) / sizeof(of_el2[0]));
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write(b, SMMU_REG_CR2, SMMU_CR2_RECINVSID | SMMU_CR2_E2H);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sb_invalidate_all(b);
	scope(&w, sw_s1_at(&w, SW_IN, 3), of_e2h, sizeof(of_e2h) / sizeof(of_e2h[0]));
}

/* TTB1: addresses as software has them, sign-extended; bit 55 tells the halves apart. */
#define HIGH HWI_MASK64(63, 48)

static void scopes_of_the_upper_half(void **state)
{
	static const struct {
		uint64_t addr;
		bool goes;
	} c[] = { { HIGH | SW_IN, true },
		  { SW_IN, false },
		  { (HIGH | SW_IN) & ~HWI_MASK64(63, 56), true },
		  { HIGH | (SW_IN + 0x1000), false } };
	struct smmu_bench *b = *state;
	struct sw w;
	uint64_t at;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_CD_FIELD(&w, 2, SMMU_CD2_TTB1, w.s1_root >> 4);
	SW_CD_FIELD(&w, 0, SMMU_CD0_TG1, SMMU_TG1_4K);
	SW_CD_FIELD(&w, 0, SMMU_CD0_T1SZ, 16);
	sw_cd(&w, 0, SMMU_CD0_EPD0, SMMU_CD0_EPD1);
	sb_invalidate_all(b);
	at = sw_s1_at(&w, SW_IN, 3);
	for (unsigned int i = 0; i < 4; i++) {
		redirect(&w, at, SW_OUT);
		sw_tlbi_all(&w);
		sw_expect(b, SW_SID, HIGH | SW_IN, HWI_READ, SW_OUT);
		redirect(&w, at, NEW_OUT);
		sb_do(b, SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID), c[i].addr);
		sw_expect(b, SW_SID, HIGH | SW_IN, HWI_READ, c[i].goes ? NEW_OUT : SW_OUT);
	}
}

/* CR0.VMW: VMID bits that invalidations, and only they, ignore. */
/* covers: POINT_33 CMD_TLBI_NH_ALL REG_CR0 */
static void vmid_wildcard(void **state)
{
	static const struct command c[] = {
		{ "a VMID of the group", SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID ^ 3), 0, true },
		{ "one of another group", SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID ^ 4), 0, false },
	};
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sb_cr0(b, HWI_PUT32(SMMU_CR0_VMW, 2), true);
	scope(&w, sw_s1_at(&w, SW_IN, 3), c, 2);
	/* Look-ups take the VMID as it is. */
	assert_int_equal(leads(&w), SW_OUT);
	redirect(&w, sw_s1_at(&w, SW_IN, 3), NEW_OUT);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2VMID, SW_VMID ^ 1);
	sw_cfgi_ste(&w, true);
	assert_int_equal(leads(&w), NEW_OUT);
}

/* Each command that names a VMID: VMID[N:VMW] is compared, reserved values act as 0 (§3.17.6, §6.3.9). */
/* covers: POINT_33 REG_CR0 CMD_TLBI_NH_ALL CMD_TLBI_NH_ASID CMD_TLBI_NH_VA CMD_TLBI_NH_VAA CMD_TLBI_S12_VMALL
 * CMD_TLBI_S2_IPA
 */
static void vmid_wildcard_of_every_command(void **state)
{
	static const struct {
		uint64_t c0, c1;
		bool s2;
	} c[] = {
		{ SMMU_CMD_TLBI_NH_ALL, 0, false },
		{ SMMU_CMD_TLBI_NH_ASID | ASID(SW_ASID), 0, false },
		{ SMMU_CMD_TLBI_NH_VA | ASID(SW_ASID), SW_IN, false },
		{ SMMU_CMD_TLBI_NH_VAA, SW_IN, false },
		{ SMMU_CMD_TLBI_S12_VMALL, 0, false },
		{ SMMU_CMD_TLBI_S12_VMALL, 0, true },
		{ SMMU_CMD_TLBI_S2_IPA, SW_IN, true },
	};
	struct smmu_bench *b = *state;

	for (unsigned int n = 0; n < sizeof(c) / sizeof(c[0]); n++) {
		struct sw w;
		uint64_t at;

		if (c[n].s2)
			sw_s2(&w, b, VMSA_SHIFT_4K);
		else
			sw_s1(&w, b, VMSA_SHIFT_4K);
		at = c[n].s2 ? sw_s2_at(&w, SW_IN, 3) : sw_s1_at(&w, SW_IN, 3);
		for (uint32_t vmw = 0; vmw < 8; vmw++) {
			unsigned int ignored = vmw <= 4 ? vmw : 0;
			struct command row[16];

			sb_write(b, SMMU_REG_CR0, (uint32_t)HWI_SET(SMMU_CR0_VMW, sb_read(b, SMMU_REG_CR0), vmw));
			for (unsigned int bit = 0; bit < 16; bit++)
				row[bit] = (struct command){
					.what = "a VMID with another bit",
					.c0 = c[n].c0 | VMID(SW_VMID ^ 1u << bit),
					.c1 = c[n].c1,
					.goes = bit < ignored,
				};
			scope(&w, at, row, 16);
		}
		sb_write(b, SMMU_REG_CR0, sb_read(b, SMMU_REG_CR0) & ~SMMU_CR0_VMW);
	}
}

/*
 * SMMUEN=0 invalidates nothing, uses nothing and fills nothing in; commands work, and what they name is not there
 * any more when the SMMU is on again (§3.11, §6.3.9.6).
 */
/* covers: REG_CR0 CMD_TLBI_NSNH_ALL CMD_CFGI_STE CMD_PREFETCH_CONFIG CMD_PREFETCH_ADDR */
static void while_it_is_off(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;
	uint64_t at;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	at = sw_s1_at(&w, SW_IN, 3);
	assert_int_equal(leads(&w), SW_OUT);
	redirect(&w, at, NEW_OUT);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	b->reads = 0;
	assert_int_equal(leads(&w), SW_IN); /* bypass */
	assert_int_equal(b->reads, 0);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	assert_int_equal(leads(&w), SW_OUT);

	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sw_tlbi_all(&w);
	/* A hint that is not followed: what memory holds now is not what is found later. */
	sb_do(b, SMMU_CMD_PREFETCH_CONFIG | HWI_PUT(SMMU_CMD0_SID, SW_SID), 0);
	sb_do(b, SMMU_CMD_PREFETCH_ADDR | HWI_PUT(SMMU_CMD0_SID, SW_SID), SW_IN);
	redirect(&w, at, SW_OUT + 0x1000);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	assert_int_equal(leads(&w), SW_OUT + 0x1000);

	sw_ste(&w, 0, 0, SMMU_STE0_V);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	assert_int_equal(leads(&w), SW_OUT + 0x1000);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sw_cfgi_ste(&w, true);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
}

/* All parts of a leaf that stage 2 split into smaller entries go together. */
/* covers: CMD_TLBI_NH_VA */
static void parts_of_a_block(void **state)
{
	struct smmu_bench *b = *state;
	const uint64_t va = 0x80000000, ipa = 0x40000000, part = 0x5000;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_map_s1(&w, va, ipa, 2, SW_S1_LEAF);
	sw_map_s2(&w, ipa + part, SW_OUT, 3, SW_S2_LEAF);
	sw_expect(b, SW_SID, va + part, HWI_READ, SW_OUT);
	redirect(&w, sw_s2_at(&w, ipa + part, 3), NEW_OUT);
	sw_expect(b, SW_SID, va + part, HWI_READ, SW_OUT);
	sb_do(b, SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID), va);
	sw_expect(b, SW_SID, va + part, HWI_READ, NEW_OUT);
}

/* Another level 3 table in the place of the one there is. */
static void retable(struct sw *w, uint64_t entry, uint64_t leaf)
{
	uint64_t table = sb_alloc_aligned(w->b, 4096);

	sb_w64(w->b, table + 8 * (SW_IN >> 12 & 511), leaf);
	redirect(w, entry, table);
}

/* Table descriptors stay under Leaf=1, go with Leaf=0. */
/* covers: CMD_TLBI_NH_VA CMD_TLBI_S2_IPA */
static void table_descriptors(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_ok(&w);
	retable(&w, sw_s1_at(&w, SW_IN, 2), NEW_OUT | SW_S1_LEAF);
	sb_do(b, SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID), SW_IN | SMMU_CMD1_LEAF);
	assert_int_equal(leads(&w), SW_OUT);
	/* Level 3 leaves and what is above them; but not for another address. */
	sb_do(b, SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID), SW_IN + HWI_BIT64(21));
	sb_do(b, SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID), SW_IN | SMMU_CMD1_LEAF);
	assert_int_equal(leads(&w), SW_OUT);
	sb_do(b, SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | ASID(SW_ASID), SW_IN);
	assert_int_equal(leads(&w), NEW_OUT);

	sw_s2(&w, b, VMSA_SHIFT_4K);
	sw_ok(&w);
	retable(&w, sw_s2_at(&w, SW_IN, 2), NEW_OUT | SW_S2_LEAF);
	sb_do(b, SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID), SW_IN | SMMU_CMD1_LEAF);
	assert_int_equal(leads(&w), SW_OUT);
	sb_do(b, SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID), SW_IN);
	assert_int_equal(leads(&w), NEW_OUT);
}

/* The stage 1 root moves in stage 2: S2_IPA and what is tagged by VA are both owed (§4.4). */
/* covers: POINT_30 CMD_TLBI_S2_IPA CMD_TLBI_NH_ALL */
static void root_moves_in_stage_2(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t copy, leaf, ipa;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_ok(&w);
	ipa = w.s1_root + w.guest;
	copy = sb_alloc_aligned(b, 4096);
	leaf = sw_s2_at(&w, ipa, 3);
	redirect(&w, leaf, copy); /* an empty root */
	sb_do(b, SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID), 0);
	assert_int_equal(leads(&w), SW_OUT); /* the root's IPA is still known */
	sb_do(b, SMMU_CMD_TLBI_S2_IPA | VMID(SW_VMID), ipa);
	assert_int_equal(leads(&w), SW_OUT); /* found by VA */
	sb_do(b, SMMU_CMD_TLBI_NH_ALL | VMID(SW_VMID), 0);
	assert_int_equal(leads(&w), 0);
}

/* STE and CD: valid or not, they stay until CFGI; and a TLBI is no CFGI (§3.21.3). */
/* covers: CMD_CFGI_STE CMD_CFGI_STE_RANGE CMD_CFGI_CD CMD_CFGI_CD_ALL */
static void configuration(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	assert_int_equal(leads(&w), 0);
	sw_ste(&w, 0, SMMU_STE0_V, 0);
	assert_int_equal(leads(&w), 0); /* the invalid one is cached */
	sw_tlbi_all(&w);
	assert_int_equal(leads(&w), 0);
	sw_cfgi_cd(&w, 0, false);
	assert_int_equal(leads(&w), 0);
	sw_cfgi_ste(&w, true);
	assert_int_equal(leads(&w), SW_OUT);
	sw_cd(&w, 0, 0, SMMU_CD0_V);
	assert_int_equal(leads(&w), SW_OUT);
	sw_cfgi_cd(&w, 1, true); /* another index */
	assert_int_equal(leads(&w), SW_OUT);
	sb_do(b, SMMU_CMD_CFGI_CD | HWI_PUT(SMMU_CMD0_SID, SW_SID + 1), SMMU_CMD1_LEAF);
	assert_int_equal(leads(&w), SW_OUT);
	sw_cfgi_cd(&w, 0, true);
	assert_int_equal(leads(&w), 0);
	sw_cd(&w, 0, SMMU_CD0_V, 0);
	assert_int_equal(leads(&w), 0);
	sw_cfgi_ste(&w, true); /* with an STE go its CDs */
	assert_int_equal(leads(&w), SW_OUT);
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	sb_do(b, SMMU_CMD_CFGI_STE | HWI_PUT(SMMU_CMD0_SID, SW_SID + 1), 0);
	assert_int_equal(leads(&w), SW_OUT);
	/* 32 to 47: StreamIDs with the same upper bits. */
	sb_do(b, SMMU_CMD_CFGI_STE_RANGE | HWI_PUT(SMMU_CMD0_SID, 0x3f), 3);
	assert_int_equal(leads(&w), SW_OUT);
	sb_do(b, SMMU_CMD_CFGI_STE_RANGE | HWI_PUT(SMMU_CMD0_SID, 0x2f), 3);
	assert_int_equal(leads(&w), 0);
	sw_ste(&w, 0, SMMU_STE0_V, 0);
	sb_do(b, SMMU_CMD_CFGI_CD_ALL | HWI_PUT(SMMU_CMD0_SID, SW_SID), 0);
	assert_int_equal(leads(&w), 0);
	sb_do(b, SMMU_CMD_CFGI_STE_RANGE, 31);
	assert_int_equal(leads(&w), SW_OUT);
}

/* L1STD, L1CD: they stay under Leaf=1. */
/* covers: CMD_CFGI_STE CMD_CFGI_CD */
static void level_1_descriptors(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t l1, l2, at;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	l1 = sb_alloc_aligned(b, 4096);
	l2 = sb_alloc_aligned(b, 4096);
	sb_w64(b, l1, w.cd | SMMU_L1CD_V);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 8);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1FMT, SMMU_S1FMT_4K_L2);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CONTEXTPTR, l1 >> 6);
	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_SSID0);
	sb_invalidate_all(b);
	assert_int_equal(leads(&w), SW_OUT);
	for (unsigned int n = 0; n < SMMU_CD_DWORDS; n++)
		sb_w64(b, l2 + 8ull * n, sb_r64(b, w.cd + 8ull * n));
	sb_w64(b, l1, l2 | SMMU_L1CD_V);
	sb_invalidate_all(b);
	assert_int_equal(leads(&w), SW_OUT);
	sb_w64(b, l1, 0);
	sw_cfgi_cd(&w, 0, true);
	assert_int_equal(leads(&w), SW_OUT);
	sw_cfgi_cd(&w, 0, false);
	assert_int_equal(leads(&w), 0);

	/* A two-level stream table. */
	sw_bypass(&w, b);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	l1 = sb_alloc_aligned(b, 4096);
	at = l1 + (SW_SID >> 6) * 8;
	sb_w64(b, at, b->strtab | HWI_PUT(SMMU_L1STD_SPAN, 7));
	sb_write64(b, SMMU_REG_STRTAB_BASE, l1);
	sb_write(b, SMMU_REG_STRTAB_BASE_CFG,
		 HWI_PUT32(SMMU_STRTAB_BASE_CFG_LOG2SIZE, 8) |
			 HWI_PUT32(SMMU_STRTAB_BASE_CFG_SPLIT, 6) |
			 HWI_PUT32(SMMU_STRTAB_BASE_CFG_FMT, 1));
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sb_invalidate_all(b);
	assert_int_equal(leads(&w), SW_IN);
	sb_w64(b, at, 0);
	sw_cfgi_ste(&w, true);
	assert_int_equal(leads(&w), SW_IN);
	sw_cfgi_ste(&w, false);
	assert_int_equal(leads(&w), 0);
}

/* A cache of one entry: another stream's takes the place, and nothing is stale. */
static void one_entry(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.caches = (struct hwi_smmuv3_caches){ 1, 1, 1, 1, 1, 1, 1, 1 };
	sb_remake(b, &cfg);
	sb_start(b);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_map_s1(&w, SW_IN + 0x1000, SW_OUT + 0x1000, 3, SW_S1_LEAF);
	assert_int_equal(leads(&w), SW_OUT);
	redirect(&w, sw_s1_at(&w, SW_IN, 3), NEW_OUT);
	assert_int_equal(leads(&w), SW_OUT);
	sw_expect(b, SW_SID, SW_IN + 0x1000, HWI_READ, SW_OUT + 0x1000);
	assert_int_equal(leads(&w), NEW_OUT);
	/* The STE, by a stream that is nothing but another STE. */
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	assert_int_equal(leads(&w), NEW_OUT);
	(void)sb_dma(b, SW_SID + 1, HWI_PASID_NONE, 0, HWI_READ);
	assert_int_equal(leads(&w), 0);
}

/* No cache at all: each access sees memory. */
static void no_caches(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	memset(&cfg.caches, 0xff, sizeof(cfg.caches)); /* HWI_SMMUV3_CACHE_NONE */
	sb_remake(b, &cfg);
	sb_start(b);
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(leads(&w), SW_OUT);
		redirect(&w, sw_s2_at(&w, SW_IPA, 3), NEW_OUT);
		assert_int_equal(leads(&w), NEW_OUT);
		redirect(&w, sw_s2_at(&w, SW_IPA, 3), SW_OUT);
	}
	sw_cd(&w, 0, 0, SMMU_CD0_V);
	assert_int_equal(leads(&w), 0);
	sw_cd(&w, 0, SMMU_CD0_V, 0);
	assert_int_equal(leads(&w), SW_OUT);
	sw_ste(&w, 0, 0, SMMU_STE0_V);
	assert_int_equal(leads(&w), 0);
}

/* AF=0 entries are never cached: setting it needs no invalidation; a refusal by rights is. */
static void what_is_not_cached(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;
	uint64_t at;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	at = sw_s1_at(&w, SW_IN, 3);
	sw_set(&w, at, 0, VMSA_DESC_AF);
	assert_int_equal(leads(&w), 0);
	sw_set(&w, at, VMSA_DESC_AF, VMSA_S1_AP_UNPRIV);
	assert_int_equal(leads(&w), 0);
	sw_set(&w, at, VMSA_S1_AP_UNPRIV, 0);
	assert_int_equal(leads(&w), 0);
	sw_tlbi_all(&w);
	assert_int_equal(leads(&w), SW_OUT);
	sw_set(&w, at, 0, VMSA_DESC_VALID);
	sw_tlbi_all(&w);
	assert_int_equal(leads(&w), 0);
	sw_set(&w, at, VMSA_DESC_VALID, 0);
	assert_int_equal(leads(&w), SW_OUT);
}

/* As stale after a restore: an entry of each kind of tag. */
static void restored(void **state)
{
	struct smmu_bench *b = *state;
	size_t size;
	struct sw w;
	void *buf;

	for (unsigned int kind = 0; kind < 4; kind++) {
		uint64_t at;

		if (kind == 2)
			sw_s2(&w, b, VMSA_SHIFT_4K);
		else
			sw_s1(&w, b, VMSA_SHIFT_4K);
		at = kind == 2 ? sw_s2_at(&w, SW_IN, 3) : sw_s1_at(&w, SW_IN, 3);
		if (kind == 1)
			sw_set(&w, at, 0, VMSA_S1_NG);
		if (kind == 3)
			SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
		sb_invalidate_all(b);
		assert_int_equal(leads(&w), SW_OUT);
		redirect(&w, at, NEW_OUT);
		size = hwi_save_size(b->unit);
		buf = malloc(size);
		assert_non_null(buf);
		assert_int_equal(hwi_save(b->unit, buf, size), HWI_OK);
		hwi_reset(b->unit, true);
		assert_int_equal(hwi_restore(b->unit, buf, size), HWI_OK);
		free(buf);
		assert_int_equal(leads(&w), SW_OUT);
		sw_tlbi_all(&w);
		assert_int_equal(leads(&w), NEW_OUT);
	}
}

/*
 * Of a range the machine is told all that went: the whole of each leaf that it touches (§4.4.1.1). TTL says how large
 * leaves are; without it they are as large as the granule has them.
 */
/* covers: CMD_TLBI_NH_VAA CMD_TLBI_S2_IPA */
static void told_of_whole_leaves(void **state)
{
	static const struct {
		uint64_t num, scale, addr, tg, ttl;
		uint64_t from;
		unsigned int span;
	} c[] = {
		{ 3, 0, 0x8000, 1, 3, 0x8000, 14 },
		{ 1, 0, 0xf000, 1, 3, 0, 17 }, /* one aligned block around them */
		{ 0, 0, 0x40200000, 1, 2, 0x40200000, 21 },
		{ 0, 0, 0x80000000, 1, 1, 0x80000000, 30 },
		{ 1, 0, 0x40008000, 1, 0, 0x40000000, 30 },
		{ 0, 0, 0x40004000, 2, 3, 0x40004000, 14 },
		{ 0, 0, 0x42000000, 2, 2, 0x42000000, 25 },
		{ 1, 0, 0x42004000, 2, 1, 0x42000000, 25 }, /* acts as TTL=0 */
		{ 0, 0, 0x40010000, 3, 3, 0x40010000, 16 },
		{ 0, 0, 0x40000000, 3, 2, 0x40000000, 29 },
		{ 1, 0, 0x40010000, 3, 0, 0, 42 },
	};
	static const uint64_t ops[] = { SMMU_CMD_TLBI_NH_VAA, SMMU_CMD_TLBI_S2_IPA };
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	for (unsigned int n = 0; n < sizeof(c) / sizeof(c[0]); n++) {
		for (unsigned int op = 0; op < 2; op++) {
			sb_clear_logs(b);
			sb_do(b, ops[op] | VMID(SW_VMID) | RANGE(c[n].num, c[n].scale),
			      c[n].addr | TG(c[n].tg, c[n].ttl) | SMMU_CMD1_LEAF);
			assert_int_equal(b->invals, 1);
			assert_int_equal(b->inval[0].scope, HWI_INVAL_DOMAIN);
			if (hwi_iova_val(b->inval[0].addr) != c[n].from || b->inval[0].span_log2 != c[n].span)
				fail_msg("row %u: 0x%llx, 2^%u", n,
					 (unsigned long long)hwi_iova_val(b->inval[0].addr),
					 b->inval[0].span_log2);
		}
	}
	/* Blocks of 4 TiB come with 52-bit addresses. */
	sb_config(&cfg);
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_OAS, cfg.idr5, SMMU_OAS_48);
	sb_remake(b, &cfg);
	sb_start(b);
	sb_do(b, ops[0] | RANGE(1, 0), UINT64_C(0x40010000) | TG(3, 0));
	assert_int_equal(hwi_iova_val(b->inval[0].addr), 0x40000000);
	assert_int_equal(b->inval[0].span_log2, 29);
}

/* What the machine is told. */
/* covers: CMD_TLBI_NH_VA CMD_TLBI_NSNH_ALL CMD_CFGI_STE */
static void told(void **state)
{
	struct smmu_bench *b = *state;

	sb_clear_logs(b);
	sb_do(b, SMMU_CMD_TLBI_NH_VA | VMID(SW_VMID) | RANGE(3, 0), 0x8000 | TG(1, 3));
	assert_int_equal(b->invals, 1);
	assert_int_equal(b->inval[0].scope, HWI_INVAL_DOMAIN);
	assert_int_equal(b->inval[0].domain, SW_VMID);
	assert_int_equal(hwi_iova_val(b->inval[0].addr), 0x8000);
	assert_int_equal(b->inval[0].span_log2, 14);
	sb_do(b, SMMU_CMD_CFGI_STE | HWI_PUT(SMMU_CMD0_SID, SW_SID), 0);
	assert_int_equal(b->invals, 2);
	assert_int_equal(b->inval[1].scope, HWI_INVAL_REQUESTER);
	assert_int_equal(b->inval[1].requester, SW_SID);
	sb_do(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	assert_int_equal(b->inval[2].scope, HWI_INVAL_ALL);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(scopes_of_an_asid), T(scopes_of_a_global), T(scopes_of_stage_2),
		T(scopes_of_both_stages), T(scopes_of_el2), T(scopes_of_the_upper_half), T(vmid_wildcard),
		T(vmid_wildcard_of_every_command), T(while_it_is_off), T(parts_of_a_block),
		T(table_descriptors), T(root_moves_in_stage_2), T(configuration),
		T(level_1_descriptors), T(one_entry), T(no_caches), T(what_is_not_cached),
		T(restored), T(told), T(told_of_whole_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

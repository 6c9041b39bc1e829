/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Each configuration invalidation command against each kind of cached structure (SMMUv3 §4.3): what it must remove is
 * gone, all else stays.
 *
 * A two-level stream table, and streams with two-level tables of context descriptors. Everything is used once and then
 * changed in memory, each structure so that its absence from the cache shows in an event of its own:
 *
 *	none			all is as cached
 *	C_BAD_CD		the CD is gone: the one in memory is invalid now
 *	C_BAD_SUBSTREAMID	the L1CD is gone as well
 *	C_BAD_STE		the STE is gone (with or without the CDs: it is checked first)
 *	C_BAD_STREAMID		the L1STD is gone as well
 */
#include "smmu_world.h"

#define SPLIT 6u
#define SPAN 5u /* of each L1STD under test: 2^(5-1) STEs */
#define SIDS_LOG2 9u
#define CDS_LOG2 8u /* SubstreamIDs: four tables of 64 CDs */

#define NONE 0u
#define STE_GONE SMMU_EVT_C_BAD_STE
#define L1STD_GONE SMMU_EVT_C_BAD_STREAMID
#define CD_GONE SMMU_EVT_C_BAD_CD
#define L1CD_GONE SMMU_EVT_C_BAD_SUBSTREAMID

struct config {
	struct sw w; /* the tables of stage 1, which all CDs share */
	uint64_t l1std;
	uint64_t ste_table[1u << (SIDS_LOG2 - SPLIT)];
};

/* Three StreamIDs in one level 2 table, one in the next. */
static const uint32_t sids[] = { 0x40, 0x45, 0x4a, 0x81 };
#define SIDS (sizeof(sids) / sizeof(sids[0]))
/* Two SubstreamIDs in one table of CDs, one in the next; HWI_PASID_NONE is the first CD of the first. */
static const uint32_t ssids[] = { HWI_PASID_NONE, 3, 70 };
#define SSIDS (sizeof(ssids) / sizeof(ssids[0]))

static uint64_t ste_of(const struct config *c, uint32_t sid)
{
	return c->ste_table[sid >> SPLIT] + (sid & ((1u << SPLIT) - 1)) * SMMU_STE_SIZE;
}

static void copy(struct smmu_bench *b, uint64_t to, uint64_t from, uint64_t bytes)
{
	for (uint64_t n = 0; n < bytes; n += 8)
		sb_w64(b, to + n, sb_r64(b, from + n));
}

/* CDs are written over a whole table, as any of them might be used; level 2 tables stand one after the other. */
static uint64_t make_cds(struct config *c)
{
	struct smmu_bench *b = c->w.b;
	uint64_t l1 = sb_alloc(b, 1), l2 = sb_alloc(b, 1u << (CDS_LOG2 - 6));

	for (uint64_t n = 0; n < 1u << CDS_LOG2; n++)
		copy(b, l2 + n * SMMU_CD_SIZE, c->w.cd, SMMU_CD_SIZE);
	for (uint64_t n = 0; n < 1u << (CDS_LOG2 - 6); n++)
		sb_w64(b, l1 + 8 * n, (l2 + n * 0x1000) | SMMU_L1CD_V);
	return l1;
}

static uint64_t l1cd_of(const struct config *c, uint32_t sid)
{
	return sb_r64(c->w.b, ste_of(c, sid)) & SMMU_STE0_S1CONTEXTPTR;
}

static uint64_t cd_of(const struct config *c, uint32_t sid, uint32_t ssid)
{
	uint32_t index = ssid == HWI_PASID_NONE ? 0 : ssid;
	uint64_t l1 = l1cd_of(c, sid);

	return (sb_r64(c->w.b, l1 + (index >> 6) * 8) & SMMU_L1CD_L2PTR) + (index & 63) * SMMU_CD_SIZE;
}

static void make_stes(struct config *c)
{
	struct smmu_bench *b = c->w.b;
	uint64_t from = c->w.ste;

	c->l1std = sb_alloc(b, 1);
	for (unsigned int n = 0; n < 1u << (SIDS_LOG2 - SPLIT); n++) {
		c->ste_table[n] = sb_alloc(b, 1);
		sb_w64(b, c->l1std + 8 * (uint64_t)n, c->ste_table[n] | SPAN);
	}
	for (unsigned int i = 0; i < SIDS; i++) {
		struct sw w = { .b = b, .ste = ste_of(c, sids[i]) };

		copy(b, w.ste, from, SMMU_STE_SIZE);
		SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, CDS_LOG2);
		SW_STE_FIELD(&w, 0, SMMU_STE0_S1FMT, SMMU_S1FMT_4K_L2);
		SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_SSID0);
		sw_ste(&w, 0, make_cds(c), SMMU_STE0_S1CONTEXTPTR);
	}
}

static uint8_t use(struct smmu_bench *b, uint32_t sid, uint32_t ssid)
{
	struct hwi_response r = sb_dma(b, sid, ssid, SW_IN, HWI_READ);
	uint64_t rec[4];

	if (r.outcome == HWI_SUCCESS) {
		sb_expect_no_event(b);
		assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
		return NONE;
	}
	sb_expect_event(b, (uint8_t)r.fault, sid, rec);
	return (uint8_t)r.fault;
}

/* Which structures are changed in memory once they are cached. */
enum changed { CDS = 1, L1CDS = 2, STES = 4, L1STDS = 8 };

static void fill(struct smmu_bench *b, struct config *c, unsigned int changed)
{
	sw_s1(&c->w, b, VMSA_SHIFT_4K);
	make_stes(c);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write64(b, SMMU_REG_STRTAB_BASE, c->l1std);
	sb_write(b, SMMU_REG_STRTAB_BASE_CFG,
		 HWI_PUT32(SMMU_STRTAB_BASE_CFG_FMT, 1) | HWI_PUT32(SMMU_STRTAB_BASE_CFG_SPLIT, SPLIT) |
			 SIDS_LOG2);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sb_invalidate_all(b);
	for (unsigned int i = 0; i < SIDS; i++)
		for (unsigned int j = 0; j < SSIDS; j++)
			assert_int_equal(use(b, sids[i], ssids[j]), NONE);
	for (unsigned int i = 0; i < SIDS; i++) {
		uint64_t l1 = l1cd_of(c, sids[i]);

		for (unsigned int j = 0; (changed & CDS) && j < SSIDS; j++)
			sw_set(&c->w, cd_of(c, sids[i], ssids[j]), 0, SMMU_CD0_V);
		for (unsigned int n = 0; (changed & L1CDS) && n < 1u << (CDS_LOG2 - 6); n++)
			sw_set(&c->w, l1 + 8 * (uint64_t)n, 0, SMMU_L1CD_V);
		if (changed & STES)
			sw_set(&c->w, ste_of(c, sids[i]), 0, SMMU_STE0_V);
		if (changed & L1STDS)
			sw_set(&c->w, c->l1std + (sids[i] >> SPLIT) * 8, 0, SMMU_L1STD_SPAN);
	}
	for (unsigned int i = 0; i < SIDS; i++)
		for (unsigned int j = 0; j < SSIDS; j++)
			assert_int_equal(use(b, sids[i], ssids[j]), NONE);
}

struct row {
	const char *what;
	uint64_t q0, q1;
	unsigned int changed;
	uint8_t found[SIDS][SSIDS];
};

static void check(struct smmu_bench *b, const struct row *rows, size_t count)
{
	for (size_t n = 0; n < count; n++) {
		struct config c;

		sb_fini(b);
		sb_init(b, NULL);
		sb_start(b);
		fill(b, &c, rows[n].changed);
		sb_do(b, rows[n].q0, rows[n].q1);
		sb_sync(b);
		for (unsigned int i = 0; i < SIDS; i++) {
			for (unsigned int j = 0; j < SSIDS; j++) {
				uint8_t found = use(b, sids[i], ssids[j]);

				if (found != rows[n].found[i][j])
					fail_msg("%s: StreamID 0x%x, SubstreamID 0x%x: event 0x%x, not 0x%x",
						 rows[n].what, sids[i], ssids[j], found, rows[n].found[i][j]);
			}
		}
	}
}

#define CHECK(b, rows) check(b, rows, sizeof(rows) / sizeof((rows)[0]))
#define SID(cmd, sid) ((cmd) | HWI_PUT(SMMU_CMD0_SID, sid))
#define SSID(cmd, sid, ssid) (SID(cmd, sid) | HWI_PUT(SMMU_CMD0_SSID, ssid))
#define EACH(event) { event, event, event }

/* Point 34: with the STE go all its context descriptors. */
/* covers: POINT_34 CMD_CFGI_STE */
static void cfgi_ste(void **state)
{
	static const struct row rows[] = {
		{ "STE", SID(SMMU_CMD_CFGI_STE, 0x45), SMMU_CMD1_LEAF, STES, { [1] = EACH(STE_GONE) } },
		{ "CDs, leaf", SID(SMMU_CMD_CFGI_STE, 0x45), SMMU_CMD1_LEAF, CDS, { [1] = EACH(CD_GONE) } },
		{ "L1CDs, leaf", SID(SMMU_CMD_CFGI_STE, 0x45), SMMU_CMD1_LEAF, CDS | L1CDS,
		  { [1] = EACH(L1CD_GONE) } },
		{ "L1STD, leaf", SID(SMMU_CMD_CFGI_STE, 0x45), SMMU_CMD1_LEAF, L1STDS, { { 0 } } },
		{ "L1STD, leaf, and the STE behind it", SID(SMMU_CMD_CFGI_STE, 0x45), SMMU_CMD1_LEAF,
		  STES | L1STDS, { [1] = EACH(STE_GONE) } },
		{ "L1STD", SID(SMMU_CMD_CFGI_STE, 0x45), 0, STES | L1STDS, { [1] = EACH(L1STD_GONE) } },
	};

	CHECK(*state, rows);
}

/* The block of 2^(Range+1) StreamIDs around the one that is named; its low bits do not count. */
/* covers: CMD_CFGI_STE_RANGE */
static void cfgi_ste_range(void **state)
{
	static const struct row rows[] = {
		{ "two", SID(SMMU_CMD_CFGI_STE_RANGE, 0x41), 0, STES, { [0] = EACH(STE_GONE) } },
		{ "two, others", SID(SMMU_CMD_CFGI_STE_RANGE, 0x42), 0, STES, { { 0 } } },
		{ "eight", SID(SMMU_CMD_CFGI_STE_RANGE, 0x47), 2, STES,
		  { [0] = EACH(STE_GONE), [1] = EACH(STE_GONE) } },
		{ "sixteen", SID(SMMU_CMD_CFGI_STE_RANGE, 0x4f), 3, STES | L1STDS,
		  { [0] = EACH(L1STD_GONE), [1] = EACH(L1STD_GONE), [2] = EACH(L1STD_GONE) } },
		{ "CDs", SID(SMMU_CMD_CFGI_STE_RANGE, 0x47), 2, CDS, { [0] = EACH(CD_GONE), [1] = EACH(CD_GONE) } },
		{ "L1CDs", SID(SMMU_CMD_CFGI_STE_RANGE, 0x47), 2, CDS | L1CDS,
		  { [0] = EACH(L1CD_GONE), [1] = EACH(L1CD_GONE) } },
		{ "256", SID(SMMU_CMD_CFGI_STE_RANGE, 0x80), 7, STES,
		  { EACH(STE_GONE), EACH(STE_GONE), EACH(STE_GONE), EACH(STE_GONE) } },
		{ "ALL", SMMU_CMD_CFGI_STE_RANGE, SMMU_CFGI_RANGE_ALL, STES | L1STDS,
		  { EACH(L1STD_GONE), EACH(L1STD_GONE), EACH(L1STD_GONE), EACH(L1STD_GONE) } },
		{ "ALL, CDs", SMMU_CMD_CFGI_STE_RANGE, SMMU_CFGI_RANGE_ALL, CDS | L1CDS,
		  { EACH(L1CD_GONE), EACH(L1CD_GONE), EACH(L1CD_GONE), EACH(L1CD_GONE) } },
	};

	CHECK(*state, rows);
}

/* An L1STD is that of its own streams: those below and above it are looked up by theirs. */
/* covers: CMD_CFGI_STE */
static void l1stds_of_other_streams_stay(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int above = 0; above < 2; above++) {
		uint32_t gone = above ? 0x81 : 0x45, stays = above ? 0x45 : 0x81;
		struct config c;

		sb_fini(b);
		sb_init(b, NULL);
		sb_start(b);
		fill(b, &c, STES | L1STDS);
		sb_do(b, SID(SMMU_CMD_CFGI_STE, gone), 0);
		sb_do(b, SID(SMMU_CMD_CFGI_STE, stays), SMMU_CMD1_LEAF);
		assert_int_equal(use(b, gone, 3), L1STD_GONE);
		assert_int_equal(use(b, stays, 3), STE_GONE);
	}
}

/* Point 34: an index of a CD; 0 is also what requests without SubstreamID use. */
/* covers: POINT_34 CMD_CFGI_CD CMD_CFGI_CD_ALL */
static void cfgi_cd(void **state)
{
	static const struct row rows[] = {
		{ "CD 0", SSID(SMMU_CMD_CFGI_CD, 0x4a, 0), SMMU_CMD1_LEAF, CDS, { [2] = { CD_GONE } } },
		{ "CD 3", SSID(SMMU_CMD_CFGI_CD, 0x4a, 3), SMMU_CMD1_LEAF, CDS, { [2] = { [1] = CD_GONE } } },
		{ "CD 3, L1CD kept", SSID(SMMU_CMD_CFGI_CD, 0x4a, 3), SMMU_CMD1_LEAF, CDS | L1CDS,
		  { [2] = { [1] = CD_GONE } } },
		{ "CD 70 and its L1CD", SSID(SMMU_CMD_CFGI_CD, 0x4a, 70), 0, CDS | L1CDS,
		  { [2] = { [2] = L1CD_GONE } } },
		{ "another CD", SSID(SMMU_CMD_CFGI_CD, 0x4a, 4), 0, CDS, { { 0 } } },
		{ "no STE", SSID(SMMU_CMD_CFGI_CD, 0x4a, 3), 0, STES | L1STDS, { { 0 } } },
		{ "all", SID(SMMU_CMD_CFGI_CD_ALL, 0x40), 0, CDS, { [0] = EACH(CD_GONE) } },
		{ "all, and L1CDs", SID(SMMU_CMD_CFGI_CD_ALL, 0x81), 0, CDS | L1CDS, { [3] = EACH(L1CD_GONE) } },
		{ "all, no STE", SID(SMMU_CMD_CFGI_CD_ALL, 0x40), 0, STES | L1STDS, { { 0 } } },
	};

	CHECK(*state, rows);
}

/* Point 35, and hints. */
/* covers: POINT_35 CMD_TLBI_NH_ALL CMD_TLBI_S12_VMALL CMD_TLBI_NSNH_ALL CMD_PREFETCH_CONFIG CMD_PREFETCH_ADDR */
static void other_commands_leave_configuration_alone(void **state)
{
	static const struct row rows[] = {
		{ "NH_ALL", SMMU_CMD_TLBI_NH_ALL | HWI_PUT(SMMU_CMD0_VMID, SW_VMID), 0,
		  CDS | L1CDS | STES | L1STDS, { { 0 } } },
		{ "S12_VMALL", SMMU_CMD_TLBI_S12_VMALL | HWI_PUT(SMMU_CMD0_VMID, SW_VMID), 0,
		  CDS | L1CDS | STES | L1STDS, { { 0 } } },
		{ "NSNH_ALL", SMMU_CMD_TLBI_NSNH_ALL, 0, CDS | L1CDS | STES | L1STDS, { { 0 } } },
		{ "PREFETCH_CONFIG", SID(SMMU_CMD_PREFETCH_CONFIG, 0x45), 0, CDS | L1CDS | STES | L1STDS,
		  { { 0 } } },
		{ "PREFETCH_ADDR", SID(SMMU_CMD_PREFETCH_ADDR, 0x45), SW_IN, CDS | L1CDS | STES | L1STDS,
		  { { 0 } } },
	};

	CHECK(*state, rows);
}

/* §7.2: configuration errors are recorded for transactions, at the time of their use, and never for a hint. */
/* covers: CMD_PREFETCH_CONFIG CMD_PREFETCH_ADDR */
static void prefetches_record_nothing(void **state)
{
	static const uint64_t opcodes[] = { SMMU_CMD_PREFETCH_CONFIG, SMMU_CMD_PREFETCH_ADDR };
	struct smmu_bench *b = *state;

	for (unsigned int n = 0; n < 2; n++) {
		sb_do(b, SID(opcodes[n], 0x77), SW_IN); /* V=0 */
		sb_do(b, SID(opcodes[n], 0x12345), SW_IN); /* beyond the table */
		sb_do(b, SSID(opcodes[n], 0x77, 9) | SMMU_CMD0_SSV, SW_IN);
		sb_sync(b);
		sb_expect_no_event(b);
		assert_int_equal(b->atss, 0);
		assert_int_equal(b->prgs, 0);
		/* A Secure stream is not for this queue to name. */
		sb_refuse(b, SID(opcodes[n], 0x77) | SMMU_CMD0_SSEC, SW_IN, SMMU_CERROR_ILL);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(cfgi_ste),
		TEST(cfgi_ste_range),
		TEST(l1stds_of_other_streams_stay),
		TEST(cfgi_cd),
		TEST(other_commands_leave_configuration_alone),
		TEST(prefetches_record_nothing),
	};

	return cmocka_run_group_tests_name("smmu_every_cfgi", tests, NULL, NULL);
}

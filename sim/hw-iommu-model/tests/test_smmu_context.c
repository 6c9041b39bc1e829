/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Substreams and context descriptors (SMMUv3 §3.3.2, §5.2 S1DSS, §5.3, §5.4.2). */
#include "smmu_world.h"

#define CDMAX 7u

/* A linear table of 2^CDMAX CDs in the place of the one. */
static void linear(struct sw *w, struct smmu_bench *b)
{
	uint64_t table;

	sw_s1(w, b, VMSA_SHIFT_4K);
	table = sb_alloc_aligned(b, (uint64_t)SMMU_CD_SIZE << CDMAX);
	for (unsigned int n = 0; n < SMMU_CD_DWORDS; n++) {
		uint64_t word = sb_r64(b, w->cd + 8ull * n);

		sb_w64(b, table + 8ull * n, word);
		sb_w64(b, table + 5 * SMMU_CD_SIZE + 8ull * n, word);
	}
	w->cd = table;
	SW_STE_FIELD(w, 0, SMMU_STE0_S1CDMAX, CDMAX);
	SW_STE_FIELD(w, 0, SMMU_STE0_S1CONTEXTPTR, table >> 6);
	SW_STE_FIELD(w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_TERMINATE);
	sb_invalidate_all(b);
}

/* A two-level table that holds the CD at this index. */
static uint64_t two_level(struct sw *w, struct smmu_bench *b, uint64_t fmt, uint32_t ssid)
{
	unsigned int split = fmt == SMMU_S1FMT_4K_L2 ? 6 : 10;
	uint64_t l1, l2, at;

	sw_s1(w, b, VMSA_SHIFT_4K);
	l1 = sb_alloc_aligned(b, 8ull << (20 - split));
	l2 = sb_alloc_aligned(b, 64ull << split);
	at = l1 + 8ull * (ssid >> split);
	sb_w64(b, at, l2 | SMMU_L1CD_V);
	for (unsigned int n = 0; n < SMMU_CD_DWORDS; n++)
		sb_w64(b, l2 + 64ull * (ssid & ((1u << split) - 1)) + 8ull * n,
		       sb_r64(b, w->cd + 8ull * n));
	SW_STE_FIELD(w, 0, SMMU_STE0_S1CDMAX, 20);
	SW_STE_FIELD(w, 0, SMMU_STE0_S1FMT, fmt);
	SW_STE_FIELD(w, 0, SMMU_STE0_S1CONTEXTPTR, l1 >> 6);
	sb_invalidate_all(b);
	return at;
}

static struct hwi_response with_ssid(struct sw *w, uint32_t ssid)
{
	return sb_dma(w->b, SW_SID, ssid, SW_IN, HWI_READ);
}

static void refused(struct sw *w, uint32_t ssid, uint8_t code)
{
	struct hwi_response r = with_ssid(w, ssid);

	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, code);
	assert_true(r.recorded);
}

static void translated(struct sw *w, uint32_t ssid)
{
	struct hwi_response r = with_ssid(w, ssid);

	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), SW_OUT);
	sb_expect_no_event(w->b);
}

/* SSV=1 where there are no substreams: C_BAD_SUBSTREAMID, even in bypass. */
/* covers: EVT_C_BAD_SUBSTREAMID */
static void substream_without_stage_1(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	sw_bypass(&w, b);
	refused(&w, 3, SMMU_EVT_C_BAD_SUBSTREAMID);
	e = sw_record(b, SMMU_EVT_C_BAD_SUBSTREAMID, SW_SID);
	assert_int_equal(e.ssid, 3);
	sw_s2(&w, b, VMSA_SHIFT_4K);
	refused(&w, 3, SMMU_EVT_C_BAD_SUBSTREAMID);
	(void)sw_record(b, SMMU_EVT_C_BAD_SUBSTREAMID, SW_SID);
	/* S1CDMax=0. */
	sw_s1(&w, b, VMSA_SHIFT_4K);
	refused(&w, 0, SMMU_EVT_C_BAD_SUBSTREAMID);
	(void)sw_record(b, SMMU_EVT_C_BAD_SUBSTREAMID, SW_SID);
}

/* covers: EVT_C_BAD_SUBSTREAMID EVT_C_BAD_CD */
static void substream_beyond_table(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	linear(&w, b);
	translated(&w, 5);
	refused(&w, 1u << CDMAX, SMMU_EVT_C_BAD_SUBSTREAMID);
	assert_int_equal(sw_record(b, SMMU_EVT_C_BAD_SUBSTREAMID, SW_SID).ssid, 1u << CDMAX);
	/* One that is in the table, but not valid. */
	refused(&w, 6, SMMU_EVT_C_BAD_CD);
	assert_int_equal(sw_record(b, SMMU_EVT_C_BAD_CD, SW_SID).ssid, 6);
}

/* F_STREAM_DISABLED is about substreams (§5.2 S1DSS). */
/* covers: EVT_F_STREAM_DISABLED */
static void s1dss(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	linear(&w, b);
	refused(&w, HWI_PASID_NONE, SMMU_EVT_F_STREAM_DISABLED);
	e = sw_record(b, SMMU_EVT_F_STREAM_DISABLED, SW_SID);
	assert_false(e.ssv);
	translated(&w, 0); /* SSID 0 is one like any other */

	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, 3); /* acts as 0 */
	sw_cfgi_ste(&w, true);
	refused(&w, HWI_PASID_NONE, SMMU_EVT_F_STREAM_DISABLED);
	(void)sw_record(b, SMMU_EVT_F_STREAM_DISABLED, SW_SID);

	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_SSID0);
	sw_cfgi_ste(&w, true);
	translated(&w, HWI_PASID_NONE);
	translated(&w, 5);
	refused(&w, 0, SMMU_EVT_F_STREAM_DISABLED);
	(void)sw_record(b, SMMU_EVT_F_STREAM_DISABLED, SW_SID);

	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_BYPASS);
	sw_cfgi_ste(&w, true);
	sw_expect(b, SW_SID, SW_IN, HWI_WRITE, SW_IN);
	translated(&w, 5);
}

/* Bypassed stage 1 of a nested stream: stage 2 alone; beyond IAS stage 1's F_ADDR_SIZE. */
static void s1dss_bypass_nested(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 1);
	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_BYPASS);
	sw_ste(&w, 2, SMMU_STE2_S2S, 0);
	sw_cfgi_ste(&w, true);
	sw_expect(b, SW_SID, SW_IPA, HWI_READ, SW_OUT);
	e = sw_expect_fault(b, SW_SID, HWI_BIT64(60), HWI_READ, SMMU_EVT_F_ADDR_SIZE);
	assert_false(e.s2);
	assert_false(e.stall);
}

/* covers: EVT_C_BAD_SUBSTREAMID */
static void two_level_tables(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t at;

	(void)two_level(&w, b, SMMU_S1FMT_4K_L2, 0x12345);
	translated(&w, 0x12345);
	at = two_level(&w, b, SMMU_S1FMT_64K_L2, 0x12345);
	translated(&w, 0x12345);
	sb_w64(b, at, sb_r64(b, at) | HWI_MASK64(15, 12)); /* below the table's size */
	sw_cfgi_ste(&w, true);
	translated(&w, 0x12345);
	/* L1CD.V=0: the record tells the index that was wanted. */
	refused(&w, 0x42345, SMMU_EVT_C_BAD_SUBSTREAMID);
	assert_int_equal(sw_record(b, SMMU_EVT_C_BAD_SUBSTREAMID, SW_SID).ssid, 0x42345);
	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_SSID0);
	sw_cfgi_ste(&w, true);
	refused(&w, HWI_PASID_NONE, SMMU_EVT_C_BAD_SUBSTREAMID);
	e = sw_record(b, SMMU_EVT_C_BAD_SUBSTREAMID, SW_SID);
	assert_int_equal(e.ssid, 0);
	/* L2Ptr out of range. */
	sb_w64(b, at, sb_r64(b, at) | HWI_BIT64(53));
	sw_cfgi_ste(&w, true);
	refused(&w, 0x12345, SMMU_EVT_C_BAD_SUBSTREAMID);
	(void)sw_record(b, SMMU_EVT_C_BAD_SUBSTREAMID, SW_SID);
}

/*
 * Nested: pointers beyond IAS. A record of stage 2's fault would have to tell all of the
 * IPA (§3.4.3), and has no bits above OAS (§7.3.13): what is left is C_BAD_STE, and
 * C_BAD_SUBSTREAMID.
 */
/* covers: EVT_C_BAD_STE EVT_C_BAD_SUBSTREAMID */
static void pointers_beyond_ias(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;
	uint64_t l1;

	sb_config(&cfg);
	cfg.idr5 = (cfg.idr5 & ~SMMU_IDR5_OAS) | HWI_PUT32(SMMU_IDR5_OAS, SMMU_OAS_44);
	sb_remake(b, &cfg);
	sb_start(b);
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_ok(&w);
	for (unsigned int bit = 44; bit < 52; bit++) {
		sw_ste(&w, 0, HWI_BIT64(bit), 0);
		sb_invalidate_all(b);
		(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
		sw_ste(&w, 0, 0, HWI_BIT64(bit));
	}
	/* Within IAS, beyond S2T0SZ: it is stage 2's to refuse. */
	sw_ste(&w, 0, HWI_BIT64(43), 0);
	sb_invalidate_all(b);
	assert_true(sw_fault(&w, SMMU_EVT_F_TRANSLATION).ipa ==
		    ((w.cd + w.guest) | HWI_BIT64(43)));

	/* A level 1 table in the place of the CD, whose page stage 2 knows. */
	l1 = w.cd;
	for (unsigned int n = 0; n < SMMU_CD_DWORDS; n++)
		sb_w64(b, l1 + 8ull * n, 0);
	sw_ste(&w, 0, 0, HWI_BIT64(43));
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 1);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1FMT, SMMU_S1FMT_4K_L2);
	for (unsigned int bit = 44; bit < 52; bit++) {
		sb_w64(b, l1, HWI_BIT64(bit) | 0x5000 | SMMU_L1CD_V);
		sb_invalidate_all(b);
		refused(&w, 1, SMMU_EVT_C_BAD_SUBSTREAMID);
		assert_int_equal(sw_record(b, SMMU_EVT_C_BAD_SUBSTREAMID, SW_SID).ssid, 1);
	}
	sb_w64(b, l1, HWI_BIT64(43) | 0x5000 | SMMU_L1CD_V);
	sb_invalidate_all(b);
	refused(&w, 1, SMMU_EVT_F_TRANSLATION);
	assert_true(sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID).ipa == (HWI_BIT64(43) | 0x5000));
}

/* covers: EVT_F_CD_FETCH */
static void fetches_that_fail(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;
	uint64_t at;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sb_fail_read(b, w.cd, 8);
	assert_int_equal(sw_fault(&w, SMMU_EVT_F_CD_FETCH).fetch, w.cd);
	sb_heal(b);
	sw_ok(&w);
	at = two_level(&w, b, SMMU_S1FMT_4K_L2, 0x12345);
	sb_fail_read(b, at, 8);
	refused(&w, 0x12345, SMMU_EVT_F_CD_FETCH);
	assert_int_equal(sw_record(b, SMMU_EVT_F_CD_FETCH, SW_SID).fetch, at);
	sb_heal(b);
	translated(&w, 0x12345);
}

/* One change of a good CD (stage 1 with 4K in TTB0, TTB1 disabled), and whether it is bad. */
static const struct {
	const char *what;
	unsigned int word;
	uint64_t mask, val;
	bool bad;
} spoiled[] = {
	{ "V=0", 0, SMMU_CD0_V, 0, true },
	{ "AA64=0", 0, SMMU_CD0_AA64, 0, true },
	{ "ENDI", 0, SMMU_CD0_ENDI, 1, true },
	{ "T0SZ too small", 0, SMMU_CD0_T0SZ, 15, true },
	{ "T0SZ largest", 0, SMMU_CD0_T0SZ, 48, false },
	{ "T0SZ too large", 0, SMMU_CD0_T0SZ, 49, true },
	{ "TG0 reserved", 0, SMMU_CD0_TG0, SMMU_TG0_RSVD, true },
	{ "TTB0 beyond IPS", 1, HWI_BIT64(48), 1, true },
	{ "IPS above OAS is capped", 0, SMMU_CD0_IPS, 7, false },
	{ "TG1, T1SZ do not count with EPD1", 0, SMMU_CD0_TG1 | SMMU_CD0_T1SZ, 0, false },
	{ "TTB1 does not count with EPD1", 2, SMMU_CD2_TTB1, UINT64_MAX, false },
	{ "TG1 reserved", 0, SMMU_CD0_EPD1, 0, true },
	{ "S", 0, SMMU_CD0_S, 1, false },
	{ "A=0", 0, SMMU_CD0_A, 0, false },
	{ "HA and HD", 0, SMMU_CD0_HA | SMMU_CD0_HD, 3, false },
};

/* covers: EVT_C_BAD_CD */
static void validity(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	uint64_t rec[4];
	struct sw w;

	for (unsigned int i = 0; i < sizeof(spoiled) / sizeof(spoiled[0]); i++) {
		sw_s1(&w, b, VMSA_SHIFT_4K);
		SW_CD_FIELD(&w, spoiled[i].word, spoiled[i].mask, spoiled[i].val);
		sb_invalidate_all(b);
		r = sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
		if ((r.fault == SMMU_EVT_C_BAD_CD) != spoiled[i].bad)
			fail_msg("%s: event %02x", spoiled[i].what, r.fault);
		if (spoiled[i].bad)
			(void)sw_record(b, SMMU_EVT_C_BAD_CD, SW_SID);
		while (sb_event(b, rec))
			;
	}
}

/* STE.S1STALLD forbids CD.S. */
/* covers: EVT_C_BAD_CD */
static void s1stalld(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_ste(&w, 1, SMMU_STE1_S1STALLD, 0);
	sw_cfgi_ste(&w, true);
	sw_ok(&w);
	sw_cd(&w, 0, SMMU_CD0_S, 0);
	sw_cfgi_ste(&w, true);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_CD);
}

/* EPDx hides bad fields of that half; a miss there is F_TRANSLATION (§5.4.1.1). */
/* covers: POINT_11 EVT_F_TRANSLATION */
static void epd_hides_its_half(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_CD_FIELD(&w, 0, SMMU_CD0_TG0, SMMU_TG0_RSVD);
	SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, 0);
	sw_cd(&w, 0, SMMU_CD0_EPD0, 0);
	sb_invalidate_all(b);
	e = sw_fault(&w, SMMU_EVT_F_TRANSLATION);
	assert_int_equal(e.class, SMMU_EV_CLASS_IN);
	assert_false(e.s2);
}

/* The other half: TTB1 by bit 55, its own granule encoding, sign-extended range. */
static void ttb1(void **state)
{
	struct smmu_bench *b = *state;
	const uint64_t high = HWI_MASK64(63, 48);
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_CD_FIELD(&w, 2, SMMU_CD2_TTB1, w.s1_root >> 4);
	SW_CD_FIELD(&w, 0, SMMU_CD0_TG1, SMMU_TG1_4K);
	SW_CD_FIELD(&w, 0, SMMU_CD0_T1SZ, 16);
	sw_cd(&w, 0, 0, SMMU_CD0_EPD1);
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, high | SW_IN, HWI_READ, SW_OUT);
	sw_ok(&w);
	/* Out of range: a hole, or a top byte without TBI. */
	(void)sw_expect_fault(b, SW_SID, HWI_BIT64(50) | SW_IN, HWI_READ, SMMU_EVT_F_TRANSLATION);
	(void)sw_expect_fault(b, SW_SID, (high | SW_IN) & ~HWI_BIT64(52), HWI_READ,
			      SMMU_EVT_F_TRANSLATION);
	(void)sw_expect_fault(b, SW_SID, HWI_BIT64(60) | SW_IN, HWI_READ, SMMU_EVT_F_TRANSLATION);
	/* TBI0: the top byte does not count, and is recorded as it came. */
	sw_cd(&w, 0, SMMU_CD0_TBI0, 0);
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, HWI_BIT64(60) | SW_IN, HWI_READ, SW_OUT);
	sw_ok(&w);
	assert_true(sw_expect_fault(b, SW_SID, HWI_BIT64(60) | 0x1000, HWI_READ,
				    SMMU_EVT_F_TRANSLATION).addr == (HWI_BIT64(60) | 0x1000));
	(void)sw_expect_fault(b, SW_SID, (high | SW_IN) & ~HWI_BIT64(60), HWI_READ,
			      SMMU_EVT_F_TRANSLATION);
}

/* TTB low bits are ignored down to the real size of the table (small ones included). */
/* covers: POINT_12 */
static void ttb_low_bits(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t root;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	/* 39 - 8 = 31 bits: two entries of level 1, in 64 bytes and less. */
	root = sb_alloc_aligned(b, 4096) + 0x40;
	sb_w64(b, root + 8, sb_r64(b, sw_s1_at(&w, SW_IN, 1)));
	SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, 33);
	SW_CD_FIELD(&w, 1, SMMU_CD1_TTB0, root >> 4);
	sb_invalidate_all(b);
	sw_ok(&w);
	SW_CD_FIELD(&w, 0, SMMU_CD0_T0SZ, 32); /* four entries: aligned to 32 bytes */
	sb_w64(b, root + 16, 0);
	SW_CD_FIELD(&w, 1, SMMU_CD1_TTB0, (root | 0x10) >> 4);
	sb_invalidate_all(b);
	sw_ok(&w);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(substream_without_stage_1), T(substream_beyond_table), T(s1dss),
		T(s1dss_bypass_nested), T(two_level_tables), T(pointers_beyond_ias),
		T(fetches_that_fail), T(validity),
		T(s1stalld), T(epd_hides_its_half), T(ttb1), T(ttb_low_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stream tables and STEs (SMMUv3 §3.3.1, §5.1, §5.2): what is found, and what is refused how. */
#include "smmu_world.h"

/* C_BAD_STREAMID: always an abort, recorded only with CR2.RECINVSID (§7.3.3). */
/* covers: EVT_C_BAD_STREAMID REG_STRTAB_BASE_CFG */
static void streamid_beyond_table(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw_record e;

	e = sw_expect_fault(b, 1u << b->strtab_log2, 0x1000, HWI_READ, SMMU_EVT_C_BAD_STREAMID);
	assert_false(e.ssv);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write(b, SMMU_REG_CR2, 0);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	r = sb_dma(b, 1u << b->strtab_log2, HWI_PASID_NONE, 0x1000, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, SMMU_EVT_C_BAD_STREAMID);
	assert_false(r.recorded);
	sb_expect_no_event(b);
}

/* A two-level table with one L1STD for the stream under test. */
static uint64_t two_level(struct smmu_bench *b, struct sw *w, unsigned int split, uint64_t span)
{
	uint64_t l1, l2, at;

	sw_bypass(w, b);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	l1 = sb_alloc_aligned(b, 4096);
	l2 = sb_alloc_aligned(b, 65536);
	sb_write64(b, SMMU_REG_STRTAB_BASE, l1);
	sb_write(b, SMMU_REG_STRTAB_BASE_CFG,
		 HWI_PUT32(SMMU_STRTAB_BASE_CFG_LOG2SIZE, 12) |
			 HWI_PUT32(SMMU_STRTAB_BASE_CFG_SPLIT, split) |
			 HWI_PUT32(SMMU_STRTAB_BASE_CFG_FMT, 1));
	if (split != 8 && split != 10)
		split = 6;
	at = l1 + (SW_SID >> split) * 8;
	sb_w64(b, at, l2 | HWI_PUT(SMMU_L1STD_SPAN, span));
	for (unsigned int n = 0; n < SMMU_STE_DWORDS; n++)
		sb_w64(b, l2 + (SW_SID & ((1u << split) - 1)) * 64ull + 8ull * n,
		       sb_r64(b, w->ste + 8ull * n));
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sb_invalidate_all(b);
	return at;
}

/* covers: POINT_5 REG_STRTAB_BASE_CFG REG_STRTAB_BASE */
static void two_level_table(void **state)
{
	struct smmu_bench *b = *state;
	static const unsigned int splits[] = { 6, 8, 10, 7 }; /* 7 acts as 6 */
	struct sw w;

	for (unsigned int i = 0; i < 4; i++) {
		two_level(b, &w, splits[i], 7);
		sw_expect(b, SW_SID, 0x1230, HWI_READ, 0x1230);
	}
}

/* A span is 2^(Span-1) STEs; 0, 12 and more, and more than SPLIT+1 are invalid (§5.1, §7.3.3). */
/* covers: POINT_5 EVT_C_BAD_STREAMID */
static void span_limits(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	/* SW_SID is 33: 32 STEs do not reach it, 64 do. */
	two_level(b, &w, 6, 6);
	(void)sw_expect_fault(b, SW_SID, 0, HWI_READ, SMMU_EVT_C_BAD_STREAMID);
	two_level(b, &w, 6, 7);
	sw_expect(b, SW_SID, 0, HWI_READ, 0);
	two_level(b, &w, 6, 8);
	(void)sw_expect_fault(b, SW_SID, 0, HWI_READ, SMMU_EVT_C_BAD_STREAMID);
	two_level(b, &w, 10, 11);
	sw_expect(b, SW_SID, 0, HWI_READ, 0);
	two_level(b, &w, 10, 12);
	(void)sw_expect_fault(b, SW_SID, 0, HWI_READ, SMMU_EVT_C_BAD_STREAMID);
	two_level(b, &w, 10, 31);
	(void)sw_expect_fault(b, SW_SID, 0, HWI_READ, SMMU_EVT_C_BAD_STREAMID);
	two_level(b, &w, 10, 0);
	(void)sw_expect_fault(b, SW_SID, 0, HWI_READ, SMMU_EVT_C_BAD_STREAMID);
}

/* L2Ptr is aligned to the array it points to: low bits do not count. */
static void l2ptr_low_bits(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;
	uint64_t at = two_level(b, &w, 8, 9);

	sb_w64(b, at, sb_r64(b, at) | HWI_MASK64(13, 6));
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, 0x1230, HWI_READ, 0x1230);
}

/* Memory that answers beyond the unit's 40 address bits: as what is below. */
static bool more_memory(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct smmu_bench *b = opaque;
	uint64_t at = hwi_hpa_val(addr) & HWI_MASK64(39, 0);

	if (at > SB_MEM - len)
		return false;
	memcpy(buf, b->mem + at, len);
	return true;
}

/* An STE's address beyond OAS is not read from (§3.4.3: F_STE_FETCH, or truncated). */
/* covers: EVT_F_STE_FETCH */
static void l2ptr_beyond_oas(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;
	uint64_t at;

	sb_config(&cfg);
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_OAS, cfg.idr5, SMMU_OAS_40);
	sb_remake(b, &cfg);
	b->ops.read = more_memory;
	sb_start(b);
	at = two_level(b, &w, 8, 9);
	sw_expect(b, SW_SID, 0x1230, HWI_READ, 0x1230);
	for (unsigned int bit = 40; bit < 56; bit++) {
		uint64_t desc = sb_r64(b, at);
		struct sw_record e;

		sb_w64(b, at, desc | HWI_BIT64(bit));
		sb_invalidate_all(b);
		e = sw_expect_fault(b, SW_SID, 0x1230, HWI_READ, SMMU_EVT_F_STE_FETCH);
		assert_false(e.dw[3] & ~HWI_MASK64(39, 0));
		sb_w64(b, at, desc);
	}
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, 0x1230, HWI_READ, 0x1230);
}

/* covers: EVT_F_STE_FETCH */
static void fetches_that_fail(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;
	uint64_t at;

	sw_bypass(&w, b);
	sb_fail_read(b, w.ste, 8);
	e = sw_expect_fault(b, SW_SID, 0, HWI_READ, SMMU_EVT_F_STE_FETCH);
	assert_int_equal(e.fetch, w.ste);
	/* Not cached: it works as soon as memory does. */
	sb_heal(b);
	sw_expect(b, SW_SID, 0, HWI_READ, 0);

	at = two_level(b, &w, 8, 9);
	sb_fail_read(b, at, 8);
	e = sw_expect_fault(b, SW_SID, 0, HWI_READ, SMMU_EVT_F_STE_FETCH);
	assert_int_equal(e.fetch, at);
	sb_heal(b);
	sw_expect(b, SW_SID, 0, HWI_READ, 0);
}

/* Config=0xx: an abort without any event, and no check runs before it (§5.2.2). */
static void config_abort_is_silent(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	for (uint64_t config = 0; config < 4; config++) {
		sw_s2(&w, b, VMSA_SHIFT_4K);
		SW_STE_FIELD(&w, 0, SMMU_STE0_CONFIG, config);
		SW_STE_FIELD(&w, 2, SMMU_STE2_S2TG, SMMU_S2TG_RSVD);
		sw_ste(&w, 2, 0, SMMU_STE2_S2AA64);
		sw_ste(&w, 1, HWI_PUT(SMMU_STE1_STRW, 1), 0);
		sw_cfgi_ste(&w, true);
		r = sb_dma(b, SW_SID, 5, SW_IN, HWI_READ);
		assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
		assert_int_equal(r.fault, 0);
		assert_false(r.recorded);
		sb_expect_no_event(b);
	}
}

/* One change of a good STE, and whether it is bad then. */
struct spoiled {
	const char *what;
	unsigned int kind; /* 1: stage 1, 2: stage 2, 3: nested */
	unsigned int word;
	uint64_t mask, val;
	bool bad;
};

static const struct spoiled spoiled[] = {
	{ "V=0", 1, 0, SMMU_STE0_V, 0, true },
	{ "EATS=split without stage 2", 1, 1, SMMU_STE1_EATS, SMMU_EATS_SPLIT, true },
	{ "EATS=split without stage 1", 2, 1, SMMU_STE1_EATS, SMMU_EATS_SPLIT, true },
	{ "EATS=split nested", 3, 1, SMMU_STE1_EATS, SMMU_EATS_SPLIT, false },
	{ "EATS=full", 3, 1, SMMU_STE1_EATS, SMMU_EATS_FULL, false },
	{ "EATS=DPT acts as none", 3, 1, SMMU_STE1_EATS, SMMU_EATS_DPT, false },
	{ "STRW=01", 1, 1, SMMU_STE1_STRW, 1, true },
	{ "STRW=11", 1, 1, SMMU_STE1_STRW, 3, true },
	{ "STRW not used with stage 2", 3, 1, SMMU_STE1_STRW, 1, false },
	{ "S1CDMax beyond SSIDSIZE", 1, 0, SMMU_STE0_S1CDMAX, 21, true },
	{ "S1ContextPtr beyond OAS", 1, 0, HWI_MASK64(55, 52), 1, true },
	{ "S2AA64=0", 2, 2, SMMU_STE2_S2AA64, 0, true },
	{ "S2AA64=0 without stage 2", 1, 2, SMMU_STE2_S2AA64, 0, false },
	{ "S2TG reserved", 2, 2, SMMU_STE2_S2TG, SMMU_S2TG_RSVD, true },
	{ "S2TTB beyond S2PS", 2, 3, HWI_BIT64(48), 1, true },
	{ "S2T0SZ too small", 2, 2, SMMU_STE2_S2T0SZ, 15, true },
	{ "S2T0SZ too large", 2, 2, SMMU_STE2_S2T0SZ, 49, true },
	{ "S2T0SZ too large for S2SL0", 2, 2, SMMU_STE2_S2T0SZ, 34, true },
	{ "S2T0SZ needs 32 tables", 2, 2, SMMU_STE2_S2T0SZ, 20, true },
	{ "S2T0SZ needs 16 tables", 2, 2, SMMU_STE2_S2T0SZ, 21, false },
	{ "S2ENDI", 2, 2, SMMU_STE2_S2ENDI, 1, true },
	{ "S2PS above OAS is capped", 2, 2, SMMU_STE2_S2PS, 7, false },
	{ "S2S", 2, 2, SMMU_STE2_S2S, 1, false },
	{ "S2HD without S2HA", 2, 2, SMMU_STE2_S2HD, 1, false },
};

/* covers: POINT_9 EVT_C_BAD_STE */
static void validity(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	for (unsigned int i = 0; i < sizeof(spoiled) / sizeof(spoiled[0]); i++) {
		const struct spoiled *t = &spoiled[i];

		if (t->kind == 1) {
			sw_s1(&w, b, VMSA_SHIFT_4K);
		} else if (t->kind == 2) {
			sw_s2(&w, b, VMSA_SHIFT_4K);
			/* Level 1 alone, so that T0SZ has an effect on the number of tables. */
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, 25);
			SW_STE_FIELD(&w, 2, SMMU_STE2_S2SL0, VMSA_SL_4K_L1);
		} else {
			sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		}
		SW_STE_FIELD(&w, t->word, t->mask, t->val);
		sb_invalidate_all(b);
		r = sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);
		if ((r.fault == SMMU_EVT_C_BAD_STE) != t->bad)
			fail_msg("%s: event %02x", t->what, r.fault);
		if (t->bad) {
			assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
			(void)sw_record(b, SMMU_EVT_C_BAD_STE, SW_SID);
		} else {
			uint64_t rec[4];

			while (sb_event(b, rec))
				;
		}
	}
}

/* {S2SL0, S2T0SZ, S2TG} by the tables of Arm DDI 0487 D8.2. */
static bool s2_fits(unsigned int g, unsigned int sl0, unsigned int t0sz)
{
	static const struct {
		uint8_t g, sl0, lo, hi;
	} legal[] = {
		{ 12, 2, 16, 24 }, { 12, 1, 21, 33 }, { 12, 0, 30, 42 }, { 12, 3, 39, 48 },
		{ 14, 2, 16, 27 }, { 14, 1, 24, 38 }, { 14, 0, 35, 48 },
		{ 16, 2, 12, 21 }, { 16, 1, 18, 34 }, { 16, 0, 31, 47 },
	};

	for (unsigned int i = 0; i < sizeof(legal) / sizeof(legal[0]); i++) {
		if (legal[i].g == g && legal[i].sl0 == sl0 && t0sz >= legal[i].lo &&
		    t0sz <= legal[i].hi)
			return true;
	}
	return false;
}

/* covers: POINT_10 */
static void s2_start_levels(void **state)
{
	struct smmu_bench *b = *state;
	static const uint8_t tg[] = { [12] = SMMU_S2TG_4K, [14] = SMMU_S2TG_16K,
				      [16] = SMMU_S2TG_64K };
	struct sw w;

	sw_s2(&w, b, VMSA_SHIFT_4K);
	sw_ste(&w, 3, 0, SMMU_STE3_S2TTB);
	for (unsigned int g = 12; g <= 16; g += 2) {
		for (unsigned int sl0 = 0; sl0 < 4; sl0++) {
			for (unsigned int t0sz = 0; t0sz < 64; t0sz++) {
				struct hwi_response r;
				uint64_t rec[4];

				SW_STE_FIELD(&w, 2, SMMU_STE2_S2TG, tg[g]);
				SW_STE_FIELD(&w, 2, SMMU_STE2_S2SL0, sl0);
				SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, t0sz);
				sw_cfgi_ste(&w, true);
				sw_tlbi_all(&w);
				r = sb_dma(b, SW_SID, HWI_PASID_NONE, 0x1000, HWI_READ);
				if ((r.fault != SMMU_EVT_C_BAD_STE) != s2_fits(g, sl0, t0sz))
					fail_msg("granule %u SL0 %u T0SZ %u: %02x", g, sl0, t0sz,
						 r.fault);
				assert_true(sb_event(b, rec));
			}
		}
	}
}

/* covers: EVT_C_BAD_STE */
static void features_that_are_not_there(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_HTTU | SMMU_IDR0_VMID16 | SMMU_IDR0_CD2L);
	cfg.idr5 &= ~SMMU_IDR5_GRAN16K;
	sb_remake(b, &cfg);
	sb_start(b);

	sw_s2(&w, b, VMSA_SHIFT_4K);
	sw_ste(&w, 2, SMMU_STE2_S2HA, 0);
	sw_cfgi_ste(&w, true);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
	sw_s2(&w, b, VMSA_SHIFT_16K);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_HA, 0);
	sw_cfgi_cd(&w, 0, true);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_CD);
	sw_s1(&w, b, VMSA_SHIFT_16K);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_CD);
	/* A VMID of 16 bits, whether stage 2 is in use or not. */
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_ok(&w);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2VMID, 0x100);
	sw_cfgi_ste(&w, true);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
	/* A two-level CD table. */
	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 4);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1FMT, SMMU_S1FMT_4K_L2);
	sw_cfgi_ste(&w, true);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
}

/* HTTU=01: access flags, no dirty state. */
static void access_flag_alone(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr0 = (cfg.idr0 & ~SMMU_IDR0_HTTU) | HWI_PUT32(SMMU_IDR0_HTTU, SMMU_HTTU_ACCESS);
	sb_remake(b, &cfg);
	sb_start(b);
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_HA, 0);
	sw_ste(&w, 2, SMMU_STE2_S2HA, 0);
	sb_invalidate_all(b);
	sw_ok(&w);
	sw_cd(&w, 0, SMMU_CD0_HD, 0);
	sb_invalidate_all(b);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_CD);
	sw_ste(&w, 2, SMMU_STE2_S2HD, 0);
	sb_invalidate_all(b);
	(void)sw_fault(&w, SMMU_EVT_C_BAD_STE);
}

/* Config=100: an address beyond OAS is a stage 1 F_ADDR_SIZE that is recorded (§3.4). */
static void bypass_beyond_oas(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	sw_bypass(&w, b);
	e = sw_expect_fault(b, SW_SID, HWI_BIT64(52), HWI_WRITE, SMMU_EVT_F_ADDR_SIZE);
	assert_false(e.s2);
	assert_int_equal(e.class, SMMU_EV_CLASS_IN);
	assert_false(e.rnw);
	assert_false(e.stall);
	assert_true(e.addr == HWI_BIT64(52));
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(streamid_beyond_table), T(two_level_table), T(span_limits), T(l2ptr_low_bits),
		T(l2ptr_beyond_oas),
		T(fetches_that_fail), T(config_abort_is_silent), T(validity), T(s2_start_levels),
		T(features_that_are_not_there), T(access_flag_alone), T(bypass_beyond_oas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

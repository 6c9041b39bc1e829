/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Each event that the unit can raise: what raises it, the answer to the client, and every bit of the record (SMMUv3 §7.3).
 * The records are written out here as numbers, so that they do not come from the lists that the library uses.
 */
#include "smmu_world.h"

/* Bits of a record, by the drawings of §7.3. */
#define SID(sid) ((uint64_t)(sid) << 32)
#define SSV UINT64_C(0x800)
#define SSID(ssid) ((uint64_t)(ssid) << 12)
#define STALL (UINT64_C(1) << 31)
#define PNU (UINT64_C(1) << 33)
#define IND (UINT64_C(1) << 34)
#define RNW (UINT64_C(1) << 35)
#define S2 (UINT64_C(1) << 39)
#define CLASS_CD (UINT64_C(0) << 40)
#define CLASS_TT (UINT64_C(1) << 40)
#define CLASS_IN (UINT64_C(2) << 40)
#define TTRNW (UINT64_C(1) << 44)

/* Exactly one record. */
static void expect(struct smmu_bench *b, uint64_t dw0, uint64_t dw1, uint64_t dw2, uint64_t dw3)
{
	uint64_t rec[4];

	assert_int_equal(sb_events(b), 1);
	assert_true(sb_event(b, rec));
	assert_int_equal(rec[0], dw0);
	assert_int_equal(rec[1], dw1);
	assert_int_equal(rec[2], dw2);
	assert_int_equal(rec[3], dw3);
}

static void aborted(struct smmu_bench *b, uint32_t sid, uint32_t ssid, uint64_t addr, unsigned int access)
{
	assert_int_equal(sb_dma(b, sid, ssid, addr, access).outcome, HWI_UNSUPPORTED_REQUEST);
}

/* A read of SW_IN by SW_SID, or a write. */
static void refused(struct sw *w)
{
	aborted(w->b, SW_SID, HWI_PASID_NONE, SW_IN + 0x120, HWI_READ);
}

static void refused_write(struct sw *w)
{
	aborted(w->b, SW_SID, HWI_PASID_NONE, SW_IN + 0x120, HWI_WRITE);
}

#define ADDR (SW_IN + 0x120)

/* Substreams for the stream of @w: its CD is the one of SubstreamID 0 of four. */
static void substreams(struct sw *w, unsigned int dss)
{
	uint64_t table = sb_alloc(w->b, 1);

	for (uint64_t n = 0; n < 4 * SMMU_CD_SIZE; n += 8)
		sb_w64(w->b, table + n, sb_r64(w->b, w->cd + n % SMMU_CD_SIZE));
	w->cd = table;
	sw_ste(w, 0, table, SMMU_STE0_S1CONTEXTPTR);
	SW_STE_FIELD(w, 0, SMMU_STE0_S1CDMAX, 2);
	SW_STE_FIELD(w, 1, SMMU_STE1_S1DSS, dss);
	sb_invalidate_all(w->b);
}

/* covers: POINT_4 EVT_C_BAD_STREAMID REG_CR2 */
static void c_bad_streamid(void **state)
{
	struct smmu_bench *b = *state;

	aborted(b, 0x100, HWI_PASID_NONE, 0x1000, HWI_READ);
	expect(b, 0x02 | SID(0x100), 0, 0, 0);
	aborted(b, 0xfffffffe, 0x12345, 0x1000, HWI_WRITE);
	expect(b, 0x02 | SID(0xfffffffe) | SSV | SSID(0x12345), 0, 0, 0);
	/* Point 4: without RECINVSID it is aborted all the same, and nobody is told. */
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write(b, SMMU_REG_CR2, 0);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	aborted(b, 0x100, HWI_PASID_NONE, 0x1000, HWI_READ);
	sb_expect_no_event(b);
}

/* covers: EVT_F_STE_FETCH */
static void f_ste_fetch(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t l1 = sb_alloc(b, 1);

	sb_fail_read(b, sb_ste(b, 0x55), 64);
	aborted(b, 0x55, HWI_PASID_NONE, 0x1000, HWI_READ);
	expect(b, 0x03 | SID(0x55), 0, 0, sb_ste(b, 0x55));
	aborted(b, 0x55, 7, 0x1000, HWI_WRITE);
	expect(b, 0x03 | SID(0x55) | SSV | SSID(7), 0, 0, sb_ste(b, 0x55));

	/* The level 1 descriptor's own address. */
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_write64(b, SMMU_REG_STRTAB_BASE, l1);
	sb_write(b, SMMU_REG_STRTAB_BASE_CFG, 1u << 16 | 6u << 6 | 9u);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sb_fail_read(b, l1 + 8, 8);
	aborted(b, 0x55, HWI_PASID_NONE, 0x1000, HWI_READ); /* index 1 */
	expect(b, 0x03 | SID(0x55), 0, 0, l1 + 8);
}

/* covers: POINT_10 EVT_C_BAD_STE */
static void c_bad_ste(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	aborted(b, 0x55, HWI_PASID_NONE, 0x1000, HWI_READ); /* V=0 */
	expect(b, 0x04 | SID(0x55), 0, 0, 0);
	aborted(b, 0x55, 9, 0x1000, HWI_READ);
	expect(b, 0x04 | SID(0x55) | SSV | SSID(9), 0, 0, 0);
	/* Point 10: it is not the walk that finds a wrong S2T0SZ. */
	sw_s2(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2T0SZ, 60);
	sb_invalidate_all(b);
	refused(&w);
	expect(b, 0x04 | SID(SW_SID), 0, 0, 0);
}

/* The fields are those of the request, before any override. */
/* covers: EVT_F_BAD_ATS_TREQ */
static void f_bad_ats_treq(void **state)
{
	const uint64_t span = 0x1f; /* as requested; how many is not this test's business */
	struct smmu_bench *b = *state;
	uint64_t rec[4];
	struct sw w;

	sw_bypass(&w, b);
	SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, SMMU_PRIVCFG_PRIVILEGED);
	sb_invalidate_all(b);
	assert_int_equal(sb_request(b, HWI_TRANSLATION_REQUEST, SW_SID, HWI_PASID_NONE, 0x123456000, HWI_READ)
				 .outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(sb_events(b), 1);
	assert_true(sb_event(b, rec));
	assert_int_equal(rec[0], 0x05 | SID(SW_SID));
	assert_int_equal(rec[1] & ~span, UINT64_C(3) << 30); /* R, W */
	assert_int_equal(rec[2], 0x123456000);
	assert_int_equal(rec[3], 0);

	/* Nothing is enabled: the same. */
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	assert_int_equal(sb_request(b, HWI_TRANSLATION_REQUEST, 0x66, 0x54321, 0x123456000,
				    HWI_READ | HWI_EXEC | HWI_PRIV | HWI_NO_WRITE).outcome,
			 HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(sb_events(b), 1);
	assert_true(sb_event(b, rec));
	assert_int_equal(rec[0], 0x05 | SID(0x66) | SSV | SSID(0x54321));
	assert_int_equal(rec[1] & ~span, UINT64_C(0xb) << 28); /* R, X, Priv */
	assert_int_equal(rec[2], 0x123456000);
	assert_int_equal(rec[3], 0);
}

/* Point 2: about substreams alone. The record says nothing of one. */
/* covers: POINT_1 POINT_2 EVT_F_STREAM_DISABLED */
static void f_stream_disabled(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_TERMINATE);
	refused(&w);
	expect(b, 0x06 | SID(SW_SID), 0, 0, 0);
	assert_int_equal(sb_dma(b, SW_SID, 1, ADDR, HWI_READ).outcome, HWI_SUCCESS);
	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_SSID0);
	sb_invalidate_all(b);
	sw_ok(&w);
	aborted(b, SW_SID, 0, ADDR, HWI_READ);
	expect(b, 0x06 | SID(SW_SID), 0, 0, 0);
	/* Point 1: Config=000 is not it. */
	SW_STE_FIELD(&w, 0, SMMU_STE0_CONFIG, SMMU_STE_CONFIG_ABORT);
	sb_invalidate_all(b);
	refused(&w);
	sb_expect_no_event(b);
}

/* covers: EVT_F_TRANSL_FORBIDDEN REG_CR0 */
static void f_transl_forbidden(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K); /* EATS=00 */
	assert_int_equal(sb_request(b, HWI_TRANSLATED, SW_SID, HWI_PASID_NONE, 0x123458, HWI_READ).outcome,
			 HWI_SUCCESS);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	sb_invalidate_all(b);
	assert_int_equal(sb_request(b, HWI_TRANSLATED, SW_SID, HWI_PASID_NONE, 0x123458, HWI_READ).outcome,
			 HWI_UNSUPPORTED_REQUEST);
	expect(b, 0x07 | SID(SW_SID), RNW, 0x123458, 0);
	assert_int_equal(sb_request(b, HWI_TRANSLATED, SW_SID, HWI_PASID_NONE, 0x123458, HWI_WRITE).outcome,
			 HWI_UNSUPPORTED_REQUEST);
	expect(b, 0x07 | SID(SW_SID), 0, 0x123458, 0);
	/* With ATS it passes. */
	SW_STE_FIELD(&w, 1, SMMU_STE1_EATS, SMMU_EATS_FULL);
	sb_invalidate_all(b);
	assert_int_equal(sb_request(b, HWI_TRANSLATED, SW_SID, HWI_PASID_NONE, 0x123458, HWI_WRITE).outcome,
			 HWI_SUCCESS);
	sb_expect_no_event(b);
	sb_cr0(b, SMMU_CR0_SMMUEN | SMMU_CR0_ATSCHK, false);
	assert_int_equal(sb_request(b, HWI_TRANSLATED, SW_SID, HWI_PASID_NONE, 0x123458, HWI_WRITE).outcome,
			 HWI_UNSUPPORTED_REQUEST);
	expect(b, 0x07 | SID(SW_SID), 0, 0x123458, 0);
}

/* The record has a SubstreamID, and no bit that says so. */
/* covers: POINT_3 EVT_C_BAD_SUBSTREAMID */
static void c_bad_substreamid(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	/* Point 3: without stage 1 there are none. */
	sw_bypass(&w, b);
	aborted(b, SW_SID, 5, 0x1000, HWI_READ);
	expect(b, 0x08 | SID(SW_SID) | SSID(5), 0, 0, 0);
	sw_s2(&w, b, VMSA_SHIFT_4K);
	aborted(b, SW_SID, 0, ADDR, HWI_READ);
	expect(b, 0x08 | SID(SW_SID), 0, 0, 0);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	aborted(b, SW_SID, 1, ADDR, HWI_READ); /* S1CDMax=0 */
	expect(b, 0x08 | SID(SW_SID) | SSID(1), 0, 0, 0);
	substreams(&w, SMMU_S1DSS_TERMINATE);
	aborted(b, SW_SID, 4, ADDR, HWI_READ); /* 0..3 */
	expect(b, 0x08 | SID(SW_SID) | SSID(4), 0, 0, 0);
}

/* covers: EVT_F_CD_FETCH */
static void f_cd_fetch(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sb_fail_read(b, w.cd, SMMU_CD_SIZE);
	refused(&w);
	expect(b, 0x09 | SID(SW_SID), 0, 0, w.cd);
	sb_heal(b);
	substreams(&w, SMMU_S1DSS_TERMINATE);
	sb_fail_read(b, w.cd + 3 * SMMU_CD_SIZE, SMMU_CD_SIZE);
	aborted(b, SW_SID, 3, ADDR, HWI_WRITE);
	expect(b, 0x09 | SID(SW_SID) | SSV | SSID(3), 0, 0, w.cd + 3 * SMMU_CD_SIZE);
	sb_heal(b);
	/* Nested: the physical address that the fetch went to. */
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sb_fail_read(b, w.cd, SMMU_CD_SIZE);
	refused(&w);
	expect(b, 0x09 | SID(SW_SID), 0, 0, w.cd);
}

/* covers: EVT_C_BAD_CD */
static void c_bad_cd(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, 0, SMMU_CD0_V);
	refused(&w);
	expect(b, 0x0a | SID(SW_SID), 0, 0, 0);
	/* Both halves are checked, whichever the address is in. */
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, 0, SMMU_CD0_EPD1); /* TG1=0 is reserved */
	sb_invalidate_all(b);
	refused(&w);
	expect(b, 0x0a | SID(SW_SID), 0, 0, 0);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	substreams(&w, SMMU_S1DSS_TERMINATE);
	sw_set(&w, w.cd + 2 * SMMU_CD_SIZE, 0, SMMU_CD0_V);
	aborted(b, SW_SID, 2, ADDR, HWI_READ);
	expect(b, 0x0a | SID(SW_SID) | SSV | SSID(2), 0, 0, 0);
}

/* Point 20: an abort on a stage 1 descriptor has S2=0 and CLASS=TT. */
/* covers: POINT_20 EVT_F_WALK_EABT */
static void f_walk_eabt(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t at;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	at = sw_s1_at(&w, SW_IN, 3);
	sb_fail_read(b, at, 8);
	refused(&w);
	expect(b, 0x0b | SID(SW_SID), RNW | CLASS_TT, ADDR, at);
	refused_write(&w);
	expect(b, 0x0b | SID(SW_SID), CLASS_TT, ADDR, at);
	sb_heal(b);

	sw_s2(&w, b, VMSA_SHIFT_4K);
	at = sw_s2_at(&w, SW_IN, 2);
	sb_fail_read(b, at, 8);
	refused(&w);
	expect(b, 0x0b | SID(SW_SID), RNW | S2 | CLASS_IN, ADDR, at);
	sb_heal(b);

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	at = sw_s2_at(&w, w.cd + SW_GUEST, 3);
	sb_fail_read(b, at, 8);
	refused(&w);
	expect(b, 0x0b | SID(SW_SID), RNW | S2 | CLASS_CD, ADDR, at);
	sb_heal(b);
	at = sw_s2_at(&w, sw_s1_at(&w, SW_IN, 3) + SW_GUEST, 3);
	sb_fail_read(b, at, 8);
	refused(&w);
	expect(b, 0x0b | SID(SW_SID), RNW | S2 | CLASS_TT, ADDR, at);
	sb_heal(b);
	at = sw_s2_at(&w, SW_IPA, 3);
	sb_fail_read(b, at, 8);
	refused(&w);
	expect(b, 0x0b | SID(SW_SID), RNW | S2 | CLASS_IN, ADDR, at);
}

/* Point 19: RnW, PnU, InD are those of the transaction, after overrides. */
/* covers: POINT_8 POINT_19 POINT_37 EVT_F_TRANSLATION */
static void f_translation(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t at;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_VALID);
	refused(&w);
	expect(b, 0x10 | SID(SW_SID), RNW | CLASS_IN, ADDR, 0);
	refused_write(&w);
	expect(b, 0x10 | SID(SW_SID), CLASS_IN, ADDR, 0);
	SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, SMMU_PRIVCFG_PRIVILEGED);
	SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, SMMU_INSTCFG_INSTRUCTION);
	sb_invalidate_all(b);
	refused(&w);
	expect(b, 0x10 | SID(SW_SID), PNU | IND | RNW | CLASS_IN, ADDR, 0);
	refused_write(&w);
	expect(b, 0x10 | SID(SW_SID), PNU | CLASS_IN, ADDR, 0);
	/* A SubstreamID, and an address out of range, as it came. */
	SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, 0);
	SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, 0);
	substreams(&w, SMMU_S1DSS_TERMINATE);
	aborted(b, SW_SID, 3, UINT64_C(0xab00000000000123), HWI_READ);
	expect(b, 0x10 | SID(SW_SID) | SSV | SSID(3), RNW | CLASS_IN, UINT64_C(0xab00000000000123), 0);

	sw_s2(&w, b, VMSA_SHIFT_4K);
	sw_set(&w, sw_s2_at(&w, SW_IN, 3), 0, VMSA_DESC_VALID);
	refused(&w);
	expect(b, 0x10 | SID(SW_SID), RNW | S2 | CLASS_IN, ADDR, SW_IN);

	/* Point 8: what stage 2 does not map for a CD, a table, the page itself. */
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	at = sw_s2_at(&w, w.cd + SW_GUEST, 3);
	sw_set(&w, at, 0, VMSA_DESC_VALID);
	refused_write(&w);
	expect(b, 0x10 | SID(SW_SID), S2 | CLASS_CD, ADDR, (w.cd + SW_GUEST) & ~UINT64_C(0xfff));
	sw_set(&w, at, VMSA_DESC_VALID, 0);
	at = sw_s2_at(&w, sw_s1_at(&w, SW_IN, 3) + SW_GUEST, 3);
	sw_set(&w, at, 0, VMSA_DESC_VALID);
	refused(&w);
	expect(b, 0x10 | SID(SW_SID), RNW | S2 | CLASS_TT, ADDR,
	       (sw_s1_at(&w, SW_IN, 3) + SW_GUEST) & ~UINT64_C(0xfff));
	sw_set(&w, at, VMSA_DESC_VALID, 0);
	sw_set(&w, sw_s2_at(&w, SW_IPA, 3), 0, VMSA_DESC_VALID);
	refused(&w);
	expect(b, 0x10 | SID(SW_SID), RNW | S2 | CLASS_IN, ADDR, SW_IPA);
}

/* covers: POINT_17 EVT_F_ADDR_SIZE */
static void f_addr_size(void **state)
{
	const uint64_t high = UINT64_C(0x1234560000);
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, SMMU_OAS_32);
	sw_map_s1(&w, SW_IN, high, 3, SW_S1_LEAF);
	sb_invalidate_all(b);
	refused(&w);
	expect(b, 0x11 | SID(SW_SID), RNW | CLASS_IN, ADDR, 0);
	refused_write(&w);
	expect(b, 0x11 | SID(SW_SID), CLASS_IN, ADDR, 0);

	sw_s2(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2PS, SMMU_OAS_32);
	sw_map_s2(&w, SW_IN, high, 3, SW_S2_LEAF);
	sb_invalidate_all(b);
	refused(&w);
	expect(b, 0x11 | SID(SW_SID), RNW | S2 | CLASS_IN, ADDR, SW_IN);

	/* Point 17: a bypassed stage 1, beyond the output size. */
	sw_bypass(&w, b);
	aborted(b, SW_SID, HWI_PASID_NONE, UINT64_C(1) << 52, HWI_READ);
	expect(b, 0x11 | SID(SW_SID), RNW | CLASS_IN, UINT64_C(1) << 52, 0);
}

/* Point 16: AF=0 comes before a lack of rights. */
/* covers: POINT_16 EVT_F_ACCESS */
static void f_access(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_map_s1(&w, SW_IN, SW_OUT, 3, (SW_S1_LEAF | VMSA_S1_AP_RO) & ~VMSA_DESC_AF);
	refused(&w);
	expect(b, 0x12 | SID(SW_SID), RNW | CLASS_IN, ADDR, 0);
	refused_write(&w);
	expect(b, 0x12 | SID(SW_SID), CLASS_IN, ADDR, 0);

	sw_s2(&w, b, VMSA_SHIFT_4K);
	sw_map_s2(&w, SW_IN, SW_OUT, 3, SW_S2_LEAF & ~(VMSA_DESC_AF | VMSA_S2_S2AP_R));
	refused(&w);
	expect(b, 0x12 | SID(SW_SID), RNW | S2 | CLASS_IN, ADDR, SW_IN);

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s2_at(&w, sw_s1_at(&w, SW_IN, 3) + SW_GUEST, 3), 0, VMSA_DESC_AF);
	refused(&w);
	expect(b, 0x12 | SID(SW_SID), RNW | S2 | CLASS_TT, ADDR,
	       (sw_s1_at(&w, SW_IN, 3) + SW_GUEST) & ~UINT64_C(0xfff));
}

/* covers: EVT_F_PERMISSION */
static void f_permission(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_map_s1(&w, SW_IN, SW_OUT, 3, SW_S1_LEAF | VMSA_S1_AP_RO);
	sw_ok(&w);
	refused_write(&w);
	expect(b, 0x13 | SID(SW_SID), CLASS_IN, ADDR, 0);
	/* An atomic is a write. */
	aborted(b, SW_SID, HWI_PASID_NONE, ADDR, HWI_ATOMIC);
	expect(b, 0x13 | SID(SW_SID), CLASS_IN, ADDR, 0);

	sw_s2(&w, b, VMSA_SHIFT_4K);
	sw_map_s2(&w, SW_IN, SW_OUT, 3, SW_S2_LEAF & ~VMSA_S2_S2AP_R);
	sw_expect(b, SW_SID, SW_IN, HWI_WRITE, SW_OUT);
	refused(&w);
	expect(b, 0x13 | SID(SW_SID), RNW | S2 | CLASS_IN, ADDR, SW_IN);
	/* Only the read is missing: then it is a read (§13.1.1). */
	aborted(b, SW_SID, HWI_PASID_NONE, ADDR, HWI_ATOMIC);
	expect(b, 0x13 | SID(SW_SID), RNW | S2 | CLASS_IN, ADDR, SW_IN);

	/* TTRnW is the walk's: a descriptor could not be read, for a write. */
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s2_at(&w, sw_s1_at(&w, SW_IN, 3) + SW_GUEST, 3), 0, VMSA_S2_S2AP_R);
	refused_write(&w);
	expect(b, 0x13 | SID(SW_SID), S2 | CLASS_TT | TTRNW, ADDR,
	       (sw_s1_at(&w, SW_IN, 3) + SW_GUEST) & ~UINT64_C(0xfff));
	/* ... or not be written: the access flag of stage 1. */
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_HA, 0);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_DESC_AF);
	sw_set(&w, sw_s2_at(&w, sw_s1_at(&w, SW_IN, 3) + SW_GUEST, 3), 0, VMSA_S2_S2AP_W);
	sb_invalidate_all(b);
	refused(&w);
	expect(b, 0x13 | SID(SW_SID), RNW | S2 | CLASS_TT, ADDR,
	       (sw_s1_at(&w, SW_IN, 3) + SW_GUEST) & ~UINT64_C(0xfff));
	/* CLASS=CD: TTRnW is 0. */
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_set(&w, sw_s2_at(&w, w.cd + SW_GUEST, 3), 0, VMSA_S2_S2AP_R);
	refused_write(&w);
	expect(b, 0x13 | SID(SW_SID), S2 | CLASS_CD, ADDR, (w.cd + SW_GUEST) & ~UINT64_C(0xfff));
}

/* Only these four can stall, and then are always recorded (point 21). */
/* covers: POINT_21 EVT_F_TRANSLATION EVT_F_ADDR_SIZE EVT_F_ACCESS EVT_F_PERMISSION */
static void stalled_records(void **state)
{
	static const struct {
		uint64_t code, out, leaf;
	} cases[] = {
		{ 0x10, SW_OUT, SW_S1_LEAF & ~VMSA_DESC_VALID },
		{ 0x11, UINT64_C(0x1234560000), SW_S1_LEAF },
		{ 0x12, SW_OUT, SW_S1_LEAF & ~VMSA_DESC_AF },
		{ 0x13, SW_OUT, SW_S1_LEAF | VMSA_S1_AP_RO },
	};
	struct smmu_bench *b = *state;
	struct hwi_response r;
	struct sw w;

	for (unsigned int n = 0; n < 4; n++) {
		sw_s1(&w, b, VMSA_SHIFT_4K);
		SW_CD_FIELD(&w, 0, SMMU_CD0_IPS, SMMU_OAS_32);
		sw_cd(&w, 0, SMMU_CD0_S, SMMU_CD0_R);
		sw_map_s1(&w, SW_IN, cases[n].out, 3, cases[n].leaf);
		sb_invalidate_all(b);
		r = sb_dma(b, SW_SID, HWI_PASID_NONE, ADDR, HWI_WRITE);
		assert_int_equal(r.outcome, HWI_STALLED);
		assert_true(r.stall <= UINT16_MAX);
		expect(b, cases[n].code | SID(SW_SID), r.stall | STALL | CLASS_IN, ADDR, 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(c_bad_streamid),
		TEST(f_ste_fetch),
		TEST(c_bad_ste),
		TEST(f_bad_ats_treq),
		TEST(f_stream_disabled),
		TEST(f_transl_forbidden),
		TEST(c_bad_substreamid),
		TEST(f_cd_fetch),
		TEST(c_bad_cd),
		TEST(f_walk_eabt),
		TEST(f_translation),
		TEST(f_addr_size),
		TEST(f_access),
		TEST(f_permission),
		TEST(stalled_records),
	};

	return cmocka_run_group_tests_name("smmu_every_event", tests, NULL, NULL);
}

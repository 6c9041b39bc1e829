/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Units that lack a feature, or have another model of it: which STEs and CDs they take
 * (SMMUv3 §5.2.2, §5.4.2). Each test is about one kind of unit.
 */
#include "smmu_world.h"

/* Kinds of streams. */
enum { BYPASS, S1, S2, NESTED };

/* One change of a good stream, and what the request SW_IN comes to: an event, or 0. */
struct change {
	const char *what;
	unsigned int kind;
	bool cd;  /* of the CD, else of the STE */
	unsigned int word;
	uint64_t mask, val;
	uint8_t event;
};

#define STE(word, field) false, word, field
#define CD(word, field) true, word, field
#define GOOD 0
#define BAD_STE SMMU_EVT_C_BAD_STE
#define BAD_CD SMMU_EVT_C_BAD_CD

/* Granule of the streams' tables. */
static unsigned int granule = VMSA_SHIFT_4K;

static void make(struct sw *w, struct smmu_bench *b, unsigned int kind)
{
	switch (kind) {
	case BYPASS:
		sw_bypass(w, b);
		break;
	case S1:
		sw_s1(w, b, granule);
		break;
	case S2:
		sw_s2(w, b, granule);
		break;
	default:
		sw_nested(w, b, granule, granule);
	}
}

static void expect(struct sw *w, const char *what, uint8_t event)
{
	struct hwi_response r = sb_dma(w->b, SW_SID, HWI_PASID_NONE, SW_IN, HWI_READ);

	if (r.fault != event)
		fail_msg("%s: event %02x, not %02x", what, r.fault, event);
	assert_int_equal(r.outcome, event ? HWI_UNSUPPORTED_REQUEST : HWI_SUCCESS);
	if (event)
		(void)sw_record(w->b, event, SW_SID);
	else
		sb_expect_no_event(w->b);
}

static void try(struct smmu_bench *b, const struct change *c, size_t n)
{
	struct sw w;

	for (size_t i = 0; i < n; i++) {
		make(&w, b, c[i].kind);
		if (c[i].cd)
			SW_CD_FIELD(&w, c[i].word, c[i].mask, c[i].val);
		else
			SW_STE_FIELD(&w, c[i].word, c[i].mask, c[i].val);
		sb_invalidate_all(b);
		expect(&w, c[i].what, c[i].event);
	}
}

#define TRY(b, changes) try(b, changes, sizeof(changes) / sizeof((changes)[0]))

/* A started unit, from the usual one. */
static void unit(struct smmu_bench *b, struct hwi_smmuv3_config *cfg)
{
	sb_remake(b, cfg);
	sb_start(b);
}

/* SMMUv3.1, which may have both stages without EL2. */
static void version_3_1(struct hwi_smmuv3_config *cfg)
{
	cfg->aidr = SMMU_AIDR_3_1;
	cfg->idr0 &= ~SMMU_IDR0_ATSRECERR;
	cfg->idr3 &= ~SMMU_IDR3_E0PD;
}

/* STALL_MODEL=01: nothing may ask for a stall. */
/* covers: EVT_C_BAD_STE EVT_C_BAD_CD REG_IDR0 */
static void no_stalls(void **state)
{
	static const struct change changes[] = {
		{ "S=0", S1, CD(0, SMMU_CD0_S), 0, GOOD },
		{ "S=1", S1, CD(0, SMMU_CD0_S), 1, BAD_CD },
		{ "S2S=0", S2, STE(2, SMMU_STE2_S2S), 0, GOOD },
		{ "S2S=1", S2, STE(2, SMMU_STE2_S2S), 1, BAD_STE },
		{ "S2S without stage 2", S1, STE(2, SMMU_STE2_S2S), 1, GOOD },
		{ "S1STALLD", S1, STE(1, SMMU_STE1_S1STALLD), 1, BAD_STE },
		{ "S1STALLD without stage 1", S2, STE(1, SMMU_STE1_S1STALLD), 1, GOOD },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr0 |= HWI_PUT32(SMMU_IDR0_STALL_MODEL, SMMU_STALL_MODEL_NONE);
	cfg.idr5 &= ~SMMU_IDR5_STALL_MAX;
	unit(b, &cfg);
	TRY(b, changes);
}

/* STALL_MODEL=10: everything has to. */
/* covers: EVT_C_BAD_STE EVT_C_BAD_CD REG_IDR0 */
static void forced_stalls(void **state)
{
	static const struct change changes[] = {
		{ "S=0", S1, CD(0, SMMU_CD0_S), 0, BAD_CD },
		{ "S=1", S1, CD(0, SMMU_CD0_S), 1, GOOD },
		{ "S2S=0", S2, STE(2, SMMU_STE2_S2S), 0, BAD_STE },
		{ "S2S=1", S2, STE(2, SMMU_STE2_S2S), 1, GOOD },
		{ "S1STALLD", S1, STE(1, SMMU_STE1_S1STALLD), 1, BAD_STE },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr0 |= HWI_PUT32(SMMU_IDR0_STALL_MODEL, SMMU_STALL_MODEL_FORCED);
	unit(b, &cfg);
	TRY(b, changes);
}

/* TERM_MODEL=1: CD.A has to be 1, and a fault always aborts. */
/* covers: EVT_C_BAD_CD EVT_F_TRANSLATION REG_IDR0 */
static void faults_always_abort(void **state)
{
	static const struct change changes[] = {
		{ "A=0", S1, CD(0, SMMU_CD0_A), 0, BAD_CD },
		{ "A=1", S1, CD(0, SMMU_CD0_A), 1, GOOD },
		{ "no CD", S2, STE(2, SMMU_STE2_S2R), 0, GOOD },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr0 |= SMMU_IDR0_TERM_MODEL;
	unit(b, &cfg);
	TRY(b, changes);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sb_w64(b, sw_s1_at(&w, SW_IN, 3), 0);
	(void)sw_fault(&w, SMMU_EVT_F_TRANSLATION);
}

/* ASID16=0: ASIDs have eight bits, where there are ASIDs. */
/* covers: EVT_C_BAD_CD REG_IDR0 */
static void asids_of_8_bits(void **state)
{
	static const struct change changes[] = {
		{ "ASID 255", S1, CD(0, SMMU_CD0_ASID), 255, GOOD },
		{ "ASID 256", S1, CD(0, SMMU_CD0_ASID), 256, BAD_CD },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_ASID16;
	unit(b, &cfg);
	TRY(b, changes);
	/* NS-EL2 has none. */
	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	SW_CD_FIELD(&w, 0, SMMU_CD0_ASID, 256);
	sb_invalidate_all(b);
	sw_ok(&w);
}

/* VMID16=0: VMIDs have eight bits, where the stream's entries are tagged with one. */
/* covers: EVT_C_BAD_STE REG_IDR0 */
static void vmids_of_8_bits(void **state)
{
	static const struct change changes[] = {
		{ "stage 1, VMID 255", S1, STE(2, SMMU_STE2_S2VMID), 255, GOOD },
		{ "stage 1, VMID 256", S1, STE(2, SMMU_STE2_S2VMID), 256, BAD_STE },
		{ "stage 2, VMID 255", S2, STE(2, SMMU_STE2_S2VMID), 255, GOOD },
		{ "stage 2, VMID 256", S2, STE(2, SMMU_STE2_S2VMID), 256, BAD_STE },
		{ "nested, VMID 256", NESTED, STE(2, SMMU_STE2_S2VMID), 256, BAD_STE },
		{ "bypass, VMID 256", BYPASS, STE(2, SMMU_STE2_S2VMID), 256, GOOD },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_VMID16;
	unit(b, &cfg);
	TRY(b, changes);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2VMID, 256);
	sb_invalidate_all(b);
	sw_ok(&w);
}

/* S2P=0: no stage 2, no EL2, no VMIDs. */
/* covers: EVT_C_BAD_STE REG_IDR0 */
static void stage_1_alone(void **state)
{
	static const struct change changes[] = {
		{ "Config=101", S1, STE(0, SMMU_STE0_CONFIG), SMMU_STE_CONFIG_S1, GOOD },
		{ "Config=110", S2, STE(0, SMMU_STE0_CONFIG), SMMU_STE_CONFIG_S2, BAD_STE },
		{ "Config=111", NESTED, STE(0, SMMU_STE0_CONFIG), SMMU_STE_CONFIG_NESTED, BAD_STE },
		{ "S2VMID", S1, STE(2, SMMU_STE2_S2VMID), 0xffff, GOOD },
		{ "STRW", S1, STE(1, SMMU_STE1_STRW), 1, GOOD },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_S2P | SMMU_IDR0_HYP | SMMU_IDR0_VMW | SMMU_IDR0_VMID16);
	unit(b, &cfg);
	TRY(b, changes);
	/* Streams of two S2VMIDs share what the TLB has of one ASID. */
	sw_s1(&w, b, VMSA_SHIFT_4K);
	for (unsigned int n = 0; n < SMMU_STE_DWORDS; n++)
		sb_w64(b, sb_ste(b, SW_SID + 1) + 8ull * n, sb_r64(b, w.ste + 8ull * n));
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2VMID, SW_VMID + 1);
	sb_invalidate_all(b);
	sw_ok(&w);
	sb_w64(b, sw_s1_at(&w, SW_IN, 3), 0);
	sw_expect(b, SW_SID + 1, SW_IN, HWI_READ, SW_OUT);
}

/* The usual unit keeps them apart (§3.17). */
static void streams_of_two_vmids(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	for (unsigned int n = 0; n < SMMU_STE_DWORDS; n++)
		sb_w64(b, sb_ste(b, SW_SID + 1) + 8ull * n, sb_r64(b, w.ste + 8ull * n));
	SW_STE_FIELD(&w, 2, SMMU_STE2_S2VMID, SW_VMID + 1);
	sb_invalidate_all(b);
	sw_ok(&w);
	sb_w64(b, sw_s1_at(&w, SW_IN, 3), 0);
	(void)sw_expect_fault(b, SW_SID + 1, SW_IN, HWI_READ, SMMU_EVT_F_TRANSLATION);
}

/* S1P=0. */
/* covers: EVT_C_BAD_STE REG_IDR0 */
static void stage_2_alone(void **state)
{
	static const struct change changes[] = {
		{ "Config=101", S1, STE(0, SMMU_STE0_CONFIG), SMMU_STE_CONFIG_S1, BAD_STE },
		{ "Config=110", S2, STE(0, SMMU_STE0_CONFIG), SMMU_STE_CONFIG_S2, GOOD },
		{ "Config=111", NESTED, STE(0, SMMU_STE0_CONFIG), SMMU_STE_CONFIG_NESTED, BAD_STE },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_S1P | SMMU_IDR0_HYP);
	cfg.idr3 &= ~SMMU_IDR3_HAD;
	unit(b, &cfg);
	TRY(b, changes);
}

/* Hyp=0: STRW is not used, whatever it is: the stream is NS-EL1's. */
/* covers: REG_IDR0 */
static void no_el2(void **state)
{
	static const struct change changes[] = {
		{ "STRW=01", S1, STE(1, SMMU_STE1_STRW), 1, GOOD },
		{ "STRW=10", S1, STE(1, SMMU_STE1_STRW), SMMU_STRW_EL2, GOOD },
		{ "STRW=11", S1, STE(1, SMMU_STE1_STRW), 3, GOOD },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	version_3_1(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_HYP;
	unit(b, &cfg);
	TRY(b, changes);
	/* Two privilege levels: a page of the privileged one. */
	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_STRW, SMMU_STRW_EL2);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_S1_AP_UNPRIV);
	sb_invalidate_all(b);
	(void)sw_fault(&w, SMMU_EVT_F_PERMISSION);
}

/* SSIDSIZE=0: nothing about substreams counts (§5.2), and a SubstreamID is refused. */
/* covers: EVT_C_BAD_SUBSTREAMID REG_IDR1 */
static void no_substreams(void **state)
{
	static const struct change changes[] = {
		{ "S1CDMax=1", S1, STE(0, SMMU_STE0_S1CDMAX), 1, GOOD },
		{ "S1CDMax=31", S1, STE(0, SMMU_STE0_S1CDMAX), 31, GOOD },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct hwi_response r;
	struct sw w;

	sb_config(&cfg);
	cfg.idr1 &= ~SMMU_IDR1_SSIDSIZE;
	cfg.idr0 &= ~SMMU_IDR0_CD2L;
	unit(b, &cfg);
	TRY(b, changes);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 6);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1FMT, SMMU_S1FMT_64K_L2);
	sb_invalidate_all(b);
	sw_ok(&w);
	r = sb_dma(b, SW_SID, 0, SW_IN, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, SMMU_EVT_C_BAD_SUBSTREAMID);
	(void)sw_record(b, SMMU_EVT_C_BAD_SUBSTREAMID, SW_SID);
}

/* CD2L=0: linear tables of CDs alone; S1Fmt counts if there is more than one CD. */
/* covers: EVT_C_BAD_STE REG_IDR0 */
static void linear_tables_of_cds(void **state)
{
	static const struct {
		uint64_t cdmax, fmt;
		uint8_t event;
	} t[] = {
		{ 0, SMMU_S1FMT_4K_L2, GOOD },	{ 0, SMMU_S1FMT_64K_L2, GOOD },
		{ 4, SMMU_S1FMT_LINEAR, GOOD }, { 4, SMMU_S1FMT_4K_L2, BAD_STE },
		{ 4, SMMU_S1FMT_64K_L2, BAD_STE }, { 4, 3, GOOD },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw w;

	sb_config(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_CD2L;
	unit(b, &cfg);
	for (unsigned int i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		sw_s1(&w, b, VMSA_SHIFT_4K);
		SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, t[i].cdmax);
		SW_STE_FIELD(&w, 0, SMMU_STE0_S1FMT, t[i].fmt);
		SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_SSID0);
		sb_invalidate_all(b);
		expect(&w, "S1Fmt", t[i].event);
	}
}

/* NS1ATS=1: no split-stage ATS. */
/* covers: EVT_C_BAD_STE REG_IDR0 */
static void no_split_stage_ats(void **state)
{
	static const struct change changes[] = {
		{ "EATS=10", NESTED, STE(1, SMMU_STE1_EATS), SMMU_EATS_SPLIT, BAD_STE },
		{ "EATS=01", NESTED, STE(1, SMMU_STE1_EATS), SMMU_EATS_FULL, GOOD },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr0 |= SMMU_IDR0_NS1ATS;
	unit(b, &cfg);
	TRY(b, changes);
}

/* A device with an ATC is not to be stalled by stage 2 (§5.2 S2S). */
/* covers: EVT_C_BAD_STE */
static void ats_and_stalls(void **state)
{
	static const struct {
		unsigned int kind;
		uint64_t eats;
		uint8_t event;
	} t[] = {
		{ NESTED, SMMU_EATS_ABT, GOOD }, { NESTED, SMMU_EATS_SPLIT, BAD_STE },
		{ NESTED, SMMU_EATS_FULL, BAD_STE }, { S2, SMMU_EATS_FULL, BAD_STE },
		{ S1, SMMU_EATS_FULL, GOOD }, { BYPASS, SMMU_EATS_SPLIT, GOOD },
	};
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		make(&w, b, t[i].kind);
		sw_ste(&w, 2, SMMU_STE2_S2S, 0);
		SW_STE_FIELD(&w, 1, SMMU_STE1_EATS, t[i].eats);
		sb_invalidate_all(b);
		expect(&w, "S2S", t[i].event);
	}
}

/* ATTR_PERMS_OVR=0: PRIVCFG and INSTCFG act as incoming. */
/* covers: EVT_F_PERMISSION REG_IDR1 */
static void no_overrides(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct sw_record e;
	struct sw w;

	sb_config(&cfg);
	cfg.idr1 &= ~SMMU_IDR1_ATTR_PERMS_OVR;
	unit(b, &cfg);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, SMMU_PRIVCFG_PRIVILEGED);
	SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, SMMU_INSTCFG_INSTRUCTION);
	sw_set(&w, sw_s1_at(&w, SW_IN, 3), 0, VMSA_S1_AP_UNPRIV);
	sb_invalidate_all(b);
	e = sw_fault(&w, SMMU_EVT_F_PERMISSION);
	assert_false(e.pnu);
	assert_false(e.ind);
	sw_expect(b, SW_SID, SW_IN, HWI_READ | HWI_PRIV, SW_OUT);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(no_stalls), T(forced_stalls), T(faults_always_abort), T(asids_of_8_bits),
		T(vmids_of_8_bits), T(stage_1_alone), T(streams_of_two_vmids), T(stage_2_alone),
		T(no_el2), T(no_substreams), T(linear_tables_of_cds), T(no_split_stage_ats),
		T(ats_and_stalls), T(no_overrides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

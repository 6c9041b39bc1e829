/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Configurations: what the identification registers' rules allow (SMMUv3 §6.3.1 to §6.3.8). */
#include "alloc.h"
#include "smmu_bench.h"

#include "hwiommu/bits.h"

static enum hwi_status check(const struct hwi_smmuv3_config *cfg, const char **why)
{
	*why = "untouched";
	return hwi_smmuv3_config_check(cfg, why);
}

/* covers: REG_IDR* REG_AIDR REG_IIDR */
static void the_usual_unit_is_smmuv3_2(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	const char *why;

	hwi_smmuv3_config_init(&cfg);
	assert_int_equal(check(&cfg, &why), HWI_OK);
	assert_null(why);
	assert_int_equal(hwi_smmuv3_config_check(&cfg, NULL), HWI_OK);
	assert_int_equal(sb_read(b, SMMU_REG_AIDR), 0x02);
	assert_int_equal(sb_read(b, SMMU_REG_IDR0), cfg.idr0);
	assert_int_equal(sb_read(b, SMMU_REG_IDR1), cfg.idr1);
	assert_int_equal(sb_read(b, SMMU_REG_IDR2), 0);
	assert_int_equal(sb_read(b, SMMU_REG_IDR3), cfg.idr3);
	assert_int_equal(sb_read(b, SMMU_REG_IDR4), 0);
	assert_int_equal(sb_read(b, SMMU_REG_IDR5), cfg.idr5);
	assert_int_equal(sb_read(b, SMMU_REG_IIDR), cfg.iidr);
	/* What 3.2 makes mandatory, and what it must not have. */
	assert_true(cfg.idr0 & SMMU_IDR0_HYP);
	assert_true(cfg.idr3 & SMMU_IDR3_FWB);
	assert_true(cfg.idr3 & SMMU_IDR3_RIL);
	assert_true(cfg.idr3 & SMMU_IDR3_BBML);
	assert_int_equal(HWI_GET(SMMU_IDR0_TTF, cfg.idr0), 2);
	assert_int_equal(HWI_GET(SMMU_IDR0_STALL_MODEL, cfg.idr0), 0);
}

#define CFG(reg) offsetof(struct hwi_smmuv3_config, reg)

/* A change of the usual configuration that is refused, and a word of the reason. */
struct refusal {
	size_t reg;
	uint32_t clear, set;
	const char *word;
};

static const struct refusal refusals[] = {
	{ CFG(idr0), 0, HWI_BIT32(29), "IDR0" },
	{ CFG(idr0), 0, HWI_BIT32(31), "IDR0" },
	{ CFG(idr0), SMMU_IDR0_TTF, 0, "TTF" },
	{ CFG(idr0), 0, SMMU_IDR0_TTF_AARCH32, "TTF" },
	{ CFG(idr0), 0, SMMU_IDR0_BTM, "BTM" },
	{ CFG(idr0), 0, SMMU_IDR0_HTTU, "HTTU" },
	{ CFG(idr0), 0, SMMU_IDR0_DORMHINT, "DORMHINT" },
	{ CFG(idr0), SMMU_IDR0_HYP, 0, "Hyp" },
	{ CFG(idr0), SMMU_IDR0_S1P, 0, "Hyp" },
	{ CFG(idr0), SMMU_IDR0_S2P, 0, "Hyp" },
	{ CFG(idr0), SMMU_IDR0_S1P | SMMU_IDR0_HYP, 0, "HAD" },
	{ CFG(idr0), SMMU_IDR0_S2P | SMMU_IDR0_HYP | SMMU_IDR0_VMID16, 0, "VMW" },
	{ CFG(idr0), SMMU_IDR0_ATS, 0, "PRI" },
	{ CFG(idr0), SMMU_IDR0_ATS | SMMU_IDR0_PRI, 0, "ATSRECERR" },
	{ CFG(idr0), SMMU_IDR0_ATS | SMMU_IDR0_PRI | SMMU_IDR0_ATSRECERR, SMMU_IDR0_NS1ATS,
	  "NS1ATS" },
	{ CFG(idr0), 0, SMMU_IDR0_ATOS, "ATOS" },
	{ CFG(idr0), 0, SMMU_IDR0_VATOS, "ATOS" },
	{ CFG(idr0), SMMU_IDR0_TTENDIAN, 0, "TTENDIAN" },
	{ CFG(idr0), 0, SMMU_IDR0_TTENDIAN, "TTENDIAN" },
	{ CFG(idr0), 0, SMMU_IDR0_STALL_MODEL, "STALL_MODEL" },
	{ CFG(idr0), 0, HWI_BIT32(24), "STALL_MAX" },
	{ CFG(idr0), 0, SMMU_IDR0_ST_LEVEL, "ST_LEVEL" },
	{ CFG(idr0), SMMU_IDR0_ST_LEVEL, 0, "ST_LEVEL" },
	{ CFG(idr0), 0, SMMU_IDR0_RME_IMPL, "RME" },
	{ CFG(idr1), SMMU_IDR1_SIDSIZE, 33, "SIDSIZE" },
	{ CFG(idr1), SMMU_IDR1_SSIDSIZE, 21 << 6, "SSIDSIZE" },
	{ CFG(idr1), SMMU_IDR1_PRIQS, 20 << 11, "PRIQS" },
	{ CFG(idr1), SMMU_IDR1_EVENTQS, 20 << 16, "EVENTQS" },
	{ CFG(idr1), SMMU_IDR1_CMDQS, 20 << 21, "CMDQS" },
	{ CFG(idr1), 0, SMMU_IDR1_REL, "REL" },
	{ CFG(idr1), 0, SMMU_IDR1_QUEUES_PRESET, "QUEUES_PRESET" },
	{ CFG(idr1), 0, SMMU_IDR1_TABLES_PRESET, "TABLES_PRESET" },
	{ CFG(idr1), 0, SMMU_IDR1_ECMDQ, "ECMDQ" },
	{ CFG(idr3), SMMU_IDR3_HAD, 0, "HAD" },
	{ CFG(idr3), 0, SMMU_IDR3_PBHA, "PBHA" },
	{ CFG(idr3), SMMU_IDR3_XNX, 0, "XNX" },
	{ CFG(idr3), 0, SMMU_IDR3_MPAM, "MPAM" },
	{ CFG(idr3), SMMU_IDR3_FWB, 0, "FWB" },
	{ CFG(idr3), SMMU_IDR3_RIL, 0, "RIL" },
	{ CFG(idr3), SMMU_IDR3_BBML, 0, "BBML" },
	{ CFG(idr3), 0, SMMU_IDR3_BBML, "BBML" },
	{ CFG(idr3), 0, SMMU_IDR3_PTWNNC, "PTWNNC" },
	{ CFG(idr3), 0, SMMU_IDR3_DPT, "DPT" },
	{ CFG(idr3), 0, SMMU_IDR3_PASIDTT, "PASIDTT" },
	{ CFG(idr3), 0, SMMU_IDR3_EPAN, "EPAN" },
	{ CFG(idr3), 0, SMMU_IDR3_S1PI, "S1PI" },
	{ CFG(idr3), 0, SMMU_IDR3_S2PI, "S2PI" },
	{ CFG(idr3), 0, SMMU_IDR3_S2PO, "S2PO" },
	{ CFG(idr3), 0, SMMU_IDR3_THE, "THE" },
	{ CFG(idr3), 0, SMMU_IDR3_MTEPERM, "MTEPERM" },
	{ CFG(idr3), 0, SMMU_IDR3_AIE, "AIE" },
	{ CFG(idr3), 0, HWI_BIT32(0), "IDR3" },
	{ CFG(idr3), 0, HWI_BIT32(31), "IDR3" },
	{ CFG(idr5), 0, SMMU_IDR5_OAS, "OAS" },
	{ CFG(idr5), SMMU_IDR5_GRAN4K | SMMU_IDR5_GRAN16K | SMMU_IDR5_GRAN64K, 0, "GRAN" },
	{ CFG(idr5), SMMU_IDR5_GRAN64K, 0, "VAX" },
	{ CFG(idr5), SMMU_IDR5_GRAN64K | SMMU_IDR5_VAX, 0, "OAS" },
	{ CFG(idr5), SMMU_IDR5_VAX, 2 << 10, "VAX" },
	{ CFG(idr5), 0, SMMU_IDR5_DS, "DS" },
	{ CFG(idr5), 0, SMMU_IDR5_D128, "D128" },
	{ CFG(idr5), SMMU_IDR5_STALL_MAX, 0, "STALL_MAX" },
	{ CFG(idr5), 0, HWI_BIT32(9), "IDR5" },
	{ CFG(aidr), 0, 3, "AIDR" },
	{ CFG(aidr), 0, 0x10, "AIDR" },
	{ CFG(gbpa), 0, SMMU_GBPA_UPDATE, "gbpa" },
	{ CFG(gbpa), 0, HWI_BIT32(5), "gbpa" },
};

/* covers: REG_IDR* */
static void dependencies_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *r = &refusals[i];
		struct hwi_smmuv3_config cfg;
		const char *why;
		uint32_t val;

		hwi_smmuv3_config_init(&cfg);
		memcpy(&val, (unsigned char *)&cfg + r->reg, sizeof(val));
		val = (val & ~r->clear) | r->set;
		memcpy((unsigned char *)&cfg + r->reg, &val, sizeof(val));
		if (check(&cfg, &why) != HWI_ECONFIG)
			fail_msg("refusal %zu (%s) was taken", i, r->word);
		if (!strstr(why, r->word))
			fail_msg("refusal %zu: \"%s\" does not name %s", i, why, r->word);
	}
}

/* covers: REG_IDR0 */
static void one_stage_at_least(void **state)
{
	struct hwi_smmuv3_config cfg;
	const char *why;

	(void)state;
	hwi_smmuv3_config_init(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_S1P | SMMU_IDR0_S2P | SMMU_IDR0_HYP | SMMU_IDR0_VMW);
	cfg.idr3 &= ~SMMU_IDR3_HAD;
	assert_int_equal(check(&cfg, &why), HWI_ECONFIG);
	assert_non_null(strstr(why, "S1P, S2P"));
}

/* 3.0 and 3.1 may have features of the next version, not of the one after (§2). */
/* covers: REG_AIDR */
static void versions_have_features_of_the_next_one(void **state)
{
	struct hwi_smmuv3_config cfg;
	const char *why;

	(void)state;
	hwi_smmuv3_config_init(&cfg);
	cfg.aidr = 1;
	assert_int_equal(check(&cfg, &why), HWI_ECONFIG); /* E0PD is of 3.3 */
	assert_non_null(strstr(why, "E0PD"));
	cfg.idr3 &= ~SMMU_IDR3_E0PD;
	assert_int_equal(check(&cfg, &why), HWI_ECONFIG); /* so is ATSRECERR */
	assert_non_null(strstr(why, "ATSRECERR"));
	cfg.idr0 &= ~SMMU_IDR0_ATSRECERR;
	assert_int_equal(check(&cfg, &why), HWI_OK);
	cfg.idr3 &= ~(SMMU_IDR3_FWB | SMMU_IDR3_RIL | SMMU_IDR3_BBML);
	assert_int_equal(check(&cfg, &why), HWI_OK);
	cfg.aidr = 0;
	assert_int_equal(check(&cfg, &why), HWI_ECONFIG); /* STT is of 3.2 */
	assert_non_null(strstr(why, "STT"));
	cfg.idr3 &= ~SMMU_IDR3_STT;
	assert_int_equal(check(&cfg, &why), HWI_OK);
	for (unsigned int i = 0; i < 4; i++) {
		static const uint32_t feature[] = { SMMU_IDR3_RIL, SMMU_IDR3_FWB,
						    HWI_PUT32(SMMU_IDR3_BBML, 1),
						    HWI_PUT32(SMMU_IDR3_BBML, 2) };

		cfg.idr3 |= feature[i];
		assert_int_equal(check(&cfg, &why), HWI_ECONFIG);
		assert_non_null(strstr(why, "SMMUv3.0"));
		cfg.idr3 &= ~feature[i];
	}
	cfg.idr3 &= ~(SMMU_IDR3_HAD | SMMU_IDR3_XNX);
	assert_int_equal(check(&cfg, &why), HWI_OK);
}

/* PRIQS without PRI, VMID16 without stage 2, say nothing: any value may stand there (§6.3.1, §6.3.2). */
/* covers: REG_IDR0 REG_IDR1 */
static void fields_may_say_nothing(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	const char *why;

	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_S2P | SMMU_IDR0_HYP | SMMU_IDR0_VMW);
	assert_true(cfg.idr0 & SMMU_IDR0_VMID16);
	assert_int_equal(check(&cfg, &why), HWI_OK);
	sb_config(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_PRI;
	for (uint32_t priqs = 0; priqs < 32; priqs++) {
		cfg.idr1 = (uint32_t)HWI_SET(SMMU_IDR1_PRIQS, cfg.idr1, priqs);
		assert_int_equal(check(&cfg, &why), HWI_OK);
	}
	sb_remake(b, &cfg);
	assert_int_equal(sb_read(b, SMMU_REG_IDR1), cfg.idr1);
	assert_int_equal(HWI_GET32(SMMU_IDR1_PRIQS, sb_read(b, SMMU_REG_IDR1)), 31);
}

/* IDR3.PPS is about PASIDs of page requests: it needs both. */
/* covers: REG_IDR3 */
static void pps_needs_pri_and_substreams(void **state)
{
	struct hwi_smmuv3_config cfg;
	const char *why;

	(void)state;
	hwi_smmuv3_config_init(&cfg);
	cfg.idr3 |= SMMU_IDR3_PPS;
	assert_int_equal(check(&cfg, &why), HWI_OK);
	cfg.idr1 &= ~SMMU_IDR1_SSIDSIZE;
	assert_int_equal(check(&cfg, &why), HWI_ECONFIG);
	assert_non_null(strstr(why, "PPS"));
	hwi_smmuv3_config_init(&cfg);
	cfg.idr3 |= SMMU_IDR3_PPS;
	cfg.idr0 &= ~SMMU_IDR0_PRI;
	cfg.idr1 &= ~SMMU_IDR1_PRIQS;
	assert_int_equal(check(&cfg, &why), HWI_ECONFIG);
	assert_non_null(strstr(why, "PPS"));
}

/* covers: REG_IDR0 */
static void smaller_units_can_be_made(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	/* Stage 1 alone. */
	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_S2P | SMMU_IDR0_HYP | SMMU_IDR0_VMW | SMMU_IDR0_VMID16);
	sb_remake(b, &cfg);
	/* Stage 2 alone, without ATS, MSI, stalls; one level, few StreamIDs. */
	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_S1P | SMMU_IDR0_HYP | SMMU_IDR0_ATS | SMMU_IDR0_PRI | SMMU_IDR0_MSI |
		      SMMU_IDR0_ATSRECERR | SMMU_IDR0_ST_LEVEL);
	cfg.idr0 |= HWI_PUT32(SMMU_IDR0_STALL_MODEL, SMMU_STALL_MODEL_NONE);
	cfg.idr1 = HWI_PUT32(SMMU_IDR1_SIDSIZE, 6);
	cfg.idr3 &= ~SMMU_IDR3_HAD;
	cfg.idr5 = HWI_PUT32(SMMU_IDR5_OAS, SMMU_OAS_32) | SMMU_IDR5_GRAN4K;
	sb_remake(b, &cfg);
	assert_int_equal(hwi_mmio_size(b->unit), HWI_SMMUV3_REGS_SIZE);
}

static void caches_are_bounded(void **state)
{
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(struct hwi_smmuv3_caches) / 4; i++) {
		const uint32_t bad = HWI_SMMUV3_CACHE_LIMIT + 1;
		const uint32_t good[] = { 0, 1, HWI_SMMUV3_CACHE_LIMIT, HWI_SMMUV3_CACHE_NONE };
		struct hwi_smmuv3_config cfg;

		hwi_smmuv3_config_init(&cfg);
		memcpy((unsigned char *)&cfg.caches + 4 * i, &bad, 4);
		assert_int_equal(check(&cfg, &why), HWI_ECONFIG);
		assert_non_null(strstr(why, "caches."));
		for (size_t n = 0; n < sizeof(good) / 4; n++) {
			memcpy((unsigned char *)&cfg.caches + 4 * i, &good[n], 4);
			assert_int_equal(check(&cfg, &why), HWI_OK);
		}
	}
}

static void cmdqv_is_bounded(void **state)
{
	static const struct hwi_smmuv3_cmdqv bad[] = {
		{ true, 8, 0, 0 }, { true, 7, 7, 0 }, { true, 2, 3, 0 }, { true, 2, 1, 5 },
	};
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	const char *why;

	sb_config(&cfg);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cfg.cmdqv = bad[i];
		assert_int_equal(check(&cfg, &why), HWI_ECONFIG);
		assert_non_null(strstr(why, "cmdqv."));
		cfg.cmdqv.present = false; /* then nothing else is looked at */
		assert_int_equal(check(&cfg, &why), HWI_OK);
	}
	cfg.cmdqv = (struct hwi_smmuv3_cmdqv){ true, 7, 6, 4 };
	sb_remake(b, &cfg);
	assert_true(hwi_mmio_size(b->unit) >= HWI_SMMUV3_CMDQV_OFFSET + HWI_SMMUV3_CMDQV_SIZE);
}

static void required_callbacks_are_required(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_unit *unit = NULL;

	for (unsigned int i = 0; i < 4; i++) {
		struct hwi_host_ops ops = b->ops;

		if (i == 0)
			ops.read = NULL;
		else if (i == 1)
			ops.write = NULL;
		else if (i == 2)
			ops.cas64 = NULL;
		else
			ops.msi = NULL;
		assert_int_equal(hwi_smmuv3_create(&b->cfg, &ops, b, &unit), HWI_EINVAL);
		assert_null(unit);
	}
	b->cfg.idr0 |= SMMU_IDR0_BTM;
	assert_int_equal(hwi_smmuv3_create(&b->cfg, &b->ops, b, &unit), HWI_ECONFIG);
}

/* Whichever allocation fails, creation says so and leaves nothing behind. */
static void creation_survives_without_memory(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct hwi_unit *unit;
	unsigned int n = 0;
	enum hwi_status res;

	sb_config(&cfg);
	cfg.cmdqv = (struct hwi_smmuv3_cmdqv){ true, 1, 0, 4 };
	do {
		unit = NULL;
		alloc_fails = ++n;
		res = hwi_smmuv3_create(&cfg, &b->ops, b, &unit);
		alloc_fails = 0;
		assert_true(res == HWI_OK || (res == HWI_ENOMEM && !unit));
	} while (res != HWI_OK);
	assert_true(n > 4);
	hwi_destroy(unit);
}

/* A machine with nothing but the required callbacks. */
static void optional_callbacks_are_optional(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_host_ops ops = { .read = b->ops.read, .write = b->ops.write,
				    .cas64 = b->ops.cas64, .msi = b->ops.msi };

	hwi_destroy(b->unit);
	b->unit = NULL;
	b->ops = ops;
	assert_int_equal(hwi_smmuv3_create(&b->cfg, &b->ops, b, &b->unit), HWI_OK);
	sb_start(b);
	sb_start_irqs(b);
	sb_do(b, SMMU_CMD_ATC_INV, 0);
	sb_do(b, SMMU_CMD_PRI_RESP, 0);
	sb_do(b, SMMU_CMD_RESUME, 0);
	sb_do(b, SMMU_CMD_STALL_TERM, 0);
	sb_do(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_SEV), 0);
	sb_do(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_IRQ), 0);
	sb_cr0(b, SMMU_CR0_PRIQEN, false);
	sb_page_request(b, 1, HWI_PASID_NONE, 0, HWI_READ, 1, true);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	hwi_reset(b->unit, true);
}

/* Interrupt requests of devices are ordinary writes; a caller that asks gets them back. */
static void interrupts_are_not_remapped(void **state)
{
	struct smmu_bench *b = *state;
	const struct hwi_interrupt_request req = { .requester = 7, .addr = SB_DOORBELL, .data = 9 };
	struct hwi_interrupt_response resp;

	hwi_interrupt(b->unit, &req, &resp);
	assert_int_equal(resp.outcome, HWI_INT_FORWARD);
	assert_int_equal(resp.addr, SB_DOORBELL);
	assert_int_equal(resp.data, 9);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_usual_unit_is_smmuv3_2),
		TEST(dependencies_are_checked),
		TEST(one_stage_at_least),
		TEST(versions_have_features_of_the_next_one),
		TEST(fields_may_say_nothing),
		TEST(pps_needs_pri_and_substreams),
		TEST(smaller_units_can_be_made),
		TEST(caches_are_bounded),
		TEST(cmdqv_is_bounded),
		TEST(required_callbacks_are_required),
		TEST(creation_survives_without_memory),
		TEST(optional_callbacks_are_optional),
		TEST(interrupts_are_not_remapped),
	};

	return cmocka_run_group_tests_name("smmu_config", tests, NULL, NULL);
}

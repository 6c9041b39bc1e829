/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Configurations: what is refused, and that the complaint names it (VT-d 5.10 §11.4.2, §11.4.3). */
#include "alloc.h"
#include "bench.h"

#include "hwiommu/bits.h"

/* The least that a version 5 unit can be. */
static struct hwi_vtd_config least(void)
{
	return (struct hwi_vtd_config){
		.ver_major = 5,
		.haw = 39,
		.regs_log2 = 12,
		.cap = HWI_PUT(VTD_CAP_ND, 6) | HWI_PUT(VTD_CAP_SAGAW, VTD_SAGAW_48) |
		       HWI_PUT(VTD_CAP_MGAW, 47) | HWI_PUT(VTD_CAP_FRO, 0x40) | VTD_CAP_DWD |
		       VTD_CAP_DRD,
		.ecap = HWI_PUT(VTD_ECAP_IRO, 0x50),
		.caches = { 16, 16, 16, 16, 16, 16 },
	};
}

static void expect_ok(const struct hwi_vtd_config *cfg)
{
	const char *why = "unset";

	if (hwi_vtd_config_check(cfg, &why) != HWI_OK)
		fail_msg("refused: %s", why);
	assert_null(why);
}

static void expect_refused(const struct hwi_vtd_config *cfg, const char *names)
{
	struct hwi_unit *unit = NULL;
	const char *why = NULL;

	assert_int_equal(hwi_vtd_config_check(cfg, &why), HWI_ECONFIG);
	assert_non_null(why);
	if (!strstr(why, names))
		fail_msg("complaint about %s says: %s", names, why);
	assert_int_equal(hwi_vtd_config_check(cfg, NULL), HWI_ECONFIG);
	struct bench b = { .ops = { 0 } };

	bench_init(&b, NULL);
	assert_int_equal(hwi_vtd_create(cfg, &b.ops, &b, &unit), HWI_ECONFIG);
	assert_null(unit);
	bench_fini(&b);
}

static void test_default_is_accepted(void **state)
{
	struct hwi_vtd_config cfg;

	(void)state;
	hwi_vtd_config_init(&cfg);
	expect_ok(&cfg);
	assert_int_equal(cfg.ver_major, 6);
	assert_int_equal(cfg.haw, 52);
	assert_int_equal(HWI_GET(VTD_CAP_NFR, cfg.cap), 7);
	assert_false(cfg.cap & VTD_CAP_CM);
	assert_int_equal(HWI_GET(VTD_ECAP_PSS, cfg.ecap), 19);
	assert_int_equal(cfg.cap, UINT64_C(0xd9ed078c40780e66));
	assert_int_equal(cfg.ecap, UINT64_C(0x0733ef9ea4f050df));
	cfg = least();
	expect_ok(&cfg);
}

/* Everything that a capability stands on, directly or not. */
static const struct {
	const char *names;
	uint64_t cap, ecap;	      /* the field */
	uint64_t need_cap, need_ecap; /* what it needs itself */
	uint64_t rest;		      /* what those need in turn (ECAP) */
} needs[] = {
	{ "CAP.PI ", VTD_CAP_PI, 0, 0, VTD_ECAP_IR, VTD_ECAP_QI },
	{ "CAP.FS1GP", VTD_CAP_FS1GP, 0, 0, VTD_ECAP_FSTS, VTD_ECAP_SMTS | VTD_ECAP_QI },
	{ "CAP.FS5LP", VTD_CAP_FS5LP, 0, 0, VTD_ECAP_FSTS, VTD_ECAP_SMTS | VTD_ECAP_QI },
	{ "ECAP.DT ", 0, VTD_ECAP_DT, 0, VTD_ECAP_QI, 0 },
	{ "ECAP.IR ", 0, VTD_ECAP_IR, 0, VTD_ECAP_QI, 0 },
	{ "ECAP.EIM ", 0, VTD_ECAP_EIM, 0, VTD_ECAP_IR, VTD_ECAP_QI },
	{ "ECAP.MHMV", 0, HWI_PUT(VTD_ECAP_MHMV, 1), 0, VTD_ECAP_IR, VTD_ECAP_QI },
	{ "ECAP.NEST", 0, VTD_ECAP_NEST, 0, VTD_ECAP_SMTS | VTD_ECAP_FSTS | VTD_ECAP_SSTS,
	  VTD_ECAP_QI },
	{ "ECAP.PRS", 0, VTD_ECAP_PRS, 0, VTD_ECAP_DT | VTD_ECAP_SMTS, VTD_ECAP_QI },
	{ "ECAP.SRS", 0, VTD_ECAP_SRS, 0, VTD_ECAP_SMTS, VTD_ECAP_QI },
	{ "ECAP.NWFS", 0, VTD_ECAP_NWFS, 0, VTD_ECAP_DT, VTD_ECAP_QI },
	{ "ECAP.EAFS", 0, VTD_ECAP_EAFS, 0, VTD_ECAP_FSTS | VTD_ECAP_SMPWCS,
	  VTD_ECAP_SMTS | VTD_ECAP_QI },
	{ "ECAP.PSS", 0, HWI_PUT(VTD_ECAP_PSS, 1), 0, VTD_ECAP_SMTS, VTD_ECAP_QI },
	{ "ECAP.PASID", 0, VTD_ECAP_PASID, 0, VTD_ECAP_SMTS, VTD_ECAP_QI },
	{ "ECAP.DIT", 0, VTD_ECAP_DIT, 0, VTD_ECAP_DT, VTD_ECAP_QI },
	{ "ECAP.PDS", 0, VTD_ECAP_PDS, 0, VTD_ECAP_DT, VTD_ECAP_QI },
	{ "ECAP.SMTS", 0, VTD_ECAP_SMTS, 0, VTD_ECAP_QI, 0 },
	{ "ECAP.SSADS", 0, VTD_ECAP_SSADS, 0, VTD_ECAP_SMPWCS, VTD_ECAP_SMTS | VTD_ECAP_QI },
	{ "ECAP.FSTS", 0, VTD_ECAP_FSTS, 0, VTD_ECAP_SMTS, VTD_ECAP_QI },
	{ "ECAP.SMPWCS", 0, VTD_ECAP_SMPWCS, 0, VTD_ECAP_SMTS, VTD_ECAP_QI },
	{ "ECAP.RPS", 0, VTD_ECAP_RPS, 0, VTD_ECAP_SMTS, VTD_ECAP_QI },
	{ "ECAP.RPRIVS", 0, VTD_ECAP_RPRIVS, 0, VTD_ECAP_SRS, VTD_ECAP_SMTS | VTD_ECAP_QI },
	{ "ECAP.PTRS", 0, VTD_ECAP_PTRS, 0, VTD_ECAP_DT | VTD_ECAP_PASID,
	  VTD_ECAP_SMTS | VTD_ECAP_QI },
	{ "ECAP.SSIRWS", 0, VTD_ECAP_SSIRWS, 0, VTD_ECAP_SSTS, 0 },
	{ "ECAP.SMS", 0, VTD_ECAP_SMS, 0, VTD_ECAP_PRS,
	  VTD_ECAP_DT | VTD_ECAP_SMTS | VTD_ECAP_QI },
	{ "ECAP.EIMER", 0, VTD_ECAP_EIMER, 0, VTD_ECAP_EIM, VTD_ECAP_IR | VTD_ECAP_QI },
	{ "ECAP.IRREQ", 0, VTD_ECAP_IRREQ, 0, VTD_ECAP_IR, VTD_ECAP_QI },
};

/* covers: REG_CAP REG_ECAP */
static void test_each_capability_needs_what_it_stands_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		struct hwi_vtd_config cfg = least();

		cfg.cap |= needs[i].cap | needs[i].need_cap;
		cfg.ecap |= needs[i].ecap | needs[i].need_ecap | needs[i].rest;
		expect_ok(&cfg);
		for (unsigned int bit = 0; bit < 64; bit++) {
			struct hwi_vtd_config without = cfg;

			if (!(needs[i].need_ecap >> bit & 1))
				continue;
			without = least();
			without.cap |= needs[i].cap;
			without.ecap |= needs[i].ecap;
			without.ecap |= (needs[i].need_ecap | needs[i].rest) & ~HWI_BIT64(bit);
			/* What stands on the missing one goes too, or it would be named. */
			if (HWI_BIT64(bit) == VTD_ECAP_SMTS)
				without.ecap &= ~(VTD_ECAP_FSTS | VTD_ECAP_PRS | VTD_ECAP_SRS |
						  VTD_ECAP_SMPWCS | VTD_ECAP_PASID) |
						needs[i].ecap;
			if (HWI_BIT64(bit) == VTD_ECAP_SMTS && needs[i].ecap == VTD_ECAP_EAFS)
				continue;
			expect_refused(&without, needs[i].names);
		}
	}
}

/* Capabilities that the model does not implement are never advertised. */
static void test_what_is_not_implemented_is_refused(void **state)
{
	static const struct {
		const char *names;
		uint64_t cap, ecap;
	} refused[] = {
		{ "CAP.ECMDS", VTD_CAP_ECMDS, 0 },    { "ECAP.PMS", 0, VTD_ECAP_PMS },
		{ "ECAP.HPTS", 0, VTD_ECAP_HPTS },    { "ECAP.HPT1GPS", 0, VTD_ECAP_HPT1GPS },
		{ "ECAP.VCS", 0, VTD_ECAP_VCS },      { "ECAP.MTS", 0, VTD_ECAP_MTS },
		{ "ECAP.RDTS", 0, VTD_ECAP_RDTS },    { "ECAP.TDXCS", 0, VTD_ECAP_TDXCS },
		{ "ECAP.ERS", 0, VTD_ECAP_ERS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct hwi_vtd_config cfg;

		hwi_vtd_config_init(&cfg);
		cfg.cap |= refused[i].cap;
		cfg.ecap |= refused[i].ecap;
		expect_refused(&cfg, refused[i].names);
	}
}

static void test_each_reserved_bit_is_refused(void **state)
{
	(void)state;
	for (unsigned int bit = 0; bit < 64; bit++) {
		struct hwi_vtd_config cfg = least();

		if (VTD_CAP_RSVD >> bit & 1) {
			cfg.cap |= HWI_BIT64(bit);
			expect_refused(&cfg, "CAP: reserved");
		}
		cfg = least();
		if (VTD_ECAP_RSVD >> bit & 1) {
			cfg.ecap |= HWI_BIT64(bit);
			expect_refused(&cfg, "ECAP: reserved");
		}
	}
}

static void test_field_values(void **state)
{
	struct hwi_vtd_config cfg;

	(void)state;
	cfg = least();
	cfg.cap |= HWI_PUT(VTD_CAP_ND, 7);
	expect_refused(&cfg, "CAP.ND");
	cfg = least();
	cfg.cap |= VTD_CAP_RWBF;
	expect_ok(&cfg);
	cfg.ecap |= VTD_ECAP_SMTS | VTD_ECAP_QI;
	expect_refused(&cfg, "CAP.RWBF");
	for (unsigned int bit = 0; bit < 5; bit += 4) {
		cfg = least();
		cfg.cap |= HWI_PUT(VTD_CAP_SAGAW, 1u << bit);
		expect_refused(&cfg, "CAP.SAGAW: bits 0 and 4");
	}
	cfg = least();
	cfg.ver_major = 6;
	expect_refused(&cfg, "CAP.SAGAW must be 0");
	cfg.cap &= ~VTD_CAP_SAGAW;
	expect_ok(&cfg);
	cfg.ecap |= VTD_ECAP_SSTS;
	expect_refused(&cfg, "CAP.SAGAW: ECAP.SSTS");
	cfg = least();
	cfg.haw = 49;
	expect_refused(&cfg, "CAP.MGAW");
	cfg.haw = 48;
	expect_ok(&cfg);
	for (unsigned int v = 0; v < 16; v++) {
		cfg = least();
		cfg.cap |= HWI_PUT(VTD_CAP_SSLPS, v);
		if (v == 0 || v == 1 || v == 3)
			expect_ok(&cfg);
		else
			expect_refused(&cfg, "CAP.SSLPS");
	}
	cfg = least();
	cfg.cap &= ~VTD_CAP_DRD;
	expect_refused(&cfg, "CAP.DWD and DRD");
	cfg.ver_major = 2;
	expect_refused(&cfg, "CAP.DWD and DRD");
	cfg.ver_major = 1;
	expect_ok(&cfg);
	cfg = least();
	cfg.cap &= ~VTD_CAP_DWD;
	expect_refused(&cfg, "CAP.DWD and DRD");
}

static void test_version_and_widths(void **state)
{
	struct hwi_vtd_config cfg;

	(void)state;
	cfg = least();
	cfg.cap &= ~VTD_CAP_SAGAW;
	cfg.ver_major = 15;
	cfg.ver_minor = 15;
	cfg.regs_log2 = 16;
	expect_ok(&cfg);
	cfg = least();
	cfg.ver_major = 16;
	expect_refused(&cfg, "ver_major");
	cfg = least();
	cfg.ver_minor = 16;
	expect_refused(&cfg, "ver_minor");
	cfg = least();
	cfg.haw = 31;
	expect_refused(&cfg, "haw");
	cfg.haw = 53;
	expect_refused(&cfg, "haw");
	cfg = least();
	cfg.regs_log2 = 11;
	expect_refused(&cfg, "regs_log2");
	cfg.regs_log2 = 17;
	expect_refused(&cfg, "regs_log2");
}

/* covers: REG_IVA REG_IOTLB REG_FRCD_LO REG_FRCD_HI */
static void test_floating_registers_must_find_room(void **state)
{
	struct hwi_vtd_config cfg;

	(void)state;
	cfg = least(); /* 256 records end exactly at the end of the page */
	cfg.cap = HWI_SET(VTD_CAP_NFR, cfg.cap, 63);
	cfg.cap = HWI_SET(VTD_CAP_FRO, cfg.cap, 0xc0);
	expect_ok(&cfg);
	cfg.cap = HWI_SET(VTD_CAP_FRO, cfg.cap, 0xc1);
	expect_refused(&cfg, "CAP.FRO, NFR");
	cfg.regs_log2 = 13;
	expect_ok(&cfg);
	cfg = least();
	cfg.ecap = HWI_SET(VTD_ECAP_IRO, cfg.ecap, 0xff);
	expect_ok(&cfg);
	cfg.ecap = HWI_SET(VTD_ECAP_IRO, cfg.ecap, 0x100);
	expect_refused(&cfg, "ECAP.IRO: IOTLB_REG ends");
	/* Over FECTL; over IQA if there is a queue; over PMEN only if there are ranges. */
	cfg = least();
	cfg.cap = HWI_SET(VTD_CAP_FRO, cfg.cap, 0x3);
	expect_refused(&cfg, "CAP.FRO: fault records overlap another");
	cfg = least();
	cfg.ecap = HWI_SET(VTD_ECAP_IRO, cfg.ecap, 0x9);
	expect_ok(&cfg);
	cfg.ecap |= VTD_ECAP_QI;
	expect_refused(&cfg, "ECAP.IRO: IVA_REG");
	cfg = least();
	cfg.cap = HWI_SET(VTD_CAP_FRO, cfg.cap, 0x6);
	expect_ok(&cfg);
	cfg.cap |= VTD_CAP_PLMR;
	expect_refused(&cfg, "CAP.FRO: fault records overlap another");
	/* Over each other. */
	cfg = least();
	cfg.ecap = HWI_SET(VTD_ECAP_IRO, cfg.ecap, 0x40);
	expect_refused(&cfg, "CAP.FRO, ECAP.IRO");
	cfg.ecap = HWI_SET(VTD_ECAP_IRO, cfg.ecap, 0x41);
	expect_ok(&cfg);
	cfg.cap |= HWI_PUT(VTD_CAP_NFR, 1);
	expect_refused(&cfg, "CAP.FRO, ECAP.IRO");
	cfg = least();
	cfg.ecap = HWI_SET(VTD_ECAP_IRO, cfg.ecap, 0x3f);
	expect_ok(&cfg);
}

static void test_capacities_have_a_limit(void **state)
{
	static const char *const names[] = { "context",	     "pasid", "first_stage",
					     "second_stage", "iotlb", "interrupt" };

	(void)state;
	for (unsigned int i = 0; i < 6; i++) {
		struct hwi_vtd_config cfg = least();
		uint32_t *capacity = (uint32_t *)&cfg.caches + i;

		*capacity = HWI_VTD_CACHE_LIMIT;
		expect_ok(&cfg);
		*capacity = HWI_VTD_CACHE_LIMIT + 1;
		expect_refused(&cfg, names[i]);
	}
}

/* Each allocation of creation can fail; nothing is left behind. */
static void test_out_of_memory(void **state)
{
	struct hwi_unit *unit = NULL;
	enum hwi_status res = HWI_ENOMEM;
	unsigned int n;
	struct bench b;

	(void)state;
	bench_init(&b, NULL);
	for (n = 1; n < 100 && res != HWI_OK; n++) {
		alloc_fails = n;
		res = hwi_vtd_create(&b.cfg, &b.ops, &b, &unit);
		alloc_fails = 0;
		assert_true(res == HWI_OK || res == HWI_ENOMEM);
		assert_int_equal(unit != NULL, res == HWI_OK);
	}
	assert_in_range(n, 10, 99);
	hwi_destroy(unit);
	bench_fini(&b);
	hwi_destroy(NULL);
}

/* 64-bit guest addresses, caches that hold nothing: extremes that are legal. */
static void test_extremes(void **state)
{
	struct hwi_vtd_config cfg = least();
	struct bench b;

	(void)state;
	cfg.cap = HWI_SET(VTD_CAP_MGAW, cfg.cap, 63);
	cfg.caches = (struct hwi_vtd_caches){
		UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX,
	};
	expect_ok(&cfg);
	bench_init(&b, &cfg);
	bench_start_legacy(&b);
	bench_expect_refused(&b, 1, HWI_PASID_NONE, 0, HWI_READ, VTD_FR_LRT_2);
	bench_fini(&b);
}

static void test_required_callbacks(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, NULL);
	for (unsigned int i = 0; i < 4; i++) {
		struct hwi_host_ops ops = b.ops;
		struct hwi_unit *unit = NULL;

		if (i == 0)
			ops.read = NULL;
		if (i == 1)
			ops.write = NULL;
		if (i == 2)
			ops.cas64 = NULL;
		if (i == 3)
			ops.msi = NULL;
		assert_int_equal(hwi_vtd_create(&b.cfg, &ops, &b, &unit), HWI_EINVAL);
		assert_null(unit);
	}
	bench_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_is_accepted),
		cmocka_unit_test(test_each_capability_needs_what_it_stands_on),
		cmocka_unit_test(test_what_is_not_implemented_is_refused),
		cmocka_unit_test(test_each_reserved_bit_is_refused),
		cmocka_unit_test(test_field_values),
		cmocka_unit_test(test_version_and_widths),
		cmocka_unit_test(test_floating_registers_must_find_room),
		cmocka_unit_test(test_capacities_have_a_limit),
		cmocka_unit_test(test_out_of_memory),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_required_callbacks),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}

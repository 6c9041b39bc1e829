/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pass-through: what of the context entry still counts in legacy mode (VT-d 5.10
 * §9.3, Table 30: LCT.3, LCT.4.1, LGN.1.3), and how large a region a translation
 * completion tells of in scalable mode (§4.2.3).
 */
#include "world.h"

#include "hwiommu/bits.h"

static void legacy(struct world *w, struct bench *b, const struct hwi_vtd_config *cfg,
		   unsigned int aw)
{
	bench_remake(b, cfg);
	b->root = 0;
	world_legacy(w, b);
	bench_w64(b, w->ctx, VTD_CTX_L0_P | HWI_PUT(VTD_CTX_L0_TT, VTD_TT_PT));
	bench_w64(b, w->ctx + 8, HWI_PUT(VTD_CTX_L1_AW, aw) | HWI_PUT(VTD_CTX_L1_DID, WORLD_DID));
	bench_inv_everything(b);
}

static void expect_through(struct world *w, uint64_t addr)
{
	bench_inv_everything(w->b);
	for (unsigned int n = 0; n < 2; n++)
		bench_expect(w->b, WORLD_SID, HWI_PASID_NONE, addr, HWI_ATOMIC, addr);
}

static void expect_fault(struct world *w, uint64_t addr, uint8_t reason)
{
	world_expect(w, &(struct world_fault){ .reason = reason, .u = UR, .qualified = true,
					       .met = MET_CTX, .addr = addr });
}

/* An address width that the unit does not have is no more right than without pass-through. */
/* covers: FC_LCT_4_1 */
static void test_legacy_address_width_is_supported(void **state)
{
	static const unsigned int bad[] = { 0, 4, 5, 6, 7 };
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	legacy(&w, b, NULL, VTD_AW_57);
	expect_through(&w, WORLD_IN);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		bench_w64(b, w.ctx + 8,
			  HWI_PUT(VTD_CTX_L1_AW, bad[i]) | HWI_PUT(VTD_CTX_L1_DID, WORLD_DID));
		expect_fault(&w, WORLD_IN, 0x03);
	}
	cfg.cap = HWI_SET(VTD_CAP_SAGAW, cfg.cap, VTD_SAGAW_48);
	legacy(&w, b, &cfg, VTD_AW_57);
	expect_fault(&w, WORLD_IN, 0x03);
	legacy(&w, b, &cfg, VTD_AW_48);
	expect_through(&w, WORLD_IN);
}

/* A unit without second stage has no width that could be named. */
static void test_legacy_no_address_width_to_name(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.cap &= ~VTD_CAP_SAGAW;
	cfg.ecap &= ~(VTD_ECAP_SSTS | VTD_ECAP_NEST | VTD_ECAP_SSIRWS);
	legacy(&w, b, &cfg, 0);
	expect_through(&w, WORLD_IN);
	expect_through(&w, HWI_BIT64(51));
	expect_fault(&w, HWI_BIT64(52), 0x04);
}

/* Addresses above the width that the entry names are blocked, and those above HAW. */
/* covers: FC_LGN_1_3 */
static void test_legacy_address_beyond_agaw(void **state)
{
	static const unsigned int aw[] = { VTD_AW_39, VTD_AW_48, VTD_AW_57 };
	struct bench *b = *state;
	struct world w;

	for (unsigned int i = 0; i < 3; i++) {
		unsigned int width = VTD_AW_AGAW(aw[i]) < 52 ? VTD_AW_AGAW(aw[i]) : 52;

		legacy(&w, b, NULL, aw[i]);
		expect_through(&w, HWI_BIT64(width) - 0x1000);
		expect_fault(&w, HWI_BIT64(width), 0x04);
		expect_fault(&w, HWI_BIT64(63), 0x04);
	}
}

/* SSPTPTR is ignored, bits above HAW included. */
static void test_legacy_second_stage_pointer_is_ignored(void **state)
{
	struct world w;

	legacy(&w, *state, NULL, VTD_AW_57);
	world_set(&w, w.ctx, HWI_MASK64(63, 12));
	expect_through(&w, WORLD_IN);
}

/* The region of a completion is the largest page that the unit has in either stage. */
static void test_region_of_a_completion(void **state)
{
	static const uint64_t first = VTD_ECAP_FSTS | VTD_ECAP_NEST | VTD_ECAP_EAFS;
	static const struct {
		uint64_t cap, ecap; /* taken away */
		unsigned int span;
	} units[] = {
		{ 0, 0, 30 },
		{ VTD_CAP_FS1GP, 0, 30 },
		{ VTD_CAP_SSLPS, 0, 30 },
		{ VTD_CAP_FS1GP | VTD_CAP_SSLPS_1G, 0, 21 },
		{ VTD_CAP_FS1GP | VTD_CAP_SSLPS, 0, 21 }, /* the first stage's 2M is a must */
		{ VTD_CAP_FS1GP | VTD_CAP_FS5LP | VTD_CAP_SSLPS_1G, first, 21 },
		{ VTD_CAP_FS1GP | VTD_CAP_FS5LP | VTD_CAP_SSLPS, first, 12 },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const uint64_t addr = UINT64_C(0x123456000);
		struct hwi_vtd_config cfg;
		struct world w;

		bench_config(&cfg);
		cfg.cap &= ~units[i].cap;
		cfg.ecap &= ~units[i].ecap;
		bench_remake(b, &cfg);
		b->root = 0;
		world_scalable(&w, b, VTD_PGTT_PT);
		for (unsigned int n = 0; n < 4; n++) {
			struct hwi_response r =
				bench_request(b, HWI_TRANSLATION_REQUEST, WORLD_SID,
					      n % 2 ? WORLD_PASID : HWI_PASID_NONE, addr, HWI_READ);

			assert_int_equal(r.outcome, HWI_SUCCESS);
			assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
			assert_int_equal(r.span_log2, units[i].span);
			assert_int_equal(hwi_hpa_val(r.addr), addr);
		}
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_legacy_address_width_is_supported),
		T(test_legacy_no_address_width_to_name),
		T(test_legacy_address_beyond_agaw),
		T(test_legacy_second_stage_pointer_is_ignored),
		T(test_region_of_a_completion),
	};

	return cmocka_run_group_tests_name("pass_through", tests, NULL, NULL);
}

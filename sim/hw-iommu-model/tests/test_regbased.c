/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Register-based invalidation: CCMD, IVA, IOTLB (VT-d 5.10 §6.5.1, §11.4.6). */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID 0x0100
#define SID2 0x0108
#define DID 5

#define IVA (VTD_BASE_IRO(b->cfg.ecap) + VTD_IRO_IVA)
#define IOTLB (VTD_BASE_IRO(b->cfg.ecap) + VTD_IRO_IOTLB)

static uint64_t root_a, root_b;

static void remake(struct bench *b, unsigned int version, uint64_t without_cap)
{
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.ver_major = (uint8_t)version;
	cfg.cap = HWI_SET(VTD_CAP_MAMV, cfg.cap, 9) & ~without_cap;
	bench_remake(b, &cfg);
	b->next_page = VTD_PAGE_SIZE;
	root_a = bench_alloc(b, 1);
	root_b = bench_alloc(b, 1);
	for (uint64_t i = 0; i < 4; i++) {
		build_ss(b, root_a, 4, 0x1000 * i, 0xa0000, 1, VTD_SS_R);
		build_ss(b, root_b, 4, 0x1000 * i, 0xb0000, 1, VTD_SS_R);
	}
	build_context(b, SID, VTD_TT_SS, VTD_AW_48, DID, root_a);
	build_context(b, SID2, VTD_TT_SS, VTD_AW_48, DID + 1, root_a);
	bench_start_legacy(b);
}

static uint64_t where(struct bench *b, uint16_t sid, uint64_t iova)
{
	struct hwi_response r = bench_dma(b, sid, HWI_PASID_NONE, iova, HWI_READ);

	assert_int_equal(r.outcome, HWI_SUCCESS);
	return hwi_hpa_val(r.addr);
}

/* Pages 0..3 of both functions, seen anew after the command: bits 0..3, 4..7. */
static unsigned int pages_seen(struct bench *b, unsigned int version, uint64_t iva,
			       uint64_t iotlb, uint64_t *after, uint64_t without_cap)
{
	unsigned int seen = 0;

	remake(b, version, without_cap);
	for (uint64_t i = 0; i < 4; i++) {
		assert_int_equal(where(b, SID, 0x1000 * i), 0xa0000);
		assert_int_equal(where(b, SID2, 0x1000 * i), 0xa0000);
		build_ss(b, root_a, 4, 0x1000 * i, 0xc0000, 1, VTD_SS_R);
	}
	bench_write64(b, IVA, iva);
	bench_write64(b, IOTLB, VTD_IOTLB_IVT | iotlb);
	*after = bench_read64(b, IOTLB);
	for (unsigned int i = 0; i < 4; i++) {
		seen |= where(b, SID, 0x1000 * i) == 0xc0000 ? 1u << i : 0;
		seen |= where(b, SID2, 0x1000 * i) == 0xc0000 ? 0x10u << i : 0;
	}
	return seen;
}

#define G(g) HWI_PUT(VTD_IOTLB_IIRG, g)
#define DONE(g) HWI_PUT(VTD_IOTLB_IAIG, g)
#define DOM(d) HWI_PUT(VTD_IOTLB_DID, d)

/* covers: REG_IVA REG_IOTLB */
static void test_iotlb_register_granularities(void **state)
{
	static const struct {
		uint64_t iva, iotlb, done;
		unsigned int seen;
	} cases[] = {
		{ 0, G(VTD_IOTLB_G_GLOBAL), VTD_IOTLB_G_GLOBAL, 0xff },
		{ 0, G(VTD_IOTLB_G_DOMAIN) | DOM(DID), VTD_IOTLB_G_DOMAIN, 0x0f },
		{ 0, G(VTD_IOTLB_G_DOMAIN) | DOM(DID + 1), VTD_IOTLB_G_DOMAIN, 0xf0 },
		{ 0x2000, G(VTD_IOTLB_G_PAGE) | DOM(DID), VTD_IOTLB_G_PAGE, 0x04 },
		{ 0x2000 | VTD_IVA_IH, G(VTD_IOTLB_G_PAGE) | DOM(DID), VTD_IOTLB_G_PAGE, 0x04 },
		{ 0x2001, G(VTD_IOTLB_G_PAGE) | DOM(DID), VTD_IOTLB_G_PAGE, 0x0c },
		{ 0x2009, G(VTD_IOTLB_G_PAGE) | DOM(DID), VTD_IOTLB_G_PAGE, 0x0f },
		{ 0x200a, G(VTD_IOTLB_G_PAGE) | DOM(DID), 0, 0x00 }, /* AM beyond MAMV */
		{ UINT64_C(0xfe00000000002000), G(VTD_IOTLB_G_PAGE) | DOM(DID), VTD_IOTLB_G_PAGE,
		  0x04 },
		{ 0, G(0) | DOM(DID), 0, 0x00 },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t after;

		assert_int_equal(pages_seen(b, 5, cases[i].iva, cases[i].iotlb, &after, 0),
				 cases[i].seen);
		assert_int_equal(after, cases[i].iotlb | DONE(cases[i].done));
	}
}

/* Without PSI a page request is answered by the domain, and says so. */
/* covers: REG_IOTLB */
static void test_coarser_granularity_is_reported(void **state)
{
	struct bench *b = *state;
	uint64_t after;

	assert_int_equal(pages_seen(b, 5, 0x2000, G(VTD_IOTLB_G_PAGE) | DOM(DID), &after,
				    VTD_CAP_PSI),
			 0x0f);
	assert_int_equal(after,
			 G(VTD_IOTLB_G_PAGE) | DOM(DID) | DONE(VTD_IOTLB_G_DOMAIN));
}

/* Which of the two functions' changed context entries are seen. */
static unsigned int contexts_seen(struct bench *b, unsigned int version, uint64_t ccmd,
				  uint64_t *after)
{
	unsigned int seen = 0;
	uint64_t ignored;

	remake(b, version, 0);
	assert_int_equal(where(b, SID, 0), 0xa0000);
	assert_int_equal(where(b, SID2, 0), 0xa0000);
	build_context(b, SID, VTD_TT_SS, VTD_AW_48, DID, root_b);
	build_context(b, SID2, VTD_TT_SS, VTD_AW_48, DID + 1, root_b);
	/* The trigger is in the high dword: the low one first does nothing. */
	bench_write32(b, VTD_REG_CCMD, (uint32_t)ccmd);
	bench_write32(b, VTD_REG_CCMD + 4, (uint32_t)((ccmd | VTD_CCMD_ICC) >> 32));
	*after = bench_read64(b, VTD_REG_CCMD);
	bench_write64(b, IOTLB, VTD_IOTLB_IVT | G(VTD_IOTLB_G_GLOBAL));
	ignored = bench_read64(b, IOTLB);
	assert_int_equal(ignored & VTD_IOTLB_IVT, 0);
	seen |= where(b, SID, 0) == 0xb0000 ? 1 : 0;
	seen |= where(b, SID2, 0) == 0xb0000 ? 2 : 0;
	return seen;
}

#define CG(g) HWI_PUT(VTD_CCMD_CIRG, g)
#define CDONE(g) HWI_PUT(VTD_CCMD_CAIG, g)
#define CDOM(d) HWI_PUT(VTD_CCMD_DID, d)
#define CSID(s, fm) (HWI_PUT(VTD_CCMD_SID, s) | HWI_PUT(VTD_CCMD_FM, fm))

/* covers: REG_CCMD */
static void test_context_register_granularities(void **state)
{
	static const struct {
		uint64_t ccmd, wo, done;
		unsigned int seen;
	} cases[] = {
		{ CG(VTD_CCMD_G_GLOBAL), 0, VTD_CCMD_G_GLOBAL, 3 },
		{ CG(VTD_CCMD_G_DOMAIN) | CDOM(DID), 0, VTD_CCMD_G_DOMAIN, 1 },
		{ CG(VTD_CCMD_G_DOMAIN) | CDOM(DID + 1), 0, VTD_CCMD_G_DOMAIN, 2 },
		{ CG(VTD_CCMD_G_DEVICE) | CDOM(DID), CSID(SID, 0), VTD_CCMD_G_DEVICE, 1 },
		{ CG(VTD_CCMD_G_DEVICE) | CDOM(DID), CSID(SID2, 0), VTD_CCMD_G_DEVICE, 0 },
		{ CG(VTD_CCMD_G_DEVICE) | CDOM(DID), CSID(SID | 7, 3), VTD_CCMD_G_DEVICE, 1 },
		{ CG(VTD_CCMD_G_DEVICE) | CDOM(DID), CSID(SID | 7, 2), VTD_CCMD_G_DEVICE, 0 },
		{ CG(VTD_CCMD_G_RSVD) | CDOM(DID), CSID(SID, 0), 0, 0 },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t after;

		assert_int_equal(contexts_seen(b, 5, cases[i].ccmd | cases[i].wo, &after),
				 cases[i].seen);
		assert_int_equal(after, cases[i].ccmd | CDONE(cases[i].done));
	}
}

/* From version 6, with the queue on, or in scalable mode: ends at once, nothing done. */
/* covers: REG_CCMD REG_IOTLB */
static void test_refused(void **state)
{
	struct bench *b = *state;

	for (unsigned int why = 0; why < 4; why++) {
		remake(b, why == 0 ? 6 : 5, 0);
		if (why == 1)
			bench_start_queue(b, false, 0);
		if (why >= 2)
			bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, why == 2 ? VTD_TTM_SCALABLE :
									     VTD_TTM_ABORT));
		bench_write64(b, VTD_REG_CCMD, VTD_CCMD_ICC | CG(VTD_CCMD_G_GLOBAL));
		assert_int_equal(bench_read64(b, VTD_REG_CCMD), CG(VTD_CCMD_G_GLOBAL));
		bench_write64(b, IOTLB, VTD_IOTLB_IVT | G(VTD_IOTLB_G_GLOBAL));
		assert_int_equal(bench_read64(b, IOTLB), G(VTD_IOTLB_G_GLOBAL));
	}
	{
		uint64_t after;

		assert_int_equal(pages_seen(b, 6, 0, G(VTD_IOTLB_G_GLOBAL), &after, 0), 0);
		assert_int_equal(after, G(VTD_IOTLB_G_GLOBAL));
	}
}

/* IVT stays until the drain is done, and the register is the hardware's meanwhile. */
/* covers: REG_IOTLB */
static void test_ivt_waits_for_the_drain(void **state)
{
	struct bench *b = *state;

	remake(b, 5, 0);
	b->busy = true;
	bench_write64(b, IOTLB, VTD_IOTLB_IVT | G(VTD_IOTLB_G_GLOBAL));
	assert_int_equal(bench_read64(b, IOTLB),
			 VTD_IOTLB_IVT | G(VTD_IOTLB_G_GLOBAL) | DONE(VTD_IOTLB_G_GLOBAL));
	bench_write64(b, IOTLB, VTD_IOTLB_IVT | G(VTD_IOTLB_G_DOMAIN) | DOM(3));
	assert_int_equal(bench_read64(b, IOTLB),
			 VTD_IOTLB_IVT | G(VTD_IOTLB_G_GLOBAL) | DONE(VTD_IOTLB_G_GLOBAL));
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 1);
	assert_int_equal(bench_read64(b, IOTLB), G(VTD_IOTLB_G_GLOBAL) | DONE(VTD_IOTLB_G_GLOBAL));
	/* Before version 2 only DR and DW drain. */
	remake(b, 1, 0);
	b->busy = true;
	bench_write64(b, IOTLB, VTD_IOTLB_IVT | G(VTD_IOTLB_G_GLOBAL));
	assert_int_equal(bench_read64(b, IOTLB) & VTD_IOTLB_IVT, 0);
	bench_write64(b, IOTLB, VTD_IOTLB_IVT | VTD_IOTLB_DR | G(VTD_IOTLB_G_GLOBAL));
	assert_true(bench_read64(b, IOTLB) & VTD_IOTLB_IVT);
}

/* The trigger works alone too: the low dword's fields are kept. */
/* covers: REG_IOTLB REG_CCMD */
static void test_no_command_without_the_trigger(void **state)
{
	struct bench *b = *state;

	remake(b, 5, 0);
	bench_write64(b, IOTLB, HWI_ALL64 & ~VTD_IOTLB_IVT);
	assert_int_equal(bench_read64(b, IOTLB),
			 VTD_IOTLB_IIRG | VTD_IOTLB_DR | VTD_IOTLB_DW | VTD_IOTLB_DID);
	bench_write32(b, IOTLB, 0xffffffff);
	assert_int_equal(bench_read32(b, IOTLB), 0);
	bench_write64(b, VTD_REG_CCMD, CG(VTD_CCMD_G_DOMAIN) | CDOM(0x1234));
	assert_int_equal(bench_read64(b, VTD_REG_CCMD), CG(VTD_CCMD_G_DOMAIN) | CDOM(0x1234));
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_iotlb_register_granularities),
		T(test_coarser_granularity_is_reported),
		T(test_context_register_granularities),
		T(test_refused),
		T(test_ivt_waits_for_the_drain),
		T(test_no_command_without_the_trigger),
	};

	return cmocka_run_group_tests_name("regbased", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* GCMD and GSTS: every handshake (VT-d 5.10 §11.4.4), and drains before status (§6.5.4). */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID 0x0100
#define BIT(x) VTD_GCMD_##x

/* Each level bit follows the command, alone, both ways. */
/* covers: REG_GCMD REG_GSTS */
static void test_level_bits_follow(void **state)
{
	static const uint32_t bits[] = { BIT(TE), BIT(QIE), BIT(IRE), BIT(CFI) };
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		bench_write32(b, VTD_REG_GCMD, bits[i]);
		assert_int_equal(bench_gsts(b), bits[i]);
		bench_write32(b, VTD_REG_GCMD, bits[i]);
		assert_int_equal(bench_gsts(b), bits[i]);
		bench_write32(b, VTD_REG_GCMD, 0);
		assert_int_equal(bench_gsts(b), 0);
	}
	bench_write32(b, VTD_REG_GCMD, BIT(TE) | BIT(QIE) | BIT(IRE) | BIT(CFI));
	assert_int_equal(bench_gsts(b), BIT(TE) | BIT(QIE) | BIT(IRE) | BIT(CFI));
}

/* One-shots set their status, take a repetition calmly, and are not undone by 0. */
/* covers: REG_GCMD REG_GSTS */
static void test_one_shots(void **state)
{
	struct bench *b = *state;

	bench_write32(b, VTD_REG_GCMD, BIT(SRTP));
	assert_int_equal(bench_gsts(b), VTD_GSTS_RTPS);
	bench_write32(b, VTD_REG_GCMD, BIT(SIRTP));
	assert_int_equal(bench_gsts(b), VTD_GSTS_RTPS | VTD_GSTS_IRTPS);
	bench_write32(b, VTD_REG_GCMD, BIT(SRTP) | BIT(SIRTP) | BIT(QIE));
	assert_int_equal(bench_gsts(b), VTD_GSTS_RTPS | VTD_GSTS_IRTPS | VTD_GSTS_QIES);
	bench_write32(b, VTD_REG_GCMD, 0);
	assert_int_equal(bench_gsts(b), VTD_GSTS_RTPS | VTD_GSTS_IRTPS);
}

/* Reserved bits, the advanced fault logging of old among them, do nothing. */
/* covers: REG_GCMD */
static void test_reserved_bits_do_nothing(void **state)
{
	struct bench *b = *state;

	bench_write32(b, VTD_REG_GCMD, 0x307fffff);
	assert_int_equal(bench_gsts(b), 0);
}

/* WBFS is 1 while a flush runs: here never, with and without RWBF. */
/* covers: REG_GCMD REG_GSTS */
static void test_point_11_46_write_buffer_flush_ends_at_zero(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_write32(b, VTD_REG_GCMD, BIT(WBF));
	assert_int_equal(bench_gsts(b), 0);
	bench_config(&cfg);
	cfg.ver_major = 1;
	cfg.cap &= ~(VTD_CAP_FS1GP | VTD_CAP_FS5LP);
	cfg.cap |= VTD_CAP_RWBF;
	cfg.ecap &= VTD_ECAP_QI | VTD_ECAP_IRO | VTD_ECAP_IR | VTD_ECAP_EIM | VTD_ECAP_MHMV;
	bench_remake(b, &cfg);
	bench_write32(b, VTD_REG_GCMD, BIT(WBF));
	assert_int_equal(bench_gsts(b), 0);
}

/* Commands of capabilities that the unit does not have. */
/* covers: REG_GCMD REG_GSTS */
static void test_commands_without_their_capability(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.cap &= ~(VTD_CAP_FS1GP | VTD_CAP_FS5LP | VTD_CAP_PI | VTD_CAP_SAGAW);
	cfg.ecap &= VTD_ECAP_IRO | VTD_ECAP_C | VTD_ECAP_PT;
	bench_remake(b, &cfg);
	bench_write32(b, VTD_REG_GCMD, BIT(QIE) | BIT(IRE) | BIT(CFI) | BIT(SIRTP));
	assert_int_equal(bench_gsts(b), 0);
	bench_write32(b, VTD_REG_GCMD, BIT(TE) | BIT(SRTP));
	assert_int_equal(bench_gsts(b), VTD_GSTS_TES | VTD_GSTS_RTPS);
}

static uint64_t map_one(struct bench *b, uint64_t iova, uint64_t out)
{
	uint64_t root = bench_alloc(b, 1);

	build_ss(b, root, 4, iova, out, 1, VTD_SS_R | VTD_SS_W);
	build_context(b, SID, VTD_TT_SS, VTD_AW_48, 5, root);
	return root;
}

/* RTADDR does nothing before SRTP, and what was latched stays after a rewrite. */
/* covers: REG_RTADDR REG_GCMD */
static void test_point_11_45_root_pointer_is_latched(void **state)
{
	struct bench *b = *state;

	map_one(b, 0x1000, 0x5000);
	bench_start_legacy(b);
	bench_write64(b, VTD_REG_RTADDR, BENCH_NOWHERE | HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_RSVD));
	bench_expect(b, SID, HWI_PASID_NONE, 0x1000, HWI_READ, 0x5000);
	bench_start_queue(b, false, 0);
	assert_true(bench_wait(b)); /* a bad TTM does not show before SRTP */
	bench_gcmd(b, BIT(SRTP), true);
	assert_true(bench_gsts(b) & VTD_GSTS_RTPS); /* and does not fail SRTP */
	bench_expect_refused(b, SID, HWI_PASID_NONE, 0x1000, HWI_READ, VTD_FR_RTA_1_2);
}

/* The interrupt table pointer, its size and EIME are latched by SIRTP alike. */
/* covers: REG_IRTA REG_GCMD */
static void test_interrupt_table_pointer_is_latched(void **state)
{
	struct bench *b = *state;

	bench_start_remapping(b, 7, false);
	bench_irte(b, 3, VTD_IRTE_Q0_P | HWI_PUT(VTD_IRTE_Q0_V, 0x41), 0);
	bench_write64(b, VTD_REG_IRTA, BENCH_NOWHERE | VTD_IRTA_EIME);
	assert_int_equal(bench_interrupt_index(b, SID, 3).outcome, HWI_INT_FORWARD);
	bench_gcmd(b, BIT(SIRTP), true);
	assert_int_equal(bench_interrupt_index(b, SID, 3).fault, VTD_FR_IR_21);
	assert_int_equal(bench_interrupt_index(b, SID, 1).fault, VTD_FR_IR_23);
}

static bool is_stale(struct bench *b, uint64_t iova, uint64_t old, uint64_t new)
{
	struct hwi_response r = bench_dma(b, SID, HWI_PASID_NONE, iova, HWI_READ);

	assert_int_equal(r.outcome, HWI_SUCCESS);
	if (hwi_hpa_val(r.addr) == old)
		return true;
	assert_int_equal(hwi_hpa_val(r.addr), new);
	return false;
}

/* With ESRTPS, SRTP drops all DMA caches; without, software has to. */
/* covers: REG_GCMD */
static void test_root_pointer_and_caches(void **state)
{
	struct bench *b = *state;

	for (unsigned int esrtps = 0; esrtps < 2; esrtps++) {
		struct hwi_vtd_config cfg;
		uint64_t root;

		bench_config(&cfg);
		if (!esrtps)
			cfg.cap &= ~VTD_CAP_ESRTPS;
		bench_remake(b, &cfg);
		root = map_one(b, 0x1000, 0x5000);
		bench_start_legacy(b);
		bench_expect(b, SID, HWI_PASID_NONE, 0x1000, HWI_READ, 0x5000);
		build_ss(b, root, 4, 0x1000, 0x6000, 1, VTD_SS_R);
		assert_true(is_stale(b, 0x1000, 0x5000, 0x6000));
		bench_gcmd(b, BIT(SRTP), true);
		assert_int_equal(is_stale(b, 0x1000, 0x5000, 0x6000), !esrtps);
	}
}

/* TE 1->0 drops all DMA caches on a unit with scalable mode, and only there. */
/* covers: REG_GCMD */
static void test_point_11_47_disable_and_caches(void **state)
{
	struct bench *b = *state;

	for (unsigned int smts = 0; smts < 2; smts++) {
		struct hwi_vtd_config cfg;
		uint64_t root;

		bench_config(&cfg);
		if (!smts) {
			cfg.ver_major = 5;
			cfg.cap &= ~(VTD_CAP_FS1GP | VTD_CAP_FS5LP);
			cfg.ecap &= VTD_ECAP_QI | VTD_ECAP_IR | VTD_ECAP_EIM | VTD_ECAP_MHMV |
				    VTD_ECAP_IRO | VTD_ECAP_C;
		}
		bench_remake(b, &cfg);
		root = map_one(b, 0x1000, 0x5000);
		bench_start_legacy(b);
		bench_expect(b, SID, HWI_PASID_NONE, 0x1000, HWI_READ, 0x5000);
		build_ss(b, root, 4, 0x1000, 0x6000, 1, VTD_SS_R);
		bench_gcmd(b, BIT(TE), false);
		/* Off: addresses go through as they are. */
		bench_expect(b, SID, HWI_PASID_NONE, 0x1000, HWI_WRITE, 0x1000);
		bench_gcmd(b, BIT(TE), true);
		assert_int_equal(is_stale(b, 0x1000, 0x5000, 0x6000), !smts);
	}
}

/* The interrupt entry cache goes at SIRTP and at IRE 1->0 only with ESIRTPS. */
/* covers: REG_GCMD */
static void test_point_11_47_interrupt_cache(void **state)
{
	struct bench *b = *state;

	for (unsigned int how = 0; how < 4; how++) {
		bool esirtps = how & 1, by_ire = how & 2;
		struct hwi_vtd_config cfg;
		struct hwi_interrupt_response r;

		bench_config(&cfg);
		if (!esirtps)
			cfg.cap &= ~VTD_CAP_ESIRTPS;
		bench_remake(b, &cfg);
		bench_start_remapping(b, 7, true);
		bench_irte(b, 3, VTD_IRTE_Q0_P | HWI_PUT(VTD_IRTE_Q0_V, 0x41), 0);
		assert_int_equal(bench_interrupt_index(b, SID, 3).data & 0xff, 0x41);
		bench_irte(b, 3, VTD_IRTE_Q0_P | HWI_PUT(VTD_IRTE_Q0_V, 0x42), 0);
		assert_int_equal(bench_interrupt_index(b, SID, 3).data & 0xff, 0x41);
		if (by_ire) {
			bench_gcmd(b, BIT(IRE), false);
			bench_gcmd(b, BIT(IRE), true);
		} else {
			bench_gcmd(b, BIT(SIRTP), true);
		}
		r = bench_interrupt_index(b, SID, 3);
		assert_int_equal(r.data & 0xff, esirtps ? 0x42 : 0x41);
	}
}

/* QIE 1->0 sets IQH back, drops a fetched wait; the next QIE starts at 0. */
/* covers: REG_GCMD REG_IQH REG_GSTS */
static void test_queue_disable_resets_the_head(void **state)
{
	struct bench *b = *state;

	bench_start_legacy(b);
	bench_start_queue(b, true, 0);
	bench_inv_context(b);
	bench_submit(b,
		     VTD_DSC_PUT_TYPE(VTD_DSC_dev_tlb_inv) | HWI_PUT(VTD_DEV_TLB_Q0_SID, SID), 0);
	assert_false(bench_wait(b)); /* no completion yet */
	assert_int_equal(bench_read64(b, VTD_REG_IQH), 96);
	bench_gcmd(b, BIT(QIE), false);
	assert_int_equal(bench_gsts(b) & VTD_GSTS_QIES, 0);
	assert_int_equal(bench_read64(b, VTD_REG_IQH), 0);
	hwi_ats_complete(b->unit, SID, 1, 1);
	bench_run(b);
	assert_int_not_equal(bench_r32(b, b->status), b->cookie);
	bench_write64(b, VTD_REG_IQT, 0);
	bench_gcmd(b, BIT(QIE), true);
	assert_true(bench_wait(b));
}

/* TES, PRS and IVT show what they mean only when requests in flight are drained. */
/* covers: REG_GCMD REG_GSTS REG_PMEN */
static void test_status_waits_for_the_drain(void **state)
{
	struct bench *b = *state;

	b->busy = true;
	bench_set_root(b, 0);
	bench_gcmd(b, BIT(TE), true);
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	assert_false(bench_gsts(b) & VTD_GSTS_TES);
	assert_int_equal(bench_read32(b, VTD_REG_PMEN), VTD_PMEN_EPM);
	assert_int_equal(hwi_step(b->unit, 10), 0);
	assert_false(hwi_pending(b->unit));
	assert_false(bench_gsts(b) & VTD_GSTS_TES);
	/* Still as if off. */
	bench_expect(b, SID, HWI_PASID_NONE, 0x1000, HWI_WRITE, 0x1000);
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 1);
	assert_true(bench_gsts(b) & VTD_GSTS_TES);
	assert_int_equal(bench_read32(b, VTD_REG_PMEN), VTD_PMEN_EPM | VTD_PMEN_PRS);

	/* Off again; taken back before the drain is done. */
	b->busy = true;
	bench_gcmd(b, BIT(TE), false);
	assert_true(bench_gsts(b) & VTD_GSTS_TES);
	bench_gcmd(b, BIT(TE), true);
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 0);
	assert_true(bench_gsts(b) & VTD_GSTS_TES);
	b->busy = true;
	bench_gcmd(b, BIT(TE), false);
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 1);
	assert_false(bench_gsts(b) & VTD_GSTS_TES);

	/* Ranges: on before the drain, off before it is done. */
	bench_write32(b, VTD_REG_PMEN, 0);
	assert_int_equal(bench_read32(b, VTD_REG_PMEN), 0);
	b->busy = true;
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	bench_write32(b, VTD_REG_PMEN, 0);
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 0);
	assert_int_equal(bench_read32(b, VTD_REG_PMEN), 0);
}

/* IRES follows when interrupts in flight are drained (§6.5.5); off needs no drain. */
/* covers: REG_GCMD REG_GSTS */
static void test_interrupt_remapping_waits_for_the_drain(void **state)
{
	struct bench *b = *state;

	b->busy = true;
	bench_gcmd(b, BIT(IRE), true);
	assert_false(bench_gsts(b) & VTD_GSTS_IRES);
	assert_int_equal(hwi_step(b->unit, 10), 0);
	/* Not in part: what comes meanwhile is not remapped. */
	assert_int_equal(bench_interrupt(b, SID, 0xfee12340, 0x31).outcome, HWI_INT_FORWARD);
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 1);
	assert_true(bench_gsts(b) & VTD_GSTS_IRES);
	assert_int_equal(bench_interrupt(b, SID, 0xfee12340, 0x31).fault, VTD_FR_IR_25);
	bench_clear_faults(b);

	b->busy = true;
	bench_gcmd(b, BIT(IRE), false);
	assert_false(bench_gsts(b) & VTD_GSTS_IRES);
	/* Taken back before the drain is done. */
	bench_gcmd(b, BIT(IRE), true);
	bench_gcmd(b, BIT(IRE), false);
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 0);
	assert_false(bench_gsts(b) & VTD_GSTS_IRES);

	/* Both enables at once, one drain; a reset forgets them. */
	b->busy = true;
	bench_write32(b, VTD_REG_GCMD, BIT(IRE) | BIT(TE));
	hwi_reset(b->unit, false);
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 0);
	assert_int_equal(bench_gsts(b), 0);
	b->busy = true;
	bench_write32(b, VTD_REG_GCMD, BIT(IRE) | BIT(TE));
	b->busy = false;
	assert_int_equal(hwi_step(b->unit, 10), 1);
	assert_int_equal(bench_gsts(b), VTD_GSTS_IRES | VTD_GSTS_TES);
}

/* Whoever copies translations hears that they mean something else now. */
/* covers: REG_GCMD */
static void test_mode_changes_are_told(void **state)
{
	struct bench *b = *state;
	struct hwi_host_ops ops = b->ops;
	struct hwi_unit *quiet;

	bench_start_legacy(b);
	assert_int_not_equal(b->invals, 0);
	assert_int_equal(b->inval[b->invals - 1].scope, HWI_INVAL_ALL);
	b->invals = 0;
	bench_gcmd(b, BIT(TE), false);
	assert_int_not_equal(b->invals, 0);
	b->invals = 0;
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	assert_int_equal(b->invals, 1);

	/* Nobody needs to listen. */
	ops.invalidated = NULL;
	ops.kick = NULL;
	ops.drain = NULL;
	assert_int_equal(hwi_vtd_create(&b->cfg, &ops, b, &quiet), HWI_OK);
	hwi_mmio_write(quiet, VTD_REG_GCMD, 4, BIT(TE) | BIT(QIE));
	assert_int_equal(hwi_mmio_read(quiet, VTD_REG_GSTS, 4), VTD_GSTS_TES | VTD_GSTS_QIES);
	hwi_mmio_write(quiet, VTD_REG_IQT, 8, 0x20);
	assert_true(hwi_pending(quiet));
	hwi_destroy(quiet);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_level_bits_follow),
		T(test_one_shots),
		T(test_reserved_bits_do_nothing),
		T(test_point_11_46_write_buffer_flush_ends_at_zero),
		T(test_commands_without_their_capability),
		T(test_point_11_45_root_pointer_is_latched),
		T(test_interrupt_table_pointer_is_latched),
		T(test_root_pointer_and_caches),
		T(test_point_11_47_disable_and_caches),
		T(test_point_11_47_interrupt_cache),
		T(test_queue_disable_resets_the_head),
		T(test_status_waits_for_the_drain),
		T(test_interrupt_remapping_waits_for_the_drain),
		T(test_mode_changes_are_told),
	};

	return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}

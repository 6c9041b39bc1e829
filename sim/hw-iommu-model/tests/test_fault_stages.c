/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fault conditions of first-stage and second-stage tables, each stage alone, and of
 * pass-through (VT-d 5.10 Table 30: SFS, SSS, SGN).
 */
#include "world.h"

#include "hwiommu/bits.h"

#define MET_ALL (MET_CTX | MET_DIR | MET_PE)

static void expect_at(struct world *w, uint64_t addr, uint8_t reason, enum world_answer t)
{
	world_expect(w, &(struct world_fault){ .reason = reason, .u = UR, .t = t, .qualified = true,
					       .met = MET_ALL, .addr = addr });
}

static void expect_access(struct world *w, unsigned int access, uint8_t reason)
{
	world_expect(w, &(struct world_fault){ .reason = reason, .u = UR, .qualified = true,
					       .met = MET_ALL, .access = access });
}

/* ---- first stage ---- */

/* covers: FC_SFS_4 */
static void test_sfs_4_root_entry_does_not_answer(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_fail_read(w.b, world_fs(&w, WORLD_IN, 4), 8);
	expect_at(&w, WORLD_IN, 0x73, S0);
}

/* covers: FC_SFS_1 */
static void test_sfs_1_lower_entry_does_not_answer(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	for (unsigned int level = 1; level <= 3; level++) {
		bench_heal(w.b);
		bench_fail_read(w.b, world_fs(&w, WORLD_IN, level), 8);
		expect_at(&w, WORLD_IN, 0x70, S0);
	}
}

/* covers: FC_SFS_2 */
static void test_sfs_2_entry_not_present(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_fs(&w, WORLD_IN, level), was = bench_r64(w.b, at);

		bench_w64(w.b, at, HWI_ALL64 & ~VTD_FS_P); /* reserved bits have no say */
		expect_at(&w, WORLD_IN, 0x71, S0);
		bench_w64(w.b, at, was);
	}
}

/* covers: FC_SFS_3 */
static void test_sfs_3_reserved_bits(void **state)
{
	static const struct {
		uint64_t addr;
		unsigned int level;
		uint64_t rsvd, ignored;
	} entry[] = {
		{ WORLD_IN, 4, HWI_BIT64(7), HWI_MASK64(63, 52) | HWI_MASK64(11, 8) },
		{ WORLD_IN, 3, 0, HWI_MASK64(63, 52) | HWI_MASK64(11, 8) | HWI_BIT64(6) },
		{ WORLD_IN, 1, 0, HWI_MASK64(63, 52) | HWI_MASK64(11, 7) | HWI_MASK64(4, 3) },
		{ WORLD_IN_2M, 2, HWI_MASK64(20, 13), HWI_MASK64(63, 52) | HWI_MASK64(12, 8) },
		{ WORLD_IN_1G, 3, HWI_MASK64(29, 13), HWI_MASK64(63, 52) | HWI_MASK64(12, 8) },
	};
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	for (size_t i = 0; i < sizeof(entry) / sizeof(entry[0]); i++) {
		uint64_t at = world_fs(&w, entry[i].addr, entry[i].level);

		for (unsigned int bit = 0; bit < 64; bit++) {
			if (!(entry[i].rsvd & HWI_BIT64(bit)))
				continue;
			world_set(&w, at, HWI_BIT64(bit));
			expect_at(&w, entry[i].addr, 0x72, S0);
			world_clear(&w, at, HWI_BIT64(bit));
		}
		world_set(&w, at, entry[i].ignored);
		bench_inv_everything(w.b);
		assert_int_equal(bench_dma(w.b, WORLD_SID, WORLD_PASID, entry[i].addr, HWI_WRITE)
					 .outcome,
				 HWI_SUCCESS);
		world_clear(&w, at, entry[i].ignored & ~HWI_BIT64(6));
	}
}

/* covers: FC_SFS_3 */
static void test_sfs_3_reserved_by_capability(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.cap &= ~VTD_CAP_FS1GP;
	cfg.haw = 40;
	bench_remake(b, &cfg);
	world_scalable(&w, b, VTD_PGTT_FS);
	world_expect_pass(&w);
	expect_at(&w, WORLD_IN_1G, 0x72, S0);
	for (unsigned int level = 1; level <= 4; level++) {
		world_set(&w, world_fs(&w, WORLD_IN, level), HWI_BIT64(40));
		expect_at(&w, WORLD_IN, 0x72, S0);
		world_clear(&w, world_fs(&w, WORLD_IN, level), HWI_BIT64(40));
	}
}

/* covers: FC_SGN_1 */
static void test_sgn_1_not_canonical(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	expect_at(&w, HWI_BIT64(47), 0x80, S0);
	expect_at(&w, HWI_MASK64(63, 48), 0x80, S0);
	expect_at(&w, HWI_BIT64(63), 0x80, S0);
	expect_at(&w, HWI_BIT64(47) - 8, 0x71, S0);
	expect_at(&w, HWI_MASK64(63, 47), 0x71, S0);
	/* 5 levels: bit 56. AW has nothing to say. */
	world_pe_set(&w, 2, HWI_PUT(VTD_PE_Q2_FSPM, VTD_FSPM_5));
	expect_at(&w, HWI_BIT64(56), 0x80, S0);
	expect_at(&w, HWI_MASK64(63, 57), 0x80, S0);
	expect_at(&w, HWI_BIT64(47), 0x71, S0);
}

/* covers: FC_SGN_2 */
static void test_sgn_2_user_request_for_a_supervisor_page(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_pe_set(&w, 2, VTD_PE_Q2_SRE);
	for (unsigned int level = 1; level <= 4; level++) {
		world_clear(&w, world_fs(&w, WORLD_IN, level), VTD_FS_US);
		expect_at(&w, WORLD_IN, 0x81, S0);
		expect_access(&w, HWI_WRITE, 0x81);
		bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE | HWI_PRIV, WORLD_OUT);
		/* And from what that request has left in the IOTLB. */
		bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x81);
		world_set(&w, world_fs(&w, WORLD_IN, level), VTD_FS_US);
	}
}

/* covers: FC_SGN_6 */
static void test_sgn_6_first_stage_write(void **state)
{
	struct world w;
	struct hwi_response r;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_pe_set(&w, 2, VTD_PE_Q2_SRE);
	for (unsigned int level = 1; level <= 4; level++) {
		world_clear(&w, world_fs(&w, WORLD_IN, level), VTD_FS_RW);
		expect_access(&w, HWI_WRITE, 0x85);
		expect_access(&w, HWI_ATOMIC, 0x85);
		/* A supervisor is bound by R/W only with WPE. */
		bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE | HWI_PRIV, WORLD_OUT);
		bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
		bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x85);
		r = bench_request(w.b, HWI_TRANSLATION_REQUEST, WORLD_SID, WORLD_PASID, WORLD_IN,
				  HWI_READ);
		assert_int_equal(r.rights, HWI_READ);
		r = bench_request(w.b, HWI_TRANSLATION_REQUEST, WORLD_SID, WORLD_PASID, WORLD_IN,
				  HWI_READ | HWI_PRIV);
		assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
		world_set(&w, world_fs(&w, WORLD_IN, level), VTD_FS_RW);
	}
	world_pe_set(&w, 2, VTD_PE_Q2_WPE);
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_RW);
	world_expect(&w, &(struct world_fault){ .reason = 0x85, .u = UR, .qualified = true,
						.met = MET_ALL, .who = WITH_PASID,
						.access = HWI_WRITE | HWI_PRIV });
	bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ | HWI_PRIV, WORLD_OUT);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE | HWI_PRIV, 0x85);
}

/* A, EA and D are each an update that needs snooped tables. */
/* covers: FC_SFS_9 */
static void test_sfs_9_update_of_tables_not_snooped(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_pe_clear(&w, 1, VTD_PE_Q1_PWSNP);
	world_expect_pass(&w); /* nothing to set */
	for (unsigned int level = 1; level <= 4; level++) {
		world_clear(&w, world_fs(&w, WORLD_IN, level), VTD_FS_A);
		expect_at(&w, WORLD_IN, 0x90, S0);
		world_set(&w, world_fs(&w, WORLD_IN, level), VTD_FS_A);
	}
	world_clear(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_D);
	expect_access(&w, HWI_WRITE, 0x90);
	bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, 0x90);
	world_set(&w, world_fs(&w, WORLD_IN, 1), VTD_FS_D);
	world_pe_set(&w, 2, VTD_PE_Q2_EAFE);
	expect_at(&w, WORLD_IN, 0x90, S0);
}

/* covers: FC_SFS_10 */
static void test_sfs_10_update_fails(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_fs(&w, WORLD_IN, level);

		world_clear(&w, at, VTD_FS_A);
		bench_fail_write(w.b, at, 8);
		expect_at(&w, WORLD_IN, 0x91, S0R);
		bench_heal(w.b);
		world_set(&w, at, VTD_FS_A);
	}
}

/* covers: FC_SGN_8_1 FC_SGN_8_2 FC_SGN_8_3 */
static void test_sgn_8_output_in_the_interrupt_range(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_w64(w.b, world_fs(&w, WORLD_IN, 1),
		  UINT64_C(0xfee00000) | VTD_FS_P | VTD_FS_RW | VTD_FS_US | VTD_FS_A | VTD_FS_D);
	world_expect(&w, &(struct world_fault){ .reason = 0x87, .u = UR, .t = CA,
						.qualified = true, .met = MET_ALL });
	world_expect(&w, &(struct world_fault){ .reason = 0x87, .x = UR, .qualified = true,
						.met = MET_CTX, .addr = UINT64_C(0xfeeff000) });
}

/* covers: FC_SGN_8_1 FC_SGN_8_2 */
static void test_sgn_8_large_page_over_the_interrupt_range(void **state)
{
	struct bench *b = *state;
	struct world w;
	struct hwi_response r;

	world_scalable(&w, b, VTD_PGTT_FS);
	bench_w64(b, world_fs(&w, WORLD_IN_2M, 2),
		  UINT64_C(0xfee00000) | VTD_FS_PS | VTD_FS_P | VTD_FS_RW | VTD_FS_US);
	expect_at(&w, WORLD_IN_2M, 0x87, CA);
	bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN_2M + 0x100000, HWI_READ,
		     UINT64_C(0xfef00000));
	bench_expect_refused(b, WORLD_SID, WORLD_PASID, WORLD_IN_2M + 0xff000, HWI_READ, 0x87);
	r = bench_request(b, HWI_TRANSLATION_REQUEST, WORLD_SID, WORLD_PASID,
			  WORLD_IN_2M + 0x100000, HWI_READ);
	assert_int_equal(r.outcome, HWI_COMPLETER_ABORT);
	bench_expect_fault(b, 0x87, WORLD_SID);
}

/* covers: FC_SGN_4_1 */
static void test_sgn_4_1_translated_address_beyond_haw(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_expect(&w, &(struct world_fault){ .reason = 0x83, .x = UR, .qualified = true,
						.met = MET_CTX, .addr = HWI_BIT64(52) });
}

/* covers: FC_SGN_4_2 */
static void test_sgn_4_2_pass_through_beyond_haw(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_PT);
	world_expect_pass(&w);
	expect_at(&w, HWI_BIT64(52), 0x83, S0);
	expect_at(&w, HWI_ALL64 - 0xfff, 0x83, S0);
}

/* With PASID the range is an address like any other until it comes out. */
/* covers: FC_SGN_8_1 */
static void test_sgn_8_1_pass_through_to_the_interrupt_range(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_PT);
	world_expect(&w, &(struct world_fault){ .reason = 0x87, .u = UR, .qualified = true,
						.met = MET_ALL, .who = WITH_PASID,
						.addr = UINT64_C(0xfee01000) });
	bench_expect(w.b, WORLD_SID, WORLD_PASID, UINT64_C(0xfedff000), HWI_READ,
		     UINT64_C(0xfedff000));
	bench_expect(w.b, WORLD_SID, WORLD_PASID, UINT64_C(0xfef00000), HWI_READ,
		     UINT64_C(0xfef00000));
	bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, UINT64_C(0xfee00000), HWI_WRITE, 0x87);
}

/* ---- second stage in scalable mode ---- */

/* covers: FC_SSS_4 */
static void test_sss_4_root_entry_does_not_answer(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	world_expect_pass(&w);
	bench_fail_read(w.b, world_ss(&w, WORLD_IN, 4), 8);
	expect_at(&w, WORLD_IN, 0x7b, CA);
}

/* covers: FC_SSS_1 */
static void test_sss_1_lower_entry_does_not_answer(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	for (unsigned int level = 1; level <= 3; level++) {
		bench_heal(w.b);
		bench_fail_read(w.b, world_ss(&w, WORLD_IN, level), 8);
		expect_at(&w, WORLD_IN, 0x78, CA);
	}
}

/* One entry without both rights, or none left of those of two levels. */
/* covers: FC_SSS_2 */
static void test_sss_2_no_right_at_all(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_ss(&w, WORLD_IN, level), was = bench_r64(w.b, at);

		bench_w64(w.b, at, HWI_ALL64 & ~(VTD_SS_R | VTD_SS_W));
		expect_at(&w, WORLD_IN, 0x79, S0);
		expect_access(&w, HWI_WRITE, 0x79);
		bench_w64(w.b, at, was);
	}
	world_clear(&w, world_ss(&w, WORLD_IN, 3), VTD_SS_R);
	world_clear(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_W);
	expect_at(&w, WORLD_IN, 0x79, S0);
	world_set(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_W);
	world_clear(&w, world_ss(&w, WORLD_IN, 2), VTD_SS_W);
	expect_at(&w, WORLD_IN, 0x79, S0);
}

/* covers: FC_SSS_3 */
static void test_sss_3_reserved_bits(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_ss(&w, WORLD_IN, level);

		world_set(&w, at, VTD_SS_IW);
		expect_at(&w, WORLD_IN, 0x7a, CA);
		world_clear(&w, at, VTD_SS_IW);
		world_set(&w, at, VTD_SS_IGN_HIGH | VTD_SS_IR | HWI_BIT64(10) | HWI_BIT64(2));
	}
	world_expect_pass(&w);
	world_set(&w, world_ss(&w, WORLD_IN, 4), VTD_SS_PS);
	expect_at(&w, WORLD_IN, 0x7a, CA);
	world_clear(&w, world_ss(&w, WORLD_IN, 4), VTD_SS_PS);
	world_set(&w, world_ss(&w, WORLD_IN, 2), VTD_SS_SNP);
	expect_at(&w, WORLD_IN, 0x7a, CA);
}

/* covers: FC_SGN_5 */
static void test_sgn_5_address_beyond_agaw_or_mgaw(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	world_scalable(&w, b, VTD_PGTT_SS);
	expect_at(&w, HWI_BIT64(48), 0x84, S0);
	expect_at(&w, HWI_BIT64(63), 0x84, S0);
	cfg.haw = 40;
	cfg.cap = HWI_SET(VTD_CAP_MGAW, cfg.cap, 40 - 1);
	bench_remake(b, &cfg);
	b->root = 0;
	world_scalable(&w, b, VTD_PGTT_SS);
	expect_at(&w, HWI_BIT64(40), 0x84, S0);
	world_expect_pass(&w);
}

/* covers: FC_SGN_6 FC_SGN_7 */
static void test_sgn_6_and_7_second_stage_rights(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_ss(&w, WORLD_IN, level);

		world_clear(&w, at, VTD_SS_W);
		expect_access(&w, HWI_WRITE, 0x85);
		expect_access(&w, HWI_ATOMIC, 0x85);
		world_set(&w, at, VTD_SS_W);
		world_clear(&w, at, VTD_SS_R);
		expect_access(&w, HWI_READ, 0x86);
		expect_access(&w, HWI_ATOMIC, 0x86);
		bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ | HWI_ZLR, WORLD_OUT);
		bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_WRITE, WORLD_OUT);
		bench_expect_refused(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, 0x86);
		world_set(&w, at, VTD_SS_R);
	}
}

/* covers: FC_SSS_5 */
static void test_sss_5_update_of_tables_not_snooped(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	world_pe_clear(&w, 1, VTD_PE_Q1_PWSNP);
	for (unsigned int level = 1; level <= 4; level++) {
		world_clear(&w, world_ss(&w, WORLD_IN, level), VTD_SS_A);
		world_expect_pass(&w); /* SSADE=0 */
		world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
		expect_at(&w, WORLD_IN, 0x7c, CA);
		world_pe_clear(&w, 0, VTD_PE_Q0_SSADE);
		world_set(&w, world_ss(&w, WORLD_IN, level), VTD_SS_A);
	}
	world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
	world_expect_pass(&w);
	world_clear(&w, world_ss(&w, WORLD_IN, 1), VTD_SS_D);
	expect_access(&w, HWI_WRITE, 0x7c);
	bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ, WORLD_OUT);
}

/* covers: FC_SSS_6 */
static void test_sss_6_update_fails(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_SS);
	world_pe_set(&w, 0, VTD_PE_Q0_SSADE);
	for (unsigned int level = 1; level <= 4; level++) {
		uint64_t at = world_ss(&w, WORLD_IN, level);

		world_clear(&w, at, VTD_SS_A);
		bench_fail_write(w.b, at, 8);
		expect_at(&w, WORLD_IN, 0x7d, CA);
		bench_heal(w.b);
		world_set(&w, at, VTD_SS_A);
	}
}

/* Rights from bits 61 and 62 alone. */
/* covers: FC_SSS_2 FC_SGN_6 FC_SGN_7 */
static void test_ssirwe_takes_rights_from_ir_and_iw(void **state)
{
	struct bench *b = *state;
	struct world w;
	uint64_t leaf;

	world_scalable(&w, b, VTD_PGTT_SS);
	leaf = world_ss(&w, WORLD_IN, 1);
	bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, VTD_TTM_SCALABLE) | VTD_RTADDR_SSIRWE);
	expect_at(&w, WORLD_IN, 0x79, S0);
	for (unsigned int level = 1; level <= 4; level++)
		world_set(&w, world_ss(&w, WORLD_IN, level), VTD_SS_IR | VTD_SS_IW);
	for (unsigned int level = 1; level <= 4; level++)
		world_clear(&w, world_ss(&w, WORLD_IN, level), VTD_SS_R | VTD_SS_W);
	world_expect_pass(&w);
	world_clear(&w, leaf, VTD_SS_IW);
	world_set(&w, leaf, VTD_SS_W);
	expect_access(&w, HWI_WRITE, 0x85);
	world_set(&w, leaf, VTD_SS_IW | VTD_SS_R);
	world_clear(&w, leaf, VTD_SS_IR);
	expect_access(&w, HWI_READ, 0x86);
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_sfs_4_root_entry_does_not_answer),
		T(test_sfs_1_lower_entry_does_not_answer),
		T(test_sfs_2_entry_not_present),
		T(test_sfs_3_reserved_bits),
		T(test_sfs_3_reserved_by_capability),
		T(test_sgn_1_not_canonical),
		T(test_sgn_2_user_request_for_a_supervisor_page),
		T(test_sgn_6_first_stage_write),
		T(test_sfs_9_update_of_tables_not_snooped),
		T(test_sfs_10_update_fails),
		T(test_sgn_8_output_in_the_interrupt_range),
		T(test_sgn_8_large_page_over_the_interrupt_range),
		T(test_sgn_4_1_translated_address_beyond_haw),
		T(test_sgn_4_2_pass_through_beyond_haw),
		T(test_sgn_8_1_pass_through_to_the_interrupt_range),
		T(test_sss_4_root_entry_does_not_answer),
		T(test_sss_1_lower_entry_does_not_answer),
		T(test_sss_2_no_right_at_all),
		T(test_sss_3_reserved_bits),
		T(test_sgn_5_address_beyond_agaw_or_mgaw),
		T(test_sgn_6_and_7_second_stage_rights),
		T(test_sss_5_update_of_tables_not_snooped),
		T(test_sss_6_update_fails),
		T(test_ssirwe_takes_rights_from_ir_and_iw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

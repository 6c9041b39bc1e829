/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Fault conditions of PASID directory and table entries (VT-d 5.10 Table 30: SPD, SPT). */
#include "world.h"

#include "hwiommu/bits.h"

#define MET_ALL (MET_CTX | MET_DIR | MET_PE)

/* A world on a unit that lacks some capabilities. */
static void world_without(struct world *w, struct bench *b, unsigned int pgtt, uint64_t cap,
			  uint64_t ecap)
{
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.cap &= ~cap;
	cfg.ecap &= ~ecap;
	bench_remake(b, &cfg);
	b->root = 0;
	world_scalable(w, b, pgtt);
}

/* Not qualified, even though an entry above has FPD=1. */
/* covers: FC_SPD_1 */
static void test_spd_1_directory_does_not_answer(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_fail_read(w.b, w.dir[0], 8);
	world_expect(&w, &(struct world_fault){ .reason = 0x50, .u = UR, .t = CA, .met = MET_CTX });
}

/* covers: FC_SPD_2 */
static void test_spd_2_directory_entry_not_present(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_clear(&w, w.dir[0], VTD_PDE_P);
	world_set(&w, w.dir[0], VTD_PDE_RSVD);
	world_qualified(&w, 0x51, UR, S0, NA, MET_CTX | MET_DIR);
}

/* covers: FC_SPD_3 */
static void test_spd_3_directory_entry_reserved(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	for (unsigned int bit = 2; bit < 53; bit += bit == 11 ? 41 : 1) {
		world_set(&w, w.dir[0], HWI_BIT64(bit));
		world_qualified(&w, 0x52, UR, CA, NA, MET_CTX | MET_DIR);
		world_clear(&w, w.dir[0], HWI_BIT64(bit));
	}
}

/* covers: FC_SPT_1 */
static void test_spt_1_pasid_entry_does_not_answer(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	bench_fail_read(w.b, w.pe[0] + 48, 8);
	bench_fail_read(w.b, w.pe[1] + 48, 8);
	world_expect(&w, &(struct world_fault){ .reason = 0x58, .u = UR, .t = CA,
						.met = MET_CTX | MET_DIR });
}

/* All zero but FPD: what drivers leave behind. */
/* covers: FC_SPT_2 */
static void test_spt_2_pasid_entry_not_present(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	for (unsigned int q = 0; q < 8; q++)
		world_pe_clear(&w, q, HWI_ALL64);
	world_qualified(&w, 0x59, UR, S0, NA, MET_ALL);
	world_pe_set(&w, 3, HWI_ALL64); /* nothing else is looked at */
	world_qualified(&w, 0x59, UR, S0, NA, MET_ALL);
}

/* covers: FC_SPT_3 */
static void test_spt_3_reserved_always(void **state)
{
	static const uint64_t rsvd[8] = {
		HWI_BIT64(5) | HWI_MASK64(11, 10) | HWI_BIT64(52),
		HWI_MASK64(22, 16) | HWI_MASK64(31, 27),
		HWI_BIT64(1) | HWI_MASK64(11, 8) | HWI_BIT64(52),
		HWI_ALL64, HWI_ALL64, HWI_ALL64, HWI_ALL64, HWI_ALL64,
	};
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	for (unsigned int q = 0; q < 8; q++) {
		for (unsigned int bit = 0; bit < 64; bit += q < 3 ? 1 : 9) {
			if (!(rsvd[q] & HWI_BIT64(bit)))
				continue;
			world_pe_set(&w, q, HWI_BIT64(bit));
			world_qualified(&w, 0x5a, UR, CA, NA, MET_ALL);
			world_pe_clear(&w, q, HWI_BIT64(bit));
		}
	}
	world_pe_set(&w, 2, VTD_PE_Q2_IGN); /* ignored, not reserved */
	world_expect_pass(&w);
}

/* covers: FC_SPT_3 */
static void test_spt_3_reserved_by_capability(void **state)
{
	static const struct {
		uint64_t cap, ecap; /* taken away */
		unsigned int q;
		uint64_t bits;
	} lacking[] = {
		{ VTD_CAP_SAGAW, VTD_ECAP_SSTS | VTD_ECAP_NEST | VTD_ECAP_SSIRWS, 0,
		  VTD_PE_Q0_AW | VTD_PE_Q0_SSADE | HWI_BIT64(12) | HWI_BIT64(40) },
		{ 0, VTD_ECAP_SSADS, 0, VTD_PE_Q0_SSADE },
		{ 0, VTD_ECAP_SMPWCS | VTD_ECAP_SSADS | VTD_ECAP_EAFS, 1, VTD_PE_Q1_PWSNP },
		{ 0, VTD_ECAP_SC, 1, VTD_PE_Q1_PGSNP },
		{ 0, 0, 1, VTD_PE_Q1_CD | VTD_PE_Q1_EMTE | VTD_PE_Q1_PAT }, /* never MTS */
		{ 0, VTD_ECAP_SRS | VTD_ECAP_RPRIVS, 2, VTD_PE_Q2_SRE },
		{ VTD_CAP_FS1GP | VTD_CAP_FS5LP, VTD_ECAP_FSTS | VTD_ECAP_NEST | VTD_ECAP_EAFS, 2,
		  VTD_PE_Q2_FSPM | VTD_PE_Q2_WPE | HWI_BIT64(12) | HWI_BIT64(40) },
		{ 0, VTD_ECAP_EAFS, 2, VTD_PE_Q2_EAFE },
	};

	for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++) {
		struct world w;

		world_without(&w, *state, VTD_PGTT_PT, lacking[i].cap, lacking[i].ecap);
		world_pe_clear(&w, 1, VTD_PE_Q1_PWSNP);
		world_expect_pass(&w);
		for (unsigned int bit = 0; bit < 64; bit++) {
			if (!(lacking[i].bits & HWI_BIT64(bit)))
				continue;
			world_pe_set(&w, lacking[i].q, HWI_BIT64(bit));
			world_qualified(&w, 0x5a, UR, CA, NA, MET_ALL);
			world_pe_clear(&w, lacking[i].q, HWI_BIT64(bit));
		}
	}
}

/* covers: FC_SPT_3 */
static void test_spt_3_domain_id_wider_than_nd(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	struct world w;

	cfg.cap = HWI_SET(VTD_CAP_ND, cfg.cap, 0); /* 4 bits */
	bench_remake(b, &cfg);
	world_scalable(&w, b, VTD_PGTT_PT);
	world_expect_pass(&w);
	world_pe_set(&w, 1, HWI_PUT(VTD_PE_Q1_DID, 0x10));
	world_qualified(&w, 0x5a, UR, CA, NA, MET_ALL);
}

/* covers: FC_SPT_4_1 */
static void test_spt_4_1_address_width(void **state)
{
	static const unsigned int bad[] = { 0, 4, 5, 6, 7 };
	static const unsigned int types[] = { VTD_PGTT_SS, VTD_PGTT_NESTED };

	for (unsigned int t = 0; t < 2; t++) {
		struct world w;

		world_without(&w, *state, types[t], 0, 0);
		for (unsigned int i = 0; i < 5; i++) {
			world_pe_clear(&w, 0, VTD_PE_Q0_AW);
			world_pe_set(&w, 0, HWI_PUT(VTD_PE_Q0_AW, bad[i]));
			world_qualified(&w, 0x5b, UR, CA, NA, MET_ALL);
		}
	}
}

/* covers: FC_SPT_4_2 */
static void test_spt_4_2_translation_type(void **state)
{
	static const unsigned int bad[] = { 0, 5, 6, 7 };
	static const struct {
		uint64_t cap, ecap;
		unsigned int pgtt;
	} lacking[] = {
		{ 0, VTD_ECAP_NEST, VTD_PGTT_NESTED },
		{ VTD_CAP_FS1GP | VTD_CAP_FS5LP, VTD_ECAP_FSTS | VTD_ECAP_NEST | VTD_ECAP_EAFS,
		  VTD_PGTT_FS },
		{ VTD_CAP_SAGAW, VTD_ECAP_SSTS | VTD_ECAP_NEST | VTD_ECAP_SSIRWS, VTD_PGTT_SS },
		{ 0, VTD_ECAP_PT, VTD_PGTT_PT },
	};
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_PT);
	for (unsigned int i = 0; i < 4; i++) {
		world_pe_clear(&w, 0, VTD_PE_Q0_PGTT);
		world_pe_set(&w, 0, HWI_PUT(VTD_PE_Q0_PGTT, bad[i]));
		world_qualified(&w, 0x5b, UR, CA, NA, MET_ALL);
	}
	for (unsigned int i = 0; i < 4; i++) {
		world_without(&w, *state, VTD_PGTT_PT, lacking[i].cap, lacking[i].ecap);
		world_pe_clear(&w, 0, VTD_PE_Q0_PGTT);
		world_pe_set(&w, 0, HWI_PUT(VTD_PE_Q0_PGTT, lacking[i].pgtt));
		world_qualified(&w, 0x5b, UR, CA, NA, MET_ALL);
	}
}

/* covers: FC_SPT_4_3 */
static void test_spt_4_3_first_stage_paging_mode(void **state)
{
	struct world w;

	for (unsigned int pgtt = VTD_PGTT_FS; pgtt <= VTD_PGTT_NESTED; pgtt += 2) {
		for (unsigned int fspm = 1; fspm < 4; fspm++) {
			world_without(&w, *state, pgtt, VTD_CAP_FS5LP, 0);
			world_pe_set(&w, 2, HWI_PUT(VTD_PE_Q2_FSPM, fspm));
			world_qualified(&w, 0x5b, UR, CA, NA, MET_ALL);
		}
	}
}

/*
 * Unlike other fields of the first stage FSPM is not said to be ignored without one
 * (§9.6): a value that the unit has does no harm, another is wrong.
 */
/* covers: FC_SPT_4_3 */
static void test_spt_4_3_without_first_stage(void **state)
{
	struct world w;

	for (unsigned int pgtt = VTD_PGTT_SS; pgtt <= VTD_PGTT_PT; pgtt += 2) {
		world_without(&w, *state, pgtt, 0, 0);
		world_pe_set(&w, 2, HWI_PUT(VTD_PE_Q2_FSPM, VTD_FSPM_5));
		world_expect_pass(&w);
		for (unsigned int fspm = 1; fspm < 4; fspm++) {
			world_without(&w, *state, pgtt, VTD_CAP_FS5LP, 0);
			world_pe_set(&w, 2, HWI_PUT(VTD_PE_Q2_FSPM, fspm));
			world_qualified(&w, 0x5b, UR, CA, NA, MET_ALL);
		}
	}
}

/* What is ignored without first stage, and without second stage (§9.6). */
static void test_fields_of_the_stage_that_is_not_used(void **state)
{
	static const struct {
		unsigned int pgtt, q;
		uint64_t bits;
	} ignored[] = {
		{ VTD_PGTT_SS, 2, VTD_PE_Q2_WPE | VTD_PE_Q2_EAFE | HWI_MASK64(51, 12) },
		{ VTD_PGTT_PT, 2, VTD_PE_Q2_WPE | VTD_PE_Q2_EAFE | HWI_MASK64(51, 12) },
		{ VTD_PGTT_FS, 0, VTD_PE_Q0_AW | VTD_PE_Q0_SSADE | HWI_MASK64(51, 12) },
		{ VTD_PGTT_PT, 0, VTD_PE_Q0_AW | VTD_PE_Q0_SSADE | HWI_MASK64(51, 12) },
	};

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
		struct world w;

		world_without(&w, *state, ignored[i].pgtt, 0, 0);
		world_pe_set(&w, ignored[i].q, ignored[i].bits);
		world_expect_pass(&w);
	}
}

/* covers: FC_SPT_4_4 */
static void test_spt_4_4_nested_first_stage_root_beyond_second_stage(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_NESTED); /* 48 bits of AGAW below 57 of MGAW */
	world_pe_set(&w, 2, HWI_BIT64(48));
	world_qualified(&w, 0x5b, UR, CA, NA, MET_ALL);
	/* Not nested it is an address like any other. */
	world_without(&w, *state, VTD_PGTT_FS, 0, 0);
	world_pe_set(&w, 2, HWI_BIT64(48));
	world_qualified(&w, 0x73, UR, S0, NA, MET_ALL);
}

/* covers: FC_SPT_5 */
static void test_spt_5_execute_request_up_to_version_7(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_expect(&w, &(struct world_fault){ .reason = 0x5c, .u = UR, .t = S0, .qualified = true,
						.met = MET_ALL, .who = WITH_PASID,
						.access = HWI_READ | HWI_EXEC });
	world_fetches_alone_ask_to_execute(&w);
}

/* covers: FC_SPT_6 */
static void test_spt_6_privileged_request_without_sre(void **state)
{
	struct world w;

	world_scalable(&w, *state, VTD_PGTT_FS);
	world_expect(&w, &(struct world_fault){ .reason = 0x5d, .u = UR, .t = S0, .qualified = true,
						.met = MET_ALL, .who = WITH_PASID,
						.access = HWI_READ | HWI_PRIV });
	/* RID_PRIV makes those without PASID privileged; the record does not say so. */
	world_set(&w, w.ctx + 8, VTD_SCTX_Q1_RID_PRIV);
	world_expect(&w, &(struct world_fault){ .reason = 0x5d, .u = UR, .t = S0, .qualified = true,
						.met = MET_ALL, .who = WITHOUT_PASID });
	world_pe_set(&w, 2, VTD_PE_Q2_SRE);
	world_expect_pass(&w);
	bench_expect(w.b, WORLD_SID, WORLD_PASID, WORLD_IN, HWI_READ | HWI_PRIV, WORLD_OUT);
}

/* Neither depends on what the entry translates by; a translated request asks neither (Table 30). */
/* covers: FC_SPT_5 FC_SPT_6 */
static void test_spt_5_and_6_by_type(void **state)
{
	struct world w;

	for (unsigned int pgtt = VTD_PGTT_FS; pgtt <= VTD_PGTT_PT; pgtt++) {
		struct hwi_response r;

		world_without(&w, *state, pgtt, 0, 0);
		world_expect(&w, &(struct world_fault){ .reason = 0x5c, .u = UR, .t = S0,
							.qualified = true, .met = MET_ALL,
							.who = WITH_PASID,
							.access = HWI_READ | HWI_EXEC });
		world_expect(&w, &(struct world_fault){ .reason = 0x5d, .u = UR, .t = S0,
							.qualified = true, .met = MET_ALL,
							.who = WITH_PASID,
							.access = HWI_READ | HWI_PRIV });
		world_set(&w, w.ctx + 8, VTD_SCTX_Q1_RID_PRIV);
		world_expect(&w, &(struct world_fault){ .reason = 0x5d, .u = UR, .t = S0,
							.qualified = true, .met = MET_ALL,
							.who = WITHOUT_PASID });
		r = bench_request(w.b, HWI_TRANSLATED, WORLD_SID, WORLD_PASID, WORLD_OUT,
				  HWI_READ | HWI_EXEC | HWI_PRIV);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		bench_expect_no_fault(w.b);
	}
}

/* A unit that knows no supervisor requests: no rights, and the completion says whose (§4.2.3). */
/* covers: FC_SPT_6 */
static void test_spt_6_without_supervisor_requests(void **state)
{
	struct hwi_response r;
	struct world w;

	world_without(&w, *state, VTD_PGTT_FS, 0, VTD_ECAP_SRS | VTD_ECAP_RPRIVS);
	world_expect(&w, &(struct world_fault){ .reason = 0x5d, .u = UR, .t = S0, .qualified = true,
						.met = MET_ALL, .who = WITH_PASID,
						.access = HWI_READ | HWI_PRIV });
	r = bench_request(w.b, HWI_TRANSLATION_REQUEST, WORLD_SID, WORLD_PASID, WORLD_IN,
			  HWI_READ | HWI_PRIV);
	assert_int_equal(r.ats, HWI_ATS_PRIV);
	assert_int_equal(r.rights, 0);
	/* Without PASID nobody is privileged. */
	r = bench_request(w.b, HWI_TRANSLATION_REQUEST, WORLD_SID, HWI_PASID_NONE, WORLD_IN,
			  HWI_READ | HWI_PRIV);
	assert_int_equal(r.ats, 0);
	assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
}

#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_spd_1_directory_does_not_answer),
		T(test_spd_2_directory_entry_not_present),
		T(test_spd_3_directory_entry_reserved),
		T(test_spt_1_pasid_entry_does_not_answer),
		T(test_spt_2_pasid_entry_not_present),
		T(test_spt_3_reserved_always),
		T(test_spt_3_reserved_by_capability),
		T(test_spt_3_domain_id_wider_than_nd),
		T(test_spt_4_1_address_width),
		T(test_spt_4_2_translation_type),
		T(test_spt_4_3_first_stage_paging_mode),
		T(test_spt_4_3_without_first_stage),
		T(test_fields_of_the_stage_that_is_not_used),
		T(test_spt_4_4_nested_first_stage_root_beyond_second_stage),
		T(test_spt_5_execute_request_up_to_version_7),
		T(test_spt_6_privileged_request_without_sre),
		T(test_spt_5_and_6_by_type),
		T(test_spt_6_without_supervisor_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

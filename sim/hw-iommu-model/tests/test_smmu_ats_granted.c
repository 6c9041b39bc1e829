/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a translation completion grants: all permissions of both stages, overrides and requests, against the rules of §13.7.1
 * written out once more.
 */
#include "smmu_world.h"

struct page {
	bool user, ro, uxn, pxn; /* stage 1: AP[1], AP[2], UXN, PXN */
	unsigned int s2ap, s2xn;
};

struct wish {
	bool no_write, exe, priv;
};

/* Of the combined translation, for one privilege. */
static bool readable(const struct page *p, bool priv)
{
	return (priv || p->user) && (p->s2ap & 1);
}

static bool writable(const struct page *p, bool priv)
{
	return (priv || p->user) && !p->ro && (p->s2ap & 2);
}

static bool executable(const struct page *p, bool priv)
{
	/* XN[1:0] with XNX: 0 all, 1 unprivileged, 2 nobody, 3 privileged. */
	bool s2 = p->s2xn == 0 || p->s2xn == (priv ? 3 : 1);

	if (priv)
		return s2 && !p->pxn && !(p->user && !p->ro);
	return s2 && !p->uxn;
}

/* W with NW=1 is the unit's choice; this one grants none. */
static unsigned int expected(const struct page *p, const struct wish *q, unsigned int privcfg, unsigned int instcfg)
{
	bool priv = privcfg == SMMU_PRIVCFG_PRIVILEGED || (privcfg != SMMU_PRIVCFG_UNPRIVILEGED && q->priv);
	bool r = readable(p, priv), x = executable(p, priv), exe;

	if (instcfg == SMMU_INSTCFG_INSTRUCTION) {
		r = x;
		exe = q->exe && x;
	} else if (instcfg == SMMU_INSTCFG_DATA) {
		exe = q->exe && r;
	} else {
		exe = q->exe && r && x;
	}
	return (r ? HWI_READ : 0) | (writable(p, priv) && !q->no_write ? HWI_WRITE : 0) | (exe ? HWI_EXEC : 0);
}

static void check(struct sw *w, const struct page *p, unsigned int privcfg, unsigned int instcfg, uint64_t out)
{
	for (unsigned int n = 0; n < 8; n++) {
		const struct wish q = { n & 1, n & 2, n & 4 };
		unsigned int access = HWI_READ | (q.no_write ? HWI_NO_WRITE : 0) | (q.exe ? HWI_EXEC : 0) |
				      (q.priv ? HWI_PRIV : 0);
		unsigned int want = expected(p, &q, privcfg, instcfg);
		struct hwi_response r = sb_request(w->b, HWI_TRANSLATION_REQUEST, SW_SID, 0, SW_IN, access);

		if (r.outcome != HWI_SUCCESS || r.rights != want || r.ats != (q.priv ? HWI_ATS_PRIV : 0) ||
		    r.span_log2 != 12 || (want && hwi_hpa_val(r.addr) != out))
			fail_msg("user %d ro %d uxn %d pxn %d s2ap %u xn %u privcfg %u instcfg %u access %#x: %#x, not %#x",
				 p->user, p->ro, p->uxn, p->pxn, p->s2ap, p->s2xn, privcfg, instcfg, access, r.rights,
				 want);
	}
}

static void set_page(struct sw *w, const struct page *p)
{
	const uint64_t s1 = VMSA_S1_AP_UNPRIV | VMSA_S1_AP_RO | VMSA_S1_UXN | VMSA_S1_PXN;

	sw_set(w, sw_s1_at(w, SW_IN, 3),
	       (p->user ? VMSA_S1_AP_UNPRIV : 0) | (p->ro ? VMSA_S1_AP_RO : 0) | (p->uxn ? VMSA_S1_UXN : 0) |
		       (p->pxn ? VMSA_S1_PXN : 0), s1);
	sw_set(w, sw_s2_at(w, SW_IPA, 3), HWI_PUT(VMSA_S2_S2AP, p->s2ap) | HWI_PUT(VMSA_S2_XN, p->s2xn),
	       VMSA_S2_S2AP | VMSA_S2_XN);
	sw_tlbi_all(w);
}

static void every_page(struct sw *w, unsigned int privcfg, unsigned int instcfg, uint64_t out)
{
	for (unsigned int n = 0; n < 256; n++) {
		const struct page p = { n & 1, n & 2, n & 4, n & 8, n >> 4 & 3, n >> 6 };

		set_page(w, &p);
		check(w, &p, privcfg, instcfg, out);
		/* From the TLB, whatever of it the requests before have left there. */
		check(w, &p, privcfg, instcfg, out);
	}
	sb_expect_no_event(w->b);
}

static void every_right(struct smmu_bench *b, uint64_t eats)
{
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 1);
	SW_STE_FIELD(&w, 1, SMMU_STE1_EATS, eats);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	for (unsigned int privcfg = 0; privcfg < 4; privcfg++) {
		for (unsigned int instcfg = 0; instcfg < 4; instcfg++) {
			SW_STE_FIELD(&w, 1, SMMU_STE1_PRIVCFG, privcfg);
			SW_STE_FIELD(&w, 1, SMMU_STE1_INSTCFG, instcfg);
			sb_invalidate_all(b);
			every_page(&w, privcfg, instcfg, eats == SMMU_EATS_SPLIT ? SW_IPA : SW_OUT);
		}
	}
}

/* covers: POINT_39 */
static void full_ats(void **state)
{
	every_right(*state, SMMU_EATS_FULL);
}

/* Permissions come from both stages all the same (§13.6.3). */
static void split_stage_ats(void **state)
{
	every_right(*state, SMMU_EATS_SPLIT);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(full_ats), T(split_stage_ats),
	};

	return cmocka_run_group_tests_name("smmu_ats_granted", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Updates of descriptors that do not succeed (SMMUv3 §3.13, §7.3.12): memory refuses them,
 * or software changes the descriptor first. Of each place where there is one.
 */
#include "smmu_world.h"

#define HTTU_CD (SMMU_CD0_HA | SMMU_CD0_HD)
#define HTTU_STE (SMMU_STE2_S2HA | SMMU_STE2_S2HD)

/* What has to be updated, when a request comes. */
enum place {
	S1_ACCESSED,   /* stage 1 alone: AF of the leaf */
	S1_DIRTY,
	GUEST_ACCESSED, /* nested: the same */
	GUEST_DIRTY,
	S2_ACCESSED,   /* stage 2 alone */
	S2_DIRTY,
	PAGE_ACCESSED, /* nested: the leaf of the page itself */
	PAGE_DIRTY,
	TABLE_ACCESSED, /* nested: the page of the stage 1 table */
	TABLE_DIRTY,   /* it is dirty when the stage 1 leaf becomes so */
	CD_ACCESSED,   /* nested: the CD's page */
	PLACES
};

struct case_of {
	struct sw w;
	unsigned int access;
	uint64_t at;   /* the descriptor to be updated */
	uint64_t good; /* its value afterwards */
	bool s2;
	unsigned int class;
	uint64_t ipa;
};

static void prepare(struct case_of *c, struct smmu_bench *b, enum place place)
{
	struct sw *w = &c->w;
	bool dirty = place == S1_DIRTY || place == GUEST_DIRTY || place == S2_DIRTY ||
		     place == PAGE_DIRTY || place == TABLE_DIRTY;
	uint64_t table;

	*c = (struct case_of){ .access = dirty ? HWI_WRITE : HWI_READ, .s2 = place > GUEST_DIRTY,
			       .class = SMMU_EV_CLASS_IN };
	if (place <= GUEST_DIRTY) {
		if (place <= S1_DIRTY)
			sw_s1(w, b, VMSA_SHIFT_4K);
		else
			sw_nested(w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		c->at = sw_s1_at(w, SW_IN, 3);
		c->class = SMMU_EV_CLASS_TT;
	} else if (place <= S2_DIRTY) {
		sw_s2(w, b, VMSA_SHIFT_4K);
		c->ipa = SW_IN;
	} else {
		sw_nested(w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
		table = sw_s1_at(w, SW_IN, 3) + w->guest;
		c->ipa = place <= PAGE_DIRTY ? SW_IPA : place == CD_ACCESSED ? w->cd + w->guest : table;
		if (place > PAGE_DIRTY)
			c->class = place == CD_ACCESSED ? SMMU_EV_CLASS_CD : SMMU_EV_CLASS_TT;
		if (place == TABLE_DIRTY)
			sw_set(w, sw_s1_at(w, SW_IN, 3), VMSA_S1_AP_RO | VMSA_DESC_DBM, 0);
	}
	if (w->g1)
		sw_cd(w, 0, HTTU_CD, 0);
	if (w->g2)
		sw_ste(w, 2, HTTU_STE, 0);
	if (c->s2)
		c->at = sw_s2_at(w, c->ipa, 3);
	if (!dirty)
		sw_set(w, c->at, 0, VMSA_DESC_AF);
	else if (c->s2)
		sw_set(w, c->at, VMSA_DESC_DBM, VMSA_S2_S2AP_W);
	else
		sw_set(w, c->at, VMSA_S1_AP_RO | VMSA_DESC_DBM, 0);
	c->good = sb_r64(b, c->at);
	if (!dirty)
		c->good |= VMSA_DESC_AF;
	else if (c->s2)
		c->good |= VMSA_S2_S2AP_W;
	else
		c->good &= ~VMSA_S1_AP_RO;
	sb_invalidate_all(b);
}

static void aborted(struct case_of *c)
{
	struct sw_record e = sw_expect_fault(c->w.b, SW_SID, SW_IN, c->access, SMMU_EVT_F_WALK_EABT);

	assert_int_equal(e.s2, c->s2);
	assert_int_equal(e.class, c->class);
	assert_true(e.fetch == c->at);
	assert_int_equal(e.rnw, c->access == HWI_READ);
}

/* The request goes through, and the descriptor is what it is to be. */
static void updated(struct case_of *c)
{
	sw_expect(c->w.b, SW_SID, SW_IN, c->access, SW_OUT);
	assert_true(sb_r64(c->w.b, c->at) == c->good);
}

/* covers: EVT_F_WALK_EABT */
static void memory_refuses(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int place = 0; place < PLACES; place++) {
		struct case_of c;
		uint64_t was;

		prepare(&c, b, place);
		was = sb_r64(b, c.at);
		sb_fail_write(b, c.at, 8);
		aborted(&c);
		aborted(&c); /* nothing that is cached says it were done */
		assert_true(sb_r64(b, c.at) == was);
		sb_heal(b);
		updated(&c);
	}
}

/* Somebody else does it first: the walk begins again, and finds nothing to do. */
static void software_is_first(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int place = 0; place < PLACES; place++) {
		struct case_of c;

		prepare(&c, b, place);
		sb_clear_logs(b);
		sb_change(b, c.at, c.good);
		updated(&c);
		/* One try, and that of the stage 1 leaf whose table page is written to. */
		assert_int_equal(b->cass, place == TABLE_DIRTY ? 2 : 1);
	}
}

/* Somebody else unmaps it: the walk begins again, and finds nothing there. */
/* covers: EVT_F_TRANSLATION */
static void unmapped_meanwhile(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int place = 0; place < PLACES; place++) {
		struct case_of c;
		struct sw_record e;

		prepare(&c, b, place);
		sb_change(b, c.at, 0);
		e = sw_expect_fault(b, SW_SID, SW_IN, c.access, SMMU_EVT_F_TRANSLATION);
		assert_int_equal(e.s2, c.s2);
		assert_int_equal(e.class, c.s2 ? c.class : SMMU_EV_CLASS_IN);
		assert_true(sb_r64(b, c.at) == 0);
	}
}

static unsigned int tries;

static enum hwi_cas never_the_same(void *opaque, hwi_hpa_t addr, uint64_t expected,
				   uint64_t desired)
{
	(void)opaque;
	(void)addr;
	(void)expected;
	(void)desired;
	tries++;
	return HWI_CAS_CHANGED;
}

/* Software never stops changing it: an end has to come, and nothing was translated. */
/* covers: EVT_F_WALK_EABT */
static void software_never_stops(void **state)
{
	struct smmu_bench *b = *state;
	const struct hwi_host_ops ops = b->ops;

	for (unsigned int place = 0; place < PLACES; place++) {
		struct case_of c;

		prepare(&c, b, place);
		b->ops.cas64 = never_the_same;
		tries = 0;
		aborted(&c);
		assert_true(tries > 1);
		b->ops = ops;
		updated(&c);
	}
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(memory_refuses), T(software_is_first), T(unmapped_meanwhile),
		T(software_never_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

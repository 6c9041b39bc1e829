/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cache entries, registers and waits in saved states that are untrusted: each field
 * alone that no unit of this configuration could have is refused, and what one could
 * have is taken as it is.
 */
#include "smmu_world.h"
#include "smmuv3/caches.h"
#include "smmuv3/control.h"

struct blob {
	unsigned char *p;
	size_t n;
};

static struct blob save(struct hwi_unit *unit)
{
	struct blob s = { .n = hwi_save_size(unit) };

	s.p = malloc(s.n);
	assert_non_null(s.p);
	assert_int_equal(hwi_save(unit, s.p, s.n), HWI_OK);
	return s;
}

/* A nested stream with tables of two levels, so that every cache holds something. */
static void fill_caches(struct smmu_bench *b)
{
	uint64_t l1std = sb_alloc(b, 1), l1cd = sb_alloc(b, 1);
	struct sw w;

	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sb_w64(b, l1cd, (w.cd + w.guest) | SMMU_L1CD_V);
	sw_map_s2(&w, l1cd + w.guest, l1cd, 3, SW_S2_LEAF);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CDMAX, 8);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1FMT, SMMU_S1FMT_4K_L2);
	SW_STE_FIELD(&w, 1, SMMU_STE1_S1DSS, SMMU_S1DSS_SSID0);
	sw_ste(&w, 0, l1cd + w.guest, SMMU_STE0_S1CONTEXTPTR);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_w64(b, l1std, b->strtab | HWI_PUT(SMMU_L1STD_SPAN, 7));
	sb_write64(b, SMMU_REG_STRTAB_BASE, l1std);
	sb_write(b, SMMU_REG_STRTAB_BASE_CFG,
		 HWI_PUT32(SMMU_STRTAB_BASE_CFG_LOG2SIZE, 8) |
			 HWI_PUT32(SMMU_STRTAB_BASE_CFG_SPLIT, 6) |
			 HWI_PUT32(SMMU_STRTAB_BASE_CFG_FMT, SMMU_STRTAB_FMT_2LVL));
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sb_invalidate_all(b);
	sw_ok(&w);
}

/* Words of an entry as it is saved. */
enum { KEY_A, KEY_B, TAG, PAYLOAD };

static size_t words_of(const struct hwi_cache *c)
{
	return PAYLOAD + c->payload / 8;
}

/* The oldest entry of a cache; the caches end the state, each behind its count. */
static unsigned char *entry_of(struct hwi_unit *unit, const struct blob *s, unsigned int cache)
{
	size_t at = s->n;

	for (unsigned int n = SMMU_CACHES; n-- > cache;) {
		const struct hwi_cache *c = smmu_cache(to_smmu(unit), n);

		at -= 8 + 8 * c->used * words_of(c);
	}
	assert_int_equal(hwi_ld64(s->p + at), smmu_cache(to_smmu(unit), cache)->used);
	assert_true(hwi_ld64(s->p + at) > 0);
	return s->p + at + 8;
}

struct change {
	const char *what;
	enum smmu_cache_id cache;
	unsigned int word;
	uint64_t clear, flip;
};

/* What one changed word of one entry is answered by; a state that is taken is what it was. */
static enum hwi_status restore_changed(struct smmu_bench *b, struct blob *s, unsigned char *at,
				       const struct change *c)
{
	uint64_t was = hwi_ld64(at + 8 * c->word);
	enum hwi_status res;

	hwi_st64(at + 8 * c->word, (was & ~c->clear) ^ c->flip);
	res = hwi_restore(b->unit, s->p, s->n);
	if (res == HWI_OK) {
		struct blob t = save(b->unit);

		assert_int_equal(t.n, s->n);
		assert_memory_equal(t.p, s->p, s->n);
		free(t.p);
	} else {
		/* Refused: reset. */
		assert_int_equal(sb_read(b, SMMU_REG_CR0), 0);
	}
	hwi_st64(at + 8 * c->word, was);
	return res;
}

static void check(struct smmu_bench *b, const struct change *c, size_t count,
		  enum hwi_status want)
{
	struct blob s;

	fill_caches(b);
	s = save(b->unit);
	for (size_t i = 0; i < count; i++) {
		unsigned char *at;
		enum hwi_status got;

		assert_int_equal(hwi_restore(b->unit, s.p, s.n), HWI_OK);
		at = entry_of(b->unit, &s, c[i].cache);
		got = restore_changed(b, &s, at, &c[i]);
		if (got != want)
			fail_msg("%s: %s", c[i].what, hwi_strerror(got));
	}
	free(s.p);
}

#define CHECK(b, c, want) check(b, c, sizeof(c) / sizeof((c)[0]), want)
#define LEVEL HWI_MASK64(2, 0)
#define GRANULE(log2) HWI_PUT(SMMU_WALK_GRANULE, log2)

/* Tags are what invalidations go by: an entry with another one than its key's would outlive them. */
static void tags_are_those_of_the_keys(void **state)
{
	static const struct change c[] = {
		{ "L1STD, tag", SMMU_CACHE_L1STD, TAG, 0, 1 },
		{ "L1STD, StreamID", SMMU_CACHE_L1STD, KEY_A, 0, 8 },
		{ "STE, tag", SMMU_CACHE_STE, TAG, 0, 1 },
		{ "STE, StreamID", SMMU_CACHE_STE, KEY_A, 0, HWI_BIT64(35) },
		{ "L1CD, tag", SMMU_CACHE_L1CD, TAG, 0, 1 },
		{ "CD, tag", SMMU_CACHE_CD, TAG, 0, HWI_BIT64(31) },
		{ "CD, StreamID", SMMU_CACHE_CD, KEY_A, 0, 8 },
		{ "TLB, tag", SMMU_CACHE_TLB, TAG, 0, 1 },
		{ "TLB, ASID", SMMU_CACHE_TLB, KEY_B, 0, 1 },
		{ "TLB, VMID", SMMU_CACHE_TLB, KEY_B, 0, HWI_BIT64(16) },
		{ "stage 1 table, tag", SMMU_CACHE_WALK_S1, TAG, 0, 1 },
		{ "stage 1 table, ASID", SMMU_CACHE_WALK_S1, KEY_B, 0, 1 },
		{ "stage 2 table, tag", SMMU_CACHE_WALK_S2, TAG, 0, 1 },
		{ "stage 2 table, VMID", SMMU_CACHE_WALK_S2, KEY_B, 0, 1 },
		{ "IPA, tag", SMMU_CACHE_IPA, TAG, 0, 1 },
		{ "IPA, VMID", SMMU_CACHE_IPA, KEY_B, 0, 1 },
	};

	CHECK(*state, c, HWI_ESTATE);
}

/* Shifts and offsets are made of these. */
static void shapes_that_cannot_be(void **state)
{
	static const struct change c[] = {
		{ "L1STD, SPLIT", SMMU_CACHE_L1STD, KEY_B, HWI_ALL64, 32 },
		{ "TLB, output", SMMU_CACHE_TLB, PAYLOAD, 0, HWI_BIT64(11) },
		{ "TLB, IPA", SMMU_CACHE_TLB, PAYLOAD + 1, 0, 1 },
		{ "TLB, a leaf smaller than its part", SMMU_CACHE_TLB, PAYLOAD + 2, SMMU_T_LEAF,
		  HWI_PUT(SMMU_T_LEAF, 11) },
		{ "stage 1 table, level 1", SMMU_CACHE_WALK_S1, KEY_A, LEVEL, 1 },
		{ "stage 1 table, level 5", SMMU_CACHE_WALK_S1, KEY_A, LEVEL, 5 },
		{ "stage 1 table, no granule", SMMU_CACHE_WALK_S1, KEY_B, GRANULE(31), 0 },
		{ "stage 1 table, granule 13", SMMU_CACHE_WALK_S1, KEY_B, GRANULE(31), GRANULE(13) },
		{ "stage 1 table, place", SMMU_CACHE_WALK_S1, PAYLOAD, 0, HWI_BIT64(3) },
		{ "stage 1 table, IPA", SMMU_CACHE_WALK_S1, PAYLOAD + 1, 0, HWI_BIT64(11) },
		{ "stage 2 table, level 0", SMMU_CACHE_WALK_S2, KEY_A, LEVEL, 0 },
		{ "stage 2 table, level 7", SMMU_CACHE_WALK_S2, KEY_A, LEVEL, 7 },
		{ "stage 2 table, granule 20", SMMU_CACHE_WALK_S2, KEY_B, GRANULE(31), GRANULE(20) },
		{ "stage 2 table, place", SMMU_CACHE_WALK_S2, PAYLOAD, 0, HWI_BIT64(11) },
		{ "IPA, output", SMMU_CACHE_IPA, PAYLOAD, 0, 1 },
	};

	CHECK(*state, c, HWI_ESTATE);
}

/* Configuration may be anything that memory can hold; tables may be of each granule and level. */
static void what_could_be_is_taken(void **state)
{
	static const struct change c[] = {
		{ "nothing", SMMU_CACHE_STE, PAYLOAD, 0, 0 },
		{ "L1STD", SMMU_CACHE_L1STD, PAYLOAD, 0, HWI_ALL64 },
		{ "L1STD, SPLIT", SMMU_CACHE_L1STD, KEY_B, HWI_ALL64, 10 },
		{ "STE", SMMU_CACHE_STE, PAYLOAD + 1, 0, HWI_ALL64 },
		{ "L1CD", SMMU_CACHE_L1CD, PAYLOAD, 0, HWI_ALL64 },
		{ "CD", SMMU_CACHE_CD, PAYLOAD, 0, HWI_ALL64 },
		{ "TLB, output", SMMU_CACHE_TLB, PAYLOAD, 0, HWI_BIT64(12) },
		{ "TLB, leaf of 1 GiB", SMMU_CACHE_TLB, PAYLOAD + 2, SMMU_T_LEAF,
		  HWI_PUT(SMMU_T_LEAF, 30) },
		{ "stage 1 table, 16K", SMMU_CACHE_WALK_S1, KEY_B, GRANULE(31), GRANULE(14) },
		{ "stage 1 table, 64K", SMMU_CACHE_WALK_S1, KEY_B, GRANULE(31), GRANULE(16) },
		{ "stage 2 table, level 4", SMMU_CACHE_WALK_S2, KEY_A, LEVEL, 4 },
		{ "stage 2 table, 64K", SMMU_CACHE_WALK_S2, KEY_B, GRANULE(31), GRANULE(16) },
		{ "IPA, output", SMMU_CACHE_IPA, PAYLOAD, 0, HWI_BIT64(12) },
	};

	CHECK(*state, c, HWI_OK);
}

/* The fourth StreamWorld value is no regime, with whatever tag. */
static void a_regime_that_is_none(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_cache_key key;
	unsigned char *at;
	struct blob s;

	fill_caches(b);
	s = save(b->unit);
	at = entry_of(b->unit, &s, SMMU_CACHE_TLB);
	key.a = hwi_ld64(at);
	key.b = hwi_ld64(at + 8);
	for (uint64_t regime = SMMU_REGIME_EL1; regime <= 3; regime++) {
		key.a = HWI_SET(SMMU_TLB_KEY_REGIME, key.a, regime);
		hwi_st64(at, key.a);
		hwi_st64(at + 16, smmu_tlb_tag(key));
		assert_int_equal(hwi_restore(b->unit, s.p, s.n), regime < 3 ? HWI_OK : HWI_ESTATE);
	}
	free(s.p);
}

/* ---- units that have less ---- */

/* No PRI, no messages, no stalls. */
static struct smmu_control *small(struct smmu_bench *b)
{
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_PRI | SMMU_IDR0_MSI);
	cfg.idr0 = (uint32_t)HWI_SET(SMMU_IDR0_STALL_MODEL, cfg.idr0, SMMU_STALL_MODEL_NONE);
	cfg.idr1 &= ~SMMU_IDR1_PRIQS;
	cfg.idr5 &= ~SMMU_IDR5_STALL_MAX;
	sb_remake(b, &cfg);
	return to_smmu(b->unit)->ctl;
}

static enum hwi_status again(struct smmu_bench *b)
{
	struct blob s = save(b->unit);
	enum hwi_status res = hwi_restore(b->unit, s.p, s.n);

	free(s.p);
	return res;
}

/* Either half of a register that is not there, and all else that this unit cannot have. */
/* covers: REG_PRIQ_BASE REG_PRIQ_PROD REG_PRIQ_IRQ_CFG0 REG_GERROR_IRQ_CFG0 */
static void features_that_a_unit_does_not_have(void **state)
{
	struct smmu_bench *b = *state;
	struct smmu_control *c = small(b);

	assert_int_equal(again(b), HWI_OK);
	c->regs.priq.base = 5;
	assert_int_equal(again(b), HWI_ESTATE);
	c->regs.priq.base = HWI_BIT64(40);
	assert_int_equal(again(b), HWI_ESTATE);
	c->regs.priq.prod = 1;
	assert_int_equal(again(b), HWI_ESTATE);
	c->regs.priq.irq.addr = HWI_BIT64(33);
	assert_int_equal(again(b), HWI_ESTATE);
	c->regs.gerror_irq.addr = HWI_BIT64(33);
	assert_int_equal(again(b), HWI_ESTATE);
	c->regs.gerror_irq.data = 1;
	assert_int_equal(again(b), HWI_ESTATE);
	c->regs.cr0 = SMMU_CR0_PRIQEN;
	assert_int_equal(again(b), HWI_ESTATE);
	c->stall_next = 1;
	assert_int_equal(again(b), HWI_ESTATE);
	c->held = true;
	assert_int_equal(again(b), HWI_ESTATE);
	c->cmdqv_turn = true;
	assert_int_equal(again(b), HWI_ESTATE);
	assert_int_equal(again(b), HWI_OK); /* each of them was gone with the refusal */
}

/* Requests under way are of a queue that there is; a completion more would end one with 8. */
static void requests_under_way(void **state)
{
	struct smmu_bench *b = *state;
	struct smmu_control *c = small(b);

	c->itag[3] = (struct smmu_itag){ .busy = true, .completions = 7, .sid = 9 };
	assert_int_equal(again(b), HWI_OK);
	assert_int_equal(hwi_ats_outstanding(b->unit), HWI_BIT32(3));
	hwi_ats_complete(b->unit, 9, HWI_BIT32(3), 0);
	assert_int_equal(hwi_ats_outstanding(b->unit), 0);
	c->itag[3] = (struct smmu_itag){ .busy = true, .completions = 8, .sid = 9 };
	assert_int_equal(again(b), HWI_ESTATE);
	c->itag[3] = (struct smmu_itag){ .busy = true, .queue = 1 };
	assert_int_equal(again(b), HWI_ESTATE);
	c->itag[3] = (struct smmu_itag){ .sid = 9 };
	assert_int_equal(again(b), HWI_ESTATE);
}

/* Stalls come with the state even to a machine that holds no requests: they end, and nobody is told. */
/* covers: REG_CR0 REG_IDR5 */
static void stalls_on_a_machine_that_cannot_hold(void **state)
{
	const struct smmu_event ev = { .code = SMMU_EVT_F_TRANSLATION, .sid = 7,
				       .ssid = HWI_PASID_NONE, .class = SMMU_EV_CLASS_IN };
	struct smmu_bench *b = *state;
	struct hwi_host_ops ops = b->ops;
	struct hwi_unit *other = NULL;
	struct blob s;

	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(smmu_event_stall(to_smmu(b->unit), &ev), i);
	s = save(b->unit);
	ops.resume = NULL;
	assert_int_equal(hwi_smmuv3_create(&b->cfg, &ops, b, &other), HWI_OK);
	assert_int_equal(hwi_restore(other, s.p, s.n), HWI_OK);
	assert_int_equal(to_smmu(other)->ctl->stalled, 5);
	hwi_mmio_write(other, SMMU_REG_CR0, 4, 0);
	assert_int_equal(to_smmu(other)->ctl->stalled, 0);
	assert_int_equal(b->resumes, 0);
	hwi_destroy(other);
	/* On its own machine each is told. */
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	assert_int_equal(b->resumes, 5);
	free(s.p);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tags_are_those_of_the_keys),
		TEST(shapes_that_cannot_be),
		TEST(what_could_be_is_taken),
		TEST(a_regime_that_is_none),
		TEST(features_that_a_unit_does_not_have),
		TEST(requests_under_way),
		TEST(stalls_on_a_machine_that_cannot_hold),
	};

	return cmocka_run_group_tests_name("smmu_state_entries", tests, NULL, NULL);
}

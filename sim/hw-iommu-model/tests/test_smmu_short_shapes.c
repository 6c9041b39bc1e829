/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The short way through plain tables (see test_smmu_short_walk.c), by the shape of what it
 * goes through: roots of every size, both halves of stage 1, tables in any view of memory,
 * walk caches and TLBs of which some are off or small, leaves of every kind. Whatever the
 * machine lets the unit read by plain loads, the answers, records and marks in memory are
 * those of a unit that has to ask for each word; what is good goes where it is mapped.
 */
#define _GNU_SOURCE /* open_memstream() */
#include "smmu_world.h"

#include "hwiommu/record.h"

#define HIGH UINT64_C(0xffff000000000000) /* TTB1's half */
#define NEXT (SW_IN + 0x1000)		  /* a neighbour, which shares all tables */

struct shape {
	struct sw w;
	uint64_t in;	/* address that the mapping is asked for by */
	bool refused;	/* and nothing is there */
	uint64_t first; /* of what is made for the stream */
	uint64_t leaf1, leaf2, above; /* where stage 1's leaf, stage 2's, and a level 2 entry are */
};

/* ---- shapes ---- */

static uint64_t next_table(const struct smmu_bench *b, uint64_t at)
{
	return sb_r64(b, at) & VMSA_DESC_ADDR(12);
}

static void complete(struct shape *s)
{
	struct sw *w = &s->w;

	if (w->g1)
		sw_map_s1(w, NEXT, w->g2 ? SW_IPA : SW_OUT, 3, SW_S1_LEAF);
	else
		sw_map_s2(w, NEXT, SW_OUT, 3, SW_S2_LEAF);
	s->leaf1 = w->g1 ? sw_s1_at(w, SW_IN, 3) : 0;
	s->leaf2 = w->g2 ? sw_s2_at(w, w->g1 ? SW_IPA : SW_IN, 3) : 0;
	s->above = w->g1 ? sw_s1_at(w, SW_IN, 2) : sw_s2_at(w, SW_IN, 2);
}

/* 39 bits: the root is a level 1 table. 31: of two entries, 64 bytes into a page. */
static void smaller_root(struct sw *w, unsigned int t0sz)
{
	uint64_t root = next_table(w->b, sw_s1_at(w, SW_IN, 0)) - w->guest;

	if (t0sz == 33) {
		uint64_t small = w->s1_root + 0x40;

		for (unsigned int i = 0; i < 2; i++)
			sb_w64(w->b, small + 8 * i, sb_r64(w->b, root + 8 * i));
		root = small;
	}
	w->s1_root = root;
	w->t0sz = t0sz;
	SW_CD_FIELD(w, 0, SMMU_CD0_T0SZ, t0sz);
	sw_cd(w, 1, root + w->guest, SMMU_CD1_TTB0);
}

/* Stage 2's root of two level 1 tables side by side; the mapping is in the second, too. */
static void concatenated(struct sw *w, uint64_t ipa)
{
	uint64_t pair = sb_alloc_aligned(w->b, 8192), table = next_table(w->b, sw_s2_at(w, ipa, 0));

	for (unsigned int i = 0; i < 512; i++) {
		uint64_t desc = sb_r64(w->b, table + 8 * (uint64_t)i);

		sb_w64(w->b, pair + 8 * (uint64_t)i, desc);
		sb_w64(w->b, pair + 4096 + 8 * (uint64_t)i, desc);
	}
	w->s2_root = pair;
	SW_STE_FIELD(w, 2, SMMU_STE2_S2SL0, VMSA_SL_4K_L1);
	sw_ste(w, 3, pair, SMMU_STE3_S2TTB);
}

static void s1_48(struct shape *s, struct smmu_bench *b)
{
	sw_s1(&s->w, b, VMSA_SHIFT_4K);
	complete(s);
}

static void s1_39(struct shape *s, struct smmu_bench *b)
{
	s1_48(s, b);
	smaller_root(&s->w, 25);
}

static void s1_31(struct shape *s, struct smmu_bench *b)
{
	s1_48(s, b);
	smaller_root(&s->w, 33);
}

/* Both halves by the same tables. */
static void s1_high(struct shape *s, struct smmu_bench *b)
{
	s1_48(s, b);
	sw_cd(&s->w, 0, HWI_PUT(SMMU_CD0_T1SZ, 16) | HWI_PUT(SMMU_CD0_TG1, SMMU_TG1_4K),
	      SMMU_CD0_EPD1);
	sw_cd(&s->w, 2, s->w.s1_root, 0);
	s->in |= HIGH;
}

/* TTB0's half is off. */
static void s1_only_high(struct shape *s, struct smmu_bench *b)
{
	s1_high(s, b);
	sw_cd(&s->w, 0, SMMU_CD0_EPD0, 0);
}

/* What follows a root in its page looks like more of it. */
static void surround(const struct sw *w)
{
	for (uint64_t a = w->s2_root; a < (w->s2_root | 4095); a += 8)
		sb_w64(w->b, a, sb_r64(w->b, w->s2_root));
}

static void s2_40(struct shape *s, struct smmu_bench *b)
{
	sw_s2(&s->w, b, VMSA_SHIFT_4K);
	surround(&s->w);
	complete(s);
}

static void s2_concatenated(struct shape *s, struct smmu_bench *b)
{
	s2_40(s, b);
	concatenated(&s->w, SW_IN);
	s->in |= HWI_BIT64(39);
}

static void s2_fwb(struct shape *s, struct smmu_bench *b)
{
	s2_40(s, b);
	sw_ste(&s->w, 1, SMMU_STE1_S2FWB, 0);
	sw_set(&s->w, s->leaf2,
	       HWI_PUT(VMSA_S2_MEMATTR, VMSA_S2_FWB_WB), VMSA_S2_MEMATTR);
}

static void nested_48(struct shape *s, struct smmu_bench *b)
{
	sw_nested(&s->w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	surround(&s->w);
	complete(s);
}

static void nested_high(struct shape *s, struct smmu_bench *b)
{
	nested_48(s, b);
	sw_cd(&s->w, 0, HWI_PUT(SMMU_CD0_T1SZ, 16) | HWI_PUT(SMMU_CD0_TG1, SMMU_TG1_4K),
	      SMMU_CD0_EPD1);
	sw_cd(&s->w, 2, s->w.s1_root + s->w.guest, 0);
	s->in |= HIGH;
}

static void nested_39(struct shape *s, struct smmu_bench *b)
{
	nested_48(s, b);
	smaller_root(&s->w, 25);
}

static void nested_concatenated(struct shape *s, struct smmu_bench *b)
{
	nested_48(s, b);
	concatenated(&s->w, SW_IPA);
}

static void nested_fwb(struct shape *s, struct smmu_bench *b)
{
	nested_48(s, b);
	sw_ste(&s->w, 1, SMMU_STE1_S2FWB, 0);
	sw_set(&s->w, s->leaf2,
	       HWI_PUT(VMSA_S2_MEMATTR, VMSA_S2_FWB_WB), VMSA_S2_MEMATTR);
}

/* Stage 1's last table stands on a Device page, which S2PTW refuses. */
static void nested_ptw(struct shape *s, struct smmu_bench *b)
{
	uint64_t table;

	nested_48(s, b);
	table = (s->leaf1 & ~UINT64_C(4095)) + s->w.guest;
	sw_ste(&s->w, 2, SMMU_STE2_S2PTW, 0);
	sw_set(&s->w, sw_s2_at(&s->w, table, 3), 0, VMSA_S2_MEMATTR);
	s->refused = true;
}

/* ---- units ---- */

struct variant {
	const char *what;
	uint32_t tlb, walk_s1, walk_s2, ipa;
};

#define NO HWI_SMMUV3_CACHE_NONE

static const struct variant variants[] = {
	{ "all caches", SB_CACHE, SB_CACHE, SB_CACHE, SB_CACHE },
	{ "no walk caches", SB_CACHE, NO, NO, NO },
	{ "no walk caches, one TLB entry", 1, NO, NO, NO },
	{ "one entry each", 1, 1, 1, 1 },
	{ "no cache", NO, NO, NO, NO },
	{ "no stage 1 walk cache", SB_CACHE, NO, SB_CACHE, SB_CACHE },
	{ "stage 2 walk cache alone", SB_CACHE, NO, SB_CACHE, NO },
	{ "IPA cache alone", SB_CACHE, NO, NO, SB_CACHE },
};
#define VARIANTS (sizeof(variants) / sizeof(variants[0]))

static void unit(struct smmu_bench *b, const struct variant *v)
{
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.caches.tlb = v->tlb;
	cfg.caches.walk_s1 = v->walk_s1;
	cfg.caches.walk_s2 = v->walk_s2;
	cfg.caches.ipa = v->ipa;
	sb_remake(b, &cfg);
	sb_start(b);
}

/* ---- views ---- */

/* All memory, in two views that meet at @border; the one in which the border is comes first. */
static void see(struct smmu_bench *b, uint64_t border, bool upper_first)
{
	struct hwi_ram low = { .base = hwi_hpa(0), .size = border, .host = b->mem };
	struct hwi_ram high = { .base = hwi_hpa(border), .size = SB_MEM - border,
				.host = b->mem + border };
	struct hwi_ram ram[2] = { upper_first ? high : low, upper_first ? low : high };

	assert_int_equal(hwi_set_ram(b->unit, ram, 2), HWI_OK);
}

static void see_nothing(struct smmu_bench *b)
{
	assert_int_equal(hwi_set_ram(b->unit, NULL, 0), HWI_OK);
}

/* All memory but the page at @hole. */
static void see_but(struct smmu_bench *b, uint64_t hole)
{
	uint64_t after = hole + 4096;
	const struct hwi_ram ram[] = {
		{ .base = hwi_hpa(0), .size = hole, .host = b->mem },
		{ .base = hwi_hpa(after), .size = SB_MEM - after, .host = b->mem + after },
	};

	assert_int_equal(hwi_set_ram(b->unit, ram, 2), HWI_OK);
}

/* ---- what is asked ---- */

#define ASKS 14u

struct outcome {
	struct hwi_response resp[ASKS];
	uint64_t rec[ASKS][4];
	uint64_t sum; /* of memory */
	uint64_t loads;
};

static void ask_all(struct shape *s, struct outcome *o)
{
	static const unsigned int access[] = {
		HWI_READ, HWI_READ, HWI_WRITE, HWI_WRITE, HWI_ATOMIC, HWI_READ | HWI_ZLR,
		HWI_READ | HWI_EXEC, HWI_READ | HWI_PRIV, HWI_WRITE | HWI_PRIV,
	};
	const uint64_t addr[] = { NEXT, s->in + 0x800, s->in ^ HIGH,
				  s->in | HWI_BIT64(46), s->in };
	struct smmu_bench *b = s->w.b;
	uint64_t loads = hwi_stat_get(b->unit, HWI_STAT_TABLE_LOADS);
	unsigned int n = 0;

	for (unsigned int i = 0; i < ASKS; i++, n++) {
		uint64_t where = i < 9 ? s->in + 8 : addr[i - 9];
		unsigned int how = i < 9 ? access[i] : HWI_READ;

		o->resp[n] = sb_dma(b, SW_SID, HWI_PASID_NONE, where, how);
		(void)sb_event(b, o->rec[n]);
		assert_false(sb_events(b));
	}
	o->loads = hwi_stat_get(b->unit, HWI_STAT_TABLE_LOADS) - loads;
	for (uint64_t a = s->first; a < b->next_page; a += 8)
		o->sum = o->sum * 31 + sb_r64(b, a);
}

static bool same(const struct hwi_response *x, const struct hwi_response *y)
{
	if (x->outcome != y->outcome || x->fault != y->fault || x->rights != y->rights ||
	    x->snooped != y->snooped || x->recorded != y->recorded)
		return false;
	return x->outcome != HWI_SUCCESS || (x->span_log2 == y->span_log2 &&
					     hwi_hpa_val(x->addr) == hwi_hpa_val(y->addr));
}

static void compare(const struct outcome *full, const struct outcome *o, const char *what)
{
	for (unsigned int i = 0; i < ASKS; i++) {
		if (!same(&full->resp[i], &o->resp[i]) ||
		    memcmp(full->rec[i], o->rec[i], sizeof(o->rec[i])))
			fail_msg("%s: ask %u differs", what, i);
	}
	if (full->sum != o->sum)
		fail_msg("%s: memory differs", what);
	if (full->loads != o->loads)
		fail_msg("%s: %u loads, not %u", what, (unsigned int)o->loads,
			 (unsigned int)full->loads);
}

/* From what is in memory now, which is put back; with caches that are empty. */
static void from_here(struct shape *s, struct outcome *o)
{
	struct smmu_bench *b = s->w.b;
	size_t used = b->next_page;
	unsigned char *saved = malloc(used);

	assert_non_null(saved);
	memcpy(saved, b->mem, used);
	memset(o, 0, sizeof(*o));
	sb_invalidate_all(b);
	ask_all(s, o);
	/* Queues go on; what they were filled with does not matter. */
	memcpy(b->mem, saved, used);
	free(saved);
}

/* Every page in use as the border between two views, either first, and as a hole in one. */
static void all_views(struct shape *s, const char *what, bool good)
{
	struct smmu_bench *b = s->w.b;
	struct outcome full, o;

	see_nothing(b);
	from_here(s, &full);
	if (good) {
		assert_int_equal(full.resp[0].outcome, HWI_SUCCESS);
		assert_int_equal(hwi_hpa_val(full.resp[0].addr), SW_OUT + 8);
		assert_int_equal(hwi_hpa_val(full.resp[10].addr), SW_OUT + 0x800);
	}
	for (uint64_t border = 4096; border <= b->next_page; border += 4096) {
		for (unsigned int first = 0; first < 2; first++) {
			see(b, border, first);
			from_here(s, &o);
			compare(&full, &o, what);
		}
		see_but(b, border);
		from_here(s, &o);
		compare(&full, &o, what);
	}
	see_nothing(b);
}

/* ---- leaves ---- */

static void leaves(struct shape *s, const char *what)
{
	static const struct {
		uint64_t set, clear;
	} s1[] = {
		{ VMSA_S1_AP_RO, 0 },	  { 0, VMSA_S1_AP_UNPRIV }, { VMSA_S1_UXN, 0 },
		{ VMSA_S1_PXN, 0 },	  { 0, VMSA_S1_NG },	    { 0, VMSA_DESC_AF },
		{ 0, VMSA_DESC_VALID },	  { VMSA_DESC_DBM | VMSA_S1_AP_RO, 0 },
		{ HWI_BIT64(41), 0 }, /* nested: an IPA beyond what stage 2 knows */
	}, s2[] = {
		{ 0, VMSA_S2_S2AP_W },	  { 0, VMSA_S2_S2AP_R },    { VMSA_S2_XN_1, 0 },
		{ VMSA_S2_XN, 0 },	  { 0, VMSA_DESC_AF },	    { 0, VMSA_DESC_VALID },
		{ VMSA_DESC_DBM, VMSA_S2_S2AP_W },
		{ HWI_PUT(VMSA_S2_MEMATTR, VMSA_S2_FWB_WB), VMSA_S2_MEMATTR },
	};
	for (unsigned int i = 0; s->leaf1 && i < sizeof(s1) / sizeof(s1[0]); i++) {
		uint64_t was = sb_r64(s->w.b, s->leaf1);

		sw_set(&s->w, s->leaf1, s1[i].set, s1[i].clear);
		all_views(s, what, false);
		sb_w64(s->w.b, s->leaf1, was);
	}
	for (unsigned int i = 0; s->leaf2 && i < sizeof(s2) / sizeof(s2[0]); i++) {
		uint64_t was = sb_r64(s->w.b, s->leaf2);

		sw_set(&s->w, s->leaf2, s2[i].set, s2[i].clear);
		all_views(s, what, false);
		sb_w64(s->w.b, s->leaf2, was);
	}
}

/* Limits that a table of stage 1 sets for all below it. */
static void limits(struct shape *s, const char *what)
{
	static const uint64_t tables[] = { VMSA_S1_TABLE_AP_NO_WRITE, VMSA_S1_TABLE_AP_NO_UNPRIV,
					   VMSA_S1_TABLE_UXN, VMSA_S1_TABLE_PXN };
	uint64_t was = sb_r64(s->w.b, s->above);

	for (unsigned int i = 0; s->leaf1 && i < sizeof(tables) / sizeof(tables[0]); i++) {
		sb_w64(s->w.b, s->above, was | tables[i]);
		all_views(s, what, false);
	}
	sb_w64(s->w.b, s->above, was);
}

/* The neighbour is part of a block of 2 MiB: it and the page are looked up by size. */
static void with_a_block(struct shape *s, const char *what)
{
	uint64_t was = sb_r64(s->w.b, s->above), bits = s->w.g1 ? SW_S1_LEAF : SW_S2_LEAF;

	sb_w64(s->w.b, s->above, (bits & ~VMSA_DESC_TYPE) | VMSA_TYPE_BLOCK | 0x600000);
	all_views(s, what, false);
	sb_w64(s->w.b, s->above, was);
}

/* ---- the tests ---- */

static void shape(struct smmu_bench *b, void (*make)(struct shape *, struct smmu_bench *))
{
	for (unsigned int i = 0; i < VARIANTS; i++) {
		struct shape s = { .in = SW_IN };

		sb_fini(b);
		sb_init(b, NULL);
		unit(b, &variants[i]);
		s.first = b->next_page;
		make(&s, b);
		all_views(&s, variants[i].what, !s.refused);
		with_a_block(&s, variants[i].what);
		if (i < 2)
			leaves(&s, variants[i].what);
		limits(&s, variants[i].what);
	}
}

#define SHAPES(X) \
	X(s1_48) X(s1_39) X(s1_31) X(s1_high) X(s1_only_high) X(s2_40) X(s2_concatenated) \
	X(s2_fwb) X(nested_48) X(nested_high) X(nested_39) X(nested_concatenated) X(nested_fwb) \
	X(nested_ptw)

#define TEST(name) \
	static void shape_##name(void **state) \
	{ \
		shape(*state, name); \
	}
SHAPES(TEST)

/*
 * What a TLB holds answers until it is invalidated, be it of another size, or of no ASID:
 * also where the tables now lead to a plain page (§3.21).
 */
static void stale(struct smmu_bench *b, uint64_t desc, bool block, uint64_t out)
{
	struct shape s = { .in = SW_IN };
	uint64_t at, was;

	unit(b, &variants[1]);
	s1_48(&s, b);
	see(b, 4096, true);
	at = block ? s.above : s.leaf1;
	was = sb_r64(b, at);
	sb_w64(b, at, desc);
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, SW_IN + 8, HWI_READ, out + 8);
	sb_w64(b, at, was);
	/* Another ASID's pages go, and the unit looks this one up anew. */
	sb_do(b,
	      SMMU_CMD_TLBI_NH_ASID | HWI_PUT(SMMU_CMD0_VMID, 0) |
		      HWI_PUT(SMMU_CMD0_ASID, SW_ASID + 1),
	      0);
	sw_expect(b, SW_SID, SW_IN + 8, HWI_READ, out + 8);
	sw_expect(b, SW_SID, SW_IN + 16, HWI_WRITE, out + 16);
	sb_invalidate_all(b);
	sw_expect(b, SW_SID, SW_IN + 8, HWI_READ, SW_OUT + 8);
}

static void a_stale_block_answers(void **state)
{
	/* SW_IN is 64 KiB into its 2 MiB. */
	stale(*state, (SW_S1_LEAF & ~VMSA_DESC_TYPE) | VMSA_TYPE_BLOCK | 0x400000, true, 0x410000);
}

static void a_stale_global_page_answers(void **state)
{
	stale(*state, (SW_S1_LEAF & ~VMSA_S1_NG) | 0x410000, false, 0x410000);
}

/* A recording asks for each answer: none is taken from a shortcut, each is in the record. */
static void a_recorded_unit_takes_no_shortcut(void **state)
{
	struct shape s = { .in = SW_IN };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	unsigned int asked = 0;

	assert_non_null(out);
	s1_48(&s, *state);
	see(s.w.b, 4096, true);
	assert_int_equal(hwi_record_start(s.w.b->unit, out), HWI_OK);
	sb_invalidate_all(s.w.b);
	for (unsigned int i = 0; i < 4; i++)
		sw_ok(&s.w);
	hwi_record_stop(s.w.b->unit);
	assert_int_equal(fclose(out), 0);
	for (const char *p = text; (p = strstr(p, "\nt ")); p++)
		asked++;
	assert_int_equal(asked, 4);
	free(text);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(shape_##name, sb_setup_started, sb_teardown),
	const struct CMUnitTest tests[] = {
		SHAPES(T)
		cmocka_unit_test_setup_teardown(a_stale_block_answers, sb_setup_started,
						sb_teardown),
		cmocka_unit_test_setup_teardown(a_stale_global_page_answers, sb_setup_started,
						sb_teardown),
		cmocka_unit_test_setup_teardown(a_recorded_unit_takes_no_shortcut,
						sb_setup_started, sb_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

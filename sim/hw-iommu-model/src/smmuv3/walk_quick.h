/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The usual walk in the fewest instructions: every descriptor plain (see
 * hwi_pt_is_plain()), the tables in memory that is read by plain loads, and nothing to be
 * filled but the TLB. What is not so is left to the walk in full.
 */
#ifndef HWI_SMMUV3_WALK_QUICK_H
#define HWI_SMMUV3_WALK_QUICK_H

#include "walk_s1.h"

/**
 * struct smmu_quick - a page that was found so
 * @out: host address of the page
 * @ipa: its intermediate address
 * @flags: as in the TLB; 0: this is no such case, or, if @out is HWI_PT_FAR, one for
 *	smmu_quick_other()
 */
struct smmu_quick {
	uint64_t out, ipa, flags;
};

/**
 * struct smmu_quick_start - where a quick walk begins
 * @level: of the first entry; 0: not here
 * @at: its address
 */
struct smmu_quick_start {
	unsigned int level;
	uint64_t at;
};

/*
 * At the root if there is no walk cache, else at the level 1 table if the cache knows
 * it, and stage 1 all rights there and its host address.
 */
HWI_ALWAYS_INLINE struct smmu_quick_start smmu_quick_s2_start(const struct smmu_unit *s,
							      const struct smmu_path *p,
							      const struct hwi_pt_format *f,
							      uint64_t ipa)
{
	const struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_WALK_S2);
	const struct smmu_stage2 *t = &p->stage2;
	const struct smmu_walk_s2_payload *known;
	const struct hwi_cache_entry *e;

	if (!c->capacity)
		return (struct smmu_quick_start){
			t->top, hwi_pt_first_entry_at(f, t->root, ipa, t->top, true) };
	e = hwi_cache_find(c, (struct hwi_cache_key){ smmu_walk_key(ipa, f->page_log2, 2),
						      smmu_walk_s2_key(p) });
	if (!e)
		return (struct smmu_quick_start){ 0, 0 };
	known = hwi_cache_payload_const(e);
	return (struct smmu_quick_start){ 1, hwi_pt_entry_at(f, known->table, ipa, 1) };
}

HWI_ALWAYS_INLINE struct smmu_quick_start smmu_quick_s1_start(const struct smmu_unit *s,
							      const struct smmu_path *p,
							      const struct smmu_half *h,
							      const struct hwi_pt_format *f,
							      uint64_t va)
{
	const struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_WALK_S1);
	const uint64_t want = SMMU_WALK_HOST | VMSA_S1_RIGHTS;
	const struct smmu_walk_s1_payload *known;
	const struct hwi_cache_entry *e;

	if (!c->capacity)
		return (struct smmu_quick_start){
			h->top, hwi_pt_first_entry_at(f, h->root,
						      va & (UINT64_MAX >> (64 - h->width)),
						      h->top, true) };
	e = hwi_cache_find(c, (struct hwi_cache_key){ smmu_walk_key(va, f->page_log2, 2),
						      smmu_walk_s1_key(p, f->page_log2) });
	if (!e)
		return (struct smmu_quick_start){ 0, 0 };
	known = hwi_cache_payload_const(e);
	if ((known->flags & want) != want)
		return (struct smmu_quick_start){ 0, 0 };
	return (struct smmu_quick_start){ 1, hwi_pt_entry_at(f, known->table, va, 1) };
}

HWI_ALWAYS_INLINE uint64_t smmu_quick_s1_flags(const struct smmu_half *h, uint64_t leaf)
{
	return h->plain_flags[HWI_GET(VMSA_S1_UXN | VMSA_S1_PXN, leaf)];
}

HWI_ALWAYS_INLINE uint64_t smmu_quick_s2_flags(const struct smmu_stage2 *t, uint64_t leaf)
{
	/* Whether it is a Device page matters for tables alone. */
	return t->plain_flags[HWI_GET(VMSA_S2_XN, leaf)];
}

/* What a leaf comes to that stage 1 alone, stage 2 alone found after @loads entries. */
HWI_ALWAYS_INLINE struct smmu_quick smmu_quick_s1_page(struct smmu_unit *s,
						       const struct smmu_half *h, uint64_t leaf,
						       unsigned int loads)
{
	uint64_t page = leaf & vmsa_s1_4k_format.addr;

	if (leaf <= HWI_PT_FAR)
		return (struct smmu_quick){ leaf, 0, 0 };
	s->base.stats[HWI_STAT_TABLE_LOADS] += loads;
	return (struct smmu_quick){
		page, page, smmu_quick_s1_flags(h, leaf) | SMMU_T_S2 | SMMU_T_S2_DIRTY };
}

HWI_ALWAYS_INLINE struct smmu_quick smmu_quick_s2_page(struct smmu_unit *s,
						       const struct smmu_stage2 *t, uint64_t ipa,
						       uint64_t leaf, unsigned int loads)
{
	if (leaf <= HWI_PT_FAR)
		return (struct smmu_quick){ leaf, 0, 0 };
	s->base.stats[HWI_STAT_TABLE_LOADS] += loads;
	return (struct smmu_quick){
		leaf & vmsa_s2_4k_format.addr,
		ipa & ~((UINT64_C(1) << VMSA_SHIFT_4K) - 1),
		smmu_quick_s2_flags(t, leaf) | SMMU_T_S1 | SMMU_T_S1_DIRTY |
			HWI_PUT(SMMU_T_LEAF, VMSA_SHIFT_4K),
	};
}

/* A page by stage 1 alone; TTB1's half is smmu_quick_other()'s. */
HWI_ALWAYS_INLINE struct smmu_quick smmu_quick_s1(struct smmu_unit *s, const struct smmu_path *p,
						  uint64_t va)
{
	const struct hwi_pt_format *f = &vmsa_s1_4k_format;
	const struct smmu_half *h = &p->half[0];
	struct smmu_quick_start at;

	if (h->epd || va >> h->width)
		return (struct smmu_quick){ HWI_PT_FAR, 0, 0 };
	at = smmu_quick_s1_start(s, p, h, f, va);
	return smmu_quick_s1_page(
		s, h, hwi_pt_plain_near(&s->base, f, &h->rules, at.level, at.at, va), at.level);
}

/* The same by stage 2 alone. */
HWI_ALWAYS_INLINE struct smmu_quick smmu_quick_s2(struct smmu_unit *s, const struct smmu_path *p,
						  uint64_t ipa)
{
	const struct hwi_pt_format *f = &vmsa_s2_4k_format;
	const struct smmu_stage2 *t = &p->stage2;
	struct smmu_quick_start at;

	if (ipa >> t->width)
		return (struct smmu_quick){ 0, 0, 0 };
	at = smmu_quick_s2_start(s, p, f, ipa);
	return smmu_quick_s2_page(
		s, t, ipa, hwi_pt_plain_near(&s->base, f, &t->rules, at.level, at.at, ipa),
		at.level);
}

/* What those two leave: tables in any memory, either half, both stages. Never HWI_PT_FAR. */
struct smmu_quick smmu_quick_other(struct smmu_unit *s, const struct smmu_path *p, uint64_t va);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The usual walk with 4 KiB pages, where it is not the most usual: see walk_quick.h. */
#include "walk_quick.h"

static const struct hwi_pt_format *const f1 = &vmsa_s1_4k_format, *const f2 = &vmsa_s2_4k_format;

#define NONE ((struct smmu_quick){ 0, 0, 0 })

static struct smmu_quick other_s1(struct smmu_unit *s, const struct smmu_path *p, uint64_t va)
{
	const struct smmu_half *h = smmu_half_of(p, va);
	struct smmu_quick_start at;

	if (h->epd || !smmu_in_range(h, p, va))
		return NONE;
	at = smmu_quick_s1_start(s, p, h, f1, va);
	if (!at.level)
		return NONE;
	return smmu_quick_s1_page(
		s, h, hwi_pt_plain_far(&s->base, f1, &h->rules, at.level, at.at, va), at.level);
}

static struct smmu_quick other_s2(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa)
{
	const struct smmu_stage2 *t = &p->stage2;
	struct smmu_quick_start at = smmu_quick_s2_start(s, p, f2, ipa);

	/* That it is in range, and that there is a start, was seen to. */
	return smmu_quick_s2_page(
		s, t, ipa, hwi_pt_plain_far(&s->base, f2, &t->rules, at.level, at.at, ipa),
		at.level);
}

static __attribute__((noinline)) uint64_t far_leaf(const struct smmu_unit *s,
						   const struct smmu_path *p,
						   struct smmu_quick_start at, uint64_t ipa)
{
	return hwi_pt_plain_far(&s->base, f2, &p->stage2.rules, at.level, at.at, ipa);
}

/* Stage 2's leaf for an IPA, by what nested walks have; @loads: entries read. */
HWI_ALWAYS_INLINE uint64_t s2_leaf(const struct smmu_unit *s, const struct smmu_path *p,
				   uint64_t ipa, unsigned int *loads)
{
	struct smmu_quick_start at;
	uint64_t leaf;

	if (ipa >> p->stage2.width)
		return 0;
	at = smmu_quick_s2_start(s, p, f2, ipa);
	*loads += at.level;
	leaf = hwi_pt_plain_near(&s->base, f2, &p->stage2.rules, at.level, at.at, ipa);
	return __builtin_expect(leaf == HWI_PT_FAR, 0) ? far_leaf(s, p, at, ipa) : leaf;
}

/* Stage 1's leaf without any cache: each table through stage 2. */
HWI_ALWAYS_INLINE uint64_t nested_leaf(const struct smmu_unit *s, const struct smmu_path *p,
				       const struct smmu_half *h, uint64_t va, unsigned int *loads)
{
	const uint64_t in_page = (UINT64_C(1) << VMSA_SHIFT_4K) - 1;
	struct smmu_quick_start at = smmu_quick_s1_start(s, p, h, f1, va);

	*loads += at.level;
	for (unsigned int level = at.level;; level--) {
		uint64_t page = s2_leaf(s, p, at.at, loads), entry;

		if (!page || !hwi_pt_plain_at(&s->base, &h->rules, level,
					      (page & f2->addr) | (at.at & in_page), &entry))
			return 0;
		if (level == 1)
			return entry;
		at.at = hwi_pt_entry_at(f1, entry & f1->addr, va, level - 1);
	}
}

static struct smmu_quick nested(struct smmu_unit *s, const struct smmu_path *p, uint64_t va)
{
	const struct smmu_half *h = smmu_half_of(p, va);
	unsigned int loads = 0;
	uint64_t leaf, page, ipa;

	if (p->stage2.ptw || h->epd || !smmu_in_range(h, p, va))
		return NONE;
	if (smmu_cache_of(s, SMMU_CACHE_WALK_S1)->capacity) {
		struct smmu_quick_start at = smmu_quick_s1_start(s, p, h, f1, va);

		if (!at.level)
			return NONE;
		loads = 1;
		(void)hwi_pt_plain_at(&s->base, &h->rules, 1, at.at, &leaf);
	} else {
		/* What these two hold would have to be seen to. */
		if (smmu_cache_of(s, SMMU_CACHE_IPA)->capacity ||
		    smmu_cache_of(s, SMMU_CACHE_WALK_S2)->capacity)
			return NONE;
		leaf = nested_leaf(s, p, h, va, &loads);
	}
	if (!leaf)
		return NONE;
	ipa = leaf & f1->addr;
	page = s2_leaf(s, p, ipa, &loads);
	if (!page)
		return NONE;
	s->base.stats[HWI_STAT_TABLE_LOADS] += loads;
	return (struct smmu_quick){
		page & f2->addr,
		ipa,
		smmu_quick_s1_flags(h, leaf) | smmu_quick_s2_flags(&p->stage2, page),
	};
}

struct smmu_quick smmu_quick_other(struct smmu_unit *s, const struct smmu_path *p, uint64_t va)
{
	if (p->quick == SMMU_QUICK_NESTED)
		return nested(s, p, va);
	return p->quick == SMMU_QUICK_S1 ? other_s1(s, p, va) : other_s2(s, p, va);
}

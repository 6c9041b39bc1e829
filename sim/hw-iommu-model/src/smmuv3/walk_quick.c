/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The usual walk with 4 KiB pages: see walk_quick.h. */
#include "walk_quick.h"

HWI_ALWAYS_INLINE struct smmu_quick quick_s1(struct smmu_unit *s, const struct smmu_path *p,
					     uint64_t va, const struct hwi_pt_format *f)
{
	const struct hwi_ram_view near = s->base.ram[0];
	const struct smmu_half *h = smmu_half_of(p, va);
	unsigned int loads = 0;
	uint64_t leaf;

	if (h->epd || !smmu_in_range(h, p, va))
		return SMMU_QUICK_NONE;
	leaf = smmu_quick_s1_leaf(s, p, h, &near, f, va, &loads);
	if (!leaf)
		return SMMU_QUICK_NONE;
	s->base.stats[HWI_STAT_TABLE_LOADS] += loads;
	return (struct smmu_quick){
		leaf & f->addr,
		leaf & f->addr,
		smmu_quick_s1_flags(h, leaf) | SMMU_T_S2 | SMMU_T_S2_DIRTY,
	};
}

HWI_ALWAYS_INLINE struct smmu_quick quick_s2(struct smmu_unit *s, const struct smmu_path *p,
					     uint64_t ipa, const struct hwi_pt_format *f)
{
	const struct hwi_ram_view near = s->base.ram[0];
	unsigned int loads = 0;
	uint64_t leaf = smmu_quick_s2_leaf(s, p, &near, f, ipa, &loads);

	if (!leaf)
		return SMMU_QUICK_NONE;
	s->base.stats[HWI_STAT_TABLE_LOADS] += loads;
	return (struct smmu_quick){
		leaf & f->addr,
		ipa & ~((UINT64_C(1) << f->page_log2) - 1),
		smmu_quick_s2_flags(&p->stage2, leaf) | SMMU_T_S1 | SMMU_T_S1_DIRTY |
			HWI_PUT(SMMU_T_LEAF, f->page_log2),
	};
}

HWI_ALWAYS_INLINE struct smmu_quick quick_nested(struct smmu_unit *s, const struct smmu_path *p,
						 uint64_t va, const struct hwi_pt_format *f1,
						 const struct hwi_pt_format *f2)
{
	const struct hwi_ram_view near = s->base.ram[0];
	const struct smmu_half *h = smmu_half_of(p, va);
	unsigned int loads = 0;
	uint64_t leaf, page, ipa;

	if (h->epd || p->stage2.ptw || !smmu_in_range(h, p, va))
		return SMMU_QUICK_NONE;
	leaf = 0;
	if (smmu_cache_of(s, SMMU_CACHE_WALK_S1)->capacity)
		leaf = smmu_quick_s1_leaf(s, p, h, &near, f1, va, &loads);
	else if (!smmu_cache_of(s, SMMU_CACHE_IPA)->capacity &&
		 !smmu_cache_of(s, SMMU_CACHE_WALK_S2)->capacity)
		leaf = smmu_quick_nested_leaf(s, p, h, &near, f1, f2, va, &loads);
	if (!leaf)
		return SMMU_QUICK_NONE;
	ipa = leaf & f1->addr;
	page = smmu_quick_s2_leaf(s, p, &near, f2, ipa, &loads);
	if (!page)
		return SMMU_QUICK_NONE;
	s->base.stats[HWI_STAT_TABLE_LOADS] += loads;
	return (struct smmu_quick){
		page & f2->addr,
		ipa,
		smmu_quick_s1_flags(h, leaf) | smmu_quick_s2_flags(&p->stage2, page),
	};
}

struct smmu_quick smmu_quick_walk(struct smmu_unit *s, const struct smmu_path *p, uint64_t va)
{
	switch (p->quick) {
	case SMMU_QUICK_S1:
		return quick_s1(s, p, va, &vmsa_s1_4k_format);
	case SMMU_QUICK_S2:
		return quick_s2(s, p, va, &vmsa_s2_4k_format);
	case SMMU_QUICK_NESTED:
		return quick_nested(s, p, va, &vmsa_s1_4k_format, &vmsa_s2_4k_format);
	default:
		return SMMU_QUICK_NONE;
	}
}

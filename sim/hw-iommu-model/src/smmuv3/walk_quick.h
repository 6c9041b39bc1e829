/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The usual walk in the fewest instructions: every descriptor plain (see
 * hwi_pt_plain()), the tables in memory that is read by plain loads, and nothing to be
 * filled but the TLB. What is not so is left to the walk in full.
 */
#ifndef HWI_SMMUV3_WALK_QUICK_H
#define HWI_SMMUV3_WALK_QUICK_H

#include "walk_s1.h"

/**
 * struct smmu_quick - a page that was found so
 * @out: host address of the page
 * @ipa: its intermediate address
 * @flags: as in the TLB; 0: this is no such case
 */
struct smmu_quick {
	uint64_t out, ipa, flags;
};

#define SMMU_QUICK_NONE ((struct smmu_quick){ 0, 0, 0 })

/* The level 1 leaf below a root, without any cache. 0: not plain. */
HWI_ALWAYS_INLINE uint64_t smmu_quick_root(const struct hwi_unit *unit,
					   const struct hwi_ram_view *near,
					   const struct hwi_pt_format *f,
					   const struct hwi_pt_rules *r, unsigned int top,
					   uint64_t root, uint64_t addr)
{
	uint64_t entry;

	if (top < 2 || !hwi_pt_plain_entry(unit, near, r, top,
					   hwi_pt_root_entry_at(f, root, addr, top), &entry))
		return 0;
	return hwi_pt_plain(unit, near, f, r, top - 1, entry, addr);
}

/* Stage 2's leaf for an IPA; @loads: entries read. */
HWI_ALWAYS_INLINE uint64_t smmu_quick_s2_leaf(const struct smmu_unit *s,
					      const struct smmu_path *p,
					      const struct hwi_ram_view *near,
					      const struct hwi_pt_format *f, uint64_t ipa,
					      unsigned int *loads)
{
	const struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_WALK_S2);
	const struct smmu_stage2 *t = &p->stage2;
	const struct smmu_walk_s2_payload *known;
	const struct hwi_cache_entry *e;
	struct hwi_cache_key key;

	if (ipa >> t->width)
		return 0;
	if (!c->capacity) {
		*loads += t->top;
		return smmu_quick_root(&s->base, near, f, &t->rules, t->top, t->root, ipa);
	}
	key.a = smmu_walk_key(ipa, f->page_log2, 2);
	key.b = smmu_walk_s2_key(p);
	e = hwi_cache_find(c, key);
	if (!e)
		return 0;
	known = hwi_cache_payload_const(e);
	*loads += 1;
	return hwi_pt_plain(&s->base, near, f, &t->rules, 1, known->table, ipa);
}

HWI_ALWAYS_INLINE uint64_t smmu_quick_s1_flags(const struct smmu_half *h, uint64_t leaf)
{
	return h->plain_flags[HWI_GET(VMSA_S1_UXN | VMSA_S1_PXN, leaf)];
}

HWI_ALWAYS_INLINE uint64_t smmu_quick_s2_flags(const struct smmu_stage2 *t, uint64_t leaf)
{
	uint64_t flags = t->plain_flags[HWI_GET(VMSA_S2_XN, leaf)];

	/* Whether it is a Device page matters for tables alone. */
	if (t->fwb && (HWI_GET(VMSA_S2_MEMATTR, leaf) & 7) == VMSA_S2_FWB_WB)
		flags |= SMMU_T_SNOOPED;
	return flags;
}

/*
 * Stage 1's leaf where its tables are at host addresses: alone, or because the walk
 * cache has the host address of the last one.
 */
HWI_ALWAYS_INLINE uint64_t smmu_quick_s1_leaf(const struct smmu_unit *s,
					      const struct smmu_path *p,
					      const struct smmu_half *h,
					      const struct hwi_ram_view *near,
					      const struct hwi_pt_format *f, uint64_t va,
					      unsigned int *loads)
{
	const struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_WALK_S1);
	const uint64_t want = SMMU_WALK_HOST | VMSA_S1_RIGHTS;
	const struct smmu_walk_s1_payload *known;
	const struct hwi_cache_entry *e;
	struct hwi_cache_key key;

	if (!c->capacity) {
		*loads += h->top;
		return smmu_quick_root(&s->base, near, f, &h->rules, h->top, h->root,
				       va & (UINT64_MAX >> (64 - h->width)));
	}
	key.a = smmu_walk_key(va, f->page_log2, 2);
	key.b = smmu_walk_s1_key(p, f->page_log2);
	e = hwi_cache_find(c, key);
	if (!e)
		return 0;
	known = hwi_cache_payload_const(e);
	if ((known->flags & want) != want)
		return 0;
	*loads += 1;
	return hwi_pt_plain(&s->base, near, f, &h->rules, 1, known->table, va);
}

/* The same without any cache, nested: each table through stage 2. */
HWI_ALWAYS_INLINE uint64_t smmu_quick_nested_leaf(const struct smmu_unit *s,
						  const struct smmu_path *p,
						  const struct smmu_half *h,
						  const struct hwi_ram_view *near,
						  const struct hwi_pt_format *f1,
						  const struct hwi_pt_format *f2, uint64_t va,
						  unsigned int *loads)
{
	const uint64_t in_page = (UINT64_C(1) << f2->page_log2) - 1;
	uint64_t addr = va & (UINT64_MAX >> (64 - h->width));
	uint64_t at = hwi_pt_root_entry_at(f1, h->root, addr, h->top);

	*loads += h->top;
	for (unsigned int level = h->top;; level--) {
		uint64_t page = smmu_quick_s2_leaf(s, p, near, f2, at, loads), entry;

		if (!page || !hwi_pt_plain_entry(&s->base, near, &h->rules, level,
						 (page & f2->addr) | (at & in_page), &entry))
			return 0;
		if (level == 1)
			return entry;
		at = hwi_pt_entry_at(f1, entry & f1->addr, addr, level - 1);
	}
}

struct smmu_quick smmu_quick_walk(struct smmu_unit *s, const struct smmu_path *p, uint64_t va);

#endif

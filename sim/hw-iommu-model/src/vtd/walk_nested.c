/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Nested translation: PGTT 011b (VT-d 5.10 §3.8). First-stage tables stand at
 * guest physical addresses, so each of their entries is found by a second-stage
 * walk. With SSADE that walk asks for, and marks, a read and a write, as all
 * accesses to paging structures then count as both (§3.8.1).
 */
#include "walk_fs.h"
#include "walk_ss.h"

struct nested_step {
	struct vtd_walk *w;
	enum vtd_fault_cond cond;
	bool host_table;     /* the table's address is a host one already */
	bool page_w;	     /* second stage grants writes to the table page */
	/* The entry above, to be cached once the table below it is found. */
	unsigned int parent_level;
};

HWI_ALWAYS_INLINE bool page_is_dirty_access(const struct vtd_path *p)
{
	return p->ss_rules->dirty != 0;
}

static bool nested_locate(void *ctx, struct hwi_pt_walk *t)
{
	struct nested_step *s = ctx;
	const struct vtd_path *p = s->w->p;
	bool write = page_is_dirty_access(p);
	struct hwi_pt_walk page;
	uint64_t base;

	if (s->host_table) { /* the combined cache knew */
		s->host_table = false;
		return true;
	}
	s->cond = vtd_ss_translate(s->w->v, p, t->entry_at, NULL, VTD_SS_ALONE,
				   HWI_PT_READ | (write ? HWI_PT_WRITE : 0), write, &page);
	if (__builtin_expect(s->cond != VTD_FC_NONE, 0)) {
		/* A missing right for a table has a condition of its own. */
		if (s->cond == VTD_FC_SGN_6 || s->cond == VTD_FC_SGN_7)
			s->cond = t->level == p->fs_levels ? VTD_FC_SFS_6 : VTD_FC_SFS_7;
		return false;
	}
	base = hwi_pt_leaf_addr(&vtd_ss_format, page.entry, page.level);
	t->entry_at = base | (t->entry_at & ((UINT64_C(1) << VTD_PT_LEVEL_SHIFT(page.level)) - 1));
	s->page_w = page.rights & HWI_PT_WRITE;
	if (s->parent_level)
		vtd_structure_fill(&s->w->v->fs, t->addr, s->parent_level,
				   vtd_fs_key_b(p->did, p->pasid), p->did,
				   t->entry_at & ~(uint64_t)(VTD_PAGE_SIZE - 1),
				   t->rights | (s->page_w ? VTD_STRUCTURE_PAGE_W : 0));
	return true;
}

/* Set bits of the current first-stage entry, if second stage lets its page be written. */
HWI_ALWAYS_INLINE enum vtd_fault_cond nested_set(struct nested_step *s, struct hwi_pt_walk *t,
						 uint64_t set)
{
	if (__builtin_expect((t->entry & set) == set, 1))
		return VTD_FC_NONE;
	if (!s->page_w)
		return VTD_FC_SFS_8;
	return vtd_fs_set(s->w->v, s->w->p, t, set);
}

/* Whether the current first-stage entry can be updated at all: an update to itself. */
static enum vtd_fault_cond nested_probe(struct nested_step *s, struct hwi_pt_walk *t)
{
	const struct vtd_path *p = s->w->p;

	if (!s->page_w)
		return VTD_FC_SFS_8;
	if (!p->pwsnp)
		return VTD_FC_SFS_9;
	switch (hwi_mem_cas64(&s->w->v->base, t->entry_at, t->entry, t->entry)) {
	case HWI_CAS_DONE:
		return VTD_FC_NONE;
	case HWI_CAS_CHANGED:
		return VTD_FC_RETRY_FS;
	default:
		return VTD_FC_SFS_10;
	}
}

/*
 * D in both leaves. D is never speculative, so neither may be set when the other
 * cannot be: with both to be set, the first-stage entry is tried first.
 */
static enum vtd_fault_cond nested_dirty(struct nested_step *s, struct hwi_pt_walk *t,
					struct hwi_pt_walk *page)
{
	const struct vtd_path *p = s->w->p;
	uint64_t fs_set = p->fs_rules->accessed | p->fs_rules->dirty;
	uint64_t ss_set = p->ss_rules->dirty;
	enum vtd_fault_cond cond;

	if ((page->entry & ss_set) != ss_set) {
		if (t->entry & p->fs_rules->dirty)
			cond = nested_set(s, t, p->fs_rules->accessed);
		else
			cond = nested_probe(s, t);
		if (cond == VTD_FC_NONE)
			cond = vtd_ss_set(s->w->v, p, page, ss_set);
		if (cond != VTD_FC_NONE)
			return cond;
	}
	return nested_set(s, t, fs_set);
}

/* The leaf: its rights, the page it names through second stage, then its A and D. */
static enum vtd_fault_cond nested_leaf(struct nested_step *s, struct hwi_pt_walk *t)
{
	struct vtd_walk *w = s->w;
	const struct vtd_path *p = w->p;
	enum vtd_fault_cond cond = vtd_fs_lacking(w, t->rights), cond_a;
	struct hwi_pt_walk page;
	unsigned int level;
	uint64_t gpa, flags;
	bool write;

	w->had = t->rights;
	if (cond != VTD_FC_NONE)
		return cond;
	gpa = hwi_pt_leaf_addr(&vtd_fs_format, t->entry, t->level) |
	      (t->addr & ((UINT64_C(1) << VTD_PT_LEVEL_SHIFT(t->level)) - 1));
	write = w->write && vtd_fs_writable(w, t->rights);
	cond = vtd_ss_translate(w->v, p, gpa, w, t->level, w->need, write, &page);
	w->had = page.rights & (t->rights | (vtd_fs_writable(w, t->rights) ? HWI_PT_WRITE : 0));
	if (cond == VTD_FC_SGN_8_1 || cond == VTD_FC_SGN_8_2) {
		/* Where it leads is the last check of all, behind A of this entry. */
		cond_a = nested_set(s, t, p->fs_rules->accessed);
		return cond_a != VTD_FC_NONE ? cond_a : cond;
	}
	if (cond != VTD_FC_NONE)
		return cond;
	if (write && (page.rights & HWI_PT_WRITE))
		cond = nested_dirty(s, t, &page);
	else
		cond = nested_set(s, t, p->fs_rules->accessed);
	if (cond != VTD_FC_NONE)
		return cond;

	/* The smaller of the two pages, the AND of the rights (§3.8.1). */
	level = page.level < t->level ? page.level : t->level;
	w->level = level;
	w->out = (hwi_pt_leaf_addr(&vtd_ss_format, page.entry, page.level) |
		  (gpa & ((UINT64_C(1) << VTD_PT_LEVEL_SHIFT(page.level)) - 1))) &
		 ~((UINT64_C(1) << VTD_PT_LEVEL_SHIFT(level)) - 1);
	flags = vtd_ss_leaf_flags(p->ss_rules, &page);
	w->flags = (flags & vtd_fs_leaf_flags(p, t)) | (flags & VTD_IOTLB_SNP);
	return VTD_FC_NONE;
}

HWI_ALWAYS_INLINE bool nested_used(void *ctx, struct hwi_pt_walk *t, enum hwi_pt_kind kind)
{
	struct nested_step *s = ctx;
	const struct vtd_path *p = s->w->p;

	if (t->entry & VTD_FS_ADDR & p->ss_beyond) {
		s->cond = VTD_FC_SFS_5;
		return false;
	}
	if (kind == HWI_PT_LEAF) {
		s->cond = nested_leaf(s, t);
		return s->cond == VTD_FC_NONE;
	}
	s->cond = nested_set(s, t, p->fs_rules->accessed);
	s->parent_level = t->level;
	return s->cond == VTD_FC_NONE;
}

static const struct hwi_pt_hooks nested_hooks = {
	.locate = nested_locate,
	.used = nested_used,
};

enum vtd_fault_cond vtd_walk_nested(struct vtd_walk *w)
{
	const struct vtd_path *p = w->p;
	struct nested_step s = { .w = w };
	const struct vtd_structure_payload *c;
	struct hwi_pt_walk t;
	enum hwi_pt_end end;

	if (!vtd_fs_canonical(w->addr, p->fs_levels))
		return VTD_FC_SGN_1;
	c = vtd_fs_begin(w, &t);
	if (c) {
		s.page_w = c->flags & VTD_STRUCTURE_PAGE_W;
		s.host_table = true;
	}
	end = hwi_pt_descend(&w->v->base, &vtd_fs_format, p->fs_rules, &nested_hooks, &s, &t);
	w->v->base.stats[HWI_STAT_TABLE_LOADS] += t.loads;
	if (end != HWI_PT_FOUND)
		return vtd_fs_end(end, s.cond, t.level == p->fs_levels);
	return VTD_FC_NONE;
}

static __attribute__((noinline)) uint64_t far_page(const struct vtd_unit *v,
						   const struct vtd_path *p, unsigned int level,
						   uint64_t at, uint64_t gpa)
{
	return hwi_pt_plain_far(&v->base, &vtd_ss_format, p->ss_rules, level, at, gpa);
}

/* The second-stage leaf for a guest physical address, from a table on. 0 if not plain. */
HWI_ALWAYS_INLINE uint64_t quick_page(const struct vtd_unit *v, const struct vtd_path *p,
				      unsigned int level, uint64_t table, uint64_t gpa)
{
	uint64_t at = hwi_pt_first_entry_at(&vtd_ss_format, table, gpa, level, false);
	uint64_t e = hwi_pt_plain_near(&v->base, &vtd_ss_format, p->ss_rules, level, at, gpa);

	return __builtin_expect(e == HWI_PT_FAR, 0) ? far_page(v, p, level, at, gpa) : e;
}

/*
 * The level 1 first-stage entry for @addr without any cache: each table through the
 * second stage. 0 if anything is not plain.
 */
HWI_ALWAYS_INLINE uint64_t quick_first_stage(const struct vtd_unit *v, const struct vtd_path *p,
					     uint64_t addr)
{
	const struct hwi_pt_rules *r = p->fs_rules;
	const uint64_t dirty = p->ss_rules->dirty;
	unsigned int shift = VTD_PT_LEVEL_SHIFT(p->fs_levels) - 3;
	uint64_t table = p->fs_root, page, entry, at;

	for (unsigned int level = p->fs_levels;; level--) {
		at = addr >> shift & (VTD_PAGE_SIZE - VTD_FS_ENTRY_SIZE);
		page = quick_page(v, p, p->ss_levels, p->ss_root, table);
		/* With SSADE reading a table counts as writing it: D must stand. */
		if (!page || (page & dirty) != dirty)
			return 0;
		if (!hwi_pt_plain_at(&v->base, r, level, (page & VTD_SS_ADDR) | at, &entry) ||
		    (entry & VTD_FS_ADDR & p->ss_beyond))
			return 0;
		if (level == 1)
			return entry;
		table = entry & VTD_FS_ADDR;
		shift -= 9;
	}
}

struct vtd_quick vtd_quick_nested(struct vtd_unit *v, const struct vtd_path *p, uint64_t addr)
{
	uint64_t leaf, page, table, flags;
	unsigned int level;

	if (!vtd_fs_canonical(addr, p->fs_levels))
		return (struct vtd_quick){ 0, 0 };
	level = vtd_quick_start(&v->fs, addr, vtd_fs_key_b(p->did, p->pasid),
				VTD_FS_ALL, p->fs_levels, &table);
	if (!level)
		return (struct vtd_quick){ 0, 0 };
	if (v->fs.capacity) {
		/* A host address, from the combined cache. */
		if (!hwi_pt_plain_at(&v->base, p->fs_rules, 1,
					hwi_pt_entry_at(&vtd_fs_format, table, addr, 1), &leaf) ||
		    (leaf & VTD_FS_ADDR & p->ss_beyond))
			return (struct vtd_quick){ 0, 0 };
	} else {
		if (v->ss.capacity)
			return (struct vtd_quick){ 0, 0 };
		leaf = quick_first_stage(v, p, addr);
		v->base.stats[HWI_STAT_TABLE_LOADS] += p->fs_levels * p->ss_levels;
	}
	if (!leaf)
		return (struct vtd_quick){ 0, 0 };
	v->base.stats[HWI_STAT_TABLE_LOADS] += level;

	table = p->ss_root;
	level = vtd_quick_start(&v->ss, leaf & VTD_FS_ADDR, p->did, HWI_PT_READ | HWI_PT_WRITE,
				p->ss_levels, &table);
	page = quick_page(v, p, level, table, leaf & VTD_FS_ADDR);
	if (!page)
		return (struct vtd_quick){ 0, 0 };
	v->base.stats[HWI_STAT_TABLE_LOADS] += level;
	flags = VTD_QUICK_ALL | vtd_ss_quick_flags(p->ss_rules, page);
	if (!(leaf & VTD_FS_D))
		flags &= ~VTD_IOTLB_D;
	return (struct vtd_quick){ page & VTD_SS_ADDR, flags };
}

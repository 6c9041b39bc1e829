/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Page tables, whatever the format.
 *
 * A format is one small header that says, in static inline functions, what an
 * entry means: &struct hwi_pt_format. Whoever works on tables (walker, builder,
 * dumper, checker) is an always-inline function that takes a format as a constant
 * and so becomes straight code for it.
 *
 * Levels count from the leaf: an entry of level 1 maps the smallest page, one of
 * level n maps 2^(page_log2 + (n - 1) * index_log2) bytes.
 */
#ifndef HWI_FORMATS_PT_H
#define HWI_FORMATS_PT_H

#include "../core/mem.h"

#define HWI_ALWAYS_INLINE static inline __attribute__((always_inline))

#define HWI_PT_LEVELS 5u /* most levels of any format */

enum hwi_pt_kind {
	HWI_PT_EMPTY, /* not present: nothing else in the entry means anything */
	HWI_PT_TABLE,
	HWI_PT_LEAF,
};

/* Rights of an entry; what a translation may do is the AND over all levels. */
#define HWI_PT_READ HWI_READ
#define HWI_PT_WRITE HWI_WRITE
#define HWI_PT_USER HWI_EXEC /* not of requests: "user-mode access", x86 U/S */

/*
 * What the capabilities and the mode of a unit make of a format: computed once,
 * so that a check is one AND. Indexed by level.
 */
struct hwi_pt_rules {
	uint64_t rsvd_table[HWI_PT_LEVELS + 1];
	uint64_t rsvd_leaf[HWI_PT_LEVELS + 1];
	uint64_t accessed;     /* bits that the hardware sets in each entry it uses */
	uint64_t dirty;	       /* and in a leaf that it writes through */
	/*
	 * An entry e with (e & plain_mask[level]) == plain (level 1: plain_leaf) is a good
	 * table entry (level 1: leaf) with all rights and nothing to set but D: the usual
	 * one.
	 */
	uint64_t plain_mask[HWI_PT_LEVELS + 1];
	uint64_t plain;
	uint64_t plain_leaf;
	unsigned int variant;  /* the format's own */
};

/**
 * struct hwi_pt_format - what the entries of one kind of page table mean
 * @name: as in the specification
 * @page_log2: smallest page
 * @index_log2: bits of the address that one level takes
 * @entry_size: bytes
 * @addr: where an address stands in an entry
 * @kind: what an entry of a level is
 * @rights: HWI_PT_* of an entry that is not empty
 * @table_rights: the same of a table entry, where that differs; else NULL
 * @out: address in an entry, where bits of it stand elsewhere, too; else NULL: @addr
 */
struct hwi_pt_format {
	const char *name;
	unsigned int page_log2;
	unsigned int index_log2;
	unsigned int entry_size;
	uint64_t addr;
	enum hwi_pt_kind (*kind)(const struct hwi_pt_rules *r, uint64_t entry,
				 unsigned int level);
	unsigned int (*rights)(const struct hwi_pt_rules *r, uint64_t entry);
	unsigned int (*table_rights)(const struct hwi_pt_rules *r, uint64_t entry);
	uint64_t (*out)(const struct hwi_pt_rules *r, uint64_t entry);
};

/**
 * struct hwi_pt_builder - the other direction, for those who write tables
 * @leaf: leaf entry for an address, size (as level) and rights
 * @table: entry for a lower table
 *
 * A format gives an initialiser for it.
 */
struct hwi_pt_builder {
	uint64_t (*leaf)(const struct hwi_pt_rules *r, uint64_t addr, unsigned int level,
			 unsigned int rights);
	uint64_t (*table)(const struct hwi_pt_rules *r, uint64_t addr, unsigned int rights);
};

HWI_ALWAYS_INLINE unsigned int hwi_pt_shift(const struct hwi_pt_format *f, unsigned int level)
{
	return f->page_log2 + (level - 1) * f->index_log2;
}

HWI_ALWAYS_INLINE uint64_t hwi_pt_entry_at(const struct hwi_pt_format *f, uint64_t table,
					   uint64_t addr, unsigned int level)
{
	uint64_t index = addr >> hwi_pt_shift(f, level) & ((UINT64_C(1) << f->index_log2) - 1);

	return table + index * f->entry_size;
}

/*
 * The same in a root that may be larger or smaller than other tables (concatenated
 * ones, VMSAv8-64): @addr has no bits above the input range.
 */
HWI_ALWAYS_INLINE uint64_t hwi_pt_root_entry_at(const struct hwi_pt_format *f, uint64_t table,
						uint64_t addr, unsigned int level)
{
	return table + (addr >> hwi_pt_shift(f, level)) * f->entry_size;
}

/* Both where @level is a variable, but most often 4: without the shift by a variable then. */
HWI_ALWAYS_INLINE uint64_t hwi_pt_first_entry_at(const struct hwi_pt_format *f, uint64_t table,
						 uint64_t addr, unsigned int level, bool root)
{
	if (__builtin_expect(level == 4, 1))
		return root ? hwi_pt_root_entry_at(f, table, addr, 4)
			    : hwi_pt_entry_at(f, table, addr, 4);
	return root ? hwi_pt_root_entry_at(f, table, addr, level)
		    : hwi_pt_entry_at(f, table, addr, level);
}

HWI_ALWAYS_INLINE uint64_t hwi_pt_out(const struct hwi_pt_format *f, const struct hwi_pt_rules *r,
				      uint64_t entry)
{
	return f->out ? f->out(r, entry) : entry & f->addr;
}

HWI_ALWAYS_INLINE unsigned int hwi_pt_rights(const struct hwi_pt_format *f,
					     const struct hwi_pt_rules *r, uint64_t entry,
					     enum hwi_pt_kind kind)
{
	if (f->table_rights && kind == HWI_PT_TABLE)
		return f->table_rights(r, entry);
	return f->rights(r, entry);
}

HWI_ALWAYS_INLINE uint64_t hwi_pt_reserved(const struct hwi_pt_rules *r, uint64_t entry,
					   unsigned int level, enum hwi_pt_kind kind)
{
	return entry & (kind == HWI_PT_LEAF ? r->rsvd_leaf[level] : r->rsvd_table[level]);
}

/* First address of the page that a leaf of a level maps. */
HWI_ALWAYS_INLINE uint64_t hwi_pt_leaf_addr(const struct hwi_pt_format *f, uint64_t entry,
					    unsigned int level)
{
	return entry & f->addr & ~((UINT64_C(1) << hwi_pt_shift(f, level)) - 1);
}

/* How a descent ended. */
enum hwi_pt_end {
	HWI_PT_FOUND,	    /* a leaf; everything in &struct hwi_pt_walk is about it */
	HWI_PT_NOT_PRESENT,
	HWI_PT_RESERVED,
	HWI_PT_NO_ANSWER,   /* the entry could not be read */
	HWI_PT_STOPPED,	    /* a hook said so, and why is its business */
};

/**
 * struct hwi_pt_walk - where a descent is
 * @addr: input address
 * @table: the current table, in the address space the tables live in
 * @entry_at: host address of the current entry
 * @entry: the current entry
 * @level: its level
 * @rights: AND of the rights so far
 * @loads: entries read
 * @root: @table is a root whose size is its own, see hwi_pt_root_entry_at()
 */
struct hwi_pt_walk {
	uint64_t addr;
	uint64_t table;
	uint64_t entry_at;
	uint64_t entry;
	unsigned int level;
	unsigned int rights;
	unsigned int loads;
	bool root;
};

/*
 * hwi_pt_plain_near(): a table is outside unit->ram[0]. No plain entry: those have more bits
 * set than one.
 */
#define HWI_PT_FAR UINT64_C(1)

/* Whether a loaded entry is plain. Without a branch on what is constant where it is used. */
HWI_ALWAYS_INLINE bool hwi_pt_is_plain(const struct hwi_pt_rules *r, unsigned int level,
				       uint64_t entry)
{
	uint64_t leaf = -(uint64_t)(level == 1);
	uint64_t want = (r->plain & ~leaf) | (r->plain_leaf & leaf);

	return __builtin_expect((entry & r->plain_mask[level]) == want, 1);
}

/*
 * Load an entry from unit->ram[0] and see whether it is plain.
 * @at: the entry's address
 *
 * Return: whether it is; else @entry is 0, or HWI_PT_FAR.
 */
HWI_ALWAYS_INLINE bool hwi_pt_plain_here(const struct hwi_unit *unit, const struct hwi_pt_rules *r,
					 unsigned int level, uint64_t at, uint64_t *entry)
{
	uint64_t off = at - unit->ram[0].base;

	*entry = HWI_PT_FAR;
	if (__builtin_expect(off >= unit->ram[0].size, 0))
		return false;
	*entry = hwi_ram_load((const uint64_t *)(const void *)(unit->ram[0].host + off));
	if (hwi_pt_is_plain(r, level, *entry))
		return true;
	*entry = 0;
	return false;
}

/* The same from all memory that can be read by plain loads; never HWI_PT_FAR. */
HWI_ALWAYS_INLINE bool hwi_pt_plain_at(const struct hwi_unit *unit, const struct hwi_pt_rules *r,
				       unsigned int level, uint64_t at, uint64_t *entry)
{
	uint64_t off = at - unit->ram[0].base;
	const unsigned char *p;

	if (__builtin_expect(off < unit->ram[0].size, 1)) {
		p = unit->ram[0].host + off;
	} else {
		p = hwi_ram_far(unit, at);
		*entry = 0;
		if (!p)
			return false;
	}
	*entry = hwi_ram_load((const uint64_t *)(const void *)p);
	if (hwi_pt_is_plain(r, level, *entry))
		return true;
	*entry = 0;
	return false;
}

/*
 * The usual descent, in the fewest instructions: the level 1 leaf for @addr if every
 * entry on the way is plain and in unit->ram[0]. @at: the first entry's address.
 * HWI_PT_FAR: see hwi_pt_plain_far(); 0: it is not so (or @level is 0), the caller
 * descends in full.
 */
HWI_ALWAYS_INLINE uint64_t hwi_pt_plain_near(const struct hwi_unit *unit,
					     const struct hwi_pt_format *f,
					     const struct hwi_pt_rules *r, unsigned int level,
					     uint64_t at, uint64_t addr)
{
	uint64_t e;

	if (__builtin_expect(level == 4, 1)) /* the most usual one without a jump table */
		goto level_4;
	switch (level) {
	case 5:
		if (!hwi_pt_plain_here(unit, r, 5, at, &e))
			return e;
		at = hwi_pt_entry_at(f, e & f->addr, addr, 4);
level_4:
		if (!hwi_pt_plain_here(unit, r, 4, at, &e))
			return e;
		at = hwi_pt_entry_at(f, e & f->addr, addr, 3);
		__attribute__((fallthrough));
	case 3:
		if (!hwi_pt_plain_here(unit, r, 3, at, &e))
			return e;
		at = hwi_pt_entry_at(f, e & f->addr, addr, 2);
		__attribute__((fallthrough));
	case 2:
		if (!hwi_pt_plain_here(unit, r, 2, at, &e))
			return e;
		at = hwi_pt_entry_at(f, e & f->addr, addr, 1);
		__attribute__((fallthrough));
	case 1:
		(void)hwi_pt_plain_here(unit, r, 1, at, &e);
		return e;
	default:
		return 0;
	}
}

/* The same in all memory that can be read by plain loads; @level is not 0. 0: not plain. */
HWI_ALWAYS_INLINE uint64_t hwi_pt_plain_far(const struct hwi_unit *unit,
					    const struct hwi_pt_format *f,
					    const struct hwi_pt_rules *r, unsigned int level,
					    uint64_t at, uint64_t addr)
{
	uint64_t e;

	while (hwi_pt_plain_at(unit, r, level, at, &e) && level > 1) {
		level--;
		at = hwi_pt_entry_at(f, e & f->addr, addr, level);
	}
	return e;
}

/*
 * What the owner of a walk does at each level. Each returns false to stop.
 * @locate: @entry_at holds the entry's address where the tables live: turn it into
 *	a host address
 * @used: the entry is good and about to be used: set its bits, cache it
 */
struct hwi_pt_hooks {
	bool (*locate)(void *ctx, struct hwi_pt_walk *w);
	bool (*used)(void *ctx, struct hwi_pt_walk *w, enum hwi_pt_kind kind);
};

/*
 * Descend from @w->table at @w->level to the leaf for @w->addr. At most one entry
 * a level is read, so tables that point to themselves end as any others do.
 */
HWI_ALWAYS_INLINE enum hwi_pt_end hwi_pt_descend(struct hwi_unit *unit,
						 const struct hwi_pt_format *f,
						 const struct hwi_pt_rules *r,
						 const struct hwi_pt_hooks *hooks, void *ctx,
						 struct hwi_pt_walk *w)
{
	for (;;) {
		enum hwi_pt_kind kind;
		uint64_t entry;

		if (f->out && w->root) {
			w->entry_at = hwi_pt_root_entry_at(f, w->table, w->addr, w->level);
			w->root = false;
		} else {
			w->entry_at = hwi_pt_entry_at(f, w->table, w->addr, w->level);
		}
		if (hooks->locate && !hooks->locate(ctx, w))
			return HWI_PT_STOPPED;
		w->loads++;
		if (!hwi_load64_uncounted(unit, w->entry_at, &entry))
			return HWI_PT_NO_ANSWER;
		w->entry = entry;
		kind = f->kind(r, w->entry, w->level);
		if (kind == HWI_PT_EMPTY)
			return HWI_PT_NOT_PRESENT;
		if (hwi_pt_reserved(r, w->entry, w->level, kind))
			return HWI_PT_RESERVED;
		w->rights &= hwi_pt_rights(f, r, w->entry, kind);
		if (!hooks->used(ctx, w, kind))
			return HWI_PT_STOPPED;
		if (kind == HWI_PT_LEAF)
			return HWI_PT_FOUND;
		w->table = hwi_pt_out(f, r, w->entry);
		w->level--;
	}
}

#endif

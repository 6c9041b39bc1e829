/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Random changes of live tables, each followed by exactly the invalidations that
 * VT-d 5.10 Table 28 and section 6.5.3.5 ask of software, and not one more.
 */
#ifndef PROPERTY_VTD_OWED_H
#define PROPERTY_VTD_OWED_H

#include "vtd-software.h"

static inline bool caching_mode(const struct world *w)
{
	return has(w->m->oc.cap, 7);
}

/* ---- who uses what ---- */

struct pasids {
	uint32_t pasid[16];
	unsigned int n;
};

/*
 * Every PASID under which entry @index of PASID table @table is found. With a
 * large PDTS the first directory runs on into the second.
 */
static inline struct pasids pasids_of(const struct world *w, unsigned int table,
				      unsigned int index)
{
	struct pasids p = { .n = 0 };

	for (unsigned int d = 0; d < 2; d++) {
		for (unsigned int i = 0; i < 2; i++) {
			uint64_t v = *word_at(w, P_DIRECTORY + d, i);
			uint32_t low = i << 6 | index;

			if (!(v & 1) || (v & ~UINT64_C(0xfff)) != page_at(w, P_PASID + table))
				continue;
			p.pasid[p.n++] = low;
			if (d == 1)
				p.pasid[p.n++] = (512 << 6) + low;
		}
	}
	return p;
}

static const unsigned int pasid_index[] = { 0, 1, 5, 6 };

#define MAX_PATHS 24

struct paths {
	uint64_t addr[MAX_PATHS];
	unsigned int n;
	bool many;
};

static inline uint64_t sign_extend(uint64_t a, unsigned int levels)
{
	unsigned int top = 12 + 9 * levels - 1;

	return has(a, top) ? a | ~(B(top + 1) - 1) : a;
}

struct hunt {
	const struct world *w;
	unsigned int pool;	/* first page of the pool */
	unsigned int levels;
	unsigned int page, index, level; /* the entry looked for */
	struct paths found;
};

static inline bool hunt_present(const struct hunt *h, uint64_t v)
{
	if (h->pool != P_SS)
		return v & 1;
	return h->w->ssirwe ? (v >> 61) & 3 : v & 3;
}

/* All addresses that pass through the entry, from @page at @level on */
static inline void hunt_down(struct hunt *h, unsigned int page, unsigned int level,
			     uint64_t prefix)
{
	static const unsigned int upper[] = { 0, 1, 2, 511, 128, 256, 384 };
	unsigned int shift = 12 + 9 * (level - 1);

	if (level == h->level) {
		uint64_t a = prefix | (uint64_t)h->index << shift;

		if (page != h->page)
			return;
		if (h->found.n == MAX_PATHS) {
			h->found.many = true;
			return;
		}
		h->found.addr[h->found.n++] = h->pool == P_SS ? a :
					      sign_extend(a, h->levels);
		return;
	}
	for (unsigned int i = 0; i < 7; i++) {
		uint64_t v = *word_at(h->w, page, upper[i]), to;
		unsigned int child, first = h->pool + 2 * (level - 2);

		if (!hunt_present(h, v) || (level <= 3 && has(v, 7)))
			continue;
		to = (v >> 12) & (B(40) - 1);
		/* guest tables are reached by the lowest index (see vtd-world.h) */
		child = h->pool == P_GUEST_FS ? (unsigned int)(to & 511) :
			(unsigned int)(to - (h->w->m->base >> 12));
		if (child == first || child == first + 1)
			hunt_down(h, child, level - 1,
				  prefix | (uint64_t)upper[i] << shift);
	}
}

/* ---- the changes ---- */

/* Level of an entry, in its table, as TABLE or something that ends a walk */
static inline bool is_table(unsigned int level, uint64_t v)
{
	return level > 1 && (level > 3 || !has(v, 7));
}

static inline uint64_t small_change(struct world *w, uint64_t v, uint64_t fresh,
				    uint64_t rights, uint64_t flags)
{
	switch (below(&w->r, 4)) {
	case 0:
		return v ^ (rnd(&w->r) & rights);
	case 1:		/* A, D, EA cleared: owed, or they are not set again */
		return v & ~flags;
	default:
		return fresh;
	}
}

static inline void change_fs(struct software *s)
{
	struct world *w = s->w;
	bool guest = one_in(&w->r, 2);
	unsigned int level = 1 + below(&w->r, 5);
	unsigned int pool = guest ? P_GUEST_FS : P_HOST_FS;
	unsigned int page = pool + 2 * (level - 1) + below(&w->r, 2);
	unsigned int index = level == 1 ? below(&w->r, 16) : upper_index[below(&w->r, 4)];
	uint64_t *e = word_at(w, page, index), old = *e;
	bool ih;

	*e = small_change(w, old, fs_entry(w, level, guest), 7, B(5) | B(6) | B(10));
	if (!(old & 1))
		return;		/* not present before: nothing is owed */
	ih = !is_table(level, old) && !is_table(level, *e);

	for (unsigned int t = 0; t < 4; t++) {
		for (unsigned int i = 0; i < 4; i++) {
			uint64_t *pe = word_at(w, P_PASID + t, 8 * pasid_index[i]);
			unsigned int type = (unsigned int)get_field(pe[0], 8, 6);
			uint32_t did = (uint32_t)get_field(pe[1], 15, 0);
			struct pasids p = pasids_of(w, t, pasid_index[i]);
			struct hunt h = {
				.w = w, .pool = pool, .page = page, .index = index,
				.level = level,
				.levels = get_field(pe[2], 3, 2) == 1 ? 5 : 4,
			};
			uint64_t root = get_field(pe[2], 51, 12);
			unsigned int top;

			if (!(pe[0] & 1) || type != (guest ? 3 : 1))
				continue;
			top = guest ? (unsigned int)(root & 511) :
			      (unsigned int)(root - (w->m->base >> 12));
			if (top < pool || top >= pool + 10)
				continue;
			hunt_down(&h, top, h.levels, 0);
			for (unsigned int a = 0; a < p.n; a++) {
				if (h.found.many || one_in(&w->r, 8)) {
					p_iotlb_pasid(s, did, p.pasid[a]);
					continue;
				}
				for (unsigned int f = 0; f < h.found.n; f++)
					p_iotlb_page(s, did, p.pasid[a],
						     h.found.addr[f],
						     9 * (level - 1), ih);
			}
		}
	}
}

/* One domain that uses second-stage root @k: invalidate what @h found */
static inline void ss_owed(struct software *s, uint32_t did, const struct hunt *h, bool ih)
{
	uint64_t cap = s->w->m->oc.cap;
	unsigned int am = 9 * (h->level - 1);

	if (!has(cap, 39) || am > get_field(cap, 53, 48) || h->found.many ||
	    one_in(&s->w->r, 8)) {
		iotlb_domain(s, did);
		return;
	}
	for (unsigned int f = 0; f < h->found.n; f++)
		iotlb_page(s, did, h->found.addr[f], am, ih);
}

static inline void change_ss(struct software *s)
{
	struct world *w = s->w;
	unsigned int level = 1 + below(&w->r, 5);
	unsigned int page = P_SS + 2 * (level - 1) + below(&w->r, 2);
	unsigned int index = level == 1 ? below(&w->r, 16) : upper_index[below(&w->r, 4)];
	uint64_t *e = word_at(w, page, index), old = *e;
	uint64_t rights = w->ssirwe ? UINT64_C(3) << 61 : 3;
	bool ih;

	*e = small_change(w, old, ss_entry(w, level, index), rights, B(8) | B(9));
	if (!(old & rights) && !caching_mode(w))
		return;
	ih = !is_table(level, old) && !is_table(level, *e);

	for (unsigned int aw = 1; aw <= 3; aw++) {
		for (unsigned int half = 0; half < 2; half++) {
			unsigned int k = ss_root_index(aw, half);
			struct hunt h = {
				.w = w, .pool = P_SS, .levels = aw + 2, .page = page,
				.index = index, .level = level,
			};

			if (level > aw + 2 || !has(w->m->oc.cap, 8 + aw))
				continue;
			hunt_down(&h, P_SS + 2 * (aw + 1) + half, aw + 2, 0);
			if (!h.found.n)
				continue;
			if (w->ttm == 0) {
				ss_owed(s, 0x10 + k, &h, ih);
				continue;
			}
			for (unsigned int t = 0; t < 4; t++) {
				bool used = false;

				for (unsigned int i = 0; i < 4; i++) {
					uint64_t *pe = word_at(w, P_PASID + t,
							       8 * pasid_index[i]);

					used |= (pe[0] & 1) &&
						get_field(pe[1], 15, 0) == 0x10 + 8 * t + k;
				}
				if (used)
					ss_owed(s, 0x10 + 8 * t + k, &h, ih);
				else
					s->unseen[0x10 + 8 * t + k] = true;
			}
		}
	}
}

static inline void change_pasid_entry(struct software *s)
{
	struct world *w = s->w;
	unsigned int t = below(&w->r, 4), index = pasid_index[below(&w->r, 4)];
	uint64_t *e = word_at(w, P_PASID + t, 8 * index), old[8];
	struct pasids p = pasids_of(w, t, index);
	unsigned int type;
	uint32_t did;

	memcpy(old, e, sizeof(old));
	if (one_in(&w->r, 4))
		e[0] ^= 1;
	else if (one_in(&w->r, 6))
		e[0] ^= 2;		/* FPD */
	else if (one_in(&w->r, 6) && ecap(w, ECAP_SRS))
		e[2] ^= 1;		/* SRE */
	else
		pasid_entry(w, e, t);
	type = (unsigned int)get_field(old[0], 8, 6);
	did = (uint32_t)get_field(old[1], 15, 0);
	for (unsigned int a = 0; a < p.n; a++) {
		if (caching_mode(w)) {
			/* faulting entries: tag 0; a new id is what Linux sends */
			pc_pasid(s, 0, p.pasid[a]);
			pc_pasid(s, (uint32_t)get_field(e[1], 15, 0), p.pasid[a]);
		}
		if (!(old[0] & 1)) {
			if (caching_mode(w)) {
				p_iotlb_pasid(s, 0, p.pasid[a]);
				p_iotlb_pasid(s, (uint32_t)get_field(e[1], 15, 0),
					      p.pasid[a]);
			}
			continue;
		}
		pc_pasid(s, did, p.pasid[a]);
		if (!(e[0] & 1) && (type == 2 || type == 3))
			iotlb_domain(s, did);
		else
			p_iotlb_pasid(s, did, p.pasid[a]);
	}
	/* a domain id comes back, and its tables have changed while it was away */
	did = (uint32_t)get_field(e[1], 15, 0);
	if ((e[0] & 1) && did < 256 && s->unseen[did]) {
		pc_domain(s, did);
		iotlb_domain(s, did);
		s->unseen[did] = false;
	}
}

/* Domain ids of the entries of one PASID table */
static inline void table_dids(const struct world *w, uint64_t pointer, uint64_t set[4])
{
	uint64_t table = ((pointer & ~UINT64_C(0xfff)) - page_at(w, P_PASID)) >> 12;

	if (table >= 4)
		return;
	for (unsigned int i = 0; i < 4; i++) {
		const uint64_t *e = word_at(w, P_PASID + (unsigned int)table,
					    8 * pasid_index[i]);
		uint32_t did = (uint32_t)get_field(e[1], 15, 0) & 255;

		if ((e[0] & 1) || caching_mode(w))
			set[did >> 6] |= B(did & 63);
	}
}

static inline void each_did(struct software *s, const uint64_t set[4],
			    void (*send)(struct software *, uint32_t))
{
	for (unsigned int did = 0; did < 256; did++)
		if (has(set[did >> 6], did & 63))
			send(s, did);
}

static inline void change_directory(struct software *s)
{
	struct world *w = s->w;
	unsigned int d = below(&w->r, 2), i = below(&w->r, 2);
	uint64_t *v = word_at(w, P_DIRECTORY + d, i), old = *v, dids[4] = { 0 };

	if (one_in(&w->r, 4))
		*v ^= 1;
	else if (one_in(&w->r, 4))
		*v ^= 2;
	else
		*v = pointer_entry(w, P_PASID + below(&w->r, 4), S_DIRECTORY);
	if (!(old & 1) && !caching_mode(w))
		return;
	table_dids(w, old, dids);
	if (caching_mode(w)) {
		table_dids(w, *v, dids);
		dids[0] |= 1;
	}
	for (unsigned int did = 0; did < 256; did++) {
		if (!has(dids[did >> 6], did & 63))
			continue;
		for (unsigned int x = 0; x < 4; x++) {
			pc_pasid(s, did, i << 6 | pasid_index[x]);
			if (d == 1)
				pc_pasid(s, did, (512 << 6) + (i << 6 | pasid_index[x]));
		}
		if (caching_mode(w)) {
			/* PASIDs without an entry are faulting entries, too */
			pc_domain(s, did);
		}
	}
	each_did(s, dids, iotlb_domain);
}

static inline void context_dids(const struct world *w, uint64_t context, uint64_t set[4])
{
	uint64_t dir = ((context & ~UINT64_C(0xfff)) - page_at(w, P_DIRECTORY)) >> 12;

	if (dir >= 2)
		return;
	/* the first directory may run on into the second */
	for (unsigned int d = (unsigned int)dir; d < 2; d++)
		for (unsigned int i = 0; i < 2; i++)
			table_dids(w, *word_at(w, P_DIRECTORY + d, i), set);
}

static inline void change_context(struct software *s)
{
	struct world *w = s->w;
	unsigned int i = below(&w->r, 4);
	uint16_t sid = world_sid[i];
	uint64_t *c, old[4], dids[4] = { 0 };

	if (w->ttm == 0) {
		c = word_at(w, P_CONTEXT + (i & ~1u), 2 * (sid & 0xff));
		memcpy(old, c, 16);
		if (one_in(&w->r, 4))
			c[0] ^= 1;
		else if (one_in(&w->r, 4))
			c[0] ^= 2;
		else
			legacy_context(w, c);
		if (caching_mode(w)) {
			cc_device(s, 0, sid);
			cc_device(s, (uint32_t)get_field(c[1], 23, 8), sid);
			iotlb_domain(s, 0);
			iotlb_domain(s, (uint32_t)get_field(c[1], 23, 8));
		}
		if (old[0] & 1) {
			cc_device(s, (uint32_t)get_field(old[1], 23, 8), sid);
			iotlb_domain(s, (uint32_t)get_field(old[1], 23, 8));
		}
		return;
	}
	c = word_at(w, P_CONTEXT + i, 4 * (sid & 0x7f));
	memcpy(old, c, 32);
	if (one_in(&w->r, 4))
		c[0] ^= 1;
	else if (one_in(&w->r, 4))
		c[0] ^= 2;
	else
		scalable_context(w, c);
	if (!(old[0] & 1) && !caching_mode(w))
		return;
	context_dids(w, old[0], dids);
	if (caching_mode(w)) {
		context_dids(w, c[0], dids);
		dids[0] |= 1;
	}
	cc_device(s, 0, sid);
	each_did(s, dids, pc_domain);
	each_did(s, dids, iotlb_domain);
}

static inline void change_root(struct software *s)
{
	struct world *w = s->w;
	unsigned int i = below(&w->r, 4), bus = world_sid[i] >> 8;
	uint64_t *root = word_at(w, P_ROOT, 2 * bus), old;

	if (w->ttm == 0)
		i &= ~1u;
	else
		root += (world_sid[i] & 0xff) >> 7;
	old = *root;
	*root = pointer_entry(w, P_CONTEXT + i, S_ROOT);
	if ((old & 1) || caching_mode(w))
		everything_global(s);
}

enum change { C_FS, C_SS, C_PASID, C_DIRECTORY, C_CONTEXT, C_ROOT, C_COUNT };

static const char *const change_name[] = {
	"first-stage entry", "second-stage entry", "PASID entry", "directory entry",
	"context entry", "root entry",
};

/* One change and what it owes; which */
static inline enum change change_something(struct software *s)
{
	static const unsigned char legacy[] = { C_SS, C_SS, C_SS, C_CONTEXT, C_ROOT };
	static const unsigned char scalable[] = {
		C_FS, C_FS, C_FS, C_FS, C_SS, C_SS, C_SS, C_PASID, C_PASID, C_PASID,
		C_DIRECTORY, C_CONTEXT, C_ROOT,
	};
	struct rng *r = &s->w->r;
	enum change what = s->w->ttm == 0 ? legacy[below(r, sizeof(legacy))] :
			   scalable[below(r, sizeof(scalable))];

	s->n_sent = 0;
	switch (what) {
	case C_FS:
		change_fs(s);
		break;
	case C_SS:
		change_ss(s);
		break;
	case C_PASID:
		change_pasid_entry(s);
		break;
	case C_DIRECTORY:
		change_directory(s);
		break;
	case C_CONTEXT:
		change_context(s);
		break;
	default:
		change_root(s);
		break;
	}
	queue_sync(s);
	return what;
}

#endif

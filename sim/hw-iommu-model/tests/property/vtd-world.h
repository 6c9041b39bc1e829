/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Random remapping tables and random requests that have a fair chance to get
 * deep into them.
 *
 * All tables lie in the machine's image. Tables of one level of one stage share
 * two pages, and only a few indexes of each are filled, so that a request whose
 * address is made of those indexes meets an entry at every level. First-stage
 * tables come twice: with host addresses in them, and with guest addresses that
 * the second stage maps (index 0..9 of every lowest second-stage table is the
 * page of the same number).
 */
#ifndef PROPERTY_VTD_WORLD_H
#define PROPERTY_VTD_WORLD_H

#include "vtd-machine.h"

enum {				/* pages of the image */
	P_GUEST_FS = 0,		/* first stage, guest addresses: 2 a level */
	P_HOST_FS = 10,		/* first stage, host addresses */
	P_SS = 20,		/* second stage */
	P_ROOT = 30,
	P_CONTEXT = 31,		/* 4 pages */
	P_DIRECTORY = 35,	/* 2 pages, and 32 empty ones behind */
	P_PASID = 70,		/* 4 pages */
	P_POSTED = 78,		/* in front of where any index reaches */
	P_IR_TABLE = 80,	/* 2 pages */
	P_QUEUE = 90,
	P_PAGE_REQUESTS = 92,
	P_STATUS = 94,
	P_LAST = 95,
	P_HOLE = 448,		/* from here on nothing answers */
};

enum structure {
	S_NONE, S_ROOT, S_CONTEXT, S_DIRECTORY, S_PASID, S_FS, S_SS, S_COUNT
};

struct world {
	struct rng r;
	struct machine *m;
	unsigned int ttm;	/* 0 legacy, 1 scalable, 2, 3 */
	bool ssirwe;
	unsigned int dirt[S_COUNT]; /* damaged entries in 1000 */
	unsigned int preset;	/* A/D/EA already set, in 1000 */
	unsigned int not_snooped; /* PWSNP=0 in 1000 */
	/*
	 * Software that keeps the programming rules of sections 6.2.2.1 and
	 * 6.2.3.1 (domain ids), and whose tables are never mistaken for each
	 * other: needed wherever caches are in use.
	 */
	bool coherent;
	bool ssade[6];		/* of each second-stage root */
	bool eafe;
};

static const uint16_t world_sid[] = { 0x0305, 0x0393, 0xc805, 0xc893 };
static const unsigned int upper_index[] = { 0, 1, 2, 511 };

static inline uint64_t page_at(const struct world *w, unsigned int page)
{
	return w->m->base + 4096 * (uint64_t)page;
}

static inline uint64_t *word_at(const struct world *w, unsigned int page,
				unsigned int word)
{
	return &w->m->word[512 * page + word];
}

static inline uint64_t haw_mask(const struct world *w)
{
	return B(w->m->oc.haw) - 1;
}

static inline bool ecap(const struct world *w, unsigned int n)
{
	return has(w->m->oc.ecap, n);
}

static inline unsigned int world_mgaw(const struct world *w)
{
	return (unsigned int)get_field(w->m->oc.cap, 21, 16) + 1;
}

static inline uint64_t random_frame(struct world *w, unsigned int shift)
{
	uint64_t frame = rnd(&w->r);

	if (one_in(&w->r, 25))
		frame = 0xfee00000 + 4096 * (uint64_t)below(&w->r, 256);
	else if (one_in(&w->r, 3))
		frame &= 0xffffffff;
	frame &= haw_mask(w) & ~(B(shift) - 1);
	/* not by chance a table page under another index */
	if (w->coherent && shift == 12 && frame - w->m->base < IMAGE_BYTES)
		frame ^= B(21);
	return frame;
}

/* A guest address whose index in the lowest tables is @low */
static inline uint64_t guest_address(struct world *w, unsigned int low)
{
	uint64_t g = (uint64_t)low << 12;
	unsigned int limit = w->m->oc.haw;

	if (world_mgaw(w) < limit)
		limit = world_mgaw(w);
	if (limit > 39 && !one_in(&w->r, 12))
		limit = 39;	/* every second stage takes this many */
	if (one_in(&w->r, 3))
		g |= (uint64_t)upper_index[below(&w->r, 4)] << 21;
	if (one_in(&w->r, 3))
		g |= (uint64_t)upper_index[below(&w->r, 4)] << 30;
	if (one_in(&w->r, 6))
		g |= (uint64_t)upper_index[below(&w->r, 4)] << 39;
	g &= B(limit) - 1;
	/* and now and then more than the second stage takes */
	if (one_in(&w->r, 60) && world_mgaw(w) < 52)
		g |= B(39 + below(&w->r, 13));
	return g;
}

/* ---- damage ---- */

static inline bool dirty(struct world *w, enum structure s)
{
	return permille(&w->r, w->dirt[s]);
}

static inline uint64_t set_pointer(uint64_t v, uint64_t to)
{
	return (v & UINT64_C(0xfff0000000000fff)) | (to & UINT64_C(0x000ffffffffff000));
}

static inline uint64_t damage(struct world *w, uint64_t v)
{
	unsigned int bit;

	switch (below(&w->r, 8)) {
	case 0:
		return v & ~UINT64_C(1);
	case 1:
		return v & ~UINT64_C(3);
	case 2:
		return set_pointer(v, page_at(w, P_HOLE + below(&w->r, 64)));
	case 3:
		return set_pointer(v, (w->m->base ^ B(21)) & haw_mask(w));
	case 4:
		if (w->m->oc.haw < 52)
			return v | B(w->m->oc.haw + below(&w->r, 52u - w->m->oc.haw));
		return v ^ B(11);
	case 5:		/* a table of another kind, or the same one again */
		if (!w->coherent)
			return set_pointer(v, page_at(w, below(&w->r, P_LAST)));
		return v ^ B(7);
	case 6:
		return v ^ B(below(&w->r, w->coherent ? 12 : 13));
	default:
		bit = below(&w->r, 64);
		if (w->coherent && bit >= 12 && bit < w->m->oc.haw)
			bit = 62;
		return v ^ B(bit);
	}
}

/* ---- paging entries ---- */

static inline uint64_t fs_entry(struct world *w, unsigned int level, bool guest)
{
	struct rng *r = &w->r;
	uint64_t v = 1, addr;
	bool leaf = level == 1 || ((level == 2 || level == 3) && one_in(r, 6));

	v |= one_in(r, 16) ? 0 : 2;			/* R/W */
	v |= one_in(r, 24) ? 0 : 4;			/* U/S */
	v |= permille(r, w->preset) ? B(5) : 0;		/* A */
	v |= permille(r, w->preset) ? B(6) : 0;		/* D, or ignored */
	v |= permille(r, w->preset) ? B(10) : 0;	/* EA, or ignored */
	v |= rnd(r) & (B(3) | B(4) | B(8) | B(9) | B(11)); /* cache type, ignored */
	if (one_in(r, 3))
		v |= rnd(r) << 52;
	if (!leaf) {
		unsigned int child = 2 * (level - 2) + below(r, 2);

		addr = guest ? guest_address(w, P_GUEST_FS + child) :
			       page_at(w, P_HOST_FS + child);
	} else {
		unsigned int shift = 12 + 9 * (level - 1);

		addr = guest ? guest_address(w, below(r, 16)) &
			       ~(B(shift) - 1) : random_frame(w, shift);
		if (level > 1) {
			v |= B(7);
			addr |= rnd(r) & B(12);		/* PAT */
		} else {
			v |= rnd(r) & B(7);		/* PAT */
		}
	}
	v |= addr;
	return dirty(w, S_FS) ? damage(w, v) : v;
}

static inline uint64_t ss_entry(struct world *w, unsigned int level, unsigned int index)
{
	static const unsigned char emt[] = { 0, 1, 4, 5, 6 };
	struct rng *r = &w->r;
	uint64_t v = 0, addr, rights;
	bool leaf = level == 1, identity;

	if ((level == 2 && (has(w->m->oc.cap, 34) || one_in(r, 10))) ||
	    (level == 3 && (has(w->m->oc.cap, 35) || one_in(r, 10))))
		leaf = one_in(r, 6);
	identity = index < 10 || level == 2;

	rights = !one_in(r, 14) ? 3 : 1 + below(r, 2);
	if (one_in(r, 60))
		rights = 0;
	if (w->ssirwe) {
		v |= rights << 61;
		v |= below(r, 4);
	} else {
		v |= rights;
		v |= rnd(r) & B(61);
	}
	v |= permille(r, w->preset) ? B(8) : 0;
	v |= permille(r, w->preset) ? B(9) : 0;
	v |= rnd(r) & (B(2) | B(10) | B(63));
	if (one_in(r, 3))
		v |= (rnd(r) & 0x1ff) << 52;
	if (!leaf) {
		addr = page_at(w, P_SS + 2 * (level - 2) + below(r, 2));
		v |= rnd(r) & 0x78;
	} else {
		unsigned int shift = 12 + 9 * (level - 1);

		v |= (uint64_t)emt[below(r, 5)] << 3;
		v |= rnd(r) & B(6);
		if (has(w->m->oc.ecap, ECAP_SC))
			v |= rnd(r) & B(11);
		v |= level > 1 ? B(7) : rnd(r) & B(7);
		addr = random_frame(w, shift);
		if (identity && level == 1 && !one_in(r, 12))
			addr = page_at(w, P_GUEST_FS + index);
		else if (identity && level == 2)
			addr = w->m->base;
	}
	v |= addr;
	return dirty(w, S_SS) ? damage(w, v) : v;
}

static inline void fill_paging(struct world *w)
{
	for (unsigned int level = 1; level <= 5; level++) {
		for (unsigned int half = 0; half < 2; half++) {
			unsigned int p = 2 * (level - 1) + half;

			for (unsigned int i = 0; i < 17; i++) {
				unsigned int x = level == 1 ? i : upper_index[i & 3];

				if (i == 16)
					x = 511;
				if (level == 5 && i >= 4 && i < 8)
					x = 128 * (i - 4); /* canonical or not */
				if (level > 1 && i >= 8)
					break;
				*word_at(w, P_GUEST_FS + p, x) = fs_entry(w, level, true);
				*word_at(w, P_HOST_FS + p, x) = fs_entry(w, level, false);
				*word_at(w, P_SS + p, x) = ss_entry(w, level, x);
			}
		}
	}
}

/* ---- root and context ---- */

static inline uint64_t pointer_entry(struct world *w, unsigned int page,
				     enum structure s)
{
	uint64_t v = page_at(w, page) | 1;

	return dirty(w, s) ? damage(w, v) : v;
}

static inline unsigned int random_aw(struct world *w)
{
	for (unsigned int i = 0; i < 8; i++) {
		unsigned int aw = 1 + below(&w->r, 3);

		if (has(w->m->oc.cap, 8 + aw))
			return aw;
	}
	return 2;
}

/* A value the unit does not support: the entry faults, whatever it points at */
static inline unsigned int bad_aw(struct world *w)
{
	for (unsigned int aw = 1; aw <= 3; aw++)
		if (!has(w->m->oc.cap, 8 + aw) && one_in(&w->r, 2))
			return aw;
	return one_in(&w->r, 2) ? 0 : 4 + below(&w->r, 4);
}

/* Which of the six second-stage roots: a page of the top level of @aw */
static inline unsigned int ss_root_index(unsigned int aw, unsigned int half)
{
	return 2 * (aw - 1) + half;
}

static inline uint64_t ss_root(const struct world *w, unsigned int aw, unsigned int half)
{
	return page_at(w, P_SS + 2 * (aw + 1) + half);
}

static inline void legacy_context(struct world *w, uint64_t *c)
{
	struct rng *r = &w->r;
	unsigned int aw = random_aw(w), half = below(r, 2), tt, did;
	bool bad = dirty(w, S_CONTEXT);

	tt = ecap(w, ECAP_DT) && !one_in(r, 4) ? 1 : 0;
	if (ecap(w, ECAP_PT) && one_in(r, 5))
		tt = 2;
	if (bad && one_in(r, 6))
		tt = below(r, 4);
	did = tt == 2 ? 0x50 : 0x10 + ss_root_index(aw, half);
	c[0] = 1 | tt << 2 | ss_root(w, aw, half);
	c[1] = aw | (rnd(r) & 0x78) | did << 8;
	if (!bad)
		return;
	switch (below(r, 8)) {
	case 0:
		c[0] &= ~UINT64_C(1);
		break;
	case 1:
	case 2:
		c[1] = (c[1] & ~UINT64_C(7)) | bad_aw(w);
		break;
	case 3:
		c[1] |= B(24 + below(r, 40));
		break;
	case 4:
		c[1] |= B(7);
		break;
	case 5:
		c[0] |= B(4 + below(r, 8));
		break;
	default:
		if (w->coherent)
			c[0] |= B(4);
		else
			c[below(r, 2)] ^= damage(w, c[0]) ^ c[0];
		break;
	}
}

static inline uint32_t world_pasid(struct world *w)
{
	static const uint32_t usual[] = { 0, 1, 5, 6, 64, 65, 69 };

	switch (below(&w->r, 40)) {
	case 0:
		return 8191;
	case 1:
		return 8192;
	case 2:
		return 0xfffff;
	case 3:
		return UINT32_C(1) << (5 + below(&w->r, 15));
	case 4:
		return 7;	/* nothing there */
	default:
		return usual[below(&w->r, 7)];
	}
}

static inline void scalable_context(struct world *w, uint64_t *c)
{
	struct rng *r = &w->r;

	c[0] = 1 | page_at(w, P_DIRECTORY + below(r, 2));
	if (ecap(w, ECAP_DT) && !one_in(r, 12)) {
		c[0] |= B(2);				/* DTE */
		if (ecap(w, ECAP_PRS))
			c[0] |= rnd(r) & B(4);		/* PRE */
	}
	if (ecap(w, ECAP_PASID) && !one_in(r, 12)) {
		c[0] |= B(3);				/* PASIDE */
		if (ecap(w, ECAP_PTRS))
			c[0] |= rnd(r) & B(6);		/* EPTR */
	}
	c[0] |= (uint64_t)below(r, 8) << 9;		/* PDTS */
	c[1] = 0;
	if (ecap(w, ECAP_RPS) && !one_in(r, 3))
		c[1] |= one_in(r, 8) ? 1 + below(r, 6) : 5 + below(r, 2);
	if (ecap(w, ECAP_RPRIVS) && one_in(r, 4))
		c[1] |= B(20);
	c[2] = c[3] = 0;
	if (!dirty(w, S_CONTEXT))
		return;
	switch (below(r, 10)) {
	case 0:
		c[0] &= ~UINT64_C(1);
		break;
	case 1:
		c[1] |= B(21 + below(r, 43));
		break;
	case 8:		/* RID_PRIV, reserved or not */
		c[1] ^= B(20);
		break;
	case 9:		/* RID_PASID at the end of the directory */
		c[1] = put_field(c[1], 19, 0,
				 B(13 + get_field(c[0], 11, 9)) - below(r, 2));
		break;
	case 2:
		c[2 + below(r, 2)] |= B(below(r, 64));
		break;
	case 3:
		c[0] ^= B(2 + below(r, 7));
		break;
	case 4:
		c[1] |= (uint64_t)world_pasid(w);
		break;
	case 5:
		c[1] ^= rnd(r) & 0xfffff;
		break;
	default:
		c[0] = damage(w, c[0]);
		break;
	}
}

static inline void fill_root(struct world *w)
{
	memset(word_at(w, P_ROOT, 0), 0, 4096);
	memset(word_at(w, P_CONTEXT, 0), 0, 4 * 4096);
	for (unsigned int i = 0; i < 4; i++) {
		unsigned int bus = world_sid[i] >> 8, devfn = world_sid[i] & 0xff;
		uint64_t *root = word_at(w, P_ROOT, 2 * bus);
		uint64_t *page = word_at(w, P_CONTEXT + i, 0), v;

		v = pointer_entry(w, P_CONTEXT + i, S_ROOT);
		if (w->ttm == 0) {
			/* both functions of a bus share the page of the first */
			if (!(i & 1)) {
				root[0] = v;
				root[1] = dirty(w, S_ROOT) && one_in(&w->r, 4) ?
					  B(below(&w->r, 64)) : 0;
			}
			legacy_context(w, word_at(w, P_CONTEXT + (i & ~1u), 2 * devfn));
		} else {
			root[devfn >> 7] = v;
			scalable_context(w, page + 4 * (devfn & 0x7f));
		}
		/* FPD */
		if (one_in(&w->r, 8)) {
			if (w->ttm == 0)
				*word_at(w, P_CONTEXT + (i & ~1u), 2 * devfn) |= 2;
			else
				page[4 * (devfn & 0x7f)] |= 2;
		}
	}
}

/* ---- PASID directory and table ---- */

static inline void fs_root_of(struct world *w, uint64_t *e, bool guest)
{
	unsigned int five = has(w->m->oc.cap, 60) && one_in(&w->r, 2);
	unsigned int page = (five ? 8 : 6) + below(&w->r, 2);

	e[2] |= guest ? guest_address(w, P_GUEST_FS + page) :
			page_at(w, P_HOST_FS + page);
	e[2] |= five << 2;
}

/*
 * One of the fields that a missing capability makes reserved. Where programming
 * rules must be kept, SSADE and PWSNP change only if they are reserved.
 */
static inline void pasid_entry_by_capability(struct world *w, uint64_t *e)
{
	struct rng *r = &w->r;

	switch (below(r, 8)) {
	case 0:
		if (!w->coherent || !ecap(w, ECAP_SSADS))
			e[0] ^= B(9);			/* SSADE */
		break;
	case 1:
		if (!w->coherent || !ecap(w, ECAP_SMPWCS))
			e[1] ^= B(23);			/* PWSNP */
		break;
	case 2:
		e[1] ^= B(24);				/* PGSNP */
		break;
	case 3:
		e[1] ^= B(25 + below(r, 2));		/* CD, EMTE */
		break;
	case 4:
		e[2] ^= 1;				/* SRE */
		break;
	case 5:
		e[2] ^= B(2);				/* FSPM */
		break;
	case 6:
		e[2] ^= B(4);				/* WPE */
		break;
	default:
		e[2] ^= B(7);				/* EAFE */
		break;
	}
}

/* @table: number of the PASID table, a part of the domain ids */
static inline void pasid_entry(struct world *w, uint64_t *e, unsigned int table)
{
	struct rng *r = &w->r;
	unsigned int aw = random_aw(w), half = below(r, 2), type, tries = 0;
	unsigned int k = ss_root_index(aw, half), did;

	memset(e, 0, 64);
	do {
		type = 1 + below(r, 4);
	} while (tries++ < 20 && ((type == 1 && !ecap(w, ECAP_FSTS)) ||
				  (type == 2 && !ecap(w, ECAP_SSTS)) ||
				  (type == 3 && !ecap(w, ECAP_NEST)) ||
				  (type == 4 && (!ecap(w, ECAP_PT) || !one_in(r, 3)))));
	did = type == 1 ? 0x40 + table : type == 4 ? 0x50 + table :
	      0x10 + 8 * table + k;
	e[0] = 1 | type << 6;
	e[1] = did;
	if (type == 2 || type == 3) {
		e[0] |= aw << 2 | ss_root(w, aw, half);
		if (ecap(w, ECAP_SSADS) && w->ssade[k])
			e[0] |= B(9);
	} else if (ecap(w, ECAP_SSTS) && one_in(r, 2)) {
		/* ignored, but for the bits above the host's width */
		e[0] |= below(r, 8) << 2 | random_frame(w, 12);
		if (ecap(w, ECAP_SSADS))
			e[0] |= rnd(r) & B(9);
	}
	if (ecap(w, ECAP_SMPWCS) && !permille(r, w->not_snooped))
		e[1] |= B(23);
	if (ecap(w, ECAP_SC))
		e[1] |= rnd(r) & B(24);
	if (ecap(w, ECAP_MTS))
		e[1] |= (rnd(r) & (B(25) | B(26))) | UINT64_C(0x0007040600070406) << 32;
	if (ecap(w, ECAP_SRS))
		e[2] |= one_in(r, 4) ? 0 : 1;
	e[2] |= rnd(r) & (B(5) | B(6));			/* NXE, SMEP: ignored */
	if (type == 1 || type == 3) {
		fs_root_of(w, e, type == 3);
		if (ecap(w, ECAP_FSTS))
			e[2] |= rnd(r) & B(4);		/* WPE */
		if (ecap(w, ECAP_EAFS) && w->eafe)
			e[2] |= B(7);
	} else if (ecap(w, ECAP_FSTS) && one_in(r, 2)) {
		e[2] |= random_frame(w, 12) | (rnd(r) & B(4));
	}
	if (one_in(r, 10))
		e[0] |= 2;				/* FPD */
	if (!dirty(w, S_PASID))
		return;
	switch (below(r, 14)) {
	case 0:
		e[0] &= ~UINT64_C(1);
		break;
	case 12:
	case 13:
		pasid_entry_by_capability(w, e);
		break;
	case 1:		/* PGTT */
		e[0] = put_field(e[0], 8, 6, one_in(r, 2) ? 0 : 5 + below(r, 3));
		break;
	case 2:
		e[0] = put_field(e[0], 4, 2, bad_aw(w));
		break;
	case 3:
		e[2] = put_field(e[2], 3, 2, 2 + below(r, 2));
		break;
	case 4:		/* a reserved field somewhere */
		e[3 + below(r, 5)] |= B(below(r, 64));
		break;
	case 5:
		e[0] |= B(5 + 5 * below(r, 2));
		break;
	case 6:
		e[1] ^= B(16 + below(r, 16));
		break;
	case 7:
		e[2] ^= B(8 + below(r, 4));
		break;
	case 8:		/* FSPTPTR beyond what the second stage takes */
		if (!w->coherent || type == 3)
			e[2] |= B(39 + below(r, 18));
		break;
	case 9:
		e[2] = damage(w, e[2]);
		break;
	case 10:
		e[1] |= w->coherent ? B(17) : B(below(r, 64));
		break;
	default:
		if (w->coherent)
			e[0] |= B(11);
		else
			e[0] = damage(w, e[0]);
		break;
	}
}

static inline void fill_pasid(struct world *w)
{
	static const unsigned int index[] = { 0, 1, 5, 6 };

	memset(word_at(w, P_DIRECTORY, 0), 0, 2 * 4096);
	memset(word_at(w, P_PASID, 0), 0, 4 * 4096);
	for (unsigned int d = 0; d < 2; d++) {
		for (unsigned int i = 0; i < 2; i++) {
			uint64_t v = pointer_entry(w, P_PASID + below(&w->r, 4),
						   S_DIRECTORY);

			if (one_in(&w->r, 12))
				v |= 2;			/* FPD */
			*word_at(w, P_DIRECTORY + d, i) = v;
		}
	}
	for (unsigned int t = 0; t < 4; t++)
		for (unsigned int i = 0; i < 4; i++)
			pasid_entry(w, word_at(w, P_PASID + t, 8 * index[i]), t);
}

static inline uint64_t world_rtaddr(struct world *w)
{
	return page_at(w, P_ROOT) | w->ttm << 10 | (w->ssirwe ? B(7) : 0);
}

/* New tables everywhere, for the unit that is in place */
static inline void fill_world(struct world *w)
{
	memset(w->m->word, 0, 4096 * (size_t)(P_LAST + 1));
	memset(w->m->kind, PAGE_RAM, P_HOLE);
	memset(w->m->kind + P_HOLE, PAGE_HOLE, IMAGE_PAGES - P_HOLE);
	fill_paging(w);
	if (w->ttm == 1)
		fill_pasid(w);
	fill_root(w);
}

/* What may be wrong with the tables: little, one structure, or everything */
static inline void choose_dirt(struct world *w)
{
	unsigned int focus = below(&w->r, S_COUNT + 1);
	unsigned int common = focus >= S_COUNT ? 100 : one_in(&w->r, 3) ? 0 : 8;

	for (unsigned int s = 0; s < S_COUNT; s++)
		w->dirt[s] = common;
	if (focus < S_COUNT)
		w->dirt[focus] = focus == S_FS || focus == S_SS ? 120 : 500;
	w->preset = below(&w->r, 3) * 500;
	w->not_snooped = one_in(&w->r, 3) ? 300 : 20;
	w->eafe = one_in(&w->r, 2);
	/*
	 * One set of tables used with and without snooping: a unit may keep D=0
	 * in a cache and refuse, where memory has D=1 by now.
	 */
	if (w->coherent)
		w->not_snooped = one_in(&w->r, 6) ? 1000 : 0;
	for (unsigned int i = 0; i < 6; i++)
		w->ssade[i] = one_in(&w->r, 2);
}

/* ---- requests ---- */

static inline uint64_t world_address(struct world *w)
{
	struct rng *r = &w->r;
	uint64_t a = (uint64_t)(one_in(r, 12) ? 511 : below(r, 16)) << 12;
	unsigned int shape = below(r, 50);

	a |= rnd(r) & 0xff8;
	a |= (uint64_t)upper_index[below(r, 4)] << 21;
	a |= (uint64_t)upper_index[below(r, 4)] << 30;
	if (shape < 24)			/* fits three levels */
		return a;
	if (shape < 34)			/* four levels, lower half */
		return a | (uint64_t)upper_index[below(r, 3)] << 39;
	if (shape < 38)			/* four levels, upper half, canonical */
		return a | UINT64_C(0xffff800000000000) | UINT64_C(511) << 39;
	if (shape < 40)			/* four levels of a second stage, upper half */
		return a | UINT64_C(511) << 39;
	a |= (uint64_t)upper_index[below(r, 4)] << 39;
	if (shape < 43)			/* five levels, lower half */
		return a | (uint64_t)(one_in(r, 2) ? 128 : 1 + below(r, 2)) << 48;
	if (shape < 46)			/* five levels, upper half, canonical */
		return a | UINT64_C(0xfe00000000000000) |
		       (uint64_t)(one_in(r, 2) ? 511 : 256 + 128 * below(r, 2)) << 48;
	if (shape < 48)			/* the interrupt range */
		return 0xfee00000 + (rnd(r) & 0xffff8);
	if (shape < 49)
		return rnd(r) & haw_mask(w) & ~UINT64_C(7);
	return rnd(r) & ~UINT64_C(7);
}

static inline struct oracle_request world_request(struct world *w)
{
	struct rng *r = &w->r;
	struct oracle_request q = { .sid = world_sid[below(r, 4)] };
	unsigned int kind = below(r, 20);

	if (one_in(r, 60))
		q.sid ^= (uint16_t)B(below(r, 16));
	if (w->ttm == 1 ? one_in(r, 2) : one_in(r, 12)) {
		q.has_pasid = true;
		q.pasid = world_pasid(w);
		q.privileged = one_in(r, 4);
	}
	q.addr = world_address(w);
	q.kind = kind < 12 ? ORACLE_UNTRANSLATED : kind < 18 ? ORACLE_TRANSLATION :
		 ORACLE_TRANSLATED;
	if (q.kind == ORACLE_TRANSLATION) {
		q.no_write = one_in(r, 3);
	} else {
		switch (below(r, 8)) {
		case 0:
		case 1:
		case 2:
			q.access = ORACLE_READ;
			break;
		case 3:
		case 4:
		case 5:
			q.access = ORACLE_WRITE;
			break;
		case 6:
			q.access = ORACLE_ATOMIC;
			break;
		case 7:
			q.access = ORACLE_READ;
			q.zero_length = true;
			break;
		}
	}
	q.dword = !q.zero_length && one_in(r, 2);
	if (q.has_pasid && one_in(r, 12))
		q.execute = true;
	return q;
}

#endif

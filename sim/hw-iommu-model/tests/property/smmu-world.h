/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Random worlds for an SMMUv3 unit: a machine with a little memory, streams,
 * contexts and tables of both stages in it, spoiled here and there, transactions on
 * them, and the comparison of a unit's answer with the interpreter's
 * (oracle/smmu-oracle.h).
 *
 * Offsets and bits are numbers here, so that the library's headers are judged too.
 */
#ifndef PROPERTY_SMMU_WORLD_H
#define PROPERTY_SMMU_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hwiommu/smmuv3.h"
#include "random.h"
#include "smmu-oracle.h"

#define BIT(n) (UINT64_C(1) << (n))

/* ---- a machine: frames of 64 KiB, so that a table of any granule fits one ---- */

#define FRAME UINT64_C(0x10000)
#define FRAMES 64u
#define MEM_SIZE (FRAMES * FRAME)
#define FRAME_STREAM 0u
#define FRAME_EVENTQ 1u
#define FRAME_CD 2u
#define FRAME_CD2 3u
#define FRAME_DATA 4u /* and the next three */
#define FRAME_FREE 8u

static unsigned char *mem;
static uint64_t base; /* of the frames in physical memory */
static unsigned int hole;   /* frame that does not answer, or FRAMES */
static struct hwi_unit *unit;

#define WRITES 64u
static struct {
	uint64_t addr, from, to;
} writes[WRITES];
static unsigned int n_writes;

static unsigned char *at_pa(uint64_t addr, size_t len)
{
	uint64_t off = addr - base;

	if (off >= MEM_SIZE || len > MEM_SIZE - off || off / FRAME == hole)
		return NULL;
	return mem + off;
}

static uint64_t get(uint64_t addr)
{
	uint64_t v;

	memcpy(&v, at_pa(addr, 8), 8);
	return v;
}

static void set(uint64_t addr, uint64_t v)
{
	memcpy(mem + (addr - base), &v, 8);
}

static bool host_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	const unsigned char *p = at_pa(hwi_hpa_val(addr), len);

	(void)opaque;
	if (p)
		memcpy(buf, p, len);
	return p != NULL;
}

static bool host_write(void *opaque, hwi_hpa_t addr, const void *buf, size_t len)
{
	unsigned char *p = at_pa(hwi_hpa_val(addr), len);

	(void)opaque;
	if (p)
		memcpy(p, buf, len);
	return p != NULL;
}

static enum hwi_cas host_cas64(void *opaque, hwi_hpa_t addr, uint64_t expected, uint64_t desired)
{
	uint64_t a = hwi_hpa_val(addr);

	(void)opaque;
	if (!at_pa(a, 8))
		return HWI_CAS_ERROR;
	if (get(a) != expected)
		return HWI_CAS_CHANGED;
	if (n_writes < WRITES) {
		writes[n_writes].addr = a;
		writes[n_writes].from = expected;
		writes[n_writes].to = desired;
	}
	n_writes++;
	set(a, desired);
	return HWI_CAS_DONE;
}

static bool host_msi(void *opaque, uint64_t addr, uint32_t data)
{
	(void)opaque;
	(void)addr;
	(void)data;
	return true;
}

static void host_resume(void *opaque, uint32_t requester, uint64_t tag, enum hwi_resume action)
{
	(void)opaque;
	(void)requester;
	(void)tag;
	(void)action;
}

static const struct hwi_host_ops host = {
	.read = host_read,
	.write = host_write,
	.cas64 = host_cas64,
	.msi = host_msi,
	.resume = host_resume,
};

static bool oracle_read(void *opaque, uint64_t addr, uint64_t *word)
{
	(void)opaque;
	if (!at_pa(addr, 8))
		return false;
	*word = get(addr);
	return true;
}

/* ---- random tables ---- */

struct world {
	struct rng r;
	struct hwi_smmuv3_config cfg;
	struct smmu_oracle_unit ou;
	unsigned int next_frame;
	unsigned int g1[2], g2;	   /* page bits: 12, 14, 16 */
	unsigned int t1[2], t2;	   /* TxSZ */
	uint64_t root1[2], root2;  /* root1 as stage 1 sees it */
	uint64_t to_ipa;	   /* IPA = PA + this, when nested */
	unsigned int config;
	uint32_t sid, ssid;
	bool with_ssid;
	uint64_t va[2][4];
	/* descriptors written, to be spoiled */
	uint64_t desc[256];
	unsigned int n_desc;
};

static uint64_t frame_pa(unsigned int n)
{
	return base + n * FRAME;
}

static uint64_t new_frame(struct world *w)
{
	unsigned int n = w->next_frame < FRAMES - 1 ? w->next_frame++ : FRAMES - 1;

	return frame_pa(n);
}

static unsigned int shift_of(unsigned int g, int level)
{
	return g + (3 - (unsigned int)level) * (g - 3);
}

static void note(struct world *w, uint64_t at)
{
	if (w->n_desc < 256)
		w->desc[w->n_desc++] = at;
}

/* Where an address stands in a descriptor */
static uint64_t desc_addr(const struct world *w, unsigned int g, uint64_t a)
{
	if (g == 16 && (w->cfg.idr5 & 7) == 6)
		return (a & (BIT(48) - BIT(16))) | (a >> 48 & 15) << 12;
	return a & (BIT(48) - BIT(g));
}

/*
 * Map one page or block. Tables are frames; @delta is what stage 1 adds to their
 * physical addresses (0 for stage 2 and for stage 1 alone).
 */
static void map(struct world *w, uint64_t root, unsigned int g, int level, unsigned int in_bits,
		uint64_t in, uint64_t out, int leaf_level, uint64_t attr, uint64_t table_attr,
		uint64_t delta)
{
	uint64_t index = (in & (BIT(in_bits) - 1)) >> shift_of(g, level);

	for (;; level++) {
		uint64_t at = root - delta + index * 8, d = get(at);

		note(w, at);
		if (level == leaf_level || (level < 3 && (d & 3) == 1)) {
			unsigned int s = shift_of(g, level);

			set(at, desc_addr(w, g, out >> s << s) | attr | (level == 3 ? 3 : 1));
			return;
		}
		if (!(d & 1)) {
			uint64_t t = new_frame(w) + delta;

			d = desc_addr(w, g, t) | table_attr | 3;
			set(at, d);
		}
		root = d & (BIT(48) - BIT(g));
		if (g == 16 && (w->cfg.idr5 & 7) == 6)
			root |= (d >> 12 & 15) << 48;
		if (root - delta - base >= MEM_SIZE)
			return;
		index = in >> shift_of(g, level + 1) & (BIT(g - 3) - 1);
	}
}

static unsigned int random_granule(struct rng *r)
{
	static const unsigned int g[] = { 12, 14, 16 };

	return g[below(r, 3)];
}

static uint64_t s2_attr(struct world *w)
{
	struct rng *r = &w->r;
	uint64_t a = 0xf << 2 | 3 << 8;

	a |= (one_in(r, 4) ? below(r, 4) : 3u) << 6;
	if (!one_in(r, 5))
		a |= BIT(10);
	if (one_in(r, 4))
		a |= BIT(51);
	if (one_in(r, 4))
		a |= (uint64_t)below(r, 4) << 53;
	if (one_in(r, 8))
		a &= ~(uint64_t)(0xf << 2);
	return a;
}

static uint64_t s1_attr(struct world *w)
{
	struct rng *r = &w->r;
	uint64_t a = 3 << 8 | below(r, 8) << 2;

	a |= (one_in(r, 3) ? below(r, 4) : 1u) << 6;
	if (!one_in(r, 5))
		a |= BIT(10);
	if (one_in(r, 3))
		a |= BIT(51);
	if (one_in(r, 4))
		a |= (uint64_t)below(r, 4) << 53;
	if (one_in(r, 2))
		a |= BIT(11);
	return a;
}

static uint64_t s1_table_attr(struct world *w)
{
	return one_in(&w->r, 6) ? (uint64_t)below(&w->r, 32) << 59 : 0;
}

/* Input sizes that need few bits of the first level, so that it fits a frame */
static unsigned int random_tsz(struct world *w, unsigned int g, unsigned int lo)
{
	unsigned int hi = one_in(&w->r, 6) ? (g == 16 ? 47 : 48) : 39; /* STT */

	return lo + below(&w->r, hi - lo + 1);
}

static int s1_start(unsigned int g, unsigned int tsz)
{
	return 3 - (int)((64 - tsz - 1 - g) / (g - 3));
}

static void build_s2(struct world *w)
{
	/* SL0 by granule and level, and T0SZ that it takes */
	static const struct {
		unsigned int g;
		int level;
		unsigned int sl0, lo, hi;
	} starts[] = {
		{ 12, 0, 2, 16, 24 }, { 12, 1, 1, 21, 33 }, { 12, 2, 0, 30, 42 },
		{ 14, 1, 2, 16, 27 }, { 14, 2, 1, 24, 38 }, { 14, 3, 0, 35, 42 },
		{ 16, 1, 2, 12, 21 }, { 16, 2, 1, 18, 34 }, { 16, 3, 0, 31, 42 },
		{ 12, 3, 3, 39, 42 },
	};
	unsigned int n = below(&w->r, 10), oas = 28 + 4 * (w->cfg.idr5 & 7);
	uint64_t tg = starts[n].g == 12 ? 0 : starts[n].g == 16 ? 1 : 2;
	unsigned int in_bits, lo = starts[n].lo;
	uint64_t ste = frame_pa(FRAME_STREAM) + w->sid * 64;

	if (lo < 64 - oas) /* 44, 48 or 52, whatever VAX says */
		lo = 64 - oas;
	w->g2 = starts[n].g;
	w->t2 = lo + below(&w->r, starts[n].hi - lo + 1);
	in_bits = 64 - w->t2;
	/* Tables of the first level that do not fit a frame: a higher T0SZ does */
	while (in_bits - shift_of(w->g2, starts[n].level) + 3 > 16) {
		w->t2++;
		in_bits--;
	}
	w->root2 = new_frame(w);
	w->to_ipa = one_in(&w->r, 2) ? 0 : ((uint64_t)below(&w->r, 64) << 32) - base;
	if (base + MEM_SIZE + w->to_ipa > BIT(in_bits))
		w->to_ipa = 0 - base;
	set(ste + 16, w->t2 * BIT(32) | (uint64_t)starts[n].sl0 << 38 | BIT(40) | BIT(42) |
			      BIT(45) | tg << 46 | (uint64_t)(one_in(&w->r, 3) ? below(&w->r, 8) : 5u) << 48 |
			      BIT(51) | (uint64_t)(one_in(&w->r, 2) ? below(&w->r, 64) : 32u) << 53 |
			      below(&w->r, one_in(&w->r, 8) ? 65536 : 256));
	set(ste + 24, w->root2);
	for (unsigned int i = 0; i < FRAMES; i++) {
		uint64_t a = frame_pa(i), attr = s2_attr(w);
		int leaf = 3;

		/* Structures mostly with full rights, or little else would be seen */
		if (i != FRAME_DATA + 1 && i != FRAME_DATA + 2 && !one_in(&w->r, 12))
			attr = 0xf << 2 | 3 << 8 | 3 << 6 | BIT(10);
		for (uint64_t p = 0; p < FRAME; p += BIT(w->g2))
			map(w, w->root2, w->g2, starts[n].level, in_bits, a + w->to_ipa + p, a + p,
			    leaf, attr, 0, 0);
	}
}

static void build_s1(struct world *w, bool upper)
{
	unsigned int va52 = (w->cfg.idr5 >> 10 & 3) != 0;
	unsigned int g = random_granule(&w->r), t, in_bits;
	uint64_t delta = w->config == 7 ? w->to_ipa : 0;
	int level;

	t = random_tsz(w, g, g == 16 && va52 ? 12 : 16);
	in_bits = 64 - t;
	level = s1_start(g, t);
	w->g1[upper] = g;
	w->t1[upper] = t;
	w->root1[upper] = new_frame(w) + delta;
	for (unsigned int i = 0; i < 4; i++) {
		uint64_t va = rnd(&w->r) & (BIT(in_bits) - 1) & ~(FRAME - 1);
		uint64_t out = frame_pa(FRAME_DATA + i) + delta;
		int leaf = 3;

		if (one_in(&w->r, 4) && g == 12 && level <= 2)
			leaf = 2;
		w->va[upper][i] = upper ? va | ~(BIT(in_bits) - 1) : va;
		for (uint64_t p = 0; p < FRAME; p += leaf == 3 ? BIT(g) : FRAME)
			map(w, w->root1[upper], g, level, in_bits, va + p, out + p, leaf,
			    s1_attr(w), s1_table_attr(w), delta);
	}
}

static void build_cd(struct world *w, unsigned int cdmax, unsigned int fmt)
{
	static const unsigned int tg0[] = { 0, 0, 2, 0, 1 }, tg1[] = { 2, 0, 1, 0, 3 };
	uint64_t cd = frame_pa(FRAME_CD), delta = w->config == 7 ? w->to_ipa : 0;
	struct rng *r = &w->r;
	uint64_t c0;

	if (cdmax && (fmt == 1 || fmt == 2)) {
		unsigned int split = fmt == 1 ? 6 : 10;

		set(cd + (w->ssid >> split) * 8, (frame_pa(FRAME_CD2) + delta) | 1);
		note(w, cd + (w->ssid >> split) * 8);
		cd = frame_pa(FRAME_CD2) + (w->ssid & ((1u << split) - 1)) * 64;
	} else if (cdmax) {
		cd += w->ssid * 64;
	}
	build_s1(w, false);
	build_s1(w, true);
	c0 = w->t1[0] | tg0[w->g1[0] - 12] << 6 | 1 << 8 | 1 << 10 | 3 << 12 | w->t1[1] << 16 |
	     tg1[w->g1[1] - 12] << 22 | BIT(24) | BIT(26) | BIT(28) | BIT(31) | BIT(41);
	c0 |= (uint64_t)(one_in(r, 4) ? below(r, 8) : (w->cfg.idr5 & 7)) << 32;
	if (one_in(r, 10))
		c0 |= BIT(14);
	if (one_in(r, 10))
		c0 |= BIT(30);
	if (one_in(r, 2))
		c0 |= (uint64_t)below(r, 64) << 35 & ~BIT(37);
	if (one_in(r, 2))
		c0 |= BIT(43) | (one_in(r, 2) ? BIT(42) : 0);
	c0 |= one_in(r, 2) ? (uint64_t)below(r, 8) << 44 : BIT(45) | BIT(46);
	c0 |= (uint64_t)below(r, 4096) << 48;
	set(cd, c0 | BIT(41));
	set(cd + 8, (w->root1[0] & (BIT(52) - 1)) | (one_in(r, 4) ? BIT(1) : 0));
	set(cd + 16, (w->root1[1] & (BIT(52) - 1)) | (one_in(r, 4) ? BIT(1) : 0));
	set(cd + 24, UINT64_C(0x04ff440c0400bbff));
	note(w, cd);
	note(w, cd + 8);
	note(w, cd + 16);
}

static void build(struct world *w)
{
	struct rng *r = &w->r;
	uint64_t stream = frame_pa(FRAME_STREAM), ste, d0, d1 = 0, delta = 0;
	unsigned int cdmax = 0, fmt = 0;
	bool two = one_in(r, 3);

	memset(mem, 0, MEM_SIZE);
	hole = FRAMES;
	w->n_desc = 0;
	w->next_frame = FRAME_FREE;
	w->config = 4u + (one_in(r, 20) ? 0 : 1u + below(r, 3));
	if (one_in(r, 40))
		w->config = below(r, 4);
	w->sid = 1 + below(r, 30);
	ste = stream + w->sid * 64;
	if (w->config & 2)
		build_s2(w);
	if (w->config == 7)
		delta = w->to_ipa;
	w->with_ssid = (w->config & 1) && one_in(r, 2);
	if (w->with_ssid) {
		fmt = below(r, 3);
		cdmax = fmt ? 1 + below(r, 12) : 1 + below(r, 6);
		w->ssid = below(r, 1u << cdmax);
		d1 |= below(r, 4);
	} else {
		w->ssid = 0;
	}
	if (w->config == 5 && one_in(r, 3))
		d1 |= BIT(31); /* STRW: EL2 */
	if (one_in(r, 12))
		d1 |= BIT(30) | (uint64_t)below(r, 4) << 28; /* reserved; EATS */
	if (w->config & 1)
		build_cd(w, cdmax, fmt);
	d0 = 1 | w->config << 1 | fmt << 4 | ((frame_pa(FRAME_CD) + delta) & (BIT(52) - 1)) |
	     (uint64_t)cdmax << 59;
	d1 |= one_in(r, 4) ? BIT(27) : 0;
	d1 |= one_in(r, 2) ? (uint64_t)below(r, 16) << 48 : 0;
	d1 |= (w->config & 2) && one_in(r, 2) ? BIT(25) : 0;
	set(ste, d0);
	set(ste + 8, d1);
	for (unsigned int i = 0; i < 4; i++)
		note(w, ste + i * 8);
	w->ou.strtab_base = stream;
	w->ou.strtab_base_cfg = 5 + below(r, 5);
	if (two) {
		uint64_t l1 = frame_pa(FRAME_STREAM) + 0x8000;
		unsigned int split = 6 + 2 * below(r, 3), span = 6 + below(r, split - 4);

		/* The second level is aligned to its size; it begins the frame */
		set(l1, stream | span);
		note(w, l1);
		w->ou.strtab_base = l1;
		w->ou.strtab_base_cfg = split + below(r, 3);
		w->ou.strtab_base_cfg |= 1u << 16 | split << 6;
	}
	if (one_in(r, 4))
		w->ou.strtab_base_cfg ^= 1u << below(r, 4);
	w->ou.strtab_base |= rnd(r) & BIT(62);
	w->ou.cr2 = below(r, 4);
	w->ou.gbpa = one_in(r, 2) ? 1u << 20 : 0;
	w->ou.smmuen = !one_in(r, 30);

	for (unsigned int n = below(r, 3); n--;) {
		uint64_t at = w->desc[below(r, w->n_desc)];

		set(at, get(at) ^ BIT(below(r, 64)));
	}
	/* A descriptor with an address far away, or another type */
	if (one_in(r, 8)) {
		uint64_t at = w->desc[below(r, w->n_desc)];

		set(at, get(at) | (uint64_t)below(r, 16) << (36 + below(r, 12)));
	}
	hole = one_in(r, 8) ? 2u + below(r, w->next_frame) % (FRAMES - 2) : FRAMES;
}

static struct smmu_oracle_request random_request(struct world *w)
{
	struct rng *r = &w->r;
	bool upper = one_in(r, 2);
	struct smmu_oracle_request q = {
		.sid = w->sid,
		.ssv = w->with_ssid,
		.ssid = w->with_ssid ? w->ssid : 0,
		.access = (enum smmu_oracle_access)(one_in(r, 6) ? 2u : below(r, 2)),
		.inst = one_in(r, 3),
		.priv = one_in(r, 2),
	};

	if (w->config & 1)
		q.addr = w->va[upper][below(r, 4)];
	else
		q.addr = frame_pa(FRAME_DATA + below(r, 4)) + (w->config & 2 ? w->to_ipa : 0);
	q.addr += below(r, (unsigned int)FRAME) & ~7u;
	if (one_in(r, 8))
		q.addr ^= BIT(3 + below(r, 61));
	if (one_in(r, 12))
		q.ssv = !q.ssv;
	if (one_in(r, 12))
		q.ssid = below(r, 1u << (1 + below(r, 19)));
	if (!q.ssv)
		q.ssid = 0;
	if (one_in(r, 16))
		q.sid = below(r, 1u << (1 + below(r, 15)));
	return q;
}

/* ---- the unit ---- */

static void wr32(uint64_t off, uint64_t v)
{
	hwi_mmio_write(unit, off, 4, v);
}

static void wr64(uint64_t off, uint64_t v)
{
	hwi_mmio_write(unit, off, 8, v);
}

static void settle(void)
{
	for (unsigned int i = 0; i < 64 && hwi_pending(unit); i++)
		(void)hwi_step(unit, 64);
}

/* Where the event queue of 16 entries stood before the request */
static uint32_t evq_prod;

static void start(const struct world *w)
{
	hwi_reset(unit, true);
	memset(mem + FRAME_EVENTQ * FRAME, 0, 1024);
	wr32(0x44, UINT32_C(0x80000000) | w->ou.gbpa);
	wr32(0x28, 0x0d75);
	wr32(0x2c, w->ou.cr2);
	wr64(0x80, w->ou.strtab_base);
	wr32(0x88, w->ou.strtab_base_cfg);
	wr64(0xa0, frame_pa(FRAME_EVENTQ) | 4);
	wr32(0x100a8, 0);
	wr32(0x100ac, 0);
	wr32(0x20, 4);
	settle();
	wr32(0x20, 4u | w->ou.smmuen);
	settle();
	assert_int_equal(hwi_mmio_read(unit, 0x24, 4), 4u | w->ou.smmuen);
	n_writes = 0;
	evq_prod = 0;
}

static const char *why;

static bool differ(const char *what)
{
	why = what;
	return false;
}

static bool same_event(const struct smmu_oracle_answer *a)
{
	uint32_t prod = (uint32_t)hwi_mmio_read(unit, 0x100a8, 4);
	uint64_t entry = frame_pa(FRAME_EVENTQ) + (evq_prod & 15) * 32;

	if (prod != ((evq_prod + (a->recorded ? 1 : 0)) & 31))
		return differ(a->recorded ? "no event" : "an event");
	for (unsigned int i = 0; a->recorded && i < 4; i++) {
		uint64_t got = get(entry + i * 8);

		if ((got ^ a->ev[i]) & a->known[i]) {
			fprintf(stderr, "event word %u: %016llx, expected %016llx of %016llx\n", i,
				(unsigned long long)got, (unsigned long long)a->ev[i],
				(unsigned long long)a->known[i]);
			return differ("event record");
		}
	}
	return true;
}

/* The final value of each descriptor that was to be updated, and no other written */
static inline bool same_updates(const struct smmu_oracle_answer *a)
{
	for (unsigned int i = 0; i < n_writes && i < WRITES; i++) {
		bool known = false;

		for (unsigned int k = 0; k < a->n_updates; k++)
			known |= a->updates[k].addr == writes[i].addr;
		if (!known && writes[i].from != writes[i].to)
			return differ("a write to what is no descriptor to be updated");
	}
	for (unsigned int k = 0; k < a->n_updates; k++) {
		uint64_t must = a->updates[k].from, may = must, got = get(a->updates[k].addr);
		bool later = false;

		for (unsigned int j = 0; j < k; j++)
			later |= a->updates[j].addr == a->updates[k].addr;
		if (later)
			continue;
		for (unsigned int j = k; j < a->n_updates; j++) {
			if (a->updates[j].addr != a->updates[k].addr)
				continue;
			may = a->updates[j].to;
			if (!a->updates[j].maybe)
				must = a->updates[j].to;
		}
		if (got != must && got != may) {
			fprintf(stderr, "descriptor %llx: %016llx, expected %016llx\n",
				(unsigned long long)a->updates[k].addr, (unsigned long long)got,
				(unsigned long long)must);
			return differ("descriptor update");
		}
	}
	return true;
}

static inline enum hwi_status ask(const struct smmu_oracle_request *q, struct hwi_response *resp)
{
	struct hwi_request req = {
		.requester = q->sid,
		.pasid = q->ssv ? q->ssid : HWI_PASID_NONE,
		.addr = hwi_iova(q->addr),
		.length = 8,
		.kind = HWI_UNTRANSLATED,
		.access = (uint8_t)((q->access == SMMU_O_READ  ? HWI_READ :
				     q->access == SMMU_O_WRITE ? HWI_WRITE :
								 HWI_ATOMIC) |
				    (q->inst ? HWI_EXEC : 0) | (q->priv ? HWI_PRIV : 0)),
	};

	return hwi_translate(unit, &req, resp);
}

/* Outcome, address, fault and event record */
static inline bool agree(const struct smmu_oracle_request *q, const struct smmu_oracle_answer *a)
{
	static const uint8_t outcome[] = {
		[SMMU_O_OK] = HWI_SUCCESS,
		[SMMU_O_ABORT] = HWI_UNSUPPORTED_REQUEST,
		[SMMU_O_RAZ_WI] = HWI_TERMINATED,
		[SMMU_O_STALL] = HWI_STALLED,
	};
	struct hwi_response resp;

	if (ask(q, &resp) != HWI_OK)
		return differ("hwi_translate() refuses the request");
	if (a->either)
		return true;
	if (resp.outcome != outcome[a->end]) {
		fprintf(stderr, "outcome %u fault %#x, expected %u\n", resp.outcome, resp.fault,
			outcome[a->end]);
		return differ("outcome");
	}
	if (a->end == SMMU_O_OK && hwi_hpa_val(resp.addr) != a->addr) {
		fprintf(stderr, "address %llx, expected %llx\n",
			(unsigned long long)hwi_hpa_val(resp.addr), (unsigned long long)a->addr);
		return differ("address");
	}
	if (resp.fault != a->code) {
		fprintf(stderr, "fault %#x, expected %#x\n", resp.fault, a->code);
		return differ("fault code");
	}
	if (a->end != SMMU_O_OK && resp.recorded != a->recorded)
		return differ("recorded");
	return same_event(a);
}

/* Bits of an identification register that are 0, or taken from @val, in one unit of @n */
static void now_and_then(struct world *w, uint32_t *idr, uint32_t bits, uint32_t val,
			 unsigned int n)
{
	if (one_in(&w->r, n))
		*idr = (*idr & ~bits) | (val & bits);
}

/* A unit of an earlier version, and with less than the usual one has */
static void fewer_features(struct world *w, struct hwi_smmuv3_config *c)
{
	struct rng *r = &w->r;

	c->aidr = below(r, 3);
	if (c->aidr < 2) {
		c->idr0 &= ~(1u << 23); /* ATSRECERR */
		c->idr3 &= ~(1u << 13); /* E0PD */
	}
	if (!c->aidr)
		c->idr3 = 0; /* no HAD, XNX, FWB, STT, RIL, BBML either */
	now_and_then(w, &c->idr0, 3u << 6, below(r, 3) << 6, 3);      /* HTTU */
	now_and_then(w, &c->idr0, 1u << 12, 0, 4);		      /* ASID16 */
	now_and_then(w, &c->idr0, 1u << 18, 0, 4);		      /* VMID16 */
	now_and_then(w, &c->idr0, 1u << 19, 0, 4);		      /* CD2L */
	now_and_then(w, &c->idr0, 1u << 26, 1u << 26, 4);	      /* TERM_MODEL */
	if (c->aidr < 2)
		now_and_then(w, &c->idr0, 1u << 9, 0, 2); /* Hyp */
	now_and_then(w, &c->idr1, 31u << 6, below(r, 21) << 6, 3);    /* SSIDSIZE */
	now_and_then(w, &c->idr1, 1u << 26, 0, 3);		      /* ATTR_PERMS_OVR */
	now_and_then(w, &c->idr3, 1u << 9, 0, 3);		      /* STT */
	now_and_then(w, &c->idr3, 1u << 13, 0, 3);		      /* E0PD */
	now_and_then(w, &c->idr5, 3u << 10, 0, 3);		      /* VAX */
	now_and_then(w, &c->idr5, 7u << 4, (1u + below(r, 7)) << 4, 6); /* granules */
	if (!(c->idr5 & 1u << 6)) /* 52 bits need 64K */
		c->idr5 = (c->idr5 & ~(3u << 10 | 7u)) | 5;
	if (one_in(r, 6)) { /* no stall, or nothing else */
		bool none = one_in(r, 2);

		c->idr0 |= none ? 1u << 24 : 2u << 24;
		c->idr5 = none ? c->idr5 & 0xffffu : c->idr5;
	}
	if (one_in(r, 8)) { /* one stage, without what needs both */
		c->aidr = c->aidr < 2 ? c->aidr : 1;
		if (one_in(r, 2)) {
			c->idr0 &= ~2u;
			c->idr3 &= ~(1u << 2); /* HAD */
		} else {
			c->idr0 &= ~(1u << 17 | 1u); /* VMW */
		}
		c->idr0 &= ~(1u << 9 | 1u << 23);
		c->idr3 &= ~(1u << 13);
	}
	if (one_in(r, 6)) { /* no ATS */
		c->idr0 &= ~(1u << 10 | 1u << 16 | 1u << 23);
		c->idr1 &= ~(31u << 11);
	}
}

static void random_config(struct world *w)
{
	struct hwi_smmuv3_config c;
	static const unsigned int sizes[] = { 4, 5, 6 };

	hwi_smmuv3_config_init(&w->cfg);
	w->cfg.caches = (struct hwi_smmuv3_caches){ 16, 16, 16, 16, 16, 16, 16, 16 };
	c = w->cfg;
	c.idr5 = (c.idr5 & ~7u) | sizes[below(&w->r, 3)];
	if (one_in(&w->r, 3))
		c.idr5 &= ~(3u << 10); /* VAX */
	if (hwi_smmuv3_config_check(&c, NULL) == HWI_OK)
		w->cfg = c;
	if (one_in(&w->r, 2))
		fewer_features(w, &c);
	if (hwi_smmuv3_config_check(&c, NULL) == HWI_OK)
		w->cfg = c;
	w->ou.idr0 = w->cfg.idr0;
	w->ou.idr1 = w->cfg.idr1;
	w->ou.idr3 = w->cfg.idr3;
	w->ou.idr5 = w->cfg.idr5;
	w->ou.read = oracle_read;
}

#endif

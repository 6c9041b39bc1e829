/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* See smmu-oracle.h. Bit numbers are the specification's. */
#include "smmu-oracle.h"

#include <string.h>

/* Event codes (§7.3) */
enum {
	C_BAD_STREAMID = 0x02,
	F_STE_FETCH = 0x03,
	C_BAD_STE = 0x04,
	F_STREAM_DISABLED = 0x06,
	C_BAD_SUBSTREAMID = 0x08,
	F_CD_FETCH = 0x09,
	C_BAD_CD = 0x0a,
	F_WALK_EABT = 0x0b,
	F_TRANSLATION = 0x10,
	F_ADDR_SIZE = 0x11,
	F_ACCESS = 0x12,
	F_PERMISSION = 0x13,
};

enum { CLASS_CD, CLASS_TT, CLASS_IN };
enum { GRAN_NONE, GRAN_4K, GRAN_16K, GRAN_64K };
enum { REGIME_EL1, REGIME_EL2, REGIME_EL2_E2H };

struct run {
	const struct smmu_oracle_unit *u;
	const struct smmu_oracle_request *q;
	struct smmu_oracle_answer *a;
	uint64_t ste[8], cd[8];
	bool s1, s2;
	int regime;
	bool priv, inst; /* after overrides */
	bool rd, wr;	 /* what the transaction needs */
	/* The fault, if any */
	uint8_t code;
	bool fault_s2;
	int fault_class;
	uint64_t fault_ipa, fetch_addr;
	bool ttrnw;
	bool missing_read_only; /* F_PERMISSION of an atomic that could write */
	uint32_t bad_ssid;
};

static uint64_t f(uint64_t word, int hi, int lo)
{
	uint64_t v = word >> lo;

	return hi - lo == 63 ? v : v & ((UINT64_C(1) << (hi - lo + 1)) - 1);
}

static uint64_t low_clear(uint64_t v, unsigned int bits)
{
	return bits >= 64 ? 0 : v >> bits << bits;
}

static unsigned int oas_bits(uint64_t code)
{
	static const unsigned int bits[] = { 32, 36, 40, 42, 44, 48, 52 };

	return code < 7 ? bits[code] : 52;
}

static unsigned int oas(const struct run *r)
{
	return oas_bits(f(r->u->idr5, 2, 0));
}

/* A size field of a table is capped by OAS; reserved values act as the cap. */
static unsigned int capped_size(const struct run *r, uint64_t code)
{
	unsigned int bits = code < 7 ? oas_bits(code) : oas(r);

	return bits < oas(r) ? bits : oas(r);
}

static bool above(uint64_t addr, unsigned int bits)
{
	return bits < 64 && addr >> bits;
}

/* Memory with the updates so far. */
static bool load(struct run *r, uint64_t addr, uint64_t *word)
{
	if (!r->u->read(r->u->opaque, addr, word))
		return false;
	for (unsigned int i = 0; i < r->a->n_updates; i++)
		if (r->a->updates[i].addr == addr && !r->a->updates[i].maybe)
			*word = r->a->updates[i].to;
	return true;
}

static void update(struct run *r, uint64_t addr, uint64_t from, uint64_t to, bool maybe)
{
	if (from == to || r->a->n_updates == SMMU_O_UPDATES)
		return;
	r->a->updates[r->a->n_updates].addr = addr;
	r->a->updates[r->a->n_updates].from = from;
	r->a->updates[r->a->n_updates].to = to;
	r->a->updates[r->a->n_updates].maybe = maybe;
	r->a->n_updates++;
}

static bool fault(struct run *r, uint8_t code)
{
	r->code = code;
	return false;
}

/* ---- what granules look like ---- */

static unsigned int page_bits(int g)
{
	return g == GRAN_4K ? 12 : g == GRAN_16K ? 14 : 16;
}

static bool granule_there(const struct run *r, int g)
{
	return (g == GRAN_4K && f(r->u->idr5, 4, 4)) || (g == GRAN_16K && f(r->u->idr5, 5, 5)) ||
	       (g == GRAN_64K && f(r->u->idr5, 6, 6));
}

static bool va52(const struct run *r)
{
	return f(r->u->idr5, 11, 10) >= 1;
}

/* Bits that a descriptor of level 3 resolves start here. */
static unsigned int level_shift(int g, int level)
{
	return page_bits(g) + (3 - (unsigned int)level) * (page_bits(g) - 3);
}

/* Whether a block may stand at this level (no LPA2). */
static bool block_ok(const struct run *r, int g, int level)
{
	if (g == GRAN_4K)
		return level == 1 || level == 2;
	if (g == GRAN_16K)
		return level == 2;
	return level == 2 || (level == 1 && oas(r) == 52);
}

/* The address in a descriptor: 47:s, with 64K and 52-bit addresses 51:48 in 15:12. */
static uint64_t descriptor_address(const struct run *r, int g, uint64_t d, unsigned int low)
{
	uint64_t a = low_clear(d & ((UINT64_C(1) << 48) - 1), low);

	if (g == GRAN_64K && oas(r) == 52)
		a |= f(d, 15, 12) << 48;
	return a;
}

/* ---- stage 2 ---- */

struct s2_use {
	bool rd, wr, inst, priv;
	int class;
	bool dirty; /* may make the page dirty */
};

static int s2_granule(uint64_t tg)
{
	return tg == 0 ? GRAN_4K : tg == 1 ? GRAN_64K : tg == 2 ? GRAN_16K : GRAN_NONE;
}

static bool s2_start_ok(int g, uint64_t sl0, unsigned int t0sz, int *level)
{
	/* First level by SL0, and the range of T0SZ for it, concatenated tables included (4.4) */
	static const struct {
		int g;
		uint64_t sl0;
		int level;
		unsigned int lo, hi;
	} legal[] = {
		{ GRAN_4K, 2, 0, 16, 24 },  { GRAN_4K, 1, 1, 21, 33 },  { GRAN_4K, 0, 2, 30, 42 },
		{ GRAN_4K, 3, 3, 39, 48 },  { GRAN_16K, 2, 1, 16, 27 }, { GRAN_16K, 1, 2, 24, 38 },
		{ GRAN_16K, 0, 3, 35, 48 }, { GRAN_64K, 2, 1, 12, 21 }, { GRAN_64K, 1, 2, 18, 34 },
		{ GRAN_64K, 0, 3, 31, 47 },
	};

	for (size_t i = 0; i < sizeof(legal) / sizeof(legal[0]); i++) {
		if (legal[i].g == g && legal[i].sl0 == sl0) {
			*level = legal[i].level;
			return t0sz >= legal[i].lo && t0sz <= legal[i].hi;
		}
	}
	return false;
}

static bool s2_fault(struct run *r, uint8_t code, const struct s2_use *use, uint64_t ipa)
{
	r->fault_s2 = true;
	r->fault_class = use->class;
	r->fault_ipa = ipa;
	r->ttrnw = !use->wr;
	return fault(r, code);
}

static bool s2_device_page(const struct run *r, uint64_t d)
{
	/* S2FWB: 0xx is Device; else 00xx is (4.10) */
	return f(r->ste[1], 25, 25) ? f(d, 4, 4) == 0 : f(d, 5, 4) == 0;
}

/* IPA to PA. False: fault in r. */
static bool stage2(struct run *r, uint64_t ipa, const struct s2_use *use, uint64_t *pa)
{
	unsigned int t0sz = (unsigned int)f(r->ste[2], 37, 32);
	unsigned int ps = capped_size(r, f(r->ste[2], 50, 48));
	int g = s2_granule(f(r->ste[2], 47, 46));
	bool ha = f(r->ste[2], 56, 56), hd = ha && f(r->ste[2], 55, 55);
	bool affd = f(r->ste[2], 53, 53) && !ha;
	uint64_t table, d, at, to;
	unsigned int bits;
	int level;

	if (above(ipa, 64 - t0sz))
		return s2_fault(r, F_TRANSLATION, use, ipa);
	(void)s2_start_ok(g, f(r->ste[2], 39, 38), t0sz, &level);
	/* The first level resolves all bits that are left, over concatenated tables */
	bits = 64 - t0sz - level_shift(g, level) + 3;
	if (ps == 52 && bits < 6)
		bits = 6;
	table = low_clear(f(r->ste[3], 51, 4) << 4, bits);
	at = table + ((ipa >> level_shift(g, level)) << 3);
	for (;; level++) {
		if (!load(r, at, &d)) {
			r->fetch_addr = at;
			(void)s2_fault(r, F_WALK_EABT, use, ipa);
			return false;
		}
		if (!(d & 1) || (level == 3 && !(d & 2)) ||
		    (level < 3 && !(d & 2) && !block_ok(r, g, level)))
			return s2_fault(r, F_TRANSLATION, use, ipa);
		if (level == 3 || !(d & 2))
			break;
		table = descriptor_address(r, g, d, page_bits(g));
		if (above(table, ps))
			return s2_fault(r, F_ADDR_SIZE, use, ipa);
		at = table + ((ipa >> level_shift(g, level + 1) &
			       ((UINT64_C(1) << (page_bits(g) - 3)) - 1)) << 3);
	}
	{
		unsigned int shift = level_shift(g, level);
		uint64_t out = descriptor_address(r, g, d, shift);
		uint64_t xn = f(d, 54, 53);
		bool can_r = f(d, 6, 6), can_w = f(d, 7, 7), exec;
		bool lack_r, lack_w, af_unknown, dbm;

		if (above(out, ps))
			return s2_fault(r, F_ADDR_SIZE, use, ipa);
		if (!f(d, 10, 10) && !ha && !affd)
			return s2_fault(r, F_ACCESS, use, ipa);
		exec = xn == 0 || (xn == 1 && !use->priv) || (xn == 3 && use->priv);
		to = d;
		if (ha)
			to |= UINT64_C(1) << 10;
		dbm = f(d, 51, 51) && hd;
		lack_w = use->wr && !can_w;
		lack_r = use->rd && (use->inst ? !exec : !can_r);
		af_unknown = to != d;
		/* S2PTW: a walk or CD fetch that lands on a Device page (§5.2) */
		if (use->class != CLASS_IN && f(r->ste[2], 54, 54) && s2_device_page(r, d)) {
			update(r, at, d, to, af_unknown);
			return s2_fault(r, F_PERMISSION, use, ipa);
		}
		/* Writable-clean is writable; the missing write is reported before the read */
		if (lack_w && !dbm) {
			update(r, at, d, to, af_unknown);
			return s2_fault(r, F_PERMISSION, use, ipa);
		}
		if (lack_r) {
			update(r, at, d, to, af_unknown);
			r->missing_read_only = use->wr;
			return s2_fault(r, F_PERMISSION, use, ipa);
		}
		if (use->wr && dbm && use->dirty)
			to |= UINT64_C(1) << 7;
		update(r, at, d, to, false);
		*pa = out | (ipa & ((UINT64_C(1) << shift) - 1));
		return true;
	}
}

/* Where a structure of stage 1 stands: an IPA when nested. */
static bool structure_pa(struct run *r, uint64_t addr, int class, bool write, uint64_t *pa)
{
	struct s2_use use = { .rd = !write, .wr = write, .class = class, .dirty = write };

	if (!r->s2) {
		*pa = addr;
		return true;
	}
	/* Updates are read-modify-writes of a descriptor that was read before */
	return stage2(r, addr, &use, pa);
}

/* ---- the stream table ---- */

static bool find_ste(struct run *r)
{
	const struct smmu_oracle_unit *u = r->u;
	unsigned int log2size = (unsigned int)f(u->strtab_base_cfg, 5, 0);
	unsigned int sidsize = (unsigned int)f(u->idr1, 5, 0);
	unsigned int n = log2size < sidsize ? log2size : sidsize;
	bool two = f(u->idr0, 28, 27) == 1 && f(u->strtab_base_cfg, 17, 16) == 1;
	uint64_t base = f(u->strtab_base, 51, 6) << 6, at, l1;
	uint32_t sid = r->q->sid;

	if (n < 32 && sid >> n)
		return fault(r, C_BAD_STREAMID);
	if (!two) {
		base = low_clear(base, log2size + 6);
		at = base + (uint64_t)sid * 64;
	} else {
		unsigned int split = (unsigned int)f(u->strtab_base_cfg, 10, 6);
		unsigned int span, low;

		if (split != 8 && split != 10)
			split = 6;
		low = log2size > split + 1 ? log2size - split - 1 + 3 : 3;
		base = low_clear(base, (low > 5 ? low : 5) + 1);
		at = base + (uint64_t)(sid >> split) * 8;
		if (!load(r, at, &l1)) {
			r->fetch_addr = at;
			return fault(r, F_STE_FETCH);
		}
		span = (unsigned int)f(l1, 4, 0);
		if (span == 0 || span >= 12 || span > split + 1)
			return fault(r, C_BAD_STREAMID);
		if ((sid & ((1u << split) - 1)) >> (span - 1))
			return fault(r, C_BAD_STREAMID);
		base = low_clear(f(l1, 51, 6) << 6, 5 + span);
		if (f(l1, 55, 52))
			r->a->either = true; /* address bits from 3.4 on only */
		at = base + (uint64_t)(sid & ((1u << split) - 1)) * 64;
	}
	if (above(at, oas(r)))
		r->a->either = true; /* truncated or F_STE_FETCH (§3.4.3) */
	for (int i = 0; i < 8; i++) {
		if (!load(r, at + 8 * (uint64_t)i, &r->ste[i])) {
			r->fetch_addr = at;
			return fault(r, F_STE_FETCH);
		}
	}
	return true;
}

/* The checks of §5.2.2, in order. */
static bool ste_ok(struct run *r)
{
	const struct smmu_oracle_unit *u = r->u;
	const uint64_t *s = r->ste;
	unsigned int config = (unsigned int)f(s[0], 3, 1);
	unsigned int stall_model = (unsigned int)f(u->idr0, 25, 24);
	unsigned int httu = (unsigned int)f(u->idr0, 7, 6);
	unsigned int ssidsize = (unsigned int)f(u->idr1, 10, 6);
	unsigned int eats = (unsigned int)f(s[1], 29, 28);
	unsigned int cdmax = (unsigned int)f(s[0], 63, 59);
	bool s1 = config & 1, s2 = config & 2, s2s = f(s[2], 57, 57);

	if (s1 && !f(u->idr0, 1, 1))
		return false;
	if (s2 && !f(u->idr0, 0, 0))
		return false;
	if (f(u->idr0, 10, 10) && config != 4 && eats == 2 &&
	    (config != 7 || s2s || f(u->idr0, 11, 11)))
		return false;
	if (f(u->idr0, 10, 10) && eats == 1 && s2s && s2)
		return false;
	/* STRW counts for stage 1 alone, with Hyp */
	if (config == 5 && f(u->idr0, 9, 9) && f(s[1], 30, 30))
		return false;
	if (s1 && f(s[1], 27, 27) && stall_model != 0)
		return false;
	if (s1 && ssidsize && cdmax > ssidsize)
		return false;
	if (s1 && ssidsize && cdmax && !f(u->idr0, 19, 19) &&
	    (f(s[0], 5, 4) == 1 || f(s[0], 5, 4) == 2))
		return false;
	if (s1 && above(f(s[0], 55, 6) << 6, oas(r))) {
		if (s2)
			r->a->either = true; /* C_BAD_STE or a stage 2 fault */
		return false;
	}
	if (s2) {
		unsigned int t0sz = (unsigned int)f(s[2], 37, 32);
		int g = s2_granule(f(s[2], 47, 46)), level;
		unsigned int lo = g == GRAN_64K ? 12 : 16, hi = 39;
		uint64_t ttb = f(s[3], 55, 4) << 4;

		if (s2s && stall_model == 1)
			return false;
		if (!s2s && stall_model == 2)
			return false;
		if (!f(s[2], 51, 51))
			return false; /* AArch32 tables */
		if ((f(s[2], 55, 55) || f(s[2], 56, 56)) && httu == 0)
			return false;
		if (f(s[2], 55, 55) && httu == 1)
			return false;
		if (!granule_there(r, g))
			return false;
		if (above(ttb, capped_size(r, f(s[2], 50, 48))) || (g != GRAN_64K && above(ttb, 48)))
			return false;
		if (64 - oas(r) > lo)
			lo = 64 - oas(r);
		if (f(u->idr3, 9, 9))
			hi = g == GRAN_64K ? 47 : 48;
		if (t0sz < lo || t0sz > hi)
			return false;
		/* SL0=3 with 4K: small translation tables only */
		if (g == GRAN_4K && f(s[2], 39, 38) == 3 && !f(u->idr3, 9, 9))
			return false;
		if (!s2_start_ok(g, f(s[2], 39, 38), t0sz, &level))
			return false;
		if (f(s[2], 52, 52) && f(u->idr0, 22, 21) == 2)
			return false; /* big-endian */
	}
	if (!f(u->idr0, 18, 18) && f(u->idr0, 0, 0) && f(s[2], 15, 8) &&
	    !(config == 5 && f(u->idr0, 9, 9) && f(s[1], 31, 30) == 2) && config != 4)
		return false;
	return true;
}

/* ---- context descriptors ---- */

static int s1_granule(uint64_t tg, bool upper)
{
	static const int tg0[] = { GRAN_4K, GRAN_64K, GRAN_16K, GRAN_NONE };
	static const int tg1[] = { GRAN_NONE, GRAN_16K, GRAN_4K, GRAN_64K };

	return upper ? tg1[tg] : tg0[tg];
}

static bool half_ok(const struct run *r, bool upper)
{
	const uint64_t *c = r->cd;
	unsigned int txsz = (unsigned int)(upper ? f(c[0], 21, 16) : f(c[0], 5, 0));
	int g = s1_granule(upper ? f(c[0], 23, 22) : f(c[0], 7, 6), upper);
	unsigned int lo = g == GRAN_64K && va52(r) ? 12 : 16, hi = 39;
	uint64_t ttb = f(upper ? c[2] : c[1], 55, 4) << 4;

	if (f(r->u->idr3, 9, 9))
		hi = g == GRAN_64K ? 47 : 48;
	if (txsz < lo || txsz > hi || !granule_there(r, g))
		return false;
	return !above(ttb, capped_size(r, f(c[0], 34, 32))) && !(g != GRAN_64K && above(ttb, 48));
}

static bool cd_ok(const struct run *r)
{
	const struct smmu_oracle_unit *u = r->u;
	const uint64_t *c = r->cd;
	unsigned int stall_model = (unsigned int)f(u->idr0, 25, 24);
	unsigned int httu = (unsigned int)f(u->idr0, 7, 6);
	bool s = f(c[0], 44, 44), one_range = r->regime == REGIME_EL2;
	bool epd0 = !one_range && f(c[0], 14, 14), epd1 = one_range || f(c[0], 30, 30);

	if (!f(c[0], 31, 31))
		return false;
	if (f(r->ste[1], 27, 27) && s)
		return false;
	if (f(u->idr0, 26, 26) && !f(c[0], 46, 46))
		return false;
	if ((stall_model == 1 && s) || (stall_model == 2 && !s))
		return false;
	if (!(epd0 && epd1) && f(c[0], 15, 15) && f(u->idr0, 22, 21) == 2)
		return false;
	if (!f(c[0], 41, 41))
		return false; /* AArch32 tables */
	if (httu == 0 && f(c[0], 43, 42))
		return false;
	if (httu == 1 && f(c[0], 42, 42))
		return false;
	if (!one_range && !f(u->idr0, 12, 12) && f(c[0], 63, 56))
		return false;
	if (!epd0 && !half_ok(r, false))
		return false;
	return epd1 || half_ok(r, true);
}

static bool find_cd(struct run *r, uint32_t index)
{
	unsigned int cdmax = (unsigned int)f(r->ste[0], 63, 59);
	unsigned int ssidsize = (unsigned int)f(r->u->idr1, 10, 6);
	unsigned int fmt = (unsigned int)f(r->ste[0], 5, 4);
	uint64_t ptr = f(r->ste[0], 51, 6) << 6, at = ptr, pa, l1;

	if (!ssidsize)
		cdmax = 0;
	if (cdmax && (fmt == 1 || fmt == 2)) {
		unsigned int split = fmt == 1 ? 6 : 10;
		unsigned int l1_bits = cdmax > split ? cdmax - split + 3 : 3;

		if (l1_bits < 6)
			l1_bits = 6;
		if (ptr != low_clear(ptr, l1_bits))
			r->a->either = true;
		at = ptr + (uint64_t)(index >> split) * 8;
		if (!structure_pa(r, at, CLASS_CD, false, &pa))
			return false;
		if (!load(r, pa, &l1)) {
			r->fetch_addr = pa;
			return fault(r, F_CD_FETCH);
		}
		if (!f(l1, 0, 0)) {
			r->bad_ssid = index;
			return fault(r, C_BAD_SUBSTREAMID);
		}
		at = f(l1, 55, 12) << 12;
		if (above(at, oas(r))) {
			if (r->s2)
				r->a->either = true;
			r->bad_ssid = index;
			return fault(r, C_BAD_SUBSTREAMID);
		}
		if (fmt == 2 && at != low_clear(at, 16))
			r->a->either = true;
		at += (uint64_t)(index & ((1u << split) - 1)) * 64;
	} else if (cdmax) {
		if (ptr != low_clear(ptr, cdmax + 6))
			r->a->either = true;
		at = ptr + (uint64_t)index * 64;
	}
	if (!structure_pa(r, at, CLASS_CD, false, &pa))
		return false;
	for (int i = 0; i < 8; i++) {
		if (!load(r, pa + 8 * (uint64_t)i, &r->cd[i])) {
			r->fetch_addr = pa;
			return fault(r, F_CD_FETCH);
		}
	}
	return cd_ok(r) || fault(r, C_BAD_CD);
}

/* ---- stage 1 ---- */

struct s1_rights {
	bool pr, pw, px, ur, uw, ux;
};

static struct s1_rights s1_leaf_rights(const struct run *r, uint64_t d, unsigned int aptable,
				       bool uxntable, bool pxntable, bool clean_counts)
{
	bool ro = f(d, 7, 7), user = f(d, 6, 6);
	struct s1_rights x = { .pr = true, .pw = !ro };

	if (r->regime == REGIME_EL2) {
		if (clean_counts && f(d, 51, 51))
			x.pw = true;
		if (aptable & 2)
			x.pw = false;
		x.px = !f(d, 54, 54) && !uxntable;
		if (f(r->cd[0], 36, 36) && x.pw)
			x.px = false;
		x.ur = x.pr;
		x.uw = x.pw;
		x.ux = x.px;
		return x;
	}
	if (clean_counts && f(d, 51, 51))
		x.pw = true;
	x.ur = user;
	x.uw = user && x.pw;
	if (aptable & 1)
		x.ur = x.uw = false;
	if (aptable & 2)
		x.pw = x.uw = false;
	x.px = !f(d, 53, 53) && !pxntable;
	x.ux = !f(d, 54, 54) && !uxntable;
	if (x.uw)
		x.px = false;
	if (f(r->cd[0], 36, 36)) { /* WXN */
		if (x.pw)
			x.px = false;
		if (x.uw)
			x.ux = false;
	}
	return x;
}

static bool s1_perm_fault(struct run *r, bool missing_read_only)
{
	r->missing_read_only = missing_read_only;
	r->fault_class = CLASS_IN;
	r->fault_s2 = false;
	return fault(r, F_PERMISSION);
}

/* Rewrites the current stage 1 descriptor. */
static bool s1_update(struct run *r, uint64_t ipa_of_d, uint64_t d, uint64_t to, bool maybe)
{
	uint64_t pa;

	if (d == to)
		return true;
	if (maybe && r->s2) {
		/* May happen, through stage 2, or not: leave it open */
		unsigned int n = r->a->n_updates;
		struct run save = *r;

		if (structure_pa(r, ipa_of_d, CLASS_TT, true, &pa)) {
			for (unsigned int i = n; i < r->a->n_updates; i++)
				r->a->updates[i].maybe = true;
			update(r, pa, d, to, true);
		}
		{
			struct smmu_oracle_answer *a = r->a;

			*r = save;
			r->a = a;
		}
		return true;
	}
	if (!structure_pa(r, ipa_of_d, CLASS_TT, true, &pa))
		return false;
	update(r, pa, d, to, maybe);
	return true;
}

static bool stage1(struct run *r, uint64_t va, uint64_t *ipa)
{
	const uint64_t *c = r->cd;
	bool one_range = r->regime == REGIME_EL2;
	bool upper = !one_range && f(va, 55, 55);
	unsigned int txsz = (unsigned int)(upper ? f(c[0], 21, 16) : f(c[0], 5, 0));
	int g = s1_granule(upper ? f(c[0], 23, 22) : f(c[0], 7, 6), upper);
	bool tbi = upper ? f(c[0], 39, 39) : f(c[0], 38, 38);
	bool epd = !one_range && (upper ? f(c[0], 30, 30) : f(c[0], 14, 14));
	bool had = upper ? f(c[2], 1, 1) : f(c[1], 1, 1);
	bool e0pd = !one_range && f(r->u->idr3, 13, 13) && (upper ? f(c[2], 2, 2) : f(c[1], 2, 2));
	bool ha = f(c[0], 43, 43), hd = ha && f(c[0], 42, 42), affd = f(c[0], 35, 35) && !ha;
	unsigned int ips = capped_size(r, f(c[0], 34, 32));
	unsigned int top = tbi ? 55 : 63, bits, aptable = 0;
	bool uxntable = false, pxntable = false;
	uint64_t table, at, pa, d, to, out;
	struct s1_rights x, with_clean;
	bool can_r, can_w, can_x, w_clean;
	int level;

	r->fault_class = CLASS_IN;
	r->fault_s2 = false;
	if (epd)
		return fault(r, F_TRANSLATION);
	{
		uint64_t high = f(va, (int)top, (int)(64 - txsz));
		uint64_t ones = f(~UINT64_C(0), (int)top, (int)(64 - txsz));

		if (64 - txsz <= top && high != (upper ? ones : 0))
			return fault(r, F_TRANSLATION);
	}
	if (e0pd && !r->priv)
		return fault(r, F_TRANSLATION);
	{
		unsigned int s = page_bits(g), b = s - 3;

		level = 3 - (int)((64 - txsz - 1 - s) / b);
	}
	bits = 64 - txsz - level_shift(g, level) + 3;
	if (ips == 52 && bits < 6)
		bits = 6;
	table = low_clear(f(upper ? c[2] : c[1], 51, 4) << 4, bits);
	va &= (UINT64_C(1) << (64 - txsz)) - 1;
	at = table + ((va >> level_shift(g, level)) << 3);
	for (;; level++) {
		if (!structure_pa(r, at, CLASS_TT, false, &pa))
			return false;
		r->fault_class = CLASS_IN;
		r->fault_s2 = false;
		if (!load(r, pa, &d)) {
			r->fetch_addr = pa;
			r->fault_class = CLASS_TT;
			return fault(r, F_WALK_EABT);
		}
		if (!(d & 1) || (level == 3 && !(d & 2)) || (level < 3 && !(d & 2) && !block_ok(r, g, level)))
			return fault(r, F_TRANSLATION);
		if (level == 3 || !(d & 2))
			break;
		table = descriptor_address(r, g, d, page_bits(g));
		if (above(table, ips))
			return fault(r, F_ADDR_SIZE);
		if (!had) {
			aptable |= (unsigned int)f(d, 62, 61);
			uxntable |= f(d, 60, 60);
			pxntable |= f(d, 59, 59);
		}
		at = table + ((va >> level_shift(g, level + 1) & ((UINT64_C(1) << (page_bits(g) - 3)) - 1)) << 3);
	}
	out = descriptor_address(r, g, d, level_shift(g, level));
	if (above(out, ips))
		return fault(r, F_ADDR_SIZE);
	if (!f(d, 10, 10) && !ha && !affd)
		return fault(r, F_ACCESS);

	if (r->regime == REGIME_EL2)
		aptable &= 2;
	x = s1_leaf_rights(r, d, aptable, uxntable, pxntable, false);
	with_clean = s1_leaf_rights(r, d, aptable, uxntable, pxntable, hd);
	can_r = r->priv ? x.pr : x.ur;
	can_w = r->priv ? x.pw : x.uw;
	w_clean = r->priv ? with_clean.pw : with_clean.uw;
	/* A writable-clean page counts as writable for what forbids execution */
	can_x = r->priv ? with_clean.px : with_clean.ux;
	/* PAN: a privileged data access where an unprivileged one would be allowed */
	if (r->regime != REGIME_EL2 && f(c[0], 40, 40) && r->priv && !r->inst && x.ur)
		can_r = can_w = w_clean = false;
	to = d | (ha ? UINT64_C(1) << 10 : 0);
	if (r->wr && !w_clean) {
		(void)s1_update(r, at, d, to, true);
		return s1_perm_fault(r, false);
	}
	if (r->rd && !(r->inst ? can_x : can_r)) {
		(void)s1_update(r, at, d, to, true);
		return s1_perm_fault(r, r->wr);
	}
	if (r->wr && !can_w)
		to &= ~(UINT64_C(1) << 7);
	*ipa = out | (va & ((UINT64_C(1) << level_shift(g, level)) - 1));
	if (r->s2 && d != to) {
		/*
		 * If the update and the final translation both fault, either may be
		 * reported, and the update may or may not be there when only the latter
		 * does (§3.13.7; DDI 0487 D8.5.2.1): try the latter first.
		 */
		struct smmu_oracle_answer trial_answer = *r->a;
		struct run trial = *r;
		struct s2_use use = { r->rd, r->wr, r->inst, r->priv, CLASS_IN, true };
		uint64_t final;

		trial.a = &trial_answer;
		if (!stage2(&trial, *ipa, &use, &final)) {
			struct run upd = *r;
			struct smmu_oracle_answer upd_answer = *r->a;

			upd.a = &upd_answer;
			if (!s1_update(&upd, at, d, to, false)) {
				r->a->either = true;
				return true;
			}
			/* Only AF may be there; a dirty one must not (its target is not written) */
			return s1_update(r, at, d, d | (to & (UINT64_C(1) << 10)), true);
		}
	}
	return s1_update(r, at, d, to, false);
}

/* ---- the transaction ---- */

static void put(struct smmu_oracle_answer *a, int bit_hi, int bit_lo, uint64_t v)
{
	int w = bit_lo / 64, lo = bit_lo % 64, hi = bit_hi % 64;
	uint64_t mask = (hi - lo == 63 ? ~UINT64_C(0) : ((UINT64_C(1) << (hi - lo + 1)) - 1)) << lo;

	a->ev[w] = (a->ev[w] & ~mask) | (v << lo & mask);
}

static void record(struct run *r, bool stall)
{
	struct smmu_oracle_answer *a = r->a;
	const struct smmu_oracle_request *q = r->q;
	bool rnw = q->access == SMMU_O_READ || (r->code == F_PERMISSION && r->missing_read_only);
	bool read_only = q->access == SMMU_O_READ;

	a->recorded = true;
	memset(a->known, 0xff, sizeof(a->known));
	put(a, 7, 0, r->code);
	put(a, 63, 32, q->sid);
	switch (r->code) {
	case F_STREAM_DISABLED:
		break;
	case C_BAD_SUBSTREAMID:
		put(a, 31, 12, r->bad_ssid);
		break;
	default:
		put(a, 11, 11, q->ssv);
		put(a, 31, 12, q->ssv ? q->ssid : 0);
		if (!q->ssv)
			a->known[0] &= ~(((UINT64_C(1) << 20) - 1) << 12);
	}
	if (r->code == F_STE_FETCH || r->code == F_CD_FETCH) {
		put(a, 247, 195, r->fetch_addr >> 3);
		a->known[1] &= ~UINT64_C(0xffff); /* Reason */
	}
	if (r->code >= F_WALK_EABT) {
		put(a, 97, 97, r->priv);
		put(a, 98, 98, read_only && r->inst);
		put(a, 99, 99, rnw);
		put(a, 103, 103, r->fault_s2);
		put(a, 105, 104, (uint64_t)r->fault_class);
		put(a, 191, 128, q->addr);
		a->known[1] &= ~(UINT64_C(0xffff) << 48); /* IMPD */
		a->known[1] &= ~UINT64_C(0xffff);	     /* Reason, STAG */
		if (r->code == F_WALK_EABT) {
			put(a, 247, 195, r->fetch_addr >> 3);
		} else {
			put(a, 95, 95, stall);
			if (r->fault_s2)
				put(a, 247, 204, r->fault_ipa >> 12);
			else
				a->known[3] = 0;
			if (r->code == F_PERMISSION) {
				if (r->fault_class == CLASS_TT)
					put(a, 108, 108, r->ttrnw);
				else
					a->known[1] &= ~(UINT64_C(1) << 44);
			}
		}
	}
}

static void conclude(struct run *r)
{
	struct smmu_oracle_answer *a = r->a;
	bool configurable = r->code >= F_TRANSLATION && r->code <= F_PERMISSION;

	a->code = r->code;
	a->end = SMMU_O_ABORT;
	if (configurable && (r->fault_s2 || r->s1)) {
		bool stall = r->fault_s2 ? f(r->ste[2], 57, 57) : f(r->cd[0], 44, 44);
		bool rec = r->fault_s2 ? f(r->ste[2], 58, 58) : f(r->cd[0], 45, 45);
		bool abort = r->fault_s2 || f(r->cd[0], 46, 46);

		if (stall) {
			a->end = SMMU_O_STALL;
			record(r, true);
			return;
		}
		if (!abort)
			a->end = SMMU_O_RAZ_WI;
		if (!rec)
			return;
	}
	if (r->code == C_BAD_STREAMID && !f(r->u->cr2, 1, 1))
		return;
	record(r, false);
}

static bool transaction(struct run *r, uint64_t *pa)
{
	const struct smmu_oracle_unit *u = r->u;
	const struct smmu_oracle_request *q = r->q;
	unsigned int config, cdmax, ssidsize = (unsigned int)f(u->idr1, 10, 6);
	bool is_write = q->access != SMMU_O_READ, use_s1;
	uint32_t cd_index = 0;
	uint64_t ipa = q->addr;

	if (!find_ste(r))
		return false;
	if (!f(r->ste[0], 0, 0))
		return fault(r, C_BAD_STE);
	config = (unsigned int)f(r->ste[0], 3, 1);
	if (!(config & 4)) {
		r->code = 0;
		return false; /* silent */
	}
	if (!ste_ok(r))
		return fault(r, C_BAD_STE);
	use_s1 = config & 1;
	r->s2 = config & 2;
	cdmax = ssidsize ? (unsigned int)f(r->ste[0], 63, 59) : 0;
	if (config == 5 && f(u->idr0, 9, 9) && f(r->ste[1], 31, 30) == 2)
		r->regime = f(u->cr2, 0, 0) ? REGIME_EL2_E2H : REGIME_EL2;

	/* Attribute overrides (§5.2: PRIVCFG, INSTCFG), reads only for INSTCFG */
	r->priv = q->priv;
	r->inst = q->inst && !is_write;
	if (f(u->idr1, 26, 26)) {
		if (f(r->ste[1], 49, 48) >= 2)
			r->priv = f(r->ste[1], 49, 48) == 3;
		if (!is_write && f(r->ste[1], 51, 50) >= 2)
			r->inst = f(r->ste[1], 51, 50) == 3;
	}

	r->bad_ssid = q->ssid;
	if (q->ssv && (!use_s1 || !cdmax || q->ssid >> cdmax))
		return fault(r, C_BAD_SUBSTREAMID);
	if (use_s1 && cdmax) {
		unsigned int dss = (unsigned int)f(r->ste[1], 1, 0);

		if (q->ssv) {
			if (q->ssid == 0 && dss == 2)
				return fault(r, F_STREAM_DISABLED);
			cd_index = q->ssid;
		} else if (dss == 1) {
			use_s1 = false;
		} else if (dss != 2) {
			return fault(r, F_STREAM_DISABLED);
		}
	}
	if (use_s1) {
		if (!find_cd(r, cd_index))
			return false;
		r->s1 = true;
		if (!stage1(r, q->addr, &ipa))
			return false;
		if (r->a->either)
			return true;
	} else if (above(q->addr, oas(r))) {
		r->fault_s2 = false;
		r->fault_class = CLASS_IN;
		return fault(r, F_ADDR_SIZE);
	}
	if (!r->s2) {
		*pa = ipa;
		return true;
	}
	{
		struct s2_use use = { r->rd, r->wr, r->inst, r->priv, CLASS_IN, true };

		r->missing_read_only = false;
		return stage2(r, ipa, &use, pa);
	}
}

void smmu_oracle(const struct smmu_oracle_unit *u, const struct smmu_oracle_request *q,
		 struct smmu_oracle_answer *a)
{
	struct run r = {
		.u = u,
		.q = q,
		.a = a,
		.regime = REGIME_EL1,
		.rd = q->access != SMMU_O_WRITE,
		.wr = q->access != SMMU_O_READ,
	};
	uint64_t pa = 0;

	memset(a, 0, sizeof(*a));
	if (!u->smmuen) {
		/* GBPA (§6.3.14): neither abort is recorded */
		if (f(u->gbpa, 20, 20) || above(q->addr, oas(&r))) {
			a->end = SMMU_O_ABORT;
			return;
		}
		a->end = SMMU_O_OK;
		a->addr = q->addr;
		return;
	}
	if (transaction(&r, &pa)) {
		a->end = SMMU_O_OK;
		a->addr = pa;
	} else if (r.code == 0) {
		a->end = SMMU_O_ABORT;
	} else {
		conclude(&r);
	}
}

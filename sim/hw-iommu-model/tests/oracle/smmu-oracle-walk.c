/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tables of both stages, VMSAv8-64 as SMMUv3 uses it (see smmu-oracle.h). */
#include "smmu-oracle-internal.h"

/* ---- stage 2 ---- */

int s2_granule(uint64_t tg)
{
	return tg == 0 ? GRAN_4K : tg == 1 ? GRAN_64K : tg == 2 ? GRAN_16K : GRAN_NONE;
}

bool s2_start_ok(int g, uint64_t sl0, unsigned int t0sz, int *level)
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
	return f(r->u->idr3, 8, 8) && f(r->ste[1], 25, 25) ? f(d, 4, 4) == 0 : f(d, 5, 4) == 0;
}

/* IPA to PA. False: fault in r. */
bool stage2(struct run *r, uint64_t ipa, const struct s2_use *use, uint64_t *pa)
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

		/* The final address counts, of a block as of a page (DDI 0487 D8.2.10) */
		if (above(out | (ipa & ((UINT64_C(1) << shift) - 1)), ps))
			return s2_fault(r, F_ADDR_SIZE, use, ipa);
		if (!f(d, 10, 10) && !ha && !affd)
			return s2_fault(r, F_ACCESS, use, ipa);
		if (!f(r->u->idr3, 4, 4))
			xn &= 2; /* no XNX: bit 54 alone */
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
bool structure_pa(struct run *r, uint64_t addr, int class, bool write, uint64_t *pa)
{
	struct s2_use use = { .rd = !write, .wr = write, .class = class, .dirty = write };

	if (!r->s2) {
		*pa = addr;
		return true;
	}
	/* Updates are read-modify-writes of a descriptor that was read before */
	return stage2(r, addr, &use, pa);
}

/* ---- stage 1 ---- */

int s1_granule(uint64_t tg, bool upper)
{
	static const int tg0[] = { GRAN_4K, GRAN_64K, GRAN_16K, GRAN_NONE };
	static const int tg1[] = { GRAN_NONE, GRAN_16K, GRAN_4K, GRAN_64K };

	return upper ? tg1[tg] : tg0[tg];
}

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

bool stage1(struct run *r, uint64_t va, uint64_t *ipa)
{
	const uint64_t *c = r->cd;
	bool one_range = r->regime == REGIME_EL2;
	bool upper = !one_range && f(va, 55, 55);
	unsigned int txsz = (unsigned int)(upper ? f(c[0], 21, 16) : f(c[0], 5, 0));
	int g = s1_granule(upper ? f(c[0], 23, 22) : f(c[0], 7, 6), upper);
	bool tbi = upper ? f(c[0], 39, 39) : f(c[0], 38, 38);
	bool epd = !one_range && (upper ? f(c[0], 30, 30) : f(c[0], 14, 14));
	bool had = f(r->u->idr3, 2, 2) && (upper ? f(c[2], 1, 1) : f(c[1], 1, 1));
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
	if (above(out | (va & ((UINT64_C(1) << level_shift(g, level)) - 1)), ips))
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
		unsigned int n = r->a->n_updates;
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
		if (!s1_update(r, at, d, to, false)) {
			/* The final page may be accessed already, as if by speculation, not dirty */
			for (; n < trial_answer.n_updates; n++)
				update(r, trial_answer.updates[n].addr, trial_answer.updates[n].from,
				       trial_answer.updates[n].from |
					       (trial_answer.updates[n].to & (UINT64_C(1) << 10)),
				       true);
			return false;
		}
		return true;
	}
	return s1_update(r, at, d, to, false);
}

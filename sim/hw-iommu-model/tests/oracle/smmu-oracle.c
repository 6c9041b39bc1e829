/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* See smmu-oracle.h: streams, contexts, the flow of a transaction, its event. */
#include "smmu-oracle-internal.h"

/* ---- the stream table ---- */

bool find_ste(struct run *r)
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
bool ste_ok(struct run *r)
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
		/* First levels that the size of addresses allows (DDI 0487 D8.1.10) */
		if ((g == GRAN_4K && level == 0 && oas(r) < 44) ||
		    (g == GRAN_16K && level == 1 && oas(r) < 42) ||
		    (g == GRAN_64K && level == 1 && oas(r) < 44))
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

/* ---- the transaction ---- */

void put(struct smmu_oracle_answer *a, int bit_hi, int bit_lo, uint64_t v)
{
	int w = bit_lo / 64, lo = bit_lo % 64, hi = bit_hi % 64;
	uint64_t mask = (hi - lo == 63 ? ~UINT64_C(0) : ((UINT64_C(1) << (hi - lo + 1)) - 1)) << lo;

	a->ev[w] = (a->ev[w] & ~mask) | (v << lo & mask);
}

void record(struct run *r, bool stall)
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

void conclude(struct run *r)
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

/* Attribute overrides (§5.2: PRIVCFG, INSTCFG), reads only for INSTCFG */
void attributes(struct run *r)
{
	bool is_write = r->q->access != SMMU_O_READ;

	r->priv = r->q->priv;
	r->inst = r->q->inst && !is_write;
	if (!f(r->u->idr1, 26, 26))
		return;
	if (f(r->ste[1], 49, 48) >= 2)
		r->priv = f(r->ste[1], 49, 48) == 3;
	if (!is_write && f(r->ste[1], 51, 50) >= 2)
		r->inst = f(r->ste[1], 51, 50) == 3;
}

bool transaction(struct run *r, uint64_t *pa)
{
	const struct smmu_oracle_unit *u = r->u;
	const struct smmu_oracle_request *q = r->q;
	unsigned int config, cdmax, ssidsize = (unsigned int)f(u->idr1, 10, 6);
	bool use_s1;
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

	attributes(r);

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
	r->ipa = ipa;
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

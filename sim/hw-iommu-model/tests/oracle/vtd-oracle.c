/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The naive VT-d interpreter: from the request to the tables of its address
 * space (VT-d 5.10 sections 3.4, 3.6, 4.2, 7.1, Table 30), and the answer.
 */
#include <string.h>

#include "vtd-oracle-internal.h"

bool load64(struct run *r, uint64_t addr, uint64_t *v)
{
	return r->m->read(r->m->opaque, addr, v, sizeof(*v));
}

void note_update(struct run *r, uint64_t addr, uint64_t must, uint64_t may)
{
	struct oracle_answer *a = r->a;
	unsigned int i;

	for (i = 0; i < a->n_updates; i++)
		if (a->updates[i].addr == addr)
			break;
	if (i == ORACLE_MAX_UPDATES) {
		r->ch->overflow = true;
		return;
	}
	if (i == a->n_updates) {
		a->updates[i] = (struct oracle_update){ .addr = addr };
		a->n_updates++;
	}
	a->updates[i].must |= must;
	a->updates[i].may |= may;
}

/*
 * Violations @found need not be reported at once: true if they are here,
 * otherwise they are kept in @later.
 */
bool report_now(struct run *r, struct codes *later, const struct codes *found)
{
	bool known = true;

	for (unsigned int i = 0; i < found->n; i++)
		known = known && has_code(later, found->code[i]);
	if (known)
		return false;
	if (choose(r->ch, 2) == 0)
		return true;
	for (unsigned int i = 0; i < found->n; i++)
		add_code(later, true, found->code[i]);
	return false;
}

bool wants_write(const struct run *r)
{
	if (r->q->kind == ORACLE_TRANSLATION)
		return !r->no_write;
	return r->q->access != ORACLE_READ;
}

bool wants_read(const struct run *r)
{
	return r->q->kind == ORACLE_TRANSLATION || r->q->access != ORACLE_WRITE;
}

/* ---- Table 30: which reasons FPD silences, and what the requester sees ---- */

static const uint8_t never_qualified[] = {
	0x01, 0x08, 0x09, 0x0a, 0x20, 0x21, 0x23, 0x25, 0x29, 0x2a, 0x2b,
	0x30, 0x31, 0x32, 0x33, 0x34, 0x38, 0x39, 0x3a, 0x40, 0x50, 0x58,
};

bool oracle_code_qualified(uint8_t code)
{
	return !memchr(never_qualified, code, sizeof(never_qualified));
}

/* Reasons for which a translation request is answered with CA */
static const uint8_t ats_abort[] = {
	0x03, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0e, 0x30, 0x38, 0x3a, 0x40,
	0x42, 0x43, 0x50, 0x52, 0x58, 0x5a, 0x5b, 0x78, 0x7a, 0x7b, 0x7c, 0x7d,
	0x87,
};

/* ... with UR */
static const uint8_t ats_unsupported[] = {
	0x01, 0x02, 0x0d, 0x31, 0x33, 0x34, 0x39, 0x41, 0x44, 0x45, 0x46, 0x48,
	0x89,
};

static void answer_fault(struct run *r, uint8_t code)
{
	const struct oracle_request *q = r->q;
	struct oracle_answer *a = r->a;
	bool record = true;

	a->code = code;
	a->outcome = ORACLE_UR;	/* a page request: Invalid Request, or dropped */
	if (q->kind == ORACLE_TRANSLATION) {
		if (memchr(ats_abort, code, sizeof(ats_abort))) {
			a->outcome = ORACLE_CA;
		} else if (!memchr(ats_unsupported, code,
				   sizeof(ats_unsupported))) {
			/* Success without rights: recoverable, unrecorded */
			a->outcome = ORACLE_ATS;
			a->r = a->w = a->u = a->n = false;
			a->priv = q->has_pasid && q->privileged;
			a->priv_exact = code == 0x5d;
			record = false;
			if (code == 0x91)	/* SFS.10: also reported */
				record = true;
			if (code == 0x90)	/* SFS.9: not told */
				record = choose(r->ch, 2);
		}
	}
	a->recorded = record && !(r->fpd && oracle_code_qualified(code));

	a->meaningful = code != 0x29;
	a->fi_valid = code != 0x29;
	a->fi = q->addr & ~UINT64_C(0xfff);
	a->type = q->kind == ORACLE_PAGE_REQUEST ? 1 :
		  q->kind == ORACLE_TRANSLATION || q->access == ORACLE_READ ? 2 :
		  q->access == ORACLE_WRITE ? 0 : 3;
	a->at = ecap_dt(r->c) ? (unsigned int)q->kind : 0;
	if (ecap_pasid(r->c) && q->has_pasid) {
		a->pp = true;
		a->pv = q->pasid;
		a->exe = q->execute && (a->type == 1 || a->type == 2);
		a->prv = q->privileged;
	}

	/*
	 * Dirty is never set for a request that fails, Accessed may be. But an
	 * update that memory refuses (SFS.10, SSS.6) is found out by trying, and
	 * under nesting another D can have been written just before.
	 */
	for (unsigned int i = 0; i < a->n_updates; i++) {
		if (code == 0x91 || code == 0x7d)
			a->updates[i].may |= a->updates[i].must;
		a->updates[i].must = 0;
	}
}

/* ---- the interrupt address range FEEx_xxxx (section 3.15) ---- */

/* While translation is off the PASID prefix is ignored (section 3.1) */
static bool pasid_seen(const struct run *r)
{
	return r->q->has_pasid && r->c->tes;
}

static bool in_fee(uint64_t addr)
{
	return addr >> 20 == 0xfee;
}

static bool meets_fee(uint64_t addr, unsigned int shift)
{
	uint64_t size, base;

	if (shift >= 32)
		return shift == 64 || addr >> shift == UINT64_C(0xfee00000) >> shift;
	size = UINT64_C(1) << shift;
	base = addr & ~(size - 1);
	return base <= UINT64_C(0xfeefffff) && base + size > UINT64_C(0xfee00000);
}

/*
 * Largest block of at most 2^@shift bytes that keeps clear of the range: on the
 * input side without PASID, on the output side if requests are translated.
 */
static unsigned int clear_of_fee(const struct run *r, uint64_t out,
				 unsigned int shift)
{
	while (shift > 12 && ((r->c->tes && meets_fee(out, shift)) ||
			      (!pasid_seen(r) && meets_fee(r->q->addr, shift))))
		shift--;
	return shift;
}

/*
 * A translation request without PASID for the range meets S.1 or S.2 of Table 30
 * if none of the other conditions stops it (section 4.2.3). True: it did.
 */
static bool special_condition(struct run *r)
{
	if (r->q->kind != ORACLE_TRANSLATION || r->q->has_pasid || !in_fee(r->q->addr))
		return false;
	r->a->outcome = ORACLE_ATS;
	r->a->w = r->a->u = !r->no_write;
	r->a->out = r->q->addr;
	r->a->region = 12;
	r->a->priv_exact = true;
	return true;
}

/* ---- success ---- */

static void answer_pass(struct run *r, unsigned int shift)
{
	r->a->outcome = ORACLE_OK;
	r->a->out = r->q->addr;
	r->a->r = r->a->w = true;
	r->a->region = clear_of_fee(r, r->q->addr, shift);
}

/* The stages have mapped the request; @fee_code: reason for an output in FEEx */
static void answer_mapping(struct run *r, const struct mapping *map,
			   bool force_snoop, bool pass_through, uint8_t fee_code)
{
	const struct oracle_request *q = r->q;
	struct oracle_answer *a = r->a;

	bool fee;

	/*
	 * Untranslated: the output address is what counts. Translation request:
	 * any part of the returned range; how large a range is returned, up to
	 * the page, is a unit's own decision, and pass-through is excepted in
	 * one place of the text and not in another.
	 */
	if (q->kind == ORACLE_UNTRANSLATED)
		fee = in_fee(map->out);
	else if (in_fee(map->out))
		fee = !pass_through || choose(r->ch, 2);
	else
		fee = !pass_through && meets_fee(map->out, map->shift) &&
		      choose(r->ch, 2);

	/* an update that cannot be made, and a bad output: no order is told */
	if (r->updates.n && !(fee && choose(r->ch, 2))) {
		answer_fault(r, pick(r->ch, &r->updates));
		return;
	}
	if (fee) {
		answer_fault(r, fee_code);
		return;
	}
	if (q->kind == ORACLE_UNTRANSLATED) {
		a->outcome = ORACLE_OK;
		a->r = map->r;
		a->w = map->w;
	} else {
		a->outcome = ORACLE_ATS;
		a->r = map->r;
		a->w = map->w && !r->no_write;
		a->priv = q->has_pasid && q->privileged;
		a->priv_exact = true;
		a->n = force_snoop;
	}
	a->out = map->out;
	a->snoop_forced = force_snoop;
	a->region = in_fee(map->out) ? 12 : clear_of_fee(r, map->out, map->shift);
}

/* A code out of the rights checks becomes "success, effective permission" */
static void answer_stage(struct run *r, uint8_t code, const struct mapping *map,
			 bool force_snoop, uint8_t fee)
{
	if (code)
		answer_fault(r, code);
	else
		answer_mapping(r, map, force_snoop || map->snp, false, fee);
}

/* ---- legacy mode (section 3.4.2) ---- */

static void legacy(struct run *r)
{
	const struct oracle_config *c = r->c;
	const struct oracle_request *q = r->q;
	uint64_t lo, hi, rta = bits(c->rtaddr, 63, 12) << 12;
	struct mapping map = { .out = q->addr, .r = true, .w = true };
	struct ss_tables ss = { .legacy = true };
	struct codes found = { .n = 0 };
	unsigned int tt, aw, limit;
	uint8_t code;

	/* root entry */
	if (!load64(r, rta + 16 * (uint64_t)(q->sid >> 8), &lo) ||
	    !load64(r, rta + 16 * (uint64_t)(q->sid >> 8) + 8, &hi)) {
		answer_fault(r, 0x08);				/* LRT.1 */
		return;
	}
	if (!bit(lo, 0)) {
		answer_fault(r, 0x01);				/* LRT.2 */
		return;
	}
	if (bits(lo, 11, 1) || beyond(lo, c->haw) || hi) {
		answer_fault(r, 0x0a);				/* LRT.3 */
		return;
	}

	/* context entry */
	lo = (bits(lo, 63, 12) << 12) + 16 * (uint64_t)(q->sid & 0xff);
	if (!load64(r, lo + 8, &hi) || !load64(r, lo, &lo)) {
		answer_fault(r, 0x09);				/* LCT.1 */
		return;
	}
	r->fpd = bit(lo, 1);
	if (!bit(lo, 0)) {
		answer_fault(r, 0x02);				/* LCT.2 */
		return;
	}
	tt = (unsigned int)bits(lo, 3, 2);
	aw = (unsigned int)bits(hi, 2, 0);

	/* reserved fields and unsupported values of one entry: any order */
	add_code(&found, bits(lo, 11, 4) || bit(hi, 7) || bits(hi, 63, 24) ||
		 beyond(bits(hi, 23, 8), domain_id_bits(c)), 0x0b); /* LCT.3 */
	/* SSPTPTR is ignored with TT=10b (section 9.3) */
	add_code(&found, tt != 2 && beyond(lo, c->haw), 0x0b);
	add_code(&found, tt == 3 || (tt == 1 && !ecap_dt(c)) ||
		 (tt == 2 && !ecap_pt(c)), 0x03);		/* LCT.4.2 */
	add_code(&found, q->kind != ORACLE_UNTRANSLATED && tt != 1, 0x0d);
	/* AW is not ignored with TT=10b, but there may be no width to name */
	add_code(&found, !aw_supported(c, aw) && (tt != 2 || bits(c->cap, 12, 8)),
		 0x03);						/* LCT.4.1 */
	if (found.n) {
		answer_fault(r, pick(r->ch, &found));
		return;
	}

	if (special_condition(r))
		return;
	if (q->kind == ORACLE_TRANSLATED || tt == 2) {
		limit = c->haw;
		if (tt == 2 && bits(c->cap, 12, 8) && 30 + 9 * aw < limit)
			limit = 30 + 9 * aw;	/* also the entry's AGAW (section 9.3) */
		if (beyond(q->addr, limit))
			answer_fault(r, 0x04);		/* LGN.1.2, LGN.1.3 */
		else if (in_fee(q->addr))
			answer_fault(r, 0x0e);			/* LGN.4 */
		else
			answer_pass(r, c->haw);
		return;
	}

	limit = 30 + 9 * aw;
	if (mgaw(c) < limit)
		limit = mgaw(c);
	if (beyond(q->addr, limit)) {
		answer_fault(r, 0x04);				/* LGN.1.1 */
		return;
	}
	ss.ptr = bits(lo, 63, 12) << 12;
	ss.levels = aw + 2;
	code = second_stage_only(r, &ss, &map);
	answer_stage(r, code, &map, false, 0x0e);
}

/* ---- scalable mode (section 3.4.3) ---- */

/* ER makes an instruction fetch of a read; of writes and atomics it says nothing (3.6) */
static bool fetches(const struct oracle_request *q)
{
	return q->has_pasid && q->execute && q->access == ORACLE_READ;
}

struct pasid_entry {
	uint64_t q[8];
};

static unsigned int pgtt(const struct pasid_entry *e)
{
	return (unsigned int)bits(e->q[0], 8, 6);
}

/* What is wrong with a present PASID table entry: SPT.3 and SPT.4 */
static void pasid_entry_errors(struct run *r, const struct pasid_entry *e,
			       struct codes *found)
{
	const struct oracle_config *c = r->c;
	const uint64_t *q = e->q;
	unsigned int type = pgtt(e), fspm = (unsigned int)bits(q[2], 3, 2);
	unsigned int aw = (unsigned int)bits(q[0], 4, 2), limit;
	bool bad = false;

	bad |= bit(q[0], 5) || bits(q[0], 11, 10);
	bad |= beyond(q[0], c->haw);			/* SSPTPTR */
	if (!ecap_ssts(c))
		bad |= aw || bits(q[0], 63, 12);
	if (!ecap_ssts(c) || !ecap_ssads(c))
		bad |= bit(q[0], 9);			/* SSADE */
	bad |= beyond(bits(q[1], 15, 0), domain_id_bits(c));
	bad |= bits(q[1], 22, 16) != 0;
	bad |= bit(q[1], 23) && !ecap_smpwcs(c);	/* PWSNP */
	bad |= bit(q[1], 24) && !ecap_sc(c);		/* PGSNP */
	if (!ecap_mts(c))				/* CD, EMTE, PAT */
		bad |= bits(q[1], 26, 25) || bits(q[1], 63, 32);
	bad |= bits(q[1], 31, 27) != 0;
	bad |= bit(q[2], 0) && !ecap_srs(c);		/* SRE */
	bad |= bit(q[2], 1);
	if (!ecap_fsts(c))				/* FSPM, WPE, FSPTPTR */
		bad |= bits(q[2], 4, 2) || bits(q[2], 63, 12);
	bad |= bit(q[2], 7) && !ecap_eafs(c);		/* EAFE */
	bad |= bits(q[2], 11, 8) != 0;
	bad |= beyond(q[2], c->haw);			/* FSPTPTR */
	bad |= q[3] != 0;
	/* HPT fields, reserved without HPTS; this unit never has it */
	bad |= q[4] || q[5] || q[6] || q[7];
	add_code(found, bad, 0x5a);			/* SPT.3 */

	add_code(found, (type == 2 || type == 3) && !aw_supported(c, aw),
		 0x5b);					/* SPT.4.1 */
	add_code(found, !((type == 1 && ecap_fsts(c)) ||
			  (type == 2 && ecap_ssts(c)) ||
			  (type == 3 && ecap_nest(c)) ||
			  (type == 4 && ecap_pt(c))), 0x5b); /* SPT.4.2 */
	/* no PGTT ignores it (section 9.6) */
	add_code(found, fspm > 1 || (fspm == 1 && !cap_fs5lp(c)),
		 0x5b);					/* SPT.4.3 */
	if (type == 3 && aw_supported(c, aw)) {
		limit = 30 + 9 * aw;
		if (mgaw(c) < limit)
			limit = mgaw(c);
		add_code(found, beyond(q[2] & ~UINT64_C(0xfff), limit),
			 0x5b);				/* SPT.4.4 */
	}
}

/* Of either stage: what a pass-through completion tells of (section 4.2.3) */
static unsigned int largest_page(const struct oracle_config *c)
{
	if (cap_1g(c) || cap_fs1gp(c))
		return 30;
	return cap_2m(c) || ecap_fsts(c) ? 21 : 12;
}

static void by_pasid_entry(struct run *r, const struct pasid_entry *e)
{
	const struct oracle_config *c = r->c;
	const struct oracle_request *q = r->q;
	const uint64_t *w = e->q;
	unsigned int type = pgtt(e), limit;
	bool snooped = ecap_smpwcs(c) && bit(w[1], 23);
	bool force_snoop = bit(w[1], 24);
	struct ss_tables ss = {
		.ptr = bits(w[0], 63, 12) << 12,
		.levels = (unsigned int)bits(w[0], 4, 2) + 2,
		.irw = ecap_ssirws(c) && bit(c->rtaddr, 7),
		.ad = bit(w[0], 9),
		.snooped = snooped,
	};
	struct fs_tables fs = {
		.ptr = bits(w[2], 63, 12) << 12,
		.levels = bits(w[2], 3, 2) == 1 ? 5 : 4,
		.eafe = bit(w[2], 7),
		.wpe = bit(w[2], 4),
		.snooped = snooped,
	};
	struct mapping map = { .out = q->addr, .r = true, .w = true };
	uint8_t code = 0;

	if (type == 4) {
		if (beyond(q->addr, c->haw)) {
			answer_fault(r, 0x83);			/* SGN.4.2 */
			return;
		}
		map.shift = q->kind == ORACLE_TRANSLATION ? largest_page(c) : c->haw;
		answer_mapping(r, &map, force_snoop, true, 0x87);
		return;
	}
	if (type == 2) {
		limit = 12 + 9 * ss.levels;
		if (mgaw(c) < limit)
			limit = mgaw(c);
		code = beyond(q->addr, limit) ? 0x84 :		/* SGN.5 */
		       second_stage_only(r, &ss, &map);
	} else {
		code = first_stage(r, &fs, type == 3 ? &ss : NULL, &map);
	}
	answer_stage(r, code, &map, force_snoop, 0x87);
}

static void scalable(struct run *r)
{
	const struct oracle_config *c = r->c;
	const struct oracle_request *q = r->q;
	uint64_t half, other, addr, ctx[4], dir;
	uint64_t root = (bits(c->rtaddr, 63, 12) << 12) +
			16 * (uint64_t)(q->sid >> 8);
	unsigned int devfn = q->sid & 0xff, upper = devfn >> 7, pdts;
	uint32_t rid_pasid, pasid;
	struct codes found = { .n = 0 };
	struct pasid_entry pe;
	bool dte, pre, paside, eptr;

	/* root entry */
	if (!load64(r, root + 8 * upper, &half) ||
	    !load64(r, root + 8 * (1 - upper), &other)) {
		answer_fault(r, 0x38);				/* SRT.1 */
		return;
	}
	if (!bit(half, 0)) {
		answer_fault(r, 0x39);				/* SRT.2 */
		return;
	}
	/* either half of the entry, if present */
	if (bits(half, 11, 1) || beyond(half, c->haw) ||
	    (bit(other, 0) && (bits(other, 11, 1) || beyond(other, c->haw)))) {
		answer_fault(r, 0x3a);				/* SRT.3 */
		return;
	}

	/* context entry */
	addr = (bits(half, 63, 12) << 12) + 32 * (uint64_t)(devfn & 0x7f);
	for (unsigned int i = 0; i < 4; i++) {
		if (!load64(r, addr + 8 * i, &ctx[i])) {
			answer_fault(r, 0x40);			/* SCT.1 */
			return;
		}
	}
	r->fpd = bit(ctx[0], 1);
	if (!bit(ctx[0], 0)) {
		answer_fault(r, 0x41);				/* SCT.2 */
		return;
	}
	dte = bit(ctx[0], 2);
	paside = bit(ctx[0], 3);
	pre = bit(ctx[0], 4);
	eptr = bit(ctx[0], 6);
	pdts = (unsigned int)bits(ctx[0], 11, 9);
	rid_pasid = ecap_rps(c) ? (uint32_t)bits(ctx[1], 19, 0) : 0;

	add_code(&found, (dte && !ecap_dt(c)) || (paside && !ecap_pasid(c)) ||
		 (pre && !ecap_prs(c)) || (bit(ctx[0], 5) && !ecap_hpts(c)) ||
		 (eptr && !ecap_ptrs(c)) || bits(ctx[0], 8, 7) ||
		 beyond(ctx[0], c->haw) ||
		 (bits(ctx[1], 19, 0) && !ecap_rps(c)) ||
		 (bit(ctx[1], 20) && !ecap_rprivs(c)) ||
		 bits(ctx[1], 63, 21) || ctx[2] || ctx[3], 0x42); /* SCT.3 */
	add_code(&found, !dte && pre, 0x43);			/* SCT.4.1 */
	add_code(&found, beyond(rid_pasid, pdts + 13), 0x43);	/* SCT.4.2 */
	/* SCT.4.3; with PASID the table has SCT.6 instead */
	if (eptr && !paside && (!q->has_pasid || q->kind == ORACLE_TRANSLATED ||
				q->kind == ORACLE_PAGE_REQUEST))
		add_code(&found, true, 0x43);
	add_code(&found, eptr && !paside && q->has_pasid &&
		 q->kind == ORACLE_PAGE_REQUEST, 0x45);
	if (found.n) {
		answer_fault(r, pick(r->ch, &found));
		return;
	}

	/* this kind of request, and its PASID: relative order not specified */
	if (q->kind == ORACLE_PAGE_REQUEST)
		add_code(&found, !pre, 0x47);			/* SCT.8 */
	else
		add_code(&found, q->kind != ORACLE_UNTRANSLATED && !dte,
			 0x44);					/* SCT.5 */
	if (q->has_pasid) {
		add_code(&found, !paside && q->kind != ORACLE_TRANSLATED,
			 0x45);					/* SCT.6 */
		add_code(&found, !eptr && q->kind == ORACLE_TRANSLATED,
			 0x49);					/* SCT.10 */
		add_code(&found, beyond(q->pasid, pasid_bits(c)) &&
			 q->kind != ORACLE_PAGE_REQUEST, 0x89);	/* SGN.10 */
		add_code(&found, beyond(q->pasid, pdts + 13), 0x46); /* SCT.7 */
		add_code(&found, q->pasid == rid_pasid, 0x48);	/* SCT.9 */
	}
	if (found.n) {
		answer_fault(r, pick(r->ch, &found));
		return;
	}
	pasid = q->has_pasid ? q->pasid : rid_pasid;
	r->privileged = q->has_pasid ? q->privileged :
			ecap_rprivs(c) && bit(ctx[1], 20);

	if (q->kind == ORACLE_TRANSLATED) {
		if (beyond(q->addr, c->haw))
			answer_fault(r, 0x83);			/* SGN.4.1 */
		else if (in_fee(q->addr))
			answer_fault(r, 0x87);			/* SGN.8.3 */
		else
			answer_pass(r, c->haw);
		return;
	}

	/* PASID directory entry */
	addr = (bits(ctx[0], 63, 12) << 12) + 8 * (uint64_t)(pasid >> 6);
	if (!load64(r, addr, &dir)) {
		answer_fault(r, 0x50);				/* SPD.1 */
		return;
	}
	r->fpd = r->fpd || bit(dir, 1);
	if (!bit(dir, 0)) {
		answer_fault(r, 0x51);				/* SPD.2 */
		return;
	}
	if (bits(dir, 11, 2) || beyond(dir, c->haw)) {
		answer_fault(r, 0x52);				/* SPD.3 */
		return;
	}

	/* PASID table entry */
	addr = (bits(dir, 63, 12) << 12) + 64 * (uint64_t)(pasid & 0x3f);
	for (unsigned int i = 0; i < 8; i++) {
		if (!load64(r, addr + 8 * i, &pe.q[i])) {
			answer_fault(r, 0x58);			/* SPT.1 */
			return;
		}
	}
	r->fpd = r->fpd || bit(pe.q[0], 1);
	if (!bit(pe.q[0], 0)) {
		answer_fault(r, 0x59);				/* SPT.2 */
		return;
	}
	pasid_entry_errors(r, &pe, &found);
	if (found.n) {
		answer_fault(r, pick(r->ch, &found));
		return;
	}
	if (q->kind == ORACLE_PAGE_REQUEST) {
		r->a->outcome = ORACLE_OK;
		return;
	}
	add_code(&found, r->privileged && !bit(pe.q[2], 0), 0x5d); /* SPT.6 */
	add_code(&found, fetches(q) && r->c->major <= 7,
		 0x5c);						/* SPT.5 */
	if (found.n) {
		answer_fault(r, pick(r->ch, &found));
		return;
	}
	if (!special_condition(r))
		by_pasid_entry(r, &pe);
}

/* ---- page requests (sections 7.4, Table 31): the checks up to the entry ---- */

static void page_request(struct run *r)
{
	const struct oracle_config *c = r->c;

	switch (bits(c->rtaddr, 11, 10)) {
	case 0:
		answer_fault(r, 0x32);				/* RTA.3 */
		return;
	case 1:
		if (!ecap_smts(c))
			answer_fault(r, 0x30);			/* RTA.1.3 */
		else
			scalable(r);
		return;
	case 2:
		answer_fault(r, 0x30);				/* RTA.1.2 */
		return;
	default:
		answer_fault(r, ecap_adms(c) ? 0x33 : 0x30);	/* RTA.4, RTA.1.1 */
		return;
	}
}

/* ---- before any table (sections 4.2.1, 3.15, 11.4.5) ---- */

static void interpret(struct run *r)
{
	const struct oracle_config *c = r->c;
	const struct oracle_request *q = r->q;
	struct oracle_answer *a = r->a;
	unsigned int ttm = (unsigned int)bits(c->rtaddr, 11, 10);
	bool ssirwe = ecap_ssirws(c) && bit(c->rtaddr, 7);
	struct codes found = { .n = 0 };

	if (q->kind != ORACLE_UNTRANSLATED && !c->tes) {
		a->outcome = ORACLE_UR;
		return;
	}
	if (q->kind == ORACLE_PAGE_REQUEST) {
		page_request(r);
		return;
	}
	if (q->kind == ORACLE_TRANSLATION && q->access != ORACLE_READ) {
		a->outcome = ORACLE_UR;
		return;
	}
	if (q->kind == ORACLE_TRANSLATED && q->has_pasid && !ecap_ptrs(c)) {
		/* the root complex blocks it (sections 4.2.1, 4.2.5) */
		a->outcome = ORACLE_UR;
		return;
	}

	if (q->kind == ORACLE_UNTRANSLATED && !pasid_seen(r) && in_fee(q->addr)) {
		if (q->access == ORACLE_WRITE && q->dword) {
			a->outcome = ORACLE_INTERRUPT;
		} else if (q->access == ORACLE_READ && q->zero_length) {
			a->outcome = ORACLE_OK;
			a->out = q->addr;
			a->r = true;
			a->region = 12;
		} else {
			answer_fault(r, 0x29);
		}
		return;
	}

	if (!c->tes) {
		answer_pass(r, 64);
		return;
	}

	/* RTADDR: what mode, if any */
	add_code(&found, ttm == 3 && !ecap_adms(c), 0x30);	/* RTA.1.1 */
	add_code(&found, ttm == 2, 0x30);			/* RTA.1.2 */
	add_code(&found, ttm == 1 && !ecap_smts(c), 0x30);	/* RTA.1.3 */
	add_code(&found, ttm == 0 && ssirwe && !q->has_pasid, 0x30); /* RTA.1.4 */
	add_code(&found, ttm == 0 && q->has_pasid, 0x31);	/* RTA.2 */
	add_code(&found, ttm == 3 && ecap_adms(c), 0x33);	/* RTA.4 */
	/* nothing orders RTA.5 among the others */
	add_code(&found, fetches(q) && c->major >= 8, 0x34);
	if (found.n) {
		answer_fault(r, pick(r->ch, &found));
		return;
	}
	r->no_write = q->kind == ORACLE_TRANSLATION && q->no_write &&
		      ecap_nwfs(c);
	if (ttm == 1)
		scalable(r);
	else
		legacy(r);
}

static bool same(const struct oracle_answer *x, const struct oracle_answer *y)
{
	return memcmp(x, y, sizeof(*x)) == 0;
}

int oracle_translate(const struct oracle_config *config,
		     const struct oracle_memory *memory,
		     const struct oracle_request *request,
		     struct oracle_answer *answers, int max)
{
	struct choices ch = { .known = 0 };
	int n = 0;

	do {
		struct oracle_answer *a = &answers[n];
		struct run r = {
			.c = config, .m = memory, .q = request, .ch = &ch, .a = a,
		};
		bool seen = false;

		if (n == max)
			return -1;
		memset(a, 0, sizeof(*a));	/* padding too: compared whole */
		interpret(&r);
		if (ch.overflow)
			return -1;
		for (int i = 0; i < n && !seen; i++)
			seen = same(&answers[i], a);
		if (!seen)
			n++;
	} while (next_choices(&ch));
	return n;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ATS (see smmu-oracle.h): a translation request as what ordinary transactions to the
 * same address would meet (§3.9.1.2, §13.6, §13.7), and translated transactions (§3.9.1.3).
 */
#include "smmu-oracle-internal.h"

static struct run run_of(const struct smmu_oracle_unit *u, const struct smmu_oracle_request *q,
			 struct smmu_oracle_answer *a)
{
	return (struct run){
		.u = u,
		.q = q,
		.a = a,
		.regime = REGIME_EL1,
		.rd = q->access != SMMU_O_WRITE,
		.wr = q->access != SMMU_O_READ,
	};
}

/* STE.EATS as it acts: 11 without DPT is 00, 10 without ATSCHK too (§5.2). */
static unsigned int eats_of(const struct run *r)
{
	unsigned int eats = (unsigned int)f(r->ste[1], 29, 28);

	if (!f(r->u->idr0, 10, 10) || f(r->ste[0], 3, 1) == 4 || eats == 3)
		return 0;
	return eats == 2 && !r->u->atschk ? 0 : eats;
}

/* ---- translation requests ---- */

static void bad_treq(const struct smmu_oracle_request *q, bool nw, bool exe,
		     struct smmu_oracle_completion *c)
{
	struct smmu_oracle_answer *a = &c->a;

	c->status = SMMU_O_UR;
	a->code = F_BAD_ATS_TREQ;
	a->recorded = true;
	memset(a->known, 0xff, sizeof(a->known));
	put(a, 7, 0, F_BAD_ATS_TREQ);
	put(a, 11, 11, q->ssv);
	put(a, 31, 12, q->ssv ? q->ssid : 0);
	put(a, 63, 32, q->sid);
	put(a, 68, 64, 1); /* one STU */
	put(a, 92, 92, q->priv);
	put(a, 93, 93, exe);
	put(a, 94, 94, !nw);
	put(a, 95, 95, 1);
	put(a, 191, 140, q->addr >> 12);
}

/* An ordinary transaction of the same stream and address. */
struct trial {
	struct smmu_oracle_request q;
	struct smmu_oracle_answer a;
	struct run r;
	uint64_t pa;
	bool ok;
};

static void try(struct trial *t, const struct smmu_oracle_unit *u, const struct smmu_oracle_request *q,
		enum smmu_oracle_access access, bool inst)
{
	memset(t, 0, sizeof(*t));
	t->q = *q;
	t->q.access = access;
	t->q.inst = inst;
	t->r = run_of(u, &t->q, &t->a);
	t->ok = transaction(&t->r, &t->pa);
}

static bool is_page_fault(uint8_t code)
{
	return code >= F_TRANSLATION && code <= F_PERMISSION;
}

static void completer_abort(struct smmu_oracle_completion *c, struct run *r,
			    const struct smmu_oracle_request *q)
{
	bool rec = f(r->u->cr2, 3, 3) && (r->code != C_BAD_STREAMID || f(r->u->cr2, 1, 1));

	c->status = SMMU_O_CA;
	r->a = &c->a;
	r->q = q;
	c->a.code = r->code;
	if (!rec)
		return;
	record(r, false);
	c->a.known[1] &= ~(UINT64_C(3) << 34); /* RnW is unknown, and so InD */
}

static void may_update(struct smmu_oracle_answer *a, const struct smmu_oracle_answer *from, bool must)
{
	for (unsigned int i = 0; i < from->n_updates && a->n_updates < SMMU_O_UPDATES; i++) {
		a->updates[a->n_updates] = from->updates[i];
		a->updates[a->n_updates++].maybe |= !must;
	}
	a->either |= a->n_updates == SMMU_O_UPDATES; /* lost count */
}

static void translate(const struct smmu_oracle_unit *u, const struct smmu_oracle_request *q, bool nw,
		      bool exe, bool split, struct smmu_oracle_completion *c)
{
	struct trial read, inst, write;
	bool bypassed;

	try(&read, u, q, SMMU_O_READ, false);
	try(&inst, u, q, SMMU_O_READ, true);
	try(&write, u, q, SMMU_O_WRITE, false);
	if (read.a.either || inst.a.either || write.a.either) {
		c->a.either = true;
		return;
	}
	/* Errors that no page has. A write's counts where it is asked for. */
	if (!read.ok && !is_page_fault(read.r.code)) {
		completer_abort(c, &read.r, q);
		return;
	}
	if (!write.ok && !nw && !is_page_fault(write.r.code)) {
		completer_abort(c, &write.r, q);
		return;
	}
	c->status = SMMU_O_SUCCESS;
	bypassed = !read.r.s1 && !read.r.s2;
	/* A table that may not be written to for a mark: nothing at all. */
	if (!(!nw && write.r.code == F_PERMISSION && write.r.fault_s2 && write.r.fault_class == CLASS_TT)) {
		c->r = read.ok;
		/* With NW=1 W is optional: this unit grants it where nothing is translated (§13.6.4). */
		c->w = write.ok && (!nw || bypassed);
		c->x = exe && read.ok && inst.ok;
	}
	if (!c->r && !c->w) {
		may_update(&c->a, &read.a, false);
		may_update(&c->a, &inst.a, false);
		if (!nw)
			may_update(&c->a, &write.a, false);
		return;
	}
	if (split)
		c->addr = c->r ? read.r.ipa : write.r.ipa;
	else
		c->addr = c->r ? read.pa : write.pa;
	/* Split stage: the final page's marks may wait for the translated access (§13.6.3). */
	may_update(&c->a, c->w ? &write.a : &read.a, !split);
}

void smmu_oracle_ats(const struct smmu_oracle_unit *u, const struct smmu_oracle_request *request, bool nw,
		     bool exe, struct smmu_oracle_completion *c)
{
	struct smmu_oracle_request q = *request;
	struct run r;

	memset(c, 0, sizeof(*c));
	/* Attributes of a PASID. */
	q.priv = q.priv && q.ssv;
	exe = exe && q.ssv;
	q.access = SMMU_O_READ;
	q.inst = false;
	if (!u->smmuen) {
		bad_treq(&q, nw, exe, c);
		return;
	}
	r = run_of(u, &q, &c->a);
	if (find_ste(&r) && !f(r.ste[0], 0, 0))
		r.code = C_BAD_STE;
	if (!r.code && !(f(r.ste[0], 3, 1) & 4)) {
		c->status = SMMU_O_UR;
		return;
	}
	if (!r.code && !ste_ok(&r))
		r.code = C_BAD_STE;
	if (r.code) {
		completer_abort(c, &r, &q);
		return;
	}
	if (!eats_of(&r)) {
		bad_treq(&q, nw, exe, c);
		return;
	}
	translate(u, &q, nw, exe, eats_of(&r) == 2, c);
}

/* ---- translated transactions ---- */

static void forbidden(const struct smmu_oracle_request *q, struct smmu_oracle_answer *a)
{
	a->end = SMMU_O_ABORT;
	a->code = F_TRANSL_FORBIDDEN;
	a->recorded = true;
	memset(a->known, 0xff, sizeof(a->known));
	put(a, 7, 0, F_TRANSL_FORBIDDEN);
	put(a, 63, 32, q->sid);
	put(a, 99, 99, q->access == SMMU_O_READ);
	put(a, 191, 128, q->addr);
}

static void through(const struct run *r, struct smmu_oracle_answer *a)
{
	/* Terminated, or truncated: this unit terminates (§3.9.1.1) */
	a->end = above(r->q->addr, oas(r)) ? SMMU_O_ABORT : SMMU_O_OK;
	a->addr = r->q->addr;
}

static void second_stage(struct run *r)
{
	struct s2_use use = { r->rd, r->wr, false, false, CLASS_IN, true };
	uint64_t pa;

	r->s2 = true;
	attributes(r);
	use.inst = r->inst;
	use.priv = r->priv;
	if (above(r->q->addr, oas(r))) {
		r->fault_class = CLASS_IN;
		(void)fault(r, F_ADDR_SIZE);
		conclude(r);
	} else if (stage2(r, r->q->addr, &use, &pa)) {
		r->a->end = SMMU_O_OK;
		r->a->addr = pa;
	} else {
		conclude(r);
	}
}

void smmu_oracle_translated(const struct smmu_oracle_unit *u, const struct smmu_oracle_request *request,
			    struct smmu_oracle_answer *a)
{
	struct smmu_oracle_request q = *request;
	struct run r;

	q.ssv = q.inst = q.priv = false;
	q.ssid = 0;
	memset(a, 0, sizeof(*a));
	r = run_of(u, &q, a);
	if (!u->smmuen) {
		forbidden(&q, a);
		return;
	}
	if (!u->atschk) {
		through(&r, a);
		return;
	}
	a->end = SMMU_O_ABORT;
	if (find_ste(&r) && !f(r.ste[0], 0, 0))
		r.code = C_BAD_STE;
	if (!r.code && !(f(r.ste[0], 3, 1) & 4))
		return;
	if (!r.code && !ste_ok(&r))
		r.code = C_BAD_STE;
	if (r.code) {
		a->code = r.code;
		if (f(u->cr2, 3, 3)) /* whatever RECINVSID is */
			record(&r, false);
		return;
	}
	switch (eats_of(&r)) {
	case 0:
		forbidden(&q, a);
		break;
	case 1:
		through(&r, a);
		break;
	default:
		second_stage(&r);
		break;
	}
}

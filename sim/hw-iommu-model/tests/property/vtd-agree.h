/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One request through the library and through the oracle, and whether what the
 * library did is among the answers the specification allows: outcome, address,
 * span, rights, ATS flags, fault record as software reads it, and every bit
 * written to memory.
 *
 * Tolerances, and why:
 * - Accessed (and EA) bits of a request that fails may be set or not, and so
 *   may the D bit of the second-stage leaf under a first-stage table: the
 *   specification allows speculation (VT-d 5.10 sections 3.6.2, 3.7.2).
 * - A span may be smaller than the page.
 * - FI above the widest address width: the text does not say whether the
 *   first stage counts for "largest supported AGAW".
 * - Rights of an untranslated request: at least those that it needs, at most
 *   those of the tables.
 */
#ifndef PROPERTY_VTD_AGREE_H
#define PROPERTY_VTD_AGREE_H

#include <stdarg.h>

#include "vtd-machine.h"

#define MAX_ANSWERS 48

struct coverage {
	unsigned int fault[256];	/* requests refused for this reason */
	unsigned int record[256];	/* ... and recorded */
	unsigned int silenced[256];	/* ... and silenced by FPD */
	unsigned int requests, passed, ats_rights, several;
};

struct agree {
	struct machine *m;
	struct coverage *coverage;
	struct oracle_answer answer[MAX_ANSWERS], other[MAX_ANSWERS];
	char why[256];		/* the last mismatch */
};

static inline bool differs(struct agree *g, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(g->why, sizeof(g->why), format, args);
	va_end(args);
	return false;
}

static inline struct hwi_request to_library(const struct oracle_request *q)
{
	struct hwi_request r = {
		.requester = q->sid,
		.pasid = q->has_pasid ? q->pasid : HWI_PASID_NONE,
		.addr = hwi_iova(q->addr),
		.length = q->zero_length ? 0 : q->dword ? 4 : 8,
		.kind = (uint8_t)q->kind,
	};
	unsigned int access = q->access == ORACLE_READ ? HWI_READ :
			      q->access == ORACLE_WRITE ? HWI_WRITE : HWI_ATOMIC;

	if (q->has_pasid && q->execute)
		access |= HWI_EXEC;
	if (q->has_pasid && q->privileged)
		access |= HWI_PRIV;
	if (q->zero_length)
		access |= HWI_ZLR;
	if (q->no_write)
		access |= HWI_NO_WRITE;
	r.access = (uint8_t)access;
	return r;
}

static inline bool fi_agrees(const struct machine *m, uint64_t seen, uint64_t want)
{
	static const unsigned char widths[] = { 39, 48, 57 };
	unsigned int ss = 0, any;

	for (unsigned int i = 0; i < 3; i++)
		if (has(m->oc.cap, 9 + i))
			ss = widths[i];
	any = has(m->oc.cap, 60) ? 57 : has(m->oc.ecap, ECAP_FSTS) ? 48 : 0;
	if (!ss && !any)
		any = (unsigned int)get_field(m->oc.cap, 21, 16) + 1;
	if (any < ss)
		any = ss;
	return (ss && seen == (want & (B(ss) - 1))) || seen == (want & (B(any) - 1));
}

static inline bool record_agrees(struct agree *g, const struct oracle_request *q,
				 const struct oracle_answer *a, const struct fault_seen *f)
{
	uint64_t hi = f->hi;

	if (f->overflow)
		return differs(g, "FSTS.PFO set by one request");
	if (f->count != a->recorded)
		return differs(g, "%u fault records, %u due", f->count, a->recorded);
	if (!a->recorded)
		return true;
	if (get_field(hi, 39, 32) != a->code)
		return differs(g, "FR %02x, %02x due",
			       (unsigned int)get_field(hi, 39, 32), a->code);
	if (get_field(hi, 15, 0) != q->sid)
		return differs(g, "SID %04x", (unsigned int)get_field(hi, 15, 0));
	if (get_field(hi, 27, 16) || get_field(f->lo, 11, 0))
		return differs(g, "reserved bits set in the fault record");
	if (a->fi_valid && !fi_agrees(g->m, f->lo, a->fi))
		return differs(g, "FI %llx", (unsigned long long)f->lo);
	if (!a->meaningful)
		return true;
	if (get_field(hi, 62, 62) << 1 != (a->type & 2) ||
	    get_field(hi, 28, 28) != (a->type & 1))
		return differs(g, "T1 %u T2 %u, {T1,T2}=%u due", has(hi, 62),
			       has(hi, 28), a->type);
	/* AT of a page request's record: not told */
	if (q->kind != ORACLE_PAGE_REQUEST && get_field(hi, 61, 60) != a->at)
		return differs(g, "AT %u", (unsigned int)get_field(hi, 61, 60));
	if (has(hi, 31) != a->pp || (a->pp && get_field(hi, 59, 40) != a->pv))
		return differs(g, "PP %u PV %x", has(hi, 31),
			       (unsigned int)get_field(hi, 59, 40));
	if (!a->pp && get_field(hi, 59, 40))
		return differs(g, "PV without PP");
	if (has(hi, 30) != a->exe || has(hi, 29) != a->prv)
		return differs(g, "EXE %u PRIV %u", has(hi, 30), has(hi, 29));
	return true;
}

static inline bool memory_agrees(struct agree *g, const struct oracle_answer *a)
{
	struct machine *m = g->m;

	if (m->lost_write)
		return differs(g, "more writes than a walk can make");
	for (unsigned int i = 0; i < m->writes; i++) {
		uint64_t old = m->log[i].before, now = machine_load(m, m->log[i].addr);
		uint64_t allowed = 0;

		for (unsigned int j = 0; j < a->n_updates; j++)
			if (a->updates[j].addr == m->log[i].addr)
				allowed = a->updates[j].must | a->updates[j].may;
		if ((old & ~now) || ((old ^ now) & ~allowed))
			return differs(g, "%llx went from %llx to %llx, allowed %llx",
				       (unsigned long long)m->log[i].addr,
				       (unsigned long long)old,
				       (unsigned long long)now,
				       (unsigned long long)allowed);
	}
	for (unsigned int j = 0; j < a->n_updates; j++) {
		uint64_t now = machine_load(m, a->updates[j].addr);

		if (~now & a->updates[j].must)
			return differs(g, "%llx is %llx, lacks %llx",
				       (unsigned long long)a->updates[j].addr,
				       (unsigned long long)now,
				       (unsigned long long)(~now & a->updates[j].must));
	}
	return true;
}

static inline bool response_agrees(struct agree *g, const struct oracle_request *q,
				   const struct oracle_answer *a,
				   const struct hwi_response *r)
{
	static const unsigned char outcome[] = {
		[ORACLE_OK] = HWI_SUCCESS,
		[ORACLE_ATS] = HWI_SUCCESS,
		[ORACLE_UR] = HWI_UNSUPPORTED_REQUEST,
		[ORACLE_CA] = HWI_COMPLETER_ABORT,
		[ORACLE_INTERRUPT] = HWI_IS_INTERRUPT,
	};
	unsigned int rights = r->rights & (HWI_READ | HWI_WRITE);
	unsigned int granted = (a->r ? HWI_READ : 0) | (a->w ? HWI_WRITE : 0);
	unsigned int needed = 0;

	if (r->outcome != outcome[a->outcome])
		return differs(g, "outcome %u, %u due", r->outcome, outcome[a->outcome]);
	if (r->fault != a->code)
		return differs(g, "fault %02x, %02x due", r->fault, a->code);
	if (r->recorded != a->recorded)
		return differs(g, "response says recorded=%u", r->recorded);

	if (a->outcome == ORACLE_ATS) {
		if (rights != granted)
			return differs(g, "ATS rights %x, %x due", rights, granted);
		if (a->priv_exact && ((r->ats & HWI_ATS_PRIV) != 0) != a->priv)
			return differs(g, "ATS Priv");
		if (!granted)
			return true;
		if (((r->ats & HWI_ATS_U) != 0) != a->u)
			return differs(g, "ATS U");
		if (((r->ats & HWI_ATS_N) != 0) != a->n)
			return differs(g, "ATS N");
	} else if (a->outcome == ORACLE_OK) {
		if (!q->zero_length)
			needed = q->access == ORACLE_READ ? HWI_READ :
				 q->access == ORACLE_WRITE ? HWI_WRITE :
				 HWI_READ | HWI_WRITE;
		if ((rights & needed) != needed || (rights & ~granted))
			return differs(g, "rights %x, needed %x, tables %x", rights,
				       needed, granted);
		if (r->snooped != a->snoop_forced)
			return differs(g, "snooped %u", r->snooped);
	} else {
		return true;
	}
	/* the U=1 answer for the interrupt range maps nothing */
	if (!a->u && hwi_hpa_val(r->addr) != a->out)
		return differs(g, "address %llx, %llx due",
			       (unsigned long long)hwi_hpa_val(r->addr),
			       (unsigned long long)a->out);
	if (r->span_log2 < 12 || r->span_log2 > a->region)
		return differs(g, "span 2^%u, at most 2^%u due", r->span_log2,
			       a->region);
	return true;
}

/*
 * Who keeps a copy of an answer - an ATC, a hypervisor's own IOTLB - uses it for
 * other addresses of its span and for every right in it, without asking again.
 * So asking again, anywhere in the span, must give the same and owe no A or D.
 */
static inline bool copy_holds(struct agree *g, const struct oracle_request *q,
			      const struct hwi_response *r)
{
	struct oracle_memory memory = oracle_side(g->m);
	uint64_t block = r->span_log2 >= 64 ? ~UINT64_C(0) : B(r->span_log2) - 1;
	struct oracle_request other = *q;
	uint64_t out;
	int n;

	if (r->outcome != HWI_SUCCESS || !(r->rights & (HWI_READ | HWI_WRITE)) ||
	    (r->ats & HWI_ATS_U) || q->zero_length)
		return true;
	/* some address of the span: its other end, turned by the first one's bits */
	other.addr ^= block & ~UINT64_C(7) & (q->addr >> 7 | UINT64_C(0xfff) << 28);
	out = hwi_hpa_val(r->addr) ^ (other.addr ^ q->addr);
	for (unsigned int i = 0; i < 2; i++) {
		bool held = false;

		if (q->kind == ORACLE_UNTRANSLATED) {
			if (!(r->rights & (i ? HWI_WRITE : HWI_READ)))
				continue;
			other.access = i ? ORACLE_WRITE : ORACLE_READ;
			other.execute = false;	/* READ is the right to data */
		}
		n = oracle_translate(&g->m->oc, &memory, &other, g->other, MAX_ANSWERS);
		for (int j = 0; j < n && !held; j++) {
			const struct oracle_answer *a = &g->other[j];
			unsigned int rights = (a->r ? HWI_READ : 0) | (a->w ? HWI_WRITE : 0);

			held = (a->outcome == ORACLE_OK || a->outcome == ORACLE_ATS) &&
			       !a->u && a->out == out &&
			       (q->kind != ORACLE_TRANSLATION || rights == r->rights);
			for (unsigned int k = 0; k < a->n_updates && held; k++)
				held = !(a->updates[k].must &
					 ~machine_load(g->m, a->updates[k].addr));
		}
		if (!held)
			return differs(g, "a copy kept of the answer fails at %llx, access %u",
				       (unsigned long long)other.addr, other.access);
	}
	return true;
}

/* True if the library's answer is one of those allowed */
static inline bool agree_on(struct agree *g, const struct oracle_request *q)
{
	struct hwi_request req = to_library(q);
	struct oracle_memory memory = oracle_side(g->m);
	struct hwi_response resp;
	struct fault_seen faults;
	struct coverage *c = g->coverage;
	char first[sizeof(g->why)];
	int n;

	n = oracle_translate(&g->m->oc, &memory, q, g->answer, MAX_ANSWERS);
	if (n < 0)
		return differs(g, "the oracle has too many answers");
	g->m->writes = 0;
	g->m->lost_write = false;
	if (hwi_translate(g->m->unit, &req, &resp) != HWI_OK)
		return differs(g, "hwi_translate() refuses the request");
	faults = machine_take_faults(g->m);

	c->requests++;
	c->several += n > 1;
	for (int i = 0; i < n; i++) {
		const struct oracle_answer *a = &g->answer[i];

		if (response_agrees(g, q, a, &resp) &&
		    record_agrees(g, q, a, &faults) && memory_agrees(g, a)) {
			c->fault[a->code]++;
			c->record[a->code] += a->recorded;
			c->silenced[a->code] += !a->recorded &&
						(a->outcome == ORACLE_UR ||
						 a->outcome == ORACLE_CA);
			c->passed += a->outcome == ORACLE_OK;
			c->ats_rights += a->outcome == ORACLE_ATS && (a->r || a->w);
			return q->kind == ORACLE_TRANSLATED || copy_holds(g, q, &resp);
		}
		if (i == 0)
			memcpy(first, g->why, sizeof(first));
	}
	memcpy(g->why, first, sizeof(first));
	fprintf(stderr, "library: outcome %u fault %02x recorded %u addr %llx span %u rights %x ats %x snooped %u; records %u lo %llx hi %llx\n",
		resp.outcome, resp.fault, resp.recorded,
		(unsigned long long)hwi_hpa_val(resp.addr), resp.span_log2,
		resp.rights, resp.ats, resp.snooped, faults.count,
		(unsigned long long)faults.lo, (unsigned long long)faults.hi);
	for (unsigned int i = 0; i < g->m->writes; i++)
		fprintf(stderr, "  wrote %llx: %llx -> %llx\n",
			(unsigned long long)g->m->log[i].addr,
			(unsigned long long)g->m->log[i].before,
			(unsigned long long)machine_load(g->m, g->m->log[i].addr));
	for (int i = 0; i < n; i++) {
		const struct oracle_answer *a = &g->answer[i];

		fprintf(stderr, "allowed: outcome %u fault %02x recorded %u addr %llx region %u r%u w%u u%u priv%u n%u snoop %u pp %u\n",
			a->outcome, a->code, a->recorded,
			(unsigned long long)a->out, a->region, a->r, a->w, a->u,
			a->priv, a->n, a->snoop_forced, a->pp);
		for (unsigned int j = 0; j < a->n_updates; j++)
			fprintf(stderr, "  %llx must %llx may %llx\n",
				(unsigned long long)a->updates[j].addr,
				(unsigned long long)a->updates[j].must,
				(unsigned long long)a->updates[j].may);
	}
	return false;
}

static inline void print_request(const struct oracle_request *q)
{
	fprintf(stderr, "request: sid %04x pasid %d/%x addr %llx access %u exe %u priv %u kind %u nw %u zlr %u dword %u\n",
		q->sid, q->has_pasid, q->pasid, (unsigned long long)q->addr, q->access,
		q->execute, q->privileged, q->kind, q->no_write, q->zero_length,
		q->dword);
}

/* The entries on the way to a request's address space, for the reader of a failure */
static inline void print_way(struct machine *m, const struct oracle_request *q)
{
	uint64_t rta = m->oc.rtaddr & ~UINT64_C(0xfff), v[8], at;
	bool scal = get_field(m->oc.rtaddr, 11, 10) == 1;
	uint32_t pasid = q->pasid;

	fprintf(stderr, "unit: major %u cap %016llx ecap %016llx haw %u rtaddr %llx tes %u base %llx\n",
		m->oc.major, (unsigned long long)m->oc.cap,
		(unsigned long long)m->oc.ecap, m->oc.haw,
		(unsigned long long)m->oc.rtaddr, m->oc.tes,
		(unsigned long long)m->base);
	at = rta + 16 * (uint64_t)(q->sid >> 8) + (scal ? 8 * (q->sid >> 7 & 1) : 0);
	if (!machine_has(m, at, 8, false))
		return;
	v[0] = machine_load(m, at);
	fprintf(stderr, "root %llx: %016llx\n", (unsigned long long)at,
		(unsigned long long)v[0]);
	at = (v[0] & ~UINT64_C(0xfff)) + (scal ? 32 * (uint64_t)(q->sid & 0x7f) :
					       16 * (uint64_t)(q->sid & 0xff));
	if (!machine_has(m, at, 32, false) && !machine_has(m, at, 16, false))
		return;
	v[0] = machine_load(m, at);
	v[1] = machine_load(m, at + 8);
	fprintf(stderr, "context %llx: %016llx %016llx\n", (unsigned long long)at,
		(unsigned long long)v[0], (unsigned long long)v[1]);
	if (!scal)
		return;
	if (!q->has_pasid)
		pasid = has(m->oc.ecap, ECAP_RPS) ? (uint32_t)get_field(v[1], 19, 0) : 0;
	at = (v[0] & ~UINT64_C(0xfff)) + 8 * (uint64_t)(pasid >> 6);
	if (!machine_has(m, at, 8, false))
		return;
	v[0] = machine_load(m, at);
	fprintf(stderr, "directory %llx: %016llx\n", (unsigned long long)at,
		(unsigned long long)v[0]);
	at = (v[0] & ~UINT64_C(0xfff)) + 64 * (uint64_t)(pasid & 63);
	if (!machine_has(m, at, 64, false))
		return;
	fprintf(stderr, "pasid entry %llx:", (unsigned long long)at);
	for (unsigned int i = 0; i < 8; i++)
		fprintf(stderr, " %016llx", (unsigned long long)machine_load(m, at + 8 * i));
	fprintf(stderr, "\n");
}

#endif

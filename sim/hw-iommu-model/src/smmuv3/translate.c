/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One transaction through the unit (SMMUv3 §7.3.22): global bypass, the stream's path,
 * TLB, walk, the answer; what a refusal looks like to the client and to software
 * (§5.5, §3.12).
 */
#include "walk_quick.h"

/* ---- refusals ---- */

struct smmu_ask smmu_ask_of(const struct hwi_request *req, const struct smmu_path *p)
{
	struct smmu_ask a = {
		.priv = req->access & HWI_PRIV,
		.read = req->access & (HWI_READ | HWI_ATOMIC),
		.write = req->access & (HWI_WRITE | HWI_ATOMIC),
	};

	/* Whatever INSTCFG says, a write is data (§13.1.2). */
	a.inst = !a.write && (req->access & HWI_EXEC);
	a.dirty = a.write;
	if (!p)
		return a;
	if (p->privcfg == SMMU_PRIVCFG_UNPRIVILEGED)
		a.priv = false;
	else if (p->privcfg == SMMU_PRIVCFG_PRIVILEGED)
		a.priv = true;
	if (p->instcfg == SMMU_INSTCFG_DATA)
		a.inst = false;
	else if (p->instcfg == SMMU_INSTCFG_INSTRUCTION)
		a.inst = !a.write;
	return a;
}

void smmu_event_of(const struct hwi_request *req, const struct smmu_path *p,
		   const struct smmu_fault *f, struct smmu_event *ev)
{
	struct smmu_ask a = smmu_ask_of(req, p);

	*ev = (struct smmu_event){
		.code = f->code,
		.sid = req->requester,
		.ssid = f->code == SMMU_EVT_C_BAD_SUBSTREAMID ? f->ssid : req->pasid,
		.pnu = a.priv,
		.ind = a.inst,
		/* An atomic is a write, unless what it lacks is the right to read. */
		.rnw = !a.write || (f->code == SMMU_EVT_F_PERMISSION && f->missing_read),
		.s2 = f->s2,
		.class = f->class,
		.ttrnw = f->ttrnw,
		.input_addr = hwi_iova_val(req->addr),
		.ipa = f->ipa,
		.fetch_addr = f->fetch_addr,
		/* These, and F_UUT, of which there is none, may merge whatever an STE says (§7.3.1). */
		.may_merge = (p && p->mev) || f->code == SMMU_EVT_C_BAD_STREAMID ||
			     f->code == SMMU_EVT_F_STE_FETCH || f->code == SMMU_EVT_C_BAD_STE,
	};
}

/* The four that CD.{A,R,S} and STE.{S2R,S2S} decide on (§5.5). */
static bool configurable(const struct smmu_fault *f)
{
	switch (f->code) {
	case SMMU_EVT_F_TRANSLATION:
	case SMMU_EVT_F_ADDR_SIZE:
	case SMMU_EVT_F_ACCESS:
	case SMMU_EVT_F_PERMISSION:
		return !f->fixed;
	default:
		return false;
	}
}

/* By the stage that faults; true: the record is wanted. */
static bool by_stage(struct smmu_unit *s, const struct smmu_path *p, const struct smmu_fault *f,
		     const struct smmu_event *ev, struct hwi_response *resp)
{
	bool stall = f->s2 ? p->s2s : p->s;

	/* A machine that cannot hold a request has it terminated (§3.12). */
	if (stall && s->lim.stall) {
		uint64_t tag = smmu_event_stall(s, ev);

		resp->outcome = HWI_STALLED;
		resp->stall = tag;
		resp->recorded = tag != HWI_STALL_HELD;
		return false;
	}
	if (stall)
		return true;
	if (f->s2)
		return p->s2r;
	if (!p->a) /* a CD that TERM_MODEL=1 has no place for (§5.4.2) */
		resp->outcome = HWI_TERMINATED;
	return p->r;
}

void smmu_refuse(struct smmu_unit *s, const struct hwi_request *req, const struct smmu_path *p,
		 const struct smmu_fault *f, struct hwi_response *resp)
{
	struct smmu_event ev;
	bool record = f->code != SMMU_EVT_C_BAD_STREAMID || s->eff.recinvsid;

	hwi_count(&s->base, HWI_STAT_FAULTS);
	memset(resp, 0, sizeof(*resp));
	resp->outcome = HWI_UNSUPPORTED_REQUEST;
	resp->fault = f->code;
	if (f->code == SMMU_EVT_F_PERMISSION && f->class == SMMU_EV_CLASS_IN)
		resp->rights = (uint8_t)(f->had & (HWI_READ | HWI_WRITE));
	smmu_event_of(req, p, f, &ev);
	if (configurable(f))
		record = by_stage(s, p, f, &ev, resp);
	if (record)
		resp->recorded = smmu_event_record(s, &ev);
}

/* ---- TLB ---- */

HWI_ALWAYS_INLINE struct hwi_cache_key tlb_key(const struct smmu_path *p, uint64_t va,
					       unsigned int span)
{
	return (struct hwi_cache_key){
		(va & ~((UINT64_C(1) << span) - 1)) | p->tlb_a | smmu_span_class(span),
		p->tlb_b,
	};
}

/* The same, of a page of all ASIDs. */
static struct hwi_cache_key tlb_key_global(const struct smmu_path *p, uint64_t va,
					   unsigned int span)
{
	struct hwi_cache_key k = tlb_key(p, va, span);

	k.a |= SMMU_TLB_KEY_GLOBAL | (p->aset ? SMMU_TLB_KEY_ASET : 0);
	k.b &= ~SMMU_WALK_S1_ASID;
	return k;
}

/* The entry of any size; of the stream's ASID, or global (§3.17). */
static struct hwi_cache_entry *tlb_find(const struct smmu_unit *s, const struct smmu_path *p,
					uint64_t va)
{
	const struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_TLB);
	bool globals = s->tc->globals && p->s1 && p->regime != SMMU_REGIME_EL2;

	for (unsigned int n = 0; n < HWI_CACHE_CLASSES; n++) {
		struct hwi_cache_entry *e;
		unsigned int span = smmu_class_span(n);

		if (!(c->classes >> n & 1))
			continue;
		e = hwi_cache_find(c, tlb_key(p, va, span));
		if (!e && globals)
			e = hwi_cache_find(c, tlb_key_global(p, va, span));
		if (e)
			return e;
	}
	return NULL;
}

static void tlb_fill(struct smmu_unit *s, const struct smmu_path *p, uint64_t va,
		     struct hwi_cache_entry *old, const struct smmu_found *t)
{
	struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_TLB);
	struct smmu_tlb_payload *e;
	struct hwi_cache_key key;

	if (old) {
		hwi_cache_remove_key(c, old->key);
		hwi_utlb_purge(&s->base.utlb);
	}
	if (!c->capacity)
		return;
	if (t->global)
		s->tc->globals = true;
	key = t->global ? tlb_key_global(p, va, t->span_log2) : tlb_key(p, va, t->span_log2);
	e = hwi_cache_payload(hwi_cache_fill(c, key, smmu_tlb_tag(key)));
	e->out = t->out;
	e->ipa = t->ipa;
	e->flags = t->flags;
}

/* What an entry says to a transaction. False: it does not settle it, walk. */
static bool tlb_hit(const struct hwi_cache_entry *e, uint64_t va, const struct smmu_ask *ask,
		    struct smmu_found *t, struct smmu_fault *f)
{
	const struct smmu_tlb_payload *known = hwi_cache_payload_const(e);
	unsigned int span = smmu_class_span(e->key.a), rights;
	uint64_t in_page = va & ((UINT64_C(1) << span) - 1);

	t->out = known->out;
	t->ipa = known->ipa;
	t->flags = known->flags;
	t->span_log2 = (uint8_t)span;
	if (smmu_s1_lacking(t->flags, ask, f) || smmu_s1_nothing(t->flags, ask, f))
		return true;
	rights = smmu_s1_of(t->flags, ask->priv);
	f->had = (rights & VMSA_UR ? HWI_READ : 0) | (rights & VMSA_UW ? HWI_WRITE : 0);
	if (smmu_s2_lacking(t->flags, ask, t->ipa | in_page, f))
		return true;
	/* A write to what is clean has to mark it in memory, as it is there now. */
	return !smmu_writes(t->flags, ask) ||
	       (t->flags & (SMMU_T_S1_DIRTY | SMMU_T_S2_DIRTY)) ==
		       (SMMU_T_S1_DIRTY | SMMU_T_S2_DIRTY);
}

/* ---- walks ---- */

static bool walk_once(struct smmu_unit *s, const struct smmu_path *p, uint64_t va,
		      const struct smmu_ask *ask, struct smmu_found *t, struct smmu_fault *f)
{
	if (!p->s1)
		return smmu_walk_s2(s, p, va, ask, t, f);
	return p->s2 ? smmu_walk_nested(s, p, va, ask, t, f) : smmu_walk_s1(s, p, va, ask, t, f);
}

/*
 * A descriptor that changed between its load and its update is as if it had not been
 * read: the walk begins again. Of one that software never stops changing the update
 * has failed.
 */
static bool walk(struct smmu_unit *s, const struct smmu_path *p, uint64_t va,
		 const struct smmu_ask *ask, struct smmu_found *t, struct smmu_fault *f)
{
	for (unsigned int n = 0; n <= SMMU_WALK_RETRIES; n++) {
		*t = (struct smmu_found){ 0 };
		f->code = SMMU_NO_FAULT;
		if (walk_once(s, p, va, ask, t, f))
			return true;
		if (f->code != SMMU_RETRY)
			return false;
	}
	f->code = SMMU_EVT_F_WALK_EABT;
	return false;
}

/* Neither stage: the address is what it is. */
static bool identity(const struct smmu_path *p, uint64_t addr, struct smmu_found *t)
{
	t->span_log2 = p->bypass_bits;
	t->out = 0;
	t->ipa = 0;
	t->flags = SMMU_T_ALL;
	(void)addr;
	return true;
}

bool smmu_resolve(struct smmu_unit *s, const struct smmu_path *p, uint64_t addr,
		  const struct smmu_ask *ask, struct smmu_found *t, struct smmu_fault *f)
{
	uint64_t va = addr;
	struct hwi_cache_entry *e;
	bool ok;

	*f = (struct smmu_fault){ .code = SMMU_NO_FAULT };
	if (p->s1) {
		va = smmu_va(p, addr);
		/* Even where the TLB knows the page (§5.4 E0PD). */
		if (!ask->priv && smmu_half_of(p, va)->e0pd)
			return smmu_s1_fault(f, SMMU_EVT_F_TRANSLATION, SMMU_EV_CLASS_IN);
	} else {
		if (addr >> p->bypass_bits) {
			f->fixed = true;
			return smmu_s1_fault(f, SMMU_EVT_F_ADDR_SIZE, SMMU_EV_CLASS_IN);
		}
		if (!p->s2)
			return identity(p, addr, t);
	}
	e = tlb_find(s, p, va);
	if (e && tlb_hit(e, va, ask, t, f)) {
		hwi_count(&s->base, HWI_STAT_IOTLB_HITS);
		return f->code == SMMU_NO_FAULT;
	}
	hwi_count(&s->base, HWI_STAT_IOTLB_MISSES);
	ok = walk(s, p, va, ask, t, f);
	/* Also a page that refused this transaction: others may be allowed (§3.21.1). */
	if (ok || (t->keep && f->code == SMMU_EVT_F_PERMISSION && f->class == SMMU_EV_CLASS_IN))
		tlb_fill(s, p, va, e, t);
	return ok;
}

/* ---- answers ---- */

static const uint64_t answered_by[] = {
	[0] = 0,
	[HWI_READ] = UINT64_C(1) << HWI_READ,
	[HWI_WRITE] = UINT64_C(1) << HWI_WRITE,
	[HWI_READ | HWI_WRITE] = UINT64_C(1) << HWI_READ | UINT64_C(1) << HWI_WRITE |
				 UINT64_C(1) << HWI_ATOMIC,
};

/* Data rights of one privilege; not those of a write that would have to mark a page. */
static unsigned int data_rights(uint64_t flags, bool priv)
{
	unsigned int s1 = smmu_s1_of(flags, priv);
	uint64_t s2 = HWI_GET(SMMU_T_S2, flags);
	uint64_t dirty = SMMU_T_S1_DIRTY | SMMU_T_S2_DIRTY;
	unsigned int rights = (s1 & VMSA_UR) && (s2 & VMSA_S2_R) ? HWI_READ : 0;

	if ((s1 & VMSA_UW) && (s2 & VMSA_S2_W) && (flags & dirty) == dirty)
		rights |= HWI_WRITE;
	return rights;
}

static void answer(struct smmu_unit *s, const struct hwi_request *req, const struct smmu_path *p,
		   const struct smmu_ask *ask, const struct smmu_found *t,
		   struct hwi_response *resp)
{
	uint64_t addr = t->out | (hwi_iova_val(req->addr) & ((UINT64_C(1) << t->span_log2) - 1));
	unsigned int rights = data_rights(t->flags, ask->priv);
	uint64_t tail;

	if (ask->inst)
		rights |= HWI_READ | HWI_EXEC;
	tail = hwi_utlb_tail(t->span_log2, rights, false);
	resp->addr = hwi_hpa(addr);
	hwi_utlb_put_tail(resp, tail);
	/* The shortcut takes plain data accesses, whose attributes a stream does not change. */
	if (s->base.recorder || !p->kept || ask->inst ||
	    p->instcfg == SMMU_INSTCFG_INSTRUCTION || (req->access & (HWI_EXEC | HWI_PRIV)) ||
	    ((p->s1 || p->s2) && !smmu_cache_of(s, SMMU_CACHE_TLB)->capacity))
		return;
	hwi_utlb_fill(&s->base.utlb, req, addr, tail, answered_by[rights]);
}

static void pass(struct smmu_unit *s, const struct hwi_request *req, struct hwi_response *resp)
{
	memset(resp, 0, sizeof(*resp));
	if (hwi_iova_val(req->addr) >> s->lim.oas) {
		resp->outcome = HWI_UNSUPPORTED_REQUEST; /* and nobody is told (§3.4) */
		return;
	}
	resp->addr = hwi_hpa(hwi_iova_val(req->addr));
	resp->span_log2 = s->lim.oas;
	resp->rights = HWI_READ | HWI_WRITE;
	if ((req->access & HWI_EXEC) && (req->access & HWI_READ))
		resp->rights |= HWI_EXEC;
}

/* What did not go the usual way. */
static __attribute__((noinline)) void in_full(struct smmu_unit *s, const struct hwi_request *req,
					      const struct smmu_path *p,
					      struct hwi_response *resp)
{
	struct smmu_ask ask = smmu_ask_of(req, p);
	struct smmu_fault f;
	struct smmu_found t;

	if (p->abort) { /* Config=0xx: not an error of anybody's (§5.2) */
		memset(resp, 0, sizeof(*resp));
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		return;
	}
	if (smmu_resolve(s, p, hwi_iova_val(req->addr), &ask, &t, &f))
		answer(s, req, p, &ask, &t, resp);
	else
		smmu_refuse(s, req, p, &f, resp);
}

/* The answer to a data access, from the flags of a page that allow it. */
HWI_ALWAYS_INLINE void answer_plain(const struct hwi_request *req, const struct smmu_path *p,
				    uint64_t out, unsigned int span, uint64_t flags,
				    struct hwi_response *resp)
{
	unsigned int rights = (flags & p->want_read) == p->want_read ? HWI_READ : 0;

	if ((flags & p->want_write) == p->want_write)
		rights |= HWI_WRITE;
	resp->addr = hwi_hpa(out | (hwi_iova_val(req->addr) & ((UINT64_C(1) << span) - 1)));
	hwi_utlb_put_tail(resp, hwi_utlb_tail(span, rights, false));
}

/* The TLB key of a usual request's page of 4 KiB. */
HWI_ALWAYS_INLINE struct hwi_cache_key usual_key(const struct hwi_request *req,
						 const struct smmu_path *p)
{
	return tlb_key(p, hwi_iova_val(req->addr), VMSA_SHIFT_4K);
}

/* Keep a plain page as place @i of the TLB. */
HWI_ALWAYS_INLINE void quick_keep(struct smmu_unit *s, const struct hwi_request *req,
				  const struct smmu_path *p, struct smmu_quick q, uint32_t i,
				  uint32_t *head)
{
	struct smmu_tlb_payload *t = hwi_cache_payload(
		hwi_cache_link(smmu_cache_of(s, SMMU_CACHE_TLB), i, head,
			       usual_key(req, p), p->tag));

	t->out = q.out;
	t->ipa = q.ipa;
	t->flags = q.flags;
}

/* Answer by it. The shortcut is filled when the page is used again. */
HWI_ALWAYS_INLINE void quick_answer(struct smmu_unit *s, const struct hwi_request *req,
				    const struct smmu_path *p, struct smmu_quick q,
				    struct hwi_response *resp)
{
	hwi_count(&s->base, HWI_STAT_IOTLB_MISSES);
	answer_plain(req, p, q.out, VMSA_SHIFT_4K, q.flags, resp);
}

/* Both, where no place is at hand. */
static __attribute__((noinline)) void quick_late(struct smmu_unit *s,
						 const struct hwi_request *req,
						 const struct smmu_path *p,
						 struct hwi_response *resp, struct smmu_quick q)
{
	struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_TLB);
	uint32_t i = hwi_cache_more(c);

	if (i != HWI_CACHE_NONE)
		quick_keep(s, req, p, q, i, hwi_cache_head(c, hwi_cache_hash(usual_key(req, p))));
	quick_answer(s, req, p, q, resp);
}

/*
 * What each kind of walk ends in. @head: the TLB's bucket of the page. A plain page
 * allows all that a usual request asks for.
 */
HWI_ALWAYS_INLINE void quick_end(struct smmu_unit *s, const struct hwi_request *req,
				 const struct smmu_path *p, struct hwi_response *resp,
				 uint32_t *head, struct smmu_quick q)
{
	uint32_t i;

	if (__builtin_expect(!q.flags, 0)) {
		in_full(s, req, p, resp);
		return;
	}
	if (__builtin_expect(!hwi_cache_take(smmu_cache_of(s, SMMU_CACHE_TLB), &i), 0)) {
		quick_late(s, req, p, resp, q);
		return;
	}
	quick_keep(s, req, p, q, i, head);
	quick_answer(s, req, p, q, resp);
}

/* What is neither of the two below. */
static __attribute__((noinline)) void miss_other(struct smmu_unit *s,
						 const struct hwi_request *req,
						 const struct smmu_path *p,
						 struct hwi_response *resp, uint32_t *head)
{
	quick_end(s, req, p, resp, head, smmu_quick_other(s, p, hwi_iova_val(req->addr)));
}

/*
 * These two end in other functions and call none, which spares them the saving of
 * registers.
 */
static __attribute__((noinline)) void miss_s1(struct smmu_unit *s, const struct hwi_request *req,
					      const struct smmu_path *p,
					      struct hwi_response *resp, uint32_t *head)
{
	struct smmu_quick q = smmu_quick_s1(s, p, hwi_iova_val(req->addr));

	if (__builtin_expect(q.out == HWI_PT_FAR, 0))
		miss_other(s, req, p, resp, head);
	else
		quick_end(s, req, p, resp, head, q);
}

static __attribute__((noinline)) void miss_s2(struct smmu_unit *s, const struct hwi_request *req,
					      const struct smmu_path *p,
					      struct hwi_response *resp, uint32_t *head)
{
	struct smmu_quick q = smmu_quick_s2(s, p, hwi_iova_val(req->addr));

	if (__builtin_expect(q.out == HWI_PT_FAR, 0))
		miss_other(s, req, p, resp, head);
	else
		quick_end(s, req, p, resp, head, q);
}

HWI_ALWAYS_INLINE void usual_miss(struct smmu_unit *s, const struct hwi_request *req,
				  const struct smmu_path *p, struct hwi_response *resp,
				  uint32_t *head)
{
	if (p->quick == SMMU_QUICK_S1)
		miss_s1(s, req, p, resp, head);
	else if (p->quick == SMMU_QUICK_S2)
		miss_s2(s, req, p, resp, head);
	else
		miss_other(s, req, p, resp, head);
}

/* The TLB has no page of 4 KiB of the stream's own, but others. */
static __attribute__((noinline)) void usual_large(struct smmu_unit *s,
						  const struct hwi_request *req,
						  const struct smmu_path *p,
						  struct hwi_response *resp, uint32_t *head)
{
	if (tlb_find(s, p, hwi_iova_val(req->addr)))
		in_full(s, req, p, resp);
	else
		usual_miss(s, req, p, resp, head);
}

/* Flags that let a usual request pass. */
HWI_ALWAYS_INLINE uint64_t enough(const struct hwi_request *req, const struct smmu_path *p)
{
	return req->access == HWI_READ ? p->want_read : p->want_write;
}

/*
 * A data access of a stream whose walks walk_quick.h knows. In line: a hit with all
 * rights that it takes.
 */
HWI_ALWAYS_INLINE void usual(struct smmu_unit *s, const struct hwi_request *req,
			     const struct smmu_path *p, struct hwi_response *resp)
{
	struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_TLB);
	struct hwi_cache_key key = usual_key(req, p);
	uint32_t *head = hwi_cache_head(c, hwi_cache_hash(key));
	const struct hwi_cache_entry *e = hwi_cache_find_in(c, head, key);
	const struct smmu_tlb_payload *t;
	uint64_t want;

	if (!e) {
		/* Of another size, or global. */
		if (__builtin_expect((c->classes & ~1u) || s->tc->globals, 0))
			usual_large(s, req, p, resp, head);
		else
			usual_miss(s, req, p, resp, head);
		return;
	}
	t = hwi_cache_payload_const(e);
	want = enough(req, p);
	if (__builtin_expect((t->flags & want) != want, 0)) {
		in_full(s, req, p, resp);
		return;
	}
	hwi_count(&s->base, HWI_STAT_IOTLB_HITS);
	answer_plain(req, p, t->out, VMSA_SHIFT_4K, t->flags, resp);
	if (__builtin_expect(!s->base.recorder, 1))
		hwi_utlb_fill(&s->base.utlb, req, hwi_hpa_val(resp->addr),
			      hwi_utlb_tail(VMSA_SHIFT_4K, resp->rights, false),
			      answered_by[resp->rights]);
}

HWI_ALWAYS_INLINE void by_path(struct smmu_unit *s, const struct hwi_request *req,
			       const struct smmu_path *p, struct hwi_response *resp)
{
	if (__builtin_expect(p->quick && (req->access == HWI_READ || req->access == HWI_WRITE),
			     1))
		usual(s, req, p, resp);
	else
		in_full(s, req, p, resp);
}

/* Of a stream whose structures have to be found first. */
static __attribute__((noinline)) void anew(struct smmu_unit *s, const struct hwi_request *req,
					   struct hwi_response *resp)
{
	const struct smmu_path *at, *p;
	struct smmu_fault f;

	p = smmu_path_build(s, req->requester, req->pasid, &at, &f);
	if (p)
		by_path(s, req, p, resp);
	else
		smmu_refuse(s, req, at, &f, resp);
}

HWI_ALWAYS_INLINE void ordinary(struct smmu_unit *s, const struct hwi_request *req,
				struct hwi_response *resp)
{
	const struct smmu_path *p = smmu_path_known(s, req->requester, req->pasid);

	if (__builtin_expect(p != NULL, 1))
		by_path(s, req, p, resp);
	else
		anew(s, req, resp);
}

void smmu_translate(struct hwi_unit *unit, const struct hwi_request *req,
		    struct hwi_response *resp)
{
	struct smmu_unit *s = to_smmu(unit);

	if (__builtin_expect(req->kind == HWI_UNTRANSLATED && s->eff.smmuen, 1)) {
		hwi_count(unit, HWI_STAT_TRANSLATIONS);
		ordinary(s, req, resp);
	} else if (req->kind == HWI_TRANSLATION_REQUEST) {
		hwi_count(unit, HWI_STAT_TRANSLATIONS);
		smmu_ats_request(s, req, resp);
	} else if (req->kind == HWI_TRANSLATED) {
		hwi_count(unit, HWI_STAT_TRANSLATIONS);
		smmu_ats_translated(s, req, resp);
	} else if (s->eff.gbpa & SMMU_GBPA_ABORT) {
		memset(resp, 0, sizeof(*resp));
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
	} else {
		pass(s, req, resp);
	}
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One request through the unit: entry conditions (VT-d 5.10 §4.2.1, §3.15),
 * IOTLB, walk, answer and fault outcome (§7.1).
 */
#include "iotlb.h"
#include "walk_fs.h"
#include "walk_ss.h"

static bool has_pasid(const struct hwi_request *req)
{
	return req->pasid != HWI_PASID_NONE;
}

/*
 * ER makes an instruction fetch of a read with PASID; in write and AtomicOp requests
 * it says nothing (§3.6), and a record has no EXE for them (§11.4.7.6).
 */
static bool is_fetch(const struct hwi_request *req)
{
	return has_pasid(req) && (req->access & HWI_EXEC) && (req->access & HWI_READ);
}

/* ---- faults ---- */

static enum vtd_fault_type fault_type(const struct hwi_request *req)
{
	if (req->access & HWI_ATOMIC)
		return VTD_FT_ATOMIC;
	return req->access & HWI_WRITE ? VTD_FT_WRITE : VTD_FT_READ;
}

static uint8_t column(const struct vtd_fault_info *info, const struct hwi_request *req)
{
	switch (req->kind) {
	case HWI_TRANSLATION_REQUEST:
		return info->on_translation;
	case HWI_TRANSLATED:
		return info->on_translated;
	default:
		return info->on_untranslated;
	}
}

void vtd_answer_fault(struct vtd_unit *v, const struct hwi_request *req, enum vtd_fault_cond cond,
		      bool fpd, struct hwi_response *resp)
{
	const struct vtd_fault_info *info = vtd_fault_info(cond);
	uint8_t answer = column(info, req);
	struct vtd_fault f = {
		.cond = cond,
		.sid = (uint16_t)req->requester,
		.pasid = req->pasid,
		.addr = hwi_iova_val(req->addr),
		.at = req->kind,
		.type = fault_type(req),
		.exe = is_fetch(req),
		.priv = has_pasid(req) && (req->access & HWI_PRIV),
	};

	hwi_count(&v->base, HWI_STAT_FAULTS);
	memset(resp, 0, sizeof(*resp));
	resp->fault = info->code;
	switch (answer) {
	case VTD_RESP_S0:
	case VTD_RESP_SEP:
		vtd_ats_nothing(req, resp); /* recoverable: not recorded */
		return;
	case VTD_RESP_S0R:
		vtd_ats_nothing(req, resp);
		break;
	case VTD_RESP_CA:
		resp->outcome = HWI_COMPLETER_ABORT;
		break;
	default:
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		break;
	}
	if (info->qualified && fpd)
		return;
	vtd_fault_record(v, &f);
	resp->recorded = true;
}

/*
 * The same; if an untranslated request only lacked a right, the answer tells which
 * ones (@had, HWI_PT_*) the mapping has.
 */
static void answer_refused(struct vtd_unit *v, const struct hwi_request *req,
			   enum vtd_fault_cond cond, bool fpd, unsigned int had,
			   struct hwi_response *resp)
{
	vtd_answer_fault(v, req, cond, fpd, resp);
	if (req->kind == HWI_UNTRANSLATED &&
	    (cond == VTD_FC_LGN_2 || cond == VTD_FC_LGN_3 || cond == VTD_FC_SGN_2 ||
	     cond == VTD_FC_SGN_6 || cond == VTD_FC_SGN_7))
		resp->rights = (uint8_t)(had & (HWI_PT_READ | HWI_PT_WRITE));
}

/* ---- answers without a translation ---- */

/*
 * Largest block around @addr that keeps clear of FEEx_xxxx: so it has no address
 * beyond HAW either, unless @addr is.
 */
static unsigned int clear_span(uint64_t addr)
{
	unsigned int shift = VTD_PAGE_SHIFT;

	/* All 64 bits together always meet it. */
	while (shift < 63 && !vtd_meets_fee(addr, shift + 1))
		shift++;
	return shift;
}

static void pass(struct vtd_unit *v, const struct hwi_request *req, struct hwi_response *resp)
{
	uint64_t addr = hwi_iova_val(req->addr);

	if (vtd_pmr_blocks(v, addr, req->length, false)) {
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		return;
	}
	resp->addr = hwi_hpa(addr);
	resp->span_log2 = (uint8_t)vtd_pmr_clear_span(v, addr, clear_span(addr), false);
	resp->rights = HWI_READ | HWI_WRITE;
}

/* An untranslated request to FEEx_xxxx without PASID (§3.15). */
static void interrupt_range(struct vtd_unit *v, const struct hwi_request *req,
			    struct hwi_response *resp)
{
	if ((req->access & HWI_WRITE) && req->length == sizeof(uint32_t) &&
		   hwi_iova_val(req->addr) % sizeof(uint32_t) == 0) {
		resp->outcome = HWI_IS_INTERRUPT;
	} else if (req->access & HWI_ZLR) {
		resp->addr = hwi_hpa(hwi_iova_val(req->addr));
		resp->span_log2 = VTD_PAGE_SHIFT;
		resp->rights = HWI_READ;
	} else {
		vtd_answer_fault(v, req, VTD_FC_IR_29, false, resp);
	}
}

/* A translated request that its context entry lets through (§4.2.5). */
static void translated(struct vtd_unit *v, const struct hwi_request *req,
		       const struct vtd_device *d, struct hwi_response *resp)
{
	uint64_t addr = hwi_iova_val(req->addr);

	if (addr & v->lim.haw_rsvd)
		vtd_answer_fault(v, req, d->scalable ? VTD_FC_SGN_4_1 : VTD_FC_LGN_1_2, d->fpd,
				 resp);
	else if (vtd_in_fee(addr))
		vtd_answer_fault(v, req, d->scalable ? VTD_FC_SGN_8_3 : VTD_FC_LGN_4, d->fpd,
				 resp);
	else
		pass(v, req, resp);
}

/* ---- IOTLB: filling it ---- */

/*
 * Keep a translation. A page that meets FEEx_xxxx, at its output or, for requests
 * without PASID, at its input, is kept in smaller parts that do not, so that a
 * hit has nothing to check; @level becomes that of the part.
 */
static void iotlb_fill(struct vtd_unit *v, const struct hwi_request *req,
		       const struct vtd_path *p, struct hwi_cache_entry *old, uint64_t *out,
		       unsigned int *level, uint64_t flags)
{
	uint64_t addr = hwi_iova_val(req->addr);
	struct vtd_iotlb_payload *t;
	unsigned int l = *level;
	struct iotlb_key k;

	while (l > 1 && (vtd_meets_fee(*out, VTD_PT_LEVEL_SHIFT(l)) ||
			 (!has_pasid(req) && vtd_meets_fee(addr, VTD_PT_LEVEL_SHIFT(l))))) {
		if (vtd_meets_fee(*out, VTD_PT_LEVEL_SHIFT(l)) && p->pgtt != VTD_PGTT_PT)
			flags |= VTD_IOTLB_FEE;
		l--;
		*out |= addr & ((UINT64_C(1) << VTD_PT_LEVEL_SHIFT(l + 1)) - 1) &
			~((UINT64_C(1) << VTD_PT_LEVEL_SHIFT(l)) - 1);
	}
	*level = l;
	if (old) {
		hwi_cache_remove_key(&v->iotlb, old->key);
		hwi_utlb_purge(&v->base.utlb);
	}
	k = iotlb_key(req, l);
	t = hwi_cache_payload(hwi_cache_add(&v->iotlb, k.key, k.hash, p->did));
	t->out = *out;
	t->flags = flags;
	t->pasid = p->pasid;
}

/* CM=1: a second-stage page without rights, or with a reserved bit (§6.1). */
static void iotlb_fill_fault(struct vtd_unit *v, const struct hwi_request *req,
			     const struct vtd_path *p, const struct vtd_walk *w,
			     struct hwi_cache_entry *old, enum vtd_fault_cond cond, uint64_t flags)
{
	uint64_t where = cond;
	unsigned int level = 1;

	if (!vtd_caches_negative(v) || p->pgtt != VTD_PGTT_SS)
		return;
	if (cond == VTD_FC_LGN_2 || cond == VTD_FC_LGN_3) {
		if (!w->absent) /* another right may do for the next request */
			return;
	} else if (cond != VTD_FC_LSS_2 && cond != VTD_FC_SSS_2 && cond != VTD_FC_SSS_3) {
		return;
	}
	iotlb_fill(v, req, p, old, &where, &level, flags | VTD_IOTLB_FAULT);
}

/* ---- a request that is to be translated ---- */

/* What a request asks of a translation. */
struct ask {
	unsigned int need; /* rights whose lack is a fault */
	bool write;	   /* D is to be set if the right is there */
	bool zlr;
};

static struct ask ask_of(const struct vtd_unit *v, const struct hwi_request *req)
{
	struct ask a = { 0, false, false };

	if (req->kind == HWI_TRANSLATION_REQUEST) {
		/* Treated as read and write, or with NW as a read (§4.2.3.1). */
		a.write = !vtd_no_write(v, req);
		return a;
	}
	if (req->access & (HWI_READ | HWI_ATOMIC))
		a.need |= HWI_PT_READ;
	if (req->access & (HWI_WRITE | HWI_ATOMIC))
		a.need |= HWI_PT_WRITE;
	a.write = a.need & HWI_PT_WRITE;
	a.zlr = (req->access & HWI_ZLR) && vtd_has_cap(v, VTD_CAP_ZLR);
	return a;
}

/* What cached rights say, as the walk would have said it. */
static enum vtd_fault_cond lacking(uint64_t flags, const struct ask *a, bool priv)
{
	bool legacy = flags & VTD_IOTLB_LEGACY;
	uint64_t w = priv ? VTD_IOTLB_W_PRIV : VTD_IOTLB_W_USER;

	if (!priv && !(flags & VTD_IOTLB_US))
		return VTD_FC_SGN_2;
	if ((a->need & HWI_PT_WRITE) && !(flags & w))
		return legacy ? VTD_FC_LGN_2 : VTD_FC_SGN_6;
	if ((a->need & HWI_PT_READ) && !(flags & VTD_IOTLB_R) && !(a->zlr && (flags & VTD_IOTLB_Z)))
		return legacy ? VTD_FC_LGN_3 : VTD_FC_SGN_7;
	return VTD_FC_NONE;
}

/* A write, or a translation request that is granted one, with D still to be set. */
static bool owes_dirty(uint64_t flags, const struct ask *a, bool priv)
{
	return a->write && !(flags & VTD_IOTLB_D) &&
	       (flags & (priv ? VTD_IOTLB_W_PRIV : VTD_IOTLB_W_USER));
}

/* Access values that a set of rights (HWI_READ, HWI_WRITE) answers, one bit each. */
static const uint64_t answered_by[] = {
	[0] = 0,
	[HWI_READ] = UINT64_C(1) << HWI_READ,
	[HWI_WRITE] = UINT64_C(1) << HWI_WRITE,
	[HWI_READ | HWI_WRITE] = UINT64_C(1) << HWI_READ | UINT64_C(1) << HWI_WRITE |
				 UINT64_C(1) << HWI_ATOMIC,
};

/*
 * Protected memory ranges hold for where an untranslated request leads, too
 * (§11.4.8), and for all that its answer is said to hold for.
 */
static void protect(struct vtd_unit *v, const struct hwi_request *req, uint64_t flags,
		    struct hwi_response *resp)
{
	bool remapped = HWI_GET(VTD_IOTLB_PGTT, flags) != VTD_PGTT_PT;
	uint64_t addr = hwi_hpa_val(resp->addr);

	if (vtd_pmr_blocks(v, addr, req->length, remapped)) {
		memset(resp, 0, sizeof(*resp));
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		return;
	}
	resp->span_log2 = (uint8_t)vtd_pmr_clear_span(v, addr, resp->span_log2, remapped);
}

/* What follows the address in the answer. */
HWI_ALWAYS_INLINE uint64_t answer_tail(unsigned int shift, uint64_t flags, bool priv)
{
	unsigned int rights = flags & VTD_IOTLB_R ? HWI_READ : 0;

	/* A copy of the answer must not let writes pass that would have to set D. */
	if ((flags & (priv ? VTD_IOTLB_W_PRIV : VTD_IOTLB_W_USER)) && (flags & VTD_IOTLB_D))
		rights |= HWI_WRITE;
	return hwi_utlb_tail(shift, rights, flags & VTD_IOTLB_SNP);
}

/* An untranslated request's answer, where no protected range has a say. */
HWI_ALWAYS_INLINE void answer_quick(struct vtd_unit *v, const struct hwi_request *req,
				    uint64_t out, unsigned int shift, uint64_t flags, bool priv,
				    struct hwi_response *resp)
{
	uint64_t addr = out | (hwi_iova_val(req->addr) & ((UINT64_C(1) << shift) - 1));
	uint64_t tail = answer_tail(shift, flags, priv), access;

	resp->addr = hwi_hpa(addr);
	hwi_utlb_put_tail(resp, tail);
	if (__builtin_expect(v->base.recorder || !v->iotlb.capacity, 0))
		return;
	access = answered_by[resp->rights];
	if (has_pasid(req) && (req->access & HWI_PRIV))
		access <<= HWI_PRIV;
	hwi_utlb_fill(&v->base.utlb, req, addr, tail, access);
}

/* The same where they may have: the shortcut, which does not ask them, stays empty. */
static void answer_untranslated(struct vtd_unit *v, const struct hwi_request *req, uint64_t out,
				unsigned int shift, uint64_t flags, bool priv,
				struct hwi_response *resp)
{
	if (!(v->regs.pmen & VTD_PMEN_PRS)) {
		answer_quick(v, req, out, shift, flags, priv, resp);
		return;
	}
	resp->addr = hwi_hpa(out | (hwi_iova_val(req->addr) & ((UINT64_C(1) << shift) - 1)));
	hwi_utlb_put_tail(resp, answer_tail(shift, flags, priv));
	protect(v, req, flags, resp);
}

/* What is wrong with telling a device of a translation. */
static enum vtd_fault_cond completion_fault(const struct vtd_unit *v,
					    const struct hwi_request *req, uint64_t flags, bool priv)
{
	bool legacy = flags & VTD_IOTLB_LEGACY;
	uint64_t w = vtd_no_write(v, req) ? 0 : priv ? VTD_IOTLB_W_PRIV : VTD_IOTLB_W_USER;

	if (!(flags & (VTD_IOTLB_R | w))) /* no right to tell of: SEP */
		return legacy ? VTD_FC_LGN_3 : VTD_FC_SGN_7;
	if (flags & VTD_IOTLB_FEE)
		return legacy ? VTD_FC_LGN_4 : VTD_FC_SGN_8_2;
	return VTD_FC_NONE;
}

HWI_ALWAYS_INLINE void answer(struct vtd_unit *v, const struct hwi_request *req, uint64_t out,
			      unsigned int level, uint64_t flags, bool priv, struct hwi_response *resp)
{
	if (__builtin_expect(req->kind == HWI_UNTRANSLATED, 1))
		answer_untranslated(v, req, out, VTD_PT_LEVEL_SHIFT(level), flags, priv, resp);
	else
		vtd_ats_answer(v, req, out, VTD_PT_LEVEL_SHIFT(level), flags, resp);
}

static bool privileged(const struct hwi_request *req, bool rid_priv)
{
	return has_pasid(req) ? req->access & HWI_PRIV : rid_priv;
}

/* Answer from the IOTLB. False: the entry does not settle it, walk. */
static __attribute__((noinline)) bool hit(struct vtd_unit *v, const struct hwi_request *req, const struct ask *a,
		struct hwi_cache_entry *e, unsigned int level, struct hwi_response *resp)
{
	const struct vtd_iotlb_payload *t = hwi_cache_payload(e);
	uint64_t flags = t->flags;
	bool priv = privileged(req, flags & VTD_IOTLB_RID_PRIV);
	enum vtd_fault_cond cond;

	if (__builtin_expect(flags & VTD_IOTLB_FAULT, 0)) {
		cond = (enum vtd_fault_cond)t->out;
		/* No right at all is told by the right that was asked for (LGN.2, LGN.3). */
		if (cond == VTD_FC_LGN_2 || cond == VTD_FC_LGN_3)
			cond = a->need & HWI_PT_WRITE ? VTD_FC_LGN_2 : VTD_FC_LGN_3;
	} else {
		cond = lacking(flags, a, priv);
		if (cond == VTD_FC_NONE && owes_dirty(flags, a, priv))
			return false;
		if (cond == VTD_FC_NONE && req->kind == HWI_TRANSLATION_REQUEST)
			cond = completion_fault(v, req, flags, priv);
	}
	hwi_count(&v->base, HWI_STAT_IOTLB_HITS);
	if (__builtin_expect(cond != VTD_FC_NONE, 0))
		answer_refused(v, req, cond, flags & VTD_IOTLB_FPD,
			       (flags & VTD_IOTLB_R ? HWI_PT_READ : 0) |
				       (flags & (priv ? VTD_IOTLB_W_PRIV : VTD_IOTLB_W_USER)
						? HWI_PT_WRITE : 0),
			       resp);
	else
		answer(v, req, t->out, level, flags, priv, resp);
	return true;
}

/* Pass-through: the largest page that a leaf can map stands for the whole range (§4.2.3). */
static enum vtd_fault_cond walk_pt(struct vtd_walk *w)
{
	if (w->addr & w->p->pt_beyond)
		return w->p->legacy ? VTD_FC_LGN_1_3 : VTD_FC_SGN_4_2;
	if (!w->ats && vtd_in_fee(w->addr))
		return VTD_FC_SGN_8_1; /* requests with PASID: others are interrupts */
	w->level = w->v->lim.pt_level;
	w->out = w->addr & ~((UINT64_C(1) << VTD_PT_LEVEL_SHIFT(w->level)) - 1);
	w->flags = VTD_IOTLB_R | VTD_IOTLB_W_USER | VTD_IOTLB_W_PRIV | VTD_IOTLB_US |
		   VTD_IOTLB_D | VTD_IOTLB_Z;
	return VTD_FC_NONE;
}

static enum vtd_fault_cond walk_once(struct vtd_walk *w)
{
	switch (w->p->pgtt) {
	case VTD_PGTT_SS:
		return vtd_walk_ss(w);
	case VTD_PGTT_FS:
		return vtd_walk_fs(w);
	case VTD_PGTT_NESTED:
		return vtd_walk_nested(w);
	default:
		return walk_pt(w);
	}
}

/*
 * An entry that changed between its load and its A/D update is as if it had not
 * been read: the walk begins again. Software that never stops changing it gets
 * the fault of an update that failed.
 */
static enum vtd_fault_cond walk(struct vtd_walk *w)
{
	enum vtd_fault_cond cond = walk_once(w);

	for (unsigned int n = 0; __builtin_expect(cond > VTD_FC_COUNT, 0); n++) {
		if (n == VTD_WALK_RETRIES)
			return cond == VTD_FC_RETRY_FS ? VTD_FC_SFS_10 : VTD_FC_SSS_6;
		cond = walk_once(w);
	}
	return cond;
}

/* Walk, keep, answer. @old: an entry that the walk replaces. */
static __attribute__((noinline)) void miss(struct vtd_unit *v, const struct hwi_request *req,
					   const struct ask *a, const struct vtd_path *p,
					   struct hwi_cache_entry *old, struct hwi_response *resp)
{
	struct vtd_walk w = {
		.v = v,
		.p = p,
		.addr = hwi_iova_val(req->addr),
		.need = a->need,
		.write = a->write,
		.zlr = a->zlr,
		.priv = privileged(req, p->rid_priv),
		.ats = req->kind == HWI_TRANSLATION_REQUEST,
	};
	enum vtd_fault_cond cond = walk(&w);
	uint64_t flags = p->flags | w.flags;

	hwi_count(&v->base, HWI_STAT_IOTLB_MISSES);
	if (__builtin_expect(cond != VTD_FC_NONE, 0)) {
		iotlb_fill_fault(v, req, p, &w, old, cond, flags);
		answer_refused(v, req, cond, p->fpd, w.had, resp);
		return;
	}
	if (w.ats)
		cond = completion_fault(v, req, flags, w.priv);
	if (__builtin_expect(cond != VTD_FC_NONE, 0)) {
		vtd_answer_fault(v, req, cond, p->fpd, resp);
		return;
	}
	iotlb_fill(v, req, p, old, &w.out, &w.level, flags);
	answer(v, req, w.out, w.level, flags, w.priv, resp);
}

/* The requester's entries, from memory or caches. */
static enum vtd_fault_cond device(struct vtd_unit *v, const struct hwi_request *req,
				  struct vtd_device *d)
{
	*d = (struct vtd_device){
		.sid = (uint16_t)req->requester,
		.pasid = req->pasid,
		.kind = req->kind,
		.exe = is_fetch(req),
		.priv = has_pasid(req) && (req->access & HWI_PRIV),
	};
	return vtd_device_lookup(v, d);
}

/* When a path is stale: with the shortcut, but not for what the IOTLB evicts (never 0). */
HWI_ALWAYS_INLINE uint64_t memo_gen(const struct vtd_unit *v)
{
	return v->base.utlb.gen - v->iotlb.evictions;
}

/* The same decoded, and kept in @m for the next time. */
static __attribute__((noinline)) const struct vtd_path *
path_fill(struct vtd_unit *v, const struct hwi_request *req, struct vtd_path_memo *m,
	  struct hwi_response *resp)
{
	struct vtd_device d;
	enum vtd_fault_cond cond;

	/* By the time its context entry is decoded, its PASID entry is near. */
	__builtin_prefetch(hwi_cache_head(
		&v->pasid, hwi_cache_hash(vtd_pasid_key(req->requester, req->pasid))));
	cond = device(v, req, &d);
	if (cond != VTD_FC_NONE) {
		vtd_answer_fault(v, req, cond, d.fpd, resp);
		return NULL;
	}
	vtd_path_decode(v, &d, &m->path);
	m->who = who_of(req);
	/* Caches that hold nothing must be seen to: entries are read each time. */
	m->gen = memo_gen(v);
	if (!v->context.capacity || (d.scalable && !v->pasid.capacity))
		m->gen = 0;
	return &m->path;
}

HWI_ALWAYS_INLINE struct vtd_path_memo *memo_of(const struct vtd_unit *v, uint64_t who)
{
	return &v->memo[(who ^ who >> 32) % VTD_MEMO_SLOTS];
}

/* As kept from the last time, or NULL. */
HWI_ALWAYS_INLINE const struct vtd_path *path_known(const struct vtd_unit *v, uint64_t who)
{
	const struct vtd_path_memo *m = memo_of(v, who);

	return __builtin_expect(m->who == who && m->gen == memo_gen(v), 1) ? &m->path : NULL;
}

/* The same, or anew. NULL: a fault, answered. */
static const struct vtd_path *path_of(struct vtd_unit *v, const struct hwi_request *req,
				      struct hwi_response *resp)
{
	uint64_t who = who_of(req);
	const struct vtd_path *p = path_known(v, who);

	return p ? p : path_fill(v, req, memo_of(v, who), resp);
}

/* Flags of an IOTLB entry that answer a user's request of this access at once. */
static uint64_t enough(const struct hwi_request *req)
{
	uint64_t want = VTD_IOTLB_US;

	if (!(req->access & HWI_WRITE))
		want |= VTD_IOTLB_R;
	if (req->access & (HWI_WRITE | HWI_ATOMIC))
		want |= VTD_IOTLB_W_USER | VTD_IOTLB_D;
	return want;
}

/* What did not go the usual way. */
static __attribute__((noinline)) void
in_full(struct vtd_unit *v, const struct hwi_request *req, const struct vtd_path *p,
	struct hwi_cache_entry *e, unsigned int level, struct hwi_response *resp)
{
	struct ask a = ask_of(v, req);

	if (e && hit(v, req, &a, e, level, resp))
		return;
	if (!p)
		p = path_of(v, req, resp);
	if (p)
		miss(v, req, &a, p, e, resp);
}

/* Whether what a quick walk found answers the request; other rights it always has. */
HWI_ALWAYS_INLINE bool quick_enough(struct vtd_quick q, const struct hwi_request *req)
{
	return q.flags && ((q.flags & VTD_IOTLB_D) || !(req->access & (HWI_WRITE | HWI_ATOMIC))) &&
	       !vtd_in_fee(q.page);
}

/* Keep a plain page as entry @i of the IOTLB. */
HWI_ALWAYS_INLINE void quick_keep(struct vtd_unit *v, const struct hwi_request *req,
				  const struct vtd_path *p, struct vtd_quick q, uint32_t i,
				  uint32_t *head)
{
	struct hwi_cache_key key = { iotlb_key_a(req, 1), who_of(req) };
	struct vtd_iotlb_payload *t = hwi_cache_payload(hwi_cache_link(&v->iotlb, i, head, key,
								       p->did));

	t->out = q.page;
	t->flags = p->flags | q.flags;
	t->pasid = p->pasid;
}

/* Answer by it. The shortcut is filled when the page is used again. */
HWI_ALWAYS_INLINE void quick_answer(struct vtd_unit *v, const struct hwi_request *req,
				    struct hwi_response *resp, const struct vtd_path *p,
				    struct vtd_quick q)
{
	uint64_t flags = p->flags | q.flags;

	hwi_count(&v->base, HWI_STAT_IOTLB_MISSES);
	resp->addr = hwi_hpa(q.page | (hwi_iova_val(req->addr) & (VTD_PAGE_SIZE - 1)));
	hwi_utlb_put_tail(resp, hwi_utlb_tail(VTD_PAGE_SHIFT,
					      HWI_READ | (flags & VTD_IOTLB_D ? HWI_WRITE : 0),
					      flags & VTD_IOTLB_SNP));
}

/* Both, where no entry is at hand. */
static __attribute__((noinline)) void quick_late(struct vtd_unit *v, const struct hwi_request *req,
						 struct hwi_response *resp,
						 const struct vtd_path *p, uint64_t page,
						 uint64_t flags)
{
	struct vtd_quick q = { page, flags };
	uint32_t i = hwi_cache_more(&v->iotlb);

	if (i != HWI_CACHE_NONE)
		quick_keep(v, req, p, q, i, hwi_cache_head(&v->iotlb, iotlb_key(req, 1).hash));
	quick_answer(v, req, resp, p, q);
}

/*
 * A usual request (see there) that the IOTLB does not know, by the entries of its
 * requester: what each kind of translation ends in. @q is what the quick walk found.
 */
HWI_ALWAYS_INLINE void quick_end(struct vtd_unit *v, const struct hwi_request *req,
				 struct hwi_response *resp, uint32_t *head,
				 const struct vtd_path *p, struct vtd_quick q)
{
	uint32_t i;

	if (__builtin_expect(!quick_enough(q, req) || (v->regs.pmen & VTD_PMEN_PRS), 0)) {
		in_full(v, req, p, NULL, 1, resp);
		return;
	}
	if (__builtin_expect(!hwi_cache_take(&v->iotlb, &i), 0)) {
		quick_late(v, req, resp, p, q.page, q.flags);
		return;
	}
	quick_keep(v, req, p, q, i, head);
	quick_answer(v, req, resp, p, q);
}

/* What is neither of the two below. */
static __attribute__((noinline)) void miss_other(struct vtd_unit *v, const struct hwi_request *req,
						 struct hwi_response *resp, uint32_t *head,
						 const struct vtd_path *p)
{
	struct vtd_quick q = { 0, 0 };

	if (p->pgtt == VTD_PGTT_NESTED)
		q = vtd_quick_nested(v, p, hwi_iova_val(req->addr));
	else if (p->pgtt != VTD_PGTT_PT)
		q = vtd_quick_far(v, p, hwi_iova_val(req->addr));
	quick_end(v, req, resp, head, p, q);
}

/*
 * These two end in other functions and call none, which spares them the saving of
 * registers.
 */
static __attribute__((noinline)) void miss_fs(struct vtd_unit *v, const struct hwi_request *req,
					      struct hwi_response *resp, uint32_t *head,
					      const struct vtd_path *p)
{
	struct vtd_quick q = vtd_quick_fs(v, p, hwi_iova_val(req->addr));

	if (__builtin_expect(q.page == HWI_PT_FAR, 0))
		miss_other(v, req, resp, head, p);
	else
		quick_end(v, req, resp, head, p, q);
}

static __attribute__((noinline)) void miss_ss(struct vtd_unit *v, const struct hwi_request *req,
					      struct hwi_response *resp, uint32_t *head,
					      const struct vtd_path *p)
{
	struct vtd_quick q = vtd_quick_ss(v, p, hwi_iova_val(req->addr));

	if (__builtin_expect(q.page == HWI_PT_FAR, 0))
		miss_other(v, req, resp, head, p);
	else
		quick_end(v, req, resp, head, p, q);
}

HWI_ALWAYS_INLINE void miss_by(struct vtd_unit *v, const struct hwi_request *req,
			       struct hwi_response *resp, uint32_t *head, const struct vtd_path *p)
{
	if (p->pgtt == VTD_PGTT_SS)
		miss_ss(v, req, resp, head, p);
	else if (p->pgtt == VTD_PGTT_FS)
		miss_fs(v, req, resp, head, p);
	else
		miss_other(v, req, resp, head, p);
}

/* By a requester whose entries have to be found first. */
static __attribute__((noinline)) void miss_anew(struct vtd_unit *v, const struct hwi_request *req,
						struct hwi_response *resp, uint32_t *head)
{
	const struct vtd_path *p = path_fill(v, req, memo_of(v, who_of(req)), resp);

	if (p)
		miss_by(v, req, resp, head, p);
}

/* @head: the IOTLB's bucket for the request's page of 4 KiB. */
HWI_ALWAYS_INLINE void usual_miss(struct vtd_unit *v, const struct hwi_request *req,
				  struct hwi_response *resp, uint32_t *head)
{
	const struct vtd_path *p = path_known(v, who_of(req));

	if (__builtin_expect(p != NULL, 1))
		miss_by(v, req, resp, head, p);
	else
		miss_anew(v, req, resp, head);
}

/* An entry that may not answer at once: by in_full(). */
static __attribute__((noinline)) void usual_late(struct vtd_unit *v, const struct hwi_request *req,
						 struct hwi_response *resp,
						 struct hwi_cache_entry *e)
{
	in_full(v, req, NULL, e, 1, resp);
}

/* The IOTLB does not know the page of 4 KiB, but has larger ones. */
static __attribute__((noinline)) void usual_large(struct vtd_unit *v, const struct hwi_request *req,
						  struct hwi_response *resp, uint32_t *head)
{
	const struct vtd_iotlb_payload *t;
	uint64_t want = enough(req);
	unsigned int level;
	struct hwi_cache_entry *e = iotlb_find_large(v, req, &level);

	if (!e) {
		usual_miss(v, req, resp, head);
		return;
	}
	t = hwi_cache_payload(e);
	if (__builtin_expect((t->flags & want) != want || (v->regs.pmen & VTD_PMEN_PRS), 0)) {
		in_full(v, req, NULL, e, level, resp);
		return;
	}
	hwi_count(&v->base, HWI_STAT_IOTLB_HITS);
	answer_quick(v, req, t->out, VTD_PT_LEVEL_SHIFT(level), t->flags,
		     t->flags & VTD_IOTLB_RID_PRIV, resp);
}

/*
 * An untranslated request with nothing in it that a PASID entry must allow. In line:
 * a hit on a page of 4 KiB with all rights that it takes.
 */
HWI_ALWAYS_INLINE void usual(struct vtd_unit *v, const struct hwi_request *req,
			     struct hwi_response *resp)
{
	struct iotlb_key key = iotlb_key(req, 1);
	uint32_t *head = hwi_cache_head(&v->iotlb, key.hash);
	struct hwi_cache_entry *e = hwi_cache_find_in(&v->iotlb, head, key.key);
	const struct vtd_iotlb_payload *t;
	uint64_t want;

	if (!e) {
		if (v->iotlb.classes & ~1u)
			usual_large(v, req, resp, head);
		else
			usual_miss(v, req, resp, head);
		return;
	}
	t = hwi_cache_payload(e);
	want = enough(req);
	if (__builtin_expect((t->flags & want) != want || (v->regs.pmen & VTD_PMEN_PRS), 0)) {
		usual_late(v, req, resp, e);
		return;
	}
	hwi_count(&v->base, HWI_STAT_IOTLB_HITS);
	answer_quick(v, req, t->out, VTD_PAGE_SHIFT, t->flags, t->flags & VTD_IOTLB_RID_PRIV, resp);
}

/*
 * A request that its context or PASID entry has a say in before the IOTLB may
 * answer: DTE, EPTR, SRE, execute requests.
 */
static void by_device(struct vtd_unit *v, const struct hwi_request *req, struct hwi_response *resp)
{
	struct ask a = ask_of(v, req);
	unsigned int level;
	struct hwi_cache_entry *e;
	struct vtd_device d;
	struct vtd_path p;
	enum vtd_fault_cond cond = device(v, req, &d);

	if (cond != VTD_FC_NONE) {
		vtd_answer_fault(v, req, cond, d.fpd, resp);
		return;
	}
	if (d.pass_translated) {
		translated(v, req, &d, resp);
		return;
	}
	if (!has_pasid(req) && vtd_in_fee(hwi_iova_val(req->addr))) {
		vtd_ats_interrupt_range(v, req, resp); /* others ended in special() */
		return;
	}
	e = iotlb_find(v, req, iotlb_key(req, 1), &level);
	if (e && hit(v, req, &a, e, level, resp))
		return;
	vtd_path_decode(v, &d, &p);
	miss(v, req, &a, &p, e, resp);
}

/* Requests that end before any table is looked at (§4.2.1). */
static bool refused(const struct vtd_unit *v, const struct hwi_request *req)
{
	if (req->kind == HWI_UNTRANSLATED)
		return false;
	if (!(v->regs.gsts & VTD_GSTS_TES))
		return true;
	if (req->kind == HWI_TRANSLATION_REQUEST)
		return !(req->access & HWI_READ);
	return has_pasid(req) && !vtd_has_ecap(v, VTD_ECAP_PTRS);
}

/* Everything that is not an ordinary request of a unit that translates. */
static __attribute__((noinline)) void special(struct vtd_unit *v, const struct hwi_request *req,
					      struct hwi_response *resp)
{
	bool on = v->regs.gsts & VTD_GSTS_TES;

	memset(resp, 0, sizeof(*resp));
	if (refused(v, req)) {
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		return;
	}
	/* With PASID FEEx_xxxx is no interrupt range, but while off no PASID is seen (§3.1). */
	if (req->kind == HWI_UNTRANSLATED && (!has_pasid(req) || !on) &&
	    vtd_in_fee(hwi_iova_val(req->addr))) {
		interrupt_range(v, req, resp);
		return;
	}
	if (!on) {
		pass(v, req, resp);
		return;
	}
	hwi_count(&v->base, HWI_STAT_TRANSLATIONS);
	if (req->kind == HWI_UNTRANSLATED &&
	    (!(req->access & (HWI_EXEC | HWI_PRIV)) || !has_pasid(req)))
		usual(v, req, resp);
	else
		by_device(v, req, resp);
}

void vtd_translate(struct hwi_unit *unit, const struct hwi_request *req,
		   struct hwi_response *resp)
{
	struct vtd_unit *v = to_vtd(unit);

	if (__builtin_expect(req->kind == HWI_UNTRANSLATED &&
				     !(req->access & (HWI_EXEC | HWI_PRIV)) &&
				     (v->regs.gsts & VTD_GSTS_TES) &&
				     !vtd_in_fee(hwi_iova_val(req->addr)), 1)) {
		hwi_count(unit, HWI_STAT_TRANSLATIONS);
		usual(v, req, resp);
	} else {
		special(v, req, resp);
	}
}

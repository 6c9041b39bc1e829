/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One request through the unit: entry conditions (VT-d 5.10 §4.2.1, §3.15),
 * IOTLB, walk, answer and fault outcome (§7.1).
 */
#include "walk.h"

static bool has_pasid(const struct hwi_request *req)
{
	return req->pasid != HWI_PASID_NONE;
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
	bool pasid = has_pasid(req);
	struct vtd_fault f = {
		.cond = cond,
		.sid = (uint16_t)req->requester,
		.pasid = req->pasid,
		.addr = hwi_iova_val(req->addr),
		.at = req->kind,
		.type = fault_type(req),
		.exe = pasid && (req->access & HWI_EXEC) && (req->access & HWI_READ),
		.priv = pasid && (req->access & HWI_PRIV),
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

/* ---- answers without a translation ---- */

/* Largest block around @addr, at most 2^@max bytes, that keeps clear of FEEx_xxxx. */
static unsigned int clear_span(uint64_t addr, unsigned int max)
{
	unsigned int shift = VTD_PAGE_SHIFT;

	/* All 64 bits together always meet it. */
	while (shift < max && shift < 63 && !vtd_meets_fee(addr, shift + 1))
		shift++;
	return shift;
}

static void pass(struct vtd_unit *v, const struct hwi_request *req, unsigned int span,
		 struct hwi_response *resp)
{
	uint64_t addr = hwi_iova_val(req->addr);

	if (vtd_pmr_blocks(v, addr, req->length)) {
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		return;
	}
	resp->addr = hwi_hpa(addr);
	resp->span_log2 = (uint8_t)span;
	resp->rights = HWI_READ | HWI_WRITE;
}

/* FEEx_xxxx without PASID, not a translated request (§3.15). */
static void interrupt_range(struct vtd_unit *v, const struct hwi_request *req,
			    struct hwi_response *resp)
{
	if (req->kind == HWI_TRANSLATION_REQUEST) {
		vtd_ats_interrupt_range(v, req, resp);
	} else if ((req->access & HWI_WRITE) && req->length == sizeof(uint32_t) &&
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
		pass(v, req, clear_span(addr, v->lim.haw), resp);
}

/* ---- IOTLB ---- */

static uint64_t iotlb_who(const struct hwi_request *req)
{
	uint64_t pasid = has_pasid(req) ? req->pasid : 0;

	return req->requester | pasid << 16;
}

static struct hwi_cache_key iotlb_key(const struct hwi_request *req, unsigned int level)
{
	uint64_t size = UINT64_C(1) << VTD_PT_LEVEL_SHIFT(level);
	uint64_t a = (hwi_iova_val(req->addr) & ~(size - 1)) | (level - 1);

	if (has_pasid(req))
		a |= VTD_IOTLB_PASID;
	return (struct hwi_cache_key){ a, iotlb_who(req) };
}

/* The entry for a request; its page is of 2^VTD_PT_LEVEL_SHIFT(@level) bytes. */
static struct hwi_cache_entry *iotlb_find(struct vtd_unit *v, const struct hwi_request *req,
					  unsigned int *level)
{
	for (unsigned int l = 1; l <= 3; l++) {
		struct hwi_cache_entry *e;

		if (!v->iotlb.in_class[l - 1])
			continue;
		e = hwi_cache_find(&v->iotlb, iotlb_key(req, l));
		if (e) {
			*level = l;
			return e;
		}
	}
	return NULL;
}

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
	t = hwi_cache_payload(hwi_cache_add(&v->iotlb, iotlb_key(req, l), p->did));
	vtd_cache_changed(v, &v->iotlb);
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
	if (w->absent || cond == VTD_FC_LSS_2 || cond == VTD_FC_SSS_3)
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

static void answer_untranslated(struct vtd_unit *v, const struct hwi_request *req, uint64_t out,
				unsigned int shift, uint64_t flags, bool priv,
				struct hwi_response *resp)
{
	uint64_t off = hwi_iova_val(req->addr) & ((UINT64_C(1) << shift) - 1);
	uint64_t hits = 0;

	resp->addr = hwi_hpa(out | off);
	if (__builtin_expect(v->regs.pmen & VTD_PMEN_PRS, 0) &&
	    vtd_pmr_blocks(v, out | off, req->length)) {
		resp->addr = hwi_hpa(0);
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		return;
	}
	resp->span_log2 = (uint8_t)shift;
	resp->snooped = flags & VTD_IOTLB_SNP;
	if (flags & VTD_IOTLB_R) {
		resp->rights = HWI_READ;
		hits = UINT64_C(1) << HWI_READ;
	}
	/* A copy of the answer must not let writes pass that would have to set D. */
	if ((flags & (priv ? VTD_IOTLB_W_PRIV : VTD_IOTLB_W_USER)) && (flags & VTD_IOTLB_D)) {
		resp->rights |= HWI_WRITE;
		hits |= UINT64_C(1) << HWI_WRITE;
		if (flags & VTD_IOTLB_R)
			hits |= UINT64_C(1) << HWI_ATOMIC;
	}
	if (v->base.recorder || (v->regs.pmen & VTD_PMEN_PRS) || !v->iotlb.capacity)
		return;
	if (has_pasid(req) && (req->access & HWI_PRIV))
		hits <<= HWI_PRIV;
	hwi_utlb_fill(&v->base.utlb, req, resp, hits);
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

static void answer(struct vtd_unit *v, const struct hwi_request *req, uint64_t out,
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
static bool hit(struct vtd_unit *v, const struct hwi_request *req, const struct ask *a,
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
		vtd_answer_fault(v, req, cond, flags & VTD_IOTLB_FPD, resp);
	else
		answer(v, req, t->out, level, flags, priv, resp);
	return true;
}

/* Pass-through: the largest page that a leaf can map stands for the whole range. */
static enum vtd_fault_cond walk_pt(struct vtd_walk *w)
{
	if (w->addr & w->p->pt_beyond)
		return w->p->legacy ? VTD_FC_LGN_1_3 : VTD_FC_SGN_4_2;
	if (!w->ats && vtd_in_fee(w->addr))
		return VTD_FC_SGN_8_1; /* requests with PASID: others are interrupts */
	w->level = 3;
	w->out = w->addr & ~((UINT64_C(1) << VTD_PT_LEVEL_SHIFT(3)) - 1);
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

/* What of the path goes into the flags of an IOTLB entry. */
static uint64_t path_flags(const struct vtd_path *p)
{
	uint64_t flags = HWI_PUT(VTD_IOTLB_PGTT, p->pgtt);

	flags |= p->pgsnp ? VTD_IOTLB_SNP : 0;
	flags |= p->rid_priv ? VTD_IOTLB_RID_PRIV : 0;
	flags |= p->fpd ? VTD_IOTLB_FPD : 0;
	flags |= p->legacy ? VTD_IOTLB_LEGACY : 0;
	return flags;
}

/* Walk, keep, answer. @old: an entry that the walk replaces. */
static void miss(struct vtd_unit *v, const struct hwi_request *req, const struct ask *a,
		 const struct vtd_path *p, struct hwi_cache_entry *old, struct hwi_response *resp)
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
	uint64_t flags = path_flags(p) | w.flags;

	hwi_count(&v->base, HWI_STAT_IOTLB_MISSES);
	if (__builtin_expect(cond != VTD_FC_NONE, 0)) {
		iotlb_fill_fault(v, req, p, &w, old, cond, flags);
		vtd_answer_fault(v, req, cond, p->fpd, resp);
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
		.exe = has_pasid(req) && (req->access & HWI_EXEC) && !(req->access & HWI_WRITE),
		.priv = has_pasid(req) && (req->access & HWI_PRIV),
	};
	return vtd_device_lookup(v, d);
}

/* The same decoded; for ordinary requests as kept from the last time. */
static const struct vtd_path *path_of(struct vtd_unit *v, const struct hwi_request *req,
				      struct hwi_response *resp)
{
	uint64_t who = hwi_utlb_who(req);
	struct vtd_path_memo *m = &v->memo[(who ^ who >> 32) % VTD_MEMO_SLOTS];
	struct vtd_device d;
	enum vtd_fault_cond cond;

	if (__builtin_expect(m->who == who && m->gen == v->base.utlb.gen, 1))
		return &m->path;
	cond = device(v, req, &d);
	if (cond != VTD_FC_NONE) {
		vtd_answer_fault(v, req, cond, d.fpd, resp);
		return NULL;
	}
	vtd_path_decode(v, &d, &m->path);
	/* Caches that hold nothing must be seen to: entries are read each time. */
	m->who = who;
	m->gen = v->base.utlb.gen;
	if (!v->context.capacity || (d.scalable && !v->pasid.capacity))
		m->gen = 0;
	return &m->path;
}

/* An untranslated request with nothing in it that a PASID entry must allow. */
static void untranslated(struct vtd_unit *v, const struct hwi_request *req,
			 struct hwi_response *resp)
{
	struct ask a = ask_of(v, req);
	unsigned int level = 1;
	struct hwi_cache_entry *e = iotlb_find(v, req, &level);
	const struct vtd_path *p;

	if (e && hit(v, req, &a, e, level, resp))
		return;
	p = path_of(v, req, resp);
	if (p)
		miss(v, req, &a, p, e, resp);
}

/*
 * A request that its context or PASID entry has a say in before the IOTLB may
 * answer: DTE, EPTR, SRE, execute requests.
 */
static void by_device(struct vtd_unit *v, const struct hwi_request *req, struct hwi_response *resp)
{
	struct ask a = ask_of(v, req);
	unsigned int level = 1;
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
	e = iotlb_find(v, req, &level);
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

void vtd_translate(struct hwi_unit *unit, const struct hwi_request *req,
		   struct hwi_response *resp)
{
	struct vtd_unit *v = to_vtd(unit);

	if (refused(v, req)) {
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		return;
	}
	if (!has_pasid(req) && vtd_in_fee(hwi_iova_val(req->addr)) &&
	    req->kind != HWI_TRANSLATED) {
		interrupt_range(v, req, resp);
		return;
	}
	if (!(v->regs.gsts & VTD_GSTS_TES)) {
		/* The interrupt range is one for requests without PASID alone. */
		pass(v, req, has_pasid(req) ? 64 : clear_span(hwi_iova_val(req->addr), 64), resp);
		return;
	}
	hwi_count(unit, HWI_STAT_TRANSLATIONS);
	if (req->kind == HWI_UNTRANSLATED &&
	    (!(req->access & (HWI_EXEC | HWI_PRIV)) || !has_pasid(req)))
		untranslated(v, req, resp);
	else
		by_device(v, req, resp);
}

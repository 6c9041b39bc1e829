/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Root and context entries (VT-d 5.10 §3.4.2, §3.4.3, §9.1-9.4): from the context
 * cache or from memory, with the checks of Table 30 in its order.
 */
#include "walk.h"

#define DEVFN(sid) ((sid) & 0xffu)
#define BUS(sid) ((sid) >> 8)

/* What RTADDR alone rules out (Table 30: RTA.*). */
static enum vtd_fault_cond check_mode(const struct vtd_unit *v, const struct vtd_device *d)
{
	bool has_pasid = d->pasid != HWI_PASID_NONE;

	switch (vtd_ttm(v)) {
	case VTD_TTM_LEGACY:
		if (d->page_request)
			return VTD_FC_RTA_3;
		if (has_pasid)
			return VTD_FC_RTA_2;
		if (v->active.rtaddr & VTD_RTADDR_SSIRWE)
			return VTD_FC_RTA_1_4;
		return VTD_FC_NONE;
	case VTD_TTM_SCALABLE:
		if (!vtd_has_ecap(v, VTD_ECAP_SMTS))
			return VTD_FC_RTA_1_3;
		break;
	case VTD_TTM_ABORT:
		return vtd_has_ecap(v, VTD_ECAP_ADMS) ? VTD_FC_RTA_4 : VTD_FC_RTA_1_1;
	default:
		return VTD_FC_RTA_1_2;
	}
	if (d->exe && v->cfg.ver_major >= 8 && !d->page_request)
		return VTD_FC_RTA_5;
	return VTD_FC_NONE;
}

/* Bits of a DID field at the bottom of @val that the unit does not have. */
static bool did_too_wide(const struct vtd_unit *v, uint64_t did)
{
	return has_bits(did, ~(uint64_t)v->lim.did_mask);
}

/* Read the root entry: where the context table for a requester is. */
static enum vtd_fault_cond root_legacy(struct vtd_unit *v, uint16_t sid, uint64_t *table)
{
	uint64_t rta = v->active.rtaddr & VTD_RTADDR_RTA;
	uint64_t q[2];

	if (!hwi_load_words(&v->base, rta + BUS(sid) * VTD_ROOT_ENTRY_SIZE, q, 2))
		return VTD_FC_LRT_1;
	if (!(q[0] & VTD_ROOT_Q0_P))
		return VTD_FC_LRT_2;
	if (has_bits(q[0], VTD_ROOT_Q0_RSVD | v->lim.haw_rsvd) || has_bits(q[1], VTD_ROOT_Q1_RSVD))
		return VTD_FC_LRT_3;
	*table = q[0] & VTD_ROOT_Q0_CTP;
	return VTD_FC_NONE;
}

/* One half of a scalable root entry; while not present it is ignored (§9.2). */
static bool half_reserved(const struct vtd_unit *v, uint64_t half)
{
	return (half & VTD_SROOT_P) && has_bits(half, VTD_SROOT_RSVD | v->lim.haw_rsvd);
}

static enum vtd_fault_cond root_scalable(struct vtd_unit *v, uint16_t sid, uint64_t *table)
{
	uint64_t rta = v->active.rtaddr & VTD_RTADDR_RTA;
	uint64_t q[2], half;

	if (!hwi_load_words(&v->base, rta + BUS(sid) * VTD_SROOT_ENTRY_SIZE, q, 2))
		return VTD_FC_SRT_1;
	half = q[DEVFN(sid) & VTD_SROOT_DEVFN_UPPER ? 1 : 0];
	if (!(half & VTD_SROOT_P))
		return VTD_FC_SRT_2;
	/* It is one entry: the other half, if present, must be sound as well. */
	if (half_reserved(v, q[0]) || half_reserved(v, q[1]))
		return VTD_FC_SRT_3;
	*table = half & VTD_SROOT_CTP;
	return VTD_FC_NONE;
}

/*
 * AW of a context entry counts in pass-through, too (§9.3): it names the largest
 * width there is, which a unit without second stage has not got.
 */
static bool width_named(const struct vtd_unit *v, uint64_t tt)
{
	return tt != VTD_TT_PT || (v->cfg.cap & VTD_CAP_SAGAW);
}

/* What is wrong with a context entry in itself, whatever the request. */
static enum vtd_fault_cond entry_legacy(const struct vtd_unit *v, const uint64_t *q)
{
	uint64_t tt = HWI_GET(VTD_CTX_L0_TT, q[0]);
	uint64_t rsvd0 = VTD_CTX_L0_RSVD;
	uint32_t aw = HWI_GET32(VTD_CTX_L1_AW, q[1]);

	if (!(q[0] & VTD_CTX_L0_P))
		return VTD_FC_LCT_2;
	if (tt != VTD_TT_PT) /* SSPTPTR is ignored in pass-through */
		rsvd0 |= v->lim.haw_rsvd;
	if (has_bits(q[0], rsvd0) || has_bits(q[1], VTD_CTX_L1_RSVD) ||
	    did_too_wide(v, HWI_GET(VTD_CTX_L1_DID, q[1])))
		return VTD_FC_LCT_3;
	if (tt == VTD_TT_RSVD || (tt == VTD_TT_SS_ATS && !vtd_has_ecap(v, VTD_ECAP_DT)) ||
	    (tt == VTD_TT_PT && !vtd_has_ecap(v, VTD_ECAP_PT)))
		return VTD_FC_LCT_4_2;
	if (width_named(v, tt) && !(HWI_GET32(VTD_CAP_SAGAW, v->cfg.cap) >> aw & 1))
		return VTD_FC_LCT_4_1;
	return VTD_FC_NONE;
}

/* Bits of a scalable context entry that a missing capability makes reserved (§9.4). */
static uint64_t reserved_by_capability(const struct vtd_unit *v)
{
	uint64_t m = VTD_SCTX_Q0_RSVD | v->lim.haw_rsvd;

	m |= vtd_has_ecap(v, VTD_ECAP_DT) ? 0 : VTD_SCTX_Q0_DTE;
	m |= vtd_has_ecap(v, VTD_ECAP_PASID) ? 0 : VTD_SCTX_Q0_PASIDE;
	m |= vtd_has_ecap(v, VTD_ECAP_PRS) ? 0 : VTD_SCTX_Q0_PRE;
	m |= vtd_has_ecap(v, VTD_ECAP_HPTS) ? 0 : VTD_SCTX_Q0_HPTE;
	m |= vtd_has_ecap(v, VTD_ECAP_PTRS) ? 0 : VTD_SCTX_Q0_EPTR;
	return m;
}

static uint64_t reserved_by_capability_q1(const struct vtd_unit *v)
{
	uint64_t m = VTD_SCTX_Q1_RSVD;

	m |= vtd_has_ecap(v, VTD_ECAP_RPS) ? 0 : VTD_SCTX_Q1_RID_PASID;
	m |= vtd_has_ecap(v, VTD_ECAP_RPRIVS) ? 0 : VTD_SCTX_Q1_RID_PRIV;
	return m;
}

static uint32_t pasid_limit(const uint64_t *q)
{
	return VTD_PDTS_PASID_LIMIT(HWI_GET32(VTD_SCTX_Q0_PDTS, q[0]));
}

static enum vtd_fault_cond entry_scalable(const struct vtd_unit *v, const uint64_t *q)
{
	if (!(q[0] & VTD_SCTX_Q0_P))
		return VTD_FC_SCT_2;
	if (has_bits(q[0], reserved_by_capability(v)) ||
	    has_bits(q[1], reserved_by_capability_q1(v)) || q[2] || q[3])
		return VTD_FC_SCT_3;
	if ((q[0] & VTD_SCTX_Q0_PRE) && !(q[0] & VTD_SCTX_Q0_DTE))
		return VTD_FC_SCT_4_1;
	if (HWI_GET32(VTD_SCTX_Q1_RID_PASID, q[1]) >= pasid_limit(q))
		return VTD_FC_SCT_4_2;
	return VTD_FC_NONE;
}

bool vtd_context_payload_ok(const struct vtd_unit *v, bool scalable,
			    const struct vtd_context_payload *c)
{
	return c->cond == (uint64_t)(scalable ? entry_scalable(v, c->q) : entry_legacy(v, c->q));
}

static struct hwi_cache_key context_key(const struct vtd_device *d)
{
	return (struct hwi_cache_key){ (uint64_t)d->sid << 3, d->scalable };
}

/* The context entry by cache or memory into d->ctx; @read: by memory, all of it. */
static enum vtd_fault_cond context_entry(struct vtd_unit *v, struct vtd_device *d, bool *read)
{
	struct hwi_cache_entry *e = hwi_cache_find(&v->context, context_key(d));
	const struct vtd_context_payload *c;
	enum vtd_fault_cond cond;
	uint64_t table, at;

	*read = false;
	if (e) {
		c = hwi_cache_payload_const(e);
		memcpy(d->ctx, c->q, sizeof(d->ctx));
		d->fpd = has_bits(d->ctx[0], VTD_SCTX_Q0_FPD);
		return (enum vtd_fault_cond)c->cond;
	}

	cond = d->scalable ? root_scalable(v, d->sid, &table) : root_legacy(v, d->sid, &table);
	if (cond != VTD_FC_NONE)
		return cond;

	memset(d->ctx, 0, sizeof(d->ctx));
	if (d->scalable) {
		at = table + DEVFN(d->sid) % VTD_SCTX_ENTRIES * VTD_SCTX_ENTRY_SIZE;
		if (!hwi_load_words(&v->base, at, d->ctx, VTD_SCTX_QWORDS))
			return VTD_FC_SCT_1;
	} else {
		at = table + DEVFN(d->sid) * VTD_CTX_ENTRY_SIZE;
		if (!hwi_load_words(&v->base, at, d->ctx, 2))
			return VTD_FC_LCT_1;
	}
	*read = true;
	/* FPD stands in the same place in both modes. */
	d->fpd = has_bits(d->ctx[0], VTD_SCTX_Q0_FPD);
	return d->scalable ? entry_scalable(v, d->ctx) : entry_legacy(v, d->ctx);
}

/* @cond: the entry's own fault, under which it has DID 0 (§6.2.2). */
static void keep_context(struct vtd_unit *v, const struct vtd_device *d, enum vtd_fault_cond cond)
{
	struct hwi_cache_key key = context_key(d);
	bool domain = !d->scalable && cond == VTD_FC_NONE;
	uint32_t tag = domain ? HWI_GET32(VTD_CTX_L1_DID, d->ctx[1]) : 0;
	struct vtd_context_payload *c =
		hwi_cache_payload(hwi_cache_add(&v->context, key, hwi_cache_hash(key), tag));

	memcpy(c->q, d->ctx, sizeof(c->q));
	c->cond = cond;
}

static enum vtd_fault_cond finish_legacy(struct vtd_device *d)
{
	uint64_t tt = HWI_GET(VTD_CTX_L0_TT, d->ctx[0]);

	if (d->kind != HWI_UNTRANSLATED && tt != VTD_TT_SS_ATS)
		return VTD_FC_LCT_5;
	d->pass_translated = d->kind == HWI_TRANSLATED;
	d->pgtt = tt == VTD_TT_PT ? VTD_PGTT_PT : VTD_PGTT_SS;
	d->aw = (uint8_t)HWI_GET(VTD_CTX_L1_AW, d->ctx[1]);
	d->did = HWI_GET32(VTD_CTX_L1_DID, d->ctx[1]);
	d->pasid_tag = 0;
	d->eff_priv = false;
	return VTD_FC_NONE;
}

/* What the context entry says to a request of this kind (Table 30: SCT.4.3 to SCT.10). */
static enum vtd_fault_cond kind_allowed(const struct vtd_device *d)
{
	uint64_t q0 = d->ctx[0];
	bool has_pasid = d->pasid != HWI_PASID_NONE;
	bool translated = d->kind == HWI_TRANSLATED;

	/* With a PASID an untranslated or translation request ends at SCT.6 instead. */
	if ((q0 & VTD_SCTX_Q0_EPTR) && !(q0 & VTD_SCTX_Q0_PASIDE))
		return has_pasid && !translated && !d->page_request ? VTD_FC_SCT_6
								    : VTD_FC_SCT_4_3;
	if (d->kind != HWI_UNTRANSLATED && !(q0 & VTD_SCTX_Q0_DTE))
		return VTD_FC_SCT_5;
	if (has_pasid && !translated && !(q0 & VTD_SCTX_Q0_PASIDE))
		return VTD_FC_SCT_6;
	if (has_pasid && translated && !(q0 & VTD_SCTX_Q0_EPTR))
		return VTD_FC_SCT_10;
	if (d->page_request && !(q0 & VTD_SCTX_Q0_PRE))
		return VTD_FC_SCT_8;
	return VTD_FC_NONE;
}

static enum vtd_fault_cond choose_pasid(const struct vtd_unit *v, struct vtd_device *d)
{
	uint32_t rid_pasid = HWI_GET32(VTD_SCTX_Q1_RID_PASID, d->ctx[1]);

	if (d->pasid == HWI_PASID_NONE) {
		d->pasid_tag = rid_pasid;
		d->eff_priv = has_bits(d->ctx[1], VTD_SCTX_Q1_RID_PRIV);
		return VTD_FC_NONE;
	}
	if (d->pasid > v->lim.pasid_max && !d->page_request)
		return VTD_FC_SGN_10;
	if (d->pasid >= pasid_limit(d->ctx))
		return VTD_FC_SCT_7;
	if (d->pasid == rid_pasid)
		return VTD_FC_SCT_9;
	d->pasid_tag = d->pasid;
	d->eff_priv = d->priv;
	return VTD_FC_NONE;
}

/* What a good context entry says to this request. */
static enum vtd_fault_cond ask_context(const struct vtd_unit *v, struct vtd_device *d)
{
	enum vtd_fault_cond cond;

	if (!d->scalable)
		return finish_legacy(d);
	cond = kind_allowed(d);
	return cond != VTD_FC_NONE ? cond : choose_pasid(v, d);
}

/*
 * An entry that this request faults on is not cached, though it may be good for
 * others (§6.2.2); with CM=1 one may be that is bad in itself.
 */
static enum vtd_fault_cond context(struct vtd_unit *v, struct vtd_device *d)
{
	bool read;
	enum vtd_fault_cond own = context_entry(v, d, &read);
	enum vtd_fault_cond cond = own != VTD_FC_NONE ? own : ask_context(v, d);

	if (read && (cond == VTD_FC_NONE || (own != VTD_FC_NONE && vtd_caches_negative(v))))
		keep_context(v, d, own);
	return cond;
}

enum vtd_fault_cond vtd_device_lookup(struct vtd_unit *v, struct vtd_device *d)
{
	enum vtd_fault_cond cond;

	d->fpd = false;
	d->pass_translated = false;
	d->scalable = vtd_ttm(v) == VTD_TTM_SCALABLE;
	cond = check_mode(v, d);
	if (cond == VTD_FC_NONE)
		cond = context(v, d);
	if (cond != VTD_FC_NONE || !d->scalable)
		return cond;
	if (d->kind == HWI_TRANSLATED) { /* HPTE=0 (§4.2.5): no PASID structure is read */
		d->pass_translated = true;
		return VTD_FC_NONE;
	}
	return vtd_pasid_lookup(v, d);
}

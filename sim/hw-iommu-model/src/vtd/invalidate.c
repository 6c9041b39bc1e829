/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The caches and what invalidations remove from them: exactly what Tables 23 and
 * 24 of VT-d 5.10 §6.5.2 say and no more, so that an invalidation that software
 * forgot shows.
 */
#include <stdlib.h>

#include "walk.h"

#define IEC_ENTRIES 65536u
#define ALL_ADDRESSES 64u

/* ---- the caches ---- */

enum hwi_status vtd_caches_init(struct vtd_unit *v)
{
	const struct hwi_vtd_caches *c = &v->cfg.caches;
	uint32_t limit = HWI_VTD_CACHE_LIMIT;

	for (unsigned int ssirwe = 0; ssirwe < 2; ssirwe++) {
		for (unsigned int ssade = 0; ssade < 2; ssade++)
			vtd_ss_rules(&v->ss_rules[ssirwe][ssade], v->cfg.cap, v->cfg.ecap,
				     v->cfg.haw, ssirwe, ssade);
	}
	vtd_fs_rules(&v->fs_rules[0], v->cfg.cap, v->cfg.haw, false);
	vtd_fs_rules(&v->fs_rules[1], v->cfg.cap, v->cfg.haw, true);
	v->base.utlb.gen = 1;
	v->memo = calloc(VTD_MEMO_SLOTS, sizeof(*v->memo));
	if (!v->memo ||
	    hwi_cache_init(&v->context, c->context, limit, sizeof(struct vtd_context_payload)) ||
	    hwi_cache_init(&v->pasid, c->pasid, limit, sizeof(struct vtd_pasid_payload)) ||
	    hwi_cache_init(&v->fs, c->first_stage, limit, sizeof(struct vtd_structure_payload)) ||
	    hwi_cache_init(&v->ss, c->second_stage, limit, sizeof(struct vtd_structure_payload)) ||
	    hwi_cache_init(&v->iotlb, c->iotlb, limit, sizeof(struct vtd_iotlb_payload)) ||
	    hwi_cache_init(&v->iec, c->interrupt, IEC_ENTRIES, sizeof(struct vtd_iec)))
		return HWI_ENOMEM;
	/* What is evicted is gone from the shortcuts, too. */
	v->context.evicted = &v->base.utlb.gen;
	v->pasid.evicted = &v->base.utlb.gen;
	v->iotlb.evicted = &v->base.utlb.gen;
	return HWI_OK;
}

void vtd_caches_free(struct vtd_unit *v)
{
	free(v->memo);
	v->memo = NULL;
	hwi_cache_free(&v->context);
	hwi_cache_free(&v->pasid);
	hwi_cache_free(&v->fs);
	hwi_cache_free(&v->ss);
	hwi_cache_free(&v->iotlb);
	hwi_cache_free(&v->iec);
}

static bool iotlb_payload_ok(const struct hwi_cache_entry *e)
{
	const struct vtd_iotlb_payload *t = hwi_cache_payload_const(e);

	if (e->key.a % HWI_CACHE_CLASSES > 2)
		return false;
	if (t->flags & VTD_IOTLB_FAULT)
		return t->out == VTD_FC_LGN_2 || t->out == VTD_FC_LGN_3 || t->out == VTD_FC_LSS_2 ||
		       t->out == VTD_FC_SSS_2 || t->out == VTD_FC_SSS_3;
	return true;
}

bool vtd_cache_entry_ok(const struct vtd_unit *v, const struct hwi_cache *c,
			const struct hwi_cache_entry *e)
{
	if (e->tag & ~v->lim.did_mask)
		return c == &v->iec && e->tag < IEC_ENTRIES;
	if (c == &v->context)
		return vtd_context_payload_ok(v, e->key.b, hwi_cache_payload_const(e));
	if (c == &v->pasid)
		return vtd_pasid_payload_ok(v, hwi_cache_payload_const(e));
	if (c == &v->iotlb)
		return iotlb_payload_ok(e);
	return true; /* tables and interrupt entries: any value is one that memory could hold */
}

/* ---- what is told to the machine, and shortcuts ---- */

/* Translations went: shortcuts and the machine's copies go too. */
static void dropped(struct vtd_unit *v, const struct hwi_inval *inval)
{
	hwi_utlb_purge(&v->base.utlb);
	if (v->base.host->invalidated)
		v->base.host->invalidated(v->base.opaque, inval);
}

static void dropped_domain(struct vtd_unit *v, uint32_t did, uint32_t pasid, uint64_t addr,
			   unsigned int span)
{
	uint64_t base = span >= 64 ? 0 : addr >> span << span;

	dropped(v, &(struct hwi_inval){
			   .scope = HWI_INVAL_DOMAIN,
			   .domain = did,
			   .pasid = pasid,
			   .addr = hwi_iova(base),
			   .span_log2 = (uint8_t)(span >= 64 ? ALL_ADDRESSES : span),
		   });
}

/* ---- context cache ---- */

void vtd_inv_context_all(struct vtd_unit *v)
{
	hwi_cache_clear(&v->context);
	hwi_utlb_purge(&v->base.utlb);
}

void vtd_inv_context_domain(struct vtd_unit *v, uint32_t did)
{
	/* Legacy mode: entries of scalable mode carry no DID (§6.5.2.1). */
	hwi_cache_remove_tag(&v->context, did, NULL, NULL);
	hwi_utlb_purge(&v->base.utlb);
}

/* FM: how many bits of the SID from bit 2 downward do not count. */
static uint32_t function_mask(unsigned int fm)
{
	static const uint32_t ignored[] = { 0, 4, 6, 7 };

	return ~ignored[fm & 3];
}

struct sid_match {
	uint32_t sid;
	uint32_t mask;
};

static bool is_sid(const struct hwi_cache_entry *e, const void *arg)
{
	const struct sid_match *m = arg;

	return (((uint32_t)(e->key.a >> 3) ^ m->sid) & m->mask) == 0;
}

void vtd_inv_context_device(struct vtd_unit *v, uint32_t did, uint16_t sid, unsigned int fm)
{
	struct sid_match m = { sid, function_mask(fm) };

	if (vtd_ttm(v) != VTD_TTM_LEGACY)
		hwi_cache_remove_if(&v->context, is_sid, &m);
	else
		hwi_cache_remove_tag(&v->context, did, is_sid, &m);
	hwi_utlb_purge(&v->base.utlb);
}

/* ---- PASID cache ---- */

void vtd_inv_pasid_all(struct vtd_unit *v)
{
	hwi_cache_clear(&v->pasid);
	hwi_utlb_purge(&v->base.utlb);
}

void vtd_inv_pasid_domain(struct vtd_unit *v, uint32_t did)
{
	hwi_cache_remove_tag(&v->pasid, did, NULL, NULL);
	hwi_utlb_purge(&v->base.utlb);
}

static bool is_pasid_entry(const struct hwi_cache_entry *e, const void *arg)
{
	return e->key.b == *(const uint32_t *)arg;
}

void vtd_inv_pasid_one(struct vtd_unit *v, uint32_t did, uint32_t pasid)
{
	hwi_cache_remove_tag(&v->pasid, did, is_pasid_entry, &pasid);
	hwi_utlb_purge(&v->base.utlb);
}

/* ---- IOTLB and paging structures ---- */

struct range {
	uint64_t addr;
	unsigned int span; /* log2, 64 for everything */
	uint32_t pasid;
};

static bool overlaps(const struct range *r, uint64_t addr, unsigned int shift)
{
	unsigned int s = shift > r->span ? shift : r->span;

	return s >= 64 || addr >> s == r->addr >> s;
}

static struct range range_of(uint64_t addr, unsigned int am, uint32_t pasid)
{
	unsigned int span = VTD_PAGE_SHIFT + am;

	return (struct range){ addr, span < 64 ? span : 64, pasid };
}

static bool first_or_nested(const struct hwi_cache_entry *e)
{
	const struct vtd_iotlb_payload *t = hwi_cache_payload_const(e);
	uint64_t pgtt = HWI_GET(VTD_IOTLB_PGTT, t->flags);

	return pgtt == VTD_PGTT_FS || pgtt == VTD_PGTT_NESTED;
}

static bool in_range(const struct hwi_cache_entry *e, const struct range *r)
{
	unsigned int level = (unsigned int)(e->key.a % HWI_CACHE_CLASSES) + 1;

	return overlaps(r, e->key.a, VTD_PT_LEVEL_SHIFT(level));
}

static bool structure_in_range(const struct hwi_cache_entry *e, const void *arg)
{
	unsigned int level = (unsigned int)(e->key.a % HWI_CACHE_CLASSES);

	return overlaps(arg, e->key.a, VTD_PT_LEVEL_SHIFT(level));
}

/* iotlb_inv_dsc, page: second-stage and pass-through by address, all others whole. */
static bool page_selective(const struct hwi_cache_entry *e, const void *arg)
{
	return first_or_nested(e) || in_range(e, arg);
}

static bool is_pasid(const struct hwi_cache_entry *e, const void *arg)
{
	const struct vtd_iotlb_payload *t = hwi_cache_payload_const(e);
	const struct range *r = arg;

	return t->pasid == r->pasid;
}

/* p_iotlb_inv_dsc, page: first-stage and nested entries of the PASID by address. */
static bool pasid_page_selective(const struct hwi_cache_entry *e, const void *arg)
{
	return first_or_nested(e) && is_pasid(e, arg) && in_range(e, arg);
}

static bool structure_of_pasid(const struct hwi_cache_entry *e, const void *arg)
{
	const struct range *r = arg;

	return e->key.b >> 16 == r->pasid;
}

static bool structure_of_pasid_in_range(const struct hwi_cache_entry *e, const void *arg)
{
	return structure_of_pasid(e, arg) && structure_in_range(e, arg);
}

void vtd_inv_iotlb_all(struct vtd_unit *v)
{
	hwi_cache_clear(&v->iotlb);
	hwi_cache_clear(&v->fs);
	hwi_cache_clear(&v->ss);
	dropped(v, &(struct hwi_inval){ .scope = HWI_INVAL_ALL,
					.span_log2 = ALL_ADDRESSES,
					.pasid = HWI_PASID_NONE });
}

void vtd_inv_iotlb_domain(struct vtd_unit *v, uint32_t did)
{
	hwi_cache_remove_tag(&v->iotlb, did, NULL, NULL);
	hwi_cache_remove_tag(&v->fs, did, NULL, NULL);
	hwi_cache_remove_tag(&v->ss, did, NULL, NULL);
	dropped_domain(v, did, HWI_PASID_NONE, 0, ALL_ADDRESSES);
}

void vtd_inv_iotlb_page(struct vtd_unit *v, uint32_t did, uint64_t addr, unsigned int am, bool ih)
{
	struct range r = range_of(addr, am, 0);

	hwi_cache_remove_tag(&v->iotlb, did, page_selective, &r);
	hwi_cache_remove_tag(&v->fs, did, NULL, NULL);
	if (!ih)
		hwi_cache_remove_tag(&v->ss, did, structure_in_range, &r);
	/* First-stage and nested translations of the domain went whatever their address. */
	if (vtd_ttm(v) == VTD_TTM_LEGACY)
		dropped_domain(v, did, HWI_PASID_NONE, addr, r.span);
	else
		dropped_domain(v, did, HWI_PASID_NONE, 0, ALL_ADDRESSES);
}

void vtd_inv_piotlb_pasid(struct vtd_unit *v, uint32_t did, uint32_t pasid)
{
	struct range r = { 0, ALL_ADDRESSES, pasid };

	hwi_cache_remove_tag(&v->iotlb, did, is_pasid, &r);
	hwi_cache_remove_tag(&v->fs, did, structure_of_pasid, &r);
	dropped_domain(v, did, pasid, 0, ALL_ADDRESSES);
}

void vtd_inv_piotlb_page(struct vtd_unit *v, uint32_t did, uint32_t pasid, uint64_t addr,
			 unsigned int am, bool ih)
{
	struct range r = range_of(addr, am, pasid);

	hwi_cache_remove_tag(&v->iotlb, did, pasid_page_selective, &r);
	if (!ih)
		hwi_cache_remove_tag(&v->fs, did, structure_of_pasid_in_range, &r);
	dropped_domain(v, did, pasid, addr, r.span);
}

void vtd_inv_all(struct vtd_unit *v)
{
	hwi_cache_clear(&v->context);
	hwi_cache_clear(&v->pasid);
	vtd_inv_iotlb_all(v);
}

/* ---- interrupt entry cache ---- */

void vtd_inv_iec_all(struct vtd_unit *v)
{
	hwi_cache_clear(&v->iec);
}

void vtd_inv_iec_index(struct vtd_unit *v, uint32_t index, unsigned int im)
{
	uint32_t count = im < 16 ? UINT32_C(1) << im : IEC_ENTRIES;
	uint32_t first = index & ~(count - 1);

	for (uint32_t i = first; i < first + count; i++)
		hwi_cache_remove_key(&v->iec, (struct hwi_cache_key){ (uint64_t)i << 3, 0 });
}

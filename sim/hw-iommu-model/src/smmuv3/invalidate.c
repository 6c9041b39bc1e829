/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What an invalidation removes: exactly what SMMUv3 §4.3 and §4.4 say must go and no
 * more, so that one that software forgot shows.
 */
#include "caches.h"

#define ALL_ADDRESSES 64u

/* TLBI addresses are compared up to here: above it stand tags (TBI). */
#define VA_BITS HWI_MASK64(55, 0)

static void tell(struct smmu_unit *s, const struct hwi_inval *inval)
{
	hwi_utlb_purge(&s->base.utlb);
	if (s->base.host->invalidated)
		s->base.host->invalidated(s->base.opaque, inval);
}

static void tell_all(struct smmu_unit *s)
{
	tell(s, &(struct hwi_inval){ .scope = HWI_INVAL_ALL,
				     .span_log2 = ALL_ADDRESSES,
				     .pasid = HWI_PASID_NONE });
}

/* ---- configuration (§4.3) ---- */

/* A stream's configuration went: what it translates to may be something else now. */
static void tell_stream(struct smmu_unit *s, uint32_t sid)
{
	tell(s, &(struct hwi_inval){ .scope = HWI_INVAL_REQUESTER,
				     .span_log2 = ALL_ADDRESSES,
				     .requester = sid,
				     .pasid = HWI_PASID_NONE });
}

struct sid_range {
	uint64_t first, last;
};

static bool sid_in(const struct hwi_cache_entry *e, const void *arg)
{
	const struct sid_range *r = arg;
	uint64_t sid = e->key.a >> 3;

	return sid >= r->first && sid <= r->last;
}

static bool l1std_meets(const struct hwi_cache_entry *e, const void *arg)
{
	const struct sid_range *r = arg;
	uint64_t first = e->key.a >> 3;

	return first <= r->last && r->first <= first + ((UINT64_C(1) << e->key.b) - 1);
}

static void drop_l1std(struct smmu_unit *s, uint64_t first, uint64_t last)
{
	struct sid_range r = { first, last };

	hwi_cache_remove_if(smmu_cache_of(s, SMMU_CACHE_L1STD), l1std_meets, &r);
}

void smmu_inv_ste(struct smmu_unit *s, uint32_t sid, bool leaf)
{
	if (!leaf)
		drop_l1std(s, sid, sid);
	hwi_cache_remove_tag(smmu_cache_of(s, SMMU_CACHE_STE), sid, NULL, NULL);
	/* With an STE go the context descriptors that were reached through it. */
	smmu_inv_cd_all(s, sid);
}

void smmu_inv_ste_range(struct smmu_unit *s, uint32_t sid, unsigned int sids_log2)
{
	uint64_t first = (uint64_t)sid >> sids_log2 << sids_log2;
	struct sid_range r = { first, first + ((UINT64_C(1) << sids_log2) - 1) };

	drop_l1std(s, r.first, r.last);
	hwi_cache_remove_if(smmu_cache_of(s, SMMU_CACHE_STE), sid_in, &r);
	hwi_cache_remove_if(smmu_cache_of(s, SMMU_CACHE_L1CD), sid_in, &r);
	hwi_cache_remove_if(smmu_cache_of(s, SMMU_CACHE_CD), sid_in, &r);
	tell_all(s);
}

void smmu_inv_config_all(struct smmu_unit *s)
{
	hwi_cache_clear(smmu_cache_of(s, SMMU_CACHE_L1STD));
	hwi_cache_clear(smmu_cache_of(s, SMMU_CACHE_STE));
	hwi_cache_clear(smmu_cache_of(s, SMMU_CACHE_L1CD));
	hwi_cache_clear(smmu_cache_of(s, SMMU_CACHE_CD));
	tell_all(s);
}

/* Of a stream's CDs, whose tag is the StreamID. */
static bool same_cd(const struct hwi_cache_entry *e, const void *arg)
{
	return e->key.b == *(const uint32_t *)arg;
}

/* The L1CD for an index, whichever split it was fetched by: 64 or 1024 CDs. */
static bool same_l1cd(const struct hwi_cache_entry *e, const void *arg)
{
	uint32_t index = *(const uint32_t *)arg;

	return e->key.b == index >> SMMU_S1FMT_4K_SPLIT || e->key.b == index >> SMMU_S1FMT_64K_SPLIT;
}

void smmu_inv_cd(struct smmu_unit *s, uint32_t sid, uint32_t ssid, bool leaf)
{
	hwi_cache_remove_tag(smmu_cache_of(s, SMMU_CACHE_CD), sid, same_cd, &ssid);
	if (!leaf)
		hwi_cache_remove_tag(smmu_cache_of(s, SMMU_CACHE_L1CD), sid, same_l1cd, &ssid);
	tell_stream(s, sid);
}

void smmu_inv_cd_all(struct smmu_unit *s, uint32_t sid)
{
	hwi_cache_remove_tag(smmu_cache_of(s, SMMU_CACHE_CD), sid, NULL, NULL);
	hwi_cache_remove_tag(smmu_cache_of(s, SMMU_CACHE_L1CD), sid, NULL, NULL);
	tell_stream(s, sid);
}

/* ---- TLBs (§4.4) ---- */

struct tlb_match {
	uint8_t regime;	 /* enum smmu_regime */
	uint16_t vmid;
	uint16_t asid;
	bool any_asid;	 /* and globals, of course */
	bool no_globals; /* by ASID alone: global entries stay */
	bool s2;	 /* stage 2 information alone; else stage 1 and combined */
	bool by_addr;
	const struct smmu_range *range;
};

static bool is_global(const struct hwi_cache_entry *e)
{
	return smmu_has(e->key.a, SMMU_TLB_KEY_GLOBAL);
}

static bool is_s2_only(const struct hwi_cache_entry *e)
{
	return smmu_has(e->key.a, SMMU_TLB_KEY_S2_ONLY);
}

/*
 * Whether [addr, addr + 2^shift) is what a range means. Of 56 bits no range wraps: at the
 * top it ends above them (§4.4.1).
 */
static bool in_range(const struct smmu_range *r, uint64_t addr, unsigned int shift)
{
	uint64_t first = addr & VA_BITS & ~((UINT64_C(1) << shift) - 1);
	uint64_t last = first + ((UINT64_C(1) << shift) - 1);
	uint64_t from = r->addr & VA_BITS;
	uint64_t to = from + (r->bytes ? r->bytes - 1 : 0);

	return first <= to && from <= last;
}

/* Hints: entries of another granule, leaves of another level need not go (§4.4.1.1). */
static bool hinted(const struct smmu_range *r, unsigned int leaf_log2)
{
	unsigned int g = r->granule_log2;

	if (!g)
		return true;
	if (!r->ttl) {
		for (unsigned int level = 1; level <= 3; level++) {
			if (leaf_log2 == vmsa_shift(g, level))
				return true;
		}
		return false;
	}
	return leaf_log2 == vmsa_shift(g, VMSA_LEVEL(r->ttl));
}

static bool tlb_matches(const struct hwi_cache_entry *e, const void *arg)
{
	const struct smmu_tlb_payload *t = hwi_cache_payload_const(e);
	unsigned int leaf = HWI_GET32(SMMU_T_LEAF, t->flags);
	const struct tlb_match *m = arg;

	if (HWI_GET(SMMU_TLB_KEY_REGIME, e->key.a) != m->regime ||
	    HWI_GET(SMMU_KEY_VMID, e->key.b) != m->vmid || is_s2_only(e) != m->s2)
		return false;
	if (is_global(e) ? m->no_globals
			 : !m->any_asid && HWI_GET(SMMU_WALK_S1_ASID, e->key.b) != m->asid)
		return false;
	/* All parts of a leaf go together: what counts is the leaf, not the part. */
	return !m->by_addr || (in_range(m->range, e->key.a & ~HWI_MASK64(11, 0), leaf) &&
			       hinted(m->range, leaf));
}

/* Table descriptors of an address; with TTL=n those of levels < n (§4.4.1.1). */
static bool walk_in_range(const struct hwi_cache_entry *e, const struct smmu_range *r)
{
	unsigned int page_log2 = HWI_GET32(SMMU_WALK_GRANULE, e->key.b);
	unsigned int level = (unsigned int)(e->key.a % HWI_CACHE_CLASSES);

	if (r->granule_log2 && r->granule_log2 != page_log2)
		return false;
	if (r->ttl && level <= VMSA_LEVEL(r->ttl))
		return false;
	return in_range(r, e->key.a & ~(uint64_t)(HWI_CACHE_CLASSES - 1),
			vmsa_shift(page_log2, level));
}

/* An ASID has a chain of its own in its regime and VMID: these two are left to compare. */
static bool walk_s1_matches(const struct hwi_cache_entry *e, const void *arg)
{
	const struct tlb_match *m = arg;

	if (HWI_GET(SMMU_WALK_REGIME, e->key.b) != m->regime ||
	    HWI_GET(SMMU_KEY_VMID, e->key.b) != m->vmid)
		return false;
	return !m->by_addr || walk_in_range(e, m->range);
}

static bool walk_s2_matches(const struct hwi_cache_entry *e, const void *arg)
{
	return walk_in_range(e, arg);
}

static bool ipa_matches(const struct hwi_cache_entry *e, const void *arg)
{
	const struct smmu_range *r = arg;
	unsigned int span = smmu_class_span(e->key.a);

	return in_range(r, e->key.a & ~HWI_MASK64(11, 0), span) && hinted(r, span);
}

/* log2 of the aligned block that holds a range; 64 if it goes over the top. */
static unsigned int block_of(const struct smmu_range *r)
{
	uint64_t last = r->addr + (r->bytes ? r->bytes - 1 : 0);
	unsigned int n = 12;

	while (n < 64 && r->addr >> n != last >> n)
		n++;
	return n;
}

/* log2 of the largest leaf that an address of a range may be part of; it goes as a whole. */
static unsigned int leaf_of(const struct smmu_unit *s, const struct smmu_range *r)
{
	unsigned int level = VMSA_LEVEL(1);

	if (!r->granule_log2)
		return ALL_ADDRESSES; /* no telling */
	if (r->ttl)
		level = VMSA_LEVEL(r->ttl);
	else if (r->granule_log2 == VMSA_SHIFT_16K ||
		 (r->granule_log2 == VMSA_SHIFT_64K && s->lim.oas < 52))
		level = VMSA_LEVEL(2);
	return vmsa_shift(r->granule_log2, level);
}

/* Translations of a VMID went; with @r of a range. */
static void tell_vmid(struct smmu_unit *s, uint16_t vmid, const struct smmu_range *r)
{
	unsigned int n = r ? block_of(r) : ALL_ADDRESSES;

	if (r && leaf_of(s, r) > n)
		n = leaf_of(s, r);
	tell(s, &(struct hwi_inval){
			.scope = HWI_INVAL_DOMAIN,
			.domain = vmid,
			.pasid = HWI_PASID_NONE,
			.addr = hwi_iova(n < 64 ? r->addr >> n << n : 0),
			.span_log2 = (uint8_t)n,
		});
}

/* Of one ASID, its chain and that of what is global; else all there is. */
static void drop(struct hwi_cache *c, const struct tlb_match *m, bool globals,
		 hwi_cache_match *matches)
{
	if (m->any_asid) {
		hwi_cache_remove_if(c, matches, m);
		return;
	}
	hwi_cache_remove_tag(c, smmu_tag(m->regime, m->vmid, m->asid), matches, m);
	if (globals)
		hwi_cache_remove_tag(c, smmu_tag(m->regime, m->vmid, 0), matches, m);
}

static void drop_s1(struct smmu_unit *s, const struct tlb_match *m)
{
	drop(smmu_cache_of(s, SMMU_CACHE_TLB), m, s->tc->globals && !m->no_globals, tlb_matches);
	if (!m->by_addr || !m->range->leaf)
		drop(smmu_cache_of(s, SMMU_CACHE_WALK_S1), m, false, walk_s1_matches);
	if (m->regime == SMMU_REGIME_EL1)
		tell_vmid(s, m->vmid, m->by_addr ? m->range : NULL);
	else
		tell_all(s);
}

/* Of all VMIDs that count as this one (CR0.VMW). */
static void drop_s1_vmids(struct smmu_unit *s, enum smmu_regime regime, uint16_t vmid,
			  struct tlb_match *m)
{
	uint32_t n = UINT32_C(1) << s->eff.vmw;
	uint32_t first = vmid & ~(n - 1);

	m->regime = (uint8_t)regime;
	if (regime != SMMU_REGIME_EL1) {
		drop_s1(s, m);
		return;
	}
	for (uint32_t v = first; v < first + n; v++) {
		m->vmid = (uint16_t)v;
		drop_s1(s, m);
	}
}

void smmu_inv_nh_all(struct smmu_unit *s, uint16_t vmid)
{
	struct tlb_match m = { .any_asid = true };

	drop_s1_vmids(s, SMMU_REGIME_EL1, vmid, &m);
}

void smmu_inv_asid(struct smmu_unit *s, enum smmu_regime regime, uint16_t vmid, uint16_t asid)
{
	struct tlb_match m = { .asid = asid, .no_globals = true };

	drop_s1_vmids(s, regime, vmid, &m);
}

void smmu_inv_va(struct smmu_unit *s, enum smmu_regime regime, uint16_t vmid, uint16_t asid,
		 const struct smmu_range *r)
{
	/* NS-EL2 has no ASIDs: one that is given does not count. */
	struct tlb_match m = {
		.asid = asid,
		.any_asid = regime == SMMU_REGIME_EL2,
		.by_addr = true,
		.range = r,
	};

	drop_s1_vmids(s, regime, vmid, &m);
}

void smmu_inv_vaa(struct smmu_unit *s, enum smmu_regime regime, uint16_t vmid,
		  const struct smmu_range *r)
{
	struct tlb_match m = { .any_asid = true, .by_addr = true, .range = r };

	drop_s1_vmids(s, regime, vmid, &m);
}

void smmu_inv_el2_all(struct smmu_unit *s)
{
	struct tlb_match m = { .any_asid = true };

	drop_s1_vmids(s, SMMU_REGIME_EL2, 0, &m);
	drop_s1_vmids(s, SMMU_REGIME_EL2_E2H, 0, &m);
}

static bool is_el1(const struct hwi_cache_entry *e, const void *arg)
{
	(void)arg;
	return HWI_GET(SMMU_TLB_KEY_REGIME, e->key.a) == SMMU_REGIME_EL1;
}

static bool walk_is_el1(const struct hwi_cache_entry *e, const void *arg)
{
	(void)arg;
	return HWI_GET(SMMU_WALK_REGIME, e->key.b) == SMMU_REGIME_EL1;
}

static bool is_vmid(const struct hwi_cache_entry *e, const void *arg)
{
	return is_el1(e, NULL) && HWI_GET(SMMU_KEY_VMID, e->key.b) == *(const uint16_t *)arg;
}

static bool walk_is_vmid(const struct hwi_cache_entry *e, const void *arg)
{
	return walk_is_el1(e, NULL) && HWI_GET(SMMU_KEY_VMID, e->key.b) == *(const uint16_t *)arg;
}

void smmu_inv_s12_vmall(struct smmu_unit *s, uint16_t vmid)
{
	uint32_t n = UINT32_C(1) << s->eff.vmw;
	uint32_t first = vmid & ~(n - 1);

	for (uint32_t i = first; i < first + n; i++) {
		uint16_t v = (uint16_t)i;

		hwi_cache_remove_if(smmu_cache_of(s, SMMU_CACHE_TLB), is_vmid, &v);
		hwi_cache_remove_if(smmu_cache_of(s, SMMU_CACHE_WALK_S1), walk_is_vmid, &v);
		hwi_cache_remove_tag(smmu_cache_of(s, SMMU_CACHE_WALK_S2), v, NULL, NULL);
		hwi_cache_remove_tag(smmu_cache_of(s, SMMU_CACHE_IPA), v, NULL, NULL);
		tell_vmid(s, v, NULL);
	}
}

void smmu_inv_s2_ipa(struct smmu_unit *s, uint16_t vmid, const struct smmu_range *r)
{
	struct tlb_match m = { .s2 = true, .any_asid = true, .by_addr = true, .range = r };
	uint32_t n = UINT32_C(1) << s->eff.vmw;
	uint32_t first = vmid & ~(n - 1);

	for (uint32_t v = first; v < first + n; v++) {
		m.vmid = (uint16_t)v;
		hwi_cache_remove_tag(smmu_cache_of(s, SMMU_CACHE_TLB),
				     smmu_tag(SMMU_REGIME_EL1, m.vmid, 0), tlb_matches, &m);
		hwi_cache_remove_tag(smmu_cache_of(s, SMMU_CACHE_IPA), v, ipa_matches, r);
		if (!r->leaf)
			hwi_cache_remove_tag(smmu_cache_of(s, SMMU_CACHE_WALK_S2), v,
					     walk_s2_matches, r);
		tell_vmid(s, m.vmid, r);
	}
}

void smmu_inv_nsnh_all(struct smmu_unit *s)
{
	hwi_cache_remove_if(smmu_cache_of(s, SMMU_CACHE_TLB), is_el1, NULL);
	hwi_cache_remove_if(smmu_cache_of(s, SMMU_CACHE_WALK_S1), walk_is_el1, NULL);
	hwi_cache_clear(smmu_cache_of(s, SMMU_CACHE_WALK_S2));
	hwi_cache_clear(smmu_cache_of(s, SMMU_CACHE_IPA));
	tell_all(s);
}

/* ---- automatic page request responses (§8.1) ---- */

bool smmu_stream_ppar(struct smmu_unit *s, uint32_t sid, uint32_t ssid, bool *ppar)
{
	uint64_t ste[SMMU_STE_KEPT];
	struct smmu_fault f = { .code = SMMU_NO_FAULT };
	struct hwi_request req = { .requester = sid, .pasid = ssid };
	struct smmu_event ev;

	if (smmu_ste_find(s, sid, ste, &f)) {
		*ppar = smmu_has(ste[1], SMMU_STE1_PPAR);
		return true;
	}
	if (s->eff.rec_cfg_ats && (f.code != SMMU_EVT_C_BAD_STREAMID || s->eff.recinvsid)) {
		smmu_event_of(&req, NULL, &f, &ev);
		(void)smmu_event_record(s, &ev);
	}
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Context descriptors: where one is (SMMUv3 §3.3.2, §5.3), through stage 2 if nested
 * (§7.3.16), and whether it is one (§5.4.2).
 */
#include "caches.h"

/* Level 1 of a two-level table: the bits of an index that its CD's level 2 takes. */
static unsigned int level2_bits(const uint64_t *ste)
{
	switch (HWI_GET(SMMU_STE0_S1FMT, ste[0])) {
	case SMMU_S1FMT_4K_L2:
		return 6;
	case SMMU_S1FMT_64K_L2:
		return 10;
	default:
		return 0; /* linear */
	}
}

/* Read @n words of a structure at a physical, or if nested intermediate, address. */
static bool fetch(struct smmu_unit *s, const struct smmu_path *p, uint64_t at, uint64_t *words,
		  unsigned int n, struct smmu_fault *f)
{
	unsigned int span;
	bool ok;

	if (p->s2 && !smmu_s2_fetch(s, p, at, SMMU_EV_CLASS_CD, false, &at, &span, f))
		return false;
	ok = n == 1 ? hwi_load64(&s->base, at, words) : hwi_load_words(&s->base, at, words, n);
	if (!ok) {
		f->code = SMMU_EVT_F_CD_FETCH;
		f->fetch_addr = at;
	}
	return ok;
}

/* The level 2 table for a CD. */
static bool l1cd(struct smmu_unit *s, uint32_t sid, const uint64_t *ste, uint32_t index,
		 const struct smmu_path *p, unsigned int bits, uint64_t *table,
		 struct smmu_fault *f)
{
	struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_L1CD);
	struct hwi_cache_key key = { (uint64_t)sid << 3, index >> bits };
	struct hwi_cache_entry *e = hwi_cache_find(c, key);
	unsigned int cdmax = HWI_GET32(SMMU_STE0_S1CDMAX, ste[0]);
	struct smmu_l1cd_payload *l;
	uint64_t desc, at;

	if (e) {
		l = hwi_cache_payload(e);
		desc = l->q;
	} else {
		/* Aligned to its size, 64 bytes at least. */
		at = ste[0] & SMMU_STE0_S1CONTEXTPTR;
		if (cdmax > bits)
			at &= ~(((uint64_t)SMMU_L1CD_SIZE << (cdmax - bits)) - 1);
		at += (uint64_t)(index >> bits) * SMMU_L1CD_SIZE;
		if (!fetch(s, p, at, &desc, 1, f))
			return false;
		l = hwi_cache_payload(hwi_cache_add(c, key, hwi_cache_hash(key), sid));
		l->q = desc;
	}
	*table = desc & SMMU_L1CD_L2PTR;
	if (bits == 10)
		*table &= ~HWI_MASK64(15, 0);
	/* Beyond OAS; beyond IAS, which is as wide, if nested: see S1ContextPtr in stream.c. */
	if (!(desc & SMMU_L1CD_V) || (*table & ~s->lim.oas_mask)) {
		f->code = SMMU_EVT_C_BAD_SUBSTREAMID;
		f->ssid = index;
		return false;
	}
	return true;
}

static bool cd_at(struct smmu_unit *s, uint32_t sid, const uint64_t *ste, uint32_t index,
		  const struct smmu_path *p, uint64_t *at, struct smmu_fault *f)
{
	unsigned int cdmax = s->lim.ssid_bits ? HWI_GET32(SMMU_STE0_S1CDMAX, ste[0]) : 0;
	unsigned int bits = cdmax ? level2_bits(ste) : 0;

	if (bits) {
		if (!l1cd(s, sid, ste, index, p, bits, at, f))
			return false;
		*at += (index & ((UINT32_C(1) << bits) - 1)) * (uint64_t)SMMU_CD_SIZE;
		return true;
	}
	*at = (ste[0] & SMMU_STE0_S1CONTEXTPTR &
	       ~(((uint64_t)SMMU_CD_SIZE << cdmax) - 1)) + (uint64_t)index * SMMU_CD_SIZE;
	return true;
}

bool smmu_cd_find(struct smmu_unit *s, uint32_t sid, const uint64_t *ste, uint32_t index,
		  const struct smmu_path *p, uint64_t *cd, struct smmu_fault *f)
{
	struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_CD);
	struct hwi_cache_key key = { (uint64_t)sid << 3, index };
	struct hwi_cache_entry *e = hwi_cache_find(c, key);
	uint64_t words[SMMU_CD_KEPT + 1], at;
	struct smmu_cd_payload *l;

	if (e) {
		l = hwi_cache_payload(e);
		memcpy(cd, l->q, sizeof(l->q));
	} else {
		if (!cd_at(s, sid, ste, index, p, &at, f) ||
		    !fetch(s, p, at, words, SMMU_CD_KEPT + 1, f))
			return false;
		memcpy(cd, words, SMMU_CD_KEPT * sizeof(*cd));
		l = hwi_cache_payload(hwi_cache_add(c, key, hwi_cache_hash(key), sid));
		memcpy(l->q, cd, sizeof(l->q));
	}
	if (!smmu_cd_ok(s, ste, p->regime, cd)) {
		f->code = SMMU_EVT_C_BAD_CD;
		return false;
	}
	return true;
}

/* One half's fields (§5.4.2, §5.4 TxSZ). */
static bool half_ok(const struct smmu_unit *s, unsigned int page_log2, unsigned int txsz,
		    uint64_t ttb, uint64_t ips)
{
	if (!smmu_granule_ok(s, page_log2))
		return false;
	if (txsz < smmu_txsz_min(s, page_log2) || txsz > smmu_txsz_max(s, page_log2))
		return false;
	return !(ttb >> smmu_address_bits(s, ips)) && !(page_log2 != 16 && ttb >> 48);
}

static bool stall_ok(const struct smmu_unit *s, const uint64_t *ste, const uint64_t *cd)
{
	uint64_t model = HWI_GET(SMMU_IDR0_STALL_MODEL, s->cfg.idr0);

	if (!(cd[0] & SMMU_CD0_S))
		return model != SMMU_STALL_MODEL_FORCED;
	return !(ste[1] & SMMU_STE1_S1STALLD) && model != SMMU_STALL_MODEL_NONE;
}

bool smmu_cd_ok(const struct smmu_unit *s, const uint64_t *ste, uint8_t regime, const uint64_t *cd)
{
	bool two = regime != SMMU_REGIME_EL2; /* ranges */
	bool epd0 = two && (cd[0] & SMMU_CD0_EPD0);
	bool epd1 = !two || (cd[0] & SMMU_CD0_EPD1);
	uint64_t ips = HWI_GET(SMMU_CD0_IPS, cd[0]);

	if (!(cd[0] & SMMU_CD0_V) || !stall_ok(s, ste, cd))
		return false;
	if ((s->cfg.idr0 & SMMU_IDR0_TERM_MODEL) && !(cd[0] & SMMU_CD0_A))
		return false;
	if (!(epd0 && epd1) && (cd[0] & SMMU_CD0_ENDI)) /* IDR0.TTENDIAN=10 */
		return false;
	if (!(cd[0] & SMMU_CD0_AA64)) /* no AArch32 tables: IDR0.TTF=10 */
		return false;
	if ((cd[0] & (SMMU_CD0_HA | SMMU_CD0_HD)) && !s->lim.httu_af)
		return false;
	if ((cd[0] & SMMU_CD0_HD) && !s->lim.httu_dirty)
		return false;
	if (two && !(s->cfg.idr0 & SMMU_IDR0_ASID16) && HWI_GET(SMMU_CD0_ASID, cd[0]) >> 8)
		return false;
	if (!epd0 && !half_ok(s, smmu_granule(HWI_GET(SMMU_CD0_TG0, cd[0])),
			      HWI_GET32(SMMU_CD0_T0SZ, cd[0]), cd[1] & SMMU_CD1_TTB0, ips))
		return false;
	return epd1 || half_ok(s, smmu_granule1(HWI_GET(SMMU_CD0_TG1, cd[0])),
			       HWI_GET32(SMMU_CD0_T1SZ, cd[0]), cd[2] & SMMU_CD2_TTB1, ips);
}

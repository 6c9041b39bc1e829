/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stream table and STEs: where an entry is (SMMUv3 §3.3.1, §6.3.25), and whether it is
 * one (§5.2.2), in the order of the specification.
 */
#include "caches.h"

/* What the L1STD for a StreamID says; false: it could not be read. */
static bool l1std(struct smmu_unit *s, uint32_t sid, uint64_t *desc, uint64_t *at)
{
	struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_L1STD);
	unsigned int split = s->eff.strtab_split;
	uint32_t first = sid >> split << split;
	struct hwi_cache_key key = { (uint64_t)first << 3, split };
	struct hwi_cache_entry *e = hwi_cache_find(c, key);
	struct smmu_l1std_payload *p;

	*at = s->eff.strtab_base + (uint64_t)(sid >> split) * SMMU_L1STD_SIZE;
	if (e) {
		p = hwi_cache_payload(e);
		*desc = p->q;
		return true;
	}
	if (!hwi_load64(&s->base, *at, desc))
		return false;
	p = hwi_cache_payload(hwi_cache_add(c, key, hwi_cache_hash(key), first));
	p->q = *desc;
	return true;
}

/* The address of the STE for a StreamID: the steps of §7.3.3. */
static bool ste_at(struct smmu_unit *s, uint32_t sid, uint64_t *at, struct smmu_fault *f)
{
	unsigned int split = s->eff.strtab_split;
	uint64_t desc, index, span;

	if ((uint64_t)sid >> s->eff.strtab_log2size) {
		f->code = SMMU_EVT_C_BAD_STREAMID;
		return false;
	}
	if (!s->eff.strtab_two_level) {
		*at = s->eff.strtab_base + (uint64_t)sid * SMMU_STE_SIZE;
		return true;
	}
	if (!l1std(s, sid, &desc, at)) {
		f->code = SMMU_EVT_F_STE_FETCH;
		f->fetch_addr = *at;
		return false;
	}
	span = HWI_GET(SMMU_L1STD_SPAN, desc);
	index = sid & ((UINT32_C(1) << split) - 1);
	/* A span counts 2^(Span-1) STEs; 0, 12 and more, and beyond SPLIT are invalid (§5.1). */
	if (!span || span >= 12 || span > split + 1 || index >> (span - 1)) {
		f->code = SMMU_EVT_C_BAD_STREAMID;
		return false;
	}
	/* L2Ptr is aligned to the size of what it points to. */
	*at = (desc & SMMU_L1STD_L2PTR & ~(((uint64_t)SMMU_STE_SIZE << (span - 1)) - 1)) +
	      index * SMMU_STE_SIZE;
	return true;
}

bool smmu_ste_find(struct smmu_unit *s, uint32_t sid, uint64_t *ste, struct smmu_fault *f)
{
	struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_STE);
	struct hwi_cache_key key = { (uint64_t)sid << 3, 0 };
	struct hwi_cache_entry *e = hwi_cache_find(c, key);
	struct smmu_ste_payload *p;
	uint64_t at;

	if (e) {
		p = hwi_cache_payload(e);
		memcpy(ste, p->q, sizeof(p->q));
	} else {
		if (!ste_at(s, sid, &at, f))
			return false;
		/* Nothing is read beyond OAS, to which an L2Ptr alone can lead (§3.4.3). */
		if ((at & ~s->lim.oas_mask) ||
		    !hwi_load_words(&s->base, at, ste, SMMU_STE_KEPT)) {
			f->code = SMMU_EVT_F_STE_FETCH;
			f->fetch_addr = at;
			return false;
		}
		/* Valid or not: what was fetched may be cached (§3.21.3). */
		p = hwi_cache_payload(hwi_cache_add(c, key, hwi_cache_hash(key), sid));
		memcpy(p->q, ste, sizeof(p->q));
	}
	if (!smmu_ste_ok(s, ste)) {
		f->code = SMMU_EVT_C_BAD_STE;
		return false;
	}
	return true;
}

unsigned int smmu_address_bits(const struct smmu_unit *s, uint64_t encoding)
{
	static const unsigned char bits[] = { 32, 36, 40, 42, 44, 48, 52, 56 };
	unsigned int n = bits[encoding & 7];

	return n < s->lim.oas ? n : s->lim.oas;
}

unsigned int smmu_granule(uint64_t tg0)
{
	static const unsigned char log2[] = { 12, 16, 14, 0 };

	return log2[tg0 & 3];
}

unsigned int smmu_granule1(uint64_t tg1)
{
	static const unsigned char log2[] = { 0, 14, 12, 16 };

	return log2[tg1 & 3];
}

bool smmu_granule_ok(const struct smmu_unit *s, unsigned int page_log2)
{
	return (page_log2 == 12 && s->lim.gran4k) || (page_log2 == 14 && s->lim.gran16k) ||
	       (page_log2 == 16 && s->lim.gran64k);
}

unsigned int smmu_txsz_min(const struct smmu_unit *s, unsigned int page_log2)
{
	return page_log2 == 16 && s->lim.va52 ? 12 : 16;
}

unsigned int smmu_txsz_max(const struct smmu_unit *s, unsigned int page_log2)
{
	if (!(s->cfg.idr3 & SMMU_IDR3_STT))
		return 39;
	return page_log2 == 16 ? 47 : 48;
}

unsigned int smmu_s2_top(const struct smmu_unit *s, unsigned int page_log2, uint64_t sl0)
{
	/* By {S2SL0} 0..3; the reserved ones are those that need LPA2 (§5.2 S2SL0). */
	static const unsigned char top4k[] = { VMSA_LEVEL(2), VMSA_LEVEL(1), VMSA_LEVEL(0),
					       VMSA_LEVEL(3) };
	static const unsigned char top[] = { VMSA_LEVEL(3), VMSA_LEVEL(2), VMSA_LEVEL(1), 0 };

	if (page_log2 != 12)
		return top[sl0 & 3];
	if (sl0 == 3 && !(s->cfg.idr3 & SMMU_IDR3_STT))
		return 0;
	return top4k[sl0 & 3];
}

uint64_t smmu_root_mask(unsigned int entries_log2, unsigned int out_bits)
{
	unsigned int log2 = entries_log2 + 3;

	if (out_bits == 52 && log2 < 6)
		log2 = 6;
	return ~((UINT64_C(1) << log2) - 1);
}

static bool s1_on(const uint64_t *ste)
{
	return smmu_has(HWI_GET(SMMU_STE0_CONFIG, ste[0]), SMMU_STE_CONFIG_F_S1);
}

static bool s2_on(const uint64_t *ste)
{
	return smmu_has(HWI_GET(SMMU_STE0_CONFIG, ste[0]), SMMU_STE_CONFIG_F_S2);
}

/* STRW counts only for stage 1 alone, with EL2 (§5.2), which a unit without stage 1 has not. */
static bool strw_used(const struct smmu_unit *s, const uint64_t *ste)
{
	return s->lim.hyp && s1_on(ste) && !s2_on(ste);
}

uint8_t smmu_ste_regime(const struct smmu_unit *s, const uint64_t *ste)
{
	if (!strw_used(s, ste) || HWI_GET(SMMU_STE1_STRW, ste[1]) != SMMU_STRW_EL2)
		return SMMU_REGIME_EL1;
	return s->eff.e2h ? SMMU_REGIME_EL2_E2H : SMMU_REGIME_EL2;
}

/* Split-stage ATS needs the check of translated transactions (§5.2 EATS). */
uint64_t smmu_ste_eats(const struct smmu_unit *s, const uint64_t *ste)
{
	uint64_t eats = HWI_GET(SMMU_STE1_EATS, ste[1]);

	if (!(s->cfg.idr0 & SMMU_IDR0_ATS))
		return SMMU_EATS_ABT;
	if (eats == SMMU_EATS_SPLIT && !s->eff.atschk)
		return SMMU_EATS_ABT;
	return eats == SMMU_EATS_DPT ? SMMU_EATS_ABT : eats;
}

static bool eats_ok(const struct smmu_unit *s, const uint64_t *ste)
{
	uint64_t eats = HWI_GET(SMMU_STE1_EATS, ste[1]);
	bool s2s = smmu_has(ste[2], SMMU_STE2_S2S);

	if (!(s->cfg.idr0 & SMMU_IDR0_ATS) || (!s1_on(ste) && !s2_on(ste)))
		return true;
	if (eats == SMMU_EATS_SPLIT)
		return s1_on(ste) && s2_on(ste) && !s2s && !(s->cfg.idr0 & SMMU_IDR0_NS1ATS);
	return !(eats == SMMU_EATS_FULL && s2_on(ste) && s2s);
}

static bool s1_ok(const struct smmu_unit *s, const uint64_t *ste)
{
	uint64_t cdmax = HWI_GET(SMMU_STE0_S1CDMAX, ste[0]);
	uint64_t fmt = HWI_GET(SMMU_STE0_S1FMT, ste[0]);

	if ((ste[1] & SMMU_STE1_S1STALLD) && HWI_GET(SMMU_IDR0_STALL_MODEL, s->cfg.idr0))
		return false;
	if (s->lim.ssid_bits && cdmax > s->lim.ssid_bits)
		return false;
	if (s->lim.ssid_bits && cdmax && !(s->cfg.idr0 & SMMU_IDR0_CD2L) &&
	    (fmt == SMMU_S1FMT_4K_L2 || fmt == SMMU_S1FMT_64K_L2))
		return false;
	/*
	 * Nested it is an IPA, and IAS is as wide as OAS: a record could not tell the address
	 * that stage 2 refuses (§3.4.3, §7.3.13).
	 */
	return !(ste[0] & SMMU_STE0_S1CONTEXTPTR & ~s->lim.oas_mask);
}

static bool s2_stall_ok(const struct smmu_unit *s, const uint64_t *ste)
{
	uint64_t model = HWI_GET(SMMU_IDR0_STALL_MODEL, s->cfg.idr0);

	if (ste[2] & SMMU_STE2_S2S)
		return model != SMMU_STALL_MODEL_NONE;
	return model != SMMU_STALL_MODEL_FORCED;
}

/* How high stage 2 may begin goes by what addresses can need (Arm DDI 0487 D8.1.10). */
static bool s2_top_ok(const struct smmu_unit *s, unsigned int page_log2, unsigned int top)
{
	unsigned int highest = page_log2 == 12 ? VMSA_LEVEL(0) : VMSA_LEVEL(1);

	return top && (top < highest || s->lim.oas >= (page_log2 == 14 ? 42 : 44));
}

/* Root table and input size fit each other (§5.2 S2SL0; Arm DDI 0487 D8.2). */
static bool s2_tables_ok(const struct smmu_unit *s, const uint64_t *ste)
{
	unsigned int page_log2 = smmu_granule(HWI_GET(SMMU_STE2_S2TG, ste[2]));
	unsigned int t0sz = HWI_GET32(SMMU_STE2_S2T0SZ, ste[2]);
	/* Without regard to IDR5.VAX: IPAs are as wide as OAS (§3.4, §5.2 S2T0SZ). */
	unsigned int min = page_log2 == 16 ? 12 : 16, below, top;
	unsigned int bits = smmu_address_bits(s, HWI_GET(SMMU_STE2_S2PS, ste[2]));
	uint64_t ttb = ste[3] & SMMU_STE3_S2TTB;

	if (!smmu_granule_ok(s, page_log2))
		return false;
	if (ttb >> bits || (page_log2 != 16 && ttb >> 48))
		return false;
	if (min < 64u - s->lim.ias)
		min = 64u - s->lim.ias;
	if (t0sz < min || t0sz > smmu_txsz_max(s, page_log2))
		return false;
	top = smmu_s2_top(s, page_log2, HWI_GET(SMMU_STE2_S2SL0, ste[2]));
	if (!s2_top_ok(s, page_log2, top))
		return false;
	/* The root resolves what is above @below: one entry at least, 16 tables at most. */
	below = vmsa_shift(page_log2, top);
	return 64 - t0sz > below && 64 - t0sz - below <= page_log2 - 3 + 4;
}

static bool s2_ok(const struct smmu_unit *s, const uint64_t *ste)
{
	if (!s2_stall_ok(s, ste))
		return false;
	if (!(ste[2] & SMMU_STE2_S2AA64)) /* no AArch32 tables: IDR0.TTF=10 */
		return false;
	if ((ste[2] & (SMMU_STE2_S2HA | SMMU_STE2_S2HD)) && !s->lim.httu_af)
		return false;
	if ((ste[2] & SMMU_STE2_S2HD) && !s->lim.httu_dirty)
		return false;
	/* IDR0.TTENDIAN=10 */
	return s2_tables_ok(s, ste) && !(ste[2] & SMMU_STE2_S2ENDI);
}

bool smmu_ste_ok(const struct smmu_unit *s, const uint64_t *ste)
{
	uint64_t config = HWI_GET(SMMU_STE0_CONFIG, ste[0]);

	if (!(ste[0] & SMMU_STE0_V))
		return false;
	if (!(config & SMMU_STE_CONFIG_F_TRANSLATE)) /* 0xx: nothing else is looked at */
		return true;
	if ((s1_on(ste) && !s->lim.s1) || (s2_on(ste) && !s->lim.s2))
		return false;
	if (!eats_ok(s, ste))
		return false;
	if (strw_used(s, ste) && (HWI_GET(SMMU_STE1_STRW, ste[1]) & 1))
		return false;
	if (s1_on(ste) && !s1_ok(s, ste))
		return false;
	if (s2_on(ste) && !s2_ok(s, ste))
		return false;
	/* S2VMID counts whenever NS-EL1 is what the stream's entries are tagged with. */
	return !s->lim.s2 || (s->cfg.idr0 & SMMU_IDR0_VMID16) || !(s1_on(ste) || s2_on(ste)) ||
	       smmu_ste_regime(s, ste) != SMMU_REGIME_EL1 ||
	       !(HWI_GET(SMMU_STE2_S2VMID, ste[2]) >> 8);
}

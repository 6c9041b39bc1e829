/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The path of a transaction: its STE and CD, decoded into what walks need, and kept
 * for the next transaction of the same stream and substream. What is kept goes
 * whenever anything is invalidated or evicted (hwi_utlb_purge()).
 */
#include "walk_s1.h"

static void stage2_decode(const struct smmu_unit *s, const uint64_t *ste, struct smmu_stage2 *t)
{
	unsigned int page_log2 = smmu_granule(HWI_GET(SMMU_STE2_S2TG, ste[2]));
	unsigned int out = smmu_address_bits(s, HWI_GET(SMMU_STE2_S2PS, ste[2]));
	bool ha = smmu_has(ste[2], SMMU_STE2_S2HA);
	struct vmsa_s2_mode m = {
		.page_log2 = (uint8_t)page_log2,
		.out_bits = (uint8_t)out,
		.oas = s->lim.oas,
		.af = ha || !(ste[2] & SMMU_STE2_S2AFFD),
		.hd = ha && (ste[2] & SMMU_STE2_S2HD),
		.xnx = s->cfg.idr3 & SMMU_IDR3_XNX,
	};

	t->page_log2 = (uint8_t)page_log2;
	t->width = (uint8_t)(64 - HWI_GET(SMMU_STE2_S2T0SZ, ste[2]));
	t->top = (uint8_t)smmu_s2_top(s, page_log2, HWI_GET(SMMU_STE2_S2SL0, ste[2]));
	t->out_bits = (uint8_t)out;
	t->root = ste[3] & SMMU_STE3_S2TTB &
		  smmu_root_mask(t->width - vmsa_shift(page_log2, t->top), out);
	t->ha = ha;
	t->fwb = (s->cfg.idr3 & SMMU_IDR3_FWB) && (ste[1] & SMMU_STE1_S2FWB);
	t->ptw = smmu_has(ste[2], SMMU_STE2_S2PTW);
	vmsa_s2_rules(&t->rules, &m);
}

static void half_decode(const struct vmsa_s1_mode *m, uint64_t txsz, uint64_t ttb,
			struct smmu_half *h)
{
	unsigned int page_log2 = m->page_log2;

	h->page_log2 = (uint8_t)page_log2;
	h->width = (uint8_t)(64 - txsz);
	/* Arm DDI 0487 D8.2: as many levels as the width needs. */
	h->top = (uint8_t)(1 + (h->width - 1u - page_log2) / (page_log2 - 3));
	h->out_bits = m->out_bits;
	h->root = ttb & smmu_root_mask(h->width - vmsa_shift(page_log2, h->top), m->out_bits);
	vmsa_s1_rules(&h->rules, m);
}

static void cd_decode(const struct smmu_unit *s, const uint64_t *cd, struct smmu_path *p)
{
	bool two = p->regime != SMMU_REGIME_EL2;
	struct vmsa_s1_mode m;

	p->a = smmu_has(cd[0], SMMU_CD0_A);
	p->r = smmu_has(cd[0], SMMU_CD0_R);
	p->s = smmu_has(cd[0], SMMU_CD0_S);
	p->ha = smmu_has(cd[0], SMMU_CD0_HA);
	p->wxn = smmu_has(cd[0], SMMU_CD0_WXN);
	p->pan = two && (cd[0] & SMMU_CD0_PAN);
	p->asid = two ? (uint16_t)HWI_GET(SMMU_CD0_ASID, cd[0]) : 0;
	p->aset = smmu_has(cd[0], SMMU_CD0_ASET);

	m = (struct vmsa_s1_mode){
		.page_log2 = (uint8_t)smmu_granule(HWI_GET(SMMU_CD0_TG0, cd[0])),
		.out_bits = (uint8_t)smmu_address_bits(s, HWI_GET(SMMU_CD0_IPS, cd[0])),
		.oas = s->lim.oas,
		.af = p->ha || !(cd[0] & SMMU_CD0_AFFD),
		.hd = p->ha && (cd[0] & SMMU_CD0_HD),
		.had = (s->cfg.idr3 & SMMU_IDR3_HAD) && (cd[1] & SMMU_CD1_HAD0),
		.one_priv = !two,
	};
	p->half[0].epd = two && (cd[0] & SMMU_CD0_EPD0);
	p->half[0].tbi = smmu_has(cd[0], SMMU_CD0_TBI0);
	p->half[0].e0pd = two && (s->cfg.idr3 & SMMU_IDR3_E0PD) && (cd[1] & SMMU_CD1_E0PD0);
	if (!p->half[0].epd)
		half_decode(&m, HWI_GET(SMMU_CD0_T0SZ, cd[0]), cd[1] & SMMU_CD1_TTB0,
			    &p->half[0]);
	if (!two)
		return;
	m.page_log2 = (uint8_t)smmu_granule1(HWI_GET(SMMU_CD0_TG1, cd[0]));
	m.had = (s->cfg.idr3 & SMMU_IDR3_HAD) && (cd[2] & SMMU_CD2_HAD1);
	p->half[1].epd = smmu_has(cd[0], SMMU_CD0_EPD1);
	p->half[1].tbi = smmu_has(cd[0], SMMU_CD0_TBI1);
	p->half[1].e0pd = (s->cfg.idr3 & SMMU_IDR3_E0PD) && (cd[2] & SMMU_CD2_E0PD1);
	if (!p->half[1].epd)
		half_decode(&m, HWI_GET(SMMU_CD0_T1SZ, cd[0]), cd[2] & SMMU_CD2_TTB1,
			    &p->half[1]);
}

/*
 * Substreams (§3.3.2, §5.2 S1DSS): whether stage 1 is in use, and which CD. @config is
 * that of a valid STE.
 */
static bool substream(const struct smmu_unit *s, const uint64_t *ste, uint32_t ssid,
		      struct smmu_path *p, uint32_t *index, struct smmu_fault *f)
{
	uint64_t config = HWI_GET(SMMU_STE0_CONFIG, ste[0]);
	unsigned int cdmax = s->lim.ssid_bits ? HWI_GET32(SMMU_STE0_S1CDMAX, ste[0]) : 0;
	uint64_t dss = HWI_GET(SMMU_STE1_S1DSS, ste[1]);
	bool has_ssid = ssid != HWI_PASID_NONE;

	p->s1 = smmu_has(config, SMMU_STE_CONFIG_F_S1);
	p->s2 = smmu_has(config, SMMU_STE_CONFIG_F_S2);
	*index = 0;
	if (has_ssid && (!p->s1 || !cdmax || ssid >> cdmax)) {
		f->code = SMMU_EVT_C_BAD_SUBSTREAMID;
		f->ssid = ssid;
		return false;
	}
	if (!p->s1 || !cdmax)
		return true;
	if (has_ssid) {
		*index = ssid;
		if (ssid || dss != SMMU_S1DSS_SSID0)
			return true;
	} else if (dss == SMMU_S1DSS_BYPASS) {
		p->s1 = false;
		return true;
	} else if (dss == SMMU_S1DSS_SSID0) {
		return true;
	}
	f->code = SMMU_EVT_F_STREAM_DISABLED;
	return false;
}

static void overrides(const struct smmu_unit *s, const uint64_t *ste, struct smmu_path *p)
{
	if (!(s->cfg.idr1 & SMMU_IDR1_ATTR_PERMS_OVR))
		return;
	p->privcfg = (uint8_t)HWI_GET(SMMU_STE1_PRIVCFG, ste[1]);
	p->instcfg = (uint8_t)HWI_GET(SMMU_STE1_INSTCFG, ste[1]);
}

/* What the usual leaves come to. */
static void plain_s2(struct smmu_stage2 *t)
{
	const struct hwi_pt_format *format = smmu_s2_format(t->page_log2);

	for (unsigned int xn = 0; xn < 4; xn++) {
		uint64_t leaf = t->rules.plain_leaf | HWI_PUT(VMSA_S2_XN, xn);

		t->plain_flags[xn] = (uint32_t)(
			HWI_PUT(SMMU_T_S2, format->rights(&t->rules, leaf)) | SMMU_T_S2_DIRTY);
	}
}

static void plain_s1(const struct smmu_path *p, struct smmu_half *h)
{
	const struct hwi_pt_format *format = smmu_s1_format(h->page_log2);

	for (unsigned int xn = 0; xn < 4; xn++) {
		uint64_t leaf = h->rules.plain_leaf | HWI_PUT(VMSA_S1_UXN | VMSA_S1_PXN, xn);

		h->plain_flags[xn] = (uint32_t)(
			HWI_PUT(SMMU_T_S1, smmu_s1_rights(p, format->rights(&h->rules, leaf))) |
			HWI_PUT(SMMU_T_LEAF, VMSA_SHIFT_4K) | SMMU_T_S1_DIRTY);
	}
}

/* The same, and what the usual transactions ask for. */
static void plain_flags(struct smmu_path *p)
{
	p->priv = p->privcfg == SMMU_PRIVCFG_PRIVILEGED;
	p->want_read = (p->priv ? VMSA_PR : VMSA_UR) |
		       (uint32_t)HWI_PUT(SMMU_T_S2, VMSA_S2_R);
	p->want_write = (p->priv ? VMSA_PW : VMSA_UW) |
			(uint32_t)HWI_PUT(SMMU_T_S2, VMSA_S2_W) | SMMU_T_DIRTY;
	if (p->s2)
		plain_s2(&p->stage2);
	for (unsigned int n = 0; p->s1 && n < 2; n++)
		plain_s1(p, &p->half[n]);
}

/* Whether the usual walk is one that walk_quick.h knows. */
static uint8_t quick_kind(const struct smmu_path *p)
{
	const struct smmu_half *h = p->half;
	bool s1 = p->s1 && (h[0].epd || h[0].page_log2 == VMSA_SHIFT_4K) &&
		  (h[1].epd || p->regime == SMMU_REGIME_EL2 ||
		   h[1].page_log2 == VMSA_SHIFT_4K);
	bool s2 = p->s2 && p->stage2.page_log2 == VMSA_SHIFT_4K;

	if (p->instcfg == SMMU_INSTCFG_INSTRUCTION || h[0].e0pd || h[1].e0pd || h[0].tbi ||
	    h[1].tbi || p->pan || !p->kept)
		return SMMU_QUICK_NO;
	if (s1 && s2)
		return SMMU_QUICK_NESTED;
	if (s1 && !p->s2)
		return SMMU_QUICK_S1;
	return s2 && !p->s1 ? SMMU_QUICK_S2 : SMMU_QUICK_NO;
}

/* How the stream's translations are tagged (§3.17). */
static void tag(struct smmu_path *p)
{
	p->tlb_a = HWI_PUT(SMMU_TLB_KEY_REGIME, p->regime) | (p->s1 ? 0 : SMMU_TLB_KEY_S2_ONLY);
	p->tlb_b = (p->s1 ? p->asid : 0) | (uint64_t)p->vmid << 16;
	p->tag = smmu_tag(p->regime, p->vmid, p->s1 ? p->asid : 0);
}

static bool build(struct smmu_unit *s, uint32_t sid, uint32_t ssid, struct smmu_path *p,
		  struct smmu_fault *f)
{
	uint64_t ste[SMMU_STE_KEPT], cd[SMMU_CD_KEPT];
	uint32_t index;
	bool nested;

	*p = (struct smmu_path){ 0 };
	if (!smmu_ste_find(s, sid, ste, f))
		return false;
	p->mev = smmu_has(ste[1], SMMU_STE1_MEV);
	p->kept = smmu_cache_of(s, SMMU_CACHE_STE)->capacity;
	if (!(HWI_GET(SMMU_STE0_CONFIG, ste[0]) & SMMU_STE_CONFIG_F_TRANSLATE)) {
		p->abort = true;
		return true;
	}
	overrides(s, ste, p);
	p->bypass_bits = HWI_GET(SMMU_STE0_CONFIG, ste[0]) == SMMU_STE_CONFIG_BYPASS
				 ? s->lim.oas
				 : s->lim.ias;
	p->s2s = smmu_has(ste[2], SMMU_STE2_S2S);
	p->s2r = smmu_has(ste[2], SMMU_STE2_S2R);
	p->regime = smmu_ste_regime(s, ste);
	if (s->lim.s2 && p->regime == SMMU_REGIME_EL1)
		p->vmid = (uint16_t)HWI_GET(SMMU_STE2_S2VMID, ste[2]);
	if (!substream(s, ste, ssid, p, &index, f))
		return false;
	nested = p->s2;
	if (nested)
		stage2_decode(s, ste, &p->stage2);
	if (p->s1) {
		p->kept = p->kept && smmu_cache_of(s, SMMU_CACHE_CD)->capacity;
		if (!smmu_cd_find(s, sid, ste, index, p, cd, f))
			return false;
		cd_decode(s, cd, p);
	}
	tag(p);
	p->quick = quick_kind(p);
	plain_flags(p);
	return true;
}

void smmu_path_stage2(const struct smmu_unit *s, const uint64_t *ste, struct smmu_path *p)
{
	*p = (struct smmu_path){
		.s2 = true,
		.mev = smmu_has(ste[1], SMMU_STE1_MEV),
		.s2r = smmu_has(ste[2], SMMU_STE2_S2R),
		.s2s = smmu_has(ste[2], SMMU_STE2_S2S),
		.bypass_bits = s->lim.ias,
		.regime = SMMU_REGIME_EL1,
		.vmid = (uint16_t)HWI_GET(SMMU_STE2_S2VMID, ste[2]),
	};
	overrides(s, ste, p);
	stage2_decode(s, ste, &p->stage2);
	tag(p);
}

const struct smmu_path *smmu_path_build(struct smmu_unit *s, uint32_t sid, uint32_t ssid,
					const struct smmu_path **at, struct smmu_fault *f)
{
	struct smmu_memo *m = smmu_memo_of(s, sid, ssid);

	*at = &m->path;
	m->gen = 0;
	for (unsigned int n = 0; n <= SMMU_WALK_RETRIES; n++) {
		*f = (struct smmu_fault){ .code = SMMU_NO_FAULT };
		if (build(s, sid, ssid, &m->path, f)) {
			m->who = smmu_who(sid, ssid);
			/* Where caches hold nothing, structures are seen to be read each time. */
			m->gen = m->path.kept ? s->base.utlb.gen : 0;
			return &m->path;
		}
		if (f->code != SMMU_RETRY)
			return NULL;
	}
	/* Software never stops changing what stage 2 has to mark. */
	f->code = SMMU_EVT_F_WALK_EABT;
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * PASID directory and PASID table (VT-d 5.10 §3.4.3, §9.5, §9.6): from the PASID
 * cache or from memory, with the checks of Table 30 in its order.
 */
#include "walk.h"

/* Reserved bits by capability, qword by qword (§9.6). */
static bool reserved(const struct vtd_unit *v, const uint64_t *q)
{
	uint64_t m0 = VTD_PE_Q0_RSVD | v->lim.haw_rsvd;
	uint64_t m1 = VTD_PE_Q1_RSVD;
	uint64_t m2 = VTD_PE_Q2_RSVD | v->lim.haw_rsvd;

	if (!vtd_has_ecap(v, VTD_ECAP_SSTS))
		m0 |= VTD_PE_Q0_AW | VTD_PE_Q0_SSADE | VTD_PE_Q0_SSPTPTR;
	if (!vtd_has_ecap(v, VTD_ECAP_SSADS))
		m0 |= VTD_PE_Q0_SSADE;
	m1 |= VTD_PE_Q1_DID & ~(uint64_t)v->lim.did_mask;
	if (!vtd_has_ecap(v, VTD_ECAP_SMPWCS))
		m1 |= VTD_PE_Q1_PWSNP;
	if (!vtd_has_ecap(v, VTD_ECAP_SC))
		m1 |= VTD_PE_Q1_PGSNP;
	if (!vtd_has_ecap(v, VTD_ECAP_MTS))
		m1 |= VTD_PE_Q1_CD | VTD_PE_Q1_EMTE | VTD_PE_Q1_PAT;
	if (!vtd_has_ecap(v, VTD_ECAP_SRS))
		m2 |= VTD_PE_Q2_SRE;
	if (!vtd_has_ecap(v, VTD_ECAP_FSTS))
		m2 |= VTD_PE_Q2_FSPM | VTD_PE_Q2_WPE | VTD_PE_Q2_FSPTPTR;
	if (!vtd_has_ecap(v, VTD_ECAP_EAFS))
		m2 |= VTD_PE_Q2_EAFE;
	/* Qwords 4 and 5 are the host permission table's: reserved without HPTS. */
	return has_bits(q[0], m0) || has_bits(q[1], m1) || has_bits(q[2], m2) || q[3] || q[4] ||
	       q[5] || q[6] || q[7];
}

/* Wrong values of fields that are there (SPT.4.*). */
static enum vtd_fault_cond programming(const struct vtd_unit *v, const uint64_t *q)
{
	uint64_t pgtt = HWI_GET(VTD_PE_Q0_PGTT, q[0]);
	uint32_t aw = HWI_GET32(VTD_PE_Q0_AW, q[0]);
	uint64_t fspm = HWI_GET(VTD_PE_Q2_FSPM, q[2]);
	bool second = pgtt == VTD_PGTT_SS || pgtt == VTD_PGTT_NESTED;
	uint64_t need = pgtt == VTD_PGTT_FS	    ? VTD_ECAP_FSTS
			: pgtt == VTD_PGTT_SS	    ? VTD_ECAP_SSTS
			: pgtt == VTD_PGTT_NESTED   ? VTD_ECAP_NEST
			: pgtt == VTD_PGTT_PT	    ? VTD_ECAP_PT
						    : 0;

	if (!vtd_has_ecap(v, need))
		return VTD_FC_SPT_4_2;
	if (second && !(HWI_GET32(VTD_CAP_SAGAW, v->cfg.cap) >> aw & 1))
		return VTD_FC_SPT_4_1;
	/* Not one of the fields that a PGTT without first stage ignores (§9.6). */
	if (fspm != VTD_FSPM_4 && !(fspm == VTD_FSPM_5 && vtd_has_cap(v, VTD_CAP_FS5LP)))
		return VTD_FC_SPT_4_3;
	if (pgtt == VTD_PGTT_NESTED &&
	    has_bits(q[2] & VTD_PE_Q2_FSPTPTR, vtd_ss_beyond(v, aw)))
		return VTD_FC_SPT_4_4;
	return VTD_FC_NONE;
}

static enum vtd_fault_cond entry_faults(const struct vtd_unit *v, const uint64_t *q)
{
	if (!(q[0] & VTD_PE_Q0_P))
		return VTD_FC_SPT_2;
	if (reserved(v, q))
		return VTD_FC_SPT_3;
	return programming(v, q);
}

bool vtd_pasid_payload_ok(const struct vtd_unit *v, const struct vtd_pasid_payload *c)
{
	uint64_t q[VTD_PE_QWORDS] = { c->q[0], c->q[1], c->q[2] };
	enum vtd_fault_cond cond = entry_faults(v, q);

	/* Of a faulting entry, qwords that are not kept may have been at fault. */
	return c->cond == (uint64_t)cond || c->cond == VTD_FC_SPT_3;
}

/* How d->pe came about. */
struct origin {
	bool read;    /* from memory, all of it */
	bool dir_fpd; /* then: FPD of the directory entry */
};

/* The PASID table entry into d->pe, with the faults of directory and entry. */
static enum vtd_fault_cond pasid_entry(struct vtd_unit *v, struct vtd_device *d, struct origin *o)
{
	struct hwi_cache_entry *e = hwi_cache_find(&v->pasid, vtd_pasid_key(d->sid, d->pasid_tag));
	const struct vtd_pasid_payload *c;
	uint64_t dir, at;

	memset(d->pe, 0, sizeof(d->pe));
	*o = (struct origin){ false, false };
	if (e) {
		c = hwi_cache_payload_const(e);
		memcpy(d->pe, c->q, sizeof(c->q));
		d->fpd = d->fpd || c->fpd || has_bits(d->pe[0], VTD_PE_Q0_FPD);
		return (enum vtd_fault_cond)c->cond;
	}

	at = (d->ctx[0] & VTD_SCTX_Q0_PASIDDIRPTR) +
	     VTD_PASID_DIR_INDEX(d->pasid_tag) * VTD_PDE_ENTRY_SIZE;
	if (!hwi_load64(&v->base, at, &dir))
		return VTD_FC_SPD_1;
	o->dir_fpd = has_bits(dir, VTD_PDE_FPD);
	d->fpd = d->fpd || o->dir_fpd;
	if (!(dir & VTD_PDE_P))
		return VTD_FC_SPD_2;
	if (has_bits(dir, VTD_PDE_RSVD | v->lim.haw_rsvd))
		return VTD_FC_SPD_3;

	at = (dir & VTD_PDE_SMPTBLPTR) +
	     VTD_PASID_TABLE_INDEX(d->pasid_tag) * VTD_PE_ENTRY_SIZE;
	if (!hwi_load_words(&v->base, at, d->pe, VTD_PE_QWORDS))
		return VTD_FC_SPT_1;
	o->read = true;
	d->fpd = d->fpd || has_bits(d->pe[0], VTD_PE_Q0_FPD);
	return entry_faults(v, d->pe);
}

/* @cond: the entry's own fault, under which it has DID 0 (§6.2.3). */
static void keep_pasid(struct vtd_unit *v, const struct vtd_device *d, const struct origin *o,
		       enum vtd_fault_cond cond)
{
	struct hwi_cache_key key = vtd_pasid_key(d->sid, d->pasid_tag);
	uint32_t tag = cond == VTD_FC_NONE ? HWI_GET32(VTD_PE_Q1_DID, d->pe[1]) : 0;
	struct vtd_pasid_payload *c =
		hwi_cache_payload(hwi_cache_add(&v->pasid, key, hwi_cache_hash(key), tag));

	memcpy(c->q, d->pe, sizeof(c->q));
	c->fpd = o->dir_fpd;
	c->cond = cond;
}

/* What a good PASID entry says to this request. */
static enum vtd_fault_cond ask_pasid(const struct vtd_unit *v, struct vtd_device *d)
{
	d->pgtt = (uint8_t)HWI_GET(VTD_PE_Q0_PGTT, d->pe[0]);
	d->aw = (uint8_t)HWI_GET(VTD_PE_Q0_AW, d->pe[0]);
	d->did = HWI_GET32(VTD_PE_Q1_DID, d->pe[1]);
	if (d->page_request)
		return VTD_FC_NONE;
	if (d->eff_priv && !(d->pe[2] & VTD_PE_Q2_SRE))
		return VTD_FC_SPT_6;
	if (d->exe && d->pasid != HWI_PASID_NONE && v->cfg.ver_major <= 7)
		return VTD_FC_SPT_5;
	return VTD_FC_NONE;
}

/* What is cached and what is not: as with context entries. */
enum vtd_fault_cond vtd_pasid_lookup(struct vtd_unit *v, struct vtd_device *d)
{
	struct origin o;
	enum vtd_fault_cond own = pasid_entry(v, d, &o);
	enum vtd_fault_cond cond = own != VTD_FC_NONE ? own : ask_pasid(v, d);

	if (o.read && (cond == VTD_FC_NONE || (own != VTD_FC_NONE && vtd_caches_negative(v))))
		keep_pasid(v, d, &o, own);
	return cond;
}

void vtd_path_decode(const struct vtd_unit *v, const struct vtd_device *d, struct vtd_path *p)
{
	bool ssirwe = has_bits(v->active.rtaddr, VTD_RTADDR_SSIRWE);
	bool ssade = d->scalable && (d->pe[0] & VTD_PE_Q0_SSADE);
	bool eafe = d->scalable && (d->pe[2] & VTD_PE_Q2_EAFE);

	*p = (struct vtd_path){
		.did = d->did,
		.pasid = d->pasid_tag,
		.pgtt = d->pgtt,
		.ss_levels = (uint8_t)VTD_AW_LEVELS(d->aw),
		.fs_levels = HWI_GET(VTD_PE_Q2_FSPM, d->pe[2]) == VTD_FSPM_5 ? 5 : 4,
		.ss_beyond = vtd_ss_beyond(v, d->aw),
		.pt_beyond = v->lim.haw_rsvd,
		.ss_rules = &v->ss_rules[ssirwe][ssade],
		.fs_rules = &v->fs_rules[eafe],
		.legacy = !d->scalable,
		.fpd = d->fpd,
	};
	p->flags = HWI_PUT(VTD_IOTLB_PGTT, p->pgtt) | (p->fpd ? VTD_IOTLB_FPD : 0);
	if (!d->scalable) {
		/* Pass-through: AW is the largest width, or stands for none (§9.3). */
		if (v->cfg.cap & VTD_CAP_SAGAW)
			p->pt_beyond |= ~((UINT64_C(1) << VTD_AW_AGAW(d->aw)) - 1);
		p->ss_root = d->ctx[0] & VTD_CTX_L0_SSPTPTR;
		p->flags |= VTD_IOTLB_LEGACY;
		return;
	}
	p->ss_root = d->pe[0] & VTD_PE_Q0_SSPTPTR;
	p->fs_root = d->pe[2] & VTD_PE_Q2_FSPTPTR;
	p->rid_priv = d->pasid == HWI_PASID_NONE && d->eff_priv;
	p->wpe = has_bits(d->pe[2], VTD_PE_Q2_WPE);
	if (d->pe[1] & VTD_PE_Q1_PGSNP)
		p->flags |= VTD_IOTLB_SNP;
	if (p->rid_priv)
		p->flags |= VTD_IOTLB_RID_PRIV;
	p->pwsnp = has_bits(d->pe[1], VTD_PE_Q1_PWSNP);
}

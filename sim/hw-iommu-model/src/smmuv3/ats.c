/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ATS (SMMUv3 §3.9.1, §13.6, §13.7): translation requests and translated transactions. */
#include "walk_s1.h"

static bool has_ssid(const struct hwi_request *req)
{
	return req->pasid != HWI_PASID_NONE;
}

/* The smallest page that the unit has: the size of an answer without rights. */
static unsigned int stu(const struct smmu_unit *s)
{
	return s->lim.gran4k ? 12 : s->lim.gran16k ? 14 : 16;
}

/* Priv and Exe of a request are PASID attributes: without one they are 0. */
static struct hwi_request normal(const struct hwi_request *req)
{
	struct hwi_request r = *req;

	if (!has_ssid(req))
		r.access &= (uint8_t)~(HWI_PRIV | HWI_EXEC);
	return r;
}

static void nothing(const struct smmu_unit *s, const struct hwi_request *req,
		    struct hwi_response *resp)
{
	memset(resp, 0, sizeof(*resp));
	resp->outcome = HWI_SUCCESS;
	resp->span_log2 = (uint8_t)stu(s);
	resp->ats = req->access & HWI_PRIV ? HWI_ATS_PRIV : 0;
}

static void refuse(struct smmu_unit *s, const struct hwi_request *req, const struct smmu_path *p,
		   uint8_t code, bool record, uint8_t outcome, const struct smmu_fault *f,
		   struct hwi_response *resp)
{
	struct smmu_fault why = f ? *f : (struct smmu_fault){ .code = code };
	struct smmu_event ev;

	hwi_count(&s->base, HWI_STAT_FAULTS);
	memset(resp, 0, sizeof(*resp));
	resp->outcome = outcome;
	resp->fault = code;
	if (!record)
		return;
	smmu_event_of(req, p, &why, &ev);
	/* All as requested, before overrides (§7.3.6). */
	ev.ats_priv = req->access & HWI_PRIV;
	ev.ats_exec = req->access & HWI_EXEC;
	ev.ats_no_write = req->access & HWI_NO_WRITE;
	resp->recorded = smmu_event_record(s, &ev);
}

/* ---- translation requests ---- */

unsigned int smmu_ats_granted(uint64_t flags, const struct smmu_ask *ask)
{
	unsigned int s1 = smmu_s1_of(flags, ask->priv);
	uint64_t s2 = HWI_GET(SMMU_T_S2, flags);
	bool x = (s1 & VMSA_UX) && (s2 & (ask->priv ? VMSA_S2_PX : VMSA_S2_UX));
	bool r = (s1 & VMSA_UR) && (s2 & VMSA_S2_R);
	bool w = (s1 & VMSA_UW) && (s2 & VMSA_S2_W) && ask->dirty;
	bool exe = ask->exe;

	if (ask->instcfg == SMMU_INSTCFG_INSTRUCTION) {
		r = x;
		exe = exe && x;
	} else if (ask->instcfg == SMMU_INSTCFG_DATA) {
		exe = exe && r;
	} else {
		exe = exe && r && x;
	}
	return (r ? HWI_READ : 0) | (w ? HWI_WRITE : 0) | (exe ? HWI_EXEC : 0);
}

static void found(struct smmu_unit *s, const struct hwi_request *req, const struct smmu_ask *ask,
		  const struct smmu_found *t, bool split, struct hwi_response *resp)
{
	uint64_t in_page = hwi_iova_val(req->addr) & ((UINT64_C(1) << t->span_log2) - 1);

	nothing(s, req, resp);
	resp->rights = (uint8_t)smmu_ats_granted(t->flags, ask);
	/* Split stage: the ATC gets the IPA, and comes back with it. */
	resp->addr = hwi_hpa((split ? t->ipa : t->out) | in_page);
	resp->span_log2 = t->span_log2;
}

/*
 * Nothing but identity, for the PASID-less requests of a stream that bypasses stage 1:
 * readable and writable, whatever NW is (§13.6.4).
 */
static void untouched(struct smmu_unit *s, const struct smmu_path *p,
		      const struct hwi_request *req, struct hwi_response *resp)
{
	nothing(s, req, resp);
	if (hwi_iova_val(req->addr) >> p->bypass_bits) {
		resp->fault = SMMU_EVT_F_ADDR_SIZE;
		return;
	}
	resp->addr = hwi_hpa(hwi_iova_val(req->addr));
	resp->span_log2 = p->bypass_bits;
	resp->rights = HWI_READ | HWI_WRITE;
}

/* A fault that a page request may mend, or a lack of rights: Success without any. */
static bool is_page_fault(uint8_t code)
{
	return code == SMMU_EVT_F_TRANSLATION || code == SMMU_EVT_F_ADDR_SIZE ||
	       code == SMMU_EVT_F_ACCESS || code == SMMU_EVT_F_PERMISSION;
}

static void not_found(struct smmu_unit *s, const struct hwi_request *req,
		      const struct smmu_path *p, const struct smmu_fault *f,
		      struct hwi_response *resp)
{
	bool record = s->eff.rec_cfg_ats;

	if (is_page_fault(f->code)) {
		nothing(s, req, resp);
		resp->fault = f->code;
		return;
	}
	if (f->code == SMMU_EVT_C_BAD_STREAMID)
		record = record && s->eff.recinvsid;
	refuse(s, req, p, f->code, record, HWI_COMPLETER_ABORT, f, resp);
}

void smmu_ats_request(struct smmu_unit *s, const struct hwi_request *request,
		      struct hwi_response *resp)
{
	const struct hwi_request r = normal(request), *req = &r;
	const struct smmu_path *at = NULL, *p;
	uint64_t ste[SMMU_STE_KEPT];
	struct smmu_fault f = { .code = SMMU_NO_FAULT };
	struct smmu_found t;
	struct smmu_ask ask;
	uint64_t config, eats;

	if (!s->eff.smmuen) {
		refuse(s, req, NULL, SMMU_EVT_F_BAD_ATS_TREQ, true, HWI_UNSUPPORTED_REQUEST, NULL,
		       resp);
		return;
	}
	if (!smmu_ste_find(s, req->requester, ste, &f)) {
		not_found(s, req, NULL, &f, resp);
		return;
	}
	config = HWI_GET(SMMU_STE0_CONFIG, ste[0]);
	eats = smmu_ste_eats(s, ste);
	if (!(config & SMMU_STE_CONFIG_F_TRANSLATE)) {
		memset(resp, 0, sizeof(*resp));
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		return;
	}
	if (config == SMMU_STE_CONFIG_BYPASS || eats == SMMU_EATS_ABT) {
		refuse(s, req, NULL, SMMU_EVT_F_BAD_ATS_TREQ, true, HWI_UNSUPPORTED_REQUEST, NULL,
		       resp);
		return;
	}
	p = smmu_path(s, req->requester, req->pasid, &at, &f);
	if (!p) {
		not_found(s, req, at, &f, resp);
		return;
	}
	if (!p->s1 && !p->s2) {
		untouched(s, p, req, resp);
		return;
	}
	ask = smmu_ask_of(req, p);
	ask = (struct smmu_ask){
		.priv = ask.priv,
		.dirty = !(req->access & HWI_NO_WRITE),
		.exe = req->access & HWI_EXEC,
		.instcfg = p->instcfg,
	};
	if (smmu_resolve(s, p, hwi_iova_val(req->addr), &ask, &t, &f))
		found(s, req, &ask, &t, eats == SMMU_EATS_SPLIT, resp);
	else
		not_found(s, req, p, &f, resp);
}

/* ---- translated transactions ---- */

static void through(struct smmu_unit *s, const struct hwi_request *req, struct hwi_response *resp)
{
	memset(resp, 0, sizeof(*resp));
	if (hwi_iova_val(req->addr) >> s->lim.oas) {
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		return;
	}
	resp->addr = hwi_hpa(hwi_iova_val(req->addr));
	resp->span_log2 = s->lim.oas;
	resp->rights = HWI_READ | HWI_WRITE;
}

/* EATS=10: the address is an IPA, and stage 2 has still to be done (§3.9.1.3, §13.6.3). */
static void second_stage(struct smmu_unit *s, const struct hwi_request *req, const uint64_t *ste,
			 struct hwi_response *resp)
{
	struct smmu_ask ask;
	struct smmu_path p;
	struct smmu_found t;
	struct smmu_fault f;

	smmu_path_stage2(s, ste, &p);
	ask = smmu_ask_of(req, &p); /* the STE overrides here, too (§13.7) */
	if (!smmu_resolve(s, &p, hwi_iova_val(req->addr), &ask, &t, &f)) {
		smmu_refuse(s, req, &p, &f, resp);
		return;
	}
	memset(resp, 0, sizeof(*resp));
	resp->addr = hwi_hpa(t.out |
			     (hwi_iova_val(req->addr) & ((UINT64_C(1) << t.span_log2) - 1)));
	resp->span_log2 = t.span_log2;
	resp->rights = (uint8_t)((ask.read ? HWI_READ : 0) | (ask.write ? HWI_WRITE : 0));
}

void smmu_ats_translated(struct smmu_unit *s, const struct hwi_request *request,
			 struct hwi_response *resp)
{
	struct hwi_request r = *request, *req = &r;
	uint64_t ste[SMMU_STE_KEPT], config, eats;
	struct smmu_fault f = { .code = SMMU_NO_FAULT };

	/* IDR3.PASIDTT=0: a PASID, and its attributes, are not looked at. */
	r.pasid = HWI_PASID_NONE;
	r.access &= (uint8_t)~(HWI_PRIV | HWI_EXEC);
	if (!s->eff.smmuen || !(s->cfg.idr0 & SMMU_IDR0_ATS)) {
		refuse(s, req, NULL, SMMU_EVT_F_TRANSL_FORBIDDEN, true, HWI_UNSUPPORTED_REQUEST,
		       NULL, resp);
		return;
	}
	if (!s->eff.atschk) {
		through(s, req, resp);
		return;
	}
	if (!smmu_ste_find(s, req->requester, ste, &f)) {
		refuse(s, req, NULL, f.code, s->eff.rec_cfg_ats, HWI_UNSUPPORTED_REQUEST, &f, resp);
		return;
	}
	config = HWI_GET(SMMU_STE0_CONFIG, ste[0]);
	eats = smmu_ste_eats(s, ste);
	if (!(config & SMMU_STE_CONFIG_F_TRANSLATE)) {
		memset(resp, 0, sizeof(*resp));
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
	} else if (config == SMMU_STE_CONFIG_BYPASS || eats == SMMU_EATS_ABT) {
		refuse(s, req, NULL, SMMU_EVT_F_TRANSL_FORBIDDEN, true, HWI_UNSUPPORTED_REQUEST,
		       NULL, resp);
	} else if (eats == SMMU_EATS_SPLIT) {
		second_stage(s, req, ste, resp);
	} else {
		through(s, req, resp);
	}
}

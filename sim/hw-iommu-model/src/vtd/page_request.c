/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Page requests: checks, the page request queue and its overflow, automatic
 * responses (VT-d 5.10 §7.4 to §7.5, Table 27, Table 31).
 */
#include "vtd.h"

static uint64_t queue_size(const struct vtd_unit *v)
{
	return UINT64_C(4096) << HWI_GET(VTD_PQA_PQS, v->regs.pqa);
}

/* One slot stays free: the queue is full when the tail is right behind the head. */
static bool full(const struct vtd_unit *v)
{
	uint64_t mask = queue_size(v) - 1;

	return ((v->regs.pqt + VTD_PRD_SIZE) & mask) == (v->regs.pqh & mask);
}

/* A last request that asks for nothing; it wants no response (§7.4.1.1). */
static bool is_stop_marker(const struct hwi_page_request *req)
{
	return req->last && !(req->access & (HWI_READ | HWI_WRITE));
}

static void respond(struct vtd_unit *v, const struct hwi_page_request *req, uint8_t code)
{
	const struct hwi_prg_response resp = {
		.requester = req->requester,
		.pasid = req->pasid,
		.prgi = req->prgi,
		.code = code,
	};

	if (req->last && !is_stop_marker(req) && v->base.host->prg_response)
		v->base.host->prg_response(v->base.opaque, &resp);
}

/* PPR and PRO share an event: it is due if neither was set before (§7.5). */
static void set_status(struct vtd_unit *v, uint32_t status)
{
	bool quiet = !v->regs.prs;

	v->regs.prs |= status;
	if (quiet)
		vtd_event_raise(v, &v->regs.pe);
}

static void record(struct vtd_unit *v, const struct hwi_page_request *req,
		   enum vtd_fault_cond fc, bool fpd)
{
	const struct vtd_fault f = {
		.cond = fc,
		.sid = (uint16_t)req->requester,
		.pasid = req->pasid,
		.addr = hwi_iova_val(req->addr),
		.type = VTD_FT_PAGE_REQUEST,
		.exe = req->access & HWI_EXEC,
		.priv = req->access & HWI_PRIV,
	};

	hwi_count(&v->base, HWI_STAT_FAULTS);
	if (!(vtd_fault_info(fc)->qualified && fpd))
		vtd_fault_record(v, &f);
}

/*
 * The IOTLB must not hold what software is about to change, or the retried
 * access would fault again (Table 27).
 */
static void invalidate(struct vtd_unit *v, const struct vtd_device *d, uint64_t addr)
{
	switch (d->pgtt) {
	case VTD_PGTT_FS:
		vtd_inv_piotlb_page(v, d->did, d->pasid_tag, addr, 0, false);
		break;
	case VTD_PGTT_NESTED:
		vtd_inv_iotlb_domain(v, d->did);
		break;
	default:
		vtd_inv_iotlb_page(v, d->did, addr & v->lim.mgaw_mask, 0, false);
		break;
	}
}

/* A posted write: that it goes nowhere is noticed by nobody. */
static void write_descriptor(struct vtd_unit *v, const struct hwi_page_request *req,
			     uint64_t page)
{
	uint64_t q0 = HWI_PUT(VTD_PRD_Q0_TYPE, VTD_PRD_TYPE_PAGE_REQ) |
		      HWI_PUT(VTD_PRD_Q0_RID, req->requester);
	uint64_t q1 = page | HWI_PUT(VTD_PRD_Q1_PRGI, req->prgi);
	uint64_t at = (v->regs.pqa & VTD_PQA_PQA) + (v->regs.pqt & (queue_size(v) - 1));
	unsigned char buf[VTD_PRD_SIZE] = { 0 };

	if (req->pasid != HWI_PASID_NONE) {
		q0 |= VTD_PRD_Q0_PP | HWI_PUT(VTD_PRD_Q0_PASID, req->pasid);
		if (req->access & HWI_EXEC)
			q0 |= VTD_PRD_Q0_EXR;
		if (req->access & HWI_PRIV)
			q0 |= VTD_PRD_Q0_PMR;
	}
	if (req->access & HWI_READ)
		q1 |= VTD_PRD_Q1_RDR;
	if (req->access & HWI_WRITE)
		q1 |= VTD_PRD_Q1_WRR;
	if (req->last)
		q1 |= VTD_PRD_Q1_LPIG;
	hwi_st64(buf, q0);
	hwi_st64(buf + 8, q1);
	(void)hwi_mem_write(&v->base, at, buf, sizeof(buf));
}

static void enqueue(struct vtd_unit *v, const struct hwi_page_request *req,
		    const struct vtd_device *d)
{
	uint64_t page = hwi_iova_val(req->addr) & VTD_PRD_Q1_ADDR;

	if ((v->regs.prs & VTD_PRS_PRO) || full(v)) {
		if (is_stop_marker(req))
			return; /* SMS: dropped without a trace */
		set_status(v, VTD_PRS_PRO);
		respond(v, req, HWI_PRG_SUCCESS); /* the device shall try again */
		return;
	}
	invalidate(v, d, page);
	write_descriptor(v, req, page);
	v->regs.pqt = (v->regs.pqt + VTD_PRD_SIZE) & (queue_size(v) - 1);
	set_status(v, VTD_PRS_PPR);
}

void vtd_page_request(struct hwi_unit *unit, const struct hwi_page_request *req)
{
	struct vtd_unit *v = to_vtd(unit);
	struct vtd_device d = {
		.sid = (uint16_t)req->requester,
		.pasid = req->pasid,
		.kind = HWI_UNTRANSLATED,
		.page_request = true,
		.exe = req->access & HWI_EXEC,
		.priv = req->access & HWI_PRIV,
	};
	enum vtd_fault_cond fc;

	hwi_count(unit, HWI_STAT_PAGE_REQUESTS);
	/* No page requests without translation; whether that is a fault is not said. */
	if (!vtd_has_ecap(v, VTD_ECAP_PRS) || !(v->regs.gsts & VTD_GSTS_TES)) {
		respond(v, req, HWI_PRG_INVALID);
		return;
	}
	fc = vtd_device_lookup(v, &d);
	if (fc != VTD_FC_NONE) {
		record(v, req, fc, d.fpd);
		respond(v, req, HWI_PRG_INVALID);
		return;
	}
	enqueue(v, req, &d);
}

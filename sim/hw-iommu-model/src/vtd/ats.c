/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Completions of ATS translation requests (VT-d 5.10 §4.2.3). */
#include "walk.h"

/* Priv says whose rights the completion tells: those of a privileged PASID request. */
static uint8_t priv_flag(const struct hwi_request *req)
{
	return req->pasid != HWI_PASID_NONE && (req->access & HWI_PRIV) ? HWI_ATS_PRIV : 0;
}

/* Success without any right: R=W=U=S=0. */
void vtd_ats_nothing(const struct hwi_request *req, struct hwi_response *resp)
{
	resp->outcome = HWI_SUCCESS;
	resp->span_log2 = VTD_PAGE_SHIFT;
	resp->ats = priv_flag(req);
}

/*
 * @out: host address of the page of 2^@shift bytes; @flags: VTD_IOTLB_* for this
 * page. The rights are those of the request's privilege.
 */
void vtd_ats_answer(const struct vtd_unit *v, const struct hwi_request *req, uint64_t out,
		    unsigned int shift, uint64_t flags, struct hwi_response *resp)
{
	bool priv = req->pasid == HWI_PASID_NONE ? flags & VTD_IOTLB_RID_PRIV
						 : req->access & HWI_PRIV;
	uint64_t w = priv ? VTD_IOTLB_W_PRIV : VTD_IOTLB_W_USER;

	vtd_ats_nothing(req, resp);
	if (flags & VTD_IOTLB_R)
		resp->rights |= HWI_READ;
	if ((flags & w) && !vtd_no_write(v, req))
		resp->rights |= HWI_WRITE;
	resp->addr = hwi_hpa(out | (hwi_iova_val(req->addr) & ((UINT64_C(1) << shift) - 1)));
	resp->span_log2 = (uint8_t)shift;
	resp->snooped = flags & VTD_IOTLB_SNP;
	if (resp->snooped)
		resp->ats |= HWI_ATS_N;
}

/*
 * Special conditions S.1 and S.2 (Table 30): the interrupt range without PASID is
 * to be reached by untranslated writes, or not at all if NW was asked for.
 */
void vtd_ats_interrupt_range(const struct vtd_unit *v, const struct hwi_request *req,
			     struct hwi_response *resp)
{
	vtd_ats_nothing(req, resp);
	if (vtd_no_write(v, req))
		return;
	resp->addr = hwi_hpa(hwi_iova_val(req->addr));
	resp->rights = HWI_WRITE;
	resp->ats |= HWI_ATS_U;
}

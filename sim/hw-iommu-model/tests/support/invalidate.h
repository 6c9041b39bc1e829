/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Invalidation descriptors by what they name (VT-d 5.10 §6.5.2), done at once. */
#ifndef TESTS_INVALIDATE_H
#define TESTS_INVALIDATE_H

#include "bench.h"

static inline void inv_context_domain(struct bench *b, uint32_t did)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_cc_inv) | HWI_PUT(VTD_CC_Q0_G, VTD_CC_G_DOMAIN) |
			 HWI_PUT(VTD_CC_Q0_DID, did),
		 0);
}

static inline void inv_context_device(struct bench *b, uint32_t did, uint16_t sid, unsigned int fm)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_cc_inv) | HWI_PUT(VTD_CC_Q0_G, VTD_CC_G_DEVICE) |
			 HWI_PUT(VTD_CC_Q0_DID, did) | HWI_PUT(VTD_CC_Q0_SID, sid) |
			 HWI_PUT(VTD_CC_Q0_FM, fm),
		 0);
}

static inline void inv_pasid_domain(struct bench *b, uint32_t did)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_pc_inv) | HWI_PUT(VTD_PC_Q0_G, VTD_PC_G_DOMAIN) |
			 HWI_PUT(VTD_PC_Q0_DID, did),
		 0);
}

static inline void inv_pasid_one(struct bench *b, uint32_t did, uint32_t pasid)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_pc_inv) | HWI_PUT(VTD_PC_Q0_G, VTD_PC_G_PASID) |
			 HWI_PUT(VTD_PC_Q0_DID, did) | HWI_PUT(VTD_PC_Q0_PASID, pasid),
		 0);
}

static inline void inv_iotlb_domain(struct bench *b, uint32_t did)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_iotlb_inv) |
			 HWI_PUT(VTD_IOTLB_INV_Q0_G, VTD_IOTLB_INV_G_DOMAIN) |
			 HWI_PUT(VTD_IOTLB_INV_Q0_DID, did),
		 0);
}

static inline void inv_iotlb_page(struct bench *b, uint32_t did, uint64_t addr, unsigned int am,
				  bool ih)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_iotlb_inv) |
			 HWI_PUT(VTD_IOTLB_INV_Q0_G, VTD_IOTLB_INV_G_PAGE) |
			 HWI_PUT(VTD_IOTLB_INV_Q0_DID, did),
		 addr | am | (ih ? VTD_IOTLB_INV_Q1_IH : 0));
}

static inline void inv_piotlb_pasid(struct bench *b, uint32_t did, uint32_t pasid)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_p_iotlb_inv) |
			 HWI_PUT(VTD_P_IOTLB_Q0_G, VTD_P_IOTLB_G_PASID) |
			 HWI_PUT(VTD_P_IOTLB_Q0_DID, did) | HWI_PUT(VTD_P_IOTLB_Q0_PASID, pasid),
		 0);
}

static inline void inv_piotlb_page(struct bench *b, uint32_t did, uint32_t pasid, uint64_t addr,
				   unsigned int am, bool ih)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_p_iotlb_inv) |
			 HWI_PUT(VTD_P_IOTLB_Q0_G, VTD_P_IOTLB_G_PAGE) |
			 HWI_PUT(VTD_P_IOTLB_Q0_DID, did) | HWI_PUT(VTD_P_IOTLB_Q0_PASID, pasid),
		 addr | am | (ih ? VTD_P_IOTLB_Q1_IH : 0));
}

#endif

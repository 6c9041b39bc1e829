/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Intel VT-d: descriptors of the invalidation queue (VT-d 5.10 §6.5.2, page group response §7.6.1).
 *
 * 128-bit descriptors are Q0, Q1. With IQA.DW=1 a descriptor has 256 bits and Q2, Q3 are reserved whole for every type.
 * x_RSVD is what is reserved whatever the capabilities; a reserved bit that is set is an IQE (VTD_IQEI_RSVD).
 */
#ifndef HWIOMMU_VTD_DESCRIPTORS_H
#define HWIOMMU_VTD_DESCRIPTORS_H

#include "../bits.h"

/* X(name, type, gate, section, title); gates as in regs.h */
#define VTD_DESCRIPTORS(X) \
	X(cc_inv,        0x1, ALWAYS, "6.5.2.1", "Context-cache Invalidate") \
	X(iotlb_inv,     0x2, ALWAYS, "6.5.2.3", "IOTLB Invalidate") \
	X(dev_tlb_inv,   0x3, DT,     "6.5.2.5", "Device-TLB Invalidate") \
	X(iec_inv,       0x4, ALWAYS, "6.5.2.8", "Interrupt Entry Cache Invalidate") \
	X(inv_wait,      0x5, ALWAYS, "6.5.2.9", "Invalidation Wait") \
	X(p_iotlb_inv,   0x6, WIDE,   "6.5.2.4", "PASID-based-IOTLB Invalidate") \
	X(pc_inv,        0x7, WIDE,   "6.5.2.2", "PASID-cache Invalidate") \
	X(p_dev_tlb_inv, 0x8, WIDE_DT, "6.5.2.6", "PASID-based-Device-TLB Invalidate") \
	X(page_grp_resp, 0x9, PRS,    "7.6.1", "Page Group Response") \
	X(hpt_inv,       0xa, HPTS,   "6.5.2.7", "Host Permission Table Invalidate")

#define VTD_DSC_ENUM_(name, type, gate, section, title)	VTD_DSC_##name = type,
enum vtd_dsc_type {
	VTD_DESCRIPTORS(VTD_DSC_ENUM_)
};
#undef VTD_DSC_ENUM_

#define VTD_DSC_SIZE_128		16U
#define VTD_DSC_SIZE_256		32U

/* The type is {bits 11:9, bits 3:0} */
#define VTD_DSC_Q0_TYPE_LO		HWI_MASK64(3, 0)
#define VTD_DSC_Q0_TYPE_HI		HWI_MASK64(11, 9)
#define VTD_DSC_TYPE(q0) \
	((uint32_t)(HWI_GET(VTD_DSC_Q0_TYPE_HI, q0) << 4 | HWI_GET(VTD_DSC_Q0_TYPE_LO, q0)))
#define VTD_DSC_PUT_TYPE(type) \
	(HWI_PUT(VTD_DSC_Q0_TYPE_HI, (uint32_t)(type) >> 4) | HWI_PUT(VTD_DSC_Q0_TYPE_LO, type))

/* Function mask (types 1 and CCMD_REG): which low bits of the SID are don't care */
#define VTD_FM_NONE			0U
#define VTD_FM_2			1U			/* bit 2 */
#define VTD_FM_2_1			2U			/* bits 2:1 */
#define VTD_FM_2_0			3U			/* bits 2:0 */

/* ---- 1: cc_inv_dsc ---- */
#define VTD_CC_Q0_G			HWI_MASK64(5, 4)
#define VTD_CC_Q0_DID			HWI_MASK64(31, 16)
#define VTD_CC_Q0_SID			HWI_MASK64(47, 32)
#define VTD_CC_Q0_FM			HWI_MASK64(49, 48)
#define VTD_CC_Q0_RSVD			(HWI_MASK64(8, 6) | HWI_MASK64(15, 12) | HWI_MASK64(63, 50))
#define VTD_CC_Q1_RSVD			HWI_ALL64
#define VTD_CC_G_RSVD			0U
#define VTD_CC_G_GLOBAL			1U
#define VTD_CC_G_DOMAIN			2U			/* acts as global in scalable mode */
#define VTD_CC_G_DEVICE			3U			/* ignores DID in scalable mode */

/* ---- 2: iotlb_inv_dsc ---- */
#define VTD_IOTLB_INV_Q0_G		HWI_MASK64(5, 4)
#define VTD_IOTLB_INV_Q0_DW		HWI_BIT64(6)		/* ignored from major version 2 on */
#define VTD_IOTLB_INV_Q0_DR		HWI_BIT64(7)
#define VTD_IOTLB_INV_Q0_DID		HWI_MASK64(31, 16)
#define VTD_IOTLB_INV_Q0_RSVD		(HWI_BIT64(8) | HWI_MASK64(15, 12) | HWI_MASK64(63, 32))
#define VTD_IOTLB_INV_Q1_AM		HWI_MASK64(5, 0)	/* at most CAP.MAMV */
#define VTD_IOTLB_INV_Q1_IH		HWI_BIT64(6)
#define VTD_IOTLB_INV_Q1_ADDR		HWI_MASK64(63, 12)
#define VTD_IOTLB_INV_Q1_RSVD		HWI_MASK64(11, 7)
#define VTD_IOTLB_INV_G_RSVD		0U
#define VTD_IOTLB_INV_G_GLOBAL		1U
#define VTD_IOTLB_INV_G_DOMAIN		2U
#define VTD_IOTLB_INV_G_PAGE		3U			/* needs PSI */

/* ---- 3: dev_tlb_inv_dsc ---- */
#define VTD_DEV_TLB_Q0_PFSID_3_0	HWI_MASK64(15, 12)	/* PFSID: reserved if DIT=0 */
#define VTD_DEV_TLB_Q0_MIP		HWI_MASK64(20, 16)
#define VTD_DEV_TLB_Q0_SID		HWI_MASK64(47, 32)
#define VTD_DEV_TLB_Q0_PFSID_15_4	HWI_MASK64(63, 52)
#define VTD_DEV_TLB_Q0_RSVD		(HWI_MASK64(8, 4) | HWI_MASK64(31, 21) | HWI_MASK64(51, 48))
#define VTD_DEV_TLB_Q1_S		HWI_BIT64(0)
#define VTD_DEV_TLB_Q1_ADDR		HWI_MASK64(63, 12)
#define VTD_DEV_TLB_Q1_RSVD		HWI_MASK64(11, 1)

/* ---- 4: iec_inv_dsc ---- */
#define VTD_IEC_Q0_G			HWI_BIT64(4)
#define VTD_IEC_Q0_IM			HWI_MASK64(31, 27)	/* at most ECAP.MHMV */
#define VTD_IEC_Q0_IIDX			HWI_MASK64(47, 32)
#define VTD_IEC_Q0_RSVD			(HWI_MASK64(8, 5) | HWI_MASK64(26, 12) | HWI_MASK64(63, 48))
#define VTD_IEC_Q1_RSVD			HWI_ALL64
#define VTD_IEC_G_GLOBAL		0U
#define VTD_IEC_G_INDEX			1U

/* ---- 5: inv_wait_dsc ---- */
#define VTD_WAIT_Q0_IF			HWI_BIT64(4)
#define VTD_WAIT_Q0_SW			HWI_BIT64(5)
#define VTD_WAIT_Q0_FN			HWI_BIT64(6)
#define VTD_WAIT_Q0_PD			HWI_BIT64(7)		/* reserved if PDS=0 */
#define VTD_WAIT_Q0_DATA		HWI_MASK64(63, 32)
#define VTD_WAIT_Q0_RSVD		(HWI_BIT64(8) | HWI_MASK64(31, 12))
#define VTD_WAIT_Q1_ADDR		HWI_MASK64(63, 2)	/* bits from HAW up ignored */
#define VTD_WAIT_Q1_RSVD		HWI_MASK64(1, 0)

/* ---- 6: p_iotlb_inv_dsc ---- */
#define VTD_P_IOTLB_Q0_G		HWI_MASK64(5, 4)
#define VTD_P_IOTLB_Q0_DID		HWI_MASK64(31, 16)
#define VTD_P_IOTLB_Q0_PASID		HWI_MASK64(51, 32)
#define VTD_P_IOTLB_Q0_RSVD		(HWI_MASK64(8, 6) | HWI_MASK64(15, 12) | HWI_MASK64(63, 52))
#define VTD_P_IOTLB_Q1_AM		HWI_MASK64(5, 0)	/* any value; MAMV does not apply */
#define VTD_P_IOTLB_Q1_IH		HWI_BIT64(6)
#define VTD_P_IOTLB_Q1_ADDR		HWI_MASK64(63, 12)
#define VTD_P_IOTLB_Q1_RSVD		HWI_MASK64(11, 7)
#define VTD_P_IOTLB_G_PASID		2U			/* 0 and 1 invalid */
#define VTD_P_IOTLB_G_PAGE		3U

/* ---- 7: pc_inv_dsc ---- */
#define VTD_PC_Q0_G			HWI_MASK64(5, 4)
#define VTD_PC_Q0_DID			HWI_MASK64(31, 16)
#define VTD_PC_Q0_PASID			HWI_MASK64(51, 32)
#define VTD_PC_Q0_RSVD			(HWI_MASK64(8, 6) | HWI_MASK64(15, 12) | HWI_MASK64(63, 52))
#define VTD_PC_Q1_RSVD			HWI_ALL64
#define VTD_PC_G_DOMAIN			0U
#define VTD_PC_G_PASID			1U
#define VTD_PC_G_RSVD			2U
#define VTD_PC_G_GLOBAL			3U

/* ---- 8: p_dev_tlb_inv_dsc ---- */
#define VTD_P_DEV_TLB_Q0_MIP		HWI_MASK64(8, 4)
#define VTD_P_DEV_TLB_Q0_PFSID_3_0	HWI_MASK64(15, 12)	/* PFSID: reserved if DIT=0 */
#define VTD_P_DEV_TLB_Q0_SID		HWI_MASK64(31, 16)
#define VTD_P_DEV_TLB_Q0_PASID		HWI_MASK64(51, 32)
#define VTD_P_DEV_TLB_Q0_PFSID_15_4	HWI_MASK64(63, 52)
#define VTD_P_DEV_TLB_Q0_RSVD		UINT64_C(0)
#define VTD_P_DEV_TLB_Q1_GI		HWI_BIT64(0)		/* all PASIDs; PASID ignored then */
#define VTD_P_DEV_TLB_Q1_S		HWI_BIT64(11)
#define VTD_P_DEV_TLB_Q1_ADDR		HWI_MASK64(63, 12)
#define VTD_P_DEV_TLB_Q1_RSVD		HWI_MASK64(10, 1)

/* ---- 9: page_grp_resp_dsc ---- */
#define VTD_PGR_Q0_PP			HWI_BIT64(4)
#define VTD_PGR_Q0_RC			HWI_MASK64(15, 12)
#define VTD_PGR_Q0_RID			HWI_MASK64(31, 16)
#define VTD_PGR_Q0_PASID		HWI_MASK64(51, 32)
#define VTD_PGR_Q0_RSVD			(HWI_MASK64(8, 5) | HWI_MASK64(63, 52))
#define VTD_PGR_Q1_IGN			HWI_BIT64(2)		/* reserved before 5.10 */
#define VTD_PGR_Q1_PRGI			HWI_MASK64(11, 3)
#define VTD_PGR_Q1_RSVD			(HWI_MASK64(1, 0) | HWI_MASK64(63, 12))
#define VTD_PGR_RC_SUCCESS		0x0U
#define VTD_PGR_RC_INVALID		0x1U
#define VTD_PGR_RC_FAILURE		0xfU

/* ---- Ah: hpt_inv_dsc ---- */
#define VTD_HPT_INV_Q0_G		HWI_MASK64(5, 4)
#define VTD_HPT_INV_Q0_HPTDID		HWI_MASK64(31, 16)
#define VTD_HPT_INV_Q0_RSVD		(HWI_MASK64(8, 6) | HWI_MASK64(15, 12) | HWI_MASK64(63, 32))
#define VTD_HPT_INV_Q1_AM		HWI_MASK64(5, 0)
#define VTD_HPT_INV_Q1_IH		HWI_MASK64(7, 6)	/* n: levels 1 to n + 1 */
#define VTD_HPT_INV_Q1_ADDR		HWI_MASK64(63, 12)
#define VTD_HPT_INV_Q1_RSVD		HWI_MASK64(11, 8)
#define VTD_HPT_INV_G_RSVD		0U
#define VTD_HPT_INV_G_GLOBAL		1U
#define VTD_HPT_INV_G_DOMAIN		2U
#define VTD_HPT_INV_G_PAGE		3U

#endif /* HWIOMMU_VTD_DESCRIPTORS_H */

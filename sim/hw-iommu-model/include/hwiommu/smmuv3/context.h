/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arm SMMUv3: context descriptors (SMMUv3 §5.3, §5.4). Form as in stream.h.
 *
 * 'EL1' beside a field: ignored or RES0 for a stream of NS-EL2 (one address range, no ASID). 'x' at TTB1's fields: as TTB0's.
 */
#ifndef HWIOMMU_SMMUV3_CONTEXT_H
#define HWIOMMU_SMMUV3_CONTEXT_H

#include "../bits.h"

/* ---- Level 1 context descriptor (§5.3) ---- */
#define SMMU_L1CD_SIZE			8U
#define SMMU_L1CD_V			HWI_BIT64(0)
#define SMMU_L1CD_L2PTR			HWI_MASK64(55, 12)	/* an IPA with S2; 15:12 RES0 with S1Fmt=10 */
#define SMMU_L1CD_RES0			(HWI_MASK64(11, 1) | HWI_MASK64(63, 56))

/* ---- Context descriptor (§5.4) ---- */
#define SMMU_CD_SIZE			64U
#define SMMU_CD_DWORDS			8U

#define SMMU_CD0_T0SZ			HWI_MASK64(5, 0)	/* T0SZ to SH0 ignored with EPD0=1 */
#define SMMU_CD0_TG0			HWI_MASK64(7, 6)
#define SMMU_CD0_IR0			HWI_MASK64(9, 8)	/* SMMU_TTW_x (stream.h) */
#define SMMU_CD0_OR0			HWI_MASK64(11, 10)
#define SMMU_CD0_SH0			HWI_MASK64(13, 12)	/* SMMU_SH_x (regs.h); of the region too when DS=1 */
#define SMMU_CD0_EPD0			HWI_BIT64(14)		/* EL1: acts as 0 */
#define SMMU_CD0_ENDI			HWI_BIT64(15)		/* ignored if EPD0 and EPD1 */
#define SMMU_CD0_T1SZ			HWI_MASK64(21, 16)	/* x; EL1, as all of TTB1 */
#define SMMU_CD0_TG1			HWI_MASK64(23, 22)	/* not TG0's encoding */
#define SMMU_CD0_IR1			HWI_MASK64(25, 24)
#define SMMU_CD0_OR1			HWI_MASK64(27, 26)
#define SMMU_CD0_SH1			HWI_MASK64(29, 28)
#define SMMU_CD0_EPD1			HWI_BIT64(30)
#define SMMU_CD0_V			HWI_BIT64(31)
#define SMMU_CD0_IPS			HWI_MASK64(34, 32)	/* SMMU_OAS_x (regs.h); effective at most OAS */
#define SMMU_CD0_AFFD			HWI_BIT64(35)		/* ignored with HA=1 */
#define SMMU_CD0_WXN			HWI_BIT64(36)
#define SMMU_CD0_UWXN			HWI_BIT64(37)		/* AArch32 tables only */
#define SMMU_CD0_TBI0			HWI_BIT64(38)
#define SMMU_CD0_TBI1			HWI_BIT64(39)
#define SMMU_CD0_PAN			HWI_BIT64(40)		/* EL1 */
#define SMMU_CD0_AA64			HWI_BIT64(41)
#define SMMU_CD0_HD			HWI_BIT64(42)
#define SMMU_CD0_HA			HWI_BIT64(43)
#define SMMU_CD0_S			HWI_BIT64(44)
#define SMMU_CD0_R			HWI_BIT64(45)
#define SMMU_CD0_A			HWI_BIT64(46)
#define SMMU_CD0_ASET			HWI_BIT64(47)
#define SMMU_CD0_ASID			HWI_MASK64(63, 48)	/* EL1; 15:8 must be 0 with ASID16=0 */

#define SMMU_CD1_NSCFG0			HWI_BIT64(0)		/* Secure streams */
#define SMMU_CD1_HAD0			HWI_BIT64(1)		/* HAD */
#define SMMU_CD1_DISCH0			HWI_BIT64(1)		/* D128 */
#define SMMU_CD1_E0PD0			HWI_BIT64(2)		/* E0PD; EL1 */
#define SMMU_CD1_HAFT			HWI_BIT64(3)		/* HTTU=11; of both halves */
#define SMMU_CD1_TTB0			HWI_MASK64(55, 4)	/* VMSAv8-64: 51:4; low bits by the table's size ignored */
#define SMMU_CD1_PNCH			HWI_BIT64(58)		/* THE */
#define SMMU_CD1_EPAN			HWI_BIT64(59)		/* EPAN */
#define SMMU_CD1_HWU059			HWI_BIT64(60)		/* HWU0nn: PBHA */
#define SMMU_CD1_HWU060			HWI_BIT64(61)
#define SMMU_CD1_HWU061			HWI_BIT64(62)
#define SMMU_CD1_HWU062			HWI_BIT64(63)
#define SMMU_CD1_SKL0			HWI_MASK64(63, 62)	/* D128 */
#define SMMU_CD1_RES0			HWI_MASK64(57, 56)

#define SMMU_CD2_NSCFG1			HWI_BIT64(0)		/* Secure streams */
#define SMMU_CD2_HAD1			HWI_BIT64(1)
#define SMMU_CD2_DISCH1			HWI_BIT64(1)		/* D128 */
#define SMMU_CD2_E0PD1			HWI_BIT64(2)
#define SMMU_CD2_AIE			HWI_BIT64(3)		/* AIE; of both halves */
#define SMMU_CD2_TTB1			HWI_MASK64(55, 4)
#define SMMU_CD2_DS			HWI_BIT64(58)		/* DS; of both halves */
#define SMMU_CD2_PIE			HWI_BIT64(59)		/* S1PI; of both halves */
#define SMMU_CD2_HWU159			HWI_BIT64(60)
#define SMMU_CD2_HWU160			HWI_BIT64(61)
#define SMMU_CD2_HWU161			HWI_BIT64(62)
#define SMMU_CD2_HWU162			HWI_BIT64(63)
#define SMMU_CD2_SKL1			HWI_MASK64(63, 62)	/* D128 */
#define SMMU_CD2_RES0			HWI_MASK64(57, 56)

#define SMMU_CD3_MAIR0			HWI_MASK64(31, 0)	/* attributes 0 to 3 */
#define SMMU_CD3_MAIR1			HWI_MASK64(63, 32)	/* attributes 4 to 7 */
#define SMMU_CD3_ATTR(mair, index)	((uint32_t)(((mair) >> (8U * (index))) & 0xffU))	/* index 0 to 7 */

#define SMMU_CD4_AMAIR0			HWI_MASK64(31, 0)	/* implementation defined */
#define SMMU_CD4_AMAIR1			HWI_MASK64(63, 32)

#define SMMU_CD5_IMPDEF			HWI_MASK64(31, 0)
#define SMMU_CD5_PARTID			HWI_MASK64(47, 32)	/* MPAM, STE.S1MPAM=1 */
#define SMMU_CD5_PMG			HWI_MASK64(55, 48)
#define SMMU_CD5_RES0			HWI_MASK64(63, 56)

#define SMMU_CD6_PIIU(p)		(HWI_MASK64(2, 0) << (3U * (p)))	/* p 0 to 15; S1PI */
#define SMMU_CD6_RES0			HWI_MASK64(63, 48)
#define SMMU_CD7_PIIP(p)		(HWI_MASK64(2, 0) << (3U * (p)))
#define SMMU_CD7_RES0			HWI_MASK64(63, 48)

#define SMMU_TG0_4K			0U
#define SMMU_TG0_64K			1U
#define SMMU_TG0_16K			2U
#define SMMU_TG0_RSVD			3U
#define SMMU_TG1_RSVD			0U
#define SMMU_TG1_16K			1U
#define SMMU_TG1_4K			2U
#define SMMU_TG1_64K			3U

#endif /* HWIOMMU_SMMUV3_CONTEXT_H */

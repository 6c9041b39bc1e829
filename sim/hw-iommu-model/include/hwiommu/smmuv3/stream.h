/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arm SMMUv3: stream table (SMMUv3 §5.1, §5.2).
 *
 * A structure is given as masks per 64-bit word: bit n of the specification's table is bit n % 64 of word n / 64, and a mask
 * is named by its word (SMMU_STE1_EATS). All of them are little endian. Pointers reach bit 55 since 3.4 (bits 55:52 RES0
 * before).
 *
 * x_RES0 is what no version up to 3.4 defines for a Non-secure stream. The comments say without what a field is ignored or
 * RES0: 'S1', 'S2' the stage in STE.Config.
 */
#ifndef HWIOMMU_SMMUV3_STREAM_H
#define HWIOMMU_SMMUV3_STREAM_H

#include "../bits.h"

/* ---- Level 1 stream table descriptor (§5.1) ---- */
#define SMMU_L1STD_SIZE			8U
#define SMMU_L1STD_SPAN			HWI_MASK64(4, 0)	/* 2^(Span-1) STEs; 0 and 12 to 31 invalid */
#define SMMU_L1STD_L2PTR		HWI_MASK64(55, 6)	/* bits Span+4:0 treated as 0 */
#define SMMU_L1STD_RES0			(HWI_BIT64(5) | HWI_MASK64(63, 56))
#define SMMU_L1STD_SPAN_MAX		11U
#define SMMU_L1STD_STES_LOG2(span)	((span) - 1U)		/* span 1 to 11 */

/* ---- Stream table entry (§5.2) ---- */
#define SMMU_STE_SIZE			64U
#define SMMU_STE_DWORDS			8U

#define SMMU_STE0_V			HWI_BIT64(0)
#define SMMU_STE0_CONFIG		HWI_MASK64(3, 1)
#define SMMU_STE0_S1FMT			HWI_MASK64(5, 4)	/* S1; ignored with S1CDMax=0 */
#define SMMU_STE0_S1CONTEXTPTR		HWI_MASK64(55, 6)	/* S1; an IPA with S2 */
#define SMMU_STE0_S1CDMAX		HWI_MASK64(63, 59)	/* S1, SSIDSIZE; 0: no substreams */
#define SMMU_STE0_RES0			HWI_MASK64(58, 56)

#define SMMU_STE1_S1DSS			HWI_MASK64(1, 0)	/* S1; ignored with S1CDMax=0 */
#define SMMU_STE1_S1CIR			HWI_MASK64(3, 2)	/* S1 */
#define SMMU_STE1_S1COR			HWI_MASK64(5, 4)	/* S1 */
#define SMMU_STE1_S1CSH			HWI_MASK64(7, 6)	/* S1; SMMU_SH_x */
#define SMMU_STE1_S2HWU59		HWI_BIT64(8)		/* S2HWUnn: PBHA */
#define SMMU_STE1_S2HWU60		HWI_BIT64(9)
#define SMMU_STE1_S2HWU61		HWI_BIT64(10)
#define SMMU_STE1_S2HWU62		HWI_BIT64(11)
#define SMMU_STE1_DRE			HWI_BIT64(12)
#define SMMU_STE1_CONT			HWI_MASK64(16, 13)
#define SMMU_STE1_DCP			HWI_BIT64(17)
#define SMMU_STE1_PPAR			HWI_BIT64(18)		/* PRI, SSIDSIZE; ignored with PPS=1 */
#define SMMU_STE1_MEV			HWI_BIT64(19)
#define SMMU_STE1_SW_RESERVED		HWI_MASK64(23, 20)
#define SMMU_STE1_S1PIE			HWI_BIT64(24)		/* S1PI */
#define SMMU_STE1_S2FWB			HWI_BIT64(25)		/* S2; FWB */
#define SMMU_STE1_S1MPAM		HWI_BIT64(26)		/* MPAM */
#define SMMU_STE1_S1STALLD		HWI_BIT64(27)		/* S1 */
#define SMMU_STE1_EATS			HWI_MASK64(29, 28)	/* ATS; ignored with Config 100 */
#define SMMU_STE1_STRW			HWI_MASK64(31, 30)	/* used with S1P, Hyp and Config 101 only */
#define SMMU_STE1_MEMATTR		HWI_MASK64(35, 32)	/* MTCFG=1; ATTR_TYPES_OVR */
#define SMMU_STE1_MTCFG			HWI_BIT64(36)		/* ATTR_TYPES_OVR */
#define SMMU_STE1_ALLOCCFG		HWI_MASK64(40, 37)	/* ATTR_TYPES_OVR */
#define SMMU_STE1_SHCFG			HWI_MASK64(45, 44)	/* ATTR_TYPES_OVR */
#define SMMU_STE1_NSCFG			HWI_MASK64(47, 46)	/* ignored: Secure and Realm streams only */
#define SMMU_STE1_PRIVCFG		HWI_MASK64(49, 48)	/* ATTR_PERMS_OVR */
#define SMMU_STE1_INSTCFG		HWI_MASK64(51, 50)	/* ATTR_PERMS_OVR */
#define SMMU_STE1_IMPDEF		HWI_MASK64(63, 52)
#define SMMU_STE1_RES0			HWI_MASK64(43, 41)

/* S2 fields need S2, but for S2VMID, which tags NS-EL1 streams with S1 alone too when S2P=1 */
#define SMMU_STE2_S2VMID		HWI_MASK64(15, 0)
#define SMMU_STE2_IMPDEF		HWI_MASK64(31, 16)
#define SMMU_STE2_S2T0SZ		HWI_MASK64(37, 32)
#define SMMU_STE2_S2SL0			HWI_MASK64(39, 38)
#define SMMU_STE2_S2IR0			HWI_MASK64(41, 40)
#define SMMU_STE2_S2OR0			HWI_MASK64(43, 42)
#define SMMU_STE2_S2SH0			HWI_MASK64(45, 44)	/* SMMU_SH_x */
#define SMMU_STE2_S2TG			HWI_MASK64(47, 46)
#define SMMU_STE2_S2PS			HWI_MASK64(50, 48)	/* SMMU_OAS_x; effective at most OAS */
#define SMMU_STE2_S2AA64		HWI_BIT64(51)
#define SMMU_STE2_S2ENDI		HWI_BIT64(52)
#define SMMU_STE2_S2AFFD		HWI_BIT64(53)		/* ignored with S2HA=1 */
#define SMMU_STE2_S2PTW			HWI_BIT64(54)		/* S1 and S2 */
#define SMMU_STE2_S2HD			HWI_BIT64(55)
#define SMMU_STE2_S2HA			HWI_BIT64(56)
#define SMMU_STE2_S2S			HWI_BIT64(57)
#define SMMU_STE2_S2R			HWI_BIT64(58)
#define SMMU_STE2_S2HAFT		HWI_BIT64(59)		/* HTTU=11 */
#define SMMU_STE2_S2PIE			HWI_BIT64(60)		/* S2PI */
#define SMMU_STE2_S2POE			HWI_BIT64(61)		/* S2PO */
#define SMMU_STE2_DPT_VMATCH		HWI_MASK64(63, 62)	/* DPT, EATS=11 */

#define SMMU_STE3_S2NSW			HWI_BIT64(0)		/* Secure streams */
#define SMMU_STE3_S2NSA			HWI_BIT64(1)		/* Secure streams */
#define SMMU_STE3_S2SL0_2		HWI_BIT64(2)		/* DS; 4K with S2DS=1 */
#define SMMU_STE3_S2DS			HWI_BIT64(3)		/* DS; 4K and 16K */
#define SMMU_STE3_S2TTB			HWI_MASK64(55, 4)	/* VMSAv8-64: 51:4; low bits by the table's size ignored */
#define SMMU_STE3_S2SKL			HWI_MASK64(62, 61)	/* D128 */
#define SMMU_STE3_RES0			(HWI_MASK64(60, 56) | HWI_BIT64(63))

#define SMMU_STE4_IMPDEF		HWI_MASK64(15, 0)
#define SMMU_STE4_PARTID		HWI_MASK64(31, 16)	/* MPAM */
#define SMMU_STE4_S_S2T0SZ		HWI_MASK64(37, 32)	/* Secure streams */
#define SMMU_STE4_S_S2SL0		HWI_MASK64(39, 38)	/* Secure streams */
#define SMMU_STE4_S_S2TG		HWI_MASK64(47, 46)	/* Secure streams */
#define SMMU_STE4_MECID			HWI_MASK64(63, 48)	/* Realm streams */
#define SMMU_STE4_RES0			HWI_MASK64(45, 40)

#define SMMU_STE5_PMG			HWI_MASK64(7, 0)	/* MPAM */
#define SMMU_STE5_MPAM_NS		HWI_BIT64(8)		/* Secure streams */
#define SMMU_STE5_ASSUREDONLY		HWI_BIT64(9)		/* THE */
#define SMMU_STE5_TL0			HWI_BIT64(10)		/* THE */
#define SMMU_STE5_TL1			HWI_BIT64(11)		/* THE */
#define SMMU_STE5_VMSPTR		HWI_MASK64(55, 12)	/* MPAM, S1 and S2, S1MPAM=1 */
#define SMMU_STE5_RES0			HWI_MASK64(63, 56)

#define SMMU_STE6_S2SW			HWI_BIT64(0)		/* Secure streams, as all of the word */
#define SMMU_STE6_S2SA			HWI_BIT64(1)
#define SMMU_STE6_S_S2SL0_2		HWI_BIT64(2)
#define SMMU_STE6_S_S2TTB		HWI_MASK64(55, 4)
#define SMMU_STE6_S_S2SKL		HWI_MASK64(62, 61)
#define SMMU_STE6_RES0			(HWI_BIT64(3) | HWI_MASK64(60, 56) | HWI_BIT64(63))

#define SMMU_STE7_S2POI(p)		(HWI_MASK64(3, 0) << (4U * (p)))	/* p 0 to 15; S2PO */

/* Config */
#define SMMU_STE_CONFIG_ABORT		0U	/* 001 to 011 act as it: no event */
#define SMMU_STE_CONFIG_BYPASS		4U
#define SMMU_STE_CONFIG_S1		5U
#define SMMU_STE_CONFIG_S2		6U
#define SMMU_STE_CONFIG_NESTED		7U
#define SMMU_STE_CONFIG_F_S1		1U	/* bits of a value that has F_TRANSLATE */
#define SMMU_STE_CONFIG_F_S2		2U
#define SMMU_STE_CONFIG_F_TRANSLATE	4U

/* S1Fmt: CDs of a leaf table; 3 acts as linear */
#define SMMU_S1FMT_LINEAR		0U
#define SMMU_S1FMT_4K_L2		1U	/* 64, SubstreamID[5:0] */
#define SMMU_S1FMT_64K_L2		2U	/* 1024, SubstreamID[9:0] */
#define SMMU_S1FMT_RSVD			3U
#define SMMU_S1FMT_4K_SPLIT		6U
#define SMMU_S1FMT_64K_SPLIT		10U

/* S1DSS: transactions without SubstreamID when S1CDMax > 0; 3 acts as TERMINATE */
#define SMMU_S1DSS_TERMINATE		0U
#define SMMU_S1DSS_BYPASS		1U
#define SMMU_S1DSS_SSID0		2U

/* S1CIR, S1COR: accesses to CDs */
#define SMMU_S1C_NC			0U
#define SMMU_S1C_WBRA			1U
#define SMMU_S1C_WTRA			2U
#define SMMU_S1C_WB			3U	/* no read-allocate */

/* EATS */
#define SMMU_EATS_ABT			0U
#define SMMU_EATS_FULL			1U
#define SMMU_EATS_SPLIT			2U	/* needs NS1ATS=0, S1 and S2; acts as 00 with ATSCHK=0 */
#define SMMU_EATS_DPT			3U	/* acts as 00 without DPT */

/* STRW of a Non-secure stream; 1 and 3 illegal */
#define SMMU_STRW_NSEL1			0U
#define SMMU_STRW_EL2			2U	/* NS-EL2, or NS-EL2-E2H with CR2.E2H */

/* SHCFG: not the encoding of SH */
#define SMMU_SHCFG_NSH			0U
#define SMMU_SHCFG_INCOMING		1U
#define SMMU_SHCFG_OSH			2U
#define SMMU_SHCFG_ISH			3U

/* ALLOCCFG: 0xxx as incoming, else 1RWT */
#define SMMU_ALLOCCFG_OVERRIDE		0x8U
#define SMMU_ALLOCCFG_R			0x4U
#define SMMU_ALLOCCFG_W			0x2U
#define SMMU_ALLOCCFG_T			0x1U

/* PRIVCFG, INSTCFG (reads only: a write is always data); 1 acts as 0 */
#define SMMU_PRIVCFG_INCOMING		0U
#define SMMU_PRIVCFG_UNPRIVILEGED	2U
#define SMMU_PRIVCFG_PRIVILEGED		3U
#define SMMU_INSTCFG_INCOMING		0U
#define SMMU_INSTCFG_DATA		2U
#define SMMU_INSTCFG_INSTRUCTION	3U

/* MemAttr of an STE, of GBPA and of IRQ_CFG2: as stage 2 MemAttr[3:0] (vmsa.h), where 4, 8, 12 act as Device-nGnRnE */

/* S2TG */
#define SMMU_S2TG_4K			0U
#define SMMU_S2TG_64K			1U
#define SMMU_S2TG_16K			2U
#define SMMU_S2TG_RSVD			3U

/* S2IR0, S2OR0, and CD.IRx, CD.ORx: accesses to translation tables */
#define SMMU_TTW_NC			0U
#define SMMU_TTW_WBRAWA			1U
#define SMMU_TTW_WTRA			2U
#define SMMU_TTW_WBRA			3U

/* ---- Virtual Machine Structure (§5.6), with MPAM: 32 physical PARTIDs of 16 bits, then RES0 ---- */
#define SMMU_VMS_SIZE			4096U
#define SMMU_VMS_PARTIDS		32U

#endif /* HWIOMMU_SMMUV3_STREAM_H */

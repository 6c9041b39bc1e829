/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arm SMMUv3: VMSAv8-64 translation tables as an SMMU reads them (Arm DDI 0487 §D8.3, D8.4, D8.6, with SMMUv3 §3.4, §3.13,
 * §5.4). Descriptors have 64 bits; their byte order is CD.ENDI or STE.S2ENDI.
 *
 * VMSA_DESC_x are the same in both stages, VMSA_S1_x and VMSA_S2_x are a stage's. 's' is the page shift of the granule.
 */
#ifndef HWIOMMU_SMMUV3_VMSA_H
#define HWIOMMU_SMMUV3_VMSA_H

#include "../bits.h"

/* Granules: page shift, address bits that a level resolves, entries of a table */
#define VMSA_SHIFT_4K			12U
#define VMSA_SHIFT_16K			14U
#define VMSA_SHIFT_64K			16U
#define VMSA_LEVEL_BITS(s)		((s) - 3U)
#define VMSA_LEVEL_ENTRIES(s)		(1U << VMSA_LEVEL_BITS(s))
#define VMSA_LEVEL_LAST			3
/* Address bits below the index of a level (-1 to 3): what a block or page there maps */
#define VMSA_LEVEL_SHIFT(s, level)	((s) + VMSA_LEVEL_BITS(s) * (unsigned int)(VMSA_LEVEL_LAST - (level)))

/* ---- Any descriptor (§D8.3) ---- */
#define VMSA_DESC_SIZE			8U
#define VMSA_DESC_VALID			HWI_BIT64(0)	/* 0: invalid, bits 63:1 ignored */
#define VMSA_DESC_TYPE			HWI_MASK64(1, 0)
#define VMSA_TYPE_BLOCK			1U		/* levels below 3; reserved, so invalid, at level 3 */
#define VMSA_TYPE_TABLE			3U		/* levels below 3 */
#define VMSA_TYPE_PAGE			3U		/* level 3 */

/* Output address, next-level table address: bits 47:s (block: its shift), or 49:s with DS; the rest is folded in below */
#define VMSA_DESC_ADDR(shift)		HWI_MASK64(47, shift)
#define VMSA_DESC_ADDR_DS(shift)	HWI_MASK64(49, shift)
#define VMSA_DESC_ADDR_51_50_DS		HWI_MASK64(9, 8)	/* 4K and 16K with DS=1: OA[51:50]; no SH then */
#define VMSA_DESC_ADDR_51_48_64K	HWI_MASK64(15, 12)	/* 64K with 52-bit addresses: OA[51:48] */

/* ---- Leaf: block or page ---- */
#define VMSA_DESC_SH			HWI_MASK64(9, 8)	/* not with DS=1; SMMU_SH_x (regs.h) */
#define VMSA_DESC_AF			HWI_BIT64(10)	/* in tables: with HAFT, S2HAFT only */
#define VMSA_DESC_NT			HWI_BIT64(16)	/* blocks, BBML=1; never faults in an SMMU */
#define VMSA_DESC_DBM			HWI_BIT64(51)
#define VMSA_DESC_CONTIGUOUS		HWI_BIT64(52)	/* RES0 in the largest blocks */
#define VMSA_DESC_SOFTWARE		HWI_MASK64(58, 55)

/* Stage 1 leaf (§D8.3.1) */
#define VMSA_S1_ATTRINDX		HWI_MASK64(4, 2)
#define VMSA_S1_NS			HWI_BIT64(5)	/* RES0 for Non-secure streams */
#define VMSA_S1_AP			HWI_MASK64(7, 6)	/* AP[2:1] */
#define VMSA_S1_AP_UNPRIV		HWI_BIT64(6)	/* AP[1]: unprivileged access; ignored, taken as 1, in NS-EL2 */
#define VMSA_S1_AP_RO			HWI_BIT64(7)	/* AP[2]: read only; cleared when a page becomes dirty */
#define VMSA_S1_NG			HWI_BIT64(11)	/* two privileges: entry is of one ASID */
#define VMSA_S1_GP			HWI_BIT64(50)	/* no effect */
#define VMSA_S1_PXN			HWI_BIT64(53)	/* two privileges; RES0 in NS-EL2 */
#define VMSA_S1_UXN			HWI_BIT64(54)	/* XN in NS-EL2 */
#define VMSA_S1_XN			HWI_BIT64(54)
#define VMSA_S1_ATTRINDX_3		HWI_BIT64(59)	/* AIE=1 */
#define VMSA_S1_PBHA			HWI_MASK64(62, 59)	/* with HWUnnn */
#define VMSA_AP_PRIV_RW			0U		/* values of AP[2:1] */
#define VMSA_AP_RW			1U
#define VMSA_AP_PRIV_RO			2U
#define VMSA_AP_RO			3U

/* Stage 1 table: limits on all below it; ignored with HADx=1 */
#define VMSA_S1_TABLE_PXN		HWI_BIT64(59)	/* PXNTable; RES0 in NS-EL2 */
#define VMSA_S1_TABLE_UXN		HWI_BIT64(60)	/* UXNTable, XNTable */
#define VMSA_S1_TABLE_XN		HWI_BIT64(60)
#define VMSA_S1_TABLE_AP		HWI_MASK64(62, 61)	/* APTable[1:0] */
#define VMSA_S1_TABLE_AP_NO_UNPRIV	HWI_BIT64(61)	/* RES0 in NS-EL2 */
#define VMSA_S1_TABLE_AP_NO_WRITE	HWI_BIT64(62)
#define VMSA_S1_TABLE_NS		HWI_BIT64(63)	/* Secure streams */

/* Stage 2 leaf; a stage 2 table limits nothing */
#define VMSA_S2_MEMATTR			HWI_MASK64(5, 2)	/* bit 5 RES0 with FWB */
#define VMSA_S2_S2AP			HWI_MASK64(7, 6)
#define VMSA_S2_S2AP_R			HWI_BIT64(6)
#define VMSA_S2_S2AP_W			HWI_BIT64(7)	/* set when a page becomes dirty */
#define VMSA_S2_XN			HWI_MASK64(54, 53)	/* XNX=0: bit 54 alone, 53 RES0 */
#define VMSA_S2_XN_1			HWI_BIT64(54)
#define VMSA_S2_NS			HWI_BIT64(55)	/* Realm streams */
#define VMSA_S2_ASSUREDONLY		HWI_BIT64(58)	/* THE */
#define VMSA_S2_PBHA			HWI_MASK64(62, 59)
#define VMSA_S2AP_NONE			0U
#define VMSA_S2AP_RO			1U
#define VMSA_S2AP_WO			2U
#define VMSA_S2AP_RW			3U
#define VMSA_S2XN_EXEC			0U		/* executable for all */
#define VMSA_S2XN_UNPRIV		1U		/* for unprivileged only */
#define VMSA_S2XN_NONE			2U
#define VMSA_S2XN_PRIV			3U		/* for privileged only */

/*
 * ---- Memory types ----
 *
 * MAIR attribute (§D8.6.1, SMMUv3 §5.4): high nibble 0 Device by bits 3:2, the rest reserved to the Device type of bits 3:2;
 * else Normal, outer and inner by a nibble each. 0xf0, tagged memory in a PE, has the reserved low nibble 0.
 */
#define VMSA_MAIR_DEVICE_NGNRNE		0x00U
#define VMSA_MAIR_DEVICE_NGNRE		0x04U
#define VMSA_MAIR_DEVICE_NGRE		0x08U
#define VMSA_MAIR_DEVICE_GRE		0x0cU
#define VMSA_MAIR_NORMAL_NC		0x44U
#define VMSA_MAIR_NORMAL_WT		0xbbU		/* read- and write-allocate */
#define VMSA_MAIR_NORMAL_WB		0xffU		/* read- and write-allocate */
#define VMSA_MAIR_OUTER			0xf0U
#define VMSA_MAIR_INNER			0x0fU
/* A nibble of Normal memory: 01 with RW 00 is non-cacheable */
#define VMSA_MAIR_N_TYPE		0xcU
#define VMSA_MAIR_N_R			0x2U
#define VMSA_MAIR_N_W			0x1U
#define VMSA_MAIR_N_TYPE_WT_TRANSIENT	0x0U		/* the masked nibble; needs RW not 00 */
#define VMSA_MAIR_N_TYPE_WB_TRANSIENT	0x4U		/* NC with RW 00 */
#define VMSA_MAIR_N_TYPE_WT		0x8U
#define VMSA_MAIR_N_TYPE_WB		0xcU
#define VMSA_MAIR_N_NC			0x4U

/*
 * Stage 2 MemAttr[3:0], FWB=0 (§D8.6.5); STE.MemAttr, GBPA.MemAttr, IRQ_CFG2.MemAttr and CMD_SYNC.MSIAttr have the same
 * encoding, with 4, 8, 12 as Device-nGnRnE.
 */
#define VMSA_S2_MEMATTR_DEVICE_NGNRNE	0x0U
#define VMSA_S2_MEMATTR_DEVICE_NGNRE	0x1U
#define VMSA_S2_MEMATTR_DEVICE_NGRE	0x2U
#define VMSA_S2_MEMATTR_DEVICE_GRE	0x3U
#define VMSA_S2_MEMATTR_NOTAGACCESS	0x4U		/* Normal WB, MTEPERM; else reserved */
#define VMSA_S2_MEMATTR_ONC_INC		0x5U
#define VMSA_S2_MEMATTR_ONC_IWT		0x6U
#define VMSA_S2_MEMATTR_ONC_IWB		0x7U
#define VMSA_S2_MEMATTR_OWT_INC		0x9U
#define VMSA_S2_MEMATTR_OWT_IWT		0xaU
#define VMSA_S2_MEMATTR_OWT_IWB		0xbU
#define VMSA_S2_MEMATTR_OWB_INC		0xdU
#define VMSA_S2_MEMATTR_OWB_IWT		0xeU
#define VMSA_S2_MEMATTR_OWB_IWB		0xfU
#define VMSA_S2_MEMATTR_OUTER		0xcU		/* 0 Device, 1 NC, 2 WT, 3 WB, of the two bits */
#define VMSA_S2_MEMATTR_INNER		0x3U		/* Normal: 0 reserved, 1 NC, 2 WT, 3 WB */

/* The same with STE.S2FWB=1: bits 2:0 combined with stage 1's type (§D8.6.6); 0xx: Device xx, or what is stronger */
#define VMSA_S2_FWB_DEVICE		0x0U
#define VMSA_S2_FWB_RSVD		0x4U
#define VMSA_S2_FWB_NC			0x5U		/* Device if stage 1 says so */
#define VMSA_S2_FWB_WB			0x6U		/* whatever stage 1 says */
#define VMSA_S2_FWB_S1			0x7U		/* as stage 1 says */
#define VMSA_S2_FWB_DEVICE_TYPE		0x3U		/* of a value without bit 2 */

/* ---- Limits ---- */
#define VMSA_TXSZ_MIN_48		16U
#define VMSA_TXSZ_MIN_52		12U		/* 64K with VAX >= 1; 4K and 16K with DS */
#define VMSA_TXSZ_MAX			39U
#define VMSA_TXSZ_MAX_STT		48U		/* 4K, 16K */
#define VMSA_TXSZ_MAX_STT_64K		47U
#define VMSA_S2_CONCAT_MAX		16U		/* initial tables side by side */

/* {S2SL0_2, S2SL0}: the level that stage 2 starts at (§5.2) */
#define VMSA_SL_4K_L2			0U
#define VMSA_SL_4K_L1			1U
#define VMSA_SL_4K_L0			2U
#define VMSA_SL_4K_L3			3U		/* STT */
#define VMSA_SL_4K_LM1			4U		/* level -1, DS; 5 to 7 reserved */
#define VMSA_SL_16K_L3			0U
#define VMSA_SL_16K_L2			1U
#define VMSA_SL_16K_L1			2U
#define VMSA_SL_16K_L0			3U		/* DS */
#define VMSA_SL_64K_L3			0U
#define VMSA_SL_64K_L2			1U
#define VMSA_SL_64K_L1			2U		/* 3 reserved */

#endif /* HWIOMMU_SMMUV3_VMSA_H */

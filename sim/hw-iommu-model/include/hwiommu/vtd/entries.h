/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Intel VT-d: structures in memory (VT-d 5.10 §9, page request descriptor §7.4).
 *
 * An entry of several qwords is given as masks per qword: bit n of the specification's table is bit n % 64 of qword n / 64.
 * All of them are little endian.
 *
 * x_RSVD is what is reserved whatever the capabilities. Fields that a missing capability, a mode or the host address width
 * makes reserved are not in it; the comment says when. 'HAW' beside an address: bits 63:HAW (51:HAW in paging entries) are
 * reserved.
 */
#ifndef HWIOMMU_VTD_ENTRIES_H
#define HWIOMMU_VTD_ENTRIES_H

#include "../bits.h"

#define VTD_PAGE_SHIFT			12U
#define VTD_PAGE_SIZE			4096U

/* ---- Root entry, legacy mode (§9.1): index bus ---- */
#define VTD_ROOT_ENTRY_SIZE		16U
#define VTD_ROOT_ENTRIES		256U
#define VTD_ROOT_Q0_P			HWI_BIT64(0)
#define VTD_ROOT_Q0_CTP			HWI_MASK64(63, 12)	/* HAW */
#define VTD_ROOT_Q0_RSVD		HWI_MASK64(11, 1)
#define VTD_ROOT_Q1_RSVD		HWI_ALL64

/* ---- Root entry, scalable mode (§9.2): Q0 for devices 0-15, Q1 for devices 16-31, one layout ---- */
#define VTD_SROOT_ENTRY_SIZE		16U
#define VTD_SROOT_ENTRIES		256U
#define VTD_SROOT_P			HWI_BIT64(0)		/* LP, UP */
#define VTD_SROOT_CTP			HWI_MASK64(63, 12)	/* LCTP, UCTP; HAW */
#define VTD_SROOT_RSVD			HWI_MASK64(11, 1)	/* of a half whose own P is 1 */
#define VTD_SROOT_DEVFN_UPPER		0x80U			/* devfn bit that selects Q1 */

/* ---- Context entry, legacy mode (§9.3): index devfn ---- */
#define VTD_CTX_ENTRY_SIZE		16U
#define VTD_CTX_ENTRIES			256U
#define VTD_CTX_L0_P			HWI_BIT64(0)
#define VTD_CTX_L0_FPD			HWI_BIT64(1)		/* counts even with P=0 */
#define VTD_CTX_L0_TT			HWI_MASK64(3, 2)
#define VTD_CTX_L0_SSPTPTR		HWI_MASK64(63, 12)	/* HAW; ignored with TT=10b */
#define VTD_CTX_L0_RSVD			HWI_MASK64(11, 4)
#define VTD_CTX_L1_AW			HWI_MASK64(2, 0)
#define VTD_CTX_L1_IGN			HWI_MASK64(6, 3)
#define VTD_CTX_L1_DID			HWI_MASK64(23, 8)	/* reserved above the CAP.ND width */
#define VTD_CTX_L1_RSVD			(HWI_BIT64(7) | HWI_MASK64(63, 24))
#define VTD_TT_SS			0U			/* requests with AT != 0 blocked */
#define VTD_TT_SS_ATS			1U			/* needs DT */
#define VTD_TT_PT			2U			/* needs PT; requests with AT != 0 blocked */
#define VTD_TT_RSVD			3U

/* Address width of a second stage, CTX.AW and PE.AW: value n is bit n of CAP.SAGAW, AGAW 30 + 9n, n + 2 levels */
#define VTD_AW_39			1U
#define VTD_AW_48			2U
#define VTD_AW_57			3U
#define VTD_AW_AGAW(aw)			(30U + 9U * (aw))
#define VTD_AW_LEVELS(aw)		((aw) + 2U)

/* ---- Context entry, scalable mode (§9.4): index devfn & 7Fh ---- */
#define VTD_SCTX_ENTRY_SIZE		32U
#define VTD_SCTX_ENTRIES		128U
#define VTD_SCTX_QWORDS			4U
#define VTD_SCTX_Q0_P			HWI_BIT64(0)
#define VTD_SCTX_Q0_FPD			HWI_BIT64(1)		/* counts even with P=0 */
#define VTD_SCTX_Q0_DTE			HWI_BIT64(2)		/* reserved if DT=0 */
#define VTD_SCTX_Q0_PASIDE		HWI_BIT64(3)		/* reserved if ECAP.PASID=0 */
#define VTD_SCTX_Q0_PRE			HWI_BIT64(4)		/* reserved if PRS=0 */
#define VTD_SCTX_Q0_HPTE		HWI_BIT64(5)		/* reserved if HPTS=0 */
#define VTD_SCTX_Q0_EPTR		HWI_BIT64(6)		/* reserved if PTRS=0 */
#define VTD_SCTX_Q0_PDTS		HWI_MASK64(11, 9)
#define VTD_SCTX_Q0_PASIDDIRPTR		HWI_MASK64(63, 12)	/* HAW */
#define VTD_SCTX_Q0_RSVD		HWI_MASK64(8, 7)
#define VTD_SCTX_Q1_RID_PASID		HWI_MASK64(19, 0)	/* reserved if RPS=0 */
#define VTD_SCTX_Q1_RID_PRIV		HWI_BIT64(20)		/* reserved if RPRIVS=0 */
#define VTD_SCTX_Q1_RSVD		HWI_MASK64(63, 21)
#define VTD_SCTX_Q2_RSVD		HWI_ALL64
#define VTD_SCTX_Q3_RSVD		HWI_ALL64
/* The directory has 2^(PDTS+7) entries of 64 PASIDs: PASIDs from this on are beyond it */
#define VTD_PDTS_PASID_LIMIT(pdts)	(UINT32_C(1) << ((pdts) + 13U))

/* ---- PASIDs ---- */
#define VTD_PASID_BITS			20U
#define VTD_PASID_MAX			0xfffffU
#define VTD_PASID_DIR_INDEX(pasid)	(((pasid) >> 6) & 0x3fffU)
#define VTD_PASID_TABLE_INDEX(pasid)	((pasid) & 0x3fU)

/* ---- PASID directory entry (§9.5): index PASID[19:6] ---- */
#define VTD_PDE_ENTRY_SIZE		8U
#define VTD_PDE_P			HWI_BIT64(0)
#define VTD_PDE_FPD			HWI_BIT64(1)		/* counts even with P=0 */
#define VTD_PDE_SMPTBLPTR		HWI_MASK64(63, 12)	/* HAW */
#define VTD_PDE_RSVD			HWI_MASK64(11, 2)

/* ---- PASID table entry (§9.6): index PASID[5:0]. 'ign': PGTT values that ignore the field when it is not reserved ---- */
#define VTD_PE_ENTRY_SIZE		64U
#define VTD_PE_ENTRIES			64U
#define VTD_PE_QWORDS			8U
#define VTD_PE_Q0_P			HWI_BIT64(0)
#define VTD_PE_Q0_FPD			HWI_BIT64(1)		/* counts even with P=0 */
#define VTD_PE_Q0_AW			HWI_MASK64(4, 2)	/* reserved if SSTS=0; ign FS, PT */
#define VTD_PE_Q0_PGTT			HWI_MASK64(8, 6)
#define VTD_PE_Q0_SSADE			HWI_BIT64(9)		/* reserved if SSTS=0 or SSADS=0; ign FS, PT */
#define VTD_PE_Q0_SSPTPTR		HWI_MASK64(63, 12)	/* reserved if SSTS=0; HAW always; ign FS, PT */
#define VTD_PE_Q0_RSVD			(HWI_BIT64(5) | HWI_MASK64(11, 10))
#define VTD_PE_Q1_DID			HWI_MASK64(15, 0)	/* reserved above the CAP.ND width */
#define VTD_PE_Q1_PWSNP			HWI_BIT64(23)		/* reserved if SMPWCS=0 */
#define VTD_PE_Q1_PGSNP			HWI_BIT64(24)		/* reserved if SC=0 */
#define VTD_PE_Q1_CD			HWI_BIT64(25)		/* reserved if MTS=0 */
#define VTD_PE_Q1_EMTE			HWI_BIT64(26)		/* reserved if MTS=0; ign FS, PT */
#define VTD_PE_Q1_PAT			HWI_MASK64(63, 32)	/* reserved if MTS=0; eight nibbles, PA0 lowest */
#define VTD_PE_Q1_RSVD			(HWI_MASK64(22, 16) | HWI_MASK64(31, 27))
#define VTD_PE_Q2_SRE			HWI_BIT64(0)		/* reserved if SRS=0 */
#define VTD_PE_Q2_FSPM			HWI_MASK64(3, 2)	/* reserved if FSTS=0 */
#define VTD_PE_Q2_WPE			HWI_BIT64(4)		/* reserved if FSTS=0; ign SS, PT */
#define VTD_PE_Q2_IGN			HWI_MASK64(6, 5)	/* were NXE and SMEP: ignored, not reserved */
#define VTD_PE_Q2_EAFE			HWI_BIT64(7)		/* reserved if EAFS=0; ign SS, PT */
#define VTD_PE_Q2_FSPTPTR		HWI_MASK64(63, 12)	/* reserved if FSTS=0; HAW always; ign SS, PT; GPA if nested */
#define VTD_PE_Q2_RSVD			(HWI_BIT64(1) | HWI_MASK64(11, 8))
#define VTD_PE_Q3_RSVD			HWI_ALL64
#define VTD_PE_Q4_HPTSZ			HWI_MASK64(1, 0)	/* Q4, Q5 fields: reserved if HPTS=0; ignored if HPTE=0 */
#define VTD_PE_Q4_HPTPFD		HWI_BIT64(2)
#define VTD_PE_Q4_HPTPTR		HWI_MASK64(63, 12)	/* HAW */
#define VTD_PE_Q4_RSVD			HWI_MASK64(11, 3)
#define VTD_PE_Q5_HPTDID		HWI_MASK64(15, 0)	/* reserved above the CAP.ND width */
#define VTD_PE_Q5_RSVD			HWI_MASK64(63, 16)
#define VTD_PE_Q6_RSVD			HWI_ALL64
#define VTD_PE_Q7_RSVD			HWI_ALL64
#define VTD_PGTT_FS			1U
#define VTD_PGTT_SS			2U
#define VTD_PGTT_NESTED			3U
#define VTD_PGTT_PT			4U
#define VTD_FSPM_4			0U
#define VTD_FSPM_5			1U			/* needs FS5LP */

/* Memory types: PAT, EMT, MTRR */
#define VTD_MT_UC			0U
#define VTD_MT_WC			1U
#define VTD_MT_WT			4U
#define VTD_MT_WP			5U
#define VTD_MT_WB			6U
#define VTD_MT_UC_MINUS			7U			/* PAT only */
#define VTD_PAT_TYPE(pat, index)	(((pat) >> (4U * (index))) & 7U)

/* ---- First-stage paging entries (§9.7); reserved bits count only if P=1. Levels: 1 PTE ... 5 PML5E ---- */
#define VTD_FS_ENTRY_SIZE		8U
#define VTD_FS_P			HWI_BIT64(0)
#define VTD_FS_RW			HWI_BIT64(1)
#define VTD_FS_US			HWI_BIT64(2)
#define VTD_FS_PWT			HWI_BIT64(3)		/* leaves */
#define VTD_FS_PCD			HWI_BIT64(4)		/* leaves */
#define VTD_FS_A			HWI_BIT64(5)
#define VTD_FS_D			HWI_BIT64(6)		/* leaves */
#define VTD_FS_PS			HWI_BIT64(7)		/* levels 2, 3; reserved in 4, 5 and, if FS1GP=0, in 3 */
#define VTD_FS_PAT_4K			HWI_BIT64(7)		/* level 1 */
#define VTD_FS_G			HWI_BIT64(8)		/* ignored */
#define VTD_FS_EA			HWI_BIT64(10)		/* ignored without PE.EAFE */
#define VTD_FS_PAT_LARGE		HWI_BIT64(12)		/* leaves of levels 2, 3 */
#define VTD_FS_ADDR			HWI_MASK64(51, 12)	/* HAW */
#define VTD_FS_ADDR_2M			HWI_MASK64(51, 21)
#define VTD_FS_ADDR_1G			HWI_MASK64(51, 30)
#define VTD_FS_IGN_HIGH			HWI_MASK64(63, 52)	/* XD and protection keys have no meaning */
#define VTD_FS_RSVD_TOP			HWI_BIT64(7)		/* levels 4, 5 */
#define VTD_FS_RSVD_2M			HWI_MASK64(20, 13)
#define VTD_FS_RSVD_1G			HWI_MASK64(29, 13)

/*
 * ---- Second-stage paging entries (§9.8); reserved bits count only if R or W (IR or IW with SSIRWE) is 1. Levels as above.
 */
#define VTD_SS_ENTRY_SIZE		8U
#define VTD_SS_R			HWI_BIT64(0)		/* ignored with SSIRWE */
#define VTD_SS_W			HWI_BIT64(1)		/* ignored with SSIRWE */
#define VTD_SS_EMT			HWI_MASK64(5, 3)	/* leaves */
#define VTD_SS_IPAT			HWI_BIT64(6)		/* leaves */
#define VTD_SS_PS			HWI_BIT64(7)		/* levels 2, 3, by SSLPS; reserved in 4, 5; ignored in 1 */
#define VTD_SS_A			HWI_BIT64(8)		/* ignored without SSADE */
#define VTD_SS_D			HWI_BIT64(9)		/* leaves; ignored without SSADE */
#define VTD_SS_SNP			HWI_BIT64(11)		/* leaves, reserved if SC=0; reserved in tables */
#define VTD_SS_ADDR			HWI_MASK64(51, 12)	/* HAW */
#define VTD_SS_ADDR_2M			HWI_MASK64(51, 21)
#define VTD_SS_ADDR_1G			HWI_MASK64(51, 30)
#define VTD_SS_IR			HWI_BIT64(61)		/* ignored without SSIRWE */
#define VTD_SS_IW			HWI_BIT64(62)		/* reserved without SSIRWE */
#define VTD_SS_IGN_HIGH			(HWI_MASK64(60, 52) | HWI_BIT64(63))
#define VTD_SS_RSVD_TOP			(HWI_BIT64(7) | HWI_BIT64(11))	/* levels 4, 5 */
#define VTD_SS_RSVD_TABLE		HWI_BIT64(11)		/* levels 3, 2 with PS=0 */
#define VTD_SS_RSVD_2M			HWI_MASK64(20, 12)
#define VTD_SS_RSVD_1G			HWI_MASK64(29, 12)

/* Of either stage: level n maps 2^(12 + 9 * (n - 1)) bytes an entry, 512 entries a table */
#define VTD_PT_ENTRIES			512U
#define VTD_PT_LEVEL_SHIFT(level)	(12U + 9U * ((level) - 1U))

/* ---- Interrupt remapping table entry (§9.9 remapped, IM=0; §9.10 posted, IM=1) ---- */
#define VTD_IRTE_ENTRY_SIZE		16U
#define VTD_IRTE_Q0_P			HWI_BIT64(0)
#define VTD_IRTE_Q0_FPD			HWI_BIT64(1)		/* counts even with P=0 */
#define VTD_IRTE_Q0_DM			HWI_BIT64(2)		/* remapped; 1 logical */
#define VTD_IRTE_Q0_RH			HWI_BIT64(3)		/* remapped */
#define VTD_IRTE_Q0_TM			HWI_BIT64(4)		/* remapped; 1 level */
#define VTD_IRTE_Q0_DLM			HWI_MASK64(7, 5)	/* remapped */
#define VTD_IRTE_Q0_AVAIL		HWI_MASK64(11, 8)
#define VTD_IRTE_Q0_URG			HWI_BIT64(14)		/* posted; reserved if PI=0 */
#define VTD_IRTE_Q0_IM			HWI_BIT64(15)		/* reserved if PI=0 */
#define VTD_IRTE_Q0_V			HWI_MASK64(23, 16)	/* VV if posted */
#define VTD_IRTE_Q0_DST			HWI_MASK64(63, 32)	/* remapped, EIME=1 */
#define VTD_IRTE_Q0_DST_XAPIC		HWI_MASK64(47, 40)	/* remapped, EIME=0: rest of DST reserved */
#define VTD_IRTE_Q0_PDAL		HWI_MASK64(63, 38)	/* posted: descriptor address 31:6 */
#define VTD_IRTE_Q0_RSVD		(HWI_MASK64(14, 12) | HWI_MASK64(31, 24))
#define VTD_IRTE_Q0_RSVD_XAPIC		(HWI_MASK64(63, 48) | HWI_MASK64(39, 32))
#define VTD_IRTE_Q0_RSVD_POSTED \
	(HWI_MASK64(7, 2) | HWI_MASK64(13, 12) | HWI_MASK64(31, 24) | HWI_MASK64(37, 32))
#define VTD_IRTE_Q1_SID			HWI_MASK64(15, 0)
#define VTD_IRTE_Q1_SQ			HWI_MASK64(17, 16)
#define VTD_IRTE_Q1_SVT			HWI_MASK64(19, 18)
#define VTD_IRTE_Q1_PDAH		HWI_MASK64(63, 32)	/* posted: descriptor address 63:32; HAW */
#define VTD_IRTE_Q1_RSVD		HWI_MASK64(63, 20)
#define VTD_IRTE_Q1_RSVD_POSTED		HWI_MASK64(31, 20)
#define VTD_DLM_FIXED			0U
#define VTD_DLM_LOWEST			1U
#define VTD_DLM_SMI			2U
#define VTD_DLM_NMI			4U
#define VTD_DLM_INIT			5U
#define VTD_DLM_EXTINT			7U
#define VTD_SQ_ALL			0U			/* SID compared whole */
#define VTD_SQ_IGN_2			1U			/* but bit 2 */
#define VTD_SQ_IGN_2_1			2U			/* but bits 2:1 */
#define VTD_SQ_IGN_2_0			3U			/* but bits 2:0 */
#define VTD_SVT_NONE			0U
#define VTD_SVT_SID			1U
#define VTD_SVT_BUS			2U			/* SID[15:8] first bus, SID[7:0] last bus */
#define VTD_SVT_RSVD			3U

/* ---- Posted interrupt descriptor (§9.11): 64 bytes; PIR is Q0 to Q3 ---- */
#define VTD_PID_SIZE			64U
#define VTD_PID_QWORDS			8U
#define VTD_PID_Q4_ON			HWI_BIT64(0)
#define VTD_PID_Q4_SN			HWI_BIT64(1)
#define VTD_PID_Q4_NV			HWI_MASK64(23, 16)
#define VTD_PID_Q4_NDST			HWI_MASK64(63, 32)
#define VTD_PID_Q4_NDST_XAPIC		HWI_MASK64(47, 40)	/* EIME=0: rest of NDST reserved */
#define VTD_PID_Q4_RSVD			(HWI_MASK64(15, 2) | HWI_MASK64(31, 24))
#define VTD_PID_Q4_RSVD_XAPIC		(HWI_MASK64(63, 48) | HWI_MASK64(39, 32))
#define VTD_PID_Q5_RSVD			HWI_ALL64
#define VTD_PID_Q6_RSVD			HWI_ALL64
#define VTD_PID_Q7_RSVD			HWI_ALL64

/* ---- Interrupt requests (§5.1): address FEEx_xxxxh and data ---- */
#define VTD_INT_RANGE_BASE		UINT64_C(0xfee00000)
#define VTD_INT_RANGE_LAST		UINT64_C(0xfeefffff)
#define VTD_INT_ADDR_HANDLE_15		HWI_BIT32(2)		/* remappable format */
#define VTD_INT_ADDR_SHV		HWI_BIT32(3)
#define VTD_INT_ADDR_FORMAT		HWI_BIT32(4)		/* 1 remappable, 0 compatibility */
#define VTD_INT_ADDR_HANDLE_14_0	HWI_MASK32(19, 5)
#define VTD_INT_DATA_SUBHANDLE		HWI_MASK32(15, 0)
#define VTD_INT_DATA_RSVD		HWI_MASK32(31, 16)	/* reserved if SHV=1, else ignored */
#define VTD_INT_COMPAT_ADDR_DM		HWI_BIT32(2)		/* compatibility format and messages sent */
#define VTD_INT_COMPAT_ADDR_RH		HWI_BIT32(3)
#define VTD_INT_COMPAT_ADDR_DST		HWI_MASK32(19, 12)
#define VTD_INT_COMPAT_ADDR_RSVD	HWI_MASK32(11, 5)
#define VTD_INT_COMPAT_DATA_V		HWI_MASK32(7, 0)
#define VTD_INT_COMPAT_DATA_DLM		HWI_MASK32(10, 8)
#define VTD_INT_COMPAT_DATA_LEVEL	HWI_BIT32(14)
#define VTD_INT_COMPAT_DATA_TM		HWI_BIT32(15)

/* ---- Page request descriptor (§7.4.1), written by hardware ---- */
#define VTD_PRD_SIZE			32U
#define VTD_PRD_QWORDS			4U
#define VTD_PRD_TYPE_PAGE_REQ		1U
#define VTD_PRD_Q0_TYPE			HWI_MASK64(7, 0)
#define VTD_PRD_Q0_PP			HWI_BIT64(8)
#define VTD_PRD_Q0_RID			HWI_MASK64(31, 16)
#define VTD_PRD_Q0_PASID		HWI_MASK64(51, 32)
#define VTD_PRD_Q0_EXR			HWI_BIT64(52)
#define VTD_PRD_Q0_PMR			HWI_BIT64(53)
#define VTD_PRD_Q0_RSVD			(HWI_MASK64(15, 9) | HWI_MASK64(63, 54))
#define VTD_PRD_Q1_RDR			HWI_BIT64(0)
#define VTD_PRD_Q1_WRR			HWI_BIT64(1)
#define VTD_PRD_Q1_LPIG			HWI_BIT64(2)
#define VTD_PRD_Q1_PRGI			HWI_MASK64(11, 3)
#define VTD_PRD_Q1_ADDR			HWI_MASK64(63, 12)
#define VTD_PRD_Q2_RSVD			HWI_ALL64
#define VTD_PRD_Q3_RSVD			HWI_ALL64

/* ---- Host permission table (§9.12): 128-bit entries of tables and PP fields; needs HPTS ---- */
#define VTD_HPT_ENTRY_SIZE		16U
#define VTD_HPT_Q1_AV			HWI_BIT64(0)
#define VTD_HPT_Q1_ADDR			HWI_MASK64(51, 12)	/* HAW */
#define VTD_HPT_PP_R			0x1U			/* of a 4-bit permission; 3:2 reserved */
#define VTD_HPT_PP_W			0x2U
#define VTD_HPT_PP_RSVD			0xcU

#endif /* HWIOMMU_VTD_ENTRIES_H */

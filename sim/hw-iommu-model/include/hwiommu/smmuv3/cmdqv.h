/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tegra241 CMDQV: command queue virtualisation beside an Arm SMMUv3. There is no public specification: the names and places
 * are those of the Linux driver, with fields that only QEMU's device names marked 'Q'.
 *
 * CMDQV_REG_x are offsets from the aperture's base, VINTF_x from CMDQV_VINTF(v), VCMDQ_x from a queue's slot in a page 0 or
 * page 1.
 */
#ifndef HWIOMMU_SMMUV3_CMDQV_H
#define HWIOMMU_SMMUV3_CMDQV_H

#include "../bits.h"

/* Pages of 64 KiB */
#define CMDQV_PAGE_SIZE			0x10000U
#define CMDQV_CONFIG_BASE		0x00000U
#define CMDQV_VCMDQ_PAGE0_BASE		0x10000U	/* every VCMDQ */
#define CMDQV_VCMDQ_PAGE1_BASE		0x20000U
#define CMDQV_VINTF_PAGE_BASE		0x30000U	/* VINTF i: page 0, page 1; its logical VCMDQs */
#define CMDQV_VCMDQ_STRIDE		0x80U
#define CMDQV_VCMDQ_PAGE0(q)		(CMDQV_VCMDQ_PAGE0_BASE + CMDQV_VCMDQ_STRIDE * (q))
#define CMDQV_VCMDQ_PAGE1(q)		(CMDQV_VCMDQ_PAGE1_BASE + CMDQV_VCMDQ_STRIDE * (q))
#define CMDQV_VINTF_PAGE0(i)		(CMDQV_VINTF_PAGE_BASE + 2U * CMDQV_PAGE_SIZE * (i))
#define CMDQV_VINTF_PAGE1(i)		(CMDQV_VINTF_PAGE0(i) + CMDQV_PAGE_SIZE)
#define CMDQV_VINTF_LVCMDQ_PAGE0(i, l)	(CMDQV_VINTF_PAGE0(i) + CMDQV_VCMDQ_STRIDE * (l))
#define CMDQV_VINTF_LVCMDQ_PAGE1(i, l)	(CMDQV_VINTF_PAGE1(i) + CMDQV_VCMDQ_STRIDE * (l))
#define CMDQV_APERTURE(vintfs)		CMDQV_VINTF_PAGE0(vintfs)

/* What Tegra241 has: the most that the registers have room for */
#define CMDQV_VCMDQS_MAX		128U
#define CMDQV_VINTFS_MAX		64U
#define CMDQV_SIDS_MAX			16U

/* ---- Configuration page; all registers 32 bits ---- */
#define CMDQV_REG_CONFIG		0x000U
#define CMDQV_CONFIG_EN			HWI_BIT32(0)
#define CMDQV_CONFIG_PER_CMD_OFFSET	HWI_MASK32(3, 1)	/* Q */
#define CMDQV_CONFIG_MAX_CLK_BATCH	HWI_MASK32(11, 4)	/* Q */
#define CMDQV_CONFIG_MAX_CMD_BATCH	HWI_MASK32(19, 12)	/* Q */
#define CMDQV_CONFIG_CONS_DRAM_EN	HWI_BIT32(20)		/* Q */

#define CMDQV_REG_PARAM			0x004U			/* RO */
#define CMDQV_PARAM_VER			HWI_MASK32(3, 0)
#define CMDQV_PARAM_NUM_VCMDQ_LOG2	HWI_MASK32(7, 4)
#define CMDQV_PARAM_NUM_VINTF_LOG2	HWI_MASK32(11, 8)
#define CMDQV_PARAM_NUM_SID_PER_VM_LOG2	HWI_MASK32(15, 12)
#define CMDQV_VER			1U

#define CMDQV_REG_STATUS		0x008U			/* RO */
#define CMDQV_STATUS_ENABLED		HWI_BIT32(0)

/* A bit a VINTF, or a VCMDQ; m counts words of 32 */
#define CMDQV_REG_VINTF_ERR_MAP(m)	(0x014U + 4U * (m))	/* m 0, 1 */
#define CMDQV_REG_VINTF_INT_MASK(m)	(0x01cU + 4U * (m))	/* m 0, 1; 1 masked */
#define CMDQV_REG_CMDQ_ERR_MAP(m)	(0x024U + 4U * (m))	/* m 0 to 3 */

#define CMDQV_REG_CMDQ_ALLOC(q)		(0x200U + 4U * (q))
#define CMDQV_CMDQ_ALLOC_ALLOCATED	HWI_BIT32(0)
#define CMDQV_CMDQ_ALLOC_LVCMDQ		HWI_MASK32(7, 1)
#define CMDQV_CMDQ_ALLOC_VINTF		HWI_MASK32(20, 15)

/* ---- Virtual interfaces, in the configuration page ---- */
#define CMDQV_VINTF_BASE		0x1000U
#define CMDQV_VINTF_STRIDE		0x100U
#define CMDQV_VINTF(v)			(CMDQV_VINTF_BASE + CMDQV_VINTF_STRIDE * (v))

#define VINTF_CONFIG			0x00U
#define VINTF_CONFIG_EN			HWI_BIT32(0)
#define VINTF_CONFIG_VMID		HWI_MASK32(16, 1)
#define VINTF_CONFIG_HYP_OWN		HWI_BIT32(17)		/* all commands allowed */

#define VINTF_STATUS			0x04U			/* RO */
#define VINTF_STATUS_ENABLED		HWI_BIT32(0)
#define VINTF_STATUS_STATUS		HWI_MASK32(3, 1)
#define VINTF_STATUS_NUM_LVCMDQ		HWI_MASK32(23, 16)	/* Q */
#define VINTF_STATUS_OK			0U			/* values of STATUS */
#define VINTF_STATUS_VCMDQ_ERROR	1U

#define VINTF_SID_MATCH(s)		(0x40U + 4U * (s))
#define VINTF_SID_MATCH_ENABLE		HWI_BIT32(0)
#define VINTF_SID_MATCH_VIRT_SID	HWI_MASK32(20, 1)

#define VINTF_SID_REPLACE(s)		(0x80U + 4U * (s))
#define VINTF_SID_REPLACE_PHYS_SID	HWI_MASK32(19, 0)

#define VINTF_LVCMDQ_ERR_MAP(m)		(0xc0U + 4U * (m))	/* m 0 to 3; a bit a logical VCMDQ; pairs readable as 64 bits */

/* ---- VCMDQ, page 0: 32-bit registers ---- */
#define VCMDQ_CONS			0x00U
#define VCMDQ_CONS_RD			HWI_MASK32(19, 0)
#define VCMDQ_CONS_ERR			HWI_MASK32(30, 24)	/* SMMU_CERROR_x (commands.h), or below */
#define VCMDQ_CERROR_ILL_ACCESS		4U			/* Q */
#define VCMDQ_PROD			0x04U
#define VCMDQ_PROD_WR			HWI_MASK32(19, 0)
#define VCMDQ_CONFIG			0x08U
#define VCMDQ_CONFIG_EN			HWI_BIT32(0)
#define VCMDQ_STATUS			0x0cU			/* RO */
#define VCMDQ_STATUS_ENABLED		HWI_BIT32(0)
#define VCMDQ_GERROR			0x10U			/* RO; active where it differs from GERRORN */
#define VCMDQ_GERRORN			0x14U
#define VCMDQ_GERROR_CMDQ_ERR		HWI_BIT32(0)		/* Q, as the others */
#define VCMDQ_GERROR_CONS_DRAM_WR_ABT_ERR	HWI_BIT32(1)
#define VCMDQ_GERROR_CMDQ_INIT_ERR	HWI_BIT32(2)
#define VCMDQ_GERROR_ALL		HWI_MASK32(2, 0)

/* ---- VCMDQ, page 1: 64-bit registers, as halves too ---- */
#define VCMDQ_BASE			0x00U
#define VCMDQ_BASE_LOG2SIZE		HWI_MASK64(4, 0)
#define VCMDQ_BASE_ADDR			HWI_MASK64(47, 5)
#define VCMDQ_CONS_INDX_BASE		0x08U
#define VCMDQ_CONS_INDX_BASE_ADDR	HWI_MASK64(47, 0)	/* Q; used with CONS_DRAM_EN */

/* ACPI device; _UID is the IORT node's identifier in decimal */
#define CMDQV_ACPI_HID			"NVDA200C"

#endif /* HWIOMMU_SMMUV3_CMDQV_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Intel VT-d: the ACPI DMA Remapping table, 'DMAR' (VT-d 5.10 §8).
 *
 * Offsets are from the start of the table (VTD_DMAR_), of a remapping structure (VTD_DRHD_, ...) or of a device scope
 * (VTD_SCOPE_). Remapping structures stand in the order of their types.
 */
#ifndef HWIOMMU_VTD_ACPI_H
#define HWIOMMU_VTD_ACPI_H

#include "../bits.h"

/* Table header (§8.1), after the common ACPI header of 36 bytes */
#define VTD_DMAR_SIGNATURE		"DMAR"
#define VTD_DMAR_HAW			36U	/* u8: host address width - 1 */
#define VTD_DMAR_FLAGS			37U	/* u8 */
#define VTD_DMAR_RSVD			38U	/* 10 bytes */
#define VTD_DMAR_STRUCTURES		48U
#define VTD_DMAR_F_INTR_REMAP		0x01U
#define VTD_DMAR_F_X2APIC_OPT_OUT	0x02U
#define VTD_DMAR_F_PLATFORM_OPT_IN	0x04U	/* DMA_CTRL_PLATFORM_OPT_IN_FLAG */

/* Every remapping structure (§8.2) */
#define VTD_ACPI_TYPE			0U	/* u16 */
#define VTD_ACPI_LENGTH			2U	/* u16, whole structure */
enum vtd_acpi_type {
	VTD_ACPI_DRHD	= 0,
	VTD_ACPI_RMRR	= 1,
	VTD_ACPI_ATSR	= 2,
	VTD_ACPI_RHSA	= 3,
	VTD_ACPI_ANDD	= 4,
	VTD_ACPI_SATC	= 5,
	VTD_ACPI_SIDP	= 6,
};

/* DRHD: a remapping unit. With INCLUDE_PCI_ALL it is the last of its segment and has no scopes of types 1 and 2. */
#define VTD_DRHD_FLAGS			4U	/* u8 */
#define VTD_DRHD_SIZE			5U	/* u8, bits 3:0: 2^N pages of 4K registers (since 4.0) */
#define VTD_DRHD_SEGMENT		6U	/* u16 */
#define VTD_DRHD_BASE			8U	/* u64, aligned to the size */
#define VTD_DRHD_SCOPES			16U
#define VTD_DRHD_F_INCLUDE_PCI_ALL	0x01U
#define VTD_DRHD_SIZE_MASK		0x0fU

/* RMRR: memory that devices use behind the OS's back */
#define VTD_RMRR_RSVD			4U	/* u16 */
#define VTD_RMRR_SEGMENT		6U	/* u16 */
#define VTD_RMRR_BASE			8U	/* u64, 4K aligned */
#define VTD_RMRR_LIMIT			16U	/* u64, last byte */
#define VTD_RMRR_SCOPES			24U

/* ATSR: root ports that forward ATS; scopes of type 2 only */
#define VTD_ATSR_FLAGS			4U	/* u8 */
#define VTD_ATSR_RSVD			5U
#define VTD_ATSR_SEGMENT		6U	/* u16 */
#define VTD_ATSR_SCOPES			8U
#define VTD_ATSR_F_ALL_PORTS		0x01U

/* RHSA: proximity domain of a unit */
#define VTD_RHSA_RSVD			4U	/* u32 */
#define VTD_RHSA_BASE			8U	/* u64 */
#define VTD_RHSA_PROXIMITY		16U	/* u32 */
#define VTD_RHSA_LENGTH			20U

/* ANDD: an ACPI name-space device */
#define VTD_ANDD_RSVD			4U	/* 3 bytes */
#define VTD_ANDD_NUMBER			7U	/* u8 */
#define VTD_ANDD_NAME			8U	/* NUL-terminated path */

/* SATC: endpoints integrated in the SoC with an address translation cache; scopes of type 1, path length 2 */
#define VTD_SATC_FLAGS			4U	/* u8 */
#define VTD_SATC_RSVD			5U
#define VTD_SATC_SEGMENT		6U	/* u16 */
#define VTD_SATC_SCOPES			8U
#define VTD_SATC_F_ATC_REQUIRED		0x01U

/* SIDP: properties of SoC devices; scopes of types 1 and 5. Where there is one, SATC is ignored. */
#define VTD_SIDP_RSVD			4U	/* u16 */
#define VTD_SIDP_SEGMENT		6U	/* u16 */
#define VTD_SIDP_SCOPES			8U

/* Device scope: path entries of {device, function}, the first on the start bus */
#define VTD_SCOPE_TYPE			0U	/* u8 */
#define VTD_SCOPE_LENGTH		1U	/* u8: 6 + 2 * path entries */
#define VTD_SCOPE_FLAGS			2U	/* u8, in SIDP only */
#define VTD_SCOPE_RSVD			3U
#define VTD_SCOPE_ENUMERATION_ID	4U	/* u8: MADT I/O APIC id, HPET number, ANDD number */
#define VTD_SCOPE_START_BUS		5U	/* u8 */
#define VTD_SCOPE_PATH			6U
#define VTD_SCOPE_SIZE(pairs)		(6U + 2U * (pairs))
enum vtd_scope_type {
	VTD_SCOPE_ENDPOINT	= 1,
	VTD_SCOPE_BRIDGE	= 2,	/* PCI sub-hierarchy */
	VTD_SCOPE_IOAPIC	= 3,	/* listed even under INCLUDE_PCI_ALL when INTR_REMAP is set */
	VTD_SCOPE_HPET		= 4,
	VTD_SCOPE_ACPI		= 5,	/* ACPI name-space device */
};
#define VTD_SCOPE_F_NO_RID_NESTING	0x01U	/* nested translation not advised for RID_PASID */
#define VTD_SCOPE_F_NO_PWSNP		0x02U
#define VTD_SCOPE_F_NO_PGSNP		0x04U	/* nor SNP */
#define VTD_SCOPE_F_ATC_HARDENED	0x08U
#define VTD_SCOPE_F_ATC_REQUIRED	0x10U

/* Functions of the hot-plug _DSM */
#define VTD_ACPI_DSM_UUID		"D8C1A3A6-BE9B-4C9B-91BF-C3CB81FC5DAF"
#define VTD_ACPI_DSM_DRHD		1U
#define VTD_ACPI_DSM_ATSR		2U
#define VTD_ACPI_DSM_RHSA		3U

#endif /* HWIOMMU_VTD_ACPI_H */

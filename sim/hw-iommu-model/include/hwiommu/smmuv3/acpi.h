/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arm SMMUv3: the ACPI I/O Remapping Table, 'IORT' (Arm DEN 0049).
 *
 * Offsets are from the start of the table (SMMU_IORT_), of a node (SMMU_NODE_ for what every node has; SMMU_V3_, SMMU_ITS_,
 * SMMU_RC_) or of an ID mapping (SMMU_IDMAP_).
 */
#ifndef HWIOMMU_SMMUV3_ACPI_H
#define HWIOMMU_SMMUV3_ACPI_H

#include "../bits.h"

/* Table header, after the common ACPI header of 36 bytes */
#define SMMU_IORT_SIGNATURE		"IORT"
#define SMMU_IORT_NODE_COUNT		36U	/* u32 */
#define SMMU_IORT_NODE_OFFSET		40U	/* u32 */
#define SMMU_IORT_RSVD			44U	/* u32 */
#define SMMU_IORT_HEADER_SIZE		48U

/* Every node */
#define SMMU_NODE_TYPE			0U	/* u8 */
#define SMMU_NODE_LENGTH		1U	/* u16, whole node with its mappings */
#define SMMU_NODE_REVISION		3U	/* u8 */
#define SMMU_NODE_IDENTIFIER		4U	/* u32; reserved before table revision 1 */
#define SMMU_NODE_MAPPING_COUNT		8U	/* u32 */
#define SMMU_NODE_MAPPING_OFFSET	12U	/* u32, from the node's start */
#define SMMU_NODE_DATA			16U
enum smmu_iort_type {
	SMMU_IORT_ITS_GROUP		= 0,
	SMMU_IORT_NAMED_COMPONENT	= 1,
	SMMU_IORT_ROOT_COMPLEX		= 2,
	SMMU_IORT_SMMU			= 3,	/* versions 1 and 2 */
	SMMU_IORT_SMMU_V3		= 4,
	SMMU_IORT_PMCG			= 5,
	SMMU_IORT_RMR			= 6,
	SMMU_IORT_IWB			= 7,
};

/* SMMUv3 node */
#define SMMU_V3_BASE			16U	/* u64 */
#define SMMU_V3_FLAGS			24U	/* u32 */
#define SMMU_V3_RSVD			28U	/* u32 */
#define SMMU_V3_VATOS			32U	/* u64 */
#define SMMU_V3_MODEL			40U	/* u32 */
#define SMMU_V3_GSIV_EVENT		44U	/* u32 each; edge triggered; 0 none */
#define SMMU_V3_GSIV_PRI		48U
#define SMMU_V3_GSIV_GERROR		52U
#define SMMU_V3_GSIV_SYNC		56U
#define SMMU_V3_PROXIMITY		60U	/* u32 */
#define SMMU_V3_DEVICEID_INDEX		64U	/* u32: the mapping of its own MSIs */
#define SMMU_V3_NODE_SIZE		68U	/* mappings follow */
#define SMMU_V3_F_COHACC_OVERRIDE	HWI_BIT32(0)
#define SMMU_V3_F_HTTU_OVERRIDE		HWI_MASK32(2, 1)	/* as IDR0.HTTU */
#define SMMU_V3_F_PROXIMITY_VALID	HWI_BIT32(3)
#define SMMU_V3_F_DEVICEID_VALID	HWI_BIT32(4)
#define SMMU_V3_MODEL_GENERIC		0U
#define SMMU_V3_MODEL_HISILICON_HI161X	1U
#define SMMU_V3_MODEL_CAVIUM_CN99XX	2U

/* ITS group node */
#define SMMU_ITS_COUNT			16U	/* u32 */
#define SMMU_ITS_IDENTIFIERS		20U	/* u32 each */

/* Root complex node, revisions 0 to 4 */
#define SMMU_RC_CACHE_COHERENCY		16U	/* u32: 1 fully coherent */
#define SMMU_RC_HINTS			20U	/* u8 */
#define SMMU_RC_RSVD			21U	/* u16 */
#define SMMU_RC_MEMORY_FLAGS		23U	/* u8 */
#define SMMU_RC_ATS			24U	/* u32 */
#define SMMU_RC_SEGMENT			28U	/* u32 */
#define SMMU_RC_ADDRESS_LIMIT		32U	/* u8, since revision 1 */
#define SMMU_RC_PASID			33U	/* u16, since revision 2 */
#define SMMU_RC_RSVD2			35U	/* u8 */
#define SMMU_RC_FLAGS			36U	/* u32, since revision 4 */
#define SMMU_RC_ATS_SUPPORTED		HWI_BIT32(0)
#define SMMU_RC_ATS_PRI_SUPPORTED	HWI_BIT32(1)
#define SMMU_RC_MEMORY_CPM		0x01U	/* coherent path to memory */
#define SMMU_RC_MEMORY_DACS		0x02U	/* attributes are cacheable and inner shareable */
#define SMMU_RC_MEMORY_CANWBS		0x04U	/* since revision 6 of the table: write-back shareable whatever the attributes */

/* ID mapping: input IDs [base, base + count] to output IDs of another node */
#define SMMU_IDMAP_SIZE			20U
#define SMMU_IDMAP_INPUT_BASE		0U	/* u32 */
#define SMMU_IDMAP_COUNT		4U	/* u32: IDs - 1 */
#define SMMU_IDMAP_OUTPUT_BASE		8U	/* u32 */
#define SMMU_IDMAP_OUTPUT_REFERENCE	12U	/* u32: the node, from the table's start */
#define SMMU_IDMAP_FLAGS		16U	/* u32 */
#define SMMU_IDMAP_F_SINGLE		HWI_BIT32(0)	/* input base ignored: one output ID */

#endif /* HWIOMMU_SMMUV3_ACPI_H */

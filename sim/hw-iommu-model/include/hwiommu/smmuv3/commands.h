/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arm SMMUv3: commands (SMMUv3 §4), 16 bytes, little endian. Form of the masks as in stream.h: SMMU_CMD0_x, SMMU_CMD1_x are
 * fields that several commands have, SMMU_CMD_name0_x, SMMU_CMD_name1_x one command's.
 *
 * A command with a set bit that its fields do not name may be CERROR_ILL, or be done without regard to it (§4.1.5).
 */
#ifndef HWIOMMU_SMMUV3_COMMANDS_H
#define HWIOMMU_SMMUV3_COMMANDS_H

#include "../bits.h"

#define SMMU_CMD_SIZE			16U
#define SMMU_CMD_DWORDS			2U

/*
 * X(name, opcode, gate, section, title); gates as in regs.h, SMMU_GATE_x. A command whose gate is false on the Non-secure queue is
 * CERROR_ILL. The opcodes not listed are reserved (CERROR_ILL), but for 80h to 8Fh, which are implementation defined.
 */
#define SMMU_COMMANDS(X) \
	SMMU_COMMANDS_CONFIG(X) \
	SMMU_COMMANDS_TLBI(X) \
	SMMU_COMMANDS_TLBI_SECURE(X) \
	SMMU_COMMANDS_OTHER(X)

#define SMMU_COMMANDS_CONFIG(X) \
	X(PREFETCH_CONFIG, 0x01, ALWAYS, "4.2.1",    "prefetch configuration") \
	X(PREFETCH_ADDR,   0x02, ALWAYS, "4.2.2",    "prefetch configuration and translations") \
	X(CFGI_STE,        0x03, ALWAYS, "4.3.1",    "invalidate configuration of a stream") \
	X(CFGI_STE_RANGE,  0x04, ALWAYS, "4.3.2",    "invalidate configuration of a range of streams; CFGI_ALL") \
	X(CFGI_CD,         0x05, S1P,    "4.3.3",    "invalidate a context descriptor") \
	X(CFGI_CD_ALL,     0x06, S1P,    "4.3.4",    "invalidate a stream's context descriptors") \
	X(CFGI_VMS_PIDM,   0x07, VMS,    "4.3.5",    "invalidate a VM's PARTID map")

#define SMMU_COMMANDS_TLBI(X) \
	X(TLBI_NH_ALL,     0x10, S1P,    "4.4.2.1",  "invalidate NS-EL1, a VMID's stage 1") \
	X(TLBI_NH_ASID,    0x11, S1P,    "4.4.2.2",  "invalidate NS-EL1 by ASID") \
	X(TLBI_NH_VA,      0x12, S1P,    "4.4.2.4",  "invalidate NS-EL1 by VA and ASID") \
	X(TLBI_NH_VAA,     0x13, S1P,    "4.4.2.3",  "invalidate NS-EL1 by VA of any ASID") \
	X(TLBI_EL2_ALL,    0x20, HYP,    "4.4.2.7",  "invalidate NS-EL2") \
	X(TLBI_EL2_ASID,   0x21, HYP,    "4.4.2.10", "invalidate NS-EL2-E2H by ASID") \
	X(TLBI_EL2_VA,     0x22, HYP,    "4.4.2.8",  "invalidate NS-EL2 by VA and ASID") \
	X(TLBI_EL2_VAA,    0x23, HYP,    "4.4.2.9",  "invalidate NS-EL2 by VA of any ASID") \
	X(TLBI_S12_VMALL,  0x28, S2P,    "4.4.3.2",  "invalidate NS-EL1, a VMID's stages 1 and 2") \
	X(TLBI_S2_IPA,     0x2a, S2P,    "4.4.3.1",  "invalidate stage 2 by IPA") \
	X(TLBI_NSNH_ALL,   0x30, ALWAYS, "4.4.4.1",  "invalidate NS-EL1")

/* Never legal on the Non-secure queue */
#define SMMU_COMMANDS_TLBI_SECURE(X) \
	X(TLBI_EL3_ALL,    0x18, NEVER,  "4.4.2.5",  "invalidate EL3") \
	X(TLBI_EL3_VA,     0x1a, NEVER,  "4.4.2.6",  "invalidate EL3 by VA") \
	X(TLBI_S_EL2_ALL,  0x50, NEVER,  "4.4.2.11", "invalidate S-EL2") \
	X(TLBI_S_EL2_ASID, 0x51, NEVER,  "4.4.2.14", "invalidate S-EL2-E2H by ASID") \
	X(TLBI_S_EL2_VA,   0x52, NEVER,  "4.4.2.12", "invalidate S-EL2 by VA and ASID") \
	X(TLBI_S_EL2_VAA,  0x53, NEVER,  "4.4.2.13", "invalidate S-EL2 by VA of any ASID") \
	X(TLBI_S_S12_VMALL, 0x58, NEVER, "4.4.3.4",  "invalidate a Secure VMID's stages 1 and 2") \
	X(TLBI_S_S2_IPA,   0x5a, NEVER,  "4.4.3.3",  "invalidate Secure stage 2 by IPA") \
	X(TLBI_SNH_ALL,    0x60, NEVER,  "4.4.4.2",  "invalidate Secure EL1")

#define SMMU_COMMANDS_OTHER(X) \
	X(ATC_INV,         0x40, ATS,    "4.5.1",    "ATS invalidation") \
	X(PRI_RESP,        0x41, PRI,    "4.5.2",    "page request group response") \
	X(RESUME,          0x44, STALL,  "4.7.1",    "resume a stalled transaction") \
	X(STALL_TERM,      0x45, STALL,  "4.7.2",    "terminate a stream's stalled transactions") \
	X(SYNC,            0x46, ALWAYS, "4.7.3",    "wait, and signal completion") \
	X(DPTI_ALL,        0x70, DPT,    "4.6.1",    "invalidate device permissions") \
	X(DPTI_PA,         0x73, DPT,    "4.6.2",    "invalidate device permissions by address")

#define SMMU_CMD_ENUM_(name, opcode, gate, section, title)	SMMU_CMD_##name = opcode,
enum smmu_cmd {
	SMMU_COMMANDS(SMMU_CMD_ENUM_)
};
#undef SMMU_CMD_ENUM_
#define SMMU_CMD_IMPDEF_FIRST		0x80U
#define SMMU_CMD_IMPDEF_LAST		0x8fU

/* Common fields (§4.1.6, §4.4.1) */
#define SMMU_CMD0_OPCODE		HWI_MASK64(7, 0)
#define SMMU_CMD0_SSEC			HWI_BIT64(10)		/* CERROR_ILL on the Non-secure queue where present */
#define SMMU_CMD0_SSV			HWI_BIT64(11)
#define SMMU_CMD0_SSID			HWI_MASK64(31, 12)
#define SMMU_CMD0_SID			HWI_MASK64(63, 32)
#define SMMU_CMD0_VMID			HWI_MASK64(47, 32)	/* TLBI */
#define SMMU_CMD0_ASID			HWI_MASK64(63, 48)	/* TLBI */
#define SMMU_CMD1_LEAF			HWI_BIT64(0)		/* CFGI, TLBI */
#define SMMU_CMD1_ADDR			HWI_MASK64(63, 12)
#define SMMU_CMD1_IPA			HWI_MASK64(55, 12)	/* 51:12 before 3.4 */

/* Range of a TLBI by address (§4.4.1.1), with RIL: (NUM+1) * 2^SCALE granules from the address */
#define SMMU_CMD_TLBI0_NUM		HWI_MASK64(16, 12)
#define SMMU_CMD_TLBI0_SCALE		HWI_MASK64(24, 20)
#define SMMU_CMD_TLBI0_SCALE_DS		HWI_MASK64(25, 20)	/* IDR5.DS=1; above 39 acts as 39 */
#define SMMU_CMD_TLBI1_TTL128		HWI_BIT64(7)		/* D128 */
#define SMMU_CMD_TLBI1_TTL		HWI_MASK64(9, 8)	/* level of the leaves; 0 any */
#define SMMU_CMD_TLBI1_TG		HWI_MASK64(11, 10)
#define SMMU_TLBI_SCALE_MAX		39U
#define SMMU_TLBI_TG_NONE		0U			/* no range; NUM, SCALE, TTL RES0 */
#define SMMU_TLBI_TG_4K			1U
#define SMMU_TLBI_TG_16K		2U
#define SMMU_TLBI_TG_64K		3U
#define SMMU_TLBI_TG_SHIFT(tg)		(10U + 2U * (tg))	/* page shift; tg 1 to 3 */

/* CMD_PREFETCH_ADDR (§4.2.2) */
#define SMMU_CMD_PREFETCH_ADDR1_SIZE	HWI_MASK64(4, 0)
#define SMMU_CMD_PREFETCH_ADDR1_STRIDE	HWI_MASK64(9, 5)	/* RES0 in 3.0 */
#define SMMU_CMD_PREFETCH_ADDR1_NS	HWI_BIT64(11)		/* RES0 on the Non-secure queue */

/* CMD_CFGI_STE_RANGE (§4.3.2), CMD_CFGI_ALL (§4.3.6): 2^(Range+1) StreamIDs */
#define SMMU_CMD_CFGI_STE_RANGE1_RANGE	HWI_MASK64(4, 0)
#define SMMU_CFGI_RANGE_ALL		31U

/* CMD_CFGI_VMS_PIDM (§4.3.5): SMMU_CMD0_VMID */

/* CMD_ATC_INV (§4.5.1): 2^Size pages of 4K */
#define SMMU_CMD_ATC_INV0_GLOBAL	HWI_BIT64(9)
#define SMMU_CMD_ATC_INV1_SIZE		HWI_MASK64(5, 0)
#define SMMU_ATC_INV_SIZE_ALL		52U			/* more: may be CERROR_ILL */

/* CMD_PRI_RESP (§4.5.2) */
#define SMMU_CMD_PRI_RESP1_PRGINDEX	HWI_MASK64(8, 0)
#define SMMU_CMD_PRI_RESP1_RESP		HWI_MASK64(13, 12)
#define SMMU_PRI_RESP_FAILURE		0U			/* Response Failure, 1111b in PCIe */
#define SMMU_PRI_RESP_INVALID		1U			/* Invalid Request, 0001b */
#define SMMU_PRI_RESP_SUCCESS		2U			/* Success, 0000b */
#define SMMU_PRI_RESP_RSVD		3U			/* CERROR_ILL */

/* CMD_RESUME (§4.7.1) */
#define SMMU_CMD_RESUME0_AC		HWI_BIT64(12)		/* Action: retry */
#define SMMU_CMD_RESUME0_AB		HWI_BIT64(13)		/* without Action: 1 abort, 0 RAZ/WI */
#define SMMU_CMD_RESUME1_STAG		HWI_MASK64(15, 0)

/* CMD_SYNC (§4.7.3) */
#define SMMU_CMD_SYNC0_CS		HWI_MASK64(13, 12)
#define SMMU_CMD_SYNC0_MSH		HWI_MASK64(23, 22)	/* SMMU_SH_x (regs.h) */
#define SMMU_CMD_SYNC0_MSIATTR		HWI_MASK64(27, 24)	/* as STE.MemAttr */
#define SMMU_CMD_SYNC0_MSIDATA		HWI_MASK64(63, 32)
#define SMMU_CMD_SYNC1_MSIADDRESS	HWI_MASK64(55, 2)	/* 51:2 before 3.4; 0: no MSI */
#define SMMU_SYNC_CS_NONE		0U
#define SMMU_SYNC_CS_IRQ		1U
#define SMMU_SYNC_CS_SEV		2U
#define SMMU_SYNC_CS_RSVD		3U			/* CERROR_ILL */

/*
 * The fields of each command: Y(name, of word 0, of word 1). Every command has the opcode. ASID[15:8] and VMID[15:8] are
 * RES0 without ASID16, VMID16; NUM, SCALE, TTL, TG without RIL; SCALE[5] without DS; TTL128 without D128.
 */
#define SMMU_CMD0_SID_SSEC_		(SMMU_CMD0_SID | SMMU_CMD0_SSEC)
#define SMMU_CMD0_SUBSTREAM_		(SMMU_CMD0_SID | SMMU_CMD0_SSID | SMMU_CMD0_SSV)
#define SMMU_CMD0_RANGE_		(SMMU_CMD_TLBI0_NUM | SMMU_CMD_TLBI0_SCALE_DS)
#define SMMU_CMD1_RANGE_ \
	(SMMU_CMD1_LEAF | SMMU_CMD_TLBI1_TTL128 | SMMU_CMD_TLBI1_TTL | SMMU_CMD_TLBI1_TG)
#define SMMU_COMMAND_FIELDS(Y) \
	Y(PREFETCH_CONFIG, SMMU_CMD0_SUBSTREAM_ | SMMU_CMD0_SSEC, 0) \
	Y(PREFETCH_ADDR,   SMMU_CMD0_SUBSTREAM_ | SMMU_CMD0_SSEC, SMMU_CMD_PREFETCH_ADDR1_SIZE | \
	  SMMU_CMD_PREFETCH_ADDR1_STRIDE | SMMU_CMD_PREFETCH_ADDR1_NS | SMMU_CMD1_ADDR) \
	Y(CFGI_STE,        SMMU_CMD0_SID_SSEC_, SMMU_CMD1_LEAF) \
	Y(CFGI_STE_RANGE,  SMMU_CMD0_SID_SSEC_, SMMU_CMD_CFGI_STE_RANGE1_RANGE) \
	Y(CFGI_CD,         SMMU_CMD0_SID_SSEC_ | SMMU_CMD0_SSID, SMMU_CMD1_LEAF) \
	Y(CFGI_CD_ALL,     SMMU_CMD0_SID_SSEC_, 0) \
	Y(CFGI_VMS_PIDM,   SMMU_CMD0_VMID | SMMU_CMD0_SSEC, 0) \
	Y(TLBI_NH_ALL,     SMMU_CMD0_VMID, 0) \
	Y(TLBI_NH_ASID,    SMMU_CMD0_VMID | SMMU_CMD0_ASID, 0) \
	Y(TLBI_NH_VA,      SMMU_CMD0_VMID | SMMU_CMD0_ASID | SMMU_CMD0_RANGE_, SMMU_CMD1_RANGE_ | SMMU_CMD1_ADDR) \
	Y(TLBI_NH_VAA,     SMMU_CMD0_VMID | SMMU_CMD0_RANGE_, SMMU_CMD1_RANGE_ | SMMU_CMD1_ADDR) \
	Y(TLBI_EL2_ALL,    0, 0) \
	Y(TLBI_EL2_ASID,   SMMU_CMD0_ASID, 0) \
	Y(TLBI_EL2_VA,     SMMU_CMD0_ASID | SMMU_CMD0_RANGE_, SMMU_CMD1_RANGE_ | SMMU_CMD1_ADDR) \
	Y(TLBI_EL2_VAA,    SMMU_CMD0_RANGE_, SMMU_CMD1_RANGE_ | SMMU_CMD1_ADDR) \
	Y(TLBI_S12_VMALL,  SMMU_CMD0_VMID, 0) \
	Y(TLBI_S2_IPA,     SMMU_CMD0_VMID | SMMU_CMD0_RANGE_, SMMU_CMD1_RANGE_ | SMMU_CMD1_IPA) \
	Y(TLBI_NSNH_ALL,   0, 0) \
	Y(ATC_INV,         SMMU_CMD0_SUBSTREAM_ | SMMU_CMD_ATC_INV0_GLOBAL, SMMU_CMD_ATC_INV1_SIZE | SMMU_CMD1_ADDR) \
	Y(PRI_RESP,        SMMU_CMD0_SUBSTREAM_, SMMU_CMD_PRI_RESP1_PRGINDEX | SMMU_CMD_PRI_RESP1_RESP) \
	Y(RESUME,          SMMU_CMD0_SID_SSEC_ | SMMU_CMD_RESUME0_AC | SMMU_CMD_RESUME0_AB, SMMU_CMD_RESUME1_STAG) \
	Y(STALL_TERM,      SMMU_CMD0_SID_SSEC_, 0) \
	Y(SYNC,            SMMU_CMD_SYNC0_CS | SMMU_CMD_SYNC0_MSH | SMMU_CMD_SYNC0_MSIATTR | SMMU_CMD_SYNC0_MSIDATA, \
	  SMMU_CMD_SYNC1_MSIADDRESS) \
	Y(DPTI_ALL,        0, 0)

/* CMDQ_CONS.ERR (§7.1) */
#define SMMU_CERROR_NONE		0U
#define SMMU_CERROR_ILL			1U
#define SMMU_CERROR_ABT			2U
#define SMMU_CERROR_ATC_INV_SYNC	3U			/* RD stands at the CMD_SYNC */

#endif /* HWIOMMU_SMMUV3_COMMANDS_H */

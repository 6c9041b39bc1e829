/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arm SMMUv3: event records (SMMUv3 §7.3), 32 bytes, and PRI queue entries (§8), 16 bytes; little endian. Form of the masks as
 * in stream.h.
 */
#ifndef HWIOMMU_SMMUV3_EVENTS_H
#define HWIOMMU_SMMUV3_EVENTS_H

#include "../bits.h"

#define SMMU_EV_SIZE			32U
#define SMMU_EV_DWORDS			4U

/*
 * X(name, code, gate, section, title); gates as in regs.h: without it the event cannot occur. F_UUT, F_TLB_CONFLICT,
 * F_CFG_CONFLICT and E_PAGE_REQUEST depend on the implementation too. E0h to EFh are implementation defined, all else is
 * reserved.
 */
#define SMMU_EVENTS(X) \
	X(F_UUT,              0x01, ALWAYS,     "7.3.2",  "unsupported upstream transaction") \
	X(C_BAD_STREAMID,     0x02, ALWAYS,     "7.3.3",  "StreamID out of range; recorded with CR2.RECINVSID") \
	X(F_STE_FETCH,        0x03, ALWAYS,     "7.3.4",  "abort on the fetch of an STE") \
	X(C_BAD_STE,          0x04, ALWAYS,     "7.3.5",  "invalid STE") \
	X(F_BAD_ATS_TREQ,     0x05, ATS,        "7.3.6",  "ATS translation request not allowed") \
	X(F_STREAM_DISABLED,  0x06, SUBSTREAMS, "7.3.7",  "transaction without SubstreamID, or with SubstreamID 0, disabled") \
	X(F_TRANSL_FORBIDDEN, 0x07, ATS,        "7.3.8",  "ATS translated transaction not allowed") \
	X(C_BAD_SUBSTREAMID,  0x08, ALWAYS,     "7.3.9",  "SubstreamID out of range or not allowed") \
	X(F_CD_FETCH,         0x09, S1P,        "7.3.10", "abort on the fetch of a CD") \
	X(C_BAD_CD,           0x0a, S1P,        "7.3.11", "invalid CD") \
	X(F_WALK_EABT,        0x0b, ALWAYS,     "7.3.12", "abort on a translation table walk") \
	X(F_TRANSLATION,      0x10, ALWAYS,     "7.3.13", "translation fault") \
	X(F_ADDR_SIZE,        0x11, ALWAYS,     "7.3.14", "address size fault") \
	X(F_ACCESS,           0x12, ALWAYS,     "7.3.15", "access flag fault") \
	X(F_PERMISSION,       0x13, ALWAYS,     "7.3.16", "permission fault") \
	X(F_TLB_CONFLICT,     0x20, ALWAYS,     "7.3.17", "TLB conflict") \
	X(F_CFG_CONFLICT,     0x21, ALWAYS,     "7.3.18", "configuration cache conflict") \
	X(E_PAGE_REQUEST,     0x24, ALWAYS,     "7.3.19", "speculative page request hint") \
	X(F_VMS_FETCH,        0x25, VMS,        "7.3.20", "abort on the fetch of a VMS")

#define SMMU_EVT_ENUM_(name, code, gate, section, title)	SMMU_EVT_##name = code,
enum smmu_evt {
	SMMU_EVENTS(SMMU_EVT_ENUM_)
};
#undef SMMU_EVT_ENUM_
#define SMMU_EVT_IMPDEF_FIRST		0xe0U
#define SMMU_EVT_IMPDEF_LAST		0xefU

/*
 * Which fields a record has, SMMU_EV_HAS_x or'ed: Y(name, fields). What it does not have is 0. Every record has EV0_CODE and
 * EV0_SID.
 */
#define SMMU_EV_HAS_SSID		0x0001U	/* EV0_SSID */
#define SMMU_EV_HAS_SSV			0x0002U	/* EV0_SSV; without it SSID is valid always */
#define SMMU_EV_HAS_STALL		0x0004U	/* EV1_STAG, EV1_STALL */
#define SMMU_EV_HAS_REASON		0x0008U	/* EV1_REASON */
#define SMMU_EV_HAS_GPCF		0x0010U	/* EV1_GPCF */
#define SMMU_EV_HAS_REASON32		0x0020U	/* EV1_REASON32 */
#define SMMU_EV_HAS_PRIV		0x0040U	/* EV1_PNU, EV1_IND */
#define SMMU_EV_HAS_RNW			0x0080U	/* EV1_RNW */
#define SMMU_EV_HAS_STAGE		0x0100U	/* EV1_NSIPA, EV1_S2, EV1_CLASS */
#define SMMU_EV_HAS_PERM		0x0200U	/* EV1_TTRNW, EV1_DIRTYBIT, EV1_ASSUREDONLY, EV1_OVERLAY */
#define SMMU_EV_HAS_INPUTADDR		0x0400U	/* EV2_INPUTADDR */
#define SMMU_EV_HAS_IPA			0x0800U	/* EV3_IPA, valid with S2=1 */
#define SMMU_EV_HAS_FETCHADDR		0x1000U	/* EV3_FETCHADDR */
#define SMMU_EV_HAS_ATS			0x2000U	/* EV1_ATS_x, EV2_PAGEADDR */
#define SMMU_EV_HAS_HINT		0x4000U	/* EV1_PR_x, EV2_PAGEADDR */

#define SMMU_EV_HAS_SUBSTREAM_		(SMMU_EV_HAS_SSID | SMMU_EV_HAS_SSV)
#define SMMU_EV_HAS_ACCESS_		(SMMU_EV_HAS_SUBSTREAM_ | SMMU_EV_HAS_PRIV | SMMU_EV_HAS_RNW | SMMU_EV_HAS_INPUTADDR)
#define SMMU_EV_HAS_FETCH_		(SMMU_EV_HAS_SUBSTREAM_ | SMMU_EV_HAS_REASON | SMMU_EV_HAS_GPCF | SMMU_EV_HAS_FETCHADDR)
#define SMMU_EV_HAS_FAULT_ \
	(SMMU_EV_HAS_ACCESS_ | SMMU_EV_HAS_STALL | SMMU_EV_HAS_STAGE | SMMU_EV_HAS_IPA)

#define SMMU_EVENT_FIELDS(Y) \
	Y(F_UUT,              SMMU_EV_HAS_ACCESS_ | SMMU_EV_HAS_REASON) \
	Y(C_BAD_STREAMID,     SMMU_EV_HAS_SUBSTREAM_) \
	Y(F_STE_FETCH,        SMMU_EV_HAS_FETCH_) \
	Y(C_BAD_STE,          SMMU_EV_HAS_SUBSTREAM_) \
	Y(F_BAD_ATS_TREQ,     SMMU_EV_HAS_SUBSTREAM_ | SMMU_EV_HAS_ATS) \
	Y(F_STREAM_DISABLED,  0) \
	Y(F_TRANSL_FORBIDDEN, SMMU_EV_HAS_RNW | SMMU_EV_HAS_INPUTADDR) \
	Y(C_BAD_SUBSTREAMID,  SMMU_EV_HAS_SSID) \
	Y(F_CD_FETCH,         SMMU_EV_HAS_FETCH_) \
	Y(C_BAD_CD,           SMMU_EV_HAS_SUBSTREAM_) \
	Y(F_WALK_EABT,        SMMU_EV_HAS_ACCESS_ | SMMU_EV_HAS_FETCH_ | SMMU_EV_HAS_STAGE) \
	Y(F_TRANSLATION,      SMMU_EV_HAS_FAULT_) \
	Y(F_ADDR_SIZE,        SMMU_EV_HAS_FAULT_) \
	Y(F_ACCESS,           SMMU_EV_HAS_FAULT_) \
	Y(F_PERMISSION,       SMMU_EV_HAS_FAULT_ | SMMU_EV_HAS_PERM) \
	Y(F_TLB_CONFLICT,     SMMU_EV_HAS_ACCESS_ | SMMU_EV_HAS_REASON32 | SMMU_EV_HAS_STAGE | SMMU_EV_HAS_IPA) \
	Y(F_CFG_CONFLICT,     SMMU_EV_HAS_SUBSTREAM_ | SMMU_EV_HAS_REASON32) \
	Y(E_PAGE_REQUEST,     SMMU_EV_HAS_SUBSTREAM_ | SMMU_EV_HAS_HINT) \
	Y(F_VMS_FETCH,        SMMU_EV_HAS_FETCH_)

/* Every record */
#define SMMU_EV0_CODE			HWI_MASK64(7, 0)
#define SMMU_EV0_SSV			HWI_BIT64(11)
#define SMMU_EV0_SSID			HWI_MASK64(31, 12)
#define SMMU_EV0_SID			HWI_MASK64(63, 32)

/* Word 1 */
#define SMMU_EV1_STAG			HWI_MASK64(15, 0)	/* valid with Stall=1 */
#define SMMU_EV1_REASON			HWI_MASK64(15, 0)	/* implementation defined */
#define SMMU_EV1_GPCF			HWI_BIT64(16)
#define SMMU_EV1_REASON32		HWI_MASK64(31, 0)	/* implementation defined */
#define SMMU_EV1_STALL			HWI_BIT64(31)
#define SMMU_EV1_PNU			HWI_BIT64(33)		/* PnU, InD, RnW: of the incoming transaction, after overrides */
#define SMMU_EV1_IND			HWI_BIT64(34)		/* 0 with RnW=0 */
#define SMMU_EV1_RNW			HWI_BIT64(35)
#define SMMU_EV1_NSIPA			HWI_BIT64(38)		/* 0 in the Non-secure queue */
#define SMMU_EV1_S2			HWI_BIT64(39)
#define SMMU_EV1_CLASS			HWI_MASK64(41, 40)
#define SMMU_EV1_DIRTYBIT		HWI_BIT64(42)		/* S1PI, S2PI */
#define SMMU_EV1_ASSUREDONLY		HWI_BIT64(43)		/* S2PI */
#define SMMU_EV1_TTRNW			HWI_BIT64(44)		/* valid with CLASS TT: 1 read, 0 write of a descriptor */
#define SMMU_EV1_OVERLAY		HWI_BIT64(45)		/* S2PO */
#define SMMU_EV1_IMPDEF			HWI_MASK64(63, 48)	/* of the four faults */
#define SMMU_EV_CLASS_CD		0U
#define SMMU_EV_CLASS_TT		1U
#define SMMU_EV_CLASS_IN		2U

/* F_BAD_ATS_TREQ (§7.3.6): the request as it came, before overrides. Places as two models have them. */
#define SMMU_EV1_ATS_SPAN		HWI_MASK64(4, 0)	/* in STUs */
#define SMMU_EV1_ATS_PRIV		HWI_BIT64(28)
#define SMMU_EV1_ATS_X			HWI_BIT64(29)
#define SMMU_EV1_ATS_W			HWI_BIT64(30)		/* not NW */
#define SMMU_EV1_ATS_R			HWI_BIT64(31)		/* 1 */

/* E_PAGE_REQUEST (§7.3.19). Bits 32 and 36 are RES0. */
#define SMMU_EV1_PR_UX			HWI_BIT64(33)
#define SMMU_EV1_PR_UW			HWI_BIT64(34)
#define SMMU_EV1_PR_UR			HWI_BIT64(35)
#define SMMU_EV1_PR_PX			HWI_BIT64(37)
#define SMMU_EV1_PR_PW			HWI_BIT64(38)
#define SMMU_EV1_PR_PR			HWI_BIT64(39)
#define SMMU_EV1_PR_SPAN		HWI_MASK64(51, 44)	/* pages of 4K */

/* Words 2, 3 */
#define SMMU_EV2_INPUTADDR		HWI_ALL64		/* as it came, top byte too */
#define SMMU_EV2_PAGEADDR		HWI_MASK64(63, 12)	/* F_BAD_ATS_TREQ, E_PAGE_REQUEST */
#define SMMU_EV3_IPA			HWI_MASK64(55, 12)	/* valid with S2=1; bits from OAS on RES0; 51:12 before 3.4 */
#define SMMU_EV3_FETCHADDR		HWI_MASK64(55, 3)	/* bits from OAS on RES0; 51:3 before 3.4 */

/* ---- PRI queue entry (§8) ---- */
#define SMMU_PRI_SIZE			16U
#define SMMU_PRI_DWORDS			2U
#define SMMU_PRI0_SID			HWI_MASK64(31, 0)
#define SMMU_PRI0_SSID			HWI_MASK64(51, 32)	/* UNKNOWN with SSV=0 */
#define SMMU_PRI0_PRIV			HWI_BIT64(58)		/* 0 with SSV=0, as X */
#define SMMU_PRI0_X			HWI_BIT64(59)
#define SMMU_PRI0_R			HWI_BIT64(60)
#define SMMU_PRI0_W			HWI_BIT64(61)
#define SMMU_PRI0_LAST			HWI_BIT64(62)
#define SMMU_PRI0_SSV			HWI_BIT64(63)
#define SMMU_PRI1_PRGINDEX		HWI_MASK64(8, 0)
#define SMMU_PRI1_ADDR			HWI_MASK64(63, 12)

#endif /* HWIOMMU_SMMUV3_EVENTS_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Intel VT-d: fault conditions (VT-d 5.10 §7.1, Tables 30 and 31; interrupts §5.1.4.1).
 *
 * Several conditions share one fault reason (FRCD.FR), and one condition is answered differently by kind of request. So the
 * list is of conditions, with the specification's names (LCT.4.1 is LCT_4_1); the reason is an attribute.
 *
 * X(name, reason, qualified, U, T, X, PR, section, title)
 *   qualified  1: not recorded when FPD=1 in a context, PASID directory or PASID table entry (IRTE for interrupts) met so far
 *   U, T, X    answer to an untranslated request, an ATS translation request, a translated request:
 *      UR      Unsupported Request (reads; untranslated writes are dropped); recorded
 *      CA      Completer Abort; recorded
 *      S0      Success with R=W=U=S=0: recoverable, not recorded
 *      SEP     Success with the effective permission: recoverable, not recorded
 *      S0R     as S0, and recorded (SFS.10 alone)
 *      NA      cannot occur
 *   PR         page request: IR = response Invalid Request if one is needed, else dropped; recorded either way. NA = cannot occur
 *
 * An answer is the same with and without PASID wherever both can occur. Where the table has an answer for one of them only:
 *   with PASID only      RTA.2, RTA.5, SCT.6, SCT.7, SCT.9, SCT.10 (X), SPT.5, SGN.10
 *   without PASID only   RTA.1.4 and SCT.4.3 for U and T
 * The X column of SPD and SPT conditions occurs only with SCTX.HPTE=1: otherwise no PASID structure is read for such a request.
 */
#ifndef HWIOMMU_VTD_FAULTS_H
#define HWIOMMU_VTD_FAULTS_H

#include "../bits.h"

#define VTD_FAULT_CONDITIONS(X) \
	VTD_FAULTS_LEGACY(X) \
	VTD_FAULTS_RTADDR(X) \
	VTD_FAULTS_SCALABLE(X) \
	VTD_FAULTS_PASID(X) \
	VTD_FAULTS_STAGES(X) \
	VTD_FAULTS_HPT(X) \
	VTD_FAULTS_INTERRUPT(X)

#define VTD_FAULTS_LEGACY(X) \
	X(LRT_1,   0x08, 0, UR, CA, UR, NA, "Table 30", "error on reading a root entry") \
	X(LRT_2,   0x01, 0, UR, UR, UR, NA, "Table 30", "root entry not present") \
	X(LRT_3,   0x0a, 0, UR, CA, UR, NA, "Table 30", "root entry: reserved field") \
	X(LCT_1,   0x09, 0, UR, CA, UR, NA, "Table 30", "error on reading a context entry") \
	X(LCT_2,   0x02, 1, UR, UR, UR, NA, "Table 30", "context entry not present") \
	X(LCT_3,   0x0b, 1, UR, CA, UR, NA, "Table 30", "context entry: reserved field") \
	X(LCT_4_1, 0x03, 1, UR, CA, UR, NA, "Table 30", "context entry: AW not supported") \
	X(LCT_4_2, 0x03, 1, UR, CA, UR, NA, "Table 30", "context entry: TT not supported") \
	X(LCT_4_3, 0x03, 1, UR, CA, NA, NA, "Table 30", "error on reading the first second-stage table") \
	X(LCT_5,   0x0d, 1, NA, UR, UR, NA, "Table 30", "TT blocks translation and translated requests") \
	X(LGN_1_1, 0x04, 1, UR, S0, NA, NA, "Table 30", "address beyond min(MGAW, AGAW)") \
	X(LGN_1_2, 0x04, 1, NA, NA, UR, NA, "Table 30", "translated address beyond HAW") \
	X(LGN_1_3, 0x04, 1, UR, NA, NA, NA, "Table 30", "pass-through address beyond HAW") \
	X(LGN_2,   0x05, 1, UR, SEP, NA, NA, "Table 30", "write or atomic without write permission") \
	X(LGN_3,   0x06, 1, UR, SEP, NA, NA, "Table 30", "read or atomic without read permission") \
	X(LGN_4,   0x0e, 1, UR, CA, UR, NA, "Table 30", "output in the interrupt address range") \
	X(LSS_1,   0x07, 1, UR, CA, NA, NA, "Table 30", "error on reading a lower second-stage table") \
	X(LSS_2,   0x0c, 1, UR, CA, NA, NA, "Table 30", "second-stage entry: reserved field")

#define VTD_FAULTS_RTADDR(X) \
	X(RTA_1_1, 0x30, 0, UR, CA, UR, IR, "Table 30", "TTM 11b without ADMS") \
	X(RTA_1_2, 0x30, 0, UR, CA, UR, IR, "Table 30", "TTM 10b") \
	X(RTA_1_3, 0x30, 0, UR, CA, UR, IR, "Table 30", "TTM 01b without SMTS") \
	X(RTA_1_4, 0x30, 0, UR, CA, UR, NA, "Table 30", "SSIRWE=1 with TTM 00b") \
	X(RTA_2,   0x31, 0, UR, UR, UR, NA, "Table 30", "request with PASID in legacy mode") \
	X(RTA_3,   0x32, 0, NA, NA, NA, IR, "Table 30", "page request in legacy mode") \
	X(RTA_4,   0x33, 0, UR, UR, UR, IR, "Table 30", "abort-DMA mode") \
	X(RTA_5,   0x34, 0, UR, UR, UR, NA, "Table 30", "execute requested (major version 8 on)")

#define VTD_FAULTS_SCALABLE(X) \
	X(SRT_1,   0x38, 0, UR, CA, UR, IR, "Table 30", "error on reading a scalable root entry") \
	X(SRT_2,   0x39, 0, UR, UR, UR, IR, "Table 30", "scalable root entry: LP or UP is 0") \
	X(SRT_3,   0x3a, 0, UR, CA, UR, IR, "Table 30", "scalable root entry: reserved field") \
	X(SCT_1,   0x40, 0, UR, CA, UR, IR, "Table 30", "error on reading a scalable context entry") \
	X(SCT_2,   0x41, 1, UR, UR, UR, IR, "Table 30", "scalable context entry not present") \
	X(SCT_3,   0x42, 1, UR, CA, UR, IR, "Table 30", "scalable context entry: reserved field") \
	X(SCT_4_1, 0x43, 1, UR, CA, UR, IR, "Table 30", "PRE=1 with DTE=0") \
	X(SCT_4_2, 0x43, 1, UR, CA, UR, IR, "Table 30", "RID_PASID beyond the directory (PDTS)") \
	X(SCT_4_3, 0x43, 1, UR, CA, UR, IR, "Table 30", "EPTR=1 with PASIDE=0") \
	X(SCT_5,   0x44, 1, NA, UR, UR, NA, "Table 30", "translation or translated request with DTE=0") \
	X(SCT_6,   0x45, 1, UR, UR, NA, IR, "Table 30", "request with PASID with PASIDE=0") \
	X(SCT_7,   0x46, 1, UR, UR, UR, IR, "Table 30", "PASID beyond the directory (PDTS)") \
	X(SCT_8,   0x47, 1, NA, NA, NA, IR, "Table 30", "page request with PRE=0") \
	X(SCT_9,   0x48, 1, UR, UR, UR, IR, "Table 30", "PASID of the request equals RID_PASID") \
	X(SCT_10,  0x49, 1, NA, NA, UR, NA, "Table 30", "translated request with PASID with EPTR=0")

#define VTD_FAULTS_PASID(X) \
	X(SPD_1,   0x50, 0, UR, CA, CA, IR, "Table 30", "error on reading a PASID directory entry") \
	X(SPD_2,   0x51, 1, UR, S0, UR, IR, "Table 30", "PASID directory entry not present") \
	X(SPD_3,   0x52, 1, UR, CA, CA, IR, "Table 30", "PASID directory entry: reserved field") \
	X(SPT_1,   0x58, 0, UR, CA, CA, IR, "Table 30", "error on reading a PASID table entry") \
	X(SPT_2,   0x59, 1, UR, S0, UR, IR, "Table 30", "PASID table entry not present") \
	X(SPT_3,   0x5a, 1, UR, CA, CA, IR, "Table 30", "PASID table entry: reserved field") \
	X(SPT_4_1, 0x5b, 1, UR, CA, CA, IR, "Table 30", "PASID table entry: AW not supported") \
	X(SPT_4_2, 0x5b, 1, UR, CA, CA, IR, "Table 30", "PASID table entry: PGTT not supported") \
	X(SPT_4_3, 0x5b, 1, UR, CA, CA, IR, "Table 30", "PASID table entry: FSPM not supported") \
	X(SPT_4_4, 0x5b, 1, UR, CA, CA, IR, "Table 30", "nested: FSPTPTR beyond min(MGAW, AGAW)") \
	X(SPT_5,   0x5c, 1, UR, S0, NA, NA, "Table 30", "execute requested (major version up to 7)") \
	X(SPT_6,   0x5d, 1, UR, S0, NA, NA, "Table 30", "privileged request with SRE=0") \
	X(SPT_9,   0x60, 1, NA, NA, UR, NA, "Table 30", "translated address beyond HPTSZ")

/* Page requests stop at the PASID table entry, so no PR here; nor is SGN.10 one of theirs. */
#define VTD_FAULTS_STAGES(X) \
	X(SFS_1,   0x70, 1, UR, S0, NA, NA, "Table 30", "error on reading a lower first-stage entry") \
	X(SFS_2,   0x71, 1, UR, S0, NA, NA, "Table 30", "first-stage entry not present") \
	X(SFS_3,   0x72, 1, UR, S0, NA, NA, "Table 30", "first-stage entry: reserved field") \
	X(SFS_4,   0x73, 1, UR, S0, NA, NA, "Table 30", "error on reading the root first-stage entry") \
	X(SFS_5,   0x74, 1, UR, S0, NA, NA, "Table 30", "nested: first-stage ADDR beyond min(MGAW, AGAW)") \
	X(SFS_6,   0x75, 1, UR, S0, NA, NA, "Table 30", "nested: no read permission for the root first-stage entry") \
	X(SFS_7,   0x76, 1, UR, S0, NA, NA, "Table 30", "nested: no read permission for a lower first-stage entry") \
	X(SFS_8,   0x77, 1, UR, S0, NA, NA, "Table 30", "nested: no write permission for an A/EA/D update") \
	X(SFS_9,   0x90, 1, UR, S0, NA, NA, "Table 30", "first-stage A/EA/D update of tables not snooped") \
	X(SFS_10,  0x91, 1, UR, S0R, NA, NA, "Table 30", "first-stage A/EA/D update failed") \
	X(SSS_1,   0x78, 1, UR, CA, NA, NA, "Table 30", "error on reading a lower second-stage entry") \
	X(SSS_2,   0x79, 1, UR, S0, NA, NA, "Table 30", "second stage grants neither read nor write") \
	X(SSS_3,   0x7a, 1, UR, CA, NA, NA, "Table 30", "second-stage entry: reserved field") \
	X(SSS_4,   0x7b, 1, UR, CA, NA, NA, "Table 30", "error on reading the root second-stage entry") \
	X(SSS_5,   0x7c, 1, UR, CA, NA, NA, "Table 30", "second-stage A/D update of tables not snooped") \
	X(SSS_6,   0x7d, 1, UR, CA, NA, NA, "Table 30", "second-stage A/D update failed") \
	X(SGN_1,   0x80, 1, UR, S0, NA, NA, "Table 30", "address not canonical") \
	X(SGN_2,   0x81, 1, UR, S0, NA, NA, "Table 30", "user request for a supervisor page") \
	X(SGN_4_1, 0x83, 1, NA, NA, UR, NA, "Table 30", "translated address beyond HAW") \
	X(SGN_4_2, 0x83, 1, UR, S0, NA, NA, "Table 30", "pass-through address beyond HAW") \
	X(SGN_5,   0x84, 1, UR, S0, NA, NA, "Table 30", "second-stage-only address beyond min(MGAW, AGAW)") \
	X(SGN_6,   0x85, 1, UR, SEP, NA, NA, "Table 30", "write or atomic without write permission") \
	X(SGN_7,   0x86, 1, UR, SEP, NA, NA, "Table 30", "read or atomic without read permission") \
	X(SGN_8_1, 0x87, 1, UR, NA, NA, NA, "Table 30", "output in the interrupt address range") \
	X(SGN_8_2, 0x87, 1, NA, CA, NA, NA, "Table 30", "translated range meets the interrupt address range") \
	X(SGN_8_3, 0x87, 1, NA, NA, UR, NA, "Table 30", "translated request in the interrupt address range") \
	X(SGN_10,  0x89, 1, UR, UR, UR, NA, "Table 30", "PASID wider than ECAP.PSS")

#define VTD_FAULTS_HPT(X) \
	X(HPT_1,   0xa0, 1, NA, NA, CA, NA, "Table 30", "error on reading a lower host permission table") \
	X(HPT_2,   0xa1, 1, NA, NA, CA, NA, "Table 30", "host permission table entry: reserved field") \
	X(HPT_3,   0xa2, 1, NA, NA, CA, NA, "Table 30", "error on reading the root host permission table") \
	X(HPT_4,   0xa3, 1, NA, NA, UR, NA, "Table 30", "zero-length read without host permission") \
	X(HPT_5,   0xa4, 1, NA, NA, UR, NA, "Table 30", "write without host permission") \
	X(HPT_6,   0xa5, 1, NA, NA, UR, NA, "Table 30", "read without host permission")

/* Interrupt requests are untranslated writes; 29h also stands for what is not an interrupt but hits the range (§3.15). */
#define VTD_FAULTS_INTERRUPT(X) \
	X(IR_20, 0x20, 0, UR, NA, NA, NA, "5.1.4.1", "interrupt request: reserved field") \
	X(IR_21, 0x21, 0, UR, NA, NA, NA, "5.1.4.1", "interrupt_index beyond the table") \
	X(IR_22, 0x22, 1, UR, NA, NA, NA, "5.1.4.1", "IRTE not present") \
	X(IR_23, 0x23, 0, UR, NA, NA, NA, "5.1.4.1", "error on reading an IRTE") \
	X(IR_24, 0x24, 1, UR, NA, NA, NA, "5.1.4.1", "IRTE: reserved field") \
	X(IR_25, 0x25, 0, UR, NA, NA, NA, "5.1.4.1", "compatibility format blocked") \
	X(IR_26, 0x26, 1, UR, NA, NA, NA, "5.1.4.1", "source-id check failed") \
	X(IR_27, 0x27, 1, UR, NA, NA, NA, "5.1.4.1", "error on accessing a posted interrupt descriptor") \
	X(IR_28, 0x28, 1, UR, NA, NA, NA, "5.1.4.1", "posted interrupt descriptor: reserved field") \
	X(IR_29, 0x29, 0, UR, NA, NA, NA, "5.1.4.1", "request to the range that is not a valid interrupt") \
	X(IR_2A, 0x2a, 0, UR, NA, NA, NA, "5.1.4.1", "EIME=0 though EIMER=1") \
	X(IR_2B, 0x2b, 0, UR, NA, NA, NA, "5.1.4.1", "interrupt with IRES=0 though IRREQ=1")

/*
 * What a unit must advertise for a condition to exist: Y(name, gate), gates as in regs.h. With it absent the condition
 * cannot occur, with it present it must.
 */
#define VTD_FAULT_GATES(Y) \
	Y(LRT_1, ALWAYS) Y(LRT_2, ALWAYS) Y(LRT_3, ALWAYS) \
	Y(LCT_1, ALWAYS) Y(LCT_2, ALWAYS) Y(LCT_3, ALWAYS) \
	Y(LCT_4_1, ALWAYS) Y(LCT_4_2, ALWAYS) Y(LCT_4_3, SAGAW) Y(LCT_5, ALWAYS) \
	Y(LGN_1_1, SAGAW) Y(LGN_1_2, DT) Y(LGN_1_3, PT) \
	Y(LGN_2, SAGAW) Y(LGN_3, SAGAW) Y(LGN_4, ALWAYS) \
	Y(LSS_1, SAGAW) Y(LSS_2, SAGAW) \
	Y(RTA_1_1, NOT_ADMS) Y(RTA_1_2, ALWAYS) Y(RTA_1_3, NOT_SMTS) Y(RTA_1_4, SSIRWS) \
	Y(RTA_2, PASID) Y(RTA_3, PRS) Y(RTA_4, ADMS) Y(RTA_5, ER_GE_8) \
	Y(SRT_1, SMTS) Y(SRT_2, SMTS) Y(SRT_3, SMTS) \
	Y(SCT_1, SMTS) Y(SCT_2, SMTS) Y(SCT_3, SMTS) \
	Y(SCT_4_1, PRS) Y(SCT_4_2, RPS) Y(SCT_4_3, PTRS) \
	Y(SCT_5, SMTS) Y(SCT_6, PASID) Y(SCT_7, PASID) Y(SCT_8, PRS) Y(SCT_9, PASID) Y(SCT_10, PTRS) \
	Y(SPD_1, SMTS) Y(SPD_2, SMTS) Y(SPD_3, SMTS) \
	Y(SPT_1, SMTS) Y(SPT_2, SMTS) Y(SPT_3, SMTS) \
	Y(SPT_4_1, SSTS) Y(SPT_4_2, SMTS) Y(SPT_4_3, FSTS) Y(SPT_4_4, NEST) \
	Y(SPT_5, ER_LE_7) Y(SPT_6, SMTS) Y(SPT_9, HPTS) \
	Y(SFS_1, FSTS) Y(SFS_2, FSTS) Y(SFS_3, FSTS) Y(SFS_4, FSTS) \
	Y(SFS_5, NEST) Y(SFS_6, NEST) Y(SFS_7, NEST) Y(SFS_8, NEST) \
	Y(SFS_9, FSTS) Y(SFS_10, FSTS) \
	Y(SSS_1, SSTS) Y(SSS_2, SSTS) Y(SSS_3, SSTS) Y(SSS_4, SSTS) Y(SSS_5, SSADS) Y(SSS_6, SSADS) \
	Y(SGN_1, FSTS) Y(SGN_2, FSTS) Y(SGN_4_1, SMTS_DT) Y(SGN_4_2, SMTS_PT) Y(SGN_5, SSTS) \
	Y(SGN_6, SMTS) Y(SGN_7, SSTS) Y(SGN_8_1, SMTS) Y(SGN_8_2, SMTS_DT) Y(SGN_8_3, SMTS_DT) Y(SGN_10, PASID) \
	Y(HPT_1, HPTS) Y(HPT_2, HPTS) Y(HPT_3, HPTS) Y(HPT_4, HPTS) Y(HPT_5, HPTS) Y(HPT_6, HPTS) \
	Y(IR_20, IR) Y(IR_21, IR) Y(IR_22, IR) Y(IR_23, IR) Y(IR_24, IR) Y(IR_25, IR) Y(IR_26, IR) \
	Y(IR_27, PI) Y(IR_28, PI) Y(IR_29, ALWAYS) Y(IR_2A, EIMER) Y(IR_2B, IRREQ)

#define VTD_FAULT_ENUM_(name, reason, qualified, u, t, x, pr, section, title)	VTD_FC_##name,
enum vtd_fault_cond {
	VTD_FC_NONE = 0,
	VTD_FAULT_CONDITIONS(VTD_FAULT_ENUM_)
	VTD_FC_COUNT
};
#undef VTD_FAULT_ENUM_

/* Fault reasons, FRCD.FR, by condition: VTD_FR_LCT_4_1 and VTD_FR_LCT_4_2 are both 03h */
#define VTD_FAULT_ENUM_(name, reason, qualified, u, t, x, pr, section, title)	VTD_FR_##name = reason,
enum vtd_fault_reason {
	VTD_FAULT_CONDITIONS(VTD_FAULT_ENUM_)
};
#undef VTD_FAULT_ENUM_

/* The columns U, T, X: VTD_RESP_##column */
enum vtd_fault_resp {
	VTD_RESP_NA = 0,
	VTD_RESP_UR,
	VTD_RESP_CA,
	VTD_RESP_S0,
	VTD_RESP_SEP,
	VTD_RESP_S0R,
};

/* The column PR: VTD_PR_##column */
enum vtd_fault_pr {
	VTD_PR_NA = 0,
	VTD_PR_IR,
};

#endif /* HWIOMMU_VTD_FAULTS_H */

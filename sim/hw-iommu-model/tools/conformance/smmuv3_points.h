/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Points of the specification that models of an SMMUv3 get wrong: X(number, section, what is right). The tests name them
 * "Point N" in their comments, and POINT_N in what they cover.
 */
#ifndef CONFORMANCE_SMMUV3_POINTS_H
#define CONFORMANCE_SMMUV3_POINTS_H

#define SMMU_POINTS(X) \
	X(1,  "5.2",      "STE.Config=0xx aborts without an event, and nothing else of the STE is checked") \
	X(2,  "7.3.7",    "F_STREAM_DISABLED is about substreams, not about Config=000") \
	X(3,  "7.3.9",    "a SubstreamID without stage 1 is C_BAD_SUBSTREAMID") \
	X(4,  "7.3.3",    "C_BAD_STREAMID is recorded with RECINVSID only, and aborts always") \
	X(5,  "5.1",      "L1STD.Span counts 2^(Span-1) STEs; a StreamID beyond them is C_BAD_STREAMID") \
	X(6,  "6.3.25",   "LOG2SIZE aligns as it is written, and counts as far as IDR1 allows; SPLIT is 6, 8 or 10, all else 6") \
	X(7,  "3.21.3",   "an STE or CD may be cached while it is invalid") \
	X(8,  "7.3.16",   "nested, CDs and stage 1 tables are at IPAs: their stage 2 faults are CLASS=CD, CLASS=TT") \
	X(9,  "5.2.2",    "S2AA64=0 without AArch32 tables is C_BAD_STE") \
	X(10, "5.2.2",    "S2T0SZ, S2SL0, S2TG, S2TTB that do not fit are C_BAD_STE, not a fault of the walk") \
	X(11, "5.4.1.1",  "EPDx=1 hides TxSZ, TGx, TTBx of its half; a miss there is F_TRANSLATION") \
	X(12, "5.4",      "low bits of a TTB are ignored as far as the table's real size goes") \
	X(13, "5.4",      "TG0 and TG1 have different encodings") \
	X(14, "5.4",      "IPS and S2PS above OAS count as OAS") \
	X(15, "DDI 0487 D8.3", "descriptors 01 at level 3, and blocks where none may be, are translation faults") \
	X(16, "7.3.22",   "the access flag comes before permissions, stage 1 permissions before those of stage 2") \
	X(17, "3.4",      "a bypassed stage 1 has its F_ADDR_SIZE, which cannot stall") \
	X(18, "7.3.22",   "an IPA beyond S2T0SZ is a translation fault of stage 2") \
	X(19, "7.3",      "RnW, PnU, InD are the transaction's, after overrides; TTRnW is the walk's") \
	X(20, "7.3.12",   "F_WALK_EABT of a stage 1 descriptor has S2=0 and CLASS=TT") \
	X(21, "5.5",      "R is ignored with S=1, and suppresses four events only") \
	X(22, "5.5",      "CD.A=0 completes as RAZ/WI; stage 2 always aborts") \
	X(23, "7.4",      "an event too many toggles OVFLG and the queue goes on; page requests stop") \
	X(24, "3.5.1",    "all 2^n entries of a queue can be used") \
	X(25, "3.18.2",   "the event queue's interrupt is for empty to non-empty") \
	X(26, "7.1",      "CMDQ_ERR toggles once, CONS stays at the command, the acknowledgement fetches it again") \
	X(27, "7.1",      "CERROR_ATC_INV_SYNC stands at the CMD_SYNC") \
	X(28, "4.4.1.1",  "TG!=0 with NUM, SCALE, TTL of 0 is CERROR_ILL") \
	X(29, "4.4.2",    "TLBI_NH_ASID leaves globals, TLBI_NH_VA removes them whatever the ASID") \
	X(30, "4.4.3.1",  "TLBI_S2_IPA finds what has stage 2 alone, and what was fetched through it") \
	X(31, "3.17",     "ASET separates globals in look-ups and not in commands") \
	X(32, "3.17",     "entries of stage 1 alone have a VMID if there is a stage 2") \
	X(33, "6.3.9",    "CR0.VMW is about invalidation only") \
	X(34, "4.3",      "CFGI_CD names a CD by its index; CFGI_STE takes the stream's CDs along") \
	X(35, "4.3, 4.4", "CFGI is not for the TLB, TLBI not for configuration") \
	X(36, "5.2",      "SHCFG: 0 is Non-shareable, 1 is as incoming") \
	X(37, "5.2",      "INSTCFG never makes an instruction of a write") \
	X(38, "5.2",      "privilege counts in stage 2 with XNX only") \
	X(39, "13.4.3",   "an instruction needs the right to execute and not to read; for ATS both") \
	X(40, "3.13.3",   "a page becomes dirty when nothing but DBM's clean state forbids the write; a CD's never") \
	X(41, "3.13",     "dirty state is set in the descriptor as memory has it now") \
	X(42, "3.9.1",    "ATS: configuration errors are CA, no ATS is UR, a fault is Success without rights") \
	X(43, "6.3.1",    "NS1ATS=1 means that split-stage ATS is not there") \
	X(44, "5.2",      "EATS=10 without ATSCHK acts as 00; with the wrong Config it is C_BAD_STE") \
	X(45, "4.7.3",    "CMD_SYNC without MSIAddress writes nothing; it may be the command's own place") \
	X(46, "6.3.14",   "GBPA without Update is not written") \
	X(47, "6.3",      "guarded registers ignore writes while what they configure is on") \
	X(48, "6.3.97",   "PRIQ_PROD.OVFLG is 0 after reset") \
	X(49, "6.3.12",   "bits of CR2 are there with Hyp, BTM, ATSRECERR only") \
	X(50, "4.1.3",    "commands of features that are not there are CERROR_ILL") \
	X(51, "3.21.1",   "nT of a block never faults") \
	X(52, "5.4",      "MAIR F0h is not tagged memory")

#endif

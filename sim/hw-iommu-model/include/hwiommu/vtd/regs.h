/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Intel VT-d remapping hardware: registers (VT-d 5.10 §11).
 *
 * VTD_REG_x is the byte offset of register x_REG, VTD_x_FIELD the mask of a field. 'Gate' names the capability without
 * which a register is RsvdZ (§11.4); VTD_GATE_name(ver, cap, ecap) below evaluates it.
 *
 * Field notes: RO read only, RW read/write, WO write only, RW1C write one to clear, suffix S sticky (only power-good
 * reset clears it), RsvdZ reads 0 and must be written 0, RsvdP reads 0 and must be preserved.
 */
#ifndef HWIOMMU_VTD_REGS_H
#define HWIOMMU_VTD_REGS_H

#include "../bits.h"

/* In the reset column: the value is the implementation's. */
#define VTD_RESET_IMPL		HWI_ALL64

/*
 * Every register at a fixed offset:
 * X(name, offset, bits, reset, gate, section, title)
 */
#define VTD_REGISTERS(X) \
	VTD_REGISTERS_BASE(X) \
	VTD_REGISTERS_MTRR(X) \
	VTD_REGISTERS_PERFMON(X) \
	VTD_REGISTERS_COMMAND(X)

#define VTD_REGISTERS_BASE(X) \
	X(VER,         0x000, 32, VTD_RESET_IMPL, ALWAYS, "11.4.1",    "Version") \
	X(CAP,         0x008, 64, VTD_RESET_IMPL, ALWAYS, "11.4.2",    "Capability") \
	X(ECAP,        0x010, 64, VTD_RESET_IMPL, ALWAYS, "11.4.3",    "Extended Capability") \
	X(GCMD,        0x018, 32, 0,              ALWAYS, "11.4.4.1",  "Global Command") \
	X(GSTS,        0x01c, 32, 0,              ALWAYS, "11.4.4.2",  "Global Status") \
	X(RTADDR,      0x020, 64, 0,              ALWAYS, "11.4.5",    "Root Table Address") \
	X(CCMD,        0x028, 64, 0,              ALWAYS, "11.4.6",    "Context Command") \
	X(FSTS,        0x034, 32, 0,              ALWAYS, "11.4.7.1",  "Fault Status") \
	X(FECTL,       0x038, 32, 0x80000000,     ALWAYS, "11.4.7.2",  "Fault Event Control") \
	X(FEDATA,      0x03c, 32, 0,              ALWAYS, "11.4.7.3",  "Fault Event Data") \
	X(FEADDR,      0x040, 32, 0,              ALWAYS, "11.4.7.4",  "Fault Event Address") \
	X(FEUADDR,     0x044, 32, 0,              ALWAYS, "11.4.7.5",  "Fault Event Upper Address") \
	X(PMEN,        0x064, 32, 0,              PMR,    "11.4.8.1",  "Protected Memory Enable") \
	X(PLMBASE,     0x068, 32, 0,              PLMR,   "11.4.8.2",  "Protected Low-Memory Base") \
	X(PLMLIMIT,    0x06c, 32, 0,              PLMR,   "11.4.8.3",  "Protected Low-Memory Limit") \
	X(PHMBASE,     0x070, 64, 0,              PHMR,   "11.4.8.4",  "Protected High-Memory Base") \
	X(PHMLIMIT,    0x078, 64, 0,              PHMR,   "11.4.8.5",  "Protected High-Memory Limit") \
	X(IQH,         0x080, 64, 0,              QI,     "11.4.9.1",  "Invalidation Queue Head") \
	X(IQT,         0x088, 64, 0,              QI,     "11.4.9.2",  "Invalidation Queue Tail") \
	X(IQA,         0x090, 64, 0,              QI,     "11.4.9.3",  "Invalidation Queue Address") \
	X(ICS,         0x09c, 32, 0,              QI,     "11.4.9.4",  "Invalidation Completion Status") \
	X(IECTL,       0x0a0, 32, 0x80000000,     QI,     "11.4.9.5",  "Invalidation Event Control") \
	X(IEDATA,      0x0a4, 32, 0,              QI,     "11.4.9.6",  "Invalidation Event Data") \
	X(IEADDR,      0x0a8, 32, 0,              QI,     "11.4.9.7",  "Invalidation Event Address") \
	X(IEUADDR,     0x0ac, 32, 0,              QI,     "11.4.9.8",  "Invalidation Event Upper Address") \
	X(IQERCD,      0x0b0, 64, 0,              QI,     "11.4.9.9",  "Invalidation Queue Error Record") \
	X(IRTA,        0x0b8, 64, 0,              IR,     "11.4.10",   "Interrupt Remapping Table Address") \
	X(PQH,         0x0c0, 64, 0,              PRS,    "11.4.11.1", "Page Request Queue Head") \
	X(PQT,         0x0c8, 64, 0,              PRS,    "11.4.11.2", "Page Request Queue Tail") \
	X(PQA,         0x0d0, 64, 0,              PRS,    "11.4.11.3", "Page Request Queue Address") \
	X(PRS,         0x0dc, 32, 0,              PRS,    "11.4.11.4", "Page Request Status") \
	X(PECTL,       0x0e0, 32, 0x80000000,     PRS,    "11.4.11.5", "Page Request Event Control") \
	X(PEDATA,      0x0e4, 32, 0,              PRS,    "11.4.11.6", "Page Request Event Data") \
	X(PEADDR,      0x0e8, 32, 0,              PRS,    "11.4.11.7", "Page Request Event Address") \
	X(PEUADDR,     0x0ec, 32, 0,              PRS,    "11.4.11.8", "Page Request Event Upper Address")

#define VTD_REGISTERS_MTRR(X) \
	X(MTRRCAP,             0x100, 64, VTD_RESET_IMPL, MTS, "11.4", "MTRR Capability") \
	X(MTRRDEF,             0x108, 64, 0,              MTS, "11.4", "MTRR Default Type") \
	X(MTRR_FIX64K_00000,   0x120, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 64K at 00000h") \
	X(MTRR_FIX16K_80000,   0x128, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 16K at 80000h") \
	X(MTRR_FIX16K_A0000,   0x130, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 16K at A0000h") \
	X(MTRR_FIX4K_C0000,    0x138, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 4K at C0000h") \
	X(MTRR_FIX4K_C8000,    0x140, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 4K at C8000h") \
	X(MTRR_FIX4K_D0000,    0x148, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 4K at D0000h") \
	X(MTRR_FIX4K_D8000,    0x150, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 4K at D8000h") \
	X(MTRR_FIX4K_E0000,    0x158, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 4K at E0000h") \
	X(MTRR_FIX4K_E8000,    0x160, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 4K at E8000h") \
	X(MTRR_FIX4K_F0000,    0x168, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 4K at F0000h") \
	X(MTRR_FIX4K_F8000,    0x170, 64, 0,              MTS, "11.4", "Fixed-Range MTRR, 4K at F8000h") \
	X(MTRR_PHYSBASE0,      0x180, 64, 0,              MTS, "11.4", "Variable-Range MTRR Base 0") \
	X(MTRR_PHYSMASK0,      0x188, 64, 0,              MTS, "11.4", "Variable-Range MTRR Mask 0") \
	X(MTRR_PHYSBASE1,      0x190, 64, 0,              MTS, "11.4", "Variable-Range MTRR Base 1") \
	X(MTRR_PHYSMASK1,      0x198, 64, 0,              MTS, "11.4", "Variable-Range MTRR Mask 1") \
	X(MTRR_PHYSBASE2,      0x1a0, 64, 0,              MTS, "11.4", "Variable-Range MTRR Base 2") \
	X(MTRR_PHYSMASK2,      0x1a8, 64, 0,              MTS, "11.4", "Variable-Range MTRR Mask 2") \
	X(MTRR_PHYSBASE3,      0x1b0, 64, 0,              MTS, "11.4", "Variable-Range MTRR Base 3") \
	X(MTRR_PHYSMASK3,      0x1b8, 64, 0,              MTS, "11.4", "Variable-Range MTRR Mask 3") \
	X(MTRR_PHYSBASE4,      0x1c0, 64, 0,              MTS, "11.4", "Variable-Range MTRR Base 4") \
	X(MTRR_PHYSMASK4,      0x1c8, 64, 0,              MTS, "11.4", "Variable-Range MTRR Mask 4") \
	X(MTRR_PHYSBASE5,      0x1d0, 64, 0,              MTS, "11.4", "Variable-Range MTRR Base 5") \
	X(MTRR_PHYSMASK5,      0x1d8, 64, 0,              MTS, "11.4", "Variable-Range MTRR Mask 5") \
	X(MTRR_PHYSBASE6,      0x1e0, 64, 0,              MTS, "11.4", "Variable-Range MTRR Base 6") \
	X(MTRR_PHYSMASK6,      0x1e8, 64, 0,              MTS, "11.4", "Variable-Range MTRR Mask 6") \
	X(MTRR_PHYSBASE7,      0x1f0, 64, 0,              MTS, "11.4", "Variable-Range MTRR Base 7") \
	X(MTRR_PHYSMASK7,      0x1f8, 64, 0,              MTS, "11.4", "Variable-Range MTRR Mask 7") \
	X(MTRR_PHYSBASE8,      0x200, 64, 0,              MTS, "11.4", "Variable-Range MTRR Base 8") \
	X(MTRR_PHYSMASK8,      0x208, 64, 0,              MTS, "11.4", "Variable-Range MTRR Mask 8") \
	X(MTRR_PHYSBASE9,      0x210, 64, 0,              MTS, "11.4", "Variable-Range MTRR Base 9") \
	X(MTRR_PHYSMASK9,      0x218, 64, 0,              MTS, "11.4", "Variable-Range MTRR Mask 9")

#define VTD_REGISTERS_PERFMON(X) \
	X(PERFCAP,     0x300, 64, VTD_RESET_IMPL, PMS, "11.4", "Performance Monitoring Capability") \
	X(PERFCFGOFF,  0x310, 32, VTD_RESET_IMPL, PMS, "11.4", "Performance Counter Configuration Offset") \
	X(PERFFRZOFF,  0x314, 32, VTD_RESET_IMPL, PMS, "11.4", "Performance Counter Freeze Offset") \
	X(PERFOVFOFF,  0x318, 32, VTD_RESET_IMPL, PMS, "11.4", "Performance Counter Overflow Offset") \
	X(PERFCNTROFF, 0x31c, 32, VTD_RESET_IMPL, PMS, "11.4", "Performance Counter Offset") \
	X(PERFINTRSTS, 0x324, 32, 0,              PMS, "11.4", "Performance Interrupt Status") \
	X(PERFINTRCTL, 0x328, 32, 0x80000000,     PMS, "11.4", "Performance Interrupt Control") \
	X(PERFINTRDATA, 0x32c, 32, 0,             PMS, "11.4", "Performance Interrupt Data") \
	X(PERFINTRADDR, 0x330, 32, 0,             PMS, "11.4", "Performance Interrupt Address") \
	X(PERFINTRUADDR, 0x334, 32, 0,            PMS, "11.4", "Performance Interrupt Upper Address") \
	X(PERFEVNTCAP, 0x380, 64, VTD_RESET_IMPL, PMS, "11.4", "Performance Event Capability, group 0 of 16")

#define VTD_REGISTERS_COMMAND(X) \
	X(ECMD,        0x400, 64, 0,              ECMDS, "11.4", "Enhanced Command") \
	X(ECEO,        0x408, 64, 0,              ECMDS, "11.4", "Enhanced Command Extended Operand") \
	X(ECRSP,       0x410, 64, 0,              ECMDS, "11.4", "Enhanced Command Response") \
	X(ECSTS0,      0x420, 64, 0,              ECMDS, "11.4", "Enhanced Command Status 0") \
	X(ECSTS1,      0x428, 64, 0,              ECMDS, "11.4", "Enhanced Command Status 1") \
	X(ECCAP0,      0x430, 64, VTD_RESET_IMPL, ECMDS, "11.4", "Enhanced Command Capability 0") \
	X(ECCAP1,      0x438, 64, VTD_RESET_IMPL, ECMDS, "11.4", "Enhanced Command Capability 1") \
	X(ECCAP2,      0x440, 64, VTD_RESET_IMPL, ECMDS, "11.4", "Enhanced Command Capability 2") \
	X(ECCAP3,      0x448, 64, VTD_RESET_IMPL, ECMDS, "11.4", "Enhanced Command Capability 3") \
	X(RDTC,        0xdc0, 64, VTD_RESET_IMPL, RDTS,  "11.4", "RDT Configuration") \
	X(VCMD,        0xe00, 64, VTD_RESET_IMPL, VCS,   "11.4", "Virtual Command") \
	X(VCMD_EO,     0xe08, 64, VTD_RESET_IMPL, VCS,   "11.4", "Virtual Command Extended Operand") \
	X(VCRSP,       0xe10, 64, 0,              VCS,   "11.4", "Virtual Command Response") \
	X(VCCAP,       0xe30, 64, VTD_RESET_IMPL, VCS,   "11.4", "Virtual Command Capability")

/*
 * Registers whose place the unit chooses; nothing may depend on the place.
 * Y(name, base, offset from base, bits, reset, gate, section, title); base is VTD_BASE_IRO(ecap) or VTD_BASE_FRO(cap).
 * The FRCD pair repeats CAP.NFR + 1 times, VTD_FRCD_SIZE apart.
 */
#define VTD_FLOATING_REGISTERS(Y) \
	Y(IVA,     IRO, 0x0, 64, 0, ALWAYS, "11.4.6",   "Invalidate Address") \
	Y(IOTLB,   IRO, 0x8, 64, 0, ALWAYS, "11.4.6",   "IOTLB Invalidate") \
	Y(FRCD_LO, FRO, 0x0, 64, 0, ALWAYS, "11.4.7.6", "Fault Recording, low half") \
	Y(FRCD_HI, FRO, 0x8, 64, 0, ALWAYS, "11.4.7.6", "Fault Recording, high half")

#define VTD_REG_ENUM_(name, offset, bits, reset, gate, section, title)	VTD_REG_##name = offset,
enum vtd_reg {
	VTD_REGISTERS(VTD_REG_ENUM_)
};
#undef VTD_REG_ENUM_

#define VTD_BASE_IRO(ecap)	(16U * HWI_GET32(VTD_ECAP_IRO, ecap))
#define VTD_BASE_FRO(cap)	(16U * HWI_GET32(VTD_CAP_FRO, cap))
#define VTD_IRO_IVA		0x0	/* from VTD_BASE_IRO() */
#define VTD_IRO_IOTLB		0x8
#define VTD_FRCD_SIZE		16U
#define VTD_FRO_FRCD_LO		0x0	/* from VTD_BASE_FRO() + n * VTD_FRCD_SIZE */
#define VTD_FRO_FRCD_HI		0x8

/* Gates: true when a unit with these VER, CAP and ECAP has what the name says. */
#define VTD_GATE_ALWAYS(ver, cap, ecap)	1
#define VTD_GATE_CAP_(ver, cap, ecap, bits)	(((cap) & (bits)) != 0)
#define VTD_GATE_ECAP_(ver, cap, ecap, bits)	(((ecap) & (bits)) != 0)
#define VTD_GATE_PLMR(v, c, e)		VTD_GATE_CAP_(v, c, e, VTD_CAP_PLMR)
#define VTD_GATE_PHMR(v, c, e)		VTD_GATE_CAP_(v, c, e, VTD_CAP_PHMR)
#define VTD_GATE_PMR(v, c, e)		VTD_GATE_CAP_(v, c, e, VTD_CAP_PLMR | VTD_CAP_PHMR)
#define VTD_GATE_PI(v, c, e)		VTD_GATE_CAP_(v, c, e, VTD_CAP_PI)
#define VTD_GATE_ECMDS(v, c, e)		VTD_GATE_CAP_(v, c, e, VTD_CAP_ECMDS)
#define VTD_GATE_SAGAW(v, c, e)		VTD_GATE_CAP_(v, c, e, VTD_CAP_SAGAW)
#define VTD_GATE_QI(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_QI)
#define VTD_GATE_DT(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_DT)
#define VTD_GATE_IR(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_IR)
#define VTD_GATE_PT(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_PT)
#define VTD_GATE_MTS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_MTS)
#define VTD_GATE_NEST(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_NEST)
#define VTD_GATE_PRS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_PRS)
#define VTD_GATE_PASID(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_PASID)
#define VTD_GATE_SMTS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_SMTS)
#define VTD_GATE_VCS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_VCS)
#define VTD_GATE_SSADS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_SSADS)
#define VTD_GATE_SSTS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_SSTS)
#define VTD_GATE_FSTS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_FSTS)
#define VTD_GATE_RPS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_RPS)
#define VTD_GATE_PMS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_PMS)
#define VTD_GATE_ADMS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_ADMS)
#define VTD_GATE_HPTS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_HPTS)
#define VTD_GATE_PTRS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_PTRS)
#define VTD_GATE_SSIRWS(v, c, e)	VTD_GATE_ECAP_(v, c, e, VTD_ECAP_SSIRWS)
#define VTD_GATE_RDTS(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_RDTS)
#define VTD_GATE_EIMER(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_EIMER)
#define VTD_GATE_IRREQ(v, c, e)		VTD_GATE_ECAP_(v, c, e, VTD_ECAP_IRREQ)
/* Conditions that need a capability to be missing, or a version. */
#define VTD_GATE_NOT_ADMS(v, c, e)	(!VTD_GATE_ADMS(v, c, e))
#define VTD_GATE_NOT_SMTS(v, c, e)	(!VTD_GATE_SMTS(v, c, e))
#define VTD_GATE_DT_PT(v, c, e)		(VTD_GATE_DT(v, c, e) && VTD_GATE_PT(v, c, e))
/* 256-bit descriptors: in scalable and in abort-DMA mode (§6.5.2.11, Table 26) */
#define VTD_GATE_WIDE(v, c, e)		(VTD_GATE_SMTS(v, c, e) || VTD_GATE_ADMS(v, c, e))
#define VTD_GATE_WIDE_DT(v, c, e)	(VTD_GATE_WIDE(v, c, e) && VTD_GATE_DT(v, c, e))
#define VTD_GATE_SMTS_DT(v, c, e)	(VTD_GATE_SMTS(v, c, e) && VTD_GATE_DT(v, c, e))
#define VTD_GATE_SMTS_PT(v, c, e)	(VTD_GATE_SMTS(v, c, e) && VTD_GATE_PT(v, c, e))
#define VTD_GATE_ER_LE_7(v, c, e)	(VTD_GATE_PASID(v, c, e) && HWI_GET32(VTD_VER_MAJOR, v) <= 7)
#define VTD_GATE_ER_GE_8(v, c, e)	(VTD_GATE_PASID(v, c, e) && HWI_GET32(VTD_VER_MAJOR, v) >= 8)

/* VER_REG (§11.4.1), RO */
#define VTD_VER_MIN		HWI_MASK32(3, 0)
#define VTD_VER_MAJOR		HWI_MASK32(7, 4)

/* CAP_REG (§11.4.2), RO */
#define VTD_CAP_ND		HWI_MASK64(2, 0)	/* domain-id width is 4 + 2 * ND bits; 7 reserved */
#define VTD_CAP_RWBF		HWI_BIT64(4)		/* software flushes write buffers; 0 with SMTS */
#define VTD_CAP_PLMR		HWI_BIT64(5)
#define VTD_CAP_PHMR		HWI_BIT64(6)
#define VTD_CAP_CM		HWI_BIT64(7)
#define VTD_CAP_SAGAW		HWI_MASK64(12, 8)
#define VTD_SAGAW_39		0x02U			/* 3 levels; values of the SAGAW field */
#define VTD_SAGAW_48		0x04U
#define VTD_SAGAW_57		0x08U
#define VTD_CAP_MGAW		HWI_MASK64(21, 16)	/* width - 1 */
#define VTD_CAP_ZLR		HWI_BIT64(22)
#define VTD_CAP_FRO		HWI_MASK64(33, 24)	/* offset / 16 */
#define VTD_CAP_SSLPS		HWI_MASK64(37, 34)	/* only 0000b, 0001b, 0011b legal */
#define VTD_CAP_SSLPS_2M	HWI_BIT64(34)
#define VTD_CAP_SSLPS_1G	HWI_BIT64(35)
#define VTD_CAP_PSI		HWI_BIT64(39)
#define VTD_CAP_NFR		HWI_MASK64(47, 40)	/* records - 1 */
#define VTD_CAP_MAMV		HWI_MASK64(53, 48)
#define VTD_CAP_DWD		HWI_BIT64(54)		/* 1 from major version 2 on */
#define VTD_CAP_DRD		HWI_BIT64(55)
#define VTD_CAP_FS1GP		HWI_BIT64(56)
#define VTD_CAP_PI		HWI_BIT64(59)
#define VTD_CAP_FS5LP		HWI_BIT64(60)
#define VTD_CAP_ECMDS		HWI_BIT64(61)
#define VTD_CAP_ESIRTPS		HWI_BIT64(62)
#define VTD_CAP_ESRTPS		HWI_BIT64(63)
#define VTD_CAP_RSVD \
	(HWI_BIT64(3) | HWI_MASK64(15, 13) | HWI_BIT64(23) | HWI_BIT64(38) | HWI_MASK64(58, 57))

/* ECAP_REG (§11.4.3), RO */
#define VTD_ECAP_C		HWI_BIT64(0)
#define VTD_ECAP_QI		HWI_BIT64(1)
#define VTD_ECAP_DT		HWI_BIT64(2)		/* needs QI */
#define VTD_ECAP_IR		HWI_BIT64(3)		/* needs QI */
#define VTD_ECAP_EIM		HWI_BIT64(4)		/* needs IR */
#define VTD_ECAP_PT		HWI_BIT64(6)
#define VTD_ECAP_SC		HWI_BIT64(7)
#define VTD_ECAP_IRO		HWI_MASK64(17, 8)	/* offset / 16 */
#define VTD_ECAP_MHMV		HWI_MASK64(23, 20)	/* 0 without IR */
#define VTD_ECAP_MTS		HWI_BIT64(25)		/* needs SMTS */
#define VTD_ECAP_NEST		HWI_BIT64(26)		/* needs SMTS, FSTS, SSTS */
#define VTD_ECAP_PRS		HWI_BIT64(29)		/* needs DT, SMTS */
#define VTD_ECAP_ERS		HWI_BIT64(30)		/* 0 since 4.1 */
#define VTD_ECAP_SRS		HWI_BIT64(31)		/* needs SMTS */
#define VTD_ECAP_NWFS		HWI_BIT64(33)		/* needs DT */
#define VTD_ECAP_EAFS		HWI_BIT64(34)		/* needs FSTS, SMPWCS */
#define VTD_ECAP_PSS		HWI_MASK64(39, 35)	/* PASID bits - 1; 0 without SMTS */
#define VTD_ECAP_PASID		HWI_BIT64(40)		/* needs SMTS */
#define VTD_ECAP_DIT		HWI_BIT64(41)		/* needs DT */
#define VTD_ECAP_PDS		HWI_BIT64(42)		/* needs DT */
#define VTD_ECAP_SMTS		HWI_BIT64(43)		/* needs QI */
#define VTD_ECAP_VCS		HWI_BIT64(44)		/* 0 in hardware */
#define VTD_ECAP_SSADS		HWI_BIT64(45)		/* needs SMPWCS */
#define VTD_ECAP_SSTS		HWI_BIT64(46)
#define VTD_ECAP_FSTS		HWI_BIT64(47)		/* needs SMTS */
#define VTD_ECAP_SMPWCS		HWI_BIT64(48)		/* needs SMTS */
#define VTD_ECAP_RPS		HWI_BIT64(49)		/* needs SMTS */
#define VTD_ECAP_TDXCS		HWI_BIT64(50)
#define VTD_ECAP_PMS		HWI_BIT64(51)		/* needs CAP.ECMDS */
#define VTD_ECAP_ADMS		HWI_BIT64(52)
#define VTD_ECAP_RPRIVS		HWI_BIT64(53)		/* needs SRS */
#define VTD_ECAP_HPTS		HWI_BIT64(55)		/* needs SMTS, DT */
#define VTD_ECAP_PTRS		HWI_BIT64(56)		/* needs DT, PASID */
#define VTD_ECAP_SSIRWS		HWI_BIT64(57)		/* needs SSTS */
#define VTD_ECAP_SMS		HWI_BIT64(58)		/* needs PRS */
#define VTD_ECAP_HPT1GPS	HWI_BIT64(59)		/* needs HPTS */
#define VTD_ECAP_RDTS		HWI_BIT64(60)
#define VTD_ECAP_EIMER		HWI_BIT64(61)		/* needs EIM */
#define VTD_ECAP_IRREQ		HWI_BIT64(62)		/* needs IR */
#define VTD_ECAP_RSVD \
	(HWI_BIT64(5) | HWI_MASK64(19, 18) | HWI_BIT64(24) | HWI_MASK64(28, 27) | HWI_BIT64(32) | HWI_BIT64(54) | \
	 HWI_BIT64(63))

/* GCMD_REG (§11.4.4.1), WO. Each bit stands where its GSTS bit stands. */
#define VTD_GCMD_CFI		HWI_BIT32(23)
#define VTD_GCMD_SIRTP		HWI_BIT32(24)		/* one-shot */
#define VTD_GCMD_IRE		HWI_BIT32(25)
#define VTD_GCMD_QIE		HWI_BIT32(26)
#define VTD_GCMD_WBF		HWI_BIT32(27)		/* one-shot */
#define VTD_GCMD_SRTP		HWI_BIT32(30)		/* one-shot */
#define VTD_GCMD_TE		HWI_BIT32(31)
#define VTD_GCMD_ALL		HWI_MASK32(31, 23)	/* with 29:28, reserved since 4.0 */
/* Software writes (GSTS & this) with one bit changed, so that no one-shot fires again. */
#define VTD_GCMD_ONESHOT_MASK	UINT32_C(0x96ffffff)

/* GSTS_REG (§11.4.4.2), RO */
#define VTD_GSTS_CFIS		HWI_BIT32(23)
#define VTD_GSTS_IRTPS		HWI_BIT32(24)
#define VTD_GSTS_IRES		HWI_BIT32(25)
#define VTD_GSTS_QIES		HWI_BIT32(26)
#define VTD_GSTS_WBFS		HWI_BIT32(27)		/* 1 while running, 0 when done: opposite sense to RTPS */
#define VTD_GSTS_RTPS		HWI_BIT32(30)
#define VTD_GSTS_TES		HWI_BIT32(31)

/* RTADDR_REG (§11.4.5), RW; takes effect by GCMD.SRTP */
#define VTD_RTADDR_SSIRWE	HWI_BIT64(7)		/* RsvdZ without SSIRWS */
#define VTD_RTADDR_TTM		HWI_MASK64(11, 10)
#define VTD_RTADDR_RTA		HWI_MASK64(63, 12)
#define VTD_RTADDR_RSVD		(HWI_MASK64(6, 0) | HWI_MASK64(9, 8))
#define VTD_TTM_LEGACY		0U
#define VTD_TTM_SCALABLE	1U			/* needs SMTS */
#define VTD_TTM_RSVD		2U
#define VTD_TTM_ABORT		3U			/* needs ADMS */

/* CCMD_REG (§11.4.6); the write of the byte with ICC starts it */
#define VTD_CCMD_DID		HWI_MASK64(15, 0)	/* RW */
#define VTD_CCMD_SID		HWI_MASK64(31, 16)	/* WO */
#define VTD_CCMD_FM		HWI_MASK64(33, 32)	/* WO */
#define VTD_CCMD_CAIG		HWI_MASK64(60, 59)	/* RO; 0 = refused */
#define VTD_CCMD_CIRG		HWI_MASK64(62, 61)	/* RW */
#define VTD_CCMD_ICC		HWI_BIT64(63)		/* RW */
#define VTD_CCMD_RSVD		HWI_MASK64(58, 34)
#define VTD_CCMD_G_RSVD		0U			/* values of CIRG and CAIG */
#define VTD_CCMD_G_GLOBAL	1U
#define VTD_CCMD_G_DOMAIN	2U
#define VTD_CCMD_G_DEVICE	3U

/* IVA_REG (§11.4.6), WO */
#define VTD_IVA_AM		HWI_MASK64(5, 0)
#define VTD_IVA_IH		HWI_BIT64(6)
#define VTD_IVA_ADDR		HWI_MASK64(63, 12)
#define VTD_IVA_RSVD		HWI_MASK64(11, 7)

/* IOTLB_REG (§11.4.6); the write of the byte with IVT starts it. 31:0 RsvdP. */
#define VTD_IOTLB_DID		HWI_MASK64(47, 32)	/* RW */
#define VTD_IOTLB_DW		HWI_BIT64(48)		/* RW; ignored from major version 2 on */
#define VTD_IOTLB_DR		HWI_BIT64(49)		/* RW; ignored from major version 2 on */
#define VTD_IOTLB_IAIG		HWI_MASK64(58, 57)	/* RO; 0 = refused */
#define VTD_IOTLB_IIRG		HWI_MASK64(61, 60)	/* RW */
#define VTD_IOTLB_IVT		HWI_BIT64(63)		/* RW */
#define VTD_IOTLB_RSVD		(HWI_BIT64(62) | HWI_BIT64(59) | HWI_MASK64(56, 50) | HWI_MASK64(31, 0))
#define VTD_IOTLB_G_RSVD	0U			/* values of IIRG and IAIG */
#define VTD_IOTLB_G_GLOBAL	1U
#define VTD_IOTLB_G_DOMAIN	2U
#define VTD_IOTLB_G_PAGE	3U

/* FSTS_REG (§11.4.7.1) */
#define VTD_FSTS_PFO		HWI_BIT32(0)		/* RW1CS */
#define VTD_FSTS_PPF		HWI_BIT32(1)		/* ROS: OR of all FRCD.F */
#define VTD_FSTS_IQE		HWI_BIT32(4)		/* RW1CS; RsvdZ without QI */
#define VTD_FSTS_ICE		HWI_BIT32(5)		/* RW1CS; RsvdZ without DT */
#define VTD_FSTS_ITE		HWI_BIT32(6)		/* RW1CS; RsvdZ without DT */
#define VTD_FSTS_FRI		HWI_MASK32(15, 8)	/* ROS; meaningful while PPF */
/* What must all be clear for an event to be raised, and all be cleared for a pending one to be dropped (§7.3). */
#define VTD_FSTS_EVENT_MASK \
	(VTD_FSTS_PFO | VTD_FSTS_PPF | VTD_FSTS_IQE | VTD_FSTS_ICE | VTD_FSTS_ITE)

/* FECTL_REG, IECTL_REG, PECTL_REG (§11.4.7.2, §11.4.9.5, §11.4.11.5); 29:0 RsvdP */
#define VTD_ECTL_IP		HWI_BIT32(30)		/* RO */
#define VTD_ECTL_IM		HWI_BIT32(31)		/* RW */
#define VTD_FECTL_IP		VTD_ECTL_IP
#define VTD_FECTL_IM		VTD_ECTL_IM
#define VTD_IECTL_IP		VTD_ECTL_IP
#define VTD_IECTL_IM		VTD_ECTL_IM
#define VTD_PECTL_IP		VTD_ECTL_IP
#define VTD_PECTL_IM		VTD_ECTL_IM

/* FEDATA/FEADDR/FEUADDR and their IE* and PE* twins, RW */
#define VTD_EDATA_IMD		HWI_MASK32(15, 0)	/* 31:16 RsvdZ since 3.3 */
#define VTD_EADDR_MA		HWI_MASK32(31, 2)
#define VTD_EUADDR_MUA		HWI_MASK32(31, 0)	/* may be RsvdZ without EIM */

/* FRCD_REG (§11.4.7.6), 128 bits: bit n of the table is bit n of LO, or n - 64 of HI */
#define VTD_FRCD_LO_FI		HWI_MASK64(63, 12)
#define VTD_FRCD_LO_FI_INDEX	HWI_MASK64(63, 48)	/* interrupt faults: interrupt_index, 47:12 zero */
#define VTD_FRCD_HI_SID		HWI_MASK64(15, 0)
#define VTD_FRCD_HI_T2		HWI_BIT64(28)
#define VTD_FRCD_HI_PRIV	HWI_BIT64(29)
#define VTD_FRCD_HI_EXE		HWI_BIT64(30)
#define VTD_FRCD_HI_PP		HWI_BIT64(31)
#define VTD_FRCD_HI_FR		HWI_MASK64(39, 32)
#define VTD_FRCD_HI_PV		HWI_MASK64(59, 40)	/* 20 bits */
#define VTD_FRCD_HI_AT		HWI_MASK64(61, 60)	/* RsvdZ without DT */
#define VTD_FRCD_HI_T1		HWI_BIT64(62)
#define VTD_FRCD_HI_F		HWI_BIT64(63)		/* RW1CS; all others ROS */
#define VTD_FRCD_HI_RSVD	HWI_MASK64(27, 16)
#define VTD_FRCD_LO_RSVD	HWI_MASK64(11, 0)
/* The request type {T1, T2}, in place */
#define VTD_FRCD_HI_TYPE_WRITE		UINT64_C(0)
#define VTD_FRCD_HI_TYPE_PAGE_REQ	VTD_FRCD_HI_T2
#define VTD_FRCD_HI_TYPE_READ		VTD_FRCD_HI_T1
#define VTD_FRCD_HI_TYPE_ATOMIC		(VTD_FRCD_HI_T1 | VTD_FRCD_HI_T2)
/* Address type of the request, values of AT */
#define VTD_AT_UNTRANSLATED	0U
#define VTD_AT_TRANSLATION	1U
#define VTD_AT_TRANSLATED	2U

/* PMEN_REG (§11.4.8.1) */
#define VTD_PMEN_PRS		HWI_BIT32(0)		/* RO */
#define VTD_PMEN_EPM		HWI_BIT32(31)		/* RW */

/* IQH_REG, IQT_REG (§11.4.9): byte offset into the queue */
#define VTD_IQH_QH		HWI_MASK64(18, 4)	/* RO */
#define VTD_IQT_QT		HWI_MASK64(18, 4)	/* RW; bit 4 must be 0 with DW=1 */

/* IQA_REG (§11.4.9.3), RW */
#define VTD_IQA_QS		HWI_MASK64(2, 0)	/* 2^QS pages */
#define VTD_IQA_DW		HWI_BIT64(11)		/* 1 = 256-bit descriptors */
#define VTD_IQA_IQA		HWI_MASK64(63, 12)
#define VTD_IQA_RSVD		HWI_MASK64(10, 3)

/* ICS_REG (§11.4.9.4) */
#define VTD_ICS_IWC		HWI_BIT32(0)		/* RW1CS */

/* IQERCD_REG (§11.4.9.9), ROS */
#define VTD_IQERCD_IQEI		HWI_MASK64(3, 0)	/* valid while FSTS.IQE */
#define VTD_IQERCD_ITESID	HWI_MASK64(47, 32)
#define VTD_IQERCD_ICESID	HWI_MASK64(63, 48)
enum vtd_iqei {
	VTD_IQEI_NONE		= 0,	/* no information */
	VTD_IQEI_TAIL		= 1,	/* tail pointer beyond the queue */
	VTD_IQEI_FETCH		= 2,	/* error on fetching a descriptor */
	VTD_IQEI_TYPE		= 3,	/* invalid descriptor type */
	VTD_IQEI_RSVD		= 4,	/* reserved field set in a valid type */
	VTD_IQEI_WIDTH		= 5,	/* DW=0 in scalable or abort mode, or DW=1 with SMTS=0 and ADMS=0 */
	VTD_IQEI_TAIL_ALIGN	= 6,	/* tail not aligned to the descriptor width */
	VTD_IQEI_TTM		= 7,	/* invalid TTM */
};

/* IRTA_REG (§11.4.10), RW; takes effect by GCMD.SIRTP */
#define VTD_IRTA_S		HWI_MASK64(3, 0)	/* 2^(S+1) entries */
#define VTD_IRTA_EIME		HWI_BIT64(11)		/* RsvdZ without EIM */
#define VTD_IRTA_IRTA		HWI_MASK64(63, 12)
#define VTD_IRTA_RSVD		HWI_MASK64(10, 4)

/* Page request queue (§11.4.11) */
#define VTD_PQH_PQH		HWI_MASK64(18, 5)	/* RW */
#define VTD_PQT_PQT		HWI_MASK64(18, 5)	/* RW */
#define VTD_PQA_PQS		HWI_MASK64(2, 0)	/* 2^PQS pages */
#define VTD_PQA_PQA		HWI_MASK64(63, 12)
#define VTD_PQA_RSVD		HWI_MASK64(11, 3)
#define VTD_PRS_PPR		HWI_BIT32(0)		/* RW1CS */
#define VTD_PRS_PRO		HWI_BIT32(1)		/* RW1CS */

/* MTRRs (§11.4), with MTS */
#define VTD_MTRRCAP_VCNT	HWI_MASK64(7, 0)
#define VTD_MTRRCAP_FIX		HWI_BIT64(8)
#define VTD_MTRRCAP_WC		HWI_BIT64(10)
#define VTD_MTRRDEF_TYPE	HWI_MASK64(7, 0)
#define VTD_MTRRDEF_FE		HWI_BIT64(10)
#define VTD_MTRRDEF_E		HWI_BIT64(11)

/* Enhanced commands (§11.4), with ECMDS */
#define VTD_ECMD_CMD		HWI_MASK64(7, 0)	/* WO */
#define VTD_ECMD_OA		HWI_MASK64(63, 16)
#define VTD_ECMD_COUNTER_ENABLE		0xf0U
#define VTD_ECMD_COUNTER_DISABLE	0xf1U
#define VTD_ECMD_RESET_CONFIG		0xf2U
#define VTD_ECMD_RESET_VALUES		0xf3U
#define VTD_ECMD_FREEZE			0xf4U
#define VTD_ECMD_UNFREEZE		0xf5U
#define VTD_ECRSP_IP		HWI_BIT64(0)
#define VTD_ECRSP_SC		HWI_MASK64(7, 1)
#define VTD_ECRSP_RSLT		HWI_MASK64(63, 16)
#define VTD_ECRSP_SC_OK			0U
#define VTD_ECRSP_SC_UNDEFINED		1U
#define VTD_ECRSP_SC_ABORTED		2U	/* a GCMD or PMEN command was in flight */
#define VTD_ECCAP3_ENABLE	HWI_BIT64(48)
#define VTD_ECCAP3_DISABLE	HWI_BIT64(49)
#define VTD_ECCAP3_RESET_CONFIG	HWI_BIT64(50)
#define VTD_ECCAP3_RESET_VALUES	HWI_BIT64(51)
#define VTD_ECCAP3_FREEZE	HWI_BIT64(52)
#define VTD_ECCAP3_UNFREEZE	HWI_BIT64(53)

/* Performance monitoring (§11.4), with PMS */
#define VTD_PERFCAP_NCNTR	HWI_MASK64(15, 0)
#define VTD_PERFCAP_CW		HWI_MASK64(22, 16)
#define VTD_PERFCAP_EGCNT	HWI_MASK64(28, 24)
#define VTD_PERFCAP_FILTERS	HWI_MASK64(36, 32)
#define VTD_PERFCAP_CWE		HWI_BIT64(48)
#define VTD_PERFCAP_GFS		HWI_BIT64(49)
#define VTD_PERFCAP_IOS		HWI_BIT64(50)
#define VTD_PERFCAP_PCCS	HWI_BIT64(51)
#define VTD_PERFCAP_CS		HWI_MASK64(54, 52)	/* stride 2^(CS+10) */
#define VTD_PERFINTRSTS_PIS	HWI_BIT32(0)		/* RW1C */
#define VTD_PERFEVNTCAP_EVENTS	HWI_MASK64(27, 0)

/* RDTC_REG, with RDTS */
#define VTD_RDTC_RMID		HWI_MASK64(11, 0)
#define VTD_RDTC_CLOS		HWI_MASK64(36, 32)

/* Virtual commands, with VCS (never in hardware) */
#define VTD_VCMD_CMD		HWI_MASK64(7, 0)
#define VTD_VCMD_CMD_NULL	0U
#define VTD_VCMD_CMD_ALLOC	1U
#define VTD_VCMD_CMD_FREE	2U
#define VTD_VCMD_PASID		HWI_MASK64(35, 16)	/* operand of FREE */
#define VTD_VCRSP_IP		HWI_BIT64(0)
#define VTD_VCRSP_SC		HWI_MASK64(7, 1)
#define VTD_VCRSP_RSLT		HWI_MASK64(63, 16)
#define VTD_VCRSP_PASID		HWI_MASK64(35, 16)
#define VTD_VCCAP_NS		HWI_BIT64(0)
#define VTD_VCCAP_PAS		HWI_BIT64(1)
#define VTD_VCCAP_FPS		HWI_BIT64(2)

#endif /* HWIOMMU_VTD_REGS_H */

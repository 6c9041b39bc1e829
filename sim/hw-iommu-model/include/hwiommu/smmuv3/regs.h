/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arm SMMUv3: Non-secure registers (SMMUv3 §6; Arm IHI 0070 issue G.b, which covers 3.0 to 3.4).
 *
 * SMMU_REG_x is the byte offset of register SMMU_x from the base of page 0 (page 1 stands at SMMU_PAGE1), SMMU_x_FIELD the
 * mask of a field. 'Gate' names the feature without which a register is RES0; SMMU_GATE_name(idr0, idr1, idr3) below
 * evaluates it. Every bit that no field names is RES0: it reads 0 and ignores writes (§6.2).
 *
 * Addresses reach bit 55 since 3.4; before, bits 55:52 are RES0, and in 3.0 bits 55:48.
 */
#ifndef HWIOMMU_SMMUV3_REGS_H
#define HWIOMMU_SMMUV3_REGS_H

#include "../bits.h"

/* Pages of 64 KiB (§6.1) */
#define SMMU_PAGE_SIZE		0x10000U
#define SMMU_PAGE1		0x10000U
#define SMMU_REG_SIZE		0x20000U
/* Offsets of the page 1 registers in page 0: aliases, or RAZ/WI (§6.2) */
#define SMMU_PAGE0_ALIAS(page1)	((page1) - SMMU_PAGE1)

/* In the reset column: the value is the implementation's; the value is UNKNOWN. */
#define SMMU_RESET_IMPL		HWI_ALL64
#define SMMU_RESET_UNKNOWN	(HWI_ALL64 ^ 1U)

/*
 * Every register at a fixed offset:
 * X(name, offset, bits, reset, gate, section, title)
 */
#define SMMU_REGISTERS(X) \
	SMMU_REGISTERS_ID(X) \
	SMMU_REGISTERS_CONTROL(X) \
	SMMU_REGISTERS_TABLES(X) \
	SMMU_REGISTERS_OPTIONAL(X) \
	SMMU_REGISTERS_PERIPHERAL(X) \
	SMMU_REGISTERS_PAGE1(X)

#define SMMU_REGISTERS_ID(X) \
	X(IDR0,             0x00000, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.3.1",  "Features 0") \
	X(IDR1,             0x00004, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.3.2",  "Features 1") \
	X(IDR2,             0x00008, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.3.3",  "Features 2") \
	X(IDR3,             0x0000c, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.3.4",  "Features 3") \
	X(IDR4,             0x00010, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.3.5",  "Features 4, implementation defined") \
	X(IDR5,             0x00014, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.3.6",  "Features 5") \
	X(IIDR,             0x00018, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.3.7",  "Implementer Identification") \
	X(AIDR,             0x0001c, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.3.8",  "Architecture Identification")

#define SMMU_REGISTERS_CONTROL(X) \
	X(CR0,              0x00020, 32, 0,                  ALWAYS,  "6.3.9",  "Control 0") \
	X(CR0ACK,           0x00024, 32, 0,                  ALWAYS,  "6.3.10", "Control 0 Update Completion") \
	X(CR1,              0x00028, 32, SMMU_RESET_UNKNOWN, ALWAYS,  "6.3.11", "Control 1") \
	X(CR2,              0x0002c, 32, SMMU_RESET_UNKNOWN, ALWAYS,  "6.3.12", "Control 2") \
	X(S2PII,            0x00030, 64, SMMU_RESET_UNKNOWN, S2PI,    "6.3.17", "Stage 2 Permission Indirection") \
	X(STATUSR,          0x00040, 32, 0,                  ALWAYS,  "6.3.13", "Status") \
	X(GBPA,             0x00044, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.3.14", "Global Bypass Attribute") \
	X(AGBPA,            0x00048, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.3.15", "Alternate Global Bypass Attribute") \
	X(IRQ_CTRL,         0x00050, 32, 0,                  ALWAYS,  "6.3.16", "Interrupt Control") \
	X(IRQ_CTRLACK,      0x00054, 32, 0,                  ALWAYS,  "6.3.18", "Interrupt Control Update Completion") \
	X(GERROR,           0x00060, 32, 0,                  ALWAYS,  "6.3.19", "Global Errors") \
	X(GERRORN,          0x00064, 32, 0,                  ALWAYS,  "6.3.20", "Global Error Acknowledgement") \
	X(GERROR_IRQ_CFG0,  0x00068, 64, SMMU_RESET_UNKNOWN, MSI,     "6.3.21", "Global Error MSI Address") \
	X(GERROR_IRQ_CFG1,  0x00070, 32, SMMU_RESET_UNKNOWN, MSI,     "6.3.22", "Global Error MSI Data") \
	X(GERROR_IRQ_CFG2,  0x00074, 32, SMMU_RESET_UNKNOWN, MSI,     "6.3.23", "Global Error MSI Attributes")

/*
 * PRIQ_IRQ_CFG2: §6.3.36 has it present with MSI and PRI, but LO is about the wired interrupt as well and does not depend on
 * MSI (§6.3.1, the note at MSI). So it is there with PRI, and MSI=0 makes its SH and MemAttr RES0.
 */
#define SMMU_REGISTERS_TABLES(X) \
	X(STRTAB_BASE,      0x00080, 64, SMMU_RESET_UNKNOWN, ALWAYS,  "6.3.24", "Stream Table Base Address") \
	X(STRTAB_BASE_CFG,  0x00088, 32, SMMU_RESET_UNKNOWN, ALWAYS,  "6.3.25", "Stream Table Configuration") \
	X(CMDQ_BASE,        0x00090, 64, SMMU_RESET_UNKNOWN, ALWAYS,  "6.3.26", "Command Queue Base Address") \
	X(CMDQ_PROD,        0x00098, 32, SMMU_RESET_UNKNOWN, ALWAYS,  "6.3.27", "Command Queue Producer") \
	X(CMDQ_CONS,        0x0009c, 32, SMMU_RESET_UNKNOWN, ALWAYS,  "6.3.28", "Command Queue Consumer") \
	X(EVENTQ_BASE,      0x000a0, 64, SMMU_RESET_UNKNOWN, ALWAYS,  "6.3.29", "Event Queue Base Address") \
	X(EVENTQ_IRQ_CFG0,  0x000b0, 64, SMMU_RESET_UNKNOWN, MSI,     "6.3.30", "Event Queue MSI Address") \
	X(EVENTQ_IRQ_CFG1,  0x000b8, 32, SMMU_RESET_UNKNOWN, MSI,     "6.3.31", "Event Queue MSI Data") \
	X(EVENTQ_IRQ_CFG2,  0x000bc, 32, SMMU_RESET_UNKNOWN, MSI,     "6.3.32", "Event Queue MSI Attributes") \
	X(PRIQ_BASE,        0x000c0, 64, SMMU_RESET_UNKNOWN, PRI,     "6.3.33", "PRI Queue Base Address") \
	X(PRIQ_IRQ_CFG0,    0x000d0, 64, SMMU_RESET_UNKNOWN, MSI_PRI, "6.3.34", "PRI Queue MSI Address") \
	X(PRIQ_IRQ_CFG1,    0x000d8, 32, SMMU_RESET_UNKNOWN, MSI_PRI, "6.3.35", "PRI Queue MSI Data") \
	X(PRIQ_IRQ_CFG2,    0x000dc, 32, SMMU_RESET_UNKNOWN, PRI,     "6.3.36", "PRI Queue Interrupt Attributes")

#define SMMU_REGISTERS_OPTIONAL(X) \
	X(GATOS_CTRL,       0x00100, 32, 0,                  ATOS,    "6.3.37", "Global ATOS Control") \
	X(GATOS_SID,        0x00108, 64, SMMU_RESET_UNKNOWN, ATOS,    "6.3.38", "Global ATOS StreamID") \
	X(GATOS_ADDR,       0x00110, 64, SMMU_RESET_UNKNOWN, ATOS,    "6.3.39", "Global ATOS Address") \
	X(GATOS_PAR,        0x00118, 64, SMMU_RESET_UNKNOWN, ATOS,    "6.3.40", "Global ATOS Result") \
	X(MPAMIDR,          0x00130, 32, SMMU_RESET_IMPL,    MPAM,    "6.3.41", "MPAM Identification") \
	X(GMPAM,            0x00138, 32, 0,                  MPAM,    "6.3.42", "MPAM of SMMU Accesses") \
	X(GBPMPAM,          0x0013c, 32, 0,                  MPAM,    "6.3.43", "MPAM of Global Bypass") \
	X(VATOS_SEL,        0x00180, 32, SMMU_RESET_UNKNOWN, VATOS,   "6.3.44", "VATOS VMID") \
	X(IDR6,             0x00190, 32, SMMU_RESET_IMPL,    ECMDQ,   "6.3.45", "Features 6") \
	X(DPT_BASE,         0x00200, 64, SMMU_RESET_UNKNOWN, DPT,     "6.3.46", "Device Permission Table Base Address") \
	X(DPT_BASE_CFG,     0x00208, 32, SMMU_RESET_UNKNOWN, DPT,     "6.3.47", "Device Permission Table Configuration") \
	X(DPT_CFG_FAR,      0x00210, 64, 0,                  DPT,     "6.3.48", "Device Permission Table Fault") \
	X(CMDQ_CONTROL_PAGE_BASE0,   0x04000, 64, SMMU_RESET_IMPL, ECMDQ, "6.3.49", "Command Queue Control Page Base") \
	X(CMDQ_CONTROL_PAGE_CFG0,    0x04008, 32, 0,         ECMDQ,   "6.3.50", "Command Queue Control Page Configuration") \
	X(CMDQ_CONTROL_PAGE_STATUS0, 0x0400c, 32, 0,         ECMDQ,   "6.3.51", "Command Queue Control Page Status")

/* Peripheral and component identification: an implementation choice, but for CIDR0-3 where they exist (§6.2.1) */
#define SMMU_REGISTERS_PERIPHERAL(X) \
	X(PIDR4,            0x00fd0, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.2.1",  "Peripheral ID 4") \
	X(PIDR5,            0x00fd4, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.2.1",  "Peripheral ID 5") \
	X(PIDR6,            0x00fd8, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.2.1",  "Peripheral ID 6") \
	X(PIDR7,            0x00fdc, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.2.1",  "Peripheral ID 7") \
	X(PIDR0,            0x00fe0, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.2.1",  "Peripheral ID 0") \
	X(PIDR1,            0x00fe4, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.2.1",  "Peripheral ID 1") \
	X(PIDR2,            0x00fe8, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.2.1",  "Peripheral ID 2") \
	X(PIDR3,            0x00fec, 32, SMMU_RESET_IMPL,    ALWAYS,  "6.2.1",  "Peripheral ID 3") \
	X(CIDR0,            0x00ff0, 32, SMMU_CIDR0,         ALWAYS,  "6.2.1",  "Component ID 0") \
	X(CIDR1,            0x00ff4, 32, SMMU_CIDR1,         ALWAYS,  "6.2.1",  "Component ID 1") \
	X(CIDR2,            0x00ff8, 32, SMMU_CIDR2,         ALWAYS,  "6.2.1",  "Component ID 2") \
	X(CIDR3,            0x00ffc, 32, SMMU_CIDR3,         ALWAYS,  "6.2.1",  "Component ID 3")
#define SMMU_CIDR0		0x0dU
#define SMMU_CIDR1		0xf0U
#define SMMU_CIDR2		0x05U
#define SMMU_CIDR3		0xb1U

/* PRIQ_PROD.OVFLG resets to 0, all else of these to UNKNOWN (§6.3.97) */
#define SMMU_REGISTERS_PAGE1(X) \
	X(EVENTQ_PROD,      0x100a8, 32, SMMU_RESET_UNKNOWN, ALWAYS,  "6.3.95", "Event Queue Producer") \
	X(EVENTQ_CONS,      0x100ac, 32, SMMU_RESET_UNKNOWN, ALWAYS,  "6.3.96", "Event Queue Consumer") \
	X(PRIQ_PROD,        0x100c8, 32, SMMU_RESET_UNKNOWN, PRI,     "6.3.97", "PRI Queue Producer") \
	X(PRIQ_CONS,        0x100cc, 32, SMMU_RESET_UNKNOWN, PRI,     "6.3.98", "PRI Queue Consumer")

#define SMMU_REG_ENUM_(name, offset, bits, reset, gate, section, title)	SMMU_REG_##name = offset,
enum smmu_reg {
	SMMU_REGISTERS(SMMU_REG_ENUM_)
};
#undef SMMU_REG_ENUM_

/* CMDQ_CONTROL_PAGE registers repeat 2^IDR6.CMDQ_CONTROL_PAGE_LOG2NUMP times */
#define SMMU_CMDQ_CONTROL_PAGE_STRIDE	32U

/*
 * The VATOS page, at SMMU_VATOS_BASE(idr2) with IDR0.VATOS (§6.2.3): Y(name, offset in it, bits, reset, gate, section, title)
 */
#define SMMU_VATOS_BASE(idr2)	(0x20000U + HWI_GET32(SMMU_IDR2_BA_VATOS, idr2) * SMMU_PAGE_SIZE)
#define SMMU_VATOS_REGISTERS(Y) \
	Y(VATOS_CTRL,       0x0a00,  32, 0,                  VATOS,   "6.3.99",  "VATOS Control") \
	Y(VATOS_SID,        0x0a08,  64, SMMU_RESET_UNKNOWN, VATOS,   "6.3.100", "VATOS StreamID") \
	Y(VATOS_ADDR,       0x0a10,  64, SMMU_RESET_UNKNOWN, VATOS,   "6.3.101", "VATOS Address") \
	Y(VATOS_PAR,        0x0a18,  64, SMMU_RESET_UNKNOWN, VATOS,   "6.3.102", "VATOS Result")

/* Gates: true when a unit with these IDR0, IDR1 and IDR3 has what the name says. */
#define SMMU_GATE_ALWAYS(idr0, idr1, idr3)	1
#define SMMU_GATE_NEVER(idr0, idr1, idr3)	0	/* Secure state's, Realm state's */
#define SMMU_GATE_IDR0_(idr0, bits)	(((idr0) & (bits)) == (bits))
#define SMMU_GATE_S1P(i0, i1, i3)	SMMU_GATE_IDR0_(i0, SMMU_IDR0_S1P)
#define SMMU_GATE_S2P(i0, i1, i3)	SMMU_GATE_IDR0_(i0, SMMU_IDR0_S2P)
#define SMMU_GATE_S1P_S2P(i0, i1, i3)	SMMU_GATE_IDR0_(i0, SMMU_IDR0_S1P | SMMU_IDR0_S2P)
#define SMMU_GATE_HYP(i0, i1, i3)	SMMU_GATE_IDR0_(i0, SMMU_IDR0_HYP)
#define SMMU_GATE_ATS(i0, i1, i3)	SMMU_GATE_IDR0_(i0, SMMU_IDR0_ATS)
#define SMMU_GATE_MSI(i0, i1, i3)	SMMU_GATE_IDR0_(i0, SMMU_IDR0_MSI)
#define SMMU_GATE_PRI(i0, i1, i3)	SMMU_GATE_IDR0_(i0, SMMU_IDR0_PRI)
#define SMMU_GATE_MSI_PRI(i0, i1, i3)	SMMU_GATE_IDR0_(i0, SMMU_IDR0_MSI | SMMU_IDR0_PRI)
#define SMMU_GATE_ATOS(i0, i1, i3)	SMMU_GATE_IDR0_(i0, SMMU_IDR0_ATOS)
#define SMMU_GATE_VATOS(i0, i1, i3)	SMMU_GATE_IDR0_(i0, SMMU_IDR0_VATOS)
/* Stalls exist unless STALL_MODEL says that they do not */
#define SMMU_GATE_STALL(i0, i1, i3)	(HWI_GET32(SMMU_IDR0_STALL_MODEL, i0) != SMMU_STALL_MODEL_NONE)
#define SMMU_GATE_SUBSTREAMS(i0, i1, i3) \
	(SMMU_GATE_S1P(i0, i1, i3) && ((i1) & SMMU_IDR1_SSIDSIZE) != 0)
#define SMMU_GATE_ECMDQ(i0, i1, i3)	(((i1) & SMMU_IDR1_ECMDQ) != 0)
#define SMMU_GATE_MPAM(i0, i1, i3)	(((i3) & SMMU_IDR3_MPAM) != 0)
#define SMMU_GATE_DPT(i0, i1, i3)	(((i3) & SMMU_IDR3_DPT) != 0)
#define SMMU_GATE_S2PI(i0, i1, i3)	(((i3) & SMMU_IDR3_S2PI) != 0)
/* The Virtual Machine Structure: found by nested streams with MPAM (§5.6.1) */
#define SMMU_GATE_VMS(i0, i1, i3)	(SMMU_GATE_MPAM(i0, i1, i3) & SMMU_GATE_S1P_S2P(i0, i1, i3))

/*
 * Who may write, and what (§6.3): Y(name, writable bits, guard). Writes are ignored while the guard is up, in 3.2 and later;
 * SMMU_GUARD_x:
 *   RO          never writable
 *   NONE        always writable
 *   SMMUEN      up while CR0.SMMUEN or CR0ACK.SMMUEN is 1; CMDQEN, EVENTQEN, PRIQEN alike (raw bits)
 *   CR1         TABLE_x by SMMUEN; QUEUE_x by any of the three queue enables
 *   GBPA        writable with Update=1 in the value and Update=0 in the register
 *   GERROR_IRQEN, EVENTQ_IRQEN, PRIQ_IRQEN   the bit of IRQ_CTRL or IRQ_CTRLACK
 * Registers of features that the model does not have are not in the list. IDR1.TABLES_PRESET and QUEUES_PRESET make base
 * registers RO. Fields of missing features are RES0; the comments at the fields say which.
 */
#define SMMU_REGISTER_ACCESS(Y) \
	Y(IDR0, 0, RO) Y(IDR1, 0, RO) Y(IDR2, 0, RO) Y(IDR3, 0, RO) Y(IDR4, 0, RO) Y(IDR5, 0, RO) \
	Y(IIDR, 0, RO) Y(AIDR, 0, RO) \
	Y(CR0, SMMU_CR0_SMMUEN | SMMU_CR0_PRIQEN | SMMU_CR0_EVENTQEN | SMMU_CR0_CMDQEN | SMMU_CR0_ATSCHK | SMMU_CR0_VMW, NONE) \
	Y(CR0ACK, 0, RO) \
	Y(CR1, SMMU_CR1_QUEUE | SMMU_CR1_TABLE, CR1) \
	Y(CR2, SMMU_CR2_E2H | SMMU_CR2_RECINVSID | SMMU_CR2_PTM | SMMU_CR2_REC_CFG_ATS, SMMUEN) \
	Y(STATUSR, 0, RO) \
	Y(GBPA, SMMU_GBPA_ATTRS | SMMU_GBPA_ABORT | SMMU_GBPA_UPDATE, GBPA) \
	Y(IRQ_CTRL, SMMU_IRQ_CTRL_GERROR_IRQEN | SMMU_IRQ_CTRL_PRIQ_IRQEN | SMMU_IRQ_CTRL_EVENTQ_IRQEN, NONE) \
	Y(IRQ_CTRLACK, 0, RO) \
	Y(GERROR, 0, RO) \
	Y(GERRORN, SMMU_GERROR_ALL, NONE) \
	Y(GERROR_IRQ_CFG0, SMMU_IRQ_CFG0_ADDR, GERROR_IRQEN) \
	Y(GERROR_IRQ_CFG1, SMMU_IRQ_CFG1_DATA, GERROR_IRQEN) \
	Y(GERROR_IRQ_CFG2, SMMU_IRQ_CFG2_MEMATTR | SMMU_IRQ_CFG2_SH, GERROR_IRQEN) \
	Y(STRTAB_BASE, SMMU_STRTAB_BASE_ADDR | SMMU_STRTAB_BASE_RA, SMMUEN) \
	Y(STRTAB_BASE_CFG, SMMU_STRTAB_BASE_CFG_LOG2SIZE | SMMU_STRTAB_BASE_CFG_SPLIT | SMMU_STRTAB_BASE_CFG_FMT, SMMUEN) \
	Y(CMDQ_BASE, SMMU_Q_BASE_LOG2SIZE | SMMU_Q_BASE_ADDR | SMMU_Q_BASE_RA, CMDQEN) \
	Y(CMDQ_PROD, SMMU_Q_INDEX, NONE) \
	Y(CMDQ_CONS, SMMU_Q_INDEX | SMMU_CMDQ_CONS_ERR, CMDQEN) \
	Y(EVENTQ_BASE, SMMU_Q_BASE_LOG2SIZE | SMMU_Q_BASE_ADDR | SMMU_Q_BASE_WA, EVENTQEN) \
	Y(EVENTQ_PROD, SMMU_Q_INDEX | SMMU_Q_OVERFLOW, EVENTQEN) \
	Y(EVENTQ_CONS, SMMU_Q_INDEX | SMMU_Q_OVERFLOW, NONE) \
	Y(EVENTQ_IRQ_CFG0, SMMU_IRQ_CFG0_ADDR, EVENTQ_IRQEN) \
	Y(EVENTQ_IRQ_CFG1, SMMU_IRQ_CFG1_DATA, EVENTQ_IRQEN) \
	Y(EVENTQ_IRQ_CFG2, SMMU_IRQ_CFG2_MEMATTR | SMMU_IRQ_CFG2_SH, EVENTQ_IRQEN) \
	Y(PRIQ_BASE, SMMU_Q_BASE_LOG2SIZE | SMMU_Q_BASE_ADDR | SMMU_Q_BASE_WA, PRIQEN) \
	Y(PRIQ_PROD, SMMU_Q_INDEX | SMMU_Q_OVERFLOW, PRIQEN) \
	Y(PRIQ_CONS, SMMU_Q_INDEX | SMMU_Q_OVERFLOW, NONE) \
	Y(PRIQ_IRQ_CFG0, SMMU_IRQ_CFG0_ADDR, PRIQ_IRQEN) \
	Y(PRIQ_IRQ_CFG1, SMMU_IRQ_CFG1_DATA, PRIQ_IRQEN) \
	Y(PRIQ_IRQ_CFG2, SMMU_IRQ_CFG2_MEMATTR | SMMU_IRQ_CFG2_SH | SMMU_PRIQ_IRQ_CFG2_LO, PRIQ_IRQEN) \
	Y(PIDR4, 0, RO) Y(PIDR5, 0, RO) Y(PIDR6, 0, RO) Y(PIDR7, 0, RO) \
	Y(PIDR0, 0, RO) Y(PIDR1, 0, RO) Y(PIDR2, 0, RO) Y(PIDR3, 0, RO) \
	Y(CIDR0, 0, RO) Y(CIDR1, 0, RO) Y(CIDR2, 0, RO) Y(CIDR3, 0, RO)

enum smmu_guard {
	SMMU_GUARD_RO,
	SMMU_GUARD_NONE,
	SMMU_GUARD_SMMUEN,
	SMMU_GUARD_CMDQEN,
	SMMU_GUARD_EVENTQEN,
	SMMU_GUARD_PRIQEN,
	SMMU_GUARD_CR1,
	SMMU_GUARD_GBPA,
	SMMU_GUARD_GERROR_IRQEN,
	SMMU_GUARD_EVENTQ_IRQEN,
	SMMU_GUARD_PRIQ_IRQEN,
};

/* IDR0 (§6.3.1), RO */
#define SMMU_IDR0_S2P		HWI_BIT32(0)		/* S1P or S2P is 1 */
#define SMMU_IDR0_S1P		HWI_BIT32(1)
#define SMMU_IDR0_TTF		HWI_MASK32(3, 2)
#define SMMU_IDR0_TTF_AARCH32	HWI_BIT32(2)		/* 0 with DPT or D128 */
#define SMMU_IDR0_TTF_AARCH64	HWI_BIT32(3)
#define SMMU_IDR0_COHACC	HWI_BIT32(4)
#define SMMU_IDR0_BTM		HWI_BIT32(5)
#define SMMU_IDR0_HTTU		HWI_MASK32(7, 6)
#define SMMU_IDR0_DORMHINT	HWI_BIT32(8)
#define SMMU_IDR0_HYP		HWI_BIT32(9)		/* 0 unless S1P and S2P; then 1 since 3.2 */
#define SMMU_IDR0_ATS		HWI_BIT32(10)
#define SMMU_IDR0_NS1ATS	HWI_BIT32(11)		/* 1: split-stage ATS is not supported; 0 unless ATS, S1P, S2P */
#define SMMU_IDR0_ASID16	HWI_BIT32(12)
#define SMMU_IDR0_MSI		HWI_BIT32(13)
#define SMMU_IDR0_SEV		HWI_BIT32(14)
#define SMMU_IDR0_ATOS		HWI_BIT32(15)
#define SMMU_IDR0_PRI		HWI_BIT32(16)		/* 0 without ATS */
#define SMMU_IDR0_VMW		HWI_BIT32(17)		/* 0 without S2P */
#define SMMU_IDR0_VMID16	HWI_BIT32(18)		/* without meaning if S2P=0 */
#define SMMU_IDR0_CD2L		HWI_BIT32(19)
#define SMMU_IDR0_VATOS		HWI_BIT32(20)		/* 0 unless ATOS, S1P, S2P */
#define SMMU_IDR0_TTENDIAN	HWI_MASK32(22, 21)
#define SMMU_IDR0_ATSRECERR	HWI_BIT32(23)		/* CR2.REC_CFG_ATS exists; 0 without ATS */
#define SMMU_IDR0_STALL_MODEL	HWI_MASK32(25, 24)
#define SMMU_IDR0_TERM_MODEL	HWI_BIT32(26)		/* 1: always abort, CD.A must be 1 */
#define SMMU_IDR0_ST_LEVEL	HWI_MASK32(28, 27)	/* not 0 if SIDSIZE >= 7 */
#define SMMU_IDR0_RME_IMPL	HWI_BIT32(30)
#define SMMU_TTF_AARCH32	1U			/* values of TTF; 0 reserved */
#define SMMU_TTF_AARCH64	2U
#define SMMU_TTF_BOTH		3U
#define SMMU_HTTU_NONE		0U
#define SMMU_HTTU_ACCESS	1U
#define SMMU_HTTU_DIRTY		2U			/* and access flag */
#define SMMU_HTTU_TABLE		3U			/* and access flag of tables; since 3.4 */
#define SMMU_TTENDIAN_MIXED	0U
#define SMMU_TTENDIAN_RSVD	1U
#define SMMU_TTENDIAN_LITTLE	2U
#define SMMU_TTENDIAN_BIG	3U
#define SMMU_STALL_MODEL_BOTH	0U			/* stall and terminate */
#define SMMU_STALL_MODEL_NONE	1U			/* no stall: CMD_RESUME and CMD_STALL_TERM are illegal */
#define SMMU_STALL_MODEL_FORCED	2U			/* forbidden with PCIe */
#define SMMU_STALL_MODEL_RSVD	3U
#define SMMU_ST_LEVEL_LINEAR	0U
#define SMMU_ST_LEVEL_2LVL	1U			/* linear too */

/* IDR1 (§6.3.2), RO */
#define SMMU_IDR1_SIDSIZE	HWI_MASK32(5, 0)	/* at most 32 */
#define SMMU_IDR1_SSIDSIZE	HWI_MASK32(10, 6)	/* at most 20; 0: no substreams */
#define SMMU_IDR1_PRIQS		HWI_MASK32(15, 11)	/* log2 of entries, at most 19; any value without PRI */
#define SMMU_IDR1_EVENTQS	HWI_MASK32(20, 16)	/* at most 19 */
#define SMMU_IDR1_CMDQS		HWI_MASK32(25, 21)	/* at most 19 */
#define SMMU_IDR1_ATTR_PERMS_OVR	HWI_BIT32(26)	/* 0: INSTCFG, PRIVCFG have no effect */
#define SMMU_IDR1_ATTR_TYPES_OVR	HWI_BIT32(27)	/* 0: MTCFG, MemAttr, SHCFG, ALLOCCFG have none */
#define SMMU_IDR1_REL		HWI_BIT32(28)		/* preset bases are offsets from page 0 */
#define SMMU_IDR1_QUEUES_PRESET	HWI_BIT32(29)
#define SMMU_IDR1_TABLES_PRESET	HWI_BIT32(30)
#define SMMU_IDR1_ECMDQ		HWI_BIT32(31)		/* needs COHACC, MSI, QUEUES_PRESET=0 */
#define SMMU_SIDSIZE_MAX	32U
#define SMMU_SSIDSIZE_MAX	20U
#define SMMU_QS_MAX		19U

/* IDR2 (§6.3.3), RO */
#define SMMU_IDR2_BA_VATOS	HWI_MASK32(9, 0)	/* 0 without VATOS */

/* IDR3 (§6.3.4), RO */
#define SMMU_IDR3_HAD		HWI_BIT32(2)		/* 1 since 3.1 if S1P */
#define SMMU_IDR3_PBHA		HWI_BIT32(3)		/* needs HAD */
#define SMMU_IDR3_XNX		HWI_BIT32(4)		/* 1 since 3.1 if S2P */
#define SMMU_IDR3_PPS		HWI_BIT32(5)		/* 0 unless PRI and SSIDSIZE */
#define SMMU_IDR3_MPAM		HWI_BIT32(7)
#define SMMU_IDR3_FWB		HWI_BIT32(8)		/* 1 since 3.2 */
#define SMMU_IDR3_STT		HWI_BIT32(9)
#define SMMU_IDR3_RIL		HWI_BIT32(10)		/* 1 since 3.2 */
#define SMMU_IDR3_BBML		HWI_MASK32(12, 11)	/* 1 or 2 since 3.2 */
#define SMMU_IDR3_E0PD		HWI_BIT32(13)		/* 1 since 3.3 */
#define SMMU_IDR3_PTWNNC	HWI_BIT32(14)		/* 1 since 3.3 if S2P */
#define SMMU_IDR3_DPT		HWI_BIT32(15)		/* needs ATS; TTF[0]=0 */
#define SMMU_IDR3_PASIDTT	HWI_BIT32(16)		/* 0 unless ATS and SSIDSIZE */
#define SMMU_IDR3_EPAN		HWI_BIT32(17)
#define SMMU_IDR3_S1PI		HWI_BIT32(18)
#define SMMU_IDR3_S2PI		HWI_BIT32(19)
#define SMMU_IDR3_S2PO		HWI_BIT32(20)		/* needs S2PI */
#define SMMU_IDR3_THE		HWI_BIT32(21)		/* 0 without S1P */
#define SMMU_IDR3_MTEPERM	HWI_BIT32(22)		/* 1 since 3.4 if S2P */
#define SMMU_IDR3_AIE		HWI_BIT32(23)
#define SMMU_BBML_0		0U
#define SMMU_BBML_1		1U
#define SMMU_BBML_2		2U

/* IDR5 (§6.3.6), RO */
#define SMMU_IDR5_OAS		HWI_MASK32(2, 0)
#define SMMU_IDR5_GRAN4K	HWI_BIT32(4)		/* 1 if TTF[0] */
#define SMMU_IDR5_GRAN16K	HWI_BIT32(5)
#define SMMU_IDR5_GRAN64K	HWI_BIT32(6)
#define SMMU_IDR5_DS		HWI_BIT32(7)		/* needs VAX, GRAN4K or GRAN16K */
#define SMMU_IDR5_D128		HWI_BIT32(8)
#define SMMU_IDR5_VAX		HWI_MASK32(11, 10)	/* not 0 needs GRAN64K or DS */
#define SMMU_IDR5_STALL_MAX	HWI_MASK32(31, 16)	/* 0 with STALL_MODEL=1 */
/* Address sizes: OAS, CD.IPS, STE.S2PS */
#define SMMU_OAS_32		0U
#define SMMU_OAS_36		1U
#define SMMU_OAS_40		2U
#define SMMU_OAS_42		3U
#define SMMU_OAS_44		4U
#define SMMU_OAS_48		5U
#define SMMU_OAS_52		6U			/* since 3.1 */
#define SMMU_OAS_56		7U			/* since 3.4, with D128 */
#define SMMU_VAX_48		0U
#define SMMU_VAX_52		1U
#define SMMU_VAX_56		2U

/* IDR6 (§6.3.45), RO */
#define SMMU_IDR6_CMDQ_CONTROL_PAGE_LOG2NUMQ	HWI_MASK32(19, 16)
#define SMMU_IDR6_CMDQ_CONTROL_PAGE_LOG2NUMP	HWI_MASK32(27, 24)

/* IIDR (§6.3.7), AIDR (§6.3.8), RO */
#define SMMU_IIDR_IMPLEMENTER	HWI_MASK32(11, 0)
#define SMMU_IIDR_REVISION	HWI_MASK32(15, 12)
#define SMMU_IIDR_VARIANT	HWI_MASK32(19, 16)
#define SMMU_IIDR_PRODUCTID	HWI_MASK32(31, 20)
#define SMMU_IMPLEMENTER_ARM	0x43bU
#define SMMU_AIDR_ARCHMINORREV	HWI_MASK32(3, 0)
#define SMMU_AIDR_ARCHMAJORREV	HWI_MASK32(7, 4)
#define SMMU_AIDR_3_0		0x00U
#define SMMU_AIDR_3_1		0x01U
#define SMMU_AIDR_3_2		0x02U
#define SMMU_AIDR_3_3		0x03U
#define SMMU_AIDR_3_4		0x04U

/* CR0 (§6.3.9), RW, and CR0ACK (§6.3.10), RO: what has been updated, bit by bit */
#define SMMU_CR0_SMMUEN		HWI_BIT32(0)
#define SMMU_CR0_PRIQEN		HWI_BIT32(1)		/* RES0 without PRI; effective PRIQEN & SMMUEN, ACK follows the bit */
#define SMMU_CR0_EVENTQEN	HWI_BIT32(2)
#define SMMU_CR0_CMDQEN		HWI_BIT32(3)
#define SMMU_CR0_ATSCHK		HWI_BIT32(4)		/* RES0 without ATS */
#define SMMU_CR0_VMW		HWI_MASK32(8, 6)	/* RES0 without IDR0.VMW; VMID bits that invalidation ignores */
#define SMMU_CR0_DPT_WALK_EN	HWI_BIT32(10)		/* RES0 without DPT */
#define SMMU_VMW_EXACT		0U
#define SMMU_VMW_MAX		4U			/* 5 to 7 act as 0 */

/* CR1 (§6.3.11), RW */
#define SMMU_CR1_QUEUE_IC	HWI_MASK32(1, 0)
#define SMMU_CR1_QUEUE_OC	HWI_MASK32(3, 2)
#define SMMU_CR1_QUEUE_SH	HWI_MASK32(5, 4)
#define SMMU_CR1_TABLE_IC	HWI_MASK32(7, 6)
#define SMMU_CR1_TABLE_OC	HWI_MASK32(9, 8)
#define SMMU_CR1_TABLE_SH	HWI_MASK32(11, 10)
#define SMMU_CR1_QUEUE		(SMMU_CR1_QUEUE_IC | SMMU_CR1_QUEUE_OC | SMMU_CR1_QUEUE_SH)
#define SMMU_CR1_TABLE		(SMMU_CR1_TABLE_IC | SMMU_CR1_TABLE_OC | SMMU_CR1_TABLE_SH)
#define SMMU_CR1_CACHE_NC	0U			/* IC, OC; 3 acts as 0 */
#define SMMU_CR1_CACHE_WB	1U
#define SMMU_CR1_CACHE_WT	2U

/* Shareability: CR1, IRQ_CFG2, STE.S1CSH, S2SH0, CD.SHx, CMD_SYNC.MSH, GATOS_PAR. 1 acts as 0. Not SHCFG. */
#define SMMU_SH_NSH		0U
#define SMMU_SH_RSVD		1U
#define SMMU_SH_OSH		2U
#define SMMU_SH_ISH		3U

/* CR2 (§6.3.12), RW while SMMUEN=0 */
#define SMMU_CR2_E2H		HWI_BIT32(0)		/* RES0 without HYP */
#define SMMU_CR2_RECINVSID	HWI_BIT32(1)
#define SMMU_CR2_PTM		HWI_BIT32(2)		/* RES0 without BTM */
#define SMMU_CR2_REC_CFG_ATS	HWI_BIT32(3)		/* RES0 without ATSRECERR */

/* STATUSR (§6.3.13), RO */
#define SMMU_STATUSR_DORMANT	HWI_BIT32(0)		/* RES0 without DORMHINT */

/* GBPA (§6.3.14). Attributes as in an STE. */
#define SMMU_GBPA_MEMATTR	HWI_MASK32(3, 0)
#define SMMU_GBPA_MTCFG		HWI_BIT32(4)
#define SMMU_GBPA_ALLOCCFG	HWI_MASK32(11, 8)
#define SMMU_GBPA_SHCFG		HWI_MASK32(13, 12)
#define SMMU_GBPA_PRIVCFG	HWI_MASK32(17, 16)
#define SMMU_GBPA_INSTCFG	HWI_MASK32(19, 18)
#define SMMU_GBPA_ABORT		HWI_BIT32(20)
#define SMMU_GBPA_UPDATE	HWI_BIT32(31)		/* resets to 0 */
#define SMMU_GBPA_ATTRS \
	(SMMU_GBPA_MEMATTR | SMMU_GBPA_MTCFG | SMMU_GBPA_ALLOCCFG | SMMU_GBPA_SHCFG | SMMU_GBPA_PRIVCFG | \
	 SMMU_GBPA_INSTCFG)

/* IRQ_CTRL (§6.3.16), RW, and IRQ_CTRLACK (§6.3.18), RO */
#define SMMU_IRQ_CTRL_GERROR_IRQEN	HWI_BIT32(0)
#define SMMU_IRQ_CTRL_PRIQ_IRQEN	HWI_BIT32(1)	/* RES0 without PRI */
#define SMMU_IRQ_CTRL_EVENTQ_IRQEN	HWI_BIT32(2)

/* GERROR (§6.3.19), RO, and GERRORN (§6.3.20), RW: an error is active while its two bits differ */
#define SMMU_GERROR_CMDQ_ERR		HWI_BIT32(0)
#define SMMU_GERROR_EVENTQ_ABT_ERR	HWI_BIT32(2)
#define SMMU_GERROR_PRIQ_ABT_ERR	HWI_BIT32(3)	/* with PRI */
#define SMMU_GERROR_MSI_CMDQ_ABT_ERR	HWI_BIT32(4)	/* with MSI */
#define SMMU_GERROR_MSI_EVENTQ_ABT_ERR	HWI_BIT32(5)	/* with MSI */
#define SMMU_GERROR_MSI_PRIQ_ABT_ERR	HWI_BIT32(6)	/* with MSI and PRI */
#define SMMU_GERROR_MSI_GERROR_ABT_ERR	HWI_BIT32(7)	/* with MSI; raises no GERROR interrupt */
#define SMMU_GERROR_SFM_ERR		HWI_BIT32(8)
#define SMMU_GERROR_CMDQP_ERR		HWI_BIT32(9)	/* with ECMDQ */
#define SMMU_GERROR_DPT_ERR		HWI_BIT32(10)	/* with DPT */
#define SMMU_GERROR_ALL			(HWI_MASK32(10, 2) | HWI_BIT32(0))

/* GERROR_IRQ_CFGn, EVENTQ_IRQ_CFGn, PRIQ_IRQ_CFGn (§6.3.21 to §6.3.23, §6.3.30 to §6.3.36), RW */
#define SMMU_IRQ_CFG0_ADDR	HWI_MASK64(55, 2)	/* 0: no MSI */
#define SMMU_IRQ_CFG1_DATA	HWI_MASK32(31, 0)
#define SMMU_IRQ_CFG2_MEMATTR	HWI_MASK32(3, 0)	/* as STE.MemAttr; with MSI, as SH */
#define SMMU_IRQ_CFG2_SH	HWI_MASK32(5, 4)
#define SMMU_PRIQ_IRQ_CFG2_LO	HWI_BIT32(31)		/* interrupt on Last only; without MSI too */

/* STRTAB_BASE (§6.3.24), STRTAB_BASE_CFG (§6.3.25), RW */
#define SMMU_STRTAB_BASE_ADDR	HWI_MASK64(55, 6)	/* low bits by the table's size treated as 0 */
#define SMMU_STRTAB_BASE_RA	HWI_BIT64(62)
#define SMMU_STRTAB_BASE_CFG_LOG2SIZE	HWI_MASK32(5, 0)
#define SMMU_STRTAB_BASE_CFG_SPLIT	HWI_MASK32(10, 6)	/* 6, 8, 10; all else acts as 6; RES0 with ST_LEVEL=0 */
#define SMMU_STRTAB_BASE_CFG_FMT	HWI_MASK32(17, 16)	/* RES0 with ST_LEVEL=0 */
#define SMMU_STRTAB_FMT_LINEAR	0U			/* 2 and 3 act as it */
#define SMMU_STRTAB_FMT_2LVL	1U
#define SMMU_STRTAB_SPLIT_4K	6U			/* STEs of a level 2 table of 4, 16, 64 KiB: 2^SPLIT */
#define SMMU_STRTAB_SPLIT_16K	8U
#define SMMU_STRTAB_SPLIT_64K	10U

/* CMDQ_BASE (§6.3.26), EVENTQ_BASE (§6.3.29), PRIQ_BASE (§6.3.33), RW; aligned to the queue's size, 32 bytes at least */
#define SMMU_Q_BASE_LOG2SIZE	HWI_MASK64(4, 0)	/* effective at most CMDQS, EVENTQS, PRIQS */
#define SMMU_Q_BASE_ADDR	HWI_MASK64(55, 5)
#define SMMU_Q_BASE_RA		HWI_BIT64(62)		/* CMDQ */
#define SMMU_Q_BASE_WA		HWI_BIT64(62)		/* EVENTQ, PRIQ */

/* CMDQ_PROD (§6.3.27) to PRIQ_CONS (§6.3.98): index in bits LOG2SIZE-1:0, wrap in bit LOG2SIZE */
#define SMMU_Q_INDEX		HWI_MASK32(19, 0)	/* WR, RD; with the wrap bit */
#define SMMU_Q_OVERFLOW		HWI_BIT32(31)		/* OVFLG of EVENTQ_PROD, PRIQ_PROD; OVACKFLG of their CONS */
#define SMMU_Q_WRAP(log2size)	HWI_BIT32(log2size)
#define SMMU_CMDQ_CONS_ERR	HWI_MASK32(30, 24)	/* SMMU_CERROR_x (commands.h); UNKNOWN unless CMDQ_ERR is active */

/* GATOS, VATOS (§6.3.37 to §6.3.40, §6.3.99 to §6.3.102), with ATOS, VATOS */
#define SMMU_ATOS_CTRL_RUN	HWI_BIT32(0)
#define SMMU_ATOS_SID_STREAMID		HWI_MASK64(31, 0)
#define SMMU_ATOS_SID_SUBSTREAMID	HWI_MASK64(51, 32)
#define SMMU_ATOS_SID_SSID_VALID	HWI_BIT64(52)
#define SMMU_ATOS_ADDR_HTTUI	HWI_BIT64(6)
#define SMMU_ATOS_ADDR_IND	HWI_BIT64(7)
#define SMMU_ATOS_ADDR_RNW	HWI_BIT64(8)
#define SMMU_ATOS_ADDR_PNU	HWI_BIT64(9)
#define SMMU_ATOS_ADDR_TYPE	HWI_MASK64(11, 10)
#define SMMU_ATOS_ADDR_ADDR	HWI_MASK64(63, 12)
#define SMMU_ATOS_TYPE_S1	1U			/* 0 reserved */
#define SMMU_ATOS_TYPE_S2	2U
#define SMMU_ATOS_TYPE_S1_S2	3U
#define SMMU_ATOS_PAR_FAULT	HWI_BIT64(0)
#define SMMU_ATOS_PAR_SH	HWI_MASK64(9, 8)	/* FAULT=0 */
#define SMMU_ATOS_PAR_SIZE	HWI_BIT64(11)		/* FAULT=0 */
#define SMMU_ATOS_PAR_ADDR	HWI_MASK64(55, 12)	/* FAULT=0; FADDR if 1 */
#define SMMU_ATOS_PAR_ATTR	HWI_MASK64(63, 56)	/* FAULT=0 */
#define SMMU_ATOS_PAR_REASON	HWI_MASK64(2, 1)	/* FAULT=1 */
#define SMMU_ATOS_PAR_FAULTCODE	HWI_MASK64(11, 4)	/* FAULT=1; an event code, or the three below */
#define SMMU_ATOS_FAULT_INTERNAL_ERR	0xfdU
#define SMMU_ATOS_FAULT_INV_STAGE	0xfeU
#define SMMU_ATOS_FAULT_INV_REQ		0xffU
#define SMMU_VATOS_SEL_VMID	HWI_MASK32(15, 0)

/* MPAM (§6.3.41 to §6.3.43), with MPAM */
#define SMMU_MPAMIDR_PARTID_MAX	HWI_MASK32(15, 0)
#define SMMU_MPAMIDR_PMG_MAX	HWI_MASK32(23, 16)
#define SMMU_GMPAM_SO_PARTID	HWI_MASK32(15, 0)
#define SMMU_GMPAM_SO_PMG	HWI_MASK32(23, 16)
#define SMMU_GMPAM_UPDATE	HWI_BIT32(31)
#define SMMU_GBPMPAM_GBP_PARTID	HWI_MASK32(15, 0)
#define SMMU_GBPMPAM_GBP_PMG	HWI_MASK32(23, 16)
#define SMMU_GBPMPAM_UPDATE	HWI_BIT32(31)

/* DPT (§6.3.46 to §6.3.48), with DPT */
#define SMMU_DPT_BASE_BADDR	HWI_MASK64(55, 12)
#define SMMU_DPT_BASE_RA	HWI_BIT64(62)
#define SMMU_DPT_BASE_CFG_DPTPS		HWI_MASK32(2, 0)
#define SMMU_DPT_BASE_CFG_DPTGS		HWI_MASK32(15, 14)
#define SMMU_DPT_BASE_CFG_L0DPTSZ	HWI_MASK32(23, 20)
#define SMMU_DPT_CFG_FAR_FAULT		HWI_BIT64(0)
#define SMMU_DPT_CFG_FAR_LEVEL		HWI_BIT64(1)
#define SMMU_DPT_CFG_FAR_DPT_FAULTCODE	HWI_MASK64(7, 4)
#define SMMU_DPT_CFG_FAR_FADDR		HWI_MASK64(55, 12)

/* Enhanced command queues (§6.3.49 to §6.3.51, §6.3.107 to §6.3.109), with ECMDQ */
#define SMMU_CMDQ_CONTROL_PAGE_BASE_PRESET	HWI_BIT64(0)
#define SMMU_CMDQ_CONTROL_PAGE_BASE_CMDQGS	HWI_MASK64(2, 1)
#define SMMU_CMDQ_CONTROL_PAGE_BASE_ADDR	HWI_MASK64(55, 16)
#define SMMU_CMDQ_CONTROL_PAGE_CFG_EN		HWI_BIT32(0)
#define SMMU_CMDQ_CONTROL_PAGE_STATUS_ENACK	HWI_BIT32(0)
#define SMMU_ECMDQ_SIZE		16U			/* in a control page: BASE (u64, as CMDQ_BASE), PROD, CONS */
#define SMMU_ECMDQ_PROD_WR	HWI_MASK32(19, 0)
#define SMMU_ECMDQ_PROD_ERRACK	HWI_BIT32(23)
#define SMMU_ECMDQ_PROD_EN	HWI_BIT32(31)
#define SMMU_ECMDQ_CONS_RD	HWI_MASK32(19, 0)
#define SMMU_ECMDQ_CONS_ERR	HWI_BIT32(23)
#define SMMU_ECMDQ_CONS_ERR_REASON	HWI_MASK32(26, 24)
#define SMMU_ECMDQ_CONS_ENACK	HWI_BIT32(31)

#endif /* HWIOMMU_SMMUV3_REGS_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Layouts of include/hwiommu/smmuv3 by themselves: positions against numbers written down from Linux' driver, words filled
 * without overlap and without a gap, lists that agree with each other (SMMUv3 §5, §6.3, §7.3).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hwiommu/smmuv3/acpi.h"
#include "hwiommu/smmuv3/cmdqv.h"
#include "hwiommu/smmuv3/commands.h"
#include "hwiommu/smmuv3/context.h"
#include "hwiommu/smmuv3/events.h"
#include "hwiommu/smmuv3/regs.h"
#include "hwiommu/smmuv3/stream.h"
#include "hwiommu/smmuv3/vmsa.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Pointers that Linux has up to bit 51 reach bit 55 in the specification. */
#define UP_TO_55 UINT64_C(0x00f0000000000000)

struct place {
	const char *name;
	uint64_t ours;
	uint64_t theirs;
};

#define P(mask, number)	  { #mask, mask, UINT64_C(number) }
#define P55(mask, number) { #mask, mask, UINT64_C(number) | UP_TO_55 }

static void same_places(const struct place *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i].ours != p[i].theirs)
			fail_msg("%s is 0x%llx, not 0x%llx", p[i].name, (unsigned long long)p[i].ours,
				 (unsigned long long)p[i].theirs);
}

static void register_places(void **state)
{
	static const struct place p[] = {
		P(SMMU_REG_IDR0, 0x0), P(SMMU_REG_IDR1, 0x4), P(SMMU_REG_IDR3, 0xc),
		P(SMMU_REG_IDR5, 0x14), P(SMMU_REG_IIDR, 0x18), P(SMMU_REG_AIDR, 0x1c),
		P(SMMU_REG_CR0, 0x20), P(SMMU_REG_CR0ACK, 0x24), P(SMMU_REG_CR1, 0x28),
		P(SMMU_REG_CR2, 0x2c), P(SMMU_REG_GBPA, 0x44), P(SMMU_REG_IRQ_CTRL, 0x50),
		P(SMMU_REG_IRQ_CTRLACK, 0x54), P(SMMU_REG_GERROR, 0x60), P(SMMU_REG_GERRORN, 0x64),
		P(SMMU_REG_GERROR_IRQ_CFG0, 0x68), P(SMMU_REG_GERROR_IRQ_CFG1, 0x70),
		P(SMMU_REG_GERROR_IRQ_CFG2, 0x74), P(SMMU_REG_STRTAB_BASE, 0x80),
		P(SMMU_REG_STRTAB_BASE_CFG, 0x88), P(SMMU_REG_CMDQ_BASE, 0x90),
		P(SMMU_REG_CMDQ_PROD, 0x98), P(SMMU_REG_CMDQ_CONS, 0x9c),
		P(SMMU_REG_EVENTQ_BASE, 0xa0), P(SMMU_REG_EVENTQ_PROD, 0x100a8),
		P(SMMU_REG_EVENTQ_CONS, 0x100ac), P(SMMU_REG_EVENTQ_IRQ_CFG0, 0xb0),
		P(SMMU_REG_EVENTQ_IRQ_CFG1, 0xb8), P(SMMU_REG_EVENTQ_IRQ_CFG2, 0xbc),
		P(SMMU_REG_PRIQ_BASE, 0xc0), P(SMMU_REG_PRIQ_PROD, 0x100c8),
		P(SMMU_REG_PRIQ_CONS, 0x100cc), P(SMMU_REG_PRIQ_IRQ_CFG0, 0xd0),
		P(SMMU_REG_PRIQ_IRQ_CFG1, 0xd8), P(SMMU_REG_PRIQ_IRQ_CFG2, 0xdc),
		P(SMMU_PAGE0_ALIAS(SMMU_REG_EVENTQ_PROD), 0xa8),
	};

	(void)state;
	same_places(p, COUNT(p));
}

static void register_field_places(void **state)
{
	static const struct place p[] = {
		P(SMMU_IDR0_ST_LEVEL, 0x18000000), P(SMMU_IDR0_STALL_MODEL, 0x3000000),
		P(SMMU_IDR0_TTENDIAN, 0x600000), P(SMMU_IDR0_CD2L, 0x80000),
		P(SMMU_IDR0_VMID16, 0x40000), P(SMMU_IDR0_PRI, 0x10000), P(SMMU_IDR0_SEV, 0x4000),
		P(SMMU_IDR0_MSI, 0x2000), P(SMMU_IDR0_ASID16, 0x1000), P(SMMU_IDR0_ATS, 0x400),
		P(SMMU_IDR0_HYP, 0x200), P(SMMU_IDR0_HTTU, 0xc0), P(SMMU_IDR0_COHACC, 0x10),
		P(SMMU_IDR0_TTF, 0xc), P(SMMU_IDR0_S1P, 0x2), P(SMMU_IDR0_S2P, 0x1),
		P(SMMU_IDR1_TABLES_PRESET, 0x40000000), P(SMMU_IDR1_QUEUES_PRESET, 0x20000000),
		P(SMMU_IDR1_REL, 0x10000000), P(SMMU_IDR1_ATTR_TYPES_OVR, 0x8000000),
		P(SMMU_IDR1_CMDQS, 0x3e00000), P(SMMU_IDR1_EVENTQS, 0x1f0000),
		P(SMMU_IDR1_PRIQS, 0xf800), P(SMMU_IDR1_SSIDSIZE, 0x7c0),
		P(SMMU_IDR1_SIDSIZE, 0x3f), P(SMMU_IDR3_FWB, 0x100), P(SMMU_IDR3_RIL, 0x400),
		P(SMMU_IDR3_BBML, 0x1800), P(SMMU_IDR5_STALL_MAX, 0xffff0000),
		P(SMMU_IDR5_DS, 0x80), P(SMMU_IDR5_GRAN64K, 0x40), P(SMMU_IDR5_GRAN16K, 0x20),
		P(SMMU_IDR5_GRAN4K, 0x10), P(SMMU_IDR5_OAS, 0x7), P(SMMU_IDR5_VAX, 0xc00),
		P(SMMU_IIDR_PRODUCTID, 0xfff00000), P(SMMU_IIDR_VARIANT, 0xf0000),
		P(SMMU_IIDR_REVISION, 0xf000), P(SMMU_IIDR_IMPLEMENTER, 0xfff),
		P(SMMU_CR0_ATSCHK, 0x10), P(SMMU_CR0_CMDQEN, 0x8), P(SMMU_CR0_EVENTQEN, 0x4),
		P(SMMU_CR0_PRIQEN, 0x2), P(SMMU_CR0_SMMUEN, 0x1), P(SMMU_CR1_TABLE_SH, 0xc00),
		P(SMMU_CR1_TABLE_OC, 0x300), P(SMMU_CR1_TABLE_IC, 0xc0),
		P(SMMU_CR1_QUEUE_SH, 0x30), P(SMMU_CR1_QUEUE_OC, 0xc), P(SMMU_CR1_QUEUE_IC, 0x3),
		P(SMMU_CR2_PTM, 0x4), P(SMMU_CR2_RECINVSID, 0x2), P(SMMU_CR2_E2H, 0x1),
		P(SMMU_GBPA_UPDATE, 0x80000000), P(SMMU_GBPA_ABORT, 0x100000),
		P(SMMU_IRQ_CTRL_EVENTQ_IRQEN, 0x4), P(SMMU_IRQ_CTRL_PRIQ_IRQEN, 0x2),
		P(SMMU_IRQ_CTRL_GERROR_IRQEN, 0x1), P(SMMU_GERROR_SFM_ERR, 0x100),
		P(SMMU_GERROR_MSI_GERROR_ABT_ERR, 0x80), P(SMMU_GERROR_MSI_PRIQ_ABT_ERR, 0x40),
		P(SMMU_GERROR_MSI_EVENTQ_ABT_ERR, 0x20), P(SMMU_GERROR_MSI_CMDQ_ABT_ERR, 0x10),
		P(SMMU_GERROR_PRIQ_ABT_ERR, 0x8), P(SMMU_GERROR_EVENTQ_ABT_ERR, 0x4),
		P(SMMU_GERROR_CMDQ_ERR, 0x1),
		/* Linux handles what 3.0 had */
		P(SMMU_GERROR_ALL & ~(SMMU_GERROR_CMDQP_ERR | SMMU_GERROR_DPT_ERR), 0x1fd),
		P(SMMU_STRTAB_BASE_RA, 0x4000000000000000),
		P55(SMMU_STRTAB_BASE_ADDR, 0xfffffffffffc0),
		P(SMMU_STRTAB_BASE_CFG_FMT, 0x30000), P(SMMU_STRTAB_BASE_CFG_SPLIT, 0x7c0),
		P(SMMU_STRTAB_BASE_CFG_LOG2SIZE, 0x3f), P55(SMMU_IRQ_CFG0_ADDR, 0xffffffffffffc),
		P(SMMU_IRQ_CFG2_SH, 0x30), P(SMMU_IRQ_CFG2_MEMATTR, 0xf),
		P(SMMU_Q_OVERFLOW, 0x80000000), P(SMMU_Q_BASE_RA, 0x4000000000000000),
		P(SMMU_Q_BASE_WA, 0x4000000000000000), P55(SMMU_Q_BASE_ADDR, 0xfffffffffffe0),
		P(SMMU_Q_BASE_LOG2SIZE, 0x1f), P(SMMU_CMDQ_CONS_ERR, 0x7f000000),
	};

	(void)state;
	same_places(p, COUNT(p));
}

static void structure_places(void **state)
{
	static const struct place p[] = {
		P(SMMU_L1STD_SPAN, 0x1f), P55(SMMU_L1STD_L2PTR, 0xfffffffffffc0),
		P(SMMU_STE0_V, 0x1), P(SMMU_STE0_CONFIG, 0xe), P(SMMU_STE0_S1FMT, 0x30),
		P55(SMMU_STE0_S1CONTEXTPTR, 0xfffffffffffc0),
		P(SMMU_STE0_S1CDMAX, 0xf800000000000000), P(SMMU_STE1_S1DSS, 0x3),
		P(SMMU_STE1_S1CIR, 0xc), P(SMMU_STE1_S1COR, 0x30), P(SMMU_STE1_S1CSH, 0xc0),
		P(SMMU_STE1_MEV, 0x80000), P(SMMU_STE1_S2FWB, 0x2000000),
		P(SMMU_STE1_S1STALLD, 0x8000000), P(SMMU_STE1_EATS, 0x30000000),
		P(SMMU_STE1_STRW, 0xc0000000), P(SMMU_STE1_SHCFG, 0x300000000000),
		P(SMMU_STE2_S2VMID, 0xffff), P(SMMU_STE2_S2T0SZ, 0x3f00000000),
		P(SMMU_STE2_S2SL0, 0xc000000000), P(SMMU_STE2_S2IR0, 0x30000000000),
		P(SMMU_STE2_S2OR0, 0xc0000000000), P(SMMU_STE2_S2SH0, 0x300000000000),
		P(SMMU_STE2_S2TG, 0xc00000000000), P(SMMU_STE2_S2PS, 0x7000000000000),
		P(SMMU_STE2_S2AA64, 0x8000000000000), P(SMMU_STE2_S2ENDI, 0x10000000000000),
		P(SMMU_STE2_S2PTW, 0x40000000000000), P(SMMU_STE2_S2S, 0x200000000000000),
		P(SMMU_STE2_S2R, 0x400000000000000), P55(SMMU_STE3_S2TTB, 0xffffffffffff0),
		P(SMMU_L1CD_V, 0x1), P55(SMMU_L1CD_L2PTR, 0xffffffffff000),
		P(SMMU_CD0_T0SZ, 0x3f), P(SMMU_CD0_TG0, 0xc0), P(SMMU_CD0_IR0, 0x300),
		P(SMMU_CD0_OR0, 0xc00), P(SMMU_CD0_SH0, 0x3000), P(SMMU_CD0_EPD0, 0x4000),
		P(SMMU_CD0_ENDI, 0x8000), P(SMMU_CD0_EPD1, 0x40000000), P(SMMU_CD0_V, 0x80000000),
		P(SMMU_CD0_IPS, 0x700000000), P(SMMU_CD0_TBI0, 0x4000000000),
		P(SMMU_CD0_AA64, 0x20000000000), P(SMMU_CD0_HD, 0x40000000000),
		P(SMMU_CD0_HA, 0x80000000000), P(SMMU_CD0_S, 0x100000000000),
		P(SMMU_CD0_R, 0x200000000000), P(SMMU_CD0_A, 0x400000000000),
		P(SMMU_CD0_ASET, 0x800000000000), P(SMMU_CD0_ASID, 0xffff000000000000),
		P(SMMU_CD1_HAFT, 0x8), P55(SMMU_CD1_TTB0, 0xffffffffffff0),
		P(SMMU_STE_SIZE, 64), P(SMMU_CD_SIZE, 64),
	};

	(void)state;
	same_places(p, COUNT(p));
}

static void command_places(void **state)
{
	static const struct place p[] = {
		P(SMMU_CMD0_OPCODE, 0xff), P(SMMU_CMD0_SSV, 0x800), P(SMMU_CMD0_SSID, 0xfffff000),
		P(SMMU_CMD0_SID, 0xffffffff00000000), P(SMMU_CMD0_VMID, 0xffff00000000),
		P(SMMU_CMD0_ASID, 0xffff000000000000), P(SMMU_CMD1_LEAF, 0x1),
		P(SMMU_CMD1_ADDR, 0xfffffffffffff000), P55(SMMU_CMD1_IPA, 0xffffffffff000),
		P(SMMU_CMD_PREFETCH_ADDR1_SIZE, 0x1f), P(SMMU_CMD_CFGI_STE_RANGE1_RANGE, 0x1f),
		P(SMMU_CMD_TLBI0_NUM, 0x1f000), P(SMMU_CMD_TLBI0_SCALE_DS, 0x3f00000),
		P(SMMU_CMD_TLBI1_TTL, 0x300), P(SMMU_CMD_TLBI1_TG, 0xc00),
		P(SMMU_CMD_ATC_INV0_GLOBAL, 0x200), P(SMMU_CMD_ATC_INV1_SIZE, 0x3f),
		P(SMMU_CMD_PRI_RESP1_PRGINDEX, 0x1ff), P(SMMU_CMD_PRI_RESP1_RESP, 0x3000),
		P(SMMU_CMD_RESUME0_AC | SMMU_CMD_RESUME0_AB, 0x3000),
		P(SMMU_CMD_RESUME0_AC, 0x1000), P(SMMU_CMD_RESUME1_STAG, 0xffff),
		P(SMMU_CMD_SYNC0_CS, 0x3000), P(SMMU_CMD_SYNC0_MSH, 0xc00000),
		P(SMMU_CMD_SYNC0_MSIATTR, 0xf000000),
		P(SMMU_CMD_SYNC0_MSIDATA, 0xffffffff00000000),
		P55(SMMU_CMD_SYNC1_MSIADDRESS, 0xffffffffffffc),
		P(SMMU_CMD_PREFETCH_CONFIG, 0x01), P(SMMU_CMD_CFGI_STE, 0x03),
		P(SMMU_CMD_CFGI_STE_RANGE, 0x04), P(SMMU_CMD_CFGI_CD, 0x05),
		P(SMMU_CMD_CFGI_CD_ALL, 0x06), P(SMMU_CMD_TLBI_NH_ALL, 0x10),
		P(SMMU_CMD_TLBI_NH_ASID, 0x11), P(SMMU_CMD_TLBI_NH_VA, 0x12),
		P(SMMU_CMD_TLBI_NH_VAA, 0x13), P(SMMU_CMD_TLBI_EL2_ALL, 0x20),
		P(SMMU_CMD_TLBI_EL2_ASID, 0x21), P(SMMU_CMD_TLBI_EL2_VA, 0x22),
		P(SMMU_CMD_TLBI_S12_VMALL, 0x28), P(SMMU_CMD_TLBI_S2_IPA, 0x2a),
		P(SMMU_CMD_TLBI_NSNH_ALL, 0x30), P(SMMU_CMD_ATC_INV, 0x40),
		P(SMMU_CMD_PRI_RESP, 0x41), P(SMMU_CMD_RESUME, 0x44), P(SMMU_CMD_SYNC, 0x46),
		P(SMMU_TLBI_TG_SHIFT(SMMU_TLBI_TG_4K), 12), P(SMMU_TLBI_TG_SHIFT(SMMU_TLBI_TG_64K), 16),
	};

	(void)state;
	same_places(p, COUNT(p));
}

static void record_places(void **state)
{
	static const struct place p[] = {
		P(SMMU_EV0_CODE, 0xff), P(SMMU_EV0_SSV, 0x800), P(SMMU_EV0_SSID, 0xfffff000),
		P(SMMU_EV0_SID, 0xffffffff00000000), P(SMMU_EV1_STAG, 0xffff),
		P(SMMU_EV1_STALL, 0x80000000), P(SMMU_EV1_PNU, 0x200000000),
		P(SMMU_EV1_IND, 0x400000000), P(SMMU_EV1_RNW, 0x800000000),
		P(SMMU_EV1_S2, 0x8000000000), P(SMMU_EV1_CLASS, 0x30000000000),
		P(SMMU_EV1_TTRNW, 0x100000000000), P(SMMU_EV2_INPUTADDR, 0xffffffffffffffff),
		P55(SMMU_EV3_IPA, 0xffffffffff000), P55(SMMU_EV3_FETCHADDR, 0xffffffffffff8),
		P(SMMU_PRI0_SID, 0xffffffff), P(SMMU_PRI0_SSID, 0xfffff00000000),
		P(SMMU_PRI0_PRIV, 0x400000000000000), P(SMMU_PRI0_X, 0x800000000000000),
		P(SMMU_PRI0_R, 0x1000000000000000), P(SMMU_PRI0_W, 0x2000000000000000),
		P(SMMU_PRI0_LAST, 0x4000000000000000), P(SMMU_PRI0_SSV, 0x8000000000000000),
		P(SMMU_PRI1_PRGINDEX, 0x1ff), P(SMMU_PRI1_ADDR, 0xfffffffffffff000),
		P(SMMU_EVT_C_BAD_STREAMID, 0x02), P(SMMU_EVT_F_STE_FETCH, 0x03),
		P(SMMU_EVT_C_BAD_STE, 0x04), P(SMMU_EVT_F_STREAM_DISABLED, 0x06),
		P(SMMU_EVT_C_BAD_SUBSTREAMID, 0x08), P(SMMU_EVT_F_CD_FETCH, 0x09),
		P(SMMU_EVT_C_BAD_CD, 0x0a), P(SMMU_EVT_F_TRANSLATION, 0x10),
		P(SMMU_EVT_F_ADDR_SIZE, 0x11), P(SMMU_EVT_F_ACCESS, 0x12),
		P(SMMU_EVT_F_PERMISSION, 0x13), P(SMMU_EVT_F_VMS_FETCH, 0x25),
	};

	(void)state;
	same_places(p, COUNT(p));
}

static void cmdqv_and_iort_places(void **state)
{
	static const struct place p[] = {
		P(CMDQV_VCMDQ_PAGE0(1), 0x10080), P(CMDQV_VCMDQ_PAGE1(2), 0x20100),
		P(CMDQV_VINTF_LVCMDQ_PAGE0(1, 1), 0x50080),
		P(CMDQV_VINTF_LVCMDQ_PAGE1(0, 1), 0x40080), P(CMDQV_APERTURE(64), 0x830000),
		P(CMDQV_PARAM_NUM_SID_PER_VM_LOG2, 0xf000), P(CMDQV_PARAM_NUM_VINTF_LOG2, 0xf00),
		P(CMDQV_PARAM_NUM_VCMDQ_LOG2, 0xf0), P(CMDQV_REG_CMDQ_ALLOC(3), 0x20c),
		P(CMDQV_CMDQ_ALLOC_VINTF, 0x1f8000), P(CMDQV_CMDQ_ALLOC_LVCMDQ, 0xfe),
		P(CMDQV_VINTF(2), 0x1200), P(VINTF_CONFIG_HYP_OWN, 0x20000),
		P(VINTF_CONFIG_VMID, 0x1fffe), P(VINTF_STATUS_STATUS, 0xe),
		P(VINTF_SID_MATCH_VIRT_SID, 0x1ffffe), P(VINTF_SID_REPLACE(1), 0x84),
		P(VINTF_LVCMDQ_ERR_MAP(2), 0xc8), P(VCMDQ_CONS_ERR, 0x7f000000),
		P(VCMDQ_BASE_ADDR, 0xffffffffffe0), P(VCMDQ_BASE_LOG2SIZE, 0x1f),
		/* struct acpi_iort_node, acpi_iort_smmu_v3 */
		P(SMMU_NODE_MAPPING_OFFSET, 12), P(SMMU_V3_VATOS, 16 + 16),
		P(SMMU_V3_GSIV_EVENT, 16 + 28), P(SMMU_V3_DEVICEID_INDEX, 16 + 48),
		P(SMMU_V3_F_HTTU_OVERRIDE, 6), P(SMMU_V3_F_DEVICEID_VALID, 16),
	};

	(void)state;
	same_places(p, COUNT(p));
}

/* Masks of one word: none overlaps another. Returns all of them. */
static uint64_t apart(const char *word, const uint64_t *masks, size_t n)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < n; i++) {
		if (masks[i] == 0 || (seen & masks[i]) != 0)
			fail_msg("%s: mask %zu (0x%llx) is empty or overlaps", word, i,
				 (unsigned long long)masks[i]);
		seen |= masks[i];
	}
	return seen;
}

#define APART(word, ...) \
	apart(word, (const uint64_t[]){ __VA_ARGS__ }, sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8)
/* ... and together they are the whole word. */
#define WHOLE(word, ...)	assert_true(APART(word, __VA_ARGS__) == HWI_ALL64)

static void stream_table_words_are_filled(void **state)
{
	(void)state;
	WHOLE("L1STD", SMMU_L1STD_SPAN, SMMU_L1STD_L2PTR, SMMU_L1STD_RES0);
	WHOLE("STE0", SMMU_STE0_V, SMMU_STE0_CONFIG, SMMU_STE0_S1FMT, SMMU_STE0_S1CONTEXTPTR,
	      SMMU_STE0_S1CDMAX, SMMU_STE0_RES0);
	WHOLE("STE1", SMMU_STE1_S1DSS, SMMU_STE1_S1CIR, SMMU_STE1_S1COR, SMMU_STE1_S1CSH,
	      SMMU_STE1_S2HWU59, SMMU_STE1_S2HWU60, SMMU_STE1_S2HWU61, SMMU_STE1_S2HWU62,
	      SMMU_STE1_DRE, SMMU_STE1_CONT, SMMU_STE1_DCP, SMMU_STE1_PPAR, SMMU_STE1_MEV,
	      SMMU_STE1_SW_RESERVED, SMMU_STE1_S1PIE, SMMU_STE1_S2FWB, SMMU_STE1_S1MPAM,
	      SMMU_STE1_S1STALLD, SMMU_STE1_EATS, SMMU_STE1_STRW, SMMU_STE1_MEMATTR,
	      SMMU_STE1_MTCFG, SMMU_STE1_ALLOCCFG, SMMU_STE1_SHCFG, SMMU_STE1_NSCFG,
	      SMMU_STE1_PRIVCFG, SMMU_STE1_INSTCFG, SMMU_STE1_IMPDEF, SMMU_STE1_RES0);
	WHOLE("STE2", SMMU_STE2_S2VMID, SMMU_STE2_IMPDEF, SMMU_STE2_S2T0SZ, SMMU_STE2_S2SL0,
	      SMMU_STE2_S2IR0, SMMU_STE2_S2OR0, SMMU_STE2_S2SH0, SMMU_STE2_S2TG, SMMU_STE2_S2PS,
	      SMMU_STE2_S2AA64, SMMU_STE2_S2ENDI, SMMU_STE2_S2AFFD, SMMU_STE2_S2PTW,
	      SMMU_STE2_S2HD, SMMU_STE2_S2HA, SMMU_STE2_S2S, SMMU_STE2_S2R, SMMU_STE2_S2HAFT,
	      SMMU_STE2_S2PIE, SMMU_STE2_S2POE, SMMU_STE2_DPT_VMATCH);
	WHOLE("STE3", SMMU_STE3_S2NSW, SMMU_STE3_S2NSA, SMMU_STE3_S2SL0_2, SMMU_STE3_S2DS,
	      SMMU_STE3_S2TTB, SMMU_STE3_S2SKL, SMMU_STE3_RES0);
	WHOLE("STE4", SMMU_STE4_IMPDEF, SMMU_STE4_PARTID, SMMU_STE4_S_S2T0SZ, SMMU_STE4_S_S2SL0,
	      SMMU_STE4_S_S2TG, SMMU_STE4_MECID, SMMU_STE4_RES0);
	WHOLE("STE5", SMMU_STE5_PMG, SMMU_STE5_MPAM_NS, SMMU_STE5_ASSUREDONLY, SMMU_STE5_TL0,
	      SMMU_STE5_TL1, SMMU_STE5_VMSPTR, SMMU_STE5_RES0);
	WHOLE("STE6", SMMU_STE6_S2SW, SMMU_STE6_S2SA, SMMU_STE6_S_S2SL0_2, SMMU_STE6_S_S2TTB,
	      SMMU_STE6_S_S2SKL, SMMU_STE6_RES0);
	assert_true(SMMU_STE7_S2POI(15) == UINT64_C(0xf000000000000000));
}

static void context_descriptor_words_are_filled(void **state)
{
	(void)state;
	WHOLE("L1CD", SMMU_L1CD_V, SMMU_L1CD_L2PTR, SMMU_L1CD_RES0);
	WHOLE("CD0", SMMU_CD0_T0SZ, SMMU_CD0_TG0, SMMU_CD0_IR0, SMMU_CD0_OR0, SMMU_CD0_SH0,
	      SMMU_CD0_EPD0, SMMU_CD0_ENDI, SMMU_CD0_T1SZ, SMMU_CD0_TG1, SMMU_CD0_IR1,
	      SMMU_CD0_OR1, SMMU_CD0_SH1, SMMU_CD0_EPD1, SMMU_CD0_V, SMMU_CD0_IPS, SMMU_CD0_AFFD,
	      SMMU_CD0_WXN, SMMU_CD0_UWXN, SMMU_CD0_TBI0, SMMU_CD0_TBI1, SMMU_CD0_PAN,
	      SMMU_CD0_AA64, SMMU_CD0_HD, SMMU_CD0_HA, SMMU_CD0_S, SMMU_CD0_R, SMMU_CD0_A,
	      SMMU_CD0_ASET, SMMU_CD0_ASID);
	WHOLE("CD1", SMMU_CD1_NSCFG0, SMMU_CD1_HAD0, SMMU_CD1_E0PD0, SMMU_CD1_HAFT, SMMU_CD1_TTB0,
	      SMMU_CD1_PNCH, SMMU_CD1_EPAN, SMMU_CD1_HWU059, SMMU_CD1_HWU060, SMMU_CD1_HWU061,
	      SMMU_CD1_HWU062, SMMU_CD1_RES0);
	WHOLE("CD2", SMMU_CD2_NSCFG1, SMMU_CD2_HAD1, SMMU_CD2_E0PD1, SMMU_CD2_AIE, SMMU_CD2_TTB1,
	      SMMU_CD2_DS, SMMU_CD2_PIE, SMMU_CD2_HWU159, SMMU_CD2_HWU160, SMMU_CD2_HWU161,
	      SMMU_CD2_HWU162, SMMU_CD2_RES0);
	WHOLE("CD3", SMMU_CD3_MAIR0, SMMU_CD3_MAIR1);
	WHOLE("CD4", SMMU_CD4_AMAIR0, SMMU_CD4_AMAIR1);
	WHOLE("CD5", SMMU_CD5_IMPDEF, SMMU_CD5_PARTID, SMMU_CD5_PMG, SMMU_CD5_RES0);
	WHOLE("CD6", HWI_MASK64(44, 0), SMMU_CD6_PIIU(15), SMMU_CD6_RES0);
	WHOLE("CD7", HWI_MASK64(44, 0), SMMU_CD7_PIIP(15), SMMU_CD7_RES0);
	/* With 128-bit descriptors the same bits have other names. */
	assert_true(SMMU_CD1_SKL0 == (SMMU_CD1_HWU061 | SMMU_CD1_HWU062));
	assert_true(SMMU_CD2_SKL1 == (SMMU_CD2_HWU161 | SMMU_CD2_HWU162));
	assert_int_equal(SMMU_CD3_ATTR(UINT64_C(0x7766554433221100), 6), 0x66);
}

static void register_fields_are_apart(void **state)
{
	(void)state;
	assert_true(APART("IDR0", SMMU_IDR0_S2P, SMMU_IDR0_S1P, SMMU_IDR0_TTF, SMMU_IDR0_COHACC,
			  SMMU_IDR0_BTM, SMMU_IDR0_HTTU, SMMU_IDR0_DORMHINT, SMMU_IDR0_HYP,
			  SMMU_IDR0_ATS, SMMU_IDR0_NS1ATS, SMMU_IDR0_ASID16, SMMU_IDR0_MSI,
			  SMMU_IDR0_SEV, SMMU_IDR0_ATOS, SMMU_IDR0_PRI, SMMU_IDR0_VMW,
			  SMMU_IDR0_VMID16, SMMU_IDR0_CD2L, SMMU_IDR0_VATOS, SMMU_IDR0_TTENDIAN,
			  SMMU_IDR0_ATSRECERR, SMMU_IDR0_STALL_MODEL, SMMU_IDR0_TERM_MODEL,
			  SMMU_IDR0_ST_LEVEL, SMMU_IDR0_RME_IMPL) == 0x5fffffff);
	assert_true(APART("IDR1", SMMU_IDR1_SIDSIZE, SMMU_IDR1_SSIDSIZE, SMMU_IDR1_PRIQS,
			  SMMU_IDR1_EVENTQS, SMMU_IDR1_CMDQS, SMMU_IDR1_ATTR_PERMS_OVR,
			  SMMU_IDR1_ATTR_TYPES_OVR, SMMU_IDR1_REL, SMMU_IDR1_QUEUES_PRESET,
			  SMMU_IDR1_TABLES_PRESET, SMMU_IDR1_ECMDQ) == 0xffffffff);
	assert_true(APART("IDR3", SMMU_IDR3_HAD, SMMU_IDR3_PBHA, SMMU_IDR3_XNX, SMMU_IDR3_PPS,
			  SMMU_IDR3_MPAM, SMMU_IDR3_FWB, SMMU_IDR3_STT, SMMU_IDR3_RIL,
			  SMMU_IDR3_BBML, SMMU_IDR3_E0PD, SMMU_IDR3_PTWNNC, SMMU_IDR3_DPT,
			  SMMU_IDR3_PASIDTT, SMMU_IDR3_EPAN, SMMU_IDR3_S1PI, SMMU_IDR3_S2PI,
			  SMMU_IDR3_S2PO, SMMU_IDR3_THE, SMMU_IDR3_MTEPERM,
			  SMMU_IDR3_AIE) == 0x00ffffbc);
	assert_true(APART("IDR5", SMMU_IDR5_OAS, SMMU_IDR5_GRAN4K, SMMU_IDR5_GRAN16K,
			  SMMU_IDR5_GRAN64K, SMMU_IDR5_DS, SMMU_IDR5_D128, SMMU_IDR5_VAX,
			  SMMU_IDR5_STALL_MAX) == 0xffff0df7);
	assert_true(APART("CR0", SMMU_CR0_SMMUEN, SMMU_CR0_PRIQEN, SMMU_CR0_EVENTQEN,
			  SMMU_CR0_CMDQEN, SMMU_CR0_ATSCHK, SMMU_CR0_VMW,
			  SMMU_CR0_DPT_WALK_EN) == 0x5df);
	assert_true(APART("CR1", SMMU_CR1_QUEUE_IC, SMMU_CR1_QUEUE_OC, SMMU_CR1_QUEUE_SH,
			  SMMU_CR1_TABLE_IC, SMMU_CR1_TABLE_OC, SMMU_CR1_TABLE_SH) == 0xfff);
	assert_true(APART("GBPA", SMMU_GBPA_MEMATTR, SMMU_GBPA_MTCFG, SMMU_GBPA_ALLOCCFG,
			  SMMU_GBPA_SHCFG, SMMU_GBPA_PRIVCFG, SMMU_GBPA_INSTCFG, SMMU_GBPA_ABORT,
			  SMMU_GBPA_UPDATE) == 0x801f3f1f);
	assert_true(APART("GERROR", SMMU_GERROR_CMDQ_ERR, SMMU_GERROR_EVENTQ_ABT_ERR,
			  SMMU_GERROR_PRIQ_ABT_ERR, SMMU_GERROR_MSI_CMDQ_ABT_ERR,
			  SMMU_GERROR_MSI_EVENTQ_ABT_ERR, SMMU_GERROR_MSI_PRIQ_ABT_ERR,
			  SMMU_GERROR_MSI_GERROR_ABT_ERR, SMMU_GERROR_SFM_ERR,
			  SMMU_GERROR_CMDQP_ERR, SMMU_GERROR_DPT_ERR) == SMMU_GERROR_ALL);
}

/* A leaf's and a table's bits, of 4K without DS. */
static void vmsa_descriptors_are_apart(void **state)
{
	(void)state;
	APART("stage 1 leaf", VMSA_DESC_TYPE, VMSA_S1_ATTRINDX, VMSA_S1_NS, VMSA_S1_AP,
	      VMSA_DESC_SH, VMSA_DESC_AF, VMSA_S1_NG, VMSA_DESC_ADDR(VMSA_SHIFT_4K), VMSA_S1_GP,
	      VMSA_DESC_DBM, VMSA_DESC_CONTIGUOUS, VMSA_S1_PXN, VMSA_S1_UXN, HWI_MASK64(58, 55),
	      VMSA_S1_PBHA);
	APART("stage 1 table", VMSA_DESC_TYPE, VMSA_DESC_AF, VMSA_DESC_ADDR(VMSA_SHIFT_4K),
	      VMSA_S1_TABLE_PXN, VMSA_S1_TABLE_UXN, VMSA_S1_TABLE_AP, VMSA_S1_TABLE_NS);
	APART("stage 2 leaf", VMSA_DESC_TYPE, VMSA_S2_MEMATTR, VMSA_S2_S2AP, VMSA_DESC_SH,
	      VMSA_DESC_AF, VMSA_DESC_ADDR(VMSA_SHIFT_4K), VMSA_DESC_DBM, VMSA_DESC_CONTIGUOUS,
	      VMSA_S2_XN, VMSA_S2_NS, VMSA_S2_ASSUREDONLY, VMSA_S2_PBHA);
	APART("4K with DS", VMSA_DESC_TYPE, VMSA_S1_AP, VMSA_DESC_ADDR_51_50_DS, VMSA_DESC_AF,
	      VMSA_DESC_ADDR_DS(VMSA_SHIFT_4K), VMSA_S1_GP);
	APART("64K page", VMSA_DESC_AF, VMSA_S1_NG, VMSA_DESC_ADDR_51_48_64K,
	      VMSA_DESC_ADDR(VMSA_SHIFT_64K), VMSA_S1_GP);
	/* 1 GiB, 32 MiB, 512 MiB; 256 TiB at level -1 */
	assert_int_equal(VMSA_LEVEL_SHIFT(VMSA_SHIFT_4K, 1), 30);
	assert_int_equal(VMSA_LEVEL_SHIFT(VMSA_SHIFT_16K, 2), 25);
	assert_int_equal(VMSA_LEVEL_SHIFT(VMSA_SHIFT_64K, 2), 29);
	assert_int_equal(VMSA_LEVEL_SHIFT(VMSA_SHIFT_4K, -1), 48);
	assert_int_equal(VMSA_LEVEL_ENTRIES(VMSA_SHIFT_64K), 8192);
}

struct reg {
	const char *name;
	uint32_t offset, bits;
	uint64_t reset;
};

#define REG(name_, offset_, bits_, reset_, gate_, section_, title_) { #name_, offset_, bits_, reset_ },
static const struct reg regs[] = { SMMU_REGISTERS(REG) };

static void registers_are_aligned_and_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(regs); i++) {
		const struct reg *r = &regs[i];

		assert_true(r->bits == 32 || r->bits == 64);
		assert_int_equal(r->offset % (r->bits / 8), 0);
		assert_true(r->offset < SMMU_REG_SIZE);
		if (r->reset < SMMU_RESET_UNKNOWN && r->bits == 32)
			assert_true(r->reset <= 0xffffffff);
		for (size_t j = i + 1; j < COUNT(regs); j++) {
			assert_true(r->offset + r->bits / 8 <= regs[j].offset ||
				    regs[j].offset + regs[j].bits / 8 <= r->offset);
			assert_string_not_equal(r->name, regs[j].name);
		}
	}
}

#define GATE(name_, offset_, bits_, reset_, gate_, section_, title_) \
	case offset_: \
		return SMMU_GATE_##gate_(idr0, idr1, idr3);
static int present(uint32_t offset, uint32_t idr0, uint32_t idr1, uint32_t idr3)
{
	switch (offset) {
		SMMU_REGISTERS(GATE)
	}
	return -1;
}

/* Registers from one offset to another, and the bits of IDR0, IDR1, IDR3 that they all need. The last that fits counts. */
struct need {
	uint32_t first, last;
	uint32_t idr[3];
};

static void register_gates_follow_the_id_registers(void **state)
{
	static const struct need nothing;
	static const struct need needs[] = {
		{ 0x30, 0x30, { 0, 0, 1u << 19 } },			/* S2PI */
		{ 0x68, 0x74, { 1u << 13, 0, 0 } },			/* MSI */
		{ 0xb0, 0xbc, { 1u << 13, 0, 0 } },
		{ 0xc0, 0xdc, { 1u << 16, 0, 0 } },			/* PRI: LO in DC needs no MSI */
		{ 0xd0, 0xd8, { 1u << 16 | 1u << 13, 0, 0 } },		/* PRI and MSI */
		{ 0x100c8, 0x100cc, { 1u << 16, 0, 0 } },
		{ 0x100, 0x118, { 1u << 15, 0, 0 } },			/* ATOS */
		{ 0x130, 0x13c, { 0, 0, 1u << 7 } },			/* MPAM */
		{ 0x180, 0x180, { 1u << 20, 0, 0 } },			/* VATOS */
		{ 0x190, 0x190, { 0, 1u << 31, 0 } },			/* ECMDQ */
		{ 0x200, 0x210, { 0, 0, 1u << 15 } },			/* DPT */
		{ 0x4000, 0x400c, { 0, 1u << 31, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(regs); i++) {
		const struct need *need = &nothing;

		for (size_t j = 0; j < COUNT(needs); j++)
			if (regs[i].offset >= needs[j].first && regs[i].offset <= needs[j].last)
				need = &needs[j];
		/* Exactly that is enough; all else without one of its bits is not. */
		if (!present(regs[i].offset, need->idr[0], need->idr[1], need->idr[2]))
			fail_msg("%s is not there", regs[i].name);
		for (unsigned int n = 0; n < 96; n++) {
			uint32_t idr[3] = { ~0u, ~0u, ~0u };

			if ((need->idr[n / 32] & 1u << n % 32) == 0)
				continue;
			idr[n / 32] &= ~(1u << n % 32);
			if (present(regs[i].offset, idr[0], idr[1], idr[2]))
				fail_msg("%s is there", regs[i].name);
		}
	}
	assert_int_equal(SMMU_GATE_STALL(1u << 24, 0, 0), 0);
	assert_int_equal(SMMU_GATE_STALL(0, 0, 0), 1);
	assert_int_equal(SMMU_GATE_STALL(2u << 24, 0, 0), 1);
	assert_int_equal(SMMU_GATE_SUBSTREAMS(2, 0x3f, 0), 0);
	assert_int_equal(SMMU_GATE_SUBSTREAMS(2, 0x40, 0), 1);
	assert_int_equal(SMMU_GATE_VMS(1, 0, 1u << 7), 0);
	assert_int_equal(SMMU_GATE_VMS(3, 0, 1u << 7), 1);
}

/* The list of who may write names registers, once each, and fits their widths. */
static void access_list_agrees_with_the_registers(void **state)
{
#define ACCESS(name_, writable_, guard_) { #name_, SMMU_REG_##name_, writable_, SMMU_GUARD_##guard_ },
	static const struct {
		const char *name;
		uint32_t offset;
		uint64_t writable;
		enum smmu_guard guard;
	} list[] = { SMMU_REGISTER_ACCESS(ACCESS) };
	unsigned int never = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(list); i++) {
		for (size_t j = 0; j < COUNT(regs); j++)
			if (regs[j].offset == list[i].offset && regs[j].bits == 32)
				assert_true(list[i].writable <= 0xffffffff);
		for (size_t j = i + 1; j < COUNT(list); j++)
			assert_int_not_equal(list[i].offset, list[j].offset);
		if ((list[i].writable == 0) != (list[i].guard == SMMU_GUARD_RO))
			fail_msg("%s: guard and bits disagree", list[i].name);
		/* A reset value that the specification gives keeps to the writable bits. */
		for (size_t j = 0; j < COUNT(regs); j++)
			if (regs[j].offset == list[i].offset && list[i].writable != 0 &&
			    regs[j].reset < SMMU_RESET_UNKNOWN)
				assert_true((regs[j].reset & ~list[i].writable) == 0);
	}
	/* What is not in it is a feature's that is not in the model, or implementation defined. */
	for (size_t j = 0; j < COUNT(regs); j++) {
		size_t i = 0;

		while (i < COUNT(list) && list[i].offset != regs[j].offset)
			i++;
		if (i == COUNT(list)) {
			never++;
			assert_true(regs[j].offset == SMMU_REG_AGBPA ||
				    !present(regs[j].offset,
					     ~(SMMU_IDR0_ATOS | SMMU_IDR0_VATOS), ~SMMU_IDR1_ECMDQ,
					     ~(SMMU_IDR3_MPAM | SMMU_IDR3_DPT | SMMU_IDR3_S2PI)));
		}
	}
	assert_int_equal(never + COUNT(list), COUNT(regs));
}

#define CMD(name_, opcode_, gate_, section_, title_) { #name_, opcode_ },
static const struct {
	const char *name;
	uint32_t opcode;
} cmds[] = { SMMU_COMMANDS(CMD) };

#define LEGAL(name_, opcode_, gate_, section_, title_) \
	case opcode_: \
		return SMMU_GATE_##gate_(idr0, idr1, idr3);
static int legal(uint32_t opcode, uint32_t idr0, uint32_t idr1, uint32_t idr3)
{
	(void)idr1;
	switch (opcode) {
		SMMU_COMMANDS(LEGAL)
	}
	return 0;
}

static void command_gates_follow_the_id_registers(void **state)
{
	unsigned int never = 0;

	(void)state;
	assert_int_equal(legal(SMMU_CMD_SYNC, 0, 0, 0), 1);
	assert_int_equal(legal(SMMU_CMD_TLBI_NSNH_ALL, 0, 0, 0), 1);
	assert_int_equal(legal(SMMU_CMD_CFGI_CD, 1, 0, 0), 0);
	assert_int_equal(legal(SMMU_CMD_CFGI_CD, 2, 0, 0), 1);
	assert_int_equal(legal(SMMU_CMD_TLBI_S2_IPA, 2, 0, 0), 0);
	assert_int_equal(legal(SMMU_CMD_TLBI_S2_IPA, 1, 0, 0), 1);
	assert_int_equal(legal(SMMU_CMD_TLBI_EL2_VA, 3, 0, 0), 0);
	assert_int_equal(legal(SMMU_CMD_TLBI_EL2_VA, 0x200, 0, 0), 1);
	assert_int_equal(legal(SMMU_CMD_RESUME, 0x01000000, 0, 0), 0);
	assert_int_equal(legal(SMMU_CMD_STALL_TERM, 0, 0, 0), 1);
	assert_int_equal(legal(SMMU_CMD_PRI_RESP, 0x400, 0, 0), 0);
	for (size_t i = 0; i < COUNT(cmds); i++) {
		/* With everything: only the Secure ones are left out. */
		if (!legal(cmds[i].opcode, 0xfcffffff, ~0u, ~0u)) {
			never++;
			assert_true(cmds[i].opcode == 0x18 || cmds[i].opcode == 0x1a ||
				    (cmds[i].opcode >= 0x50 && cmds[i].opcode <= 0x60));
		}
		for (size_t j = i + 1; j < COUNT(cmds); j++)
			assert_int_not_equal(cmds[i].opcode, cmds[j].opcode);
	}
	assert_int_equal(never, 9);
}

/* Fields of each command: each apart from the opcode, and the sum as it is drawn. */
static void command_fields(void **state)
{
	static const struct {
		const char *name;
		uint32_t opcode;
		uint64_t dw[2];
	} list[] = {
#define ROW(name_, dw0_, dw1_) { #name_, SMMU_CMD_##name_, { dw0_, dw1_ } },
		SMMU_COMMAND_FIELDS(ROW)
	};
	static const struct {
		uint32_t opcode;
		uint64_t dw[2];
	} drawn[] = {
		{ 0x01, { 0xfffffffffffffc00, 0 } },
		{ 0x02, { 0xfffffffffffffc00, 0xfffffffffffffbff } },
		{ 0x03, { 0xffffffff00000400, 0x1 } },
		{ 0x04, { 0xffffffff00000400, 0x1f } },
		{ 0x05, { 0xfffffffffffff400, 0x1 } },
		{ 0x06, { 0xffffffff00000400, 0 } },
		{ 0x11, { 0xffffffff00000000, 0 } },
		{ 0x12, { 0xffffffff03f1f000, 0xffffffffffffff81 } },
		{ 0x13, { 0x0000ffff03f1f000, 0xffffffffffffff81 } },
		{ 0x22, { 0xffff000003f1f000, 0xffffffffffffff81 } },
		{ 0x2a, { 0x0000ffff03f1f000, 0x00ffffffffffff81 } },
		{ 0x40, { 0xfffffffffffffa00, 0xfffffffffffff03f } },
		{ 0x41, { 0xfffffffffffff800, 0x31ff } },
		{ 0x44, { 0xffffffff00003400, 0xffff } },
		{ 0x46, { 0xffffffff0fc03000, 0x00fffffffffffffc } },
	};
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(list); i++) {
		assert_true((list[i].dw[0] & SMMU_CMD0_OPCODE) == 0);
		for (size_t j = 0; j < COUNT(drawn); j++)
			if (drawn[j].opcode == list[i].opcode) {
				found++;
				if (drawn[j].dw[0] != list[i].dw[0] || drawn[j].dw[1] != list[i].dw[1])
					fail_msg("%s", list[i].name);
			}
	}
	assert_int_equal(found, COUNT(drawn));
	/* DPTI_PA's places are not known; the Secure ones have no use here. */
	assert_int_equal(COUNT(list), COUNT(cmds) - 9 - 1);
}

/* Which masks a SMMU_EV_HAS_x stands for. */
static const struct {
	uint32_t has;
	unsigned int dw;
	uint64_t masks[6];
} parts[] = {
	{ SMMU_EV_HAS_SSID, 0, { SMMU_EV0_SSID } },
	{ SMMU_EV_HAS_SSV, 0, { SMMU_EV0_SSV } },
	{ SMMU_EV_HAS_STALL, 1, { SMMU_EV1_STAG, SMMU_EV1_STALL, SMMU_EV1_IMPDEF } },
	{ SMMU_EV_HAS_REASON, 1, { SMMU_EV1_REASON } },
	{ SMMU_EV_HAS_GPCF, 1, { SMMU_EV1_GPCF } },
	{ SMMU_EV_HAS_REASON32, 1, { SMMU_EV1_REASON32 } },
	{ SMMU_EV_HAS_PRIV, 1, { SMMU_EV1_PNU, SMMU_EV1_IND } },
	{ SMMU_EV_HAS_RNW, 1, { SMMU_EV1_RNW } },
	{ SMMU_EV_HAS_STAGE, 1, { SMMU_EV1_NSIPA, SMMU_EV1_S2, SMMU_EV1_CLASS } },
	{ SMMU_EV_HAS_PERM, 1,
	  { SMMU_EV1_DIRTYBIT, SMMU_EV1_ASSUREDONLY, SMMU_EV1_TTRNW, SMMU_EV1_OVERLAY } },
	{ SMMU_EV_HAS_INPUTADDR, 2, { SMMU_EV2_INPUTADDR } },
	{ SMMU_EV_HAS_IPA, 3, { SMMU_EV3_IPA } },
	{ SMMU_EV_HAS_FETCHADDR, 3, { SMMU_EV3_FETCHADDR } },
	{ SMMU_EV_HAS_ATS, 1,
	  { SMMU_EV1_ATS_SPAN, SMMU_EV1_ATS_PRIV, SMMU_EV1_ATS_X, SMMU_EV1_ATS_W, SMMU_EV1_ATS_R } },
	{ SMMU_EV_HAS_HINT, 1,
	  { SMMU_EV1_PR_UX | SMMU_EV1_PR_UW | SMMU_EV1_PR_UR, SMMU_EV1_PR_PX | SMMU_EV1_PR_PW,
	    SMMU_EV1_PR_PR, SMMU_EV1_PR_SPAN } },
	{ SMMU_EV_HAS_ATS | SMMU_EV_HAS_HINT, 2, { SMMU_EV2_PAGEADDR } },
};

/* Each record: no field over another, and the bits as §7.3 draws them. */
static void event_records(void **state)
{
#define EVENT(name_, fields_) { #name_, SMMU_EVT_##name_, fields_ },
	static const struct {
		const char *name;
		uint32_t code, fields;
	} list[] = { SMMU_EVENT_FIELDS(EVENT) };
#define CODE(name_, code_, gate_, section_, title_) code_,
	static const uint32_t codes[] = { SMMU_EVENTS(CODE) };
	static const uint64_t drawn[][4] = {
		{ 0xfffff800, 0x0000000e0000ffff, HWI_ALL64, 0 },
		{ 0xfffff800, 0, 0, 0 },
		{ 0xfffff800, 0x000000000001ffff, 0, 0x00fffffffffffff8 },
		{ 0xfffff800, 0, 0, 0 },
		{ 0xfffff800, 0x00000000f000001f, 0xfffffffffffff000, 0 },
		{ 0, 0, 0, 0 },
		{ 0, 0x0000000800000000, HWI_ALL64, 0 },
		{ 0xfffff000, 0, 0, 0 },
		{ 0xfffff800, 0x000000000001ffff, 0, 0x00fffffffffffff8 },
		{ 0xfffff800, 0, 0, 0 },
		{ 0xfffff800, 0x000003ce0001ffff, HWI_ALL64, 0x00fffffffffffff8 },
		{ 0xfffff800, 0xffff03ce8000ffff, HWI_ALL64, 0x00fffffffffff000 },
		{ 0xfffff800, 0xffff03ce8000ffff, HWI_ALL64, 0x00fffffffffff000 },
		{ 0xfffff800, 0xffff03ce8000ffff, HWI_ALL64, 0x00fffffffffff000 },
		{ 0xfffff800, 0xffff3fce8000ffff, HWI_ALL64, 0x00fffffffffff000 },
		{ 0xfffff800, 0x000003ceffffffff, HWI_ALL64, 0x00fffffffffff000 },
		{ 0xfffff800, 0x00000000ffffffff, 0, 0 },
		{ 0xfffff800, 0x000ff0ee00000000, 0xfffffffffffff000, 0 },
		{ 0xfffff800, 0x000000000001ffff, 0, 0x00fffffffffffff8 },
	};

	(void)state;
	assert_int_equal(COUNT(list), COUNT(codes));
	assert_int_equal(COUNT(list), COUNT(drawn));
	for (size_t i = 0; i < COUNT(list); i++) {
		uint64_t dw[4] = { SMMU_EV0_CODE | SMMU_EV0_SID };

		assert_int_equal(list[i].code, codes[i]);
		for (size_t p = 0; p < COUNT(parts); p++) {
			if ((list[i].fields & parts[p].has) == 0)
				continue;
			for (size_t m = 0; m < COUNT(parts[p].masks); m++) {
				uint64_t mask = parts[p].masks[m];

				if ((dw[parts[p].dw] & mask) != 0)
					fail_msg("%s: 0x%llx of word %u overlaps", list[i].name,
						 (unsigned long long)mask, parts[p].dw);
				dw[parts[p].dw] |= mask;
			}
		}
		for (unsigned int n = 0; n < 4; n++) {
			uint64_t want = drawn[i][n] | (n == 0 ? UINT64_C(0xffffffff000000ff) : 0);

			if (dw[n] != want)
				fail_msg("%s: word %u has 0x%llx", list[i].name, n,
					 (unsigned long long)dw[n]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(register_places),
		cmocka_unit_test(register_field_places),
		cmocka_unit_test(structure_places),
		cmocka_unit_test(command_places),
		cmocka_unit_test(record_places),
		cmocka_unit_test(cmdqv_and_iort_places),
		cmocka_unit_test(stream_table_words_are_filled),
		cmocka_unit_test(context_descriptor_words_are_filled),
		cmocka_unit_test(register_fields_are_apart),
		cmocka_unit_test(vmsa_descriptors_are_apart),
		cmocka_unit_test(registers_are_aligned_and_apart),
		cmocka_unit_test(register_gates_follow_the_id_registers),
		cmocka_unit_test(access_list_agrees_with_the_registers),
		cmocka_unit_test(command_gates_follow_the_id_registers),
		cmocka_unit_test(command_fields),
		cmocka_unit_test(event_records),
	};

	return cmocka_run_group_tests_name("smmu_layout", tests, NULL, NULL);
}

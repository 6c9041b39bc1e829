/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The specification headers: field masks decode the capability registers that real machines print, agree with the write and
 * reserved masks of another reading of the same tables, and the lists are free of overlaps and contradictions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hwiommu/vtd/acpi.h>
#include <hwiommu/vtd/descriptors.h>
#include <hwiommu/vtd/entries.h>
#include <hwiommu/vtd/faults.h>
#include <hwiommu/vtd/regs.h>

#define SAME(a, b)	_Static_assert((a) == (b), #a " is not " #b)
#define APART(a, b)	_Static_assert(((a) & (b)) == 0, #a " overlaps " #b)

SAME(HWI_MASK64(63, 0), HWI_ALL64);
SAME(HWI_MASK32(31, 0), UINT32_C(0xffffffff));
SAME(HWI_MASK64(11, 10), UINT64_C(0xc00));
SAME(HWI_GET(HWI_MASK64(63, 60), UINT64_C(0xa000000000000000)), 10);
SAME(HWI_PUT(HWI_MASK64(63, 60), 10), UINT64_C(0xa000000000000000));
SAME(HWI_PUT(HWI_MASK64(7, 4), 0x1f), 0xf0);
SAME(HWI_SET(HWI_MASK64(7, 4), 0xfff, 5), 0xf5f);
SAME(HWI_MAX(VTD_CAP_NFR), 255);

/* Fields that software can write (write masks) */
SAME(VTD_GCMD_ALL, UINT32_C(0xff800000));
SAME(VTD_GCMD_ONESHOT_MASK, ~(HWI_BIT32(30) | HWI_BIT32(29) | HWI_BIT32(27) | HWI_BIT32(24)));
APART(VTD_GCMD_ONESHOT_MASK, VTD_GCMD_SRTP | VTD_GCMD_SIRTP | VTD_GCMD_WBF);
SAME(VTD_RTADDR_RTA | VTD_RTADDR_TTM, UINT64_C(0xfffffffffffffc00));
SAME(VTD_CCMD_ICC | VTD_CCMD_CIRG | VTD_CCMD_FM | VTD_CCMD_SID | VTD_CCMD_DID, UINT64_C(0xe0000003ffffffff));
SAME(VTD_CCMD_FM | VTD_CCMD_SID, UINT64_C(0x3ffff0000));
SAME(VTD_IOTLB_IVT | VTD_IOTLB_IIRG | VTD_IOTLB_DR | VTD_IOTLB_DW | VTD_IOTLB_DID, UINT64_C(0xb003ffff00000000));
SAME(VTD_IVA_ADDR | VTD_IVA_IH | VTD_IVA_AM, UINT64_C(0xfffffffffffff07f));
SAME(VTD_FSTS_PFO | VTD_FSTS_IQE, 0x11);
SAME(VTD_FECTL_IM, UINT32_C(0x80000000));
SAME(VTD_EDATA_IMD, 0xffff);
SAME(VTD_EADDR_MA, UINT32_C(0xfffffffc));
SAME(VTD_IQT_QT, 0x7fff0);
SAME(VTD_IQA_IQA | VTD_IQA_QS, UINT64_C(0xfffffffffffff007));
SAME(VTD_IQA_IQA | VTD_IQA_DW | VTD_IQA_QS, UINT64_C(0xfffffffffffff807));
SAME(VTD_IRTA_IRTA | VTD_IRTA_EIME | VTD_IRTA_S, UINT64_C(0xfffffffffffff80f));
SAME(VTD_PQH_PQH, 0x7ffe0);
SAME(VTD_PQT_PQT, 0x7ffe0);
SAME(VTD_PQA_PQA | VTD_PQA_PQS, UINT64_C(0xfffffffffffff007));
SAME(VTD_PRS_PPR | VTD_PRS_PRO, 3);

/* Registers and entries: fields and reserved bits fill a word once */
#define WHOLE(rsvd, fields)	APART(rsvd, fields); SAME((rsvd) | (fields), HWI_ALL64)
WHOLE(VTD_CCMD_RSVD, VTD_CCMD_ICC | VTD_CCMD_CIRG | VTD_CCMD_CAIG | VTD_CCMD_FM | VTD_CCMD_SID | VTD_CCMD_DID);
WHOLE(VTD_IOTLB_RSVD,
	VTD_IOTLB_IVT | VTD_IOTLB_IIRG | VTD_IOTLB_IAIG | VTD_IOTLB_DR | VTD_IOTLB_DW | VTD_IOTLB_DID);
WHOLE(VTD_IVA_RSVD, VTD_IVA_ADDR | VTD_IVA_IH | VTD_IVA_AM);
WHOLE(VTD_RTADDR_RSVD, VTD_RTADDR_RTA | VTD_RTADDR_TTM | VTD_RTADDR_SSIRWE);
WHOLE(VTD_IQA_RSVD, VTD_IQA_IQA | VTD_IQA_DW | VTD_IQA_QS);
WHOLE(VTD_IRTA_RSVD, VTD_IRTA_IRTA | VTD_IRTA_EIME | VTD_IRTA_S);
WHOLE(VTD_PQA_RSVD, VTD_PQA_PQA | VTD_PQA_PQS);
WHOLE(VTD_FRCD_LO_RSVD, VTD_FRCD_LO_FI);
WHOLE(VTD_FRCD_HI_RSVD,
	VTD_FRCD_HI_F | VTD_FRCD_HI_T1 | VTD_FRCD_HI_AT | VTD_FRCD_HI_PV | VTD_FRCD_HI_FR | VTD_FRCD_HI_PP |
	VTD_FRCD_HI_EXE | VTD_FRCD_HI_PRIV | VTD_FRCD_HI_T2 | VTD_FRCD_HI_SID);
WHOLE(VTD_ROOT_Q0_RSVD, VTD_ROOT_Q0_P | VTD_ROOT_Q0_CTP);
WHOLE(VTD_SROOT_RSVD, VTD_SROOT_P | VTD_SROOT_CTP);
WHOLE(VTD_CTX_L0_RSVD, VTD_CTX_L0_P | VTD_CTX_L0_FPD | VTD_CTX_L0_TT | VTD_CTX_L0_SSPTPTR);
SAME(VTD_CTX_L0_RSVD, 0xff0);
WHOLE(VTD_CTX_L1_RSVD, VTD_CTX_L1_AW | VTD_CTX_L1_IGN | VTD_CTX_L1_DID);
WHOLE(VTD_SCTX_Q0_RSVD,
	VTD_SCTX_Q0_P | VTD_SCTX_Q0_FPD | VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PASIDE | VTD_SCTX_Q0_PRE | VTD_SCTX_Q0_HPTE |
	VTD_SCTX_Q0_EPTR | VTD_SCTX_Q0_PDTS | VTD_SCTX_Q0_PASIDDIRPTR);
WHOLE(VTD_SCTX_Q1_RSVD, VTD_SCTX_Q1_RID_PASID | VTD_SCTX_Q1_RID_PRIV);
SAME(VTD_SCTX_Q1_RSVD, UINT64_C(0xffffffffffe00000));
WHOLE(VTD_PDE_RSVD, VTD_PDE_P | VTD_PDE_FPD | VTD_PDE_SMPTBLPTR);
WHOLE(VTD_PE_Q0_RSVD,
	VTD_PE_Q0_P | VTD_PE_Q0_FPD | VTD_PE_Q0_AW | VTD_PE_Q0_PGTT | VTD_PE_Q0_SSADE | VTD_PE_Q0_SSPTPTR);
WHOLE(VTD_PE_Q1_RSVD,
	VTD_PE_Q1_DID | VTD_PE_Q1_PWSNP | VTD_PE_Q1_PGSNP | VTD_PE_Q1_CD | VTD_PE_Q1_EMTE | VTD_PE_Q1_PAT);
WHOLE(VTD_PE_Q2_RSVD,
	VTD_PE_Q2_SRE | VTD_PE_Q2_FSPM | VTD_PE_Q2_WPE | VTD_PE_Q2_IGN | VTD_PE_Q2_EAFE | VTD_PE_Q2_FSPTPTR);
WHOLE(VTD_PE_Q4_RSVD, VTD_PE_Q4_HPTSZ | VTD_PE_Q4_HPTPFD | VTD_PE_Q4_HPTPTR);
WHOLE(VTD_PE_Q5_RSVD, VTD_PE_Q5_HPTDID);
WHOLE(VTD_IRTE_Q0_RSVD,
	VTD_IRTE_Q0_P | VTD_IRTE_Q0_FPD | VTD_IRTE_Q0_DM | VTD_IRTE_Q0_RH | VTD_IRTE_Q0_TM | VTD_IRTE_Q0_DLM |
	VTD_IRTE_Q0_AVAIL | VTD_IRTE_Q0_IM | VTD_IRTE_Q0_V | VTD_IRTE_Q0_DST);
WHOLE(VTD_IRTE_Q0_RSVD_POSTED,
	VTD_IRTE_Q0_P | VTD_IRTE_Q0_FPD | VTD_IRTE_Q0_AVAIL | VTD_IRTE_Q0_URG | VTD_IRTE_Q0_IM | VTD_IRTE_Q0_V |
	VTD_IRTE_Q0_PDAL);
SAME(VTD_IRTE_Q0_RSVD_XAPIC | VTD_IRTE_Q0_DST_XAPIC, VTD_IRTE_Q0_DST);
WHOLE(VTD_IRTE_Q1_RSVD, VTD_IRTE_Q1_SID | VTD_IRTE_Q1_SQ | VTD_IRTE_Q1_SVT);
WHOLE(VTD_IRTE_Q1_RSVD_POSTED, VTD_IRTE_Q1_SID | VTD_IRTE_Q1_SQ | VTD_IRTE_Q1_SVT | VTD_IRTE_Q1_PDAH);
WHOLE(VTD_PID_Q4_RSVD, VTD_PID_Q4_ON | VTD_PID_Q4_SN | VTD_PID_Q4_NV | VTD_PID_Q4_NDST);
WHOLE(VTD_PRD_Q0_RSVD,
	VTD_PRD_Q0_TYPE | VTD_PRD_Q0_PP | VTD_PRD_Q0_RID | VTD_PRD_Q0_PASID | VTD_PRD_Q0_EXR | VTD_PRD_Q0_PMR);
SAME(VTD_PRD_Q1_RDR | VTD_PRD_Q1_WRR | VTD_PRD_Q1_LPIG | VTD_PRD_Q1_PRGI | VTD_PRD_Q1_ADDR, HWI_ALL64);
/* Paging entries: what is reserved in a leaf of each size, with a table's bits above it */
SAME(VTD_FS_RSVD_2M, 0x1fe000);
SAME(VTD_FS_RSVD_1G, 0x3fffe000);
SAME(VTD_FS_RSVD_TOP, 0x80);
SAME(VTD_SS_RSVD_TOP, 0x880);
SAME(VTD_SS_RSVD_TABLE, 0x800);
SAME(VTD_SS_RSVD_2M | VTD_SS_SNP, 0x1ff800);
SAME(VTD_SS_RSVD_1G | VTD_SS_SNP, 0x3ffff800);

/* Descriptors: reserved masks, without DIT and PDS, as another model has them */
SAME(VTD_CC_Q0_RSVD, UINT64_C(0xfffc00000000f1c0));
SAME(VTD_IOTLB_INV_Q0_RSVD, UINT64_C(0xffffffff0000f100));
SAME(VTD_IOTLB_INV_Q1_RSVD, 0xf80);
SAME(VTD_DEV_TLB_Q0_RSVD | VTD_DEV_TLB_Q0_PFSID_3_0 | VTD_DEV_TLB_Q0_PFSID_15_4, UINT64_C(0xffff0000ffe0f1f0));
SAME(VTD_DEV_TLB_Q1_RSVD, 0xffe);
SAME(VTD_IEC_Q0_RSVD, UINT64_C(0xffff000007fff1e0));
SAME(VTD_WAIT_Q0_RSVD | VTD_WAIT_Q0_PD, 0xfffff180);
SAME(VTD_WAIT_Q1_RSVD, 3);
SAME(VTD_P_IOTLB_Q0_RSVD, UINT64_C(0xfff000000000f1c0));
SAME(VTD_P_IOTLB_Q1_RSVD, 0xf80);
SAME(VTD_PC_Q0_RSVD, UINT64_C(0xfff000000000f1c0));
SAME(VTD_P_DEV_TLB_Q0_RSVD | VTD_P_DEV_TLB_Q0_PFSID_3_0 | VTD_P_DEV_TLB_Q0_PFSID_15_4, UINT64_C(0xfff000000000f000));
SAME(VTD_P_DEV_TLB_Q1_RSVD, 0x7fe);
SAME(VTD_PGR_Q0_RSVD, UINT64_C(0xfff00000000001e0));
SAME(VTD_PGR_Q1_RSVD, UINT64_C(0xfffffffffffff003));
#define TYPE_BITS	(VTD_DSC_Q0_TYPE_LO | VTD_DSC_Q0_TYPE_HI)
WHOLE(VTD_CC_Q0_RSVD, TYPE_BITS | VTD_CC_Q0_G | VTD_CC_Q0_DID | VTD_CC_Q0_SID | VTD_CC_Q0_FM);
WHOLE(VTD_IOTLB_INV_Q0_RSVD,
	TYPE_BITS | VTD_IOTLB_INV_Q0_G | VTD_IOTLB_INV_Q0_DW | VTD_IOTLB_INV_Q0_DR | VTD_IOTLB_INV_Q0_DID);
WHOLE(VTD_DEV_TLB_Q0_RSVD,
	TYPE_BITS | VTD_DEV_TLB_Q0_PFSID_3_0 | VTD_DEV_TLB_Q0_MIP | VTD_DEV_TLB_Q0_SID | VTD_DEV_TLB_Q0_PFSID_15_4);
WHOLE(VTD_IEC_Q0_RSVD, TYPE_BITS | VTD_IEC_Q0_G | VTD_IEC_Q0_IM | VTD_IEC_Q0_IIDX);
WHOLE(VTD_WAIT_Q0_RSVD,
	TYPE_BITS | VTD_WAIT_Q0_IF | VTD_WAIT_Q0_SW | VTD_WAIT_Q0_FN | VTD_WAIT_Q0_PD | VTD_WAIT_Q0_DATA);
WHOLE(VTD_P_IOTLB_Q0_RSVD, TYPE_BITS | VTD_P_IOTLB_Q0_G | VTD_P_IOTLB_Q0_DID | VTD_P_IOTLB_Q0_PASID);
WHOLE(VTD_PC_Q0_RSVD, TYPE_BITS | VTD_PC_Q0_G | VTD_PC_Q0_DID | VTD_PC_Q0_PASID);
WHOLE(VTD_P_DEV_TLB_Q0_RSVD,
	TYPE_BITS | VTD_P_DEV_TLB_Q0_MIP | VTD_P_DEV_TLB_Q0_PFSID_3_0 | VTD_P_DEV_TLB_Q0_SID |
	VTD_P_DEV_TLB_Q0_PASID | VTD_P_DEV_TLB_Q0_PFSID_15_4);
WHOLE(VTD_P_DEV_TLB_Q1_RSVD, VTD_P_DEV_TLB_Q1_GI | VTD_P_DEV_TLB_Q1_S | VTD_P_DEV_TLB_Q1_ADDR);
WHOLE(VTD_PGR_Q0_RSVD, TYPE_BITS | VTD_PGR_Q0_PP | VTD_PGR_Q0_RC | VTD_PGR_Q0_RID | VTD_PGR_Q0_PASID);
WHOLE(VTD_PGR_Q1_RSVD, VTD_PGR_Q1_IGN | VTD_PGR_Q1_PRGI);
WHOLE(VTD_HPT_INV_Q0_RSVD, TYPE_BITS | VTD_HPT_INV_Q0_G | VTD_HPT_INV_Q0_HPTDID);
WHOLE(VTD_HPT_INV_Q1_RSVD, VTD_HPT_INV_Q1_AM | VTD_HPT_INV_Q1_IH | VTD_HPT_INV_Q1_ADDR);

#define GET(mask, word)		((unsigned int)HWI_GET32(mask, word))

/* A client unit of version 1.0: legacy mode, interrupt remapping */
static void real_machine_version_1_0_decodes(void **state)
{
	const uint64_t cap = UINT64_C(0x00d2008c40660462), ecap = UINT64_C(0x0000000000f050da);
	const uint32_t ver = 0x10;

	(void)state;
	assert_int_equal(GET(VTD_VER_MAJOR, ver), 1);
	assert_int_equal(GET(VTD_VER_MIN, ver), 0);
	assert_int_equal(4 + 2 * GET(VTD_CAP_ND, cap), 8);
	assert_int_equal(GET(VTD_CAP_PLMR, cap), 1);
	assert_int_equal(GET(VTD_CAP_PHMR, cap), 1);
	assert_int_equal(GET(VTD_CAP_RWBF, cap), 0);
	assert_int_equal(GET(VTD_CAP_CM, cap), 0);
	assert_int_equal(GET(VTD_CAP_SAGAW, cap), VTD_SAGAW_48);
	assert_int_equal(GET(VTD_CAP_MGAW, cap) + 1, 39);
	assert_int_equal(GET(VTD_CAP_ZLR, cap), 1);
	assert_int_equal(VTD_BASE_FRO(cap), 0x400);
	assert_int_equal(GET(VTD_CAP_SSLPS, cap), 3);
	assert_int_equal(GET(VTD_CAP_PSI, cap), 1);
	assert_int_equal(GET(VTD_CAP_NFR, cap) + 1, 1);
	assert_int_equal(GET(VTD_CAP_MAMV, cap), 18);
	assert_int_equal(GET(VTD_CAP_DRD, cap), 1);
	assert_int_equal(GET(VTD_CAP_DWD, cap), 1);
	assert_true((cap & VTD_CAP_RSVD) == 0);
	/* QI IR EIM PT SC and no other flag */
	assert_true((ecap & ~(VTD_ECAP_IRO | VTD_ECAP_MHMV)) ==
		    (VTD_ECAP_QI | VTD_ECAP_IR | VTD_ECAP_EIM | VTD_ECAP_PT | VTD_ECAP_SC));
	assert_int_equal(VTD_BASE_IRO(ecap), 0x500);
	assert_int_equal(GET(VTD_ECAP_MHMV, ecap), 15);
	assert_true((ecap & VTD_ECAP_RSVD) == 0);
}

/* A server unit of version 6.0: scalable mode, nested, no page requests */
static void real_machine_version_6_0_decodes(void **state)
{
	const uint64_t cap = UINT64_C(0x09ed008c40780466), ecap = UINT64_C(0x0003ee9e86f050df);
	const uint64_t flags = VTD_ECAP_C | VTD_ECAP_QI | VTD_ECAP_DT | VTD_ECAP_IR | VTD_ECAP_EIM | VTD_ECAP_PT |
			       VTD_ECAP_SC | VTD_ECAP_MTS | VTD_ECAP_NEST | VTD_ECAP_SRS | VTD_ECAP_NWFS |
			       VTD_ECAP_EAFS | VTD_ECAP_DIT | VTD_ECAP_PDS | VTD_ECAP_SMTS | VTD_ECAP_SSADS |
			       VTD_ECAP_SSTS | VTD_ECAP_FSTS | VTD_ECAP_SMPWCS | VTD_ECAP_RPS;

	(void)state;
	assert_int_equal(4 + 2 * GET(VTD_CAP_ND, cap), 16);
	assert_int_equal(GET(VTD_CAP_SAGAW, cap), VTD_SAGAW_48);
	assert_int_equal(GET(VTD_CAP_MGAW, cap) + 1, 57);
	assert_int_equal(GET(VTD_CAP_MAMV, cap), 45);
	assert_int_equal(GET(VTD_CAP_FS1GP, cap), 1);
	assert_int_equal(GET(VTD_CAP_PI, cap), 1);
	assert_int_equal(GET(VTD_CAP_FS5LP, cap), 0);
	assert_int_equal(GET(VTD_CAP_ESRTPS, cap), 0);
	assert_int_equal(GET(VTD_CAP_ESIRTPS, cap), 0);
	assert_true((cap & VTD_CAP_RSVD) == 0);
	assert_true((ecap & ~(VTD_ECAP_IRO | VTD_ECAP_MHMV | VTD_ECAP_PSS)) == flags);
	assert_int_equal(GET(VTD_ECAP_PSS, ecap), 19);
	assert_true((ecap & VTD_ECAP_RSVD) == 0);
}

struct reg {
	const char *name;
	uint32_t offset;
	uint32_t bytes;
	uint64_t reset;
};
#define REG(name_, offset_, bits_, reset_, gate_, section_, title_)	{ #name_, offset_, (bits_) / 8, reset_ },
static const struct reg regs[] = { VTD_REGISTERS(REG) };

static void registers_are_aligned_and_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		assert_true(regs[i].bytes == 4 || regs[i].bytes == 8);
		assert_int_equal(regs[i].offset % regs[i].bytes, 0);
		assert_true(regs[i].offset < 0x1000);
		if (regs[i].bytes == 4 && regs[i].reset != VTD_RESET_IMPL)
			assert_true(regs[i].reset <= 0xffffffff);
		for (size_t j = i + 1; j < sizeof(regs) / sizeof(regs[0]); j++) {
			assert_true(regs[i].offset + regs[i].bytes <= regs[j].offset);
			assert_string_not_equal(regs[i].name, regs[j].name);
		}
	}
	assert_int_equal(VTD_REG_IQERCD, 0xb0);
	assert_int_equal(VTD_REG_MTRR_PHYSMASK9, 0x218);
}

#define GATE(name_, offset_, bits_, reset_, gate_, section_, title_) \
	case offset_: return VTD_GATE_##gate_(ver, cap, ecap);
static int implemented(uint32_t offset, uint32_t ver, uint64_t cap, uint64_t ecap)
{
	(void)ver;
	switch (offset) {
	VTD_REGISTERS(GATE)
	}
	return 0;
}

static void gates_follow_the_capabilities(void **state)
{
	(void)state;
	assert_int_equal(implemented(VTD_REG_FSTS, 0x10, 0, 0), 1);
	assert_int_equal(implemented(VTD_REG_IQA, 0x10, 0, 0), 0);
	assert_int_equal(implemented(VTD_REG_IQA, 0x10, 0, VTD_ECAP_QI), 1);
	assert_int_equal(implemented(VTD_REG_PMEN, 0x10, VTD_CAP_PHMR, 0), 1);
	assert_int_equal(implemented(VTD_REG_PLMBASE, 0x10, VTD_CAP_PHMR, 0), 0);
	assert_int_equal(implemented(VTD_REG_PRS, 0x60, 0, VTD_ECAP_PRS), 1);
	assert_int_equal(implemented(VTD_REG_ECMD, 0x60, 0, ~UINT64_C(0)), 0);
	assert_int_equal(VTD_GATE_ER_LE_7(0x70, 0, VTD_ECAP_PASID), 1);
	assert_int_equal(VTD_GATE_ER_GE_8(0x70, 0, VTD_ECAP_PASID), 0);
	assert_int_equal(VTD_GATE_ER_GE_8(0x80, 0, VTD_ECAP_PASID), 1);
}

#define DSC(name_, type_, gate_, section_, title_)	type_,
static const uint32_t descriptors[] = { VTD_DESCRIPTORS(DSC) };

static void descriptor_types_are_1_to_ah(void **state)
{
	const size_t n = sizeof(descriptors) / sizeof(descriptors[0]);

	(void)state;
	assert_int_equal(n, 10);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(descriptors[i], i + 1);
}

static void descriptor_type_has_two_parts(void **state)
{
	(void)state;
	assert_int_equal(VTD_DSC_TYPE(UINT64_C(0xfffffffffffff1fa)), 0xa);
	assert_int_equal(VTD_DSC_TYPE(UINT64_C(0x0000000000000e05)), 0x75);
	for (uint32_t type = 0; type < 0x80; type++) {
		uint64_t q0 = VTD_DSC_PUT_TYPE(type);

		assert_int_equal(VTD_DSC_TYPE(q0), type);
		assert_true((q0 & ~(VTD_DSC_Q0_TYPE_LO | VTD_DSC_Q0_TYPE_HI)) == 0);
	}
}

struct cond {
	const char *name;
	uint8_t reason;
	uint8_t qualified;
	enum vtd_fault_resp resp[3];
	enum vtd_fault_pr pr;
};
#define COND(name_, reason_, qualified_, u_, t_, x_, pr_, section_, title_) \
	[VTD_FC_##name_] = { #name_, reason_, qualified_, { VTD_RESP_##u_, VTD_RESP_##t_, VTD_RESP_##x_ }, VTD_PR_##pr_ },
static const struct cond conds[VTD_FC_COUNT] = { VTD_FAULT_CONDITIONS(COND) };

/* Names begin with the family whose codes they have */
static void fault_codes_lie_in_their_family(void **state)
{
	static const struct {
		const char *prefix;
		uint8_t first, last;
	} families[] = {
		{ "L", 0x01, 0x0e }, { "IR_", 0x20, 0x2b }, { "RTA_", 0x30, 0x34 }, { "SRT_", 0x38, 0x3a },
		{ "SCT_", 0x40, 0x49 }, { "SPD_", 0x50, 0x52 }, { "SPT_", 0x58, 0x60 }, { "SFS_", 0x70, 0x91 },
		{ "SSS_", 0x78, 0x7d }, { "SGN_", 0x80, 0x89 }, { "HPT_", 0xa0, 0xa5 },
	};

	(void)state;
	for (size_t c = 1; c < VTD_FC_COUNT; c++) {
		size_t f;

		for (f = 0; f < sizeof(families) / sizeof(families[0]); f++)
			if (!strncmp(conds[c].name, families[f].prefix, strlen(families[f].prefix)))
				break;
		assert_true(f < sizeof(families) / sizeof(families[0]));
		assert_in_range(conds[c].reason, families[f].first, families[f].last);
	}
}

/* Conditions of one reason are those of one numbered rule, and agree in being qualified */
static void shared_fault_codes_agree(void **state)
{
	(void)state;
	for (size_t c = 1; c < VTD_FC_COUNT; c++) {
		for (size_t d = c + 1; d < VTD_FC_COUNT; d++) {
			if (conds[c].reason != conds[d].reason)
				continue;
			assert_int_equal(conds[c].qualified, conds[d].qualified);
			assert_memory_equal(conds[c].name, conds[d].name, 5);
			assert_string_not_equal(conds[c].name, conds[d].name);
		}
	}
}

static void every_fault_condition_can_occur(void **state)
{
	(void)state;
	for (size_t c = 1; c < VTD_FC_COUNT; c++) {
		assert_non_null(conds[c].name);
		assert_true(conds[c].resp[0] != VTD_RESP_NA || conds[c].resp[1] != VTD_RESP_NA ||
			    conds[c].resp[2] != VTD_RESP_NA || conds[c].pr != VTD_PR_NA);
		/* Only a translation request is answered with Success */
		assert_true(conds[c].resp[0] == VTD_RESP_NA || conds[c].resp[0] == VTD_RESP_UR);
		assert_true(conds[c].resp[2] <= VTD_RESP_CA);
	}
	assert_int_equal(conds[VTD_FC_SFS_10].resp[1], VTD_RESP_S0R);
	assert_int_equal(VTD_FR_SGN_10, 0x89);
}

#define FGATE(name_, gate_)	gated[VTD_FC_##name_]++;
static void every_fault_condition_has_one_gate(void **state)
{
	unsigned int gated[VTD_FC_COUNT] = { 0 };

	(void)state;
	VTD_FAULT_GATES(FGATE)
	for (size_t c = 1; c < VTD_FC_COUNT; c++)
		assert_int_equal(gated[c], 1);
}

static void bytes_are_little_endian_at_any_alignment(void **state)
{
	static const uint8_t bytes[] = { 0xff, 1, 2, 3, 4, 5, 6, 7, 0x88 };
	uint8_t out[9] = { 0xff };

	(void)state;
	assert_int_equal(hwi_ld16(bytes + 1), 0x0201);
	assert_int_equal(hwi_ld32(bytes + 5), 0x88070605);
	assert_true(hwi_ld64(bytes + 1) == UINT64_C(0x8807060504030201));
	hwi_st64(out + 1, UINT64_C(0x8807060504030201));
	assert_memory_equal(out, bytes, sizeof(bytes));
	hwi_st32(out + 1, 0x04030201);
	hwi_st16(out + 5, 0x0605);
	assert_memory_equal(out, bytes, sizeof(bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_machine_version_1_0_decodes),
		cmocka_unit_test(real_machine_version_6_0_decodes),
		cmocka_unit_test(registers_are_aligned_and_apart),
		cmocka_unit_test(gates_follow_the_capabilities),
		cmocka_unit_test(descriptor_types_are_1_to_ah),
		cmocka_unit_test(descriptor_type_has_two_parts),
		cmocka_unit_test(fault_codes_lie_in_their_family),
		cmocka_unit_test(shared_fault_codes_agree),
		cmocka_unit_test(every_fault_condition_can_occur),
		cmocka_unit_test(every_fault_condition_has_one_gate),
		cmocka_unit_test(bytes_are_little_endian_at_any_alignment),
	};

	return cmocka_run_group_tests_name("spec_vectors", tests, NULL, NULL);
}

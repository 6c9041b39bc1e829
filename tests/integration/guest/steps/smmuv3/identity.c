// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What IOMMU_GET_HW_INFO says agrees with the architecture, with what the kernel granted and with what the engine sees. */
#include "smmuv3/smmuv3.h"
#include "steps/steps.h"

/* What 3.x obliges a version 3.2 to have (Arm IHI 0070 §2, §6.3.4, §6.3.8): what is advertised must be whole. */
static void want_version(const struct iommu_hw_info_arm_smmuv3 *hw)
{
	unsigned int minor = hw->aidr & 0xf;
	bool s1p = IDR0_S1P(hw->idr[0]), s2p = IDR0_S2P(hw->idr[0]);

	want(!(hw->aidr & ~0xffu) && hw->aidr >> 4 == 0 && minor <= 4, "AIDR %#x", hw->aidr);
	want(IDR0_TTF(hw->idr[0]) & 2, "IDR0 %#x: no VMSAv8-64 tables", hw->idr[0]);
	want(s1p || s2p, "IDR0 %#x: no stage", hw->idr[0]);
	want(IDR5_GRAN4K(hw->idr[5]) || IDR5_GRAN16K(hw->idr[5]) || IDR5_GRAN64K(hw->idr[5]), "IDR5 %#x: no granule",
	     hw->idr[5]);
	want(IDR1_SIDSIZE(hw->idr[1]) >= 16, "IDR1 %#x: StreamIDs of %u bits, a Requester ID has 16", hw->idr[1],
	     IDR1_SIDSIZE(hw->idr[1]));
	want(IDR1_SIDSIZE(hw->idr[1]) <= 32 && IDR1_SSIDSIZE(hw->idr[1]) <= 20, "IDR1 %#x", hw->idr[1]);
	if (minor < 2)
		return;
	want(IDR3_FWB(hw->idr[3]) && IDR3_RIL(hw->idr[3]) && IDR3_BBML(hw->idr[3]) >= 1 && IDR3_BBML(hw->idr[3]) <= 2,
	     "version 3.%u with IDR3 %#x: FWB, RIL, BBML 1 or 2 belong to it", minor, hw->idr[3]);
}

void step_smmuv3_identity(void)
{
	struct engine *e = engine_get(0);
	struct iommu_hw_info_arm_smmuv3 hw;
	struct iommu_hw_info info;
	uint32_t status = er32(e, HWDMA_STATUS), other[16];
	unsigned int ssid, pasid;

	hw_info(e->dev.id, IOMMU_HW_INFO_TYPE_DEFAULT, &info, &hw, sizeof(hw));
	want_eq(info.out_data_type, IOMMU_HW_INFO_TYPE_ARM_SMMUV3);
	want_eq(info.data_len, sizeof(hw));
	want_eq(hw.flags, 0);
	want_version(&hw);
	want_eq(IDR0_COHACC(hw.idr[0]), 1);	/* or iommufd would not have bound the device */
	want_eq(!!(info.out_capabilities & IOMMU_HW_CAP_DIRTY_TRACKING), IDR0_HTTU(hw.idr[0]) >= 2);
	ssid = IDR1_SSIDSIZE(hw.idr[1]);
	pasid = info.out_max_pasid_log2;
	want(pasid <= ssid, "PASIDs of %u bits, SubstreamIDs of %u", pasid, ssid);
	if (pasid) {
		want(status & HWDMA_STATUS_PASID, "PASIDs of %u bits, but not enabled in the device", pasid);
		want_eq(!!(info.out_capabilities & IOMMU_HW_CAP_PCI_PASID_EXEC), !!(status & HWDMA_STATUS_EXEC));
		want_eq(!!(info.out_capabilities & IOMMU_HW_CAP_PCI_PASID_PRIV), !!(status & HWDMA_STATUS_PRIV));
	}
	if (host.model)
		want(pasid && IDR0_ATS(hw.idr[0]) && IDR0_HTTU(hw.idr[0]) >= 2 && IDR0_S1P(hw.idr[0]) &&
		     IDR0_S2P(hw.idr[0]), "the model lacks a feature: IDR0 %#x, PASIDs of %u bits", hw.idr[0], pasid);
	want(try_hw_info(e->dev.id, IOMMU_HW_INFO_TYPE_INTEL_VTD, &info, other, sizeof(other)) < 0,
	     "IOMMU_GET_HW_INFO gives VT-d's on an SMMU");
	show("SMMUv3.%u, IDR0 %#x IDR1 %#x IDR3 %#x IDR5 %#x IIDR %#x, StreamIDs of %u bits, SubstreamIDs of %u, PASID %u, granules%s%s%s, dirty tracking %s, engine %s STATUS %#x",
	     hw.aidr & 0xf, hw.idr[0], hw.idr[1], hw.idr[3], hw.idr[5], hw.iidr, IDR1_SIDSIZE(hw.idr[1]), ssid, pasid,
	     IDR5_GRAN4K(hw.idr[5]) ? " 4K" : "", IDR5_GRAN16K(hw.idr[5]) ? " 16K" : "",
	     IDR5_GRAN64K(hw.idr[5]) ? " 64K" : "", IDR0_HTTU(hw.idr[0]) >= 2 ? "yes" : "no", e->dev.bdf, status);
}

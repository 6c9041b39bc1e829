// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What IOMMU_GET_HW_INFO says agrees with what the driver shows in sysfs and with what the device was granted. */
#include <stdio.h>
#include <stdlib.h>

#include "nest.h"

static uint64_t sysfs(const char *bdf, const char *file)
{
	char path[160], text[64];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu/intel-iommu/%s", bdf, file);
	want(read_file(path, text, sizeof(text)), "%s is missing", path);
	return strtoull(text, NULL, 16);
}

void step_vtd_identity(void)
{
	struct engine *e = engine_get(0);
	struct iommu_hw_info info;
	struct iommu_hw_info_vtd hw;
	char version[64], path[160];
	uint32_t status = er32(e, HWDMA_STATUS);

	hw_info(e->dev.id, IOMMU_HW_INFO_TYPE_DEFAULT, &info, &hw, sizeof(hw));
	want_eq(info.out_data_type, IOMMU_HW_INFO_TYPE_INTEL_VTD);
	want_eq(info.data_len, sizeof(hw));
	want_eq(hw.cap_reg, sysfs(e->dev.bdf, "cap"));
	want_eq(hw.ecap_reg, sysfs(e->dev.bdf, "ecap"));
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu/intel-iommu/version", e->dev.bdf);
	want(read_file(path, version, sizeof(version)), "%s is missing", path);

	want_eq(!!(info.out_capabilities & IOMMU_HW_CAP_DIRTY_TRACKING), vtd.scalable && ECAP_SSADS(hw.ecap_reg));
	if (info.out_max_pasid_log2) {
		want(status & HWDMA_STATUS_PASID, "PASIDs of %u bits, but not enabled in the device",
		     info.out_max_pasid_log2);
		want_eq(!!(info.out_capabilities & IOMMU_HW_CAP_PCI_PASID_EXEC), !!(status & HWDMA_STATUS_EXEC));
		want_eq(!!(info.out_capabilities & IOMMU_HW_CAP_PCI_PASID_PRIV), !!(status & HWDMA_STATUS_PRIV));
	}
	want(vtd.scalable || !info.out_max_pasid_log2, "PASIDs in legacy mode");
	show("VT-d %s, CAP %#llx, ECAP %#llx, %s mode, plain domains %s stage, MGAW %u, PASID %u bits, dirty tracking %s, engine %s STATUS %#x",
	     version, (unsigned long long)hw.cap_reg, (unsigned long long)hw.ecap_reg,
	     vtd.scalable ? "scalable" : "legacy", vtd.first_stage ? "first" : "second",
	     (unsigned int)CAP_MGAW(hw.cap_reg), info.out_max_pasid_log2,
	     info.out_capabilities & IOMMU_HW_CAP_DIRTY_TRACKING ? "yes" : "no", e->dev.bdf, status);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <linux/iommufd.h>
#include <string.h>

#include "iommufd.h"
#include "tour.h"
#include "vtd/vtd.h"

int try_hwpt_alloc_s1(uint32_t dev, uint32_t parent, uint64_t gpa, unsigned int width, uint64_t s1_flags,
		      uint32_t flags, uint32_t fault_id, uint32_t *out)
{
	struct iommu_hwpt_vtd_s1 s1 = { .flags = s1_flags, .pgtbl_addr = gpa, .addr_width = width };

	return try_hwpt_alloc_nested(dev, parent, flags, fault_id, IOMMU_HWPT_DATA_VTD_S1, &s1, sizeof(s1), out);
}

uint32_t hwpt_alloc_s1(uint32_t dev, uint32_t parent, uint64_t gpa, unsigned int width, uint32_t flags,
		       uint32_t fault_id)
{
	uint32_t id = 0;
	int rc = try_hwpt_alloc_s1(dev, parent, gpa, width, 0, flags, fault_id, &id);

	want(!rc, "IOMMU_HWPT_ALLOC of VTD_S1, width %u, table at GPA %#llx: %s", width, (unsigned long long)gpa,
	     strerror(-rc));
	return id;
}

void hwpt_invalidate(uint32_t hwpt, uint64_t addr, uint64_t npages)
{
	struct iommu_hwpt_vtd_s1_invalidate inv = { .addr = addr, .npages = npages };
	uint32_t n = 1;
	int rc = try_invalidate(hwpt, IOMMU_HWPT_INVALIDATE_DATA_VTD_S1, &inv, sizeof(inv), &n);

	want(!rc && n == 1, "IOMMU_HWPT_INVALIDATE of %#llx pages at %#llx: %s", (unsigned long long)npages,
	     (unsigned long long)addr, strerror(-rc));
}

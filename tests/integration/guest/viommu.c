// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "iommufd.h"
#include "tour.h"
#include "viommu.h"

int try_viommu_alloc(uint32_t dev, uint32_t parent, uint32_t type, void *data, size_t len, uint32_t *out)
{
	struct iommu_viommu_alloc cmd = {
		.size = sizeof(cmd),
		.type = type,
		.dev_id = dev,
		.hwpt_id = parent,
		.data_len = len,
		.data_uptr = (uintptr_t)data,
	};
	int rc = iommufd_ioctl(IOMMU_VIOMMU_ALLOC, &cmd);

	if (!rc) {
		iommufd_track(cmd.out_viommu_id);
		*out = cmd.out_viommu_id;
	}
	return rc;
}

uint32_t viommu_alloc(uint32_t dev, uint32_t parent, uint32_t type, void *data, size_t len)
{
	uint32_t id = 0;
	int rc = try_viommu_alloc(dev, parent, type, data, len, &id);

	want(!rc, "IOMMU_VIOMMU_ALLOC of type %u: %s", type, strerror(-rc));
	return id;
}

uint32_t vdevice_alloc(uint32_t viommu, uint32_t dev, uint64_t virt_id)
{
	struct iommu_vdevice_alloc cmd = {
		.size = sizeof(cmd), .viommu_id = viommu, .dev_id = dev, .virt_id = virt_id,
	};
	int rc = iommufd_ioctl(IOMMU_VDEVICE_ALLOC, &cmd);

	want(!rc, "IOMMU_VDEVICE_ALLOC with virtual ID %#llx: %s", (unsigned long long)virt_id, strerror(-rc));
	iommufd_track(cmd.out_vdevice_id);
	return cmd.out_vdevice_id;
}

uint32_t veventq_alloc(uint32_t viommu, uint32_t type, uint32_t depth, int *fd)
{
	struct iommu_veventq_alloc cmd = {
		.size = sizeof(cmd), .viommu_id = viommu, .type = type, .veventq_depth = depth,
	};
	int rc = iommufd_ioctl(IOMMU_VEVENTQ_ALLOC, &cmd);

	want(!rc, "IOMMU_VEVENTQ_ALLOC of type %u: %s", type, strerror(-rc));
	iommufd_track(cmd.out_veventq_id);
	iommufd_track_queue(cmd.out_veventq_fd);
	*fd = cmd.out_veventq_fd;
	return cmd.out_veventq_id;
}

bool vevent_read(int fd, struct iommufd_vevent_header *h, void *data, size_t len, unsigned int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint8_t buf[sizeof(*h) + 64];
	ssize_t n;

	want(len <= 64, "events of %zu bytes", len);
	if (poll(&p, 1, timeout_ms) <= 0)
		return false;
	n = read(fd, buf, sizeof(*h) + len);
	want(n >= (ssize_t)sizeof(*h), "read of an event queue: %zd bytes, %s", n, n < 0 ? strerror(errno) : "short");
	memcpy(h, buf, sizeof(*h));
	want(!(h->flags & IOMMU_VEVENTQ_FLAG_LOST_EVENTS), "events were lost before number %u", h->sequence);
	want(n == (ssize_t)(sizeof(*h) + len), "an event of %zd bytes", n - (ssize_t)sizeof(*h));
	memcpy(data, buf + sizeof(*h), len);
	return true;
}

int try_hw_queue_alloc(uint32_t viommu, uint32_t type, uint32_t index, uint64_t gpa, uint64_t len, uint32_t *out)
{
	struct iommu_hw_queue_alloc cmd = {
		.size = sizeof(cmd),
		.viommu_id = viommu,
		.type = type,
		.index = index,
		.nesting_parent_iova = gpa,
		.length = len,
	};
	int rc = iommufd_ioctl(IOMMU_HW_QUEUE_ALLOC, &cmd);

	if (!rc) {
		iommufd_track(cmd.out_hw_queue_id);
		*out = cmd.out_hw_queue_id;
	}
	return rc;
}

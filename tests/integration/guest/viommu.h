/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Virtual IOMMUs of /dev/iommu and what belongs to one: devices, event queues, hardware queues. Thinly, as iommufd.h. */
#ifndef TOUR_VIOMMU_H
#define TOUR_VIOMMU_H

#include <linux/iommufd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* @data: what the type @type of IOMMU_VIOMMU_TYPE_* exchanges, or NULL */
int try_viommu_alloc(uint32_t dev, uint32_t parent, uint32_t type, void *data, size_t len, uint32_t *out);
uint32_t viommu_alloc(uint32_t dev, uint32_t parent, uint32_t type, void *data, size_t len);
uint32_t vdevice_alloc(uint32_t viommu, uint32_t dev, uint64_t virt_id);

/* One event of a queue: its header and @len bytes; false: none in time */
uint32_t veventq_alloc(uint32_t viommu, uint32_t type, uint32_t depth, int *fd);
bool vevent_read(int fd, struct iommufd_vevent_header *h, void *data, size_t len, unsigned int timeout_ms);

int try_hw_queue_alloc(uint32_t viommu, uint32_t type, uint32_t index, uint64_t gpa, uint64_t len, uint32_t *out);

#endif /* TOUR_VIOMMU_H */

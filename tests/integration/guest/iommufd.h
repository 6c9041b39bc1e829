/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * /dev/iommu, thinly: one function an ioctl. Those that cannot fail in a healthy step end it with errno and arguments;
 * try_ ones return 0 or -errno. Objects are destroyed after the step, newest first.
 */
#ifndef TOUR_IOMMUFD_H
#define TOUR_IOMMUFD_H

#include <linux/iommufd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RW	(IOMMU_IOAS_MAP_READABLE | IOMMU_IOAS_MAP_WRITEABLE)
#define RO	IOMMU_IOAS_MAP_READABLE

void iommufd_open(void);
void iommufd_close(void);
int iommufd_fd(void);
int iommufd_ioctl(unsigned long request, void *arg);	/* 0 or -errno */
void iommufd_track(uint32_t id);	/* destroyed with the step's other objects */
void iommufd_track_queue(int fd);	/* closed after the step */
void iommufd_release_all(void);		/* destroys what was allocated since the last call */

uint32_t ioas_alloc(void);
void ioas_map(uint32_t ioas, uint64_t iova, const void *p, size_t len, uint32_t prot);
int try_ioas_map(uint32_t ioas, uint64_t iova, const void *p, size_t len, uint32_t prot);
void ioas_unmap(uint32_t ioas, uint64_t iova, uint64_t len);
int try_ioas_unmap(uint32_t ioas, uint64_t iova, uint64_t *len);
void ioas_small_pages(uint32_t ioas);	/* map by the smallest page only */
unsigned int ioas_ranges(uint32_t ioas, struct iommu_iova_range *ranges, unsigned int max, uint64_t *align);

/* @fault_id: of fault_queue_alloc(), or 0 */
uint32_t hwpt_alloc(uint32_t dev, uint32_t ioas, uint32_t flags, uint32_t fault_id);
int try_hwpt_alloc(uint32_t dev, uint32_t ioas, uint32_t flags, uint32_t fault_id, uint32_t *out);
/* A table of this process, described by @data of IOMMU_HWPT_DATA_*; @pt: its parent, or a vIOMMU */
int try_hwpt_alloc_nested(uint32_t dev, uint32_t pt, uint32_t flags, uint32_t fault_id, uint32_t type,
			  const void *data, size_t len, uint32_t *out);
/* @pt: the nested HWPT or the vIOMMU; *n: how many entries, and how many were handled */
int try_invalidate(uint32_t pt, uint32_t type, const void *entries, size_t entry_len, uint32_t *n);
void hwpt_dirty_tracking(uint32_t hwpt, bool on);
void hwpt_dirty_bitmap(uint32_t hwpt, uint64_t iova, uint64_t len, uint64_t *bitmap, bool clear);

uint32_t fault_queue_alloc(int *fd);
bool fault_read(int fd, struct iommu_hwpt_pgfault *f, unsigned int timeout_ms);
void fault_respond(int fd, uint32_t cookie, enum iommufd_page_response_code code);

/* @type: IOMMU_HW_INFO_TYPE_*, 0: the driver's default */
void hw_info(uint32_t dev, uint32_t type, struct iommu_hw_info *info, void *data, size_t len);
int try_hw_info(uint32_t dev, uint32_t type, struct iommu_hw_info *info, void *data, size_t len);
void destroy(uint32_t id);

#endif /* TOUR_IOMMUFD_H */

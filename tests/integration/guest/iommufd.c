// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "iommufd.h"
#include "tour.h"

#define MAX_OBJECTS	256

static int fd = -1;
static uint32_t objects[MAX_OBJECTS];
static unsigned int n_objects;
static int queue_fds[16];
static unsigned int n_queue_fds;

int iommufd_ioctl(unsigned long request, void *arg)
{
	int rc;

	do {
		rc = ioctl(fd, request, arg);
	} while (rc < 0 && errno == EINTR);
	return rc < 0 ? -errno : rc;
}

void iommufd_track(uint32_t id)
{
	want(n_objects < MAX_OBJECTS, "more than %d iommufd objects in one step", MAX_OBJECTS);
	objects[n_objects++] = id;
}

void iommufd_track_queue(int qfd)
{
	want(n_queue_fds < ARRAY_SIZE(queue_fds), "too many queues in one step");
	queue_fds[n_queue_fds++] = qfd;
}

void iommufd_open(void)
{
	if (fd >= 0)
		return;
	fd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	want(fd >= 0, "/dev/iommu: %s", strerror(errno));
}

void iommufd_close(void)
{
	if (fd >= 0)
		close(fd);
	fd = -1;
	n_objects = 0;
}

int iommufd_fd(void)
{
	return fd;
}

void destroy(uint32_t id)
{
	struct iommu_destroy cmd = { .size = sizeof(cmd), .id = id };
	int rc = iommufd_ioctl(IOMMU_DESTROY, &cmd);

	want(!rc, "IOMMU_DESTROY of object %u: %s", id, strerror(-rc));
	for (unsigned int i = 0; i < n_objects; i++)
		if (objects[i] == id) {
			memmove(&objects[i], &objects[i + 1], (n_objects - i - 1) * sizeof(objects[0]));
			n_objects--;
			break;
		}
}

void iommufd_release_all(void)
{
	while (n_queue_fds)
		close(queue_fds[--n_queue_fds]);
	while (n_objects) {
		uint32_t id = objects[n_objects - 1];
		struct iommu_destroy cmd = { .size = sizeof(cmd), .id = id };
		int rc;

		n_objects--;
		rc = iommufd_ioctl(IOMMU_DESTROY, &cmd);
		want(!rc, "IOMMU_DESTROY of object %u after the step: %s", id, strerror(-rc));
	}
}

uint32_t ioas_alloc(void)
{
	struct iommu_ioas_alloc cmd = { .size = sizeof(cmd) };
	int rc = iommufd_ioctl(IOMMU_IOAS_ALLOC, &cmd);

	want(!rc, "IOMMU_IOAS_ALLOC: %s", strerror(-rc));
	iommufd_track(cmd.out_ioas_id);
	return cmd.out_ioas_id;
}

int try_ioas_map(uint32_t ioas, uint64_t iova, const void *p, size_t len, uint32_t prot)
{
	struct iommu_ioas_map cmd = {
		.size = sizeof(cmd),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | prot,
		.ioas_id = ioas,
		.user_va = (uintptr_t)p,
		.length = len,
		.iova = iova,
	};

	return iommufd_ioctl(IOMMU_IOAS_MAP, &cmd);
}

void ioas_map(uint32_t ioas, uint64_t iova, const void *p, size_t len, uint32_t prot)
{
	int rc = try_ioas_map(ioas, iova, p, len, prot);

	want(!rc, "IOMMU_IOAS_MAP of %#zx bytes at IOVA %#llx: %s", len, (unsigned long long)iova, strerror(-rc));
}

int try_ioas_unmap(uint32_t ioas, uint64_t iova, uint64_t *len)
{
	struct iommu_ioas_unmap cmd = { .size = sizeof(cmd), .ioas_id = ioas, .iova = iova, .length = *len };
	int rc = iommufd_ioctl(IOMMU_IOAS_UNMAP, &cmd);

	*len = cmd.length;
	return rc;
}

void ioas_unmap(uint32_t ioas, uint64_t iova, uint64_t len)
{
	uint64_t done = len;
	int rc = try_ioas_unmap(ioas, iova, &done);

	want(!rc && done == len, "IOMMU_IOAS_UNMAP of %#llx bytes at IOVA %#llx: %s, %#llx bytes",
	     (unsigned long long)len, (unsigned long long)iova, strerror(-rc), (unsigned long long)done);
}

void ioas_small_pages(uint32_t ioas)
{
	struct iommu_option cmd = {
		.size = sizeof(cmd),
		.option_id = IOMMU_OPTION_HUGE_PAGES,
		.op = IOMMU_OPTION_OP_SET,
		.object_id = ioas,
		.val64 = 0,
	};
	int rc = iommufd_ioctl(IOMMU_OPTION, &cmd);

	want(!rc, "IOMMU_OPTION_HUGE_PAGES=0: %s", strerror(-rc));
}

unsigned int ioas_ranges(uint32_t ioas, struct iommu_iova_range *ranges, unsigned int max, uint64_t *align)
{
	struct iommu_ioas_iova_ranges cmd = {
		.size = sizeof(cmd),
		.ioas_id = ioas,
		.num_iovas = max,
		.allowed_iovas = (uintptr_t)ranges,
	};
	int rc = iommufd_ioctl(IOMMU_IOAS_IOVA_RANGES, &cmd);

	want(!rc, "IOMMU_IOAS_IOVA_RANGES: %s", strerror(-rc));
	*align = cmd.out_iova_alignment;
	return cmd.num_iovas;
}

int try_hwpt_alloc(uint32_t dev, uint32_t ioas, uint32_t flags, uint32_t fault_id, uint32_t *out)
{
	struct iommu_hwpt_alloc cmd = {
		.size = sizeof(cmd),
		.flags = flags | (fault_id ? IOMMU_HWPT_FAULT_ID_VALID : 0),
		.dev_id = dev,
		.pt_id = ioas,
		.fault_id = fault_id,
	};
	int rc = iommufd_ioctl(IOMMU_HWPT_ALLOC, &cmd);

	if (!rc) {
		iommufd_track(cmd.out_hwpt_id);
		*out = cmd.out_hwpt_id;
	}
	return rc;
}

uint32_t hwpt_alloc(uint32_t dev, uint32_t ioas, uint32_t flags, uint32_t fault_id)
{
	uint32_t id = 0;
	int rc = try_hwpt_alloc(dev, ioas, flags, fault_id, &id);

	want(!rc, "IOMMU_HWPT_ALLOC on an IOAS, flags %#x: %s", flags, strerror(-rc));
	return id;
}

int try_hwpt_alloc_nested(uint32_t dev, uint32_t pt, uint32_t flags, uint32_t fault_id, uint32_t type,
			  const void *data, size_t len, uint32_t *out)
{
	struct iommu_hwpt_alloc cmd = {
		.size = sizeof(cmd),
		.flags = flags | (fault_id ? IOMMU_HWPT_FAULT_ID_VALID : 0),
		.dev_id = dev,
		.pt_id = pt,
		.data_type = type,
		.data_len = len,
		.data_uptr = (uintptr_t)data,
		.fault_id = fault_id,
	};
	int rc = iommufd_ioctl(IOMMU_HWPT_ALLOC, &cmd);

	if (!rc) {
		iommufd_track(cmd.out_hwpt_id);
		*out = cmd.out_hwpt_id;
	}
	return rc;
}

int try_invalidate(uint32_t pt, uint32_t type, const void *entries, size_t entry_len, uint32_t *n)
{
	struct iommu_hwpt_invalidate cmd = {
		.size = sizeof(cmd),
		.hwpt_id = pt,
		.data_uptr = (uintptr_t)entries,
		.data_type = type,
		.entry_len = entry_len,
		.entry_num = *n,
	};
	int rc = iommufd_ioctl(IOMMU_HWPT_INVALIDATE, &cmd);

	*n = cmd.entry_num;
	return rc;
}

void hwpt_dirty_tracking(uint32_t hwpt, bool on)
{
	struct iommu_hwpt_set_dirty_tracking cmd = {
		.size = sizeof(cmd),
		.flags = on ? IOMMU_HWPT_DIRTY_TRACKING_ENABLE : 0,
		.hwpt_id = hwpt,
	};
	int rc = iommufd_ioctl(IOMMU_HWPT_SET_DIRTY_TRACKING, &cmd);

	want(!rc, "IOMMU_HWPT_SET_DIRTY_TRACKING %s: %s", on ? "on" : "off", strerror(-rc));
}

void hwpt_dirty_bitmap(uint32_t hwpt, uint64_t iova, uint64_t len, uint64_t *bitmap, bool clear)
{
	struct iommu_hwpt_get_dirty_bitmap cmd = {
		.size = sizeof(cmd),
		.hwpt_id = hwpt,
		.flags = clear ? 0 : IOMMU_HWPT_GET_DIRTY_BITMAP_NO_CLEAR,
		.iova = iova,
		.length = len,
		.page_size = host.page,
		.data = (uintptr_t)bitmap,
	};
	int rc = iommufd_ioctl(IOMMU_HWPT_GET_DIRTY_BITMAP, &cmd);

	want(!rc, "IOMMU_HWPT_GET_DIRTY_BITMAP: %s", strerror(-rc));
}

uint32_t fault_queue_alloc(int *out)
{
	struct iommu_fault_alloc cmd = { .size = sizeof(cmd) };
	int rc = iommufd_ioctl(IOMMU_FAULT_QUEUE_ALLOC, &cmd);

	want(!rc, "IOMMU_FAULT_QUEUE_ALLOC: %s", strerror(-rc));
	iommufd_track(cmd.out_fault_id);
	iommufd_track_queue(cmd.out_fault_fd);
	*out = cmd.out_fault_fd;
	return cmd.out_fault_id;
}

bool fault_read(int qfd, struct iommu_hwpt_pgfault *f, unsigned int timeout_ms)
{
	struct pollfd p = { .fd = qfd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, timeout_ms) <= 0)
		return false;
	n = read(qfd, f, sizeof(*f));
	want(n == (ssize_t)sizeof(*f), "read of the fault queue: %zd bytes, %s", n, n < 0 ? strerror(errno) : "short");
	return true;
}

void fault_respond(int qfd, uint32_t cookie, enum iommufd_page_response_code code)
{
	struct iommu_hwpt_page_response r = { .cookie = cookie, .code = code };
	ssize_t n = write(qfd, &r, sizeof(r));

	want(n == (ssize_t)sizeof(r), "page response to cookie %u: %s", cookie, n < 0 ? strerror(errno) : "short");
}

int try_hw_info(uint32_t dev, uint32_t type, struct iommu_hw_info *info, void *data, size_t len)
{
	memset(info, 0, sizeof(*info));
	memset(data, 0, len);
	info->size = sizeof(*info);
	info->flags = type ? IOMMU_HW_INFO_FLAG_INPUT_TYPE : 0;
	info->in_data_type = type;
	info->dev_id = dev;
	info->data_len = len;
	info->data_uptr = (uintptr_t)data;
	return iommufd_ioctl(IOMMU_GET_HW_INFO, info);
}

void hw_info(uint32_t dev, uint32_t type, struct iommu_hw_info *info, void *data, size_t len)
{
	int rc = try_hw_info(dev, type, info, data, len);

	want(!rc, "IOMMU_GET_HW_INFO of type %u: %s", type, strerror(-rc));
}

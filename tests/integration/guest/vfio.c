// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "iommufd.h"
#include "tour.h"
#include "vfio.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static unsigned long read_hex(const char *bdf, const char *file)
{
	char path[128], text[32];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", bdf, file);
	return read_file(path, text, sizeof(text)) ? strtoul(text, NULL, 16) : 0;
}

unsigned int vfio_find(uint16_t vendor, uint16_t device, char bdf[][16], unsigned int max)
{
	DIR *dir = opendir("/sys/bus/pci/drivers/vfio-pci");
	struct dirent *e;
	unsigned int n = 0;

	while (dir && n < max && (e = readdir(dir))) {
		if (strlen(e->d_name) != strlen("0000:00:00.0") || e->d_name[4] != ':')
			continue;
		if (read_hex(e->d_name, "vendor") == vendor && read_hex(e->d_name, "device") == device)
			memcpy(bdf[n++], e->d_name, sizeof("0000:00:00.0"));
	}
	if (dir)
		closedir(dir);
	qsort(bdf, n, sizeof(bdf[0]), by_name);
	return n;
}

static int open_cdev(const char *bdf)
{
	char path[320];
	struct dirent *e;
	int fd = -1;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vfio-dev", bdf);
	dir = opendir(path);
	want(dir, "%s is not bound to vfio-pci", bdf);
	while ((e = readdir(dir)))
		if (!strncmp(e->d_name, "vfio", 4)) {
			snprintf(path, sizeof(path), "/dev/vfio/devices/%s", e->d_name);
			fd = open(path, O_RDWR | O_CLOEXEC);
			break;
		}
	closedir(dir);
	want(fd >= 0, "cdev of %s: %s", bdf, strerror(errno));
	return fd;
}

void vfio_open(struct vfio_dev *d, const char *bdf, const uint8_t *token)
{
	struct vfio_device_bind_iommufd bind = {
		.argsz = sizeof(bind),
		.flags = token ? VFIO_DEVICE_BIND_FLAG_TOKEN : 0,
		.iommufd = iommufd_fd(),
		.token_uuid_ptr = (uintptr_t)token,
	};
	struct vfio_region_info config = { .argsz = sizeof(config), .index = VFIO_PCI_CONFIG_REGION_INDEX };
	struct vfio_region_info bar = { .argsz = sizeof(bar), .index = VFIO_PCI_BAR0_REGION_INDEX };
	struct vfio_irq_info irq = { .argsz = sizeof(irq), .index = VFIO_PCI_MSIX_IRQ_INDEX };

	snprintf(d->bdf, sizeof(d->bdf), "%s", bdf);
	d->fd = open_cdev(bdf);
	for (unsigned int i = 0; i < VFIO_MAX_VECTORS; i++)
		d->vector_fd[i] = -1;
	d->n_armed = d->n_pasids = 0;
	d->attached = false;
	d->bar0 = NULL;
	want(!ioctl(d->fd, VFIO_DEVICE_BIND_IOMMUFD, &bind), "VFIO_DEVICE_BIND_IOMMUFD of %s: %s", bdf,
	     strerror(errno));
	d->id = bind.out_devid;
	want(!ioctl(d->fd, VFIO_DEVICE_GET_REGION_INFO, &config), "configuration space of %s: %s", bdf,
	     strerror(errno));
	d->config_offset = config.offset;
	want(!ioctl(d->fd, VFIO_DEVICE_GET_REGION_INFO, &bar) && bar.size, "BAR 0 of %s: %s", bdf, strerror(errno));
	d->bar0_size = bar.size;
	d->bar0 = mmap(NULL, bar.size, PROT_READ | PROT_WRITE, MAP_SHARED, d->fd, bar.offset);
	if (d->bar0 == MAP_FAILED) {
		d->bar0 = NULL;
		fail("mmap of BAR 0 of %s: %s", bdf, strerror(errno));
	}
	want(!ioctl(d->fd, VFIO_DEVICE_GET_IRQ_INFO, &irq), "MSI-X of %s: %s", bdf, strerror(errno));
	d->n_vectors = irq.count < VFIO_MAX_VECTORS ? irq.count : VFIO_MAX_VECTORS;
	vfio_bus_master(d, true);
}

void vfio_close(struct vfio_dev *d)
{
	if (d->fd < 0)
		return;
	vfio_irqs_off(d);
	if (d->bar0)
		munmap(d->bar0, d->bar0_size);
	d->bar0 = NULL;
	close(d->fd);
	d->fd = -1;
}

void vfio_set_token(struct vfio_dev *pf, const uint8_t *token)
{
	struct {
		struct vfio_device_feature f;
		uint8_t uuid[16];
	} cmd = {
		.f = { .argsz = sizeof(cmd), .flags = VFIO_DEVICE_FEATURE_SET | VFIO_DEVICE_FEATURE_PCI_VF_TOKEN },
	};

	memcpy(cmd.uuid, token, 16);
	want(!ioctl(pf->fd, VFIO_DEVICE_FEATURE, &cmd), "VF token of %s: %s", pf->bdf, strerror(errno));
}

static int attach(struct vfio_dev *d, uint32_t *pt, uint32_t flags, uint32_t pasid)
{
	struct vfio_device_attach_iommufd_pt cmd = {
		.argsz = sizeof(cmd), .flags = flags, .pt_id = *pt, .pasid = pasid,
	};

	if (ioctl(d->fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &cmd))
		return -errno;
	*pt = cmd.pt_id;
	return 0;
}

static int detach(struct vfio_dev *d, uint32_t flags, uint32_t pasid)
{
	struct vfio_device_detach_iommufd_pt cmd = { .argsz = sizeof(cmd), .flags = flags, .pasid = pasid };

	return ioctl(d->fd, VFIO_DEVICE_DETACH_IOMMUFD_PT, &cmd) ? -errno : 0;
}

static int attach_rid(struct vfio_dev *d, uint32_t *pt)
{
	int rc = attach(d, pt, 0, 0);

	if (!rc)
		d->attached = true;
	return rc;
}

int try_vfio_attach(struct vfio_dev *d, uint32_t pt)
{
	return attach_rid(d, &pt);
}

uint32_t vfio_attach(struct vfio_dev *d, uint32_t pt)
{
	uint32_t hwpt = pt;
	int rc = attach_rid(d, &hwpt);

	want(!rc, "attaching %s to object %u: %s", d->bdf, pt, strerror(-rc));
	return hwpt;
}

int try_vfio_detach(struct vfio_dev *d)
{
	int rc = detach(d, 0, 0);

	if (!rc)
		d->attached = false;
	return rc;
}

void vfio_detach(struct vfio_dev *d)
{
	int rc = try_vfio_detach(d);

	want(!rc, "detaching %s: %s", d->bdf, strerror(-rc));
}

static bool has_pasid(const struct vfio_dev *d, uint32_t pasid)
{
	for (unsigned int i = 0; i < d->n_pasids; i++)
		if (d->pasids[i] == pasid)
			return true;
	return false;
}

int try_vfio_attach_pasid(struct vfio_dev *d, uint32_t pasid, uint32_t pt)
{
	int rc;

	want(d->n_pasids < VFIO_MAX_PASIDS, "more than %d PASIDs in one step", VFIO_MAX_PASIDS);
	rc = attach(d, &pt, VFIO_DEVICE_ATTACH_PASID, pasid);
	if (!rc && !has_pasid(d, pasid))
		d->pasids[d->n_pasids++] = pasid;
	return rc;
}

void vfio_attach_pasid(struct vfio_dev *d, uint32_t pasid, uint32_t pt)
{
	int rc = try_vfio_attach_pasid(d, pasid, pt);

	want(!rc, "attaching PASID %#x of %s to object %u: %s", pasid, d->bdf, pt, strerror(-rc));
}

int try_vfio_detach_pasid(struct vfio_dev *d, uint32_t pasid)
{
	int rc = detach(d, VFIO_DEVICE_DETACH_PASID, pasid);

	for (unsigned int i = 0; !rc && i < d->n_pasids; i++)
		if (d->pasids[i] == pasid)
			d->pasids[i] = d->pasids[--d->n_pasids];
	return rc;
}

void vfio_detach_pasid(struct vfio_dev *d, uint32_t pasid)
{
	int rc = try_vfio_detach_pasid(d, pasid);

	want(!rc, "detaching PASID %#x of %s: %s", pasid, d->bdf, strerror(-rc));
}

void vfio_release(struct vfio_dev *d)
{
	vfio_irqs_off(d);
	while (d->n_pasids)
		vfio_detach_pasid(d, d->pasids[d->n_pasids - 1]);
	if (d->attached)
		vfio_detach(d);
}

void vfio_irqs_on(struct vfio_dev *d, unsigned int n)
{
	struct {
		struct vfio_irq_set set;
		int32_t fds[VFIO_MAX_VECTORS];
	} cmd = {
		.set = {
			.argsz = sizeof(struct vfio_irq_set) + n * sizeof(int32_t),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = VFIO_PCI_MSIX_IRQ_INDEX,
			.count = n,
		},
	};

	want(n <= d->n_vectors, "%s has %u vectors, not %u", d->bdf, d->n_vectors, n);
	vfio_irqs_off(d);
	for (unsigned int i = 0; i < n; i++) {
		d->vector_fd[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		want(d->vector_fd[i] >= 0, "eventfd: %s", strerror(errno));
		cmd.fds[i] = d->vector_fd[i];
	}
	d->n_armed = n;
	want(!ioctl(d->fd, VFIO_DEVICE_SET_IRQS, &cmd), "%u MSI-X vectors of %s: %s", n, d->bdf, strerror(errno));
}

void vfio_irqs_off(struct vfio_dev *d)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set),
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
		.index = VFIO_PCI_MSIX_IRQ_INDEX,
	};

	if (!d->n_armed)
		return;
	ioctl(d->fd, VFIO_DEVICE_SET_IRQS, &set);
	for (unsigned int i = 0; i < d->n_armed; i++) {
		close(d->vector_fd[i]);
		d->vector_fd[i] = -1;
	}
	d->n_armed = 0;
}

uint64_t vfio_irq_wait(struct vfio_dev *d, unsigned int vector, unsigned int timeout_ms)
{
	struct pollfd p = { .fd = d->vector_fd[vector], .events = POLLIN };
	uint64_t count = 0;

	if (poll(&p, 1, timeout_ms) <= 0)
		return 0;
	if (read(p.fd, &count, sizeof(count)) != sizeof(count))
		return 0;
	return count;
}

void vfio_config_read(struct vfio_dev *d, unsigned int offset, void *p, size_t len)
{
	want(pread(d->fd, p, len, d->config_offset + offset) == (ssize_t)len, "read of %s configuration %#x: %s",
	     d->bdf, offset, strerror(errno));
}

void vfio_config_write(struct vfio_dev *d, unsigned int offset, const void *p, size_t len)
{
	want(pwrite(d->fd, p, len, d->config_offset + offset) == (ssize_t)len, "write of %s configuration %#x: %s",
	     d->bdf, offset, strerror(errno));
}

void vfio_bus_master(struct vfio_dev *d, bool on)
{
	uint16_t command;

	vfio_config_read(d, PCI_COMMAND, &command, sizeof(command));
	command |= PCI_COMMAND_MEMORY;
	if (on)
		command |= PCI_COMMAND_MASTER;
	else
		command &= ~PCI_COMMAND_MASTER;
	vfio_config_write(d, PCI_COMMAND, &command, sizeof(command));
}

void vfio_reset(struct vfio_dev *d)
{
	want(!ioctl(d->fd, VFIO_DEVICE_RESET), "VFIO_DEVICE_RESET of %s: %s", d->bdf, strerror(errno));
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A PCI function through its VFIO character device: bind, attach, BARs, configuration space, interrupts, reset. */
#ifndef TOUR_VFIO_H
#define TOUR_VFIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VFIO_MAX_VECTORS	64
#define VFIO_MAX_PASIDS		32

struct vfio_dev {
	char bdf[16];		/* "0000:01:00.0" */
	int fd;			/* -1: closed */
	uint32_t id;		/* in iommufd */
	void *bar0;
	size_t bar0_size;
	uint64_t config_offset;
	unsigned int n_vectors;
	int vector_fd[VFIO_MAX_VECTORS];	/* eventfds, -1: none */
	unsigned int n_armed;
	bool attached;		/* what vfio_release() undoes */
	uint32_t pasids[VFIO_MAX_PASIDS];
	unsigned int n_pasids;
};

/* Functions of this vendor and device that are bound to vfio-pci, in order of their addresses; returns how many */
unsigned int vfio_find(uint16_t vendor, uint16_t device, char bdf[][16], unsigned int max);

/* @token: 16 bytes, for a VF whose PF is open or has set one; or NULL */
void vfio_open(struct vfio_dev *d, const char *bdf, const uint8_t *token);
void vfio_close(struct vfio_dev *d);
void vfio_release(struct vfio_dev *d);	/* no interrupts, detached, no PASIDs */
void vfio_set_token(struct vfio_dev *pf, const uint8_t *token);

/* @pt: an IOAS or a HWPT; attaching again replaces. Returns the HWPT that serves the device. */
uint32_t vfio_attach(struct vfio_dev *d, uint32_t pt);
int try_vfio_attach(struct vfio_dev *d, uint32_t pt);
void vfio_detach(struct vfio_dev *d);
int try_vfio_detach(struct vfio_dev *d);
void vfio_attach_pasid(struct vfio_dev *d, uint32_t pasid, uint32_t pt);
int try_vfio_attach_pasid(struct vfio_dev *d, uint32_t pasid, uint32_t pt);
void vfio_detach_pasid(struct vfio_dev *d, uint32_t pasid);
int try_vfio_detach_pasid(struct vfio_dev *d, uint32_t pasid);

void vfio_irqs_on(struct vfio_dev *d, unsigned int n);	/* eventfds for vectors 0..n-1 */
void vfio_irqs_off(struct vfio_dev *d);
uint64_t vfio_irq_wait(struct vfio_dev *d, unsigned int vector, unsigned int timeout_ms);	/* how many; 0: none */

void vfio_config_read(struct vfio_dev *d, unsigned int offset, void *p, size_t len);
void vfio_config_write(struct vfio_dev *d, unsigned int offset, const void *p, size_t len);
void vfio_bus_master(struct vfio_dev *d, bool on);
void vfio_reset(struct vfio_dev *d);

#endif /* TOUR_VFIO_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef STEPS_H
#define STEPS_H

#include "env.h"
#include "family.h"
#include "iommufd.h"
#include "kmsg.h"
#include "tour.h"
#include "steps/list.h"

/* I/O virtual addresses used by the steps: far apart, above and below 4 GiB, none near 0xfee00000 */
#define IOVA_A		0x0000000010000000ull
#define IOVA_B		0x0000000220000000ull
#define IOVA_C		0x0000001230000000ull
#define IOVA_HOLE	0x0000004440000000ull	/* nobody maps it */

/* Nesting: tables and data in the parent's address space (guest-physical), and what the first stage maps */
#define GPA_TABLES	0x0000000040000000ull
#define GPA_DATA	0x0000000060000000ull
#define VA_DATA		0x00007f1234500000ull

/* An IOAS with one buffer at one IOVA */
struct space {
	uint32_t ioas;
	uint8_t *p;
};

void space_init(struct space *s, uint64_t iova, size_t len);

/* Page requests: a fill on channel 0; its request for the page at @addr; its end */
void start_fill(struct engine *e, uint64_t dst, uint32_t attr, uint64_t len, uint64_t value);
void next_request(int fd, struct iommu_hwpt_pgfault *f, struct engine *e, uint64_t addr, uint32_t pasid);
void finish(struct engine *e, const char *what);

#endif /* STEPS_H */

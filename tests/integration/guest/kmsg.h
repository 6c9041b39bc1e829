/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the kernel said: the fault records its IOMMU driver prints (the family reads its words), and complaints that
 * fail a step whatever else it saw (complaints.h).
 */
#ifndef TOUR_KMSG_H
#define TOUR_KMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct complaints;

#define NO_PASID	0xffffffffu

struct fault {
	bool write;
	uint32_t pasid;		/* or NO_PASID */
	char bdf[16];
	uint64_t addr;		/* as far as it is recorded */
	unsigned int reason;	/* in the family's numbers */
	uint64_t record[4];	/* SMMUv3: the whole of it */
};

void kmsg_open(void);
void kmsg_mark(void);		/* forget what was said so far */

/* The driver prints only a few faults in five seconds. Wait until @n more, each for itself, will be printed. */
void faults_room(unsigned int n);
bool fault_next(struct fault *f, unsigned int timeout_ms);
unsigned int faults_drain(void);	/* forget those that came; how many */

bool kmsg_splat(char *text, size_t size);	/* a BUG, WARNING, ... since kmsg_mark()? The first one's text */
void kmsg_print_step(void);			/* what was said since kmsg_mark(), as diagnostic lines */
void kmsg_scan_boot(struct complaints *all);	/* complaints since boot */

#endif /* TOUR_KMSG_H */

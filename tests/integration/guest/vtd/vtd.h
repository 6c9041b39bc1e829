/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Intel VT-d: what the unit before the engines can do, and its objects of /dev/iommu. */
#ifndef TOUR_VTD_H
#define TOUR_VTD_H

#include <stdbool.h>
#include <stdint.h>

struct vtd {
	bool scalable;		/* the driver uses scalable mode */
	bool first_stage;	/* plain domains are first stage; else second stage */
	uint64_t cap, ecap;
};

extern struct vtd vtd;

/* A first-stage table of this process at @gpa of the parent's address space */
uint32_t hwpt_alloc_s1(uint32_t dev, uint32_t parent, uint64_t gpa, unsigned int width, uint32_t flags,
		       uint32_t fault_id);
int try_hwpt_alloc_s1(uint32_t dev, uint32_t parent, uint64_t gpa, unsigned int width, uint64_t s1_flags,
		      uint32_t flags, uint32_t fault_id, uint32_t *out);
void hwpt_invalidate(uint32_t hwpt, uint64_t addr, uint64_t npages);	/* npages ~0, addr 0: everything */

/* Fields of CAP and ECAP used by steps (VT-d 5.10 §11.4.2, §11.4.3) */
#define CAP_MGAW(c)	((((c) >> 16) & 0x3f) + 1)
#define CAP_SAGAW(c)	(((c) >> 8) & 0x1f)
#define CAP_ND(c)	((c) & 7)
#define CAP_FS1GP(c)	(((c) >> 56) & 1)
#define CAP_FS5LP(c)	(((c) >> 60) & 1)
#define ECAP_DT(e)	(((e) >> 2) & 1)
#define ECAP_IR(e)	(((e) >> 3) & 1)
#define ECAP_NEST(e)	(((e) >> 26) & 1)
#define ECAP_PRS(e)	(((e) >> 29) & 1)
#define ECAP_PASID(e)	(((e) >> 40) & 1)
#define ECAP_SMTS(e)	(((e) >> 43) & 1)
#define ECAP_SSADS(e)	(((e) >> 45) & 1)
#define ECAP_SSTS(e)	(((e) >> 46) & 1)
#define ECAP_FSTS(e)	(((e) >> 47) & 1)

#endif /* TOUR_VTD_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef STEPS_SMMUV3_VSMMU_H
#define STEPS_SMMUV3_VSMMU_H

#include "smmuv3/smmuv3.h"
#include "smmuv3/stage1.h"
#include "steps/steps.h"
#include "viommu.h"

#define GPA_CDS		0x0000000048000000ull

#define TABLES_LEN	(32 * SZ_64K)
#define CDS_LEN		SZ_64K
#define VSID		0x1234		/* no machine of the tour has a function with this Requester ID */

/*
 * A nesting parent with a virtual SMMU on it, the engine as its device VSID, a stage-1 table, context descriptors and
 * data of this process at the GPAs of their names.
 */
struct vsmmu {
	struct engine *e;
	uint32_t ioas, parent, viommu, vdevice;
	struct stage1 s1;
	uint64_t (*cd)[CD_WORDS];
	uint8_t *data;
	size_t data_len;
};

/* @type: of the vIOMMU, with what it exchanges; @granule: log2, of the stage-1 table */
void vsmmu_init_type(struct vsmmu *n, struct engine *e, unsigned int granule, size_t data_len, uint32_t type,
		    void *data, size_t len);
void vsmmu_init(struct vsmmu *n, struct engine *e, unsigned int granule, size_t data_len);

/* Virtual STEs (Arm IHI 0070 §5.2, first two words) */
struct vste {
	uint64_t w[2];
};

/* Config = S1, one descriptor, or 2^cdmax of them of format @s1fmt; requests without PASID use the first one. */
struct vste vste_s1(unsigned int s1fmt, unsigned int cdmax, bool ats);
struct vste vste_config(unsigned int config);	/* V = 1, nothing but Config */

int try_nested(struct vsmmu *n, struct vste ste, uint32_t fault_id, uint32_t *out);
uint32_t nested(struct vsmmu *n, struct vste ste);
uint32_t attach_nested(struct vsmmu *n, struct vste ste);

/* The commands in order; all must be taken. */
void vsmmu_invalidate(struct vsmmu *n, const struct cmd *c, uint32_t count);
void vsmmu_invalidate_one(struct vsmmu *n, struct cmd c);

/* The one event that must be in the queue of events, and no other after it */
void next_vevent(int fd, uint32_t sequence, const struct event *e);

#define ASID	0x5au

#endif /* STEPS_SMMUV3_VSMMU_H */

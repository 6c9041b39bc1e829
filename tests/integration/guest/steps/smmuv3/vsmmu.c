// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "vsmmu.h"

void vsmmu_init_type(struct vsmmu *n, struct engine *e, unsigned int granule, size_t data_len, uint32_t type,
		    void *data, size_t len)
{
	void *tables = mem_alloc(TABLES_LEN);

	n->e = e;
	n->ioas = ioas_alloc();
	n->parent = hwpt_alloc(e->dev.id, n->ioas, IOMMU_HWPT_ALLOC_NEST_PARENT, 0);
	n->viommu = viommu_alloc(e->dev.id, n->parent, type, data, len);
	n->vdevice = vdevice_alloc(n->viommu, e->dev.id, VSID);
	n->cd = mem_alloc(CDS_LEN);
	n->data_len = (data_len + host.page - 1) & ~(host.page - 1);
	n->data = mem_alloc(n->data_len);
	ioas_map(n->ioas, GPA_TABLES, tables, TABLES_LEN, RW);
	ioas_map(n->ioas, GPA_CDS, n->cd, CDS_LEN, RW);
	ioas_map(n->ioas, GPA_DATA, n->data, n->data_len, RW);
	stage1_init(&n->s1, granule, GPA_TABLES, tables, TABLES_LEN);
	cd_write(n->cd[0], &n->s1, ASID, IDR5_OAS(smmuv3.idr[5]), 0);
}

void vsmmu_init(struct vsmmu *n, struct engine *e, unsigned int granule, size_t data_len)
{
	vsmmu_init_type(n, e, granule, data_len, IOMMU_VIOMMU_TYPE_ARM_SMMUV3, NULL, 0);
}

/* Config 0b101; S1DSS 0b10: descriptor 0 for requests without PASID; CD fetches write-back, inner shareable; EATS 0b01 */
struct vste vste_s1(unsigned int s1fmt, unsigned int cdmax, bool ats)
{
	return (struct vste){ {
		1 | 5 << 1 | (uint64_t)s1fmt << 4 | GPA_CDS | (uint64_t)cdmax << 59,
		(cdmax ? 2 : 0) | 1 << 2 | 1 << 4 | 3 << 6 | (ats ? 1ull << 28 : 0),
	} };
}

struct vste vste_config(unsigned int config)
{
	return (struct vste){ { 1 | (uint64_t)config << 1 } };
}

int try_nested(struct vsmmu *n, struct vste ste, uint32_t fault_id, uint32_t *out)
{
	struct iommu_hwpt_arm_smmuv3 arg = { .ste = { ste.w[0], ste.w[1] } };

	return try_hwpt_alloc_nested(n->e->dev.id, n->viommu, 0, fault_id, IOMMU_HWPT_DATA_ARM_SMMUV3, &arg,
				     sizeof(arg), out);
}

uint32_t nested(struct vsmmu *n, struct vste ste)
{
	uint32_t id = 0;
	int rc = try_nested(n, ste, 0, &id);

	want(!rc, "IOMMU_HWPT_ALLOC with the STE %#llx %#llx: %s", (unsigned long long)ste.w[0],
	     (unsigned long long)ste.w[1], strerror(-rc));
	return id;
}

uint32_t attach_nested(struct vsmmu *n, struct vste ste)
{
	uint32_t id = nested(n, ste);

	vfio_attach(&n->e->dev, id);
	return id;
}

void vsmmu_invalidate(struct vsmmu *n, const struct cmd *c, uint32_t count)
{
	uint32_t done = count;
	int rc = try_invalidate(n->viommu, IOMMU_VIOMMU_INVALIDATE_DATA_ARM_SMMUV3, c, sizeof(*c), &done);

	want(!rc && done == count, "IOMMU_HWPT_INVALIDATE: %s, %u of %u commands, the first %#llx %#llx", strerror(-rc),
	     done, count, (unsigned long long)c->w[0], (unsigned long long)c->w[1]);
}

void vsmmu_invalidate_one(struct vsmmu *n, struct cmd c)
{
	vsmmu_invalidate(n, &c, 1);
}

void next_vevent(int fd, uint32_t sequence, const struct event *e)
{
	struct iommu_vevent_arm_smmuv3 v, more;
	struct iommufd_vevent_header h;

	want(vevent_read(fd, &h, &v, sizeof(v), 2000), "no event %#x for %#llx in the queue", e->code,
	     (unsigned long long)e->addr);
	want_eq(h.sequence, sequence);
	want_event((const uint64_t *)v.evt, e);
	want(!vevent_read(fd, &h, &more, sizeof(more), 20), "another event: %#llx", (unsigned long long)more.evt[0]);
}

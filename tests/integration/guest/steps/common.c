// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "steps.h"

void space_init(struct space *s, uint64_t iova, size_t len)
{
	s->ioas = ioas_alloc();
	s->p = mem_alloc(len);
	ioas_map(s->ioas, iova, s->p, len, RW);
}

void start_fill(struct engine *e, uint64_t dst, uint32_t attr, uint64_t len, uint64_t value)
{
	struct hwdma_desc d = { .op = HWDMA_OP_FILL, .dst = dst, .dst_attr = attr, .len = len, .operand0 = value };

	engine_start(e, 0, &d);
}

void next_request(int fd, struct iommu_hwpt_pgfault *f, struct engine *e, uint64_t addr, uint32_t pasid)
{
	want(fault_read(fd, f, 2000), "no page request for %#llx arrives, channel status %#x",
	     (unsigned long long)addr, er32(e, HWDMA_CH(0) + HWDMA_CH_STATUS));
	want_eq(f->addr, addr);
	want_eq(f->dev_id, e->dev.id);
	want(f->flags & IOMMU_PGFAULT_FLAGS_LAST_PAGE, "request not the last of its group: flags %#x", f->flags);
	want_eq(!!(f->flags & IOMMU_PGFAULT_FLAGS_PASID_VALID), pasid != NO_PASID);
	if (pasid != NO_PASID)
		want_eq(f->pasid, pasid);
	want(f->perm & IOMMU_PGFAULT_PERM_WRITE, "request for a write asks for %#x", f->perm);
	want(engine_busy(e, 0), "the channel does not wait for the answer");
	want(er32(e, HWDMA_CH(0) + HWDMA_CH_STATUS) & HWDMA_CH_WAIT_PRI, "channel status %#x without WAIT_PRI",
	     er32(e, HWDMA_CH(0) + HWDMA_CH_STATUS));
}

void finish(struct engine *e, const char *what)
{
	unsigned int err = engine_wait(e, 0, &last);

	want(err == HWDMA_ERR_NONE, "%s: %s at %#llx", what, engine_error(err), (unsigned long long)last.fault_addr);
}

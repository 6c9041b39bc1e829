// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Stalled requests: the unit holds a transaction that faults, user space is asked through the fault queue and answers. */
#include <string.h>

#include "vsmmu.h"

/* The machine has an engine for it that knows no ATS: full ATS and stalls exclude each other at stage 2 (§5.2.2). */
static struct engine *stalling_engine(void)
{
	struct engine *e = engine_get(0);

	for (unsigned int i = 1; i < engine_count() && !smmuv3_can_stall(&e->dev); i++)
		e = engine_get(i);
	need(e, STALLS);
	return e;
}

static void next_stall(int fd, struct iommu_hwpt_pgfault *f, struct engine *e, uint64_t addr, uint32_t perm)
{
	want(fault_read(fd, f, 2000), "no fault for %#llx arrives, channel status %#x", (unsigned long long)addr,
	     er32(e, HWDMA_CH(0) + HWDMA_CH_STATUS));
	want_eq(f->addr, addr);
	want_eq(f->dev_id, e->dev.id);
	want_eq(f->flags, IOMMU_PGFAULT_FLAGS_LAST_PAGE);
	want_eq(f->perm, perm);
	want(engine_busy(e, 0), "the channel does not wait for the answer");
}

void step_smmuv3_stall(void)
{
	struct engine *e = stalling_engine();
	struct iommu_hwpt_pgfault f;
	uint32_t ioas, queue;
	uint64_t v;
	uint8_t *p;
	int fd;

	p = mem_alloc(3 * host.page);
	ioas = ioas_alloc();
	queue = fault_queue_alloc(&fd);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, ioas, 0, queue));
	start_fill(e, IOVA_B + 0x800, 0, 2 * host.page, 0x6161616161616161ull);
	for (unsigned int i = 0; i < 3; i++) {
		next_stall(fd, &f, e, i ? IOVA_B + i * host.page : IOVA_B + 0x800, IOMMU_PGFAULT_PERM_WRITE);
		ioas_map(ioas, IOVA_B + i * host.page, p + i * host.page, host.page, i < 2 ? RW : RO);
		if (i < 2)
			fault_respond(fd, f.cookie, IOMMUFD_PAGE_RESP_SUCCESS);
	}
	/* The third page is mapped read-only: resumed, the same write faults again; now it may. */
	fault_respond(fd, f.cookie, IOMMUFD_PAGE_RESP_SUCCESS);
	next_stall(fd, &f, e, IOVA_B + 2 * host.page, IOMMU_PGFAULT_PERM_WRITE);
	ioas_unmap(ioas, IOVA_B + 2 * host.page, host.page);
	ioas_map(ioas, IOVA_B + 2 * host.page, p + 2 * host.page, host.page, RW);
	fault_respond(fd, f.cookie, IOMMUFD_PAGE_RESP_SUCCESS);
	finish(e, "fill of three missing pages");
	want_eq(last.bytes_done, 2 * host.page);
	want_eq(not_byte(p + 0x800, 2 * host.page, 0x61), 2 * host.page);
	want_eq(try_read8(e, IOVA_B + 8, 0, &v), HWDMA_ERR_NONE);
	show("a fill over three missing pages: each fault stalls, is delivered with address and right, mapped and answered, and DMA goes on; a page mapped without the right stalls again");
}

void step_smmuv3_stall_refused(void)
{
	struct engine *e = stalling_engine();
	struct iommu_hwpt_pgfault f;
	struct space s;
	unsigned int err;
	uint32_t queue;
	int fd;

	space_init(&s, IOVA_A, host.page);
	queue = fault_queue_alloc(&fd);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, s.ioas, 0, queue));
	start_fill(e, IOVA_A + host.page - 0x100, 0, 0x200, 0x6262626262626262ull);
	next_stall(fd, &f, e, IOVA_A + host.page, IOMMU_PGFAULT_PERM_WRITE);
	fault_respond(fd, f.cookie, IOMMUFD_PAGE_RESP_INVALID);
	err = engine_wait(e, 0, &last);
	want(err != HWDMA_ERR_NONE, "answered 'invalid', and the fill passes");
	want_eq(last.bytes_done, 0x100);
	want_eq(not_byte(s.p + host.page - 0x100, 0x100, 0x62), 0x100);

	/* Nobody answers, the device is detached: the kernel refuses for the user, and the device comes free. */
	start_fill(e, IOVA_B, 0, 8, 1);
	next_stall(fd, &f, e, IOVA_B, IOMMU_PGFAULT_PERM_WRITE);
	vfio_detach(&e->dev);
	err = engine_wait(e, 0, &last);
	want(err != HWDMA_ERR_NONE, "detached with a stalled write, and it passes");
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, s.ioas, 0, queue));
	dma_fill(e, IOVA_A, 0, host.page, 0x6363636363636363ull);
	want_eq(not_byte(s.p, host.page, 0x63), host.page);
	show("answered 'invalid': %s after 256 bytes; detached with a stalled write: terminated; attached again the engine works",
	     engine_error(err));
}

/* The user's own table lacks the page, and its context descriptor asks for stalls (CD.S). */
void step_smmuv3_stall_nested(void)
{
	struct engine *e = stalling_engine();
	struct iommu_hwpt_pgfault f;
	uint32_t queue, hwpt = 0;
	struct vsmmu n;
	int fd, rc;

	need_nesting();
	vsmmu_init(&n, e, 12, 4 * SZ_4K);
	cd_write(n.cd[0], &n.s1, ASID, IDR5_OAS(smmuv3.idr[5]), CD_S);
	queue = fault_queue_alloc(&fd);
	rc = try_nested(&n, vste_s1(0, 0, false), queue, &hwpt);
	want(!rc, "IOMMU_HWPT_ALLOC of a nested domain with a fault queue: %s", strerror(-rc));
	vfio_attach(&e->dev, hwpt);
	start_fill(e, VA_DATA + 0x10, 0, 2 * SZ_4K, 0x6464646464646464ull);
	for (unsigned int i = 0; i < 3; i++) {
		next_stall(fd, &f, e, i ? VA_DATA + i * SZ_4K : VA_DATA + 0x10, IOMMU_PGFAULT_PERM_WRITE);
		stage1_map(&n.s1, VA_DATA + i * SZ_4K, GPA_DATA + (3 - i) * SZ_4K, 3, S1_RW_PAGE);
		fault_respond(fd, f.cookie, IOMMUFD_PAGE_RESP_SUCCESS);
	}
	finish(e, "fill through the user's table");
	want_eq(not_byte(n.data + 3 * SZ_4K + 0x10, SZ_4K - 0x10, 0x64), SZ_4K - 0x10);
	want_eq(not_byte(n.data + 2 * SZ_4K, SZ_4K, 0x64), SZ_4K);
	want_eq(not_byte(n.data + SZ_4K, 0x10, 0x64), 0x10);
	show("pages missing in a user's table whose descriptor has S = 1: 3 stalls through the fault queue, entries written, DMA resumed");
}

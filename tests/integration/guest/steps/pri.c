// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Page requests: the device asks for a missing page, user space is asked through the fault queue and answers. */
#include <string.h>

#include "steps.h"

#define ATTR	(HWDMA_ATTR_AT_ATC | HWDMA_ATTR_PRI)

void step_page_request(void)
{
	struct engine *e = engine_get(0);
	struct iommu_hwpt_pgfault f;
	uint64_t sent, answered;
	uint32_t ioas, queue;
	uint8_t *p;
	int fd;

	need_pri(e);
	p = mem_alloc(4 * host.page);
	ioas = ioas_alloc();
	queue = fault_queue_alloc(&fd);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, ioas, 0, queue));
	sent = er64(e, HWDMA_PRI_REQUESTS);
	answered = er64(e, HWDMA_PRI_RESPONSES);
	start_fill(e, IOVA_B + 0x800, ATTR, 3 * host.page, 0x6161616161616161ull);
	for (unsigned int i = 0; i < 4; i++) {
		next_request(fd, &f, e, IOVA_B + i * host.page, NO_PASID);
		ioas_map(ioas, IOVA_B + i * host.page, p + i * host.page, host.page, RW);
		fault_respond(fd, f.cookie, IOMMUFD_PAGE_RESP_SUCCESS);
	}
	finish(e, "fill of four missing pages");
	want_eq(last.bytes_done, 3 * host.page);
	want_eq(not_byte(p + 0x800, 3 * host.page, 0x61), 3 * host.page);
	want_eq(er64(e, HWDMA_PRI_REQUESTS) - sent, 4);
	want_eq(er64(e, HWDMA_PRI_RESPONSES) - answered, 4);
	want_eq(er64(e, HWDMA_PRI_UNEXPECTED), 0);
	show("12 KiB written to four missing pages: 4 requests delivered, each page mapped and answered, DMA resumed each time");
}

void step_page_request_refused(void)
{
	struct engine *e = engine_get(0);
	struct iommu_hwpt_pgfault f;
	struct space s;
	unsigned int err;
	uint32_t queue;
	int fd;

	need_pri(e);
	space_init(&s, IOVA_A, host.page);
	queue = fault_queue_alloc(&fd);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, s.ioas, 0, queue));
	start_fill(e, IOVA_A + host.page - 0x100, ATTR, 0x200, 0x6262626262626262ull);
	next_request(fd, &f, e, IOVA_A + host.page, NO_PASID);
	fault_respond(fd, f.cookie, IOMMUFD_PAGE_RESP_INVALID);
	err = engine_wait(e, 0, &last);
	want_refused(err, HWDMA_ERR_PRI_REFUSED, IOVA_A + host.page, "page request answered 'invalid'");
	want_eq(last.bytes_done, 0x100);
	want_eq(not_byte(s.p + host.page - 0x100, 0x100, 0x62), 0x100);
	dma_fill(e, IOVA_A, ATTR, 0x100, 0x6363636363636363ull);
	want_eq(not_byte(s.p, 0x100, 0x63), 0x100);
	show("answered 'invalid': ERR_PRI_REFUSED at %#llx after 256 bytes; the engine goes on with mapped pages",
	     IOVA_A + host.page);
}

/* The user's own table lacks the page, on a PASID: nesting, PASID and page requests together. */
/* Many groups at once: the channels of one function wait for pages together, answers come in another order. */
void step_page_request_many(void)
{
	struct iommu_hwpt_pgfault f[16];
	struct engine *e = engine_get(0);
	uint32_t ioas, queue;
	unsigned int n;
	uint8_t *p;
	int fd;

	need_pri(e);
	n = e->channels < 8 ? e->channels : 8;
	p = mem_alloc(n * host.page);
	ioas = ioas_alloc();
	queue = fault_queue_alloc(&fd);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, ioas, 0, queue));
	for (unsigned int i = 0; i < n; i++) {
		struct hwdma_desc d = {
			.op = HWDMA_OP_WRITE, .dst = IOVA_C + i * host.page, .dst_attr = ATTR, .len = 8, .operand0 = i + 1,
		};

		engine_start(e, i, &d);
	}
	for (unsigned int i = 0; i < n; i++)
		want(fault_read(fd, &f[i], 2000), "%u of %u page requests arrive", i, n);
	want_eq(er32(e, HWDMA_PRI_OUTSTANDING), n);
	for (unsigned int i = n; i-- > 0; ) {
		uint64_t page = (f[i].addr - IOVA_C) / host.page;

		want(page < n, "page request for %#llx", (unsigned long long)f[i].addr);
		ioas_map(ioas, f[i].addr, p + page * host.page, host.page, RW);
		fault_respond(fd, f[i].cookie, IOMMUFD_PAGE_RESP_SUCCESS);
	}
	for (unsigned int i = 0; i < n; i++) {
		unsigned int err = engine_wait(e, i, &last);

		want(!err, "channel %u: %s", i, engine_error(err));
		want_eq(*(uint64_t *)(p + i * host.page), i + 1);
	}
	want_eq(er32(e, HWDMA_PRI_OUTSTANDING), 0);
	show("%u channels wait for %u pages at once, answered newest first, each write lands in its page", n, n);
}

/* Nobody answers, the device is detached: the kernel refuses for the user, and the device comes free. */
void step_page_request_detach(void)
{
	struct engine *e = engine_get(0);
	struct iommu_hwpt_pgfault f;
	unsigned int err;
	struct space s;
	uint32_t queue;
	int fd;

	need_pri(e);
	space_init(&s, IOVA_A, host.page);
	queue = fault_queue_alloc(&fd);
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, s.ioas, 0, queue));
	start_fill(e, IOVA_B, ATTR, 8, 1);
	next_request(fd, &f, e, IOVA_B, NO_PASID);
	vfio_detach(&e->dev);
	err = engine_wait(e, 0, &last);
	want(err == HWDMA_ERR_PRI_REFUSED, "detached with a request unanswered: %s", engine_error(err));
	vfio_attach(&e->dev, hwpt_alloc(e->dev.id, s.ioas, 0, queue));
	dma_fill(e, IOVA_A, ATTR, host.page, 0x6565656565656565ull);
	want_eq(not_byte(s.p, host.page, 0x65), host.page);
	show("detached with a request unanswered: the kernel answers 'invalid', ERR_PRI_REFUSED; attached again the engine works");
}

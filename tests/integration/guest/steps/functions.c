// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* More than one function: a second engine, a virtual function; and one function reset. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "steps.h"

void step_two_engines(void)
{
	struct engine *e0 = engine_get(0), *e1 = engine_get(1);
	struct space s0, s1;

	space_init(&s0, IOVA_A, SZ_64K);
	space_init(&s1, IOVA_A, SZ_64K);
	vfio_attach(&e0->dev, s0.ioas);
	vfio_attach(&e1->dev, s1.ioas);
	dma_fill(e0, IOVA_A, 0, SZ_64K, 0x1010101010101010ull);
	dma_fill(e1, IOVA_A, 0, SZ_64K, 0x2020202020202020ull);
	want_eq(not_byte(s0.p, SZ_64K, 0x10), SZ_64K);
	want_eq(not_byte(s1.p, SZ_64K, 0x20), SZ_64K);
	/* One space for both, then: the second engine reads what the first wrote. */
	vfio_attach(&e1->dev, s0.ioas);
	dma_fill(e0, IOVA_A + 0x1000, 0, SZ_4K, 0x3030303030303030ull);
	want_eq(try_check(e1, IOVA_A + 0x1000, 0, SZ_4K, 0x3030303030303030ull), HWDMA_ERR_NONE);
	want_eq(not_byte(s1.p, SZ_64K, 0x20), SZ_64K);
	show("%s and %s: the same IOVA in two spaces is two pages, in one shared space one", e0->dev.bdf, e1->dev.bdf);
}

/* The VF of the PF's link "virtfn0" */
static bool vf_of(const char *pf, char *bdf, size_t size)
{
	char path[128], target[256];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/virtfn0", pf);
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return false;
	target[n] = 0;
	snprintf(bdf, size, "%s", strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
	return true;
}

static struct engine vf = { .dev = { .fd = -1 } };

void step_sriov_vf(void)
{
	static const uint8_t token[16] = "hwiommu-vf-token";
	struct engine *pf = engine_get(0);
	char path[128], text[32], bdf[16];
	struct space a, b;
	bool bound = false;

	/* A step that failed in the middle left the VF open. */
	vfio_close(&vf.dev);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/sriov_totalvfs", pf->dev.bdf);
	want(read_file(path, text, sizeof(text)) && strcmp(text, "0"), "%s has no SR-IOV", pf->dev.bdf);
	vfio_set_token(&pf->dev, token);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/sriov_numvfs", pf->dev.bdf);
	write_file(path, "0");
	want(write_file(path, "1"), "a VF cannot be made: %s", path);
	for (unsigned int i = 0; i < 100 && !bound; i++) {
		if (vf_of(pf->dev.bdf, bdf, sizeof(bdf))) {
			char drv[128];

			snprintf(drv, sizeof(drv), "/sys/bus/pci/drivers/vfio-pci/%s", bdf);
			bound = !access(drv, F_OK);
		}
		if (!bound)
			msleep(10);
	}
	want(bound, "the VF is not bound to vfio-pci");
	vfio_open(&vf.dev, bdf, token);
	engine_identify(&vf);
	want(er32(&vf, HWDMA_CAP1) & HWDMA_CAP1_VF, "CAP1 %#x of the VF", er32(&vf, HWDMA_CAP1));

	space_init(&a, IOVA_A, SZ_64K);
	space_init(&b, IOVA_A, SZ_64K);
	vfio_attach(&pf->dev, a.ioas);
	vfio_attach(&vf.dev, b.ioas);
	dma_fill(pf, IOVA_A, 0, SZ_4K, 0x4444444444444444ull);
	dma_fill(&vf, IOVA_A, 0, SZ_4K, 0x5555555555555555ull);
	want_eq(not_byte(a.p, SZ_4K, 0x44), SZ_4K);
	want_eq(not_byte(b.p, SZ_4K, 0x55), SZ_4K);
	vfio_irqs_on(&vf.dev, 1);
	ew32(&vf, HWDMA_INT_TRIGGER, 0);
	want_eq(vfio_irq_wait(&vf.dev, 0, 1000), 1);
	vfio_release(&vf.dev);
	vfio_close(&vf.dev);
	want(write_file(path, "0"), "the VF cannot be removed");
	want(!vf_of(pf->dev.bdf, text, sizeof(text)), "the VF is still there");
	dma_fill(pf, IOVA_A, 0, SZ_4K, 0x6666666666666666ull);
	show("VF %s of %s with %u channels: its own domain at the same IOVA, its own interrupt; PF goes on after it went",
	     bdf, pf->dev.bdf, vf.channels);
}

void step_reset(void)
{
	struct engine *e = engine_get(0);
	uint32_t status, after;
	struct space s;

	space_init(&s, IOVA_A, SZ_64K);
	vfio_attach(&e->dev, s.ioas);
	status = er32(e, HWDMA_STATUS);
	dma_fill(e, IOVA_A, 0, SZ_4K, 1);
	ew32(e, HWDMA_MAX_PAYLOAD, 256);
	ew64(e, HWDMA_CH(0) + HWDMA_CH_DESC + HWDMA_DESC_SRC, 0x1234567);
	vfio_reset(&e->dev);
	want_eq(er32(e, HWDMA_ID), HWDMA_ID_VALUE);
	want_eq(er32(e, HWDMA_MAX_PAYLOAD), 4096);
	want_eq(er32(e, HWDMA_CH(0) + HWDMA_CH_SEQ), 0);
	want_eq(er64(e, HWDMA_CH(0) + HWDMA_CH_DESC + HWDMA_DESC_SRC), 0);
	vfio_bus_master(&e->dev, true);
	after = er32(e, HWDMA_STATUS);
	want(after == status, "STATUS %#x after the reset, %#x before", after, status);
	pattern(s.p, SZ_4K, 8);
	dma_copy(e, IOVA_A + 0x8000, IOVA_A, SZ_4K);
	want_eq(pattern_diff(s.p + 0x8000, SZ_4K, 8), SZ_4K);
	if (status & HWDMA_STATUS_ATS) {
		dma_copy_attr(e, IOVA_A + 0x9000, AT_ATC, IOVA_A, AT_ATC, SZ_4K);
		want_eq(pattern_diff(s.p + 0x9000, SZ_4K, 8), SZ_4K);
	}
	show("registers as after power-on, STATUS %#x as before, domain still attached, 4 KiB copied%s", after,
	     status & HWDMA_STATUS_ATS ? ", also through the ATC" : "");
}

/* A function that may not be bus master does nothing. */
void step_bus_master_off(void)
{
	struct engine *e = engine_get(0);
	struct space s;

	space_init(&s, IOVA_A, host.page);
	vfio_attach(&e->dev, s.ioas);
	vfio_bus_master(&e->dev, false);
	want_eq(try_write8(e, IOVA_A, 0, 1), HWDMA_ERR_NOT_ENABLED);
	want_eq(*(uint64_t *)s.p, 0);
	vfio_bus_master(&e->dev, true);
	dma_write8(e, IOVA_A, 0, 2);
	want_eq(*(uint64_t *)s.p, 2);
	show("bus mastering off: ERR_NOT_ENABLED, nothing written; on again: written");
}


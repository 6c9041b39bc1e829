// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* MSI-X through what isolates the interrupts of a device: every vector to its own eventfd. */
#include <stdio.h>
#include <string.h>

#include "steps.h"

/* How many lines of /proc/interrupts with this device's MSI-X go through what isolates MSIs ("IR-PCI-MSIX" with VT-d) */
static void count_remapped(const char *bdf, unsigned int *remapped, unsigned int *all)
{
	FILE *f = fopen("/proc/interrupts", "r");
	char line[512], name[40];

	*remapped = *all = 0;
	snprintf(name, sizeof(name), "](%s)", bdf);
	while (f && fgets(line, sizeof(line), f)) {
		if (!strstr(line, "vfio-msix[") || !strstr(line, name))
			continue;
		++*all;
		if (strstr(line, family->msi_chip))
			++*remapped;
	}
	if (f)
		fclose(f);
}

void step_msix(void)
{
	struct engine *e = engine_get(0);
	unsigned int n = e->vectors, remapped, all;
	struct space s;

	want_eq(e->dev.n_vectors, n);
	space_init(&s, IOVA_A, host.page);
	vfio_attach(&e->dev, s.ioas);
	vfio_irqs_on(&e->dev, n);
	count_remapped(e->dev.bdf, &remapped, &all);
	want(all == n, "%u of %u vectors in /proc/interrupts", all, n);
	want(remapped == n, "%u of %u vectors are remapped", remapped, n);

	for (unsigned int v = 0; v < n; v++) {
		uint64_t got;

		ew32(e, HWDMA_INT_TRIGGER, v);
		got = vfio_irq_wait(&e->dev, v, 1000);
		want(got == 1, "vector %u came %llu times", v, (unsigned long long)got);
		for (unsigned int o = 0; o < n; o++)
			want(!vfio_irq_wait(&e->dev, o, 0), "vector %u instead of %u", o, v);
	}
	/* At the end of an operation: the data are there when the interrupt is */
	for (unsigned int v = 0; v < n; v++) {
		struct hwdma_desc d = {
			.op = HWDMA_OP_WRITE | HWDMA_F_INT, .vector = v, .dst = IOVA_A + 8 * v, .len = 8,
			.operand0 = 0x1000 + v,
		};

		engine_start(e, v % e->channels, &d);
		want_eq(vfio_irq_wait(&e->dev, v, 1000), 1);
		want_eq(((volatile uint64_t *)s.p)[v], 0x1000 + v);
	}
	show("%u vectors, all %sX, triggered one by one and by finished operations: each once, at its own eventfd, no other",
	     n, family->msi_chip);
}

/* A ring of descriptors in memory, status records in memory, an interrupt at the end */
void step_ring(void)
{
	const unsigned int log2 = 6, n = 200;
	struct engine *e = engine_get(0);
	struct hwdma_status *status;
	uint8_t *p, *ring_mem;
	uint32_t ioas;
	struct ring r;
	unsigned int put = 0;

	p = mem_alloc(SZ_64K);
	ring_mem = mem_alloc(host.page);
	status = mem_alloc(2 * host.page);
	ioas = ioas_alloc();
	ioas_map(ioas, IOVA_A, p, SZ_64K, RW);
	ioas_map(ioas, IOVA_B, ring_mem, host.page, RO);
	ioas_map(ioas, IOVA_C, status, 2 * host.page, RW);
	vfio_attach(&e->dev, ioas);
	vfio_irqs_on(&e->dev, 2);
	ring_start(&r, e, 1, IOVA_B, ring_mem, log2, 0);
	while (put < n) {
		unsigned int batch = 0;

		for (; put < n && batch < 50; put++, batch++) {
			struct hwdma_desc d = {
				.op = HWDMA_OP_FILL | HWDMA_F_STATUS | (batch == 49 || put == n - 1 ? HWDMA_F_INT : 0),
				.vector = 1,
				.dst = IOVA_A + put * 256, .len = 256, .operand0 = 0x0101010101010101ull * (put & 0xff),
				.status = IOVA_C + put * sizeof(*status),
			};

			ring_put(&r, &d);
		}
		ring_kick(&r);
		want(vfio_irq_wait(&e->dev, 1, 2000) >= 1, "no interrupt after %u descriptors, head %u tail %u status %#x",
		     put, ring_head(&r), r.tail, er32(e, HWDMA_CH(1) + HWDMA_CH_STATUS));
		want(ring_drain(&r, 1000), "ring does not drain: head %u tail %u", ring_head(&r), r.tail);
	}
	for (unsigned int i = 0; i < n; i++) {
		want_eq(not_byte(p + i * 256, 256, i), 256);
		want_eq(HWDMA_CH_STATE(status[i].status), HWDMA_STATE_DONE);
		want_eq(status[i].seq, i + 1);
		want_eq(status[i].bytes_done, 256);
	}
	ring_stop(&r);
	show("%u descriptors through a ring of %u in read-only memory, %u status records in order, last one's interrupt seen",
	     n, 1u << log2, n);
}

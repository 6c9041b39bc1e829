// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The address space changes while a ring copies: no write may land where the device has no longer a right to be. */
#include <sched.h>
#include <string.h>

#include "steps.h"

#define LOG2	6
#define SIZE	(1u << LOG2)

/* Two spaces: the ring's memory is in both, the page written is another in each. */
struct load {
	struct engine *e;
	struct ring r;
	void *ring_mem;
	uint64_t *page[2];
	uint32_t ioas[2], hwpt[2];
};

static void load_start(struct load *l, struct engine *e)
{
	struct hwdma_desc d = { .op = HWDMA_OP_FETCH_ADD, .dst = IOVA_A, .len = 8, .operand0 = 1 };
	const size_t ring_len = (SIZE * HWDMA_DESC_SIZE + host.page - 1) & ~(host.page - 1);

	l->e = e;
	l->ring_mem = mem_alloc(ring_len);
	for (unsigned int i = 0; i < 2; i++) {
		l->page[i] = mem_alloc(host.page);
		l->ioas[i] = ioas_alloc();
		ioas_map(l->ioas[i], IOVA_A, l->page[i], host.page, RW);
		ioas_map(l->ioas[i], IOVA_B, l->ring_mem, ring_len, RW);
		l->hwpt[i] = hwpt_alloc(e->dev.id, l->ioas[i], 0, 0);
	}
	for (unsigned int i = 0; i < SIZE; i++)
		((struct hwdma_desc *)l->ring_mem)[i] = d;
	vfio_attach(&e->dev, l->hwpt[0]);
	ring_start(&l->r, e, 0, IOVA_B, l->ring_mem, LOG2, HWDMA_CH_CTRL_CONTINUE);
}

/* Keep the ring full: the descriptors are all alike, only the tail moves. Wakes a halted ring. */
static bool feed(struct load *l)
{
	unsigned int reg = HWDMA_CH(0) + HWDMA_CH_STATUS;
	bool halted = er32(l->e, reg) & HWDMA_CH_RING_HALTED;

	if (halted)
		ew32(l->e, HWDMA_CH(0) + HWDMA_CH_CTRL,
		     HWDMA_CH_CTRL_RING | HWDMA_CH_CTRL_CONTINUE | HWDMA_CH_CTRL_RESUME);
	l->r.tail = (ring_head(&l->r) + SIZE - 1) & (SIZE - 1);
	ring_kick(&l->r);
	return halted;
}

/* Feed until page @i has grown by @n */
static void run_until(struct load *l, unsigned int i, uint64_t n)
{
	volatile uint64_t *count = l->page[i];
	uint64_t target = *count + n;
	double end = now() + 5;

	while (*count < target) {
		feed(l);
		want(now() < end, "the ring makes no way: status %#x, head %u, tail %u, SEQ %u",
		     er32(l->e, HWDMA_CH(0) + HWDMA_CH_STATUS), ring_head(&l->r), l->r.tail,
		     er32(l->e, HWDMA_CH(0) + HWDMA_CH_SEQ));
		sched_yield();
	}
}

static uint64_t unmapped_errors(struct engine *e, uint64_t *others)
{
	uint64_t n = 0;

	*others = 0;
	for (unsigned int i = 1; i < HWDMA_ERR_MAX; i++) {
		uint32_t c = er32(e, HWDMA_ERROR_COUNT(i));

		if (i == HWDMA_ERR_UNMAPPED)
			n = c;
		else if (i != HWDMA_ERR_ABORTED)
			*others += c;
	}
	return n;
}

void step_replace_under_load(void)
{
	struct engine *e = engine_get(0);
	const unsigned int rounds = 30;
	uint64_t refused, others, before;
	struct load l;

	faults_drain();
	load_start(&l, e);
	for (unsigned int i = 1; i <= rounds; i++) {
		unsigned int is = i & 1;

		run_until(&l, !is, 20);
		feed(&l);
		vfio_attach(&e->dev, l.hwpt[is]);
		/* Attached means: nothing goes to the old space any more. */
		before = *(volatile uint64_t *)l.page[!is];
		run_until(&l, is, 20);
		want_eq(*(volatile uint64_t *)l.page[!is], before);
	}
	ring_stop(&l.r);
	refused = unmapped_errors(e, &others);
	want_eq(others, 0);
	faults_drain();
	show("%u replacements under a ring of atomic adds: %llu in one space, %llu in the other, none astray; %llu refused while the driver had the old domain off",
	     rounds, (unsigned long long)*l.page[0], (unsigned long long)*l.page[1], (unsigned long long)refused);
}

void step_detach_under_load(void)
{
	struct engine *e = engine_get(0);
	const unsigned int rounds = 10;
	uint64_t refused, others, before;
	struct load l;

	faults_drain();
	load_start(&l, e);
	for (unsigned int i = 0; i < rounds; i++) {
		run_until(&l, 0, 20);
		feed(&l);
		vfio_detach(&e->dev);
		before = *(volatile uint64_t *)l.page[0];
		for (unsigned int k = 0; k < 5; k++) {
			feed(&l);
			msleep(1);
		}
		want_eq(*(volatile uint64_t *)l.page[0], before);
		vfio_attach(&e->dev, l.hwpt[0]);
	}
	run_until(&l, 0, 20);
	ring_stop(&l.r);
	refused = unmapped_errors(e, &others);
	want(refused >= rounds, "%llu operations refused in %u detachments", (unsigned long long)refused, rounds);
	want_eq(others, 0);
	faults_drain();
	show("%u times detached under a ring of atomic adds: nothing written while detached, %llu refused; attached again it goes on, %llu adds in all",
	     rounds, (unsigned long long)refused, (unsigned long long)*l.page[0]);
}

/* Mappings come and go beside a ring that uses others of the same domain. */
void step_map_unmap_loop(void)
{
	struct engine *e = engine_get(0);
	const unsigned int rounds = 600, slots = 16;
	bool mapped[16] = { false };
	unsigned int maps = 0, unmaps = 0, writes = 0;
	struct load l;
	uint8_t *p;

	load_start(&l, e);
	p = mem_alloc(slots * SZ_64K);
	for (unsigned int i = 0; i < rounds; i++) {
		unsigned int s = rnd() % slots;
		uint64_t iova = IOVA_C + s * SZ_2M;

		feed(&l);
		if (mapped[s]) {
			ioas_unmap(l.ioas[0], iova, SZ_64K);
			unmaps++;
		} else {
			struct hwdma_desc d = {
				.op = HWDMA_OP_WRITE, .len = 8, .dst = iova + (rnd() % SZ_64K & ~7u), .operand0 = i,
			};
			unsigned int err;

			ioas_map(l.ioas[0], iova, p + s * SZ_64K, SZ_64K, RW);
			maps++;
			err = engine_run(e, 1, &d, &last);
			want(!err, "write to a new mapping: %s", engine_error(err));
			want_eq(*(uint64_t *)(p + s * SZ_64K + (d.dst - iova)), i);
			writes++;
		}
		mapped[s] = !mapped[s];
	}
	run_until(&l, 0, 100);
	want(!(er32(e, HWDMA_CH(0) + HWDMA_CH_STATUS) & HWDMA_CH_RING_HALTED), "the ring halted");
	ring_stop(&l.r);
	want_eq(er32(e, HWDMA_ERROR_COUNT(HWDMA_ERR_UNMAPPED)), 0);
	show("%u mapped, %u unmapped of 64 KiB beside a running ring, each new mapping written at once (%u); ring: %llu adds, 0 errors",
	     maps, unmaps, writes, (unsigned long long)*l.page[0]);
}

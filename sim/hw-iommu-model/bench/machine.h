/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the benchmarks share, so that rows of different families can be compared one by
 * one: a machine of flat memory in large pages, read by plain loads; random numbers that
 * repeat; the clock.
 *
 * A program names itself in BENCH_NAME before it includes this.
 */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "hwiommu/bits.h"
#include "hwiommu/hwiommu.h"

#define PAGE 4096u

struct machine {
	struct hwi_unit *unit;
	unsigned char *mem;
	uint64_t size;
	uint64_t next;
	uint64_t streams; /* table of requesters, where its place is fixed */
	uint64_t queue;
	uint32_t tail;	  /* of the queue, as its register has it */
};

static inline void die(const char *what)
{
	(void)fprintf(stderr, BENCH_NAME ": %s\n", what);
	exit(1);
}

static inline bool mem_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct machine *m = opaque;
	uint64_t a = hwi_hpa_val(addr);

	if (a >= m->size || len > m->size - a)
		return false;
	memcpy(buf, m->mem + a, len);
	return true;
}

static inline bool mem_write(void *opaque, hwi_hpa_t addr, const void *buf, size_t len)
{
	struct machine *m = opaque;
	uint64_t a = hwi_hpa_val(addr);

	if (a >= m->size || len > m->size - a)
		return false;
	memcpy(m->mem + a, buf, len);
	return true;
}

static inline enum hwi_cas mem_cas64(void *opaque, hwi_hpa_t addr, uint64_t expected, uint64_t desired)
{
	struct machine *m = opaque;
	uint64_t a = hwi_hpa_val(addr);

	if (a >= m->size)
		return HWI_CAS_ERROR;
	return __atomic_compare_exchange_n((uint64_t *)(void *)(m->mem + a), &expected, desired,
					   false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
		       ? HWI_CAS_DONE
		       : HWI_CAS_CHANGED;
}

static inline bool no_msi(void *opaque, uint64_t addr, uint32_t data)
{
	(void)opaque;
	(void)addr;
	(void)data;
	return true;
}

static const struct hwi_host_ops ops = {
	.read = mem_read,
	.write = mem_write,
	.cas64 = mem_cas64,
	.msi = no_msi,
};

static inline uint64_t alloc(struct machine *m, uint64_t pages)
{
	uint64_t a = m->next;

	m->next += pages * PAGE;
	if (m->next > m->size)
		die("out of the machine's memory");
	return a;
}

static inline uint64_t get(const struct machine *m, uint64_t addr)
{
	return hwi_ld64(m->mem + addr);
}

static inline void put(struct machine *m, uint64_t addr, uint64_t val)
{
	hwi_st64(m->mem + addr, val);
}

/* Memory as QEMU has a guest's: in large pages where the system gives them. */
static inline void *large_pages(uint64_t size)
{
	void *p = aligned_alloc(1u << 21, (size + (1u << 21) - 1) & ~UINT64_C(0x1fffff));

	if (!p)
		die("no memory");
	(void)madvise(p, size, MADV_HUGEPAGE);
	return p;
}

/* Memory for a machine, of which the first @first bytes are not given out; no unit yet. */
static inline void machine_memory(struct machine *m, uint64_t mib, uint64_t first)
{
	*m = (struct machine){ .size = mib << 20, .next = first };
	m->mem = large_pages(m->size);
	memset(m->mem, 0, m->size);
}

/* Its unit reads it by plain loads. */
static inline void machine_ram(struct machine *m)
{
	struct hwi_ram ram = { .base = hwi_hpa(0), .size = m->size, .host = m->mem };

	if (hwi_set_ram(m->unit, &ram, 1) != HWI_OK)
		die("no RAM");
}

static inline void machine_fini(struct machine *m)
{
	hwi_destroy(m->unit);
	free(m->mem);
}

static uint64_t rng_state = 0x2545f4914f6cdd1dull;

static inline uint64_t rng(void)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	rng_state ^= rng_state << 17;
	return rng_state;
}

static inline double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static inline void pin(void)
{
	cpu_set_t set;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	/* The last CPU: the first one often has the interrupts. Being refused is no error. */
	CPU_ZERO(&set);
	CPU_SET((size_t)(cpus > 0 ? cpus - 1 : 0), &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

#endif

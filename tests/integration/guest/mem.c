// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tour.h"

#define MAX_REGIONS	256

static struct { void *p; size_t len; bool device; } regions[MAX_REGIONS];
static unsigned int n_regions;
static uint32_t rnd_state = 1;

static void *map(size_t len, int flags, int fd, uint64_t offset)
{
	void *p;

	want(n_regions < MAX_REGIONS, "more than %d buffers in one step", MAX_REGIONS);
	p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | flags, fd, offset);
	if (p == MAP_FAILED)
		return NULL;
	regions[n_regions].p = p;
	regions[n_regions].device = fd >= 0;
	regions[n_regions++].len = len;
	return p;
}

void *mem_alloc(size_t len)
{
	void *p = map(len, MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	want(p, "mmap of %zu bytes: %s", len, strerror(errno));
	return p;
}

void *mem_huge(size_t len)
{
	void *p = map(len, MAP_ANONYMOUS | MAP_POPULATE | MAP_HUGETLB | (21 << MAP_HUGE_SHIFT), -1, 0);

	if (!p)
		skip("no 2 MiB huge pages in this guest: %s", strerror(errno));
	return p;
}

void *mem_device(int fd, uint64_t offset, size_t len)
{
	void *p = map(len, 0, fd, offset);

	want(p, "mmap of %zu bytes at %#llx: %s", len, (unsigned long long)offset, strerror(errno));
	return p;
}

void mem_release_devices(void)
{
	for (unsigned int i = 0; i < n_regions; i++)
		if (regions[i].device) {
			munmap(regions[i].p, regions[i].len);
			regions[i--] = regions[--n_regions];
		}
}

void mem_release_all(void)
{
	while (n_regions) {
		n_regions--;
		munmap(regions[n_regions].p, regions[n_regions].len);
	}
}

/* Each 8 bytes hold a mix of their own number and the seed, so no two places of a buffer are alike. */
static uint8_t pattern_byte(size_t i, uint32_t seed)
{
	uint64_t x = (i / 8 + 1) * 0x9e3779b97f4a7c15ull + seed * 0xd1342543de82ef95ull;

	return (x ^ x >> 29) >> 8 * (i % 8);
}

void pattern(void *p, size_t len, uint32_t seed)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)p)[i] = pattern_byte(i, seed);
}

size_t pattern_diff(const void *p, size_t len, uint32_t seed)
{
	for (size_t i = 0; i < len; i++)
		if (((const uint8_t *)p)[i] != pattern_byte(i, seed))
			return i;
	return len;
}

size_t first_diff(const void *a, const void *b, size_t len)
{
	if (!memcmp(a, b, len))
		return len;
	for (size_t i = 0; i < len; i++)
		if (((const uint8_t *)a)[i] != ((const uint8_t *)b)[i])
			return i;
	return len;
}

size_t not_byte(const void *p, size_t len, uint8_t byte)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < len; i++)
		if (b[i] != byte)
			return i;
	return len;
}

void rnd_seed(uint32_t seed)
{
	rnd_state = seed ? seed : 1;
}

/* xorshift32 */
uint32_t rnd(void)
{
	rnd_state ^= rnd_state << 13;
	rnd_state ^= rnd_state >> 17;
	rnd_state ^= rnd_state << 5;
	return rnd_state;
}

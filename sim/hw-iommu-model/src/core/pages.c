/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifdef __linux__
#define _DEFAULT_SOURCE /* madvise() */
#include <sys/mman.h>
#endif
#include <stdlib.h>

#include "pages.h"

#define CACHE_LINE ((size_t)64)

static size_t round_up(size_t size, size_t to)
{
	return (size + to - 1) & ~(to - 1);
}

/* Advice only: a system without large pages goes on without them. */
static void advise(unsigned char *p, size_t size)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
	(void)madvise(p + HWI_PAGES_LARGE, size - HWI_PAGES_LARGE, MADV_HUGEPAGE);
#else
	(void)p;
	(void)size;
#endif
}

void *hwi_pages_alloc(size_t size)
{
	unsigned char *p;

	if (size <= HWI_PAGES_LARGE)
		return aligned_alloc(CACHE_LINE, round_up(size, CACHE_LINE));
	size = round_up(size, HWI_PAGES_LARGE);
	p = aligned_alloc(HWI_PAGES_LARGE, size);
	if (p)
		advise(p, size);
	return p;
}

void hwi_pages_free(void *p)
{
	free(p);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Large blocks of memory that are used from their beginning on, most of them only a
 * little of it.
 *
 * Where the system has large pages, what lies behind the first one is asked for in
 * them: a block that is used a little stays small, and one that is used a lot costs
 * neither a page fault every few entries nor a TLB miss for each of them.
 */
#ifndef HWI_CORE_PAGES_H
#define HWI_CORE_PAGES_H

#include <stddef.h>

#define HWI_PAGES_LARGE ((size_t)1 << 21)

/* NULL: no memory. What is in it is undefined; it begins at a cache line at least. */
void *hwi_pages_alloc(size_t size);
void hwi_pages_free(void *p);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Allocations that fail: test programs are linked with --wrap for these functions. */
#ifndef TESTS_ALLOC_H
#define TESTS_ALLOC_H

/* The allocation that fails: 1 is the next one, 0 none. Counts down by itself. */
extern unsigned int alloc_fails;

#endif

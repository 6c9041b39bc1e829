/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Repeatable random numbers, and the two variables that steer every property
 * test: PROPERTY_SEED (printed with each failure) and PROPERTY_RUNS (percent of
 * the default number of rounds).
 */
#ifndef PROPERTY_RANDOM_H
#define PROPERTY_RANDOM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct rng {
	uint64_t s;
};

static inline uint64_t rnd(struct rng *r)
{
	uint64_t z = r->s += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0..n-1 */
static inline unsigned int below(struct rng *r, unsigned int n)
{
	return (unsigned int)(rnd(r) >> 33) % n;
}

/* True once in n */
static inline bool one_in(struct rng *r, unsigned int n)
{
	return below(r, n) == 0;
}

/* True in p of 1000 cases */
static inline bool permille(struct rng *r, unsigned int p)
{
	return below(r, 1000) < p;
}

static inline uint64_t property_env(const char *name, uint64_t otherwise)
{
	const char *v = getenv(name);

	return v && *v ? strtoull(v, NULL, 0) : otherwise;
}

static inline uint64_t property_seed(void)
{
	return property_env("PROPERTY_SEED", 1);
}

static inline unsigned int property_rounds(unsigned int normal)
{
	return (unsigned int)(normal * property_env("PROPERTY_RUNS", 100) / 100);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The cache that all caches of a unit are (src/core/cache.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "alloc.h"
#include "core/cache.h"

static struct hwi_cache_key key(uint64_t a, uint64_t b)
{
	return (struct hwi_cache_key){ a, b };
}

static void put(struct hwi_cache *c, uint64_t a, uint64_t b, uint32_t tag, uint64_t val)
{
	uint64_t *p = hwi_cache_payload(hwi_cache_fill(c, key(a, b), tag));

	*p = val;
}

/* The payload of an entry, or 0. */
static uint64_t get(const struct hwi_cache *c, uint64_t a, uint64_t b)
{
	const struct hwi_cache_entry *e = hwi_cache_find(c, key(a, b));

	return e ? *(const uint64_t *)hwi_cache_payload_const(e) : 0;
}

static void test_finds_what_was_filled(void **state)
{
	struct hwi_cache c;

	(void)state;
	assert_int_equal(hwi_cache_init(&c, 0, 1000, 8), HWI_OK);
	put(&c, 8, 1, 5, 100);
	put(&c, 8, 2, 5, 200);
	put(&c, 16, 1, 6, 300);
	assert_int_equal(get(&c, 8, 1), 100);
	assert_int_equal(get(&c, 8, 2), 200);
	assert_int_equal(get(&c, 16, 1), 300);
	assert_int_equal(get(&c, 16, 2), 0);
	put(&c, 8, 1, 6, 101); /* the same key again, of another domain */
	assert_int_equal(get(&c, 8, 1), 101);
	assert_int_equal(c.used, 3);
	assert_int_equal(hwi_cache_remove_tag(&c, 5, NULL, NULL), 1);
	assert_int_equal(get(&c, 8, 1), 101);
	hwi_cache_free(&c);
}

static void test_capacity_1_keeps_the_last(void **state)
{
	struct hwi_cache c;
	uint64_t evicted = 0;

	(void)state;
	assert_int_equal(hwi_cache_init(&c, 1, 1000, 8), HWI_OK);
	c.evicted = &evicted;
	put(&c, 8, 0, 1, 1);
	put(&c, 16, 0, 1, 2);
	put(&c, 24, 0, 2, 3);
	assert_int_equal(get(&c, 8, 0), 0);
	assert_int_equal(get(&c, 16, 0), 0);
	assert_int_equal(get(&c, 24, 0), 3);
	assert_int_equal(c.evictions, 2);
	assert_int_equal(evicted, 2);
	assert_int_equal(hwi_cache_remove_tag(&c, 1, NULL, NULL), 0);
	hwi_cache_free(&c);
}

static void test_the_least_recently_filled_is_evicted(void **state)
{
	struct hwi_cache c;

	(void)state;
	assert_int_equal(hwi_cache_init(&c, 3, 1000, 8), HWI_OK);
	for (uint64_t i = 1; i <= 3; i++)
		put(&c, 8 * i, 0, 0, i);
	assert_int_equal(get(&c, 8, 0), 1); /* hits do not count */
	put(&c, 16, 0, 0, 22);		    /* a fill does */
	put(&c, 32, 0, 0, 4);
	assert_int_equal(get(&c, 8, 0), 0);
	put(&c, 40, 0, 0, 5);
	assert_int_equal(get(&c, 24, 0), 0);
	assert_int_equal(get(&c, 16, 0), 22);
	/* A hole is filled before anything is evicted. */
	assert_true(hwi_cache_remove_key(&c, key(32, 0)));
	assert_false(hwi_cache_remove_key(&c, key(32, 0)));
	put(&c, 48, 0, 0, 6);
	assert_int_equal(get(&c, 16, 0), 22);
	assert_int_equal(get(&c, 40, 0), 5);
	hwi_cache_free(&c);
}

static void test_a_cache_that_is_off_holds_nothing(void **state)
{
	struct hwi_cache c;

	(void)state;
	assert_int_equal(hwi_cache_init(&c, HWI_CACHE_OFF, 1000, 8), HWI_OK);
	put(&c, 8, 0, 0, 1);
	assert_int_equal(get(&c, 8, 0), 0);
	assert_int_equal(c.used, 0);
	assert_int_equal(hwi_cache_first(&c), HWI_CACHE_NONE);
	assert_int_equal(hwi_cache_clear(&c), 0);
	hwi_cache_free(&c);
}

static void test_more_than_the_limit_is_the_limit(void **state)
{
	struct hwi_cache c;

	(void)state;
	assert_int_equal(hwi_cache_init(&c, 5000, 16, 8), HWI_OK);
	for (uint64_t i = 1; i <= 100; i++)
		put(&c, 8 * i, 0, 0, i);
	assert_int_equal(c.used, 16);
	hwi_cache_free(&c);
}

static void test_without_memory(void **state)
{
	struct hwi_cache c;

	(void)state;
	for (unsigned int n = 1; n <= 6; n++) {
		alloc_fails = (n + 1) / 2;
		/* Small, and of the size that is asked for in large pages. */
		assert_int_equal(hwi_cache_init(&c, 0, n % 2 ? 1000 : 1u << 20, 8), HWI_ENOMEM);
		assert_int_equal(alloc_fails, 0);
		assert_null(c.pool); /* and nothing is left to free */
	}
}

static bool is_odd(const struct hwi_cache_entry *e, const void *arg)
{
	(void)arg;
	return e->key.a >> 3 & 1;
}

/* Growth, removal and age of many entries, against an array that says who is there. */
static void test_many(void **state)
{
	enum { N = 20000 };
	static bool there[N];
	struct hwi_cache c;
	uint32_t n = 0;

	(void)state;
	assert_int_equal(hwi_cache_init(&c, 0, N, 8), HWI_OK);
	for (uint64_t i = 0; i < N; i++) {
		put(&c, i << 3 | i % 3, i * 77, (uint32_t)(i % 10), i + 1);
		there[i] = true;
	}
	assert_int_equal(c.used, N);
	assert_int_equal(c.classes, 7);
	assert_int_equal(hwi_cache_remove_if(&c, is_odd, NULL), N / 2);
	assert_int_equal(hwi_cache_remove_tag(&c, 4, NULL, NULL), N / 10);
	assert_int_equal(hwi_cache_remove_tag(&c, 6, is_odd, NULL), 0);
	for (uint64_t i = 0; i < N; i++) {
		there[i] = i % 2 == 0 && i % 10 != 4;
		assert_int_equal(get(&c, i << 3 | i % 3, i * 77), there[i] ? i + 1 : 0);
	}
	for (uint32_t i = hwi_cache_first(&c); i != HWI_CACHE_NONE; i = hwi_cache_next(&c, i)) {
		assert_true(there[hwi_cache_at(&c, i)->key.a >> 3]);
		n++;
	}
	assert_int_equal(n, c.used);
	assert_int_equal(hwi_cache_clear(&c), n);
	assert_int_equal(c.classes, 0);
	for (uint64_t i = 0; i < N; i++)
		assert_int_equal(get(&c, i << 3 | i % 3, i * 77), 0);
	put(&c, 8, 8, 1, 9);
	assert_int_equal(get(&c, 8, 8), 9);
	hwi_cache_free(&c);
}

/* Keys that differ in any one bit that a key has are told apart, in a chain or not. */
static void test_each_bit_of_a_key_counts(void **state)
{
	struct hwi_cache c;

	(void)state;
	assert_int_equal(hwi_cache_init(&c, 0, 1000, 8), HWI_OK);
	put(&c, 0, 0, 0, 1000);
	for (unsigned int i = 0; i < 64; i++) {
		put(&c, UINT64_C(1) << i, 0, 0, i + 1);
		put(&c, 0, UINT64_C(1) << i, 0, i + 101);
	}
	assert_int_equal(c.used, 129);
	assert_int_equal(get(&c, 0, 0), 1000);
	for (unsigned int i = 0; i < 64; i++) {
		assert_int_equal(get(&c, UINT64_C(1) << i, 0), i + 1);
		assert_int_equal(get(&c, 0, UINT64_C(1) << i), i + 101);
	}
	hwi_cache_free(&c);
}

/* Tags of 32 bits that share a chain are told apart. */
static void test_tags_of_32_bits(void **state)
{
	static const uint32_t tag[] = { 5, 0x00050000, 0xfffffffa, 0x12341231 };
	struct hwi_cache c;

	(void)state;
	assert_int_equal(hwi_cache_init(&c, 0, 1000, 8), HWI_OK);
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal((tag[i] ^ tag[i] >> 16) % HWI_CACHE_TAG_HEADS, 5);
		put(&c, 8 * i, 0, tag[i], i + 1);
		put(&c, 8 * i, 1, tag[i], i + 1);
	}
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(hwi_cache_remove_tag(&c, tag[i], NULL, NULL), 2);
		for (unsigned int j = 0; j < 4; j++)
			assert_int_equal(get(&c, 8 * j, 1), j > i ? j + 1 : 0);
	}
	hwi_cache_free(&c);
}

/*
 * Fill, replace, remove and clear at random in a small cache, against a list in the
 * order of filling.
 */
static void test_random_against_a_list(void **state)
{
	enum { N = 37, KEYS = 64 };
	struct {
		uint64_t key, val;
		uint32_t tag;
	} list[N + 1];
	unsigned int n = 0, r = 1;
	uint64_t evictions = 0;
	struct hwi_cache c;

	(void)state;
	assert_int_equal(hwi_cache_init(&c, N, 1000, 8), HWI_OK);
	for (unsigned int step = 0; step < 20000; step++) {
		uint32_t k, i;

		r = r * 1103515245 + 12345;
		k = r >> 16 & (KEYS - 1);
		if (r >> 22 & 15) { /* fill */
			for (i = 0; i < n && list[i].key != k; i++)
				;
			if (i == n && n == N) {
				evictions++;
				i = 0;
			}
			if (i < n)
				memmove(&list[i], &list[i + 1], (--n - i) * sizeof(list[0]));
			list[n].key = k;
			list[n].tag = k % 5;
			list[n++].val = step + 1;
			put(&c, (uint64_t)k << 3, k, k % 5, step + 1);
		} else {
			unsigned int kept = 0, what = r >> 26 & 15;

			for (i = 0; i < n; i++) {
				if (what == 0 || (what < 8 ? list[i].tag == k % 5 : list[i].key == k))
					continue;
				list[kept++] = list[i];
			}
			if (what == 0)
				assert_int_equal(hwi_cache_clear(&c), n);
			else if (what < 8)
				assert_int_equal(hwi_cache_remove_tag(&c, k % 5, NULL, NULL),
						 n - kept);
			else
				assert_int_equal(hwi_cache_remove_key(&c, key((uint64_t)k << 3, k)),
						 n != kept);
			n = kept;
		}
		assert_int_equal(c.used, n);
		assert_int_equal(c.evictions, evictions);
		k = hwi_cache_first(&c);
		for (i = 0; i < n; i++, k = hwi_cache_next(&c, k)) {
			assert_int_equal(hwi_cache_at(&c, k)->key.b, list[i].key);
			assert_int_equal(get(&c, list[i].key << 3, list[i].key), list[i].val);
		}
		assert_int_equal(k, HWI_CACHE_NONE);
	}
	hwi_cache_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_what_was_filled),
		cmocka_unit_test(test_capacity_1_keeps_the_last),
		cmocka_unit_test(test_the_least_recently_filled_is_evicted),
		cmocka_unit_test(test_a_cache_that_is_off_holds_nothing),
		cmocka_unit_test(test_more_than_the_limit_is_the_limit),
		cmocka_unit_test(test_without_memory),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_each_bit_of_a_key_counts),
		cmocka_unit_test(test_tags_of_32_bits),
		cmocka_unit_test(test_random_against_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

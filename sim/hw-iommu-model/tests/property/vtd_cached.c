/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Properties of a unit that caches, with software that keeps the rules:
 * - after a full invalidation it does what a unit without history does;
 * - and so it does after the least invalidation that Table 28 owes for a change;
 * - and a unit restored from a saved state goes on in its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "vtd-agree.h"
#include "vtd-owed.h"

static struct machine machine;
static struct coverage coverage;
static struct agree agree = { .m = &machine, .coverage = &coverage };
static const char *last_change;
static uint64_t hits, misses;
static unsigned int moves;

static void fail_request(struct software *s, uint64_t seed, const struct oracle_request *q)
{
	fprintf(stderr, "PROPERTY_SEED=%llu PROPERTY_RUNS=0 reproduces; last change: %s\n",
		(unsigned long long)seed, last_change);
	for (unsigned int i = 0; i < s->n_sent; i++)
		fprintf(stderr, "  descriptor %016llx %016llx\n",
			(unsigned long long)s->sent[i][0],
			(unsigned long long)s->sent[i][1]);
	print_request(q);
	print_way(&machine, q);
	fail_msg("seed %llu, after a change of a %s: %s", (unsigned long long)seed,
		 last_change, agree.why);
}

static uint32_t capacity(struct rng *r)
{
	static const unsigned short some[] = { 1, 2, 5, 16, 64, 512, 512, 512 };

	return some[below(r, 8)];
}

static void new_world(struct world *w, struct software *s, uint64_t seed,
		      const struct hwi_vtd_config *full)
{
	struct hwi_vtd_config config;
	const char *why = NULL;

	*w = (struct world){ .r = { seed }, .m = &machine, .coherent = true };
	*s = (struct software){ .w = w };
	for (unsigned int i = 0; i < 4; i++)
		rnd(&w->r);
	config = random_config(&w->r, full, one_in(&w->r, 2) ? 1000 : 12,
			       B(ECAP_SMTS) * !one_in(&w->r, 12));
	config.cap |= one_in(&w->r, 3) ? B(7) : 0;	/* CM */
	config.negative_caching = has(config.cap, 7) && !one_in(&w->r, 4);
	config.caches = (struct hwi_vtd_caches){
		capacity(&w->r), capacity(&w->r), capacity(&w->r),
		capacity(&w->r), capacity(&w->r), capacity(&w->r),
	};
	if (seed % 256 == 0)	/* without limit: much address space, so rarely */
		config.caches = (struct hwi_vtd_caches){ 0 };
	if (hwi_vtd_config_check(&config, &why) != HWI_OK)
		fail_msg("seed %llu: cap %llx ecap %llx refused: %s",
			 (unsigned long long)seed, (unsigned long long)config.cap,
			 (unsigned long long)config.ecap, why);
	machine.base = one_in(&w->r, 3) ? 0 : (rnd(&w->r) & (B(config.haw) - 1)) &
			~UINT64_C(0x1fffff);
	assert_true(machine_new_unit(&machine, &config));

	w->ttm = has(config.ecap, ECAP_SMTS) ? !one_in(&w->r, 4) : 0;
	w->ssirwe = w->ttm == 1 && has(config.ecap, ECAP_SSIRWS) && one_in(&w->r, 4);
	s->registers = w->ttm == 0 && config.ver_major <= 5 && one_in(&w->r, 2);
	s->wide = w->ttm == 1 || (has(config.ecap, ECAP_SMTS) && one_in(&w->r, 2));
	choose_dirt(w);
	/* damage at the top hides everything below: less of it than elsewhere */
	w->dirt[S_ROOT] /= 20;
	w->dirt[S_CONTEXT] /= 10;
	w->dirt[S_DIRECTORY] /= 10;
	w->dirt[S_PASID] /= 4;
	w->dirt[S_FS] /= 2;
	w->dirt[S_SS] /= 2;
	fill_world(w);
	if (one_in(&w->r, 5))
		for (unsigned int i = 0; i < 3; i++)
			machine.kind[below(&w->r, P_ROOT)] = PAGE_READ_ONLY;

	if (one_in(&w->r, 2))
		assert_int_equal(machine_map_ram(&machine), HWI_OK);
	assert_true(software_start(s));
	assert_true(machine_set_root(&machine, world_rtaddr(w)));
	/* from reset nothing is cached, but a good driver starts clean */
	everything_global(s);
	queue_sync(s);
	assert_true(machine_command(&machine, G_TE, true));
	machine.oc.tes = true;
	last_change = "nothing";
}

/* A request that, if possible, gets through */
static struct oracle_request promising(struct world *w)
{
	static struct oracle_answer answer[MAX_ANSWERS];
	struct oracle_memory memory = oracle_side(&machine);
	struct oracle_request q;

	for (unsigned int i = 0; i < 4; i++) {
		q = world_request(w);
		if (oracle_translate(&machine.oc, &memory, &q, answer, MAX_ANSWERS) > 0 &&
		    !answer[0].code)
			break;
	}
	return q;
}

/* Some addresses come again and again, so that caches are hit */
static void use(struct world *w, struct software *s, uint64_t seed,
		struct oracle_request *habit, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct oracle_request *q = &habit[below(&w->r, 12)], again;

		if (one_in(&w->r, 4))
			*q = promising(w);
		again = *q;
		if (again.kind != ORACLE_TRANSLATION && one_in(&w->r, 3))
			again.access = one_in(&w->r, 2) ? ORACLE_READ : ORACLE_WRITE;
		if (again.access != ORACLE_READ)
			again.zero_length = again.execute = false;
		again.addr ^= rnd(&w->r) & 0xff8;
		if (!agree_on(&agree, &again))
			fail_request(s, seed, &again);
	}
}

/* Another unit takes over in the middle, as in a migration */
static void move(struct world *w)
{
	size_t size = hwi_save_size(machine.unit);
	void *state = malloc(size);

	assert_non_null(state);
	assert_int_equal(hwi_save(machine.unit, state, size), HWI_OK);
	hits += hwi_stat_get(machine.unit, HWI_STAT_IOTLB_HITS);
	misses += hwi_stat_get(machine.unit, HWI_STAT_IOTLB_MISSES);
	hwi_destroy(machine.unit);
	machine.unit = NULL;
	assert_int_equal(hwi_vtd_create(&machine.config, &machine_ops, &machine,
					&machine.unit), HWI_OK);
	assert_int_equal(hwi_restore(machine.unit, state, size), HWI_OK);
	free(state);
	moves++;
	hits -= hwi_stat_get(machine.unit, HWI_STAT_IOTLB_HITS);
	misses -= hwi_stat_get(machine.unit, HWI_STAT_IOTLB_MISSES);
	if (one_in(&w->r, 2))
		assert_int_equal(machine_map_ram(&machine), HWI_OK);
}

static void reload(struct world *w, struct software *s)
{
	s->n_sent = 0;
	switch (below(&w->r, 3)) {
	case 0:		/* everything anew */
		fill_paging(w);
		if (w->ttm == 1)
			fill_pasid(w);
		fill_root(w);
		last_change = "everything";
		break;
	case 1:
		fill_paging(w);
		last_change = "all paging entries";
		break;
	default:
		fill_root(w);
		last_change = "root and context entries";
		break;
	}
	/* SRTP drops everything by itself if ESRTPS says so */
	if (one_in(&w->r, 4)) {
		assert_true(machine_set_root(&machine, world_rtaddr(w)));
		if (has(machine.oc.cap, 63))
			return;
	}
	everything_global(s);
	queue_sync(s);
}

static void run(bool least, unsigned int rounds)
{
	uint64_t seed = property_seed();
	struct hwi_vtd_config full;
	struct oracle_request habit[12];
	unsigned int changes[C_COUNT] = { 0 };
	struct software s;
	struct world w;

	hwi_vtd_config_init(&full);
	assert_true(machine_init(&machine));
	memset(&coverage, 0, sizeof(coverage));
	hits = misses = moves = 0;
	for (unsigned int i = 0; i < (rounds ? rounds : 1); i++) {
		new_world(&w, &s, seed + i, &full);
		for (unsigned int j = 0; j < 12; j++)
			habit[j] = promising(&w);
		for (unsigned int j = 0; j < 24; j++) {
			use(&w, &s, seed + i, habit, 16);
			if (one_in(&w.r, 24) && (seed + i) % 256)
				move(&w);
			if (least) {
				enum change what = change_something(&s);

				last_change = change_name[what];
				changes[what]++;
			} else {
				reload(&w, &s);
			}
			if (s.failed)
				fail_msg("seed %llu: an invalidation does not complete",
					 (unsigned long long)(seed + i));
		}
		hits += hwi_stat_get(machine.unit, HWI_STAT_IOTLB_HITS);
		misses += hwi_stat_get(machine.unit, HWI_STAT_IOTLB_MISSES);
	}
	fprintf(stderr, "%u requests, %u passed, %u translation requests got rights, %llu hits and %llu misses of the IOTLB, %u moves\n",
		coverage.requests, coverage.passed, coverage.ats_rights,
		(unsigned long long)hits, (unsigned long long)misses, moves);
	/* a property of caches says nothing if they are not used */
	if (rounds > 100)
		assert_true(hits > coverage.requests / 50);
	for (unsigned int i = 0; least && i < C_COUNT; i++) {
		fprintf(stderr, "%u changes of a %s\n", changes[i], change_name[i]);
		if (rounds > 100)
			assert_true(changes[i] > 0);
	}
	machine_free(&machine);
	memset(&machine, 0, sizeof(machine));
}

static void full_invalidation_leaves_nothing_stale(void **state)
{
	(void)state;
	run(false, property_rounds(400));
}

static void least_owed_invalidation_leaves_nothing_stale(void **state)
{
	(void)state;
	run(true, property_rounds(1400));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_invalidation_leaves_nothing_stale),
		cmocka_unit_test(least_owed_invalidation_leaves_nothing_stale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

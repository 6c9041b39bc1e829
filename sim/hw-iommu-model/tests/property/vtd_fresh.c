/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Property: a unit without history does what the specification says, for random
 * tables, random requests and random capability sets; and in one run every DMA
 * fault reason comes up, recorded and silenced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "vtd-agree.h"
#include "vtd-expect.h"
#include "vtd-world.h"

static struct machine machine;
static struct coverage coverage;
static struct agree agree = { .m = &machine, .coverage = &coverage };

static void fail_request(uint64_t seed, const struct oracle_request *q)
{
	fprintf(stderr, "PROPERTY_SEED=%llu PROPERTY_RUNS=0 reproduces\n",
		(unsigned long long)seed);
	print_request(q);
	print_way(&machine, q);
	fail_msg("seed %llu: %s", (unsigned long long)seed, agree.why);
}

/* Table pages that do not answer, or refuse A/D updates */
static void spoil_pages(struct world *w)
{
	if (one_in(&w->r, 12))
		machine.kind[below(&w->r, P_LAST)] = PAGE_HOLE;
	if (one_in(&w->r, 4))
		for (unsigned int i = 0; i < 4; i++)
			machine.kind[below(&w->r, P_ROOT)] = PAGE_READ_ONLY;
}

static void start(struct world *w, uint64_t rtaddr, bool tes)
{
	hwi_reset(machine.unit, true);
	if (one_in(&w->r, 2))
		assert_int_equal(machine_map_ram(&machine), HWI_OK);
	else
		assert_int_equal(hwi_set_ram(machine.unit, NULL, 0), HWI_OK);
	assert_true(machine_set_root(&machine, rtaddr));
	machine.oc.tes = tes;
	if (tes)
		assert_true(machine_command(&machine, G_TE, true));
}

static void one_world(uint64_t seed, const struct hwi_vtd_config *full)
{
	struct world w = { .r = { seed }, .m = &machine };
	struct hwi_vtd_config config;
	const char *why = NULL;
	uint64_t rtaddr;
	bool tes;

	for (unsigned int i = 0; i < 4; i++)
		rnd(&w.r);
	config = random_config(&w.r, full, one_in(&w.r, 2) ? 1000 : 8, 0);
	config.caches = (struct hwi_vtd_caches){ 16, 16, 16, 16, 16, 16 };
	if (hwi_vtd_config_check(&config, &why) != HWI_OK)
		fail_msg("seed %llu: cap %llx ecap %llx refused: %s",
			 (unsigned long long)seed, (unsigned long long)config.cap,
			 (unsigned long long)config.ecap, why);
	machine.base = one_in(&w.r, 3) ? 0 : (rnd(&w.r) & (B(config.haw) - 1)) &
			~UINT64_C(0x1fffff);
	if (one_in(&w.r, 3))
		machine.base &= B(32) - 1;
	assert_true(machine_new_unit(&machine, &config));

	w.ttm = has(config.ecap, ECAP_SMTS) ? !one_in(&w.r, 4) : 0;
	w.ssirwe = w.ttm == 1 && has(config.ecap, ECAP_SSIRWS) && one_in(&w.r, 4);
	choose_dirt(&w);
	fill_world(&w);
	spoil_pages(&w);

	rtaddr = world_rtaddr(&w);
	if (one_in(&w.r, 30))
		rtaddr = put_field(rtaddr, 11, 10, below(&w.r, 4));
	else if (one_in(&w.r, 40))
		rtaddr = put_field(rtaddr, 63, 12, page_at(&w, P_HOLE) >> 12);
	else if (one_in(&w.r, 40))
		rtaddr |= B(7);
	tes = !one_in(&w.r, 40);

	for (unsigned int i = 0; i < 24; i++) {
		struct oracle_request q = world_request(&w);

		start(&w, rtaddr, tes);
		if (!agree_on(&agree, &q))
			fail_request(seed, &q);
	}
}

static void fresh_unit_does_what_the_specification_says(void **state)
{
	unsigned int rounds = property_rounds(14000);
	uint64_t seed = property_seed();
	struct hwi_vtd_config full;

	(void)state;
	hwi_vtd_config_init(&full);
	full.ecap |= B(ECAP_EIMER) | B(ECAP_IRREQ);
	assert_true(machine_init(&machine));
	for (unsigned int i = 0; i < (rounds ? rounds : 1); i++)
		one_world(seed + i, &full);
	machine_free(&machine);
}

static void every_dma_fault_reason_comes_up(void **state)
{
	unsigned int missing = print_coverage(&coverage);

	(void)state;
	if (property_env("PROPERTY_RUNS", 100) < 100)
		fprintf(stderr, "PROPERTY_RUNS is below 100: %u reasons missing, not judged\n",
			missing);
	else
		assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh_unit_does_what_the_specification_says),
		cmocka_unit_test(every_dma_fault_reason_comes_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Property: an SMMUv3 unit without history does what the specification says, for
 * random streams, contexts, tables and transactions; and in one run every event
 * that an ordinary transaction can raise comes up, recorded and silenced.
 */
#include "smmu-world.h"

/* ---- the property ---- */

static unsigned int seen[0x14][2]; /* code; recorded? */
static unsigned int seen_end[SMMU_O_RETRY];

static void one_world(uint64_t seed)
{
	struct world w = { .r = { seed } };

	for (unsigned int i = 0; i < 4; i++)
		rnd(&w.r);
	random_config(&w);
	base = one_in(&w.r, 3) ? 0 : (rnd(&w.r) & (BIT(30 + below(&w.r, 14)) - 1)) & ~(MEM_SIZE - 1);
	assert_int_equal(hwi_smmuv3_create(&w.cfg, &host, NULL, &unit), HWI_OK);
	for (unsigned int i = 0; i < 24; i++) {
		struct smmu_oracle_request q;
		struct smmu_oracle_answer a;

		/* A new world now and then: updates change the one there is */
		if (i % 8 == 0)
			build(&w);
		q = random_request(&w);
		start(&w);
		smmu_oracle(&w.ou, &q, &a);
		if (!a.either) {
			seen_end[a.end]++;
			if (a.code < 0x14)
				seen[a.code][a.recorded]++;
		}
		if (!agree(&q, &a) || (!a.either && !same_updates(&a))) {
			fprintf(stderr, "PROPERTY_SEED=%llu PROPERTY_RUNS=0 reproduces (request %u)\n",
				(unsigned long long)seed, i);
			fprintf(stderr,
				"sid %x ssid %x/%d addr %llx access %d inst %d priv %d config %u end %d code %#x\n",
				q.sid, q.ssid, q.ssv, (unsigned long long)q.addr, q.access, q.inst,
				q.priv, w.config, a.end, a.code);
			fail_msg("seed %llu: %s", (unsigned long long)seed, why);
		}
	}
	hwi_destroy(unit);
}

static void fresh_unit_does_what_the_specification_says(void **state)
{
	unsigned int rounds = property_rounds(4000);
	uint64_t seed = property_seed();

	(void)state;
	mem = calloc(1, MEM_SIZE);
	assert_non_null(mem);
	for (unsigned int i = 0; i < (rounds ? rounds : 1); i++)
		one_world(seed + i);
	free(mem);
}

static void every_event_of_a_transaction_comes_up(void **state)
{
	static const struct {
		unsigned char code;
		bool silent; /* can be silenced */
	} codes[] = {
		{ 0x02, true },	 { 0x03, false }, { 0x04, false }, { 0x06, false }, { 0x08, false },
		{ 0x09, false }, { 0x0a, false }, { 0x0b, false }, { 0x10, true },  { 0x11, true },
		{ 0x12, true },	 { 0x13, true },
	};
	unsigned int missing = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		unsigned int c = codes[i].code;

		if (!seen[c][1] || (codes[i].silent && !seen[c][0])) {
			fprintf(stderr, "event %#x: recorded %u, silent %u\n", c, seen[c][1],
				seen[c][0]);
			missing++;
		}
	}
	for (unsigned int e = 0; e < SMMU_O_RETRY; e++)
		missing += !seen_end[e];
	if (property_env("PROPERTY_RUNS", 100) < 100)
		fprintf(stderr, "PROPERTY_RUNS is below 100: %u missing, not judged\n", missing);
	else
		assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh_unit_does_what_the_specification_says),
		cmocka_unit_test(every_event_of_a_transaction_comes_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Property: a descriptor that changes in memory has no effect on a transaction that
 * was translated before, until it is invalidated; and after each invalidation that
 * covers it, the unit does what one without history does.
 */
#include "smmu-world.h"

#define CMDQ (frame_pa(FRAME_EVENTQ) + 0x8000)

static uint32_t cmdq_prod;

static void command(uint64_t dw0, uint64_t dw1)
{
	set(CMDQ + (cmdq_prod & 15) * 16, dw0);
	set(CMDQ + (cmdq_prod & 15) * 16 + 8, dw1);
	cmdq_prod = (cmdq_prod + 1) & 31;
	wr32(0x98, cmdq_prod);
	settle();
	/* Consumed, and no CMDQ_ERR */
	if (hwi_mmio_read(unit, 0x9c, 4) != cmdq_prod || hwi_mmio_read(unit, 0x60, 4))
		fail_msg("queue entry %#llx %#llx: CONS %#llx GERROR %#llx", (unsigned long long)dw0,
			 (unsigned long long)dw1, (unsigned long long)hwi_mmio_read(unit, 0x9c, 4),
			 (unsigned long long)hwi_mmio_read(unit, 0x60, 4));
}

static void sync_commands(void)
{
	command(0x46, 0);
}

static void start_with_queue(const struct world *w)
{
	start(w);
	wr64(0x90, CMDQ | 4);
	wr32(0x98, 0);
	wr32(0x9c, 0);
	cmdq_prod = 0;
	wr32(0x20, 12u | w->ou.smmuen);
	settle();
}

/* Software reads its events and answers stalls, so that the queue never fills. */
static void consume(const struct smmu_oracle_request *q)
{
	uint32_t prod = (uint32_t)hwi_mmio_read(unit, 0x100a8, 4);

	for (; evq_prod != prod; evq_prod = (evq_prod + 1) & 31) {
		uint64_t dw1 = get(frame_pa(FRAME_EVENTQ) + (evq_prod & 15) * 32 + 8);

		if (dw1 & BIT(31)) /* RESUME, Ac=0 Ab=1 */
			command((uint64_t)q->sid << 32 | BIT(13) | 0x44, dw1 & 0xffff);
	}
	wr32(0x100ac, prod);
}

#define WARM 12u

enum kind { STREAM, CONTEXT, TABLE };

static enum kind kind_of(uint64_t at)
{
	uint64_t frame = (at - base) / FRAME;

	return frame == FRAME_STREAM ? STREAM : frame < FRAME_DATA ? CONTEXT : TABLE;
}

/* One way of several to invalidate what came of a structure. */
static void invalidate(struct world *w, const struct smmu_oracle_request *q, enum kind kind)
{
	uint64_t sid = (uint64_t)w->sid << 32;
	uint64_t vmid = (get(frame_pa(FRAME_STREAM) + w->sid * 64 + 16) & 0xffff) << 32;
	struct rng *r = &w->r;
	bool s2p = w->cfg.idr0 & 1, s1p = w->cfg.idr0 & 2;
	bool all_vmids = true;

	switch (kind) {
	case STREAM:
		if (one_in(r, 2)) {
			/* A level 1 descriptor is of many streams */
			for (unsigned int i = 0; i < WARM; i++)
				command((uint64_t)q[i].sid << 32 | 0x03, 0);
		} else {
			command(0x04, one_in(r, 2) ? 31 : 16);
		}
		break;
	case CONTEXT:
		/* Units without stage 1 have no commands for CDs */
		switch (s1p ? below(r, 3) : 2) {
		case 0:
			/* A level 1 descriptor is of many contexts; the first serves without SSID */
			command(sid | 0x05, 0);
			for (unsigned int i = 0; i < WARM; i++)
				command(sid | (uint64_t)q[i].ssid << 12 | 0x05, 0);
			break;
		case 1:
			command(sid | 0x06, 0);
			break;
		default:
			command(sid | 0x03, 0);
		}
		break;
	case TABLE:
		all_vmids = !s2p || one_in(r, 2);
		/* CDs that were fetched through stage 2 stay, unlike the way to them (§4.4) */
		if (s1p && (get(frame_pa(FRAME_STREAM) + w->sid * 64) >> 1 & 7) == 7)
			command(sid | 0x06, 0);
	}
	/* TLBI_NSNH_ALL or TLBI_S12_VMALL, and TLBI_EL2_ALL where there is an EL2 */
	command(all_vmids ? 0x30 : vmid | 0x28, 0);
	if (w->cfg.idr0 & BIT(9))
		command(0x20, 0);
	sync_commands();
}

static void check(struct world *w, const struct smmu_oracle_request *q, uint64_t seed,
		  const char *when)
{
	struct smmu_oracle_answer a;

	smmu_oracle(&w->ou, q, &a);
	if (!agree(q, &a)) {
		fprintf(stderr, "PROPERTY_SEED=%llu PROPERTY_RUNS=0 reproduces\n",
			(unsigned long long)seed);
		fprintf(stderr,
			"sid %x ssid %x/%d addr %llx access %d inst %d priv %d config %u end %d code %#x\n",
			q->sid, q->ssid, q->ssv, (unsigned long long)q->addr, q->access, q->inst,
			q->priv, w->config, a.end, a.code);
		fail_msg("seed %llu: %s: %s", (unsigned long long)seed, when, why);
	}
	consume(q);
}

/* The queues are no tables: they change without anybody's mutation. */
static bool names_queues(const struct world *w, uint64_t d)
{
	uint64_t queues = frame_pa(FRAME_EVENTQ), a = d & (BIT(48) - BIT(12));

	return a - queues < FRAME || a - (queues + w->to_ipa) < FRAME;
}

static void mutate(struct world *w, uint64_t at)
{
	uint64_t was = get(at), d;

	do {
		d = was ^ BIT(one_in(&w->r, 2) ? below(&w->r, 12) : below(&w->r, 64));
	} while (names_queues(w, d));
	set(at, d);
}

static unsigned int stale, changed;

static void one_world(uint64_t seed)
{
	struct world w = { .r = { seed } };
	struct smmu_oracle_request q[WARM];
	struct hwi_response before[WARM], after;
	struct smmu_oracle_answer a;

	for (unsigned int i = 0; i < 4; i++)
		rnd(&w.r);
	random_config(&w);
	w.cfg.caches = (struct hwi_smmuv3_caches){ 64, 64, 64, 64, 512, 512, 512, 512 };
	base = one_in(&w.r, 3) ? 0 : (rnd(&w.r) & (BIT(30 + below(&w.r, 14)) - 1)) & ~(MEM_SIZE - 1);
	assert_int_equal(hwi_smmuv3_create(&w.cfg, &host, NULL, &unit), HWI_OK);
	build(&w);
	hole = FRAMES;
	for (unsigned int i = 0; i < w.n_desc; i++) {
		if (names_queues(&w, get(w.desc[i])))
			set(w.desc[i], 0);
	}
	start_with_queue(&w);
	for (unsigned int i = 0; i < WARM; i++) {
		q[i] = random_request(&w);
		/* The streams' frame ends at StreamID 0x400, where the queues begin */
		if (q[i].sid >= 0x400)
			q[i].sid = w.sid;
	}
	for (unsigned int round = 0; round < 12; round++) {
		uint64_t at;

		for (unsigned int i = 0; i < WARM; i++) {
			check(&w, &q[i], seed, "warm");
			check(&w, &q[i], seed, "again");
		}
		at = w.desc[below(&w.r, w.n_desc)];
		for (unsigned int i = 0; i < WARM; i++) {
			(void)ask(&q[i], &before[i]);
			consume(&q[i]);
		}
		mutate(&w, at);
		for (unsigned int i = 0; i < WARM; i++) {
			/* What was translated stays so (§3.21.3: until the invalidation) */
			if (q[i].access != SMMU_O_READ || before[i].outcome != HWI_SUCCESS)
				continue;
			(void)ask(&q[i], &after);
			consume(&q[i]);
			if (after.outcome != HWI_SUCCESS ||
			    hwi_hpa_val(after.addr) != hwi_hpa_val(before[i].addr))
				fail_msg("seed %llu: a change without invalidation was seen",
					 (unsigned long long)seed);
			smmu_oracle(&w.ou, &q[i], &a);
			stale += a.end != SMMU_O_OK || a.addr != hwi_hpa_val(after.addr);
		}
		invalidate(&w, q, kind_of(at));
		changed++;
	}
	hwi_destroy(unit);
}

static void change_is_seen_after_its_invalidation_and_not_before(void **state)
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

static void stale_answers_came_up(void **state)
{
	(void)state;
	if (property_env("PROPERTY_RUNS", 100) >= 100)
		assert_true(stale > changed / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(change_is_seen_after_its_invalidation_and_not_before),
		cmocka_unit_test(stale_answers_came_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

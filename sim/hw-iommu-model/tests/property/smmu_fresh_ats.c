/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Property: ATS of an SMMUv3 unit without history. A translation request is granted what ordinary transactions to the same
 * address may do, over all of the size that is answered; a translated transaction passes, is translated by stage 2, or is
 * refused as its stream says (SMMUv3 §3.9.1, §13.6, §13.7).
 */
#include "smmu-world.h"

enum { RIGHTS_NONE, RIGHTS_SOME, UR, CA, TRANSLATED_OK, TRANSLATED_REFUSED, KINDS };
static unsigned int seen[KINDS][2]; /* recorded? */

/* EATS as a stream with ATS has it most of the time. */
static void with_ats(struct world *w)
{
	uint64_t ste = frame_pa(FRAME_STREAM) + w->sid * 64 + 8;
	unsigned int eats = one_in(&w->r, 6) ? below(&w->r, 4) : w->config == 7 ? 1 + below(&w->r, 2) : 1;

	set(ste, get(ste) | (uint64_t)eats << 28);
	if (!one_in(&w->r, 8))
		set(ste + 8, get(ste + 8) & ~BIT(57)); /* S2S */
	w->ou.cr2 |= one_in(&w->r, 2) && (w->cfg.idr0 & BIT(23)) ? BIT(3) : 0;
	w->ou.atschk = !one_in(&w->r, 4);
}

static void begin(const struct world *w)
{
	start(w);
	wr32(0x20, 4u | w->ou.smmuen | (w->ou.atschk ? 1u << 4 : 0));
	settle();
}

static bool ask_ats(const struct smmu_oracle_request *q, unsigned int kind, unsigned int access,
		    struct hwi_response *resp)
{
	const struct hwi_request req = {
		.requester = q->sid,
		.pasid = q->ssv ? q->ssid : HWI_PASID_NONE,
		.addr = hwi_iova(q->addr),
		.length = 8,
		.kind = (uint8_t)kind,
		.access = (uint8_t)access,
	};

	return hwi_translate(unit, &req, resp) == HWI_OK;
}

static unsigned int stu(const struct world *w)
{
	return w->ou.idr5 & BIT(4) ? 12 : w->ou.idr5 & BIT(5) ? 14 : 16;
}

/* Elsewhere in the range that was answered it is the same. */
static bool holds(struct world *w, const struct smmu_oracle_request *q, bool exe, const struct hwi_response *r)
{
	struct smmu_oracle_request other = *q;
	struct smmu_oracle_completion c;
	uint64_t in = (r->span_log2 < 64 ? BIT(r->span_log2) : 0) - 1;

	other.addr ^= rnd(&w->r) & in & ~UINT64_C(7);
	smmu_oracle_ats(&w->ou, &other, !(r->rights & HWI_WRITE), exe, &c);
	if (c.a.either)
		return true;
	if (c.status != SMMU_O_SUCCESS || (r->rights & HWI_READ && !c.r) || (r->rights & HWI_WRITE && !c.w) ||
	    (r->rights & HWI_EXEC && !c.x))
		return differ("rights do not hold for the size");
	return c.addr == (hwi_hpa_val(r->addr) ^ q->addr ^ other.addr) || differ("the size is too large");
}

static bool agree_request(struct world *w, const struct smmu_oracle_request *q, bool nw, bool exe,
			  const struct smmu_oracle_completion *c)
{
	static const uint8_t outcome[] = {
		[SMMU_O_SUCCESS] = HWI_SUCCESS,
		[SMMU_O_UR] = HWI_UNSUPPORTED_REQUEST,
		[SMMU_O_CA] = HWI_COMPLETER_ABORT,
	};
	unsigned int rights = (c->r ? HWI_READ : 0) | (c->w ? HWI_WRITE : 0) | (c->x ? HWI_EXEC : 0);
	struct hwi_response r;

	if (!ask_ats(q, HWI_TRANSLATION_REQUEST,
		     HWI_READ | (nw ? HWI_NO_WRITE : 0) | (exe ? HWI_EXEC : 0) | (q->priv ? HWI_PRIV : 0), &r))
		return differ("hwi_translate() refuses the request");
	if (c->a.either)
		return true;
	if (r.outcome != outcome[c->status]) {
		fprintf(stderr, "outcome %u fault %#x, expected %u\n", r.outcome, r.fault, outcome[c->status]);
		return differ("outcome");
	}
	if (c->status != SMMU_O_SUCCESS)
		return r.fault == c->a.code ? same_event(&c->a) : differ("fault code");
	if (r.rights != rights) {
		fprintf(stderr, "rights %#x fault %#x, expected %#x\n", r.rights, r.fault, rights);
		return differ("rights");
	}
	if (r.ats != (q->priv && q->ssv ? HWI_ATS_PRIV : 0))
		return differ("U, N, Priv");
	if (!rights && r.span_log2 != stu(w))
		return differ("the size of an answer without rights");
	if (rights && hwi_hpa_val(r.addr) != c->addr) {
		fprintf(stderr, "address %llx, expected %llx\n", (unsigned long long)hwi_hpa_val(r.addr),
			(unsigned long long)c->addr);
		return differ("address");
	}
	return same_event(&c->a) && same_updates(&c->a) && (!rights || holds(w, q, exe, &r));
}

static bool agree_translated(const struct smmu_oracle_request *q, const struct smmu_oracle_answer *a)
{
	static const unsigned int access[] = {
		[SMMU_O_READ] = HWI_READ,
		[SMMU_O_WRITE] = HWI_WRITE,
		[SMMU_O_ATOMIC] = HWI_ATOMIC,
	};
	struct hwi_response r;

	if (!ask_ats(q, HWI_TRANSLATED,
		     access[q->access] | (q->inst ? HWI_EXEC : 0) | (q->priv ? HWI_PRIV : 0), &r))
		return differ("hwi_translate() refuses the request");
	if (a->either)
		return true;
	if (r.outcome != (a->end == SMMU_O_OK ? HWI_SUCCESS : HWI_UNSUPPORTED_REQUEST)) {
		fprintf(stderr, "outcome %u fault %#x, expected %u\n", r.outcome, r.fault, a->end);
		return differ("outcome");
	}
	if (r.fault != a->code)
		return differ("fault code");
	if (a->end == SMMU_O_OK && hwi_hpa_val(r.addr) != a->addr)
		return differ("address");
	return same_event(a) && same_updates(a);
}

static bool one_request(struct world *w)
{
	struct smmu_oracle_request q = random_request(w);
	bool nw = one_in(&w->r, 2), exe = one_in(&w->r, 2);
	struct smmu_oracle_completion c;

	begin(w);
	smmu_oracle_ats(&w->ou, &q, nw, exe, &c);
	if (!c.a.either) {
		unsigned int kind = c.status == SMMU_O_UR ? UR : c.status == SMMU_O_CA ? CA :
				    c.r || c.w || c.x ? RIGHTS_SOME : RIGHTS_NONE;

		seen[kind][c.a.recorded]++;
	}
	if (agree_request(w, &q, nw, exe, &c))
		return true;
	fprintf(stderr, "sid %x ssid %x/%d addr %llx nw %d exe %d priv %d config %u code %#x\n", q.sid, q.ssid, q.ssv,
		(unsigned long long)q.addr, nw, exe, q.priv, w->config, c.a.code);
	return false;
}

static bool one_translated(struct world *w)
{
	struct smmu_oracle_request q = random_request(w);
	struct smmu_oracle_answer a;

	/* Split stage: an IPA, mostly. */
	if ((w->config & 1) && !one_in(&w->r, 4))
		q.addr = frame_pa(FRAME_DATA + below(&w->r, 4)) + (w->config & 2 ? w->to_ipa : 0) +
			 (below(&w->r, (unsigned int)FRAME) & ~7u);
	begin(w);
	smmu_oracle_translated(&w->ou, &q, &a);
	if (!a.either)
		seen[a.end == SMMU_O_OK ? TRANSLATED_OK : TRANSLATED_REFUSED][a.recorded]++;
	if (agree_translated(&q, &a))
		return true;
	fprintf(stderr, "translated: sid %x addr %llx access %d config %u end %d code %#x\n", q.sid,
		(unsigned long long)q.addr, q.access, w->config, a.end, a.code);
	return false;
}

static void one_world(uint64_t seed)
{
	struct world w = { .r = { seed } };

	for (unsigned int i = 0; i < 4; i++)
		rnd(&w.r);
	random_config(&w);
	w.cfg.idr0 |= BIT(10); /* ATS, whatever else there is not */
	w.ou.idr0 = w.cfg.idr0;
	base = one_in(&w.r, 3) ? 0 : (rnd(&w.r) & (BIT(30 + below(&w.r, 14)) - 1)) & ~(MEM_SIZE - 1);
	assert_int_equal(hwi_smmuv3_create(&w.cfg, &host, NULL, &unit), HWI_OK);
	for (unsigned int i = 0; i < 24; i++) {
		if (i % 8 == 0) {
			build(&w);
			with_ats(&w);
		}
		if (!(i % 3 ? one_request(&w) : one_translated(&w))) {
			fprintf(stderr, "PROPERTY_SEED=%llu PROPERTY_RUNS=0 reproduces (request %u)\n",
				(unsigned long long)seed, i);
			fail_msg("seed %llu: %s", (unsigned long long)seed, why);
		}
	}
	hwi_destroy(unit);
}

/* covers: POINT_39 POINT_42 POINT_44 EVT_F_BAD_ATS_TREQ EVT_F_TRANSL_FORBIDDEN REG_CR2 */
static void fresh_unit_grants_what_is_allowed(void **state)
{
	unsigned int rounds = property_rounds(3000);
	uint64_t seed = property_seed();

	(void)state;
	mem = calloc(1, MEM_SIZE);
	assert_non_null(mem);
	for (unsigned int i = 0; i < (rounds ? rounds : 1); i++)
		one_world(seed + i);
	free(mem);
}

/* Each kind of answer, with and without a record where both exist. */
static void every_answer_comes_up(void **state)
{
	const unsigned int *const answers[] = {
		&seen[RIGHTS_NONE][0], &seen[RIGHTS_SOME][0], &seen[UR][0], &seen[UR][1], &seen[CA][0], &seen[CA][1],
		&seen[TRANSLATED_OK][0], &seen[TRANSLATED_REFUSED][0], &seen[TRANSLATED_REFUSED][1],
	};
	unsigned int missing = 0;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		missing += !*answers[i];
	(void)state;
	if (property_env("PROPERTY_RUNS", 100) < 100)
		fprintf(stderr, "PROPERTY_RUNS is below 100: %u missing, not judged\n", missing);
	else
		assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh_unit_grants_what_is_allowed),
		cmocka_unit_test(every_answer_comes_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

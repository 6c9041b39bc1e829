/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Property: page requests end in the queue, in an automatic response, in a fault
 * record or in nothing, as VT-d 5.10 sections 7.4, 7.5 and Table 31 say, whatever
 * the tables and however full the queue.
 *
 * Left open by the text, both accepted: whether PRO is looked at before or after
 * the tables; what becomes of a Stop Marker that cannot be written on a unit
 * without ECAP.SMS, or that is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "vtd-agree.h"
#include "vtd-world.h"

static struct machine machine;
static struct coverage coverage;
static struct agree agree = { .m = &machine, .coverage = &coverage };
static unsigned int queued, overflowed, invalid, dropped, markers;

#define PPR 1u
#define PRO 2u

/* What software sees of the queue */
struct queue_state {
	uint64_t head, tail;
	uint32_t prs;
};

static struct queue_state queue_now(void)
{
	return (struct queue_state){ reg64(&machine, R_PQH), reg64(&machine, R_PQT),
				     reg32(&machine, R_PRS) };
}

static bool response_is(const struct hwi_page_request *q, bool due, unsigned int code)
{
	const struct hwi_prg_response *r = &machine.response;

	if (machine.responses != due)
		return differs(&agree, "%u responses", machine.responses);
	if (!due)
		return true;
	if (r->code != code || r->requester != q->requester || r->pasid != q->pasid ||
	    r->prgi != q->prgi)
		return differs(&agree, "response %x to %x/%x group %x", r->code,
			       r->requester, r->pasid, r->prgi);
	return true;
}

static bool state_is(struct queue_state s, unsigned int messages)
{
	struct queue_state now = queue_now();

	if (now.head != s.head || now.tail != s.tail || now.prs != s.prs)
		return differs(&agree, "PQH %llx PQT %llx PRS %x; %llx %llx %x due",
			       (unsigned long long)now.head, (unsigned long long)now.tail,
			       now.prs, (unsigned long long)s.head,
			       (unsigned long long)s.tail, s.prs);
	if (machine.messages != messages)
		return differs(&agree, "%u event messages, %u due", machine.messages,
			       messages);
	return true;
}

/* page_req_dsc, section 7.4.1 */
static bool descriptor_is(struct world *w, uint64_t tail, const struct hwi_page_request *q)
{
	const uint64_t *d = word_at(w, P_PAGE_REQUESTS, (unsigned int)tail / 8);
	uint64_t q0 = 1 | (uint64_t)q->requester << 16, q1;

	if (q->pasid != HWI_PASID_NONE)
		q0 |= B(8) | (uint64_t)q->pasid << 32 |
		      (q->access & HWI_EXEC ? B(52) : 0) |
		      (q->access & HWI_PRIV ? B(53) : 0);
	q1 = (hwi_iova_val(q->addr) & ~UINT64_C(0xfff)) | (uint64_t)q->prgi << 3 |
	     (q->access & HWI_READ ? 1 : 0) | (q->access & HWI_WRITE ? 2 : 0) |
	     (q->last ? 4 : 0);
	if (d[0] != q0 || d[1] != q1 || d[2] || d[3])
		return differs(&agree, "descriptor %016llx %016llx, %016llx %016llx due",
			       (unsigned long long)d[0], (unsigned long long)d[1],
			       (unsigned long long)q0, (unsigned long long)q1);
	return true;
}

/* The request got past the tables: queue, or overflow */
static bool queue_agrees(struct world *w, const struct hwi_page_request *q,
			 struct queue_state s, const struct fault_seen *f)
{
	bool marker = q->last && !(q->access & (HWI_READ | HWI_WRITE));
	uint64_t next = (s.tail + 32) & 4095;
	struct queue_state after = s;

	if (f->count)
		return differs(&agree, "a fault record");
	if ((s.prs & PRO) || next == s.head) {
		if (marker && machine.responses == 0 && state_is(s, 0))
			return true;
		if (marker && has(machine.oc.ecap, ECAP_SMS))
			return differs(&agree, "a trace of a dropped Stop Marker");
		after.prs |= PRO;
		overflowed++;
		return response_is(q, q->last, 0) && state_is(after, !s.prs);
	}
	after.prs |= PPR;
	after.tail = next;
	queued++;
	return response_is(q, false, 0) && state_is(after, !s.prs) &&
	       descriptor_is(w, s.tail, q);
}

static bool refusal_agrees(const struct oracle_request *oq, const struct oracle_answer *a,
			   const struct hwi_page_request *q, struct queue_state s,
			   const struct fault_seen *f)
{
	bool marker = q->last && !(q->access & (HWI_READ | HWI_WRITE));

	if (!record_agrees(&agree, oq, a, f) || !state_is(s, 0))
		return false;
	if (marker && machine.responses == 0)
		return true;
	*(q->last ? &invalid : &dropped) += 1;
	return response_is(q, q->last, 1);
}

static void page_request(struct world *w, uint64_t seed)
{
	struct rng *r = &w->r;
	struct oracle_memory memory = oracle_side(&machine);
	struct oracle_request oq = world_request(w);
	struct queue_state before = queue_now();
	struct hwi_page_request q;
	struct fault_seen f;
	int n;

	oq.kind = ORACLE_PAGE_REQUEST;
	oq.execute = oq.has_pasid && one_in(r, 8);
	q = (struct hwi_page_request){
		.requester = oq.sid,
		.pasid = oq.has_pasid ? oq.pasid : HWI_PASID_NONE,
		.addr = hwi_iova(oq.addr),
		.access = (uint8_t)(below(r, 4) | (oq.execute ? HWI_EXEC : 0) |
				    (oq.privileged ? HWI_PRIV : 0)),
		.prgi = (uint16_t)below(r, 512),
		.last = one_in(r, 2),
	};
	markers += q.last && !(q.access & 3);
	n = oracle_translate(&machine.oc, &memory, &oq, agree.answer, MAX_ANSWERS);
	assert_true(n > 0);
	machine.responses = machine.messages = 0;
	assert_int_equal(hwi_page_request(machine.unit, &q), HWI_OK);
	f = machine_take_faults(&machine);
	for (int i = 0; i < n; i++) {
		const struct oracle_answer *a = &agree.answer[i];

		if (a->outcome == ORACLE_OK ? queue_agrees(w, &q, before, &f) :
					      refusal_agrees(&oq, a, &q, before, &f)) {
			coverage.fault[a->code]++;
			coverage.record[a->code] += a->recorded;
			return;
		}
		/* PRO first, tables afterwards: no record */
		if ((before.prs & PRO) && queue_agrees(w, &q, before, &f))
			return;
	}
	fprintf(stderr, "PROPERTY_SEED=%llu PROPERTY_RUNS=0 reproduces\n",
		(unsigned long long)seed);
	print_request(&oq);
	print_way(&machine, &oq);
	fprintf(stderr, "last %u access %x; first allowed: outcome %u fault %x recorded %u; record %llx %llx\n",
		q.last, q.access, agree.answer[0].outcome, agree.answer[0].code,
		agree.answer[0].recorded, (unsigned long long)f.hi,
		(unsigned long long)f.lo);
	fail_msg("seed %llu: %s", (unsigned long long)seed, agree.why);
}

/* Software takes entries, clears status bits, recovers from an overflow */
static void consume(struct world *w)
{
	struct rng *r = &w->r;
	struct queue_state s = queue_now();

	if (one_in(r, 3))
		hwi_mmio_write(machine.unit, R_PRS, 4, 1 + below(r, 3));
	if (one_in(r, 6))
		hwi_mmio_write(machine.unit, R_PQH, 8, s.tail);
	else if (one_in(r, 8) && s.head != s.tail)
		hwi_mmio_write(machine.unit, R_PQH, 8, (s.head + 32) & 4095);
	else if (one_in(r, 20))		/* one slot, or none, is left */
		hwi_mmio_write(machine.unit, R_PQH, 8,
			       (s.tail + 32 * (1 + (uint64_t)below(r, 3))) & 4095);
}

static void one_world(uint64_t seed, const struct hwi_vtd_config *full)
{
	struct world w = { .r = { seed }, .m = &machine };
	struct hwi_vtd_config config;
	const char *why = NULL;
	uint64_t rtaddr;

	for (unsigned int i = 0; i < 4; i++)
		rnd(&w.r);
	config = random_config(&w.r, full, 12, B(ECAP_PRS) | B(ECAP_SMTS) | B(ECAP_DT));
	config.caches = (struct hwi_vtd_caches){ 1, 1, 1, 1, 1, 1 };
	if (hwi_vtd_config_check(&config, &why) != HWI_OK)
		fail_msg("seed %llu: refused: %s", (unsigned long long)seed, why);
	machine.base = 0;
	assert_true(machine_new_unit(&machine, &config));
	w.ttm = !one_in(&w.r, 12);
	choose_dirt(&w);
	fill_world(&w);
	if (one_in(&w.r, 12))
		machine.kind[P_ROOT + below(&w.r, P_POSTED - P_ROOT)] = PAGE_HOLE;
	rtaddr = world_rtaddr(&w);
	if (one_in(&w.r, 12))
		rtaddr = put_field(rtaddr, 11, 10, below(&w.r, 4));
	if (one_in(&w.r, 40))
		rtaddr = page_at(&w, P_HOLE) | (rtaddr & 0xfff);
	hwi_mmio_write(machine.unit, R_PQH, 8, 0);
	hwi_mmio_write(machine.unit, R_PQT, 8, 0);
	hwi_mmio_write(machine.unit, R_PQA, 8, page_at(&w, P_PAGE_REQUESTS));
	hwi_mmio_write(machine.unit, R_PEDATA, 4, 0x41);
	hwi_mmio_write(machine.unit, R_PEADDR, 4, 0xfee01000);
	hwi_mmio_write(machine.unit, R_PECTL, 4, 0);
	assert_true(machine_set_root(&machine, rtaddr));
	assert_true(machine_command(&machine, G_TE, true));
	machine.oc.tes = true;
	for (unsigned int i = 0; i < 60; i++) {
		page_request(&w, seed);
		consume(&w);
	}
}

static void page_requests_end_where_the_specification_says(void **state)
{
	unsigned int rounds = property_rounds(600);
	static const unsigned char codes[] = {
		0x30, 0x32, 0x33, 0x38, 0x39, 0x3a, 0x40, 0x41, 0x42, 0x43, 0x45, 0x46,
		0x47, 0x48, 0x50, 0x51, 0x52, 0x58, 0x59, 0x5a, 0x5b,
	};
	uint64_t seed = property_seed();
	struct hwi_vtd_config full;
	unsigned int missing = 0;

	(void)state;
	hwi_vtd_config_init(&full);
	assert_true(machine_init(&machine));
	for (unsigned int i = 0; i < (rounds ? rounds : 1); i++)
		one_world(seed + i, &full);
	machine_free(&machine);

	fprintf(stderr, "%u queued, %u at overflow, %u Invalid Request, %u dropped, %u Stop Markers\n",
		queued, overflowed, invalid, dropped, markers);
	for (unsigned int i = 0; i < sizeof(codes); i++) {
		if (coverage.record[codes[i]])
			continue;
		fprintf(stderr, "%02x never recorded\n", codes[i]);
		missing++;
	}
	if (rounds >= 600)
		assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(page_requests_end_where_the_specification_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

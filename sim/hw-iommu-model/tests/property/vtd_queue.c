/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Property: the invalidation queue takes random descriptors, good and bad, in all
 * modes and widths, as VT-d 5.10 section 6.5.2 says: which are valid, where IQH
 * stands afterwards, which error is shown, what a wait writes and signals, and
 * that clearing IQE alone makes fetching go on.
 *
 * Open in the text, all accepted: the error of a bad granularity (type or
 * reserved field), that of a 128-bit queue in scalable mode (width or type), the
 * order of several errors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "vtd-machine.h"

#define QUEUE_PAGE 100u		/* up to 4 pages */
#define STATUS_PAGE 110u
#define HOLE_PAGE 120u

#define R_ICS 0x9c
#define R_IECTL 0xa0
#define R_IEDATA 0xa4
#define R_IEADDR 0xa8
#define R_IQERCD 0xb0

static struct machine machine;
static unsigned int executed, errors[16];

struct queue {
	struct rng r;
	uint64_t seed;
	bool wide;
	unsigned int qs, ttm;
	uint64_t head, tail;	/* as software knows them */
	bool iwc;
	/* what the descriptors executed so far are to have done */
	unsigned int messages, responses;
	uint64_t status_at[64];
	uint32_t status[64];
	unsigned int n_status;
};

static uint64_t queue_bytes(const struct queue *q)
{
	return UINT64_C(4096) << q->qs;
}

static unsigned int width(const struct queue *q)
{
	return q->wide ? 32 : 16;
}

static uint64_t *slot(const struct queue *q, uint64_t at)
{
	(void)q;
	return &machine.word[512 * QUEUE_PAGE + at / 8];
}

/* ---- what the specification says of a descriptor ---- */

/* Bits nobody has given a meaning, by type: low and high qword */
static void reserved_bits(unsigned int type, uint64_t *lo, uint64_t *hi)
{
	bool dit = has(machine.oc.ecap, ECAP_DIT), pds = has(machine.oc.ecap, ECAP_PDS);

	*hi = ~UINT64_C(0);
	switch (type) {
	case 1:
		*lo = UINT64_C(0xfffc00000000f1c0);
		break;
	case 2:
		*lo = UINT64_C(0xffffffff0000f100);
		*hi = 0xf80;
		break;
	case 3:
		*lo = dit ? UINT64_C(0x000f0000ffe001f0) : UINT64_C(0xffff0000ffe0f1f0);
		*hi = 0xffe;
		break;
	case 4:
		*lo = UINT64_C(0xffff000007fff1e0);
		break;
	case 5:
		*lo = 0xfffff100 | (pds ? 0 : 0x80);
		*hi = 3;
		break;
	case 6:
		*lo = UINT64_C(0xfff000000000f1c0);
		*hi = 0xf80;
		break;
	case 7:
		*lo = UINT64_C(0xfff000000000f1c0);
		break;
	case 8:
		*lo = dit ? 0 : UINT64_C(0xfff000000000f000);
		*hi = 0x7fe;
		break;
	default:	/* 9 */
		*lo = UINT64_C(0xfff00000000001e0);
		*hi = UINT64_C(0xfffffffffffff003);
		break;
	}
}

static bool type_exists(const struct queue *q, unsigned int type)
{
	uint64_t ecap = machine.oc.ecap;

	if (type == 0 || type > (q->ttm == 0 ? 5u : 9u))
		return false;
	if ((type == 3 || type == 8) && !has(ecap, ECAP_DT))
		return false;
	return !(type == 9 && !has(ecap, ECAP_PRS));
}

static bool granularity_exists(unsigned int type, uint64_t lo, uint64_t hi)
{
	unsigned int g = (unsigned int)get_field(lo, 5, 4);
	uint64_t cap = machine.oc.cap;

	switch (type) {
	case 1:
		return g != 0;
	case 2:
		return g == 1 || g == 2 ||
		       (g == 3 && has(cap, 39) &&
			get_field(hi, 5, 0) <= get_field(cap, 53, 48));
	case 6:
		return g >= 2;
	case 7:
		return g != 2;
	default:
		return true;
	}
}

/* Set of error codes allowed for the descriptor, bit 0: none */
static unsigned int verdict(const struct queue *q, const uint64_t *d)
{
	unsigned int type = (unsigned int)(get_field(d[0], 11, 9) << 4 |
					   get_field(d[0], 3, 0));
	unsigned int allowed = 0;
	uint64_t lo, hi;

	if (!type_exists(q, type))
		return 1u << 3;
	reserved_bits(type, &lo, &hi);
	if ((d[0] & lo) || (d[1] & hi) || (q->wide && (d[2] || d[3])))
		allowed |= 1u << 4;
	if (!granularity_exists(type, d[0], d[1]))
		allowed |= 1u << 3 | 1u << 4;
	return allowed ? allowed : 1;
}

/* Errors of the queue as a whole, 0 if none */
static unsigned int queue_verdict(const struct queue *q)
{
	bool smts = has(machine.oc.ecap, ECAP_SMTS), adms = has(machine.oc.ecap, ECAP_ADMS);
	unsigned int allowed = 0;

	if (q->ttm == 2 || (q->ttm == 1 && !smts) || (q->ttm == 3 && !adms))
		allowed |= 1u << 7;
	if (!q->wide && (q->ttm == 1 || q->ttm == 3))
		allowed |= 1u << 5 | 1u << 3;
	if (q->wide && !smts && !adms)
		allowed |= 1u << 5;
	if (q->tail & (width(q) - 1))
		allowed |= 1u << 6;
	if (q->tail >= queue_bytes(q))
		allowed |= 1u << 1;
	return allowed;
}

/* ---- random descriptors ---- */

static void random_descriptor(struct queue *q, uint64_t *d)
{
	struct rng *r = &q->r;
	unsigned int type = one_in(r, 20) ? below(r, 128) : 1 + below(r, 9);
	uint64_t lo = 0, hi = 0;

	if (one_in(r, 3))
		type = 5;
	memset(d, 0, width(q));
	d[0] = rnd(r);
	d[1] = rnd(r);
	if (type >= 1 && type <= 9) {
		reserved_bits(type, &lo, &hi);
		d[0] &= ~lo;
		d[1] &= ~hi;
	}
	d[0] = put_field(d[0], 11, 9, type >> 4);
	d[0] = put_field(d[0], 3, 0, type & 15);
	if (type != 8 && type != 9 && !one_in(r, 8)) {
		unsigned int g = type == 7 ? below(r, 2) : type == 6 ? 2 + below(r, 2) :
				 1 + below(r, 2);

		if (type == 1 || type == 2 || type == 6 || type == 7)
			d[0] = put_field(d[0], 5, 4, g);
	}
	if (type == 4)			/* IM beyond MHMV is nobody's business here */
		d[0] = put_field(d[0], 31, 27, has(machine.oc.ecap, ECAP_IR) ? below(r, 4) : 0);
	if (type == 5)			/* status: 4 bytes somewhere in a page */
		d[1] = machine.base + 4096 * STATUS_PAGE + 4 * (uint64_t)below(r, 1024);
	if (type == 9)
		d[0] = put_field(d[0], 15, 12, one_in(r, 3) ? 15 : below(r, 2));
	if (one_in(r, 16)) {
		unsigned int bit = below(r, width(q) * 8);

		d[bit / 64] ^= B(bit % 64);
		if (type == 5)		/* the address stays where it is harmless */
			d[1] = (d[1] & 3) | (machine.base + 4096 * STATUS_PAGE);
		if (type == 9)
			d[0] = put_field(d[0], 15, 12, 0);
		if (type == 4)
			d[0] = put_field(d[0], 31, 27, 0);
	}
}

/* ---- the model of execution ---- */

static void execute(struct queue *q, const uint64_t *d)
{
	unsigned int type = (unsigned int)get_field(d[0], 3, 0);

	executed++;
	if (type == 9)
		q->responses++;
	if (type != 5)
		return;
	if (has(d[0], 5)) {		/* SW */
		unsigned int i;

		for (i = 0; i < q->n_status; i++)
			if (q->status_at[i] == (d[1] & ~UINT64_C(3)))
				break;
		assert_true(i < 64);
		q->status_at[i] = d[1] & ~UINT64_C(3);
		q->status[i] = (uint32_t)(d[0] >> 32);
		if (i == q->n_status)
			q->n_status++;
	}
	if (has(d[0], 4) && !q->iwc) {	/* IF, and IWC goes 0 to 1 */
		q->iwc = true;
		q->messages++;
	}
}

/* Runs the model to its next stop; the set of errors allowed there, 0: none */
static unsigned int model_run(struct queue *q)
{
	while (q->head != q->tail) {
		unsigned int allowed = queue_verdict(q);
		uint64_t page = QUEUE_PAGE + (q->head >> 12);

		if (machine.kind[page] == PAGE_HOLE)
			allowed |= 1u << 2;
		if (allowed)
			return allowed;
		allowed = verdict(q, slot(q, q->head));
		if (!(allowed & 1))
			return allowed;
		if (allowed != 1)	/* either way: the library decides */
			return allowed;
		execute(q, slot(q, q->head));
		q->head = (q->head + width(q)) & (queue_bytes(q) - 1);
	}
	return 0;
}

static void compare(struct queue *q, unsigned int allowed)
{
	bool iqe = reg32(&machine, R_FSTS) & 0x10;
	unsigned int iqei = (unsigned int)reg64(&machine, R_IQERCD) & 15;
	uint64_t head = reg64(&machine, R_IQH);
	unsigned long long seed = q->seed;

	if (iqe != (allowed && !(allowed & 1)))
		fail_msg("seed %llu: IQE %u, allowed errors %x, IQH %llx", seed, iqe, allowed,
			 (unsigned long long)head);
	if (iqe && !(allowed >> iqei & 1))
		fail_msg("seed %llu: IQEI %u, allowed %x", seed, iqei, allowed);
	if (iqe)
		errors[iqei]++;
	if (q->tail < queue_bytes(q) && head != q->head)
		fail_msg("seed %llu: IQH %llx, %llx due", seed, (unsigned long long)head,
			 (unsigned long long)q->head);
	if ((reg32(&machine, R_ICS) & 1) != q->iwc)
		fail_msg("seed %llu: IWC %u", seed, !q->iwc);
	if (machine.messages != q->messages)
		fail_msg("seed %llu: %u event messages, %u due", seed, machine.messages,
			 q->messages);
	if (machine.responses != q->responses)
		fail_msg("seed %llu: %u group responses, %u due", seed, machine.responses,
			 q->responses);
	for (unsigned int i = 0; i < q->n_status; i++) {
		uint64_t word = machine_load(&machine, q->status_at[i] & ~UINT64_C(7));

		if ((uint32_t)(word >> 8 * (q->status_at[i] & 4)) != q->status[i])
			fail_msg("seed %llu: status at %llx is not %x", seed,
				 (unsigned long long)q->status_at[i], q->status[i]);
	}
	for (unsigned int i = 0; i < machine.writes; i++) {
		bool due = false;

		for (unsigned int j = 0; j < q->n_status; j++)
			due |= (q->status_at[j] & ~UINT64_C(7)) == machine.log[i].addr;
		if (!due)
			fail_msg("seed %llu: a write to %llx", seed,
				 (unsigned long long)machine.log[i].addr);
	}
	machine.writes = 0;
	q->n_status = 0;
}

static void let_run(struct queue *q)
{
	/* in odd portions: what is done does not depend on the budget */
	unsigned int done;

	do {
		done = hwi_step(machine.unit, 1 + below(&q->r, 3));
		if (!done && hwi_ats_outstanding(machine.unit)) {
			machine_ats_answer(&machine);
			assert_int_equal(hwi_ats_outstanding(machine.unit), 0);
			done = 1;
		}
	} while (done);
}

/* Tail register, and what it is when read */
static void ring(struct queue *q, uint64_t tail)
{
	q->tail = tail;
	hwi_mmio_write(machine.unit, R_IQT, 8, tail);
}

static void one_queue(uint64_t seed, const struct hwi_vtd_config *full)
{
	struct queue q = { .r = { seed }, .seed = seed };
	struct rng *r = &q.r;
	struct hwi_vtd_config c;

	for (unsigned int i = 0; i < 4; i++)
		rnd(r);
	c = random_config(r, full, 6, 0);
	c.caches = (struct hwi_vtd_caches){ 1, 1, 1, 1, 1, 1 };
	machine.base = (rnd(r) & (B(c.haw) - 1)) & ~UINT64_C(0x1fffff);
	assert_true(machine_new_unit(&machine, &c));
	machine.messages = machine.responses = machine.writes = 0;
	memset(machine.kind, PAGE_RAM, IMAGE_PAGES);
	q.ttm = one_in(r, 12) ? below(r, 4) : has(c.ecap, ECAP_SMTS) ? !one_in(r, 3) : 0;
	q.wide = one_in(r, 16) ? one_in(r, 2) : q.ttm == 1 || (has(c.ecap, ECAP_SMTS) &&
							     one_in(r, 3));
	q.qs = below(r, 3);
	if (one_in(r, 20))
		machine.kind[QUEUE_PAGE + below(r, 1u << q.qs)] = PAGE_HOLE;

	assert_true(machine_set_root(&machine, machine.base | (uint64_t)q.ttm << 10));
	assert_true(machine_command(&machine, G_TE, true)); /* else completions are refused */
	hwi_mmio_write(machine.unit, R_IEADDR, 4, 0xfee00000);
	hwi_mmio_write(machine.unit, R_IECTL, 4, 0);
	hwi_mmio_write(machine.unit, R_IQT, 8, 0);
	hwi_mmio_write(machine.unit, R_IQA, 8, (machine.base + 4096 * QUEUE_PAGE) |
		       (q.wide ? B(11) : 0) | q.qs);
	/* without SMTS and ADMS a unit may refuse DW at once */
	q.wide = has(reg64(&machine, R_IQA), 11);
	assert_true(machine_command(&machine, G_QIE, true));

	for (unsigned int round = 0; round < 40; round++) {
		unsigned int n = 1 + below(r, 6), allowed;
		uint64_t tail = q.tail;

		for (unsigned int i = 0; i < n; i++) {
			random_descriptor(&q, slot(&q, tail));
			tail = (tail + width(&q)) & (queue_bytes(&q) - 1);
		}
		if (one_in(r, 60))
			tail += 16;
		else if (one_in(r, 60))
			tail |= queue_bytes(&q);
		ring(&q, tail);
		let_run(&q);
		allowed = model_run(&q);
		while (allowed & 1) {	/* open: follow the library */
			if (reg32(&machine, R_FSTS) & 0x10 &&
			    reg64(&machine, R_IQH) == q.head) {
				allowed &= ~1u;
				break;
			}
			execute(&q, slot(&q, q.head));
			q.head = (q.head + width(&q)) & (queue_bytes(&q) - 1);
			allowed = model_run(&q);
		}
		compare(&q, allowed);
		if (one_in(r, 3) && q.iwc) {
			hwi_mmio_write(machine.unit, R_ICS, 4, 1);
			q.iwc = false;
		}
		if (!allowed)
			continue;
		if (allowed & ((1u << 5 | 1u << 7 | 1u << 2)))
			return;		/* nothing software does to a descriptor helps */
		/* a tail written now is taken, and not acted upon */
		if (q.tail >= queue_bytes(&q) || (q.tail & (width(&q) - 1)) ||
		    one_in(r, 3)) {
			ring(&q, q.head);
			let_run(&q);
			compare(&q, allowed);
			/* IQH stays; nothing is left to fetch behind it */
		} else {
			uint64_t *bad = slot(&q, q.head);

			memset(bad, 0, width(&q));
			bad[0] = 5;	/* as Linux: a wait over the bad one */
		}
		hwi_mmio_write(machine.unit, R_FSTS, 4, 0x10);
		let_run(&q);
		allowed = model_run(&q);
		if (allowed & 1)
			return;
		compare(&q, allowed);
		if (allowed)
			return;
	}
}

static void queue_does_what_the_specification_says(void **state)
{
	unsigned int rounds = property_rounds(1500);
	uint64_t seed = property_seed();
	struct hwi_vtd_config full;

	(void)state;
	hwi_vtd_config_init(&full);
	assert_true(machine_init(&machine));
	for (unsigned int i = 0; i < (rounds ? rounds : 1); i++)
		one_queue(seed + i, &full);
	machine_free(&machine);
	fprintf(stderr, "%u descriptors executed; errors by IQEI:", executed);
	for (unsigned int i = 1; i <= 7; i++) {
		fprintf(stderr, " %u: %u", i, errors[i]);
		if (rounds >= 1500)
			assert_true(errors[i] > 0);
	}
	fprintf(stderr, "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queue_does_what_the_specification_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

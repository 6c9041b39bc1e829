/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Property: fault records, overflow and the fault event go as VT-d 5.10 sections
 * 7.2 and 7.3 tell, under any interleaving of faults with what software does:
 * clearing records in any order, clearing PFO too early, masking, unmasking,
 * switching translation off and on.
 *
 * FSTS.FRI is compared until software clears a record while others are pending:
 * what it shows from then until PPF has been 0 is not told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "vtd-machine.h"

#define MAX_RECORDS 16
#define R_FECTL 0x38
#define R_FEDATA 0x3c
#define R_FEADDR 0x40

static struct machine machine;

/* The state that sections 7.2 and 7.3 describe */
struct model {
	unsigned int n, next, fri;
	bool f[MAX_RECORDS];
	uint16_t sid[MAX_RECORDS];
	uint64_t page[MAX_RECORDS];
	bool pfo, ip, im;
	bool fri_known;
	bool compress;
	unsigned int messages;
};

static bool ppf(const struct model *m)
{
	for (unsigned int i = 0; i < m->n; i++)
		if (m->f[i])
			return true;
	return false;
}

static void model_event(struct model *m)
{
	m->ip = true;
	if (!m->im) {
		m->messages++;
		m->ip = false;
	}
}

static void model_fault(struct model *m, uint16_t sid, uint64_t addr)
{
	bool was = ppf(m);

	if (m->pfo)
		return;
	for (unsigned int i = 0; m->compress && i < m->n; i++)
		if (m->f[i] && m->sid[i] == sid)
			return;
	if (m->f[m->next]) {
		m->pfo = true;		/* and no event */
		return;
	}
	m->sid[m->next] = sid;
	m->page[m->next] = addr & ~UINT64_C(0xfff);
	m->f[m->next] = true;
	if (!was) {
		m->fri = m->next;
		m->fri_known = true;
		model_event(m);		/* PFO is 0 here */
	}
	m->next = (m->next + 1) % m->n;
}

static void model_cleared(struct model *m)
{
	if (!ppf(m) && !m->pfo)
		m->ip = false;
	m->fri_known = false;
}

static void compare(const struct model *m, uint64_t seed, const char *after)
{
	uint64_t fro = 16 * get_field(machine.oc.cap, 33, 24);
	uint32_t fsts = reg32(&machine, R_FSTS), fectl = reg32(&machine, R_FECTL);

	if ((fsts & 3) != ((ppf(m) ? 2u : 0u) | m->pfo) || (fsts & 0xffff00fc))
		fail_msg("seed %llu, after %s: FSTS %x, PPF %u PFO %u due",
			 (unsigned long long)seed, after, fsts, ppf(m), m->pfo);
	if (ppf(m) && m->fri_known && get_field(fsts, 15, 8) != m->fri)
		fail_msg("seed %llu, after %s: FRI %u, %u due", (unsigned long long)seed,
			 after, (unsigned int)get_field(fsts, 15, 8), m->fri);
	if (fectl >> 30 != ((m->im ? 2u : 0u) | m->ip))
		fail_msg("seed %llu, after %s: FECTL %x, IM %u IP %u due",
			 (unsigned long long)seed, after, fectl, m->im, m->ip);
	if (machine.messages != m->messages)
		fail_msg("seed %llu, after %s: %u messages, %u due",
			 (unsigned long long)seed, after, machine.messages, m->messages);
	for (unsigned int i = 0; i < m->n; i++) {
		uint64_t lo = reg64(&machine, fro + 16 * i);
		uint64_t hi = reg64(&machine, fro + 16 * i + 8);

		if (has(hi, 63) != m->f[i])
			fail_msg("seed %llu, after %s: record %u has F=%u",
				 (unsigned long long)seed, after, i, has(hi, 63));
		if (m->f[i] && (lo != m->page[i] || (hi & 0xffff) != m->sid[i] ||
				get_field(hi, 39, 32) != 1))
			fail_msg("seed %llu, after %s: record %u is %llx %llx",
				 (unsigned long long)seed, after, i,
				 (unsigned long long)hi, (unsigned long long)lo);
	}
}

static void fault(struct model *m, struct rng *r)
{
	struct hwi_request q = {
		.requester = 0x0300 + below(r, 6),
		.pasid = HWI_PASID_NONE,
		.addr = hwi_iova((uint64_t)below(r, 1000) << 12),
		.length = 4,
		.access = HWI_READ,
	};
	struct hwi_response p;

	assert_int_equal(hwi_translate(machine.unit, &q, &p), HWI_OK);
	assert_int_equal(p.fault, 1);		/* LRT.2: no root entry */
	model_fault(m, (uint16_t)q.requester, hwi_iova_val(q.addr));
}

static const char *step(struct model *m, struct rng *r)
{
	uint64_t fro = 16 * get_field(machine.oc.cap, 33, 24);
	unsigned int i;
	uint32_t w;

	switch (below(r, 12)) {
	case 0:		/* clear a record, by its top dword as Linux does */
	case 1:
		i = below(r, m->n);
		hwi_mmio_write(machine.unit, fro + 16 * i + 12, 4, 1u << 31);
		if (m->f[i]) {
			m->f[i] = false;
			model_cleared(m);
		}
		return "clearing a record";
	case 2:		/* or by the upper qword, other bits being read-only */
		i = below(r, m->n);
		hwi_mmio_write(machine.unit, fro + 16 * i + 8, 8, rnd(r) | B(63));
		if (m->f[i]) {
			m->f[i] = false;
			model_cleared(m);
		}
		return "clearing a record by a qword";
	case 3:		/* F=0 written: nothing */
		i = below(r, m->n);
		hwi_mmio_write(machine.unit, fro + 16 * i + 8, 8, rnd(r) & ~B(63));
		hwi_mmio_write(machine.unit, fro + 16 * i, 8, rnd(r));
		return "writing a record without F";
	case 4:		/* everything, in the order section 7.2 asks for */
		for (i = 0; i < m->n; i++) {
			hwi_mmio_write(machine.unit, fro + 16 * i + 12, 4, 1u << 31);
			m->f[i] = false;
		}
		hwi_mmio_write(machine.unit, R_FSTS, 4, 1);
		m->pfo = false;
		model_cleared(m);
		return "clearing everything";
	case 5:		/* PFO alone, with bits that must not matter */
		w = (uint32_t)rnd(r) | 1;
		hwi_mmio_write(machine.unit, R_FSTS, 4, w);
		m->pfo = false;
		if (!ppf(m))
			m->ip = false;
		return "clearing PFO";
	case 6:
		hwi_mmio_write(machine.unit, R_FSTS, 4, (uint32_t)rnd(r) & ~1u);
		return "writing FSTS without PFO";
	case 7:
	case 8:
		m->im = one_in(r, 2);
		hwi_mmio_write(machine.unit, R_FECTL, 4, m->im ? 1u << 31 : 0);
		if (!m->im && m->ip) {
			m->messages++;
			m->ip = false;
		}
		return "writing FECTL";
	case 9:		/* "next" starts again with TES=0 and IRES=0 */
		if (!one_in(r, 4))
			return "nothing";
		assert_true(machine_command(&machine, G_TE, false));
		assert_true(machine_command(&machine, G_TE, true));
		m->next = 0;
		return "switching translation off and on";
	default:
		return "nothing";
	}
}

static void one_unit(uint64_t seed)
{
	struct rng r = { seed };
	struct hwi_vtd_config c;
	struct model m;

	for (unsigned int i = 0; i < 4; i++)
		rnd(&r);
	hwi_vtd_config_init(&c);
	c.cap = put_field(c.cap, 47, 40, below(&r, 6));
	c.compress_faults = one_in(&r, 3);
	c.caches = (struct hwi_vtd_caches){ 1, 1, 1, 1, 1, 1 };
	assert_true(machine_new_unit(&machine, &c));
	machine.messages = 0;
	m = (struct model){
		.n = (unsigned int)get_field(c.cap, 47, 40) + 1,
		.im = true,
		.compress = c.compress_faults,
	};
	hwi_mmio_write(machine.unit, R_FEADDR, 4, 0xfee00000);
	hwi_mmio_write(machine.unit, R_FEDATA, 4, 0x55);
	assert_true(machine_set_root(&machine, 0));	/* a page of zeroes */
	assert_true(machine_command(&machine, G_TE, true));
	for (unsigned int i = 0; i < 200; i++) {
		const char *what = "a fault";

		if (one_in(&r, 2))
			fault(&m, &r);
		else
			what = step(&m, &r);
		compare(&m, seed, what);
		if (machine.messages && machine.msi_addr != 0xfee00000)
			fail_msg("seed %llu: message to %llx", (unsigned long long)seed,
				 (unsigned long long)machine.msi_addr);
	}
}

static void faults_are_logged_as_the_specification_tells(void **state)
{
	unsigned int rounds = property_rounds(300);
	uint64_t seed = property_seed();

	(void)state;
	assert_true(machine_init(&machine));
	for (unsigned int i = 0; i < (rounds ? rounds : 1); i++)
		one_unit(seed + i);
	machine_free(&machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_logged_as_the_specification_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

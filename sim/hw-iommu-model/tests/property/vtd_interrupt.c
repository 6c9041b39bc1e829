/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Property: interrupt requests are remapped, posted or blocked as the
 * specification says (VT-d 5.10 sections 5.1 and 5.2), by a unit without history
 * and by one that caches entries and is told of each change; and in one run
 * every interrupt fault reason comes up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "vtd-agree.h"
#include "vtd-software.h"

#define ENTRIES 512u		/* of the image; the table may claim more or fewer */

static struct machine machine;
static unsigned int seen[256], recorded[256], silenced[256];
static unsigned int remapped, posted, notified, passed;
static bool cached[ENTRIES];	/* a request has got by this entry since it was invalidated */
static char why[200];

static bool differs_irq(const char *text, uint64_t is, uint64_t due)
{
	snprintf(why, sizeof(why), "%s %llx, %llx due", text, (unsigned long long)is,
		 (unsigned long long)due);
	return false;
}

/* ---- random tables ---- */

static void random_pid(struct world *w, unsigned int i)
{
	struct rng *r = &w->r;
	uint64_t *d = word_at(w, P_POSTED, 8 * i);

	for (unsigned int j = 0; j < 4; j++)
		d[j] = one_in(r, 2) ? rnd(r) : 0;
	d[4] = (rnd(r) & 3) | (rnd(r) & 0xff) << 16;
	d[4] |= machine.oc.irta & B(11) ? rnd(r) << 32 : (rnd(r) & 0xff) << 40;
	d[5] = d[6] = d[7] = 0;
	if (one_in(r, 6)) {
		unsigned int bit = 2 + below(r, 254);

		d[4 + bit / 64] ^= B(bit % 64);
	}
}

static void random_irte(struct world *w, unsigned int i)
{
	struct rng *r = &w->r;
	uint64_t *e = word_at(w, P_IR_TABLE, 2 * i);
	uint64_t lo = 1, hi, pid;
	uint16_t sid = world_sid[below(r, 4)];

	lo |= (rnd(r) & 0xff) << 16 | (rnd(r) & 0xf) << 8;	/* V, available */
	switch (below(r, 4)) {
	case 0:			/* SVT=00: no check */
		hi = rnd(r) & 0x3ffff;
		break;
	case 1:			/* a range of buses */
		hi = rnd(r) & 0x3ffff;
		if (one_in(r, 2))
			hi = (hi & ~UINT64_C(0xffff)) | (sid & 0xff00) |
			     below(r, 256);
		if (one_in(r, 2))
			hi = (hi & ~UINT64_C(0xff)) | sid >> 8;
		hi |= UINT64_C(2) << 18;
		break;
	default:
		hi = (uint64_t)(sid ^ (one_in(r, 3) ? B(below(r, 4)) : 0)) |
		     (uint64_t)below(r, 4) << 16 | UINT64_C(1) << 18;
		break;
	}
	if (has(machine.oc.cap, 59) && one_in(r, 3)) {
		pid = page_at(w, P_POSTED) + 64 * (uint64_t)below(r, 16);
		if (one_in(r, 12))
			pid = page_at(w, P_HOLE);
		lo |= B(15) | (rnd(r) & B(14)) | (pid & 0xffffffc0) << 32;
		hi |= pid >> 32 << 32;
	} else {
		lo |= (rnd(r) & 0x1c);			/* DM, RH, TM */
		lo |= (uint64_t)below(r, 8) << 5;	/* DLM */
		lo |= machine.oc.irta & B(11) ? rnd(r) << 32 : (rnd(r) & 0xff) << 40;
	}
	if (one_in(r, 5))
		lo |= 2;				/* FPD */
	if (one_in(r, 10))
		lo &= ~UINT64_C(1);
	if (one_in(r, 30))
		hi |= UINT64_C(3) << 18;
	if (one_in(r, 6)) {
		unsigned int bit = below(r, 128);

		if (bit < 64)
			lo ^= B(bit);
		else
			hi ^= B(bit - 64);
	}
	e[0] = lo;
	e[1] = hi;
}

static void new_unit(struct world *w, struct software *s, uint64_t seed,
		     const struct hwi_vtd_config *full)
{
	struct hwi_vtd_config config;
	struct rng *r = &w->r;
	const char *text = NULL;
	uint64_t irta;

	*w = (struct world){ .r = { seed }, .m = &machine };
	*s = (struct software){ .w = w };
	for (unsigned int i = 0; i < 4; i++)
		rnd(r);
	config = random_config(r, full, 12, B(ECAP_IR));
	config.cap |= one_in(r, 4) ? B(7) : 0;
	config.negative_caching = has(config.cap, 7) && one_in(r, 2);
	config.caches = (struct hwi_vtd_caches){ 1, 1, 1, 1, 1, one_in(r, 3) ? 2 : 1024 };
	if (hwi_vtd_config_check(&config, &text) != HWI_OK)
		fail_msg("seed %llu: refused: %s", (unsigned long long)seed, text);
	machine.base = one_in(r, 3) ? 0 : (rnd(r) & (B(config.haw) - 1)) &
			~UINT64_C(0x1fffff);
	assert_true(machine_new_unit(&machine, &config));
	memset(machine.word, 0, IMAGE_BYTES);
	memset(machine.kind, PAGE_RAM, P_HOLE);
	memset(machine.kind + P_HOLE, PAGE_HOLE, IMAGE_PAGES - P_HOLE);
	if (one_in(r, 12))
		machine.kind[P_POSTED] = PAGE_READ_ONLY;
	if (one_in(r, 12))
		machine.kind[P_IR_TABLE + 1] = PAGE_HOLE;

	/* legacy mode, so that either queue width is right */
	s->wide = has(config.ecap, ECAP_SMTS) && one_in(r, 2);
	assert_true(software_start(s));
	irta = page_at(w, P_IR_TABLE) | below(r, 10);
	if (one_in(r, 20))		/* reaches above the host's addresses */
		irta = ((B(config.haw) - 4096) & ~UINT64_C(0xfff)) | 15;
	if (has(config.ecap, ECAP_EIM) && one_in(r, 2))
		irta |= B(11);
	hwi_mmio_write(machine.unit, R_IRTA, 8, irta);
	assert_true(machine_command(&machine, G_SIRTP, true));
	machine.oc.irta = reg64(&machine, R_IRTA);
	iec_global(s);
	queue_sync(s);
	if (!one_in(r, 20)) {
		assert_true(machine_command(&machine, G_IRE, true));
		machine.oc.ires = true;
	}
	if (one_in(r, 2)) {
		hwi_mmio_write(machine.unit, R_GCMD, 4,
			       (reg32(&machine, R_GSTS) & 0x96ffffff) | G_CFI);
		machine_settle(&machine);
	}
	machine.oc.cfis = reg32(&machine, R_GSTS) & G_CFI;
	memset(cached, 0, sizeof(cached));
	for (unsigned int i = 0; i < 16; i++)
		random_pid(w, i);
	for (unsigned int i = 0; i < ENTRIES; i++)
		random_irte(w, i);
}

/* ---- comparison ---- */

static bool message_agrees(const struct oracle_irq_answer *a, uint64_t addr, uint32_t data,
			   bool eime)
{
	uint64_t dest = get_field(addr, 19, 12);

	if (get_field(addr, 31, 20) != 0xfee)
		return differs_irq("message address", addr, 0xfee00000);
	if (eime)
		dest |= addr >> 40 << 8;
	else if (addr >> 32)
		return differs_irq("upper address", addr >> 32, 0);
	if (dest != a->dest)
		return differs_irq("destination", dest, a->dest);
	if (has(addr, 3) != a->redirection || has(addr, 2) != a->logical)
		return differs_irq("RH and DM in address", addr, a->logical);
	if ((data & 0xff) != a->vector || get_field(data, 10, 8) != a->delivery)
		return differs_irq("vector, delivery mode", data, a->vector);
	if (has(data, 15) != a->level || (a->level && !has(data, 14)))
		return differs_irq("trigger mode, level", data, a->level);
	return true;
}

static bool pid_agrees(const struct oracle_irq_answer *a, const uint64_t before[8])
{
	const uint64_t *now;
	uint64_t want[8];

	if (a->outcome != ORACLE_IRQ_POSTED)
		return machine.writes == 0 ? true :
		       differs_irq("writes to memory", machine.writes, 0);
	now = &machine.word[(a->pid - machine.base) >> 3];
	memcpy(want, before, sizeof(want));
	want[a->vv / 64] |= B(a->vv % 64);
	if (a->notify)
		want[4] |= 1;
	for (unsigned int i = 0; i < 8; i++)
		if (now[i] != want[i])
			return differs_irq("posted descriptor", now[i], want[i]);
	for (unsigned int i = 0; i < machine.writes; i++)
		if (machine.log[i].addr - a->pid >= 64)
			return differs_irq("write elsewhere", machine.log[i].addr, a->pid);
	return true;
}

static bool irq_agrees(const struct oracle_irq_answer *a,
		       const struct hwi_interrupt_request *q,
		       const struct hwi_interrupt_response *p,
		       const struct fault_seen *f, const uint64_t before[8])
{
	static const unsigned char outcome[] = {
		[ORACLE_IRQ_PASS] = HWI_INT_FORWARD,
		[ORACLE_IRQ_REMAPPED] = HWI_INT_FORWARD,
		[ORACLE_IRQ_POSTED] = HWI_INT_POSTED,
		[ORACLE_IRQ_BLOCKED] = HWI_INT_BLOCKED,
	};
	bool eime = has(machine.oc.irta, 11);
	struct oracle_irq_answer note = *a;

	if (p->outcome != outcome[a->outcome])
		return differs_irq("outcome", p->outcome, outcome[a->outcome]);
	if (p->fault != a->code || p->recorded != a->recorded)
		return differs_irq("fault", p->fault, a->code);
	if (f->count != a->recorded || f->overflow)
		return differs_irq("records", f->count, a->recorded);
	if (a->recorded) {
		if (get_field(f->hi, 39, 32) != a->code)
			return differs_irq("FR", get_field(f->hi, 39, 32), a->code);
		if (get_field(f->hi, 15, 0) != q->requester)
			return differs_irq("SID", get_field(f->hi, 15, 0), q->requester);
		if (a->fi_valid && f->lo != a->fi)
			return differs_irq("FI", f->lo, a->fi);
	}
	if (!pid_agrees(a, before))
		return false;
	if (machine.messages != (a->outcome == ORACLE_IRQ_POSTED && a->notify))
		return differs_irq("notifications", machine.messages, a->notify);
	switch (a->outcome) {
	case ORACLE_IRQ_PASS:
		if (p->addr != q->addr || p->data != q->data)
			return differs_irq("unchanged message", p->addr, q->addr);
		return true;
	case ORACLE_IRQ_REMAPPED:
		return message_agrees(a, p->addr, p->data, eime);
	case ORACLE_IRQ_POSTED:
		note.level = note.logical = note.redirection = false;
		note.delivery = 0;
		return !a->notify || message_agrees(&note, machine.msi_addr,
						    machine.msi_data, eime);
	default:
		return true;
	}
}

static void request(struct world *w, uint64_t seed)
{
	static struct oracle_irq_answer answer[8];
	struct oracle_memory memory = oracle_side(&machine);
	struct rng *r = &w->r;
	struct hwi_interrupt_request q = { .requester = world_sid[below(r, 4)] };
	struct hwi_interrupt_response p;
	uint64_t before[8][8] = { 0 };
	struct fault_seen faults;
	unsigned int handle = below(r, one_in(r, 3) ? 490 : 24);
	int n;

	if (one_in(r, 40))
		handle = 0xfff0 + below(r, 16);
	if (one_in(r, 30))
		q.requester ^= (uint32_t)B(below(r, 16));
	q.addr = 0xfee00000 | (handle & 0x7fff) << 5 | (handle >> 15) << 2 |
		 below(r, 4);
	q.addr |= one_in(r, 8) ? 0 : B(4);
	q.data = (uint32_t)rnd(r);
	if (one_in(r, 2)) {
		q.addr |= B(3);		/* SHV */
		q.data &= one_in(r, 12) ? 0xffffffff : 0xf;
		if (one_in(r, 20))
			q.data |= 0xff00;
	}

	n = oracle_interrupt(&machine.oc, &memory, (uint16_t)q.requester,
			     (uint32_t)q.addr, q.data, answer, 8);
	assert_true(n > 0);
	for (int i = 0; i < n; i++)
		if (answer[i].outcome == ORACLE_IRQ_POSTED)
			memcpy(before[i], &machine.word[(answer[i].pid - machine.base) >> 3],
			       sizeof(before[i]));
	machine.writes = machine.messages = 0;
	hwi_interrupt(machine.unit, &q, &p);
	faults = machine_take_faults(&machine);
	if (has(q.addr, 3))
		handle += q.data & 0xffff;
	if (handle < ENTRIES && has(q.addr, 4) && p.outcome != HWI_INT_BLOCKED)
		cached[handle] = true;
	for (int i = 0; i < n; i++) {
		const struct oracle_irq_answer *a = &answer[i];

		if (!irq_agrees(a, &q, &p, &faults, before[i]))
			continue;
		seen[a->code]++;
		recorded[a->code] += a->recorded;
		silenced[a->code] += a->outcome == ORACLE_IRQ_BLOCKED && !a->recorded;
		remapped += a->outcome == ORACLE_IRQ_REMAPPED;
		posted += a->outcome == ORACLE_IRQ_POSTED;
		notified += a->notify;
		passed += a->outcome == ORACLE_IRQ_PASS;
		return;
	}
	fprintf(stderr, "PROPERTY_SEED=%llu PROPERTY_RUNS=0 reproduces\n",
		(unsigned long long)seed);
	fprintf(stderr, "sid %04x addr %llx data %x; cap %llx ecap %llx haw %u irta %llx ires %u cfis %u base %llx\n",
		q.requester, (unsigned long long)q.addr, q.data,
		(unsigned long long)machine.oc.cap, (unsigned long long)machine.oc.ecap,
		machine.oc.haw, (unsigned long long)machine.oc.irta, machine.oc.ires,
		machine.oc.cfis, (unsigned long long)machine.base);
	fprintf(stderr, "library: outcome %u fault %x recorded %u addr %llx data %x, record %llx %llx\n",
		p.outcome, p.fault, p.recorded, (unsigned long long)p.addr, p.data,
		(unsigned long long)faults.hi, (unsigned long long)faults.lo);
	for (int i = 0; i < n; i++)
		fprintf(stderr, "allowed: outcome %u fault %x recorded %u dest %x vector %x pid %llx notify %u\n",
			answer[i].outcome, answer[i].code, answer[i].recorded,
			answer[i].dest, answer[i].vector,
			(unsigned long long)answer[i].pid, answer[i].notify);
	if (handle < ENTRIES)
		fprintf(stderr, "entry of the handle: %016llx %016llx\n",
			(unsigned long long)*word_at(w, P_IR_TABLE, 2 * handle + 1),
			(unsigned long long)*word_at(w, P_IR_TABLE, 2 * handle));
	fail_msg("seed %llu: %s", (unsigned long long)seed, why);
}

static void interrupts_go_where_the_specification_says(void **state)
{
	unsigned int rounds = property_rounds(400);
	uint64_t seed = property_seed();
	struct hwi_vtd_config full;
	struct software s;
	struct world w;

	(void)state;
	hwi_vtd_config_init(&full);
	full.ecap |= B(ECAP_EIMER) | B(ECAP_IRREQ);
	assert_true(machine_init(&machine));
	for (unsigned int i = 0; i < (rounds ? rounds : 1); i++) {
		new_unit(&w, &s, seed + i, &full);
		for (unsigned int j = 0; j < 20; j++) {
			unsigned int e = below(&w.r, one_in(&w.r, 3) ? ENTRIES : 24);

			for (unsigned int k = 0; k < 20; k++)
				request(&w, seed + i);
			/* one change, and what it owes (CM=0: nothing if all were blocked) */
			random_irte(&w, e);
			if (one_in(&w.r, 10)) {
				iec_global(&s);
				memset(cached, 0, sizeof(cached));
			} else if (cached[e] || has(machine.oc.cap, 7)) {
				iec_index(&s, e, 0);
				cached[e] = false;
			}
			random_pid(&w, below(&w.r, 16));	/* never cached */
			queue_sync(&s);
			if (s.failed)
				fail_msg("seed %llu: an invalidation does not complete",
					 (unsigned long long)(seed + i));
		}
	}
	machine_free(&machine);
}

static void every_interrupt_fault_reason_comes_up(void **state)
{
	unsigned int missing = 0;

	(void)state;
	fprintf(stderr, "%u remapped, %u posted, %u of them with a notification, %u passed\n",
		remapped, posted, notified, passed);
	for (unsigned int code = 0x20; code <= 0x2b; code++) {
		bool bad = !recorded[code] ||
			   (oracle_code_qualified((uint8_t)code) && !silenced[code]);

		if (code == 0x29)	/* a matter of hwi_translate() */
			continue;
		fprintf(stderr, "%02x %7u blocked %7u recorded %7u silenced%s\n", code,
			seen[code], recorded[code], silenced[code],
			bad ? "  MISSING" : "");
		missing += bad;
	}
	if (property_env("PROPERTY_RUNS", 100) < 100)
		fprintf(stderr, "PROPERTY_RUNS is below 100: %u reasons missing, not judged\n",
			missing);
	else
		assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interrupts_go_where_the_specification_says),
		cmocka_unit_test(every_interrupt_fault_reason_comes_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

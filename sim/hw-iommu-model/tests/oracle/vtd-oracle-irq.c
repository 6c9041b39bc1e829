/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The naive VT-d interpreter: interrupt remapping and posting (VT-d 5.10
 * sections 5.1, 5.2, 9.9 and 9.10, Table 30).
 */
#include <string.h>

#include "vtd-oracle-internal.h"

struct irq_run {
	const struct oracle_config *c;
	const struct oracle_memory *m;
	struct choices *ch;
	struct oracle_irq_answer *a;
	uint64_t index;
	bool fpd;
};

static void blocked(struct irq_run *r, uint8_t code)
{
	r->a->outcome = ORACLE_IRQ_BLOCKED;
	r->a->code = code;
	r->a->recorded = !(r->fpd && oracle_code_qualified(code));
	r->a->fi_valid = code != 0x20 && code != 0x25 && code != 0x2a &&
			 code != 0x2b;
	if (r->a->fi_valid)
		r->a->fi = r->index << 48;
}

static bool source_matches(uint64_t irte_hi, uint16_t sid, bool *reserved)
{
	static const uint16_t dont_care[] = { 0, 4, 6, 7 };	/* SQ */
	unsigned int svt = (unsigned int)bits(irte_hi, 19, 18);
	unsigned int sq = (unsigned int)bits(irte_hi, 17, 16);
	unsigned int id = (unsigned int)bits(irte_hi, 15, 0);
	unsigned int bus = sid >> 8;

	*reserved = svt == 3;
	switch (svt) {
	case 0:
		return true;
	case 1:
		return ((id ^ sid) & ~(unsigned int)dont_care[sq] & 0xffff) == 0;
	case 2:		/* start bus in the high byte, both ends included */
		return bus >= id >> 8 && bus <= (id & 0xff);
	default:
		return false;
	}
}

static bool irte_reserved(const struct oracle_config *c, uint64_t lo, uint64_t hi,
			  bool eime)
{
	bool posted = bit(lo, 15);

	if (bits(lo, 13, 12) || bits(lo, 31, 24) || bits(hi, 31, 20))
		return true;
	if (!posted) {
		if (bit(lo, 14) || bits(hi, 63, 32))
			return true;
		return !eime && (bits(lo, 63, 48) || bits(lo, 39, 32));
	}
	if (!cap_pi(c) || bits(lo, 7, 2) || bits(lo, 37, 32))
		return true;
	return beyond(bits(hi, 63, 32) << 32, c->haw);
}

static void post(struct irq_run *r, uint64_t lo, uint64_t hi, bool eime)
{
	uint64_t pid = (bits(hi, 63, 32) << 32) | (bits(lo, 63, 38) << 6);
	struct oracle_irq_answer *a = r->a;
	uint64_t d[8];
	bool reserved;

	for (unsigned int i = 0; i < 8; i++) {
		if (!r->m->read(r->m->opaque, pid + 8 * i, &d[i], 8)) {
			blocked(r, 0x27);
			return;
		}
	}
	/* bits 319:256 are d[4]: ON 0, SN 1, NV 23:16, NDST 63:32 */
	reserved = bits(d[4], 15, 2) || bits(d[4], 31, 24) || d[5] || d[6] || d[7];
	if (!eime)
		reserved = reserved || bits(d[4], 39, 32) || bits(d[4], 63, 48);
	if (reserved) {
		blocked(r, 0x28);
		return;
	}
	if (!r->m->writable(r->m->opaque, pid)) {
		blocked(r, 0x27);
		return;
	}
	a->outcome = ORACLE_IRQ_POSTED;
	a->pid = pid;
	a->vv = (uint8_t)bits(lo, 23, 16);
	a->notify = !bit(d[4], 0) && (bit(lo, 14) || !bit(d[4], 1));
	if (a->notify) {
		a->vector = (uint8_t)bits(d[4], 23, 16);
		a->dest = (uint32_t)(eime ? bits(d[4], 63, 32) : bits(d[4], 47, 40));
	}
}

static void interpret_irq(struct irq_run *r, uint16_t sid, uint32_t addr,
			  uint32_t data)
{
	const struct oracle_config *c = r->c;
	struct oracle_irq_answer *a = r->a;
	bool eime = ecap_eim(c) && bit(c->irta, 11), shv = bit(addr, 3);
	bool svt_reserved, source_ok;
	uint64_t base = bits(c->irta, 63, 12) << 12, lo, hi;
	unsigned int delivery;

	a->outcome = ORACLE_IRQ_PASS;
	if (!c->ires) {
		if (ecap_irreq(c))
			blocked(r, 0x2b);
		return;
	}
	if (ecap_eimer(c) && !eime) {
		blocked(r, 0x2a);
		return;
	}
	if (!bit(addr, 4)) {
		if (eime || !c->cfis)
			blocked(r, 0x25);
		return;
	}
	if (shv && bits(data, 31, 16)) {
		blocked(r, 0x20);
		return;
	}

	r->index = bits(addr, 19, 5) | (uint64_t)bit(addr, 2) << 15;
	if (shv)
		r->index += bits(data, 15, 0);
	if (r->index > 0xffff && choose(r->ch, 2))
		r->index &= 0xffff;	/* a sum of 17 bits: open */
	if (r->index >= UINT64_C(2) << bits(c->irta, 3, 0) ||
	    beyond(base + 16 * r->index, c->haw)) {
		blocked(r, 0x21);
		return;
	}
	if (!r->m->read(r->m->opaque, base + 16 * r->index, &lo, 8) ||
	    !r->m->read(r->m->opaque, base + 16 * r->index + 8, &hi, 8)) {
		blocked(r, 0x23);
		return;
	}
	r->fpd = bit(lo, 1);
	if (!bit(lo, 0)) {
		blocked(r, 0x22);
		return;
	}
	source_ok = source_matches(hi, sid, &svt_reserved);
	if (svt_reserved) {
		/* SVT=11b: a reserved value, or a check that fails */
		blocked(r, choose(r->ch, 2) ? 0x24 : 0x26);
		return;
	}
	if (!source_ok) {
		blocked(r, 0x26);
		return;
	}
	if (irte_reserved(c, lo, hi, eime)) {
		blocked(r, 0x24);
		return;
	}
	if (bit(lo, 15)) {
		post(r, lo, hi, eime);
		return;
	}
	delivery = (unsigned int)bits(lo, 7, 5);
	if ((delivery == 3 || delivery == 6) && choose(r->ch, 2)) {
		blocked(r, 0x24);	/* reserved encodings: open */
		return;
	}
	a->outcome = ORACLE_IRQ_REMAPPED;
	a->logical = bit(lo, 2);
	a->redirection = bit(lo, 3);
	a->level = bit(lo, 4);
	a->delivery = delivery;
	a->vector = (uint8_t)bits(lo, 23, 16);
	a->dest = (uint32_t)(eime ? bits(lo, 63, 32) : bits(lo, 47, 40));
}

int oracle_interrupt(const struct oracle_config *config,
		     const struct oracle_memory *memory, uint16_t sid,
		     uint32_t addr, uint32_t data,
		     struct oracle_irq_answer *answers, int max)
{
	struct choices ch = { .known = 0 };
	int n = 0;

	do {
		struct irq_run r = {
			.c = config, .m = memory, .ch = &ch,
		};
		bool seen = false;

		if (n == max)
			return -1;
		r.a = &answers[n];
		memset(r.a, 0, sizeof(*r.a));
		interpret_irq(&r, sid, addr, data);
		if (ch.overflow)
			return -1;
		for (int i = 0; i < n && !seen; i++)
			seen = memcmp(&answers[i], r.a, sizeof(*r.a)) == 0;
		if (!seen)
			n++;
	} while (next_choices(&ch));
	return n;
}

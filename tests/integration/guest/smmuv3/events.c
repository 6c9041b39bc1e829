// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Event records, Arm IHI 0070 §7.3: each field of the code is compared, and what is reserved must be 0. */
#include "family.h"
#include "kmsg.h"
#include "smmuv3/smmuv3.h"

#define BITS(hi, lo)	((~0ull >> (63 - (hi))) & (~0ull << (lo)))

struct layout {
	bool ssv, ssid;		/* the record has these */
	bool access;		/* ... and Stall, STAG, PnU, InD, RnW, S2, CLASS, InputAddr, IPA */
};

static struct layout layout_of(unsigned int code)
{
	switch (code) {
	case F_STREAM_DISABLED:
		return (struct layout){ 0 };
	case C_BAD_SUBSTREAMID:
		return (struct layout){ .ssid = true };
	case F_TRANSLATION ... F_PERMISSION:
		return (struct layout){ .ssv = true, .ssid = true, .access = true };
	default:
		return (struct layout){ .ssv = true, .ssid = true };
	}
}

static void compare(const uint64_t record[4], unsigned int word, uint64_t expected, uint64_t mask)
{
	want((record[word] & mask) == (expected & mask),
	     "event %#016llx %#016llx %#016llx %#016llx: word %u, expected %#llx in bits %#llx",
	     (unsigned long long)record[0], (unsigned long long)record[1], (unsigned long long)record[2],
	     (unsigned long long)record[3], word, (unsigned long long)(expected & mask), (unsigned long long)mask);
}

void want_event(const uint64_t record[4], const struct event *e)
{
	struct layout l = layout_of(e->code);
	bool ssv = e->pasid != NO_PASID;
	uint64_t expected = e->code | (uint64_t)e->sid << 32, mask = BITS(63, 32) | BITS(10, 0);

	if (l.ssv)
		expected |= (uint64_t)ssv << 11;
	mask |= 1ull << 11;
	if (l.ssid && ssv)
		expected |= (uint64_t)e->pasid << 12;
	if ((l.ssid && ssv) || !l.ssid)
		mask |= BITS(31, 12);		/* without SSV the SubstreamID is UNKNOWN */
	compare(record, 0, expected, mask);

	expected = 0;
	mask = ~0ull;
	if (l.access) {
		expected = (uint64_t)e->stall << 31 | (uint64_t)e->priv << 33 | (uint64_t)(e->inst && !e->write) << 34 |
			   (uint64_t)!e->write << 35 | (uint64_t)e->s2 << 39 | (uint64_t)e->class << 40;
		mask = BITS(47, 16);		/* [15:0] STAG is for whom stalls, [63:48] is the implementation's */
		/* TTRnW: a walk reads; only F_PERMISSION has it, and it is valid for CLASS = TT. */
		if (e->code == F_PERMISSION) {
			if (e->class == CLASS_TT)
				expected |= 1ull << 44;
			else
				mask &= ~(1ull << 44);
		}
	}
	compare(record, 1, expected, mask);
	compare(record, 2, l.access ? e->addr : 0, ~0ull);
	if (!l.access)
		compare(record, 3, 0, ~0ull);
	else if (e->s2)				/* else UNKNOWN */
		compare(record, 3, e->ipa, BITS(55, 12));
}

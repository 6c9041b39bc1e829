/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shared by the parts of the interpreter. Bit numbers are the specification's. */
#ifndef SMMU_ORACLE_INTERNAL_H
#define SMMU_ORACLE_INTERNAL_H

#include <string.h>

#include "smmu-oracle.h"

/* Event codes (§7.3) */
enum {
	C_BAD_STREAMID = 0x02,
	F_STE_FETCH = 0x03,
	C_BAD_STE = 0x04,
	F_BAD_ATS_TREQ = 0x05,
	F_STREAM_DISABLED = 0x06,
	F_TRANSL_FORBIDDEN = 0x07,
	C_BAD_SUBSTREAMID = 0x08,
	F_CD_FETCH = 0x09,
	C_BAD_CD = 0x0a,
	F_WALK_EABT = 0x0b,
	F_TRANSLATION = 0x10,
	F_ADDR_SIZE = 0x11,
	F_ACCESS = 0x12,
	F_PERMISSION = 0x13,
};

enum { CLASS_CD, CLASS_TT, CLASS_IN };
enum { GRAN_NONE, GRAN_4K, GRAN_16K, GRAN_64K };
enum { REGIME_EL1, REGIME_EL2, REGIME_EL2_E2H };

struct run {
	const struct smmu_oracle_unit *u;
	const struct smmu_oracle_request *q;
	struct smmu_oracle_answer *a;
	uint64_t ste[8], cd[8];
	bool s1, s2;
	int regime;
	bool priv, inst; /* after overrides */
	bool rd, wr;	 /* what the transaction needs */
	/* The fault, if any */
	uint8_t code;
	bool fault_s2;
	int fault_class;
	uint64_t fault_ipa, fetch_addr;
	bool ttrnw;
	bool missing_read_only; /* F_PERMISSION of an atomic that could write */
	uint32_t bad_ssid;
	uint64_t ipa; /* what goes into stage 2, or out without it */
};

static inline uint64_t f(uint64_t word, int hi, int lo)
{
	uint64_t v = word >> lo;

	return hi - lo == 63 ? v : v & ((UINT64_C(1) << (hi - lo + 1)) - 1);
}

static inline uint64_t low_clear(uint64_t v, unsigned int bits)
{
	return bits >= 64 ? 0 : v >> bits << bits;
}

static inline unsigned int oas_bits(uint64_t code)
{
	static const unsigned int bits[] = { 32, 36, 40, 42, 44, 48, 52 };

	return code < 7 ? bits[code] : 52;
}

static inline unsigned int oas(const struct run *r)
{
	return oas_bits(f(r->u->idr5, 2, 0));
}

/* A size field of a table is capped by OAS; reserved values act as the cap. */
static inline unsigned int capped_size(const struct run *r, uint64_t code)
{
	unsigned int bits = code < 7 ? oas_bits(code) : oas(r);

	return bits < oas(r) ? bits : oas(r);
}

static inline bool above(uint64_t addr, unsigned int bits)
{
	return bits < 64 && addr >> bits;
}

/* Memory with the updates so far. */
static inline bool load(struct run *r, uint64_t addr, uint64_t *word)
{
	if (!r->u->read(r->u->opaque, addr, word))
		return false;
	for (unsigned int i = 0; i < r->a->n_updates; i++)
		if (r->a->updates[i].addr == addr && !r->a->updates[i].maybe)
			*word = r->a->updates[i].to;
	return true;
}

static inline void update(struct run *r, uint64_t addr, uint64_t from, uint64_t to, bool maybe)
{
	if (from == to || r->a->n_updates == SMMU_O_UPDATES)
		return;
	r->a->updates[r->a->n_updates].addr = addr;
	r->a->updates[r->a->n_updates].from = from;
	r->a->updates[r->a->n_updates].to = to;
	r->a->updates[r->a->n_updates].maybe = maybe;
	r->a->n_updates++;
}

static inline bool fault(struct run *r, uint8_t code)
{
	r->code = code;
	return false;
}

/* ---- what granules look like ---- */

static inline unsigned int page_bits(int g)
{
	return g == GRAN_4K ? 12 : g == GRAN_16K ? 14 : 16;
}

static inline bool granule_there(const struct run *r, int g)
{
	return (g == GRAN_4K && f(r->u->idr5, 4, 4)) || (g == GRAN_16K && f(r->u->idr5, 5, 5)) ||
	       (g == GRAN_64K && f(r->u->idr5, 6, 6));
}

static inline bool va52(const struct run *r)
{
	return f(r->u->idr5, 11, 10) >= 1;
}

/* Bits that a descriptor of level 3 resolves start here. */
static inline unsigned int level_shift(int g, int level)
{
	return page_bits(g) + (3 - (unsigned int)level) * (page_bits(g) - 3);
}

/* Whether a block may stand at this level (no LPA2). */
static inline bool block_ok(const struct run *r, int g, int level)
{
	if (g == GRAN_4K)
		return level == 1 || level == 2;
	if (g == GRAN_16K)
		return level == 2;
	return level == 2 || (level == 1 && oas(r) == 52);
}

/* The address in a descriptor: 47:s, with 64K and 52-bit addresses 51:48 in 15:12. */
static inline uint64_t descriptor_address(const struct run *r, int g, uint64_t d, unsigned int low)
{
	uint64_t a = low_clear(d & ((UINT64_C(1) << 48) - 1), low);

	if (g == GRAN_64K && oas(r) == 52)
		a |= f(d, 15, 12) << 48;
	return a;
}

/* Stage 2 (smmu-oracle-walk.c) */
struct s2_use {
	bool rd, wr, inst, priv;
	int class;
	bool dirty; /* may make the page dirty */
};

int s2_granule(uint64_t tg);
bool s2_start_ok(int g, uint64_t sl0, unsigned int t0sz, int *level);
bool stage2(struct run *r, uint64_t ipa, const struct s2_use *use, uint64_t *pa);
bool structure_pa(struct run *r, uint64_t addr, int class, bool write, uint64_t *pa);

/* A transaction and its parts (smmu-oracle.c) */
bool find_ste(struct run *r);
bool ste_ok(struct run *r);
void attributes(struct run *r);
bool transaction(struct run *r, uint64_t *pa);
void put(struct smmu_oracle_answer *a, int bit_hi, int bit_lo, uint64_t v);
void record(struct run *r, bool stall);
void conclude(struct run *r);

/* Stage 1 (smmu-oracle-walk.c) */
int s1_granule(uint64_t tg, bool upper);
bool stage1(struct run *r, uint64_t va, uint64_t *ipa);

#endif

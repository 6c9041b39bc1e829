/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the parts of the VT-d oracle share among themselves, and nobody else. */
#ifndef VTD_ORACLE_INTERNAL_H
#define VTD_ORACLE_INTERNAL_H

#include "vtd-oracle.h"

/* ---- bits, counted as the specification counts them: v[hi:lo] ---- */

static inline uint64_t bits(uint64_t v, unsigned int hi, unsigned int lo)
{
	v >>= lo;
	return hi - lo == 63 ? v : v & ((UINT64_C(1) << (hi - lo + 1)) - 1);
}

static inline bool bit(uint64_t v, unsigned int n)
{
	return (v >> n) & 1;
}

/* Whether @v needs more than @width bits */
static inline bool beyond(uint64_t v, unsigned int width)
{
	return width < 64 && (v >> width) != 0;
}

/* ---- places where the specification leaves a choice ---- */

#define MAX_CHOICES 48

struct choices {
	uint8_t taken[MAX_CHOICES];
	uint8_t limit[MAX_CHOICES];
	unsigned int known, pos;
	bool overflow;
};

/* A number below @n; over all runs every number comes up */
static inline unsigned int choose(struct choices *c, unsigned int n)
{
	if (n < 2)
		return 0;
	if (c->pos == MAX_CHOICES) {
		c->overflow = true;
		return 0;
	}
	if (c->pos == c->known) {
		c->taken[c->known] = 0;
		c->limit[c->known] = (uint8_t)n;
		c->known++;
	}
	return c->taken[c->pos++];
}

/* Prepares the next combination; false when all have been seen */
static inline bool next_choices(struct choices *c)
{
	c->known = c->pos;
	c->pos = 0;
	while (c->known && c->taken[c->known - 1] + 1 == c->limit[c->known - 1])
		c->known--;
	if (!c->known)
		return false;
	c->taken[c->known - 1]++;
	return true;
}

/* ---- sets of fault reasons that hold at the same time ---- */

struct codes {
	uint8_t code[12];
	unsigned int n;
};

static inline bool has_code(const struct codes *s, uint8_t code)
{
	for (unsigned int i = 0; i < s->n; i++)
		if (s->code[i] == code)
			return true;
	return false;
}

static inline void add_code(struct codes *s, bool condition, uint8_t code)
{
	if (condition && !has_code(s, code))
		s->code[s->n++] = code;
}

/* One of the set (no order is specified), 0 if it is empty */
static inline uint8_t pick(struct choices *c, const struct codes *s)
{
	return s->n ? s->code[choose(c, s->n)] : 0;
}

/* ---- capabilities, by their names in CAP_REG and ECAP_REG ---- */

static inline unsigned int domain_id_bits(const struct oracle_config *c)
{
	return 4 + 2 * (unsigned int)bits(c->cap, 2, 0);
}

static inline unsigned int mgaw(const struct oracle_config *c)
{
	return (unsigned int)bits(c->cap, 21, 16) + 1;
}

/* AW field of an entry: supported only if SAGAW names it (bits 1, 2, 3) */
static inline bool aw_supported(const struct oracle_config *c, uint64_t aw)
{
	return aw >= 1 && aw <= 3 && bit(c->cap, 8 + (unsigned int)aw);
}

static inline bool cap_zlr(const struct oracle_config *c) { return bit(c->cap, 22); }
static inline bool cap_2m(const struct oracle_config *c) { return bit(c->cap, 34); }
static inline bool cap_1g(const struct oracle_config *c) { return bit(c->cap, 35); }
static inline bool cap_fs1gp(const struct oracle_config *c) { return bit(c->cap, 56); }
static inline bool cap_pi(const struct oracle_config *c) { return bit(c->cap, 59); }
static inline bool cap_fs5lp(const struct oracle_config *c) { return bit(c->cap, 60); }

static inline bool ecap_dt(const struct oracle_config *c) { return bit(c->ecap, 2); }
static inline bool ecap_eim(const struct oracle_config *c) { return bit(c->ecap, 4); }
static inline bool ecap_pt(const struct oracle_config *c) { return bit(c->ecap, 6); }
static inline bool ecap_sc(const struct oracle_config *c) { return bit(c->ecap, 7); }
static inline bool ecap_mts(const struct oracle_config *c) { return bit(c->ecap, 25); }
static inline bool ecap_nest(const struct oracle_config *c) { return bit(c->ecap, 26); }
static inline bool ecap_prs(const struct oracle_config *c) { return bit(c->ecap, 29); }
static inline bool ecap_srs(const struct oracle_config *c) { return bit(c->ecap, 31); }
static inline bool ecap_nwfs(const struct oracle_config *c) { return bit(c->ecap, 33); }
static inline bool ecap_eafs(const struct oracle_config *c) { return bit(c->ecap, 34); }
static inline bool ecap_pasid(const struct oracle_config *c) { return bit(c->ecap, 40); }
static inline bool ecap_smts(const struct oracle_config *c) { return bit(c->ecap, 43); }
static inline bool ecap_ssads(const struct oracle_config *c) { return bit(c->ecap, 45); }
static inline bool ecap_ssts(const struct oracle_config *c) { return bit(c->ecap, 46); }
static inline bool ecap_fsts(const struct oracle_config *c) { return bit(c->ecap, 47); }
static inline bool ecap_smpwcs(const struct oracle_config *c) { return bit(c->ecap, 48); }
static inline bool ecap_rps(const struct oracle_config *c) { return bit(c->ecap, 49); }
static inline bool ecap_adms(const struct oracle_config *c) { return bit(c->ecap, 52); }
static inline bool ecap_rprivs(const struct oracle_config *c) { return bit(c->ecap, 53); }
static inline bool ecap_hpts(const struct oracle_config *c) { return bit(c->ecap, 55); }
static inline bool ecap_ptrs(const struct oracle_config *c) { return bit(c->ecap, 56); }
static inline bool ecap_ssirws(const struct oracle_config *c) { return bit(c->ecap, 57); }
static inline bool ecap_eimer(const struct oracle_config *c) { return bit(c->ecap, 61); }
static inline bool ecap_irreq(const struct oracle_config *c) { return bit(c->ecap, 62); }

static inline unsigned int pasid_bits(const struct oracle_config *c)
{
	return (unsigned int)bits(c->ecap, 39, 35) + 1;
}

/* ---- one interpretation of one request ---- */

struct run {
	const struct oracle_config *c;
	const struct oracle_memory *m;
	const struct oracle_request *q;
	struct choices *ch;
	struct oracle_answer *a;

	bool fpd;		/* OR of the FPD bits met so far */
	bool privileged;	/* PR in force: the prefix's, or RID_PRIV */
	bool no_write;		/* NW, and honoured */

	/* violations seen, which a unit may also report later */
	struct codes fs_rights;
	struct codes updates;
};

/* Second-stage tables in use */
struct ss_tables {
	uint64_t ptr;
	unsigned int levels;
	bool legacy;		/* fault reasons of legacy mode */
	bool irw;		/* RTADDR.SSIRWE: rights are bits 61 and 62 */
	bool ad;		/* SSADE */
	bool snooped;		/* PWSNP, and SMPWCS */
};

/* First-stage tables in use */
struct fs_tables {
	uint64_t ptr;
	unsigned int levels;
	bool eafe, wpe;
	bool snooped;
};

/* Result of the stages */
struct mapping {
	uint64_t out;
	unsigned int shift;	/* log2 of the page */
	bool r, w;
	bool snp;
};

bool load64(struct run *r, uint64_t addr, uint64_t *v);
void note_update(struct run *r, uint64_t addr, uint64_t must, uint64_t may);
bool report_now(struct run *r, struct codes *later, const struct codes *found);

/* Rights the request asks for */
bool wants_write(const struct run *r);
bool wants_read(const struct run *r);

/* Both return a fault reason or 0 */
uint8_t second_stage_only(struct run *r, const struct ss_tables *ss,
			  struct mapping *map);
uint8_t first_stage(struct run *r, const struct fs_tables *fs,
		    const struct ss_tables *nested, struct mapping *map);

#endif

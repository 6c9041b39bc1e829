/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Random capability sets that obey the dependencies of VT-d 5.10 sections 11.4.2
 * and 11.4.3. The positions are written here once more, so that a slip in the
 * library's own table cannot hide.
 */
#ifndef PROPERTY_VTD_CAPABILITIES_H
#define PROPERTY_VTD_CAPABILITIES_H

#include "hwiommu/vtd.h"
#include "random.h"

#define B(n) (UINT64_C(1) << (n))

enum {
	ECAP_QI = 1, ECAP_DT = 2, ECAP_IR = 3, ECAP_EIM = 4, ECAP_PT = 6,
	ECAP_SC = 7, ECAP_MTS = 25, ECAP_NEST = 26, ECAP_PRS = 29, ECAP_SRS = 31,
	ECAP_NWFS = 33, ECAP_EAFS = 34, ECAP_PASID = 40, ECAP_DIT = 41,
	ECAP_PDS = 42, ECAP_SMTS = 43, ECAP_SSADS = 45, ECAP_SSTS = 46,
	ECAP_FSTS = 47, ECAP_SMPWCS = 48, ECAP_RPS = 49, ECAP_PMS = 51,
	ECAP_ADMS = 52, ECAP_RPRIVS = 53, ECAP_HPTS = 55, ECAP_PTRS = 56,
	ECAP_SSIRWS = 57, ECAP_SMS = 58, ECAP_HPT1GPS = 59, ECAP_EIMER = 61,
	ECAP_IRREQ = 62,
};

static inline bool has(uint64_t word, unsigned int n)
{
	return (word >> n) & 1;
}

static inline uint64_t put_field(uint64_t word, unsigned int hi, unsigned int lo,
				 uint64_t v)
{
	uint64_t mask = (hi - lo == 63 ? ~UINT64_C(0) : B(hi - lo + 1) - 1) << lo;

	return (word & ~mask) | ((v << lo) & mask);
}

static inline uint64_t get_field(uint64_t word, unsigned int hi, unsigned int lo)
{
	return (word >> lo) & (hi - lo == 63 ? ~UINT64_C(0) : B(hi - lo + 1) - 1);
}

/* Clears what may not be set without something else, until nothing changes */
static inline void obey_dependencies(struct hwi_vtd_config *c)
{
	static const struct {
		unsigned char bit, needs;
	} rule[] = {
		{ ECAP_DT, ECAP_QI }, { ECAP_IR, ECAP_QI }, { ECAP_EIM, ECAP_IR },
		{ ECAP_SMTS, ECAP_QI }, { ECAP_MTS, ECAP_SMTS },
		{ ECAP_NEST, ECAP_SMTS }, { ECAP_NEST, ECAP_FSTS },
		{ ECAP_NEST, ECAP_SSTS }, { ECAP_PRS, ECAP_DT },
		{ ECAP_PRS, ECAP_SMTS }, { ECAP_SRS, ECAP_SMTS },
		{ ECAP_NWFS, ECAP_DT }, { ECAP_EAFS, ECAP_FSTS },
		{ ECAP_EAFS, ECAP_SMPWCS }, { ECAP_PASID, ECAP_SMTS },
		{ ECAP_DIT, ECAP_DT }, { ECAP_PDS, ECAP_DT },
		{ ECAP_SSADS, ECAP_SMPWCS }, { ECAP_FSTS, ECAP_SMTS },
		{ ECAP_SMPWCS, ECAP_SMTS }, { ECAP_RPS, ECAP_SMTS },
		{ ECAP_RPRIVS, ECAP_SRS }, { ECAP_HPTS, ECAP_SMTS },
		{ ECAP_HPTS, ECAP_DT }, { ECAP_PTRS, ECAP_DT },
		{ ECAP_PTRS, ECAP_PASID }, { ECAP_SSIRWS, ECAP_SSTS },
		{ ECAP_SMS, ECAP_PRS }, { ECAP_HPT1GPS, ECAP_HPTS },
		{ ECAP_EIMER, ECAP_EIM }, { ECAP_IRREQ, ECAP_IR },
	};
	uint64_t before;

	do {
		before = c->ecap;
		for (unsigned int i = 0; i < sizeof(rule) / sizeof(rule[0]); i++)
			if (!has(c->ecap, rule[i].needs))
				c->ecap &= ~B(rule[i].bit);
	} while (c->ecap != before);

	if (!has(c->ecap, ECAP_SMTS))
		c->ecap = put_field(c->ecap, 39, 35, 0);	/* PSS */
	if (!has(c->ecap, ECAP_IR)) {
		c->ecap = put_field(c->ecap, 23, 20, 0);	/* MHMV */
		c->cap &= ~B(59);				/* PI */
	}
	if (!has(c->ecap, ECAP_FSTS))
		c->cap &= ~(B(56) | B(60));			/* FS1GP, FS5LP */
	if (has(c->ecap, ECAP_SMTS))
		c->cap &= ~B(4);				/* RWBF */
	if (!has(c->ecap, ECAP_SSTS) && c->ver_major >= 6)
		c->cap = put_field(c->cap, 12, 8, 0);		/* SAGAW */
	if (c->ver_major >= 2)
		c->cap |= B(54) | B(55);			/* DWD, DRD */
}

/*
 * A unit with a random part of what @full has. @keep_ecap: bits that stay;
 * otherwise each goes with a chance of one in @drop.
 */
static inline struct hwi_vtd_config random_config(struct rng *r,
						  const struct hwi_vtd_config *full,
						  unsigned int drop,
						  uint64_t keep_ecap)
{
	static const unsigned char majors[] = { 1, 2, 5, 6, 6, 7, 8, 9 };
	struct hwi_vtd_config c = *full;
	static const unsigned char droppable[] = {
		ECAP_DT, ECAP_IR, ECAP_EIM, ECAP_PT, ECAP_SC, ECAP_MTS,
		ECAP_NEST, ECAP_PRS, ECAP_SRS, ECAP_NWFS, ECAP_EAFS, ECAP_PASID,
		ECAP_DIT, ECAP_PDS, ECAP_SMTS, ECAP_SSADS, ECAP_SSTS, ECAP_FSTS,
		ECAP_SMPWCS, ECAP_RPS, ECAP_ADMS, ECAP_RPRIVS, ECAP_PTRS,
		ECAP_SSIRWS, ECAP_SMS, ECAP_EIMER, ECAP_IRREQ,
	};
	uint64_t sagaw = get_field(full->cap, 12, 8);
	unsigned int width;

	c.ver_major = majors[below(r, sizeof(majors))];
	for (unsigned int i = 0; i < sizeof(droppable); i++)
		if (!has(keep_ecap, droppable[i]) && one_in(r, drop))
			c.ecap &= ~B(droppable[i]);
	/* these two turn everything else off when misused: rarely present */
	if (!one_in(r, 4))
		c.ecap &= ~B(ECAP_EIMER);
	if (!one_in(r, 4))
		c.ecap &= ~B(ECAP_IRREQ);

	if (one_in(r, 2)) {			/* widths of the second stage */
		sagaw &= below(r, 16);
		if (!sagaw)
			sagaw = get_field(full->cap, 12, 8);
		c.cap = put_field(c.cap, 12, 8, sagaw);
	}
	c.haw = (uint8_t)(one_in(r, 3) ? full->haw : 39 + below(r, 14));
	if (c.haw > full->haw)
		c.haw = full->haw;
	width = c.haw + below(r, 58u - c.haw);	/* MGAW, at least HAW */
	if (width > get_field(full->cap, 21, 16) + 1)
		width = (unsigned int)get_field(full->cap, 21, 16) + 1;
	c.cap = put_field(c.cap, 21, 16, width - 1);
	if (one_in(r, 2))			/* ND: 8 bits at least */
		c.cap = put_field(c.cap, 2, 0, 2 + below(r, 5));
	if (one_in(r, 3))
		c.cap &= ~B(22);		/* ZLR */
	switch (below(r, 4)) {			/* SSLPS: none, 2M, or both */
	case 0:
		c.cap = put_field(c.cap, 37, 34, 0);
		break;
	case 1:
		c.cap = put_field(c.cap, 37, 34, 1);
		break;
	}
	if (one_in(r, 4)) {			/* PSI, MAMV */
		c.cap &= ~B(39);
		c.cap = put_field(c.cap, 53, 48, 0);
	} else if (one_in(r, 2)) {
		c.cap = put_field(c.cap, 53, 48, below(r, 40));
	}
	if (one_in(r, 3))
		c.cap &= ~B(56);		/* FS1GP */
	if (one_in(r, 3))
		c.cap &= ~B(60);		/* FS5LP */
	if (one_in(r, 3))
		c.cap &= ~B(63);		/* ESRTPS */
	if (one_in(r, 3))
		c.cap &= ~B(62);		/* ESIRTPS */
	if (one_in(r, 3))
		c.cap &= ~B(59);		/* PI */
	if (one_in(r, 2))			/* PSS */
		c.ecap = put_field(c.ecap, 39, 35, 6 + below(r, 14));
	c.cap = put_field(c.cap, 47, 40, below(r, 4)); /* NFR */
	obey_dependencies(&c);
	return c;
}

#endif

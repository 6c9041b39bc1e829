/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A stream that translates, ready to be spoiled: STE, CD and tables of either stage on
 * an SMMUv3 bench that is started.
 *
 * Stage 1 maps SW_IN to SW_IPA (alone: to SW_OUT), stage 2 SW_IPA to SW_OUT. Nested, the
 * CD and the stage 1 tables stand, for the guest, SW_GUEST above where they are.
 */
#ifndef TESTS_SMMU_WORLD_H
#define TESTS_SMMU_WORLD_H

#include "hwiommu/bits.h"
#include "hwiommu/smmuv3/vmsa.h"
#include "smmu_bench.h"

#define SW_SID 0x21u
#define SW_VMID 5u
#define SW_ASID 7u

#define SW_IN UINT64_C(0x40010000)
#define SW_OUT UINT64_C(0x610000)
#define SW_GUEST UINT64_C(0x10000000)
#define SW_IPA (SW_OUT + SW_GUEST)

/* Entries as Linux makes them, with all data rights. */
#define SW_S1_LEAF (VMSA_TYPE_PAGE | VMSA_DESC_AF | VMSA_S1_NG | VMSA_S1_AP_UNPRIV)
#define SW_S2_LEAF \
	(VMSA_TYPE_PAGE | VMSA_DESC_AF | VMSA_S2_S2AP_R | VMSA_S2_S2AP_W | \
	 HWI_PUT(VMSA_S2_MEMATTR, VMSA_S2_MEMATTR_OWB_IWB))

struct sw {
	struct smmu_bench *b;
	unsigned int g1, g2; /* log2 of the granules, 0: no such stage */
	unsigned int t0sz, s2t0sz;
	uint64_t ste, cd;    /* host addresses */
	uint64_t s1_root, s2_root;
	uint64_t guest;	     /* SW_GUEST if nested, else 0 */
};

void sw_bypass(struct sw *w, struct smmu_bench *b);
void sw_s1(struct sw *w, struct smmu_bench *b, unsigned int granule_log2);
void sw_s2(struct sw *w, struct smmu_bench *b, unsigned int granule_log2);
void sw_nested(struct sw *w, struct smmu_bench *b, unsigned int g1, unsigned int g2);

/* Map in the stage's tables at a lookup level; tables that are missing are made. */
void sw_map_s1(struct sw *w, uint64_t va, uint64_t out, unsigned int level, uint64_t bits);
void sw_map_s2(struct sw *w, uint64_t ipa, uint64_t out, unsigned int level, uint64_t bits);
/* Host address of the descriptor for an address at a lookup level; fails if there is none. */
uint64_t sw_s1_at(const struct sw *w, uint64_t va, unsigned int level);
uint64_t sw_s2_at(const struct sw *w, uint64_t ipa, unsigned int level);

/* Word @n of the STE or CD: set and clear bits; nothing is invalidated. */
void sw_ste(struct sw *w, unsigned int n, uint64_t set, uint64_t clear);
void sw_cd(struct sw *w, unsigned int n, uint64_t set, uint64_t clear);
/* A field of them. */
#define SW_STE_FIELD(w, n, mask, val) sw_ste(w, n, HWI_PUT(mask, val), (mask) & ~HWI_PUT(mask, val))
#define SW_CD_FIELD(w, n, mask, val) sw_cd(w, n, HWI_PUT(mask, val), (mask) & ~HWI_PUT(mask, val))

/* A descriptor in memory. */
void sw_set(struct sw *w, uint64_t at, uint64_t set, uint64_t clear);

/* A record, taken apart. */
struct sw_record {
	uint64_t dw[4];
	bool ssv;
	uint32_t ssid;
	bool stall, pnu, ind, rnw, s2, ttrnw;
	uint16_t stag;
	unsigned int class;
	uint64_t addr, ipa, fetch;
};

/* Exactly one record, of this code and stream; taken off the queue. */
struct sw_record sw_record(struct smmu_bench *b, uint8_t code, uint32_t sid);

/* Ordinary request without SubstreamID: goes to @out and leaves no record. */
void sw_expect(struct smmu_bench *b, uint32_t sid, uint64_t addr, unsigned int access,
	       uint64_t out);
/* The same, aborted with this code, and recorded: the record. */
struct sw_record sw_expect_fault(struct smmu_bench *b, uint32_t sid, uint64_t addr,
				 unsigned int access, uint8_t code);

void sw_cfgi_ste(struct sw *w, bool leaf);
void sw_cfgi_cd(struct sw *w, uint32_t ssid, bool leaf);
void sw_tlbi_all(struct sw *w); /* NS-EL1 and EL2, all stages */

/* The request SW_IN: goes to SW_OUT plus offset / is refused so. */
#define SW_ACCESS HWI_READ
void sw_ok(struct sw *w);
struct sw_record sw_fault(struct sw *w, uint8_t code);

#endif

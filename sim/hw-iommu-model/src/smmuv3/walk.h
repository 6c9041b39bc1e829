/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Between the parts that translate: what a stream's structures come to, what a
 * transaction asks, how a walk ends.
 *
 * Of memory types (SMMUv3 §13) a walk asks whether a page is a Device page, for S2PTW. An
 * answer says nothing of them: No_snoop acts after all of them, S2FWB too (§13.6.1.1), so
 * that no access is coherent whatever that attribute says.
 */
#ifndef HWI_SMMUV3_WALK_H
#define HWI_SMMUV3_WALK_H

#include "../formats/vmsa_s1.h"
#include "../formats/vmsa_s2.h"
#include "smmu.h"

/* Words of structures that the unit has a use for. */
#define SMMU_STE_KEPT 4u
#define SMMU_CD_KEPT 3u

/* Walks that are begun again because a descriptor changed under an update. */
#define SMMU_WALK_RETRIES 16u

/* Why a transaction ends; the record's fields beside those of the transaction. */
struct smmu_fault {
	uint8_t code; /* SMMU_EVT_x; SMMU_NO_FAULT, SMMU_RETRY */
	uint8_t class; /* SMMU_EV_CLASS_x */
	bool s2;
	bool ttrnw;
	bool missing_read; /* F_PERMISSION: a right to write is there */
	bool fixed; /* F_ADDR_SIZE of a bypassed stage 1: neither A, R nor S count */
	unsigned int had; /* HWI_READ, HWI_WRITE: rights that the mapping has */
	uint32_t ssid;	  /* C_BAD_SUBSTREAMID */
	uint64_t ipa;
	uint64_t fetch_addr;
};

#define SMMU_NO_FAULT 0u
#define SMMU_RETRY 0xffu /* no event code: begin the walk again */

/* One half of a stage 1 input range: TTB0 or TTB1 (CD). */
struct smmu_half {
	uint64_t root;
	struct hwi_pt_rules rules;
	uint8_t page_log2;
	uint8_t width; /* 64 - TxSZ */
	uint8_t top;   /* level of the root table */
	uint8_t out_bits; /* effective IPS */
	bool epd, tbi, e0pd;
	/* Flags of a plain leaf, by {UXN,PXN}: what else it says is always the same. */
	uint32_t plain_flags[4];
};

struct smmu_stage2 {
	uint64_t root;
	struct hwi_pt_rules rules;
	uint8_t page_log2;
	uint8_t width;
	uint8_t top;
	uint8_t out_bits; /* effective S2PS */
	bool ha;
	bool fwb;
	bool ptw;  /* S2PTW: tables on Device pages fault */
	uint32_t plain_flags[4]; /* of a plain leaf, by XN[1:0] */
};

/* What walk_quick.h can do for a path: 4 KiB pages, no tags, and no right that depends on more. */
enum smmu_quick_kind {
	SMMU_QUICK_NO,
	SMMU_QUICK_S1,
	SMMU_QUICK_S2,
	SMMU_QUICK_NESTED,
};

/*
 * What an STE and a CD say, decoded. Filled step by step, so that what is there when a
 * step fails tells how the failure is answered.
 */
struct smmu_path {
	bool abort;   /* Config=0xx */
	bool s1, s2;
	uint8_t regime; /* enum smmu_regime */
	uint8_t bypass_bits; /* no stage 1: width of addresses */
	/* STE */
	bool mev;
	bool s2s, s2r;
	uint8_t privcfg, instcfg; /* 0: as incoming */
	uint16_t vmid;
	/* CD */
	uint16_t asid;
	bool aset;
	bool a, r, s;
	bool ha;
	bool wxn, pan;
	uint8_t quick; /* enum smmu_quick_kind */
	bool priv;     /* of a transaction without attributes of its own */
	uint32_t want_read, want_write; /* flags that let such a transaction pass */

	uint32_t tag;
	uint64_t tlb_a, tlb_b; /* fixed parts of a TLB key */
	bool kept;    /* may be kept for later transactions */
	struct smmu_half half[2];
	struct smmu_stage2 stage2;
};

/* What is asked of a translation, after PRIVCFG and INSTCFG. */
struct smmu_ask {
	bool priv, inst;
	bool read, write; /* rights whose lack is a fault */
	bool dirty;	  /* a write that is allowed leaves its mark */
	/* Of a translation request, which lacks no right: what it could be granted. */
	bool exe;
	uint8_t instcfg;
};

/* Flags of a translation, here and in the TLB. */
#define SMMU_T_S1 HWI_MASK64(5, 0)    /* VMSA_UR... */
#define SMMU_T_S2 HWI_MASK64(11, 8)   /* VMSA_S2_R... */
#define SMMU_T_S1_DIRTY HWI_BIT64(12) /* a write leaves nothing to mark in stage 1 */
#define SMMU_T_S2_DIRTY HWI_BIT64(13)
#define SMMU_T_DEVICE HWI_BIT64(15)   /* stage 2: a Device page */
#define SMMU_T_LEAF HWI_MASK64(21, 16) /* log2 of the leaf that was asked for by address */
#define SMMU_T_DIRTY (SMMU_T_S1_DIRTY | SMMU_T_S2_DIRTY)
#define SMMU_T_ALL (SMMU_T_S1 | SMMU_T_S2 | SMMU_T_S1_DIRTY | SMMU_T_S2_DIRTY)

struct smmu_found {
	uint64_t out;  /* host address of the page */
	uint64_t ipa;  /* and its intermediate one */
	uint8_t span_log2;
	bool global;
	bool keep;     /* can be cached: AF stands, no translation or size fault */
	uint64_t flags;
};

static inline bool smmu_has(uint64_t val, uint64_t mask)
{
	return (val & mask) != 0;
}

static inline const struct hwi_pt_format *smmu_s2_format(unsigned int page_log2)
{
	return page_log2 == 12	 ? &vmsa_s2_4k_format
	       : page_log2 == 14 ? &vmsa_s2_16k_format
				 : &vmsa_s2_64k_format;
}

/* Words of an STE, from cache or memory: stream.c. False: @f says why. */
bool smmu_ste_find(struct smmu_unit *s, uint32_t sid, uint64_t *ste, struct smmu_fault *f);
/* §5.2.2: whether an STE is one; stream.c. */
bool smmu_ste_ok(const struct smmu_unit *s, const uint64_t *ste);
/* STE.EATS as it acts (§5.2). */
uint64_t smmu_ste_eats(const struct smmu_unit *s, const uint64_t *ste);

/* A CD, from cache or memory, and its validity: context.c. */
bool smmu_cd_find(struct smmu_unit *s, uint32_t sid, const uint64_t *ste, uint32_t index,
		  const struct smmu_path *p, uint64_t *cd, struct smmu_fault *f);
bool smmu_cd_ok(const struct smmu_unit *s, const uint64_t *ste, uint8_t regime, const uint64_t *cd);
/* Fields that an IPS- or OAS-like encoding caps (§5.4). */
unsigned int smmu_address_bits(const struct smmu_unit *s, uint64_t encoding);
unsigned int smmu_granule(uint64_t tg0);   /* page_log2, 0: reserved */
unsigned int smmu_granule1(uint64_t tg1);
bool smmu_granule_ok(const struct smmu_unit *s, unsigned int page_log2);
unsigned int smmu_txsz_min(const struct smmu_unit *s, unsigned int page_log2);
unsigned int smmu_txsz_max(const struct smmu_unit *s, unsigned int page_log2);
/* {S2SL0_2,S2SL0} as a level of hwi_pt, 0: reserved. */
unsigned int smmu_s2_top(const struct smmu_unit *s, unsigned int page_log2, uint64_t sl0);
/* A root table of @entries_log2 entries begins at its size, or 64 bytes if out_bits is 52. */
uint64_t smmu_root_mask(unsigned int entries_log2, unsigned int out_bits);
uint8_t smmu_ste_regime(const struct smmu_unit *s, const uint64_t *ste);

/* Of a translated transaction of a split-stage stream: stage 2 alone (§3.9.1.3). */
void smmu_path_stage2(const struct smmu_unit *s, const uint64_t *ste, struct smmu_path *p);

/* Stage 2 alone, of a transaction's IPA: walk_s2.c. */
bool smmu_walk_s2(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa,
		  const struct smmu_ask *ask, struct smmu_found *t, struct smmu_fault *f);

/*
 * It is the final address that has to be within the output size (Arm DDI 0487 D8.2.10). A
 * block that is larger than that, of 4 TiB, is taken in parts that are wholly within or
 * beyond: of 1 GiB, as no size is smaller. @log2: of a leaf.
 */
static inline unsigned int smmu_part(unsigned int log2, unsigned int out_bits)
{
	return log2 > out_bits ? 30 : log2;
}

/* What a stage 2 walk came to. */
struct smmu_s2_leaf {
	uint64_t out;	   /* host address of the page */
	uint8_t span_log2; /* smmu_part() of the leaf */
	uint8_t leaf_log2;
	uint64_t entry;
	uint64_t entry_at;
	uint64_t flags;	   /* SMMU_T_S2, S2_DIRTY, DEVICE */
};

/*
 * The leaf for an IPA, AF seen to. @class: SMMU_EV_CLASS_x, for faults.
 * smmu_s2_dirty(): mark it dirty if it is to be.
 */
bool smmu_s2_find(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa, uint8_t class,
		  struct smmu_s2_leaf *leaf, struct smmu_fault *f);
bool smmu_s2_accessed(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa, uint8_t class,
		      struct smmu_s2_leaf *leaf, struct smmu_fault *f);
bool smmu_s2_dirty(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa, uint8_t class,
		   struct smmu_s2_leaf *leaf, struct smmu_fault *f);
bool smmu_s2_lacking(uint64_t flags, const struct smmu_ask *ask, uint64_t ipa,
		     struct smmu_fault *f);

/*
 * Where a structure is (§7.3.16): the host address for the IPA of a CD or a stage 1
 * descriptor that is to be read, or written. @span_log2: of the page.
 */
bool smmu_s2_fetch(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa, uint8_t class,
		   bool write, uint64_t *out, unsigned int *span_log2, struct smmu_fault *f);

/* Stage 1, alone or with stage 2: walk_s1.c, walk_nested.c. @va: normalized. */
bool smmu_walk_s1(struct smmu_unit *s, const struct smmu_path *p, uint64_t va,
		  const struct smmu_ask *ask, struct smmu_found *t, struct smmu_fault *f);
bool smmu_walk_nested(struct smmu_unit *s, const struct smmu_path *p, uint64_t va,
		      const struct smmu_ask *ask, struct smmu_found *t, struct smmu_fault *f);

/* One translation, by TLB or walk: translate.c. */
bool smmu_resolve(struct smmu_unit *s, const struct smmu_path *p, uint64_t addr,
		  const struct smmu_ask *ask, struct smmu_found *t, struct smmu_fault *f);
/* Refuse a transaction: the answer and the record. @p may be NULL. */
void smmu_refuse(struct smmu_unit *s, const struct hwi_request *req, const struct smmu_path *p,
		 const struct smmu_fault *f, struct hwi_response *resp);
void smmu_event_of(const struct hwi_request *req, const struct smmu_path *p,
		   const struct smmu_fault *f, struct smmu_event *ev);
struct smmu_ask smmu_ask_of(const struct hwi_request *req, const struct smmu_path *p);

/* Translation requests and translated transactions: ats.c. */
/* Rights of an answer (§13.7.1), HWI_x, by the flags of a translation. */
unsigned int smmu_ats_granted(uint64_t flags, const struct smmu_ask *ask);
void smmu_ats_request(struct smmu_unit *s, const struct hwi_request *req,
		      struct hwi_response *resp);
void smmu_ats_translated(struct smmu_unit *s, const struct hwi_request *req,
			 struct hwi_response *resp);

#endif

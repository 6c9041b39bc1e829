/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The caches of a unit: keys, tags and payloads (SMMUv3 §3.17, §3.21, §4.4; Arm DDI
 * 0487 D8.16). Tags are what an invalidation goes by: a StreamID, or a VMID.
 */
#ifndef HWI_SMMUV3_CACHES_H
#define HWI_SMMUV3_CACHES_H

#include "smmu.h"
#include "walk.h"

/* In the order of struct hwi_smmuv3_caches, of smmu_cache() and of saved states. */
enum smmu_cache_id {
	SMMU_CACHE_L1STD,
	SMMU_CACHE_STE,
	SMMU_CACHE_L1CD,
	SMMU_CACHE_CD,
	SMMU_CACHE_TLB,
	SMMU_CACHE_WALK_S1,
	SMMU_CACHE_WALK_S2,
	SMMU_CACHE_IPA,
};
_Static_assert(SMMU_CACHE_IPA + 1 == SMMU_CACHES, "all of them");

/* L1STD: key.a first StreamID of its span << 3, key.b SPLIT; tag that StreamID. */
struct smmu_l1std_payload {
	uint64_t q;
};

/* STE: key.a StreamID << 3; tag StreamID. */
struct smmu_ste_payload {
	uint64_t q[SMMU_STE_KEPT];
};

/* L1CD: key.a StreamID << 3, key.b index in the level 1 table; tag StreamID. */
struct smmu_l1cd_payload {
	uint64_t q;
};

/* CD: key.a StreamID << 3, key.b index; tag StreamID. */
struct smmu_cd_payload {
	uint64_t q[SMMU_CD_KEPT];
};

/*
 * TLB: key.a page, StreamWorld and the like (SMMU_TLB_KEY_*), class: page size;
 * key.b ASID and VMID. Tag: smmu_tlb_tag().
 */
struct smmu_tlb_payload {
	uint64_t out;
	uint64_t ipa; /* of the page; the input page where there is no stage 1 */
	uint64_t flags;
};

#define SMMU_TLB_KEY_REGIME HWI_MASK64(4, 3)
#define SMMU_TLB_KEY_S2_ONLY HWI_BIT64(5) /* input is an IPA: no stage 1 */
#define SMMU_TLB_KEY_GLOBAL HWI_BIT64(6)
#define SMMU_TLB_KEY_ASET HWI_BIT64(7)	  /* of a global entry */

/*
 * What entries of stage 1, of both stages, and of streams' stage 2 are chained by: most
 * invalidations name a VMID and an ASID. Of entries that have no ASID (global, stage 2, NS-EL2)
 * it is 0. Different ones may share a tag: whoever goes by it compares.
 */
static inline uint32_t smmu_tag(uint8_t regime, uint16_t vmid, uint16_t asid)
{
	/* The low bits choose the chain: each VMID's ASIDs get other ones. */
	uint32_t chain = asid + vmid * 0x9e37u + regime * 0x5555u;

	return (uint32_t)vmid << 16 | (chain & 0xffff);
}

/*
 * Stage 1 table descriptors: key.a address prefix and level as class, key.b as
 * smmu_walk_s1_key(). The table below stands at @ipa and, if SMMU_WALK_HOST, all of
 * it at host address @table.
 */
struct smmu_walk_s1_payload {
	uint64_t table;
	uint64_t ipa;
	uint64_t flags;
};

#define SMMU_WALK_RIGHTS HWI_MASK64(7, 0)
#define SMMU_WALK_HOST HWI_BIT64(8)

/* Stage 2 table descriptors: key.a IPA prefix and level, key.b VMID, granule. Tag VMID. */
struct smmu_walk_s2_payload {
	uint64_t table;
};

/* Stage 2 translations of tables and CDs: key.a IPA page and size, key.b VMID. Tag VMID. */
struct smmu_ipa_payload {
	uint64_t out;
	uint64_t flags;
};

#define SMMU_MEMO_SLOTS 64u

struct smmu_memo {
	uint64_t who;
	uint64_t gen;
	struct smmu_path path;
};

struct smmu_caches {
	struct hwi_cache cache[SMMU_CACHES];
	bool globals; /* the TLB may hold global entries */
	struct smmu_memo *memo; /* decoded entries of the requesters seen last */
};

static inline uint64_t smmu_who(uint32_t sid, uint32_t ssid)
{
	return sid | (uint64_t)ssid << 32;
}

static inline struct smmu_memo *smmu_memo_of(const struct smmu_unit *s, uint32_t sid,
					     uint32_t ssid)
{
	return &s->tc->memo[(sid ^ ssid) % SMMU_MEMO_SLOTS];
}

/*
 * The path of a transaction, anew (regime.c) or as kept from the last time. NULL: @f
 * says why not; *@at is then what is known of the path.
 */
const struct smmu_path *smmu_path_build(struct smmu_unit *s, uint32_t sid, uint32_t ssid,
					const struct smmu_path **at, struct smmu_fault *f);

/* The path as kept from the last time, or NULL. */
HWI_ALWAYS_INLINE const struct smmu_path *smmu_path_known(const struct smmu_unit *s, uint32_t sid,
							  uint32_t ssid)
{
	const struct smmu_memo *m = smmu_memo_of(s, sid, ssid);

	return __builtin_expect(m->who == smmu_who(sid, ssid) && m->gen == s->base.utlb.gen, 1)
		       ? &m->path
		       : NULL;
}

static inline const struct smmu_path *smmu_path(struct smmu_unit *s, uint32_t sid, uint32_t ssid,
						const struct smmu_path **at, struct smmu_fault *f)
{
	const struct smmu_path *p = smmu_path_known(s, sid, ssid);

	return p ? p : smmu_path_build(s, sid, ssid, at, f);
}

/* The page sizes that can stand in a TLB, and the class of each. */
static inline unsigned int smmu_span_class(unsigned int span_log2)
{
	switch (span_log2) {
	case 12:
		return 0;
	case 14:
		return 1;
	case 16:
		return 2;
	case 21:
		return 3;
	case 25:
		return 4;
	case 29:
		return 5;
	case 30:
		return 6;
	default:
		return 7; /* 4 TiB */
	}
}

static inline unsigned int smmu_class_span(uint64_t key_a)
{
	static const unsigned char span[HWI_CACHE_CLASSES] = { 12, 14, 16, 21, 25, 29, 30, 42 };

	return span[key_a % HWI_CACHE_CLASSES];
}

static inline uint64_t smmu_walk_key(uint64_t addr, unsigned int page_log2, unsigned int level)
{
	return (addr & ~((UINT64_C(1) << vmsa_shift(page_log2, level)) - 1)) | level;
}

/* ASID 15:0, VMID 31:16, StreamWorld 33:32, granule 44:40. */
static inline uint64_t smmu_walk_s1_key(const struct smmu_path *p, unsigned int page_log2)
{
	return p->asid | (uint64_t)p->vmid << 16 | (uint64_t)p->regime << 32 |
	       (uint64_t)page_log2 << 40;
}

#define SMMU_WALK_S1_ASID HWI_MASK64(15, 0)
#define SMMU_WALK_S2_VMID HWI_MASK64(15, 0)
#define SMMU_WALK_GRANULE HWI_MASK64(44, 40)

#define SMMU_KEY_VMID HWI_MASK64(31, 16) /* of the TLB, too */
#define SMMU_WALK_REGIME HWI_MASK64(33, 32)

/* The tag of a TLB entry, of a stage 1 table descriptor, by its key. */
static inline uint32_t smmu_tlb_tag(struct hwi_cache_key key)
{
	return smmu_tag((uint8_t)HWI_GET(SMMU_TLB_KEY_REGIME, key.a),
			(uint16_t)HWI_GET(SMMU_KEY_VMID, key.b),
			(uint16_t)HWI_GET(SMMU_WALK_S1_ASID, key.b));
}

static inline uint32_t smmu_walk_s1_tag(struct hwi_cache_key key)
{
	return smmu_tag((uint8_t)HWI_GET(SMMU_WALK_REGIME, key.b),
			(uint16_t)HWI_GET(SMMU_KEY_VMID, key.b),
			(uint16_t)HWI_GET(SMMU_WALK_S1_ASID, key.b));
}

static inline uint64_t smmu_walk_s2_key(const struct smmu_path *p)
{
	return p->vmid | (uint64_t)p->stage2.page_log2 << 40;
}

static inline struct hwi_cache *smmu_cache_of(const struct smmu_unit *s, enum smmu_cache_id id)
{
	return &s->tc->cache[id];
}

#endif

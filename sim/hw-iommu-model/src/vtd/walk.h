/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Between the parts that translate: what a requester's entries say, once decoded,
 * what the caches hold, and the walks.
 */
#ifndef HWI_VTD_WALK_H
#define HWI_VTD_WALK_H

#include "../formats/vtd_fs.h"
#include "../formats/vtd_ss.h"
#include "vtd.h"

/* Walks that are begun again because an entry changed under an A/D update. */
#define VTD_WALK_RETRIES 16u

/* Further ends of a walk, beside enum vtd_fault_cond: begin again. */
#define VTD_FC_RETRY_FS ((enum vtd_fault_cond)(VTD_FC_COUNT + 1))
#define VTD_FC_RETRY_SS ((enum vtd_fault_cond)(VTD_FC_COUNT + 2))

/* Context cache: key.a is the SID, key.b the mode (1 scalable); tag DID, or 0. */
struct vtd_context_payload {
	uint64_t q[VTD_SCTX_QWORDS];
	uint64_t cond; /* CM=1: the entry's fault, VTD_FC_NONE for a good one */
};

/* PASID cache: key.a is the SID, key.b the PASID; tag DID, 0 for a faulting entry. */
struct vtd_pasid_payload {
	uint64_t q[3]; /* the rest is reserved without HPTS */
	uint64_t fpd;  /* of the directory entry */
	uint64_t cond; /* as above */
};

static inline struct hwi_cache_key vtd_pasid_key(uint32_t sid, uint32_t pasid)
{
	return (struct hwi_cache_key){ (uint64_t)sid << 3, pasid };
}

/*
 * Paging-structure caches: one entry stands for a table entry of level 2 or more,
 * all above it included. Key: input address prefix and, in the class bits, the
 * level; first stage also DID and PASID (key.b). Tag DID.
 */
struct vtd_structure_payload {
	uint64_t table; /* host address of the table below */
	uint64_t flags; /* AND of the rights; VTD_STRUCTURE_PAGE_W */
};

/* Nested: second stage lets the table below be written, so that its A bits can be. */
#define VTD_STRUCTURE_RIGHTS HWI_MASK64(7, 0)
#define VTD_STRUCTURE_PAGE_W HWI_BIT64(8)

/*
 * IOTLB. Key.a: page number and class (page size: level - 1); key.b: SID and PASID
 * as the request has them. Tag DID. A request without PASID is not looked up by
 * RID_PASID, which only invalidations see (VT-d 5.10 Table 17).
 */
struct vtd_iotlb_payload {
	uint64_t out;	/* host address of the page; VTD_IOTLB_FAULT: the condition */
	uint64_t flags;
	uint64_t pasid; /* PASID or RID_PASID */
};

#define VTD_IOTLB_R HWI_BIT64(0)
#define VTD_IOTLB_W_USER HWI_BIT64(1)  /* a user request may write */
#define VTD_IOTLB_W_PRIV HWI_BIT64(2)  /* a privileged request may write */
#define VTD_IOTLB_US HWI_BIT64(3)      /* a user request may come in at all */
#define VTD_IOTLB_D HWI_BIT64(4)       /* a write leaves nothing to set in memory */
#define VTD_IOTLB_SNP HWI_BIT64(5)     /* SNP of the leaf or PGSNP */
#define VTD_IOTLB_RID_PRIV HWI_BIT64(6)
#define VTD_IOTLB_FPD HWI_BIT64(7)
#define VTD_IOTLB_FEE HWI_BIT64(8)     /* part of a page that meets FEEx_xxxx */
#define VTD_IOTLB_LEGACY HWI_BIT64(9)
#define VTD_IOTLB_FAULT HWI_BIT64(10)  /* CM=1: a faulting entry */
#define VTD_IOTLB_Z HWI_BIT64(11)      /* a zero-length read may come in (CAP.ZLR) */
#define VTD_IOTLB_PGTT HWI_MASK64(18, 16)

/* What a requester's root, context and PASID entries come to. */
struct vtd_path {
	uint64_t ss_root;    /* SSPTPTR */
	uint64_t fs_root;    /* FSPTPTR; guest physical if nested */
	uint64_t ss_beyond;  /* bits that an input of the second stage must not have */
	uint64_t pt_beyond;  /* and one of pass-through */
	const struct hwi_pt_rules *ss_rules;
	const struct hwi_pt_rules *fs_rules;
	uint64_t flags;	     /* VTD_IOTLB_* that every translation by this path has */
	uint32_t did;
	uint32_t pasid;	     /* PASID or RID_PASID */
	uint8_t pgtt;
	uint8_t ss_levels;
	uint8_t fs_levels;
	bool legacy;
	bool fpd;
	bool rid_priv;	     /* requests without PASID are privileged */
	bool wpe;
	bool pwsnp;	     /* table accesses are snooped, so A/D bits can be set */
};

static inline bool has_bits(uint64_t val, uint64_t mask)
{
	return (val & mask) != 0;
}

/* Decode what vtd_device_lookup() found. */
void vtd_path_decode(const struct vtd_unit *v, const struct vtd_device *d, struct vtd_path *p);

/* One translation by the tables of a path. */
struct vtd_walk {
	struct vtd_unit *v;
	const struct vtd_path *p;
	uint64_t addr;
	unsigned int need; /* HWI_PT_READ, HWI_PT_WRITE: a fault if lacking */
	bool write;	   /* D is set if the right to write is there */
	bool zlr;	   /* zero-length read: any right will do (CAP.ZLR) */
	bool priv;
	bool ats;	   /* a translation request: its answer tells of the whole page */
	/* found */
	uint64_t out;	   /* host address of the page's first byte */
	unsigned int level; /* of the page */
	uint64_t flags;	   /* VTD_IOTLB_R, W_*, US, D, SNP, Z */
	bool absent;	   /* on a second-stage fault: no right at all was found */
	unsigned int had;  /* on a fault of lacking rights: those of the mapping */
};

/* Whether [addr, addr + 2^shift) meets FEEx_xxxx, for an aligned block. */
static inline bool vtd_meets_fee(uint64_t addr, unsigned int shift)
{
	uint64_t first = addr >> shift << shift;
	uint64_t last = first + ((UINT64_C(1) << shift) - 1);

	return first <= VTD_INT_RANGE_LAST && last >= VTD_INT_RANGE_BASE;
}

static inline bool vtd_in_fee(uint64_t addr)
{
	return addr / (VTD_INT_RANGE_LAST + 1 - VTD_INT_RANGE_BASE) ==
	       VTD_INT_RANGE_BASE / (VTD_INT_RANGE_LAST + 1 - VTD_INT_RANGE_BASE);
}

/*
 * Where a translation leads must not be FEEx_xxxx (§3.15); known before D is set.
 * @out: output address of the request; @shift: log2 of its page
 * @granted: a translation request gets some right
 */
static inline enum vtd_fault_cond vtd_output_fault(const struct vtd_walk *w, uint64_t out,
						   unsigned int shift, bool granted)
{
	if (__builtin_expect(w->ats, 0)) {
		if (granted && vtd_meets_fee(out, shift))
			return w->p->legacy ? VTD_FC_LGN_4 : VTD_FC_SGN_8_2;
	} else if (__builtin_expect(vtd_in_fee(out), 0)) {
		return w->p->legacy ? VTD_FC_LGN_4 : VTD_FC_SGN_8_1;
	}
	return VTD_FC_NONE;
}

/* An answer to a translation request that is no fault (§4.2.3), ats.c. */
void vtd_ats_answer(const struct vtd_unit *v, const struct hwi_request *req, uint64_t out,
		    unsigned int shift, uint64_t flags, struct hwi_response *resp);
void vtd_ats_nothing(const struct hwi_request *req, struct hwi_response *resp);
void vtd_ats_interrupt_range(const struct vtd_unit *v, const struct hwi_request *req,
			     struct hwi_response *resp);

/* Whether a translation request leaves out the right to write (§4.2.3.1). */
static inline bool vtd_no_write(const struct vtd_unit *v, const struct hwi_request *req)
{
	return (req->access & HWI_NO_WRITE) && vtd_has_ecap(v, VTD_ECAP_NWFS);
}

/* A request ended in a fault: the answer by kind, and the record. translate.c */
void vtd_answer_fault(struct vtd_unit *v, const struct hwi_request *req, enum vtd_fault_cond cond,
		      bool fpd, struct hwi_response *resp);

/* Whether a cached entry's own fault is what its bits say (saved states). */
bool vtd_context_payload_ok(const struct vtd_unit *v, bool scalable,
			    const struct vtd_context_payload *c);
bool vtd_pasid_payload_ok(const struct vtd_unit *v, const struct vtd_pasid_payload *c);

/* The decoded entries of the requesters seen last. */
#define VTD_MEMO_SLOTS 64u

struct vtd_path_memo {
	struct vtd_path path;
	uint64_t who;
	uint64_t gen;
	uint64_t pad[5];
};
_Static_assert(sizeof(struct vtd_path_memo) == 128, "found by a shift");

enum vtd_fault_cond vtd_walk_ss(struct vtd_walk *w);
enum vtd_fault_cond vtd_walk_fs(struct vtd_walk *w);
enum vtd_fault_cond vtd_walk_nested(struct vtd_walk *w);

/*
 * Set bits of a table entry, by compare-and-swap. @entry is what was read and is
 * updated.
 */
static inline enum hwi_cas vtd_set_bits(struct vtd_unit *v, uint64_t at, uint64_t *entry,
					uint64_t bits)
{
	enum hwi_cas res = hwi_mem_cas64(&v->base, at, *entry, *entry | bits);

	if (res == HWI_CAS_DONE)
		*entry |= bits;
	return res;
}

/* The part of an address that an entry of a level covers, with the level as class. */
static inline uint64_t vtd_structure_key(uint64_t addr, unsigned int level)
{
	return (addr & ~((UINT64_C(1) << VTD_PT_LEVEL_SHIFT(level)) - 1)) | level;
}

static inline uint64_t vtd_fs_key_b(uint32_t did, uint32_t pasid)
{
	return did | (uint64_t)pasid << 16;
}

/*
 * The usual translation in the fewest instructions: all entries plain (see
 * hwi_pt_is_plain()) and nothing to be filled but the IOTLB.
 * @page: host address of a 4 KiB page
 * @flags: VTD_IOTLB_D, SNP; VTD_QUICK_ALL. 0: this is no such case, walk in full; or, if
 *	@page is HWI_PT_FAR, vtd_quick_far() may know
 */
struct vtd_quick {
	uint64_t page;
	uint64_t flags;
};

#define VTD_QUICK_ALL \
	(VTD_IOTLB_R | VTD_IOTLB_W_USER | VTD_IOTLB_W_PRIV | VTD_IOTLB_US | VTD_IOTLB_Z)

/* Of vtd_quick_ss() and vtd_quick_fs(), where tables are not in the first view of memory. */
struct vtd_quick vtd_quick_far(struct vtd_unit *v, const struct vtd_path *p, uint64_t addr);
struct vtd_quick vtd_quick_nested(struct vtd_unit *v, const struct vtd_path *p, uint64_t addr);

/*
 * Where a quick walk begins: at the root if there is no paging-structure cache, else
 * at the level 1 table if the cache knows it with these flags. 0: neither.
 */
HWI_ALWAYS_INLINE unsigned int vtd_quick_start(const struct hwi_cache *c, uint64_t addr,
					       uint64_t key_b, uint64_t flags, unsigned int levels,
					       uint64_t *table)
{
	struct hwi_cache_entry *e;
	const struct vtd_structure_payload *s;

	if (!c->capacity)
		return levels;
	e = hwi_cache_find(c, (struct hwi_cache_key){ vtd_structure_key(addr, 2), key_b });
	if (!e)
		return 0;
	s = hwi_cache_payload_const(e);
	if ((s->flags & flags) != flags)
		return 0;
	*table = s->table;
	return 1;
}

/*
 * Begin at the lowest table that a paging-structure cache knows. @level is the
 * root's level and becomes that of the table.
 */
HWI_ALWAYS_INLINE struct vtd_structure_payload *vtd_structure_find(struct hwi_cache *c,
								   uint64_t addr, uint64_t key_b,
								   unsigned int *level)
{
	if (!c->classes)
		return NULL;
	for (unsigned int l = 2; l <= *level; l++) {
		struct hwi_cache_entry *e;

		if (!(c->classes >> l & 1))
			continue;
		e = hwi_cache_find(c, (struct hwi_cache_key){ vtd_structure_key(addr, l), key_b });
		if (e) {
			*level = l - 1;
			return hwi_cache_payload(e);
		}
	}
	return NULL;
}

HWI_ALWAYS_INLINE void vtd_structure_fill(struct hwi_cache *c, uint64_t addr, unsigned int level,
					  uint64_t key_b, uint32_t did, uint64_t table,
					  uint64_t flags)
{
	struct vtd_structure_payload *s;

	if (!c->capacity)
		return;
	s = hwi_cache_payload(hwi_cache_fill(
		c, (struct hwi_cache_key){ vtd_structure_key(addr, level), key_b }, did));
	s->table = table;
	s->flags = flags;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A shortcut in front of a unit's translation cache: the last successful
 * untranslated requests, by page and requester, with their finished answers.
 *
 * It never answers differently from the translation cache. Whatever removes or
 * changes an entry there (invalidation, eviction, reset, mode change, restore)
 * calls hwi_utlb_purge(), which is one increment.
 *
 * A slot names the exact values of the access field that it may answer, so a hit
 * needs no argument check: requester and PASID were checked when it was filled.
 */
#ifndef HWI_CORE_UTLB_H
#define HWI_CORE_UTLB_H

#include <string.h>

#include "hwiommu/request.h"

#define HWI_UTLB_SLOTS 256u
#define HWI_UTLB_PAGE 4096u

/* What follows the address in &struct hwi_response, as one word. */
#define HWI_UTLB_TAIL offsetof(struct hwi_response, span_log2)

/*
 * That word for a success; in one piece, so that it is stored once and can be
 * loaded again right away.
 */
static inline uint64_t hwi_utlb_tail(unsigned int span_log2, unsigned int rights, bool snooped)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	_Static_assert(offsetof(struct hwi_response, rights) == HWI_UTLB_TAIL + 2 &&
			       offsetof(struct hwi_response, snooped) == HWI_UTLB_TAIL + 4 &&
			       HWI_SUCCESS == 0,
		       "places of the bytes");
	return (uint64_t)span_log2 | (uint64_t)rights << 16 | (uint64_t)snooped << 32;
#else
	struct hwi_response resp = { .span_log2 = (uint8_t)span_log2,
				     .rights = (uint8_t)rights,
				     .snooped = snooped };
	uint64_t tail;

	memcpy(&tail, (const unsigned char *)&resp + HWI_UTLB_TAIL, sizeof(tail));
	return tail;
#endif
}

static inline void hwi_utlb_put_tail(struct hwi_response *resp, uint64_t tail)
{
	memcpy((unsigned char *)resp + HWI_UTLB_TAIL, &tail, sizeof(tail));
}
_Static_assert(sizeof(struct hwi_response) - HWI_UTLB_TAIL == sizeof(uint64_t),
	       "an answer is two words");
_Static_assert(offsetof(struct hwi_request, pasid) == offsetof(struct hwi_request, requester) + 4,
	       "who asks is one word");

struct hwi_utlb_slot {
	uint64_t page;	 /* address bits 63:12 */
	uint64_t who;	 /* requester and PASID as they stand in the request */
	uint64_t access; /* bit n: access value n may be answered */
	uint64_t out;	 /* output page */
	uint64_t tail;	 /* the rest of the answer */
	uint64_t gen;	 /* generation that it was filled in */
};

struct hwi_utlb {
	uint64_t gen; /* slots of another generation are empty; never 0 */
	uint64_t hits;
	struct hwi_utlb_slot slot[HWI_UTLB_SLOTS];
};

static inline void hwi_utlb_purge(struct hwi_utlb *u)
{
	u->gen++;
}

static inline uint64_t hwi_utlb_who(const struct hwi_request *req)
{
	uint64_t who;

	memcpy(&who, &req->requester, sizeof(who));
	return who;
}

static inline struct hwi_utlb_slot *hwi_utlb_slot_of(struct hwi_utlb *u, uint64_t page,
						     uint64_t who)
{
	uint64_t h = page ^ who ^ who >> 25;

	return &u->slot[h % HWI_UTLB_SLOTS];
}

static inline bool hwi_utlb_find(struct hwi_utlb *u, const struct hwi_request *req,
				 struct hwi_response *resp)
{
	uint64_t addr = hwi_iova_val(req->addr);
	uint64_t who = hwi_utlb_who(req);
	uint32_t off = (uint32_t)addr % HWI_UTLB_PAGE;
	const struct hwi_utlb_slot *s = hwi_utlb_slot_of(u, addr / HWI_UTLB_PAGE, who);

	if (s->page != addr / HWI_UTLB_PAGE || s->who != who || s->gen != u->gen ||
	    req->kind != HWI_UNTRANSLATED || req->access > 63 ||
	    !(s->access >> req->access & 1) || req->length - 1 >= HWI_UTLB_PAGE - off)
		return false;
	u->hits++;
	resp->addr = hwi_hpa(s->out | off);
	hwi_utlb_put_tail(resp, s->tail);
	return true;
}

/*
 * Keep an answer.
 * @out: its address; @tail: the rest
 * @access: bit n for each access value that the answer is right for
 */
static inline void hwi_utlb_fill(struct hwi_utlb *u, const struct hwi_request *req, uint64_t out,
				 uint64_t tail, uint64_t access)
{
	uint64_t page = hwi_iova_val(req->addr) / HWI_UTLB_PAGE;
	uint64_t who = hwi_utlb_who(req);
	struct hwi_utlb_slot *s = hwi_utlb_slot_of(u, page, who);

	s->page = page;
	s->who = who;
	s->gen = u->gen;
	s->access = access;
	s->out = out & ~(uint64_t)(HWI_UTLB_PAGE - 1);
	s->tail = tail;
}

#endif

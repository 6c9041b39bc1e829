/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What walks of stage 1 tables share, nested or not (SMMUv3 §3.4, Arm DDI 0487 D8). */
#ifndef HWI_SMMUV3_WALK_S1_H
#define HWI_SMMUV3_WALK_S1_H

#include "caches.h"

static inline bool smmu_s1_fault(struct smmu_fault *f, uint8_t code, uint8_t class)
{
	f->code = code;
	f->s2 = false;
	f->class = class;
	return false;
}

/* Which half an address is in, and whether it is in range there (§3.4.1). */
static inline const struct smmu_half *smmu_half_of(const struct smmu_path *p, uint64_t va)
{
	return &p->half[p->regime != SMMU_REGIME_EL2 && (va >> 55 & 1)];
}

/* An address as its half sees it: with TBI bit 55 stands for all above it. */
static inline uint64_t smmu_va(const struct smmu_path *p, uint64_t addr)
{
	if (!smmu_half_of(p, addr)->tbi)
		return addr;
	return addr >> 55 & 1 && p->regime != SMMU_REGIME_EL2 ? addr | HWI_MASK64(63, 56)
							      : addr & HWI_MASK64(55, 0);
}

static inline bool smmu_in_range(const struct smmu_half *h, const struct smmu_path *p, uint64_t va)
{
	uint64_t above = va >> h->width;

	return !above || (h == &p->half[1] && above == UINT64_MAX >> h->width);
}

/*
 * Rights that the tables leave, put together as §D8.4 says: what is writable
 * unprivileged is not executable privileged; WXN; PAN.
 */
static inline unsigned int smmu_s1_rights(const struct smmu_path *p, unsigned int rights)
{
	if (p->regime != SMMU_REGIME_EL2 && (rights & VMSA_UW))
		rights &= ~VMSA_PX;
	if (p->wxn) {
		if (rights & VMSA_UW)
			rights &= ~VMSA_UX;
		if (rights & VMSA_PW)
			rights &= ~VMSA_PX;
	}
	if (p->pan && (rights & (VMSA_UR | VMSA_UW)))
		rights &= ~(VMSA_PR | VMSA_PW);
	return rights;
}

/* Of one privilege: VMSA_UR, UW, UX stand for its rights. */
static inline unsigned int smmu_s1_of(uint64_t flags, bool priv)
{
	unsigned int rights = (unsigned int)HWI_GET(SMMU_T_S1, flags);

	return (priv ? rights >> 3 : rights) & (VMSA_UR | VMSA_UW | VMSA_UX);
}

/* Whether stage 1 refuses; of an atomic the right to write is looked at first (§13.1.1). */
static inline bool smmu_s1_lacking(uint64_t flags, const struct smmu_ask *ask, struct smmu_fault *f)
{
	unsigned int rights = smmu_s1_of(flags, ask->priv);

	if (ask->write && !(rights & VMSA_UW))
		f->missing_read = false;
	else if (ask->read && !(rights & (ask->inst ? VMSA_UX : VMSA_UR)))
		f->missing_read = ask->write;
	else
		return false;
	f->had = (rights & VMSA_UR ? HWI_READ : 0) | (rights & VMSA_UW ? HWI_WRITE : 0);
	(void)smmu_s1_fault(f, SMMU_EVT_F_PERMISSION, SMMU_EV_CLASS_IN);
	return true;
}

/* A translation request that stage 1 leaves nothing to be granted: AF stays too (§3.9.1.2). */
static inline bool smmu_s1_nothing(uint64_t flags, const struct smmu_ask *ask,
				   struct smmu_fault *f)
{
	if (ask->read || ask->write || smmu_ats_granted(flags | SMMU_T_S2, ask))
		return false;
	(void)smmu_s1_fault(f, SMMU_EVT_F_PERMISSION, SMMU_EV_CLASS_IN);
	return true;
}

static inline const struct hwi_pt_format *smmu_s1_format(unsigned int page_log2)
{
	return page_log2 == 12	 ? &vmsa_s1_4k_format
	       : page_log2 == 14 ? &vmsa_s1_16k_format
				 : &vmsa_s1_64k_format;
}

/* What a stage 1 leaf says, as flags of a translation. */
static inline uint64_t smmu_s1_flags(const struct smmu_path *p, const struct smmu_half *h,
				     const struct hwi_pt_walk *w)
{
	uint64_t flags = HWI_PUT(SMMU_T_S1, smmu_s1_rights(p, w->rights)) |
			 HWI_PUT(SMMU_T_LEAF, vmsa_shift(h->page_log2, w->level));

	return vmsa_s1_clean(&h->rules, w->entry) ? flags : flags | SMMU_T_S1_DIRTY;
}

static inline bool smmu_s1_global(const struct smmu_path *p, uint64_t entry)
{
	return p->regime != SMMU_REGIME_EL2 && !(entry & VMSA_S1_NG);
}

/* Begin at the lowest table that the walk cache knows; NULL: at the root. */
static inline const struct smmu_walk_s1_payload *
smmu_s1_begin(const struct smmu_unit *s, const struct smmu_path *p, const struct smmu_half *h,
	      struct hwi_pt_walk *w, uint64_t va)
{
	const struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_WALK_S1);

	w->addr = va & (UINT64_MAX >> (64 - h->width));
	w->table = h->root;
	w->level = h->top;
	w->root = true;
	w->rights = VMSA_S1_RIGHTS;
	for (unsigned int l = 2; l <= h->top; l++) {
		const struct hwi_cache_entry *e;
		const struct smmu_walk_s1_payload *known;
		struct hwi_cache_key key;

		if (!(c->classes >> l & 1))
			continue;
		key.a = smmu_walk_key(va, h->page_log2, l);
		key.b = smmu_walk_s1_key(p, h->page_log2);
		e = hwi_cache_find(c, key);
		if (e) {
			known = hwi_cache_payload_const(e);
			w->table = known->table;
			w->level = l - 1;
			w->root = false;
			w->rights = (unsigned int)(known->flags & SMMU_WALK_RIGHTS);
			return known;
		}
	}
	return NULL;
}

/* Keep the descriptor of level @level for @va: below it is @table (@ipa, if nested). */
static inline void smmu_s1_keep(struct smmu_unit *s, const struct smmu_path *p,
				const struct smmu_half *h, uint64_t va, unsigned int level,
				uint64_t table, uint64_t ipa, uint64_t flags)
{
	struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_WALK_S1);
	struct smmu_walk_s1_payload *e;
	struct hwi_cache_key key;

	if (!c->capacity)
		return;
	key.a = smmu_walk_key(va, h->page_log2, level);
	key.b = smmu_walk_s1_key(p, h->page_log2);
	e = hwi_cache_payload(hwi_cache_fill(c, key, p->tag));
	e->table = table;
	e->ipa = ipa;
	e->flags = flags;
}

/* Stage 1's end of a descent, as a fault. */
static inline bool smmu_s1_end(enum hwi_pt_end end, const struct hwi_pt_walk *w,
			       struct smmu_fault *f)
{
	switch (end) {
	case HWI_PT_FOUND:
		return true;
	case HWI_PT_STOPPED:
		return false;
	case HWI_PT_NO_ANSWER:
		f->fetch_addr = w->entry_at;
		return smmu_s1_fault(f, SMMU_EVT_F_WALK_EABT, SMMU_EV_CLASS_TT);
	case HWI_PT_RESERVED:
		return smmu_s1_fault(f, SMMU_EVT_F_ADDR_SIZE, SMMU_EV_CLASS_IN);
	default:
		return smmu_s1_fault(f, SMMU_EVT_F_TRANSLATION, SMMU_EV_CLASS_IN);
	}
}

/* The page that a leaf gives for an address, as @t->ipa. */
static inline bool smmu_s1_output(const struct smmu_half *h, const struct hwi_pt_walk *w,
				  uint64_t va, struct smmu_found *t, struct smmu_fault *f)
{
	unsigned int log2 = vmsa_shift(h->page_log2, w->level), part = smmu_part(log2, h->out_bits);

	t->span_log2 = (uint8_t)part;
	t->ipa = vmsa_leaf_out(smmu_s1_format(h->page_log2), &h->rules, w->entry, w->level) |
		 (va & ((UINT64_C(1) << log2) - (UINT64_C(1) << part)));
	if (t->ipa >> h->out_bits)
		return smmu_s1_fault(f, SMMU_EVT_F_ADDR_SIZE, SMMU_EV_CLASS_IN);
	return true;
}

/* Replace the current descriptor in memory. */
static inline bool smmu_s1_update(struct smmu_unit *s, struct hwi_pt_walk *w, uint64_t entry,
				  struct smmu_fault *f)
{
	f->fetch_addr = w->entry_at;
	switch (hwi_mem_cas64(&s->base, w->entry_at, w->entry, entry)) {
	case HWI_CAS_DONE:
		w->entry = entry;
		return true;
	case HWI_CAS_CHANGED:
		return smmu_s1_fault(f, SMMU_RETRY, SMMU_EV_CLASS_TT);
	default:
		return smmu_s1_fault(f, SMMU_EVT_F_WALK_EABT, SMMU_EV_CLASS_TT);
	}
}

/* The request's own rights to a page that is found: whether it writes there. */
static inline bool smmu_writes(uint64_t flags, const struct smmu_ask *ask)
{
	return ask->dirty && (smmu_s1_of(flags, ask->priv) & VMSA_UW) &&
	       (HWI_GET(SMMU_T_S2, flags) & VMSA_S2_W);
}

#endif

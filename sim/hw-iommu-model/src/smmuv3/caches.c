/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The caches: made, emptied, and what of a saved state may go into them. */
#include <stdlib.h>

#include "caches.h"

enum hwi_status smmu_caches_init(struct smmu_unit *s)
{
	const struct hwi_smmuv3_caches *c = &s->cfg.caches;
	const struct {
		uint32_t capacity;
		size_t payload;
	} shape[SMMU_CACHES] = {
		[SMMU_CACHE_L1STD] = { c->l1std, sizeof(struct smmu_l1std_payload) },
		[SMMU_CACHE_STE] = { c->ste, sizeof(struct smmu_ste_payload) },
		[SMMU_CACHE_L1CD] = { c->l1cd, sizeof(struct smmu_l1cd_payload) },
		[SMMU_CACHE_CD] = { c->cd, sizeof(struct smmu_cd_payload) },
		[SMMU_CACHE_TLB] = { c->tlb, sizeof(struct smmu_tlb_payload) },
		[SMMU_CACHE_WALK_S1] = { c->walk_s1, sizeof(struct smmu_walk_s1_payload) },
		[SMMU_CACHE_WALK_S2] = { c->walk_s2, sizeof(struct smmu_walk_s2_payload) },
		[SMMU_CACHE_IPA] = { c->ipa, sizeof(struct smmu_ipa_payload) },
	};

	s->base.utlb.gen = 1;
	s->tc = calloc(1, sizeof(*s->tc));
	if (!s->tc)
		return HWI_ENOMEM;
	s->tc->memo = calloc(SMMU_MEMO_SLOTS, sizeof(*s->tc->memo));
	if (!s->tc->memo)
		return HWI_ENOMEM;
	for (unsigned int n = 0; n < SMMU_CACHES; n++) {
		if (hwi_cache_init(&s->tc->cache[n], shape[n].capacity, HWI_SMMUV3_CACHE_LIMIT,
				   shape[n].payload))
			return HWI_ENOMEM;
	}
	/* What is evicted is gone from the shortcuts, too. */
	smmu_cache_of(s, SMMU_CACHE_STE)->evicted = &s->base.utlb.gen;
	smmu_cache_of(s, SMMU_CACHE_CD)->evicted = &s->base.utlb.gen;
	smmu_cache_of(s, SMMU_CACHE_TLB)->evicted = &s->base.utlb.gen;
	return HWI_OK;
}

void smmu_caches_free(struct smmu_unit *s)
{
	if (!s->tc)
		return;
	for (unsigned int n = 0; n < SMMU_CACHES; n++)
		hwi_cache_free(&s->tc->cache[n]);
	free(s->tc->memo);
	free(s->tc);
	s->tc = NULL;
}

void smmu_caches_drop(struct smmu_unit *s)
{
	for (unsigned int n = 0; n < SMMU_CACHES; n++)
		hwi_cache_clear(&s->tc->cache[n]);
	s->tc->globals = false;
	hwi_utlb_purge(&s->base.utlb);
}

struct hwi_cache *smmu_cache(const struct smmu_unit *s, unsigned int n)
{
	return &s->tc->cache[n];
}

void smmu_forget_decoded(struct smmu_unit *s)
{
	hwi_utlb_purge(&s->base.utlb);
}

static bool granule_ok(uint64_t page_log2)
{
	return page_log2 == VMSA_SHIFT_4K || page_log2 == VMSA_SHIFT_16K ||
	       page_log2 == VMSA_SHIFT_64K;
}

/* Tables and pages are aligned, so that what is read in them is. */
static bool is_page(uint64_t addr)
{
	return !(addr & HWI_MASK64(11, 0));
}

/* A table entry's level and granule, from which shifts are made. */
static bool walk_key_ok(const struct hwi_cache_entry *e)
{
	uint64_t level = e->key.a % HWI_CACHE_CLASSES;

	return level >= 2 && level <= 4 && granule_ok(HWI_GET(SMMU_WALK_GRANULE, e->key.b));
}

static bool walk_s1_ok(const struct hwi_cache_entry *e)
{
	const struct smmu_walk_s1_payload *t = hwi_cache_payload_const(e);

	return walk_key_ok(e) && e->tag == smmu_walk_s1_tag(e->key) && is_page(t->table) &&
	       is_page(t->ipa);
}

static bool walk_s2_ok(const struct hwi_cache_entry *e)
{
	const struct smmu_walk_s2_payload *t = hwi_cache_payload_const(e);

	return walk_key_ok(e) && e->tag == HWI_GET(SMMU_WALK_S2_VMID, e->key.b) && is_page(t->table);
}

static bool ipa_ok(const struct hwi_cache_entry *e)
{
	const struct smmu_ipa_payload *t = hwi_cache_payload_const(e);

	return e->tag == e->key.b && is_page(t->out);
}

static bool tlb_ok(const struct hwi_cache_entry *e)
{
	const struct smmu_tlb_payload *t = hwi_cache_payload_const(e);

	return is_page(t->out) && is_page(t->ipa) && e->tag == smmu_tlb_tag(e->key) &&
	       HWI_GET(SMMU_T_LEAF, t->flags) >= smmu_class_span(e->key.a) &&
	       HWI_GET(SMMU_TLB_KEY_REGIME, e->key.a) <= SMMU_REGIME_EL2_E2H;
}

/* Of configuration any payload is one that memory could hold; an invalidation must find it. */
static bool stream_ok(const struct hwi_cache_entry *e)
{
	return e->tag == e->key.a >> 3;
}

bool smmu_cache_entry_ok(const struct smmu_unit *s, unsigned int n, const struct hwi_cache_entry *e)
{
	switch (n) {
	case SMMU_CACHE_L1STD:
		return e->key.b < 32 && stream_ok(e);
	case SMMU_CACHE_STE:
	case SMMU_CACHE_L1CD:
	case SMMU_CACHE_CD:
		return stream_ok(e);
	case SMMU_CACHE_TLB:
		/* It is about to be filled in, and has to be found then. */
		if (smmu_has(e->key.a, SMMU_TLB_KEY_GLOBAL))
			s->tc->globals = true;
		return tlb_ok(e);
	case SMMU_CACHE_WALK_S1:
		return walk_s1_ok(e);
	case SMMU_CACHE_WALK_S2:
		return walk_s2_ok(e);
	default: /* SMMU_CACHE_IPA */
		return ipa_ok(e);
	}
}

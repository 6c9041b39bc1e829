/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stage 2 (SMMUv3 §3.4, Arm DDI 0487 D8.2): of transactions whose address is an IPA, of
 * the IPA that a stage 1 gives, and of structures that stand at IPAs (§7.3.16).
 */
#include "caches.h"

static bool fault(struct smmu_fault *f, uint8_t code, uint8_t class, uint64_t ipa)
{
	f->code = code;
	f->s2 = true;
	f->class = class;
	f->ipa = ipa;
	return false;
}

struct s2_step {
	struct smmu_unit *s;
	const struct smmu_path *p;
};

/* A table entry that is good: keep it. */
HWI_ALWAYS_INLINE bool s2_used(void *ctx, struct hwi_pt_walk *w, enum hwi_pt_kind kind,
			       const struct hwi_pt_format *format)
{
	struct s2_step *st = ctx;
	struct hwi_cache *c = smmu_cache_of(st->s, SMMU_CACHE_WALK_S2);
	struct smmu_walk_s2_payload *e;
	struct hwi_cache_key key;

	if (kind == HWI_PT_LEAF || !c->capacity)
		return true;
	key.a = smmu_walk_key(w->addr, format->page_log2, w->level);
	key.b = smmu_walk_s2_key(st->p);
	e = hwi_cache_payload(hwi_cache_fill(c, key, st->p->vmid));
	e->table = format->out(&st->p->stage2.rules, w->entry);
	return true;
}

/* Begin at the lowest table that is known. */
static void s2_begin(struct smmu_unit *s, const struct smmu_path *p, struct hwi_pt_walk *w)
{
	const struct smmu_stage2 *t = &p->stage2;
	const struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_WALK_S2);

	w->table = t->root;
	w->level = t->top;
	w->root = true;
	for (unsigned int l = 2; l <= t->top; l++) {
		const struct hwi_cache_entry *e;
		const struct smmu_walk_s2_payload *known;
		struct hwi_cache_key key;

		if (!(c->classes >> l & 1))
			continue;
		key.a = smmu_walk_key(w->addr, t->page_log2, l);
		key.b = smmu_walk_s2_key(p);
		e = hwi_cache_find(c, key);
		if (e) {
			known = hwi_cache_payload_const(e);
			w->table = known->table;
			w->level = l - 1;
			w->root = false;
			return;
		}
	}
}

#define S2_DESCEND(suffix) \
	static bool s2_used_##suffix(void *ctx, struct hwi_pt_walk *w, enum hwi_pt_kind kind) \
	{ \
		return s2_used(ctx, w, kind, &vmsa_s2_##suffix##_format); \
	} \
	static const struct hwi_pt_hooks s2_hooks_##suffix = { .used = s2_used_##suffix }; \
	static enum hwi_pt_end s2_descend_##suffix(struct s2_step *st, struct hwi_pt_walk *w) \
	{ \
		return hwi_pt_descend(&st->s->base, &vmsa_s2_##suffix##_format, \
				      &st->p->stage2.rules, &s2_hooks_##suffix, st, w); \
	}

S2_DESCEND(4k)
S2_DESCEND(16k)
S2_DESCEND(64k)

static enum hwi_pt_end s2_descend(struct s2_step *st, struct hwi_pt_walk *w)
{
	switch (st->p->stage2.page_log2) {
	case 12:
		return s2_descend_4k(st, w);
	case 14:
		return s2_descend_16k(st, w);
	default:
		return s2_descend_64k(st, w);
	}
}

/* What a leaf gives, as flags of a translation. */
static uint64_t s2_flags(const struct smmu_path *p, uint64_t entry)
{
	const struct hwi_pt_rules *r = &p->stage2.rules;
	uint64_t attr = HWI_GET(VMSA_S2_MEMATTR, entry);
	uint64_t flags = HWI_PUT(SMMU_T_S2, vmsa_s2_leaf_rights(r, entry));

	if (!vmsa_s2_clean(r, entry))
		flags |= SMMU_T_S2_DIRTY;
	/* Arm DDI 0487 D8.6: two ways to read MemAttr. */
	if (!(attr & (p->stage2.fwb ? 4u : 0xcu)))
		flags |= SMMU_T_DEVICE;
	return flags;
}

bool smmu_s2_find(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa, uint8_t class,
		  struct smmu_s2_leaf *leaf, struct smmu_fault *f)
{
	const struct smmu_stage2 *t = &p->stage2;
	struct s2_step st = { s, p };
	struct hwi_pt_walk w = { .addr = ipa, .rights = VMSA_S2_RIGHTS };
	enum hwi_pt_end end;

	if (ipa >> t->width)
		return fault(f, SMMU_EVT_F_TRANSLATION, class, ipa);
	s2_begin(s, p, &w);
	end = s2_descend(&st, &w);
	s->base.stats[HWI_STAT_TABLE_LOADS] += w.loads;
	switch (end) {
	case HWI_PT_NO_ANSWER:
		f->fetch_addr = w.entry_at;
		return fault(f, SMMU_EVT_F_WALK_EABT, class, ipa);
	case HWI_PT_RESERVED:
		return fault(f, SMMU_EVT_F_ADDR_SIZE, class, ipa);
	case HWI_PT_FOUND:
		break;
	default:
		return fault(f, SMMU_EVT_F_TRANSLATION, class, ipa);
	}
	leaf->leaf_log2 = (uint8_t)vmsa_shift(t->page_log2, w.level);
	leaf->span_log2 = (uint8_t)smmu_part(leaf->leaf_log2, t->out_bits);
	leaf->out = vmsa_leaf_out(smmu_s2_format(t->page_log2), &t->rules, w.entry, w.level) |
		    (ipa & ((UINT64_C(1) << leaf->leaf_log2) - (UINT64_C(1) << leaf->span_log2)));
	if (leaf->out >> t->out_bits)
		return fault(f, SMMU_EVT_F_ADDR_SIZE, class, ipa);
	leaf->entry = w.entry;
	leaf->entry_at = w.entry_at;
	leaf->flags = s2_flags(p, w.entry);
	/* AF=0 with nobody to set it comes before rights (§7.3.22). */
	if ((w.entry & t->rules.accessed) != t->rules.accessed && !t->ha)
		return fault(f, SMMU_EVT_F_ACCESS, class, ipa);
	return true;
}

/* Replace the leaf in memory; @f tells of an entry that changed, or cannot be written. */
static bool s2_update(struct smmu_unit *s, uint8_t class, uint64_t ipa, struct smmu_s2_leaf *leaf,
		      uint64_t entry, struct smmu_fault *f)
{
	f->fetch_addr = leaf->entry_at;
	switch (hwi_mem_cas64(&s->base, leaf->entry_at, leaf->entry, entry)) {
	case HWI_CAS_DONE:
		leaf->entry = entry;
		return true;
	case HWI_CAS_CHANGED:
		return fault(f, SMMU_RETRY, class, ipa);
	default:
		return fault(f, SMMU_EVT_F_WALK_EABT, class, ipa);
	}
}

bool smmu_s2_accessed(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa, uint8_t class,
		      struct smmu_s2_leaf *leaf, struct smmu_fault *f)
{
	uint64_t af = p->stage2.rules.accessed;

	if (__builtin_expect((leaf->entry & af) == af, 1))
		return true;
	return s2_update(s, class, ipa, leaf, leaf->entry | af, f);
}

bool smmu_s2_dirty(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa, uint8_t class,
		   struct smmu_s2_leaf *leaf, struct smmu_fault *f)
{
	if (__builtin_expect(leaf->flags & SMMU_T_S2_DIRTY, 1))
		return true;
	if (!s2_update(s, class, ipa, leaf,
		       leaf->entry | p->stage2.rules.accessed | VMSA_S2_S2AP_W, f))
		return false;
	leaf->flags |= SMMU_T_S2_DIRTY;
	return true;
}

/* HWI_READ, HWI_WRITE as far as stage 2 has them. */
static unsigned int had(uint64_t flags)
{
	uint64_t rights = HWI_GET(SMMU_T_S2, flags);

	return (rights & VMSA_S2_R ? HWI_READ : 0) | (rights & VMSA_S2_W ? HWI_WRITE : 0);
}

/*
 * Rights of a transaction's own page: instructions by XN alone, and by privilege; data by
 * S2AP alone (§13.4.3). Of an atomic the right to write is looked at first (§13.1.1).
 * @flags: of both stages, as a translation request is granted what both allow.
 */
bool smmu_s2_lacking(uint64_t flags, const struct smmu_ask *ask, uint64_t ipa,
		     struct smmu_fault *f)
{
	uint64_t rights = HWI_GET(SMMU_T_S2, flags);

	if (ask->write && !(rights & VMSA_S2_W)) {
		f->missing_read = false;
	} else if (ask->read && ask->inst) {
		if (rights & (ask->priv ? VMSA_S2_PX : VMSA_S2_UX))
			return false;
	} else if (ask->read && !(rights & VMSA_S2_R)) {
		f->missing_read = ask->write;
	} else if (ask->read || ask->write || smmu_ats_granted(flags, ask)) {
		return false;
	}
	f->had &= had(flags);
	(void)fault(f, SMMU_EVT_F_PERMISSION, SMMU_EV_CLASS_IN, ipa);
	return true;
}

static bool fetch_refused(const struct smmu_path *p, uint64_t flags, uint8_t class, bool write,
			  uint64_t ipa, struct smmu_fault *f)
{
	uint64_t rights = HWI_GET(SMMU_T_S2, flags);

	if ((rights & (write ? VMSA_S2_W : VMSA_S2_R)) &&
	    !(p->stage2.ptw && (flags & SMMU_T_DEVICE)))
		return false;
	f->ttrnw = class == SMMU_EV_CLASS_TT && !write;
	(void)fault(f, SMMU_EVT_F_PERMISSION, class, ipa);
	return true;
}

static struct hwi_cache_key ipa_key(const struct smmu_path *p, uint64_t ipa, unsigned int span)
{
	return (struct hwi_cache_key){
		(ipa & ~((UINT64_C(1) << span) - 1)) | smmu_span_class(span),
		p->vmid,
	};
}

static struct hwi_cache_entry *ipa_find(const struct hwi_cache *c, const struct smmu_path *p,
					uint64_t ipa, unsigned int *span)
{
	for (unsigned int n = 0; n < HWI_CACHE_CLASSES; n++) {
		struct hwi_cache_entry *e;

		if (!(c->classes >> n & 1))
			continue;
		*span = smmu_class_span(n);
		e = hwi_cache_find(c, ipa_key(p, ipa, *span));
		if (e)
			return e;
	}
	return NULL;
}

bool smmu_s2_fetch(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa, uint8_t class,
		   bool write, uint64_t *out, unsigned int *span_log2, struct smmu_fault *f)
{
	struct hwi_cache *c = smmu_cache_of(s, SMMU_CACHE_IPA);
	struct hwi_cache_entry *e = ipa_find(c, p, ipa, span_log2);
	struct smmu_ipa_payload *known;
	struct smmu_s2_leaf leaf;

	if (e) {
		known = hwi_cache_payload(e);
		if (fetch_refused(p, known->flags, class, write, ipa, f))
			return false;
		if (!write || (known->flags & SMMU_T_S2_DIRTY)) {
			*out = known->out | (ipa & ((UINT64_C(1) << *span_log2) - 1));
			return true;
		}
	}
	if (!smmu_s2_find(s, p, ipa, class, &leaf, f) ||
	    fetch_refused(p, leaf.flags, class, write, ipa, f) ||
	    !smmu_s2_accessed(s, p, ipa, class, &leaf, f) ||
	    (write && !smmu_s2_dirty(s, p, ipa, class, &leaf, f)))
		return false;
	*span_log2 = leaf.span_log2;
	*out = leaf.out | (ipa & ((UINT64_C(1) << leaf.span_log2) - 1));
	/* An entry's page is its leaf, by which it is invalidated. */
	if (c->capacity && leaf.span_log2 == leaf.leaf_log2) {
		known = hwi_cache_payload(hwi_cache_fill(c, ipa_key(p, ipa, leaf.span_log2),
							 p->vmid));
		known->out = leaf.out;
		known->flags = leaf.flags;
	}
	return true;
}

bool smmu_walk_s2(struct smmu_unit *s, const struct smmu_path *p, uint64_t ipa,
		  const struct smmu_ask *ask, struct smmu_found *t, struct smmu_fault *f)
{
	const uint8_t in = SMMU_EV_CLASS_IN;
	uint64_t af = p->stage2.rules.accessed;
	struct smmu_s2_leaf leaf;

	if (!smmu_s2_find(s, p, ipa, in, &leaf, f))
		return false;
	t->out = leaf.out;
	t->span_log2 = leaf.span_log2;
	t->ipa = ipa & ~((UINT64_C(1) << leaf.span_log2) - 1);
	t->global = false;
	t->flags = SMMU_T_S1 | SMMU_T_S1_DIRTY | leaf.flags | HWI_PUT(SMMU_T_LEAF, leaf.leaf_log2);
	t->keep = (leaf.entry & af) == af;
	f->had = HWI_READ | HWI_WRITE;
	if (smmu_s2_lacking(t->flags, ask, ipa, f) ||
	    !smmu_s2_accessed(s, p, ipa, in, &leaf, f))
		return false;
	/* What cannot be written to has nothing to mark. */
	if (ask->dirty && !smmu_s2_dirty(s, p, ipa, in, &leaf, f))
		return false;
	t->flags |= leaf.flags;
	t->keep = true;
	return true;
}

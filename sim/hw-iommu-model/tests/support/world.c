/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "world.h"

#include "hwiommu/bits.h"

#define SS_BITS (VTD_SS_R | VTD_SS_W | VTD_SS_A | VTD_SS_D)
#define FS_BITS (VTD_FS_P | VTD_FS_RW | VTD_FS_US | VTD_FS_A | VTD_FS_D)


static void map_ss(struct world *w, uint64_t addr, uint64_t out, unsigned int leaf)
{
	build_ss(w->b, w->ss_root, w->levels, addr, out, leaf, SS_BITS);
	for (unsigned int l = w->levels; l > leaf; l--)
		world_set(w, world_ss(w, addr, l), VTD_SS_A);
}

static void second_stage(struct world *w)
{
	w->ss_root = bench_alloc(w->b, 1);
	map_ss(w, WORLD_IN, WORLD_OUT, 1);
	map_ss(w, WORLD_IN_2M, WORLD_OUT_2M, 2);
	map_ss(w, WORLD_IN_1G, WORLD_OUT_1G, 3);
	if (w->levels == 5)
		map_ss(w, WORLD_IN_HIGH, WORLD_OUT, 1);
}

static void map_fs(struct world *w, uint64_t addr, uint64_t out, unsigned int leaf,
		   uint64_t offset)
{
	build_fs_guest(w->b, w->fs_root + offset, w->levels, addr, out, leaf, FS_BITS, offset);
}

/* Where the A bits of first-stage tables are that stand at guest addresses. */
static void accessed_tables(struct world *w, uint64_t addr, unsigned int leaf)
{
	for (unsigned int l = w->levels; l > leaf; l--)
		world_set(w, world_fs(w, addr, l), VTD_FS_A);
}

static void first_stage(struct world *w, uint64_t offset)
{
	w->fs_root = bench_alloc(w->b, 1);
	map_fs(w, WORLD_IN, WORLD_OUT + offset, 1, offset);
	map_fs(w, WORLD_IN_2M, WORLD_OUT_2M + offset, 2, offset);
	map_fs(w, WORLD_IN_1G, WORLD_OUT_1G, 3, offset);
	accessed_tables(w, WORLD_IN, 1);
	accessed_tables(w, WORLD_IN_2M, 2);
	accessed_tables(w, WORLD_IN_1G, 3);
	if (w->levels == 5) {
		map_fs(w, WORLD_IN_HIGH, WORLD_OUT + offset, 1, offset);
		accessed_tables(w, WORLD_IN_HIGH, 1);
	}
}

void world_legacy(struct world *w, struct bench *b)
{
	*w = (struct world){ .b = b, .levels = 4 };
	second_stage(w);
	w->root_at = build_root(b, WORLD_SID >> 8);
	w->ctx = build_context(b, WORLD_SID, VTD_TT_SS_ATS, VTD_AW_48, WORLD_DID, w->ss_root);
	bench_start_queue(b, true, 0);
	bench_start_legacy(b);
}

static struct build_pe entry(const struct world *w)
{
	unsigned int fspm = w->levels == 5 ? VTD_FSPM_5 : VTD_FSPM_4;
	unsigned int aw = w->levels == 5 ? VTD_AW_57 : VTD_AW_48;

	switch (w->pgtt) {
	case VTD_PGTT_FS:
		return pe_first_stage(WORLD_DID, fspm, w->fs_root);
	case VTD_PGTT_SS:
		return pe_second_stage(WORLD_DID, aw, w->ss_root);
	case VTD_PGTT_NESTED:
		return pe_nested(WORLD_DID, aw, w->ss_root, fspm, w->fs_root + WORLD_GUEST);
	default:
		return pe_pass_through(WORLD_DID);
	}
}

static void scalable(struct world *w, struct bench *b, unsigned int pgtt, unsigned int levels)
{
	uint64_t bits = VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PASIDE | VTD_SCTX_Q0_PRE;
	struct build_pe pe;

	*w = (struct world){ .b = b, .pgtt = pgtt, .levels = levels };
	if (b->cfg.ecap & VTD_ECAP_PTRS)
		bits |= VTD_SCTX_Q0_EPTR;
	if (pgtt == VTD_PGTT_SS)
		second_stage(w);
	if (pgtt == VTD_PGTT_FS)
		first_stage(w, 0);
	if (pgtt == VTD_PGTT_NESTED) {
		first_stage(w, WORLD_GUEST);
		w->ss_root = bench_alloc(b, 1);
		for (uint64_t a = 0; a < BENCH_MEM; a += VTD_PAGE_SIZE)
			map_ss(w, a + WORLD_GUEST, a, 1);
		map_ss(w, WORLD_OUT_1G, WORLD_OUT_1G, 3);
	}
	w->root_at = build_sroot(b, WORLD_SID);
	w->ctx = build_scontext(b, WORLD_SID, bits, 0, 0);
	pe = entry(w);
	for (unsigned int i = 0; i < 2; i++) {
		uint32_t pasid = i ? WORLD_PASID : 0;

		w->dir[i] = build_pasid_dir(b, WORLD_SID, pasid);
		w->pe[i] = build_pasid(b, WORLD_SID, pasid, pe.q);
	}
	bench_start_queue(b, true, 0);
	bench_start_scalable(b);
}

void world_scalable(struct world *w, struct bench *b, unsigned int pgtt)
{
	scalable(w, b, pgtt, 4);
}

void world_scalable_5(struct world *w, struct bench *b, unsigned int pgtt)
{
	scalable(w, b, pgtt, 5);
}

uint64_t world_ss(const struct world *w, uint64_t addr, unsigned int level)
{
	return build_entry(w->b, w->ss_root, w->levels, addr, level);
}

uint64_t world_fs(const struct world *w, uint64_t addr, unsigned int level)
{
	uint64_t offset = w->pgtt == VTD_PGTT_NESTED ? WORLD_GUEST : 0;
	uint64_t table = w->fs_root;

	for (unsigned int l = w->levels; l > level; l--)
		table = (bench_r64(w->b, table + 8 * (addr >> VTD_PT_LEVEL_SHIFT(l) & 511)) &
			 VTD_FS_ADDR) -
			offset;
	return table + 8 * (addr >> VTD_PT_LEVEL_SHIFT(level) & 511);
}

void world_set(struct world *w, uint64_t at, uint64_t bits)
{
	bench_w64(w->b, at, bench_r64(w->b, at) | bits);
}

void world_clear(struct world *w, uint64_t at, uint64_t bits)
{
	bench_w64(w->b, at, bench_r64(w->b, at) & ~bits);
}

void world_pe_set(struct world *w, unsigned int q, uint64_t bits)
{
	world_set(w, w->pe[0] + 8 * (uint64_t)q, bits);
	world_set(w, w->pe[1] + 8 * (uint64_t)q, bits);
}

void world_pe_clear(struct world *w, unsigned int q, uint64_t bits)
{
	world_clear(w, w->pe[0] + 8 * (uint64_t)q, bits);
	world_clear(w, w->pe[1] + 8 * (uint64_t)q, bits);
}

static bool bad_mode(const struct world *w)
{
	uint64_t ttm = HWI_GET(VTD_RTADDR_TTM, bench_read64(w->b, VTD_REG_RTADDR));

	return ttm == VTD_TTM_RSVD || (ttm == VTD_TTM_SCALABLE && !(w->b->cfg.ecap & VTD_ECAP_SMTS)) ||
	       ttm == VTD_TTM_ABORT;
}

static unsigned int type_of(unsigned int access)
{
	if (access & HWI_ATOMIC)
		return BENCH_TYPE_ATOMIC;
	return access & HWI_WRITE ? BENCH_TYPE_WRITE : BENCH_TYPE_READ;
}

static void expect_record(struct world *w, const struct world_fault *f, unsigned int kind,
			  uint32_t pasid, uint64_t addr, unsigned int access)
{
	struct bench_record rec = bench_expect_fault(w->b, f->reason, WORLD_SID);
	bool pp = pasid != HWI_PASID_NONE;

	assert_int_equal(rec.pp, pp);
	assert_int_equal(rec.pasid, pp ? pasid : 0);
	assert_int_equal(rec.exe, pp && (access & HWI_EXEC) != 0);
	assert_int_equal(rec.priv, pp && (access & HWI_PRIV) != 0);
	assert_int_equal(rec.type, type_of(access));
	assert_int_equal(rec.at, kind);
	/* The widest address of the default configuration: 57 bits. */
	assert_int_equal(rec.fi, addr & HWI_MASK64(56, 12));
}

/* LGN.2, LGN.3, SGN.2, SGN.6, SGN.7: the answer tells of the rights that there are. */
static bool lacks_right(uint8_t reason)
{
	return reason == 0x05 || reason == 0x06 || reason == 0x81 || reason == 0x85 ||
	       reason == 0x86;
}

static void one(struct world *w, const struct world_fault *f, unsigned int kind, uint32_t pasid,
		enum world_answer answer, bool silent)
{
	uint64_t addr = f->addr ? f->addr : WORLD_IN;
	unsigned int access = f->access ? f->access : HWI_READ;
	struct hwi_response r;
	bool record = answer != S0 && !silent;

	if (kind == HWI_TRANSLATION_REQUEST)
		access = HWI_READ | (access & (HWI_EXEC | HWI_PRIV));
	if (!bad_mode(w))
		bench_inv_everything(w->b);
	r = bench_request(w->b, kind, WORLD_SID, pasid, addr, access);
	assert_int_equal(r.outcome, answer == UR   ? HWI_UNSUPPORTED_REQUEST
				    : answer == CA ? HWI_COMPLETER_ABORT
						   : HWI_SUCCESS);
	if (!lacks_right(f->reason) || kind != HWI_UNTRANSLATED)
		assert_int_equal(r.rights, 0);
	assert_int_equal(r.fault, f->reason);
	assert_int_equal(r.recorded, record);
	if (record)
		expect_record(w, f, kind, pasid, addr, access);
	else
		bench_expect_no_fault(w->b);
}

static void kinds(struct world *w, const struct world_fault *f, uint32_t pasid, bool silent)
{
	if (f->u != NA)
		one(w, f, HWI_UNTRANSLATED, pasid, f->u, silent);
	if (f->t != NA)
		one(w, f, HWI_TRANSLATION_REQUEST, pasid, f->t, silent);
	if (f->x != NA)
		one(w, f, HWI_TRANSLATED, pasid, f->x, silent);
}

static void with_fpd(struct world *w, const struct world_fault *f, uint32_t pasid, uint64_t at,
		     uint64_t bit)
{
	uint64_t was = bench_r64(w->b, at);

	world_set(w, at, bit);
	kinds(w, f, pasid, f->qualified);
	bench_w64(w->b, at, was);
}

void world_expect(struct world *w, const struct world_fault *f)
{
	unsigned int who = f->who;

	if (!who)
		who = w->pgtt ? WITHOUT_PASID | WITH_PASID : WITHOUT_PASID;
	for (unsigned int i = 0; i < 2; i++) {
		uint32_t pasid = i ? WORLD_PASID : HWI_PASID_NONE;

		if (!(who & (i ? WITH_PASID : WITHOUT_PASID)))
			continue;
		kinds(w, f, pasid, false);
		if (f->met & MET_CTX)
			with_fpd(w, f, pasid, w->ctx, VTD_CTX_L0_FPD);
		if (f->met & MET_DIR)
			with_fpd(w, f, pasid, w->dir[i], VTD_PDE_FPD);
		if (f->met & MET_PE)
			with_fpd(w, f, pasid, w->pe[i], VTD_PE_Q0_FPD);
	}
	if (!bad_mode(w))
		bench_inv_everything(w->b);
}

void world_unqualified(struct world *w, uint8_t reason, enum world_answer u, enum world_answer t,
		       enum world_answer x)
{
	world_expect(w, &(struct world_fault){ .reason = reason, .u = u, .t = t, .x = x });
}

void world_qualified(struct world *w, uint8_t reason, enum world_answer u, enum world_answer t,
		     enum world_answer x, unsigned int met)
{
	world_expect(w, &(struct world_fault){ .reason = reason, .u = u, .t = t, .x = x,
					       .qualified = true, .met = met });
}

void world_fetches_alone_ask_to_execute(struct world *w)
{
	static const unsigned int access[] = { HWI_WRITE, HWI_ATOMIC };
	struct bench *b = w->b;

	for (unsigned int i = 0; i < 2; i++) {
		struct bench_record r;

		bench_inv_everything(b);
		for (unsigned int n = 0; n < 2; n++) /* the walk, then the IOTLB */
			bench_expect(b, WORLD_SID, WORLD_PASID, WORLD_IN, access[i] | HWI_EXEC,
				     WORLD_OUT);
		assert_int_equal(bench_dma(b, WORLD_SID, WORLD_PASID, UINT64_C(0x7ffff000),
					   access[i] | HWI_EXEC).fault, 0x71);
		r = bench_expect_fault(b, 0x71, WORLD_SID);
		assert_true(r.pp && !r.exe);
		assert_int_equal(r.type, i ? BENCH_TYPE_ATOMIC : BENCH_TYPE_WRITE);
	}
}

void world_expect_pass(struct world *w)
{
	struct bench *b = w->b;

	for (unsigned int i = 0; i < (w->pgtt ? 2 : 1); i++) {
		uint32_t pasid = i ? WORLD_PASID : HWI_PASID_NONE;
		uint64_t out = w->pgtt == VTD_PGTT_PT ? WORLD_IN : WORLD_OUT;
		struct hwi_response r;

		bench_inv_everything(b);
		bench_expect(b, WORLD_SID, pasid, WORLD_IN + 0x123, HWI_READ, out + 0x123);
		bench_expect(b, WORLD_SID, pasid, WORLD_IN + 0x10, HWI_WRITE, out + 0x10);
		r = bench_request(b, HWI_TRANSLATION_REQUEST, WORLD_SID, pasid, WORLD_IN, HWI_READ);
		assert_int_equal(r.outcome, HWI_SUCCESS);
		assert_int_equal(r.rights, HWI_READ | HWI_WRITE);
		assert_int_equal(hwi_hpa_val(r.addr), out);
		bench_expect_no_fault(b);
	}
}

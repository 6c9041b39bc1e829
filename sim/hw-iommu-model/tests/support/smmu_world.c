/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stream table entries, context descriptors and tables for SMMUv3 tests. */
#include "smmu_world.h"

static unsigned int shift_of(unsigned int granule_log2, unsigned int level)
{
	return VMSA_LEVEL_SHIFT(granule_log2, (int)level);
}

/* The lookup level that a width begins at, as Linux has it: one table, or concatenated ones. */
static unsigned int first_level(unsigned int granule_log2, unsigned int width)
{
	unsigned int level = 3;

	while (level > 0 && width > shift_of(granule_log2, level) + granule_log2 - 3)
		level--;
	return level;
}

static uint64_t root_of(struct smmu_bench *b, unsigned int granule_log2, unsigned int width)
{
	unsigned int level = first_level(granule_log2, width);
	uint64_t bytes = UINT64_C(8) << (width - shift_of(granule_log2, level));

	return sb_alloc_aligned(b, bytes < 64 ? 64 : bytes);
}

static uint64_t addr_of(unsigned int granule_log2, uint64_t desc)
{
	uint64_t addr = desc & VMSA_DESC_ADDR(granule_log2);

	if (granule_log2 == VMSA_SHIFT_64K)
		addr |= HWI_GET(VMSA_DESC_ADDR_51_48_64K, desc) << 48;
	return addr;
}

static uint64_t put_addr(unsigned int granule_log2, uint64_t addr)
{
	uint64_t desc = addr & HWI_MASK64(47, 0);

	if (granule_log2 == VMSA_SHIFT_64K)
		desc |= HWI_PUT(VMSA_DESC_ADDR_51_48_64K, addr >> 48);
	return desc;
}

static uint64_t descriptor(struct smmu_bench *b, uint64_t root, unsigned int g, unsigned int width,
			   uint64_t addr, unsigned int level, uint64_t guest, bool make)
{
	unsigned int l = first_level(g, width);
	uint64_t at = root + (addr & ((UINT64_C(1) << width) - 1)) / (UINT64_C(1) << shift_of(g, l)) * 8;

	for (; l < level; l++) {
		uint64_t next;

		if (!(sb_r64(b, at) & VMSA_DESC_VALID)) {
			assert_true(make);
			next = sb_alloc_aligned(b, UINT64_C(1) << g) + guest;
			sb_w64(b, at, next | VMSA_TYPE_TABLE);
		}
		next = addr_of(g, sb_r64(b, at)) - guest;
		at = next + (addr >> shift_of(g, l + 1) & ((1u << (g - 3)) - 1)) * 8;
	}
	return at;
}

uint64_t sw_s1_at(const struct sw *w, uint64_t va, unsigned int level)
{
	return descriptor(w->b, w->s1_root, w->g1, 64 - w->t0sz, va, level, w->guest, false);
}

uint64_t sw_s2_at(const struct sw *w, uint64_t ipa, unsigned int level)
{
	return descriptor(w->b, w->s2_root, w->g2, 64 - w->s2t0sz, ipa, level, 0, false);
}

static uint64_t leaf(unsigned int level, unsigned int g, uint64_t out, uint64_t bits)
{
	if (level < 3)
		bits = (bits & ~VMSA_DESC_TYPE) | VMSA_TYPE_BLOCK;
	return put_addr(g, out) | bits;
}

void sw_map_s2(struct sw *w, uint64_t ipa, uint64_t out, unsigned int level, uint64_t bits)
{
	uint64_t at = descriptor(w->b, w->s2_root, w->g2, 64 - w->s2t0sz, ipa, level, 0, true);

	sb_w64(w->b, at, leaf(level, w->g2, out, bits));
}

/* Nested: pages of the guest's memory that are in use get a stage 2 page. */
static void back(struct sw *w, uint64_t from, uint64_t to)
{
	uint64_t page = UINT64_C(1) << w->g2;

	for (uint64_t a = from & ~(page - 1); a < to; a += page)
		sw_map_s2(w, a + w->guest, a, 3, SW_S2_LEAF);
}

void sw_map_s1(struct sw *w, uint64_t va, uint64_t out, unsigned int level, uint64_t bits)
{
	uint64_t from = w->b->next_page, at, to;

	at = descriptor(w->b, w->s1_root, w->g1, 64 - w->t0sz, va, level, w->guest, true);
	sb_w64(w->b, at, leaf(level, w->g1, out, bits));
	to = w->b->next_page;
	if (w->g2 && to > from)
		back(w, from, to);
}

void sw_set(struct sw *w, uint64_t at, uint64_t set, uint64_t clear)
{
	sb_w64(w->b, at, (sb_r64(w->b, at) & ~clear) | set);
}

void sw_ste(struct sw *w, unsigned int n, uint64_t set, uint64_t clear)
{
	sw_set(w, w->ste + 8 * (uint64_t)n, set, clear);
}

void sw_cd(struct sw *w, unsigned int n, uint64_t set, uint64_t clear)
{
	sw_set(w, w->cd + 8 * (uint64_t)n, set, clear);
}

static void begin(struct sw *w, struct smmu_bench *b, uint64_t config)
{
	/* Levels that stage 2 of 40 bits begins at are for units with 44 bits and more. */
	bool narrow = HWI_GET(SMMU_IDR5_OAS, b->cfg.idr5) < SMMU_OAS_44;

	*w = (struct sw){
		.b = b,
		.t0sz = 16,
		.s2t0sz = narrow ? 28 : 24,
		.ste = b->strtab + SW_SID * (uint64_t)SMMU_STE_SIZE,
	};
	for (unsigned int n = 0; n < SMMU_STE_DWORDS; n++)
		sb_w64(b, w->ste + 8 * (uint64_t)n, 0);
	sw_ste(w, 0, SMMU_STE0_V | HWI_PUT(SMMU_STE0_CONFIG, config), 0);
	sw_ste(w, 1, HWI_PUT(SMMU_STE1_SHCFG, SMMU_SHCFG_INCOMING), 0);
	sw_ste(w, 2, HWI_PUT(SMMU_STE2_S2VMID, SW_VMID), 0);
}

static void make_cd(struct sw *w, unsigned int g)
{
	static const uint8_t tg0[] = { [12] = SMMU_TG0_4K, [14] = SMMU_TG0_16K, [16] = SMMU_TG0_64K };
	struct smmu_bench *b = w->b;

	w->g1 = g;
	w->cd = sb_alloc_aligned(b, SMMU_CD_SIZE);
	w->s1_root = root_of(b, g, 64 - w->t0sz);
	sw_cd(w, 0,
	      SMMU_CD0_V | SMMU_CD0_AA64 | SMMU_CD0_R | SMMU_CD0_A | SMMU_CD0_EPD1 |
		      HWI_PUT(SMMU_CD0_T0SZ, w->t0sz) | HWI_PUT(SMMU_CD0_TG0, tg0[g]) |
		      HWI_PUT(SMMU_CD0_IPS, SMMU_OAS_48) | HWI_PUT(SMMU_CD0_ASID, SW_ASID),
	      0);
	sw_cd(w, 1, w->s1_root + w->guest, 0);
	sw_ste(w, 0, w->cd + w->guest, 0);
}

static void make_s2(struct sw *w, unsigned int g)
{
	static const uint8_t tg[] = { [12] = SMMU_S2TG_4K, [14] = SMMU_S2TG_16K, [16] = SMMU_S2TG_64K };
	unsigned int level = first_level(g, 64 - w->s2t0sz);
	/* §5.2: counted from level 2 for 4K, from level 3 for the others. */
	unsigned int sl0 = g == VMSA_SHIFT_4K ? 2 - level : 3 - level;

	w->g2 = g;
	w->s2_root = root_of(w->b, g, 64 - w->s2t0sz);
	sw_ste(w, 2,
	       SMMU_STE2_S2AA64 | SMMU_STE2_S2R | HWI_PUT(SMMU_STE2_S2T0SZ, w->s2t0sz) |
		       HWI_PUT(SMMU_STE2_S2SL0, sl0) | HWI_PUT(SMMU_STE2_S2TG, tg[g]) |
		       HWI_PUT(SMMU_STE2_S2PS, SMMU_OAS_48),
	       0);
	sw_ste(w, 3, w->s2_root, 0);
}

void sw_bypass(struct sw *w, struct smmu_bench *b)
{
	begin(w, b, SMMU_STE_CONFIG_BYPASS);
	sb_invalidate_all(b);
}

void sw_s1(struct sw *w, struct smmu_bench *b, unsigned int granule_log2)
{
	begin(w, b, SMMU_STE_CONFIG_S1);
	make_cd(w, granule_log2);
	sw_map_s1(w, SW_IN, SW_OUT, 3, SW_S1_LEAF);
	sb_invalidate_all(b);
}

void sw_s2(struct sw *w, struct smmu_bench *b, unsigned int granule_log2)
{
	begin(w, b, SMMU_STE_CONFIG_S2);
	make_s2(w, granule_log2);
	sw_map_s2(w, SW_IN, SW_OUT, 3, SW_S2_LEAF);
	sb_invalidate_all(b);
}

void sw_nested(struct sw *w, struct smmu_bench *b, unsigned int g1, unsigned int g2)
{
	uint64_t from;

	begin(w, b, SMMU_STE_CONFIG_NESTED);
	make_s2(w, g2);
	w->guest = SW_GUEST;
	from = b->next_page;
	make_cd(w, g1);
	back(w, from, b->next_page);
	sw_map_s1(w, SW_IN, SW_IPA, 3, SW_S1_LEAF);
	sw_map_s2(w, SW_IPA, SW_OUT, 3, SW_S2_LEAF);
	sb_invalidate_all(b);
}

/* ---- requests and records ---- */

struct sw_record sw_record(struct smmu_bench *b, uint8_t code, uint32_t sid)
{
	struct sw_record r;

	sb_expect_event(b, code, sid, r.dw);
	r.ssv = HWI_GET(SMMU_EV0_SSV, r.dw[0]);
	r.ssid = HWI_GET32(SMMU_EV0_SSID, r.dw[0]);
	r.stall = HWI_GET(SMMU_EV1_STALL, r.dw[1]);
	r.stag = (uint16_t)HWI_GET(SMMU_EV1_STAG, r.dw[1]);
	r.pnu = HWI_GET(SMMU_EV1_PNU, r.dw[1]);
	r.ind = HWI_GET(SMMU_EV1_IND, r.dw[1]);
	r.rnw = HWI_GET(SMMU_EV1_RNW, r.dw[1]);
	r.s2 = HWI_GET(SMMU_EV1_S2, r.dw[1]);
	r.class = HWI_GET32(SMMU_EV1_CLASS, r.dw[1]);
	r.ttrnw = HWI_GET(SMMU_EV1_TTRNW, r.dw[1]);
	r.addr = r.dw[2];
	r.ipa = r.dw[3] & SMMU_EV3_IPA;
	r.fetch = r.dw[3] & SMMU_EV3_FETCHADDR;
	return r;
}

void sw_expect(struct smmu_bench *b, uint32_t sid, uint64_t addr, unsigned int access,
	       uint64_t out)
{
	struct hwi_response r = sb_dma(b, sid, HWI_PASID_NONE, addr, access);

	sb_expect_no_event(b);
	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(r.fault, 0);
	assert_int_equal(hwi_hpa_val(r.addr), out);
}

struct sw_record sw_expect_fault(struct smmu_bench *b, uint32_t sid, uint64_t addr,
				 unsigned int access, uint8_t code)
{
	struct hwi_response r = sb_dma(b, sid, HWI_PASID_NONE, addr, access);

	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, code);
	assert_true(r.recorded);
	return sw_record(b, code, sid);
}

void sw_ok(struct sw *w)
{
	sw_expect(w->b, SW_SID, SW_IN + 0x10, SW_ACCESS, SW_OUT + 0x10);
}

struct sw_record sw_fault(struct sw *w, uint8_t code)
{
	return sw_expect_fault(w->b, SW_SID, SW_IN + 0x10, SW_ACCESS, code);
}

/* ---- invalidations ---- */

void sw_cfgi_ste(struct sw *w, bool leaf)
{
	sb_do(w->b, SMMU_CMD_CFGI_STE | HWI_PUT(SMMU_CMD0_SID, SW_SID),
	      leaf ? SMMU_CMD1_LEAF : 0);
}

void sw_cfgi_cd(struct sw *w, uint32_t ssid, bool leaf)
{
	sb_do(w->b,
	      SMMU_CMD_CFGI_CD | HWI_PUT(SMMU_CMD0_SID, SW_SID) | HWI_PUT(SMMU_CMD0_SSID, ssid),
	      leaf ? SMMU_CMD1_LEAF : 0);
}

void sw_tlbi_all(struct sw *w)
{
	if (w->b->cfg.idr0 & SMMU_IDR0_HYP)
		sb_do(w->b, SMMU_CMD_TLBI_EL2_ALL, 0);
	sb_do(w->b, SMMU_CMD_TLBI_NSNH_ALL, 0);
}

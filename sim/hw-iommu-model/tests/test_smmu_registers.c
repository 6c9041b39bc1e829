/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The register file: access rules, guards, handshakes, reset values (SMMUv3 §6). */
#include "smmu_bench.h"

#include "hwiommu/bits.h"
#include "smmuv3/control.h"

#define ONES UINT32_MAX

/* What a register reads after everything was written to it. */
static uint32_t written(struct smmu_bench *b, uint32_t reg, uint32_t val)
{
	sb_write(b, reg, val);
	return sb_read(b, reg);
}

static uint64_t written64(struct smmu_bench *b, uint32_t reg, uint64_t val)
{
	sb_write64(b, reg, val);
	return sb_read64(b, reg);
}

/* covers: REG_CR* REG_GBPA REG_CIDR* REG_PIDR* */
static void reset_values(void **state)
{
	static const uint32_t cidr[] = { 0x0d, 0xf0, 0x05, 0xb1 };
	struct smmu_bench *b = *state;

	/* Something in every writable register, then reset. */
	for (uint32_t off = 0x20; off < 0x20000; off += 4)
		sb_write(b, off, 0x5a5a5a5a);
	sb_gbpa(b, SMMU_GBPA_ABORT);
	hwi_reset(b->unit, false);
	for (uint32_t off = 0x20; off < 0x20000; off += 4) {
		uint32_t want = 0;

		if (off == SMMU_REG_GBPA)
			want = HWI_PUT32(SMMU_GBPA_SHCFG, SMMU_SHCFG_INCOMING);
		else if (off >= SMMU_REG_CIDR0 && off <= SMMU_REG_CIDR3)
			want = cidr[(off - SMMU_REG_CIDR0) / 4];
		if (sb_read(b, off) != want)
			fail_msg("%05x reads %08x", off, sb_read(b, off));
	}
}

/* covers: REG_CR0ACK REG_IDR* REG_IIDR REG_AIDR REG_STATUSR REG_AGBPA REG_IRQ_CTRLACK REG_GERROR */
static void read_only_registers_ignore_writes(void **state)
{
	static const uint32_t regs[] = {
		SMMU_REG_IDR0, SMMU_REG_IDR1, SMMU_REG_IDR2, SMMU_REG_IDR3, SMMU_REG_IDR4,
		SMMU_REG_IDR5, SMMU_REG_IIDR, SMMU_REG_AIDR, SMMU_REG_CR0ACK, SMMU_REG_STATUSR,
		SMMU_REG_AGBPA, SMMU_REG_IRQ_CTRLACK, SMMU_REG_GERROR, SMMU_REG_CIDR0,
		SMMU_REG_CIDR3, SMMU_REG_PIDR0, SMMU_REG_PIDR4,
	};
	struct smmu_bench *b = *state;

	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		uint32_t before = sb_read(b, regs[i]);

		assert_int_equal(written(b, regs[i], ONES), before);
		assert_int_equal(written(b, regs[i], 0), before);
	}
}

/* CR0ACK has the implemented bits of CR0 and no other: Linux compares the whole register. */
/* covers: REG_CR0 REG_CR0ACK */
static void cr0ack_mirrors_what_is_implemented(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	assert_int_equal(written(b, SMMU_REG_CR0, ONES), 0x1df);
	assert_int_equal(sb_read(b, SMMU_REG_CR0ACK), 0x1df);
	assert_int_equal(written(b, SMMU_REG_CR0, 0), 0);
	assert_int_equal(sb_read(b, SMMU_REG_CR0ACK), 0);

	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_ATS | SMMU_IDR0_PRI | SMMU_IDR0_ATSRECERR | SMMU_IDR0_VMW);
	cfg.idr1 &= ~SMMU_IDR1_PRIQS;
	sb_remake(b, &cfg);
	assert_int_equal(written(b, SMMU_REG_CR0, ONES), 0xd);
	assert_int_equal(sb_read(b, SMMU_REG_CR0ACK), 0xd);
}

/* Point 47, and the rows of section 1.2: which enable guards which register. */
struct guarded {
	uint32_t reg;
	uint8_t bytes;
	uint32_t cr0, irq_ctrl; /* any of these */
};

static const struct guarded guarded[] = {
	{ SMMU_REG_CR2, 4, SMMU_CR0_SMMUEN, 0 },
	{ SMMU_REG_STRTAB_BASE, 8, SMMU_CR0_SMMUEN, 0 },
	{ SMMU_REG_STRTAB_BASE_CFG, 4, SMMU_CR0_SMMUEN, 0 },
	{ SMMU_REG_CMDQ_BASE, 8, SMMU_CR0_CMDQEN, 0 },
	{ SMMU_REG_CMDQ_CONS, 4, SMMU_CR0_CMDQEN, 0 },
	{ SMMU_REG_CMDQ_PROD, 4, 0, 0 },
	{ SMMU_REG_EVENTQ_BASE, 8, SMMU_CR0_EVENTQEN, 0 },
	{ SMMU_REG_EVENTQ_PROD, 4, SMMU_CR0_EVENTQEN, 0 },
	{ SMMU_REG_EVENTQ_CONS, 4, 0, 0 },
	{ SMMU_REG_PRIQ_BASE, 8, SMMU_CR0_PRIQEN, 0 },
	{ SMMU_REG_PRIQ_PROD, 4, SMMU_CR0_PRIQEN, 0 },
	{ SMMU_REG_PRIQ_CONS, 4, 0, 0 },
	{ SMMU_REG_GERROR_IRQ_CFG0, 8, 0, SMMU_IRQ_CTRL_GERROR_IRQEN },
	{ SMMU_REG_GERROR_IRQ_CFG1, 4, 0, SMMU_IRQ_CTRL_GERROR_IRQEN },
	{ SMMU_REG_GERROR_IRQ_CFG2, 4, 0, SMMU_IRQ_CTRL_GERROR_IRQEN },
	{ SMMU_REG_EVENTQ_IRQ_CFG0, 8, 0, SMMU_IRQ_CTRL_EVENTQ_IRQEN },
	{ SMMU_REG_EVENTQ_IRQ_CFG1, 4, 0, SMMU_IRQ_CTRL_EVENTQ_IRQEN },
	{ SMMU_REG_EVENTQ_IRQ_CFG2, 4, 0, SMMU_IRQ_CTRL_EVENTQ_IRQEN },
	{ SMMU_REG_PRIQ_IRQ_CFG0, 8, 0, SMMU_IRQ_CTRL_PRIQ_IRQEN },
	{ SMMU_REG_PRIQ_IRQ_CFG1, 4, 0, SMMU_IRQ_CTRL_PRIQ_IRQEN },
	{ SMMU_REG_PRIQ_IRQ_CFG2, 4, 0, SMMU_IRQ_CTRL_PRIQ_IRQEN },
};

/* Whether a write of ones is taken, at each half; the register is 0 again afterwards. */
static bool takes_writes(struct smmu_bench *b, const struct guarded *g)
{
	bool taken;

	sb_write(b, g->reg, ONES);
	if (g->bytes == 8)
		sb_write(b, g->reg + 4, ONES);
	taken = sb_read(b, g->reg) != 0;
	if (g->bytes == 8)
		assert_int_equal(taken, sb_read(b, g->reg + 4) != 0);
	sb_write(b, g->reg, 0);
	if (g->bytes == 8)
		sb_write(b, g->reg + 4, 0);
	return taken;
}

/* covers: POINT_47 REG_CR2 REG_STRTAB_* REG_CMDQ_* REG_EVENTQ_* REG_PRIQ_* REG_GERROR_IRQ_* REG_IRQ_CTRL */
static void guarded_registers_ignore_writes_while_enabled(void **state)
{
	struct smmu_bench *b = *state;

	for (size_t i = 0; i < sizeof(guarded) / sizeof(guarded[0]); i++) {
		const struct guarded *g = &guarded[i];

		/* One enable at a time; the queues are empty, so nothing runs. */
		for (unsigned int bit = 0; bit < 4; bit++) {
			sb_write(b, SMMU_REG_CR0, 1u << bit);
			if (takes_writes(b, g) == !!(g->cr0 & 1u << bit))
				fail_msg("%05x with CR0=%x", g->reg, 1u << bit);
			sb_write(b, SMMU_REG_CR0, 0);
		}
		for (unsigned int bit = 0; bit < 3; bit++) {
			sb_write(b, SMMU_REG_IRQ_CTRL, 1u << bit);
			if (takes_writes(b, g) == !!(g->irq_ctrl & 1u << bit))
				fail_msg("%05x with IRQ_CTRL=%x", g->reg, 1u << bit);
			sb_write(b, SMMU_REG_IRQ_CTRL, 0);
		}
	}
}

/* Point 49: CR1 in halves, CR2 without bits of what is not there. */
/* covers: POINT_49 REG_CR1 REG_CR2 */
static void cr1_is_guarded_by_field(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	assert_int_equal(written(b, SMMU_REG_CR1, ONES), 0xfff);
	for (unsigned int bit = 1; bit < 4; bit++) { /* PRIQEN, EVENTQEN, CMDQEN */
		sb_write(b, SMMU_REG_CR0, 1u << bit);
		assert_int_equal(written(b, SMMU_REG_CR1, 0), 0x03f);
		sb_write(b, SMMU_REG_CR0, 0);
		sb_write(b, SMMU_REG_CR1, ONES);
	}
	sb_write(b, SMMU_REG_CR0, SMMU_CR0_SMMUEN);
	assert_int_equal(written(b, SMMU_REG_CR1, 0), 0xfc0);
	sb_write(b, SMMU_REG_CR0, 0);

	assert_int_equal(written(b, SMMU_REG_CR2, ONES),
			 SMMU_CR2_E2H | SMMU_CR2_RECINVSID | SMMU_CR2_REC_CFG_ATS);
	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_S2P | SMMU_IDR0_HYP | SMMU_IDR0_VMW | SMMU_IDR0_VMID16 |
		      SMMU_IDR0_ATSRECERR);
	sb_remake(b, &cfg);
	assert_int_equal(written(b, SMMU_REG_CR2, ONES), SMMU_CR2_RECINVSID);
}

/* Point 46: without Update nothing happens; with it the value is there and Update 0. */
/* covers: POINT_46 REG_GBPA */
static void gbpa_takes_a_value_with_update(void **state)
{
	struct smmu_bench *b = *state;
	const uint32_t fields = 0x001f3f1f & ~0xc000u;

	assert_int_equal(written(b, SMMU_REG_GBPA, SMMU_GBPA_ABORT), 0x1000);
	assert_int_equal(written(b, SMMU_REG_GBPA, ONES), fields);
	assert_int_equal(written(b, SMMU_REG_GBPA, 0), fields);
	assert_int_equal(written(b, SMMU_REG_GBPA, SMMU_GBPA_UPDATE), 0);
	/* It may be written while the SMMU is on. */
	sb_start(b);
	assert_int_equal(written(b, SMMU_REG_GBPA, SMMU_GBPA_UPDATE | SMMU_GBPA_ABORT),
			 SMMU_GBPA_ABORT);
	/* A 64-bit write over two 32-bit registers does nothing. */
	sb_write64(b, SMMU_REG_IRQ_CTRL, ~UINT64_C(0));
	assert_int_equal(sb_read(b, SMMU_REG_IRQ_CTRL), 0);
}

/* Point 6: LOG2SIZE and reserved SPLITs are read back as they were written. */
/* covers: POINT_6 REG_STRTAB_BASE REG_STRTAB_BASE_CFG */
static void table_registers_read_back_literally(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	assert_int_equal(written(b, SMMU_REG_STRTAB_BASE_CFG, ONES), 0x307ff);
	assert_int_equal(written(b, SMMU_REG_STRTAB_BASE_CFG, 0x1001f), 0x1001f);
	/* RA, and address bits below OAS. */
	assert_true(written64(b, SMMU_REG_STRTAB_BASE, ~UINT64_C(0)) ==
		    (HWI_BIT64(62) | HWI_MASK64(51, 6)));

	sb_config(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_ST_LEVEL;
	cfg.idr1 = HWI_PUT32(SMMU_IDR1_SIDSIZE, 6);
	cfg.idr5 = HWI_PUT32(SMMU_IDR5_OAS, SMMU_OAS_44) | SMMU_IDR5_GRAN4K |
		   HWI_PUT32(SMMU_IDR5_STALL_MAX, 1);
	cfg.idr0 &= ~SMMU_IDR0_PRI;
	sb_remake(b, &cfg);
	/* Without a second level neither FMT nor SPLIT is there. */
	assert_int_equal(written(b, SMMU_REG_STRTAB_BASE_CFG, ONES), 0x0003f);
	assert_true(written64(b, SMMU_REG_STRTAB_BASE, ~UINT64_C(0)) ==
		    (HWI_BIT64(62) | HWI_MASK64(43, 6)));
	assert_true(written64(b, SMMU_REG_CMDQ_BASE, ~UINT64_C(0)) ==
		    (HWI_BIT64(62) | HWI_MASK64(43, 5) | 0x1f));
}

/*
 * Point 6: the table is aligned to its size, in which LOG2SIZE counts as it was
 * written, though index and range have no more than SIDSIZE bits (§6.3.24, §6.3.25).
 */
/* covers: POINT_6 REG_STRTAB_BASE REG_STRTAB_BASE_CFG */
static void stream_table_alignment_is_literal(void **state)
{
	const uint64_t base = HWI_MASK64(51, 6);
	struct smmu_bench *b = *state;
	const struct smmu_effective *e = &to_smmu(b->unit)->eff;

	sb_write64(b, SMMU_REG_STRTAB_BASE, base);
	for (uint32_t log2 = 0; log2 < 46; log2++) {
		sb_write(b, SMMU_REG_STRTAB_BASE_CFG, log2);
		assert_false(e->strtab_two_level);
		assert_true(e->strtab_base == (base & ~((UINT64_C(64) << log2) - 1)));
		assert_int_equal(e->strtab_log2size, log2 < 16 ? log2 : 16);
		for (uint32_t split = 0; split < 32; split++) {
			uint32_t used = split == 8 || split == 10 ? split : 6;
			uint64_t size = log2 > used ? UINT64_C(8) << (log2 - used) : 8;

			if (size < 64)
				size = 64;
			sb_write(b, SMMU_REG_STRTAB_BASE_CFG,
				 HWI_PUT32(SMMU_STRTAB_BASE_CFG_FMT, SMMU_STRTAB_FMT_2LVL) |
					 HWI_PUT32(SMMU_STRTAB_BASE_CFG_SPLIT, split) | log2);
			assert_true(e->strtab_two_level);
			assert_int_equal(e->strtab_split, used);
			assert_true(e->strtab_base == (base & ~(size - 1)));
		}
		/* Reserved formats are linear. */
		for (uint32_t fmt = 2; fmt < 4; fmt++) {
			sb_write(b, SMMU_REG_STRTAB_BASE_CFG,
				 HWI_PUT32(SMMU_STRTAB_BASE_CFG_FMT, fmt) | log2);
			assert_false(e->strtab_two_level);
		}
	}
}

/* Point 33: bits of the VMID that invalidations ignore; 5 to 7 act as 0. */
/* covers: POINT_33 REG_CR0 */
static void vmw_is_4_bits_at_most(void **state)
{
	struct smmu_bench *b = *state;

	for (uint32_t vmw = 0; vmw < 8; vmw++) {
		sb_write(b, SMMU_REG_CR0, HWI_PUT32(SMMU_CR0_VMW, vmw));
		assert_int_equal(sb_read(b, SMMU_REG_CR0ACK), HWI_PUT32(SMMU_CR0_VMW, vmw));
		assert_int_equal(to_smmu(b->unit)->eff.vmw, vmw <= 4 ? vmw : 0);
	}
}

/* Indexes: the unit's own have no bits above the wrap bit, software's keep theirs. */
/* covers: REG_CMDQ_PROD REG_CMDQ_CONS REG_EVENTQ_PROD REG_EVENTQ_CONS REG_PRIQ_PROD REG_PRIQ_CONS */
static void index_bits_follow_the_size(void **state)
{
	struct smmu_bench *b = *state;

	sb_write64(b, SMMU_REG_CMDQ_BASE, 3);
	sb_write64(b, SMMU_REG_EVENTQ_BASE, 4);
	sb_write64(b, SMMU_REG_PRIQ_BASE, 0);
	assert_int_equal(written(b, SMMU_REG_CMDQ_CONS, ONES), 0x7f00000f);
	assert_int_equal(written(b, SMMU_REG_EVENTQ_PROD, ONES), 0x8000001f);
	assert_int_equal(written(b, SMMU_REG_PRIQ_PROD, ONES), 0x80000001);
	assert_int_equal(written(b, SMMU_REG_CMDQ_PROD, ONES), 0xfffff);
	assert_int_equal(written(b, SMMU_REG_EVENTQ_CONS, ONES), 0x800fffff);
	assert_int_equal(written(b, SMMU_REG_PRIQ_CONS, ONES), 0x800fffff);
}

/* covers: REG_GERROR_IRQ_CFG* REG_EVENTQ_IRQ_CFG* REG_PRIQ_IRQ_CFG* */
static void interrupt_configuration_has_its_fields(void **state)
{
	static const uint32_t cfg0[] = { SMMU_REG_GERROR_IRQ_CFG0, SMMU_REG_EVENTQ_IRQ_CFG0,
					 SMMU_REG_PRIQ_IRQ_CFG0 };
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	for (unsigned int i = 0; i < 3; i++) {
		assert_true(written64(b, cfg0[i], ~UINT64_C(0)) == HWI_MASK64(51, 2));
		assert_int_equal(written(b, cfg0[i] + 8, ONES), ONES);
		assert_int_equal(written(b, cfg0[i] + 12, ONES), i == 2 ? 0x8000003f : 0x3f);
	}
	/* Without MSI only LO is left. */
	sb_config(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_MSI;
	sb_remake(b, &cfg);
	for (unsigned int i = 0; i < 3; i++) {
		assert_true(written64(b, cfg0[i], ~UINT64_C(0)) == 0);
		assert_int_equal(written(b, cfg0[i] + 8, ONES), 0);
		assert_int_equal(written(b, cfg0[i] + 12, ONES), i == 2 ? 0x80000000 : 0);
	}
	assert_int_equal(written(b, SMMU_REG_GERRORN, ONES), 0x10d);
	/* Without PRI there is no PRI queue. */
	sb_config(&cfg);
	cfg.idr0 &= ~SMMU_IDR0_PRI;
	cfg.idr1 &= ~SMMU_IDR1_PRIQS;
	sb_remake(b, &cfg);
	assert_true(written64(b, SMMU_REG_PRIQ_BASE, ~UINT64_C(0)) == 0);
	assert_int_equal(written(b, SMMU_REG_PRIQ_PROD, ONES), 0);
	assert_int_equal(written(b, SMMU_REG_PRIQ_CONS, ONES), 0);
	assert_int_equal(written(b, SMMU_REG_PRIQ_IRQ_CFG2, ONES), 0);
	assert_int_equal(written(b, SMMU_REG_IRQ_CTRL, ONES), 0x5);
	assert_int_equal(sb_read(b, SMMU_REG_IRQ_CTRLACK), 0x5);
	assert_int_equal(written(b, SMMU_REG_GERRORN, ONES), 0x1b5);
}

/*
 * 32-bit accesses work on each half of a 64-bit register, 64-bit ones on the
 * whole; anything else is RAZ/WI.
 */
/* covers: REG_CMDQ_BASE */
static void access_sizes(void **state)
{
	static const struct {
		uint64_t off;
		unsigned int size;
	} bad[] = {
		{ SMMU_REG_CMDQ_BASE, 1 }, { SMMU_REG_CMDQ_BASE, 2 }, { SMMU_REG_CMDQ_BASE, 16 },
		{ SMMU_REG_CMDQ_BASE, 0 }, { SMMU_REG_CMDQ_BASE + 4, 8 },
		{ SMMU_REG_CMDQ_BASE + 2, 4 }, { SMMU_REG_CMDQ_PROD, 8 },
	};
	struct smmu_bench *b = *state;

	sb_write64(b, SMMU_REG_CMDQ_BASE, UINT64_C(0x0001234567800005));
	sb_write(b, SMMU_REG_CMDQ_PROD, 1);
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_BASE), 0x67800005);
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_BASE + 4), 0x00012345);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(hwi_mmio_read(b->unit, bad[i].off, bad[i].size), 0);
		hwi_mmio_write(b->unit, bad[i].off, bad[i].size, ~UINT64_C(0));
	}
	assert_true(sb_read64(b, SMMU_REG_CMDQ_BASE) == UINT64_C(0x0001234567800005));
	assert_int_equal(sb_read(b, SMMU_REG_CMDQ_PROD), 1);
	sb_write(b, SMMU_REG_CMDQ_BASE + 4, 0x54321);
	assert_true(sb_read64(b, SMMU_REG_CMDQ_BASE) == UINT64_C(0x0005432167800005));
}

/* Page 0 offsets of page 1 registers, page 1 offsets of page 0 registers: RAZ/WI here (§6.2). */
/* covers: REG_EVENTQ_PROD REG_EVENTQ_CONS REG_PRIQ_PROD REG_PRIQ_CONS */
static void pages_do_not_alias(void **state)
{
	static const uint32_t page1[] = { SMMU_REG_EVENTQ_PROD, SMMU_REG_EVENTQ_CONS,
					  SMMU_REG_PRIQ_PROD, SMMU_REG_PRIQ_CONS };
	struct smmu_bench *b = *state;

	sb_write64(b, SMMU_REG_EVENTQ_BASE, 10);
	sb_write64(b, SMMU_REG_PRIQ_BASE, 10);
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(written(b, page1[i], 5), 5);
		assert_int_equal(written(b, SMMU_PAGE0_ALIAS(page1[i]), 6), 0);
		assert_int_equal(sb_read(b, page1[i]), 5);
	}
	assert_int_equal(written(b, SMMU_PAGE1 + SMMU_REG_CR1, ONES), 0);
	assert_int_equal(sb_read(b, SMMU_REG_CR1), 0);
	assert_int_equal(sb_read(b, SMMU_PAGE1 + SMMU_REG_IDR0), 0);
	/* The Secure bank, and what lies behind the registers. */
	assert_int_equal(written(b, 0x8020, ONES), 0);
	assert_int_equal(written(b, 0x20000, ONES), 0);
	assert_int_equal(hwi_mmio_read(b->unit, ~UINT64_C(7), 8), 0);
	hwi_mmio_write(b->unit, ~UINT64_C(7), 8, 1);
}

/* Point 48. PRIQ_PROD.OVFLG is 0 after reset. */
/* covers: POINT_48 REG_PRIQ_PROD */
static void priq_overflow_flag_resets_to_0(void **state)
{
	struct smmu_bench *b = *state;

	sb_write(b, SMMU_REG_PRIQ_PROD, SMMU_Q_OVERFLOW);
	assert_int_equal(sb_read(b, SMMU_REG_PRIQ_PROD), SMMU_Q_OVERFLOW);
	hwi_reset(b->unit, false);
	assert_int_equal(sb_read(b, SMMU_REG_PRIQ_PROD), 0);
}

/* The order in which Linux' driver starts a unit (fact sheet 1.9). */
/* covers: REG_CR0 REG_CR0ACK REG_GBPA CMD_CFGI_STE_RANGE CMD_TLBI_NSNH_ALL CMD_TLBI_EL2_ALL CMD_SYNC */
static void linux_start_up(void **state)
{
	struct smmu_bench *b = *state;

	sb_write(b, SMMU_REG_CR0, 0);
	sb_write(b, SMMU_REG_CR1, 0x0d75);
	sb_write(b, SMMU_REG_CR2, SMMU_CR2_PTM | SMMU_CR2_RECINVSID);
	sb_start_strtab(b, 8);
	sb_start_cmdq(b, 8);
	sb_invalidate_all(b);
	sb_start_eventq(b, 7);
	sb_start_priq(b, 7);
	sb_cr0(b, SMMU_CR0_ATSCHK, true);
	sb_write(b, SMMU_REG_IRQ_CTRL, 0);
	assert_int_equal(sb_read(b, SMMU_REG_IRQ_CTRLACK), 0);
	sb_start_irqs(b);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	assert_int_equal(sb_read(b, SMMU_REG_CR0ACK), SMMU_CR0_SMMUEN | SMMU_CR0_PRIQEN |
						      SMMU_CR0_EVENTQEN | SMMU_CR0_CMDQEN |
						      SMMU_CR0_ATSCHK);
	assert_int_equal(sb_read(b, SMMU_REG_CR1), 0x0d75);
	assert_int_equal(sb_gerror(b), 0);
}

/* A switched SMMU, and another GBPA, make every copy of a translation worthless. */
/* covers: REG_CR0 REG_GBPA */
static void mode_changes_are_told_to_the_machine(void **state)
{
	struct smmu_bench *b = *state;

	sb_start(b);
	assert_int_equal(b->invals, 0);
	sb_gbpa(b, SMMU_GBPA_ABORT); /* not in force */
	assert_int_equal(b->invals, 0);
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	assert_int_equal(b->invals, 1);
	assert_int_equal(b->inval[0].scope, HWI_INVAL_ALL);
	sb_gbpa(b, 0);
	assert_int_equal(b->invals, 2);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	assert_int_equal(b->invals, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reset_values),
		TEST(read_only_registers_ignore_writes),
		TEST(cr0ack_mirrors_what_is_implemented),
		TEST(guarded_registers_ignore_writes_while_enabled),
		TEST(cr1_is_guarded_by_field),
		TEST(gbpa_takes_a_value_with_update),
		TEST(table_registers_read_back_literally),
		TEST(stream_table_alignment_is_literal),
		TEST(vmw_is_4_bits_at_most),
		TEST(index_bits_follow_the_size),
		TEST(interrupt_configuration_has_its_fields),
		TEST(access_sizes),
		TEST(pages_do_not_alias),
		TEST(priq_overflow_flag_resets_to_0),
		TEST(linux_start_up),
		TEST(mode_changes_are_told_to_the_machine),
	};

	return cmocka_run_group_tests_name("smmu_registers", tests, NULL, NULL);
}

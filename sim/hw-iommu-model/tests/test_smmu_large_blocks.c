/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Blocks of 4 TiB (64K tables of units with 52-bit addresses) under output sizes of less
 * than 42 bits: it is the final address that must not exceed the size, whatever the block's
 * own says (SMMUv3 §3.4, Arm DDI 0487 D8.1.7, D8.2.10).
 */
#include "smmu_world.h"

#define BLOCK HWI_BIT64(42) /* input address of the block, which goes to address 0 */
#define TIB HWI_BIT64(40)
#define NEW_OUT HWI_BIT64(35)

enum stages { S1, S2, NESTED };

static uint64_t block(const struct sw *w, enum stages which)
{
	return which == S1 ? sw_s1_at(w, BLOCK, 1) : sw_s2_at(w, BLOCK, 1);
}

/*
 * Stage 1 alone: input to output. Stage 2 alone: the same. Both: stage 1 maps BLOCK to
 * itself, also by a block and with all of 48 bits; stage 2 as before.
 */
static void make(struct sw *w, struct smmu_bench *b, enum stages which)
{
	if (which == S1)
		sw_s1(w, b, VMSA_SHIFT_64K);
	else if (which == S2)
		sw_s2(w, b, VMSA_SHIFT_64K);
	else
		sw_nested(w, b, VMSA_SHIFT_64K, VMSA_SHIFT_64K);
	if (which != S1) {
		/* 48 bits, that begin at level 1: what was made is level 2, a table if aligned. */
		uint64_t root = sb_alloc_aligned(b, 512), table = sb_alloc_aligned(b, 65536);

		for (unsigned int n = 0; n < 2048; n++)
			sb_w64(b, table + 8ull * n, sb_r64(b, w->s2_root + 8ull * n));
		sb_w64(b, root, table | VMSA_TYPE_TABLE);
		w->s2_root = root;
		w->s2t0sz = 16;
		SW_STE_FIELD(w, 2, SMMU_STE2_S2T0SZ, 16);
		SW_STE_FIELD(w, 2, SMMU_STE2_S2SL0, VMSA_SL_64K_L1);
		SW_STE_FIELD(w, 3, SMMU_STE3_S2TTB, root >> 4);
		sw_map_s2(w, BLOCK, 0, 1, SW_S2_LEAF);
	}
	if (which != S2)
		sw_map_s1(w, BLOCK, which == S1 ? 0 : BLOCK, 1, SW_S1_LEAF);
	sb_invalidate_all(b);
}

static void output_size(struct sw *w, enum stages which, unsigned int size)
{
	if (which == S1)
		SW_CD_FIELD(w, 0, SMMU_CD0_IPS, size);
	else
		SW_STE_FIELD(w, 2, SMMU_STE2_S2PS, size);
	sb_invalidate_all(w->b);
}

static void beyond(struct smmu_bench *b, enum stages which, uint64_t offset)
{
	struct sw_record e = sw_expect_fault(b, SW_SID, BLOCK + offset, HWI_READ,
					     SMMU_EVT_F_ADDR_SIZE);

	assert_int_equal(e.class, SMMU_EV_CLASS_IN);
	assert_int_equal(e.s2, which != S1);
	if (which != S1)
		assert_true(e.ipa == (BLOCK + offset));
}

/* The last page within and the first beyond, in either order, so that one may be cached. */
/* covers: EVT_F_ADDR_SIZE */
static void final_address(void **state)
{
	static const struct {
		unsigned int size, bits;
	} sizes[] = { { SMMU_OAS_32, 32 }, { SMMU_OAS_36, 36 }, { SMMU_OAS_40, 40 } };
	struct smmu_bench *b = *state;

	for (enum stages which = S1; which <= NESTED; which++) {
		struct sw w;

		make(&w, b, which);
		for (unsigned int i = 0; i < 3; i++) {
			uint64_t end = HWI_BIT64(sizes[i].bits);

			output_size(&w, which, sizes[i].size);
			beyond(b, which, end);
			sw_expect(b, SW_SID, BLOCK + end - 0x1000, HWI_READ, end - 0x1000);
			sw_expect(b, SW_SID, BLOCK + 0x1234, HWI_READ, 0x1234);
			beyond(b, which, end);
			beyond(b, which, 4 * TIB - 0x1000);
		}
		output_size(&w, which, SMMU_OAS_42);
		sw_expect(b, SW_SID, BLOCK + 4 * TIB - 0x1000, HWI_READ, 4 * TIB - 0x1000);
		assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, BLOCK, HWI_READ).span_log2, 42);
	}
}

/* Stage 1's own size, before stage 2 is asked: it knows no page there. */
/* covers: EVT_F_ADDR_SIZE */
static void intermediate_address(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	make(&w, b, NESTED);
	sw_map_s1(&w, BLOCK, 0, 1, SW_S1_LEAF);
	output_size(&w, S1, SMMU_OAS_40);
	e = sw_expect_fault(b, SW_SID, BLOCK + TIB, HWI_READ, SMMU_EVT_F_ADDR_SIZE);
	assert_false(e.s2);
	assert_int_equal(e.class, SMMU_EV_CLASS_IN);
	e = sw_expect_fault(b, SW_SID, BLOCK + TIB - 0x1000, HWI_READ, SMMU_EVT_F_TRANSLATION);
	assert_true(e.s2);
	sw_expect(b, SW_SID, BLOCK + SW_IPA + 8, HWI_READ, SW_OUT + 8);
}

/* Bits 41:17 of the descriptor are no address (D8.3.1.2): they change nothing. */
static void bits_below_the_address(void **state)
{
	struct smmu_bench *b = *state;

	for (enum stages which = S1; which <= S2; which++) {
		struct sw w;

		make(&w, b, which);
		sw_set(&w, block(&w, which), HWI_MASK64(41, 17), 0);
		output_size(&w, which, SMMU_OAS_40);
		sw_expect(b, SW_SID, BLOCK + 0x1234, HWI_READ, 0x1234);
		beyond(b, which, TIB);
	}
}

/* Address size before AF (§7.3.22). */
/* covers: EVT_F_ADDR_SIZE EVT_F_ACCESS */
static void before_the_access_flag(void **state)
{
	struct smmu_bench *b = *state;

	for (enum stages which = S1; which <= S2; which++) {
		struct sw w;

		make(&w, b, which);
		output_size(&w, which, SMMU_OAS_40);
		sw_set(&w, block(&w, which), 0, VMSA_DESC_AF);
		beyond(b, which, TIB);
		(void)sw_expect_fault(b, SW_SID, BLOCK, HWI_READ, SMMU_EVT_F_ACCESS);
	}
}

/* What is known of the block's parts goes when any address of it is named (D8.17). */
/* covers: CMD_TLBI_NH_VA CMD_TLBI_S2_IPA */
static void parts_go_together(void **state)
{
	struct smmu_bench *b = *state;

	for (enum stages which = S1; which <= S2; which++) {
		struct sw w;

		make(&w, b, which);
		output_size(&w, which, SMMU_OAS_40);
		sw_expect(b, SW_SID, BLOCK + NEW_OUT, HWI_READ, NEW_OUT);
		sb_w64(b, block(&w, which), 0);
		sw_expect(b, SW_SID, BLOCK + NEW_OUT, HWI_READ, NEW_OUT);
		sb_do(b,
		      (which == S1 ? SMMU_CMD_TLBI_NH_VA | HWI_PUT(SMMU_CMD0_ASID, SW_ASID) :
				      SMMU_CMD_TLBI_S2_IPA) |
			      HWI_PUT(SMMU_CMD0_VMID, SW_VMID),
		      BLOCK | SMMU_CMD1_LEAF);
		(void)sw_expect_fault(b, SW_SID, BLOCK + NEW_OUT, HWI_READ,
				      SMMU_EVT_F_TRANSLATION);
	}
}

/*
 * A CD in such a block: found within the size, beyond it stage 2 refuses (CLASS=CD), and
 * what is known goes by any address of the block.
 */
/* covers: EVT_F_ADDR_SIZE CMD_TLBI_S2_IPA */
static void structures(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record e;
	struct sw w;

	make(&w, b, NESTED);
	output_size(&w, NESTED, SMMU_OAS_40);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CONTEXTPTR, (BLOCK + w.cd) >> 6);
	sb_invalidate_all(b);
	sw_ok(&w);
	/* The CD is fetched anew by what stage 2 had, if it is still known; then by what it has. */
	sb_w64(b, block(&w, NESTED), 0);
	sb_do(b, SMMU_CMD_TLBI_S2_IPA | HWI_PUT(SMMU_CMD0_VMID, SW_VMID), BLOCK + 3 * TIB);
	sw_cfgi_cd(&w, 0, true);
	e = sw_fault(&w, SMMU_EVT_F_TRANSLATION);
	assert_int_equal(e.class, SMMU_EV_CLASS_CD);
	assert_true(e.s2);
	sw_map_s2(&w, BLOCK, 0, 1, SW_S2_LEAF);
	sw_ok(&w);
	SW_STE_FIELD(&w, 0, SMMU_STE0_S1CONTEXTPTR, (BLOCK + TIB + w.cd) >> 6);
	sw_cfgi_ste(&w, true);
	e = sw_fault(&w, SMMU_EVT_F_ADDR_SIZE);
	assert_int_equal(e.class, SMMU_EV_CLASS_CD);
	assert_true(e.s2);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup_started, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(final_address),
		T(intermediate_address),
		T(bits_below_the_address),
		T(before_the_access_flag),
		T(parts_go_together),
		T(structures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interrupt remapping: modes, formats, entries, source checks, every fault (VT-d 5.10 §5.1). */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID 0x01fa
#define V(v) HWI_PUT(VTD_IRTE_Q0_V, v)
#define P VTD_IRTE_Q0_P
#define FPD VTD_IRTE_Q0_FPD
#define SVT(svt, sq, sid)                                                                 \
	(HWI_PUT(VTD_IRTE_Q1_SVT, svt) | HWI_PUT(VTD_IRTE_Q1_SQ, sq) | HWI_PUT(VTD_IRTE_Q1_SID, sid))

static const uint64_t remappable = VTD_INT_RANGE_BASE | VTD_INT_ADDR_FORMAT;

/* Refused with this fault, recorded with this index (or 0 where it is undefined). */
static void refused(struct bench *b, struct hwi_interrupt_response r, uint8_t reason,
		    uint64_t index)
{
	struct bench_record rec;

	assert_int_equal(r.outcome, HWI_INT_BLOCKED);
	assert_int_equal(r.fault, reason);
	assert_true(r.recorded);
	rec = bench_expect_fault(b, reason, SID);
	assert_int_equal(rec.fi, index << 48);
	assert_int_equal(rec.type, 0);
	assert_int_equal(rec.at, 0);
	assert_false(rec.pp);
}

static void silenced(struct bench *b, struct hwi_interrupt_response r, uint8_t reason)
{
	assert_int_equal(r.outcome, HWI_INT_BLOCKED);
	assert_int_equal(r.fault, reason);
	assert_false(r.recorded);
	bench_expect_no_fault(b);
}

static void forwarded(struct bench *b, struct hwi_interrupt_response r, uint64_t addr,
		      uint32_t data)
{
	assert_int_equal(r.outcome, HWI_INT_FORWARD);
	assert_int_equal(r.addr, addr);
	assert_int_equal(r.data, data);
	assert_int_equal(r.fault, 0);
	bench_expect_no_fault(b);
}

/* A changed entry is read anew. */
static void set(struct bench *b, unsigned int index, uint64_t lo, uint64_t hi)
{
	bench_irte(b, index, lo, hi);
	bench_inv_iec(b);
}

static void start(struct bench *b, bool eime)
{
	bench_start_queue(b, false, 0);
	bench_start_remapping(b, 7, eime);
}

/* Off: everything passes as it is, whatever its format. */
/* covers: FC_IR_2B REG_GSTS */
static void test_off_passes_everything(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	forwarded(b, bench_interrupt(b, SID, 0xfee12345, 0x1234), 0xfee12345, 0x1234);
	forwarded(b, bench_interrupt(b, SID, remappable, 0xffff0000), remappable, 0xffff0000);
	/* Unless the unit requires remapping (IRREQ). */
	bench_config(&cfg);
	cfg.ecap |= VTD_ECAP_IRREQ;
	bench_remake(b, &cfg);
	refused(b, bench_interrupt(b, SID, 0xfee12340, 0x1234), VTD_FR_IR_2B, 0);
	refused(b, bench_interrupt(b, SID, remappable, 0), VTD_FR_IR_2B, 0);
	start(b, false);
	set(b, 0, P | V(0x30), 0);
	assert_int_equal(bench_interrupt_index(b, SID, 0).outcome, HWI_INT_FORWARD);
}

/* Compatibility format: CFI=0 blocks it, EIME=1 blocks it whatever CFI says. */
/* covers: FC_IR_25 REG_GSTS REG_GCMD */
static void test_point_11_55_compatibility_format(void **state)
{
	struct bench *b = *state;

	for (unsigned int eime = 0; eime < 2; eime++) {
		bench_remake(b, NULL);
		start(b, eime);
		refused(b, bench_interrupt(b, SID, 0xfee12340, 0x1234), VTD_FR_IR_25, 0);
		bench_gcmd(b, VTD_GCMD_CFI, true);
		if (eime)
			refused(b, bench_interrupt(b, SID, 0xfee12340, 0x1234), VTD_FR_IR_25, 0);
		else
			forwarded(b, bench_interrupt(b, SID, 0xfee12345, 0x1234), 0xfee12345,
				  0x1234);
		bench_gcmd(b, VTD_GCMD_CFI, false);
		refused(b, bench_interrupt(b, SID, 0xfee12340, 0x1234), VTD_FR_IR_25, 0);
	}
}

/* EIMER: 8-bit destinations are refused as a whole. */
/* covers: FC_IR_2A */
static void test_extended_mode_required(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.ecap |= VTD_ECAP_EIMER;
	bench_remake(b, &cfg);
	start(b, false);
	set(b, 0, P | V(0x30), 0);
	refused(b, bench_interrupt_index(b, SID, 0), VTD_FR_IR_2A, 0);
	refused(b, bench_interrupt(b, SID, 0xfee12340, 0), VTD_FR_IR_2A, 0);
	bench_remake(b, &cfg);
	start(b, true);
	set(b, 0, P | V(0x30), 0);
	assert_int_equal(bench_interrupt_index(b, SID, 0).outcome, HWI_INT_FORWARD);
}

/* The index: 15 bits and one, plus the subhandle if SHV; data is ignored otherwise. */
/* covers: REG_IRTA */
static void test_interrupt_index(void **state)
{
	struct bench *b = *state;

	bench_start_queue(b, false, 0);
	bench_start_remapping(b, 15, true);
	set(b, 0x7fff, P | V(0x31), 0);
	set(b, 0x8000, P | V(0x32), 0);
	set(b, 0xffff, P | V(0x33), 0);
	set(b, 0x1234, P | V(0x34), 0);
	assert_int_equal(bench_interrupt_index(b, SID, 0x7fff).data & 0xff, 0x31);
	assert_int_equal(bench_interrupt_index(b, SID, 0x8000).data & 0xff, 0x32);
	assert_int_equal(bench_interrupt_index(b, SID, 0xffff).data & 0xff, 0x33);
	assert_int_equal(bench_interrupt(b, SID, remappable | 0x1200 << 5, 0x34).fault,
			 VTD_FR_IR_22);
	bench_clear_faults(b);
	assert_int_equal(bench_interrupt(b, SID, remappable | 0x1200 << 5 | VTD_INT_ADDR_SHV, 0x34)
					 .data & 0xff,
			 0x34);
	assert_int_equal(bench_interrupt(b, SID, remappable | 0x1234 << 5 | 3, 0xabcd5678).data &
				 0xff,
			 0x34);
	/* With subhandle: 7f00h + 100h is 8000h. */
	assert_int_equal(bench_interrupt(b, SID, remappable | 0x7f00 << 5 | VTD_INT_ADDR_SHV, 0x100)
					 .data & 0xff,
			 0x32);
}

/* covers: FC_IR_20 */
static void test_reserved_bits_of_the_request(void **state)
{
	struct bench *b = *state;

	start(b, true);
	set(b, 0, P | V(0x30), 0);
	for (unsigned int bit = 16; bit < 32; bit++) {
		uint32_t data = HWI_BIT32(bit);

		refused(b, bench_interrupt(b, SID, remappable | VTD_INT_ADDR_SHV, data),
			VTD_FR_IR_20, 0);
		assert_int_equal(bench_interrupt(b, SID, remappable, data).outcome,
				 HWI_INT_FORWARD);
	}
	refused(b, bench_interrupt(b, SID, remappable | UINT64_C(1) << 32, 0), VTD_FR_IR_20, 0);
	bench_expect_no_fault(b);
}

/* Beyond the table, by the index or by where the entry would be. */
/* covers: FC_IR_21 REG_IRTA */
static void test_index_beyond_the_table(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	for (unsigned int s = 0; s < 16; s++) {
		bench_remake(b, NULL);
		b->next_page = VTD_PAGE_SIZE;
		bench_start_remapping(b, s, true);
		bench_irte(b, (2u << s) - 1, P | V(0x40), 0);
		assert_int_equal(bench_interrupt_index(b, SID, (2u << s) - 1).outcome,
				 HWI_INT_FORWARD);
		if (s < 15)
			refused(b, bench_interrupt_index(b, SID, 2u << s), VTD_FR_IR_21, 2u << s);
	}
	bench_config(&cfg);
	cfg.haw = 32;
	bench_remake(b, &cfg);
	bench_write64(b, VTD_REG_IRTA, UINT64_C(0xfffff000) | 15);
	bench_gcmd(b, VTD_GCMD_SIRTP, true);
	bench_gcmd(b, VTD_GCMD_IRE, true);
	refused(b, bench_interrupt_index(b, SID, 0xff), VTD_FR_IR_23, 0xff);
	refused(b, bench_interrupt_index(b, SID, 0x100), VTD_FR_IR_21, 0x100);
}

/* covers: FC_IR_22 FC_IR_23 */
static void test_not_present_and_unreadable(void **state)
{
	struct bench *b = *state;
	uint64_t at;

	start(b, true);
	/* P=0: all but FPD is ignored. */
	at = bench_irte(b, 5, ~(P | FPD), HWI_ALL64);
	refused(b, bench_interrupt_index(b, SID, 5), VTD_FR_IR_22, 5);
	bench_irte(b, 5, FPD, 0);
	silenced(b, bench_interrupt_index(b, SID, 5), VTD_FR_IR_22);
	/* Not qualified: nobody saw an FPD. */
	bench_irte(b, 5, P | FPD, 0);
	bench_fail_read(b, at + 8, 8);
	refused(b, bench_interrupt_index(b, SID, 5), VTD_FR_IR_23, 5);
	bench_heal(b);
	assert_int_equal(bench_interrupt_index(b, SID, 5).outcome, HWI_INT_FORWARD);
}

/* Each reserved bit of a remapped entry, by destination mode. */
/* covers: FC_IR_24 */
static void test_each_reserved_bit_of_an_entry(void **state)
{
	struct bench *b = *state;

	for (unsigned int mode = 0; mode < 2; mode++) {
		uint64_t rsvd[2] = { UINT64_C(0x00000000ff007000), UINT64_C(0xfffffffffff00000) };

		bench_remake(b, NULL);
		start(b, mode);
		if (!mode)
			rsvd[0] |= UINT64_C(0xffff00ff00000000);
		for (unsigned int bit = 0; bit < 128; bit++) {
			uint64_t q[2] = { P | V(0x30), 0 };
			struct hwi_interrupt_response r;

			/* P; IM and the source fields change the meaning; DLM is another test's. */
			if (bit == 0 || bit == 15 || (bit >= 5 && bit <= 7) || (bit >= 64 && bit < 84))
				continue;
			q[bit / 64] ^= HWI_BIT64(bit % 64);
			set(b, 9, q[0], q[1]);
			r = bench_interrupt_index(b, SID, 9);
			if (rsvd[bit / 64] >> bit % 64 & 1) {
				refused(b, r, VTD_FR_IR_24, 9);
				set(b, 9, q[0] | FPD, q[1]);
				silenced(b, bench_interrupt_index(b, SID, 9), VTD_FR_IR_24);
			} else {
				assert_int_equal(r.outcome, HWI_INT_FORWARD);
			}
		}
	}
}

/* Without posted interrupts IM is a reserved bit. */
/* covers: FC_IR_24 */
static void test_posted_entry_without_the_capability(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;

	bench_config(&cfg);
	cfg.cap &= ~VTD_CAP_PI;
	bench_remake(b, &cfg);
	start(b, true);
	set(b, 9, P | VTD_IRTE_Q0_IM, 0);
	refused(b, bench_interrupt_index(b, SID, 9), VTD_FR_IR_24, 9);
}

/* SID, SQ: which bits of the source-id are compared. */
/* covers: FC_IR_26 */
static void test_differs_12_source_id_check_is_26h(void **state)
{
	static const uint16_t ignored[4] = { 0, 4, 6, 7 };
	struct bench *b = *state;

	start(b, true);
	for (unsigned int sq = 0; sq < 4; sq++) {
		for (unsigned int bit = 0; bit < 16; bit++) {
			struct hwi_interrupt_response r;

			set(b, 3, P | V(0x30), SVT(VTD_SVT_SID, sq, SID ^ HWI_BIT32(bit)));
			r = bench_interrupt_index(b, SID, 3);
			if (ignored[sq] >> bit & 1) {
				assert_int_equal(r.outcome, HWI_INT_FORWARD);
			} else {
				refused(b, r, VTD_FR_IR_26, 3);
				set(b, 3, P | FPD, SVT(VTD_SVT_SID, sq, SID ^ HWI_BIT32(bit)));
				silenced(b, bench_interrupt_index(b, SID, 3), VTD_FR_IR_26);
			}
		}
		set(b, 3, P, SVT(VTD_SVT_SID, sq, SID));
		assert_int_equal(bench_interrupt_index(b, SID, 3).outcome, HWI_INT_FORWARD);
		set(b, 3, P, SVT(VTD_SVT_NONE, sq, ~SID & 0xffff));
		assert_int_equal(bench_interrupt_index(b, SID, 3).outcome, HWI_INT_FORWARD);
	}
	bench_expect_no_fault(b);
}

/* The first bus of a range is the high byte; both ends are inside. */
/* covers: FC_IR_26 */
static void test_point_11_51_bus_range(void **state)
{
	static const struct {
		uint8_t first, last;
		bool passes;
	} ranges[] = {
		{ 0x01, 0x01, true },  { 0x00, 0x01, true },  { 0x01, 0xff, true },
		{ 0x00, 0xff, true },  { 0x02, 0xff, false }, { 0x00, 0x00, false },
		{ 0x05, 0x00, false }, { 0xff, 0x00, false },
	};
	struct bench *b = *state;

	start(b, true);
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		set(b, 3, P | V(0x30),
		    SVT(VTD_SVT_BUS, 3, (unsigned int)ranges[i].first << 8 | ranges[i].last));
		if (ranges[i].passes)
			assert_int_equal(bench_interrupt_index(b, SID, 3).outcome, HWI_INT_FORWARD);
		else
			refused(b, bench_interrupt_index(b, SID, 3), VTD_FR_IR_26, 3);
	}
	/* The fourth SVT is a reserved value. */
	set(b, 3, P | V(0x30), SVT(VTD_SVT_RSVD, 0, SID));
	refused(b, bench_interrupt_index(b, SID, 3), VTD_FR_IR_24, 3);
}

/* Both wrong: the source is checked before the entry's reserved fields. */
/* covers: FC_IR_22 FC_IR_26 */
static void test_differs_12_interrupt_step_order(void **state)
{
	struct bench *b = *state;

	start(b, true);
	set(b, 3, P | HWI_BIT64(12), SVT(VTD_SVT_SID, 0, 0x7777));
	refused(b, bench_interrupt_index(b, SID, 3), VTD_FR_IR_26, 3);
	/* Not present comes before both. */
	set(b, 3, HWI_BIT64(12), SVT(VTD_SVT_SID, 0, 0x7777));
	refused(b, bench_interrupt_index(b, SID, 3), VTD_FR_IR_22, 3);
}

/* FI holds the index where it is defined. */
/* covers: FC_IR_20 FC_IR_22 REG_FRCD_LO */
static void test_point_11_50_fault_info_is_the_index(void **state)
{
	struct bench *b = *state;

	bench_start_queue(b, false, 0);
	bench_start_remapping(b, 15, true);
	refused(b, bench_interrupt_index(b, SID, 0xbeef), VTD_FR_IR_22, 0xbeef);
	/* And not the request's address. */
	refused(b, bench_interrupt(b, SID, remappable | 0x1234 << 5 | VTD_INT_ADDR_SHV, 0x10000),
		VTD_FR_IR_20, 0);
}

/* covers: REG_IRTA */
static void test_message_with_8_bit_destinations(void **state)
{
	struct bench *b = *state;

	start(b, false);
	set(b, 1, P | V(0xab) | HWI_PUT(VTD_IRTE_Q0_DST_XAPIC, 0x5c), 0);
	forwarded(b, bench_interrupt_index(b, SID, 1), 0xfee5c000, 0x40ab);
	set(b, 1,
	    P | V(0x12) | HWI_PUT(VTD_IRTE_Q0_DST_XAPIC, 0xff) | VTD_IRTE_Q0_DM | VTD_IRTE_Q0_RH |
		    VTD_IRTE_Q0_TM | HWI_PUT(VTD_IRTE_Q0_DLM, VTD_DLM_LOWEST) | VTD_IRTE_Q0_AVAIL,
	    0);
	forwarded(b, bench_interrupt_index(b, SID, 1), 0xfeeff00c, 0xc112);
}

/* covers: REG_IRTA */
static void test_message_with_32_bit_destinations(void **state)
{
	static const unsigned int modes[] = { VTD_DLM_FIXED, VTD_DLM_LOWEST, VTD_DLM_SMI,
					      VTD_DLM_NMI,   VTD_DLM_INIT,   VTD_DLM_EXTINT };
	struct bench *b = *state;

	start(b, true);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		set(b, 1,
		    P | V(0x77) | HWI_PUT(VTD_IRTE_Q0_DST, 0x12345678) |
			    HWI_PUT(VTD_IRTE_Q0_DLM, modes[i]),
		    0);
		forwarded(b, bench_interrupt_index(b, SID, 1), UINT64_C(0x12345600fee78000),
			  0x4077 | modes[i] << 8);
	}
}

/* An entry stays cached; one that a request faulted on is not, with CM=0 (§6.4). */
/* covers: DSC_iec_inv FC_IR_26 */
static void test_interrupt_entry_cache(void **state)
{
	struct bench *b = *state;

	start(b, true);
	bench_irte(b, 4, P | V(0x20), SVT(VTD_SVT_SID, 0, SID));
	assert_int_equal(bench_interrupt_index(b, SID, 4).data & 0xff, 0x20);
	bench_irte(b, 4, 0, 0);
	assert_int_equal(bench_interrupt_index(b, SID, 4).data & 0xff, 0x20);
	bench_inv_iec(b);
	refused(b, bench_interrupt_index(b, SID, 4), VTD_FR_IR_22, 4);
	bench_irte(b, 4, P | HWI_BIT64(12), 0);
	refused(b, bench_interrupt_index(b, SID, 4), VTD_FR_IR_24, 4);
	bench_irte(b, 4, P | V(0x21), SVT(VTD_SVT_SID, 0, 0x5555));
	refused(b, bench_interrupt_index(b, SID, 4), VTD_FR_IR_26, 4);
	bench_irte(b, 4, P | V(0x22), SVT(VTD_SVT_SID, 0, SID));
	assert_int_equal(bench_interrupt_index(b, SID, 4).data & 0xff, 0x22);
	/* Cached by its own source, it stays when another one is refused by it. */
	assert_int_equal(bench_interrupt_index(b, SID ^ 1, 4).fault, VTD_FR_IR_26);
	bench_clear_faults(b);
	bench_irte(b, 4, P | V(0x23), 0);
	assert_int_equal(bench_interrupt_index(b, SID, 4).data & 0xff, 0x22);
	/* FPD is cached with the entry. */
	bench_irte(b, 6, P | FPD, SVT(VTD_SVT_SID, 0, SID));
	assert_int_equal(bench_interrupt_index(b, SID, 6).outcome, HWI_INT_FORWARD);
	bench_irte(b, 6, 0, 0);
	silenced(b, bench_interrupt_index(b, SID ^ 1, 6), VTD_FR_IR_26);
}

/* CM=1: faulty and not-present entries may be cached, and then stay. */
/* covers: DSC_iec_inv FC_IR_22 FC_IR_24 */
static void test_negative_caching(void **state)
{
	struct bench *b = *state;

	for (unsigned int how = 0; how < 4; how++) {
		struct hwi_vtd_config cfg;
		bool cached = how == 3;

		bench_config(&cfg);
		if (how & 1)
			cfg.cap |= VTD_CAP_CM;
		cfg.negative_caching = how & 2;
		bench_remake(b, &cfg);
		start(b, true);
		bench_irte(b, 4, 0, 0);
		refused(b, bench_interrupt_index(b, SID, 4), VTD_FR_IR_22, 4);
		bench_irte(b, 4, P | HWI_BIT64(12), 0);
		refused(b, bench_interrupt_index(b, SID, 4), cached ? VTD_FR_IR_22 : VTD_FR_IR_24,
			4);
		bench_irte(b, 4, P, 0);
		assert_int_equal(bench_interrupt_index(b, SID, 4).outcome,
				 cached ? HWI_INT_BLOCKED : HWI_INT_FORWARD);
		bench_inv_iec(b);
		assert_int_equal(bench_interrupt_index(b, SID, 4).outcome, HWI_INT_FORWARD);
	}
}

/* An entry that changes between two reads is read again. */
static struct {
	bool (*read)(void *opaque, hwi_hpa_t addr, void *buf, size_t len);
	unsigned int changes;
	bool high_only;
	uint64_t at;
} torn;

static bool read_and_change(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct bench *b = opaque;
	bool ok = torn.read(opaque, addr, buf, len);

	if (hwi_hpa_val(addr) <= torn.at && torn.at < hwi_hpa_val(addr) + len && torn.changes) {
		torn.changes--;
		if (!torn.high_only)
			bench_w64(b, torn.at, P | V(0x50 + torn.changes));
		bench_w64(b, torn.at + 8, SVT(VTD_SVT_SID, 0, SID));
	}
	return ok;
}

static void test_entry_is_read_in_one_piece(void **state)
{
	struct bench *b = *state;

	start(b, true);
	torn.read = b->ops.read;
	b->ops.read = read_and_change;
	torn.at = bench_irte(b, 2, P | V(0x99), SVT(VTD_SVT_SID, 0, 0x1111));
	torn.changes = 3;
	assert_int_equal(bench_interrupt_index(b, SID, 2).data & 0xff, 0x50);
	/* Only the word with the source-id differs. */
	bench_inv_iec(b);
	bench_irte(b, 2, P | V(0x51), SVT(VTD_SVT_SID, 0, 0x1111));
	torn.high_only = true;
	torn.changes = 1;
	assert_int_equal(bench_interrupt_index(b, SID, 2).data & 0xff, 0x51);
	torn.high_only = false;
	/* Never at rest: bounded, and some answer. */
	bench_inv_iec(b);
	torn.changes = 100000;
	assert_int_equal(bench_interrupt_index(b, SID, 2).outcome, HWI_INT_FORWARD);
	assert_true(torn.changes > 99000);
	b->ops.read = torn.read;
}

/* Requests of a requester that cannot exist are refused by the face, not recorded. */
static void test_requester_out_of_range(void **state)
{
	struct bench *b = *state;
	const struct hwi_interrupt_request req = { .requester = 0x10000, .addr = remappable };
	struct hwi_interrupt_response r;

	hwi_interrupt(b->unit, &req, &r);
	assert_int_equal(r.outcome, HWI_INT_BLOCKED);
	bench_expect_no_fault(b);
}

/* What is no interrupt though it goes to the range: an interrupt fault, not a DMA fault. */
/* covers: FC_IR_29 */
static void test_point_11_28_not_an_interrupt(void **state)
{
	struct bench *b = *state;
	struct hwi_response r;

	bench_start_legacy(b);
	r = bench_dma(b, SID, HWI_PASID_NONE, 0xfee00000, HWI_READ);
	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(bench_expect_fault(b, VTD_FR_IR_29, SID).fi, 0);
	r = bench_dma(b, SID, HWI_PASID_NONE, 0xfee00000, HWI_ATOMIC);
	assert_int_equal(bench_expect_fault(b, VTD_FR_IR_29, SID).fi, 0);
	assert_int_equal(bench_dma(b, SID, HWI_PASID_NONE, 0xfee00000, HWI_WRITE).outcome,
			 HWI_IS_INTERRUPT);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_off_passes_everything),
		T(test_point_11_55_compatibility_format),
		T(test_extended_mode_required),
		T(test_interrupt_index),
		T(test_reserved_bits_of_the_request),
		T(test_index_beyond_the_table),
		T(test_not_present_and_unreadable),
		T(test_each_reserved_bit_of_an_entry),
		T(test_posted_entry_without_the_capability),
		T(test_differs_12_source_id_check_is_26h),
		T(test_point_11_51_bus_range),
		T(test_differs_12_interrupt_step_order),
		T(test_point_11_50_fault_info_is_the_index),
		T(test_message_with_8_bit_destinations),
		T(test_message_with_32_bit_destinations),
		T(test_interrupt_entry_cache),
		T(test_negative_caching),
		T(test_entry_is_read_in_one_piece),
		T(test_requester_out_of_range),
		T(test_point_11_28_not_an_interrupt),
	};

	return cmocka_run_group_tests_name("interrupts", tests, NULL, NULL);
}

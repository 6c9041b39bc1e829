/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Posted interrupts: the descriptor's update, notification, faults (VT-d 5.10 §5.2, §9.10, §9.11). */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID 0x0100
#define P VTD_IRTE_Q0_P
#define NDST 0xabcdef12u
#define NV 0xf2u

static uint64_t irte_lo(uint64_t pid, unsigned int vv)
{
	return P | VTD_IRTE_Q0_IM | HWI_PUT(VTD_IRTE_Q0_V, vv) |
	       HWI_PUT(VTD_IRTE_Q0_PDAL, (pid >> 6) & 0x3ffffff);
}

/* A descriptor, and entry 1 that posts vector @vv to it. */
static uint64_t start(struct bench *b, bool eime, unsigned int vv, uint64_t bits)
{
	uint64_t pid = bench_alloc(b, 1) + 0x40;

	bench_start_queue(b, false, 0);
	bench_start_remapping(b, 7, eime);
	bench_irte(b, 1, irte_lo(pid, vv) | bits, (pid >> 32) << 32);
	bench_w64(b, pid + 32,
		  HWI_PUT(VTD_PID_Q4_NV, NV) |
			  (eime ? HWI_PUT(VTD_PID_Q4_NDST, NDST) :
				  HWI_PUT(VTD_PID_Q4_NDST_XAPIC, NDST & 0xff)));
	return pid;
}

static void posted(struct bench *b)
{
	struct hwi_interrupt_response r = bench_interrupt_index(b, SID, 1);

	assert_int_equal(r.outcome, HWI_INT_POSTED);
	assert_int_equal(r.fault, 0);
	bench_expect_no_fault(b);
}

static void refused(struct bench *b, uint8_t reason)
{
	struct hwi_interrupt_response r = bench_interrupt_index(b, SID, 1);

	assert_int_equal(r.outcome, HWI_INT_BLOCKED);
	assert_int_equal(r.fault, reason);
	assert_true(r.recorded);
	assert_int_equal(bench_expect_fault(b, reason, SID).fi, UINT64_C(1) << 48);
	assert_int_equal(b->msis, 0);
}

/* Every vector sets its bit of PIR, and no other. */
static void test_each_vector_sets_its_bit(void **state)
{
	struct bench *b = *state;
	uint64_t pid = start(b, true, 0, 0);

	for (unsigned int vv = 0; vv < 256; vv++) {
		for (unsigned int i = 0; i < 4; i++)
			bench_w64(b, pid + 8 * i, 0);
		bench_irte(b, 1, irte_lo(pid, vv), 0);
		bench_inv_iec(b);
		posted(b);
		for (unsigned int i = 0; i < 4; i++)
			assert_int_equal(bench_r64(b, pid + 8 * i),
					 vv / 64 == i ? HWI_BIT64(vv % 64) : 0);
	}
}

/* The notification: NV to NDST, fixed, edge; ON says it is on its way. */
static void test_notification(void **state)
{
	struct bench *b = *state;
	uint64_t pid;

	for (unsigned int eime = 0; eime < 2; eime++) {
		bench_remake(b, NULL);
		pid = start(b, eime, 0x31, 0);
		posted(b);
		assert_int_equal(b->msis, 1);
		assert_int_equal(b->msi[0].addr,
				 eime ? UINT64_C(0xabcdef00fee12000) : UINT64_C(0xfee12000));
		assert_int_equal(b->msi[0].data, 0x4000 | NV);
		assert_true(bench_r64(b, pid + 32) & VTD_PID_Q4_ON);
		/* Outstanding: the bit is set, nobody is told again. */
		bench_w64(b, pid, 0);
		posted(b);
		assert_int_equal(b->msis, 1);
		assert_int_equal(bench_r64(b, pid), HWI_BIT64(0x31));
	}
}

/* SN holds the notification back, URG lets it through; ON is set with it alone. */
static void test_suppression_and_urgency(void **state)
{
	struct bench *b = *state;

	for (unsigned int urg = 0; urg < 2; urg++) {
		uint64_t pid, q4;

		bench_remake(b, NULL);
		pid = start(b, true, 5, urg ? VTD_IRTE_Q0_URG : 0);
		q4 = bench_r64(b, pid + 32) | VTD_PID_Q4_SN;
		bench_w64(b, pid + 32, q4);
		posted(b);
		assert_int_equal(bench_r64(b, pid), HWI_BIT64(5));
		assert_int_equal(b->msis, urg);
		assert_int_equal(bench_r64(b, pid + 32), q4 | (urg ? VTD_PID_Q4_ON : 0));
	}
}

/* covers: FC_IR_28 */
static void test_each_reserved_bit_of_the_descriptor(void **state)
{
	struct bench *b = *state;

	for (unsigned int eime = 0; eime < 2; eime++) {
		uint64_t pid;

		bench_remake(b, NULL);
		pid = start(b, eime, 5, VTD_IRTE_Q0_URG);
		for (unsigned int bit = 256; bit < 512; bit++) {
			uint64_t at = pid + bit / 64 * 8, was = bench_r64(b, at);
			bool rsvd = (bit >= 258 && bit <= 271) || (bit >= 280 && bit <= 287) ||
				    bit >= 320;

			if (!eime && ((bit >= 288 && bit <= 295) || (bit >= 304 && bit <= 319)))
				rsvd = true;
			bench_w64(b, at, was ^ HWI_BIT64(bit % 64));
			bench_w64(b, pid, 0);
			b->msis = 0;
			if (rsvd) {
				refused(b, VTD_FR_IR_28);
				assert_int_equal(bench_r64(b, pid), 0);
			} else {
				posted(b);
			}
			bench_w64(b, at, was);
		}
	}
}

/* covers: FC_IR_28 FC_IR_27 */
static void test_faults_of_the_descriptor_obey_fpd(void **state)
{
	struct bench *b = *state;
	uint64_t pid = start(b, true, 5, VTD_IRTE_Q0_FPD);
	struct hwi_interrupt_response r;

	bench_w64(b, pid + 56, 1);
	r = bench_interrupt_index(b, SID, 1);
	assert_int_equal(r.fault, VTD_FR_IR_28);
	assert_false(r.recorded);
	bench_fail_read(b, pid, 64);
	r = bench_interrupt_index(b, SID, 1);
	assert_int_equal(r.fault, VTD_FR_IR_27);
	assert_false(r.recorded);
	bench_expect_no_fault(b);
}

/* An entry whose descriptor is at fault is not cached with CM=0 (§6.4). */
/* covers: FC_IR_28 FC_IR_27 */
static void test_faults_of_the_descriptor_keep_the_entry_out(void **state)
{
	struct bench *b = *state;
	uint64_t pid = start(b, true, 5, 0), other = bench_alloc(b, 1);

	bench_w64(b, pid + 56, 1);
	refused(b, VTD_FR_IR_28);
	bench_irte(b, 1, irte_lo(other, 5), 0);
	bench_fail_read(b, other, 64);
	refused(b, VTD_FR_IR_27);
	bench_heal(b);
	bench_irte(b, 1, irte_lo(other, 6), 0);
	posted(b);
	assert_int_equal(bench_r64(b, other), 1 << 6);
	/* Now it is, and stays when its descriptor becomes a bad one. */
	bench_w64(b, other + 56, 1);
	b->msis = 0;
	refused(b, VTD_FR_IR_28);
	bench_irte(b, 1, irte_lo(pid, 7), 0);
	bench_w64(b, other + 56, 0);
	posted(b);
	assert_int_equal(bench_r64(b, other), 1 << 6);
	assert_int_equal(bench_r64(b, pid), 0);
}

/* Each access to the descriptor can fail. */
/* covers: FC_IR_27 */
static void test_descriptor_does_not_answer(void **state)
{
	struct bench *b = *state;
	uint64_t pid = start(b, true, 130, 0);

	for (unsigned int i = 0; i < 8; i++) {
		bench_fail_read(b, pid + 8 * i, 8);
		refused(b, VTD_FR_IR_27);
		bench_heal(b);
	}
	bench_fail_write(b, pid + 16, 8); /* the word of PIR with vector 130 */
	refused(b, VTD_FR_IR_27);
	assert_int_equal(bench_r64(b, pid + 16), 0);
	bench_heal(b);
	bench_fail_write(b, pid + 32, 8); /* ON */
	refused(b, VTD_FR_IR_27);
	bench_heal(b);
	posted(b);
	bench_irte(b, 1, irte_lo(BENCH_NOWHERE, 3), 0);
	bench_inv_iec(b);
	b->msis = 0;
	refused(b, VTD_FR_IR_27);
	/* The upper half of the address counts: 4 GiB above there is nothing. */
	bench_irte(b, 1, irte_lo(pid, 3), UINT64_C(1) << 32);
	bench_inv_iec(b);
	refused(b, VTD_FR_IR_27);
}

/* Posting entry: its own reserved bits, among them address bits above the host's. */
/* covers: FC_IR_24 */
static void test_each_reserved_bit_of_a_posting_entry(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;
	uint64_t pid;

	bench_config(&cfg);
	cfg.haw = 40;
	bench_remake(b, &cfg);
	pid = start(b, true, 5, 0);
	for (unsigned int bit = 0; bit < 128; bit++) {
		bool rsvd = (bit >= 2 && bit <= 7) || bit == 12 || bit == 13 ||
			    (bit >= 24 && bit <= 37) || (bit >= 84 && bit <= 95) || bit >= 104;
		uint64_t q[2] = { irte_lo(pid, 5), 0 };

		/* P, IM, source fields; the descriptor's address that exists. */
		if (bit == 0 || bit == 15 || (bit >= 38 && bit < 84) || (bit >= 96 && bit < 104))
			continue;
		q[bit / 64] ^= HWI_BIT64(bit % 64);
		bench_irte(b, 1, q[0], q[1]);
		bench_inv_iec(b);
		b->msis = 0;
		if (rsvd)
			refused(b, VTD_FR_IR_24);
		else
			posted(b);
	}
}

/* Software changes the descriptor between our read and our update: look again. */
static void test_update_is_atomic(void **state)
{
	struct bench *b = *state;
	uint64_t pid = start(b, true, 7, 0);
	uint64_t q4 = bench_r64(b, pid + 32);

	bench_change(b, pid, HWI_BIT64(9));
	posted(b);
	assert_int_equal(bench_r64(b, pid), HWI_BIT64(9) | HWI_BIT64(7));
	assert_int_equal(b->msis, 1);
	/* Somebody else sets ON first: theirs is the notification. */
	bench_w64(b, pid + 32, q4);
	bench_change(b, pid + 32, q4 | VTD_PID_Q4_ON);
	b->msis = 0;
	posted(b);
	assert_int_equal(b->msis, 0);
	/* SN set meanwhile does not undo the decision; NV is the newest. */
	bench_w64(b, pid + 32, q4);
	bench_change(b, pid + 32, (q4 | VTD_PID_Q4_SN) ^ HWI_PUT(VTD_PID_Q4_NV, 1));
	posted(b);
	assert_int_equal(b->msis, 1);
	assert_int_equal(b->msi[0].data & 0xff, NV ^ 1);
}

/* Reads from number @reads_left on do not answer. */
static bool (*real_read)(void *opaque, hwi_hpa_t addr, void *buf, size_t len);
static unsigned int reads_left;

static bool read_some(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	if (!reads_left)
		return false;
	reads_left--;
	return real_read(opaque, addr, buf, len);
}

/* The memory goes away under way: entry or descriptor, it is a fault, never more. */
/* covers: FC_IR_23 FC_IR_27 */
static void test_memory_that_stops_answering(void **state)
{
	struct bench *b = *state;
	unsigned int seen23 = 0, seen27 = 0;
	uint64_t pid = start(b, true, 7, 0);

	real_read = b->ops.read;
	b->ops.read = read_some;
	for (unsigned int n = 0; n < 40; n++) {
		struct hwi_interrupt_response r;

		reads_left = 1000;
		bench_inv_iec(b);
		reads_left = n;
		r = bench_interrupt_index(b, SID, 1);
		if (r.outcome == HWI_INT_POSTED)
			break;
		seen23 += r.fault == VTD_FR_IR_23;
		seen27 += r.fault == VTD_FR_IR_27;
		assert_int_equal(bench_expect_fault(b, (uint8_t)r.fault, SID).fi,
				 UINT64_C(1) << 48);
	}
	b->ops.read = real_read;
	assert_true(bench_r64(b, pid + 32) & VTD_PID_Q4_ON);
	assert_int_equal(bench_r64(b, pid), HWI_BIT64(7));
	assert_in_range(seen23, 2, 8);  /* either of the two looks at the entry */
	assert_in_range(seen27, 4, 16); /* all of the descriptor, PIR, ON twice */
}

static enum hwi_cas never(void *opaque, hwi_hpa_t addr, uint64_t expected, uint64_t desired)
{
	struct bench *b = opaque;

	(void)addr;
	(void)expected;
	(void)desired;
	b->cass++;
	return HWI_CAS_CHANGED;
}

/* covers: FC_IR_27 */
static void test_update_is_bounded(void **state)
{
	struct bench *b = *state;

	(void)start(b, true, 7, 0);
	b->ops.cas64 = never;
	b->cass = 0;
	refused(b, VTD_FR_IR_27);
	assert_in_range(b->cass, 1, 1000);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_each_vector_sets_its_bit),
		T(test_notification),
		T(test_suppression_and_urgency),
		T(test_each_reserved_bit_of_the_descriptor),
		T(test_faults_of_the_descriptor_obey_fpd),
		T(test_faults_of_the_descriptor_keep_the_entry_out),
		T(test_descriptor_does_not_answer),
		T(test_each_reserved_bit_of_a_posting_entry),
		T(test_memory_that_stops_answering),
		T(test_update_is_atomic),
		T(test_update_is_bounded),
	};

	return cmocka_run_group_tests_name("posting", tests, NULL, NULL);
}

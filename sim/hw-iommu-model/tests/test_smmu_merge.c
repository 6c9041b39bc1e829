/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Event records that stand for more than one event (SMMUv3 §7.3.1). */
#include "smmu_world.h"

#include "smmuv3/control.h"

/* A unit that merges (or does not), and a stream with nothing mapped but SW_IN. */
static void begin(struct sw *w, struct smmu_bench *b, bool merge, bool mev)
{
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.merge_events = merge;
	sb_remake(b, &cfg);
	sb_start(b);
	sw_s1(w, b, VMSA_SHIFT_4K);
	sw_ste(w, 1, mev ? SMMU_STE1_MEV : 0, 0);
}

static void fault_at(struct smmu_bench *b, uint64_t addr, unsigned int access)
{
	struct hwi_response r = sb_dma(b, SW_SID, HWI_PASID_NONE, addr, access);

	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_true(r.recorded);
}

#define AWAY (SW_IN + 0x100000)

static void one_record_for_a_page(void **state)
{
	struct smmu_bench *b = *state;
	struct sw_record r;
	struct sw w;

	begin(&w, b, true, true);
	fault_at(b, AWAY + 0x123, HWI_READ);
	fault_at(b, AWAY + 0x123, HWI_READ);
	fault_at(b, AWAY + 0xffc, HWI_READ);
	/* The first one's address. */
	r = sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID);
	assert_true(r.addr == AWAY + 0x123);
	assert_true(r.rnw);
}

static void what_differs_has_its_own(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t rec[4];
	struct sw w;

	begin(&w, b, true, true);
	fault_at(b, AWAY, HWI_READ);
	fault_at(b, AWAY + 0x1000, HWI_READ);
	fault_at(b, AWAY + 0x1000, HWI_WRITE);
	fault_at(b, AWAY + 0x1000, HWI_WRITE | HWI_PRIV);
	/* As the first, but others came between. */
	fault_at(b, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 5);
	while (sb_event(b, rec))
		;
	/* Another kind of fault at the same place, by another stream, with a SubstreamID. */
	fault_at(b, AWAY, HWI_READ);
	sw_map_s1(&w, AWAY, SW_OUT, 3, SW_S1_LEAF & ~VMSA_DESC_AF);
	sb_invalidate_all(b);
	fault_at(b, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 2);
	(void)sb_dma(b, SW_SID + 1, HWI_PASID_NONE, AWAY, HWI_READ); /* V=0 */
	(void)sb_dma(b, SW_SID + 2, HWI_PASID_NONE, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 4);
	(void)sb_dma(b, SW_SID, 5, AWAY, HWI_READ); /* C_BAD_SUBSTREAMID */
	(void)sb_dma(b, SW_SID, 6, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 6);
	(void)sb_dma(b, SW_SID, 6, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 6);
}

static void each_has_its_own_without_leave(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	/* MEV=0 */
	begin(&w, b, true, false);
	fault_at(b, AWAY, HWI_READ);
	fault_at(b, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 2);
	/* It forbids the events after it to merge with those before it, too. */
	sw_ste(&w, 1, SMMU_STE1_MEV, 0);
	sw_cfgi_ste(&w, true);
	fault_at(b, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 3);
	fault_at(b, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 3);
	sw_ste(&w, 1, 0, SMMU_STE1_MEV);
	sw_cfgi_ste(&w, true);
	fault_at(b, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 4);
	/* A unit that does not merge. */
	begin(&w, b, false, true);
	fault_at(b, AWAY, HWI_READ);
	fault_at(b, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 2);
}

/* They come before an STE is there to forbid it. */
static void four_codes_need_no_leave(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	begin(&w, b, true, false);
	for (unsigned int i = 0; i < 3; i++)
		(void)sb_dma(b, SW_SID + 1, HWI_PASID_NONE, AWAY + 0x1000 * i, HWI_READ);
	sb_expect_event(b, SMMU_EVT_C_BAD_STE, SW_SID + 1, NULL);
	for (unsigned int i = 0; i < 3; i++)
		(void)sb_dma(b, 0x100, HWI_PASID_NONE, AWAY + 0x1000 * i, HWI_READ);
	sb_expect_event(b, SMMU_EVT_C_BAD_STREAMID, 0x100, NULL);
	sb_fail_read(b, sb_ste(b, SW_SID + 2), SMMU_STE_SIZE);
	for (unsigned int i = 0; i < 3; i++)
		(void)sb_dma(b, SW_SID + 2, HWI_PASID_NONE, AWAY + 0x1000 * i, HWI_READ);
	sb_expect_event(b, SMMU_EVT_F_STE_FETCH, SW_SID + 2, NULL);
}

static void a_record_that_was_read_is_closed(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	begin(&w, b, true, true);
	fault_at(b, AWAY, HWI_READ);
	(void)sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID);
	fault_at(b, AWAY, HWI_READ);
	(void)sw_record(b, SMMU_EVT_F_TRANSLATION, SW_SID);
	/* So is one of a queue that software has given up. */
	fault_at(b, AWAY, HWI_READ);
	sb_cr0(b, SMMU_CR0_EVENTQEN, false);
	sb_cr0(b, SMMU_CR0_EVENTQEN, true);
	fault_at(b, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 2);
}

/* Stall=1 never merges, nor does anything merge with what is before it. */
static void stalls_have_their_own(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	begin(&w, b, true, true);
	fault_at(b, AWAY, HWI_READ);
	sw_cd(&w, 0, SMMU_CD0_S, 0);
	sb_invalidate_all(b);
	for (unsigned int i = 0; i < 2; i++)
		assert_int_equal(sb_dma(b, SW_SID, HWI_PASID_NONE, AWAY, HWI_READ).outcome,
				 HWI_STALLED);
	sw_cd(&w, 0, 0, SMMU_CD0_S);
	sb_invalidate_all(b);
	fault_at(b, AWAY, HWI_READ);
	assert_int_equal(sb_events(b), 4);
}

/* A full queue loses nothing that it has a record of. */
static void a_full_queue_takes_what_merges(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	begin(&w, b, true, true);
	for (unsigned int i = 0; i < 16; i++)
		fault_at(b, AWAY + 0x1000 * (uint64_t)i, HWI_READ);
	fault_at(b, AWAY + 0xf000, HWI_READ);
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD) & SMMU_Q_OVERFLOW, 0);
	fault_at(b, AWAY + 0xe000, HWI_READ);
	assert_true(sb_read(b, SMMU_REG_EVENTQ_PROD) & SMMU_Q_OVERFLOW);
}

static void it_goes_on_after_a_restore(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	for (unsigned int mev = 0; mev < 2; mev++) {
		size_t size;
		void *buf;

		begin(&w, b, true, mev);
		fault_at(b, AWAY, HWI_READ);
		size = hwi_save_size(b->unit);
		buf = malloc(size);
		assert_non_null(buf);
		assert_int_equal(hwi_save(b->unit, buf, size), HWI_OK);
		sb_remake(b, &b->cfg);
		assert_int_equal(hwi_restore(b->unit, buf, size), HWI_OK);
		free(buf);
		fault_at(b, AWAY, HWI_READ);
		assert_int_equal(sb_events(b), mev ? 1 : 2);
	}
}

static unsigned int records_of(struct smmu_bench *b, const struct smmu_event *x,
			       const struct smmu_event *y)
{
	uint64_t rec[4];
	unsigned int n = 0;

	assert_true(smmu_event_record(to_smmu(b->unit), x));
	assert_true(smmu_event_record(to_smmu(b->unit), y));
	while (sb_event(b, rec))
		n++;
	return n;
}

/* Each field that a record has, and the place in the page where it counts. */
/* A record of before a reset, in a queue that software begins with something in it (§3.5.1 allows it). */
static void a_reset_closes_the_record(void **state)
{
	struct smmu_bench *b = *state;
	struct sw w;

	begin(&w, b, true, true);
	fault_at(b, AWAY, HWI_READ);
	hwi_reset(b->unit, false);
	sb_start_strtab(b, 8);
	sb_start_cmdq(b, 5);
	sb_write64(b, SMMU_REG_EVENTQ_BASE, b->eventq.addr | 4);
	sb_write(b, SMMU_REG_EVENTQ_PROD, 3);
	sb_cr0(b, SMMU_CR0_EVENTQEN, true);
	sb_cr0(b, SMMU_CR0_SMMUEN, true);
	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_ste(&w, 1, SMMU_STE1_MEV, 0);
	fault_at(b, AWAY, HWI_READ);
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), 4);
	fault_at(b, AWAY, HWI_READ); /* and this one has one to go into */
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), 4);
}

static void every_field_counts(void **state)
{
	static const struct smmu_event ev = {
		.code = SMMU_EVT_F_PERMISSION, .sid = 5, .ssid = 7, .rnw = true, .s2 = true,
		.class = SMMU_EV_CLASS_TT, .ttrnw = true, .input_addr = 0x5000, .ipa = 0x7000,
		.fetch_addr = 0x8000, .reason = 3, .may_merge = true,
	};
	static const uint8_t codes[] = { SMMU_EVT_F_UUT, SMMU_EVT_F_STE_FETCH,
					 SMMU_EVT_F_WALK_EABT, SMMU_EVT_F_TRANSLATION,
					 SMMU_EVT_F_ADDR_SIZE, SMMU_EVT_F_ACCESS,
					 SMMU_EVT_F_PERMISSION };
	struct smmu_bench *b = *state;
	struct sw w;

	begin(&w, b, true, true);
	for (unsigned int i = 0; i < sizeof(codes); i++) {
		bool fetch = codes[i] == SMMU_EVT_F_STE_FETCH || codes[i] == SMMU_EVT_F_WALK_EABT;
		bool stage = codes[i] >= SMMU_EVT_F_WALK_EABT;
		bool input = codes[i] != SMMU_EVT_F_STE_FETCH;
		struct smmu_event x = ev, y;

		x.code = codes[i];
		y = x;
		assert_int_equal(records_of(b, &x, &y), 1);
		y.sid = 6;
		assert_int_equal(records_of(b, &x, &y), 2);
		y = x;
		y.ssid = 8;
		assert_int_equal(records_of(b, &x, &y), 2);
		y = x;
		y.rnw = false;
		assert_int_equal(records_of(b, &x, &y), input ? 2 : 1);
		y = x;
		y.class = SMMU_EV_CLASS_IN;
		assert_int_equal(records_of(b, &x, &y), stage ? 2 : 1);
		y = x;
		y.input_addr += 0x1000;
		assert_int_equal(records_of(b, &x, &y), input ? 2 : 1);
		y = x;
		y.input_addr += 0xfff;
		assert_int_equal(records_of(b, &x, &y), codes[i] == SMMU_EVT_F_UUT ? 2 : 1);
		y = x;
		y.ipa += 0x1000;
		assert_int_equal(records_of(b, &x, &y), stage && !fetch ? 2 : 1);
		y = x;
		y.fetch_addr += 8;
		assert_int_equal(records_of(b, &x, &y), fetch ? 2 : 1);
		y = x;
		y.may_merge = false;
		assert_int_equal(records_of(b, &x, &y), 2);
		assert_int_equal(records_of(b, &y, &x), 2);
	}
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(one_record_for_a_page),
		T(what_differs_has_its_own),
		T(every_field_counts),
		T(each_has_its_own_without_leave),
		T(four_codes_need_no_leave),
		T(a_record_that_was_read_is_closed),
		T(stalls_have_their_own),
		T(a_full_queue_takes_what_merges),
		T(it_goes_on_after_a_restore),
		T(a_reset_closes_the_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

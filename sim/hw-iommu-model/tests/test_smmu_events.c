/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The event queue: records bit by bit, full, overflow, aborts (SMMUv3 §7.2 to §7.4). */
#include "smmu_bench.h"

#include "hwiommu/bits.h"
#include "smmuv3/control.h"

static bool offer(struct smmu_bench *b, const struct smmu_event *ev)
{
	return smmu_event_record(to_smmu(b->unit), ev);
}

/* An event with everything set, so that what a record does not have shows. */
static const struct smmu_event everything = {
	.sid = 0x89abcdef,
	.ssid = 0x54321,
	.pnu = true,
	.ind = true,
	.rnw = true,
	.s2 = true,
	.class = SMMU_EV_CLASS_TT,
	.ttrnw = true,
	.input_addr = UINT64_C(0xfedcba9876543210),
	.ipa = UINT64_C(0x000fedcba9876fff),
	.fetch_addr = UINT64_C(0x000123456789abcf),
	.reason = 0x5a5a,
	.ats_priv = true,
	.ats_exec = true,
};

/*
 * Records of that event, word by word, written down from the fact sheet (6.1):
 * SSV bit 11, SSID 31:12, SID 63:32; PnU 97, InD 98, RnW 99, S2 103, CLASS 105:104,
 * TTRnW 108; Reason 79:64.
 */
#define W0(code) (UINT64_C(0x89abcdef54321800) | (code))
#define W0_NO_SSV(code) (UINT64_C(0x89abcdef54321000) | (code))
#define W0_NO_SSID(code) (UINT64_C(0x89abcdef00000000) | (code))
#define ACCESS UINT64_C(0x0000000e00000000)
#define RNW UINT64_C(0x0000000800000000)
#define STAGE UINT64_C(0x0000018000000000)
#define TTRNW UINT64_C(0x0000100000000000)
#define REASON UINT64_C(0x5a5a)
#define INPUT UINT64_C(0xfedcba9876543210)
#define IPA UINT64_C(0x000fedcba9876000)
#define FETCH UINT64_C(0x000123456789abc8)

static const uint64_t records[][4] = {
	{ W0(0x01), ACCESS | REASON, INPUT, 0 },
	{ W0(0x02), 0, 0, 0 },
	{ W0(0x03), REASON, 0, FETCH },
	{ W0(0x04), 0, 0, 0 },
	/* Span 68:64, Priv 92, X 93, W 94, R 95; the address without its low bits. */
	{ W0(0x05), UINT64_C(0xf0000001), UINT64_C(0xfedcba9876543000), 0 },
	{ W0_NO_SSID(0x06), 0, 0, 0 },
	{ W0_NO_SSID(0x07), RNW, INPUT, 0 },
	{ W0_NO_SSV(0x08), 0, 0, 0 },
	{ W0(0x09), REASON, 0, FETCH },
	{ W0(0x0a), 0, 0, 0 },
	{ W0(0x0b), ACCESS | STAGE | REASON, INPUT, FETCH },
	{ W0(0x10), ACCESS | STAGE, INPUT, IPA },
	{ W0(0x11), ACCESS | STAGE, INPUT, IPA },
	{ W0(0x12), ACCESS | STAGE, INPUT, IPA },
	{ W0(0x13), ACCESS | STAGE | TTRNW, INPUT, IPA },
	{ W0(0x20), ACCESS | STAGE | REASON, INPUT, IPA },
	{ W0(0x21), REASON, 0, 0 },
	{ W0(0x25), REASON, 0, FETCH },
};

static void expect_record(struct smmu_bench *b, const struct smmu_event *ev,
			  const uint64_t want[4])
{
	uint64_t rec[4];

	assert_true(offer(b, ev));
	assert_true(sb_event(b, rec));
	for (unsigned int w = 0; w < 4; w++) {
		if (rec[w] != want[w])
			fail_msg("code %02x word %u: %016llx, not %016llx", ev->code, w,
				 (unsigned long long)rec[w], (unsigned long long)want[w]);
	}
	sb_expect_no_event(b);
}

/* covers: EVT_* */
static void records_bit_by_bit(void **state)
{
	struct smmu_bench *b = *state;

	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		struct smmu_event ev = everything;
		uint64_t want[4];

		memcpy(want, records[i], sizeof(want));
		ev.code = (uint8_t)(want[0] & 0xff);
		expect_record(b, &ev, want);
		/* Without a SubstreamID neither SSV nor SSID. */
		ev.ssid = HWI_PASID_NONE;
		want[0] &= ~UINT64_C(0xffffff00);
		expect_record(b, &ev, want);
	}
}

/* Point 19: InD is 0 for writes; IPA only with S2; TTRnW only with CLASS=TT. */
/* covers: POINT_19 EVT_F_PERMISSION EVT_F_BAD_ATS_TREQ */
static void fields_depend_on_others(void **state)
{
	struct smmu_bench *b = *state;
	struct smmu_event ev = everything;
	uint64_t rec[4];

	ev.code = SMMU_EVT_F_PERMISSION;
	ev.rnw = false;
	assert_true(offer(b, &ev));
	sb_expect_event(b, 0x13, ev.sid, rec);
	assert_true(rec[1] == (UINT64_C(0x0000000200000000) | STAGE | TTRNW));
	ev.s2 = false;
	assert_true(offer(b, &ev));
	sb_expect_event(b, 0x13, ev.sid, rec);
	assert_int_equal(rec[3], 0);
	ev.class = SMMU_EV_CLASS_IN;
	assert_true(offer(b, &ev));
	sb_expect_event(b, 0x13, ev.sid, rec);
	assert_true(rec[1] == UINT64_C(0x0000020200000000));
	/* A translation request always asks for reads; NW says that it wants no more. */
	ev = everything;
	ev.code = SMMU_EVT_F_BAD_ATS_TREQ;
	ev.ats_priv = ev.ats_exec = false;
	ev.ats_no_write = true;
	assert_true(offer(b, &ev));
	sb_expect_event(b, 0x05, ev.sid, rec);
	assert_int_equal(rec[1], UINT64_C(0x80000001));
}

/* Bits of IPA and FetchAddr from OAS on are RES0. */
/* covers: EVT_F_TRANSLATION EVT_F_STE_FETCH */
static void addresses_end_at_oas(void **state)
{
	struct smmu_bench *b = *state;
	struct smmu_event ev = everything;
	struct hwi_smmuv3_config cfg;
	uint64_t rec[4];

	sb_config(&cfg);
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_OAS, cfg.idr5, SMMU_OAS_40);
	sb_remake(b, &cfg);
	sb_start(b);
	ev.code = SMMU_EVT_F_TRANSLATION;
	assert_true(offer(b, &ev));
	sb_expect_event(b, 0x10, ev.sid, rec);
	assert_true(rec[3] == (IPA & HWI_MASK64(39, 0)));
	ev.code = SMMU_EVT_F_STE_FETCH;
	assert_true(offer(b, &ev));
	sb_expect_event(b, 0x03, ev.sid, rec);
	assert_true(rec[3] == (FETCH & HWI_MASK64(39, 0)));
}

static const struct smmu_event simple = { .code = SMMU_EVT_C_BAD_STE, .sid = 5,
					  .ssid = HWI_PASID_NONE };

/* Point 24: all 2^n entries, of any size, at any place of the ring. */
/* covers: POINT_24 REG_EVENTQ_BASE REG_EVENTQ_PROD REG_EVENTQ_CONS */
static void every_entry_of_every_size_is_used(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int log2 = 0; log2 <= 8; log2++) {
		unsigned int entries = 1u << log2, n = 0;

		sb_cr0(b, SMMU_CR0_EVENTQEN, false);
		sb_start_eventq(b, log2);
		for (unsigned int round = 0; round < 3; round++) {
			uint64_t rec[4];

			for (unsigned int i = 0; i < entries; i++) {
				struct smmu_event ev = simple;

				ev.sid = n + i;
				assert_true(offer(b, &ev));
			}
			assert_int_equal(sb_events(b), entries);
			assert_false(sb_read(b, SMMU_REG_EVENTQ_PROD) & SMMU_Q_OVERFLOW);
			for (unsigned int i = 0; i < entries; i++) {
				assert_true(sb_event(b, rec));
				assert_int_equal(rec[0] >> 32, n + i);
			}
			n += entries;
		}
	}
}

/* The base is aligned to the size in use, which IDR1.EVENTQS caps; it reads as it was written. */
/* covers: REG_EVENTQ_BASE REG_IDR1 */
static void base_is_aligned_to_the_capped_size(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	uint64_t base;

	for (uint32_t cap = 0; cap < 6; cap++) {
		sb_config(&cfg);
		cfg.idr1 = (uint32_t)HWI_SET(SMMU_IDR1_EVENTQS, cfg.idr1, cap);
		sb_remake(b, &cfg);
		base = sb_alloc(b, 1);
		for (uint64_t log2 = cap; log2 < 32; log2 += 31 - cap) {
			uint64_t size = UINT64_C(32) << cap;
			uint64_t asked = (base + size) | (size - 32) | log2;

			sb_cr0(b, SMMU_CR0_EVENTQEN, false);
			sb_write64(b, SMMU_REG_EVENTQ_BASE, asked);
			assert_true(sb_read64(b, SMMU_REG_EVENTQ_BASE) == asked);
			sb_write(b, SMMU_REG_EVENTQ_PROD, 0);
			sb_write(b, SMMU_REG_EVENTQ_CONS, 0);
			sb_cr0(b, SMMU_CR0_EVENTQEN, true);
			sb_w64(b, base + size, 0);
			for (unsigned int i = 0; i < 1u << cap; i++) {
				assert_false(sb_read(b, SMMU_REG_EVENTQ_PROD) & SMMU_Q_OVERFLOW);
				assert_true(offer(b, &simple));
				assert_true(sb_r64(b, base + size + 32 * i) ==
					    UINT64_C(0x0000000500000004));
			}
			assert_true(offer(b, &simple));
			assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD),
					 SMMU_Q_OVERFLOW | 1u << cap);
		}
	}
}

/* Point 23: overflow toggles OVFLG once until acknowledged; the queue keeps working; no error. */
/* covers: POINT_23 REG_EVENTQ_PROD REG_EVENTQ_CONS REG_GERROR */
static void overflow_toggles_the_flag_and_the_queue_goes_on(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t rec[4];

	for (unsigned int i = 0; i < 16; i++)
		assert_true(offer(b, &simple));
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), 16);
	for (unsigned int i = 0; i < 3; i++) {
		assert_true(offer(b, &simple)); /* counts as offered */
		assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), SMMU_Q_OVERFLOW | 16);
	}
	assert_int_equal(sb_gerror(b), 0);
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_FAULTS_LOST), 3);
	/* Room, though nothing is acknowledged: recorded. */
	assert_true(sb_event(b, rec));
	assert_true(offer(b, &simple));
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), SMMU_Q_OVERFLOW | 17);
	assert_true(offer(b, &simple)); /* a second overflow does not show */
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), SMMU_Q_OVERFLOW | 17);
	/* Acknowledged: the next one toggles it back. */
	sb_write(b, SMMU_REG_EVENTQ_CONS, SMMU_Q_OVERFLOW | b->eventq.at);
	assert_true(offer(b, &simple));
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), 17);
}

/* covers: REG_CR0 REG_EVENTQ_PROD */
static void disabled_queue_drops_in_silence(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < 16; i++)
		assert_true(offer(b, &simple));
	sb_cr0(b, SMMU_CR0_EVENTQEN, false);
	assert_false(offer(b, &simple));
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), 16); /* no overflow either */
	assert_int_equal(sb_gerror(b), 0);
}

/* PROD and CONS that no queue can have act as full (§3.5.1 allows it). */
/* covers: REG_EVENTQ_PROD REG_EVENTQ_CONS */
static void inconsistent_indexes_act_as_full(void **state)
{
	struct smmu_bench *b = *state;

	for (uint32_t prod = 0; prod < 32; prod++) {
		for (uint32_t cons = 0; cons < 32; cons++) {
			bool room = ((prod - cons) & 31) < 16;

			sb_cr0(b, SMMU_CR0_EVENTQEN, false);
			sb_write(b, SMMU_REG_EVENTQ_PROD, prod);
			sb_write(b, SMMU_REG_EVENTQ_CONS, cons);
			sb_cr0(b, SMMU_CR0_EVENTQEN, true);
			assert_true(offer(b, &simple));
			assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD),
					 room ? (prod + 1) & 31 : SMMU_Q_OVERFLOW | prod);
		}
	}
}

/* Point 23: EVENTQ_ABT_ERR is for aborted writes; PROD stays; not writable until acknowledged. */
/* covers: POINT_23 REG_GERROR REG_EVENTQ_PROD */
static void aborted_write_is_a_global_error(void **state)
{
	struct smmu_bench *b = *state;

	sb_start_irqs(b);
	sb_fail_write(b, b->eventq.addr, 32);
	assert_false(offer(b, &simple));
	assert_int_equal(sb_gerror(b), SMMU_GERROR_EVENTQ_ABT_ERR);
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), 0);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_EVENTQ], 0);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_GERROR], 1);
	sb_heal(b);
	assert_false(offer(b, &simple)); /* dropped, no overflow */
	assert_int_equal(sb_read(b, SMMU_REG_EVENTQ_PROD), 0);
	sb_gerror_ack(b);
	assert_true(offer(b, &simple));
	sb_expect_event(b, SMMU_EVT_C_BAD_STE, 5, NULL);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_EVENTQ], 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_bit_by_bit),
		TEST(fields_depend_on_others),
		TEST(addresses_end_at_oas),
		TEST(every_entry_of_every_size_is_used),
		TEST(base_is_aligned_to_the_capped_size),
		TEST(overflow_toggles_the_flag_and_the_queue_goes_on),
		TEST(disabled_queue_drops_in_silence),
		TEST(inconsistent_indexes_act_as_full),
		TEST(aborted_write_is_a_global_error),
	};

	return cmocka_run_group_tests_name("smmu_events", tests, NULL, NULL);
}

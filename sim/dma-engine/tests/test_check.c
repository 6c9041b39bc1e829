// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Restoring refuses every state that running cannot lead to. The only test that
 * looks inside: it breaks one thing in a good state, saves it, and expects the
 * restore to notice.
 */
#include <stdlib.h>

#include "../src/internal.h"
#include "machine.h"

static struct hwdma *e;
static struct channel *ch;

/* Channel 0 idle, and in flight, waiting for a page, forming an answer, at a touch... */
static struct machine *prepare(void)
{
	struct hwdma_config cfg = {
		.channels = 8, .atc_max = 8, .log_entries = 4, .ring_log2 = 4,
		.pasid = true, .exec = true, .priv = true, .ats = true, .pri = true,
	};
	struct machine *m = machine_new(&cfg);
	struct hwdma_desc d = {
		.op = HWDMA_OP_COPY | HWDMA_F_STATUS, .src = IOVA(0) + 100, .dst = IOVA(8) + 200,
		.len = 2 * PAGE, .src_attr = HWDMA_ATTR_AT_ATC, .dst_attr = HWDMA_ATTR_AT_ATC,
		.status = IOVA(20),
	};

	machine_map_all(m);
	wr32(m, HWDMA_LOG_CTRL, HWDMA_LOG_CTRL_ENABLE);
	machine_do(m, 0, &d);
	wr64(m, HWDMA_LAT_REQ, 1000);
	machine_start(m, 1, &d);			/* 1: reading, in flight by ATC */
	d.src_attr |= HWDMA_ATTR_PRI;
	d.src = 0x40000000;
	machine_start(m, 2, &d);			/* 2: waits for a page */
	machine_poll(m);
	wr64(m, HWDMA_LAT_ATS, 1000);
	d.src = IOVA(33);
	machine_start(m, 3, &d);			/* 3: answer under way */
	d = (struct hwdma_desc){ .op = HWDMA_OP_TOUCH, .src = IOVA(1) };
	machine_start(m, 4, &d);			/* 4: zero-length read in flight */
	d = (struct hwdma_desc){ .op = HWDMA_OP_NOP | HWDMA_F_STATUS, .status = IOVA(20) };
	machine_start(m, 5, &d);			/* 5: status record in flight */
	wr64(m, HWDMA_CH(6) + HWDMA_CH_RING_BASE, IOVA(60));
	wr32(m, HWDMA_CH(6) + HWDMA_CH_RING_SIZE, 2);
	wr32(m, HWDMA_CH(6) + HWDMA_CH_RING_TAIL, 1);
	wr32(m, HWDMA_CH(6) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RING);	/* 6: descriptor */
	machine_poll(m);
	wr64(m, HWDMA_LAT_START, 1000);
	d = (struct hwdma_desc){ .op = HWDMA_OP_SWAP, .dst = IOVA(1), .len = 8,
				 .dst_attr = HWDMA_ATTR_AT_RAW };
	machine_start(m, 7, &d);			/* 7: not begun */
	machine_poll(m);
	e = m->e;
	ch = e->ch;
	return m;
}

struct breakage {
	const char *what;
	void (*how)(void);
};

#define B(name, ...) static void name(void) { __VA_ARGS__; }
B(exec_without_pasid, e->en.pasid = false; e->en.priv = false)
B(priv_without_pasid, e->en.pasid = false; e->en.exec = false)
B(huge_stu, e->en.ats_stu = 32)
B(pending_overflow, e->inv_pending[9] = INV_PENDING_MAX + 1)
B(payload_zero, e->max_payload = 0)
B(payload_large, e->max_payload = 8192)
B(payload_odd, e->max_payload = 96)
B(atc_ctrl_bits, e->atc_ctrl = 1u << 20)
B(npages_none, e->atc_npages = 0)
B(npages_many, e->atc_npages = 9)
B(turn_of_nobody, e->next_channel = 8)
B(log_too_long, e->log.count = 5)
B(atc_capacity, e->atc.capacity = 9)
B(atc_shift_small, e->atc.entries[e->atc.oldest].shift = 11)
B(atc_base_odd, e->atc.entries[e->atc.oldest].base |= 1)
B(atc_no_rights, e->atc.entries[e->atc.oldest].r = e->atc.entries[e->atc.oldest].w = false)
B(atc_pasid_wide, e->atc.entries[e->atc.oldest].key.pasid = 1u << 20)
B(atc_global_alone, e->atc.entries[e->atc.oldest].global = true)
B(atc_twice, e->atc.entries[e->atc.oldest].base = e->atc.entries[e->atc.newest].base)
B(group_state, e->pri.groups[0].state = GROUP_STATES)
B(group_index, e->pri.groups[0].prgi = 512)
B(group_empty, e->pri.groups[0].pages = 0)
B(group_large, e->pri.groups[0].pages = 17)
B(group_of_nobody, e->pri.groups[0].channel = 8)
B(group_of_the_idle, e->pri.groups[0].channel = 0)
B(group_of_another, e->pri.groups[0].channel = 1)
B(group_other_slot, e->pri.groups[1] = e->pri.groups[0]; e->pri.outstanding = 2)
B(group_answered, ch[2].acc.pri_done = true)
B(outstanding, e->pri.outstanding = 2)
B(next_prgi, e->pri.next_prgi = 512)
B(limit_none, e->pri.limit = 0)
B(retries_none, e->pri.retries = 0)
B(group_pages, e->pri.group_pages = 17)
B(ch_ctrl, ch[0].ctrl = 0x80)
B(ch_sticky, ch[0].sticky = 1)
B(ch_state_busy, ch[0].state = HWDMA_STATE_BUSY)
B(ch_state_more, ch[0].state = 4)
B(ch_error, ch[0].error = HWDMA_ERR_MAX)
B(ring_large, ch[0].ring_size = 5)
B(ring_base, ch[0].ring_base = 32)
B(ring_head, ch[6].head = 4)
B(ring_tail, ch[6].tail = 4)
B(holds_at_start, ch[7].holds = 1)
B(holds_untranslated, ch[4].holds = 1)
B(outcome, ch[1].err = HWDMA_ERR_MAX)
B(phase, ch[1].phase = PHASES)
B(chunk_large, ch[7].chunk = 4097)
B(start_with_access, ch[7].acc.sub = SUB_PRI)
B(fetch_kind, ch[6].acc.kind = ACC_WRITE)
B(fetch_len, ch[6].acc.len = 32)
B(fetch_attr, ch[6].acc.attr = 3u << 24)
B(status_kind, ch[5].acc.kind = ACC_READ)
B(status_len, ch[5].acc.len = 31)
B(status_place, ch[5].acc.iova += 32)
B(status_chunk, ch[5].chunk = 0)
B(status_attr, ch[5].acc.attr = 1u << 31)
B(desc_bad, ch[1].cur.op = 0xff)
B(touch_done, ch[4].done = 1)
B(touch_chunk, ch[4].chunk = 1)
B(touch_phase, ch[4].phase = PH_DST)
B(touch_kind, ch[4].acc.kind = ACC_READ)
B(done_all, ch[1].done = ch[1].cur.len)
B(nop_at_work, ch[1].cur.op = HWDMA_OP_NOP)
B(xlate_of_copy, ch[1].phase = PH_XLATE)
B(copy_of_xlate, ch[1].cur.op = HWDMA_OP_TRANSLATE)
B(chunk_none, ch[1].chunk = 0)
B(chunk_beyond, ch[1].cur.len = ch[1].done + 1)
B(chunk_page_src, ch[1].cur.src += 300; ch[1].acc.iova += 300)
B(chunk_page_dst, ch[1].cur.dst += 300)
B(src_of_fill, ch[1].cur.op = HWDMA_OP_FILL)
B(src_iova, ch[1].acc.iova++)
B(src_attr, ch[1].acc.attr ^= HWDMA_ATTR_NW)
B(src_kind_wrong, ch[1].acc.kind = ACC_WRITE)
B(dst_of_copy_read, ch[1].phase = PH_DST_READ)
B(dst_kind, ch[1].phase = PH_DST)
B(dst_of_crc, ch[1].phase = PH_DST; ch[1].cur.op = HWDMA_OP_CRC32)
B(dst_of_compare, ch[1].phase = PH_DST; ch[1].cur.op = HWDMA_OP_COMPARE)
B(range_none, ch[1].acc.range = 0)
B(range_wraps, ch[1].acc.range = UINT64_MAX)
B(range_short, ch[1].acc.range = 1)
B(fetch_over_page, ch[6].acc.iova += 32 + PAGE - 64)
B(pri_err, ch[2].acc.pri_err = HWDMA_ERR_MAX)
B(pri_slot, ch[2].acc.group = PRI_SLOTS)
B(pri_slot_free, ch[2].acc.group = 5; e->pri.groups[0].state = GROUP_LOST)
B(pri_untranslated, ch[4].acc.sub = SUB_PRI; ch[4].acc.pri_done = true)
B(credit_untranslated, ch[4].acc.sub = SUB_CREDIT)
B(ats_untranslated, ch[4].acc.sub = SUB_ATS)
B(ats_no_answer, ch[3].acc.reply.count = 0)
B(ats_answers, ch[3].acc.reply.count = 9)
B(sub, ch[1].acc.sub = SUB_STATES)
B(flight_without_atc, ch[1].acc.from_atc = false)
B(flight_shift, ch[1].acc.shift = 64)
B(flight_addr, ch[1].acc.addr += 4)
B(flight_untranslated_addr, ch[4].acc.addr += 4)
B(flight_untranslated_as_translated, ch[4].acc.translated = true)

static const struct breakage breakages[] = {
#define N(name) { #name, name }
	N(exec_without_pasid), N(priv_without_pasid), N(huge_stu), N(pending_overflow),
	N(payload_zero), N(payload_large), N(payload_odd), N(atc_ctrl_bits), N(npages_none),
	N(npages_many), N(turn_of_nobody), N(atc_shift_small), N(atc_base_odd),
	N(atc_no_rights), N(atc_pasid_wide), N(atc_global_alone), N(atc_twice), N(group_state),
	N(group_index), N(group_empty), N(group_large), N(group_of_nobody), N(group_of_the_idle),
	N(group_of_another), N(group_other_slot), N(group_answered), N(outstanding), N(next_prgi),
	N(limit_none), N(retries_none), N(group_pages), N(ch_ctrl), N(ch_sticky), N(ch_state_busy),
	N(ch_state_more), N(ch_error), N(ring_large), N(ring_base), N(ring_head), N(ring_tail),
	N(holds_at_start), N(holds_untranslated), N(outcome), N(phase), N(start_with_access),
	N(fetch_kind), N(fetch_len), N(fetch_attr), N(status_kind), N(status_len), N(status_place),
	N(status_chunk), N(status_attr), N(desc_bad), N(touch_done), N(touch_chunk), N(touch_phase),
	N(touch_kind), N(done_all), N(nop_at_work), N(xlate_of_copy), N(copy_of_xlate),
	N(chunk_none), N(chunk_beyond), N(chunk_page_src), N(chunk_page_dst), N(src_of_fill),
	N(src_iova), N(src_attr), N(src_kind_wrong), N(dst_of_copy_read), N(dst_kind),
	N(dst_of_crc), N(dst_of_compare), N(range_none), N(range_wraps), N(range_short),
	N(fetch_over_page), N(pri_err), N(pri_slot), N(pri_slot_free), N(pri_untranslated),
	N(credit_untranslated), N(ats_untranslated), N(ats_no_answer), N(sub),
	N(flight_without_atc), N(flight_shift), N(flight_addr), N(flight_untranslated_addr),
	N(flight_untranslated_as_translated),
};

static enum hwdma_error restore_broken(struct machine *m, void (*how)(void))
{
	struct hwdma *other;
	enum hwdma_error err;
	uint8_t *buf;
	size_t n;

	if (how)
		how();
	buf = malloc(hwdma_state_size(m->e));
	assert_non_null(buf);
	assert_int_equal(hwdma_save(m->e, buf, hwdma_state_size(m->e), &n), HWDMA_OK);
	assert_int_equal(hwdma_create(&other, &m->cfg, machine_ops(), m), HWDMA_OK);
	err = hwdma_restore(other, buf, n);
	hwdma_destroy(other);
	free(buf);
	return err;
}

static void the_state_itself_is_possible(void **state)
{
	struct machine *m = prepare();

	(void)state;
	assert_int_equal(ch[1].acc.sub, SUB_FLIGHT);
	assert_true(ch[1].acc.from_atc);
	assert_int_equal(ch[2].acc.sub, SUB_PRI);
	assert_int_equal(ch[3].acc.sub, SUB_ATS);
	assert_int_equal(ch[4].acc.kind, ACC_TOUCH);
	assert_int_equal(ch[5].phase, PH_STATUS);
	assert_int_equal(ch[6].phase, PH_FETCH);
	assert_int_equal(ch[7].phase, PH_START);
	assert_int_equal(restore_broken(m, NULL), HWDMA_OK);
	machine_free(m);
}

static void each_breakage_is_noticed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(breakages) / sizeof(*breakages); i++) {
		struct machine *m = prepare();
		enum hwdma_error err = restore_broken(m, breakages[i].how);

		if (err != HWDMA_E_STATE)
			fail_msg("%s: %s", breakages[i].what, hwdma_strerror(err));
		machine_free(m);
	}
}

/* Counts that a save would follow out of its arrays: broken in the buffer. */
static void counts_beyond_their_arrays_are_noticed(void **state)
{
	static void (*const how[])(void) = {
		log_too_long, chunk_large, ats_answers, atc_capacity,
	};

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		struct machine *m = prepare();
		uint8_t buf[32768];
		size_t n;

		how[i]();
		assert_int_equal(hwdma_save(m->e, buf, sizeof(buf), &n), HWDMA_E_SPACE);
		machine_free(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_state_itself_is_possible),
		cmocka_unit_test(each_breakage_is_noticed),
		cmocka_unit_test(counts_beyond_their_arrays_are_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

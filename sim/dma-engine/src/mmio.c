// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* BAR 0 as regs.h describes it. Every register is 32 bits or two halves. */
#include "internal.h"

static uint32_t half(uint64_t value, uint32_t offset)
{
	return (uint32_t)(offset & 4 ? value >> 32 : value);
}

static void set_half(uint64_t *reg, uint32_t offset, uint32_t value)
{
	if (offset & 4)
		*reg = (*reg & UINT32_MAX) | (uint64_t)value << 32;
	else
		*reg = (*reg & ~(uint64_t)UINT32_MAX) | value;
}

static uint32_t clamp(uint32_t value, uint32_t low, uint32_t high)
{
	if (value < low)
		return low;
	return value > high ? high : value;
}

static uint32_t round_down_pow2(uint32_t value)
{
	while (value & (value - 1))
		value &= value - 1;
	return value;
}

/* ---- reading ----------------------------------------------------------------- */

static uint32_t cap0(const struct hwdma *e)
{
	return e->cfg.channels | e->cfg.ring_log2 << 8 | e->cfg.len_log2 << 16 |
	       e->cfg.vectors << 24;
}

static uint32_t cap1(const struct hwdma *e)
{
	const struct hwdma_config *c = &e->cfg;

	return (c->pasid ? HWDMA_CAP1_PASID : 0) | (c->exec ? HWDMA_CAP1_EXEC : 0) |
	       (c->priv ? HWDMA_CAP1_PRIV : 0) | (c->ats ? HWDMA_CAP1_ATS : 0) |
	       (c->pri ? HWDMA_CAP1_PRI : 0) | (c->vf ? HWDMA_CAP1_VF : 0);
}

static uint32_t global_status(const struct hwdma *e)
{
	const struct hwdma_enables *en = &e->en;
	uint32_t st = (en->bus_master ? HWDMA_STATUS_BME : 0) |
		      (en->pasid ? HWDMA_STATUS_PASID : 0) | (en->exec ? HWDMA_STATUS_EXEC : 0) |
		      (en->priv ? HWDMA_STATUS_PRIV : 0) | (en->ats ? HWDMA_STATUS_ATS : 0) |
		      (en->pri ? HWDMA_STATUS_PRI : 0);

	for (unsigned int i = 0; i < e->channels; i++)
		if (e->ch[i].phase != PH_IDLE || channel_ring_pending(&e->ch[i]))
			st |= HWDMA_STATUS_BUSY;
	if (e->inv_mask)
		st |= HWDMA_STATUS_INV_HELD;
	return st;
}

static uint64_t probe(struct hwdma *e)
{
	struct atc_key key = {
		.pasid = HWDMA_ATTR_PASID(e->probe_attr),
		.pasid_valid = e->probe_attr & HWDMA_ATTR_PASID_VALID,
		.priv = e->probe_attr & HWDMA_ATTR_PRIV,
	};
	const struct atc_entry *t = atc_lookup(&e->atc, &key, e->probe_iova, false);
	uint64_t page;

	if (!t)
		return 0;
	page = t->addr | (e->probe_iova & ((1ull << t->shift) - 1));
	return (page & ~(uint64_t)PAGE_OFFSET) | HWDMA_ATC_PROBE_VALID |
	       (t->r ? HWDMA_ATC_PROBE_R : 0) | (t->w ? HWDMA_ATC_PROBE_W : 0) |
	       (t->x ? HWDMA_ATC_PROBE_X : 0) | (t->key.priv ? HWDMA_ATC_PROBE_PRIV : 0) |
	       (t->global ? HWDMA_ATC_PROBE_GLOBAL : 0) | (t->u ? HWDMA_ATC_PROBE_U : 0);
}

static uint32_t read_log(const struct wlog *log, uint32_t offset)
{
	const struct log_entry *first = &log->entries[log->first];

	if (!log->count)
		return 0;
	switch (offset & ~4u) {
	case HWDMA_LOG_IOVA:
		return half(first->iova, offset);
	case HWDMA_LOG_LEN:
		return half(first->len, offset);
	default:
		return first->attr | HWDMA_LOG_INFO_VALID;
	}
}

static uint32_t read_global(struct hwdma *e, uint32_t offset)
{
	if (offset >= HWDMA_ERRORS && offset < HWDMA_ERROR_COUNT(HWDMA_ERR_MAX))
		return e->errors[(offset - HWDMA_ERRORS) / 4];

	switch (offset) {
	case HWDMA_ID:
		return HWDMA_ID_VALUE;
	case HWDMA_VERSION:
		return HWDMA_VERSION_VALUE;
	case HWDMA_CAP0:
		return cap0(e);
	case HWDMA_CAP1:
		return cap1(e);
	case HWDMA_STATUS:
		return global_status(e);
	case HWDMA_INT_STATUS:
		return e->int_status;
	case HWDMA_MAX_PAYLOAD:
		return e->max_payload;
	case HWDMA_ATC_CTRL:
		return e->atc_ctrl;
	case HWDMA_ATC_CAPACITY:
		return e->atc.capacity;
	case HWDMA_ATC_MAX:
		return e->atc.max;
	case HWDMA_ATC_USED:
		return e->atc.used;
	case HWDMA_ATC_NPAGES:
		return e->atc_npages;
	case HWDMA_ATC_PROBE_ATTR:
		return e->probe_attr;
	case HWDMA_PRI_LIMIT:
		return e->pri.limit;
	case HWDMA_PRI_OUTSTANDING:
		return e->pri.outstanding;
	case HWDMA_PRI_RETRIES:
		return e->pri.retries;
	case HWDMA_PRI_GROUP:
		return e->pri.group_pages;
	case HWDMA_LOG_CTRL:
		return e->log.enabled ? HWDMA_LOG_CTRL_ENABLE : 0;
	case HWDMA_LOG_STATUS:
		return e->log.count | (e->log.overflow ? HWDMA_LOG_OVERFLOW : 0);
	case HWDMA_LOG_CAPACITY:
		return e->log.capacity;
	case HWDMA_LOG_INFO:
		return read_log(&e->log, offset);
	default:
		break;
	}
	switch (offset & ~4u) {
	case HWDMA_LAT_START:
		return half(e->lat_start, offset);
	case HWDMA_LAT_REQ:
		return half(e->lat_req, offset);
	case HWDMA_LAT_ATS:
		return half(e->lat_ats, offset);
	case HWDMA_ATC_HITS:
		return half(e->atc.hits, offset);
	case HWDMA_ATC_MISSES:
		return half(e->atc.misses, offset);
	case HWDMA_ATC_INVS:
		return half(e->atc.invs, offset);
	case HWDMA_ATC_REMOVED:
		return half(e->atc.removed, offset);
	case HWDMA_ATC_EVICTED:
		return half(e->atc.evicted, offset);
	case HWDMA_ATC_PROBE_IOVA:
		return half(e->probe_iova, offset);
	case HWDMA_ATC_PROBE:
		return half(probe(e), offset);
	case HWDMA_PRI_TIMEOUT:
		return half(e->pri.timeout, offset);
	case HWDMA_PRI_REQUESTS:
		return half(e->pri.requests, offset);
	case HWDMA_PRI_RESPONSES:
		return half(e->pri.responses, offset);
	case HWDMA_PRI_UNEXPECTED:
		return half(e->pri.unexpected, offset);
	case HWDMA_LOG_IOVA:
	case HWDMA_LOG_LEN:
		return read_log(&e->log, offset);
	default:
		return 0;
	}
}

uint32_t channel_status(const struct channel *ch)
{
	uint32_t st = ch->sticky | ch->error << 8;

	if (ch->phase == PH_IDLE)
		return st | ch->state;
	/* the error of the operation before is no news while this one runs */
	st = ch->sticky | HWDMA_STATE_BUSY;
	if (ch->phase == PH_START)
		return st | (ch->wake ? HWDMA_CH_WAIT_TIME : 0);
	if (ch->acc.sub == SUB_PRI || ch->acc.sub == SUB_CREDIT)
		st |= HWDMA_CH_WAIT_PRI;
	if (ch->acc.sub == SUB_ATS || ch->acc.sub == SUB_FLIGHT)
		st |= HWDMA_CH_WAIT_TIME;
	if (ch->acc.sub == SUB_HELD)
		st |= HWDMA_CH_WAIT_BUS;
	return st;
}

static uint32_t read_result(const struct hwdma_status *res, uint32_t offset)
{
	switch (offset & ~4u) {
	case HWDMA_RES_STATUS:
		return offset & 4 ? res->seq : res->status;
	case HWDMA_RES_BYTES:
		return half(res->bytes_done, offset);
	case HWDMA_RES_RESULT:
		return half(res->result, offset);
	default:
		return half(res->fault_addr, offset);
	}
}

static uint32_t read_channel(const struct channel *ch, uint32_t offset)
{
	if (offset >= HWDMA_CH_DESC && offset < HWDMA_CH_DESC + HWDMA_DESC_SIZE)
		return ch->desc[(offset - HWDMA_CH_DESC) / 4];
	if (offset >= HWDMA_CH_RESULT && offset < HWDMA_CH_RESULT + HWDMA_STATUS_SIZE)
		return read_result(&ch->res, offset - HWDMA_CH_RESULT);

	switch (offset) {
	case HWDMA_CH_CTRL:
		return ch->ctrl;
	case HWDMA_CH_STATUS:
		return channel_status(ch);
	case HWDMA_CH_SEQ:
		return ch->seq;
	case HWDMA_CH_RING_BASE:
	case HWDMA_CH_RING_BASE + 4:
		return half(ch->ring_base, offset);
	case HWDMA_CH_RING_SIZE:
		return ch->ring_size;
	case HWDMA_CH_RING_ATTR:
		return ch->ring_attr;
	case HWDMA_CH_RING_TAIL:
		return ch->tail;
	case HWDMA_CH_RING_HEAD:
		return ch->head;
	default:
		return 0;
	}
}

/* ---- writing ----------------------------------------------------------------- */

static void release(struct hwdma *e)
{
	if (e->cfg.defer_completions)
		e->ops.kick(e->opaque);
	else
		inv_release(e);
}

static void write_ctrl(struct hwdma *e, uint32_t value)
{
	if (value & HWDMA_CTRL_RESET) {
		engine_reset(e, true);
		return;
	}
	if (value & HWDMA_CTRL_CLEAR_STATS) {
		for (unsigned int i = 0; i < HWDMA_ERR_MAX; i++)
			e->errors[i] = 0;
		e->atc.hits = 0;
		e->atc.misses = 0;
		e->atc.invs = 0;
		e->atc.removed = 0;
		e->atc.evicted = 0;
		e->pri.requests = 0;
		e->pri.responses = 0;
		e->pri.unexpected = 0;
	}
}

static void write_log_ctrl(struct wlog *log, uint32_t value)
{
	log->enabled = value & HWDMA_LOG_CTRL_ENABLE;
	if (value & HWDMA_LOG_CTRL_CLEAR) {
		log->first = 0;
		log->count = 0;
		log->overflow = false;
	}
}

static void stop_marker(struct hwdma *e, uint32_t value)
{
	struct hwdma_attrs attrs = { .pasid = value & PASID_MASK, .pasid_valid = true };

	/* PCIe 10.4.1.2: Last set, Read and Write clear, index not used */
	if (e->en.pri && !e->pri.failed && e->en.pasid && e->en.bus_master)
		e->ops.page_request(e->opaque, &attrs, 0, false, false, true, 0);
}

static void write_global(struct hwdma *e, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case HWDMA_CTRL:
		write_ctrl(e, value);
		return;
	case HWDMA_INT_STATUS:
		e->int_status &= ~value;
		return;
	case HWDMA_INT_TRIGGER:
		if (value < e->cfg.vectors)
			e->ops.msix(e->opaque, value);
		return;
	case HWDMA_MAX_PAYLOAD:
		e->max_payload = round_down_pow2(clamp(value, 64, PAGE_BYTES));
		return;
	case HWDMA_ATC_CTRL:
		if (value & HWDMA_ATC_CTRL_FLUSH)
			atc_clear(&e->atc);
		e->atc_ctrl = value & (HWDMA_ATC_CTRL_HOLD | HWDMA_ATC_CTRL_DEAF |
				       HWDMA_ATC_CTRL_CC(7));
		release(e);
		return;
	case HWDMA_ATC_CAPACITY:
		atc_set_capacity(&e->atc, value);
		return;
	case HWDMA_ATC_NPAGES:
		e->atc_npages = clamp(value, 1, HWDMA_ATS_MAX);
		return;
	case HWDMA_ATC_PROBE_ATTR:
		e->probe_attr = value & (PASID_MASK | HWDMA_ATTR_PASID_VALID | HWDMA_ATTR_PRIV);
		return;
	case HWDMA_PRI_LIMIT:
		e->pri.limit = clamp(value, 1, PRI_SLOTS);
		return;
	case HWDMA_PRI_RETRIES:
		e->pri.retries = clamp(value, 1, 255);
		return;
	case HWDMA_PRI_GROUP:
		e->pri.group_pages = clamp(value, 1, PRI_PAGES_MAX);
		return;
	case HWDMA_PRI_STOP_MARKER:
		stop_marker(e, value);
		return;
	case HWDMA_LOG_CTRL:
		write_log_ctrl(&e->log, value);
		return;
	case HWDMA_LOG_POP:
		log_pop(&e->log);
		return;
	default:
		break;
	}
	switch (offset & ~4u) {
	case HWDMA_LAT_START:
		set_half(&e->lat_start, offset, value);
		return;
	case HWDMA_LAT_REQ:
		set_half(&e->lat_req, offset, value);
		return;
	case HWDMA_LAT_ATS:
		set_half(&e->lat_ats, offset, value);
		return;
	case HWDMA_ATC_PROBE_IOVA:
		set_half(&e->probe_iova, offset, value);
		return;
	case HWDMA_PRI_TIMEOUT:
		set_half(&e->pri.timeout, offset, value);
		return;
	default:
		return;
	}
}

static void write_channel_ctrl(struct hwdma *e, struct channel *ch, uint32_t value)
{
	ch->ctrl = value & (HWDMA_CH_CTRL_RING | HWDMA_CH_CTRL_PAUSE | HWDMA_CH_CTRL_CONTINUE);
	if (value & HWDMA_CH_CTRL_RESUME)
		ch->sticky &= ~HWDMA_CH_RING_HALTED;
	if (value & HWDMA_CH_CTRL_RESET)
		channel_reset(e, ch);
	e->ops.kick(e->opaque);
}

static void write_channel(struct hwdma *e, struct channel *ch, uint32_t offset, uint32_t value)
{
	bool ring_on = ch->ctrl & HWDMA_CH_CTRL_RING;

	if (offset >= HWDMA_CH_DESC && offset < HWDMA_CH_DESC + HWDMA_DESC_SIZE) {
		ch->desc[(offset - HWDMA_CH_DESC) / 4] = value;
		return;
	}
	switch (offset) {
	case HWDMA_CH_CTRL:
		write_channel_ctrl(e, ch, value);
		return;
	case HWDMA_CH_DOORBELL:
		if (value & 1)
			channel_doorbell(e, ch);
		return;
	case HWDMA_CH_RING_BASE:
	case HWDMA_CH_RING_BASE + 4:
		if (!ring_on) {
			set_half(&ch->ring_base, offset, value);
			ch->ring_base &= ~(uint64_t)(HWDMA_DESC_SIZE - 1);
		}
		return;
	case HWDMA_CH_RING_SIZE:
		if (!ring_on) {
			ch->ring_size = clamp(value, 0, e->cfg.ring_log2);
			ch->head &= (1u << ch->ring_size) - 1;
			ch->tail &= (1u << ch->ring_size) - 1;
		}
		return;
	case HWDMA_CH_RING_ATTR:
		if (!ring_on)
			ch->ring_attr = value;
		return;
	case HWDMA_CH_RING_TAIL:
		ch->tail = value & ((1u << ch->ring_size) - 1);
		e->ops.kick(e->opaque);
		return;
	default:
		return;
	}
}

/* ---- access sizes -------------------------------------------------------------- */

static struct channel *channel_at(struct hwdma *e, uint32_t offset)
{
	uint32_t n = (offset - HWDMA_CH_BASE) / HWDMA_CH_STRIDE;

	return n < e->channels ? &e->ch[n] : NULL;
}

static uint32_t read32(struct hwdma *e, uint32_t offset)
{
	const struct channel *ch;

	if (offset < HWDMA_CH_BASE)
		return read_global(e, offset);
	ch = channel_at(e, offset);
	return ch ? read_channel(ch, offset % HWDMA_CH_STRIDE) : 0;
}

static void write32(struct hwdma *e, uint32_t offset, uint32_t value)
{
	struct channel *ch;

	if (offset < HWDMA_CH_BASE) {
		write_global(e, offset, value);
		return;
	}
	ch = channel_at(e, offset);
	if (ch)
		write_channel(e, ch, offset % HWDMA_CH_STRIDE, value);
}

static bool access_allowed(uint64_t offset, unsigned int size)
{
	return (size == 4 || size == 8) && !(offset & (size - 1)) &&
	       offset <= HWDMA_BAR_SIZE - size;
}

uint64_t hwdma_mmio_read(struct hwdma *e, uint64_t offset, unsigned int size)
{
	uint32_t at = (uint32_t)offset;
	uint64_t low;

	if (!access_allowed(offset, size))
		return UINT64_MAX >> (size < 8 ? 64 - 8 * (size ? size : 1) : 0);
	low = read32(e, at);
	return size == 4 ? low : low | (uint64_t)read32(e, at + 4) << 32;
}

void hwdma_mmio_write(struct hwdma *e, uint64_t offset, unsigned int size, uint64_t value)
{
	uint32_t at = (uint32_t)offset;

	if (!access_allowed(offset, size))
		return;
	write32(e, at, (uint32_t)value);
	if (size == 8)
		write32(e, at + 4, (uint32_t)(value >> 32));
}

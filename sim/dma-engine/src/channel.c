// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A channel: takes an operation from its doorbell or its ring, cuts it into
 * memory requests, and reports how it ended.
 */
#include <string.h>

#include "internal.h"

/* ---- little-endian images ------------------------------------------------------ */

static uint64_t get_le(const uint8_t *p, unsigned int bytes)
{
	uint64_t v = 0;

	for (unsigned int i = bytes; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

static void put_le(uint8_t *p, uint64_t v, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++, v >>= 8)
		p[i] = (uint8_t)v;
}

static void desc_from_bytes(struct hwdma_desc *d, const uint8_t *p)
{
	d->op = (uint32_t)get_le(p + HWDMA_DESC_OP, 4);
	d->vector = (uint32_t)get_le(p + HWDMA_DESC_VECTOR, 4);
	d->src_attr = (uint32_t)get_le(p + HWDMA_DESC_SRC_ATTR, 4);
	d->dst_attr = (uint32_t)get_le(p + HWDMA_DESC_DST_ATTR, 4);
	d->src = get_le(p + HWDMA_DESC_SRC, 8);
	d->dst = get_le(p + HWDMA_DESC_DST, 8);
	d->len = get_le(p + HWDMA_DESC_LEN, 8);
	d->operand0 = get_le(p + HWDMA_DESC_OPERAND0, 8);
	d->operand1 = get_le(p + HWDMA_DESC_OPERAND1, 8);
	d->status = get_le(p + HWDMA_DESC_STATUS, 8);
}

/* ---- what a descriptor may say -------------------------------------------------- */

bool attr_valid(uint32_t attr)
{
	uint32_t at = attr & HWDMA_ATTR_AT_MASK;

	if ((attr & ~HWDMA_ATTR_MASK) || at == HWDMA_ATTR_AT_MASK)
		return false;
	if ((attr & (HWDMA_ATTR_PRIV | HWDMA_ATTR_EXEC)) && !(attr & HWDMA_ATTR_PASID_VALID))
		return false;
	return !(attr & (HWDMA_ATTR_PRI | HWDMA_ATTR_NW)) || at == HWDMA_ATTR_AT_ATC;
}

bool uses_src(uint32_t code)
{
	switch (code) {
	case HWDMA_OP_COPY:
	case HWDMA_OP_COMPARE:
	case HWDMA_OP_CHECK:
	case HWDMA_OP_READ:
	case HWDMA_OP_CRC32:
	case HWDMA_OP_TOUCH:
	case HWDMA_OP_TRANSLATE:
		return true;
	default:
		return false;
	}
}

bool uses_dst(uint32_t code)
{
	switch (code) {
	case HWDMA_OP_COPY:
	case HWDMA_OP_FILL:
	case HWDMA_OP_COMPARE:
	case HWDMA_OP_WRITE:
	case HWDMA_OP_FETCH_ADD:
	case HWDMA_OP_SWAP:
	case HWDMA_OP_CAS:
		return true;
	default:
		return false;
	}
}

static bool len_valid(const struct hwdma *e, const struct hwdma_desc *d)
{
	uint32_t code = HWDMA_OP_CODE(d->op);
	uint64_t addr = uses_src(code) ? d->src : d->dst;

	switch (code) {
	case HWDMA_OP_NOP:
	case HWDMA_OP_TOUCH:
		return true;
	case HWDMA_OP_READ:
	case HWDMA_OP_WRITE:
		return d->len >= 1 && d->len <= 8 && (addr & 7) + d->len <= 8;
	case HWDMA_OP_FETCH_ADD:
	case HWDMA_OP_SWAP:
	case HWDMA_OP_CAS:
		return (d->len == 4 || d->len == 8) && !(addr & (d->len - 1));
	default:
		return d->len >= 1 && d->len <= 1ull << e->cfg.len_log2 &&
		       (!uses_src(code) || d->src + (d->len - 1) >= d->src) &&
		       (!uses_dst(code) || d->dst + (d->len - 1) >= d->dst);
	}
}

bool desc_valid(const struct hwdma *e, const struct hwdma_desc *d)
{
	uint32_t code = HWDMA_OP_CODE(d->op);

	if (code > HWDMA_OP_TRANSLATE || (d->op & ~HWDMA_F_MASK) || d->vector >> 16)
		return false;
	if ((d->op & HWDMA_F_WRITE) && code != HWDMA_OP_TRANSLATE)
		return false;
	if ((d->op & (HWDMA_F_INT | HWDMA_F_INT_ERROR)) && d->vector >= e->cfg.vectors)
		return false;
	if ((d->op & HWDMA_F_STATUS) && (d->status & (HWDMA_STATUS_SIZE - 1)))
		return false;
	if ((uses_src(code) && !attr_valid(d->src_attr)) ||
	    (uses_dst(code) && !attr_valid(d->dst_attr)))
		return false;
	if (code == HWDMA_OP_TRANSLATE && (d->src_attr & HWDMA_ATTR_AT_MASK) != HWDMA_ATTR_AT_ATC)
		return false;
	return len_valid(e, d);
}

/* ---- end of an operation ---------------------------------------------------------- */

static struct hwdma_status outcome(const struct channel *ch, uint8_t err)
{
	struct hwdma_status st = {
		.status = (err ? HWDMA_STATE_ERROR : HWDMA_STATE_DONE) | (uint32_t)err << 8,
		.seq = ch->seq + 1,
		.bytes_done = ch->done,
		.result = ch->result,
		.fault_addr = ch->fault,
	};

	return st;
}

static void interrupt(struct hwdma *e, const struct channel *ch, unsigned int vector)
{
	e->int_status |= 1u << ch->index;
	e->ops.msix(e->opaque, vector);
}

/* Registers, then the interrupt: the last thing an operation does. */
static void publish(struct hwdma *e, struct channel *ch, uint8_t err, bool quiet)
{
	uint32_t flag = err ? HWDMA_F_INT_ERROR : HWDMA_F_INT;

	ch->res = outcome(ch, err);
	ch->seq = ch->res.seq;
	ch->state = err ? HWDMA_STATE_ERROR : HWDMA_STATE_DONE;
	ch->error = err;
	ch->phase = PH_IDLE;
	e->errors[err]++;
	if (err && ch->from_ring && !(ch->ctrl & HWDMA_CH_CTRL_CONTINUE))
		ch->sticky |= HWDMA_CH_RING_HALTED;
	/* a vector that is out of range made the descriptor bad */
	if (!quiet && (ch->cur.op & flag) && ch->cur.vector < e->cfg.vectors)
		interrupt(e, ch, ch->cur.vector);
}

static void complete(struct hwdma *e, struct channel *ch, uint8_t err)
{
	struct hwdma_status st = outcome(ch, err);
	bool aligned = !(ch->cur.status & (HWDMA_STATUS_SIZE - 1));

	ch->err = err;
	if (!(ch->cur.op & HWDMA_F_STATUS) || !aligned) {
		publish(e, ch, err, false);
		return;
	}
	if (!attr_valid(ch->ring_attr)) {
		ch->sticky |= HWDMA_CH_CPL_FAILED;
		publish(e, ch, err, false);
		return;
	}
	put_le(ch->buf + HWDMA_RES_STATUS, st.status, 4);
	put_le(ch->buf + HWDMA_RES_SEQ, st.seq, 4);
	put_le(ch->buf + HWDMA_RES_BYTES, st.bytes_done, 8);
	put_le(ch->buf + HWDMA_RES_RESULT, st.result, 8);
	put_le(ch->buf + HWDMA_RES_FAULT, st.fault_addr, 8);
	ch->chunk = HWDMA_STATUS_SIZE;
	ch->phase = PH_STATUS;
	access_begin(ch, ACC_WRITE, ch->ring_attr, ch->cur.status, HWDMA_STATUS_SIZE,
		     HWDMA_STATUS_SIZE);
}

/* The access of ch->acc failed. */
static void access_failed(struct hwdma *e, struct channel *ch)
{
	ch->fault = ch->acc.iova;
	complete(e, ch, ch->acc_err);
}

/* ---- one request after the other ----------------------------------------------------- */

/*
 * FILL and CHECK: byte i of the range is byte i % 8 of the pattern. A request
 * may begin anywhere in the pattern.
 */
static void make_pattern(uint8_t *buf, uint64_t pattern, uint64_t first, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		buf[i] = (uint8_t)(pattern >> ((first + i) % 8 * 8));
}

static uint32_t to_page_end(uint64_t addr)
{
	return PAGE_BYTES - (uint32_t)(addr & PAGE_OFFSET);
}

static void begin_translate(struct channel *ch)
{
	const struct hwdma_desc *d = &ch->cur;
	uint64_t left = d->len - ch->done;

	ch->phase = PH_XLATE;
	access_begin(ch, d->op & HWDMA_F_WRITE ? ACC_XLATE_W : ACC_XLATE, d->src_attr,
		     d->src + ch->done, 1, left);
}

static void begin_dst(struct channel *ch, enum access_kind kind)
{
	const struct hwdma_desc *d = &ch->cur;

	ch->phase = PH_DST;
	access_begin(ch, kind, d->dst_attr, d->dst + ch->done, ch->chunk, d->len - ch->done);
}

/* Set up the first request of the next piece, or end the operation. */
static void begin_piece(struct hwdma *e, struct channel *ch)
{
	const struct hwdma_desc *d = &ch->cur;
	uint32_t code = HWDMA_OP_CODE(d->op);
	uint64_t left = d->len - ch->done;
	uint32_t n = e->max_payload;

	if (code == HWDMA_OP_NOP || (code != HWDMA_OP_TOUCH && !left)) {
		complete(e, ch, HWDMA_ERR_NONE);
		return;
	}
	if (left < n)
		n = (uint32_t)left;
	if (uses_src(code) && to_page_end(d->src + ch->done) < n)
		n = to_page_end(d->src + ch->done);
	if (uses_dst(code) && to_page_end(d->dst + ch->done) < n)
		n = to_page_end(d->dst + ch->done);
	ch->chunk = n;
	switch (code) {
	case HWDMA_OP_FILL:
		make_pattern(ch->buf, d->operand0, ch->done, n);
		begin_dst(ch, ACC_WRITE);
		break;
	case HWDMA_OP_WRITE:
		put_le(ch->buf, d->operand0, n);
		begin_dst(ch, ACC_WRITE);
		break;
	case HWDMA_OP_FETCH_ADD:
	case HWDMA_OP_SWAP:
	case HWDMA_OP_CAS:
		begin_dst(ch, ACC_ATOMIC);
		break;
	case HWDMA_OP_TRANSLATE:
		begin_translate(ch);
		break;
	case HWDMA_OP_TOUCH:
		ch->phase = PH_SRC;
		ch->chunk = 0;
		access_begin(ch, ACC_TOUCH, d->src_attr, d->src, 0, 1);
		break;
	default:
		ch->phase = PH_SRC;
		access_begin(ch, ACC_READ, d->src_attr, d->src + ch->done, n, left);
		break;
	}
}

static void piece_done(struct hwdma *e, struct channel *ch)
{
	ch->done += ch->chunk;
	begin_piece(e, ch);
}

static void compared(struct hwdma *e, struct channel *ch)
{
	uint32_t i = 0;

	while (i < ch->chunk && ch->buf[i] == ch->buf2[i])
		i++;
	if (i == ch->chunk) {
		piece_done(e, ch);
		return;
	}
	ch->done += i;
	ch->result = ch->done;
	ch->fault = ch->cur.src + ch->done;
	complete(e, ch, HWDMA_ERR_MISCOMPARE);
}

static void src_done(struct hwdma *e, struct channel *ch)
{
	const struct hwdma_desc *d = &ch->cur;

	switch (HWDMA_OP_CODE(d->op)) {
	case HWDMA_OP_COPY:
		begin_dst(ch, ACC_WRITE);
		break;
	case HWDMA_OP_COMPARE:
		ch->phase = PH_DST_READ;
		access_begin(ch, ACC_READ, d->dst_attr, d->dst + ch->done, ch->chunk,
			     d->len - ch->done);
		break;
	case HWDMA_OP_CHECK:
		make_pattern(ch->buf2, d->operand0, ch->done, ch->chunk);
		compared(e, ch);
		break;
	case HWDMA_OP_READ:
		ch->result = get_le(ch->buf, ch->chunk);
		piece_done(e, ch);
		break;
	case HWDMA_OP_CRC32:
		ch->crc = hwdma_crc32(ch->crc, ch->buf, ch->chunk);
		ch->result = ch->crc;
		piece_done(e, ch);
		break;
	default: /* TOUCH */
		complete(e, ch, HWDMA_ERR_NONE);
		break;
	}
}

/* On to the end of what this translation covers. */
static void xlate_done(struct hwdma *e, struct channel *ch)
{
	const struct access *acc = &ch->acc;
	uint64_t left = ch->cur.len - ch->done;
	uint64_t step = (1ull << acc->shift) - (acc->iova & ((1ull << acc->shift) - 1));

	if (!ch->done)
		ch->result = acc->addr;
	ch->done += step < left ? step : left;
	begin_piece(e, ch);
}

/* ---- where operations come from --------------------------------------------------------- */

static void begin_op(struct channel *ch, bool from_ring)
{
	ch->from_ring = from_ring;
	ch->phase = PH_START;
	ch->started = false;
	ch->done = 0;
	ch->result = 0;
	ch->fault = 0;
	ch->crc = 0;
	ch->chunk = 0;
	ch->wake = 0;
	ch->gen++;
}

void channel_doorbell(struct hwdma *e, struct channel *ch)
{
	uint8_t image[HWDMA_DESC_SIZE];

	if (ch->phase != PH_IDLE || (ch->ctrl & HWDMA_CH_CTRL_RING)) {
		ch->sticky |= HWDMA_CH_OVERRUN;
		return;
	}
	ch->sticky &= ~(HWDMA_CH_OVERRUN | HWDMA_CH_CPL_FAILED);
	for (unsigned int i = 0; i < HWDMA_DESC_SIZE / 4; i++)
		put_le(image + (size_t)i * 4, ch->desc[i], 4);
	desc_from_bytes(&ch->cur, image);
	begin_op(ch, false);
	e->ops.kick(e->opaque);
}

static uint32_t ring_index(const struct channel *ch, uint32_t i)
{
	return i & ((1u << ch->ring_size) - 1);
}

bool channel_ring_pending(const struct channel *ch)
{
	return (ch->ctrl & HWDMA_CH_CTRL_RING) && !(ch->sticky & HWDMA_CH_RING_HALTED) &&
	       ring_index(ch, ch->head) != ring_index(ch, ch->tail);
}

bool channel_ready(const struct hwdma *e, const struct channel *ch, uint64_t now)
{
	(void)e;
	if (ch->ctrl & HWDMA_CH_CTRL_PAUSE)
		return false;
	return ch->phase == PH_IDLE ? channel_ring_pending(ch) : ch->wake <= now;
}

static void begin_fetch(struct channel *ch)
{
	uint64_t offset = (uint64_t)ring_index(ch, ch->head) * HWDMA_DESC_SIZE;

	ch->phase = PH_FETCH;
	ch->gen++;
	/* an address beyond the end wraps, as the adder of a device would */
	access_begin(ch, ACC_READ, ch->ring_attr, ch->ring_base + offset, HWDMA_DESC_SIZE,
		     HWDMA_DESC_SIZE);
}

/* No descriptor: nothing was started, so nothing is completed or counted done. */
static void fetch_failed(struct hwdma *e, struct channel *ch, uint8_t err)
{
	ch->done = 0;
	ch->result = 0;
	ch->fault = ch->acc.iova;
	ch->res = outcome(ch, err);
	ch->res.seq = ch->seq;
	ch->state = HWDMA_STATE_ERROR;
	ch->error = err;
	ch->sticky |= HWDMA_CH_RING_HALTED;
	ch->phase = PH_IDLE;
	e->errors[err]++;
}

static void fetched(struct channel *ch)
{
	desc_from_bytes(&ch->cur, ch->buf);
	ch->head = ring_index(ch, ch->head + 1);
	begin_op(ch, true);
}

static void start(struct hwdma *e, struct channel *ch, uint64_t now)
{
	if (e->lat_start && !ch->started) {
		ch->started = true;
		ch->wake = latency(now, e->lat_start);
		return;
	}
	ch->started = true;
	if (!desc_valid(e, &ch->cur)) {
		complete(e, ch, HWDMA_ERR_BAD_DESC);
		return;
	}
	begin_piece(e, ch);
}

/* ---- the step ------------------------------------------------------------------------------ */

static void access_succeeded(struct hwdma *e, struct channel *ch)
{
	switch (ch->phase) {
	case PH_FETCH:
		fetched(ch);
		break;
	case PH_SRC:
		src_done(e, ch);
		break;
	case PH_DST_READ:
		compared(e, ch);
		break;
	case PH_DST:
		piece_done(e, ch);
		break;
	case PH_XLATE:
		xlate_done(e, ch);
		break;
	default: /* PH_STATUS */
		publish(e, ch, ch->err, false);
		break;
	}
}

void channel_step(struct hwdma *e, struct channel *ch, uint64_t now)
{
	uint64_t gen = ch->gen;

	ch->wake = 0;
	if (ch->phase == PH_IDLE) {
		begin_fetch(ch);
		if (!attr_valid(ch->ring_attr)) {
			fetch_failed(e, ch, HWDMA_ERR_BAD_DESC);
			return;
		}
	} else if (ch->phase == PH_START) {
		start(e, ch, now);
		/*
		 * A wait, the end (whose interrupt may already have rung for the
		 * next operation), or on with the first request in this same step.
		 */
		if (ch->wake || ch->phase == PH_IDLE || ch->gen != gen)
			return;
	}
	switch (access_step(e, ch, now, ch->phase == PH_DST_READ ? ch->buf2 : ch->buf)) {
	case ACC_DONE:
		access_succeeded(e, ch);
		break;
	case ACC_FAIL:
		if (ch->phase == PH_FETCH) {
			fetch_failed(e, ch, ch->acc_err);
		} else if (ch->phase == PH_STATUS) {
			ch->sticky |= HWDMA_CH_CPL_FAILED;
			publish(e, ch, ch->err, false);
		} else {
			access_failed(e, ch);
		}
		break;
	case ACC_WAIT:
	case ACC_GONE:
	default:
		break;
	}
}

/* ---- stopping -------------------------------------------------------------------------------- */

void channel_abort(struct hwdma *e, struct channel *ch)
{
	if (ch->phase == PH_IDLE)
		return;
	ch->gen++;
	pri_abandon(e, ch);
	ch->fault = ch->phase == PH_START ? 0 : ch->acc.iova;
	if (ch->phase == PH_FETCH)
		fetch_failed(e, ch, HWDMA_ERR_ABORTED);
	else
		publish(e, ch, HWDMA_ERR_ABORTED, true);
	ch->wake = 0;
	access_end(e, ch);
}

void channel_reset(struct hwdma *e, struct channel *ch)
{
	bool busy = ch->phase != PH_IDLE;

	ch->ctrl &= ~(HWDMA_CH_CTRL_RING | HWDMA_CH_CTRL_PAUSE);
	ch->head = 0;
	ch->tail = 0;
	if (busy) {
		channel_abort(e, ch);
	} else {
		ch->state = HWDMA_STATE_IDLE;
		ch->error = HWDMA_ERR_NONE;
	}
	ch->sticky = 0;
}

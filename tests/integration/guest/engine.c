// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <sched.h>
#include <string.h>

#include "engine.h"
#include "mmio.h"
#include "tour.h"

#define OP_SECONDS	10.0

struct hwdma_status last;

uint32_t er32(const struct engine *e, unsigned int reg)
{
	uint32_t v = *(volatile uint32_t *)((char *)e->dev.bar0 + reg);

	mmio_after_load();
	return v;
}

uint64_t er64(const struct engine *e, unsigned int reg)
{
	uint64_t v = *(volatile uint64_t *)((char *)e->dev.bar0 + reg);

	mmio_after_load();
	return v;
}

void ew32(struct engine *e, unsigned int reg, uint32_t v)
{
	mmio_before_store();
	*(volatile uint32_t *)((char *)e->dev.bar0 + reg) = v;
}

void ew64(struct engine *e, unsigned int reg, uint64_t v)
{
	mmio_before_store();
	*(volatile uint64_t *)((char *)e->dev.bar0 + reg) = v;
}

void engine_identify(struct engine *e)
{
	uint32_t cap0;

	want_eq(er32(e, HWDMA_ID), HWDMA_ID_VALUE);
	want_eq(er32(e, HWDMA_VERSION) >> 16, HWDMA_VERSION_VALUE >> 16);
	cap0 = er32(e, HWDMA_CAP0);
	e->channels = HWDMA_CAP0_CHANNELS(cap0);
	e->vectors = HWDMA_CAP0_VECTORS(cap0);
}

void engine_reset(struct engine *e)
{
	ew32(e, HWDMA_CTRL, HWDMA_CTRL_RESET);
}

const char *engine_error(unsigned int err)
{
	static const char * const names[HWDMA_ERR_MAX] = {
		"success", "ERR_UNMAPPED", "ERR_NO_PERMISSION", "ERR_BLOCKED", "ERR_ATS_REFUSED", "ERR_ATS_ABORTED",
		"ERR_PRI_REFUSED", "ERR_PRI_FAILURE", "ERR_PRI_TIMEOUT", "ERR_PRI_EXHAUSTED", "ERR_ABORTED", "ERR_BUS",
		"ERR_MISCOMPARE", "ERR_BAD_DESC", "ERR_NOT_ENABLED", "ERR_PRI_DISABLED",
	};

	return err < HWDMA_ERR_MAX ? names[err] : "unknown error";
}

void engine_start(struct engine *e, unsigned int ch, const struct hwdma_desc *d)
{
	uint64_t words[HWDMA_DESC_SIZE / 8];

	_Static_assert(sizeof(*d) == HWDMA_DESC_SIZE, "descriptor size");
	memcpy(words, d, sizeof(words));
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		ew64(e, HWDMA_CH(ch) + HWDMA_CH_DESC + 8 * i, words[i]);
	ew32(e, HWDMA_CH(ch) + HWDMA_CH_DOORBELL, 1);
}

bool engine_busy(struct engine *e, unsigned int ch)
{
	return HWDMA_CH_STATE(er32(e, HWDMA_CH(ch) + HWDMA_CH_STATUS)) == HWDMA_STATE_BUSY;
}

unsigned int engine_wait(struct engine *e, unsigned int ch, struct hwdma_status *r)
{
	double end = now() + OP_SECONDS;
	uint64_t words[HWDMA_STATUS_SIZE / 8];

	_Static_assert(sizeof(*r) == HWDMA_STATUS_SIZE, "status size");
	for (unsigned int i = 0; engine_busy(e, ch); i++) {
		if (i < 100)
			continue;
		sched_yield();
		want(now() < end, "channel %u of %s is busy for more than %.0f s, status %#x", ch, e->dev.bdf,
		     OP_SECONDS, er32(e, HWDMA_CH(ch) + HWDMA_CH_STATUS));
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = er64(e, HWDMA_CH(ch) + HWDMA_CH_RESULT + 8 * i);
	memcpy(r, words, sizeof(*r));
	return HWDMA_CH_ERROR(r->status);
}

unsigned int engine_run(struct engine *e, unsigned int ch, const struct hwdma_desc *d, struct hwdma_status *r)
{
	engine_start(e, ch, d);
	return engine_wait(e, ch, r);
}

unsigned int try_copy(struct engine *e, uint64_t dst, uint32_t dst_attr, uint64_t src, uint32_t src_attr, uint64_t len)
{
	struct hwdma_desc d = {
		.op = HWDMA_OP_COPY, .src = src, .src_attr = src_attr, .dst = dst, .dst_attr = dst_attr, .len = len,
	};

	return engine_run(e, 0, &d, &last);
}

unsigned int try_fill(struct engine *e, uint64_t dst, uint32_t attr, uint64_t len, uint64_t value)
{
	struct hwdma_desc d = { .op = HWDMA_OP_FILL, .dst = dst, .dst_attr = attr, .len = len, .operand0 = value };

	return engine_run(e, 0, &d, &last);
}

unsigned int try_check(struct engine *e, uint64_t src, uint32_t attr, uint64_t len, uint64_t value)
{
	struct hwdma_desc d = { .op = HWDMA_OP_CHECK, .src = src, .src_attr = attr, .len = len, .operand0 = value };

	return engine_run(e, 0, &d, &last);
}

unsigned int try_write8(struct engine *e, uint64_t dst, uint32_t attr, uint64_t value)
{
	struct hwdma_desc d = { .op = HWDMA_OP_WRITE, .dst = dst, .dst_attr = attr, .len = 8, .operand0 = value };

	return engine_run(e, 0, &d, &last);
}

unsigned int try_read8(struct engine *e, uint64_t src, uint32_t attr, uint64_t *value)
{
	struct hwdma_desc d = { .op = HWDMA_OP_READ, .src = src, .src_attr = attr, .len = 8 };
	unsigned int err = engine_run(e, 0, &d, &last);

	*value = last.result;
	return err;
}

static void must(unsigned int err, const char *what, uint64_t addr, uint64_t len)
{
	want(err == HWDMA_ERR_NONE, "%s of %#llx bytes at %#llx: %s at %#llx after %#llx bytes", what,
	     (unsigned long long)len, (unsigned long long)addr, engine_error(err),
	     (unsigned long long)last.fault_addr, (unsigned long long)last.bytes_done);
	want(HWDMA_CH_STATE(last.status) == HWDMA_STATE_DONE, "%s at %#llx: status %#x", what,
	     (unsigned long long)addr, last.status);
}

void dma_copy_attr(struct engine *e, uint64_t dst, uint32_t dst_attr, uint64_t src, uint32_t src_attr, uint64_t len)
{
	must(try_copy(e, dst, dst_attr, src, src_attr, len), "copy", dst, len);
	want_eq(last.bytes_done, len);
}

void dma_copy(struct engine *e, uint64_t dst, uint64_t src, uint64_t len)
{
	dma_copy_attr(e, dst, 0, src, 0, len);
}

void dma_fill(struct engine *e, uint64_t dst, uint32_t attr, uint64_t len, uint64_t value)
{
	must(try_fill(e, dst, attr, len, value), "fill", dst, len);
	want_eq(last.bytes_done, len);
}

void dma_write8(struct engine *e, uint64_t dst, uint32_t attr, uint64_t value)
{
	must(try_write8(e, dst, attr, value), "write", dst, 8);
}

uint64_t dma_read8(struct engine *e, uint64_t src, uint32_t attr)
{
	uint64_t v;

	must(try_read8(e, src, attr, &v), "read", src, 8);
	return v;
}

void want_refused(unsigned int err, unsigned int expected, uint64_t addr, const char *what)
{
	want(err == expected, "%s: %s, expected %s", what, engine_error(err), engine_error(expected));
	want((last.fault_addr & ~0xfffull) == (addr & ~0xfffull), "%s: refused at %#llx, expected %#llx", what,
	     (unsigned long long)last.fault_addr, (unsigned long long)addr);
}

void atc_flush(struct engine *e)
{
	ew32(e, HWDMA_ATC_CTRL, HWDMA_ATC_CTRL_FLUSH);
}

bool atc_holds(struct engine *e, uint64_t iova, uint32_t attr, uint64_t *entry)
{
	ew64(e, HWDMA_ATC_PROBE_IOVA, iova);
	ew32(e, HWDMA_ATC_PROBE_ATTR, attr);
	*entry = er64(e, HWDMA_ATC_PROBE);
	return *entry & HWDMA_ATC_PROBE_VALID;
}

void log_start(struct engine *e)
{
	ew32(e, HWDMA_LOG_CTRL, HWDMA_LOG_CTRL_ENABLE | HWDMA_LOG_CTRL_CLEAR);
}

void log_stop(struct engine *e)
{
	ew32(e, HWDMA_LOG_CTRL, 0);
	want(!(er32(e, HWDMA_LOG_STATUS) & HWDMA_LOG_OVERFLOW), "write log overflow");
}

bool log_next(struct engine *e, uint64_t *iova, uint64_t *len, uint32_t *attr)
{
	uint32_t info = er32(e, HWDMA_LOG_INFO);

	*len = er64(e, HWDMA_LOG_LEN);
	if (!*len || !(info & HWDMA_LOG_INFO_VALID))
		return false;
	*iova = er64(e, HWDMA_LOG_IOVA);
	*attr = info & HWDMA_ATTR_MASK;
	ew32(e, HWDMA_LOG_POP, 1);
	return true;
}

void ring_start(struct ring *r, struct engine *e, unsigned int ch, uint64_t base, void *p, unsigned int log2,
		uint32_t ch_ctrl)
{
	*r = (struct ring){ .e = e, .ch = ch, .log2 = log2, .desc = p };
	ew32(e, HWDMA_CH(ch) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET);
	ew64(e, HWDMA_CH(ch) + HWDMA_CH_RING_BASE, base);
	ew32(e, HWDMA_CH(ch) + HWDMA_CH_RING_SIZE, log2);
	ew32(e, HWDMA_CH(ch) + HWDMA_CH_RING_TAIL, 0);
	ew32(e, HWDMA_CH(ch) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RING | ch_ctrl);
}

void ring_stop(struct ring *r)
{
	ew32(r->e, HWDMA_CH(r->ch) + HWDMA_CH_CTRL, HWDMA_CH_CTRL_RESET);
}

void ring_put(struct ring *r, const struct hwdma_desc *d)
{
	r->desc[r->tail] = *d;
	r->tail = (r->tail + 1) & ((1u << r->log2) - 1);
}

void ring_kick(struct ring *r)
{
	ew32(r->e, HWDMA_CH(r->ch) + HWDMA_CH_RING_TAIL, r->tail);
}

unsigned int ring_head(struct ring *r)
{
	return er32(r->e, HWDMA_CH(r->ch) + HWDMA_CH_RING_HEAD);
}

bool ring_drain(struct ring *r, unsigned int timeout_ms)
{
	double end = now() + timeout_ms / 1e3;

	while (ring_head(r) != r->tail || engine_busy(r->e, r->ch)) {
		if (er32(r->e, HWDMA_CH(r->ch) + HWDMA_CH_STATUS) & HWDMA_CH_RING_HALTED)
			return false;
		if (now() >= end)
			return false;
		sched_yield();
	}
	return true;
}

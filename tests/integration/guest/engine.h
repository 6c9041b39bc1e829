/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The user-space driver of the DMA engine (hwdma/regs.h): one-shot operations, descriptor rings, counters, write log.
 */
#ifndef TOUR_ENGINE_H
#define TOUR_ENGINE_H

#include <hwdma/regs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vfio.h"

struct engine {
	struct vfio_dev dev;
	unsigned int channels, vectors;
};

#define AT_ATC		HWDMA_ATTR_AT_ATC
#define PASID(n)	(HWDMA_ATTR_PASID_VALID | HWDMA_ATTR_PASID(n))

uint32_t er32(const struct engine *e, unsigned int reg);
uint64_t er64(const struct engine *e, unsigned int reg);
void ew32(struct engine *e, unsigned int reg, uint32_t v);
void ew64(struct engine *e, unsigned int reg, uint64_t v);

void engine_identify(struct engine *e);		/* checks ID and version, reads the sizes */
void engine_reset(struct engine *e);		/* CTRL.RESET: all registers */
const char *engine_error(unsigned int err);	/* "ERR_UNMAPPED" */

/* One-shot on a channel: start, wait; r: the result record. engine_run() returns HWDMA_ERR_*. */
void engine_start(struct engine *e, unsigned int ch, const struct hwdma_desc *d);
bool engine_busy(struct engine *e, unsigned int ch);
unsigned int engine_wait(struct engine *e, unsigned int ch, struct hwdma_status *r);
unsigned int engine_run(struct engine *e, unsigned int ch, const struct hwdma_desc *d, struct hwdma_status *r);

/* Channel 0, with attributes for source and destination. try_ ones return HWDMA_ERR_*, the others must succeed. */
unsigned int try_copy(struct engine *e, uint64_t dst, uint32_t dst_attr, uint64_t src, uint32_t src_attr, uint64_t len);
unsigned int try_fill(struct engine *e, uint64_t dst, uint32_t attr, uint64_t len, uint64_t value);
unsigned int try_check(struct engine *e, uint64_t src, uint32_t attr, uint64_t len, uint64_t value);
unsigned int try_write8(struct engine *e, uint64_t dst, uint32_t attr, uint64_t value);
unsigned int try_read8(struct engine *e, uint64_t src, uint32_t attr, uint64_t *value);
void dma_copy(struct engine *e, uint64_t dst, uint64_t src, uint64_t len);
void dma_copy_attr(struct engine *e, uint64_t dst, uint32_t dst_attr, uint64_t src, uint32_t src_attr, uint64_t len);
void dma_fill(struct engine *e, uint64_t dst, uint32_t attr, uint64_t len, uint64_t value);
void dma_write8(struct engine *e, uint64_t dst, uint32_t attr, uint64_t value);
uint64_t dma_read8(struct engine *e, uint64_t src, uint32_t attr);

/* The last one-shot operation's record on channel 0 (of the try_ and dma_ functions) */
extern struct hwdma_status last;

/* Must fail with just this error at this address. */
void want_refused(unsigned int err, unsigned int expected, uint64_t addr, const char *what);

/* ATC */
void atc_flush(struct engine *e);
bool atc_holds(struct engine *e, uint64_t iova, uint32_t attr, uint64_t *entry);

/* Write log: on (and empty), then one entry after another; false: empty */
void log_start(struct engine *e);
void log_stop(struct engine *e);
bool log_next(struct engine *e, uint64_t *iova, uint64_t *len, uint32_t *attr);

/* Ring in memory at @base (IOVA) and @p (here), 2^log2 descriptors */
struct ring {
	struct engine *e;
	unsigned int ch, log2, tail;
	struct hwdma_desc *desc;
};

void ring_start(struct ring *r, struct engine *e, unsigned int ch, uint64_t base, void *p, unsigned int log2,
		uint32_t ch_ctrl);
void ring_stop(struct ring *r);
void ring_put(struct ring *r, const struct hwdma_desc *d);	/* into memory, not yet told */
void ring_kick(struct ring *r);
unsigned int ring_head(struct ring *r);
bool ring_drain(struct ring *r, unsigned int timeout_ms);	/* until head == tail; false: time out or halted */

#endif /* TOUR_ENGINE_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Write log: what the engine itself wrote, for comparison with dirty bitmaps. */
#include "internal.h"

void log_write(struct wlog *log, uint8_t channel, uint32_t attr, uint64_t iova, uint64_t len)
{
	struct log_entry *last;

	if (!log->enabled || !len)
		return;
	if (log->count) {
		last = &log->entries[(log->first + log->count - 1) % log->capacity];
		/* iova is never 0 here: an entry cannot end at 2^64 and go on at 0 */
		if (iova && last->iova + last->len == iova && last->attr == attr &&
		    last->channel == channel) {
			last->len += len;
			return;
		}
	}
	if (log->count == log->capacity) {
		log->overflow = true;
		return;
	}
	last = &log->entries[(log->first + log->count) % log->capacity];
	log->count++;
	last->iova = iova;
	last->len = len;
	last->attr = attr;
	last->channel = channel;
}

void log_pop(struct wlog *log)
{
	if (!log->count)
		return;
	log->first = (log->first + 1) % log->capacity;
	log->count--;
}

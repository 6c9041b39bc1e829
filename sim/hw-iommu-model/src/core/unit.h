/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What every unit has, whatever its family: the host around it, direct views of
 * host memory, counters, and the dispatch to the family.
 */
#ifndef HWI_CORE_UNIT_H
#define HWI_CORE_UNIT_H

#include "hwiommu/hwiommu.h"
#include "utlb.h"

struct hwi_recorder;

struct hwi_unit_ops {
	uint32_t requester_max; /* largest requester ID or StreamID; others are HWI_EINVAL */
	void (*destroy)(struct hwi_unit *unit);
	void (*reset)(struct hwi_unit *unit, bool cold);
	uint64_t (*mmio_read)(struct hwi_unit *unit, uint64_t offset, unsigned int size);
	void (*mmio_write)(struct hwi_unit *unit, uint64_t offset, unsigned int size,
			   uint64_t value);
	uint64_t (*mmio_size)(const struct hwi_unit *unit);
	/* All of *@resp is set; it comes in undefined. */
	void (*translate)(struct hwi_unit *unit, const struct hwi_request *req,
			  struct hwi_response *resp);
	void (*interrupt)(struct hwi_unit *unit, const struct hwi_interrupt_request *req,
			  struct hwi_interrupt_response *resp);
	void (*page_request)(struct hwi_unit *unit, const struct hwi_page_request *req);
	void (*ats_complete)(struct hwi_unit *unit, uint32_t requester, uint32_t itags,
			     unsigned int count);
	void (*ats_timeout)(struct hwi_unit *unit, uint32_t itags);
	uint32_t (*ats_outstanding)(const struct hwi_unit *unit);
	unsigned int (*step)(struct hwi_unit *unit, unsigned int budget);
	bool (*pending)(const struct hwi_unit *unit);
	/* The family's name and the configuration, in a line that hwi_replay() reads. */
	void (*describe)(const struct hwi_unit *unit, char *buf, size_t size);
	size_t (*save_size)(const struct hwi_unit *unit);
	enum hwi_status (*save)(const struct hwi_unit *unit, void *buf, size_t size);
	enum hwi_status (*restore)(struct hwi_unit *unit, const void *buf, size_t size);
};

/* A range of host memory with its last address, so that a test is one compare. */
struct hwi_ram_view {
	uint64_t base;
	uint64_t size;
	const unsigned char *host;
};

struct hwi_unit {
	const struct hwi_unit_ops *ops;
	const struct hwi_host_ops *host;
	void *opaque;
	struct hwi_ram_view ram[HWI_RAM_MAX];
	unsigned int ram_count;
	/* TRANSLATIONS and IOTLB_HITS without the hits of @utlb, which counts its own. */
	uint64_t stats[HWI_STAT_COUNT];
	struct hwi_utlb utlb;
	struct hwi_recorder *recorder; /* NULL: not being recorded */
};

static inline void hwi_count(struct hwi_unit *unit, enum hwi_stat stat)
{
	unit->stats[stat]++;
}

/* No direct view of memory any more. */
static inline void hwi_ram_forget(struct hwi_unit *unit)
{
	unit->ram_count = 0;
	unit->ram[0].size = 0; /* the view that is tried without a look at the count */
}

static inline void hwi_kick(struct hwi_unit *unit)
{
	if (unit->host->kick)
		unit->host->kick(unit->opaque);
}

#endif

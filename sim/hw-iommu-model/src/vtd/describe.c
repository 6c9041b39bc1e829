/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A unit's configuration as a line of text, for recordings. */
#include <inttypes.h>
#include <stdio.h>

#include "vtd.h"

#define FORMAT_OUT                                                                              \
	"vtd version=%x.%x haw=%x regs=%x cap=%" PRIx64 " ecap=%" PRIx64                        \
	" context=%x pasid=%x first-stage=%x second-stage=%x iotlb=%x interrupt=%x negative=%x" \
	" compress=%x"
#define FORMAT_IN                                                                               \
	"vtd version=%x.%x haw=%x regs=%x cap=%" SCNx64 " ecap=%" SCNx64                        \
	" context=%x pasid=%x first-stage=%x second-stage=%x iotlb=%x interrupt=%x negative=%x" \
	" compress=%x"

void vtd_describe(const struct hwi_unit *unit, char *buf, size_t size)
{
	const struct hwi_vtd_config *c = &((const struct vtd_unit *)(const void *)unit)->cfg;

	(void)snprintf(buf, size, FORMAT_OUT, c->ver_major, c->ver_minor, c->haw, c->regs_log2,
		       c->cap, c->ecap, c->caches.context, c->caches.pasid, c->caches.first_stage,
		       c->caches.second_stage, c->caches.iotlb, c->caches.interrupt,
		       c->negative_caching, c->compress_faults);
}

enum hwi_status vtd_create_described(const char *line, const struct hwi_host_ops *ops,
				     void *opaque, struct hwi_unit **unit)
{
	struct hwi_vtd_config c = { 0 };
	unsigned int major, minor, haw, regs, negative, compress;

	if (sscanf(line, FORMAT_IN, &major, &minor, &haw, &regs, &c.cap, &c.ecap,
		   &c.caches.context, &c.caches.pasid, &c.caches.first_stage,
		   &c.caches.second_stage, &c.caches.iotlb, &c.caches.interrupt, &negative,
		   &compress) != 14 ||
	    major > UINT8_MAX || minor > UINT8_MAX || haw > UINT8_MAX || regs > UINT8_MAX)
		return HWI_ECONFIG;
	c.ver_major = (uint8_t)major;
	c.ver_minor = (uint8_t)minor;
	c.haw = (uint8_t)haw;
	c.regs_log2 = (uint8_t)regs;
	c.negative_caching = negative != 0;
	c.compress_faults = compress != 0;
	return hwi_vtd_create(&c, ops, opaque, unit);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Event messages of the unit itself: fault events (FECTL..), invalidation
 * completion events (IECTL..), page request events (PECTL..). Three register
 * blocks of one make (VT-d 5.10 §7.3, §6.5.2.10, §7.5).
 */
#include "vtd.h"

/* A write of the data to the address; never remapped, never posted. */
static void send(struct vtd_unit *v, struct vtd_event_block *e)
{
	e->ctl &= ~VTD_ECTL_IP;
	v->base.host->msi(v->base.opaque, (uint64_t)e->uaddr << 32 | e->addr, e->data);
}

void vtd_event_raise(struct vtd_unit *v, struct vtd_event_block *e)
{
	e->ctl |= VTD_ECTL_IP;
	if (!(e->ctl & VTD_ECTL_IM))
		send(v, e);
}

void vtd_event_clear(struct vtd_event_block *e)
{
	e->ctl &= ~VTD_ECTL_IP;
}

void vtd_event_write_ctl(struct vtd_unit *v, struct vtd_event_block *e, uint32_t val)
{
	e->ctl = (e->ctl & ~VTD_ECTL_IM) | (val & VTD_ECTL_IM);
	if ((e->ctl & VTD_ECTL_IP) && !(e->ctl & VTD_ECTL_IM))
		send(v, e);
}

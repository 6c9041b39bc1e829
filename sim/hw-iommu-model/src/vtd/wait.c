/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The invalidation wait descriptor, and what it waits for: device-TLB
 * invalidations under their ITags, and drains (VT-d 5.10 §6.5.2.5, §6.5.2.10,
 * §6.5.2.11, §6.5.4).
 *
 * One fetched wait can be outstanding. With FN=0 what follows it is worked on
 * meanwhile, up to the next wait.
 */
#include "vtd.h"

bool vtd_wait_start(struct vtd_unit *v, uint64_t q0, uint64_t q1)
{
	if (v->wait.busy)
		return false;
	v->wait = (struct vtd_wait){
		.busy = true,
		.drain = v->drain_owed,
		.q0 = q0,
		.q1 = q1,
		.itags = v->itags_since_wait,
	};
	v->itags_since_wait = 0;
	v->drain_owed = false;
	v->drain_refused = false; /* not for this one */
	return true;
}

bool vtd_wait_ready(const struct vtd_unit *v)
{
	return v->wait.busy && !v->wait.itags && !(v->wait.drain && v->drain_refused);
}

/* It never completes, so the next one has to drain for what came before both (§6.5.4). */
void vtd_wait_abort(struct vtd_unit *v)
{
	if (v->wait.busy && v->wait.drain)
		v->drain_owed = true;
	v->wait.busy = false;
	v->stalled = false;
}

/* Four bytes, coherent; where they go is software's business, so no fault if nowhere. */
static void write_status(struct vtd_unit *v)
{
	uint64_t addr = v->wait.q1 & VTD_WAIT_Q1_ADDR & v->lim.haw_mask;
	unsigned char data[4];

	hwi_st32(data, HWI_GET32(VTD_WAIT_Q0_DATA, v->wait.q0));
	(void)hwi_mem_write(&v->base, addr, data, sizeof(data));
}

static void raise_completion(struct vtd_unit *v)
{
	if (v->regs.ics & VTD_ICS_IWC)
		return; /* software has not yet seen the one before */
	v->regs.ics |= VTD_ICS_IWC;
	vtd_event_raise(v, &v->regs.ie);
}

/*
 * PD asks that page requests that arrived before be visible in their queue; here
 * they are when vtd_page_request() returns.
 */
bool vtd_wait_finish(struct vtd_unit *v)
{
	if (!v->wait.busy || v->wait.itags)
		return false;
	if (v->wait.drain && !vtd_drained(v))
		return false;
	v->wait.busy = false;
	v->stalled = false;
	if (v->wait.q0 & VTD_WAIT_Q0_SW)
		write_status(v);
	if (v->wait.q0 & VTD_WAIT_Q0_IF)
		raise_completion(v);
	return true;
}

static void free_itag(struct vtd_unit *v, unsigned int tag)
{
	v->itag[tag] = (struct vtd_itag){ 0 };
	v->wait.itags &= ~HWI_BIT32(tag);
	v->itags_since_wait &= ~HWI_BIT32(tag);
	v->stalled = false;
}

/* §6.5.2.11: the tag is free again, nobody who waits for it is told. */
static void time_out(struct vtd_unit *v, unsigned int tag)
{
	uint16_t sid = v->itag[tag].sid;

	free_itag(v, tag);
	vtd_wait_abort(v);
	vtd_fault_ite(v, sid);
}

bool vtd_ats_send(struct vtd_unit *v, struct hwi_ats_invalidate *inv)
{
	unsigned int tag = 0;

	while (tag < VTD_ITAGS && v->itag[tag].busy)
		tag++;
	if (tag == VTD_ITAGS)
		return false;
	inv->itag = (uint8_t)tag;
	v->itag[tag].busy = true;
	v->itag[tag].sid = (uint16_t)inv->requester;
	v->itags_since_wait |= HWI_BIT32(tag);
	/* No function there: no completion will come, which is a time-out. */
	if (!v->base.host->ats_invalidate || !v->base.host->ats_invalidate(v->base.opaque, inv))
		time_out(v, tag);
	return true;
}

void vtd_ats_complete(struct hwi_unit *unit, uint32_t requester, uint32_t itags,
		      unsigned int count)
{
	struct vtd_unit *v = to_vtd(unit);
	unsigned int owed = count ? count : 8;
	bool unexpected = !itags;

	/*
	 * An Unsupported Request: it completes nothing and is no ICE, so its tag runs
	 * into its time-out. So is every one while translation is off (§4.2.1, §4.3,
	 * which is why software must not send device-TLB invalidations then); and a
	 * unit without DT has no use for one, ICE is RsvdZ.
	 */
	if (!vtd_has_ecap(v, VTD_ECAP_DT) || !(v->regs.gsts & VTD_GSTS_TES))
		return;
	for (unsigned int tag = 0; tag < VTD_ITAGS; tag++) {
		if (!(itags & HWI_BIT32(tag)))
			continue;
		if (!v->itag[tag].busy || v->itag[tag].sid != requester) {
			unexpected = true;
			continue;
		}
		if (++v->itag[tag].completions >= owed)
			free_itag(v, tag);
	}
	if (unexpected)
		vtd_fault_ice(v, (uint16_t)requester);
	if (vtd_pending(unit))
		hwi_kick(unit);
}

void vtd_ats_timeout(struct hwi_unit *unit, uint32_t itags)
{
	struct vtd_unit *v = to_vtd(unit);

	for (unsigned int tag = 0; tag < VTD_ITAGS; tag++) {
		if ((itags & HWI_BIT32(tag)) && v->itag[tag].busy)
			time_out(v, tag);
	}
}

uint32_t vtd_ats_outstanding(const struct hwi_unit *unit)
{
	const struct vtd_unit *v = (const struct vtd_unit *)(const void *)unit;
	uint32_t itags = 0;

	for (unsigned int tag = 0; tag < VTD_ITAGS; tag++) {
		if (v->itag[tag].busy)
			itags |= HWI_BIT32(tag);
	}
	return itags;
}

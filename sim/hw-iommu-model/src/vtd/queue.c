/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The invalidation queue: when a descriptor is fetched, and what is wrong with
 * the queue as a whole (VT-d 5.10 §6.5.2, §6.5.2.11).
 */
#include "vtd.h"

/*
 * Fetching is a level condition: it goes on by itself when software clears the
 * error that stopped it. A fetched wait with FN=1 holds back what is behind it.
 */
static bool may_fetch(const struct vtd_unit *v)
{
	return (v->regs.gsts & VTD_GSTS_QIES) && v->regs.iqh != v->regs.iqt &&
	       !(v->regs.fsts & (VTD_FSTS_IQE | VTD_FSTS_ITE)) &&
	       !(v->wait.busy && (v->wait.q0 & VTD_WAIT_Q0_FN));
}

static uint64_t descriptor_size(const struct vtd_unit *v)
{
	return v->regs.iqa & VTD_IQA_DW ? VTD_DSC_SIZE_256 : VTD_DSC_SIZE_128;
}

static uint64_t queue_size(const struct vtd_unit *v)
{
	return UINT64_C(4096) << HWI_GET(VTD_IQA_QS, v->regs.iqa);
}

/* Where the next descriptor is; IQH is made to fit a queue that software shrank. */
static uint64_t head(const struct vtd_unit *v)
{
	return v->regs.iqh & (queue_size(v) - 1) & ~(descriptor_size(v) - 1);
}

/* What makes every descriptor of this queue bad (§11.4.9.9). */
static unsigned int queue_error(const struct vtd_unit *v)
{
	uint64_t ttm = vtd_ttm(v);
	bool smts = vtd_has_ecap(v, VTD_ECAP_SMTS);
	bool adms = vtd_has_ecap(v, VTD_ECAP_ADMS);
	bool wide = v->regs.iqa & VTD_IQA_DW;

	if (ttm == VTD_TTM_RSVD || (ttm == VTD_TTM_SCALABLE && !smts) ||
	    (ttm == VTD_TTM_ABORT && !adms))
		return VTD_IQEI_TTM;
	if (wide ? !smts && !adms : ttm != VTD_TTM_LEGACY)
		return VTD_IQEI_WIDTH;
	if (v->regs.iqt & (descriptor_size(v) - 1))
		return VTD_IQEI_TAIL_ALIGN;
	if (v->regs.iqt >= queue_size(v))
		return VTD_IQEI_TAIL;
	return VTD_IQEI_NONE;
}

/* One descriptor; false if it cannot be worked on now. */
static bool fetch(struct vtd_unit *v)
{
	uint64_t at = head(v);
	uint64_t q[4] = { 0 };
	unsigned int res = queue_error(v);

	if (res == VTD_IQEI_NONE) {
		unsigned int words = (unsigned int)(descriptor_size(v) / sizeof(uint64_t));

		if (hwi_load_words(&v->base, (v->regs.iqa & VTD_IQA_IQA) + at, q, words))
			res = vtd_descriptor(v, q);
		else
			res = VTD_IQEI_FETCH;
	}
	v->stalled = res == VTD_DSC_STALL;
	if (v->stalled)
		return false;
	if (res != VTD_DSC_DONE) {
		vtd_fault_iqe(v, res); /* IQH stays and names it */
		return true;
	}
	hwi_count(&v->base, HWI_STAT_COMMANDS);
	v->regs.iqh = (at + descriptor_size(v)) & (queue_size(v) - 1);
	return true;
}

unsigned int vtd_step(struct hwi_unit *unit, unsigned int budget)
{
	struct vtd_unit *v = to_vtd(unit);
	unsigned int done = 0;

	while (done < budget) {
		if (!vtd_command_finish(v) && !vtd_wait_finish(v) && !(may_fetch(v) && fetch(v)))
			break;
		done++;
	}
	return done;
}

/*
 * A drain that the machine refused is no work: it ends outside, and the machine
 * knows when.
 */
bool vtd_pending(const struct hwi_unit *unit)
{
	const struct vtd_unit *v = (const struct vtd_unit *)(const void *)unit;

	return (v->commands && !v->drain_refused) || vtd_wait_ready(v) ||
	       (may_fetch(v) && !v->stalled);
}

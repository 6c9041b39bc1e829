/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * GCMD_REG and GSTS_REG (VT-d 5.10 §11.4.4), and the commands of several
 * registers that show as done only after a drain (§6.5.4, §6.9).
 *
 * Software changes one bit a write. When it changes several, pointers are
 * latched before enables act, and TE comes last.
 */
#include "vtd.h"

/* Translations of before do not hold any more, though no cache entry went. */
static void mode_changed(struct vtd_unit *v)
{
	hwi_utlb_purge(&v->base.utlb);
	if (v->base.host->invalidated) {
		const struct hwi_inval all = {
			.scope = HWI_INVAL_ALL,
			.span_log2 = 64,
			.pasid = HWI_PASID_NONE,
		};

		v->base.host->invalidated(v->base.opaque, &all);
	}
}

/* Recording starts at record 0 again when the unit is off as a whole (§7.2.1). */
static void rewind_records(struct vtd_unit *v)
{
	if (!(v->regs.gsts & (VTD_GSTS_TES | VTD_GSTS_IRES)))
		v->regs.frcd_next = 0;
}

/*
 * RTA, TTM and SSIRWE take effect here and nowhere else (§11.4.5). Another mode
 * decides about each request anew, so nothing that was cached in one before may
 * answer it, even where software owes the invalidation (ESRTPS=0).
 */
static void set_root_table_pointer(struct vtd_unit *v)
{
	uint64_t changed = v->active.rtaddr ^ v->regs.rtaddr;

	v->regs.gsts &= ~VTD_GSTS_RTPS;
	v->active.rtaddr = v->regs.rtaddr;
	if (vtd_has_cap(v, VTD_CAP_ESRTPS) || (changed & (VTD_RTADDR_TTM | VTD_RTADDR_SSIRWE)))
		vtd_inv_all(v);
	hwi_utlb_purge(&v->base.utlb);
	v->regs.gsts |= VTD_GSTS_RTPS;
}

static void set_interrupt_table_pointer(struct vtd_unit *v)
{
	v->regs.gsts &= ~VTD_GSTS_IRTPS;
	v->active.irta = v->regs.irta;
	if (vtd_has_cap(v, VTD_CAP_ESIRTPS))
		vtd_inv_iec_all(v);
	v->regs.gsts |= VTD_GSTS_IRTPS;
}

static void queue_enable(struct vtd_unit *v, bool on)
{
	if (on) {
		v->regs.gsts |= VTD_GSTS_QIES;
		return;
	}
	/* Not quiescent is undefined: a wait that was fetched is dropped. */
	v->regs.gsts &= ~VTD_GSTS_QIES;
	v->regs.iqh = 0;
	vtd_wait_abort(v);
}

/* On when interrupts in flight are drained, off at once (§6.5.5). The last write counts. */
static void remapping_enable(struct vtd_unit *v, bool on)
{
	v->commands &= ~VTD_CMD_IRE_ON;
	if (on && !(v->regs.gsts & VTD_GSTS_IRES)) {
		vtd_command_start(v, VTD_CMD_IRE_ON);
	} else if (!on && (v->regs.gsts & VTD_GSTS_IRES)) {
		v->regs.gsts &= ~VTD_GSTS_IRES;
		if (vtd_has_cap(v, VTD_CAP_ESIRTPS))
			vtd_inv_iec_all(v);
		rewind_records(v);
	}
}

static void translation_done(struct vtd_unit *v, bool on)
{
	if (on) {
		v->regs.gsts |= VTD_GSTS_TES;
	} else {
		v->regs.gsts &= ~VTD_GSTS_TES;
		if (vtd_has_ecap(v, VTD_ECAP_SMTS))
			vtd_inv_all(v);
		rewind_records(v);
	}
	mode_changed(v);
}

/* A second TE write before the first has been drained: the last one counts. */
static void translation_enable(struct vtd_unit *v, bool on)
{
	bool now = v->regs.gsts & VTD_GSTS_TES;

	v->commands &= ~(VTD_CMD_TE_ON | VTD_CMD_TE_OFF);
	if (on != now)
		vtd_command_start(v, on ? VTD_CMD_TE_ON : VTD_CMD_TE_OFF);
}

/* Whether bit @bit of GCMD asks for another state than GSTS shows. */
static bool changes(const struct vtd_unit *v, uint32_t gcmd, uint32_t bit)
{
	return (gcmd ^ v->regs.gsts) & bit;
}

void vtd_command_write(struct vtd_unit *v, uint32_t gcmd)
{
	bool ir = vtd_has_ecap(v, VTD_ECAP_IR);

	if (gcmd & VTD_GCMD_SRTP)
		set_root_table_pointer(v);
	if (ir && (gcmd & VTD_GCMD_SIRTP))
		set_interrupt_table_pointer(v);
	/* WBF: there are no write buffers, so WBFS never shows a flush going on. */
	if (vtd_has_ecap(v, VTD_ECAP_QI) && changes(v, gcmd, VTD_GCMD_QIE))
		queue_enable(v, gcmd & VTD_GCMD_QIE);
	if (ir)
		remapping_enable(v, gcmd & VTD_GCMD_IRE);
	if (ir && changes(v, gcmd, VTD_GCMD_CFI))
		v->regs.gsts ^= VTD_GSTS_CFIS;
	translation_enable(v, gcmd & VTD_GCMD_TE);
}

static void finish(struct vtd_unit *v, uint32_t commands)
{
	if (commands & VTD_CMD_IRE_ON)
		v->regs.gsts |= VTD_GSTS_IRES;
	if (commands & VTD_CMD_TE_OFF)
		translation_done(v, false);
	if (commands & VTD_CMD_TE_ON)
		translation_done(v, true);
	if (commands & VTD_CMD_EPM) {
		v->regs.pmen |= VTD_PMEN_PRS;
		mode_changed(v);
	}
	if (commands & VTD_CMD_IVT)
		v->regs.iotlb &= ~VTD_IOTLB_IVT;
}

void vtd_command_start(struct vtd_unit *v, uint32_t commands)
{
	v->commands |= commands;
	vtd_command_finish(v);
}

bool vtd_command_finish(struct vtd_unit *v)
{
	uint32_t commands = v->commands;

	if (!commands || !vtd_drained(v))
		return false;
	v->commands = 0;
	finish(v, commands);
	return true;
}

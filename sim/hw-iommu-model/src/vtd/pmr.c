/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Protected memory ranges (VT-d 5.10 §11.4.8). */
#include "vtd.h"

/* From this version on ranges hold for DMA that was remapped, too (§11.4.8.1). */
#define VERSION_BLOCKS_REMAPPED 2

/* Whether [first, last] meets the range; a limit below its base is no range. */
static bool meets(uint64_t first, uint64_t last, uint64_t base, uint64_t limit)
{
	return base <= limit && first <= limit && last >= base;
}

bool vtd_pmr_blocks(const struct vtd_unit *v, uint64_t addr, uint64_t len, bool remapped)
{
	uint64_t last = addr + (len ? len - 1 : 0);

	if (!(v->regs.pmen & VTD_PMEN_PRS))
		return false;
	if (v->cfg.ver_major < VERSION_BLOCKS_REMAPPED && remapped)
		return false;
	if (vtd_has_cap(v, VTD_CAP_PLMR) &&
	    meets(addr, last, v->regs.plmbase, v->regs.plmlimit | VTD_PMR_LOW_GRAIN))
		return true;
	return vtd_has_cap(v, VTD_CAP_PHMR) &&
	       meets(addr, last, v->regs.phmbase, v->regs.phmlimit | VTD_PMR_HIGH_GRAIN);
}

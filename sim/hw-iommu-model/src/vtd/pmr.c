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

/* Whether the ranges are on for such an access. */
static bool holds(const struct vtd_unit *v, bool remapped)
{
	return (v->regs.pmen & VTD_PMEN_PRS) &&
	       !(remapped && v->cfg.ver_major < VERSION_BLOCKS_REMAPPED);
}

static bool is_protected(const struct vtd_unit *v, uint64_t first, uint64_t last)
{
	if (vtd_has_cap(v, VTD_CAP_PLMR) &&
	    meets(first, last, v->regs.plmbase, v->regs.plmlimit | VTD_PMR_LOW_GRAIN))
		return true;
	return vtd_has_cap(v, VTD_CAP_PHMR) &&
	       meets(first, last, v->regs.phmbase, v->regs.phmlimit | VTD_PMR_HIGH_GRAIN);
}

bool vtd_pmr_blocks(const struct vtd_unit *v, uint64_t addr, uint64_t len, bool remapped)
{
	return holds(v, remapped) && is_protected(v, addr, addr + (len ? len - 1 : 0));
}

unsigned int vtd_pmr_clear_span(const struct vtd_unit *v, uint64_t addr, unsigned int span,
				bool remapped)
{
	uint64_t in = UINT64_MAX >> (64 - span);

	if (!holds(v, remapped))
		return span;
	/* Ranges come in larger units than pages: the page of @addr keeps clear. */
	for (; is_protected(v, addr & ~in, addr | in); in >>= 1)
		span--;
	return span;
}

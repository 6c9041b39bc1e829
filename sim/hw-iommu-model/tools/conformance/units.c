/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "units.h"

#include <hwiommu/vtd/regs.h>

/* Away from every register of the specification, so that a probe of any offset meets only what it looks for. */
#define PROBE_FRO	0x80U
#define PROBE_IRO	0x90U

/* What a unit before scalable mode could have */
#define LEGACY_ECAP \
	(VTD_ECAP_C | VTD_ECAP_QI | VTD_ECAP_DT | VTD_ECAP_IR | VTD_ECAP_EIM | VTD_ECAP_PT | VTD_ECAP_SC | VTD_ECAP_IRO | \
	 VTD_ECAP_MHMV | VTD_ECAP_NWFS | VTD_ECAP_DIT)
#define SCALABLE_CAP	(VTD_CAP_FS1GP | VTD_CAP_FS5LP)

struct change {
	const char *title;
	uint8_t ver_major;	/* 0: as it is */
	uint64_t clear_cap, set_cap;
	uint64_t clear_ecap, set_ecap;
};

static const struct change changes[UNITS] = {
	{ .title = "everything on", .set_ecap = VTD_ECAP_EIMER | VTD_ECAP_IRREQ },
	{ .title = "version 8", .ver_major = 8 },
	{ .title = "without abort-DMA mode", .clear_ecap = VTD_ECAP_ADMS },
	{ .title = "legacy mode only", .ver_major = 1, .clear_cap = SCALABLE_CAP, .clear_ecap = ~LEGACY_ECAP },
	{ .title = "enhanced commands", .set_cap = VTD_CAP_ECMDS },
	{ .title = "performance monitoring", .set_cap = VTD_CAP_ECMDS, .set_ecap = VTD_ECAP_PMS },
	{ .title = "memory types", .set_ecap = VTD_ECAP_MTS },
	{ .title = "host permission table", .set_ecap = VTD_ECAP_HPTS },
	{ .title = "virtual commands", .set_ecap = VTD_ECAP_VCS },
	{ .title = "resource director tags", .set_ecap = VTD_ECAP_RDTS },
};

void units_init(struct unit units[UNITS])
{
	for (size_t i = 0; i < UNITS; i++) {
		const struct change *c = &changes[i];
		struct hwi_vtd_config *cfg = &units[i].cfg;

		hwi_vtd_config_init(cfg);
		if (c->ver_major)
			cfg->ver_major = c->ver_major;
		cfg->cap = HWI_SET(VTD_CAP_FRO, cfg->cap, PROBE_FRO);
		cfg->ecap = HWI_SET(VTD_ECAP_IRO, cfg->ecap, PROBE_IRO);
		cfg->cap = (cfg->cap & ~c->clear_cap) | c->set_cap;
		cfg->ecap = (cfg->ecap & ~c->clear_ecap) | c->set_ecap;
		units[i].title = c->title;
		(void)hwi_vtd_config_check(cfg, &units[i].refused);
	}
}

uint32_t unit_ver(const struct unit *unit)
{
	return HWI_PUT32(VTD_VER_MAJOR, unit->cfg.ver_major) | HWI_PUT32(VTD_VER_MIN, unit->cfg.ver_minor);
}

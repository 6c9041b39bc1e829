// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <linux/iommufd.h>
#include <stdio.h>
#include <string.h>

#include "env.h"
#include "family.h"
#include "iommufd.h"
#include "vtd/vtd.h"

struct vtd vtd;

/* How the driver drives the unit, from what it was told and what the unit offers: as intel/iommu.h's sm_supported(). */
static void learn(struct engine *e)
{
	struct iommu_hw_info info;
	struct iommu_hw_info_vtd hw;
	char text[64];
	bool off = cmdline_get("intel_iommu", text, sizeof(text)) && strstr(text, "sm_off");

	hw_info(e->dev.id, IOMMU_HW_INFO_TYPE_INTEL_VTD, &info, &hw, sizeof(hw));
	vtd.cap = hw.cap_reg;
	vtd.ecap = hw.ecap_reg;
	vtd.scalable = ECAP_SMTS(hw.ecap_reg) && !off;
	vtd.first_stage = vtd.scalable && ECAP_FSTS(hw.ecap_reg);
}

static bool has(struct engine *e, enum feature what)
{
	switch (what) {
	case NESTING:
		return vtd.scalable && ECAP_NEST(vtd.ecap);
	case PASIDS:
		return vtd.scalable && pasid_bits(e) && er32(e, HWDMA_STATUS) & HWDMA_STATUS_PASID;
	case PAGE_REQUESTS:
		return vtd.scalable && er32(e, HWDMA_STATUS) & HWDMA_STATUS_PRI;
	case STALLS:
		return false;
	case ATS:
		return er32(e, HWDMA_STATUS) & HWDMA_STATUS_ATS;
	case DIRTY_TRACKING:
		return vtd.scalable && ECAP_SSADS(vtd.ecap);
	}
	return false;
}

static void __attribute__((noreturn)) lacks(enum feature what)
{
	char mode[32];
	bool legacy = cmdline_get("hwi.mode", mode, sizeof(mode)) && !strcmp(mode, "legacy");

	if (!host.model)
		skip("QEMU's intel-iommu has no %s", feature_name(what));
	if (what == ATS || (vtd.scalable && !legacy))
		fail("%s is missing, CAP %#llx ECAP %#llx", feature_name(what), (unsigned long long)vtd.cap,
		     (unsigned long long)vtd.ecap);
	skip("legacy mode has no %s", feature_name(what));
}

/*
 * "DMAR: [DMA Write NO_PASID] Request device [...] fault addr 0x... [fault reason 0x..]"
 *
 * dmar_fault() asks its rate limit once for an interrupt, once for each record and once more when it finds no further
 * record: a fault that comes alone costs three.
 */
static struct heard listen(const char *line, struct fault *f)
{
	const char *p = strstr(line, "DMAR: [DMA ");
	unsigned long long addr;
	char kind[8], pasid[16];

	if (strstr(line, "DRHD: handling fault status"))
		return (struct heard){ .cost = 2 };
	if (!p || sscanf(p, "DMAR: [DMA %7s %15[^]]] Request device [%15[^]]] fault addr 0x%llx [fault reason 0x%x]",
			 kind, pasid, f->bdf, &addr, &f->reason) != 5)
		return (struct heard){ 0 };
	f->write = !strcmp(kind, "Write");
	f->addr = addr;
	f->pasid = NO_PASID;
	if (sscanf(pasid, "PASID 0x%x", &f->pasid) != 1 && strcmp(pasid, "NO_PASID"))
		return (struct heard){ 0 };
	return (struct heard){ .cost = 1, .fault = true };
}

/*
 * Reasons of VT-d 5.10 §7.1. In scalable mode a plain domain is first stage or second stage, as the driver chose.
 */
static bool reason_fits(unsigned int reason, enum why why, bool write)
{
	switch (why) {
	case NOT_MAPPED:
		if (!vtd.scalable)			/* LGN.2, LGN.3 */
			return reason == (write ? 0x05 : 0x06);
		if (vtd.first_stage)			/* SFS.2 */
			return reason == 0x71;
		return reason == 0x79;			/* SSS.2 */
	case NO_WRITE:
		return reason == (vtd.scalable ? 0x85 : 0x05);	/* SGN.6, LGN.2 */
	case NO_PASID_ENTRY:
		return reason == 0x59 || reason == 0x51;	/* SPT.2, SPD.2 */
	case S1_NOT_PRESENT:
		return reason == 0x71;
	case S2_NOT_PRESENT:
		return reason == 0x79;
	}
	return false;
}

/* QEMU's own device also says PASID 0 of requests without, and has legacy codes in scalable mode. */
static void check_fault(const struct fault *f, const struct refused *r, char *text, size_t size)
{
	want(f->write == r->write, "fault record of a %s, expected a %s", f->write ? "write" : "read",
	     r->write ? "write" : "read");
	want(f->addr == (r->addr & ~0xfffull), "fault record for address %#llx, expected %#llx",
	     (unsigned long long)f->addr, (unsigned long long)(r->addr & ~0xfffull));
	want(f->pasid == r->pasid || (!host.model && !f->pasid), "fault record with PASID %#x, expected %#x", f->pasid,
	     r->pasid);
	want(reason_fits(f->reason, r->why, r->write) || !host.model, "fault reason %#x", f->reason);
	snprintf(text, size, "recorded with reason %#x", f->reason);
}

/* QEMU's own device records no missing right if the translation was cached. */
static const char *silent(const struct refused *r)
{
	(void)r;
	return host.model ? NULL : "not recorded";
}

const struct family vtd_family = {
	.name = "VT-d",
	.iommus = { "vtd", "qemu-intel" },
	.info_type = IOMMU_HW_INFO_TYPE_INTEL_VTD,
	.msi_chip = "IR-PCI-MSI",
	.complaints = { "Invalid Page Request" },
	.fault_cost = 3,
	.learn = learn,
	.has = has,
	.lacks = lacks,
	.listen = listen,
	.check_fault = check_fault,
	.silent = silent,
};

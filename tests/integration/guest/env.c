// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "env.h"
#include "iommufd.h"
#include "kmsg.h"

#define MAX_ENGINES	4

static struct engine engines[MAX_ENGINES] = {
	{ .dev = { .fd = -1 } }, { .dev = { .fd = -1 } }, { .dev = { .fd = -1 } }, { .dev = { .fd = -1 } },
};
static char bdfs[MAX_ENGINES][16];
static unsigned int n_engines;
static unsigned int max_pasid_bits[MAX_ENGINES];

unsigned int engine_count(void)
{
	if (!n_engines)
		n_engines = vfio_find(HWDMA_PCI_VENDOR_ID, HWDMA_PCI_DEVICE_ID, bdfs, MAX_ENGINES);
	return n_engines;
}

/* How the driver drives the unit, from what it was told and what the unit offers: as intel/iommu.h's sm_supported(). */
static void learn_host(struct engine *e, unsigned int i)
{
	struct iommu_hw_info info;
	struct iommu_hw_info_vtd vtd;
	char text[64];
	bool off;

	hw_info(e->dev.id, &info, &vtd);
	want(info.out_data_type == IOMMU_HW_INFO_TYPE_INTEL_VTD, "the IOMMU of %s is of type %u, not VT-d", e->dev.bdf,
	     info.out_data_type);
	max_pasid_bits[i] = info.out_max_pasid_log2;
	if (i)
		return;
	off = cmdline_get("intel_iommu", text, sizeof(text)) && strstr(text, "sm_off");
	host.cap = vtd.cap_reg;
	host.ecap = vtd.ecap_reg;
	host.scalable = ECAP_SMTS(vtd.ecap_reg) && !off;
	host.first_stage = host.scalable && ECAP_FSTS(vtd.ecap_reg);
	host.qemu_intel = cmdline_get("hwi.iommu", text, sizeof(text)) && !strcmp(text, "qemu-intel");
	host.one_entry_caches = cmdline_get("hwi.caches", text, sizeof(text)) && !strcmp(text, "1");
}

struct engine *engine_get(unsigned int i)
{
	struct engine *e = &engines[i];

	want(i < engine_count(), "engine %u: only %u are bound to vfio-pci", i, engine_count());
	if (e->dev.fd < 0) {
		iommufd_open();
		vfio_open(&e->dev, bdfs[i], NULL);
		engine_identify(e);
		learn_host(e, i);
	}
	return e;
}

void engine_close(unsigned int i)
{
	vfio_close(&engines[i].dev);
}

void env_end_step(bool failed)
{
	for (unsigned int i = 0; i < MAX_ENGINES; i++) {
		struct engine *e = &engines[i];

		if (e->dev.fd < 0)
			continue;
		if (e->dev.bar0)
			engine_reset(e);
		if (failed)
			vfio_close(&e->dev);
		else
			vfio_release(&e->dev);
	}
	if (failed)
		iommufd_close();
	else
		iommufd_release_all();
	mem_release_all();
}

static bool is_mode(const char *mode)
{
	char text[32];

	return cmdline_get("hwi.mode", text, sizeof(text)) && !strcmp(text, mode);
}

/* Only what this mode of this IOMMU cannot have is skipped. */
static void lacks(const char *what)
{
	if (host.scalable && !host.qemu_intel && !is_mode("legacy"))
		fail("%s is missing, CAP %#llx ECAP %#llx", what, (unsigned long long)host.cap,
		     (unsigned long long)host.ecap);
	if (host.qemu_intel)
		skip("QEMU's intel-iommu has no %s", what);
	skip("legacy mode has no %s", what);
}

void need_scalable(const char *what)
{
	if (!host.scalable)
		lacks(what);
}

void need_nesting(void)
{
	if (!host.scalable || !ECAP_NEST(host.ecap))
		lacks("nested translation");
}

unsigned int pasid_bits(struct engine *e)
{
	return max_pasid_bits[e - engines];
}

void need_pasid(struct engine *e)
{
	if (!host.scalable || !pasid_bits(e) || !(er32(e, HWDMA_STATUS) & HWDMA_STATUS_PASID))
		lacks("PASID");
}

void need_pri(struct engine *e)
{
	if (!host.scalable || !(er32(e, HWDMA_STATUS) & HWDMA_STATUS_PRI))
		lacks("page requests");
}

void need_ats(struct engine *e)
{
	if (er32(e, HWDMA_STATUS) & HWDMA_STATUS_ATS)
		return;
	if (host.qemu_intel)
		skip("QEMU's intel-iommu has ATS off");
	fail("ATS is not enabled on %s: STATUS %#x, ECAP %#llx", e->dev.bdf, er32(e, HWDMA_STATUS),
	     (unsigned long long)host.ecap);
}

void expect_fault(void)
{
	faults_drain();
	faults_room(1);
}

/*
 * Reasons of VT-d 5.10 §7.1. In scalable mode a plain domain is first stage or second stage, as the driver chose.
 */
static bool reason_fits(unsigned int reason, enum why why, bool write)
{
	switch (why) {
	case NOT_MAPPED:
		if (!host.scalable)			/* LGN.2, LGN.3 */
			return reason == (write ? 0x05 : 0x06);
		if (host.first_stage)			/* SFS.2 */
			return reason == 0x71;
		return reason == 0x79;			/* SSS.2 */
	case NO_WRITE:
		return reason == (host.scalable ? 0x85 : 0x05);	/* SGN.6, LGN.2 */
	case NO_CONTEXT:
		return reason == (host.scalable ? 0x59 : 0x02);	/* SPT.2, LCT.2 */
	case PASID_ENTRY:
		return reason == 0x59 || reason == 0x51;	/* SPT.2, SPD.2 */
	case S1_NOT_PRESENT:
		return reason == 0x71;
	case S2_NOT_PRESENT:
		return reason == 0x79;
	}
	return false;
}

const char *got_fault(struct engine *e, bool write, uint32_t pasid, uint64_t addr, enum why why)
{
	static char text[2][32];
	static unsigned int turn;
	struct fault f, more;

	turn ^= 1;
	if (!fault_next(&f, 1000)) {
		/* QEMU's own device records no missing right if the translation was cached. */
		want(host.qemu_intel, "no fault record for %#llx in the kernel's log", (unsigned long long)addr);
		snprintf(text[turn], sizeof(text[0]), "not recorded");
		return text[turn];
	}
	want(!strcmp(f.bdf, e->dev.bdf), "fault record of %s, expected %s", f.bdf, e->dev.bdf);
	want(f.addr == (addr & ~0xfffull), "fault record for address %#llx, expected %#llx", (unsigned long long)f.addr,
	     (unsigned long long)(addr & ~0xfffull));
	want(f.write == write, "fault record of a %s, expected a %s", f.write ? "write" : "read",
	     write ? "write" : "read");
	/* It also says PASID 0 of requests without, and has legacy codes in scalable mode. */
	want(f.pasid == pasid || (host.qemu_intel && !f.pasid), "fault record with PASID %#x, expected %#x", f.pasid,
	     pasid);
	want(reason_fits(f.reason, why, write) || host.qemu_intel, "fault reason %#x", f.reason);
	want(!fault_next(&more, 20), "a second fault record: %s %#llx, reason %#x", more.write ? "write" : "read",
	     (unsigned long long)more.addr, more.reason);
	snprintf(text[turn], sizeof(text[0]), "recorded with reason %#x", f.reason);
	return text[turn];
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
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

static void learn_engine(struct engine *e, unsigned int i)
{
	struct iommu_hw_info info;
	char any[64];

	hw_info(e->dev.id, IOMMU_HW_INFO_TYPE_DEFAULT, &info, any, sizeof(any));
	want(info.out_data_type == family->info_type, "the IOMMU of %s is of type %u, not %s", e->dev.bdf,
	     info.out_data_type, family->name);
	max_pasid_bits[i] = info.out_max_pasid_log2;
	if (!i)
		family->learn(e);
}

struct engine *engine_get(unsigned int i)
{
	struct engine *e = &engines[i];

	want(i < engine_count(), "engine %u: only %u are bound to vfio-pci", i, engine_count());
	if (e->dev.fd < 0) {
		iommufd_open();
		vfio_open(&e->dev, bdfs[i], NULL);
		engine_identify(e);
		learn_engine(e, i);
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
	mem_release_devices();
	if (failed)
		iommufd_close();
	else
		iommufd_release_all();
	mem_release_all();
}

void need(struct engine *e, enum feature what)
{
	if (!family->has(e, what))
		family->lacks(what);
}

void need_nesting(void)
{
	need(engine_get(0), NESTING);
}

unsigned int pasid_bits(struct engine *e)
{
	return max_pasid_bits[e - engines];
}

void need_pasid(struct engine *e)
{
	need(e, PASIDS);
}

void need_pri(struct engine *e)
{
	need(e, PAGE_REQUESTS);
}

void need_ats(struct engine *e)
{
	need(e, ATS);
}

void expect_fault(void)
{
	faults_drain();
	faults_room(1);
}

const char *got_fault(struct engine *e, bool write, uint32_t pasid, uint64_t addr, enum why why)
{
	const struct refused r = { .e = e, .write = write, .pasid = pasid, .addr = addr, .why = why };
	const char *silent = family->silent(&r);
	static char text[2][64];
	static unsigned int turn;
	struct fault f, more;

	turn ^= 1;
	if (!fault_next(&f, 1000)) {
		want(silent, "no fault record for %#llx in the kernel's log", (unsigned long long)addr);
		return silent;
	}
	want(!strcmp(f.bdf, e->dev.bdf), "fault record of %s, expected %s", f.bdf, e->dev.bdf);
	family->check_fault(&f, &r, text[turn], sizeof(text[0]));
	if (!host.model && family->others_repeat)
		return text[turn];
	want(!fault_next(&more, 20), "a second fault record: %s %#llx, reason %#x", more.write ? "write" : "read",
	     (unsigned long long)more.addr, more.reason);
	return text[turn];
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <linux/iommufd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "env.h"
#include "family.h"
#include "iommufd.h"
#include "smmuv3/smmuv3.h"

struct smmuv3 smmuv3;

static void learn(struct engine *e)
{
	struct iommu_hw_info_arm_smmuv3 hw;
	struct iommu_hw_info info;
	char text[8];

	hw_info(e->dev.id, IOMMU_HW_INFO_TYPE_ARM_SMMUV3, &info, &hw, sizeof(hw));
	memcpy(smmuv3.idr, hw.idr, sizeof(smmuv3.idr));
	smmuv3.iidr = hw.iidr;
	smmuv3.aidr = hw.aidr;
	smmuv3.cmdqv = cmdline_get("hwi.cmdqv", text, sizeof(text)) && !strcmp(text, "on");
}

uint32_t smmuv3_sid(const struct vfio_dev *d)
{
	unsigned int domain, bus, dev, fn;

	want(sscanf(d->bdf, "%x:%x:%x.%x", &domain, &bus, &dev, &fn) == 4, "address %s", d->bdf);
	return bus << 8 | dev << 3 | fn;
}

/* By ACPI only functions of which there is this to say have a device of firmware's; sysfs does not show its properties. */
bool smmuv3_can_stall(const struct vfio_dev *d)
{
	static const char *const files[] = { "of_node/dma-can-stall", "firmware_node" };
	char path[128];

	for (unsigned int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", d->bdf, files[i]);
		if (!access(path, F_OK))
			return IDR0_STALL_MODEL(smmuv3.idr[0]) != 1;
	}
	return false;
}

static bool has(struct engine *e, enum feature what)
{
	switch (what) {
	case NESTING:		/* the driver also wants memory types that a guest cannot override */
		return IDR0_S1P(smmuv3.idr[0]) && IDR0_S2P(smmuv3.idr[0]) && IDR3_FWB(smmuv3.idr[3]);
	case PASIDS:
		return pasid_bits(e) && er32(e, HWDMA_STATUS) & HWDMA_STATUS_PASID;
	case PAGE_REQUESTS:
		return false;
	case STALLS:
		return smmuv3_can_stall(&e->dev);
	case ATS:
		return er32(e, HWDMA_STATUS) & HWDMA_STATUS_ATS;
	case DIRTY_TRACKING:
		return IDR0_HTTU(smmuv3.idr[0]) >= 2 && IDR0_COHACC(smmuv3.idr[0]);
	}
	return false;
}

static void __attribute__((noreturn)) lacks(enum feature what)
{
	if (what == PAGE_REQUESTS)
		skip("the arm-smmu-v3 driver leaves PRI off");
	if (!host.model)
		skip("QEMU's smmuv3 has no %s", feature_name(what));
	if (what == STALLS && IDR0_STALL_MODEL(smmuv3.idr[0]) != 1)
		skip("the firmware does not say of the engine that it can stall (no dma-can-stall)");
	fail("%s is missing, IDR0 %#x IDR1 %#x IDR3 %#x IDR5 %#x", feature_name(what), smmuv3.idr[0], smmuv3.idr[1],
	     smmuv3.idr[3], smmuv3.idr[5]);
}

/*
 * An event is several lines: "event 0x10 received:", four with a word of the record each, "event: NAME client: BDF ...".
 * The driver asks its rate limit once for all of them.
 */
static struct heard listen(const char *line, struct fault *f)
{
	static unsigned int words = 4;
	const char *p = strstr(line, "arm-smmu-v3 ");
	unsigned long long word;

	if (!p || !(p = strstr(p, ": ")))
		return (struct heard){ 0 };
	p += 2;
	if (sscanf(p, "event 0x%x received", &f->reason) == 1) {
		words = 0;
		return (struct heard){ .cost = 1 };
	}
	if (words < 4 && (sscanf(p, "\\x090x%llx", &word) == 1 || sscanf(p, "\t0x%llx", &word) == 1)) {
		f->record[words++] = word;
		return (struct heard){ 0 };
	}
	if (words != 4 || sscanf(p, "event: %*s client: %15s", f->bdf) != 1)
		return (struct heard){ 0 };
	f->write = !(f->record[1] >> 35 & 1);
	f->addr = f->record[2];
	f->pasid = f->record[0] >> 11 & 1 ? f->record[0] >> 12 & 0xfffff : NO_PASID;
	return (struct heard){ .fault = true };
}

static void check_fault(const struct fault *f, const struct refused *r, char *text, size_t size)
{
	static const unsigned int codes[] = {
		[NOT_MAPPED] = F_TRANSLATION, [NO_WRITE] = F_PERMISSION, [NO_PASID_ENTRY] = C_BAD_CD,
		[S1_NOT_PRESENT] = F_TRANSLATION, [S2_NOT_PRESENT] = F_TRANSLATION,
	};
	const struct event e = {
		.code = codes[r->why], .sid = smmuv3_sid(&r->e->dev), .pasid = r->pasid, .write = r->write,
		.stall = r->why != NO_PASID_ENTRY && smmuv3_can_stall(&r->e->dev), .s2 = r->why == S2_NOT_PRESENT,
		.class = CLASS_IN, .addr = r->addr, .ipa = f->record[3],
	};

	want_event(f->record, &e);
	snprintf(text, size, "recorded as event %#x, field by field", f->reason);
}

static const char *silent(const struct refused *r)
{
	(void)r;
	return NULL;
}

static const struct known_bug known_bugs[] = {
	/*
	 * Linux 7.3: iommufd_veventq_alloc() writes to user memory with veventqs_rwsem held. A fault there, on a BAR
	 * of vfio-pci, wants locks that vfio-pci holds while it allocates MSIs, the ITS's driver takes the group's
	 * mutex for that, attaching takes streams_mutex under it - and the thread that reports events holds
	 * streams_mutex when it takes veventqs_rwsem.
	 */
	{ "possible circular locking dependency",
	  { "(&viommu->veventqs_rwsem)", "(&smmu->streams_mutex)", "at: arm_smmu_handle_event+" },
	  "veventqs_rwsem and streams_mutex of arm-smmu-v3 are taken in either order" },
	{ NULL, { NULL }, NULL },
};

const struct family smmuv3_family = {
	.name = "SMMUv3",
	.iommus = { "smmuv3", "qemu-smmuv3" },
	.info_type = IOMMU_HW_INFO_TYPE_ARM_SMMUV3,
	.msi_chip = "ITS-PCI-MSI",
	.complaints = {
		"CMDQ error", "CMDQ timeout", "CMD_SYNC timeout", "EVTQ overflow", "PRIQ overflow",
		"unexpected global error", "unexpected PRI request",
	},
	.known_bugs = known_bugs,
	.fault_cost = 1,
	/*
	 * arm_smmu_iotlb_sync() of Linux 7.3 returns at once if gather->pgsize is 0, and the ranges that
	 * iommu_dirty_bitmap_record() gathers have none: no TLBI follows when a descriptor is made writable-clean, and
	 * writes through an entry cached as writable-dirty do not make it dirty again (Arm IHI 0070 §3.13.4). The step
	 * dirty-tracking-stale shows it.
	 */
	.keeps_dirty = true,
	.others_repeat = true,
	.learn = learn,
	.has = has,
	.lacks = lacks,
	.listen = listen,
	.check_fault = check_fault,
	.silent = silent,
};

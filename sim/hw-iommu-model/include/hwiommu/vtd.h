/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hwiommu - Intel VT-d remapping hardware units, architecture revision 5.10.
 */
#ifndef HWIOMMU_VTD_H
#define HWIOMMU_VTD_H

#include "hwiommu.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct hwi_vtd_caches - capacities in entries; 0 is without limit
 * @context: context cache
 * @pasid: PASID cache
 * @first_stage: paging-structure cache of first-stage tables (also the combined
 *	ones of nested translation)
 * @second_stage: paging-structure cache of second-stage tables, and of guest
 *	physical addresses under nested translation
 * @iotlb: IOTLB
 * @interrupt: interrupt entry cache
 *
 * Without limit means that an entry stays until it is invalidated. (The model
 * reserves address space for %HWI_VTD_CACHE_LIMIT entries a cache and commits
 * memory as they are used; only beyond that does it evict.)
 */
struct hwi_vtd_caches {
	uint32_t context;
	uint32_t pasid;
	uint32_t first_stage;
	uint32_t second_stage;
	uint32_t iotlb;
	uint32_t interrupt;
};

#define HWI_VTD_CACHE_LIMIT (1u << 22)

/* A capacity: the unit has no such cache, each look-up goes to memory. */
#define HWI_VTD_CACHE_NONE UINT32_MAX

/**
 * struct hwi_vtd_config - what a unit is
 * @ver_major: VER_REG.MAX; selects the behaviours that the specification ties
 *	to it
 * @ver_minor: VER_REG.MIN
 * @haw: host address width in bits, 32..52
 * @cap: value of CAP_REG
 * @ecap: value of ECAP_REG
 * @regs_log2: log2 of the size of the register space, 12..16
 * @caches: capacities
 * @negative_caching: with CAP.CM=1, cache not-present and faulting entries as
 *	§6.1 allows (a unit with CM=0 never does). Of these, PASID entries and
 *	legacy context entries are of domain 0, which software must not use itself
 *	(§6.2.2.1, §6.2.3.1): an invalidation by domain has to name domain 0.
 *	Linux 7.3 does that for context entries, but for a PASID entry that
 *	becomes present it names the entry's new domain (pasid_flush_caches()), as
 *	is enough for units that only pretend to cache: under this option a
 *	function that did DMA before it was attached goes on faulting with 59h.
 * @compress_faults: drop a fault if a pending record has the same source-id,
 *	which §7.2.1 allows
 */
struct hwi_vtd_config {
	uint8_t ver_major;
	uint8_t ver_minor;
	uint8_t haw;
	uint8_t regs_log2;
	uint64_t cap;
	uint64_t ecap;
	struct hwi_vtd_caches caches;
	bool negative_caching;
	bool compress_faults;
};

/**
 * hwi_vtd_config_init() - everything that the model implements
 * @cfg: filled: version 6.0, 52-bit host addresses, legacy and scalable mode,
 *	first stage 4 and 5 levels, second stage 3 to 5 levels, nesting, PASID of
 *	20 bits, ATS, PRI, interrupt remapping with x2APIC and posting, 8 fault
 *	records, caches without limit; CM=0
 */
void hwi_vtd_config_init(struct hwi_vtd_config *cfg);

/**
 * hwi_vtd_config_check() - find what is wrong with a configuration
 * @cfg: the configuration
 * @why: set to a constant string that names the field and the rule (with its
 *	section) if something is wrong, else to NULL; may be NULL
 *
 * Refuses what the capability registers' dependencies forbid (VT-d 5.10
 * §11.4.2, §11.4.3) and capabilities that the model does not implement.
 *
 * Return: %HWI_OK or %HWI_ECONFIG.
 */
enum hwi_status hwi_vtd_config_check(const struct hwi_vtd_config *cfg,
				     const char **why);

/**
 * hwi_vtd_create() - make a unit
 * @cfg: configuration; copied
 * @ops: callbacks; the structure must outlive the unit
 * @opaque: first argument of every callback
 * @unit: set to the new unit, in cold reset state; the caller frees it with
 *	hwi_destroy()
 *
 * Return: %HWI_OK, %HWI_EINVAL (a required callback is missing), %HWI_ECONFIG or
 * %HWI_ENOMEM.
 */
enum hwi_status hwi_vtd_create(const struct hwi_vtd_config *cfg,
			       const struct hwi_host_ops *ops, void *opaque,
			       struct hwi_unit **unit);

#ifdef __cplusplus
}
#endif

#endif

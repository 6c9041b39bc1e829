/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hwiommu - Arm SMMUv3 units, architecture 3.2, Non-secure, AArch64 tables
 * (Arm IHI 0070), with the Tegra241 CMDQV extension as an option.
 */
#ifndef HWIOMMU_SMMUV3_H
#define HWIOMMU_SMMUV3_H

#include "hwiommu.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct hwi_smmuv3_caches - capacities in entries; 0 is without limit
 * @l1std: level 1 stream table descriptors
 * @ste: stream table entries
 * @l1cd: level 1 context descriptors
 * @cd: context descriptors
 * @tlb: finished translations of transactions, of whatever stages
 * @walk_s1: stage 1 table descriptors (under nested translation their tables'
 *	physical addresses: combined entries)
 * @walk_s2: stage 2 table descriptors
 * @ipa: stage 2 translations of what is fetched: CDs and stage 1 tables
 *
 * Without limit means that an entry stays until it is invalidated. (The model
 * reserves address space for %HWI_SMMUV3_CACHE_LIMIT entries a cache and commits
 * memory as they are used; only beyond that does it evict.)
 */
struct hwi_smmuv3_caches {
	uint32_t l1std;
	uint32_t ste;
	uint32_t l1cd;
	uint32_t cd;
	uint32_t tlb;
	uint32_t walk_s1;
	uint32_t walk_s2;
	uint32_t ipa;
};

#define HWI_SMMUV3_CACHE_LIMIT (1u << 22)

/* A capacity: the unit has no such cache, each look-up goes to memory. */
#define HWI_SMMUV3_CACHE_NONE UINT32_MAX

/*
 * Wired interrupt outputs (hwi_host_ops.irq), all of them edges (SMMUv3 §3.18).
 */
#define HWI_SMMUV3_IRQ_EVENTQ 0u
#define HWI_SMMUV3_IRQ_PRIQ 1u
#define HWI_SMMUV3_IRQ_CMD_SYNC 2u
#define HWI_SMMUV3_IRQ_GERROR 3u
#define HWI_SMMUV3_IRQ_CMDQV 4u
#define HWI_SMMUV3_IRQS 5u

/**
 * struct hwi_smmuv3_cmdqv - the Tegra241 CMDQV extension
 * @present: whether the unit has one
 * @vcmdqs_log2: PARAM.NUM_VCMDQ_LOG2, 0..7
 * @vintfs_log2: PARAM.NUM_VINTF_LOG2, 0..6, at most @vcmdqs_log2
 * @sids_log2: PARAM.NUM_SID_PER_VINTF_LOG2, 0..4
 */
struct hwi_smmuv3_cmdqv {
	bool present;
	uint8_t vcmdqs_log2;
	uint8_t vintfs_log2;
	uint8_t sids_log2;
};

/*
 * Places in the offset space of hwi_mmio_read() and hwi_mmio_write(): the two
 * register pages, and, of a unit that has it, the CMDQV aperture.
 */
#define HWI_SMMUV3_REGS_OFFSET UINT64_C(0)
#define HWI_SMMUV3_REGS_SIZE UINT64_C(0x20000)
#define HWI_SMMUV3_CMDQV_OFFSET UINT64_C(0x1000000)
#define HWI_SMMUV3_CMDQV_SIZE UINT64_C(0x830000)

/**
 * struct hwi_smmuv3_config - what a unit is
 * @idr0, @idr1, @idr3, @idr5: values of the identification registers
 * @iidr, @aidr: the same; @aidr selects the behaviours that the specification
 *	ties to the version (the model has 0x02: SMMUv3.2)
 * @gbpa: reset value of GBPA, without Update
 * @caches: capacities
 * @cmdqv: the CMDQV extension
 * @merge_events: an event is merged into the youngest record of the event queue if that
 *	one is like it, not read yet, and neither forbids it by STE.MEV=0 (§7.3.1); else,
 *	which is as good, each event has a record
 *
 * IDR2 and IDR4 read 0: there is no VATOS page and nothing implementation defined.
 */
struct hwi_smmuv3_config {
	uint32_t idr0, idr1, idr3, idr5;
	uint32_t iidr, aidr;
	uint32_t gbpa;
	struct hwi_smmuv3_caches caches;
	struct hwi_smmuv3_cmdqv cmdqv;
	bool merge_events;
};

/**
 * hwi_smmuv3_config_init() - everything that the model implements
 * @cfg: filled: SMMUv3.2 with both stages, StreamIDs of 16 bits (two-level
 *	tables too), SubstreamIDs of 20 bits, granules 4K, 16K and 64K, 48-bit
 *	addresses (52-bit ones with 64K), HTTU of access flag and dirty state,
 *	ATS and PRI, stalls, MSIs, 16-bit ASIDs and VMIDs, caches without limit;
 *	no CMDQV
 */
void hwi_smmuv3_config_init(struct hwi_smmuv3_config *cfg);

/**
 * hwi_smmuv3_config_check() - find what is wrong with a configuration
 * @cfg: the configuration
 * @why: set to a constant string that names the field and the rule (with its
 *	section) if something is wrong, else to NULL; may be NULL
 *
 * Refuses what the identification registers' dependencies forbid (SMMUv3 §6.3.1
 * to §6.3.6) and features that the model does not implement.
 *
 * Return: %HWI_OK or %HWI_ECONFIG.
 */
enum hwi_status hwi_smmuv3_config_check(const struct hwi_smmuv3_config *cfg, const char **why);

/**
 * hwi_smmuv3_create() - make a unit
 * @cfg: configuration; copied
 * @ops: callbacks; the structure must outlive the unit
 * @opaque: first argument of every callback
 * @unit: set to the new unit, in reset state; the caller frees it with
 *	hwi_destroy()
 *
 * Registers that the specification leaves UNKNOWN at reset read 0. hwi_reset()
 * also empties the caches (§3.11 allows anything there), whether @cold or not, and
 * ends stalled requests with %HWI_RESUME_ABORT.
 *
 * Return: %HWI_OK, %HWI_EINVAL (a required callback is missing), %HWI_ECONFIG or
 * %HWI_ENOMEM.
 */
enum hwi_status hwi_smmuv3_create(const struct hwi_smmuv3_config *cfg,
				  const struct hwi_host_ops *ops, void *opaque,
				  struct hwi_unit **unit);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An SMMUv3 unit from the inside: its state, and what its parts offer each other.
 *
 *	config.c	identification registers' rules, creation, derived limits
 *	regs.c		register file, guards, handshakes	(§6)
 *	gerror.c	global errors				(§7.5)
 *	irq.c		wired interrupts and MSIs		(§3.18)
 *	ring.c		queues in memory			(§3.5)
 *	cmdq.c		the command queue, its errors		(§4.1, §7.1)
 *	command.c	what each command does			(§4)
 *	sync.c		CMD_SYNC				(§4.7.3)
 *	atcinv.c	outstanding CMD_ATC_INV			(§4.5)
 *	event.c		event records				(§7.2, §7.3)
 *	stall.c		stalled transactions			(§3.12)
 *	pri.c		page requests and their queue		(§8)
 *	cmdqv.c		VINTFs and VCMDQs			(Tegra241 CMDQV)
 *	state.c		save and restore
 *	describe.c	the configuration as text
 *
 *	stream.c	stream table, STE			(§3.3, §5.2)
 *	context.c	context descriptors			(§5.3, §5.4)
 *	regime.c	a stream's translation regime, decoded
 *	translate.c	the flow of a transaction		(§7.3.22)
 *	walk_s1.c walk_s2.c walk_nested.c			(§3.4, VMSAv8-64)
 *	ats.c		translation requests, translated ones	(§3.9)
 *	caches.c	what is cached, and tagged how		(§3.17, §3.21)
 *	invalidate.c	what an invalidation removes		(§4.3, §4.4)
 *
 * The first half belongs to "control", the second to "translation"; each keeps its
 * state in a structure of its own (control.h, caches.h).
 */
#ifndef HWI_SMMUV3_INTERNAL_H
#define HWI_SMMUV3_INTERNAL_H

#include "../core/cache.h"
#include "../core/mem.h"
#include "../core/unit.h"
#include "hwiommu/smmuv3.h"
#include "hwiommu/smmuv3/commands.h"
#include "hwiommu/smmuv3/context.h"
#include "hwiommu/smmuv3/events.h"
#include "hwiommu/smmuv3/regs.h"
#include "hwiommu/smmuv3/stream.h"

/* Limits that follow from the configuration; computed once (config.c). */
struct smmu_limits {
	uint8_t oas;	    /* output address size in bits */
	uint8_t ias;	    /* intermediate: the same, without AArch32 tables (§3.4) */
	uint8_t sid_bits;
	uint8_t ssid_bits;
	bool s1, s2;
	bool hyp;
	bool stall;	    /* STALL_MODEL is not 01, and the machine can hold requests */
	bool httu_af, httu_dirty;
	bool gran4k, gran16k, gran64k;
	bool va52;	    /* IDR5.VAX: 52-bit input addresses with 64K */
	uint64_t oas_mask;  /* bits OAS-1:0 */
	uint32_t sid_mask;
};

/* Values that translation works with: effective as of their last Update. */
struct smmu_effective {
	bool smmuen;
	bool atschk;
	bool e2h;	      /* CR2.E2H */
	bool recinvsid;
	bool rec_cfg_ats;
	uint8_t vmw;	      /* VMID bits that invalidation ignores: 0..4 */
	uint32_t gbpa;
	bool strtab_two_level;
	uint8_t strtab_split;    /* 6, 8, 10 */
	uint8_t strtab_log2size; /* min(LOG2SIZE, SIDSIZE) */
	uint64_t strtab_base;    /* aligned as §6.3.24 says */
};

struct smmu_control; /* control.h */
struct smmu_caches;  /* caches.h */

struct smmu_unit {
	struct hwi_unit base;
	struct hwi_smmuv3_config cfg;
	struct smmu_limits lim;
	struct smmu_effective eff;
	struct smmu_control *ctl;
	struct smmu_caches *tc;
};

static inline struct smmu_unit *to_smmu(struct hwi_unit *unit)
{
	return (struct smmu_unit *)(void *)unit; /* base is the first member */
}

/* ---- control, for translation ---------------------------------------------- */

/*
 * What goes into an event record (§7.3); fields that a code does not have are
 * not looked at.
 */
struct smmu_event {
	uint8_t code;	     /* SMMU_EVT_x */
	uint32_t sid;
	uint32_t ssid;	     /* HWI_PASID_NONE: SSV=0 */
	bool pnu, ind, rnw;
	bool s2;
	uint8_t class;	     /* SMMU_EV_CLASS_x */
	bool ttrnw;
	uint64_t input_addr;
	uint64_t ipa;
	uint64_t fetch_addr;
	uint16_t reason;
	bool may_merge;	     /* STE.MEV, or one of the codes that need none (§7.3.1) */
	/* F_BAD_ATS_TREQ */
	bool ats_priv, ats_exec, ats_no_write;
};

/*
 * Offer an event that does not stall (§7.2). True if it was offered to software:
 * the queue is enabled; a full queue counts, as does a merged record.
 */
bool smmu_event_record(struct smmu_unit *s, const struct smmu_event *ev);

/*
 * A fault that stalls its transaction: a record with a new STAG. Returns what goes
 * into hwi_response.stall: the STAG, or HWI_STALL_HELD if no record can be made now.
 */
uint64_t smmu_event_stall(struct smmu_unit *s, const struct smmu_event *ev);

/* ---- translation, for control ---------------------------------------------- */

enum hwi_status smmu_caches_init(struct smmu_unit *s); /* sets s->tc */
void smmu_caches_free(struct smmu_unit *s);
void smmu_caches_drop(struct smmu_unit *s); /* reset: everything goes */

/* State, as state.c writes it: the caches in a fixed order, and a check of untrusted entries. */
#define SMMU_CACHES 8u
struct hwi_cache *smmu_cache(const struct smmu_unit *s, unsigned int n);
bool smmu_cache_entry_ok(const struct smmu_unit *s, unsigned int n, const struct hwi_cache_entry *e);
/* s->eff or the tables behind it were replaced: forget decoded copies (not the caches). */
void smmu_forget_decoded(struct smmu_unit *s);

/* Configuration (§4.3). @leaf: leave L1STDs, L1CDs alone. @ssid: CD index. */
void smmu_inv_ste(struct smmu_unit *s, uint32_t sid, bool leaf);
void smmu_inv_ste_range(struct smmu_unit *s, uint32_t sid, unsigned int sids_log2); /* at most 31 */
void smmu_inv_config_all(struct smmu_unit *s);
void smmu_inv_cd(struct smmu_unit *s, uint32_t sid, uint32_t ssid, bool leaf);
void smmu_inv_cd_all(struct smmu_unit *s, uint32_t sid);

/* Translation regimes (§3.3, STE.STRW). */
enum smmu_regime {
	SMMU_REGIME_EL1,     /* NS-EL1 */
	SMMU_REGIME_EL2,     /* NS-EL2: one address range, no ASID */
	SMMU_REGIME_EL2_E2H, /* NS-EL2-E2H */
};

/*
 * TLB invalidations (§4.4, fact sheet 7.4): exactly what the command must remove.
 * VMIDs are compared under eff.vmw. A range: @bytes from @addr, 0 for the one
 * address (any entry that contains it); @granule_log2 and @ttl as the command gives
 * them (0: none; no TTL without a granule, none that the granule has no leaves of), as
 * hints that need not narrow anything. @leaf: table descriptors stay.
 */
struct smmu_range {
	uint64_t addr;
	uint64_t bytes;
	uint8_t granule_log2;
	uint8_t ttl;
	bool leaf;
};

void smmu_inv_nh_all(struct smmu_unit *s, uint16_t vmid);
void smmu_inv_asid(struct smmu_unit *s, enum smmu_regime regime, uint16_t vmid, uint16_t asid);
void smmu_inv_va(struct smmu_unit *s, enum smmu_regime regime, uint16_t vmid, uint16_t asid,
		 const struct smmu_range *r);
void smmu_inv_vaa(struct smmu_unit *s, enum smmu_regime regime, uint16_t vmid,
		  const struct smmu_range *r);
void smmu_inv_el2_all(struct smmu_unit *s);
void smmu_inv_s12_vmall(struct smmu_unit *s, uint16_t vmid);
void smmu_inv_s2_ipa(struct smmu_unit *s, uint16_t vmid, const struct smmu_range *r);
void smmu_inv_nsnh_all(struct smmu_unit *s);

/*
 * The check of a stream before an automatic page request response (§8.1): whether
 * its STE can be used, and its PPAR. What it records, it records; @ssid: for that.
 */
bool smmu_stream_ppar(struct smmu_unit *s, uint32_t sid, uint32_t ssid, bool *ppar);

/* ---- entry points (struct hwi_unit_ops) ------------------------------------- */

void smmu_translate(struct hwi_unit *unit, const struct hwi_request *req,
		    struct hwi_response *resp);
void smmu_page_request(struct hwi_unit *unit, const struct hwi_page_request *req);
uint64_t smmu_mmio_read(struct hwi_unit *unit, uint64_t offset, unsigned int size);
void smmu_mmio_write(struct hwi_unit *unit, uint64_t offset, unsigned int size, uint64_t value);
uint64_t smmu_mmio_size(const struct hwi_unit *unit);
void smmu_reset(struct hwi_unit *unit, bool cold);
unsigned int smmu_step(struct hwi_unit *unit, unsigned int budget);
bool smmu_pending(const struct hwi_unit *unit);
void smmu_describe(const struct hwi_unit *unit, char *buf, size_t size);
void smmu_ats_complete(struct hwi_unit *unit, uint32_t requester, uint32_t itags,
		       unsigned int count);
void smmu_ats_timeout(struct hwi_unit *unit, uint32_t itags);
uint32_t smmu_ats_outstanding(const struct hwi_unit *unit);
size_t smmu_save_size(const struct hwi_unit *unit);
enum hwi_status smmu_save(const struct hwi_unit *unit, void *buf, size_t size);
enum hwi_status smmu_restore(struct hwi_unit *unit, const void *buf, size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A VT-d unit from the inside: its state, and what its parts offer each other.
 *
 *	config.c	configuration rules, creation, derived limits
 *	regs.c		register file, access rules		(§11)
 *	command.c	GCMD/GSTS handshakes			(§11.4.4)
 *	fault.c		fault recording, fault event		(§7)
 *	event.c		the three event-message blocks (FE, IE, PE)
 *	queue.c		invalidation queue, its errors		(§6.5.2)
 *	descriptor.c	decoding of descriptors			(§6.5.2.x)
 *	wait.c		invalidation wait, ITags, drain		(§6.5.2.10)
 *	regbased.c	CCMD, IVA, IOTLB registers		(§6.5.1)
 *	invalidate.c	what an invalidation removes		(§6.2, Tables 23-24)
 *	context.c	root and context entries		(§3.4, §9.1-9.4)
 *	pasid.c		PASID directory and table		(§3.4.3, §9.5-9.6)
 *	translate.c iotlb.h	entry conditions, IOTLB, outcome	(§4.2, §7.1)
 *	walk_fs.c walk_ss.c walk_nested.c			(§3.6-3.8)
 *	ats.c		completion of translation requests	(§4.2.3)
 *	page_request.c	page requests and their queue		(§7.4-7.10)
 *	interrupt.c post.c	interrupt remapping, posting	(§5)
 *	pmr.c		protected memory ranges			(§11.4.8)
 *	state.c		save and restore
 *	describe.c	the configuration as text
 */
#ifndef HWI_VTD_INTERNAL_H
#define HWI_VTD_INTERNAL_H

#include "../core/cache.h"
#include "../core/mem.h"
#include "../core/unit.h"
#include "../formats/pt.h"
#include "hwiommu/vtd.h"
#include "hwiommu/vtd/descriptors.h"
#include "hwiommu/vtd/entries.h"
#include "hwiommu/vtd/faults.h"
#include "hwiommu/vtd/regs.h"

#define VTD_MAX_FRCD 256u
#define VTD_ITAGS 32u

/* Limits that follow from the configuration; computed once. */
struct vtd_limits {
	uint64_t haw_rsvd;   /* bits 63:HAW */
	uint64_t haw_mask;   /* bits HAW-1:0 */
	uint64_t mgaw_mask;  /* bits MGAW-1:0 */
	uint64_t frcd_fi_mask; /* FI bits that exist: below the largest AGAW */
	uint32_t did_mask;   /* domain-id bits that exist */
	uint32_t pasid_max;  /* largest PASID by PSS */
	uint8_t mgaw;	     /* in bits */
	uint8_t haw;
	uint8_t pt_level;    /* of the largest page that a leaf of either stage can map */
	unsigned int frcds;  /* number of fault records */
	uint32_t frcd_off;   /* register offsets */
	uint32_t iva_off;
};

/* One of the event-message register blocks: FECTL.., IECTL.., PECTL... */
struct vtd_event_block {
	uint32_t ctl; /* IM, IP */
	uint32_t data;
	uint32_t addr;
	uint32_t uaddr;
};

struct vtd_frcd {
	uint64_t lo;
	uint64_t hi;
};

/* An outstanding device-TLB invalidation (§6.5.2.5). */
struct vtd_itag {
	bool busy;
	uint16_t sid;
	uint8_t completions; /* seen so far */
};

/* A wait descriptor that was fetched and has not completed (§6.5.2.10). */
struct vtd_wait {
	bool busy;
	bool drain; /* in-flight requests have to be drained first */
	uint64_t q0;
	uint64_t q1;
	uint32_t itags; /* device-TLB invalidations that it still waits for */
};

struct vtd_regs {
	uint32_t gsts;
	uint64_t rtaddr;  /* as written */
	uint64_t ccmd;
	uint32_t fsts;
	struct vtd_event_block fe, ie, pe;
	uint32_t pmen, plmbase, plmlimit;
	uint64_t phmbase, phmlimit;
	uint64_t iqh, iqt, iqa;
	uint32_t ics;
	uint64_t iqercd;
	uint64_t irta;	  /* as written */
	uint64_t pqh, pqt, pqa;
	uint32_t prs;
	uint64_t iva, iotlb;
	struct vtd_frcd frcd[VTD_MAX_FRCD];
	uint32_t frcd_next;
};

/* What SRTP and SIRTP latched: what the hardware works with (§11.4.5, §11.4.10). */
struct vtd_latched {
	uint64_t rtaddr;
	uint64_t irta;
};

struct vtd_unit {
	struct hwi_unit base;
	struct hwi_vtd_config cfg;
	struct vtd_limits lim;
	struct vtd_regs regs;
	struct vtd_latched active;

	struct hwi_cache context;
	struct hwi_cache pasid;
	struct hwi_cache fs;
	struct hwi_cache ss;
	struct hwi_cache iotlb;
	struct hwi_cache iec;

	/* Paging-entry rules by RTADDR.SSIRWE and PE.SSADE, and by PE.EAFE. */
	struct hwi_pt_rules ss_rules[2][2];
	struct hwi_pt_rules fs_rules[2];
	struct vtd_path_memo *memo; /* decoded entries of the last requesters */

	struct vtd_itag itag[VTD_ITAGS];
	struct vtd_wait wait;
	uint32_t itags_since_wait; /* sent since the previous wait */
	bool drain_owed;	   /* an invalidation since the previous wait drains */
	bool stalled; /* the next descriptor waits for an ITag or for the wait before it */
	bool drain_refused; /* the machine said: not yet; it steps us when they are through */
	uint32_t commands;	   /* VTD_CMD_*: commands that wait for a drain */
};

/* Commands that show as done only when in-flight requests are drained (§6.5.4, §6.5.5). */
#define VTD_CMD_TE_ON HWI_BIT32(0)
#define VTD_CMD_TE_OFF HWI_BIT32(1)
#define VTD_CMD_EPM HWI_BIT32(2)
#define VTD_CMD_IVT HWI_BIT32(3)
#define VTD_CMD_IRE_ON HWI_BIT32(4)
#define VTD_CMD_ALL HWI_MASK32(4, 0)

static inline struct vtd_unit *to_vtd(struct hwi_unit *unit)
{
	return (struct vtd_unit *)(void *)unit; /* base is the first member */
}

static inline bool vtd_has_cap(const struct vtd_unit *v, uint64_t mask)
{
	return (v->cfg.cap & mask) != 0;
}

static inline bool vtd_has_ecap(const struct vtd_unit *v, uint64_t mask)
{
	return (v->cfg.ecap & mask) != 0;
}

/* A gate of the spec headers (VTD_GATE_x) for this unit. */
#define VTD_HAS(v, gate) \
	VTD_GATE_##gate(HWI_PUT32(VTD_VER_MAJOR, (v)->cfg.ver_major), (v)->cfg.cap, (v)->cfg.ecap)

static inline uint64_t vtd_ttm(const struct vtd_unit *v)
{
	return HWI_GET(VTD_RTADDR_TTM, v->active.rtaddr);
}

/*
 * How a fault condition is answered and recorded; one row of the tables of §7.1.3,
 * made from VTD_FAULT_CONDITIONS in fault_table.c.
 */
struct vtd_fault_info {
	uint8_t code;	   /* fault reason */
	bool qualified;	   /* FPD suppresses the record */
	uint8_t on_untranslated, on_translation, on_translated, on_page_request;
};

const struct vtd_fault_info *vtd_fault_info(enum vtd_fault_cond cond);

/* The four request types of a fault record, {T1,T2} (§11.4.7.6). */
enum vtd_fault_type {
	VTD_FT_WRITE,
	VTD_FT_PAGE_REQUEST,
	VTD_FT_READ,
	VTD_FT_ATOMIC,
};

/* What goes into a fault record. */
struct vtd_fault {
	enum vtd_fault_cond cond;
	uint16_t sid;
	uint32_t pasid; /* HWI_PASID_NONE: PP=0 */
	uint64_t addr;	/* input address; interrupt faults: index << 48 */
	uint8_t at;	/* 0, 1, 2 */
	enum vtd_fault_type type;
	bool exe, priv;
};

/*
 * Offer a fault to software: §7.2.1. The caller has already applied FPD. What
 * compression or overflow drops has been offered, too.
 */
void vtd_fault_record(struct vtd_unit *v, const struct vtd_fault *f);

/* FSTS_REG as software reads it: PPF is the OR of all FRCD.F (§11.4.7.1). */
uint32_t vtd_fsts(const struct vtd_unit *v);

/* Write-one-to-clear of FSTS_REG and of the high dword of a fault record. */
void vtd_fsts_write(struct vtd_unit *v, uint32_t val);
void vtd_frcd_clear(struct vtd_unit *v, unsigned int n);

/* IQE, ITE, ICE: set the status, with its error information, and the event (§7.3). */
void vtd_fault_iqe(struct vtd_unit *v, unsigned int iqei);
void vtd_fault_ite(struct vtd_unit *v, uint16_t sid);
void vtd_fault_ice(struct vtd_unit *v, uint16_t sid);

/* Event block: a source became set / every source is clear / registers (§7.3). */
void vtd_event_raise(struct vtd_unit *v, struct vtd_event_block *e);
void vtd_event_clear(struct vtd_event_block *e);
void vtd_event_write_ctl(struct vtd_unit *v, struct vtd_event_block *e, uint32_t val);

/*
 * The device's entry: root, context and PASID entries for a request, from the
 * caches or from memory, with every check of §7.1 up to the paging structures
 * (steps 1-8 of both modes).
 */
struct vtd_device {
	/* in */
	uint16_t sid;
	uint32_t pasid;	    /* of the request, HWI_PASID_NONE if none */
	uint8_t kind;	    /* enum hwi_kind */
	bool page_request;
	bool exe, priv;	    /* of the request */
	/* out */
	bool fpd;	    /* a fault-processing-disable bit was met */
	bool scalable;
	bool pass_translated; /* translated request: no more checks than the range */
	uint64_t ctx[4];    /* context entry */
	uint64_t pe[8];	    /* PASID entry, scalable mode */
	uint32_t pasid_tag; /* PASID or RID_PASID */
	bool eff_priv;	    /* privilege after RID_PRIV */
	uint8_t pgtt;	    /* VTD_PGTT_*; legacy: SS or PT */
	uint8_t aw;	    /* second-stage address width encoding */
	uint32_t did;
};

enum vtd_fault_cond vtd_device_lookup(struct vtd_unit *v, struct vtd_device *d);

/* Its second half, by d->ctx and d->pasid_tag: PASID directory and table. */
enum vtd_fault_cond vtd_pasid_lookup(struct vtd_unit *v, struct vtd_device *d);

/* Whether faulting entries are cached (§6.1). */
static inline bool vtd_caches_negative(const struct vtd_unit *v)
{
	return v->cfg.negative_caching && vtd_has_cap(v, VTD_CAP_CM);
}

/* Bits that an input of the second stage must not have: beyond min(MGAW, AGAW). */
static inline uint64_t vtd_ss_beyond(const struct vtd_unit *v, uint32_t aw)
{
	uint32_t agaw = VTD_AW_AGAW(aw);
	uint32_t width = agaw < v->lim.mgaw ? agaw : v->lim.mgaw;

	return ~((UINT64_C(1) << width) - 1);
}

/* Entry points of the family (struct hwi_unit_ops). */
void vtd_translate(struct hwi_unit *unit, const struct hwi_request *req,
		   struct hwi_response *resp);
void vtd_interrupt(struct hwi_unit *unit, const struct hwi_interrupt_request *req,
		   struct hwi_interrupt_response *resp);
void vtd_page_request(struct hwi_unit *unit, const struct hwi_page_request *req);
uint64_t vtd_mmio_read(struct hwi_unit *unit, uint64_t offset, unsigned int size);
void vtd_mmio_write(struct hwi_unit *unit, uint64_t offset, unsigned int size, uint64_t value);
void vtd_reset(struct hwi_unit *unit, bool cold);
unsigned int vtd_step(struct hwi_unit *unit, unsigned int budget);
bool vtd_pending(const struct hwi_unit *unit);
void vtd_describe(const struct hwi_unit *unit, char *buf, size_t size);
void vtd_ats_complete(struct hwi_unit *unit, uint32_t requester, uint32_t itags,
		      unsigned int count);
void vtd_ats_timeout(struct hwi_unit *unit, uint32_t itags);
uint32_t vtd_ats_outstanding(const struct hwi_unit *unit);

/* What the interrupt entry cache holds; key.a is the interrupt index << 3, tag the index. */
struct vtd_iec {
	uint64_t irte[2];
};

/*
 * All caches: reserve (payloads are whole uint64_t words, so that their state can
 * be written down), free, and whether a payload from an untrusted saved state is
 * one that this unit could hold (as far as memory safety and loops need it);
 * invalidate.c.
 */
enum hwi_status vtd_caches_init(struct vtd_unit *v);
void vtd_caches_free(struct vtd_unit *v);
bool vtd_cache_entry_ok(const struct vtd_unit *v, const struct hwi_cache *c,
			const struct hwi_cache_entry *e);

/* Save and restore, state.c. */
size_t vtd_save_size(const struct hwi_unit *unit);
enum hwi_status vtd_save(const struct hwi_unit *unit, void *buf, size_t size);
enum hwi_status vtd_restore(struct hwi_unit *unit, const void *buf, size_t size);

/* Bytes of the register at a fixed @offset, 0 if such a unit has none there. */
unsigned int vtd_register_bytes(const struct hwi_vtd_config *cfg, uint64_t offset);

/* Registers and outstanding work as after a reset; caches stay. */
void vtd_reset_registers(struct vtd_unit *v, bool cold);

/* Whether an untrusted saved state is one that this unit can be in. */
bool vtd_registers_ok(const struct vtd_unit *v, const struct vtd_regs *r);
bool vtd_latched_ok(const struct vtd_unit *v, const struct vtd_latched *l);

/* Ask the machine for a drain; true if nothing is in flight (any more). */
static inline bool vtd_drained(struct vtd_unit *v)
{
	v->drain_refused = v->base.host->drain && !v->base.host->drain(v->base.opaque);
	return !v->drain_refused;
}

/* Start commands that wait for a drain, or finish those that can: command.c. */
void vtd_command_start(struct vtd_unit *v, uint32_t commands);
bool vtd_command_finish(struct vtd_unit *v);

/*
 * Work through one descriptor (words 2 and 3 are 0 for a 128-bit one): an enum
 * vtd_iqei for a bad one, VTD_DSC_DONE, or VTD_DSC_STALL to try it again later.
 */
#define VTD_DSC_DONE 0x100u
#define VTD_DSC_STALL 0x101u
unsigned int vtd_descriptor(struct vtd_unit *v, const uint64_t q[4]);

/* Invalidations that the next wait has to drain for (§6.5.4); DR, DW as in iotlb_inv_dsc. */
bool vtd_iotlb_drains(const struct vtd_unit *v, bool dr, bool dw);

/*
 * The wait descriptor, wait.c: start one (false: the one before is busy), finish
 * it if all that it covers is done (true: it was), whether that is so as far as
 * the unit knows, drop it.
 */
bool vtd_wait_start(struct vtd_unit *v, uint64_t q0, uint64_t q1);
bool vtd_wait_finish(struct vtd_unit *v);
bool vtd_wait_ready(const struct vtd_unit *v);
void vtd_wait_abort(struct vtd_unit *v);

/* Send a device-TLB invalidation under a free ITag; false if there is none. */
bool vtd_ats_send(struct vtd_unit *v, struct hwi_ats_invalidate *inv);

/* Address of an interrupt message: DST 7:0 in place, DST 31:8 in bits 63:40. */
static inline uint64_t vtd_int_message_addr(uint32_t dst)
{
	return VTD_INT_RANGE_BASE | HWI_PUT(VTD_INT_COMPAT_ADDR_DST, dst & 0xff) |
	       (uint64_t)(dst >> 8) << 40;
}

/* Posting: the fault condition, or VTD_FC_NONE with the PID updated; post.c. */
enum vtd_fault_cond vtd_post(struct vtd_unit *v, uint64_t irte_lo, uint64_t irte_hi);

/* GCMD and the register-based invalidation triggers, called by the register file. */
void vtd_command_write(struct vtd_unit *v, uint32_t gcmd);
void vtd_regbased_context(struct vtd_unit *v);
void vtd_regbased_iotlb(struct vtd_unit *v);

/*
 * Low bits of base and limit that this unit does not implement: bases read 0
 * there, limits decode as ones (§11.4.8.2). Ranges come in units of 2 MiB.
 */
#define VTD_PMR_LOW_GRAIN HWI_MASK32(20, 0)
#define VTD_PMR_HIGH_GRAIN HWI_MASK64(20, 0)

/*
 * Protected memory: true if the access is blocked (and not recorded). @remapped: by
 * paging entries, not passed through.
 */
bool vtd_pmr_blocks(const struct vtd_unit *v, uint64_t addr, uint64_t len, bool remapped);
/* Log2 of the largest block around an address that is not blocked, at most @span, that keeps clear. */
unsigned int vtd_pmr_clear_span(const struct vtd_unit *v, uint64_t addr, unsigned int span,
				bool remapped);

/*
 * What invalidations remove (§6.2, Tables 23 and 24) - exactly this and no more.
 * @did is already cut to the bits that exist; ranges are in pages of 4 KiB,
 * @am log2 of how many.
 */
void vtd_inv_all(struct vtd_unit *v); /* all DMA caches, without IEC */
void vtd_inv_context_all(struct vtd_unit *v);
void vtd_inv_context_domain(struct vtd_unit *v, uint32_t did);
void vtd_inv_context_device(struct vtd_unit *v, uint32_t did, uint16_t sid, unsigned int fm);
void vtd_inv_pasid_all(struct vtd_unit *v);
void vtd_inv_pasid_domain(struct vtd_unit *v, uint32_t did);
void vtd_inv_pasid_one(struct vtd_unit *v, uint32_t did, uint32_t pasid);
void vtd_inv_iotlb_all(struct vtd_unit *v);
void vtd_inv_iotlb_domain(struct vtd_unit *v, uint32_t did);
void vtd_inv_iotlb_page(struct vtd_unit *v, uint32_t did, uint64_t addr, unsigned int am,
			bool ih);
void vtd_inv_piotlb_pasid(struct vtd_unit *v, uint32_t did, uint32_t pasid);
void vtd_inv_piotlb_page(struct vtd_unit *v, uint32_t did, uint32_t pasid, uint64_t addr,
			 unsigned int am, bool ih);
void vtd_inv_iec_all(struct vtd_unit *v);
void vtd_inv_iec_index(struct vtd_unit *v, uint32_t index, unsigned int im);

#endif

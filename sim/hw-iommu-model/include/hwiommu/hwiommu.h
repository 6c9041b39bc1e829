/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hwiommu - the public face of the IOMMU model, common to all families.
 *
 * One &struct hwi_unit is one modelled IOMMU. A family's header (hwiommu/vtd.h)
 * creates it; everything here works on a unit of any family. The machine around
 * a unit comes in through &struct hwi_host_ops.
 *
 * A unit is not thread-safe: the caller serialises all calls on one unit, and
 * different units are independent. Unless said otherwise a callback may not
 * call back into the unit that it was called from, with one exception:
 * hwi_host_ops.kick may only note that there is work.
 *
 * Nothing that guest software writes to registers, queues or tables makes a
 * call fail: the answer is what the architecture says.
 */
#ifndef HWIOMMU_HWIOMMU_H
#define HWIOMMU_HWIOMMU_H

#include "request.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

struct hwi_unit;

/**
 * enum hwi_cas - result of a compare-and-swap on memory
 * @HWI_CAS_DONE: memory held the expected value and now holds the new one
 * @HWI_CAS_CHANGED: memory held something else and was left alone
 * @HWI_CAS_ERROR: the address does not answer, or cannot be written
 */
enum hwi_cas {
	HWI_CAS_DONE = 0,
	HWI_CAS_CHANGED,
	HWI_CAS_ERROR,
};

/**
 * enum hwi_resume - what becomes of a stalled request
 * @HWI_RESUME_RETRY: to be put through hwi_translate() again, as a new request
 * @HWI_RESUME_ABORT: ends as %HWI_UNSUPPORTED_REQUEST would have
 * @HWI_RESUME_TERMINATE: ends as %HWI_TERMINATED would have
 */
enum hwi_resume {
	HWI_RESUME_RETRY = 0,
	HWI_RESUME_ABORT,
	HWI_RESUME_TERMINATE,
};

/**
 * enum hwi_inval_scope - how much hwi_host_ops.invalidated tells
 * @HWI_INVAL_ALL: any translation of any requester
 * @HWI_INVAL_REQUESTER: any translation of one requester
 * @HWI_INVAL_DOMAIN: translations that carry a domain tag, within a range
 */
enum hwi_inval_scope {
	HWI_INVAL_ALL = 0,
	HWI_INVAL_REQUESTER,
	HWI_INVAL_DOMAIN,
};

/**
 * struct hwi_inval - translations that the unit has just dropped
 * @scope: enum hwi_inval_scope
 * @requester: for %HWI_INVAL_REQUESTER
 * @domain: domain tag (VT-d: DID; SMMUv3: VMID), for %HWI_INVAL_DOMAIN
 * @pasid: PASID, or %HWI_PASID_NONE for every PASID; VT-d counts requests without one
 *	as of the function's RID_PASID (§6.2.1)
 * @addr: first address, for %HWI_INVAL_DOMAIN
 * @span_log2: size of the range, 64 for all
 */
struct hwi_inval {
	uint8_t scope;
	uint8_t span_log2;
	uint32_t requester;
	uint32_t domain;
	uint32_t pasid;
	hwi_iova_t addr;
};

/**
 * struct hwi_host_ops - what a unit needs of the machine around it
 *
 * @read: copy @len bytes of host memory at @addr to @buf. Return false if the
 *	address does not answer (the unit reports the architected access fault).
 *	An aligned access of 4, 8 or 16 bytes to memory must be single-copy
 *	atomic. Not called for addresses inside the ranges of hwi_set_ram().
 *	Required.
 * @write: copy @len bytes from @buf to host memory. False if it does not
 *	answer. Same atomicity. Required.
 * @cas64: 64-bit compare-and-swap on naturally aligned host memory in the CPU's
 *	view of little-endian memory: if it holds @expected, store @desired.
 *	Required.
 * @msi: deliver an interrupt message of the unit itself (fault event,
 *	completion, page request, posted-interrupt notification). It goes to the
 *	interrupt controller as it is, never through remapping. A family whose
 *	messages are plain memory writes (SMMUv3) may name memory instead: then
 *	the 4 bytes are there when the call returns. Return false if nothing
 *	answers at the address. Required.
 * @irq: set the level of a wired interrupt output, for families that have
 *	them; an edge is true, then false. May be NULL.
 * @ats_invalidate: send an invalidation request to a function's ATC. The machine
 *	answers with hwi_ats_complete() once the function is done - not from
 *	within this callback - or lets it time out with hwi_ats_timeout(). Return
 *	false if there is no such function or its ATS is off: nothing was sent and
 *	no completion will come. May be NULL (as if it returned false).
 * @prg_response: send a page request group response. May be NULL.
 * @resume: what becomes of a request that was answered %HWI_STALLED with this
 *	tag (@requester is 0 and meaningless for %HWI_STALL_HELD, which stands for
 *	all that were answered so). The machine does not retry from within the
 *	callback. NULL: requests cannot be stalled, a fault that would stall one
 *	aborts it (SMMUv3 §3.12 allows that).
 * @sev: wake CPUs that wait for an event (SMMUv3: CMD_SYNC with CS=SEV). NULL if
 *	they never sleep for long.
 * @drain: called when in-flight untranslated requests and interrupt requests that
 *	the unit answered before this moment must be completed before something
 *	becomes visible.
 *	Return true if there are none left; false to be asked again at a later
 *	hwi_step(). NULL if the machine performs each access before the next call.
 * @invalidated: translations were dropped: whoever keeps copies of responses
 *	outside of an ATC (vhost, VFIO shadowing) drops them too. May be NULL.
 * @kick: hwi_step() has work to do. May be NULL if the caller steps regularly.
 */
struct hwi_host_ops {
	bool (*read)(void *opaque, hwi_hpa_t addr, void *buf, size_t len);
	bool (*write)(void *opaque, hwi_hpa_t addr, const void *buf, size_t len);
	enum hwi_cas (*cas64)(void *opaque, hwi_hpa_t addr, uint64_t expected,
			      uint64_t desired);
	bool (*msi)(void *opaque, uint64_t addr, uint32_t data);
	void (*irq)(void *opaque, unsigned int line, bool level);
	bool (*ats_invalidate)(void *opaque, const struct hwi_ats_invalidate *inv);
	void (*prg_response)(void *opaque, const struct hwi_prg_response *resp);
	void (*resume)(void *opaque, uint32_t requester, uint64_t tag, enum hwi_resume action);
	void (*sev)(void *opaque);
	bool (*drain)(void *opaque);
	void (*invalidated)(void *opaque, const struct hwi_inval *inval);
	void (*kick)(void *opaque);
};

/**
 * struct hwi_ram - a range of host memory that can be read by plain loads
 * @base: first host physical address, 4 KiB aligned
 * @size: bytes, a multiple of 4 KiB
 * @host: where the range is in this process
 */
struct hwi_ram {
	hwi_hpa_t base;
	uint64_t size;
	const void *host;
};

/* Most ranges that hwi_set_ram() takes; further ones go through read(). */
#define HWI_RAM_MAX 16

/**
 * hwi_set_ram() - give the unit direct read access to memory
 * @unit: the unit
 * @ram: ranges, in the order of how often they are used; copied
 * @count: how many; those beyond %HWI_RAM_MAX are not used
 *
 * An accelerator: reads inside the ranges become aligned atomic loads instead of
 * calls of hwi_host_ops.read. Writes always use the callbacks, so that the
 * machine can track them. Call it again (with @count 0 if need be) before a
 * range goes away.
 *
 * Return: %HWI_OK, or %HWI_EINVAL if a range is misaligned, empty, or wraps.
 */
enum hwi_status hwi_set_ram(struct hwi_unit *unit, const struct hwi_ram *ram,
			    size_t count);

/**
 * hwi_destroy() - free a unit
 * @unit: the unit, or NULL
 */
void hwi_destroy(struct hwi_unit *unit);

/**
 * hwi_reset() - hardware reset
 * @unit: the unit
 * @cold: power-good reset; false keeps what the specification calls sticky
 *	(VT-d: fault status and fault records)
 *
 * Registers get their reset values, queues are empty, caches are dropped.
 */
void hwi_reset(struct hwi_unit *unit, bool cold);

/**
 * hwi_mmio_read() - a read of the unit's register space
 * @unit: the unit
 * @offset: byte offset from the base
 * @size: access size in bytes
 *
 * Return: the value. Sizes or alignments that the architecture leaves undefined,
 * and offsets without a register, read as zero.
 */
uint64_t hwi_mmio_read(struct hwi_unit *unit, uint64_t offset, unsigned int size);

/**
 * hwi_mmio_write() - a write to the unit's register space
 * @unit: the unit
 * @offset: byte offset from the base
 * @size: access size in bytes
 * @value: the value
 *
 * Accesses that the architecture leaves undefined are ignored. Work that a write
 * starts (a queue's tail, an enable bit) is done by hwi_step(); the write itself
 * is bounded.
 */
void hwi_mmio_write(struct hwi_unit *unit, uint64_t offset, unsigned int size,
		    uint64_t value);

/**
 * hwi_mmio_size() - size of the register space
 * @unit: the unit
 *
 * Return: bytes, a power of two, 4 KiB at least.
 */
uint64_t hwi_mmio_size(const struct hwi_unit *unit);

/**
 * hwi_translate() - put one request through the unit
 * @unit: the unit
 * @req: the request
 * @resp: filled with the answer
 *
 * Looks up caches, walks tables, fills caches, sets accessed and dirty bits and
 * records faults exactly as the hardware would for this request. Never
 * allocates.
 *
 * Return: %HWI_OK, or %HWI_EINVAL if a field of @req is out of its documented
 * range (then nothing happened and @resp says HWI_UNSUPPORTED_REQUEST).
 */
enum hwi_status hwi_translate(struct hwi_unit *unit, const struct hwi_request *req,
			      struct hwi_response *resp);

/**
 * hwi_interrupt() - put one interrupt request through the unit
 * @unit: the unit
 * @req: the request
 * @resp: filled with the answer
 *
 * For families without interrupt remapping the message is forwarded unchanged.
 */
void hwi_interrupt(struct hwi_unit *unit, const struct hwi_interrupt_request *req,
		   struct hwi_interrupt_response *resp);

/**
 * hwi_page_request() - a page request message arrived
 * @unit: the unit
 * @req: the request
 *
 * Ends in the page request queue, or in an automatic response through
 * hwi_host_ops.prg_response, or in nothing, as the specification says.
 *
 * Return: %HWI_OK, or %HWI_EINVAL for a field out of range (message dropped).
 */
enum hwi_status hwi_page_request(struct hwi_unit *unit,
				 const struct hwi_page_request *req);

/**
 * hwi_ats_complete() - an ATS invalidation completion arrived
 * @unit: the unit
 * @requester: who sent it
 * @itags: bit vector of the tags that it completes
 * @count: the Completion Count field, 0..7 (0 stands for 8)
 *
 * A unit that takes the message for an Unsupported Request drops it: the tags stay
 * outstanding (VT-d §4.2.1: translation is off).
 */
void hwi_ats_complete(struct hwi_unit *unit, uint32_t requester, uint32_t itags,
		      unsigned int count);

/**
 * hwi_ats_timeout() - outstanding ATS invalidation requests time out
 * @unit: the unit
 * @itags: bit vector of the tags; those not outstanding are ignored
 *
 * Time belongs to the caller, who knows when a completion is overdue.
 */
void hwi_ats_timeout(struct hwi_unit *unit, uint32_t itags);

/**
 * hwi_ats_outstanding() - tags that wait for a completion
 * @unit: the unit
 *
 * Return: bit vector of tags.
 */
uint32_t hwi_ats_outstanding(const struct hwi_unit *unit);

/**
 * hwi_step() - let the unit work on its queues
 * @unit: the unit
 * @budget: at most so many steps (one step: one queue entry, one completion)
 *
 * Return: how many steps were made; less than @budget means that nothing more
 * can be done until something from outside happens (a register write, a
 * completion, a drain that ends).
 */
unsigned int hwi_step(struct hwi_unit *unit, unsigned int budget);

/**
 * hwi_pending() - whether hwi_step() would do something
 * @unit: the unit
 */
bool hwi_pending(const struct hwi_unit *unit);

/**
 * hwi_save_size() - bytes that hwi_save() needs now
 * @unit: the unit
 */
size_t hwi_save_size(const struct hwi_unit *unit);

/**
 * hwi_save() - write the whole state into a flat buffer
 * @unit: the unit
 * @buf: destination
 * @size: its size
 *
 * Between any two calls of the library; registers, queue positions, outstanding
 * work and cache contents are all there, so that a stale entry is as stale after
 * a restore. The layout is little-endian and versioned.
 *
 * Return: %HWI_OK or %HWI_ESPACE.
 */
enum hwi_status hwi_save(const struct hwi_unit *unit, void *buf, size_t size);

/**
 * hwi_restore() - set the whole state from a flat buffer
 * @unit: a unit of the same family and configuration
 * @buf: source, untrusted
 * @size: its size
 *
 * Return: %HWI_OK, %HWI_EVERSION or %HWI_ESTATE. On an error the unit is as
 * after a cold hwi_reset().
 */
enum hwi_status hwi_restore(struct hwi_unit *unit, const void *buf, size_t size);

/**
 * enum hwi_stat - counters of a unit, all from creation on
 */
enum hwi_stat {
	HWI_STAT_TRANSLATIONS, /* requests that needed an address translation */
	HWI_STAT_IOTLB_HITS,
	HWI_STAT_IOTLB_MISSES,
	HWI_STAT_TABLE_LOADS, /* loads of table entries, all kinds */
	HWI_STAT_FAULTS,      /* requests refused */
	HWI_STAT_FAULTS_LOST, /* faults not recorded because of an overflow */
	HWI_STAT_COMMANDS,    /* queue entries executed */
	HWI_STAT_PAGE_REQUESTS,
	HWI_STAT_INTERRUPTS,
	HWI_STAT_COUNT
};

/**
 * hwi_stat_get() - read a counter
 * @unit: the unit
 * @stat: which; out of range reads 0
 */
uint64_t hwi_stat_get(const struct hwi_unit *unit, enum hwi_stat stat);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hwdma: the model of a PCI Express requester.
 *
 * One struct hwdma is one function (PF or VF) with its registers (regs.h),
 * channels, address translation cache and page request interface. It knows
 * neither the machine around it nor the IOMMU: everything it needs comes in
 * through struct hwdma_ops, and everything that reaches it is a call below.
 *
 * Time belongs to the caller. Register writes and incoming messages only note
 * what there is to do and call ops->kick; the work is done by hwdma_run(), in
 * bounded portions, against the clock the caller passes in. An instance is
 * not thread safe: calls to one instance must not overlap, except that
 * callbacks may call back into it (a DMA write that hits the function's own
 * BAR, a page request that is answered at once); hwdma_run() called from a
 * callback returns at once and hwdma_destroy() must not be called from one.
 *
 * No register value, descriptor or message makes the model crash, loop or
 * allocate: memory is allocated by hwdma_create() only.
 */
#ifndef HWDMA_ENGINE_H
#define HWDMA_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regs.h"

#ifdef __cplusplus
extern "C" {
#endif

struct hwdma;

/**
 * HWDMA_NEVER - hwdma_run(): nothing to do until something happens */
#define HWDMA_NEVER UINT64_MAX

/**
 * enum hwdma_bus - how a memory request ended
 *
 * A real posted write gets no answer; the model is told all the same, so that
 * a test can see what became of it.
 */
enum hwdma_bus {
	HWDMA_BUS_OK = 0,
	HWDMA_BUS_UR,		/* Unsupported Request: not mapped, blocked, no such address */
	HWDMA_BUS_UR_PERM,	/* as UR; the caller knows that only the permission was missing */
	HWDMA_BUS_CA,		/* Completer Abort */
	HWDMA_BUS_TIMEOUT,	/* no completion */
	HWDMA_BUS_HELD,		/* held on its way: hwdma_resume() says how it ends */
};

/**
 * enum hwdma_resume - what becomes of a request that was held
 * @HWDMA_RESUME_RETRY: sent again as it was
 * @HWDMA_RESUME_ABORT: ends as HWDMA_BUS_UR would have
 * @HWDMA_RESUME_TERMINATE: ends as HWDMA_BUS_OK would have, without effect: what
 *	was to be read reads as zeroes, what was to be written is dropped
 */
enum hwdma_resume {
	HWDMA_RESUME_RETRY = 0,
	HWDMA_RESUME_ABORT,
	HWDMA_RESUME_TERMINATE,
};

/**
 * enum hwdma_at - Address Type field of a memory request (PCIe 10.2.1) */
enum hwdma_at {
	HWDMA_AT_UNTRANSLATED = 0,
	HWDMA_AT_TRANSLATED = 2,
};

/**
 * struct hwdma_attrs - what a request carries beside its address
 * @at: Address Type of memory requests; untranslated for the other kinds
 * @pasid: 20 bits, if @pasid_valid. A translated request carries none.
 * @exec: Execute Requested
 * @priv: Privileged Mode Requested
 * @channel: channel that issues it, for the caller's traces
 * @tag: where a memory request that is answered HWDMA_BUS_HELD gets the tag that
 *	hwdma_resume() will name; NULL for the other kinds
 */
struct hwdma_attrs {
	enum hwdma_at at;
	uint32_t pasid;
	bool pasid_valid;
	bool exec;
	bool priv;
	uint8_t channel;
	uint64_t *tag;
};

/**
 * enum hwdma_atomic - AtomicOp requests (PCIe 6.15) */
enum hwdma_atomic {
	HWDMA_ATOMIC_FETCH_ADD,
	HWDMA_ATOMIC_SWAP,
	HWDMA_ATOMIC_CAS,
};

#define HWDMA_ATS_MAX 8	/* translations asked for at once */

/**
 * struct hwdma_ats_xlat - one translation of a Translation Completion
 * @addr: translated address, aligned to 2^@shift
 * @shift: log2 of the bytes it covers, 12..63
 * @r: readable; @r and @w both clear: no translation, the rest has no meaning
 * @u: Untranslated Access Only
 * @n: Non-snooped; kept, not acted upon
 */
struct hwdma_ats_xlat {
	uint64_t addr;
	uint8_t shift;
	bool r, w, x, priv, global, u, n;
};

enum hwdma_ats_status {
	HWDMA_ATS_OK = 0,
	HWDMA_ATS_UR,
	HWDMA_ATS_CA,
};

/**
 * struct hwdma_ats_reply - Translation Completion
 * @count: entries of @xlat filled, 1..@npages, if @status is OK. They
 *	have one size and follow each other from the page that holds the address.
 */
struct hwdma_ats_reply {
	enum hwdma_ats_status status;
	uint8_t count;
	struct hwdma_ats_xlat xlat[HWDMA_ATS_MAX];
};

/**
 * struct hwdma_ops - what the model needs of the machine
 *
 * All are required. @opaque is the pointer given to hwdma_create().
 *
 * @read: memory read of @len bytes, 0 (zero-length read, @buf unused) to 4096,
 *	not crossing a 4 KiB boundary, into @buf
 * @write: memory write, @len 1..4096, same boundary
 *
 *	@read, @write and @atomic may answer HWDMA_BUS_HELD once they have filled
 *	in the tag; nothing has been read or written then.
 * @atomic: AtomicOp on @len (4 or 8) naturally aligned bytes; operands and *@old
 *	are values, zero-extended. @op0: addend, new value, or compare value;
 *	@op1: new value of CAS. *@old: value before, also if CAS did not match.
 * @ats_translate: Translation Request for @npages translations from the page
 *	that holds @iova; @no_write: No Write flag. Fill @reply, which comes zeroed.
 * @page_request: Page Request Message for the page @iova; @last: last of group
 *	@prgi (9 bits). @read and @write both false: Stop Marker.
 * @msix: send vector @vector; the table and its masks are the caller's
 * @inv_complete: Invalidate Completion: ITag vector and completion count as in
 *	the message (8 is sent as 0)
 * @kick: there is work: call hwdma_run() soon, from outside this callback
 */
struct hwdma_ops {
	enum hwdma_bus (*read)(void *opaque, const struct hwdma_attrs *attrs,
			       uint64_t iova, void *buf, size_t len);
	enum hwdma_bus (*write)(void *opaque, const struct hwdma_attrs *attrs,
				uint64_t iova, const void *buf, size_t len);
	enum hwdma_bus (*atomic)(void *opaque, const struct hwdma_attrs *attrs,
				 uint64_t iova, enum hwdma_atomic op, size_t len,
				 uint64_t op0, uint64_t op1, uint64_t *old);
	void (*ats_translate)(void *opaque, const struct hwdma_attrs *attrs,
			      uint64_t iova, unsigned int npages, bool no_write,
			      struct hwdma_ats_reply *reply);
	void (*page_request)(void *opaque, const struct hwdma_attrs *attrs,
			     uint64_t iova, bool read, bool write, bool last,
			     uint16_t prgi);
	void (*msix)(void *opaque, unsigned int vector);
	void (*inv_complete)(void *opaque, uint32_t itag_vector, unsigned int count);
	void (*kick)(void *opaque);
};

/**
 * struct hwdma_config - what the function is; zero means the value in brackets
 * @channels: 1..15 [8]
 * @vectors: MSI-X vectors, 1..255 [16]
 * @ring_log2: log2 of the largest ring, up to 16 [12]
 * @len_log2: log2 of the longest operation, 12..48 [40]
 * @atc_max: entries the ATC can hold, 1..2^20 [16384]
 * @atc_capacity: reset value of ATC_CAPACITY, up to @atc_max [0: @atc_max]
 * @log_entries: entries of the write log, 1..2^20 [4096]
 * @pasid, @exec, @priv, @ats, @pri: capabilities present. What is absent can
 *	not be enabled. @exec and @priv need @pasid, @pri needs @ats.
 * @vf: the function is a virtual one
 * @defer_completions: send Invalidate Completions from hwdma_run() only, never
 *	from inside hwdma_ats_invalidate()
 */
struct hwdma_config {
	unsigned int channels;
	unsigned int vectors;
	unsigned int ring_log2;
	unsigned int len_log2;
	unsigned int atc_max;
	unsigned int atc_capacity;
	unsigned int log_entries;
	bool pasid, exec, priv, ats, pri, vf;
	bool defer_completions;
};

/**
 * struct hwdma_enables - what software enabled in configuration space
 * @bus_master: Command.BME. Cleared while busy: operations end ABORTED.
 * @ats: cleared: ATC emptied, pending invalidations completed
 * @ats_stu: Smallest Translation Unit, log2 of 4 KiB units, 0..31
 * @pri: cleared: outstanding groups forgotten, their operations end
 *	PRI_DISABLED. Set anew: Response Failure is over.
 * @pri_alloc: Outstanding Page Request Allocation
 */
struct hwdma_enables {
	bool bus_master;
	bool pasid, exec, priv;
	bool ats;
	uint8_t ats_stu;
	bool pri;
	uint32_t pri_alloc;
};

/**
 * enum hwdma_error - results of the model's own calls */
enum hwdma_error {
	HWDMA_OK = 0,
	HWDMA_E_CONFIG,	/* value out of range, or a combination PCIe forbids */
	HWDMA_E_OPS,		/* a callback is missing */
	HWDMA_E_MEMORY,	/* out of memory */
	HWDMA_E_SPACE,	/* buffer too small */
	HWDMA_E_VERSION,	/* state of another version, or not a state */
	HWDMA_E_SHAPE,	/* state of a function configured differently */
	HWDMA_E_STATE,	/* state damaged */
};

/**
 * hwdma_strerror() - what an enum hwdma_error means, in a few words */
const char *hwdma_strerror(enum hwdma_error err);

/**
 * hwdma_errname() - name of an HWDMA_ERR_* operation error of regs.h */
const char *hwdma_errname(unsigned int code);

/**
 * hwdma_create() - make a function in its reset state, nothing enabled
 * @out: the instance, owned by the caller, until hwdma_destroy(). NULL on error.
 * @cfg: copied; NULL: all defaults, no capability
 * @ops: copied
 *
 * Return: HWDMA_OK, HWDMA_E_CONFIG, HWDMA_E_OPS or HWDMA_E_MEMORY.
 */
enum hwdma_error hwdma_create(struct hwdma **out, const struct hwdma_config *cfg,
			      const struct hwdma_ops *ops, void *opaque);

/**
 * hwdma_destroy() - free it; NULL is allowed. No callback is called. */
void hwdma_destroy(struct hwdma *e);

/**
 * hwdma_reset() - conventional reset or FLR
 *
 * Operations stop without a trace in memory, all registers take their reset
 * values, the ATC and the log are emptied, outstanding page groups and
 * invalidations are forgotten without an answer. The enables are kept: the
 * owner of configuration space resets them with hwdma_set_enables().
 */
void hwdma_reset(struct hwdma *e);

/**
 * hwdma_set_enables() - configuration space changed
 *
 * To be called after every write that may matter; calling it without a change
 * has no effect. Enables of absent capabilities count as clear.
 */
void hwdma_set_enables(struct hwdma *e, const struct hwdma_enables *en);

/**
 * hwdma_pri_reset() - Reset bit of the Page Request Control register
 *
 * Forgets outstanding groups; operations that wait for one end PRI_DISABLED.
 * PCIe allows it only while PRI is disabled; ignored otherwise.
 */
void hwdma_pri_reset(struct hwdma *e);

/* Bits of hwdma_pri_status(), as in the Page Request Status register */
#define HWDMA_PRI_STATUS_RF		(1u << 0)	/* Response Failure */
#define HWDMA_PRI_STATUS_UPRGI		(1u << 1)	/* Unexpected Page Request Group Index */
#define HWDMA_PRI_STATUS_STOPPED	(1u << 8)

/**
 * hwdma_pri_status() - RF, UPRGI and Stopped for configuration space */
uint32_t hwdma_pri_status(const struct hwdma *e);

/**
 * hwdma_pri_status_clear() - software wrote ones to RF or UPRGI */
void hwdma_pri_status_clear(struct hwdma *e, uint32_t bits);

/**
 * hwdma_mmio_read() - read BAR 0
 * @offset: any; @size: any (sizes other than 4 and 8 read as all ones)
 */
uint64_t hwdma_mmio_read(struct hwdma *e, uint64_t offset, unsigned int size);

/**
 * hwdma_mmio_write() - write BAR 0; issues no DMA, but may call ops->kick,
 * ops->msix (INT_TRIGGER), ops->page_request (PRI_STOP_MARKER) and
 * ops->inv_complete (HOLD cleared, reset).
 */
void hwdma_mmio_write(struct hwdma *e, uint64_t offset, unsigned int size, uint64_t value);

/**
 * hwdma_run() - do what is due
 * @now: the caller's clock, ns; must not go back
 * @budget: most steps to take; a step is at most one translation request, one
 *	page group and one memory request of at most 4 KiB
 *
 * Return: when to call again: @now if work is left, a later time if a latency
 * or time-out runs, or HWDMA_NEVER.
 */
uint64_t hwdma_run(struct hwdma *e, uint64_t now, unsigned int budget);

/**
 * hwdma_ats_invalidate() - an Invalidate Request Message arrived
 * @pasid_valid: it carries @pasid (20 bits). Without, it reaches entries
 *	that were obtained without a PASID, and no others.
 * @global: Global Invalidate: entries of all PASIDs. Needs @pasid_valid.
 * @addr: untranslated address field, bits 63:12
 * @s: Size field: range from the lowest zero bit of @addr from bit 12 up
 * @itag: 0..31
 *
 * Removes what the range touches. Completed by ops->inv_complete once no
 * request translated with a removed entry is in flight and the ATC is not
 * told to hold: maybe before this returns (see defer_completions).
 */
void hwdma_ats_invalidate(struct hwdma *e, bool pasid_valid, uint32_t pasid, bool global,
			  uint64_t addr, bool s, unsigned int itag);

/* Response codes (PCIe 10.4.2) */
#define HWDMA_PRG_SUCCESS	0x0
#define HWDMA_PRG_INVALID	0x1
#define HWDMA_PRG_FAILURE	0xf

/**
 * hwdma_prg_response() - a PRG Response Message arrived
 * @pasid_valid: it carries @pasid, which must be the group's
 * @prgi: 9 bits; @code: 4 bits, reserved ones count as failure
 */
void hwdma_prg_response(struct hwdma *e, bool pasid_valid, uint32_t pasid,
			uint16_t prgi, unsigned int code);

/**
 * hwdma_resume() - requests that were held go on
 * @tag: all that were answered HWDMA_BUS_HELD with this tag; if there are none
 *	(the operation was aborted meanwhile) nothing happens
 *
 * The channel waits for it, whatever else it could do; other channels go on. Its
 * next hwdma_run() does what @action says. A channel's reset, FLR or bus mastering
 * turned off ends the operation ABORTED without a trace.
 */
void hwdma_resume(struct hwdma *e, uint64_t tag, enum hwdma_resume action);

/**
 * hwdma_state_size() - bytes hwdma_save() would write now */
size_t hwdma_state_size(const struct hwdma *e);

/**
 * hwdma_save() - write the state at this step, enables included
 *
 * Allowed whenever no callback is running. Changes nothing.
 * @used: bytes written, may be NULL
 * Return: HWDMA_OK or HWDMA_E_SPACE.
 */
enum hwdma_error hwdma_save(const struct hwdma *e, void *buf, size_t size, size_t *used);

/**
 * hwdma_restore() - take over a state saved by hwdma_save()
 *
 * The buffer is not trusted. On any error the instance is as after
 * hwdma_reset() with nothing enabled. No callback is called but ops->kick.
 * Return: HWDMA_OK, HWDMA_E_VERSION, HWDMA_E_SHAPE or HWDMA_E_STATE.
 */
enum hwdma_error hwdma_restore(struct hwdma *e, const void *buf, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* HWDMA_ENGINE_H */

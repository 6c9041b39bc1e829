/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hwiommu - what a requester asks of a unit and what the unit answers.
 *
 * The words are those of PCI Express (untranslated and translated requests,
 * ATS translation requests, page requests, PASID); a StreamID takes the place
 * of the requester ID and a SubstreamID that of the PASID.
 */
#ifndef HWIOMMU_REQUEST_H
#define HWIOMMU_REQUEST_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* No PASID prefix on the request. Every other legal value is below 2^20. */
#define HWI_PASID_NONE UINT32_MAX

/**
 * enum hwi_kind - the address type of a request (PCIe: AT field)
 * @HWI_UNTRANSLATED: AT=00, an ordinary DMA request
 * @HWI_TRANSLATION_REQUEST: AT=01, an ATS translation request
 * @HWI_TRANSLATED: AT=10, the address is a host physical one from an ATC
 */
enum hwi_kind {
	HWI_UNTRANSLATED = 0,
	HWI_TRANSLATION_REQUEST = 1,
	HWI_TRANSLATED = 2,
};

/*
 * Access flags of a request, and of the rights in a response (there only READ,
 * WRITE, EXEC, PRIV).
 */
#define HWI_READ (1u << 0)
#define HWI_WRITE (1u << 1)
#define HWI_EXEC (1u << 2)     /* PASID prefix: execute requested; of reads */
#define HWI_PRIV (1u << 3)     /* PASID prefix: privileged mode requested */
#define HWI_ATOMIC (1u << 4)   /* AtomicOp; needs both READ and WRITE rights */
#define HWI_ZLR (1u << 5)      /* zero-length read; with HWI_READ */
#define HWI_NO_WRITE (1u << 6) /* translation request: NW flag set */
#define HWI_NO_SNOOP (1u << 7) /* TLP attribute */

/**
 * struct hwi_request - one DMA request, at most one page long
 * @requester: requester ID (bus 15:8, device 7:3, function 2:0) or StreamID
 * @pasid: PASID (20 bits) or %HWI_PASID_NONE
 * @addr: the address in the request
 * @length: bytes, 0 for a zero-length read; the request must not cross a 4 KiB
 *	border (the machine splits it, VT-d 5.10 §3.13); for a translation
 *	request the number of bytes is not looked at
 * @kind: address type
 * @access: HWI_READ, HWI_WRITE or HWI_ATOMIC, and modifiers
 */
struct hwi_request {
	uint32_t requester;
	uint32_t pasid;
	hwi_iova_t addr;
	uint32_t length;
	uint8_t kind;
	uint8_t access;
};

/**
 * enum hwi_outcome - what the requester sees
 * @HWI_SUCCESS: translated (AT=00, 10), or a translation completion with status
 *	Success, possibly without any right (AT=01)
 * @HWI_UNSUPPORTED_REQUEST: refused; a read completes with UR, a write is
 *	dropped, a translation request tells the device to stop using ATS
 * @HWI_COMPLETER_ABORT: translation request: error in processing
 * @HWI_TERMINATED: refused, and the requester does not learn it: a read returns
 *	zeroes, a write is dropped, both complete without an error (SMMUv3 CD.A=0)
 * @HWI_STALLED: held: the requester waits until hwi_host_ops.resume() names the
 *	tag in hwi_response.stall
 * @HWI_IS_INTERRUPT: the request is an interrupt request: the caller takes it to
 *	hwi_interrupt() instead of to memory
 */
enum hwi_outcome {
	HWI_SUCCESS = 0,
	HWI_UNSUPPORTED_REQUEST,
	HWI_COMPLETER_ABORT,
	HWI_IS_INTERRUPT,
	HWI_TERMINATED,
	HWI_STALLED,
};

/*
 * hwi_response.stall of a request for which the unit has no record now (no tag or
 * no room in its queue): held until hwi_host_ops.resume() names this value, which
 * stands for all requests that are held so. Real tags are below 2^32.
 */
#define HWI_STALL_HELD UINT64_MAX

/* Flags of a translation completion (PCIe ATS) in hwi_response.ats. */
#define HWI_ATS_U (1u << 0)    /* untranslated access only */
#define HWI_ATS_N (1u << 1)    /* no-snoop must not be used */
#define HWI_ATS_PRIV (1u << 2) /* rights are those of privileged requests */

/**
 * struct hwi_response - the answer to a request
 * @addr: host address for the request's address; valid if @outcome is
 *	%HWI_SUCCESS and @rights is not 0
 * @stall: tag of the stalled request; valid if @outcome is %HWI_STALLED
 * @span_log2: the translation holds for the naturally aligned range of
 *	2^@span_log2 bytes around the request's address (12 or more; 64 for all)
 * @outcome: enum hwi_outcome
 * @rights: HWI_READ, HWI_WRITE (and HWI_PRIV, HWI_EXEC) granted over that range;
 *	of an untranslated request that was refused because the mapping lacks a
 *	right: those of HWI_READ and HWI_WRITE that the mapping has (0: nothing is
 *	mapped, or refused for another reason)
 * @ats: HWI_ATS_* flags, for translation requests
 * @snooped: the access is coherent whatever the No Snoop attribute says (VT-d: PGSNP,
 *	PWSNP, SNP; never of an SMMUv3, §13.6.1.1)
 * @fault: the family's fault code (VT-d: fault reason; SMMUv3: event code), 0 for
 *	none
 * @recorded: a record of the fault was offered to software (false if the fault
 *	is not recordable or its reporting is disabled; an overflow still counts
 *	as offered)
 */
struct hwi_response {
	union {
		hwi_hpa_t addr;
		uint64_t stall;
	};
	uint8_t span_log2;
	uint8_t outcome;
	uint8_t rights;
	uint8_t ats;
	bool snooped;
	bool recorded;
	uint16_t fault;
};

/**
 * struct hwi_interrupt_request - a DWORD write to the interrupt range
 * @requester: requester ID (that of the I/O APIC for its messages)
 * @addr: address of the write, all 64 bits
 * @data: the DWORD
 */
struct hwi_interrupt_request {
	uint32_t requester;
	uint64_t addr;
	uint32_t data;
};

/**
 * enum hwi_interrupt_outcome
 * @HWI_INT_FORWARD: deliver the message in @addr/@data of the response
 * @HWI_INT_POSTED: written to a posted-interrupt descriptor; a notification, if
 *	one was due, has been sent through hwi_host_ops.msi
 * @HWI_INT_BLOCKED: refused (UR)
 */
enum hwi_interrupt_outcome {
	HWI_INT_FORWARD = 0,
	HWI_INT_POSTED,
	HWI_INT_BLOCKED,
};

/**
 * struct hwi_interrupt_response
 * @outcome: enum hwi_interrupt_outcome
 * @addr: address of the message to deliver, in the host CPU's compatibility
 *	format; for 32-bit (x2APIC) destinations bits 63:40 hold destination
 *	bits 31:8 as in the upper address register of an MSI
 * @data: data of the message to deliver
 * @fault: the family's fault code, 0 for none
 * @recorded: as in &struct hwi_response
 */
struct hwi_interrupt_response {
	uint8_t outcome;
	bool recorded;
	uint16_t fault;
	uint32_t data;
	uint64_t addr;
};

/**
 * struct hwi_page_request - a PCIe page request message
 * @requester: requester ID
 * @pasid: PASID or %HWI_PASID_NONE
 * @addr: page address; bits 11:0 are not looked at
 * @access: HWI_READ, HWI_WRITE wanted, HWI_EXEC, HWI_PRIV
 * @prgi: page request group index, 9 bits
 * @last: last request in group; a last request with neither HWI_READ nor
 *	HWI_WRITE is a Stop Marker
 */
struct hwi_page_request {
	uint32_t requester;
	uint32_t pasid;
	hwi_iova_t addr;
	uint8_t access;
	uint16_t prgi;
	bool last;
};

/* Response codes of a page request group (PCIe PRG Response). */
#define HWI_PRG_SUCCESS 0x0u
#define HWI_PRG_INVALID 0x1u
#define HWI_PRG_FAILURE 0xfu

/**
 * struct hwi_prg_response - answer to a page request group, to the requester
 * @requester: requester ID
 * @pasid: PASID or %HWI_PASID_NONE
 * @prgi: group index
 * @code: HWI_PRG_*
 */
struct hwi_prg_response {
	uint32_t requester;
	uint32_t pasid;
	uint16_t prgi;
	uint8_t code;
};

/**
 * struct hwi_ats_invalidate - an ATS invalidation request, to a requester
 * @requester: requester ID of the function whose ATC is meant
 * @pasid: PASID or %HWI_PASID_NONE
 * @global: with a PASID: entries of every PASID are meant
 * @itag: tag to name in hwi_ats_complete(), 0..31
 * @addr: first address of the range, aligned to its size
 * @span_log2: the range is 2^@span_log2 bytes; 64 for everything
 */
struct hwi_ats_invalidate {
	uint32_t requester;
	uint32_t pasid;
	bool global;
	uint8_t itag;
	uint8_t span_log2;
	hwi_iova_t addr;
};

#ifdef __cplusplus
}
#endif

#endif

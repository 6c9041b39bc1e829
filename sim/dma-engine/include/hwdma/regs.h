/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hwdma: the DMA engine's data sheet.
 *
 * A PCI Express function that does nothing but issue DMA: it copies, fills,
 * compares and updates memory by I/O virtual address (IOVA), with or without a
 * PASID, untranslated or through its own address translation cache (ATC), and
 * may ask for missing pages. This header is all that software needs; the model,
 * the QEMU device, kernel code and guest programs include this one file.
 *
 * Function
 *   BAR 0   64-bit memory, 64 KiB: the registers below.
 *   BAR 2   64-bit memory: MSI-X table at 0, PBA at half of its size.
 *   PF and VF have the same BAR layout; a VF has fewer channels and vectors.
 *   Express capabilities: MSI-X, FLR, ATS, PRI, PASID, SR-IOV (PF only), ACS as
 *   the device was configured. STATUS shows which of them software enabled.
 *
 * Access to BAR 0
 *   4 or 8 bytes, naturally aligned, little-endian. An 8-byte access is two
 *   4-byte accesses, low half first. Any other access, and any offset not named
 *   here, reads as zero (other sizes: all ones) and ignores writes. No register
 *   has a side effect on reading.
 *   RO read only, RW read and write, WO reads as zero, W1C write 1 to clear,
 *   SC self-clearing: reads as zero.
 *
 * Order
 *   Channels run independently. Within a channel operations complete in the
 *   order in which they were started: all data written, then the status record,
 *   then the channel's registers, then the interrupt.
 *   A transfer goes up in address, in requests that never cross a 4 KiB boundary
 *   and never exceed MAX_PAYLOAD; each request is translated by itself, so an
 *   operation that fails has done exactly bytes_done bytes.
 */
#ifndef HWDMA_REGS_H
#define HWDMA_REGS_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

/* ---- Identity in PCI configuration space ------------------------------- */

#define HWDMA_PCI_VENDOR_ID	0x1234	/* QEMU's experimental vendor */
#define HWDMA_PCI_DEVICE_ID	0x4857	/* "HW": physical function */
#define HWDMA_PCI_DEVICE_ID_VF	0x4858	/* virtual function */
#define HWDMA_PCI_CLASS		0x0880	/* system peripheral, other */
#define HWDMA_PCI_REVISION	0x01

#define HWDMA_BAR		0
#define HWDMA_BAR_SIZE		0x10000
#define HWDMA_MSIX_BAR		2

/* ---- Global registers -------------------------------------------------- */

#define HWDMA_ID		0x0000	/* RO */
#define HWDMA_ID_VALUE		0x4d445748u	/* "HWDM" in memory order */

#define HWDMA_VERSION		0x0004	/* RO: major 31:16, minor 15:0 */
#define HWDMA_VERSION_VALUE	0x00010001u

#define HWDMA_CAP0		0x0008	/* RO */
#define HWDMA_CAP0_CHANNELS(x)	((x) & 0xffu)		/* 1..15, PF: 8 */
#define HWDMA_CAP0_RING_LOG2(x)	(((x) >> 8) & 0x1fu)	/* largest ring */
#define HWDMA_CAP0_LEN_LOG2(x)	(((x) >> 16) & 0x3fu)	/* longest operation */
#define HWDMA_CAP0_VECTORS(x)	(((x) >> 24) & 0xffu)	/* MSI-X vectors */

#define HWDMA_CAP1		0x000c	/* RO: what the function can do */
#define HWDMA_CAP1_PASID	(1u << 0)	/* PASID capability present */
#define HWDMA_CAP1_EXEC		(1u << 1)	/* execute requests */
#define HWDMA_CAP1_PRIV		(1u << 2)	/* privileged requests */
#define HWDMA_CAP1_ATS		(1u << 3)
#define HWDMA_CAP1_PRI		(1u << 4)
#define HWDMA_CAP1_VF		(1u << 5)	/* this is a virtual function */

#define HWDMA_CTRL		0x0010	/* RW */
#define HWDMA_CTRL_RESET	(1u << 0)	/* SC: as by FLR, all registers */
#define HWDMA_CTRL_CLEAR_STATS	(1u << 1)	/* SC: all counters := 0 */

#define HWDMA_STATUS		0x0014	/* RO: enables as in config space */
#define HWDMA_STATUS_BUSY	(1u << 0)	/* some channel is busy */
#define HWDMA_STATUS_BME	(1u << 1)	/* bus mastering enabled */
#define HWDMA_STATUS_PASID	(1u << 2)
#define HWDMA_STATUS_EXEC	(1u << 3)
#define HWDMA_STATUS_PRIV	(1u << 4)
#define HWDMA_STATUS_ATS	(1u << 5)
#define HWDMA_STATUS_PRI	(1u << 6)
#define HWDMA_STATUS_INV_HELD	(1u << 7)	/* an ATC invalidation awaits completion */

#define HWDMA_INT_STATUS	0x0018	/* W1C: bit n: channel n sent a vector */
#define HWDMA_INT_TRIGGER	0x001c	/* WO: send MSI-X vector [15:0] now, no DMA */

/*
 * Latencies in nanoseconds of the machine's time, to give a test room between
 * two steps. 0: as fast as the machine goes. Taken when the wait begins; a
 * value above 2^40 counts as 2^40 (18 minutes).
 */
#define HWDMA_LAT_START		0x0020	/* RW 64: start of an operation -> first request */
#define HWDMA_LAT_REQ		0x0028	/* RW 64: time a request is in flight; data moves at its end */
#define HWDMA_LAT_ATS		0x0030	/* RW 64: ATS completion -> use of its answer */
#define HWDMA_MAX_PAYLOAD	0x0038	/* RW: bytes a request, 64..4096, rounded down to 2^n; reset 4096 */

/* ---- Address translation cache ----------------------------------------- */

#define HWDMA_ATC_CTRL		0x0100	/* RW */
#define HWDMA_ATC_CTRL_FLUSH	(1u << 0)	/* SC: drop all entries, silently */
#define HWDMA_ATC_CTRL_HOLD	(1u << 1)	/* do not complete invalidations while set */
#define HWDMA_ATC_CTRL_DEAF	(1u << 2)	/* misbehave: complete invalidations, keep entries */
#define HWDMA_ATC_CTRL_CC(x)	(((x) & 7u) << 8)	/* completions sent an invalidation, less one */
#define HWDMA_ATC_CAPACITY	0x0104	/* RW: entries, 0: ATC_MAX; shrinking evicts */
#define HWDMA_ATC_MAX		0x0108	/* RO: most entries the model keeps */
#define HWDMA_ATC_USED		0x010c	/* RO: entries held now */
#define HWDMA_ATC_HITS		0x0110	/* RO 64: lookups answered by the cache */
#define HWDMA_ATC_MISSES	0x0118	/* RO 64: lookups that sent a translation request */
#define HWDMA_ATC_INVS		0x0120	/* RO 64: invalidation requests received */
#define HWDMA_ATC_REMOVED	0x0128	/* RO 64: entries they removed */
#define HWDMA_ATC_EVICTED	0x0130	/* RO 64: entries dropped for room */
#define HWDMA_ATC_NPAGES	0x0138	/* RW: translations asked for at once, 1..8; reset 1 */

/* Look into the cache without using it (no counter moves). */
#define HWDMA_ATC_PROBE_IOVA	0x0140	/* RW 64 */
#define HWDMA_ATC_PROBE_ATTR	0x0148	/* RW: PASID, PASID_VALID, PRIV of HWDMA_ATTR_* */
#define HWDMA_ATC_PROBE		0x0150	/* RO 64: 63:12 translated page, and: */
#define HWDMA_ATC_PROBE_R	(1u << 0)
#define HWDMA_ATC_PROBE_W	(1u << 1)
#define HWDMA_ATC_PROBE_X	(1u << 2)
#define HWDMA_ATC_PROBE_PRIV	(1u << 3)	/* obtained by a privileged request */
#define HWDMA_ATC_PROBE_GLOBAL	(1u << 4)
#define HWDMA_ATC_PROBE_U	(1u << 5)	/* untranslated access only */
#define HWDMA_ATC_PROBE_VALID	(1u << 11)	/* an entry covers the address */

/* ---- Page requests ----------------------------------------------------- */

#define HWDMA_PRI_LIMIT		0x0180	/* RW: messages outstanding at once, 1..32; reset 32.
					 * The allocation in config space bounds it too. */
#define HWDMA_PRI_OUTSTANDING	0x0184	/* RO: messages whose group awaits a response, those
					 * of operations aborted or timed out included */
#define HWDMA_PRI_TIMEOUT	0x0188	/* RW 64: ns to wait for a response; 0: for ever (reset) */
#define HWDMA_PRI_RETRIES	0x0190	/* RW: groups sent for one page before giving up, 1..255; reset 4 */
#define HWDMA_PRI_GROUP		0x0194	/* RW: pages a group, 1..16, of the range still to do; reset 1 */
#define HWDMA_PRI_REQUESTS	0x0198	/* RO 64: page request messages sent */
#define HWDMA_PRI_RESPONSES	0x01a0	/* RO 64: group responses that matched a group */
#define HWDMA_PRI_UNEXPECTED	0x01a8	/* RO 64: group responses that matched none */
#define HWDMA_PRI_STOP_MARKER	0x01b0	/* WO: send a Stop Marker for the PASID in [19:0] */

/* ---- Error counters: HWDMA_ERRORS + 4 * code, RO ------------------------ */

#define HWDMA_ERRORS		0x0200
#define HWDMA_ERROR_COUNT(code)	(HWDMA_ERRORS + 4 * (code))

/* ---- Write log ---------------------------------------------------------- */

/*
 * What the engine itself has successfully written, data, atomics and status
 * records alike, oldest first. Writes of one channel, address space and kind
 * that follow each other without a gap are one entry. A compare-and-swap that
 * did not swap is logged too: it asked for write permission.
 */
#define HWDMA_LOG_CTRL		0x0280	/* RW */
#define HWDMA_LOG_CTRL_ENABLE	(1u << 0)
#define HWDMA_LOG_CTRL_CLEAR	(1u << 1)	/* SC: empty the log, clear OVERFLOW */
#define HWDMA_LOG_STATUS	0x0284	/* RO */
#define HWDMA_LOG_COUNT(x)	((x) & 0x7fffffffu)
#define HWDMA_LOG_OVERFLOW	(1u << 31)	/* an entry was lost (newest are lost) */
#define HWDMA_LOG_CAPACITY	0x0288	/* RO: entries */
#define HWDMA_LOG_IOVA		0x0290	/* RO 64: oldest entry: first byte */
#define HWDMA_LOG_LEN		0x0298	/* RO 64: bytes; 0: log empty */
#define HWDMA_LOG_INFO		0x02a0	/* RO: HWDMA_ATTR_* of the writes, and: */
#define HWDMA_LOG_INFO_VALID	(1u << 31)
#define HWDMA_LOG_POP		0x02a4	/* WO: any value: drop the oldest entry */

/* ---- Channels ----------------------------------------------------------- */

#define HWDMA_CH_BASE		0x1000
#define HWDMA_CH_STRIDE		0x1000	/* a page each: can be handed out alone */
#define HWDMA_CH(n)		(HWDMA_CH_BASE + (n) * HWDMA_CH_STRIDE)
#define HWDMA_MAX_CHANNELS	15

#define HWDMA_CH_CTRL		0x00	/* RW */
#define HWDMA_CH_CTRL_RESET	(1u << 0)	/* SC: abort (ERR_ABORTED), RING and PAUSE off, head and
						 * tail 0; other registers keep their values */
#define HWDMA_CH_CTRL_RING	(1u << 1)	/* process the ring */
#define HWDMA_CH_CTRL_PAUSE	(1u << 2)	/* issue no request while set */
#define HWDMA_CH_CTRL_CONTINUE	(1u << 3)	/* ring goes on after a failed operation */
#define HWDMA_CH_CTRL_RESUME	(1u << 4)	/* SC: leave RING_HALTED */

#define HWDMA_CH_STATUS		0x04	/* RO */
#define HWDMA_CH_STATE(x)	((x) & 0xfu)
#define HWDMA_STATE_IDLE	0	/* nothing done since reset */
#define HWDMA_STATE_BUSY	1
#define HWDMA_STATE_DONE	2	/* last operation succeeded */
#define HWDMA_STATE_ERROR	3	/* last operation failed */
#define HWDMA_CH_ERROR(x)	(((x) >> 8) & 0xffu)	/* HWDMA_ERR_* of the last operation */
#define HWDMA_CH_RING_HALTED	(1u << 16)	/* ring stopped by an error */
#define HWDMA_CH_WAIT_PRI	(1u << 17)	/* waiting for a page response */
#define HWDMA_CH_WAIT_TIME	(1u << 18)	/* waiting out a latency */
#define HWDMA_CH_OVERRUN	(1u << 19)	/* a doorbell while busy was ignored;
						 * cleared by the next one obeyed, or reset */
#define HWDMA_CH_CPL_FAILED	(1u << 20)	/* a status record could not be written; cleared alike */
#define HWDMA_CH_WAIT_BUS	(1u << 21)	/* its request is held on its way, as by an IOMMU that stalls */

#define HWDMA_CH_DOORBELL	0x08	/* WO: bit 0: start the operation in CH_DESC.
					 * Refused while busy or while the ring is on. */
#define HWDMA_CH_SEQ		0x0c	/* RO: operations completed, modulo 2^32 */

/* Ring: 2^RING_SIZE descriptors of 64 bytes; runs while head != tail. */
#define HWDMA_CH_RING_BASE	0x20	/* RW 64: IOVA, bits 5:0 are zero */
#define HWDMA_CH_RING_SIZE	0x28	/* RW: log2, 0..CAP0.RING_LOG2 (higher: that) */
#define HWDMA_CH_RING_ATTR	0x2c	/* RW: HWDMA_ATTR_* of descriptors and status records,
					 * those of one-shot operations included.
					 * BASE, SIZE, ATTR: writes ignored while the ring is on. */
#define HWDMA_CH_RING_TAIL	0x30	/* RW: next index software fills, modulo size */
#define HWDMA_CH_RING_HEAD	0x34	/* RO: next index to run. Not advanced by a descriptor
					 * that could not be read. */

#define HWDMA_CH_DESC		0x40	/* RW: struct hwdma_desc, 64 bytes: one-shot operation */
#define HWDMA_CH_RESULT		0x80	/* RO: struct hwdma_status, 32 bytes: last operation */

/* ---- Descriptor, in memory and at CH_DESC; little-endian ---------------- */

struct hwdma_desc {
	uint32_t op;		/* 0x00 opcode 7:0, flags */
	uint32_t vector;	/* 0x04 MSI-X vector 15:0; 31:16 zero */
	uint32_t src_attr;	/* 0x08 HWDMA_ATTR_* */
	uint32_t dst_attr;	/* 0x0c HWDMA_ATTR_* */
	uint64_t src;		/* 0x10 IOVA, any alignment */
	uint64_t dst;		/* 0x18 IOVA */
	uint64_t len;		/* 0x20 bytes */
	uint64_t operand0;	/* 0x28 */
	uint64_t operand1;	/* 0x30 */
	uint64_t status;	/* 0x38 IOVA of a struct hwdma_status, 32-byte aligned; see F_STATUS */
};

#define HWDMA_DESC_SIZE		64
#define HWDMA_DESC_OP		0x00
#define HWDMA_DESC_VECTOR	0x04
#define HWDMA_DESC_SRC_ATTR	0x08
#define HWDMA_DESC_DST_ATTR	0x0c
#define HWDMA_DESC_SRC		0x10
#define HWDMA_DESC_DST		0x18
#define HWDMA_DESC_LEN		0x20
#define HWDMA_DESC_OPERAND0	0x28
#define HWDMA_DESC_OPERAND1	0x30
#define HWDMA_DESC_STATUS	0x38

#define HWDMA_OP_CODE(x)	((x) & 0xffu)
#define HWDMA_OP_NOP		0x00	/* no DMA; completes, interrupts if asked to */
#define HWDMA_OP_COPY		0x01	/* src -> dst, len */
#define HWDMA_OP_FILL		0x02	/* dst, len; byte i = byte i % 8 of operand0 */
#define HWDMA_OP_COMPARE	0x03	/* src with dst, len (reads both); result: first offset that differs */
#define HWDMA_OP_CHECK		0x04	/* src with the pattern FILL writes; result as COMPARE */
#define HWDMA_OP_READ		0x05	/* len 1..8 bytes of src -> result, within 8 aligned bytes */
#define HWDMA_OP_WRITE		0x06	/* low len 1..8 bytes of operand0 -> dst, within 8 aligned bytes */
#define HWDMA_OP_FETCH_ADD	0x07	/* dst += operand0; len 4 or 8, dst aligned to it; result: old value */
#define HWDMA_OP_SWAP		0x08	/* dst = operand0; result: old value */
#define HWDMA_OP_CAS		0x09	/* dst = operand1 if it is operand0; result: old value */
#define HWDMA_OP_CRC32		0x0a	/* src, len; result: CRC-32 of IEEE 802.3 */
#define HWDMA_OP_TOUCH		0x0b	/* zero-length read of src */
#define HWDMA_OP_TRANSLATE	0x0c	/* fill the ATC for src, len (AT must be ATC), no data;
					 * F_WRITE: for writing. result: translated address of src */

/* Flags. Bits not named must be zero. */
#define HWDMA_F_INT		(1u << 8)	/* interrupt when it succeeds */
#define HWDMA_F_INT_ERROR	(1u << 9)	/* interrupt when it fails */
#define HWDMA_F_STATUS		(1u << 10)	/* write a status record */
#define HWDMA_F_WRITE		(1u << 11)	/* TRANSLATE only: ask for write permission */
#define HWDMA_F_MASK		0x00000fffu

/* Address attributes */
#define HWDMA_ATTR_PASID(x)	((x) & 0xfffffu)
#define HWDMA_ATTR_PASID_VALID	(1u << 20)	/* request carries the PASID */
#define HWDMA_ATTR_PRIV		(1u << 21)	/* Privileged Mode Requested; needs PASID_VALID */
#define HWDMA_ATTR_EXEC		(1u << 22)	/* reads are Execute Requested; needs PASID_VALID */
#define HWDMA_ATTR_AT_MASK	(3u << 24)
#define HWDMA_ATTR_AT_UNTRANS	(0u << 24)	/* untranslated requests */
#define HWDMA_ATTR_AT_ATC	(1u << 24)	/* through the ATC, by translation requests */
#define HWDMA_ATTR_AT_RAW	(2u << 24)	/* misbehave: address sent as translated, as it is */
#define HWDMA_ATTR_PRI		(1u << 26)	/* with AT_ATC: ask for missing pages */
#define HWDMA_ATTR_NW		(1u << 27)	/* with AT_ATC: translation requests for reads set No Write */
#define HWDMA_ATTR_MASK		0x0f7fffffu

/* ---- Status record, in memory and at CH_RESULT; little-endian ----------- */

struct hwdma_status {
	uint32_t status;	/* 0x00 as CH_STATUS: state 3:0 (DONE or ERROR), error 15:8 */
	uint32_t seq;		/* 0x04 CH_SEQ after this operation */
	uint64_t bytes_done;	/* 0x08 bytes completely processed */
	uint64_t result;	/* 0x10 by opcode */
	uint64_t fault_addr;	/* 0x18 IOVA of the request that failed */
};

#define HWDMA_STATUS_SIZE	32
#define HWDMA_RES_STATUS	0x00
#define HWDMA_RES_SEQ		0x04
#define HWDMA_RES_BYTES		0x08
#define HWDMA_RES_RESULT	0x10
#define HWDMA_RES_FAULT		0x18

/* ---- Errors -------------------------------------------------------------- */

#define HWDMA_ERR_NONE		0
#define HWDMA_ERR_UNMAPPED	1	/* untranslated request: Unsupported Request;
					 * through ATC: answered with R=W=0 */
#define HWDMA_ERR_NO_PERMISSION	2	/* mapped, but not for this kind of access */
#define HWDMA_ERR_BLOCKED	3	/* translated request: Unsupported Request */
#define HWDMA_ERR_ATS_REFUSED	4	/* translation request: Unsupported Request */
#define HWDMA_ERR_ATS_ABORTED	5	/* translation request: Completer Abort, or malformed answer */
#define HWDMA_ERR_PRI_REFUSED	6	/* page response: Invalid Request */
#define HWDMA_ERR_PRI_FAILURE	7	/* page response: Response Failure, or a reserved code */
#define HWDMA_ERR_PRI_TIMEOUT	8	/* no page response within PRI_TIMEOUT */
#define HWDMA_ERR_PRI_EXHAUSTED	9	/* PRI_RETRIES responses said Success, page still missing */
#define HWDMA_ERR_ABORTED	10	/* channel reset, or bus mastering turned off, while busy */
#define HWDMA_ERR_BUS		11	/* Completer Abort or no completion */
#define HWDMA_ERR_MISCOMPARE	12	/* COMPARE, CHECK: see result */
#define HWDMA_ERR_BAD_DESC	13	/* unknown opcode, reserved bit, bad length, alignment or vector */
#define HWDMA_ERR_NOT_ENABLED	14	/* needs bus mastering, PASID, EXEC, PRIV, ATS not enabled */
#define HWDMA_ERR_PRI_DISABLED	15	/* page missing, ATTR_PRI set, PRI not enabled */
#define HWDMA_ERR_MAX		16

#endif /* HWDMA_REGS_H */

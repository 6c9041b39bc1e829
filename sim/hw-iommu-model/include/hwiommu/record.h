/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hwiommu - recording what happens to a unit, and playing it again.
 *
 * A recording is text: a line that describes the unit, then for every call of the
 * public face a line, the calls that the unit made of its host meanwhile
 * (indented), and, if the call has a result, a line "= RESULT". A recording made
 * while a driver boots replays without the driver, the machine or its memory.
 *
 *	hwiommu-recording 1
 *	unit vtd version=6.0 haw=52 ...
 *	w OFFSET SIZE VALUE			hwi_mmio_write()
 *	r OFFSET SIZE				hwi_mmio_read()
 *	= VALUE
 *	t REQUESTER PASID ADDR KIND ACCESS LENGTH
 *	= OUTCOME ADDR SPAN RIGHTS ATS SNOOPED FAULT RECORDED
 *	i REQUESTER ADDR DATA
 *	= OUTCOME ADDR DATA FAULT RECORDED
 *	p REQUESTER PASID ADDR ACCESS PRGI LAST	hwi_page_request()
 *	a REQUESTER ITAGS COUNT			hwi_ats_complete()
 *	o ITAGS					hwi_ats_timeout()
 *	s BUDGET				hwi_step()
 *	= DONE
 *	z COLD					hwi_reset()
 *	 m ADDR BYTES				read that answered
 *	 e ADDR LENGTH				read that did not
 *	 W ADDR BYTES = OK
 *	 c ADDR EXPECTED DESIRED = RESULT	cas64
 *	 I ADDR DATA = OK			msi
 *	 L LINE LEVEL				irq
 *	 A REQUESTER PASID GLOBAL ITAG ADDR SPAN = SENT
 *	 G REQUESTER PASID PRGI CODE		prg_response
 *	 R REQUESTER TAG ACTION			resume
 *	 V					sev
 *	 D = DRAINED
 *
 * All numbers are hexadecimal without a prefix; the PASID is "-" if there is
 * none. A line that starts with '#' is a comment.
 */
#ifndef HWIOMMU_RECORD_H
#define HWIOMMU_RECORD_H

#include <stdio.h>

#include "hwiommu.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * hwi_record_start() - write every further call on a unit to a stream
 * @unit: the unit, in cold reset state for a recording that can be replayed
 * @out: the stream; stays the caller's and must outlive the recording
 *
 * From here on the unit reads memory through hwi_host_ops.read alone (the ranges
 * of hwi_set_ram() are not used), so it is slower.
 *
 * Return: %HWI_OK, %HWI_EINVAL if the unit is being recorded already, or
 * %HWI_ENOMEM.
 */
enum hwi_status hwi_record_start(struct hwi_unit *unit, FILE *out);

/**
 * hwi_record_stop() - end a recording
 * @unit: the unit; nothing happens if it is not being recorded
 *
 * The stream is flushed. hwi_set_ram() may be called again to regain speed.
 */
void hwi_record_stop(struct hwi_unit *unit);

/**
 * struct hwi_replay_report - how a replay went
 * @calls: calls replayed
 * @differences: calls whose result, or whose calls of the host, differ from the
 *	recording
 * @line: number of the last line read
 */
struct hwi_replay_report {
	uint64_t calls;
	uint64_t differences;
	uint64_t line;
};

/**
 * hwi_replay() - play a recording on a new unit
 * @in: the recording, untrusted
 * @diag: where each difference is explained in a line, or NULL
 * @report: filled
 *
 * Return: %HWI_OK if the recording was played to its end (look at
 * @report->differences), %HWI_EVERSION if it is no recording of a known version,
 * %HWI_ESTATE for a line that cannot be read, %HWI_ECONFIG if it describes a unit
 * that this build does not make, %HWI_ENOMEM.
 */
enum hwi_status hwi_replay(FILE *in, FILE *diag, struct hwi_replay_report *report);

#ifdef __cplusplus
}
#endif

#endif

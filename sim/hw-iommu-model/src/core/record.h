/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What recorder and replayer share, so that equal results are equal text. */
#ifndef HWI_CORE_RECORD_H
#define HWI_CORE_RECORD_H

#include <stddef.h>

#include "hwiommu/request.h"

#define HWI_RECORD_MAGIC "hwiommu-recording 1"

/* Longest line, far above what any call or host call makes. */
#define HWI_RECORD_LINE 1024

/* A PASID as text: "-" for none; @buf of 16 bytes is used for a number. */
const char *hwi_record_pasid(char *buf, uint32_t pasid);

void hwi_record_response(char *buf, size_t size, const struct hwi_response *resp);
void hwi_record_interrupt(char *buf, size_t size, const struct hwi_interrupt_response *resp);

#endif

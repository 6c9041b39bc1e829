/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The table of fault reasons a run has reached, and those it had to reach. */
#ifndef PROPERTY_VTD_EXPECT_H
#define PROPERTY_VTD_EXPECT_H

#include "vtd-agree.h"

struct reason {
	unsigned char code;
	const char *name;
};

/* Every DMA fault reason of a unit without host permission tables */
static const struct reason dma_reasons[] = {
	{ 0x01, "LRT.2" }, { 0x02, "LCT.2" }, { 0x03, "LCT.4" }, { 0x04, "LGN.1" },
	{ 0x05, "LGN.2" }, { 0x06, "LGN.3" }, { 0x07, "LSS.1" }, { 0x08, "LRT.1" },
	{ 0x09, "LCT.1" }, { 0x0a, "LRT.3" }, { 0x0b, "LCT.3" }, { 0x0c, "LSS.2" },
	{ 0x0d, "LCT.5" }, { 0x0e, "LGN.4" }, { 0x29, "INT.29" }, { 0x30, "RTA.1" },
	{ 0x31, "RTA.2" }, { 0x33, "RTA.4" }, { 0x34, "RTA.5" }, { 0x38, "SRT.1" },
	{ 0x39, "SRT.2" }, { 0x3a, "SRT.3" }, { 0x40, "SCT.1" }, { 0x41, "SCT.2" },
	{ 0x42, "SCT.3" }, { 0x43, "SCT.4" }, { 0x44, "SCT.5" }, { 0x45, "SCT.6" },
	{ 0x46, "SCT.7" }, { 0x48, "SCT.9" }, { 0x49, "SCT.10" }, { 0x50, "SPD.1" },
	{ 0x51, "SPD.2" }, { 0x52, "SPD.3" }, { 0x58, "SPT.1" }, { 0x59, "SPT.2" },
	{ 0x5a, "SPT.3" }, { 0x5b, "SPT.4" }, { 0x5c, "SPT.5" }, { 0x5d, "SPT.6" },
	{ 0x70, "SFS.1" }, { 0x71, "SFS.2" }, { 0x72, "SFS.3" }, { 0x73, "SFS.4" },
	{ 0x74, "SFS.5" }, { 0x75, "SFS.6" }, { 0x76, "SFS.7" }, { 0x77, "SFS.8" },
	{ 0x78, "SSS.1" }, { 0x79, "SSS.2" }, { 0x7a, "SSS.3" }, { 0x7b, "SSS.4" },
	{ 0x7c, "SSS.5" }, { 0x7d, "SSS.6" }, { 0x80, "SGN.1" }, { 0x81, "SGN.2" },
	{ 0x83, "SGN.4" }, { 0x84, "SGN.5" }, { 0x85, "SGN.6" }, { 0x86, "SGN.7" },
	{ 0x87, "SGN.8" }, { 0x89, "SGN.10" }, { 0x90, "SFS.9" }, { 0x91, "SFS.10" },
};

/*
 * Prints the table. Returns how many reasons were never reached, or never
 * recorded, or never silenced by FPD though they can be.
 */
static inline unsigned int print_coverage(const struct coverage *c)
{
	unsigned int missing = 0;

	fprintf(stderr, "%u requests: %u passed, %u translation requests got rights, %u with several legal answers\n",
		c->requests, c->passed, c->ats_rights, c->several);
	for (unsigned int i = 0; i < sizeof(dma_reasons) / sizeof(dma_reasons[0]); i++) {
		unsigned char code = dma_reasons[i].code;
		bool bad = !c->record[code] ||
			   (oracle_code_qualified(code) && !c->silenced[code] &&
			    code != 0x29);

		fprintf(stderr, "%02x %-7s %7u refused %7u recorded %7u silenced%s%s",
			code, dma_reasons[i].name, c->fault[code], c->record[code],
			c->silenced[code], bad ? "  MISSING" : "", i & 1 ? "\n" : "    ");
		missing += bad;
	}
	fprintf(stderr, "\n");
	return missing;
}

#endif

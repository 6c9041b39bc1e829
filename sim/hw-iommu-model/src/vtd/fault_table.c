/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How each fault condition is answered and recorded (VT-d 5.10 §7.1, Tables 30 and 31). */
#include "vtd.h"

#define ROW(name, reason, q, u, t, x, pr, section, title)    \
	[VTD_FC_##name] = {                                   \
		.code = VTD_FR_##name,                        \
		.qualified = q,                               \
		.on_untranslated = VTD_RESP_##u,              \
		.on_translation = VTD_RESP_##t,               \
		.on_translated = VTD_RESP_##x,                \
		.on_page_request = VTD_PR_##pr,               \
	},

static const struct vtd_fault_info table[VTD_FC_COUNT] = {
	VTD_FAULT_CONDITIONS(ROW)
};

const struct vtd_fault_info *vtd_fault_info(enum vtd_fault_cond cond)
{
	return &table[cond];
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A library that answers one fault condition wrongly, to see whether the tests notice.
 *
 * Linked in front of vtd_fault_info() with -Wl,--wrap. The environment variable HWI_MUTANT names the condition and what is
 * wrong with it: "FC_SPT_3:reason", ":qualified", ":U", ":T", ":X". Without it nothing is changed.
 */
#include <stdlib.h>
#include <string.h>

#include "vtd/vtd.h"

const struct vtd_fault_info *__real_vtd_fault_info(enum vtd_fault_cond cond);
const struct vtd_fault_info *__wrap_vtd_fault_info(enum vtd_fault_cond cond);

#define NAME(name, reason, q, u, t, x, pr, section, title) \
	[VTD_FC_##name] = "FC_" #name,
static const char *const names[VTD_FC_COUNT] = { VTD_FAULT_CONDITIONS(NAME) };

/* An answer that differs from @resp in what the requester sees. */
static uint8_t other(uint8_t resp)
{
	return resp == VTD_RESP_UR ? VTD_RESP_CA : VTD_RESP_UR;
}

const struct vtd_fault_info *__wrap_vtd_fault_info(enum vtd_fault_cond cond)
{
	static struct vtd_fault_info wrong;
	const struct vtd_fault_info *right = __real_vtd_fault_info(cond);
	const char *mutant = getenv("HWI_MUTANT");
	size_t len = names[cond] ? strlen(names[cond]) : 0;
	const char *what;

	if (!mutant || !len || strncmp(mutant, names[cond], len) != 0 || mutant[len] != ':')
		return right;
	wrong = *right;
	what = mutant + len + 1;
	if (!strcmp(what, "reason"))
		wrong.code = 0xee; /* no reason of the specification */
	else if (!strcmp(what, "qualified"))
		wrong.qualified = !wrong.qualified;
	else if (!strcmp(what, "U"))
		wrong.on_untranslated = other(wrong.on_untranslated);
	else if (!strcmp(what, "T"))
		wrong.on_translation = other(wrong.on_translation);
	else if (!strcmp(what, "X"))
		wrong.on_translated = other(wrong.on_translated);
	else
		abort();
	return &wrong;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every list of the headers becomes rows, in the headers' order.
 */
#include "spec.h"

#define REG_ROW(name_, offset_, bits_, reset_, gate_, section_, title_) \
	{ .kind = KIND_REG, .name = #name_, .gate = #gate_, .section = section_, .title = title_, \
	  .base = BASE_FIXED, .offset = (offset_), .bits = (bits_), .reset = (reset_) },
#define FLOATING_ROW(name_, base_, offset_, bits_, reset_, gate_, section_, title_) \
	{ .kind = KIND_REG, .name = #name_, .gate = #gate_, .section = section_, .title = title_, \
	  .base = BASE_##base_, .offset = (offset_), .bits = (bits_), .reset = (reset_) },
#define DSC_ROW(name_, type_, gate_, section_, title_) \
	{ .kind = KIND_DSC, .name = #name_, .gate = #gate_, .section = section_, .title = title_, .code = (type_) },
#define FC_ROW(name_, reason_, qualified_, u_, t_, x_, pr_, section_, title_) \
	{ .kind = KIND_FC, .name = #name_, .section = section_, .title = title_, .code = (reason_), \
	  .qualified = (qualified_) != 0, .resp = { #u_, #t_, #x_ }, .pr = #pr_ },

const struct row rows[] = {
	VTD_REGISTERS(REG_ROW)
	VTD_FLOATING_REGISTERS(FLOATING_ROW)
	VTD_DESCRIPTORS(DSC_ROW)
	VTD_FAULT_CONDITIONS(FC_ROW)
};
const size_t row_count = sizeof(rows) / sizeof(rows[0]);

const char *kind_prefix(enum kind kind)
{
	static const char *const prefix[] = {
		[KIND_REG] = "REG_",
		[KIND_DSC] = "DSC_",
		[KIND_FC] = "FC_",
	};

	return prefix[kind];
}

/* Gates of fault conditions stand in a list of their own, in any order. */
#define FC_GATE(name_, gate_) \
	[VTD_FC_##name_] = VTD_GATE_##gate_(ver, cap, ecap),
#define REG_GATE(name_, offset_, bits_, reset_, gate_, section_, title_)		VTD_GATE_##gate_(ver, cap, ecap),
#define FLOATING_GATE(name_, base_, offset_, bits_, reset_, gate_, section_, title_)	VTD_GATE_##gate_(ver, cap, ecap),
#define DSC_GATE(name_, type_, gate_, section_, title_)					VTD_GATE_##gate_(ver, cap, ecap),

bool row_gate(size_t i, uint32_t ver, uint64_t cap, uint64_t ecap)
{
	const bool others[] = {
		VTD_REGISTERS(REG_GATE)
		VTD_FLOATING_REGISTERS(FLOATING_GATE)
		VTD_DESCRIPTORS(DSC_GATE)
	};
	const bool faults[VTD_FC_COUNT] = {
		VTD_FAULT_GATES(FC_GATE)
	};
	const size_t first_fault = sizeof(others) / sizeof(others[0]);

	return i < first_fault ? others[i] : faults[i - first_fault + 1];
}

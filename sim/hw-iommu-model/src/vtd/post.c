/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Interrupt posting: from an IRTE with IM=1 to a bit in a posted-interrupt
 * descriptor and, if due, a notification (VT-d 5.10 §5.2.3, §9.11).
 *
 * Hardware updates the descriptor in one locked operation. Here it is two
 * compare-and-swaps, the request bit before ON: whoever sees ON sees the bit.
 */
#include "vtd.h"

/* Software changes the descriptor under us; more often than this in a row it does not. */
#define UPDATE_TRIES 64

/* Set bits in a word of memory that others change too; *old is what they were. */
static bool set_bits(struct vtd_unit *v, uint64_t addr, uint64_t bits, uint64_t *old)
{
	for (unsigned int i = 0; i < UPDATE_TRIES; i++) {
		enum hwi_cas res;

		if (!hwi_load64(&v->base, addr, old))
			return false;
		res = hwi_mem_cas64(&v->base, addr, *old, *old | bits);
		if (res != HWI_CAS_CHANGED)
			return res == HWI_CAS_DONE;
	}
	return false;
}

static bool reserved(const struct vtd_unit *v, const uint64_t pid[VTD_PID_QWORDS])
{
	uint64_t rsvd = VTD_PID_Q4_RSVD;

	if (!(v->active.irta & VTD_IRTA_EIME))
		rsvd |= VTD_PID_Q4_RSVD_XAPIC;
	return (pid[4] & rsvd) || (pid[5] & VTD_PID_Q5_RSVD) || (pid[6] & VTD_PID_Q6_RSVD) ||
	       (pid[7] & VTD_PID_Q7_RSVD);
}

/* Physical destination, fixed, edge, RH=0. */
static void notify(struct vtd_unit *v, uint64_t q4)
{
	uint32_t dst = v->active.irta & VTD_IRTA_EIME ? HWI_GET32(VTD_PID_Q4_NDST, q4) :
							HWI_GET32(VTD_PID_Q4_NDST_XAPIC, q4);
	uint32_t data = HWI_PUT32(VTD_INT_COMPAT_DATA_V, HWI_GET(VTD_PID_Q4_NV, q4)) |
			VTD_INT_COMPAT_DATA_LEVEL;

	v->base.host->msi(v->base.opaque, vtd_int_message_addr(dst), data);
}

enum vtd_fault_cond vtd_post(struct vtd_unit *v, uint64_t irte_lo, uint64_t irte_hi)
{
	uint64_t addr = HWI_GET(VTD_IRTE_Q1_PDAH, irte_hi) << 32 |
			HWI_GET(VTD_IRTE_Q0_PDAL, irte_lo) << 6;
	uint32_t vv = HWI_GET32(VTD_IRTE_Q0_V, irte_lo);
	uint64_t pid[VTD_PID_QWORDS], old, q4;
	bool urgent = irte_lo & VTD_IRTE_Q0_URG;

	if (!hwi_load_words(&v->base, addr, pid, VTD_PID_QWORDS))
		return VTD_FC_IR_27;
	if (reserved(v, pid))
		return VTD_FC_IR_28;
	if (!set_bits(v, addr + vv / 64 * 8, UINT64_C(1) << vv % 64, &old))
		return VTD_FC_IR_27;
	if (!hwi_load64(&v->base, addr + 32, &q4))
		return VTD_FC_IR_27;
	if ((q4 & VTD_PID_Q4_ON) || (!urgent && (q4 & VTD_PID_Q4_SN)))
		return VTD_FC_NONE;
	if (!set_bits(v, addr + 32, VTD_PID_Q4_ON, &q4))
		return VTD_FC_IR_27;
	/* Software may have come first meanwhile. */
	if (!(q4 & VTD_PID_Q4_ON))
		notify(v, q4);
	return VTD_FC_NONE;
}

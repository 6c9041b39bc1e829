/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Interrupt remapping: from an interrupt request to the message that is
 * delivered (VT-d 5.10 §5.1, §5.1.4, §9.9).
 */
#include "vtd.h"

/* An IRTE is read in one piece (§5.1.4); so often we look again before giving up. */
#define IRTE_READ_TRIES 8

struct remap {
	const struct hwi_interrupt_request *req;
	uint64_t index;
	uint64_t irte[2];
	bool read; /* the entry comes from memory */
	bool fpd;
};

static bool eime(const struct vtd_unit *v)
{
	return v->active.irta & VTD_IRTA_EIME;
}

/* Steps 1 to 3 of §5.1.4: what is decided before the format matters. */
static enum vtd_fault_cond check_mode(const struct vtd_unit *v, uint32_t addr, bool *pass)
{
	*pass = false;
	if (!(v->regs.gsts & VTD_GSTS_IRES)) {
		if (vtd_has_ecap(v, VTD_ECAP_IRREQ))
			return VTD_FC_IR_2B;
		*pass = true;
		return VTD_FC_NONE;
	}
	if (vtd_has_ecap(v, VTD_ECAP_EIMER) && !eime(v))
		return VTD_FC_IR_2A;
	if (addr & VTD_INT_ADDR_FORMAT)
		return VTD_FC_NONE;
	if (eime(v) || !(v->regs.gsts & VTD_GSTS_CFIS))
		return VTD_FC_IR_25;
	*pass = true;
	return VTD_FC_NONE;
}

/* Steps 4 and 5: the index, which counts with all 17 bits against the table's size. */
static enum vtd_fault_cond find_index(const struct vtd_unit *v, struct remap *r)
{
	uint32_t addr = (uint32_t)r->req->addr;
	uint64_t entries = UINT64_C(2) << HWI_GET(VTD_IRTA_S, v->active.irta);

	r->index = HWI_GET(VTD_INT_ADDR_HANDLE_14_0, addr);
	if (addr & VTD_INT_ADDR_HANDLE_15)
		r->index |= UINT64_C(1) << 15;
	if (r->req->addr >> 32)
		return VTD_FC_IR_20;
	if (addr & VTD_INT_ADDR_SHV) {
		if (r->req->data & VTD_INT_DATA_RSVD)
			return VTD_FC_IR_20;
		r->index += HWI_GET(VTD_INT_DATA_SUBHANDLE, r->req->data);
	}
	if (r->index >= entries)
		return VTD_FC_IR_21;
	if (((v->active.irta & VTD_IRTA_IRTA) + r->index * VTD_IRTE_ENTRY_SIZE) & v->lim.haw_rsvd)
		return VTD_FC_IR_21;
	return VTD_FC_NONE;
}

static bool read_irte(struct vtd_unit *v, uint64_t addr, uint64_t irte[2])
{
	uint64_t again[2];

	for (unsigned int i = 0; i < IRTE_READ_TRIES; i++) {
		if (!hwi_load_words(&v->base, addr, irte, 2) ||
		    !hwi_load_words(&v->base, addr, again, 2))
			return false;
		if (irte[0] == again[0] && irte[1] == again[1])
			break;
	}
	return true;
}

static struct hwi_cache_key iec_key(uint64_t index)
{
	return (struct hwi_cache_key){ .a = index << 3 };
}

static bool find_cached(const struct vtd_unit *v, struct remap *r)
{
	const struct hwi_cache_entry *e = hwi_cache_find(&v->iec, iec_key(r->index));
	const struct vtd_iec *irte;

	if (!e)
		return false;
	irte = hwi_cache_payload_const(e);
	r->irte[0] = irte->irte[0];
	r->irte[1] = irte->irte[1];
	return true;
}

static void cache(struct vtd_unit *v, const struct remap *r)
{
	struct hwi_cache_entry *e = hwi_cache_fill(&v->iec, iec_key(r->index), (uint32_t)r->index);
	struct vtd_iec *irte = hwi_cache_payload(e);

	irte->irte[0] = r->irte[0];
	irte->irte[1] = r->irte[1];
}

/* Who may use the entry: SID, SQ and SVT (§9.9). */
static bool source_ok(const struct remap *r)
{
	static const uint32_t ignored[] = {
		[VTD_SQ_ALL] = 0, [VTD_SQ_IGN_2] = 4, [VTD_SQ_IGN_2_1] = 6, [VTD_SQ_IGN_2_0] = 7,
	};
	uint32_t sid = HWI_GET32(VTD_IRTE_Q1_SID, r->irte[1]);
	uint32_t bus = r->req->requester >> 8;

	switch (HWI_GET(VTD_IRTE_Q1_SVT, r->irte[1])) {
	case VTD_SVT_SID:
		return !((sid ^ r->req->requester) &
			 ~ignored[HWI_GET(VTD_IRTE_Q1_SQ, r->irte[1])]);
	case VTD_SVT_BUS: /* first bus in the high byte, last one in the low one */
		return bus >= sid >> 8 && bus <= (sid & 0xff);
	default: /* none; the reserved value is no question of who asks */
		return true;
	}
}

static bool posted(const uint64_t irte[2])
{
	return irte[0] & VTD_IRTE_Q0_IM;
}

static bool reserved_posted(const struct vtd_unit *v, const uint64_t irte[2])
{
	return !vtd_has_cap(v, VTD_CAP_PI) || (irte[0] & VTD_IRTE_Q0_RSVD_POSTED) ||
	       (irte[1] & VTD_IRTE_Q1_RSVD_POSTED) ||
	       (irte[1] & VTD_IRTE_Q1_PDAH & v->lim.haw_rsvd);
}

static bool reserved_remapped(const struct vtd_unit *v, const uint64_t irte[2])
{
	return (irte[0] & VTD_IRTE_Q0_RSVD) || (irte[1] & VTD_IRTE_Q1_RSVD) ||
	       (!eime(v) && (irte[0] & VTD_IRTE_Q0_RSVD_XAPIC));
}

static bool reserved(const struct vtd_unit *v, const uint64_t irte[2])
{
	if (HWI_GET(VTD_IRTE_Q1_SVT, irte[1]) == VTD_SVT_RSVD)
		return true;
	return posted(irte) ? reserved_posted(v, irte) : reserved_remapped(v, irte);
}

/* Steps 7 to 9, in the order of the text: present, source-id, reserved fields. */
static enum vtd_fault_cond check_irte(const struct vtd_unit *v, const struct remap *r)
{
	if (!(r->irte[0] & VTD_IRTE_Q0_P))
		return VTD_FC_IR_22;
	if (!source_ok(r))
		return VTD_FC_IR_26;
	if (reserved(v, r->irte))
		return VTD_FC_IR_24;
	return VTD_FC_NONE;
}

static enum vtd_fault_cond get_irte(struct vtd_unit *v, struct remap *r)
{
	uint64_t addr = (v->active.irta & VTD_IRTA_IRTA) + r->index * VTD_IRTE_ENTRY_SIZE;

	if (!find_cached(v, r)) {
		if (!read_irte(v, addr, r->irte))
			return VTD_FC_IR_23;
		r->read = true;
	}
	r->fpd = r->irte[0] & VTD_IRTE_Q0_FPD;
	return VTD_FC_NONE;
}

static void build_message(const struct vtd_unit *v, const uint64_t irte[2],
			  struct hwi_interrupt_response *resp)
{
	uint32_t dst = eime(v) ? HWI_GET32(VTD_IRTE_Q0_DST, irte[0]) :
				 HWI_GET32(VTD_IRTE_Q0_DST_XAPIC, irte[0]);

	resp->outcome = HWI_INT_FORWARD;
	resp->addr = vtd_int_message_addr(dst);
	if (irte[0] & VTD_IRTE_Q0_DM)
		resp->addr |= VTD_INT_COMPAT_ADDR_DM;
	if (irte[0] & VTD_IRTE_Q0_RH)
		resp->addr |= VTD_INT_COMPAT_ADDR_RH;
	resp->data = HWI_PUT32(VTD_INT_COMPAT_DATA_V, HWI_GET(VTD_IRTE_Q0_V, irte[0])) |
		     HWI_PUT32(VTD_INT_COMPAT_DATA_DLM, HWI_GET(VTD_IRTE_Q0_DLM, irte[0])) |
		     VTD_INT_COMPAT_DATA_LEVEL;
	if (irte[0] & VTD_IRTE_Q0_TM)
		resp->data |= VTD_INT_COMPAT_DATA_TM;
}

/* By the entry: refuse, post or remap. */
static enum vtd_fault_cond use_irte(struct vtd_unit *v, const struct remap *r,
				    struct hwi_interrupt_response *resp)
{
	enum vtd_fault_cond fc = check_irte(v, r);

	if (fc != VTD_FC_NONE)
		return fc;
	if (posted(r->irte)) {
		resp->outcome = HWI_INT_POSTED;
		return vtd_post(v, r->irte[0], r->irte[1]);
	}
	build_message(v, r->irte, resp);
	return VTD_FC_NONE;
}

/* An entry that a request faults on, whatever the fault, is cached only with CM=1 (§6.4). */
static enum vtd_fault_cond remap(struct vtd_unit *v, struct remap *r,
				 struct hwi_interrupt_response *resp)
{
	enum vtd_fault_cond fc = find_index(v, r);

	if (fc == VTD_FC_NONE)
		fc = get_irte(v, r);
	if (fc != VTD_FC_NONE)
		return fc;
	fc = use_irte(v, r, resp);
	if (r->read && (fc == VTD_FC_NONE || vtd_caches_negative(v)))
		cache(v, r);
	return fc;
}

static void block(struct vtd_unit *v, const struct remap *r, enum vtd_fault_cond fc,
		  struct hwi_interrupt_response *resp)
{
	const struct vtd_fault f = {
		.cond = fc,
		.sid = (uint16_t)r->req->requester,
		.pasid = HWI_PASID_NONE,
		.addr = r->index << 48,
	};

	hwi_count(&v->base, HWI_STAT_FAULTS);
	resp->outcome = HWI_INT_BLOCKED;
	resp->fault = vtd_fault_info(fc)->code;
	resp->recorded = !(vtd_fault_info(fc)->qualified && r->fpd);
	if (resp->recorded)
		vtd_fault_record(v, &f);
}

void vtd_interrupt(struct hwi_unit *unit, const struct hwi_interrupt_request *req,
		   struct hwi_interrupt_response *resp)
{
	struct vtd_unit *v = to_vtd(unit);
	struct remap r = { .req = req };
	enum vtd_fault_cond fc;
	bool pass;

	hwi_count(unit, HWI_STAT_INTERRUPTS);
	fc = check_mode(v, (uint32_t)req->addr, &pass);
	if (pass) {
		resp->outcome = HWI_INT_FORWARD;
		resp->addr = req->addr;
		resp->data = req->data;
		return;
	}
	if (fc == VTD_FC_NONE)
		fc = remap(v, &r, resp);
	if (fc != VTD_FC_NONE)
		block(v, &r, fc, resp);
}

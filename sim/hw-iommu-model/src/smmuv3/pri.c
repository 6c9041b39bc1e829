/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Page requests: their queue, its overflow, and responses that the unit gives by
 * itself (§8). Unlike the event queue this one stands still from an overflow until
 * software has acknowledged it.
 */
#include "control.h"

/* The last of a group that asks for nothing, of a PASID: wants no answer (PCIe PRI). */
static bool is_stop_marker(const struct hwi_page_request *req)
{
	return req->last && req->pasid != HWI_PASID_NONE &&
	       !(req->access & (HWI_READ | HWI_WRITE));
}

/* A unit without substreams sees no PASID (§8). */
static uint32_t pasid_of(const struct smmu_unit *s, const struct hwi_page_request *req)
{
	return s->lim.ssid_bits ? req->pasid : HWI_PASID_NONE;
}

static void respond(struct smmu_unit *s, const struct hwi_page_request *req, uint32_t pasid,
		    uint8_t code)
{
	const struct hwi_prg_response resp = {
		.requester = req->requester,
		.pasid = pasid,
		.prgi = req->prgi,
		.code = code,
	};

	if (s->base.host->prg_response)
		s->base.host->prg_response(s->base.opaque, &resp);
}

/* Failures are about the interface, not about an address space: no PASID (§8.2). */
static void fail(struct smmu_unit *s, const struct hwi_page_request *req)
{
	if (!is_stop_marker(req))
		respond(s, req, HWI_PASID_NONE, HWI_PRG_FAILURE);
}

/*
 * The device shall ask again. Whether the answer carries the PASID is the stream's
 * property, PPAR, unless the unit does so always (§8.1).
 */
static void succeed(struct smmu_unit *s, const struct hwi_page_request *req)
{
	uint32_t pasid = pasid_of(s, req);
	bool ppar = true;

	if (!req->last || is_stop_marker(req))
		return;
	if (pasid != HWI_PASID_NONE && !(s->cfg.idr3 & SMMU_IDR3_PPS) &&
	    !smmu_stream_ppar(s, req->requester, pasid, &ppar)) {
		fail(s, req);
		return;
	}
	respond(s, req, ppar ? pasid : HWI_PASID_NONE, HWI_PRG_SUCCESS);
}

static void encode(const struct smmu_unit *s, const struct hwi_page_request *req,
		   unsigned char *buf)
{
	uint64_t q0 = HWI_PUT(SMMU_PRI0_SID, req->requester);
	uint32_t pasid = pasid_of(s, req);

	if (pasid != HWI_PASID_NONE) {
		q0 |= SMMU_PRI0_SSV | HWI_PUT(SMMU_PRI0_SSID, pasid);
		if (req->access & HWI_PRIV)
			q0 |= SMMU_PRI0_PRIV;
		if (req->access & HWI_EXEC)
			q0 |= SMMU_PRI0_X;
	}
	if (req->access & HWI_READ)
		q0 |= SMMU_PRI0_R;
	if (req->access & HWI_WRITE)
		q0 |= SMMU_PRI0_W;
	if (req->last)
		q0 |= SMMU_PRI0_LAST;
	hwi_st64(buf, q0);
	hwi_st64(buf + 8, (hwi_iova_val(req->addr) & SMMU_PRI1_ADDR) |
				  HWI_PUT(SMMU_PRI1_PRGINDEX, req->prgi));
}

/* LO: an interrupt for each last request, be it discarded; else for the first in an empty queue. */
static bool each_last(const struct smmu_unit *s)
{
	return s->ctl->regs.priq.irq.attr & SMMU_PRIQ_IRQ_CFG2_LO;
}

static void append(struct smmu_unit *s, const struct hwi_page_request *req)
{
	struct smmu_rec_queue *q = &s->ctl->regs.priq;
	struct smmu_ring r = smmu_ring_priq(s);
	bool was_empty = smmu_ring_empty(&r, q->prod, q->cons);
	unsigned char buf[SMMU_PRI_SIZE];

	encode(s, req, buf);
	if (!hwi_mem_write(&s->base, smmu_ring_at(&r, q->prod), buf, sizeof(buf))) {
		smmu_gerror_raise(s, SMMU_GERROR_PRIQ_ABT_ERR);
		fail(s, req);
		return;
	}
	q->prod = (q->prod & SMMU_Q_OVERFLOW) | smmu_ring_next(&r, q->prod);
	if (each_last(s) ? req->last : was_empty)
		smmu_irq_raise(s, SMMU_IRQ_PRIQ);
}

static void discard(struct smmu_unit *s, const struct hwi_page_request *req)
{
	struct smmu_rec_queue *q = &s->ctl->regs.priq;

	if (!((q->prod ^ q->cons) & SMMU_Q_OVERFLOW))
		q->prod ^= SMMU_Q_OVERFLOW;
	succeed(s, req);
	if (each_last(s) && req->last)
		smmu_irq_raise(s, SMMU_IRQ_PRIQ);
}

/* PRIQEN, which only a unit with PRI has, counts while SMMUEN is 1 (§6.3.9.5). */
static bool enabled(const struct smmu_unit *s)
{
	return smmu_enabled(s, SMMU_CR0_PRIQEN) && smmu_enabled(s, SMMU_CR0_SMMUEN) &&
	       !smmu_gerror_active(s, SMMU_GERROR_PRIQ_ABT_ERR);
}

void smmu_page_request(struct hwi_unit *unit, const struct hwi_page_request *req)
{
	struct smmu_unit *s = to_smmu(unit);
	struct smmu_rec_queue *q = &s->ctl->regs.priq;
	struct smmu_ring r;

	hwi_count(unit, HWI_STAT_PAGE_REQUESTS);
	if (!enabled(s)) {
		fail(s, req);
		return;
	}
	r = smmu_ring_priq(s);
	if (((q->prod ^ q->cons) & SMMU_Q_OVERFLOW) || smmu_ring_full(&r, q->prod, q->cons))
		discard(s, req);
	else
		append(s, req);
}

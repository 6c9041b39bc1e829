/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * CMD_ATC_INV and the invalidation requests that are under way (§4.5.1, §3.9.1.4,
 * §3.9.1.5). Each has a tag and belongs to the queue that it came from, whose next
 * CMD_SYNC waits for it.
 */
#include "control.h"

struct smmu_cmd_queue *smmu_queue_by_number(struct smmu_unit *s, uint16_t queue)
{
	return queue ? &s->ctl->cmdqv->vcmdq[queue - 1].q : &s->ctl->cmdq;
}

/* Of a VCMDQ (not 0) that was disabled with requests under way. */
static bool orphaned(const struct smmu_unit *s, uint16_t queue)
{
	return !smmu_vcmdq_enabled(s, &s->ctl->cmdqv->vcmdq[queue - 1]);
}

/*
 * Whether a CMD_SYNC of this queue has to wait. One of the SMMU's own queue stands
 * in for VCMDQs that are disabled, so that the next owner of such a one does not
 * meet the time-out of another's request.
 */
bool smmu_atc_waits(const struct smmu_unit *s, uint16_t queue)
{
	for (unsigned int tag = 0; tag < SMMU_ITAGS; tag++) {
		const struct smmu_itag *t = &s->ctl->itag[tag];

		if (t->busy && (t->queue == queue || (!queue && orphaned(s, t->queue))))
			return true;
	}
	return false;
}

void smmu_atc_forgive(struct smmu_unit *s)
{
	for (uint16_t queue = 1; s->ctl->cmdqv && queue <= CMDQV_VCMDQS_MAX; queue++) {
		if (orphaned(s, queue))
			smmu_queue_by_number(s, queue)->atc_failed = false;
	}
}

static void wake(struct smmu_unit *s, uint16_t queue)
{
	struct smmu_cmd_queue *q = smmu_queue_by_number(s, queue);

	if (q->wait == SMMU_WAIT_ATC && !smmu_atc_waits(s, queue))
		q->wait = SMMU_WAIT_NOT;
}

void smmu_atc_recheck(struct smmu_unit *s)
{
	wake(s, 0);
}

/* Every queue that waited for a tag can try again. */
static void tag_is_free(struct smmu_unit *s)
{
	struct smmu_control *c = s->ctl;

	if (c->cmdq.wait == SMMU_WAIT_ITAG)
		c->cmdq.wait = SMMU_WAIT_NOT;
	for (unsigned int i = 0; c->cmdqv && i < CMDQV_VCMDQS_MAX; i++) {
		if (c->cmdqv->vcmdq[i].q.wait == SMMU_WAIT_ITAG)
			c->cmdqv->vcmdq[i].q.wait = SMMU_WAIT_NOT;
	}
}

static void finish(struct smmu_unit *s, unsigned int tag, bool failed)
{
	uint16_t queue = s->ctl->itag[tag].queue;

	s->ctl->itag[tag] = (struct smmu_itag){ 0 };
	if (failed)
		smmu_queue_by_number(s, queue)->atc_failed = true;
	wake(s, queue);
	wake(s, 0);
	tag_is_free(s);
}

static bool take_tag(struct smmu_unit *s, const struct smmu_issuer *from, uint32_t sid,
		     uint8_t *tag)
{
	for (unsigned int i = 0; i < SMMU_ITAGS; i++) {
		if (s->ctl->itag[i].busy)
			continue;
		s->ctl->itag[i] = (struct smmu_itag){
			.busy = true,
			.queue = from->queue,
			.sid = sid,
		};
		*tag = (uint8_t)i;
		return true;
	}
	return false;
}

/* 4096 * 2^Size bytes, the address aligned down to them; 52 is everything. */
static void range_of(const uint64_t cmd[2], struct hwi_ats_invalidate *inv)
{
	unsigned int log2 = HWI_GET32(SMMU_CMD_ATC_INV1_SIZE, cmd[1]) + 12;

	inv->span_log2 = (uint8_t)log2;
	inv->addr = hwi_iova(cmd[1] & SMMU_CMD1_ADDR & ~smmu_low_bits(log2));
}

/*
 * A function that does not exist or has its ATS off answers Unsupported Request:
 * the command is complete, and guarantees nothing (§3.9.1.5).
 */
enum smmu_cmd_result smmu_atc_inv(struct smmu_unit *s, const struct smmu_issuer *from,
				  const uint64_t cmd[2])
{
	struct hwi_ats_invalidate inv = {
		.requester = HWI_GET32(SMMU_CMD0_SID, cmd[0]),
		.pasid = smmu_cmd_pasid(s, cmd),
	};

	if (HWI_GET(SMMU_CMD_ATC_INV1_SIZE, cmd[1]) > SMMU_ATC_INV_SIZE_ALL)
		return SMMU_CMD_ILL;
	if (from->restricted && !smmu_cmdqv_sid(s, from->vintf, &inv.requester))
		return SMMU_CMD_ILL_ACCESS;
	if (!smmu_enabled(s, SMMU_CR0_SMMUEN) || !s->base.host->ats_invalidate)
		return SMMU_CMD_DONE;
	inv.global = inv.pasid != HWI_PASID_NONE && (cmd[0] & SMMU_CMD_ATC_INV0_GLOBAL);
	range_of(cmd, &inv);
	if (!take_tag(s, from, inv.requester, &inv.itag)) {
		from->q->wait = SMMU_WAIT_ITAG;
		return SMMU_CMD_WAIT;
	}
	from->q->drain_owed = true;
	if (!s->base.host->ats_invalidate(s->base.opaque, &inv))
		finish(s, inv.itag, false);
	return SMMU_CMD_DONE;
}

/* Several messages may answer one request; each says how many there are (PCIe ATS). */
void smmu_ats_complete(struct hwi_unit *unit, uint32_t requester, uint32_t itags,
		       unsigned int count)
{
	struct smmu_unit *s = to_smmu(unit);
	unsigned int owed = count ? count : 8;

	for (unsigned int tag = 0; tag < SMMU_ITAGS; tag++) {
		struct smmu_itag *t = &s->ctl->itag[tag];

		if (!(itags & HWI_BIT32(tag)) || !t->busy || t->sid != requester)
			continue; /* an unexpected completion: there is nobody to tell */
		if (++t->completions >= owed)
			finish(s, tag, false);
	}
	if (smmu_pending(unit))
		hwi_kick(unit);
}

void smmu_ats_timeout(struct hwi_unit *unit, uint32_t itags)
{
	struct smmu_unit *s = to_smmu(unit);

	for (unsigned int tag = 0; tag < SMMU_ITAGS; tag++) {
		if ((itags & HWI_BIT32(tag)) && s->ctl->itag[tag].busy)
			finish(s, tag, true);
	}
	if (smmu_pending(unit))
		hwi_kick(unit);
}

uint32_t smmu_ats_outstanding(const struct hwi_unit *unit)
{
	const struct smmu_unit *s = to_smmu_const(unit);
	uint32_t itags = 0;

	for (unsigned int tag = 0; tag < SMMU_ITAGS; tag++) {
		if (s->ctl->itag[tag].busy)
			itags |= HWI_BIT32(tag);
	}
	return itags;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Recording: the recorder stands between the public face and the family on one
 * side (as unit->ops) and between the unit and its host on the other (as
 * unit->host), and writes down what passes.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "hwiommu/record.h"
#include "record.h"
#include "unit.h"

struct hwi_recorder {
	struct hwi_unit_ops ops;   /* what unit->ops points to while recording */
	struct hwi_host_ops host;  /* what unit->host points to */
	const struct hwi_unit_ops *real_ops;
	const struct hwi_host_ops *real_host;
	void *real_opaque;
	FILE *out;
	bool step_unsaid; /* in a step of which there was nothing to say so far */
	unsigned int budget;
};

const char *hwi_record_pasid(char *buf, uint32_t pasid)
{
	if (pasid == HWI_PASID_NONE)
		return "-";
	(void)snprintf(buf, 16, "%" PRIx32, pasid);
	return buf;
}

static void bytes_out(FILE *out, const void *buf, size_t len)
{
	const unsigned char *p = buf;

	for (size_t i = 0; i < len; i++)
		(void)fprintf(out, "%02x", p[i]);
}

/* Towards the host. */

static void say_step(struct hwi_recorder *r)
{
	if (r->step_unsaid)
		(void)fprintf(r->out, "s %x\n", r->budget);
	r->step_unsaid = false;
}

/* Where a new line goes: behind the call that it belongs to. */
static FILE *new_line(struct hwi_recorder *r)
{
	say_step(r);
	return r->out;
}

static bool rec_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct hwi_recorder *r = opaque;
	bool ok = r->real_host->read(r->real_opaque, addr, buf, len);

	if (ok) {
		(void)fprintf(new_line(r), " m %" PRIx64 " ", hwi_hpa_val(addr));
		bytes_out(r->out, buf, len);
		(void)fputc('\n', r->out);
	} else {
		(void)fprintf(new_line(r), " e %" PRIx64 " %zx\n", hwi_hpa_val(addr), len);
	}
	return ok;
}

static bool rec_write(void *opaque, hwi_hpa_t addr, const void *buf, size_t len)
{
	struct hwi_recorder *r = opaque;
	bool ok = r->real_host->write(r->real_opaque, addr, buf, len);

	(void)fprintf(new_line(r), " W %" PRIx64 " ", hwi_hpa_val(addr));
	bytes_out(r->out, buf, len);
	(void)fprintf(r->out, " = %x\n", ok);
	return ok;
}

static enum hwi_cas rec_cas64(void *opaque, hwi_hpa_t addr, uint64_t expected, uint64_t desired)
{
	struct hwi_recorder *r = opaque;
	enum hwi_cas res = r->real_host->cas64(r->real_opaque, addr, expected, desired);

	(void)fprintf(new_line(r), " c %" PRIx64 " %" PRIx64 " %" PRIx64 " = %x\n", hwi_hpa_val(addr),
		      expected, desired, (unsigned int)res);
	return res;
}

static bool rec_msi(void *opaque, uint64_t addr, uint32_t data)
{
	struct hwi_recorder *r = opaque;
	bool ok = r->real_host->msi(r->real_opaque, addr, data);

	(void)fprintf(new_line(r), " I %" PRIx64 " %" PRIx32 " = %x\n", addr, data, ok);
	return ok;
}

static void rec_irq(void *opaque, unsigned int line, bool level)
{
	struct hwi_recorder *r = opaque;

	(void)fprintf(new_line(r), " L %x %x\n", line, level);
	if (r->real_host->irq)
		r->real_host->irq(r->real_opaque, line, level);
}

static bool rec_ats_invalidate(void *opaque, const struct hwi_ats_invalidate *inv)
{
	struct hwi_recorder *r = opaque;
	bool sent = r->real_host->ats_invalidate &&
		    r->real_host->ats_invalidate(r->real_opaque, inv);
	char pasid[16];

	(void)fprintf(new_line(r), " A %" PRIx32 " %s %x %x %" PRIx64 " %x = %x\n", inv->requester,
		      hwi_record_pasid(pasid, inv->pasid), inv->global, inv->itag,
		      hwi_iova_val(inv->addr), inv->span_log2, sent);
	return sent;
}

static void rec_prg_response(void *opaque, const struct hwi_prg_response *resp)
{
	struct hwi_recorder *r = opaque;
	char pasid[16];

	(void)fprintf(new_line(r), " G %" PRIx32 " %s %x %x\n", resp->requester,
		      hwi_record_pasid(pasid, resp->pasid), resp->prgi, resp->code);
	if (r->real_host->prg_response)
		r->real_host->prg_response(r->real_opaque, resp);
}

static void rec_resume(void *opaque, uint32_t requester, uint64_t tag, enum hwi_resume action)
{
	struct hwi_recorder *r = opaque;

	(void)fprintf(new_line(r), " R %" PRIx32 " %" PRIx64 " %x\n", requester, tag,
		      (unsigned int)action);
	r->real_host->resume(r->real_opaque, requester, tag, action);
}

static void rec_sev(void *opaque)
{
	struct hwi_recorder *r = opaque;

	(void)fprintf(new_line(r), " V\n");
	if (r->real_host->sev)
		r->real_host->sev(r->real_opaque);
}

static bool rec_drain(void *opaque)
{
	struct hwi_recorder *r = opaque;
	bool done = !r->real_host->drain || r->real_host->drain(r->real_opaque);

	(void)fprintf(new_line(r), " D = %x\n", done);
	return done;
}

static void rec_invalidated(void *opaque, const struct hwi_inval *inval)
{
	struct hwi_recorder *r = opaque;

	if (r->real_host->invalidated)
		r->real_host->invalidated(r->real_opaque, inval);
}

static void rec_kick(void *opaque)
{
	struct hwi_recorder *r = opaque;

	if (r->real_host->kick)
		r->real_host->kick(r->real_opaque);
}

/*
 * Towards the family. A call's line is written before the call, because the
 * host's lines follow it; its result comes on a line of its own, "=", that the
 * reader joins to the call.
 */

static uint64_t rec_mmio_read(struct hwi_unit *unit, uint64_t offset, unsigned int size)
{
	struct hwi_recorder *r = unit->recorder;
	uint64_t val;

	(void)fprintf(r->out, "r %" PRIx64 " %x\n", offset, size);
	val = r->real_ops->mmio_read(unit, offset, size);
	(void)fprintf(r->out, "= %" PRIx64 "\n", val);
	return val;
}

static void rec_mmio_write(struct hwi_unit *unit, uint64_t offset, unsigned int size,
			   uint64_t value)
{
	struct hwi_recorder *r = unit->recorder;

	(void)fprintf(r->out, "w %" PRIx64 " %x %" PRIx64 "\n", offset, size, value);
	r->real_ops->mmio_write(unit, offset, size, value);
}

static void rec_translate(struct hwi_unit *unit, const struct hwi_request *req,
			  struct hwi_response *resp)
{
	struct hwi_recorder *r = unit->recorder;
	char pasid[16], line[HWI_RECORD_LINE];

	(void)fprintf(r->out, "t %" PRIx32 " %s %" PRIx64 " %x %x %" PRIx32 "\n", req->requester,
		      hwi_record_pasid(pasid, req->pasid), hwi_iova_val(req->addr),
		      req->kind, req->access, req->length);
	r->real_ops->translate(unit, req, resp);
	hwi_record_response(line, sizeof(line), resp);
	(void)fprintf(r->out, "%s\n", line);
}

static void rec_interrupt(struct hwi_unit *unit, const struct hwi_interrupt_request *req,
			  struct hwi_interrupt_response *resp)
{
	struct hwi_recorder *r = unit->recorder;
	char line[HWI_RECORD_LINE];

	(void)fprintf(r->out, "i %" PRIx32 " %" PRIx64 " %" PRIx32 "\n", req->requester, req->addr,
		      req->data);
	r->real_ops->interrupt(unit, req, resp);
	hwi_record_interrupt(line, sizeof(line), resp);
	(void)fprintf(r->out, "%s\n", line);
}

static void rec_page_request(struct hwi_unit *unit, const struct hwi_page_request *req)
{
	struct hwi_recorder *r = unit->recorder;
	char pasid[16];

	(void)fprintf(r->out, "p %" PRIx32 " %s %" PRIx64 " %x %x %x\n", req->requester,
		      hwi_record_pasid(pasid, req->pasid), hwi_iova_val(req->addr),
		      req->access, req->prgi, req->last);
	r->real_ops->page_request(unit, req);
}

static void rec_ats_complete(struct hwi_unit *unit, uint32_t requester, uint32_t itags,
			     unsigned int count)
{
	struct hwi_recorder *r = unit->recorder;

	(void)fprintf(r->out, "a %" PRIx32 " %" PRIx32 " %x\n", requester, itags, count);
	r->real_ops->ats_complete(unit, requester, itags, count);
}

static void rec_ats_timeout(struct hwi_unit *unit, uint32_t itags)
{
	struct hwi_recorder *r = unit->recorder;

	(void)fprintf(r->out, "o %" PRIx32 "\n", itags);
	r->real_ops->ats_timeout(unit, itags);
}

static unsigned int rec_step(struct hwi_unit *unit, unsigned int budget)
{
	struct hwi_recorder *r = unit->recorder;
	unsigned int done;

	/* A machine may poll: a step that does nothing and asks the host nothing is no news. */
	r->step_unsaid = true;
	r->budget = budget;
	done = r->real_ops->step(unit, budget);
	if (done)
		say_step(r);
	if (!r->step_unsaid)
		(void)fprintf(r->out, "= %x\n", done);
	r->step_unsaid = false;
	return done;
}

static void rec_reset(struct hwi_unit *unit, bool cold)
{
	struct hwi_recorder *r = unit->recorder;

	(void)fprintf(r->out, "z %x\n", cold);
	r->real_ops->reset(unit, cold);
}

static void rec_destroy(struct hwi_unit *unit)
{
	const struct hwi_unit_ops *ops = unit->recorder->real_ops;

	hwi_record_stop(unit);
	ops->destroy(unit);
}

enum hwi_status hwi_record_start(struct hwi_unit *unit, FILE *out)
{
	struct hwi_recorder *r;
	char line[HWI_RECORD_LINE];

	if (unit->recorder)
		return HWI_EINVAL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return HWI_ENOMEM;
	r->out = out;
	r->real_ops = unit->ops;
	r->real_host = unit->host;
	r->real_opaque = unit->opaque;

	r->ops = *unit->ops;
	r->ops.destroy = rec_destroy;
	r->ops.reset = rec_reset;
	r->ops.mmio_read = rec_mmio_read;
	r->ops.mmio_write = rec_mmio_write;
	r->ops.translate = rec_translate;
	r->ops.interrupt = rec_interrupt;
	r->ops.page_request = rec_page_request;
	r->ops.ats_complete = rec_ats_complete;
	r->ops.ats_timeout = rec_ats_timeout;
	r->ops.step = rec_step;

	r->host = (struct hwi_host_ops){
		.read = rec_read,
		.write = rec_write,
		.cas64 = rec_cas64,
		.msi = rec_msi,
		.irq = rec_irq,
		.ats_invalidate = rec_ats_invalidate,
		.prg_response = rec_prg_response,
		.resume = unit->host->resume ? rec_resume : NULL,
		.sev = rec_sev,
		.drain = rec_drain,
		.invalidated = rec_invalidated,
		.kick = rec_kick,
	};

	unit->ops->describe(unit, line, sizeof(line));
	(void)fprintf(out, "%s\nunit %s\n", HWI_RECORD_MAGIC, line);

	hwi_ram_forget(unit);
	unit->ops = &r->ops;
	unit->host = &r->host;
	unit->opaque = r;
	unit->recorder = r;
	hwi_utlb_purge(&unit->utlb); /* its hits would not be seen */
	return HWI_OK;
}

void hwi_record_stop(struct hwi_unit *unit)
{
	struct hwi_recorder *r = unit->recorder;

	if (!r)
		return;
	unit->ops = r->real_ops;
	unit->host = r->real_host;
	unit->opaque = r->real_opaque;
	unit->recorder = NULL;
	(void)fflush(r->out);
	free(r);
}

void hwi_record_response(char *buf, size_t size, const struct hwi_response *resp)
{
	bool ok = resp->outcome == HWI_SUCCESS && resp->rights;
	uint64_t addr = ok ? hwi_hpa_val(resp->addr) : 0;

	if (resp->outcome == HWI_STALLED)
		addr = resp->stall;
	(void)snprintf(buf, size, "= %x %" PRIx64 " %x %x %x %x %x %x", resp->outcome, addr,
		      ok ? resp->span_log2 : 0, resp->rights, resp->ats, resp->snooped, resp->fault, resp->recorded);
}

void hwi_record_interrupt(char *buf, size_t size, const struct hwi_interrupt_response *resp)
{
	bool forward = resp->outcome == HWI_INT_FORWARD;

	(void)snprintf(buf, size, "= %x %" PRIx64 " %" PRIx32 " %x %x", resp->outcome,
		      forward ? resp->addr : 0, forward ? resp->data : 0, resp->fault,
		      resp->recorded);
}

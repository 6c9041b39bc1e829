/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tegra241 CMDQV: which VCMDQs run, on whose behalf, and their errors.
 *
 * A VCMDQ runs once it is allocated to a VINTF and all three - the unit, the VINTF,
 * the queue - are enabled. One whose VINTF the hypervisor does not own takes the
 * commands that a guest may give (command.c), with the VINTF's VMID and with
 * StreamIDs that SID_MATCH knows.
 */
#include <stdlib.h>

#include "control.h"

/* As QEMU's device has it: enabled, with the batch parameters of the silicon. */
#define CONFIG_RESET                                                        \
	(CMDQV_CONFIG_EN | HWI_PUT32(CMDQV_CONFIG_PER_CMD_OFFSET, 1) |      \
	 HWI_PUT32(CMDQV_CONFIG_MAX_CLK_BATCH, 0x40) |                      \
	 HWI_PUT32(CMDQV_CONFIG_MAX_CMD_BATCH, 0x20))

bool smmu_cmdqv_init(struct smmu_unit *s)
{
	if (!s->cfg.cmdqv.present)
		return true;
	s->ctl->cmdqv = calloc(1, sizeof(*s->ctl->cmdqv));
	return s->ctl->cmdqv;
}

void smmu_cmdqv_reset(struct smmu_unit *s)
{
	struct smmu_cmdqv *v = s->ctl->cmdqv;

	s->ctl->cmdqv_turn = false;
	if (!v)
		return;
	*v = (struct smmu_cmdqv){ .config = CONFIG_RESET };
}

unsigned int smmu_cmdqv_vcmdqs(const struct smmu_unit *s)
{
	return 1u << s->cfg.cmdqv.vcmdqs_log2;
}

unsigned int smmu_cmdqv_vintfs(const struct smmu_unit *s)
{
	return 1u << s->cfg.cmdqv.vintfs_log2;
}

/* The VINTF that a VCMDQ is allocated to; NULL: none that is enabled. */
static const struct smmu_vintf *vintf_of(const struct smmu_unit *s, const struct smmu_vcmdq *q)
{
	unsigned int n = HWI_GET32(CMDQV_CMDQ_ALLOC_VINTF, q->alloc);
	const struct smmu_vintf *vi = &s->ctl->cmdqv->vintf[n];

	if (!(q->alloc & CMDQV_CMDQ_ALLOC_ALLOCATED))
		return NULL;
	return vi->config & VINTF_CONFIG_EN ? vi : NULL; /* of those that there are not: never */
}

bool smmu_vcmdq_enabled(const struct smmu_unit *s, const struct smmu_vcmdq *q)
{
	return (s->ctl->cmdqv->config & CMDQV_CONFIG_EN) && (q->config & VCMDQ_CONFIG_EN) &&
	       vintf_of(s, q);
}

/* Enables changed: a queue that stands still forgets what it has fetched. */
void smmu_cmdqv_settle(struct smmu_unit *s)
{
	for (unsigned int i = 0; i < smmu_cmdqv_vcmdqs(s); i++) {
		struct smmu_vcmdq *q = &s->ctl->cmdqv->vcmdq[i];

		if (!smmu_vcmdq_enabled(s, q))
			smmu_cmdq_unfetch(&q->q);
	}
	smmu_atc_recheck(s);
}

static bool ready(const struct smmu_unit *s, const struct smmu_vcmdq *q)
{
	return smmu_vcmdq_enabled(s, q) &&
	       !((q->gerror ^ q->gerrorn) & VCMDQ_GERROR_CMDQ_ERR) && smmu_cmdq_ready(s, &q->q);
}

/* An edge for each error, whatever maps show already. */
static void raise_error(struct smmu_unit *s, struct smmu_vcmdq *q)
{
	unsigned int n = HWI_GET32(CMDQV_CMDQ_ALLOC_VINTF, q->alloc);

	q->gerror ^= VCMDQ_GERROR_CMDQ_ERR; /* it is not active, or the queue would not run */
	if (!(s->ctl->cmdqv->vi_int_mask[n / 32] & HWI_BIT32(n % 32)))
		smmu_irq_pulse(s, HWI_SMMUV3_IRQ_CMDQV);
}

static bool run(struct smmu_unit *s, unsigned int n)
{
	struct smmu_vcmdq *q = &s->ctl->cmdqv->vcmdq[n];
	const struct smmu_vintf *vi = vintf_of(s, q);
	const struct smmu_issuer from = {
		.q = &q->q,
		.queue = (uint16_t)(n + 1),
		.restricted = !(vi->config & VINTF_CONFIG_HYP_OWN),
		.vintf = vi,
	};
	bool done;

	if (smmu_cmdq_work(s, &from, &done) != SMMU_CERROR_NONE)
		raise_error(s, q);
	return done;
}

/* The queues take turns; one whose command has to wait gives its turn away. */
bool smmu_cmdqv_step(struct smmu_unit *s)
{
	struct smmu_cmdqv *v = s->ctl->cmdqv;
	unsigned int count, first;

	if (!v)
		return false;
	count = smmu_cmdqv_vcmdqs(s);
	first = v->next;
	for (unsigned int i = 0; i < count; i++) {
		unsigned int n = (first + i) % count;

		if (!ready(s, &v->vcmdq[n]))
			continue;
		v->next = (uint16_t)((n + 1) % count);
		if (run(s, n))
			return true;
	}
	return false;
}

bool smmu_cmdqv_pending(const struct smmu_unit *s)
{
	const struct smmu_cmdqv *v = s->ctl->cmdqv;

	for (unsigned int n = 0; v && n < smmu_cmdqv_vcmdqs(s); n++) {
		if (ready(s, &v->vcmdq[n]))
			return true;
	}
	return false;
}

bool smmu_cmdqv_sid(const struct smmu_unit *s, const struct smmu_vintf *vi, uint32_t *sid)
{
	for (unsigned int i = 0; i < 1u << s->cfg.cmdqv.sids_log2; i++) {
		if ((vi->match[i] & VINTF_SID_MATCH_ENABLE) &&
		    HWI_GET32(VINTF_SID_MATCH_VIRT_SID, vi->match[i]) == *sid) {
			*sid = HWI_GET32(VINTF_SID_REPLACE_PHYS_SID, vi->replace[i]);
			return true;
		}
	}
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a unit is: the usual configuration, the limits that follow from one, and
 * creation.
 */
#include <stdlib.h>
#include <string.h>

#include "control.h"

#define PUT0(field, val) HWI_PUT32(SMMU_IDR0_##field, val)
#define PUT1(field, val) HWI_PUT32(SMMU_IDR1_##field, val)
#define PUT3(field, val) HWI_PUT32(SMMU_IDR3_##field, val)
#define PUT5(field, val) HWI_PUT32(SMMU_IDR5_##field, val)

/* Unresolved stalls; as many as a small machine has requests under way. */
#define DEFAULT_STALL_MAX 64u

/* Unknown memory attributes stay what they are (§6.3.14: implementation defined). */
#define DEFAULT_GBPA HWI_PUT32(SMMU_GBPA_SHCFG, SMMU_SHCFG_INCOMING)

void hwi_smmuv3_config_init(struct hwi_smmuv3_config *cfg)
{
	*cfg = (struct hwi_smmuv3_config){
		.idr0 = SMMU_IDR0_S2P | SMMU_IDR0_S1P | PUT0(TTF, SMMU_TTF_AARCH64) |
			SMMU_IDR0_COHACC | PUT0(HTTU, SMMU_HTTU_DIRTY) |
			SMMU_IDR0_HYP | SMMU_IDR0_ATS | SMMU_IDR0_ASID16 | SMMU_IDR0_MSI |
			SMMU_IDR0_SEV | SMMU_IDR0_PRI | SMMU_IDR0_VMW | SMMU_IDR0_VMID16 |
			SMMU_IDR0_CD2L | PUT0(TTENDIAN, SMMU_TTENDIAN_LITTLE) |
			SMMU_IDR0_ATSRECERR | PUT0(ST_LEVEL, SMMU_ST_LEVEL_2LVL),
		.idr1 = PUT1(SIDSIZE, 16) | PUT1(SSIDSIZE, 20) |
			PUT1(PRIQS, SMMU_QS_MAX) | PUT1(EVENTQS, SMMU_QS_MAX) |
			PUT1(CMDQS, SMMU_QS_MAX) | SMMU_IDR1_ATTR_PERMS_OVR |
			SMMU_IDR1_ATTR_TYPES_OVR,
		.idr3 = SMMU_IDR3_HAD | SMMU_IDR3_XNX | SMMU_IDR3_FWB | SMMU_IDR3_STT |
			SMMU_IDR3_RIL | PUT3(BBML, 2) | SMMU_IDR3_E0PD,
		.idr5 = PUT5(OAS, SMMU_OAS_52) | SMMU_IDR5_GRAN4K | SMMU_IDR5_GRAN16K |
			SMMU_IDR5_GRAN64K | PUT5(VAX, SMMU_VAX_52) |
			PUT5(STALL_MAX, DEFAULT_STALL_MAX),
		.aidr = SMMU_AIDR_3_2,
		.gbpa = DEFAULT_GBPA,
	};
}

uint64_t smmu_low_bits(unsigned int n)
{
	return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

static uint8_t address_bits(uint32_t oas)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 52 };

	return bits[oas]; /* checked */
}

static void limits_init(struct smmu_unit *s)
{
	const struct hwi_smmuv3_config *cfg = &s->cfg;
	uint32_t httu = HWI_GET32(SMMU_IDR0_HTTU, cfg->idr0);
	uint8_t oas = address_bits(HWI_GET32(SMMU_IDR5_OAS, cfg->idr5));

	s->lim = (struct smmu_limits){
		.oas = oas,
		.ias = oas,
		.sid_bits = (uint8_t)HWI_GET(SMMU_IDR1_SIDSIZE, cfg->idr1),
		.ssid_bits = (uint8_t)HWI_GET(SMMU_IDR1_SSIDSIZE, cfg->idr1),
		.s1 = cfg->idr0 & SMMU_IDR0_S1P,
		.s2 = cfg->idr0 & SMMU_IDR0_S2P,
		.hyp = cfg->idr0 & SMMU_IDR0_HYP,
		.stall = HWI_GET32(SMMU_IDR0_STALL_MODEL, cfg->idr0) !=
				 SMMU_STALL_MODEL_NONE &&
			 s->base.host->resume,
		.httu_af = httu >= SMMU_HTTU_ACCESS,
		.httu_dirty = httu >= SMMU_HTTU_DIRTY,
		.gran4k = cfg->idr5 & SMMU_IDR5_GRAN4K,
		.gran16k = cfg->idr5 & SMMU_IDR5_GRAN16K,
		.gran64k = cfg->idr5 & SMMU_IDR5_GRAN64K,
		.va52 = HWI_GET32(SMMU_IDR5_VAX, cfg->idr5) >= SMMU_VAX_52,
		.oas_mask = smmu_low_bits(oas),
	};
	s->lim.sid_mask = (uint32_t)smmu_low_bits(s->lim.sid_bits);
}

void smmu_limits_no_stall(struct smmu_unit *s)
{
	s->lim.stall = false;
}

static void smmu_destroy(struct hwi_unit *unit)
{
	struct smmu_unit *s = to_smmu(unit);

	smmu_caches_free(s);
	if (s->ctl) {
		free(s->ctl->stalls);
		free(s->ctl->cmdqv);
	}
	free(s->ctl);
	free(s);
}

/* No interrupt remapping: messages of requesters are translated like any write. */
static void smmu_interrupt(struct hwi_unit *unit, const struct hwi_interrupt_request *req,
			   struct hwi_interrupt_response *resp)
{
	(void)unit;
	resp->outcome = HWI_INT_FORWARD;
	resp->addr = req->addr;
	resp->data = req->data;
}

uint64_t smmu_mmio_size(const struct hwi_unit *unit)
{
	/* The power of two above the CMDQV aperture's end. */
	if (to_smmu_const(unit)->ctl->cmdqv)
		return 2 * HWI_SMMUV3_CMDQV_OFFSET;
	return HWI_SMMUV3_REGS_SIZE;
}
_Static_assert(HWI_SMMUV3_CMDQV_SIZE <= HWI_SMMUV3_CMDQV_OFFSET, "the aperture is in the space");

void smmu_reset(struct hwi_unit *unit, bool cold)
{
	struct smmu_unit *s = to_smmu(unit);

	(void)cold; /* nothing is sticky */
	smmu_stall_abort_all(s);
	smmu_reset_registers(s);
	smmu_caches_drop(s);
}

static const struct hwi_unit_ops smmu_unit_ops = {
	.requester_max = UINT32_MAX, /* any: those that the unit cannot take are C_BAD_STREAMID */
	.describe = smmu_describe,
	.destroy = smmu_destroy,
	.reset = smmu_reset,
	.mmio_read = smmu_mmio_read,
	.mmio_write = smmu_mmio_write,
	.mmio_size = smmu_mmio_size,
	.translate = smmu_translate,
	.interrupt = smmu_interrupt,
	.page_request = smmu_page_request,
	.ats_complete = smmu_ats_complete,
	.ats_timeout = smmu_ats_timeout,
	.ats_outstanding = smmu_ats_outstanding,
	.step = smmu_step,
	.pending = smmu_pending,
	.save_size = smmu_save_size,
	.save = smmu_save,
	.restore = smmu_restore,
};

static bool control_init(struct smmu_unit *s)
{
	s->ctl = calloc(1, sizeof(*s->ctl));
	return s->ctl && smmu_stall_init(s) && smmu_cmdqv_init(s);
}

enum hwi_status hwi_smmuv3_create(const struct hwi_smmuv3_config *cfg,
				  const struct hwi_host_ops *ops, void *opaque,
				  struct hwi_unit **unit)
{
	struct smmu_unit *s;

	if (!ops->read || !ops->write || !ops->cas64 || !ops->msi)
		return HWI_EINVAL;
	if (hwi_smmuv3_config_check(cfg, NULL) != HWI_OK)
		return HWI_ECONFIG;
	s = calloc(1, sizeof(*s));
	if (!s)
		return HWI_ENOMEM;
	s->base.ops = &smmu_unit_ops;
	s->base.host = ops;
	s->base.opaque = opaque;
	s->base.utlb.gen = 1;
	s->cfg = *cfg;
	limits_init(s);
	if (!control_init(s) || smmu_caches_init(s) != HWI_OK) {
		smmu_destroy(&s->base);
		return HWI_ENOMEM;
	}
	smmu_reset_registers(s);
	*unit = &s->base;
	return HWI_OK;
}

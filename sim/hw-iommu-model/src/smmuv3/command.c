/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What each command does (§4).
 *
 * Illegal is an opcode that the Non-secure queue does not have, one of a feature
 * that this unit does not have, a reserved value of a parameter, and SSec=1
 * (§4.1.1, §4.1.3). Other bits that a command does not define are ignored (§4.1.5
 * leaves the choice).
 */
#include "control.h"

#define GRANULE_4K 12u
#define GRANULE_16K 14u
#define GRANULE_64K 16u

static uint16_t vmid_of(const struct smmu_unit *s, const struct smmu_issuer *from,
			const uint64_t cmd[2])
{
	/* Without stage 2 there are no VMIDs (§4.4). */
	if (!s->lim.s2)
		return 0;
	if (from->restricted)
		return (uint16_t)HWI_GET(VINTF_CONFIG_VMID, from->vintf->config);
	return (uint16_t)HWI_GET(SMMU_CMD0_VMID, cmd[0]);
}

static uint16_t asid_of(const uint64_t cmd[2])
{
	return (uint16_t)HWI_GET(SMMU_CMD0_ASID, cmd[0]);
}

static uint32_t sid_of(const uint64_t cmd[2])
{
	return HWI_GET32(SMMU_CMD0_SID, cmd[0]);
}

/*
 * The PASID of a message to an endpoint. Without substreams there are none, and SSV
 * acts as 0 (§4.5.1, §4.5.2).
 */
uint32_t smmu_cmd_pasid(const struct smmu_unit *s, const uint64_t cmd[2])
{
	if (!(cmd[0] & SMMU_CMD0_SSV) || !s->lim.ssid_bits)
		return HWI_PASID_NONE;
	return HWI_GET32(SMMU_CMD0_SSID, cmd[0]);
}

/* §4.4.1.1; false: the one combination of fields that is reserved. */
static bool range_of(const struct smmu_unit *s, const uint64_t cmd[2], uint64_t addr_field,
		     struct smmu_range *r)
{
	static const uint8_t granules[] = { 0, GRANULE_4K, GRANULE_16K, GRANULE_64K };
	uint64_t num = HWI_GET(SMMU_CMD_TLBI0_NUM, cmd[0]);
	unsigned int scale = HWI_GET32(SMMU_CMD_TLBI0_SCALE, cmd[0]);

	*r = (struct smmu_range){
		.addr = cmd[1] & addr_field,
		.leaf = cmd[1] & SMMU_CMD1_LEAF,
	};
	if (!(s->cfg.idr3 & SMMU_IDR3_RIL))
		return true;
	r->granule_log2 = granules[HWI_GET(SMMU_CMD_TLBI1_TG, cmd[1])];
	if (!r->granule_log2)
		return true; /* NUM, SCALE and TTL mean nothing */
	r->ttl = (uint8_t)HWI_GET(SMMU_CMD_TLBI1_TTL, cmd[1]);
	/* There are no 16K blocks at level 1 with 48-bit descriptors. */
	if (r->granule_log2 == GRANULE_16K && r->ttl == 1)
		r->ttl = 0;
	if (!num && !scale && !r->ttl)
		return false;
	r->addr &= ~smmu_low_bits(r->granule_log2);
	r->bytes = ((num + 1) << scale) << r->granule_log2;
	return true;
}

static void owe_drain(const struct smmu_issuer *from)
{
	from->q->drain_owed = true;
}

/* CFGI_STE_RANGE: 2^(Range+1) StreamIDs; 31 is CFGI_ALL, as that would be all of them. */
static void cfgi_ste_range(struct smmu_unit *s, const uint64_t cmd[2])
{
	unsigned int range = HWI_GET32(SMMU_CMD_CFGI_STE_RANGE1_RANGE, cmd[1]);

	if (range == SMMU_CFGI_RANGE_ALL)
		smmu_inv_config_all(s);
	else
		smmu_inv_ste_range(s, sid_of(cmd), range + 1);
}

static void configuration(struct smmu_unit *s, const struct smmu_issuer *from,
			  const uint64_t cmd[2])
{
	bool leaf = cmd[1] & SMMU_CMD1_LEAF;

	switch (SMMU_CMD_OPCODE(cmd[0])) {
	case SMMU_CMD_CFGI_STE:
		smmu_inv_ste(s, sid_of(cmd), leaf);
		break;
	case SMMU_CMD_CFGI_STE_RANGE:
		cfgi_ste_range(s, cmd);
		break;
	case SMMU_CMD_CFGI_CD:
		smmu_inv_cd(s, sid_of(cmd), HWI_GET32(SMMU_CMD0_SSID, cmd[0]), leaf);
		break;
	default: /* CFGI_CD_ALL */
		smmu_inv_cd_all(s, sid_of(cmd));
		break;
	}
	owe_drain(from);
}

static enum smmu_cmd_result tlbi_nh(struct smmu_unit *s, const struct smmu_issuer *from,
				    const uint64_t cmd[2])
{
	uint16_t vmid = vmid_of(s, from, cmd);
	struct smmu_range r;

	switch (SMMU_CMD_OPCODE(cmd[0])) {
	case SMMU_CMD_TLBI_NH_ALL:
		smmu_inv_nh_all(s, vmid);
		return SMMU_CMD_DONE;
	case SMMU_CMD_TLBI_NH_ASID:
		smmu_inv_asid(s, SMMU_REGIME_EL1, vmid, asid_of(cmd));
		return SMMU_CMD_DONE;
	default:
		break;
	}
	if (!range_of(s, cmd, SMMU_CMD1_ADDR, &r))
		return SMMU_CMD_ILL;
	if (SMMU_CMD_OPCODE(cmd[0]) == SMMU_CMD_TLBI_NH_VA)
		smmu_inv_va(s, SMMU_REGIME_EL1, vmid, asid_of(cmd), &r);
	else
		smmu_inv_vaa(s, SMMU_REGIME_EL1, vmid, &r);
	return SMMU_CMD_DONE;
}

/* CR2.E2H says which of the two EL2 regimes is meant (§4.4.3). */
static enum smmu_cmd_result tlbi_el2(struct smmu_unit *s, const uint64_t cmd[2])
{
	enum smmu_regime regime = s->eff.e2h ? SMMU_REGIME_EL2_E2H : SMMU_REGIME_EL2;
	struct smmu_range r;

	switch (SMMU_CMD_OPCODE(cmd[0])) {
	case SMMU_CMD_TLBI_EL2_ALL:
		smmu_inv_el2_all(s);
		return SMMU_CMD_DONE;
	case SMMU_CMD_TLBI_EL2_ASID: /* NS-EL2 has none to match */
		smmu_inv_asid(s, SMMU_REGIME_EL2_E2H, 0, asid_of(cmd));
		return SMMU_CMD_DONE;
	default:
		break;
	}
	if (!range_of(s, cmd, SMMU_CMD1_ADDR, &r))
		return SMMU_CMD_ILL;
	if (SMMU_CMD_OPCODE(cmd[0]) == SMMU_CMD_TLBI_EL2_VA)
		smmu_inv_va(s, regime, 0, asid_of(cmd), &r);
	else
		smmu_inv_vaa(s, regime, 0, &r);
	return SMMU_CMD_DONE;
}

static enum smmu_cmd_result tlbi_s2(struct smmu_unit *s, const struct smmu_issuer *from,
				    const uint64_t cmd[2])
{
	struct smmu_range r;

	if (SMMU_CMD_OPCODE(cmd[0]) == SMMU_CMD_TLBI_S12_VMALL) {
		smmu_inv_s12_vmall(s, vmid_of(s, from, cmd));
		return SMMU_CMD_DONE;
	}
	if (!range_of(s, cmd, SMMU_CMD1_IPA, &r))
		return SMMU_CMD_ILL;
	smmu_inv_s2_ipa(s, vmid_of(s, from, cmd), &r);
	return SMMU_CMD_DONE;
}

static enum smmu_cmd_result tlb(struct smmu_unit *s, const struct smmu_issuer *from,
				const uint64_t cmd[2])
{
	enum smmu_cmd_result res;

	switch (SMMU_CMD_OPCODE(cmd[0])) {
	case SMMU_CMD_TLBI_EL2_ALL:
	case SMMU_CMD_TLBI_EL2_ASID:
	case SMMU_CMD_TLBI_EL2_VA:
	case SMMU_CMD_TLBI_EL2_VAA:
		res = tlbi_el2(s, cmd);
		break;
	case SMMU_CMD_TLBI_S12_VMALL:
	case SMMU_CMD_TLBI_S2_IPA:
		res = tlbi_s2(s, from, cmd);
		break;
	case SMMU_CMD_TLBI_NSNH_ALL:
		smmu_inv_nsnh_all(s);
		res = SMMU_CMD_DONE;
		break;
	default:
		res = tlbi_nh(s, from, cmd);
		break;
	}
	if (res == SMMU_CMD_DONE)
		owe_drain(from);
	return res;
}

/* §4.5.2. The codes of the command are not those of the message (§8.3). */
static enum smmu_cmd_result pri_resp(struct smmu_unit *s, const uint64_t cmd[2])
{
	static const uint8_t codes[] = {
		[SMMU_PRI_RESP_FAILURE] = HWI_PRG_FAILURE,
		[SMMU_PRI_RESP_INVALID] = HWI_PRG_INVALID,
		[SMMU_PRI_RESP_SUCCESS] = HWI_PRG_SUCCESS,
	};
	uint32_t resp = HWI_GET32(SMMU_CMD_PRI_RESP1_RESP, cmd[1]);
	struct hwi_prg_response out = {
		.requester = sid_of(cmd),
		.pasid = smmu_cmd_pasid(s, cmd),
		.prgi = (uint16_t)HWI_GET(SMMU_CMD_PRI_RESP1_PRGINDEX, cmd[1]),
	};

	if (resp >= sizeof(codes))
		return SMMU_CMD_ILL;
	out.code = codes[resp];
	if (smmu_enabled(s, SMMU_CR0_SMMUEN) && s->base.host->prg_response)
		s->base.host->prg_response(s->base.opaque, &out);
	return SMMU_CMD_DONE;
}

/* §4.7.1: retry, or end it: with an abort, or without telling (TERM_MODEL=1: never). */
static void resume(struct smmu_unit *s, const uint64_t cmd[2])
{
	enum hwi_resume action = HWI_RESUME_TERMINATE;

	if (cmd[0] & SMMU_CMD_RESUME0_AC)
		action = HWI_RESUME_RETRY;
	else if ((cmd[0] & SMMU_CMD_RESUME0_AB) || smmu_has_idr0(s, SMMU_IDR0_TERM_MODEL))
		action = HWI_RESUME_ABORT;
	smmu_stall_resume(s, sid_of(cmd), HWI_GET32(SMMU_CMD_RESUME1_STAG, cmd[1]), action);
}

/*
 * A VCMDQ that belongs to a guest takes what the guest may do by itself: these
 * three, and a CMD_SYNC that signals nothing.
 */
static bool guest_may(const uint64_t cmd[2])
{
	switch (SMMU_CMD_OPCODE(cmd[0])) {
	case SMMU_CMD_TLBI_NH_ASID:
	case SMMU_CMD_TLBI_NH_VA:
	case SMMU_CMD_ATC_INV:
		return true;
	case SMMU_CMD_SYNC:
		return HWI_GET32(SMMU_CMD_SYNC0_CS, cmd[0]) == SMMU_SYNC_CS_NONE;
	default:
		return false;
	}
}

/* An opcode of the Non-secure queue of a unit like this one; what is, execute() knows. */
static bool implemented(const struct smmu_unit *s, uint32_t opcode)
{
	switch (opcode) {
#define CASE_(name, opcode, gate, ...) \
	case SMMU_CMD_##name:          \
		return SMMU_GATE_##gate(s->cfg.idr0, s->cfg.idr1, s->cfg.idr3);
		SMMU_COMMANDS(CASE_)
#undef CASE_
	}
	return false; /* reserved; 80h to 8Fh: nothing implementation defined */
}

/* The commands that have an SSec: 1 asks for another Security state's stream (§4.1.6). */
static bool secure(const uint64_t cmd[2])
{
	switch (SMMU_CMD_OPCODE(cmd[0])) {
	case SMMU_CMD_PREFETCH_CONFIG:
	case SMMU_CMD_PREFETCH_ADDR:
	case SMMU_CMD_CFGI_STE:
	case SMMU_CMD_CFGI_STE_RANGE:
	case SMMU_CMD_CFGI_CD:
	case SMMU_CMD_CFGI_CD_ALL:
	case SMMU_CMD_RESUME:
	case SMMU_CMD_STALL_TERM:
		return cmd[0] & SMMU_CMD0_SSEC;
	default:
		return false;
	}
}

static enum smmu_cmd_result execute(struct smmu_unit *s, const struct smmu_issuer *from,
				    const uint64_t cmd[2])
{
	switch (SMMU_CMD_OPCODE(cmd[0])) {
	case SMMU_CMD_PREFETCH_CONFIG:
	case SMMU_CMD_PREFETCH_ADDR:
		return SMMU_CMD_DONE; /* a hint that is not followed (§4.2) */
	case SMMU_CMD_CFGI_STE:
	case SMMU_CMD_CFGI_STE_RANGE:
	case SMMU_CMD_CFGI_CD:
	case SMMU_CMD_CFGI_CD_ALL:
		configuration(s, from, cmd);
		return SMMU_CMD_DONE;
	case SMMU_CMD_TLBI_NH_ALL:
	case SMMU_CMD_TLBI_NH_ASID:
	case SMMU_CMD_TLBI_NH_VA:
	case SMMU_CMD_TLBI_NH_VAA:
	case SMMU_CMD_TLBI_EL2_ALL:
	case SMMU_CMD_TLBI_EL2_ASID:
	case SMMU_CMD_TLBI_EL2_VA:
	case SMMU_CMD_TLBI_EL2_VAA:
	case SMMU_CMD_TLBI_S12_VMALL:
	case SMMU_CMD_TLBI_S2_IPA:
	case SMMU_CMD_TLBI_NSNH_ALL:
		return tlb(s, from, cmd);
	case SMMU_CMD_ATC_INV:
		return smmu_atc_inv(s, from, cmd);
	case SMMU_CMD_PRI_RESP:
		return pri_resp(s, cmd);
	case SMMU_CMD_RESUME:
		resume(s, cmd);
		return SMMU_CMD_DONE;
	case SMMU_CMD_STALL_TERM:
		smmu_stall_term(s, sid_of(cmd));
		return SMMU_CMD_DONE;
	default: /* SYNC: what is left of the commands that a unit of this model has */
		if (HWI_GET32(SMMU_CMD_SYNC0_CS, cmd[0]) > SMMU_SYNC_CS_SEV)
			return SMMU_CMD_ILL;
		return smmu_sync(s, from);
	}
}

enum smmu_cmd_result smmu_command(struct smmu_unit *s, const struct smmu_issuer *from,
				  const uint64_t cmd[2])
{
	if (!implemented(s, SMMU_CMD_OPCODE(cmd[0])) || secure(cmd))
		return SMMU_CMD_ILL;
	if (from->restricted && !guest_may(cmd))
		return SMMU_CMD_ILL_ACCESS;
	return execute(s, from, cmd);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-smmuv3: from properties to identification registers
 *
 * The model says what it can do (hwi_smmuv3_config_init()) and what the
 * specification forbids (hwi_smmuv3_config_check()). In between each property
 * sets its field; one that was left to 'auto' goes when what it needs is gone,
 * so that stage2=off need not be followed by half a dozen others.
 */
#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qapi/error.h"
#include "hwiommu/smmuv3/regs.h"
#include "smmuv3.h"

const HwiommuSmmuv3Switch hwiommu_smmuv3_switches[HWIOMMU_SMMUV3_SWITCHES] = {
    { "stage1", .idr0 = SMMU_IDR0_S1P },
    { "stage2", .idr0 = SMMU_IDR0_S2P },
    { "coherent", .idr0 = SMMU_IDR0_COHACC },
    { "btm", .idr0 = SMMU_IDR0_BTM },
    { "hyp", .idr0 = SMMU_IDR0_HYP },
    { "ats", .idr0 = SMMU_IDR0_ATS },
    { "ns1ats", .idr0 = SMMU_IDR0_NS1ATS },
    { "asid16", .idr0 = SMMU_IDR0_ASID16 },
    { "msi", .idr0 = SMMU_IDR0_MSI },
    { "sev", .idr0 = SMMU_IDR0_SEV },
    { "atos", .idr0 = SMMU_IDR0_ATOS },
    { "pri", .idr0 = SMMU_IDR0_PRI },
    { "vmw", .idr0 = SMMU_IDR0_VMW },
    { "vmid16", .idr0 = SMMU_IDR0_VMID16 },
    { "cd2l", .idr0 = SMMU_IDR0_CD2L },
    { "atsrecerr", .idr0 = SMMU_IDR0_ATSRECERR },
    { "term-model", .idr0 = SMMU_IDR0_TERM_MODEL },
    { "attr-perms-ovr", .idr1 = SMMU_IDR1_ATTR_PERMS_OVR },
    { "attr-types-ovr", .idr1 = SMMU_IDR1_ATTR_TYPES_OVR },
    { "ecmdq", .idr1 = SMMU_IDR1_ECMDQ },
    { "had", .idr3 = SMMU_IDR3_HAD },
    { "xnx", .idr3 = SMMU_IDR3_XNX },
    { "pps", .idr3 = SMMU_IDR3_PPS },
    { "fwb", .idr3 = SMMU_IDR3_FWB },
    { "stt", .idr3 = SMMU_IDR3_STT },
    { "ril", .idr3 = SMMU_IDR3_RIL },
    { "e0pd", .idr3 = SMMU_IDR3_E0PD },
    { "gran4k", .idr5 = SMMU_IDR5_GRAN4K },
    { "gran16k", .idr5 = SMMU_IDR5_GRAN16K },
    { "gran64k", .idr5 = SMMU_IDR5_GRAN64K },
    { "ds", .idr5 = SMMU_IDR5_DS },
};

typedef struct Idrs {
    uint32_t idr0, idr1, idr3, idr5;
} Idrs;

typedef struct Need {
    Idrs bits;          /* these bits ... */
    uint32_t needs;     /* ... need all of these in IDR0 */
} Need;

/* SMMUv3 §6.3.1, §6.3.2, §6.3.4 */
static const Need needs[] = {
    { { .idr0 = SMMU_IDR0_PRI | SMMU_IDR0_ATSRECERR }, SMMU_IDR0_ATS },
    { { .idr0 = SMMU_IDR0_NS1ATS },
      SMMU_IDR0_ATS | SMMU_IDR0_S1P | SMMU_IDR0_S2P },
    { { .idr0 = SMMU_IDR0_HYP }, SMMU_IDR0_S1P | SMMU_IDR0_S2P },
    { { .idr0 = SMMU_IDR0_VMW | SMMU_IDR0_VMID16,
        .idr3 = SMMU_IDR3_XNX | SMMU_IDR3_FWB }, SMMU_IDR0_S2P },
    { { .idr0 = SMMU_IDR0_CD2L, .idr1 = SMMU_IDR1_SSIDSIZE,
        .idr3 = SMMU_IDR3_HAD | SMMU_IDR3_E0PD }, SMMU_IDR0_S1P },
    { { .idr1 = SMMU_IDR1_PRIQS, .idr3 = SMMU_IDR3_PPS }, SMMU_IDR0_PRI },
};

static void drop(uint32_t *reg, uint32_t bits, uint32_t fixed)
{
    *reg &= ~(bits & ~fixed);
}

/* @fixed: what the user asked for, and is not to be taken back silently */
static void drop_unmet(struct hwi_smmuv3_config *cfg, const Idrs *fixed)
{
    uint32_t before;
    unsigned i;

    do {
        before = cfg->idr0;
        for (i = 0; i < ARRAY_SIZE(needs); i++) {
            const Need *n = &needs[i];

            if ((cfg->idr0 & n->needs) != n->needs) {
                drop(&cfg->idr0, n->bits.idr0, fixed->idr0);
                drop(&cfg->idr1, n->bits.idr1, fixed->idr1);
                drop(&cfg->idr3, n->bits.idr3, fixed->idr3);
                drop(&cfg->idr5, n->bits.idr5, fixed->idr5);
            }
        }
    } while (cfg->idr0 != before);
}

static void switch_bits(OnOffAuto value, uint32_t mask, uint32_t *reg,
                        uint32_t *fixed)
{
    if (value == ON_OFF_AUTO_ON) {
        *reg |= mask;
        *fixed |= mask;
    } else if (value == ON_OFF_AUTO_OFF) {
        *reg &= ~mask;
        *fixed |= mask;
    }
}

/* A number given by the user goes into its field, if it fits */
static bool put(const char *name, uint32_t value, uint32_t none, uint32_t mask,
                uint32_t *reg, uint32_t *fixed, Error **errp)
{
    if (value == none) {
        return true;
    }
    if (value > HWI_MAX(mask)) {
        error_setg(errp, "%s must be 0 to %" PRIu64, name,
                   (uint64_t)HWI_MAX(mask));
        return false;
    }
    *reg = HWI_SET(mask, *reg, value);
    *fixed |= mask;
    return true;
}

static bool put8(const char *name, uint8_t value, uint32_t mask, uint32_t *reg,
                 uint32_t *fixed, Error **errp)
{
    return put(name, value, HWIOMMU_AUTO8, mask, reg, fixed, errp);
}

static bool put_numbers(const HwiommuSmmuv3Props *p,
                        struct hwi_smmuv3_config *cfg, Idrs *fixed,
                        Error **errp)
{
    return put8("sid-bits", p->sid_bits, SMMU_IDR1_SIDSIZE, &cfg->idr1,
                &fixed->idr1, errp) &&
           put8("ssid-bits", p->ssid_bits, SMMU_IDR1_SSIDSIZE, &cfg->idr1,
                &fixed->idr1, errp) &&
           put8("cmdqs", p->cmdqs, SMMU_IDR1_CMDQS, &cfg->idr1, &fixed->idr1,
                errp) &&
           put8("eventqs", p->eventqs, SMMU_IDR1_EVENTQS, &cfg->idr1,
                &fixed->idr1, errp) &&
           put8("priqs", p->priqs, SMMU_IDR1_PRIQS, &cfg->idr1, &fixed->idr1,
                errp) &&
           put8("httu", p->httu, SMMU_IDR0_HTTU, &cfg->idr0, &fixed->idr0,
                errp) &&
           put8("stall-model", p->stall_model, SMMU_IDR0_STALL_MODEL,
                &cfg->idr0, &fixed->idr0, errp) &&
           put8("st-level", p->st_level, SMMU_IDR0_ST_LEVEL, &cfg->idr0,
                &fixed->idr0, errp) &&
           put8("bbml", p->bbml, SMMU_IDR3_BBML, &cfg->idr3, &fixed->idr3,
                errp) &&
           put("stall-max", p->stall_max, HWIOMMU_AUTO32, SMMU_IDR5_STALL_MAX,
               &cfg->idr5, &fixed->idr5, errp);
}

static bool put_widths(const HwiommuSmmuv3Props *p,
                       struct hwi_smmuv3_config *cfg, Error **errp)
{
    static const uint8_t oas[] = {
        [SMMU_OAS_32] = 32, [SMMU_OAS_36] = 36, [SMMU_OAS_40] = 40,
        [SMMU_OAS_42] = 42, [SMMU_OAS_44] = 44, [SMMU_OAS_48] = 48,
        [SMMU_OAS_52] = 52,
    };
    uint8_t bits = p->oas;
    unsigned i;

    if (!bits) {
        bits = cfg->idr5 & SMMU_IDR5_GRAN64K ? 52 : 48;
    }
    for (i = 0; i < ARRAY_SIZE(oas) && oas[i] != bits; i++) {
        /* the one that is it */
    }
    if (i == ARRAY_SIZE(oas)) {
        error_setg(errp, "oas must be 32, 36, 40, 42, 44, 48 or 52");
        return false;
    }
    cfg->idr5 = HWI_SET(SMMU_IDR5_OAS, cfg->idr5, i);
    switch (p->va_bits) {
    case 0:
        if (!(cfg->idr5 & SMMU_IDR5_GRAN64K)) {
            cfg->idr5 &= ~SMMU_IDR5_VAX;
        }
        return true;
    case 48:
        cfg->idr5 = HWI_SET(SMMU_IDR5_VAX, cfg->idr5, SMMU_VAX_48);
        return true;
    case 52:
        cfg->idr5 = HWI_SET(SMMU_IDR5_VAX, cfg->idr5, SMMU_VAX_52);
        return true;
    default:
        error_setg(errp, "va-bits must be 48 or 52");
        return false;
    }
}

/* What an earlier version cannot have (SMMUv3 §2.9) */
static void drop_newer(struct hwi_smmuv3_config *cfg, const Idrs *fixed)
{
    if (cfg->aidr < SMMU_AIDR_3_2) {
        drop(&cfg->idr0, SMMU_IDR0_ATSRECERR, fixed->idr0);
        drop(&cfg->idr3, SMMU_IDR3_E0PD, fixed->idr3);
    }
    if (cfg->aidr < SMMU_AIDR_3_1) {
        drop(&cfg->idr3,
             SMMU_IDR3_BBML | SMMU_IDR3_FWB | SMMU_IDR3_RIL | SMMU_IDR3_STT,
             fixed->idr3);
    }
}

static void whole(uint32_t value, uint32_t *reg)
{
    if (value != HWIOMMU_AUTO32) {
        *reg = value;
    }
}

static void put_cmdqv(const HwiommuSmmuv3Props *p,
                      struct hwi_smmuv3_config *cfg)
{
    cfg->cmdqv = (struct hwi_smmuv3_cmdqv) {
        .present = p->cmdqv,
        .vcmdqs_log2 = p->vcmdqs_log2,
        .vintfs_log2 = p->vintfs_log2,
        .sids_log2 = p->sids_log2,
    };
}

bool hwiommu_smmuv3_config(HwiommuSmmuv3State *s, Error **errp)
{
    const HwiommuSmmuv3Props *p = &s->props;
    struct hwi_smmuv3_config *cfg = &s->cfg;
    Idrs fixed = {};
    const char *why;
    unsigned i;

    hwi_smmuv3_config_init(cfg);
    cfg->aidr = HWI_SET(SMMU_AIDR_ARCHMINORREV, cfg->aidr, p->version_minor);
    cfg->caches = p->caches;
    cfg->merge_events = p->merge_events;
    put_cmdqv(p, cfg);
    if (s->unit.requester_base) {
        /* Room for all functions above sid-base */
        cfg->idr1 = HWI_SET(SMMU_IDR1_SIDSIZE, cfg->idr1,
                            32 - clz32(s->unit.requester_base | UINT16_MAX));
    }
    if (!put_numbers(p, cfg, &fixed, errp)) {
        return false;
    }
    for (i = 0; i < HWIOMMU_SMMUV3_SWITCHES; i++) {
        const HwiommuSmmuv3Switch *sw = &hwiommu_smmuv3_switches[i];

        switch_bits(p->switches[i], sw->idr0, &cfg->idr0, &fixed.idr0);
        switch_bits(p->switches[i], sw->idr1, &cfg->idr1, &fixed.idr1);
        switch_bits(p->switches[i], sw->idr3, &cfg->idr3, &fixed.idr3);
        switch_bits(p->switches[i], sw->idr5, &cfg->idr5, &fixed.idr5);
    }
    if (!put_widths(p, cfg, errp)) {
        return false;
    }
    drop_unmet(cfg, &fixed);
    drop_newer(cfg, &fixed);
    if (HWI_GET32(SMMU_IDR0_STALL_MODEL, cfg->idr0) == SMMU_STALL_MODEL_NONE) {
        drop(&cfg->idr5, SMMU_IDR5_STALL_MAX, fixed.idr5);
    }
    if (!HWI_GET32(SMMU_IDR1_SSIDSIZE, cfg->idr1)) {
        drop(&cfg->idr3, SMMU_IDR3_PPS, fixed.idr3);
    }

    whole(p->idr0, &cfg->idr0);
    whole(p->idr1, &cfg->idr1);
    whole(p->idr3, &cfg->idr3);
    whole(p->idr5, &cfg->idr5);
    whole(p->iidr, &cfg->iidr);
    whole(p->aidr, &cfg->aidr);
    whole(p->gbpa, &cfg->gbpa);
    if (hwi_smmuv3_config_check(cfg, &why) != HWI_OK) {
        error_setg(errp, "hwiommu-smmuv3: %s",
                   why ? why : "bad configuration");
        error_append_hint(errp, "IDR0 would be 0x%08x, IDR1 0x%08x, "
                          "IDR3 0x%08x, IDR5 0x%08x, AIDR 0x%08x\n",
                          cfg->idr0, cfg->idr1, cfg->idr3, cfg->idr5,
                          cfg->aidr);
        return false;
    }
    return true;
}

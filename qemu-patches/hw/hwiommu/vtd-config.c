/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-vtd: from properties to capability registers
 *
 * The model says what it can do (hwi_vtd_config_init()) and what VT-d forbids
 * (hwi_vtd_config_check()). In between each property sets its field; one
 * that was left to 'auto' goes when what it needs is gone, so that
 * scalable=off need not be followed by a dozen others.
 */
#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include "hwiommu/vtd/regs.h"
#include "vtd.h"

const HwiommuVtdSwitch hwiommu_vtd_switches[HWIOMMU_VTD_SWITCHES] = {
    { "scalable", .ecap = VTD_ECAP_SMTS },
    { "first-stage", .ecap = VTD_ECAP_FSTS },
    { "second-stage", .ecap = VTD_ECAP_SSTS },
    { "nested", .ecap = VTD_ECAP_NEST },
    { "fl5", .cap = VTD_CAP_FS5LP },
    { "fl1g", .cap = VTD_CAP_FS1GP },
    { "sl2m", .cap = VTD_CAP_SSLPS_2M },
    { "sl1g", .cap = VTD_CAP_SSLPS_1G },
    { "pasid", .ecap = VTD_ECAP_PASID },
    { "rid-pasid", .ecap = VTD_ECAP_RPS },
    { "rid-priv", .ecap = VTD_ECAP_RPRIVS },
    { "ats", .ecap = VTD_ECAP_DT },
    { "pri", .ecap = VTD_ECAP_PRS },
    { "stop-marker", .ecap = VTD_ECAP_SMS },
    { "nwfs", .ecap = VTD_ECAP_NWFS },
    { "dit", .ecap = VTD_ECAP_DIT },
    { "pds", .ecap = VTD_ECAP_PDS },
    { "ptrs", .ecap = VTD_ECAP_PTRS },
    { "srs", .ecap = VTD_ECAP_SRS },
    { "eafs", .ecap = VTD_ECAP_EAFS },
    { "ssads", .ecap = VTD_ECAP_SSADS },
    { "ssirws", .ecap = VTD_ECAP_SSIRWS },
    { "smpwcs", .ecap = VTD_ECAP_SMPWCS },
    { "mts", .ecap = VTD_ECAP_MTS },
    { "adms", .ecap = VTD_ECAP_ADMS },
    { "coherent", .ecap = VTD_ECAP_C },
    { "snoop-control", .ecap = VTD_ECAP_SC },
    { "queued-invalidation", .ecap = VTD_ECAP_QI },
    { "eim", .ecap = VTD_ECAP_EIM },
    { "eim-required", .ecap = VTD_ECAP_EIMER },
    { "irreq", .ecap = VTD_ECAP_IRREQ },
    { "posted", .cap = VTD_CAP_PI },
    { "caching-mode", .cap = VTD_CAP_CM },
    { "psi", .cap = VTD_CAP_PSI },
    { "zlr", .cap = VTD_CAP_ZLR },
    { "plmr", .cap = VTD_CAP_PLMR },
    { "phmr", .cap = VTD_CAP_PHMR },
    { "rwbf", .cap = VTD_CAP_RWBF },
    { "esrtps", .cap = VTD_CAP_ESRTPS },
    { "esirtps", .cap = VTD_CAP_ESIRTPS },
};

typedef struct Need {
    uint64_t cap, ecap;             /* these bits ... */
    uint64_t needs_cap, needs_ecap; /* ... need all of these */
} Need;

/* VT-d 5.10 §11.4.2, §11.4.3: "hardware must report 0 if ..." */
static const Need needs[] = {
    { .ecap = VTD_ECAP_DT | VTD_ECAP_IR | VTD_ECAP_SMTS,
      .needs_ecap = VTD_ECAP_QI },
    { .ecap = VTD_ECAP_EIM | VTD_ECAP_MHMV | VTD_ECAP_IRREQ,
      .needs_ecap = VTD_ECAP_IR },
    { .ecap = VTD_ECAP_EIMER, .needs_ecap = VTD_ECAP_EIM },
    { .cap = VTD_CAP_PI, .needs_ecap = VTD_ECAP_IR },
    { .ecap = VTD_ECAP_MTS | VTD_ECAP_SRS | VTD_ECAP_PSS | VTD_ECAP_PASID |
              VTD_ECAP_FSTS | VTD_ECAP_SMPWCS | VTD_ECAP_RPS,
      .needs_ecap = VTD_ECAP_SMTS },
    { .ecap = VTD_ECAP_NEST,
      .needs_ecap = VTD_ECAP_SMTS | VTD_ECAP_FSTS | VTD_ECAP_SSTS },
    { .ecap = VTD_ECAP_PRS, .needs_ecap = VTD_ECAP_DT | VTD_ECAP_SMTS },
    { .ecap = VTD_ECAP_SMS, .needs_ecap = VTD_ECAP_PRS },
    { .ecap = VTD_ECAP_NWFS | VTD_ECAP_DIT | VTD_ECAP_PDS,
      .needs_ecap = VTD_ECAP_DT },
    { .ecap = VTD_ECAP_PTRS, .needs_ecap = VTD_ECAP_DT | VTD_ECAP_PASID },
    { .ecap = VTD_ECAP_EAFS, .needs_ecap = VTD_ECAP_FSTS | VTD_ECAP_SMPWCS },
    { .ecap = VTD_ECAP_SSADS, .needs_ecap = VTD_ECAP_SMPWCS },
    { .ecap = VTD_ECAP_SSIRWS, .needs_ecap = VTD_ECAP_SSTS },
    { .ecap = VTD_ECAP_RPRIVS, .needs_ecap = VTD_ECAP_SRS },
    { .cap = VTD_CAP_FS5LP | VTD_CAP_FS1GP, .needs_ecap = VTD_ECAP_FSTS },
    { .cap = VTD_CAP_SSLPS_1G, .needs_cap = VTD_CAP_SSLPS_2M },
};

static bool has_all(const struct hwi_vtd_config *cfg, const Need *n)
{
    return (cfg->cap & n->needs_cap) == n->needs_cap &&
           (cfg->ecap & n->needs_ecap) == n->needs_ecap;
}

/* @fixed: what the user asked for, and is not to be taken back silently */
static void drop_unmet(struct hwi_vtd_config *cfg, uint64_t fixed_cap,
                       uint64_t fixed_ecap)
{
    bool changed;
    unsigned i;

    do {
        changed = false;
        for (i = 0; i < ARRAY_SIZE(needs); i++) {
            uint64_t cap = cfg->cap & needs[i].cap & ~fixed_cap;
            uint64_t ecap = cfg->ecap & needs[i].ecap & ~fixed_ecap;

            if ((cap || ecap) && !has_all(cfg, &needs[i])) {
                cfg->cap &= ~cap;
                cfg->ecap &= ~ecap;
                changed = true;
            }
        }
    } while (changed);
}

static void switch_bit(OnOffAuto value, uint64_t mask, uint64_t *reg,
                       uint64_t *fixed)
{
    if (value == ON_OFF_AUTO_ON) {
        *reg |= mask;
        *fixed |= mask;
    } else if (value == ON_OFF_AUTO_OFF) {
        *reg &= ~mask;
        *fixed |= mask;
    }
}

static bool in_range(const char *name, uint64_t value, uint64_t min,
                     uint64_t max, Error **errp)
{
    if (value < min || value > max) {
        error_setg(errp, "%s must be %" PRIu64 " to %" PRIu64, name, min, max);
        return false;
    }
    return true;
}

static bool set_widths(const HwiommuVtdProps *p, struct hwi_vtd_config *cfg,
                       Error **errp)
{
    uint64_t sagaw = VTD_SAGAW_39;

    switch (p->aw_bits) {
    case 57:
        sagaw |= VTD_SAGAW_57;
        /* fall through */
    case 48:
        sagaw |= VTD_SAGAW_48;
        /* fall through */
    case 39:
        break;
    default:
        error_setg(errp, "aw-bits must be 39, 48 or 57");
        return false;
    }
    cfg->haw = p->haw ? p->haw : MIN(cfg->haw, p->aw_bits);
    cfg->cap = HWI_SET(VTD_CAP_SAGAW, cfg->cap, sagaw);
    cfg->cap = HWI_SET(VTD_CAP_MGAW, cfg->cap, p->aw_bits - 1);
    return true;
}

/*
 * Fault records stand before IVA_REG and IOTLB_REG as on existing units; more
 * than fit there stand behind them, or in pages of their own.
 */
static void place_fault_records(const HwiommuVtdProps *p,
                                struct hwi_vtd_config *cfg)
{
    uint64_t iro = HWI_GET(VTD_ECAP_IRO, cfg->ecap);
    uint64_t fro = HWI_GET(VTD_CAP_FRO, cfg->cap);

    cfg->cap = HWI_SET(VTD_CAP_NFR, cfg->cap, p->nfr - 1);
    if (fro + p->nfr <= iro) {
        return;
    }
    fro = iro + 1;
    if (fro + p->nfr > 4 * KiB / VTD_FRCD_SIZE) {
        fro = 4 * KiB / VTD_FRCD_SIZE;
        cfg->regs_log2 = MAX(cfg->regs_log2, 13);
    }
    cfg->cap = HWI_SET(VTD_CAP_FRO, cfg->cap, fro);
}

bool hwiommu_vtd_config(HwiommuVtdState *s, Error **errp)
{
    X86IOMMUState *x86 = X86_IOMMU_DEVICE(s);
    const HwiommuVtdProps *p = &s->props;
    struct hwi_vtd_config *cfg = &s->cfg;
    struct { uint64_t cap, ecap; } fixed = {};
    const char *why;
    unsigned i;

    hwi_vtd_config_init(cfg);
    cfg->ver_major = p->version_major;
    cfg->ver_minor = p->version_minor;
    cfg->caches = p->caches;
    cfg->negative_caching = p->negative_caching;
    cfg->compress_faults = p->compress_faults;
    if (p->regs_log2) {
        cfg->regs_log2 = p->regs_log2;
    }
    if (!in_range("version-major", p->version_major, 1, 15, errp) ||
        !in_range("version-minor", p->version_minor, 0, 15, errp) ||
        !in_range("pasid-bits", p->pasid_bits, 1, 20, errp) ||
        !in_range("nfr", p->nfr, 1, 256, errp) ||
        !in_range("did-bits", p->did_bits, 4, 16, errp) ||
        !in_range("mhmv", p->mhmv, 0, 15, errp) ||
        !set_widths(p, cfg, errp)) {
        return false;
    }
    if (p->did_bits % 2) {
        error_setg(errp, "did-bits must be even");
        return false;
    }
    cfg->cap = HWI_SET(VTD_CAP_ND, cfg->cap, (p->did_bits - 4) / 2);
    place_fault_records(p, cfg);
    cfg->cap = HWI_SET(VTD_CAP_MAMV, cfg->cap, MIN(p->mamv, p->aw_bits - 12));
    cfg->ecap = HWI_SET(VTD_ECAP_MHMV, cfg->ecap, p->mhmv);
    cfg->ecap = HWI_SET(VTD_ECAP_PSS, cfg->ecap, p->pasid_bits - 1);

    if (p->aw_bits < 57) {
        cfg->cap &= ~VTD_CAP_FS5LP;
    }
    for (i = 0; i < HWIOMMU_VTD_SWITCHES; i++) {
        const HwiommuVtdSwitch *sw = &hwiommu_vtd_switches[i];

        switch_bit(p->switches[i], sw->cap, &cfg->cap, &fixed.cap);
        switch_bit(p->switches[i], sw->ecap, &cfg->ecap, &fixed.ecap);
    }
    /* The three that every X86IOMMU has: intremap, device-iotlb, pt */
    switch_bit(s->intremap, VTD_ECAP_IR, &cfg->ecap, &fixed.ecap);
    if (x86->intr_supported == ON_OFF_AUTO_OFF) {
        cfg->ecap &= ~VTD_ECAP_IR;
    }
    if (!x86->dt_supported) {
        cfg->ecap &= ~VTD_ECAP_DT;
    }
    if (!x86->pt_supported) {
        cfg->ecap &= ~VTD_ECAP_PT;
    }
    drop_unmet(cfg, fixed.cap, fixed.ecap);
    if (cfg->ver_major >= 6 && !(cfg->ecap & VTD_ECAP_SSTS)) {
        cfg->cap &= ~VTD_CAP_SAGAW;
    }

    if (p->cap) {
        cfg->cap = p->cap;
    }
    if (p->ecap) {
        cfg->ecap = p->ecap;
    }
    if (hwi_vtd_config_check(cfg, &why) != HWI_OK) {
        error_setg(errp, "hwiommu-vtd: %s", why ? why : "bad configuration");
        error_append_hint(errp, "CAP_REG would be 0x%016" PRIx64
                          ", ECAP_REG 0x%016" PRIx64 "\n", cfg->cap,
                          cfg->ecap);
        return false;
    }
    /* What the rest of QEMU asks an X86IOMMU */
    x86->intr_supported = cfg->ecap & VTD_ECAP_IR ? ON_OFF_AUTO_ON :
                          ON_OFF_AUTO_OFF;
    x86->dt_supported = cfg->ecap & VTD_ECAP_DT;
    x86->pt_supported = cfg->ecap & VTD_ECAP_PT;
    return true;
}

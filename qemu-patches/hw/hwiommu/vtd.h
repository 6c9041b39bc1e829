/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-vtd: an Intel VT-d remapping hardware unit
 */
#ifndef HW_HWIOMMU_VTD_H
#define HW_HWIOMMU_VTD_H

#include "hw/acpi/bios-linker-loader.h"
#include "hw/i386/x86-iommu.h"
#include "hwiommu/vtd.h"
#include "qom/object.h"
#include "unit.h"

#define TYPE_HWIOMMU_VTD "hwiommu-vtd"
OBJECT_DECLARE_SIMPLE_TYPE(HwiommuVtdState, HWIOMMU_VTD)

/*
 * Capabilities that are a bit: V(property, member, register, mask)
 * 'auto' is what the model can do and the other properties allow.
 */
#define HWIOMMU_VTD_SWITCHES(V) \
    V("scalable", scalable, ecap, VTD_ECAP_SMTS) \
    V("first-stage", first_stage, ecap, VTD_ECAP_FSTS) \
    V("second-stage", second_stage, ecap, VTD_ECAP_SSTS) \
    V("nested", nested, ecap, VTD_ECAP_NEST) \
    V("fl5", fl5, cap, VTD_CAP_FS5LP) \
    V("fl1g", fl1g, cap, VTD_CAP_FS1GP) \
    V("sl2m", sl2m, cap, VTD_CAP_SSLPS_2M) \
    V("sl1g", sl1g, cap, VTD_CAP_SSLPS_1G) \
    V("pasid", pasid, ecap, VTD_ECAP_PASID) \
    V("rid-pasid", rid_pasid, ecap, VTD_ECAP_RPS) \
    V("rid-priv", rid_priv, ecap, VTD_ECAP_RPRIVS) \
    V("pri", pri, ecap, VTD_ECAP_PRS) \
    V("stop-marker", stop_marker, ecap, VTD_ECAP_SMS) \
    V("nwfs", nwfs, ecap, VTD_ECAP_NWFS) \
    V("dit", dit, ecap, VTD_ECAP_DIT) \
    V("pds", pds, ecap, VTD_ECAP_PDS) \
    V("ptrs", ptrs, ecap, VTD_ECAP_PTRS) \
    V("srs", srs, ecap, VTD_ECAP_SRS) \
    V("eafs", eafs, ecap, VTD_ECAP_EAFS) \
    V("ssads", ssads, ecap, VTD_ECAP_SSADS) \
    V("ssirws", ssirws, ecap, VTD_ECAP_SSIRWS) \
    V("smpwcs", smpwcs, ecap, VTD_ECAP_SMPWCS) \
    V("mts", mts, ecap, VTD_ECAP_MTS) \
    V("adms", adms, ecap, VTD_ECAP_ADMS) \
    V("coherent", coherent, ecap, VTD_ECAP_C) \
    V("snoop-control", snoop_control, ecap, VTD_ECAP_SC) \
    V("queued-invalidation", qi, ecap, VTD_ECAP_QI) \
    V("eim", eim, ecap, VTD_ECAP_EIM) \
    V("eim-required", eim_required, ecap, VTD_ECAP_EIMER) \
    V("irreq", irreq, ecap, VTD_ECAP_IRREQ) \
    V("posted", posted, cap, VTD_CAP_PI) \
    V("caching-mode", caching_mode, cap, VTD_CAP_CM) \
    V("psi", psi, cap, VTD_CAP_PSI) \
    V("zlr", zlr, cap, VTD_CAP_ZLR) \
    V("plmr", plmr, cap, VTD_CAP_PLMR) \
    V("phmr", phmr, cap, VTD_CAP_PHMR) \
    V("rwbf", rwbf, cap, VTD_CAP_RWBF) \
    V("esrtps", esrtps, cap, VTD_CAP_ESRTPS) \
    V("esirtps", esirtps, cap, VTD_CAP_ESIRTPS)

typedef struct HwiommuVtdProps {
#define HWIOMMU_VTD_MEMBER(name, member, reg, mask) OnOffAuto member;
    HWIOMMU_VTD_SWITCHES(HWIOMMU_VTD_MEMBER)
#undef HWIOMMU_VTD_MEMBER
    uint8_t version_major;
    uint8_t version_minor;
    uint8_t haw;                /* 0: as aw-bits allows */
    uint8_t aw_bits;
    uint8_t pasid_bits;
    uint8_t did_bits;
    uint16_t nfr;
    uint8_t mamv;
    uint8_t mhmv;
    uint8_t regs_log2;
    uint64_t cap;               /* 0: made from the other properties */
    uint64_t ecap;
    struct hwi_vtd_caches caches;
    bool negative_caching;
    bool compress_faults;
} HwiommuVtdProps;

struct HwiommuVtdState {
    X86IOMMUState parent_obj;
    HwiommuUnit unit;
    HwiommuVtdProps props;
    struct hwi_vtd_config cfg;
    /* What the firmware says of the unit; see vtd-dmar.c */
    OnOffAuto ioapic;
    bool x2apic_opt_out;
    bool dma_opt_in;
    char *rmrr;
    char *atsr;
    char *satc;
    char *satc_required;
};

/* Make @s->cfg from the properties; false and @errp if VT-d forbids it */
bool hwiommu_vtd_config(HwiommuVtdState *s, Error **errp);

/* Whether the machine's I/O APIC sends its messages through @s */
bool hwiommu_vtd_has_ioapic(const HwiommuVtdState *s);

/* RMRRs: keep the firmware's memory map in step */
bool hwiommu_vtd_reserve_memory(HwiommuVtdState *s, Error **errp);

void hwiommu_vtd_build_dmar(X86IOMMUState *iommu, GArray *table_data,
                            BIOSLinker *linker, const char *oem_id,
                            const char *oem_table_id);

#endif

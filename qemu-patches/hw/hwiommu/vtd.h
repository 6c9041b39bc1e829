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
OBJECT_DECLARE_TYPE(HwiommuVtdState, HwiommuVtdClass, HWIOMMU_VTD)

/*
 * Capabilities that are a bit of CAP_REG or ECAP_REG, each a property. 'auto'
 * is what the model can do and the other properties allow.
 */
typedef struct HwiommuVtdSwitch {
    const char *name;
    uint64_t cap, ecap;
} HwiommuVtdSwitch;

#define HWIOMMU_VTD_SWITCHES 40
extern const HwiommuVtdSwitch hwiommu_vtd_switches[HWIOMMU_VTD_SWITCHES];

typedef struct HwiommuVtdProps {
    OnOffAuto switches[HWIOMMU_VTD_SWITCHES];
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

struct HwiommuVtdClass {
    X86IOMMUClass parent_class;
    DeviceRealize parent_realize;
};

struct HwiommuVtdState {
    X86IOMMUState parent_obj;
    HwiommuUnit unit;
    HwiommuVtdProps props;
    struct hwi_vtd_config cfg;
    OnOffAuto intremap;     /* as asked for */
    uint64_t mmio_base;     /* 0: the next free place */
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

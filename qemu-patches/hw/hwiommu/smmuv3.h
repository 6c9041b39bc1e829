/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-smmuv3: an Arm SMMUv3
 */
#ifndef HW_HWIOMMU_SMMUV3_H
#define HW_HWIOMMU_SMMUV3_H

#include "hw/acpi/aml-build.h"
#include "hw/acpi/bios-linker-loader.h"
#include "hw/sysbus.h"
#include "hwiommu/smmuv3.h"
#include "qom/object.h"
#include "unit.h"

#define TYPE_HWIOMMU_SMMUV3 "hwiommu-smmuv3"
OBJECT_DECLARE_SIMPLE_TYPE(HwiommuSmmuv3State, HWIOMMU_SMMUV3)

/*
 * Features that are a bit of an identification register, each a property.
 * 'auto' is what the model can do and the other properties allow.
 */
typedef struct HwiommuSmmuv3Switch {
    const char *name;
    uint32_t idr0, idr1, idr3, idr5;
} HwiommuSmmuv3Switch;

#define HWIOMMU_SMMUV3_SWITCHES 31
extern const HwiommuSmmuv3Switch
    hwiommu_smmuv3_switches[HWIOMMU_SMMUV3_SWITCHES];

/* A number that was not given */
#define HWIOMMU_AUTO8 UINT8_MAX
#define HWIOMMU_AUTO32 UINT32_MAX

typedef struct HwiommuSmmuv3Props {
    OnOffAuto switches[HWIOMMU_SMMUV3_SWITCHES];
    uint8_t version_minor;
    uint8_t sid_bits, ssid_bits;
    uint8_t cmdqs, eventqs, priqs;
    uint8_t oas, va_bits;
    uint8_t httu, bbml, stall_model, st_level;
    uint32_t stall_max;
    uint32_t idr0, idr1, idr3, idr5, iidr, aidr, gbpa;  /* whole registers */
    struct hwi_smmuv3_caches caches;
    bool merge_events;
    bool cmdqv;
    uint8_t vcmdqs_log2, vintfs_log2, sids_log2;
} HwiommuSmmuv3Props;

struct HwiommuSmmuv3State {
    SysBusDevice parent_obj;
    HwiommuUnit unit;
    HwiommuSmmuv3Props props;
    struct hwi_smmuv3_config cfg;
    uint64_t mmio_base, cmdqv_base;     /* 0: the next free place */
    /* Set by the machine */
    uint32_t spi;           /* first of its wired interrupts */
    uint16_t device_id;     /* of its own messages */
};

/* Make @s->cfg from the properties; false and @errp if SMMUv3 forbids it */
bool hwiommu_smmuv3_config(HwiommuSmmuv3State *s, Error **errp);

/* What of a unit the firmware's tables say */
static inline HwiommuWindow *hwiommu_smmuv3_registers(HwiommuSmmuv3State *s)
{
    return &s->unit.windows[0];
}

static inline HwiommuWindow *hwiommu_smmuv3_cmdqv(HwiommuSmmuv3State *s)
{
    return s->cfg.cmdqv.present ? &s->unit.windows[1] : NULL;
}

/**
 * hwiommu_smmuv3_add_fdt: describe all units of a machine in its device tree
 * @topology: their place in the PCI hierarchy
 * @fdt: the tree
 * @host: path of the PCI host bridge's node
 * @its: phandle of the ITS, 0: none
 *
 * Buses have no numbers yet: they are taken to be numbered depth first, as
 * Linux does.
 */
void hwiommu_smmuv3_add_fdt(HwiommuTopology *topology, void *fdt,
                            const char *host, uint32_t its);

/**
 * hwiommu_smmuv3_build_iort: the ACPI table that describes all units
 * @its: whether there is an ITS
 *
 * Buses have the numbers that firmware gave them.
 */
void hwiommu_smmuv3_build_iort(HwiommuTopology *topology, bool its,
                               GArray *table_data, BIOSLinker *linker,
                               const char *oem_id, const char *oem_table_id);

/* In the DSDT: the CMDQV extensions of all units */
void hwiommu_smmuv3_build_dsdt(HwiommuTopology *topology, Aml *scope);

/* Functions whose requests can be stalled: nodes below @parent, @bus's own */
void hwiommu_smmuv3_add_stall_fdt(PCIBus *bus, void *fdt, const char *parent);
void hwiommu_smmuv3_build_stall_dsdt(PCIBus *root, Aml *scope);

#endif

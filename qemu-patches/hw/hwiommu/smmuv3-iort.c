/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-smmuv3: ACPI tables
 *
 * IORT (Arm DEN 0049): an ITS group, each SMMU, the PCI root complex with the
 * ranges of requester IDs that go through each SMMU or past all of them. Built
 * when the firmware asks for it, when buses have numbers.
 *
 * A CMDQV extension is a device NVDA200C in the DSDT, whose _UID is the
 * identifier of its SMMU's node in the IORT.
 */
#include "qemu/osdep.h"
#include "hw/acpi/aml-build.h"
#include "hw/arm/fdt.h"
#include "hw/pci/pci.h"
#include "hwiommu/smmuv3/acpi.h"
#include "hwiommu/smmuv3/regs.h"
#include "smmuv3.h"
#include "smmuv3-ids.h"

/* Interrupt numbers of the GIC: SPIs follow SGIs and PPIs */
#define GIC_SPI_BASE 32

#define ITS_NODE_SIZE (SMMU_ITS_IDENTIFIERS + 4)
#define ITS_IDENTIFIER 0
#define RC_REVISION 3
#define RC_NODE_SIZE SMMU_RC_FLAGS
#define SMMU_REVISION 5

/* An SMMU's node: 0 is the ITS group */
static uint32_t identifier_of(const HwiommuUnit *unit)
{
    return 1 + unit->index;
}

static void append(GArray *table, uint64_t value, unsigned bytes)
{
    build_append_int_noprefix(table, value, bytes);
}

static void append_node_head(GArray *table, unsigned type, unsigned revision,
                             uint32_t identifier, unsigned size,
                             unsigned mappings)
{
    append(table, type, 1);
    append(table, size + mappings * SMMU_IDMAP_SIZE, 2);
    append(table, revision, 1);
    append(table, identifier, 4);
    append(table, mappings, 4);
    append(table, mappings ? size : 0, 4);
}

static void append_mapping(GArray *table, uint32_t input, uint32_t count,
                           uint32_t output, uint32_t node, uint32_t flags)
{
    append(table, input, 4);
    append(table, count - 1, 4);
    append(table, output, 4);
    append(table, node, 4);
    append(table, flags, 4);
}

static void append_its_group(GArray *table)
{
    append_node_head(table, SMMU_IORT_ITS_GROUP, 1, 0, ITS_NODE_SIZE, 0);
    append(table, 1, 4);                    /* Number of ITSs */
    append(table, ITS_IDENTIFIER, 4);       /* as in the MADT */
}

/* @its: offset of the ITS group's node, 0: none */
static void append_smmu(GArray *table, HwiommuSmmuv3State *s, uint32_t its)
{
    uint32_t gsiv = GIC_SPI_BASE + s->spi;
    bool msi = its && (s->cfg.idr0 & SMMU_IDR0_MSI);
    uint32_t flags = HWI_PUT32(SMMU_V3_F_HTTU_OVERRIDE,
                               HWI_GET32(SMMU_IDR0_HTTU, s->cfg.idr0));

    if (s->cfg.idr0 & SMMU_IDR0_COHACC) {
        flags |= SMMU_V3_F_COHACC_OVERRIDE;
    }
    if (msi) {
        flags |= SMMU_V3_F_DEVICEID_VALID;
    }
    append_node_head(table, SMMU_IORT_SMMU_V3, SMMU_REVISION,
                     identifier_of(&s->unit), SMMU_V3_NODE_SIZE,
                     (its ? 1 : 0) + (msi ? 1 : 0));
    append(table, hwiommu_window_base(hwiommu_smmuv3_registers(s)), 8);
    append(table, flags, 4);
    append(table, 0, 4);                    /* Reserved */
    append(table, 0, 8);                    /* VATOS address */
    append(table, SMMU_V3_MODEL_GENERIC, 4);
    append(table, gsiv + HWI_SMMUV3_IRQ_EVENTQ, 4);
    append(table, gsiv + HWI_SMMUV3_IRQ_PRIQ, 4);
    append(table, gsiv + HWI_SMMUV3_IRQ_GERROR, 4);
    append(table, gsiv + HWI_SMMUV3_IRQ_CMD_SYNC, 4);
    append(table, 0, 4);                    /* Proximity domain */
    append(table, 1, 4);                    /* DeviceID mapping index */
    if (its) {
        append_mapping(table, hwiommu_unit_requester(&s->unit, 0),
                       HWIOMMU_LAST_REQUESTER + 1, 0, its, 0);
    }
    if (msi) {
        append_mapping(table, 0, 1, s->device_id, its, SMMU_IDMAP_F_SINGLE);
    }
}

static uint32_t ats_attribute(HwiommuTopology *topology)
{
    uint32_t attribute = 0;
    HwiommuUnit *unit;

    for (unit = hwiommu_topology_first(topology); unit;
         unit = QLIST_NEXT(unit, next)) {
        const struct hwi_smmuv3_config *cfg = &HWIOMMU_SMMUV3(unit->dev)->cfg;

        if (cfg->idr0 & SMMU_IDR0_ATS) {
            attribute |= SMMU_RC_ATS_SUPPORTED;
        }
        if (cfg->idr0 & SMMU_IDR0_PRI) {
            attribute |= SMMU_RC_ATS_PRI_SUPPORTED;
        }
    }
    return attribute;
}

static unsigned pasid_bits(HwiommuTopology *topology)
{
    unsigned bits = 0;
    HwiommuUnit *unit;

    for (unit = hwiommu_topology_first(topology); unit;
         unit = QLIST_NEXT(unit, next)) {
        bits = MAX(bits, HWI_GET32(SMMU_IDR1_SSIDSIZE,
                                   HWIOMMU_SMMUV3(unit->dev)->cfg.idr1));
    }
    return bits;
}

/* @smmus: offsets of the SMMUs' nodes, by index of the unit */
static void append_root_complex(GArray *table, HwiommuTopology *topology,
                                uint32_t identifier, uint32_t its,
                                const uint32_t *smmus)
{
    g_autoptr(GArray) ranges =
        hwiommu_topology_ranges(topology, HWIOMMU_LAST_REQUESTER, true);
    unsigned i, mappings = 0;

    for (i = 0; i < ranges->len; i++) {
        mappings += g_array_index(ranges, HwiommuRange, i).unit || its;
    }
    append_node_head(table, SMMU_IORT_ROOT_COMPLEX, RC_REVISION, identifier,
                     RC_NODE_SIZE, mappings);
    append(table, 1, 4);                    /* fully coherent */
    append(table, 0, 1);                    /* Allocation hints */
    append(table, 0, 2);                    /* Reserved */
    append(table, SMMU_RC_MEMORY_CPM | SMMU_RC_MEMORY_DACS, 1);
    append(table, ats_attribute(topology), 4);
    append(table, 0, 4);                    /* PCI segment */
    append(table, 64, 1);                   /* Memory address size limit */
    append(table, pasid_bits(topology), 2);
    append(table, 0, 1);                    /* Reserved */
    for (i = 0; i < ranges->len; i++) {
        const HwiommuRange *r = &g_array_index(ranges, HwiommuRange, i);

        if (r->unit) {
            append_mapping(table, r->first, r->count,
                           hwiommu_unit_requester(r->unit, r->first),
                           smmus[r->unit->index], 0);
        } else if (its) {
            append_mapping(table, r->first, r->count, r->first, its, 0);
        }
    }
}

void hwiommu_smmuv3_build_iort(HwiommuTopology *topology, bool its,
                               GArray *table_data, BIOSLinker *linker,
                               const char *oem_id, const char *oem_table_id)
{
    AcpiTable table = {
        .sig = SMMU_IORT_SIGNATURE, .rev = 6, .oem_id = oem_id,
        .oem_table_id = oem_table_id,
    };
    uint32_t smmus[HWIOMMU_SMMUS_MAX] = {};
    uint32_t its_node = its ? SMMU_IORT_HEADER_SIZE : 0;
    unsigned nodes = its ? 2 : 1;
    HwiommuUnit *unit;
    uint32_t last = 0;

    for (unit = hwiommu_topology_first(topology); unit;
         unit = QLIST_NEXT(unit, next)) {
        nodes++;
        last = MAX(last, identifier_of(unit));
    }
    acpi_table_begin(&table, table_data);
    append(table_data, nodes, 4);
    append(table_data, SMMU_IORT_HEADER_SIZE, 4);   /* Offset of the nodes */
    append(table_data, 0, 4);                       /* Reserved */
    if (its) {
        append_its_group(table_data);
    }
    for (unit = hwiommu_topology_first(topology); unit;
         unit = QLIST_NEXT(unit, next)) {
        smmus[unit->index] = table_data->len - table.table_offset;
        append_smmu(table_data, HWIOMMU_SMMUV3(unit->dev), its_node);
    }
    append_root_complex(table_data, topology, last + 1, its_node, smmus);
    acpi_table_end(linker, &table);
}

static Aml *cmdqv_device(HwiommuSmmuv3State *s)
{
    uint32_t gsiv = GIC_SPI_BASE + s->spi + HWI_SMMUV3_IRQ_CMDQV;
    Aml *dev = aml_device("CQ%.02X", s->unit.index);
    Aml *crs = aml_resource_template();
    hwaddr base = hwiommu_window_base(hwiommu_smmuv3_cmdqv(s));

    aml_append(dev, aml_name_decl("_HID", aml_string("NVDA200C")));
    aml_append(dev, aml_name_decl("_UID", aml_int(identifier_of(&s->unit))));
    aml_append(crs, aml_memory32_fixed(base, HWI_SMMUV3_CMDQV_SIZE,
                                       AML_READ_WRITE));
    aml_append(crs, aml_interrupt(AML_CONSUMER, AML_EDGE, AML_ACTIVE_HIGH,
                                  AML_EXCLUSIVE, &gsiv, 1));
    aml_append(dev, aml_name_decl("_CRS", crs));
    return dev;
}

void hwiommu_smmuv3_build_dsdt(HwiommuTopology *topology, Aml *scope)
{
    HwiommuUnit *unit;

    for (unit = hwiommu_topology_first(topology); unit;
         unit = QLIST_NEXT(unit, next)) {
        HwiommuSmmuv3State *s = HWIOMMU_SMMUV3(unit->dev);

        if (hwiommu_smmuv3_cmdqv(s)) {
            aml_append(scope, cmdqv_device(s));
        }
    }
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-smmuv3: device tree nodes (binding arm,smmu-v3)
 *
 * There is no node of a CMDQV extension: its binding is that of one system on
 * a chip. Firmware with ACPI describes it (smmuv3-iort.c).
 */
#include "qemu/osdep.h"
#include "hw/arm/fdt.h"
#include "hw/pci/pci.h"
#include "system/device_tree.h"
#include "hwiommu/smmuv3/regs.h"
#include "smmuv3.h"
#include "smmuv3-ids.h"

static void add_node(HwiommuSmmuv3State *s, void *fdt, uint32_t phandle,
                     uint32_t its)
{
    static const char compatible[] = "arm,smmu-v3";
    static const char names[] = "eventq\0priq\0cmdq-sync\0gerror";
    hwaddr base = hwiommu_window_base(hwiommu_smmuv3_registers(s));
    g_autofree char *node = g_strdup_printf("/smmuv3@%" PRIx64, base);

    qemu_fdt_add_subnode(fdt, node);
    qemu_fdt_setprop(fdt, node, "compatible", compatible, sizeof(compatible));
    qemu_fdt_setprop_sized_cells(fdt, node, "reg", 2, base, 2,
                                 HWI_SMMUV3_REGS_SIZE);
    qemu_fdt_setprop_cells(fdt, node, "interrupts",
        GIC_FDT_IRQ_TYPE_SPI, s->spi + HWI_SMMUV3_IRQ_EVENTQ,
        GIC_FDT_IRQ_FLAGS_EDGE_LO_HI,
        GIC_FDT_IRQ_TYPE_SPI, s->spi + HWI_SMMUV3_IRQ_PRIQ,
        GIC_FDT_IRQ_FLAGS_EDGE_LO_HI,
        GIC_FDT_IRQ_TYPE_SPI, s->spi + HWI_SMMUV3_IRQ_CMD_SYNC,
        GIC_FDT_IRQ_FLAGS_EDGE_LO_HI,
        GIC_FDT_IRQ_TYPE_SPI, s->spi + HWI_SMMUV3_IRQ_GERROR,
        GIC_FDT_IRQ_FLAGS_EDGE_LO_HI);
    qemu_fdt_setprop(fdt, node, "interrupt-names", names, sizeof(names));
    if (s->cfg.idr0 & SMMU_IDR0_COHACC) {
        qemu_fdt_setprop(fdt, node, "dma-coherent", NULL, 0);
    }
    if (its && (s->cfg.idr0 & SMMU_IDR0_MSI)) {
        qemu_fdt_setprop_cells(fdt, node, "msi-parent", its, s->device_id);
    }
    qemu_fdt_setprop_cell(fdt, node, "#iommu-cells", 1);
    qemu_fdt_setprop_cell(fdt, node, "phandle", phandle);
}

static void append_cell(GArray *map, uint32_t value)
{
    uint32_t be = cpu_to_be32(value);

    g_array_append_val(map, be);
}

/* iommu-map: requester ID, SMMU, StreamID, how many */
static void add_map(HwiommuTopology *topology, void *fdt, const char *host,
                    const uint32_t *phandles)
{
    g_autoptr(GArray) ranges =
        hwiommu_topology_ranges(topology, HWIOMMU_LAST_REQUESTER, false);
    g_autoptr(GArray) map = g_array_new(false, false, sizeof(uint32_t));
    unsigned i;

    for (i = 0; i < ranges->len; i++) {
        const HwiommuRange *r = &g_array_index(ranges, HwiommuRange, i);

        if (r->unit) {
            append_cell(map, r->first);
            append_cell(map, phandles[r->unit->index]);
            append_cell(map, hwiommu_unit_requester(r->unit, r->first));
            append_cell(map, r->count);
        }
    }
    if (map->len) {
        qemu_fdt_setprop(fdt, host, "iommu-map", map->data,
                         map->len * sizeof(uint32_t));
    }
}

void hwiommu_smmuv3_add_fdt(HwiommuTopology *topology, void *fdt,
                            const char *host, uint32_t its)
{
    g_autoptr(GArray) phandles = g_array_new(false, true, sizeof(uint32_t));
    HwiommuUnit *unit;
    bool ats = false;

    for (unit = hwiommu_topology_first(topology); unit;
         unit = QLIST_NEXT(unit, next)) {
        HwiommuSmmuv3State *s = HWIOMMU_SMMUV3(unit->dev);
        uint32_t phandle = qemu_fdt_alloc_phandle(fdt);

        g_array_set_size(phandles, MAX(phandles->len, unit->index + 1));
        g_array_index(phandles, uint32_t, unit->index) = phandle;
        add_node(s, fdt, phandle, its);
        ats |= (s->cfg.idr0 & SMMU_IDR0_ATS) != 0;
    }
    add_map(topology, fdt, host, (const uint32_t *)(void *)phandles->data);
    if (ats) {
        qemu_fdt_setprop(fdt, host, "ats-supported", NULL, 0);
    }
}

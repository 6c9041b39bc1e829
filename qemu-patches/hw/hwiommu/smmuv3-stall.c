/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu: firmware's word that a function's requests can be stalled
 *
 * SMMUv3 leaves it to the system which devices can be stalled, and systems say
 * it by a property "dma-can-stall" of the device: of its node in the device
 * tree, or of its ACPI device. PCI functions have neither by themselves; those
 * with can-stall=on get one, below those of the bridges they are behind.
 */
#include "qemu/osdep.h"
#include "hw/acpi/aml-build.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pci_device.h"
#include "hw/pci/pcie_sriov.h"
#include "system/device_tree.h"
#include "dma.h"
#include "smmuv3.h"

#define PROPERTY "dma-can-stall"

/* _DSD: Device Properties */
#define DEVICE_PROPERTIES "DAFFD814-6EBA-4D8C-8A91-BC9BBF4AA301"

static PCIBus *bus_behind(PCIDevice *pdev)
{
    return pdev && object_dynamic_cast(OBJECT(pdev), TYPE_PCI_BRIDGE) ?
           pci_bridge_get_sec_bus(PCI_BRIDGE(pdev)) : NULL;
}

static bool can_stall(PCIDevice *pdev)
{
    return pdev && object_dynamic_cast(OBJECT(pdev), TYPE_HWIOMMU_DMA) &&
           HWIOMMU_DMA_BASE(pdev)->can_stall;
}

static bool any_can_stall(PCIBus *bus)
{
    unsigned devfn;

    for (devfn = 0; devfn < PCI_DEVFN_MAX; devfn++) {
        PCIDevice *pdev = bus->devices[devfn];
        PCIBus *behind = bus_behind(pdev);

        if (can_stall(pdev) || (behind && any_can_stall(behind))) {
            return true;
        }
    }
    return false;
}

/*
 * Call @fn for a function that can stall, and for each virtual function that
 * it can enable.
 */
static void each_function(PCIDevice *pdev,
                          void (*fn)(unsigned devfn, void *opaque),
                          void *opaque)
{
    const uint8_t *cap = pdev->config + pdev->exp.sriov_cap;
    unsigned i, devfn;

    fn(pdev->devfn, opaque);
    if (!pdev->exp.sriov_cap) {
        return;
    }
    for (i = 0; i < pci_get_word(cap + PCI_SRIOV_TOTAL_VF); i++) {
        devfn = pdev->devfn + pci_get_word(cap + PCI_SRIOV_VF_OFFSET) +
                i * pci_get_word(cap + PCI_SRIOV_VF_STRIDE);
        if (devfn < PCI_DEVFN_MAX) {
            fn(devfn, opaque);
        }
    }
}

typedef struct Tree {
    void *fdt;
    const char *parent;
} Tree;

static char *add_node(const Tree *tree, unsigned devfn)
{
    char *node = g_strdup_printf("%s/pci@%x,%x", tree->parent,
                                 PCI_SLOT(devfn), PCI_FUNC(devfn));

    qemu_fdt_add_subnode(tree->fdt, node);
    /* The bus number in it is not known yet, and not looked at */
    qemu_fdt_setprop_cells(tree->fdt, node, "reg", devfn << 8, 0, 0, 0, 0);
    return node;
}

static void add_function_node(unsigned devfn, void *opaque)
{
    const Tree *tree = opaque;
    g_autofree char *node = add_node(tree, devfn);

    qemu_fdt_setprop(tree->fdt, node, PROPERTY, NULL, 0);
}

void hwiommu_smmuv3_add_stall_fdt(PCIBus *bus, void *fdt, const char *parent)
{
    Tree tree = { .fdt = fdt, .parent = parent };
    unsigned devfn;

    for (devfn = 0; devfn < PCI_DEVFN_MAX; devfn++) {
        PCIDevice *pdev = bus->devices[devfn];
        PCIBus *behind = bus_behind(pdev);

        if (can_stall(pdev)) {
            each_function(pdev, add_function_node, &tree);
        }
        if (behind && any_can_stall(behind)) {
            g_autofree char *node = add_node(&tree, devfn);

            qemu_fdt_setprop_string(fdt, node, "device_type", "pci");
            qemu_fdt_setprop_cell(fdt, node, "#address-cells", 3);
            qemu_fdt_setprop_cell(fdt, node, "#size-cells", 2);
            qemu_fdt_setprop(fdt, node, "ranges", NULL, 0);
            hwiommu_smmuv3_add_stall_fdt(behind, fdt, node);
        }
    }
}

static Aml *acpi_device(unsigned devfn)
{
    Aml *dev = aml_device("S%.02X", devfn);

    aml_append(dev, aml_name_decl("_ADR", aml_int(PCI_SLOT(devfn) << 16 |
                                                  PCI_FUNC(devfn))));
    return dev;
}

static void append_function(unsigned devfn, void *opaque)
{
    Aml *dev = acpi_device(devfn);
    Aml *property = aml_package(2), *properties = aml_package(1);
    Aml *dsd = aml_package(2);

    aml_append(property, aml_string(PROPERTY));
    aml_append(property, aml_int(1));
    aml_append(properties, property);
    aml_append(dsd, aml_touuid(DEVICE_PROPERTIES));
    aml_append(dsd, properties);
    aml_append(dev, aml_name_decl("_DSD", dsd));
    aml_append((Aml *)opaque, dev);
}

static void append_bus(PCIBus *bus, Aml *scope)
{
    unsigned devfn;

    for (devfn = 0; devfn < PCI_DEVFN_MAX; devfn++) {
        PCIDevice *pdev = bus->devices[devfn];
        PCIBus *behind = bus_behind(pdev);

        if (can_stall(pdev)) {
            each_function(pdev, append_function, scope);
        }
        if (behind && any_can_stall(behind)) {
            Aml *dev = acpi_device(devfn);

            append_bus(behind, dev);
            aml_append(scope, dev);
        }
    }
}

void hwiommu_smmuv3_build_stall_dsdt(PCIBus *root, Aml *scope)
{
    if (any_can_stall(root)) {
        Aml *host = aml_scope("PCI0");

        append_bus(root, host);
        aml_append(scope, host);
    }
}

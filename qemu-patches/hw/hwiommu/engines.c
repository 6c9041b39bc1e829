/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu: the DMA engines of a machine
 */
#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qapi/error.h"
#include "monitor/qdev.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pci_device.h"
#include "hw/qdev-properties.h"
#include "dma.h"
#include "engines.h"

#define PORT_SLOT 0x1c
#define ENGINES 2

/*
 * What the BARs of an engine and its virtual functions may take: two each, the
 * second not larger than the first. Firmware, which knows nothing of SR-IOV,
 * leaves a port that much room if the port asks for it.
 */
static uint64_t room_for_bars(PCIDevice *dma)
{
    uint64_t vfs = object_property_get_uint(OBJECT(dma), "num-vfs",
                                            &error_abort);

    return pow2ceil((vfs + 1) * 2 * HWDMA_BAR_SIZE);
}

static void create_engine(PCIBus *root, unsigned n, bool services)
{
    g_autofree char *port_id = g_strdup_printf("hwiommu-port%u", n);
    g_autofree char *dma_id = g_strdup_printf("hwiommu-dma%u", n);
    PCIDevice *port, *dma;

    port = pci_new_multifunction(PCI_DEVFN(PORT_SLOT, n), "pcie-root-port");
    qdev_set_id(DEVICE(port), g_strdup(port_id), &error_fatal);
    qdev_prop_set_uint8(DEVICE(port), "chassis", 0x80 + n);
    qdev_prop_set_uint16(DEVICE(port), "slot", n);

    dma = pci_new(PCI_DEVFN(0, 0), TYPE_HWIOMMU_DMA);
    qdev_prop_set_uint64(DEVICE(port), "pref64-reserve", room_for_bars(dma));
    pci_realize_and_unref(port, root, &error_fatal);
    qdev_set_id(DEVICE(dma), g_strdup(dma_id), &error_fatal);
    if (!services) {
        qdev_prop_set_bit(DEVICE(dma), "pasid", false);
        qdev_prop_set_bit(DEVICE(dma), "ats", false);
        qdev_prop_set_bit(DEVICE(dma), "pri", false);
    }
    pci_realize_and_unref(dma, pci_bridge_get_sec_bus(PCI_BRIDGE(port)),
                          &error_fatal);
}

void hwiommu_create_engines(PCIBus *root, bool services)
{
    unsigned i;

    for (i = 0; i < ENGINES; i++) {
        create_engine(root, i, services);
    }
}

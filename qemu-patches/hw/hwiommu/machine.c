/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pc-q35-hwiommu: q35 with an IOMMU and two DMA engines
 *
 *   -M pc-q35-hwiommu,iommu=vtd           our model of VT-d
 *   -M pc-q35-hwiommu,iommu=qemu-intel    QEMU's own intel-iommu
 *   -M pc-q35-hwiommu,iommu=none          no IOMMU
 *
 * The rest of the machine is the same for all of them. Properties of the
 * parts are set with -global, as -global hwiommu-vtd.aw-bits=48 or
 * -global hwiommu-dma.num-vfs=4.
 *
 * The root ports stand at 1c.0 and 1c.1, where q35 has them, out of the way
 * of what management software places from slot 1 on.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "monitor/qdev.h"
#include "hw/boards.h"
#include "hw/i386/intel_iommu.h"
#include "hw/i386/pc.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pcie_port.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "dma.h"
#include "vtd.h"

#define TYPE_PC_Q35_HWIOMMU MACHINE_TYPE_NAME("pc-q35-hwiommu")
#define TYPE_PC_Q35_BASE MACHINE_TYPE_NAME("pc-q35-10.0")
OBJECT_DECLARE_SIMPLE_TYPE(HwiommuMachineState, PC_Q35_HWIOMMU)

#define PORT_SLOT 0x1c
#define ENGINES 2

typedef enum HwiommuKind {
    KIND_NONE,
    KIND_VTD,
    KIND_QEMU_INTEL,
    KIND_COUNT
} HwiommuKind;

static const char *const kind_names[KIND_COUNT] = {
    [KIND_NONE] = "none",
    [KIND_VTD] = "vtd",
    [KIND_QEMU_INTEL] = "qemu-intel",
};

struct HwiommuMachineState {
    PCMachineState parent_obj;
    HwiommuKind kind;
};

static void (*base_init)(MachineState *machine);

static void create_iommu(HwiommuMachineState *hms)
{
    static const char *const types[KIND_COUNT] = {
        [KIND_VTD] = TYPE_HWIOMMU_VTD,
        [KIND_QEMU_INTEL] = TYPE_INTEL_IOMMU_DEVICE,
    };
    DeviceState *dev;

    if (!types[hms->kind]) {
        return;
    }
    dev = qdev_new(types[hms->kind]);
    object_property_add_child(OBJECT(hms), "iommu0", OBJECT(dev));
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
}

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

/* A root port, and an engine behind it: an IOMMU group of its own each */
static void create_engine(HwiommuMachineState *hms, unsigned n)
{
    PCIBus *root = PC_MACHINE(hms)->pcibus;
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
    if (hms->kind != KIND_VTD) {
        /* Nothing there would answer such requests */
        qdev_prop_set_bit(DEVICE(dma), "pasid", false);
        qdev_prop_set_bit(DEVICE(dma), "ats", false);
        qdev_prop_set_bit(DEVICE(dma), "pri", false);
    }
    pci_realize_and_unref(dma, pci_bridge_get_sec_bus(PCI_BRIDGE(port)),
                          &error_fatal);
}

static void machine_init(MachineState *machine)
{
    HwiommuMachineState *hms = PC_Q35_HWIOMMU(machine);
    unsigned i;

    base_init(machine);
    create_iommu(hms);
    for (i = 0; i < ENGINES; i++) {
        create_engine(hms, i);
    }
}

static char *get_iommu(Object *obj, Error **errp)
{
    return g_strdup(kind_names[PC_Q35_HWIOMMU(obj)->kind]);
}

static void set_iommu(Object *obj, const char *value, Error **errp)
{
    unsigned i;

    for (i = 0; i < KIND_COUNT; i++) {
        if (!strcmp(value, kind_names[i])) {
            PC_Q35_HWIOMMU(obj)->kind = i;
            return;
        }
    }
    error_setg(errp, "iommu must be vtd, qemu-intel or none");
}

static void machine_instance_init(Object *obj)
{
    PC_Q35_HWIOMMU(obj)->kind = KIND_VTD;
}

static void machine_class_init(ObjectClass *oc, void *data)
{
    static GlobalProperty defaults[] = {
        { TYPE_INTEL_IOMMU_DEVICE, "x-scalable-mode", "on" },
        { TYPE_INTEL_IOMMU_DEVICE, "intremap", "on" },
    };
    MachineClass *mc = MACHINE_CLASS(oc);
    MachineClass *base = MACHINE_CLASS(object_class_get_parent(oc));

    /* A class starts as a copy of its parent, but for its defaults */
    g_ptr_array_extend(mc->compat_props, base->compat_props, NULL, NULL);
    compat_props_add(mc->compat_props, defaults, G_N_ELEMENTS(defaults));
    base_init = base->init;
    mc->init = machine_init;
    mc->alias = NULL;
    mc->is_default = false;
    mc->desc = "Standard PC (Q35) with a modelled IOMMU and DMA engines";
    mc->default_kernel_irqchip_split = true;
    object_class_property_add_str(oc, "iommu", get_iommu, set_iommu);
    object_class_property_set_description(oc, "iommu",
        "IOMMU of the machine: vtd, qemu-intel or none");
}

static const TypeInfo machine_info = {
    .name = TYPE_PC_Q35_HWIOMMU,
    .parent = TYPE_PC_Q35_BASE,
    .instance_size = sizeof(HwiommuMachineState),
    .instance_init = machine_instance_init,
    .class_init = machine_class_init,
};

static void machine_register_types(void)
{
    type_register_static(&machine_info);
}

type_init(machine_register_types)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virt-hwiommu: Arm's virt with an IOMMU and two DMA engines
 *
 *   -M virt-hwiommu,iommu=smmuv3[,cmdqv=on]  our model of SMMUv3
 *   -M virt-hwiommu,iommu=qemu-smmuv3        QEMU's own smmuv3
 *   -M virt-hwiommu,iommu=none               no IOMMU
 *
 * The rest of the machine is the same for all of them. Properties of the
 * parts are set with -global, as -global hwiommu-smmuv3.oas=48 or
 * -global hwiommu-dma.num-vfs=4; more SMMUs come with -device.
 */
#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include "hw/acpi/utils.h"
#include "hw/arm/virt.h"
#include "hw/boards.h"
#include "hw/irq.h"
#include "hw/pci/pci_bus.h"
#include "hw/qdev-properties.h"
#include "hw/virtio/virtio-iommu.h"
#include "system/system.h"
#include "engines.h"
#include "smmuv3.h"
#include "smmuv3-ids.h"

#define TYPE_VIRT_HWIOMMU MACHINE_TYPE_NAME("virt-hwiommu")
#define TYPE_VIRT_BASE MACHINE_TYPE_NAME("virt-10.0")
OBJECT_DECLARE_SIMPLE_TYPE(HwiommuVirtMachineState, VIRT_HWIOMMU)

/* Registers are mapped by pages of the largest size that a guest may use */
#define REGISTER_ALIGN (64 * KiB)

/* virt has no interrupt lines of others behind those of its platform bus */
#define PLATFORM_BUS_SPIS 64
#define SPIS 256

typedef enum HwiommuKind {
    KIND_NONE,
    KIND_SMMUV3,
    KIND_QEMU_SMMUV3,
    KIND_COUNT
} HwiommuKind;

static const char *const kind_names[KIND_COUNT] = {
    [KIND_NONE] = "none",
    [KIND_SMMUV3] = "smmuv3",
    [KIND_QEMU_SMMUV3] = "qemu-smmuv3",
};

struct HwiommuVirtMachineState {
    VirtMachineState parent_obj;
    HwiommuKind kind;
    bool cmdqv;
    Notifier machine_done;
};

static struct {
    void (*init)(MachineState *machine);
    void (*pre_plug)(HotplugHandler *handler, DeviceState *dev, Error **errp);
    void (*plug)(HotplugHandler *handler, DeviceState *dev, Error **errp);
} base;

/* Of the machine's own SMMUs, or NULL if there are none */
static HwiommuTopology *topology_of(VirtMachineState *vms)
{
    HwiommuTopology *topology = hwiommu_topology_at(vms->bus);

    return topology && hwiommu_topology_first(topology) ? topology : NULL;
}

static bool has_its(VirtMachineState *vms)
{
    return vms->msi_controller == VIRT_MSI_CTRL_ITS;
}

/* The first takes the place of virt's own, the others what virt leaves free */
static bool place_registers(VirtMachineState *vms, HwiommuSmmuv3State *s,
                            Error **errp)
{
    hwaddr first = QEMU_ALIGN_UP(vms->memmap[VIRT_MMIO].base +
                                 vms->memmap[VIRT_MMIO].size *
                                 NUM_VIRTIO_TRANSPORTS, 1 * MiB);
    hwaddr last = vms->memmap[VIRT_PLATFORM_BUS].base - 1;
    hwaddr registers = s->mmio_base;
    HwiommuWindow *cmdqv = hwiommu_smmuv3_cmdqv(s);

    if (!registers && !s->unit.index) {
        registers = vms->memmap[VIRT_SMMU].base;
    }
    if (s->cmdqv_base > UINT32_MAX) {
        error_setg(errp, "cmdqv-base must be below 4 GiB");
        return false;
    }
    return hwiommu_window_map(hwiommu_smmuv3_registers(s), registers, first,
                              last, REGISTER_ALIGN, errp) &&
           (!cmdqv || hwiommu_window_map(cmdqv, s->cmdqv_base, first, last,
                                         REGISTER_ALIGN, errp));
}

/*
 * Interrupt lines: from those of virt's own SMMU on, then those behind the
 * platform bus's.
 */
static bool connect_interrupts(VirtMachineState *vms, HwiommuSmmuv3State *s,
                               Error **errp)
{
    uint32_t first = vms->irqmap[VIRT_SMMU];
    uint32_t bus = vms->irqmap[VIRT_PLATFORM_BUS];
    uint32_t before = (bus - first) / HWI_SMMUV3_IRQS;
    uint32_t index = s->unit.index;
    unsigned i;

    s->spi = index < before ? first + index * HWI_SMMUV3_IRQS :
             bus + PLATFORM_BUS_SPIS + (index - before) * HWI_SMMUV3_IRQS;
    if (index >= HWIOMMU_SMMUS_MAX || s->spi + HWI_SMMUV3_IRQS > SPIS) {
        error_setg(errp, "no interrupts left for another SMMU");
        return false;
    }
    for (i = 0; i < HWI_SMMUV3_IRQS; i++) {
        sysbus_connect_irq(SYS_BUS_DEVICE(s), i,
                           qdev_get_gpio_in(vms->gic, s->spi + i));
    }
    return true;
}

static void machine_pre_plug(HotplugHandler *handler, DeviceState *dev,
                             Error **errp)
{
    if (object_dynamic_cast(OBJECT(dev), TYPE_VIRTIO_IOMMU_PCI) &&
        topology_of(VIRT_MACHINE(handler))) {
        error_setg(errp, "the machine has an SMMU already");
        return;
    }
    base.pre_plug(handler, dev, errp);
}

static void machine_plug(HotplugHandler *handler, DeviceState *dev,
                         Error **errp)
{
    VirtMachineState *vms = VIRT_MACHINE(handler);
    HwiommuSmmuv3State *s;

    if (!object_dynamic_cast(OBJECT(dev), TYPE_HWIOMMU_SMMUV3)) {
        base.plug(handler, dev, errp);
        return;
    }
    s = HWIOMMU_SMMUV3(dev);
    s->device_id = HWIOMMU_SMMU_DEVICE_ID(s->unit.index);
    if (place_registers(vms, s, errp)) {
        connect_interrupts(vms, s, errp);
    }
}

static void create_smmu(HwiommuVirtMachineState *hms)
{
    DeviceState *dev = qdev_new(TYPE_HWIOMMU_SMMUV3);

    object_property_add_child(OBJECT(hms), "iommu0", OBJECT(dev));
    if (hms->cmdqv) {
        qdev_prop_set_bit(dev, "cmdqv", true);
    }
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
}

/*
 * All devices are there. virt's own notifier, which hands the tree to the
 * guest, was added before and runs after this one.
 */
static void machine_done(Notifier *notifier, void *data)
{
    HwiommuVirtMachineState *hms =
        container_of(notifier, HwiommuVirtMachineState, machine_done);
    VirtMachineState *vms = VIRT_MACHINE(hms);
    HwiommuTopology *topology = topology_of(vms);

    if (topology) {
        hwiommu_smmuv3_add_fdt(topology, MACHINE(vms)->fdt,
                               vms->pciehb_nodename,
                               has_its(vms) ? vms->msi_phandle : 0);
        hwiommu_smmuv3_add_stall_fdt(vms->bus, MACHINE(vms)->fdt,
                                     vms->pciehb_nodename);
    }
}

static void machine_init(MachineState *machine)
{
    HwiommuVirtMachineState *hms = VIRT_HWIOMMU(machine);

    if (hms->cmdqv && hms->kind != KIND_SMMUV3) {
        error_setg(&error_fatal, "cmdqv=on needs iommu=smmuv3");
    }
    base.init(machine);
    if (hms->kind == KIND_SMMUV3) {
        create_smmu(hms);
    }
    hwiommu_create_engines(VIRT_MACHINE(machine)->bus,
                           hms->kind == KIND_SMMUV3);
    hms->machine_done.notify = machine_done;
    qemu_add_machine_init_done_notifier(&hms->machine_done);
}

static bool build_iort(MachineState *machine, GArray *table_offsets,
                       GArray *table_data, BIOSLinker *linker)
{
    VirtMachineState *vms = VIRT_MACHINE(machine);
    HwiommuTopology *topology = topology_of(vms);

    if (!topology) {
        return false;
    }
    acpi_add_table(table_offsets, table_data);
    hwiommu_smmuv3_build_iort(topology, has_its(vms), table_data, linker,
                              vms->oem_id, vms->oem_table_id);
    return true;
}

static void build_dsdt(MachineState *machine, Aml *scope)
{
    VirtMachineState *vms = VIRT_MACHINE(machine);
    HwiommuTopology *topology = topology_of(vms);

    if (topology) {
        hwiommu_smmuv3_build_dsdt(topology, scope);
        hwiommu_smmuv3_build_stall_dsdt(vms->bus, scope);
    }
}

static const char *get_iommu(MachineState *machine)
{
    return kind_names[VIRT_HWIOMMU(machine)->kind];
}

static void set_iommu(MachineState *machine, const char *value, Error **errp)
{
    unsigned i;

    for (i = 0; i < KIND_COUNT; i++) {
        if (!strcmp(value, kind_names[i])) {
            VIRT_HWIOMMU(machine)->kind = i;
            VIRT_MACHINE(machine)->iommu =
                i == KIND_QEMU_SMMUV3 ? VIRT_IOMMU_SMMUV3 : VIRT_IOMMU_NONE;
            return;
        }
    }
    error_setg(errp, "iommu must be smmuv3, qemu-smmuv3 or none");
}

static bool get_cmdqv(Object *obj, Error **errp)
{
    return VIRT_HWIOMMU(obj)->cmdqv;
}

static void set_cmdqv(Object *obj, bool value, Error **errp)
{
    VIRT_HWIOMMU(obj)->cmdqv = value;
}

static void machine_instance_init(Object *obj)
{
    VIRT_MACHINE(obj)->gic_version = VIRT_GIC_VERSION_3;
    VIRT_HWIOMMU(obj)->kind = KIND_SMMUV3;
}

static void machine_class_init(ObjectClass *oc, void *data)
{
    MachineClass *mc = MACHINE_CLASS(oc);
    MachineClass *parent = MACHINE_CLASS(object_class_get_parent(oc));
    VirtMachineClass *vmc = VIRT_MACHINE_CLASS(oc);
    HotplugHandlerClass *hc = HOTPLUG_HANDLER_CLASS(oc);

    /* A class starts as a copy of its parent, but for its defaults */
    g_ptr_array_extend(mc->compat_props, parent->compat_props, NULL, NULL);
    base.init = mc->init;
    base.pre_plug = hc->pre_plug;
    base.plug = hc->plug;
    mc->init = machine_init;
    hc->pre_plug = machine_pre_plug;
    hc->plug = machine_plug;
    mc->alias = NULL;
    mc->is_default = false;
    mc->desc = "Arm virtual machine with a modelled IOMMU and DMA engines";
    mc->default_cpu_type = ARM_CPU_TYPE_NAME("max");
    machine_class_allow_dynamic_sysbus_dev(mc, TYPE_HWIOMMU_SMMUV3);
    vmc->get_iommu = get_iommu;
    vmc->set_iommu = set_iommu;
    vmc->build_iort = build_iort;
    vmc->build_dsdt = build_dsdt;
    object_class_property_add_bool(oc, "cmdqv", get_cmdqv, set_cmdqv);
    object_class_property_set_description(oc, "cmdqv",
        "the SMMU has the Tegra241 CMDQV extension (described by ACPI)");
}

static const TypeInfo machine_info = {
    .name = TYPE_VIRT_HWIOMMU,
    .parent = TYPE_VIRT_BASE,
    .instance_size = sizeof(HwiommuVirtMachineState),
    .instance_init = machine_instance_init,
    .class_init = machine_class_init,
};

static void machine_register_types(void)
{
    type_register_static(&machine_info);
}

type_init(machine_register_types)

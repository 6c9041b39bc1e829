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
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/boards.h"
#include "hw/i386/intel_iommu.h"
#include "hw/i386/pc.h"
#include "hw/sysbus.h"
#include "engines.h"
#include "vtd.h"

#define TYPE_PC_Q35_HWIOMMU MACHINE_TYPE_NAME("pc-q35-hwiommu")
#define TYPE_PC_Q35_BASE MACHINE_TYPE_NAME("pc-q35-10.0")
OBJECT_DECLARE_SIMPLE_TYPE(HwiommuMachineState, PC_Q35_HWIOMMU)

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

static void machine_init(MachineState *machine)
{
    HwiommuMachineState *hms = PC_Q35_HWIOMMU(machine);

    base_init(machine);
    create_iommu(hms);
    hwiommu_create_engines(PC_MACHINE(machine)->pcibus, hms->kind == KIND_VTD);
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

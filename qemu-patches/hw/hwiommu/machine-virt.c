/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virt-hwiommu: Arm's virt with an IOMMU and two DMA engines
 *
 *   -M virt-hwiommu,iommu=qemu-smmuv3     QEMU's own smmuv3
 *   -M virt-hwiommu,iommu=none            no IOMMU
 *
 * The rest of the machine is the same for all of them. Properties of the
 * parts are set with -global, as -global hwiommu-dma.num-vfs=4.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/arm/virt.h"
#include "hw/boards.h"
#include "engines.h"

#define TYPE_VIRT_HWIOMMU MACHINE_TYPE_NAME("virt-hwiommu")
#define TYPE_VIRT_BASE MACHINE_TYPE_NAME("virt-10.0")
OBJECT_DECLARE_SIMPLE_TYPE(HwiommuVirtMachineState, VIRT_HWIOMMU)

typedef enum HwiommuKind {
    KIND_NONE,
    KIND_QEMU_SMMUV3,
    KIND_COUNT
} HwiommuKind;

static const char *const kind_names[KIND_COUNT] = {
    [KIND_NONE] = "none",
    [KIND_QEMU_SMMUV3] = "qemu-smmuv3",
};

struct HwiommuVirtMachineState {
    VirtMachineState parent_obj;
    HwiommuKind kind;
};

static void (*base_init)(MachineState *machine);

static void machine_init(MachineState *machine)
{
    base_init(machine);
    hwiommu_create_engines(VIRT_MACHINE(machine)->bus, false);
}

static const char *get_iommu(MachineState *machine)
{
    return kind_names[VIRT_HWIOMMU(machine)->kind];
}

static void set_iommu(MachineState *machine, const char *value, Error **errp)
{
    VirtMachineState *vms = VIRT_MACHINE(machine);
    unsigned i;

    for (i = 0; i < KIND_COUNT; i++) {
        if (!strcmp(value, kind_names[i])) {
            VIRT_HWIOMMU(vms)->kind = i;
            vms->iommu = i == KIND_QEMU_SMMUV3 ? VIRT_IOMMU_SMMUV3 :
                         VIRT_IOMMU_NONE;
            return;
        }
    }
    error_setg(errp, "iommu must be qemu-smmuv3 or none");
}

static void machine_instance_init(Object *obj)
{
    VIRT_MACHINE(obj)->gic_version = VIRT_GIC_VERSION_3;
}

static void machine_class_init(ObjectClass *oc, void *data)
{
    MachineClass *mc = MACHINE_CLASS(oc);
    MachineClass *base = MACHINE_CLASS(object_class_get_parent(oc));
    VirtMachineClass *vmc = VIRT_MACHINE_CLASS(oc);

    /* A class starts as a copy of its parent, but for its defaults */
    g_ptr_array_extend(mc->compat_props, base->compat_props, NULL, NULL);
    base_init = base->init;
    mc->init = machine_init;
    mc->alias = NULL;
    mc->is_default = false;
    mc->desc = "Arm virtual machine with a modelled IOMMU and DMA engines";
    mc->default_cpu_type = ARM_CPU_TYPE_NAME("max");
    vmc->get_iommu = get_iommu;
    vmc->set_iommu = set_iommu;
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-vtd: an Intel VT-d remapping hardware unit in a PC
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-visit-common.h"
#include "qemu/units.h"
#include "hw/i386/apic_internal.h"
#include "hw/i386/pc.h"
#include "hw/i386/x86.h"
#include "hw/qdev-properties.h"
#include "hwiommu/vtd/regs.h"
#include "kvm/kvm_i386.h"
#include "migration/vmstate.h"
#include "system/kvm.h"
#include "vtd.h"

/* No PCI function: where intel_iommu.h and the firmware place the I/O APIC */
#define IOAPIC_REQUESTER PCI_BUILD_BDF(0xff, 0)

/* Where PCs have units; interrupt messages are next (VT-d 5.10 §3.14) */
#define REGISTERS_FIRST 0xfed90000ULL
#define INTERRUPTS_BASE 0xfee00000ULL

static bool vtd_msi(HwiommuUnit *unit, uint64_t addr, uint32_t data)
{
    hwiommu_unit_post_msi(unit, addr, data);
    return true;
}

static void vtd_send_msi(HwiommuUnit *unit, const MSIMessage *msg)
{
    MSIMessage copy = *msg;

    apic_get_class(NULL)->send_msi(&copy);
}

static const HwiommuFamily vtd_family = {
    .msi = vtd_msi,
    .send_msi = vtd_send_msi,
    .interrupt_base = INTERRUPTS_BASE,
    .interrupt_size = 1 * MiB,
};

bool hwiommu_vtd_has_ioapic(const HwiommuVtdState *s)
{
    if (s->ioapic == ON_OFF_AUTO_AUTO) {
        return !s->unit.scope;
    }
    return s->ioapic == ON_OFF_AUTO_ON;
}

static HwiommuVtdState *ioapic_owner(HwiommuVtdState *s)
{
    HwiommuUnit *unit;

    for (unit = hwiommu_topology_first(s->unit.topology); unit;
         unit = QLIST_NEXT(unit, next)) {
        HwiommuVtdState *vtd = HWIOMMU_VTD(unit->dev);

        if (hwiommu_vtd_has_ioapic(vtd)) {
            return vtd;
        }
    }
    return NULL;
}

/*
 * KVM asks the machine's first unit what a message becomes, and installs the
 * answer as a route: find the unit that the message belongs to.
 */
static int vtd_int_remap(X86IOMMUState *iommu, MSIMessage *src,
                         MSIMessage *dst, uint16_t sid)
{
    HwiommuVtdState *s = HWIOMMU_VTD(iommu);
    HwiommuUnit *unit;

    if (sid == X86_IOMMU_SID_INVALID) {
        s = ioapic_owner(s);
        sid = IOAPIC_REQUESTER;
        unit = s ? &s->unit : NULL;
    } else {
        unit = hwiommu_topology_owner_of_id(s->unit.topology, sid);
    }
    if (!unit) {
        *dst = *src;
        return 0;
    }
    return hwiommu_unit_remap(unit, sid, src, dst) ? 0 : -EINVAL;
}

static void vtd_realize(DeviceState *dev, Error **errp)
{
    HwiommuVtdState *s = HWIOMMU_VTD(dev);
    PCMachineState *pcms = PC_MACHINE(qdev_get_machine());
    HwiommuWindow *registers;
    HwiommuVtdState *other;
    enum hwi_status status;
    uint64_t size;

    if (s->unit.scope && !*s->unit.scope) {
        g_clear_pointer(&s->unit.scope, g_free);
    }
    if (!hwiommu_vtd_config(s, errp)) {
        return;
    }
#ifdef CONFIG_KVM
    if (kvm_irqchip_is_split() && (s->cfg.ecap & VTD_ECAP_EIM) &&
        !kvm_enable_x2apic()) {
        error_setg(errp, "eim=on needs KVM's x2APIC API");
        return;
    }
#endif
    s->unit.family = &vtd_family;
    hwiommu_unit_init(&s->unit, dev);
    status = hwi_vtd_create(&s->cfg, &hwiommu_host_ops, &s->unit,
                            &s->unit.hwi);
    if (status != HWI_OK) {
        error_setg(errp, "cannot create the model: %s", hwi_strerror(status));
        goto fail;
    }
    size = hwi_mmio_size(s->unit.hwi);
    registers = hwiommu_unit_add_window(&s->unit, "hwiommu", 0, size);
    if (!hwiommu_unit_realize(&s->unit, pcms->pcibus, errp) ||
        !hwiommu_window_map(registers, s->mmio_base, REGISTERS_FIRST,
                            INTERRUPTS_BASE - 1, size, errp)) {
        goto fail;
    }
    if (hwiommu_vtd_has_ioapic(s)) {
        other = ioapic_owner(s);
        if (other != s) {
            error_setg(errp, "the I/O APIC already belongs to another unit");
            goto fail;
        }
        X86_MACHINE(pcms)->ioapic_as =
            hwiommu_space_get_fixed(&s->unit, IOAPIC_REQUESTER);
    }
    if (!hwiommu_vtd_reserve_memory(s, errp)) {
        goto fail;
    }
    return;

fail:
    hwiommu_unit_exit(&s->unit);
}

/* An X86IOMMU decides on 'auto' before it calls the family */
static void vtd_device_realize(DeviceState *dev, Error **errp)
{
    HwiommuVtdState *s = HWIOMMU_VTD(dev);

    s->intremap = X86_IOMMU_DEVICE(s)->intr_supported;
    HWIOMMU_VTD_GET_CLASS(s)->parent_realize(dev, errp);
}

/*
 * A machine's reset leaves the power on: what VT-d calls sticky, the fault
 * records, stays for the next system to read. It was off once, before.
 */
static void vtd_reset_exit(Object *obj, ResetType type)
{
    hwiommu_unit_reset(&HWIOMMU_VTD(obj)->unit, false);
}

static const VMStateDescription vmstate_vtd = {
    .name = TYPE_HWIOMMU_VTD,
    .version_id = 1,
    .minimum_version_id = 1,
    .priority = MIG_PRI_IOMMU,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT(unit, HwiommuVtdState, 1, vmstate_hwiommu_unit,
                       HwiommuUnit),
        VMSTATE_END_OF_LIST()
    }
};

static const Property vtd_properties[] = {
    DEFINE_PROP_UINT8("version-major", HwiommuVtdState, props.version_major,
                      6),
    DEFINE_PROP_UINT8("version-minor", HwiommuVtdState, props.version_minor,
                      0),
    DEFINE_PROP_UINT8("haw", HwiommuVtdState, props.haw, 0),
    DEFINE_PROP_UINT8("aw-bits", HwiommuVtdState, props.aw_bits, 57),
    DEFINE_PROP_UINT8("pasid-bits", HwiommuVtdState, props.pasid_bits, 20),
    DEFINE_PROP_UINT8("did-bits", HwiommuVtdState, props.did_bits, 16),
    DEFINE_PROP_UINT16("nfr", HwiommuVtdState, props.nfr, 8),
    DEFINE_PROP_UINT8("mamv", HwiommuVtdState, props.mamv, 255),
    DEFINE_PROP_UINT8("mhmv", HwiommuVtdState, props.mhmv, 15),
    DEFINE_PROP_UINT8("regs-log2", HwiommuVtdState, props.regs_log2, 0),
    DEFINE_PROP_UINT64("cap", HwiommuVtdState, props.cap, 0),
    DEFINE_PROP_UINT64("ecap", HwiommuVtdState, props.ecap, 0),
    DEFINE_PROP_UINT32("cache-context", HwiommuVtdState,
                       props.caches.context, 0),
    DEFINE_PROP_UINT32("cache-pasid", HwiommuVtdState, props.caches.pasid, 0),
    DEFINE_PROP_UINT32("cache-first-stage", HwiommuVtdState,
                       props.caches.first_stage, 0),
    DEFINE_PROP_UINT32("cache-second-stage", HwiommuVtdState,
                       props.caches.second_stage, 0),
    DEFINE_PROP_UINT32("cache-iotlb", HwiommuVtdState, props.caches.iotlb, 0),
    DEFINE_PROP_UINT32("cache-interrupt", HwiommuVtdState,
                       props.caches.interrupt, 0),
    DEFINE_PROP_BOOL("negative-caching", HwiommuVtdState,
                     props.negative_caching, false),
    DEFINE_PROP_BOOL("compress-faults", HwiommuVtdState,
                     props.compress_faults, false),
    DEFINE_PROP_STRING("scope", HwiommuVtdState, unit.scope),
    DEFINE_PROP_UINT64("mmio-base", HwiommuVtdState, mmio_base, 0),
    DEFINE_PROP_UINT64("ats-timeout", HwiommuVtdState, unit.ats_timeout_ms,
                       60000),
    DEFINE_PROP_UINT64("step-latency", HwiommuVtdState, unit.step_latency_ns,
                       0),
    DEFINE_PROP_STRING("record", HwiommuVtdState, unit.record),
    DEFINE_PROP_ON_OFF_AUTO("ioapic", HwiommuVtdState, ioapic,
                            ON_OFF_AUTO_AUTO),
    DEFINE_PROP_BOOL("x2apic-opt-out", HwiommuVtdState, x2apic_opt_out, false),
    DEFINE_PROP_BOOL("dma-opt-in", HwiommuVtdState, dma_opt_in, false),
    DEFINE_PROP_STRING("rmrr", HwiommuVtdState, rmrr),
    DEFINE_PROP_STRING("atsr", HwiommuVtdState, atsr),
    DEFINE_PROP_STRING("satc", HwiommuVtdState, satc),
    DEFINE_PROP_STRING("satc-required", HwiommuVtdState, satc_required),
};

static void get_switch(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    size_t index = (const HwiommuVtdSwitch *)opaque - hwiommu_vtd_switches;

    visit_type_OnOffAuto(v, name,
                         &HWIOMMU_VTD(obj)->props.switches[index], errp);
}

static void set_switch(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    if (DEVICE(obj)->realized) {
        qdev_prop_set_after_realize(DEVICE(obj), name, errp);
        return;
    }
    get_switch(obj, v, name, opaque, errp);
}

static void vtd_instance_init(Object *obj)
{
    /* An X86IOMMU's own default is off */
    X86_IOMMU_DEVICE(obj)->dt_supported = true;
}

static void vtd_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    X86IOMMUClass *xc = X86_IOMMU_DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);
    unsigned i;

    for (i = 0; i < HWIOMMU_VTD_SWITCHES; i++) {
        object_class_property_add(klass, hwiommu_vtd_switches[i].name,
                                  "OnOffAuto", get_switch, set_switch, NULL,
                                  (void *)&hwiommu_vtd_switches[i]);
        object_class_property_set_description(klass,
                                              hwiommu_vtd_switches[i].name,
                                              "on/off/auto (default: auto)");
    }
    /* After the devices have stopped their DMA */
    rc->phases.exit = vtd_reset_exit;
    dc->desc = "Intel VT-d remapping hardware unit, the hwiommu model";
    dc->vmsd = &vmstate_vtd;
    dc->hotpluggable = false;
    device_class_set_props(dc, vtd_properties);
    device_class_set_parent_realize(dc, vtd_device_realize,
                                    &HWIOMMU_VTD_CLASS(klass)->parent_realize);
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    xc->realize = vtd_realize;
    xc->int_remap = vtd_int_remap;
    xc->multiple = true;
    xc->build_acpi = hwiommu_vtd_build_dmar;
}

static const TypeInfo vtd_info = {
    .name = TYPE_HWIOMMU_VTD,
    .parent = TYPE_X86_IOMMU_DEVICE,
    .instance_size = sizeof(HwiommuVtdState),
    .instance_init = vtd_instance_init,
    .class_size = sizeof(HwiommuVtdClass),
    .class_init = vtd_class_init,
};

static void vtd_register_types(void)
{
    type_register_static(&vtd_info);
}

type_init(vtd_register_types)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-smmuv3: an Arm SMMUv3
 *
 * The machine gives its registers a place, connects its interrupts and says
 * which DeviceID its own messages have (machine-virt.c).
 */
#include "qemu/osdep.h"
#include "qemu/rcu.h"
#include "qapi/error.h"
#include "qapi/qapi-visit-common.h"
#include "exec/address-spaces.h"
#include "exec/memory.h"
#include "hw/arm/virt.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "hwiommu/smmuv3/regs.h"
#include "smmuv3.h"

QEMU_BUILD_BUG_ON(HWI_SMMUV3_IRQS > HWIOMMU_IRQS);

static MemTxAttrs msi_attrs(HwiommuUnit *unit)
{
    HwiommuSmmuv3State *s = container_of(unit, HwiommuSmmuv3State, unit);

    return (MemTxAttrs) { .requester_id = s->device_id };
}

/*
 * A message is a write like any other (SMMUv3 §3.18): to memory, where Linux
 * polls for that of a CMD_SYNC, or to what answers at the address, as the ITS.
 */
static bool smmuv3_msi(HwiommuUnit *unit, uint64_t addr, uint32_t data)
{
    MemTxAttrs attrs = msi_attrs(unit);
    hwaddr offset, len = 4;
    MemoryRegion *mr;

    if (hwiommu_unit_store_ram(unit, addr, data)) {
        return true;
    }
    RCU_READ_LOCK_GUARD();
    mr = address_space_translate(&address_space_memory, addr, &offset, &len,
                                 true, attrs);
    if (memory_region_is_ram(mr) || memory_region_is_romd(mr) ||
        !memory_region_access_valid(mr, offset, 4, true, attrs)) {
        return false;
    }
    hwiommu_unit_post_msi(unit, addr, data);
    return true;
}

static void smmuv3_send_msi(HwiommuUnit *unit, const MSIMessage *msg)
{
    address_space_stl_le(&address_space_memory, msg->address, msg->data,
                         msi_attrs(unit), NULL);
}

static const HwiommuFamily smmuv3_family = {
    .msi = smmuv3_msi,
    .send_msi = smmuv3_send_msi,
};

static bool check_stream_ids(HwiommuSmmuv3State *s, Error **errp)
{
    unsigned bits = HWI_GET32(SMMU_IDR1_SIDSIZE, s->cfg.idr1);

    if (s->unit.requester_base && bits < 32 &&
        s->unit.requester_base >> bits) {
        error_setg(errp, "sid-base 0x%x does not fit in StreamIDs of %u bits",
                   s->unit.requester_base, bits);
        return false;
    }
    return true;
}

static void smmuv3_realize(DeviceState *dev, Error **errp)
{
    HwiommuSmmuv3State *s = HWIOMMU_SMMUV3(dev);
    VirtMachineState *vms = (VirtMachineState *)
        object_dynamic_cast(qdev_get_machine(), TYPE_VIRT_MACHINE);
    enum hwi_status status;
    unsigned i;

    if (!vms || !vms->bus) {
        error_setg(errp, "hwiommu-smmuv3 needs the machine virt-hwiommu");
        return;
    }
    if (s->unit.scope && !*s->unit.scope) {
        g_clear_pointer(&s->unit.scope, g_free);
    }
    if (!hwiommu_smmuv3_config(s, errp) || !check_stream_ids(s, errp)) {
        return;
    }
    s->unit.family = &smmuv3_family;
    hwiommu_unit_init(&s->unit, dev);
    for (i = 0; i < HWI_SMMUV3_IRQS; i++) {
        sysbus_init_irq(SYS_BUS_DEVICE(dev), &s->unit.irqs[i]);
    }
    status = hwi_smmuv3_create(&s->cfg, &hwiommu_host_ops, &s->unit,
                               &s->unit.hwi);
    if (status != HWI_OK) {
        error_setg(errp, "cannot create the model: %s", hwi_strerror(status));
        hwiommu_unit_exit(&s->unit);
        return;
    }
    hwiommu_unit_add_window(&s->unit, "hwiommu-smmuv3",
                            HWI_SMMUV3_REGS_OFFSET, HWI_SMMUV3_REGS_SIZE);
    if (s->cfg.cmdqv.present) {
        hwiommu_unit_add_window(&s->unit, "hwiommu-cmdqv",
                                HWI_SMMUV3_CMDQV_OFFSET,
                                HWI_SMMUV3_CMDQV_SIZE);
    }
    if (!hwiommu_unit_realize(&s->unit, vms->bus, errp)) {
        hwiommu_unit_exit(&s->unit);
    }
}

/* After the devices have stopped their DMA */
static void smmuv3_reset_exit(Object *obj, ResetType type)
{
    hwiommu_unit_reset(&HWIOMMU_SMMUV3(obj)->unit, false);
}

static const VMStateDescription vmstate_smmuv3 = {
    .name = TYPE_HWIOMMU_SMMUV3,
    .version_id = 1,
    .minimum_version_id = 1,
    .priority = MIG_PRI_IOMMU,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT(unit, HwiommuSmmuv3State, 1, vmstate_hwiommu_unit,
                       HwiommuUnit),
        VMSTATE_END_OF_LIST()
    }
};

#define PROP_U8(_name, _field, _default) \
    DEFINE_PROP_UINT8(_name, HwiommuSmmuv3State, props._field, _default)
#define PROP_U32(_name, _field, _default) \
    DEFINE_PROP_UINT32(_name, HwiommuSmmuv3State, props._field, _default)

static const Property smmuv3_properties[] = {
    PROP_U8("version-minor", version_minor, 2),
    PROP_U8("sid-bits", sid_bits, HWIOMMU_AUTO8),
    PROP_U8("ssid-bits", ssid_bits, HWIOMMU_AUTO8),
    PROP_U8("cmdqs", cmdqs, 19),
    PROP_U8("eventqs", eventqs, 19),
    PROP_U8("priqs", priqs, HWIOMMU_AUTO8),
    PROP_U8("oas", oas, 0),
    PROP_U8("va-bits", va_bits, 0),
    PROP_U8("httu", httu, SMMU_HTTU_DIRTY),
    PROP_U8("bbml", bbml, HWIOMMU_AUTO8),
    PROP_U8("stall-model", stall_model, SMMU_STALL_MODEL_BOTH),
    PROP_U32("stall-max", stall_max, HWIOMMU_AUTO32),
    PROP_U8("st-level", st_level, SMMU_ST_LEVEL_2LVL),
    PROP_U32("idr0", idr0, HWIOMMU_AUTO32),
    PROP_U32("idr1", idr1, HWIOMMU_AUTO32),
    PROP_U32("idr3", idr3, HWIOMMU_AUTO32),
    PROP_U32("idr5", idr5, HWIOMMU_AUTO32),
    PROP_U32("iidr", iidr, HWIOMMU_AUTO32),
    PROP_U32("aidr", aidr, HWIOMMU_AUTO32),
    PROP_U32("gbpa", gbpa, HWIOMMU_AUTO32),
    PROP_U32("cache-l1std", caches.l1std, 0),
    PROP_U32("cache-ste", caches.ste, 0),
    PROP_U32("cache-l1cd", caches.l1cd, 0),
    PROP_U32("cache-cd", caches.cd, 0),
    PROP_U32("cache-tlb", caches.tlb, 0),
    PROP_U32("cache-walk-s1", caches.walk_s1, 0),
    PROP_U32("cache-walk-s2", caches.walk_s2, 0),
    PROP_U32("cache-ipa", caches.ipa, 0),
    DEFINE_PROP_BOOL("merge-events", HwiommuSmmuv3State, props.merge_events,
                     false),
    DEFINE_PROP_BOOL("cmdqv", HwiommuSmmuv3State, props.cmdqv, false),
    PROP_U8("vcmdqs-log2", vcmdqs_log2, 7),
    PROP_U8("vintfs-log2", vintfs_log2, 6),
    PROP_U8("vintf-sids-log2", sids_log2, 4),
    DEFINE_PROP_STRING("scope", HwiommuSmmuv3State, unit.scope),
    DEFINE_PROP_UINT32("sid-base", HwiommuSmmuv3State, unit.requester_base,
                       0),
    DEFINE_PROP_UINT64("mmio-base", HwiommuSmmuv3State, mmio_base, 0),
    DEFINE_PROP_UINT64("cmdqv-base", HwiommuSmmuv3State, cmdqv_base, 0),
    DEFINE_PROP_UINT64("ats-timeout", HwiommuSmmuv3State, unit.ats_timeout_ms,
                       60000),
    DEFINE_PROP_UINT64("step-latency", HwiommuSmmuv3State,
                       unit.step_latency_ns, 0),
    DEFINE_PROP_STRING("record", HwiommuSmmuv3State, unit.record),
};

static void get_switch(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    size_t index = (const HwiommuSmmuv3Switch *)opaque -
                   hwiommu_smmuv3_switches;

    visit_type_OnOffAuto(v, name, &HWIOMMU_SMMUV3(obj)->props.switches[index],
                         errp);
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

static void smmuv3_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);
    unsigned i;

    for (i = 0; i < HWIOMMU_SMMUV3_SWITCHES; i++) {
        const char *name = hwiommu_smmuv3_switches[i].name;

        object_class_property_add(klass, name, "OnOffAuto", get_switch,
                                  set_switch, NULL,
                                  (void *)&hwiommu_smmuv3_switches[i]);
        object_class_property_set_description(klass, name,
                                              "on/off/auto (default: auto)");
    }
    rc->phases.exit = smmuv3_reset_exit;
    dc->realize = smmuv3_realize;
    dc->desc = "Arm SMMUv3, the hwiommu model";
    dc->vmsd = &vmstate_smmuv3;
    dc->hotpluggable = false;
    dc->user_creatable = true;
    device_class_set_props(dc, smmuv3_properties);
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
}

static const TypeInfo smmuv3_info = {
    .name = TYPE_HWIOMMU_SMMUV3,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(HwiommuSmmuv3State),
    .class_init = smmuv3_class_init,
};

static void smmuv3_register_types(void)
{
    type_register_static(&smmuv3_info);
}

type_init(smmuv3_register_types)

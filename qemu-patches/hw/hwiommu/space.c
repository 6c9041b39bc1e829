/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu: the address space that a PCI function sees
 *
 * Everything goes through the unit at all times, whether it translates or
 * not: that is for the model to say. Ordinary devices of QEMU issue
 * untranslated requests without PASID here; see requester.h for the others.
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "exec/memory.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pci_device.h"
#include "unit.h"
#include "trace.h"

#define TYPE_HWIOMMU_MEMORY_REGION "hwiommu-iommu-memory-region"

typedef struct HwiommuSpaceKey {
    PCIBus *bus;
    uint32_t id;
} HwiommuSpaceKey;

static guint space_hash(gconstpointer v)
{
    const HwiommuSpaceKey *key = v;

    return g_direct_hash(key->bus) * 31 + key->id;
}

static gboolean space_equal(gconstpointer a, gconstpointer b)
{
    const HwiommuSpaceKey *x = a, *y = b;

    return x->bus == y->bus && x->id == y->id;
}

/* Bus numbers are the guest's to set, so this is asked each time */
static uint16_t id_of(const HwiommuSpace *space)
{
    return space->bus ? PCI_BUILD_BDF(pci_bus_num(space->bus), space->devfn) :
           space->fixed_id;
}

static uint32_t requester_of(const HwiommuSpace *space)
{
    return hwiommu_unit_requester(space->unit, id_of(space));
}

static IOMMUTLBEntry space_translate(IOMMUMemoryRegion *mr, hwaddr addr,
                                     IOMMUAccessFlags flag, int iommu_idx)
{
    HwiommuSpace *space = container_of(mr, HwiommuSpace, iommu);
    struct hwi_request req = {
        .requester = requester_of(space),
        .pasid = HWI_PASID_NONE,
        .addr = hwi_iova(addr),
        .length = 1,
        .kind = HWI_UNTRANSLATED,
        .access = flag & IOMMU_WO ? HWI_WRITE : HWI_READ,
    };
    IOMMUTLBEntry entry = {
        .target_as = &address_space_memory,
        .iova = addr & ~0xfffULL,
        .addr_mask = 0xfff,
        .perm = IOMMU_NONE,
    };
    struct hwi_response resp = {};

    hwiommu_unit_translate(space->unit, &req, &resp);
    if (resp.outcome == HWI_TERMINATED) {
        entry.target_as = space->unit->nothing;
        entry.translated_addr = entry.iova;
        entry.perm = IOMMU_RW;
        return entry;
    }
    /*
     * A device of QEMU cannot wait: one that is stalled fails. The answer
     * that the unit still gives finds nobody.
     */
    if (resp.outcome != HWI_SUCCESS) {
        return entry;
    }
    if (resp.span_log2 >= 64) {
        entry.addr_mask = UINT64_MAX;
    } else if (resp.span_log2 > 12) {
        entry.addr_mask = (1ULL << resp.span_log2) - 1;
    }
    entry.iova = addr & ~entry.addr_mask;
    entry.translated_addr = hwi_hpa_val(resp.addr) & ~entry.addr_mask;
    if (resp.rights & HWI_READ) {
        entry.perm |= IOMMU_RO;
    }
    if (resp.rights & HWI_WRITE) {
        entry.perm |= IOMMU_WO;
    }
    return entry;
}

static int space_notify_flag_changed(IOMMUMemoryRegion *mr,
                                     IOMMUNotifierFlag old,
                                     IOMMUNotifierFlag new, Error **errp)
{
    HwiommuSpace *space = container_of(mr, HwiommuSpace, iommu);

    if (new & IOMMU_NOTIFIER_MAP) {
        error_setg(errp, "device %02x.%x: hwiommu does not shadow the guest's "
                   "tables for devices of the host", PCI_SLOT(space->devfn),
                   PCI_FUNC(space->devfn));
        return -ENOTSUP;
    }
    if (old == IOMMU_NOTIFIER_NONE) {
        QLIST_INSERT_HEAD(&space->unit->notified, space, notified);
    } else if (new == IOMMU_NOTIFIER_NONE) {
        QLIST_REMOVE(space, notified);
    }
    return 0;
}

/* Only for notifiers of mappings, which there are none of */
static void space_replay(IOMMUMemoryRegion *mr, IOMMUNotifier *notifier)
{
}

/*
 * Tell the listeners of a space that [first, last] is gone. A listener may
 * have asked for a part of the space only.
 */
static void notify(HwiommuSpace *space, IOMMUNotifierFlag type, hwaddr first,
                   hwaddr last)
{
    IOMMUNotifier *n;

    trace_hwiommu_notify(space->unit->index, requester_of(space), first,
                         last - first);
    IOMMU_NOTIFIER_FOREACH(n, &space->iommu) {
        IOMMUTLBEvent event = { .type = type };
        hwaddr from = MAX(first, n->start), to = MIN(last, n->end);

        if (!(n->notifier_flags & type) || from > to) {
            continue;
        }
        event.entry = (IOMMUTLBEntry) {
            .target_as = &address_space_memory,
            .iova = from,
            .addr_mask = to - from,
            .perm = IOMMU_NONE,
        };
        memory_region_notify_iommu_one(n, &event);
    }
}

static hwaddr range_last(hwaddr first, unsigned span_log2)
{
    return span_log2 >= 64 ? UINT64_MAX : first + (1ULL << span_log2) - 1;
}

void hwiommu_space_invalidated(HwiommuUnit *unit,
                               const struct hwi_inval *inval)
{
    hwaddr first = 0, last = UINT64_MAX;
    HwiommuSpace *space;

    if (inval->scope == HWI_INVAL_DOMAIN && inval->span_log2 < 64) {
        first = hwi_iova_val(inval->addr);
        last = range_last(first, inval->span_log2);
    }
    QLIST_FOREACH(space, &unit->notified, notified) {
        if (inval->scope == HWI_INVAL_REQUESTER &&
            inval->requester != requester_of(space)) {
            continue;
        }
        /* Which domain a listener is in, it does not know: tell them all */
        notify(space, IOMMU_NOTIFIER_UNMAP, first, last);
    }
}

bool hwiommu_space_device_iotlb(HwiommuUnit *unit, PCIDevice *pdev,
                                const struct hwi_ats_invalidate *inv)
{
    hwaddr first = inv->span_log2 < 64 ? hwi_iova_val(inv->addr) : 0;
    HwiommuSpace *space;

    if (inv->pasid != HWI_PASID_NONE && !inv->global) {
        return false;   /* such a device has nothing with a PASID */
    }
    QLIST_FOREACH(space, &unit->notified, notified) {
        if (space->bus == pci_get_bus(pdev) && space->devfn == pdev->devfn) {
            notify(space, IOMMU_NOTIFIER_DEVIOTLB_UNMAP, first,
                   range_last(first, inv->span_log2));
            return true;
        }
    }
    return false;
}

/*
 * The interrupt range. The unit decides with the true size and direction of
 * each access which ones are interrupt requests.
 */
static MemTxResult interrupts_access(HwiommuSpace *space, hwaddr addr,
                                     uint64_t *value, unsigned size,
                                     bool is_write, MemTxAttrs attrs)
{
    struct hwi_request req = {
        .requester = requester_of(space),
        .pasid = HWI_PASID_NONE,
        .addr = hwi_iova(space->unit->family->interrupt_base + addr),
        .length = size,
        .kind = HWI_UNTRANSLATED,
        .access = is_write ? HWI_WRITE : HWI_READ,
    };
    struct hwi_response resp = {};
    uint8_t buf[8];
    MemTxResult result;

    hwiommu_unit_translate(space->unit, &req, &resp);
    switch (resp.outcome) {
    case HWI_IS_INTERRUPT:
        return hwiommu_unit_interrupt(space->unit, id_of(space),
                                      hwi_iova_val(req.addr), *value);
    case HWI_SUCCESS:
        stn_le_p(buf, size, *value);
        result = address_space_rw(&address_space_memory,
                                  hwi_hpa_val(resp.addr), attrs, buf, size,
                                  is_write);
        *value = ldn_le_p(buf, size);
        return result;
    default:
        return MEMTX_ERROR;
    }
}

static MemTxResult interrupts_read(void *opaque, hwaddr addr, uint64_t *data,
                                   unsigned size, MemTxAttrs attrs)
{
    *data = 0;
    return interrupts_access(opaque, addr, data, size, false, attrs);
}

static MemTxResult interrupts_write(void *opaque, hwaddr addr, uint64_t data,
                                    unsigned size, MemTxAttrs attrs)
{
    return interrupts_access(opaque, addr, &data, size, true, attrs);
}

static const MemoryRegionOps interrupts_ops = {
    .read_with_attrs = interrupts_read,
    .write_with_attrs = interrupts_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};

static HwiommuSpace *space_new(HwiommuUnit *unit, PCIBus *bus, uint8_t devfn,
                               uint16_t fixed_id)
{
    HwiommuSpace *space = g_new0(HwiommuSpace, 1);
    g_autofree char *name = NULL;
    Object *owner = OBJECT(unit->dev);

    if (bus) {
        name = g_strdup_printf("hwiommu%u-%s-%02x.%x", unit->index,
                               BUS(bus)->name, PCI_SLOT(devfn),
                               PCI_FUNC(devfn));
    } else {
        name = g_strdup_printf("hwiommu%u-%04x", unit->index, fixed_id);
    }
    trace_hwiommu_space(unit->index, name);
    space->unit = unit;
    space->bus = bus;
    space->devfn = devfn;
    space->fixed_id = fixed_id;
    memory_region_init(&space->root, owner, name, UINT64_MAX);
    memory_region_init_iommu(&space->iommu, sizeof(space->iommu),
                             TYPE_HWIOMMU_MEMORY_REGION, owner, name,
                             UINT64_MAX);
    memory_region_add_subregion(&space->root, 0,
                                MEMORY_REGION(&space->iommu));
    if (unit->family->interrupt_size) {
        memory_region_init_io(&space->interrupts, owner, &interrupts_ops,
                              space, "hwiommu-interrupts",
                              unit->family->interrupt_size);
        /* A unit's registers and a device's MSI do not exclude each other */
        space->interrupts.disable_reentrancy_guard = true;
        memory_region_add_subregion_overlap(&space->root,
                                            unit->family->interrupt_base,
                                            &space->interrupts, 1);
    }
    address_space_init(&space->as, &space->root, name);
    return space;
}

static AddressSpace *space_get(HwiommuUnit *unit, PCIBus *bus, uint32_t id)
{
    HwiommuSpaceKey key = { .bus = bus, .id = id };
    HwiommuSpace *space = g_hash_table_lookup(unit->spaces, &key);

    if (!space) {
        space = bus ? space_new(unit, bus, id, 0) :
                space_new(unit, NULL, 0, id);
        g_hash_table_insert(unit->spaces, g_memdup2(&key, sizeof(key)), space);
    }
    return &space->as;
}

AddressSpace *hwiommu_space_get(HwiommuUnit *unit, PCIBus *bus, int devfn)
{
    return space_get(unit, bus, devfn);
}

AddressSpace *hwiommu_space_get_fixed(HwiommuUnit *unit, uint16_t requester)
{
    return space_get(unit, NULL, requester);
}

/* Where requests go that end in silence */
static uint64_t nothing_read(void *opaque, hwaddr addr, unsigned size)
{
    return 0;
}

static void nothing_write(void *opaque, hwaddr addr, uint64_t value,
                          unsigned size)
{
}

static const MemoryRegionOps nothing_ops = {
    .read = nothing_read,
    .write = nothing_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};

static AddressSpace *nothing_new(HwiommuUnit *unit)
{
    MemoryRegion *mr = g_new0(MemoryRegion, 1);
    AddressSpace *as = g_new0(AddressSpace, 1);

    memory_region_init_io(mr, OBJECT(unit->dev), &nothing_ops, NULL,
                          "hwiommu-nothing", UINT64_MAX);
    address_space_init(as, mr, "hwiommu-nothing");
    return as;
}

/*
 * Spaces stay for as long as the unit, which cannot be unplugged: a function
 * plugged into the same place again finds its space.
 */
void hwiommu_spaces_init(HwiommuUnit *unit)
{
    unit->nothing = nothing_new(unit);
    unit->spaces = g_hash_table_new_full(space_hash, space_equal, g_free,
                                         NULL);
    QLIST_INIT(&unit->notified);
}

static void space_region_class_init(ObjectClass *klass, void *data)
{
    IOMMUMemoryRegionClass *imrc = IOMMU_MEMORY_REGION_CLASS(klass);

    imrc->translate = space_translate;
    imrc->notify_flag_changed = space_notify_flag_changed;
    imrc->replay = space_replay;
}

static const TypeInfo space_region_info = {
    .name = TYPE_HWIOMMU_MEMORY_REGION,
    .parent = TYPE_IOMMU_MEMORY_REGION,
    .class_init = space_region_class_init,
};

static void space_register_types(void)
{
    type_register_static(&space_region_info);
}

type_init(space_register_types)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu: which unit a requester belongs to
 *
 * All units of a machine share one place in its PCI hierarchy, the root bus.
 * A unit names the devices and bridges it works for; one unit without a list
 * takes everything that no other does.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pci_device.h"
#include "hw/pci/pci_host.h"
#include "hw/pci/pcie_sriov.h"
#include "hw/sysbus.h"
#include "unit.h"

struct HwiommuTopology {
    PCIBus *root;
    bool bypassed;          /* the root bus goes past every IOMMU */
    QLIST_HEAD(, HwiommuUnit) units;
};

#define MAX_DEPTH 16

static PCIDevice *device_by_id(const char *id)
{
    DeviceState *dev = qdev_find_recursive(sysbus_get_default(), id);

    return dev && object_dynamic_cast(OBJECT(dev), TYPE_PCI_DEVICE) ?
           PCI_DEVICE(dev) : NULL;
}

/* "1c.0/00.1": slot and function on each bus, from the root complex down */
static unsigned parse_path(const char *ref, uint8_t *path, unsigned max)
{
    g_auto(GStrv) parts = g_strsplit(ref, "/", -1);
    unsigned n;

    for (n = 0; parts[n]; n++) {
        unsigned slot, function;
        int end = 0;

        if (n == max || !g_ascii_isxdigit(parts[n][0]) ||
            sscanf(parts[n], "%x.%x%n", &slot, &function, &end) != 2 ||
            parts[n][end] || slot >= PCI_SLOT_MAX ||
            function >= PCI_FUNC_MAX) {
            return 0;
        }
        path[n] = PCI_DEVFN(slot, function);
    }
    return n;
}

/* Whether (bus, devfn) is @pdev, or a virtual function that it can enable */
static bool is_function_of(const PCIDevice *pdev, PCIBus *bus, int devfn)
{
    uint16_t cap = pdev->exp.sriov_cap;
    unsigned first, stride, count, distance;

    if (pci_get_bus(pdev) != bus) {
        return false;
    }
    if (pdev->devfn == devfn) {
        return true;
    }
    if (!cap) {
        return false;
    }
    first = pdev->devfn + pci_get_word(pdev->config + cap +
                                       PCI_SRIOV_VF_OFFSET);
    stride = pci_get_word(pdev->config + cap + PCI_SRIOV_VF_STRIDE);
    count = pci_get_word(pdev->config + cap + PCI_SRIOV_TOTAL_VF);
    if (devfn < first || !count) {
        return false;
    }
    distance = devfn - first;
    return stride ? distance % stride == 0 && distance / stride < count :
           distance == 0;
}

static bool path_matches(const uint8_t *path, unsigned n, PCIBus *bus,
                         int devfn)
{
    while (n--) {
        if (path[n] != devfn) {
            return false;
        }
        if (pci_bus_is_root(bus)) {
            return n == 0 && !bus->parent_dev;
        }
        devfn = bus->parent_dev->devfn;
        bus = pci_get_bus(bus->parent_dev);
    }
    return false;
}

static bool scope_has(const HwiommuUnit *unit, PCIBus *bus, int devfn)
{
    g_auto(GStrv) refs = g_strsplit(unit->scope, "+", -1);
    uint8_t path[MAX_DEPTH];
    unsigned i, n;

    for (i = 0; refs[i]; i++) {
        n = parse_path(refs[i], path, MAX_DEPTH);
        if (n) {
            if (path_matches(path, n, bus, devfn)) {
                return true;
            }
        } else {
            PCIDevice *pdev = device_by_id(refs[i]);

            if (pdev && is_function_of(pdev, bus, devfn)) {
                return true;
            }
        }
    }
    return false;
}

HwiommuUnit *hwiommu_topology_owner(const HwiommuTopology *topology,
                                    PCIBus *bus, int devfn)
{
    HwiommuUnit *unit, *rest = NULL;
    PCIDevice *bridge;

    QLIST_FOREACH(unit, &topology->units, next) {
        if (!unit->scope) {
            rest = unit;
        }
    }
    if (rest && !QLIST_NEXT(QLIST_FIRST(&topology->units), next)) {
        return rest;
    }
    for (;;) {
        QLIST_FOREACH(unit, &topology->units, next) {
            if (unit->scope && scope_has(unit, bus, devfn)) {
                return unit;
            }
        }
        bridge = bus->parent_dev;
        if (!bridge) {
            return rest;
        }
        bus = pci_get_bus(bridge);
        devfn = bridge->devfn;
    }
}

static PCIDevice *device_of_id(const HwiommuTopology *topology, uint16_t id)
{
    return pci_find_device(topology->root, PCI_BUS_NUM(id), id & 0xff);
}

HwiommuUnit *hwiommu_topology_owner_of_id(const HwiommuTopology *topology,
                                          uint16_t requester)
{
    PCIDevice *pdev = device_of_id(topology, requester);

    return pdev ? hwiommu_topology_owner(topology, pci_get_bus(pdev),
                                         pdev->devfn) : NULL;
}

PCIDevice *hwiommu_unit_device(const HwiommuUnit *unit, uint32_t requester)
{
    uint32_t id = requester - unit->requester_base;
    PCIDevice *pdev = id <= UINT16_MAX ? device_of_id(unit->topology, id) :
                      NULL;

    return pdev && hwiommu_topology_owner(unit->topology, pci_get_bus(pdev),
                                          pdev->devfn) == unit ? pdev : NULL;
}

typedef struct Foreach {
    HwiommuUnit *unit;
    void (*fn)(PCIDevice *pdev, void *opaque);
    void *opaque;
} Foreach;

static void foreach_device(PCIBus *bus, PCIDevice *pdev, void *opaque)
{
    Foreach *each = opaque;

    if (hwiommu_topology_owner(each->unit->topology, bus, pdev->devfn) ==
        each->unit) {
        each->fn(pdev, each->opaque);
    }
}

static void foreach_bus(PCIBus *bus, void *opaque)
{
    pci_for_each_device_under_bus(bus, foreach_device, opaque);
}

void hwiommu_unit_foreach_device(HwiommuUnit *unit,
                                 void (*fn)(PCIDevice *pdev, void *opaque),
                                 void *opaque)
{
    Foreach each = { .unit = unit, .fn = fn, .opaque = opaque };

    pci_for_each_bus(unit->topology->root, foreach_bus, &each);
}

HwiommuUnit *hwiommu_topology_first(HwiommuTopology *topology)
{
    return QLIST_FIRST(&topology->units);
}

static AddressSpace *get_address_space(PCIBus *bus, void *opaque, int devfn)
{
    HwiommuUnit *unit = hwiommu_topology_owner(opaque, bus, devfn);

    return unit ? hwiommu_space_get(unit, bus, devfn) : &address_space_memory;
}

static const PCIIOMMUOps topology_ops = {
    .get_address_space = get_address_space,
};

HwiommuTopology *hwiommu_topology_at(PCIBus *root)
{
    return root->iommu_ops == &topology_ops ? root->iommu_opaque : NULL;
}

HwiommuTopology *hwiommu_topology_of(PCIDevice *pdev)
{
    PCIBus *bus = pci_get_bus(pdev);
    HwiommuTopology *topology;

    while (!bus->iommu_ops && bus->parent_dev) {
        /* Another root, of an expander bridge */
        if (pci_bus_is_root(bus) && pci_bus_bypass_iommu(bus)) {
            return NULL;
        }
        bus = pci_get_bus(bus->parent_dev);
    }
    topology = hwiommu_topology_at(bus);
    return topology && !topology->bypassed ? topology : NULL;
}

bool hwiommu_topology_add(HwiommuUnit *unit, PCIBus *root, Error **errp)
{
    HwiommuTopology *topology;
    HwiommuUnit *other, *last = NULL;

    if (root->iommu_ops && root->iommu_ops != &topology_ops) {
        error_setg(errp, "another IOMMU already works for bus %s",
                   BUS(root)->name);
        return false;
    }
    if (!root->iommu_ops) {
        topology = g_new0(HwiommuTopology, 1);
        topology->root = root;
        topology->bypassed = pci_bus_bypass_iommu(root);
        QLIST_INIT(&topology->units);
        pci_setup_iommu(root, &topology_ops, topology);
    }
    topology = root->iommu_opaque;
    QLIST_FOREACH(other, &topology->units, next) {
        if (!unit->scope && !other->scope) {
            error_setg(errp, "only one unit may be without a scope");
            return false;
        }
        unit->index = MAX(unit->index, other->index + 1);
        last = other;
    }
    if (last) {
        QLIST_INSERT_AFTER(last, unit, next);
    } else {
        QLIST_INSERT_HEAD(&topology->units, unit, next);
    }
    unit->topology = topology;
    return true;
}

void hwiommu_topology_remove(HwiommuUnit *unit)
{
    if (unit->topology) {
        QLIST_REMOVE(unit, next);
        unit->topology = NULL;
    }
}

unsigned hwiommu_scope_path(const HwiommuTopology *topology, const char *ref,
                            uint8_t *path, unsigned max, bool *is_bridge,
                            uint8_t *root_bus_nr, Error **errp)
{
    uint8_t reversed[MAX_DEPTH], given[MAX_DEPTH];
    unsigned n = parse_path(ref, given, MAX_DEPTH), i;
    PCIDevice *pdev;
    PCIBus *bus;

    if (n) {
        /* Follow it as far as there are devices, to see what it names */
        bus = topology->root;
        pdev = NULL;
        for (i = 0; i < n && bus; i++) {
            pdev = bus->devices[given[i]];
            bus = pdev && object_dynamic_cast(OBJECT(pdev), TYPE_PCI_BRIDGE) ?
                  pci_bridge_get_sec_bus(PCI_BRIDGE(pdev)) : NULL;
        }
        if (i < n) {
            pdev = NULL;
        }
        if (path) {
            memcpy(path, given, MIN(n, max));
        }
        if (root_bus_nr) {
            *root_bus_nr = pci_bus_num(topology->root);
        }
    } else {
        pdev = device_by_id(ref);
        if (!pdev) {
            error_setg(errp, "there is no PCI device '%s'", ref);
            return 0;
        }
        bus = pci_get_bus(pdev);
        reversed[n++] = pdev->devfn;
        while (!pci_bus_is_root(bus) && n < MAX_DEPTH) {
            reversed[n++] = bus->parent_dev->devfn;
            bus = pci_get_bus(bus->parent_dev);
        }
        for (i = 0; path && i < MIN(n, max); i++) {
            path[i] = reversed[n - 1 - i];
        }
        if (root_bus_nr) {
            *root_bus_nr = pci_bus_num(bus);
        }
    }
    if (n > max) {
        error_setg(errp, "'%s' lies behind too many bridges", ref);
        return 0;
    }
    if (is_bridge) {
        *is_bridge = pdev &&
                     object_dynamic_cast(OBJECT(pdev), TYPE_PCI_BRIDGE);
    }
    return n;
}

typedef struct Numbering {
    PCIBus *buses[PCI_BUS_MAX];
    unsigned last;      /* number given */
} Numbering;

/* How many numbers after its bus's the virtual functions of @pdev reach */
static unsigned buses_of_vfs(const PCIDevice *pdev)
{
    uint16_t cap = pdev->exp.sriov_cap;
    unsigned total;

    if (!cap) {
        return 0;
    }
    total = pci_get_word(pdev->config + cap + PCI_SRIOV_TOTAL_VF);
    return total ? (pdev->devfn +
                    pci_get_word(pdev->config + cap + PCI_SRIOV_VF_OFFSET) +
                    pci_get_word(pdev->config + cap + PCI_SRIOV_VF_STRIDE) *
                    (total - 1)) >> 8 : 0;
}

/* Depth first; virtual functions beyond a bus's end come before its bridges */
static void number_buses(Numbering *n, PCIBus *bus)
{
    unsigned devfn, reserved = 0;

    n->buses[n->last] = bus;
    for (devfn = 0; devfn < PCI_DEVFN_MAX; devfn++) {
        if (bus->devices[devfn]) {
            reserved = MAX(reserved, buses_of_vfs(bus->devices[devfn]));
        }
    }
    n->last += reserved;
    for (devfn = 0; devfn < PCI_DEVFN_MAX; devfn++) {
        PCIDevice *pdev = bus->devices[devfn];

        if (pdev && object_dynamic_cast(OBJECT(pdev), TYPE_PCI_BRIDGE) &&
            n->last < PCI_BUS_MAX - 1) {
            n->last++;
            number_buses(n, pci_bridge_get_sec_bus(PCI_BRIDGE(pdev)));
        }
    }
}

static void find_buses(Numbering *n, PCIBus *bus)
{
    PCIBus *child;

    n->buses[pci_bus_num(bus)] = bus;
    QLIST_FOREACH(child, &bus->child, sibling) {
        /* 0 is the root's: that bridge has no number yet */
        if (pci_bus_num(child)) {
            find_buses(n, child);
        }
    }
}

static HwiommuUnit *owner_of_number(HwiommuTopology *topology,
                                    const Numbering *n, uint16_t id)
{
    PCIBus *bus = n->buses[PCI_BUS_NUM(id)];
    HwiommuUnit *unit;

    if (bus) {
        return pci_bus_bypass_iommu(bus) ? NULL :
               hwiommu_topology_owner(topology, bus, id & 0xff);
    }
    QLIST_FOREACH(unit, &topology->units, next) {
        if (!unit->scope) {
            return unit;
        }
    }
    return NULL;
}

GArray *hwiommu_topology_ranges(HwiommuTopology *topology, uint16_t last,
                                bool numbered)
{
    GArray *ranges = g_array_new(false, false, sizeof(HwiommuRange));
    g_autofree Numbering *n = g_new0(Numbering, 1);
    HwiommuRange range = {};
    unsigned id;

    if (numbered) {
        find_buses(n, topology->root);
    } else {
        number_buses(n, topology->root);
    }
    for (id = 0; id <= last; id++) {
        HwiommuUnit *unit = owner_of_number(topology, n, id);

        if (range.count && unit == range.unit) {
            range.count++;
            continue;
        }
        if (range.count) {
            g_array_append_val(ranges, range);
        }
        range = (HwiommuRange) { .first = id, .count = 1, .unit = unit };
    }
    g_array_append_val(ranges, range);
    return ranges;
}

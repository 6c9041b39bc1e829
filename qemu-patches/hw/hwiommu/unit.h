/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One modelled IOMMU in QEMU: what every family shares
 *
 * The model is a library that knows nothing of QEMU. A HwiommuUnit ties one
 * of its units to the machine: registers, PCI address spaces, interrupts,
 * memory, time and migration. It holds no knowledge of any IOMMU
 * architecture; a family's device (vtd.c) embeds it and adds its own.
 *
 * Locking: the library wants calls of one unit serialised, and QEMU
 * translates from iothreads as well as under the BQL, so each unit has a lock
 * of its own. It nests inside the BQL. The library calls back under it, and
 * what a callback would have to do that may reach another device, or the unit
 * again, becomes a message: it is delivered when the lock has been dropped,
 * in order, under the BQL.
 */
#ifndef HW_HWIOMMU_UNIT_H
#define HW_HWIOMMU_UNIT_H

#include "exec/memory.h"
#include "hw/irq.h"
#include "hw/pci/pci.h"
#include "hw/pci/msi.h"
#include "qemu/queue.h"
#include "qemu/thread.h"
#include "qemu/timer.h"
#include "hwiommu/hwiommu.h"

typedef struct HwiommuUnit HwiommuUnit;
typedef struct HwiommuSpace HwiommuSpace;
typedef struct HwiommuTopology HwiommuTopology;

/**
 * HwiommuFamily: how units of a family stand in their machine
 * @msi: an interrupt message of the unit itself, under its lock: deliver it,
 *       or leave it to hwiommu_unit_post_msi(). Returns false if nothing
 *       answers at the address.
 * @send_msi: deliver a message, under the BQL and without the lock
 * @interrupt_base: where writes of functions may be interrupt requests
 * @interrupt_size: 0: nowhere, all writes are translated alike
 */
typedef struct HwiommuFamily {
    bool (*msi)(HwiommuUnit *unit, uint64_t addr, uint32_t data);
    void (*send_msi)(HwiommuUnit *unit, const MSIMessage *msg);
    hwaddr interrupt_base;
    uint64_t interrupt_size;
} HwiommuFamily;

/* A part of the unit's register space, with a place of its own in memory */
typedef struct HwiommuWindow {
    HwiommuUnit *unit;
    MemoryRegion mr;
    uint64_t offset;        /* in the space of hwi_mmio_read() */
} HwiommuWindow;

/* Where the address and interrupt requests of one (bus, devfn) enter */
struct HwiommuSpace {
    HwiommuUnit *unit;
    PCIBus *bus;            /* NULL: @fixed_id */
    uint8_t devfn;
    uint16_t fixed_id;
    MemoryRegion root;
    IOMMUMemoryRegion iommu;
    MemoryRegion interrupts;
    AddressSpace as;
    QLIST_ENTRY(HwiommuSpace) notified;
};

typedef enum HwiommuMessageKind {
    HWIOMMU_MSG_MSI,
    HWIOMMU_MSG_ATS_INVALIDATE,
    HWIOMMU_MSG_ATS_COMPLETE,
    HWIOMMU_MSG_PRG_RESPONSE,
    HWIOMMU_MSG_IRQ,
    HWIOMMU_MSG_RESUME,
} HwiommuMessageKind;

typedef struct HwiommuMessage {
    HwiommuMessageKind kind;
    union {
        MSIMessage msi;
        struct hwi_ats_invalidate ats;
        struct hwi_prg_response prg;
        struct {
            unsigned line;
            bool level;
        } irq;
        struct {
            uint32_t requester;
            uint64_t tag;
            enum hwi_resume action;
        } resume;
    };
} HwiommuMessage;

#define HWIOMMU_TAGS 32
#define HWIOMMU_WINDOWS 2
#define HWIOMMU_IRQS 5

struct HwiommuUnit {
    DeviceState *dev;
    struct hwi_unit *hwi;
    HwiommuTopology *topology;
    uint32_t index;             /* of the unit in its machine, from 0 */

    /* Configuration, set by the family before hwiommu_unit_realize() */
    const HwiommuFamily *family;
    char *scope;                /* device references, NULL: everything else */
    uint32_t requester_base;    /* the unit's names for functions start here */
    uint64_t ats_timeout_ms;    /* 0: for ever */
    uint64_t step_latency_ns;   /* 0: as fast as the machine goes */
    char *record;               /* file for a recording, NULL: none */

    QemuMutex lock;
    HwiommuWindow windows[HWIOMMU_WINDOWS];
    unsigned nr_windows;
    qemu_irq irqs[HWIOMMU_IRQS];    /* wired outputs, NULL: not connected */
    QEMUBH *bh;
    QEMUTimer *step_timer;
    QEMUTimer *ats_timer;
    VMChangeStateEntry *vmstate_entry;
    bool working;               /* BQL: queues are being stepped */
    bool delivering;            /* BQL: messages are being delivered */
    bool attention;             /* atomic: messages, or work for hwi_step() */
    GQueue messages;            /* lock */
    uint32_t outstanding;       /* BQL: tags that ats_deadline is set for */
    int64_t ats_deadline[HWIOMMU_TAGS];

    MemoryListener listener;
    GArray *sections;           /* BQL: MemoryRegionSection of all RAM */
    bool sections_changed;

    GHashTable *spaces;         /* BQL: HwiommuSpaceKey to HwiommuSpace */
    AddressSpace *nothing;      /* reads as zero, ignores writes */
    QLIST_HEAD(, HwiommuSpace) notified;

    FILE *recording;

    uint32_t state_size;        /* migration */
    uint8_t *state;

    QLIST_ENTRY(HwiommuUnit) next;
};

extern const struct hwi_host_ops hwiommu_host_ops;
extern const VMStateDescription vmstate_hwiommu_unit;

/**
 * hwiommu_unit_init: set up what a library unit's callbacks need
 * @unit: zeroed memory, configuration set
 * @dev: the device that embeds it
 *
 * To be called before the library creates its unit with #hwiommu_host_ops and
 * @unit as the opaque pointer.
 */
void hwiommu_unit_init(HwiommuUnit *unit, DeviceState *dev);

/**
 * hwiommu_unit_realize: put a unit into the machine
 * @unit: @unit->hwi is set; owned by the unit from now on
 * @root: root bus of the PCI hierarchy that it works for
 *
 * Takes its place in the hierarchy and follows the machine's memory; the
 * registers are for the family to map. On an error @errp is set and
 * hwiommu_unit_exit() undoes what hwiommu_unit_init() did.
 */
bool hwiommu_unit_realize(HwiommuUnit *unit, PCIBus *root, Error **errp);

void hwiommu_unit_exit(HwiommuUnit *unit);

/* Hardware reset; @cold: the power has been off */
void hwiommu_unit_reset(HwiommuUnit *unit, bool cold);

/* Make a window on @size bytes of the register space from @offset on */
HwiommuWindow *hwiommu_unit_add_window(HwiommuUnit *unit, const char *name,
                                       uint64_t offset, uint64_t size);

/**
 * hwiommu_window_map: give a window its place in the machine's memory
 * @base: the place, or 0 for the lowest free one
 * @first: where to look for it
 * @last: last byte of what may be taken
 * @align: alignment that the place needs, in either case
 *
 * Free is what no window of another unit has. After hwiommu_unit_realize();
 * hwiommu_unit_exit() undoes it. False with @errp set if there is no room, or
 * @base does not do.
 */
bool hwiommu_window_map(HwiommuWindow *window, hwaddr base, hwaddr first,
                        hwaddr last, uint64_t align, Error **errp);

hwaddr hwiommu_window_base(const HwiommuWindow *window);

/* Leave a message for family->send_msi(); under the lock */
void hwiommu_unit_post_msi(HwiommuUnit *unit, uint64_t addr, uint32_t data);

/* Store 4 bytes if there is RAM at @addr; under the lock */
bool hwiommu_unit_store_ram(HwiommuUnit *unit, uint64_t addr, uint32_t data);

/* What the unit calls the PCI function with this requester ID */
static inline uint32_t hwiommu_unit_requester(const HwiommuUnit *unit,
                                              uint16_t id)
{
    return unit->requester_base + id;
}

/* After any call of the library: see to what it left to do. Any thread. */
void hwiommu_unit_settle(HwiommuUnit *unit);

/* Requests, from any thread, without the lock */
void hwiommu_unit_translate(HwiommuUnit *unit, const struct hwi_request *req,
                            struct hwi_response *resp);
MemTxResult hwiommu_unit_interrupt(HwiommuUnit *unit, uint16_t requester,
                                   uint64_t addr, uint32_t data);

/* What an interrupt message becomes; false if it goes nowhere */
bool hwiommu_unit_remap(HwiommuUnit *unit, uint16_t requester,
                        const MSIMessage *in, MSIMessage *out);

/* space.c */
AddressSpace *hwiommu_space_get(HwiommuUnit *unit, PCIBus *bus, int devfn);
AddressSpace *hwiommu_space_get_fixed(HwiommuUnit *unit, uint16_t requester);
void hwiommu_space_invalidated(HwiommuUnit *unit,
                               const struct hwi_inval *inval);
bool hwiommu_space_device_iotlb(HwiommuUnit *unit, PCIDevice *pdev,
                                const struct hwi_ats_invalidate *inv);
void hwiommu_spaces_init(HwiommuUnit *unit);

/* topology.c: which unit a requester belongs to */
bool hwiommu_topology_add(HwiommuUnit *unit, PCIBus *root, Error **errp);
void hwiommu_topology_remove(HwiommuUnit *unit);
HwiommuUnit *hwiommu_topology_owner(const HwiommuTopology *topology,
                                    PCIBus *bus, int devfn);
HwiommuUnit *hwiommu_topology_owner_of_id(const HwiommuTopology *topology,
                                          uint16_t requester);
/* The function behind @unit that it knows as @requester, or NULL */
PCIDevice *hwiommu_unit_device(const HwiommuUnit *unit, uint32_t requester);
/* Every function behind @unit */
void hwiommu_unit_foreach_device(HwiommuUnit *unit,
                                 void (*fn)(PCIDevice *pdev, void *opaque),
                                 void *opaque);
HwiommuTopology *hwiommu_topology_of(PCIDevice *pdev);
HwiommuTopology *hwiommu_topology_at(PCIBus *root);
HwiommuUnit *hwiommu_topology_first(HwiommuTopology *topology);

/* Requester IDs that belong to one unit; @unit NULL: to none */
typedef struct HwiommuRange {
    uint32_t first, count;
    HwiommuUnit *unit;
} HwiommuRange;

/**
 * hwiommu_topology_ranges: whom each requester ID belongs to
 * @last: last ID of interest
 * @numbered: buses have their numbers; else they are taken to be numbered
 *            depth first from the root bus, as Linux does and firmware often
 *
 * IDs on buses that do not exist belong to the unit without a scope.
 *
 * Returns: HwiommuRanges from ID 0 to @last, without gaps
 */
GArray *hwiommu_topology_ranges(HwiommuTopology *topology, uint16_t last,
                                bool numbered);

/**
 * hwiommu_scope_path: follow a device reference
 * @ref: a device's id, or its place below the root complex as
 *       slot.function/slot.function/...
 * @path: filled with devfns, root bus first; may be NULL
 * @max: entries of @path
 * @is_bridge: whether it names a bridge; may be NULL
 * @root_bus_nr: number of the root bus it starts at; may be NULL
 *
 * Returns: number of entries, or 0 with @errp set
 */
unsigned hwiommu_scope_path(const HwiommuTopology *topology, const char *ref,
                            uint8_t *path, unsigned max, bool *is_bridge,
                            uint8_t *root_bus_nr, Error **errp);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu: where in memory a unit's registers stand
 */
#include "qemu/osdep.h"
#include "qemu/range.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "exec/memory.h"
#include "unit.h"

hwaddr hwiommu_window_base(const HwiommuWindow *window)
{
    return window->mr.addr;
}

/* A mapped window, of any unit of the machine, that [base, base + size) hits */
static HwiommuWindow *in_the_way(const HwiommuWindow *window, hwaddr base,
                                 uint64_t size)
{
    HwiommuUnit *unit;
    unsigned i;

    for (unit = hwiommu_topology_first(window->unit->topology); unit;
         unit = QLIST_NEXT(unit, next)) {
        for (i = 0; i < unit->nr_windows; i++) {
            HwiommuWindow *w = &unit->windows[i];

            if (w->mr.container &&
                ranges_overlap(base, size, w->mr.addr,
                               memory_region_size(&w->mr))) {
                return w;
            }
        }
    }
    return NULL;
}

static bool fits(hwaddr base, uint64_t size, hwaddr last)
{
    return base + size - 1 >= base && base + size - 1 <= last;
}

bool hwiommu_window_map(HwiommuWindow *window, hwaddr base, hwaddr first,
                        hwaddr last, uint64_t align, Error **errp)
{
    uint64_t size = memory_region_size(&window->mr);
    HwiommuWindow *other;

    if (!base) {
        base = QEMU_ALIGN_UP(first, align);
        while (fits(base, size, last) &&
               (other = in_the_way(window, base, size))) {
            base = QEMU_ALIGN_UP(other->mr.addr +
                                 memory_region_size(&other->mr), align);
        }
        if (!fits(base, size, last)) {
            error_setg(errp, "no room for the registers of unit %u between "
                       "0x%" HWADDR_PRIx " and 0x%" HWADDR_PRIx
                       ": give them a place",
                       window->unit->index, first, last);
            return false;
        }
    } else if (!QEMU_IS_ALIGNED(base, align) || base + size < base) {
        error_setg(errp, "register base 0x%" HWADDR_PRIx " is not aligned to "
                   "0x%" PRIx64 " bytes", base, align);
        return false;
    } else if (in_the_way(window, base, size)) {
        error_setg(errp, "register base 0x%" HWADDR_PRIx " overlaps the "
                   "registers of another unit", base);
        return false;
    }
    memory_region_add_subregion_overlap(get_system_memory(), base, &window->mr,
                                        1);
    return true;
}

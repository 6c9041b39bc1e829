/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu: requests of devices that implement TYPE_HWIOMMU_REQUESTER
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/rcu.h"
#include "exec/address-spaces.h"
#include "exec/memory.h"
#include "hw/pci/pci_bus.h"
#include "unit.h"
#include "requester.h"
#include "trace.h"

static HwiommuUnit *unit_of(PCIDevice *pdev)
{
    HwiommuTopology *topology = hwiommu_topology_of(pdev);

    return topology ? hwiommu_topology_owner(topology, pci_get_bus(pdev),
                                             pdev->devfn) : NULL;
}

/* What the unit, if any, calls it */
static uint32_t requester_of(const HwiommuUnit *unit, PCIDevice *pdev)
{
    return unit ? hwiommu_unit_requester(unit, pci_requester_id(pdev)) : 0;
}

bool hwiommu_requester_attached(PCIDevice *pdev)
{
    return unit_of(pdev) != NULL;
}

static HwiommuResult result_of(MemTxResult r)
{
    if (r == MEMTX_OK) {
        return HWIOMMU_OK;
    }
    /* A device that answered with an error aborted; else nobody answered */
    return r & MEMTX_ERROR ? HWIOMMU_CA : HWIOMMU_UR;
}

/*
 * Put a request through the unit. On HWIOMMU_OK *@as and *@addr say where it
 * goes; *@as is NULL if there is nothing to do any more: what was to be read
 * reads as zero.
 */
static HwiommuResult route(PCIDevice *pdev, const HwiommuAccess *acc,
                           const void *buf, uint32_t len, AddressSpace **as,
                           hwaddr *addr)
{
    HwiommuUnit *unit = unit_of(pdev);
    struct hwi_request req = {
        .requester = requester_of(unit, pdev),
        .pasid = acc->pasid,
        .addr = hwi_iova(acc->addr),
        .length = len,
        .kind = acc->kind,
        .access = acc->access,
    };
    struct hwi_response resp = {};
    MemTxResult r;

    if (!unit) {
        if (acc->kind != HWI_UNTRANSLATED || acc->pasid != HWI_PASID_NONE) {
            return HWIOMMU_UR;
        }
        *as = &pdev->bus_master_as;
        *addr = acc->addr;
        return HWIOMMU_OK;
    }
    hwiommu_unit_translate(unit, &req, &resp);
    switch (resp.outcome) {
    case HWI_SUCCESS:
        *as = &address_space_memory;
        *addr = hwi_hpa_val(resp.addr);
        return HWIOMMU_OK;
    case HWI_IS_INTERRUPT:
        *as = NULL;
        if (!buf) {
            return HWIOMMU_UR;      /* no AtomicOps there */
        }
        r = hwiommu_unit_interrupt(unit, pci_requester_id(pdev), acc->addr,
                                   ldl_le_p(buf));
        return r == MEMTX_OK ? HWIOMMU_OK : HWIOMMU_UR;
    case HWI_TERMINATED:
        *as = NULL;
        return HWIOMMU_OK;
    case HWI_STALLED:
        trace_hwiommu_stall(unit->index, req.requester, acc->addr, resp.stall);
        if (!acc->tag) {
            return HWIOMMU_UR;      /* it cannot wait */
        }
        *acc->tag = resp.stall;
        return HWIOMMU_HELD;
    case HWI_COMPLETER_ABORT:
        return HWIOMMU_CA;
    default:
        /* What the mapping does allow: only a right is missing */
        return resp.rights ? HWIOMMU_UR_PERMISSION : HWIOMMU_UR;
    }
}

static MemTxAttrs attrs_of(PCIDevice *pdev)
{
    return (MemTxAttrs) { .requester_id = pci_requester_id(pdev) };
}

/*
 * An access by the ordinary path. QEMU's core cuts one that nobody answers into
 * words, and an IOMMU of QEMU sees, and records, each of them; a request of PCI
 * Express is one: see where it goes before.
 */
static MemTxResult ordinary_rw(AddressSpace *as, hwaddr addr, MemTxAttrs attrs,
                               void *buf, hwaddr len, bool is_write)
{
    hwaddr offset, plen = len;
    MemoryRegion *mr;
    uint8_t *ptr;

    RCU_READ_LOCK_GUARD();
    mr = address_space_translate(as, addr, &offset, &plen, is_write, attrs);
    if (!memory_access_is_direct(mr, is_write, attrs)) {
        if (mr->ops && mr->ops->valid.accepts &&
            !mr->ops->valid.accepts(mr->opaque, offset, MIN(len, 4), is_write,
                                    attrs)) {
            return MEMTX_DECODE_ERROR;  /* nobody there */
        }
        plen = 0;
    }
    if (plen < len) {
        return address_space_rw(as, addr, attrs, buf, len, is_write);
    }
    ptr = (uint8_t *)memory_region_get_ram_ptr(mr) + offset;
    if (is_write) {
        memcpy(ptr, buf, len);
        memory_region_ref(mr);
        address_space_unmap(as, ptr, len, true, len);
    } else {
        memcpy(buf, ptr, len);
    }
    return MEMTX_OK;
}

HwiommuResult hwiommu_requester_read(PCIDevice *pdev, const HwiommuAccess *acc,
                                     void *buf, uint32_t len)
{
    AddressSpace *as;
    hwaddr addr;
    HwiommuResult res = route(pdev, acc, NULL, len, &as, &addr);
    uint8_t nothing;

    if (res != HWIOMMU_OK) {
        return res;
    }
    if (!as) {
        if (len) {
            memset(buf, 0, len);
        }
        return HWIOMMU_OK;
    }
    if (!len) {
        /*
         * A zero-length read asks whether there is something to read; only
         * the ordinary path has not been asked yet
         */
        return as == &address_space_memory ? HWIOMMU_OK :
               result_of(ordinary_rw(as, addr, attrs_of(pdev), &nothing, 1,
                                     false));
    }
    return result_of(as == &address_space_memory ?
                     address_space_read(as, addr, attrs_of(pdev), buf, len) :
                     ordinary_rw(as, addr, attrs_of(pdev), buf, len, false));
}

HwiommuResult hwiommu_requester_write(PCIDevice *pdev,
                                      const HwiommuAccess *acc,
                                      const void *buf, uint32_t len)
{
    AddressSpace *as;
    hwaddr addr;
    HwiommuResult res = route(pdev, acc, buf, len, &as, &addr);

    if (res != HWIOMMU_OK || !as) {
        return res;
    }
    return result_of(as == &address_space_memory ?
                     address_space_write(as, addr, attrs_of(pdev), buf, len) :
                     ordinary_rw(as, addr, attrs_of(pdev), (void *)buf, len,
                                 true));
}

static uint64_t swap_in(void *ptr, uint32_t len, HwiommuAtomicFn *fn,
                        const void *operands)
{
    uint64_t *p64 = ptr;
    uint32_t *p32 = ptr;

    if (len == 8) {
        uint64_t seen, raw = qatomic_read__nocheck(p64);

        do {
            seen = raw;
            raw = qatomic_cmpxchg__nocheck(p64, seen, cpu_to_le64(
                                           fn(le64_to_cpu(seen), operands)));
        } while (raw != seen);
        return le64_to_cpu(seen);
    } else {
        uint32_t seen, raw = qatomic_read(p32);

        do {
            seen = raw;
            raw = qatomic_cmpxchg(p32, seen, cpu_to_le32(
                                  fn(le32_to_cpu(seen), operands)));
        } while (raw != seen);
        return le32_to_cpu(seen);
    }
}

HwiommuResult hwiommu_requester_atomic(PCIDevice *pdev,
                                       const HwiommuAccess *acc, uint32_t len,
                                       HwiommuAtomicFn *fn,
                                       const void *operands, uint64_t *old)
{
    MemTxAttrs attrs = attrs_of(pdev);
    AddressSpace *as;
    MemoryRegion *mr;
    ram_addr_t offset;
    hwaddr addr, plen = len;
    HwiommuResult res = route(pdev, acc, NULL, len, &as, &addr);
    void *ptr;

    if (res != HWIOMMU_OK) {
        return res;
    }
    if (!as) {
        *old = 0;
        return HWIOMMU_OK;
    }
    if (as != &address_space_memory) {
        /* The ordinary path has separate requests only: ask for both rights */
        uint8_t probe[8];

        res = result_of(ordinary_rw(as, addr, attrs, probe, len, false));
        if (res != HWIOMMU_OK) {
            return res;
        }
    }
    ptr = address_space_map(as, addr, &plen, true, attrs);
    if (!ptr) {
        return HWIOMMU_UR;
    }
    mr = memory_region_from_host(ptr, &offset);
    if (!mr || plen < len || !QEMU_PTR_IS_ALIGNED(ptr, len)) {
        /* No completer of AtomicOps there: devices are none */
        address_space_unmap(as, ptr, plen, true, 0);
        return HWIOMMU_UR;
    }
    *old = swap_in(ptr, len, fn, operands);
    address_space_unmap(as, ptr, plen, true, len);
    return HWIOMMU_OK;
}

void hwiommu_requester_translate(PCIDevice *pdev, const HwiommuAccess *acc,
                                 struct hwi_response *resp)
{
    HwiommuUnit *unit = unit_of(pdev);
    struct hwi_request req = {
        .requester = requester_of(unit, pdev),
        .pasid = acc->pasid,
        .addr = hwi_iova(acc->addr),
        .length = 8,
        .kind = HWI_TRANSLATION_REQUEST,
        .access = acc->access,
    };

    memset(resp, 0, sizeof(*resp));
    if (!unit) {
        resp->outcome = HWI_UNSUPPORTED_REQUEST;
        return;
    }
    hwiommu_unit_translate(unit, &req, resp);
}

void hwiommu_requester_page_request(PCIDevice *pdev,
                                    struct hwi_page_request *req)
{
    HwiommuUnit *unit = unit_of(pdev);

    if (!unit) {
        return;
    }
    req->requester = requester_of(unit, pdev);
    trace_hwiommu_page_request(unit->index, req->requester, req->pasid,
                               req->addr, req->access, req->prgi, req->last);
    qemu_mutex_lock(&unit->lock);
    hwi_page_request(unit->hwi, req);
    qemu_mutex_unlock(&unit->lock);
    hwiommu_unit_settle(unit);
}

void hwiommu_requester_ats_complete(PCIDevice *pdev, uint32_t itags,
                                    unsigned count)
{
    HwiommuUnit *unit = unit_of(pdev);
    uint32_t requester = requester_of(unit, pdev);

    if (!unit) {
        return;
    }
    trace_hwiommu_ats_complete(unit->index, requester, itags, count);
    qemu_mutex_lock(&unit->lock);
    hwi_ats_complete(unit->hwi, requester, itags, count);
    qemu_mutex_unlock(&unit->lock);
    hwiommu_unit_settle(unit);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu: what a modelled unit needs of the machine (struct hwi_host_ops)
 *
 * Everything here runs under the unit's lock, so nothing here may reach
 * another device or wait for the BQL. Tables, queues and status words are
 * memory; an address where a device answers counts as one that does not.
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/rcu.h"
#include "exec/address-spaces.h"
#include "exec/memory.h"
#include "hw/pci/pci_device.h"
#include "hw/pci/pcie.h"
#include "unit.h"
#include "requester.h"
#include "trace.h"

/* Normal memory only: no device sees the access, so none can call us back */
static const MemTxAttrs memory_only = { .memory = 1 };

/*
 * Where @len bytes of RAM at @addr are in this process, or NULL. The caller
 * is in an RCU critical section.
 */
static void *ram_pointer(hwaddr addr, hwaddr len, bool is_write,
                         MemoryRegion **mr)
{
    hwaddr offset, plen = len;

    *mr = address_space_translate(&address_space_memory, addr, &offset, &plen,
                                  is_write, memory_only);
    if (plen < len || !memory_region_is_ram(*mr) ||
        !memory_access_is_direct(*mr, is_write, memory_only)) {
        return NULL;
    }
    return (uint8_t *)memory_region_get_ram_ptr(*mr) + offset;
}

/* Stores through a pointer are seen by migration, display and TCG */
static void ram_written(MemoryRegion *mr, void *ptr, hwaddr len)
{
    memory_region_ref(mr);
    address_space_unmap(&address_space_memory, ptr, len, true, len);
}

static bool host_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
    HwiommuUnit *unit = opaque;
    MemoryRegion *mr;
    void *ptr;

    RCU_READ_LOCK_GUARD();
    ptr = ram_pointer(addr, len, false, &mr);
    if (ptr && len == 8 && QEMU_PTR_IS_ALIGNED(ptr, 8)) {
        *(uint64_t *)buf = qatomic_read__nocheck((uint64_t *)ptr);
        return true;
    }
    if (ptr && len == 4 && QEMU_PTR_IS_ALIGNED(ptr, 4)) {
        *(uint32_t *)buf = qatomic_read((uint32_t *)ptr);
        return true;
    }
    if (ptr) {
        memcpy(buf, ptr, len);
        return true;
    }
    if (address_space_read(&address_space_memory, addr, memory_only, buf,
                           len) != MEMTX_OK) {
        trace_hwiommu_memory_error(unit->index, addr, len, false);
        return false;
    }
    return true;
}

/* Store to RAM; false if there is something else */
static bool write_ram(hwaddr addr, const void *buf, size_t len)
{
    MemoryRegion *mr;
    void *ptr;

    RCU_READ_LOCK_GUARD();
    ptr = ram_pointer(addr, len, true, &mr);
    if (!ptr) {
        return false;
    }
    if (len == 8 && QEMU_PTR_IS_ALIGNED(ptr, 8)) {
        qatomic_set__nocheck((uint64_t *)ptr, ldq_he_p(buf));
    } else if (len == 4 && QEMU_PTR_IS_ALIGNED(ptr, 4)) {
        qatomic_set((uint32_t *)ptr, ldl_he_p(buf));
    } else {
        memcpy(ptr, buf, len);
    }
    ram_written(mr, ptr, len);
    return true;
}

static bool host_write(void *opaque, hwi_hpa_t addr, const void *buf,
                       size_t len)
{
    HwiommuUnit *unit = opaque;

    if (write_ram(addr, buf, len)) {
        return true;
    }
    if (address_space_write(&address_space_memory, addr, memory_only, buf,
                            len) != MEMTX_OK) {
        trace_hwiommu_memory_error(unit->index, addr, len, true);
        return false;
    }
    return true;
}

bool hwiommu_unit_store_ram(HwiommuUnit *unit, uint64_t addr, uint32_t data)
{
    uint32_t le = cpu_to_le32(data);

    return write_ram(addr, &le, sizeof(le));
}

static enum hwi_cas host_cas64(void *opaque, hwi_hpa_t addr, uint64_t expected,
                               uint64_t desired)
{
    HwiommuUnit *unit = opaque;
    uint64_t want = cpu_to_le64(expected);
    MemoryRegion *mr;
    void *ptr;

    RCU_READ_LOCK_GUARD();
    ptr = ram_pointer(addr, 8, true, &mr);
    if (!ptr || !QEMU_PTR_IS_ALIGNED(ptr, 8)) {
        trace_hwiommu_memory_error(unit->index, addr, 8, true);
        return HWI_CAS_ERROR;
    }
    if (qatomic_cmpxchg__nocheck((uint64_t *)ptr, want,
                                 cpu_to_le64(desired)) != want) {
        return HWI_CAS_CHANGED;
    }
    ram_written(mr, ptr, 8);
    return HWI_CAS_DONE;
}

/* Leave a message for hwiommu_unit_settle() */
static void post(HwiommuUnit *unit, const HwiommuMessage *msg)
{
    g_queue_push_tail(&unit->messages, g_memdup2(msg, sizeof(*msg)));
    qatomic_set(&unit->attention, true);
}

void hwiommu_unit_post_msi(HwiommuUnit *unit, uint64_t addr, uint32_t data)
{
    HwiommuMessage msg = {
        .kind = HWIOMMU_MSG_MSI,
        .msi = { .address = addr, .data = data },
    };

    post(unit, &msg);
}

static bool host_msi(void *opaque, uint64_t addr, uint32_t data)
{
    HwiommuUnit *unit = opaque;
    bool answered = unit->family->msi(unit, addr, data);

    trace_hwiommu_msi(unit->index, addr, data, answered);
    return answered;
}

static void host_irq(void *opaque, unsigned line, bool level)
{
    HwiommuUnit *unit = opaque;
    HwiommuMessage msg = {
        .kind = HWIOMMU_MSG_IRQ,
        .irq = { .line = line, .level = level },
    };

    trace_hwiommu_irq(unit->index, line, level);
    if (line < HWIOMMU_IRQS && unit->irqs[line]) {
        post(unit, &msg);
    }
}

/*
 * Only hwi_step() invalidates ATCs, and it runs under the BQL: looking for
 * the function is safe.
 */
static bool host_ats_invalidate(void *opaque,
                                const struct hwi_ats_invalidate *inv)
{
    HwiommuUnit *unit = opaque;
    HwiommuMessage msg = { .kind = HWIOMMU_MSG_ATS_INVALIDATE, .ats = *inv };
    PCIDevice *pdev = hwiommu_unit_device(unit, inv->requester);
    bool sent = false;

    if (pdev && pdev->enabled && pdev->exp.ats_cap &&
        (pci_get_word(pdev->config + pdev->exp.ats_cap + PCI_ATS_CTRL) &
         PCI_ATS_CTRL_ENABLE)) {
        sent = true;
        /* A tag that is used again has a time of its own */
        unit->outstanding &= ~(1u << inv->itag);
        if (!object_dynamic_cast(OBJECT(pdev), TYPE_HWIOMMU_REQUESTER)) {
            /* vhost and the like: told at once, and done with it */
            hwiommu_space_device_iotlb(unit, pdev, inv);
            msg.kind = HWIOMMU_MSG_ATS_COMPLETE;
        }
        post(unit, &msg);
    }
    trace_hwiommu_ats_invalidate(unit->index, inv->requester, inv->pasid,
                                 inv->addr, inv->span_log2, inv->itag, sent);
    return sent;
}

static void host_prg_response(void *opaque,
                              const struct hwi_prg_response *resp)
{
    HwiommuUnit *unit = opaque;
    HwiommuMessage msg = { .kind = HWIOMMU_MSG_PRG_RESPONSE, .prg = *resp };

    trace_hwiommu_prg_response(unit->index, resp->requester, resp->pasid,
                               resp->prgi, resp->code);
    post(unit, &msg);
}

static void host_resume(void *opaque, uint32_t requester, uint64_t tag,
                        enum hwi_resume action)
{
    HwiommuUnit *unit = opaque;
    HwiommuMessage msg = {
        .kind = HWIOMMU_MSG_RESUME,
        .resume = { .requester = requester, .tag = tag, .action = action },
    };

    trace_hwiommu_resume(unit->index, requester, tag, action);
    post(unit, &msg);
}

static void host_invalidated(void *opaque, const struct hwi_inval *inval)
{
    HwiommuUnit *unit = opaque;

    trace_hwiommu_invalidated(unit->index, inval->scope, inval->requester,
                              inval->domain, inval->pasid, inval->addr,
                              inval->span_log2);
    hwiommu_space_invalidated(unit, inval);
}

static void host_kick(void *opaque)
{
    HwiommuUnit *unit = opaque;

    qatomic_set(&unit->attention, true);
}

/*
 * No sev: a virtual CPU that waits for an event looks again by itself.
 *
 * No drain: QEMU's devices perform an access before they return from it. What
 * a block or network backend holds mapped across an invalidation is beyond
 * the model, as it is for every IOMMU in QEMU.
 */
const struct hwi_host_ops hwiommu_host_ops = {
    .read = host_read,
    .write = host_write,
    .cas64 = host_cas64,
    .msi = host_msi,
    .irq = host_irq,
    .ats_invalidate = host_ats_invalidate,
    .prg_response = host_prg_response,
    .resume = host_resume,
    .invalidated = host_invalidated,
    .kick = host_kick,
};

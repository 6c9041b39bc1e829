/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-dma: a PCI Express function that does nothing but DMA
 *
 * Its registers, channels, ATC and page requests are a library (hwdma/);
 * hwdma/regs.h is its data sheet. This file gives it a place on a PCI bus,
 * the machine's clock, and the bus accesses of requester.h.
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "hw/pci/msix.h"
#include "hw/pci/pci_device.h"
#include "hw/pci/pcie.h"
#include "hw/pci/pcie_sriov.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "system/runstate.h"
#include "dma.h"
#include "requester.h"
#include "trace.h"

/* Steps of the engine in one turn of the main loop: 4 KiB each, at most */
#define LOOP_BUDGET 256

static HwiommuAccess access_of(const struct hwdma_attrs *attrs, uint64_t iova,
                               uint8_t access)
{
    return (HwiommuAccess) {
        .addr = iova,
        .pasid = attrs->pasid_valid ? attrs->pasid : HWI_PASID_NONE,
        .kind = attrs->at == HWDMA_AT_TRANSLATED ? HWI_TRANSLATED :
                HWI_UNTRANSLATED,
        .access = access | (attrs->exec ? HWI_EXEC : 0) |
                  (attrs->priv ? HWI_PRIV : 0),
        .tag = attrs->tag,
    };
}

static enum hwdma_bus bus_of(HwiommuResult result)
{
    switch (result) {
    case HWIOMMU_OK:
        return HWDMA_BUS_OK;
    case HWIOMMU_UR_PERMISSION:
        return HWDMA_BUS_UR_PERM;
    case HWIOMMU_CA:
        return HWDMA_BUS_CA;
    case HWIOMMU_HELD:
        return HWDMA_BUS_HELD;
    default:
        return HWDMA_BUS_UR;
    }
}

static enum hwdma_bus dma_read(void *opaque, const struct hwdma_attrs *attrs,
                               uint64_t iova, void *buf, size_t len)
{
    PCIDevice *pdev = opaque;
    HwiommuAccess acc = access_of(attrs, iova,
                                  HWI_READ | (len ? 0 : HWI_ZLR));
    HwiommuResult res = hwiommu_requester_read(pdev, &acc, buf, len);

    trace_hwiommu_dma_access(pdev->name, "read", attrs->channel, acc.pasid,
                             iova, len, res);
    return bus_of(res);
}

static enum hwdma_bus dma_write(void *opaque, const struct hwdma_attrs *attrs,
                                uint64_t iova, const void *buf, size_t len)
{
    PCIDevice *pdev = opaque;
    HwiommuAccess acc = access_of(attrs, iova, HWI_WRITE);
    HwiommuResult res = hwiommu_requester_write(pdev, &acc, buf, len);

    trace_hwiommu_dma_access(pdev->name, "write", attrs->channel, acc.pasid,
                             iova, len, res);
    return bus_of(res);
}

typedef struct AtomicOp {
    enum hwdma_atomic op;
    uint64_t op0, op1;
} AtomicOp;

static uint64_t atomic_fn(uint64_t old, const void *operands)
{
    const AtomicOp *a = operands;

    switch (a->op) {
    case HWDMA_ATOMIC_FETCH_ADD:
        return old + a->op0;
    case HWDMA_ATOMIC_SWAP:
        return a->op0;
    default:
        return old == a->op0 ? a->op1 : old;
    }
}

static enum hwdma_bus dma_atomic(void *opaque, const struct hwdma_attrs *attrs,
                                 uint64_t iova, enum hwdma_atomic op,
                                 size_t len, uint64_t op0, uint64_t op1,
                                 uint64_t *old)
{
    PCIDevice *pdev = opaque;
    AtomicOp operands = { .op = op, .op0 = op0, .op1 = op1 };
    HwiommuAccess acc = access_of(attrs, iova, HWI_ATOMIC);
    HwiommuResult res = hwiommu_requester_atomic(pdev, &acc, len, atomic_fn,
                                                 &operands, old);

    trace_hwiommu_dma_access(pdev->name, "atomic", attrs->channel, acc.pasid,
                             iova, len, res);
    return bus_of(res);
}

static void dma_ats_translate(void *opaque, const struct hwdma_attrs *attrs,
                              uint64_t iova, unsigned npages, bool no_write,
                              struct hwdma_ats_reply *reply)
{
    PCIDevice *pdev = opaque;
    HwiommuAccess acc = access_of(attrs, iova, HWI_READ |
                                  (no_write ? HWI_NO_WRITE : 0));
    unsigned n;

    /*
     * One completion holds translations of one size that follow each other;
     * the first of another kind ends it.
     */
    for (n = 0; n < MIN(npages, HWDMA_ATS_MAX); n++) {
        struct hwdma_ats_xlat *x = &reply->xlat[n];
        struct hwi_response resp;

        hwiommu_requester_translate(pdev, &acc, &resp);
        if (resp.outcome != HWI_SUCCESS) {
            if (!n) {
                reply->status = resp.outcome == HWI_COMPLETER_ABORT ?
                                HWDMA_ATS_CA : HWDMA_ATS_UR;
            }
            break;
        }
        x->shift = MIN(resp.span_log2, 63);
        if (n && x->shift != reply->xlat[0].shift) {
            break;
        }
        x->addr = hwi_hpa_val(resp.addr) & ~((1ULL << x->shift) - 1);
        x->r = resp.rights & HWI_READ;
        x->w = resp.rights & HWI_WRITE;
        x->x = resp.rights & HWI_EXEC;
        x->priv = resp.ats & HWI_ATS_PRIV;
        x->u = resp.ats & HWI_ATS_U;
        x->n = resp.ats & HWI_ATS_N;
        reply->count = n + 1;
        acc.addr = (acc.addr | ((1ULL << x->shift) - 1)) + 1;
        if (!acc.addr) {
            break;
        }
    }
    trace_hwiommu_dma_ats(pdev->name, acc.pasid, iova, npages, reply->status,
                          reply->count);
}

static void dma_page_request(void *opaque, const struct hwdma_attrs *attrs,
                             uint64_t iova, bool read, bool write, bool last,
                             uint16_t prgi)
{
    struct hwi_page_request req = {
        .pasid = attrs->pasid_valid ? attrs->pasid : HWI_PASID_NONE,
        .addr = hwi_iova(iova),
        .access = (read ? HWI_READ : 0) | (write ? HWI_WRITE : 0) |
                  (attrs->exec ? HWI_EXEC : 0) | (attrs->priv ? HWI_PRIV : 0),
        .prgi = prgi,
        .last = last,
    };

    hwiommu_requester_page_request(opaque, &req);
}

static void dma_msix(void *opaque, unsigned vector)
{
    PCIDevice *pdev = opaque;

    trace_hwiommu_dma_msix(pdev->name, vector);
    if (vector < pdev->msix_entries_nr) {
        msix_notify(pdev, vector);
    }
}

static void dma_inv_complete(void *opaque, uint32_t itags, unsigned count)
{
    hwiommu_requester_ats_complete(opaque, itags, count);
}

static void dma_kick(void *opaque)
{
    HwiommuDmaState *s = HWIOMMU_DMA_BASE(opaque);

    qemu_bh_schedule(s->bh);
}

static const struct hwdma_ops dma_ops = {
    .read = dma_read,
    .write = dma_write,
    .atomic = dma_atomic,
    .ats_translate = dma_ats_translate,
    .page_request = dma_page_request,
    .msix = dma_msix,
    .inv_complete = dma_inv_complete,
    .kick = dma_kick,
};

static void dma_run(void *opaque)
{
    HwiommuDmaState *s = opaque;
    uint64_t now, next;

    /* A machine that stands still does no DMA: its memory is being saved */
    if (!runstate_is_running()) {
        return;
    }
    now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    next = hwdma_run(s->engine, now, LOOP_BUDGET);
    if (next <= now) {
        qemu_bh_schedule(s->bh);
    } else if (next <= INT64_MAX) {
        timer_mod(s->timer, next);
    } else {
        timer_del(s->timer);
    }
}

static void dma_vm_state_changed(void *opaque, bool running, RunState state)
{
    HwiommuDmaState *s = opaque;

    if (running) {
        qemu_bh_schedule(s->bh);
    }
}

static uint64_t dma_mmio_read(void *opaque, hwaddr addr, unsigned size)
{
    HwiommuDmaState *s = opaque;
    uint64_t value = hwdma_mmio_read(s->engine, addr, size);

    trace_hwiommu_dma_mmio_read(PCI_DEVICE(s)->name, addr, size, value);
    return value;
}

static void dma_mmio_write(void *opaque, hwaddr addr, uint64_t value,
                           unsigned size)
{
    HwiommuDmaState *s = opaque;

    trace_hwiommu_dma_mmio_write(PCI_DEVICE(s)->name, addr, size, value);
    hwdma_mmio_write(s->engine, addr, size, value);
}

static const MemoryRegionOps dma_mmio_ops = {
    .read = dma_mmio_read,
    .write = dma_mmio_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};

static void dma_ats_invalidate(HwiommuRequester *req,
                               const struct hwi_ats_invalidate *inv)
{
    HwiommuDmaState *s = HWIOMMU_DMA_BASE(req);
    uint64_t addr = hwi_iova_val(inv->addr);
    unsigned span = inv->span_log2;
    bool valid = inv->pasid != HWI_PASID_NONE;
    bool size = span > 12;

    /* PCIe 6.0 §10.3.1: with S, the lowest zero bit tells the size */
    if (span >= 64) {
        addr = INT64_MAX & ~0xfffULL;
    } else if (size) {
        addr &= ~((1ULL << span) - 1);
        addr |= ((1ULL << (span - 1)) - 1) & ~0xfffULL;
    }
    hwdma_ats_invalidate(s->engine, valid, valid ? inv->pasid : 0,
                         valid && inv->global, addr, size, inv->itag);
}

static void dma_prg_response(HwiommuRequester *req,
                             const struct hwi_prg_response *resp)
{
    HwiommuDmaState *s = HWIOMMU_DMA_BASE(req);
    bool valid = resp->pasid != HWI_PASID_NONE;

    hwdma_prg_response(s->engine, valid, valid ? resp->pasid : 0, resp->prgi,
                       resp->code);
}

static void dma_resume(HwiommuRequester *req, uint64_t tag,
                       enum hwi_resume action)
{
    static const enum hwdma_resume actions[] = {
        [HWI_RESUME_RETRY] = HWDMA_RESUME_RETRY,
        [HWI_RESUME_ABORT] = HWDMA_RESUME_ABORT,
        [HWI_RESUME_TERMINATE] = HWDMA_RESUME_TERMINATE,
    };

    hwdma_resume(HWIOMMU_DMA_BASE(req)->engine, tag, actions[action]);
}

/* A virtual function is what its physical function says */
static void inherit(HwiommuDmaState *s, const HwiommuDmaState *pf)
{
    s->channels = pf->vf_channels;
    s->vectors = pf->vf_vectors;
    s->ring_log2 = pf->ring_log2;
    s->len_log2 = pf->len_log2;
    s->atc_max = pf->atc_max;
    s->atc_capacity = pf->atc_capacity;
    s->log_entries = pf->log_entries;
    s->pasid = pf->pasid;
    s->exec = pf->exec;
    s->priv = pf->priv;
    s->ats = pf->ats;
    s->pri = pf->pri;
}

static void dma_realize(PCIDevice *pdev, Error **errp)
{
    HwiommuDmaState *s = HWIOMMU_DMA_BASE(pdev);
    enum hwdma_error err;

    if (pci_is_vf(pdev)) {
        inherit(s, HWIOMMU_DMA_BASE(pcie_sriov_get_pf(pdev)));
    }
    if (!s->channels || !s->vectors || s->pasid_bits < 1 ||
        s->pasid_bits > 20) {
        error_setg(errp, "channels and vectors must not be 0, and pasid-bits "
                   "must be 1 to 20");
        return;
    }
    if (s->num_vfs && (!s->vf_channels || !s->vf_vectors)) {
        error_setg(errp, "vf-channels and vf-vectors must not be 0");
        return;
    }
    s->cfg = (struct hwdma_config) {
        .channels = s->channels,
        .vectors = s->vectors,
        .ring_log2 = s->ring_log2,
        .len_log2 = s->len_log2,
        .atc_max = s->atc_max,
        .atc_capacity = s->atc_capacity,
        .log_entries = s->log_entries,
        .pasid = s->pasid,
        .exec = s->exec && s->pasid,
        .priv = s->priv && s->pasid,
        .ats = s->ats,
        .pri = s->pri && s->ats,
        .vf = pci_is_vf(pdev),
    };
    s->exec = s->cfg.exec;
    s->priv = s->cfg.priv;
    err = hwdma_create(&s->engine, &s->cfg, &dma_ops, pdev);
    if (err != HWDMA_OK) {
        error_setg(errp, "hwiommu-dma: %s", hwdma_strerror(err));
        return;
    }
    s->bh = qemu_bh_new_guarded(dma_run, s, &DEVICE(s)->mem_reentrancy_guard);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, dma_run, s);
    memory_region_init_io(&s->regs, OBJECT(s), &dma_mmio_ops, s, "hwiommu-dma",
                          HWDMA_BAR_SIZE);
    /* The engine may DMA to its own registers; the model is made for it */
    s->regs.disable_reentrancy_guard = true;
    if (!hwiommu_dma_config_init(s, errp)) {
        qemu_bh_delete(s->bh);
        timer_free(s->timer);
        hwdma_destroy(s->engine);
        s->engine = NULL;
        return;
    }
    s->vmstate_entry =
        qdev_add_vm_change_state_handler(DEVICE(s), dma_vm_state_changed, s);
}

static void dma_exit(PCIDevice *pdev)
{
    HwiommuDmaState *s = HWIOMMU_DMA_BASE(pdev);

    qemu_del_vm_change_state_handler(s->vmstate_entry);
    hwiommu_dma_config_exit(s);
    qemu_bh_delete(s->bh);
    timer_free(s->timer);
    hwdma_destroy(s->engine);
    s->engine = NULL;
}

static void dma_reset_hold(Object *obj, ResetType type)
{
    HwiommuDmaState *s = HWIOMMU_DMA_BASE(obj);
    static const struct hwdma_enables none;

    trace_hwiommu_dma_reset(PCI_DEVICE(s)->name);
    hwiommu_dma_config_reset(s);
    hwdma_set_enables(s->engine, &none);
    hwdma_reset(s->engine);
    timer_del(s->timer);
}

static int dma_pre_save(void *opaque)
{
    HwiommuDmaState *s = opaque;
    size_t size = hwdma_state_size(s->engine), used = 0;
    enum hwdma_error err = HWDMA_E_SPACE;

    if (size <= INT32_MAX) {
        s->state = g_malloc(size);
        err = hwdma_save(s->engine, s->state, size, &used);
    }
    if (err != HWDMA_OK) {
        error_report("hwiommu-dma: cannot save the state: %s",
                     hwdma_strerror(err));
        g_clear_pointer(&s->state, g_free);
        return -EINVAL;
    }
    s->state_size = used;
    return 0;
}

static int dma_post_save(void *opaque)
{
    HwiommuDmaState *s = opaque;

    g_clear_pointer(&s->state, g_free);
    return 0;
}

static int dma_pre_load(void *opaque)
{
    HwiommuDmaState *s = opaque;

    g_clear_pointer(&s->state, g_free);
    return 0;
}

static int dma_post_load(void *opaque, int version_id)
{
    HwiommuDmaState *s = opaque;
    enum hwdma_error err;

    if (!pci_is_vf(PCI_DEVICE(s))) {
        pcie_sriov_pf_post_load(PCI_DEVICE(s));
    }
    err = hwdma_restore(s->engine, s->state, s->state_size);
    g_clear_pointer(&s->state, g_free);
    if (err != HWDMA_OK) {
        error_report("hwiommu-dma: cannot restore the state: %s",
                     hwdma_strerror(err));
        return -EINVAL;
    }
    qemu_bh_schedule(s->bh);
    return 0;
}

#define DMA_VMSTATE(_name, _priority) { \
    .name = _name, \
    .version_id = 1, \
    .minimum_version_id = 1, \
    .priority = _priority, \
    .pre_save = dma_pre_save, \
    .post_save = dma_post_save, \
    .pre_load = dma_pre_load, \
    .post_load = dma_post_load, \
    .fields = (const VMStateField[]) { \
        VMSTATE_PCI_DEVICE(parent_obj, HwiommuDmaState), \
        VMSTATE_MSIX(parent_obj, HwiommuDmaState), \
        VMSTATE_UINT32(state_size, HwiommuDmaState), \
        VMSTATE_VBUFFER_ALLOC_UINT32(state, HwiommuDmaState, 1, NULL, \
                                     state_size), \
        VMSTATE_END_OF_LIST() \
    } \
}

/*
 * A physical function's load enables its virtual functions, which resets
 * them: theirs must come after it.
 */
static const VMStateDescription vmstate_dma =
    DMA_VMSTATE(TYPE_HWIOMMU_DMA, MIG_PRI_IOMMU);
static const VMStateDescription vmstate_dma_vf =
    DMA_VMSTATE(TYPE_HWIOMMU_DMA_VF, MIG_PRI_DEFAULT);

static const Property dma_properties[] = {
    DEFINE_PROP_UINT32("channels", HwiommuDmaState, channels, 8),
    DEFINE_PROP_UINT32("vectors", HwiommuDmaState, vectors, 16),
    DEFINE_PROP_UINT32("ring-log2", HwiommuDmaState, ring_log2, 0),
    DEFINE_PROP_UINT32("len-log2", HwiommuDmaState, len_log2, 0),
    DEFINE_PROP_UINT32("atc-max", HwiommuDmaState, atc_max, 0),
    DEFINE_PROP_UINT32("atc-capacity", HwiommuDmaState, atc_capacity, 0),
    DEFINE_PROP_UINT32("log-entries", HwiommuDmaState, log_entries, 0),
    DEFINE_PROP_BOOL("pasid", HwiommuDmaState, pasid, true),
    DEFINE_PROP_UINT8("pasid-bits", HwiommuDmaState, pasid_bits, 20),
    DEFINE_PROP_BOOL("exec", HwiommuDmaState, exec, true),
    DEFINE_PROP_BOOL("priv", HwiommuDmaState, priv, true),
    DEFINE_PROP_BOOL("ats", HwiommuDmaState, ats, true),
    DEFINE_PROP_BOOL("pri", HwiommuDmaState, pri, true),
    DEFINE_PROP_UINT32("pri-max", HwiommuDmaState, pri_max, 32),
    DEFINE_PROP_BOOL("can-stall", HwiommuDmaState, can_stall, false),
    DEFINE_PROP_UINT16("num-vfs", HwiommuDmaState, num_vfs, 0),
    DEFINE_PROP_UINT32("vf-channels", HwiommuDmaState, vf_channels, 2),
    DEFINE_PROP_UINT32("vf-vectors", HwiommuDmaState, vf_vectors, 4),
};

static void dma_base_instance_init(Object *obj)
{
    /* Before properties, and for virtual functions, which have none */
    HWIOMMU_DMA_BASE(obj)->pasid_bits = 20;
}

static void dma_base_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);
    HwiommuRequesterClass *hrc = HWIOMMU_REQUESTER_CLASS(klass);

    pc->realize = dma_realize;
    pc->exit = dma_exit;
    pc->config_read = hwiommu_dma_config_read;
    pc->config_write = hwiommu_dma_config_write;
    pc->vendor_id = HWDMA_PCI_VENDOR_ID;
    pc->revision = HWDMA_PCI_REVISION;
    pc->class_id = HWDMA_PCI_CLASS;
    rc->phases.hold = dma_reset_hold;
    hrc->ats_invalidate = dma_ats_invalidate;
    hrc->prg_response = dma_prg_response;
    hrc->resume = dma_resume;
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
}

static void dma_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    PCI_DEVICE_CLASS(klass)->device_id = HWDMA_PCI_DEVICE_ID;
    dc->desc = "DMA engine for tests of IOMMUs";
    dc->vmsd = &vmstate_dma;
    device_class_set_props(dc, dma_properties);
}

static void dma_vf_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    PCI_DEVICE_CLASS(klass)->device_id = HWDMA_PCI_DEVICE_ID_VF;
    dc->desc = "DMA engine for tests of IOMMUs, virtual function";
    dc->vmsd = &vmstate_dma_vf;
    dc->user_creatable = false;
}

static const TypeInfo dma_types[] = {
    {
        .name = TYPE_HWIOMMU_REQUESTER,
        .parent = TYPE_INTERFACE,
        .class_size = sizeof(HwiommuRequesterClass),
    },
    {
        .name = TYPE_HWIOMMU_DMA_BASE,
        .parent = TYPE_PCI_DEVICE,
        .instance_size = sizeof(HwiommuDmaState),
        .instance_init = dma_base_instance_init,
        .class_init = dma_base_class_init,
        .abstract = true,
        .interfaces = (InterfaceInfo[]) {
            { INTERFACE_PCIE_DEVICE },
            { TYPE_HWIOMMU_REQUESTER },
            { }
        },
    },
    {
        .name = TYPE_HWIOMMU_DMA,
        .parent = TYPE_HWIOMMU_DMA_BASE,
        .class_init = dma_class_init,
    },
    {
        .name = TYPE_HWIOMMU_DMA_VF,
        .parent = TYPE_HWIOMMU_DMA_BASE,
        .class_init = dma_vf_class_init,
    },
};

DEFINE_TYPES(dma_types)

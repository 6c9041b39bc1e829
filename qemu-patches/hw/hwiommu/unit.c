/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu: a modelled unit's life in QEMU
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "hw/pci/pci_device.h"
#include "hw/qdev-core.h"
#include "migration/vmstate.h"
#include "system/runstate.h"
#include "hwiommu/record.h"
#include "unit.h"
#include "requester.h"
#include "trace.h"

/*
 * Queue entries worked off within the register write that announced them, so
 * that a guest which polls for completion does not wait for the main loop,
 * and in each turn of the main loop, so that others get theirs.
 */
#define MMIO_BUDGET 512
#define LOOP_BUDGET 4096

typedef struct RamSection {
    hwaddr base;
    uint64_t size;
    const void *host;
} RamSection;

static HwiommuRequester *requester_at(HwiommuUnit *unit, uint32_t requester)
{
    PCIDevice *pdev = hwiommu_unit_device(unit, requester);

    return pdev && object_dynamic_cast(OBJECT(pdev), TYPE_HWIOMMU_REQUESTER) ?
           HWIOMMU_REQUESTER(pdev) : NULL;
}

static void resume_one(PCIDevice *pdev, void *opaque)
{
    const HwiommuMessage *msg = opaque;
    HwiommuRequesterClass *klass;

    if (!object_dynamic_cast(OBJECT(pdev), TYPE_HWIOMMU_REQUESTER)) {
        return;
    }
    klass = HWIOMMU_REQUESTER_GET_CLASS(pdev);
    if (klass->resume) {
        klass->resume(HWIOMMU_REQUESTER(pdev), msg->resume.tag,
                      msg->resume.action);
    }
}

static void resume(HwiommuUnit *unit, HwiommuMessage *msg)
{
    PCIDevice *pdev;

    if (msg->resume.tag == HWI_STALL_HELD) {
        /* All that the unit could not keep account of */
        hwiommu_unit_foreach_device(unit, resume_one, msg);
        return;
    }
    pdev = hwiommu_unit_device(unit, msg->resume.requester);
    if (pdev) {
        resume_one(pdev, msg);
    }
}

/* Deliver one message, under the BQL and without the lock */
static void deliver_one(HwiommuUnit *unit, HwiommuMessage *msg)
{
    HwiommuRequester *req;

    switch (msg->kind) {
    case HWIOMMU_MSG_MSI:
        unit->family->send_msi(unit, &msg->msi);
        break;
    case HWIOMMU_MSG_IRQ:
        qemu_set_irq(unit->irqs[msg->irq.line], msg->irq.level);
        break;
    case HWIOMMU_MSG_RESUME:
        resume(unit, msg);
        break;
    case HWIOMMU_MSG_ATS_INVALIDATE:
        req = requester_at(unit, msg->ats.requester);
        if (req) {
            HWIOMMU_REQUESTER_GET_CLASS(req)->ats_invalidate(req, &msg->ats);
        }
        break;
    case HWIOMMU_MSG_ATS_COMPLETE:
        qemu_mutex_lock(&unit->lock);
        hwi_ats_complete(unit->hwi, msg->ats.requester, 1u << msg->ats.itag,
                         1);
        qemu_mutex_unlock(&unit->lock);
        break;
    case HWIOMMU_MSG_PRG_RESPONSE:
        req = requester_at(unit, msg->prg.requester);
        if (req) {
            HWIOMMU_REQUESTER_GET_CLASS(req)->prg_response(req, &msg->prg);
        }
        break;
    }
}

/* Deliver all messages in order; returns whether there were any */
static bool deliver(HwiommuUnit *unit)
{
    bool any = false;

    if (unit->delivering) {
        return false;   /* the outer call takes them */
    }
    unit->delivering = true;
    for (;;) {
        g_autofree HwiommuMessage *msg = NULL;

        qemu_mutex_lock(&unit->lock);
        msg = g_queue_pop_head(&unit->messages);
        qemu_mutex_unlock(&unit->lock);
        if (!msg) {
            break;
        }
        deliver_one(unit, msg);
        any = true;
    }
    unit->delivering = false;
    return any;
}

/* Let invalidations of ATCs that nobody answers run into their time-out */
static void update_ats_timer(HwiommuUnit *unit, uint32_t outstanding)
{
    int64_t first = INT64_MAX;
    int64_t now;
    unsigned tag;

    /* With icount the clock must not be read where nothing needs it */
    if (!unit->ats_timeout_ms || (!outstanding && !unit->outstanding)) {
        return;
    }
    now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    for (tag = 0; tag < HWIOMMU_TAGS; tag++) {
        uint32_t bit = 1u << tag;

        if (!(outstanding & bit)) {
            continue;
        }
        if (!(unit->outstanding & bit)) {
            unit->ats_deadline[tag] =
                now + (int64_t)unit->ats_timeout_ms * SCALE_MS;
        }
        first = MIN(first, unit->ats_deadline[tag]);
    }
    unit->outstanding = outstanding;
    if (outstanding) {
        timer_mod(unit->ats_timer, first);
    } else {
        timer_del(unit->ats_timer);
    }
}

static void work(HwiommuUnit *unit, unsigned budget)
{
    unsigned steps, total = 0;
    uint32_t outstanding;
    bool pending;

    if (unit->working) {
        return;     /* the outer call goes on */
    }
    unit->working = true;
    do {
        qatomic_set(&unit->attention, false);
        qemu_mutex_lock(&unit->lock);
        steps = total < budget ? hwi_step(unit->hwi, budget - total) : 0;
        pending = hwi_pending(unit->hwi);
        outstanding = hwi_ats_outstanding(unit->hwi);
        qemu_mutex_unlock(&unit->lock);
        total += steps;
        /* A message may bring the answer that the queue waits for */
    } while (deliver(unit));
    unit->working = false;
    if (total) {
        trace_hwiommu_step(unit->index, total, pending);
    }
    update_ats_timer(unit, outstanding);
    if (!pending) {
        return;
    }
    if (unit->step_latency_ns) {
        if (!timer_pending(unit->step_timer)) {
            timer_mod(unit->step_timer,
                      qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                      (int64_t)unit->step_latency_ns);
        }
    } else if (total >= budget) {
        qemu_bh_schedule(unit->bh);
    }
}

static unsigned budget_of(HwiommuUnit *unit, unsigned budget)
{
    return unit->step_latency_ns ? 0 : budget;
}

void hwiommu_unit_settle(HwiommuUnit *unit)
{
    if (likely(!qatomic_read(&unit->attention))) {
        return;
    }
    /*
     * Not the work itself: a request must not pay for the queues. The
     * messages, though, are part of what the request does.
     */
    if (bql_locked()) {
        deliver(unit);
    }
    if (!unit->working) {
        qemu_bh_schedule(unit->bh);
    }
}

static void unit_bh(void *opaque)
{
    HwiommuUnit *unit = opaque;

    /* While the machine stands still, so do the queues */
    if (runstate_is_running()) {
        work(unit, budget_of(unit, LOOP_BUDGET));
    }
}

static void step_timer(void *opaque)
{
    work(opaque, 1);
}

static void ats_timer(void *opaque)
{
    HwiommuUnit *unit = opaque;
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint32_t late = 0;
    unsigned tag;

    for (tag = 0; tag < HWIOMMU_TAGS; tag++) {
        if ((unit->outstanding & (1u << tag)) &&
            unit->ats_deadline[tag] <= now) {
            late |= 1u << tag;
        }
    }
    if (late) {
        trace_hwiommu_ats_timeout(unit->index, late);
        qemu_mutex_lock(&unit->lock);
        hwi_ats_timeout(unit->hwi, late);
        qemu_mutex_unlock(&unit->lock);
        unit->outstanding &= ~late;
    }
    work(unit, budget_of(unit, LOOP_BUDGET));
}

static void vm_state_changed(void *opaque, bool running, RunState state)
{
    HwiommuUnit *unit = opaque;

    if (running) {
        qemu_bh_schedule(unit->bh);
    } else {
        /* Nothing may be on its way when the machine's state is taken */
        deliver(unit);
        if (unit->recording) {
            fflush(unit->recording);
        }
    }
}

static uint64_t mmio_read(void *opaque, hwaddr addr, unsigned size)
{
    const HwiommuWindow *window = opaque;
    HwiommuUnit *unit = window->unit;
    uint64_t value;

    addr += window->offset;
    qemu_mutex_lock(&unit->lock);
    value = hwi_mmio_read(unit->hwi, addr, size);
    qemu_mutex_unlock(&unit->lock);
    trace_hwiommu_mmio_read(unit->index, addr, size, value);
    return value;
}

static void mmio_write(void *opaque, hwaddr addr, uint64_t value,
                       unsigned size)
{
    const HwiommuWindow *window = opaque;
    HwiommuUnit *unit = window->unit;

    addr += window->offset;
    trace_hwiommu_mmio_write(unit->index, addr, size, value);
    qemu_mutex_lock(&unit->lock);
    hwi_mmio_write(unit->hwi, addr, size, value);
    qemu_mutex_unlock(&unit->lock);
    work(unit, budget_of(unit, MMIO_BUDGET));
}

/* Which sizes and alignments are right is for the model to say */
static const MemoryRegionOps mmio_ops = {
    .read = mmio_read,
    .write = mmio_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};

void hwiommu_unit_translate(HwiommuUnit *unit, const struct hwi_request *req,
                            struct hwi_response *resp)
{
    qemu_mutex_lock(&unit->lock);
    hwi_translate(unit->hwi, req, resp);
    qemu_mutex_unlock(&unit->lock);
    if (resp->outcome == HWI_SUCCESS) {
        trace_hwiommu_translate(unit->index, req->requester, req->pasid,
                                req->addr, req->length, req->kind, req->access,
                                resp->addr, resp->span_log2, resp->rights);
    } else {
        trace_hwiommu_fault(unit->index, req->requester, req->pasid, req->addr,
                            req->kind, req->access, resp->outcome, resp->fault,
                            resp->recorded);
    }
    hwiommu_unit_settle(unit);
}

static void remap(HwiommuUnit *unit, uint16_t requester, uint64_t addr,
                  uint32_t data, struct hwi_interrupt_response *resp)
{
    struct hwi_interrupt_request req = {
        .requester = hwiommu_unit_requester(unit, requester),
        .addr = addr,
        .data = data,
    };

    qemu_mutex_lock(&unit->lock);
    hwi_interrupt(unit->hwi, &req, resp);
    qemu_mutex_unlock(&unit->lock);
    trace_hwiommu_interrupt(unit->index, requester, addr, data, resp->outcome,
                            resp->fault, resp->addr, resp->data);
    hwiommu_unit_settle(unit);
}

MemTxResult hwiommu_unit_interrupt(HwiommuUnit *unit, uint16_t requester,
                                   uint64_t addr, uint32_t data)
{
    struct hwi_interrupt_response resp = {};
    MSIMessage msi;

    remap(unit, requester, addr, data, &resp);
    switch (resp.outcome) {
    case HWI_INT_FORWARD:
        msi.address = resp.addr;
        msi.data = resp.data;
        unit->family->send_msi(unit, &msi);
        return MEMTX_OK;
    case HWI_INT_POSTED:
        return MEMTX_OK;
    default:
        return MEMTX_ERROR;
    }
}

bool hwiommu_unit_remap(HwiommuUnit *unit, uint16_t requester,
                        const MSIMessage *in, MSIMessage *out)
{
    struct hwi_interrupt_response resp = {};

    remap(unit, requester, in->address, in->data, &resp);
    if (resp.outcome != HWI_INT_FORWARD) {
        return false;
    }
    out->address = resp.addr;
    out->data = resp.data;
    return true;
}

/* Memory: the model reads RAM by plain loads */

static bool usable_ram(const MemoryRegionSection *section, RamSection *ram)
{
    MemoryRegion *mr = section->mr;

    if (!memory_region_is_ram(mr) || memory_region_is_ram_device(mr)) {
        return false;
    }
    ram->base = section->offset_within_address_space;
    ram->size = int128_get64(section->size);
    if (!QEMU_IS_ALIGNED(ram->base, 4 * KiB) ||
        !QEMU_IS_ALIGNED(ram->size, 4 * KiB)) {
        return false;
    }
    ram->host = (const uint8_t *)memory_region_get_ram_ptr(mr) +
                section->offset_within_region;
    return QEMU_PTR_IS_ALIGNED(ram->host, 4 * KiB);
}

static void region_add(MemoryListener *listener, MemoryRegionSection *section)
{
    HwiommuUnit *unit = container_of(listener, HwiommuUnit, listener);
    RamSection ram;

    if (usable_ram(section, &ram)) {
        g_array_append_val(unit->sections, ram);
        unit->sections_changed = true;
    }
}

static void region_del(MemoryListener *listener, MemoryRegionSection *section)
{
    HwiommuUnit *unit = container_of(listener, HwiommuUnit, listener);
    hwaddr base = section->offset_within_address_space;
    unsigned i;

    for (i = 0; i < unit->sections->len; i++) {
        if (g_array_index(unit->sections, RamSection, i).base == base) {
            g_array_remove_index(unit->sections, i);
            unit->sections_changed = true;
            return;
        }
    }
}

static gint larger_first(gconstpointer a, gconstpointer b)
{
    const RamSection *x = a, *y = b;

    return x->size < y->size ? 1 : x->size > y->size ? -1 : 0;
}

static void memory_commit(MemoryListener *listener)
{
    HwiommuUnit *unit = container_of(listener, HwiommuUnit, listener);
    struct hwi_ram ram[HWI_RAM_MAX];
    unsigned i, n;

    if (!unit->sections_changed) {
        return;
    }
    unit->sections_changed = false;
    g_array_sort(unit->sections, larger_first);
    n = MIN(unit->sections->len, HWI_RAM_MAX);
    for (i = 0; i < n; i++) {
        RamSection *s = &g_array_index(unit->sections, RamSection, i);

        ram[i] = (struct hwi_ram) {
            .base = hwi_hpa(s->base),
            .size = s->size,
            .host = s->host,
        };
    }
    qemu_mutex_lock(&unit->lock);
    if (hwi_set_ram(unit->hwi, ram, n) != HWI_OK) {
        hwi_set_ram(unit->hwi, NULL, 0);
        n = 0;
    }
    qemu_mutex_unlock(&unit->lock);
    trace_hwiommu_ram(unit->index, n);
}

void hwiommu_unit_init(HwiommuUnit *unit, DeviceState *dev)
{
    unit->dev = dev;
    qemu_mutex_init(&unit->lock);
    g_queue_init(&unit->messages);
    unit->sections = g_array_new(false, false, sizeof(RamSection));
    hwiommu_spaces_init(unit);
    unit->bh = qemu_bh_new_guarded(unit_bh, unit,
                                   &dev->mem_reentrancy_guard);
    unit->step_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, step_timer, unit);
    unit->ats_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, ats_timer, unit);
    unit->listener = (MemoryListener) {
        .name = "hwiommu",
        .region_add = region_add,
        .region_del = region_del,
        .commit = memory_commit,
    };
}

HwiommuWindow *hwiommu_unit_add_window(HwiommuUnit *unit, const char *name,
                                       uint64_t offset, uint64_t size)
{
    HwiommuWindow *window = &unit->windows[unit->nr_windows++];

    assert(unit->nr_windows <= HWIOMMU_WINDOWS);
    window->unit = unit;
    window->offset = offset;
    memory_region_init_io(&window->mr, OBJECT(unit->dev), &mmio_ops, window,
                          name, size);
    return window;
}

/* From power-on, so that it can be replayed without the machine */
static bool start_recording(HwiommuUnit *unit, Error **errp)
{
    enum hwi_status status;

    if (!unit->record) {
        return true;
    }
    unit->recording = fopen(unit->record, "w");
    if (!unit->recording) {
        error_setg_file_open(errp, errno, unit->record);
        return false;
    }
    status = hwi_record_start(unit->hwi, unit->recording);
    if (status != HWI_OK) {
        error_setg(errp, "cannot record: %s", hwi_strerror(status));
        return false;
    }
    return true;
}

bool hwiommu_unit_realize(HwiommuUnit *unit, PCIBus *root, Error **errp)
{
    if (!start_recording(unit, errp)) {
        return false;
    }
    if (!hwiommu_topology_add(unit, root, errp)) {
        return false;
    }
    memory_listener_register(&unit->listener, &address_space_memory);
    unit->vmstate_entry =
        qdev_add_vm_change_state_handler(unit->dev, vm_state_changed, unit);
    return true;
}

void hwiommu_unit_exit(HwiommuUnit *unit)
{
    HwiommuMessage *msg;
    unsigned i;

    if (unit->vmstate_entry) {
        qemu_del_vm_change_state_handler(unit->vmstate_entry);
        memory_listener_unregister(&unit->listener);
    }
    for (i = 0; i < unit->nr_windows; i++) {
        MemoryRegion *mr = &unit->windows[i].mr;

        if (mr->container) {
            memory_region_del_subregion(mr->container, mr);
        }
    }
    hwiommu_topology_remove(unit);
    timer_free(unit->step_timer);
    timer_free(unit->ats_timer);
    qemu_bh_delete(unit->bh);
    if (unit->recording) {
        hwi_record_stop(unit->hwi);
        fclose(unit->recording);
    }
    hwi_destroy(unit->hwi);
    unit->hwi = NULL;
    while ((msg = g_queue_pop_head(&unit->messages))) {
        g_free(msg);
    }
    g_hash_table_destroy(unit->spaces);
    g_array_free(unit->sections, true);
    qemu_mutex_destroy(&unit->lock);
}

void hwiommu_unit_reset(HwiommuUnit *unit, bool cold)
{
    HwiommuMessage *msg;

    trace_hwiommu_reset(unit->index, cold);
    timer_del(unit->step_timer);
    timer_del(unit->ats_timer);
    unit->outstanding = 0;
    qemu_mutex_lock(&unit->lock);
    hwi_reset(unit->hwi, cold);
    /* Who would hear them has been reset too */
    while ((msg = g_queue_pop_head(&unit->messages))) {
        g_free(msg);
    }
    qemu_mutex_unlock(&unit->lock);
}

/* Migration: the library's own state, and the time-outs that are ours */

static int unit_pre_save(void *opaque)
{
    HwiommuUnit *unit = opaque;
    enum hwi_status status;
    size_t size;

    deliver(unit);
    qemu_mutex_lock(&unit->lock);
    size = hwi_save_size(unit->hwi);
    unit->state = g_malloc(size);
    unit->state_size = size;
    status = size > INT32_MAX ? HWI_ESPACE :
             hwi_save(unit->hwi, unit->state, size);
    qemu_mutex_unlock(&unit->lock);
    if (status != HWI_OK) {
        error_report("hwiommu: cannot save the state of unit %u: %s",
                     unit->index, hwi_strerror(status));
        g_clear_pointer(&unit->state, g_free);
        return -EINVAL;
    }
    trace_hwiommu_save(unit->index, unit->state_size);
    return 0;
}

static int unit_post_save(void *opaque)
{
    HwiommuUnit *unit = opaque;

    g_clear_pointer(&unit->state, g_free);
    return 0;
}

static int unit_pre_load(void *opaque)
{
    HwiommuUnit *unit = opaque;

    g_clear_pointer(&unit->state, g_free);
    return 0;
}

static int unit_post_load(void *opaque, int version_id)
{
    static const struct hwi_inval all = {
        .scope = HWI_INVAL_ALL,
        .pasid = HWI_PASID_NONE,
        .span_log2 = 64,
    };
    HwiommuUnit *unit = opaque;
    enum hwi_status status;

    qemu_mutex_lock(&unit->lock);
    status = hwi_restore(unit->hwi, unit->state, unit->state_size);
    qemu_mutex_unlock(&unit->lock);
    trace_hwiommu_restore(unit->index, unit->state_size);
    g_clear_pointer(&unit->state, g_free);
    if (status != HWI_OK) {
        error_report("hwiommu: cannot restore the state of unit %u: %s",
                     unit->index, hwi_strerror(status));
        return -EINVAL;
    }
    hwiommu_space_invalidated(unit, &all);
    qemu_bh_schedule(unit->bh);
    return 0;
}

const VMStateDescription vmstate_hwiommu_unit = {
    .name = "hwiommu-unit",
    .version_id = 1,
    .minimum_version_id = 1,
    .pre_save = unit_pre_save,
    .post_save = unit_post_save,
    .pre_load = unit_pre_load,
    .post_load = unit_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(state_size, HwiommuUnit),
        VMSTATE_VBUFFER_ALLOC_UINT32(state, HwiommuUnit, 1, NULL, state_size),
        VMSTATE_UINT32(outstanding, HwiommuUnit),
        VMSTATE_INT64_ARRAY(ats_deadline, HwiommuUnit, HWIOMMU_TAGS),
        VMSTATE_TIMER_PTR(ats_timer, HwiommuUnit),
        VMSTATE_TIMER_PTR(step_timer, HwiommuUnit),
        VMSTATE_END_OF_LIST()
    }
};

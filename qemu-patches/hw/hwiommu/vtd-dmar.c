/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-vtd: the ACPI DMAR table (VT-d 5.10 §8)
 *
 * Built when the firmware asks for the tables, when buses have numbers. A
 * device's place is given as a path from its root bus, which does not depend
 * on them.
 *
 *   scope=DEV+DEV...                      DRHD; without it INCLUDE_PCI_ALL
 *   rmrr=BASE-LIMIT@DEV+DEV...:BASE-...   one RMRR each; limit inclusive
 *   atsr=auto|off|all|PORT+PORT...        one ATSR for the machine
 *   satc=DEV+DEV..., satc-required=...    one SATC each
 *
 * DEV is a device's id, or slot.function/slot.function/... from the root
 * complex down.
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/error-report.h"
#include "qapi/error.h"
#include "hw/acpi/aml-build.h"
#include "hw/i386/acpi-common.h"
#include "hw/i386/e820_memory_layout.h"
#include "hw/i386/pc.h"
#include "vtd.h"

enum {
    DMAR_DRHD = 0,
    DMAR_RMRR = 1,
    DMAR_ATSR = 2,
    DMAR_SATC = 5,
};

enum {
    SCOPE_ENDPOINT = 1,
    SCOPE_BRIDGE = 2,
    SCOPE_IOAPIC = 3,
};

#define DMAR_INTR_REMAP         (1 << 0)
#define DMAR_X2APIC_OPT_OUT     (1 << 1)
#define DMAR_DMA_OPT_IN         (1 << 2)
#define DRHD_INCLUDE_PCI_ALL    (1 << 0)
#define ATSR_ALL_PORTS          (1 << 0)
#define SATC_ATC_REQUIRED       (1 << 0)

/* As in hw/i386/acpi-build.c: the I/O APIC is no PCI function */
#define IOAPIC_BUS 0xff

#define MAX_PATH 16

typedef struct Rmrr {
    uint64_t base, limit;
    char *devices;
} Rmrr;

static void rmrr_free(gpointer p)
{
    Rmrr *r = p;

    g_free(r->devices);
    g_free(r);
}

static bool parse_rmrr(const char *text, Rmrr *r, Error **errp)
{
    const char *p;

    if (qemu_strtou64(text, &p, 0, &r->base) == 0 && *p == '-' &&
        qemu_strtou64(p + 1, &p, 0, &r->limit) == 0 && *p == '@' && p[1] &&
        QEMU_IS_ALIGNED(r->base, 4096) && QEMU_IS_ALIGNED(r->limit + 1, 4096)
        && r->base < r->limit) {
        r->devices = g_strdup(p + 1);
        return true;
    }
    error_setg(errp, "rmrr: '%s' is not BASE-LIMIT@DEVICE+DEVICE... with a "
               "whole number of 4 KiB pages from BASE to LIMIT, inclusive",
               text);
    return false;
}

static GPtrArray *parse_rmrrs(const char *text, Error **errp)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(rmrr_free);
    g_auto(GStrv) parts = g_strsplit(text ? text : "", ":", -1);
    unsigned i;

    for (i = 0; parts[i]; i++) {
        Rmrr *r = g_new0(Rmrr, 1);

        g_ptr_array_add(list, r);
        if (!parse_rmrr(parts[i], r, errp)) {
            return NULL;
        }
    }
    return g_steal_pointer(&list);
}

/*
 * Firmware keeps an RMRR out of the memory it hands to the system, and
 * systems check that it did.
 */
bool hwiommu_vtd_reserve_memory(HwiommuVtdState *s, Error **errp)
{
    g_autoptr(GPtrArray) list = parse_rmrrs(s->rmrr, errp);
    unsigned i;

    if (!list) {
        return false;
    }
    for (i = 0; i < list->len; i++) {
        Rmrr *r = g_ptr_array_index(list, i);

        e820_add_entry(r->base, r->limit - r->base + 1, E820_RESERVED);
    }
    return true;
}

/* One device scope structure (§8.3.1) */
static bool append_scope(GArray *blob, HwiommuVtdState *s, const char *ref)
{
    Error *err = NULL;
    uint8_t path[MAX_PATH], bus;
    bool is_bridge;
    unsigned i, n;

    n = hwiommu_scope_path(s->unit.topology, ref, path, MAX_PATH, &is_bridge,
                           &bus, &err);
    if (!n) {
        warn_reportf_err(err, "hwiommu: DMAR: ");
        return false;
    }
    build_append_int_noprefix(blob, is_bridge ? SCOPE_BRIDGE : SCOPE_ENDPOINT,
                              1);
    build_append_int_noprefix(blob, 6 + 2 * n, 1);
    build_append_int_noprefix(blob, 0, 2);      /* Flags, Reserved */
    build_append_int_noprefix(blob, 0, 1);      /* Enumeration ID */
    build_append_int_noprefix(blob, bus, 1);    /* Start Bus Number */
    for (i = 0; i < n; i++) {
        build_append_int_noprefix(blob, PCI_SLOT(path[i]), 1);
        build_append_int_noprefix(blob, PCI_FUNC(path[i]), 1);
    }
    return true;
}

static void append_scopes(GArray *blob, HwiommuVtdState *s, const char *refs)
{
    g_auto(GStrv) parts = g_strsplit(refs ? refs : "", "+", -1);
    unsigned i;

    for (i = 0; parts[i]; i++) {
        append_scope(blob, s, parts[i]);
    }
}

static void append_ioapic(GArray *blob)
{
    build_append_int_noprefix(blob, SCOPE_IOAPIC, 1);
    build_append_int_noprefix(blob, 8, 1);
    build_append_int_noprefix(blob, 0, 2);
    build_append_int_noprefix(blob, ACPI_BUILD_IOAPIC_ID, 1);
    build_append_int_noprefix(blob, IOAPIC_BUS, 1);
    build_append_int_noprefix(blob, 0, 1);      /* Device */
    build_append_int_noprefix(blob, 0, 1);      /* Function */
}

static void append_head(GArray *table, unsigned type, unsigned length)
{
    build_append_int_noprefix(table, type, 2);
    build_append_int_noprefix(table, length, 2);
}

/* DMA Remapping Hardware Unit Definition (§8.3) */
static void append_drhd(GArray *table, HwiommuVtdState *s)
{
    g_autoptr(GArray) scopes = g_array_new(false, true, 1);
    HwiommuWindow *registers = &s->unit.windows[0];

    if (hwiommu_vtd_has_ioapic(s)) {
        append_ioapic(scopes);
    }
    append_scopes(scopes, s, s->unit.scope);
    append_head(table, DMAR_DRHD, 16 + scopes->len);
    build_append_int_noprefix(table,
                              s->unit.scope ? 0 : DRHD_INCLUDE_PCI_ALL, 1);
    /* Size: log2 of 4 KiB pages */
    build_append_int_noprefix(table,
                              ctz64(memory_region_size(&registers->mr)) - 12,
                              1);
    build_append_int_noprefix(table, 0, 2);     /* Segment Number */
    build_append_int_noprefix(table, hwiommu_window_base(registers), 8);
    g_array_append_vals(table, scopes->data, scopes->len);
}

/* Reserved Memory Region Reporting (§8.4) */
static void append_rmrr(GArray *table, HwiommuVtdState *s, const Rmrr *r)
{
    g_autoptr(GArray) scopes = g_array_new(false, true, 1);

    append_scopes(scopes, s, r->devices);
    if (!scopes->len) {
        return;
    }
    append_head(table, DMAR_RMRR, 24 + scopes->len);
    build_append_int_noprefix(table, 0, 2);     /* Reserved */
    build_append_int_noprefix(table, 0, 2);     /* Segment Number */
    build_append_int_noprefix(table, r->base, 8);
    build_append_int_noprefix(table, r->limit, 8);
    g_array_append_vals(table, scopes->data, scopes->len);
}

/* Root Port ATS Capability Reporting (§8.5), SoC ATC Reporting (§8.8) */
static void append_ats(GArray *table, unsigned type, unsigned flags,
                       const GArray *scopes)
{
    append_head(table, type, 8 + scopes->len);
    build_append_int_noprefix(table, flags, 1);
    build_append_int_noprefix(table, 0, 1);     /* Reserved */
    build_append_int_noprefix(table, 0, 2);     /* Segment Number */
    g_array_append_vals(table, scopes->data, scopes->len);
}

static void append_atsr(GArray *table, HwiommuUnit *first)
{
    g_autoptr(GArray) scopes = g_array_new(false, true, 1);
    bool all = false;
    HwiommuUnit *unit;

    for (unit = first; unit; unit = QLIST_NEXT(unit, next)) {
        HwiommuVtdState *s = HWIOMMU_VTD(unit->dev);

        if (!s->atsr || !strcmp(s->atsr, "auto")) {
            all |= X86_IOMMU_DEVICE(s)->dt_supported;
        } else if (!strcmp(s->atsr, "all")) {
            all = true;
        } else if (strcmp(s->atsr, "off")) {
            append_scopes(scopes, s, s->atsr);
        }
    }
    if (all) {
        g_array_set_size(scopes, 0);
    }
    if (all || scopes->len) {
        append_ats(table, DMAR_ATSR, all ? ATSR_ALL_PORTS : 0, scopes);
    }
}

static void append_satc(GArray *table, HwiommuVtdState *s, const char *refs,
                        unsigned flags)
{
    g_autoptr(GArray) scopes = g_array_new(false, true, 1);

    append_scopes(scopes, s, refs);
    if (scopes->len) {
        append_ats(table, DMAR_SATC, flags, scopes);
    }
}

void hwiommu_vtd_build_dmar(X86IOMMUState *iommu, GArray *table_data,
                            BIOSLinker *linker, const char *oem_id,
                            const char *oem_table_id)
{
    AcpiTable table = {
        .sig = "DMAR", .rev = 1, .oem_id = oem_id,
        .oem_table_id = oem_table_id,
    };
    HwiommuUnit *first =
        hwiommu_topology_first(HWIOMMU_VTD(iommu)->unit.topology);
    uint8_t flags = 0, haw = 0;
    HwiommuUnit *unit;
    unsigned i, pass;

    for (unit = first; unit; unit = QLIST_NEXT(unit, next)) {
        HwiommuVtdState *s = HWIOMMU_VTD(unit->dev);

        haw = MAX(haw, s->cfg.haw);
        flags |= x86_iommu_ir_supported(X86_IOMMU_DEVICE(s)) ?
                 DMAR_INTR_REMAP : 0;
        flags |= s->x2apic_opt_out ? DMAR_X2APIC_OPT_OUT : 0;
        flags |= s->dma_opt_in ? DMAR_DMA_OPT_IN : 0;
    }
    acpi_table_begin(&table, table_data);
    build_append_int_noprefix(table_data, haw - 1, 1);
    build_append_int_noprefix(table_data, flags, 1);
    build_append_int_noprefix(table_data, 0, 8);    /* Reserved */
    build_append_int_noprefix(table_data, 0, 2);

    /* In order of type; of the DRHDs the one with INCLUDE_PCI_ALL last */
    for (pass = 0; pass < 2; pass++) {
        for (unit = first; unit; unit = QLIST_NEXT(unit, next)) {
            if ((pass == 1) == !unit->scope) {
                append_drhd(table_data, HWIOMMU_VTD(unit->dev));
            }
        }
    }
    for (unit = first; unit; unit = QLIST_NEXT(unit, next)) {
        HwiommuVtdState *s = HWIOMMU_VTD(unit->dev);
        g_autoptr(GPtrArray) list = parse_rmrrs(s->rmrr, NULL);

        for (i = 0; list && i < list->len; i++) {
            append_rmrr(table_data, s, g_ptr_array_index(list, i));
        }
    }
    append_atsr(table_data, first);
    for (unit = first; unit; unit = QLIST_NEXT(unit, next)) {
        HwiommuVtdState *s = HWIOMMU_VTD(unit->dev);

        append_satc(table_data, s, s->satc, 0);
        append_satc(table_data, s, s->satc_required, SATC_ATC_REQUIRED);
    }
    acpi_table_end(linker, &table);
}

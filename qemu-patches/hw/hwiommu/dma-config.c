/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-dma: configuration space
 *
 * A virtual function has an ATS capability of its own; PASID and PRI are its
 * physical function's (PCIe 6.0 §9.3.7).
 */
#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/range.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include "hw/pci/msix.h"
#include "hw/pci/pci_device.h"
#include "hw/pci/pcie.h"
#include "hw/pci/pcie_sriov.h"
#include "hw/qdev-properties.h"
#include "dma.h"
#include "trace.h"

/* VFs follow their PF without a gap; more than seven need ARI */
#define VF_OFFSET 1
#define VF_STRIDE 1

#define BAR_TYPE (PCI_BASE_ADDRESS_SPACE_MEMORY | \
                  PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)

#define PRI_STATUS_W1C (PCI_PRI_STATUS_RF | PCI_PRI_STATUS_UPRGI)

/* The function whose PASID and PRI capabilities count for @s */
static HwiommuDmaState *physical(HwiommuDmaState *s)
{
    PCIDevice *pf = pcie_sriov_get_pf(PCI_DEVICE(s));

    return pf ? HWIOMMU_DMA_BASE(pf) : s;
}

/* Extended capabilities follow each other from 100h, whichever there are */
static uint16_t next_offset(HwiommuDmaState *s, uint16_t size)
{
    uint16_t offset = s->next_cap;

    s->next_cap = ROUND_UP(offset + size, 16);
    return offset;
}

static void add_pasid(HwiommuDmaState *s)
{
    PCIDevice *pdev = PCI_DEVICE(s);
    uint16_t offset = next_offset(s, PCI_EXT_CAP_PASID_SIZEOF);
    uint16_t ctrl = PCI_PASID_CTRL_ENABLE;
    uint16_t cap = (s->pasid_bits << 8) & PCI_PASID_CAP_WIDTH;

    if (s->exec) {
        cap |= PCI_PASID_CAP_EXEC;
        ctrl |= PCI_PASID_CTRL_EXEC;
    }
    if (s->priv) {
        cap |= PCI_PASID_CAP_PRIV;
        ctrl |= PCI_PASID_CTRL_PRIV;
    }
    pcie_add_capability(pdev, PCI_EXT_CAP_ID_PASID, 1, offset,
                        PCI_EXT_CAP_PASID_SIZEOF);
    pci_set_word(pdev->config + offset + PCI_PASID_CAP, cap);
    pci_set_word(pdev->wmask + offset + PCI_PASID_CTRL, ctrl);
    s->pasid_cap = offset;
}

static void add_pri(HwiommuDmaState *s)
{
    PCIDevice *pdev = PCI_DEVICE(s);
    uint16_t offset = next_offset(s, PCI_EXT_CAP_PRI_SIZEOF);

    pcie_add_capability(pdev, PCI_EXT_CAP_ID_PRI, 1, offset,
                        PCI_EXT_CAP_PRI_SIZEOF);
    pci_set_long(pdev->config + offset + PCI_PRI_MAX_REQ, s->pri_max);
    /* The engine's, read when it is asked for: nothing to compare on load */
    pci_set_word(pdev->cmask + offset + PCI_PRI_STATUS, 0);
    /* Reset reads as zero: hwiommu_dma_config_write() takes it */
    pci_set_word(pdev->wmask + offset + PCI_PRI_CTRL, PCI_PRI_CTRL_ENABLE);
    pci_set_long(pdev->wmask + offset + PCI_PRI_ALLOC_REQ, UINT32_MAX);
    s->pri_cap = offset;
}

static bool add_vfs(HwiommuDmaState *s, Error **errp)
{
    PCIDevice *pdev = PCI_DEVICE(s);
    bool ok;

    /*
     * Functions of one device that cannot reach each other but through the
     * root port: an ACS capability without a control to set says so.
     */
    qdev_prop_set_bit(DEVICE(pdev), "multifunction", true);
    pdev->cap_present |= QEMU_PCI_CAP_MULTIFUNCTION;
    pcie_acs_init(pdev, next_offset(s, PCI_ACS_SIZEOF));
    pcie_ari_init(pdev, next_offset(s, PCI_ARI_SIZEOF));
    memory_region_transaction_begin();
    ok = pcie_sriov_pf_init(pdev, next_offset(s, PCI_EXT_CAP_SRIOV_SIZEOF),
                            TYPE_HWIOMMU_DMA_VF, HWDMA_PCI_DEVICE_ID_VF,
                            s->num_vfs, s->num_vfs,
                            VF_OFFSET, VF_STRIDE, errp);
    memory_region_transaction_commit();
    if (!ok) {
        return false;
    }
    pcie_sriov_pf_init_vf_bar(pdev, HWDMA_BAR, BAR_TYPE, HWDMA_BAR_SIZE);
    pcie_sriov_pf_init_vf_bar(pdev, HWDMA_MSIX_BAR, BAR_TYPE,
                              memory_region_size(&s->msix_bar));
    return true;
}

/*
 * A VF's BAR is a whole number of System Page Size (SR-IOV 3.3.12): as large
 * as the largest page of a kernel, whatever that register says.
 */
static bool add_msix(HwiommuDmaState *s, Error **errp)
{
    PCIDevice *pdev = PCI_DEVICE(s);
    uint64_t table = MAX(pow2ceil(s->cfg.vectors * PCI_MSIX_ENTRY_SIZE),
                         32 * KiB);
    unsigned i;

    memory_region_init(&s->msix_bar, OBJECT(s), "hwiommu-dma-msix", 2 * table);
    if (msix_init(pdev, s->cfg.vectors, &s->msix_bar, HWDMA_MSIX_BAR, 0,
                  &s->msix_bar, HWDMA_MSIX_BAR, table, 0, errp) < 0) {
        return false;
    }
    for (i = 0; i < s->cfg.vectors; i++) {
        msix_vector_use(pdev, i);
    }
    pci_register_bar(pdev, HWDMA_MSIX_BAR, BAR_TYPE, &s->msix_bar);
    return true;
}

bool hwiommu_dma_config_init(HwiommuDmaState *s, Error **errp)
{
    PCIDevice *pdev = PCI_DEVICE(s);

    s->next_cap = PCI_CONFIG_SPACE_SIZE;
    pci_register_bar(pdev, HWDMA_BAR, BAR_TYPE, &s->regs);
    if (!add_msix(s, errp)) {
        return false;
    }
    if (pcie_endpoint_cap_init(pdev, 0) < 0) {
        error_setg(errp, "hwiommu-dma needs a PCI Express bus");
        msix_uninit(pdev, &s->msix_bar, &s->msix_bar);
        return false;
    }
    pcie_cap_flr_init(pdev);
    if (s->cfg.ats) {
        pcie_ats_init(pdev, next_offset(s, PCI_EXT_CAP_ATS_SIZEOF), true);
    }
    if (!pci_is_vf(pdev)) {
        if (s->cfg.pri) {
            add_pri(s);
        }
        if (s->cfg.pasid) {
            add_pasid(s);
        }
        if (s->num_vfs && !add_vfs(s, errp)) {
            pcie_cap_exit(pdev);
            msix_uninit(pdev, &s->msix_bar, &s->msix_bar);
            return false;
        }
    } else {
        pcie_ari_init(pdev, next_offset(s, PCI_ARI_SIZEOF));
    }
    return true;
}

void hwiommu_dma_config_exit(HwiommuDmaState *s)
{
    PCIDevice *pdev = PCI_DEVICE(s);

    if (!pci_is_vf(pdev)) {
        pcie_sriov_pf_exit(pdev);
    }
    pcie_cap_exit(pdev);
    msix_unuse_all_vectors(pdev);
    msix_uninit(pdev, &s->msix_bar, &s->msix_bar);
}

void hwiommu_dma_config_reset(HwiommuDmaState *s)
{
    PCIDevice *pdev = PCI_DEVICE(s);
    uint8_t *config = pdev->config;

    if (pdev->exp.ats_cap) {
        pci_set_word(config + pdev->exp.ats_cap + PCI_ATS_CTRL, 0);
    }
    if (s->pasid_cap) {
        pci_set_word(config + s->pasid_cap + PCI_PASID_CTRL, 0);
    }
    if (s->pri_cap) {
        pci_set_word(config + s->pri_cap + PCI_PRI_CTRL, 0);
        pci_set_long(config + s->pri_cap + PCI_PRI_ALLOC_REQ, 0);
    }
}

void hwiommu_dma_update_enables(HwiommuDmaState *s)
{
    PCIDevice *pdev = PCI_DEVICE(s);
    HwiommuDmaState *pf = physical(s);
    uint8_t *config = PCI_DEVICE(pf)->config;
    struct hwdma_enables en = {};
    uint16_t ctrl;

    en.bus_master = pdev->enabled && (pci_get_word(pdev->config + PCI_COMMAND)
                                      & PCI_COMMAND_MASTER);
    if (pdev->exp.ats_cap) {
        ctrl = pci_get_word(pdev->config + pdev->exp.ats_cap + PCI_ATS_CTRL);
        en.ats = ctrl & PCI_ATS_CTRL_ENABLE;
        en.ats_stu = PCI_ATS_CTRL_STU(ctrl);
    }
    if (pf->pasid_cap) {
        ctrl = pci_get_word(config + pf->pasid_cap + PCI_PASID_CTRL);
        en.pasid = ctrl & PCI_PASID_CTRL_ENABLE;
        en.exec = ctrl & PCI_PASID_CTRL_EXEC;
        en.priv = ctrl & PCI_PASID_CTRL_PRIV;
    }
    if (pf->pri_cap) {
        ctrl = pci_get_word(config + pf->pri_cap + PCI_PRI_CTRL);
        en.pri = ctrl & PCI_PRI_CTRL_ENABLE;
        en.pri_alloc = pci_get_long(config + pf->pri_cap + PCI_PRI_ALLOC_REQ);
    }
    trace_hwiommu_dma_enables(pdev->name, en.bus_master, en.pasid, en.ats,
                              en.pri, en.pri_alloc);
    hwdma_set_enables(s->engine, &en);
}

uint32_t hwiommu_dma_config_read(PCIDevice *pdev, uint32_t addr, int len)
{
    HwiommuDmaState *s = HWIOMMU_DMA_BASE(pdev);

    if (s->pri_cap &&
        ranges_overlap(addr, len, s->pri_cap + PCI_PRI_STATUS, 2)) {
        pci_set_word(pdev->config + s->pri_cap + PCI_PRI_STATUS,
                     hwdma_pri_status(s->engine) | PCI_PRI_STATUS_PASID);
    }
    return pci_default_read_config(pdev, addr, len);
}

/* The bytes of a write to @addr that fall on the word at @word */
static uint16_t written_word(uint32_t word, uint32_t addr, uint32_t val,
                             int len)
{
    uint16_t out = 0;
    int i;

    for (i = 0; i < len; i++) {
        if (addr + i == word) {
            out |= (val >> (8 * i)) & 0xff;
        } else if (addr + i == word + 1) {
            out |= ((val >> (8 * i)) & 0xff) << 8;
        }
    }
    return out;
}

/* The parts of PRI that are no plain storage */
static void pri_write(HwiommuDmaState *s, uint32_t addr, uint32_t val, int len)
{
    uint32_t cap = s->pri_cap;

    if (!cap) {
        return;
    }
    hwdma_pri_status_clear(s->engine,
                           written_word(cap + PCI_PRI_STATUS, addr, val, len) &
                           PRI_STATUS_W1C);
    if (written_word(cap + PCI_PRI_CTRL, addr, val, len) &
        PCI_PRI_CTRL_RESET) {
        hwdma_pri_reset(s->engine);
    }
}

void hwiommu_dma_config_write(PCIDevice *pdev, uint32_t addr, uint32_t val,
                              int len)
{
    HwiommuDmaState *s = HWIOMMU_DMA_BASE(pdev);
    unsigned i;

    pci_default_write_config(pdev, addr, val, len);
    pcie_cap_flr_write_config(pdev, addr, val, len);
    hwiommu_dma_update_enables(s);
    pri_write(s, addr, val, len);
    for (i = 0; i < s->num_vfs; i++) {
        PCIDevice *vf = pcie_sriov_get_vf_at_index(pdev, i);

        if (vf) {
            hwiommu_dma_update_enables(HWIOMMU_DMA_BASE(vf));
        }
    }
}

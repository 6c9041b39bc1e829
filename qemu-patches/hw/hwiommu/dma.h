/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hwiommu-dma: a PCI Express function that does nothing but DMA
 */
#ifndef HW_HWIOMMU_DMA_H
#define HW_HWIOMMU_DMA_H

#include "hw/pci/pci_device.h"
#include "hwdma/engine.h"
#include "qom/object.h"

#define TYPE_HWIOMMU_DMA_BASE "hwiommu-dma-base"
#define TYPE_HWIOMMU_DMA "hwiommu-dma"
#define TYPE_HWIOMMU_DMA_VF "hwiommu-dma-vf"
OBJECT_DECLARE_SIMPLE_TYPE(HwiommuDmaState, HWIOMMU_DMA_BASE)

struct HwiommuDmaState {
    PCIDevice parent_obj;
    struct hwdma *engine;
    struct hwdma_config cfg;
    MemoryRegion regs;
    MemoryRegion msix_bar;
    QEMUBH *bh;
    QEMUTimer *timer;
    VMChangeStateEntry *vmstate_entry;
    uint16_t next_cap;      /* while capabilities are added */
    uint16_t pasid_cap;     /* offsets in configuration space, 0: none */
    uint16_t pri_cap;

    uint32_t state_size;    /* migration */
    uint8_t *state;

    /* Properties */
    uint32_t channels;
    uint32_t vectors;
    uint32_t ring_log2;
    uint32_t len_log2;
    uint32_t atc_max;
    uint32_t atc_capacity;
    uint32_t log_entries;
    bool pasid, exec, priv, ats, pri;
    uint8_t pasid_bits;
    uint32_t pri_max;
    bool can_stall;         /* what firmware says of it */
    uint16_t num_vfs;
    uint32_t vf_channels;
    uint32_t vf_vectors;
};

/* dma-config.c: configuration space */
bool hwiommu_dma_config_init(HwiommuDmaState *s, Error **errp);
void hwiommu_dma_config_exit(HwiommuDmaState *s);
void hwiommu_dma_config_reset(HwiommuDmaState *s);
/* Tell the engine what configuration space enables */
void hwiommu_dma_update_enables(HwiommuDmaState *s);
uint32_t hwiommu_dma_config_read(PCIDevice *pdev, uint32_t addr, int len);
void hwiommu_dma_config_write(PCIDevice *pdev, uint32_t addr, uint32_t val,
                              int len);

#endif

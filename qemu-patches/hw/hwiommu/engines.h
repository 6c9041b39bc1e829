/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the machines of hwiommu have in common: two DMA engines
 */
#ifndef HW_HWIOMMU_ENGINES_H
#define HW_HWIOMMU_ENGINES_H

#include "hw/pci/pci.h"

/**
 * hwiommu_create_engines: two engines, in an IOMMU group of its own each
 * @root: root bus. Root ports hwiommu-port0 and hwiommu-port1 come to 1c.0 and
 *        1c.1, out of the way of what management software places from slot 1
 *        on, and behind them hwiommu-dma0 and hwiommu-dma1.
 * @services: whether there is an IOMMU that answers requests with PASIDs, ATS
 *            and PRI
 */
void hwiommu_create_engines(PCIBus *root, bool services);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for requesters on the machine virt-hwiommu
 *
 * A function's DeviceID to the ITS is its requester ID, its StreamID the same
 * plus its SMMU's sid-base. The SMMUs' own messages have DeviceIDs of the last
 * bus number, which firmware's tables therefore leave out; QEMU's ITS knows 16
 * bits.
 */
#ifndef HW_HWIOMMU_SMMUV3_IDS_H
#define HW_HWIOMMU_SMMUV3_IDS_H

#define HWIOMMU_LAST_REQUESTER 0xfeff
#define HWIOMMU_SMMU_DEVICE_ID(index) (0xff00 + (index))
#define HWIOMMU_SMMUS_MAX 23

#endif

# SPDX-License-Identifier: GPL-2.0-or-later
#
# The devices of the virt-hwiommu machine and of plain virt beside it; what is not here is not built.

CONFIG_ARM_VIRT=y
CONFIG_PCIE_PORT=y
CONFIG_XIO3130=y
CONFIG_EDU=y
CONFIG_PCI_TESTDEV=y
CONFIG_VIRTIO_PCI=y
CONFIG_VIRTIO_BLK=y
CONFIG_VIRTIO_NET=y
CONFIG_VIRTIO_9P=y
CONFIG_VIRTIO_IOMMU=y
CONFIG_NVME_PCI=y
CONFIG_E1000E_PCI_EXPRESS=y

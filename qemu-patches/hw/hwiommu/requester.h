/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way in for devices that speak more of PCI Express than MemTxAttrs can
 * carry: 20-bit PASIDs, execute and privileged requests, ATS, PRI.
 */
#ifndef HW_HWIOMMU_REQUESTER_H
#define HW_HWIOMMU_REQUESTER_H

#include "hw/pci/pci_device.h"
#include "hwiommu/hwiommu.h"
#include "qom/object.h"

#define TYPE_HWIOMMU_REQUESTER "hwiommu-requester"

typedef struct HwiommuRequesterClass HwiommuRequesterClass;
typedef struct HwiommuRequester HwiommuRequester;
DECLARE_CLASS_CHECKERS(HwiommuRequesterClass, HWIOMMU_REQUESTER,
                       TYPE_HWIOMMU_REQUESTER)
#define HWIOMMU_REQUESTER(obj) \
    INTERFACE_CHECK(HwiommuRequester, (obj), TYPE_HWIOMMU_REQUESTER)

/**
 * HwiommuRequesterClass: what a requester hears from its IOMMU
 * @ats_invalidate: an ATS Invalidate Request; answer it, now or later, with
 *                  hwiommu_requester_ats_complete()
 * @prg_response: a Page Request Group Response
 * @resume: what becomes of requests that were held with this tag; of a tag that
 *          the requester does not know it takes no notice. NULL: its requests
 *          cannot be held.
 *
 * All are called under the BQL and may call back.
 */
struct HwiommuRequesterClass {
    InterfaceClass parent_class;
    void (*ats_invalidate)(HwiommuRequester *req,
                           const struct hwi_ats_invalidate *inv);
    void (*prg_response)(HwiommuRequester *req,
                         const struct hwi_prg_response *resp);
    void (*resume)(HwiommuRequester *req, uint64_t tag,
                   enum hwi_resume action);
};

/* An access to the bus: what of struct hwi_request the device decides */
typedef struct HwiommuAccess {
    uint64_t addr;
    uint32_t pasid;         /* or HWI_PASID_NONE */
    uint8_t kind;           /* enum hwi_kind */
    uint8_t access;         /* HWI_READ ... */
    uint64_t *tag;          /* filled in if the request is held */
} HwiommuAccess;

typedef enum HwiommuResult {
    HWIOMMU_OK,
    HWIOMMU_UR,             /* Unsupported Request */
    HWIOMMU_UR_PERMISSION,  /* the same; only a right is missing */
    HWIOMMU_CA,             /* Completer Abort */
    HWIOMMU_HELD,           /* wait for HwiommuRequesterClass.resume */
} HwiommuResult;

/*
 * A request that the unit terminates in silence ends as HWIOMMU_OK: it has read
 * zeroes, or written nothing.
 */

typedef uint64_t HwiommuAtomicFn(uint64_t old, const void *operands);

/* Whether a modelled IOMMU stands above @pdev */
bool hwiommu_requester_attached(PCIDevice *pdev);

/*
 * One memory request of @pdev, not crossing a 4 KiB border. Without a
 * modelled IOMMU it takes the ordinary PCI DMA path, where only untranslated
 * requests without PASID exist.
 */
HwiommuResult hwiommu_requester_read(PCIDevice *pdev, const HwiommuAccess *acc,
                                     void *buf, uint32_t len);
HwiommuResult hwiommu_requester_write(PCIDevice *pdev,
                                      const HwiommuAccess *acc,
                                      const void *buf, uint32_t len);

/*
 * An AtomicOp on @len (4 or 8) naturally aligned bytes: memory becomes
 * @fn(old, @operands), truncated. *@old is zero-extended.
 */
HwiommuResult hwiommu_requester_atomic(PCIDevice *pdev,
                                       const HwiommuAccess *acc, uint32_t len,
                                       HwiommuAtomicFn *fn,
                                       const void *operands, uint64_t *old);

/* An ATS translation request: the unit's own answer */
void hwiommu_requester_translate(PCIDevice *pdev, const HwiommuAccess *acc,
                                 struct hwi_response *resp);

/* A page request message; @req->requester is filled in */
void hwiommu_requester_page_request(PCIDevice *pdev,
                                    struct hwi_page_request *req);

/* An Invalidate Completion message */
void hwiommu_requester_ats_complete(PCIDevice *pdev, uint32_t itags,
                                    unsigned count);

#endif

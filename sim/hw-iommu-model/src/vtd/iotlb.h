/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The IOTLB by the requests that look into it: keys, and look-up. */
#ifndef HWI_VTD_IOTLB_H
#define HWI_VTD_IOTLB_H

#include "walk.h"

/* A key of the IOTLB, and its hash. */
struct iotlb_key {
	struct hwi_cache_key key;
	uint32_t hash;
};

HWI_ALWAYS_INLINE uint64_t who_of(const struct hwi_request *req)
{
	return req->requester | (uint64_t)req->pasid << 32;
}

HWI_ALWAYS_INLINE uint64_t iotlb_key_a(const struct hwi_request *req, unsigned int level)
{
	uint64_t size = UINT64_C(1) << VTD_PT_LEVEL_SHIFT(level);

	return (hwi_iova_val(req->addr) & ~(size - 1)) | (level - 1);
}

HWI_ALWAYS_INLINE struct iotlb_key iotlb_key(const struct hwi_request *req, unsigned int level)
{
	struct iotlb_key k = { .key = { iotlb_key_a(req, level), who_of(req) } };

	k.hash = hwi_cache_hash(k.key);
	return k;
}

/* A page larger than 4 KiB that translates the request. */
static inline struct hwi_cache_entry *iotlb_find_large(const struct vtd_unit *v,
						const struct hwi_request *req, unsigned int *level)
{
	for (unsigned int l = 2; l <= 3; l++) {
		struct iotlb_key k;
		struct hwi_cache_entry *e;

		if (!(v->iotlb.classes >> (l - 1) & 1))
			continue;
		k = iotlb_key(req, l);
		e = hwi_cache_find_hashed(&v->iotlb, k.key, k.hash);
		if (e) {
			*level = l;
			return e;
		}
	}
	return NULL;
}

/* The entry for a request; its page is of 2^VTD_PT_LEVEL_SHIFT(@level) bytes. */
HWI_ALWAYS_INLINE struct hwi_cache_entry *iotlb_find(const struct vtd_unit *v,
						     const struct hwi_request *req,
						     struct iotlb_key k, unsigned int *level)
{
	struct hwi_cache_entry *e = hwi_cache_find_hashed(&v->iotlb, k.key, k.hash);

	*level = 1;
	if (!e && (v->iotlb.classes & ~1u))
		e = iotlb_find_large(v, req, level);
	return e;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * hwiommu - types that every family shares: typed addresses, the library's own
 * errors.
 */
#ifndef HWIOMMU_TYPES_H
#define HWIOMMU_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Three address spaces that must not be mixed up. Plain 64-bit numbers for the
 * compiler, distinct types for sparse; hwi_hpa() and friends make one,
 * hwi_hpa_val() and friends take the number out.
 */
#ifdef __CHECKER__
#define HWI_BITWISE __attribute__((bitwise))
#define HWI_FORCE __attribute__((force))
#else
#define HWI_BITWISE
#define HWI_FORCE
#endif

typedef uint64_t HWI_BITWISE hwi_iova_t; /* what a requester puts on the bus */
typedef uint64_t HWI_BITWISE hwi_ipa_t;  /* stage 1 output = stage 2 input */
typedef uint64_t HWI_BITWISE hwi_hpa_t;  /* host physical */

static inline hwi_iova_t hwi_iova(uint64_t v)
{
	return (HWI_FORCE hwi_iova_t)v;
}

static inline uint64_t hwi_iova_val(hwi_iova_t a)
{
	return (HWI_FORCE uint64_t)a;
}

static inline hwi_ipa_t hwi_ipa(uint64_t v)
{
	return (HWI_FORCE hwi_ipa_t)v;
}

static inline uint64_t hwi_ipa_val(hwi_ipa_t a)
{
	return (HWI_FORCE uint64_t)a;
}

static inline hwi_hpa_t hwi_hpa(uint64_t v)
{
	return (HWI_FORCE hwi_hpa_t)v;
}

static inline uint64_t hwi_hpa_val(hwi_hpa_t a)
{
	return (HWI_FORCE uint64_t)a;
}

/**
 * enum hwi_status - how a call of the library itself ended
 * @HWI_OK: done
 * @HWI_EINVAL: an argument is out of the range that the function documents
 * @HWI_ENOMEM: creation could not get memory
 * @HWI_ECONFIG: a configuration asks for a combination that the specification
 *	forbids or that the model does not implement; the config checker of the
 *	family says which in words
 * @HWI_EVERSION: a saved state is of a format version that this build does not
 *	read
 * @HWI_ESTATE: a saved state is damaged, too short, or of a unit configured
 *	otherwise
 * @HWI_ESPACE: a buffer given by the caller is too small
 *
 * Faults of a modelled translation are no errors of the library: they are
 * architected results and stand in &struct hwi_response.
 */
enum hwi_status {
	HWI_OK = 0,
	HWI_EINVAL,
	HWI_ENOMEM,
	HWI_ECONFIG,
	HWI_EVERSION,
	HWI_ESTATE,
	HWI_ESPACE,
};

/**
 * hwi_strerror() - the meaning of a status in a few English words
 * @status: any value
 *
 * Return: a constant string, never NULL ("unknown status" for other values).
 */
const char *hwi_strerror(enum hwi_status status);

#ifdef __cplusplus
}
#endif

#endif

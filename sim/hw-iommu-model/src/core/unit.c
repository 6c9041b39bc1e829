/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The public face: argument checks and dispatch to the family.
 */
#include "unit.h"

#include <string.h>

#define PASID_LIMIT (1u << 20)
#define PRGI_MAX 0x1ffu
#define COMPLETION_COUNT_MAX 7u
#define RAM_ALIGN 4096u

const char *hwi_strerror(enum hwi_status status)
{
	switch (status) {
	case HWI_OK:
		return "success";
	case HWI_EINVAL:
		return "argument out of range";
	case HWI_ENOMEM:
		return "out of memory";
	case HWI_ECONFIG:
		return "configuration forbidden or not implemented";
	case HWI_EVERSION:
		return "saved state of a version that is not read";
	case HWI_ESTATE:
		return "saved state damaged or of another configuration";
	case HWI_ESPACE:
		return "buffer too small";
	}
	return "unknown status";
}

enum hwi_status hwi_set_ram(struct hwi_unit *unit, const struct hwi_ram *ram, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t base = hwi_hpa_val(ram[i].base);

		if (base % RAM_ALIGN || ram[i].size % RAM_ALIGN || !ram[i].size ||
		    base + (ram[i].size - 1) < base || !ram[i].host ||
		    (uintptr_t)ram[i].host % sizeof(uint64_t))
			return HWI_EINVAL;
	}
	/* A recording must see every read. */
	if (unit->recorder)
		return HWI_OK;
	hwi_ram_forget(unit);
	unit->ram_count = count < HWI_RAM_MAX ? (unsigned int)count : HWI_RAM_MAX;
	for (unsigned int i = 0; i < unit->ram_count; i++) {
		unit->ram[i].base = hwi_hpa_val(ram[i].base);
		unit->ram[i].size = ram[i].size;
		unit->ram[i].host = ram[i].host;
	}
	return HWI_OK;
}

void hwi_destroy(struct hwi_unit *unit)
{
	if (unit)
		unit->ops->destroy(unit);
}

void hwi_reset(struct hwi_unit *unit, bool cold)
{
	unit->ops->reset(unit, cold);
	hwi_utlb_purge(&unit->utlb);
}

uint64_t hwi_mmio_read(struct hwi_unit *unit, uint64_t offset, unsigned int size)
{
	return unit->ops->mmio_read(unit, offset, size);
}

void hwi_mmio_write(struct hwi_unit *unit, uint64_t offset, unsigned int size, uint64_t value)
{
	unit->ops->mmio_write(unit, offset, size, value);
}

uint64_t hwi_mmio_size(const struct hwi_unit *unit)
{
	return unit->ops->mmio_size(unit);
}

static bool who_ok(const struct hwi_unit *unit, uint32_t requester, uint32_t pasid)
{
	/* HWI_PASID_NONE + 1 is 0. */
	return requester <= unit->ops->requester_max && pasid + 1 <= PASID_LIMIT;
}

/* Exactly one of read, write and atomic. */
static bool one_type(uint32_t access)
{
	uint32_t type = access & (HWI_READ | HWI_WRITE | HWI_ATOMIC);

	return type && !(type & (type - 1));
}

static bool request_ok(const struct hwi_unit *unit, const struct hwi_request *req)
{
	uint32_t off = (uint32_t)(hwi_iova_val(req->addr) % RAM_ALIGN);

	if (!who_ok(unit, req->requester, req->pasid) || req->kind > HWI_TRANSLATED ||
	    !one_type(req->access))
		return false;
	if (__builtin_expect(req->length - 1 < RAM_ALIGN - off && !(req->access & HWI_ZLR), 1))
		return true;
	if (req->kind == HWI_TRANSLATION_REQUEST)
		return true;
	return (req->access & HWI_ZLR) && (req->access & HWI_READ) && req->length == 0;
}

static __attribute__((noinline)) enum hwi_status
translate_checked(struct hwi_unit *unit, const struct hwi_request *req, struct hwi_response *resp)
{
	if (!request_ok(unit, req)) {
		memset(resp, 0, sizeof(*resp));
		resp->outcome = HWI_UNSUPPORTED_REQUEST;
		return HWI_EINVAL;
	}
	unit->ops->translate(unit, req, resp);
	return HWI_OK;
}

enum hwi_status hwi_translate(struct hwi_unit *unit, const struct hwi_request *req,
			      struct hwi_response *resp)
{
	uint32_t off = (uint32_t)(hwi_iova_val(req->addr) % RAM_ALIGN);

	if (__builtin_expect(hwi_utlb_find(&unit->utlb, req, resp), 1))
		return HWI_OK;
	/* An ordinary read or write, checked in few instructions. */
	if (__builtin_expect(who_ok(unit, req->requester, req->pasid) &&
				     req->kind == HWI_UNTRANSLATED &&
				     (req->access == HWI_READ || req->access == HWI_WRITE) &&
				     req->length - 1 < RAM_ALIGN - off, 1)) {
		unit->ops->translate(unit, req, resp);
		return HWI_OK;
	}
	return translate_checked(unit, req, resp);
}

void hwi_interrupt(struct hwi_unit *unit, const struct hwi_interrupt_request *req,
		   struct hwi_interrupt_response *resp)
{
	memset(resp, 0, sizeof(*resp));
	if (req->requester > unit->ops->requester_max) {
		resp->outcome = HWI_INT_BLOCKED;
		return;
	}
	unit->ops->interrupt(unit, req, resp);
}

enum hwi_status hwi_page_request(struct hwi_unit *unit, const struct hwi_page_request *req)
{
	if (!who_ok(unit, req->requester, req->pasid) || req->prgi > PRGI_MAX ||
	    (req->access & ~(HWI_READ | HWI_WRITE | HWI_EXEC | HWI_PRIV)))
		return HWI_EINVAL;
	unit->ops->page_request(unit, req);
	return HWI_OK;
}

void hwi_ats_complete(struct hwi_unit *unit, uint32_t requester, uint32_t itags,
		      unsigned int count)
{
	if (requester <= unit->ops->requester_max && count <= COMPLETION_COUNT_MAX)
		unit->ops->ats_complete(unit, requester, itags, count);
}

void hwi_ats_timeout(struct hwi_unit *unit, uint32_t itags)
{
	unit->ops->ats_timeout(unit, itags);
}

uint32_t hwi_ats_outstanding(const struct hwi_unit *unit)
{
	return unit->ops->ats_outstanding(unit);
}

unsigned int hwi_step(struct hwi_unit *unit, unsigned int budget)
{
	return unit->ops->step(unit, budget);
}

bool hwi_pending(const struct hwi_unit *unit)
{
	return unit->ops->pending(unit);
}

size_t hwi_save_size(const struct hwi_unit *unit)
{
	return unit->ops->save_size(unit);
}

enum hwi_status hwi_save(const struct hwi_unit *unit, void *buf, size_t size)
{
	return unit->ops->save(unit, buf, size);
}

enum hwi_status hwi_restore(struct hwi_unit *unit, const void *buf, size_t size)
{
	enum hwi_status st = unit->ops->restore(unit, buf, size);

	hwi_utlb_purge(&unit->utlb);
	return st;
}

uint64_t hwi_stat_get(const struct hwi_unit *unit, enum hwi_stat stat)
{
	if ((unsigned int)stat >= HWI_STAT_COUNT)
		return 0;
	if (stat == HWI_STAT_TRANSLATIONS || stat == HWI_STAT_IOTLB_HITS)
		return unit->stats[stat] + unit->utlb.hits;
	return unit->stats[stat];
}

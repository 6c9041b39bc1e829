/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The SMMUv3 bench: memory, the host's side of the callbacks, life of a unit. */
#include "smmu_bench.h"

#include "hwiommu/bits.h"

#define PAGE UINT64_C(4096)

static bool in_memory(uint64_t addr, uint64_t len)
{
	return addr < SB_MEM && len <= SB_MEM - addr;
}

static bool fails(const struct smmu_bench *b, int what, uint64_t addr, uint64_t len)
{
	for (unsigned int i = 0; i < SB_INJECT; i++) {
		const struct sb_inject *j = &b->inject[i];

		if ((int)j->what == what && addr < j->addr + j->len && j->addr < addr + len)
			return true;
	}
	return false;
}

static bool host_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct smmu_bench *b = opaque;
	uint64_t a = hwi_hpa_val(addr);

	b->reads++;
	if (!in_memory(a, len) || fails(b, SB_INJ_READ, a, len))
		return false;
	memcpy(buf, b->mem + a, len);
	return true;
}

static bool host_write(void *opaque, hwi_hpa_t addr, const void *buf, size_t len)
{
	struct smmu_bench *b = opaque;
	uint64_t a = hwi_hpa_val(addr);

	b->writes++;
	if (!in_memory(a, len) || fails(b, SB_INJ_WRITE, a, len))
		return false;
	memcpy(b->mem + a, buf, len);
	return true;
}

static enum hwi_cas host_cas64(void *opaque, hwi_hpa_t addr, uint64_t expected, uint64_t desired)
{
	struct smmu_bench *b = opaque;
	uint64_t a = hwi_hpa_val(addr);

	b->cass++;
	if (a % 8 || !in_memory(a, 8) || fails(b, SB_INJ_WRITE, a, 8))
		return HWI_CAS_ERROR;
	for (unsigned int i = 0; i < SB_INJECT; i++) {
		if (b->inject[i].what == SB_INJ_CHANGE && b->inject[i].addr == a) {
			b->inject[i].what = SB_INJ_NONE;
			sb_w64(b, a, b->inject[i].val);
			break;
		}
	}
	if (sb_r64(b, a) != expected)
		return HWI_CAS_CHANGED;
	sb_w64(b, a, desired);
	return HWI_CAS_DONE;
}

static bool host_msi(void *opaque, uint64_t addr, uint32_t data)
{
	struct smmu_bench *b = opaque;

	b->msi[b->msis++ % SB_LOG] = (struct sb_msi){ addr, data };
	if (fails(b, SB_INJ_WRITE, addr, 4))
		return false;
	if (addr == SB_DOORBELL)
		return true;
	if (!in_memory(addr, 4))
		return false;
	sb_w32(b, addr, data);
	return true;
}

static void host_irq(void *opaque, unsigned int line, bool level)
{
	struct smmu_bench *b = opaque;

	assert_true(line < HWI_SMMUV3_IRQS);
	if (level && !b->level[line])
		b->edges[line]++;
	b->level[line] = level;
}

static bool host_ats_invalidate(void *opaque, const struct hwi_ats_invalidate *inv)
{
	struct smmu_bench *b = opaque;

	if (b->no_such_function)
		return false;
	b->ats[b->atss++ % SB_LOG] = *inv;
	return true;
}

static void host_prg_response(void *opaque, const struct hwi_prg_response *resp)
{
	struct smmu_bench *b = opaque;

	b->prg[b->prgs++ % SB_LOG] = *resp;
}

static void host_resume(void *opaque, uint32_t requester, uint64_t tag, enum hwi_resume action)
{
	struct smmu_bench *b = opaque;

	b->resume[b->resumes++ % SB_LOG] = (struct sb_resume){ requester, tag, action };
}

static void host_sev(void *opaque)
{
	((struct smmu_bench *)opaque)->sevs++;
}

static bool host_drain(void *opaque)
{
	struct smmu_bench *b = opaque;

	b->drains++;
	return !b->busy;
}

static void host_invalidated(void *opaque, const struct hwi_inval *inval)
{
	struct smmu_bench *b = opaque;

	b->inval[b->invals++ % SB_LOG] = *inval;
}

static void host_kick(void *opaque)
{
	((struct smmu_bench *)opaque)->kicks++;
}

static const struct hwi_host_ops bench_ops = {
	.read = host_read,
	.write = host_write,
	.cas64 = host_cas64,
	.msi = host_msi,
	.irq = host_irq,
	.ats_invalidate = host_ats_invalidate,
	.prg_response = host_prg_response,
	.resume = host_resume,
	.sev = host_sev,
	.drain = host_drain,
	.invalidated = host_invalidated,
	.kick = host_kick,
};

void sb_config(struct hwi_smmuv3_config *cfg)
{
	hwi_smmuv3_config_init(cfg);
	cfg->caches = (struct hwi_smmuv3_caches){
		.l1std = SB_CACHE,
		.ste = SB_CACHE,
		.l1cd = SB_CACHE,
		.cd = SB_CACHE,
		.tlb = SB_CACHE,
		.walk_s1 = SB_CACHE,
		.walk_s2 = SB_CACHE,
		.ipa = SB_CACHE,
	};
}

static void make_unit(struct smmu_bench *b, const struct hwi_smmuv3_config *cfg)
{
	const char *why = NULL;

	if (cfg)
		b->cfg = *cfg;
	else
		sb_config(&b->cfg);
	if (hwi_smmuv3_config_check(&b->cfg, &why) != HWI_OK)
		fail_msg("configuration refused: %s", why);
	assert_int_equal(hwi_smmuv3_create(&b->cfg, &b->ops, b, &b->unit), HWI_OK);
}

void sb_init(struct smmu_bench *b, const struct hwi_smmuv3_config *cfg)
{
	memset(b, 0, sizeof(*b));
	b->ops = bench_ops;
	b->mem = calloc(1, SB_MEM);
	assert_non_null(b->mem);
	b->next_page = PAGE;
	make_unit(b, cfg);
}

void sb_fini(struct smmu_bench *b)
{
	hwi_destroy(b->unit);
	free(b->mem);
}

int sb_setup(void **state)
{
	struct smmu_bench *b = malloc(sizeof(*b));

	if (!b)
		return -1;
	sb_init(b, NULL);
	*state = b;
	return 0;
}

int sb_setup_started(void **state)
{
	int res = sb_setup(state);

	if (!res)
		sb_start(*state);
	return res;
}

int sb_teardown(void **state)
{
	sb_fini(*state);
	free(*state);
	return 0;
}

void sb_remake(struct smmu_bench *b, const struct hwi_smmuv3_config *cfg)
{
	hwi_destroy(b->unit);
	b->unit = NULL; /* a refused configuration ends the test */
	sb_clear_logs(b);
	sb_heal(b);
	b->busy = b->no_such_function = false;
	make_unit(b, cfg);
}

void sb_clear_logs(struct smmu_bench *b)
{
	b->msis = b->atss = b->prgs = b->resumes = b->invals = 0;
	memset(b->edges, 0, sizeof(b->edges));
	b->drains = b->kicks = b->sevs = b->reads = b->writes = b->cass = 0;
}

uint64_t sb_alloc_aligned(struct smmu_bench *b, uint64_t bytes)
{
	uint64_t size = bytes < PAGE ? PAGE : bytes;
	uint64_t addr = (b->next_page + size - 1) & ~(size - 1);

	b->next_page = addr + size;
	assert_true(b->next_page <= SB_MEM);
	memset(b->mem + addr, 0, (size_t)size);
	return addr;
}

uint64_t sb_alloc(struct smmu_bench *b, unsigned int pages)
{
	uint64_t addr = b->next_page;

	b->next_page += pages * PAGE;
	assert_true(b->next_page <= SB_MEM);
	memset(b->mem + addr, 0, (size_t)(pages * PAGE));
	return addr;
}

uint64_t sb_r64(const struct smmu_bench *b, uint64_t addr)
{
	assert_true(in_memory(addr, 8));
	return hwi_ld64(b->mem + addr);
}

uint32_t sb_r32(const struct smmu_bench *b, uint64_t addr)
{
	assert_true(in_memory(addr, 4));
	return hwi_ld32(b->mem + addr);
}

void sb_w64(struct smmu_bench *b, uint64_t addr, uint64_t val)
{
	assert_true(in_memory(addr, 8));
	hwi_st64(b->mem + addr, val);
}

void sb_w32(struct smmu_bench *b, uint64_t addr, uint32_t val)
{
	assert_true(in_memory(addr, 4));
	hwi_st32(b->mem + addr, val);
}

static void inject(struct smmu_bench *b, const struct sb_inject *what)
{
	for (unsigned int i = 0; i < SB_INJECT; i++) {
		if (b->inject[i].what == SB_INJ_NONE) {
			b->inject[i] = *what;
			return;
		}
	}
	fail_msg("more than %u injected faults", SB_INJECT);
}

void sb_fail_read(struct smmu_bench *b, uint64_t addr, uint64_t len)
{
	inject(b, &(struct sb_inject){ .what = SB_INJ_READ, .addr = addr, .len = len });
}

void sb_fail_write(struct smmu_bench *b, uint64_t addr, uint64_t len)
{
	inject(b, &(struct sb_inject){ .what = SB_INJ_WRITE, .addr = addr, .len = len });
}

void sb_change(struct smmu_bench *b, uint64_t addr, uint64_t val)
{
	inject(b, &(struct sb_inject){ .what = SB_INJ_CHANGE, .addr = addr, .len = 8, .val = val });
}

void sb_heal(struct smmu_bench *b)
{
	memset(b->inject, 0, sizeof(b->inject));
}

/* ---- requests ---- */

struct hwi_response sb_request(struct smmu_bench *b, unsigned int kind, uint32_t sid,
			       uint32_t ssid, uint64_t addr, unsigned int access)
{
	const struct hwi_request req = {
		.requester = sid,
		.pasid = ssid,
		.addr = hwi_iova(addr),
		.length = access & HWI_ZLR ? 0 : 4,
		.kind = (uint8_t)kind,
		.access = (uint8_t)access,
	};
	struct hwi_response resp;

	memset(&resp, 0xa5, sizeof(resp));
	assert_int_equal(hwi_translate(b->unit, &req, &resp), HWI_OK);
	return resp;
}

struct hwi_response sb_dma(struct smmu_bench *b, uint32_t sid, uint32_t ssid, uint64_t addr,
			   unsigned int access)
{
	return sb_request(b, HWI_UNTRANSLATED, sid, ssid, addr, access);
}

void sb_page_request(struct smmu_bench *b, uint32_t sid, uint32_t ssid, uint64_t addr,
		     unsigned int access, uint16_t prgi, bool last)
{
	const struct hwi_page_request req = {
		.requester = sid,
		.pasid = ssid,
		.addr = hwi_iova(addr),
		.access = (uint8_t)access,
		.prgi = prgi,
		.last = last,
	};

	assert_int_equal(hwi_page_request(b->unit, &req), HWI_OK);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The bench: memory, the host's side of the callbacks, registers. */
#include "bench.h"

#include "hwiommu/bits.h"

#define BENCH_CACHE 1024u

static bool in_memory(uint64_t addr, uint64_t len)
{
	return addr < BENCH_MEM && len <= BENCH_MEM - addr;
}

static bool fails(const struct bench *b, int what, uint64_t addr, uint64_t len)
{
	for (unsigned int i = 0; i < BENCH_INJECT; i++) {
		const struct bench_inject *j = &b->inject[i];

		if ((int)j->what == what && addr < j->addr + j->len && j->addr < addr + len)
			return true;
	}
	return false;
}

static bool host_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct bench *b = opaque;
	uint64_t a = hwi_hpa_val(addr);

	b->reads++;
	if (!in_memory(a, len) || fails(b, INJ_READ, a, len))
		return false;
	memcpy(buf, b->mem + a, len);
	return true;
}

static bool host_write(void *opaque, hwi_hpa_t addr, const void *buf, size_t len)
{
	struct bench *b = opaque;
	uint64_t a = hwi_hpa_val(addr);

	b->writes++;
	if (!in_memory(a, len) || fails(b, INJ_WRITE, a, len))
		return false;
	memcpy(b->mem + a, buf, len);
	return true;
}

static enum hwi_cas host_cas64(void *opaque, hwi_hpa_t addr, uint64_t expected, uint64_t desired)
{
	struct bench *b = opaque;
	uint64_t a = hwi_hpa_val(addr);

	b->cass++;
	if (a % 8 || !in_memory(a, 8) || fails(b, INJ_WRITE, a, 8))
		return HWI_CAS_ERROR;
	for (unsigned int i = 0; i < BENCH_INJECT; i++) {
		if (b->inject[i].what == INJ_CHANGE && b->inject[i].addr == a) {
			b->inject[i].what = INJ_NONE;
			bench_w64(b, a, b->inject[i].val);
			break;
		}
	}
	if (bench_r64(b, a) != expected)
		return HWI_CAS_CHANGED;
	bench_w64(b, a, desired);
	return HWI_CAS_DONE;
}

static bool host_msi(void *opaque, uint64_t addr, uint32_t data)
{
	struct bench *b = opaque;

	b->msi[b->msis++ % BENCH_LOG] = (struct bench_msi){ addr, data };
	return true;
}

static bool host_ats_invalidate(void *opaque, const struct hwi_ats_invalidate *inv)
{
	struct bench *b = opaque;

	if (b->no_such_function)
		return false;
	b->ats[b->atss++ % BENCH_LOG] = *inv;
	return true;
}

static void host_prg_response(void *opaque, const struct hwi_prg_response *resp)
{
	struct bench *b = opaque;

	b->prg[b->prgs++ % BENCH_LOG] = *resp;
}

static bool host_drain(void *opaque)
{
	struct bench *b = opaque;

	b->drains++;
	return !b->busy;
}

static void host_invalidated(void *opaque, const struct hwi_inval *inval)
{
	struct bench *b = opaque;

	b->inval[b->invals++ % BENCH_LOG] = *inval;
}

static void host_kick(void *opaque)
{
	struct bench *b = opaque;

	b->kicks++;
}

static const struct hwi_host_ops bench_ops = {
	.read = host_read,
	.write = host_write,
	.cas64 = host_cas64,
	.msi = host_msi,
	.ats_invalidate = host_ats_invalidate,
	.prg_response = host_prg_response,
	.drain = host_drain,
	.invalidated = host_invalidated,
	.kick = host_kick,
};

void bench_config(struct hwi_vtd_config *cfg)
{
	hwi_vtd_config_init(cfg);
	cfg->caches = (struct hwi_vtd_caches){
		.context = BENCH_CACHE,
		.pasid = BENCH_CACHE,
		.first_stage = BENCH_CACHE,
		.second_stage = BENCH_CACHE,
		.iotlb = BENCH_CACHE,
		.interrupt = BENCH_CACHE,
	};
}

static void make_unit(struct bench *b, const struct hwi_vtd_config *cfg)
{
	const char *why = NULL;

	if (cfg)
		b->cfg = *cfg;
	else
		bench_config(&b->cfg);
	if (hwi_vtd_config_check(&b->cfg, &why) != HWI_OK)
		fail_msg("configuration refused: %s", why);
	assert_int_equal(hwi_vtd_create(&b->cfg, &b->ops, b, &b->unit), HWI_OK);
}

void bench_init(struct bench *b, const struct hwi_vtd_config *cfg)
{
	memset(b, 0, sizeof(*b));
	b->ops = bench_ops;
	b->mem = calloc(1, BENCH_MEM);
	assert_non_null(b->mem);
	b->next_page = VTD_PAGE_SIZE;
	make_unit(b, cfg);
}

void bench_fini(struct bench *b)
{
	hwi_destroy(b->unit);
	free(b->mem);
}

int bench_setup(void **state)
{
	struct bench *b = malloc(sizeof(*b));

	if (!b)
		return -1;
	bench_init(b, NULL);
	*state = b;
	return 0;
}

int bench_teardown(void **state)
{
	bench_fini(*state);
	free(*state);
	return 0;
}

void bench_remake(struct bench *b, const struct hwi_vtd_config *cfg)
{
	hwi_destroy(b->unit);
	b->unit = NULL; /* a refused configuration ends the test */
	bench_clear_logs(b);
	bench_heal(b);
	b->root = b->iqa = b->irt = b->prq = b->status = 0;
	b->busy = b->no_such_function = false;
	make_unit(b, cfg);
}

void bench_clear_logs(struct bench *b)
{
	b->msis = b->atss = b->prgs = b->invals = 0;
	b->drains = b->kicks = b->reads = b->writes = b->cass = 0;
}

uint64_t bench_alloc(struct bench *b, unsigned int pages)
{
	uint64_t addr = b->next_page;

	b->next_page += (uint64_t)pages * VTD_PAGE_SIZE;
	assert_true(b->next_page <= BENCH_MEM);
	memset(b->mem + addr, 0, (size_t)pages * VTD_PAGE_SIZE);
	return addr;
}

uint64_t bench_r64(const struct bench *b, uint64_t addr)
{
	assert_true(in_memory(addr, 8));
	return hwi_ld64(b->mem + addr);
}

uint32_t bench_r32(const struct bench *b, uint64_t addr)
{
	assert_true(in_memory(addr, 4));
	return hwi_ld32(b->mem + addr);
}

void bench_w64(struct bench *b, uint64_t addr, uint64_t val)
{
	assert_true(in_memory(addr, 8));
	hwi_st64(b->mem + addr, val);
}

void bench_w32(struct bench *b, uint64_t addr, uint32_t val)
{
	assert_true(in_memory(addr, 4));
	hwi_st32(b->mem + addr, val);
}

static void inject(struct bench *b, const struct bench_inject *what)
{
	for (unsigned int i = 0; i < BENCH_INJECT; i++) {
		if (b->inject[i].what == INJ_NONE) {
			b->inject[i] = *what;
			return;
		}
	}
	fail_msg("more than %u injected faults", BENCH_INJECT);
}

void bench_fail_read(struct bench *b, uint64_t addr, uint64_t len)
{
	inject(b, &(struct bench_inject){ .what = INJ_READ, .addr = addr, .len = len });
}

void bench_fail_write(struct bench *b, uint64_t addr, uint64_t len)
{
	inject(b, &(struct bench_inject){ .what = INJ_WRITE, .addr = addr, .len = len });
}

void bench_change(struct bench *b, uint64_t addr, uint64_t val)
{
	inject(b, &(struct bench_inject){ .what = INJ_CHANGE, .addr = addr, .len = 8, .val = val });
}

void bench_heal(struct bench *b)
{
	memset(b->inject, 0, sizeof(b->inject));
}

uint32_t bench_read32(struct bench *b, uint64_t off)
{
	return (uint32_t)hwi_mmio_read(b->unit, off, 4);
}

uint64_t bench_read64(struct bench *b, uint64_t off)
{
	return hwi_mmio_read(b->unit, off, 8);
}

void bench_write32(struct bench *b, uint64_t off, uint32_t val)
{
	hwi_mmio_write(b->unit, off, 4, val);
}

void bench_write64(struct bench *b, uint64_t off, uint64_t val)
{
	hwi_mmio_write(b->unit, off, 8, val);
}

uint32_t bench_gsts(struct bench *b)
{
	return bench_read32(b, VTD_REG_GSTS);
}

void bench_gcmd(struct bench *b, uint32_t bit, bool on)
{
	uint32_t now = bench_gsts(b) & VTD_GCMD_ONESHOT_MASK;

	bench_write32(b, VTD_REG_GCMD, on ? now | bit : now & ~bit);
}

void bench_set_root(struct bench *b, uint64_t bits)
{
	if (!b->root)
		b->root = bench_alloc(b, 1);
	bench_write64(b, VTD_REG_RTADDR, b->root | bits);
	bench_gcmd(b, VTD_GCMD_SRTP, true);
	assert_true(bench_gsts(b) & VTD_GSTS_RTPS);
}

static void start(struct bench *b, uint64_t ttm)
{
	bench_set_root(b, HWI_PUT(VTD_RTADDR_TTM, ttm));
	bench_gcmd(b, VTD_GCMD_TE, true);
	assert_true(bench_gsts(b) & VTD_GSTS_TES);
}

void bench_start_legacy(struct bench *b)
{
	start(b, VTD_TTM_LEGACY);
}

void bench_start_scalable(struct bench *b)
{
	start(b, VTD_TTM_SCALABLE);
}

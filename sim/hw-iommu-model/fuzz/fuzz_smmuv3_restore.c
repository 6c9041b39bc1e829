/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A saved state of an SMMUv3 unit is untrusted: any bytes are refused with a clear
 * status or give a unit that goes on working.
 */
#include <stdlib.h>

#include "hwiommu/bits.h"
#include "hwiommu/smmuv3.h"
#include "hwiommu/smmuv3/commands.h"
#include "hwiommu/smmuv3/regs.h"
#include "hwiommu/smmuv3/stream.h"
#include "machine.h"

#define STRTAB UINT64_C(0x1000)
#define CMDQ UINT64_C(0x2000)
#define EVENTQ UINT64_C(0x3000)
#define PRIQ UINT64_C(0x4000)

static unsigned char state[1u << 20];

static void fuzz_resume(void *opaque, uint32_t requester, uint64_t tag, enum hwi_resume action)
{
	(void)opaque;
	(void)requester;
	if (action > HWI_RESUME_TERMINATE || (tag != HWI_STALL_HELD && tag > UINT16_MAX))
		abort();
}

static void use(struct fuzz_machine *m)
{
	struct hwi_page_request pr = { .pasid = HWI_PASID_NONE, .access = HWI_READ, .last = true };
	struct hwi_response resp;

	for (uint32_t i = 0; i < 32; i++) {
		const struct hwi_request req = {
			.requester = i % 8,
			.pasid = i % 3 ? HWI_PASID_NONE : i,
			.kind = (uint8_t)(i / 8 % 3),
			.access = i & 1 ? HWI_READ : HWI_WRITE,
			.length = 8,
			.addr = hwi_iova((uint64_t)i << 12),
		};

		if (hwi_translate(m->unit, &req, &resp) != HWI_OK)
			abort();
	}
	for (pr.requester = 0; pr.requester < 4; pr.requester++)
		(void)hwi_page_request(m->unit, &pr);
	if (hwi_step(m->unit, 64) > 64)
		abort();
	hwi_ats_timeout(m->unit, UINT32_MAX);
	if (hwi_step(m->unit, 64) > 64)
		abort();
}

/* Streams that bypass, and a CMD_SYNC that waits for an ATC. */
static void get_busy(struct fuzz_machine *m)
{
	for (unsigned int sid = 0; sid < 8; sid += 2) {
		hwi_st64(m->mem + STRTAB + 64 * (size_t)sid,
			 SMMU_STE0_V | HWI_PUT(SMMU_STE0_CONFIG, SMMU_STE_CONFIG_BYPASS));
	}
	hwi_mmio_write(m->unit, SMMU_REG_STRTAB_BASE, 8, STRTAB);
	hwi_mmio_write(m->unit, SMMU_REG_STRTAB_BASE_CFG, 4, 6);
	hwi_mmio_write(m->unit, SMMU_REG_CMDQ_BASE, 8, CMDQ | 4);
	hwi_mmio_write(m->unit, SMMU_REG_EVENTQ_BASE, 8, EVENTQ | 3);
	hwi_mmio_write(m->unit, SMMU_REG_PRIQ_BASE, 8, PRIQ | 1);
	hwi_mmio_write(m->unit, SMMU_REG_CR0, 4, SMMU_CR0_SMMUEN | SMMU_CR0_PRIQEN |
						 SMMU_CR0_EVENTQEN | SMMU_CR0_CMDQEN);
	use(m);
	hwi_st64(m->mem + CMDQ, SMMU_CMD_ATC_INV);
	hwi_st64(m->mem + CMDQ + 16, SMMU_CMD_SYNC);
	hwi_mmio_write(m->unit, SMMU_REG_CMDQ_PROD, 4, 2);
	(void)hwi_step(m->unit, 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_machine m;
	struct hwi_host_ops ops = fuzz_host;
	struct hwi_smmuv3_config cfg;
	struct fuzz_input in = { data, size };
	size_t n;

	memset(&m, 0, sizeof(m));
	ops.resume = fuzz_resume;
	hwi_smmuv3_config_init(&cfg);
	cfg.caches = (struct hwi_smmuv3_caches){ 8, 8, 8, 8, 8, 8, 8, 8 };
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_STALL_MAX, cfg.idr5, 4);
	cfg.cmdqv = (struct hwi_smmuv3_cmdqv){ true, 1, 1, 1 };
	if (hwi_smmuv3_create(&cfg, &ops, &m, &m.unit) != HWI_OK)
		abort();
	get_busy(&m);
	n = hwi_save_size(m.unit);
	if (n > sizeof(state) || hwi_save(m.unit, state, sizeof(state)) != HWI_OK)
		abort();
	if (size && data[0] & 1) {
		/* Damage a good state: pairs of an offset and a byte. */
		(void)fuzz_take(&in, 1);
		while (in.left) {
			size_t at = (size_t)fuzz_take(&in, 2) % n;

			state[at] = (unsigned char)fuzz_take(&in, 1);
		}
		(void)hwi_restore(m.unit, state, n);
	} else {
		(void)hwi_restore(m.unit, data, size);
	}
	use(&m);
	n = hwi_save_size(m.unit);
	if (n > sizeof(state) || hwi_save(m.unit, state, sizeof(state)) != HWI_OK)
		abort();
	if (hwi_restore(m.unit, state, n) != HWI_OK)
		abort();
	hwi_destroy(m.unit);
	return 0;
}

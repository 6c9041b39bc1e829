/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A saved state is untrusted: any bytes are refused with a clear status or give
 * a unit that goes on working.
 */
#include <stdlib.h>

#include "hwiommu/vtd.h"
#include "machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_machine m;
	static unsigned char state[1u << 20];
	struct hwi_vtd_config cfg;
	struct fuzz_input in = { data, size };
	struct hwi_request req = { .pasid = HWI_PASID_NONE, .access = HWI_READ, .length = 8 };
	struct hwi_response resp;
	size_t n;

	memset(&m, 0, sizeof(m));
	hwi_vtd_config_init(&cfg);
	cfg.caches = (struct hwi_vtd_caches){ 8, 8, 8, 8, 8, 8 };
	if (hwi_vtd_create(&cfg, &fuzz_host, &m, &m.unit) != HWI_OK)
		abort();
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
	for (unsigned int i = 0; i < 8; i++) {
		req.requester = i << 8;
		req.addr = hwi_iova((uint64_t)i << 12);
		if (hwi_translate(m.unit, &req, &resp) != HWI_OK)
			abort();
	}
	(void)hwi_step(m.unit, 64);
	n = hwi_save_size(m.unit);
	if (n > sizeof(state) || hwi_save(m.unit, state, sizeof(state)) != HWI_OK)
		abort();
	hwi_destroy(m.unit);
	return 0;
}

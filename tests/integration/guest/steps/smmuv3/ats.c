// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A user's stage 1 and translations that the device holds: EATS of the virtual STE, ATC_INV through the virtual SMMU. */
#include "vsmmu.h"

void step_smmuv3_ats_nested(void)
{
	struct engine *e = engine_get(0);
	uint64_t *a, *b, invs, entry;
	struct vsmmu n;

	need_nesting();
	vsmmu_init(&n, e, 12, 2 * SZ_4K);
	a = (void *)n.data;
	b = (void *)(n.data + SZ_4K);
	stage1_map(&n.s1, VA_DATA, GPA_DATA, 3, S1_RW_PAGE);
	attach_nested(&n, vste_s1(0, 0, true));
	need_ats(e);
	dma_write8(e, VA_DATA, AT_ATC, 1);
	want_eq(*a, 1);
	stage1_map(&n.s1, VA_DATA, GPA_DATA + SZ_4K, 3, S1_RW_PAGE);
	dma_write8(e, VA_DATA, AT_ATC, 2);
	want(*a == 2 && !*b, "before any invalidation: %llu, %llu", (unsigned long long)*a, (unsigned long long)*b);
	/* The unit's own caches are not the device's. */
	vsmmu_invalidate_one(&n, cmd_tlbi_nh_va(ASID, VA_DATA, true));
	dma_write8(e, VA_DATA, AT_ATC, 3);
	want(*a == 3 && !*b, "after TLBI_NH_VA alone: %llu, %llu", (unsigned long long)*a, (unsigned long long)*b);
	invs = er64(e, HWDMA_ATC_INVS);
	vsmmu_invalidate_one(&n, cmd_atc_inv(VSID, NO_PASID, VA_DATA, 0));
	invs = er64(e, HWDMA_ATC_INVS) - invs;
	want_eq(invs, 1);
	want(!atc_holds(e, VA_DATA, 0, &entry), "the ATC still holds %#llx", (unsigned long long)entry);
	dma_write8(e, VA_DATA, AT_ATC, 4);
	want(*a == 3 && *b == 4, "after ATC_INV: %llu, %llu", (unsigned long long)*a, (unsigned long long)*b);

	/* Without EATS the device gets no translations. */
	attach_nested(&n, vste_s1(0, 0, false));
	want(!(er32(e, HWDMA_STATUS) & HWDMA_STATUS_ATS), "ATS is on under EATS = 0");
	dma_write8(e, VA_DATA, 0, 5);
	want_eq(*b, 5);
	show("user's table changed: the device goes on with its copy after TLBI_NH_VA, until ATC_INV by the virtual StreamID; EATS = 0 turns ATS off");
}

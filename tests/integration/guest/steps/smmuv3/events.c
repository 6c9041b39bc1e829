// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Events of a user's stage 1 in the virtual event queue; those of stage 2 are the kernel's and in its log. */
#include <string.h>

#include "vsmmu.h"

/* Every fault that a stage-1 table can make, read and written, with and without a right: each field of each record */
void step_smmuv3_vevents(void)
{
	enum { HOLE, RO_PAGE, NO_AF, FAR, PRIV_PAGE, HIGH_HALF };
	static const char *const names[] = { "hole", "read-only page", "AF = 0", "address beyond IPS", "privileged page",
					     "half without a table" };
	static const unsigned int codes[] = { F_TRANSLATION, F_PERMISSION, F_ACCESS, F_ADDR_SIZE, F_PERMISSION,
					      F_TRANSLATION };
	struct engine *e = engine_get(0);
	const unsigned int oas = IDR5_OAS(smmuv3.idr[5]);
	unsigned int seen = 0, skipped = 0;
	struct vsmmu n;
	uint64_t v;
	int fd;

	need_nesting();
	vsmmu_init(&n, e, 12, SZ_4K);
	veventq_alloc(n.viommu, IOMMU_VEVENTQ_TYPE_ARM_SMMUV3, 64, &fd);
	/* IPS of 36 bits (1), so that a descriptor can name too high an address */
	cd_write(n.cd[0], &n.s1, ASID, oas > 1 ? 1 : oas, 0);
	stage1_map(&n.s1, VA_DATA, GPA_DATA, 3, S1_RW_PAGE);
	stage1_map(&n.s1, VA_DATA + RO_PAGE * SZ_4K, GPA_DATA, 3, S1_RW_PAGE | S1_RO);
	stage1_map(&n.s1, VA_DATA + NO_AF * SZ_4K, GPA_DATA, 3, S1_RW_PAGE & ~S1_AF);
	stage1_map(&n.s1, VA_DATA + FAR * SZ_4K, 1ull << 40, 3, S1_RW_PAGE);
	stage1_map(&n.s1, VA_DATA + PRIV_PAGE * SZ_4K, GPA_DATA, 3, S1_RW_PAGE & ~S1_UNPRIV);
	*stage1_entry(&n.s1, VA_DATA, 3) = 0;
	attach_nested(&n, vste_s1(0, 0, false));
	for (unsigned int i = 0; i < 2 * ARRAY_SIZE(codes); i++) {
		unsigned int kind = i / 2, err;
		bool write = i & 1;
		uint64_t va = kind == HIGH_HALF ? 0xffff800000001238ull : VA_DATA + kind * SZ_4K + 0x230 + 8 * i;

		if (kind == RO_PAGE && !write) {
			want_eq(try_read8(e, va, 0, &v), HWDMA_ERR_NONE);
			continue;
		}
		if (kind == FAR && oas <= 1) {
			skipped++;
			continue;
		}
		err = write ? try_write8(e, va, 0, 1) : try_read8(e, va, 0, &v);
		want(err == HWDMA_ERR_UNMAPPED || err == HWDMA_ERR_NO_PERMISSION, "%s: %s", names[kind],
		     engine_error(err));
		next_vevent(fd, seen, &(struct event){
			.code = codes[kind], .sid = VSID, .pasid = NO_PASID, .write = write, .class = CLASS_IN,
			.addr = va,
		});
		seen++;
	}
	want_eq(*(uint64_t *)n.data, 0);
	show("F_TRANSLATION, F_PERMISSION, F_ACCESS, F_ADDR_SIZE of reads and writes: %u records in order, every field compared, with the virtual StreamID%s",
	     seen, skipped ? " (OAS too small for F_ADDR_SIZE)" : "");
}

/* A descriptor with A = 0: what faults ends in silence, and with R = 0 nobody hears of it either. */
void step_smmuv3_silent(void)
{
	const uint64_t missing = VA_DATA + SZ_4K;
	struct engine *e = engine_get(0);
	struct iommu_vevent_arm_smmuv3 r;
	struct iommufd_vevent_header h;
	struct vsmmu n;
	uint64_t v = 1;
	int fd;

	need_nesting();
	vsmmu_init(&n, e, 12, SZ_4K);
	veventq_alloc(n.viommu, IOMMU_VEVENTQ_TYPE_ARM_SMMUV3, 16, &fd);
	n.cd[0][0] &= ~CD_A;
	stage1_map(&n.s1, VA_DATA, GPA_DATA, 3, S1_RW_PAGE);
	stage1_map(&n.s1, missing, GPA_DATA, 3, S1_RW_PAGE);
	*stage1_entry(&n.s1, missing, 3) = 0;
	attach_nested(&n, vste_s1(0, 0, false));
	dma_write8(e, VA_DATA, 0, 0x77);
	for (unsigned int i = 0; i < 2; i++) {
		want_eq(i ? try_read8(e, missing, 0, &v) : try_write8(e, missing, 0, 5), HWDMA_ERR_NONE);
		next_vevent(fd, i, &(struct event){
			.code = F_TRANSLATION, .sid = VSID, .pasid = NO_PASID, .write = !i, .class = CLASS_IN,
			.addr = missing,
		});
	}
	want_eq(v, 0);
	want_eq(*(uint64_t *)n.data, 0x77);

	n.cd[0][0] &= ~CD_R;
	vsmmu_invalidate_one(&n, cmd_cfgi_cd(VSID, 0, true));
	v = 1;
	want_eq(try_write8(e, missing, 0, 6), HWDMA_ERR_NONE);
	want_eq(try_read8(e, missing, 0, &v), HWDMA_ERR_NONE);
	want_eq(v, 0);
	want(!vevent_read(fd, &h, &r, sizeof(r), 50), "event %#llx, with R = 0", (unsigned long long)r.evt[0]);
	dma_write8(e, VA_DATA, 0, 0x78);
	want_eq(*(uint64_t *)n.data, 0x78);
	show("descriptor with A = 0: a write of a missing page vanishes, a read is zero, neither fails; recorded with R = 1, not with R = 0");
}

/* Stage-2 faults of a nested stream: of the data, of a stage-1 table, of the context descriptor */
void step_smmuv3_stage2_faults(void)
{
	const uint64_t no_gpa = GPA_DATA + SZ_1G;
	struct engine *e = engine_get(0);
	uint32_t sid = smmuv3_sid(&e->dev);
	struct event ev = {
		.code = F_TRANSLATION, .sid = sid, .pasid = NO_PASID, .write = true, .s2 = true,
		.stall = smmuv3_can_stall(&e->dev),
	};
	struct iommu_vevent_arm_smmuv3 v;
	struct iommufd_vevent_header h;
	struct fault f;
	struct vsmmu n;
	struct vste s;
	int fd;

	need_nesting();
	vsmmu_init(&n, e, 12, SZ_4K);
	veventq_alloc(n.viommu, IOMMU_VEVENTQ_TYPE_ARM_SMMUV3, 16, &fd);
	stage1_map(&n.s1, VA_DATA, no_gpa + 0x3000, 3, S1_RW_PAGE);
	stage1_map(&n.s1, VA_DATA + SZ_2M, GPA_DATA, 3, S1_RW_PAGE);
	*stage1_entry(&n.s1, VA_DATA + SZ_2M, 2) = (no_gpa + 0x5000) | S1_VALID | S1_TABLE;
	attach_nested(&n, vste_s1(0, 0, false));

	expect_fault();
	want_refused(try_write8(e, VA_DATA + 0x18, 0, 1), HWDMA_ERR_UNMAPPED, VA_DATA, "data without memory");
	want(fault_next(&f, 1000), "no event in the kernel's log for the data");
	ev.addr = VA_DATA + 0x18;
	ev.class = CLASS_IN;
	ev.ipa = no_gpa + 0x3000;
	want_event(f.record, &ev);

	expect_fault();
	want_refused(try_write8(e, VA_DATA + SZ_2M + 0x20, 0, 1), HWDMA_ERR_UNMAPPED, VA_DATA + SZ_2M,
		     "table without memory");
	want(fault_next(&f, 1000), "no event in the kernel's log for the table");
	ev.addr = VA_DATA + SZ_2M + 0x20;
	ev.class = CLASS_TT;
	ev.ipa = no_gpa + 0x5000 + ((VA_DATA + SZ_2M) >> 12 & 511) * 8;
	want_event(f.record, &ev);

	s = vste_s1(0, 0, false);
	s.w[0] += 0x7000 + SZ_1G;	/* S1ContextPtr */
	attach_nested(&n, s);
	expect_fault();
	want_refused(try_write8(e, VA_DATA + 0x28, 0, 1), HWDMA_ERR_UNMAPPED, VA_DATA, "descriptor without memory");
	want(fault_next(&f, 1000), "no event in the kernel's log for the context descriptor");
	ev.addr = VA_DATA + 0x28;
	ev.class = CLASS_CD;
	ev.ipa = GPA_CDS + SZ_1G + 0x7000;
	want_event(f.record, &ev);
	want(!vevent_read(fd, &h, &v, sizeof(v), 20), "the user is told of the kernel's fault: %#llx",
	     (unsigned long long)v.evt[0]);
	show("data, stage-1 table, context descriptor at GPAs without memory: three stage-2 events in the kernel's log, CLASS IN, TT, CD, each with the IPA; none in the user's queue");
}

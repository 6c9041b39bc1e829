// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tegra241's virtual command queues: a queue in this process's memory and its registers in this process's address space,
 * so that invalidations are commands written to memory and one store, with no call of the kernel.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "mmio.h"
#include "vsmmu.h"

/* A VCMDQ's registers in page 0 of its virtual interface, 0x80 bytes each queue */
#define CONS		0x00	/* [19:0] RD, [30:24] ERR */
#define PROD		0x04
#define CONFIG		0x08	/* [0] EN */
#define STATUS		0x0c	/* [0] EN_OK */
#define GERROR		0x10	/* [0] CMDQ_ERR, toggles */
#define GERRORN		0x14

#define LOG2		6	/* entries of 16 bytes */
#define ENTRIES		(1u << LOG2)
#define GPA_QUEUE	0x0000000050000000ull

struct vcmdq {
	struct vsmmu n;
	volatile uint32_t *reg;
	struct cmd *queue;
	uint32_t prod;		/* index and wrap bit */
};

static void need_cmdqv(void)
{
	engine_get(0);
	if (!smmuv3.cmdqv)
		skip("this machine has no virtual command queues (hwi.cmdqv=on)");
	need_nesting();
}

static uint32_t get(const struct vcmdq *q, unsigned int reg)
{
	uint32_t v = q->reg[reg / 4];

	mmio_after_load();
	return v;
}

static void set(struct vcmdq *q, unsigned int reg, uint32_t v)
{
	mmio_before_store();
	q->reg[reg / 4] = v;
}

static void vcmdq_init(struct vcmdq *q, struct engine *e)
{
	struct iommu_viommu_tegra241_cmdqv v = { 0 };
	uint32_t id;
	int rc;

	memset(q, 0, sizeof(*q));
	vsmmu_init_type(&q->n, e, 12, 4 * SZ_4K, IOMMU_VIOMMU_TYPE_TEGRA241_CMDQV, &v, sizeof(v));
	want_eq(v.out_vintf_mmap_length, SZ_64K);
	q->queue = mem_alloc(host.page);
	ioas_map(q->n.ioas, GPA_QUEUE, q->queue, host.page, RW);
	rc = try_hw_queue_alloc(q->n.viommu, IOMMU_HW_QUEUE_TYPE_TEGRA241_CMDQV, 1, GPA_QUEUE, ENTRIES * sizeof(struct cmd),
				&id);
	want(rc == -EIO, "queue 1 before queue 0: %s", strerror(-rc));
	rc = try_hw_queue_alloc(q->n.viommu, IOMMU_HW_QUEUE_TYPE_TEGRA241_CMDQV, 0, GPA_QUEUE, ENTRIES * sizeof(struct cmd),
				&id);
	want(!rc, "IOMMU_HW_QUEUE_ALLOC: %s", strerror(-rc));
	q->reg = mem_device(iommufd_fd(), v.out_vintf_mmap_offset, v.out_vintf_mmap_length);
	set(q, CONFIG, 1);
	for (unsigned int i = 0; !(get(q, STATUS) & 1); i++) {
		want(i < 1000, "the queue is not enabled: STATUS %#x", get(q, STATUS));
		msleep(1);
	}
	want_eq(get(q, PROD), 0);
	want_eq(get(q, CONS), 0);
}

static void put(struct vcmdq *q, struct cmd c)
{
	q->queue[q->prod & (ENTRIES - 1)] = c;
	q->prod = (q->prod + 1) & (2 * ENTRIES - 1);
}

/* Until everything is consumed, or the queue stops with an error */
static bool run(struct vcmdq *q)
{
	double end = now() + 2;

	set(q, PROD, q->prod);
	while ((get(q, CONS) & 0xfffff) != q->prod) {
		if ((get(q, GERROR) ^ get(q, GERRORN)) & 1)
			return false;
		want(now() < end, "the queue stands still: PROD %#x CONS %#x", get(q, PROD), get(q, CONS));
	}
	return true;
}

static void invalidate(struct vcmdq *q, struct cmd c)
{
	put(q, c);
	put(q, cmd_sync());
	want(run(q), "the queue stopped: CONS %#x GERROR %#x", get(q, CONS), get(q, GERROR));
}

void step_smmuv3_cmdqv_identity(void)
{
	struct engine *e = engine_get(0);
	struct iommu_hw_info_tegra241_cmdqv hw;
	struct iommu_hw_info info;
	int rc;

	need_cmdqv();
	rc = try_hw_info(e->dev.id, IOMMU_HW_INFO_TYPE_TEGRA241_CMDQV, &info, &hw, sizeof(hw));
	want(!rc, "IOMMU_GET_HW_INFO of TEGRA241_CMDQV: %s", strerror(-rc));
	want_eq(info.out_data_type, IOMMU_HW_INFO_TYPE_TEGRA241_CMDQV);
	want_eq(info.data_len, sizeof(hw));
	want_eq(hw.flags, 0);
	want(hw.version == 1, "version %u of the interface", hw.version);
	show("version %u, 2^%u queues and 2^%u StreamIDs for a virtual interface", hw.version, hw.log2vcmdqs, hw.log2vsids);
}

void step_smmuv3_cmdqv_invalidate(void)
{
	struct engine *e = engine_get(0);
	unsigned int rounds = 3 * ENTRIES / 2;	/* two commands a round: three times around the queue */
	uint64_t *page[2], v = 0, entry;
	struct vcmdq q;

	need_cmdqv();
	vcmdq_init(&q, e);
	for (unsigned int i = 0; i < 2; i++)
		page[i] = (void *)(q.n.data + i * SZ_4K);
	stage1_map(&q.n.s1, VA_DATA, GPA_DATA, 3, S1_RW_PAGE);
	attach_nested(&q.n, vste_s1(0, 0, true));
	dma_write8(e, VA_DATA, 0, ++v);
	want_eq(*page[0], v);
	for (unsigned int i = 0, at = 0; i < rounds; i++, at = !at) {
		stage1_map(&q.n.s1, VA_DATA, GPA_DATA + !at * SZ_4K, 3, S1_RW_PAGE);
		dma_write8(e, VA_DATA, 0, ++v);
		want(*page[at] == v, "round %u, before the command: the new page is already seen", i);
		invalidate(&q, i & 1 ? cmd_tlbi_nh_asid(ASID) : cmd_tlbi_nh_va(ASID, VA_DATA, true));
		dma_write8(e, VA_DATA, 0, ++v);
		want(*page[!at] == v, "round %u, after the command: still the old page", i);
	}
	need_ats(e);
	dma_write8(e, VA_DATA, AT_ATC, ++v);
	want(atc_holds(e, VA_DATA, 0, &entry), "the ATC does not hold %#llx", VA_DATA);
	invalidate(&q, cmd_atc_inv(VSID, NO_PASID, VA_DATA, 0));
	want(!atc_holds(e, VA_DATA, 0, &entry), "the ATC still holds %#llx", (unsigned long long)entry);
	show("%u times a stage-1 entry changed, TLBI_NH_VA or TLBI_NH_ASID and CMD_SYNC written to a queue of this process: old page before, new page after, no system call; ATC_INV by the virtual StreamID reaches the device",
	     rounds);
}

/* A command that the owner of a virtual queue may not give: the queue stops there, its owner is told and goes on. */
void step_smmuv3_cmdqv_error(void)
{
	struct engine *e = engine_get(0);
	struct iommu_vevent_tegra241_cmdqv map;
	struct iommufd_vevent_header h;
	struct vcmdq q;
	int fd;

	need_cmdqv();
	vcmdq_init(&q, e);
	veventq_alloc(q.n.viommu, IOMMU_VEVENTQ_TYPE_TEGRA241_CMDQV, 16, &fd);
	invalidate(&q, cmd_tlbi_nh_asid(ASID));
	put(&q, cmd_tlbi_nsnh_all());
	put(&q, cmd_sync());
	want(!run(&q), "TLBI_NSNH_ALL passes in a virtual queue");
	want_eq(get(&q, CONS) & 0xfffff, 2);	/* at the command */
	want(get(&q, CONS) >> 24 & 0x7f, "no error code: CONS %#x", get(&q, CONS));
	want(vevent_read(fd, &h, &map, sizeof(map), 2000), "no event of the virtual queue");
	want_eq(map.lvcmdq_err_map[0], 1);
	want_eq(map.lvcmdq_err_map[1], 0);
	q.queue[2] = cmd_sync();
	set(&q, GERRORN, get(&q, GERROR));
	want(run(&q), "after the error: CONS %#x GERROR %#x", get(&q, CONS), get(&q, GERROR));
	invalidate(&q, cmd_tlbi_nh_asid(ASID));
	want(!vevent_read(fd, &h, &map, sizeof(map), 20), "another event of the virtual queue");
	show("TLBI_NSNH_ALL stops a virtual queue at the command, GERROR and the event queue tell of queue 0; replaced and acknowledged, it goes on");
}

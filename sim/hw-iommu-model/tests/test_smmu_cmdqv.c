/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tegra241 CMDQV: registers, virtual interfaces, queues of guests and of the host, errors. */
#include "smmu_bench.h"

#include "hwiommu/bits.h"

#define AT(off) (HWI_SMMUV3_CMDQV_OFFSET + (off))
#define ALLOC(vintf, l)                                                       \
	(CMDQV_CMDQ_ALLOC_ALLOCATED | HWI_PUT32(CMDQV_CMDQ_ALLOC_VINTF, vintf) | \
	 HWI_PUT32(CMDQV_CMDQ_ALLOC_LVCMDQ, l))
#define SYNC_IRQ (SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_IRQ))

/* A unit with 8 VCMDQs, 4 VINTFs, 4 StreamIDs each; the SMMU itself is started. */
static int setup(void **state)
{
	struct hwi_smmuv3_config cfg;
	int res = sb_setup(state);

	if (res)
		return res;
	sb_config(&cfg);
	cfg.cmdqv = (struct hwi_smmuv3_cmdqv){ .present = true, .vcmdqs_log2 = 3,
					       .vintfs_log2 = 2, .sids_log2 = 2 };
	sb_remake(*state, &cfg);
	sb_start(*state);
	return 0;
}

static uint32_t rd(struct smmu_bench *b, uint64_t off)
{
	return sb_read(b, AT(off));
}

static void wr(struct smmu_bench *b, uint64_t off, uint32_t val)
{
	sb_write(b, AT(off), val);
}

/* A VCMDQ that the test fills, by the offsets of its two slots. */
struct vq {
	uint64_t page0, page1;
	uint64_t ring;
	uint32_t at;
};

#define VQ_LOG2 4u

/* As Linux does it: reset, BASE, EN. */
static struct vq start_queue(struct smmu_bench *b, uint64_t page0, uint64_t page1)
{
	struct vq q = { .page0 = page0, .page1 = page1, .ring = sb_alloc(b, 1) };

	wr(b, page0 + VCMDQ_CONFIG, 0);
	wr(b, page0 + VCMDQ_PROD, 0);
	wr(b, page0 + VCMDQ_CONS, 0);
	sb_write64(b, AT(page1 + VCMDQ_BASE), q.ring | VQ_LOG2);
	sb_write64(b, AT(page1 + VCMDQ_CONS_INDX_BASE), 0);
	wr(b, page0 + VCMDQ_CONFIG, VCMDQ_CONFIG_EN);
	return q;
}

/* Global VCMDQ @n as logical queue @l of a VINTF, used through the VINTF's pages. */
static struct vq guest_queue(struct smmu_bench *b, unsigned int n, unsigned int vintf,
			     unsigned int l)
{
	struct vq q;

	wr(b, CMDQV_REG_CMDQ_ALLOC(n), ALLOC(vintf, l));
	q = start_queue(b, CMDQV_VINTF_LVCMDQ_PAGE0(vintf, l), CMDQV_VINTF_LVCMDQ_PAGE1(vintf, l));
	assert_int_equal(rd(b, q.page0 + VCMDQ_STATUS), VCMDQ_STATUS_ENABLED);
	return q;
}

static void vintf(struct smmu_bench *b, unsigned int v, uint16_t vmid, bool hyp_own)
{
	uint32_t config = HWI_PUT32(VINTF_CONFIG_VMID, vmid) | (hyp_own ? VINTF_CONFIG_HYP_OWN : 0);

	wr(b, CMDQV_VINTF(v) + VINTF_CONFIG, config);
	wr(b, CMDQV_VINTF(v) + VINTF_CONFIG, config | VINTF_CONFIG_EN);
	assert_true(rd(b, CMDQV_VINTF(v) + VINTF_STATUS) & VINTF_STATUS_ENABLED);
}

static uint64_t put(struct smmu_bench *b, struct vq *q, uint64_t q0, uint64_t q1)
{
	uint64_t at = q->ring + 16 * (uint64_t)(q->at & ((1u << VQ_LOG2) - 1));

	sb_w64(b, at, q0);
	sb_w64(b, at + 8, q1);
	q->at = (q->at + 1) & ((2u << VQ_LOG2) - 1);
	wr(b, q->page0 + VCMDQ_PROD, q->at);
	return at;
}

static bool empty(struct smmu_bench *b, const struct vq *q)
{
	return (rd(b, q->page0 + VCMDQ_CONS) & VCMDQ_CONS_RD) == q->at;
}

/* CONS.ERR if the queue has an active error. */
static uint32_t error(struct smmu_bench *b, const struct vq *q)
{
	if (rd(b, q->page0 + VCMDQ_GERROR) == rd(b, q->page0 + VCMDQ_GERRORN))
		return SMMU_CERROR_NONE;
	return HWI_GET32(VCMDQ_CONS_ERR, rd(b, q->page0 + VCMDQ_CONS));
}

static void ack(struct smmu_bench *b, const struct vq *q)
{
	wr(b, q->page0 + VCMDQ_GERRORN, rd(b, q->page0 + VCMDQ_GERROR));
}

/* One command through a queue; its error, which is then corrected and acknowledged. */
static uint32_t try(struct smmu_bench *b, struct vq *q, uint64_t q0, uint64_t q1)
{
	uint64_t at = put(b, q, q0, q1);
	uint32_t err;

	(void)sb_run(b);
	err = error(b, q);
	if (err) {
		sb_w64(b, at, SMMU_CMD_SYNC);
		sb_w64(b, at + 8, 0);
		ack(b, q);
		(void)sb_run(b);
	}
	assert_int_equal(error(b, q), SMMU_CERROR_NONE);
	assert_true(empty(b, q));
	return err;
}

static void parameters_and_enable(void **state)
{
	struct smmu_bench *b = *state;

	assert_int_equal(rd(b, CMDQV_REG_CONFIG), 0x00020403);
	assert_int_equal(rd(b, CMDQV_REG_PARAM), 0x2231);
	assert_int_equal(rd(b, CMDQV_REG_STATUS), CMDQV_STATUS_ENABLED);
	wr(b, CMDQV_REG_CONFIG, 0);
	assert_int_equal(rd(b, CMDQV_REG_STATUS), 0);
	wr(b, CMDQV_REG_CONFIG, UINT32_MAX); /* no CONS_DRAM_EN */
	assert_int_equal(rd(b, CMDQV_REG_CONFIG), 0x000fffff);
	assert_int_equal(rd(b, CMDQV_REG_STATUS), CMDQV_STATUS_ENABLED);
	/* Read only. */
	wr(b, CMDQV_REG_PARAM, UINT32_MAX);
	wr(b, CMDQV_REG_STATUS, 0);
	assert_int_equal(rd(b, CMDQV_REG_PARAM), 0x2231);
	assert_int_equal(rd(b, CMDQV_REG_STATUS), CMDQV_STATUS_ENABLED);
}

static void registers_have_their_fields(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int n = 0; n < 10; n++) {
		wr(b, CMDQV_REG_CMDQ_ALLOC(n), UINT32_MAX);
		assert_int_equal(rd(b, CMDQV_REG_CMDQ_ALLOC(n)), n < 8 ? 0x1f80ff : 0);
		wr(b, CMDQV_REG_CMDQ_ALLOC(n), 0);
	}
	for (unsigned int v = 0; v < 6; v++) {
		wr(b, CMDQV_VINTF(v) + VINTF_CONFIG, UINT32_MAX);
		assert_int_equal(rd(b, CMDQV_VINTF(v) + VINTF_CONFIG), v < 4 ? 0x3ffff : 0);
		for (unsigned int i = 0; i < 6; i++) {
			wr(b, CMDQV_VINTF(v) + VINTF_SID_MATCH(i), UINT32_MAX);
			wr(b, CMDQV_VINTF(v) + VINTF_SID_REPLACE(i), UINT32_MAX);
			assert_int_equal(rd(b, CMDQV_VINTF(v) + VINTF_SID_MATCH(i)),
					 v < 4 && i < 4 ? 0x1fffff : 0);
			assert_int_equal(rd(b, CMDQV_VINTF(v) + VINTF_SID_REPLACE(i)),
					 v < 4 && i < 4 ? 0xfffff : 0);
		}
	}
	for (unsigned int m = 0; m < 2; m++) {
		wr(b, CMDQV_REG_VINTF_INT_MASK(m), UINT32_MAX);
		assert_int_equal(rd(b, CMDQV_REG_VINTF_INT_MASK(m)), UINT32_MAX);
	}
	/* BASE whole and by halves. */
	sb_write64(b, AT(CMDQV_VCMDQ_PAGE1(3) + VCMDQ_BASE), ~UINT64_C(0));
	assert_true(sb_read64(b, AT(CMDQV_VCMDQ_PAGE1(3) + VCMDQ_BASE)) == HWI_MASK64(47, 0));
	wr(b, CMDQV_VCMDQ_PAGE1(3) + VCMDQ_BASE + 4, 0x1234);
	assert_true(sb_read64(b, AT(CMDQV_VCMDQ_PAGE1(3) + VCMDQ_BASE)) ==
		    UINT64_C(0x1234ffffffff));
	wr(b, CMDQV_VCMDQ_PAGE1(3) + VCMDQ_BASE, 0x56780004);
	assert_int_equal(rd(b, CMDQV_VCMDQ_PAGE1(3) + VCMDQ_BASE), 0x56780004);
	/* 64 bits over two registers of 32, odd sizes, nothing there. */
	assert_int_equal(sb_read64(b, AT(CMDQV_REG_CONFIG)), 0);
	assert_int_equal(hwi_mmio_read(b->unit, AT(CMDQV_REG_CONFIG), 2), 0);
	assert_int_equal(hwi_mmio_read(b->unit, AT(CMDQV_REG_CONFIG) + 2, 4), 0);
	hwi_mmio_write(b->unit, AT(CMDQV_REG_VINTF_INT_MASK(0)), 2, 0);
	hwi_mmio_write(b->unit, AT(CMDQV_REG_VINTF_INT_MASK(0)) + 2, 4, 0);
	sb_write64(b, AT(CMDQV_REG_VINTF_INT_MASK(0)), 0);
	assert_int_equal(rd(b, CMDQV_REG_VINTF_INT_MASK(0)), UINT32_MAX);
	assert_int_equal(rd(b, HWI_SMMUV3_CMDQV_SIZE), 0);
	assert_int_equal(rd(b, CMDQV_VCMDQ_PAGE0(8)), 0);
	wr(b, CMDQV_VCMDQ_PAGE0(8) + VCMDQ_PROD, 1);
	/* A unit without CMDQV has none of it. */
	sb_remake(b, NULL);
	wr(b, CMDQV_REG_CONFIG, 1);
	assert_int_equal(rd(b, CMDQV_REG_PARAM), 0);
}

/* A VINTF's pages show the queues allocated to it, by their logical numbers. */
static void logical_queues_are_aliases(void **state)
{
	struct smmu_bench *b = *state;

	wr(b, CMDQV_REG_CMDQ_ALLOC(5), ALLOC(2, 1));
	wr(b, CMDQV_VCMDQ_PAGE0(5) + VCMDQ_PROD, 0x55);
	assert_int_equal(rd(b, CMDQV_VINTF_LVCMDQ_PAGE0(2, 1) + VCMDQ_PROD), 0x55);
	wr(b, CMDQV_VINTF_LVCMDQ_PAGE0(2, 1) + VCMDQ_PROD, 0x66);
	assert_int_equal(rd(b, CMDQV_VCMDQ_PAGE0(5) + VCMDQ_PROD), 0x66);
	sb_write64(b, AT(CMDQV_VINTF_LVCMDQ_PAGE1(2, 1) + VCMDQ_BASE), 0x12340000);
	assert_int_equal(sb_read64(b, AT(CMDQV_VCMDQ_PAGE1(5) + VCMDQ_BASE)), 0x12340000);
	assert_int_equal(HWI_GET32(VINTF_STATUS_NUM_LVCMDQ, rd(b, CMDQV_VINTF(2) + VINTF_STATUS)), 1);
	/* Not under another number, not in another VINTF, not once it is taken away. */
	wr(b, CMDQV_VINTF_LVCMDQ_PAGE0(2, 0) + VCMDQ_PROD, 0x77);
	wr(b, CMDQV_VINTF_LVCMDQ_PAGE0(1, 1) + VCMDQ_PROD, 0x77);
	assert_int_equal(rd(b, CMDQV_VINTF_LVCMDQ_PAGE0(2, 0) + VCMDQ_PROD), 0);
	wr(b, CMDQV_REG_CMDQ_ALLOC(5), ALLOC(2, 1) & ~CMDQV_CMDQ_ALLOC_ALLOCATED);
	wr(b, CMDQV_VINTF_LVCMDQ_PAGE0(2, 1) + VCMDQ_PROD, 0x77);
	assert_int_equal(rd(b, CMDQV_VINTF_LVCMDQ_PAGE0(2, 1) + VCMDQ_PROD), 0);
	assert_int_equal(rd(b, CMDQV_VCMDQ_PAGE0(5) + VCMDQ_PROD), 0x66);
}

/* The unit, the VINTF and the queue must be enabled, and the queue allocated. */
static void all_enables_are_needed(void **state)
{
	struct smmu_bench *b = *state;
	struct vq q;

	vintf(b, 1, 0, true);
	q = guest_queue(b, 2, 1, 0);
	for (unsigned int i = 0; i < 4; i++) {
		/* Take one away: STATUS follows, nothing runs. */
		if (i == 0)
			wr(b, CMDQV_REG_CONFIG, 0);
		else if (i == 1)
			wr(b, CMDQV_VINTF(1) + VINTF_CONFIG, VINTF_CONFIG_HYP_OWN);
		else if (i == 2)
			wr(b, CMDQV_VCMDQ_PAGE0(2) + VCMDQ_CONFIG, 0);
		else
			wr(b, CMDQV_REG_CMDQ_ALLOC(2), 0);
		q.page0 = CMDQV_VCMDQ_PAGE0(2);
		assert_int_equal(rd(b, q.page0 + VCMDQ_STATUS), 0);
		(void)put(b, &q, SMMU_CMD_SYNC, 0);
		assert_false(hwi_pending(b->unit));
		assert_int_equal(sb_run(b), 0);
		wr(b, CMDQV_REG_CONFIG, CMDQV_CONFIG_EN);
		wr(b, CMDQV_VINTF(1) + VINTF_CONFIG, VINTF_CONFIG_HYP_OWN | VINTF_CONFIG_EN);
		wr(b, CMDQV_REG_CMDQ_ALLOC(2), ALLOC(1, 0));
		wr(b, q.page0 + VCMDQ_CONFIG, VCMDQ_CONFIG_EN);
		assert_true(hwi_pending(b->unit));
		assert_int_equal(sb_run(b), 1);
		assert_true(empty(b, &q));
	}
	/* Allocated to a VINTF that there is not: to none. */
	wr(b, CMDQV_REG_CMDQ_ALLOC(2), ALLOC(4, 0));
	assert_int_equal(rd(b, q.page0 + VCMDQ_STATUS), 0);
	(void)put(b, &q, SMMU_CMD_SYNC, 0);
	assert_int_equal(sb_run(b), 0);
	wr(b, CMDQV_REG_CMDQ_ALLOC(2), ALLOC(1, 0));
	assert_int_equal(sb_run(b), 1);
	/* CONS and BASE are the unit's meanwhile. */
	wr(b, q.page0 + VCMDQ_CONS, 9);
	assert_true(empty(b, &q));
	sb_write64(b, AT(CMDQV_VCMDQ_PAGE1(2) + VCMDQ_BASE), 0);
	assert_int_equal(sb_read64(b, AT(CMDQV_VCMDQ_PAGE1(2) + VCMDQ_BASE)), q.ring | VQ_LOG2);
}

/* HYP_OWN=1: every command of the SMMU's own queue. */
static void the_hypervisors_queue_takes_everything(void **state)
{
	static const uint8_t legal[] = {
		0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x20, 0x21,
		0x22, 0x23, 0x28, 0x2a, 0x30, 0x40, 0x41, 0x44, 0x45, 0x46,
	};
	struct smmu_bench *b = *state;
	struct vq q;

	vintf(b, 0, 0, true);
	q = guest_queue(b, 0, 0, 0);
	b->no_such_function = true;
	for (unsigned int op = 0; op < 256; op++) {
		bool ok = memchr(legal, (int)op, sizeof(legal)) != NULL;

		assert_int_equal(try(b, &q, op, 0), ok ? SMMU_CERROR_NONE : SMMU_CERROR_ILL);
	}
	assert_int_equal(try(b, &q, SYNC_IRQ, SB_DOORBELL), SMMU_CERROR_NONE);
	assert_int_equal(b->msis, 1);
	assert_int_equal(sb_gerror(b), 0); /* its errors are not the SMMU's */
}

/* HYP_OWN=0: NH_ASID, NH_VA, ATC_INV of a known StreamID, a SYNC that signals nothing. */
static void a_guests_queue_is_restricted(void **state)
{
	static const uint8_t legal[] = { 0x11, 0x12, 0x46 };
	static const uint8_t others[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x13, 0x20,
					  0x21, 0x22, 0x23, 0x28, 0x2a, 0x30, 0x40, 0x41, 0x44,
					  0x45 };
	struct smmu_bench *b = *state;
	struct vq q;

	vintf(b, 1, 5, false);
	q = guest_queue(b, 2, 1, 0);
	for (unsigned int op = 0; op < 256; op++) {
		uint32_t want = SMMU_CERROR_ILL;

		if (memchr(legal, (int)op, sizeof(legal)))
			want = SMMU_CERROR_NONE;
		else if (memchr(others, (int)op, sizeof(others)))
			want = VCMDQ_CERROR_ILL_ACCESS;
		assert_int_equal(try(b, &q, op, 0), want);
	}
	/* A message would write to the host's memory. */
	assert_int_equal(try(b, &q, SYNC_IRQ, SB_DOORBELL), VCMDQ_CERROR_ILL_ACCESS);
	assert_int_equal(b->msis, 0);
}

/* StreamIDs of a guest are matched and replaced. */
static void guests_streams_are_translated(void **state)
{
	struct smmu_bench *b = *state;
	struct vq q;

	vintf(b, 1, 5, false);
	q = guest_queue(b, 2, 1, 0);
	wr(b, CMDQV_VINTF(1) + VINTF_SID_MATCH(0), HWI_PUT32(VINTF_SID_MATCH_VIRT_SID, 8));
	wr(b, CMDQV_VINTF(1) + VINTF_SID_REPLACE(0), 0x700);
	wr(b, CMDQV_VINTF(1) + VINTF_SID_MATCH(3),
	   HWI_PUT32(VINTF_SID_MATCH_VIRT_SID, 8) | VINTF_SID_MATCH_ENABLE);
	wr(b, CMDQV_VINTF(1) + VINTF_SID_REPLACE(3), 0x810);
	assert_int_equal(try(b, &q, SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, 8), 52),
			 SMMU_CERROR_NONE);
	assert_int_equal(b->atss, 1);
	assert_int_equal(b->ats[0].requester, 0x810); /* entry 0 is not enabled */
	hwi_ats_complete(b->unit, 0x810, HWI_BIT32(b->ats[0].itag), 1);
	assert_int_equal(try(b, &q, SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, 9), 52),
			 VCMDQ_CERROR_ILL_ACCESS);
	assert_int_equal(b->atss, 1);
	/* The host's queue means physical ones. */
	vintf(b, 0, 0, true);
	q = guest_queue(b, 0, 0, 0);
	assert_int_equal(try(b, &q, SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, 9), 52),
			 SMMU_CERROR_NONE);
	assert_int_equal(b->ats[1].requester, 9);
}

/* The VMID of a guest's invalidation is the VINTF's, whatever the command says. */
static void guests_vmid_is_the_vintfs(void **state)
{
	struct smmu_bench *b = *state;
	struct vq q;

	vintf(b, 1, 0x1234, false);
	q = guest_queue(b, 2, 1, 0);
	sb_clear_logs(b);
	assert_int_equal(try(b, &q, SMMU_CMD_TLBI_NH_ASID | HWI_PUT(SMMU_CMD0_VMID, 7), 0),
			 SMMU_CERROR_NONE);
	assert_int_equal(b->invals, 1);
	assert_int_equal(b->inval[0].domain, 0x1234);
	vintf(b, 0, 0, true);
	q = guest_queue(b, 0, 0, 0);
	assert_int_equal(try(b, &q, SMMU_CMD_TLBI_NH_ASID | HWI_PUT(SMMU_CMD0_VMID, 7), 0),
			 SMMU_CERROR_NONE);
	assert_int_equal(b->inval[1].domain, 7);
}

/* Maps show what is not acknowledged; an edge for each error unless it is masked. */
static void errors_show_in_maps_and_interrupt(void **state)
{
	struct smmu_bench *b = *state;
	struct vq q, r;
	uint64_t at;

	vintf(b, 3, 5, false);
	q = guest_queue(b, 2, 3, 0);
	r = guest_queue(b, 6, 3, 127);
	at = put(b, &q, 0, 0);
	(void)sb_run(b);
	assert_int_equal(error(b, &q), SMMU_CERROR_ILL);
	assert_int_equal(rd(b, q.page0 + VCMDQ_GERROR), VCMDQ_GERROR_CMDQ_ERR);
	assert_int_equal(rd(b, CMDQV_REG_VINTF_ERR_MAP(0)), HWI_BIT32(3));
	assert_int_equal(rd(b, CMDQV_REG_VINTF_ERR_MAP(1)), 0);
	assert_int_equal(rd(b, CMDQV_REG_CMDQ_ERR_MAP(0)), HWI_BIT32(2));
	assert_int_equal(rd(b, CMDQV_VINTF(3) + VINTF_LVCMDQ_ERR_MAP(0)), 1);
	assert_int_equal(HWI_GET32(VINTF_STATUS_STATUS, rd(b, CMDQV_VINTF(3) + VINTF_STATUS)),
			 VINTF_STATUS_VCMDQ_ERROR);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMDQV], 1);
	/* Another queue of the same VINTF: a new edge. */
	(void)put(b, &r, 0, 0);
	(void)sb_run(b);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMDQV], 2);
	assert_true(sb_read64(b, AT(CMDQV_VINTF(3) + VINTF_LVCMDQ_ERR_MAP(0))) == 1);
	assert_true(sb_read64(b, AT(CMDQV_VINTF(3) + VINTF_LVCMDQ_ERR_MAP(2))) == HWI_BIT64(63));
	assert_int_equal(rd(b, CMDQV_REG_CMDQ_ERR_MAP(0)), HWI_BIT32(2) | HWI_BIT32(6));
	/* The queue stands until it is acknowledged; the map clears with it. */
	(void)put(b, &q, SMMU_CMD_SYNC, 0);
	assert_int_equal(sb_run(b), 0);
	sb_w64(b, at, SMMU_CMD_SYNC);
	ack(b, &q);
	assert_int_equal(rd(b, CMDQV_REG_CMDQ_ERR_MAP(0)), HWI_BIT32(6));
	assert_int_equal(sb_run(b), 2);
	assert_true(empty(b, &q));
	/* Masked: no edge, but the maps. */
	wr(b, CMDQV_REG_VINTF_INT_MASK(0), HWI_BIT32(3));
	(void)put(b, &q, 0, 0);
	(void)sb_run(b);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_CMDQV], 2);
	assert_int_equal(rd(b, CMDQV_REG_CMDQ_ERR_MAP(0)), HWI_BIT32(2) | HWI_BIT32(6));
	/* The SMMU's own queue goes on meanwhile. */
	sb_sync(b);
}

static void fetch_abort(void **state)
{
	struct smmu_bench *b = *state;
	struct vq q;

	vintf(b, 0, 0, true);
	q = guest_queue(b, 0, 0, 0);
	sb_fail_read(b, q.ring, 16);
	(void)put(b, &q, SMMU_CMD_SYNC, 0);
	(void)sb_run(b);
	assert_int_equal(error(b, &q), SMMU_CERROR_ABT);
	sb_heal(b);
	ack(b, &q);
	(void)sb_run(b);
	assert_true(empty(b, &q));
}

/* A CMD_SYNC covers its own queue: neither the others' ATCs nor their time-outs. */
static void syncs_are_the_queues_own(void **state)
{
	struct smmu_bench *b = *state;
	struct vq q, r;

	vintf(b, 0, 0, true);
	q = guest_queue(b, 0, 0, 0);
	r = guest_queue(b, 1, 0, 1);
	(void)put(b, &q, SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, 1), 52);
	(void)put(b, &q, SMMU_CMD_SYNC, 0);
	(void)put(b, &r, SMMU_CMD_SYNC, 0);
	(void)sb_submit(b, SMMU_CMD_SYNC, 0);
	(void)sb_run(b);
	assert_false(empty(b, &q));
	assert_true(empty(b, &r));
	assert_true(sb_cmdq_empty(b));
	hwi_ats_timeout(b->unit, 1);
	(void)sb_run(b);
	assert_int_equal(error(b, &q), SMMU_CERROR_ATC_INV_SYNC);
	assert_int_equal(error(b, &r), SMMU_CERROR_NONE);
	assert_int_equal(sb_gerror(b), 0);
	ack(b, &q);
	(void)sb_run(b);
	assert_true(empty(b, &q));
}

/* A CMD_SYNC of the SMMU's queue settles the time-outs of a queue that was disabled. */
static void next_owner_does_not_meet_a_time_out(void **state)
{
	struct smmu_bench *b = *state;
	struct vq q;

	vintf(b, 1, 5, false);
	wr(b, CMDQV_VINTF(1) + VINTF_SID_MATCH(0), VINTF_SID_MATCH_ENABLE);
	for (unsigned int flushed = 0; flushed < 2; flushed++) {
		q = guest_queue(b, 2, 1, 0);
		(void)put(b, &q, SMMU_CMD_ATC_INV, 52);
		(void)sb_run(b);
		wr(b, q.page0 + VCMDQ_CONFIG, 0);
		if (flushed) {
			(void)sb_submit(b, SMMU_CMD_SYNC, 0);
			(void)sb_run(b);
			assert_false(sb_cmdq_empty(b)); /* it stands in for that queue */
		}
		hwi_ats_timeout(b->unit, UINT32_MAX);
		(void)sb_run(b);
		assert_true(sb_cmdq_empty(b));
		assert_int_equal(sb_gerror(b), 0);
		q = guest_queue(b, 2, 1, 0);
		assert_int_equal(try(b, &q, SMMU_CMD_SYNC, 0),
				 flushed ? SMMU_CERROR_NONE : SMMU_CERROR_ATC_INV_SYNC);
	}
}

/* 32 tags are shared; who finds none waits, whichever queue frees one. */
static void tags_are_shared(void **state)
{
	struct smmu_bench *b = *state;
	struct vq q;

	vintf(b, 0, 0, true);
	q = guest_queue(b, 0, 0, 0);
	for (unsigned int i = 0; i < 32; i++) {
		(void)sb_submit(b, SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, 1), 52);
		(void)sb_run(b);
	}
	(void)put(b, &q, SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, 2), 52);
	(void)sb_submit(b, SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, 1), 52);
	(void)sb_run(b);
	assert_false(empty(b, &q));
	assert_false(sb_cmdq_empty(b));
	assert_int_equal(b->atss, 32);
	hwi_ats_complete(b->unit, 1, HWI_BIT32(0) | HWI_BIT32(31), 1);
	(void)sb_run(b);
	assert_int_equal(b->atss, 34);
	assert_true(empty(b, &q));
	assert_true(sb_cmdq_empty(b));
}

/*
 * Every place of the aperture, with registers and without: what is written where
 * there is no register reads 0, and changes nothing of the SMMU's own.
 */
static void every_offset(void **state)
{
	static const uint32_t pages[] = { 0x00000, 0x10000, 0x20000, 0x30000, 0x40000, 0x50000,
					  0x60000, 0x90000, 0xa0000, 0xb0000, 0x820000 };
	struct smmu_bench *b = *state;
	unsigned int stored = 0;

	wr(b, CMDQV_REG_CMDQ_ALLOC(3), ALLOC(1, 2));
	for (size_t p = 0; p < sizeof(pages) / sizeof(pages[0]); p++) {
		for (uint32_t off = 0; off < CMDQV_PAGE_SIZE; off += 4) {
			uint32_t reg = pages[p] + off;

			/* The allocation is what makes the VINTF's pages be there. */
			if (reg == CMDQV_REG_CMDQ_ALLOC(3))
				continue;
			wr(b, reg, UINT32_MAX);
			stored += rd(b, reg) == UINT32_MAX;
			(void)sb_read64(b, AT(reg));
			sb_write64(b, AT(reg), ~UINT64_C(0));
			wr(b, reg, 0);
		}
	}
	/* VI_INT_MASK twice, low words of BASE of 8 queues and CONS_INDX_BASE, and one by its VINTF. */
	assert_int_equal(stored, 2 + 2 * 8 + 2);
	assert_int_equal(sb_gerror(b), 0);
	sb_sync(b);
}

/* Every queue gets its turn, the SMMU's own too, whatever the others have to do. */
static void queues_take_turns(void **state)
{
	struct smmu_bench *b = *state;
	struct vq q[4];

	vintf(b, 0, 0, true);
	for (unsigned int i = 0; i < 4; i++)
		q[i] = guest_queue(b, i, 0, i);
	for (unsigned int n = 0; n < 4; n++) {
		for (unsigned int i = 0; i < 4; i++)
			(void)put(b, &q[i], SMMU_CMD_TLBI_NSNH_ALL, 0);
		(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	}
	/* Of eight steps four are the SMMU's, and one each of the others'. */
	assert_int_equal(hwi_step(b->unit, 8), 8);
	assert_true(sb_cmdq_empty(b));
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(rd(b, q[i].page0 + VCMDQ_CONS), 1);
	assert_int_equal(sb_run(b), 12);
}

/* Room in a full queue wakes those who wait for it if it is the SMMU's own (§6.3.1), not if it is a VCMDQ. */
/* covers: REG_IDR0 REG_CMDQ_PROD */
static void room_in_a_vcmdq_wakes_nobody(void **state)
{
	struct smmu_bench *b = *state;
	struct vq q;

	vintf(b, 0, 0, true);
	q = guest_queue(b, 0, 0, 0);
	for (unsigned int i = 0; i < 1u << VQ_LOG2; i++)
		(void)put(b, &q, SMMU_CMD_TLBI_NSNH_ALL, 0);
	assert_int_equal(sb_run(b), 1u << VQ_LOG2);
	assert_true(empty(b, &q));
	assert_int_equal(b->sevs, 0);
	for (unsigned int i = 0; i < 1u << b->cmdq.log2; i++)
		(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	(void)sb_run(b);
	assert_int_equal(b->sevs, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(parameters_and_enable),
		TEST(registers_have_their_fields),
		TEST(logical_queues_are_aliases),
		TEST(all_enables_are_needed),
		TEST(the_hypervisors_queue_takes_everything),
		TEST(a_guests_queue_is_restricted),
		TEST(guests_streams_are_translated),
		TEST(guests_vmid_is_the_vintfs),
		TEST(errors_show_in_maps_and_interrupt),
		TEST(fetch_abort),
		TEST(syncs_are_the_queues_own),
		TEST(next_owner_does_not_meet_a_time_out),
		TEST(tags_are_shared),
		TEST(every_offset),
		TEST(queues_take_turns),
		TEST(room_in_a_vcmdq_wakes_nobody),
	};

	return cmocka_run_group_tests_name("smmu_cmdqv", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Global errors and interrupts: edges, messages, enables (SMMUv3 §3.18, §6.3.19, §7.5). */
#include "smmu_bench.h"

#include "hwiommu/bits.h"
#include "smmuv3/control.h"

static void offer(struct smmu_bench *b, uint32_t sid)
{
	const struct smmu_event ev = { .code = SMMU_EVT_C_BAD_STE, .sid = sid,
				       .ssid = HWI_PASID_NONE };

	(void)smmu_event_record(to_smmu(b->unit), &ev);
}

/* Point 26: toggled once, a repeat while active is lost, an acknowledgement makes it new. */
/* covers: POINT_26 REG_GERROR REG_GERRORN */
static void an_active_error_is_not_told_again(void **state)
{
	struct smmu_bench *b = *state;

	sb_start_irqs(b);
	for (unsigned int i = 0; i < 4; i++) {
		uint32_t before = sb_read(b, SMMU_REG_GERROR);

		sb_do(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_IRQ), SB_NOWHERE);
		sb_do(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_IRQ), SB_NOWHERE);
		assert_int_equal(sb_read(b, SMMU_REG_GERROR) ^ before,
				 SMMU_GERROR_MSI_CMDQ_ABT_ERR);
		assert_int_equal(b->edges[HWI_SMMUV3_IRQ_GERROR], i + 1);
		sb_gerror_ack(b);
	}
}

/* A bit that software changes by itself is an active error until it changes it again. */
/* covers: REG_GERRORN */
static void gerrorn_is_softwares(void **state)
{
	struct smmu_bench *b = *state;

	sb_start_irqs(b);
	sb_write(b, SMMU_REG_GERRORN, SMMU_GERROR_CMDQ_ERR);
	assert_int_equal(sb_gerror(b), SMMU_GERROR_CMDQ_ERR);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_GERROR], 0);
	(void)sb_submit(b, SMMU_CMD_SYNC, 0);
	assert_int_equal(sb_run(b), 0);
	sb_write(b, SMMU_REG_GERRORN, 0);
	assert_int_equal(sb_run(b), 1);
	/* Reserved bits, and those of features that are not there. */
	sb_write(b, SMMU_REG_GERRORN, UINT32_MAX);
	assert_int_equal(sb_read(b, SMMU_REG_GERRORN), 0x1fd);
}

/* GERROR's own message that aborts raises its bit, and no interrupt for that. */
/* covers: REG_GERROR REG_GERROR_IRQ_CFG0 */
static void an_aborted_gerror_message_is_silent(void **state)
{
	struct smmu_bench *b = *state;

	sb_start_irqs(b);
	sb_write(b, SMMU_REG_IRQ_CTRL, 0);
	sb_write64(b, SMMU_REG_GERROR_IRQ_CFG0, SB_NOWHERE);
	sb_write(b, SMMU_REG_IRQ_CTRL, SMMU_IRQ_CTRL_GERROR_IRQEN);
	sb_do(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_IRQ), SB_NOWHERE);
	assert_int_equal(sb_gerror(b),
			 SMMU_GERROR_MSI_CMDQ_ABT_ERR | SMMU_GERROR_MSI_GERROR_ABT_ERR);
	assert_int_equal(b->msis, 2); /* of the CMD_SYNC, of GERROR */
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_GERROR], 1);
}

/* Enables gate wires and messages; enabling signals nothing that happened before. */
/* covers: REG_IRQ_CTRL */
static void enables_gate_wires_and_messages(void **state)
{
	struct smmu_bench *b = *state;

	offer(b, 1);
	assert_int_equal(b->msis + b->edges[HWI_SMMUV3_IRQ_EVENTQ], 0);
	sb_start_irqs(b);
	assert_int_equal(b->msis + b->edges[HWI_SMMUV3_IRQ_EVENTQ], 0);
	sb_expect_event(b, SMMU_EVT_C_BAD_STE, 1, NULL);
	offer(b, 1);
	assert_int_equal(b->msis, 1);
	assert_int_equal(b->msi[0].addr, SB_DOORBELL);
	assert_int_equal(b->msi[0].data, 1);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_EVENTQ], 1);
	assert_false(b->level[HWI_SMMUV3_IRQ_EVENTQ]); /* an edge, no level */
	assert_int_equal(hwi_stat_get(b->unit, HWI_STAT_INTERRUPTS), 1);
}

/* Point 25. Each sequence of records that fills an empty queue gives one interrupt. */
/* covers: POINT_25 REG_EVENTQ_PROD REG_EVENTQ_IRQ_CFG* */
static void events_interrupt_from_empty_alone(void **state)
{
	struct smmu_bench *b = *state;
	uint64_t rec[4];

	sb_start_irqs(b);
	for (unsigned int round = 1; round < 5; round++) {
		for (unsigned int i = 0; i < 3; i++)
			offer(b, i);
		assert_int_equal(b->edges[HWI_SMMUV3_IRQ_EVENTQ], round);
		assert_int_equal(b->msis, round);
		/* One left: not empty, so nothing new. */
		assert_true(sb_event(b, rec));
		assert_true(sb_event(b, rec));
		offer(b, 9);
		assert_int_equal(b->msis, round);
		assert_true(sb_event(b, rec));
		assert_true(sb_event(b, rec));
		assert_false(sb_event(b, rec));
	}
}

/* Aborted messages of the event and the PRI queue; the wire pulses all the same. */
/* covers: REG_GERROR REG_PRIQ_IRQ_CFG* */
static void aborted_messages_have_a_bit_each(void **state)
{
	struct smmu_bench *b = *state;

	sb_start_irqs(b);
	sb_fail_write(b, SB_DOORBELL, 4);
	offer(b, 1);
	/* GERROR's own message goes to the same place. */
	assert_int_equal(sb_gerror(b),
			 SMMU_GERROR_MSI_EVENTQ_ABT_ERR | SMMU_GERROR_MSI_GERROR_ABT_ERR);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_EVENTQ], 1);
	sb_gerror_ack(b);
	sb_page_request(b, 1, HWI_PASID_NONE, 0x1000, HWI_READ, 1, true);
	assert_int_equal(sb_gerror(b),
			 SMMU_GERROR_MSI_PRIQ_ABT_ERR | SMMU_GERROR_MSI_GERROR_ABT_ERR);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_PRIQ], 1);
	/* The records are there. */
	sb_expect_event(b, SMMU_EVT_C_BAD_STE, 1, NULL);
}

/* Address 0: no message; above OAS: truncated. */
/* covers: REG_EVENTQ_IRQ_CFG0 */
static void message_addresses(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr5 = (uint32_t)HWI_SET(SMMU_IDR5_OAS, cfg.idr5, SMMU_OAS_44);
	sb_remake(b, &cfg);
	sb_start(b);
	sb_write(b, SMMU_REG_IRQ_CTRL, SMMU_IRQ_CTRL_EVENTQ_IRQEN);
	offer(b, 1);
	assert_int_equal(b->msis, 0);
	assert_int_equal(b->edges[HWI_SMMUV3_IRQ_EVENTQ], 1);
	sb_expect_event(b, SMMU_EVT_C_BAD_STE, 1, NULL);
	sb_write(b, SMMU_REG_IRQ_CTRL, 0);
	sb_write64(b, SMMU_REG_EVENTQ_IRQ_CFG0, SB_DOORBELL | HWI_BIT64(44) | HWI_BIT64(51));
	sb_write(b, SMMU_REG_IRQ_CTRL, SMMU_IRQ_CTRL_EVENTQ_IRQEN);
	offer(b, 1);
	assert_int_equal(b->msis, 1);
	assert_int_equal(b->msi[0].addr, SB_DOORBELL);
}

/* ---- what software sees when an interrupt comes (§3.18) ---- */

/* Registers at the moment of each message and of each edge. */
struct seen {
	uint32_t data; /* of the message */
	uint32_t cmdq_cons, eventq_prod, priq_prod, gerror, cerror;
};

static struct seen at_msi, at_edge;

static void look(struct smmu_bench *b, struct seen *s)
{
	s->cmdq_cons = sb_read(b, SMMU_REG_CMDQ_CONS) & SMMU_Q_INDEX;
	s->eventq_prod = sb_read(b, SMMU_REG_EVENTQ_PROD);
	s->priq_prod = sb_read(b, SMMU_REG_PRIQ_PROD);
	s->gerror = sb_gerror(b);
	s->cerror = sb_cmdq_error(b);
}

static bool looking_msi(void *opaque, uint64_t addr, uint32_t data)
{
	(void)addr;
	look(opaque, &at_msi);
	at_msi.data = data;
	return true;
}

static void looking_irq(void *opaque, unsigned int line, bool level)
{
	(void)line;
	if (level)
		look(opaque, &at_edge);
}

/* No interrupt comes before what it tells of. */
/* covers: REG_CMDQ_CONS REG_EVENTQ_PROD REG_PRIQ_PROD REG_GERROR CMD_SYNC */
static void news_are_there_when_the_interrupt_is(void **state)
{
	struct smmu_bench *b = *state;

	sb_start_irqs(b);
	b->ops.msi = looking_msi;
	b->ops.irq = looking_irq;
	/* The CMD_SYNC is consumed. */
	(void)sb_submit(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_IRQ) |
				   HWI_PUT(SMMU_CMD_SYNC0_MSIDATA, 0x55), SB_DOORBELL);
	(void)sb_run(b);
	assert_int_equal(at_msi.data, 0x55);
	assert_int_equal(at_msi.cmdq_cons, b->cmdq.at);
	assert_int_equal(at_edge.cmdq_cons, b->cmdq.at);
	/* The record is in the queue. */
	offer(b, 1);
	assert_int_equal(at_msi.data, 1);
	assert_int_equal(at_msi.eventq_prod, 1);
	assert_int_equal(at_edge.eventq_prod, 1);
	sb_page_request(b, 1, HWI_PASID_NONE, 0x1000, HWI_READ, 1, true);
	assert_int_equal(at_msi.data, 2);
	assert_int_equal(at_msi.priq_prod, 1);
	assert_int_equal(at_edge.priq_prod, 1);
	/* The error is active, and the reason for it stands in CMDQ_CONS. */
	(void)sb_submit(b, 0, 0);
	(void)sb_run(b);
	assert_int_equal(at_msi.data, 3);
	assert_int_equal(at_msi.gerror, SMMU_GERROR_CMDQ_ERR);
	assert_int_equal(at_msi.cerror, SMMU_CERROR_ILL);
	assert_int_equal(at_edge.cerror, SMMU_CERROR_ILL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_active_error_is_not_told_again),
		TEST(gerrorn_is_softwares),
		TEST(an_aborted_gerror_message_is_silent),
		TEST(enables_gate_wires_and_messages),
		TEST(events_interrupt_from_empty_alone),
		TEST(aborted_messages_have_a_bit_each),
		TEST(message_addresses),
		TEST(news_are_there_when_the_interrupt_is),
	};

	return cmocka_run_group_tests_name("smmu_irqs", tests, NULL, NULL);
}

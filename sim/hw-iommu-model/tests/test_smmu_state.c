/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Saved states of SMMUv3 units: identity, continuation, untrusted input; recordings. */
#include <stdio.h>

#include "smmu_bench.h"

#include "hwiommu/bits.h"
#include "hwiommu/record.h"
#include "smmuv3/control.h"

#define CMDQV(off) (HWI_SMMUV3_CMDQV_OFFSET + (off))
#define ATC(sid) (SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, sid))

static void config(struct hwi_smmuv3_config *cfg)
{
	sb_config(cfg);
	cfg->idr5 = (uint32_t)HWI_SET(SMMU_IDR5_STALL_MAX, cfg->idr5, 6);
	cfg->cmdqv = (struct hwi_smmuv3_cmdqv){ .present = true, .vcmdqs_log2 = 1,
						.vintfs_log2 = 1, .sids_log2 = 1 };
}

static int setup(void **state)
{
	struct hwi_smmuv3_config cfg;
	int res = sb_setup(state);

	if (res)
		return res;
	config(&cfg);
	sb_remake(*state, &cfg);
	sb_start(*state);
	return 0;
}

struct blob {
	unsigned char *p;
	size_t n;
};

static struct blob save(struct hwi_unit *unit)
{
	struct blob s = { .n = hwi_save_size(unit) };

	s.p = malloc(s.n);
	assert_non_null(s.p);
	assert_int_equal(hwi_save(unit, s.p, s.n), HWI_OK);
	return s;
}

static bool same(const struct blob *x, const struct blob *y)
{
	return x->n == y->n && memcmp(x->p, y->p, x->n) == 0;
}

/* The unit in another one's place, on the same machine. */
static void move(struct smmu_bench *b)
{
	struct blob was = save(b->unit), is;
	struct hwi_unit *other = NULL;

	assert_int_equal(hwi_smmuv3_create(&b->cfg, &b->ops, b, &other), HWI_OK);
	assert_int_equal(hwi_restore(other, was.p, was.n), HWI_OK);
	hwi_destroy(b->unit);
	b->unit = other;
	is = save(b->unit);
	assert_true(same(&was, &is));
	free(was.p);
	free(is.p);
}

static uint64_t stall(struct smmu_bench *b, uint32_t sid)
{
	const struct smmu_event ev = { .code = SMMU_EVT_F_TRANSLATION, .sid = sid,
				       .ssid = HWI_PASID_NONE, .class = SMMU_EV_CLASS_IN };

	return smmu_event_stall(to_smmu(b->unit), &ev);
}

static void bypass(struct smmu_bench *b, uint32_t sid)
{
	sb_w64(b, sb_ste(b, sid), SMMU_STE0_V | HWI_PUT(SMMU_STE0_CONFIG, SMMU_STE_CONFIG_BYPASS));
	sb_w64(b, sb_ste(b, sid) + 8, HWI_PUT(SMMU_STE1_SHCFG, SMMU_SHCFG_INCOMING));
}

static uint64_t vcmdq(struct smmu_bench *b)
{
	uint64_t ring = sb_alloc(b, 1);

	sb_write(b, CMDQV(CMDQV_REG_CMDQ_ALLOC(1)),
		 CMDQV_CMDQ_ALLOC_ALLOCATED | HWI_PUT32(CMDQV_CMDQ_ALLOC_VINTF, 1));
	sb_write(b, CMDQV(CMDQV_VINTF(1) + VINTF_SID_MATCH(1)), VINTF_SID_MATCH_ENABLE | 4);
	sb_write(b, CMDQV(CMDQV_VINTF(1) + VINTF_SID_REPLACE(1)), 0x77);
	sb_write(b, CMDQV(CMDQV_VINTF(1) + VINTF_CONFIG), VINTF_CONFIG_EN | 6);
	sb_write64(b, CMDQV(CMDQV_VCMDQ_PAGE1(1) + VCMDQ_BASE), ring | 3);
	sb_write(b, CMDQV(CMDQV_VCMDQ_PAGE0(1) + VCMDQ_CONFIG), VCMDQ_CONFIG_EN);
	return ring;
}

/* Something of everything that a unit can be in the middle of. */
static void get_busy(struct smmu_bench *b)
{
	uint64_t ring = vcmdq(b);

	bypass(b, 3);
	assert_int_equal(sb_dma(b, 3, HWI_PASID_NONE, 0x5000, HWI_READ).outcome, HWI_SUCCESS);
	sb_start_irqs(b);
	for (unsigned int i = 0; i < 7; i++)
		(void)stall(b, 3 + i);
	for (unsigned int i = 0; i < 9; i++)
		sb_page_request(b, 1, HWI_PASID_NONE, 0, HWI_READ, 0, true);
	sb_w64(b, ring, SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, 2));
	sb_w64(b, ring + 8, 52);
	sb_w64(b, ring + 16, SMMU_CMD_SYNC);
	sb_write(b, CMDQV(CMDQV_VCMDQ_PAGE0(1) + VCMDQ_PROD), 2);
	(void)sb_submit(b, ATC(9), 52);
	(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	(void)sb_submit(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_IRQ), SB_NOWHERE);
	(void)sb_run(b);
	assert_int_equal(hwi_ats_outstanding(b->unit), 3);
}

static void a_fresh_unit_and_a_busy_one(void **state)
{
	struct smmu_bench *b = *state;

	move(b);
	get_busy(b);
	move(b);
	hwi_reset(b->unit, true);
	move(b);
}

/* What waits before goes on after. */
static void work_goes_on_after_a_restore(void **state)
{
	struct smmu_bench *b = *state;

	get_busy(b);
	move(b);
	sb_clear_logs(b);
	hwi_ats_complete(b->unit, 9, 2, 1); /* the SMMU's; the VCMDQ's turn came first or second */
	hwi_ats_complete(b->unit, 9, 1, 1);
	move(b);
	(void)sb_run(b);
	assert_true(sb_cmdq_empty(b));
	assert_int_equal(sb_gerror(b), SMMU_GERROR_MSI_CMDQ_ABT_ERR);
	move(b);
	hwi_ats_timeout(b->unit, UINT32_MAX);
	move(b);
	(void)sb_run(b);
	assert_int_equal(sb_read(b, CMDQV(CMDQV_REG_CMDQ_ERR_MAP(0))), 2);
	move(b);
	/* Stalls: six recorded, one held. */
	assert_int_equal(b->resumes, 0);
	sb_do(b, SMMU_CMD_STALL_TERM | HWI_PUT(SMMU_CMD0_SID, 5), 0);
	assert_int_equal(b->resumes, 2);
	assert_int_equal(b->resume[0].requester, 5);
	assert_true(b->resume[1].tag == HWI_STALL_HELD);
	/* Overflow of page requests, unacknowledged. */
	assert_int_equal(sb_read(b, SMMU_REG_PRIQ_PROD), SMMU_Q_OVERFLOW | 8);
}

/* A stale entry is as stale after a restore. */
static void caches_are_part_of_the_state(void **state)
{
	struct smmu_bench *b = *state;

	bypass(b, 3);
	assert_int_equal(sb_dma(b, 3, HWI_PASID_NONE, 0x5000, HWI_READ).outcome, HWI_SUCCESS);
	sb_w64(b, sb_ste(b, 3), 0);
	move(b);
	assert_int_equal(sb_dma(b, 3, HWI_PASID_NONE, 0x6000, HWI_READ).outcome, HWI_SUCCESS);
	sb_invalidate_all(b);
	move(b);
	assert_int_equal(sb_dma(b, 3, HWI_PASID_NONE, 0x6000, HWI_READ).outcome,
			 HWI_UNSUPPORTED_REQUEST);
	sb_expect_event(b, SMMU_EVT_C_BAD_STE, 3, NULL);
}

/* Restoring says nothing to the machine, which has its own state. */
static void restoring_is_silent(void **state)
{
	struct smmu_bench *b = *state;
	struct blob s;

	get_busy(b);
	s = save(b->unit);
	sb_clear_logs(b);
	assert_int_equal(hwi_restore(b->unit, s.p, s.n), HWI_OK);
	assert_int_equal(b->resumes + b->msis + b->prgs + b->atss + b->drains, 0);
	free(s.p);
}

static bool is_reset(struct smmu_bench *b)
{
	return sb_read(b, SMMU_REG_CR0) == 0 && sb_read64(b, SMMU_REG_CMDQ_BASE) == 0 &&
	       hwi_ats_outstanding(b->unit) == 0 && !hwi_pending(b->unit);
}

static void a_short_state_is_refused(void **state)
{
	struct smmu_bench *b = *state;
	struct blob s;

	get_busy(b);
	s = save(b->unit);
	assert_int_equal(hwi_save(b->unit, s.p, s.n - 1), HWI_ESPACE);
	for (size_t n = 0; n < s.n; n++) {
		/* A copy of just that size, so that a read beyond it is noticed. */
		unsigned char *p = malloc(n ? n : 1);

		assert_non_null(p);
		memcpy(p, s.p, n);
		assert_int_equal(hwi_restore(b->unit, p, n), HWI_ESTATE);
		free(p);
		assert_true(is_reset(b));
	}
	s.p = realloc(s.p, s.n + 8);
	assert_non_null(s.p);
	memset(s.p + s.n, 0, 8);
	assert_int_equal(hwi_restore(b->unit, s.p, s.n + 8), HWI_ESTATE);
	assert_true(is_reset(b));
	free(s.p);
}

static void other_versions_and_units_are_refused(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;
	struct blob s = save(b->unit);

	hwi_st64(s.p + 8, 1); /* merged no events */
	assert_int_equal(hwi_restore(b->unit, s.p, s.n), HWI_EVERSION);
	hwi_st64(s.p + 8, 2);
	s.p[0] ^= 1;
	assert_int_equal(hwi_restore(b->unit, s.p, s.n), HWI_ESTATE);
	s.p[0] ^= 1;
	config(&cfg);
	cfg.iidr = 1;
	sb_remake(b, &cfg);
	assert_int_equal(hwi_restore(b->unit, s.p, s.n), HWI_ESTATE);
	config(&cfg);
	cfg.merge_events = true;
	sb_remake(b, &cfg);
	assert_int_equal(hwi_restore(b->unit, s.p, s.n), HWI_ESTATE);
	free(s.p);
}

/*
 * Any bit of any word changed: refused, or a state that saves to what was read;
 * and a unit that then works without harm.
 */
static void damaged_states(void **state)
{
	struct smmu_bench *b = *state;
	unsigned int taken = 0, refused = 0;
	struct blob s;

	get_busy(b);
	s = save(b->unit);
	for (size_t at = 0; at < s.n; at += 8) {
		for (unsigned int bit = 0; bit < 64; bit += at % 56 == 0 ? 1 : 7) {
			enum hwi_status res;

			s.p[at + bit / 8] ^= (unsigned char)(1u << bit % 8);
			res = hwi_restore(b->unit, s.p, s.n);
			if (res == HWI_OK) {
				struct blob t = save(b->unit);

				assert_true(same(&s, &t));
				free(t.p);
				taken++;
				(void)hwi_step(b->unit, 50);
				hwi_ats_timeout(b->unit, UINT32_MAX);
				(void)hwi_step(b->unit, 50);
				(void)stall(b, 1);
				sb_page_request(b, 1, HWI_PASID_NONE, 0, HWI_READ, 0, true);
			} else {
				assert_true(res == HWI_ESTATE || res == HWI_EVERSION);
				assert_true(is_reset(b));
				refused++;
			}
			s.p[at + bit / 8] ^= (unsigned char)(1u << bit % 8);
		}
	}
	assert_true(taken > 100);
	assert_true(refused > 100);
	free(s.p);
}

/* A state in which somebody waits for nothing would wait for ever. */
static void waiting_for_nothing_is_refused(void **state)
{
	struct smmu_bench *b = *state;
	struct smmu_control *c;
	struct blob s;

	(void)sb_submit(b, ATC(9), 52);
	(void)sb_submit(b, SMMU_CMD_SYNC, 0);
	(void)sb_run(b);
	c = to_smmu(b->unit)->ctl;
	assert_int_equal(c->cmdq.wait, SMMU_WAIT_ATC);
	c->itag[0] = (struct smmu_itag){ 0 };
	s = save(b->unit);
	assert_int_equal(hwi_restore(b->unit, s.p, s.n), HWI_ESTATE);
	c->cmdq.fetched = true;
	c->cmdq.wait = SMMU_WAIT_ITAG;
	free(s.p);
	s = save(b->unit);
	assert_int_equal(hwi_restore(b->unit, s.p, s.n), HWI_ESTATE);
	free(s.p);
}

/* Nor may a VCMDQ; what another queue waits for is nothing to it. */
static void a_vcmdq_waits_for_its_own(void **state)
{
	struct smmu_bench *b = *state;
	struct smmu_cmd_queue *q;
	struct blob s;

	(void)sb_submit(b, ATC(9), 52);
	(void)sb_submit(b, SMMU_CMD_SYNC, 0);
	(void)sb_run(b);
	s = save(b->unit);
	assert_int_equal(hwi_restore(b->unit, s.p, s.n), HWI_OK);
	free(s.p);
	q = &to_smmu(b->unit)->ctl->cmdqv->vcmdq[1].q;
	q->fetched = true;
	q->cmd[0] = SMMU_CMD_SYNC;
	q->wait = SMMU_WAIT_ATC;
	s = save(b->unit);
	assert_int_equal(hwi_restore(b->unit, s.p, s.n), HWI_ESTATE);
	free(s.p);
}

/* ---- recordings ---- */

static void replay(struct smmu_bench *b, FILE *f, uint64_t calls)
{
	struct hwi_replay_report report;

	rewind(f);
	assert_int_equal(hwi_replay(f, stderr, &report), HWI_OK);
	assert_int_equal(report.differences, 0);
	assert_true(report.calls >= calls);
	(void)b;
}

/* What a unit did is done again by one that is made from the recording. */
static void recordings_replay(void **state)
{
	for (unsigned int can_hold = 0; can_hold < 2; can_hold++) {
		struct smmu_bench *b = *state;
		FILE *f = tmpfile();

		assert_non_null(f);
		b->ops.resume = can_hold ? b->ops.resume : NULL;
		sb_remake(b, &b->cfg);
		assert_int_equal(hwi_record_start(b->unit, f), HWI_OK);
		sb_start(b);
		sb_start_irqs(b);
		bypass(b, 3);
		(void)sb_dma(b, 3, HWI_PASID_NONE, 0x5000, HWI_READ);
		(void)sb_dma(b, 4, HWI_PASID_NONE, 0x5000, HWI_WRITE);
		sb_page_request(b, 3, 7, 0x5000, HWI_READ, 3, true);
		(void)vcmdq(b);
		(void)sb_submit(b, ATC(9), 52);
		(void)sb_submit(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_SEV), 0);
		(void)sb_run(b);
		hwi_ats_timeout(b->unit, 1);
		(void)sb_run(b);
		sb_cr0(b, SMMU_CR0_SMMUEN, false);
		hwi_record_stop(b->unit);
		replay(b, f, 40);
		(void)fclose(f);
		sb_teardown(state);
		assert_int_equal(setup(state), 0);
	}
}

/* covers: REG_IDR5 */
static void a_described_unit_is_checked(void **state)
{
	static const char *const bad[][2] = {
		{ " vcmdqs=1", " vcmdqs=101" }, { " vintfs=1", " vintfs=101" },
		{ " sids=1", " sids=101" },	{ " vcmdqs=1", " vcmdqs=8" },
		{ " aidr=2", " aidr=ff" },
	};
	struct smmu_bench *b = *state;
	struct hwi_unit *unit = NULL;
	char line[1024];

	smmu_describe(b->unit, line, sizeof(line));
	assert_int_equal(smmu_create_described(line, &b->ops, b, &unit), HWI_OK);
	assert_true(to_smmu(unit)->lim.stall);
	hwi_destroy(unit);
	/* Out of what is read; and what is read, but is no unit. */
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char other[1024], *at = strstr(line, bad[i][0]);

		assert_non_null(at);
		(void)snprintf(other, sizeof(other), "%.*s%s%s", (int)(at - line), line, bad[i][1],
			       at + strlen(bad[i][0]));
		assert_int_equal(smmu_create_described(other, &b->ops, b, &unit), HWI_ECONFIG);
	}
	*strstr(line, " stalls=") = '\0';
	assert_int_equal(smmu_create_described(line, &b->ops, b, &unit), HWI_ECONFIG);
	assert_int_equal(smmu_create_described("smmuv3 idr0=x", &b->ops, b, &unit), HWI_ECONFIG);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_fresh_unit_and_a_busy_one),
		TEST(work_goes_on_after_a_restore),
		TEST(caches_are_part_of_the_state),
		TEST(restoring_is_silent),
		TEST(a_short_state_is_refused),
		TEST(other_versions_and_units_are_refused),
		TEST(damaged_states),
		TEST(waiting_for_nothing_is_refused),
		TEST(a_vcmdq_waits_for_its_own),
		TEST(recordings_replay),
		TEST(a_described_unit_is_checked),
	};

	return cmocka_run_group_tests_name("smmu_state", tests, NULL, NULL);
}

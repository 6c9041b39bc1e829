/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Recordings of SMMUv3 units: each thing that a unit asks of its machine, with each
 * answer, stands in the text and is replayed without a difference; a recording that
 * says otherwise is told from it.
 */
#include <stdio.h>

#include "hwiommu/record.h"
#include "smmu_world.h"

struct text {
	char *p;
	size_t len;
};

static FILE *begin(struct smmu_bench *b)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	sb_remake(b, &b->cfg);
	assert_int_equal(hwi_record_start(b->unit, f), HWI_OK);
	sb_start(b);
	return f;
}

static struct text end(struct smmu_bench *b, FILE *f)
{
	struct text t;

	hwi_record_stop(b->unit);
	t.len = (size_t)ftell(f);
	t.p = malloc(t.len + 1);
	assert_non_null(t.p);
	rewind(f);
	assert_int_equal(fread(t.p, 1, t.len, f), t.len);
	t.p[t.len] = '\0';
	(void)fclose(f);
	return t;
}

static uint64_t differences(const char *text, size_t len)
{
	struct hwi_replay_report report;
	FILE *in = tmpfile();

	assert_non_null(in);
	assert_int_equal(fwrite(text, 1, len, in), len);
	rewind(in);
	assert_int_equal(hwi_replay(in, NULL, &report), HWI_OK);
	(void)fclose(in);
	return report.differences;
}

/* The line is there, replays, and is missed when its last digit is another. */
static void expect_line(const struct text *t, const char *line)
{
	char *at = strstr(t->p, line), *last, was;

	if (!at)
		fail_msg("no \"%s\"", line);
	last = at + strlen(line) - 2;
	assert_int_equal(last[1], '\n');
	assert_int_equal(differences(t->p, t->len), 0);
	was = *last;
	*last = was == '0' ? '1' : '0';
	assert_true(differences(t->p, t->len) > 0);
	*last = was;
}

static uint64_t stalled(struct smmu_bench *b)
{
	struct hwi_response r = sb_dma(b, SW_SID, HWI_PASID_NONE, SW_IN + 0x100000, HWI_READ);

	assert_int_equal(r.outcome, HWI_STALLED);
	return r.stall;
}

/* covers: CMD_RESUME CMD_STALL_TERM */
static void stalls_and_their_ends(void **state)
{
	struct smmu_bench *b = *state;
	FILE *f = begin(b);
	struct text t;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_S, 0);
	sb_invalidate_all(b);
	assert_int_equal(stalled(b), 0);
	sb_do(b, SMMU_CMD_RESUME | SMMU_CMD_RESUME0_AC | HWI_PUT(SMMU_CMD0_SID, SW_SID), 0);
	assert_int_equal(stalled(b), 1);
	sb_do(b, SMMU_CMD_STALL_TERM | HWI_PUT(SMMU_CMD0_SID, SW_SID), 0);
	assert_int_equal(b->resumes, 2);
	assert_int_equal(b->resume[0].action, HWI_RESUME_RETRY);
	assert_int_equal(b->resume[1].action, HWI_RESUME_ABORT);
	t = end(b, f);
	assert_int_equal(HWI_RESUME_RETRY, 0);
	expect_line(&t, "\n R 21 0 0\n");
	expect_line(&t, "\n R 21 1 1\n");
	free(t.p);
}

/* A CMD_SYNC with CS=SEV; a machine that has nobody to wake is written down alike. */
/* covers: CMD_SYNC */
static void events_to_wake_by(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int woken = 2; woken-- > 0;) {
		struct text t;
		FILE *f;

		if (!woken)
			b->ops.sev = NULL;
		f = begin(b);
		sb_do(b, SMMU_CMD_SYNC | HWI_PUT(SMMU_CMD_SYNC0_CS, SMMU_SYNC_CS_SEV), 0);
		assert_int_equal(b->sevs, woken);
		t = end(b, f);
		expect_line(&t, "\n V\n");
		free(t.p);
	}
}

/* A CMD_SYNC that waits for a drain asks again at each step, and goes on once that is granted (§4.7.3). */
/* covers: CMD_SYNC */
static void a_drain_that_is_refused(void **state)
{
	struct smmu_bench *b = *state;
	FILE *f = begin(b);
	struct text t;

	b->busy = true;
	(void)sb_submit(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	(void)sb_submit(b, SMMU_CMD_SYNC, 0);
	(void)sb_run(b);
	assert_false(sb_cmdq_empty(b));
	assert_false(hwi_pending(b->unit));
	(void)hwi_step(b->unit, 1);
	assert_false(sb_cmdq_empty(b));
	b->busy = false;
	(void)hwi_step(b->unit, 1);
	assert_true(sb_cmdq_empty(b));
	assert_int_equal(b->drains, 3);
	/* With nothing to do and nothing to ask no line. */
	assert_int_equal(hwi_step(b->unit, 0x77), 0);
	t = end(b, f);
	assert_null(strstr(t.p, "\ns 77\n"));
	expect_line(&t, "\n D = 1\n");
	assert_non_null(strstr(t.p, "\ns 1\n D = 0\n= 0\n"));
	assert_non_null(strstr(t.p, "\ns 1\n D = 1\n= 1\n"));
	free(t.p);
}

/* A compare-and-swap that succeeds, that finds another value, that does not answer (§3.13). */
static void updates_of_descriptors(void **state)
{
	struct smmu_bench *b = *state;
	FILE *f = begin(b);
	char line[3][128];
	uint64_t at, clean, set;
	struct text t;
	struct sw w;

	sw_s1(&w, b, VMSA_SHIFT_4K);
	sw_cd(&w, 0, SMMU_CD0_HA, 0);
	at = sw_s1_at(&w, SW_IN, 3);
	for (unsigned int i = 0; i < 3; i++) {
		clean = (SW_OUT | SW_S1_LEAF) & ~VMSA_DESC_AF;
		sb_w64(b, at, clean);
		sb_invalidate_all(b);
		if (i == 1)
			sb_change(b, at, 0);
		if (i == 2)
			sb_fail_write(b, at, 8);
		if (i == 0)
			sw_ok(&w);
		else
			(void)sw_fault(&w, i == 1 ? SMMU_EVT_F_TRANSLATION : SMMU_EVT_F_WALK_EABT);
		set = clean | VMSA_DESC_AF;
		(void)snprintf(line[i], sizeof(line[i]), "\n c %llx %llx %llx = %x\n",
			       (unsigned long long)at, (unsigned long long)clean,
			       (unsigned long long)set, i == 0 ? HWI_CAS_DONE :
			       i == 1 ? HWI_CAS_CHANGED : HWI_CAS_ERROR);
		sb_heal(b);
	}
	t = end(b, f);
	for (unsigned int i = 0; i < 3; i++)
		expect_line(&t, line[i]);
	free(t.p);
}

/* A function that is not there is asked nothing: CMD_SYNC does not wait (§3.9.1.4). */
/* covers: CMD_ATC_INV */
static void invalidations_for_nobody(void **state)
{
	struct smmu_bench *b = *state;
	FILE *f = begin(b);
	struct text t;

	b->no_such_function = true;
	sb_do(b, SMMU_CMD_ATC_INV | HWI_PUT(SMMU_CMD0_SID, 9), 52);
	sb_sync(b);
	t = end(b, f);
	expect_line(&t, "\n A 9 - 0 0 0 40 = 0\n");
	free(t.p);
}

/*
 * Without caches a nested walk reads stage 2 descriptors again and again. One recorded
 * read answers all of them; one of another length at its place is not the next of them.
 */
static void reads_of_the_same_place(void **state)
{
	struct smmu_bench *b = *state;
	char line[128], *first, *at;
	unsigned int again = 0;
	struct text t;
	struct sw w;
	FILE *f;

	memset(&b->cfg.caches, 0xff, sizeof(b->cfg.caches)); /* HWI_SMMUV3_CACHE_NONE */
	f = begin(b);
	sw_nested(&w, b, VMSA_SHIFT_4K, VMSA_SHIFT_4K);
	sw_ok(&w);
	t = end(b, f);
	at = strstr(t.p, "\nt ");
	assert_non_null(at);
	(void)snprintf(line, sizeof(line), "\n m %llx ", (unsigned long long)sw_s2_at(&w, SW_IPA, 1));
	first = strstr(at, line);
	assert_non_null(first);
	(void)snprintf(line, sizeof(line), "%.*s", (int)(strchr(first + 1, '\n') - first) + 1, first);
	for (at = strstr(first + 1, line); at; at = strstr(at + 1, line)) {
		/* The first repetition becomes one byte, what is left of it and of the others comments. */
		if (again++)
			at[1] = '#';
		else
			memcpy(at + strlen(line) - 1 - 14, "\n#", 2);
	}
	assert_true(again > 2);
	assert_int_equal(differences(t.p, t.len), 0);
	free(t.p);
}

int main(void)
{
#define T(x) cmocka_unit_test_setup_teardown(x, sb_setup, sb_teardown)
	const struct CMUnitTest tests[] = {
		T(stalls_and_their_ends), T(events_to_wake_by), T(a_drain_that_is_refused),
		T(updates_of_descriptors), T(invalidations_for_nobody), T(reads_of_the_same_place),
	};

	return cmocka_run_group_tests_name("smmu_record", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A recording of a unit's life replays without the machine; a recording that was
 * altered, damaged or made by somebody else is told from one that was not.
 */
#include <stdio.h>

#include "builders.h"
#include "hwiommu/record.h"

#define SID 0x0108u

struct replayed {
	enum hwi_status status;
	struct hwi_replay_report report;
};

static struct replayed replay_text(const char *text, size_t len)
{
	FILE *in = tmpfile(), *diag = tmpfile();
	struct replayed r;

	assert_non_null(in);
	assert_non_null(diag);
	assert_int_equal(fwrite(text, 1, len, in), len);
	rewind(in);
	r.status = hwi_replay(in, diag, &r.report);
	/* Each difference is explained. */
	assert_int_equal(r.report.differences > 0, ftell(diag) > 0);
	rewind(in);
	assert_int_equal(hwi_replay(in, NULL, &r.report), r.status);
	(void)fclose(in);
	(void)fclose(diag);
	return r;
}

static bool host_ats(void *opaque, const struct hwi_ats_invalidate *inv)
{
	(void)opaque;
	return inv->pasid == HWI_PASID_NONE;
}

/* A life in which the unit does to its host everything that it can do. */
static char *record_life(struct bench *b, size_t *len)
{
	FILE *out = tmpfile();
	uint64_t ss, fs;
	struct build_pe pe;
	char *text;

	assert_non_null(out);
	b->ops.ats_invalidate = host_ats;
	assert_int_equal(hwi_record_start(b->unit, out), HWI_OK);
	assert_int_equal(hwi_record_start(b->unit, out), HWI_EINVAL);
	assert_int_equal(hwi_set_ram(b->unit, NULL, 0), HWI_OK);

	(void)build_scontext(b, SID, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PASIDE | VTD_SCTX_Q0_PRE, 2, 0);
	ss = bench_alloc(b, 1);
	(void)build_ss(b, ss, 4, 0x1000, 0x200000, 1, VTD_SS_R | VTD_SS_W);
	pe = pe_second_stage(5, 2, ss);
	(void)build_pasid(b, SID, 0, pe.q);
	fs = bench_alloc(b, 1);
	(void)build_fs(b, fs, 4, 0x5000, 0x300000, 1, VTD_FS_P | VTD_FS_RW | VTD_FS_US);
	pe = pe_first_stage(6, 0, fs);
	(void)build_pasid(b, SID, 9, pe.q);
	bench_start_queue(b, true, 0);
	bench_start_scalable(b);
	bench_unmask(b, VTD_REG_FECTL, 0xfee00000, 0x41);

	bench_expect(b, SID, HWI_PASID_NONE, 0x1008, HWI_READ, 0x200008);
	bench_expect(b, SID, 9, 0x5010, HWI_WRITE, 0x300010);		/* A and D: cas64 */
	bench_expect_refused(b, SID, HWI_PASID_NONE, 0x9000, HWI_READ, 0x79); /* and an MSI */
	bench_fail_read(b, ss, 4096);
	bench_inv_everything(b);
	bench_expect_refused(b, SID, HWI_PASID_NONE, 0x1008, HWI_READ, 0x7b);
	bench_heal(b);

	assert_true(bench_wait(b)); /* a write */
	(void)bench_submit(b, UINT64_C(3) | (uint64_t)SID << 32, 0);
	b->busy = true;
	(void)bench_run(b);
	b->busy = false;
	hwi_ats_complete(b->unit, SID, hwi_ats_outstanding(b->unit), 1);
	(void)bench_submit(b, UINT64_C(3) | (uint64_t)SID << 32, 0);
	(void)bench_run(b);
	hwi_ats_timeout(b->unit, hwi_ats_outstanding(b->unit));
	{
		struct hwi_page_request pr = { .requester = SID,
					       .pasid = 9,
					       .addr = hwi_iova(0x7000),
					       .access = HWI_READ,
					       .prgi = 3,
					       .last = true };

		b->prq = bench_alloc(b, 1);
		bench_write64(b, VTD_REG_PQA, b->prq);
		assert_int_equal(hwi_page_request(b->unit, &pr), HWI_OK);
		pr.pasid = HWI_PASID_NONE;
		pr.requester = 0x200; /* no such function: an automatic response */
		assert_int_equal(hwi_page_request(b->unit, &pr), HWI_OK);
	}
	(void)bench_interrupt(b, SID, 0xfee00000, 0x31);
	(void)hwi_step(b->unit, 1); /* nothing to do: not recorded */
	hwi_reset(b->unit, true);
	hwi_record_stop(b->unit);
	hwi_record_stop(b->unit); /* nothing happens */

	*len = (size_t)ftell(out);
	text = malloc(*len + 1);
	assert_non_null(text);
	rewind(out);
	assert_int_equal(fread(text, 1, *len, out), *len);
	text[*len] = '\0';
	(void)fclose(out);
	return text;
}

static void a_recording_replays_without_a_difference(void **state)
{
	size_t len;
	char *text = record_life(*state, &len);
	struct replayed r = replay_text(text, len);

	assert_int_equal(r.status, HWI_OK);
	assert_int_equal(r.report.differences, 0);
	assert_true(r.report.calls > 50);
	for (const char *c = "wrtipaosz"; *c; c++) {
		char call[] = { '\n', *c, ' ', '\0' };

		assert_non_null(strstr(text, call));
	}
	for (const char *c = "meWcIAG"; *c; c++) {
		char call[] = { '\n', ' ', *c, ' ', '\0' };

		assert_non_null(strstr(text, call));
	}
	free(text);
}

/* The text with the first @from replaced by @to; both are freed by nobody else. */
static char *altered(const char *text, const char *from, const char *to, size_t *len)
{
	const char *at = strstr(text, from);
	size_t head, all = strlen(text) + strlen(to) + 1;
	char *out = malloc(all);

	assert_non_null(at);
	assert_non_null(out);
	head = (size_t)(at - text);
	(void)snprintf(out, all, "%.*s%s%s", (int)head, text, to, at + strlen(from));
	*len = strlen(out);
	return out;
}

static void what_differs_is_counted(void **state)
{
	static const struct {
		const char *from, *to;
	} changes[] = {
		{ "\nr 34 4\n= ", "\nr 34 4\n= 7" }, /* another result */
		{ "\n W ", "\n W 1" },		     /* another write */
		{ "\n c ", "\n I 0 0\n c " },	     /* something more was done then */
		{ "\n= 0 200008", "\n= 0 200000" },  /* another address */
	};
	size_t len;
	char *text = record_life(*state, &len);

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char *other = altered(text, changes[i].from, changes[i].to, &len);
		struct replayed r = replay_text(other, len);

		assert_int_equal(r.status, HWI_OK);
		assert_true(r.report.differences >= 1);
		free(other);
	}
	free(text);
}

/* Cut short after each byte, a recording is refused or plays as far as it goes. */
static void a_truncated_recording_is_no_crash(void **state)
{
	size_t len;
	char *text = record_life(*state, &len);

	for (size_t cut = 0; cut < len; cut += cut < 400 ? 1 : 97) {
		struct replayed r = replay_text(text, cut);

		assert_true(r.status == HWI_OK || r.status == HWI_EVERSION ||
			    r.status == HWI_ESTATE || r.status == HWI_ECONFIG);
	}
	free(text);
}

#define HEAD "hwiommu-recording 1\n"
#define UNIT                                                                                     \
	"unit vtd version=6.0 haw=30 regs=c cap=%llx ecap=%llx context=8 pasid=8 first-stage=8 " \
	"second-stage=8 iotlb=8 interrupt=8 negative=0 compress=0\n"

static enum hwi_status status_of(const char *unit_line, const char *rest)
{
	struct hwi_vtd_config cfg;
	char unit[512], text[2048];

	hwi_vtd_config_init(&cfg);
	(void)snprintf(unit, sizeof(unit), UNIT, (unsigned long long)cfg.cap,
		       (unsigned long long)cfg.ecap);
	(void)snprintf(text, sizeof(text), HEAD "%s%s", unit_line ? unit_line : unit, rest);
	return replay_text(text, strlen(text)).status;
}

static void bad_lines_are_refused(void **state)
{
	static const char *const bad[] = {
		"x\n",	     "r 0\n",		 "w 0 4\n",	"t 0 - 0 0 0\n",
		"t 0 ? 0 0 1 4\n", "t 0 - 0 fff 1 4\n", "t 0 - 0 0 fff 4\n", "i 0\n",
		"p 0 - 0 0\n",	   "p 0 - 0 fff 0 0\n", "p 0 - 0 1 fffff 0\n", "p 0 ? 0 1 0 0\n",
		"a 0\n",	   "o\n",		"s\n",		  "z\n",
		"r 0 4\n m 0\n",   "r 0 4\n m 0 0g\n",	"r 0 4\n e 0\n", "= 0\n",
	};

	(void)state;
	assert_int_equal(status_of(NULL, "# a comment\nr 1c 4\n= 0\n"), HWI_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(status_of(NULL, bad[i]), HWI_ESTATE);
}

static void other_files_are_refused(void **state)
{
	(void)state;
	assert_int_equal(replay_text("", 0).status, HWI_EVERSION);
	assert_int_equal(replay_text("hwiommu-recording 2\n", 20).status, HWI_EVERSION);
	assert_int_equal(status_of("\n", ""), HWI_ESTATE);
	assert_int_equal(status_of("unit amdvi x=1\n", ""), HWI_ECONFIG);
	/* Families' names count to their last letter. */
	assert_int_equal(status_of("unit vtx x=1\n", ""), HWI_ECONFIG);
	assert_int_equal(status_of("unit smmuv2 x=1\n", ""), HWI_ECONFIG);
	assert_int_equal(status_of("unit vtd version=6\n", ""), HWI_ECONFIG);
	assert_int_equal(status_of("unit vtd version=100.0 haw=30 regs=c cap=0 ecap=0 context=0 "
				   "pasid=0 first-stage=0 second-stage=0 iotlb=0 interrupt=0 "
				   "negative=0 compress=0\n",
				   ""),
			 HWI_ECONFIG);
}

/* More of one call's lines than any call can make. */
static void a_flood_of_host_lines_is_refused(void **state)
{
	static const char *const line[] = { " m 0 00\n", " D = 1\n" };

	(void)state;
	for (unsigned int kind = 0; kind < 2; kind++) {
		struct hwi_vtd_config cfg;
		size_t size = 200000, len;
		char *text = malloc(size);

		assert_non_null(text);
		hwi_vtd_config_init(&cfg);
		len = (size_t)snprintf(text, size, HEAD UNIT "r 0 4\n",
				       (unsigned long long)cfg.cap, (unsigned long long)cfg.ecap);
		while (len + 16 < size)
			len += (size_t)snprintf(text + len, size - len, "%s", line[kind]);
		assert_int_equal(replay_text(text, len).status, HWI_ESTATE);
		free(text);
	}
}

/* A unit that is destroyed while it is being recorded ends the recording. */
static void destroying_a_recorded_unit_is_fine(void **state)
{
	struct bench *b = *state;
	FILE *out = tmpfile();

	assert_non_null(out);
	assert_int_equal(hwi_record_start(b->unit, out), HWI_OK);
	bench_remake(b, NULL);
	assert_true(ftell(out) > 0);
	(void)fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_recording_replays_without_a_difference,
						bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(what_differs_is_counted, bench_setup,
						bench_teardown),
		cmocka_unit_test_setup_teardown(a_truncated_recording_is_no_crash, bench_setup,
						bench_teardown),
		cmocka_unit_test(bad_lines_are_refused),
		cmocka_unit_test(other_files_are_refused),
		cmocka_unit_test(a_flood_of_host_lines_is_refused),
		cmocka_unit_test_setup_teardown(destroying_a_recorded_unit_is_fine, bench_setup,
						bench_teardown),
	};

	return cmocka_run_group_tests_name("record_replay", tests, NULL, NULL);
}

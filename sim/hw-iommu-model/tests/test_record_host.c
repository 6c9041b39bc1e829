/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Recording between a unit and hosts that leave callbacks out, have wires, or no memory left. */
#include <stdio.h>

#include "alloc.h"
#include "builders.h"
#include "core/unit.h"
#include "hwiommu/record.h"

#define SID 0x0108u

static char *text_of(FILE *f, size_t *len)
{
	long end = ftell(f);
	char *text;

	assert_true(end > 0);
	*len = (size_t)end;
	text = malloc(*len + 1);
	assert_non_null(text);
	rewind(f);
	assert_int_equal(fread(text, 1, *len, f), *len);
	text[*len] = 0;
	(void)fclose(f);
	return text;
}

static unsigned int differences(const char *text, size_t len)
{
	struct hwi_replay_report report;
	FILE *in = tmpfile();

	assert_non_null(in);
	assert_int_equal(fwrite(text, 1, len, in), len);
	rewind(in);
	assert_int_equal(hwi_replay(in, NULL, &report), HWI_OK);
	(void)fclose(in);
	return (unsigned int)report.differences;
}

static void test_no_memory_for_a_recorder(void **state)
{
	struct bench *b = *state;
	FILE *out = tmpfile();

	assert_non_null(out);
	alloc_fails = 1;
	assert_int_equal(hwi_record_start(b->unit, out), HWI_ENOMEM);
	hwi_record_stop(b->unit); /* nothing to stop */
	bench_start_legacy(b);
	assert_int_equal(ftell(out), 0);
	(void)fclose(out);
}

/* A host with the required callbacks alone: what the unit says is written down, and goes nowhere. */
static void test_host_without_optional_callbacks(void **state)
{
	struct bench *b = *state;
	struct build_pe pe = pe_pass_through(3);
	const struct hwi_page_request req = {
		.requester = SID, .pasid = 5, .addr = hwi_iova(0x1000), .access = HWI_READ, .last = true,
	};
	FILE *out = tmpfile();
	char *text;
	size_t len;

	assert_non_null(out);
	b->ops.ats_invalidate = NULL;
	b->ops.prg_response = NULL;
	b->ops.drain = NULL;
	b->ops.invalidated = NULL;
	b->ops.kick = NULL;
	assert_int_equal(hwi_record_start(b->unit, out), HWI_OK);
	build_scontext(b, SID, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PASIDE | VTD_SCTX_Q0_PRE, 2, 0);
	build_pasid(b, SID, 9, pe.q);
	bench_start_scalable(b);
	bench_start_queue(b, true, 0);
	bench_expect(b, SID, 9, 0x1000, HWI_READ, 0x1000);
	bench_inv_everything(b);
	assert_true(bench_wait(b));
	assert_int_equal(hwi_page_request(b->unit, &req), HWI_OK);
	(void)bench_expect_fault(b, VTD_FR_SPT_2, SID);
	bench_submit(b, VTD_DSC_PUT_TYPE(VTD_DSC_dev_tlb_inv), 0);
	bench_run(b);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS), VTD_FSTS_ITE);
	hwi_record_stop(b->unit);
	text = text_of(out, &len);
	assert_non_null(strstr(text, "\n A "));
	assert_non_null(strstr(text, "\n G "));
	assert_int_equal(differences(text, len), 0);
	free(text);
}

static unsigned int wire_calls;

static void host_irq(void *opaque, unsigned int line, bool level)
{
	(void)opaque;
	wire_calls += line == 3 && level;
}

/* Wired interrupts of other families pass through as messages do. */
static void test_wired_interrupts(void **state)
{
	struct bench *b = *state;

	for (unsigned int wired = 0; wired < 2; wired++) {
		FILE *out = tmpfile();
		char *text;
		size_t len;

		assert_non_null(out);
		wire_calls = 0;
		b->ops.irq = wired ? host_irq : NULL;
		assert_int_equal(hwi_record_start(b->unit, out), HWI_OK);
		b->unit->host->irq(b->unit->opaque, 3, true);
		hwi_record_stop(b->unit);
		text = text_of(out, &len);
		assert_non_null(strstr(text, "\n L 3 1\n"));
		assert_int_equal(wire_calls, wired);
		free(text);
	}
}

/* A read that was recorded in two pieces satisfies one of the whole. */
static void test_read_from_pieces(void **state)
{
	struct bench *b = *state;
	char line[128], two[256], pieces[4][512], *text, *at, *altered;
	FILE *out = tmpfile();
	size_t len, n;

	assert_non_null(out);
	assert_int_equal(hwi_record_start(b->unit, out), HWI_OK);
	bench_start_queue(b, true, 0);
	bench_inv_context(b);
	hwi_record_stop(b->unit);
	text = text_of(out, &len);

	/* The fetch of the descriptor's first 16 bytes, 11h and zeroes. */
	n = (size_t)snprintf(line, sizeof(line), " m %llx 11%030d\n", (unsigned long long)b->iqa, 0);
	at = strstr(text, line);
	assert_non_null(at);
	(void)snprintf(two, sizeof(two), " m %llx 11%014d\n m %llx %016d\n",
		       (unsigned long long)b->iqa, 0, (unsigned long long)b->iqa + 8, 0);
	(void)snprintf(pieces[0], sizeof(pieces[0]), "%s", two);
	/* What did not answer then says nothing of its bytes. */
	(void)snprintf(pieces[1], sizeof(pieces[1]), " e %llx 4\n%s", (unsigned long long)b->iqa, two);
	/* Of another length: not the next read of the same place. */
	(void)snprintf(pieces[2], sizeof(pieces[2]), "%s m %llx ff\n", line,
		       (unsigned long long)b->iqa);
	/* One byte is missing. */
	(void)snprintf(pieces[3], sizeof(pieces[3]), " m %llx 11%012d\n m %llx %016d\n",
		       (unsigned long long)b->iqa, 0, (unsigned long long)b->iqa + 8, 0);
	for (unsigned int i = 0; i < 4; i++) {
		altered = malloc(len + sizeof(pieces[i]));
		assert_non_null(altered);
		(void)snprintf(altered, len + sizeof(pieces[i]), "%.*s%s%s", (int)(at - text), text,
			       pieces[i], at + n);
		assert_int_equal(differences(altered, strlen(altered)) > 0, i == 3);
		free(altered);
	}
	free(text);
}

/* A replay needs memory for what it gathers, and then for a unit. */
static void test_no_memory_for_a_replay(void **state)
{
	struct bench *b = *state;
	FILE *out = tmpfile();
	struct hwi_replay_report report;

	assert_non_null(out);
	assert_int_equal(hwi_record_start(b->unit, out), HWI_OK);
	bench_start_legacy(b);
	hwi_record_stop(b->unit);
	for (unsigned int n = 1; n <= 3; n++) {
		rewind(out);
		alloc_fails = n;
		assert_int_equal(hwi_replay(out, NULL, &report), HWI_ENOMEM);
		assert_int_equal(report.calls, 0);
	}
	alloc_fails = 0;
	rewind(out);
	assert_int_equal(hwi_replay(out, NULL, &report), HWI_OK);
	assert_true(report.calls > 0);
	assert_int_equal(report.differences, 0);
	(void)fclose(out);
}

/* An interrupt that is let through, one that is not: what it becomes is in the line, or nothing. */
static void test_interrupts(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg;
	FILE *out = tmpfile();
	char *text;
	size_t len;

	assert_non_null(out);
	assert_int_equal(hwi_record_start(b->unit, out), HWI_OK);
	assert_int_equal(bench_interrupt(b, SID, 0xfee12340, 0x31).outcome, HWI_INT_FORWARD);
	hwi_record_stop(b->unit);
	text = text_of(out, &len);
	assert_non_null(strstr(text, "\ni 108 fee12340 31\n= 0 fee12340 31 0 0\n"));
	assert_int_equal(differences(text, len), 0);
	free(text);

	/* A unit that requires remapping blocks them while it is off. */
	bench_config(&cfg);
	cfg.ecap |= VTD_ECAP_IRREQ;
	bench_remake(b, &cfg);
	out = tmpfile();
	assert_non_null(out);
	assert_int_equal(hwi_record_start(b->unit, out), HWI_OK);
	assert_int_equal(bench_interrupt(b, SID, 0xfee12340, 0x31).outcome, HWI_INT_BLOCKED);
	hwi_record_stop(b->unit);
	text = text_of(out, &len);
	assert_non_null(strstr(text, "\ni 108 fee12340 31\n= 2 0 0 2b 1\n"));
	assert_int_equal(differences(text, len), 0);
	free(text);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_no_memory_for_a_recorder),
		T(test_host_without_optional_callbacks),
		T(test_wired_interrupts),
		T(test_read_from_pieces),
		T(test_no_memory_for_a_replay),
		T(test_interrupts),
	};

	return cmocka_run_group_tests_name("record-host", tests, NULL, NULL);
}

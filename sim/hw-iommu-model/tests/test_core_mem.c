/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Loads from direct views of memory and by callback (src/core/mem.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"

#define BASE UINT64_C(0x100000)
#define PAGE 4096u

/* Words count up: those of the view from 100h, those behind the callback from 10000h. */
#define IN_VIEW 0x100u
#define BY_CALL 0x10000u

struct machine {
	uint64_t page[PAGE / 8];
	unsigned int calls;
	bool answers;
};

static bool host_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct machine *m = opaque;

	m->calls++;
	if (!m->answers)
		return false;
	for (size_t i = 0; i < len / 8; i++) {
		uint64_t word = BY_CALL + hwi_hpa_val(addr) / 8 + i;

		memcpy((unsigned char *)buf + 8 * i, &word, 8);
	}
	return true;
}

static const struct hwi_host_ops ops = { .read = host_read };

static void make(struct hwi_unit *unit, struct machine *m)
{
	const struct hwi_ram ram = { hwi_hpa(BASE), PAGE, (unsigned char *)m->page };

	memset(unit, 0, sizeof(*unit));
	*m = (struct machine){ .answers = true };
	for (unsigned int i = 0; i < PAGE / 8; i++)
		m->page[i] = IN_VIEW + i;
	unit->host = &ops;
	unit->opaque = m;
	assert_int_equal(hwi_set_ram(unit, &ram, 1), HWI_OK);
}

static void inside_a_view_nobody_is_called(void **state)
{
	static struct hwi_unit unit;
	static struct machine m;
	uint64_t words[4], val;

	(void)state;
	make(&unit, &m);
	assert_true(hwi_load_words(&unit, BASE + PAGE - 32, words, 4));
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(words[i], IN_VIEW + PAGE / 8 - 4 + i);
	assert_true(hwi_load64(&unit, BASE + PAGE - 8, &val));
	assert_int_equal(val, IN_VIEW + PAGE / 8 - 1);
	assert_int_equal(m.calls, 0);
}

/* Nothing is read beyond the end of a view: an entry that crosses it is the machine's to read, all of it. */
static void an_entry_that_leaves_a_view_is_read_by_call(void **state)
{
	static struct hwi_unit unit;
	static struct machine m;
	uint64_t words[4];

	(void)state;
	make(&unit, &m);
	assert_true(hwi_load_words(&unit, BASE + PAGE - 16, words, 4));
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(words[i], BY_CALL + (BASE + PAGE - 16) / 8 + i);
	assert_int_equal(m.calls, 2); /* pieces of 16 bytes */
	m.answers = false;
	assert_false(hwi_load_words(&unit, BASE + PAGE - 16, words, 4));
	assert_true(hwi_load_words(&unit, BASE + PAGE - 32, words, 4));
}

static void outside_of_views_the_machine_answers(void **state)
{
	static struct hwi_unit unit;
	static struct machine m;
	uint64_t val;

	(void)state;
	make(&unit, &m);
	assert_true(hwi_load64(&unit, BASE + PAGE, &val));
	assert_int_equal(val, BY_CALL + (BASE + PAGE) / 8);
	assert_true(hwi_load64(&unit, BASE - 8, &val));
	assert_int_equal(val, BY_CALL + (BASE - 8) / 8);
	m.answers = false;
	assert_false(hwi_load64(&unit, BASE - 8, &val));
	assert_int_equal(m.calls, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inside_a_view_nobody_is_called),
		cmocka_unit_test(an_entry_that_leaves_a_view_is_read_by_call),
		cmocka_unit_test(outside_of_views_the_machine_answers),
	};

	return cmocka_run_group_tests_name("core_mem", tests, NULL, NULL);
}

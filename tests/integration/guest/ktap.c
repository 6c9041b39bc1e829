// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Runs the steps and prints KTAP version 1 (Documentation/dev-tools/ktap.rst in the kernel's tree): one result line a
 * step, with what the step saw behind the '#'.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "env.h"
#include "kmsg.h"
#include "tour.h"

#define STEP_SECONDS	60	/* a step that takes longer hangs */

enum outcome { RUNNING, PASSED, FAILED, SKIPPED };

static sigjmp_buf step_end;
static char shown[1024], reason[512];
static const char *current = "none";
static unsigned int current_no;

/* One write a line, so that a line of the kernel's cannot get into the middle of it. */
static void put(const char *fmt, ...) __printf(1, 2);
static void put(const char *fmt, ...)
{
	char line[2048];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	for (int done = 0; done < n; ) {
		ssize_t r = write(STDOUT_FILENO, line + done, n - done);

		if (r <= 0)
			return;
		done += r;
	}
}

void diag(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put("# %s", text);
}

void show(const char *fmt, ...)
{
	size_t used = strlen(shown);
	va_list ap;

	if (used)
		used += snprintf(shown + used, sizeof(shown) - used, "; ");
	if (used >= sizeof(shown))
		return;
	va_start(ap, fmt);
	vsnprintf(shown + used, sizeof(shown) - used, fmt, ap);
	va_end(ap);
}

void fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	siglongjmp(step_end, FAILED);
}

void skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	siglongjmp(step_end, SKIPPED);
}

/* A '#' would begin a directive in the middle of a text. */
static char *plain(char *s)
{
	for (char *p = s; *p; p++)
		if (*p == '#' || *p == '\n')
			*p = ' ';
	return s;
}

static void on_signal(int sig)
{
	char line[256];
	int n;

	n = snprintf(line, sizeof(line), "not ok %u %s # %s\nBail out! %s: %s\n", current_no, current,
		     sig == SIGALRM ? "hangs" : "crashed", current,
		     sig == SIGALRM ? "no end in sight" : strsignal(sig));
	if (write(STDOUT_FILENO, line, n) < 0)
		_exit(4);
	_exit(3);
}

static bool chosen(const char *only, const char *id)
{
	size_t len = strlen(id);

	if (!only || !*only)
		return true;
	for (const char *p = only; *p; p += strcspn(p, ",")) {
		p += strspn(p, ",");
		if (!strncmp(p, id, len) && (p[len] == ',' || !p[len]))
			return true;
		if (!*p)
			break;
	}
	return false;
}

static enum outcome run_one(const struct step *s)
{
	volatile enum outcome outcome;
	char splat[256];

	shown[0] = reason[0] = 0;
	rnd_seed(1);
	kmsg_mark();
	alarm(STEP_SECONDS);
	outcome = sigsetjmp(step_end, 1);
	if (outcome == RUNNING) {
		s->run();
		outcome = PASSED;
	}
	if (sigsetjmp(step_end, 1) == RUNNING) {
		env_end_step(outcome == FAILED);
	} else {
		outcome = FAILED;	/* the reason is the clean-up's */
		if (sigsetjmp(step_end, 1) == RUNNING)
			env_end_step(true);
	}
	if (kmsg_splat(splat, sizeof(splat)) && outcome != FAILED) {
		snprintf(reason, sizeof(reason), "kernel: %s", splat);
		outcome = FAILED;
	}
	alarm(0);
	return outcome;
}

int run_steps(const struct step *steps, size_t n, const char *only)
{
	unsigned int passed = 0, failed = 0, skipped = 0, no = 0, total = 0;
	double start = now();

	for (size_t i = 0; i < n; i++)
		total += chosen(only, steps[i].id);
	signal(SIGALRM, on_signal);
	signal(SIGSEGV, on_signal);
	signal(SIGBUS, on_signal);
	put("KTAP version 1");
	put("1..%u", total);
	for (size_t i = 0; i < n; i++) {
		double t = now();
		enum outcome o;

		if (!chosen(only, steps[i].id))
			continue;
		current = steps[i].id;
		current_no = ++no;
		o = run_one(&steps[i]);
		t = (now() - t) * 1e3;
		if (o == PASSED) {
			passed++;
			put("ok %u %s # %s (%.0f ms)", no, steps[i].id, plain(shown), t);
		} else if (o == SKIPPED) {
			skipped++;
			put("ok %u %s # SKIP %s", no, steps[i].id, plain(reason));
		} else {
			failed++;
			if (shown[0])
				diag("%s had shown: %s", steps[i].id, plain(shown));
			kmsg_print_step();
			put("not ok %u %s # %s (%.0f ms)", no, steps[i].id, plain(reason), t);
		}
	}
	put("# Totals: pass:%u fail:%u xfail:0 xpass:0 skip:%u error:0", passed, failed, skipped);
	diag("tour took %.2f s", now() - start);
	return failed ? 1 : 0;
}

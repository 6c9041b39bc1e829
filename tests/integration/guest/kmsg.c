// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "complaints.h"
#include "family.h"
#include "kmsg.h"
#include "tour.h"

#define MAX_FAULTS	64
#define KEEP_LINES	40

/* What limits the lines of drivers unless they say otherwise: DEFAULT_RATELIMIT_BURST, DEFAULT_RATELIMIT_INTERVAL */
#define BURST		10
#define INTERVAL	5.0
#define MARGIN		0.3	/* the kernel's log and this program do not read quite the same clock */

static int fd = -1;
static struct fault faults[MAX_FAULTS];
static struct fault hearing;	/* a record that takes several lines */
static unsigned int n_faults, next_fault, lost_faults;
static struct complaints complaints;
static char lines[KEEP_LINES][200];
static unsigned int n_lines;
static double window_start = -2 * INTERVAL;
static unsigned int window_used;

/* @t: the kernel's time of the line */
static void spent(double t, unsigned int n)
{
	if (t - window_start > INTERVAL) {
		window_start = t;
		window_used = 0;
	}
	window_used += n;
}

static void take(char *record)
{
	char *text = strchr(record, ';');
	unsigned long long us = 0;
	struct heard heard;

	if (!text)
		return;
	text++;
	text[strcspn(text, "\n")] = 0;
	sscanf(record, "%*u,%*u,%llu", &us);
	if (n_lines < KEEP_LINES)
		snprintf(lines[n_lines++], sizeof(lines[0]), "%s", text);
	complaints_take(&complaints, text);
	heard = family->listen(text, &hearing);
	if (heard.cost)
		spent(us / 1e6, heard.cost);
	if (heard.fault) {
		if (n_faults < MAX_FAULTS)
			faults[n_faults++] = hearing;
		else
			lost_faults++;
		memset(&hearing, 0, sizeof(hearing));
	}
}

static void drain(void)
{
	char record[2048];
	ssize_t n;

	while (fd >= 0) {
		n = read(fd, record, sizeof(record) - 1);
		if (n < 0 && errno == EPIPE)	/* overtaken by newer lines */
			continue;
		if (n <= 0)
			return;
		record[n] = 0;
		take(record);
	}
}

void kmsg_open(void)
{
	fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
}

void kmsg_mark(void)
{
	drain();
	n_faults = next_fault = lost_faults = n_lines = 0;
	memset(&complaints, 0, sizeof(complaints));
}

void faults_room(unsigned int n)
{
	double t;

	drain();
	t = now();
	if (t - window_start <= INTERVAL + MARGIN && window_used + family->fault_cost * n > BURST)
		msleep((INTERVAL + MARGIN - (t - window_start)) * 1e3 + 1);
}

bool fault_next(struct fault *f, unsigned int timeout_ms)
{
	double end = now() + timeout_ms / 1e3;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		drain();
		if (next_fault < n_faults) {
			*f = faults[next_fault++];
			return true;
		}
		if (fd < 0 || now() >= end)
			return false;
		poll(&p, 1, 5);
	}
}

unsigned int faults_drain(void)
{
	unsigned int n;

	drain();
	n = n_faults - next_fault + lost_faults;
	next_fault = n_faults;
	return n;
}

bool kmsg_splat(char *text, size_t size)
{
	drain();
	complaints_end(&complaints);
	if (complaints.known)
		diag("a bug of Linux that is known: %s: %s", complaints.known->what, complaints.known_line);
	if (!complaints.count)
		return false;
	snprintf(text, size, "%s", complaints.first);
	return true;
}

void kmsg_print_step(void)
{
	drain();
	for (unsigned int i = 0; i < n_lines; i++)
		diag("kernel: %s", lines[i]);
}

void kmsg_scan_boot(struct complaints *all)
{
	int f = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[2048], *text;
	ssize_t n;

	memset(all, 0, sizeof(*all));
	while (f >= 0) {
		n = read(f, record, sizeof(record) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			break;
		record[n] = 0;
		record[strcspn(record, "\n")] = 0;
		text = strchr(record, ';');
		complaints_take(all, text ? text + 1 : record);
	}
	complaints_end(all);
	if (f >= 0)
		close(f);
}

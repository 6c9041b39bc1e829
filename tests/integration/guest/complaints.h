/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Complaints in the kernel's log: a BUG, a WARNING, a report of a checker, or what a family says its driver complains
 * with. A report that a family knows for a bug of Linux itself is told apart: by the line that begins it, and by all
 * that must stand in the lines after it, so that no other report passes for it.
 */
#ifndef TOUR_COMPLAINTS_H
#define TOUR_COMPLAINTS_H

#include <stdbool.h>

struct known_bug {
	const char *begins;
	const char *names[3];	/* all of them, in the lines that follow */
	const char *what;
};

struct complaints {
	unsigned int count;		/* known ones are not counted */
	char first[256];		/* the first of these */
	const struct known_bug *known;	/* the last that was found, and the line that began it */
	char known_line[256];
	/* A report that may be a known one */
	const struct known_bug *may_be;
	char began[256];
	unsigned int seen, lines;
};

void complaints_take(struct complaints *c, const char *line);
void complaints_end(struct complaints *c);	/* no more lines: what is no known bug by now is none */

#endif /* TOUR_COMPLAINTS_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>

#include "complaints.h"
#include "family.h"

#define REPORT_LINES	16	/* in which a report names what it is about */

static bool begins(const char *text)
{
	static const char * const words[] = {
		"BUG:", "WARNING:", "Oops:", "KASAN:", "UBSAN:", "kernel BUG at", "INFO: task ", "rcu: INFO:",
		"possible recursive locking", "possible circular locking", "suspicious RCU usage",
		"suspected memory leaks", "general protection fault",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(text, words[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(family->complaints) && family->complaints[i]; i++)
		if (strstr(text, family->complaints[i]))
			return true;
	return false;
}

static const struct known_bug *known(const char *text)
{
	for (const struct known_bug *k = family->known_bugs; k && k->begins; k++)
		if (strstr(text, k->begins))
			return k;
	return NULL;
}

static void count(struct complaints *c, const char *text)
{
	if (!c->count++)
		snprintf(c->first, sizeof(c->first), "%s", text);
}

void complaints_end(struct complaints *c)
{
	if (c->may_be)
		count(c, c->began);
	c->may_be = NULL;
}

/* One more line of a report that may be a known one */
static void follow(struct complaints *c, const char *line)
{
	unsigned int all = 0;

	for (size_t i = 0; i < ARRAY_SIZE(c->may_be->names) && c->may_be->names[i]; i++) {
		all |= 1u << i;
		if (strstr(line, c->may_be->names[i]))
			c->seen |= 1u << i;
	}
	if (c->seen == all) {
		c->known = c->may_be;
		memcpy(c->known_line, c->began, sizeof(c->known_line));
		c->may_be = NULL;
	} else if (++c->lines == REPORT_LINES) {
		complaints_end(c);
	}
}

void complaints_take(struct complaints *c, const char *line)
{
	if (!begins(line)) {
		if (c->may_be)
			follow(c, line);
		return;
	}
	complaints_end(c);
	c->may_be = known(line);
	c->seen = c->lines = 0;
	if (c->may_be)
		snprintf(c->began, sizeof(c->began), "%s", line);
	else
		count(c, line);
}

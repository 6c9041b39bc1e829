/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "covers.h"

#define MARK	"covers:"
#define BLANKS	" \t\r\n"

static void *checked(void *p)
{
	if (!p) {
		fprintf(stderr, "conformance: no memory\n");
		exit(1);
	}
	return p;
}

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t size = 0, got;

	if (!f) {
		perror(path);
		return NULL;
	}
	do {
		text = checked(realloc(text, size + 4097));
		got = fread(text + size, 1, 4096, f);
		size += got;
	} while (got);
	text[size] = '\0';
	fclose(f);
	return text;
}

static int line_of(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/* One name of a comment, against one row; a trailing * stands for any rest. */
static bool matches(const char *name, const char *prefix, const struct row *row)
{
	size_t len = strlen(name);

	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return false;
	name += strlen(prefix);
	len -= strlen(prefix);
	if (len && name[len - 1] == '*')
		return strncmp(name, row->name, len - 1) == 0;
	return strcmp(name, row->name) == 0;
}

static void append(struct covers *c, const struct cover *cover)
{
	if (c->count == c->room) {
		c->room = c->room ? 2 * c->room : 64;
		c->list = checked(realloc(c->list, c->room * sizeof(*c->list)));
	}
	c->list[c->count++] = *cover;
}

/* The program's name tells which family its tests are about: REG_ is the prefix of several. */
static const struct family *family_of(const char *program)
{
	const struct family *rest = NULL;

	for (size_t f = 0; f < family_count; f++) {
		const char *begin = families[f]->programs;

		if (!begin)
			rest = families[f];
		else if (!strncmp(program, begin, strlen(begin)))
			return families[f];
	}
	return rest;
}

static bool add(struct covers *c, const char *name, const char *program, const char *test)
{
	struct cover cover = { .family = family_of(program) };
	bool found = false;

	snprintf(cover.program, COVER_NAME, "%s", program);
	snprintf(cover.test, COVER_NAME, "%s", test);
	for (cover.row = 0; cover.row < cover.family->row_count; cover.row++) {
		const struct row *row = &cover.family->rows[cover.row];

		if (!matches(name, cover.family->lists[row->list].prefix, row))
			continue;
		append(c, &cover);
		found = true;
	}
	return found;
}

/*
 * The name of the next function 'void name(void **state)' after @at, before the next comment of this kind.
 */
static bool next_test(const char *at, char *test, size_t size)
{
	const char *end = strstr(at, "(void **state)");
	const char *other = strstr(at, MARK);
	const char *name;

	if (!end || (other && other < end))
		return false;
	for (name = end; name > at && (isalnum((unsigned char)name[-1]) || name[-1] == '_'); name--)
		;
	if (name == end || name - at < 5 || strncmp(name - 5, "void ", 5) != 0)
		return false;
	snprintf(test, size, "%.*s", (int)(end - name), name);
	return true;
}

static void program_of(const char *path, char *program, size_t size)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	char *dot;

	if (strncmp(base, "test_", 5) == 0)
		base += 5;
	snprintf(program, size, "%s", base);
	dot = strrchr(program, '.');
	if (dot)
		*dot = '\0';
}

bool covers_read(struct covers *covers, const char *path)
{
	char program[COVER_NAME], test[COVER_NAME];
	char *text = read_file(path);
	bool ok = text != NULL;

	program_of(path, program, sizeof(program));
	for (char *at = text ? strstr(text, "/* " MARK) : NULL; at; at = strstr(at, "/* " MARK)) {
		int line = line_of(text, at);
		char *body = at + strlen("/* " MARK);
		char *end = strstr(body, "*/");
		char *names;

		if (!end || !next_test(end, test, sizeof(test))) {
			fprintf(stderr, "%s:%d: comment belongs to no test\n", path, line);
			ok = false;
			at = body;
			continue;
		}
		names = checked(calloc(1, (size_t)(end - body) + 1));
		memcpy(names, body, (size_t)(end - body));
		for (char *n = strtok(names, BLANKS); n; n = strtok(NULL, BLANKS)) {
			/* A line of a longer comment begins with a star. */
			if (strcmp(n, "*") != 0 && !add(covers, n, program, test)) {
				fprintf(stderr, "%s:%d: %s: no such name in the lists of its family\n",
					path, line, n);
				ok = false;
			}
		}
		free(names);
		at = end;
	}
	free(text);
	return ok;
}

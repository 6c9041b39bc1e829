/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * 'covers:' comments of the tests; the convention is in tests/README.md.
 */
#ifndef CONFORMANCE_COVERS_H
#define CONFORMANCE_COVERS_H

#include <stdbool.h>
#include <stddef.h>

#include "family.h"

#define COVER_NAME 128

struct cover {
	const struct family *family;
	size_t row;			/* of that family */
	char program[COVER_NAME];	/* file name without test_ and .c */
	char test[COVER_NAME];
};

struct covers {
	struct cover *list;
	size_t count, room;
};

/*
 * Read one test program. False, after a message for each mistake, if a comment names something unknown or belongs to no
 * test, or if the file cannot be read.
 */
bool covers_read(struct covers *covers, const char *path);

#endif

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tour.h"

struct host host;

bool read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n;

	text[0] = 0;
	if (fd < 0)
		return false;
	while (used < size - 1 && (n = read(fd, text + used, size - 1 - used)) > 0)
		used += n;
	close(fd);
	text[used] = 0;
	if (used && text[used - 1] == '\n')
		text[used - 1] = 0;
	return true;
}

bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok;
}

bool cmdline_get(const char *key, char *value, size_t size)
{
	char line[4096], *save = NULL;
	size_t len = strlen(key);
	bool found = false;

	if (!read_file("/proc/cmdline", line, sizeof(line)))
		return false;
	for (char *w = strtok_r(line, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		if (strncmp(w, key, len) || w[len] != '=')
			continue;
		snprintf(value, size, "%s", w + len + 1);
		found = true;	/* the last one counts, as for the kernel */
	}
	return found;
}

double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

void msleep(unsigned int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000l };

	nanosleep(&ts, NULL);
}

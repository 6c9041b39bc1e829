// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the kernel has to say in the end. */
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "complaints.h"
#include "steps.h"

#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

/* Debug flavour: memory that nobody points to any more. Objects count when they are five seconds old. */
static bool leaks(bool *found)
{
	char text[4096];

	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	if (access(KMEMLEAK, R_OK))
		return false;
	engine_close(0);
	engine_close(1);
	msleep(5500);
	for (unsigned int i = 0; i < 2; i++)	/* the first scan may meet a pointer on its way */
		want(write_file(KMEMLEAK, "scan"), "kmemleak does not scan");
	want(read_file(KMEMLEAK, text, sizeof(text)), "%s cannot be read", KMEMLEAK);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		diag("kmemleak: %s", line);
		*found = true;
	}
	return true;
}

/* Since the machine began to boot */
void step_kernel_log_clean(void)
{
	bool leaked = false, looked = leaks(&leaked);
	struct complaints all;

	kmsg_scan_boot(&all);
	want(!all.count, "%u complaints of the kernel, the first: %s", all.count, all.first);
	want(!leaked, "memory leaked, see the lines above");
	show("no BUG, WARNING, KASAN, UBSAN, lockdep or hang report since boot%s%s%s", looked ? ", no memory leaked" : "",
	     all.known ? "; but for a bug of Linux that is known: " : "", all.known ? all.known->what : "");
}

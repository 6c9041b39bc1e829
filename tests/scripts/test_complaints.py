# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What the tour takes for a complaint of the kernel, and which reports it knows for bugs of Linux."""

import os
import subprocess

import pytest

GUEST = os.path.join(os.path.dirname(__file__), "..", "integration", "guest")

HARNESS = r"""
#include <stdio.h>
#include <string.h>
#include "complaints.h"
#define TOUR_FAMILY_H
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
static const struct known_bug bugs[] = {
	{ "possible circular locking", { "(&a)", "(&b)" }, "a and b" },
	{ NULL, { NULL }, NULL },
};
static const struct { const char *complaints[2]; const struct known_bug *known_bugs; } one = { { "EVTQ overflow" }, bugs };
static const typeof(one) *family = &one;
#include "complaints.c"
int main(void)
{
	struct complaints c = { 0 };
	char line[512];
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		complaints_take(&c, line);
	}
	complaints_end(&c);
	printf("%u|%s|%s%s%s\n", c.count, c.first, c.known ? c.known->what : "", c.known ? ": " : "", c.known_line);
}
"""

KNOWN = ["WARNING: possible circular locking dependency detected", "x is trying to acquire lock:", "1 (&a){+}, at: f",
         "", "but task is already holding lock:", "2 (&b){+}, at: g"]


@pytest.fixture(scope="module")
def complaints(tmp_path_factory):
    folder = tmp_path_factory.mktemp("complaints")
    (folder / "main.c").write_text(HARNESS)
    subprocess.run(["gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined",
                    "-I", GUEST, "-o", folder / "main", folder / "main.c"], check=True)

    def ask(lines):
        out = subprocess.run([folder / "main"], input="\n".join(lines), capture_output=True, text=True, check=True).stdout
        count, first, known = out.rstrip("\n").split("|")
        return int(count), first, known
    return ask


def test_an_ordinary_line_is_none(complaints):
    assert complaints(["Linux version 7.3", "(&a)", "(&b)"]) == (0, "", "")


def test_each_begins_one(complaints):
    assert complaints(["BUG: KASAN: use-after-free", "x", "arm-smmu-v3: EVTQ overflow detected"])[:2] == \
        (2, "BUG: KASAN: use-after-free")


def test_a_known_report_is_told_apart(complaints):
    assert complaints(KNOWN) == (0, "", "a and b: " + KNOWN[0])
    assert complaints(KNOWN + ["BUG: sleeping"]) == (1, "BUG: sleeping", "a and b: " + KNOWN[0])


def test_lines_of_others_may_be_between(complaints):
    assert complaints([line for k in KNOWN for line in (k, "vfio-pci: reset done")]) == (0, "", "a and b: " + KNOWN[0])


@pytest.mark.parametrize("missing", (2, 5))
def test_a_report_about_another_lock_is_a_complaint(complaints, missing):
    assert complaints(KNOWN[:missing] + KNOWN[missing + 1:]) == (1, KNOWN[0], "")


def test_a_report_that_ends_early_is_a_complaint(complaints):
    assert complaints(KNOWN[:3] + ["BUG: another"] + KNOWN[3:]) == (2, KNOWN[0], "")
    assert complaints(KNOWN[:3] + ["x"] * 16 + KNOWN[3:]) == (1, KNOWN[0], "")

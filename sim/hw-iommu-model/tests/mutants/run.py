#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Break one thing at a time - a fault condition, a command, an event - and see whether the tests that say they cover it notice.

usage: run.py CLAIMS PROGRAM...

CLAIMS is what `conformance --claims` prints, a line for each thing: its name; mutants that each of its tests must notice
at least one of, separated by commas; mutants that are noticed by one of its programs at least ('-': none); for each test
that covers it, program:test. PROGRAMs are the test programs, linked with what breaks the library (vtd.c, smmu.c).

Two rules:
 - every test that says it covers the thing fails with one of the first mutants;
 - each mutant of either kind makes one of the programs fail that have such a test.
Exit status 1 if a rule is broken, or if a test fails without any change.
"""
import os
import re
import subprocess
import sys

RESULT = re.compile(r"^(ok|not ok) \d+ - (\w+)", re.M)


def failures(program, mutant):
    """Names of the tests that fail, of those that ran, and the program's exit status."""
    env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP")
    env.pop("HWI_MUTANT", None)
    if mutant:
        env["HWI_MUTANT"] = mutant
    run = subprocess.run([program], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
                         encoding="utf-8", errors="replace", check=False)
    results = RESULT.findall(run.stdout)
    return {name for state, name in results if state == "not ok"}, {name for _, name in results}, run.returncode


def names(field):
    return [] if field == "-" else field.split(",")


def main():
    claims, programs = {}, {}
    for path in sys.argv[2:]:
        programs[os.path.basename(path).removeprefix("test_")] = path
    with open(sys.argv[1], encoding="utf-8") as f:
        for line in f:
            name, each, some, *tests = line.split()
            claims[name] = (names(each), names(some), sorted(set(tuple(t.split(":")) for t in tests)))

    bad = mutants = 0
    for program in sorted({p for _, _, tests in claims.values() for p, _ in tests}):
        failed, _, status = failures(programs[program], None)
        if failed or status:
            print(f"{program}: fails as it is: {' '.join(sorted(failed)) or status}")
            bad += 1
    if bad:
        return 1

    for name, (each, some, tests) in claims.items():
        users = sorted({p for p, _ in tests})
        if not users:
            continue
        silent = set(tests)
        for what in each:
            mutants += 1
            noticed = False
            for program in users:
                failed, ran, status = failures(programs[program], f"{name}:{what}")
                noticed = noticed or bool(failed) or status != 0
                # A test that was not reached, because the program died before it, says nothing against it.
                silent -= {(p, t) for p, t in silent if p == program and (t in failed or t not in ran)}
            if not noticed:
                print(f"{name}: nothing notices '{what}'")
                bad += 1
        for program, test in sorted(silent) if each else []:
            print(f"{name}: {program}: {test} does not notice {' or '.join(each)}")
            bad += 1
        for what in some:
            mutants += 1
            if any(failed or status for failed, _, status in
                   (failures(programs[p], f"{name}:{what}") for p in users)):
                continue
            print(f"{name}: nothing notices '{what}'")
            bad += 1
    print(f"{mutants} mutants, {bad} findings")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Break one fault condition at a time and see whether the tests that say they cover it notice.

usage: run.py CLAIMS PROGRAM...

CLAIMS is what `conformance --claims` prints: a line for each fault condition: its name; whether FPD matters (FPD or
NA), its answers to U, T, X; for each test that covers it, program:test. PROGRAMs are the test programs, linked with fault_info.c.

Two rules:
 - with a wrong fault reason, every test that says it covers the condition fails;
 - with a wrong answer to a kind of request, or with 'qualified' inverted, at least one of the programs fails that have
   such a test.
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


def main():
    claims, programs = {}, {}
    for path in sys.argv[2:]:
        programs[os.path.basename(path).removeprefix("test_")] = path
    with open(sys.argv[1], encoding="utf-8") as f:
        for line in f:
            name, answers, *tests = line.split()
            claims[name] = (answers.split(","), sorted(set(tuple(t.split(":")) for t in tests)))

    bad = mutants = 0
    for program in sorted({p for _, tests in claims.values() for p, _ in tests}):
        failed, _, status = failures(programs[program], None)
        if failed or status:
            print(f"{program}: fails as it is: {' '.join(sorted(failed)) or status}")
            bad += 1
    if bad:
        return 1

    for name, (answers, tests) in claims.items():
        users = sorted({p for p, _ in tests})
        if not users:
            continue
        mutants += 1
        for program in users:
            failed, ran, _ = failures(programs[program], f"{name}:reason")
            for test in (t for p, t in tests if p == program):
                # A test that was not reached, because the program died before it, says nothing against it.
                if test not in failed and test in ran:
                    print(f"FC_{name}: {program}: {test} does not notice a wrong fault reason")
                    bad += 1
        for what, answer in zip(("qualified", "U", "T", "X"), answers):
            if answer in ("NA", "SEP"):
                continue
            mutants += 1
            if any(failed or status for failed, _, status in
                   (failures(programs[p], f"{name}:{what}") for p in users)):
                continue
            print(f"FC_{name}: nothing notices", "that FPD is treated wrongly" if what == "qualified" else
                  f"a wrong answer to {what} (should be {answer})")
            bad += 1
    print(f"{mutants} mutants, {bad} findings")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())

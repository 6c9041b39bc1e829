# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""KTAP version 1, as Documentation/dev-tools/ktap.rst of the kernel describes it; flat, as guest programs print it."""

import re
from dataclasses import dataclass, field

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"

_RESULT = re.compile(r"^(?P<not>not )?ok (?P<number>\d+)(?:\s+(?:- )?(?P<rest>.*))?$")
_TIME = re.compile(r"\((\d+) ms\)\s*$")


@dataclass
class Result:
    name: str
    status: str
    text: str = ""  # what the step showed, or why it failed or was skipped
    seconds: float = 0.0
    diagnostics: list = field(default_factory=list)  # "# ..." lines before the result


@dataclass
class Report:
    results: list = field(default_factory=list)
    planned: int = None
    started: bool = False
    bailed_out: str = None
    records: dict = field(default_factory=dict)  # "# bench {...}" and the like: word -> list of JSON texts

    def count(self, status):
        return sum(r.status == status for r in self.results)

    def add_failure(self, name, text):
        self.results.append(Result(name, FAILED, text))


class Parser:
    """Fed with console lines; everything that is not KTAP is passed over."""

    def __init__(self):
        self.report = Report()
        self._diagnostics = []

    def feed(self, line):
        """Returns True if the line was KTAP's."""
        line = line.rstrip("\r\n")
        report = self.report
        if not report.started:
            # The first line may share its line with the end of what the firmware or the kernel printed.
            if line.endswith("KTAP version 1"):
                report.started = True
                return True
            return False
        plan = re.match(r"^1\.\.(\d+)\s*$", line)
        if plan:
            report.planned = int(plan.group(1))
            return True
        if line.startswith("Bail out!"):
            report.bailed_out = line[len("Bail out!"):].strip()
            return True
        if line.startswith("# "):
            self._diagnostic(line[2:])
            return True
        m = _RESULT.match(line)
        if m:
            self._result(m)
            return True
        return False

    def _diagnostic(self, text):
        record = re.match(r"^(\w+) (\{.*\})$", text)
        if record:
            self.report.records.setdefault(record.group(1), []).append(record.group(2))
        elif not text.startswith("Totals:"):
            self._diagnostics.append(text)

    def _result(self, m):
        name, _, text = (m.group("rest") or "").partition("#")
        name, text = name.strip(), text.strip()
        status = FAILED if m.group("not") else PASSED
        if text.upper().startswith("SKIP"):
            status, text = SKIPPED, text[4:].strip()
        seconds = 0.0
        time = _TIME.search(text)
        if time:
            seconds, text = int(time.group(1)) / 1e3, text[:time.start()].rstrip()
        self.report.results.append(
            Result(name or f"test {m.group('number')}", status, text, seconds, self._diagnostics))
        self._diagnostics = []

    def finish(self, why="the output ended"):
        """A plan that was not kept is a failure."""
        report = self.report
        missing = (report.planned or 0) - len(report.results)
        if missing > 0:
            report.add_failure("plan", f"{missing} of {report.planned} tests did not run: {report.bailed_out or why}")
        elif report.bailed_out is not None and not report.count(FAILED):
            report.add_failure("plan", f"bailed out: {report.bailed_out}")
        return report

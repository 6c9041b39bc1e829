# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a guest's console says, line by line, and the judgement at its end - whoever runs the machine."""

import time
from dataclasses import dataclass, field

from . import ktap, splat


@dataclass
class Outcome:
    report: ktap.Report
    lines: list = field(default_factory=list)  # the whole console
    seconds: float = 0.0
    first_line: float = None  # from QEMU's start to the tour's first line
    init: float = None  # ... to /init
    exit_status: int = None  # of the program in the guest, as /init said


class Console:
    """feed() takes lines as they come; conclude() gives the Outcome, with a failure for all that did not happen."""

    def __init__(self, on_line=None, want_ktap=True):
        self.on_line = on_line or (lambda line: None)
        self.want_ktap = want_ktap
        self.start = time.monotonic()
        self._parser = ktap.Parser()
        self._splats = []
        self.outcome = Outcome(self._parser.report)

    def feed(self, line):
        out = self.outcome
        out.lines.append(line)
        self.on_line(line)
        if line.startswith("hwi: init at") and out.init is None:
            out.init = time.monotonic() - self.start
        if line.startswith("hwi: exit "):
            out.exit_status = int(line.split()[-1])
        started = self._parser.report.started
        self._parser.feed(line)
        if self._parser.report.started and not started:
            out.first_line = time.monotonic() - self.start
        if splat.is_splat(line):
            self._splats.append(splat.without_timestamp(line))
        if splat.known(line) in self._splats:
            self._splats.remove(splat.known(line))

    def conclude(self, timed_out=None, qemu_status=0, qemu_errors=(), stuck=None):
        """timed_out: the time limit in seconds, if that ended the run; stuck: what QEMU said of a machine that stopped."""
        out = self.outcome
        out.seconds = time.monotonic() - self.start
        last = next((line for line in reversed(out.lines) if line.strip()), "nothing at all")
        if stuck:
            more = [e for e in qemu_errors if e.endswith("failure")]  # "emulation failure"
            why = f"the machine stands still: {', '.join([stuck.rstrip('.'), *more[:1]])}; last line: {last}"
        elif timed_out:
            why = f"no end after {timed_out:.0f} s, last line: {last}"
        elif qemu_status:
            why = f"QEMU ended with status {qemu_status}: {qemu_errors[-1] if qemu_errors else 'no message'}"
        else:
            why = f"the guest powered off early, last line: {last}"
        report = self._parser.finish(why)
        if self.want_ktap and not report.started:
            report.add_failure("boot", why)
        elif (timed_out or stuck) and not report.count(ktap.FAILED):
            report.add_failure("boot", why)
        elif qemu_status and not report.count(ktap.FAILED):
            report.add_failure("qemu", why)
        elif out.exit_status is None and not report.count(ktap.FAILED):
            report.add_failure("boot", why)
        elif out.exit_status and not report.count(ktap.FAILED):
            report.add_failure("guest", f"the program in the guest ended with status {out.exit_status}")
        if self._splats:
            report.results.append(ktap.Result(
                "kernel-console", ktap.FAILED,
                f"{len(self._splats)} complaints of the kernel, the first: {self._splats[0]}",
                diagnostics=self._splats))
        return out

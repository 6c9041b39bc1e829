# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""One boot: QEMU runs, its console is read line by line, a report comes out, whatever happens."""

import os
import selectors
import signal
import subprocess
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


class Boot:
    """command: QEMU with its serial port on standard output. run() returns an Outcome and never hangs."""

    def __init__(self, command, timeout=180.0, on_line=None, want_ktap=True):
        self.command = command
        self.timeout = timeout
        self.on_line = on_line or (lambda line: None)
        self.want_ktap = want_ktap

    def run(self):
        parser = ktap.Parser()
        out = Outcome(parser.report)
        splats = []
        start = time.monotonic()
        try:
            qemu = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, start_new_session=True)
        except OSError as e:
            out.report.add_failure("boot", f"QEMU does not start: {e}")
            return out
        errors = []
        timed_out = False
        try:
            for stream, line in self._lines(qemu, start):
                if stream == "err":
                    errors.append(line)
                    self.on_line("qemu: " + line)
                    continue
                out.lines.append(line)
                self.on_line(line)
                if line.startswith("hwi: init at") and out.init is None:
                    out.init = time.monotonic() - start
                if line.startswith("hwi: exit "):
                    out.exit_status = int(line.split()[-1])
                started = parser.report.started
                parser.feed(line)
                if parser.report.started and not started:
                    out.first_line = time.monotonic() - start
                if splat.is_splat(line):
                    splats.append(splat.without_timestamp(line))
        except TimeoutError:
            timed_out = True
        finally:
            self._stop(qemu)
        out.seconds = time.monotonic() - start
        last = next((line for line in reversed(out.lines) if line.strip()), "nothing at all")
        if timed_out:
            why = f"no end after {self.timeout:.0f} s, last line: {last}"
        elif qemu.returncode:
            why = f"QEMU ended with status {qemu.returncode}: {errors[-1] if errors else 'no message'}"
        else:
            why = f"the guest powered off early, last line: {last}"
        report = parser.finish(why)
        if self.want_ktap and not report.started:
            report.add_failure("boot", why)
        elif timed_out and not report.count(ktap.FAILED):
            report.add_failure("boot", why)
        elif qemu.returncode and not report.count(ktap.FAILED):
            report.add_failure("qemu", why)
        elif out.exit_status is None and not report.count(ktap.FAILED):
            report.add_failure("boot", why)
        elif out.exit_status and not report.count(ktap.FAILED):
            report.add_failure("guest", f"the program in the guest ended with status {out.exit_status}")
        if splats:
            report.results.append(ktap.Result(
                "kernel-console", ktap.FAILED, f"{len(splats)} complaints of the kernel, the first: {splats[0]}",
                diagnostics=splats))
        return out

    def _lines(self, qemu, start):
        """Yields ("out" or "err", line); raises TimeoutError."""
        buffers = {"out": b"", "err": b""}
        with selectors.DefaultSelector() as sel:
            sel.register(qemu.stdout, selectors.EVENT_READ, "out")
            sel.register(qemu.stderr, selectors.EVENT_READ, "err")
            while sel.get_map():
                left = start + self.timeout - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                for key, _ in sel.select(left):
                    data = os.read(key.fd, 65536)
                    if not data:
                        sel.unregister(key.fileobj)
                        if buffers[key.data]:
                            yield key.data, self._text(buffers[key.data])
                            buffers[key.data] = b""
                        continue
                    *whole, buffers[key.data] = (buffers[key.data] + data).split(b"\n")
                    for line in whole:
                        yield key.data, self._text(line)

    @staticmethod
    def _text(raw):
        return raw.decode("utf-8", "replace").rstrip("\r")

    @staticmethod
    def _stop(qemu):
        try:
            qemu.wait(timeout=5)
        except subprocess.TimeoutExpired:
            for sig in (signal.SIGTERM, signal.SIGKILL):
                qemu.send_signal(sig)
                try:
                    qemu.wait(timeout=5)
                    break
                except subprocess.TimeoutExpired:
                    pass
        qemu.stdout.close()
        qemu.stderr.close()

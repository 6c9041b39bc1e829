# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""One boot: QEMU runs, its console is read line by line, a report comes out, whatever happens."""

import os
import selectors
import signal
import subprocess
import time

from .console import Console


class Boot:
    """command: QEMU with its serial port on standard output. run() returns an Outcome and never hangs."""

    def __init__(self, command, timeout=180.0, on_line=None, want_ktap=True):
        self.command = command
        self.timeout = timeout
        self.console = Console(on_line, want_ktap)

    def run(self):
        console = self.console
        try:
            qemu = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, start_new_session=True)
        except OSError as e:
            console.outcome.report.add_failure("boot", f"QEMU does not start: {e}")
            return console.outcome
        errors = []
        timed_out = stuck = None
        try:
            for stream, line in self._lines(qemu, console.start):
                if stream == "err":
                    errors.append(line)
                    console.on_line("qemu: " + line)
                    if line.startswith("KVM internal error"):
                        # The machine stands still from here on; what QEMU tells of it comes at once.
                        stuck = line
                        self.timeout = min(self.timeout, time.monotonic() - console.start + 1)
                else:
                    console.feed(line)
        except TimeoutError:
            if not stuck:
                timed_out = self.timeout
        finally:
            self._stop(qemu)
        return console.conclude(timed_out, qemu.returncode, errors, stuck)

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

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""QEMU with a QMP socket and its console in a file: for tests that do something to a running machine."""

import json
import os
import socket
import subprocess
import time

from hwi_run import qemu_command


class Machine:
    """A running QEMU; a context manager that ends it."""

    def __init__(self, machine, folder, name, arguments=()):
        self.console_path = os.path.join(folder, name + ".console")
        path = os.path.join(folder, name + ".qmp")
        self._console = open(self.console_path, "wb")
        self.process = subprocess.Popen(
            qemu_command(machine) + ["-qmp", f"unix:{path},server=on,wait=off", *arguments],
            stdin=subprocess.DEVNULL, stdout=self._console, stderr=subprocess.PIPE)
        self._socket = socket.socket(socket.AF_UNIX)
        self._wait(lambda: os.path.exists(path) or self.process.poll() is not None, 20, "no QMP socket")
        assert self.process.poll() is None, self.process.stderr.read().decode()
        self._wait(lambda: self._connect(path), 20, "QMP does not answer")
        self._file = self._socket.makefile("rw", encoding="utf-8")
        self._file.readline()  # the greeting
        self("qmp_capabilities")

    def _connect(self, path):
        try:
            self._socket.connect(path)
            return True
        except OSError:
            return False

    @staticmethod
    def _wait(condition, seconds, otherwise):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, otherwise
            time.sleep(0.02)

    def __call__(self, command, **arguments):
        """A QMP command; returns what it returns."""
        self._file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._file.flush()
        while True:
            line = self._file.readline()
            assert line, f"{command}: QEMU went away: {self.process.stderr.read().decode()}"
            answer = json.loads(line)
            assert "error" not in answer, f"{command}: {answer['error']['desc']}"
            if "return" in answer:
                return answer["return"]

    def console(self):
        with open(self.console_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_console(self, text, seconds):
        self._wait(lambda: text in self.console() or self.process.poll() is not None, seconds,
                   f"no '{text}' on the console after {seconds} s")
        assert text in self.console(), f"QEMU ended before '{text}': {self.process.stderr.read().decode()}"

    def wait_end(self, seconds):
        return self.process.wait(seconds)

    def save_to(self, path):
        """Stop and write the whole machine to a file."""
        self("stop")
        self("migrate", uri=f"file:{path}")
        self._wait(lambda: self("query-migrate").get("status") in ("completed", "failed"), 60, "migration does not end")
        assert self("query-migrate")["status"] == "completed"

    def go_on(self):
        """After a start with -incoming: run, as soon as everything is loaded."""
        self._wait(lambda: self("query-status")["status"] != "inmigrate", 60, "the state is not loaded")
        self("cont")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self._console.close()
        self._socket.close()

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Boots a Spec with plain QEMU."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time

from machine import Boot, Spec


def command(spec: Spec, serial: str, accel: str) -> list[str]:
    return [
        str(spec.emulator), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-machine", f"pc-q35-hwiommu,kernel-irqchip=split,accel={accel}",
        "-cpu", "max", "-smp", str(spec.cpus), "-m", str(spec.memory_mib),
        "-kernel", str(spec.kernel), "-initrd", str(spec.initrd),
        "-append", spec.kernel_cmdline(), "-serial", serial,
    ] + spec.qemu_arguments()


def boot(spec: Spec, accel: str = "tcg") -> Boot:
    with tempfile.TemporaryDirectory(prefix="hwiommu-") as tmp:
        console = os.path.join(tmp, "console")
        begin = time.monotonic()
        timed_out = False
        process = subprocess.Popen(command(spec, f"file:{console}", accel),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        try:
            _, stderr = process.communicate(timeout=spec.timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            _, stderr = process.communicate()
            timed_out = True
        text = ""
        if os.path.exists(console):
            with open(console, encoding="utf-8", errors="replace") as file:
                text = file.read()
        return Boot(spec, text, time.monotonic() - begin, timed_out, stderr)

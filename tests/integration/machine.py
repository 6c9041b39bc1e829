# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a boot of the machine is asked for, and what it leaves."""

from __future__ import annotations

import dataclasses
import pathlib

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = TOP / "build"
RESULTS = BUILD / "results"

BASE_CMDLINE = "console=ttyS0 panic=-1 intel_iommu=on"


@dataclasses.dataclass(frozen=True)
class Spec:
    """One boot.

    cmdline   added to the kernel's command line
    run       what the guest's init runs (hwi.run=)
    props     unit properties, as -global hwiommu-vtd.NAME=VALUE
    extra     further QEMU arguments
    """

    name: str
    iommu: str = "vtd"
    cmdline: str = ""
    run: str = "tour"
    props: tuple[tuple[str, str], ...] = ()
    extra: tuple[str, ...] = ()
    flavour: str = "release"
    memory_mib: int = 1024
    cpus: int = 2
    timeout_s: int = 180

    @property
    def kernel(self) -> pathlib.Path:
        suffix = "" if self.flavour == "release" else f"-{self.flavour}"
        return BUILD / "linux" / f"x86_64{suffix}" / "bzImage"

    @property
    def initrd(self) -> pathlib.Path:
        return BUILD / "initramfs" / "x86_64.cpio.gz"

    @property
    def emulator(self) -> pathlib.Path:
        return BUILD / "bin" / "qemu-system-x86_64"

    def kernel_cmdline(self) -> str:
        words = [BASE_CMDLINE, f"hwi.run={self.run}"]
        if self.cmdline:
            words.append(self.cmdline)
        return " ".join(words)

    def qemu_arguments(self) -> list[str]:
        """Arguments beyond what every runner says in its own way."""
        args = ["-machine", f"iommu={self.iommu}"]
        for name, value in self.props:
            args += ["-global", f"hwiommu-vtd.{name}={value}"]
        return args + list(self.extra)


@dataclasses.dataclass
class Boot:
    """What came back: the console, and how long the machine ran."""

    spec: Spec
    console: str
    seconds: float
    timed_out: bool = False
    stderr: str = ""

    def save(self) -> pathlib.Path:
        RESULTS.mkdir(parents=True, exist_ok=True)
        path = RESULTS / f"{self.spec.name}.console"
        path.write_text(self.console)
        return path

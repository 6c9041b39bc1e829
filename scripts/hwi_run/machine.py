# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""QEMU's command line for an IOMMU, a mode and an accelerator."""

import os
from dataclasses import dataclass, field

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@dataclass(frozen=True)
class Mode:
    kernel: str  # what the kernel is told
    qemu: tuple = ()  # what the IOMMU's device is told
    about: str = ""


_FOUR = ("-global", "hwiommu-vtd.aw-bits=48", "-global", "hwiommu-vtd.fl5=off")
_FIVE = ("-global", "hwiommu-vtd.aw-bits=57", "-global", "hwiommu-vtd.fl5=on")

# Of iommu=vtd. The machine of QEMU's own intel-iommu knows scalable and legacy.
MODES = {
    "scalable": Mode("intel_iommu=on,sm_on", _FOUR, "scalable mode, 4-level widths"),
    "legacy": Mode("intel_iommu=on,sm_off", _FOUR, "legacy mode: the driver is told sm_off"),
    "5level": Mode("intel_iommu=on,sm_on", _FIVE, "scalable mode, 57-bit widths: 5-level first and second stage"),
}

DEFAULT_MODES = {"vtd": ("scalable", "legacy", "5level"), "qemu-intel": ("scalable", "legacy")}


@dataclass
class Machine:
    iommu: str = "vtd"
    mode: str = "scalable"
    accel: str = "tcg"
    flavour: str = "release"
    build: str = field(default_factory=lambda: os.environ.get("BUILD", os.path.join(TOP, "build")))
    memory: str = "1G"
    cpus: int = 2
    run: str = "tour"
    machine_args: list = None  # instead of those of iommu and mode
    cmdline: list = field(default_factory=list)
    qemu_args: list = field(default_factory=list)

    @property
    def _name(self):
        return "x86_64" if self.flavour == "release" else f"x86_64-{self.flavour}"

    @property
    def qemu(self):
        return os.path.join(self.build, "bin", "qemu-system-x86_64")

    @property
    def kernel(self):
        # vmlinux is entered by PVH: nothing to decompress, half a second less under TCG than bzImage.
        return os.path.join(self.build, "linux", self._name, "vmlinux")

    @property
    def initramfs(self):
        return os.path.join(self.build, "initramfs", self._name + ".cpio.gz")

    def missing(self):
        """What must be built first: a list of paths."""
        return [p for p in (self.qemu, self.kernel, self.initramfs) if not os.path.exists(p)]

    def kernel_cmdline(self):
        # A virtual CPU may lose its turn for tens of milliseconds on a busy host: no test of the timer interrupt, no
        # watchdog of the clock, both of which take that for broken hardware.
        words = ["console=ttyS0", "loglevel=5", "panic=-1", "oops=panic", "no_timer_check", "tsc=reliable",
                 MODES[self.mode].kernel, f"hwi.iommu={self.iommu}", f"hwi.mode={self.mode}", f"hwi.run={self.run}"]
        return " ".join(words + self.cmdline)


def iommu_args(m):
    """The machine type with its IOMMU, and the IOMMU's properties; the machine type comes first."""
    if m.machine_args is not None:
        return m.machine_args
    if m.iommu not in DEFAULT_MODES:
        raise ValueError(f"unknown IOMMU {m.iommu}")
    own = MODES[m.mode].qemu if m.iommu == "vtd" else ("-global", "intel-iommu.x-flts=on")
    return ["-machine", f"pc-q35-hwiommu,iommu={m.iommu}", "-global", "hwiommu-dma.num-vfs=2", *own]


def qemu_command(m, interactive=False):
    accel = {"tcg": ["-accel", "tcg,thread=multi", "-cpu", "max"], "kvm": ["-accel", "kvm", "-cpu", "host"]}[m.accel]
    console = ["-serial", "mon:stdio"] if interactive else ["-chardev", "stdio,id=console,signal=off",
                                                            "-serial", "chardev:console"]
    return [m.qemu, "-no-user-config", "-nodefaults", "-display", "none", "-no-reboot", *iommu_args(m), *accel,
            "-smp", str(m.cpus), "-m", m.memory, "-kernel", m.kernel, "-initrd", m.initramfs,
            "-append", m.kernel_cmdline(), *console, *m.qemu_args]

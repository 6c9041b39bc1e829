# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""QEMU's command line for an IOMMU, a mode and an accelerator.

IOMMUS says which there are: to add one is to add an entry. An IOMMU belongs to a platform, which says what its machine and
guest are; a mode is one boot: how the guest's driver is to use the IOMMU, and which kernel boots."""

import os
from dataclasses import dataclass, field

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@dataclass(frozen=True)
class Platform:
    arch: str  # of the guest, as in build/linux/ARCH
    target: str  # of QEMU, as in build/bin/qemu-system-TARGET
    machine: str  # QEMU's machine type, with options
    image: str  # the kernel's file
    words: tuple  # what every kernel is told
    firmware: str = None  # for modes that boot through it


@dataclass(frozen=True)
class Mode:
    about: str
    words: str = ""  # what the kernel is told
    qemu: tuple = ()  # what the IOMMU's device is told
    machine: str = ""  # options of the machine type
    kernel: str = ""  # flavour of the kernel
    firmware: bool = False  # boot through the platform's firmware, which describes the machine by ACPI


@dataclass(frozen=True)
class Iommu:
    about: str
    platform: Platform
    modes: dict
    default: tuple  # of the modes
    rival: str = None  # QEMU's own IOMMU of this family


# vmlinux is entered by PVH: nothing to decompress, half a second less under TCG than bzImage. A virtual CPU may lose its
# turn for tens of milliseconds on a busy host: no test of the timer interrupt, no watchdog of the clock, both of which
# take that for broken hardware.
_PC = Platform("x86_64", "x86_64", "pc-q35-hwiommu", "vmlinux",
               ("console=ttyS0", "loglevel=5", "panic=-1", "oops=panic", "no_timer_check", "tsc=reliable"))
_VIRT = Platform("arm64", "aarch64", "virt-hwiommu,gic-version=3", "Image",
                 ("console=ttyAMA0", "loglevel=5", "panic=-1", "oops=panic"),
                 firmware="/usr/share/AAVMF/AAVMF_CODE.fd")

_FOUR = ("-global", "hwiommu-vtd.aw-bits=48", "-global", "hwiommu-vtd.fl5=off")
_FIVE = ("-global", "hwiommu-vtd.aw-bits=57", "-global", "hwiommu-vtd.fl5=on")
_FLTS = ("-global", "intel-iommu.x-flts=on")

# A third engine, integrated rather than a card: its requests can be stalled, and it has no ATS.
_STALLS = ("-device", "pcie-root-port,id=hwiommu-port2,addr=1d.0,chassis=130,slot=2,pref64-reserve=1M",
           "-device", "hwiommu-dma,id=hwiommu-dma2,bus=hwiommu-port2,can-stall=on,ats=off,pri=off")

# The default huge page of a kernel with 64K pages is 512 MiB; 2 MiB, as on the other kernels, is its contiguous one.
_64K = "default_hugepagesz=2M"
_CMDQV = "hwi.cmdqv=on"

IOMMUS = {
    "vtd": Iommu("the model of Intel VT-d", _PC, {
        "scalable": Mode("scalable mode, 4-level widths", "intel_iommu=on,sm_on", _FOUR),
        "legacy": Mode("legacy mode: the driver is told sm_off", "intel_iommu=on,sm_off", _FOUR),
        "5level": Mode("scalable mode, 57-bit widths: 5-level first and second stage", "intel_iommu=on,sm_on", _FIVE),
    }, ("scalable", "legacy", "5level"), "qemu-intel"),
    "qemu-intel": Iommu("QEMU's own intel-iommu, for comparison", _PC, {
        "scalable": Mode("scalable mode, 4-level widths", "intel_iommu=on,sm_on", _FLTS),
        "legacy": Mode("legacy mode: the driver is told sm_off", "intel_iommu=on,sm_off", _FLTS),
    }, ("scalable", "legacy")),
    "smmuv3": Iommu("the model of Arm SMMUv3", _VIRT, {
        "4k": Mode("4K kernel pages", qemu=_STALLS),
        "64k": Mode("64K kernel pages, 52-bit addresses", _64K, _STALLS, kernel="64k"),
        "cmdqv": Mode("4K kernel pages, CMDQV, described by ACPI", _CMDQV, _STALLS, machine="cmdqv=on", firmware=True),
        "cmdqv-64k": Mode("64K kernel pages, CMDQV, described by ACPI", f"{_64K} {_CMDQV}", _STALLS, machine="cmdqv=on",
                          kernel="64k", firmware=True),
    }, ("4k", "64k"), "qemu-smmuv3"),
    "qemu-smmuv3": Iommu("QEMU's own smmuv3, for comparison", _VIRT, {
        "4k": Mode("4K kernel pages"),
        "64k": Mode("64K kernel pages, 52-bit addresses", _64K, kernel="64k"),
    }, ("4k", "64k")),
}


def kernel_name(platform, mode, flavour):
    """Of a kernel, as scripts/build-linux has it: the architecture and its flavours."""
    return "-".join([platform.arch, *filter(None, [mode.kernel, "" if flavour == "release" else flavour])])


@dataclass
class Machine:
    iommu: str = "vtd"
    mode: str = None  # of the IOMMU's; default: its first
    accel: str = "tcg"
    flavour: str = "release"
    build: str = field(default_factory=lambda: os.environ.get("BUILD", os.path.join(TOP, "build")))
    memory: str = "1G"
    cpus: int = 2
    run: str = "tour"
    machine_args: list = None  # instead of those of iommu and mode
    cmdline: list = field(default_factory=list)
    qemu_args: list = field(default_factory=list)

    def __post_init__(self):
        if self.iommu not in IOMMUS:
            raise ValueError(f"unknown IOMMU {self.iommu}")
        self.mode = self.mode or IOMMUS[self.iommu].default[0]
        if self.mode not in IOMMUS[self.iommu].modes:
            raise ValueError(f"{self.iommu} has no mode {self.mode}")

    @property
    def platform(self):
        return IOMMUS[self.iommu].platform

    @property
    def how(self):
        return IOMMUS[self.iommu].modes[self.mode]

    @property
    def name(self):
        return kernel_name(self.platform, self.how, self.flavour)

    @property
    def qemu(self):
        return os.path.join(self.build, "bin", "qemu-system-" + self.platform.target)

    @property
    def kernel(self):
        return os.path.join(self.build, "linux", self.name, self.platform.image)

    @property
    def initramfs(self):
        return os.path.join(self.build, "initramfs", self.name + ".cpio.gz")

    @property
    def firmware(self):
        return self.platform.firmware if self.how.firmware else None

    def missing(self):
        """What must be built first: a list of paths."""
        return [p for p in (self.qemu, self.kernel, self.initramfs, self.firmware) if p and not os.path.exists(p)]

    def kernel_cmdline(self):
        words = [*self.platform.words, *filter(None, [self.how.words]),
                 f"hwi.iommu={self.iommu}", f"hwi.mode={self.mode}", f"hwi.run={self.run}"]
        return " ".join(words + self.cmdline)


def iommu_args(m):
    """The machine type with its IOMMU, and the IOMMU's properties; the machine type comes first."""
    if m.machine_args is not None:
        return m.machine_args
    machine = ",".join(filter(None, [m.platform.machine, f"iommu={m.iommu}", m.how.machine]))
    return ["-machine", machine, "-global", "hwiommu-dma.num-vfs=2", *m.how.qemu]


def qemu_command(m, interactive=False):
    # With -icount QEMU runs the virtual CPUs in turn, and refuses to be told otherwise.
    threads = "single" if "-icount" in m.qemu_args else "multi"
    accel = {"tcg": ["-accel", f"tcg,thread={threads}", "-cpu", "max"],
             "kvm": ["-accel", "kvm", "-cpu", "host"]}[m.accel]
    console = ["-serial", "mon:stdio"] if interactive else ["-chardev", "stdio,id=console,signal=off",
                                                            "-serial", "chardev:console"]
    firmware = ["-bios", m.firmware] if m.firmware else []
    return [m.qemu, "-no-user-config", "-nodefaults", "-display", "none", "-no-reboot", *iommu_args(m), *accel,
            "-smp", str(m.cpus), "-m", m.memory, *firmware, "-kernel", m.kernel, "-initrd", m.initramfs,
            "-append", m.kernel_cmdline(), *console, *m.qemu_args]

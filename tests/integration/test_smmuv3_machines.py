# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""virt-hwiommu in other shapes than the tour's: several SMMUs, wired interrupts; and what it refuses to be."""

import subprocess

import pytest

from conftest import tour_steps
from hwi_run import Machine, ktap

SECOND = "hwiommu-smmuv3,scope=hwiommu-port1,sid-base=0x10000"

SIMPLE = "paging-copy,unmapped-refused,readonly-refused,msix,ring,ats-invalidate,two-engines,unmap-takes-effect"

SHAPES = {
    # The second engine has an SMMU and StreamIDs of its own: steps with two engines translate in both.
    "two-by-device-tree": (dict(mode="4k"), ["-device", SECOND]),
    "two-by-acpi": (dict(mode="cmdqv"), ["-device", SECOND + ",cmdqv=on"]),
    # The first engine is behind a switch, and a port of the switch has an SMMU: buses are numbered depth first. The
    # ports, which isolate nothing, are in the engine's group: no nested domains.
    "behind-a-switch": (dict(mode="4k", cmdline=[f"hwi.steps={SIMPLE}"]), [
        "-device", "pcie-root-port,id=root,addr=2.0,chassis=20,slot=20", "-device", "x3130-upstream,id=up,bus=root",
        "-device", "xio3130-downstream,id=down0,bus=up,addr=0.0,chassis=21,slot=21",
        "-device", "xio3130-downstream,id=down1,bus=up,addr=1.0,chassis=22,slot=22",
        "-device", "hwiommu-dma,bus=down1,pasid=off", "-device", "hwiommu-smmuv3,scope=down1"]),
    # None without a scope: what no SMMU names goes past them, by the tree's iommu-map and by the IORT's mappings.
    "one-each-by-device-tree": (dict(mode="4k"), ["-machine", "iommu=none", *(
        word for n in (0, 1, 2) for word in ("-device", f"hwiommu-smmuv3,scope=hwiommu-port{n}"))]),
    # Linux takes messages where it can; without IDR0.MSI the events come over the wires.
    "wired": (dict(mode="4k"), ["-global", "hwiommu-smmuv3.msi=off"]),
    # Equal events of a stream whose STE.MEV allows it, as Linux has it for nested ones, have one record.
    "merging-events": (dict(mode="4k"), ["-global", "hwiommu-smmuv3.merge-events=on"]),
    # Queues of few entries wrap often; Linux wants more than 64 commands.
    "small-queues": (dict(mode="4k"), ["-global", "hwiommu-smmuv3.cmdqs=7", "-global", "hwiommu-smmuv3.eventqs=4"]),
}
# Steps that a shape is not for. Random tables raise hundreds of events in a burst: a queue of 16 overflows if the driver
# is late, as the architecture has it (§7.4; the unit tests of the event queue see to that), and the driver complains.
UNFIT = {"small-queues": {"nested-garbage"}}
# Without an SMMU of the machine's own its engines have neither ATS nor PASIDs, and steps say that they miss them.
PLAIN = {"one-each-by-device-tree"}
MISSING = (" is missing, IDR0", "the model lacks a feature: IDR0")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_tour_passes(boot, shape):
    fields, arguments = SHAPES[shape]
    extra = {}
    if shape in UNFIT:
        steps = [step for step in tour_steps("smmuv3") if step not in UNFIT[shape]]
        extra["cmdline"] = ["hwi.steps=" + ",".join(steps)]
    outcome = boot(f"smmuv3-{shape}", timeout=300, iommu="smmuv3", qemu_args=arguments, **fields, **extra)
    report = outcome.report
    bad = [f"{r.name}: {r.text}" for r in report.results if r.status == ktap.FAILED]
    if shape in PLAIN:
        bad = [text for text in bad if not any(words in text for words in MISSING)]
    assert not bad, "\n".join(bad)
    if "cmdline" in fields:
        assert report.count(ktap.PASSED) == len(SIMPLE.split(","))
    else:
        assert report.count(ktap.PASSED) > (20 if shape in PLAIN else 35)


REFUSED = [
    (["-M", "virt-hwiommu,iommu=vtd"], "iommu must be smmuv3, qemu-smmuv3 or none"),
    (["-M", "virt-hwiommu,iommu=none,cmdqv=on"], "cmdqv=on needs iommu=smmuv3"),
    (["-M", "virt-hwiommu", "-device", "hwiommu-smmuv3"], "only one unit may be without a scope"),
    (["-M", "virt-hwiommu", "-device", SECOND + ",mmio-base=0x9060000"], "overlaps the registers of another unit"),
    (["-M", "virt-hwiommu", "-device", SECOND + ",mmio-base=0xb001000"], "is not aligned to 0x10000 bytes"),
    (["-M", "virt-hwiommu", "-device", SECOND + ",sid-bits=16"], "sid-base 0x10000 does not fit in StreamIDs of 16 bits"),
    (["-M", "virt-hwiommu", "-device", "virtio-iommu-pci"], "the machine has an SMMU already"),
    (["-M", "virt", "-device", "hwiommu-smmuv3"], "dynamic sysbus device"),
    (["-M", "virt-hwiommu", "-global", "hwiommu-smmuv3.stage2=off", "-global", "hwiommu-smmuv3.hyp=on"],
     "IDR0.Hyp needs S1P and S2P (SMMUv3 §6.3.1)"),
    (["-M", "virt-hwiommu", "-global", "hwiommu-smmuv3.ecmdq=on"], "not implemented"),
    (["-M", "virt-hwiommu", "-global", "hwiommu-smmuv3.sid-bits=33"], "IDR1.SIDSIZE: at most 32 (SMMUv3 §6.3.2)"),
    (["-M", "virt-hwiommu", "-global", "hwiommu-smmuv3.bbml=4"], "bbml must be 0 to 3"),
    (["-M", "virt-hwiommu", "-global", "hwiommu-smmuv3.oas=47"], "oas must be 32, 36, 40, 42, 44, 48 or 52"),
]

# What others need goes with what they need: nothing of this is refused.
ALLOWED = ["stage1=off", "stage2=off", "ats=off", "pri=off", "ssid-bits=0", "gran64k=off", "stall-model=1",
           "version-minor=0", "version-minor=1", "sid-bits=6", "httu=0", "idr3=0x3714", "cache-tlb=4294967295"]


def start(arguments):
    qemu = subprocess.run([Machine(iommu="smmuv3").qemu, "-nodefaults", "-display", "none", "-S", "-m", "128M",
                           "-monitor", "stdio", *arguments], input="quit\n", text=True, capture_output=True,
                          timeout=30, check=False)
    return qemu.returncode, qemu.stderr


@pytest.mark.parametrize("arguments,why", REFUSED, ids=[why for _, why in REFUSED])
def test_refused_with_a_reason(arguments, why):
    status, said = start(arguments)
    assert status == 1
    assert why in said


@pytest.mark.parametrize("property", ALLOWED)
def test_allowed(property):
    status, said = start(["-M", "virt-hwiommu", "-global", f"hwiommu-smmuv3.{property}"])
    assert (status, said) == (0, "")


def test_as_many_as_there_are_interrupts_for():
    def machine(n):
        return ["-M", "virt-hwiommu,iommu=none", *(word for i in range(n) for word in (
            "-device", f"pcie-root-port,id=p{i},chassis={i + 1},slot={i}", "-device", f"hwiommu-smmuv3,scope=p{i}"))]

    assert start(machine(23)) == (0, "")
    status, said = start(machine(24))
    assert status == 1
    assert "no interrupts left" in said

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A machine saved in the middle of DMA and loaded into another QEMU loses nothing.

The tour runs; in the middle of one of its steps the machine is saved, ended, and goes on in a new process. All steps pass,
as if nothing had happened: registers, queues, caches, page requests, ATCs and rings moved along.
"""

import pytest

from hwi_run import Console, Machine, ktap
from qmp import Machine as Running

# Saved right after the named step's line: in the middle of the next one.
BOOTS = {
    "scalable": (dict(iommu="vtd", mode="scalable"),
                 ["ring", "nested-copy", "page-request", "ats-invalidate", "bus-master-off", "unmap-takes-effect"]),
    "4k": (dict(iommu="smmuv3", mode="4k"),
           ["ring", "nested-copy", "nested-msi", "pasid-replace", "stall", "ats-deaf-device", "unmap-takes-effect"]),
    "cmdqv": (dict(iommu="smmuv3", mode="cmdqv"), ["nested-limits", "cmdqv-identity", "cmdqv-invalidate"]),
}


@pytest.mark.parametrize("boot,point", [(b, p) for b, (_, points) in BOOTS.items() for p in points])
def test_the_tour_goes_on_in_another_process(request, tmp_path, results, boot, point):
    machine = Machine(accel=request.config.getoption("--accel"), **BOOTS[boot][0])
    state = tmp_path / "state"
    with Running(machine, tmp_path, "before") as running:
        running.wait_console(f" {point} #", 120)
        running.save_to(state)
        first = running.console()
    with Running(machine, tmp_path, "after", ["-incoming", f"file:{state}"]) as running:
        running.go_on()
        running.wait_console("hwi: exit ", 120)
        running.wait_end(20)
        text = first + running.console()
    console = Console()
    for line in text.splitlines():
        console.feed(line)
    report = console.conclude().report
    with open(f"{results}/migration-{boot}-{point}.log", "w", encoding="utf-8") as file:
        file.write(text)
    bad = [f"{r.name}: {r.text}" for r in report.results if r.status == ktap.FAILED]
    assert not bad, "\n".join(bad)
    assert report.count(ktap.PASSED) > 25

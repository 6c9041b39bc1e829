# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The tour, a test case for each step and boot.

A boot is a machine, a mode of the driver and a kernel. What a step shows is in the guest's program; here it is said
which machines it must pass on.
"""

import pytest

from conftest import tour_steps
from hwi_run import ktap

BOOTS = {
    # name: fields of hwi_run.Machine, seconds
    "scalable": (dict(mode="scalable"), 180),
    "legacy": (dict(mode="legacy"), 180),
    "5level": (dict(mode="5level"), 180),
    # Every cache holds one entry: what only works thanks to a cached entry fails here, and what is stale with caches
    # without limit is evicted (the tour is told by hwi.caches=1): the difference proves that the cache was the cause.
    "one-entry-caches": (dict(mode="scalable", cmdline=["hwi.caches=1"], qemu_args=[
        word for cache in ("context", "pasid", "first-stage", "second-stage", "iotlb", "interrupt")
        for word in ("-global", f"hwiommu-vtd.cache-{cache}=1")]), 180),
    # Caching mode: not-present entries may be cached, so the driver owes more invalidations.
    "caching-mode": (dict(mode="scalable", qemu_args=["-global", "hwiommu-vtd.caching-mode=on"]), 180),
    # Time counted in instructions: whatever reads the virtual clock outside of an I/O instruction ends QEMU.
    "icount": (dict(mode="scalable", qemu_args=["-icount", "shift=auto"]), 300),
    # KASAN, lockdep, kmemleak, fault injection: slow, and it must not say a word.
    "debug-kernel": (dict(mode="scalable", flavour="debug", memory="2G"), 900),

    "smmuv3-4k": (dict(iommu="smmuv3", mode="4k"), 240),
    "smmuv3-64k": (dict(iommu="smmuv3", mode="64k"), 240),
    "smmuv3-cmdqv": (dict(iommu="smmuv3", mode="cmdqv"), 300),
    "smmuv3-one-entry-caches": (dict(iommu="smmuv3", mode="4k", cmdline=["hwi.caches=1"], qemu_args=[
        word for cache in ("l1std", "ste", "l1cd", "cd", "tlb", "walk-s1", "walk-s2", "ipa")
        for word in ("-global", f"hwiommu-smmuv3.cache-{cache}=1")]), 240),
    "smmuv3-debug-kernel": (dict(iommu="smmuv3", mode="4k", flavour="debug", memory="2G"), 900),
    "smmuv3-icount": (dict(iommu="smmuv3", mode="4k", qemu_args=["-icount", "shift=auto"]), 300),
}


def steps_of(name):
    return tour_steps(BOOTS[name][0].get("iommu", "vtd"))


def pytest_generate_tests(metafunc):
    if "step" in metafunc.fixturenames:
        metafunc.parametrize("name,step", [(n, s) for n in BOOTS for s in steps_of(n)],
                             ids=[f"{n}-{s}" for n in BOOTS for s in steps_of(n)])


def outcome_of(boot, name):
    fields, seconds = BOOTS[name]
    return boot(f"tour-{name}", timeout=seconds, **fields)


def test_step(boot, name, step):
    report = outcome_of(boot, name).report
    result = next((r for r in report.results if r.name == step), None)
    assert result is not None, f"did not run: {[r.text for r in report.results if r.status == ktap.FAILED]}"
    if result.status == ktap.SKIPPED:
        pytest.skip(result.text)
    assert result.status == ktap.PASSED, "\n".join([result.text] + result.diagnostics)


@pytest.mark.parametrize("name", BOOTS)
def test_nothing_else_failed(boot, name):
    """The kernel's console is clean, the plan was kept, the guest powered itself off."""
    known = set(steps_of(name))
    bad = [f"{r.name}: {r.text}" for r in outcome_of(boot, name).report.results
           if r.status == ktap.FAILED and r.name not in known]
    assert not bad, "\n".join(bad)

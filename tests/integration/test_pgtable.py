# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Page tables that Linux builds (kernel/pgtable), walked by the model in the guest (guest/pgtable.c)."""

import pytest

from hwi_run import ktap


@pytest.mark.parametrize("mode", ("4k", "64k"))
def test_model_walks_what_linux_builds(boot, mode):
    report = boot(f"pgtable-smmuv3-{mode}", iommu="smmuv3", mode=mode, run="pgtable").report
    bad = [f"{r.name}: {r.text}\n" + "\n".join(r.diagnostics[:8]) for r in report.results if r.status != ktap.PASSED]
    assert not bad, "\n".join(bad)
    # every granule and both stages
    names = [r.name for r in report.results]
    for kind in ("stage1-4k-", "stage1-16k-", "stage1-64k-", "stage2-4k-", "stage2-16k-", "stage2-64k-"):
        assert any(kind in name for name in names), f"no {kind}"

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Options and fixtures of the integration tests."""

import os
import subprocess
import sys

import pytest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(TOP, "scripts"))

from hwi_run import Machine, write_junit  # noqa: E402
from runners import RUNNERS  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--runner", choices=sorted(RUNNERS), default="libvirt", help="what runs the machine")
    parser.addoption("--accel", choices=("tcg", "kvm"), default="tcg")


@pytest.fixture(scope="session")
def runner(request):
    return RUNNERS[request.config.getoption("--runner")]()


@pytest.fixture(scope="session")
def results():
    folder = os.path.join(Machine().build, "results")
    os.makedirs(folder, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def boot(request, runner, results):
    """boot(name, timeout=..., **Machine's fields) -> Outcome. The same name is booted once a session."""
    done = {}

    def once(name, timeout=180, want_ktap=True, **fields):
        if name not in done:
            machine = Machine(accel=request.config.getoption("--accel"), **fields)
            missing = machine.missing()
            assert not missing, f"{missing[0]} is missing: run 'make'"
            outcome = runner.boot(machine, timeout, want_ktap)
            with open(os.path.join(results, f"{name}.log"), "w", encoding="utf-8") as file:
                file.write("\n".join(outcome.lines) + "\n")
            write_junit(os.path.join(results, f"{name}.xml"), [(name, outcome.report)])
            done[name] = outcome
        return done[name]

    return once


def guest_program(name):
    """A program of the guest; they are static, so this machine can run them too."""
    return os.path.join(Machine().build, "guest", "x86_64", name)


def tour_steps(iommu="vtd"):
    """The tour's steps on an IOMMU, from the program itself; it is the same on every processor."""
    out = subprocess.run([guest_program("tour"), "--list", iommu], check=True, capture_output=True, text=True).stdout
    return out.split()

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Boots the hwiommu machine and understands what it says. Python's standard library only.

ktap      KTAP lines -> Report
junit     Reports -> JUnit XML
splat     complaints of the kernel on a console
machine   the IOMMUs and their modes, QEMU command lines
console   judges what a guest's console says
boot      one boot: runs QEMU, watches the console, gives a Report
"""

from .boot import Boot
from .console import Console, Outcome
from .junit import write_junit
from .ktap import Parser, Report, Result
from .machine import IOMMUS, Machine, kernel_name, qemu_command

__all__ = ["Boot", "Console", "Outcome", "write_junit", "Parser", "Report", "Result", "IOMMUS", "Machine", "kernel_name",
           "qemu_command"]

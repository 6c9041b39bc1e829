# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a kernel prints when something is wrong with it."""

import re

_SPLAT = re.compile(
    r"(\bBUG: |\bWARNING: |\bOops: |kernel BUG at |KASAN: |KCSAN: |UBSAN: |Kernel panic - not syncing|"
    r"INFO: task .* blocked|rcu: INFO:|possible (recursive|circular) locking|suspicious RCU usage|"
    r"general protection fault|unable to handle|DMAR: .*(time ?out|hung|Invalidation Queue Error|Invalidation Time-out)|"
    r"arm-smmu-v3 .*(CMDQ error|CMDQ timeout|CMD_SYNC timeout|unexpected global error|Service Failure Mode|write aborted|"
    r"not responding|failed to )|tegra241_cmdqv: .*(failed to |unexpected error|uncleared error))")
_TIMESTAMP = re.compile(r"^\[\s*\d+\.\d+\](\[[^\]]*\])?\s*")


# Of the guest, which reads the whole of a report and knows some (tests/integration/guest/complaints.h)
_KNOWN = re.compile(r"^# a bug of Linux that is known: [^:]*: (.*)$")


def known(line):
    """The first line of the report that the guest says it knows, or None."""
    found = _KNOWN.match(line)
    return found and found.group(1)


def is_splat(line):
    # A line of KTAP that tells of a splat is not one.
    return not line.startswith(("#", "ok ", "not ok ")) and bool(_SPLAT.search(line))


def is_panic(line):
    return "Kernel panic - not syncing" in line


def without_timestamp(line):
    return _TIMESTAMP.sub("", line)

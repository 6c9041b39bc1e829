# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Reports as JUnit XML: one suite a report."""

import re
import xml.etree.ElementTree as ET

from . import ktap


def _clean(text):
    """XML 1.0 has no control characters."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]", "?", text)


def write_junit(path, suites):
    """suites: list of (name, Report)."""
    root = ET.Element("testsuites")
    for name, report in suites:
        suite = ET.SubElement(
            root, "testsuite", name=name, tests=str(len(report.results)), failures=str(report.count(ktap.FAILED)),
            errors="0", skipped=str(report.count(ktap.SKIPPED)), time=f"{sum(r.seconds for r in report.results):.3f}")
        for r in report.results:
            case = ET.SubElement(suite, "testcase", classname=name, name=_clean(r.name), time=f"{r.seconds:.3f}")
            if r.status == ktap.FAILED:
                ET.SubElement(case, "failure", message=_clean(r.text)).text = _clean("\n".join(r.diagnostics))
            elif r.status == ktap.SKIPPED:
                ET.SubElement(case, "skipped", message=_clean(r.text))
            else:
                ET.SubElement(case, "system-out").text = _clean(r.text)
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)

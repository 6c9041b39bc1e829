# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""scripts/hwi_run: what it makes of consoles, good and bad. Run with /usr/bin/python3 -m unittest, or pytest."""

import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "scripts"))

from hwi_run import IOMMUS, Boot, Machine, Parser, kernel_name, ktap, qemu_command, splat, write_junit  # noqa: E402

GOOD = """\
[    0.1] some line of the kernel
KTAP version 1\r
1..3
ok 1 alpha # 4096 bytes compared (12 ms)
# a line about beta
ok 2 beta # SKIP legacy mode has no nesting
# bench {"name": "x", "per_second": 5}
ok 3 gamma
# Totals: pass:2 fail:0 xfail:0 xpass:0 skip:1 error:0
hwi: exit 0
"""


def parse(text):
    p = Parser()
    for line in text.splitlines():
        p.feed(line)
    return p.finish()


def fake_qemu(text, status=0, after=""):
    """A program that prints a console and does something more."""
    return ["/bin/sh", "-c", f"cat <<'END'\n{text}END\n{after}\nexit {status}"]


class Ktap(unittest.TestCase):
    def test_results_times_and_texts(self):
        r = parse(GOOD)
        self.assertEqual([(t.name, t.status) for t in r.results],
                         [("alpha", ktap.PASSED), ("beta", ktap.SKIPPED), ("gamma", ktap.PASSED)])
        self.assertEqual((r.results[0].text, r.results[0].seconds), ("4096 bytes compared", 0.012))
        self.assertEqual(r.results[1].text, "legacy mode has no nesting")
        self.assertEqual(r.results[1].diagnostics, ["a line about beta"])

    def test_records_are_kept_by_name(self):
        self.assertEqual(parse(GOOD).records, {"bench": ['{"name": "x", "per_second": 5}']})

    def test_unkept_plan_is_a_failure(self):
        r = parse("KTAP version 1\n1..3\nok 1 a\n")
        self.assertEqual((r.count(ktap.PASSED), r.count(ktap.FAILED)), (1, 1))
        self.assertIn("2 of 3 tests did not run", r.results[-1].text)

    def test_bail_out_gives_the_reason(self):
        r = parse("KTAP version 1\n1..2\nnot ok 1 a # hangs\nBail out! a: no end in sight\n")
        self.assertEqual(r.count(ktap.FAILED), 2)
        self.assertIn("no end in sight", r.results[-1].text)

    def test_not_ok_keeps_its_diagnostics(self):
        r = parse("KTAP version 1\n1..1\n# kernel: line\nnot ok 1 a # seen 5, expected 6 (3 ms)\n")
        self.assertEqual((r.results[0].text, r.results[0].diagnostics), ("seen 5, expected 6", ["kernel: line"]))

    def test_nothing_before_the_version_line_counts(self):
        self.assertEqual(parse("ok 1 a\n1..1\n").results, [])


class Splats(unittest.TestCase):
    def test_complaints(self):
        for line in ("[  1.2] BUG: unable to handle page fault", "WARNING: CPU: 0 PID: 1 at kernel/x.c:3",
                     "[ 3.0] Kernel panic - not syncing: x", "BUG: KASAN: slab-use-after-free in y",
                     "DMAR: VT-d detected Invalidation Queue Error: Reason f",
                     "[ 0.3] arm-smmu-v3 9050000.smmuv3: CMD_SYNC timeout at 0x00000004 [hwprod 0x5, hwcons 0x4]",
                     "arm-smmu-v3 arm-smmu-v3.0.auto: unexpected global error reported (0x00000001), this could be serious"):
            self.assertTrue(splat.is_splat(line), line)

    def test_not_complaints(self):
        for line in ("DMAR: [DMA Write NO_PASID] Request device [0000:01:00.0] fault addr 0x1000",
                     "arm-smmu-v3 9050000.smmuv3: event 0x10 received:",
                     "arm-smmu-v3 9050000.smmuv3: ias 48-bit, oas 48-bit (features 0x0014c37d)",
                     "not ok 4 a # kernel: WARNING: x", "# kernel: BUG: y"):
            self.assertFalse(splat.is_splat(line), line)


class Boots(unittest.TestCase):
    def test_good(self):
        out = Boot(fake_qemu(GOOD), 10).run()
        self.assertEqual((out.report.count(ktap.FAILED), out.exit_status), (0, 0))
        self.assertIsNotNone(out.first_line)

    def test_hang_ends_and_names_the_last_line(self):
        out = Boot(fake_qemu("KTAP version 1\n1..2\nok 1 a\nlast words\n", after="sleep 60"), 1).run()
        self.assertEqual(out.report.count(ktap.FAILED), 1)
        self.assertIn("last words", out.report.results[-1].text)
        self.assertLess(out.seconds, 20)

    def test_panic_before_the_tour(self):
        out = Boot(fake_qemu("[ 1.0] Kernel panic - not syncing: VFS\n"), 10).run()
        self.assertEqual({r.name for r in out.report.results}, {"boot", "kernel-console"})

    def test_splat_beside_a_good_tour(self):
        out = Boot(fake_qemu(GOOD + "[ 9.0] WARNING: CPU: 0 at x\n"), 10).run()
        self.assertEqual([r.name for r in out.report.results if r.status == ktap.FAILED], ["kernel-console"])

    def test_a_report_that_the_guest_knows_is_no_failure(self):
        said = "[ 9.0] WARNING: possible circular locking\n# a bug of Linux that is known: a and b: " \
            "WARNING: possible circular locking\n"
        out = Boot(fake_qemu(GOOD + said), 10).run()
        self.assertEqual(out.report.count(ktap.FAILED), 0)
        out = Boot(fake_qemu(GOOD + "[ 9.0] WARNING: x\n" + said), 10).run()
        self.assertIn("WARNING: x", out.report.results[-1].text)

    def test_qemu_that_fails(self):
        out = Boot(fake_qemu("", 1, "echo 'no such machine' >&2"), 10).run()
        self.assertIn("no such machine", out.report.results[0].text)

    def test_machine_that_kvm_gave_up_is_not_waited_for(self):
        out = Boot(fake_qemu("hello\n", after="echo 'KVM internal error. Suberror: 1' >&2; echo 'emulation failure' >&2;"
                             " sleep 60"), 50).run()
        self.assertEqual([r.name for r in out.report.results], ["boot"])
        self.assertIn("KVM internal error. Suberror: 1, emulation failure; last line: hello", out.report.results[0].text)
        self.assertLess(out.seconds, 30)

    def test_qemu_that_is_not_there(self):
        self.assertEqual(Boot(["/nonexistent/qemu"], 10).run().report.count(ktap.FAILED), 1)

    def test_failing_program(self):
        out = Boot(fake_qemu(GOOD.replace("exit 0", "exit 7")), 10).run()
        self.assertIn("status 7", out.report.results[-1].text)


class Files(unittest.TestCase):
    def test_junit(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.xml")
            write_junit(path, [("tour", parse(GOOD + "not ok 4 d # \x01 bad\n"))])
            suite = ET.parse(path).getroot().find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("skipped")), ("4", "1", "1"))
        self.assertEqual(suite.findall("testcase")[3].find("failure").get("message"), "? bad")


class Machines(unittest.TestCase):
    def test_modes_differ_in_what_the_kernel_is_told(self):
        words = {mode: qemu_command(Machine(mode=mode)) for mode in ("scalable", "legacy", "5level")}
        self.assertIn("sm_off", " ".join(words["legacy"]))
        self.assertIn("hwiommu-vtd.aw-bits=57", words["5level"])
        self.assertNotIn("hwiommu-vtd.aw-bits=57", words["scalable"])

    def test_the_table_is_consistent(self):
        for name, iommu in IOMMUS.items():
            self.assertTrue(iommu.default, name)
            self.assertLessEqual(set(iommu.default), set(iommu.modes), name)
            if iommu.rival:
                rival = IOMMUS[iommu.rival]
                self.assertIs(rival.platform, iommu.platform, name)
                self.assertIn(iommu.default[0], rival.modes, name)
            for mode in iommu.modes.values():
                self.assertTrue(iommu.platform.firmware or not mode.firmware, name)

    def test_unknown_words_are_refused(self):
        for fields in ({"iommu": "smmuv9"}, {"mode": "4k"}, {"iommu": "smmuv3", "mode": "legacy"},
                       {"iommu": "qemu-smmuv3", "mode": "cmdqv"}):
            self.assertRaises(ValueError, Machine, **fields)

    def test_an_iommu_brings_its_platform(self):
        self.assertEqual(Machine(iommu="smmuv3").mode, "4k")
        for iommu, target, machine, console, image in (
                ("vtd", "x86_64", "pc-q35-hwiommu", "ttyS0", "vmlinux"),
                ("qemu-intel", "x86_64", "pc-q35-hwiommu", "ttyS0", "vmlinux"),
                ("smmuv3", "aarch64", "virt-hwiommu", "ttyAMA0", "Image"),
                ("qemu-smmuv3", "aarch64", "virt-hwiommu", "ttyAMA0", "Image")):
            m = Machine(iommu=iommu, build="/b")
            words = qemu_command(m)
            self.assertEqual(words[0], f"/b/bin/qemu-system-{target}")
            self.assertEqual(words[words.index("-machine") + 1].split(",")[0], machine)
            self.assertIn(f"iommu={iommu}", words[words.index("-machine") + 1].split(","))
            self.assertIn(f"console={console}", words[words.index("-append") + 1].split())
            self.assertEqual(words[words.index("-kernel") + 1], f"/b/linux/{m.platform.arch}/{image}")
            self.assertNotIn("-bios", words)

    def test_kernels_by_page_size_and_flavour(self):
        for fields, name in (({"mode": "4k"}, "arm64"), ({"mode": "64k"}, "arm64-64k"),
                             ({"mode": "cmdqv"}, "arm64"), ({"mode": "cmdqv-64k"}, "arm64-64k"),
                             ({"mode": "4k", "flavour": "debug"}, "arm64-debug"),
                             ({"mode": "64k", "flavour": "debug"}, "arm64-64k-debug")):
            m = Machine(iommu="smmuv3", build="/b", **fields)
            self.assertEqual((m.kernel, m.initramfs), (f"/b/linux/{name}/Image", f"/b/initramfs/{name}.cpio.gz"))
            self.assertEqual(kernel_name(m.platform, m.how, m.flavour), name)

    def test_cmdqv_boots_from_acpi(self):
        for mode in ("cmdqv", "cmdqv-64k"):
            m = Machine(iommu="smmuv3", mode=mode)
            words = qemu_command(m)
            self.assertIn("cmdqv=on", words[words.index("-machine") + 1].split(","))
            self.assertEqual(words[words.index("-bios") + 1], m.platform.firmware)
            self.assertIn("-kernel", words)
            self.assertIn("hwi.cmdqv=on", m.kernel_cmdline().split())

    def test_every_kernel_has_its_configuration(self):
        configs = os.path.join(TOP, "kernel", "configs")
        for iommu in IOMMUS.values():
            for mode in iommu.modes.values():
                for flavour in ("release", "debug"):
                    arch, *parts = kernel_name(iommu.platform, mode, flavour).split("-")
                    self.assertTrue(os.path.exists(f"{configs}/{arch}.config"))
                    for part in parts:
                        self.assertTrue(os.path.exists(f"{configs}/{part}.config")
                                        or os.path.exists(f"{configs}/{arch}-{part}.config"), part)

    def test_needs_of_the_chosen_only(self):
        def needs(*words):
            run = subprocess.run([sys.executable, os.path.join(TOP, "scripts", "hwi-run"), "--print-needs", *words],
                                 capture_output=True, text=True)
            return run.stdout.split() if run.returncode == 0 else run.stderr.strip()

        self.assertEqual(needs(), ["x86_64", "x86_64", "x86_64"])
        self.assertEqual(needs("--flavour=debug"), ["x86_64", "x86_64", "x86_64-debug"])
        self.assertEqual(needs("--iommu=smmuv3"), ["arm64", "aarch64", "arm64", "arm64-64k"])
        self.assertEqual(needs("--iommu=smmuv3", "--mode=cmdqv"), ["arm64", "aarch64", "arm64"])
        self.assertIn("has no mode cmdqv", needs("--iommu=vtd", "--mode=cmdqv"))

    def test_icount_has_one_thread(self):
        self.assertIn("tcg,thread=multi", qemu_command(Machine()))
        self.assertIn("tcg,thread=single", qemu_command(Machine(qemu_args=["-icount", "shift=auto"])))


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Boots a hwi_run.Machine and gives its Outcome: through libvirt, or with plain QEMU.

libvirt's QEMU driver runs inside this process (qemu:///embed): no daemon, and all its state is in one folder.
"""

import atexit
import os
import shutil
import string
import tempfile
import threading
import time
from xml.sax.saxutils import escape, quoteattr

from hwi_run import Boot, Console, qemu_command
from hwi_run.machine import iommu_args

LOADER = "<loader readonly='yes' type='pflash' stateless='yes'>{}</loader>"
HERE = os.path.dirname(os.path.abspath(__file__))

QEMU_CONF = """\
user = "root"
group = "root"
security_driver = "none"
namespaces = []
cgroup_controllers = []
remember_owner = 0
stdio_handler = "file"
"""


class Qemu:
    """Plain QEMU."""

    name = "qemu"

    def boot(self, machine, timeout, want_ktap=True):
        return Boot(qemu_command(machine), timeout, want_ktap=want_ktap).run()


class Libvirt:
    """libvirt's embedded driver; its event loop runs in a thread of its own."""

    name = "libvirt"

    def __init__(self):
        import libvirt  # Debian's python3-libvirt; not needed for plain QEMU

        self.libvirt = libvirt
        self.root = tempfile.mkdtemp(prefix="hwiommu-libvirt-")
        atexit.register(shutil.rmtree, self.root, ignore_errors=True)
        os.makedirs(os.path.join(self.root, "etc"))
        with open(os.path.join(self.root, "etc", "qemu.conf"), "w", encoding="utf-8") as file:
            file.write(QEMU_CONF)
        libvirt.virEventRegisterDefaultImpl()
        libvirt.registerErrorHandler(lambda *_: None, None)  # errors come as exceptions
        threading.Thread(target=self._events, daemon=True).start()
        self.connection = libvirt.open(f"qemu:///embed?root={self.root}")
        self.boots = 0

    def _events(self):
        while True:
            self.libvirt.virEventRunDefaultImpl()

    @staticmethod
    def domain_xml(machine, name, serial):
        """The machine in libvirt's words; what it has no words for goes through as QEMU arguments."""
        platform = machine.platform
        with open(os.path.join(HERE, f"domain-{platform.arch}.xml"), encoding="utf-8") as file:
            template = string.Template(file.read())
        words = list(iommu_args(machine))
        machine_type, _, options = words[words.index("-machine") + 1].partition(",")
        words[words.index("-machine") + 1] = options
        arguments = words + list(machine.qemu_args)
        return template.substitute(
            accel="kvm" if machine.accel == "kvm" else "qemu", name=name,
            memory={"G": 1024, "M": 1}[machine.memory[-1]] * int(machine.memory[:-1]), cpus=machine.cpus,
            machine=machine_type, kernel=escape(machine.kernel), initrd=escape(machine.initramfs),
            cmdline=escape(machine.kernel_cmdline()), emulator=escape(machine.qemu), serial=escape(serial),
            loader=LOADER.format(escape(machine.firmware)) if machine.firmware else "",
            acpi="<acpi/>" if machine.firmware else "",
            arguments="\n".join(f"    <qemu:arg value={quoteattr(a)}/>" for a in arguments))

    def boot(self, machine, timeout, want_ktap=True):
        self.boots += 1
        name = f"hwiommu-{self.boots}"
        serial = os.path.join(self.root, name + ".serial")
        console = Console(want_ktap=want_ktap)
        domain = self.connection.createXML(self.domain_xml(machine, name, serial), 0)
        timed_out = None
        with open(serial, encoding="utf-8", errors="replace", newline="\n") as file:
            rest = ""
            running = True
            while running:
                running = self._active(domain)
                if running and time.monotonic() - console.start > timeout:
                    timed_out = timeout
                    domain.destroy()
                    running = False
                # After the end once more, so that nothing of the console is lost.
                *lines, rest = (rest + file.read()).split("\n")
                for line in lines:
                    console.feed(line.rstrip("\r"))
                if running:
                    time.sleep(0.02)
        if rest:
            console.feed(rest)
        return console.conclude(timed_out)

    def _active(self, domain):
        try:
            return bool(domain.isActive())
        except self.libvirt.libvirtError as error:
            # A transient domain is gone as soon as it ends.
            if error.get_error_code() == self.libvirt.VIR_ERR_NO_DOMAIN:
                return False
            raise


RUNNERS = {"libvirt": Libvirt, "qemu": Qemu}

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Boots a Spec through libvirt's QEMU driver inside this process.

qemu:///embed needs no daemon and leaves nothing behind: all its state is in one
folder.
"""

from __future__ import annotations

import atexit
import os
import shutil
import string
import tempfile
import threading
import time
from xml.sax.saxutils import escape, quoteattr

import libvirt

from machine import Boot, Spec

TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "domain.xml")

QEMU_CONF = """\
user = "root"
group = "root"
security_driver = "none"
namespaces = []
cgroup_controllers = []
remember_owner = 0
stdio_handler = "file"
"""


def domain_xml(spec: Spec, serial: str, accel: str) -> str:
    arguments = "\n".join(f"    <qemu:arg value={quoteattr(a)}/>" for a in spec.qemu_arguments())
    with open(TEMPLATE, encoding="utf-8") as file:
        template = string.Template(file.read())
    return template.substitute(
        accel="kvm" if accel == "kvm" else "qemu", name=f"hwiommu-{spec.name}",
        memory=spec.memory_mib, cpus=spec.cpus, machine="pc-q35-hwiommu",
        kernel=escape(str(spec.kernel)), initrd=escape(str(spec.initrd)),
        cmdline=escape(spec.kernel_cmdline()), emulator=escape(str(spec.emulator)),
        serial=escape(serial), arguments=arguments)


class Libvirt:
    """One embedded driver; its event loop runs in a thread of its own."""

    def __init__(self) -> None:
        self.root = tempfile.mkdtemp(prefix="hwiommu-libvirt-")
        atexit.register(shutil.rmtree, self.root, ignore_errors=True)
        os.makedirs(os.path.join(self.root, "etc"))
        with open(os.path.join(self.root, "etc", "qemu.conf"), "w", encoding="utf-8") as file:
            file.write(QEMU_CONF)
        libvirt.virEventRegisterDefaultImpl()
        libvirt.registerErrorHandler(lambda *_: None, None)  # errors come as exceptions
        self.stop = False
        self.loop = threading.Thread(target=self._events, daemon=True)
        self.loop.start()
        self.connection = libvirt.open(f"qemu:///embed?root={self.root}")

    def _events(self) -> None:
        while not self.stop:
            libvirt.virEventRunDefaultImpl()

    def boot(self, spec: Spec, accel: str = "tcg") -> Boot:
        serial = os.path.join(self.root, f"{spec.name}.serial")
        begin = time.monotonic()
        domain = self.connection.createXML(domain_xml(spec, serial, accel), 0)
        timed_out = False
        try:
            while domain.isActive():
                if time.monotonic() - begin > spec.timeout_s:
                    timed_out = True
                    domain.destroy()
                    break
                time.sleep(0.05)
        except libvirt.libvirtError as error:
            # A transient domain is gone as soon as it ends.
            if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
                raise
        with open(serial, encoding="utf-8", errors="replace") as file:
            return Boot(spec, file.read(), time.monotonic() - begin, timed_out)

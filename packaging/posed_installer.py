"""An installer to look at: the pages show what is set here.

For screenshots and the pages' own tests, where nothing is to be installed.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from frih_plugin.install.doctor import Doctor
from frih_plugin.install.findings import Finding
from frih_plugin.install.installer import Installer, Job, Phase
from frih_plugin.install.places import Places
from frih_plugin.install.plan import Stage
from frih_plugin.install.record import Installed
from frih_plugin.install.release import CheckedFile, Release
from frih_plugin.qt.core import QObject, Signal

_FILE = CheckedFile(Path("file"), "")
_HOME = Path("/home/ada/.local/share/frih-harmonize")


class PosedInstaller(QObject):
    """What an Installer shows; what a person does is written down in `calls`."""

    changed = Signal()
    engine_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, object]] = []
        self.places = Places(_HOME)
        self.release: Release | None = Release("1.4.0", 1, "", _FILE, _FILE, _FILE, 55, 210)
        self.phase: Phase = "idle"
        self.job: Job = "install"
        self.stage: Stage = "check"
        self.share = 0.0
        self.sentence = ""
        self.installed: Installed | None = None
        self.offered_version = ""
        self.can_go_on = False
        self.log_text = "the log"

    @property
    def is_busy(self) -> bool:
        """Whether there is work."""
        return self.phase in ("working", "stopping")

    def install(self, folder: Path | None = None, python: Path | None = None) -> None:
        """Only written down."""
        self.calls.append(("install", folder or python))

    def repair(self) -> None:
        """Only written down."""
        self.calls.append(("repair", None))

    def use_existing(self, chosen: Path) -> None:
        """Only written down."""
        self.calls.append(("use_existing", chosen))

    def remove(self) -> None:
        """Only written down."""
        self.calls.append(("remove", None))

    def cancel(self) -> None:
        """Only written down."""
        self.calls.append(("cancel", None))

    def as_installer(self) -> Installer:
        """Itself, under the type that the widgets ask for."""
        return cast("Installer", cast("object", self))


class PosedDoctor(QObject):
    """What a Doctor shows."""

    changed = Signal()
    finished = Signal()

    def __init__(self, *findings: Finding) -> None:
        super().__init__()
        self.findings = findings
        self.is_busy = False
        self.can_repair = any(finding.mends and not finding.is_ok for finding in findings)
        self.examinations = 0

    @property
    def report(self) -> str:
        """All lines."""
        return "\n".join(finding.line for finding in self.findings)

    def examine(self) -> None:
        """Only counted."""
        self.examinations += 1

    def as_doctor(self) -> Doctor:
        """Itself, under the type that the page asks for."""
        return cast("Doctor", cast("object", self))

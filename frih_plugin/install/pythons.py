"""Finds a Python for the engine's environment: each one that may fit is asked who it is."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from frih_plugin.install.child import Child
from frih_plugin.install.steps import Step
from frih_plugin.qt.core import QObject, QTimer
from frih_plugin.texts import text

OLDEST = (3, 11)
NEWEST = (3, 13) if (sys.platform, platform.machine()) == ("darwin", "x86_64") else (3, 14)
"""The last onnxruntime for Macs with an Intel processor stops at 3.13."""

_SEARCH_ORDER = ("3.12", "3.13", "3.11", "3.14")
"""The one with the most ready-made libraries first."""

_MARK = "frih-python"
_PROBE = (
    "import sys, venv; "
    f"print('{_MARK}', sys.version_info[0], sys.version_info[1], int(sys.maxsize > 2**32), "
    "sys.executable, sep='|')"
)
_PATIENCE_MS = 20_000
_MAC_FOLDERS = ("/opt/homebrew/bin", "/usr/local/bin")
"""Where Macs have Pythons; a program started from the Dock has neither in its PATH."""


@dataclass(frozen=True, slots=True)
class FoundPython:
    """A Python that fits."""

    path: Path
    version: tuple[int, int]


def candidates(
    which: Callable[[str], str | None] = shutil.which, system: str = sys.platform
) -> list[list[str]]:
    """The commands under which Pythons are usually found, the best first."""
    names = [*(f"python{version}" for version in _SEARCH_ORDER), "python3", "python"]
    found = [[path] for name in names if (path := which(name)) is not None]
    launcher = which("py") if system == "win32" else None
    if launcher is not None:
        found = [*([launcher, f"-{version}"] for version in _SEARCH_ORDER), *found]
    if system == "darwin":
        found += [[f"{folder}/{name}"] for folder in _MAC_FOLDERS for name in names]
        found += [[f"{_mac_framework(version)}/python3"] for version in _SEARCH_ORDER]
    return found


def python_in(folder: Path) -> Path | None:
    """The Python of an unpacked, movable build, or of an environment; None where there is none."""
    places = ("python.exe", "bin/python3", "Scripts/python.exe", "bin/python")
    return next((folder / place for place in places if (folder / place).is_file()), None)


def parse_answer(output: str) -> FoundPython | None:
    """What a Python said of itself; None for one that does not fit or said something else."""
    for line in output.splitlines():
        mark, *fields = line.strip().split("|")
        if mark != _MARK or len(fields) < 4:
            continue
        major, minor, is_64_bit, *path = fields
        version = (int(major), int(minor))
        if is_64_bit == "1" and OLDEST <= version <= NEWEST:
            return FoundPython(Path("|".join(path)), version)
    return None


class FindPython(Step):
    """Asks one after another until one fits; tells `take`.

    named: only this one, for it was chosen; then a misfit is an error of its own.
    """

    def __init__(
        self,
        take: Callable[[FoundPython], None],
        commands: Iterable[list[str]],
        *,
        is_named: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._take = take
        self._commands = iter(commands)
        self._is_named = is_named
        self._is_stopped = False
        self._child: Child | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)

    def start(self) -> None:
        """Ask the next one."""
        command = next(self._commands, None)
        if command is None:
            self.failed.emit(_misfit() if self._is_named else _none_found())
            return
        self.said.emit("? " + " ".join(command))
        self._child = Child([*command, "-I", "-c", _PROBE], self)
        self._child.ended.connect(self._judge)
        self._patience.timeout.connect(self._child.stop)
        self._patience.start()
        self._child.start()

    def stop(self) -> None:
        """Ask no more."""
        self._is_stopped = True
        if self._child is not None:
            self._child.stop()

    def _judge(self, code: int) -> None:
        self._patience.stop()
        output = "" if self._child is None else self._child.output
        found = parse_answer(output) if code == 0 else None
        self.said.emit(output)
        if self._is_stopped:
            self.stopped.emit()
        elif found is None:
            self.start()
        else:
            self._take(found)
            self.done.emit()


def _mac_framework(version: str) -> str:
    return f"/Library/Frameworks/Python.framework/Versions/{version}/bin"


def _none_found() -> str:
    return text(
        "No Python 3.11 to 3.14 was found, which the engine runs in: install one (from python.org "
        "or your system's software), then install again; or install from a folder that brings one."
    )


def _misfit() -> str:
    return text(
        "The Python chosen does not fit: it must be a 64-bit Python 3.11 to 3.14 with its venv "
        "module."
    )

"""What this machine offers: a Python that fits, room on the disk, Debian's packages.

For bootstrap.py. Standard library only, and it must load on Python 3.8, so that an old Python gets
a sentence instead of a SyntaxError.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, NamedTuple

OLDEST: tuple[int, int] = (3, 11)
NEWEST: tuple[int, int] = (3, 14)
# onnxruntime 1.23.2, the last one for Macs with an Intel processor, stops at Python 3.13.
NEWEST_ON_INTEL_MAC: tuple[int, int] = (3, 13)
# The versions to look for, the one with the most ready-made packages first.
SEARCH_ORDER: tuple[tuple[int, int], ...] = ((3, 12), (3, 13), (3, 11), (3, 14))

PROBE = "import sys; print(sys.version_info[0], sys.version_info[1], int(sys.maxsize > 2**32))"
PROBE_TIMEOUT_S = 20

# What PyQt6's packages expect of a Linux system, also without a screen; Debian's package of each.
QT_LIBRARIES: dict[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}


class MissingError(Exception):
    """Something this machine lacks; the message is one sentence that says what to do."""


class Python(NamedTuple):
    """An interpreter that was asked who it is."""

    executable: str
    version: tuple[int, int]
    is_64_bit: bool


def is_intel_mac() -> bool:
    """Tell whether this is a Mac with an Intel processor."""
    return sys.platform == "darwin" and platform.machine() == "x86_64"


def newest_supported() -> tuple[int, int]:
    """Return the newest Python that every dependency has a build for on this machine."""
    return NEWEST_ON_INTEL_MAC if is_intel_mac() else NEWEST


def fits(python: Python) -> bool:
    """Tell whether the project can be installed for this interpreter."""
    return python.is_64_bit and OLDEST <= python.version <= newest_supported()


def this_python() -> Python:
    """Describe the interpreter that runs this file."""
    version = (sys.version_info[0], sys.version_info[1])
    return Python(sys.executable, version, sys.maxsize > 2**32)


def find_python() -> Python:
    """Return this interpreter if it fits, else another one that does.

    Raises MissingError when no installed Python fits.
    """
    here = this_python()
    if fits(here):
        return here
    for command in _candidate_commands():
        python = _ask(command)
        if python is not None and fits(python):
            return python
    raise MissingError(_no_python_sentence(here))


def _candidate_commands() -> Iterator[list[str]]:
    """Yield the commands under which other Pythons are usually found."""
    versioned = (f"python{major}.{minor}" for major, minor in SEARCH_ORDER)
    for name in (*versioned, "python3", "python"):
        found = shutil.which(name)
        if found is not None:
            yield [found]
    launcher = shutil.which("py") if os.name == "nt" else None
    if launcher is not None:
        for major, minor in SEARCH_ORDER:
            yield [launcher, f"-{major}.{minor}"]


def _ask(command: list[str]) -> Python | None:
    """Ask a Python for its version; None when it does not answer as a Python would."""
    try:
        answer = subprocess.run(
            [*command, "-c", PROBE + "; print(sys.executable)"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PROBE_TIMEOUT_S,
            check=True,
        ).stdout.decode(errors="replace")
        numbers, executable = answer.splitlines()
        major, minor, is_64_bit = map(int, numbers.split())
    except (OSError, subprocess.SubprocessError, ValueError):
        return None  # a version manager's shim without that version behind it, for example
    return Python(executable, (major, minor), bool(is_64_bit))


def _no_python_sentence(here: Python) -> str:
    newest = newest_supported()
    return (
        f"FRIH Harmonize needs a 64-bit Python {_dotted(OLDEST)} to {_dotted(newest)}, this is "
        f"{'a' if here.is_64_bit else 'a 32-bit'} Python {_dotted(here.version)}, and no other one "
        "was found: install one of these and run the same command with it."
    )


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def require_space(folder: Path, needed_mb: int) -> None:
    """Raise MissingError unless the disk that will hold folder has needed_mb (10**6 bytes) free."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free_mb = shutil.disk_usage(existing).free // 10**6
    if free_mb < needed_mb:
        raise MissingError(
            f"This needs {needed_mb} MB of disk space in {folder} and {free_mb} MB are free: make "
            "room, or choose a folder on another disk with --home FOLDER."
        )


def require_short_path(folder: Path) -> None:
    """Raise MissingError where Windows' limit of 260 characters would break the installation."""
    longest = 100
    if os.name == "nt" and len(str(folder)) > longest:
        raise MissingError(
            f"The folder {folder} has more than {longest} characters, too long for Windows: choose "
            "a shorter one with --home FOLDER."
        )


def require_writable(folder: Path) -> None:
    """Make the folder, or raise MissingError when nothing can be written there."""
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise MissingError(
            f"The folder {folder} cannot be written ({error.strerror}): choose another one with "
            "--home FOLDER."
        ) from error


def can_make_environments() -> bool:
    """Tell whether this Python can make an environment with pip in it."""
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def require_venv() -> None:
    """Raise MissingError when this Python cannot make an environment."""
    if not can_make_environments():
        raise MissingError(
            f"This Python has no venv or ensurepip, which an environment needs: install them (on "
            f"Debian and Ubuntu: apt-get install {venv_package()}) and run the same command again."
        )


def venv_package() -> str:
    """Return the Debian package that gives this Python its venv."""
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


def missing_qt_packages() -> list[str]:
    """Return the Debian packages that Qt lacks on this machine; none outside Linux."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for library, package in QT_LIBRARIES.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def require_qt_libraries() -> None:
    """Install what Qt needs where that is allowed; raises MissingError naming it where not."""
    missing = missing_qt_packages()
    if not missing:
        return
    apt_get = usable_apt_get()
    if apt_get is None:
        raise MissingError(
            "The panel's tests need libraries that are missing here: install them (on Debian and "
            f"Ubuntu: apt-get install {' '.join(missing)}) and run the same command again."
        )
    install_debian_packages(apt_get, missing)


def usable_apt_get() -> str | None:
    """Return the path of apt-get where this process may use it: as root on a Debian-like system."""
    may_install = hasattr(os, "geteuid") and os.geteuid() == 0
    return shutil.which("apt-get") if may_install else None


def install_debian_packages(apt_get: str, names: list[str]) -> None:
    """Install packages; raises MissingError naming those it could not install."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for step in (["update"], ["install", "--yes", "--no-install-recommends", *names]):
        finished = subprocess.run(
            [apt_get, "--quiet", *step],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            env=environment,
            check=False,
        )
        if finished.returncode != 0:
            raise MissingError(
                f"apt-get could not install {' '.join(names)} (its last lines stand above): "
                "install them by hand and run the same command again."
            )
    importlib.invalidate_caches()

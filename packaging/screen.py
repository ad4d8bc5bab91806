"""What showing a window needs of this machine: a screen, and the system's part of Qt.

For bootstrap.py. Standard library only; loads on Python 3.8 (see machine.py).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from machine import MissingError

# What PyQt6's wheels load from the system: for any window, and for one on an X screen.
QT_PACKAGES: tuple[str, ...] = (
    "libegl1",
    "libgl1",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0",
)
X_PACKAGES: tuple[str, ...] = (
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xinerama0",
    "libxcb-xkb1",
    "fonts-dejavu-core",
)

# A screen without a screen, for the tests that show real windows.
X_SERVER = "xvfb"


def require_screen() -> None:
    """Raise MissingError on a Unix without a running display, where no window can open."""
    if os.name == "nt" or sys.platform == "darwin":
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise MissingError(
            "There is no screen to open a window on: run this command in a desktop session."
        )


def missing_debian_packages(names: tuple[str, ...]) -> list[str]:
    """Return those of the Debian packages that are not installed; none where dpkg is not used."""
    if shutil.which("dpkg-query") is None:
        return []
    return [name for name in names if not _is_installed(name)]


def _is_installed(name: str) -> bool:
    command = ["dpkg-query", "--show", "--showformat=${Status}", name]
    found = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return found.stdout.strip() == b"install ok installed"

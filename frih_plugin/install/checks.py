"""What is checked before anything is written."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from frih_plugin.install.errors import InstallError
from frih_plugin.install.release import Release
from frih_plugin.texts import text

_LONGEST_ON_WINDOWS = 90
"""Leaves the libraries' longest path, 165 characters, below Windows' limit of 260."""


def check_release(release: Release) -> None:
    """Raise InstallError unless the engine's files are those that were packed."""
    try:
        is_whole = all(file.is_whole() for file in release.files)
    except OSError:
        is_whole = False
    if not is_whole:
        raise InstallError(
            text(
                "The engine's files in the plug-in are damaged: get the zip again and import it "
                "into the editor."
            )
        )


def check_path(root: Path, platform: str = sys.platform) -> None:
    """Raise InstallError for a folder in which no environment can be made."""
    if platform == "win32" and len(str(root)) > _LONGEST_ON_WINDOWS:
        raise InstallError(
            text(
                "The folder {folder} is too deep for Windows: your user folder needs a shorter "
                "path.",
                folder=root,
            )
        )
    if platform != "win32" and os.pathsep in str(root):
        raise InstallError(
            text(
                "The folder {folder} has a colon in its name, which Python cannot use: set "
                "XDG_DATA_HOME to another folder.",
                folder=root,
            )
        )


def check_writable(root: Path) -> None:
    """Make the folder. Raises InstallError where nothing can be written there."""
    probe = root / ".writable"
    try:
        root.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"0")
        probe.unlink()
    except OSError as error:
        raise InstallError(
            text(
                "The folder {folder} cannot be written ({reason}): mend its permissions, then "
                "install again.",
                folder=root,
                reason=error.strerror or error,
            )
        ) from error


def check_space(root: Path, needed_mb: int) -> None:
    """Raise InstallError unless the disk of `root` has so much free (10**6 bytes)."""
    existing = next(place for place in (root, *root.parents) if place.exists())
    free_mb = shutil.disk_usage(existing).free // 10**6
    if free_mb < needed_mb:
        raise InstallError(
            text(
                "The engine needs {needed} MB on the disk of {folder} and {free} MB are free: "
                "make room, then install again.",
                needed=needed_mb,
                folder=root,
                free=free_mb,
            )
        )

"""Removes what the installer made, and nothing else."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from frih_plugin.install.carried_python import remove_tree
from frih_plugin.install.places import Places

_TRIES = 10
_PAUSE_S = 0.5
"""Windows holds the files of a program for a moment after its end."""


def remove_all(places: Places, check: Callable[[], None]) -> None:
    """Remove engine, Python and downloads. Raises OSError where something stays, StoppedError."""
    # First: no editor shall start an engine that is half gone.
    places.settings_file.unlink(missing_ok=True)
    places.stamp_file.unlink(missing_ok=True)
    for folder in (*places.environments(), places.python, *places.passing):
        _remove_patiently(folder, check)
    places.log_file.unlink(missing_ok=True)


def remove_others(places: Places, kept: Path) -> None:
    """Remove engines of other versions, as far as no editor holds them."""
    for folder in places.environments():
        if folder != kept:
            with contextlib.suppress(OSError):
                remove_tree(folder)


def _remove_patiently(folder: Path, check: Callable[[], None]) -> None:
    for left in reversed(range(_TRIES)):
        check()
        try:
            remove_tree(folder)
        except PermissionError:
            if left == 0:
                raise
            time.sleep(_PAUSE_S)
        else:
            return

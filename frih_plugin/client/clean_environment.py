"""The engine's environment variables: the editor's, without those that break another Python."""

from __future__ import annotations

import os
from collections.abc import Mapping

_DROPPED = frozenset(
    {
        "__PYVENV_LAUNCHER__",
        "APPDIR",
        "APPIMAGE",
        "ARGV0",
        "BABL_PATH",
        "GEGL_PATH",
        "GI_TYPELIB_PATH",
        "GIO_EXTRA_MODULES",
        "GIO_MODULE_DIR",
        "GSETTINGS_SCHEMA_DIR",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "OWD",
        "VIRTUAL_ENV",
    }
)
_DROPPED_BEGINNINGS = ("DYLD_", "GDK_PIXBUF_", "GTK_", "QML", "QT_")
_ALWAYS_DROPPED = "PYTHON"
"""Also where a bundle kept the person's own: it was meant for the person's Python, not for ours."""

_ORIGINAL = "_ORIG"
"""Bundles keep the value of a variable that they change under its name with this end."""


def clean_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The variables to start the engine with, from those of the editor's process.

    What a bundle (AppImage) changed is as it was before, where the bundle kept it; folders inside
    the bundle leave every list of folders. Text is UTF-8 in the engine's Python.
    """
    bundle = inherited.get("APPDIR", "")
    found: dict[str, str] = {}
    for name, value in inherited.items():
        kept = _kept_value(name, value, inherited)
        outside = _outside(kept, bundle) if bundle else kept
        if outside or not value:
            found[name] = outside
    found["PYTHONUTF8"] = "1"
    return {name: value for name, value in found.items() if not _is_left_out(name, inherited)}


def _is_left_out(name: str, inherited: Mapping[str, str]) -> bool:
    if name.startswith(_ALWAYS_DROPPED):
        return name != "PYTHONUTF8"
    if name.endswith(_ORIGINAL):
        return name.removesuffix(_ORIGINAL) in inherited
    is_misleading = name in _DROPPED or name.startswith(_DROPPED_BEGINNINGS)
    return is_misleading and name + _ORIGINAL not in inherited


def _kept_value(name: str, value: str, inherited: Mapping[str, str]) -> str:
    return inherited.get(name + _ORIGINAL, value)


def _outside(value: str, bundle: str) -> str:
    """A list of folders without those inside the bundle; any other value as it is."""
    inside = bundle.rstrip(os.sep)
    entries = value.split(os.pathsep)
    return os.pathsep.join(
        entry for entry in entries if entry != inside and not entry.startswith(inside + os.sep)
    )

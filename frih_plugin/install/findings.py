"""What the Doctor looks at in files and folders; each function answers with one finding."""

from __future__ import annotations

import json
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from frih_plugin.client.engine_log import default_folder
from frih_plugin.install.checks import check_writable
from frih_plugin.install.errors import InstallError
from frih_plugin.install.places import Places
from frih_plugin.install.record import read_installed
from frih_plugin.install.release import file_sha256
from frih_plugin.qt.binding import BINDING
from frih_plugin.qt.core import qVersion
from frih_plugin.texts import text

MANIFEST = "files.json"
"""Of the packed plug-in: each file's path in the module's folder, and its SHA-256."""

_OLDEST = (3, 10)
_WEIGHTS = ("lib/python*/site-packages", "Lib/site-packages")
_LOW_SPACE_MB = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the Doctor. mends: whether installing the engine again would mend it."""

    is_ok: bool
    sentence: str
    mends: bool = False

    @property
    def line(self) -> str:
        """As it is copied."""
        return f"{'ok' if self.is_ok else 'wrong'}: {self.sentence}"


def host_finding() -> Finding:
    """The Python and Qt that run the panel."""
    version = platform.python_version()
    if sys.version_info < _OLDEST:
        return Finding(
            is_ok=False,
            sentence=text(
                "This editor's Python is {version}, and 3.10 is needed: update the editor.",
                version=version,
            ),
        )
    return Finding(
        is_ok=True,
        sentence=text(
            "The panel runs in Python {version} with {binding} {qt}.",
            version=version,
            binding=BINDING,
            qt=qVersion(),
        ),
    )


def plugin_finding(plugin_folder: Path) -> Finding:
    """Whether the plug-in's files are those that were packed."""
    try:
        content: Any = json.loads((plugin_folder / MANIFEST).read_text(encoding="utf-8"))
        packed = cast("dict[str, str]", content)
        damaged = [name for name, sha256 in packed.items() if _differs(plugin_folder, name, sha256)]
    except FileNotFoundError:
        return Finding(
            is_ok=True, sentence=text("The plug-in runs from its sources, so nothing was compared.")
        )
    except (OSError, ValueError, AttributeError):
        damaged, packed = [MANIFEST], {}
    if damaged:
        return Finding(
            is_ok=False,
            sentence=text(
                "{file} of the plug-in is missing or damaged: import the plug-in's zip again.",
                file=damaged[0],
            ),
        )
    return Finding(
        is_ok=True, sentence=text("All {count} files of the plug-in are whole.", count=len(packed))
    )


def engine_finding(places: Places) -> Finding:
    """Whether an engine is installed and its Python is there."""
    installed = read_installed(places.settings_file)
    if installed is not None:
        return Finding(
            is_ok=True,
            sentence=text(
                "Engine {version} is installed in {python}.",
                version=installed.version,
                python=installed.python,
            ),
        )
    if places.settings_file.exists():
        return Finding(
            is_ok=False,
            sentence=text("The engine, or the Python it ran in, is gone: install it again."),
            mends=True,
        )
    return Finding(
        is_ok=False, sentence=text("The engine is not installed: install it."), mends=True
    )


def weights_finding(places: Places) -> Finding | None:
    """Whether the weights are whole; None where there is no engine of ours."""
    installed = read_installed(places.settings_file)
    engine = None if installed is None else _engine_folder(installed.python.parents[1])
    if engine is None:
        return None
    try:
        plugin: Any = json.loads((engine / "plugin.json").read_text(encoding="utf-8"))
        weights = engine.parent / plugin["weights"]["file"]
        is_whole = file_sha256(weights) == plugin["weights"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        is_whole = False
    if is_whole:
        return Finding(is_ok=True, sentence=text("The weights are whole."))
    return Finding(
        is_ok=False,
        sentence=text("The weights are missing or damaged: install the engine again."),
        mends=True,
    )


def folder_finding(places: Places) -> Finding:
    """Whether the engine's folder can be written."""
    try:
        check_writable(places.root)
    except InstallError as error:
        return Finding(is_ok=False, sentence=str(error))
    return Finding(
        is_ok=True, sentence=text("The folder {folder} can be written.", folder=places.root)
    )


def space_finding(places: Places) -> Finding:
    """Whether there is room on the disk."""
    existing = next(place for place in (places.root, *places.root.parents) if place.exists())
    free = shutil.disk_usage(existing).free // 10**6
    if free < _LOW_SPACE_MB:
        return Finding(
            is_ok=False,
            sentence=text("Only {free} MB are free on the disk: make room.", free=free),
        )
    return Finding(is_ok=True, sentence=text("{free} MB are free on the disk.", free=free))


def log_finding(places: Places) -> Finding:
    """Where the logs are."""
    return Finding(
        is_ok=True,
        sentence=text(
            "Logs are in {folder}, the installer's is {file}.",
            folder=default_folder(),
            file=places.log_file,
        ),
    )


def file_findings(places: Places, plugin_folder: Path) -> list[Callable[[], Finding | None]]:
    """All of these, to be made one by one."""
    return [
        host_finding,
        lambda: plugin_finding(plugin_folder),
        lambda: folder_finding(places),
        lambda: space_finding(places),
        lambda: log_finding(places),
        lambda: engine_finding(places),
        lambda: weights_finding(places),
    ]


def _differs(folder: Path, name: str, sha256: str) -> bool:
    file = folder / name
    return not file.is_file() or file_sha256(file) != sha256


def _engine_folder(environment: Path) -> Path | None:
    found = [place / "engine" for kind in _WEIGHTS for place in environment.glob(kind)]
    return next((place for place in found if (place / "plugin.json").is_file()), None)

"""What this copy of the plug-in brings: versions of plugin.json, and the engine's files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frih_plugin.install.errors import InstallError
from frih_plugin.texts import text

PLUGIN_FOLDER = Path(__file__).resolve().parents[2]
"""The folder that holds frih_plugin; in an editor also plugin.json and engine_files."""

ENGINE_FILES = "engine_files"
CONTENTS = "contents.json"
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file, and what it must hash to."""

    path: Path
    sha256: str

    def is_whole(self) -> bool:
        """Read it and compare. Raises OSError where it cannot be read."""
        return file_sha256(self.path) == self.sha256


@dataclass(frozen=True, slots=True)
class Release:
    """Made by packaging/build.py.

    engine, pip: wheels; requirements: the pinned libraries. download_mb, installed_mb: measured
    (10**6 bytes). weights_sha256: of the weights inside the engine's wheel. python: an archive of a
    movable one, in a release for one system.
    """

    version: str
    protocol_version: int
    weights_sha256: str
    engine: CheckedFile
    pip: CheckedFile
    requirements: CheckedFile
    download_mb: int
    installed_mb: int
    python: CheckedFile | None = None

    @property
    def files(self) -> tuple[CheckedFile, ...]:
        """All that an installation reads."""
        own = () if self.python is None else (self.python,)
        return (self.engine, self.pip, self.requirements, *own)

    @property
    def fingerprint(self) -> str:
        """The same for an environment made of the same files."""
        names = "".join(file.sha256 for file in self.files)
        return hashlib.sha256(names.encode("ascii")).hexdigest()[:16]

    @property
    def environment_name(self) -> str:
        """Of the folder that it is installed in: short, and another one for other files."""
        return f"{self.version}-{self.fingerprint[:6]}"


def read_release(plugin_folder: Path = PLUGIN_FOLDER) -> Release:
    """Read what came along. Raises InstallError where this copy cannot install anything."""
    files = plugin_folder / ENGINE_FILES
    try:
        plugin: Any = json.loads((plugin_folder / "plugin.json").read_text(encoding="utf-8"))
        contents: Any = json.loads((files / CONTENTS).read_text(encoding="utf-8"))
        engine, pip, requirements = (
            _checked(files, contents[name]) for name in ("engine", "pip", "requirements")
        )
        python = _checked(files, contents["python"]) if "python" in contents else None
        return Release(
            plugin["version"],
            plugin["protocol_version"],
            plugin["weights"]["sha256"],
            engine,
            pip,
            requirements,
            contents["download_mb"],
            contents["installed_mb"],
            python,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InstallError(
            text(
                "This copy of the plug-in lacks the engine's files: get the zip again and import "
                "it into the editor."
            )
        ) from error


def _checked(folder: Path, entry: Mapping[str, str]) -> CheckedFile:
    return CheckedFile(folder / entry["file"], entry["sha256"])


def file_sha256(path: Path) -> str:
    """Hash a file piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()

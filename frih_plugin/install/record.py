"""The two small files of an installation: where the engine is, and which steps are done."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Installed:
    """The settings file. is_own: made by the installer, so that it may remove it.

    python: the environment's; fingerprint: of the Release it was made of, "" where unknown.
    """

    python: Path
    version: str
    fingerprint: str = ""
    is_own: bool = True


def read_installed(settings_file: Path) -> Installed | None:
    """What is installed; None for nothing, a damaged file, or a Python that is gone."""
    content = _read(settings_file)
    python = content.get("python")
    if not isinstance(python, str) or not Path(python).is_file():
        return None
    version, fingerprint = content.get("version"), content.get("fingerprint")
    return Installed(
        Path(python),
        version if isinstance(version, str) else "",
        fingerprint if isinstance(fingerprint, str) else "",
        content.get("is_own") is True,
    )


def write_installed(settings_file: Path, installed: Installed) -> None:
    """Write it whole or not at all. Raises OSError."""
    content = {
        "python": str(installed.python),
        "version": installed.version,
        "fingerprint": installed.fingerprint,
        "is_own": installed.is_own,
    }
    _write(settings_file, content)


class Stamps:
    """The steps that are done, for one fingerprint: those of another count as not done."""

    def __init__(self, file: Path, fingerprint: str) -> None:
        self._file = file
        self._fingerprint = fingerprint
        content = _read(file)
        done = content.get("done") if content.get("fingerprint") == fingerprint else None
        known = cast("list[object]", done if isinstance(done, list) else [])
        self._done = [name for name in known if isinstance(name, str)]

    def __contains__(self, name: str) -> bool:
        return name in self._done

    def add(self, name: str) -> None:
        """A step is done. Raises OSError where that cannot be written down."""
        self._done.append(name)
        _write(self._file, {"fingerprint": self._fingerprint, "done": self._done})

    def remove(self, *names: str) -> None:
        """Steps are to be done again. Raises OSError where that cannot be written down."""
        left = [name for name in self._done if name not in names]
        if left != self._done:
            self._done = left
            _write(self._file, {"fingerprint": self._fingerprint, "done": self._done})


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", content) if isinstance(content, dict) else {}


def _write(file: Path, content: dict[str, Any]) -> None:
    temporary = file.with_name(f".{secrets.token_hex(6)}.part")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            json.dump(content, stream, indent=1, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise

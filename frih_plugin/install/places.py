"""Where the engine is installed: one short folder of the person's own, for all editors."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_NAME = "frih-harmonize"


@dataclass(frozen=True, slots=True)
class Places:
    """Files and folders under `root`; the names are short, as Windows counts characters."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """Names the engine's Python; see client.engine_command.command_from_file."""
        return self.root / "engine.json"

    @property
    def stamp_file(self) -> Path:
        """Which steps of an installation are done."""
        return self.root / "steps.json"

    @property
    def log_file(self) -> Path:
        """What the installer said and heard."""
        return self.root / "install.log"

    @property
    def python(self) -> Path:
        """The Python that came in a folder, unpacked."""
        return self.root / "python"

    @property
    def downloads(self) -> Path:
        """Libraries as they came, until they are installed."""
        return self.root / "wheels"

    @property
    def pip(self) -> Path:
        """The pip that installs, unpacked: out of its wheel it takes seconds to start."""
        return self.root / "pip"

    @property
    def passing(self) -> tuple[Path, ...]:
        """What is there only until an installation is done."""
        return (self.downloads, self.cache, self.pip)

    @property
    def cache(self) -> Path:
        """Where pip keeps whole downloads, so that a broken-off one costs little."""
        return self.root / "cache"

    def environment(self, name: str) -> Path:
        """The folder of an engine; one of another name does not touch it."""
        return self.root / name

    def environments(self) -> list[Path]:
        """All folders of engines, also half-made ones. Raises OSError."""
        if not self.root.is_dir():
            return []
        return [place for place in self.root.iterdir() if (place / "pyvenv.cfg").is_file()]


def default_places(
    *,
    platform: str = sys.platform,
    variables: Mapping[str, str] = os.environ,
    home: Path | None = None,
) -> Places:
    """The folder that the system has for such data of a person."""
    home = Path.home() if home is None else home
    if platform == "win32":
        local = variables.get("LOCALAPPDATA") or home / "AppData" / "Local"
        return Places(Path(local) / _NAME)
    if platform == "darwin":
        return Places(home / "Library" / "Application Support" / _NAME)
    return Places(Path(variables.get("XDG_DATA_HOME") or home / ".local" / "share") / _NAME)


def environment_python(environment: Path, platform: str = sys.platform) -> Path:
    """The Python of an environment."""
    if platform == "win32":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"

"""The rotating log of this side: what `frih_plugin` logs, and what the engine says."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST_BYTES = 1_000_000
OLDER_FILES = 2

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LOGGER = logging.getLogger("frih_plugin")


def default_folder() -> Path:
    """The system's place for this program's logs, where the engine has its own too."""
    name = "frih-harmonize"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
        return Path(local) / name / "Logs"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Logs" / name
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / name / "log"


class EngineLog:
    """A log file for one editor, open until `close`.

    file: its path, None where the folder cannot be written; then nothing is kept.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.file: Path | None = None
        self._handler: logging.Handler | None = None
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / f"{name}.log"
            self._handler = _opened(file)
            self.file = file

    def close(self) -> None:
        """Write no more. Closing twice is no error."""
        if self._handler is not None:
            _LOGGER.removeHandler(self._handler)
            self._handler.close()
            self._handler = None


class _RotatingHandler(RotatingFileHandler):
    """Goes on in the same file where a second process of the editor holds it open (Windows)."""

    def doRollover(self) -> None:  # noqa: N802 - the name that logging calls
        with contextlib.suppress(OSError):
            super().doRollover()


def _opened(file: Path) -> logging.Handler:
    handler = _RotatingHandler(
        file, maxBytes=LARGEST_BYTES, backupCount=OLDER_FILES, encoding="utf-8", errors="replace"
    )
    handler.setFormatter(logging.Formatter(_FORMAT))
    _LOGGER.addHandler(handler)
    if _LOGGER.level == logging.NOTSET:
        _LOGGER.setLevel(logging.INFO)
    return handler

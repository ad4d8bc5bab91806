"""The engine's log: one file, rotated, headed by what runs. No pixels and no file names in it."""

from __future__ import annotations

import logging
import os
import platform
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE_NAME = "engine.log"
_BYTES, _FILES = 1_000_000, 3
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"

_log = logging.getLogger(__name__)


def open_log(folder: Path | None = None) -> None:
    """Log into a folder, by default the system's place for logs; without one, to standard error."""
    logging.raiseExceptions = False  # a full disk must not fill standard error
    logging.basicConfig(level=logging.INFO, format=_FORMAT, handlers=[_handler(folder)])
    _log.info("engine on Python %s, %s", platform.python_version(), platform.platform())


def log_folder() -> Path:
    """The system's place for this program's logs."""
    from platformdirs import user_log_path  # noqa: PLC0415 - not needed by tests

    return user_log_path("frih-harmonize", appauthor=False)


def _handler(folder: Path | None) -> logging.Handler:
    try:
        place = log_folder() if folder is None else folder
        place.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(
            place / FILE_NAME, maxBytes=_BYTES, backupCount=_FILES - 1, encoding="utf-8"
        )
    except OSError as error:
        sys.stderr.write(f"The engine writes no log: {error.strerror} ({os.name}).\n")
        return logging.NullHandler()
    return file

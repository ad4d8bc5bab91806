"""What the installer said and heard, to be copied: in memory, and in a file where it can be."""

from __future__ import annotations

import contextlib
import platform
import time
from collections import deque
from pathlib import Path

_KEPT_LINES = 2000


class InstallLog:
    """Lines with their time, the newest last; the file holds the latest run."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)

    @property
    def text(self) -> str:
        """All lines, headed by the system they were written on."""
        return "\n".join([platform.platform(), *self._lines])

    def clear(self) -> None:
        """Begin a new run."""
        self._lines.clear()

    def add(self, line: str) -> None:
        """Keep a line."""
        if line.strip():
            self._lines.append(f"{time.strftime('%H:%M:%S')} {line.rstrip()}")

    def save(self) -> None:
        """Write the file where that can be done; a log must not be another failure."""
        with contextlib.suppress(OSError):
            if self._file.parent.is_dir():
                self._file.write_text(self.text + "\n", encoding="utf-8")

"""A progress bar on standard error; nothing where that is no terminal."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from engine.cli.console import tell

_BAR_WIDTH = 30


class ProgressBar:
    """Shows how many of `total` are done; lines of text go above it."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total, self._done = total, 0
        self._stream = stream
        self._is_shown = stream.isatty()
        self._began = time.monotonic()
        self._draw()

    def advance(self) -> None:
        """Count one more."""
        self._done += 1
        self._draw()

    def write(self, line: str) -> None:
        """Write a line of text; without a terminal too."""
        self.clear()
        tell(self._stream, line + "\n")
        self._draw()

    def close(self) -> None:
        """Take the bar away for good."""
        self.clear()

    def clear(self) -> None:
        """Take the bar away until something is told next."""
        if self._is_shown:
            tell(self._stream, "\r\x1b[K")

    def _draw(self) -> None:
        if self._is_shown:
            seconds = time.monotonic() - self._began
            line = bar_line(self._done, self._total, seconds)
            # One column stays free: a full line would wrap and leave its copy behind.
            tell(self._stream, "\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])


def bar_line(done: int, total: int, seconds: float) -> str:
    """The bar as text: what is done, and how long the rest takes at the pace so far."""
    filled = _BAR_WIDTH * done // total
    bar = "#" * filled + "." * (_BAR_WIDTH - filled)
    rest = f", {_spoken(seconds / done * (total - done))} left" if 0 < done < total else ""
    return f"[{bar}] {done}/{total}{rest}"


def _spoken(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"

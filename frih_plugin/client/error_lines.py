"""What the engine says on its standard error: into the log, and the last line kept."""

from __future__ import annotations

import logging

LONGEST_LINE = 2000

_log = logging.getLogger("frih_plugin.engine")


class ErrorLines:
    """Takes bytes as they come and logs whole lines; `last` is the last line with text."""

    def __init__(self) -> None:
        self.last = ""
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes. A line without an end is cut at LONGEST_LINE."""
        whole, _, self._rest = (self._rest + data).rpartition(b"\n")
        self._take(whole)
        if len(self._rest) > LONGEST_LINE:
            self.finish()

    def finish(self) -> None:
        """The stream has ended, perhaps within a line."""
        self._take(self._rest)
        self._rest = b""

    def _take(self, lines: bytes) -> None:
        text = lines.decode("utf-8", errors="replace").strip()
        if text:
            self.last = text.splitlines()[-1].strip()[:LONGEST_LINE]
            # One record for all of them: a flood of lines must not hold up the interface.
            _log.info("%s", text)

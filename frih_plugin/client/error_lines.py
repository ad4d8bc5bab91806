"""What the engine says on its standard error: into the log, and the last line kept."""

from __future__ import annotations

import logging

LONGEST_LINE = 2000

_log = logging.getLogger("frih_plugin.engine")


class ErrorLines:
    """Takes bytes as they come and logs them line by line; `last` is the last line with text."""

    def __init__(self) -> None:
        self.last = ""
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes. What is too long for a line is logged in pieces."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(line)
        while len(self._rest) > LONGEST_LINE:
            self._take(self._rest[:LONGEST_LINE])
            self._rest = self._rest[LONGEST_LINE:]

    def finish(self) -> None:
        """The stream has ended, perhaps within a line."""
        self._take(self._rest)
        self._rest = b""

    def _take(self, line: bytes) -> None:
        text = line[:LONGEST_LINE].decode("utf-8", errors="replace").strip()
        if text:
            self.last = text
            _log.info("%s", text)

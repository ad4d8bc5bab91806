"""Bytes in and out: standard input and output are the wire, and nothing else may use them."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from frih_plugin.protocol.codec import Reply, encode
from frih_plugin.protocol.framing import Buffer, encode_frame
from frih_plugin.protocol.messages import Progress

CHUNK_BYTES = 1 << 20
"""Read and written at once; pipes are made as large where the system allows it."""

MOST_UNSENT = 1000
"""Messages that wait for an editor that does not read; then the engine stops listening too."""

_STDIN, _STDOUT, _STDERR = 0, 1, 2
_F_SETPIPE_SZ = 1031  # fcntl names it on Linux only


@dataclass(frozen=True, slots=True)
class Wire:
    """The two ends, as file descriptors."""

    input: int
    output: int


def claim_wire() -> Wire:
    """Take standard input and output away from everything else in the process.

    What prints, in Python or in a library, prints to standard error from now on.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    try:
        os.fstat(_STDERR)
    except OSError:  # an editor without a console may give none
        os.dup2(nowhere, _STDERR)
    wire = Wire(os.dup(_STDIN), os.dup(_STDOUT))
    os.dup2(nowhere, _STDIN)
    os.dup2(_STDERR, _STDOUT)
    os.close(nowhere)
    _prepare(wire)
    return wire


def _prepare(wire: Wire) -> None:
    for end in (wire.input, wire.output):
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - of Windows alone

            msvcrt.setmode(end, os.O_BINARY)
        elif sys.platform == "linux":
            import fcntl  # noqa: PLC0415 - of Unix alone

            with contextlib.suppress(OSError):  # not a pipe, or larger than this user may have
                fcntl.fcntl(end, _F_SETPIPE_SZ, CHUNK_BYTES)


def chunks(wire: Wire) -> Iterator[bytes]:
    """The bytes that come in, as they come, until the other side closes.

    By os.read: a thread inside a buffered file makes Python abort when the process ends.
    """
    while True:
        try:
            chunk = os.read(wire.input, CHUNK_BYTES)
        except OSError:  # Windows says so when the other side is gone
            return
        if not chunk:
            return
        yield chunk


class Outbox:
    """What goes out, written by a thread of its own.

    So neither the worker nor the reader waits for an editor that is busy writing to us, which
    would wait for us in turn.
    """

    def __init__(self, wire: Wire, when_closed: Callable[[], None]) -> None:
        """when_closed: called, in the writer's thread, when nobody can read any more."""
        self._wire = wire
        self._when_closed = when_closed
        self._unsent: deque[list[Buffer]] = deque()
        self._changed = threading.Condition()
        self._is_writing = False
        threading.Thread(target=self._write_all, name="writer", daemon=True).start()

    def send(self, message: Reply | Progress) -> None:
        """Queue a message. Waits only where MOST_UNSENT are queued already."""
        pieces = encode_frame(encode(message))
        with self._changed:
            self._changed.wait_for(lambda: len(self._unsent) < MOST_UNSENT)
            self._unsent.append(pieces)
            self._changed.notify_all()

    def flush(self, timeout_s: float | None = None) -> None:
        """Wait until everything is written, at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: not self._unsent and not self._is_writing, timeout_s)

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._unsent)
                pieces = self._unsent.popleft()
                self._is_writing = True
            try:
                for piece in pieces:
                    self._write(memoryview(piece).cast("B"))
            except OSError:
                self._when_closed()
                return
            del pieces
            with self._changed:
                self._is_writing = False
                self._changed.notify_all()

    def _write(self, data: memoryview) -> None:
        while data:
            written = os.write(self._wire.output, data[:CHUNK_BYTES])
            data = data[written:]

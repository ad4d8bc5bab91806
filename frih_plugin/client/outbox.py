"""Frames on their way to the engine, cut into pieces that Qt copies in no time."""

from __future__ import annotations

from collections import deque

from frih_plugin.protocol.framing import Buffer, Frame, encode_frame


class Outbox:
    """The bytes still to be written, in order; blocks are kept by reference until they are."""

    def __init__(self, piece_bytes: int) -> None:
        self._piece_bytes = piece_bytes
        self._waiting: deque[memoryview] = deque()

    def add(self, frame: Frame) -> None:
        """Put a frame at the end. Raises ProtocolError for one that the engine would refuse."""
        parts: list[Buffer] = encode_frame(frame)
        self._waiting.extend(memoryview(part).cast("B") for part in parts if len(part))

    def take(self) -> bytes:
        """The next bytes, at most a piece of them; none where nothing waits."""
        if not self._waiting:
            return b""
        first = self._waiting[0]
        piece, rest = first[: self._piece_bytes], first[self._piece_bytes :]
        if len(rest):
            self._waiting[0] = rest
        else:
            self._waiting.popleft()
        return bytes(piece)

    def clear(self) -> None:
        """Let go of all that waits."""
        self._waiting.clear()

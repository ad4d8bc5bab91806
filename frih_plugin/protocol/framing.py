r"""Frames in the manner of the Language Server base protocol, with raw blocks after the body.

    Content-Length: 182\r\n
    Block-Lengths: 48000000 3144\r\n      only where there are blocks
    \r\n
    the body, UTF-8 JSON, then the blocks, end to end

All lengths are bounded, and memory is taken as bytes arrive, never on the word of a header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from frih_plugin.protocol.errors import ProtocolError

MAX_HEADER_BYTES = 512
MAX_BODY_BYTES = 256 * 1024
MAX_BLOCKS = 8
MAX_BLOCK_BYTES = 2**31
"""Of all blocks of a frame together: two pictures of 100 megapixels, 16 bit, with alpha, fit."""

_END_OF_HEADER = b"\r\n\r\n"
_HEADER = re.compile(
    rb"Content-Length: ([0-9]{1,7})(?:\r\nBlock-Lengths: ([0-9]{1,10}(?: [0-9]{1,10}){0,7}))?"
)

Buffer = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Frame:
    """One message as bytes: the JSON body and the raw blocks that it speaks of by number."""

    body: bytes
    blocks: tuple[Buffer, ...] = ()


def encode_frame(frame: Frame) -> list[Buffer]:
    """The pieces of a frame in the order of writing; the blocks themselves, not copied.

    Raises ProtocolError for a frame that the other side would refuse.
    """
    lengths = [memoryview(block).nbytes for block in frame.blocks]
    _check_lengths(len(frame.body), lengths)
    header = f"Content-Length: {len(frame.body)}"
    if lengths:
        header += "\r\nBlock-Lengths: " + " ".join(map(str, lengths))
    return [header.encode("ascii") + _END_OF_HEADER + frame.body, *frame.blocks]


class FrameReader:
    """Turns a stream of bytes, in pieces of any size, into frames.

    After a ProtocolError the stream has no meaning any more and the reader must not be used again.
    """

    def __init__(self) -> None:
        self._header = bytearray()
        self._pending: list[int] = []
        self._parts: list[bytearray] = []

    @property
    def between_frames(self) -> bool:
        """Whether the stream may end here."""
        return not self._header and not self._pending

    def feed(self, data: Buffer) -> list[Frame]:
        """Take the next bytes, give the frames that they complete.

        Raises ProtocolError for a header out of form or a length beyond the bounds.
        """
        frames: list[Frame] = []
        rest = memoryview(data).cast("B")
        while len(rest) or (self._pending and self._pending[0] == 0):
            rest = self._feed_parts(rest) if self._pending else self._feed_header(rest)
            if self._parts and not self._pending:
                frames.append(Frame(bytes(self._parts[0]), tuple(self._parts[1:])))
                self._parts = []
        return frames

    def _feed_header(self, data: memoryview) -> memoryview:
        seen = max(len(self._header) - len(_END_OF_HEADER) + 1, 0)
        before = len(self._header)
        self._header += data[: MAX_HEADER_BYTES + len(_END_OF_HEADER) - before]
        end = self._header.find(_END_OF_HEADER, seen)
        if end < 0:
            if len(self._header) > MAX_HEADER_BYTES:
                raise ProtocolError(f"A frame's header is longer than {MAX_HEADER_BYTES} bytes.")
            return data[len(self._header) - before :]
        self._pending = _parse_header(bytes(self._header[:end]))
        self._parts = [bytearray()]
        self._header.clear()
        return data[end + len(_END_OF_HEADER) - before :]

    def _feed_parts(self, data: memoryview) -> memoryview:
        taken = data[: self._pending[0]]
        self._parts[-1] += taken
        self._pending[0] -= len(taken)
        if self._pending[0] == 0:
            del self._pending[0]
            if self._pending:
                self._parts.append(bytearray())
        return data[len(taken) :]


def _parse_header(header: bytes) -> list[int]:
    """The lengths of body and blocks, in order."""
    found = _HEADER.fullmatch(header)
    if found is None:
        raise ProtocolError("A frame does not begin with the header of this protocol.")
    lengths = [int(length) for length in (found[2] or b"").split()]
    _check_lengths(int(found[1]), lengths)
    return [int(found[1]), *lengths]


def _check_lengths(body: int, blocks: list[int]) -> None:
    if not 0 < body <= MAX_BODY_BYTES:
        raise ProtocolError(f"A frame's body has {body} bytes; 1 to {MAX_BODY_BYTES} may be.")
    if len(blocks) > MAX_BLOCKS:
        raise ProtocolError(f"A frame has {len(blocks)} blocks; at most {MAX_BLOCKS} may be.")
    if sum(blocks) > MAX_BLOCK_BYTES:
        raise ProtocolError(
            f"A frame's blocks have {sum(blocks)} bytes; at most {MAX_BLOCK_BYTES} may be."
        )

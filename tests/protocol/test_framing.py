"""Frames from a stream in any pieces; garbled ones raise, and cost no memory."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frih_plugin.protocol.errors import ProtocolError
from frih_plugin.protocol.framing import (
    MAX_BLOCK_BYTES,
    MAX_BLOCKS,
    MAX_BODY_BYTES,
    MAX_HEADER_BYTES,
    Frame,
    FrameReader,
    encode_frame,
)

FRAMES = st.lists(
    st.builds(
        Frame, st.binary(min_size=1, max_size=40), st.lists(st.binary(max_size=40), max_size=8)
        .map(tuple),
    ),
    max_size=4,
)  # fmt: skip


def stream_of(frames: list[Frame]) -> bytes:
    return b"".join(bytes(piece) for frame in frames for piece in encode_frame(frame))


def pieces_of(stream: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[start:end] for start, end in pairwise(edges)]


@given(FRAMES, st.lists(st.integers(0, 10_000), max_size=30))
def test_frames_come_out_whatever_the_pieces(frames: list[Frame], cuts: list[int]) -> None:
    reader, found = FrameReader(), list[Frame]()
    for piece in pieces_of(stream_of(frames), cuts):
        found += reader.feed(piece)
    assert [(f.body, tuple(map(bytes, f.blocks))) for f in found] == [
        (f.body, tuple(map(bytes, f.blocks))) for f in frames
    ]
    assert reader.between_frames


@given(FRAMES.filter(bool))
def test_a_stream_that_ends_within_a_frame_is_seen(frames: list[Frame]) -> None:
    stream, reader = stream_of(frames), FrameReader()
    reader.feed(stream[:-1])
    assert not reader.between_frames or not frames[-1].blocks
    reader.feed(stream[-1:])
    assert reader.between_frames


@given(FRAMES.filter(bool), st.integers(0, 10_000), st.binary(max_size=12), st.integers(0, 20))
def test_a_garbled_stream_raises_or_gives_frames_and_nothing_else(
    frames: list[Frame], at: int, put: bytes, removed: int
) -> None:
    stream = stream_of(frames)
    at %= len(stream)
    garbled = stream[:at] + put + stream[at + removed :]
    assert gives_frames_or_a_sentence(pieces_of(garbled, [at, at + 1]))


def gives_frames_or_a_sentence(pieces: list[bytes]) -> bool:
    """Whether all frames keep the bounds, or the stream is refused; other errors are raised."""
    reader = FrameReader()
    try:
        found = [frame for piece in pieces for frame in reader.feed(piece)]
    except ProtocolError as error:
        return str(error).endswith(".")
    return all(len(frame.body) <= MAX_BODY_BYTES for frame in found)


@pytest.mark.parametrize(
    "header",
    [
        f"Content-Length: {MAX_BODY_BYTES + 1}",
        "Content-Length: 0",
        "Content-Length: -5",
        "Content-Length: 5\r\nBlock-Lengths: " + " ".join("1" * (MAX_BLOCKS + 1)),
        f"Content-Length: 5\r\nBlock-Lengths: {MAX_BLOCK_BYTES + 1}",
        f"Content-Length: 5\r\nBlock-Lengths: {MAX_BLOCK_BYTES} 1",
        "Content-Length: 5\r\nContent-Type: text",
        "content-length: 5",
        "Content-Length: \u0665",
        "",
    ],
)
def test_a_header_out_of_form_or_bounds_raises(header: str) -> None:
    with pytest.raises(ProtocolError):
        FrameReader().feed(header.encode() + b"\r\n\r\n")


def test_a_header_without_end_raises_as_soon_as_it_is_too_long() -> None:
    reader = FrameReader()
    for _ in range(MAX_HEADER_BYTES // 8):
        assert reader.feed(b"a" * 8) == []
    with pytest.raises(ProtocolError, match="longer"):
        reader.feed(b"a" * 8)


@pytest.mark.parametrize("length", [MAX_BLOCK_BYTES, MAX_BLOCK_BYTES // 2])
def test_a_promised_length_takes_no_memory(length: int) -> None:
    reader = FrameReader()
    tracemalloc.start()
    try:
        reader.feed(f"Content-Length: 2\r\nBlock-Lengths: {length}\r\n\r\n{{}}".encode())
        reader.feed(bytes(1000))
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_a_frame_that_the_other_side_would_refuse_is_not_written() -> None:
    with pytest.raises(ProtocolError):
        encode_frame(Frame(b"a" * (MAX_BODY_BYTES + 1)))
    with pytest.raises(ProtocolError):
        encode_frame(Frame(b"{}", (b"a",) * (MAX_BLOCKS + 1)))


def test_blocks_are_not_copied_to_be_written() -> None:
    block = bytearray(100)
    assert encode_frame(Frame(b"{}", (block,)))[1] is block

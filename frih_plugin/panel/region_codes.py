"""What each pixel of the overlay is: a region, an outline, a hatch. Pure bytes, no pixel loops.

A map of labels is one whole number of 65,536 bytes here: to shift it is to look at a neighbour,
and `^` is zero where both are the same. That takes a fraction of a millisecond.
"""

from __future__ import annotations

SIDE = 256
OUTSIDE = 255

BRIGHT_LINE = 100
DARK_LINE = 101
HATCH = 102
"""Codes of a map, beside the regions' indices and OUTSIDE."""

_SIZE = SIDE * SIDE
_ROW_BITS = 8 * SIDE
_ALL = (1 << 8 * _SIZE) - 1
_NOT_FIRST_COLUMN = int.from_bytes((b"\x00" + b"\xff" * (SIDE - 1)) * SIDE, "big")
_NOT_FIRST_ROW = _ALL >> _ROW_BITS
_WHERE = bytes([0]) + bytes([255]) * 255
_HATCH_STEP, _HATCH_WIDTH = 12, 3


def overlay_codes(labels: bytes, off: frozenset[int]) -> bytes:
    """The labels with outlines between them, and a hatch over the regions that are off.

    labels: SIDE x SIDE, a region's index or OUTSIDE. Returns as many codes.
    """
    codes = int.from_bytes(labels, "big")
    if off:
        inside = labels.translate(bytes(255 if label in off else 0 for label in range(256)))
        codes = _painted(codes, int.from_bytes(inside, "big") & _HATCHES, HATCH)
    return _outlined(codes, labels).to_bytes(_SIZE, "big")


def single_codes(labels: bytes, index: int) -> bytes:
    """One region alone with its outline; OUTSIDE elsewhere."""
    table = bytes(label if label == index else OUTSIDE for label in range(256))
    alone = labels.translate(table)
    return _outlined(int.from_bytes(alone, "big"), alone).to_bytes(_SIZE, "big")


def _outlined(codes: int, labels: bytes) -> int:
    """A bright line with a dark one beside it, which stands out on every picture."""
    here = int.from_bytes(labels, "big")
    across = (here ^ (here >> 8)) & _NOT_FIRST_COLUMN
    down = (here ^ (here >> _ROW_BITS)) & _NOT_FIRST_ROW
    dark = ((across << 8) | (down << _ROW_BITS)) & _ALL
    return _painted(_painted(codes, dark, DARK_LINE), across | down, BRIGHT_LINE)


def _painted(codes: int, where: int, code: int) -> int:
    """The codes, but `code` at each byte of `where` that is not zero."""
    there = int.from_bytes(where.to_bytes(_SIZE, "big").translate(_WHERE), "big")
    return (codes & ~there) | (there & _everywhere(code))


def _everywhere(code: int) -> int:
    return int.from_bytes(bytes([code]) * _SIZE, "big")


def _diagonals() -> int:
    row = bytes(255 if x % _HATCH_STEP < _HATCH_WIDTH else 0 for x in range(SIDE + _HATCH_STEP))
    starts = (y % _HATCH_STEP for y in range(SIDE))
    return int.from_bytes(b"".join(row[start : start + SIDE] for start in starts), "big")


_HATCHES = _diagonals()

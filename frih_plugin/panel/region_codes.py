"""What each pixel of the overlay is: a region's inside, its outline, its hatch. No pixel loops.

A map of labels is one whole number of 65,536 bytes here: to shift it is to look at a neighbour,
and `^` is zero where both are the same. That takes well under a millisecond.
"""

from __future__ import annotations

SIDE = 256
OUTSIDE = 255

LABEL_BITS = 0x0F
"""Of a code: the region, or NO_REGION."""

NO_REGION = 0x0F
BRIGHT_LINE, DARK_LINE, BRIGHT_HATCH, DARK_HATCH = 0x10, 0x20, 0x40, 0x80
"""What is drawn over it: lines and stripes are bright beside dark, to be seen on any picture."""

_SIZE = SIDE * SIDE
_ROW_BITS = 8 * SIDE
_ALL = (1 << 8 * _SIZE) - 1
_NOT_FIRST_COLUMN = int.from_bytes((b"\x00" + b"\xff" * (SIDE - 1)) * SIDE, "big")
_NOT_FIRST_ROW = _ALL >> _ROW_BITS
_STRIPES_APART, _STRIPE_WIDTH = 12, 2


def overlay_codes(labels: bytes, off: frozenset[int]) -> bytes:
    """The labels with outlines between them, and a hatch over the regions that are off.

    labels: SIDE x SIDE, a region's index or OUTSIDE. Returns as many codes: a region in
    LABEL_BITS, and what is drawn over it.
    """
    codes = _whole(labels) & _everywhere(LABEL_BITS)
    if off:
        inside = labels.translate(bytes(255 if label in off else 0 for label in range(256)))
        codes |= _whole(inside) & _STRIPES
    return (codes | _outlines(labels)).to_bytes(_SIZE, "big")


def single_codes(labels: bytes, index: int) -> bytes:
    """The codes of one region alone."""
    table = bytes(label if label == index else OUTSIDE for label in range(256))
    return overlay_codes(labels.translate(table), frozenset())


def _outlines(labels: bytes) -> int:
    """A bright line, and a dark one beside it."""
    here = _whole(labels)
    across = (here ^ (here >> 8)) & _NOT_FIRST_COLUMN
    down = (here ^ (here >> _ROW_BITS)) & _NOT_FIRST_ROW
    dark = ((across << 8) | (down << _ROW_BITS)) & _ALL
    return _where(across | down, BRIGHT_LINE) | _where(dark, DARK_LINE)


def _where(bytes_set: int, code: int) -> int:
    """A code at each byte that is not zero."""
    table = bytes([0]) + bytes([code]) * 255
    return _whole(bytes_set.to_bytes(_SIZE, "big").translate(table))


def _everywhere(code: int) -> int:
    return _whole(bytes([code]) * _SIZE)


def _whole(codes: bytes) -> int:
    return int.from_bytes(codes, "big")


def _diagonals() -> int:
    gap = _STRIPES_APART - 2 * _STRIPE_WIDTH
    stripes = [BRIGHT_HATCH] * _STRIPE_WIDTH + [DARK_HATCH] * _STRIPE_WIDTH + [0] * gap
    row = bytes(stripes) * (SIDE // _STRIPES_APART + 2)
    starts = (y % _STRIPES_APART for y in range(SIDE))
    return _whole(b"".join(row[start : start + SIDE] for start in starts))


_STRIPES = _diagonals()

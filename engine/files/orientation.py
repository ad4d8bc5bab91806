"""EXIF orientation (tag 274): between pixels as stored and pixels as shown."""

from __future__ import annotations

import struct

import numpy as np

from engine.color.depth import Samples

ORIENTATION_TAG = 274
_SHORT = 3
_MIRRORED = (2, 4, 5, 7)
_QUARTER_TURNS = {1: 0, 2: 0, 3: 2, 4: 2, 5: 1, 6: 3, 7: 3, 8: 1}


def upright(stored: Samples, orientation: int) -> Samples:
    """Show stored (H, W[, C]) pixels as the orientation asks; a view, nothing is copied.

    Orientation is a mirror (left and right) or none, then quarter turns counterclockwise.
    """
    mirrored = stored[:, ::-1] if orientation in _MIRRORED else stored
    return np.rot90(mirrored, _QUARTER_TURNS[orientation])


def as_stored(shown: Samples, orientation: int) -> Samples:
    """Undo `upright`: from shown pixels to the order in which the file keeps them; a view."""
    turned = np.rot90(shown, -_QUARTER_TURNS[orientation])
    return turned[:, ::-1] if orientation in _MIRRORED else turned


def exif_orientation(exif: bytes | None) -> int:
    """Find the orientation in an EXIF block (a TIFF structure); 1 where it is absent or damaged."""
    try:
        return _orientation_in(exif) if exif else 1
    except struct.error:
        return 1


def _orientation_in(exif: bytes) -> int:
    order = "<" if exif[:2] == b"II" else ">"
    (directory,) = struct.unpack_from(order + "I", exif, 4)
    (count,) = struct.unpack_from(order + "H", exif, directory)
    for index in range(count):
        tag, kind, _, value = struct.unpack_from(order + "HHIH", exif, directory + 2 + 12 * index)
        if tag == ORIENTATION_TAG:
            return value if kind == _SHORT and value in _QUARTER_TURNS else 1
    return 1

"""What the four decoders hand to read.py, and how they say what they cannot do."""

from __future__ import annotations

from dataclasses import dataclass

from engine.color.depth import Samples
from engine.files.picture_file import Metadata

MAX_PIXELS = 400_000_000
"""Larger pictures are declined before they are decoded: 400 megapixels are 1.2 GB at 8 bit."""


class CannotDecodeError(Exception):
    """A file that is declined; the message continues the sentence "FILE ..."."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Pixels as they are stored, before the EXIF orientation.

    samples: (H, W) grey or (H, W, C), C = 2 grey and alpha, 3 RGB, 4 RGB and alpha, uint8 or
    uint16, straight alpha; icc: the profile's bytes.
    """

    samples: Samples
    icc: bytes | None
    metadata: Metadata


def check_size(width: int, height: int, max_pixels: int = MAX_PIXELS) -> None:
    """Decline pictures without pixels, and those above `max_pixels`, with CannotDecodeError."""
    if width < 1 or height < 1:
        raise CannotDecodeError("has no pixels; choose another file.")
    if width * height > max_pixels:
        raise CannotDecodeError(
            f"is {width} x {height} pixels, more than the {max_pixels // 1_000_000} megapixels "
            "that can be read; scale it down or crop it first."
        )

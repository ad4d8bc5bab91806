"""A decoded picture as every part of the engine passes it on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import PixelArrayError

Pixels = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Upright pixels in the document's own colour space and depth.

    pixels: (H, W, 3) uint8 or uint16, straight (not premultiplied) RGB;
    alpha: (H, W) of the same dtype, or None where the file has none;
    icc: the document's ICC profile, or None, which means sRGB.
    Raises PixelArrayError for any other dtype or shape.
    """

    pixels: Pixels
    alpha: Pixels | None = None
    icc: bytes | None = None

    def __post_init__(self) -> None:
        if self.pixels.dtype.name not in ("uint8", "uint16"):
            raise PixelArrayError(f"Pixels must be uint8 or uint16, not {self.pixels.dtype}.")
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3:
            raise PixelArrayError(f"Pixels must be (H, W, 3), not {self.pixels.shape}.")
        if self.alpha is None:
            return
        if self.alpha.dtype != self.pixels.dtype or self.alpha.shape != self.pixels.shape[:2]:
            raise PixelArrayError("Alpha must have the picture's size and depth.")

    @property
    def height(self) -> int:
        """Rows."""
        return self.pixels.shape[0]

    @property
    def width(self) -> int:
        """Columns."""
        return self.pixels.shape[1]

    @property
    def white(self) -> int:
        """The largest value of a channel: 255 or 65535."""
        return int(np.iinfo(self.pixels.dtype).max)


@dataclass(frozen=True, slots=True, eq=False)
class FloatPicture:
    """A picture in floating point: 1 is white, and colours may lie beyond 0 and 1.

    pixels: (H, W, 3) float32, straight RGB; alpha: (H, W) float32, 0 to 1, or None; icc: as in
    Picture. Only the colour change and what follows it work on it; all that looks at a picture
    (view, masks, previews) takes `in_16_bits`.
    """

    pixels: NDArray[np.float32]
    alpha: NDArray[np.float32] | None = None
    icc: bytes | None = None

    @property
    def height(self) -> int:
        """Rows."""
        return self.pixels.shape[0]

    @property
    def width(self) -> int:
        """Columns."""
        return self.pixels.shape[1]

    @property
    def white(self) -> int:
        """The value of white."""
        return 1

    def in_16_bits(self) -> Picture:
        """The part of it between 0 and 1; what is no number counts as 0."""
        alpha = None if self.alpha is None else _in_16_bits(self.alpha)
        return Picture(_in_16_bits(self.pixels), alpha, self.icc)


def _in_16_bits(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    reduced = np.empty(values.shape, np.uint16)
    for row, line in enumerate(values):
        limited = np.nan_to_num(line, nan=0.0).clip(0, 1)
        reduced[row] = np.rint(limited * np.float32(65_535))
    return reduced

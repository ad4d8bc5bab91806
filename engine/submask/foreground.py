"""The foreground of one composite as its distinct colours and their pixel counts.

Position plays no role in FRIH's submasks, so everything after this works on colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import PixelArrayError
from engine.submask.submasks import Submasks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.submask.centers import ColorClusters

INDEX_BITS = 20
"""Bits of a colour index or pixel count: a density key packs three of them into an int64."""

MAX_PIXELS = 1 << INDEX_BITS
"""A foreground has fewer pixels than this; sums in float32 are exact below 2**24 as well."""


@dataclass(frozen=True, slots=True)
class ForegroundColors:
    """The distinct colours of a foreground, in ascending order of packed = r << 16 | g << 8 | b.

    colors: (U, 3) uint8 sRGB; packed: (U,) int64; counts: (U,) int64 pixels of each colour.
    pixels: (N,) int64 flat indices of the foreground's pixels, grouped by colour.
    color_of_pixel: (N,) int64 the colour of each of those.
    shape: (H, W) of the composite.
    """

    colors: NDArray[np.uint8]
    packed: NDArray[np.int64]
    counts: NDArray[np.int64]
    pixels: NDArray[np.int64]
    color_of_pixel: NDArray[np.int64]
    shape: tuple[int, int]

    def paint(self, clusters: ColorClusters) -> Submasks:
        """Give every foreground pixel the label of its colour."""
        labels = np.full(self.shape, -1, np.int8)
        labels.ravel()[self.pixels] = clusters.labels[self.color_of_pixel]
        areas = np.bincount(clusters.labels, self.counts, len(clusters.centers)).astype(np.int64)
        return Submasks(
            labels=labels,
            count=len(clusters.centers),
            centers=self.colors[clusters.centers],
            areas=areas,
            denser=clusters.denser,
        )


def check_pixels(rgb: NDArray[np.uint8], mask: NDArray[np.bool_]) -> None:
    """Raise PixelArrayError unless rgb is (H, W, 3) uint8 and mask is (H, W) bool."""
    if not isinstance(rgb, np.ndarray) or rgb.dtype != np.uint8:  # pyright: ignore[reportUnnecessaryIsInstance] -- callers without a type checker
        raise PixelArrayError("The composite must be an array of 8-bit values (uint8).")
    if rgb.ndim != 3 or rgb.shape[2] != 3:
        raise PixelArrayError(f"The composite must have shape (H, W, 3), not {rgb.shape}.")
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:  # pyright: ignore[reportUnnecessaryIsInstance] -- callers without a type checker
        raise PixelArrayError("The foreground mask must be an array of true and false (bool).")
    if mask.shape != rgb.shape[:2]:
        raise PixelArrayError(
            f"The foreground mask must have the composite's shape {rgb.shape[:2]}, "
            f"not {mask.shape}."
        )
    if np.count_nonzero(mask) >= MAX_PIXELS:
        raise PixelArrayError(
            f"The foreground has more than {MAX_PIXELS - 1:,} pixels: reduce the picture first."
        )


def foreground_colors(rgb: NDArray[np.uint8], mask: NDArray[np.bool_]) -> ForegroundColors:
    """Collect the distinct colours under the mask.

    rgb: (H, W, 3) uint8 sRGB; mask: (H, W) bool. Raises PixelArrayError for anything else.
    """
    check_pixels(rgb, mask)
    pixels = np.flatnonzero(mask)
    red, green, blue = rgb.reshape(-1, 3)[pixels].T.astype(np.int64)
    # One sort of colour and pixel together is several times faster than np.unique's inverse.
    keys = (red << 16 | green << 8 | blue) << INDEX_BITS | np.arange(len(pixels))
    keys.sort()
    sorted_colors = keys >> INDEX_BITS
    is_first = np.diff(sorted_colors, prepend=-1) != 0
    packed = sorted_colors[is_first]
    return ForegroundColors(
        colors=np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1).astype(np.uint8),
        packed=packed,
        counts=np.diff(np.flatnonzero(np.append(is_first, True))),
        pixels=pixels[keys & (1 << INDEX_BITS) - 1],
        color_of_pixel=np.cumsum(is_first) - 1,
        shape=mask.shape,
    )

"""Pictures at half, a quarter, an eighth ... of their size, for a canvas that is zoomed out."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color.picture import Picture, Pixels

_STRIP_ROWS = 128
Plane = NDArray[np.float32]


def halved(picture: Picture) -> Picture:
    """The picture at half its size: averages of 2 x 2 pixels, rounded, weighted by alpha.

    Odd sides are rounded up; the last row or column then counts twice.
    """
    height, width = -(-picture.height // 2), -(-picture.width // 2)
    if picture.alpha is None and picture.pixels.dtype == np.uint8:
        small = np.asarray(Image.fromarray(picture.pixels).reduce(2))
        return Picture(cast("Pixels", small), None, picture.icc)
    pixels = np.empty((height, width, 3), picture.pixels.dtype)
    alpha = None if picture.alpha is None else np.empty((height, width), picture.pixels.dtype)
    for top in range(0, height, _STRIP_ROWS):
        rows, source = slice(top, top + _STRIP_ROWS), slice(2 * top, 2 * (top + _STRIP_ROWS))
        if picture.alpha is None or alpha is None:
            pixels[rows] = _rounded_quarter(_sums_of_four(picture.pixels[source]))
        else:
            pixels[rows], alpha[rows] = _weighted(picture.pixels[source], picture.alpha[source])
    return Picture(cast("Pixels", pixels), cast("Pixels | None", alpha), picture.icc)


def _weighted(pixels: Pixels, alpha: Pixels) -> tuple[Plane, Plane]:
    """Colours averaged by alpha (plainly where all four are transparent), and alpha averaged."""
    weights = _sums_of_four(alpha)
    shares: Plane = alpha.astype(np.float32)[..., np.newaxis]
    colors: Plane = pixels.astype(np.float32)
    averages: Plane = _sums_of_four(colors * shares)
    averages /= np.maximum(weights, 1)[..., np.newaxis]
    hidden = weights == 0
    if hidden.any():
        averages[hidden] = _rounded_quarter(_sums_of_four(colors))[hidden]
    return np.rint(averages), _rounded_quarter(weights)


def _rounded_quarter(sums: Plane) -> Plane:
    raised: Plane = sums + np.float32(2)
    raised *= np.float32(0.25)
    return np.floor(raised)


def _sums_of_four(values: Pixels | Plane) -> Plane:
    """Exact for samples: four of 16 bits need fewer than float32's 24 digits."""
    odd = [(0, values.shape[0] % 2), (0, values.shape[1] % 2), (0, 0)][: values.ndim]
    even = np.pad(values, odd, mode="edge") if odd[:2] != [(0, 0), (0, 0)] else values
    rows: Plane = np.add(even[0::2], even[1::2], dtype=np.float32)
    return rows[:, 0::2] + rows[:, 1::2]

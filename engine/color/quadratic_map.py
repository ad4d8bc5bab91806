"""The network's global colour map: one quadratic polynomial per channel, exact at any size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.color.view_arrays import Planes
from engine.errors import PixelArrayError

ColorMap = NDArray[np.float32]
"""(3, 10): per output channel the coefficients of 1, r, g, b, r^2, g^2, b^2, rg, rb, gb."""

_SQUARES_AND_PRODUCTS = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))


def check_color_map(color_map: ColorMap) -> ColorMap:
    """Return a (3, 10) float32 map as it is. Raises PixelArrayError for anything else."""
    if color_map.dtype != np.float32 or color_map.shape != (3, 10):
        raise PixelArrayError("A colour map must be (3, 10) float32.")
    return color_map


def add_quadratic(color_map: ColorMap, rgb: Planes, into: Planes) -> None:
    """Add color_map . monomials(rgb) to `into`.

    rgb, into: (3, ...) float32, not the same array; rgb is encoded sRGB, 0 to 1 (values outside
    are carried on by the polynomial). Plain element-wise operations, so a pixel's result does
    not depend on the strip it is in. A map of zeros adds exactly nothing.
    """
    if not color_map.any():
        return
    columns = color_map.reshape(3, 10, *(1,) * (rgb.ndim - 1))
    term = np.empty_like(into)
    product = np.empty_like(rgb[0])
    into += columns[:, 0]
    for channel in range(3):
        into += np.multiply(columns[:, 1 + channel], rgb[channel], out=term)
    for index, (first, second) in enumerate(_SQUARES_AND_PRODUCTS, start=4):
        np.multiply(rgb[first], rgb[second], out=product)
        into += np.multiply(columns[:, index], product, out=term)

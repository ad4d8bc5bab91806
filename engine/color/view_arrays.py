"""Arrays of the view's size, as the fits take them: their types and their checks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import PixelArrayError

FloatMap = NDArray[np.float32]
"""(h, w): one value per pixel of the view."""

Planes = NDArray[np.float32]
"""(C, h, w): channels first."""


def rgb_planes(view_rgb: NDArray[np.uint8]) -> Planes:
    """(h, w, 3) uint8 to (3, h, w) float32, 0 to 1. Raises PixelArrayError for anything else."""
    if view_rgb.dtype != np.uint8 or view_rgb.shape[2:] != (3,):
        raise PixelArrayError("The view must be (h, w, 3) uint8.")
    return view_rgb.transpose(2, 0, 1).astype(np.float32, order="C") / np.float32(255)


def check_map(values: FloatMap, view_rgb: NDArray[np.uint8], name: str) -> None:
    """Raise PixelArrayError where `values` is not (h, w) float32 of the view's size."""
    if values.dtype != np.float32 or values.shape != view_rgb.shape[:2]:
        raise PixelArrayError(f"The {name} must be (h, w) float32 and have the view's size.")

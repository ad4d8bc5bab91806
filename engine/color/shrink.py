"""Shows a window of a large picture at the view's size: box reduction, sRGB, bicubic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color.depth import Samples
from engine.color.picture import Pixels
from engine.color.profiles import RgbSpace, view_rgb8
from engine.view import VIEW_SIZE, Box

_LARGEST = 3 * VIEW_SIZE
"""Boxes are averaged down to no less than this side, so that bicubic decides."""

_VIEW = (VIEW_SIZE, VIEW_SIZE)


def shrink_rgb(pixels: Pixels, window: Box, space: RgbSpace) -> NDArray[np.uint8]:
    """A window of (H, W, 3) document pixels as (256, 256, 3) 8-bit sRGB.

    Very large windows are averaged in boxes first, in the document's own encoding; then they are
    converted and resized by Pillow's bicubic filter with antialiasing, as training does.
    """
    reduced, box = box_reduced(pixels, window)
    image = Image.fromarray(view_rgb8(reduced, space))
    return np.asarray(image.resize(_VIEW, Image.Resampling.BICUBIC, box))


def shrink_mask(mask: Pixels, window: Box) -> NDArray[np.float32]:
    """A window of an (H, W) mask as (256, 256) float32 in [0, 1], bilinear with antialiasing."""
    reduced, box = box_reduced(mask, window)
    image = Image.fromarray(reduced.astype(np.float32))
    soft = np.asarray(image.resize(_VIEW, Image.Resampling.BILINEAR, box))
    return (soft / np.iinfo(mask.dtype).max).astype(np.float32)


def box_reduced(pixels: Samples, window: Box) -> tuple[Samples, tuple[float, float, float, float]]:
    """A window averaged in boxes of equal size, rounded, and its own box in what comes out.

    The last box of a row or column may be filled in part only; the window ends within it. Rows of
    boxes are made one by one, so that no copy of a large window is needed.
    """
    cut = pixels[window.top : window.bottom, window.left : window.right]
    factors = max(1, window.width // _LARGEST), max(1, window.height // _LARGEST)
    box = (0.0, 0.0, window.width / factors[0], window.height / factors[1])
    if factors == (1, 1):
        return np.ascontiguousarray(cut), box
    rows = [cut[top : top + factors[1]] for top in range(0, window.height, factors[1])]
    return np.concatenate([_one_row(row, factors[0]) for row in rows]), box


def _one_row(row: Samples, width: int) -> Samples:
    """(rows, W) or (rows, W, 3) averaged to one row of boxes `width` wide."""
    if row.dtype == np.uint8:
        return np.asarray(Image.fromarray(np.ascontiguousarray(row)).reduce((width, len(row))))
    starts: NDArray[np.intp] = np.arange(0, row.shape[1], width, dtype=np.intp)
    sums = np.add.reduceat(row.sum(axis=0, dtype=np.int64), starts, axis=0)
    ends = np.append(starts[1:], row.shape[1])
    counts = ((ends - starts) * len(row)).reshape(-1, *(1,) * (row.ndim - 2))
    return ((sums + counts // 2) // counts).astype(row.dtype)[None]

"""Shows a window of a large picture at the view's size: box reduction, sRGB, bicubic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color.picture import Pixels
from engine.color.profiles import RgbSpace, view_rgb8
from engine.view import VIEW_SIZE, Box

_KEPT = 3
"""Boxes are averaged down to no less than this multiple of the view, so that bicubic decides."""


def shrink_rgb(pixels: Pixels, window: Box, space: RgbSpace) -> NDArray[np.uint8]:
    """A window of (H, W, 3) document pixels as (256, 256, 3) 8-bit sRGB.

    Very large windows are averaged in boxes first, in the document's own encoding; then they are
    converted and resized by Pillow's bicubic filter with antialiasing, as training does.
    """
    cut = pixels[window.top : window.bottom, window.left : window.right]
    image = Image.fromarray(view_rgb8(_box_reduced(cut), space))
    return np.asarray(image.resize((VIEW_SIZE, VIEW_SIZE), Image.Resampling.BICUBIC))


def shrink_mask(mask: Pixels, window: Box) -> NDArray[np.float32]:
    """A window of an (H, W) mask as (256, 256) float32 in [0, 1], bilinear with antialiasing."""
    cut = mask[window.top : window.bottom, window.left : window.right]
    reduced = _box_reduced(cut[:, :, None])[:, :, 0].astype(np.float32)
    image = Image.fromarray(np.ascontiguousarray(reduced))
    soft = np.asarray(image.resize((VIEW_SIZE, VIEW_SIZE), Image.Resampling.BILINEAR))
    return soft / np.float32(np.iinfo(mask.dtype).max)


def _box_reduced(pixels: Pixels) -> Pixels:
    """(H, W, C) averaged in boxes of equal size, rounded; edges that do not fill a box count too."""
    factor_y, factor_x = (max(1, side // (_KEPT * VIEW_SIZE)) for side in pixels.shape[:2])
    if factor_x == factor_y == 1:
        return np.ascontiguousarray(pixels)
    if pixels.dtype == np.uint8 and pixels.shape[2] == 3:
        return np.asarray(Image.fromarray(pixels).reduce((factor_x, factor_y)))
    rows = np.arange(0, pixels.shape[0], factor_y)
    columns = np.arange(0, pixels.shape[1], factor_x)
    counts = np.outer(_spans(rows, pixels.shape[0]), _spans(columns, pixels.shape[1]))
    sums = np.empty((rows.size, columns.size, pixels.shape[2]), np.int64)
    for index, top in enumerate(rows):
        row = pixels[top : top + factor_y].sum(axis=0, dtype=np.int64)
        sums[index] = np.add.reduceat(row, columns, axis=0)
    half = counts[:, :, None] // 2
    return ((sums + half) // counts[:, :, None]).astype(pixels.dtype)


def _spans(starts: NDArray[np.int64], end: int) -> NDArray[np.int64]:
    return np.diff(np.append(starts, end))

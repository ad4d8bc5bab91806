"""The colour change that the network asks for, in a form that any resolution can take.

Called by the pipeline after the refined pictures are fused; transfer.py applies the result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.guided_filter import box_sum, extend, masked_average, reached
from engine.color.quadratic_map import ColorMap, add_quadratic, check_color_map
from engine.color.view_arrays import FloatMap, Planes, check_map, rgb_planes
from engine.errors import PixelArrayError
from engine.view import Box

_EPSILON = 1e-4
"""Variance below which a window counts as flat and takes a pure shift."""

_FINE_WINDOW_PIXELS = 8_000_000
"""Above this the narrower radius is better."""


@dataclass(frozen=True, slots=True, eq=False)
class ColorChange:
    """A global quadratic colour map and, for what it leaves, a local gain and offset per channel.

    color_map: (3, 10) float32, see quadratic_map;
    gain, offset: (3, h, w) float32 at the view's size. With g = colour + color_map(colour), the
    changed colour is g + gain * g + offset, all in encoded sRGB, 0 to 1. All zeros change nothing.
    """

    color_map: ColorMap
    gain: Planes
    offset: Planes


def fit_color_change(
    view_rgb: NDArray[np.uint8],
    harmonized: NDArray[np.float32],
    mask: FloatMap,
    color_map: ColorMap,
    radius: int = 2,
) -> ColorChange:
    """Express a harmonized view as a ColorChange (guided filter; the guide is the mapped view).

    view_rgb: (h, w, 3) uint8 sRGB composite; harmonized: (h, w, 3) float32 sRGB, 0 to 1, valid in
    the foreground; mask: (h, w) float32, 0 to 1, the foreground's share of each pixel;
    color_map: (3, 10) float32; radius: of the windows, in view pixels (fit_radius chooses it).
    Statistics count foreground only. Gain and offset are carried on beyond it as far as the soft
    mask reaches. A harmonized view that equals the mapped one, clipped to 0..1, gives exact zeros.
    Raises PixelArrayError for other shapes or dtypes.
    """
    guide = _mapped(rgb_planes(view_rgb), check_color_map(color_map))
    check_map(mask, view_rgb, "mask")
    if harmonized.dtype != np.float32 or harmonized.shape != view_rgb.shape:
        raise PixelArrayError("The harmonized view must be float32 and have the view's shape.")
    remainder = np.ascontiguousarray(harmonized.transpose(2, 0, 1)) - guide
    gain, offset = _local_lines(guide, remainder, mask, radius)
    needed = box_sum((mask > 0).astype(np.float32), 2) > 0
    lines = extend(np.concatenate([gain, offset]), reached(mask, 2 * radius), needed)
    return ColorChange(color_map, lines[:3], lines[3:])


def fit_radius(window: Box) -> int:
    """The radius that measured best for a window of this many pixels: 2, or 1 above 8 MP."""
    return 1 if window.width * window.height > _FINE_WINDOW_PIXELS else 2


def _mapped(rgb: Planes, color_map: ColorMap) -> Planes:
    mapped = rgb.copy()
    add_quadratic(color_map, rgb, mapped)
    return mapped.clip(0, 1)


def _local_lines(
    guide: Planes, remainder: Planes, mask: FloatMap, radius: int
) -> tuple[Planes, Planes]:
    """The least squares line remainder = gain * guide + offset round each pixel, then smoothed.

    Fitting the remainder with a plain ridge is the fit of the harmonized view with epsilon in
    both numerator and denominator: a flat window gets gain 0, a pure shift.
    """
    products = np.concatenate([guide, remainder, guide * guide, guide * remainder])
    means = masked_average(products, mask, radius).reshape(4, *guide.shape)
    mean_g, mean_r, mean_gg, mean_gr = means
    gain = (mean_gr - mean_g * mean_r) / (mean_gg - mean_g * mean_g + np.float32(_EPSILON))
    offset = mean_r - gain * mean_g
    fitted = reached(mask, radius).astype(np.float32)
    smooth = masked_average(np.concatenate([gain, offset]), fitted, radius)
    return smooth[:3], smooth[3:]

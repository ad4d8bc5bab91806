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

_EPSILON = 1e-4
"""Variance below which a window counts as flat and takes a pure shift."""

_RIM_POWER = 16
"""Best of 1, 2, 4, 8, 16 at the mask's edge in benchmarks/full_resolution.py."""

_FAINTEST_MASK = 1e-6

MAP_MUST_LEAVE = 0.85
"""The mapped view is the guide where it leaves no more than this share of what the plain one does.

In doubt the plain view: a map wrongly kept costs more at full size than one wrongly left out."""


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
    *,
    map_must_leave: float = MAP_MUST_LEAVE,
) -> ColorChange:
    """Express a harmonized view as a ColorChange (guided filter, statistics over foreground only).

    view_rgb: (h, w, 3) uint8 sRGB composite; harmonized: (h, w, 3) float32 sRGB, 0 to 1, valid in
    the foreground; mask: (h, w) float32, 0 to 1, the foreground's share of each pixel;
    color_map: (3, 10) float32; radius: of the windows, in view pixels;
    map_must_leave: see MAP_MUST_LEAVE; infinity always keeps the map.
    The guide is the mapped view where that leaves clearly less of the harmonized view unexplained
    than the plain one does; else the plain view, and the result's map is zero: a curved map that
    the network's local part bends back would only do harm among colours that the view does not
    show (benchmarks/full_resolution.py). A harmonized view that equals the mapped one, clipped to
    0..1, gives that map and exactly zero gain and offset.
    Gain and offset are carried on beyond the foreground as far as the soft mask reaches.
    Raises PixelArrayError for other shapes or dtypes.
    """
    view = rgb_planes(view_rgb)
    check_map(mask, view_rgb, "mask")
    if harmonized.dtype != np.float32 or harmonized.shape != view_rgb.shape:
        raise PixelArrayError("The harmonized view must be float32 and have the view's shape.")
    target = np.ascontiguousarray(harmonized.transpose(2, 0, 1))
    weight = _certainly_foreground(mask)
    guide = _mapped(view, check_color_map(color_map))
    fit = _fit_lines(guide, target, weight, radius)
    plain_fit = _fit_lines(view, target, weight, radius)
    if fit.unexplained > map_must_leave * plain_fit.unexplained:
        fit, color_map = plain_fit, np.zeros_like(color_map)
    lines = _carried_on(fit.lines, weight, mask, radius)
    return ColorChange(color_map, lines[:3], lines[3:])


def _certainly_foreground(mask: FloatMap) -> FloatMap:
    """Weights that all but leave out the mask's soft rim.

    A rim pixel shows foreground and background mixed, and so shows only part of the change.
    """
    return (mask / np.float32(max(mask.max(), _FAINTEST_MASK))) ** np.float32(_RIM_POWER)


def _mapped(view: Planes, color_map: ColorMap) -> Planes:
    mapped = view.copy()
    add_quadratic(color_map, view, mapped)
    return mapped.clip(0, 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """lines: (6, h, w), gains and offsets; unexplained: mean square of what they leave over."""

    lines: Planes
    unexplained: float


def _fit_lines(guide: Planes, target: Planes, weight: FloatMap, radius: int) -> _Fit:
    """The least squares line target - guide = gain * guide + offset in each pixel's window.

    Fitting the remainder with a plain ridge is the fit of the target itself with epsilon in both
    numerator and denominator: a flat window gets gain 0, a pure shift.
    """
    remainder = target - guide
    pairs = (guide, remainder, guide * guide, guide * remainder, remainder * remainder)
    products: Planes = np.stack(pairs)
    means = masked_average(products, weight, radius)
    mean_g, mean_r, mean_gg, mean_gr, mean_rr = means
    covariance = mean_gr - mean_g * mean_r
    gain = covariance / (mean_gg - mean_g * mean_g + np.float32(_EPSILON))
    left_over = (mean_rr - mean_r * mean_r - gain * covariance).clip(0)
    total = max(float(weight.sum()), _FAINTEST_MASK)
    return _Fit(
        np.concatenate([gain, mean_r - gain * mean_g]), float((left_over * weight).sum()) / total
    )


def _carried_on(lines: Planes, weight: FloatMap, mask: FloatMap, radius: int) -> Planes:
    """Average the windows' lines, and carry them on as far as the soft mask reaches."""
    fitted = reached(weight, radius).astype(np.float32)
    needed = box_sum((mask > 0).astype(np.float32), 2) > 0
    return extend(masked_average(lines, fitted, radius), reached(fitted, radius), needed)

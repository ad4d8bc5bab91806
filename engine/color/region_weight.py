"""Per-region strengths, in a form that lets seams follow the edges of the full-size picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.guided_filter import box_sum, extend, masked_average, reached
from engine.color.view_arrays import FloatMap, Planes, check_map, rgb_planes

_RADIUS = 1
"""Window of the local fits, in view pixels: narrow, so that regions with equal strengths stay
exact two view pixels from a seam."""

_EPSILON = 1e-3
"""Added to the colours' variance; this and the radius measured best."""

_HALF = 128 / 255
"""Foreground, as the submasks count it; less where the whole mask is fainter."""

_FAINTEST = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class RegionWeight:
    """A strength that depends on place and colour: slope . rgb + level, clipped to 0..1.

    lines: (4, h, w) float32 at the view's size, three slopes on encoded sRGB and the level. Where
    all strengths round a pixel are 0, or all are 1, the weight is exactly that: sums of ones and
    zeros are exact, and so the slopes are 0.
    """

    lines: Planes


def fit_region_weight(
    view_rgb: NDArray[np.uint8], strengths: FloatMap, mask: FloatMap
) -> RegionWeight | float:
    """Fit a strength per view pixel as a local linear function of the view's colours.

    view_rgb: (h, w, 3) uint8 sRGB; strengths: (h, w) float32, 0 to 1, one value per region;
    mask: (h, w) float32, 0 to 1. Only strengths where it is at least half count, since only there
    are regions; they are carried on as far as the soft mask reaches. A guided filter with a
    colour guide, so a seam between regions falls where the full-size picture's colour changes.
    Returns a plain number where all regions have the same strength.
    Raises PixelArrayError for other shapes or dtypes.
    """
    guide = rgb_planes(view_rgb)
    check_map(strengths, view_rgb, "strengths")
    check_map(mask, view_rgb, "mask")
    inside = mask >= max(min(_HALF, float(mask.max())), _FAINTEST)
    if not inside.any():
        return 1.0
    if np.ptp(strengths[inside]) == 0:
        return float(strengths[inside][0])
    known = inside.astype(np.float32)
    lines = _local_planes(guide, strengths, known)
    needed = box_sum((mask > 0).astype(np.float32), 2) > 0
    return RegionWeight(extend(lines, reached(known, 2 * _RADIUS), needed))


def _local_planes(guide: Planes, strengths: FloatMap, known: FloatMap) -> Planes:
    mean = masked_average(np.concatenate([guide, strengths[None]]), known, _RADIUS)
    products = guide[:, None] * np.concatenate([guide, strengths[None]])[None]
    mean_products = masked_average(products.reshape(12, *strengths.shape), known, _RADIUS)
    spread = mean_products.reshape(3, 4, *strengths.shape) - mean[:3, None] * mean[None]
    covariance = np.moveaxis(spread[:, :3], (0, 1), (-2, -1))
    ridge = np.eye(3, dtype=np.float32) * np.float32(_EPSILON)
    slopes = np.linalg.solve(covariance + ridge, np.moveaxis(spread[:, 3], 0, -1)[..., None])
    slopes = np.moveaxis(slopes[..., 0], -1, 0)
    level = mean[3] - (slopes * mean[:3]).sum(axis=0)
    fitted = reached(known, _RADIUS).astype(np.float32)
    return masked_average(np.concatenate([slopes, level[None]]), fitted, _RADIUS)

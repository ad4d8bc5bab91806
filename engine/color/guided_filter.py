"""The guided filter's parts at the view's size: masked box averages, local fits, extension.

He, Sun and Tang (ECCV 2010), with statistics over the foreground only. All planes are float32,
(C, H, W) or (H, W); called by the fits of the colour change and of the region strengths.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.color.view_arrays import FloatMap, Planes

_LEAST_WEIGHT = 0.5
"""Windows that hold less foreground than this (in pixels) have no statistics of their own."""


def box_sum(planes: Planes, radius: int) -> Planes:
    """Sums over the (2 radius + 1)^2 window round each pixel, cut off at the border.

    planes: (..., H, W); the result has the same shape. Sums of zeros are exactly zero.
    """
    return _sum_along(_sum_along(planes, radius, -1), radius, -2)


def _sum_along(planes: Planes, radius: int, axis: int) -> Planes:
    """Sums of 2 radius + 1 neighbours from sums of 1, 2, 4, ...: few passes, no cancellation."""
    size = planes.shape[axis]
    padding = [(0, 0)] * planes.ndim
    padding[axis] = (radius, radius)
    run = np.pad(planes, padding)
    total = np.zeros_like(planes)
    start, length, left = 0, 1, 2 * radius + 1
    while left:
        if left & 1:
            total += _cut(run, axis, start, start + size)
            start += length
        span = run.shape[axis]
        run = _cut(run, axis, 0, span - length) + _cut(run, axis, length, span)
        length, left = 2 * length, left >> 1
    return total


def _cut(planes: Planes, axis: int, start: int, stop: int) -> Planes:
    return planes[(..., slice(start, stop), *(slice(None),) * (-1 - axis))]


def masked_average(planes: Planes, weight: FloatMap, radius: int) -> Planes:
    """Weighted averages over each pixel's window; 0 where the window holds no foreground."""
    held = box_sum(weight, radius)
    sums = box_sum(planes * weight, radius)
    return np.where(held > _LEAST_WEIGHT, sums / np.maximum(held, _LEAST_WEIGHT), np.float32(0))


def reached(weight: FloatMap, radius: int) -> NDArray[np.bool_]:
    """(H, W) bool: the pixels whose window holds foreground, so that an average exists."""
    return box_sum(weight, radius) > _LEAST_WEIGHT


def extend(planes: Planes, known: NDArray[np.bool_], needed: NDArray[np.bool_]) -> Planes:
    """Carry values from the known pixels outwards until every needed pixel has one.

    planes: (C, H, W); known, needed: (H, W) bool. Each round averages what is known within a
    window twice as wide as the last round's, so a soft edge of n pixels takes about log2(n)
    rounds and the usual hard mask takes none. Pixels neither known nor needed become 0.
    """
    values = np.where(known, planes, np.float32(0))
    known = known.copy()
    radius = 1
    while known.any() and (needed & ~known).any():
        weight = known.astype(np.float32)
        found = ~known & reached(weight, radius)
        values = np.where(found, masked_average(values, weight, radius), values)
        known |= found
        radius *= 2
    return values

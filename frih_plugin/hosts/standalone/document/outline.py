"""The inside of a drawn outline as a soft mask: how much of each pixel it covers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.view import Box
from frih_plugin.hosts.standalone.document.placement import Point

_LINES = 16
"""Scan lines in a pixel; along a line the cover is exact."""
_STRIP_ROWS = 256


def enclosed(outline: Sequence[Point], box: Box) -> NDArray[np.uint8]:
    """What a closed outline encloses of a box of the canvas, (h, w), 255 where all of the pixel.

    Where the outline crosses itself everything that it goes round counts as inside.
    """
    points = [(x - box.left, y - box.top) for x, y in outline]
    crossings = [_crossings(*edge, box.height) for edge in pairwise([*points, points[0]])]
    lines = np.concatenate([line for line, _, _ in crossings])
    places = np.concatenate([place for _, place, _ in crossings]).clip(0, box.width)
    signs = np.concatenate([sign for _, _, sign in crossings])
    mask = np.empty((box.height, box.width), np.uint8)
    for top in range(0, box.height, _STRIP_ROWS):
        rows = mask[top : top + _STRIP_ROWS]
        here = (lines >= top * _LINES) & (lines < (top + len(rows)) * _LINES)
        own = lines[here] // _LINES - top
        rows[...] = _covered(own, places[here], signs[here], rows.shape)
    return mask


def _crossings(
    start: Point, end: Point, height: int
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """The scan lines that an edge crosses, where, and whether downwards (1) or upwards (-1)."""
    sign = 1 if end[1] > start[1] else -1
    (x, y), (to_x, to_y) = (start, end) if sign > 0 else (end, start)
    first = max(int(np.ceil(y * _LINES - 0.5)), 0)
    last = min(int(np.ceil(to_y * _LINES - 0.5)), height * _LINES)
    lines = np.arange(first, max(first, last), dtype=np.intp)
    slope = (to_x - x) / (to_y - y) if to_y > y else 0.0
    places = x + ((lines + 0.5) / _LINES - y) * slope
    return lines, places, np.full(lines.shape, sign, np.float64)


def _covered(
    rows: NDArray[np.intp],
    places: NDArray[np.float64],
    signs: NDArray[np.float64],
    shape: tuple[int, ...],
) -> NDArray[np.uint8]:
    """Sum up, from left to right, what each crossing adds to all pixels right of it."""
    height, width = shape[0], shape[1] + 2
    pixels = np.floor(places)
    shares = places - pixels
    at = rows * width + pixels.astype(np.intp)
    steps = np.bincount(at, signs * (1 - shares), height * width)
    steps += np.bincount(at + 1, signs * shares, height * width)
    sums = np.abs(np.cumsum(steps.reshape(height, width), axis=1)[:, :-2])
    return np.rint(np.minimum(sums / _LINES, 1) * 255).astype(np.uint8)

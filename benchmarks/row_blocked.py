"""CFSFDP as it is usually written in numpy: pixel against pixel, some rows at a time.

What benchmarks.submasks compares with. The same submasks, so the comparison is a fair one: int32
planes, one tile of 4 MB, and for eq. 2 only the pixels that are denser.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_TILE_ENTRIES = 1 << 20


def row_blocked_labels(
    rgb: NDArray[np.uint8], mask: NDArray[np.bool_], limit: int
) -> NDArray[np.int64]:
    """Label the foreground's pixels, (N,); limit: the largest squared distance that counts."""
    planes = np.ascontiguousarray(rgb[mask].T, np.int32)
    density = _densities(planes, limit)
    packed = planes[0] << 16 | planes[1] << 8 | planes[2]
    _, color, counts = np.unique(packed, return_inverse=True, return_counts=True)
    order = np.lexsort((packed, -counts[color], -density))
    parent, squared_delta = _denser_neighbors(planes[:, order])
    candidates = np.argsort(-squared_delta, kind="stable")[:10]
    is_center = np.zeros(len(order), np.bool_)
    is_center[candidates] = density[order][candidates] > 10
    is_center[0] = True
    parent[is_center] = np.flatnonzero(is_center)
    for _ in range(len(parent).bit_length()):
        parent = parent[parent]
    labels = np.empty(len(order), np.int64)
    labels[order] = np.cumsum(is_center)[parent] - 1
    return labels


def _densities(planes: NDArray[np.int32], limit: int) -> NDArray[np.int64]:
    pixel_count = planes.shape[1]
    density = np.empty(pixel_count, np.int64)
    for start in range(0, pixel_count, _rows(pixel_count)):
        rows = slice(start, start + _rows(pixel_count))
        density[rows] = np.count_nonzero(_squared(planes[:, rows], planes) <= limit, axis=1)
    return density


def _denser_neighbors(
    planes: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Parents and squared deltas of pixels that are sorted denser first."""
    pixel_count = planes.shape[1]
    parent, squared_delta = np.zeros((2, pixel_count), np.int64)
    for start in range(0, pixel_count, _rows(pixel_count)):
        stop = min(start + _rows(pixel_count), pixel_count)
        squared = _squared(planes[:, start:stop], planes[:, :stop])
        is_later = np.arange(stop) >= np.arange(start, stop)[:, None]
        np.copyto(squared[:, start:], np.iinfo(np.int32).max, where=is_later[:, start:])
        parent[start:stop] = squared.argmin(axis=1)
        squared_delta[start:stop] = squared.min(axis=1)
    parent[0] = 0
    squared_delta[0] = _squared(planes[:, :1], planes).max()
    return parent, squared_delta


def _rows(pixel_count: int) -> int:
    return max(1, _TILE_ENTRIES // pixel_count)


def _squared(rows: NDArray[np.int32], columns: NDArray[np.int32]) -> NDArray[np.int32]:
    total = np.square(np.subtract.outer(rows[0], columns[0]))
    for channel in (1, 2):
        difference = np.subtract.outer(rows[channel], columns[channel])
        difference *= difference
        total += difference
    return total

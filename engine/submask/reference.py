"""Submask extraction as plainly as it can be said: slow, and obviously right.

The other versions are tested against this one, which shares no step with them. It compares
every colour with every other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.submask.centers import ColorClusters
from engine.submask.submasks import MAX_SUBMASKS, MIN_CENTER_DENSITY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.submask.foreground import ForegroundColors


def reference_clusters(foreground: ForegroundColors, limit: int) -> ColorClusters:
    """Cluster the colours of a foreground (FRIH eqs. 1-2 and the rules around them).

    limit: the largest squared distance that still counts as closer than d_c.
    """
    colors = foreground.colors.astype(np.int64)
    density = _local_density(colors, foreground.counts, limit)
    # Denser first; among equals more pixels first, then the smaller packed colour.
    order = np.lexsort((foreground.packed, -foreground.counts, -density))
    parent, squared_delta = _nearest_denser(colors[order])
    centers = _cluster_centers(density[order], squared_delta)
    ranked_labels = _assign_to_denser_neighbor(parent, centers)
    labels = np.empty(len(order), np.int8)
    labels[order] = ranked_labels
    denser = [-1 if center == 0 else ranked_labels[parent[center]] for center in centers]
    return ColorClusters(
        labels=labels,
        centers=order[np.array(centers, np.int64)],
        denser=np.array(denser, np.int8),
    )


def _local_density(
    colors: NDArray[np.int64], counts: NDArray[np.int64], limit: int
) -> NDArray[np.int64]:
    """Eq. 1: the pixels of all colours closer than d_c, the pixel itself among them."""
    density = np.empty(len(colors), np.int64)
    for index, color in enumerate(colors):
        squared_distance = ((colors - color) ** 2).sum(axis=1)
        density[index] = counts[squared_distance <= limit].sum()
    return density


def _nearest_denser(ranked_colors: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    """Eq. 2: the nearest colour that is earlier in the order (the earliest of equals).

    The peak has no parent; its delta is the distance to the farthest colour.
    """
    parent: list[int] = []
    squared_delta: list[int] = []
    for rank, color in enumerate(ranked_colors):
        squared_distance = ((ranked_colors - color) ** 2).sum(axis=1)
        if rank == 0:
            parent.append(-1)
            squared_delta.append(int(squared_distance.max()))
        else:
            parent.append(int(squared_distance[:rank].argmin()))
            squared_delta.append(int(squared_distance[:rank].min()))
    return parent, squared_delta


def _cluster_centers(ranked_density: NDArray[np.int64], squared_delta: list[int]) -> list[int]:
    """Ranks of the centers: of the ten largest deltas those that are no outliers, and the peak."""
    by_delta = sorted(range(len(squared_delta)), key=lambda rank: (-squared_delta[rank], rank))
    candidates = sorted(by_delta[:MAX_SUBMASKS])
    return [rank for rank in candidates if rank == 0 or ranked_density[rank] > MIN_CENTER_DENSITY]


def _assign_to_denser_neighbor(parent: list[int], centers: list[int]) -> list[int]:
    """Label by rank: a center starts a submask, every other colour takes its parent's label."""
    labels: list[int] = []
    for rank, nearest_denser in enumerate(parent):
        labels.append(centers.index(rank) if rank in centers else labels[nearest_denser])
    return labels

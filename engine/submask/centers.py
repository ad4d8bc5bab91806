"""From densities and nearest denser colours to cluster centers and a label for each colour.

The last steps of FRIH, "Submask Extraction", shared by the CPU version at every cutoff.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.submask.foreground import INDEX_BITS
from engine.submask.submasks import MAX_SUBMASKS, MIN_CENTER_DENSITY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.submask.denser import DenserNeighbors

_LAST_INDEX = (1 << INDEX_BITS) - 1


@dataclass(frozen=True, slots=True)
class ColorClusters:
    """labels: (U,) int8, the submask of each colour.

    centers: (K,) int64, the colour of each cluster center, denser first.
    denser: (K,) int8, as in Submasks.
    """

    labels: NDArray[np.int8]
    centers: NDArray[np.int64]
    denser: NDArray[np.int8]

    @staticmethod
    def none() -> ColorClusters:
        """The clusters of an empty foreground."""
        return ColorClusters(np.zeros(0, np.int8), np.zeros(0, np.int64), np.zeros(0, np.int8))


def density_order(density: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rank colours "denser first": density, then pixel count, then the smaller packed colour.

    Eq. 2 asks for a strictly higher density and leaves colours that tie at the maximum without
    a parent; a total order is what the published CFSFDP program uses too.
    density, counts: (U,) of colours in ascending packed order. Returns (U,) indices.
    """
    key = density << 2 * INDEX_BITS | counts << INDEX_BITS
    key |= np.arange(len(key) - 1, -1, -1)
    key.sort()
    return len(key) - 1 - (key[::-1] & _LAST_INDEX)


def cluster_colors(
    order: NDArray[np.int64],
    density: NDArray[np.int64],
    neighbors: DenserNeighbors,
) -> ColorClusters:
    """Choose the cluster centers and give every other colour its denser neighbour's label.

    order: (U,) from density_order; density: (U,) of each colour.
    """
    centers = _center_ranks(density[order], neighbors.squared_delta[order])
    parent_rank = neighbors.parent_rank[order]
    root = parent_rank.copy()
    root[centers] = centers
    root = _follow_to_center(root)
    label_of_rank = np.full(len(order), -1, np.int8)
    label_of_rank[centers] = np.arange(len(centers))
    ranked_labels = label_of_rank[root]
    denser = ranked_labels[parent_rank[centers]]
    denser[:1] = -1
    labels = np.empty_like(ranked_labels)
    labels[order] = ranked_labels
    return ColorClusters(labels=labels, centers=order[centers], denser=denser)


def _center_ranks(
    ranked_density: NDArray[np.int64], squared_delta: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The ten largest deltas (ties: denser first) but outliers; the peak is always one."""
    color_count = len(squared_delta)
    key = squared_delta << INDEX_BITS | np.arange(color_count - 1, -1, -1)
    largest = max(color_count - MAX_SUBMASKS, 0)
    if largest:
        key = np.partition(key, largest)[largest:]
    candidates = np.sort(color_count - 1 - (key & _LAST_INDEX))
    is_center = ranked_density[candidates] > MIN_CENTER_DENSITY
    return candidates[is_center | (candidates == 0)]


def _follow_to_center(root: NDArray[np.int64]) -> NDArray[np.int64]:
    """Shorten every chain of parents to its end; each round halves the way."""
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return root
        root = further

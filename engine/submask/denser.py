"""FRIH eq. 2 for all colours of a foreground: the nearest colour that is denser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.submask.boxes import Boxes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from engine.submask.blocks import ColorBlocks
    from engine.submask.lattice import ColorLattice

_ROWS = 48
"""Colours whose parents are searched for at once."""

_TILE_PLACES = 1024
"""Places they are compared with at once: two tiles stay in the processor's cache, and products
of this size do not wake BLAS threads, which would cost more than they bring."""

_WIDER = 4
"""Growth of the squared radius from one round to the next."""

_FIRST_REACH = 1.5
"""Squared radius that reaches a few colours, where each fills a cube of side 1."""

_RANK_STEP = np.float32(1 << 19)
"""What a rank that is not denser adds: half of it is above every squared distance, and a power
of two keeps ranks below 2**20 exact in float32."""


@dataclass(frozen=True, slots=True)
class DenserNeighbors:
    """Per colour, both (U,) int64: the nearest denser colour's rank and the squared distance.

    The peak is its own parent, at the distance of the farthest colour.
    """

    parent_rank: NDArray[np.int64]
    squared_delta: NDArray[np.int64]


def nearest_denser(
    blocks: ColorBlocks, lattice: ColorLattice, rank: NDArray[np.int64]
) -> DenserNeighbors:
    """Find the nearest denser colour of each (FRIH eq. 2), the densest of equally near ones.

    rank: (U,) of each colour in the order "denser first". What the lattice leaves open is
    searched for in boxes. A round looks into all boxes within a radius. A colour that found a
    denser one within the radius is done: nothing outside is as near. The others take part in a
    wider round; as the peak is denser than all of them, the widest ends the search.
    """
    found = DenserNeighbors(*lattice.nearest_denser(rank))
    radius = max(_share_of_color(blocks), _WIDER * int(found.squared_delta.max()))
    found.parent_rank[rank == 0] = 0
    found.squared_delta[rank == 0] = _farthest_from(blocks, int(rank.argmin()))
    open_places = np.flatnonzero(blocks.is_real & (found.parent_rank < 0)[blocks.color])
    search = _BoxSearch(blocks, rank, found)
    while len(open_places):
        open_places = search.within(radius, open_places)
        radius *= _WIDER
    return found


def _share_of_color(blocks: ColorBlocks) -> float:
    """A squared radius that reaches the next few colours in a typical leaf."""
    sides = blocks.leaves.high - blocks.leaves.low + 1
    volume_of_color = sides.prod(axis=0) / blocks.weight.shape[1]
    return float(np.median(volume_of_color)) ** (2 / 3) * _FIRST_REACH


class _BoxSearch:
    """Tables to find denser colours with, box by box."""

    def __init__(
        self, blocks: ColorBlocks, rank: NDArray[np.int64], found: DenserNeighbors
    ) -> None:
        self._found = found
        self._color = blocks.color
        self._leaves = blocks.leaves
        # Places left over rank last, so that they are nobody's parent.
        self._rank = np.where(blocks.is_real, rank[blocks.color], len(rank))
        leaf_count, self._leaf_size = blocks.weight.shape
        self._features = blocks.features.reshape(leaf_count, self._leaf_size, -1)
        self._leaf_rank = self._rank.reshape(leaf_count, self._leaf_size)
        self._first_rank = self._leaf_rank.min(axis=1)
        self._rank_columns = np.ones((leaf_count, self._leaf_size, 2), np.float32)
        self._rank_columns[:, :, 0] = self._leaf_rank
        self._tiles = np.empty((2, _ROWS * _TILE_PLACES), np.float32)

    def within(self, radius: float, open_places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Look into all boxes within a squared radius; give the places that are still open."""
        is_open = np.ones(len(open_places), np.bool_)
        for rows, leaves in self._leaves_in_reach(radius, open_places):
            places = open_places[rows]
            squared_distance, parent = self._nearest_in(leaves, places)
            is_done = squared_distance <= radius
            done = self._color[places[is_done]]
            self._found.parent_rank[done] = parent[is_done]
            self._found.squared_delta[done] = squared_distance[is_done]
            is_open[rows] = ~is_done
        return open_places[is_open]

    def _leaves_in_reach(
        self, radius: float, places: NDArray[np.int64]
    ) -> Iterator[tuple[slice, NDArray[np.int64]]]:
        """Runs of neighbouring places and the leaves with a denser colour within the radius."""
        padded = np.resize(places, -(-len(places) // _ROWS) * _ROWS)
        padded[len(places) :] = places[-1]
        planes = self._features.reshape(-1, 5)[padded, :3].T
        runs = Boxes.around(planes.reshape(3, -1, _ROWS))
        last_rank = self._rank[padded].reshape(-1, _ROWS).max(axis=1)
        is_near = runs.nearest(self._leaves) <= radius
        is_near &= self._first_rank < last_rank[:, None]
        for run, leaves in enumerate(is_near):
            yield slice(run * _ROWS, (run + 1) * _ROWS), np.flatnonzero(leaves)

    def _nearest_in(
        self, leaves: NDArray[np.int64], places: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Nearest denser colours of places in some leaves: squared distances and ranks."""
        best = np.full(len(places), _RANK_STEP)
        parent = np.zeros(len(places), np.int64)
        rows = self._distance_rows(places), self._penalty_rows(places)
        at_once = _TILE_PLACES // self._leaf_size
        for start in range(0, len(leaves), at_once):
            tile_leaves = leaves[start : start + at_once]
            tile = self._compare(rows, tile_leaves)
            distance, rank = _nearest_in_tile(tile, self._leaf_rank[tile_leaves].ravel())
            is_better = (distance < best) | (distance == best) & (rank < parent)
            best[is_better] = distance[is_better]
            parent[is_better] = rank[is_better]
        return best, parent

    def _compare(
        self,
        rows: tuple[NDArray[np.float32], NDArray[np.float32]],
        leaves: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        """(P, C) squared distances, and far more wherever the candidate is not denser."""
        shape = (len(rows[0]), len(leaves) * self._leaf_size)
        distance, penalty = self._tiles[:, : shape[0] * shape[1]].reshape(2, *shape)
        np.matmul(rows[0], self._features[leaves].reshape(-1, 5).T, out=distance)
        np.matmul(rows[1], self._rank_columns[leaves].reshape(-1, 2).T, out=penalty)
        return np.maximum(distance, penalty, out=distance)

    def _penalty_rows(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """(P, 2) rows: row @ (rank, 1) is above 0, and large, for ranks that are not denser."""
        rows = np.full((len(places), 2), _RANK_STEP)
        rows[:, 1] *= np.float32(0.5) - self._rank[places]
        return rows

    def _distance_rows(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """(P, 5) rows: row @ features = squared distance, exact in float32."""
        rows = self._features.reshape(-1, 5)[places]
        rows[:, 4] = rows[:, 3]
        rows[:, 3] = 1
        rows[:, :3] *= -2
        return rows


def _nearest_in_tile(
    tile: NDArray[np.float32], ranks: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The smallest entry of each row and the smallest of the ranks of its columns."""
    smallest = tile[np.arange(len(tile)), tile.argmin(axis=1)]
    # Flat, because numpy finds the true entries of a flat array twenty times faster.
    row, column = np.divmod(np.flatnonzero(tile == smallest[:, None]), tile.shape[1])
    first_of_row = np.flatnonzero(np.diff(row, prepend=-1))
    return smallest, np.minimum.reduceat(ranks[column], first_of_row)


def _farthest_from(blocks: ColorBlocks, color: int) -> float:
    rgb = blocks.features[:, :3]
    return float(((rgb - rgb[np.argmax(blocks.color == color)]) ** 2).sum(axis=1).max())

"""FRIH eq. 2 for all colours of a foreground: the nearest colour that is denser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.submask.boxes import Boxes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from engine.submask.blocks import ColorBlocks

_ROWS = 128
"""Colours whose parents are searched for at once."""

_TILE_PLACES = 1024
"""Places they are compared with at once: two tiles stay in the processor's cache."""

_WIDER = 4
"""Growth of the squared radius from one round to the next."""

_FIRST_REACH = 1.5
"""The first squared radius, in those of a colour's share of its leaf."""

_RANK_STEP = np.float32(1 << 19)
"""What a rank that is not denser adds: half of it is above every squared distance, and a power
of two keeps ranks below 2**20 exact in float32."""


def nearest_denser(
    blocks: ColorBlocks, rank: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the nearest denser colour of each (FRIH eq. 2), the densest of equally near ones.

    rank: (places,) of each place in the order "denser first"; at places left over a rank after
    all others. Returns by rank the parent's rank and the squared distance to it, both (U,)
    int64. The peak is its own parent, at the distance of the farthest colour.

    A round looks into all boxes within a radius. A colour that found a denser one within the
    radius is done: nothing outside is as near. The others take part in a wider round; as the
    peak is denser than all of them, the widest ends the search.
    """
    search = _DenserSearch(blocks, rank)
    open_places = np.flatnonzero(blocks.is_real & (rank > 0))
    radius = _first_radius(blocks)
    while len(open_places):
        open_places = search.within(radius, open_places)
        radius *= _WIDER
    return search.parent_rank, search.squared_delta


def _first_radius(blocks: ColorBlocks) -> float:
    """A squared radius that reaches the next few colours of a typical leaf."""
    sides = blocks.leaves.high - blocks.leaves.low + 1
    volume_of_color = sides.prod(axis=0) / blocks.weight.shape[1]
    return float(np.median(volume_of_color)) ** (2 / 3) * _FIRST_REACH


class _DenserSearch:
    """The best denser colours, by rank, and the tables to find them with."""

    def __init__(self, blocks: ColorBlocks, rank: NDArray[np.int64]) -> None:
        color_count = int(np.count_nonzero(blocks.is_real))
        self.parent_rank = np.zeros(color_count, np.int64)
        self.squared_delta = np.zeros(color_count, np.int64)
        self.squared_delta[0] = _farthest_from_peak(blocks, rank)
        self._leaves = blocks.leaves
        self._rank = rank
        self._features = blocks.features
        leaf_count, self._leaf_size = blocks.weight.shape
        self._leaf_rank = rank.reshape(leaf_count, self._leaf_size)
        self._first_rank = self._leaf_rank.min(axis=1)
        self._rank_column = np.stack([rank.astype(np.float32), np.ones(len(rank), np.float32)], 1)
        self._tiles = np.empty((2, _ROWS * _TILE_PLACES), np.float32)

    def within(self, radius: float, open_places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Look into all boxes within a squared radius; give the places that are still open."""
        is_open = np.ones(len(open_places), np.bool_)
        for rows, leaves in self._leaves_in_reach(radius, open_places):
            places = open_places[rows]
            squared_distance, parent = self._nearest_in(leaves, places)
            is_done = squared_distance <= radius
            done = self._rank[places[is_done]]
            self.parent_rank[done] = parent[is_done]
            self.squared_delta[done] = squared_distance[is_done]
            is_open[rows] = ~is_done
        return open_places[is_open]

    def _leaves_in_reach(
        self, radius: float, places: NDArray[np.int64]
    ) -> Iterator[tuple[slice, NDArray[np.int64]]]:
        """Runs of neighbouring places and the leaves with a denser colour within the radius."""
        padded = np.resize(places, -(-len(places) // _ROWS) * _ROWS)
        padded[len(places) :] = places[-1]
        runs = Boxes.around(self._features[padded, :3].reshape(-1, _ROWS, 3))
        last_rank = self._rank[padded].reshape(-1, _ROWS).max(axis=1)
        is_near = runs.nearest(self._leaves) <= radius
        is_near &= self._first_rank < last_rank[:, None]
        for run, leaves in enumerate(is_near):
            yield slice(run * _ROWS, (run + 1) * _ROWS), np.flatnonzero(leaves)

    def _nearest_in(
        self, leaves: NDArray[np.int64], places: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Nearest denser colours of places in some leaves: squared distances and ranks."""
        candidates = self._denser_first(leaves, self._rank[places].max())
        best = np.full(len(places), _RANK_STEP)
        parent = np.zeros(len(places), np.int64)
        for start in range(0, len(candidates), _TILE_PLACES):
            tile_places = candidates[start : start + _TILE_PLACES]
            tile = self._compare(places, tile_places)
            column = tile.argmin(axis=1)
            distance = tile[np.arange(len(places)), column]
            is_nearer = distance < best
            best[is_nearer] = distance[is_nearer]
            parent[is_nearer] = self._rank[tile_places[column[is_nearer]]]
        return best, parent

    def _denser_first(self, leaves: NDArray[np.int64], last_rank: int) -> NDArray[np.int64]:
        """Places in the leaves that are denser than the last rank; argmin then settles ties."""
        leaf_size = self._leaf_size
        ranks = self._leaf_rank[leaves].ravel()
        order = ranks.argsort()
        order = order[: np.searchsorted(ranks, last_rank, sorter=order)]
        return leaves[order // leaf_size] * leaf_size + order % leaf_size

    def _compare(
        self, places: NDArray[np.int64], candidates: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """(P, C) squared distances, and far more wherever the candidate is not denser."""
        shape = (len(places), len(candidates))
        distance, penalty = self._tiles[:, : shape[0] * shape[1]].reshape(2, *shape)
        np.matmul(self._distance_rows(places), self._features[candidates].T, out=distance)
        rank_rows = np.full((len(places), 2), _RANK_STEP)
        rank_rows[:, 1] *= np.float32(0.5) - self._rank[places]
        np.matmul(rank_rows, self._rank_column[candidates].T, out=penalty)
        return np.maximum(distance, penalty, out=distance)

    def _distance_rows(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """(P, 5) rows: row @ features = squared distance, exact in float32."""
        rows = self._features[places]
        rows[:, 4] = rows[:, 3]
        rows[:, 3] = 1
        rows[:, :3] *= -2
        return rows


def _farthest_from_peak(blocks: ColorBlocks, rank: NDArray[np.int64]) -> float:
    rgb = blocks.features[:, :3]
    return float(((rgb - rgb[rank.argmin()]) ** 2).sum(axis=1).max())

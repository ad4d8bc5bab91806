"""FRIH eq. 2 for a batch of foregrounds: the nearest colour that is denser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.submask.batched.blocks import Blocks, block_pairs, nearest_bound, squared_distances

if TYPE_CHECKING:
    from engine.submask.batched.colors import BatchColors

_ROWS = 16
_TILES_AT_ONCE = 4096
_FIRST_RADIUS = 16.0
_WIDER = 4
FARTHER_THAN_ALL = float(1 << 24)
"""Above every squared distance and every rank, and exact in float32."""


def nearest_denser(colors: BatchColors, blocks: Blocks, rank: Tensor) -> tuple[Tensor, Tensor]:
    """Find the nearest denser colour of each, the densest of equally near ones.

    blocks: of all U colours; rank: (U,) int64 of each colour in its image's order "denser
    first". Returns the parent's rank and the squared distance to it, both (U,) int64; an image's
    peak is its own parent, at the distance of its farthest colour.

    As on the CPU, rounds look into all blocks within a radius. A colour that found a denser one
    within it is done; the others take part in a wider round. The widest sees the peak.
    """
    nearest = _Nearest(colors, blocks, rank)
    still_open = blocks.item[blocks.is_real]
    still_open = still_open[rank[still_open] > 0]
    radius = _FIRST_RADIUS
    while len(still_open):
        nearest.look_within(radius, still_open)
        still_open = still_open[nearest.squared_delta[still_open] > radius]
        radius *= _WIDER
    peak, distance = peak_distances(colors, rank)
    nearest.squared_delta[peak], nearest.parent_rank[peak] = distance, 0
    return nearest.parent_rank.long(), nearest.squared_delta.long()


class _Nearest:
    """The best denser colours so far. Ranks are kept in float32, exact below 2**24."""

    def __init__(self, colors: BatchColors, blocks: Blocks, rank: Tensor) -> None:
        self._colors = colors
        self._blocks = blocks
        self._rank = rank.float()
        block_rank = self._rank[blocks.item]
        self._block_rank = torch.where(blocks.is_real, block_rank, FARTHER_THAN_ALL)
        self._first_rank = block_rank.amin(dim=1)
        self.parent_rank = torch.full_like(self._rank, FARTHER_THAN_ALL)
        self.squared_delta = torch.full_like(self._rank, FARTHER_THAN_ALL)

    def look_within(self, radius: float, items: Tensor) -> None:
        """Compare colours with all denser ones in blocks closer than the squared radius."""
        rows = Blocks.of(items, self._colors, _ROWS)
        last_rank = self._rank[rows.item].amax(dim=1)
        for row, column in block_pairs(rows, self._blocks):
            is_near = nearest_bound(rows, self._blocks, row, column) <= radius
            is_near &= self._first_rank[column] < last_rank[row]
            near_row, near_column = row[is_near], column[is_near]
            for start in range(0, len(near_row), _TILES_AT_ONCE):
                tiles = slice(start, start + _TILES_AT_ONCE)
                self._compare(rows, near_row[tiles], near_column[tiles])

    def _compare(self, rows: Blocks, row: Tensor, column: Tensor) -> None:
        item = rows.item[row]
        candidate_rank = self._block_rank[column][:, None, :]
        distance = squared_distances(rows.rgb[row], self._blocks.rgb[column])
        distance.masked_fill_(candidate_rank >= self._rank[item][:, :, None], FARTHER_THAN_ALL)
        nearest = distance.amin(dim=2)
        is_nearest = distance == nearest[:, :, None]
        first = torch.where(is_nearest, candidate_rank, FARTHER_THAN_ALL).amin(dim=2)
        self._keep_nearer(item.ravel(), nearest.ravel(), first.ravel())

    def _keep_nearer(self, item: Tensor, distance: Tensor, rank: Tensor) -> None:
        """Take the minimum by distance, then by rank, over all tiles.

        The index that comes with a minimum is left alone: devices differ in which of equals
        they name.
        """
        best = self.squared_delta.scatter_reduce(0, item, distance, "amin")
        parent = torch.where(best < self.squared_delta, FARTHER_THAN_ALL, self.parent_rank)
        candidate = torch.where(distance == best[item], rank, FARTHER_THAN_ALL)
        self.parent_rank = parent.scatter_reduce(0, item, candidate, "amin")
        self.squared_delta = best


def peak_distances(colors: BatchColors, rank: Tensor) -> tuple[Tensor, Tensor]:
    """The peak of each image that has colours, and how far its farthest colour is, squared."""
    peak = (rank == 0).nonzero()[:, 0]
    image = colors.image
    peak_rgb = colors.rgb.new_zeros(len(colors.start) - 1, 3)
    peak_rgb[image[peak]] = colors.rgb[peak]
    distance = (colors.rgb - peak_rgb[image]).square().sum(dim=1)
    farthest = distance.new_zeros(len(peak_rgb)).scatter_reduce(0, image, distance, "amax")
    return peak, farthest[image[peak]]

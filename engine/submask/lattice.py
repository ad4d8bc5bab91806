"""The 256 x 256 x 256 lattice of colours: very near denser colours are found by looking there.

Dense foregrounds, photographs above all, have most parents within a few levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_REACH = 8
"""Levels that a shell reaches at most; empty cells around the colours instead of checks."""

_LOOKUPS_PER_COLOR = 2000
"""Lookups for one parent found that still cost less than searching for it in boxes."""

_COLORS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class ColorLattice:
    """cells: the lattice around the colours' box, flat; how dense each colour ranks, 0 if none.

    address: (U,) int64 cell of each colour; steps: cells from one level to the next, (3,).
    """

    cells: NDArray[np.uint16 | np.uint32]
    address: NDArray[np.int64]
    steps: NDArray[np.int64]

    @staticmethod
    def of(colors: NDArray[np.uint8]) -> ColorLattice:
        """An empty lattice for (U, 3) distinct colours."""
        low = colors.min(axis=0).astype(np.int64) - _REACH
        sides = colors.max(axis=0).astype(np.int64) + _REACH + 1 - low
        steps = np.array([sides[1] * sides[2], sides[2], 1])
        dtype = np.uint16 if len(colors) < 1 << 16 else np.uint32
        red, green, blue = (colors - low).T
        address = red * steps[0] + green * steps[1] + blue
        return ColorLattice(np.zeros(int(sides.prod()), dtype), address, steps)

    def nearest_denser(
        self, rank: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Look through one shell of cells after the other while that pays.

        rank: (U,) of each colour in the order "denser first". Returns the nearest denser
        colour's rank, the earliest of equals, and the squared distance, both (U,) int64; -1
        where none was found. Colours stay in their order, so lookups follow each other closely.
        """
        own = (len(rank) - rank).astype(self.cells.dtype)
        self.cells[self.address] = own
        parent = np.full(len(rank), -1)
        squared_delta = np.full(len(rank), -1)
        still_open = np.arange(len(rank))
        for squared_distance, offsets in _shells(_REACH):
            densest = self._densest_in_shell(self.address[still_open], offsets @ self.steps)
            is_found = densest > own[still_open]
            found = still_open[is_found]
            parent[found] = len(rank) - densest[is_found].astype(np.int64)
            squared_delta[found] = squared_distance
            lookups = len(offsets) * len(still_open)
            still_open = still_open[~is_found]
            if lookups > _LOOKUPS_PER_COLOR * len(found):
                break
        return parent, squared_delta

    def _densest_in_shell(
        self, address: NDArray[np.int64], offsets: NDArray[np.int64]
    ) -> NDArray[np.uint16 | np.uint32]:
        densest = np.empty(len(address), self.cells.dtype)
        for start in range(0, len(address), _COLORS_AT_ONCE):
            run = slice(start, start + _COLORS_AT_ONCE)
            self.cells.take(address[run] + offsets[:, None]).max(axis=0, out=densest[run])
        return densest


@cache
def _shells(reach: int) -> list[tuple[int, NDArray[np.int64]]]:
    """Squared distances up to reach ** 2, ascending, each with its (S, 3) lattice offsets."""
    levels = np.arange(-reach, reach + 1)
    offsets = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    squared = (offsets**2).sum(axis=1)
    distances = [int(value) for value in np.unique(squared) if 0 < value <= reach**2]
    return [(value, offsets[squared == value]) for value in distances]

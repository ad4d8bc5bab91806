"""The CPU version: everything that does not depend on the cutoff is kept between calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.submask.blocks import ColorBlocks, block_colors
from engine.submask.centers import ColorClusters, cluster_colors, density_order
from engine.submask.cutoff import squared_limit
from engine.submask.denser import nearest_denser
from engine.submask.density import local_density
from engine.submask.foreground import foreground_colors
from engine.submask.lattice import ColorLattice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.submask.foreground import ForegroundColors
    from engine.submask.submasks import Submasks


@dataclass(frozen=True, slots=True)
class _Tables:
    """A foreground's colours in boxes and in the lattice."""

    blocks: ColorBlocks
    lattice: ColorLattice


@dataclass(frozen=True, slots=True)
class PreparedColors:
    """A foreground made ready for any cutoff distance; from prepare_colors.

    foreground: its distinct colours; tables: the same, sorted for searching (None if there is
    no foreground).
    """

    foreground: ForegroundColors
    tables: _Tables | None

    def submasks(self, cutoff_distance: float) -> Submasks:
        """Extract the submasks at a cutoff distance d_c, as extract_submasks does.

        Raises CutoffDistanceError for a d_c outside (0, 1] or with more than four decimals.
        """
        limit = squared_limit(cutoff_distance)
        if self.tables is None:
            return self.foreground.paint(ColorClusters.none())
        return self.foreground.paint(_cluster(self.foreground, self.tables, limit))


def prepare_colors(rgb: NDArray[np.uint8], mask: NDArray[np.bool_]) -> PreparedColors:
    """Do the part of submask extraction that does not depend on the cutoff distance.

    rgb: (H, W, 3) uint8 sRGB composite; mask: (H, W) bool, true in the foreground.
    Raises PixelArrayError for other dtypes or shapes, or for 2**20 foreground pixels and more.
    """
    foreground = foreground_colors(rgb, mask)
    if len(foreground.colors) == 0:
        return PreparedColors(foreground, None)
    colors = foreground.colors
    tables = _Tables(block_colors(colors, foreground.counts), ColorLattice.of(colors))
    return PreparedColors(foreground, tables)


def _cluster(foreground: ForegroundColors, tables: _Tables, limit: int) -> ColorClusters:
    blocks = tables.blocks
    density = np.empty(len(foreground.colors), np.int64)
    density[blocks.color[blocks.is_real]] = local_density(blocks, limit)[blocks.is_real]
    order = density_order(density, foreground.counts)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return cluster_colors(order, density, nearest_denser(blocks, tables.lattice, rank))

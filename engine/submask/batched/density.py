"""FRIH eq. 1 for a batch of foregrounds, block against block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.submask.batched.blocks import (
    block_pairs,
    farthest_bound,
    nearest_bound,
    squared_distances,
)

if TYPE_CHECKING:
    from torch import Tensor

    from engine.submask.batched.blocks import Blocks

_TILES_AT_ONCE = 1024


def local_density(blocks: Blocks, counts: Tensor, limit: int) -> Tensor:
    """Count the foreground pixels closer than the cutoff in colour space.

    blocks: of all U colours; counts: (U,) int64. Returns (U,) int64, the pixel itself counted.
    Every sum is an integer below 2**24 and so exact in float32, in whatever order a GPU adds.
    """
    weight = counts[blocks.item] * blocks.is_real
    weight = weight.float()
    density = weight.new_zeros(weight.shape)
    for row, column in block_pairs(blocks, blocks):
        # Each pair once, for both sides.
        is_near = (nearest_bound(blocks, blocks, row, column) <= limit) & (row <= column)
        _add_near_pairs(density, blocks, weight, (row[is_near], column[is_near]), limit)
    result = counts.new_zeros(len(counts))
    result[blocks.item[blocks.is_real]] = density[blocks.is_real].long()
    return result


def _add_near_pairs(
    density: Tensor, blocks: Blocks, weight: Tensor, pairs: tuple[Tensor, Tensor], limit: int
) -> None:
    row, column = pairs
    is_inside = farthest_bound(blocks, blocks, row, column) <= limit
    _add_whole_blocks(density, weight.sum(dim=1), row[is_inside], column[is_inside])
    cut_row, cut_column = row[~is_inside], column[~is_inside]
    for start in range(0, len(cut_row), _TILES_AT_ONCE):
        tiles = slice(start, start + _TILES_AT_ONCE)
        _add_cut_blocks(density, blocks.rgb, weight, (cut_row[tiles], cut_column[tiles]), limit)


def _add_whole_blocks(density: Tensor, totals: Tensor, row: Tensor, column: Tensor) -> None:
    """Blocks whose every colour is closer than d_c to every colour of the other."""
    of_block = totals.new_zeros(len(totals))
    of_block.index_add_(0, row, totals[column])
    of_block.index_add_(0, column, totals[row] * (row != column))
    density += of_block[:, None]


def _add_cut_blocks(
    density: Tensor, rgb: Tensor, weight: Tensor, pairs: tuple[Tensor, Tensor], limit: int
) -> None:
    """Count colour by colour where the cutoff passes between two blocks."""
    row, column = pairs
    is_closer = (squared_distances(rgb[row], rgb[column]) <= limit).float()
    density.index_add_(0, row, (is_closer * weight[column][:, None, :]).sum(dim=2))
    other_side = weight[row] * (row != column)[:, None]
    density.index_add_(0, column, (is_closer * other_side[:, :, None]).sum(dim=1))

"""FRIH eq. 1 for all colours of a foreground, box against box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from engine.submask.blocks import ColorBlocks

_TILE_PLACES = 2048
"""Places compared at once: enough to hide the calls, few enough to stay in the cache."""


def local_density(blocks: ColorBlocks, limit: int) -> NDArray[np.int64]:
    """Count the foreground pixels closer than the cutoff in colour space (FRIH eq. 1).

    limit: the largest squared distance that still counts (engine.submask.cutoff).
    Returns (places,) densities, the pixel itself counted; those of places left over mean
    nothing. "Normalized" is read as RGB / 255.
    """
    # Each pair of a group and a leaf is seen once, from the earlier group, for both sides.
    group_of_leaf = _group_of_leaf(blocks)
    is_seen = group_of_leaf >= np.arange(len(blocks.nearest))[:, None]
    is_inside = (blocks.farthest <= limit) & is_seen
    is_cut = (blocks.nearest <= limit) & is_seen & ~is_inside
    density = _density_of_whole_leaves(blocks, is_inside)
    _add_cut_leaves(density, blocks, is_cut, limit)
    return density.ravel().astype(np.int64)


def _group_of_leaf(blocks: ColorBlocks) -> NDArray[np.int64]:
    group_count, leaf_count = len(blocks.nearest), len(blocks.weight)
    return np.arange(leaf_count) // (leaf_count // group_count)


def _density_of_whole_leaves(
    blocks: ColorBlocks, is_inside: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Count leaves whose every colour is closer than d_c to every colour of a group."""
    group_of_leaf = _group_of_leaf(blocks)
    counted = is_inside.astype(np.float32)
    leaf_weight = blocks.weight.sum(axis=1)
    # Not by BLAS: one product of this size wakes threads that then spin through all the rest.
    of_group = np.einsum("gl,l->g", counted, leaf_weight)
    counted[group_of_leaf, np.arange(len(group_of_leaf))] = 0  # a group's own leaves, done above
    group_weight = leaf_weight.reshape(len(counted), -1).sum(axis=1)
    of_leaf = np.einsum("g,gl->l", group_weight, counted)
    density = np.empty_like(blocks.weight)
    density[:] = (of_group[group_of_leaf] + of_leaf)[:, None]
    return density


def _add_cut_leaves(
    density: NDArray[np.float32], blocks: ColorBlocks, is_cut: NDArray[np.bool_], limit: int
) -> None:
    """Count colour by colour where the cutoff passes through a leaf."""
    group_count, leaf_count = is_cut.shape
    leaf_size = density.shape[1]
    features = blocks.features.reshape(leaf_count, leaf_size, -1)
    of_group = density.reshape(group_count, -1)
    weight_of_group = blocks.weight.reshape(group_count, -1)
    margins = _margin_columns(blocks, limit, group_count)
    tiles = np.empty((_TILE_PLACES // leaf_size, leaf_size, of_group.shape[1]), np.float32)
    for group, leaves in _runs_of_leaves(is_cut, len(tiles)):
        # A stack of small products: one large one would wake BLAS threads, which costs more.
        tile = np.matmul(features[leaves], margins[group], out=tiles[: len(leaves)])
        np.clip(tile, 0, 1, out=tile)
        of_group[group] += blocks.weight[leaves].ravel() @ tile.reshape(-1, tile.shape[2])
        later = np.count_nonzero(leaves < (group + 1) * leaf_count // group_count)
        density[leaves[later:]] += tile[later:] @ weight_of_group[group]


def _margin_columns(blocks: ColorBlocks, limit: int, group_count: int) -> NDArray[np.float32]:
    """(G, 5, places): features @ this = limit + 1 - squared distance, at least 1 where it counts.

    All terms are integers below 2**24, so float32 is exact in any order of summation.
    """
    columns = np.empty_like(blocks.features)
    columns[:, :3] = 2 * blocks.features[:, :3]
    columns[:, 3] = -1
    columns[:, 4] = limit + 1 - blocks.features[:, 3]
    return np.ascontiguousarray(columns.reshape(group_count, -1, 5).transpose(0, 2, 1))


def _runs_of_leaves(
    is_cut: NDArray[np.bool_], run_length: int
) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Each group with its cut leaves, at most run_length at a time."""
    for group, leaves in enumerate(is_cut):
        indices = np.flatnonzero(leaves)
        for start in range(0, len(indices), run_length):
            yield group, indices[start : start + run_length]

# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUntypedFunctionDecorator=false, reportMissingTypeArgument=false, reportMissingImports=false, reportIndexIssue=false
# ruff: noqa: ANN001, ANN202 - as below
# Triton has no types, gives kernels tensors where Python has numbers, and is not on every system.
"""FRIH eqs. 1 and 2 as two kernels for a CUDA device: no squared distance ever leaves a register.

Written in Triton, which comes with torch for CUDA on Linux; engine.submask.batched.extract comes in
here only where it is there. Both kernels give each run of colours to one program, which walks over
the runs of its image and passes by those that are too far away to count. All numbers are integers
below 2**24 in float32, so the results are exact, whatever the order; no program writes where
another does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import triton
import triton.language as tl

from engine.submask.batched.denser import FARTHER_THAN_ALL, peak_distances

if TYPE_CHECKING:
    from torch import Tensor

    from engine.submask.batched.blocks import Blocks
    from engine.submask.batched.colors import BatchColors

_OPTIONS = {"enable_fp_fusion": True}
"""Exact either way; Triton 3.9 warns where it is not said."""


def local_density(blocks: Blocks, counts: Tensor, limit: int) -> Tensor:
    """As engine.submask.batched.density.local_density does."""
    weight = (counts[blocks.item] * blocks.is_real).float()
    density = torch.empty_like(weight)
    _density_kernel[(len(weight),)](
        *_places(blocks), weight, weight.sum(dim=1), density, limit, weight.shape[1], **_OPTIONS
    )
    result = counts.new_zeros(len(counts))
    result[blocks.item[blocks.is_real]] = density[blocks.is_real].long()
    return result


def nearest_denser(colors: BatchColors, blocks: Blocks, rank: Tensor) -> tuple[Tensor, Tensor]:
    """As engine.submask.batched.denser.nearest_denser does."""
    own_rank = rank[blocks.item].float()
    block_rank = torch.where(blocks.is_real, own_rank, FARTHER_THAN_ALL)
    squared_delta, parent_rank = torch.empty_like(own_rank), torch.empty_like(own_rank)
    _denser_kernel[(len(own_rank),)](
        *_places(blocks),
        own_rank,
        block_rank,
        block_rank.amin(dim=1),
        squared_delta,
        parent_rank,
        own_rank.shape[1],
        **_OPTIONS,
    )
    found = torch.empty(2, len(rank), dtype=torch.int64, device=rank.device)
    nearest = torch.stack([parent_rank, squared_delta])[:, blocks.is_real]
    found[:, blocks.item[blocks.is_real]] = nearest.long()
    peak, distance = peak_distances(colors, rank)
    found[0, peak], found[1, peak] = 0, distance.long()
    return found[0], found[1]


def _places(blocks: Blocks) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Colours and corners as planes, and the first run and one past the last of each run's image.

    Planes, so that neighbouring threads read neighbouring numbers.
    """
    image = torch.repeat_interleave(blocks.start.diff())
    return (
        blocks.rgb.permute(2, 0, 1).contiguous(),
        blocks.low.T.contiguous(),
        blocks.high.T.contiguous(),
        blocks.start[image],
        blocks.start[image + 1],
    )


@triton.jit
def _density_kernel(rgb, low, high, first, last, weight, total, density, limit, size: tl.constexpr):
    row, run_count = tl.program_id(0), tl.num_programs(0)
    found = tl.zeros([size], tl.float32)
    for column in range(tl.load(first + row), tl.load(last + row)):
        nearest, farthest = _bounds(low, high, row, column, run_count)
        if farthest <= limit:
            found += tl.load(total + column)
        elif nearest <= limit:
            squared = _squared_distances(rgb, row, column, run_count, size)
            counted = tl.load(weight + column * size + tl.arange(0, size))
            found += tl.sum(tl.where(squared <= limit, counted[None, :], 0.0), 1)
    tl.store(density + row * size + tl.arange(0, size), found)


@triton.jit
def _denser_kernel(
    rgb, low, high, first, last, rank, block_rank, first_rank, delta, parent, size: tl.constexpr
):
    row, run_count = tl.program_id(0), tl.num_programs(0)
    start = tl.load(first + row)
    count = tl.load(last + row) - start
    own = tl.load(rank + row * size + tl.arange(0, size))[:, None]
    last_rank = tl.max(own)
    # FARTHER_THAN_ALL, which a kernel cannot name.
    best = tl.full([size], 16777216.0, tl.float32)
    best_rank = tl.full([size], 16777216.0, tl.float32)
    for step in range(count):
        # The own run, then the ones around it outwards: what is near comes early, and bounds.
        ahead = (step + 1) // 2
        offset = tl.where(step % 2 == 1, ahead, count - ahead)
        column = start + (row - start + offset) % count
        nearest, _ = _bounds(low, high, row, column, run_count)
        if (tl.load(first_rank + column) < last_rank) & (nearest <= tl.max(best)):
            candidate = tl.load(block_rank + column * size + tl.arange(0, size))[None, :]
            squared = _squared_distances(rgb, row, column, run_count, size)
            squared = tl.where(candidate < own, squared, 16777216.0)
            least = tl.min(squared, 1)
            densest = tl.min(tl.where(squared == least[:, None], candidate, 16777216.0), 1)
            densest = tl.where(least == best, tl.minimum(densest, best_rank), densest)
            best_rank = tl.where(least <= best, densest, best_rank)
            best = tl.minimum(best, least)
    tl.store(delta + row * size + tl.arange(0, size), best)
    tl.store(parent + row * size + tl.arange(0, size), best_rank)


@triton.jit
def _squared_distances(rgb, row, column, run_count, size: tl.constexpr):
    """(size, size) squared distances between the colours of two runs."""
    squared = tl.zeros([size, size], tl.float32)
    for channel in tl.static_range(3):
        plane = rgb + channel * run_count * size + tl.arange(0, size)
        apart = tl.load(plane + row * size)[:, None] - tl.load(plane + column * size)[None, :]
        squared += apart * apart
    return squared


@triton.jit
def _bounds(low, high, row, column, run_count):
    """Bounds of the squared distances between the colours of two runs, from their boxes."""
    nearest, farthest = 0.0, 0.0
    for channel in tl.static_range(3):
        at = channel * run_count
        ahead = tl.load(low + at + row) - tl.load(high + at + column)
        behind = tl.load(low + at + column) - tl.load(high + at + row)
        gap = tl.maximum(tl.maximum(ahead, behind), 0.0)
        reach = tl.maximum(-ahead, -behind)
        nearest += gap * gap
        farthest += reach * reach
    return nearest, farthest

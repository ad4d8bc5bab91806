"""Runs of nearby colours in small boxes, and the pairs of boxes that are near each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.submask.batched.colors import run_starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.submask.batched.colors import BatchColors

_PAIRS_AT_ONCE = 1 << 20
"""Pairs of boxes whose bounds are worked out together."""

_PACKED_BITS = 24


@dataclass(frozen=True, slots=True)
class Blocks:
    """G runs of S items of one image each; places past an image's last item repeat it.

    item: (G, S) int64, the index of the colour at each place; is_real: (G, S) bool.
    rgb: (G, S, 3) float32; low, high: (G, 3) float32, the corners of the box around a run.
    start: (B + 1,) int64, the first run of each image, and G.
    """

    item: Tensor
    is_real: Tensor
    rgb: Tensor
    low: Tensor
    high: Tensor
    start: Tensor

    @staticmethod
    def of(items: Tensor, colors: BatchColors, size: int) -> Blocks:
        """Cut a list of colours, grouped by image, into runs of `size`. items: (n,) int64."""
        image_count = len(colors.start) - 1
        item_start = run_starts(colors.image[items], image_count)
        run_count = (item_start.diff() + size - 1) // size
        start = torch.cat([run_count.new_zeros(1), run_count.cumsum(0)])
        image = torch.repeat_interleave(run_count)
        first = (
            item_start[image]
            + (torch.arange(len(image), device=image.device) - start[image]) * size
        )
        position = first[:, None] + torch.arange(size, device=image.device)
        last = item_start[image + 1][:, None] - 1
        item = items[torch.minimum(position, last)]
        rgb = colors.rgb[item]
        return Blocks(item, position <= last, rgb, rgb.amin(dim=1), rgb.amax(dim=1), start)


def morton_order(colors: BatchColors) -> Tensor:
    """Sort the colours of each image along a curve that keeps near colours near. (U,) int64."""
    code = colors.image << _PACKED_BITS
    for bit in range(8):
        for channel in range(3):
            code |= (colors.rgb[:, channel].long() >> bit & 1) << 3 * bit + channel
    return code.argsort()


def block_pairs(rows: Blocks, columns: Blocks) -> Iterator[tuple[Tensor, Tensor]]:
    """All pairs of a row block and a column block of one image, some at a time: (p,), (p,)."""
    widths = columns.start.diff()
    sizes = rows.start.diff() * widths
    ends = sizes.cumsum(0)
    pair_count = int(ends[-1]) if len(ends) else 0
    for start in range(0, pair_count, _PAIRS_AT_ONCE):
        pair = torch.arange(start, min(start + _PAIRS_AT_ONCE, pair_count), device=ends.device)
        image = torch.searchsorted(ends, pair, right=True)
        within = pair - (ends - sizes)[image]
        width = widths[image]
        yield rows.start[image] + within // width, columns.start[image] + within % width


def nearest_bound(rows: Blocks, columns: Blocks, row: Tensor, column: Tensor) -> Tensor:
    """Lower bounds (p,) of the squared distances between the colours of paired blocks."""
    ahead = rows.low[row] - columns.high[column]
    behind = columns.low[column] - rows.high[row]
    return torch.maximum(ahead, behind).clamp(min=0).square().sum(dim=1)


def farthest_bound(rows: Blocks, columns: Blocks, row: Tensor, column: Tensor) -> Tensor:
    """Upper bounds (p,) of the squared distances between the colours of paired blocks."""
    ahead = rows.high[row] - columns.low[column]
    behind = columns.high[column] - rows.low[row]
    return torch.maximum(ahead, behind).square().sum(dim=1)


def squared_distances(row_rgb: Tensor, column_rgb: Tensor) -> Tensor:
    """(T, R, C) squared distances of T pairs of blocks, (T, R, 3) and (T, C, 3) float32.

    Exact on every device: the matrix product sees 8-bit integers only, which TF32 and bfloat16
    hold too, and adds them in float32; the norms, which those do not hold, stay outside.
    """
    products = torch.bmm(row_rgb, column_rgb.transpose(1, 2))
    norms = row_rgb.square().sum(dim=2)[:, :, None] + column_rgb.square().sum(dim=2)[:, None, :]
    return norms.sub_(products, alpha=2)

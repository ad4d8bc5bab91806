"""Submask extraction for a batch, on the device where its tensors are."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.errors import BackendUnavailableError, PixelArrayError
from engine.submask.batched.blocks import Blocks, morton_order
from engine.submask.batched.centers import cluster_colors, density_order
from engine.submask.batched.colors import batch_colors
from engine.submask.batched.denser import nearest_denser
from engine.submask.batched.density import local_density
from engine.submask.batched.submask_batch import SubmaskBatch
from engine.submask.cutoff import squared_limit
from engine.submask.foreground import MAX_PIXELS, check_pixels
from engine.submask.submasks import MAX_SUBMASKS

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from engine.submask.batched.centers import BatchClusters
    from engine.submask.batched.colors import BatchColors
    from engine.submask.submasks import Submasks

    _LocalDensity = Callable[[Blocks, Tensor, int], Tensor]
    _NearestDenser = Callable[[BatchColors, Blocks, Tensor], tuple[Tensor, Tensor]]

_BLOCK_SIZE = 64


def extract_on_device(
    rgb: NDArray[np.uint8],
    mask: NDArray[np.bool_],
    cutoff_distance: float,
    device: str | None,
) -> Submasks:
    """Extract one composite's submasks, as engine.submask.extract_submasks does.

    device: a torch device, "cuda" say; None is the GPU where there is one.
    Raises BackendUnavailableError for a device that is not on this machine.
    """
    check_pixels(rgb, mask)
    chosen = _device(device)
    batch = extract_submask_batch(
        torch.tensor(rgb, device=chosen)[None],
        torch.tensor(mask, device=chosen)[None],
        cutoff_distance,
    )
    return batch.split()[0]


def extract_submask_batch(
    rgb: Tensor, mask: Tensor, cutoff_distance: float, *, fused: bool | None = None
) -> SubmaskBatch:
    """Divide the foregrounds of a batch into submasks (FRIH, "Submask Extraction", eqs. 1-2).

    rgb: (B, H, W, 3) uint8 sRGB composites; mask: (B, H, W) bool; both on the device to use.
    cutoff_distance: d_c in (0, 1], at most four decimals, the same for all.
    fused: whether Triton's kernels do the work; None is on CUDA, where Triton is installed.
    The labels equal those of engine.submask.extract_submasks; memory stays within tiles of
    blocks, whatever the number of colours. No gradients, and no autocast, which would round.
    Raises CutoffDistanceError and PixelArrayError.
    """
    _check_batch(rgb, mask)
    limit = squared_limit(cutoff_distance)
    with torch.no_grad(), torch.autocast(rgb.device.type, enabled=False):
        colors = batch_colors(rgb, mask)
        clusters = _cluster(colors, limit, fused=_has_kernels(rgb) if fused is None else fused)
        return _paint(mask, colors, clusters)


def _device(device: str | None) -> torch.device:
    if device is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    chosen = torch.device(device)
    is_here = {"cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available}
    if chosen.type in is_here and not is_here[chosen.type]():
        raise BackendUnavailableError(
            f"The device {device} was asked for and torch does not find it: choose cpu."
        )
    return chosen


def _check_batch(rgb: Tensor, mask: Tensor) -> None:
    if rgb.dtype != torch.uint8 or rgb.ndim != 4 or rgb.shape[3] != 3:
        raise PixelArrayError(
            f"The composites must be 8-bit (uint8) of shape (B, H, W, 3), not {tuple(rgb.shape)}."
        )
    if mask.dtype != torch.bool or mask.shape != rgb.shape[:3]:
        raise PixelArrayError(
            "The foreground masks must be true and false (bool) of the composites' shape "
            f"{tuple(rgb.shape[:3])}, not {tuple(mask.shape)}."
        )
    if mask.device != rgb.device:
        raise PixelArrayError("The composites and their masks must be on one device.")
    if rgb.shape[1] * rgb.shape[2] >= MAX_PIXELS:
        raise PixelArrayError(
            f"A composite has more than {MAX_PIXELS - 1:,} pixels: reduce the picture first."
        )


def _cluster(colors: BatchColors, limit: int, *, fused: bool) -> BatchClusters:
    density_of, denser_of = _equations(fused=fused)
    blocks = Blocks.of(morton_order(colors), colors, _BLOCK_SIZE)
    density = density_of(blocks, colors.counts, limit)
    order = density_order(colors, density)
    rank = torch.empty_like(order)
    position = torch.arange(len(order), device=order.device)
    rank[order] = position - colors.start[colors.image]
    parent_rank, squared_delta = denser_of(colors, blocks, rank)
    return cluster_colors(colors, order, density, parent_rank, squared_delta)


def _has_kernels(rgb: Tensor) -> bool:
    return rgb.is_cuda and find_spec("triton") is not None


def _equations(*, fused: bool) -> tuple[_LocalDensity, _NearestDenser]:
    """Eqs. 1 and 2: by Triton's kernels or by tiles in torch."""
    if not fused:
        return local_density, nearest_denser
    from engine.submask.batched import fused as kernels  # noqa: PLC0415 - imports Triton

    return kernels.local_density, kernels.nearest_denser


def _paint(mask: Tensor, colors: BatchColors, clusters: BatchClusters) -> SubmaskBatch:
    """Give every foreground pixel the label of its colour, and collect each image's table."""
    labels = torch.full_like(mask, -1, dtype=torch.int8)
    labels[mask] = clusters.label.to(torch.int8)[colors.color_of_pixel]
    image, label = colors.image[clusters.center], clusters.label[clusters.center]
    table = len(mask), MAX_SUBMASKS
    centers = labels.new_zeros(*table, 3, dtype=torch.uint8)
    centers[image, label] = colors.rgb[clusters.center].to(torch.uint8)
    denser = labels.new_full(table, -1)
    denser[image, label] = clusters.denser.to(torch.int8)
    # Float32 holds areas exactly, and every device can add it by index.
    areas = colors.rgb.new_zeros(table[0] * table[1])
    areas.index_add_(0, colors.image * MAX_SUBMASKS + clusters.label, colors.counts.float())
    count = torch.zeros_like(colors.start[1:]).index_add_(0, image, torch.ones_like(image))
    return SubmaskBatch(labels, count, centers, areas.long().reshape(table), denser)

"""Cluster centers and labels for a batch of foregrounds, from densities and denser neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.submask.foreground import INDEX_BITS
from engine.submask.submasks import MAX_SUBMASKS, MIN_CENTER_DENSITY

if TYPE_CHECKING:
    from engine.submask.batched.colors import BatchColors

_DISTANCE_BITS = 18
_FARTHEST = (1 << _DISTANCE_BITS) - 1
_DENSEST = (1 << 2 * INDEX_BITS) - 1


@dataclass(frozen=True, slots=True)
class BatchClusters:
    """label: (U,) int64 of each colour; center: (M,) int64, the colours of all centers.

    denser: (M,) int64, the label of each center's nearest denser colour, -1 for peaks.
    """

    label: Tensor
    center: Tensor
    denser: Tensor


def density_order(colors: BatchColors, density: Tensor) -> Tensor:
    """Rank each image's colours: density, then pixel count, then the smaller packed colour.

    Returns (U,) int64, colours by image and "denser first" within one.
    """
    key = _DENSEST - (density << INDEX_BITS | colors.counts)
    return torch.argsort(colors.image << 2 * INDEX_BITS | key, stable=True)


def cluster_colors(
    colors: BatchColors,
    order: Tensor,
    density: Tensor,
    parent_rank: Tensor,
    squared_delta: Tensor,
) -> BatchClusters:
    """Choose each image's cluster centers and let all other colours follow their parents.

    order: from density_order; density, parent_rank, squared_delta: (U,) of each colour.
    """
    image = colors.image  # by image in either order
    first = colors.start[image]
    position = torch.arange(len(image), device=image.device)
    parent = first + parent_rank[order]
    is_center = _are_centers(image, first, density[order], squared_delta[order])
    # Labels count the centers of an image in order; those of earlier images are taken off.
    centers_so_far = is_center.long().cumsum(0)
    earlier = centers_so_far[first] - is_center[first].long()
    root = _follow_to_center(torch.where(is_center, position, parent))
    ranked_label = (centers_so_far[root] - 1) - earlier
    label = torch.empty_like(ranked_label)
    label[order] = ranked_label
    at_center = is_center.nonzero()[:, 0]
    denser = torch.where(at_center == first[at_center], -1, ranked_label[parent[at_center]])
    return BatchClusters(label, order[at_center], denser)


def _are_centers(
    image: Tensor, first: Tensor, ranked_density: Tensor, squared_delta: Tensor
) -> Tensor:
    """The ten largest deltas of each image (ties: denser first) but outliers; and its peak."""
    position = torch.arange(len(image), device=image.device)
    far_first = image << _DISTANCE_BITS | _FARTHEST - squared_delta
    by_delta = torch.argsort(far_first, stable=True)
    is_candidate = torch.zeros_like(image, dtype=torch.bool)
    is_candidate[by_delta] = position - first < MAX_SUBMASKS
    return is_candidate & (ranked_density > MIN_CENTER_DENSITY) | (position == first)


def _follow_to_center(root: Tensor) -> Tensor:
    """Shorten every chain of parents to its end: each round halves the way."""
    for _ in range(len(root).bit_length()):
        root = root[root]
    return root

"""The distinct colours of a batch of foregrounds, one after the other in one list."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

_PACKED_BITS = 24


@dataclass(frozen=True, slots=True)
class BatchColors:
    """U distinct colours of B images: by image, and by packed = r << 16 | g << 8 | b within one.

    rgb: (U, 3) float32, 0..255; counts: (U,) int64, pixels of each; image: (U,) int64.
    start: (B + 1,) int64, the first colour of each image, and U.
    color_of_pixel: (N,) int64, of all foreground pixels in the order of mask.nonzero().
    """

    rgb: Tensor
    counts: Tensor
    image: Tensor
    start: Tensor
    color_of_pixel: Tensor


def batch_colors(rgb: Tensor, mask: Tensor) -> BatchColors:
    """Collect the distinct colours. rgb: (B, H, W, 3) uint8; mask: (B, H, W) bool."""
    image = mask.nonzero()[:, 0]
    red, green, blue = rgb[mask].long().unbind(dim=1)
    keys = image << _PACKED_BITS | red << 16 | green << 8 | blue
    sorted_keys, pixel = keys.sort()
    is_first = torch.ones_like(keys, dtype=torch.bool)
    is_first[1:] = sorted_keys[1:] != sorted_keys[:-1]
    color_of_pixel = torch.empty_like(keys)
    color_of_pixel[pixel] = is_first.long().cumsum(0) - 1
    first = is_first.nonzero()[:, 0]
    distinct = sorted_keys[first]
    image_of_color = distinct >> _PACKED_BITS
    return BatchColors(
        rgb=torch.stack([distinct >> shift & 255 for shift in (16, 8, 0)], dim=1).float(),
        counts=first.diff(append=first.new_tensor([len(keys)])),
        image=image_of_color,
        start=run_starts(image_of_color, len(mask)),
        color_of_pixel=color_of_pixel,
    )


def run_starts(image: Tensor, image_count: int) -> Tensor:
    """Where each image's run starts in a sorted list of images, and its length: (B + 1,)."""
    return torch.searchsorted(image, torch.arange(image_count + 1, device=image.device))

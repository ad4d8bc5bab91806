"""What the colour map is predicted from beside the bottleneck: colours, counted by where they are.

Moments are means and deviations of object, ring and background. Histograms show what these hide:
the darkest and the lightest colours, which tell an exposure, and how far the colours of each part
lie from grey, which tells a white balance (docs/experiments.md).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from engine.network.config import Statistics

_PARTS = 3
"""Object, ring, background."""
_LIGHTNESS_BINS = 16
_CHANNEL_BINS = 8
_CHROMA_BINS = 9
_MOST_CHROMA = 0.9
"""ln(R/G) and ln(B/G) beyond it count for the outermost bins."""
_DARKEST = 0.03
"""Added to a channel before its logarithm, so that black has no chroma."""
_SCALE = 4.0
"""Of the histograms' shares, so that they vary about as much as the moments."""

STATISTICS: dict[Statistics, int] = {
    "none": 0,
    "moments": _PARTS * 6,
    "histograms": _PARTS * (6 + _LIGHTNESS_BINS + 3 * _CHANNEL_BINS + _CHROMA_BINS**2),
}
"""How many numbers a picture has."""

_CELLS, _EVERY = 128, 2
"""Of a grid of so many cells every second one is counted, whatever the picture's size: counting
all would take as long as the rest of a training step."""
_RING_GRID = 32
_RING_CELLS = 3


def color_statistics(rgb: Tensor, mask: Tensor, kind: Statistics) -> Tensor:
    """(B, N) float32 statistics, N = STATISTICS[kind].

    rgb: (B, 3, H, W) in [0, 1]; mask: (B, 1, H, W) soft foreground mask; H, W multiples of 128.
    """
    # 16 bits would lose the difference of two squares, and the pixels of a small object.
    with torch.autocast("cpu" if rgb.is_meta else rgb.device.type, enabled=False):
        rgb, mask = rgb.float(), mask.float()
        moments = _moments(_shares(mask), _by_pixel(rgb))
        if kind == "moments":
            return moments
        rgb, mask = _sampled(rgb), _sampled(mask)
        return torch.cat([moments, *_histograms(_shares(mask), _by_pixel(rgb))], 1)


def ring_around(mask: Tensor) -> Tensor:
    """What lies within about a tenth of the picture's side from the (B, 1, H, W) soft mask.

    Found on a 32 x 32 grid, so that the ring's width follows the picture's size.
    """
    cell = (mask.shape[2] // _RING_GRID, mask.shape[3] // _RING_GRID)
    cells = functional.max_pool2d(mask, cell, cell)
    near = functional.max_pool2d(cells, 2 * _RING_CELLS + 1, 1, _RING_CELLS)
    return functional.interpolate(near, size=mask.shape[2:], mode="nearest") * (1 - mask)


def _sampled(picture: Tensor) -> Tensor:
    cell = (picture.shape[2] // _CELLS, picture.shape[3] // _CELLS)
    return functional.avg_pool2d(picture, cell)[:, :, ::_EVERY, ::_EVERY]


def _shares(mask: Tensor) -> Tensor:
    """(B, 3, P): each pixel's share of object, ring and background; a part's sum up to 1."""
    weights = torch.cat([mask, ring_around(mask), 1 - mask], 1).flatten(2)
    return weights / (weights.sum(2, keepdim=True) + 1e-3)


def _by_pixel(rgb: Tensor) -> Tensor:
    return rgb.flatten(2).transpose(1, 2)


def _moments(shares: Tensor, colors: Tensor) -> Tensor:
    """(B, 18): the means of the three parts, then their deviations."""
    mean = torch.bmm(shares, colors)
    variance = torch.bmm(shares, colors * colors) - mean * mean
    return torch.cat([mean, variance.clamp_min(1e-6).sqrt()], 1).flatten(1)


def _histograms(shares: Tensor, colors: Tensor) -> list[Tensor]:
    """Of lightness, of each channel, and of the two chromas together; (B, 3 x bins) each."""
    lightness = _bins(colors.mean(2), 0.0, 1.0, _LIGHTNESS_BINS)
    channels = [_bins(colors[:, :, c], 0.0, 1.0, _CHANNEL_BINS) for c in range(3)]
    counted = [torch.bmm(shares, bins).flatten(1) for bins in (lightness, *channels)]
    logarithm = (colors + _DARKEST).log()
    red = logarithm[:, :, 0] - logarithm[:, :, 1]
    blue = logarithm[:, :, 2] - logarithm[:, :, 1]
    red = _bins(red, -_MOST_CHROMA, _MOST_CHROMA, _CHROMA_BINS).transpose(1, 2)
    blue = _bins(blue, -_MOST_CHROMA, _MOST_CHROMA, _CHROMA_BINS)
    chroma = [torch.bmm(red * shares[:, part : part + 1], blue) for part in range(_PARTS)]
    return [_SCALE * histogram.flatten(1) for histogram in (*counted, *chroma)]


def _bins(values: Tensor, low: float, high: float, count: int) -> Tensor:
    """(B, P) values to (B, P, count): each value shared out between the two nearest bins."""
    place = ((values - low) / (high - low)).clamp(0, 1) * (count - 1)
    centers = torch.arange(count, device=values.device, dtype=values.dtype)
    return (1 - (place[:, :, None] - centers).abs()).clamp_min(0)

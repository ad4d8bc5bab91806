"""The global colour map of stage 1: one quadratic polynomial for the whole foreground.

It stands beside the paper's residual because a single map explains 98 % of what a composite's
colours are off by; it is zero at the start, costs next to nothing, and applies exactly at any
resolution.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.network.blocks import LEAK
from engine.network.config import NetworkConfig

MONOMIALS = 10
"""1, r, g, b, r2, g2, b2, rg, rb, gb"""
_OF_DEGREE = {1: 4, 2: MONOMIALS}
STATISTICS = 18
"""Mean and deviation of three channels over object, ring and background."""

_GRID = 32
_RING_CELLS = 3
_HIDDEN = 128


def monomials(rgb: Tensor) -> Tensor:
    """(B, 3, H, W) colours in [0, 1] to their nine monomials of degree one and two."""
    r, g, b = torch.split(rgb, 1, 1)
    return torch.cat([rgb, rgb * rgb, r * g, r * b, g * b], 1)


def apply_color_map(rgb: Tensor, coefficients: Tensor) -> Tensor:
    """The change that (B, 3, 10) coefficients make to (B, 3, H, W) colours, same shape."""
    batch, _, height, width = rgb.shape
    change = torch.bmm(coefficients[:, :, 1:], monomials(rgb).flatten(2)) + coefficients[:, :, :1]
    return change.view(batch, 3, height, width)


def ring_around(mask: Tensor) -> Tensor:
    """What lies within about a tenth of the picture's side from the (B, 1, H, W) soft mask.

    Found on a 32 x 32 grid, so that the ring's width follows the picture's size.
    """
    cell = (mask.shape[2] // _GRID, mask.shape[3] // _GRID)
    cells = functional.max_pool2d(mask, cell, cell)
    near = functional.max_pool2d(cells, 2 * _RING_CELLS + 1, 1, _RING_CELLS)
    return functional.interpolate(near, size=mask.shape[2:], mode="nearest") * (1 - mask)


def color_statistics(rgb: Tensor, mask: Tensor) -> Tensor:
    """(B, 18): mean and deviation of object, ring and background; `mask` is (B, 1, H, W) soft."""
    weights = torch.cat([mask, ring_around(mask), 1 - mask], 1).flatten(2)
    weights = weights / (weights.sum(2, keepdim=True) + 1e-3)
    colors = rgb.flatten(2).transpose(1, 2)
    mean = torch.bmm(weights, colors)
    variance = torch.bmm(weights, colors * colors) - mean * mean
    return torch.cat([mean, variance.clamp_min(1e-6).sqrt()], 1).flatten(1)


class ColorMapHead(nn.Module):
    """Bottleneck and statistics to the coefficients of the map."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        bottleneck = config.encoder[-1]
        self.terms = _OF_DEGREE[config.map_degree]
        if config.statistics:
            self.embed = nn.Sequential(
                nn.Linear(STATISTICS, _HIDDEN), nn.LeakyReLU(LEAK), nn.Linear(_HIDDEN, bottleneck)
            )
        self.hidden = nn.Linear(bottleneck, _HIDDEN)
        self.coefficients = nn.Linear(_HIDDEN, 3 * self.terms)
        nn.init.zeros_(self.coefficients.weight)
        nn.init.zeros_(self.coefficients.bias)

    def informed(self, bottleneck: Tensor, statistics: Tensor) -> Tensor:
        """The (B, C, h, w) bottleneck with the (B, 18) statistics added everywhere."""
        embedded: Tensor = self.embed(statistics)
        return bottleneck + embedded[:, :, None, None]

    def forward(self, bottleneck: Tensor) -> Tensor:
        """(B, C, h, w) informed bottleneck to (B, 3, 10) coefficients, zeros beyond the degree."""
        hidden = functional.leaky_relu(self.hidden(bottleneck.mean((2, 3))), LEAK)
        coefficients: Tensor = self.coefficients(hidden)
        return functional.pad(coefficients.view(-1, 3, self.terms), (0, MONOMIALS - self.terms))

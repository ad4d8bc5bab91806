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
from engine.network.color_statistics import STATISTICS, color_statistics
from engine.network.config import NetworkConfig, Statistics

MONOMIALS = 10
"""1, r, g, b, r2, g2, b2, rg, rb, gb"""
_OF_DEGREE = {1: 4, 2: MONOMIALS}

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


class ColorMapHead(nn.Module):
    """Bottleneck and statistics to the coefficients of the map."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        bottleneck = config.encoder[-1]
        self.terms = _OF_DEGREE[config.map_degree]
        self.statistics: Statistics = config.statistics
        if config.statistics != "none":
            self.embed = nn.Sequential(
                nn.Linear(STATISTICS[config.statistics], _HIDDEN),
                nn.LeakyReLU(LEAK),
                nn.Linear(_HIDDEN, bottleneck),
            )
        self.hidden = nn.Linear(bottleneck, _HIDDEN)
        self.coefficients = nn.Linear(_HIDDEN, 3 * self.terms)
        nn.init.zeros_(self.coefficients.weight)
        nn.init.zeros_(self.coefficients.bias)

    def informed(self, bottleneck: Tensor, composite: Tensor, mask: Tensor) -> Tensor:
        """The (B, C, h, w) bottleneck with the statistics, if they are an input, added everywhere.

        composite: (B, 3, H, W) in [0, 1]; mask: (B, 1, H, W).
        """
        if self.statistics == "none":
            return bottleneck
        embedded: Tensor = self.embed(color_statistics(composite, mask, self.statistics))
        return bottleneck + embedded[:, :, None, None]

    def forward(self, bottleneck: Tensor) -> Tensor:
        """(B, C, h, w) informed bottleneck to (B, 3, 10) coefficients, zeros beyond the degree."""
        hidden = functional.leaky_relu(self.hidden(bottleneck.mean((2, 3))), LEAK)
        coefficients: Tensor = self.coefficients(hidden)
        return functional.pad(coefficients.view(-1, 3, self.terms), (0, MONOMIALS - self.terms))

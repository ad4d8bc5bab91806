"""The convolution blocks that both U-Nets are made of."""

from __future__ import annotations

from math import gcd

from torch import Tensor, nn

from engine.network.config import Norm

LEAK = 0.2

_GROUPS = 8


def norm_layer(norm: Norm, channels: int) -> nn.Module:
    """Batch norm, or what an experiment puts in its place: groups are eight at most."""
    match norm:
        case "batch":
            return nn.BatchNorm2d(channels)
        case "group":
            return nn.GroupNorm(gcd(_GROUPS, channels), channels)
        case "none":
            return nn.Identity()


class Down(nn.Module):
    """4x4 convolution with stride 2, norm, LeakyReLU: (B, C, H, W) to (B, C', H/2, W/2).

    The first layer of an encoder goes without the norm, so that it sees the colours as they are.
    """

    def __init__(self, inputs: int, outputs: int, norm: Norm) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 4, stride=2, padding=1)
        self.norm = norm_layer(norm, outputs)
        self.act = nn.LeakyReLU(LEAK)

    def forward(self, x: Tensor) -> Tensor:
        """Halve the map."""
        y: Tensor = self.act(self.norm(self.conv(x)))
        return y


class Up(nn.Module):
    """4x4 transposed convolution with stride 2, norm, LeakyReLU: doubles the map."""

    def __init__(self, inputs: int, outputs: int, norm: Norm) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1)
        self.norm = norm_layer(norm, outputs)
        self.act = nn.LeakyReLU(LEAK)

    def forward(self, x: Tensor) -> Tensor:
        """Double the map."""
        y: Tensor = self.act(self.norm(self.conv(x)))
        return y

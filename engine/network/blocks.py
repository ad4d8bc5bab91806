"""The convolution blocks that both U-Nets are made of."""

from __future__ import annotations

from torch import Tensor, nn

LEAK = 0.2


class Down(nn.Module):
    """4x4 convolution with stride 2, batch norm, LeakyReLU: (B, C, H, W) to (B, C', H/2, W/2).

    The first layer of an encoder goes without the norm, so that it sees the colours as they are.
    """

    def __init__(self, inputs: int, outputs: int, *, norm: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 4, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(outputs) if norm else nn.Identity()
        self.act = nn.LeakyReLU(LEAK)

    def forward(self, x: Tensor) -> Tensor:
        """Halve the map."""
        y: Tensor = self.act(self.norm(self.conv(x)))
        return y


class Up(nn.Module):
    """4x4 transposed convolution with stride 2, batch norm, LeakyReLU: doubles the map."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(outputs)
        self.act = nn.LeakyReLU(LEAK)

    def forward(self, x: Tensor) -> Tensor:
        """Double the map."""
        y: Tensor = self.act(self.norm(self.conv(x)))
        return y

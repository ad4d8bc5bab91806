"""Stage 1, the base network: a U-Net that harmonizes the whole foreground coarsely."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.network.blocks import Down, Up
from engine.network.color_map import MONOMIALS, ColorMapHead, apply_color_map
from engine.network.config import LEVELS, NetworkConfig


class Coarse(NamedTuple):
    """What stage 1 hands on.

    image: (B, 3, H, W) the coarsely adjusted image, whole picture, not clipped;
    features: E_1..E_7 of the encoder (eq. 3); color_map: (B, 3, 10), zeros where not used.
    """

    image: Tensor
    features: list[Tensor]
    color_map: Tensor


class BaseNetwork(nn.Module):
    """Seven 4x4 stride-2 convolutions, seven transposed ones, a skip at every level."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        widths = config.encoder
        inputs = (4, *widths[:-1])
        self.encoder = nn.ModuleList(
            Down(a, b, config.norm if level else "none")
            for level, (a, b) in enumerate(zip(inputs, widths, strict=True))
        )
        self.lowest = LEVELS if config.output == "map" else config.head_level - 1
        self.decoder = nn.ModuleList(
            Up(self._decoder_inputs(level), config.decoder[level], config.norm)
            for level in range(self.lowest, LEVELS)
        )
        self.head = None if config.output == "map" else self._new_head()
        self.map_head = ColorMapHead(config) if config.color_map else None

    def _new_head(self) -> nn.Conv2d:
        head = nn.Conv2d(self.config.decoder[self.lowest], 3, 1)
        if self.config.output == "residual":
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)  # pyright: ignore[reportArgumentType] - it has a bias
        return head

    def _decoder_inputs(self, level: int) -> int:
        skip = self.config.encoder[level]
        return skip if level == LEVELS - 1 else skip + self.config.decoder[level + 1]

    def forward(self, composite: Tensor, mask: Tensor) -> Coarse:
        """(B, 3, H, W) composite in [0, 1] and (B, 1, H, W) foreground mask; H, W from 128 up."""
        features = self._encode(torch.cat([composite, mask], 1))
        deepest = features[-1]
        color_map = composite.new_zeros(composite.shape[0], 3, MONOMIALS)
        if self.map_head is not None:
            deepest = self.map_head.informed(deepest, composite, mask)
            color_map = self.map_head(deepest)
        image = composite
        if self.head is not None:
            image = self._enlarged(self.head(self._decode(deepest, features)))
            if self.config.output == "residual":
                image = composite + image.float()
        if self.map_head is not None:
            image = image + apply_color_map(composite, color_map.float())
        return Coarse(image, features, color_map)

    def _encode(self, x: Tensor) -> list[Tensor]:
        features: list[Tensor] = []
        for layer in self.encoder:
            x = layer(x)
            features.append(x)
        return features

    def _decode(self, deepest: Tensor, features: list[Tensor]) -> Tensor:
        x: Tensor = self.decoder[-1](deepest)
        for level in reversed(range(self.lowest, LEVELS - 1)):
            x = self.decoder[level - self.lowest](torch.cat([x, features[level]], 1))
        return x

    def _enlarged(self, image: Tensor) -> Tensor:
        """What a deeper layer than the first predicted, at the picture's size."""
        if not self.lowest:
            return image
        return functional.interpolate(image, scale_factor=2**self.lowest, mode="bilinear")

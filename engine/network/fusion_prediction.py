"""The fusion prediction module: every cascaded decoder layer predicts together (Figure 4)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.network.blocks import LEAK
from engine.network.config import NetworkConfig


class FusionPrediction(nn.Module):
    """Upsample all decoder layers to full size, concatenate, two 3x3 and one 1x1 convolution.

    `features` run from the deepest (4 px) to the last (256 px); without fusion the last alone
    predicts. The first 3x3 layer has one kernel for each decoder layer, which sums to the same as
    one kernel over the concatenation; `forward` is the literal form, engine.network.folded_head
    the quick one.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        widths = tuple(reversed(config.cascade_decoder)) if config.fusion else ()
        self.inputs = widths or (config.cascade_decoder[0],)
        self.first = nn.Conv2d(sum(self.inputs), config.head, 3, padding=1)
        self.second = nn.Conv2d(config.head, config.head, 3, padding=1)
        self.third = nn.Conv2d(config.head, 3, 1)
        if config.output != "rgb":
            nn.init.zeros_(self.third.weight)
            nn.init.zeros_(self.third.bias)  # pyright: ignore[reportArgumentType] - it has a bias

    def used(self, features: list[Tensor]) -> list[Tensor]:
        """The decoder layers that predict: all, or without fusion the last."""
        return features[-len(self.inputs) :]

    def forward(self, features: list[Tensor]) -> Tensor:
        """(B, 3, H, W) from the decoder layers, deepest first."""
        used = self.used(features)
        size = used[-1].shape[2:]
        full = [functional.interpolate(f, size=size, mode="nearest") for f in used[:-1]]
        return self.predict(self.first(torch.cat([*full, used[-1]], 1)))

    def predict(self, first: Tensor) -> Tensor:
        """What follows the first convolution."""
        hidden = functional.leaky_relu(first, LEAK)
        hidden = functional.leaky_relu(self.second(hidden), LEAK)
        prediction: Tensor = self.third(hidden)
        return prediction

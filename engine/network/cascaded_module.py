"""Stage 2, the lightweight cascaded module: a small U-Net refines each submask (eqs. 3-5)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.network.blocks import LEAK, Down, Up
from engine.network.config import LEVELS, NetworkConfig
from engine.network.folded_head import fold_first_layer
from engine.network.fusion_prediction import FusionPrediction


class Transfer(nn.Module):
    """Conv_trans (eq. 3): two 3x3 convolutions make E_i of stage 1 fit for stage 2."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.act = nn.LeakyReLU(LEAK)

    def forward(self, features: Tensor) -> Tensor:
        """E_i to ET_i."""
        transferred: Tensor = self.act(self.second(self.act(self.first(features))))
        return transferred


class CascadedModule(nn.Module):
    """Seven encoder layers over coarse and submask, seven fusing decoder layers, the prediction."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        widths = config.cascade_encoder
        self.encoder = nn.ModuleList(
            Down(a, b, config.norm if level else "none")
            for level, (a, b) in enumerate(zip((4, *widths[:-1]), widths, strict=True))
        )
        self.transfer = nn.ModuleList(
            Transfer(a, b) for a, b in zip(config.encoder, config.transfer, strict=True)
        )
        self.fuse = nn.ModuleList(
            nn.Conv2d(sum(self.fuse_inputs(level)), widths[level], 1) for level in range(LEVELS)
        )
        self.decoder = nn.ModuleList(
            Up(a, b, config.norm) for a, b in zip(widths, config.cascade_decoder, strict=True)
        )
        self.fusion_prediction = FusionPrediction(config)

    def fuse_inputs(self, level: int) -> tuple[int, int, int]:
        """Channels of [DC_(i-1), ET_i, EC_i] (eq. 4); the deepest level has no DC before it."""
        config = self.config
        deeper = 0 if level == LEVELS - 1 else config.cascade_decoder[level + 1]
        return deeper, config.transfer[level], config.cascade_encoder[level]

    def forward(
        self, coarse: Tensor, features: list[Tensor], submasks: Tensor, image: Tensor
    ) -> Tensor:
        """Refine R submasks.

        coarse: (B, 3, H, W); features: E_1..E_7; submasks: (R, 1, H, W); image: (R,) the picture
        each row belongs to. Returns (R, 3, H, W).
        """
        transferred = [t(e)[image] for t, e in zip(self.transfer, features, strict=True)]
        encoded = self._encode(torch.cat([coarse[image], submasks], 1))
        return self._predict(self._decode(encoded, transferred))

    def _encode(self, x: Tensor) -> list[Tensor]:
        encoded: list[Tensor] = []
        for layer in self.encoder:
            x = layer(x)
            encoded.append(x)
        return encoded

    def _decode(self, encoded: list[Tensor], transferred: list[Tensor]) -> list[Tensor]:
        """DC_i, deepest first."""
        decoded: list[Tensor] = []
        for level in reversed(range(LEVELS)):
            sources = [*decoded[-1:], transferred[level], encoded[level]]
            decoded.append(self.decoder[level](self.fuse[level](torch.cat(sources, 1))))
        return decoded

    def _predict(self, decoded: list[Tensor]) -> Tensor:
        head = self.fusion_prediction
        used = head.used(decoded)
        return head.predict(fold_first_layer(head.first, head.inputs, used))

"""The network as it runs: two modules over engine.network.inference_weights, and no more.

Exported to ONNX as they stand (engine.network.export), and run by the torch backend.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.network.blocks import LEAK
from engine.network.color_map import MONOMIALS, apply_color_map
from engine.network.color_statistics import color_statistics
from engine.network.config import LEVELS, NetworkConfig
from engine.network.folded_head import sum_octaves
from engine.network.inference_weights import Array


class _Arrays(nn.Module):
    """Named arrays as buffers; a dot in a name becomes a double underscore."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        super().__init__()
        for name, array in arrays.items():
            self.register_buffer(name.replace(".", "__"), torch.as_tensor(array))

    def array(self, name: str) -> Tensor:
        """The buffer of a name."""
        buffer: Tensor = self.get_buffer(name.replace(".", "__"))
        return buffer

    def conv(self, name: str, x: Tensor, *, stride: int = 1, padding: int = 0) -> Tensor:
        """Convolve with the arrays NAME.weight and NAME.bias."""
        weight, bias = self.array(f"{name}.weight"), self.array(f"{name}.bias")
        return functional.conv2d(x, weight, bias, stride, padding)

    def linear(self, name: str, x: Tensor) -> Tensor:
        """Multiply by the arrays NAME.weight and NAME.bias."""
        return functional.linear(x, self.array(f"{name}.weight"), self.array(f"{name}.bias"))

    def encode(self, x: Tensor) -> list[Tensor]:
        """Seven halving convolutions."""
        encoded: list[Tensor] = []
        for level in range(LEVELS):
            x = _act(self.conv(f"encoder.{level}", x, stride=2, padding=1))
            encoded.append(x)
        return encoded

    def up(self, level: int, x: Tensor) -> Tensor:
        """One doubling layer: a 3x3 convolution and a pixel shuffle."""
        return _act(functional.pixel_shuffle(self.conv(f"decoder.{level}", x, padding=1), 2))


def _act(x: Tensor) -> Tensor:
    return functional.leaky_relu(x, LEAK)


class BaseInference(_Arrays):
    """Stage 1, and what stage 2 shares over all submasks."""

    def __init__(self, arrays: Mapping[str, Array], config: NetworkConfig) -> None:
        super().__init__(arrays)
        self.config = config

    def forward(self, composite: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """(1, 3, H, W) and (1, 1, H, W) to coarse, colour map (1, 3, 10) and shared parts 1..7."""
        features = self.encode(torch.cat([composite, mask], 1))
        deepest = features[-1]
        color_map = composite.new_zeros(composite.shape[0], 3, MONOMIALS)
        if self.config.color_map:
            deepest, color_map = self._informed(deepest, composite, mask)
        x = self.up(LEVELS - 1, deepest)
        for level in reversed(range(LEVELS - 1)):
            x = self.up(level, torch.cat([x, features[level]], 1))
        coarse = self.conv("head", x)
        if self.config.output == "residual":
            coarse = composite + coarse + apply_color_map(composite, color_map)
        shared = [self._shared(level, feature) for level, feature in enumerate(features)]
        return coarse, color_map, *shared

    def _informed(self, deepest: Tensor, composite: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        statistics = color_statistics(composite, mask, self.config.statistics)
        statistics = statistics.to(composite.dtype)
        embedded = self.linear(
            "map_head.embed.2", _act(self.linear("map_head.embed.0", statistics))
        )
        deepest = deepest + embedded[:, :, None, None]
        hidden = _act(self.linear("map_head.hidden", deepest.mean((2, 3))))
        return deepest, self.linear("map_head.coefficients", hidden).view(-1, 3, MONOMIALS)

    def _shared(self, level: int, feature: Tensor) -> Tensor:
        """Conv_fuse's part for ET_i = Conv_trans(E_i), its bias included."""
        first = _act(self.conv(f"transfer.{level}.first", feature, padding=1))
        transferred = _act(self.conv(f"transfer.{level}.second", first, padding=1))
        return self.conv(f"shared.{level}", transferred)


class CascadeInference(_Arrays):
    """Stage 2 for one submask."""

    def __init__(self, arrays: Mapping[str, Array], config: NetworkConfig) -> None:
        super().__init__(arrays)
        self.outputs = config.head

    def forward(self, coarse: Tensor, submask: Tensor, *shared: Tensor) -> Tensor:
        """(1, 3, H, W) coarse, (1, 1, H, W) submask and the shared parts 1..7 to (1, 3, H, W)."""
        encoded = self.encode(torch.cat([coarse, submask], 1))
        decoded: list[Tensor] = []
        for level in reversed(range(LEVELS)):
            sources = torch.cat([*decoded[-1:], encoded[level]], 1)
            fused = functional.conv2d(sources, self.array(f"fuse.{level}.weight"))
            decoded.append(self.up(level, fused + shared[level]))
        kernels = [self.array(f"head.{depth}.weight") for depth in range(LEVELS - 1)]
        first = self.conv("head.direct", decoded[-1], padding=1)
        first = first + sum_octaves(kernels, decoded[:-1], self.outputs)
        hidden = _act(self.conv("head.second", _act(first), padding=1))
        return self.conv("head.third", hidden)

"""The head's first 3x3 convolution without upsampling the decoder layers (engine.network.folds)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.network.folds import hand_up_channels, kinds_at, tap_sums


def fold_first_layer(layer: nn.Conv2d, inputs: tuple[int, ...], features: list[Tensor]) -> Tensor:
    """What `layer` gives on the concatenated, enlarged `features` (deepest first), same numbers."""
    kernels = torch.split(layer.weight, list(inputs), 1)
    folded = [_class_kernels(kernel, kinds_at(depth)) for depth, kernel in enumerate(kernels[:-1])]
    direct = functional.conv2d(features[-1], kernels[-1], layer.bias, padding=1)
    return direct + sum_octaves(folded, features[:-1], layer.out_channels)


def sum_octaves(kernels: list[Tensor], features: list[Tensor], outputs: int) -> Tensor | float:
    """Add up what all enlarged layers give, from the deepest on, each at its own size."""
    sums: Tensor | None = None
    for depth, (kernel, feature) in enumerate(zip(kernels, features, strict=True)):
        own = functional.conv2d(feature, kernel, padding=1)
        sums = own if sums is None else own + hand_up(sums, outputs, kinds_at(depth))
    return 0.0 if sums is None else functional.pixel_shuffle(sums, 2)


def hand_up(sums: Tensor, outputs: int, kinds: tuple[int, ...]) -> Tensor:
    """(B, 9 O, h, w) sums of the coarser octave to (B, len(kinds)**2 O, 2h, 2w)."""
    order = torch.tensor(hand_up_channels(outputs, kinds), device=sums.device)
    return functional.pixel_shuffle(sums.index_select(1, order), 2)


def _class_kernels(kernel: Tensor, kinds: tuple[int, ...]) -> Tensor:
    taps = torch.as_tensor(tap_sums(kinds)).to(kernel)
    return torch.einsum("pya,qxb,oiab->opqiyx", taps, taps, kernel).reshape(-1, *kernel.shape[1:])

"""Trained weights to the form that runs fast: exact rewrites, computed when weights are loaded.

Needs numpy alone, so that the ONNX runtime can use it without torch. `engine.network.inference`
runs these arrays; tests hold both against the network as the paper has it. The rewrites:
batch norm folds into its convolution; a 4x4 transposed convolution becomes a 3x3 one with four
times the channels and a pixel shuffle; of Conv_fuse (eq. 4) the part that sees ET_i is the same
for all submasks and is told apart; the head's first layer is folded (engine.network.folds).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.network.config import LEVELS, NetworkConfig
from engine.network.folds import class_kernels, kinds_at

Array = NDArray[np.float32]
Weights = Mapping[str, Array]

_NORM_EPS = 1e-5


def base_weights(weights: Weights, config: NetworkConfig) -> dict[str, Array]:
    """The arrays of the base graph: stage 1 and the parts of stage 2 that all submasks share."""
    out: dict[str, Array] = {}
    for level in range(LEVELS):
        _put(out, f"encoder.{level}", *_folded_norm(weights, f"base.encoder.{level}"))
        _put(out, f"decoder.{level}", *_shuffled(weights, f"base.decoder.{level}"))
    _put(out, "head", weights["base.head.weight"], weights["base.head.bias"])
    for name in ("embed.0", "embed.2", "hidden", "coefficients") if config.color_map else ():
        layer = f"base.map_head.{name}"
        _put(out, f"map_head.{name}", weights[f"{layer}.weight"], weights[f"{layer}.bias"])
    for level in range(LEVELS):
        for part in ("first", "second"):
            layer = f"cascade.transfer.{level}.{part}"
            weight, bias = weights[f"{layer}.weight"], weights[f"{layer}.bias"]
            _put(out, f"transfer.{level}.{part}", weight, bias)
        shared, _ = _split_fuse(weights, level, config)
        _put(out, f"shared.{level}", shared, weights[f"cascade.fuse.{level}.bias"])
    return out


def cascade_weights(weights: Weights, config: NetworkConfig) -> dict[str, Array]:
    """The arrays of the cascade graph, run once a submask."""
    out: dict[str, Array] = {}
    for level in range(LEVELS):
        _put(out, f"encoder.{level}", *_folded_norm(weights, f"cascade.encoder.{level}"))
        _put(out, f"decoder.{level}", *_shuffled(weights, f"cascade.decoder.{level}"))
        out[f"fuse.{level}.weight"] = _split_fuse(weights, level, config)[1]
    head = "cascade.fusion_prediction"
    inputs = tuple(reversed(config.cascade_decoder))
    kernels = np.split(weights[f"{head}.first.weight"], np.cumsum(inputs)[:-1], axis=1)
    for depth, kernel in enumerate(kernels[:-1]):
        out[f"head.{depth}.weight"] = class_kernels(kernel, kinds_at(depth))
    _put(out, "head.direct", kernels[-1], weights[f"{head}.first.bias"])
    for name in ("second", "third"):
        _put(out, f"head.{name}", weights[f"{head}.{name}.weight"], weights[f"{head}.{name}.bias"])
    return out


def _put(out: dict[str, Array], name: str, weight: Array, bias: Array) -> None:
    out[f"{name}.weight"] = np.ascontiguousarray(weight, np.float32)
    out[f"{name}.bias"] = np.ascontiguousarray(bias, np.float32)


def _norm(weights: Weights, block: str) -> tuple[Array, Array]:
    """Scale and shift of a block's batch norm in evaluation; 1 and 0 where it has none."""
    if f"{block}.norm.weight" not in weights:
        channels = weights[f"{block}.conv.bias"].shape
        return np.ones(channels, np.float32), np.zeros(channels, np.float32)
    deviation = np.sqrt(weights[f"{block}.norm.running_var"].astype(np.float64) + _NORM_EPS)
    scale = weights[f"{block}.norm.weight"] / deviation
    shift = weights[f"{block}.norm.bias"] - weights[f"{block}.norm.running_mean"] * scale
    return scale.astype(np.float32), shift.astype(np.float32)


def _folded_norm(weights: Weights, block: str) -> tuple[Array, Array]:
    scale, shift = _norm(weights, block)
    weight = weights[f"{block}.conv.weight"] * scale[:, None, None, None]
    return weight, weights[f"{block}.conv.bias"] * scale + shift


def _shuffled(weights: Weights, block: str) -> tuple[Array, Array]:
    """A transposed 4x4 stride-2 convolution as a 3x3 one before a pixel shuffle.

    Along an axis, output 2y is k1 in[y] + k3 in[y - 1] and output 2y + 1 is
    k2 in[y] + k0 in[y + 1].
    """
    scale, shift = _norm(weights, block)
    kernel = weights[f"{block}.conv.weight"].transpose(1, 0, 2, 3) * scale[:, None, None, None]
    taps = ((3, 1, None), (None, 2, 0))
    outputs, inputs = kernel.shape[:2]
    shuffled = np.zeros((outputs, 2, 2, inputs, 3, 3), np.float32)
    for a, rows in enumerate(taps):
        for b, columns in enumerate(taps):
            for y, row in enumerate(rows):
                for x, column in enumerate(columns):
                    if row is not None and column is not None:
                        shuffled[:, a, b, :, y, x] = kernel[:, :, row, column]
    bias = weights[f"{block}.conv.bias"] * scale + shift
    return shuffled.reshape(4 * outputs, inputs, 3, 3), np.repeat(bias, 4)


def _split_fuse(weights: Weights, level: int, config: NetworkConfig) -> tuple[Array, Array]:
    """Conv_fuse's columns for ET_i, and those for [DC_(i-1), EC_i]."""
    weight = weights[f"cascade.fuse.{level}.weight"]
    deeper = 0 if level == LEVELS - 1 else config.cascade_decoder[level + 1]
    transferred = deeper + config.transfer[level]
    own = np.concatenate([weight[:, :deeper], weight[:, transferred:]], axis=1)
    return np.ascontiguousarray(weight[:, deeper:transferred]), np.ascontiguousarray(own)

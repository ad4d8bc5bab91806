"""LPIPS (Zhang et al., 2018; AlexNet, version 0.1), where its weights are on the disk already.

Two files in one folder: torchvision's `alexnet-owt-*.pth`, and `alex.pth` with the weights of the
channels, as the authors' package `lpips` has it. Nothing is downloaded.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from engine.errors import BadInputError, WeightsError

BACKBONE_FILES, LINEAR_FILE = "alexnet-owt-*.pth", "alex.pth"

_SHIFT, _SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
_EPS = 1e-10


@dataclass(frozen=True, slots=True)
class _Layer:
    """One of AlexNet's convolutions; pooled: a max pool of 3, stride 2, stands before it."""

    name: str
    stride: int
    padding: int
    pooled: bool


_LAYERS = (
    _Layer("features.0", 4, 2, pooled=False),
    _Layer("features.3", 1, 2, pooled=True),
    _Layer("features.6", 1, 1, pooled=True),
    _Layer("features.8", 1, 1, pooled=False),
    _Layer("features.10", 1, 1, pooled=False),
)


class Lpips:
    """The distance of two (H, W, 3) uint8 sRGB pictures: 0 for equal ones."""

    def __init__(self, backbone: Mapping[str, Tensor], linear: Mapping[str, Tensor]) -> None:
        self._backbone = backbone
        self._linear = [linear[f"lin{index}.model.1.weight"] for index in range(len(_LAYERS))]

    def __call__(self, one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
        """The weighted square difference of unit features, summed over the layers."""
        with torch.inference_mode():
            pairs = zip(self._features(one), self._features(other), self._linear, strict=True)
            parts = [float(weighted_difference(a, b, weight)) for a, b, weight in pairs]
        return sum(parts)

    def _features(self, picture: NDArray[np.uint8]) -> Iterator[Tensor]:
        x = torch.as_tensor(picture / np.float32(127.5) - 1).permute(2, 0, 1)[None]
        x = (x - torch.tensor(_SHIFT).view(1, 3, 1, 1)) / torch.tensor(_SCALE).view(1, 3, 1, 1)
        for layer in _LAYERS:
            if layer.pooled:
                x = functional.max_pool2d(x, 3, 2)
            weight, bias = (self._backbone[f"{layer.name}.{part}"] for part in ("weight", "bias"))
            x = functional.relu(functional.conv2d(x, weight, bias, layer.stride, layer.padding))
            yield x


def weighted_difference(one: Tensor, other: Tensor, weight: Tensor) -> Tensor:
    """Features (1, C, H, W) to unit length at each place; weighted squares, mean over places."""
    squared = (_unit(one) - _unit(other)).square()
    return (squared * weight.view(1, -1, 1, 1)).sum(1).mean()


def _unit(features: Tensor) -> Tensor:
    return features / (features.square().sum(1, keepdim=True).sqrt() + _EPS)


def open_lpips(folder: Path) -> Lpips:
    """Both files of a folder. Raises BadInputError for one missing, WeightsError for damage."""
    backbone, linear = next(iter(sorted(folder.glob(BACKBONE_FILES))), None), folder / LINEAR_FILE
    if backbone is None or not linear.is_file():
        missing = BACKBONE_FILES if backbone is None else LINEAR_FILE
        raise BadInputError(
            f"{folder} has no {missing}: put torchvision's AlexNet and the package lpips' "
            f"v0.1/{LINEAR_FILE} there, or leave --lpips out."
        )
    return _opened(backbone, linear)


def find_lpips() -> Lpips | None:
    """LPIPS from where torchvision and the package lpips keep their weights, if they do."""
    kept = Path(torch.hub.get_dir()) / "checkpoints"
    backbone = next(iter(sorted(kept.glob(BACKBONE_FILES))), None)
    package = find_spec("lpips")
    if backbone is None or package is None or package.origin is None:
        return None
    linear = Path(package.origin).parent / "weights" / "v0.1" / LINEAR_FILE
    return _opened(backbone, linear) if linear.is_file() else None


def _opened(backbone: Path, linear: Path) -> Lpips:
    layers = {f"{layer.name}.{part}" for layer in _LAYERS for part in ("weight", "bias")}
    channels = {f"lin{index}.model.1.weight" for index in range(len(_LAYERS))}
    return Lpips(_tensors(backbone, layers), _tensors(linear, channels))


def _tensors(path: Path, wanted: set[str]) -> dict[str, Tensor]:
    try:
        loaded = cast("dict[str, Tensor]", torch.load(path, "cpu", weights_only=True))
        return {name: loaded[name].float() for name in wanted}
    except (OSError, RuntimeError, pickle.UnpicklingError, KeyError, EOFError, TypeError) as error:
        raise WeightsError(f"{path} is not the file it should be: get a fresh copy.") from error

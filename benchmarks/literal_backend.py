"""The network exactly as the paper draws it, as a backend: what the exact rewrites are worth.

Conv_trans (eq. 3) runs again for every submask, decoder layers are transposed convolutions, all of
them are enlarged to full size and concatenated before the head (Figure 4). On torch, 32 bit.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from torch import Tensor

from engine.network.cascaded_module import CascadedModule
from engine.network.config import NetworkConfig
from engine.network.frih import FRIH
from engine.runtime.backend import BaseResult, DeviceReport, Plane
from engine.runtime.weights import LoadedWeights


class LiteralBackend:
    """See engine.runtime.backend.Backend; `shared` is stage 1's encoder features."""

    def __init__(self, weights: LoadedWeights) -> None:
        self._network = FRIH(weights.config).eval()
        arrays = {name: torch.as_tensor(array) for name, array in weights.arrays.items()}
        self._network.load_state_dict(arrays, strict=False)
        self.config: NetworkConfig = weights.config
        self.weights_sha256 = weights.sha256
        self.report = DeviceReport("literal", "literal", "CPU", f"torch {torch.__version__}")

    def base(self, composite: Plane, mask: Plane) -> BaseResult:
        """Stage 1."""
        with torch.inference_mode():
            coarse = self._network.base(_tensor(composite), _tensor(mask[None]))
        return BaseResult(_plane(coarse.image), _plane(coarse.color_map), coarse.features)

    def refine(self, coarse: Plane, submask: Plane, shared: object) -> Plane:
        """Stage 2, eqs. 3 to 5 for one submask."""
        cascade = self._network.cascade
        if cascade is None:
            raise ValueError("This network has no second stage.")
        features = cast("list[Tensor]", shared)
        with torch.inference_mode():
            transferred = [t(e) for t, e in zip(cascade.transfer, features, strict=True)]
            x = torch.cat([_tensor(coarse), _tensor(submask[None])], 1)
            encoded: list[Tensor] = []
            for layer in cascade.encoder:
                x = layer(x)
                encoded.append(x)
            return _plane(cascade.fusion_prediction(_decoded(cascade, encoded, transferred)))


def _decoded(
    cascade: CascadedModule, encoded: list[Tensor], transferred: list[Tensor]
) -> list[Tensor]:
    decoded: list[Tensor] = []
    for level in reversed(range(len(encoded))):
        sources = [*decoded[-1:], transferred[level], encoded[level]]
        decoded.append(cascade.decoder[level](cascade.fuse[level](torch.cat(sources, 1))))
    return decoded


def _tensor(array: Plane) -> Tensor:
    return torch.as_tensor(np.ascontiguousarray(array))[None]


def _plane(tensor: Tensor) -> Plane:
    return tensor[0].numpy()

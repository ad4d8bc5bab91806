"""Holds exported weights to one answer: ONNX, torch and the network as it was trained."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.errors import WeightsError
from engine.network.config import DEFAULT, NetworkConfig
from engine.network.frih import FRIH, SubmaskRows
from engine.runtime.backend import Backend, BackendName, Plane, open_backend
from engine.runtime.weights import LoadedWeights, load_weights_file
from engine.view import VIEW_SIZE

LARGEST_DIFFERENCE = 1 / 255


@dataclass(frozen=True, slots=True)
class Parity:
    """Largest differences of coarse and refined pictures in [0, 1] from the trained network's."""

    torch: float
    onnx: float | None
    """None for widths that the ONNX graphs are not made for."""

    @property
    def sentence(self) -> str:
        """The figures in words."""
        onnx = "not compared (other widths)" if self.onnx is None else f"{255 * self.onnx:.1g}/255"
        return (
            f"Largest difference from the network as trained: ONNX {onnx}, "
            f"torch {255 * self.torch:.1g}/255."
        )


def check_parity(file: Path) -> Parity:
    """Run a weights file in every form on one random picture, mask and submask.

    Raises WeightsError when a form differs by more than 1/255.
    """
    loaded = load_weights_file(file)
    rng = np.random.default_rng(0)
    composite = rng.random((3, VIEW_SIZE, VIEW_SIZE), np.float32)
    mask = np.zeros((VIEW_SIZE, VIEW_SIZE), np.float32)
    mask[40:200, 60:180] = 1
    submask = mask * (rng.random(mask.shape, np.float32) > 0.5)
    expected = _as_trained(loaded, composite, mask, submask)

    def difference(name: BackendName) -> float:
        found = _as_run(open_backend(name, loaded), composite, mask, submask)
        return max(float(np.abs(a - b).max()) for a, b in zip(found, expected, strict=True))

    parity = Parity(difference("torch"), difference("onnx") if loaded.config == DEFAULT else None)
    if not max(parity.torch, parity.onnx or 0) <= LARGEST_DIFFERENCE:
        raise WeightsError(f"The exported weights do not run alike: {parity.sentence}")
    return parity


def _as_run(backend: Backend, composite: Plane, mask: Plane, submask: Plane) -> tuple[Plane, Plane]:
    """Coarse and refined picture as the engine makes them."""
    result = backend.base(composite, mask)
    if backend.config.output == "rgb":
        return result.coarse, backend.refine(result.coarse, submask, result.shared)
    seen = np.asarray(composite + mask * (result.coarse - composite), np.float32)
    return result.coarse, result.coarse + backend.refine(seen, submask, result.shared)


def _as_trained(
    loaded: LoadedWeights, composite: Plane, mask: Plane, submask: Plane
) -> tuple[Plane, Plane]:
    network = _network(loaded.config, loaded)
    rows = SubmaskRows(torch.as_tensor(submask)[None, None], torch.zeros(1, dtype=torch.int64))
    with torch.no_grad():
        found = network(torch.as_tensor(composite)[None], torch.as_tensor(mask)[None, None], rows)
    coarse: Tensor = found.coarse.image[0]
    refined: Tensor = found.refined[0]
    return coarse.numpy(), refined.numpy()


def _network(config: NetworkConfig, loaded: LoadedWeights) -> FRIH:
    network = FRIH(config)
    tensors = {name: torch.as_tensor(array) for name, array in loaded.arrays.items()}
    network.load_state_dict(network.state_dict() | tensors)
    return network.eval()

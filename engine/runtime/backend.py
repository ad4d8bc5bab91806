"""The interface of a backend, and the choice of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from engine.network.config import NetworkConfig
from engine.runtime.names import BACKENDS, BackendName
from engine.runtime.weights import LoadedWeights, load_weights

__all__ = [
    "BACKENDS",
    "Backend",
    "BackendName",
    "BaseResult",
    "DeviceReport",
    "Plane",
    "at_half_size",
    "open_backend",
]

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What was asked for and what runs; they never differ in silence."""

    asked: str
    got: str
    device: str
    library: str


class BaseResult(NamedTuple):
    """Stage 1 of one view.

    coarse: (3, H, W) float32, not clipped; color_map: (3, 10); shared: what stage 2 needs of it,
    in the backend's own form.
    """

    coarse: Plane
    color_map: Plane
    shared: object


def at_half_size(base: BaseResult) -> BaseResult:
    """The same result for a view of half the side, for a quick stage 2: means of 2 x 2.

    Far nearer to the full result than stage 1 run on a smaller view would be, and cheaper.
    """
    shared = [_halved(part) for part in cast("list[_Planes]", base.shared)]
    coarse = cast("Plane", np.ascontiguousarray(_halved(cast("_Planes", base.coarse))))
    return BaseResult(coarse, base.color_map, shared)


class _Planes(Protocol):
    """What numpy's arrays and torch's tensors both are: (..., H, W)."""

    @property
    def shape(self) -> Sequence[int]: ...

    def reshape(self, *shape: int) -> _Planes: ...

    def mean(self, axes: tuple[int, int], /) -> _Planes: ...


def _halved(planes: _Planes) -> _Planes:
    *rest, height, width = planes.shape
    return planes.reshape(*rest, height // 2, 2, width // 2, 2).mean((-3, -1))


class Backend(Protocol):
    """Runs the two stages on one view at a time."""

    @property
    def report(self) -> DeviceReport:
        """What runs where."""
        ...

    @property
    def config(self) -> NetworkConfig:
        """Widths and output forms of the loaded weights."""
        ...

    @property
    def weights_sha256(self) -> str:
        """Hash of the weights file in use."""
        ...

    def base(self, composite: Plane, mask: Plane) -> BaseResult:
        """Stage 1: composite (3, H, W) in [0, 1] and mask (H, W) in [0, 1]."""
        ...

    def refine(self, coarse: Plane, submask: Plane, shared: object) -> Plane:
        """Stage 2: coarse (3, H, W) and submask (H, W) of 0 and 1 to the prediction (3, H, W).

        Takes a view of half the side too, with `shared` of at_half_size.
        """
        ...


def open_backend(
    name: BackendName = "onnx", weights: LoadedWeights | None = None, *, threads: int | None = None
) -> Backend:
    """Load the weights (by default those of plugin.json) into a backend.

    threads: how many threads a network may use; None lets the library choose.
    Raises WeightsError, or BackendUnavailableError with what is missing.
    """
    loaded = weights if weights is not None else load_weights()
    if name in ("onnx", "onnx-cuda"):
        from engine.runtime.onnx_backend import OnnxBackend  # noqa: PLC0415 - loads onnxruntime

        return OnnxBackend(loaded, cuda=name == "onnx-cuda", threads=threads)
    from engine.runtime.torch_backend import TorchBackend  # noqa: PLC0415 - torch is optional

    return TorchBackend(loaded, cuda=name == "torch-cuda", threads=threads)

"""The other backend: the same two inference modules on torch, CPU or CUDA."""

from __future__ import annotations

from typing import cast

import numpy as np

from engine.errors import BackendUnavailableError
from engine.network.config import NetworkConfig
from engine.runtime.backend import BaseResult, DeviceReport, Plane
from engine.runtime.weights import LoadedWeights

try:
    import torch
    from torch import Tensor

    from engine.network.inference import BaseInference, CascadeInference
except ImportError as error:
    raise BackendUnavailableError(
        "torch is not installed: use --backend onnx, or install the extra 'torch'."
    ) from error


class TorchBackend:
    """See engine.runtime.backend.Backend; `half` computes in 16 bit."""

    def __init__(
        self, weights: LoadedWeights, *, cuda: bool, threads: int | None, half: bool = False
    ) -> None:
        if cuda and not torch.cuda.is_available():
            raise BackendUnavailableError("torch sees no CUDA device: use --backend torch or onnx.")
        if threads is not None:
            torch.set_num_threads(threads)
        self.config: NetworkConfig = weights.config
        self.weights_sha256 = weights.sha256
        self._device = torch.device("cuda" if cuda else "cpu")
        self._dtype = torch.float16 if half else torch.float32
        of_base, of_cascade = weights.for_inference()
        base = BaseInference(of_base, weights.config)
        cascade = CascadeInference(of_cascade, weights.config)
        self._base = base.eval().to(self._device, self._dtype)
        self._cascade = cascade.eval().to(self._device, self._dtype)
        name = torch.cuda.get_device_name(self._device) if cuda else "CPU"
        asked = "torch-cuda" if cuda else "torch"
        self.report = DeviceReport(asked, asked, name, f"torch {torch.__version__}")

    def base(self, composite: Plane, mask: Plane) -> BaseResult:
        """Stage 1."""
        with torch.inference_mode():
            outputs = self._base(self._tensor(composite), self._tensor(mask[None]))
        coarse, color_map, *shared = cast("tuple[Tensor, ...]", outputs)
        return BaseResult(_plane(coarse), _plane(color_map), shared)

    def refine(self, coarse: Plane, submask: Plane, shared: object) -> Plane:
        """Stage 2."""
        parts = cast("list[Tensor]", shared)
        with torch.inference_mode():
            prediction = self._cascade(self._tensor(coarse), self._tensor(submask[None]), *parts)
        return _plane(prediction)

    def _tensor(self, array: Plane) -> Tensor:
        return torch.as_tensor(np.ascontiguousarray(array))[None].to(self._device, self._dtype)


def _plane(tensor: Tensor) -> Plane:
    return tensor[0].float().cpu().numpy()

"""The default backend: the two ONNX graphs on onnxruntime, their weights given at load."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime as ort

from engine.errors import BackendUnavailableError, WeightsError
from engine.network.config import DEFAULT, NetworkConfig
from engine.network.inference_weights import Weights, base_weights, cascade_weights
from engine.runtime.backend import BaseResult, DeviceReport, Plane
from engine.runtime.weights import LoadedWeights

GRAPHS = Path(__file__).resolve().parent / "graphs"

_CPU, _CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"


class OnnxBackend:
    """See engine.runtime.backend.Backend; always the shipped widths, views of 256 x 256."""

    def __init__(self, weights: LoadedWeights, *, cuda: bool, threads: int | None) -> None:
        if weights.config != DEFAULT:
            raise BackendUnavailableError(
                "These weights have other widths than the ONNX graphs: use --backend torch."
            )
        if cuda and _CUDA not in ort.get_available_providers():
            raise BackendUnavailableError(
                "onnxruntime sees no CUDA device: use --backend onnx, or install onnxruntime-gpu "
                "in place of onnxruntime."
            )
        self.weights_sha256 = weights.sha256
        self._provider = _CUDA if cuda else _CPU
        self._base = self._session("base", base_weights(weights.arrays, DEFAULT), threads)
        self._cascade = self._session("cascade", cascade_weights(weights.arrays, DEFAULT), threads)
        self.report = DeviceReport(
            asked="onnx-cuda" if cuda else "onnx",
            got="onnx-cuda" if cuda else "onnx",
            device="CUDA" if cuda else "CPU",
            library=f"onnxruntime {ort.__version__}",
        )

    @property
    def config(self) -> NetworkConfig:
        """The shipped widths."""
        return DEFAULT

    def base(self, composite: Plane, mask: Plane) -> BaseResult:
        """Stage 1."""
        outputs = self._base.run(None, {"composite": composite[None], "mask": mask[None, None]})
        coarse, color_map, *shared = cast("list[Plane]", outputs)
        return BaseResult(coarse[0], color_map[0], shared)

    def refine(self, coarse: Plane, submask: Plane, shared: object) -> Plane:
        """Stage 2."""
        feeds = {"coarse": coarse[None], "submask": submask[None, None]}
        parts = cast("list[Plane]", shared)
        feeds |= {f"shared_{level}": part for level, part in enumerate(parts, start=1)}
        (prediction,) = cast("list[Plane]", self._cascade.run(None, feeds))
        return prediction[0]

    def _session(self, name: str, arrays: Weights, threads: int | None) -> ort.InferenceSession:
        options = ort.SessionOptions()
        # Spinning threads double the processor time, and slow down whatever else is running.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.intra_op_num_threads = threads or 0
        values = [ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(a)) for a in arrays.values()]
        options.add_external_initializers([n.replace(".", "__") for n in arrays], values)
        graph = GRAPHS / f"{name}.onnx"
        try:
            content = graph.read_bytes()
        except OSError as error:
            raise WeightsError(f"{graph.name} is missing: install FRIH again.") from error
        session = ort.InferenceSession(content, options, providers=[self._provider])
        if session.get_providers()[0] != self._provider:
            raise BackendUnavailableError(
                "onnxruntime did not start on CUDA (driver or libraries are missing): use "
                "--backend onnx."
            )
        return session

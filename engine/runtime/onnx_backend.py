"""The default backend: the ONNX graphs on onnxruntime, their weights given at load."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np

# Since 1.29 onnxruntime's builds tell their maker of every session, and heed this only while they
# load; nobody was asked, and we promise to send nothing.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime as ort

from engine.errors import BackendUnavailableError, WeightsError
from engine.network.config import DEFAULT, NetworkConfig
from engine.network.inference_weights import Weights
from engine.runtime.backend import BaseResult, DeviceReport, Plane
from engine.runtime.freed_memory import return_freed_memory
from engine.runtime.weights import LoadedWeights
from engine.view import VIEW_SIZE

GRAPHS = Path(__file__).resolve().parent / "graphs"

_ORT: Any = ort  # most of it has no types
_ORT.disable_telemetry_events()  # Windows' builds heed this one
_CPU, _CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
_NOT_STARTED = (
    "onnxruntime did not start on CUDA (driver or libraries are missing): use --backend onnx."
)


class _Session(Protocol):
    """What is used of an onnxruntime.InferenceSession."""

    def run(self, outputs: None, feeds: Mapping[str, Plane]) -> list[Plane]: ...

    def get_providers(self) -> list[str]: ...


class OnnxBackend:
    """See engine.runtime.backend.Backend; always the shipped widths and size of view."""

    def __init__(self, weights: LoadedWeights, *, cuda: bool, threads: int | None) -> None:
        if weights.config != DEFAULT:
            raise BackendUnavailableError(
                "These weights have other widths than the ONNX graphs: use --backend torch."
            )
        if cuda and _CUDA not in _ORT.get_available_providers():
            raise BackendUnavailableError(
                "onnxruntime sees no CUDA device: use --backend onnx, or install onnxruntime-gpu "
                "in place of onnxruntime."
            )
        self.weights_sha256 = weights.sha256
        self._provider = _CUDA if cuda else _CPU
        base, cascade = weights.for_inference()
        self._threads = threads
        self._base = self._session("base", base)
        self._cascade_weights = cascade
        self._cascade = self._session("cascade", cascade)
        return_freed_memory()
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
        feeds = {"composite": composite[None], "mask": mask[None, None]}
        coarse, color_map, *shared = self._base.run(None, feeds)
        return BaseResult(coarse[0], color_map[0], shared)

    def refine(self, coarse: Plane, submask: Plane, shared: object) -> Plane:
        """Stage 2."""
        feeds = {"coarse": coarse[None], "submask": submask[None, None]}
        parts = cast("list[Plane]", shared)
        feeds |= {f"shared_{level}": part for level, part in enumerate(parts, start=1)}
        session = self._cascade if len(submask) == VIEW_SIZE else self._half_cascade
        (prediction,) = session.run(None, feeds)
        return prediction[0]

    @cached_property
    def _half_cascade(self) -> _Session:
        """Opened when first used, which a command line never does."""
        return self._session("cascade_half", self._cascade_weights)

    def _session(self, name: str, arrays: Weights) -> _Session:
        graph = _graph(name)
        # onnxruntime reads the arrays' own memory, so they have to live until it has started.
        own = {key: np.ascontiguousarray(array) for key, array in arrays.items()}
        options = _options(own, self._threads)
        try:
            session: _Session = _ORT.InferenceSession(graph, options, providers=[self._provider])
        except Exception as error:  # onnxruntime's errors share no other base
            if self._provider == _CUDA:
                raise BackendUnavailableError(_NOT_STARTED) from error
            raise WeightsError(
                f"{name}.onnx is damaged or does not fit the weights: install FRIH again."
            ) from error
        if session.get_providers()[0] != self._provider:
            raise BackendUnavailableError(_NOT_STARTED)
        return session


def _graph(name: str) -> bytes:
    try:
        return (GRAPHS / f"{name}.onnx").read_bytes()
    except OSError as error:
        raise WeightsError(f"{name}.onnx is missing: install FRIH again.") from error


def _options(arrays: Weights, threads: int | None) -> object:
    """A session's settings, with the weights that its graph names and does not hold."""
    options = _ORT.SessionOptions()
    # Spinning threads double the processor time, and slow down whatever else is running.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.intra_op_num_threads = threads or 0
    names = [name.replace(".", "__") for name in arrays]
    values = [_ORT.OrtValue.ortvalue_from_numpy(a) for a in arrays.values()]
    options.add_external_initializers(names, values)
    return options

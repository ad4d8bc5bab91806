"""A stand-in for a network: takes a fixed value off every pixel."""

from __future__ import annotations

import numpy as np

from engine.network.config import DEFAULT, NetworkConfig
from engine.runtime.backend import Backend, BaseResult, DeviceReport, Plane

SHIFT = 40


class DarkenBackend:
    """Takes a fixed value off every pixel in stage 1; stage 2 takes off a little more."""

    def __init__(self, coarse: float, refined: float = 0.0) -> None:
        self.config: NetworkConfig = DEFAULT
        self.report = DeviceReport("onnx", "onnx", "CPU", "a stand-in")
        self.weights_sha256 = "0" * 64
        self.base_calls = 0
        self.refine_calls = 0
        self._coarse, self._refined = coarse / 255, refined / 255

    def base(self, composite: Plane, mask: Plane) -> BaseResult:
        self.base_calls += 1
        assert mask.shape == composite.shape[1:]
        coarse = composite - np.float32(self._coarse)
        return BaseResult(coarse, np.zeros((3, 10), np.float32), None)

    def refine(self, coarse: Plane, submask: Plane, shared: object) -> Plane:
        assert shared is None
        self.refine_calls += 1
        return -np.float32(self._refined) * submask * np.ones_like(coarse)


def stand_in(*_: object, **__: object) -> Backend:
    """In place of open_backend."""
    return DarkenBackend(SHIFT)

"""The backend of the pipeline's tests: the real network, with weights that change everything."""

from __future__ import annotations

import pytest

from engine.runtime.backend import Backend, open_backend
from engine.runtime.weights import LoadedWeights


@pytest.fixture(scope="session")
def backend(random_weights: LoadedWeights) -> Backend:
    return open_backend("onnx", random_weights)


@pytest.fixture(scope="session")
def shipped_backend() -> Backend:
    return open_backend("onnx")

"""Weights and backends of the server's tests: the real network, drawn at random."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from safetensors.numpy import save

from engine.runtime.backend import Backend, open_backend
from engine.runtime.weights import LoadedWeights


@pytest.fixture(scope="session")
def backend(random_weights: LoadedWeights) -> Backend:
    return open_backend("onnx", random_weights)


@pytest.fixture(scope="session")
def weights_file(random_weights: LoadedWeights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The random weights as a file for an engine process."""
    file = tmp_path_factory.mktemp("weights") / "random.safetensors"
    metadata = {"network": json.dumps(asdict(random_weights.config))}
    file.write_bytes(save(dict(random_weights.arrays), metadata))
    return file


@pytest.fixture
def options(weights_file: Path, tmp_path: Path) -> tuple[str, ...]:
    """Of an engine process that leaves the user's own log alone."""
    return "--weights", str(weights_file), "--log-folder", str(tmp_path)

"""Finds the weights through plugin.json and checks every byte before any of them is used."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from engine.errors import WeightsError
from engine.manifest import read_manifest
from engine.network.config import NetworkConfig, network_config
from engine.network.inference_weights import Weights, base_weights, cascade_weights


@dataclass(frozen=True, slots=True, eq=False)
class LoadedWeights:
    """float32 arrays by name, the widths they are for, and the SHA-256 of the file."""

    arrays: Weights
    config: NetworkConfig
    sha256: str

    def for_inference(self) -> tuple[Weights, Weights]:
        """What the base and the cascade run on. Raises WeightsError where arrays do not fit."""
        try:
            base = base_weights(self.arrays, self.config)
            return base, cascade_weights(self.arrays, self.config)
        except (KeyError, ValueError, IndexError) as error:
            raise WeightsError(
                "The weights do not belong to this network: install FRIH again."
            ) from error


def load_weights() -> LoadedWeights:
    """The weights that plugin.json names.

    Raises WeightsError, before anything is computed, when the file is missing, cut off or another.
    """
    manifest = read_manifest()
    return load_weights_file(manifest.weights, manifest.weights_sha256)


def load_weights_file(path: Path, sha256: str | None = None) -> LoadedWeights:
    """A weights file; with `sha256` only if it is that very file. Raises WeightsError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsError(
            f"The weights file {path.name} cannot be read: install FRIH again."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if sha256 is not None and found != sha256:
        raise WeightsError(
            f"The weights file {path.name} is cut off or not the one that belongs to this version: "
            "install FRIH again."
        )
    try:
        arrays = {name: array.astype(np.float32) for name, array in load(content).items()}
        return LoadedWeights(arrays, _config_in(content), found)
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(
            f"The weights file {path.name} is damaged: install FRIH again."
        ) from error


def _config_in(content: bytes) -> NetworkConfig:
    """The NetworkConfig that training wrote into the file's header."""
    length = int.from_bytes(content[:8], "little")
    metadata = json.loads(content[8 : 8 + length])["__metadata__"]
    return network_config(json.loads(metadata["network"]))

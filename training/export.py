"""Checkpoint to what ships: one fp16 safetensors file, its hash in plugin.json."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from engine.errors import BadInputError, WeightsError
from engine.network.config import NetworkConfig
from engine.network.frih import FRIH
from engine.network.inference_weights import Array, Weights


def export_weights(weights: Weights, config: NetworkConfig, out: Path) -> str:
    """Write float32 arrays as an fp16 weights file; returns its SHA-256.

    Raises WeightsError when a tensor of the network is missing or a value does not fit fp16.
    """
    wanted = {
        name: tuple(tensor.shape)
        for name, tensor in FRIH(config).state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    halves = {name: _half(name, weights, shape) for name, shape in wanted.items()}
    content = save(halves, {"network": json.dumps(asdict(config))})
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(".part")
    part.write_bytes(content)
    part.replace(out)
    return hashlib.sha256(content).hexdigest()


def _half(name: str, weights: Weights, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...]]:
    array: Array | None = weights.get(name)
    if array is None or array.shape != shape:
        raise WeightsError(f"The checkpoint has no {name} of shape {shape}: train the whole network.")
    half = array.astype(np.float16)
    if not np.isfinite(half).all():
        raise WeightsError(f"{name} does not fit 16-bit floats: train with a lower learning rate.")
    return half


def record_hash(manifest: Path, sha256: str) -> None:
    """Put a weights file's hash into plugin.json, leaving the rest as it is written."""
    text = manifest.read_text(encoding="utf-8")
    changed, count = re.subn(r'("sha256": ")[0-9a-f]*(")', rf"\g<1>{sha256}\g<2>", text)
    if count != 1:
        raise BadInputError(f"{manifest} has no place for the weights' sha256.")
    manifest.write_text(changed, encoding="utf-8")

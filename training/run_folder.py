"""What a run left in its folder, read for export and evaluation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch

from engine.errors import BadInputError
from engine.network.config import NetworkConfig, network_config
from engine.network.frih import FRIH
from engine.network.inference_weights import Weights
from training.checkpoint import AVERAGE, CONFIG, load_tensors
from training.overrides import assignments


@dataclass(frozen=True, slots=True, eq=False)
class TrainedRun:
    """The weights of a run, float32 by name, the network they are for, and all its settings."""

    name: str
    network: NetworkConfig
    weights: Weights
    is_stage2_trained: bool
    settings: tuple[str, ...]


def read_run(folder: Path, weights: str = AVERAGE) -> TrainedRun:
    """Read a run's averaged weights, or those of another file of its checkpoint.

    A run of stage 1 alone gets a stage 2 that changes nothing yet.

    Raises BadInputError when the folder holds no run, WeightsError when a file is damaged.
    """
    try:
        config = json.loads((folder / CONFIG).read_text())
        network = network_config(config["network"])
    except (OSError, ValueError, KeyError) as error:
        raise BadInputError(f"{folder} holds no training run: name the folder of --run.") from error
    tensors = load_tensors(folder / weights)
    if config["base_only"]:
        torch.manual_seed(0)  # pyright: ignore[reportUnknownMemberType] - torch leaves it untyped
        tensors = FRIH(network).state_dict() | tensors
    arrays = {name: tensor.float().numpy() for name, tensor in tensors.items()}
    settings = tuple(assignments(config))
    return TrainedRun(config["name"], network, arrays, not config["base_only"], settings)

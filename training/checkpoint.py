"""Checkpoints: weights, their average and the optimizer apart, replaced together or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import (
    load_file,  # pyright: ignore[reportUnknownVariableType] - its PathLike names no type
    save_file,  # pyright: ignore[reportUnknownVariableType]
)
from torch import Tensor

from engine.errors import OutputError, WeightsError

WEIGHTS = "weights.safetensors"
AVERAGE = "average.safetensors"
OPTIMIZER = "optimizer.safetensors"
STATE = "state.json"
CONFIG = "config.json"
SETTINGS = "settings"
"""In the header of every file of weights: the whole configuration of its run, path=value a line."""


def save_checkpoint(
    folder: Path,
    tensors: Mapping[str, Mapping[str, Tensor]],
    state: Mapping[str, float],
    metadata: dict[str, str],
) -> None:
    """Write `tensors` (by file name) and the state; the last checkpoint stays until all are whole.

    Raises OutputError, having changed nothing, when one cannot be written.
    """
    parts = {name: folder / f"{name}.part" for name in (*tensors, STATE)}
    try:
        for name, named in tensors.items():
            whole = {key: t.detach().contiguous().cpu() for key, t in named.items()}
            save_file(whole, parts[name], metadata)
        parts[STATE].write_text(json.dumps(state))
    except (OSError, SafetensorError) as error:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise OutputError(
            f"The checkpoint cannot be written in {folder}: make room there and run the same "
            "command again; the last checkpoint is whole."
        ) from error
    for name, part in parts.items():
        part.replace(folder / name)


def save_json(path: Path, value: object) -> None:
    """Write JSON in one step. Raises OutputError."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(value, indent=1))
        part.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: choose another folder or make room."
        ) from error


def load_tensors(path: Path) -> dict[str, Tensor]:
    """Read a safetensors file, halves as float32. Raises WeightsError."""
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{path} is missing or damaged: name a whole checkpoint.") from error
    return {n: t.float() if t.dtype is torch.float16 else t for n, t in tensors.items()}


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Adam's moments by parameter index, as flat names."""
    state = optimizer.state_dict()["state"]
    return {
        f"{index}.{name}": torch.as_tensor(value)
        for index, moments in state.items()
        for name, value in moments.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put the moments back; the learning rate comes from the schedule."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        index, _, moment = name.partition(".")
        state.setdefault(int(index), {})[moment] = value
    whole = optimizer.state_dict()
    whole["state"] = state
    optimizer.load_state_dict(whole)

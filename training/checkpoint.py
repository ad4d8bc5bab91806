"""Checkpoints: weights, their average and the optimizer apart, replaced together or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError
from safetensors.torch import (
    load_file,  # pyright: ignore[reportUnknownVariableType] - its PathLike names no type
    save_file,  # pyright: ignore[reportUnknownVariableType]
)
from torch import Tensor, nn

from engine.errors import OutputError, WeightsError

WEIGHTS = "weights.safetensors"
AVERAGE = "average.safetensors"
OPTIMIZER = "optimizer.safetensors"
STATE = "state.json"
CONFIG = "config.json"

_MOMENTS = ("exp_avg", "exp_avg_sq")
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


def read_state(folder: Path) -> dict[str, float] | None:
    """The state of the run in a folder, None where there is none. Raises WeightsError."""
    file = folder / STATE
    if not file.exists():
        return None
    state = _read_json(file)
    if not {"step", "spent_s"} <= set(state):
        raise _damaged(file)
    return state


def read_config(folder: Path) -> dict[str, Any]:
    """The configuration that the run in a folder began with, as JSON. Raises WeightsError."""
    return _read_json(folder / CONFIG)


def _read_json(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise _damaged(file) from error
    if not isinstance(value, dict):
        raise _damaged(file)
    return cast("dict[str, Any]", value)


def _damaged(file: Path) -> WeightsError:
    return WeightsError(
        f"{file} is missing or damaged: put it back from a copy, or choose another folder for "
        f"--run and begin from {file.with_name(WEIGHTS)} with --from."
    )


def load_into(module: nn.Module, tensors: Mapping[str, Tensor], file: Path) -> None:
    """Give a module all of a checkpoint's tensors. Raises WeightsError naming one that is amiss."""
    own = module.state_dict()
    for name in sorted(own.keys() | tensors.keys()):
        if name not in tensors or name not in own or own[name].shape != tensors[name].shape:
            raise WeightsError(
                f"{file} does not belong to this run, by its {name}: put back the run's own file, "
                "or choose another folder for --run."
            )
    module.load_state_dict(tensors)


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


def restore_optimizer(
    optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor], file: Path
) -> None:
    """Put the moments back; the learning rate comes from the schedule. Raises WeightsError."""
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    shapes = {f"{i}.exp_avg": p.shape for i, p in enumerate(parameters)}
    if {n: t.shape for n, t in tensors.items() if n.endswith(".exp_avg")} != shapes:
        raise WeightsError(
            f"{file} does not belong to this run: put back the run's own file, or choose another "
            "folder for --run."
        )
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        index, _, moment = name.partition(".")
        state.setdefault(int(index), {})[moment] = value
    whole = optimizer.state_dict()
    whole["state"] = state
    optimizer.load_state_dict(whole)
    for weight, moments in optimizer.state.items():
        for name in _MOMENTS:
            moments[name] = torch.empty_like(weight).copy_(moments[name])

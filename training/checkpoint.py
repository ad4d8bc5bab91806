"""Checkpoints: weights, their average and the optimizer apart, each file whole or absent."""

from __future__ import annotations

import json
import os
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

WEIGHTS = "weights.safetensors"
AVERAGE = "average.safetensors"
OPTIMIZER = "optimizer.safetensors"
STATE = "state.json"


def save_tensors(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Write a safetensors file beside its place, then move it there in one step."""
    part = path.with_suffix(".part")
    save_file({name: t.detach().contiguous().cpu() for name, t in tensors.items()}, part, metadata)
    os.replace(part, path)  # noqa: PTH105 - the atomic one


def save_json(path: Path, value: object) -> None:
    """Write JSON in one step."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value, indent=1))
    os.replace(part, path)  # noqa: PTH105


def load_tensors(path: Path) -> dict[str, Tensor]:
    """Read a safetensors file as float32 where it holds halves."""
    return {
        name: t.float() if t.dtype is torch.float16 else t for name, t in load_file(path).items()
    }


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Adam's moments by parameter index, as flat names."""
    state = optimizer.state_dict()["state"]
    return {
        f"{index}.{name}": torch.as_tensor(value)
        for index, moments in state.items()
        for name, value in moments.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Put the moments back; the learning rate comes from the schedule."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        index, _, moment = name.partition(".")
        state.setdefault(int(index), {})[moment] = value
    whole = optimizer.state_dict()
    whole["state"] = state
    optimizer.load_state_dict(whole)

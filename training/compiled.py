"""The network compiled by torch, and what to do where it cannot be."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Literal

import torch
from torch import nn

from engine.errors import BackendUnavailableError

Mode = Literal["default", "reduce-overhead"]


def compiled(network: nn.Module, mode: Mode = "default") -> nn.Module:
    """The same network, compiled at its first call; its weights and their names stay its own.

    "reduce-overhead" records CUDA graphs as well, one for each number of submasks. Sizes that
    change become variables of one program, not a program each.
    """
    return torch.compile(network, mode=mode)  # pyright: ignore[reportReturnType, reportUnknownMemberType] - a module for a module


@contextmanager
def explained() -> Generator[None]:
    """Raise BackendUnavailableError where the compiler fails, in the first forward or backward."""
    from torch._dynamo.exc import TorchDynamoException  # noqa: PLC0415 - seconds to load

    try:
        yield
    except TorchDynamoException as error:
        reason = str(error).partition("\n")[0]
        raise BackendUnavailableError(
            f"The network cannot be compiled on this machine ({reason}): install a C++ compiler, "
            "and Triton for CUDA, or train without optimizer.compile=true."
        ) from error

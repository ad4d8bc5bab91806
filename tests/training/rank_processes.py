"""Starts two ranks as real processes, as torchrun would: the environment, a store, gloo."""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Callable
from pathlib import Path

import torch

from training import torchrun
from training.ranks import Ranks
from training.torchrun import joined_ranks

SIZE = 2
PATIENCE_S = 120
SILENCE_MINUTES = 0.05

RankTask = Callable[[Ranks, Path], None]


def run_on_two_ranks(task: RankTask, folder: Path, *, gpus: str = "") -> list[int | None]:
    """Run a function of a module on two ranks; the exit code of each.

    gpus: CUDA_VISIBLE_DEVICES; without any the ranks train on processors.
    """
    context = multiprocessing.get_context("spawn")
    shared = {"MASTER_PORT": _free_port(), "CUDA_VISIBLE_DEVICES": gpus}
    processes = [
        context.Process(target=_be_a_rank, args=(rank, shared, task, folder))
        for rank in range(SIZE)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE_S)
        process.kill()
        process.join()
    codes = [process.exitcode for process in processes]
    for process in processes:
        process.close()
    return codes


def _free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def _be_a_rank(rank: int, variables: dict[str, str], task: RankTask, folder: Path) -> None:
    os.environ |= variables | {
        "TORCHELASTIC_RUN_ID": "test",
        "RANK": str(rank),
        "WORLD_SIZE": str(SIZE),
        "LOCAL_RANK": str(rank),
        "LOCAL_WORLD_SIZE": str(SIZE),
        "MASTER_ADDR": "127.0.0.1",
    }
    torch.set_num_threads(1)
    torch.backends.cudnn.allow_tf32 = False
    torchrun._ROLL_CALL_S = 1.0  # pyright: ignore[reportPrivateUsage] - else a test waits for long
    with joined_ranks(SILENCE_MINUTES) as ranks:
        task(ranks, folder)

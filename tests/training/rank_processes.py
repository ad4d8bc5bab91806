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


def run_on_two_ranks(task: RankTask, folder: Path) -> list[int | None]:
    """Run a function of a module on two ranks; the exit code of each."""
    context = multiprocessing.get_context("spawn")
    port = _free_port()
    processes = [
        context.Process(target=_be_a_rank, args=(rank, port, task, folder)) for rank in range(SIZE)
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


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _be_a_rank(rank: int, port: int, task: RankTask, folder: Path) -> None:
    os.environ |= {
        "TORCHELASTIC_RUN_ID": "test",
        "RANK": str(rank),
        "WORLD_SIZE": str(SIZE),
        "LOCAL_RANK": str(rank),
        "LOCAL_WORLD_SIZE": str(SIZE),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
    }
    torch.set_num_threads(1)
    torchrun._ROLL_CALL_S = 1.0  # pyright: ignore[reportPrivateUsage] - else a test waits for long
    with joined_ranks(SILENCE_MINUTES) as ranks:
        task(ranks, folder)

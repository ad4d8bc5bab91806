"""The command under torchrun itself: two processes, stopped, killed and gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from made_photos import write_photos

from training.checkpoint import STATE

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform != "linux", reason="finds the ranks in /proc"),
]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 180
WIDTHS = ",".join(["4"] * 7)
NETWORK = [
    f"network.{part}={WIDTHS}"
    for part in ("encoder", "decoder", "cascade_encoder", "transfer", "cascade_decoder")
]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return [
        sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "-m", "--",
        "training", "train", "--config", "photos-128", "--run", str(tmp_path / "run"),
        "--photos", str(write_photos(tmp_path / "photos")), "--cache", str(tmp_path / "cache"),
        "--workers", "1", "--threads", "1", "--set", "batches.batch=4", *NETWORK,
    ]  # fmt: skip


@contextmanager
def training(command: list[str], run: Path) -> Generator[subprocess.Popen[str]]:
    """The command, once its first steps are done."""
    before = set(run.glob("curves/*"))
    with subprocess.Popen(
        [*command, "--minutes", "30"], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        deadline = time.monotonic() + PATIENCE_S
        while set(run.glob("curves/*")) == before and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(3)
        try:
            yield process
        finally:
            process.kill()


def pids_of_ranks(torchrun: int) -> list[int]:
    """The processes of rank 0 and 1."""
    children = Path(f"/proc/{torchrun}/task/{torchrun}/children").read_text().split()
    places: dict[int, int] = {}
    for pid in children:
        variables = Path(f"/proc/{pid}/environ").read_text().split("\0")
        places |= {int(v.removeprefix("RANK=")): int(pid) for v in variables if v[:5] == "RANK="}
    return [places[rank] for rank in range(2)]


def step_of(run: Path) -> int:
    step: int = json.loads((run / STATE).read_text())["step"]
    return step


def finish(command: list[str], steps: int) -> str:
    done = subprocess.run(
        [*command, "--steps", str(steps)], cwd=ROOT, check=True, capture_output=True, text=True,
        timeout=PATIENCE_S,
    )  # fmt: skip
    return done.stdout


def test_signal_to_torchrun_saves_once_and_the_run_goes_on(
    command: list[str], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    with training(command, run) as process:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=PATIENCE_S)
    reached = step_of(run)
    assert reached > 0
    assert out == f"{run}: step {reached}, saved, not finished: run again to go on\n"
    assert finish(command, reached + 2) == f"{run}: step {reached + 2}, finished\n"


def test_signal_to_one_rank_ends_all_in_order(command: list[str], tmp_path: Path) -> None:
    with training(command, tmp_path / "run") as process:
        os.kill(pids_of_ranks(process.pid)[1], signal.SIGTERM)
        out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert out.count("saved, not finished") == 1


def test_killed_rank_is_named_and_the_run_goes_on(command: list[str], tmp_path: Path) -> None:
    run = tmp_path / "run"
    finish(command, 2)
    with training(command, run) as process:
        os.kill(pids_of_ranks(process.pid)[1], signal.SIGKILL)
        _, error = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    sentence = "Of 2 ranks, rank 1 is gone: run the same command again"
    assert [line[: len(sentence)] for line in error.splitlines()].count(sentence) == 1
    assert step_of(run) == 2
    assert not list(run.glob("*.part"))
    assert finish(command, 4) == f"{run}: step 4, finished\n"


def test_batch_that_cannot_be_shared_is_one_sentence(command: list[str], tmp_path: Path) -> None:
    command[command.index("batches.batch=4")] = "batches.batch=5"
    done = subprocess.run(
        [*command, "--steps", "1"], cwd=ROOT, check=False, capture_output=True, text=True,
        timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("2 ranks cannot share a batch of 5 evenly: give a multiple") == 1
    assert not (tmp_path / "run").exists()

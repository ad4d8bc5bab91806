"""Worker processes that the system kills."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from engine.cli import pool
from engine.cli.commands import MaskedComposite, Outputs, PictureJob
from engine.cli.report import Failure
from engine.cli.workers import ending_when_told, start_worker
from engine.errors import BadInputError, FrihError
from engine.files.atomic import whole_file
from engine.pipeline import Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def load(_name: str, _threads: int) -> None:
    """Stands for a worker's loading of its backend."""


def load_and_die(_name: str, _threads: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work(job: PictureJob, _threads: int) -> str:
    """Does a job whose name says how it ends."""
    name = job.outputs.picture.stem
    if name.startswith("killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("stopped"):
        raise SystemExit(143)
    if name.startswith("bad"):
        raise BadInputError(f"{name} {{is}} bad.")
    return name


def jobs(*names: str) -> list[PictureJob]:
    return [
        PictureJob(
            MaskedComposite(Path(f"{name}.png"), Path("mask.png")),
            Outputs(Path(f"{name}.png")),
            Settings(),
            "onnx",
        )
        for name in names
    ]


@pytest.fixture(autouse=True)
def _stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "check_backend", load)
    monkeypatch.setattr(pool, "run_job", work)


def outcomes(workers: int, *names: str) -> tuple[set[str], dict[str, str], list[str]]:
    """What was done, the codes of what failed, and what was told."""
    told: list[str] = []
    results = list(pool.run_jobs(jobs(*names), workers, told.append))
    assert len(results) == len(names)
    failed = {r.output.stem: r.code for r in results if isinstance(r, Failure)}
    return {str(r) for r in results if not isinstance(r, Failure)}, failed, told


@pytest.mark.parametrize("workers", [1, 2])
def test_the_rest_goes_on_after_a_kill(workers: int) -> None:
    done, failed, told = outcomes(workers, "a", "killed", "b", "killed2", "c")
    assert done == {"a", "b", "c"}
    assert failed == {"killed": "worker-killed", "killed2": "worker-killed"}
    assert len(told) == (workers > 1)


def test_refusals_are_failures_with_their_own_sentence() -> None:
    (failure,) = pool.run_jobs(jobs("bad"), 1, print)
    assert failure == Failure(Path("bad.png"), Path("bad.png"), "bad-input", "bad {is} bad.")


def test_a_worker_that_is_told_to_stop_fails_its_job_alone() -> None:
    done, failed, told = outcomes(1, "stopped", "a")
    assert (done, failed, told) == ({"a"}, {"stopped": "worker-killed"}, [])


def test_workers_that_cannot_even_load_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "check_backend", load_and_die)
    with pytest.raises(FrihError, match="lack of memory"):
        outcomes(2, "a", "b")


def test_a_worker_told_to_stop_in_the_middle_of_a_job_ends(tmp_path: Path) -> None:
    """Else the pool, which tells the others to stop when one was killed, waits for ever."""
    begun = tmp_path / "begun"
    worker = get_context("spawn").Process(target=as_in_a_pool, args=(begun,))
    worker.start()
    while not begun.exists():
        time.sleep(0.01)
    worker.terminate()
    worker.join(60)
    assert worker.exitcode == 128 + signal.SIGTERM


def as_in_a_pool(begun: Path) -> None:
    """Do a long job as a pool's worker does: whatever it raises is a result, and on it goes."""
    start_worker()
    with contextlib.suppress(BaseException):
        ending_when_told(wait_long, begun)
    time.sleep(300)


def wait_long(begun: Path) -> None:
    begun.touch()
    time.sleep(300)


def test_no_jobs_start_no_worker() -> None:
    assert list(pool.run_jobs([], None, print)) == []


def test_a_kill_while_jobs_are_handed_out_costs_nothing_that_was_done() -> None:
    others = [f"job{number}" for number in range(2000)]
    done, failed, _ = outcomes(1, "a", "killed", *others)
    assert (done, set(failed)) == ({"a", *others}, {"killed"})


def write_until_told_twice(path: Path) -> None:
    """A worker that gets the pool's own signal while it removes what it had half-written."""
    start_worker()
    unlink = Path.unlink

    def told_again(self: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002 - as Path has it
        os.kill(os.getpid(), signal.SIGTERM)
        unlink(self, missing_ok)

    Path.unlink = told_again
    with whole_file(path) as file:
        file.write(b"half")
        os.kill(os.getpid(), signal.SIGTERM)


def test_a_worker_told_twice_to_end_still_removes_its_half_written_file(tmp_path: Path) -> None:
    worker = get_context("spawn").Process(
        target=write_until_told_twice, args=(tmp_path / "out.png",)
    )
    worker.start()
    worker.join(60)
    assert (worker.exitcode, list(tmp_path.iterdir())) == (143, [])

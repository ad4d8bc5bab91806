"""Runs the jobs of a folder in worker processes, also when some of these are killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context

from engine.cli.commands import PictureJob
from engine.cli.report import Failure, Report
from engine.cli.workers import (
    check_backend,
    ending_when_told,
    run_job,
    share_cores,
    start_worker,
)
from engine.errors import FrihError
from engine.runtime.cores import usable_cores

_GOES_ON = "A worker process was killed, most likely for lack of memory; going on with one alone."
_ENDED = (
    "{} was not done, because the worker process on it was killed, most likely for lack of memory; "
    "use a smaller picture or close other programs."
)
_CANNOT_START = (
    "The worker process was killed while it loaded, most likely for lack of memory; close other "
    "programs."
)


def run_jobs(
    jobs: Sequence[PictureJob], workers: int | None, tell: Callable[[str], None]
) -> Generator[Report | Failure]:
    """Do all jobs; gives what became of each, as soon as it is known.

    workers: None for as many as there are cores, at most 8. When the system kills a worker, what
    is left is done by one at a time, and a job that this one is killed on fails; `tell` gets a
    sentence about it. Raises FrihError where no worker can load the backend.
    """
    left = list(jobs)
    while left:
        count, threads = share_cores(usable_cores(), len(left), workers)
        for job, result in _run_pool(tuple(left), count, threads):
            left.remove(job)
            yield result
        if left and count == 1:
            # A worker alone takes the jobs in order, so the first one left is the one it died on.
            yield _killed(left.pop(0))
        elif left:
            tell(_GOES_ON)
        workers = 1


def _run_pool(
    jobs: tuple[PictureJob, ...], workers: int, threads: int
) -> Generator[tuple[PictureJob, Report | Failure]]:
    """Give results until all jobs are done or a worker was killed."""
    # Workers inherit it: each would start a thread per core for numpy's linear algebra.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(threads))
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=start_worker)
    try:
        with _interrupts_ignored():
            probe = pool.submit(ending_when_told, check_backend, jobs[0].backend, threads)
        if isinstance(probe.exception(), BrokenProcessPool):
            if workers == 1:
                raise FrihError(_CANNOT_START)
            return
        probe.result()
        futures: dict[Future[Report], PictureJob] = {}
        # Where it breaks while jobs are handed out, what was done until then still counts.
        with _interrupts_ignored(), suppress(BrokenProcessPool):
            for job in jobs:
                futures[pool.submit(ending_when_told, run_job, job, threads)] = job
        for future in as_completed(futures):
            if not isinstance(future.exception(), BrokenProcessPool):
                yield futures[future], _result(future, futures[future])
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_ignored() -> Generator[None]:
    """Let processes be started that a Ctrl-C does not reach before they can answer it in order."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _result(future: Future[Report], job: PictureJob) -> Report | Failure:
    try:
        return future.result()
    except FrihError as error:
        return Failure(job.source.files[0], job.outputs.picture, error.code, error.sentence)


def _killed(job: PictureJob) -> Failure:
    composite = job.source.files[0]
    return Failure(composite, job.outputs.picture, "worker-killed", _ENDED.format(composite))

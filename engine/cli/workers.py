"""What runs in the worker processes of a folder run: one backend each, one job after another."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import ParamSpec, TypeVar

from engine.cli.checks import check_paths
from engine.cli.commands import PictureJob
from engine.cli.one_picture import harmonize_picture
from engine.cli.report import Report
from engine.errors import BadInputError
from engine.runtime.backend import Backend, BackendName, open_backend

P = ParamSpec("P")
T = TypeVar("T")

_GRACE_S = 10.0
"""For removing what is half-written."""

MOST_WORKERS = 8
"""Each takes a few hundred MB; more is asked for with --workers."""


def share_cores(cores: int, pictures: int, workers: int | None) -> tuple[int, int]:
    """How many worker processes, and threads in each, so that together they fill the cores."""
    count = min(pictures, workers if workers is not None else min(cores, MOST_WORKERS))
    return count, max(1, cores // count)


def start_worker() -> None:
    """Let Ctrl-C end a worker without a word; the main process tells about it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)


@cache
def worker_backend(name: BackendName, threads: int) -> Backend:
    """The worker's own backend, loaded when first asked for. Raises FrihError."""
    return open_backend(name, threads=threads)


def check_backend(name: BackendName, threads: int) -> None:
    """Load the backend; run before all jobs, so that damaged weights stop the run at once."""
    worker_backend(name, threads)


def run_job(job: PictureJob, threads: int) -> Report:
    """Do one job. Raises FrihError, also for a lack of memory."""
    try:
        check_paths(job)
        settings = replace(job.settings, threads=threads)
        job = replace(job, settings=settings)
        return harmonize_picture(job, lambda: worker_backend(job.backend, threads))
    except MemoryError as error:
        raise BadInputError(
            f"{job.source.files[0]} needs more memory than there is; use fewer --workers or a "
            "smaller picture."
        ) from error


def ending_when_told(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Run `work`; a signal to end, which start_worker lets through, ends this process with it.

    Passed on, the pool would take the SystemExit for the work's own error and keep the worker,
    while it waits for its end: it sends such signals when another worker was killed.
    """
    try:
        return work(*arguments, **named)
    except SystemExit as leaving:
        os._exit(int(leaving.code or 0))


def _leave(number: int, _frame: object) -> None:
    # The pool sends its own signal once another worker has gone; a second SystemExit would break
    # into the removal of what is half-written. (Python complains when a handler that is about to
    # be called has become SIG_IGN meanwhile.)
    for again in (signal.SIGINT, signal.SIGTERM):
        signal.signal(again, _told_already)
    # Wherever the signal is swallowed, between two jobs say, the process ends all the same.
    last_rope = threading.Timer(_GRACE_S, os._exit, (128 + number,))
    last_rope.daemon = True
    last_rope.start()
    # SystemExit passes through half-written files, which remove themselves, and is not printed.
    raise SystemExit(128 + number)


def _told_already(_number: int, _frame: object) -> None:
    """The process is on its way out."""

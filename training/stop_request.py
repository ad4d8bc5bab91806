"""Ends a run in order when the machine or the person asks for it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import FrameType, TracebackType

GRACE_S = 20
"""Longer than a step and a save take."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StopRequest:
    """While entered, SIGTERM and SIGINT set `is_set`; a second one has its usual effect.

    Works in the main thread alone, as signals do.
    """

    def __init__(self) -> None:
        self.is_set = False
        self._usual: list[tuple[signal.Signals, signal._HANDLER]] = []  # pyright: ignore[reportPrivateUsage] - typeshed's only name for it

    def __enter__(self) -> StopRequest:
        self._usual = [(number, signal.signal(number, self._ask)) for number in _SIGNALS]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._restore()

    def _ask(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a handler's form
        self.is_set = True
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._usual:
            signal.signal(number, handler)


@contextmanager
def held_stop_signals() -> Generator[None]:
    """Keep stop signals pending, here and in every process started meanwhile.

    A loader process is born with its parent's mask, so none can end it before it has called
    outlive_stop_signals, which lets them through again.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # its own start lets these signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def outlive_stop_signals(worker: int) -> None:  # noqa: ARG001 - torch's worker_init_fn is given it
    """Let loader process `worker` live on for a while when Ctrl-C or `timeout` ends a whole group.

    It ends with the run, which saves first; left alone, it ends GRACE_S seconds after the signal.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, lambda number, frame: signal.alarm(GRACE_S))  # noqa: ARG005 - a handler's form
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

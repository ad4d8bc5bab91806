"""Requests one after the other, each cut into small steps between which Krita lives on."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Generator
from typing import TypeVar

from frih_plugin.qt.core import QObject, QTimer

Result = TypeVar("Result")
Steps = Generator[int, None, Result]
"""Work that gives way with `yield MS`: Krita then lives on for so many milliseconds, 0 for as
long as it has something to do."""

TURN_S = 0.015
"""How long steps may follow each other before Krita gets its turn."""


class Stepper(QObject):
    """Runs jobs in the order in which they were added, one at a time, from the event loop."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: deque[tuple[Steps[object], Callable[[object], None]]] = deque()
        self._is_closed = False
        self._is_at_work = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)

    def add(self, job: Steps[object], done: Callable[[object], None]) -> None:
        """Run a job after those before it; `done` gets what it returns, never at once."""
        self._jobs.append((job, done))
        if not self._timer.isActive():
            self._timer.start(0)

    def close(self) -> None:
        """End what runs; nothing is done any more."""
        self._is_closed = True
        self._timer.stop()
        for job, _ in self._jobs:
            # The one that runs at this moment (Krita ends within one of its calls) stays.
            with contextlib.suppress(ValueError):
                job.close()
        self._jobs.clear()

    def _turn(self) -> None:
        # Some of Krita's calls let the event loop run, and this comes again within itself.
        if self._is_at_work:
            return
        self._is_at_work, wait = True, 0
        try:
            wait = self._run_for_a_turn()
        finally:
            self._is_at_work = False
            if self._jobs and not self._is_closed:
                self._timer.start(wait)

    def _run_for_a_turn(self) -> int:
        ends = time.perf_counter() + TURN_S
        while self._jobs and time.perf_counter() < ends:
            job, done = self._jobs[0]
            try:
                wait = next(job)
            except StopIteration as end:
                self._jobs.popleft()
                done(end.value)
            else:
                if wait:
                    return wait
        return 0

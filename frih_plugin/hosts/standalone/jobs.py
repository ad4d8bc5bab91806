"""Slow work (files) in a thread, one at a time; its end comes back to the interface's thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.errors import FrihError
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.texts import text

_log = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class Job(Generic[Result]):
    """work: runs in the thread, raises FrihError with a sentence; done: gets what it returned."""

    title: str
    work: Callable[[], Result]
    done: Callable[[Result], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Ended:
    finish: Callable[[], None]


class Jobs(QObject):
    """Runs jobs in the order they come. busy_changed: `title` differs; failed(sentence)."""

    busy_changed = Signal()
    failed = Signal(str)
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Callable[[], None]] = []
        self._thread: threading.Thread | None = None
        self._title = ""
        self._ended.connect(self._finish)

    @property
    def title(self) -> str:
        """What is being done, "" while nothing is."""
        return self._title

    def run(self, job: Job[Result]) -> None:
        """Do this as soon as what came before is done."""
        self._waiting.append(lambda: self._start(job))
        if self._thread is None:
            self._waiting.pop(0)()

    def stop(self) -> None:
        """Let the work under way end, and forget what waits and what came of it."""
        self._waiting.clear()
        self._ended.disconnect(self._finish)
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def _start(self, job: Job[Result]) -> None:
        self._title = job.title

        def work() -> None:
            self._ended.emit(_Ended(self._outcome(job)))

        self._thread = threading.Thread(target=work, name="frih-files")
        self._thread.start()
        self.busy_changed.emit()

    def _outcome(self, job: Job[Result]) -> Callable[[], None]:
        """Do the work; gives what is to be done with the outcome."""
        try:
            result = job.work()
        except FrihError as error:
            sentence = error.sentence
            return lambda: self.failed.emit(sentence)
        except MemoryError:
            _log.exception("Out of memory: %s", job.title)
            sentence = text("This computer has not enough memory free; close other programs.")
            return lambda: self.failed.emit(sentence)
        return lambda: job.done(result)

    def _finish(self, ended: _Ended) -> None:
        if self._thread is not None:
            self._thread.join()
        self._thread, self._title = None, ""
        self.busy_changed.emit()
        ended.finish()
        if self._waiting and self._thread is None:
            self._waiting.pop(0)()

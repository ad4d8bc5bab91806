"""The one loop that does the work, and the one place that catches everything."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from engine.errors import FrihError
from engine.runtime.freed_memory import return_freed_memory
from engine.server.answers import Answers
from engine.server.jobs import Job, Jobs
from engine.server.watch import JobWatch
from engine.server.wire import Outbox
from frih_plugin.protocol.messages import (
    OUT_OF_MEMORY,
    UNEXPECTED,
    WRONG_VERSION,
    Answer,
    Failure,
    Hello,
    Progress,
    Stage,
)

_NO_MEMORY = (
    "There is not enough memory for this: close other programs, or use a smaller picture or layer."
)
_IDLE_AFTER_S = 2.0
"""Then memory that is free but held goes back to the system."""

_log = logging.getLogger(__name__)


class Worker:
    """Takes one job after another."""

    def __init__(self, jobs: Jobs, outbox: Outbox, answers: Answers) -> None:
        self._jobs, self._outbox, self._answers = jobs, outbox, answers

    def work(self) -> None:
        """Work until the editor turns out to speak another version."""
        # Nothing of a job is kept here while the next is waited for: its pixels are large.
        while self._work_on(self._jobs.next()):
            if not self._jobs.comes_within(_IDLE_AFTER_S):
                return_freed_memory()

    def _work_on(self, job: Job) -> bool:
        """Do one job; gives whether to go on."""
        began = time.perf_counter()
        outcome = self._outcome(job)
        self._jobs.answer(job, outcome)
        seconds = time.perf_counter() - began
        _log.info("%s: %s, %.3f s", job.call.request.METHOD, _name(outcome), seconds)
        # One result at a time in memory, however slowly the editor reads.
        self._outbox.flush()
        if isinstance(job.call.request, Hello) and not isinstance(outcome, Failure):
            self._warm_up()
        return not (isinstance(outcome, Failure) and outcome.code == WRONG_VERSION)

    def _outcome(self, job: Job) -> Answer | Failure:
        watch = JobWatch(job.stop, self._teller(job))
        try:
            return self._answers.answer(job.call.request, watch)
        except FrihError as error:
            return Failure(error.code, error.sentence)
        except MemoryError:
            self._answers.forget_results()
            return Failure(OUT_OF_MEMORY, _NO_MEMORY)
        except Exception as error:  # noqa: BLE001 - the engine lives on, the log has the traceback
            _log.exception("%s failed", job.call.request.METHOD)
            return Failure(UNEXPECTED, _sentence(error))

    def _warm_up(self) -> None:
        """Load what the first click will need. What fails here fails again, and is told, there."""
        try:
            self._answers.warm_up()
        except Exception:  # noqa: BLE001 - see above
            _log.exception("warming up failed")

    def _teller(self, job: Job) -> Callable[[Stage, float], None]:
        def tell(stage: Stage, share: float) -> None:
            if not job.is_answered:
                self._outbox.send(Progress(job.call.id, stage, share))

        return tell


def _sentence(error: Exception) -> str:
    return f"Something went wrong inside the engine: {type(error).__name__}, see the log."


def _name(outcome: Answer | Failure) -> str:
    return outcome.code if isinstance(outcome, Failure) else type(outcome).__name__

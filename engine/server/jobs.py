"""What waits for work, and what is cancelled or overtaken meanwhile. No input or output.

Two threads call in: the reader adds and cancels, the worker takes and answers. Whoever answers a
job first is heard; the other's answer is dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.errors import CancelledError
from engine.server.errors import BrokenRequestError, TooMuchWaitingError
from frih_plugin.protocol.codec import Call, Reply
from frih_plugin.protocol.framing import MAX_BLOCK_BYTES
from frih_plugin.protocol.messages import (
    Answer,
    CloseLayer,
    Failure,
    FindRegions,
    Harmonize,
    Hello,
    MakePreview,
    OpenLayer,
    Request,
)

_CANCELLED = CancelledError("Cancelled.")
_OVERTAKEN = CancelledError("Overtaken by a later request.")
_REPLACED = CancelledError("The layer was opened again or closed.")

_RANKS: dict[type[Request], int] = {
    Hello: 0,
    OpenLayer: 1,
    CloseLayer: 1,
    FindRegions: 2,
    MakePreview: 3,
    Harmonize: 4,
}
"""What goes first: what is quick and looked at. Opening and closing end all earlier work on their
layer, so no order of what is left can be wrong."""


@dataclass(slots=True, eq=False)
class Job:
    """A request that has not been answered yet."""

    call: Call
    stop: threading.Event = field(default_factory=threading.Event)
    is_answered: bool = False

    @property
    def key(self) -> str | None:
        """The layer that it is about."""
        request = self.call.request
        return None if isinstance(request, Hello) else request.key

    def replaces(self, earlier: Job) -> bool:
        """Whether an earlier job makes no sense after this one."""
        if self.key is None or self.key != earlier.key:
            return False
        if isinstance(self.call.request, OpenLayer | CloseLayer):
            return not isinstance(earlier.call.request, CloseLayer)
        return type(self.call.request) is type(earlier.call.request)


class Jobs:
    """All jobs that are not answered, and the rule of who goes next."""

    def __init__(self, send: Callable[[Reply], None]) -> None:
        """send: called with each answer, from either thread."""
        self._send = send
        self._changed = threading.Condition()
        self._waiting: list[Job] = []
        self._open: dict[int, Job] = {}

    def add(self, call: Call) -> None:
        """Take a request; what it overtakes is answered at once."""
        new = Job(call)
        with self._changed:
            refusal = self._refusal(new)
            overtaken = [job for job in self._open.values() if new.replaces(job)]
            if refusal is None:
                self._open[call.id] = new
                self._waiting.append(new)
                self._changed.notify_all()
        if refusal is not None:
            self._send(Reply(call.id, failure_of(refusal)))
            return
        why = _REPLACED if isinstance(call.request, OpenLayer | CloseLayer) else _OVERTAKEN
        for job in overtaken:
            self._stop(job, why)

    def cancel(self, call_id: int) -> None:
        """Answer a request with "cancelled" at once; nothing where it is answered already."""
        with self._changed:
            job = self._open.get(call_id)
        if job is not None:
            self._stop(job, _CANCELLED)

    def comes_within(self, seconds: float) -> bool:
        """Wait so long for a job; gives whether there is one."""
        with self._changed:
            return bool(self._changed.wait_for(lambda: self._waiting, seconds))

    def next(self) -> Job:
        """Wait for the next job to work on."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            job = min(self._waiting, key=lambda job: _RANKS[type(job.call.request)])
            self._waiting.remove(job)
            return job

    def answer(self, job: Job, outcome: Answer | Failure) -> None:
        """Send what came of a job, unless it was answered before."""
        with self._changed:
            if job.is_answered:
                return
            job.is_answered = True
            del self._open[job.call.id]
            if job in self._waiting:
                self._waiting.remove(job)
        self._send(Reply(job.call.id, outcome))

    def _stop(self, job: Job, why: CancelledError) -> None:
        job.stop.set()
        self.answer(job, failure_of(why))

    def _refusal(self, new: Job) -> BrokenRequestError | TooMuchWaitingError | None:
        if new.call.id in self._open:
            return BrokenRequestError("A request has the number of another that is not answered.")
        waiting = sum(_pixel_bytes(job.call.request) for job in self._waiting)
        if waiting and waiting + _pixel_bytes(new.call.request) > MAX_BLOCK_BYTES:
            return TooMuchWaitingError(
                "The engine is still busy with other layers: try again in a moment."
            )
        return None


def failure_of(error: CancelledError | BrokenRequestError | TooMuchWaitingError) -> Failure:
    """An error as it goes over the wire."""
    return Failure(error.code, error.sentence)


def _pixel_bytes(request: Request) -> int:
    if not isinstance(request, OpenLayer):
        return 0
    pictures = (request.layer, request.background, request.selection)
    return sum(memoryview(picture.data).nbytes for picture in pictures if picture is not None)

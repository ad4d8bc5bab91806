"""How a job under way is watched: its stages, its progress, and whether it is to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from engine.errors import CancelledError
from frih_plugin.protocol.messages import Stage

_STARTS: dict[Stage, float] = {
    "open": 0.0,
    "view": 0.4,
    "coarse": 0.0,
    "submasks": 0.15,
    "refined": 0.2,
    "transfer": 0.5,
}
"""The share of a whole job that is done when a stage begins: roughly, for 12 megapixels."""

_ENDS: dict[Stage, float] = {
    "open": 0.4,
    "view": 1.0,
    "coarse": 0.15,
    "submasks": 0.2,
    "refined": 0.5,
    "transfer": 1.0,
}


class StopSign(Protocol):
    """A threading.Event, for one."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...


@dataclass(slots=True, eq=False)
class JobWatch:
    """Watches one job. Raises CancelledError from any stage when the job is to stop.

    stop: set when it is to stop; tell: gets stage and share of the whole, 0 to 1; pause_s: within a
    stage it is told no more often; timings: seconds by stage.
    """

    stop: StopSign
    tell: Callable[[Stage, float], None]
    pause_s: float = 0.03
    timings: dict[Stage, float] = field(default_factory=dict[Stage, float])
    _stage: Stage = "open"
    _told_at: float = 0.0

    def is_cancelled(self) -> bool:
        """Whether the job is to stop."""
        return self.stop.is_set()

    def check(self) -> None:
        """Raise CancelledError when the job is to stop."""
        if self.stop.is_set():
            raise CancelledError("Cancelled.")

    @contextmanager
    def stage(self, stage: Stage) -> Generator[None]:
        """Time a stage and tell that it begins."""
        self.check()
        self._stage, self._told_at = stage, 0.0
        self.advanced(0.0)
        began = time.perf_counter()
        yield
        self.timings[stage] = self.timings.get(stage, 0.0) + time.perf_counter() - began

    def advanced(self, share: float) -> None:
        """Tell which share of the present stage is done, 0 to 1."""
        now = time.perf_counter()
        if now - self._told_at >= self.pause_s:
            self._told_at = now
            start, end = _STARTS[self._stage], _ENDS[self._stage]
            self.tell(self._stage, start + share * (end - start))

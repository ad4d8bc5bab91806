"""How often an engine that keeps dying is started again."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MOST_RESTARTS = 3
WITHIN_S = 60.0


class RestartBudget:
    """At most MOST_RESTARTS within WITHIN_S. clock: seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._taken: deque[float] = deque()

    def take(self) -> bool:
        """Use up one restart; False where there is none left."""
        now = self._clock()
        while self._taken and now - self._taken[0] >= WITHIN_S:
            self._taken.popleft()
        if len(self._taken) == MOST_RESTARTS:
            return False
        self._taken.append(now)
        return True

    def refill(self) -> None:
        """Begin anew, as a person asked for it."""
        self._taken.clear()

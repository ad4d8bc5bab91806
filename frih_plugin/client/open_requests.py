"""The requests that the engine has not answered yet."""

from __future__ import annotations

from frih_plugin.protocol.codec import Call
from frih_plugin.protocol.messages import Answer, Request


class OpenRequests:
    """Gives each request its id, and knows what will answer it and whether it was cancelled."""

    def __init__(self) -> None:
        self._last_id = 0
        self._answers: dict[int, type[Answer]] = {}
        self._cancelled: set[int] = set()

    def __len__(self) -> int:
        return len(self._answers)

    def __contains__(self, call_id: int) -> bool:
        return call_id in self._answers

    def add(self, request: Request) -> Call:
        """Open a request under the next id; ids are never used twice."""
        self._last_id += 1
        self._answers[self._last_id] = request.ANSWER
        return Call(self._last_id, request)

    def answer_of(self, call_id: int) -> type[Answer] | None:
        """The class of the answer to an open request, None for any other id."""
        return self._answers.get(call_id)

    def close(self, call_id: int) -> bool:
        """Take note of an answer; False where nobody waits for it."""
        self._cancelled.discard(call_id)
        return self._answers.pop(call_id, None) is not None

    def mark_cancelled(self, call_id: int) -> bool:
        """Take note of a wish to cancel; False where there is nothing to cancel any more."""
        if call_id not in self._answers or call_id in self._cancelled:
            return False
        self._cancelled.add(call_id)
        return True

    @property
    def awaits_cancelled(self) -> bool:
        """Whether a cancelled request has no answer yet."""
        return bool(self._cancelled)

    def close_all(self) -> list[int]:
        """The ids of all open requests, which are open no more."""
        open_ids = list(self._answers)
        self._answers.clear()
        self._cancelled.clear()
        return open_ids

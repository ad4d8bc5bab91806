"""For storms of settings while a slider is dragged: nothing queues up, the newest wins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestWins(Generic[T]):
    """Requests of one kind, of which one is under way and at most one, the newest, waits.

    send gives the request's id and never answers before it returned; cancel asks for an early
    answer. With `let_finish` a request under way is not cancelled for a newer one: right for work
    so short that it should be shown on the way, as else a steady drag would show nothing.
    """

    def __init__(
        self, send: Callable[[T], int], cancel: Callable[[int], None], *, let_finish: bool = False
    ) -> None:
        self._send = send
        self._cancel = cancel
        self._let_finish = let_finish
        self._under_way: int | None = None
        self._is_wanted = False
        self._waiting: list[T] = []

    @property
    def under_way(self) -> int | None:
        """The id of the request that is not answered yet."""
        return self._under_way

    def ask(self, request: T) -> None:
        """Send the request, or keep it in place of the one that waits."""
        if self._under_way is None:
            self._start(request)
            return
        self._waiting = [request]
        if not self._let_finish:
            self._give_up_running(self._under_way)

    def take(self, call: int) -> bool:
        """Tell of an answer; True where it is to be shown, False for a stale or foreign one."""
        if call != self._under_way:
            return False
        self._under_way = None
        is_wanted = self._is_wanted
        if self._waiting:
            self._start(self._waiting.pop())
        return is_wanted

    def drop(self) -> None:
        """Want nothing any more: nothing waits, what is under way is cancelled and not shown."""
        self._waiting.clear()
        if self._under_way is not None:
            self._give_up_running(self._under_way)

    def _start(self, request: T) -> None:
        self._under_way = self._send(request)
        self._is_wanted = True

    def _give_up_running(self, call: int) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self._cancel(call)

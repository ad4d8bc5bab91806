"""Requests on their way, and who waits for each answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from frih_plugin.hosts.host import HostAnswer, HostRequest
from frih_plugin.protocol import messages
from frih_plugin.qt.core import QObject

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class AnswerSignal(Protocol):
    """A bound Qt signal of (id, answer)."""

    def connect(self, slot: Callable[[int, Any], None]) -> object:
        """Call `slot` with each answer."""
        ...


class Calls(QObject, Generic[Asked, Answered]):
    """The requests of one side that are not answered yet.

    Whoever asked is called back with the answer, unless the request was dropped meanwhile.
    """

    def __init__(
        self,
        send: Callable[[Asked], int],
        answered: AnswerSignal,
        cancel: Callable[[int], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`cancel` tells the other side that an answer is not needed, where it can be told."""
        super().__init__(parent)
        self._send = send
        self._cancel = cancel
        self._waiting: dict[int, Callable[[Answered], None]] = {}
        answered.connect(self._take)

    def ask(self, request: Asked, then: Callable[[Answered], None]) -> int:
        """Send a request; `then` gets its answer. Returns the request's id."""
        call = self._send(request)
        self._waiting[call] = then
        return call

    def drop(self, call: int | None) -> None:
        """Let the answer of a request go nowhere. None, or an answered one, is no error."""
        if call is None or self._waiting.pop(call, None) is None:
            return
        if self._cancel is not None:
            self._cancel(call)

    def close(self) -> None:
        """Drop all."""
        for call in tuple(self._waiting):
            self.drop(call)

    def _take(self, call: int, answer: Answered) -> None:
        then = self._waiting.pop(call, None)
        if then is not None:
            then(answer)


HostCalls = Calls[HostRequest, HostAnswer]
EngineCalls = Calls[messages.Request, "messages.Answer | messages.Failure"]

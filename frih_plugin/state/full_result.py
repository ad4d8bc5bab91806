"""The result at full size, held until something else is asked for."""

from __future__ import annotations

from frih_plugin.protocol.messages import Answer, Failure, Harmonize, Harmonized, ResultSettings
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state.calls import EngineCalls


class FullResult(QObject):
    """Asks for one result at a time and keeps the last.

    finished(Harmonized): what was wanted last is here; failed(Failure).
    """

    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, engine: EngineCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._request: Harmonize | None = None
        self._held: tuple[Harmonize, Harmonized] | None = None
        self._call: int | None = None

    @property
    def call(self) -> int | None:
        """The request on its way, for its progress."""
        return self._call

    def held(self, key: str, settings: ResultSettings) -> Harmonized | None:
        """The result of these settings, if it is here."""
        if self._held is None or self._held[0] != Harmonize(key, settings):
            return None
        return self._held[1]

    def want(self, key: str, settings: ResultSettings) -> None:
        """Make a result; `finished` comes at once if it is here, and once if it is on its way."""
        request = Harmonize(key, settings)
        held = self.held(key, settings)
        if held is not None:
            self.finished.emit(held)
        elif self._call is None or request != self._request:
            self._engine.drop(self._call)
            self._request = request
            self._call = self._engine.ask(request, self._on_answer)

    def give_up(self) -> None:
        """Make nothing; what is held stays."""
        self._engine.drop(self._call)
        self._call = None

    def let_go(self) -> None:
        """Forget the result that is held."""
        self.give_up()
        self._held = None

    def _on_answer(self, answer: Answer | Failure) -> None:
        self._call = None
        if isinstance(answer, Failure):
            self.failed.emit(answer)
        elif isinstance(answer, Harmonized) and self._request is not None:
            self._held = (self._request, answer)
            self.finished.emit(answer)

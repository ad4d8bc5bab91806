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

    def want(self, key: str, settings: ResultSettings, *, covers: bool = False) -> None:
        """Make a result; `finished` comes at once if it is here, and once if it is on its way.

        covers: see Harmonize.
        """
        request = Harmonize(key, settings, covers)
        if self._held is not None and self._held[0] == request:
            self.finished.emit(self._held[1])
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

"""What is selected in the host, described anew whenever the host says that it may differ."""

from __future__ import annotations

from dataclasses import replace

from frih_plugin.hosts.host import Describe, HostAnswer, Subject
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state.calls import HostCalls


class WatchedSubject(QObject):
    """Asks one question at a time.

    changed(Subject before): `now` is another one; confirmed(): it was described just as before.
    """

    changed = Signal(object)
    confirmed = Signal()

    def __init__(self, host: HostCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._now = Subject()
        self._is_asking = False
        self._is_outdated = False

    @property
    def now(self) -> Subject:
        """What was described last."""
        return self._now

    @property
    def can_be_harmonized(self) -> bool:
        """Whether there is a layer, and nothing that speaks against it."""
        return self._now.layer != "" and not self._now.unusable

    def counts_as(self, document: str, layer: str, revision: str) -> None:
        """A result of ours changed the document: told before the host describes it again."""
        if (document, layer) == (self._now.document, self._now.layer):
            self._now = replace(self._now, revision=revision)

    def look(self) -> None:
        """Ask for it."""
        if self._is_asking:
            self._is_outdated = True
            return
        self._is_asking, self._is_outdated = True, False
        self._host.ask(Describe(), self._on_answer)

    def _on_answer(self, answer: HostAnswer) -> None:
        self._is_asking = False
        if answer == self._now:
            self.confirmed.emit()
        elif isinstance(answer, Subject):
            before, self._now = self._now, answer
            self.changed.emit(before)
        if self._is_outdated:
            self.look()

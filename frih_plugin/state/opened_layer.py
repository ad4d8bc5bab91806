"""The layer that the engine has open: its pixels come from the host once, and go there once."""

from __future__ import annotations

from dataclasses import replace

from frih_plugin.hosts.host import Declined, Grabbed, HostAnswer
from frih_plugin.protocol.messages import Answer, CloseLayer, Failure, LayerOpened
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state.calls import EngineCalls, HostCalls
from frih_plugin.state.source import Source

DECLINED = "declined"
"""The failure code of what the host would not do."""


class OpenedLayer(QObject):
    """One layer at a time, taken from the host and opened in the engine when it is wanted.

    opened(): what was wanted is open; failed(Failure): it could not be opened.
    """

    opened = Signal()
    failed = Signal(object)

    def __init__(self, host: HostCalls, engine: EngineCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._engine = engine
        self._engine_is_ready = False
        self._wanted: Source | None = None
        self._source: Source | None = None
        # By revision as described: the one that the host knows these pixels by.
        self._revisions: dict[str, str] = {}
        self._grabbed: Grabbed | None = None
        self._answer: LayerOpened | None = None
        self._key = ""
        self._opened_so_far = 0
        self._grab_call: int | None = None
        self._open_call: int | None = None

    @property
    def key(self) -> str:
        """The engine's key of the open layer, "" while none is open."""
        return self._key if self._answer is not None else ""

    @property
    def source(self) -> Source | None:
        """What the held pixels were made from."""
        return self._source

    @property
    def grabbed(self) -> Grabbed | None:
        """The host's pixels of it."""
        return self._grabbed

    @property
    def window(self) -> LayerOpened | None:
        """The window that the network sees, None while nothing is open."""
        return self._answer

    @property
    def open_call(self) -> int | None:
        """The request to the engine that is on its way, for its progress."""
        return self._open_call

    @property
    def is_opening(self) -> bool:
        """Whether something is wanted that is not open yet."""
        return self._wanted is not None

    def is_open(self, source: Source) -> bool:
        """Whether just this is open, as it is now."""
        return self.key != "" and self._holds(source) and self._is_nearby(source)

    def want(self, source: Source) -> None:
        """Open a layer, unless it is open; `opened` or `failed` tells how it went.

        What was wanted before and is not open yet is given up.
        """
        if source != self._wanted:
            self.give_up()
            self._wanted = source
            self._go_on()

    def give_up(self) -> None:
        """Stop opening; what is open stays so."""
        self._wanted = None
        self._host.drop(self._grab_call)
        self._engine.drop(self._open_call)
        self._grab_call = self._open_call = None

    def grabbed_at(self, revision: str) -> Grabbed | None:
        """The held pixels, as those of a revision that they are right for."""
        if self._grabbed is None or revision not in self._revisions:
            return None
        return replace(self._grabbed, revision=self._revisions[revision])

    def counts_as(self, revision: str) -> None:
        """The document changed to this revision, yet the held pixels are still the right ones."""
        self._revisions[revision] = revision

    def described_anew(self) -> None:
        """The host has told how it is now: what it told before the grab no longer counts."""
        self._revisions = {told: own for told, own in self._revisions.items() if told == own}

    def let_go(self) -> None:
        """Forget all of it, here and in the engine."""
        self.give_up()
        self._close()
        self._source = self._grabbed = None
        self._revisions.clear()

    def open_again(self) -> None:
        """The engine no longer has what was open: hand it over once more."""
        was_open = self.key != ""
        self._answer = None
        self._engine.drop(self._open_call)
        self._open_call = None
        if was_open and self._wanted is None:
            self._wanted = self._source
        self._go_on()

    def set_engine_ready(self, ready: bool) -> None:  # noqa: FBT001 - a property's setter
        """Tell whether the engine takes requests; what waits for it then goes on."""
        was_ready, self._engine_is_ready = self._engine_is_ready, ready
        # The client tells "busy" while it takes a request: what is on its way goes out once.
        if ready and not was_ready:
            self._go_on()

    def _go_on(self) -> None:
        wanted = self._wanted
        if wanted is None or self._grab_call is not None or self._open_call is not None:
            return
        if not self._holds(wanted):
            self._grab_call = self._host.ask(wanted.grab(), self._on_grabbed)
        elif not self.is_open(wanted):
            self._open(wanted)
        else:
            self._wanted = None
            self.opened.emit()

    def _on_grabbed(self, answer: HostAnswer) -> None:
        self._grab_call = None
        wanted = self._wanted
        if isinstance(answer, Declined):
            self._fail(Failure(DECLINED, answer.sentence))
        elif isinstance(answer, Grabbed) and wanted is not None:
            self._close()
            self._source, self._grabbed = wanted, answer
            # The layer may have changed after it was described: the pixels are the newer ones.
            self._revisions = dict.fromkeys((wanted.revision, answer.revision), answer.revision)
            self._go_on()

    def _open(self, wanted: Source) -> None:
        if not self._engine_is_ready or self._grabbed is None:
            return
        self._close()
        self._opened_so_far += 1
        self._key = f"layer {self._opened_so_far}"
        self._source = wanted
        request = wanted.open_layer(self._key, self._grabbed)
        self._open_call = self._engine.ask(request, self._on_opened)

    def _on_opened(self, answer: Answer | Failure) -> None:
        self._open_call = None
        if isinstance(answer, LayerOpened):
            self._answer = answer
            self._go_on()
        elif isinstance(answer, Failure):
            self._fail(answer)

    def _close(self) -> None:
        if self.key and self._engine_is_ready:
            self._engine.ask(CloseLayer(self._key), lambda _: None)
        self._answer = None

    def _fail(self, failure: Failure) -> None:
        self._wanted = None
        self.failed.emit(failure)

    def _holds(self, wanted: Source) -> bool:
        held = self._source
        if held is None or self._grabbed is None or wanted.revision not in self._revisions:
            return False
        return (held.document, held.layer, held.background, held.target) == (
            wanted.document,
            wanted.layer,
            wanted.background,
            wanted.target,
        )

    def _is_nearby(self, wanted: Source) -> bool:
        return self._source is not None and self._source.nearby == wanted.nearby

"""The picture at preview size, which follows every movement of a slider.

While something is dragged one request is on its way and the newest waits: pictures keep coming
and nothing queues up. At rest the latest settings go out at once, and the engine drops the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from frih_plugin.protocol.messages import (
    Answer,
    Failure,
    MakePreview,
    Preview,
    Quality,
    ResultSettings,
)
from frih_plugin.qt.core import QObject, QTimer, Signal
from frih_plugin.state.calls import EngineCalls

REST_MS = 200
"""Without a movement for so long a drag rests, also while the button is still down."""


@dataclass(frozen=True, slots=True)
class PreviewWish:
    """What a preview would be made of at this moment: see MakePreview."""

    key: str
    settings: ResultSettings
    scale: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview and the scale of its changed pixels, None where it has none."""

    preview: Preview
    scale: int | None


class LivePreview(QObject):
    """Keeps the preview up to date with what `wish` says, None while there is nothing to show.

    shown(Shown): there is a newer one; rested(): it has its final quality; failed(Failure).
    """

    shown = Signal(object)
    rested = Signal()
    failed = Signal(object)

    def __init__(
        self,
        engine: EngineCalls,
        wish: Callable[[Quality], PreviewWish | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._wish = wish
        self._quality: Quality = "rest"
        self._is_due = False
        self._call: int | None = None
        self._refined: tuple[str, float] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._rest)

    @property
    def is_running(self) -> bool:
        """Whether a picture is being made, or is about to be."""
        return self._call is not None or self._timer.isActive()

    def update(self, *, dragging: bool) -> None:
        """Something changed that shows in the picture."""
        if dragging:
            self._quality = "drag"
            self._timer.start()
            self._is_due = True
            self.go_on()
        else:
            self._rest()

    def go_on(self) -> None:
        """Send what is due, if it can be made now."""
        must_wait = self._call is not None and self._quality == "drag"
        wish = None if must_wait or not self._is_due else self._wish(self._quality)
        if wish is not None:
            self._is_due = False
            self._send(wish)

    def give_up(self) -> None:
        """Make no picture; what is shown stays."""
        self._timer.stop()
        self._is_due = False
        self._drop()

    def drop_stale(self) -> None:
        """The regions are about to be others: what is being made would hold them up."""
        self._drop()

    def _drop(self) -> None:
        self._engine.drop(self._call)
        self._call = None

    def _rest(self) -> None:
        self._timer.stop()
        self._quality = "rest"
        self._is_due = True
        self.go_on()

    def _send(self, wish: PreviewWish) -> None:
        self._engine.drop(self._call)
        request = MakePreview(wish.key, wish.settings, self._quality_of(wish), wish.scale)
        self._call = self._engine.ask(request, lambda answer: self._on_answer(request, answer))

    def _quality_of(self, wish: PreviewWish) -> Quality:
        """Rest quality also in a drag where it costs nothing: the engine has these submasks."""
        has_all = self._refined == (wish.key, wish.settings.cutoff_distance)
        return "rest" if has_all else self._quality

    def _on_answer(self, request: MakePreview, answer: Answer | Failure) -> None:
        self._call = None
        if isinstance(answer, Failure):
            self.give_up()
            self.failed.emit(answer)
        elif isinstance(answer, Preview):
            if request.quality == "rest":
                self._refined = (request.key, request.settings.cutoff_distance)
            self.shown.emit(Shown(answer, request.scale))
            if self._quality == "rest" and not self._is_due:
                self.rested.emit()
            self.go_on()
